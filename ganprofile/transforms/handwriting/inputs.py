"""What may be given: images of either layout, labels of any usual form, elements of both.

Shapes and types are known before anything is computed; values only where arrays were given. What
has to work inside a compiled step as well is written for tensors, too.
"""

import functools
import operator
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from ganprofile.errors import UsageError, check_seed
from ganprofile.transforms.arrays import Tensor, namespace, without_gradient

Shape: TypeAlias = tuple[int | None, ...]
Path: TypeAlias = tuple[Any, ...]  # of keys

LAYOUTS = {
    "channels_last": "(n, height, width, channels)",
    "channels_first": "(n, channels, height, width)",
}
IMAGE_KEYS = ("image", "images")
LABEL_KEYS = ("label", "labels")
STRONGEST = 100  # beyond, numbers may become larger than floats are


def check_arguments(
    num_classes: Any, strength: Any, seed: Any, data_format: str | None = None
) -> None:
    """Refuse arguments that cannot be meant.

    Raises:
        UsageError: with what was received.
    """
    if not isinstance(num_classes, (int, np.integer)) or num_classes < 1:
        raise UsageError(f"num_classes should be an integer from 1. Received: {num_classes!r}.")
    if not (isinstance(strength, (int, float, np.number)) and 0 <= strength < np.inf):
        raise UsageError(f"strength should be a number from 0. Received: {strength!r}.")
    if strength > STRONGEST:
        raise UsageError(
            f"strength should be {STRONGEST} at most, where nothing is left of any character. "
            f"Received: {strength!r}."
        )
    if data_format not in (None, *LAYOUTS):
        raise UsageError(
            f"data_format should be one of {', '.join(LAYOUTS)}. Received: {data_format!r}."
        )
    if seed is not None:
        if not isinstance(seed, (int, np.integer)):
            raise UsageError(f"`seed` should be an integer or None. Received: {seed!r}.")
        check_seed(int(seed))


def shape_of(array: Any) -> Shape | None:
    """The shape as far as it is known before anything is computed, or None without a rank.

    Args:
        array: an array, a tensor, or what describes one (`KerasTensor`, `tf.TensorSpec`).
    """
    shape = getattr(array, "shape", None)
    if shape is None:
        return np.shape(as_array(array))
    return None if getattr(shape, "rank", 0) is None else tuple(shape)


def as_array(values: Any) -> np.ndarray:
    """Values as a NumPy array; those of which none can be made as one of objects."""
    several = isinstance(values, list | tuple)  # perhaps of tensors, wherever they lie
    values = list(map(without_gradient, values)) if several else without_gradient(values)
    try:
        return np.asarray(values)
    except ValueError:  # rows of different lengths
        return np.array(None)


def values_of(array: Any) -> np.ndarray | None:
    """The values as a NumPy array, or None where they are not known yet."""
    try:
        values = np.asarray(array)
    # Symbolic, in TensorFlow, JAX and Keras; with a gradient or on a device, in PyTorch.
    except (NotImplementedError, TypeError, ValueError, RuntimeError):
        return None
    return values if _is_numeric(values.dtype) else None


def check_images(images: Any, data_format: str, ranks: Collection[int] = (3, 4)) -> Shape:
    """Refuse images of another layout, of unknown sides, or of no numbers.

    Args:
        images: what `shape_of` takes.
        data_format: a name in `LAYOUTS`.
        ranks: how many axes are allowed; 3 is one image.

    Returns:
        The shape.

    Raises:
        UsageError: with what was received.
    """
    shape = shape_of(images)
    is_numeric = _is_numeric(_dtype_of(images))
    known: Shape = shape if shape is not None and len(shape) in ranks else (None, None, None)
    channels = known[-1 if data_format == "channels_last" else -3]
    if channels not in (1, 3) or None in known[-3:] or 0 in known[-3:] or not is_numeric:
        raise UsageError(
            f"Images should be numbers {LAYOUTS[data_format]} of known height and width, with 1 or "
            f"3 channels, as data_format={data_format!r} says. Received: {_described(images)}."
        )
    values = values_of(images)
    if values is not None and not np.isfinite(values).all():
        raise UsageError(f"Images should be finite numbers. Received: NaN or inf in {shape}.")
    return known


def check_labels(labels: Any, num_classes: int, images_shape: Shape) -> None:
    """Refuse labels that are no integers, one for an image, in any of their usual forms.

    Args:
        labels: what `shape_of` takes: `(n,)`, `(n, 1)` or one-hot `(n, num_classes)`, without n
            where there is one image.
        num_classes: how many classes there are.
        images_shape: the shape of the images.

    Raises:
        UsageError: with what was received.
    """
    shape = shape_of(labels)
    is_numeric = _is_numeric(_dtype_of(labels))
    many = len(images_shape) == 4
    count = shape[:1] if many and shape else ()
    each = None if shape is None else shape[len(count) :]
    fits = each in ((), (1,), (num_classes,)) and len(count) == int(many)
    known = None not in (*count, images_shape[0])
    if not fits or (many and known and count[0] != images_shape[0]) or not is_numeric:
        forms = f"{'(n,), (n, 1)' if many else '() or (1,)'} or one-hot"
        hint = "" if is_numeric else " numpy.unique(names, return_inverse=True) numbers names."
        raise UsageError(
            f"Labels should be integers 0..{num_classes - 1}, {forms}, one for each image. "
            f"Received: images of {images_shape} and {_described(labels)}.{hint}"
        )
    numbers = values_of(labels)
    if numbers is not None:
        _check_label_values(numbers if many else numbers[None], num_classes)


def class_indices(labels: Tensor, num_classes: int) -> Tensor:
    """Labels of an allowed form as int32 `(n,)`; what names no class is `num_classes`."""
    ops = namespace(labels)
    if _is_one_hot(labels.shape, num_classes):
        return ops.cast(ops.argmax(ops.reshape(labels, (-1, num_classes)), axis=-1), "int32")
    labels = ops.cast(ops.reshape(labels, (-1,)), "int32")
    return ops.where(ops.logical_and(labels >= 0, labels < num_classes), labels, num_classes)


def locate(element: Any) -> tuple[Path, Path | None]:
    """Where in an element of a dataset images and labels stand, as paths of keys; labels or None.

    Args:
        element: an array, a tuple of images, labels and more, or a dict.

    Raises:
        UsageError: a dict has no images, or one in the place of labels has none.
    """
    if isinstance(element, Mapping):
        has_labels = not element.keys().isdisjoint(LABEL_KEYS)
        return _first(IMAGE_KEYS, element), _first(LABEL_KEYS, element) if has_labels else None
    if isinstance(element, tuple):
        image, label = locate(element[0])
        if len(element) == 1:
            return (0, *image), label and (0, *label)
        named = isinstance(element[1], Mapping)
        return (0, *image), (1, *(_first(LABEL_KEYS, element[1]) if named else ()))
    return (), None


def taken(element: Any, path: Path) -> Any:
    """What stands at a path of keys."""
    return functools.reduce(operator.getitem, path, element)


def replaced(element: Any, path: Path, value: Any) -> Any:
    """The same element with another value at a path of keys."""
    if not path:
        return value
    key, *rest = path
    changed = replaced(element[key], tuple(rest), value)
    if isinstance(element, Mapping):
        return {**element, key: changed}
    if hasattr(element, "_fields"):  # a named tuple
        return element._replace(**{element._fields[key]: changed})
    return (*element[:key], changed, *element[key + 1 :])


def _check_label_values(labels: np.ndarray, num_classes: int) -> None:
    """Refuse labels, a NumPy array of an allowed form, that name no class."""
    if not labels.size:
        return
    low, high = labels.min(), labels.max()
    if _is_one_hot(labels.shape, num_classes):
        if low < 0 or not np.allclose(labels.sum(axis=-1), 1, atol=1e-3):
            raise UsageError(
                f"Labels of {num_classes} columns should be one-hot, so that each row sums to 1. "
                f"Received: {low}..{high}."
            )
        largest = labels.max(axis=-1).min()
        if largest <= 0.5:
            raise UsageError(
                "Each row of labels should have a class above 0.5, whose images are deformed. "
                f"Received: a row with {largest:.3g} at most. Deform images before they are mixed."
            )
    elif not 0 <= low <= high < num_classes or (labels != np.round(labels)).any():
        raise UsageError(
            f"Labels should be integers, 0..{num_classes - 1}. Received: {low}..{high}."
        )


def _first(keys: Sequence[str], element: Mapping[str, Any]) -> Path:
    """The path of the first of some keys that a dict has."""
    found = [key for key in keys if key in element]
    if not found:
        raise UsageError(
            f"A dict in a dataset should have the key {' or '.join(map(repr, keys))}. "
            f"Received: {', '.join(map(repr, element)) or 'none'}."
        )
    return tuple(found[:1])


def _is_one_hot(shape: Shape, num_classes: int) -> bool:
    return len(shape) == 2 and shape[-1] == num_classes > 1


def _dtype_of(array: Any) -> Any:
    dtype = getattr(array, "dtype", None)
    return as_array(array).dtype if dtype is None else dtype


def _is_numeric(dtype: Any) -> bool:
    name = getattr(dtype, "name", str(dtype)).removeprefix("torch.")
    return name.startswith(("bool", "int", "uint", "float", "bfloat"))


def _described(array: Any) -> str:
    dtype = getattr(array, "dtype", None)
    if dtype is None:
        return f"{type(array).__name__} {np.shape(as_array(array))}"
    shape = shape_of(array)
    return f"{getattr(dtype, 'name', dtype)} {'of unknown shape' if shape is None else shape}"
