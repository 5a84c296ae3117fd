"""Arms for experiments in which the truth is known."""

import dataclasses

import numpy as np

from ganprofile.benchmarking.training_set import TrainingSet


def plain(subset, seed, folder):
    return TrainingSet(subset.images, subset.labels)


@dataclasses.dataclass(frozen=True)
class Fresh:
    """Adds real images of the pool; `shuffled` gives them each other's labels."""

    pool: object
    count: int
    shuffled: bool = False

    def __call__(self, subset, seed, folder):
        random = np.random.default_rng(seed)
        order = random.permutation(len(self.pool))[: self.count]
        labels = random.permutation(self.pool.labels[order]) if self.shuffled else None
        return TrainingSet(
            np.concatenate([subset.images, self.pool.images[order]]),
            np.r_[subset.labels, self.pool.labels[order] if labels is None else labels],
        )


def shrunk(dataset):
    """Every second row and column."""
    return dataclasses.replace(dataset, images=np.ascontiguousarray(dataset.images[:, ::2, ::2]))


def without_times(cells):
    """Cells without what differs from one sitting to the next."""
    times = ("arm_seconds", "classifier_seconds", "environment", "look")
    return [{name: v for name, v in cell.items() if name not in times} for cell in cells]
