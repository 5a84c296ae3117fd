import pytest

from ganprofile.storage.characters import as_written, characters_of

CLASSES = ("\u0915", "\u0916", "\u0915\u093c", "\u0915\u093f", "a", "e", "\u0301")


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("\u0915\u093c\u0916", ["\u0915\u093c", "\u0916"]),
        ("\u0915\u093f\u0915", ["\u0915\u093f", "\u0915"]),
        ("ae", ["a", "e"]),
        ("e\u0301a", ["e", "\u0301", "a"]),  # a mark that is a class, of a letter that is one
        ("\u0916\u093f", ["\u0916\u093f"]),  # none of the classes
    ],
)
def test_a_text_is_taken_apart_into_the_characters_that_there_are(text, characters):
    assert characters_of(text, CLASSES) == characters


def test_a_mark_belongs_to_what_stands_before_it():
    assert as_written("a\u0301b") == ["a\u0301", "b"]
