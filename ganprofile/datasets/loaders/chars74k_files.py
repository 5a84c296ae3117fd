"""Chars74K's handwritten English characters: `EnglishHnd.tgz`, or the folder it unpacks to.

62 classes, one folder each, `Sample001` (`0`) to `Sample062` (`z`), with a 1200x900 picture
`imgCCC-WWW.png` by each of 55 writers (de Campos, Babu and Varma 2009). They wrote with a thick pen
on a tablet, dark on white, anywhere on the page; `ink` makes of it what MNIST looks like.

The data set has no split that keeps writers apart, so there is one here: all images of 40 writers
to learn from, all of the other 15 to test with.
"""

import concurrent.futures
import contextlib
import dataclasses
import itertools
import os
import re
import string
from pathlib import Path

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.datasets.archives import first_names, is_archive, unpacked
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.depth import common_depth
from ganprofile.datasets.loaders.ink import as_character
from ganprofile.datasets.loaders.kept_sizes import middling_lengths
from ganprofile.datasets.loaders.loaded_data import SCANS, LoadedData
from ganprofile.datasets.loaders.pictures import is_picture, read_header, read_picture
from ganprofile.datasets.origins import ORIGIN
from ganprofile.errors import GanprofileError
from ganprofile.images import luminance
from ganprofile.storage.files import printable

NAME = "chars74k"
WHAT = "Chars74K's handwritten characters (EnglishHnd.tgz, or the folder it unpacks to)"

CLASSES = (*string.digits, *string.ascii_uppercase, *string.ascii_lowercase)
LOWERCASE = tuple(string.ascii_lowercase)  # the 26 classes of the published GAN study
WRITERS = range(1, 56)
# Drawn once: numpy.random.default_rng(74).permutation(55)[:15] + 1.
TEST_WRITERS = (1, 5, 10, 14, 17, 21, 24, 32, 35, 39, 40, 42, 45, 46, 55)
DEFAULT_SIZE = 28
SIZE = (900, 1200)  # height, width

_PLACES = ("", "Img", "Hnd/Img", "English/Hnd/Img")
_INSIDE = r"(^|/)Img/Sample\d{3}(/img\d{3}-\d{3}\.png)?/?$"
_A_FILE = "Sample[0-9][0-9][0-9]/img[0-9][0-9][0-9]-[0-9][0-9][0-9].png"
_OTHER_ALPHABET = f"Sample{len(CLASSES) + 1:03d}"  # Kannada comes in the same way, with more
_LOOKED_AT = 300
_LISTED = 10


@dataclasses.dataclass(frozen=True)
class Scan:
    """One picture file; `label` is an index into `CLASSES`, `writer` in 1..55."""

    path: Path
    label: int
    writer: int


def recognises(path):
    """Whether a folder or an archive holds Chars74K's English handwriting."""
    if path.is_dir():
        place = _picture_folder(path)
        return place is not None and _is_its_own(place)
    return is_archive(path) and any(re.search(_INSIDE, name) for name in _names(path))


def read(path, options):
    """Both parts, split by writer: a `LoadedData` of uint8 images `(n, size, size, channels)`.

    The images are in the order of the classes, then of the writers; `writers` has the numbers in
    the files' names, 1..55. The size is 28 unless the options say otherwise.

    Raises:
        GanprofileError: a picture is missing, damaged or blank, or there are some that do not
            belong (`options.tolerant` lists them in the findings instead).
    """
    path = Path(path)
    with unpacked(path, options.zip_encoding) as folder:
        try:
            scans, findings = find_scans(folder, options.tolerant)
            images, readable = _characters(scans, folder, options, findings)
        except GanprofileError as error:  # which names a place that is gone by now
            raise GanprofileError(str(error).replace(str(folder), printable(path))) from error
        findings["unreadable"] = {
            name: problem.replace(str(folder), printable(path))
            for name, problem in findings["unreadable"].items()
        }
    parts = [
        _part(split, images, scans, [i for i in readable if _split(scans[i]) == split])
        for split in ("train", "test")
    ]
    if parts[0] is None:
        raise GanprofileError(f"{printable(path)} holds no readable picture of a training writer.")
    return LoadedData(*parts, findings=findings)


def find_scans(folder, tolerant=False):
    """The picture files below a folder.

    Returns:
        The `Scan`s in order, and a dict of what was found missing and unexpected.

    Raises:
        GanprofileError: not every class has one picture of every writer, or others lie there.
    """
    place = _picture_folder(folder)
    if place is None:
        raise GanprofileError(f"{printable(folder)} holds no folder Img/Sample001. {_REMEDY}")
    expected = {
        place / f"Sample{label + 1:03d}" / f"img{label + 1:03d}-{writer:03d}.png": (label, writer)
        for label in range(len(CLASSES))
        for writer in WRITERS
    }
    there = {file for file in place.glob("Sample*/*") if is_picture(file)}
    lists = {
        "missing": [_name(file, place) for file in expected if file not in there],
        "unexpected": sorted(_name(file, place) for file in there if file not in expected),
    }
    for problem, names in lists.items():
        if names and not tolerant:
            raise GanprofileError(
                f"{printable(folder)} should hold {len(expected):,} pictures, of {len(CLASSES)} "
                f"classes by {len(WRITERS)} writers. {problem.capitalize()}: {len(names):,}, such "
                f"as {names[0]}. {_REMEDY}"
            )
    scans = [Scan(file, *where) for file, where in expected.items() if file in there]
    findings = {"pictures": len(scans), "test_writers": list(TEST_WRITERS), "unreadable": {}}
    for problem, names in lists.items():
        findings |= {f"{problem}_count": len(names), problem: names[:_LISTED]}
    return scans, findings


def split_scans(scans):
    """`{"train": [...], "test": [...]}`: the scans of each part, in order."""
    return {part: [s for s in scans if _split(s) == part] for part in ("train", "test")}


_REMEDY = (
    "Get EnglishHnd.tgz again; `ganprofile datasets import` reads an incomplete copy and lists "
    "what it lacks."
)


def _split(scan):
    return "test" if scan.writer in TEST_WRITERS else "train"


def _picture_folder(folder):
    """The folder with the classes, at the usual depths, or None."""
    for place in _PLACES:
        found = folder / place
        if next(found.glob(_A_FILE), None) and not (found / _OTHER_ALPHABET).is_dir():
            return found
    return None


def _is_its_own(place):
    """Whether there are as many classes as in it, or pictures as large: others have folders called
    as these are."""
    if len(list(place.glob("Sample[0-9][0-9][0-9]"))) == len(CLASSES):
        return True
    for file in itertools.islice(place.glob(_A_FILE), _LISTED):
        with contextlib.suppress(GanprofileError):
            return read_header(file).size == SIZE
    return True  # it is said later that none can be read


def _names(path):
    return (name.replace("\\", "/") for name in first_names(path, _LOOKED_AT))


def _name(file, place):
    return printable(file.relative_to(place))


def _characters(scans, folder, options, findings):
    """Images of all scans and the indices of those that could be read; the others stay blank."""
    size = options.image_size or DEFAULT_SIZE
    images = np.zeros((len(scans), size, size, options.channels or 1), np.uint8)
    paths = [scan.path for scan in scans]
    bits = common_depth(paths, options.bits).bits
    middling = middling_lengths(paths, np.array([scan.writer for scan in scans]), options)
    if middling is not None:
        findings["keep_size"] = options.keep_size
    if options.photographs == SCANS:  # which they are, said or not
        found = {"pictures": len(scans), "characters": len(scans)}
        findings["photographs"] = {"kind": SCANS, **found}

    def read_one(index):
        path = scans[index].path
        try:
            grey = luminance(read_picture(path, bits))[..., 0]
            length = None if middling is None else middling[index]
            images[index] = as_character(grey, size, options.invert, length)[..., None]
        except GanprofileError as error:
            sentence = str(error)
            return sentence if str(path) in sentence else f"{printable(path)}: {sentence}."

    # Threads, since the decoder works outside Python's lock; only the small results are kept.
    readable, threads = [], max(2, os.cpu_count() or 2)
    with concurrent.futures.ThreadPoolExecutor(threads) as pool, ProgressBar(len(scans)) as bar:
        try:
            for index, problem in enumerate(pool.map(read_one, range(len(scans)))):
                if problem is None:
                    readable.append(index)
                elif options.tolerant:
                    findings["unreadable"][_name(scans[index].path, folder)] = problem
                else:
                    raise GanprofileError(problem)
                bar.show_rate(index + 1)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return images, readable


def _part(split, images, scans, chosen):
    if not chosen:
        return None
    return Dataset(
        images[chosen],
        labels=np.array([scans[index].label for index in chosen], np.int32),
        class_names=CLASSES,
        writers=np.array([scans[index].writer for index in chosen], np.int32),
        name=NAME,
        split=split,
        provenance={ORIGIN: [NAME]},
    )
