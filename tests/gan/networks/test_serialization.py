"""Files of networks: the same network again, and nothing in them that an older Keras refuses."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.gan.networks.serialization import CONFIG, GAINED, write_network

ROOT = Path(__file__).parents[3]
CARRIED = [
    *(Path(gp.__file__).parent / "weights").rglob("*.keras"),
    *(ROOT / "saved_models").rglob("*.keras"),
]


def said(path):
    """The arguments of all objects that a file describes, name -> its values."""
    found = {}

    def note(pairs):
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return dict(pairs)

    with zipfile.ZipFile(path) as file:
        json.loads(file.read(CONFIG), object_pairs_hook=note)
    return found


@pytest.mark.parametrize("path", CARRIED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_carried_networks_load_in_the_oldest_keras(path):
    found = said(path)
    assert "kernel_initializer" in found and not GAINED.keys() & found.keys()
    assert keras.saving.load_model(path, compile=False).count_params() > 1000


def test_what_is_written_is_the_same_network(tmp_path):
    network = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(3, 3, kernel_initializer=keras.initializers.HeNormal(seed=1)),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Flatten(),
            keras.layers.Dense(2, kernel_initializer=keras.initializers.GlorotUniform(seed=2)),
        ]
    )
    write_network(network, tmp_path / "it.keras")
    assert [file.name for file in tmp_path.iterdir()] == ["it.keras"]
    found = said(tmp_path / "it.keras")
    assert 0.9 in found["momentum"] and not GAINED.keys() & found.keys()
    again = keras.saving.load_model(tmp_path / "it.keras")
    images = np.random.default_rng(0).normal(size=(4, 6, 6, 1)).astype("float32")
    np.testing.assert_array_equal(again(images), network(images))
    assert [layer.name for layer in again.layers] == [layer.name for layer in network.layers]
