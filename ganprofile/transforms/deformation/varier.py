"""The varier: real images, bent in the ways in which images of their class differ.

An image is bent a part of the way towards some of its classmates, or away from them, and then as
the classical transforms do it, all in one resampling, so that strokes stay sharp. Nothing is made
up that the images themselves do not suggest: a statistical model of deformations, in the line of
Cootes et al. 1995 (CVIU 61) and of Hauberg et al. 2016 (arXiv 1510.02795), who learned from pairs
of images of one class, too.
"""

import functools

import keras
import numpy as np
from keras import ops

from ganprofile.backend import backend
from ganprofile.images import to_float, to_uint8
from ganprofile.transforms import glyph_policy
from ganprofile.transforms.deformation.blocks import padded

COMBINED = 3  # ways at a time
TOWARDS = 1.0  # the most of the way that an image goes towards its classmates, all together
ASTRAY = 0.6  # the standard deviation of what is added to that, either way
AT_ONCE = 500
HERE = np.eye(3, dtype=np.float32)


class Varier:
    """Draws variations of the images of a labelled set.

    Args:
        images: uint8 `(n, height, width, channels)`.
        ways: their `Ways`; the only image of a class has none, and gets the transforms alone, as
            all do where this is None.
        transforms: name -> probability and strength, as in `classifiers.TRANSFORMS`.
    """

    def __init__(self, images, ways, transforms):
        self._images, self._ways = images, ways
        self._probabilities = {name: chance for name, (chance, _) in transforms.items()}
        self._strengths = {name: strength for name, (_, strength) in transforms.items()}

    def vary(self, chosen, seed):
        """A variation of each of some images.

        Args:
            chosen: integers `(m,)`, which images; one named twice is varied in two ways.
            seed: a non-negative integer; the same seed draws the same.

        Returns:
            uint8 `(m, height, width, channels)`.
        """
        chosen = np.asarray(chosen, np.int64)
        random = np.random.default_rng(seed)
        transforms_seed = keras.random.SeedGenerator(int(random.integers(2**31)))
        varied = np.empty((len(chosen), *self._images.shape[1:]), np.uint8)
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            bent = self._bent(some, random)
            drawn = glyph_policy.draw(
                len(some), self._strengths, self._probabilities, transforms_seed, self._strengths
            )
            known = (to_float(self._images[some]), drawn, bent)
            known = keras.tree.map_structure(lambda array: padded(array, AT_ONCE), known)
            seen = ops.convert_to_numpy(_changed()(*known))[: len(some)]
            varied[first : first + AT_ONCE] = to_uint8(seen)
        return varied

    def _bent(self, chosen, random):
        """A random combination of each image's ways, as `(matrices, warp)` of `resample`."""
        count, (_, height, width, _) = len(chosen), self._images.shape
        if self._ways is None or not self._ways.mates.shape[1]:
            return np.repeat(HERE[None], count, 0), np.zeros((count, 2, height, width), np.float32)
        towards = random.dirichlet(np.ones(COMBINED), count) * random.uniform(
            0, TOWARDS, (count, 1)
        )
        astray = random.normal(0, ASTRAY / np.sqrt(COMBINED), (count, COMBINED))
        amounts = (towards + astray).astype(np.float32)
        number = (self._ways.mates[chosen] >= 0).sum(axis=1)
        which = (random.random((count, COMBINED)) * number[:, None]).astype(int)
        rows = chosen[:, None]
        turns = np.einsum("nw,nwij->nij", amounts, self._ways.turns[rows, which])
        fields = np.einsum("nw,nwcij->ncij", amounts, self._ways.fields[rows, which])
        return HERE + turns, ops.convert_to_numpy(glyph_policy.elastic(fields, height, width))


@functools.cache
def _changed():
    """`glyph_policy.changed`, compiled: four times as fast as one operation after the other."""
    return backend().compiled(glyph_policy.changed)
