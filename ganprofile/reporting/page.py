"""What stands on a page: a verdict, facts, and blocks, each drawn by a template of its name."""

import dataclasses
import re
from pathlib import Path
from typing import ClassVar

import numpy as np

GOOD, FAIR, BAD, PLAIN = "good", "fair", "bad", "plain"
NUMERAL = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclasses.dataclass(frozen=True)
class Badge:
    """A word or two that one sees before one reads.

    Attributes:
        text: the words.
        tone: `good`, `fair`, `bad` or `plain`.
    """

    text: str
    tone: str = PLAIN


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A sentence of the first screen.

    Attributes:
        text: the sentence.
        tone: `good`, `fair`, `bad` or `plain`.
        badge: what stands before it, in a word or two, or empty.
    """

    text: str
    tone: str = PLAIN
    badge: str = ""


@dataclasses.dataclass(frozen=True)
class Page:
    """A report.

    Attributes:
        title: what it is about.
        subtitle: what kind of thing that is.
        verdicts: what a reader should know first, `Verdict`s.
        facts: `(name, text)` pairs.
        blocks: what follows, instances of the classes below.
        method: where it is described how its numbers come about, a sentence, or empty.
    """

    title: str
    subtitle: str
    verdicts: tuple
    facts: tuple = ()
    blocks: tuple = ()
    method: str = ""

    @property
    def all_blocks(self):
        """The blocks, and in place of a `Folded` one those in it."""
        inside = [b.blocks if isinstance(b, Folded) else (b,) for b in self.blocks]
        return [block for blocks in inside for block in blocks]


@dataclasses.dataclass(frozen=True)
class Prose:
    """Paragraphs."""

    template: ClassVar = "prose"
    title: str
    paragraphs: tuple


@dataclasses.dataclass(frozen=True)
class Table:
    """A table that a click on a column's head sorts.

    Attributes:
        title: above it.
        header: names of the columns.
        rows: of text; in place of a text, a pair `(text, number)` is sorted by the number, and a
            `Badge` is seen as one.
        note: below it.
        data: the same for programs, the names of columns and rows of values, each column of one
            unit; empty where the header and the numbers of `rows` are that.
    """

    template: ClassVar = "table"
    title: str
    header: tuple
    rows: tuple
    note: str = ""
    data: tuple = ()

    @property
    def cells(self):
        """Rows of `(text, number or None, tone or None)`."""
        return [[_cell(content) for content in row] for row in self.rows]

    @property
    def texts(self):
        """Rows of text, the header first."""
        return [self.header, *([text for text, *_ in row] for row in self.cells)]

    @property
    def values(self):
        """Rows of numbers and, where there are none, text; the names of the columns first."""
        numbers = [[text if n is None else n for text, n, _ in row] for row in self.cells]
        return list(self.data) or [self.header, *numbers]


def with_number(text):
    """A text as a cell of a `Table`: with its number, where it is nothing else."""
    if not NUMERAL.fullmatch(text):
        return text
    return text, (float if {*text} & {*".e"} else int)(text.replace(",", ""))


def _cell(content):
    if isinstance(content, Badge):
        return content.text, None, content.tone
    return (*content, None) if isinstance(content, tuple) else (content, None, None)


@dataclasses.dataclass(frozen=True)
class Folded:
    """What only some readers want to see, behind its title.

    Attributes:
        title: on which a click opens it.
        blocks: as those of a `Page`.
    """

    template: ClassVar = "folded"
    title: str
    blocks: tuple


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes:
        title: above it.
        source: a PNG file.
        alt: what it shows, for who does not see it.
    """

    template: ClassVar = "picture"
    title: str
    source: Path
    alt: str


@dataclasses.dataclass(frozen=True)
class Gallery:
    """Small pictures in rows and columns that have names.

    Attributes:
        title: above it.
        columns: their names.
        rows: `(name, pictures)` pairs; a picture is the bytes of a PNG file.
        alt: what a picture shows; `{row}` and `{column}` stand for the names.
        note: below it.
    """

    template: ClassVar = "gallery"
    title: str
    columns: tuple
    rows: tuple
    alt: str
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Captioned:
    """Small pictures with a few words below each.

    Attributes:
        title: above them.
        pictures: `(the bytes of a PNG file, words)` pairs.
        note: below them.
    """

    template: ClassVar = "captioned"
    title: str
    pictures: tuple
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Chart:
    """Lines over a number.

    Attributes:
        title: above it.
        x: what the number is.
        y: what the lines are of.
        lines: name -> `(xs, ys)`; points that are not finite are left out.
        log_x: whether equal ratios of `x` are equally far apart.
        marks: `(x, sentence)` pairs, shown as vertical lines.
        spreads: name -> how far each of its points reaches up and down, NaN where that is not
            known; empty for lines without.
    """

    template: ClassVar = "chart"
    title: str
    x: str
    y: str
    lines: dict
    log_x: bool = False
    marks: tuple = ()
    spreads: dict = dataclasses.field(default_factory=dict)

    @property
    def finite_lines(self):
        """The lines without the points that are not finite, name -> two arrays `(points,)`; those
        of which none is left are left out."""
        found = {}
        for name, line in self.lines.items():
            xs, ys = (np.asarray(values, np.float64) for values in line)
            known = np.isfinite(ys)
            if known.any():
                found[name] = xs[known], ys[known]
        return found

    def ends(self, name):
        """`(x, low, high)` of every point of a line whose spread is known, a list."""
        xs, ys = (np.asarray(values, np.float64) for values in self.lines[name])
        spreads = np.asarray(self.spreads.get(name, np.full(len(xs), np.nan)), np.float64)
        known = np.isfinite(ys) & np.isfinite(spreads)
        columns = (xs, ys - spreads, ys + spreads)
        return list(zip(*(column[known].tolist() for column in columns), strict=True))


@dataclasses.dataclass(frozen=True)
class Intervals:
    """Numbers with their intervals, a row each.

    Attributes:
        title: above it.
        x: what the numbers are, and in which unit.
        rows: `(name, value, low, high, tone)`; `low` and `high` None where there is no interval.
        note: below it: what the intervals are.
        are_differences: whether they have a sign, and a line marks 0.
    """

    template: ClassVar = "intervals"
    title: str
    x: str
    rows: tuple
    note: str
    are_differences: bool = True


@dataclasses.dataclass(frozen=True)
class Verbatim:
    """A text to be copied as it is.

    Attributes:
        title: above it.
        text: of one line or more.
        file: what it is called in an export.
    """

    template: ClassVar = "verbatim"
    title: str
    text: str
    file: str


@dataclasses.dataclass(frozen=True)
class Histogram:
    """How often values of a range came up, epoch by epoch.

    Attributes:
        title: what the values are.
        low: the lower end of the first bin, in which lower ones are counted, too.
        high: the upper end of the last one, in which higher ones are counted, too.
        counts: name -> integers `(epochs, bins)`.
    """

    title: str
    low: float
    high: float
    counts: dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Epochs:
    """A slider through the epochs: what was drawn after each, and histograms.

    Attributes:
        title: above it.
        numbers: the epochs that can be chosen.
        pictures: epoch -> a PNG file; an epoch without one shows the last before it.
        histograms: `Histogram`s with a row for each of `numbers`.
        alt: what a picture shows; `{epoch}` stands for the number.
    """

    template: ClassVar = "epochs"
    title: str
    numbers: tuple
    pictures: dict
    histograms: tuple
    alt: str


@dataclasses.dataclass(frozen=True)
class Drawer:
    """A generator that draws in the page: a slider through its latents, and a text to write.

    Attributes:
        title: above it.
        generator: what `in_page.in_page` made of it.
        values: condition -> what its indices stand for, as text; `label` are the classes.
        example: a text to begin with; empty where the generator is told no class, or where no class
            is a single character.
    """

    template: ClassVar = "drawer"
    title: str
    generator: dict
    values: dict
    example: str
