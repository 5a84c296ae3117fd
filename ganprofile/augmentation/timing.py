"""How large a set becomes and how long it takes, said before and while it is made."""

import math
import zlib

import numpy as np

from ganprofile.console import ProgressBar, clock, counted, say
from ganprofile.images import MOST_CLASSES_SHOWN
from ganprofile.recipes.ensembles import LABELLING, STEP_IMAGES
from ganprofile.storage.files import read_json, write_json
from ganprofile.storage.kept import AGAIN
from ganprofile.storage.remembered import remember, remembered

WRITING = 0.35  # of a step of `convnet`, for 32 images: to deform, compress and write them
MEASURED_SECONDS = 1.0  # of work, from which the rest is estimated
RATE = "rate.json"  # where what was measured is kept for what follows
SPEEDS = "speeds.json"  # the same in the user's folder, by the shape of images, for dry runs
SAMPLE = 500  # images that are compressed to see how large they become
COMPRESSED = 0.35  # of the pixels of handwriting
ROW_BYTES = 90  # of a manifest, and what a file takes beside its pixels
CARD_BYTES = 5_000  # of a card and `dataset.json`
SHOWN_BYTES = 10_000  # of a class in the picture, on which not all are


def size_on_disk(count, num_classes, image_shape, like=None, soft_labels=True):
    """How many bytes a set takes, roughly.

    Args:
        count: of its images.
        num_classes: how many classes there are.
        image_shape: `(height, width, channels)`.
        like: uint8 images that its own resemble, or None.
        soft_labels: whether it has some, four bytes each.
    """
    image = COMPRESSED * math.prod(image_shape)
    if like is not None:
        some = like[np.linspace(0, len(like) - 1, min(len(like), SAMPLE)).astype(int)]
        image = len(zlib.compress(some.tobytes(), 1)) / len(some)
    described = CARD_BYTES + SHOWN_BYTES * min(num_classes, MOST_CLASSES_SHOWN)
    return round(count * (image + ROW_BYTES + 4 * num_classes * soft_labels) + described)


def what_is_made(counts, size):
    """How many images are drawn of classes `counts`, and how large the set becomes, a sentence."""
    return (
        f"To be made: {int(counts.sum()):,} images of "
        f"{counted(np.count_nonzero(counts), 'class')}, about {size / 1e6:,.1f} MB."
    )


class TeacherProgress:
    """Shows how far teachers are that processes train, and estimates what is still to come.

    A step of one teacher takes longer than one of another, and the costly ones are begun with: what
    is left goes by what each still costs, not by how many steps a second are made. Nothing is said
    of it until that is measured.

    Args:
        pieces: the `SetPieces`.
        at_once: how many processes work.
        enabled: False shows nothing.
        of_set: whether the images of a set are made next, which the estimate counts in.
    """

    def __init__(self, pieces, at_once, enabled, of_set=False):
        self._pieces, self._at_once, self._enabled = pieces, at_once, enabled
        self._of_set = of_set
        self._costs = pieces.training.ensemble.step_costs
        self._steps = pieces.training.member_steps
        self._done = [0] * len(self._steps)
        self._began, self._is_estimated = {}, False  # number -> when, and after how many steps
        self._speeds = {}  # number -> steps of `convnet` a second
        self._bar = ProgressBar(sum(self._steps), enabled)

    def __enter__(self):
        for number in range(len(self._steps)):
            self._pieces.steps_file(number).unlink(missing_ok=True)
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def longest_first(self):
        """The numbers of the teachers, in the order in which they are best begun."""
        return np.argsort(np.multiply(self._costs, self._steps) * -1, kind="stable").tolist()

    def tick(self):
        """Look how far they are, and estimate once all that can work at a time have done so."""
        measured = 0
        for number, cost in enumerate(self._costs):
            path = self._pieces.steps_file(number)
            if self._done[number] < self._steps[number] and path.is_file():
                steps, when = int(path.read_bytes() or 0), path.stat().st_mtime
                self._done[number] = max(self._done[number], steps)
                # What was before the first note was to compile.
                began, before = self._began.setdefault(number, (when, steps))
                if when - began >= MEASURED_SECONDS:
                    self._speeds[number] = cost * (steps - before) / (when - began)
                    measured += 1
        left = np.less(self._done, self._steps).sum()
        if not self._is_estimated and measured >= min(self._at_once, left) > 0:
            self._is_estimated = True
            self._estimate()
        self._show()

    def finished(self, number):
        """Take down that one is finished; it may have been kept, and took no time then."""
        self._done[number] = self._steps[number]
        self._show()

    def _show(self):
        if any(self._done):
            left = f"  {clock(self._seconds_left())} left" if self._is_estimated else ""
            done = sum(self._done)
            self._bar.show(done, f"{done:,}/{sum(self._steps):,} steps{left}")

    @property
    def _rate(self):
        """Steps of `convnet` a second where all processes work."""
        return self._at_once * sum(self._speeds.values()) / len(self._speeds)

    def _seconds_left(self, count=0):
        """Until the teachers are trained, and so many images made."""
        return set_seconds(self._pieces.training, count, self._rate, self._at_once, self._done)

    def _estimate(self):
        """Say once how long all takes."""
        training, rate = self._pieces.training, self._rate
        write_json(training.folder / RATE, {"convnet_steps_per_second": rate})
        remember(SPEEDS, _shape_of(training.real.image_shape), [rate, self._at_once])
        if self._enabled:
            what = "The set" if self._of_set else "Training the teachers"
            seconds = self._seconds_left(len(self._pieces.chosen) if self._of_set else 0)
            say(f"{what} is estimated to take {clock(seconds)} from now.")


def set_seconds(training, count, rate, at_once, done=0):
    """How long it takes to train the teachers of a set and to draw and label its images.

    Args:
        training: of the teachers, a `TeacherTraining`.
        count: how many images.
        rate: steps of `convnet` a second, of all processes together.
        at_once: how many processes work.
        done: how many steps each teacher has made, a list, or 0.
    """
    costs = training.ensemble.step_costs
    left = np.multiply(costs, np.subtract(training.member_steps, done))
    teachers = max(left.sum() / rate, left.max() / (rate / at_once))
    images = count / STEP_IMAGES
    writing = WRITING * training.reduction**2  # what is written is that much larger than what reads
    return float(teachers + images * (LABELLING * sum(costs) + writing) / rate)


def known_seconds(training, count):
    """The same at the speed of the last set of such images on this machine; None if there is none.

    Args:
        training: of the teachers, a `TeacherTraining`; its folder need not exist.
        count: how many images.
    """
    match remembered(SPEEDS).get(_shape_of(training.real.image_shape)):
        case [int() | float() as rate, int() as at_once] if rate > 0 and at_once > 0:
            return set_seconds(training, count, rate, at_once)
    return None


def _shape_of(image_shape):
    return "x".join(map(str, image_shape))


def training_seconds(folder, steps):
    """How long so many steps of `convnet` take, with what `TeacherProgress` measured, or None."""
    path = folder / RATE
    return steps / read_json(path, AGAIN)["convnet_steps_per_second"] if path.is_file() else None
