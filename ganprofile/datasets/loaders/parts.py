"""Which part of a set the names of folders, files, arrays and rows speak of."""

import re

from ganprofile.datasets.loaders.columns import SPLIT_COLUMNS, chosen
from ganprofile.datasets.loaders.loaded_data import PARTS

VALIDATION = "validation"
USAGE = ("usage",)  # Kaggle's name for it, and others' for other things
NAMES = {
    "train": ("train", "training", "trn", "tra", "tr"),
    "test": ("test", "testing", "tst", "tes", "te", "t10k", "holdout", "heldout", "evaluation"),
    VALIDATION: ("validation", "valid", "validate", "validating", "val", "dev", "publictest"),
}
NAMES["test"] += ("eval", "privatetest")  # the latter as Kaggle splits what it judges by
PART_OF = {name: part for part, names in NAMES.items() for name in names}
# What stands beside the part in a name and says nothing: "Data training", "trainingSet".
FILLING = ("data", "dataset", "set", "split", "part", "folder", "digits", "characters", "letters")
FILLING += ("images", "image", "imgs", "img", "pictures", "samples", "examples", "png", "jpg")


def words(name):
    """The words in a name, in small letters: those of `trainingSet` are those of `Training set`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))
    return re.findall(r"[^\W_]+", spaced.lower())


def part_of(name):
    """`"train"`, `"test"` or `"validation"` where a name says no more than that, else None."""
    telling = [word for word in words(name) if word not in FILLING]
    telling = ["".join(telling)] if "".join(telling) in PART_OF else telling
    if len(telling) != 1:
        return None
    return PART_OF.get(telling[0]) or _run_together(telling[0])


def _run_together(word):
    """The part in `trainset` or `testdata`."""
    return next(
        (part for name, part in PART_OF.items() for fill in FILLING if word == name + fill), None
    )


def split_column(names, cells_of):
    """The column of a table that says to which part each row belongs, or None.

    Args:
        names: of the columns.
        cells_of: a function of a name that gives its column as text.
    """
    told, usage = chosen(names, SPLIT_COLUMNS), chosen(names, USAGE)
    if told is None and usage is not None and all(map(part_of, {*cells_of(usage)})):
        return usage
    return told


def train_and_test(found, where):
    """The two parts that there are of three.

    What is meant to choose models by is the test part where there is no other, and else is left
    out: it is neither to be learned from nor to be tested with.

    Args:
        found: part -> whatever stands for it.
        where: what the sentences call the set.

    Returns:
        `(parts, said)`: a dict with `"train"` and perhaps `"test"`, and sentences.
    """
    parts = {part: found[part] for part in PARTS if part in found}
    if VALIDATION not in found:
        return parts, []
    if "test" not in parts:
        parts["test"] = found[VALIDATION]
        return parts, [f"{where}: the validation part is the test part, as there is no other."]
    return parts, [
        f"{where}: the validation part is left out; put its images into the training part to learn "
        "from them, too."
    ]
