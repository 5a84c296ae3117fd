"""What a GAN can be told about an image; a condition is one line in `CONDITIONS`."""

import dataclasses
from collections.abc import Callable

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.storage.files import composed
from ganprofile.storage.names import all_or_some, check_known


@dataclasses.dataclass(frozen=True)
class Condition:
    """One thing that is known of an image.

    Attributes:
        column: the attribute of `Dataset` that holds it.
        values: dataset -> the names of its values, in the order of their indices.
        word: what a person calls a value; plural, several.
        missing: what to do where the data lack it.
        untold: what a model lacks that was not told, and what to do.
    """

    column: str
    values: Callable
    word: str
    plural: str
    missing: str
    untold: tuple[str, str]


def _writers(dataset):
    return [int(writer) for writer in np.unique(dataset.writers) if writer >= 0]


CONDITIONS = {
    "label": Condition(
        "labels",
        lambda dataset: list(dataset.class_names),
        "class",
        "classes",
        'Use `model="dcgan"` or `model="gan"`, which are told nothing',
        ("unlabelled", "Train the preset cdcgan to choose what is drawn"),
    ),
    "writer": Condition(
        "writers",
        _writers,
        "writer",
        "writers",
        "Leave writer out of `conditions`",
        (
            "not told who writes",
            "Train on the conditions label and writer to choose the writer",
        ),
    ),
}


def values_of(dataset, name):
    """The names of a condition's values in a dataset, in the order of their indices.

    Raises:
        UsageError: there is no such condition, or not every image has it.
    """
    check_known("condition", name, CONDITIONS)
    column = getattr(dataset, CONDITIONS[name].column)
    if column is None:
        raise UsageError(
            f"{dataset.name} has no {CONDITIONS[name].column} that the networks could be told. "
            f"{CONDITIONS[name].missing}."
        )
    unknown = np.count_nonzero(column < 0)
    if unknown:
        raise UsageError(
            f"The {name} of {unknown:,} images of {dataset.name} is not known. "
            "Leave them out, or do without this condition."
        )
    return CONDITIONS[name].values(dataset)


def indices_of(dataset, name, values):
    """What a dataset's images are told of a condition: int32 indices `(n,)` into `values`."""
    column = getattr(dataset, CONDITIONS[name].column)
    if name == "label":
        return column
    return np.searchsorted(values, column).astype(np.int32)


def condition_indices(values, requested, first, count, model):
    """The conditions under which some images of a seed are drawn.

    What is not requested goes through all values in turn, by the image's index alone, so that an
    image can be drawn again without its neighbours; the first condition changes fastest.

    Args:
        values: condition -> the names of its values.
        requested: condition -> the name of a value, or indices `(count,)`, or None.
        first: index of the first image.
        count: how many images.
        model: what the model is called in an error.

    Returns:
        Condition -> int indices `(count,)`.

    Raises:
        UsageError: the model does not know the value or was not told of the condition.
    """
    for name, wanted in requested.items():
        if wanted is not None and name not in values:
            _refuse_untold(name, wanted, model)
    turn = np.arange(first, first + count)
    chosen = {}
    for name, names in values.items():
        wanted = requested.get(name)
        if wanted is not None:
            chosen[name] = _indices(name, names, wanted, count, model)
            continue
        chosen[name] = turn % len(names)
        turn = turn // len(names)
    return chosen


def by_name(values, requested, count, model):
    """Requests by the names of values, as `condition_indices` takes them.

    Args:
        values: condition -> the names of its values.
        requested: condition -> the name of a value, `count` of them, or None. A number stands for
            the name that it is written as, never for a place among the names.
        count: how many images.
        model: what the model is called in an error.

    Returns:
        Condition -> the name of a value, int indices `(count,)`, or None.

    Raises:
        UsageError: the model does not know a value, or there are more or fewer than images.
    """
    return {
        name: wanted
        if np.ndim(wanted) == 0 or name not in values
        else _indices_of_names(values, name, np.asarray(wanted), count, model)
        for name, wanted in requested.items()
    }


def _indices_of_names(values, name, wanted, count, model):
    if wanted.shape != (count,):
        raise UsageError(
            f"{name} should be one {CONDITIONS[name].word}, or {count}, one an image. "
            f"Received: {wanted.size} of shape {wanted.shape}."
        )
    written = list(map(str, wanted.tolist()))  # names may be of several types, which do not sort
    known = {
        text: index_of(values, name, value, model)
        for text, value in dict(zip(written, wanted.tolist(), strict=True)).items()
    }
    return np.array([known[text] for text in written])


def index_of(values, name, value, model):
    """The index of a condition's value by its name; errors as for `told`."""
    if name not in values:
        _refuse_untold(name, value, model)
    names = [composed(known) for known in values[name]]
    if composed(value) not in names:
        condition = CONDITIONS[name]
        raise UsageError(
            f"{model} does not know {condition.word} {value!r}. "
            f"{condition.plural.capitalize()}: {all_or_some(names)}."
        )
    return names.index(composed(value))


def _indices(name, names, wanted, count, model):
    if np.ndim(wanted) == 0:
        return np.full(count, index_of({name: names}, name, wanted, model))
    indices = np.asarray(wanted)
    if indices.shape != (count,) or not np.isin(indices, range(len(names))).all():
        raise UsageError(
            f"{name} should be {count} {CONDITIONS[name].word} indices in 0..{len(names) - 1}. "
            f"Received: shape {indices.shape}, {indices.tolist()[:5]}."
        )
    return indices


def _refuse_untold(name, value, model):
    condition = CONDITIONS[name]
    what, remedy = condition.untold
    shown = f"{condition.word} {value!r}" if np.ndim(value) == 0 else condition.plural
    raise UsageError(f"{model} is {what} and cannot draw {shown}. {remedy}.")
