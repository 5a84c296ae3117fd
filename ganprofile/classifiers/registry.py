"""The classifiers by name; to import it loads the framework that most of them run on."""

from ganprofile.classifiers.cnn import CnnClassifier
from ganprofile.classifiers.convnet import (
    ConvnetClassifier,
    DeepConvnetClassifier,
    EmbeddingConvnetClassifier,
)
from ganprofile.classifiers.mlp import MlpClassifier

CLASSIFIERS = {
    "convnet": ConvnetClassifier,
    "deepconvnet": DeepConvnetClassifier,
    "embedding": EmbeddingConvnetClassifier,
    "cnn": CnnClassifier,
    "mlp": MlpClassifier,
}
