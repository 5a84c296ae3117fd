"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load."""

from ganprofile.classifiers.cnn import CnnClassifier
from ganprofile.classifiers.convnet import ConvnetClassifier
from ganprofile.classifiers.mlp import MlpClassifier
from ganprofile.classifiers.transforms import TRANSFORMS

CLASSIFIERS = {"convnet": ConvnetClassifier, "cnn": CnnClassifier, "mlp": MlpClassifier}

__all__ = ["CLASSIFIERS", "TRANSFORMS", "CnnClassifier", "ConvnetClassifier", "MlpClassifier"]
