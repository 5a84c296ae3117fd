"""One folder per class, one PNG an image; the file's name is the image's index in the set.

Folders carry the class names where these are safe on every file system and sort in class order
(the digits); else every folder is `INDEX_NAME`, so that tools which number classes by sorted
folder name arrive at our labels, and `a` and `A` stay apart where case does not count. Letters of
all scripts are safe, in Unicode's composed form; what else a name has becomes `_`.

`metadata.csv` tells Hugging Face's `load_dataset("imagefolder", data_dir=...)` label, class name,
source and writer (-1 = unknown) of every image. Its reader of CSV guesses types from the first
10,000 rows: names of digits arrive as numbers, and letters after that many digits as an error, but
for `features=datasets.Features({"image": datasets.Image(), "class_name": Value("string"), ...})`.
Names such as `NA`, which pandas takes for missing, are None there, which is said.
"""

import csv
import os
import re
import unicodedata
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.pieces import images_in_piece
from ganprofile.errors import GanprofileError, first_line
from ganprofile.images import encode_png
from ganprofile.storage.arrays import NOT_WHOLE
from ganprofile.storage.files import composed, printable

READ_AT_ONCE = 500
LONGEST = 50  # characters of a class name in that of a folder
METADATA_COLUMNS = ("file_name", "label", "class_name", "source", "writer")
# What pandas, and `datasets` by it, take for missing in a CSV.
MISSING = {"#N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
MODES = {1: "L", 3: "RGB"}  # of Pillow, by the number of channels
CLASSES, CLASS_COLUMNS = "classes.csv", ("folder", "label", "class_name")
FILES = {
    "*/": "a folder for every class, in the order of the classes, with a PNG for every image (0 = "
    "paper, 255 = ink); the file's name is the image's number in the set",
    "metadata.csv": "label, class name, source and writer of every image, as Hugging Face's "
    '`load_dataset("imagefolder", data_dir=...)` reads them',
    "classes.csv": "folder, label and class name of every class",
}

_IMAGE = re.compile(r"([0-9]{7}|[1-9][0-9]{7,17})\.png")
# Names of devices, which Windows knows in every folder.
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[\d¹²³]", re.IGNORECASE)
# Hugging Face takes folders with these words for parts of a dataset, not for classes.
_PART = re.compile(
    r"(?<![A-Za-z])(train(ing)?|valid(ation)?|val|dev|test(ing)?|eval(uation)?)(?![A-Za-z])"
)


class Writer:
    """Writes each image at once."""

    def __init__(self, folder, class_names, image_shape):
        self._folder = folder
        self._class_names = class_names
        self._names = folder_names(class_names)
        self._labels = _unmistakable(class_names)
        self._count = 0
        for name in self._names:
            (folder / name).mkdir()
        self._metadata = open(folder / "metadata.csv", "w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._metadata)
        self._rows.writerow(METADATA_COLUMNS)
        if lost := [name for name in class_names if name in MISSING]:
            say(
                f"pandas and Hugging Face's library take class names such as {lost[0]!r} for "
                "missing: say keep_default_na=False to the one, and go by the column label in "
                "the other."
            )
        elif (other := _taken_otherwise(class_names)) is not None:
            say(
                f"pandas and Hugging Face's library take class names such as {other!r} for "
                "numbers or truths: say dtype=str to the one, and go by the column label in the "
                "other."
            )

    def add(self, images, labels, writers, sources):
        """Append images; returns the relative path of each."""
        items = []
        for image, label, writer, source in zip(images, labels, writers, sources, strict=True):
            item = f"{self._names[label]}/{self._count:07d}.png"
            (self._folder / item).write_bytes(encode_png(image))
            names = self._labels[label], self._class_names[label]
            self._rows.writerow([item, *names, source, writer])
            items.append(item)
            self._count += 1
        return items

    def close(self):
        """Complete the metadata, and name the folders."""
        self._metadata.close()
        with open(self._folder / CLASSES, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(CLASS_COLUMNS)
            named = zip(self._names, self._class_names, strict=True)
            rows.writerows((name, label, what) for label, (name, what) in enumerate(named))


def _taken_otherwise(class_names):
    """The first name that is none in a column of numbers or of truths alone, such as `007`, which
    would be 7; None where some names are text, or all are numbers as they are written."""
    if all(name.lower() in ("true", "false") for name in class_names):
        return next(iter(class_names), None)
    if not all(map(NUMBER.fullmatch, class_names)):
        return None
    return next((name for name in class_names if not re.fullmatch("0|-?[1-9][0-9]*", name)), None)


def _unmistakable(class_names):
    """The label of every class as a text that is the name of no other."""
    places = {name: label for label, name in enumerate(class_names)}
    labels = [str(label) for label in range(len(class_names))]
    if all(places.get(text, label) == label for label, text in enumerate(labels)):
        return labels
    longest = max(len(name) for name in class_names if name.isdecimal())
    return [text.zfill(longest + 1) for text in labels]


def folder_classes(folder):
    """Folder -> class name by the `classes.csv` of a set that was written; empty without one."""
    path = folder / CLASSES
    if not path.is_file():
        return {}
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != CLASS_COLUMNS:
            return {}
        return {composed(row["folder"]): composed(row["class_name"] or "") for row in rows}


def folder_names(class_names):
    """A folder name for every class (see above)."""
    class_names = [composed(name) for name in class_names]
    if all(map(_is_plain, class_names)) and _stay_apart_in_order(class_names):
        return class_names
    width = len(str(len(class_names) - 1))
    return [f"{index:0{width}d}{_readable(name)}" for index, name in enumerate(class_names)]


def stored_names(folder, class_names):
    """The folder of every class of a set: those that its `classes.csv` says, or `folder_names`."""
    listed = {name: one for one, name in folder_classes(folder).items()}
    names = [listed.get(composed(name)) for name in class_names]
    if len(listed) < len(class_names) or not all(map(_is_one_folder, names)):
        names = folder_names(class_names)
    # Copies by way of a Mac may have them in Unicode's other form.
    there = {composed(entry.name): entry.name for entry in os.scandir(folder) if entry.is_dir()}
    return [there.get(name, name) for name in names]


def _is_one_folder(name):
    """Whether a name that others wrote leads to a folder right below, and not elsewhere."""
    return bool(name) and name not in (".", "..") and not re.search(r"[/\\\0]|^\w:", name)


def _stay_apart_in_order(names):
    """Whether names sort as the classes do and are different ones, however a file system spells
    them."""
    for form in ("NFC", "NFD", "NFKC"):
        spelled = [unicodedata.normalize(form, name) for name in names]
        if len({name.casefold() for name in spelled}) < len(names):
            return False
        if form != "NFKC" and spelled != sorted(spelled):
            return False
    return True


def _is_plain(name):
    """Whether a class name means the same folder to every file system and reader."""
    is_safe = 0 < len(name) <= LONGEST and name[0].isalnum() and name == _safe(name)
    return is_safe and not _DEVICE.fullmatch(name) and not _PART.search(name)


def _safe(name):
    """A name of letters and digits of any script with the signs on them, `-` and `_` alone."""
    kept = ""
    for character in name[:LONGEST]:
        is_sign = unicodedata.category(character)[0] == "M" and kept[-1:] not in ("", "-", "_")
        kept += character if character.isalnum() or character in "-_" or is_sign else "_"
    return kept


def _readable(name):
    """What may follow the index in a folder's name."""
    safe = f"_{_safe(name)}"
    return "" if _PART.search(safe) else safe


def blocks(folder, info):
    """`(images, labels)` of all PNGs in the order of their index.

    Raises:
        GanprofileError: a file is no PNG of the set's shape.
    """
    names = stored_names(folder, info["class_names"])
    indices, labels = _listed(folder, names)
    order = np.argsort(indices, kind="stable")
    size = images_in_piece(info["image_shape"], READ_AT_ONCE)
    for first in range(0, len(order), size):
        some = order[first : first + size]
        paths = [folder / names[labels[k]] / f"{indices[k]:07d}.png" for k in some]
        yield np.stack([_image(path, info["image_shape"]) for path in paths]), labels[some]


def labels(folder, info):
    """The label of every image by the folder that it lies in, int32 `(n,)`, in their order.

    Raises:
        GanprofileError: there is another number of images, or one is there twice.
    """
    indices, found = _listed(folder, stored_names(folder, info["class_names"]))
    order = np.argsort(indices, kind="stable")
    if not np.array_equal(indices[order], np.arange(info["images"])):
        raise GanprofileError(
            f"{folder} should hold {info['images']} images, each once. Received: {len(indices)}, "
            f"{len(np.unique(indices))} of them different ones. ganprofile verify names which. "
            f"{NOT_WHOLE}"
        )
    return found[order]


def added(folder, info):
    """Pictures that lie in or below the class folders and beside them and are no images of the
    set, as paths in its folder, in order."""
    from ganprofile.datasets.loaders.pictures import SUFFIXES  # whose package reads sets, too

    classes, found = set(stored_names(folder, info["class_names"])), []
    for one in sorted(entry.name for entry in os.scandir(folder) if entry.is_dir()):
        for place, _, names in os.walk(folder / one):
            within = Path(place).relative_to(folder)
            is_class = str(within) in classes
            found += [
                (within / name).as_posix()
                for name in sorted(names)
                if not (is_class and _IMAGE.fullmatch(name))
                and name.lower().endswith(SUFFIXES)
                and not name.startswith(".")
            ]
    return [path for path in found if not path.startswith((".", "__MACOSX/"))]


class Images:
    """Image k of a set, read from its file when it is asked for.

    Args:
        folder: of the set.
        info: its `dataset.json`.
        labels: integers `(n,)`.
    """

    def __init__(self, folder, info, labels):
        self._folder = folder
        self._names = stored_names(folder, info["class_names"])
        self._shape = tuple(info["image_shape"])
        self._labels = labels

    def __getitem__(self, index):
        return _image(self.path(index), self._shape)

    def path(self, index):
        """The file of image k."""
        index = range(len(self._labels))[index]
        return self._folder / self._names[self._labels[index]] / f"{index:07d}.png"


def _listed(folder, names):
    """Index and label of every PNG, int64 and int32 `(n,)`: far smaller than a million paths."""
    indices, labels = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for label, name in enumerate(names):
        if not (folder / name).is_dir():  # a class without images; some copies leave it out
            continue
        matches = (_IMAGE.fullmatch(file.name) for file in os.scandir(folder / name))
        found = np.array([int(match[1]) for match in matches if match], np.int64)
        indices.append(found)
        labels.append(np.full(len(found), label, np.int32))
    return np.concatenate(indices), np.concatenate(labels)


def _image(path, shape):
    from PIL import Image

    from ganprofile.datasets.loaders.pictures import read_picture  # whose package reads sets, too

    try:
        with Image.open(path) as picture:
            is_ours = picture.mode == MODES.get(shape[-1]) and not picture.has_transparency_data
            # Programs that draw, or make files smaller, write palettes, single bits and opacity;
            # these are read as pictures of others are, but their paper is known.
            image = np.asarray(picture) if is_ours else read_picture(path, paper=0)
    except Exception as error:
        raise GanprofileError(
            f"{printable(path)} is not a readable PNG ({first_line(error)}). Put it back as it was."
        ) from error
    image = image[..., None] if image.ndim == 2 else image
    if image.shape[-1] == 1 < shape[-1]:  # all of it is grey
        image = np.repeat(image, shape[-1], axis=-1)
    if image.shape != tuple(shape):
        raise GanprofileError(
            f"{printable(path)} should be {tuple(shape)}. Received: {image.shape}. Bring it to "
            "that size and to these channels, or put it back as it was."
        )
    return image
