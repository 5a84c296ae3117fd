"""Images that nobody wrote: drawn by a GAN or deformed, as sets that ganprofile wrote say it."""

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.attributes import ORIGIN, SYNTHETIC
from ganprofile.datasets.origins import SYNTHETIC_TEST as JUDGED_BY
from ganprofile.datasets.origins import makings, marked
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

SOURCE = f"{ORIGIN}source"
INCLUDED = "included_synthetic"  # in what a set says of itself: the first of its synthetic images


def are_synthetic(dataset):
    """Which images of a `Dataset` are known to be synthetic, bool `(n,)`."""
    sources = dataset.attributes.get(SOURCE)
    return np.zeros(len(dataset), bool) if sources is None else sources == SYNTHETIC


def included_synthetic(dataset):
    """What a set that includes a `Dataset` says of the synthetic images among it, a dict; empty
    where there are none."""
    count = int(np.count_nonzero(are_synthetic(dataset)))
    return {INCLUDED: count} if count else {}


def was_made_of(dataset, images):
    """Whether images of a `Dataset` are said to be made, at once or in turn, of the very images of
    another, or of others of the same part of the same data."""
    return any(
        making.get("dataset_fingerprint") == images.fingerprint
        or _loaded_alike(making.get("dataset_recipe"), images.recipe)
        for making in makings(dataset.provenance)
    )


def _loaded_alike(recipe, other):
    """Whether two recipes begin with the same part of the same data."""
    if not recipe or not other:
        return False
    keys = ("load", "split")
    return all(dict(recipe[0]).get(key) == dict(other[0]).get(key) for key in keys)


def say_synthetic(dataset):
    """Say how many images of a set that is taken for people's writing are synthetic."""
    if (count := np.count_nonzero(are_synthetic(dataset))) > 0:
        say(f"{_counted(dataset, count, 'images')}, not written by people.")


def refuse_synthetic_test(train_set, test_set, allow=False):
    """The training part, if all that judges what is learned from it was written by people.

    Args:
        train_set: a `Dataset`.
        test_set: a `Dataset`, or None.
        allow: let synthetic images judge; it is said, and everything made from `train_set` is
            marked.

    Raises:
        UsageError: test images are synthetic and `allow` is not set.
    """
    count = 0 if test_set is None else int(np.count_nonzero(are_synthetic(test_set)))
    if not count:
        return train_set
    made_of = ", made of the training images" if was_made_of(test_set, train_set) else ""
    found = f"{_counted(test_set, count, 'test images')}{made_of}"
    if not allow:
        raise UsageError(
            f"{found}: how well these are read does not tell how well people's writing is. Judge "
            "by real images of which nothing was made, or mark the result with "
            "`allow_overlap=True`."
        )
    say(f"{found}, which was allowed: the result is marked.")
    return marked(train_set, **{JUDGED_BY: count})


def _counted(dataset, count, what):
    return f"{printable(dataset.name)}: {count:,} of {len(dataset):,} {what} are synthetic"
