"""The datasets that have a name, and where each comes from.

A source has a `name`, `card()`, `is_here()` and `load(request)`, which takes a `LoadRequest` and
returns a `LoadedData` with both parts.
"""

from ganprofile.datasets.loaders.chars74k_files import LOWERCASE
from ganprofile.datasets.loaders.official import PUBLISHED
from ganprofile.datasets.sources.chars74k import Chars74kSource
from ganprofile.datasets.sources.embedded import EMBEDDED, EmbeddedSource
from ganprofile.datasets.sources.hwdplus import HwdplusSource
from ganprofile.datasets.sources.published import PublishedSource
from ganprofile.datasets.sources.qmnist import QmnistSource

_SOURCES = [
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
DATASETS = {source.name: source for source in _SOURCES}
