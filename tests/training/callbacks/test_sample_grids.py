import imageio.v3 as iio
import numpy as np
import pytest

from ganprofile.captions import LINE, captioned
from ganprofile.images import grid, save_png
from ganprofile.training.callbacks.sample_grids import MOST_BYTES, animate_grids


@pytest.mark.parametrize("images, frames, levels", [(10, 30, 16), (100, 20, 6), (400, 10, 4)])
def test_the_animation_of_a_training_is_small_enough_to_be_shown(
    tmp_path, digits, images, frames, levels
):
    train, _ = digits
    (tmp_path / "samples").mkdir()
    for epoch in range(1, 61):
        first = epoch * images % 4000
        picture = grid(train.images[first : first + images], columns=20 if images > 100 else 10)
        save_png(tmp_path / "samples" / f"epoch_{epoch:03d}.png", picture)
    animate_grids(tmp_path)
    file = tmp_path / "samples" / "progress.gif"
    assert file.stat().st_size <= MOST_BYTES
    animation = iio.imread(file, index=None)
    assert len(animation) == frames
    assert len(np.unique(animation)) == levels
    assert max(animation.shape[1:3]) >= 600, "a room sees it"


def test_every_frame_says_its_epoch(tmp_path):
    """The grids are all the same: frames differ in what stands above."""
    (tmp_path / "samples").mkdir()
    for epoch in (1, 2, 1000):
        save_png(tmp_path / "samples" / f"epoch_{epoch:03d}.png", np.zeros((100, 300, 1), np.uint8))
    for copied in ("epoch_001 (1).png", "epoch_002 copy.png", "epoch_best.png", "epoch_7.png"):
        (tmp_path / "samples" / copied).write_bytes(b"no grid of an epoch")
    animate_grids(tmp_path)
    animation = iio.imread(tmp_path / "samples" / "progress.gif", index=None)[..., 0]
    assert len(animation) == 3
    for frame, epoch in zip(animation, (1, 2, 1000), strict=True):
        expected = captioned(np.zeros((200, 600, 1), np.uint8), f"epoch {epoch:,}")[..., 0]
        assert np.abs(frame - expected.astype(int)).max() <= 9, "rounded to 16 levels"
        assert (frame[:LINE] < 128).any()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", None])
def test_a_damaged_grid_is_left_out(tmp_path, capsys, content):
    """And the training ends: only its picture is lost."""
    (tmp_path / "samples").mkdir()
    for epoch in (1, 2, 3):
        save_png(tmp_path / "samples" / f"epoch_{epoch:03d}.png", np.zeros((100, 300, 1), np.uint8))
    damaged = tmp_path / "samples" / "epoch_002.png"
    damaged.write_bytes(damaged.read_bytes()[:60] if content is None else content)
    animate_grids(tmp_path)
    assert len(iio.imread(tmp_path / "samples" / "progress.gif", index=None)) == 2
    said = capsys.readouterr().err
    assert said.count(f"{damaged} is damaged and left out of progress.gif") == 1
    damaged.with_name("epoch_001.png").write_bytes(b"")
    damaged.with_name("epoch_003.png").write_bytes(b"")
    animate_grids(tmp_path)
