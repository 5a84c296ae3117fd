"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load.

What is known of them without a framework (`facts`) loads none.
"""

import importlib
from typing import TYPE_CHECKING, Any

from ganprofile.classifiers.facts import FACTS, ClassifierName
from ganprofile.transforms.strengths import TRANSFORMS

if TYPE_CHECKING:
    from ganprofile.classifiers.registry import CLASSIFIERS as CLASSIFIERS
    from ganprofile.classifiers.registry import CnnClassifier as CnnClassifier
    from ganprofile.classifiers.registry import ConvnetClassifier as ConvnetClassifier
    from ganprofile.classifiers.registry import DeepConvnetClassifier as DeepConvnetClassifier
    from ganprofile.classifiers.registry import (
        EmbeddingConvnetClassifier as EmbeddingConvnetClassifier,
    )
    from ganprofile.classifiers.registry import MlpClassifier as MlpClassifier

__all__ = [
    "CLASSIFIERS",
    "FACTS",
    "TRANSFORMS",
    "ClassifierName",
    "CnnClassifier",
    "ConvnetClassifier",
    "DeepConvnetClassifier",
    "EmbeddingConvnetClassifier",
    "MlpClassifier",
]

if not TYPE_CHECKING:  # where it is, a name that does not exist is found

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.registry"), name)


def __dir__() -> list[str]:
    return [*__all__]
