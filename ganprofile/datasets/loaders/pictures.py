"""One picture file, of whatever kind, as plain uint8 pixels.

Files come from outside: only the formats below are ever decoded, no picture may be larger than
`MOST_PIXELS`, and whatever a decoder raises becomes one sentence.
"""

import dataclasses
import math
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.datasets.loaders.deep_levels import FULL, ORDINARY, deep_levels, is_deep
from ganprofile.errors import GanprofileError
from ganprofile.images import MIDDLE
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jfif", ".jpe")
# What else may show a character, and has to be saved as one of these.
OTHER_SUFFIXES = (".pgm", ".ppm", ".pbm", ".pnm", ".heic", ".heif", ".avif", ".jp2", ".svg", ".pdf")
OTHER_SUFFIXES += (".tga", ".psd", ".pcx", ".dng", ".xcf", ".eps")
BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8")  # of their content
HEAD = 16  # bytes of it that tell
DECODERS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
MOST_PIXELS = 50_000_000  # a page scanned at 600 dpi has 35 million
# The EXIF tag, its value where nothing is to be turned, and those that swap the sides.
ORIENTATION, UPRIGHT, LYING = 0x0112, 1, (5, 6, 7, 8)
# What begins a PNG, its chunks of text, and the keywords of those that hold EXIF or XMP.
PNG_MARK, PNG_TEXT, CHECKSUM = b"\x89PNG\r\n\x1a\n", (b"tEXt", b"zTXt", b"iTXt"), 4
PNG_KEYWORDS, LONGEST_KEYWORD = (b"Raw profile type exif\0", b"XML:com.adobe.xmp\0"), 80
WIDTH, HEIGHT = 0x0100, 0x0101  # of a TIFF as it is stored
RESOLUTION = {0x011A, 0x0128}  # of EXIF: pixels, and of which unit
PER_INCH, PER_CENTIMETRE = 1, 2  # what a JPEG counts itself, if anything
NO_COLOUR = 4  # levels by which channels of a grey picture differ in lossy files, at most
JUDGED_SIDE = 256  # a picture of this side tells whether ink is dark


@dataclasses.dataclass(frozen=True)
class Header:
    """What a file says of itself before its pixels are decoded.

    Attributes:
        size: `(height, width)` as it will be seen, after the camera's rotation.
        mode: Pillow's name of the pixel format (`L`, `RGB`, `P`, `I;16`, ...).
        frames: how many pictures the file holds, of which the first is read.
        deep: whether it has more than 8 bits a level, or floats.
        dpi: at how many pixels an inch it was scanned by what it says, or None.
    """

    size: tuple[int, int]
    mode: str
    frames: int = 1
    deep: bool = False
    dpi: float | None = None


@dataclasses.dataclass(frozen=True)
class HeldPicture:
    """A picture of Pillow that a program holds, in the place of a file.

    Attributes:
        picture: a `PIL.Image.Image`; of several frames, the one at which it stands is read.
        name: for sentences.
        path: of the file that it was opened from, if it was.
    """

    picture: Any
    name: str
    path: str = ""

    def __fspath__(self):
        return self.name

    @property
    def source(self):
        """The file that holds it, until it is loaded."""
        return self.path or self.picture.fp


def is_picture(path):
    """Whether it is a file whose name says that it is a picture we read."""
    named = path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    return named and path.is_file()


def holds_picture(path):
    """Whether a file is, by its content, a picture that we read, whatever it is called."""
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with open(path, "rb") as file:
            return begins_picture(file.read(HEAD))
    except OSError:
        return False


def begins_picture(content):
    """The same of the first bytes of a file."""
    is_bmp, is_webp = content[:2] == b"BM" and content[6:10] == bytes(4), content[8:12] == b"WEBP"
    return content.startswith(BEGINNINGS) or is_bmp or is_webp


def kinds_not_read(names):
    """What is to be said of pictures of kinds that are not read, such as a phone's HEIC, or "".

    Args:
        names: of files, of any kind; hidden ones do not count.
    """
    endings = [Path(one).suffix.lower() for one in names if not Path(one).name.startswith(".")]
    lost = [one for one in endings if one in OTHER_SUFFIXES]
    kinds = ", ".join(dict.fromkeys(lost))
    are = "is a picture of a kind that is" if len(lost) == 1 else "are pictures of kinds that are"
    remedy = "save each as JPEG or PNG, and each page of a PDF as one"
    return f"{len(lost):,} {are} not read ({kinds}): {remedy}" if lost else ""


def leads_nowhere(path):
    """Whether it is a link to what is not there."""
    return path.is_symlink() and not path.exists()


def read_header(path):
    """Size and pixel format of a picture file.

    Raises:
        GanprofileError: it is no picture of a known kind, or one with too many pixels.
    """
    with _opened(path) as picture:
        tags = getattr(picture, "tag_v2", {})  # a TIFF may say its size as it will be seen
        width, height = (tags.get(WIDTH, picture.width), tags.get(HEIGHT, picture.height))
        may_lie = picture.format != "PNG" or _says_orientation(path)
        turned = may_lie and picture.getexif().get(ORIENTATION, UPRIGHT) in LYING
        size = (width, height) if turned else (height, width)
        frames = getattr(picture, "n_frames", 1)
        return Header(size, picture.mode, frames, is_deep(picture), _dpi(picture))


def _dpi(picture):
    """The pixels an inch that a Pillow image states, or None; of a JPEG with EXIF that states none,
    Pillow says 72."""
    counts = picture.info.get("jfif_unit") in (PER_INCH, PER_CENTIMETRE)
    if picture.format in ("JPEG", "MPO") and not (counts or {*picture.getexif()} >= RESOLUTION):
        return None
    try:
        dpi = float(picture.info["dpi"][0])
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return dpi if 1 < dpi < math.inf else None


def _says_orientation(path):
    """Whether a PNG has a chunk that may say how it lies, before its pixels or behind them; to look
    for one, Pillow would decode any PNG as a whole.
    """
    with open(path, "rb") as file:
        file.seek(len(PNG_MARK))
        while len(head := file.read(8)) == 8:
            length, kind = int.from_bytes(head[:4], "big"), head[4:]
            start = file.read(min(length, LONGEST_KEYWORD)) if kind in PNG_TEXT else b""
            if kind == b"eXIf" or start.startswith(PNG_KEYWORDS):
                return True
            file.seek(length - len(start) + CHECKSUM, os.SEEK_CUR)
    return False


def read_picture(path, bits=None, paper=None):
    """A picture file as uint8 `(height, width, 1 or 3)`, turned as the camera says.

    Deeper levels are rounded to 8 bits. Transparent pixels become paper: white behind dark ink,
    black behind light ink. Of an animation, the first frame is read. Colour pictures that hold only
    greys have one channel.

    Args:
        path: of the file, or a `HeldPicture`.
        bits: how many bits the levels of a picture of more than 8 have, as `depth` finds them for
            the whole set, or those of any picture if fewer; None goes by this picture alone.
        paper: the level of the paper where it is known, 0 or 255.

    Raises:
        GanprofileError: the file is damaged, too large or of a kind that cannot be read.
    """
    with _opened(path) as picture:
        return _pixels(picture, path, bits, paper)


def read_frames(path, bits=None):
    """All pictures in a file, such as the pages of a TIFF, each as `read_picture` reads it.

    Raises:
        GanprofileError: as there.
    """
    with _opened(path) as picture:
        for _ in _frames(picture):
            yield _pixels(picture, path, bits)


def bits_of(path, ordinary=False):
    """How many bits the levels of a file's pictures need, or None: they have 8 anyhow.

    Args:
        path: of the file, or a `HeldPicture`.
        ordinary: whether to look at pictures of 8 bits, too, which may use fewer.

    Raises:
        GanprofileError: as for `read_picture`.
    """
    with _opened(path) as picture:
        levels = (
            deep_levels(picture, path)
            for _ in _frames(picture)
            if is_deep(picture) or (ordinary and picture.mode in ORDINARY)
        )
        return max((one.bits or 0 for one in levels), default=0) or None


def _frames(picture):
    """Go from one picture of a file to the next."""
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        yield number


def _pixels(picture, path, bits, paper=None):
    from PIL import ImageOps

    few = bits is not None and bits < FULL
    if is_deep(picture) or (few and picture.mode in ORDINARY):
        levels = deep_levels(picture, path)
        upright = levels.as_picture(bits or levels.bits or FULL)
    else:
        picture.load()
        upright = ImageOps.exif_transpose(picture) if is_turned(picture) else picture
    if upright.mode in ("1", "L") and not upright.has_transparency_data:
        return np.asarray(_in_mode("L", upright))[..., None]
    transparent = upright.has_transparency_data
    colours = on_paper(upright, paper) if transparent else _in_mode("RGB", upright)
    grey = _only_channel(colours)
    return np.asarray(colours) if grey is None else np.asarray(grey)[..., None]


def is_turned(picture):
    """Whether a Pillow image says that it is to be seen otherwise than it is stored."""
    return picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT


def _in_mode(mode, picture):
    """A Pillow image in a mode; Pillow itself would copy one that is in it."""
    return picture if picture.mode == mode else picture.convert(mode)


class _opened:
    """A checked Pillow image; everything that reading it raises becomes one sentence."""

    def __init__(self, path):
        self._path = path
        self._is_held = isinstance(path, HeldPicture)
        self._picture = None

    def __enter__(self):
        from PIL import Image

        try:
            self._picture = self._held() if self._is_held else self._from_file()
        except GanprofileError:
            raise
        except Image.DecompressionBombError as error:
            count = re.search("[0-9]+", str(error))
            raise self._too_large(f"{int(count[0]):,}" if count else "too many") from error
        except Exception as error:
            raise self._sentence(error) from error
        self._picture.filename = ""  # else a TIFF is mapped, and garbled where it was turned
        width, height = self._picture.size
        if not 1 <= width * height <= MOST_PIXELS:
            self._close()
            raise self._too_large(f"{width}x{height}")
        return self._picture

    def _too_large(self, pixels):
        return GanprofileError(
            f"{printable(self._path)} would have {pixels} pixels; at most {MOST_PIXELS:,} are "
            "read. Shrink it or cut it up."
        )

    def __exit__(self, kind, error, trace):
        self._close()
        if isinstance(error, Exception) and not isinstance(error, GanprofileError):
            raise self._sentence(error) from error

    def _held(self):
        picture = self._path.picture
        return picture.copy() if getattr(picture, "n_frames", 1) > 1 else picture

    def _from_file(self):
        from PIL import Image

        if not Path(self._path).is_file():  # opening a pipe would wait for ever
            problem = "is no regular file" if Path(self._path).exists() else "does not exist"
            meant = did_you_mean(self._path, paths=is_picture) or " Put a picture there."
            raise GanprofileError(f"{printable(self._path)} {problem}.{meant}")
        return Image.open(self._path, formats=DECODERS)

    def _close(self):
        if not self._is_held:
            self._picture.close()
        elif self._path.path:  # the program may still need it
            self._picture.filename = self._path.path

    def _sentence(self, error):
        reason = str(error).split(" '")[0].split(" <")[0] or type(error).__name__
        if self._is_held:
            return GanprofileError(
                f"{self._path.name} cannot be read ({reason}). Open it again, or "
                "convert it to the mode L or RGB."
            )
        is_known = Path(self._path).suffix.lower() in SUFFIXES
        remedy = "Replace or remove it" if is_known else "Save it as one of these"
        return GanprofileError(
            f"{printable(self._path)} is not a readable PNG, JPEG, TIFF, BMP, WebP or GIF "
            f"({reason}). {remedy}."
        )


def on_paper(picture, paper=None):
    """A picture with transparency on paper of a level, or on white or black paper, whichever its
    ink stands out from."""
    from PIL import Image

    picture = picture.convert("RGBA")
    paper = _paper_below(picture) if paper is None else paper
    sheet = Image.new("RGBA", picture.size, (paper, paper, paper, 255))
    return Image.alpha_composite(sheet, picture).convert("RGB")


def _paper_below(picture):
    """The paper, 0 or 255, from which the ink of an RGBA picture stands out."""
    from PIL import ImageStat

    small = picture.copy()
    small.thumbnail((JUDGED_SIDE, JUDGED_SIDE))
    visible = [255 * (opacity > MIDDLE) for opacity in range(256)]
    ink = ImageStat.Stat(small.convert("L"), mask=small.getchannel("A").point(visible))
    return 255 if ink.count == [0] or ink.mean[0] <= MIDDLE else 0


def _only_channel(picture):
    """The grey levels of an RGB image in which all three channels are equal, or as nearly as WebP
    and JPEG leave them, else None; Pillow finds out faster than NumPy."""
    from PIL import ImageChops

    red, *others = picture.split()
    most = max(ImageChops.difference(red, one).getextrema()[1] for one in others)
    if most > NO_COLOUR:
        return None
    return picture.convert("L") if most else red
