"""A disk that fills up during a training: a sentence, a whole checkpoint, and on from it."""

import gc
import shutil

import pytest

import ganprofile as gp
from tests.training.filling import limited_files, small_disk
from tests.training.states import assert_equal_grids, assert_equal_runs

pytest.importorskip("resource", reason="limits of this kind are POSIX's")
pytestmark = [
    pytest.mark.slow,
    # What is raised where nobody catches it lands on standard error, beside the sentence.
    pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]

# 20 steps per epoch, so that each ends with a grid and a checkpoint.
TRAIN = ["train", "--model", "gan", "--subset", "40", "--batch-size", "20", "--epochs", "3"]


@pytest.fixture(scope="module")
def whole(digits, tmp_path_factory):
    """The same training on a disk with room."""
    output = tmp_path_factory.mktemp("runs")
    subset = digits[0].subset(40)
    return gp.train(subset, "gan", batch_size=20, epochs=3, output=output, progress=False)


def assert_one_sentence(code, said, *parts):
    errors = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert code == 1 and errors == said.splitlines()[-1:], said
    assert "Traceback" not in said and "Exception" not in said and "Warning" not in said
    for part in parts:
        assert part in errors[0]


def assert_whole(path, epochs):
    """A later command finds nothing half written, and so many epochs to go on from."""
    assert not list(path.rglob(".*"))
    assert (path / "history.csv").read_bytes().endswith(b"\n")
    run = gp.Run.open(path)
    assert int(run.load_checkpoint()["epochs_done"]) == epochs
    assert run.history["epoch"].tolist() in ([*range(1, epochs + 1)], [*range(1, epochs + 2)])


def assert_same(run, path):
    assert_equal_runs(run.path, path)
    assert_equal_grids(run.path, path)


def test_a_disk_that_is_full_again_and_again(whole, tmp_path):
    """The command in processes of its own on a file system that has no space left."""
    with small_disk(tmp_path / "disk", megabytes=64) as disk:
        begin = [*TRAIN, "--output", disk.path / "runs"]
        done = disk.run(*begin, while_writing=(".config.*", 1, 0))
        sentence = "config.json cannot be written (No space left on device). Make room, or choose"
        assert_one_sentence(done.returncode, done.stderr, sentence)
        assert [path.name for path in disk.seen_from_here.iterdir()] == ["ballast"]

        disk.make_room()
        done = disk.run(*begin, while_writing=(".epoch_002.*", 1, 4096))
        (path,) = (disk.seen_from_here / "runs").iterdir()
        resume = ["train", "--resume", disk.path / "runs" / path.name]
        full = "cannot be written (No space left on device). Make room. Go on with: ganprofile"
        sentence = f"samples/epoch_002.png {full} {' '.join(map(str, resume))}"
        assert_one_sentence(done.returncode, done.stderr, sentence)
        assert_whole(path, epochs=1)

        for pattern, free, epochs, file in (
            (".state.*", 256 * 1024, 1, "checkpoint/state.npz"),
            (".generator.*", 64 * 1024, 3, "generator.keras"),
        ):
            disk.make_room()
            done = disk.run(*resume, while_writing=(pattern, 1, free))
            assert_one_sentence(done.returncode, done.stderr, f"{file} {full}")
            assert_whole(path, epochs)

        disk.make_room()
        done = disk.run(*resume)
        assert done.returncode == 0, done.stderr
        assert_same(whole, shutil.copytree(path, tmp_path / "finished"))


# In the order in which they are written, by the run that the one before has stopped: file, which
# opening of what it is written as, how many bytes fit, how many epochs are whole.
FILES = [
    ("subset.csv", ".subset.*", 1, 1000, 0),
    ("samples/epoch_001.png", ".epoch_001.*", 1, 1000, 0),
    ("checkpoint/state.npz", ".state.*", 2, 100_000, 1),
    ("history.csv", "history.csv", 2, 30, 2),
    ("config.json", ".config.*", 2, 100, 3),
    ("grid.png", ".grid.*", 1, 1000, 3),
    ("generator.keras", ".generator.*", 1, 10_000, 3),
    ("histograms.npz", ".histograms.*", 1, 1000, 3),
    ("samples/progress.gif", ".progress.*", 1, 1000, 3),
    ("figures/loss_histograms.png", ".loss_histograms.*", 1, 1000, 3),
]
EVENTS = ("tensorboard/events.out.tfevents", "events.out.tfevents.*", 3, 1000, 2)


@pytest.mark.parametrize(
    ("files", "extra"), [(FILES, []), ([EVENTS], ["--tensorboard"])], ids=["all", "tensorboard"]
)
def test_a_file_that_may_not_grow(whole, tmp_path, in_process, files, extra):
    """Writing ends in the middle of every file in turn, also where small disks cannot be had."""
    command = [*TRAIN, "--output", tmp_path, *extra]
    for file, pattern, number, room, epochs in files:
        with limited_files(pattern, number, room):
            code, _, said = in_process(*command)
            gc.collect()  # what was given up half written tries to finish
        (path,) = tmp_path.iterdir()
        assert_one_sentence(code, said, f"{path / file}", "File too large", f"--resume {path}")
        assert "Allow larger files (`ulimit -f unlimited`)" in said
        if epochs:
            assert_whole(path, epochs)
        code, out, _ = in_process("runs", tmp_path)
        assert code == 0 and "gan" in out
        command = ["train", "--resume", path, *extra]
    code, _, said = in_process(*command)
    assert code == 0, said
    assert_same(whole, path)
