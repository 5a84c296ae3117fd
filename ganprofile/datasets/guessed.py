"""Labels that were guessed by `label`, and stay guesses wherever their images go."""

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.attributes import NEIGHBOURS, ORIGIN
from ganprofile.datasets.origins import GUESSED_TEST as JUDGED_BY
from ganprofile.datasets.origins import marked
from ganprofile.storage.files import printable

LABELLED_BY = f"{ORIGIN}labelled_by"
UNKNOWN = "How many of these labels are right is not known"


def have_guessed_labels(dataset):
    """Of which images of a `Dataset` the label is known to be a guess, bool `(n,)`."""
    known = dataset.attributes.get(LABELLED_BY)
    return np.zeros(len(dataset), bool) if known is None else known == NEIGHBOURS


def _count(dataset):
    return int(np.count_nonzero(have_guessed_labels(dataset)))


def said_of_guesses(dataset, what):
    """That labels of a `Dataset` were guessed, in words; None where none is known to be.

    Args:
        dataset: the `Dataset`.
        what: its images are, such as `"test images"`.
    """
    count = _count(dataset)
    if not count:
        return None
    return (
        f"{printable(dataset.name)}: the labels of {count:,} of {len(dataset):,} {what} were "
        f"guessed by ganprofile label. {UNKNOWN}, nor what accuracies on them say."
    )


def marked_by_guesses(train_set, test_set):
    """The training part, marked where labels of what judges were guessed, which is said.

    Args:
        train_set: a `Dataset`.
        test_set: a `Dataset`, or None.
    """
    said = None if test_set is None else said_of_guesses(test_set, "test images")
    if said is None:
        return train_set
    say(said)
    return marked(train_set, **{JUDGED_BY: _count(test_set)})
