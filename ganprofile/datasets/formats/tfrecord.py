"""Shards `data-NNNNN.tfrecord` of plain `tf.train.Example`s, read with

features = {
    "image/encoded": tf.io.FixedLenFeature([], tf.string),  # PNG; tf.io.decode_png
    "image/height": tf.io.FixedLenFeature([], tf.int64),
    "image/width": tf.io.FixedLenFeature([], tf.int64),
    "image/channels": tf.io.FixedLenFeature([], tf.int64),
    "label": tf.io.FixedLenFeature([], tf.int64),
    "class_name": tf.io.FixedLenFeature([], tf.string),  # UTF-8
    "writer": tf.io.FixedLenFeature([], tf.int64),  # -1 = unknown
    "source": tf.io.FixedLenFeature([], tf.string),  # real or synthetic
    "index": tf.io.FixedLenFeature([], tf.int64),  # place in the set
}
tf.data.TFRecordDataset(sorted(glob("data-*.tfrecord"))).map(
    lambda record: tf.io.parse_single_example(record, features)
)
"""

import numpy as np

from ganprofile.backend.tf_data import untuned
from ganprofile.datasets.formats.pieces import images_in_piece
from ganprofile.datasets.formats.records import READ_AT_ONCE, SHARD, check_places, written_to
from ganprofile.errors import GanprofileError, first_line
from ganprofile.frameworks import need_tensorflow
from ganprofile.images import encode_png

FILES = {
    "data-*.tfrecord": "the images as `tf.train.Example`s: the image (PNG, in `image/encoded`), "
    "label, name of its class, writer, source and index",
}


class Writer:
    """Appends examples to one growing shard after the other."""

    def __init__(self, folder, class_names, image_shape):
        self._folder = folder
        self._class_names = [name.encode() for name in class_names]
        self._image_shape = image_shape
        self._size = images_in_piece(image_shape, SHARD)
        self._shard = None
        self._count = 0
        need_tensorflow('`format="tfrecord"`')

    def add(self, images, labels, writers, sources):
        """Append images; returns the index of each in the whole set."""
        first = self._count
        with written_to(self._folder):
            for image, label, writer, source in zip(images, labels, writers, sources, strict=True):
                if self._count % self._size == 0:
                    self._open_shard()
                self._shard.write(self._example(image, int(label), int(writer), source))
                self._count += 1
        return list(range(first, self._count))

    def close(self):
        """Complete the last shard."""
        if self._shard is not None:
            shard, self._shard = self._shard, None
            with written_to(self._folder):
                shard.close()

    def _open_shard(self):
        import tensorflow as tf

        self.close()
        path = self._folder / f"data-{self._count // self._size:05d}.tfrecord"
        self._shard = tf.io.TFRecordWriter(str(path))

    def _example(self, image, label, writer, source):
        import tensorflow as tf

        height, width, channels = self._image_shape
        values = {
            "image/encoded": encode_png(image),
            "image/height": height,
            "image/width": width,
            "image/channels": channels,
            "label": label,
            "class_name": self._class_names[label],
            "writer": writer,
            "source": source.encode(),
            "index": self._count,
        }
        features = {
            name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
            if isinstance(value, bytes)
            else tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
            for name, value in values.items()
        }
        return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def blocks(folder, info):
    """`(images, labels)` in the order of writing.

    Raises:
        GanprofileError: a shard is damaged, or an image is not in its place or of its class.
    """
    need_tensorflow(f"{folder}, whose format is tfrecord,")
    class_names = np.array([name.encode() for name in info["class_names"]], object)
    done = 0
    for path in sorted(folder.glob("data-*.tfrecord")):
        try:
            for images, labels, names, indices in _examples(path, info["image_shape"]):
                check_places(indices, done, path)
                if (class_names[labels] != names).any():
                    raise GanprofileError(f"{path} has other class names than dataset.json.")
                done += len(indices)
                yield images, labels
        except GanprofileError:
            raise
        except Exception as error:
            raise GanprofileError(
                f"{path} cannot be read beyond image {done} ({first_line(error)})."
            ) from error


def _examples(path, image_shape):
    """A shard's images, labels, class names and places, `READ_AT_ONCE` at a time."""
    import tensorflow as tf

    features = {
        "image/encoded": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
        "class_name": tf.io.FixedLenFeature([], tf.string),
        "index": tf.io.FixedLenFeature([], tf.int64),
    }

    def parsed(record):
        example = tf.io.parse_single_example(record, features)
        image = tf.io.decode_png(example["image/encoded"], channels=image_shape[-1])
        return image, example["label"], example["class_name"], example["index"]

    records = tf.data.TFRecordDataset(str(path))
    read = (
        records.map(parsed)
        .batch(images_in_piece(image_shape, READ_AT_ONCE))
        .with_options(untuned())
    )
    return read.as_numpy_iterator()
