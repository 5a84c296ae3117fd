"""Teachers: classifiers that read better than the one to be trained, and tell it how sure they are.

What several networks know of a few images, together and each from its own view, one network learns
from many deformations of these images, labelled with the teachers' probabilities (distillation:
Hinton, Vinyals, Dean 2015, arXiv 1503.02531). Some of the teachers see upright views, in which
neither size nor slant has to be learned. Which teachers label depends on how many images there are.
"""

import dataclasses
import functools
import itertools
from pathlib import Path

import numpy as np

from ganprofile.classifiers.order import shown_rows
from ganprofile.console import ProgressBar
from ganprofile.datasets import Dataset
from ganprofile.datasets.folds import SEEN_BY_ALL, folds_of
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.errors import GanprofileError, first_line
from ganprofile.recipes.deformation import cached_deformations
from ganprofile.recipes.ensembles import (
    CONVNET_SHOWN,
    LABELLING,
    MANY_CLASSES,
    STEP_IMAGES,
    WARPED,
    Teacher,
    TeacherEnsemble,
)
from ganprofile.recipes.pretrained import PretrainedWeights
from ganprofile.recipes.several_views import views_of
from ganprofile.storage.kept import AGAIN, kept_name


@dataclasses.dataclass(frozen=True)
class TeacherTraining:
    """How the teachers of some images are trained, and where they are kept.

    Attributes:
        real: a labelled `Dataset`.
        seed: of weights and deformations.
        folder: they are kept in a folder of it, by all that decides what they learn, so that an
            interrupted start goes on, and beside it the pairwise deformations.
        ensemble: who they are.
        steps: training steps of each; None for what it needs.
        pretrained: `PretrainedWeights` that some begin with.
    """

    real: Dataset
    seed: int
    folder: Path
    ensemble: TeacherEnsemble = WARPED
    steps: int | None = None
    pretrained: PretrainedWeights | None = None

    def suited(self):
        """The same, whose ensemble suits the images."""
        real = self.real
        arguments = real.images, real.labels, self.folder, kept_size(real) is not None
        ensemble = self.ensemble.suited_to(*arguments)
        return dataclasses.replace(self, ensemble=ensemble)

    @functools.cached_property
    def place(self):
        """The folder of the teachers, a `Path`."""
        from ganprofile.transforms.deformation import reduction_fact

        return self.folder / kept_name(
            self.ensemble.name,
            images=self.real.fingerprint,
            seed=self.seed,
            steps=self.steps,
            pretrained=self.pretrained and self.pretrained.description(),
            ensemble=self.ensemble.description(),
            deformation=self.ensemble.deformation.description(),
            **reduction_fact(*self.real.image_shape[:2]),
        )

    @functools.cached_property
    def reduction(self):
        """How many pixels of a row are one to the teachers."""
        from ganprofile.transforms.deformation import reduction

        return reduction(*self.real.image_shape[:2])

    @functools.cached_property
    def folds(self):
        """The fold of every image, int64 `(n,)`; None where all teachers are shown all."""
        if not self.ensemble.is_cross_fitted:
            return None
        return folds_of(self.real.labels, len(self.ensemble.members), self.seed)

    def shown_to(self, number):
        """Which images a teacher is shown, booleans `(n,)`."""
        if self.folds is None:
            return np.ones(len(self.real), bool)
        return (self.folds != number) | (self.folds == SEEN_BY_ALL)

    @property
    def member_steps(self):
        """How many training steps each teacher takes, a list."""
        per_class = len(self.real) / self.real.num_classes
        return self.ensemble.steps_for(self.real.num_classes, per_class, self.steps)

    def classifier(self, number):
        """A teacher that has not learned anything yet."""
        from ganprofile.classifiers import CLASSIFIERS

        kind = CLASSIFIERS[self.ensemble.members[number].classifier]
        steps = self.member_steps[number]
        return kind(self.real.num_classes, steps=steps, seed=self.seed + number)

    def train(self, number, watch=None):
        """A teacher, trained where it is not kept yet.

        Args:
            number: of the teacher in the ensemble.
            watch: called now and then with how many steps are done, or None.
        """
        classifier, path = self.classifier(number), self.file(number)
        if path.is_file():
            return _loaded(classifier, path)
        self.place.mkdir(parents=True, exist_ok=True)
        classifier.fit(**self.lesson(number), watch=watch)
        classifier.save(path)
        return classifier

    def file(self, number):
        """Where a teacher is kept, a `Path`."""
        return self.place / f"{number}-{self.ensemble.members[number].classifier}.keras"

    def lesson(self, number):
        """What the classifier of a teacher is to `fit`, a dict of its arguments."""
        teacher, classifier = self.ensemble.members[number], self.classifier(number)
        random = np.random.default_rng(classifier.seed)
        rows = np.flatnonzero(self.shown_to(number))
        shown = shown_rows(random, rows, classifier.steps * classifier.batch_size)
        augmenter = self.augmenter_without(number, teacher.is_upright)
        lesson = {"images": augmenter.deform(shown, classifier.seed)}
        lesson["labels"] = self.real.labels[shown]
        if teacher.is_pretrained:
            body = self.pretrained.body(teacher.classifier, teacher.is_upright)
            lesson["pretrained"] = body
        return lesson

    @property
    def augmenter(self):
        """What deforms the images of the set."""
        return self.ensemble.deformation.augmenter(*self.registered(is_upright=False))

    def augmenter_without(self, fold, is_upright=False):
        """What deforms one of the teachers' views of the images, without anything of a fold's."""
        deformation = self.ensemble.deformation
        images = self.upright_images if is_upright else self.reduced_images
        if not deformation.is_pairwise:
            return deformation.augmenter_with(images, None)
        found = cached_deformations(*self.registered(is_upright)).among(self.shown_to(fold))
        if not is_upright:
            found = found.resized(1 / self.reduction)
        return deformation.augmenter_with(images, found)

    @functools.cached_property
    def reduced_images(self):
        """The images as teachers see them, if not upright."""
        from ganprofile.transforms.deformation import reduced

        return reduced(self.real.images)

    @functools.cached_property
    def upright_images(self):
        """Upright views of these."""
        from ganprofile.transforms.deformation import upright

        return upright(self.reduced_images)

    def registered(self, is_upright):
        """What `cached_deformations` takes of the images, or of their upright views, a tuple."""
        images = self.upright_images if is_upright else self.real.images
        return images, self.real.labels, self.seed, self.folder

    def held_out(self):
        """What the teacher says of each image that was not shown it, float32 `(n, num_classes)`; 0
        of those that all were shown."""
        said = np.zeros((len(self.real), self.real.num_classes), np.float32)
        for number, teacher in enumerate(self.ensemble.members):
            rows = np.flatnonzero(self.folds == number)
            if len(rows):
                said[rows] = self.train(number).predict_proba(teacher.view(self.real.images[rows]))
        return said

    def trained(self, progress=False):
        """All `Teachers`; those that are not kept are trained, one after the other.

        Args:
            progress: whether to say how it goes.
        """
        count = len(self.ensemble.members)
        *before, all_steps = itertools.accumulate(self.member_steps, initial=0)
        classifiers = []
        with ProgressBar(all_steps, progress) as bar:
            for number in range(count):

                def watch(done, before=before[number]):
                    bar.show_rate(before + done, "steps")

                classifiers.append(self.train(number, watch))
        return Teachers(self.ensemble.members, classifiers)


def _loaded(classifier, path):
    """A classifier that is kept; what a damaged file raises becomes a sentence."""
    try:
        return classifier.load(path)
    except (GanprofileError, MemoryError):
        raise
    except Exception as error:  # of Keras, h5py, zipfile
        raise GanprofileError(f"{path} is damaged ({first_line(error)}). {AGAIN}") from error


@dataclasses.dataclass(frozen=True)
class Teachers:
    """Trained teachers.

    Attributes:
        members: who they are, `Teacher`s.
        classifiers: their classifiers, in the same order.
    """

    members: tuple[Teacher, ...]
    classifiers: list

    def predict_proba(self, images, has_views=False):
        """The mean of their probabilities of the classes, float32 `(n, num_classes)`.

        Args:
            images: uint8 `(n, height, width, channels)`.
            has_views: whether each image is read as it is and turned, leaned and enlarged, too.
        """
        if has_views:
            return np.mean(list(map(self.predict_proba, views_of(images))), axis=0)
        parts = [classifier.predict_proba(seen) for classifier, seen in self._seen_by(images)]
        return np.mean(parts, axis=0, dtype=np.float32)

    def activations(self, images):
        """What the last layer of each sees of images, an iterator of float32 `(n, units)`."""
        return (classifier.activations(seen) for classifier, seen in self._seen_by(images))

    def _seen_by(self, images):
        """Every classifier with its view of images."""
        views = {teacher.is_upright: teacher.view for teacher in self.members}
        seen = {kind: view(images) for kind, view in views.items()}
        for teacher, classifier in zip(self.members, self.classifiers, strict=True):
            yield classifier, seen[teacher.is_upright]


@dataclasses.dataclass(frozen=True)
class Distillation:
    """Labels by teachers, who are kept in the subset's folder for all arms.

    Attributes:
        steps: training steps of each; None for what its classifier needs.
        ensemble: who they are.
        pretrained: `PretrainedWeights` that some begin with, or None.
        shown: how many images the classifier is shown, and
        num_classes: how many classes there are, by which alone `cost_of` goes.
    """

    steps: int | None = None
    ensemble: TeacherEnsemble = WARPED
    pretrained: PretrainedWeights | None = None
    shown: int = CONVNET_SHOWN
    num_classes: int = MANY_CLASSES

    def labels(self, images, subset, seed, folder):
        """float32 `(n, num_classes)`, what the teachers of a subset say of images."""
        plan = TeacherTraining(subset, seed, folder, self.ensemble, self.steps, self.pretrained)
        return plan.suited().trained().predict_proba(images)

    def cost_of(self, per_class):
        """How long it takes with so many images per class, in trainings of the classifier."""
        costs = self.ensemble.step_costs
        steps = self.ensemble.steps_for(self.num_classes, per_class, self.steps)
        taught = np.dot(costs, steps)
        return float(STEP_IMAGES * taught / self.shown + LABELLING * sum(costs))

    def description(self):
        """What decides the labels, a dict of JSON values."""
        pretrained = {"pretrained": self.pretrained.description()} if self.pretrained else {}
        return {**self.ensemble.description(), "steps": self.steps, **pretrained}
