"""`.onnx` files, run by ONNX Runtime; the description is their metadata."""

from ganprofile.errors import first_line
from ganprofile.runtimes.network import CARD, ExportedNetwork, damaged, read_card, required

LIBRARIES = ("onnxruntime",)
SUFFIX = ".onnx"


def recognises(path):
    return path.suffix == SUFFIX and path.is_file()


def open_network(path):
    runtime = required("onnxruntime")
    try:
        session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise damaged(path, first_line(error)) from error
    info = read_card(session.get_modelmeta().custom_metadata_map.get(CARD), path)
    return ExportedNetwork(path, info, lambda inputs: session.run(None, inputs)[0])
