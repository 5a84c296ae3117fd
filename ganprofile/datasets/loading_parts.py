"""Two parts that belong together: what to train on, and what is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ganprofile.console import say
from ganprofile.datasets.classes import empty_classes, without_empty_classes
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.file_options import (
    OF_FILES,
    for_named,
    of_training,
    without_columns_of_others,
    without_labels_of_others,
)
from ganprofile.datasets.given import OF_ARRAYS, Arrays, are_arrays, with_test
from ganprofile.datasets.imports import imported_names
from ganprofile.datasets.loaders import stored_set
from ganprofile.datasets.loaders.loaded_data import AUTO, CONVERTED, NOTHING, SETTLED
from ganprofile.datasets.loaders.polarity import opposite_paper, say_opposite_paper
from ganprofile.datasets.loading import check_request, load, loaded
from ganprofile.datasets.naming import TFDS, dataset_or_path, place_of
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.reading_alike import read_as
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import UsageError, check_whole
from ganprofile.images import shape_in_words
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.paths import StrPath


def load_for_training(
    name: StrPath | Arrays,
    *,
    test: Dataset | StrPath | Arrays | None = None,
    classes: str | Iterable[str | int] | None = None,
    per_class: int | None = None,
    seed: int = 0,
    **loading: Any,
) -> tuple[Dataset, Dataset | None]:
    """What to train on and what must not be trained on.

    Args:
        name: as for `load`.
        test: held-out data, a `Dataset` or as for `load`, of which the test part counts where there
            is one; None takes the test part of the dataset itself. A person's own are read as the
            training images were, see `load_like`; what is said of files and settled for a named
            or saved set to train on counts for them.
        classes: names of the only classes to learn, or None for all.
        per_class: how many images of each class to draw, 1 or more, or None for all.
        seed: of that draw, in 0..2147483647.
        **loading: further arguments of `load`.

    Returns:
        `(train_set, test_set)`, two `Dataset`s; `test_set` may be None.

    Raises:
        UsageError: as for `load`; or a class is unknown, or has fewer images than `per_class`.
        GanprofileError: the data cannot be had or read.

    Example:
        >>> train_set, test_set = gp.load_for_training("digits", classes="17", per_class=20)
        >>> train_set
        <Dataset digits train: 40 images of 28x28x1, 2 classes>
        >>> test_set
        <Dataset digits test: 1000 images of 28x28x1, 10 classes>
    """
    check_request(name, test, **loading)
    if per_class is not None:
        check_whole("per_class", per_class)
    train_set, test_set = _parts(name, test, loading)
    refuse_raw(train_set, loading)
    if classes is not None:
        train_set = _of_classes(train_set, classes)
    train_set = without_empty_classes(train_set)
    if per_class is not None:
        train_set = train_set.subset(per_class, seed)
    return train_set, test_set


def _parts(
    name: StrPath | Arrays, test: Dataset | StrPath | Arrays | None, loading: Mapping[str, Any]
) -> tuple[Dataset, Dataset | None]:
    """What `name` and `test` are, brought to one form."""
    if isinstance(test, Dataset):
        train_set = load(name, **loading)[0]
        say_opposite_paper(train_set, test)
        return train_set, test
    if test is not None and are_arrays(name) and are_arrays(test):
        return load(with_test(name, test), **loading)
    train_set, test_set = load(name, **of_training(name, test, loading))
    if test is not None:
        alike = {option: value for option, value in loading.items() if option != "revision"}
        whole, held_out = load_like(test, train_set, **alike)
        test_set = held_out or whole
    return train_set, test_set


def _of_classes(dataset: Dataset, names: str | Iterable[str | int]) -> Dataset:
    """The named classes, of each of which there must be images."""
    chosen = dataset.of_classes(names)
    if empty := empty_classes(chosen):
        raise UsageError(f"{dataset.name} has no image of the class {empty[0]!r}; ask for others.")
    return chosen


def load_like(
    name: StrPath | Arrays, model: Dataset, *, unlabelled: bool = False, **loading: Any
) -> tuple[Dataset, Dataset | None]:
    """Load images that are to be held against others.

    Files of a person's own are brought to the shape of the others and read as these were: found on
    paper, turned, with as many bits, numbered from the same label; whatever else is said of how to
    load them counts first. A named dataset, and a set that was saved where the others are files of
    another kind, are loaded without what is said of people's own files.

    Args:
        name: as for `load`.
        model: the others, a `Dataset`, whose recipe says how they were read.
        unlabelled: whether no labels are asked for: pictures are read whatever folders they lie in.
        **loading: further arguments of `load`, such as these were loaded with.

    Returns:
        As `load`.

    Raises:
        UsageError: as for `load`; or ink is clearly the darker of paper and ink in the ones and the
            lighter in the others.
        GanprofileError: the data cannot be had or read.
    """
    is_name = not are_arrays(name)
    name = dataset_or_path(name) if is_name else name
    asked = {key: value for key, value in loading.items() if value is not None}
    if is_name and name in DATASETS:
        asked.pop("revision", None)
        read = read_as(model.recipe)
        kept_size = {"keep_size": read["keep_size"]} if "keep_size" in read else {}
        return _alike(name, model, for_named(name, {**kept_size, **asked}))
    height, width, channels = model.image_shape
    form = {"channels": channels} | ({"image_size": height} if height == width else {})
    asked.pop("data_dir", None)
    if not is_name:
        asked = {key: asked[key] for key in asked if key not in SETTLED or key in OF_ARRAYS}
    elif name in imported_names():
        asked = {key: asked[key] for key in asked if key not in SETTLED}
    else:
        asked = _read_alike(str(name), model, asked, NOTHING if unlabelled else None)
    return _alike(name, model, {**form, **asked}, says_form=not form.keys() & asked.keys())


def load_unlabelled(name: StrPath | Arrays, model: Dataset, **loading: Any) -> Dataset:
    """Load images that are to be labelled as others are: of data that have a test part all others,
    which is said, for with these what learns from them is tested.

    Args:
        name: as for `load_like`.
        model: the others, a `Dataset`.
        **loading: as for `load_like`.

    Raises:
        UsageError: as for `load_like`.
        GanprofileError: the data cannot be had or read.
    """
    many, test_set = load_like(name, model, unlabelled=True, **loading)
    if test_set is not None:
        say(
            f"{printable(many.name)}: the {len(test_set):,} images of its test part are left out, "
            "and its others are labelled. In Python the test part can be given as a `Dataset`."
        )
    return many


def _alike(
    name: StrPath | Arrays, model: Dataset, arguments: Mapping[str, Any], says_form: bool = False
) -> tuple[Dataset, Dataset | None]:
    """Load images and hold their form against that of others; `says_form` says what was changed."""
    train_set, test_set, findings = loaded(name, **arguments)
    before = findings.get(CONVERTED)
    if before is not None and says_form:
        say(
            f"{printable(train_set.name)}: images of {before} were brought to "
            f"{shape_in_words(train_set.image_shape)}, as those of {printable(model.name)} are."
        )
    if sentence := opposite_paper(model, test_set or train_set):
        of_both = arguments.get("invert", AUTO) != AUTO
        raise UsageError(sentence + " What `invert` says here counts for both." * of_both)
    return train_set, test_set


def _read_alike(
    name: str, model: Dataset, asked: dict[str, Any], labels: str | None
) -> dict[str, Any]:
    """What is said of the files at a path, and what is not said as it was with those of a set."""
    is_stored = stored_set.recognises(expanded(name))
    alike = {} if is_stored or place_of(name) == TFDS else read_as(model.recipe)
    if is_stored:
        return _without_form(name, asked, read_as(model.recipe) if _is_stored(model) else {})
    if asked.get("keep_size") == AUTO and "keep_size" in alike:
        del asked["keep_size"]  # which was measured on the others
    said = without_labels_of_others(name, {**alike, **asked}, labels)
    return without_columns_of_others(name, said)


def _is_stored(model: Dataset) -> bool:
    source = str(model.recipe[0].get("load", "")) if model.recipe else ""
    return bool(source) and stored_set.recognises(expanded(source))


def _without_form(name: str, asked: dict[str, Any], alike: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of pictures, for a set beside them that has been made of such; `alike` is how
    another that was saved, too, was read."""
    unused = [key for key in asked if key in OF_FILES and alike.get(key) != asked[key]]
    turned = [key for key in unused if SETTLED.get(key) == "orientation" and asked[key]]
    if turned:
        say(f"{printable(name)} is a set as it was saved, to which `{turned[0]}` does not apply.")
    return {key: asked[key] for key in asked if key not in unused}
