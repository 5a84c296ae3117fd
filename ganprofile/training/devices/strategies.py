"""How several devices train one GAN; a strategy is one line in `STRATEGIES`.

Every replica has a copy of both networks and a share of every batch. At each step the replicas add
up their gradients, so that the copies stay the same and, but for rounding, are what one device
would have made of the whole batch.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any, Literal

from ganprofile.backend import backend
from ganprofile.console import say
from ganprofile.errors import UsageError
from ganprofile.training.devices.cluster import EXAMPLE, cluster
from ganprofile.training.devices.meeting import meet


@dataclasses.dataclass(frozen=True)
class Device:
    """What trains.

    Attributes:
        kind: `"cpu"` or `"gpu"`.
        sentence: what was found, what is used, and why not more.
        replicas: how many copies of the networks learn together.
        strategy: what keeps them alike, a `tf.distribute.Strategy` or, on JAX, a
            `keras.distribution.Distribution`; None for a single one.
        worker: which of several processes this is.
        workers: how many processes train together. The first, the chief, keeps the run.
    """

    kind: Literal["cpu", "gpu"]
    sentence: str
    replicas: int = 1
    strategy: Any = None
    worker: int = 0
    workers: int = 1

    @property
    def is_chief(self) -> bool:
        """Whether this process keeps the run folder."""
        return self.worker == 0

    def scope(self) -> contextlib.AbstractContextManager[Any]:
        """A context in which Keras puts variables and work where they belong."""
        if self.strategy is not None:
            return self.strategy.scope()
        import keras

        return keras.device(f"{self.kind}:0") if backend().gpu_count() else contextlib.nullcontext()

    def any_worker(self, wish: bool) -> bool:
        """Whether any of the workers has a wish; all have to ask at the same time."""
        return wish if self.workers == 1 else backend().any_worker(self.strategy, wish)


def one(kind: Literal["cpu", "gpu"], found: str) -> Device:
    """A single device: the first GPU, or the CPU."""
    return Device(kind, f"{found}; training on {'GPU 0' if kind == 'gpu' else 'the CPU'}.")


def mirrored(kind: Literal["cpu", "gpu"], found: str) -> Device:
    """All GPUs of this machine, or all logical CPU devices (one, where nobody made more)."""
    strategy, replicas = backend().mirrored(kind)
    sentence = f"{found}; training on {replicas} {kind.upper()}{'' if replicas == 1 else 's'}"
    return Device(kind, f"{sentence}, mirrored.", replicas, strategy)


def multiworker(kind: Literal["cpu", "gpu"], found: str) -> Device:
    """The machines that TF_CONFIG names, each with its GPUs or its CPU."""
    addresses, worker = cluster()
    if not addresses:
        raise UsageError(
            '`strategy="multiworker"` needs the environment variable TF_CONFIG, which names all '
            f"workers and which of them this is, such as {EXAMPLE}"
        )
    others = [address for index, address in enumerate(addresses) if index != worker]
    if others:
        say(f"Worker {worker} of {len(addresses)} waits for {', '.join(others)}.")
        meet(addresses, worker)
    strategy, replicas = backend().multiworker(kind)
    role = "keeps the run" if worker == 0 else "helps worker 0, which keeps the run"
    sentence = f"{found}; worker {worker} of {len(addresses)} {role}; {replicas} replicas in all."
    return Device(kind, sentence, replicas, strategy, worker, len(addresses))


STRATEGIES = {"one": one, "mirrored": mirrored, "multiworker": multiworker}
