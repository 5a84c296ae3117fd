"""Plots of who writes how."""

from ganprofile.figures.canvas import new_figure, save
from ganprofile.figures.colours import SERIES
from ganprofile.figures.lettering import drawn_name

MOST_NUMBERED = 150  # writers; of more, dots alone can be seen


def save_writer_map(path, places, writers, shades, shown, title):
    """A dot a writer, with the writer's name or number.

    Args:
        path: a PNG file.
        places: `(n, 2)`.
        writers: number -> what each is called, in the order of the places.
        shades: floats `(n,)` that colour the dots; NaN is drawn grey.
        shown: the writers whose numbers stand out, a dict writer -> place in `SERIES`.
        title: of the plot, and of the colours, a pair.
    """
    from matplotlib import colormaps
    from matplotlib.patheffects import withStroke

    figure, panel = new_figure(figsize=(8, 6.5))
    colours = colormaps["viridis"].with_extremes(bad="0.7")
    dots = panel.scatter(*places.T, s=40, c=shades, cmap=colours, plotnonfinite=True)
    figure.colorbar(dots, ax=panel, label=title[1])
    for place, (writer, name) in zip(places, writers.items(), strict=True):
        options = {"textcoords": "offset points", "xytext": (4, 4), "parse_math": False}
        if writer in shown:
            options["path_effects"] = [withStroke(linewidth=3, foreground="white")]
            options |= {"color": SERIES[shown[writer]].light, "weight": "bold", "fontsize": 12}
            panel.annotate(drawn_name(name), place, **options)
        elif len(writers) <= MOST_NUMBERED:
            panel.annotate(drawn_name(name), place, color="0.4", fontsize=6, **options)
    panel.set(title=title[0], xticks=[], yticks=[])
    save(figure, path)
