"""Whether images of characters stand upright, by what upright characters of many scripts look like.

Files of other programs hold images with their axes exchanged (MATLAB counts columns first, and so
do EMNIST's and AHCD's files), and nothing in them says so. No statistic of ink tells that of a
script that was never seen: some scripts are as wide as others are tall. But the classes of a set
resemble known characters, those of other scripts among them, more when they stand as these do. So
the shapes of its classes are held against those of `upright-characters.npz`, as they are and turned
in every way; where nothing is alike enough, nothing is said. Images are never turned by this.
"""

import dataclasses
import functools
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.images import fit, grid
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.files import printable

REFERENCE = Path(__file__).parent / "embedded" / "upright-characters.npz"
UPRIGHT, UNCLEAR, TURNED = "upright", "unclear", "not upright"
# How images may lie -> what puts them upright: the arguments of `turned`.
REMEDIES = {
    "transposed": {"transpose": True},
    "rotated by 90": {"rotate": 270},
    "rotated by 180": {"rotate": 180},
    "rotated by 270": {"rotate": 90},
}
EITHER = "`transpose=True` or `rotate=90` (180, 270)"
SIDE, CELLS, DIRECTIONS = 24, 4, 8  # of the box that ink is cropped to, and of its descriptor
OF_A_CLASS, MOST_CLASSES, FEWEST_CLASSES, FEWEST_IN_ALL = 12, 200, 5, 40
SHOWN = 20  # classes in a picture
# A way of lying is believed from so many standard errors of the mean over classes on, where classes
# are so alike to known characters (a cosine), and better by so much. Upright sets of scripts that
# the reference lacks stay far below (benchmarks/orientation.py).
CLEAR, ALIKE, BETTER = 3.0, 0.65, 0.05
SURELY_UPRIGHT = 2.0
SURELY_THIS_WAY = 1.0  # against the next best that is not upright


@dataclasses.dataclass(frozen=True)
class Orientation:
    """How images lie.

    Attributes:
        verdict: `"upright"`, a key of `REMEDIES`, `"not upright"` where how they lie is not clear,
            or `"unclear"`.
        likeness: way of lying -> how alike classes are to upright characters if that is undone,
            a cosine in -1..1; empty where there was too little to look at.
    """

    verdict: str = UNCLEAR
    likeness: dict = dataclasses.field(default_factory=dict)

    @property
    def remedy(self):
        """The arguments of `load` that put the images upright; empty where nothing is to be done
        or known."""
        return REMEDIES.get(self.verdict, {})

    def sentence(self, where, given=None):
        """What to tell the user of images that seem not to be upright, or None.

        Args:
            where: what the sentence calls them.
            given: the arguments `transpose` and `rotate` by which they were turned already; other
                keys are passed over. What is advised is to be said in their place.
        """
        if self.verdict in (UPRIGHT, UNCLEAR):
            return None
        given = {name: given[name] for name in ("transpose", "rotate") if (given or {}).get(name)}
        best = max(self.likeness.values())
        likeness = f"a likeness to upright characters of {best:.2f} in place of "
        likeness += f"{self.likeness[UPRIGHT]:.2f}"
        if self.verdict == TURNED:
            others = f"others than {_told(given)}" if given else EITHER
            return (
                f"{where}: the images do not seem to stand upright (turned, they have {likeness}). "
                f"Look at them, and say {others} if so."
            )
        instead = followed(given, self.remedy)
        told, instead_of = _told(instead), f" in place of {_told(given)}" * bool(given)
        seem = f"{where}: the images seem to be {self.verdict}"
        if not instead:
            return (
                f"{seem} (without {_told(given)} they have {likeness}). Look at them, and leave "
                f"{_told(given)} out if so."
            )
        return (
            f"{seem} ({told}{instead_of} give{'s' * (len(instead) == 1)} them {likeness}). "
            f"Look at them, and say {told}{instead_of} if so."
        )


def _told(arguments):
    return " and ".join(f"`{name}={value}`" for name, value in arguments.items())


def followed(first, second):
    """The arguments of `turned` that do at once what two of them do one after the other.

    Args:
        first, second: dicts that may have `transpose` and `rotate`.

    Example:
        >>> from ganprofile.datasets.orientation import followed
        >>> followed({"rotate": 90}, {"transpose": True}), followed({"rotate": 90}, {"rotate": 270})
        ({'transpose': True, 'rotate': 270}, {})
    """
    is_second = bool(second.get("transpose"))
    before = first.get("rotate") or 0  # which goes the other way round once axes are exchanged
    degrees = ((second.get("rotate") or 0) + (-before if is_second else before)) % 360
    is_transposed = is_second != bool(first.get("transpose"))
    return {
        name: value for name, value in (("transpose", is_transposed), ("rotate", degrees)) if value
    }


def both_ways(dataset, way):
    """A picture of an image of each of some classes: as they are and, below, turned.

    Args:
        dataset: a labelled `Dataset`.
        way: how they may lie; where it has no remedy, they are transposed.

    Returns:
        uint8 `(height, width, channels)`, dark ink on white paper.
    """
    first = [np.flatnonzero(dataset.labels == label)[:1] for label in range(dataset.num_classes)]
    rows = np.concatenate(first)[:SHOWN]
    images = dataset.images[rows]
    other = turned(images, **REMEDIES.get(way, REMEDIES["transposed"]))
    size = max(images.shape[1:3])
    if images.shape != other.shape:
        squares = [fit(image, size, size) for image in (*images, *other)]
        return grid(np.stack(squares), len(rows))
    return grid(np.concatenate([images, other]), len(rows))


def turned(images, transpose=False, rotate=0):
    """Images with their axes exchanged, then rotated.

    Args:
        images: `(n, height, width, ...)`.
        transpose: exchange rows and columns.
        rotate: degrees, clockwise as people see them: 0, 90, 180 or 270.

    Returns:
        An array of its own, contiguous; or `images` where nothing is to be done.
    """
    if not (transpose or rotate):
        return images
    images = images.swapaxes(1, 2) if transpose else images
    return np.ascontiguousarray(np.rot90(images, -(rotate or 0) // 90, axes=(1, 2)))


def orientation_of(dataset):
    """The `Orientation` of a `Dataset`; unclear without labels, or of few classes or images."""
    if dataset.labels is None or len(dataset) < FEWEST_IN_ALL:
        return Orientation()
    return orientation_of_classes(_boxes_of_classes(dataset))


def say_orientation(reading):
    """Say where the images of a `LoadedData` seem not to stand upright; those of sets that we
    wrote are passed over."""
    if reading.findings.get("kind") != "set":
        found = orientation_of(reading.train)
        said = found.sentence(printable(reading.train.name), reading.findings)
        if said:
            say(said)


def orientation_of_classes(boxes, leave_out=()):
    """The `Orientation` of classes of images.

    Args:
        boxes: for each class an array float32 `(n, SIDE, SIDE)`, as `boxed` gives.
        leave_out: the scripts of the reference that are not looked at.
    """
    if len(boxes) < FEWEST_CLASSES:
        return Orientation()
    scripts, centre = reference()
    known = np.concatenate([rows for name, rows in scripts.items() if name not in leave_out])
    known = _unit(known - centre)
    ways = {UPRIGHT: {}, **REMEDIES}
    alike = {
        way: (_unit(_class_shapes(boxes, remedy) - centre) @ known.T).max(axis=1)
        for way, remedy in ways.items()
    }
    likeness = {way: round(float(values.mean()), 4) for way, values in alike.items()}
    return Orientation(_verdict(alike), likeness)


def _verdict(alike):
    """What likenesses `(classes,)` of all ways of lying say."""
    upright = alike[UPRIGHT]
    best = max(REMEDIES, key=lambda way: alike[way].mean())
    gain = alike[best] - upright
    is_clear = _errors(gain) >= CLEAR and gain.mean() >= BETTER
    if is_clear and alike[best].mean() >= ALIKE:
        others = (alike[best] - alike[way] for way in REMEDIES if way != best)
        return best if min(map(_errors, others)) >= SURELY_THIS_WAY else TURNED
    surely = all(_errors(upright - alike[way]) >= SURELY_UPRIGHT for way in REMEDIES)
    return UPRIGHT if surely else UNCLEAR


def _errors(differences):
    """A mean, counted in its standard errors."""
    spread = differences.std(ddof=1) / len(differences) ** 0.5
    return differences.mean() / max(spread, 1e-9)


def _boxes_of_classes(dataset):
    """A few images of every class in their boxes; classes that show nothing are left out."""
    boxes = []
    for label in range(min(dataset.num_classes, MOST_CLASSES)):
        rows = np.flatnonzero(dataset.labels == label)
        rows = rows[:: max(1, len(rows) // OF_A_CLASS)][:OF_A_CLASS]
        found = boxed(dataset.images[rows])
        if len(found):
            boxes.append(found)
    return boxes


def boxed(images):
    """Images cropped to their ink and brought into one box, in unchanged proportions.

    Args:
        images: uint8 `(n, height, width, channels)`, 0 = paper or 255 = paper.

    Returns:
        float32 `(m, SIDE, SIDE)` in 0..1 without those that show nothing.
    """
    found = []
    for image in images.max(axis=-1) if images.ndim == 4 else images:
        edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
        image = 255 - image if np.median(edge) > 127 else image
        rows, columns = np.nonzero(image > max(0.4 * image.max(), 8))
        if len(rows) < 3:
            continue
        ink = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        longer = max(ink.shape)
        square = np.zeros((longer, longer, 1), np.uint8)
        top, left = ((longer - side) // 2 for side in ink.shape)
        square[top : top + ink.shape[0], left : left + ink.shape[1], 0] = ink
        found.append(fit(square, SIDE, SIDE)[..., 0] / np.float32(image.max()))
    return np.array(found, np.float32).reshape(-1, SIDE, SIDE)


def shapes(boxes):
    """What strokes lie where: a descriptor of each box.

    Args:
        boxes: float32 `(n, SIDE, SIDE)`.

    Returns:
        float32 `(n, CELLS * CELLS * DIRECTIONS)`: the root of the share of every cell and direction
        of the gradient in all there is.
    """
    from scipy.ndimage import gaussian_filter

    down, right = np.gradient(gaussian_filter(boxes, (0, 1, 1)), axis=(1, 2))
    strength = np.hypot(down, right)
    direction = np.arctan2(down, right) % (2 * np.pi) / (2 * np.pi) * DIRECTIONS
    lower = np.floor(direction).astype(int) % DIRECTIONS
    beyond = direction - np.floor(direction)
    cell = np.arange(SIDE) * CELLS // SIDE
    place = (np.arange(len(boxes))[:, None, None] * CELLS + cell[:, None]) * CELLS + cell
    counts = np.zeros(len(boxes) * CELLS * CELLS * DIRECTIONS, np.float32)
    for bins, share in ((lower, 1 - beyond), ((lower + 1) % DIRECTIONS, beyond)):
        np.add.at(counts, place * DIRECTIONS + bins, strength * share)
    counts = counts.reshape(len(boxes), -1)
    return np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9))


def _class_shapes(boxes, remedy):
    """The mean descriptor of every class once a remedy is applied, `(classes, values)`."""
    found = shapes(turned(np.concatenate(boxes), **remedy))
    ends = np.cumsum([len(some) for some in boxes])[:-1]
    return np.stack([part.mean(axis=0) for part in np.split(found, ends)])


@functools.cache
def reference():
    """`(scripts, centre)`: script -> descriptors of its upright characters, float32 `(n, values)`;
    and the mean of the descriptors of characters in all orientations."""
    arrays = open_arrays(REFERENCE)
    scale = arrays.pop("scale")
    centre = arrays.pop("centre")
    return {name: rows * scale for name, rows in arrays.items()}, centre


def _unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
