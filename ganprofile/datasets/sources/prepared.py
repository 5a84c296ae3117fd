"""What TensorFlow Datasets has prepared on this machine.

It keeps images as PNGs in records, of which it decodes some 20,000 per second, after an import of
seconds. What was decoded once is kept as plain arrays, so that the next start needs neither.
"""

import contextlib
import hashlib
import os
import re
import sys
from pathlib import Path

import numpy as np

from ganprofile.backend.tf_data import untuned
from ganprofile.datasets.places import user_folder
from ganprofile.errors import GanprofileError
from ganprofile.frameworks import need_tensorflow
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.storage.files import file_name

SPLITS = ("train", "test")
LONGEST = 200  # characters of what TensorFlow says


def data_folder():
    """Where TFDS keeps prepared data: `TFDS_DATA_DIR`, else its default."""
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()


def is_prepared(builder_name):
    """Whether TFDS has prepared a dataset on this machine; answered without importing TFDS."""
    return any(data_folder().joinpath(builder_name).glob("*/dataset_info.json"))


def prepare(builder_name, manual_dir=None):
    """Let TFDS prepare a dataset, from files in `manual_dir` or from a download."""
    need_tensorflow(f"What TensorFlow Datasets calls {builder_name}", datasets=True)
    import tensorflow_datasets as tfds

    # Our readers show how far they are; TFDS's bars are for downloads.
    tfds.disable_progress_bar() if manual_dir else tfds.enable_progress_bar()
    # It announces itself on standard output, which belongs to our result.
    with contextlib.redirect_stdout(sys.stderr):
        builder = tfds.builder(builder_name, data_dir=data_folder())
        builder.download_and_prepare(
            download_config=tfds.download.DownloadConfig(manual_dir=manual_dir)
        )


def read_prepared(builder_name):
    """`[(split, name -> array)]` of a prepared dataset's parts train and test, in stored order.

    Raises:
        GanprofileError: the prepared files are damaged, or TensorFlow is not installed and they
            have not been decoded before.
    """
    mark = _mark(data_folder() / builder_name)
    path = user_folder() / "decoded" / f"{file_name(builder_name)}.npz"
    found = _kept(path, mark)
    if found is None:
        found = _decoded(builder_name)
        _keep(path, mark, found)
    return found


def _decoded(builder_name):
    """The same, read by TFDS."""
    need_tensorflow(f"{builder_name} in {data_folder()}", datasets=True)
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(builder_name, data_dir=data_folder())
        arguments = {"batch_size": -1, "read_config": tfds.ReadConfig(options=untuned())}
        return [
            (split, tfds.as_numpy(builder.as_dataset(split=split, **arguments))) for split in SPLITS
        ]
    except Exception as error:
        raise GanprofileError(
            f"{builder_name} in {data_folder()} cannot be read ({in_short(error)}). "
            f"Remove {data_folder() / builder_name} and load it again, or copy it again."
        ) from error


def in_short(error):
    """What TensorFlow says of damaged files, without where in its graph it found that."""
    text = re.sub(r"\{\{.*?\}\}\s*|\s*\[Op:.*", "", str(error), flags=re.DOTALL).strip()
    return f"{type(error).__name__}: {text.splitlines()[0][:LONGEST] if text else ''}"


def _mark(folder):
    """What changes where files are prepared anew: a digest of their names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _kept(path, mark):
    """What was kept under the same mark, or None: then it is decoded again, whatever is there."""
    with contextlib.suppress(GanprofileError, KeyError):
        arrays = open_arrays(path)
        if str(arrays.pop("mark")) == mark:
            parts = {split: {} for split in SPLITS}
            for name, array in arrays.items():
                split, column = name.split("/", 1)
                parts[split][column] = array
            return list(parts.items())
    return None


def _keep(path, mark, parts):
    """Keep arrays of numbers; where there is no room for them, the next start decodes again."""
    arrays = {f"{split}/{name}": array for split, part in parts for name, array in part.items()}
    if all(array.dtype.kind in "uibf" for array in arrays.values()):
        with contextlib.suppress(OSError, GanprofileError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_arrays(path, {"mark": np.array(mark), **arrays})
