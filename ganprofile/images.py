"""Arrays of character images: their ranges, grids of them, PNG and GIF files.

Outside the networks images are uint8 `(n, height, width, channels)` with 0 = paper and 255 = ink;
inside they are float32 in [-1, 1]. `to_float` and `to_uint8` are the only way between the two.
Pictures for people, grids and whatever is made of them, show dark ink on white paper: `on_paper`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.storage.files import write_bytes
from ganprofile.storage.paths import StrPath

LEVELS_PER_UNIT = 127.5
MIDDLE = 127  # the last level that is rather dark than light
LEAST_CONTRAST = 24  # levels between paper and ink, of 255; below, an image shows nothing
JUDGED_SIDE = 512  # rows and columns of a picture that are looked at for its levels
MOST_CLASSES_SHOWN = 100  # in one picture
BLOCK_ROWS = 16  # of one block; further rows stand beside it
FOR_A_SCREEN = 600  # pixels of the longer side, at least


def to_float(images: Any, cast: Callable[[Any, str], Any] = np.ndarray.astype) -> Any:
    """uint8 images in 0..255 as float32 in [-1, 1].

    `cast` is the array library's own conversion, so that the same formula serves a TensorFlow
    input pipeline (`tf.cast`).
    """
    return cast(images, "float32") / LEVELS_PER_UNIT - 1.0


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Float images in [-1, 1] as uint8 in 0..255, rounded; the inverse of `to_float`."""
    levels = np.asarray(images, np.float32) + 1.0
    levels *= LEVELS_PER_UNIT
    np.rint(levels, out=levels)
    return np.clip(levels, 0, 255, out=levels).astype(np.uint8)


def grey_rows(images: np.ndarray) -> np.ndarray:
    """Images as rows of numbers, for what knows no pictures.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        float32 `(n, height * width * channels)` in 0..1, 0 being paper.
    """
    return images.reshape(len(images), -1).astype(np.float32) / 255


def on_paper(images: np.ndarray) -> np.ndarray:
    """Images of any shape, uint8, as people see them: dark ink on white paper."""
    return 255 - images


def grid(images: np.ndarray, columns: int, gap: int = 2) -> np.ndarray:
    """Lay images out row by row, ink on paper.

    Args:
        images: uint8 `(n, height, width, channels)`; the last row may be short.
        columns: images in a row.
        gap: pixels between neighbours.

    Returns:
        uint8 `(grid_height, grid_width, channels)`, dark ink on white; gaps and empty places are
        white.
    """
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows, height + gap, columns, width + gap, channels), np.uint8)
    for k, image in enumerate(images):
        sheet[k // columns, :height, k % columns, :width] = image
    sheet = sheet.reshape(rows * (height + gap), columns * (width + gap), channels)
    return on_paper(sheet[: sheet.shape[0] - gap, : sheet.shape[1] - gap])


def class_grid(images: np.ndarray, num_classes: int, rows: int = BLOCK_ROWS) -> np.ndarray:
    """A row for every class; above `rows` classes, several blocks of rows stand side by side.

    Args:
        images: uint8 `(num_classes * m, height, width, channels)`, the m images of class 0 first.
        num_classes: how many classes the images are divided into.
        rows: the most rows in one block.

    Returns:
        uint8 `(grid_height, grid_width, channels)`, dark ink on white.
    """
    return beside(class_blocks(images, num_classes, rows), gap=images.shape[2] // 2)


def classes_shown(labels: np.ndarray, num_classes: int) -> np.ndarray:
    """Which classes have a row in a picture, sorted integers: all, or of more than 100 the first
    100 that have images.

    Args:
        labels: of the images, integers `(n,)`.
        num_classes: how many classes there are.
    """
    if num_classes <= MOST_CLASSES_SHOWN:
        return np.arange(num_classes)
    return np.unique(labels)[:MOST_CLASSES_SHOWN]


def class_blocks(images: np.ndarray, num_classes: int, rows: int = BLOCK_ROWS) -> list[np.ndarray]:
    """The blocks of rows of `class_grid`, each a picture of its own; arguments as there."""
    per_class = len(images) // num_classes
    lines = images.reshape(num_classes, per_class, *images.shape[1:])
    return [
        grid(np.concatenate(lines[first : first + rows]), per_class)
        for first in range(0, num_classes, rows)
    ]


def beside(pictures: Sequence[np.ndarray], gap: int = 8) -> np.ndarray:
    """Pictures `(height, width, channels)` side by side on a white sheet, top edges in line."""
    height = max(picture.shape[0] for picture in pictures)
    parts = []
    for picture in pictures:
        parts += [
            np.pad(picture, ((0, height - len(picture)), (0, 0), (0, 0)), constant_values=255),
            np.full((height, gap, picture.shape[2]), 255, np.uint8),
        ]
    return np.concatenate(parts[:-1], axis=1)


def fit(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """A picture scaled as a whole to fit into `height` x `width`, centred, with antialiasing.

    Args:
        picture: uint8 `(h, w, channels)` of any size.
        height: of the result, in pixels.
        width: of the result, in pixels.

    Returns:
        uint8 `(height, width, channels)`; what the picture leaves free has the colour of its edge.
    """
    from PIL import Image

    if picture.shape[:2] == (height, width):
        return picture
    scale = min(height / picture.shape[0], width / picture.shape[1])
    inner = [max(1, round(side * scale)) for side in picture.shape[:2]]
    scaled = Image.fromarray(_drop_single_channel(picture)).resize(
        (inner[1], inner[0]), Image.Resampling.LANCZOS, reducing_gap=3.0
    )
    scaled = np.asarray(scaled).reshape(*inner, -1)
    fitted = np.empty((height, width, picture.shape[2]), np.uint8)
    fitted[:] = np.median(edge_pixels(picture), axis=0)
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    fitted[top : top + inner[0], left : left + inner[1]] = scaled
    return fitted


# How images of another shape are brought to one, in the middle of a sentence.
TO_ONE_SHAPE = (
    "`image_size` and `channels`; in Python gp.load takes these for the arrays of a Dataset, "
    "(images, labels), too"
)


def shape_in_words(shape: Sequence[int]) -> str:
    """`(height, width, channels)` as people say it, such as `32x28 with 1 channel`."""
    height, width, channels = shape
    return f"{width}x{height} with {channels} channel{'s' if channels > 1 else ''}"


def edge_pixels(picture: np.ndarray) -> np.ndarray:
    """The outermost pixels of a picture `(height, width, ...)`: `(m, ...)`."""
    return np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])


def has_light_edge(picture: np.ndarray) -> bool:
    """Whether most of a picture's edge, uint8 `(height, width, channels)`, is light: its paper.

    Paper in dim light is no lighter than grey, so that the picture's own levels count: see
    `middle_levels`.
    """
    step = max(1, max(picture.shape[:2]) // JUDGED_SIDE)
    grey = luminance(picture[::step, ::step])
    middle = middle_levels(grey.min(keepdims=True), grey.max(keepdims=True))
    return float(np.median(luminance(edge_pixels(picture)))) > middle.item()


def middle_levels(lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """The level above which the pixels of an image are rather light than dark, for many images.

    Args:
        lowest: the darkest level of each image, uint8 of any shape.
        highest: the lightest, of the same shape.

    Returns:
        float64 of that shape: `MIDDLE`, or, where that lies outside of it, the nearer end of the
        middle third between the two; `MIDDLE` also where these hardly differ.
    """
    lowest, highest = lowest.astype(float), highest.astype(float)
    third = (highest - lowest) / 3
    return np.where(
        highest - lowest < LEAST_CONTRAST, MIDDLE, np.clip(MIDDLE, lowest + third, highest - third)
    )


def luminance(images: np.ndarray) -> np.ndarray:
    """uint8 `(..., 1 or 3)` as grey, uint8 `(..., 1)`, with the eye's weights (ITU-R 601)."""
    if images.shape[-1] == 1:
        return images
    grey = images @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.rint(grey).astype(np.uint8)[..., None]


def enlarge(picture: np.ndarray, factor: int) -> np.ndarray:
    """Repeat every pixel `factor` times in both directions."""
    return picture.repeat(factor, axis=-3).repeat(factor, axis=-2)


def screen_factor(height: int, width: int, margin: int = 0) -> int:
    """How many times a picture is enlarged so that a room sees it on a projector: with a margin on
    both sides, the longer side then has 600 pixels or more."""
    return max(1, -(-(FOR_A_SCREEN - 2 * margin) // max(height, width)))


def for_a_screen(picture: np.ndarray) -> np.ndarray:
    """A picture `(height, width, channels)`, every pixel repeated until the longer side has 600
    pixels or more."""
    return enlarge(picture, screen_factor(*picture.shape[:2]))


def encode_png(picture: np.ndarray) -> bytes:
    """The bytes of a PNG file for a uint8 picture `(height, width, 1 or 3)`."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(_drop_single_channel(picture)).save(buffer, format="PNG")
    return buffer.getvalue()


def save_png(path: StrPath, picture: np.ndarray) -> None:
    """Write a uint8 picture `(height, width, 1 or 3)`; the file appears whole or not at all."""
    write_bytes(path, encode_png(picture))


def encode_gif(
    pictures: Iterable[np.ndarray], seconds_per_picture: float = 0.12, levels: int = 16
) -> bytes:
    """The bytes of an endless animation of uint8 pictures `(height, width, 1 or 3)` of one shape.

    Grey levels, or those of each colour, are rounded to `levels`: 16 are enough to look at, and
    take far fewer bytes than 256.
    """
    import imageio.v3 as iio

    step = 255 / (levels - 1)
    frames = [
        _drop_single_channel(np.rint(np.rint(picture / step) * step).astype(np.uint8))
        for picture in pictures
    ]
    milliseconds = round(1000 * seconds_per_picture)
    # Not into the file itself: on a full disk imageio tries again, where nobody catches the error.
    return iio.imwrite("<bytes>", frames, extension=".gif", duration=milliseconds, loop=0)


def save_gif(
    path: StrPath, pictures: Iterable[np.ndarray], seconds_per_picture: float = 0.12
) -> None:
    """Write `encode_gif`'s animation; the file appears whole or not at all."""
    write_bytes(path, encode_gif(pictures, seconds_per_picture))


def read_png(path: StrPath) -> np.ndarray:
    """A PNG file as uint8 `(height, width, 1 or 3)`."""
    import imageio.v3 as iio

    picture = iio.imread(Path(path), plugin="pillow")
    return picture[..., None] if picture.ndim == 2 else picture


def _drop_single_channel(picture: np.ndarray) -> np.ndarray:
    return picture[..., 0] if picture.shape[-1] == 1 else picture
