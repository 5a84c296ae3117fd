"""What is known of every classifier before a framework is loaded."""

import dataclasses
from typing import Any, Literal, TypeAlias

from ganprofile.storage.names import check_known

# The names of `CLASSIFIERS`, against which a test holds them.
ClassifierName: TypeAlias = Literal["convnet", "deepconvnet", "embedding", "cnn", "mlp"]


@dataclasses.dataclass(frozen=True)
class Facts:
    """How a classifier is trained where nobody says otherwise.

    Attributes:
        steps: of its training.
        batch_size: images in a step.
        takes_transforms: whether images may change each time that they are shown.
    """

    steps: int
    batch_size: int
    takes_transforms: bool = True


FACTS: dict[str, Facts] = {
    "convnet": Facts(4000, 32),
    "deepconvnet": Facts(4000, 32),
    "embedding": Facts(2000, 32),  # it begins with weights that know characters
    "cnn": Facts(1200, 64),
    "mlp": Facts(300, 64, takes_transforms=False),
}


def facts_of(name: str, num_classes: int) -> Facts:
    """The facts of a classifier; of one that somebody added to `CLASSIFIERS`, what it says itself.

    Raises:
        UsageError: there is no such classifier.
    """
    if name in FACTS:
        return FACTS[name]
    from ganprofile.classifiers import CLASSIFIERS

    check_known("classifier", name, CLASSIFIERS)
    kind: Any = CLASSIFIERS[name]
    made = kind(num_classes)
    return Facts(made.steps, made.batch_size)
