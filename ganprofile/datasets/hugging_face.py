"""Sets for Hugging Face's `datasets`."""

import numpy as np
import pyarrow

from ganprofile.errors import needed
from ganprofile.images import encode_png


def hugging_face_dataset(blocks, class_names, writers=None, soft_labels=None, paths=None):
    """A `datasets.Dataset` of images, labels and what else is known.

    Args:
        blocks: yields `(images, labels)`, uint8 `(n, height, width, channels)` and integers `(n,)`.
        class_names: the names of the classes.
        writers: int32 of all images, or None.
        soft_labels: float32 of all images, a row each, or None.
        paths: of which `(k)` is the file of image k, where each has one; else PNGs are made.

    Returns:
        Columns `image`, `label`, and `writer` and `soft_labels` where there are some.

    Raises:
        GanprofileError: `datasets` is not installed.
    """
    datasets = needed(
        "datasets", "Hugging Face's library is needed and not installed: pip install datasets."
    )
    types = {"image": datasets.Image(), "label": datasets.ClassLabel(names=list(class_names))}
    if writers is not None:
        types["writer"] = datasets.Value("int32")
    if soft_labels is not None:
        value = datasets.Value("float32")
        types["soft_labels"] = datasets.Sequence(value, length=len(class_names))
    features = datasets.Features(types)
    schema, tables, done = features.arrow_schema, [], 0
    for images, labels in blocks:
        rows = slice(done, done + len(labels))
        columns = {"image": _pictures(images, done, paths), "label": np.asarray(labels, np.int64)}
        if writers is not None:
            columns["writer"] = writers[rows]
        if soft_labels is not None:
            values = pyarrow.array(np.asarray(soft_labels[rows], np.float32).ravel())
            size = len(class_names)
            columns["soft_labels"] = pyarrow.FixedSizeListArray.from_arrays(values, size)
        tables.append(pyarrow.table(columns, schema))
        done += len(labels)
    table = pyarrow.concat_tables(tables) if tables else schema.empty_table()
    return datasets.Dataset(datasets.table.InMemoryTable(table))


def _pictures(images, first, paths):
    if paths is not None:
        return [{"bytes": None, "path": str(paths(first + k))} for k in range(len(images))]
    return [{"bytes": encode_png(image), "path": None} for image in images]
