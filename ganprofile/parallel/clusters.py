"""The workers of a Dask cluster as an executor: one that is lost, its pieces are done by others."""

import asyncio
import concurrent.futures
import contextlib
import functools
import pickle
import warnings

from ganprofile.errors import GanprofileError, first_line
from ganprofile.frameworks import chosen
from ganprofile.parallel.executors import Executor
from ganprofile.parallel.packing import call, packed
from ganprofile.storage.versions import installed_versions

SECONDS = 10  # in which a scheduler and a worker have to answer


@contextlib.contextmanager
def executor_of(address, content, work, remedy):
    """The workers of a cluster, as long as a `with` block lasts.

    Args:
        address: of the scheduler, with its protocol.
        content: what the pieces have in common, as `packed_common` packs it.
        work: what they do, as in "a process of the benchmark".
        remedy: what to do where they were lost, a sentence or two.

    Yields:
        An `Executor`.

    Raises:
        GanprofileError: the cluster cannot be used, or was lost.
    """
    from distributed import KilledWorker

    with connected(address) as (client, count):
        executor = client.get_executor(pure=False)
        try:
            shared, ours = _at_all_workers(client, content), _equipment()

            def submit(function, *piece):
                return executor.submit(_call, shared, ours, packed(function, piece))

            yield Executor(submit, count)
        except KilledWorker as error:
            raise GanprofileError(
                f"Several workers of the cluster at {address} were lost one after the other at the "
                f"same piece of {work}, perhaps for want of memory. {remedy}"
            ) from error
        except concurrent.futures.CancelledError as error:
            raise GanprofileError(
                f"The scheduler at {address} was lost in the middle of {work}. {remedy}"
            ) from error
        finally:
            executor.shutdown(wait=False)


@contextlib.contextmanager
def connected(address):
    """A cluster that answers and has workers of the versions that are installed here.

    Yields:
        `(client, count)`: Dask's `Client`, and how many workers there are.

    Raises:
        GanprofileError: there is no such cluster.
    """
    from distributed.utils import silence_logging_cmgr

    with silence_logging_cmgr("CRITICAL"):
        client = _client(address)
        try:
            yield client, _checked_workers(client, address)
        finally:
            client.close()


def _client(address):
    from distributed import Client

    try:
        # In a thread, because a notebook has a loop of its own that runs already.
        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _greet(address)).result()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, which are looked at below
            return Client(address, timeout=SECONDS, set_as_default=False)
    except Exception as error:  # what listens there may be anything
        raise GanprofileError(
            f"No Dask scheduler answers at {address} within {SECONDS} seconds "
            f"({first_line(error)}). Start one with dask scheduler, or correct `cluster`."
        ) from error


async def _greet(address):
    """Hear whether a scheduler answers: for that, Dask's `Client` would wait without end."""
    from distributed.comm import connect
    from distributed.security import Security

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=SECONDS, **arguments), SECONDS)
    await comm.close()


def _checked_workers(client, address):
    """How many workers there are; all of them are as this process is."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError as error:
        raise GanprofileError(
            f"The cluster at {address} has no workers. Start some with dask worker {address}."
        ) from error
    answers = client.run(_equipment, on_error="return")
    for worker, found in answers.items():
        _refuse_other(worker, found, _equipment())
    return len(answers)


def _at_all_workers(client, content):
    """Send to every worker what all pieces need; Dask's future of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its size
        # Unlike data that are only sent, a result is made again when all who held it are gone.
        shared = client.submit(_same, content, pure=False)
    client.replicate([shared])
    return shared


@functools.cache
def _equipment():
    """What decides which bytes a process makes, name -> version."""
    found = installed_versions()
    found["python"] = ".".join(found["python"].split(".")[:2])
    return {**found, "KERAS_BACKEND": chosen()}


def _refuse_other(worker, found, ours):
    """Refuse a worker with other versions than ours; what is found may be an exception."""
    remedy = "Install the same versions on all machines, and start the worker again."
    if isinstance(found, Exception):
        raise GanprofileError(
            f"Worker {worker} has no ganprofile, or another one than is installed here "
            f"({first_line(found)}). {remedy}"
        ) from found
    for name, version in ours.items():
        if found.get(name) != version:
            raise GanprofileError(
                f"Worker {worker} has {name} {found.get(name)}, and {version} is wanted. {remedy}"
            )


def _same(content):
    return content


def _call(content, ours, task):
    from distributed import get_worker

    _refuse_other(get_worker().address, _equipment(), ours)  # it may have come later
    function, piece = pickle.loads(task)
    return call(content, function, *piece)
