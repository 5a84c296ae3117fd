"""What a user may expect of a set: every image read once, by a classifier that never saw it.

The teachers are cross-fitted: every fold of the images was unseen by one of them. A classifier
learns from deformations of the other folds, labelled by that teacher, another one from the same
images under classical transforms, and both read the fold. So the images themselves say what the set
gives, paired, and no teacher is trained for it. Large images are read in the smaller views of the
teachers.
"""

import dataclasses
import hashlib
import json

import numpy as np

from ganprofile.augmentation.pieces import SHORT
from ganprofile.augmentation.timing import training_seconds
from ganprofile.benchmarking.paired import PairedDifference
from ganprofile.classifiers.order import shown_rows
from ganprofile.console import ProgressBar, clock, counted, points, say
from ganprofile.datasets.duplicates import hashes_of_originals
from ganprofile.datasets.folds import of_one_fold
from ganprofile.datasets.formats.checksums import change_checksum
from ganprofile.errors import GanprofileError
from ganprofile.recipes.deformation import CLASSIC
from ganprofile.recipes.ensembles import CONVNET_SHOWN, STEP_IMAGES
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import as_json, json_bytes, read_json, write_bytes, write_json
from ganprofile.storage.kept import kept_arrays, kept_name

STEPS = 2000  # of every classifier: shorter ones hide gains of two points (docs/lift.md)
CLASSIFIER = "convnet"
AGAINST = "classic"
DEFORMED = 32_000  # images, about as many as three quarters of a set
OVERHEAD = 1.25  # of a training's steps, to deform and label what it is shown
EXPECTATION = "expectation.json"
SHARED = {"work": "what to expect", "remedy": "The set is finished; leave `expect` out."}
HARM = (
    "That speaks against this set for your images. Judge it on held-out images before you use it: "
    "ganprofile benchmark."
)


@dataclasses.dataclass(frozen=True)
class Expectation:
    """The difference that a recipe made on a user's own images.

    Attributes:
        arm: the recipe.
        against: the arm that it was held against.
        images: how many images were read.
        accuracies: arm -> accuracy on each fold.
        mean: of the differences, over images.
        low: lower end of its 95 % interval, over images and trainings.
        high: upper end.
        smallest_gain: the smallest gain that so many images could have shown; None for none.
        copies: how many images were not asked, since another fold has the same image.
    """

    arm: str
    against: str
    images: int
    accuracies: dict[str, list[float]]
    mean: float
    low: float | None
    high: float | None
    smallest_gain: float | None
    copies: int = 0

    @classmethod
    def of(cls, arm, correct, copies=0, folds=None):
        """From what was recognised.

        Args:
            arm: the recipe.
            correct: arm -> for every fold booleans `(n,)`, of the recipe and of `AGAINST`.
            copies: as the attribute.
            folds: how many there were to learn from, as for `PairedDifference.of_folds`.
        """
        ours, theirs = correct[arm], correct[AGAINST]
        differences = [np.subtract(*pair, dtype=np.int8) for pair in zip(ours, theirs, strict=True)]
        paired = PairedDifference.of_folds(differences, folds)
        most = 1 - float(np.concatenate(theirs).mean())
        found = paired.estimate(most=most)
        accuracies = {name: [float(c.mean()) for c in folds] for name, folds in correct.items()}
        interval = found.mean, found.low, found.high, found.smallest_gain
        return cls(arm, AGAINST, paired.images, accuracies, *interval, copies)

    @property
    def is_shown(self):
        """Whether the interval lies on one side of 0."""
        return self.low is not None and (self.low > 0 or self.is_harmful)

    @property
    def is_harmful(self):
        """Whether the interval lies below 0."""
        return self.high is not None and self.high < 0

    def sentences(self):
        """What was found, in words, a list."""
        begin = f"On your {self.images:,} images, each read by a classifier that never saw it,"
        if self.copies:
            are, were = ("is", "was") if self.copies == 1 else ("are", "were")
            begin = (
                f"{counted(self.copies, 'image')} {are} there twice, and {were} not asked. {begin}"
            )
        if self.low is None:
            return [f"{begin} too few are read differently to say anything."]
        found = (
            f"{begin} the recipe gives {points(self.mean)} points over {self.against} "
            f"({points(self.low)}..{points(self.high)})"
        )
        if self.is_shown:  # what was shown may well be smaller than what four of five show
            return [f"{found}.", HARM] if self.is_harmful else [f"{found}."]
        shown = "so few images could not show any gain"
        if self.smallest_gain is not None:
            shown = f"so many images could show a gain of {100 * self.smallest_gain:.2f} or more"
        return [
            f"{found}; {shown}. The interval covers 0: your images alone do not show whether it "
            "helps."
        ]


def write_pending(folder, job, expect):
    """Write what is known of a set before its images have been asked.

    Args:
        folder: of the set.
        job: a `DeformationJob`.
        expect: whether they will be.
    """
    if not expect:
        _say(reference(job))
    write_json(folder / EXPECTATION, _content(job, None, bool(expect)))


def is_pending(folder, facts):
    """Whether a folder holds a set of these facts whose images are still to be asked."""
    try:
        info, found = read_json(folder / "dataset.json"), read_json(folder / EXPECTATION)
    except GanprofileError:
        return False
    facts = json.loads(as_json(facts))  # as it was written: lists, not tuples
    return found.get("is_pending") is True and facts == {key: info.get(key) for key in facts}


def conclude(job, folder, room):
    """Ask the images, and write down what they say; folds that are kept are not read again.

    Where that is not asked any more, the set is as if it never had been.

    Args:
        job: a `DeformationJob`.
        folder: of the finished set.
        room: where the teachers are kept.
    """
    expectation = None
    if job.expect:
        expectation = found(job.pieces(room), job.recipe.arm, job.sharing, job.progress)
    content = _content(job, expectation, False)
    _say(content["sentences"])
    written = json_bytes(content)
    change_checksum(folder, EXPECTATION, hashlib.sha256(written).hexdigest())
    write_bytes(folder / EXPECTATION, written)


def found(pieces, arm, sharing, progress):
    """Read every image once with and once without the recipe.

    Args:
        pieces: the `SetPieces`, whose teachers are trained.
        arm: the recipe's name.
        sharing: who trains.
        progress: whether to say how it goes.

    Returns:
        An `Expectation`, or None where no image can be left out: each is the only one of its class,
        or there twice.
    """
    unseen, copies = _unseen(pieces.training)
    folds = np.unique(pieces.training.folds[unseen]).tolist() if unseen.any() else []
    if not folds:
        return None
    tasks = [(fold, name) for fold in folds for name in (arm, AGAINST)]
    is_short = len(tasks) * (pieces.steps or CONVNET_SHOWN) < SHORT
    kept = sum(_reading(pieces, *task).is_file() for task in tasks)
    if progress:
        steps = pieces.steps or CONVNET_SHOWN // STEP_IMAGES
        seconds = training_seconds(pieces.training.folder, OVERHEAD * (len(tasks) - kept) * steps)
        say(
            "The set is finished. What it may be expected to give on your images is found out next"
            f"{f', in about {clock(seconds)}' if seconds else ''}; you can stop that without loss."
        )
    correct = {name: [None] * len(folds) for name in (arm, AGAINST)}
    with (
        ProgressBar(len(tasks), progress) as bar,
        sharing.on_this_machine(is_short).executor(pieces, most=len(tasks), **SHARED) as executor,
    ):
        read = executor.imap_chains(read_fold, ([task] for task in tasks))
        for done, (fold, name, recognised) in enumerate(read, 1):
            is_unseen = unseen[pieces.training.folds == fold]
            correct[name][folds.index(fold)] = recognised[is_unseen]
            bar.show_pieces(done, f"{name} on fold {fold + 1}", min(done, kept))
    return Expectation.of(arm, correct, copies, len(np.unique(pieces.training.folds)))


def _unseen(training):
    """Which images one fold alone has, bool `(n,)`, and how many others are there twice."""
    if training.folds is None:
        return np.zeros(len(training.real), bool), 0
    unseen, is_copy = of_one_fold(training.folds, hashes_of_originals(training.real))
    return unseen, int(is_copy.sum())


def _reading(pieces, fold, arm):
    """Where what `read_fold` finds is kept, a `Path`."""
    training = pieces.training
    facts = {"teachers": training.place.name, "steps": pieces.steps}
    return training.folder / f"{kept_name('read', fold=fold, arm=arm, **facts)}.npz"


def read_fold(pieces, fold, arm):
    """Train on the other folds, or load what that gave.

    Args:
        pieces: the `SetPieces`.
        fold: which one is read.
        arm: `AGAINST`, or the recipe's name.

    Yields:
        `(fold, arm, correct)`, booleans `(n,)`, of the images of the fold.
    """
    from ganprofile.classifiers import CLASSIFIERS
    from ganprofile.transforms.deformation import reduced

    training, path = pieces.training, _reading(pieces, fold, arm)
    if not path.is_file():
        kind = CLASSIFIERS[CLASSIFIER]
        classifier = kind(training.real.num_classes, steps=pieces.steps, seed=training.seed + fold)
        fit = _fit_classic if arm == AGAINST else _fit_to_set
        fit(classifier, pieces, fold)
        held_out = training.real.select(training.folds == fold)
        correct = classifier.predict(reduced(held_out.images)) == held_out.labels
        write_arrays(path, {"correct": correct})
    yield fold, arm, kept_arrays(path)["correct"]


def _fit_classic(classifier, pieces, fold):
    """Train under the classical transforms; done ahead they take half as long as in every step."""
    training = pieces.training
    random = np.random.default_rng([training.seed, fold])
    rows = np.flatnonzero(training.shown_to(fold))
    rows = shown_rows(random, rows, classifier.steps * classifier.batch_size)
    real = training.reduced_images
    images = CLASSIC.augmenter_with(real, None).deform(rows, [training.seed, fold])
    classifier.fit(images, training.real.labels[rows])


def _fit_to_set(classifier, pieces, fold):
    """Train on deformations of all other images, made and labelled without the fold."""
    training = pieces.training
    count = min(DEFORMED, classifier.steps * classifier.batch_size)
    random = np.random.default_rng([training.seed, fold])
    rows = shown_rows(random, np.flatnonzero(training.shown_to(fold)), count)
    images = training.augmenter_without(fold).deform(rows, [training.seed, fold])
    teacher = training.ensemble.members[fold]
    labels = training.train(fold).predict_proba(teacher.view(images))
    classifier.fit(images, labels)


def _content(job, expectation, is_pending):
    recipe = job.recipe
    sentences = [] if expectation is None else expectation.sentences()
    sentences[1:1] = _of_other_sets(job, DEFORMED) if expectation else []
    if not (expectation and expectation.is_shown):
        sentences += reference(job)
    return {
        "recipe": recipe.arm,
        "why": recipe.why,
        "is_pending": is_pending,
        "cross_validated": expectation and dataclasses.asdict(expectation),
        "reference": [dataclasses.asdict(gain) for gain in recipe.gains],
        "sentences": sentences,
    }


def reference(job):
    """What is known of a job's recipe from elsewhere, a list of sentences."""
    gains = job.recipe.gains
    if not gains:
        return []
    by_arm: dict[str, list[str]] = {}
    for gain in gains:
        by_arm.setdefault(gain.arm, []).append(gain.sentence())
    known = "; ".join(f"{arm} gave over classic: {'; '.join(some)}" for arm, some in by_arm.items())
    return [f"On reference data {known}.", *_of_other_sets(job, CONVNET_SHOWN, job.quick)]


def _of_other_sets(job, count, is_quick=False):
    """What sets figures are of, a list: a sentence where the job's is smaller or lacks classes.

    Args:
        job: a `DeformationJob`.
        count: how many deformed images of all classes they were measured with.
        is_quick: whether the job's teachers are trained for less long than those were.
    """
    made, classes = int(job.counts.sum()), np.count_nonzero(job.counts)
    lacking = classes < len(job.counts)
    if made >= count and not lacking and not is_quick:
        return []
    some = f" of {classes} of {len(job.counts)} classes" if lacking else ""
    short = ", by teachers of a shorter training" if is_quick else ""
    return [
        f"That was measured with {count:,} deformed images of all classes; this set has "
        f"{made:,}{some}{short}, and may give less."
    ]


def _say(sentences):
    for sentence in sentences:
        say(sentence)
