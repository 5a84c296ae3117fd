"""Digits of writers whom a GAN has never met, drawn after some of their images.

The GAN has learned from other people; how often it is told who wrote a digit by those who know
these writers says whether a style came across.
"""

import functools

import numpy as np

from ganprofile.datasets.writer_parts import by_digits, by_individuals
from ganprofile.gan.drawing import draw
from ganprofile.sampling.style_adaptation import StyleAdapter
from ganprofile.studies import drawn_writers
from ganprofile.studies.design import Found, Row, Step
from ganprofile.studies.training import epochs_of, trained

GAN = "unseen-gan"
SEEN = (5, 10, 50)  # images of a writer
KNOWN = 0.7  # of the writers, where there are no others


def steps(name, images_of):
    """The GAN of other people, and what it draws after so many images.

    Args:
        name: of a dataset with writers.
        images_of: `(plan, name) -> Dataset`, the images that the study is about.
    """
    learning = functools.partial(learn, name, images_of)
    return [
        Step(GAN, f"{name}: a GAN learns the styles of other people", learning),
        *(_step(name, images_of, count) for count in SEEN),
    ]


def _step(name, images_of, count):
    after = f"drawn after {count} of a writer's images by a GAN that never met the writer"
    measure = functools.partial(imitate, name, images_of, count)
    rows = (
        Row("digit", f"digit: {after}"),
        Row("writer", f"writer: {after}"),
        Row("ratio", f"writer: {after}, as often as real ones", None, "ratio"),
    )
    what = f"{name}: digits {after}"
    return Step(f"unseen-{count}", what, measure, rows, needs=(drawn_writers.READER,))


def others(plan, name, everything):
    """Whom the GAN meets, and whom it does not.

    Args:
        plan: the study's `StudyPlan`.
        name: of the dataset.
        everything: the images that the study is about.

    Returns:
        Two `Dataset`s: all images by other writers, and `everything`; where all writers are in it,
        those of seven in ten, and of the rest.
    """
    there = plan.everything(name)
    left_out = ~np.isin(there.writers, everything.writers) & (there.writers >= 0)
    if left_out.any():
        return there.part(left_out, "train"), everything
    return by_individuals(everything, KNOWN, seed=0)


def learn(name, images_of, room):
    """Train the GAN."""
    known, _ = others(room.plan, name, images_of(room.plan, name))
    return Found({}, aside=epochs_of(_gan(known, room)))


def _gan(known, room):
    minutes = drawn_writers.MINUTES[room.plan.quick]
    conditions = drawn_writers.CONDITIONS
    return trained(room, known, "cdcgan", minutes=minutes, conditions=conditions)


def imitate(name, images_of, count, room):
    """Draw after so many images of each writer, and let those read who know them."""
    everything = images_of(room.plan, name)
    known, strangers = others(room.plan, name, everything)
    run = _gan(known, room.beside(GAN))
    seen, test = by_digits(strangers, drawn_writers.SHARE, room.seed)
    imitator = StyleAdapter(run, known, room.seed)
    people = np.unique(seen.writers)
    random = np.random.default_rng(room.seed)
    chosen = [random.permutation(np.flatnonzero(seen.writers == w))[:count] for w in people]
    generator = imitator.generator([imitator.style(seen.select(rows)) for rows in chosen])
    labels, writers = drawn_writers.asked(seen.num_classes, len(people))
    conditions = {"label": labels, "writer": run.conditions["writer"] + writers}
    images = draw(generator, room.seed, 0, len(labels), **conditions)
    readers = drawn_writers.kept_readers(room, np.unique(everything.writers))
    digit, writer = readers.right(images, labels, people[writers])
    _, real = readers.right(test.images, test.labels, test.writers)
    ratio = drawn_writers.as_often(writer, real)
    return Found({"digit": digit, "writer": writer, "ratio": ratio}, len(images))
