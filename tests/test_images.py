import numpy as np
import pytest

from ganprofile import images


def test_every_level_survives_the_way_into_the_networks_and_back():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    inside = images.to_float(levels)
    assert inside.dtype == np.float32
    assert inside.min() == -1.0 and inside.max() == 1.0
    assert np.array_equal(images.to_uint8(inside), levels)


def test_to_float_is_the_same_on_tensorflow():
    import tensorflow as tf

    levels = np.arange(256, dtype=np.uint8)
    assert np.array_equal(
        images.to_float(tf.constant(levels), tf.cast).numpy(), images.to_float(levels)
    )


def test_values_outside_the_range_are_clipped():
    assert images.to_uint8(np.array([-1.5, 1.5])).tolist() == [0, 255]


def test_grid_puts_images_row_by_row():
    shown = np.stack([np.full((4, 4, 1), level, np.uint8) for level in (10, 20, 30)])
    sheet = images.grid(shown, columns=2, gap=1)
    assert sheet.shape == (9, 9, 1)
    assert (sheet[0, 0, 0], sheet[0, 5, 0], sheet[5, 0, 0]) == (245, 235, 225), "ink is dark"
    assert sheet[8, 8, 0] == sheet[4, 0, 0] == 255  # the empty place and the gap


def test_class_grid_stands_blocks_side_by_side():
    shown = np.stack([np.full((4, 4, 1), label, np.uint8) for label in range(6) for _ in range(2)])
    sheet = images.class_grid(shown, num_classes=6, rows=4)
    assert sheet[0, 0, 0] == 255 and sheet[18, 6, 0] == 255 - 3
    second_block = 4 * 2 + 2 + 2
    assert sheet[0, second_block, 0] == 255 - 4


@pytest.mark.parametrize("channels", [1, 3])
def test_png_round_trip(tmp_path, channels):
    picture = np.random.default_rng(0).integers(0, 256, (9, 7, channels), dtype=np.uint8)
    images.save_png(tmp_path / "x.png", picture)
    assert np.array_equal(images.read_png(tmp_path / "x.png"), picture)
    assert [file.name for file in tmp_path.iterdir()] == ["x.png"]


def test_gif_holds_every_picture_and_loops(tmp_path):
    from PIL import Image

    pictures = [np.full((8, 8, 1), level, np.uint8) for level in (0, 80, 160, 240)]
    images.save_gif(tmp_path / "x.gif", pictures, seconds_per_picture=0.1)
    with Image.open(tmp_path / "x.gif") as animation:
        assert animation.n_frames == 4
        assert animation.info["loop"] == 0
        assert animation.info["duration"] == 100
