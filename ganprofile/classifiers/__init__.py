"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load."""

from typing import Literal, TypeAlias

from ganprofile.classifiers.cnn import CnnClassifier
from ganprofile.classifiers.convnet import (
    ConvnetClassifier,
    DeepConvnetClassifier,
    EmbeddingConvnetClassifier,
)
from ganprofile.classifiers.mlp import MlpClassifier
from ganprofile.transforms.random_transforms import TRANSFORMS

CLASSIFIERS = {
    "convnet": ConvnetClassifier,
    "deepconvnet": DeepConvnetClassifier,
    "embedding": EmbeddingConvnetClassifier,
    "cnn": CnnClassifier,
    "mlp": MlpClassifier,
}

# The names of `CLASSIFIERS`, against which a test holds them.
ClassifierName: TypeAlias = Literal["convnet", "deepconvnet", "embedding", "cnn", "mlp"]

__all__ = [
    "CLASSIFIERS",
    "TRANSFORMS",
    "ClassifierName",
    "CnnClassifier",
    "ConvnetClassifier",
    "DeepConvnetClassifier",
    "EmbeddingConvnetClassifier",
    "MlpClassifier",
]
