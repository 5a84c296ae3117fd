"""A run whose generator is in no run folder: it draws, and has no files that a training left."""

from __future__ import annotations

from typing import Any, NoReturn

from ganprofile.runs.run import Run


class DrawingOnly(Run):
    """What draws as a `Run` does; whatever asks for its files is refused in a sentence."""

    @property
    def has_generator(self) -> bool:
        """It does nothing but draw."""
        return True

    @property
    def fingerprint(self) -> NoReturn:
        """There is no `generator.keras` whose sha256 it could be."""
        self._refuse("generator.keras")

    def record(self, **content: Any) -> NoReturn:
        """There is no `config.json` of its own to write into."""
        self._refuse("config.json")

    def _never_trained(self, *_: Any, **__: Any) -> NoReturn:
        self._refuse("checkpoint")

    held = save_checkpoint = save_interim_checkpoint = _never_trained
    drop_interim_checkpoint = load_checkpoint = _never_trained

    def _refuse(self, missing: str) -> NoReturn:
        """Say what it is, what it lacks and what to do."""
        raise NotImplementedError
