"""One grid an epoch, always from the same latents, and the animation of them all."""

import numpy as np

from ganprofile.adversarial.drawing import draw
from ganprofile.callbacks.cadence import FileWriter
from ganprofile.images import MOST_CLASSES_SHOWN, class_grid, grid, read_png, save_gif, save_png

GRID_SEED = 0
UNLABELLED_IMAGES = 16
MOST_FRAMES = 30


class SampleGrids(FileWriter):
    """Writes `samples/epoch_001.png`, ...: 4 x 4 images, or a row for every class.

    Args:
        path: the run folder.
        conditions: what the model is told, name -> number of values.
        steps_per_epoch: how many steps an epoch has.
    """

    def __init__(self, path, conditions, steps_per_epoch):
        super().__init__(steps_per_epoch)
        self._path = path
        self._conditions = conditions

    def write(self, epoch):
        """Draw the grid of an epoch, counted from 0."""
        columns = 10 if self._conditions.get("label", 0) <= 16 else 4
        picture = draw_grid(self.model.drawing_generator, self._conditions, columns)
        save_png(self._path / "samples" / f"epoch_{epoch + 1:03d}.png", picture)


def draw_grid(generator, conditions, columns, seed=GRID_SEED):
    """Images of a generator as one picture; of very many classes, the first hundred.

    Args:
        generator: a Keras model.
        conditions: what it is told, name -> number of values. Every class has a row; without
            classes there are 4 x 4 images. Writers take turns along a row.
        columns: images of every class.
        seed: a non-negative integer.

    Returns:
        uint8 `(height, width, channels)`.
    """
    classes = min(conditions.get("label", 0), MOST_CLASSES_SHOWN)
    count = classes * columns or UNLABELLED_IMAGES
    told = {}
    if classes:
        told["label"] = np.repeat(np.arange(classes), columns)
    if "writer" in conditions:
        told["writer"] = np.arange(count) % columns % conditions["writer"]
    images = draw(generator, seed, 0, count, **told)
    return class_grid(images, classes) if classes else grid(images, columns=4)


def animate_grids(path):
    """Make `samples/progress.gif` from the grids of a run folder, thinned to 30 frames."""
    files = sorted((path / "samples").glob("epoch_*.png"), key=lambda file: (len(file.name), file))
    if not files:
        return
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), MOST_FRAMES)).astype(int))
    save_gif(path / "samples" / "progress.gif", [read_png(files[index]) for index in chosen])
