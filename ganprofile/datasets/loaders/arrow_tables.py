"""Tables of Apache Arrow in files: Parquet, and what `datasets` saves and keeps, or Feather."""

import collections
import contextlib
import os
import re
from pathlib import Path

from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

PARQUET = ".parquet"
ENDINGS = (PARQUET, ".arrow", ".feather")
SHARD = re.compile(r"(?<![0-9])([0-9]{5})-of-([0-9]{5})(?![0-9])")
KEPT = ("cache-", ".")  # what `datasets` keeps beside a set, and hidden files


def is_table(path):
    """Whether a path, or an entry of a folder, is one by its name."""
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith(KEPT)


def tables_in(folder):
    """The `Path`s of those in a folder, or in folders there such as `data/` or of parts, sorted."""
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if entry.is_dir() or _is_file_of(entry)]
    here = [Path(entry) for entry in found if not entry.is_dir()]
    return sorted(here + [one for entry in found if entry.is_dir() for one in _tables(entry)])


def _tables(folder):
    """Those right in a folder; of one that may not be read whoever reads its pictures complains."""
    with contextlib.suppress(PermissionError), os.scandir(folder) as entries:
        return [Path(entry) for entry in entries if _is_file_of(entry)]
    return []


def _is_file_of(entry):
    """Whether it is called so and is no named pipe, at which a reader would wait."""
    return is_table(entry) and entry.is_file()


def missing_said(files, where):
    """Sentences on shards that are not among the files of a set, as their names count them.

    Args:
        files: `Path`s, such as that of `train-00000-of-00002.parquet`.
        where: what the sentences call the folder.
    """
    there = collections.defaultdict(set)
    for file in files:
        if counted := SHARD.search(file.name):
            around = file.name[: counted.start()], file.name[counted.end(1) :]
            there[file.parent, *around, int(counted[2])].add(int(counted[1]))
    said = []
    for (_, before, after, total), numbers in there.items():
        if lacking := sorted({*range(total)} - numbers):
            said.append(
                f"{where}: {len(lacking):,} of {total:,} files are missing, such as "
                f"{printable(before)}{lacking[0]:05}{printable(after)}: their images are not read."
            )
    return said


def schema_of(path):
    """The `pyarrow.Schema` of a file; errors are those of PyArrow."""
    import pyarrow.parquet

    if path.suffix.lower() == PARQUET:
        return pyarrow.parquet.read_schema(path)
    with pyarrow.memory_map(str(path)) as file:
        return _opened(file).schema


def table_of(path):
    """The `pyarrow.Table` of a file; further errors are those of PyArrow.

    Raises:
        GanprofileError: two columns have one name.
    """
    import pyarrow.parquet

    if path.suffix.lower() == PARQUET:
        with pyarrow.parquet.ParquetFile(path) as file:
            _refuse_twice(file.schema_arrow.names, path)
        return pyarrow.parquet.read_table(path, partitioning=None)
    with pyarrow.memory_map(str(path)) as file:
        table = _opened(file).read_all()
    _refuse_twice(table.column_names, path)
    return table


def _refuse_twice(names, path):
    twice = [name for name, count in collections.Counter(names).items() if count > 1]
    if twice:
        raise GanprofileError(
            f"{printable(path)} has the column {printable(twice[0])!r} twice. Remove one of them."
        )


def _opened(file):
    """A reader of a stream, as `datasets` writes it, or of a file, as Feather is."""
    import pyarrow

    try:
        return pyarrow.ipc.open_stream(file)
    except pyarrow.ArrowInvalid:
        file.seek(0)
        return pyarrow.ipc.open_file(file)
