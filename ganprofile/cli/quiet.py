"""Keeps what the frameworks write about themselves away from the user.

TensorFlow's C++ part logs to file descriptor 2 while it is loaded, before any setting can stop it.
So the descriptor is pointed at nothing, and `sys.stderr`, which Python writes to, gets a copy of
the real one. `--debug` leaves everything as it is.
"""

import os
import sys


def silence_frameworks():
    """Keep `sys.stderr` for us; let everything below Python write to nowhere."""
    if sys.stderr is None:  # closed by the user
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    real = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(real, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
