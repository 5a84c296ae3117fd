"""Soft labels: the probabilities of the classes, as further columns of a set.

The formats' own records have no place for them, so that they lie beside the images of every format
alike, in `attributes.npz`: a column `soft_label.CLASS` a class. `load` hands them out in a
`Dataset`'s attributes, from where `save` writes them again.
"""

from ganprofile.datasets.formats.attributes import write_attributes

SOFT_LABEL = "soft_label."


def write_soft_labels(folder, class_names, probabilities):
    """Write them beside a set's images.

    Args:
        folder: of the set.
        class_names: the names of the classes.
        probabilities: float32 `(n, num_classes)`, a row per image.
    """
    names = [f"{SOFT_LABEL}{name}" for name in class_names]
    write_attributes(folder, dict(zip(names, probabilities.T, strict=True)))
