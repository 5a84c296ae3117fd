"""Networks on their way to other processes: the bytes of their files, and never a pickle."""

import tempfile
from pathlib import Path


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
