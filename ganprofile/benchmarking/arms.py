"""The arms of the experiment by name: what each makes of a subset of real images."""

import dataclasses
import re
from pathlib import Path

import numpy as np

from ganprofile.benchmarking.additions import ADDITIONS, DEFAULT_RATIO, FolderImages
from ganprofile.benchmarking.comparisons import OPPONENTS
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.datasets.imports import imported_names
from ganprofile.errors import UsageError
from ganprofile.recipes import distillation
from ganprofile.recipes.distillation import Teaching
from ganprofile.recipes.pretrained import Prior, prior_for
from ganprofile.recipes.variations import TRANSFORMED, Variations
from ganprofile.storage.files import printable

NOTHING = "none"
PRETRAINED = "pretrained"
VARIED, STRAIGHT = "varied", "transformed"
TAUGHT, PRIMED, DEEP = "taught", "primed", "deep"
FAIR_WITH_PRIOR = f"{PRETRAINED}+classic"
TRANSFORMS = ("affine", "classic")  # a test holds them against `classifiers.TRANSFORMS`
RATIO = re.compile(r"(?P<name>\w+)(:(?P<ratio>\d+(\.\d+)?))?")


@dataclasses.dataclass(frozen=True)
class Arm:
    """Real images, what is added to them, what happens to them, and where training begins.

    Attributes:
        additions: functions `(subset, seed, folder)` -> more images and their labels.
        transforms: a name in `classifiers.TRANSFORMS`, or None.
        variations: what is shown in place of all these images, or None.
        teaching: who labels what is shown, or None where the labels are what they were.
        prior: what the classifier begins with, or None.
        classifier: its name, by which the prior knows it.
    """

    additions: tuple = ()
    transforms: str | None = None
    variations: Variations | None = None
    teaching: Teaching | None = None
    prior: Prior | None = None
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
        )
        if self.variations is not None:
            made = self.variations(made, seed, folder)
        if self.teaching is not None:
            labels = self.teaching.labels(made.images, subset, seed, folder)
            made = dataclasses.replace(made, labels=labels)
        if self.prior is not None:
            made = dataclasses.replace(made, pretrained=self.prior.body(self.classifier))
        return made

    @property
    def cost(self):
        """How long a cell takes in relation to the training of its classifier alone."""
        parts = (*self.additions, self.variations, self.teaching)
        return 1.0 + sum(part.cost for part in parts if part is not None)

    def description(self):
        """What decides how the arm makes its set, a dict of JSON values."""
        from ganprofile.classifiers import TRANSFORMS

        chosen = TRANSFORMS.get(self.transforms, {})
        described = {
            "additions": [addition.description() for addition in self.additions],
            "transforms": {name: list(numbers) for name, numbers in chosen.items()},
            "pretraining": self.prior and self.prior.description(),
        }
        for what in ("variations", "teaching"):  # of which results of older versions do not speak
            if getattr(self, what) is not None:
                described[what] = getattr(self, what).description()
        if self.prior or (self.teaching and self.teaching.prior):
            described[OPPONENTS] = [FAIR_WITH_PRIOR]
        return described


def named_arms(names, *, real, test_set, classifier, gan_steps, shown, teacher_steps):
    """The arms that are named.

    Args:
        names: such as `none`, `classic`, `varied`, `varied+taught`, `varied+primed` (taught by
            teachers who begin with the prior), `transformed+deep` (the transforms of `classic` as
            images, labelled by deep teachers), `duplicated`, `gan`, `classic+gan:5`,
            `pretrained+classic` (the classifier itself begins with it), the path of a folder of
            images or an imported name; parts are joined by `+`. The number behind `gan:` or
            `duplicated:` is how many images are added to a real one.
        real: a `Dataset`, the real images that subsets are taken from.
        test_set: the images that classifiers are judged by; no folder may hold one of them.
        classifier: the name of the one to be trained.
        gan_steps: training steps of a GAN.
        shown: how many images a classifier is shown, so that `varied` makes as many.
        teacher_steps: training steps of a teacher of `taught`; None for what each needs.

    Returns:
        name -> `Arm`, in the order of the names.

    Raises:
        UsageError: a name means nothing, a folder has other classes, or no prior may be used.
    """
    if not names:
        raise UsageError("A benchmark needs an arm or more. Received: none.")
    prior = _prior_of(names, real, classifier)
    parts = {
        NOTHING: {},
        **{transforms: {"transforms": transforms} for transforms in TRANSFORMS},
        VARIED: {"variations": Variations(shown)},
        STRAIGHT: {"variations": Variations(shown, TRANSFORMED)},
        TAUGHT: {"teaching": Teaching(teacher_steps)},
        PRIMED: {"teaching": Teaching(teacher_steps, distillation.PRIMED, prior)},
        DEEP: {"teaching": Teaching(teacher_steps, distillation.DEEP)},
        PRETRAINED: {"prior": prior, "classifier": classifier},
    }
    told = {"class_names": real.class_names, "test_set": test_set, "gan_steps": gan_steps}
    return {name: _named(name, parts, told) for name in names}


def _prior_of(names, real, classifier):
    """The prior that may be used with some images, or None where no arm wants one."""
    wanted = {part for name in names for part in name.split("+")} & {PRIMED, PRETRAINED}
    if not wanted:
        return None
    arm = min(wanted)
    prior, why = prior_for(real)
    if prior is None:
        raise UsageError(f"The arm {arm} needs a prior. {why}")
    if PRETRAINED in wanted and prior.body(classifier) is None:
        raise UsageError(
            f"The arm {PRETRAINED} begins with weights that the prior has of a convnet. "
            f"Received: --classifier {classifier}."
        )
    return prior


def _named(name, parts, told):
    chosen, additions = {}, []
    for part in name.split("+"):
        match = RATIO.fullmatch(part)
        if part in parts:
            chosen |= parts[part]
        elif match and match["name"] in ADDITIONS:
            ratio = float(match["ratio"] or DEFAULT_RATIO)
            if ratio == 0:
                raise UsageError(f"The arm {part} adds nothing. Ask for {NOTHING} instead.")
            additions.append(ADDITIONS[match["name"]](ratio, told["gan_steps"]))
        elif part in imported_names() or Path(part).expanduser().exists():
            additions.append(FolderImages.read(part, told["class_names"], told["test_set"]))
        else:
            known = ", ".join([*parts, *ADDITIONS])
            raise UsageError(
                f"No arm {printable(part)!r}. Known: {known}, the path of a folder of images or an "
                "imported name, and several of these joined by +, as in classic+gan:5."
            )
    asked = set(name.split("+"))
    if len(asked & {TAUGHT, PRIMED, DEEP}) > 1:
        raise UsageError(f"The arm {printable(name)!r} has two kinds of teachers. Ask for one.")
    if {VARIED, STRAIGHT} <= asked or {"variations", "transforms"} <= chosen.keys():
        raise UsageError(
            f"The arm {printable(name)!r} bends images twice: {VARIED} and {STRAIGHT} hold the "
            "transforms of classic. Ask for one of them."
        )
    return Arm(tuple(additions), **chosen)
