"""A dataset made again from the steps that its recipe records."""

import contextlib
import inspect

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.file_options import REMEMBERED
from ganprofile.datasets.loading import load
from ganprofile.errors import GanprofileError

RECIPE_STEPS = {"subset", "of_classes", "without_blanks"}


class GivenAsArrays(GanprofileError):
    """A dataset came as arrays and has no recipe."""


@contextlib.contextmanager
def taken_by(call):
    """Name the call in Python that takes a dataset which came as arrays, where one is asked for.

    Args:
        call: as it is typed, such as `gp.resume("run", dataset)`.
    """
    try:
        yield
    except GivenAsArrays as error:
        raise GivenAsArrays(f"{str(error).removesuffix('.')}: {call}") from error


def from_recipe(recipe, offline=False):
    """Make the dataset that a run was trained on again, from the steps its config records.

    Raises:
        GivenAsArrays: the recipe is missing: the data came as arrays.
        GanprofileError: the recipe is unknown.
    """
    if not recipe:
        raise GivenAsArrays(
            "The dataset was given as arrays, so it cannot be loaded again. "
            "Pass the same Dataset from Python."
        )
    try:
        first, *steps = recipe
        loading = dict(first)
        name, split = loading.pop("load"), loading.pop("split")
        steps = [(step, dict(options)) for ((step, options),) in (s.items() for s in steps)]
        is_ours = set(loading) <= set(REMEMBERED) and {step for step, _ in steps} <= RECIPE_STEPS
        for step, options in steps if is_ours else ():
            inspect.signature(getattr(Dataset, step)).bind(None, **options)
    except (KeyError, TypeError, ValueError, AttributeError):
        is_ours = False
    if not is_ours or split not in ("train", "test"):
        raise GanprofileError(f"The recipe of the dataset is not one of ours: {recipe}.")
    dataset = load(name, offline=offline, **loading)[split == "test"]
    if dataset is None:
        raise GanprofileError(f"{name} has no test part any more.")
    for step, options in steps:
        dataset = getattr(dataset, step)(**options)
    return dataset
