import imageio.v3 as iio
import numpy as np
import pytest

from ganprofile.images import grid, save_png
from ganprofile.training.callbacks.sample_grids import MOST_BYTES, animate_grids


@pytest.mark.parametrize("images, frames, levels", [(10, 30, 16), (100, 20, 8), (200, 10, 4)])
def test_the_animation_of_a_training_is_small_enough_to_be_shown(
    tmp_path, digits, images, frames, levels
):
    train, _ = digits
    (tmp_path / "samples").mkdir()
    for epoch in range(1, 61):
        first = epoch * images % 4000
        picture = grid(train.images[first : first + images], columns=10)
        save_png(tmp_path / "samples" / f"epoch_{epoch:03d}.png", picture)
    animate_grids(tmp_path)
    file = tmp_path / "samples" / "progress.gif"
    assert file.stat().st_size <= MOST_BYTES
    animation = iio.imread(file, index=None)
    assert len(animation) == frames
    assert len(np.unique(animation)) == levels
