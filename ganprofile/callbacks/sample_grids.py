"""One grid an epoch, always from the same latents, and the animation of them all."""

import keras
import numpy as np

from ganprofile.adversarial.drawing import draw
from ganprofile.images import MOST_CLASSES_SHOWN, class_grid, grid, read_png, save_gif, save_png

GRID_SEED = 0
UNLABELLED_IMAGES = 16
MOST_FRAMES = 30


class SampleGrids(keras.callbacks.Callback):
    """Writes `samples/epoch_001.png`, ...: 4 x 4 images, or a row for every class.

    Args:
        path: the run folder.
        num_classes: how many classes the model is told, 0 for an unlabelled one.
    """

    def __init__(self, path, num_classes):
        super().__init__()
        self._path = path
        self._num_classes = num_classes

    def on_epoch_end(self, epoch, logs=None):
        columns = 10 if self._num_classes <= 16 else 4
        picture = draw_grid(self.model.drawing_generator, self._num_classes, columns)
        save_png(self._path / "samples" / f"epoch_{epoch + 1:03d}.png", picture)


def draw_grid(generator, num_classes, columns, seed=GRID_SEED):
    """Images of a generator as one picture; of very many classes, the first hundred.

    Args:
        generator: a Keras model.
        num_classes: 0 for an unlabelled model, which gives 4 x 4 images.
        columns: images of every class.
        seed: a non-negative integer.

    Returns:
        uint8 `(height, width, channels)`.
    """
    if num_classes == 0:
        return grid(draw(generator, seed, 0, UNLABELLED_IMAGES), columns=4)
    classes = min(num_classes, MOST_CLASSES_SHOWN)
    labels = np.repeat(np.arange(classes), columns)
    return class_grid(draw(generator, seed, 0, len(labels), label=labels), classes)


def animate_grids(path):
    """Make `samples/progress.gif` from the grids of a run folder, thinned to 30 frames."""
    files = sorted((path / "samples").glob("epoch_*.png"), key=lambda file: (len(file.name), file))
    if not files:
        return
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), MOST_FRAMES)).astype(int))
    save_gif(path / "samples" / "progress.gif", [read_png(files[index]) for index in chosen])
