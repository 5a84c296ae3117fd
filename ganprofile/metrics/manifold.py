"""Where two sets of features overlap: density, coverage, precision, recall."""

import dataclasses

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.metrics.balls import comparable, inside, squared_radii
from ganprofile.metrics.checks import check_features

NEIGHBOURS = 5


@dataclasses.dataclass(frozen=True)
class Overlap:
    """How the balls around the images of two sets overlap.

    The ball of an image reaches to its k-th nearest neighbour in its own set.

    Attributes:
        density: in how many balls of real images a fake one lies, over k; about 1 where both are
            alike, more where fake ones crowd in the midst of real ones.
        coverage: the share of real images whose ball holds a fake one.
        precision: the share of fake images that lie in some real one's ball.
        recall: the share of real images that lie in some fake one's ball.
    """

    density: float
    coverage: float
    precision: float
    recall: float


def overlap(real_features, fake_features, k=NEIGHBOURS):
    """Density and coverage, precision and recall.

    As in Naeem, Oh, Uh, Choi, Yoo: Reliable fidelity and diversity metrics for generative models,
    2020 (arXiv 2002.09797), and Kynkäänniemi, Karras, Laine, Lehtinen, Aila: Improved precision and
    recall metric for assessing generative models, 2019 (arXiv 1904.06991).

    Args:
        real_features: `(m, d)`, m more than k.
        fake_features: `(n, d)`, n more than k, from the same network. What coverage and recall are
            for sets that are alike depends on m and n; at m = n coverage is then 1 - 2^-k.
        k: which neighbour a ball reaches to.

    Returns:
        `Overlap`.

    Raises:
        UsageError: an array is not features, the two differ in d, or have too few rows for k.
    """
    real, fake = _checked(real_features, fake_features, k)
    reach = squared_radii(real, k)[:, None], squared_radii(fake, k)[None]
    within, covered, recalled = 0, 0, 0
    precise = np.zeros(len(fake), bool)
    for of_real, of_fake in inside(real, fake, *reach):
        within += np.count_nonzero(of_real)
        covered += np.count_nonzero(of_real.any(axis=1))
        precise |= of_real.any(axis=0)
        recalled += np.count_nonzero(of_fake.any(axis=1))
    return Overlap(
        density=float(within / (k * len(fake))),
        coverage=float(covered / len(real)),
        precision=float(precise.mean()),
        recall=float(recalled / len(real)),
    )


def coverage_by_class(
    real_features, fake_features, real_labels, fake_labels, num_classes, k=NEIGHBOURS
):
    """The coverage within every class: of its real images by the fake ones that bear its label.

    Args:
        real_features: `(m, d)`.
        fake_features: `(n, d)`, from the same network.
        real_labels: class indices `(m,)`.
        fake_labels: class indices `(n,)`.
        num_classes: how many classes there are.
        k: which neighbour a ball reaches to.

    Returns:
        float64 `(num_classes,)`; 0 where no fake image bears the label, NaN where the class has k
        real images or fewer, so that there are no balls.

    Raises:
        UsageError: an array is not features, or labels do not fit them.
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    for name, labels, features in (
        ("real_labels", real_labels, real),
        ("fake_labels", fake_labels, fake),
    ):
        if np.shape(labels) != (len(features),):
            raise UsageError(
                f"{name} should be {len(features)} class indices, one a row of the features. "
                f"Received: shape {np.shape(labels)}."
            )
    shares = np.full(num_classes, np.nan)
    for label in range(num_classes):
        ours = real[np.asarray(real_labels) == label]
        others = fake[np.asarray(fake_labels) == label]
        if len(ours) > k:
            ours, others = comparable(ours, others)
            found = inside(ours, others, squared_radii(ours, k)[:, None])
            shares[label] = np.concatenate([balls.any(axis=1) for (balls,) in found]).mean()
    return shares


def _checked(real, fake, k):
    real, fake = check_features(real_features=real, fake_features=fake)
    fewest = min(len(real), len(fake))
    if not 1 <= k < fewest:
        raise UsageError(
            f"k should be in 1..{fewest - 1}, below the number of images of either side. "
            f"Received: {k}."
        )
    return comparable(real, fake)
