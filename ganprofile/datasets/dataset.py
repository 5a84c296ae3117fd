"""`Dataset`: labelled character images in memory, checked once, never changed."""

import dataclasses
import functools
import numbers

import numpy as np

from ganprofile import images as pictures
from ganprofile.datasets.array_labels import MOST_UNNAMED
from ganprofile.datasets.checks import check_images, checked_integers
from ganprofile.datasets.classes import names_in
from ganprofile.datasets.fingerprint import Fingerprint, hash_images
from ganprofile.errors import UsageError, check_seed
from ganprofile.storage.files import composed, is_text


@dataclasses.dataclass(frozen=True, eq=False)
class Dataset:
    """Character images with what is known about them.

    Attributes:
        images: uint8 `(n, height, width, channels)`, 0 = paper, 255 = ink, channels 1 or 3.
        labels: int32 `(n,)`, an index into `class_names`, or None.
        class_names: the name of every class, in Unicode's composed form (NFC).
        writers: int32 `(n,)`, who wrote an image, -1 where that is not known, or None.
        attributes: further columns, name -> array `(n,)`.
        name: what it is called in reports.
        split: `"train"`, `"test"` or another word for the part it is.
        recipe: the steps that make it again (see `datasets.from_recipe`), or None if only the
            caller knows.
        provenance: where its images come from (`datasets.origins`), and what loading did to it,
            such as `copies_of_test_images_removed`; recorded in everything made from it.
        rows: int64 `(n,)`, where in the part that was loaded its images stand, or None for all.

    Raises:
        UsageError: an array has the wrong type, shape or range.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    writers: np.ndarray | None = None
    attributes: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    name: str = "unnamed"
    split: str = "train"
    recipe: tuple[dict, ...] | None = None
    provenance: dict = dataclasses.field(default_factory=dict)
    rows: np.ndarray | None = None

    def __post_init__(self):
        check_images(self.images, self.name)
        object.__setattr__(self, "class_names", tuple(map(composed, self.class_names)))
        for column in ("labels", "writers"):
            values = getattr(self, column)
            if values is not None:
                checked = checked_integers(values, column, len(self.images), self.name)
                object.__setattr__(self, column, checked)
        if self.labels is not None:
            self._check_labels()
        for column, values in self.attributes.items():
            if len(values) != len(self.images):
                raise UsageError(
                    f"Attribute {column!r} of {self.name} should have {len(self.images)} values. "
                    f"Received: {len(values)}."
                )

    def _check_labels(self):
        if not self.class_names and self.labels.min() < 0:
            raise UsageError(
                f"Labels of {self.name} should be 0 or more. Received: {self.labels.min()}.."
                f"{self.labels.max()}. Leave out the images that have no label."
            )
        if not self.class_names and self.labels.max() >= MOST_UNNAMED + len(self.images):
            raise UsageError(
                f"Labels of {self.name} go up to {self.labels.max():,} for {len(self):,} images. "
                "Give class_names, or number the classes 0, 1, 2, ..."
            )
        if not self.class_names:
            names = tuple(str(label) for label in range(int(self.labels.max()) + 1))
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
        if self.labels.min() < 0 or self.labels.max() >= self.num_classes:
            raise UsageError(
                f"Labels of {self.name} should be 0..{self.num_classes - 1} for its "
                f"{self.num_classes} class names. "
                f"Received: {self.labels.min()}..{self.labels.max()}."
            )

    @classmethod
    def from_arrays(
        cls, images, labels=None, class_names=(), *, first_label=None, name="arrays", **columns
    ):
        """Arrays as people and libraries keep them; whatever has to be assumed is said.

        Args:
            images: levels in 0..255 or 0..1, whole numbers or floats, as `(n, height, width)`,
                `(n, height, width, channels)`, `(n, channels, height, width)`, or rows of square
                images; see `datasets.array_images.to_uint8_images`. 0 is paper.
            labels: whole numbers or names `(n,)` or `(n, 1)`, one-hot rows, or None.
            class_names: the name of every class; without them labels name the classes themselves.
            first_label: the number of the first class; None takes 0, or 1 where labels are 1 to N
                for N class names.
            name: what it is called in reports.
            **columns: further attributes, such as `writers` and `split`.

        Raises:
            UsageError: an array is of no such form.
        """
        from ganprofile.datasets.given import datasets_of

        arguments = class_names, first_label, name
        return datasets_of([(images, labels)], *arguments, **columns)[0]

    def __len__(self):
        return len(self.images)

    def __getitem__(self, at):
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
        if isinstance(at, numbers.Integral) and not isinstance(at, bool | np.bool_):
            return self.images[at], None if self.labels is None else int(self.labels[at])
        return self.select(np.arange(len(self))[at])

    def __repr__(self):
        shape = "x".join(str(side) for side in self.image_shape)
        content = f"{len(self)} images of {shape}, {self.num_classes} classes"
        return f"<Dataset {self.name} {self.split}: {content}>"

    @property
    def num_classes(self):
        """How many classes there are; 0 without labels."""
        return len(self.class_names) if self.labels is not None else 0

    @property
    def image_shape(self):
        """`(height, width, channels)`."""
        return self.images.shape[1:]

    @functools.cached_property
    def fingerprint(self):
        """sha256 over classes, images, labels and writers, as 64 hexadecimal digits."""
        digest = Fingerprint(self.class_names)
        digest.update(self.images, self.labels, self.writers)
        return digest.hexdigest()

    @functools.cached_property
    def image_hashes(self):
        """A 16-byte digest of every image's pixels, bytes `(n,)`: equal where the images are."""
        return hash_images(self.images)

    def describe_image(self, index):
        """What a person would look for: split, number or file, class."""
        files = self.attributes.get("file")
        where = f"image {index}" if files is None else str(files[index])
        label = "" if self.labels is None else f" (class {self.class_names[self.labels[index]]!r})"
        return f"{self.split} {where}{label}"

    def class_counts(self):
        """How many images each class has, int64 `(num_classes,)`."""
        self._require_labels("class_counts")
        return np.bincount(self.labels, minlength=self.num_classes)

    def select(self, mask):
        """The images where `mask` (booleans or indices) points. Classes stay as they are."""
        return self._replace(np.asarray(mask), recipe=None)

    def part(self, mask, split):
        """The images where `mask` points, as the part `split` of the same dataset."""
        return self._replace(np.asarray(mask), split=split, recipe=None, rows=None)

    def subset(self, per_class, seed=0):
        """A seeded draw of `per_class` images of every class, in the original order.

        Raises:
            UsageError: a class has fewer images, or there are no labels.
        """
        self._require_labels("subset")
        if per_class < 1:
            raise UsageError(f"A subset needs 1 image a class or more. Received: {per_class}.")
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
        grouped = order[np.argsort(self.labels[order], kind="stable")]
        firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        chosen = np.concatenate([grouped[first : first + per_class] for first in firsts])
        step = {"subset": {"per_class": int(per_class), "seed": int(seed)}}
        return self._replace(np.sort(chosen), recipe=self._recipe_with(step))

    def of_classes(self, names):
        """Only the named classes, relabelled 0, 1, ... in the dataset's own order.

        Args:
            names: of classes; a text may be one name, or names of one character each.

        Raises:
            UsageError: a name is not a class of this dataset, or the named have no images.
        """
        self._require_labels("of_classes")
        names = names_in(names, self.class_names)
        unknown = [name for name in names if name not in self.class_names]
        if unknown:
            raise UsageError(
                f"{self.name} has no class {unknown[0]!r}. Classes: {' '.join(self.class_names)}."
            )
        kept = [index for index, name in enumerate(self.class_names) if name in set(names)]
        step = {"of_classes": {"names": [self.class_names[index] for index in kept]}}
        chosen = np.flatnonzero(np.isin(self.labels, kept))
        if not len(chosen):
            raise UsageError(
                f"{self.name} has no image of the class{'es' if len(kept) > 1 else ''} "
                f"{' '.join(step['of_classes']['names']) or '(none was named)'}."
            )
        return self._replace(
            chosen,
            labels=np.searchsorted(kept, self.labels[chosen]).astype(np.int32),
            class_names=tuple(self.class_names[index] for index in kept),
            recipe=self._recipe_with(step),
        )

    def to_tf(self, batch_size):
        """A `tf.data.Dataset` of `(float32 images in [-1, 1], labels)`, in order."""
        import tensorflow as tf

        columns = (self.images,) if self.labels is None else (self.images, self.labels)
        slices = tf.data.Dataset.from_tensor_slices(columns).batch(batch_size)
        return slices.map(lambda images, *labels: (pictures.to_float(images, tf.cast), *labels))

    def save(self, path, format="npz", force=False):
        """Write the set as a folder in one of `datasets.formats.FORMATS`; returns the path.

        `ganprofile.load` reads it back, in this order and with every column.
        """
        from ganprofile.datasets.formats.set_writer import save

        return save(self, path, format, force)

    def grid(self, per_class=10, seed=0):
        """Some images of every class as one picture, uint8 `(height, width, channels)`.

        Of more than 100 classes the first 100 are shown; places that a class cannot fill are empty.
        """
        order = np.random.default_rng(seed).permutation(len(self))
        if self.labels is None:
            return pictures.grid(self.images[order[: per_class * 10]], per_class)
        classes = min(self.num_classes, pictures.MOST_CLASSES_SHOWN)
        sheet = np.full((classes, per_class, *self.image_shape), pictures.EMPTY, np.uint8)
        for label in range(classes):
            some = np.sort(order[self.labels[order] == label][:per_class])
            sheet[label, : len(some)] = self.images[some]
        return pictures.class_grid(sheet.reshape(-1, *self.image_shape), classes)

    def _replace(self, chosen, **changes):
        columns = {
            "images": self.images[chosen],
            "labels": None if self.labels is None else self.labels[chosen],
            "writers": None if self.writers is None else self.writers[chosen],
            "attributes": {name: values[chosen] for name, values in self.attributes.items()},
            "rows": np.arange(len(self))[chosen] if self.rows is None else self.rows[chosen],
        }
        return dataclasses.replace(self, **{**columns, **changes})

    def _recipe_with(self, step):
        return None if self.recipe is None else (*self.recipe, step)

    def _require_labels(self, purpose):
        if self.labels is None:
            raise UsageError(f"{self.name} has no labels, which {purpose} needs.")
