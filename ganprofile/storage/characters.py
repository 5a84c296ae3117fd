"""What a person calls a character: several code points in scripts whose marks are written apart."""

import unicodedata

JOINERS = "\u200d\u200c"  # zero-width joiner and non-joiner, the first of which joins on
VIRAMA = 9  # the combining class of what makes conjuncts, but for
SEEN_VIRAMAS = "\u0bcd\u0dca\u0e3a\u103a"  # Tamil, Sinhala, Thai, Burmese: seen, and they end it


def as_written(text: str) -> list[str]:
    """Characters as a person writes them: with their marks, and conjuncts in one.

    Example:
        >>> from ganprofile.storage.characters import as_written
        >>> len(as_written("\u0915\u093f\u0916"))
        2
    """
    found: list[str] = []
    for one in text:
        is_more = unicodedata.category(one)[0] == "M" or one in JOINERS
        if found and (is_more or _goes_on(found[-1][-1])):
            found[-1] += one
        else:
            found.append(one)
    return found


def _goes_on(last: str) -> bool:
    """Whether a code point joins the one after it to the one before."""
    is_virama = unicodedata.combining(last) == VIRAMA and last not in SEEN_VIRAMAS
    return is_virama or last == JOINERS[0]


def characters_of(text, class_names):
    """The characters of a text, a list; one is taken apart where its code points are classes.

    Args:
        text: in Unicode's composed form.
        class_names: the names of the classes.
    """
    found = []
    for one in as_written(text):
        is_several = one not in class_names and set(one) <= set(class_names)
        found += one if is_several else [one]
    return found
