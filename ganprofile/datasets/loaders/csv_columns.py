"""The columns of a CSV of pixels as arrays: numbers, and text where that is what is meant."""

import io
import re

from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.one_hot import as_numbers
from ganprofile.datasets.loaders.pixel_columns import as_array
from ganprofile.datasets.loaders.pixel_headings import pixel_places, simple
from ganprofile.errors import GanprofileError, first_line

LEAST_BLOCK = 2**20  # bytes that Arrow reads at once; a row has to fit in


def csv_columns(text, layout, where):
    """`(names, columns, doubts)`: the headings, and all columns as arrays; pixels as bytes, else as
    floats; and the place of a column -> what it is, and its text, if it has the labels.

    Without headings that count pixels, none has labels that is neither among the first two nor the
    last.

    Args:
        text: of the whole table.
        layout: its `delimiter`, and its `headings` or None.
        where: what the sentences call it.

    Raises:
        GanprofileError: rows differ in their length, or pixels are no numbers.
    """
    import pyarrow

    names, delimiter = layout.headings or (), layout.delimiter
    if delimiter not in (" ", "\t") and _ends_with(text, delimiter):
        text = re.sub(rf"(?m){re.escape(delimiter)}[ \t]*(\r?)$", r"\1", text)
        names = names[:-1]
    content = text.encode() + b"\n" * (not text.endswith("\n"))  # Arrow wants an end of one row
    if delimiter == " ":
        content = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb" +", b" ", content))
    table = _Csv(content, delimiter, bool(names))
    kinds = [(pyarrow.uint8(), "."), (pyarrow.float32(), "."), (pyarrow.float32(), ",")]
    for kind, point in kinds[: 2 if delimiter == "," else 3]:
        try:
            called = table.names()
            known = [called[place] for place in pixel_places(names)] or called[2:-1]
            columns = table.columns(dict.fromkeys(known, kind), decimal_point=point)
            columns = [as_array(*one) for one in _with_names(columns, names, where)]
            beside = _beside_pixels(names) if names else sorted({0, 1, len(called) - 1})
            beside = [place for place in beside if columns[place].dtype.kind != "b"]
            texts = table.columns({called[place]: pyarrow.string() for place in beside}, alone=True)
            headings = [names[place] for place in beside] if names else ()
            texts = [as_array(*one) for one in _with_names(texts, headings, where)]
            texts = dict(zip(beside, texts, strict=True))
            doubts = {}
            for place, text in texts.items():
                is_text = as_numbers(text).dtype.kind == "U"
                if is_text and (names or columns[place].dtype.kind not in "iuf"):
                    columns[place] = text  # else it may be of pixels; Arrow knows times and dates
                doubts[place] = text if is_text else columns[place], text
            return names, columns, doubts
        except pyarrow.ArrowInvalid as error:
            problem = error
    raise GanprofileError(
        f"{where} is no table of numbers ({first_line(problem)}). Every row needs as many cells as "
        "the first, and pixels as numbers such as 0.5, or 0,5 between semicolons or tabs."
    )


def _with_names(columns, names, where):
    """The arguments of `as_array` for some columns, with the headings that there are."""
    names = names or [None] * len(columns)
    return [(column, where, name) for column, name in zip(columns, names, strict=True)]


def _beside_pixels(names):
    """The places of columns that are no pixels by their headings, and may have the labels."""
    counted = {*pixel_places(names)}
    if counted:
        return [place for place in range(len(names)) if place not in counted]
    label = chosen(map(simple, names), LABEL_COLUMNS)
    return [place for place, name in enumerate(names) if simple(name) == label]


class _Csv:
    """The bytes of a table, of which Arrow reads columns."""

    def __init__(self, content, delimiter, has_heading):
        from pyarrow import csv as arrow_csv

        self._content, self._csv = content, arrow_csv
        self._options = {
            "read_options": arrow_csv.ReadOptions(
                autogenerate_column_names=True,
                skip_rows=int(has_heading),
                block_size=max(LEAST_BLOCK, 4 * max(map(len, content.split(b"\n", 2)[:2]))),
            ),
            "parse_options": arrow_csv.ParseOptions(delimiter=delimiter),
        }

    def names(self):
        """What Arrow calls the columns."""
        return self._csv.open_csv(self._buffer(), **self._options).schema.names

    def columns(self, types, alone=False, **options):
        """All columns, or those alone of which a type is named."""
        if alone and not types:
            return []
        convert = self._csv.ConvertOptions(
            column_types=types, include_columns=[*types] if alone else [], **options
        )
        return self._csv.read_csv(self._buffer(), convert_options=convert, **self._options).columns

    def _buffer(self):
        import pyarrow

        return pyarrow.BufferReader(self._content)


def _ends_with(text, delimiter):
    """Whether every row has a separator after its last cell, too."""
    lines = (line.rstrip() for line in io.StringIO(text) if line.strip())
    return all(line.endswith(delimiter) for line in lines)
