"""Where the lines, ticks and bars of a chart stand, in units of its SVG."""

import dataclasses
import itertools
import math

import numpy as np

from ganprofile.bidi import isolated
from ganprofile.console import percent, points
from ganprofile.figures.colours import keys_of

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 44
ROW, UNDER = 46, 32  # of a chart of intervals: a row's height, and how far down its line is
LONGEST_NAME = 52
BEGINNING, END = 24, 25  # what is left of a longer one, whose end says the size
TICKS = 5
BARS = 120  # the height of a histogram


@dataclasses.dataclass(frozen=True)
class Axis:
    """A range of numbers along a line.

    Attributes:
        low: the number at `start`.
        high: the number at `end`.
        start: a place.
        end: another one, which may be smaller.
        is_log: whether equal ratios are equally far apart.
    """

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    @classmethod
    def around(cls, values, start, end, is_log=False):
        """The axis that holds some finite numbers, with a little room."""
        low, high = (float(pick(values)) for pick in (np.min, np.max))
        if is_log:
            return cls(low / 1.1, high * 1.1, start, end, True)
        room = 0.04 * (high - low) or abs(high) or 1.0
        return cls(low - room, high + room, start, end)

    def place(self, value):
        """Where a number stands."""
        low, high = self.low, self.high
        if self.is_log:
            value, low, high = (math.log(one) for one in (value, low, high))
        return round(self.start + (value - low) / (high - low) * (self.end - self.start), 2)

    def ticks(self, values=()):
        """`(place, text)` of round numbers, whole ones where the given `values` are; on a
        logarithmic axis of the values themselves."""
        if self.is_log:
            return [(self.place(value), f"{value:,g}") for value in sorted(set(values))]
        from matplotlib.ticker import MaxNLocator

        whole = all(float(value).is_integer() for value in values) if len(values) else False
        rounded = MaxNLocator(TICKS, integer=whole).tick_values(self.low, self.high)
        inside = [float(tick) for tick in rounded if self.low <= tick <= self.high]
        return [(self.place(tick), f"{tick:,g}") for tick in inside]


def lines(chart):
    """A `Chart` as places: what its template draws, and what a pointer above it shows.

    Returns:
        A dict of `width`, `height`, `x_ticks`, `y_ticks`, `marks`, `lines` and `spreads`; a line
        has `name`, the same to be `said` within a sentence, `colour`, `points` for an SVG, and
        `data`, rows `[place, height, text of x, text of y]`; its spreads are
        `(place, height, height)`.
    """
    finite = chart.finite_lines
    all_x, all_y = (np.concatenate([line[k] for line in finite.values()]) for k in (0, 1))
    ends = {name: chart.ends(name) for name in finite}
    all_y = np.concatenate([all_y, *(y for pair in ends.values() for _, *y in pair)])
    x_axis = Axis.around(all_x, LEFT, WIDTH - RIGHT, chart.log_x)
    y_axis = Axis.around(all_y, HEIGHT - BOTTOM, TOP)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "bottom": HEIGHT - BOTTOM,
        "x_ticks": x_axis.ticks(all_x),
        "y_ticks": y_axis.ticks(),
        "marks": [(x_axis.place(x), sentence) for x, sentence in chart.marks],
        "lines": [
            {"colour": colour, **_line(name, *line, x_axis, y_axis)}
            for colour, (name, line) in zip(keys_of(finite), finite.items(), strict=True)
        ],
        "spreads": [
            [(x_axis.place(x), y_axis.place(low), y_axis.place(high)) for x, low, high in pairs]
            for pairs in ends.values()
        ],
    }


def _line(name, xs, ys, x_axis, y_axis):
    data = [
        [x_axis.place(x), y_axis.place(y), f"{x:,g}", f"{y:.4g}"]
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True)
    ]
    return {
        "name": name,
        "said": isolated(name),
        "points": " ".join(f"{x},{y}" for x, y, *_ in data),
        "data": data,
    }


def intervals(block):
    """An `Intervals` as places.

    Returns:
        A dict of `width`, `height`, `middle` (of the axis), `zero` (None where nothing marks it),
        `ticks` and `rows`; a row has
        `name`, `y`, `value`, `low`, `high` (None where there is no interval), `tone` and `said`,
        all in words.
    """
    ends = [end for _, *numbers, _ in block.rows for end in numbers if end is not None]
    zero = [0.0] if block.are_differences else []
    written = points if zero else _percent
    axis = Axis.around([*ends, *zero], RIGHT, WIDTH - RIGHT)
    height = ROW * len(block.rows) + TOP + BOTTOM
    return {
        "width": WIDTH,
        "height": height,
        "bottom": height - BOTTOM,
        "middle": WIDTH / 2,
        "zero": axis.place(0.0) if zero else None,
        "ticks": axis.ticks(),
        "rows": [_interval(k, row, axis, written) for k, row in enumerate(block.rows)],
    }


def _percent(share):
    return percent(share, 2)


def _interval(number, row, axis, written):
    """A row; `written` writes a hundredth of its numbers."""
    name, value, low, high, tone = row

    def said(hundredfold):
        return written(hundredfold / 100)

    interval = "" if low is None else f" ({said(low)} to {said(high)})"
    return {
        "name": name if len(name) <= LONGEST_NAME else f"{name[:BEGINNING]}...{name[-END:]}",
        "y": ROW * number + UNDER,
        "value": axis.place(value),
        "low": None if low is None else axis.place(low),
        "high": None if high is None else axis.place(high),
        "tone": tone,
        "said": f"{name}: {said(value)}{interval}",
    }


def bars(histogram):
    """The bars of the last epoch of a `Histogram`, which a script moves to those of another.

    Returns:
        A dict of `width`, `height`, `ticks`, `bar` (its width) and `names`, a list of
        `(name, colour, [(x, y, height, text)])`.
    """
    axis = Axis(histogram.low, histogram.high, 0, WIDTH)
    bins = next(iter(histogram.counts.values())).shape[1]
    edges = np.linspace(histogram.low, histogram.high, bins + 1).tolist()
    names = []
    # One scale for all that lie over each other, so that heights can be compared.
    most = max(1, *(int(counts[-1].max()) for counts in histogram.counts.values()))
    colours = keys_of(histogram.counts)
    for (name, counts), colour in zip(histogram.counts.items(), colours, strict=True):
        heights = np.round(BARS * counts[-1] / most, 1).tolist()
        drawn = [
            (axis.place(low), BARS - height, height, f"{name}, {_range(low, high, histogram)}")
            for (low, high), height in zip(itertools.pairwise(edges), heights, strict=True)
        ]
        names.append((name, colour, drawn))
    return {
        "width": WIDTH,
        "height": BARS,
        "bar": round(WIDTH / bins, 2),
        "ticks": axis.ticks(),
        "names": names,
    }


def _range(low, high, histogram):
    """Which values a bin holds, in words."""
    if low <= histogram.low:
        return f"up to {high:.3g}"
    return f"{low:.3g} and above" if high >= histogram.high else f"{low:.3g} to {high:.3g}"
