"""Running cells one after the other or side by side, subset by subset."""

from ganprofile.benchmarking.cells import run_cells

WORK = "the benchmark"
REMEDY = "Whole cells are kept; run the command again with fewer `jobs`."
ON_A_CLUSTER = "Whole cells are kept; run the command again when the cluster is whole."


def run_chains(chains, protocol, subset_for, sharing, watching):
    """Run all cells; those of one chain in order, and chains side by side.

    Args:
        chains: for each subset its `(per_class, repeat, arm, trainings)`, in the order of the arms,
            so that an arm finds what one before it kept in the subset's folder.
        protocol: the `Protocol`.
        subset_for: `(per_class, repeat)` -> the subset.
        sharing: a `Sharing`.
        watching: a `BenchmarkProgress`, which is given every finished cell.

    Raises:
        GanprofileError: a cell failed, or a process ended.
    """
    if not chains:
        return
    remedy = REMEDY if sharing.cluster is None else ON_A_CLUSTER
    arguments = {"work": WORK, "remedy": remedy, "most": len(chains), "begin": _prepare}
    with sharing.executor(protocol, **arguments) as executor:
        watching.begin(executor.size)
        pieces = (((subset_for(*place[:2]), *place) for place in chain) for chain in chains)
        for cell in executor.imap_chains(run_cells, pieces):
            watching.add(cell)


def _prepare(protocol):
    protocol.prepare()
