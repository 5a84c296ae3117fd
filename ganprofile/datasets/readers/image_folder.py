"""A folder with a subfolder for every class, or `train/` and `test/` of such folders."""

import collections

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.readers.gathering import gather
from ganprofile.datasets.readers.pictures import SUFFIXES, is_picture
from ganprofile.datasets.readers.reading import Reading
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import printable

WHAT = "a folder of pictures, one subfolder a class"
PARTS = ("train", "test")


def recognises(path):
    """Whether some subfolder holds a picture."""
    return path.is_dir() and any(
        is_picture(file) for folder in _subfolders(path) for file in _two_levels(folder)
    )


def read(path, options):
    """A `Reading`; class names are the folders' names, in sorted order.

    Raises:
        GanprofileError: a class folder is empty, or a file cannot be read.
    """
    if {folder.name for folder in _subfolders(path)} != set(PARTS):
        files, class_names, findings = _listed(path, options.tolerant)
        return _as_reading(path, options, [files], class_names, findings)
    train, class_names, findings = _listed(path / "train", options.tolerant)
    test, test_names, more = _listed(path / "test", options.tolerant)
    unknown = sorted(set(test_names) - set(class_names))
    if unknown:
        raise UsageError(f"{path / 'test'} has the class {unknown[0]!r}, which train/ lacks.")
    number_of = {name: label for label, name in enumerate(class_names)}
    renumbered = [(file, number_of[test_names[label]]) for file, label in test]
    findings = {key: findings[key] + more[key] for key in findings}
    return _as_reading(path, options, [train, renumbered], class_names, findings)


def _as_reading(path, options, parts, class_names, findings):
    """Read the files of all parts at once: they get one size and one polarity."""
    files = [file for part in parts for file, _ in part]
    labels = np.array([label for part in parts for _, label in part], np.int32)
    is_test = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    gathered = gather(files, options, path)
    names = np.array([printable(files[k].relative_to(path)) for k in gathered.kept])
    datasets = [
        Dataset(
            gathered.images[chosen],
            labels=labels[gathered.kept][chosen],
            class_names=class_names,
            attributes={"file": names[chosen]},
            name=printable(path.resolve().name),
            split=PARTS[number],
        )
        for number in range(len(parts))
        for chosen in [is_test[gathered.kept] == number]
    ]
    return Reading(*datasets, findings={**gathered.findings, **findings})


def _listed(path, tolerant):
    """`[(file, label)]`, the class names, and what was passed over."""
    files, class_names, empty = [], [], []
    passed_over = collections.Counter()
    for folder in _subfolders(path):
        pictures = []
        for file in sorted(folder.rglob("*")):
            if is_picture(file):
                pictures.append(file)
            elif file.is_file() and not file.name.startswith("."):
                passed_over[printable(file.relative_to(path))] += 1
        if not pictures:
            empty.append(printable(folder.name))
            continue
        files += [(file, len(class_names)) for file in pictures]
        class_names.append(_class_name(folder))
    if not class_names:
        raise GanprofileError(f"{path} has no subfolder with pictures. Make one for every class.")
    if empty and not tolerant:
        raise GanprofileError(
            f"The class folder {path / empty[0]} holds no picture ({', '.join(SUFFIXES)}). "
            "Add some or remove the folder."
        )
    return files, class_names, {"empty_classes": empty, "passed_over": sorted(passed_over)}


def _class_name(folder):
    try:
        folder.name.encode("utf-8")
    except UnicodeEncodeError:
        raise GanprofileError(
            f"The name of the class folder {printable(folder)} is not UTF-8. Rename it."
        ) from None
    return folder.name


def _subfolders(path):
    return sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith("."))


def _two_levels(folder):
    """Files of a folder and of its subfolders, as `train/a/1.png` has them."""
    for entry in folder.iterdir():
        yield from entry.iterdir() if entry.is_dir() else [entry]
