"""What is said to a person while something runs; results go to standard output, this does not."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ganprofile.bidi import isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.progress import Progress

SECONDS_BETWEEN_LINES = 5.0
EXACT = 12  # digits of a share; what is beyond is of arithmetic
# What Markdown would not show as it is, in a line or where one begins; `R & D_1` and `p < 0.05` it
# does. Notebooks take what stands between dollars for mathematics.
MARKUP = re.compile(
    r"[\\`*\[\]~$]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])"
    r"|^>|^(?:#{1,6}|[-+])(?=\s)"
)

_wording: Callable[[str], str] = str


@contextlib.contextmanager
def worded(wording: Callable[[str], str]) -> Iterator[None]:
    """Within it, in all threads, `say` says each message as `wording` has it, a function of str."""
    global _wording
    before, _wording = _wording, wording
    try:
        yield
    finally:
        _wording = before


class _StandardError(logging.Handler):
    """Lines to what standard error is at that moment; in a notebook it is replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is None:  # closed by the user
            return
        with contextlib.suppress(OSError):  # a log on a full disk ends no training
            print(self.format(record), file=sys.stderr, flush=True)


def _logger() -> logging.Logger:
    logger = logging.getLogger("ganprofile")
    if not logger.handlers:  # what the user has set up stays
        logger.addHandler(_StandardError())
        logger.propagate = False
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
    return logger


def be_quiet() -> None:
    """From now on, nothing is said but errors."""
    _logger().setLevel(logging.ERROR)


def say(message: str, is_error: bool = False) -> None:
    """One line to the logger `ganprofile`, which prints it to standard error.

    As with every logger of Python, `logging.getLogger("ganprofile")` takes other handlers, and
    `.setLevel(logging.ERROR)` makes it silent.
    """
    _logger().log(logging.ERROR if is_error else logging.INFO, "%s", _wording(message))


class DryRun(dict[str, Any]):
    """What a call with `dry_run=True` would do; all was checked, nothing was written.

    A dict of values for JSON, with `"output"`, the path as text, where something would be written.

    Attributes:
        path: the file or folder that would be made, or the folder that it would be made in, a
            `Path`; None where nothing would be written.
        info: the same dict without `"output"`.

    Example:
        >>> plan = gp.generate("digits-cgan", per_class=5, score=False, output="new", dry_run=True)
        >>> plan["would_draw"]["7"], plan["output"]
        (5, 'new')
    """

    def __init__(self, path: Path | None, info: dict[str, Any]) -> None:
        super().__init__(info if path is None else {"output": str(path), **info})
        self.path = path
        self.info = info


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
        self._first: tuple[float, int] | None = None

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

    def show_rate(self, done: int, units: str = "images", kept: int = 0) -> None:
        """Move to `done` units, with how many a second and the time left.

        Whatever went before the first of them, such as loading, is left out of the rate, and so are
        those that were `kept` from before: while there are no others, nothing tells the time.
        """
        now, made = time.monotonic(), done - kept
        if made <= 0:
            self._began = now
            self.show(done, f"{done:,}/{self._total:,} {units}")
            return
        if self._first is None:
            self._first = now, made
        began, before = (self._began, 0) if made == self._first[1] else self._first
        rate = (made - before) / max(now - began, 1e-9)
        left = clock((self._total - done) / max(rate, 1e-9))
        said = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
        self.show(done, f"{done:,}/{self._total:,} {units}  {said} {units}/s  {left} left")

    def show_pieces(self, done: int, text: str, kept: int = 0) -> None:
        """Move to `done` units that take long, with what the last one was and the time left, which
        nothing tells while there are only those that were `kept` from before."""
        now, made = time.monotonic(), done - kept
        if made <= 0:
            self._began = now
        left = clock((self._total - done) * (now - self._began) / max(made, 1))
        self.show(done, f"{done}/{self._total}  {text}{f'  {left} left' if made > 0 else ''}")

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


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent, with as many digits as it takes not to become none or all; what only
    rounding makes of 0 or 1 is these.

    Example:
        >>> from ganprofile.console import percent
        >>> percent(0.5), percent(0.9996, 1), percent(1.0)
        ('50', '99.96', '100')
    """
    share = round(share, EXACT)
    said = f"{100 * share:z.{digits}f}"
    is_rounded_away = 0 < share < 1 and float(said) in (0, 100)
    return percent(share, digits + 1) if is_rounded_away else said


def percents(before: float, after: float) -> tuple[str, str]:
    """Two shares in per cent for one sentence: two decimal places, and up to four where fewer would
    make the shares look the same.

    Example:
        >>> from ganprofile.console import percents
        >>> percents(0.9, 0.95), percents(0.99975, 0.99978), percents(0.9, 0.999998)
        (('90.00', '95.00'), ('99.975', '99.978'), ('90.00', '99.9998'))
    """
    pairs = [(percent(before, digits), percent(after, digits)) for digits in (2, 3, 4)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def short(value: float, digits: int = 4) -> str:
    """A number as short text: so many digits that count, and more where a share would become 1.

    Example:
        >>> from ganprofile.console import short
        >>> short(0.123456), short(0.99996), short(1.0), short(12345.6)
        ('0.1235', '0.99996', '1', '1.235e+04')
    """
    said = f"{value:z.{digits}g}"
    return short(value, digits + 1) if 0 < value < 1 == float(said) else said


def above_zero(value: float, places: int) -> str:
    """A number that is not negative with so many decimal places, and more where it would become 0.

    Example:
        >>> from ganprofile.console import above_zero
        >>> above_zero(1234.56, 1), above_zero(0.049, 1), above_zero(0.0, 1)
        ('1,234.6', '0.05', '0.0')
    """
    texts = [f"{value:,.{places + more}f}" for more in range(4)]
    return next((text for text in texts if text.strip("0,.")), texts[0])


def counted(count: int, what: str) -> str:
    """A number with its noun.

    Example:
        >>> from ganprofile.console import counted
        >>> counted(1, "writer"), counted(1500, "class")
        ('1 writer', '1,500 classes')
    """
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what}{'es' if what.endswith('s') else 's'}"


def are(count: int, one: str = "is", many: str = "are") -> str:
    """A verb, or another word, that goes with a number.

    Example:
        >>> from ganprofile.console import are
        >>> are(1), are(2), are(1, "was", "were")
        ('is', 'are', 'was')
    """
    return one if count == 1 else many


def few(texts: Sequence[str], most: int, between: str = ", ") -> str:
    """The first of some texts for a sentence, and how many more there are."""
    shown = between.join(texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most:,} more"


def points(share: float) -> str:
    """A difference of shares as text in percentage points, with its sign.

    Two decimal places, and more where these would hide on which side of 0 it lies.

    Example:
        >>> from ganprofile.console import points
        >>> points(0.0242), points(0.00004), points(0.0)
        ('+2.42', '+0.004', '+0.00')
    """
    texts = (f"{100 * share:+.{places}f}" for places in (2, 3, 4))
    return next(filter(float, texts), "+0.00")


def markdown_text(text: str) -> str:
    """A text as one line of Markdown that shows it: names of sets and classes may be like markup.

    Example:
        >>> from ganprofile.console import markdown_text
        >>> print(markdown_text("<b>, *b* and b_1"))
        \\<b>, \\*b\\* and b_1
    """
    return isolated(MARKUP.sub(r"\\\g<0>", " ".join(text.splitlines())))


def markdown_table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table in Markdown that shows the texts; the first row is the header."""
    for number, row in enumerate(rows):
        yield f"| {' | '.join(markdown_text(cell).replace('|', chr(92) + '|') for cell in row)} |"
        if number == 0:
            yield f"|{'---|' * len(row)}"
