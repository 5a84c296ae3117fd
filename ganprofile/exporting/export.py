"""`export_model`: a generator or reader for those who have no Keras, compared with Keras."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from ganprofile.console import DryRun
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.runtimes import RUNTIMES
from ganprofile.runtimes.saved_model import FILE, PARTS
from ganprofile.storage.files import (
    atomic_folder,
    atomic_path,
    expanded,
    files_but,
    made_folder,
    refuse_existing,
    refuse_folder,
    refuse_others,
)
from ganprofile.storage.places import check_writable

if TYPE_CHECKING:
    from ganprofile.recognition import Reader
    from ganprofile.runs.run import Run
    from ganprofile.storage.paths import StrPath

FOLDER = "exported"  # where they go if nothing else is said
COMPARED = 1000  # inputs
LARGEST = 1e-4  # difference of an exported model to Keras

# The names of `formats.EXPORTS`, against which a test holds them.
ExportFormat: TypeAlias = Literal["onnx", "litert", "saved_model"]


@dataclasses.dataclass(frozen=True)
class ExportedModel:
    """What was exported.

    Attributes:
        path: of the file, or of the folder of a SavedModel.
        info: the description that it carries: `kind` (generator or reader), `class_names`,
            `image_shape`, `paper` and `ink` (the values that stand for them), `inputs`, `outputs`.
        bytes: size of all files.
        largest_difference: to Keras, in `COMPARED` inputs.

    Example:
        >>> made = gp.export_model("digits-cgan", "onnx")
        >>> made.info["kind"], made.info["inputs"]["latents"]["shape"]
        ('generator', [None, 100])
    """

    path: Path
    info: dict[str, Any]
    bytes: int
    largest_difference: float


def export_model(
    source: Run | Reader | StrPath,
    to: ExportFormat = "onnx",
    *,
    output: StrPath | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> ExportedModel | DryRun:
    """Write a generator or reader in a format that needs no Keras, and compare it with Keras.

    A generator takes `latents`, float32, and an int32 index for every condition, such as `label`;
    it gives `images`, float32 in [-1, 1], 1 = ink. A reader takes `images`, uint8 with 255 = ink,
    and gives `probabilities`. What `classify` does before with a photograph is no part of it.

    Args:
        source: a `Run` or `Reader`, the path or name of a run or model, the path of a reader or its
            name in `readers/`, or `hf:user/name` of either on Hugging Face's Hub.
        to: `onnx`, `litert` or `saved_model`.
        output: the file to write, `.onnx` or `.tflite`, or the folder for a SavedModel; None makes
            it in `exported/`, named as the source.
        force: replace what is there.
        dry_run: check everything and write nothing.

    Returns:
        An `ExportedModel`, or a `DryRun`.

    Raises:
        UsageError: there is no such source or format, or `output` exists or has another suffix.
        GanprofileError: a library is missing, the source cannot be written in this format, or what
            was written differs from Keras; then nothing is left of it.

    Example:
        >>> made = gp.export_model("digits-cgan", "onnx")
        >>> made.path.as_posix(), made.largest_difference < 1e-4
        ('exported/digits-cgan.onnx', True)
        >>> gp.Run.open("exported/digits-cgan.onnx").sample(2, label="7").shape
        (2, 28, 28, 1)
    """
    from ganprofile.exporting.exportable import exportable, opened
    from ganprofile.exporting.formats import check_backend, check_format, write

    check_format(to)
    if output is not None:
        _check_output(expanded(output), to, force)  # before Keras is imported, which takes seconds
    source = opened(source)
    suffix = RUNTIMES[to].SUFFIX
    name = source.path.resolve().name
    path = Path(FOLDER, f"{name}{suffix}") if output is None else expanded(output)
    _check_output(path, to, force)
    check_writable(path)
    chosen = exportable(source)  # reads the network; of some readers none can be written anywhere
    check_backend(to)
    if dry_run:
        return DryRun(path, {"would_write": to, **chosen.info})
    network = chosen.network()
    inputs = chosen.inputs(COMPARED)
    network({name: array[:1] for name, array in inputs.items()})  # Keras exports what has been run
    with _place(path, suffix, force) as place:
        write(to, network, place, chosen.info)
        written = RUNTIMES[to].open_network(place).outputs(inputs)
        difference = _largest_difference(written, chosen.expected(inputs), path)
        files = [place, *place.rglob("*")]
        size = sum(file.stat().st_size for file in files if file.is_file())
    return ExportedModel(path, chosen.info, size, difference)


def _check_output(path: Path, to: str, force: bool) -> None:
    """Refuse a place that is taken, or whose suffix would not say what it is."""
    suffix = RUNTIMES[to].SUFFIX
    known = {runtime.SUFFIX for runtime in RUNTIMES.values()}
    if path.suffix != suffix and (suffix or path.suffix in known):
        wanted = f"end in {suffix}" if suffix else "be a folder"
        raise UsageError(f"For {to}, `output` should {wanted}. Received: {path}.")
    if not suffix:
        ours = files_but(FILE, *PARTS)
        refuse_others(path, force, FILE, "an exported model", foreign=ours)
        return
    refuse_existing(path, force)
    refuse_folder(path)


@contextlib.contextmanager
def _place(path: Path, suffix: str, force: bool) -> Iterator[Path]:
    """Where to write, hidden beside `path`, to which it is moved when the block succeeds."""
    if not suffix:
        with atomic_folder(path, force) as folder:
            yield folder
        return
    with made_folder(path.parent), atomic_path(path) as partial:
        yield partial


def _largest_difference(written: np.ndarray, expected: np.ndarray, path: Path) -> float:
    """Of all numbers.

    Raises:
        GanprofileError: it is too large.
    """
    difference = float(np.abs(written.astype(np.float64) - expected).max())
    if not difference <= LARGEST:  # nor not a number
        raise GanprofileError(
            f"{path} would differ from Keras by {difference:.2g}, more than {LARGEST:g}, in "
            f"{COMPARED:,} inputs, so it was not written. Choose another format."
        )
    return difference
