"""A generator that has left Keras, as a run that only draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ganprofile.errors import UsageError
from ganprofile.runs.drawing_only import DrawingOnly
from ganprofile.runtimes import open_network
from ganprofile.runtimes.network import GENERATOR
from ganprofile.storage.names import as_word
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    from ganprofile.datasets import Dataset
    from ganprofile.datasets.given import Arrays


class ExportedRun(DrawingOnly):
    """What `Run.open` makes of a file of `export_model`: it draws, and needs no Keras for it.

    Args:
        path: of the file, or of the folder of a SavedModel.

    Raises:
        GanprofileError: it cannot be read, or a library is missing.
        UsageError: it is a reader.
    """

    def __init__(self, path: StrPath) -> None:
        network = open_network(path)
        info = network.info
        if info["kind"] != GENERATOR:
            raise UsageError(
                f"{path} is a {info['kind']}, which draws nothing. Read pictures with it: "
                f"ganprofile classify PICTURE --reader {as_word(path)}"
            )
        dataset = {key: info.get(key) for key in ("class_names", "image_shape", "writers")}
        provenance = info.get("provenance") or {}
        config = {
            "model": info.get("model"),
            "dataset": {"name": info.get("dataset"), **dataset, "provenance": provenance},
            "conditions": info["conditions"],
        }
        super().__init__(network.path, config)
        self.generator = network

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: the path, by which the network is opened there."""
        return dict(self.__dict__)

    def require(self, *files: str) -> None:
        """There are no files of a run."""
        self._refuse(files[0])

    def forget_generator(self) -> None:
        """Open the file again: another may have been exported to its place."""
        self.generator = open_network(self.path)

    def dataset(self, given: Dataset | Arrays | None = None, offline: bool = False) -> NoReturn:
        """It does not know its data."""
        self._refuse("data")

    def _refuse(self, missing: str) -> NoReturn:
        raise UsageError(
            f"{self.path} is an exported model, which only draws pictures (ganprofile sample): it "
            f"has no {missing}. Give the run or model that it was made of."
        )
