"""A page of one character that consists of parts, such as い or 二: which of them belong together.

Nobody says where a character ends: parts are known by standing closer together than characters do,
the same number of them all over the page, and by each being a piece of another shape than the rest.
"""

import dataclasses
from collections import Counter

import numpy as np

FEWEST = 3  # characters: fewer do not tell
FEWEST_TO_JOIN = 6  # the same: among fewer, pieces of one kind may differ by chance
MOST = 4  # parts
APART = 1.5  # times as far apart as parts of one are, and more, characters are
LEAST = 0.05  # of the usual height: what is nearer, or overlaps, counts as so far apart
NEARLY_ALL = 0.9


@dataclasses.dataclass(frozen=True)
class Parts:
    """What was found of groups of pieces that stand close together.

    Attributes:
        count: of pieces in a group.
        groups: a list of int64 `(count,)`, places in what was given, from the left or the top.
        certain: whether they differ by their places in the group, so that they are parts of one
            character; otherwise they may be characters of their own that stand so.
    """

    count: int
    groups: list[np.ndarray]
    certain: bool


def in_parts(boxes, looks):
    """The characters of a page that consist of parts, a `Parts`; None where there are none.

    Args:
        boxes: int64 `(n, 4)`, top, left, bottom and right of pieces: characters or parts.
        looks: a function that gives what they look like, floats `(n, numbers)`.

    Example:
        >>> import numpy as np
        >>> from ganprofile.datasets.capture.parts import in_parts
        >>> lefts = np.arange(6).repeat(2) * 100 + [0, 15] * 6
        >>> boxes = np.stack([0 * lefts, lefts, [40, 20] * 6, lefts + 5], axis=1)
        >>> found = in_parts(boxes, lambda: boxes[:, 2:3].astype(float))
        >>> found.count, found.certain, [group.tolist() for group in found.groups[:2]]
        (2, True, [[0, 1], [2, 3]])
    """
    if len(boxes) < 2 * FEWEST:
        return None
    clusters = _clusters(_gaps(boxes))
    count = Counter(map(len, clusters)).most_common(1)[0][0] if clusters else 1
    groups = [_in_order(cluster, boxes) for cluster in clusters if len(cluster) == count]
    nearly_all = len(groups) >= max(FEWEST, NEARLY_ALL * len(clusters))
    if not (1 < count <= MOST and nearly_all):
        return None
    certain = len(groups) >= FEWEST_TO_JOIN and _differ(looks()[np.array(groups)])
    return Parts(count, groups, certain)


def _gaps(boxes):
    """How far boxes are apart, in pixels, the larger of beside and above, `(n, n)`."""
    tops, lefts, bottoms, rights = boxes.T
    beside = np.maximum(lefts[:, None] - rights, lefts - rights[:, None])
    above = np.maximum(tops[:, None] - bottoms, tops - bottoms[:, None])
    usual = np.median(np.maximum(bottoms - tops, rights - lefts))
    return np.maximum(np.maximum(beside, above), LEAST * usual)


def _clusters(gaps):
    """What stands together, a list of int64 arrays, where the gaps between differ most from those
    within; [] where they do not differ enough."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(gaps, checks=False), "single")
    within, between = tree[:-1, 2], tree[1:, 2]
    place = int(np.argmax(between / within))
    if between[place] < APART * within[place]:
        return []
    number_of = fcluster(tree, within[place], "distance")
    return [np.flatnonzero(number_of == number) for number in dict.fromkeys(number_of)]


def _in_order(cluster, boxes):
    """The parts of a character from left to right, or from top to bottom if they are further apart
    that way."""
    middles = boxes[cluster][:, :2] + boxes[cluster][:, 2:]
    axis = int(np.argmax(np.ptp(middles, axis=0)))
    return cluster[np.argsort(middles[:, axis], kind="stable")]


def _differ(looks):
    """Whether nearly all pieces look most like the others at their place in their group.

    Args:
        looks: floats `(groups, count, numbers)`.
    """
    groups, count = looks.shape[:2]
    total = looks.sum(axis=0)
    others = (total - looks) / (groups - 1)  # the mean of its place without each itself
    means = np.repeat((total / groups)[None], groups, axis=0)
    right = 0
    for place in range(count):
        far = [
            np.linalg.norm(looks[:, place] - (others if k == place else means)[:, k], axis=-1)
            for k in range(count)
        ]
        right += (np.argmin(far, axis=0) == place).sum()
    return bool(right >= NEARLY_ALL * groups * count)
