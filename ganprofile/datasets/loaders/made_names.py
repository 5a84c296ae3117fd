"""Names of pictures that are made of the values in a table, such as `input_1_10_3.jpg` beside the
columns `suite_id`, `sample_id` and `code`."""

import collections
import dataclasses
import itertools
import math
import re

from ganprofile.datasets.loaders.loaded_data import LABEL_FIELD, NO_CONTENT
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.storage.files import composed

MOST_LOOKED_THROUGH = 500_000  # entries of folders
MOST_WAYS = 1_000  # to take the pieces of names for columns
# What the pieces of a name are: what stands between signs; or `12` and `a` in `w12a`, too.
PIECES = (re.compile(r"([^\W_]+)"), re.compile(r"([0-9]+|[^\W\d_]+)"))


@dataclasses.dataclass(frozen=True)
class MadeNames:
    """How names are made of the cells of a row.

    Attributes:
        template: the names without their endings, such as `input_{suite_id}_{sample_id}_{code}`.
        columns: those whose cells stand in them.
        files: the cells of these -> path of the picture below the folder.
    """

    template: str
    columns: tuple[str, ...]
    files: dict[tuple[str, ...], str]

    def file_of(self, row):
        """The picture of a row, a dict of text; "" where there is none."""
        return self.files.get(tuple(_plain(row[name]) for name in self.columns), "")

    @property
    def picture(self):
        """One of the pictures, as the template writes them."""
        path = next(iter(self.files.values()))
        return path if "/" in self.template else path.rpartition("/")[2]


def made_names(rows, folder):
    """All ways in which the pictures below a folder may be called by the rows of a table, each of
    which gives them other rows; `[]` where they are not, one where it is certain.

    Args:
        rows: dicts of text, of all rows.
        folder: a `Path`.
    """
    entries = itertools.islice(folder.rglob("*"), MOST_LOOKED_THROUGH)
    files = [one.relative_to(folder) for one in sorted(entries) if is_picture(one)]
    files = [one for one in files if not one.parts[0].startswith(NO_CONTENT)]
    columns = {name: [_plain(row[name]) for row in rows] for name in rows[0] if name}
    texts = {file: composed(file.stem) for file in files}
    if len({*texts.values()}) < len(files):  # folders tell them apart
        texts = {file: composed(file.with_suffix("").as_posix()) for file in files}
    found = (_ways(cut, texts, columns) for cut in PIECES if files)
    return next(filter(None, found), [])


def _ways(cut, texts, columns):
    """The `MadeNames` of texts that an expression cuts into pieces; of texts of other lengths than
    most, which are no names of the set, nothing is asked."""
    pieces = {file: cut.split(text) for file, text in texts.items()}
    usual, _ = collections.Counter(map(len, pieces.values())).most_common(1)[0]
    pieces = {file: some for file, some in pieces.items() if len(some) == usual}
    places = [
        [*map(_plain, place)]
        for place in zip(*(some[1::2] for some in pieces.values()), strict=True)
    ]
    cells = {name: {*column} for name, column in columns.items()}
    fitting = [[*(one for one in cells if {*place} <= cells[one]), None] for place in places]
    if math.prod(map(len, fitting)) > MOST_WAYS:
        return []
    ways = {}
    for taken in itertools.product(*fitting):
        rows = _rows_of(taken, places, columns)
        if rows is not None and rows not in ways:
            keys = zip(*(p for one, p in zip(taken, places, strict=True) if one), strict=True)
            paths = [file.as_posix() for file in pieces]
            template = _template(taken, [*pieces.values()])
            files = dict(zip(keys, paths, strict=True))
            ways[rows] = MadeNames(template, tuple(filter(None, taken)), files)
    return [*ways.values()]


def _rows_of(taken, places, columns):
    """The row of each name where pieces are taken for columns, None for none; None where they do
    not tell the names apart, or the rows, or there is a name without a row.

    Numbers alone count whatever there is, so that there has to be a name for each row.
    """
    names = [*filter(None, taken)]
    if not names or len({*names}) < len(names):
        return None
    of_rows = [*zip(*(columns[name] for name in names), strict=True)]
    chosen = (place for name, place in zip(taken, places, strict=True) if name)
    of_files = [*zip(*chosen, strict=True)]
    row_of = {key: number for number, key in enumerate(of_rows)}
    if len(row_of) < len(of_rows) or len({*of_files}) < len(of_files):
        return None
    if (
        len(names) == 1
        and len(of_files) < len(of_rows)
        and all(one.isdecimal() for (one,) in row_of)
    ):
        return None
    rows = tuple(map(row_of.get, of_files))
    return None if None in rows else rows


def _template(taken, pieces):
    """Names with columns in place of their pieces, and `*` for others that are not alike."""
    written = [some[0] if len({*some}) == 1 else "*" for some in zip(*pieces, strict=True)]
    written[1::2] = [
        f"{{{column}}}" if column else same
        for column, same in zip(taken, written[1::2], strict=True)
    ]
    return "".join(written)


def pattern_of(way, column):
    """Where a column stands in the names, as `labels` takes it."""
    told = re.sub(
        r"\{[^{}]*\}", lambda one: LABEL_FIELD if one[0] == f"{{{column}}}" else "*", way.template
    )
    return told if "/" in told else f"**{told}"


def _plain(text):
    """A cell or piece of a name, of which `007`, `7` and pandas' `7.0` are one number."""
    text = composed(text.strip())
    number = re.fullmatch(r"0*([0-9]+)(\.0+)?", text)
    return number[1] if number else text
