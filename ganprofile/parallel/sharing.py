"""Who shares the work; the pieces are given and taken in the same way by all."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import functools
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ganprofile.errors import UsageError, check_whole
from ganprofile.parallel.addresses import address_of
from ganprofile.parallel.executors import Executor, SerialExecutor
from ganprofile.parallel.packing import call_kept, keep, packed_common

MOST_PROCESSES = 8  # where nobody said how many: each loads a framework of its own


@dataclasses.dataclass(frozen=True)
class Sharing:
    """Who shares the work.

    Attributes:
        jobs: processes of this machine; 1 is this one, and so is None, where nobody said.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, or None.

    Raises:
        UsageError: one of them cannot be meant, both are said, or the cluster's extra is missing.
    """

    jobs: int | None = None
    cluster: str | None = None

    def __post_init__(self) -> None:
        if self.jobs is not None:
            check_whole("jobs", self.jobs)
        if self.cluster is None:
            return
        address_of(self.cluster)
        if (self.jobs or 1) > 1:
            raise UsageError(
                "`jobs` are processes of this machine, and a cluster has its own. "
                f"Received: `jobs={self.jobs}` and `cluster={self.cluster!r}`. Say one of them."
            )
        if importlib.util.find_spec("distributed") is None:
            raise UsageError(
                "`cluster` needs Dask, which is not installed. Install it: "
                "pip install 'ganprofile[cluster]'."
            )

    def on_this_machine(self, is_short: bool = False) -> Sharing:
        """The same without a cluster; where nobody said how many, a process for each core.

        With a GPU it is this process alone, for several would fight for its memory.

        Args:
            is_short: whether the work takes no longer than processes take to start; then it is this
                process alone, too.
        """
        if self.jobs is not None or is_short:
            return Sharing(self.jobs)
        import joblib

        has_gpu = Path("/dev/nvidia0").exists()
        return Sharing(1 if has_gpu else min(joblib.cpu_count(), MOST_PROCESSES))

    def check(self) -> None:
        """Find out now whether the cluster can be used, where there is one.

        Raises:
            GanprofileError: it does not answer, or its workers have other versions.
        """
        if self.cluster is not None:
            from ganprofile.parallel.clusters import connected

            with connected(address_of(self.cluster)):
                pass

    @contextlib.contextmanager
    def executor(
        self,
        common: Any,
        *,
        work: str,
        remedy: str,
        most: int | None = None,
        begin: Callable[[Any], object] | None = None,
        threads: int | None = None,
    ) -> Iterator[Executor | SerialExecutor]:
        """Those who work, for as long as a `with` block lasts.

        Args:
            common: what all pieces need. It goes to every process once, pickled.
            work: what they do, as in "a process of the benchmark".
            remedy: what to do where one was ended from outside, a sentence or two.
            most: how many pieces can be worked on at a time, where that is known.
            begin: called with `common` in every process before its first piece, or None.
            threads: how many threads of this process work, where it is the only one, beside what
                becomes of the results; for pieces that neither print nor train, and that leave the
                interpreter to others. None works on a piece when its result is asked for.

        Yields:
            An `Executor`, or `SerialExecutor`.

        Raises:
            GanprofileError: a process was ended from outside, or the cluster cannot be used.
        """
        jobs = min(self.jobs or 1, most or self.jobs or 1)
        if self.cluster is not None:
            from ganprofile.parallel.clusters import executor_of

            content = packed_common(common, begin)
            with executor_of(address_of(self.cluster), content, work, remedy) as executor:
                yield executor
        elif jobs > 1:
            from ganprofile.parallel.processes import pool

            with pool(jobs, work, remedy, keep, (packed_common(common, begin),)) as processes:
                yield Executor(functools.partial(processes.submit, call_kept), jobs)
        else:
            if begin is not None:
                begin(common)
            with _here(common, threads) as executor:
                yield executor


@contextlib.contextmanager
def _here(common: Any, threads: int | None) -> Iterator[Executor | SerialExecutor]:
    """This process alone: see `Sharing.executor`."""
    if threads is None:
        yield SerialExecutor(common)
        return
    with concurrent.futures.ThreadPoolExecutor(threads, "executor") as pool:
        yield Executor(lambda function, *piece: pool.submit(function, common, *piece), threads)


HERE = Sharing()
