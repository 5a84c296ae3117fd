"""Which teachers label together, and how long each is trained.

Some see upright views, in which neither size nor slant has to be learned; some begin with
pretrained weights. Each is shown all folds of the images but one.
"""

import dataclasses

from ganprofile.classifiers.facts import FACTS
from ganprofile.recipes.deformation import CLASSIC, PAIRWISE, Deformation

# What a step costs in relation to one of `convnet`, and what it costs to label as many images: by
# clocks on one core, once. benchmarks/time_to_set.py holds what is estimated by them against time.
STEP_COSTS = {"convnet": 1.0, "deepconvnet": 2.0, "embedding": 2.1}
LABELLING = 0.28
STEP_IMAGES = 32
CONVNET_SHOWN = 4000 * STEP_IMAGES
MANY_CLASSES, GROWTH = 40, 0.5
# Beyond so many classes all teachers are trained for longer, by this power of how many times as
# many there are (docs/lift.md).
VERY_MANY_CLASSES, GROWTH_BEYOND = 62, 0.5
MOST_LONGER = 2.0  # than the steps for many classes, however many images there are


@dataclasses.dataclass(frozen=True)
class Teacher:
    """What a teacher is.

    Attributes:
        classifier: a name in `classifiers.CLASSIFIERS`.
        is_upright: whether it sees upright views of the images.
        is_pretrained: whether it begins with pretrained weights.
        steps: of its training where there are `many_classes`, up to `VERY_MANY_CLASSES`; None for
            as many as the classifier needs, however many there are.
        many_classes: below so many, fewer steps are enough.
        growth: the power of the number of classes with which the steps grow until then.
        enough: images of each class for which so many steps are enough; with more of them there is
            more to learn, and the steps grow in proportion. None for however many there are.
    """

    classifier: str
    is_upright: bool = False
    is_pretrained: bool = False
    steps: int | None = None
    many_classes: int = MANY_CLASSES
    growth: float = GROWTH
    enough: int | None = None

    def view(self, images):
        """What it sees of uint8 images, of the same type and, where they are small, shape."""
        from ganprofile.transforms.deformation import reduced, upright

        seen = reduced(images)
        return upright(seen) if self.is_upright else seen

    def steps_for(self, num_classes, per_class):
        """How many training steps it takes to tell classes of so many images apart."""
        if self.steps is None:
            return FACTS[self.classifier].steps
        share = min(1.0, num_classes / self.many_classes)  # fewer classes are told apart sooner
        steps = self.steps * share**self.growth
        if self.enough:
            longer = steps * max(1.0, per_class / self.enough)
            steps = min(longer, MOST_LONGER * self.steps)
        beyond = max(1.0, num_classes / VERY_MANY_CLASSES)
        return max(1, round(steps * beyond**GROWTH_BEYOND))

    def description(self):
        """What decides what it learns, a list of JSON values."""
        pretraining = ["pretrained"] if self.is_pretrained else []
        law = [self.many_classes, self.growth]
        grown = [] if law == [MANY_CLASSES, GROWTH] else law
        steps = [] if self.steps is None else [self.steps, *grown]
        enough = [] if self.enough is None else [{"enough": self.enough}]
        upright = "upright" if self.is_upright else None
        return [self.classifier, upright, *pretraining, *steps, *enough]


@dataclasses.dataclass(frozen=True)
class TeacherEnsemble:
    """Teachers that label together.

    Attributes:
        name: of the folder where they are kept.
        members: the `Teacher`s.
        deformation: how the images are deformed that they learn from.
        is_cross_fitted: whether each is shown all folds of the images but one, which differs from
            teacher to teacher: so every image was unseen by one of them.
    """

    name: str
    members: tuple[Teacher, ...]
    deformation: Deformation = PAIRWISE
    is_cross_fitted: bool = False

    @property
    def step_costs(self):
        """What a step of each member costs, in steps of `convnet`, a list."""
        return [STEP_COSTS[teacher.classifier] for teacher in self.members]

    def steps_for(self, num_classes, per_class, given=None):
        """How many training steps each member takes, a list; `given` where that is not None."""
        return [given or teacher.steps_for(num_classes, per_class) for teacher in self.members]

    def suited_to(self, images, labels, folder, keep_size=False):
        """The same, whose deformation is; arguments are those of `Deformation.suited_to`.

        Where images have to keep their size, all teachers see it.
        """
        deformation = self.deformation.suited_to(images, labels, folder, keep_size)
        members = self.members
        if deformation.keeps_size:
            members = tuple(dataclasses.replace(member, is_upright=False) for member in members)
        return dataclasses.replace(self, members=members, deformation=deformation)

    def beginning_with(self, pretrained):
        """The same where it is not known that a prior has met such characters: trained for longer,
        and the last teacher sees them as they are, for nobody knows what tells them apart.

        Args:
            pretrained: `PretrainedWeights`, or None.
        """
        if pretrained is None or pretrained.has_met:
            return self
        *others, last = (dataclasses.replace(member, **UNMET) for member in self.members)
        members = (*others, dataclasses.replace(last, is_upright=False))
        return dataclasses.replace(self, members=members)

    def shortened(self, times):
        """The same, whose trainings are so many times as short."""
        members = [dataclasses.replace(m, steps=m.steps // times) for m in self.members]
        return dataclasses.replace(self, members=tuple(members))

    def description(self):
        """What decides what they learn, a dict of JSON values."""
        teachers = {"teachers": [teacher.description() for teacher in self.members]}
        if self.is_cross_fitted:
            teachers["is_cross_fitted"] = True
        if self.deformation == PAIRWISE:
            return teachers
        return {**teachers, "deformation": self.deformation.description()}


# With 50 images of each of ten classes twice as many steps read better, with a prior three times
# as many (docs/lift.md).
DEEP = Teacher("deepconvnet", steps=2000, enough=25)
UPRIGHT = Teacher("convnet", is_upright=True, steps=2000, enough=25)
WARPED = TeacherEnsemble("teachers", (DEEP, UPRIGHT, DEEP, UPRIGHT), is_cross_fitted=True)
# Of characters that it has met a prior tells ten apart after 200 steps, and 62 no sooner than after
# 1,200.
PROPORTIONAL = {"many_classes": 60, "growth": 1.0, "enough": 16}
# Ten that it has not met take four times as many and more (docs/lift.md).
UNMET = {"many_classes": 15, "growth": 1.0, "enough": 32}
PRETRAINED = Teacher("embedding", is_pretrained=True, steps=1200, **PROPORTIONAL)
SHORT_UPRIGHT = dataclasses.replace(UPRIGHT, steps=3000, **PROPORTIONAL)
PRETRAINED_TEACHERS = TeacherEnsemble(
    "pretrained",
    (dataclasses.replace(PRETRAINED, is_upright=True), PRETRAINED, SHORT_UPRIGHT, SHORT_UPRIGHT),
    is_cross_fitted=True,
)
# There is more to learn from many images, and a hundred of each class are many.
LONG_DEEP = dataclasses.replace(DEEP, steps=4000, enough=None)
DEEP_TEACHERS = TeacherEnsemble(
    "deep",
    (LONG_DEEP, dataclasses.replace(LONG_DEEP, is_upright=True)) * 2,
    CLASSIC,
    is_cross_fitted=True,
)
