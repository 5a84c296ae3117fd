"""What a file system takes for one name."""

import unicodedata


class Places:
    """Where files of an archive come to lie: names that differ may be one place of a folder.

    Args:
        folder: which they are unpacked into. Many file systems take `A` and `a` for one name, and
            some an accented letter in either of its spellings.
    """

    def __init__(self, folder):
        probe = folder / "probe-\u00e9"
        probe.touch()
        self._folds_case = (folder / "PROBE-\u00e9").exists()
        self._folds_accents = (folder / "probe-e\u0301").exists()
        probe.unlink()
        self._files = {}
        self._spellings = {}

    def taken_by(self, parts):
        """The name of the file, or of one in the folder, that this one would mix with, or None.

        Args:
            parts: the path of a file, in pieces. Where it mixes with none, its place is taken.
        """
        name = "/".join(parts)
        for depth in range(1, len(parts)):
            spelling = "/".join(parts[:depth])
            before = self._spellings.setdefault(self._folded(spelling), (spelling, name))
            if before[0] != spelling:
                return before[1]
        place = self._folded(name)
        before = self._files.get(place)
        self._files[place] = name
        return before

    def _folded(self, place):
        if self._folds_accents:
            place = unicodedata.normalize("NFC", place)
        return place.casefold() if self._folds_case else place
