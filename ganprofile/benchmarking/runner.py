"""Running cells one after the other or in several processes, subset by subset."""

import contextlib
import functools
import itertools
import os
import signal
import threading
import time

from ganprofile.benchmarking.cells import run_cell
from ganprofile.errors import GanprofileError

SECONDS_BETWEEN_LOOKS = 1.0


def run_chains(chains, protocol, subset_for, jobs, on_cell):
    """Run all cells; those of one chain in order, and chains side by side.

    Args:
        chains: for each subset its `(per_class, repeat, arm)`, in the order of the arms, so that an
            arm finds what one before it kept in the subset's folder.
        protocol: the `Protocol`.
        subset_for: `(per_class, repeat)` -> the subset.
        jobs: processes; 1 is this one.
        on_cell: called with every finished cell.

    Raises:
        GanprofileError: a cell failed, or a process ended.
    """
    if jobs > 1 and len(chains) > 1:
        _in_processes(chains, protocol, subset_for, jobs, on_cell)
    elif chains:
        _here(chains, protocol, subset_for, on_cell)


def _here(chains, protocol, subset_for, on_cell):
    protocol.prepare()
    for chain in chains:
        for per_class, repeat, arm in chain:
            subset = subset_for(per_class, repeat)
            on_cell(run_cell(protocol, subset, per_class, repeat, arm))


def _in_processes(chains, protocol, subset_for, jobs, on_cell):
    from joblib.externals.loky import FIRST_COMPLETED, wait
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    waiting = iter(chains)
    running = {}
    with _pool(protocol, min(jobs, len(chains))) as pool:

        def begin(chain):
            (per_class, repeat, arm), *rest = chain
            subset = subset_for(per_class, repeat)
            running[pool.submit(_run, subset, per_class, repeat, arm)] = rest

        for chain in itertools.islice(waiting, jobs):
            begin(chain)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                rest = running.pop(future)
                try:
                    on_cell(future.result())
                except TerminatedWorkerError as error:
                    raise GanprofileError(
                        "A process of the benchmark was ended from outside, perhaps for want of "
                        "memory. Whole cells are kept; run the command again with fewer --jobs."
                    ) from error
                following = rest or next(waiting, None)
                if following:
                    begin(following)


@contextlib.contextmanager
def _pool(protocol, jobs):
    """Processes that share the cores, and end with this one however it ends."""
    import joblib
    from joblib.externals.loky import ProcessPoolExecutor

    threads = str(max(1, joblib.cpu_count() // jobs))
    names = ("OMP", "OPENBLAS", "MKL", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")
    environment = {f"{name}_{'' if 'TF' in name else 'NUM_'}THREADS": threads for name in names}
    # TensorFlow would give all of a GPU's memory to the first process.
    environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    pool = ProcessPoolExecutor(
        jobs, initializer=_begin_process, initargs=(protocol, os.getpid()), env=environment
    )
    try:
        yield pool
    finally:
        pool.shutdown(kill_workers=True)


_protocols = []  # of this process: one, where it was started by `_pool`


def _begin_process(protocol, parent):
    # A terminal sends Ctrl-C to all processes; what it means is for the first one to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _protocols.append(protocol)


def _end_with(parent):
    """Leave when the process that asked is gone: else two would write into one subset's folder."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


@functools.cache
def _prepared_protocol():
    (protocol,) = _protocols
    protocol.prepare()
    return protocol


def _run(subset, per_class, repeat, arm):
    return run_cell(_prepared_protocol(), subset, per_class, repeat, arm)
