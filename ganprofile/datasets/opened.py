"""`open_set`: a set that ganprofile wrote, read as far as it is needed."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets.agreement import check_opened
from ganprofile.datasets.archives import refuse_archive
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats import soft_labels as soft_label_file
from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.datasets.formats.attributes import SYNTHETIC
from ganprofile.datasets.formats.checksums import MANIFEST, refuse_changed
from ganprofile.datasets.manifest import Manifest
from ganprofile.datasets.stored import read_info, read_stored, stored_blocks
from ganprofile.datasets.unpacked import unpacked_images
from ganprofile.errors import GanprofileError, UsageError, check_whole, first_line
from ganprofile.storage.arrays import NOT_WHOLE
from ganprofile.storage.files import expanded, is_folder, printable
from ganprofile.storage.names import did_you_mean
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    import datasets
    import tensorflow as tf

    from ganprofile.datasets.torch_dataset import TorchDataset


@dataclasses.dataclass(frozen=True)
class StoredSet:
    """A set on disk, of which nothing is in memory but what was asked for.

    Attributes:
        path: the folder.
        info: content of its `dataset.json`.

    Example:
        >>> drawn = gp.generate("digits-cgan", per_class=2, score=False, output="drawn")
        >>> opened = gp.open_set("drawn")
        >>> opened
        <StoredSet drawn: 20 images of 28x28x1, 10 classes, npz>
        >>> opened.class_names[:3], int(opened.is_synthetic.sum()), opened.soft_labels is None
        (('0', '1', '2'), 20, True)
    """

    path: Path
    info: dict[str, Any]

    def __hash__(self) -> int:
        """Equal sets lie at one path; what they hold cannot be hashed."""
        return hash(self.path)

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.image_shape))
        content = f"{len(self)} images of {shape}, {len(self.class_names)} classes"
        return f"<StoredSet {self.path.name}: {content}, {self.info['format']}>"

    def __len__(self) -> int:
        return int(self.info["images"])

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name of every class, in the order of the labels."""
        return tuple(self.info["class_names"])

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """`(height, width, channels)`."""
        height, width, channels = self.info["image_shape"]
        return height, width, channels

    @property
    def labels(self) -> np.ndarray:
        """int32 `(n,)`, an index into `class_names` for every image, in the order of the set."""
        return self._columns["label"]

    @property
    def writers(self) -> np.ndarray:
        """int32 `(n,)`, who wrote an image, -1 where that is not known."""
        return self._columns["writer"]

    @property
    def is_synthetic(self) -> np.ndarray:
        """bool `(n,)`, which images were made and not written by somebody."""
        return self._columns["is_synthetic"]

    @functools.cached_property
    def soft_labels(self) -> np.ndarray | None:
        """float32 `(n, num_classes)`, a probability for every class, or None; mapped into memory,
        and not to be written to.

        Raises:
            GanprofileError: they are damaged, no probabilities, or not those that were written.
        """
        found = soft_label_file.read_soft_labels(self.path, self.info, mapped=True)
        strange = [] if found is None else soft_label_file.no_probabilities(found)
        if len(strange):
            raise GanprofileError(
                f"The soft labels of {printable(self.path)} are no probabilities in "
                f"{counted(len(strange), 'row')}, such as number {strange[0]}. Write the set again."
            )
        refuse_changed(self.path, soft_label_file.FILE, ATTRIBUTES)
        return found

    def load(self) -> Dataset:
        """All images as a `Dataset` in memory.

        Raises:
            GanprofileError: the set is damaged.

        Example:
            >>> gp.load("digits")[1].save("digits-test")
            'digits-test'
            >>> gp.open_set("digits-test").load()
            <Dataset digits test: 1000 images of 28x28x1, 10 classes>
        """
        return read_stored(self.path)

    def to_torch(
        self, soft: bool = False, transform: Callable[[Any], Any] | None = None
    ) -> TorchDataset:
        """A map-style `torch.utils.data.Dataset` that reads images when they are asked for.

        An image of an `imagefolder` is read from its file. Images of other formats, which are
        compressed, are unpacked once into a file in the user's data folder (`GANPROFILE_HOME`),
        which all processes map into memory. It can be pickled, and goes to the workers of a
        `DataLoader` by fork and by spawn without the images.

        Args:
            soft: whether targets are soft labels.
            transform: a function of a PIL image (grey or RGB, 0 = paper), such as a transform of
                torchvision; what it returns takes the place of the image. None gives a tensor.

        Returns:
            Of `[k]` `(image, target)`: float32 `(channels, height, width)` in 0..1, 0 = paper; and
            an int, of which a `DataLoader` makes int64 `(b,)`, or float32 `(num_classes,)`, which
            `torch.nn.CrossEntropyLoss` takes just as well.

        Raises:
            UsageError: `soft` is set, and the set has no soft labels.
            GanprofileError: the set is damaged, or PyTorch is not installed.

        Example:
            >>> gp.load("digits")[1].save("digits-test")
            'digits-test'
            >>> images = gp.open_set("digits-test").to_torch()
            >>> image, target = images[0]
            >>> tuple(image.shape), float(image.max()), images.classes[target]
            ((1, 28, 28), 1.0, '2')
        """
        from ganprofile.datasets.torch_dataset import MappedArray, TorchDataset

        targets = self._soft_targets() if soft else self.labels
        images = self._single_images()
        if images is None:
            unpacked = functools.partial(unpacked_images, self.path, self.info.get("fingerprint"))
            unpacked()  # here, and not in every worker at once
            images = MappedArray(unpacked)
        return TorchDataset(images, targets, self.class_names, self.labels, transform)

    def to_hf(self) -> datasets.Dataset:
        """A `datasets.Dataset` of Hugging Face, as `Dataset.to_hf` gives it; of an `imagefolder`
        it holds the names of the files and not the images.

        Raises:
            GanprofileError: the set is damaged, or `datasets` is not installed.

        Example:
            >>> gp.load("digits")[1].save("digits-test", "imagefolder")
            'digits-test'
            >>> rows = gp.open_set("digits-test").to_hf()
            >>> rows.features["label"].int2str(rows[0]["label"]), rows[0]["image"].size
            ('2', (28, 28))
        """
        from ganprofile.datasets.hugging_face import hugging_face_dataset

        paths = getattr(self._single_images(), "path", None)
        blocks = stored_blocks(self.path, self.info)
        return hugging_face_dataset(
            # Of files that are only named, no image is needed but their number.
            blocks if paths is None else [(self.labels, self.labels)],
            self.class_names,
            self.writers if (self.writers != UNKNOWN_WRITER).any() else None,
            self.soft_labels,
            paths,
        )

    def to_tf(self, batch_size: int, soft: bool = False) -> tf.data.Dataset:
        """All images, loaded, as `Dataset.to_tf` gives them.

        Example:
            >>> gp.load("digits")[1].save("digits-test")
            'digits-test'
            >>> images, labels = next(iter(gp.open_set("digits-test").to_tf(batch_size=32)))
            >>> tuple(images.shape), tuple(labels.shape)
            ((32, 28, 28, 1), (32,))
        """
        check_whole("batch_size", batch_size)  # before all images are read
        return self.load().to_tf(batch_size, soft)

    def to_numpy(self, soft: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """All images, loaded, as `Dataset.to_numpy` gives them.

        Example:
            >>> gp.load("digits")[1].save("digits-test")
            'digits-test'
            >>> images, labels = gp.open_set("digits-test").to_numpy()
            >>> images.shape, labels[:3].tolist()
            ((1000, 28, 28, 1), [2, 7, 3])
        """
        return self.load().to_numpy(soft)

    def _single_images(self) -> Any:
        """What reads image k by itself, or None where the format can only be read in blocks."""
        kind = getattr(FORMATS[self.info["format"]], "Images", None)
        return None if kind is None else kind(self.path, self.info, self.labels)

    def _soft_targets(self) -> Any:
        """What gives the soft labels of image k, also in another process."""
        from ganprofile.datasets.torch_dataset import MappedArray, SharedArray

        found = self.soft_labels
        if found is None:
            raise UsageError(
                f"{printable(self.path)} has no soft labels. Leave out `soft`, or write the set "
                "again: augment always writes them, generate with `soft_labels=True`."
            )
        path = self.path / soft_label_file.FILE
        return MappedArray(functools.partial(Path, path)) if path.is_file() else SharedArray(found)

    @functools.cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        import pyarrow.compute as pc

        path = self.path / MANIFEST
        manifest = Manifest(path, ("label", "source", "writer"))
        parts: dict[str, list[np.ndarray]] = {"label": [], "writer": [], "is_synthetic": []}
        try:
            for rows in manifest.pieces():
                parts["label"].append(rows["label"].cast("int32").to_numpy())
                parts["writer"].append(manifest.writers(rows))
                synthetic = pc.fill_null(pc.equal(rows["source"], SYNTHETIC), False)
                parts["is_synthetic"].append(synthetic.to_numpy())
            columns = {name: np.concatenate(values) for name, values in parts.items()}
        except ValueError as error:  # no number, or no row at all
            raise GanprofileError(f"{path} is damaged ({first_line(error)}).") from error
        labels = columns["label"]
        if len(labels) != len(self):
            raise GanprofileError(
                f"{path} should have {len(self)} rows. Received: {len(labels)}. {NOT_WHOLE}"
            )
        if labels.min() < 0 or labels.max() >= len(self.class_names):
            raise GanprofileError(
                f"Labels in {path} should be 0..{len(self.class_names) - 1}. "
                f"Received: {labels.min()}..{labels.max()}."
            )
        check_opened(self.path, self.info, stored_blocks(self.path, self.info))
        return columns


def open_set(path: StrPath) -> StoredSet:
    """Open a set that `augment`, `generate`, `label` or `Dataset.save` wrote, in any format.

    Args:
        path: the folder, or what `augment`, `generate` and `label` returned.

    Returns:
        A `StoredSet`, which goes into PyTorch, Hugging Face, TensorFlow and NumPy. Images are read
        when they are asked for.

    Raises:
        UsageError: there is no such set.
        GanprofileError: its `dataset.json` is damaged.

    Example:
        >>> drawn = gp.generate("digits-cgan", per_class=2, score=False, output="drawn")
        >>> images, labels = gp.open_set("drawn").to_numpy()
        >>> images.shape, images.dtype, labels.shape
        ((20, 28, 28, 1), dtype('uint8'), (20,))
    """
    folder = expanded(getattr(path, "path", path)).absolute()
    if not (folder / "dataset.json").is_file():
        refuse_archive(folder)
        raise UsageError(
            f"{printable(folder)} is no set that ganprofile wrote: it has no dataset.json. Give "
            "the folder that augment or generate wrote; load reads what others wrote."
            f"{did_you_mean(folder, paths=is_folder)}"
        )
    return StoredSet(folder, read_info(folder))
