"""Code points that stand for the characters that classes are called by: `U+306F`, 2309, 0905."""

import re
import sys

from ganprofile.datasets.loaders.columns import chosen

CODE_POINT = re.compile(r"(U\+|0x|\\u)([0-9A-Fa-f]{4,6})")
COLUMNS = ("unicode", "codepoint", "code_point")
FIRST_PRINTABLE = 33  # in Unicode; smaller numbers are no codes of characters


def character(name):
    """What a code point such as `U+306F` stands for, or None where a name is none of a character
    that can be seen."""
    code = CODE_POINT.fullmatch(name)
    return _shown(int(code[2], 16)) if code else None


def decimal(cells):
    """The characters of code points as EMNIST's mappings have them, a list, or None where some
    text is none of a character that can be seen."""
    are_numbers = all(re.fullmatch(r"[1-9][0-9]{1,6}", cell) for cell in cells)
    return _all_shown(map(int, cells)) if are_numbers else None


def called(heading, cells):
    """The characters that a column holds, a list, where its heading says that it has code points:
    decimal ones, or hexadecimal ones without a sign before them; None of others.

    Args:
        heading: what the column is called.
        cells: text, below it.

    Example:
        >>> called("unicode", ["0905", "090A"]), called("unicode", ["2309"]), called("id", ["2309"])
        (['अ', 'ऊ'], ['अ'], None)
    """
    if chosen([heading], COLUMNS) is None:
        return None
    if (found := decimal(cells)) is not None:
        return found
    are_hexadecimal = all(re.fullmatch(r"[0-9A-Fa-f]{4,6}", cell) for cell in cells)
    return _all_shown(int(cell, 16) for cell in cells) if are_hexadecimal else None


def _all_shown(numbers):
    found = [*map(_shown, numbers)]
    return None if None in found else found


def _shown(number):
    """The character of a code point, or None where it is none that can be seen."""
    shown = FIRST_PRINTABLE <= number <= sys.maxunicode and chr(number).isprintable()
    return chr(number) if shown else None
