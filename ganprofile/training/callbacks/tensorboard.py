"""A training for TensorBoard; importing this module refuses where that package is missing."""

import io
import time

import keras
import numpy as np

from ganprofile.errors import cannot_import
from ganprofile.gan.measures import LOGIT_BINS, LOGIT_LIMIT
from ganprofile.images import read_png
from ganprofile.runs.grids import grid_of
from ganprofile.storage.files import append

try:
    from tensorboard.compat.proto.event_pb2 import Event, SessionLog
    from tensorboard.compat.proto.histogram_pb2 import HistogramProto
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter
except Exception as error:
    raise cannot_import("`tensorboard=True`", "tensorboard", error) from error

LOSS_BINS = 30
LOSSES = {"generator_loss": "losses/generator", "discriminator_loss": "losses/discriminator"}
LOGITS = {"real_logits": "logits/real", "fake_logits": "logits/fake"}


def track(run, recorder, offline):
    """The callback of a training; TensorBoard keeps all of it in the run folder."""
    return TensorBoard(run.path, recorder)


class TensorBoard(keras.callbacks.Callback):
    """Writes `tensorboard/`: every column of the history, histograms of losses and logits, grids.

    Epochs that are done already are written again, from the record, when this is made. So a resumed
    run has every epoch once: also those that ran on after the newest checkpoint before a kill, and
    those that were trained without this. TensorBoard's axis "relative" shows the training time.

    TensorBoard's own writer writes in a thread, where a full disk cannot be told of in words.

    Args:
        path: the run folder, whose `samples/` hold the grids.
        recorder: the `Recorder`, restored; it and `SampleGrids` come before this among callbacks.
    """

    def __init__(self, path, recorder):
        super().__init__()
        self._path = path
        self._recorder = recorder
        self._write_all()

    def _write_all(self):
        path, recorder = self._path, self._recorder
        self._ended = time.time() - recorder.seconds
        for older in (path / "tensorboard").glob("events.out.tfevents.*"):
            older.unlink()
        (path / "tensorboard").mkdir(exist_ok=True)
        self._file = path / "tensorboard" / f"events.out.tfevents.{time.time_ns()}"
        self._file.touch()
        # A TensorBoard that is looking on forgets what it has read of the older file.
        start = SessionLog(status=SessionLog.START)
        self._append(
            [
                Event(wall_time=self._ended, file_version="brain.Event:2"),
                Event(wall_time=self._ended, session_log=start),
                *(self._event(epoch) for epoch in range(recorder.epochs_done)),
            ]
        )
        self._written = recorder.epochs_done

    def on_train_begin(self, logs=None):
        if self._written != self._recorder.epochs_done:  # some were undone
            self._write_all()

    def on_epoch_end(self, epoch, logs=None):
        self._append([self._event(epoch)])
        self._written = epoch + 1

    def finish(self):
        """Write all again: the newest epoch has been judged since it was written."""
        self._write_all()

    def close(self, status):
        """All is written."""

    def _append(self, events):
        block = io.BytesIO()
        records = RecordWriter(block)
        for event in events:
            records.write(event.SerializeToString())
        append(self._file, block.getvalue())

    def _event(self, epoch):
        row = self._recorder.row(epoch)
        self._ended += row["seconds"]
        arrays = self._recorder.arrays_of(epoch)
        values = [*_scalars(row), *_histograms(arrays), *self._grid(epoch)]
        return Event(wall_time=self._ended, step=epoch + 1, summary=Summary(value=values))

    def _grid(self, epoch):
        file = grid_of(self._path, epoch + 1)
        if file.exists():  # somebody may have cleared older ones away
            height, width, channels = read_png(file).shape
            image = Summary.Image(
                height=height,
                width=width,
                colorspace=channels,
                encoded_image_string=file.read_bytes(),
            )
            yield Summary.Value(tag="samples", image=image)


def _scalars(row):
    """What was not measured in this epoch is left out."""
    for name, number in row.items():
        if np.isfinite(number):
            yield Summary.Value(tag=name, simple_value=number)


def _histograms(arrays):
    for name, tag in LOSSES.items():
        yield _histogram(tag, *np.histogram(arrays[name], LOSS_BINS))
    edges = np.linspace(-LOGIT_LIMIT, LOGIT_LIMIT, LOGIT_BINS + 1)
    for name, tag in LOGITS.items():
        yield _histogram(tag, arrays[name], edges)


def _histogram(tag, counts, edges):
    """Of the bins that hold something and those between; what lies in one is its middle."""
    filled = np.flatnonzero(counts)
    counts = counts[filled[0] : filled[-1] + 1]
    edges = edges[filled[0] : filled[-1] + 2]
    middles = (edges[:-1] + edges[1:]) / 2
    histogram = HistogramProto(
        min=edges[0],
        max=edges[-1],
        num=counts.sum(),
        sum=counts @ middles,
        sum_squares=counts @ middles**2,
        bucket_limit=edges[1:],
        bucket=counts,
    )
    return Summary.Value(tag=tag, histo=histogram)
