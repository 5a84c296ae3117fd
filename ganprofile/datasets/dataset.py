"""`Dataset`: labelled character images in memory, checked once, never changed."""

from __future__ import annotations

import dataclasses
import functools
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ganprofile import images as pictures
from ganprofile.datasets.array_labels import MOST_UNNAMED
from ganprofile.datasets.blanks import strays
from ganprofile.datasets.checks import (
    check_images,
    check_provenance,
    check_words,
    checked_attributes,
    checked_integers,
    checked_places,
    checked_soft_labels,
)
from ganprofile.datasets.classes import all_or_some, names_in, numbered_names
from ganprofile.datasets.fingerprint import Fingerprint, hash_images
from ganprofile.datasets.formats.soft_labels import rearranged
from ganprofile.errors import UsageError, check_seed, check_whole
from ganprofile.frameworks import need_tensorflow
from ganprofile.storage.files import is_text
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    import datasets
    import tensorflow as tf
    from numpy.typing import ArrayLike

    from ganprofile.datasets.torch_dataset import TorchDataset


@dataclasses.dataclass(frozen=True, eq=False)
class Dataset:
    """Character images with what is known about them.

    Attributes:
        images: uint8 `(n, height, width, channels)`, 0 = paper, 255 = ink, channels 1 or 3.
        labels: int32 `(n,)`, an index into `class_names`, or None.
        class_names: the name of every class, in Unicode's composed form (NFC); a dict, number ->
            name or name -> number, is brought into the order of the labels.
        writers: int32 `(n,)`, who wrote an image, -1 where that is not known, or None.
        attributes: further columns, name -> array `(n,)`.
        name: what it is called in reports.
        split: `"train"`, `"test"` or other words for the part it is.
        recipe: the steps that make it again (see `datasets.from_recipe`), or None if only the
            caller knows.
        provenance: where its images come from (`datasets.origins`), and what loading did to it,
            such as `copies_of_test_images_removed`; recorded in everything made from it.
        rows: int64 `(n,)`, where in the part that was loaded its images stand, or None for all.
        soft_labels: float32 `(n, num_classes)`, a probability for every class of every image, or
            None.

    Raises:
        UsageError: an array has the wrong type, shape or range.

    Example:
        >>> images = np.zeros((4, 28, 28, 1), np.uint8)
        >>> gp.Dataset(images, labels=np.array([0, 1, 1, 2]), class_names=("a", "b", "c"))
        <Dataset unnamed train: 4 images of 28x28x1, 3 classes>
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    writers: np.ndarray | None = None
    attributes: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    name: str = "unnamed"
    split: str = "train"
    recipe: tuple[dict[str, Any], ...] | None = None
    provenance: dict[str, Any] = dataclasses.field(default_factory=dict)
    rows: np.ndarray | None = None
    soft_labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        check_words(self.name, self.split)
        check_images(self.images, self.name)
        object.__setattr__(self, "class_names", self._names_from_0())
        for column in ("labels", "writers", "rows"):
            values = getattr(self, column)
            if values is not None:
                checked = checked_integers(values, column, len(self.images), self.name)
                object.__setattr__(self, column, checked)
        if self.labels is not None:
            self._check_labels(self.labels)
        if self.soft_labels is not None:
            shape = (len(self.images), self.num_classes)
            what = f"`soft_labels` of {self.name}"
            checked = checked_soft_labels(self.soft_labels, shape, what)
            object.__setattr__(self, "soft_labels", checked)
        attributes = checked_attributes(self.attributes, len(self.images), self.name)
        object.__setattr__(self, "attributes", attributes)
        check_provenance(self.provenance, self.name)

    def _names_from_0(self) -> tuple[str, ...]:
        names, first = numbered_names(self.class_names, f"Class names of {self.name}")
        if first:
            raise UsageError(
                f"Class names of {self.name} should be numbered from 0, as labels are. Received: "
                f"from {first}. Dataset.from_arrays takes other labels."
            )
        return names

    def _check_labels(self, labels: np.ndarray) -> None:
        if not self.class_names and labels.min() < 0:
            raise UsageError(
                f"Labels of {self.name} should be 0 or more. Received: {labels.min()}.."
                f"{labels.max()}. Leave out the images that have no label."
            )
        if not self.class_names and labels.max() >= MOST_UNNAMED + len(self.images):
            raise UsageError(
                f"Labels of {self.name} go up to {labels.max():,} for {len(self):,} images. "
                "Give class_names, or number the classes 0, 1, 2, ..."
            )
        if not self.class_names:
            names = tuple(str(label) for label in range(int(labels.max()) + 1))
            object.__setattr__(self, "class_names", names)
        strange = next((name for name in self.class_names if not is_text(name)), None)
        if strange is not None:
            raise UsageError(
                f"Class name {strange!r} of {self.name} is no Unicode text. Rename it."
            )
        if len(set(self.class_names)) != len(self.class_names):
            twice = next(name for name in self.class_names if self.class_names.count(name) > 1)
            raise UsageError(
                f"Class names of {self.name} should differ, and not in Unicode's forms alone. "
                f"Received {twice!r} twice: {self.class_names}."
            )
        if labels.min() < 0 or labels.max() >= self.num_classes:
            raise UsageError(
                f"Labels of {self.name} should be 0..{self.num_classes - 1} for its "
                f"{self.num_classes} class names. "
                f"Received: {labels.min()}..{labels.max()}."
            )

    @classmethod
    def from_arrays(
        cls,
        images: ArrayLike,
        labels: ArrayLike | None = None,
        class_names: Sequence[str] | Mapping[int, str] | Mapping[str, int] | None = (),
        *,
        first_label: int | None = None,
        name: str = "arrays",
        **columns: Any,
    ) -> Dataset:
        """Arrays as people and libraries keep them; whatever has to be assumed is said.

        Args:
            images: levels in 0..255 or 0..1, whole numbers or floats, as `(n, height, width)`,
                `(n, height, width, channels)`, `(n, channels, height, width)`, or rows of square
                images; see `datasets.array_images.to_uint8_images`. 0 is paper. Or a list of
                pictures of Pillow, which are read as their files would be. An array of uint8 is
                kept as it is, without a copy, and must not be changed any more.
            labels: whole numbers or names `(n,)` or `(n, 1)`, one-hot rows, or None for none.
            class_names: the name of every class, in the order of the labels, or a dict: number ->
                name or name -> number; without them labels name the classes themselves.
            first_label: the number of the first class; None takes 0, or 1 where labels are 1 to N
                for N class names.
            name: what it is called in reports.
            **columns: as of a `Dataset`: `writers`, `split`, `soft_labels`, and `attributes`, a
                dict of columns of your own, such as `{"age": ages}`.

        Returns:
            A `Dataset` of uint8 images `(n, height, width, channels)`.

        Raises:
            UsageError: an array is of no such form, or there is no such column.

        Example:
            >>> images = np.linspace(0, 1, 3 * 28 * 28).reshape(3, 28, 28)
            >>> dataset = gp.Dataset.from_arrays(images, ["one", "two", "two"], name="mine")
            >>> dataset
            <Dataset mine train: 3 images of 28x28x1, 2 classes>
            >>> dataset.class_names, dataset.labels.tolist()
            (('one', 'two'), [0, 1, 1])
        """
        from ganprofile.datasets.given import datasets_of
        from ganprofile.datasets.loaders.polarity import say_dark_ink

        arguments = () if class_names is None else class_names, first_label, name
        made = datasets_of([(images, labels)], *arguments, **columns)[0]
        say_dark_ink(made)
        return made

    def __len__(self) -> int:
        return len(self.images)

    @overload
    def __getitem__(self, at: numbers.Integral | int) -> tuple[np.ndarray, int | None]: ...

    @overload
    def __getitem__(self, at: slice | Sequence[int] | np.ndarray) -> Dataset: ...

    def __getitem__(
        self, at: numbers.Integral | int | slice | Sequence[int] | np.ndarray
    ) -> tuple[np.ndarray, int | None] | Dataset:
        """One image and its label, or some of the images.

        Args:
            at: a number, from the end where it is negative; or a slice, booleans `(n,)`, or
                indices.

        Returns:
            Of a number `(image, label)`, uint8 `(height, width, channels)` and an int, None without
            labels; else a `Dataset`, as `select` gives it.

        Raises:
            IndexError: there is no image of that number.

        Example:
            >>> train_set, _ = gp.load("digits")
            >>> image, label = train_set[0]
            >>> image.shape, train_set.class_names[label]
            ((28, 28, 1), '5')
            >>> len(train_set[:100]), len(train_set[train_set.labels == 7])
            (100, 500)
        """
        if isinstance(at, bool) or not isinstance(at, numbers.Integral):
            return self.select(at if not isinstance(at, slice) else np.arange(len(self))[at])
        return self.images[at], None if self.labels is None else int(self.labels[at])

    def __repr__(self) -> str:
        shape = "x".join(str(side) for side in self.image_shape)
        content = f"{len(self)} images of {shape}, {self.num_classes} classes"
        return f"<Dataset {self.name} {self.split}: {content}>"

    @property
    def num_classes(self) -> int:
        """How many classes there are; 0 without labels.

        Example:
            >>> gp.load("digits")[0].num_classes
            10
        """
        return len(self.class_names) if self.labels is not None else 0

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """`(height, width, channels)`.

        Example:
            >>> gp.load("digits")[0].image_shape
            (28, 28, 1)
        """
        height, width, channels = self.images.shape[1:]
        return height, width, channels

    @functools.cached_property
    def fingerprint(self) -> str:
        """sha256 over classes, images, labels and writers, as 64 hexadecimal digits.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> train_set.fingerprint == gp.load("digits")[0].fingerprint
            True
            >>> train_set.fingerprint == test_set.fingerprint
            False
        """
        digest = Fingerprint(self.class_names)
        digest.update(self.images, self.labels, self.writers)
        return digest.hexdigest()

    @functools.cached_property
    def image_hashes(self) -> np.ndarray:
        """A 16-byte digest of every image's pixels, bytes `(n,)`: equal where the images are.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> bool(np.isin(test_set.image_hashes, train_set.image_hashes).any())
            False
        """
        return hash_images(self.images)

    def describe_image(self, index: int) -> str:
        """What a person would look for: split, number or file, class; a file that holds several has
        the number, too.

        Args:
            index: of the image, in 0..n - 1.

        Example:
            >>> gp.load("digits")[0].describe_image(0)
            "train image 0 (class '...')"
        """
        files = self.attributes.get("file")
        file = "" if files is None else str(files[index])
        is_alone = bool(file) and np.count_nonzero(files == file) == 1
        where = file if is_alone else ", ".join(filter(None, (file, f"image {index}")))
        label = "" if self.labels is None else f" (class {self.class_names[self.labels[index]]!r})"
        return f"{self.split} {where}{label}"

    def class_counts(self) -> np.ndarray:
        """How many images each class has, int64 `(num_classes,)`.

        Raises:
            UsageError: there are no labels.

        Example:
            >>> gp.load("digits")[1].class_counts().tolist()
            [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
        """
        return np.bincount(self._required_labels("class_counts"), minlength=self.num_classes)

    def select(self, mask: ArrayLike) -> Dataset:
        """The images where `mask` points. Classes stay as they are.

        Args:
            mask: bool `(n,)`, or indices, from the end where they are negative, as NumPy counts.

        Returns:
            A `Dataset` that knows no recipe.

        Raises:
            UsageError: there are no such images, or none is chosen.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> train_set.select(train_set.labels == 7)
            <Dataset digits train: 500 images of 28x28x1, 10 classes>
        """
        return self._replace(checked_places(mask, len(self), self.name), recipe=None)

    def part(self, mask: ArrayLike, split: str) -> Dataset:
        """The images where `mask` points, as the part `split` of the same dataset.

        Args:
            mask: as for `select`.
            split: `"train"`, `"test"` or another word.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> train_set.part(np.arange(100), "validation")
            <Dataset digits validation: 100 images of 28x28x1, 10 classes>
        """
        places = checked_places(mask, len(self), self.name)
        return self._replace(places, split=split, recipe=None, rows=None)

    def subset(self, per_class: int, seed: int = 0) -> Dataset:
        """A seeded draw of `per_class` images of every class, in the original order.

        Args:
            per_class: 1 or more.
            seed: in 0..2147483647; the same seed draws the same images.

        Raises:
            UsageError: a class has fewer images, or there are no labels.

        Example:
            >>> gp.load("digits")[0].subset(per_class=50, seed=1)
            <Dataset digits train: 500 images of 28x28x1, 10 classes>
        """
        labels = self._required_labels("subset")
        check_whole("per_class", per_class)
        check_seed(seed)
        counts = self.class_counts()
        if counts.min() < per_class:
            if not counts.min():
                raise UsageError(
                    f"{self.name} has no image of the class "
                    f"{self.class_names[int(counts.argmin())]!r}, of which a subset needs "
                    f"{per_class}. Leave it out with of_classes(names of the others)."
                )
            poorest = self.class_names[int(counts.argmin())]
            raise UsageError(
                f"A subset of {per_class} images per class is more than class {poorest!r} of "
                f"{self.name} has ({counts.min()}). Ask for {counts.min()} or fewer."
            )
        random = np.random.default_rng(seed)
        order = random.permutation(len(self))
        grouped = order[np.argsort(labels[order], kind="stable")]
        firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        chosen = np.concatenate([grouped[first : first + per_class] for first in firsts])
        step = {"subset": {"per_class": int(per_class), "seed": int(seed)}}
        return self._replace(np.sort(chosen), recipe=self._recipe_with(step))

    def of_classes(self, names: str | Iterable[str | int]) -> Dataset:
        """Only the named classes, relabelled 0, 1, ... in the dataset's own order.

        Args:
            names: of classes; a text may be one name, names with commas between them, or names of
                one character each.

        Raises:
            UsageError: a name is not a class of this dataset, or the named have no images.

        Example:
            >>> dataset = gp.load("digits")[0].of_classes("147")
            >>> dataset.class_names, len(dataset)
            (('1', '4', '7'), 1500)
        """
        labels = self._required_labels("of_classes")
        names = names_in(names, self.class_names)
        unknown = [name for name in names if name not in self.class_names]
        if unknown:
            raise UsageError(
                f"{self.name} has no class {unknown[0]!r}. "
                f"Classes: {all_or_some(self.class_names)}."
            )
        kept = [index for index, name in enumerate(self.class_names) if name in set(names)]
        step = {"of_classes": {"names": [self.class_names[index] for index in kept]}}
        chosen = np.flatnonzero(np.isin(labels, kept))
        if not len(chosen):
            raise UsageError(
                f"{self.name} has no image of the class{'es' if len(kept) > 1 else ''} "
                f"{all_or_some(step['of_classes']['names']) or '(none was named)'}."
            )
        now = np.searchsorted(kept, labels[chosen]).astype(np.int32)
        soft = None if self.soft_labels is None else self.soft_labels[chosen]
        return self._replace(
            chosen,
            labels=now,
            class_names=tuple(self.class_names[index] for index in kept),
            recipe=self._recipe_with(step),
            soft_labels=rearranged(soft, now, kept, range(len(kept)), len(kept)),
        )

    def without_blanks(self) -> Dataset:
        """Only the images that show something, and those of classes that are to show nothing, as of
        a space: half of their images or more are blank.

        Example:
            >>> digits = gp.load("digits")[1]
            >>> len(digits.without_blanks()) == len(digits)
            True
        """
        kept = np.flatnonzero(~strays(self))
        return self._replace(kept, recipe=self._recipe_with({"without_blanks": {}}))

    def to_numpy(self, soft: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """The images and their targets, as Keras and, in rows, scikit-learn take them.

        Args:
            soft: whether targets are soft labels.

        Returns:
            uint8 `(n, height, width, channels)`, and int32 `(n,)` or float32 `(n, num_classes)`;
            copies, which may be changed.

        Raises:
            UsageError: there are no labels, or `soft` is set and there are no soft ones.

        Example:
            >>> images, labels = gp.load("digits")[1].to_numpy()
            >>> images.reshape(len(images), -1).shape, labels[:3].tolist()
            ((1000, 784), [2, 7, 3])
        """
        return self.images.copy(), self._targets(soft, "to_numpy").copy()

    def to_torch(
        self, soft: bool = False, transform: Callable[[Any], Any] | None = None
    ) -> TorchDataset:
        """A map-style `torch.utils.data.Dataset`, which goes to the workers of a `DataLoader` by
        fork and by spawn; there, they share the images in memory.

        Args:
            soft: whether targets are soft labels.
            transform: a function of a PIL image (grey or RGB, 0 = paper), such as a transform of
                torchvision; what it returns takes the place of the image. None gives a tensor.

        Returns:
            Of `[k]` `(image, target)`: float32 `(channels, height, width)` in 0..1, 0 = paper; and
            an int, of which a `DataLoader` makes int64 `(b,)`, or float32 `(num_classes,)`, which
            `torch.nn.CrossEntropyLoss` takes just as well.

        Raises:
            UsageError: there are no labels, or `soft` is set and there are no soft ones.
            GanprofileError: PyTorch is not installed.

        Example:
            >>> import torch
            >>> images = gp.load("digits")[0].to_torch()
            >>> batch, labels = next(iter(torch.utils.data.DataLoader(images, batch_size=32)))
            >>> batch.shape, batch.dtype, labels.dtype
            (torch.Size([32, 1, 28, 28]), torch.float32, torch.int64)
        """
        targets = self._targets(soft, "to_torch")
        from ganprofile.datasets.torch_dataset import SharedArray, TorchDataset

        targets = SharedArray(targets) if soft else targets
        labels = self._required_labels("to_torch")
        images = SharedArray(self.images)
        return TorchDataset(images, targets, self.class_names, labels, transform)

    def to_hf(self) -> datasets.Dataset:
        """A `datasets.Dataset` of Hugging Face: `image` (`Image`), `label` (`ClassLabel`, its names
        in order), and `writer` and `soft_labels` (float32, one for each class) if they are known.

        Raises:
            UsageError: there are no labels.
            GanprofileError: `datasets` is not installed.

        Example:
            >>> rows = gp.load("digits")[1].to_hf()
            >>> rows.features["label"].names[:3], rows[0]["image"].size, rows[0]["label"]
            (['0', '1', '2'], (28, 28), 2)
        """
        labels = self._required_labels("to_hf")
        from ganprofile.datasets.hugging_face import hugging_face_dataset

        columns = self.class_names, self.writers, self.soft_labels
        return hugging_face_dataset([(self.images, labels)], *columns)

    def to_tf(self, batch_size: int, soft: bool = False) -> tf.data.Dataset:
        """A `tf.data.Dataset` of `(float32 images in [-1, 1], labels)`, in order.

        Args:
            batch_size: images in a batch, 1 or more; the last batch may be smaller.
            soft: whether soft labels stand in the place of labels.

        Returns:
            Batches `(float32 (b, height, width, channels), int32 (b,))`, or of images alone in a
            tuple where there are no labels; soft labels are float32 `(b, num_classes)`.

        Raises:
            UsageError: `soft` is set, and there are no soft labels, or `batch_size` is no number
                of images.
            GanprofileError: TensorFlow is not installed.

        Example:
            >>> images, labels = next(iter(gp.load("digits")[0].to_tf(batch_size=32)))
            >>> tuple(images.shape), tuple(labels.shape)
            ((32, 28, 28, 1), (32,))
        """
        check_whole("batch_size", batch_size)
        need_tensorflow("Dataset.to_tf")
        import tensorflow as tf

        has_targets = soft or self.labels is not None
        columns = (self.images, *([self._targets(soft, "to_tf")] if has_targets else []))
        slices = tf.data.Dataset.from_tensor_slices(columns).batch(batch_size)
        return slices.map(lambda images, *labels: (pictures.to_float(images, tf.cast), *labels))

    def save(self, path: StrPath, format: str = "npz", force: bool = False) -> StrPath:
        """Write the set as a folder; `ganprofile.load` reads it back, in this order and with every
        column.

        Args:
            path: of the folder.
            format: a name in `datasets.formats.FORMATS`, such as `"npz"`, `"imagefolder"`, `"idx"`,
                `"tfds"` or `"tfrecord"`.
            force: replace a set that is there.

        Returns:
            The path, as it was given.

        Raises:
            UsageError: the format is unknown, there are no labels, or the path exists and `force`
                is not set.

        Example:
            >>> path = gp.load("digits")[1].save("saved", "imagefolder")
            >>> gp.load(path)[0].class_counts().tolist()
            [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
        """
        from ganprofile.datasets.formats.set_writer import save

        return save(self, path, format, force)

    def grid(self, per_class: int = 10, seed: int = 0) -> np.ndarray:
        """Some images of every class as one picture, dark ink on white paper.

        Of more than 100 classes the first 100 that have images are shown; places that a class
        cannot fill are empty.

        Args:
            per_class: how many, 1 or more.
            seed: which ones, a non-negative integer.

        Returns:
            uint8 `(height, width, channels)`.

        Raises:
            UsageError: a number is none, or too small.

        Example:
            >>> gp.load("digits")[0].grid(per_class=5).shape
            (298, 148, 1)
        """
        check_whole("per_class", per_class)
        check_whole("seed", seed, least=0)
        if self.labels is None:
            order = np.random.default_rng(seed).permutation(len(self))
            return pictures.grid(self.images[order[: per_class * 10]], per_class)
        return pictures.class_grid(*self.some_of_classes(per_class, seed))

    def some_of_classes(self, per_class: int, seed: int = 0) -> tuple[np.ndarray, int]:
        """The images of a `grid` with a row for every class, and how many classes those are.

        Args:
            per_class: how many, 1 or more; places that a class cannot fill are empty.
            seed: which ones, a non-negative integer.

        Returns:
            uint8 `(classes * per_class, height, width, channels)`, class by class, and a number.

        Raises:
            UsageError: there are no labels, or a number is none, or too small.

        Example:
            >>> images, classes = gp.load("digits")[0].some_of_classes(3)
            >>> images.shape, classes
            ((30, 28, 28, 1), 10)
        """
        labels = self._required_labels("some_of_classes")
        check_whole("per_class", per_class)
        check_whole("seed", seed, least=0)
        order = np.random.default_rng(seed).permutation(len(self))
        classes = pictures.classes_shown(labels, self.num_classes)
        sheet = np.zeros((len(classes), per_class, *self.image_shape), np.uint8)
        for row, label in enumerate(classes):
            some = np.sort(order[labels[order] == label][:per_class])
            sheet[row, : len(some)] = self.images[some]
        return sheet.reshape(-1, *self.image_shape), len(classes)

    def _replace(self, chosen: np.ndarray, **changes: Any) -> Dataset:
        columns = {
            "images": self.images[chosen],
            "labels": None if self.labels is None else self.labels[chosen],
            "writers": None if self.writers is None else self.writers[chosen],
            "attributes": {name: values[chosen] for name, values in self.attributes.items()},
            "rows": np.arange(len(self))[chosen] if self.rows is None else self.rows[chosen],
            "soft_labels": None if self.soft_labels is None else self.soft_labels[chosen],
        }
        return dataclasses.replace(self, **{**columns, **changes})

    def _recipe_with(self, step: Mapping[str, Any]) -> tuple[dict[str, Any], ...] | None:
        return None if self.recipe is None else (*self.recipe, dict(step))

    def _targets(self, soft: bool, purpose: str) -> np.ndarray:
        labels = self._required_labels(purpose)
        if not soft:
            return labels
        if self.soft_labels is None:
            raise UsageError(
                f"{self.name} has no soft labels. Leave out `soft`, or make some: augment always "
                "does, generate with `soft_labels=True`."
            )
        return self.soft_labels

    def _required_labels(self, purpose: str) -> np.ndarray:
        if self.labels is None:
            raise UsageError(f"{self.name} has no labels, which {purpose} needs.")
        return self.labels
