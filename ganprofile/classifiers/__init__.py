"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load."""

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

__all__ = [
    "CLASSIFIERS",
    "TRANSFORMS",
    "CnnClassifier",
    "ConvnetClassifier",
    "DeepConvnetClassifier",
    "EmbeddingConvnetClassifier",
    "MlpClassifier",
]
