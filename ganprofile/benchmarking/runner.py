"""Running cells one after the other or side by side, subset by subset."""

import time

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
        if watching.is_long(protocol.steps):
            watching.estimate(*executor.imap(training_seconds, [()]))
        pieces = (((subset_for(*place[:2]), *place) for place in chain) for chain in chains)
        for cell in executor.imap_chains(run_cells, pieces):
            watching.add(cell)


def training_seconds(protocol):
    """How long a training of the classifier takes, by a second or two of one."""
    from ganprofile.backend.training import AT_ONCE
    from ganprofile.classifiers import CLASSIFIERS
    from ganprofile.classifiers.network import NetworkClassifier

    test_set, times = protocol.test_set, [time.monotonic()]
    kind = CLASSIFIERS[protocol.classifier]
    steps = 2 * max(1, AT_ONCE // kind(test_set.num_classes).batch_size)
    classifier = kind(test_set.num_classes, steps=steps)
    watch = {"watch": lambda done: times.append(time.monotonic())}
    options = watch if isinstance(classifier, NetworkClassifier) else {}
    classifier.fit(test_set.images, test_set.labels, **options)
    if options:  # what was before the first is to compile
        return (times[-1] - times[1]) * protocol.steps / (steps // 2)
    return (time.monotonic() - times[0]) * protocol.steps / steps


def _prepare(protocol):
    protocol.prepare()
