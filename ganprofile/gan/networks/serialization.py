"""Networks on their way to other processes, other machines and other versions of Keras: `.keras`
files or their bytes, and never a pickle."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

from ganprofile.storage.files import write_bytes

CONFIG = "config.json"
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


def write_network(network, path):
    """Write a `.keras` file, whole or not at all, that older versions of Keras read, too.

    Keras writes every argument of every layer, and an older version refuses those that it does not
    know, even where they change nothing. These (`GAINED`) are left out.

    Args:
        network: a Keras model.
        path: a file name that ends in `.keras`.
    """
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_bytes(network))) as said,
        zipfile.ZipFile(content, "w") as kept,
    ):
        for entry in said.infolist():
            part = said.read(entry)
            if entry.filename == CONFIG:
                part = json.dumps(_without_gained(json.loads(part)))
            kept.writestr(entry, part)
    write_bytes(path, content.getvalue())


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
