"""Time to quality: seconds of training until a classifier learns enough from drawn images alone.

A classifier that has seen 20,000 drawn images, every class as often, and nothing else reads 10,000
training images that no generator saw (train on synthetic, test on real). It does so after some
steps, and again and again after a quarter more of them; neither drawing nor its training counts.
Ours goes first; the others are looked at from half of our seconds on. Who has not arrived after
`PATIENCE` times our seconds is stopped, and counts as if it had arrived then. The test part is read
once, by the classifier of the last look.
"""

import contextlib
import functools
import tempfile

from benchmarks.speed.design import OURS, SECONDS, Row
from benchmarks.speed.processes import before
from benchmarks.stopwatch import Stopwatch

HELD_OUT = 10_000
DRAWN = 20_000
FIRST_LOOK = 15.0  # seconds of training
QUICK_LIMIT = 10.0
GROWTH = 1.25
PATIENCE = 6.0
MOST_SECONDS = 3600.0
GOALS = {"mnist": (0.95, 0.97), "emnist": (0.75,)}


def data(name, is_quick):
    """`(training images, held-out training images, test images)`."""
    import ganprofile as gp
    from benchmarks.does_it_help import load_options
    from benchmarks.taught import divide

    if is_quick:
        train_set, test_set = gp.load("digits")
    else:
        train_set, test_set = gp.load(name, **load_options(name))
    real, judged = divide(train_set, HELD_OUT, seed=0)
    return real, judged, test_set


class Enough(Exception):
    """All goals are reached, or the time is over."""


class Looks:
    """Called after every training step; now and then it looks how much the drawn images teach.

    Args:
        name: a key of `GOALS`.
        judged: the training images that no generator sees, a `Dataset`.
        is_quick: see `Row`.
    """

    def __init__(self, name, judged, is_quick):
        self.goals = (0.2,) if is_quick else GOALS[name]
        self.judged, self.is_quick = judged, is_quick
        first, self.limit = _looks_at(is_quick, self.goals)
        self.reached, self.accuracies = {}, []
        self.next_look = min(first, self.limit)
        self.clock = Stopwatch()

    def __call__(self, draw):
        """After a step.

        Args:
            draw: int labels `(n,)` -> uint8 images `(n, 28, 28, 1)`.

        Raises:
            Enough: it need not go on.
        """
        seconds = self.clock.seconds
        if seconds < self.next_look:
            return
        with self.clock.paused():
            self.student, right = look(draw, self.judged, self.is_quick)
        self.accuracies.append([round(seconds, 2), round(right, 4)])
        for goal in self.goals:
            if right >= goal:
                self.reached.setdefault(goal, seconds)
        if len(self.reached) == len(self.goals) or seconds >= self.limit:
            raise Enough
        self.next_look = min(GROWTH * seconds, self.limit)


def look(draw, judged, is_quick):
    """A classifier that learned from drawn images alone, and its accuracy on those that it judges.

    Args: as for `Looks`.
    """
    from benchmarks.taught import taught
    from ganprofile.classifiers.accuracy import accuracy

    count, steps = (2000, 50) if is_quick else (DRAWN, None)
    student = taught(draw, count, judged.num_classes, steps)
    return student, accuracy(student, judged.images, judged.labels)


def arrived(name, trains, is_quick):
    """Seconds until each goal, with the accuracies on the way.

    Args:
        name: a key of `GOALS`.
        trains: `(dataset, after_step)`, trains until `after_step(draw)` raises `Enough`.
        is_quick: see `Row`.
    """
    from ganprofile.classifiers.accuracy import accuracy

    real, judged, test_set = data(name, is_quick)
    looks = Looks(name, judged, is_quick)
    with contextlib.suppress(Enough):
        trains(real, looks)
    by_goal = {f"{goal:g}": round(looks.reached.get(goal, looks.limit), 2) for goal in looks.goals}
    return {
        SECONDS: by_goal[f"{looks.goals[-1]:g}"],
        "by_goal": by_goal,
        "stopped": len(looks.reached) < len(looks.goals),
        "looks": looks.accuracies,
        "test_accuracy": accuracy(looks.student, test_set.images, test_set.labels),
    }


def _looks_at(is_quick, goals):
    """After how many seconds of training a contender is first looked at, and stopped."""
    found = before().get(OURS)
    if found is None:
        return (QUICK_LIMIT / 2, QUICK_LIMIT) if is_quick else (FIRST_LOOK, MOST_SECONDS)
    seconds = [found["by_goal"][f"{goal:g}"] for goal in goals]
    return min(seconds) / 2, PATIENCE * max(seconds)


def ours(name, is_quick):
    """`ganprofile.train` with the preset `quick`, and all that it does."""
    return arrived(name, trained, is_quick)


def trained(dataset, after_step, **settings):
    """Train `quick`, with changes to its settings, until `after_step(draw)` raises."""
    import keras

    import ganprofile as gp
    from ganprofile.gan.drawing import draw

    class AfterStep(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            generator = self.model.drawing_generator
            after_step(lambda labels: draw(generator, 1, 0, len(labels), label=labels))

    with tempfile.TemporaryDirectory() as folder:
        arguments = {"output": folder, "progress": False, "callbacks": [AfterStep()]}
        gp.train(dataset, "quick", epochs=10**6, **arguments, **settings)


def peer(which, name, is_quick):
    """One of the networks in `conditional`."""
    from benchmarks.speed.conditional import PEERS

    return arrived(name, PEERS[which], is_quick)


TUTORIAL, EXAMPLE = "TensorFlow's DCGAN tutorial, conditional", "Keras' conditional GAN"


def _row(name, repeats):
    return Row(
        f"training until {GOALS[name][-1]:.0%} are read after drawn images alone, {name}",
        {
            OURS: functools.partial(ours, name),
            TUTORIAL: functools.partial(peer, "tutorial", name),
            EXAMPLE: functools.partial(peer, "example", name),
        },
        {TUTORIAL: 5.0, EXAMPLE: 5.0},
        repeats=repeats,
        data=True,
    )


ROWS = {"quality-mnist": _row("mnist", 3), "quality-emnist": _row("emnist", 1)}
