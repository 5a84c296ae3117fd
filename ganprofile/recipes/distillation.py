"""Teachers: classifiers that read better than the one to be trained, and tell it how sure they are.

What several networks know of a few images, together and each from its own view, one network learns
from many deformations of these images, labelled with the teachers' probabilities (distillation:
Hinton, Vinyals, Dean 2015, arXiv 1503.02531). Some of the teachers see upright views, in which
neither size nor slant has to be learned. Which teachers label depends on how many images there are.
"""

import dataclasses
import itertools

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.recipes.deformation import CLASSIC, PAIRWISE, Deformation
from ganprofile.recipes.pretrained import PretrainedWeights
from ganprofile.storage.kept import kept_name

# What a training costs in relation to one of `convnet`, rounded from the seconds in
# benchmarks/results/does_it_help/.
COSTS = {"convnet": 1.0, "deepconvnet": 4.0, "embedding": 1.7}


@dataclasses.dataclass(frozen=True)
class Teacher:
    """What a teacher is.

    Attributes:
        classifier: a name in `classifiers.CLASSIFIERS`.
        is_upright: whether it sees upright views of the images.
        is_pretrained: whether it begins with pretrained weights.
    """

    classifier: str
    is_upright: bool = False
    is_pretrained: bool = False

    def view(self, images):
        """What it sees of uint8 images, of the same type and shape."""
        from ganprofile.transforms.deformation import upright

        return upright(images) if self.is_upright else images

    def description(self):
        """What decides what it learns, a list of JSON values."""
        pretraining = ["pretrained"] if self.is_pretrained else []
        return [self.classifier, "upright" if self.is_upright else None, *pretraining]


@dataclasses.dataclass(frozen=True)
class TeacherEnsemble:
    """Teachers that label together.

    Attributes:
        name: of the folder where they are kept.
        members: the `Teacher`s.
        deformation: how the images are deformed that they learn from.
    """

    name: str
    members: tuple[Teacher, ...]
    deformation: Deformation = PAIRWISE

    def description(self):
        """What decides what they learn, a dict of JSON values."""
        teachers = {"teachers": [teacher.description() for teacher in self.members]}
        if self.deformation == PAIRWISE:
            return teachers
        return {**teachers, "deformation": self.deformation.description()}


UPRIGHT = Teacher("convnet", is_upright=True)
WARPED = TeacherEnsemble("teachers", (Teacher("deepconvnet"), UPRIGHT, UPRIGHT))
PRETRAINED_TEACHERS = TeacherEnsemble(
    "pretrained",
    (
        Teacher("embedding", is_upright=True, is_pretrained=True),
        Teacher("embedding", is_pretrained=True),
        UPRIGHT,
    ),
)
DEEP_TEACHERS = TeacherEnsemble(
    "deep", (Teacher("deepconvnet"), Teacher("deepconvnet", is_upright=True)), CLASSIC
)


class Teachers:
    """A `TeacherEnsemble`, trained on deformations of the same images.

    Args:
        real: a labelled `Dataset`.
        seed: of weights and deformations.
        folder: they are kept in a folder of it, by all that decides what they learn, so that an
            interrupted start goes on, and beside it the pairwise deformations.
        ensemble: who they are.
        steps: training steps of each; None for what its classifier needs.
        pretrained: `PretrainedWeights` that some begin with.
        progress: whether to say how it goes.
    """

    def __init__(
        self, real, seed, folder, ensemble=WARPED, steps=None, pretrained=None, progress=False
    ):
        self._real, self._seed, self._steps = real, seed, steps
        self._pretrained, self._ensemble = pretrained, ensemble
        self._folder = folder / kept_name(
            ensemble.name,
            images=real.fingerprint,
            seed=seed,
            steps=steps,
            teachers=[teacher.description() for teacher in ensemble.members],
            deformation=ensemble.deformation.description(),
            pretrained=pretrained and pretrained.description(),
        )
        self._folder.mkdir(exist_ok=True)
        self._classifiers = list(self._all_trained(progress))

    def predict_proba(self, images):
        """The mean of their probabilities of the classes, float32 `(n, num_classes)`."""
        parts = [classifier.predict_proba(seen) for classifier, seen in self._seen_by(images)]
        return np.mean(parts, axis=0, dtype=np.float32)

    def activations(self, images):
        """What the last layer of each sees of images, an iterator of float32 `(n, units)`."""
        return (classifier.activations(seen) for classifier, seen in self._seen_by(images))

    def _seen_by(self, images):
        """Every classifier with its view of images."""
        members = self._ensemble.members
        views = {teacher.is_upright: teacher.view for teacher in members}
        seen = {kind: view(images) for kind, view in views.items()}
        for teacher, classifier in zip(members, self._classifiers, strict=True):
            yield classifier, seen[teacher.is_upright]

    def _all_trained(self, progress):
        """A classifier for each member, one trained after the other."""
        classifiers = [self._new(*each) for each in enumerate(self._ensemble.members)]
        *before, all_of_them = itertools.accumulate((c.steps for c in classifiers), initial=0)
        with ProgressBar(all_of_them, progress) as bar:
            for number, classifier in enumerate(classifiers):

                def watch(steps, done=before[number]):
                    bar.show_rate(done + steps, "steps")

                yield self._trained(number, classifier, watch)

    def _new(self, number, teacher):
        from ganprofile.classifiers import CLASSIFIERS

        kind, seed = CLASSIFIERS[teacher.classifier], self._seed + number
        return kind(self._real.num_classes, steps=self._steps, seed=seed)

    def _trained(self, number, classifier, watch):
        teacher, seed = self._ensemble.members[number], classifier.seed
        path = self._folder / f"{number}-{teacher.classifier}.keras"
        if path.is_file():
            return classifier.load(path)
        shown = np.arange(classifier.steps * classifier.batch_size) % len(self._real)
        shown = np.random.default_rng(seed).permutation(shown)
        images = teacher.view(self._real.images)
        arguments = images, self._real.labels, self._seed, self._folder.parent
        deformed = self._ensemble.deformation.augmenter(*arguments).deform(shown, seed)
        body = None
        if teacher.is_pretrained:
            body = self._pretrained.body(teacher.classifier, teacher.is_upright)
        classifier.fit(deformed, self._real.labels[shown], pretrained=body, watch=watch)
        classifier.save(path)
        return classifier


@dataclasses.dataclass(frozen=True)
class Distillation:
    """Labels by `Teachers`, who are kept in the subset's folder for all arms.

    Attributes:
        steps: training steps of each; None for what its classifier needs.
        ensemble: who they are.
        pretrained: `PretrainedWeights` that some begin with, or None.
    """

    steps: int | None = None
    ensemble: TeacherEnsemble = WARPED
    pretrained: PretrainedWeights | None = None

    def labels(self, images, subset, seed, folder):
        """float32 `(n, num_classes)`, what the teachers of a subset say of images."""
        teachers = Teachers(subset, seed, folder, self.ensemble, self.steps, self.pretrained)
        return teachers.predict_proba(images)

    @property
    def cost(self):
        """How long it takes, in trainings of `convnet`."""
        return sum(COSTS[teacher.classifier] for teacher in self.ensemble.members)

    def description(self):
        """What decides the labels, a dict of JSON values."""
        pretrained = {"pretrained": self.pretrained.description()} if self.pretrained else {}
        return {**self.ensemble.description(), "steps": self.steps, **pretrained}
