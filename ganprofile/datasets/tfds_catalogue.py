"""What there is in TensorFlow Datasets of a set."""

import re

from ganprofile.console import few
from ganprofile.datasets.cards import has_labels, read_card
from ganprofile.datasets.loaders.official import NAME_OF
from ganprofile.datasets.naming import TFDS
from ganprofile.datasets.sources.prepared import data_folder
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable, read_json

LISTED = 9
INFO, FEATURES = "dataset_info.json", "features.json"
VERSION = re.compile(r"\d+\.\d+\.\d+")


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
    names = few([f"{TFDS}{one}" for one in known], LISTED)
    return f"{names}, version {' or '.join(versions)}"


def refuse_damaged(wanted, needed=(INFO,)):
    """Refuse a set that was prepared on this machine and lost what says what it holds.

    Args:
        wanted: its name, maybe with a configuration and a version.
        needed: files beside its records; of others that are there, none may be cut.

    Raises:
        GanprofileError: one is missing or damaged.
    """
    name, _, version = wanted.partition(":")
    folders = {record.parent for record in (data_folder() / name).rglob("*.tfrecord*")}
    for folder in sorted(one for one in folders if VERSION.fullmatch(one.name)):
        for file in (folder / INFO, folder / FEATURES):
            is_asked = version in ("", folder.name) and (file.name in needed or file.is_file())
            if is_asked and _is_damaged(file):
                what = "cannot be read" if file.is_file() else "is missing"
                raise GanprofileError(
                    f"{TFDS}{wanted} is damaged on this machine: {printable(file)} {what}. Copy "
                    "that folder again, or remove it and load the set again."
                )


def _is_damaged(file):
    try:
        return not isinstance(read_json(file), dict)
    except GanprofileError:
        return True


def known_classes(stem, names, labels, name, options):
    """The names of classes and the label of the first, None to find out, and sentences: of EMNIST's
    sets TensorFlow Datasets only numbers what is known.

    Args:
        stem: of the set, as `NAME_OF` has it where it is a known one.
        names: what its features call the classes, a tuple.
        labels: integers `(n,)`.
        name: of the set, for the sentence.
        options: `LoadOptions`.
    """
    card = read_card(NAME_OF[stem]) if stem in NAME_OF else None
    are_numbers = names == tuple(map(str, range(len(names))))
    is_known = card is not None and are_numbers and options.first_label is None
    if not is_known or not has_labels(card, labels):
        return names, options.first_label, []
    known, first = card["classes"], card.get("first_label", 0)
    said = f"{name}: the classes are called as {card['name']}'s are: {first} is {known[0]!r}."
    return known, first, [said] if tuple(known) != names else []


def prepared_as(name):
    """As what a set is on this machine, such as `tfds:emnist/letters:3.1.0`, in sorted order."""
    infos = sorted((data_folder() / name).glob("**/dataset_info.json"))
    places = [info.parent.relative_to(data_folder()) for info in infos]
    return [f"{TFDS}{place.parent.as_posix()}:{place.name}" for place in places]
