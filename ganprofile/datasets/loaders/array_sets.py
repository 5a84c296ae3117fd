"""Arrays under names of their own, as the parts of a set."""

import collections
import dataclasses
from pathlib import Path

import numpy as np

from ganprofile.datasets.array_images import to_uint8_images
from ganprofile.datasets.array_labels import labels_of_parts, plain_labels, to_labels
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.array_names import CLASS_NAMES, IMAGES, LABELS, WRITERS, parsed
from ganprofile.datasets.loaders.class_arrays import (
    OF_CLASSES,
    as_text,
    is_stack,
    joined_classes,
    with_one_list,
)
from ganprofile.datasets.loaders.class_mapping import mapping_among
from ganprofile.datasets.loaders.columns import FEWEST_PIXELS
from ganprofile.datasets.loaders.label_files import labels_of_arrays_not_read
from ganprofile.datasets.loaders.loaded_data import NO_LABELS, PARTS, LoadedData
from ganprofile.datasets.loaders.parts import train_and_test, without_unlabelled_test
from ganprofile.datasets.loaders.pixel_headings import listed
from ganprofile.datasets.loaders.shaping import shaped_from_outside
from ganprofile.datasets.loaders.writers import named, numbered
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable

OF_A_PART = (IMAGES, LABELS, WRITERS)
NAMING = "Call one labels, or y_train and y_test, or put a file of them into a folder with it"


@dataclasses.dataclass(frozen=True)
class Part:
    """The arrays of one part, as they are stored; None where there is none."""

    images: np.ndarray
    labels: np.ndarray | None = None
    writers: np.ndarray | None = None


def reading_of_arrays(arrays, where, name, options, mapping=None):
    """A `LoadedData` of named arrays.

    Args:
        arrays: name -> array, in the order in which they are stored.
        where: what the sentences call the file or folder.
        name: of the set.
        options: `LoadOptions`.
        mapping: the `Mapping` of labels to names that lies beside them, or None; what the arrays
            say themselves comes first.

    Raises:
        GanprofileError: no array holds images, or two of them cannot be told apart.
        UsageError: an array has a shape, type or range that cannot be meant.
    """
    arrays, own = mapping_among(with_one_list(arrays, printable(where)), printable(where))
    mapping = mapping if own is None else own
    arrays, said = joined_classes(arrays, printable(where))
    roles, unknown, sentences = _by_role(arrays, where)
    said += sentences
    if not any(role == IMAGES for _, role in roles):
        more, said = _by_shape(unknown, roles, where)
        roles |= more
        unknown = {}
    if unknown:
        said.append(f"{where}: the arrays {', '.join(unknown)} are not read.")
    class_names = roles.pop((None, CLASS_NAMES), np.array([]))
    parts = {
        part or "train": Part(array, roles.get((part, LABELS)), roles.get((part, WRITERS)))
        for (part, role), array in roles.items()
        if role == IMAGES
    }
    class_names = as_text(where, class_names)
    if mapping is not None and not class_names:
        parts, class_names = named_by(mapping, parts)
        said.append(mapping.sentence)
    reading = reading_of_parts(parts, where, name, options, class_names)
    findings = {**reading.findings, "assumed": said + reading.findings["assumed"]}
    if reading.train.labels is None:
        findings[NO_LABELS] = in_place_of_labels(arrays, where)
    return dataclasses.replace(reading, findings=findings)


def in_place_of_labels(arrays, where):
    """What there is where no array was taken for labels, and what to do.

    Args:
        arrays: name -> array.
        where: the file or folder that holds them.
    """
    shapes = (f"{name} {np.shape(array)}" for name, array in arrays.items())
    are_two = len(arrays) == 2 and all(map(is_stack, arrays.values()))
    remedy = OF_CLASSES if are_two else NAMING
    return labels_of_arrays_not_read(Path(where)) or (
        f"It holds {', '.join(shapes)}, none of which was taken for labels. {remedy}."
    )


def named_by(mapping, parts):
    """Parts whose labels are names, and all names, by a `Mapping`; `()` where none is labelled.

    Of a list of names the labels stay numbers, since the first may be 0 or 1.
    """
    named = {
        part: part_
        if part_.labels is None or mapping.is_list
        else dataclasses.replace(part_, labels=mapping.named(part_.labels))
        for part, part_ in parts.items()
    }
    is_labelled = any(part.labels is not None for part in parts.values())
    return named, mapping.class_names if is_labelled else ()


def reading_of_parts(parts, where, name, options, class_names=()):
    """A `LoadedData` of parts whose arrays may be of any range and layout.

    Args:
        parts: `"train"`, `"test"`, `"validation"` -> `Part`.
        where, name, options: as for `reading_of_arrays`.
        class_names: of the labels, if they are known.

    Raises:
        As `reading_of_arrays`.
    """
    if "train" not in parts:
        raise GanprofileError(f"{where} has no training images. Received: {', '.join(parts)}.")
    parts, said = without_unlabelled_test(parts, where)
    parts, more = train_and_test(parts, where)
    said += more
    images, sentences = to_uint8_images(_joined([p.images for p in parts.values()], where), where)
    arguments = class_names, options.first_label
    labels, class_names, more = _labelled(parts, len(images), where, *arguments)
    ends = np.cumsum([len(part.images) for part in parts.values()])
    ends = [len(images)] if len(parts) == 1 else ends  # since some count the images last
    told = [part.writers for part in parts.values()]
    writers = zip(numbered(told, where), named(told, where), strict=True)
    datasets = [
        Dataset(
            images[first:end],
            labels=None if labels is None else labels[first:end],
            class_names=class_names,
            writers=numbers,
            attributes=names,
            name=name,
            split=part,
        )
        for part, (numbers, names), first, end in zip(
            parts, writers, [0, *ends], ends, strict=False
        )
    ]
    findings = {"assumed": [*said, *sentences, *more]}
    return shaped_from_outside(LoadedData(*datasets, findings=findings), options, where)


def _labelled(parts, count, where, class_names, first_label):
    """The labels of all parts as `to_labels` gives them, or None."""
    if parts["train"].labels is None:
        return None, (), []
    called, arguments = f"The labels of {where}", (class_names, first_label)
    if len(parts) == 1:
        return to_labels(parts["train"].labels, count, called, *arguments)
    stored = [
        _in_order(plain_labels(part.labels, called), len(part.images)) for part in parts.values()
    ]
    for part, labels in zip(parts.values(), stored, strict=True):
        if len(labels) != len(part.images):
            raise UsageError(
                f"{where} should hold a label for each image. Received: {len(labels):,} labels for "
                f"{len(part.images):,} images."
            )
    return labels_of_parts(of_one_shape(stored, called), called, *arguments)


def _in_order(labels, count):
    """Labels `(n,)` where they stand in a row or column; others, as one-hot ones, as they are."""
    return labels.ravel() if labels.shape in ((), (1, count), (count, 1)) else labels


def _by_role(arrays, where):
    """`{(part, role): array}`, the arrays whose names say nothing, and sentences."""
    roles, names, unknown = {}, {}, {}
    keys = {name: (parsed(name).part, parsed(name).role) for name in arrays}
    for name, key in keys.items():
        array = arrays[name]
        is_one = array.ndim == 0 or (array.size == 1 and key[1] == CLASS_NAMES)
        is_number = is_one and array.dtype.kind in "buif"  # how many classes, perhaps
        is_further = ("train", IMAGES) in keys.values() and key[0] is None and key[1] in OF_A_PART
        if key[1] is None or is_further or (is_number and key[1] != LABELS):
            unknown[name] = array
            continue
        if key in roles:
            refuse_several_sets(keys, where)
            raise GanprofileError(same_by_name(names[key], name, where))
        roles[key], names[key] = array, name
    telling = {name for key, name in names.items() if key[1] in (IMAGES, LABELS)}
    usual = telling <= {"images", "labels"}
    taken = [f"{name} ({' '.join(filter(None, key))})" for key, name in names.items()]
    return roles, unknown, [] if usual else [f"{where}: read as {', '.join(taken)}."]


def same_by_name(one, other, where):
    """What to say of two arrays whose names say the same, where one is wanted."""
    return (
        f"{where} has the arrays {one} and {other}, which seem to be the same by their names. "
        "Remove one, or call them x_train, y_train, x_test and y_test."
    )


def refuse_several_sets(keys, where):
    """Refuse arrays of several sets, as `x_digits_train` and `x_letters_train` with their labels.

    Args:
        keys: name -> part and role of each.
        where: what the sentence calls the file or folder.

    Raises:
        UsageError: there are several, each with images and labels, called otherwise than by number.
    """
    sets = collections.defaultdict(list)
    for name, (_, role) in keys.items():
        if role in OF_A_PART:
            sets[tuple(word for word in parsed(name).rest if not word.isdecimal())].append(name)
    whole = {
        words: names
        for words, names in sets.items()
        if len({*map(keys.get, names)}) == len(names)
        and {IMAGES, LABELS} <= {keys[name][1] for name in names}
    }
    if len(whole) < 2:
        return
    words, names = next(iter(whole.items()))
    file, called = Path(where), "_".join(words) or "one"
    way = f"write it by itself, as numpy.savez('{called}.npz', ...) with its arrays"
    if file.is_dir():
        way = "put its files into a folder of their own"
    elif file.suffix.lower() == ".npz":
        array = f"k: numpy.load({file.name!r})[k]"
        way = f"write it by itself: numpy.savez('{called}.npz', **{{{array} for k in {names}}})"
    elif file.suffix.lower() == ".mat":
        listed = ", ".join(f"'{name}'" for name in names)
        way = f"write it by itself in MATLAB: save('{called}.mat', {listed})"
    listed = "; ".join(", ".join(some) for some in whole.values())
    raise UsageError(f"{where} holds {len(whole)} sets: {listed}. To read one, {way}.")


def _by_shape(unknown, roles, where):
    """`{(part, role): array}` of arrays without telling names, and sentences."""
    images = {name: array for name, array in unknown.items() if _may_be_images(array)}
    others = {name: array for name, array in unknown.items() if name not in images}
    if len(images) not in (1, 2):
        raise GanprofileError(
            f"{where} has no array 'images', 'x_train' or the like. "
            f"Received: {listed([*unknown, *(r for _, r in roles)])}. Call the "
            "arrays images and labels, or x_train, y_train, x_test and y_test."
        )
    found, said = {}, []
    for (part, role), array in roles.items():  # what is of no part is of the first
        if part is None and (PARTS[0], role) not in roles:
            found[PARTS[0], role] = array
    labelled = any(role == LABELS for _, role in roles)
    for part, (name, array) in zip(PARTS, images.items(), strict=False):
        fits = [other for other in others if np.shape(others[other])[:1] == array.shape[:1]]
        found[part, IMAGES] = array
        said.append(f"{name} as the images to {'learn from' if part == 'train' else 'test with'}")
        if fits and not labelled:  # else one of the others may be of writers
            found[part, LABELS] = others.pop(fits[0])
            said.append(f"{fits[0]} as their labels")
        elif (part, LABELS) not in {**roles, **found}:
            said.append("which have no labels")
    left = [f"; {', '.join(others)} not at all"] if others else []
    return found, [f"{where}: by their shapes, read {', '.join(said)}{''.join(left)}."]


def _may_be_images(array):
    return array.dtype.kind in "buif" and (
        array.ndim > 2 or (array.ndim == 2 and array.shape[1] >= FEWEST_PIXELS)
    )


def _joined(arrays, where):
    """All parts as one array, since they have one range."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(of_one_shape(arrays, where))


def of_one_shape(arrays, where):
    """Arrays whose rows are of one shape.

    Raises:
        UsageError: they are not.
    """
    shapes = {array.shape[1:] for array in arrays}
    if len(shapes) > 1:
        received = " and ".join(str(array.shape) for array in arrays)
        raise UsageError(
            f"{where} should hold parts of one shape, the number of images first. Received: "
            f"{received}."
        )
    return arrays
