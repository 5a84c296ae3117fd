"""Grids as epochs end, see `cadence`, always from the same latents; the animation of them all."""

import functools

import numpy as np

from ganprofile.captions import MARGIN, captioned, users_font
from ganprofile.console import say
from ganprofile.errors import first_line
from ganprofile.gan.drawing import draw
from ganprofile.images import (
    MOST_CLASSES_SHOWN,
    class_grid,
    encode_gif,
    enlarge,
    grid,
    read_png,
    save_png,
    screen_factor,
)
from ganprofile.runs.grids import FOLDER, grid_of, grids_of
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import write_bytes
from ganprofile.training.callbacks.cadence import FileWriter

ANIMATION = "progress.gif"
GRID_SEED = 0
UNLABELLED_IMAGES = 16
MOST_BYTES = 600_000
FRAMES_AND_LEVELS = ((30, 16), (30, 8), (20, 8), (20, 6), (15, 6), (10, 4))


class SampleGrids(FileWriter):
    """Writes `samples/epoch_001.png`, ...: 4 x 4 images, or of every class ten in a row, two
    where there are more than 16 classes.

    Args:
        path: the run folder.
        conditions: what the model is told, name -> number of values.
        steps_per_epoch: how many steps an epoch has.

    Raises:
        UsageError: the font that the user says is none: now, and not after the training.
    """

    def __init__(self, path, conditions, steps_per_epoch):
        users_font()
        super().__init__(steps_per_epoch)
        self._path = path
        self._conditions = conditions

    def write(self, epoch):
        """Draw the grid of an epoch, counted from 0."""
        columns = 10 if self._conditions.get("label", 0) <= 16 else 2
        picture = draw_grid(self.model.drawing_generator, self._conditions, columns)
        save_png(grid_of(self._path, epoch + 1), picture)


def draw_grid(generator, conditions, columns):
    """Images of a generator as one picture; of very many classes, the first hundred.

    Args:
        generator: a Keras model.
        conditions: what it is told, name -> number of values. Every class has a row; without
            classes there are 4 x 4 images. Writers take turns along a row.
        columns: images of every class.

    Returns:
        uint8 `(height, width, channels)`.
    """
    classes = min(conditions.get("label", 0), MOST_CLASSES_SHOWN)
    count = classes * columns or UNLABELLED_IMAGES
    given = {}
    if classes:
        given["label"] = np.repeat(np.arange(classes), columns)
    if "writer" in conditions:
        given["writer"] = np.arange(count) % columns % conditions["writer"]
    images = draw(generator, GRID_SEED, 0, count, **given)
    return class_grid(images, classes) if classes else grid(images, columns=4)


def _frame(epoch, file):
    """A grid as a room sees it, under the number of its epoch; None, which is said, of a damaged
    one, for which no training is to be kept from its end."""
    try:
        picture = read_png(file)
    except (*UNREADABLE, SyntaxError) as error:  # the last is Pillow's of a broken PNG
        say(f"{file} is damaged and left out of {ANIMATION} ({first_line(error)}).")
        return None
    factor = screen_factor(*picture.shape[:2], MARGIN)
    return captioned(enlarge(picture, factor), f"epoch {epoch:,}")


def animate_grids(path):
    """Make `samples/progress.gif` from the grids of a run folder, each with its epoch above it.

    It is large enough for a projector and small enough for a web page: from epochs evenly spaced,
    with as many frames and grey levels as 600 kB hold. Grids that even the fewest do not bring
    below it are animated with these.
    """
    files = tuple(grids_of(path).items())
    if not files:
        return
    read = functools.cache(_frame)
    for frames, levels in FRAMES_AND_LEVELS:
        chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), frames)).astype(int))
        shown = [one for one in (read(*files[index]) for index in chosen) if one is not None]
        encoded = encode_gif(shown, levels=levels) if shown else b""
        if len(encoded) <= MOST_BYTES:
            break
    if encoded:
        write_bytes(path / FOLDER / ANIMATION, encoded)
