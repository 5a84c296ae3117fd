"""What bends images is written once, for NumPy's arrays and for the tensors of Keras' backends.

`namespace` gives the functions of the one or the other: those of `keras.ops`, which are named as
NumPy's, and two that each does in its own way. Nothing but NumPy is imported for arrays.
"""

import importlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Of NumPy or of whichever backend Keras runs on: they have no class in common.
Tensor: TypeAlias = Any


def namespace(*arrays: Any) -> Any:
    """NumPy's functions where all are its arrays or plain numbers, else those of Keras.

    Args:
        arrays: arrays or tensors; None is passed over.
    """
    known = (np.ndarray, np.generic, int, float, type(None))
    return NUMPY if all(isinstance(array, known) for array in arrays) else KERAS


def without_gradient(values: Any) -> Any:
    """What was given, as NumPy can take it: a tensor of PyTorch by itself, in memory; all else as
    it is. Nothing here loads PyTorch."""
    if not (hasattr(values, "detach") and hasattr(values, "cpu")):
        return values
    held = values.detach().cpu()
    return held.float() if str(held.dtype) == "torch.bfloat16" else held  # which NumPy lacks


def compiled(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A function of tensors without side effects, compiled where Keras' backend compiles."""
    return _backend().compiled(function)


def replica() -> tuple[Any, int]:
    """Which of how many replicas this is, of those that Keras distributes a step among."""
    return _backend().replica()


def _backend() -> Any:
    """The module of Keras' backend in `ganprofile.backend`."""
    from ganprofile.backend import backend

    return backend()


class _NumPy:
    """NumPy, with what `keras.ops` has beside it."""

    def __init__(self) -> None:
        vars(self).update(vars(np))  # found faster than by `__getattr__`

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def cast(array: Any, dtype: str) -> NDArray[Any]:
        return np.asarray(array).astype(dtype, copy=False)

    @staticmethod
    def convert_to_tensor(array: Any, dtype: str | None = None) -> NDArray[Any]:
        return np.asarray(array, dtype)

    @staticmethod
    def rows(array: NDArray[Any], indices: NDArray[Any]) -> NDArray[Any]:
        """Rows of an array, none of which is out of its bounds."""
        return np.take(array, indices, axis=0)

    @staticmethod
    def greatest_nearby(images: NDArray[Any]) -> NDArray[Any]:
        """The greatest of the 3 x 3 pixels around each."""
        beside = images.copy()
        np.maximum(beside[:, :, 1:], images[:, :, :-1], out=beside[:, :, 1:])
        np.maximum(beside[:, :, :-1], images[:, :, 1:], out=beside[:, :, :-1])
        greatest = beside.copy()
        np.maximum(greatest[:, 1:], beside[:, :-1], out=greatest[:, 1:])
        np.maximum(greatest[:, :-1], beside[:, 1:], out=greatest[:, :-1])
        return greatest


class _Keras:
    """`keras.ops`, imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("keras.ops"), name)

    @staticmethod
    def rows(array: Tensor, indices: Tensor) -> Tensor:
        return _backend().rows(array, indices)

    def greatest_nearby(self, images: Tensor) -> Tensor:
        for window in ((1, 3), (3, 1)):
            images = self.max_pool(images, window, strides=1, padding="same")
        return images


NUMPY, KERAS = _NumPy(), _Keras()
