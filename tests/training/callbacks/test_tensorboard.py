"""What is written is read back with TensorBoard's own reader."""

import shutil
import sys

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.images import encode_png
from ganprofile.training.callbacks import Recorder
from ganprofile.training.callbacks.tensorboard import TensorBoard

pytestmark = pytest.mark.slow


@pytest.fixture
def recorder(tmp_path):
    """A `Recorder` that has seen three epochs, and a run folder with their grids."""
    return trained(tmp_path, epochs=3)


def trained(path, epochs):
    recorder = Recorder(path, 8)
    recorder.on_train_begin()
    for epoch in range(epochs):
        train_epoch(recorder, path, epoch)
    return recorder


def train_epoch(recorder, path, epoch, loss=1.0):
    names = (
        *("generator_loss", "discriminator_loss", "probability_real", "probability_fake"),
        *("generator_gradient_norm", "discriminator_gradient_norm"),
    )
    counts = np.eye(64, dtype="float32")
    recorder.on_epoch_begin(epoch)
    for step in range(4):
        logs = {name: np.float32(loss * (epoch + step)) for name in names}
        logs |= {"real_logits": 3 * counts[40 + step], "fake_logits": 2 * counts[20]}
        recorder.on_train_batch_end(step, logs)
    recorder.on_epoch_end(epoch, logs)
    grid = np.full((10, 20, 1), 10 * epoch, "uint8")
    (path / "samples").mkdir(exist_ok=True)
    (path / "samples" / f"epoch_{epoch + 1:03d}.png").write_bytes(encode_png(grid))


def read(path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(
        str(path / "tensorboard"), dict.fromkeys(("scalars", "histograms", "images"), 0)
    )
    return events.Reload()


def test_every_column_grid_and_histogram_of_every_epoch_is_there(recorder, tmp_path):
    board = TensorBoard(tmp_path, recorder)
    train_epoch(recorder, tmp_path, 3)
    board.on_epoch_end(3)
    events = read(tmp_path)  # while it still trains
    measured = {name: value for name, value in recorder.last_epoch.items() if value == value}
    for name, value in measured.items():
        scalars = events.Scalars(name)
        assert [event.step for event in scalars] == [1, 2, 3, 4]
        assert scalars[-1].value == pytest.approx(value)
    grids = events.Images("samples")
    assert [(grid.step, grid.width, grid.height) for grid in grids][-1] == (4, 20, 10)
    assert grids[2].encoded_image_string == (tmp_path / "samples/epoch_003.png").read_bytes()
    board.on_train_end()


def test_histograms_hold_the_counts_that_were_recorded(recorder, tmp_path):
    TensorBoard(tmp_path, recorder).on_train_end()
    events = read(tmp_path)
    real = events.Histograms("logits/real")[1].histogram_value
    assert (real.num, real.min, real.max) == (12, 4.0, 6.0)
    assert (real.bucket_limit, real.bucket) == ([4.5, 5.0, 5.5, 6.0], [3, 3, 3, 3])
    losses = events.Histograms("losses/generator")[2].histogram_value
    assert (losses.num, losses.min, losses.max) == (4, 2.0, 5.0)
    assert losses.sum == pytest.approx(2 + 3 + 4 + 5, abs=0.1)


def test_going_on_repeats_no_epoch(recorder, tmp_path):
    """Epoch 3 ran before the kill but is not in the checkpoint, so it runs again."""
    TensorBoard(tmp_path, recorder)
    restored = Recorder(tmp_path, 8)
    restored.restore(trained(tmp_path, epochs=2).state())
    board = TensorBoard(tmp_path, restored)
    assert [event.step for event in read(tmp_path).Scalars("generator_loss")] == [1, 2]
    restored.on_train_begin()
    train_epoch(restored, tmp_path, 2, loss=7.0)
    board.on_epoch_end(2)
    board.on_train_end()
    scalars = read(tmp_path).Scalars("generator_loss")
    assert [event.step for event in scalars] == [1, 2, 3]
    assert scalars[-1].value == pytest.approx(7 * (2 + 3 + 4 + 5) / 4)
    assert len(list((tmp_path / "tensorboard").iterdir())) == 1


def test_a_reader_that_looks_on_sees_no_epoch_twice(recorder, tmp_path):
    TensorBoard(tmp_path, recorder).on_train_end()
    events = read(tmp_path)
    (file,) = (tmp_path / "tensorboard").iterdir()
    TensorBoard(tmp_path, recorder).on_train_end()
    assert not file.exists()
    events.Reload()
    assert [event.step for event in events.Scalars("seconds")] == [1, 2, 3]


def test_what_was_not_measured_is_left_out(recorder, tmp_path):
    recorder.judgement = {"kernel_distance": 0.5}
    train_epoch(recorder, tmp_path, 3)
    (tmp_path / "samples" / "epoch_001.png").unlink()
    TensorBoard(tmp_path, recorder).on_train_end()
    events = read(tmp_path)
    assert [event.step for event in events.Scalars("kernel_distance")] == [4]
    assert [event.step for event in events.Images("samples")] == [2, 3, 4]


def test_before_the_first_epoch_there_is_nothing_to_write(tmp_path):
    TensorBoard(tmp_path, Recorder(tmp_path, 8)).on_train_end()
    assert read(tmp_path).Tags()["scalars"] == []


def test_a_run_that_was_begun_without_it_goes_on_with_it(short_run, tmp_path, in_process):
    path = shutil.copytree(short_run.path, tmp_path / "run")
    code, _, err = in_process("train", "--resume", path, "--epochs", "4", "--tensorboard")
    assert code == 0, err
    events = read(path)
    losses = [event.value for event in events.Scalars("generator_loss")]
    assert losses == pytest.approx(gp.Run.open(path).history["generator_loss"])
    assert len(events.Images("samples")) == len(events.Histograms("logits/fake")) == 4


def test_without_the_package_it_says_what_to_install(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto.event_pb2", None)
    monkeypatch.delitem(sys.modules, "ganprofile.training.callbacks.tensorboard")
    with pytest.raises(gp.UsageError, match=r"pip install 'ganprofile\[tensorboard\]'"):
        gp.train(tiny, epochs=1, tensorboard=True, output=tmp_path / "runs", progress=False)
    assert not (tmp_path / "runs").exists()
