"""The datasets that have a name, and where each comes from.

Each is a `Source`. An installed package adds one by an entry point of the group
`ganprofile.datasets`, or a function that returns a `Dataset` or a pair of them.
"""

from __future__ import annotations

from typing import Any, Protocol

from ganprofile.datasets.loaders.chars74k_files import LOWERCASE
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.loaders.official import PUBLISHED
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.sources.chars74k import Chars74kSource
from ganprofile.datasets.sources.embedded import EMBEDDED, EmbeddedSource
from ganprofile.datasets.sources.function import as_source
from ganprofile.datasets.sources.hwdplus import HwdplusSource
from ganprofile.datasets.sources.published import PublishedSource
from ganprofile.datasets.sources.qmnist import QmnistSource
from ganprofile.storage.plugins import Registry


class Source(Protocol):
    """Where a named dataset comes from.

    It may have `own_options`, names of arguments of `load` that count for it as for people's own
    files; without, it has none.
    """

    name: str

    def card(self) -> dict[str, Any]:
        """What is known of the data."""

    def is_here(self) -> bool:
        """Whether they lie on this machine."""

    def load(self, request: LoadRequest) -> LoadedData:
        """Both parts."""


_SOURCES: list[Source] = [
    *map(EmbeddedSource, EMBEDDED),
    *(PublishedSource(name, stem) for name, stem in PUBLISHED.items()),
    QmnistSource(),
    Chars74kSource("chars74k"),
    Chars74kSource("chars74k/lowercase", LOWERCASE),
    *(
        HwdplusSource("/".join(["hwdplus", *size, *partition]), int(*size or ["28"]), *partition)
        for partition in ([], ["individuals"])
        for size in ([], ["100"], ["500"])
    ),
]
DATASETS = Registry("ganprofile.datasets", {source.name: source for source in _SOURCES}, as_source)
