"""The arms of the experiment by name: what each makes of a subset of real images."""

import dataclasses

import numpy as np

from ganprofile.benchmarking.additions import ADDITIONS, DEFAULT_RATIO, FolderImages
from ganprofile.benchmarking.arm_names import (
    CLASSIC,
    DEFORMED,
    DISTILLED,
    NOTHING,
    PRETRAINED,
    RATIO,
    TRANSFORMS,
    checked_arms,
)
from ganprofile.benchmarking.comparisons import BASELINES
from ganprofile.benchmarking.same_pool import SAME_POOL
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.errors import UsageError
from ganprofile.recipes import deformation, ensembles
from ganprofile.recipes.deformation import DeformedImages
from ganprofile.recipes.distillation import Distillation
from ganprofile.recipes.pretrained import PretrainedWeights, pretrained_for
from ganprofile.storage.files import printable
from ganprofile.transforms.strengths import TRANSFORMS as STRENGTHS

FAIR_WITH_PRETRAINED = f"{PRETRAINED}+{CLASSIC}"
TRANSFORMED = 1.5  # so many times as long is a training whose images are transformed in every step


@dataclasses.dataclass(frozen=True)
class Arm:
    """Real images, what is added to them, what happens to them, and where training begins.

    Attributes:
        additions: functions `(subset, seed, folder)` -> more images and their labels.
        transforms: a name in `classifiers.TRANSFORMS`, or None.
        deformation: what is shown in place of all these images, or None.
        distillation: the teachers that label what is shown, or None where labels stay as they are.
        pretrained: the weights that the classifier begins with, or None.
        classifier: its name, by which these weights are known.
    """

    additions: tuple = ()
    transforms: str | None = None
    deformation: DeformedImages | None = None
    distillation: Distillation | None = None
    pretrained: PretrainedWeights | None = None
    classifier: str | None = None

    def __call__(self, subset, seed, folder):
        """The training set of a subset.

        Real and added images are shown equally often, whatever their numbers.
        """
        parts = [(subset.images, subset.labels)]
        parts += [add(subset, seed, folder) for add in self.additions]
        parts = [(images, labels) for images, labels in parts if len(images)]
        added = sum(len(images) for images, _ in parts[1:])
        shares = [1 / len(subset)] + [1 / max(added, 1)] * (len(parts) - 1)
        frequency = np.concatenate(
            [np.full(len(images), share) for (images, _), share in zip(parts, shares, strict=True)]
        )
        made = TrainingSet(
            images=np.concatenate([images for images, _ in parts]),
            labels=np.concatenate([labels for _, labels in parts]),
            frequency=frequency if added else None,
            transforms=self.transforms,
            keep_size=kept_size(subset) is not None,
        )
        if self.deformation is not None:
            made = self.deformation(made, seed, folder)
        if self.distillation is not None:
            labels = self.distillation.labels(made.images, subset, seed, folder)
            made = dataclasses.replace(made, labels=labels)
        if self.pretrained is not None:
            made = dataclasses.replace(made, pretrained=self.pretrained.body(self.classifier))
        return made

    def adds_to(self, class_counts):
        """Whether whatever it adds is an image or more to so many of each class."""
        return all(np.sum(addition.counts(class_counts)) > 0 for addition in self.additions)

    def costs_of(self, per_class):
        """How long a cell of so many images per class takes, and one more training of its set, in
        trainings of its classifier without transforms.
        """
        again = 1.0 if self.transforms is None else TRANSFORMED
        made = sum(part.cost for part in (*self.additions, self.deformation) if part is not None)
        labelled = 0.0 if self.distillation is None else self.distillation.cost_of(per_class)
        return again + made + labelled, again

    def description(self):
        """What decides how the arm makes its set, a dict of JSON values."""
        chosen = STRENGTHS.get(self.transforms, {})
        described = {
            "additions": [addition.description() for addition in self.additions],
            "transforms": {name: list(numbers) for name, numbers in chosen.items()},
            "pretraining": self.pretrained and self.pretrained.description(),
        }
        # Results of older versions speak of neither.
        for what in ("deformation", "distillation"):
            if getattr(self, what) is not None:
                described[what] = getattr(self, what).description()
        if self.pretrained or (self.distillation and self.distillation.pretrained):
            described[BASELINES] = [FAIR_WITH_PRETRAINED]
        same_pool = [getattr(addition, "same_pool", None) for addition in self.additions]
        if any(same_pool):
            described[SAME_POOL] = list(filter(None, same_pool))
        return described


def named_arms(names, *, real, test_set, classifier, gan_steps, shown, teacher_steps, **loading):
    """The arms that are named.

    Args:
        names: such as `none`, `classic`, `deformed`, `deformed+distilled` (labelled by teachers),
            `deformed+distilled+pretrained` (whose teachers begin with pretrained weights),
            `classic+distilled` (the transforms of `classic` as images, labelled by deep teachers),
            `duplicated`, `gan`, `classic+gan:5`, `pretrained+classic` (the classifier itself begins
            with pretrained weights), the path of a folder of images or an imported name; parts are
            joined by `+`. The number behind `gan:` or `duplicated:` is how many images are added to
            a real one.
        real: a `Dataset`, the real images that subsets are taken from.
        test_set: the images that classifiers are judged by; no folder may hold one of them.
        classifier: the name of the one to be trained.
        gan_steps: training steps of a GAN.
        shown: how many images a classifier is shown, so that `deformed` makes as many.
        teacher_steps: training steps of a teacher; None for what each needs.
        **loading: further arguments of `load`, with which folders are read as the real images were.

    Returns:
        name -> `Arm`, in the order of the names.

    Raises:
        UsageError: a name means nothing, a folder has other classes, or no pretrained weights may
            be used.
    """
    names = checked_arms(names, classifier)
    pretrained = _pretrained_of(names, real, classifier)
    costs = {"shown": shown, "num_classes": real.num_classes}
    distilled = Distillation(teacher_steps, **costs)
    parts = {
        NOTHING: {},
        **{transforms: {"transforms": transforms} for transforms in TRANSFORMS},
        DEFORMED: {"deformation": DeformedImages(shown)},
        DISTILLED: {"distillation": distilled},
        PRETRAINED: {"pretrained": pretrained, "classifier": classifier},
    }
    together = {  # what parts mean beside each other
        (CLASSIC, DISTILLED): {
            "transforms": None,
            "deformation": DeformedImages(shown, deformation.CLASSIC),
            "distillation": dataclasses.replace(distilled, ensemble=ensembles.DEEP_TEACHERS),
        },
        (DISTILLED, PRETRAINED): {
            "pretrained": None,
            "distillation": dataclasses.replace(
                distilled,
                ensemble=ensembles.PRETRAINED_TEACHERS.beginning_with(pretrained),
                pretrained=pretrained,
            ),
        },
    }
    settings = {"pool": real, "test_set": test_set, "gan_steps": gan_steps, "loading": loading}
    return {name: _named(name, parts, together, settings) for name in names}


def _pretrained_of(names, real, classifier):
    """The pretrained weights that may be used with some images, or None where no arm wants any."""
    wanting = [name for name in names if PRETRAINED in name.split("+")]
    if not wanting:
        return None
    pretrained, why = pretrained_for(real)
    if pretrained is None:
        raise UsageError(f"The arm {printable(wanting[0])} needs pretrained weights. {why}")
    begins_itself = any(DISTILLED not in name.split("+") for name in wanting)
    if begins_itself and pretrained.body(classifier) is None:
        raise UsageError(
            f"The arm {PRETRAINED} begins with pretrained weights, which are those of a convnet. "
            f"Received: `classifier={classifier!r}`."
        )
    return pretrained


def _named(name, parts, together, settings):
    chosen, additions = {}, []
    for part in name.split("+"):
        match = RATIO.fullmatch(part)
        if part in parts:
            chosen |= parts[part]
        elif match and match["name"] in ADDITIONS:
            ratio = float(match["ratio"] or DEFAULT_RATIO)
            additions.append(ADDITIONS[match["name"]](ratio, settings["gan_steps"]))
        else:
            read_with = settings["pool"], settings["test_set"]
            additions.append(FolderImages.read(part, *read_with, **settings["loading"]))
    asked = set(name.split("+"))
    for beside, meaning in together.items():
        if asked.issuperset(beside):
            chosen |= meaning
    return Arm(tuple(additions), **chosen)
