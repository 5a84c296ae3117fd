"""Parts to learn from and to test with, by who wrote what (Beaulac and Rosenthal 2022, 4.1.1).

The loader of HWD+ has one draw of each, the same for everybody; here are as many as one likes, of
any dataset with writers.
"""

import dataclasses

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.loaders.writers import UNKNOWN, WRITER_NAMES
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable


def known_writers(dataset):
    """Who wrote images of a `Dataset`, sorted int `(n,)`, as far as it is known; None where not."""
    writers = dataset.writers
    return None if writers is None else np.unique(writers[writers >= 0])


def shared_writers(train_set, test_set):
    """A sentence on those who wrote images of both parts, or None.

    Args:
        train_set, test_set: `Dataset`s; those of different sets may number different people alike,
            and who has a name in both is taken for the same.
    """
    if test_set is None:
        return None
    parts = train_set, test_set
    known, tested = map(known_writers, parts)
    if known is None or tested is None:
        return None
    if all(WRITER_NAMES in part.attributes for part in parts):  # arrays number theirs apart
        known, tested = (np.array([*_people(part, True)]) for part in parts)
    elif not _are_of_one_set(*parts):
        return None
    both = np.intersect1d(known, tested)
    if not len(both):
        return None
    return (
        f"{len(both):,} of {len(tested):,} writers of the test images of "
        f"{printable(test_set.name)} wrote training images, too: these do not tell how well "
        "other people's writing is read. Put all that one person wrote into one part."
    )


def say_shared_writers(train_set, test_set):
    """The same, said if there are some."""
    if (sentence := shared_writers(train_set, test_set)) is not None:
        say(sentence)


def numbered_beside(known, others):
    """The `Dataset` `others`, none of whose writers has the number of somebody else of `known`.

    People whom both call by one name are the same, and so are equal numbers in parts of one set;
    others get numbers behind those of `known`. What is taken for what is said.
    """
    if known.writers is None or others.writers is None:
        return others
    are_named = all(WRITER_NAMES in part.attributes for part in (known, others))
    if not are_named and _are_of_one_set(known, others):
        return others
    people, more = (_people(part, are_named) for part in (known, others))
    both = people.keys() & more.keys()
    if not are_named and not both:
        return others
    numbers = {key: people[key] for key in both} if are_named else {}
    first = max(people.values(), default=-1) + 1
    new = sorted(more.keys() - numbers.keys())
    numbers |= {key: first + k for k, key in enumerate(new)}
    names = f"{printable(known.name)} and {printable(others.name)}"
    if not are_named:
        said = "number their writers alike: equal numbers were taken for different people"
        say(f"{names} {said}, those of the latter counted from {first} on.")
    elif both:
        said = "were taken for the same people"
        say(f"{len(both):,} writers whom {names} call alike, such as {min(both)}, {said}.")
    keys = others.attributes[WRITER_NAMES] if are_named else others.writers
    told = np.array([numbers.get(key, UNKNOWN) for key in keys.tolist()], np.int32)
    return dataclasses.replace(others, writers=told)


def _are_of_one_set(first, second):
    """Whether two parts come from the same place, or, where that is not known of both, are called
    alike."""
    if first.recipe and second.recipe:
        return first.recipe[0].get("load") == second.recipe[0].get("load")
    return first.name == second.name


def _people(dataset, are_named):
    """The number of each writer of a `Dataset` by their name, or by the number itself."""
    is_known = dataset.writers >= 0
    keys = dataset.attributes[WRITER_NAMES] if are_named else dataset.writers
    return dict(zip(keys[is_known].tolist(), dataset.writers[is_known].tolist(), strict=True))


def complete_writers(dataset, writers, replicates, seed):
    """So many writers with so many images of every class each.

    Args:
        dataset: a `Dataset` with labels and writers.
        writers: how many; drawn at random from those who wrote enough, None for all of them.
        replicates: how many images of each class by each; drawn at random from theirs.
        seed: fixes the draws.

    Returns:
        A `Dataset`.

    Raises:
        UsageError: fewer people wrote as much.
    """
    if dataset.writers is None:
        raise UsageError(f"Nobody knows who wrote {dataset.name}. Choose a dataset with writers.")
    dataset = dataset.select(dataset.writers >= 0)
    groups = _groups(dataset)
    complete = np.flatnonzero(_counts(dataset, groups).min(axis=1) >= replicates)
    needed = 2 if writers is None else writers
    if len(complete) < needed:
        raise UsageError(
            f"{dataset.name} has {len(complete)} writers with {replicates} images or more of "
            f"every class, and {needed} are needed. Choose another dataset."
        )
    random = np.random.default_rng(seed)
    chosen = random.permutation(complete)[:writers]
    ranks = _ranks(groups, random)
    kept = np.isin(groups // dataset.num_classes, chosen) & (ranks < replicates)
    return dataset.select(kept)


def by_digits(dataset, share, seed):
    """Every writer in both parts: of their images of each class, a share to learn from.

    Args:
        dataset: a `Dataset` with labels and writers.
        share: of each writer's images of each class, rounded; 10 of 14 with HWD+.
        seed: fixes the draw.

    Returns:
        Two `Dataset`s: to learn from, and to test with.
    """
    groups = _groups(dataset)
    counts = np.bincount(groups)
    learn = _ranks(groups, np.random.default_rng(seed)) < np.rint(share * counts)[groups]
    return _both(dataset, learn)


def by_individuals(dataset, share, seed):
    """No writer in both parts: a share of the writers, rounded, to learn from.

    Args:
        dataset: a `Dataset` with writers.
        share: 0.7 with HWD+.
        seed: fixes the draw.

    Returns:
        Two `Dataset`s: to learn from, and to test with.
    """
    people = np.unique(dataset.writers)
    count = round(share * len(people))
    learn = np.random.default_rng(seed).permutation(people)[:count]
    return _both(dataset, np.isin(dataset.writers, learn))


def _both(dataset, learn):
    return dataset.part(learn, "train"), dataset.part(~learn, "test")


def _groups(dataset):
    """Which writer and class an image is of, int64 `(n,)`: `writer index * classes + class`."""
    people = np.unique(dataset.writers, return_inverse=True)[1]
    return people * dataset.num_classes + dataset.labels


def _counts(dataset, groups):
    """Images of each class by each writer, `(writers, classes)`."""
    people = len(np.unique(dataset.writers))
    return np.bincount(groups, minlength=people * dataset.num_classes).reshape(people, -1)


def _ranks(groups, random):
    """The place of each image in a random order of its group's, `(n,)`."""
    order = np.lexsort((random.random(len(groups)), groups))
    begins = np.concatenate([[0], np.cumsum(np.bincount(groups))[:-1]])
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - begins[groups[order]]
    return ranks
