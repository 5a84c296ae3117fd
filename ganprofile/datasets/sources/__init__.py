"""The datasets that have a name, and where each comes from.

A source has a `name`, `card()`, `is_here()` and `load(request)`, which takes a `Request` and
returns a `Reading` with both parts.
"""

from ganprofile.datasets.sources.chars74k import Chars74kSource
from ganprofile.datasets.sources.embedded import EmbeddedSource
from ganprofile.datasets.sources.hwdplus import HwdplusSource
from ganprofile.datasets.sources.published import PublishedSource
from ganprofile.datasets.sources.qmnist import QmnistSource

_EMNIST = ("letters", "digits", "byclass", "bymerge", "mnist")

_SOURCES = [
    EmbeddedSource("digits"),
    EmbeddedSource("characters"),
    PublishedSource("mnist", "mnist"),
    PublishedSource("emnist", "emnist/balanced", transposed=True),
    *(
        PublishedSource(f"emnist/{config}", f"emnist/{config}", transposed=True)
        for config in _EMNIST
    ),
    QmnistSource(),
    Chars74kSource("chars74k"),
    Chars74kSource("chars74k/lowercase", "abcdefghijklmnopqrstuvwxyz"),
    *(
        HwdplusSource("/".join(["hwdplus", *size, *partition]), int(*size or ["28"]), *partition)
        for partition in ([], ["individuals"])
        for size in ([], ["100"], ["500"])
    ),
]
DATASETS = {source.name: source for source in _SOURCES}
