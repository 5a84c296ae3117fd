"""Models that have left Keras, and what runs each kind of them: one module and one line here.

Only a SavedModel needs TensorFlow; the others need neither it nor Keras nor PyTorch.
"""

from ganprofile.errors import UsageError
from ganprofile.runtimes import litert, onnx, saved_model
from ganprofile.storage.files import expanded, is_folder, is_there, printable

RUNTIMES = {"onnx": onnx, "litert": litert, "saved_model": saved_model}


def runtime_of(path):
    """The name in `RUNTIMES` of what runs a file or folder, or None where it is no exported model.

    Args:
        path: a path or a name of anything.
    """
    path = expanded(path)
    if not is_there(path):
        return None
    return next((name for name, runtime in RUNTIMES.items() if runtime.recognises(path)), None)


def may_be_opened(path):
    """Whether a path may be that of a model: a folder, or an exported one."""
    return is_folder(path) or runtime_of(path) is not None


def refuse_exported(path):
    """Refuse an exported model where what it was made of is wanted.

    Args:
        path: of a file or folder, of anything.

    Raises:
        UsageError: it is one.
    """
    if runtime_of(path) is not None:
        raise UsageError(
            f"{printable(path)} is an exported model. Give the run, model or reader that it was "
            "made of."
        )


def open_network(path):
    """An exported model, ready to run.

    Args:
        path: what `export_model` wrote.

    Returns:
        An `ExportedNetwork`.

    Raises:
        UsageError: it is no exported model.
        GanprofileError: it is damaged, was not exported by ganprofile, or a library is missing.
    """
    name = runtime_of(path)
    if name is None:
        raise UsageError(
            f"{path} is no exported model. Make one: ganprofile models export digits-cgan --to onnx"
        )
    return RUNTIMES[name].open_network(expanded(path))
