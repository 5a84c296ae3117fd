"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load."""

from ganprofile.classifiers.cnn import CnnClassifier
from ganprofile.classifiers.convnet import ConvnetClassifier, DeepConvnetClassifier
from ganprofile.classifiers.mlp import MlpClassifier
from ganprofile.classifiers.transforms import TRANSFORMS

CLASSIFIERS = {
    "convnet": ConvnetClassifier,
    "deepconvnet": DeepConvnetClassifier,
    "cnn": CnnClassifier,
    "mlp": MlpClassifier,
}

__all__ = [
    "CLASSIFIERS",
    "TRANSFORMS",
    "CnnClassifier",
    "ConvnetClassifier",
    "DeepConvnetClassifier",
    "MlpClassifier",
]
