"""Pictures in the rows of a file or database, each the bytes of a PNG, JPEG or the like."""

import base64
import dataclasses
import re
import tempfile
from pathlib import Path

import numpy as np

from ganprofile.datasets.array_labels import labels_of_parts, plain_labels
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.array_sets import named_by
from ganprofile.datasets.loaders.class_mapping import as_named, mapping_beside
from ganprofile.datasets.loaders.gathering import Hands, gather
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.datasets.loaders.mapping_files import numbers_of
from ganprofile.datasets.loaders.parts import names_of_parts
from ganprofile.datasets.loaders.pictures import begins_picture, holds_picture
from ganprofile.datasets.loaders.writers import UNKNOWN, WRITER_NAMES, named, numbered
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

BASE64 = re.compile(r"(data:image/[^,]*,)?([A-Za-z0-9+/\s]{32,}={0,2}\s*)")


@dataclasses.dataclass(frozen=True)
class Rows:
    """Rows of one part.

    Attributes:
        pictures: what stands for each: its bytes, a dict with them in `bytes`, or a `Path`; or
            the numbers of their pixels, an array or list of such.
        labels: `(n,)`, or None.
        class_names: of the labels, () where they name themselves.
        said: sentences on what had to be assumed.
        others: what there is in the place of labels, for people who miss them.
        writers: who wrote each, text `(n,)`, or None.
        splits: to which part of the set each belongs, text `(n,)`, or None.
        where: what sentences call the file that holds them.
        spelled: number -> name, where another column spells out what labels number.
        column: what the labels' column is called, that of numbers where one spells them out; ""
            where nothing says it.
        unread: other columns that are called labels, but say something else.
        written: labels that are numbers as they are written, text `(n,)`, and what sentences call
            the file that has them; or None.
    """

    pictures: list | np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    others: str = ""
    writers: np.ndarray | None = None
    splits: np.ndarray | None = None
    where: str = ""
    spelled: dict[int, str] = dataclasses.field(default_factory=dict)
    column: str = ""
    unread: tuple[str, ...] = ()
    written: tuple[np.ndarray, str] | None = None

    def by_part(self):
        """`Rows` for each part that `splits` names.

        Raises:
            GanprofileError: a text there names no part.
        """
        names = names_of_parts(self.splits, self.where)
        return {part: self._some(names == part) for part in dict.fromkeys(names.tolist())}

    def _some(self, chosen):
        pictures = self.pictures
        if isinstance(pictures, np.ndarray):
            pictures = pictures[chosen]
        else:
            pictures = [picture for picture, kept in zip(pictures, chosen, strict=True) if kept]
        columns = {"labels": self.labels, "writers": self.writers}
        columns = {key: None if of is None else of[chosen] for key, of in columns.items()}
        return dataclasses.replace(self, pictures=pictures, splits=None, **columns)


def from_base64(text):
    """The bytes of the picture that text holds in Base64, perhaps as a `data:` URL; None where it
    holds none, or is no text."""
    found = BASE64.fullmatch(text) if isinstance(text, str) else None
    try:
        content = base64.b64decode(found[2]) if found else b""
    except ValueError:  # no multiple of four
        return None
    return content if begins_picture(content) else None


def named_rows(parts, path):
    """`Rows` with the names that a file beside them has for their labels, where these are numbers,
    be it as text; and sentences on that file.

    Args:
        parts: part -> `Rows`.
        path: what holds them.

    Raises:
        GanprofileError: the file cannot be understood, or lacks a number.
    """
    mapping = mapping_beside(path)
    if mapping is None or parts["train"].labels is None:
        return parts, []
    names = _names_in(parts)
    numbers = numbers_of(names)
    if names and {*names} <= {*mapping.class_names}:
        if not parts["train"].class_names and (counted := _with_numbers(parts)):
            named, names = named_by(mapping, counted)
            named = {k: named.get(k, rows) for k, rows in parts.items()}
            return _called(named, names), [mapping.sentence]
        called = mapping.names
        by_text = {text: called[number] for text, number in numbers.items() if number in called}
        return parts, as_named(mapping, by_text, names)
    if len(numbers) < len(names):
        such = f"the labels have names already, such as {printable(names[0])!r}"
        return parts, [f"{printable(mapping.path)} is not read: {such}."]
    named, names = named_by(mapping, {k: _numbered(rows) for k, rows in parts.items()})
    return _called(named, names), [mapping.sentence]


def _called(parts, class_names):
    return {k: dataclasses.replace(rows, class_names=class_names) for k, rows in parts.items()}


def _with_numbers(parts):
    """Those of some parts whose labels are numbers."""
    labelled = {k: rows for k, rows in parts.items() if rows.labels is not None}
    return {k: rows for k, rows in labelled.items() if rows.labels.dtype.kind != "U"}


def _names_in(parts):
    """The names that labels have already; none where these are their numbers."""
    given = parts["train"].class_names
    if given:
        return () if given == tuple(map(str, range(len(given)))) else given
    texts = [
        p.labels for p in parts.values() if p.labels is not None and p.labels.dtype.kind == "U"
    ]
    return np.unique(np.concatenate(texts)).tolist() if texts else ()


def _numbered(rows):
    """`Rows` whose labels are numbers, be it as text, as numbers."""
    if rows.labels is None or rows.labels.dtype.kind != "U":
        return rows
    texts = rows.labels.ravel().tolist()
    numbers = numbers_of(texts)
    labels = np.array([numbers[text] for text in texts])
    return dataclasses.replace(rows, labels=labels)


def reading_of_pictures(parts, path, name, options):
    """A `LoadedData` of the bytes of picture files, which are read as all picture files are.

    Args:
        parts: part -> `Rows`.
        path: what holds them, for sentences.
        name: of the set.
        options: `LoadOptions`.

    Raises:
        GanprofileError: a picture cannot be read, or a row has none.
    """
    with tempfile.TemporaryDirectory(prefix="ganprofile-") as folder:
        root = Path(folder)
        files = {
            part: [_written(p, root, part, row, path) for row, p in enumerate(rows.pictures)]
            for part, rows in parts.items()
        }
        labels, class_names, said = _labels(parts, path, options.first_label)
        writers, names = _writers(parts, path)
        hands = None if labels is None or writers is None else Hands(writers, labels)
        try:
            files = [file for some in files.values() for file in some]
            gathered = gather(files, options, root, hands)
        except GanprofileError as error:  # which names a place that is gone by now
            _refuse_pixels(files, path, error)
            raise type(error)(str(error).replace(str(root), printable(path))) from error
    unreadable = gathered.findings["unreadable"]
    unreadable = {k: v.replace(str(root), printable(path)) for k, v in unreadable.items()}
    findings = gathered.findings_with({"unreadable": unreadable, "assumed": said})
    splits = np.repeat(list(parts), [len(rows.pictures) for rows in parts.values()])
    whole = Dataset(
        gathered.images,
        labels=None if labels is None else labels[gathered.kept],
        class_names=class_names,
        writers=None if writers is None else writers[gathered.kept],
        attributes={column: values[gathered.kept] for column, values in names.items()},
        name=name,
    )
    splits = splits[gathered.kept]
    datasets = [whole.part(splits == part, part) for part in PARTS if (splits == part).any()]
    return LoadedData(*datasets, findings=findings)


def _refuse_pixels(files, path, error):
    """Refuse rows that are no pictures, and of as many bytes each, as pixels are.

    Raises:
        GanprofileError: they are; it takes the place of `error`.
    """
    sizes = {file.stat().st_size for file in files if file.is_file()}
    if len(sizes) == 1 < len(files) and not holds_picture(files[0]):
        raise GanprofileError(
            f"{printable(path)} holds {sizes.pop():,} bytes in each row, and no PNG, JPEG or the "
            "like. If they are pixels, write numpy.savez(path, images=..., labels=...) with "
            "numpy.frombuffer(row, 'uint8').reshape(height, width) for each row."
        ) from error


def _writers(parts, path):
    """Who wrote each picture of all parts, -1 where that is not told, None where nothing is; and
    the column of their names, a dict."""
    told = [rows.writers for rows in parts.values()]
    if all(one is None for one in told):
        return None, {}
    where, counts = printable(path), [len(rows.pictures) for rows in parts.values()]
    numbers, names = numbered(told, where), named(told, where)
    numbers = [
        np.full(count, UNKNOWN) if one is None else one
        for one, count in zip(numbers, counts, strict=True)
    ]
    if not any(names):
        return np.concatenate(numbers), {}
    names = [
        one.get(WRITER_NAMES, np.full(count, "")) for one, count in zip(names, counts, strict=True)
    ]
    return np.concatenate(numbers), {WRITER_NAMES: np.concatenate(names)}


def _labels(parts, path, first_label):
    if parts["train"].labels is None:
        return None, (), []
    where = f"The labels of {printable(path)}"
    stored = [plain_labels(rows.labels, where) for rows in parts.values()]
    return labels_of_parts(stored, where, parts["train"].class_names, first_label)


def _written(picture, root, part, row, path):
    """A row's picture as a file below `root`, unless it is one; its ending says nothing, for all
    kinds are tried."""
    if isinstance(picture, Path):
        return picture
    content = picture.get("bytes") if isinstance(picture, dict) else picture
    content = from_base64(content) if isinstance(content, str) else content
    if not content:
        raise GanprofileError(
            f"{printable(path)}: row {row + 1:,} of the {part} part has no picture in it. Write "
            "the set with the pictures embedded."
        )
    file = root / part / f"row-{row + 1}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file
