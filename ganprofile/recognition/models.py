"""Which readers can be trained, by name."""

import dataclasses
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ganprofile.console import ProgressBar
from ganprofile.datasets import Dataset

Training: TypeAlias = tuple[Any, dict[str, Any], dict[str, Any]]

KERAS, FITTED = ".keras", ".skops"


@dataclasses.dataclass(frozen=True)
class Task:
    """What a reader is trained on.

    Attributes:
        real: the labelled `Dataset`.
        shown: the same, some of its images written in other ways, too.
        known: how many of them have labels of their own, the first ones.
        seed: of weights and order.
        room: a folder in which may be kept what is finished.
        progress: whether to say how it goes.
    """

    real: Dataset
    shown: Dataset
    known: int
    seed: int
    room: Path
    progress: bool


@dataclasses.dataclass(frozen=True)
class Model:
    """A classifier, loaded when it is needed.

    Attributes:
        place: `module:class` below `ganprofile`.
        suffix: of its file.
        made_with: further arguments for the class.
        fitted_with: further arguments for `fit`.
    """

    place: str
    suffix: str = KERAS
    made_with: Mapping = dataclasses.field(default_factory=dict)
    fitted_with: Mapping = dataclasses.field(default_factory=dict)

    @property
    def kind(self) -> Any:
        """The class."""
        module, name = self.place.split(":")
        return getattr(importlib.import_module(f"ganprofile.{module}"), name)

    def trained(self, task: Task) -> Training:
        """Train one.

        Returns:
            `(classifier, facts, arrays)`: what `reader.json` says of the training beside what it
            says of all readers, and what is kept in `FOLDS`.
        """
        shown = task.shown
        classifier = self.kind(shown.num_classes, seed=task.seed, **self.made_with)
        self.fit(classifier, shown.images, shown.labels, task.progress)
        return classifier, {}, {}

    def fit(self, classifier: Any, images: Any, labels: Any, progress: bool) -> None:
        """Let a classifier learn; `progress` is whether to say how it goes."""
        classifier.fit(images, labels, **self.fitted_with)


class WatchedModel(Model):
    """A network that says how many of its steps are done."""

    def fit(self, classifier: Any, images: Any, labels: Any, progress: bool) -> None:
        """As of `Model`."""
        with ProgressBar(classifier.steps, progress) as bar:

            def watch(done: int) -> None:
                bar.show_rate(done, "steps")

            classifier.fit(images, labels, watch=watch, **self.fitted_with)


class TaughtModel(WatchedModel):
    """Readers that several networks make together, or teach: see `recognition.teachers`."""

    def trained(self, task: Task) -> Training:
        """As of `Model`."""
        from ganprofile.recognition.teachers import trained

        return trained(self, task)


CHANGED = {"transforms": "classic"}  # sees its images changed, as writers and photographs differ
MODELS = {
    "teachers": TaughtModel("recognition.teachers:TeachersReader", ""),
    "student": TaughtModel("classifiers.convnet:ConvnetClassifier"),
    "convnet": WatchedModel("classifiers.convnet:ConvnetClassifier", fitted_with=CHANGED),
    "deepconvnet": WatchedModel("classifiers.convnet:DeepConvnetClassifier", fitted_with=CHANGED),
    "cnn": WatchedModel("classifiers.cnn:CnnClassifier", fitted_with=CHANGED),
    "logistic": Model("classifiers.estimators:LogisticClassifier", FITTED),
    "k-nn": Model("classifiers.estimators:NeighboursClassifier", FITTED),
    "svm": Model("classifiers.estimators:SvmClassifier", FITTED),
    "mlp-100": Model("classifiers.estimators:PerceptronClassifier", FITTED),
    "mlp-500-200-50": Model(
        "classifiers.estimators:PerceptronClassifier", FITTED, made_with={"hidden": (500, 200, 50)}
    ),
    "mlp-64-16": Model("classifiers.published:PlainMlp"),
    "mlp-64-32": Model("classifiers.published:WiderMlp"),
    "cnn-32": Model("classifiers.published:PlainCnn"),
    "cnn-32-16": Model("classifiers.published:DeeperCnn"),
    "cnn-32-16x3": Model("classifiers.published:DeepestCnn"),
    "lenet-5": Model("classifiers.lenet:LeNet5"),
    "lenet-5-committee": Model("classifiers.lenet:LeNet5Committee"),
    "deep-nn": Model("classifiers.lenet:DeepDense"),
}
# The names of `MODELS`, against which a test holds them.
ModelName: TypeAlias = Literal[
    "teachers",
    "student",
    "convnet",
    "deepconvnet",
    "cnn",
    "logistic",
    "k-nn",
    "svm",
    "mlp-100",
    "mlp-500-200-50",
    "mlp-64-16",
    "mlp-64-32",
    "cnn-32",
    "cnn-32-16",
    "cnn-32-16x3",
    "lenet-5",
    "lenet-5-committee",
    "deep-nn",
]
STUDENT: ModelName = "student"
MEMBERS = "members.json"  # of teachers in a folder: who they are
FROM_FEW: ModelName = "teachers"
FROM_MANY: ModelName = "convnet"
MOST_PER_CLASS = 1000  # images from which teachers are made where nobody says what is


def best_for(real: Dataset, more: int = 0) -> ModelName:
    """The name of the model that reads best what is written as the images of a dataset are, where
    so many more are of its largest class."""
    most = real.class_counts().max() + more
    return FROM_FEW if most <= MOST_PER_CLASS else FROM_MANY
