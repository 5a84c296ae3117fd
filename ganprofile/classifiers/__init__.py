"""Reference classifiers behind one interface: fit, predict_proba, predict, save, load."""

from ganprofile.classifiers.cnn import CnnClassifier

CLASSIFIERS = {"cnn": CnnClassifier}

__all__ = ["CLASSIFIERS", "CnnClassifier"]
