"""What a number of `evaluate` means: good or bad, and for what, by what made the images.

The one table of limits and words: reports, the command and docs/how-to/metrics.md show it. The
limits on distances hold for the features that the package carries, of a thousand images and more:
models that a classifier learns from nearly as well as from real images stayed below the first, a
short training that it reads with 77 % lay above the second.
"""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from ganprofile.evaluation.copying import CopyReport
from ganprofile.evaluation.result import MEASURES, Evaluation
from ganprofile.evaluation.sources import DEFORMED, DRAWN

EXACT = 1e-6  # the aligned distance up to which two images are the same, maybe moved
GOOD, FAIR, BAD, PLAIN = "good", "fair", "bad", "no mark"
# What is bad -> the measures that look better for it than they are, up to which marks, and the
# words in their place.
HIDES = {
    "copy_rate": (
        ("authenticity", "membership_auc"),  # of all images, which say little of a few
        (GOOD,),
        "{}; not of the copies, which are training images again",
    ),
    "test_copy_rate": (
        (*MEASURES, "gap"),
        (GOOD, FAIR),
        "not known: test images are among these",
    ),
}
KINDS = {
    DRAWN: "Judged as images that a GAN draws, which should look like real ones.",
    DEFORMED: "These are real images deformed, and meant to be wider than reality: their distance "
    "is no mark. Whether they help a classifier is for ganprofile benchmark to say.",
}


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a measure says.

    Attributes:
        name: what the measure is called.
        asks: the question that it answers.
        off: `(Evaluation) -> float`: how far it is from the best, or None where it is not known; of
            what has an interval `(low, high)`, how far at least and at most.
        limits: up to which `off`, or its lower end, is good, and fair.
        good: which values are good and fair, in words.
        says: tone -> what that means, of images that a GAN drew.
        deformed: what it means of deformed images; empty where that is the same.
        sure: up to which the upper end of `off` may reach for `good` or `fair` to be said.
        left_open: what an interval means that reaches further, with places for its two ends.
    """

    name: str
    asks: str
    off: Callable[[Evaluation], float | tuple[float, float] | None]
    limits: tuple[float, float]
    good: str
    says: dict[str, str]
    deformed: str = ""
    sure: float = 0.0
    left_open: str = ""

    def tone(self, off: float) -> str:
        """`good`, `fair` or `bad`, of how far a value is from the best."""
        good, fair = self.limits
        return GOOD if off <= good else FAIR if off <= fair else BAD

    def mark(self, off: float | tuple[float, float]) -> tuple[str, str]:
        """`(tone, words)`: good only where all of an interval is, bad where all of it is."""
        low, high = off if isinstance(off, tuple) else (off, self.sure)
        tone = self.tone(low)
        is_open = tone != BAD and high > self.sure
        return (PLAIN, self.left_open) if is_open else (tone, self.says[tone])


@dataclasses.dataclass(frozen=True)
class Judged:
    """A measure of an evaluation and what it means.

    Attributes:
        key: in `MEANINGS`.
        name: what the measure is called.
        value: the number.
        tone: `good`, `fair`, `bad` or `no mark`.
        words: what that means.
    """

    key: str
    name: str
    value: float
    tone: str
    words: str


def judged(result: Evaluation) -> Iterator[Judged]:
    """What the numbers of an `Evaluation` mean; those that were not measured are left out.

    Where copies are bad, what looks better for them has no mark.
    """
    found = list(_each(result))
    bad = {one.key for one in found if one.tone == BAD}
    hiding = [hidden for key, hidden in HIDES.items() if key in bad]
    for one in found:
        for keys, tones, words in hiding:
            if one.key in keys and one.tone in tones:
                one = dataclasses.replace(one, tone=PLAIN, words=words.format(one.words))
        yield one


def _each(result: Evaluation) -> Iterator[Judged]:
    """What each number means by itself."""
    for key, meaning in MEANINGS.items():
        off = meaning.off(result)
        if off is None:
            continue
        tone, words = meaning.mark(off)
        if isinstance(off, tuple):
            words = words.format(*_value(result, f"{key}_interval"))
        is_no_mark = result.kind == DEFORMED and meaning.deformed
        if is_no_mark:
            tone, words = PLAIN, meaning.deformed
        if key == "copy_rate" and result.copies and (exact := _exact(result.copies)):
            tone, words = (PLAIN if is_no_mark else BAD), exact
        yield Judged(key, meaning.name, _value(result, key), tone, words)


def _value(result: Evaluation, key: str) -> Any:
    places = (result, result.copies, result.train_on_synthetic)
    return next(getattr(one, key) for one in places if hasattr(one, key))


def _exact(copies: CopyReport) -> str:
    """Which images are training images themselves, whatever real ones would show; or nothing."""
    same = [(row, original) for row, original, distance in copies.pairs if distance <= EXACT]
    if not same:
        return ""
    row, original = same[0]
    count = f"{len(same)}{' or more' * (len(same) == len(copies.pairs))}"
    are = "is exactly a training image" if count == "1" else "are exactly training images"
    return (
        f"{count} {are} again, maybe moved (image {row} is training image {original}): {ONLY_WHERE}"
    )


def _above_real(name: str) -> Callable[[Evaluation], float | None]:
    """How far a distance lies above that of real images, or above 0."""

    def off(result: Evaluation) -> float | None:
        usual = 0.0 if result.real is None else getattr(result.real, name)
        return getattr(result, name) - max(0.0, usual)

    return off


def _below_real(name: str) -> Callable[[Evaluation], float | None]:
    """How far a share lies below that of real images, or below 1."""

    def off(result: Evaluation) -> float | None:
        usual = 1.0 if result.real is None else getattr(result.real, name)
        return usual - getattr(result, name)

    return off


def _beside_real(off: Callable[[Evaluation], float | None]) -> Callable[[Evaluation], float | None]:
    """The same where it is known what real images show: what says nothing without that."""
    return lambda result: None if result.real is None else off(result)


def _fidelity(result: Evaluation) -> float | None:
    usual, found = result.train_on_real_accuracy, result.label_fidelity
    return None if usual is None or found is None else usual - found


def _gap(result: Evaluation) -> tuple[float, float] | None:
    used = result.train_on_synthetic
    return None if used is None or used.gap_interval is None else tuple(used.gap_interval)


def _copies(name: str) -> Callable[[Evaluation], tuple[float, float] | None]:
    """How far a share of copies lies above that of real images."""

    def off(result: Evaluation) -> tuple[float, float] | None:
        copies = result.copies
        if copies is None or (interval := getattr(copies, f"{name}_interval")) is None:
            return None
        low, high = interval
        return low - copies.held_out_rate_interval[1], high - copies.held_out_rate

    return off


def _authenticity(result: Evaluation) -> float | None:
    return None if result.copies is None else 0.5 - result.copies.authenticity


def _membership(result: Evaluation) -> tuple[float, float] | None:
    copies = result.copies
    if copies is None or copies.membership_auc_interval is None:
        return None
    low, high = copies.membership_auc_interval
    return max(low - 0.5, 0.5 - high), max(high - 0.5, 0.5 - low)


ONLY_WHERE = "share these images only where you may share those"
WIDER = "deformed images are meant to be wider than real ones"
MADE_OF_REAL = "each is made of a real image, and may stay near it"
MEANINGS = {
    "kernel_distance": Meaning(
        "kernel distance",
        "are the two sets alike in feature space (Binkowski et al. 2018)?",
        _above_real("kernel_distance"),
        (0.1, 1.0),
        "up to 0.1 above *real images*; to 1 fair",
        {
            GOOD: "about as close to real images as other real images",
            FAIR: "near real images, not the same: good to look at and to teach with",
            BAD: "far from real images: train longer, and look at the pictures",
        },
        WIDER,
    ),
    "frechet_distance": Meaning(
        "Fréchet distance",
        "the same by mean and covariance (Heusel et al. 2017)?",
        _beside_real(_above_real("frechet_distance")),
        (1.0, 10.0),
        "up to 1 above *real images*; to 10 fair. It grows where images are few",
        {
            GOOD: "mean and spread are those of real images",
            FAIR: "mean and spread are near those of real images",
            BAD: "mean or spread are far from those of real images",
        },
        WIDER,
    ),
    "density": Meaning(
        "density",
        "do new images lie where real ones are dense (Naeem et al. 2020)?",
        lambda result: abs(result.density - 1),
        (0.2, 0.5),
        "0.8 to 1.2; 0.5 to 1.5 fair. Above: only the most usual forms",
        {
            GOOD: "new images lie where real ones do",
            FAIR: "a little off: below 1 too strange, above 1 too usual",
            BAD: "far below 1: most are no characters; far above: only the most usual forms",
        },
        "below 1 says how much wider than real images they are",
    ),
    "coverage": Meaning(
        "coverage",
        "does every real image have a new one nearby?",
        _below_real("coverage"),
        (0.05, 0.25),
        "at most 0.05 below *real images*; 0.25 fair",
        {
            GOOD: "all kinds of real images are drawn",
            FAIR: "some kinds of real images are not drawn",
            BAD: "many kinds of real images are never drawn: classes or styles are missing",
        },
    ),
    "precision": Meaning(
        "precision",
        "which share of new images lies among real ones (Kynkäänniemi et al. 2019)?",
        _beside_real(_below_real("precision")),
        (0.05, 0.25),
        "at most 0.05 below *real images*; 0.25 fair",
        {
            GOOD: "nearly every image could be a real one",
            FAIR: "most images could be real ones",
            BAD: "many images could not be real ones: filter them, or train longer",
        },
        WIDER,
    ),
    "recall": Meaning(
        "recall",
        "which share of real images lies among new ones?",
        _beside_real(_below_real("recall")),
        (0.05, 0.25),
        "at most 0.05 below *real images*; 0.25 fair",
        {
            GOOD: "as varied as real images",
            FAIR: "a little less varied than real images",
            BAD: "much less varied than real images",
        },
    ),
    "label_fidelity": Meaning(
        "label fidelity",
        "which share of new images does a classifier of real ones read as their label?",
        _fidelity,
        (0.03, 0.15),
        "at most 0.03 below `train on real accuracy`; 0.15 fair",
        {
            GOOD: "the labels are right as often as real images are read",
            FAIR: "some images do not show their label",
            BAD: "many images do not show their label: filter them, or train longer",
        },
        "of images that might be two characters, the soft labels say so",
    ),
    "gap": Meaning(
        "gap",
        "how much worse reads a classifier that has seen only new images (train on synthetic; "
        "Ravuri & Vinyals 2019)?",
        _gap,
        (0.01, 0.05),
        "its interval reaches down to 0.01 and ends by 0.05; all of it from 0.01 to 0.05 fair",
        {
            GOOD: "these images alone teach about as well as real ones",
            FAIR: "these images alone teach a little less than real ones",
            BAD: "these images alone teach much less than real ones",
        },
        sure=0.05,
        left_open="so few test images leave open how much less these images alone teach: a gap of "
        "{:.2g} to {:.2g}",
    ),
    "copy_rate": Meaning(
        "copies",
        "which share is a training image again, also shifted or with noise?",
        _copies("copy_rate"),
        (0.0, 0.0),
        "its interval ends at most 0.01 above *the same of* real images, and none is exactly one",
        {
            GOOD: "hardly more copies than real images would show, if any",
            BAD: f"training images are drawn again: {ONLY_WHERE}",
        },
        MADE_OF_REAL,
        sure=0.01,
        left_open="not shown to be more than real images would show; so few images leave open a "
        "share of {:.2g} to {:.2g}",
    ),
    "test_copy_rate": Meaning(
        "copies of test images",
        "which share is an image again that what learns from these is tested with?",
        _copies("test_copy_rate"),
        (0.0, 0.0),
        "its interval ends at most 0.01 above *the same of* real images",
        {
            GOOD: "hardly more copies of them than chance gives, if any",
            BAD: "test images are among these: what learns from them reads those too well, and "
            "neither accuracies nor distances to them say anything",
        },
        sure=0.01,
        left_open="not shown to be more than chance gives; so few images leave open a share of "
        "{:.2g} to {:.2g}",
    ),
    "authenticity": Meaning(
        "authenticity",
        "which share is no nearer to a training image than that is to its neighbour "
        "(Alaa et al. 2022)?",
        _authenticity,
        (0.05, 0.2),
        "0.45 or more; 0.3 fair",
        {
            GOOD: "most new images keep their distance from the training images",
            FAIR: "many images lie near a training image",
            BAD: "most images lie near a training image",
        },
        MADE_OF_REAL,
    ),
    "membership_auc": Meaning(
        "membership AUC",
        "can one tell from the new images which images were trained on?",
        _membership,
        (0.0, 0.1),
        "its interval holds 0.5 and lies in 0.4 to 0.6; wholly above 0.6 or below 0.4 bad",
        {
            GOOD: "they hardly tell which images were trained on, if at all",
            FAIR: "they lie a little nearer to the images trained on (above 0.5) or to the others",
            BAD: "above 0.5 they tell which images were trained on: share these images only where "
            "you may share those; below 0.5 they are nearer to the others, as if made from them",
        },
        MADE_OF_REAL,
        sure=0.1,
        left_open="so few images leave open how well they tell which images were trained on: an "
        "AUC of {:.2f} to {:.2f}",
    ),
}
