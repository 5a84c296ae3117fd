"""HWD+ (Beaulac and Rosenthal 2022): 97 writers, each of whom wrote every digit 14 times.

A folder with `WriterInfo.npy` and any of `Images(28x28).npy`, `Images(100x100).npy` and
`Images(500x500).npy`, a row for each of the 13,580 images in all of them. The images show dark ink
on white paper; they are inverted, and neither centred nor scaled: size and slant of the writing are
the writer's own.

Nothing depends on the order of the rows but `replicate`, which counts a writer's images of a digit
in that order. The seeded partitions go by what the images of the smallest size there show, so that
they are the same for every size in a folder.
"""

import hashlib
from pathlib import Path

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.hwdplus_writers import (
    DEFAULT_WRITER_COLUMNS,
    DIGITS,
    REPLICATES,
    ROWS,
    ROWS_A_WRITER,
    WRITER_INFO,
    WRITERS,
    plain_array,
    read_writers,
)
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.origins import ORIGIN
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable
from ganprofile.storage.names import check_known

NAME = "hwdplus"
WHAT = "HWD+ (a folder with WriterInfo.npy and Images(28x28).npy or another size)"

SIZES = (28, 100, 500)
PARTITIONS = ("digits", "individuals")
TRAIN_REPLICATES = 10  # of each writer's 14 of each digit, in the partition by digits
TRAIN_WRITERS = 68  # 70 %, in the partition by individuals
SEED = 97
BLOCK_BYTES = 2**25
PROGRESS_FROM = 2**28
CLEANED_FROM = 201  # the publishers made what was lighter white, then shrank the images


def image_file(size):
    """The name of the file with the images of a size."""
    return f"Images({size}x{size}).npy"


def sizes_in(folder):
    """The sizes that a folder has, smallest first."""
    return [size for size in SIZES if (Path(folder) / image_file(size)).is_file()]


def recognises(path):
    """Whether a folder holds any of HWD+'s files."""
    return path.is_dir() and (bool(sizes_in(path)) or (path / WRITER_INFO).is_file())


def read(path, options):
    """Both parts, partitioned by digits; of the smallest size there unless the options name one.

    Raises:
        UsageError: HWD+ does not come in the size or the colours of the options.
        GanprofileError: the files are not what the paper describes.
    """
    if options.invert != "auto":
        raise UsageError("The polarity of HWD+ is known. Remove `invert`.")
    if options.image_size not in (None, *SIZES) or options.channels == 3:
        raise UsageError(
            f"HWD+ is grey and comes in 28, 100 and 500 pixels. Received: {_said(options)}."
        )
    size = options.image_size or (sizes_in(path) or SIZES)[0]
    return read_hwdplus(path, size, writer_columns=options.writer_columns or DEFAULT_WRITER_COLUMNS)


def _said(options):
    said = {"image_size": options.image_size, "channels": options.channels}
    return " and ".join(f"`{name}={value}`" for name, value in said.items() if value is not None)


def read_hwdplus(folder, size=28, partition="digits", writer_columns=DEFAULT_WRITER_COLUMNS):
    """Both parts in one size, in the order of the writers, then of the digits.

    Args:
        folder: where the files are.
        size: 28, 100 or 500.
        partition: as in the paper (section 4.1.1): `"digits"`, every writer in both parts, 10 of
            the 14 images of each digit to learn from; `"individuals"`, 68 writers to learn from,
            the other 29 to test with. Both are drawn at random, with a constant seed.
        writer_columns: the order of the characteristics in `WriterInfo.npy`.

    Returns:
        A `LoadedData` of uint8 images `(n, size, size, 1)`, 0 = paper; `attributes` has the
        characteristics of the writer and `replicate`, 0..13.

    Raises:
        UsageError: a size, partition or column that there is not.
        GanprofileError: a file is missing, damaged or not what the paper describes.
    """
    folder = Path(folder)
    check_known("partition", partition, PARTITIONS)
    scans = _opened(folder, size)
    table = read_writers(_existing(folder, WRITER_INFO), writer_columns)
    order = _order(table, _opened(folder, sizes_in(folder)[0]))
    in_train = PARTITION[partition](np.random.default_rng(SEED))
    rows = {"train": order[in_train], "test": order[~in_train]}
    images, findings = _images(scans, rows, folder / image_file(size))
    parts = [_part(split, images[split], table, chosen) for split, chosen in rows.items()]
    return LoadedData(*parts, findings={"partition": partition, **findings})


def _part(split, images, table, chosen):
    columns = {**table.characteristics, "replicate": _replicates(table)}
    return Dataset(
        images,
        labels=table.digits[chosen],
        class_names=tuple(str(digit) for digit in range(DIGITS)),
        writers=table.writers[chosen],
        attributes={name: values[chosen] for name, values in columns.items()},
        name=NAME,
        split=split,
        provenance={ORIGIN: [NAME]},
    )


def _by_digits(random):
    """bool `(13580,)` in the order of writers and digits: whether to learn from an image."""
    ranks = np.tile(np.arange(REPLICATES), (WRITERS * DIGITS, 1))
    return (random.permuted(ranks, axis=1) < TRAIN_REPLICATES).ravel()


def _by_individuals(random):
    """The same where all images of a writer go one way."""
    return np.repeat(random.permutation(WRITERS) < TRAIN_WRITERS, ROWS_A_WRITER)


PARTITION = dict(zip(PARTITIONS, (_by_digits, _by_individuals), strict=True))


def _existing(folder, name):
    if (folder / name).is_file():
        return folder / name
    there = ", ".join(image_file(size) for size in sizes_in(folder)) or "none"
    raise GanprofileError(
        f"{printable(folder)} has no {name}. Of HWD+'s images it has: {there}. Put the missing "
        "file there."
    )


def _opened(folder, size):
    """The array in an image file, left on the disk."""
    if size not in SIZES:
        raise UsageError(f"HWD+ comes in {', '.join(map(str, SIZES))} pixels. Received: {size}.")
    path = _existing(folder, image_file(size))
    scans = plain_array(path, mapped=True)
    shape, dtype = getattr(scans, "shape", None), getattr(scans, "dtype", type(scans).__name__)
    if shape != (ROWS, size, size) or dtype.kind not in "iuf":
        raise GanprofileError(
            f"{printable(path)} should hold integers or floats of the shape {(ROWS, size, size)}. "
            f"Received: {dtype} {shape}."
        )
    return scans


def _order(table, scans):
    """The rows by writer, digit and then by what they show, int64 `(13580,)`."""
    digests = np.empty((ROWS, 2), np.uint64)
    for first, levels in _blocks(scans, Path(scans.filename)):
        for row, image in enumerate(levels, first):
            digest = hashlib.blake2b(image.tobytes(), digest_size=16).digest()
            digests[row] = np.frombuffer(digest, "<u8")
    return np.lexsort((*digests.T, table.digits, table.writers))


def _replicates(table):
    """Which of a writer's images of a digit each row is, in the order of the rows: 0..13."""
    order = np.lexsort((np.arange(ROWS), table.digits, table.writers))
    replicates = np.empty(ROWS, np.int32)
    replicates[order] = np.arange(ROWS) % REPLICATES
    return replicates


def _images(scans, rows, path):
    """The inverted images of each part, and what was seen in them."""
    size = scans.shape[1]
    images = {
        split: np.empty((len(there), size, size, 1), np.uint8) for split, there in rows.items()
    }
    total, near_white = 0, 0
    with ProgressBar(ROWS, enabled=scans.nbytes > PROGRESS_FROM) as bar:
        for first, levels in _blocks(scans, path):
            total += int(levels.sum(dtype=np.int64))
            near_white += int(np.count_nonzero((levels >= CLEANED_FROM) & (levels < 255)))
            for split, there in rows.items():
                ours = np.flatnonzero((there >= first) & (there < first + len(levels)))
                images[split][ours, :, :, 0] = 255 - levels[there[ours] - first]
            bar.show_rate(first + len(levels))
    mean = total / scans.size
    if mean < 128:
        raise GanprofileError(
            f"{printable(path)} should show dark ink on white paper, 0..255. Received: a level of "
            f"{mean:.1f} on average."
        )
    return images, {
        "file": path.name,
        "dtype": str(scans.dtype),
        "mean_level": round(mean, 2),
        f"share_of_{CLEANED_FROM}_to_254": round(near_white / scans.size, 6),
    }


def _blocks(scans, path):
    """`(first row, uint8 levels)`, a piece of the file at a time.

    Each piece is mapped anew: the pages of one long mapping would stay in memory as they are read.

    Raises:
        GanprofileError: a value is not in 0..255.
    """
    step = max(1, BLOCK_BYTES // scans[0].nbytes)
    for first in range(0, len(scans), step):
        block = np.array(np.load(path, mmap_mode="r", allow_pickle=False)[first : first + step])
        low, high = block.min(), block.max()
        if not 0 <= low <= high <= 255:
            raise GanprofileError(
                f"{printable(path)} should hold levels in 0..255. Received: {low}..{high} in rows "
                f"{first}..{first + len(block) - 1}."
            )
        yield first, block if block.dtype == np.uint8 else np.rint(block).astype(np.uint8)
