"""Processes that share the cores of this machine, each with its own framework."""

import contextlib
import os
import signal
import threading
import time
import warnings

from ganprofile.errors import GanprofileError
from ganprofile.frameworks import chosen

SECONDS_BETWEEN_LOOKS = 1.0
REPLACED = "A worker stopped while some jobs were given"  # how loky's warning begins


@contextlib.contextmanager
def pool(jobs, work, remedy, initializer=None, initargs=()):
    """Processes that share the cores, and end with this one however it ends.

    Args:
        jobs: how many.
        work: what they do, as in "a process of the benchmark".
        remedy: what to do where one was ended from outside, a sentence or two.
        initializer: called once in each, or None.
        initargs: with these.

    Raises:
        GanprofileError: a process was ended from outside.
    """
    import joblib
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    threads = str(max(1, joblib.cpu_count() // jobs))
    names = ("OMP", "OPENBLAS", "MKL", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")
    environment = {f"{name}_{'' if 'TF' in name else 'NUM_'}THREADS": threads for name in names}
    # TensorFlow would give all of a GPU's memory to the first process.
    environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    environment["KERAS_BACKEND"] = chosen()  # none of them has to say which
    arguments = (os.getpid(), initializer, initargs)
    processes = ProcessPoolExecutor(jobs, initializer=_begin, initargs=arguments, env=environment)
    try:
        with warnings.catch_warnings():
            # loky replaces a process whose memory has grown, as TensorFlow's does: nothing is lost.
            warnings.filterwarnings("ignore", REPLACED)
            yield processes
    except TerminatedWorkerError as error:
        raise GanprofileError(
            f"A process of {work} was ended from outside, perhaps for want of memory. {remedy}"
        ) from error
    finally:
        processes.shutdown(kill_workers=True)


def _begin(parent, initializer, initargs):
    # A terminal sends Ctrl-C to all processes; what it means is for the first one to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _end_with(parent):
    """Leave when the process that asked is gone: else two would write into one folder."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)
