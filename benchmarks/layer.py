"""What `HandwritingAugmenter` gives as a layer alone, without teachers, on folds of training parts.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/layer.py [CELL ...] [--arms A,B] [--repeats N]

The experiment and the folds are those of `lift.py`. The arm `layer` shows the classifier what the
layer makes of the real images, every image anew each time and with its own label, in place of the
classical transforms of the arm `classic`; the arm `transform` shows what `HandwritingTransform`
makes of them without a framework, which with the same seed is the same within a rounding. Results
join `results/layer/DATASET/benchmark.json`, so that a stopped run goes on.
"""

from pathlib import Path

import lift
import numpy as np
from cells import measure_cells, parser_of
from does_it_help import table

import ganprofile as gp
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.classifiers.order import shown_order

RESULTS = Path(__file__).parent / "results" / "layer"
AT_ONCE = 500


def classic(subset, seed, folder):
    """The arm `classic` of the experiment."""
    return TrainingSet(subset.images, subset.labels, transforms="classic")


def layer(subset, seed, folder):
    """As many images by the layer as the classifier is shown."""
    augmenter = gp.HandwritingAugmenter(subset.num_classes, seed=seed)
    augmenter.adapt(subset.images, subset.labels, seed)
    return shown(subset, seed, lambda images, labels: np.rint(augmenter(images, labels)))


def transform(subset, seed, folder):
    """The same by the transform without a framework."""
    bent = gp.transforms.HandwritingTransform(subset.num_classes, seed=seed)
    bent.adapt(subset.images, subset.labels, seed)
    return shown(subset, seed, bent.deformed)


def shown(subset, seed, deformed):
    """Images deformed, each as often as the classifier is shown it."""
    count = ConvnetClassifier.STEPS * ConvnetClassifier.BATCH_SIZE
    chosen = shown_order(np.random.default_rng(seed), len(subset), count, None)
    images = np.empty((count, *subset.image_shape), np.uint8)
    for first in range(0, count, AT_ONCE):
        rows = chosen[first : first + AT_ONCE]
        images[first : first + AT_ONCE] = deformed(subset.images[rows], subset.labels[rows])
    return TrainingSet(images, subset.labels[chosen])


ARMS = {"classic": classic, "layer": layer, "transform": transform}


def measure(cell, options):
    """Add a cell to its dataset's result."""
    arms = {name: ARMS[name] for name in options.arms}
    lift.measure(cell, options, lambda pool: arms, RESULTS)


def main():
    measure_cells(measure, parser_of(__doc__, lift.CELLS, tuple(ARMS), repeats=3).parse_args())
    print("\n".join(table(RESULTS, lift.BASELINES)))


if __name__ == "__main__":
    main()
