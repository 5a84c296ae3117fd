"""Writers who have names are asked for by them; images know their numbers."""

from __future__ import annotations

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.writers import WRITER_NAMES, is_whole
from ganprofile.errors import UsageError
from ganprofile.storage.files import composed, printable

NAMED = 12  # writers in a sentence


def names_of_writers(dataset: Dataset) -> dict[int, str]:
    """Number -> name of the writers, empty where they have none."""
    named = dataset.attributes.get(WRITER_NAMES)
    if named is None or dataset.writers is None:
        return {}
    names = dict(zip(dataset.writers.tolist(), map(str, named.tolist()), strict=True))
    return {number: name for number, name in names.items() if name}


def number_of_writer(writer: int | str, dataset: Dataset) -> int:
    """The number of a writer of some data, who is asked for by it or by name.

    Raises:
        UsageError: there is none.
    """
    names = names_of_writers(dataset)
    writers = [one for one in np.unique(dataset.writers).tolist() if one >= 0]
    by_name = {name: number for number, name in names.items()}
    asked = by_name.get(composed(str(writer)))
    if asked is None and is_whole(str(writer)):
        padded = [number for name, number in by_name.items() if _means(name, int(writer))]
        asked = padded[0] if len(padded) == 1 else int(writer)
    if asked is None or asked not in writers:
        known = [printable(names.get(one, str(one))) for one in writers]
        shown = ", ".join(known[:NAMED])
        shown += f" and so on to {known[-1]}" if len(known) > NAMED else ""
        raise UsageError(
            f"{printable(dataset.name)} has no writer {printable(str(writer))}. "
            f"Its {counted(len(known), 'writer')}: {shown}."
        )
    return asked


def _means(name: str, number: int) -> bool:
    """Whether a name is a number as tables write it, such as 007."""
    return name.isdecimal() and int(name) == number
