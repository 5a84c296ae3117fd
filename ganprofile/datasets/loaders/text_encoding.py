"""Bytes of tables as text and lines, in whatever encoding they were written."""

import codecs
import io

HEAD = 2**18  # bytes that tell what a file is
# The longer marks first: UTF-32's begins with UTF-16's.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(content, final=True, code_page=None):
    """Bytes as text, and the name of the encoding.

    Args:
        content: the bytes.
        final: whether they are all, or may end within a character.
        code_page: of text that is not Unicode; None takes that of Western Windows.
    """
    mark = next((mark for mark in MARKS if content.startswith(mark)), None)
    if mark is not None:
        encodings = [MARKS[mark]]
    elif content[:HEAD].count(0) > len(content[:HEAD]) / 4:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8", *([code_page] if code_page else ("cp1252", "latin-1"))]
    for encoding in encodings[:-1]:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(content, final), encoding
        except UnicodeDecodeError:
            continue
    return codecs.getincrementaldecoder(encodings[-1])().decode(content, final), encodings[-1]


def guessed_encoding(path, encoding, code_page=None):
    """A list of one sentence where the encoding of a table had to be guessed, else `[]`.

    Args:
        path: of the table, for the sentence.
        encoding: as `decoded` names it.
        code_page: what the user named.
    """
    if encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", code_page):
        return []
    return [
        f"{path} is not UTF-8; it was read as {encoding}. See that the labels are right; if they "
        "are not, save the table as UTF-8."
    ]


def beginning(path, code_page=None):
    """The first lines of a file."""
    with open(path, "rb") as file:
        content = file.read(HEAD)
    lines = lines_of(decoded(content, final=False, code_page=code_page)[0])
    return lines[:-1] if len(content) == HEAD and len(lines) > 1 else lines


def lines_of(text):
    """The lines of a text, with what ends them."""
    return list(io.StringIO(text, newline=""))
