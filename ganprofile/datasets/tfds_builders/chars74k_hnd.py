"""Chars74K's handwritten characters for TensorFlow Datasets."""

import dataclasses
import typing

import numpy as np
import tensorflow_datasets as tfds

from ganprofile.datasets.archives import unpacked
from ganprofile.datasets.loaders import chars74k_files
from ganprofile.datasets.loaders.loaded_data import AUTO, LoadOptions
from ganprofile.datasets.sources.chars74k import SIZES, config_name
from ganprofile.datasets.tfds_builders.cards import dataset_info, instructions
from ganprofile.errors import GanprofileError

FAMILY = "chars74k"
ARCHIVE = "EnglishHnd.tgz"
ORIGINAL_SHAPE = (900, 1200, 3)


@dataclasses.dataclass(eq=False)
class Chars74kConfig(tfds.core.BuilderConfig):
    """`size` in pixels, 0 = paper; or None for the pictures as they are, dark on white.

    `keep_size` as in `LoadOptions`.
    """

    size: int | None = None
    keep_size: str | None = None


class Chars74kHnd(tfds.core.GeneratorBasedBuilder):
    """62 classes by 55 writers; the images and splits of `loaders.chars74k_files`."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: typing.ClassVar = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = instructions(FAMILY)
    BUILDER_CONFIGS: typing.ClassVar = [
        *(
            Chars74kConfig(
                name=config_name(size),
                size=size,
                description=f"{size}x{size} like MNIST: 0 = paper, 255 = ink.",
            )
            for size in SIZES
        ),
        *(
            Chars74kConfig(
                name=config_name(size, AUTO),
                size=size,
                keep_size=AUTO,
                description=f"{size}x{size}, the characters of each writer in proportion.",
            )
            for size in SIZES
        ),
        Chars74kConfig(
            name="original", description="The pictures as published: 1200x900, dark on white."
        ),
    ]

    def _info(self):
        size = self.builder_config.size
        shape = ORIGINAL_SHAPE if size is None else (size, size, 1)
        features = {
            "image": tfds.features.Image(shape=shape, encoding_format="png"),
            "label": tfds.features.ClassLabel(names=chars74k_files.CLASSES),
            "writer": np.int32,
        }
        return dataset_info(self, FAMILY, features)

    def _split_generators(self, dl_manager):
        path, config = _found(dl_manager.manual_dir), self.builder_config
        if config.size is None:
            return {split: self._generate_examples(path, split) for split in ("train", "test")}
        options = LoadOptions(image_size=config.size, keep_size=config.keep_size)
        reading = chars74k_files.read(path, options)
        return {"train": _examples(reading.train), "test": _examples(reading.test)}

    def _generate_examples(self, path, split):
        """The pictures themselves; their bytes are not touched."""
        with unpacked(path) as folder:
            scans, _ = chars74k_files.find_scans(folder)
            for index, scan in enumerate(chars74k_files.split_scans(scans)[split]):
                yield (
                    index,
                    {"image": str(scan.path), "label": scan.label, "writer": scan.writer},
                )


def _found(manual_dir):
    """The archive or what it unpacks to, in TFDS's folder for files got by hand, or that itself."""
    if chars74k_files.recognises(manual_dir):
        return manual_dir
    for folder in (manual_dir, manual_dir / FAMILY):
        if (folder / ARCHIVE).is_file():
            return folder / ARCHIVE
        if chars74k_files.recognises(folder):
            return folder
    raise GanprofileError(
        f"{manual_dir} holds neither {ARCHIVE} nor what it unpacks to. {instructions(FAMILY)}"
    )


def _examples(part):
    for index in range(len(part)):
        yield (
            index,
            {
                "image": part.images[index],
                "label": part.labels[index],
                "writer": part.writers[index],
            },
        )
