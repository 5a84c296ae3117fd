"""Recipes: how a set is made of a person's own images, and what that gave on reference data."""

import dataclasses
import json
import math
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import counted, points
from ganprofile.datasets import Dataset
from ganprofile.datasets.classes import in_words
from ganprofile.datasets.fingerprint import hash_images
from ganprofile.datasets.loaders.loaded_data import LARGEST_LEARNED
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.errors import UsageError
from ganprofile.recipes.ensembles import DEEP_TEACHERS, PRETRAINED_TEACHERS, WARPED, TeacherEnsemble
from ganprofile.recipes.pretrained import PretrainedWeights, pretrained_for
from ganprofile.recipes.sizes import FEWEST, untested
from ganprofile.transforms.framing import touching

ENSEMBLES = {
    "deformed+distilled": WARPED,
    "deformed+distilled+pretrained": PRETRAINED_TEACHERS,
    "classic+distilled": DEEP_TEACHERS,
}
FROM_FEW, WITH_PRETRAINED, FROM_MANY = ENSEMBLES
# Images per class. With 50 warping still helped, with 200 it cost more than it gave; the bound
# between them is set, not measured.
MANY = 100
PRETRAINING = ("auto", "none")
MOST_PER_CLASS = 1000
UNEQUAL = 3  # times as many images of one class as of another: about how many there are says little
# Name of data in the benchmarks -> what the user asks for, where that is called otherwise.
CALLED = {"chars74k-sizes": "chars74k, sizes kept,", "emnist-digits": "emnist/digits"}
KNOWN_GAINS = "reference_gains.json"  # written by benchmarks/does_it_help.py


@dataclasses.dataclass(frozen=True)
class Gain:
    """What a recipe gave over the arm `classic` on the test part of reference data.

    Attributes:
        data: the dataset's name.
        per_class: real images of every class.
        arm: the recipe.
        subsets: how many subsets were measured.
        mean: difference of the accuracies, 0.01 = one percentage point.
        low: lower end of its interval, which holds together with all others of its data with 95 %.
        high: upper end.
    """

    data: str
    per_class: int
    arm: str
    subsets: int
    mean: float
    low: float
    high: float

    def sentence(self) -> str:
        data = CALLED.get(self.data, self.data)
        return (
            f"{data} with {self.per_class} images per class: {points(self.mean)} points "
            f"({points(self.low)}..{points(self.high)}, {self.subsets} subsets)"
        )


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How a set is made.

    Attributes:
        arm: the arm of the experiment that does the same.
        why: some sentences.
        gains: what it gave on reference data of about this size.
        pretrained: what teachers begin with, `PretrainedWeights`, or None.
    """

    arm: str
    why: str
    gains: tuple[Gain, ...]
    pretrained: PretrainedWeights | None = None

    @property
    def why_here(self) -> str:
        """The same, for who can say `pretrained`: what else there is."""
        otherwise = ' `pretrained="none"` lets teachers begin with nothing.'
        return f"{self.why}{otherwise if self.pretrained else ''}"

    @property
    def ensemble(self) -> TeacherEnsemble:
        """Who labels the set; its images are deformed as those that the teachers learned from."""
        return ENSEMBLES[self.arm].beginning_with(self.pretrained)


def known_gains() -> tuple[Gain, ...]:
    """All that was measured, a tuple of `Gain`s."""
    text = resources.files(__package__).joinpath(KNOWN_GAINS).read_text("utf-8")
    return tuple(Gain(**row) for row in json.loads(text))


def recipe_for(real: Dataset, pretrained: Literal["auto", "none"] = "auto") -> Recipe:
    """The recipe for a labelled `Dataset`.

    The one that gave most on reference data; of each of these the size counts that is nearest.

    Args:
        real: the images.
        pretrained: `auto` lets teachers begin with pretrained weights where they may be used,
            `none` never.

    Raises:
        UsageError: there are too many images, one class only, or no such `pretrained`.
    """
    if pretrained not in PRETRAINING:
        raise UsageError(
            f"`pretrained` is one of {', '.join(PRETRAINING)}. Received: {pretrained!r}."
        )
    counts = _different(real)
    per_class = int(np.median(counts[counts > 0]))
    if real.num_classes < 2:
        raise UsageError(
            f"{real.name} has one class; a recipe needs two or more to tell apart. "
            "Train a model instead: ganprofile train."
        )
    if per_class > MOST_PER_CLASS:
        raise UsageError(
            f"{real.name} has {per_class:,} images per class; recipes are for "
            f"{MOST_PER_CLASS:,} at most. Take a part (augment with `subset=200`, "
            "benchmark with `per_class=200`), or train a model: ganprofile train."
        )
    if per_class >= MANY:
        arm, allowed = FROM_MANY, None
        about = (
            "So many show by themselves how their class differs, and need no pretrained weights."
            f"{_but_of_small(real, counts)}"
        )
    else:
        allowed, about = (
            (None, "No pretrained weights, as you asked.")
            if pretrained == "none"
            else pretrained_for(real)
        )
        arm = WITH_PRETRAINED if allowed else FROM_FEW
    gains = _nearest(per_class, arm)
    return Recipe(arm, _why(real, per_class, arm, about), gains, allowed)


def _why(real: Dataset, per_class: int, arm: str, about: str) -> str:
    """Why it is this arm, some sentences."""
    is_pairwise = ENSEMBLES[arm].deformation.is_pairwise
    how = "warped as those of their class differ" if is_pairwise else "under classical transforms"
    counts = _different(real)
    fewest, most = int(counts[counts > 0].min()), int(counts.max())
    unequal = f" ({fewest:,} to {most:,})" if most > UNEQUAL * fewest else ""
    sentences = [
        f"{real.name} has about {per_class} image{'s' * (per_class != 1)} per class{unequal}. "
        "What helped a classifier most on reference data are images "
        f"{how}, labelled by teachers: {arm}.",
        "Drawn by a GAN they showed no benefit there.",
        about,
        _of_copies(real, counts),
        _of_one_image(real, counts),
        _of_untested_sizes(real),
        _of_large_images(real),
        touching(real.images),
    ]
    return " ".join(filter(None, sentences))


def _different(real: Dataset) -> NDArray[np.int64]:
    """How many different images each class has: a copy shows nothing new."""
    _, which = np.unique(hash_images(real.images), return_inverse=True)
    pairs = np.unique(which * real.num_classes + np.asarray(real.labels))
    return np.bincount(pairs % real.num_classes, minlength=real.num_classes)


def _but_of_small(real: Dataset, counts: NDArray[np.int64]) -> str:
    """What holds of the classes that have far fewer images than most, else nothing."""
    small = [name for name, count in zip(real.class_names, counts, strict=True) if 0 < count < MANY]
    return (
        f" That does not hold of {in_words(small)}, with fewer than {MANY} images "
        f"(from {counts[counts > 0].min()}); what is said of gains is of classes as large as most."
        if small
        else ""
    )


def _of_copies(real: Dataset, counts: NDArray[np.int64]) -> str:
    """A sentence where images are there several times, else nothing."""
    copies = len(real) - int(counts.sum())
    if not copies:
        return ""
    return f"Not counted: {counted(copies, 'image')} that stood before in the same class."


def _of_large_images(real: Dataset) -> str:
    """A sentence where images are larger than any that was tried, else nothing."""
    height, width = real.image_shape[:2]
    if max(height, width) <= LARGEST_LEARNED:
        return ""
    return (
        f"Its images of {width}x{height} are larger than {LARGEST_LEARNED} pixels, up to which "
        "characters are learned here: it takes very long, and nothing was measured."
    )


def _of_one_image(real: Dataset, counts: NDArray[np.int64]) -> str:
    """A sentence where classes have but one image, else nothing."""
    single = int((counts == 1).sum())
    if not single:
        return ""
    every = "Every class" if single == real.num_classes else f"{single} of its classes"
    has = "has" if single in (1, real.num_classes) else "have"
    return (
        f"{every} {has} one image, which shows nothing of how others of its class differ: it is "
        "moved, turned and bent, no more. Add a second one where there is one."
    )


def _of_untested_sizes(real: Dataset) -> str:
    """A sentence where classes have too few images to ask whether size tells them apart."""
    few = untested(real.labels)
    if not few:
        return ""
    whose = "its classes" if few == real.num_classes else f"{few} of its classes"
    unless = "" if few == real.num_classes else ", unless the others show that it does"
    then = (
        "all images keep theirs, since you asked for it (`keep_size`)."
        if kept_size(real) is not None
        else f"all images are made larger and smaller{unless}. If it does, take {FEWEST} of each, "
        'or load scans with `keep_size="auto"`.'
    )
    return (
        f"Whether size tells characters apart cannot be found out of {whose}, which have fewer "
        f"than {FEWEST} images: {then}"
    )


def _nearest(per_class: int, arm: str) -> tuple[Gain, ...]:
    """Of every dataset the gain of an arm that was measured nearest to a size; without pretrained
    weights where it was not measured with them so near: the more images, the less any set gives.
    """

    def distance(gain: Gain) -> tuple[float, bool]:
        return abs(math.log(gain.per_class / per_class)), gain.arm != arm

    known = known_gains()
    data = {gain.data for gain in known if gain.arm == arm}
    alike = {arm, FROM_FEW} if arm == WITH_PRETRAINED else {arm}
    told = [gain for gain in known if gain.arm in alike and (gain.data in data or not data)]
    nearest: dict[str, Gain] = {}
    for gain in sorted(told, key=distance):
        nearest.setdefault(gain.data, gain)
    return tuple(sorted(nearest.values(), key=lambda gain: (gain.arm != arm, gain.data)))
