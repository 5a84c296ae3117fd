"""The files in which MNIST and EMNIST are published: idx, CSV and MATLAB.

All three hold the same bytes. EMNIST's have the two image axes exchanged, as NIST stored them;
here they come out upright.
"""

import csv
import dataclasses
import gzip
import itertools
import re

import numpy as np

from ganprofile.datasets.array_labels import to_labels
from ganprofile.datasets.cards import has_labels, read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.checksums import MANIFEST
from ganprofile.datasets.formats.idx import read_idx, read_idx_images
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.datasets.loaders.parts import name_part
from ganprofile.datasets.loaders.pixel_headings import as_counted, pixel_places, simple
from ganprofile.datasets.loaders.shaping import shaped_from_outside
from ganprofile.datasets.origins import ORIGIN
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.parallel.processes import pool
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

WHAT = "the official files of MNIST or EMNIST (idx, CSV or .mat)"
SIDE = 28
# The datasets that come this way, and how the names of their files begin.
PUBLISHED = {
    "mnist": "mnist",
    "emnist": "emnist-balanced",
    "emnist/letters": "emnist-letters",
    "emnist/digits": "emnist-digits",
    "emnist/byclass": "emnist-byclass",
    "emnist/bymerge": "emnist-bymerge",
    "emnist/mnist": "emnist-mnist",
}
ROWS_LOOKED_AT = 200  # of a CSV
LAST_LABEL = 61  # of all that are published: 62 classes from 0
FULL_INK = 127  # some pixel is above it, unless levels are of another range
FIRST = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]  # labels of MNIST; KMNIST and others have its files' names
NAME_OF = {stem: name for name, stem in PUBLISHED.items()}
PART = {"train": "train", "test": "test", "t10k": "test"}
FILE_NAMES = {
    "idx": r"(?P<stem>.*?)-?(?P<part>train|test|t10k)-images[-.]idx[34]-ubyte(\.gz)?",
    "csv": r"(?P<stem>emnist-\w+|mnist)[-_](?P<part>train|test)\.csv(\.gz)?",
    "mat": r"(?P<stem>emnist-\w+)(?P<part>)\.mat",
}
# Pairs that say no part, or in other words, where none of these are.
OTHER_NAMES = r"(?P<stem>.*?)[-_.]?images[-._]idx[34][-.]ubyte(\.gz)?"
UNPACK = "Unpack it, and load one by its name, with `data_dir` the folder of its files."


@dataclasses.dataclass(frozen=True)
class Columns:
    """One part as it is stored.

    Attributes:
        images: uint8 `(n, 28, 28)`.
        labels: integers `(n,)`.
        writers: integers `(n,)`, or None.
    """

    images: np.ndarray
    labels: np.ndarray
    writers: np.ndarray | None = None


def recognises(path):
    """Whether a folder holds such files, and not only one part of a set as CSV; a CSV that only has
    the name of one is like any other table."""
    if not path.is_dir():
        return False
    routes = [route for found in published_sets(path).values() for route in found.items()]
    return any(
        route != "csv" or (len(parts) == 2 and all(map(_is_as_published, parts.values())))
        for route, parts in routes
    )


def read(path, options):
    """A `LoadedData` of the only set in the folder.

    Raises:
        UsageError: there are several; one must be named.
        GanprofileError: a file is missing or damaged.
    """
    if len(stems := sorted(published_sets(path))) > 1:
        names = ", ".join(NAME_OF.get(stem, stem) for stem in stems)
        remedy = "Put each into a folder of its own."
        if all(stem in NAME_OF for stem in stems):
            remedy = f"Load one by its name, with `data_dir={str(path)!r}`."
            remedy = UNPACK if options.confined else remedy
        raise UsageError(f"{path} holds several sets ({names}). {remedy}")
    reading = read_published(path, stems[0], options.first_label, is_known=False)
    return shaped_from_outside(reading, options, printable(path))


def published_sets(folder):
    """`{stem: {route: {part: file}}}` of all such files, such as `emnist-letters`; the stem of a
    pair whose names say no more than its part, if that, is "".
    """
    found = {}
    for file in _files(folder):
        for route, pattern in FILE_NAMES.items():
            match = re.fullmatch(pattern, file.name)
            if match:
                files = found.setdefault(match["stem"] or "mnist", {}).setdefault(route, {})
                files.setdefault(PART.get(match["part"], "all"), file)
    return found or _other_pairs(folder)


def _files(folder):
    """The files in a folder, then those in folders that have the file's own name."""
    entries = sorted(folder.iterdir())
    within = [entry / entry.name for entry in entries]
    return [entry for entry in (*entries, *within) if entry.is_file()]


def _other_pairs(folder):
    """The same of idx files by `OTHER_NAMES`."""
    found = {}
    for file in () if (folder / MANIFEST).exists() else _files(folder):
        match = re.fullmatch(OTHER_NAMES, file.name)
        part = match and name_part(match["stem"])
        if match and part in (None, *PARTS):
            files = found.setdefault("" if part else match["stem"], {}).setdefault("idx", {})
            files.setdefault(part or "train", file)
    return found


def read_published(folder, stem, first_label=None, is_known=True):
    """Both parts of a set, upright.

    Args:
        folder: where the files are.
        stem: how their names begin: `mnist`, `emnist-letters`, ...
        first_label: as for `load`, where the set is none that is published.
        is_known: whether it must be the published set of that name; False lets files of MNIST's
            names hold other labels.

    Raises:
        GanprofileError: a file is missing or damaged.
    """
    routes = published_sets(folder)[stem]
    route = next(route for route in ROUTES if route in routes)
    _check_parts(routes[route], folder, is_known)
    columns = ROUTES[route](routes[route], folder)
    labels = np.concatenate([part.labels for part in columns.values()])
    named, names, first, taken = _classes(folder, stem, labels, first_label, is_known)
    where = f"The labels of {folder}"
    indices, names, said = to_labels(named, len(labels), where, names, first)
    is_mnists = labels[: len(FIRST)].tolist() == FIRST
    is_published = is_known or (is_mnists if stem == "mnist" else stem != "")
    ends = np.cumsum([len(part.labels) for part in columns.values()])[:-1]
    indices = dict(zip(columns, np.split(indices, ends), strict=True))
    parts = {
        part: Dataset(
            upright(values.images if values.images.ndim == 4 else values.images[..., None], stem),
            labels=indices[part],
            class_names=names,
            writers=values.writers,
            name=stem if is_published else printable(folder.resolve().name),
            split=part,
            provenance={ORIGIN: [stem]} if is_published else {},
        )
        for part, values in columns.items()
    }
    findings = {"files": route, "assumed": [*taken, *said]}
    return LoadedData(parts["train"], parts.get("test"), findings)


def upright(images, stem):
    """Images `(n, height, width, ...)` of a published set as people see them."""
    return np.ascontiguousarray(images.swapaxes(1, 2)) if stem.startswith("emnist") else images


def _classes(folder, stem, labels, first_label, is_known):
    """The labels, as names where these do not count up; class names, () where labels name them; the
    label of the first, None to find out; and sentences.
    """
    mapping = None if is_known else mapping_beside(folder)
    own = folder / f"{stem}-mapping.txt"
    if mapping is not None and mapping.path != own:  # the files of others often have MNIST's names
        numbers, names = sorted(mapping.names), mapping.class_names
        if numbers != list(range(numbers[0], numbers[0] + len(names))):
            return mapping.named(labels), names, first_label, [mapping.sentence]
        first = None if mapping.is_list else numbers[0]
        first = first if first_label is None else first_label
        return labels, names, first, [mapping.sentence]
    if stem in NAME_OF:
        card = read_card(NAME_OF[stem])
        first = card.get("first_label", 0)
        if is_known or (has_labels(card, labels) and first_label in (None, first)):
            return labels, card["classes"], first, []
    if own.is_file():
        names, first = _mapped(own)
        return labels, names, first if first_label is None else first_label, []
    return labels, (), first_label, []


def _mapped(mapping):
    """What EMNIST's mapping files say: a line `LABEL CODE` for every class."""
    try:
        rows = [line.split() for line in mapping.read_text(encoding="ascii").splitlines() if line]
        numbers = [int(row[0]) for row in rows]
        if numbers != [*range(numbers[0], numbers[0] + len(rows))]:
            raise ValueError("labels do not count up")
        return [chr(int(row[1])) for row in rows], numbers[0]
    except (*UNREADABLE, IndexError) as error:
        raise GanprofileError(
            f"{mapping} should have lines of a label and a character code ({first_line(error)})."
        ) from error


def _read_idx(files, folder):
    columns = {}
    for part, images in _in_order(files):
        labels = re.sub(r"images([-._])idx[34]([-.]ubyte)", r"labels\1idx1\2", images.name)
        columns[part] = Columns(read_idx_images(images), read_idx(_existing(folder, labels)))
    return _checked(columns, folder)


def _read_csv(files, folder):
    """Rows of a label and 784 pixels; a first line of column names is passed over."""
    columns = {}
    for part, file in _in_order(files):
        values = _csv_bytes(file)
        columns[part] = Columns(values[:, 1:].reshape(-1, SIDE, SIDE), values[:, 0])
    return columns


def _is_as_published(file):
    """Whether the first rows of a CSV are as MNIST's and EMNIST's are."""
    try:
        return len(_csv_bytes(file, ROWS_LOOKED_AT)) > 0
    except GanprofileError:
        return False


def _csv_bytes(file, most=None):
    """Rows of a label and the bytes of an image, all or the first ones.

    Raises:
        GanprofileError: the rows are others, such as those whose labels are the last.
    """
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8-sig") as lines:
            first = lines.readline()
            is_heading = any(character.isalpha() for character in first)
            rows = itertools.chain(filter(str.strip, [] if is_heading else [first]), lines)
            values = np.loadtxt(
                rows, np.uint8, delimiter=",", ndmin=2, comments=None, max_rows=most
            )
    except UNREADABLE as error:
        raise GanprofileError(f"{file} is not a CSV file of bytes ({error}).") from error
    if values.shape[1] != 1 + SIDE * SIDE:
        raise GanprofileError(
            f"{file} should have a label and {SIDE * SIDE} pixels in a row. "
            f"Received: {values.shape[1]} values."
        )
    names = next(csv.reader([first])) if is_heading else ()
    if not (_label_is_first(names, values) and values[:, 1:].max() > FULL_INK):
        raise GanprofileError(
            f"{file} is not as published: in each row the label, then {SIDE * SIDE} pixels of 0 to "
            f"255 in order. Load {file.parent} by its path, which finds out what the columns are."
        )
    return values


def _label_is_first(names, values):
    """Whether the first column has the labels and the others the pixels in order, by the headings
    or, without, since it alone of those at the ends may be labels."""
    if names:
        names = [simple(name) for name in names]
        places = pixel_places(names) or [0]
        in_order = places == [*range(1, len(names))] == as_counted(names, places, "")[0]
        return in_order and chosen(names[:1], LABEL_COLUMNS) is not None
    ends = values[:, 0], values[:, -1]
    return [one.min() < one.max() <= LAST_LABEL for one in ends] == [True, False]


def _read_mat(files, folder):
    """In a process of its own: there are damages at which SciPy's compiled reader crashes."""
    file = files["all"]
    with pool(1, f"the reading of {file}", "Or the file is damaged: copy it again.") as readers:
        columns = readers.submit(_mat_columns, file).result()
    return _checked(columns, file)


def _mat_columns(file):
    import scipy.io

    try:
        content = scipy.io.loadmat(file, simplify_cells=True)["dataset"]
        return {
            part: Columns(
                np.asarray(content[part]["images"]).reshape(-1, SIDE, SIDE),
                np.ravel(content[part]["labels"]),
                _writers(content[part]),
            )
            for part in ("train", "test")
        }
    except Exception as error:  # SciPy meets damaged files with nearly any exception
        raise GanprofileError(
            f"{file} is not EMNIST's MATLAB file ({first_line(error)})."
        ) from error


def _writers(content):
    return np.ravel(content["writers"]).astype(np.int64) if "writers" in content else None


def _in_order(files):
    """The parts that there are and their files, the training part first."""
    return [(part, files[part]) for part in PARTS if part in files]


def _check_parts(files, folder, are_both):
    """Refuse files without the training part, or without the other where there are to be both."""
    needed = PARTS if are_both else PARTS[:1]
    lacking = [part for part in needed if {part, "all"}.isdisjoint(files)]
    if lacking:
        other, is_test = next(iter(files.values())).name, lacking[0] == "test"
        way = "load the folder by its path" if is_test else "call this train if it is to learn from"
        raise GanprofileError(
            f"{printable(folder)} holds {printable(other)}, but not the {lacking[0]} part of it. "
            f"Put that there, or {way}."
        )


def _existing(folder, name):
    """The file of labels of that name in a folder, or in one that has this name, too."""
    places = [folder / name, folder / name / name]
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise GanprofileError(f"{places[0]} is missing; without it the images have no labels.")
    return found


def _checked(columns, place):
    for part, values in columns.items():
        shape = values.images.shape
        if not values.images.size or values.labels.ndim != 1:
            raise GanprofileError(
                f"The {part} part in {place} should hold images and a label for each. Received: "
                f"images {shape}, labels {values.labels.shape}. Get a whole copy of it."
            )
        is_image = len(shape) == 3 or (len(shape) == 4 and shape[-1] in (1, 3))
        if not is_image or values.images.dtype != np.uint8:
            raise GanprofileError(
                f"The {part} images in {place} should be bytes in 3 dimensions, or in 4 with 3 "
                f"colours at the end. Received: {values.images.dtype} {shape}."
            )
        if len(values.images) != len(values.labels):
            raise GanprofileError(
                f"{place} has {len(values.images)} {part} images but {len(values.labels)} labels."
            )
    return columns


ROUTES = {"idx": _read_idx, "csv": _read_csv, "mat": _read_mat}
