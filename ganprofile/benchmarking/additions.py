"""What an arm adds to the real images of a subset."""

import dataclasses

import numpy as np

from ganprofile.benchmarking.same_pool import of_pool
from ganprofile.console import are, counted, say
from ganprofile.datasets import load_like, refuse_overlap
from ganprofile.datasets.loaders.polarity import opposite_paper
from ganprofile.errors import UsageError
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.storage.files import printable
from ganprofile.storage.kept import kept_name

DEFAULT_RATIO = 10.0
FILTER = "standard"
MODEL = "auto"
REFERENCE_STEPS = 500  # of a GAN, as long as a training of a classifier


def added(ratio, class_counts):
    """How many images are added to each class, an array or a number as `class_counts` is.

    Args:
        ratio: images added to a real one, 0 or more.
        class_counts: how many each class has.
    """
    return np.round(ratio * np.asarray(class_counts)).astype(int)


@dataclasses.dataclass(frozen=True)
class Duplicates:
    """The same real images again: the control that more files alone change nothing.

    Attributes:
        ratio: images added to a real one.
        gan_steps: not used; additions are made alike.
    """

    ratio: float = DEFAULT_RATIO
    gan_steps: int | None = None

    def counts(self, class_counts):
        """How many images are added to so many of each class, an array or a number."""
        return int(np.sum(added(self.ratio, class_counts)))

    def __call__(self, subset, seed, folder):
        count = self.counts(subset.class_counts())
        again = np.resize(np.random.default_rng(seed).permutation(len(subset)), count)
        again.sort()  # copies stand side by side, so that each turn of a training has as many
        return subset.images[again], subset.labels[again]

    cost = 0.0

    def description(self):
        return {"kind": "duplicated", "ratio": self.ratio}


@dataclasses.dataclass(frozen=True)
class GanDraws:
    """Images drawn by a GAN that is trained on the subset and on nothing else, and filtered.

    What it draws is kept in the subset's folder, by all that decides it, so that the arms of a
    subset share it.

    Attributes:
        ratio: images added to a real one.
        gan_steps: training steps.
    """

    ratio: float = DEFAULT_RATIO
    gan_steps: int = 2500

    def counts(self, class_counts):
        """As of `Duplicates`, of each class."""
        return added(self.ratio, class_counts)

    def __call__(self, subset, seed, folder):
        from ganprofile.filtering.filtering import draw_filtered

        facts = {"images": subset.fingerprint, "seed": seed, "model": MODEL}
        trained_by = {**facts, "steps": self.gan_steps}
        drawn_by = {**trained_by, "ratio": self.ratio, "filter": FILTER}
        kept = folder / f"{kept_name('drawn', **drawn_by)}.npz"
        if not kept.is_file():
            run = self._trained(subset, seed, folder / kept_name("gan", **trained_by))
            counts = self.counts(subset.class_counts())
            drawn = draw_filtered(run, subset, counts, seed, FILTER)
            write_arrays(kept, {"images": drawn.images, "labels": drawn.labels})
        arrays = open_arrays(kept, "Remove it, and it is drawn again.")
        return arrays["images"], arrays["labels"]

    def _trained(self, subset, seed, folder):
        """The GAN of a subset: a new one, or the one that an earlier sitting began."""
        from ganprofile.runs.run import Run
        from ganprofile.training import resume, train
        from ganprofile.training.devices.devices import local_device

        alone = {"device": local_device(), "progress": False}
        begun = sorted(folder.glob("[!.]*/checkpoint")) if folder.is_dir() else []
        if begun:
            return resume(Run.open(begun[-1].parent), subset, **alone)
        epochs = max(1, round(self.gan_steps / -(-len(subset) // 128)))
        return train(subset, MODEL, epochs=epochs, seed=seed, output=folder, **alone)

    @property
    def cost(self):
        """How long they take, in trainings of a classifier."""
        return self.gan_steps / REFERENCE_STEPS

    def description(self):
        return {
            "kind": "gan",
            "model": MODEL,
            "steps": self.gan_steps,
            "filter": FILTER,
            "ratio": self.ratio,
        }


@dataclasses.dataclass(frozen=True)
class FolderImages:
    """Labelled images that somebody made, the same for every subset.

    Attributes:
        name: how the user named them.
        images: uint8 `(n, height, width, channels)`.
        labels: int32 `(n,)`, in the classes of the real images.
        fingerprint: sha256 of the set.
        same_pool: what `of_pool` says of it, or None.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    fingerprint: str
    same_pool: dict | None = None

    @classmethod
    def read(cls, path, pool, test_set, **loading):
        """Read a folder, or whatever else `load` reads, as the real images were read.

        Args:
            path: of the folder, or a name.
            pool: the real images that subsets are drawn from, a `Dataset`.
            test_set: the images that classifiers are judged by, of which it may hold none.
            **loading: further arguments of `load`, such as these were loaded with.

        Raises:
            UsageError: it has no labels, another class than the real images have, another size, ink
                on the other end of the scale, or images of the test part.
            GanprofileError: it cannot be read.
        """
        found, held_out = load_like(path, pool, **loading)
        if held_out is not None:
            others = f"{counted(len(found), 'other')} {are(len(found))}"
            say(
                f"{printable(path)}: the {counted(len(held_out), 'image')} of its test part "
                f"{are(len(held_out))} left out, and its {others} added."
            )
        class_names = pool.class_names
        if found.labels is None:
            raise UsageError(f"{printable(path)} has no labels, which an arm needs.")
        strange = [name for name in found.class_names if name not in class_names]
        if strange:
            raise UsageError(
                f"{printable(path)} has a class {printable(strange[0])!r}, which the real images "
                f"do not have. Known: {', '.join(map(printable, class_names))}."
            )
        refuse_overlap(found, test_set, may_allow=False)
        if test_set is not None and (sentence := opposite_paper(found, test_set)):
            raise UsageError(sentence)
        to = np.array([class_names.index(name) for name in found.class_names], np.int32)
        labels, same_pool = to[found.labels], of_pool(found, pool)
        return cls(path, found.images, labels, found.fingerprint, same_pool)

    def counts(self, class_counts):
        """As of `Duplicates`, to any."""
        return len(self.images)

    def __call__(self, subset, seed, folder):
        return self.images, self.labels

    cost = 0.0

    def description(self):
        return {"kind": "folder", "name": self.name, "fingerprint": self.fingerprint}


ADDITIONS = {"duplicated": Duplicates, "gan": GanDraws}
