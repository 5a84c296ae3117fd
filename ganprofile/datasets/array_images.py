"""Arrays as people and libraries keep them, as the images that a `Dataset` holds.

Which numbers mean paper and ink, and which axis counts the images, is found for a whole array,
never image by image. Whatever is not plainly 0..255 and `(n, height, width, channels)` is said or
refused.
"""

import contextlib
import dataclasses

import numpy as np

from ganprofile.errors import UsageError, first_line
from ganprofile.images import MIDDLE, luminance
from ganprofile.storage.files import printable
from ganprofile.transforms.arrays import without_gradient
from ganprofile.transforms.value_ranges import BYTES, KNOWN_RANGES, NOISE, fits

SMALLEST_SIDE = 5  # fewer values than 5x5 in a row are measurements, not a picture
CHANNELS = (1, 3, 4)
FEW_LEVELS = 16  # whole numbers up to here are levels of a coarse scale, such as scikit-learn's
OTHER_RANGE = 8  # times the largest value of another part is of another range than a small one
LOOKED_AT = 200  # images that tell in which order the colours of rows stand
BELOW_ZERO = "Undo what was done to them (a mean that was subtracted, say), or scale them to 0..1."
BLOCK = 1024  # images that are scaled at once, so that floats need little memory


@dataclasses.dataclass(frozen=True)
class _Range:
    """What the numbers of an array mean: `zero` is 0 and `one` is 255."""

    zero: float
    one: float
    said: str | None = None


def to_uint8_images(array, where):
    """An array of images as uint8, with all that had to be assumed.

    Values may be whole numbers, booleans or floats in 0..255, 0..1, -1..1, -0.5..0.5, or whole
    numbers on a coarser scale, such as scikit-learn's 0..16. Shapes may be `(n, height * width)`
    of square images or `(n, height * width * 3)`, `(n, height, width)`, `(n, height, width,
    channels)`, `(n, channels, height, width)` or `(height, width, channels, n)`, with 1, 3 or 4
    channels, the fourth being opacity.
    All parts of a set should come as one array, so that all are scaled alike.

    Args:
        array: anything that NumPy takes for an array.
        where: what the sentences call it, such as a file.

    Returns:
        `(images, said)`: uint8 `(n, height, width, 1 or 3)`, and a list of sentences on what was
        assumed, empty where the array was in that form already. Values keep their direction: 0
        stays 0, and the smallest value of a range becomes 0.

    Raises:
        UsageError: the array is empty, no array of numbers, of another shape, or its values are not
            finite or in no range that is known.
    """
    array = _numbers(array, where)
    scale = _range(array, where)
    images, layout = _laid_out(array, where)
    pixels = _scaled(images, scale)
    pixels, opacity = _without_opacity(pixels, where)
    said = [f"{where}: {sentence}" for sentence in (layout, scale.said, opacity) if sentence]
    return pixels, said


def hold_together(arrays, where):
    """Refuse parts of a set that are plainly in several ranges, such as 0..255 and 0..1: taken for
    one, the smaller would be blank. Integers are levels of one scale, which is said.

    Args:
        arrays: of both parts.
        where: what the sentences call the set.

    Returns:
        A list of sentences on what was assumed.

    Raises:
        UsageError: they are.
    """
    arrays = [_numbers(part, where) for part in arrays]
    extents = [(float(part.min()), float(part.max())) for part in arrays]
    if not (np.isfinite(extents).all() and _differ(arrays, extents)):
        return []
    received = " and ".join(f"{low:.4g}..{high:.4g}" for low, high in extents)
    if all(part.dtype.kind in "ui" for part in arrays):
        return [f"{where}: {received} in the two parts were taken for levels of one scale."]
    raise UsageError(
        f"{where}: the images of both parts should be in one range. Received: {received}. Bring "
        "both to 0..255, or both to 0..1."
    )


def _differ(arrays, extents):
    """Whether parts with these least and largest values are plainly of several ranges; one that
    is blank is of any."""
    if any(low >= -NOISE and high <= NOISE for low, high in extents):
        return False
    if len({low < -NOISE for low, _ in extents}) > 1:
        return True
    try:
        found = {(scale.zero, scale.one) for scale in (_range(part, "") for part in arrays)}
    except UsageError:  # of no range by itself, which both may have together
        return False
    if len(found) == 1 or min(extents)[0] < -NOISE:
        return len(found) > 1
    small, large = sorted(high for _, high in extents)
    return small <= FEW_LEVELS and large > OTHER_RANGE * small


def _numbers(array, where):
    images = array
    try:
        array = np.asarray(without_gradient(array))
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{where} should be one array of images of one size. {_received(array, error)}"
        ) from error
    if np.ma.is_masked(images):
        raise UsageError(
            f"{where} has masked levels. Give images.filled(0), if they are to be paper."
        )
    if array.ndim == 0 and array.dtype == object:
        raise UsageError(
            f"{where} should hold images as numbers. Received: one object. Of what yields images, "
            "give np.stack([*images]), and pairs as two arrays, (images, labels)."
        )
    if array.dtype.kind in "US":
        raise UsageError(
            f"{where} should hold images as numbers. Received: text, such as "
            f"{printable(str(array.ravel()[0]) if array.size else '')}. Give the folder of these "
            "pictures, or a table of their names and labels, if these are files."
        )
    if array.dtype.kind not in "buif":
        raise UsageError(
            f"{where} should hold images as numbers. Received: {array.dtype}. Stack them to one "
            "array of uint8."
        )
    if 0 in array.shape or array.ndim == 0:
        raise UsageError(f"{where} holds no image. Received: an array of the shape {array.shape}.")
    return array


def _received(images, error):
    """What stands in a list of which NumPy makes no array, and what to do."""
    first = images[0] if isinstance(images, (list, tuple)) else None
    if isinstance(first, (list, tuple)) and len(first) == 2 and np.ndim(first[0]) > 1:
        return "Received: pairs. Give two arrays, (images, labels)."
    if len(images if first is not None else ()) == 2 and np.ndim(first) > 1 == np.ndim(images[1]):
        return "Received: images and what may be their labels. Give a tuple, (images, labels)."
    shapes = {} if first is None else dict(_shapes(images))
    odd = next((k for k, shape in shapes.items() if shape != shapes.get(0)), None)
    if odd is None or 0 not in shapes:
        return f"Received: what NumPy makes no array of ({first_line(error)})."
    return f"Received: {shapes[0]}, and {shapes[odd]} at {odd}. Bring all to one size, as grey."


def _shapes(images):
    """`(index, shape)` of those that are arrays or lists of equal rows."""
    for index, image in enumerate(images):
        with contextlib.suppress(ValueError, TypeError):
            yield index, np.shape(image)


def _range(array, where):
    """The `_Range` of a whole array."""
    low, high = float(array.min()), float(array.max())
    if not np.isfinite([low, high]).all():
        count = int((~np.isfinite(array)).sum())
        raise UsageError(
            f"{where} holds {count:,} values that are NaN or infinite. Replace them, for example "
            "with numpy.nan_to_num, or remove the images."
        )
    extent = f"{low:.4g}..{high:.4g}"
    if high == 0 and low >= -NOISE:
        return _Range(0, 255)  # blank, whatever the range
    known = next((ends for ends in KNOWN_RANGES if fits(ends, low, high)), None)
    if known == BYTES:
        rounded = f"floats {extent} were taken for levels of 0..255 and rounded."
        return _Range(0, 255, rounded if array.dtype.kind == "f" else None)
    if known:
        zero, one = known
        taken = f"values {extent} were taken for {zero:g}..{one:g} and scaled to 0..255."
        return _Range(zero, one, taken)
    if not (low >= -NOISE and high <= 255 + NOISE):
        divisor = "257" if high > 4095 else "the largest possible level and multiply by 255"
        remedy = f"Divide by {divisor} first." if low >= -NOISE else BELOW_ZERO
        raise UsageError(
            f"{where} should hold levels in 0..255, 0..1 or -1..1. Received: {extent}. {remedy}"
        )
    if high <= FEW_LEVELS:
        return _coarse_range(array, high, extent, where)
    return _Range(
        *(0, 255),
        f"values {extent} were taken for levels of 0..255, of which they use less than half; "
        f"if {high:.4g} is full ink, multiply them by {255 / high:.3g}.",
    )


def _coarse_range(array, high, extent, where):
    if array.dtype.kind == "f" and (array != np.rint(array)).any():
        raise UsageError(
            f"{where} should hold levels in 0..255, 0..1 or -1..1. Received: fractions in "
            f"{extent}, which are of no known range. Scale them to 0..1."
        )
    taken = f"values {extent} were taken for levels of which {high:.4g} is the highest"
    return _Range(0, high, f"{taken}, and scaled to 0..255.")


def _laid_out(array, where):
    """`(n, height, width, channels)` and what was assumed, or None."""
    shape = array.shape
    lay = {2: _flat, 3: _without_channels, 4: _with_channels}.get(array.ndim)
    images, said = (None, None) if lay is None else lay(array)
    if images is None:
        raise UsageError(
            f"{where} should have the shape (n, height, width, 1 or 3), (n, height, width) or (n, "
            f"height * width) of square images. Received: {shape}. "
            f"{said or 'Bring it into one of them.'}"
        )
    return images, said


def _flat(array):
    """Rows of values: square images, grey or of three colours."""
    count, length = array.shape
    side = round(length**0.5)
    if side * side != length and (coloured := _flat_colours(array)) is not None:
        return coloured
    if side * side != length or side < SMALLEST_SIDE:
        one = "For a single picture, give images[None]. " if count >= SMALLEST_SIDE else ""
        return None, f"{one}Reshape it with images.reshape(n, height, width, channels)."
    said = f"rows of {length:,} values were taken for images of {side}x{side}."
    return array.reshape(count, side, side, 1), said


def _flat_colours(array):
    """Rows of the values of three colours, `(images, said)`, or None where they make no square.

    The colours stand pixel by pixel or one after the other: in the right order, what lies side by
    side in the pictures is more alike.
    """
    count, length = array.shape
    side = round((length / 3) ** 0.5)
    if 3 * side * side != length or side < SMALLEST_SIDE:
        return None
    orders = {
        "pixel by pixel": array.reshape(count, side, side, 3),
        "one colour after the other": np.moveaxis(array.reshape(count, 3, side, side), 1, -1),
    }
    order = min(orders, key=lambda name: _roughness(orders[name][:LOOKED_AT]))
    said = f"rows of {length:,} values were taken for coloured images of {side}x{side}, {order}."
    return orders[order], said


def _roughness(images):
    """How much neighbours differ, in the mean."""
    images = images.astype(np.float64)
    return sum(np.abs(np.diff(images, axis=axis)).mean() for axis in (1, 2))


def _without_channels(array):
    first, second, third = array.shape
    if third in CHANNELS and second > max(CHANNELS):
        return None, "For a single picture, give images[None]."
    if first == second != third and third >= SMALLEST_SIDE:
        return None, (
            "If the images are counted along the last axis, give numpy.moveaxis(images, -1, 0), "
            "if along the first, images[..., None]."
        )
    return array[..., None], None


def _with_channels(array):
    first, second, third, last = array.shape
    if last in CHANNELS:
        return array, None
    if second in CHANNELS:
        said = f"the shape {array.shape} was taken for (n, channels, height, width)."
        return np.moveaxis(array, 1, -1), said
    if third in CHANNELS and first == second:
        said = f"the shape {array.shape} was taken for (height, width, channels, n)."
        return np.moveaxis(array, -1, 0), said
    return None, "Images have 1 or 3 channels, or 4 with opacity."


def _scaled(images, scale):
    """uint8 in the same shape, contiguous."""
    if images.dtype == np.uint8 and (scale.zero, scale.one) == (0, 255):
        return np.ascontiguousarray(images)
    pixels = np.empty(images.shape, np.uint8)
    factor = 255 / (scale.one - scale.zero)
    for first in range(0, len(images), BLOCK):
        block = images[first : first + BLOCK].astype(np.float64)
        levels = np.rint((block - scale.zero) * factor)
        pixels[first : first + BLOCK] = np.clip(levels, 0, 255)
    return pixels


def _without_opacity(pixels, where):
    """1 or 3 channels, and what became of a fourth."""
    if pixels.shape[-1] != 4:
        return pixels, None
    colours, opacity = pixels[..., :3], pixels[..., 3:]
    if opacity.min() == 255:
        return colours.copy(), "the fourth channel, 255 everywhere, was dropped."
    if not opacity.any():
        raise UsageError(
            f"{where} has a fourth channel that is 0 everywhere: as opacity it shows nothing. Give "
            "images[..., :3] if the colours are meant."
        )
    blocks = [slice(first, first + BLOCK) for first in range(0, len(pixels), BLOCK)]
    shown, paper = np.empty(colours.shape, np.uint8), _paper_behind(colours, opacity, blocks)
    for block in blocks:
        part = opacity[block].astype(np.float32) / 255
        shown[block] = np.rint(colours[block] * part + paper * (1 - part))
    became = "white" if paper else "black, behind light ink"
    return (
        shown,
        f"the fourth channel was taken for opacity, and transparent pixels became {became}.",
    )


def _paper_behind(colours, opacity, blocks):
    """White or black paper, 255 or 0, whichever the ink of all images stands out from; of picture
    files `pictures.on_paper` finds it for each."""
    above = 0.0
    for block in blocks:
        ink = luminance(colours[block])[opacity[block] > MIDDLE]
        above += (ink - float(MIDDLE)).sum()
    return 255 if above <= 0 else 0
