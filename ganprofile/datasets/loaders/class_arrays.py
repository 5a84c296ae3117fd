"""Arrays that hold one class each, told by their names or by their place along an axis."""

import re

import numpy as np

from ganprofile.datasets.array_images import CHANNELS, SMALLEST_SIDE
from ganprofile.datasets.loaders.array_names import (
    CLASS_NAMES,
    IMAGES,
    LABELS,
    NAMES_OF_CLASSES,
    ROLE_OF,
    parsed,
)
from ganprofile.datasets.loaders.columns import FEWEST_PIXELS
from ganprofile.datasets.loaders.parts import PART_OF
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable

NUMBERED = re.compile(r"(?P<part>.*?)[\s_-]*(digit|class|label)?[\s_-]*(?P<label>[0-9]+)")
WORD = re.compile(r"[^\s_-]+")
NUMPYS = "arr"  # as NumPy calls what has no name
FEWEST_CLASSES = 3  # of names that are no numbers: two arrays may be two parts
OF_CLASSES = (
    f"Arrays of a class each are told from {FEWEST_CLASSES} on, since two may be two parts: put "
    "the images of both into one, images.npy, and a label for each into another, labels.npy"
)
# What arrays are counted by that are no classes.
NO_CLASSES = {"batch", "chunk", "fold", "page", "part", "piece", "shard", "user", "writer"}
LONG = 4  # times as high as wide, or the other way round: no picture of a character is
SURELY_PIXELS = 256  # in a column, where its number is a square


def joined_classes(arrays, where, places=()):
    """Arrays of one class each, such as `train0` to `train9`, or `A` to `Z`, as images and labels.

    Args:
        arrays: name -> array.
        where: what the sentences call the file.
        places: the names of arrays whose numbers say no more than where they lie.

    Returns:
        `(arrays, said)`; where these are no arrays of classes, they are returned as they are.

    Raises:
        UsageError: it cannot be told which of the arrays is of which class.
    """
    counted = classes_in(arrays, where)
    if not counted:
        return dict(arrays), []
    others = {name: array for name, array in arrays.items() if not is_stack(array)}
    are_places = {*arrays} - {*others} <= {*places}
    done, said = dict(others), []
    for part, found in counted.items():
        names, read, sentences = _names_beside(part, found, others, where, are_places)
        done = {name: array for name, array in done.items() if name not in read}
        said += sentences
        order = sorted(found)
        classes = names or order
        done[f"{part} images".strip()] = np.concatenate([found[label] for label in order])
        done[f"{part} labels".strip()] = np.repeat(classes, [len(found[label]) for label in order])
        called = f" called {part}" * bool(part)
        first, last = (printable(str(label)) for label in (classes[0], classes[-1]))
        said.append(
            f"{where}: {len(classes)} arrays of images{called} were taken for one class each, "
            f"{first} to {last}."
        )
    return done, said


def _names_beside(part, found, others, where, are_places):
    """`(names, read, said)`: how other arrays call the classes of a part, in the order of its own
    labels, or None; the names of arrays that are done with; and sentences.

    An array called by its class, `digit3` or `zulu`, is of that class, in whatever order the labels
    beside it stand; one called by its place, `data3`, is of the label there.
    """
    like = [name for name in others if others[name].size == len(found)]
    like = [name for name in like if parsed(name).part in (None, parsed(part).part or "train")]
    labels = [name for name in like if parsed(name).role == LABELS]
    listed = [name for name in like if parsed(name).role == CLASS_NAMES]
    # The number behind keeps a part alone, `train`, from standing for its images.
    are_places = are_places or part == NUMPYS or parsed(f"{part} 0").role == IMAGES
    own = [*map(str, found)]
    names, read, said = None, set(), []
    for name in labels * (len(labels) == 1) + listed * all(isinstance(one, int) for one in found):
        values = as_text(where, np.ravel(others[name]))
        told = [*map(str, values)]
        if told == own or ({*told} == {*own} and not are_places):
            read.add(name)
            if told != own:
                said.append(f"{where}: {name} is not read: each array is called by its label.")
            continue
        _refuse_other_order(found, name, where)
        if name in labels:
            names = values
            read.add(name)
    return names, read, said


def _refuse_other_order(found, name, where):
    """Refuse names beside arrays that somebody put into an order of their own: they may be in this
    one. HDF5, for one, has `10` before `2` by itself."""
    if [*found] not in (sorted(found), sorted(found, key=str)):
        some = ", ".join(printable(str(one)) for one in [*found][:FEWEST_CLASSES])
        raise UsageError(
            f"{where} has arrays of a class each in the order {some}, ..., so that "
            f"{printable(name)} may name them in this order or in the sorted one. Call each array "
            f"by its class, and leave {printable(name)} out, or store them in the sorted order."
        )


def with_one_list(arrays, where):
    """Arrays in which the names of classes stand once, of whatever file, folder or group they are.

    Args:
        arrays: name -> array; those of a file or part have its name before their own.
        where: what sentences call the file or folder.

    Raises:
        UsageError: two call the classes otherwise.
    """
    lists = {name: array for name, array in arrays.items() if _are_names_of_a_part(name, array)}
    if not lists:
        return arrays
    own = {name: array for name, array in arrays.items() if name not in lists}
    lists |= {CLASS_NAMES: own[CLASS_NAMES]} if CLASS_NAMES in own else {}
    (first, names), *others = ((name, as_text(where, array)) for name, array in lists.items())
    for name, called in others:
        if called != names:
            raise UsageError(
                f"{where}: {printable(first)} and {printable(name)} call classes otherwise, so "
                "that one number is of several classes. Number both parts by one list of names."
            )
    return {**own, CLASS_NAMES: lists[first]}


def _are_names_of_a_part(name, array):
    """Whether an array that has the name of a part before its own holds names, each once."""
    part, _, own = name.rpartition(" ")
    is_several = part and array.dtype.kind in "SUbuif" and array.size > 1
    return is_several and parsed(own).role == CLASS_NAMES and len(np.unique(array)) == array.size


def as_text(where, array):
    """Labels or names of classes as a list of text and numbers: bytes of UTF-8 as text, and what
    MATLAB has as 1.0 as 1.

    Raises:
        GanprofileError: bytes are of another encoding.
    """
    if array.dtype.kind == "S":
        try:
            return np.char.decode(array, "utf-8").tolist()
        except UnicodeDecodeError as error:
            raise GanprofileError(
                f"{where} has class names that are not UTF-8 ({error})."
            ) from error
    is_whole = array.dtype.kind == "f" and np.isfinite(array).all() and (array % 1 == 0).all()
    return (array.astype(np.int64) if is_whole else array).tolist()


def classes_in(arrays, where):
    """`{part: {label: images}}` of arrays of one class each, the images counted first; or {}.

    Args:
        arrays, where: as for `joined_classes`.

    Raises:
        UsageError: one is called as a part of a set is, among others that hold a class each.
    """
    others = [name for name, array in arrays.items() if not is_stack(array)]
    stacks = {name: array for name, array in arrays.items() if name not in others}
    vectors = [n for n in others if arrays[n].dtype.kind in "buif" or parsed(n).role == LABELS]
    sizes = {arrays[name].size for name in vectors}
    parts = _by_number(stacks) or _by_name(stacks)
    if sizes - {1, len(stacks), _classes_of_each(parts)} or _are_no_classes(stacks):
        return {}  # a label for each image, perhaps, and not for each array
    counted = {part: _counted_first(found) for part, found in parts.items()}
    if not counted:
        _refuse_part_among(stacks, where)
    return counted if all(counted.values()) else {}


def _classes_of_each(parts):
    """How many classes each of the parts has, which are called so, such as `train`; or 1."""
    counts = {len(found) for found in parts.values()}
    return counts.pop() if len(counts) == 1 and all(parsed(part).part for part in parts) else 1


def _refuse_part_among(stacks, where):
    """Refuse `train` among arrays of a class each: it may be one of them."""
    common = _common(stacks)
    names = [
        name
        for name in stacks
        if all(word in common or word.lower() in PART_OF for word in WORD.findall(name))
    ]
    others = {name: array for name, array in stacks.items() if name not in names}
    if len(names) == 1 and [*_by_name(others)] == [""] and _counted_first(stacks):
        (name,), some = names, ", ".join(map(printable, [*others][:FEWEST_CLASSES]))
        raise UsageError(
            f"{where} has {printable(name)} among what seems to be a class each ({some}, ...), so "
            "that it may be a class or a part of the set. If it is a class, give it another name; "
            "else put the others elsewhere."
        )


def _are_no_classes(names):
    """Whether all names have a word for something else, such as `batch_1`, `batch_2`."""
    said = [{*re.findall(r"[^\W\d_]+", name.lower())} for name in names]
    return bool(said) and bool(NO_CLASSES & set.intersection(*said))


def unstacked_classes(arrays):
    """Arrays with an axis for the classes, as one array for each class.

    Such are USPS's `(256, n, 10)` and cells with the images of a class each, an array of arrays.

    Args:
        arrays: name -> array.
    """
    lengths = {a.size for a in arrays.values() if a.dtype.kind in "buif" and a.size in a.shape}
    lengths |= {a.size for name, a in arrays.items() if parsed(name).role == LABELS}
    done = {}
    for name, array in arrays.items():
        pieces = _classes_in(array, lengths)
        if pieces is not None:
            done |= {f"{name} {number}": piece for number, piece in enumerate(pieces, 1)}
        else:
            is_even = array.dtype == object and len({one.shape for one in array}) == 1
            are_files = is_even and array[0].ndim == 1  # the bytes of pictures, each of its own
            done[name] = np.stack(array) if is_even and not are_files else array
    return done


def _classes_in(array, lengths):
    """The images of each class, or None where an array is none of classes.

    Args:
        array: of numbers, or `(classes,)` of arrays.
        lengths: of other arrays, which may be labels.
    """
    if array.dtype == object:
        may_be_pictures = len(array) in lengths and any(is_picture(one.shape) for one in array)
        are_stacks = all(map(is_stack, array)) and not may_be_pictures
        return array if are_stacks and _counted_first(dict(enumerate(array))) else None
    if array.ndim != 3 or array.shape[1] in lengths:
        return None
    pixels, count, classes = array.shape
    are_classes = _is_square(pixels) and 1 < classes * LONG < count
    return np.moveaxis(array, -1, 0) if are_classes else None


def is_picture(shape):
    """Whether an array of a shape, one of several, is an image by itself."""
    if len(shape) == 3:
        return shape[-1] in CHANNELS and is_picture(shape[:2])
    if len(shape) != 2 or min(shape) < SMALLEST_SIDE or max(shape) > LONG * min(shape):
        return False
    pixels = max(filter(_is_square, shape), default=0)
    return shape[0] == shape[1] or pixels < SURELY_PIXELS


def is_stack(array):
    """Whether an array may hold several images."""
    if array.dtype.kind not in "buif" or array.ndim < 2:
        return False
    if array.ndim == 2:
        return any(map(_is_square, array.shape))
    return array.size > 0 and max(array[0].size, array[..., 0].size) >= FEWEST_PIXELS


def _by_number(stacks):
    """`{part: {label: array}}` of arrays whose names end in numbers, or {}."""
    matches = {name: NUMBERED.fullmatch(name) for name in stacks}
    parts = {}
    for name, match in matches.items():
        if match is None:
            return {}
        parts.setdefault(match["part"], {})[int(match["label"])] = stacks[name]
    fewest = FEWEST_CLASSES if NUMPYS in parts else 2
    return parts if all(len(found) >= fewest for found in parts.values()) else {}


def _by_name(stacks):
    """The same by what their names do not share: `{part: {name of the class: array}}`, or {}."""
    pieces = {name: WORD.findall(name) for name in stacks}
    common = _common(stacks)
    parts = {}
    for name, found in pieces.items():
        part = next((PART_OF[one.lower()] for one in found if one.lower() in PART_OF), "")
        rest = [one for one in found if one not in common and one.lower() not in PART_OF]
        says_else = any(len(one) > 1 and _says_something(one) for one in rest)
        if not rest or says_else or name in NAMES_OF_CLASSES:
            return {}
        places = [word.span() for word in WORD.finditer(name) if word[0] in rest]
        parts.setdefault(part, {})[name[places[0][0] : places[-1][1]]] = stacks[name]
    return parts if all(len(found) >= FEWEST_CLASSES for found in parts.values()) else {}


def _common(names):
    """The words that all names have."""
    words = [{*WORD.findall(name)} for name in names]
    return set.intersection(*words) if words else set()


def _says_something(word):
    """Whether a word is the role of an array, or with a part: `images`, `XTrain`."""
    return word.lower() in ROLE_OF or (parsed(word).part is not None and not parsed(word).rest)


def _counted_first(arrays):
    """Label -> images of that class, counted by the first axis; {} where their shapes differ."""
    shapes = {array.shape for array in arrays.values()}
    first, last = {shape[1:] for shape in shapes}, {shape[:-1] for shape in shapes}
    if len(last) == 1 and (len(first) > 1 or all(map(_has_images_first, shapes))):
        return {label: np.moveaxis(array, -1, 0) for label, array in arrays.items()}
    return arrays if len(first) == 1 else {}


def _has_images_first(shape):
    """Whether a shape is `(height, width, n)` of squares, or `(height * width, n)`."""
    if len(shape) == 2:
        return _is_square(shape[0]) and not _is_square(shape[1])
    return len(shape) == 3 and shape[0] == shape[1] != shape[2]


def _is_square(number):
    return number >= FEWEST_PIXELS and round(number**0.5) ** 2 == number
