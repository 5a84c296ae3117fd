"""What there is in TensorFlow Datasets of a set."""

import re

from ganprofile.datasets.elsewhere import TFDS
from ganprofile.datasets.sources.prepared import data_folder

LISTED = 9


def in_place_of(wanted):
    """What TensorFlow Datasets has in place of a version or configuration; `""` where that cannot
    be told, as of what others prepared, or it has just this."""
    import tensorflow_datasets as tfds

    try:
        kind = tfds.builder_cls(re.split("[:/]", wanted)[0])
    except Exception:
        return ""
    versions = [*dict.fromkeys(map(str, [kind.VERSION, *kind.SUPPORTED_VERSIONS]))]
    known = [f"{kind.name}/{one}" for one in kind.builder_configs] or [kind.name]
    name, _, version = wanted.partition(":")
    if name in (kind.name, *known) and version in ("", *versions):
        return ""
    further = f" and {len(known) - LISTED:,} more" if len(known) > LISTED else ""
    names = ", ".join(f"{TFDS}{one}" for one in known[:LISTED])
    return f"{names}{further}, version {' or '.join(versions)}"


def prepared_as(name):
    """As what a set is on this machine, such as `tfds:emnist/letters:3.1.0`, in sorted order."""
    infos = sorted((data_folder() / name).glob("**/dataset_info.json"))
    places = [info.parent.relative_to(data_folder()) for info in infos]
    return [f"{TFDS}{place.parent.as_posix()}:{place.name}" for place in places]
