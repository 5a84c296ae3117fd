"""A page turned, and where what is found on it lies on the page as it was."""

import numpy as np

from ganprofile.datasets.capture.opencv import cv2


class Turn:
    """A page turned by some degrees, on paper that is large enough.

    Attributes:
        shape: `(height, width)` of that paper.
    """

    def __init__(self, degrees, shape):
        height, width = shape
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(abs(degrees)))
        size = np.array([width * cosine + height * sine, width * sine + height * cosine])
        self._matrix = cv2().getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        self._matrix[:, 2] += (size - (width, height)) / 2
        self._before = np.array([height, width])
        self.shape = tuple(np.ceil(size[::-1]).astype(int).tolist())

    def applied(self, mask):
        """A mask, turned."""
        levels = mask.astype(np.uint8) * 255
        return cv2().warpAffine(levels, self._matrix, self.shape[::-1]) > 127

    def back(self, box):
        """Where the box of something on the turned page lies on the page as it was, in shares."""
        top, left, bottom, right = box
        corners = np.array([[(left, top), (right, top), (left, bottom), (right, bottom)]], float)
        places = cv2().transform(corners, cv2().invertAffineTransform(self._matrix))[0, :, ::-1]
        shares = np.clip(places / self._before, 0, 1)
        return tuple(np.concatenate([shares.min(axis=0), shares.max(axis=0)]).tolist())
