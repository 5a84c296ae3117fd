"""What is recorded of a training before it begins."""

import dataclasses
import datetime
import importlib
import platform
from importlib import metadata

from ganprofile.errors import GanprofileError
from ganprofile.gan.conditions import values_of
from ganprofile.gan.presets import settings_for
from ganprofile.runs.config_file import read_config, settings_of, training_anew
from ganprofile.runs.run import Run
from ganprofile.runtimes import refuse_exported
from ganprofile.storage.files import expanded

RECORDED_VERSIONS = ("keras", "numpy")


def new_config(dataset, model, settings):
    """The content of `config.json` for a training that begins now.

    Raises:
        UsageError: the dataset lacks what the networks are to be told.
    """
    import keras

    backend = keras.backend.backend()
    values = {name: values_of(dataset, name) for name in settings.conditions}
    return {
        "ganprofile": metadata.version("ganprofile"),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in RECORDED_VERSIONS},
            backend: str(importlib.import_module(backend).__version__),
        },
        "backend": backend,
        "model": model,
        "settings": dataclasses.asdict(settings),
        "conditions": {name: len(known) for name, known in values.items()},
        "dataset": {
            "name": dataset.name,
            "split": dataset.split,
            "recipe": dataset.recipe,
            "provenance": dataset.provenance,
            "fingerprint": dataset.fingerprint,
            "images": len(dataset),
            "image_shape": list(dataset.image_shape),
            "class_names": list(dataset.class_names),
            **({"writers": values["writer"]} if "writer" in values else {}),
        },
    }


def changed_config(source, **changes):
    """What a training recorded, with other settings.

    Args:
        source: a `Run`, the path of a `config.json`, of the same as YAML, or of a run folder, or
            the name of a model.
        **changes: fields of `Settings`; `minutes` and `epochs` take the place of
            each other.

    Returns:
        The content of such a file, a dict of JSON values.

    Raises:
        UsageError: there is no such config, it is an exported model, or a setting is out of range.
        GanprofileError: the config is damaged.
    """
    refuse_exported(source.path if isinstance(source, Run) else source)
    is_file = not isinstance(source, Run) and expanded(source).is_file()
    path = expanded(source) if is_file else _config_of(Run.open(source))
    content = read_config(path)
    recorded = dataclasses.asdict(settings_of(content, path))
    for said, other in (("minutes", "epochs"), ("epochs", "minutes")):
        if changes.get(said) is not None:
            recorded.pop(other)
    settings = dataclasses.asdict(settings_for(content["model"], **{**recorded, **changes}))
    return {**content, "settings": settings}


def _config_of(run):
    run.require("config.json")
    return run.path / "config.json"


def refuse_other_backend(run):
    """Refuse to go on with a run on another backend, whose random numbers are others.

    Raises:
        GanprofileError: Keras was started with another backend than the run.
    """
    import keras

    trained, current = run.config.get("backend", "tensorflow"), keras.backend.backend()
    if trained != current:
        raise GanprofileError(
            f"{run.path} was trained on {trained}. Received: {current}. Set "
            f"KERAS_BACKEND={trained}, or train anew with: "
            f"{training_anew(run.path, run.config)}"
        )
