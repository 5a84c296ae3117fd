"""A quick reader: a linear discriminant of what pretrained weights see in images."""

import functools

from scipy.ndimage import zoom

from ganprofile.images import luminance
from ganprofile.transforms.deformation import reduced, upright

SIDE = 28  # of the images that pretrained weights know


def embedded(images):
    """What pretrained weights see in upright views, float32 `(n, numbers)`.

    No label of what these weights learned comes in, so they may know the characters.

    Args:
        images: uint8 `(n, height, width, channels)`.
    """
    grey = luminance(reduced(images))
    factors = (1, SIDE / grey.shape[1], SIDE / grey.shape[2], 1)
    grey = grey if grey.shape[1:3] == (SIDE, SIDE) else zoom(grey, factors, order=1)
    return _embedding().activations(upright(grey))


@functools.cache
def _embedding():
    from ganprofile.classifiers import CLASSIFIERS
    from ganprofile.recipes.pretrained import LETTERS, PretrainedWeights

    body = PretrainedWeights(LETTERS).body("embedding", is_upright=True)
    return CLASSIFIERS["embedding"].of_body(body, (SIDE, SIDE, 1))


def read_linearly(known, labels, others):
    """Probabilities of the classes of others, `(m, classes)` (Fisher 1936).

    Args:
        known: what is seen in images, `(n, numbers)`.
        labels: integers `(n,)`.
        others: what is seen in others, `(m, numbers)`.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    reader = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")  # Ledoit and Wolf 2004
    return reader.fit(known, labels).predict_proba(others)
