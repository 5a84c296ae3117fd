"""`config.json`, as a run or model has it."""

from ganprofile.errors import GanprofileError
from ganprofile.files import read_json

DATASET_KEYS = ("name", "recipe", "fingerprint", "images", "image_shape", "class_names")
CONFIG_KEYS = ("model", "settings", "conditions", "dataset")


def read_config(path):
    """The content of a `config.json`.

    Raises:
        GanprofileError: it is missing, damaged or not the config of a run.
    """
    config = read_json(path)
    required = {"": CONFIG_KEYS, "settings": (), "conditions": (), "dataset": DATASET_KEYS}
    for section, keys in required.items():
        content = config[section] if section else config
        missing = [k for k in keys if k not in content] if isinstance(content, dict) else [section]
        if missing or not isinstance(content, dict):
            raise GanprofileError(f"{path} lacks {missing[0]!r}; it is not the config of a run.")
    data, counts = config["dataset"], config["conditions"]
    is_sound = (
        _are(str, data["class_names"])
        and _are(int, data["image_shape"])
        and _are(int, [*counts.values()])
        and _are(int, data.get("writers", []))
        and _are(str, [data["name"], data["fingerprint"], config["model"]])
        and isinstance(data.get("provenance", {}), dict)
    )
    if not is_sound:
        raise GanprofileError(f"{path} holds values of the wrong kind. Copy it again.")
    return config


def _are(kind, values):
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)
