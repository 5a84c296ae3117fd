"""Reading characters: a classifier that is kept, and pictures that it reads."""

from ganprofile.recognition.classify import ReadPicture, classify
from ganprofile.recognition.reader import Reader
from ganprofile.recognition.training import train_reader

__all__ = ["ReadPicture", "Reader", "classify", "train_reader"]
