"""What a row of the table is: one thing to do, and several who do it in turns."""

import dataclasses
import importlib.util
import os
from collections.abc import Callable

OURS = "ganprofile"


@dataclasses.dataclass(frozen=True)
class Row:
    """One thing to do.

    Attributes:
        what: in words.
        contenders: who does it, name -> `contender(is_quick)`, which gives a dict of JSON values
            with `RATE` or `SECONDS` among them; each runs in a fresh process of its own.
        targets: name of another contender -> how many times as fast as that we want to be.
        repeats: turns in which all contenders are measured.
        modules: what has to be installed beside ganprofile, names of modules.
        data: whether it needs the folder that `GANPROFILE_TEST_DATA` names.
    """

    what: str
    contenders: dict[str, Callable[[bool], dict]]
    targets: dict[str, float]
    repeats: int = 5
    modules: tuple[str, ...] = ()
    data: bool = False

    def missing(self):
        """What it needs and is not here, a list of words."""
        names = [name for name in self.modules if importlib.util.find_spec(name) is None]
        is_without = self.data and not os.environ.get("GANPROFILE_TEST_DATA")
        return names + ["GANPROFILE_TEST_DATA"] * is_without


RATE = "per_second"  # how much is done in a second
SECONDS = "seconds"  # what one whole thing takes


def times_as_fast(ours, theirs):
    """How many times as fast one measurement is as another."""
    if RATE in ours:
        return ours[RATE] / theirs[RATE]
    return theirs[SECONDS] / ours[SECONDS]
