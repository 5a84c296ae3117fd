"""Whether critics of pairs, trained on other people's characters, make deformations teach more.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/pair_critic.py [CELL ...] [--subsets N]
                                                        [--ways A,B] [--work DIR] [--output FILE]

A critic is shown a character beside another image, and learns whether that is the same character by
another hand, and whether it is real or deformed by the recipe from ten images of its class. Of the
user's characters it has met none. What a student reads, and how many labels flip:

- `recipe`: what it learns from deformations of the subset that its teachers labelled.
- `same`, `real`: of two deformations of each image the one that the critic holds sooner for the
  same character, or for real, beside two others of its class.
- `warped`: half of the images in place of the deformations as the generator of `warping_gan.py`
  thinks that other hands would write them, under the transforms of `classic`.
- `between`: the same of images that the GAN of `few_image_gan.py` draws between two of a class.
- `joint`: the same of images that the GAN of `joint_gan.py` draws, which learned the subset and
  other people's letters together; `named`, the same with labels that say by half what was drawn.

A label flips where a classifier of all images of the pool reads another character. Images taken
aside from the training part judge, as in `lift.py`; two trainings of each student.
"""

import argparse
import functools
import tempfile
from pathlib import Path

import few_image_gan
import joint_gan
import keras
import numpy as np
from classic import fold
from does_it_help import load_options
from kept import KeptRows
from keras import ops
from lift import FOLD, SEED
from other_characters import OtherCharacters
from warping_gan import as_others_write, critic_network, trained_generator

import ganprofile as gp
from ganprofile.benchmarking.cells import derived_seed, subset_of
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.classifiers.order import shown_order
from ganprofile.images import to_float
from ganprofile.recipes.deformation import CLASSIC, PAIRWISE
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import CONVNET_SHOWN, PRETRAINED_TEACHERS
from ganprofile.recipes.pretrained import pretrained_for
from ganprofile.transforms.deformation import DeformationAugmenter, find_deformations

RESULTS = Path(__file__).parent / "results" / "pair_critic.json"
CELLS, WAYS = ("mnist:10",), ("recipe", "same", "real", "warped", "between", "joint", "named")
OF_A_CLASS, GROUPS, AT_ONCE, DEFORMED = 10, 1600, 320, 6  # groups of a class that are deformed
STEPS, BATCH, RATE = 5000, 48, 1e-3
NOT_ASKED = -1.0
ASKED = ("same", "real")
COMPARED = 2  # others of the class that the critic is shown beside an image
TRAININGS = 2
NAMED = 0.5


def groups_deformed(characters, random):
    """Groups of a class's images as a user has them, and deformations of each.

    Returns:
        `(classes, rows, deformed)`: `(groups,)`, `(groups, OF_A_CLASS)` and
        uint8 `(groups, OF_A_CLASS, DEFORMED, 28, 28, 1)`.
    """
    of_class = characters.rows()
    classes = characters.classes(GROUPS, random)
    rows = np.array([random.choice(of_class[k], OF_A_CLASS, replace=False) for k in classes])
    deformed = []
    for first in range(0, GROUPS, AT_ONCE):
        images = characters.images[rows[first : first + AT_ONCE].ravel()]
        group = np.repeat(np.arange(len(images) // OF_A_CLASS), OF_A_CLASS)
        found = find_deformations(images, group, 1)
        augmenter = DeformationAugmenter(images, found, PAIRWISE.transforms())
        made = augmenter.deform(np.repeat(np.arange(len(images)), DEFORMED), first)
        deformed.append(made.reshape(-1, OF_A_CLASS, DEFORMED, *images.shape[1:]))
    return classes, rows, np.concatenate(deformed)


def lessons(characters, random):
    """Batches of pairs and of what is asked of them, without end."""
    of_class = characters.rows()
    classes, rows, deformed = groups_deformed(characters, random)
    # Real images are resampled, too, so that sharpness tells nothing.
    little = {name: (chance, most / 4) for name, (chance, most) in PAIRWISE.transforms().items()}
    real = DeformationAugmenter(characters.images, None, little)
    real = real.deform(np.arange(len(characters.images)), 1)
    asked = np.array([[1, 1], [0, NOT_ASKED], [NOT_ASKED, 0]], np.float32).repeat(BATCH, axis=0)
    while True:
        group = random.integers(GROUPS, size=BATCH)
        image, other = (random.integers(OF_A_CLASS, size=BATCH) for _ in range(2))
        other = np.where(other == image, (other + 1) % OF_A_CLASS, other)
        strange = characters.classes(BATCH, random)
        strange = np.where(strange == classes[group], (strange + 1) % len(of_class), strange)
        beside = np.concatenate(
            [
                real[[random.choice(of_class[k]) for k in classes[group]]],
                real[[random.choice(of_class[k]) for k in strange]],
                deformed[group, image, random.integers(DEFORMED, size=BATCH)],
            ]
        )
        shown = np.tile(characters.images[rows[group, other]], (3, 1, 1, 1))
        yield to_float(np.concatenate([shown, beside], axis=-1)), asked


def loss_of_asked(asked, logits):
    """The cross-entropy of what is asked of a pair."""
    surprise = ops.softplus(logits) - ops.maximum(asked, 0.0) * logits
    return ops.sum(ops.where(asked == NOT_ASKED, 0.0, surprise), axis=-1)


def trained_critic(characters, path, seed=0):
    """The critic, kept in a file."""
    if not path.is_file():
        critic = critic_network(len(ASKED), seed)
        rate = keras.optimizers.schedules.CosineDecay(RATE, STEPS, alpha=0.02)
        critic.compile(keras.optimizers.Adam(rate), loss_of_asked)
        batches = lessons(characters, np.random.default_rng(seed))
        critic.fit(batches, epochs=10, steps_per_epoch=STEPS // 10, verbose=2)
        critic.save(path)
    return keras.saving.load_model(path, compile=False)


def scores(critic, subset, images, sources, random):
    """What the critic says of deformations of a subset's images: logits `(n, 2)`."""
    total = 0.0
    neighbours = {
        row: np.flatnonzero((subset.labels == label) & (np.arange(len(subset)) != row))
        for row, label in enumerate(subset.labels)
    }
    for _ in range(COMPARED):
        beside = np.array([random.choice(neighbours[row]) for row in sources])
        pairs = (
            to_float(np.concatenate([subset.images[b], images[a]], axis=-1))
            for a, b in zip(
                np.array_split(np.arange(len(images)), 64), np.array_split(beside, 64), strict=True
            )
        )
        total = total + np.concatenate([np.asarray(critic(some)) for some in pairs])
    return total / COMPARED


class Setting:
    """A subset, its teachers and its deformations."""

    def __init__(self, cell, repeat, work):
        name, size = cell.split(":")
        self.pool, self.judged = fold(gp.load(name, **load_options(name))[0], FOLD)
        self.subset = subset_of(self.pool, int(size), repeat, SEED)
        self.repeat, self.work = repeat, work
        self.seed = derived_seed(SEED, "arm", repeat, int(size))
        self.oracle = self._oracle(work / f"all-{name}.keras")
        with tempfile.TemporaryDirectory() as room:
            pretrained, _ = pretrained_for(self.subset)
            given = PRETRAINED_TEACHERS, None, pretrained
            plan = TeacherTraining(self.subset, self.seed, Path(room), *given).suited()
            self.teachers, augmenter = plan.trained(), plan.augmenter
        random = np.random.default_rng(self.seed)
        self.shown = shown_order(random, len(self.subset), CONVNET_SHOWN)
        self.deformed = [augmenter.deform(self.shown, self.seed + k) for k in range(2)]
        self.told = [self.teachers.predict_proba(images) for images in self.deformed]

    def _oracle(self, path):
        """A classifier of all images of the pool."""
        reader = ConvnetClassifier(self.pool.num_classes, seed=SEED)
        if path.is_file():
            return reader.load(path)
        reader.fit(self.pool.images, self.pool.labels, transforms="classic").save(path)
        return reader

    def flips(self, images):
        """How many of the images shown read as another character than they are made of."""
        return float((self.oracle.predict(images) != self.subset.labels[self.shown]).mean())

    def read(self, images, told):
        """What students of them read of the judging images, and what flips."""
        accuracies = []
        for training in range(TRAININGS):
            seed = derived_seed(SEED, "classifier", self.repeat, training)
            student = ConvnetClassifier(self.subset.num_classes, seed=seed).fit(images, told)
            found = student.predict(self.judged.images) == self.judged.labels
            accuracies.append(float(found.mean()))
        return {"accuracy": accuracies, "flips": self.flips(images)}

    def recipe(self):
        """Deformations alone."""
        return self.deformed[0], self.told[0]

    @functools.cached_property
    def said(self):
        """What the critic says of both deformations of each image."""
        critic = trained_critic(OtherCharacters.kept(self.work), self.work / "critic.keras")
        random = np.random.default_rng(self.seed)
        return [scores(critic, self.subset, one, self.shown, random) for one in self.deformed]

    def better(self, asked):
        """Of two deformations the one of which the critic says so sooner."""
        second = (self.said[1] > self.said[0])[:, ASKED.index(asked)]
        images = np.where(second[:, None, None, None], *self.deformed[::-1])
        return images, np.where(second[:, None], *self.told[::-1])

    def warped(self):
        """Half of them as the generator of warps draws them."""
        generator = trained_generator(
            OtherCharacters.kept(self.work), self.work / "generator.keras"
        )
        return self.half(
            lambda rows: as_others_write(generator, self.subset.images[rows], self.seed)
        )

    def between(self):
        """Half of them as a GAN of the subset draws them."""
        path = self.work / f"between-{self.repeat}.keras"
        generator = few_image_gan.trained_on(self.subset, path, self.seed % 1000)
        draw = few_image_gan.drawn_between
        return self.half(lambda rows: draw(generator, self.subset, rows, self.seed))

    def joint(self, named=0.0):
        """Half of them as a GAN of the subset and of other people's letters draws them."""
        path, characters = self.work / f"joint-{self.repeat}.keras", OtherCharacters.kept(self.work)
        generator = joint_gan.trained_on(self.subset, characters, path, self.seed % 1000)
        draw = joint_gan.drawn_as
        labels = self.subset.labels
        return self.half(lambda rows: draw(generator, labels[rows], self.seed), named)

    def named(self):
        """The same, of which what they were drawn as is half of the label."""
        return self.joint(NAMED)

    def half(self, draw, named=0.0):
        """Half of them drawn: `draw` takes rows of the subset and gives an image for each.

        So much of a label is what the image was drawn as, the rest what the teachers say.
        """
        half = len(self.shown) // 2
        transformed = DeformationAugmenter(draw(self.shown[:half]), None, CLASSIC.transforms())
        images, told = self.deformed[0].copy(), self.told[0].copy()
        images[:half] = transformed.deform(np.arange(half), self.seed)
        drawn_as = np.eye(self.subset.num_classes)[self.subset.labels[self.shown[:half]]]
        read = self.teachers.predict_proba(images[:half])
        told[:half] = named * drawn_as + (1 - named) * read
        return images, told


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=2)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--work", type=Path, default=Path("pairs"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    made = {way: lambda setting, way=way: setting.better(way) for way in ASKED}
    made |= {
        way: getattr(Setting, way) for way in ("recipe", "warped", "between", "joint", "named")
    }
    for repeat in range(options.subsets):
        for cell in options.cells:
            left = [w for w in options.ways.split(",") if f"{cell} {repeat} {w}" not in kept.rows]
            setting = Setting(cell, repeat, options.work) if left else None
            for way in left:
                kept.keep(f"{cell} {repeat} {way}", setting.read(*made[way](setting)))
                print(cell, repeat, way, kept.rows[f"{cell} {repeat} {way}"], flush=True)


if __name__ == "__main__":
    main()
