"""`load`: a dataset by its name, or whatever lies at a path."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ganprofile.console import say
from ganprofile.datasets.classes import say_empty_classes
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.duplicates import refuse_marked, refuse_overlap, without_test_images
from ganprofile.datasets.file_options import named_for_good, refuse_known, refuse_settled
from ganprofile.datasets.given import Arrays, are_arrays, load_given
from ganprofile.datasets.hub_data import read_hub, say_assumed
from ganprofile.datasets.imports import imported_names, read_imported, read_report
from ganprofile.datasets.inspection import say_blank
from ganprofile.datasets.loaders import LoadOptions, read_path
from ganprofile.datasets.loaders.loaded_data import (
    AUTO,
    Bits,
    Channels,
    Invert,
    LoadedData,
    Photographs,
    Rotation,
)
from ganprofile.datasets.loaders.polarity import say_dark_ink, say_polarity
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.naming import (
    HUB,
    TFDS,
    dataset_or_path,
    place_of,
    require_data,
    say_same_name,
)
from ganprofile.datasets.orientation import say_orientation
from ganprofile.datasets.origins import from_origin
from ganprofile.datasets.outside import refuse_inside
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.reading_alike import with_kept_size
from ganprofile.datasets.recognition import recognised
from ganprofile.datasets.sources import DATASETS
from ganprofile.datasets.tfds_data import read_tfds
from ganprofile.errors import UsageError
from ganprofile.hub.names import is_hub_name
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.paths import StrPath

# What may be said of a `Dataset`, too: of its parts, and of all that might be downloaded.
OF_PARTS = ("offline", "allow_overlap")
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
        image_size: height and width in pixels, 8..1024; None keeps what the data have. Characters
            are learned up to 128; above, that is said.
        channels: 1 (grey) or 3 (colour); None keeps what the data have.
        invert: for a person's own pictures and files of arrays, whether they show dark ink on light
            paper: `"yes"`, `"no"` or `"auto"`, by what nine of ten have along their edges. What
            ganprofile wrote, and arrays given here, `"auto"` leaves as they are.
        writer_columns: the order of the columns in HWD+'s `WriterInfo.npy`; None takes the usual.
        photographs: what a person's own pictures show, if it is to be found on them and brought
            into MNIST's form: `"scans"` of one character each on even paper, `"characters"`, each
            in any light, or `"pages"` of several of one class; the latter two of dark ink, or
            light where `invert` is `"auto"`. None takes pictures as they are.
        first_label: for a person's own numbered labels, the number of the first class; None takes
            0, or 1 where labels are 1 to N for N class names. Without class names numbers name the
            classes, and those that do not occur are none.
        labels: what labels a folder of a person's own pictures: the name of a table in it, the path
            of one elsewhere, `"folders"`, what the folders are called, or a pattern of the paths of
            pictures such as `"{label}/*/*"` or `"usr_{writer}/{label}t*.tiff"`, in which `*` is
            anything within a name; `"none"` reads pictures without labels wherever they lie, unless
            a table lists them. None takes the only table that lies there, else the folders, and
            refuses where that cannot be told.
        bits: how many bits the levels of a person's own pictures of more than 8 have: 8, 10, 12, 14
            or 16, 2 or 4, or 1 for levels of 0..1; None goes by the highest level of all.
        zip_encoding: of the names in a zip file that does not say it, and of a table in it that is
            not Unicode, such as `"cp932"`; None takes what zip files say.
        image_column, label_column: what the columns of pictures and of labels in Parquet files, or
            such features of `tfds:NAME`, are called, and in a table of pixels that of the labels;
            None knows the usual names.
        transpose: exchange the rows and columns of a person's own images, which some programs do.
            Where that seems to be needed it is said, and never done unasked.
        rotate: turn a person's own images clockwise by 90, 180 or 270 degrees, after that.
        keep_size: of `photographs="scans"`, shrink all characters by one factor, so that `c` stays
            smaller than `C`: `"auto"` by the median of the pictures, or how many pixels of a
            picture a character of middling size is long. All should be of one resolution. Of
            `chars74k`, and of a table with a column of writers, `"auto"` goes by each writer.
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
    train_set, test_set, _ = loaded(**locals())
    say_empty_classes(test_set)
    return train_set, test_set


def loaded(
    name: StrPath | Arrays,
    *,
    data_dir: StrPath | None = None,
    revision: str | None = None,
    offline: bool = False,
    allow_overlap: bool = False,
    **of_images: Any,
) -> tuple[Dataset, Dataset | None, dict[str, Any]]:
    """What `load` returns, and what was found on the way; `of_images` are its other arguments."""
    of_images["labels"] = named_for_good(of_images.get("labels"), name)
    options = LoadOptions(**of_images)
    if revision is not None and not is_hub_name(name):
        raise UsageError("`revision` is for names on the Hub, hf:user/name. Leave it out.")
    for sentence in options.doubts:
        say(f"{sentence}.")
    if are_arrays(name):
        train_set, test_set, findings = load_given(name, data_dir, options, allow_overlap)
        say_blank(LoadedData(*(part for part in (train_set, test_set) if part is not None)))
        return train_set, test_set, findings
    name = dataset_or_path(name)
    given = {
        "data_dir": None if data_dir is None else str(expanded(data_dir).resolve()),
        **of_images,
        "transpose": options.transpose,
        "invert": None if options.invert == AUTO else options.invert,
        "allow_overlap": allow_overlap or None,
    }
    if name in DATASETS:
        reading = _named(name, LoadRequest(data_dir, options, offline))
        reading = reading.each(lambda part: from_origin(part, name))
    else:
        _refuse_data_dir(name, data_dir)
        reading, name, learned = _own_or_elsewhere(name, revision, options, offline)
        given |= learned
        refuse_marked(reading.train.provenance, name, allow_overlap)
    if name in DATASETS or place_of(name) == TFDS:  # whose parts nobody here can put right
        train_set = without_test_images(reading.train, reading.test)
    else:
        train_set = refuse_overlap(reading.train, reading.test, allow_overlap)
    say_empty_classes(train_set, is_alone=reading.test is None)
    step = {"load": name, **{key: value for key, value in given.items() if value is not None}}
    test_set = None if reading.test is None else _made_by(step, reading.test, "test")
    return _made_by(step, train_set, "train"), test_set, reading.findings


def _made_by(step: dict[str, Any], part: Dataset, split: str) -> Dataset:
    return with_kept_size(dataclasses.replace(part, recipe=({**step, "split": split},)))


def _own_or_elsewhere(
    name: str, revision: str | None, options: LoadOptions, offline: bool
) -> tuple[LoadedData, str, dict[str, Any]]:
    """Data without a name of ours; the name that finds them again; what was learned of `load`'s
    arguments."""
    learned: dict[str, Any] = {}
    if place := place_of(name):
        reading, name, commit = READERS_ELSEWHERE[place](name, revision, options, offline)
        learned = {"revision": commit}
    else:
        reading, name = _own(name, options)
    reading = reading.each(recognised)
    if name not in imported_names():  # whose levels have been read
        learned["bits"] = reading.findings.get("bits", options.bits)
        learned["keep_size"] = reading.findings.get("keep_size")
        say_orientation(reading)
        say_blank(reading)
    say_polarity(reading, options.invert)
    return reading, name, learned


def _refuse_data_dir(name: str, data_dir: StrPath | None) -> None:
    if data_dir is not None:
        raise UsageError(
            f"`data_dir` holds the files of a named dataset; {printable(name)!r} is none. "
            "Remove `data_dir`."
        )


def _named(name: str, request: LoadRequest) -> LoadedData:
    refuse_known(name, request.options)
    if request.data_dir is None:  # else files of this name may lie there
        say_same_name(name)
    return shaped(DATASETS[name].load(request), request.options)


def _own(name: str, options: LoadOptions) -> tuple[LoadedData, str]:
    """What was imported under a name, or lies at a path; and the name that finds it again."""
    if name in imported_names():
        refuse_settled(name, options, read_report(name).get("kind"))
        say_same_name(name)
        return shaped(read_imported(name), options), name
    require_data(name)
    path = expanded(name)
    reading = read_path(path, options)
    say_assumed(reading, path)
    return reading, str(path.resolve())


def check_request(*names: object, output: StrPath | None = None, **loading: Any) -> None:
    """Refuse what no data can make right, before any are read or a framework is loaded for them.

    Args:
        *names: as for `load`, or `Dataset`s; None and whatever else is no word names nothing.
        output: what is to be made of them, which does not lie among them; None where nothing is.
        **loading: further arguments of `load`.

    Raises:
        UsageError: there is nothing of a name or at a path, or an argument is out of range, or all
            are loaded already.
    """
    for name in names:
        if isinstance(name, (str, os.PathLike)):
            require_data(name)
    refuse_inside(output, *names)
    LoadOptions.of(loading)
    given = [name for name in names if name is not None]
    if given and all(map(_loaded, given)):
        _refuse_too_late(loading)
    for part in itertools.chain.from_iterable(map(_loaded, given)):
        say_dark_ink(part)


def _loaded(given: object) -> list[Dataset]:
    """The `Dataset`s that something is, or that are in a pair."""
    parts = given if isinstance(given, tuple) else (given,)
    return [part for part in parts if isinstance(part, Dataset)]


def _refuse_too_late(loading: Mapping[str, Any]) -> None:
    """Refuse to be told how to load what is loaded."""
    for option, parameter in inspect.signature(load).parameters.items():
        value, default = loading.get(option), parameter.default
        if option in OF_PARTS or value is None or (default is not None and value == default):
            continue
        raise UsageError(
            f"`{option}` is for data that are to be loaded; a Dataset is loaded already. Say it "
            "where that is loaded, give its arrays (images, labels) instead, or leave it out."
        )


def check_loading(function: str, loading: Mapping[str, Any]) -> None:
    """Refuse arguments that `load` does not have, named as those of another function.

    Raises:
        UsageError: with the first of them.
    """
    unknown = loading.keys() - inspect.signature(load).parameters.keys()
    if unknown:
        raise UsageError(f"{function} knows no argument {min(unknown)!r}.")
