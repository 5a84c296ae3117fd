"""`HandwritingTransform`: deformed images, on the fly, without a framework or for any of them."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.errors import LARGEST_SEED, GanprofileError, UsageError, check_seed
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.storage.paths import StrPath
from ganprofile.transforms.handwriting import deforming
from ganprofile.transforms.handwriting.directions import AFFINE, BEND, RANK, learned_directions
from ganprofile.transforms.handwriting.frames import Frame
from ganprofile.transforms.handwriting.inputs import (
    as_array,
    check_arguments,
    check_images,
    check_labels,
    class_indices,
    locate,
    replaced,
    taken,
)
from ganprofile.transforms.handwriting.pictures import Picture, is_picture, of_dtype, opened
from ganprofile.transforms.handwriting.pixel_ranges import Pixels
from ganprofile.transforms.handwriting.streams import Places
from ganprofile.transforms.value_ranges import BYTES

if TYPE_CHECKING:
    import albumentations

LAYOUT = "channels_last"
AT_ONCE = 64  # images, so that what is computed of them stays near the processor
FORMAT = 1  # of the files that `save` writes
ANSWERS = {-1: None, 0: False, 1: True}  # as numbers there


class HandwritingTransform:
    """Bends characters as those differ that it was shown, and as classical transforms do.

    The same as the layer `ganprofile.HandwritingAugmenter`, for PyTorch, albumentations and NumPy:
    it needs no framework, is a transform of torchvision's kind, can be pickled, and works in the
    workers of a `DataLoader`, forked or spawned. With the same seed, what was learned being the
    same, the k-th image is bent as the k-th of the layer and of every other use.

    In a worker of a `DataLoader` it draws from a stream of that worker's own, which depends on
    `seed` and on PyTorch's (`torch.manual_seed` or `DataLoader(generator=...)`), as random
    transforms do there; every epoch draws anew.

    Args:
        num_classes: how many classes labels tell apart, 1 or more.
        strength: a factor on everything that happens, 0 to 100, 0 for nothing. Far above 1 few
            characters stay what they are; one of which nothing would be left is not deformed.
        value_range: the ends of the range of pixels, such as (0, 255) or (-1, 1); (255, 0) says as
            well that paper is 255. None recognises it in every batch: 0..1, -1..1, -0.5..0.5,
            0..255, else it goes by the least and the greatest value and the images' edges.
        seed: 0..2147483647, fixes what happens; None draws it.
        dark_on_light: whether ink is dark and paper light. None goes by the edges of the images:
            of those that `adapt` is shown, else of every image or batch.
        keep_inside: whether deformed ink is moved and shrunk as far as it has to be, so that none
            leaves its image. None does so where `adapt` is shown images of which more than a fifth
            have ink on their edge.
        keep_size: whether images stay about as large as they are, since size tells characters
            apart, as `c` and `C`. `augment` finds that out of images; here it is declared.

    Attributes:
        directions: float32 `(num_classes + 1, 32, 134)`, what `adapt` learned.
        seed: which one it is.

    Raises:
        UsageError: an argument cannot be meant.

    Example:
        >>> import torch
        >>> from torch.utils.data import DataLoader, Dataset
        >>> class Characters(Dataset):
        ...     def __init__(self, few, transform):
        ...         self.few, self.transform = few, transform
        ...     def __len__(self):
        ...         return len(self.few.labels)
        ...     def __getitem__(self, k):
        ...         image = torch.from_numpy(self.few.images[k]).permute(2, 0, 1)
        ...         return self.transform(image, int(self.few.labels[k]))
        >>> few = gp.load("digits")[0].subset(per_class=5)
        >>> transform = gp.transforms.HandwritingTransform(10, seed=0)
        >>> transform = transform.adapt(few.images, few.labels)
        >>> loader = DataLoader(Characters(few, transform), batch_size=25, shuffle=True)
        >>> [(tuple(images.shape), images.dtype, len(labels)) for images, labels in loader]
        [((25, 1, 28, 28), torch.uint8, 25), ((25, 1, 28, 28), torch.uint8, 25)]
    """

    def __init__(
        self,
        num_classes: int,
        strength: float = 1.0,
        value_range: tuple[float, float] | None = None,
        seed: int | None = None,
        dark_on_light: bool | None = None,
        keep_inside: bool | None = None,
        keep_size: bool = False,
    ) -> None:
        check_arguments(num_classes, strength, seed)
        self.num_classes, self.strength = int(num_classes), float(strength)
        self.seed = secrets.randbelow(LARGEST_SEED + 1) if seed is None else int(seed)
        self._pixels = Pixels(type(self).__name__, value_range, dark_on_light)
        self._frame = Frame(type(self).__name__, keep_inside, keep_size)
        self._places = Places(self.seed)
        self.directions: NDArray[np.float32] = np.zeros(
            (self.num_classes + 1, RANK, AFFINE + BEND), np.float32
        )

    @property
    def dark_on_light(self) -> bool | None:
        """Whether ink is dark, as declared or as `adapt` saw it; None before."""
        return self._pixels.dark_on_light

    @property
    def keep_inside(self) -> bool | None:
        """Whether no ink leaves its image, as declared or as `adapt` saw it; None before."""
        return self._frame.keep_inside

    @property
    def keep_size(self) -> bool:
        """Whether images stay about as large as they are, as declared."""
        return self._frame.keep_size

    @property
    def value_range(self) -> tuple[float, float] | None:
        """The ends of the range of pixels as they were declared, or None."""
        return self._pixels.value_range

    def adapt(self, images: Any, labels: Any, seed: int = 0) -> Self:
        """Learn how images of one class differ, from some of every class.

        Args:
            images: a batch as in a call, or a list of images of one size.
            labels: as in a call. A class without images is named, and deformed as all differ.
            seed: 0..2147483647, decides which images are compared.

        Returns:
            The transform.

        Raises:
            UsageError: images, labels or the seed do not fit, or nothing is to be seen.

        Example:
            >>> few = gp.load("digits")[0].subset(per_class=5)
            >>> transform = gp.transforms.HandwritingTransform(10)
            >>> transform.adapt(few.images, few.labels) is transform
            True
        """
        check_seed(seed)
        shown, names = _batch(images), as_array(labels)
        shape = check_images(shown, LAYOUT, ranks=(4,))
        check_labels(names, self.num_classes, shape)
        characters = self._pixels.learned(shown)
        self._frame.learn(characters)
        indices = class_indices(names, self.num_classes)
        options = indices, self.num_classes, seed, self.keep_size
        self.directions = learned_directions(characters, *options)
        return self

    def __call__(self, image: Any, label: Any = None) -> Any:
        """Deform an image or a batch; each image gets numbers of its own.

        Args:
            image: a PIL image (grey or RGB), a PyTorch tensor `(1 or 3, height, width)`, an array
                `(height, width)` or `(height, width, 1 or 3)`; or a batch, `(n, ...)`; or a list of
                images; or, by itself, a tuple `(image, label, ...)` or a dict with `"image"` or
                `"images"` and, where it is known, `"label"` or `"labels"`.
            label: an integer, of a batch `(n,)` or `(n, 1)`, or one-hot with a column for each
                class, as array, tensor or list; None where it is not known.

        Returns:
            What was given, of the same type, numbers and device: the image alone, or with its
            label the tuple of both, as torchvision's transforms have it.

        Raises:
            UsageError: image or label do not fit.

        Example:
            >>> from PIL import Image
            >>> transform = gp.transforms.HandwritingTransform(10, dark_on_light=False, seed=0)
            >>> transform(Image.new("L", (28, 28)))
            <PIL.Image.Image image mode=L size=28x28...>
            >>> image, label = transform(np.zeros((32, 32, 3), np.uint8), 7)
            >>> image.shape, label
            ((32, 32, 3), 7)
        """
        if label is None and isinstance(image, (tuple, Mapping)):
            image_at, label_at = locate(image)
            known = None if label_at is None else taken(image, label_at)
            return replaced(image, image_at, self.deformed(taken(image, image_at), known))
        seen = self.deformed(image, label)
        return seen if label is None else (seen, label)

    def deformed(self, image: Any, label: Any = None) -> Any:
        """The image of a call alone, whether it has a label or not.

        Args:
            image: as in a call, without what may be around an image.
            label: as in a call.

        Returns:
            What was given as image, of the same type.

        Raises:
            UsageError: image or label do not fit.

        Example:
            >>> transform = gp.transforms.HandwritingTransform(10, dark_on_light=False)
            >>> transform.deformed(np.zeros((2, 28, 28, 1), np.uint8), [3, 4]).shape
            (2, 28, 28, 1)
        """
        if isinstance(image, list):
            labels: Any = [None] * len(image) if label is None else label
            if np.ndim(labels) == 0 or len(labels) != len(image):
                raise UsageError(
                    f"A list of {len(image)} images has as many labels; one image as numbers is an "
                    f"array, `np.array(image)`. Received: {label!r:.60}."
                )
            return [self.deformed(*pair) for pair in zip(image, labels, strict=True)]
        picture = opened(image)
        known = None if label is None else as_array(label)
        self._check(picture, known)
        if self.strength == 0 or not picture.images.size:
            return image
        if known is None:
            indices = np.full(len(picture.images), self.num_classes, np.int32)
        else:
            known = known[None] if picture.is_one else known
            indices = class_indices(known, self.num_classes).astype(np.int32)
        return picture.again(self._deformed(picture.images, indices))

    def restart(self, stream: int = 0) -> Self:
        """Begin a stream of random numbers, as if nothing had been drawn.

        Args:
            stream: which one, 0..4294967295: 0 is that of a new transform; processes that are no
                workers of a `DataLoader` take one each.

        Returns:
            The transform.

        Raises:
            UsageError: there is no such stream.

        Example:
            >>> transform = gp.transforms.HandwritingTransform(10, dark_on_light=False, seed=0)
            >>> image = gp.load("digits")[0].images[0]
            >>> once = transform(image)
            >>> bool((transform(image) == once).all())
            False
            >>> bool((transform.restart()(image) == once).all())
            True
        """
        if not isinstance(stream, (int, np.integer)) or not 0 <= stream < 2**32:
            raise UsageError(f"stream should be an integer in 0..4294967295. Received: {stream!r}.")
        self._places = Places(self.seed, int(stream))
        return self

    def save(self, path: StrPath) -> None:
        """Write the arguments and what was learned as an `.npz` file of plain arrays.

        Args:
            path: the file, which appears whole or not at all.

        Raises:
            GanprofileError: its folder is not there.

        Example:
            >>> gp.transforms.HandwritingTransform(10, seed=3).save("writing.npz")
            >>> gp.transforms.HandwritingTransform.load("writing.npz").seed
            3
        """
        number_of = {answer: number for number, answer in ANSWERS.items()}
        numbers = {
            "format": FORMAT,
            "num_classes": self.num_classes,
            "strength": self.strength,
            "seed": self.seed,
            "value_range": self.value_range or (),
            "dark_on_light": number_of[self.dark_on_light],
            "keep_inside": number_of[self.keep_inside],
            "keep_size": number_of[self.keep_size],
            "goes_by_edges": self._pixels.goes_by_edges,
            "goes_by_images": self._frame.goes_by_images,
        }
        arrays = {name: np.asarray(value) for name, value in numbers.items()}
        write_arrays(path, {**arrays, "directions": self.directions})

    @classmethod
    def load(cls, path: StrPath) -> Self:
        """Read what `save` wrote.

        Args:
            path: the file.

        Returns:
            A transform at the beginning of its stream.

        Raises:
            GanprofileError: the file is missing, damaged, or of another kind.

        Example:
            >>> gp.transforms.HandwritingTransform(10, strength=0.5).save("mild.npz")
            >>> gp.transforms.HandwritingTransform.load("mild.npz")
            HandwritingTransform(num_classes=10, strength=0.5, ...)
        """
        arrays = open_arrays(path, "Write it with HandwritingTransform.save.")
        try:
            if int(arrays["format"]) != FORMAT:
                raise ValueError(f"format {int(arrays['format'])}")
            ends = arrays["value_range"].tolist()
            transform = cls(
                int(arrays["num_classes"]),
                float(arrays["strength"]),
                (ends[0], ends[1]) if ends else None,
                int(arrays["seed"]),
                ANSWERS[int(arrays["dark_on_light"])],
                ANSWERS[int(arrays.get("keep_inside", -1))],
                bool(ANSWERS[int(arrays.get("keep_size", 0))]),
            )
            directions = arrays["directions"].astype(np.float32)
            if directions.shape != transform.directions.shape or not np.isfinite(directions).all():
                raise ValueError(f"directions {directions.shape}")
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise GanprofileError(
                f"{path} is no file of a HandwritingTransform ({error}). Write it with "
                "HandwritingTransform.save."
            ) from error
        transform.directions = directions
        # What was learned is no declaration: another `adapt` learns it anew.
        transform._pixels.goes_by_edges |= bool(arrays.get("goes_by_edges", False))
        transform._frame.goes_by_images |= bool(arrays.get("goes_by_images", False))
        return transform

    def as_albumentations(self, p: float = 1.0) -> albumentations.ImageOnlyTransform:
        """The same as a transform of albumentations, with a stream of its own from the beginning.

        Its calls take images as that library does, and `label=...`, if it is known.

        Args:
            p: the probability that anything happens, 0..1.

        Returns:
            An `albumentations.ImageOnlyTransform`.

        Raises:
            GanprofileError: albumentations is not installed.

        Example:
            >>> transform = gp.transforms.HandwritingTransform(10, dark_on_light=False)
            >>> chain = transform.as_albumentations()
            >>> chain(image=np.zeros((28, 28), np.uint8), label=7)["image"].shape
            (28, 28)
        """
        try:
            from ganprofile.transforms.handwriting.for_albumentations import HandwritingImageOnly
        except ModuleNotFoundError as error:
            raise GanprofileError(
                "as_albumentations needs albumentations, which is not installed. Install it: pip "
                "install albumentations."
            ) from error
        return HandwritingImageOnly(copy.copy(self).restart(), p=p)

    def __repr__(self) -> str:
        names = ("num_classes", "strength", "value_range", "seed", "dark_on_light")
        frame = ("keep_inside", "keep_size")
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in (*names, *frame))
        return f"{type(self).__name__}({values})"

    def _check(self, picture: Picture, labels: np.ndarray | None) -> None:
        """Refuse images and labels that do not fit each other or what was declared."""
        images = picture.images
        shape = check_images(images[0] if picture.is_one else images, LAYOUT)
        if labels is not None:
            check_labels(labels, self.num_classes, shape)
        # Bytes fit 0..255 whatever they are, and a single image may be ink all over.
        if images.dtype != np.uint8 or sorted(self.value_range or BYTES) != list(BYTES):
            self._pixels.check(images.astype(np.float32))
        self._pixels.say_what_decides()
        self._pixels.say_doubts(images)

    def _deformed(self, images: np.ndarray, labels: NDArray[np.int32]) -> np.ndarray:
        """A checked batch, in the type that it has."""
        pixels = images.astype(np.float32)
        paper, ink = self._pixels.paper_and_ink(pixels, *self._pixels.ends(pixels))
        key = self._places.take(len(images))
        strengths = deforming.strengths_by(self.strength, self.keep_size)
        seen = np.empty(images.shape, images.dtype)
        for first in range(0, len(images), AT_ONCE):
            rows = slice(first, first + AT_ONCE)
            numbers = deforming.random_numbers(*key[:2], key[2][rows])
            some, sort = pixels[rows], labels[rows]
            known = self.directions, numbers, strengths, np.float32(paper), np.float32(ink)
            ready = deforming.deformed(some, sort, *known, bool(self.keep_inside))
            seen[rows] = of_dtype(ready, images.dtype)
        return seen


def _batch(images: Any) -> np.ndarray:
    """What `adapt` is given as an array, channels last; of one size if it is a list."""
    if isinstance(images, list) and images and all(map(is_picture, images)):
        each = [opened(image).images for image in images]
        sizes = sorted({one.shape[1:] for one in each})
        if len(sizes) > 1:
            raise UsageError(
                f"adapt needs images of one size. Received: {sizes[0]} and {sizes[1]}. Resize them."
            )
        return np.concatenate(each)
    return opened(images).images if is_picture(images) else as_array(images)
