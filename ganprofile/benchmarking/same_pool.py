"""Sets that were made of the very images that subsets are drawn from: their arm knows more.

Such a set joins every subset alike. It was made of one fixed choice of images, of which another
subset holds few, and so its classifier learns from more real images than that of any other arm.
"""

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets.formats.attributes import ORIGIN
from ganprofile.datasets.origins import made_from
from ganprofile.datasets.synthetic import was_made_of
from ganprofile.storage.files import printable

SAME_POOL = "same_pool"  # in an arm's description: what its sets were made of, a list of dicts
KNOWING_MORE = ", knowing more images"  # a verdict of such an arm


def of_pool(found, pool):
    """What a set holds of the images that subsets are drawn from, or was made of them.

    Args:
        found: the set, a `Dataset`.
        pool: the training part, a `Dataset`.

    Returns:
        A dict of `images` (how many of the pool, or None where that is not known) and `anew` (the
        arm that makes such a set of each subset); None where nothing tells that it is of the pool.
    """
    making = made_from(found.provenance)
    of_all = making.get("dataset_fingerprint") == pool.fingerprint
    is_made = was_made_of(found, pool)
    held = int(np.isin(pool.image_hashes, found.image_hashes).sum())
    if not is_made and not held:
        return None
    whole = len(pool) if of_all else 0
    images = max(held, _counted(found), whole) or None
    return {"images": images, "anew": "gan" if "run" in making else "augment"}


def _counted(found):
    """How many real images a set says that its images were made of."""
    texts = np.asarray(found.attributes.get(f"{ORIGIN}real_image", ()), str)
    return len(np.unique(texts[texts != ""]))


def images_in_words(sets):
    """How many images of the training part some sets were made of, in words."""
    numbers = [one["images"] for one in sets]
    return "some images" if None in numbers else counted(max(numbers), "image")


def warning(arm, sets):
    """What to know before the work about an arm with such sets, a sentence or two."""
    return (
        f"The arm {printable(arm)} holds what was made of {images_in_words(sets)} of the training "
        "part that subsets are drawn from, most of which a subset does not hold: it knows more "
        "real images than the arms that it is compared with, and its verdict says so. Take the arm "
        f'{sets[0]["anew"]}, which makes its set anew from each subset, or `per_class="all"`.'
    )


def caution(arm, against, sets):
    """The same of a verdict, where flags are no matter."""
    return (
        f"{arm} holds what was made of {images_in_words(sets)} of the training part, most of "
        f"which a subset does not hold, so it knows more real images than {against}: the arm "
        f"{sets[0]['anew']} makes its set anew from each subset, and with all images both know "
        "the same."
    )
