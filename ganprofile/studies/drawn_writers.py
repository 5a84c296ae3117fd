"""Digits of a writer, drawn: by the deep generative model that Beaulac and Rosenthal (2022, 4.3)
show pictures of, and by a GAN that is told digit and writer.

What they did not measure is measured: whether a drawn digit is read as the digit that was asked,
whether it is recognised as its writer's, how far drawn images are from real ones, and whether they
copy them. Who reads has seen only real images; how well it does on real images that it has not seen
stands beside.
"""

import dataclasses
import functools

import numpy as np

from ganprofile.classifiers.accuracy import accuracy
from ganprofile.classifiers.lenet import Informed, InformedCommittee, LeNet5
from ganprofile.datasets.writer_parts import by_digits
from ganprofile.evaluation.copying import find_copies
from ganprofile.images import beside, enlarge, grid, save_png
from ganprofile.metrics.features import FeatureNetwork, feature_network_for
from ganprofile.metrics.kernel_distance import kernel_distance
from ganprofile.metrics.style import StyleSpace
from ganprofile.studies.deep_generative import BATCH, DeepGenerative
from ganprofile.studies.design import Found, Row, Step
from ganprofile.studies.training import epochs_of, trained

EACH = 3  # drawn images of each digit by each writer
MEMBERS = {False: 10, True: 3}  # of the committee that recognises writers, by `quick`
READER_STEPS = {False: 4000, True: 800}
PASSES = {False: 200, True: 20}  # of the deep generative model
MINUTES = {False: 25, True: 0.5}  # of the GAN
CONDITIONS = ("label", "writer")
SHARE = 10 / 14  # of each writer's images of each digit, to learn from
SHOWN, SHOWN_WRITERS, REAL, DRAWN = "12479", 4, 4, 6
READER, VAE, GAN = "hands-reader", "hands-vae", "hands-gan"
DRAWERS = {VAE: "the deep generative model", GAN: "the GAN"}


@dataclasses.dataclass(frozen=True)
class Readers:
    """Who judges what is drawn.

    Attributes:
        digit: reads digits.
        writer: reads writers, and is told the digit.
        people: the writers whom it knows, `(w,)`.
    """

    digit: LeNet5
    writer: InformedCommittee
    people: np.ndarray

    def right(self, images, labels, writers):
        """The shares of images that are read as their digit, and as their writer's."""
        said = self.people[self.writer.predict(Informed(images, labels))]
        return accuracy(self.digit, images, labels), float((said == writers).mean())


def steps(name, images_of):
    """Who reads, and the two that draw.

    Args:
        name: of a dataset with writers.
        images_of: `(plan, name) -> Dataset`, the images that the study is about.
    """
    made = functools.partial(_step, name, images_of)
    return [
        made(
            READER,
            "trains those who read what is drawn",
            learn_to_read,
            Row("digit", "digit: real images of writers who were met"),
            Row("writer", "writer: real images, by those who read what is drawn"),
        ),
        made(
            VAE,
            "the deep generative model draws digits of writers",
            draw_by_vae,
            *_rows(DRAWERS[VAE]),
        ),
        made(GAN, "a GAN draws digits of writers", draw_by_gan, *_rows(DRAWERS[GAN])),
    ]


def _step(name, images_of, key, what, measure, *rows):
    def measured(room):
        everything = images_of(room.plan, name)
        return measure(*by_digits(everything, SHARE, room.seed), room)

    needs = () if key == READER else (READER,)
    return Step(key, f"{name}: {what}", measured, rows, needs=needs)


def _rows(drawer):
    return (
        Row("digit", f"digit: drawn by {drawer}"),
        Row("writer", f"writer: drawn by {drawer}"),
        Row("ratio", f"writer: {drawer}'s images as often as real ones", None, "ratio"),
        Row("distance", f"kernel distance of {drawer}'s images to real ones", None, "loss"),
        Row("among", "the same of real images among themselves", None, "loss"),
        Row("copied", f"{drawer}'s images: copies of one that it learned from"),
        Row("as-if-copied", "the same of real images that it has not seen"),
    )


def learn_to_read(learn, test, room):
    """Train both readers on real images."""
    quick = room.plan.quick
    people = np.unique(learn.writers)
    digit = LeNet5(learn.num_classes, READER_STEPS[quick], seed=room.seed)
    digit.fit(learn.images, learn.labels).save(room.folder / "digit.keras")
    writer = InformedCommittee(
        len(people),
        READER_STEPS[quick],
        seed=room.seed,
        size=MEMBERS[quick],
        values=learn.num_classes,
    )
    writer.fit(Informed(learn.images, learn.labels), np.searchsorted(people, learn.writers))
    writer.save(room.folder / "writer.keras")
    digits, writers = Readers(digit, writer, people).right(test.images, test.labels, test.writers)
    return Found({"digit": digits, "writer": writers}, len(test))


def draw_by_vae(learn, test, room):
    """The deep generative model."""
    people = np.unique(learn.writers)
    steps = PASSES[room.plan.quick] * len(learn) // BATCH
    model = DeepGenerative({"label": learn.num_classes, "writer": len(people)}, steps, room.seed)
    model.fit(learn.images, label=learn.labels, writer=np.searchsorted(people, learn.writers))
    return judged(functools.partial(model.draw, room.seed), learn, test, room, VAE)


def draw_by_gan(learn, test, room):
    """The conditional DCGAN, told the writer, too."""
    minutes = MINUTES[room.plan.quick]
    run = trained(room, learn, "cdcgan", minutes=minutes, conditions=CONDITIONS)

    def draw(label, writer):
        names, ids = (np.array(run.condition_values[name]) for name in CONDITIONS)
        return run.sample(len(label), names[label], room.seed, writer=ids[writer])

    return dataclasses.replace(judged(draw, learn, test, room, GAN), aside=epochs_of(run))


def judged(draw, learn, test, room, key):
    """What readers make of drawn images.

    Args:
        draw: `(label, writer) -> uint8 images`, of indices `(n,)`.
        learn: the real images that it learned from, a `Dataset`.
        test: others by the same writers.
        room: the step's `Room`.
        key: how files are called.
    """
    people = np.unique(learn.writers)
    labels, writers = asked(learn.num_classes, len(people))
    images = draw(label=labels, writer=writers)
    readers = kept_readers(room, people)
    digit, writer = readers.right(images, labels, people[writers])
    _, real = readers.right(test.images, test.labels, test.writers)
    network = FeatureNetwork.load(feature_network_for(learn.class_names))
    seen, drawn, others = map(network, (learn.images, images, test.images))
    copies = find_copies(images, learn.images, test.images, features=network, seed=room.seed)
    values = {
        "digit": digit,
        "writer": writer,
        "ratio": as_often(writer, real),
        "distance": kernel_distance(others, drawn),
        "among": kernel_distance(others, seen),
        "copied": copies.copy_rate,
        "as-if-copied": copies.held_out_rate,
    }
    return Found(values, len(images), _shown(draw, learn, room, key))


def as_often(drawn, real):
    """How often the writer of drawn images is recognised, in relation to that of real ones; None
    where nobody recognises these."""
    return drawn / real if real else None


def asked(num_classes, people):
    """Class and writer indices of what is drawn, each digit of each writer `EACH` times."""
    index = np.arange(EACH * num_classes * people)
    return index % num_classes, index // num_classes % people


def kept_readers(room, people):
    """The `Readers` that an earlier step left."""
    left = room.beside(READER)
    writer = InformedCommittee.load(left.kept("writer.keras"))
    return Readers(LeNet5.load(left.kept("digit.keras")), writer, people)


def _shown(draw, learn, room, key):
    """Four real images and six drawn ones of some digits by writers who differ."""
    if room.figures is None:
        return {}
    people = np.unique(learn.writers)
    digits = [k for k, digit in enumerate(learn.class_names) if digit in SHOWN]
    chosen = different_writers(learn, room.seed)
    rows = [(k, writer) for writer in chosen for k in digits]
    real = [learn.images[(learn.labels == k) & (learn.writers == w)][:REAL] for k, w in rows]
    pairs = np.repeat([(k, np.searchsorted(people, w)) for k, w in rows], DRAWN, axis=0)
    drawn = draw(label=pairs[:, 0], writer=pairs[:, 1])
    columns = [grid(np.concatenate(real), REAL), grid(drawn, DRAWN)]
    save_png(room.figures / f"{key}.png", enlarge(beside(columns), 2))
    names = ", ".join(str(writer) for writer in chosen)
    caption = f"Four real images and six that {DRAWERS[key]} drew, of writers {names}"
    return {f"{key}.png": caption}


def different_writers(dataset, seed):
    """Writers whose styles lie far apart: the one farthest from all, then each time the one
    farthest from those chosen before."""
    space = StyleSpace(dataset.class_names, seed)
    styles = space.learn(space.features(dataset.images), dataset.labels, dataset.writers)
    chosen = [int(np.linalg.norm(styles.values - styles.centre, axis=1).argmax())]
    while len(chosen) < min(SHOWN_WRITERS, len(styles.writers)):
        apart = np.linalg.norm(styles.values[:, None] - styles.values[chosen], axis=2).min(axis=1)
        chosen.append(int(apart.argmax()))
    return styles.writers[sorted(chosen)]
