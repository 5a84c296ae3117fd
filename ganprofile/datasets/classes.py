"""Classes of which there are no images: said by name, and left out of what is learned.

A `Dataset` keeps the classes that it was given, so that its labels stay what they were. Nothing can
be learned of one without images, nor made of it: whatever trains, draws or compares leaves it out.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping, MappingView, Set

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.soft_labels import rearranged
from ganprofile.errors import UsageError, is_whole
from ganprofile.storage.characters import characters_of
from ganprofile.storage.files import composed, printable
from ganprofile.storage.names import all_or_some, in_words, names_of


def numbered_names(class_names, what):
    """The names of classes in the order of their labels.

    Args:
        class_names: a sequence; a mapping of either kind, number -> name or name -> number; or
            None for none.
        what: they are, for the sentences, such as "Class names of mine".

    Returns:
        `(names, first)`: a tuple of text, and the number of the first where a mapping says it,
        else None.

    Raises:
        UsageError: they have no order, or not one number each.
    """
    if isinstance(class_names, Mapping):
        return _names_of_mapping(class_names, what) if class_names else ((), None)
    if isinstance(class_names, Set) and not isinstance(class_names, MappingView):
        raise UsageError(
            f"{what} have no order in a {type(class_names).__name__}. Give a list, in the order of "
            "the labels."
        )
    names = () if class_names is None else class_names
    if not isinstance(names, Iterable):
        raise UsageError(f"{what} should be a list of names, or a dict. Received: {names!r}.")
    return tuple(map(composed, names)), None


def _names_of_mapping(class_names, what):
    """The same of a mapping that is not empty."""
    pairs = list(class_names.items())
    if all(is_whole(number) and not is_whole(name) for name, number in pairs):
        pairs = [(number, name) for name, number in pairs]
    elif not all(is_whole(number) and not is_whole(name) for number, name in pairs):
        raise UsageError(
            f"{what} in a dict should be number -> name, or name -> number. Received: "
            f"{pairs[0][0]!r:.60} -> {pairs[0][1]!r:.60}. Give a list, in the order of the labels."
        )
    pairs.sort(key=lambda pair: pair[0])
    found, first = [int(number) for number, _ in pairs], int(pairs[0][0])
    if found != [*range(first, first + len(pairs))]:
        raise UsageError(
            f"{what} should have the numbers {first}..{first + len(pairs) - 1}, each once. "
            f"Received: {in_words(found)}."
        )
    return tuple(composed(name) for _, name in pairs), first


def names_in(asked, class_names):
    """Names of classes as they may be asked for, a tuple of text.

    Args:
        asked: names, or one; a number stands for the name that it is written as. A text that is no
            name lists them with commas, or is taken for names of one character each.
        class_names: those that there are.

    Raises:
        UsageError: a text is both a name and several.
    """
    if not isinstance(asked, str):
        return tuple(map(composed, asked)) if isinstance(asked, Iterable) else (composed(asked),)
    asked = composed(asked)
    if asked not in class_names:
        is_list = "," in asked and "," not in class_names
        return names_of(asked) if is_list else tuple(characters_of(asked, class_names))
    several = characters_of(asked, {*class_names} - {asked})
    if len(several) > 1 and set(several) <= set(class_names):
        raise UsageError(
            f"{asked!r} may be one class or the classes {in_words(several)}. Give a list, such as "
            f"[{asked!r}]."
        )
    return (asked,)


def is_whole_text(label):
    """Whether a label is a whole number, also as pandas writes it, `1.0`; digits of other scripts
    are names."""
    return re.fullmatch(r"-?[0-9]+(\.0*)?", label) is not None


def tidy_labels(labels):
    """Labels as text; where all are whole numbers, pandas' `1.0` is `1`."""
    if not all(map(is_whole_text, labels)):
        return labels
    return [label.partition(".")[0] for label in labels]


def spelled_twice(what, names):
    """Sentences on names of one class that differ in Unicode's forms alone, and on those of two
    that are one number, such as `1` and `01`, or `1` and `১`.

    Args:
        what: they are, for the sentences, such as "The labels of digits.npz".
        names: as they are spelled, one or more times.
    """
    first, said = {}, []
    for name in dict.fromkeys(names):
        before = first.setdefault(composed(name), name)
        if before != name:
            same = f"{before!a} and {name!a} are one class, {printable(composed(name))}"
            said.append(f"{what} {same}, spelled in two of Unicode's forms.")
    return said + _same_numbers(what, first)


def _same_numbers(what, names):
    """A sentence on numbers that are written in two ways, in digits of two scripts among them, in a
    list; [] where none are."""
    by_value = {}
    for name in filter(str.isdecimal, names):
        by_value.setdefault(int(name), []).append(name)
    twice = [several for several in by_value.values() if len(several) > 1]
    if not twice:
        return []
    others = f" ({len(twice)} numbers are written in several ways)" if len(twice) > 1 else ""
    return [
        f"{what} {' and '.join(map(repr, twice[0]))} are classes of their own, though they are one "
        f"number{others}: write it in one way if one class is meant."
    ]


def empty_classes(dataset):
    """The names of the classes of which a `Dataset` has no image, a tuple; () without labels."""
    if dataset.labels is None:
        return ()
    return tuple(dataset.class_names[k] for k in np.flatnonzero(dataset.class_counts() == 0))


def say_empty_classes(part, is_alone=False):
    """Name the classes without images of a part, None for none.

    Args:
        part: a `Dataset`.
        is_alone: whether its set has no other part; then it may be what judges.
    """
    if part is not None and (names := empty_classes(part)):
        split = "" if is_alone else f" ({part.split})"
        say(f"{part.name}{split} has no image of {_of(names)}.")


def without_empty_classes(dataset):
    """A `Dataset` with those of its classes that it has images of; the others are said by name.

    Its recipe remembers which these are. One without labels, or without such classes, is returned
    as it is.
    """
    empty = empty_classes(dataset)
    if not empty:
        return dataset
    say(f"{dataset.name} has no image of {_of(empty)}: left out.")
    return dataset.of_classes([name for name in dataset.class_names if name not in empty])


def parts_without_empty_classes(train_set, test_set):
    """Both parts of a dataset with the classes of which there are training images.

    Args:
        train_set: a `Dataset`.
        test_set: a `Dataset`, or None.

    Returns:
        `(train_set, test_set)`; where the test part knows no other classes, its labels are indices
        into those of the training part.

    Raises:
        UsageError: there are test images of a class without training images.
    """
    train = without_empty_classes(train_set)
    if test_set is None or test_set.labels is None or train.labels is None:
        return train, test_set
    counts = dict(zip(test_set.class_names, test_set.class_counts().tolist(), strict=True))
    untaught = [name for name in empty_classes(train_set) if counts.get(name)]
    if untaught:
        raise UsageError(
            f"{test_set.name} has {counts[untaught[0]]:,} test images of {_of(untaught[:1])}, of "
            f"which there is no training image in {train_set.name}. Add some, or take those out."
        )
    if any(counts[name] for name in counts if name not in train.class_names):
        return train, test_set  # of other classes altogether
    return train, relabelled(test_set, train.class_names)


def relabelled(dataset, class_names):
    """A labelled `Dataset` whose labels are indices into `class_names`, among which are the names
    of all classes that it has images of.

    Raises:
        UsageError: a name is missing.
    """
    if dataset.class_names == tuple(class_names):
        return dataset
    counts = zip(dataset.class_names, dataset.class_counts(), strict=True)
    missing = [name for name, count in counts if count and name not in class_names]
    if missing:
        raise UsageError(
            f"`class_names` should name every class of which {printable(dataset.name)} has images. "
            f"Received: none called {all_or_some(missing)}."
        )
    index_of = {name: index for index, name in enumerate(class_names)}
    lookup = np.array([index_of.get(name, -1) for name in dataset.class_names], np.int32)
    labels, kept = lookup[dataset.labels], np.flatnonzero(lookup >= 0)
    columns = dataset.soft_labels, labels, kept, lookup[kept], len(class_names)
    return dataclasses.replace(
        dataset,
        labels=labels,
        class_names=tuple(class_names),
        recipe=None,
        soft_labels=rearranged(*columns),
    )


def _of(names):
    return f"the class{'es' if len(names) > 1 else ''} {in_words(names)}"
