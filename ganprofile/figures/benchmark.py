"""Plots of a paired experiment."""

from ganprofile.figures.canvas import legend_below, new_figure, save
from ganprofile.figures.colours import TONES
from ganprofile.figures.lettering import drawn_name

TONE_OF = {"helps": "good", "hurts": "bad", "no benefit shown": "plain"}
DIRECTION_COLOURS = {direction: TONES[tone].light for direction, tone in TONE_OF.items()}
LONGEST_NAME = 40
ALL = "all"  # in place of a size
ROW = 0.32  # inches that a comparison is high
LEGEND_LINE = 0.16  # inches
ROW_COLOUR = "#2e4057"
BESIDE = 1.02  # times the place of the line before, so that equal ones are both seen


def save_benchmark(path, means, comparisons, over="subsets"):
    """The learning curve, the dose curve and the paired differences, as far as there are some.

    Args:
        path: a PNG file.
        means: for every size and arm a dict of `per_class`, `images_per_class`, `arm`, `images`,
            `accuracy` and `sd` (shares; the last None of one subset).
        comparisons: dicts of `per_class`, `arm`, `against`, `mean`, `low`, `high` (None where there
            is no interval), `level`, `direction` and `verdict`.
        over: what `sd` is over, in words.
    """
    families = dose_families(means)
    wanted = []
    if _is_one_size(means) or _beside(families, means) or not families:
        wanted.append((draw_learning_curve, means, over))
    if families:
        wanted.append((draw_dose_curve, means, over))
    if comparisons:
        wanted.append((draw_differences, comparisons))
    height = max(4.2, 1.6 + ROW * len(comparisons))
    height += LEGEND_LINE * len({mean["arm"] for mean in means})
    figure, panels = new_figure(1, len(wanted), (5.4 * len(wanted), height), squeeze=False)
    for panel, (draw, *content) in zip(panels[0], wanted, strict=True):
        draw(panel, *content)
    save(figure, path)


def draw_learning_curve(panel, means, over):
    """Accuracy over the images per class, a line for each arm, with a band of an sd; of one size
    a row for each arm, since places beside each other would look like sizes.

    Arguments as for `save_benchmark`, of which only what the dose curve does not show is drawn, or
    of one size all.
    """
    if _is_one_size(means):
        _draw_rows(panel, means, over)
        return
    by_arm = {}
    beside = _beside(dose_families(means), means)
    for mean in sorted(beside, key=lambda mean: mean["images_per_class"]):
        by_arm.setdefault(mean["arm"], []).append(mean)
    _draw_lines(panel, by_arm, "images_per_class")
    panel.set(xlabel="real images per class", title=f"Learning curve, with the sd over {over}")


def _is_one_size(means):
    return len({mean["images_per_class"] for mean in means}) == 1


def _beside(families, means):
    """The means that no dose curve shows as a dose."""
    doses = [mean for family in families.values() for mean in family if ":" in mean["arm"]]
    return [mean for mean in means if mean not in doses]


def draw_dose_curve(panel, means, over):
    """Accuracy over the number of training images, a line for every family and size.

    Arguments as for `save_benchmark`.
    """
    families = dose_families(means)
    lines = {f"{family}, {_size(size)}": doses for (family, size), doses in families.items()}
    _draw_lines(panel, lines, "images")
    panel.set(xlabel="training images", title=f"Dose curve, with the sd over {over}")


def dose_families(means):
    """The arms that differ in dose only: `A:1`, `A:5`, ... and `A`, together with the arm that the
    dose is added to (`B` for `B+C:1`, else `none`) as the dose of nothing.

    Args:
        means: as for `save_benchmark`.

    Returns:
        `(family, per_class)` -> two means or more, by their number of training images.
    """
    by_place = {(mean["arm"], mean["per_class"]): mean for mean in means}
    families = {}
    for (arm, size), mean in by_place.items():
        family, is_dose, _ = arm.partition(":")
        if is_dose:
            others = (family.rpartition("+")[0] or "none", family)
            start = [by_place[name, size] for name in others if (name, size) in by_place]
            families.setdefault((family, size), start).append(mean)
    return {
        place: sorted(doses, key=lambda mean: mean["images"])
        for place, doses in families.items()
        if len(doses) > 1
    }


def draw_differences(panel, comparisons):
    """A row for each comparison: the mean paired difference in percentage points, with the
    interval that holds for all of them together.

    Arguments as for `save_benchmark`.
    """
    for row, one in enumerate(comparisons):
        colour = DIRECTION_COLOURS[one["direction"]]
        panel.plot(100 * one["mean"], row, "o", color=colour)
        if one["low"] is not None:
            panel.hlines(row, 100 * one["low"], 100 * one["high"], color=colour, linewidth=2)
    panel.axvline(0, color="black", linewidth=0.8)
    names = [
        f"{_short(one['arm'])} against {_short(one['against'])}, {_size(one['per_class'])}"
        for one in comparisons
    ]
    _name_rows(panel, names)
    level = 100 * (1 - comparisons[0]["level"])
    panel.set(xlabel="difference in accuracy, points")
    panel.set(title=f"Paired differences, each with its {level:.3g} % CI")
    for verdict, direction in {one["verdict"]: one["direction"] for one in comparisons}.items():
        panel.plot([], [], "o-", color=DIRECTION_COLOURS[direction], label=verdict)
    legend_below(panel)


def _draw_rows(panel, means, over):
    """Accuracy in per cent, a row for each arm, with its sd."""
    for row, mean in enumerate(means):
        accuracy, sd = 100 * mean["accuracy"], 100 * (mean["sd"] or 0)
        panel.errorbar(accuracy, row, xerr=sd, fmt="o", color=ROW_COLOUR, capsize=3)
    sizes = dict.fromkeys(mean["per_class"] for mean in means)
    several = len(sizes) > 1  # which are as many images: all, and their number
    names = [_short(one["arm"]) + f", {_size(one['per_class'])}" * several for one in means]
    _name_rows(panel, names)
    (first, *_) = sizes
    said = "all images" if first == ALL else f"{first} images per class"
    of = "" if several else f" with {said}"
    panel.set(xlabel="accuracy, %", title=f"Accuracy{of}, sd over {over}")


def _name_rows(panel, names):
    panel.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)
    panel.set_ylim(len(names) - 0.5, -0.5)


def _draw_lines(panel, lines, across):
    """Accuracy in per cent over a number, to a logarithmic scale, a line for each name."""
    for row, (name, means) in enumerate(lines.items()):
        beside = BESIDE ** (row - (len(lines) - 1) / 2)
        places = [beside * mean[across] for mean in means]
        (line,) = panel.plot(places, [100 * mean["accuracy"] for mean in means], marker="o")
        line.set_label(_short(name))
        known = [mean for mean in means if mean["sd"] is not None]
        low, high = (
            [100 * (mean["accuracy"] + sign * mean["sd"]) for mean in known] for sign in (-1, 1)
        )
        panel.fill_between(
            [beside * mean[across] for mean in known],
            low,
            high,
            color=line.get_color(),
            alpha=0.15,
        )
        if len(means) == 1 and known:  # a band of no width is not seen
            panel.vlines(places, low, high, line.get_color())
    ticks = sorted({mean[across] for means in lines.values() for mean in means})
    panel.set_xscale("log")
    panel.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks], minor=False)
    panel.set_xticks([], minor=True)
    panel.set_ylabel("accuracy, %")
    legend_below(panel)


def _size(per_class):
    return "all images" if per_class == ALL else f"{per_class} per class"


def _short(name):
    return drawn_name(name, LONGEST_NAME)
