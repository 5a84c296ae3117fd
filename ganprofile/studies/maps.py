"""Maps of images: a few numbers each, and how well classes can be told apart by them."""

import numpy as np

from ganprofile.figures import save_map

NEIGHBOURS = 5


def alike(places, labels):
    """The share of images whose five nearest neighbours are mostly of their class.

    Args:
        places: `(n, dimensions)`, where each image lies.
        labels: class indices `(n,)`.
    """
    from sklearn.neighbors import KNeighborsClassifier

    nearest = KNeighborsClassifier(NEIGHBOURS).fit(places, labels).kneighbors(return_distance=False)
    votes = np.eye(labels.max() + 1)[labels[nearest]].sum(axis=1)
    return float((votes.argmax(axis=1) == labels).mean())


def save_to(room, name, places, dataset, caption):
    """Draw a map into a study's figures; returns its file name -> caption, for `Found`."""
    if room.figures is None:
        return {}
    save_map(room.figures / name, places, dataset.labels, dataset.class_names, caption)
    return {name: caption}
