"""Which classifiers can be trained to read, by name."""

import dataclasses
import importlib
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias


@dataclasses.dataclass(frozen=True)
class Model:
    """A classifier, loaded when it is needed.

    Attributes:
        place: `module:class` below `ganprofile.classifiers`.
        suffix: of its file.
        made_with: further arguments for the class.
        fitted_with: further arguments for `fit`.
    """

    place: str
    suffix: str = ".keras"
    made_with: Mapping = dataclasses.field(default_factory=dict)
    fitted_with: Mapping = dataclasses.field(default_factory=dict)

    @property
    def kind(self) -> Any:
        """The class."""
        module, name = self.place.split(":")
        return getattr(importlib.import_module(f"ganprofile.classifiers.{module}"), name)


CHANGED = {"transforms": "classic"}  # sees its images changed, as writers and photographs differ
FITTED = ".skops"
MODELS = {
    "convnet": Model("convnet:ConvnetClassifier", fitted_with=CHANGED),
    "deepconvnet": Model("convnet:DeepConvnetClassifier", fitted_with=CHANGED),
    "cnn": Model("cnn:CnnClassifier", fitted_with=CHANGED),
    "logistic": Model("estimators:LogisticClassifier", FITTED),
    "k-nn": Model("estimators:NeighboursClassifier", FITTED),
    "svm": Model("estimators:SvmClassifier", FITTED),
    "mlp-100": Model("estimators:PerceptronClassifier", FITTED),
    "mlp-500-200-50": Model(
        "estimators:PerceptronClassifier", FITTED, made_with={"hidden": (500, 200, 50)}
    ),
    "mlp-64-16": Model("published:PlainMlp"),
    "mlp-64-32": Model("published:WiderMlp"),
    "cnn-32": Model("published:PlainCnn"),
    "cnn-32-16": Model("published:DeeperCnn"),
    "cnn-32-16x3": Model("published:DeepestCnn"),
    "lenet-5": Model("lenet:LeNet5"),
    "lenet-5-committee": Model("lenet:LeNet5Committee"),
    "deep-nn": Model("lenet:DeepDense"),
}
# The names of `MODELS`, against which a test holds them.
ModelName: TypeAlias = Literal[
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
DEFAULT: ModelName = "convnet"
