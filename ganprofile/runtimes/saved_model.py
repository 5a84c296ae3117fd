"""Folders that TensorFlow calls SavedModel; the description is a JSON file among theirs."""

from ganprofile.errors import first_line
from ganprofile.runtimes.network import CARD, ExportedNetwork, damaged, read_card, required

LIBRARIES = ("tensorflow",)
SUFFIX = ""
FILE = f"{CARD}.json"
# What Keras writes beside it; what else lies there is somebody's own.
PARTS = (
    "saved_model.pb",
    "fingerprint.pb",
    "variables/variables.index",
    "variables/variables.data-*",
)
SIGNATURE = "serving_default"


def recognises(path):
    return (path / FILE).is_file() and (path / "saved_model.pb").is_file()


def open_network(path):
    tensorflow = required("tensorflow", "tensorflow")
    info = read_card((path / FILE).read_text(encoding="utf-8"), path)
    try:
        loaded = tensorflow.saved_model.load(str(path))
        function = loaded.signatures[SIGNATURE]
    except Exception as error:
        raise damaged(path, first_line(error)) from error

    def run(inputs, _alive=loaded):  # its variables go with it
        tensors = {name: tensorflow.constant(array) for name, array in inputs.items()}
        return next(iter(function(**tensors).values())).numpy()

    return ExportedNetwork(path, info, run)
