"""Pictures whose paths say what they show, as `usr_3/012t01.tiff` or `A_001.png`.

The user says where, by a pattern of paths below the folder such as `usr_{writer}/{label}t*`.
"""

import collections
import functools
import itertools
import re

from ganprofile.datasets.classes import spelled_twice
from ganprofile.datasets.loaders.array_names import parsed
from ganprofile.datasets.loaders.image_table import from_rows
from ganprofile.datasets.loaders.loaded_data import FIELDS, NO_CONTENT, is_pattern
from ganprofile.datasets.loaders.parts import part_of
from ganprofile.datasets.loaders.pictures import (
    holds_picture,
    is_picture,
    kinds_not_read,
    leads_nowhere,
)
from ganprofile.datasets.loaders.stored_set import refuse_alone, written_below, written_said
from ganprofile.errors import UsageError
from ganprofile.storage.files import composed, printable

WHAT = "a folder of pictures whose paths tell their labels"
LOOKED_AT = 10_000  # pictures, to see whether a pattern speaks of them
LISTED = 3
PIECES = re.compile(r"(\{\w*\}|\*\*|\*)")


def recognises(path):
    """Never by itself: the user has to say where labels stand."""
    return False


def speaks_of(pattern, path):
    """Whether a pattern is one of paths of pictures in a folder, or of some of them."""
    if not is_pattern(pattern) or not path.is_dir():
        return False
    matches = _matcher(pattern)
    return any(matches(file, path) for file in itertools.islice(pictures_in(path), LOOKED_AT))


def read(path, options):
    """A `LoadedData`; class names are the labels, in sorted order.

    Raises:
        UsageError: the pattern speaks of images that ganprofile wrote alone.
        GanprofileError: a file cannot be read.
    """
    matches, where, sets = _matcher(options.labels), printable(path), written_below(path)
    everything = {file: matches(file, path) for file in pictures_in(path)}
    # What is synthetic in sets, and what their classes are, they say themselves.
    found = {f: match for f, match in everything.items() if not any(map(f.is_relative_to, sets))}
    told = {file: match for file, match in found.items() if match}
    if not told:
        asked = [file for file, match in everything.items() if match]
        refuse_alone(path, sets, asked, f"pictures with paths like `labels={options.labels!r}`")
    rows = [_row(file.relative_to(path), match) for file, match in told.items()]
    said = spelled_twice(f"{where}: the labels", [row["label"] for row in rows])
    said += _put_together(rows, options.labels, where)
    said += _name_parts(rows, options.labels, where)
    others = [printable(file.relative_to(path)) for file in found if file not in told]
    if others:
        pictures = "1 picture is" if len(others) == 1 else f"{len(others):,} pictures are"
        said.append(
            f"{where}: {pictures} left out, whose paths are not like {options.labels!r}, such as "
            f"{', '.join(others[:LISTED])}."
        )
    said += _not_read(path, everything, where) + written_said(path, sets)
    return from_rows(rows, list(told), path, where, said, options)


def _put_together(rows, pattern, where):
    """A sentence where folders of one name in several folders became one class; in a list."""
    pieces = pattern.replace("\\", "/").split("/")
    place = pieces.index("{label}") if "{label}" in pieces else 0
    if place == 0 or pieces[place - 1] != "*" or "**" in pattern:
        return []
    folders = collections.defaultdict(dict)
    for row in rows:
        folder = "/".join(row["file"].split("/")[: place + 1])
        folders[row["label"]][folder] = None
    several = next((list(some) for some in folders.values() if len(some) > 1), [])
    if not several:
        return []
    return [
        f"{where}: folders of one name, such as {printable(several[0])} and "
        f"{printable(several[1])}, were put together to one class. If each is a class of its own, "
        "write {label} in place of the * before it, too."
    ]


def _name_parts(rows, pattern, where):
    """Bring what stands for `{split}` to names of parts, as `TrainingSet` of `ADBase_TrainingSet`;
    sentences on what it was taken for.

    Raises:
        UsageError: it names no part.
    """
    odd = {row["split"] for row in rows if row["split"] and part_of(row["split"]) is None}
    part_for = {text: parsed(text).part for text in sorted(odd)}
    unknown = next((text for text, part in part_for.items() if part is None), None)
    if unknown is not None:
        raise UsageError(
            f"{where}: {{split}} of `labels={pattern!r}` should be train, test or validation. "
            f"Received: {printable(unknown)!r}. Write what stands beside these words into the "
            "pattern, as in *_{split}Set, or * in place of {split}."
        )
    for row in rows:
        row["split"] = part_for.get(row["split"], row["split"])
    taken = [f"{printable(text)!r} for {part}" for text, part in part_for.items()]
    more = ", ..." * (len(taken) > LISTED)
    said = f"{where}: {{split}} was taken so: {', '.join(taken[:LISTED])}{more}."
    return [said] if taken else []


def _not_read(path, found, where):
    """What is to be said of pictures that are not among those found by their names; in a list, []
    where there are none."""
    entries = [entry for entry in sorted(path.rglob("*")) if entry not in found]
    lost = [entry for entry in entries if leads_nowhere(entry) or holds_picture(entry)]
    why = kinds_not_read(entry.name for entry in entries)
    said = [f"{where}: {why}."] * bool(why)
    if not lost:
        return said
    names = ", ".join(printable(entry.relative_to(path)) for entry in lost[:LISTED])
    are = "1 picture is" if len(lost) == 1 else f"{len(lost):,} pictures are"
    return [
        *said,
        f"{where}: {are} not read, such as {names}: hidden, without an ending such as .png, or a "
        "link to what is not there. Name them as others are if they belong to the set.",
    ]


def refuse(pattern, folder, where):
    """Say that no picture in a folder has such a path.

    Raises:
        UsageError: always.
    """
    some = next(pictures_in(folder), None)
    there = f"such as {printable(some.relative_to(folder))}" if some else "no pictures"
    raise UsageError(
        f"No picture in {printable(where)} has a path like `labels={pattern!r}`. Received: {there}."
    )


def pictures_in(folder):
    """All pictures below a folder, in order; a link back to a folder around it leads nowhere."""
    entries = sorted(one for one in folder.iterdir() if not one.name.startswith(NO_CONTENT))
    yield from filter(is_picture, entries)
    for below in entries:
        if below.is_dir() and not folder.resolve().is_relative_to(below.resolve()):
            yield from pictures_in(below)


def _row(file, match):
    """What a row of a table would say of a picture."""
    found = match.groupdict()
    told = {name: composed(text.strip()) for name, text in found.items() if name in FIELDS}
    # A blank is a character, too, as a folder called so is a class.
    labels = [text.strip() or text for name, text in found.items() if name.startswith("label")]
    return {"file": file.as_posix(), "split": "", **told, "label": composed("/".join(labels))}


def _matcher(pattern):
    """What matches the path of a picture in a folder, without its ending or with it.

    A label may be made of the names of several folders, as `Capital/A` by `{label}/{label}/*`.

    Raises:
        UsageError: the pattern holds other fields, or one twice.
    """
    pieces = PIECES.split(composed(pattern.replace("\\", "/")))
    fields = [piece[1:-1] for piece in pieces[1::2] if piece[0] == "{"]
    folders = pattern.replace("\\", "/").split("/").count("{label}")
    once = [one for one in fields if one != "label" or folders < fields.count("label")]
    if len(set(once)) < len(once) or not set(fields) <= set(FIELDS):
        raise UsageError(
            f"`labels` may hold {{{'}, {'.join(FIELDS)}}}, each once. Received: {pattern!r}."
        )
    for number, place in enumerate([k for k, one in enumerate(pieces) if one == "{label}"][1:], 2):
        pieces[place] = f"{{label{number}}}"
        fields.append(f"label{number}")
    groups = {"*": "[^/]*", "**": ".*", **{f"{{{one}}}": f"(?P<{one}>[^/]+?)" for one in fields}}
    return functools.partial(
        _match,
        re.compile(
            "".join(groups[one] if k % 2 else re.escape(one) for k, one in enumerate(pieces))
        ),
    )


def _match(expression, file, folder):
    inside = file.relative_to(folder)
    paths = (composed(one.as_posix()) for one in (inside.with_suffix(""), inside))
    return next(filter(None, map(expression.fullmatch, paths)), None)
