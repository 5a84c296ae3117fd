"""Stopping on a signal without losing an epoch that is whole."""

import signal
import threading
import time

import keras

from ganprofile.errors import STOPPING_SIGNALS

MOST_SECONDS_HELD = 5.0


class Stopping(keras.callbacks.Callback):
    """Holds signals back, in a `with` block, until the newest whole epoch is in a checkpoint.

    Where epochs are short, not each of them ends with a checkpoint. A signal by which one would be
    lost waits for the end of the running epoch; its state is saved, and the signal is raised again
    for what handled it before the block. A signal that costs nothing, or comes a second time, is
    passed on at once, and none waits for more than five seconds and a step. In a thread other than
    the main one, where Python handles no signals, nothing is held back.

    Args:
        checkpoint: the `Checkpoint`, which comes before this among callbacks.
    """

    def __init__(self, checkpoint):
        super().__init__()
        self._checkpoint = checkpoint
        self._handlers = {}
        self._held = {}  # signal -> when it came

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for number in STOPPING_SIGNALS:
                # None: somebody handles it outside Python, and could not get it back from us.
                if signal.getsignal(number) not in (None, signal.SIG_IGN):
                    self._handlers[number] = signal.signal(number, self._hold)
        return self

    def __exit__(self, *error):
        self._pass_on()

    def on_train_batch_end(self, batch, logs=None):
        if self._held and time.monotonic() - min(self._held.values()) > MOST_SECONDS_HELD:
            self._pass_on()

    def on_epoch_end(self, epoch, logs=None):
        if self._held:
            self._checkpoint.keep_newest()
            self._pass_on()

    def _hold(self, number, frame):
        is_second = number in self._held
        self._held.setdefault(number, time.monotonic())
        if is_second or self._checkpoint.is_current:
            self._pass_on()

    def _pass_on(self):
        """Hold no more, and raise what was held; what handled it before may well raise."""
        while self._handlers:
            signal.signal(*self._handlers.popitem())
        while self._held:
            number, _ = self._held.popitem()
            signal.raise_signal(number)
