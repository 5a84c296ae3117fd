"""A folder with a subfolder for every class, or `train/` and `test/` of such folders."""

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.readers.gathering import gather
from ganprofile.datasets.readers.pictures import SUFFIXES, is_picture
from ganprofile.datasets.readers.reading import NO_CONTENT, PARTS, Reading
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import composed, is_text, printable

WHAT = "a folder of pictures, one subfolder a class"


def recognises(path):
    """Whether subfolders hold pictures, or those of `train/`."""
    return path.is_dir() and (_has_classes(path) or _has_classes(path / "train"))


def read(path, options):
    """A `Reading`; class names are the folders' names, in sorted order.

    Raises:
        UsageError: it cannot be told what the classes are, or which part a folder belongs to.
        GanprofileError: a class folder is empty, or a file cannot be read.
    """
    if not _has_classes(path / "train"):
        files, class_names, findings = _listed(path, options.tolerant)
        return _as_reading(path, options, [files], class_names, findings)
    beside = [folder for folder in _subfolders(path) if folder.name not in PARTS]
    others = [folder.name for folder in beside if _is_populated(folder) or _has_classes(folder)]
    if others:
        raise UsageError(
            f"{path} has {printable(others[0])}/ beside train/: only train/ and test/ are parts. "
            "Rename it to test/ or put it elsewhere."
        )
    train, class_names, findings = _listed(path / "train", options.tolerant)
    if not (path / "test").is_dir():
        return _as_reading(path, options, [train], class_names, findings)
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
    """`[(file, label)]`, the class names, and what was passed over or put together."""
    files, empty = [], []
    class_names, folder_of, said = [], {}, []
    passed_over = _beside_classes(path)
    for folder in _subfolders(path):
        pictures, others = _sorted_out(folder)
        passed_over += [printable(entry.relative_to(path)) for entry in others]
        if not pictures:
            _refuse_deeper_classes(folder, others)
            empty.append(printable(folder.name))
            continue
        name = _class_name(folder)
        if folder_of.setdefault(name, folder) is folder:
            class_names.append(name)
        else:
            said.append(_put_together(path, folder_of[name], folder))
        files += [(file, len(class_names) - 1) for file in pictures]
    if not class_names:
        raise GanprofileError(f"{path} has no subfolder with pictures. Make one for every class.")
    if empty and not tolerant:
        raise GanprofileError(
            f"The class folder {path / empty[0]} holds no picture ({', '.join(SUFFIXES)}). "
            "Add some or remove the folder."
        )
    return files, class_names, {"empty_classes": empty, "passed_over": passed_over, "assumed": said}


def _put_together(path, first, second):
    """What to say of two folders that are one class, since their names are the same to people."""
    return (
        f"{printable(path)}: the folders {first.name!a} and {second.name!a} are one class, "
        f"{printable(composed(first.name))}, spelled in two of Unicode's forms."
    )


def _sorted_out(folder):
    """The pictures in a folder and its other entries but hidden ones, both in order."""
    pictures, others = [], []
    for entry in sorted(folder.iterdir()):
        if is_picture(entry):
            pictures.append(entry)
        elif not entry.name.startswith("."):
            others.append(entry)
    return pictures, others


def _beside_classes(path):
    """Pictures beside the class folders, and hidden folders of pictures: nobody's class."""
    classes = set(_subfolders(path))
    return [
        printable(entry.relative_to(path))
        for entry in sorted(path.iterdir())
        if is_picture(entry) or (entry.is_dir() and entry not in classes and _is_populated(entry))
    ]


def _refuse_deeper_classes(folder, entries):
    """A folder of folders of pictures is no class: its pictures would all get one label."""
    if any(entry.is_dir() and _is_populated(entry) for entry in entries):
        raise UsageError(
            f"{printable(folder)} holds no pictures but folders of pictures. Give the folder whose "
            "subfolders are the classes."
        )


def _class_name(folder):
    if not is_text(folder.name):
        raise GanprofileError(
            f"The name of the class folder {printable(folder)} is not UTF-8. Rename it."
        )
    return composed(folder.name)


def _subfolders(path):
    """Folders that may be classes; hidden ones and those of macOS archives are none.

    They are in the order of their composed names, so that spelling does not change it.
    """
    found = (p for p in path.iterdir() if p.is_dir() and not p.name.startswith(NO_CONTENT))
    return sorted(found, key=lambda folder: (composed(folder.name), folder.name))


def _has_classes(path):
    return path.is_dir() and any(map(_is_populated, _subfolders(path)))


def _is_populated(folder):
    """Whether pictures lie in a folder itself."""
    return any(is_picture(entry) for entry in folder.iterdir())
