"""Characters of other people, of which pairs are drawn: Latin letters and alphabets, or scripts."""

import dataclasses

import numpy as np
import scripts
import stroke_prior
from does_it_help import load_options

import ganprofile as gp
from ganprofile.storage.arrays import open_arrays, write_arrays

LATIN = 0.6  # of what is drawn, the share of EMNIST's letters


@dataclasses.dataclass(frozen=True)
class OtherCharacters:
    """Characters that are not the user's.

    Attributes:
        images: uint8 `(n, 28, 28, 1)`.
        labels: integers `(n,)`, those of Latin letters first.
        letters: how many classes are Latin.
    """

    images: np.ndarray
    labels: np.ndarray
    letters: int

    @classmethod
    def kept(cls, folder):
        """EMNIST's letters and some alphabets, not those left out; kept in a folder."""
        return cls._of_file(folder / "characters.npz", _latin_and_alphabets)

    @classmethod
    def of_scripts(cls, folder):
        """Bangla, Devanagari, Arabic and all alphabets but the Latin one; kept in a folder."""
        return cls._of_file(folder / "scripts.npz", _scripts)

    @classmethod
    def _of_file(cls, path, gather):
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            letters, sets = gather()
            firsts = np.cumsum([0, *(one.num_classes for one in sets)])
            labels = [one.labels + first for one, first in zip(sets, firsts[:-1], strict=True)]
            images = np.concatenate([one.images for one in sets])
            arrays = {"images": images, "labels": np.concatenate(labels)}
            write_arrays(path, {**arrays, "letters": np.array(letters)})
        arrays = open_arrays(path)
        return cls(arrays["images"], arrays["labels"], int(arrays["letters"]))

    def rows(self):
        """Of every class the rows of its images, a list."""
        return [np.flatnonzero(self.labels == label) for label in range(self.labels.max() + 1)]

    def classes(self, count, random):
        """Some classes, integers `(count,)`."""
        others = random.integers(self.letters, self.labels.max() + 1, size=count)
        if not self.letters:
            return others
        latin = random.integers(self.letters, size=count)
        return np.where(random.random(count) < LATIN, latin, others)


def _latin_and_alphabets():
    latin = gp.load("emnist", **load_options("emnist"))[0]
    latin = latin.of_classes([name for name in latin.class_names if not name.isdecimal()])
    return latin.num_classes, [latin, *stroke_prior.alphabets_learned_from()]


def _scripts():
    digits = [scripts.READ[name](name, scripts.SIZE) for name in ("bangla", "devanagari", "arabic")]
    return 0, [*digits, *stroke_prior.alphabets_learned_from({"Latin"})]
