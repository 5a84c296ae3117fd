"""How far synthetic images are from real ones, in several feature spaces."""

import dataclasses
import hashlib
import json
from importlib import resources
from pathlib import Path

from ganprofile.metrics.features import (
    FEATURE_NETWORKS,
    FeatureNetwork,
    Pixels,
    feature_network_for,
)
from ganprofile.metrics.frechet_distance import frechet_distance
from ganprofile.metrics.kernel_distance import (
    SUBSET_SIZE,
    SUBSETS,
    kernel_distances,
    subset_indices,
)
from ganprofile.metrics.manifold import overlap
from ganprofile.storage.files import expanded


@dataclasses.dataclass(frozen=True)
class FeatureSpace:
    """Images to features, and what is known of them.

    Attributes:
        features: a callable, images -> `(n, d)`.
        described: what decides the features, name -> value, for the result.
        has_balls: whether images are close in it that look alike, so that neighbours say something.
    """

    features: object
    described: dict
    has_balls: bool = True

    @property
    def name(self):
        """What the result calls it."""
        return self.features.name


@dataclasses.dataclass(frozen=True)
class Distances:
    """How far as many synthetic images are from as many real ones, in one feature space.

    Attributes:
        images: how many of either side.
        kernel_distance: the mean over subsets.
        kernel_distance_sd: the standard deviation over them.
        subsets: how many.
        subset_size: images of either side in each.
        frechet_distance: of all.
        density: see `metrics.manifold.Overlap`; this and the following None for raw pixels.
        coverage: the same.
        precision: the same.
        recall: the same.
    """

    images: int
    kernel_distance: float
    kernel_distance_sd: float
    subsets: int
    subset_size: int
    frechet_distance: float
    density: float | None = None
    coverage: float | None = None
    precision: float | None = None
    recall: float | None = None


def feature_spaces(class_names, inception=None):
    """The spaces to compare in, the one that counts first.

    Args:
        class_names: of the real images; they decide which network that is.
        inception: a file of Inception weights or None.

    Returns:
        A list of `FeatureSpace`.
    """
    first = feature_network_for(class_names)
    record = resources.files("ganprofile.weights").joinpath("features.json")
    trained = json.loads(record.read_text(encoding="utf-8"))
    spaces = []
    for name in sorted(FEATURE_NETWORKS, key=lambda name: name != first):
        classes = " ".join(trained[name]["classes"])
        described = {"learned_classes": classes, "sha256": trained[name]["sha256"]}
        spaces.append(FeatureSpace(FeatureNetwork.load(name), described))
    spaces.append(FeatureSpace(Pixels(), {}, has_balls=False))
    if inception is not None:
        from ganprofile.metrics.inception import InceptionFeatures

        path = Path(expanded(inception))
        features = InceptionFeatures.load(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        # These names stand for this network alone.
        names = {"kernel_distance": "KID", "frechet_distance": "FID"}
        described = {"file": path.name, "sha256": digest, "called": names}
        spaces.append(FeatureSpace(features, described))
    return spaces


def distances(real_features, fake_features, seed=0, has_balls=True):
    """All that says how far two sets of features of equal length are from each other.

    Args:
        real_features: `(n, d)`.
        fake_features: `(n, d)`.
        seed: of the subsets.
        has_balls: whether to look at neighbours, too.

    Returns:
        `Distances`.
    """
    count = len(real_features)
    size = min(SUBSET_SIZE, count // 2)  # whole sets again and again would show no spread
    indices = subset_indices(count, len(fake_features), SUBSETS, size, seed)
    kernel = kernel_distances(real_features, fake_features, indices)
    neighbours = dataclasses.asdict(overlap(real_features, fake_features)) if has_balls else {}
    return Distances(
        images=count,
        kernel_distance=kernel.mean,
        kernel_distance_sd=kernel.sd,
        subsets=SUBSETS,
        subset_size=size,
        frechet_distance=frechet_distance(real_features, fake_features),
        **neighbours,
    )
