"""The formats that a labelled set can be written in; one module each, one line here."""

from ganprofile.datasets.formats import idx, imagefolder, npz
from ganprofile.datasets.formats.set_writer import SetWriter, save

FORMATS = {"npz": npz, "imagefolder": imagefolder, "idx": idx}

__all__ = ["FORMATS", "SetWriter", "save"]
