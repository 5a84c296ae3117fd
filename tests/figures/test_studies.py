"""Maps of what studies find."""

import numpy as np
from PIL import Image

from ganprofile.figures.studies import ROOM, apart, save_map


def test_names_on_a_map_give_way_to_each_other():
    random = np.random.default_rng(0)
    middles = random.uniform(0.3, 0.7, (47, 2))
    middles[1] = middles[0]
    moved = apart(middles, ROOM)
    distances = np.linalg.norm(moved[:, None] - moved, axis=-1) + np.eye(47)
    assert distances.min() > 0.9 * ROOM
    assert np.abs(moved - middles).max() < 3 * ROOM
    np.testing.assert_allclose(apart(middles[2:4], 1e-9), middles[2:4], atol=1e-5)


def test_a_map_leaves_out_classes_without_images(tmp_path):
    places = np.random.default_rng(0).normal(size=(30, 2))
    for names, name in ((tuple("abc"), "few.png"), (tuple(map(chr, range(65, 107))), "many.png")):
        save_map(tmp_path / name, places, np.arange(30) % 2, names, "Some")
        assert Image.open(tmp_path / name).size[0] > 500
