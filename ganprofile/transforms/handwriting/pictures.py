"""Pictures of each framework as arrays, and arrays as pictures of the same kind again.

A kind is one line in `KINDS`. PIL and PyTorch are never imported for it: whoever has a picture of
theirs has them loaded.
"""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ganprofile.errors import UsageError

MODES = ("L", "RGB")


class Picture(NamedTuple):
    """What was given, as arrays.

    Attributes:
        images: numbers `(n, height, width, 1 or 3)`.
        is_one: whether it was one image, without n.
        again: a function of float32 or uint8 images of that shape to what was given.
    """

    images: np.ndarray
    is_one: bool
    again: Callable[[np.ndarray], Any]


def opened(given: Any) -> Picture:
    """What was given as a `Picture`.

    Args:
        given: a PIL image in grey or RGB; a tensor of PyTorch `(1 or 3, height, width)` or
            `(n, 1 or 3, height, width)`; an array `(height, width)`, `(height, width, 1 or 3)` or
            `(n, height, width, 1 or 3)`.

    Raises:
        UsageError: it is something else.
    """
    for is_kind, open_one in KINDS.values():
        if is_kind(given):
            return open_one(given)
    raise _refusal(type(given).__name__)


def is_picture(given: Any) -> bool:
    """Whether it is of one of the `KINDS`."""
    return any(is_kind(given) for is_kind, _ in KINDS.values())


def of_dtype(images: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Images in a type of numbers, rounded and cut to its range where it has whole ones."""
    if np.issubdtype(dtype, np.bool_):
        return images > 0.5  # else every fraction above 0 were ink
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        images = np.clip(np.rint(images), info.min, info.max)
    return images.astype(dtype)


def _open_pil(given: Any) -> Picture:
    if given.mode not in MODES:
        raise _refusal(f"a PIL image of mode {given.mode!r}; {_advice(given)}")
    pixels = np.asarray(given)

    def again(images: np.ndarray) -> Any:
        picture = images[0, ..., 0] if given.mode == "L" else images[0]
        return sys.modules["PIL.Image"].fromarray(np.ascontiguousarray(picture))

    return Picture(pixels.reshape(1, *pixels.shape[:2], -1), True, again)


def _advice(given: Any) -> str:
    """How a PIL image becomes grey with its ink kept; Pillow cuts at 255 and forgets alpha."""
    if given.mode.startswith(("I", "F")):
        return "give its numbers, numpy.asarray(picture), for .convert('L') cuts them at 255"
    if given.mode.upper().endswith("A") or "transparency" in given.info:
        return (
            ".convert('L') makes it grey once it lies on paper: PIL.Image.alpha_composite("
            "PIL.Image.new('RGBA', picture.size, 'white'), picture.convert('RGBA')).convert('L')"
        )
    return ".convert('L') makes it grey"


def _open_tensor(given: Any) -> Picture:
    torch = sys.modules["torch"]
    if given.ndim not in (3, 4) or given.shape[-3] not in (1, 3) or given.dtype.is_complex:
        raise _refusal(f"a tensor {tuple(given.shape)} of {given.dtype}")
    plain = given.detach().cpu()
    if plain.dtype.is_floating_point:
        plain = plain.float()
    pixels = np.moveaxis(plain.numpy(), -3, -1)

    def again(images: np.ndarray) -> Any:
        moved = np.ascontiguousarray(np.moveaxis(images, -1, 1))
        made = torch.from_numpy(moved if given.ndim == 4 else moved[0])
        made = made.to(device=given.device, dtype=given.dtype)
        # A subclass, such as the images of torchvision's `tv_tensors`, stays what it is.
        return made if type(given) is torch.Tensor else _wrapped(made, given)

    is_one = given.ndim == 3
    return Picture(pixels[None] if is_one else pixels, is_one, again)


def _wrapped(made: Any, given: Any) -> Any:
    known = sys.modules.get("torchvision.tv_tensors")
    if known is not None and isinstance(given, known.TVTensor):
        return known.wrap(made, like=given)
    return made.as_subclass(type(given))


def _open_array(given: np.ndarray) -> Picture:
    shape = given.shape if given.ndim != 2 else (*given.shape, 1)
    if len(shape) not in (3, 4) or shape[-1] not in (1, 3) or given.dtype.kind not in "buif":
        raise _refusal(f"{given.dtype} {given.shape}")
    is_one = len(shape) == 3
    images = given.reshape((1, *shape) if is_one else shape)
    return Picture(images, is_one, lambda made: made.reshape(given.shape))


def _is_of(module: str, name: str) -> Callable[[Any], bool]:
    """Whether something is of a class of a module, which is loaded if it is."""

    def check(given: Any) -> bool:
        known = getattr(sys.modules.get(module), name, None)
        return known is not None and isinstance(given, known)

    return check


def _refusal(received: str) -> UsageError:
    return UsageError(
        "An image should be a PIL image in grey or RGB, a PyTorch tensor (1 or 3, height, width), "
        f"an array (height, width, 1 or 3), or a batch of such. Received: {received}."
    )


# name -> (whether something is of that kind, how it is opened)
KINDS: dict[str, tuple[Callable[[Any], bool], Callable[[Any], Picture]]] = {
    "PIL": (_is_of("PIL.Image", "Image"), _open_pil),
    "PyTorch": (_is_of("torch", "Tensor"), _open_tensor),
    "NumPy": (lambda given: isinstance(given, np.ndarray), _open_array),
}
