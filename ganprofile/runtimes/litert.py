"""`.tflite` files, run by LiteRT.

The description is a JSON in a zip archive that is appended to the file, where the format's own
tools put labels and the like: `unzip -p reader.tflite ganprofile.json` shows it.
"""

import zipfile

from ganprofile.errors import first_line
from ganprofile.runtimes.network import CARD, ExportedNetwork, damaged, read_card, required

LIBRARIES = ("ai_edge_litert.interpreter",)
SUFFIX = ".tflite"
ENTRY = f"{CARD}.json"
SIGNATURE = "serving_default"


def recognises(path):
    return path.suffix == SUFFIX and path.is_file()


def open_network(path):
    runtime = required("ai_edge_litert.interpreter")
    info = read_card(_card(path), path)
    try:
        runner = runtime.Interpreter(model_path=str(path)).get_signature_runner(SIGNATURE)
    except Exception as error:
        raise damaged(path, first_line(error)) from error
    return ExportedNetwork(path, info, lambda inputs: next(iter(runner(**inputs).values())))


def _card(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(ENTRY)
    except (zipfile.BadZipFile, KeyError):
        return None
