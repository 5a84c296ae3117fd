"""What TensorFlow Datasets has prepared on this machine."""

import contextlib
import os
import sys
from pathlib import Path

from ganprofile.errors import GanprofileError, first_line


def data_folder():
    """Where TFDS keeps prepared data: `TFDS_DATA_DIR`, else its default."""
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()


def is_prepared(builder_name):
    """Whether TFDS has prepared a dataset on this machine; answered without importing TFDS."""
    return any(data_folder().joinpath(builder_name).glob("*/dataset_info.json"))


def prepare(builder_name, manual_dir=None):
    """Let TFDS prepare a dataset, from files in `manual_dir` or from a download."""
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
        GanprofileError: the prepared files are damaged.
    """
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(builder_name, data_dir=data_folder())
        return [
            (split, tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1)))
            for split in ("train", "test")
        ]
    except Exception as error:
        raise GanprofileError(
            f"{builder_name} in {data_folder()} cannot be read ({first_line(error)}). "
            f"Remove {data_folder() / builder_name} and load it again."
        ) from error
