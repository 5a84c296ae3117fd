"""Levels of grey and coloured pictures as they are stored, and how many bits they really have.

Scanners put 10, 12 or 14 bits into files of 16, programs write floats of 0..1 or 0..255 and masks
of 0 and 1, and no file says so. The range is therefore that of a whole set, by its highest level
(`depth`).
"""

import dataclasses
import sys

import numpy as np

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable

# Levels go up to 2 ** bits - 1; 1 bit means 0..1, which is how floats are often stored.
BITS = (1, 2, 4, 8, 10, 12, 14, 16)
FULL = 8  # bits of a level of ordinary pictures
ORDINARY = ("L", "RGB")  # pictures of 8 bits that may have fewer
UNCLEAR_FLOATS = 16  # below this and above 1, floats are neither shares nor levels
_HIGHEST = 2 ** BITS[-1] - 1
_WHITE_IS_ZERO, _BITS, _PHOTOMETRIC, _PLANAR, _SEPARATE = 0, 258, 262, 284, 2
_ALPHA = ("LA", "RGBA", "RGBa")
_BIG, _LITTLE = ";16B", ";16L"
_NATIVE = _LITTLE if sys.byteorder == "little" else _BIG


@dataclasses.dataclass(frozen=True)
class DeepLevels:
    """The pixels of a picture as they are stored.

    Attributes:
        name: of the file, for errors.
        values: integers or floats from 0, `(height, width, channels)`.
        mode: Pillow's name of the channels: `L`, `LA`, `RGB`, `RGBA`, `RGBa`, `CMYK`.
        white_is_zero: whether 0 is white and not black.
    """

    name: str
    values: np.ndarray
    mode: str
    white_is_zero: bool = False

    @property
    def bits(self):
        """The fewest bits, of those that are usual, that hold the levels of all colours; None if
        all are 0, which says nothing.

        Raises:
            GanprofileError: they are floats above 1 that may mean anything.
        """
        highest = self._colours.max()
        is_float = self.values.dtype.kind == "f"
        if is_float and 1 < highest < UNCLEAR_FLOATS:
            raise GanprofileError(
                f"{self.name} has floating-point levels up to {highest:.4g}, neither in 0..1 nor "
                "in 0..255 or more. Convert it to 8 or 16 bits."
            )
        return _fewest_bits(highest) if highest else None

    @property
    def _colours(self):
        return self.values[..., :-1] if self.mode in _ALPHA else self.values

    def as_picture(self, bits):
        """A Pillow image of 8 bits a level, from levels of `bits` bits.

        Raises:
            GanprofileError: there are higher ones.
        """
        from PIL import Image

        highest, full = self._colours.max(), 2**bits - 1
        if highest > full:
            raise GanprofileError(
                f"{self.name} has levels up to {highest:g}; those of {bits} "
                f"bit{'s' * (bits > 1)} end at {full}. "
                "Leave it out, or say other `bits`."
            )
        colours = _in_eight_bits(self._colours, bits)
        layers = [255 - colours if self.white_is_zero else colours]
        if self.mode in _ALPHA:
            opacity = self.values[..., -1:]
            layers.append(_in_eight_bits(opacity, _fewest_bits(opacity.max())))
        height, width = self.values.shape[:2]
        pixels = np.ascontiguousarray(np.dstack(layers))
        picture = Image.frombytes(self.mode, (width, height), pixels.tobytes())
        return picture.convert("RGBA") if self.mode == "RGBa" else picture


def check_bits(bits):
    """Refuse what is neither None nor one of `BITS`.

    Raises:
        UsageError: it is.
    """
    if bits not in (None, *BITS):
        known = ", ".join(map(str, BITS[:-1]))
        raise UsageError(f"`bits` should be {known} or {BITS[-1]}. Received: {bits!r}.")


def is_deep(picture):
    """Whether an opened Pillow image has more than 8 bits a level; Pillow itself hides colours'."""
    return picture.mode[0] in "IF" or ";16" in _raw_mode(picture) or _is_in_planes(picture)


def deep_levels(picture, path):
    """The `DeepLevels` of an opened Pillow image that `is_deep` or `ORDINARY`, turned as the camera
    says.

    Raises:
        GanprofileError: levels are negative, above 16 bits or no numbers, or stored in a way that
            Pillow misreads.
    """
    transparent = picture.info.get("transparency")
    tags = getattr(picture, "tag_v2", {})
    is_inverse = is_deep(picture) and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    raw_mode = _raw_mode(picture)
    mode, depth, order = raw_mode.partition(";16")
    if picture.mode[0] in "IF":
        mode, values = "L", _turned(picture)[..., None]
    elif not is_deep(picture):
        mode, values = picture.mode, np.atleast_3d(_turned(picture))
    elif _is_in_planes(picture):
        raise GanprofileError(
            f"{printable(path)} stores 16-bit colours one after the other, which cannot be read. "
            "Save it with its channels interleaved, or with 8 bits."
        )
    elif raw_mode == "LA;16B":  # four bytes a pixel, as they are
        values = _decoded(picture, path, "RGBA").view(">u2")
    else:
        values = _both_bytes(picture, path, mode, depth + order)
        mode = mode[:3] if mode == "RGBX" else mode
    found = levels_of(values, mode, path, is_inverse)
    if transparent is not None and mode in ("L", "RGB"):
        seen = (values != np.array(transparent)).any(axis=-1, keepdims=True)
        values = np.dstack([values, seen.astype(values.dtype)])
        return dataclasses.replace(found, values=values, mode=f"{mode}A")
    return found


def levels_of(values, mode, where, white_is_zero=False):
    """`DeepLevels` of an array.

    Args:
        values, mode, white_is_zero: its attributes.
        where: a path or name, for errors.

    Raises:
        GanprofileError: levels are negative, above 16 bits or no numbers.
    """
    lowest, highest = values.min(), values.max()
    if not (lowest >= 0 and highest <= _HIGHEST):  # as false for what is no number
        raise GanprofileError(
            f"{printable(where)} should hold levels of at most 16 bits. "
            f"Received: {lowest}..{highest}. Convert it to 8 or 16 bits."
        )
    return DeepLevels(printable(where), values, mode, white_is_zero)


def _both_bytes(picture, path, mode, order):
    """16-bit colours, uint16 `(height, width, channels)`.

    Pillow keeps the higher byte of each level alone; told the other order, it keeps the lower one.
    """
    order = _NATIVE if order == ";16N" else order
    other = _LITTLE if order == _BIG else _BIG
    mode = mode.upper()
    high = _decoded(picture, path, f"{mode}{order}").astype(np.uint16)
    return high << 8 | _decoded(picture, path, f"{mode}{other}")


def _decoded(picture, path, raw_mode):
    """The bytes that Pillow makes of a picture if its pixels are taken for such of `raw_mode`."""
    from PIL import Image

    with Image.open(getattr(path, "source", path), formats=[picture.format]) as again:
        again.seek(picture.tell())
        again.tile = [
            tile._replace(args=(raw_mode, *tile.args[1:]) if _is_tuple(tile) else raw_mode)
            for tile in again.tile
        ]
        return _turned(again)


def _turned(picture):
    """The pixels as the camera says; Pillow turns a TIFF itself when it is loaded."""
    from PIL import ImageOps

    picture.load()
    return np.ascontiguousarray(ImageOps.exif_transpose(picture))


def _is_in_planes(picture):
    """Whether a TIFF has 16-bit colours one after the other, of which Pillow makes noise."""
    tags = getattr(picture, "tag_v2", {})
    return tags.get(_PLANAR) == _SEPARATE and 16 in tags.get(_BITS, ())


def _raw_mode(picture):
    """How the pixels of an opened image are stored, in Pillow's words."""
    if not getattr(picture, "tile", None):  # of what is loaded, or was never a file
        return ""
    args = picture.tile[0].args
    return str(args[0] if _is_tuple(picture.tile[0]) else args)


def _is_tuple(tile):
    return isinstance(tile.args, tuple)


def _fewest_bits(highest):
    return next(bits for bits in BITS if highest <= 2**bits - 1)


def _in_eight_bits(levels, bits):
    """uint8 of the same shape."""
    full = 2**bits - 1
    if levels.dtype.kind == "f":
        return np.rint(levels * (255 / full)).astype(np.uint8)
    return np.rint(np.arange(full + 1) * (255 / full)).astype(np.uint8)[levels]
