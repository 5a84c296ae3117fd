"""What is said to a person while something runs; results go to standard output, this does not."""

from __future__ import annotations

import contextlib
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

SECONDS_BETWEEN_LINES = 5.0


def say(message: str) -> None:
    """One line to standard error."""
    if sys.stderr is None:  # closed by the user
        return
    with contextlib.suppress(OSError):  # a log on a full disk ends no training
        print(message, file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """Seconds as `minutes:seconds`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"


class ProgressBar:
    """A bar with a text behind it; now and then a plain line where there is no terminal.

    Args:
        total: the number of units that is the end.
        enabled: False shows nothing.
    """

    def __init__(self, total: int, enabled: bool = True) -> None:
        self._total = total
        self._enabled = enabled
        self._bar = _rich_bar(total) if enabled and sys.stderr and sys.stderr.isatty() else None
        self._text: str | None = None
        self._said_at = -SECONDS_BETWEEN_LINES
        self._began = time.monotonic()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def show(self, done: int, text: str | None = None) -> None:
        """Move to `done` units; a text replaces the one before."""
        self._text = text or self._text
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, description=text)
        elif self._enabled and text is not None:
            now = time.monotonic()
            if now - self._said_at >= SECONDS_BETWEEN_LINES or done >= self._total:
                self._said_at = now
                say(text)

    def show_rate(self, done: int, units: str = "images") -> None:
        """Move to `done` units, with how many a second and the time left."""
        rate = done / max(time.monotonic() - self._began, 1e-9)
        left = clock((self._total - done) / max(rate, 1e-9))
        self.show(done, f"{done:,}/{self._total:,} {units}  {rate:,.0f} {units}/s  {left} left")

    def close(self) -> None:
        """Leave the terminal as it was, but for the last text."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            if self._text is not None:
                say(self._text)


def _rich_bar(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = BarColumn(bar_width=24), TextColumn("{task.description}")
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("beginning", total=total)
    bar.start()
    return bar


def points(share: float) -> str:
    """A difference of shares as text in percentage points, with its sign."""
    return f"{100 * share:+.2f}"
