"""`config.json`, as a run or model has it."""

from pathlib import Path

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.gan.settings import Settings
from ganprofile.storage.files import composed, read_json
from ganprofile.storage.names import as_word
from ganprofile.storage.yaml_files import is_yaml, read_yaml

DATASET_KEYS = ("name", "recipe", "fingerprint", "images", "image_shape", "class_names")
CONFIG_KEYS = ("model", "settings", "conditions", "dataset")
MOST_CLASSES_NAMED = 10
# The section of a training that was made longer, until it ends: how many epochs that one was to
# have whose generator is still there.
EARLIER_GENERATOR = "earlier_generator"
OF_ARRAYS = " in Python, for its dataset was given as arrays."
TRAINED_ON = "trained_on"  # the entry of a checkpoint, JSON of what the function gives


def read_config(path):
    """The content of a `config.json`, or of the same as YAML.

    Raises:
        GanprofileError: it is missing, damaged or not the config of a run.
    """
    config = read_yaml(path) if is_yaml(path) else read_json(path)
    required = {"": CONFIG_KEYS, "settings": (), "conditions": (), "dataset": DATASET_KEYS}
    for section, keys in required.items():
        content = config[section] if section else config
        missing = [k for k in keys if k not in content] if isinstance(content, dict) else [section]
        if missing or not isinstance(content, dict):
            raise GanprofileError(f"{path} lacks {missing[0]!r}; it is not the config of a run.")
    data, counts = config["dataset"], config["conditions"]
    if data.get("writers") is None:  # which is as if it said nothing of them
        data.pop("writers", None)
    is_sound = (
        _are(str, data["class_names"])
        and _are(int, data["image_shape"])
        and _are(int, [*counts.values()])
        and _are(int, [data["images"], *data.get("writers", [])])
        and _are(str, [data["name"], data["fingerprint"], config["model"]])
        and isinstance(data.get("provenance", {}), dict)
        and isinstance(config.get("criterion") or {}, dict)
    )
    if not is_sound:
        raise GanprofileError(f"{path} holds values of the wrong kind. Copy it again.")
    named = {"label": data["class_names"], "writer": data.get("writers", [])}
    for condition, count in counts.items():
        if len(named.get(condition, ())) != count:
            raise GanprofileError(
                f"{path} says {count} values of {condition!r} under `conditions` and names "
                f"{len(named.get(condition, ()))} under `dataset`. Put back what was changed, or "
                "copy it again."
            )
    return config


def trained_on(config):
    """What the files of a training have in common, as JSON values: what its networks are of."""
    data = config["dataset"]
    return {
        "model": config["model"],
        "dataset": data["name"],
        "class_names": [composed(name) for name in data["class_names"]],
        "writers": data.get("writers", []),
        "image_shape": data["image_shape"],
        "conditions": config["conditions"],
        "fingerprint": data["fingerprint"],
    }


def refuse_other_training(path, found, config):
    """Refuse a file of a run that does not belong to the run's config.

    Args:
        path: the file.
        found: as much of `trained_on` as it tells.
        config: content of the run's `config.json`.

    Raises:
        GanprofileError: with what differs.
    """
    known = trained_on(config)
    different = [
        f"{what.replace('_', ' ')} {there!r:.80} there, {here!r:.80} in config.json"
        for what in known
        if found.get(what, known[what]) != known[what]
        for there, here in [_where_unlike(found[what], known[what])]
    ]
    if different:
        raise GanprofileError(
            f"{path} is of another training, or config.json was changed since: "
            f"{'; '.join(different)}. Put back what was changed, or copy the whole run folder "
            "again."
        )


def _where_unlike(one, other):
    """Of long lists what differs alone."""
    if not (isinstance(one, list) and isinstance(other, list) and len(one) == len(other)):
        return one, other
    pairs = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return tuple(map(list, zip(*pairs, strict=True)))


def settings_of(config, path):
    """The `Settings` in the content of the `config.json` at `path`.

    Raises:
        GanprofileError: they hold what we do not know.
    """
    try:
        return Settings(**config["settings"])
    except (TypeError, UsageError) as error:
        raise GanprofileError(f"{path} has settings that are not ours ({error}).") from error


def going_on(folder, config):
    """How a training is gone on with, behind a colon: by a command, or in Python where its data
    came as arrays, which no command can name.

    Args:
        folder: of the run.
        config: its content, as `read_config` gives it.
    """
    command = f"ganprofile train --resume {as_word(folder)}"
    return command if _can_load(config) else f"gp.resume({str(folder)!r}, dataset){OF_ARRAYS}"


def training_anew(folder, config):
    """How a training is done once more, likewise."""
    path = Path(folder) / "config.json"
    command = f"ganprofile train --config {as_word(path)}"
    return command if _can_load(config) else f"gp.reproduce({str(path)!r}, dataset){OF_ARRAYS}"


def _can_load(config):
    return bool(config["dataset"].get("recipe"))


def compared_data(recorded, dataset):
    """Data as a training takes them, and in words how they differ from those of an earlier one.

    Args:
        recorded: what its config has under `dataset`.
        dataset: a `Dataset`.

    Returns:
        The `Dataset`, and a str, empty where nothing differs.
    """
    from ganprofile.datasets import without_empty_classes

    if dataset.fingerprint != recorded["fingerprint"]:
        dataset = without_empty_classes(dataset)  # as the training did
    names = [composed(name) for name in recorded["class_names"]]
    is_same = dataset.fingerprint == recorded["fingerprint"] and names == [*dataset.class_names]
    return dataset, "" if is_same else "; ".join(_data_differences(recorded, dataset))


def _data_differences(recorded, dataset):
    before, now = recorded["class_names"], list(dataset.class_names)
    shapes = ("x".join(map(str, shape)) for shape in (recorded["image_shape"], dataset.image_shape))
    compared = {
        "name": (recorded["name"], dataset.name),
        "number of images": (recorded["images"], len(dataset)),
        "image shape": tuple(shapes),
        "number of classes": (len(before), len(now)),
        "fingerprint of their content": (recorded["fingerprint"][:12], dataset.fingerprint[:12]),
    }
    for what, (was, is_) in compared.items():
        if was != is_:
            yield f"the {what} was {was} and is {is_}"
    missing, new = set(before) - set(now), set(now) - set(before)
    for names, verdict in ((missing, "missing"), (new, "new")):
        if names:
            named = ", ".join(repr(name) for name in sorted(names)[:MOST_CLASSES_NAMED])
            yield f"{verdict} classes: {named}{', ...' * (len(names) > MOST_CLASSES_NAMED)}"
    if before != now and not missing | new:
        yield "the classes stand in another order"


def _are(kind, values):
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)
