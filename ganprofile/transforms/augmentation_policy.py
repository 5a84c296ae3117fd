"""Random changes that a character survives, for everything that a discriminator is shown, and for
what a classifier learns from.

A discriminator that sees real and fake images only through random transforms cannot learn a few
training images by heart, and as the transforms are differentiable, the generator learns through
them (DiffAugment, Zhao et al. 2020, arXiv 2006.10738). Each happens with a probability, so that
the generator never takes them for part of the handwriting (ADA, Karras et al. 2020,
arXiv 2006.06676). Mirror images and quarter turns are not among them: they make other characters.

Images are float32 `(n, height, width, channels)` in [-1, 1], -1 being paper; all stay in that
range. A transform is one line in `MATRICES`, `WARPS` or `REPAINTS`, and gets numbers in [-1, 1) for
every image: `amounts` `(n, 2)`, of which it may leave one unused, or a warp its whole field.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ganprofile.errors import UsageError
from ganprofile.storage.names import check_known
from ganprofile.transforms.arrays import KERAS, NUMPY, Tensor, namespace
from ganprofile.transforms.framing import kept_inside
from ganprofile.transforms.warping import PAPER, mix, product, resample

if TYPE_CHECKING:
    import keras

Probability: TypeAlias = float | Mapping[str, float]
Warped: TypeAlias = tuple[Tensor, Tensor]  # the matrices of `resample`, the field of `elastic`
Numbers: TypeAlias = tuple[Tensor, Tensor | None]  # uniform, see `random_numbers`
Drawn: TypeAlias = dict[str, tuple[Tensor, Tensor]]  # name -> which images it happens to, amounts

LARGEST_SHIFT = 3 / 28  # of the side
LARGEST_ANGLE = math.radians(15)
LARGEST_SHEAR = 0.2  # pixels sideways for a pixel down
LARGEST_ZOOM = 0.15
LARGEST_STRETCH = 0.1  # wider and as much lower, or the other way
LARGEST_WARP = 3 / 28  # of the side: how far a knot of the elastic field moves
KNOTS = 8  # of the field, along each axis
LARGEST_THICKENING = 0.5  # of the way to the 3 x 3 maximum or minimum: thin strokes stay visible
CUTOUT_SIDE = 1 / 4  # of the shorter side


def augment(
    images: Tensor,
    names: Collection[str],
    probability: Probability,
    seed: keras.random.SeedGenerator,
    strengths: Mapping[str, float] | None = None,
    warped_before: Warped | None = None,
) -> Tensor:
    """Let transforms happen to images, to each image independently of the others.

    The geometric ones are one map and one resampling, so that strokes stay sharp.

    Args:
        images: float32 `(n, height, width, channels)` in [-1, 1]; only n may be unknown yet.
        names: which of `AUGMENTATION_POLICY`, in any order.
        probability: of each transform for each image, in 0..1; or name -> probability.
        seed: a `keras.random.SeedGenerator`; its state says what is drawn and moves on by one call,
            by two with a warp.
        strengths: name -> factor on the amounts that a transform gets, 1 where it is not named.
        warped_before: what has happened to the images before, as the matrices of `resample` and
            the field of `elastic`, so that all that moves pixels stays one resampling; None is
            nothing.

    Returns:
        Images of the same shape, in [-1, 1], differentiable with respect to `images`; those to
        which nothing happened are unchanged to the bit.

    Raises:
        UsageError: an unknown name, or a probability outside 0..1.
    """
    count = KERAS.shape(images)[0]
    return changed(images, draw(count, names, probability, seed, strengths or {}), warped_before)


def draw(
    count: int | Tensor,
    names: Collection[str],
    probability: Probability,
    seed: keras.random.SeedGenerator,
    strengths: Mapping[str, float],
) -> Drawn:
    """What happens to each of some images; arguments as for `augment`.

    Returns:
        name -> `(happens, amounts)`, bools `(count,)` and numbers for each image.
    """
    check_policy(names, probability)
    return happening(random_numbers(count, names, seed), names, probability, strengths)


def random_numbers(
    count: int | Tensor, names: Collection[str], seed: keras.random.SeedGenerator
) -> Numbers:
    """All that is random in `draw`: numbers in [0, 1), and a field in [-1, 1) if there is a warp.

    Apart from the rest, which can thus be one compiled function.
    """
    from ganprofile.backend import backend, random_rows

    uniform = random_rows(
        lambda rows: backend().uniform((rows, len(_ordered(names)), 3), 0.0, 1.0, seed), count
    )
    if WARPS.keys().isdisjoint(names):
        return uniform, None
    return uniform, random_rows(
        lambda rows: backend().uniform((rows, 2, KNOTS, KNOTS), -1.0, 1.0, seed), count
    )


def happening(
    numbers: Numbers,
    names: Collection[str],
    probability: Probability,
    strengths: Mapping[str, float],
) -> Drawn:
    """What `draw` gives, of `random_numbers`."""
    uniform, field = numbers
    drawn = {}
    for k, name in enumerate(_ordered(names)):
        chance = probability[name] if isinstance(probability, Mapping) else probability
        amounts: Tensor = field if name in WARPS else 2.0 * uniform[:, k, 1:] - 1.0
        drawn[name] = uniform[:, k, 0] < chance, strengths.get(name, 1.0) * amounts
    return drawn


def _ordered(names: Collection[str]) -> list[str]:
    """Names in the order of the policy."""
    return [name for name in AUGMENTATION_POLICY if name in names]


def changed(
    images: Tensor,
    drawn: Drawn,
    warped_before: Warped | None = None,
    keep_inside: bool = False,
) -> Tensor:
    """Images to which has happened what `draw` gave; otherwise as `augment`, without chance.

    With `keep_inside` no ink is moved out of its image: see `framing`.
    """
    ops = namespace(images, *(warped_before or ()), *next(iter(drawn.values()), ()))
    _, height, width, _ = ops.shape(images)
    known = [*(warped_before or ())[:1], *(amounts for _, amounts in drawn.values())]
    here = ops.eye(3, dtype=known[0].dtype if known else "float32")
    ways_back = [
        ops.where(happens[:, None, None], matrices(amounts, height, width), here)
        for matrices, happens, amounts in _of(MATRICES, drawn)
    ]
    fields = [
        ops.where(happens[:, None, None, None], amounts, 0.0)
        for _, happens, amounts in _of(WARPS, drawn)
    ]
    first = here[None]
    if warped_before:
        first, fields = warped_before[0], [warped_before[1], *fields]
    if ways_back or fields:
        way_back = functools.reduce(product, reversed(ways_back), first)
        # The field of a sum of fields is the sum of what they give.
        warp = elastic(functools.reduce(ops.add, fields), height, width) if fields else None
        if keep_inside:
            way_back = kept_inside(images, way_back, warp)
        images = resample(images, way_back, warp)
        # By 1. XLA would resample once more for every use of the images, but never divides twice.
        images = images / way_back[:, 2:, 2:, None]
    for repaint, happens, amounts in _of(REPAINTS, drawn):
        images = ops.where(happens[:, None, None, None], repaint(images, amounts), images)
    return images


def _of(
    kind: Mapping[str, Callable[..., Tensor]], drawn: Drawn
) -> list[tuple[Callable[..., Tensor], Tensor, Tensor]]:
    """The transforms of a kind that were drawn, in its order: function, happens, amounts."""
    return [(transform, *drawn[name]) for name, transform in kind.items() if name in drawn]


def check_policy(names: Iterable[str], probability: Probability) -> None:
    """Refuse what `augment` could not do.

    Raises:
        UsageError: a name is not in `AUGMENTATION_POLICY`, or the probability not in 0..1.
    """
    for name in names:
        check_known("transform", name, AUGMENTATION_POLICY)
    each = probability.values() if isinstance(probability, Mapping) else [probability]
    for chance in each:
        if not 0 <= chance <= 1:
            raise UsageError(
                f"The probability of a transform should be in 0..1. Received: {chance}."
            )


# The geometric transforms: `(n, 3, 3)` matrices that lead from a pixel of the result, (x, y, 1) in
# pixels right of and below the centre, back to where it comes from.


def shift(amounts: Tensor, height: int, width: int) -> Tensor:
    """Move characters right and down, by at most 3/28 of the side."""
    right = LARGEST_SHIFT * width * amounts[:, 0]
    down = LARGEST_SHIFT * height * amounts[:, 1]
    return _matrices(right, [[1, 0, -right], [0, 1, -down], [0, 0, 1]])


def rotate(amounts: Tensor, height: int, width: int) -> Tensor:
    """Turn characters counterclockwise about the centre, by at most 15 degrees."""
    ops = namespace(amounts)
    angle = LARGEST_ANGLE * amounts[:, 0]
    cos, sin = ops.cos(angle), ops.sin(angle)
    return _matrices(angle, [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def shear(amounts: Tensor, height: int, width: int) -> Tensor:
    """Lean characters to the right, as handwriting does, by at most 0.2 pixels for a pixel up."""
    slant = LARGEST_SHEAR * amounts[:, 0]
    return _matrices(slant, [[1, slant, 0], [0, 1, 0], [0, 0, 1]])


def zoom(amounts: Tensor, height: int, width: int) -> Tensor:
    """Enlarge characters about the centre, by at most 15 %."""
    shrink = 1.0 / (1.0 + LARGEST_ZOOM * amounts[:, 0])
    return _matrices(shrink, [[shrink, 0, 0], [0, shrink, 0], [0, 0, 1]])


def stretch(amounts: Tensor, height: int, width: int) -> Tensor:
    """Make characters wider and as much lower, or narrower and taller, by at most 10 %."""
    ops = namespace(amounts)
    wide = ops.exp(math.log(1 + LARGEST_STRETCH) * amounts[:, 0])
    return _matrices(wide, [[1 / wide, 0, 0], [0, wide, 0], [0, 0, 1]])


def elastic(field: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Bend strokes: a smooth random field, as in Simard, Steinkraus, Platt 2003 (ICDAR).

    The field is a cubic B-spline over 8 x 8 knots, which two products with small matrices make;
    smoothing noise at every pixel, as published, costs ten times as much and looks alike.

    Args:
        field: how far the knots move, `(n, 2, KNOTS, KNOTS)` in [-1, 1), columns and rows.
        height: of the images.
        width: of the images.

    Returns:
        How far to the right and how far down, in pixels, from each place the image is seen; two
        tensors `(n, height, width)`.
    """
    ops = namespace(field)
    down, right = (ops.convert_to_tensor(spline(side), field.dtype) for side in (height, width))
    # Products of rows of all images: see `resample`.
    rows = (ops.reshape(ops.matmul(down, field[:, axis]), (-1, KNOTS)) for axis in (0, 1))
    moves = (ops.matmul(some, ops.transpose(right)) for some in rows)
    return tuple(
        ops.reshape(side * LARGEST_WARP * move, (-1, height, width))
        for side, move in zip((width, height), moves, strict=True)
    )


@functools.cache
def spline(side: int) -> NDArray[np.float32]:
    """Weights of the knots at every pixel, `(side, KNOTS)`: the uniform cubic B-spline."""
    place = (np.arange(side) + 0.5) / side * (KNOTS - 3) + 1
    away = np.abs(place[:, None] - np.arange(KNOTS))
    near, far = 2 / 3 - away**2 + away**3 / 2, np.clip(2 - away, 0, None) ** 3 / 6
    return np.where(away < 1, near, far).astype(np.float32)


def _matrices(like: Tensor, rows: Sequence[Sequence[Tensor]]) -> Tensor:
    """Three rows of numbers or tensors `(n,)`, as `like` is, as `(n, 3, 3)`."""
    ops = namespace(like)
    if ops is NUMPY:
        made = np.empty((len(like), 3, 3), np.float32)
        for k, entry in enumerate(entry for row in rows for entry in row):
            made[:, k // 3, k % 3] = entry
        return made
    entries = [ops.zeros_like(like) + entry for row in rows for entry in row]
    return ops.reshape(ops.stack(entries, axis=1), (-1, 3, 3))


# What happens to the pixels where they are: images and amounts -> images.


def thickness(images: Tensor, amounts: Tensor) -> Tensor:
    """Thicken strokes (amounts above 0) or thin them, by at most half a pixel on either side.

    A blend with the maximum or the minimum of the 3 x 3 neighbourhood.
    """
    ops = namespace(images, amounts)
    amount = LARGEST_THICKENING * amounts[:, :1, None, None]
    # A minimum is the maximum of the negative.
    sign = ops.cast(ops.where(amount < 0, -1.0, 1.0), images.dtype)
    signed = sign * images
    return sign * mix(signed, ops.greatest_nearby(signed), ops.abs(amount))


def cutout(images: Tensor, amounts: Tensor) -> Tensor:
    """Cover a square, a quarter of the shorter side long, with paper.

    DeVries & Taylor 2017, arXiv 1708.04552; the whole square lies inside the image.
    """
    ops = namespace(images, amounts)
    _, height, width, _ = images.shape
    side = round(CUTOUT_SIDE * min(height, width))
    columns = _stretch(amounts[:, 0], side, width)[:, None, :, None]
    rows = _stretch(amounts[:, 1], side, height)[:, :, None, None]
    return ops.where(ops.logical_and(columns, rows), PAPER, images)


def _stretch(amount: Tensor, side: int, length: int) -> Tensor:
    """Which of `length` places lie in a stretch of `side` of them, `(n, length)`."""
    ops = namespace(amount)
    start = ops.round((amount[:, None] + 1.0) / 2.0 * (length - side))
    place = ops.arange(length, dtype=amount.dtype)
    return ops.logical_and(place >= start, place < start + side)


# The way back from the result to the image begins with what happened last: a shift after the other
# three, so that it is as long as it says.
MATRICES = {"shift": shift, "rotate": rotate, "shear": shear, "zoom": zoom, "stretch": stretch}
WARPS = {"elastic": elastic}
REPAINTS = {"thickness": thickness, "cutout": cutout}
AUGMENTATION_POLICY = MATRICES | WARPS | REPAINTS
