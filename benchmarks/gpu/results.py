"""The file of all results, and the tables that it gives."""

from importlib import metadata

import jax

from benchmarks.cost import machine
from benchmarks.kept import KeptRows

HEADS = {
    "quality": (
        "| quality | seconds to 95 % | to 97 % | first step, s | held-out at the end | test part |",
        "|---|---|---|---|---|---|",
    ),
    "read": (
        "| classifier | steps | seconds | held-out | test part |",
        "|---|---|---|---|---|",
    ),
    "train": (
        "| training | steps per call | images/s (lowest..highest, n) | one step per call "
        "| ratio | first call, s | step alone | batches alone | MFLOP per image | of peak |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ),
    "draw": (
        "| drawing | images/s (lowest..highest, n) | first block, s | host alone "
        "| compiled, by block |",
        "|---|---|---|---|---|",
    ),
}


class Results(KeptRows):
    """What was measured so far."""

    def has(self, name, known):
        """Whether a row is there that was measured of the same data as fully."""
        return name in self.rows and known.items() <= self.rows[name].items()

    def add(self, name, row):
        """Keep a row with the machine that it was measured on."""
        self.keep(name, {**row, "machine": described()})

    def table(self):
        """The lines of a Markdown table for each measure."""
        lines = {"quality": _quality, "read": _read, "train": _train, "draw": _draw}
        for measure, line in lines.items():
            names = [name for name in self.rows if name.split()[0] == measure]
            if names:
                yield from ("", *HEADS[measure])
                yield from (line(name, self.rows[name]) for name in names)


def described():
    """The machine, and what computes on it."""
    versions = {name: metadata.version(name) for name in ("jax", "keras", "numpy")}
    devices = jax.devices()
    return {**machine(), **versions, "device": devices[0].device_kind, "devices": len(devices)}


def _quality(name, row):
    reached = [_seconds(row["seconds_to"][target], row["limit"]) for target in ("95%", "97%")]
    read = f"{row['readings'][-1]['accuracy']:.2%}"
    first = f"{row['first_step_seconds']:.1f}"
    return _joined(name, *reached, first, read, f"{row['test_accuracy']:.2%}")


def _seconds(value, limit):
    return f"not within {limit:g}" if value is None else f"{value:.1f}"


def _read(name, row):
    read = (f"{row[accuracy]:.2%}" for accuracy in ("accuracy", "test_accuracy"))
    return _joined(name, f"{row['steps']:,}", f"{row['seconds']:.1f}", *read)


def _train(name, row):
    alone = (row[f"{part}_alone_images_per_second"]["median"] for part in ("step", "batches"))
    share = f"{row['of_peak']:.2%}" if "of_peak" in row else "not known"
    return _joined(
        name,
        str(row["steps_per_call"]),
        _rate(row),
        f"{row['one_step_per_call_images_per_second']['median']:,.0f}",
        f"{row['over_one_step_per_call']:.2f}",
        f"{row['first_step_seconds']:.1f}",
        *(f"{rate:,.0f}" for rate in alone),
        f"{row['flop_per_image'] / 1e6:.1f}",
        share,
    )


def _draw(name, row):
    compiled = row["compiled_images_per_second"].items()
    return _joined(
        name,
        _rate(row),
        f"{row['first_block_seconds']:.1f}",
        f"{row['host_alone_images_per_second']['median']:,.0f}",
        ", ".join(f"{int(block):,}: {rates['median']:,.0f}" for block, rates in compiled),
    )


def _rate(row):
    rates = row["images_per_second"]
    spread = f"{rates['lowest']:,.0f}..{rates['highest']:,.0f}, {len(rates['all'])}"
    return f"{rates['median']:,.0f} ({spread})"


def _joined(*cells):
    return f"| {' | '.join(cells)} |"
