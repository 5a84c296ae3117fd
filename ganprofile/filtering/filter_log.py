"""What a filter refused and why: counts, `rejected.csv`, examples for a picture."""

import collections
import csv

import numpy as np

from ganprofile.filtering import REJECTED
from ganprofile.filtering.rejection import PASSED, REASONS

COLUMNS = (
    "label",
    "class_name",
    "reason",  # a key of REASONS
    "read_as",  # the class that the classifiers find likeliest
    "score",  # their probability of the label
    "seed",  # with `draw`: the image can be drawn again
    "draw",
    "run",
)
MOST_EXAMPLES = 4  # of a reason and class
MOST_KEPT = 8  # of a class
KEPT = "kept"


class FilterLog:
    """Counts what is refused and writes it down as it comes.

    Args:
        class_names: the classes that labels index.
        folder: where `rejected.csv` is written; None writes nothing.
        **facts: what every row says (`seed`, `run`).

    Attributes:
        drawn: how many images were looked at.
        kept: how many of them went into the set.
        tests: what the images were held against, name -> number or boolean.
        examples: (reason or `KEPT`, label) -> images, the first that came.
    """

    def __init__(self, class_names, folder=None, **facts):
        self._class_names = list(class_names)
        self._facts = facts
        self._counts = {reason: np.zeros(len(self._class_names), np.int64) for reason in REASONS}
        self._file, self._rows = None, None
        if folder is not None:
            self._file = open(folder / REJECTED, "w", newline="", encoding="utf-8")
            self._rows = csv.DictWriter(self._file, COLUMNS)
            self._rows.writeheader()
        self.drawn, self.kept = 0, 0
        self.tests = {}
        self.examples = collections.defaultdict(list)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Complete the file."""
        if self._file is not None:
            self._file.close()

    def describe(self, **tests):
        """Take down what the images are held against."""
        self.tests.update(tests)

    def reject(self, block, reasons):
        """Take down what is refused of a `Block`, by the `reasons` of `RejectionFilter`."""
        for place in np.flatnonzero(reasons != PASSED):
            label, reason = int(block.labels[place]), str(reasons[place])
            self._counts[reason][label] += 1
            self._show(reason, label, block.images[place], MOST_EXAMPLES)
            if self._rows is not None:
                self._rows.writerow(self._row(block, place, label, reason))

    def keep(self, block):
        """Remember some images of a `Block` that goes into the set."""
        self.kept += len(block)
        for image, label in zip(block.images, block.labels.tolist(), strict=True):
            self._show(KEPT, label, image, MOST_KEPT)

    def counts(self):
        """Reason -> class name -> how many; what did not happen is left out."""
        return {
            reason: {
                name: int(count)
                for name, count in zip(self._class_names, counts, strict=True)
                if count
            }
            for reason, counts in self._counts.items()
            if counts.any()
        }

    def sentence(self):
        """What was dropped, in words."""
        totals = {reason: int(counts.sum()) for reason, counts in self._counts.items()}
        parts = [f"{total:,} {reason}" for reason, total in totals.items() if total]
        kept = f"Kept {self.kept:,} of {self.drawn:,} images drawn"
        return f"{kept}; dropped: {', '.join(parts)}." if parts else f"{kept}."

    def _show(self, reason, label, image, most):
        if len(self.examples[reason, label]) < most:
            self.examples[reason, label].append(image.copy())

    def _row(self, block, place, label, reason):
        row = {
            "label": label,
            "class_name": self._class_names[label],
            "reason": reason,
            "draw": int(block.draws[place]),
            **self._facts,
        }
        if block.probabilities is not None:
            probabilities = block.probabilities[place]
            row["read_as"] = self._class_names[int(probabilities.argmax())]
            row["score"] = f"{probabilities[label]:.4f}"
        return row
