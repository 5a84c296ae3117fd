"""A set that TensorFlow Datasets loads without our code, in the order in which it was written:

    builder = tfds.builder_from_directory(folder)
    builder.as_dataset(split="train")  # dicts of image, label, writer, source, index
    builder.as_dataset(split="train", as_supervised=True)  # (image, label)

`writer` is -1 where unknown, `source` is `real` or `synthetic`, `index` the place in the set.
"""

import json

from ganprofile.backend.tf_data import untuned
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER
from ganprofile.datasets.formats.pieces import images_in_piece
from ganprofile.datasets.formats.records import READ_AT_ONCE, SHARD, check_places, written_to
from ganprofile.errors import GanprofileError, first_line, reworded
from ganprofile.frameworks import need_tensorflow
from ganprofile.images import encode_png

SPLIT = "train"
FILES = {
    "*.tfrecord-*": "the images with labels, writers and sources; read with "
    "`tfds.builder_from_directory`",
    "dataset_info.json": "what TensorFlow Datasets knows of them",
    "features.json": "the types of their columns",
    "*.labels.txt": "the class names, for TensorFlow Datasets",
}


class Writer:
    """Appends examples to growing shards through TFDS's own `SequentialWriter`."""

    def __init__(self, folder, class_names, image_shape):
        need_tensorflow('`format="tfds"`', datasets=True)
        import tensorflow_datasets as tfds

        identity = tfds.core.DatasetIdentity(
            name="ganprofile",
            version=tfds.core.Version("1.0.0"),
            data_dir=str(folder),
            module_name="",
        )
        info = tfds.core.DatasetInfo(
            builder=identity,
            description="A labelled set of character images, 0 = paper, 255 = ink.",
            features=_features(tfds, class_names, image_shape),
            supervised_keys=("image", "label"),
            disable_shuffling=True,  # TFDS then reads the shards one after the other
        )
        self._folder = folder
        self._examples = tfds.core.SequentialWriter(info, images_in_piece(image_shape, SHARD))
        self._examples.initialize_splits([SPLIT])
        self._count = 0
        self._closed = False

    def add(self, images, labels, writers, sources):
        """Append images; returns the index of each in the whole set."""
        first, self._count = self._count, self._count + len(images)
        indices = range(first, self._count)
        examples = (
            {
                "image": encode_png(image),
                "label": int(label),
                "writer": int(writer),
                "source": source,
                "index": index,
            }
            for image, label, writer, source, index in zip(
                images, labels, writers, sources, indices, strict=True
            )
        )
        with written_to(self._folder):
            self._examples.add_examples({SPLIT: examples})
        return list(indices)

    def close(self):
        """Complete the last shard and the description."""
        if not self._closed:
            self._closed = True
            with written_to(self._folder):
                self._examples.close_all()


def _features(tfds, class_names, image_shape):
    import numpy as np

    return tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=tuple(image_shape), encoding_format="png"),
            "label": tfds.features.ClassLabel(names=label_names(class_names)),
            "writer": tfds.features.Scalar(np.int32, doc=f"{UNKNOWN_WRITER} = unknown"),
            "source": tfds.features.Text(doc="real or synthetic"),
            "index": tfds.features.Scalar(np.int64, doc="place in the set"),
        }
    )


def label_names(class_names):
    """The class names as TFDS's file of labels can hold them: a line each, no blanks at the ends.

    Names that such a file would change, and those that begin with a quotation mark, are written as
    JSON strings; `dataset.json` has all as they are.
    """
    return [
        name if _survives(name) else json.dumps(name, ensure_ascii=False) for name in class_names
    ]


def _survives(name):
    return name == name.strip() != "" and name[0] != '"' and not {"\n", "\r"} & set(name)


def blocks(folder, info):
    """`(images, labels)` in the order of writing.

    Raises:
        GanprofileError: TFDS cannot read the folder, its class names are others, or an image is
            not in its place.
    """
    need_tensorflow(f"{folder}, whose format is tfds,", datasets=True)
    import tensorflow_datasets as tfds

    done = 0
    with reworded(
        lambda error: f"TFDS cannot read {folder} beyond {done} images ({first_line(error)})."
    ):
        builder = tfds.builder_from_directory(folder)
        if builder.info.features["label"].names != label_names(info["class_names"]):
            names = folder / "label.labels.txt"
            raise GanprofileError(f"{names} has other class names than dataset.json.")
        examples = builder.as_dataset(
            split=SPLIT,
            batch_size=images_in_piece(info["image_shape"], READ_AT_ONCE),
            read_config=tfds.ReadConfig(
                options=untuned(), interleave_cycle_length=1, try_autocache=False
            ),
        )
        for some in tfds.as_numpy(examples):
            check_places(some["index"], done, folder)
            done += len(some["index"])
            yield some["image"], some["label"]
