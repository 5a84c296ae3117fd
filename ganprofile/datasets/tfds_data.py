"""Any image classification set of TensorFlow Datasets, by its name there: `tfds:kmnist`."""

import os
import re

import numpy as np

from ganprofile.backend.tf_data import untuned
from ganprofile.console import say
from ganprofile.datasets.array_labels import to_labels, told_labels
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.hub_data import say_assumed
from ganprofile.datasets.loaders.array_names import parsed
from ganprofile.datasets.loaders.array_sets import Part
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, WRITER_COLUMNS, chosen
from ganprofile.datasets.loaders.deep_levels import BITS, FULL
from ganprofile.datasets.loaders.loaded_data import NO_LABELS, SETTLED, LoadedData, check_size
from ganprofile.datasets.loaders.official import NAME_OF
from ganprofile.datasets.loaders.parts import train_and_test, without_unlabelled_test
from ganprofile.datasets.loaders.pixel_headings import listed, taken_said
from ganprofile.datasets.loaders.shaping import shaped_from_outside, upright
from ganprofile.datasets.loaders.writers import named, numbered
from ganprofile.datasets.naming import TFDS
from ganprofile.datasets.origins import from_origin
from ganprofile.datasets.sources.prepared import data_folder, in_short, prepare
from ganprofile.datasets.sources.published import check_reachable
from ganprofile.datasets.tfds_catalogue import (
    FEATURES,
    INFO,
    in_place_of,
    known_classes,
    prepared_as,
    refuse_damaged,
)
from ganprofile.datasets.tfds_levels import common_bits, plain
from ganprofile.errors import GanprofileError, NotHere, UsageError, first_line, reworded
from ganprofile.frameworks import need_tensorflow
from ganprofile.images import fit, luminance
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean

NAME = re.compile(r"tfds:/{0,2}(?P<name>[a-z][\w/.+-]*(:\d+\.\d+\.\d+)?)")
# Of what is said of people's files, what counts here, too.
COUNTS = ("image_column", "label_column", "first_label", "transpose", "rotate", "bits")
BATCH = 1000


def read_tfds(name, revision, options, offline):
    """Data by their name in TensorFlow Datasets.

    Args:
        name: such as `tfds:kmnist`, `tfds:emnist/letters` or `tfds:kmnist:3.0.1`.
        revision: always None.
        options: `LoadOptions`; `image_column` and `label_column` name features.
        offline: take only what has been prepared on this machine.

    Returns:
        `(reading, name, None)`: a `LoadedData`, and the name as it is recorded.

    Raises:
        UsageError: there is no such set, or it holds no images that can be told.
        GanprofileError: it cannot be had or read.
    """
    wanted = _checked(name)
    name = f"{TFDS}{wanted}"
    for option, what in SETTLED.items():
        if getattr(options, option) is not None and option not in COUNTS:
            raise UsageError(f"{name} comes with its {what}. Remove `{option}`.")
    builder = _prepared(wanted, offline)
    image, label, said = _features(builder, name, options)
    writer, more = _writer(builder, name, image, label)
    said += more
    splits, more = _splits(builder, name)
    said += more
    with reworded(  # damaged records make TensorFlow fail in ways of its own
        lambda error: (
            f"{name} in {builder.data_path} cannot be read ({in_short(error)}). Remove that "
            "folder and load it again, or copy it again."
        )
    ):
        bits, more = _bits(builder, splits, image, name, options.bits)
        said += more
        parts = {
            part: Part(*_arrays(builder, split, (image, label, writer), options, name, bits))
            for part, split in splits.items()
        }
    parts, more = without_unlabelled_test(parts, name)
    reading = _reading(parts, builder, label, name, options)
    reading.findings["assumed"][:0] = said + more
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = _instead(builder, image, label)
    say_assumed(reading, name)
    return upright(reading, options), name, None


def _checked(name):
    text = os.fspath(name)
    found = NAME.fullmatch(text)
    if found is None:
        raise UsageError(
            "A set of TensorFlow Datasets is named tfds:NAME, maybe with /CONFIG or :VERSION "
            f"behind it. Received: {printable(text)!r:.200}."
        )
    return found["name"]


def _prepared(wanted, offline):
    """The builder of a set that is on this machine, by now."""
    need_tensorflow(f"{TFDS}{wanted}", datasets=True)
    import tensorflow_datasets as tfds

    refuse_damaged(wanted)
    try:
        builder = tfds.builder(wanted, data_dir=data_folder())
    except tfds.core.registered.DatasetNotFoundError as error:
        refuse_damaged(wanted, needed=(INFO, FEATURES))
        there = prepared_as(re.split("[:/]", wanted)[0])
        if there:
            raise UsageError(
                f"{TFDS}{wanted} is not in {data_folder()}, which has {listed(there)}. Name one of "
                "these."
            ) from error
        meant = did_you_mean(wanted, tfds.list_builders(with_community_datasets=False))
        raise UsageError(
            f"TensorFlow Datasets has no set {wanted!r}, and none of that name is in "
            f"{data_folder()}.{meant}"
        ) from error
    except Exception as error:
        offered = in_place_of(wanted)
        problem = f"is not in TensorFlow Datasets, which has {offered}. Name one of these."
        if not offered:
            problem = f"cannot be meant: {first_line(error)}. Look it up in TensorFlow Datasets' "
            problem += "catalogue."
        raise UsageError(f"{TFDS}{wanted} {problem}") from error
    if not builder.info.splits:
        _download(builder, wanted, offline)
        builder = tfds.builder(wanted, data_dir=data_folder())
    return builder


def _download(builder, wanted, offline):
    by_hand = (
        f'By hand: where there is a network, run python -c "import tensorflow_datasets as t; '
        f"t.builder('{wanted}').download_and_prepare()\", copy the folder "
        f"~/tensorflow_datasets/{builder.name} into a folder here and set TFDS_DATA_DIR to it."
    )
    if offline:
        raise NotHere(f"{TFDS}{wanted} is not in {data_folder()}", by_hand)
    urls = [*getattr(builder, "url_infos", {}), builder.info.homepage]
    size = sum(info.size for info in getattr(builder, "url_infos", {}).values())
    how_much = f"{size / 1e6:,.1f} MB" if size else "files of unknown size"
    say(
        f"{TFDS}{wanted} is not on this machine: downloading {how_much} from {urls[0]} to "
        f"{data_folder()}."
    )
    try:
        check_reachable(urls[0])
        prepare(wanted)
    except Exception as error:
        raise GanprofileError(
            f"{TFDS}{wanted} could not be downloaded from {urls[0]} ({first_line(error)}). "
            f"{by_hand}"
        ) from error


def _features(builder, name, options):
    """What the features of pictures and labels are called, of which the latter may be None; and
    sentences."""
    import tensorflow_datasets as tfds

    features = dict(sorted(builder.info.features.items()))
    images = [key for key, one in features.items() if isinstance(one, tfds.features.Image)]
    classes = [key for key, one in features.items() if isinstance(one, tfds.features.ClassLabel)]
    image = _chosen("image_column", images, "image", features, name, options)
    if image is None:
        raise UsageError(
            f"{name} has no feature of pictures. Received: {', '.join(features)}. Only image "
            "classification sets can be read."
        )
    said = []
    if not classes and options.label_column is None:
        classes = _like_labels(features)
        said = [f"{name}: the feature {one} was taken for the labels." for one in classes]
    return image, _chosen("label_column", classes, "label", features, name, options), said


def _writer(builder, name, image, label):
    """The feature that says who wrote each picture, or None; and sentences on those that nothing is
    read from."""
    others = sorted({*builder.info.features} - {image, label})
    writer = chosen(_single(builder.info.features, others), WRITER_COLUMNS)
    unread = [key for key in others if key != writer]
    return writer, taken_said(f"the features of {name}", image, label, unread)


def _like_labels(features):
    """The feature of whole numbers or texts that is called as labels are, in a list, or []."""
    told = chosen(_single(features, features), LABEL_COLUMNS)
    return [] if told is None else [told]


def _single(features, names):
    """The names of features that are one whole number or text."""
    import tensorflow_datasets as tfds

    return [
        key
        for key in names
        if isinstance(features[key], tfds.features.Text)
        or (features[key].shape == () and np.issubdtype(features[key].np_dtype, np.integer))
    ]


def _instead(builder, image, label):
    """What there is in the place of labels, and what to do."""
    if label is not None:
        return f"All of its feature {label} are -1. Name another with `label_column`."
    others = sorted({*builder.info.features} - {image})
    if not others:
        return f"It has no feature beside {image}."
    return (
        f"Beside {image} it has the features {', '.join(others)}. Name that of the labels with "
        "`label_column`."
    )


def _chosen(option, found, usual, features, name, options):
    """The feature that the user named, or the usual or only one; None where there is none."""
    said = getattr(options, option)
    if said is not None and said not in features:
        raise UsageError(
            f"{name} has no feature `{option}={said!r}`. Received: {', '.join(features)}."
        )
    if said is not None or usual in found or len(found) < 2:
        return said or (usual if usual in found else next(iter(found), None))
    raise UsageError(
        f"{name} has the features {', '.join(found)}; which is meant cannot be told. Name it with "
        f"`{option}`."
    )


def _splits(builder, name):
    """`{part: split}` and sentences."""
    found = {}
    for split in builder.info.splits:
        words = parsed(split)
        if words.part is not None and not words.rest:
            found.setdefault(words.part, split)
    if "train" not in found:
        splits = ", ".join(builder.info.splits)
        if len(builder.info.splits) > 1:
            raise UsageError(f"{name} has no training part. Received: {splits}.")
        return {"train": splits}, []
    splits, said = train_and_test(found, name)
    left = [split for split in builder.info.splits if split not in found.values()]
    said += [f"{name}: the splits {', '.join(left)} are not read."] if left else []
    return splits, said


def _bits(builder, splits, image, name, asked):
    """How many bits the levels of all parts have; and sentences."""
    most = FULL if builder.info.features[image].np_dtype == np.uint8 else BITS[-1]
    rows = (row for split in splits.values() for row in _rows(builder, split, image))
    return common_bits((row[image] for row in rows), name, most, asked)


def _rows(builder, split, image, *others):
    """Dicts of columns, some rows each, one where pictures differ in size, in stored order."""
    import tensorflow_datasets as tfds

    wanted = {key: True for key in (image, *others) if key is not None}
    arguments = {"decoders": tfds.decode.PartialDecoding(wanted)}
    rows = builder.as_dataset(
        split=split, read_config=tfds.ReadConfig(options=untuned()), **arguments
    )
    return tfds.as_numpy(rows.batch(1 if None in _sides(builder, image) else BATCH))


def _sides(builder, image):
    """Height and width of pictures, None where they differ."""
    return builder.info.features[image].shape[:2]


def _arrays(builder, split, features, options, name, bits):
    """Images, uint8 `(n, height, width, channels)`, labels and writers `(n,)` or None, in stored
    order, of the features of these three."""
    image, label, writer = features
    height, width = _sides(builder, image)
    size = options.image_size
    if size is None and None in (height, width):
        raise UsageError(f"The pictures of {name} differ in size. Say one, `image_size=28`.")
    channels = options.channels or builder.info.features[image].shape[-1] or 3
    count = builder.info.splits[split].num_examples
    check_size(count, (size or height, size or width, channels))
    images, labels, writers = [], [], []
    for row in _rows(builder, split, *features):
        pictures = plain(row[image], bits, name)
        if None in (height, width):
            pictures = fit(pictures[0], size, size)[None]
        images.append(luminance(pictures) if channels == 1 else pictures)
        labels.extend(row[label] if label is not None else ())
        writers.extend(row[writer] if writer is not None else ())
    labels = None if label is None else told_labels(np.array(labels))
    return np.concatenate(images), labels, _by_name(writers, builder, writer)


def _by_name(writers, builder, feature):
    """Who wrote each, `(n,)`, by name where the feature names them; None without a feature."""
    if feature is None:
        return None
    names = getattr(builder.info.features[feature], "names", None)
    if names:
        writers = [names[number] if number >= 0 else "" for number in writers]
    return np.array(writers)


def _reading(parts, builder, label, name, options):
    names = tuple(getattr(builder.info.features[label], "names", ())) if label else ()
    stem = builder.info.full_name.rpartition("/")[0].replace("/", "-")
    said, datasets, whole = [], [], None
    if parts["train"].labels is not None:
        whole = np.concatenate([part.labels for part in parts.values()])
        names, first, called = known_classes(stem, names, whole, name, options)
        where = f"The labels of {name}"
        whole, names, said = to_labels(whole, len(whole), where, names, first)
        said = called + said
    told, done = [arrays.writers for arrays in parts.values()], 0
    hands = zip(numbered(told, name), named(told, name), strict=True)
    for (part, arrays), (writers, more) in zip(parts.items(), hands, strict=True):
        rows = slice(done, done + len(arrays.images))
        labels = None if whole is None else whole[rows]
        hand = {"writers": writers, "attributes": more}
        datasets.append(Dataset(arrays.images, labels, names, name=name, split=part, **hand))
        done += len(arrays.images)
    if len(datasets) == 2 and _share_no_class(*datasets):
        said.append(f"{name}: the test part has none of the training part's classes: left out.")
        del datasets[1]
    found = LoadedData(*datasets, findings={"kind": "tfds", "assumed": said})
    reading = shaped_from_outside(found, options, name)
    origin = NAME_OF.get(stem, stem.replace("-", "/", 1))
    return reading.each(lambda part: from_origin(part, origin))


def _share_no_class(train, test):
    return train.labels is not None and not np.isin(test.labels, train.labels).any()
