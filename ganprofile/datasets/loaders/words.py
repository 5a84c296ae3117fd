"""Labels that are words, of pictures in which a whole line of text is to be read."""

import collections
import unicodedata

from ganprofile.storage.files import printable

VIRAMA = 9  # the combining class of signs that join the next letter
FEWEST = 20  # pictures that show it


def letters_in(label):
    """How many letters a label has; signs on a letter and what a virama joins to it are part of
    it."""
    count, is_joined = 0, False
    for character in label:
        is_sign = unicodedata.category(character)[0] in "MC"
        count += not (is_sign or is_joined)
        is_joined = is_sign and (is_joined or unicodedata.combining(character) == VIRAMA)
    return count


def said_of_words(labels, where):
    """A sentence, in a list, where most labels are words of which each is of one picture only; []
    where they are not, as names of characters are not.

    Args:
        labels: text, of all pictures.
        where: what the sentence calls the set.
    """
    once = [label for label, count in collections.Counter(labels).items() if count == 1]
    words = [label for label in once if letters_in(label) > 1 and not label.isdecimal()]
    if len(labels) < FEWEST or 2 * len(words) < len(labels):
        return []
    return [
        f"{where}: {len(words):,} of {len(labels):,} pictures have a label that no other has, such "
        f"as {printable(words[0])!r}. If these are words, nothing can be learned from them: cut "
        "out the characters first."
    ]
