"""How small a gain an experiment can show, said before the work."""

import collections
import dataclasses

import numpy as np

from ganprofile.benchmarking.comparisons import pairs
from ganprofile.benchmarking.paired import expected_difference
from ganprofile.benchmarking.sizes import ALL, overlap_of, said
from ganprofile.benchmarking.statistics import LEVEL
from ganprofile.console import say

MUCH = 0.5  # an overlap above which more subsets say little more
MANY = 1000  # subsets, as good as any number
# The share of test images that two arms read differently, on reference data with 10 to 50 images
# per class; where there are cells already, theirs is taken.
DIFFERING = 0.08


@dataclasses.dataclass(frozen=True)
class Outlook:
    """What subsets of a size can show of one comparison, beside all others of the experiment.

    Attributes:
        per_class: images of every class in a subset, or `"all"`.
        overlap: the share of images that two subsets are expected to have in common.
        repeats: how many subsets, those among them that the result holds already.
        smallest_gain: the smallest gain that is likely to be shown; None where there are too few
            test images or subsets for any.
        floor: the same with any number of subsets.
    """

    per_class: int | str
    overlap: float
    repeats: int
    smallest_gain: float | None
    floor: float | None

    @classmethod
    def of(cls, settings, sizes, repeats, content, baseline):
        """One for each size, a list.

        Args:
            settings: those of the experiment.
            sizes: images of every class in a subset, or `"all"`.
            repeats: how many subsets of each are asked for.
            content: of the result file as far as it has come.
            baseline: the arm that all others are compared with.
        """
        images = sum(settings["test_class_counts"])
        differing = _differing(content["cells"], images)
        together = {*sizes, *(cell["per_class"] for cell in content["cells"])}
        compared = pairs(content["arms"], baseline)
        comparisons = max(1, len(together) * len(compared))

        def gain(subsets, overlap):
            expected = expected_difference(subsets, images, overlap, differing)
            return expected.estimate(LEVEL / comparisons).smallest_gain

        found = []
        for size in sizes:
            overlap = overlap_of(size, settings["class_counts"])
            subsets = _subsets(content["cells"], size, repeats, compared)
            gains = (gain(count, overlap) for count in (subsets, MANY))
            found.append(cls(size, overlap, subsets, *gains))
        return found

    def warn(self):
        """Say what more subsets could not change, where they overlap by more than a half."""
        if MUCH < self.overlap < 1 and None not in (self.smallest_gain, self.floor):
            say(
                f"Subsets {said(self.per_class)} share {100 * self.overlap:.3g} % of their images: "
                f"{self.repeats} of them show gains of about {100 * self.smallest_gain:.2f} points "
                f"or more, any number of them {100 * self.floor:.2f}. To ask about these images "
                f'alone, take `per_class="{ALL}"`.'
            )

    def as_json(self):
        """A dict of JSON values."""
        return dataclasses.asdict(self)


def _subsets(cells, size, repeats, compared):
    """The most subsets of a size that two arms will both have been tried on."""
    tried = collections.defaultdict(lambda: set(range(repeats)))
    for cell in cells:
        if cell["per_class"] == size:
            tried[cell["arm"]].add(cell["repeat"])
    return max((len(tried[arm] & tried[against]) for arm, against in compared), default=repeats)


def _differing(cells, images):
    """The share of test images that arms disagree on, from the errors of cells if there are any."""
    errors = [1 - cell["accuracy"] for cell in cells]
    return float(np.clip(np.mean(errors), 1 / images, 0.5)) if errors else DIFFERING
