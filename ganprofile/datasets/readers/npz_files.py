"""An `.npz` file with arrays of images and labels, of one part or of several."""

from pathlib import Path

from ganprofile.arrays import open_arrays
from ganprofile.datasets.readers.array_sets import reading_of_arrays

WHAT = "an .npz file with the arrays images and labels, or x_train, y_train, x_test, y_test"


def recognises(path):
    """Whether it is a file of that name."""
    return path.suffix.lower() == ".npz" and path.is_file()


def read(path, options):
    """A `Reading`; `array_names` says how arrays may be called, `array_images` what they may hold.

    Raises:
        GanprofileError: the file is damaged, or its arrays are no images.
    """
    return reading_of_arrays(open_arrays(path), path, Path(path).stem, options)
