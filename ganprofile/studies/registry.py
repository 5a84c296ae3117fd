"""Which studies there are. What one does is loaded when it is run: the list must not wait."""

from __future__ import annotations

import dataclasses
import importlib
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ganprofile.studies.design import Study


@dataclasses.dataclass(frozen=True)
class Listed:
    """A study as a list shows it.

    Attributes:
        title: what it is about, in one line.
        document: who published it, and where.
    """

    title: str
    document: str

    def load(self, name: str) -> Study:
        """Its `Study`."""
        return importlib.import_module(f"ganprofile.studies.{name}").STUDY


# The names of `STUDIES`, against which a test holds them.
StudyName: TypeAlias = Literal["profiling", "beyond", "sharpies", "hwdplus"]
STUDIES = {
    "profiling": Listed(
        "Draw digits and characters with the classic GAN, and learn from what it draws",
        "Bembde, Mathur: GANs: Handwriting Profiling (IIT Bombay)",
    ),
    "beyond": Listed(
        "Read digits, take noise away from them, and draw maps of them",
        "Beyond the recognition of handwritten digits",
    ),
    "sharpies": Listed(
        "Look at digits by UMAP, and read them by k-NN, an SVM and five small networks",
        "Christenson, Felizarta, Colon: From Pixels to Sharpies (University of San Diego)",
    ),
    "hwdplus": Listed(
        "Read who wrote a digit, and what can be said of the writer",
        "Beaulac, Rosenthal: Introducing a new high-resolution handwritten digits data set with "
        "writer characteristics (2022)",
    ),
}
