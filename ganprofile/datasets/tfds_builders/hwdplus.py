"""HWD+ for TensorFlow Datasets."""

import dataclasses
import typing
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from ganprofile.datasets.loaders import hwdplus_files
from ganprofile.datasets.loaders.hwdplus_writers import DEFAULT_WRITER_COLUMNS
from ganprofile.datasets.tfds_builders.cards import dataset_info, instructions

FAMILY = "hwdplus"
COLUMN_TYPES = {"age": np.float32, "height": np.float32}  # NaN where not given


@dataclasses.dataclass(eq=False)
class HwdplusConfig(tfds.core.BuilderConfig):
    """`size` in pixels; `partition` as in `loaders.hwdplus_files`."""

    size: int = 28
    partition: str = "digits"


def _config(size, partition):
    return HwdplusConfig(
        name=str(size) if partition == "digits" else f"{size}_{partition}",
        size=size,
        partition=partition,
        description=f"{size}x{size} pixels, 0 = paper, 255 = ink; partitioned by {partition}.",
    )


class Hwdplus(tfds.core.GeneratorBasedBuilder):
    """97 writers by 10 digits by 14; the images and parts of `loaders.hwdplus_files`."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: typing.ClassVar = {
        "1.0.0": "First release; tested on files of the same form only."
    }
    MANUAL_DOWNLOAD_INSTRUCTIONS = instructions(FAMILY)
    BUILDER_CONFIGS: typing.ClassVar = [
        _config(size, partition)
        for partition in hwdplus_files.PARTITIONS
        for size in hwdplus_files.SIZES
    ]

    def _info(self):
        size = self.builder_config.size
        features = {
            "image": tfds.features.Image(shape=(size, size, 1), encoding_format="png"),
            "label": tfds.features.ClassLabel(names=[str(digit) for digit in range(10)]),
            "writer": np.int32,
            **{name: COLUMN_TYPES.get(name, np.int32) for name in DEFAULT_WRITER_COLUMNS},
            "replicate": np.int32,
        }
        return dataset_info(self, FAMILY, features)

    def _split_generators(self, dl_manager):
        config = self.builder_config
        folder = Path(dl_manager.manual_dir)
        folder = next((f for f in (folder, folder / FAMILY) if hwdplus_files.recognises(f)), folder)
        reading = hwdplus_files.read_hwdplus(folder, config.size, config.partition)
        return {part.split: self._generate_examples(part) for part in (reading.train, reading.test)}

    def _generate_examples(self, part):
        for index in range(len(part)):
            facts = {name: values[index] for name, values in part.attributes.items()}
            yield (
                index,
                {
                    "image": part.images[index],
                    "label": part.labels[index],
                    "writer": part.writers[index],
                    **facts,
                },
            )
