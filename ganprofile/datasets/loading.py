"""`load`: a dataset by its name, or whatever lies at a path."""

from __future__ import annotations

import dataclasses
import inspect
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from ganprofile.datasets.classes import empty_classes, say_empty_classes, without_empty_classes
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.duplicates import refuse_marked, refuse_overlap, without_test_images
from ganprofile.datasets.elsewhere import HUB, TFDS, place_of
from ganprofile.datasets.file_options import (
    for_named,
    named_for_good,
    refuse_known,
    refuse_settled,
    without_columns_of_others,
    without_labels_of_others,
)
from ganprofile.datasets.given import OF_ARRAYS, Arrays, are_arrays, load_given, with_test
from ganprofile.datasets.hub_data import read_hub, say_assumed
from ganprofile.datasets.imports import imported_names, read_imported
from ganprofile.datasets.loaders import LoadOptions, read_path, stored_set
from ganprofile.datasets.loaders.loaded_data import (
    AUTO,
    SETTLED,
    Bits,
    Channels,
    Invert,
    LoadedData,
    Photographs,
    Rotation,
)
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.naming import dataset_or_path, require_data
from ganprofile.datasets.orientation import say_orientation
from ganprofile.datasets.origins import from_origin
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.reading_alike import read_as
from ganprofile.datasets.recognition import recognised
from ganprofile.datasets.sources import DATASETS
from ganprofile.datasets.tfds_data import read_tfds
from ganprofile.errors import UsageError, check_whole
from ganprofile.hub.names import is_hub_name
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.paths import StrPath

# Prefix of a name -> what reads it.
READERS_ELSEWHERE = {HUB: read_hub, TFDS: read_tfds}


def load(
    name: StrPath | Arrays,
    *,
    data_dir: StrPath | None = None,
    image_size: int | None = None,
    channels: Channels | None = None,
    invert: Invert = "auto",
    writer_columns: Sequence[str] | None = None,
    photographs: Photographs | None = None,
    first_label: int | None = None,
    labels: StrPath | None = None,
    bits: Bits | None = None,
    zip_encoding: str | None = None,
    image_column: str | None = None,
    label_column: str | None = None,
    transpose: bool = False,
    rotate: Rotation | None = None,
    keep_size: Literal["auto"] | float | None = None,
    revision: str | None = None,
    offline: bool = False,
    allow_overlap: bool = False,
) -> tuple[Dataset, Dataset | None]:
    """Load a dataset.

    Args:
        name: a name in `DATASETS`, one given to `datasets import`, or the path of anything that a
            module in `datasets.loaders.FILE_LOADERS` recognises: a folder of pictures, a table (CSV
            or JSON) of them or of their pixels, `.npz`, `.npy` or `.parquet` files, official idx
            files, an archive of such. Or `hf:user/name`, such on Hugging Face's Hub, with
            `/FOLDER` behind it for a part and `@REVISION` for an older state; it is downloaded
            once, without code or pickles. Or `tfds:NAME`, an image classification set of TensorFlow
            Datasets, such as `tfds:kmnist`, downloaded once, too. Or arrays, as
            `Dataset.from_arrays` takes them: images, `(images, labels)`, or with a test part
            `((images, labels), (images, labels))`.
        data_dir: where the files of a named dataset lie that are supplied by hand; None looks in
            the usual places.
        image_size: height and width in pixels, 1..1024; None keeps what the data have.
        channels: 1 (grey) or 3 (colour); None keeps what the data have.
        invert: for a person's own pictures, whether they show dark ink on light paper: `"yes"`,
            `"no"` or `"auto"`.
        writer_columns: the order of the columns in HWD+'s `WriterInfo.npy`; None takes the usual.
        photographs: what a person's own pictures show, if it is to be found on them and brought
            into MNIST's form: `"scans"` of one character each on even paper, `"characters"`, each
            in any light, or `"pages"` of several of one class; the latter two of dark ink. None
            takes pictures as they are.
        first_label: for a person's own numbered labels, the number of the first class; None takes
            0, or 1 where labels are 1 to N for N class names. Without class names numbers name the
            classes, and those that do not occur are none.
        labels: what labels a folder of a person's own pictures: the name of a table in it, the path
            of one elsewhere, or `"folders"`, what the folders are called. None takes the only table
            that lies there, else the folders, and refuses where that cannot be told.
        bits: how many bits the levels of a person's own pictures of more than 8 have: 8, 10, 12, 14
            or 16, or 1 for levels of 0..1; None goes by the highest level of all.
        zip_encoding: of the names in a zip file that does not say it, and of a table in it that is
            not Unicode, such as `"cp932"`; None takes what zip files say.
        image_column, label_column: what the columns of pictures and of labels in Parquet files, or
            such features of `tfds:NAME`, are called; None knows the usual names.
        transpose: exchange the rows and columns of a person's own images, which some programs do.
            Where that seems to be needed it is said, and never done unasked.
        rotate: turn a person's own images clockwise by 90, 180 or 270 degrees, after that.
        keep_size: of `photographs="scans"`, shrink all characters by one factor, so that `c` stays
            smaller than `C`: `"auto"` by the median of the pictures, or how many pixels of a
            picture a character of middling size is long. All should be of one resolution. Of
            `chars74k`, whose writers are known, `"auto"` goes by the median of each writer.
        revision: of `hf:user/name`, a branch, tag or commit; None takes `main`. The recipe records
            the commit that it was.
        offline: refuse to download.
        allow_overlap: let a person's own training part share images with the test part, as they
            are or saved again.

    Returns:
        `(train_set, test_set)`, two `Dataset`s; `test_set` is None where there is none. The
        training part of a named dataset has no image that is also in its test part. Classes without
        images are said.

    Raises:
        UsageError: nothing of that name or at that path, or the parts share images.
        GanprofileError: the data cannot be had or read.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> train_set
        <Dataset digits train: 5000 images of 28x28x1, 10 classes>
        >>> train_set.images.dtype, train_set.images.shape, train_set.labels.shape
        (dtype('uint8'), (5000, 28, 28, 1), (5000,))
        >>> gp.load((test_set.images, test_set.labels))
        (<Dataset arrays train: 1000 images of 28x28x1, 10 classes>, None)
    """
    arguments = image_size, channels, invert, writer_columns
    more: dict[str, Any] = {"photographs": photographs, "first_label": first_label}
    more |= {"labels": named_for_good(labels, name), "bits": bits, "zip_encoding": zip_encoding}
    more |= {"image_column": image_column, "label_column": label_column}
    more |= {"transpose": transpose or None, "rotate": rotate, "keep_size": keep_size}
    options = LoadOptions(*arguments, **more)
    given = {
        "data_dir": None if data_dir is None else str(Path(data_dir).resolve()),
        "image_size": image_size,
        "channels": channels,
        "invert": None if invert == "auto" else invert,
        "writer_columns": writer_columns,
        **more,
        "allow_overlap": allow_overlap or None,
    }
    if revision is not None and not is_hub_name(name):
        raise UsageError("`revision` is for names on the Hub, hf:user/name. Leave it out.")
    if are_arrays(name):
        return load_given(name, data_dir, options, allow_overlap)
    name = dataset_or_path(name)
    if name in DATASETS:
        reading = _named(name, LoadRequest(data_dir, options, offline))
        reading = reading.each(lambda part: from_origin(part, name))
        train_set = without_test_images(reading.train, reading.test)
    else:
        _refuse_data_dir(name, data_dir)
        if place := place_of(name):
            arguments = name, revision, options, offline
            reading, name, given["revision"] = READERS_ELSEWHERE[place](*arguments)
        else:
            reading, name = _own(name, options)
        reading = reading.each(recognised)
        if name not in imported_names():  # whose levels have been read
            given["bits"] = reading.findings.get("bits", bits)
            given["keep_size"] = reading.findings.get("keep_size")
            say_orientation(reading)
        refuse_marked(reading.train.provenance, name, allow_overlap)
        if place == TFDS:  # whose parts nobody here can put right
            train_set = without_test_images(reading.train, reading.test)
        else:
            train_set = refuse_overlap(reading.train, reading.test, allow_overlap)
    say_empty_classes(train_set)
    step = {"load": name, **{key: value for key, value in given.items() if value is not None}}
    train_set = dataclasses.replace(train_set, recipe=({**step, "split": "train"},))
    if reading.test is None:
        return train_set, None
    return train_set, dataclasses.replace(reading.test, recipe=({**step, "split": "test"},))


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
            training images were: see `load_like`.
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
    if classes:
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
        return load(name, **loading)[0], test
    if test is not None and are_arrays(name) and are_arrays(test):
        return load(with_test(name, test), **loading)
    train_set, test_set = load(name, **loading)
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
    name: StrPath | Arrays, model: Dataset, **loading: Any
) -> tuple[Dataset, Dataset | None]:
    """Load images that are to be held against others.

    Files of a person's own are brought to the shape of the others and read as these were: found on
    paper, turned, with as many bits, numbered from the same label; whatever else is said of how to
    load them counts first. A named dataset is loaded without what is said of people's own files.

    Args:
        name: as for `load`.
        model: the others, a `Dataset`, whose recipe says how they were read.
        **loading: further arguments of `load`, such as these were loaded with.

    Returns:
        As `load`.
    """
    is_name = not are_arrays(name)
    name = dataset_or_path(name) if is_name else name
    asked = {key: value for key, value in loading.items() if value is not None}
    if is_name and name in DATASETS:
        asked.pop("revision", None)
        return load(name, **for_named(name, {**_kept_sizes(model), **asked}))
    height, width, channels = model.image_shape
    form = {"image_size": height, "channels": channels} if height == width else {}
    asked.pop("data_dir", None)
    if not is_name:
        asked = {key: asked[key] for key in asked if key not in SETTLED or key in OF_ARRAYS}
    elif name in imported_names():
        asked = {key: asked[key] for key in asked if key not in SETTLED}
    else:
        asked = _read_alike(str(name), model, asked)
    return load(name, **{**form, **asked})


def _read_alike(name: str, model: Dataset, asked: dict[str, Any]) -> dict[str, Any]:
    """What is said of the files at a path, and what is not said as it was with those of a set."""
    has_form = place_of(name) == TFDS or stored_set.recognises(expanded(name))
    alike = {} if has_form else read_as(model.recipe)
    if asked.get("keep_size") == AUTO and "keep_size" in alike:
        del asked["keep_size"]  # which was measured on the others
    said = without_labels_of_others(name, {**alike, **asked})
    return without_columns_of_others(name, said)


def _kept_sizes(model: Dataset) -> dict[str, Any]:
    """`keep_size` where the images of a set keep theirs, as a dict of arguments of `load`."""
    return {key: value for key, value in read_as(model.recipe).items() if key == "keep_size"}


def _refuse_data_dir(name: str, data_dir: StrPath | None) -> None:
    if data_dir is not None:
        raise UsageError(
            f"`data_dir` holds the files of a named dataset; {printable(name)!r} is none. "
            "Remove `data_dir`."
        )


def _named(name: str, request: LoadRequest) -> LoadedData:
    refuse_known(name, request.options)
    return shaped(DATASETS[name].load(request), request.options)


def _own(name: str, options: LoadOptions) -> tuple[LoadedData, str]:
    """What was imported under a name, or lies at a path; and the name that finds it again."""
    if name in imported_names():
        refuse_settled(name, options)
        return shaped(read_imported(name), options), name
    require_data(name)
    path = expanded(name)
    reading = read_path(path, options)
    say_assumed(reading, path)
    return reading, str(path.resolve())


def check_request(*names: object, **loading: Any) -> None:
    """Refuse what no data can make right, before any are read or a framework is loaded for them.

    Args:
        *names: as for `load`; None and whatever else is no word names nothing.
        **loading: further arguments of `load`.

    Raises:
        UsageError: there is nothing of a name or at a path, or an argument is out of range.
    """
    for name in names:
        if isinstance(name, (str, os.PathLike)):
            require_data(name)
    known = {field.name for field in dataclasses.fields(LoadOptions)}
    said = {key: value for key, value in loading.items() if value is not None}
    LoadOptions(**{key: said[key] for key in known & said.keys()})


def check_loading(function: str, loading: Mapping[str, Any]) -> None:
    """Refuse arguments that `load` does not have, named as those of another function.

    Raises:
        UsageError: with the first of them.
    """
    unknown = loading.keys() - inspect.signature(load).parameters.keys()
    if unknown:
        raise UsageError(f"{function} knows no argument {min(unknown)!r}.")
