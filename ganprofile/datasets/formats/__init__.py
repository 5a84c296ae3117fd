"""The formats that a labelled set can be written in; one module each, one line here."""

from ganprofile.datasets.formats import idx, imagefolder, npz

FORMATS = {"npz": npz, "imagefolder": imagefolder, "idx": idx}
