"""Tables of Apache Arrow in files: Parquet, and what `datasets` saves and keeps, or Feather."""

import contextlib
import os
from pathlib import Path

PARQUET = ".parquet"
ENDINGS = (PARQUET, ".arrow", ".feather")
KEPT = ("cache-", ".")  # what `datasets` keeps beside a set, and hidden files


def is_table(path):
    """Whether a path, or an entry of a folder, is one by its name."""
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith(KEPT)


def tables_in(folder):
    """The `Path`s of those in a folder, or in folders there such as `data/` or of parts, sorted."""
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if is_table(entry) or entry.is_dir()]
    here = [Path(entry) for entry in found if not entry.is_dir()]
    return sorted(here + [one for entry in found if entry.is_dir() for one in _tables(entry)])


def _tables(folder):
    """Those right in a folder; of one that may not be read whoever reads its pictures complains."""
    with contextlib.suppress(PermissionError), os.scandir(folder) as entries:
        return [Path(entry) for entry in entries if is_table(entry) and entry.is_file()]
    return []


def schema_of(path):
    """The `pyarrow.Schema` of a file; errors are those of PyArrow."""
    import pyarrow.parquet

    if path.suffix.lower() == PARQUET:
        return pyarrow.parquet.read_schema(path)
    with pyarrow.memory_map(str(path)) as file:
        return _opened(file).schema


def table_of(path):
    """The `pyarrow.Table` of a file; errors are those of PyArrow."""
    import pyarrow.parquet

    if path.suffix.lower() == PARQUET:
        return pyarrow.parquet.read_table(path, partitioning=None)
    with pyarrow.memory_map(str(path)) as file:
        return _opened(file).read_all()


def _opened(file):
    """A reader of a stream, as `datasets` writes it, or of a file, as Feather is."""
    import pyarrow

    try:
        return pyarrow.ipc.open_stream(file)
    except pyarrow.ArrowInvalid:
        file.seek(0)
        return pyarrow.ipc.open_file(file)
