"""Which part of a set the names of folders, files, arrays and rows speak of."""

import re

import numpy as np

from ganprofile.datasets.loaders.columns import SPLIT_COLUMNS, chosen
from ganprofile.datasets.loaders.loaded_data import PARTS
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

VALIDATION = "validation"
SYLLABLES = ("tr", "tra", "te", "tes")  # names of parts that are characters of some scripts
# Names for it that are others' for other things, so that all cells have to be parts.
USAGE = ("usage", "data_set", "dataset", "set", "data", "part", "phase", "mode", "type", "group")
USAGE += ("set_type", "data_type", "data_split", "split_name", "train_test", "train_or_test")
FLAGS = ("is_test", "test", "is_train", "train", "istest", "istrain", "is_training", "is_testing")
MOST_NAMES = 20  # in which a column names three parts
TRUTH = {"0", "1", "0.0", "1.0", "false", "true"}
NAMES = {
    "train": ("train", "training", "trn", "tra", "tr"),
    "test": ("test", "testing", "tst", "tes", "te", "t10k", "holdout", "heldout", "evaluation"),
    VALIDATION: ("validation", "valid", "validate", "validating", "val", "dev", "publictest"),
}
NAMES["test"] += ("eval", "privatetest")  # the latter as Kaggle splits what it judges by
PART_OF = {name: part for part, names in NAMES.items() for name in names}
# What stands beside the part in a name and says nothing: "Data training", "trainingSet".
FILLING = ("data", "dataset", "set", "split", "part", "folder", "digits", "characters", "letters")
ABOUT_LABELS = ("label", "labels", "annotation", "annotations", "gt", "list", "csv")
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


def are_parts(names):
    """Whether all names speak of a part, maybe among other words as `ADBase_TestingSet` does, of
    that to learn from and of another."""
    found = {part_of(name) or spoken_part(name) for name in names}
    return None not in found and {"train"} < found


def spoken_part(name):
    """The only part that a word in a name says, or None."""
    told = [one for word in words(name) if word not in SYLLABLES for one in [part_of(word)] if one]
    return told[0] if len(told) == 1 else None


def split_column(names, cells_of):
    """The column of a table that says to which part each row belongs, or None: by its heading, or
    since all its cells are names of parts, `train` and others.

    Args:
        names: of the columns, but those of the labels, pictures and pixels.
        cells_of: a function of a name that gives its column as text.
    """
    names = list(names)
    told = chosen(names, SPLIT_COLUMNS)
    if told is not None:
        return told
    perhaps = filter(None, (chosen(names, [name]) for name in USAGE))
    known = next((name for name in perhaps if all(map(part_of, {*cells_of(name)}))), None)
    return known or next((name for name in names if _names_parts(cells_of(name))), None)


def _names_parts(cells):
    """Whether cells are names of parts, among them that to learn from and another."""
    if len(found := {*cells}) > MOST_NAMES:  # of pictures, numbers, whatever
        return False
    parts = {*map(part_of, found)}
    return None not in parts and {"train"} < parts


def flags_said(names, cells_of, where):
    """A sentence on a column of 0 and 1 that may say to which part each row belongs, and is not
    read since nobody can be sure of it; in a list, [] where there is none.

    Args:
        names, cells_of: as for `split_column`.
        where: what the sentence calls the table.
    """
    names = list(names)
    found = chosen(names, FLAGS) or next(filter(_speaks_of_part, names), None)
    if found is None or not {str(cell).lower() for cell in cells_of(found)} <= TRUTH:
        return []
    return [
        f"{where}: the column {printable(found)!r} is not read, so that images to test with may be "
        "among those to train on. If it says the parts, call it split, and write train and test "
        "into it."
    ]


def _speaks_of_part(name):
    """Whether a heading asks for a part, such as `is_training_img`."""
    asks, *others = words(name) or [""]
    return asks == "is" and not {*others}.isdisjoint(PART_OF)


def files_ending(folder, endings):
    """The files in a folder, but hidden ones, whose names end so in small or large letters."""
    files = (file for file in folder.iterdir() if file.suffix.lower() in endings)
    return sorted(file for file in files if not file.name.startswith("."))


def part_folders(folder):
    """The folders in a folder that are called as parts, one of them train; [] where none is."""
    found = sorted(one for one in folder.iterdir() if one.is_dir() and part_of(one.name))
    return found if any(part_of(one.name) == "train" for one in found) else []


def folder_part(file, root):
    """The part that one of the folders says in which a file lies, below `root`, or None."""
    folders = file.parent.relative_to(root).parts if file.is_relative_to(root) else ()
    return next(filter(None, map(part_of, folders)), None)


def is_held_out(file, root):
    """Whether one of the folders in which a file lies below `root` is of images to test with or to
    choose by, and cannot be a syllable."""
    folders = file.parent.relative_to(root).parts
    return any(
        part_of(one) not in (None, "train") and one.lower() not in SYLLABLES for one in folders
    )


def name_part(stem):
    """The part that the name of a table of labels says, such as `train_labels`, or None."""
    return part_of(" ".join(word for word in words(stem) if word not in ABOUT_LABELS))


def without_unlabelled_test(parts, where):
    """Parts, and sentences: one to test with or to choose by is left out that has no labels where
    the training part has.

    Args:
        parts: part -> whatever has `labels`, which may be None.
        where: what the sentences call the set.
    """
    if parts["train"].labels is None:
        return parts, []
    labelled = {part: one for part, one in parts.items() if one.labels is not None}
    left_out = [part for part in parts if part not in labelled]
    return labelled, [f"{where}: the {one} part has no labels and is left out." for one in left_out]


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


def names_of_parts(splits, where):
    """A column of a table that says to which part each row belongs, by the names of the parts.

    Args:
        splits: text `(n,)`.
        where: what the sentence calls the table.

    Raises:
        GanprofileError: a text names no part.
    """
    part_for = {text: part_of(text) for text in {*splits.tolist()}}
    unknown = sorted(text for text, part in part_for.items() if part is None)
    if unknown:
        raise GanprofileError(
            f"{where} has the split {printable(unknown[0])!r}; known are train, test and "
            "validation. Rename it, or remove the column."
        )
    return np.array([part_for[text] for text in splits.tolist()])
