"""Reading a `manifest.csv`, of a million rows and more."""

import numpy as np

from ganprofile.datasets.fingerprint import UNKNOWN_WRITER
from ganprofile.errors import GanprofileError, first_line
from ganprofile.storage.files import printable

PIECE = 50_000  # rows
ITEM = "item"  # the column of what an image is in the set: its number, or a file that ends in it
NUMBER = r"(?P<number>[0-9]{1,18})(?:\.[A-Za-z]+)?$"
# What to do; only who has the set whole can put a row for each image back.
AS_IT_WAS = "Put back the file that was written with the set, or copy the set again."


class Manifest:
    """The rows of a `manifest.csv`, piece by piece, as tables of texts.

    Arrow takes a tenth of the time of Python's `csv`, of which a check of a million images would
    otherwise mostly consist.

    Args:
        path: the file, which is opened with the first piece.
        columns: the names of those that are wanted; one that the file lacks is null.

    Raises:
        GanprofileError: in all methods, the file is missing or damaged.
    """

    def __init__(self, path, columns):
        self._path = path
        self._columns = columns
        self._tables = self._read()
        self._waiting = None

    def take(self, count):
        """The next rows, `count` or as many as are left, a `pyarrow.Table`."""
        import pyarrow

        if self._waiting is None:
            self._waiting = next(self._tables)
        while len(self._waiting) < count and (table := next(self._tables, None)) is not None:
            self._waiting = pyarrow.concat_tables([self._waiting, table])
        taken, self._waiting = self._waiting.slice(0, count), self._waiting.slice(count)
        return taken

    def pieces(self):
        """What is left, as `take` gives it, some rows at a time."""
        while len(rows := self.take(PIECE)):
            yield rows

    def close(self):
        """Let go of the file, of which rows may be left. Arrow reads it in a thread: were it let go
        in a process that is forked later, which lacks that thread, that would wait for ever."""
        self._tables.close()

    def writers(self, rows):
        """The writers of rows that were taken, int32 `(n,)`, -1 where empty."""
        import pyarrow.compute as pc

        texts = rows["writer"]
        if texts.null_count:
            raise GanprofileError(
                f"{printable(self._path)} has no column 'writer' between commas; a spreadsheet may "
                f"have saved it with other signs. {AS_IT_WAS}"
            )
        try:
            known = pc.if_else(pc.equal(texts, ""), str(UNKNOWN_WRITER), texts)
            return known.cast("int32").to_numpy()
        except ValueError as error:
            raise self._damaged(first_line(error)) from error

    def _read(self):
        import pyarrow
        from pyarrow import csv

        asked, columns = list(self._columns), list(dict.fromkeys((*self._columns, ITEM)))
        wanted = csv.ConvertOptions(
            include_columns=columns,
            include_missing_columns=True,
            column_types=dict.fromkeys(columns, pyarrow.string()),
        )
        last = -1
        try:
            parsing = csv.ParseOptions(newlines_in_values=True)
            with csv.open_csv(self._path, None, parsing, wanted) as reader:
                yield reader.schema.empty_table().select(asked)
                for batch in reader:
                    last = self._checked_order(batch[ITEM], last)
                    yield pyarrow.table(batch).select(asked)
        except (OSError, ValueError) as error:
            raise self._damaged(first_line(error)) from error

    def _checked_order(self, items, last):
        """The number of the last of some items, which follow those before; `last` where they have
        none."""
        import pyarrow.compute as pc

        found = pc.struct_field(pc.extract_regex(items, NUMBER), "number")
        if found.null_count or not len(found):
            return last
        numbers = np.concatenate([[last], found.cast("int64").to_numpy(zero_copy_only=False)])
        behind = np.flatnonzero(np.diff(numbers) < 0)
        if len(behind):
            raise GanprofileError(
                f"{self._path} has its rows in another order than the images, so that writers and "
                f"scores would go to others: {items[int(behind[0])]} stands behind number "
                f"{numbers[behind[0]]}. Sort them by the number in the column {ITEM!r}, or put the "
                "file back as it was written."
            )
        return numbers[-1]

    def _damaged(self, why):
        why = why if self._path.exists() else "there is no such file"
        path = printable(self._path)
        return GanprofileError(f"{path} is missing or damaged ({why}). {AS_IT_WAS}")
