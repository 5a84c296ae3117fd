"""From Pixels to Sharpies, run again.

The slides look at MNIST by its means and by UMAP, compare k-nearest neighbours, an SVM and five
small networks, and find that all of them fail on photographs.
"""

import functools

import numpy as np

from ganprofile.classifiers.accuracy import accuracy
from ganprofile.console import short
from ganprofile.figures import save_readings
from ganprofile.images import enlarge, grey_rows, grid, save_png
from ganprofile.recognition.models import MODELS
from ganprofile.studies import maps
from ganprofile.studies.design import Found, Row, Study, step_on

DATASETS = {False: "mnist", True: "digits"}  # by `quick`
EPOCHS = {False: 100, True: 12}
HELD_OUT = 0.2  # of all images: 14,000 of MNIST's 70,000
MOST_MAPPED = {False: 70_000, True: 2000}
ESTIMATORS = {
    "k-nn": ("k-NN", 0.9713),
    "svm": ("SVM", 0.963),
}
NETWORKS = {  # by the name in `MODELS`: parameters, accuracy, loss
    "mlp-64-16": ("MLP 64-16", 51_450, 0.9712, 0.1059),
    "mlp-64-32": ("MLP 64-32", 52_650, 0.9721, 0.1073),
    "cnn-32": ("CNN 32f", 54_410, 0.9837, 0.0545),
    "cnn-32-16": ("CNN 32-16f", 27_994, 0.9848, 0.0659),
    "cnn-32-16x3": ("CNN 32-16fx3", 25_594, 0.9867, 0.0856),
}
ERRORS_SHOWN = 40


def steps(plan):
    """Means, two maps, two estimators and five networks."""
    name = plan.dataset or DATASETS[plan.quick]
    made = functools.partial(step_on, name)
    return [
        made("means", "means of every class", average),
        *(_map_step(made, dimensions) for dimensions in (2, 3)),
        *(_estimator_step(made, key) for key in ESTIMATORS),
        *(_network_step(made, key) for key in NETWORKS),
    ]


def _map_step(made, dimensions):
    where = f"map in {dimensions} dimensions"
    row = Row("neighbours", f"UMAP, {where}: images whose 5 nearest are mostly of their class")
    measure = functools.partial(map_by_umap, dimensions)
    return made(f"umap-{dimensions}", f"makes a {where} by UMAP", measure, row)


def _estimator_step(made, key):
    title, published = ESTIMATORS[key]
    row = Row("accuracy", f"{title}, a fifth of all images held out", published)
    return made(key, f"fits {title}", functools.partial(read_held_out, key), row)


def _network_step(made, key):
    title, parameters, right, loss = NETWORKS[key]
    return made(
        *(key, f"trains {title}", functools.partial(read_by_network, key)),
        Row("parameters", f"{title}: parameters", parameters, "count"),
        Row("accuracy", f"{title}: accuracy", right),
        Row("loss", f"{title}: loss", loss, "loss"),
    )


def average(dataset, room):
    """The mean image of every class."""
    train_set, _ = room.plan.parts(dataset)
    if room.figures is None:
        return Found({})
    classes = [train_set.images[train_set.labels == k] for k in range(train_set.num_classes)]
    means = np.stack([some.mean(axis=0) for some in classes if len(some)])
    picture = grid(np.rint(means).astype(np.uint8), min(10, len(means)))
    save_png(room.figures / "means.png", enlarge(picture, 2))
    return Found({}, figures={"means.png": "The mean of every class"})


def map_by_umap(dimensions, dataset, room):
    """Two or three numbers per image."""
    everything = room.plan.everything(dataset)
    some = everything.select(_order(len(everything), room)[: MOST_MAPPED[room.plan.quick]])
    places = maps.by_umap(grey_rows(some.images), room.seed, dimensions)
    caption = f"UMAP of {len(some):,} images in {dimensions} dimensions"
    pictures = maps.save_to(room, f"umap-{dimensions}.png", places, some, caption)
    return Found({"neighbours": maps.alike(places, some.labels)}, len(some), pictures)


def _order(count, room):
    return np.random.default_rng(room.seed).permutation(count)


def read_held_out(key, dataset, room):
    """An estimator on a fifth of all images, which it has not seen."""
    everything = room.plan.everything(dataset)
    order = _order(len(everything), room)
    held_out = everything.select(order[: round(HELD_OUT * len(order))])
    known = everything.select(order[len(held_out) :])
    title, _ = ESTIMATORS[key]
    reader = MODELS[key].kind(everything.num_classes, room.seed).fit(known.images, known.labels)
    reader.save(_file(key, room))
    said = reader.predict(held_out.images)
    right = float((said == held_out.labels).mean())
    tables = {f"{title}, class by class": _report(held_out, said)}
    return Found({"accuracy": right}, len(held_out), tables=tables)


def _report(dataset, said):
    """Precision, recall, F1 and number of images of every class, rows of text; `-` stands for a
    share of no images."""
    from sklearn.metrics import precision_recall_fscore_support

    classes = range(dataset.num_classes)
    found = precision_recall_fscore_support(
        *(dataset.labels, said), labels=classes, zero_division=np.nan
    )
    rows = [
        [name, *("-" if np.isnan(value) else short(value, 2) for value in values), f"{count:,}"]
        for name, *values, count in zip(dataset.class_names, *found, strict=True)
    ]
    return [["class", "precision", "recall", "F1", "images"], *rows]


def read_by_network(key, dataset, room):
    """One of the networks; what it misreads is shown."""
    train_set, test_set = room.plan.parts(dataset)
    epochs, progress = EPOCHS[room.plan.quick], room.plan.progress
    reader = MODELS[key].kind(train_set.num_classes, room.seed, epochs, progress)
    reader.fit(train_set.images, train_set.labels).save(_file(key, room))
    values = {
        "parameters": reader.network.count_params(),
        "accuracy": accuracy(reader, test_set.images, test_set.labels),
        "loss": reader.loss(test_set.images, test_set.labels),
    }
    pictures = _misread(key, reader, test_set, room)
    return Found(values, len(test_set), pictures)


def _file(key, room):
    """Where a reader is kept: photographs may be read by it."""
    return room.folder / f"reader{MODELS[key].suffix}"


def _misread(key, reader, test_set, room):
    said = reader.predict(test_set.images)
    wrong = np.flatnonzero(said != test_set.labels)[:ERRORS_SHOWN]
    if room.figures is None or not len(wrong):
        return {}
    names = test_set.class_names
    captions = [f"{names[test_set.labels[k]]} as {names[said[k]]}" for k in wrong]
    save_readings(room.figures / f"{key}-errors.png", test_set.images[wrong], captions)
    return {f"{key}-errors.png": f"{NETWORKS[key][0]}: what it misreads"}


STUDY = Study(
    steps,
    notes=(
        "k-NN and SVM are scikit-learn's with its defaults, trained on four fifths of all images "
        "and judged by the last, as the number of images in the slides' reports says; the SVM's "
        "own settings are not given there.",
        "The networks are those of the slides: 3 x 3 kernels without padding, one pooling, ReLU, "
        "L2 1e-5 on all weights, SGD at 3e-3, batches of 32, standardised by the training images. "
        f"They give {EPOCHS[False]} epochs for the perceptrons; the convolutional networks get as "
        f"many, all of them {EPOCHS[True]} in the quick form. The loss holds the penalty, as Keras "
        "reports it.",
    ),
)
