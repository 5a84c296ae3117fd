"""Names in figures: in their own script where a font here draws it, from right to left where it is.

matplotlib 3.11 joins letters and orders lines of both directions; older ones draw letter by letter
from left to right, so that a name of letters from right to left is turned round for them.
"""

import functools
import itertools
import os
import unicodedata
from collections import Counter

from ganprofile.captions import FONT, no_font, users_font
from ganprofile.console import say
from ganprofile.reading_order import RIGHT_TO_LEFT
from ganprofile.storage.files import expanded, printable

USUAL = "DejaVu Sans"  # comes with matplotlib
# How Unicode's names of letters begin -> how Noto calls its font, where that is another word.
NOTO = {
    "CJK": "CJK SC",
    "HIRAGANA": "CJK JP",
    "KATAKANA": "CJK JP",
    "HANGUL": "CJK KR",
    "FULLWIDTH": "CJK JP",
    "HALFWIDTH": "CJK JP",
    "EGYPTIAN": "Egyptian Hieroglyphs",
    "OL": "Ol Chiki",
    "MEETEI": "Meetei Mayek",
    "GREEK": "",
    "LATIN": "",
    "CYRILLIC": "",
}
SYMBOLS = ("So", "Sm", "Sk")  # categories of Unicode, of no script
LEFT_TO_RIGHT = "\u200e"
UNSEEN = "\u200c\u200d\u200f" + LEFT_TO_RIGHT  # joiners and marks of the direction
LONGEST = 13  # letters of a name: two that no font draws, spelled, and the sign between them
_SAID = set()


def use_font(path):
    """Draw names in all figures with a font, and what it lacks with the usual one.

    Args:
        path: a `.ttf` or `.otf` file.

    Raises:
        UsageError: it is none.
    """
    path = expanded(path).absolute()
    _family(str(path))
    os.environ[FONT] = str(path)


def families():
    """The names of the fonts to draw with, the first that has a letter first."""
    said = users_font()
    return [*([_family(said)] if said else []), *_installed_noto(), USUAL]


def drawn_name(name, limit=LONGEST, number=None):
    """A name as a figure shows it, with `…` in the place of what is left out of the middle.

    Args:
        name: of a class, a set, an arm.
        limit: how many characters, at most.
        number: what stands in its place where no font draws it, such as the number of the class;
            None spells it in ASCII.

    Example:
        >>> from ganprofile.figures.lettering import drawn_name
        >>> drawn_name("alif_maksura_begin"), drawn_name("alif_maksura_end")
        ('alif_m…_begin', 'alif_m…ra_end')
    """
    name = unicodedata.normalize("NFC", name)
    if _can_be_drawn(name):
        return _ordered(_shortened(list(name), limit))
    if number is not None:
        return str(number)
    return _shortened([one.encode("unicode_escape").decode() for one in name], limit)


def drawn_names(names, numbers, limit=LONGEST, instead=None):
    """Names as a figure shows them, such that no two that differ look the same.

    Args:
        names: of classes, a list.
        numbers: of each, to tell those apart of which the same is left.
        limit: how many characters, at most.
        instead: what stands in the place of each where no font draws it; None spells it in ASCII.

    Example:
        >>> from ganprofile.figures.lettering import drawn_names
        >>> drawn_names(["letter_old_ka_small", "letter_new_ka_small", "a"], range(3))
        ['lette…small#0', 'lette…small#1', 'a']
    """
    instead = instead or [None] * len(names)
    drawn = [drawn_name(name, limit, one) for name, one in zip(names, instead, strict=True)]
    times = Counter(drawn)
    marks = [
        f"#{number}" if times[one] > 1 else "" for one, number in zip(drawn, numbers, strict=True)
    ]
    return [
        followed(drawn_name(name, limit - len(mark), one), mark)
        for name, one, mark in zip(names, instead, marks, strict=True)
    ]


def _shortened(letters, limit):
    """Letters, each maybe spelled as several, with whole ones left out of the middle."""
    if sum(map(len, letters)) <= limit:
        return "".join(letters)
    head, tail = limit // 2, limit - limit // 2 - 1  # and the sign
    first, last = _as_fit(letters, head), _as_fit(letters[::-1], tail)[::-1]
    return "".join([*first, "…", *last])


def _as_fit(letters, room):
    ends = itertools.accumulate(map(len, letters))
    return [one for one, end in zip(letters, ends, strict=True) if end <= room]


def can_not_be_drawn(name):
    """Whether a font here lacks a letter of a name."""
    return not _can_be_drawn(unicodedata.normalize("NFC", name))


def described(name):
    """A name in ASCII, for where no font draws it: a letter as Unicode calls it, several by codes.

    Example:
        >>> from ganprofile.figures.lettering import described
        >>> described("\N{BENGALI DIGIT ZERO}"), described("ab")
        ('Bengali digit zero', 'U+0061 U+0062')
    """
    codes = " ".join(f"U+{ord(letter):04X}" for letter in name)
    return unicodedata.name(name, codes).capitalize() if len(name) == 1 else codes


def wide(text):
    """How many letters of Latin a text is about as wide as."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _can_be_drawn(name):
    shown = [one for one in name if one not in UNSEEN]
    lacking = [one for one in shown if not (one.isprintable() and ord(one) in _letters())]
    unknown = [one for one in lacking if one.isprintable()]
    for script in dict.fromkeys(map(_script, unknown)):
        _say_lacking(script, next(one for one in unknown if _script(one) == script))
    return not lacking


def followed(name, text):
    """A name and what stands behind it, which stays there behind a name from right to left."""
    if not any(unicodedata.bidirectional(one) in RIGHT_TO_LEFT for one in name):
        return name + text
    return f"{LEFT_TO_RIGHT}{name}{LEFT_TO_RIGHT}{text}"


def _script(letter):
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0]


def _say_lacking(script, letter):
    """Once for a process and a script."""
    if script in _SAID:
        return
    _SAID.add(script)
    said = os.environ.get(FONT)
    noto = " ".join(filter(None, ["Noto Sans", NOTO.get(script, script.title())]))
    if not letter.isalpha() and script not in NOTO and unicodedata.category(letter) in SYMBOLS:
        noto = "Noto Emoji or Noto Sans Symbols"
    where = f"{printable(said)} has no" if said else "no font here has the"
    say(
        f"Figures show numbers or codes in place of some names: {where} letter "
        f"{unicodedata.name(letter, hex(ord(letter)))}. Set "
        f"{FONT} to the file of a font that has it, such as {noto}."
    )


def _letters():
    """The code points that can be drawn."""
    return _letters_of(tuple(families()), users_font())


@functools.cache
def _letters_of(names, _said):
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    found = set()
    for name in names:
        found |= FT2Font(findfont(FontProperties(family=name))).get_charmap().keys()
    return frozenset(found)


@functools.lru_cache(maxsize=1)
def _family(path):
    """The family of a font in a file, which matplotlib draws from that file from then on.

    matplotlib asks for fonts by family, and takes the first of several files of one: an older
    version that is installed, or a file that is gone.
    """
    from matplotlib.font_manager import fontManager
    from matplotlib.ft2font import FT2Font

    try:
        family = FT2Font(path).family_name
        fontManager.ttflist = [one for one in fontManager.ttflist if one.name != family]
        fontManager.addfont(path)
    except Exception as error:  # FreeType's own kinds, and those of files
        raise no_font(path, error) from error
    return family


@functools.cache
def _installed_noto():
    """Noto's fonts of single scripts that this machine has."""
    from matplotlib.font_manager import fontManager

    return sorted({font.name for font in fontManager.ttflist if font.name.startswith("Noto Sans")})


def _ordered(name):
    """A name in the order in which the installed matplotlib draws it rightly."""
    from matplotlib import ft2font

    letters = [one for one in name if unicodedata.bidirectional(one) in (*RIGHT_TO_LEFT, "L", "EN")]
    from_the_right = letters and all(
        unicodedata.bidirectional(one) in RIGHT_TO_LEFT for one in letters
    )
    knows_itself = hasattr(ft2font, "__libraqm_version__")
    return name[::-1] if from_the_right and not knows_itself else name
