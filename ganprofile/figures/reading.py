"""A picture beside what was read in it."""

from ganprofile.figures.canvas import save
from ganprofile.figures.colours import SERIES
from ganprofile.figures.lettering import drawn_name

MOST_PER_ROW = 30


def save_read_page(path, picture, rows):
    """The picture with a box around every character; beside it each as it was read.

    Args:
        path: a PNG file.
        picture: uint8 `(height, width, 1 or 3)`.
        rows: a list of rows of `(image, box, caption)`: uint8 `(side, side, 1)`, top, left, bottom
            and right in shares of the picture, a few words.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    height, width = picture.shape[:2]
    columns = min(max([1, *map(len, rows)]), MOST_PER_ROW)
    figure = Figure(figsize=(6 + 0.7 * columns, max(3, 6 * height / width)), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(6, 0.7 * columns))
    panel = left.subplots()
    panel.imshow(picture.squeeze(), cmap="gray", vmin=0, vmax=255)
    panel.set_axis_off()
    for _, (top, begin, bottom, end), _ in (one for row in rows for one in row):
        size = (end - begin) * width, (bottom - top) * height
        box = Rectangle((begin * width, top * height), *size, fill=False)
        box.set_edgecolor(SERIES[0].light)
        panel.add_patch(box)
    panels = right.subplots(max(1, len(rows)), columns, squeeze=False)
    for place in panels.flat:
        place.set_axis_off()
    for line, row in zip(panels, rows, strict=False):
        for place, (image, _, caption) in zip(line, row, strict=False):
            place.imshow(255 - image.squeeze(), cmap="gray", vmin=0, vmax=255)
            place.set_title(drawn_name(caption), fontsize=8)
    save(figure, path)
