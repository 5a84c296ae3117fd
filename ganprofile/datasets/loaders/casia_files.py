"""CASIA's handwritten Chinese characters, `.gnt` files, most of one writer each (Liu et al. 2011).

A record for each image: its length, the character as two bytes of GB, width and height, and grey
levels, 255 for paper. Lengths are not read, since those of large images are known to be wrong.
"""

import re
import struct

import numpy as np

from ganprofile.datasets.loaders.embedded_pictures import Rows, reading_of_pictures
from ganprofile.datasets.loaders.loaded_data import name_of
from ganprofile.datasets.loaders.parts import part_of, train_and_test
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import encode_png
from ganprofile.storage.files import printable

WHAT = "CASIA's .gnt file of characters, or a folder of such"
ENDING, ANY_CASE = ".gnt", "*.[gG][nN][tT]"
HEAD = struct.Struct("<I2sHH")
GB = "gb18030"
OF_A_WRITER = re.compile(r"([a-z]?\d+)-[a-z]", re.IGNORECASE)  # 1001-f, C001-f
PAPER = 255
FOLDERS = 2  # around the files: the path itself, and a part in it


def recognises(path):
    """Whether it is such a file, or a folder in which some lie, or in whose folders some do."""
    return bool(_files(path))


def read(path, options):
    """A `LoadedData`; in folders, what they or the files are called says which part each is, and
    what the files are called who wrote them.

    Raises:
        UsageError: some files are a part by their names and others are none; or no size is asked
            for.
        GanprofileError: a file is damaged.
    """
    found, said = train_and_test(_by_part(path), printable(path))
    parts = {part: _rows(files, path) for part, files in found.items()}
    # A character that is cropped to its ink may not show its paper.
    reading = reading_of_pictures(parts, path, name_of(path), options.with_light_ink())
    return reading.with_light_ink().saying(*said, first=True)


def characters(file):
    """`(images, labels)`: uint8 `(height, width, 1)` arrays with 255 for ink, and the characters.

    Raises:
        GanprofileError: it is damaged.
    """
    data, at, images, labels = file.read_bytes(), 0, [], []
    try:
        while at < len(data):
            _, code, width, height = HEAD.unpack_from(data, at)
            at += HEAD.size
            if not width * height:
                raise ValueError("no pixels")
            levels = np.frombuffer(data[at : at + width * height], np.uint8)
            images.append(PAPER - levels.reshape(height, width, 1))
            labels.append(code.strip(b"\0").decode(GB))
            at += width * height
    except (struct.error, ValueError) as error:
        raise GanprofileError(
            f"{printable(file)} is damaged (record {len(labels) + 1:,}, byte {at:,}: {error}). Get "
            "a whole copy of it."
        ) from error
    if not labels:
        raise GanprofileError(f"{printable(file)} is empty. Get a whole copy of it, or remove it.")
    return images, labels


def _rows(files, path):
    pictures, labels, writers = [], [], []
    for file in files:
        images, shown = characters(file)
        pictures += map(encode_png, images)
        labels += shown
        writers += [_writer(file)] * len(shown)
    told = all(writers) and len(files) > 1
    writers = np.array(writers) if told else None
    return Rows(pictures, np.array(labels), writers=writers, where=printable(path))


def _writer(file):
    """The writer's number that a file is called by, or ""."""
    found = OF_A_WRITER.fullmatch(file.stem)
    return found[1] if found else ""


def _by_part(path):
    """`{part: files}`; without names of parts all files are to be learned from."""
    files = _files(path)
    parts = {file: _part(file, path) for file in files}
    if len(files) == 1 or not any(parts.values()):
        return {"train": files}
    nameless = [file for file in files if parts[file] is None]
    if nameless or "train" not in parts.values():
        what = "nothing is to learn from"
        if nameless:
            what = f"{printable(nameless[0].relative_to(path))} is no part"
        raise UsageError(
            f"{printable(path)} holds files of parts, and by its name {what}. Put the files into "
            "folders train and test, or give one folder."
        )
    return {part: [file for file in files if parts[file] == part] for part in parts.values()}


def _files(path):
    """Such files: the path, or those in it and in its folders, but hidden ones."""
    if path.is_file():
        return [path] if path.suffix.lower() == ENDING else []
    inside = [file for depth in range(FOLDERS) for file in path.glob("*/" * depth + ANY_CASE)]
    return sorted(file for file in inside if not file.name.startswith("."))


def _part(file, root):
    """The part that a file's name or its folder's says, as in `HWDB1.1trn_gnt`; else None."""
    names = [file.stem, *file.relative_to(root).parts[:-1]] if file != root else []
    words = [[w for w in re.findall("[a-z]+", name.lower()) if w != "gnt"] for name in names]
    told = (part_of(word) for some in words for word in some)
    return next(filter(None, told), None)
