"""A run that has met one more writer, whose generator is in memory alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ganprofile.errors import UsageError
from ganprofile.runs.drawing_only import DrawingOnly
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    import keras

OTHERS = {"config.json", "checkpoint"}  # what lies at its path knows nothing of the writer


class AdaptedRun(DrawingOnly):
    """What `StyleAdapter.with_writer` makes of a run: it draws, and no file holds its generator.

    Args:
        path: of the run that it was made of.
        config: that run's, with one more writer.
        generator: the network that knows this writer.
    """

    def __init__(self, path: StrPath, config: dict[str, Any], generator: keras.Model) -> None:
        super().__init__(path, config)
        self.generator = generator

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process is the generator that knows the writer."""
        from ganprofile.gan.networks.serialization import as_bytes

        content = as_bytes(self.generator)
        return {"path": self.path, "config": self.config, "_travelled": content}

    def require(self, *files: str) -> None:
        """It draws without a file; its config and state of training are none of the folder's."""
        missing = next((file for file in files if file in OTHERS), None)
        if missing is not None:
            self._refuse(missing)
        super().require(*(file for file in files if file != "generator.keras"))

    def forget_generator(self) -> None:
        """The network stays: no training can have written another."""

    def _refuse(self, missing: str) -> NoReturn:
        raise UsageError(
            f"{self.path} with a new writer is in memory only: it has no {missing} of its own. "
            "Draw with it (sample), export it (export_model), or give the run that it was made of."
        )
