"""Where two sets of features overlap: density, coverage, precision, recall."""

import dataclasses

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.metrics.checks import check_features

NEIGHBOURS = 5
BLOCK = 250  # rows; their distances to 10,000 others take 20 MB
# A copy of somebody's k-th neighbour lies exactly on the border of a ball, where rounding, which
# differs between processors, would decide. It counts as outside, as it does without rounding.
BORDER = 1 - 1e-9


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
    real_radii, fake_radii = _radii(real, k), _radii(fake, k)
    inside, covered, recalled = 0, 0, 0
    precise = np.zeros(len(fake), bool)
    for rows, distances in _distances(real, fake):
        balls = distances < real_radii[rows, None]
        inside += np.count_nonzero(balls)
        covered += np.count_nonzero(balls.any(axis=1))
        precise |= balls.any(axis=0)
        recalled += np.count_nonzero((distances < fake_radii).any(axis=1))
    return Overlap(
        density=float(inside / (k * len(fake))),
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
        ours = real[np.asarray(real_labels) == label].astype(np.float64)
        others = fake[np.asarray(fake_labels) == label].astype(np.float64)
        if len(ours) > k:
            radii = _radii(ours, k)
            covered = [
                (distances < radii[rows, None]).any(axis=1)
                for rows, distances in _distances(ours, others)
            ]
            shares[label] = np.concatenate(covered).mean()
    return shares


def _checked(real, fake, k):
    real, fake = check_features(real_features=real, fake_features=fake)
    fewest = min(len(real), len(fake))
    if not 1 <= k < fewest:
        raise UsageError(
            f"k should be in 1..{fewest - 1}, below the number of images of either side. "
            f"Received: {k}."
        )
    return real.astype(np.float64), fake.astype(np.float64)


def _radii(features, k):
    """The squared radius of every row's ball, `(n,)`."""
    radii = np.empty(len(features))
    for rows, distances in _distances(features, features):
        distances[np.arange(len(distances)), np.arange(len(features))[rows]] = np.inf
        distances.partition(k - 1, axis=1)
        radii[rows] = distances[:, k - 1] * BORDER
    return radii


def _distances(first, second):
    """Blocks of squared distances: `(rows of first, (rows, n))`."""
    squares = np.einsum("ij,ij->i", second, second)
    doubled = -2 * second.T
    for start in range(0, len(first), BLOCK):
        rows = slice(start, start + BLOCK)
        distances = first[rows] @ doubled
        distances += squares
        distances += np.einsum("ij,ij->i", first[rows], first[rows])[:, None]
        yield rows, np.maximum(distances, 0, out=distances)
