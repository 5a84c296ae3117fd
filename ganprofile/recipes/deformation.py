"""Deformed images in place of real ones, as many as are shown, so that each is seen once.

Few images are warped as those of their class differ, under classical transforms stronger than those
of the arm `classic`. Of some more, and where size tells characters apart, each is so by a share of
its own: where all are deformed strongly, too many letters become others. With many this costs more
than it gives, for so many show by themselves how their class differs: the transforms are then those
of `classic`, and all that happens.
"""

import dataclasses

import numpy as np

from ganprofile.recipes.sizes import SizeTest, untested
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.kept import images_digest, kept_arrays, kept_name
from ganprofile.transforms.strengths import STRONGER, WEAKEST, strengthened

SIZE_KEPT = "Size tells your characters apart: images keep it, and all teachers see it."
SOME = 25  # images of each class, from which on deformations are of all strengths (docs/lift.md)
PARTS = 16  # of the pairs to be registered, for processes to share


@dataclasses.dataclass(frozen=True)
class Deformation:
    """How images are deformed.

    Attributes:
        is_pairwise: whether as pairs of images of their class differ, too.
        stronger: factor on the strengths of the transforms of `classic`, and
        weakest: the least share of that, and of what a pair differs by, that an image gets.
        keeps_size: whether images stay about as large as they are, for size tells them apart.
    """

    is_pairwise: bool = True
    stronger: float = STRONGER
    weakest: float = 1.0
    keeps_size: bool = False

    def suited_to(self, images, labels, folder, keep_size=False):
        """The same for some images: they keep their size where it tells classes apart.

        Args:
            images, labels, folder: as for `SizeTest.kept`.
            keep_size: whether they keep it, too, where that cannot be asked of every class.
        """
        kept = SizeTest.kept(images, labels, folder).tells or (keep_size and untested(labels) > 0)
        return self.suited_by(labels, kept)

    def suited_by(self, labels, keeps_size):
        """The same where it is known whether images keep their size: some are deformed by less.

        Few images show little of how others of their class differ, and are deformed strongly; but
        not where a strong deformation makes a letter its other case.

        Args:
            labels: integers `(n,)`.
            keeps_size: a bool.
        """
        weakest = self.weakest
        if self.is_pairwise:
            per_class = np.median(np.unique(labels, return_counts=True)[1])
            weakest = WEAKEST if keeps_size or per_class >= SOME else weakest
        return dataclasses.replace(self, weakest=weakest, keeps_size=keeps_size)

    def transforms(self):
        """What happens to an image beside its warp: name -> probability and strength."""
        return strengthened(self.stronger, self.keeps_size)

    def augmenter(self, images, labels, seed, folder):
        """The augmenter of images, as all sets and arms use it.

        Arguments are those of `cached_deformations`.
        """
        deformations = (
            cached_deformations(images, labels, seed, folder) if self.is_pairwise else None
        )
        return self.augmenter_with(images, deformations)

    def augmenter_with(self, images, deformations):
        """The same where their `PairwiseDeformations` are known, or None."""
        from ganprofile.transforms.deformation import DeformationAugmenter

        if self.keeps_size and deformations is not None:
            deformations = deformations.without_sizes()
        return DeformationAugmenter(images, deformations, self.transforms(), self.weakest)

    def description(self):
        """What decides it, a dict of JSON values."""
        straight = {} if self.is_pairwise else {"is_pairwise": False}
        sized = {"keeps_size": True} if self.keeps_size else {}
        spread = {"weakest": self.weakest} if self.weakest < 1 else {}
        transforms = {name: list(numbers) for name, numbers in self.transforms().items()}
        return {"transforms": transforms, **straight, **spread, **sized}


PAIRWISE = Deformation()
CLASSIC = Deformation(is_pairwise=False, stronger=1.0)


@dataclasses.dataclass(frozen=True)
class DeformedImages:
    """A training set deformed.

    Attributes:
        count: how many.
        deformation: how they are made.
    """

    count: int
    deformation: Deformation = PAIRWISE

    def __call__(self, made, seed, folder):
        """A `TrainingSet` of deformations of all images of one, as often as each would be shown."""
        from ganprofile.classifiers.order import shown_order

        deformation = self.deformation.suited_to(made.images, made.labels, folder, made.keep_size)
        augmenter = deformation.augmenter(made.images, made.labels, seed, folder)
        random = np.random.default_rng(seed)
        chosen = shown_order(random, len(made.images), self.count, made.frequency)
        images = augmenter.deform(chosen, seed)
        return dataclasses.replace(made, images=images, labels=made.labels[chosen], frequency=None)

    @property
    def cost(self):
        """How long they take, in trainings of a classifier that is shown them."""
        return 0.1

    def description(self):
        """What decides them, a dict of JSON values."""
        return {"count": self.count, **self.deformation.description()}


def cached_deformations(images, labels, seed, folder):
    """The `PairwiseDeformations` of some images, kept in a folder once they are found.

    Args:
        images: uint8 `(n, height, width, channels)`.
        labels: integers `(n,)`.
        seed: of the choice of pairs.
        folder: where they are kept, by what the images and the seed are.
    """
    from ganprofile.transforms.deformation import PairwiseDeformations, find_deformations

    path = kept_deformations(images, labels, seed, folder)

    def fields(*pairs):
        return np.concatenate([_registered(path, part, pairs) for part in range(PARTS)])

    if not path.is_file():
        find_deformations(images, labels, seed, fields).save(path)
    return PairwiseDeformations.load(path)


def kept_deformations(images, labels, seed, folder):
    """The file in which `cached_deformations` keeps what it finds."""
    from ganprofile.transforms.deformation import reduction_fact

    facts = {"images": images_digest(images, labels), "shape": list(images.shape)}
    facts["seed"] = int(seed)
    facts |= reduction_fact(*images.shape[1:3])
    return folder / f"{kept_name('deformations', **facts)}.npz"


def register_part(images, labels, seed, folder, part):
    """Register one of `PARTS` parts of the pairs ahead of `cached_deformations`, and keep it.

    Processes do so beside each other. Arguments are those of `cached_deformations`, and `part`,
    which one. Returns whether it was kept before.
    """
    from ganprofile.transforms.deformation.pairwise import neighbours_of, registered_pairs

    path = kept_deformations(images, labels, seed, folder)
    was_kept = path.is_file() or _kept_part(path, part).is_file()
    if not path.is_file():
        found = _registered(path, part, registered_pairs(images, neighbours_of(labels, seed)))
        write_arrays(_kept_part(path, part), {"fields": found})
    return was_kept


def _registered(path, part, pairs):
    """The fields of a part of all pairs, where they are kept and where not."""
    from ganprofile.transforms.deformation.registration import AT_ONCE, register

    kept = _kept_part(path, part)
    if kept.is_file():
        return kept_arrays(kept)["fields"]
    blocks = -(-len(pairs[0]) // AT_ONCE)
    first, end = (AT_ONCE * (blocks * number // PARTS) for number in (part, part + 1))
    return register(*(array[first:end] for array in pairs))


def _kept_part(path, part):
    return path.with_name(f"{path.stem}-{part}.npz")
