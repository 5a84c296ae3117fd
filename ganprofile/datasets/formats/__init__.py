"""The formats that a labelled set can be written in; one module each, one line here.

A format is a module with

- `Writer(folder, class_names, image_shape)`: `add(images, labels, writers, sources)` appends images
  (uint8 `(n, height, width, channels)`, integers `(n,)`, integers `(n,)` with -1 for unknown, a
  list of n words) and returns what the manifest calls each: its file, or its index in the set;
  `close()` completes the files and may be called twice;
- `blocks(folder, info)`, which yields `(images, labels)` piece by piece in the order of writing,
  uint8 `(n, height, width, channels)` and integers `(n,)`; `info` is the set's `dataset.json`;
- if it likes, `FILES`, pattern -> what such a file holds, for the set's `README.md`;
- if labels can be told without the images, `labels(folder, info)`, int32 `(n,)`, as the files say;
- if pictures that somebody put among its files would not be noticed, `added(folder, info)`: their
  paths;
- if single images can be read, `Images(folder, info, labels)`, which can be pickled, and of which
  `[k]` is image k, uint8 `(height, width, channels)`. Images of other formats are unpacked into one
  file before they are read one by one.

An installed package adds one by an entry point of the group `ganprofile.formats`.
"""

from ganprofile.datasets.formats import idx, imagefolder, npz, tfds, tfrecord
from ganprofile.storage.plugins import Registry, only

FORMATS = Registry(
    "ganprofile.formats",
    {"npz": npz, "imagefolder": imagefolder, "idx": idx, "tfds": tfds, "tfrecord": tfrecord},
    only(
        lambda entry: callable(getattr(entry, "Writer", None)) and hasattr(entry, "blocks"),
        "a module or class with Writer and blocks",
    ),
)
