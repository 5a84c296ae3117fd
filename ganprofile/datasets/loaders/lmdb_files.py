"""LMDB databases as text recognition keeps its data: `image-000000001`, `label-000000001`, ..."""

import itertools

import numpy as np

from ganprofile.datasets.loaders.embedded_pictures import Rows, named_rows, reading_of_pictures
from ganprofile.datasets.loaders.loaded_data import NO_LABELS
from ganprofile.datasets.loaders.parts import part_of, train_and_test, without_unlabelled_test
from ganprofile.datasets.loaders.words import letters_in
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.storage.files import printable

WHAT = "an LMDB database with image-000000001 and label-000000001, or a folder of such parts"
DATA = "data.mdb"
COUNT = b"num-samples"
KEYS = "which stands beside image-000000001, label-000000001 and so on"
NEEDED = "It has no keys label-000000001 and so on. Write the label of each picture by such a key."
LISTED = 5


def recognises(path):
    """Whether it is the folder of such a database, or one lies in a folder of a part there."""
    return path.is_dir() and any(part_of(one.name) or one == path for one in _databases(path))


def read(path, options):
    """A `LoadedData`; what folders are called says which part each is.

    Raises:
        UsageError: the labels are words, there is no training part, or it cannot be told which
            part a database is.
        GanprofileError: `lmdb` is not installed, or a database is damaged.
    """
    found, said = _by_part(path), []
    if "train" not in found:
        raise UsageError(f"{printable(path)} has no training part. Received: {', '.join(found)}.")
    parts = {part: _rows(folder) for part, folder in found.items()}
    for settled in (without_unlabelled_test, train_and_test):
        parts, more = settled(parts, printable(path))
        said += more
    parts, more = named_rows(parts, path)
    said += more
    name = printable(path.resolve().name)
    reading = reading_of_pictures(parts, path, name, options)
    said += [sentence for rows in parts.values() for sentence in rows.said]
    reading.findings["assumed"][:0] = said
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = NEEDED
    return reading


def _databases(path):
    """The folders of databases: the path itself, or those in it."""
    folders = [path] if (path / DATA).is_file() else sorted(path.iterdir())
    return [folder for folder in folders if (folder / DATA).is_file()]


def _by_part(path):
    """`{part: folder}`.

    Raises:
        UsageError: a database is no part by its name, or two are the same.
    """
    found = {}
    for folder in _databases(path):
        part, name = "train" if folder == path else part_of(folder.name), printable(folder.name)
        if part is None:
            raise UsageError(
                f"{printable(path)} has the database {name}/, which is no part of the set by its "
                "name. Rename it to train/ or test/, or put it elsewhere."
            )
        if part in found:
            raise UsageError(
                f"{printable(path)} has {printable(found[part].name)}/ and {name}/, both for the "
                f"{part} part by their names. Rename one or put it elsewhere."
            )
        found[part] = folder
    return found


def _rows(folder):
    try:
        import lmdb
    except ImportError as error:
        raise GanprofileError(
            f"{printable(folder)} is an LMDB database; lmdb is not installed: "
            "pip install 'ganprofile[lmdb]'."
        ) from error
    try:
        with (
            lmdb.open(str(folder), readonly=True, lock=False, readahead=False) as database,
            database.begin() as reading,
        ):
            count = _count(reading, folder)
            numbers = range(1, count + 1)
            pictures = [reading.get(b"image-%09d" % k) for k in numbers]
            if pictures and pictures[-1] is None and reading.get(b"image-%09d" % 0) is not None:
                raise GanprofileError(
                    f"{printable(folder)} counts its pictures from 0, and keys begin with 1: "
                    "image-000000001, label-000000001. Number them so."
                )
            labels = [_label(reading, k, folder) for k in numbers]
            keys = reading.cursor().iternext(values=False)
            there = sum(key.startswith(b"image-") for key in keys)
    except (lmdb.Error, ValueError) as error:
        raise GanprofileError(
            f"{printable(folder)} is no LMDB database of pictures and labels ({first_line(error)})."
        ) from error
    if not pictures:
        raise GanprofileError(f"{printable(folder)} has no pictures: num-samples is {count}.")
    _refuse_gaps(pictures, there, folder)
    _refuse_words(labels, folder)
    said = (
        f"{printable(folder)} has {there:,} pictures, but {COUNT.decode()} is {count:,}: those "
        f"after number {count:,} are not read. If they are wanted, correct it.",
    )
    return Rows(
        pictures, np.array(labels) if any(labels) else None, said=said if there > count else ()
    )


def _label(reading, number, folder):
    """The label of a picture, text.

    Raises:
        GanprofileError: it is no UTF-8.
    """
    key = b"label-%09d" % number
    content = reading.get(key) or b""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GanprofileError(
            f"{printable(folder)}: {key.decode()} is no text in UTF-8. Received: {content!r:.40}. "
            "Write all labels as text.encode('utf-8')."
        ) from error


def _count(reading, folder):
    """How many pictures a database says that it has.

    Raises:
        GanprofileError: it does not say so: its keys are others.
    """
    count = reading.get(COUNT)
    if count is not None:
        return int(count)
    keys = [
        printable(key.decode("utf-8", "replace"))
        for key, _ in itertools.islice(reading.cursor(), LISTED)
    ]
    raise GanprofileError(
        f"{printable(folder)} has no key {COUNT.decode()}, {KEYS}. Its first keys: "
        f"{', '.join(keys) or 'none'}. Write pictures and labels by these keys, or a folder of "
        "pictures for each class."
    )


def _refuse_gaps(pictures, there, folder):
    """Refuse a database in which keys of pictures are missing; `there` is how many it has."""
    lost = [number for number, picture in enumerate(pictures, 1) if picture is None]
    if not lost:
        return
    count, last = len(pictures), lost == list(range(there + 1, len(pictures) + 1))
    remedy = (
        f"Set {COUNT.decode()} to {there}, or put in the others"
        if last
        else f"Put it in, or number the pictures and labels without gaps and set {COUNT.decode()} "
        "to how many there are"
    )
    raise GanprofileError(
        f"{printable(folder)} has no image-{lost[0]:09d}: {len(lost):,} of the {count:,} pictures "
        f"that {COUNT.decode()} says are missing. {remedy}."
    )


def _refuse_words(labels, folder):
    """Refuse what is learned as lines of text, not as characters; class numbers are none."""
    words = [label for label in labels if letters_in(label) > 1]
    if 2 * len(words) > len(labels) and not _are_class_numbers(set(labels)):
        raise UsageError(
            f"{printable(folder)} holds words: {len(words):,} of {len(labels):,} labels have "
            f"several letters, such as {printable(words[0])!r}. Only sets of single characters can "
            "be learned: cut the words first; or, if these are the names of characters, write a "
            "folder of pictures for each."
        )


def _are_class_numbers(labels):
    """Whether all labels are the numbers of classes: 0 or 1 to N, each there."""
    if not all(label.isdecimal() for label in labels):
        return False
    numbers = sorted(map(int, labels))
    return numbers[0] in (0, 1) and numbers[-1] - numbers[0] == len(numbers) - 1
