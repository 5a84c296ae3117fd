"""Names of an archive's members as text: many archives do not say in which code page theirs are."""

import struct
import zlib

from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

_UTF8_FLAG = 0x800
_UNICODE_NAME = 0x7075  # the field of a zip's member that holds its name as UTF-8
_OF_ZIP, _OF_TAR = "cp437", "latin-1"  # what is taken where nothing is known; both take any byte


class Names:
    """Reads the names of one archive.

    Args:
        path: of the archive, for sentences.
        encoding: the code page of names that do not say it; None takes UTF-8 where that fits.

    Attributes:
        guessed: the first name whose code page had to be guessed, or None.
    """

    def __init__(self, path, encoding=None):
        self.guessed = None
        self._path, self._encoding = path, encoding

    def in_zip(self, info):
        """The name of a `ZipInfo`, which Python has read as code page 437 unless it is marked.

        Raises:
            UsageError: it is not of the code page that was said.
        """
        if info.flag_bits & _UTF8_FLAG:
            return info.filename
        raw = info.orig_filename.encode(_OF_ZIP).partition(b"\0")[0]
        recorded = _unicode_name(info.extra, raw)
        if recorded is not None or self._encoding is None:
            return self._text(raw if recorded is None else recorded, _OF_ZIP)
        return self._told(raw)

    def in_tar(self, name):
        """A name that Python has read as UTF-8, with surrogates for other bytes.

        Raises:
            UsageError: it is not of the code page that was said.
        """
        return self._text(name.encode("utf-8", "surrogateescape"), _OF_TAR)

    def sentence(self):
        """What to tell the user of names that had to be guessed."""
        return (
            f"{printable(self._path)} does not say in which code page its names are, such as "
            f"{printable(self.guessed)}. If they look wrong, pack it again with names in UTF-8, or "
            "import it with `zip_encoding` (cp932, gb18030, cp949, cp866, ...)."
        )

    def _text(self, raw, fallback):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            if self._encoding is not None:
                return self._told(raw)
            name = raw.decode(fallback)
            self.guessed = self.guessed or name
            return name

    def _told(self, raw):
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{printable(self._path)} has the name {raw!r:.80}, which is not {self._encoding}. "
                "Say another `zip_encoding`."
            ) from error


def _unicode_name(extra, raw):
    """The UTF-8 name in the further fields of a zip's member, bytes, or None."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_NAME and field[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return field[5:]
    return None
