"""Networks on their way to other processes, other machines and other versions of Keras: `.keras`
files or their bytes, and never a pickle."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from ganprofile.storage.files import write_bytes

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
NOTE = "trained_on.json"
# Arguments that layers and initialisers have gained since the oldest Keras that is allowed, and the
# values by which nothing is different.
GAINED = {
    "input_axes": None,
    "output_axes": None,
    "quantization_config": None,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": 0.99,
}


def write_network(network, path, is_packed=False, note=None):
    """Write a `.keras` file, whole or not at all, that older versions of Keras read, too.

    Keras writes every argument of every layer, and an older version refuses those that it does not
    know, even where they change nothing. These (`GAINED`) are left out.

    Args:
        network: a Keras model.
        path: a file name that ends in `.keras`.
        is_packed: whether what is in it is compressed.
        note: JSON values that go with it, which Keras does not look at, as `read_note` gives them.
    """
    how = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_bytes(network))) as said,
        zipfile.ZipFile(content, "w") as kept,
    ):
        for entry in said.infolist():
            part = said.read(entry)
            if entry.filename == CONFIG:
                part = json.dumps(_without_gained(json.loads(part)))
            kept.writestr(entry, part, how)
        if note is not None:  # in the same file, so that neither is ever without the other
            kept.writestr(zipfile.ZipInfo(NOTE), json.dumps(note), how)
    write_bytes(path, content.getvalue())


def read_note(file):
    """The note that `write_network` wrote into a file, given by its path or open; else empty."""
    with zipfile.ZipFile(file) as parts:
        return json.loads(parts.read(NOTE)) if NOTE in parts.namelist() else {}


def described(generator):
    """What a generator itself tells of what it was trained on: the shape of its images, and of how
    many values each of its conditions has."""
    import keras

    tables = [layer for layer in generator.layers if isinstance(layer, keras.layers.Embedding)]
    return {
        "image_shape": list(generator.output_shape[1:]),
        "conditions": {table.input.name: table.input_dim for table in tables},
    }


def holds_weights(path, network):
    """Whether the file that `write_network` would write is there already, with the same weights.

    Nothing is built of it: on several workers a new variable would wait for all of them.
    """
    if not path.exists():
        return False
    try:
        kept, new = _weights(path.read_bytes()), _weights(as_bytes(network))
    except (OSError, KeyError, zipfile.BadZipFile):  # it is damaged, and is written anew
        return False
    return kept.keys() == new.keys() and all(np.array_equal(kept[one], new[one]) for one in kept)


def _weights(content):
    """Name -> array of what a `.keras` file holds."""
    import h5py

    found = {}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        h5py.File(io.BytesIO(parts.read(WEIGHTS)), "r") as file,
    ):

        def keep(name, one):
            if isinstance(one, h5py.Dataset):
                found[name] = one[()]

        file.visititems(keep)
    return found


def _without_gained(said):
    """The same description of objects without what is in `GAINED`."""
    if isinstance(said, list):
        return [_without_gained(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        name: _without_gained(value)
        for name, value in said.items()
        if name not in GAINED or value != GAINED[name]
    }


def as_bytes(network):
    """What a `.keras` file of a network holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        network.save(path)
        return path.read_bytes()


def from_bytes(content):
    """The network of a `.keras` file's bytes; code in it is refused."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        path.write_bytes(content)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
