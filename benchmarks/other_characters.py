"""Characters of other people, of which pairs are drawn: EMNIST's letters, Omniglot's alphabets."""

import dataclasses

import numpy as np
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
        """Without EMNIST's digits and the alphabets that are left out; kept in a folder."""
        path = folder / "characters.npz"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            write_arrays(path, cls._gathered())
        arrays = open_arrays(path)
        return cls(arrays["images"], arrays["labels"], int(arrays["letters"]))

    @staticmethod
    def _gathered():
        latin = gp.load("emnist", **load_options("emnist"))[0]
        latin = latin.of_classes([name for name in latin.class_names if not name.isdecimal()])
        images, labels, count = [latin.images], [latin.labels], latin.num_classes
        for alphabet in stroke_prior.alphabets_learned_from():
            images.append(alphabet.images)
            labels.append(alphabet.labels + count)
            count += alphabet.num_classes
        letters = np.array(latin.num_classes)
        return {
            "images": np.concatenate(images),
            "labels": np.concatenate(labels),
            "letters": letters,
        }

    def rows(self):
        """Of every class the rows of its images, a list."""
        return [np.flatnonzero(self.labels == label) for label in range(self.labels.max() + 1)]

    def classes(self, count, random):
        """Some classes, integers `(count,)`."""
        drawn = self.labels.max() + 1
        latin = random.integers(self.letters, size=count)
        others = random.integers(self.letters, drawn, size=count)
        return np.where(random.random(count) < LATIN, latin, others)
