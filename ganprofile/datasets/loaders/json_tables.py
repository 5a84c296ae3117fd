"""Rows in JSON, whatever way it lists them."""

import json

from ganprofile.datasets.loaders.array_names import CLASS_NAMES, parsed
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen, names_picture
from ganprofile.datasets.loaders.text_encoding import decoded, lines_of

LARGEST = 100 * 2**20  # bytes
NAMING = ("name", "value", "id", "path", *LABEL_COLUMNS)  # keys of objects that hold no more
FILE, LABEL, NAME = "file", "label", "class_name"  # of columns that no heading names


def json_rows(path):
    """What a JSON or JSON-lines file lists, as dicts; empty where it is no list of rows."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"more than {LARGEST:,} bytes")
    text = decoded(path.read_bytes())[0].lstrip("\ufeff")
    if path.suffix.lower() == ".json":
        try:
            return _rows_in(json.loads(text, object_pairs_hook=_object))
        except json.JSONDecodeError:
            pass  # JSON lines often have this name, too
    rows = [json.loads(line, object_pairs_hook=_object) for line in lines_of(text) if line.strip()]
    return [_as_row(row, number) for number, row in enumerate(rows, 1)]


def _object(pairs):
    """An object of JSON; one that gives a picture two labels as rows, in which none is lost."""
    if key_twice(pairs) is not None and all(names_picture(name) for name, _ in pairs):
        return [{FILE: name, LABEL: label} for name, label in pairs]
    return dict(pairs)


def key_twice(pairs):
    """The first key that has two values in an object of JSON, of which `dict` has the last; None
    where none has."""
    last = dict(pairs)
    return next((key for key, value in pairs if last[key] != value), None)


def _as_row(row, number):
    if isinstance(row, list) and len(row) == 2:
        return dict(zip(pair_of(row), row, strict=True))
    if not isinstance(row, dict):
        raise ValueError(f"row {number} is no object with the keys file and label")
    return row


def pair_of(values):
    """What two values are called, one of which names a picture."""
    return (FILE, LABEL) if names_picture(values[0]) else (LABEL, FILE)


def _rows_in(content):
    """Rows of a JSON value: a list of them, columns, file -> label, or one of these by a name."""
    if isinstance(content, list):
        return [_as_row(row, number) for number, row in enumerate(content, 1)]
    if not isinstance(content, dict) or not content:
        return []
    values = list(content.values())
    if all(map(names_picture, content)) and not any(isinstance(v, (dict, list)) for v in values):
        return [{FILE: name, LABEL: label} for name, label in content.items()]
    lists = [v for v in values if isinstance(v, list) and v and isinstance(v[0], (dict, list))]
    if len(lists) == 1 and (rows := _spelled_out(lists[0], content)):
        return rows
    columns = {
        name: value if isinstance(value, dict) else {str(k): one for k, one in enumerate(value)}
        for name, value in content.items()
        if isinstance(value, (dict, list))
    }
    keys = dict.fromkeys(key for column in columns.values() for key in column)
    in_all = sum(all(key in column for column in columns.values()) for key in keys)
    if len(columns) == len(content) > 1 and 2 * in_all > len(keys):  # a row may lack a cell
        return [{name: column.get(key) for name, column in columns.items()} for key in keys]
    return _rows_in(lists[0]) if len(lists) == 1 else []


def _spelled_out(rows, content):
    """Rows whose labels number the names of classes that a list beside them has, with these names
    in a column of their own; None where they do not, or no such list is there.

    Args:
        rows: a list.
        content: key -> value of the whole, among which such a list may be.
    """
    lists = [v for key, v in content.items() if parsed(key).role == CLASS_NAMES or key == "names"]
    are_rows = all(isinstance(row, dict) for row in rows)
    label = chosen(rows[0], LABEL_COLUMNS) if are_rows else None
    if len(lists) != 1 or not isinstance(lists[0], list) or label is None or NAME in rows[0]:
        return None
    numbers, names = [row.get(label) for row in rows], lists[0]
    are_numbers = all(type(number) is int and 0 <= number < len(names) for number in numbers)
    if not are_numbers or not all(isinstance(name, str) for name in names):
        return None
    return [{**row, NAME: names[number]} for row, number in zip(rows, numbers, strict=True)]


def single_value(value):
    """A value of JSON; a list of one is that one, an object such as `{"name": "A"}` the name."""
    if isinstance(value, list) and len(value) == 1:
        return single_value(value[0])
    is_named = isinstance(value, dict) and len(value) == 1 and chosen(value, NAMING) is not None
    return single_value(*value.values()) if is_named else value
