"""Running cells one after the other or in several processes, subset by subset."""

import functools
import itertools

from ganprofile.benchmarking.cells import run_cells
from ganprofile.benchmarking.processes import pool

REMEDY = "Whole cells are kept; run the command again with fewer --jobs."


def run_chains(chains, protocol, subset_for, jobs, on_cell):
    """Run all cells; those of one chain in order, and chains side by side.

    Args:
        chains: for each subset its `(per_class, repeat, arm, trainings)`, in the order of the arms,
            so that an arm finds what one before it kept in the subset's folder.
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
        for per_class, repeat, *rest in chain:
            subset = subset_for(per_class, repeat)
            for cell in run_cells(protocol, subset, per_class, repeat, *rest):
                on_cell(cell)


def _in_processes(chains, protocol, subset_for, jobs, on_cell):
    from joblib.externals.loky import FIRST_COMPLETED, wait

    waiting = iter(chains)
    running = {}
    jobs = min(jobs, len(chains))
    with pool(jobs, "the benchmark", REMEDY, _keep, (protocol,)) as processes:

        def begin(chain):
            (per_class, repeat, arm, trainings), *rest = chain
            subset = subset_for(per_class, repeat)
            running[processes.submit(_run, subset, per_class, repeat, arm, trainings)] = rest

        for chain in itertools.islice(waiting, jobs):
            begin(chain)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                rest = running.pop(future)
                for cell in future.result():
                    on_cell(cell)
                following = rest or next(waiting, None)
                if following:
                    begin(following)


_protocols = []  # of this process: one, where it was started by `_in_processes`


def _keep(protocol):
    _protocols.append(protocol)


@functools.cache
def _prepared_protocol():
    (protocol,) = _protocols
    protocol.prepare()
    return protocol


def _run(*place):
    return list(run_cells(_prepared_protocol(), *place))
