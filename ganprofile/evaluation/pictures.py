"""What an evaluation is seen by: synthetic images beside real ones, and the closest pairs."""

from ganprofile.evaluation.copying import closest_pairs_picture
from ganprofile.figures import save_grids
from ganprofile.images import enlarge, save_png

NAMED_ROWS = 16  # of more classes, several blocks of rows stand side by side
MANY_COLUMNS, FEW_COLUMNS = 10, 4
WIDTH = 600  # pixels of a grid, more or less
GRIDS, PAIRS = "synthetic_and_real.png", "closest_pairs.png"


def save_pictures(folder, synthetic, real, training=None, report=None):
    """Write the pictures.

    Args:
        folder: where to.
        synthetic: a `Dataset`.
        real: a `Dataset`, of the same classes where both are labelled.
        training: the images that a `CopyReport` names, uint8 `(n, height, width, channels)`.
        report: a `CopyReport`, or None where there is none.

    Returns:
        The names of the files.
    """
    both = synthetic, real
    few = real.num_classes <= NAMED_ROWS
    grids = [dataset.grid(MANY_COLUMNS if few else FEW_COLUMNS) for dataset in both]
    enlarged = [enlarge(grid, max(1, round(WIDTH / grid.shape[1]))) for grid in grids]
    names = [dataset.class_names if dataset.num_classes and few else [] for dataset in both]
    save_grids(folder / GRIDS, enlarged, ["synthetic", "real"], names)
    if report is None:
        return [GRIDS]
    picture = closest_pairs_picture(synthetic.images, training, report)
    save_png(folder / PAIRS, picture)
    return [GRIDS, PAIRS]
