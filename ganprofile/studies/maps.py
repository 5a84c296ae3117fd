"""Maps: a few numbers each of many, and how well classes can be told apart by them."""

import numpy as np

from ganprofile.errors import needed
from ganprofile.figures import save_map

NEIGHBOURS = 5
PERPLEXITY = 30.0
UMAP_NEIGHBOURS = 15
FEW = 5  # of fewer, neither method makes a map


def by_tsne(values, seed, dimensions=2):
    """A map by t-SNE (van der Maaten and Hinton 2008), `(n, dimensions)`."""
    from sklearn.manifold import TSNE

    perplexity = min(PERPLEXITY, (len(values) - 1) / 3)
    mapping = TSNE(dimensions, perplexity=perplexity, init="pca", random_state=seed)
    return mapping.fit_transform(values)


def by_umap(values, seed, dimensions=2):
    """A map by UMAP (McInnes, Healy and Melville 2018), `(n, dimensions)`.

    Raises:
        GanprofileError: it is not installed.
    """
    umap = needed("umap", "UMAP is needed and not installed: pip install 'ganprofile[studies]'.")
    neighbours = min(UMAP_NEIGHBOURS, len(values) - 1)
    mapping = umap.UMAP(neighbours, n_components=dimensions, random_state=seed, n_jobs=1)
    return mapping.fit_transform(values)


MAPS = {"t-sne": by_tsne, "umap": by_umap}


def in_the_plane(layout, values, seed):
    """A map `(n, 2)` of values `(n, d)` by a name in `MAPS`; a few lie where their first two
    values say."""
    if len(values) < FEW:
        return np.pad(values, ((0, 0), (0, 2)))[:, :2]
    return MAPS[layout](values, seed)


def alike(places, labels):
    """The share of images whose five nearest neighbours are mostly of their class, three of them or
    more; None where there are no five others.

    Args:
        places: `(n, dimensions)`, where each image lies.
        labels: class indices `(n,)`.
    """
    from sklearn.neighbors import NearestNeighbors

    if len(places) <= NEIGHBOURS:
        return None
    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(places).kneighbors(return_distance=False)
    own = (labels[nearest] == labels[:, None]).sum(axis=1)
    return float((own > NEIGHBOURS / 2).mean())


def save_to(room, name, places, dataset, caption):
    """Draw a map into a study's figures; returns its file name -> caption, for `Found`."""
    if room.figures is None:
        return {}
    save_map(room.figures / name, places, dataset.labels, dataset.class_names, caption)
    return {name: caption}
