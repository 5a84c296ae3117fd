"""Whether a set of synthetic images copies the images it was learned from."""

import dataclasses

import numpy as np

from ganprofile.errors import UsageError, check_seed
from ganprofile.evaluation.train_on_synthetic import wilson
from ganprofile.images import enlarge, grid
from ganprofile.metrics.copies import (
    NEIGHBOURS,
    NOISE,
    SAME_SHAPE,
    Originals,
    authenticity,
    copy_threshold,
    membership_auc,
)

PAIRS = 10
HELD_OUT = 5000  # real images, at most, that the rate of synthetic ones is held against
MEMBERS = 2500  # real images of either kind, at most, that membership is inferred of
PIXELS = 84  # of an image's side in the picture, more or less
TEST, UNSEEN, TRAINING = "test", "unseen", "training"
IN_WORDS = {
    TEST: "test images",
    UNSEEN: "unseen real images",
    TRAINING: "training images among themselves",
}


@dataclasses.dataclass(frozen=True)
class CopyReport:
    """What `find_copies` found; rates in 0..1, intervals `(low, high)` of 95 %.

    Attributes:
        copy_rate: the share of synthetic images that are copies of a training image.
        copy_rate_interval: by Wilson.
        held_out_rate: the same share of real images that were not trained on.
        held_out_rate_interval: by Wilson.
        held_out: what those images are: of a `"test"` part, other `"unseen"` ones, or `"training"`
            where there are none such: then training images are held against all others.
        test_copy_rate: the share of synthetic images that are copies of one of those images; None
            where they are training images.
        test_copy_rate_interval: by Wilson, or None.
        authenticity: the share of synthetic images that are further from their nearest training
            image than that is from its own nearest (Alaa et al. 2022), in feature space.
        membership_auc: how well closeness to the nearest synthetic image tells training from test
            images: 0.5 is not at all; None without test images.
        membership_auc_interval: by DeLong, or None.
        threshold: the aligned distance up to which an image counts as a copy.
        method: how it was decided, in one sentence.
        pairs: the ten closest `(synthetic index, training index, aligned distance)`, closest first.
    """

    copy_rate: float
    copy_rate_interval: tuple
    held_out_rate: float
    held_out_rate_interval: tuple
    held_out: str
    test_copy_rate: float | None
    test_copy_rate_interval: tuple | None
    authenticity: float
    membership_auc: float | None
    membership_auc_interval: tuple | None
    threshold: float
    method: str
    pairs: tuple

    @property
    def held_out_images(self):
        """What `held_out` says, in words."""
        return IN_WORDS[self.held_out]

    def as_dict(self):
        """Everything as plain JSON values."""
        values = dataclasses.asdict(self)
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return {**plain, "pairs": [list(pair) for pair in self.pairs]}


def find_copies(
    synthetic_images,
    train_images,
    test_images=None,
    *,
    features,
    seed=0,
    progress=lambda done, total: None,
):
    """Look for copies of training images among synthetic ones.

    Args:
        synthetic_images: uint8 `(n, height, width, 1 or 3)`, 255 = ink, n at least 2.
        train_images: uint8 `(m, height, width, 1 or 3)`, m at least 2: what the generator has
            learned from.
        test_images: uint8 `(k, height, width, 1 or 3)`, k at least 2, that it has not seen, or
            None; then training images are held against all others.
        features: images -> float `(n, d)`, such as a `metrics.features.FeatureNetwork`.
        seed: of every random choice.
        progress: called with the number of images compared and of all.

    Returns:
        A `CopyReport`.

    Raises:
        UsageError: there are too few images, or they differ in size.
    """
    check_seed(seed)
    names = ("synthetic_images", "train_images", "test_images")
    sets = dict(zip(names, (synthetic_images, train_images, test_images), strict=True))
    present = {
        name: _Set.of(name, images, features) for name, images in sets.items() if images is not None
    }
    synthetic, train, test = (present.get(name) for name in names)
    threshold = copy_threshold(train_images, seed=seed)
    count = _Counter(progress, _comparisons(synthetic, train, test))
    originals = train.prepared()
    distances, indices = originals.closest(*synthetic.columns, on_images=count)
    held_out = _held_out_distances(originals, train, test, seed, count)
    closest = np.argsort(distances, kind="stable")[:PAIRS]
    pairs = [(int(k), int(indices[k]), float(distances[k])) for k in closest]
    return CopyReport(
        *_rate(distances, threshold),
        *_rate(held_out, threshold),
        TRAINING if test is None else TEST,
        *_test_rate(synthetic, test, threshold, count),
        authenticity(synthetic.features, train.features),
        *_membership(synthetic, train, test, seed, count),
        threshold,
        _method(threshold),
        tuple(pairs),
    )


def closest_pairs_picture(synthetic_images, train_images, report):
    """The closest pairs of a `CopyReport`, closest first: above the synthetic images, below the
    training images.

    Args:
        synthetic_images: uint8 `(n, height, width, 1 or 3)`.
        train_images: uint8 `(m, height, width, 1 or 3)`.
        report: what `find_copies` said of them.

    Returns:
        uint8 `(picture_height, picture_width, 1 or 3)`, for `images.save_png`.
    """
    synthetic, original = ([pair[k] for pair in report.pairs] for k in (0, 1))
    rows = synthetic_images[synthetic], train_images[original]
    channels = max(row.shape[-1] for row in rows)
    images = np.concatenate([np.repeat(row, channels // row.shape[-1], axis=-1) for row in rows])
    return enlarge(grid(images, len(synthetic)), max(1, round(PIXELS / images.shape[1])))


@dataclasses.dataclass(frozen=True)
class _Set:
    images: np.ndarray
    features: np.ndarray

    @classmethod
    def of(cls, name, images, features):
        if len(images) < 2:
            raise UsageError(f"{name} should be two or more. Received: {len(images)}.")
        return cls(images, np.asarray(features(images)))

    def __len__(self):
        return len(self.images)

    @property
    def columns(self):
        return self.images, self.features

    def prepared(self):
        return Originals(*self.columns)

    def some(self, most, seed, place):
        """At most so many, drawn at random; and their indices."""
        random = np.random.default_rng([seed, place])
        chosen = np.sort(random.permutation(len(self))[:most])
        return _Set(self.images[chosen], self.features[chosen]), chosen


class _Counter:
    def __init__(self, progress, total):
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, images):
        self._done += images
        self._progress(self._done, self._total)


def _comparisons(synthetic, train, test):
    """How many images will be compared with others."""
    total = len(synthetic) + min(HELD_OUT, len(train if test is None else test))
    if test is None:
        return total
    return total + len(synthetic) + min(MEMBERS, len(train)) + min(MEMBERS, len(test))


def _held_out_distances(originals, train, test, seed, count):
    """Of real images to the training images: of test images, or of some to all others."""
    some, chosen = (train if test is None else test).some(HELD_OUT, seed, 1)
    own = chosen if test is None else None
    return originals.closest(*some.columns, own=own, on_images=count)[0]


def _test_rate(synthetic, test, threshold, count):
    if test is None:
        return None, None
    return _rate(test.prepared().closest(*synthetic.columns, on_images=count)[0], threshold)


def _membership(synthetic, train, test, seed, count):
    """`(auc, interval)`; `(None, None)` without images that are no members."""
    if test is None:
        return None, None
    drawn = synthetic.prepared()
    scores = [
        -drawn.closest(*real.some(MEMBERS, seed, place)[0].columns, on_images=count)[0]
        for place, real in ((2, train), (3, test))
    ]
    return membership_auc(*scores)


def _rate(distances, threshold):
    """`(share, interval)` of copies."""
    copies = int((distances <= threshold).sum())
    return copies / len(distances), wilson(copies, len(distances))


def _method(threshold):
    return (
        f"An image is a copy if it differs by at most {threshold:.4f}, 1 less the correlation of "
        f"blurred pixels at the best shift of up to 2 pixels of 28, from one of its {NEIGHBOURS} "
        f"nearest in feature space or of {SAME_SHAPE} of the same coarse shape; of planted copies, "
        f"shifted and with noise of {NOISE} levels, 99.5 % do."
    )
