"""Names as people type them: in any case, or nearly right, or of a path beside the one meant."""

from __future__ import annotations

import csv
import difflib
import io
import itertools
import os
import re
import shlex
import unicodedata
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from ganprofile.console import few
from ganprofile.errors import UsageError
from ganprofile.storage.files import expanded, is_there, printable

Key, Value = TypeVar("Key"), TypeVar("Value")
CLOSE = 0.6  # the similarity in 0..1 from which on one name may be meant by another
LOOKED_AT = 2_000  # entries of a folder, at most
NAMED = 5  # names in a sentence
LISTED = 100  # where all that there are help to find the right one


def in_words(names: Iterable[object], most: int = NAMED) -> str:
    """Some names for a sentence: the first few, and how many more there are."""
    return few([repr(printable(str(name))) for name in names], most, " ")


def all_or_some(names: Collection[str]) -> str:
    """What names there are, for a sentence: all, or of very many the first."""
    return side_by_side(names) if len(names) <= LISTED else in_words(names)


def side_by_side(names: Iterable[object]) -> str:
    """All names with blanks between them; in quotation marks where one has a blank, too, by which
    it could not be told from two."""
    texts = [printable(str(name)) for name in names]
    is_plain = all(text.split() == [text] for text in texts)
    return " ".join(texts if is_plain else map(repr, texts))


def as_word(path: object) -> str:
    """A path or name as it is typed in a command, in quotes where a shell needs them.

    A blank of any width stands as it is, and what cannot be printed as bytes between `$'` and `'`,
    as Bash and zsh read them.

    Example:
        >>> from ganprofile.storage.names import as_word
        >>> as_word("my reader.onnx")
        "'my reader.onnx'"
    """
    text = str(path)
    if all(map(_is_seen, text)):
        return shlex.quote(text)
    try:
        typed = "".join(map(_in_bytes, text))
    except UnicodeEncodeError:  # what no file is called
        return shlex.quote(printable(text))
    return f"$'{typed}'"


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _in_bytes(letter: str) -> str:
    """A letter between `$'` and `'`."""
    if _is_seen(letter):
        return f"\\{letter}" if letter in "\\'" else letter
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(letter))


def in_any_case(given: object, known: Collection[str]) -> str | None:
    """The known name that is meant by one in any case; None where there is none, or two."""
    if not isinstance(given, str):
        return None
    if given in known:
        return given
    alike = [name for name in known if name.casefold() == given.casefold()]
    return alike[0] if len(alike) == 1 else None


def resolved(kind: str, given: object, known: Collection[str]) -> str:
    """The known name that is meant.

    Args:
        kind: what it is a name of, one word or a few.
        given: what the user typed.
        known: all names, in the order in which a message lists them.

    Raises:
        UsageError: there is none of that name.

    Example:
        >>> from ganprofile.storage.names import resolved
        >>> resolved("model", "dcGAN", ["gan", "dcgan"])
        'dcgan'
    """
    name = in_any_case(given, known)
    if name is None:
        raise no_such(kind, given, known)
    return name


def listed(given: str | Iterable[str]) -> tuple[str, ...]:
    """The names that a text lists, separated by commas, or several texts together.

    A name that holds a comma is quoted, as in a CSV file; a comma alone is a name.

    Example:
        >>> from ganprofile.storage.names import listed
        >>> listed("none,classic"), listed(["a, b", '"Smith, J"', ","])
        (('none', 'classic'), ('a', 'b', 'Smith, J', ','))
    """
    texts = (given,) if isinstance(given, str) else given
    return tuple(itertools.chain.from_iterable(map(_separated, texts)))


def as_listed(texts: Iterable[object]) -> str:
    """Names in one text, as `listed` takes them apart again, but for blanks at their ends.

    Example:
        >>> from ganprofile.storage.names import as_listed
        >>> as_listed(["a b", ",", "Smith, J"])
        'a b,",","Smith, J"'
    """
    return ",".join(map(_as_one, map(str, texts)))


def _as_one(text: str) -> str:
    if not set(",\r\n") & set(text) and listed(text) == (text,):
        return text
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow([text])
    return line.getvalue()


def by_key(pairs: Iterable[tuple[Key, Value]], what: str) -> dict[Key, Value]:
    """A dict of pairs, none of which takes the place of another.

    Args:
        pairs: of keys and values.
        what: what a key is, to begin a message with.

    Raises:
        UsageError: a key is there twice.

    Example:
        >>> from ganprofile.storage.names import by_key
        >>> by_key([("a", 1), ("b", 1)], "The class")
        {'a': 1, 'b': 1}
    """
    found: dict[Key, Value] = {}
    for key, value in pairs:
        if key in found:
            raise UsageError(
                f"{what} {printable(str(key))!r} is there twice, with {found[key]!r:.40} and "
                f"{value!r:.40}. Remove one."
            )
        found[key] = value
    return found


def by_numbers(name: str) -> list[tuple[int, str]]:
    """A key to sort names by in which numbers count as such.

    Example:
        >>> from ganprofile.storage.names import by_numbers
        >>> sorted(["10.png", "9.png", "a.png"], key=by_numbers)
        ['a.png', '9.png', '10.png']
    """
    return [(int(part or 0), rest) for part, rest in re.findall(r"([0-9]*)([^0-9]*)", name)]


def is_several(given: object) -> bool:
    """Whether a Python argument is a text or lists things, which no number and no scalar does."""
    return isinstance(given, Iterable) and getattr(given, "ndim", 1) > 0


def names_of(given: str | Iterable[str]) -> tuple[str, ...]:
    """The names in a Python argument: a text lists them, and those of a list are whole.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, str):
        return listed(given)
    if not isinstance(given, Iterable):
        raise UsageError(f"Names are given as a text or a list of texts. Received: {given!r:.60}.")
    return tuple(given)


def _separated(text: str) -> list[str]:
    try:
        parts = [part.strip() for part in next(csv.reader([text], skipinitialspace=True), [])]
    except csv.Error:  # a line break that is not in quotes: no CSV
        return [text]
    return parts if all(parts) else [text]


def no_such(kind: str, given: object, known: Iterable[str]) -> UsageError:
    """The error that there is nothing of a name, with what there is and what may be meant."""
    known = list(known)
    said = f"No {kind} {_quoted(given)}. Known: {', '.join(known)}."
    return UsageError(said + did_you_mean(given, known))


def check_known(kind: str, given: object, known: Collection[str]) -> None:
    """Refuse what is no name among some.

    Args:
        kind: what they are names of, such as `format`.
        given: by the user.
        known: the names.

    Raises:
        UsageError: it is none of them.

    Example:
        >>> from ganprofile.storage.names import check_known
        >>> check_known("format", "npz", ["imagefolder", "npz"])
    """
    if not isinstance(given, str) or given not in known:  # what cannot be hashed, either
        raise no_such(kind, given, known)


def did_you_mean(
    given: object, known: Iterable[str] = (), paths: bool | Callable[[Path], bool] = False
) -> str:
    """` Did you mean ...?` with what is most like a word, or an empty text.

    Args:
        given: what the user typed.
        known: names that may be meant.
        paths: whether a path may be meant, too: then what lies beside it is looked at. Or which
            ones may be, a function of a path that is there.

    Example:
        >>> from ganprofile.storage.names import did_you_mean
        >>> did_you_mean("mnst", ["digits", "mnist"])
        " Did you mean 'mnist'?"
    """
    if not isinstance(given, (str, os.PathLike)):
        return ""
    text = os.fspath(given)
    may_be = paths if callable(paths) else is_there
    near = [_closest(text, known), _near_path(text, may_be) if paths and text else None]
    found = list(dict.fromkeys(repr(printable(one)) for one in near if one))
    return f" Did you mean {' or '.join(found)}?" if found else ""


def require_there(
    kind: str, path: str | os.PathLike[str], may_be: Callable[[Path], bool] = is_there
) -> None:
    """Refuse a path at which nothing is.

    Args:
        kind: what is looked for, one word or a few.
        path: what the user typed.
        may_be: which of the paths beside it may be meant.

    Raises:
        UsageError: with what lies beside it and may be meant.
    """
    if not is_there(expanded(path)):
        meant = did_you_mean(path, paths=may_be) or " Look at the path."
        raise UsageError(f"There is no {kind} {printable(path)}.{meant}")


def looks_like_path(given: str | os.PathLike[str]) -> bool:
    """Whether a word can only be meant as a path: it names a folder, or has a suffix."""
    text = os.fspath(given)
    return "/" in text or os.sep in text or text.startswith((".", "~")) or bool(Path(text).suffix)


def _closest(
    text: str, known: Iterable[str], may_be: Callable[[str], bool] = lambda name: True
) -> str | None:
    """The name that is most like a text, of those that may be meant."""
    spellings: dict[str, str] = {}
    for name in known:
        spellings.setdefault(name.casefold(), name)
    alike = difflib.get_close_matches(text.casefold(), spellings, len(spellings) or 1, CLOSE)
    return next((spellings[one] for one in alike if may_be(spellings[one])), None)


def _near_path(text: str, may_be: Callable[[Path], bool]) -> str | None:
    """What lies beside a path that is not there, and may be meant; or beside the first folder of it
    that is not."""
    try:
        whole = Path(text).expanduser()
    except RuntimeError:
        return None
    missing = next((one for one in (*reversed(whole.parents), whole) if not is_there(one)), None)
    if missing is None:
        return None
    try:
        with os.scandir(missing.parent) as entries:
            beside = [entry.name for entry in itertools.islice(entries, LOOKED_AT)]
    except OSError:
        return None
    rest = whole.relative_to(missing)

    def at(name: str) -> Path:
        found = missing.parent / name
        return found / rest if is_there(found / rest) else found

    seen = (name for name in beside if not name.startswith("."))
    near = _closest(missing.name, seen, lambda name: may_be(at(name)))
    if near is None:
        return None
    return f"{at(near)}/" if at(near).is_dir() else str(at(near))


def _quoted(given: object) -> str:
    text = printable(given) if isinstance(given, str) else given
    return f"{text!r:.200}"
