"""`preview.png`: some real images beside some new ones, a row per class, ink on paper."""

import numpy as np

from ganprofile.captions import PAPER, SIZE, WIDEST, length_of, users_font, write
from ganprofile.datasets.formats.attributes import NEIGHBOURS, REAL, SYNTHETIC
from ganprofile.images import BLOCK_ROWS as ROWS
from ganprofile.images import MOST_CLASSES_SHOWN, on_paper, save_png

FILE = "preview.png"
# What stands above the columns, and the most images of a class in it.
GROUPS = {REAL: 4, "newly labelled": 6, "new": 6}
SIDE = 56  # pixels, of an image's height and of the most that it is wide
GAP = 4
GROUP_GAP = 20
BLOCK_GAP = 48
HEADER = 34
MARGIN = 12


def shown_classes(class_names):
    """Which classes the picture shows, in words."""
    count = len(class_names)
    return (
        "every class"
        if count <= MOST_CLASSES_SHOWN
        else f"{MOST_CLASSES_SHOWN} of {count:,} classes"
    )


class Preview:
    """Keeps the first few images of every class, while a set is written.

    Args:
        class_names: the names of the classes, of which 100 are shown at most.
        drawn: integers, those of which there will be new images: they are shown first.

    Raises:
        UsageError: the font that the user says is none: now, and not when the set is made.
    """

    def __init__(self, class_names, drawn=()):
        users_font()
        self._class_names = class_names
        shape = len(class_names)
        self._missing = {group: np.full(shape, most) for group, most in GROUPS.items()}
        self._is_shown = np.zeros(shape, bool)
        self._admit(np.asarray(drawn, int))
        self._images = {}

    def add(self, images, labels, sources, labelled_by=""):
        """Take what is still missing.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`.
            sources: of the manifest, a word or n words.
            labelled_by: likewise.
        """
        groups = np.where(np.asarray(sources) == SYNTHETIC, "new", REAL)
        groups = np.where(np.asarray(labelled_by) == NEIGHBOURS, "newly labelled", groups)
        groups = np.broadcast_to(groups, len(images))
        self._admit(np.unique(labels))
        for group, missing in self._missing.items():
            is_missing = self._is_shown[labels] & (missing[labels] > 0)
            for k in np.flatnonzero((groups == group) & is_missing):
                label = int(labels[k])
                if missing[label]:
                    missing[label] -= 1
                    self._images.setdefault((group, label), []).append(images[k].copy())

    def _admit(self, labels):
        """Show classes, as long as there is room."""
        others = labels[~self._is_shown[labels]]
        self._is_shown[others[: MOST_CLASSES_SHOWN - self._is_shown.sum()]] = True

    def save(self, folder):
        """Write the picture into a set's folder; nothing where the set has no images."""
        if self._images:
            save_png(folder / FILE, self._drawn())

    def _drawn(self):
        groups = [group for group in GROUPS if any(g == group for g, _ in self._images)]
        labels = sorted({label for _, label in self._images})
        blocks = [labels[first : first + ROWS] for first in range(0, len(labels), ROWS)]
        channels = next(iter(self._images.values()))[0].shape[-1]
        widths = [GROUPS[group] * (SIDE + GAP) + GROUP_GAP for group in groups]
        written = max(length_of(self._class_names[label]) for label in labels)
        first = min(WIDEST, int(written) + 1) + GROUP_GAP
        block_width = first + sum(widths) + BLOCK_GAP
        height = HEADER + len(blocks[0]) * (SIDE + GAP) + 2 * MARGIN
        width = len(blocks) * block_width - BLOCK_GAP + 2 * MARGIN
        sheet = np.full((height, width, channels), PAPER, np.uint8)
        for number, block in enumerate(blocks):
            left = MARGIN + number * block_width
            starts = left + first + np.cumsum([0, *widths[:-1]])
            self._draw_block(sheet, left, block, dict(zip(groups, starts.tolist(), strict=True)))
        return sheet

    def _draw_block(self, sheet, left, labels, starts):
        """Names from `left` on, and the images of every group from where it starts on."""
        for group, start in starts.items():
            write(sheet, MARGIN, start, group, GROUPS[group] * SIDE)
        for row, label in enumerate(labels):
            top = MARGIN + HEADER + row * (SIDE + GAP)
            name = self._class_names[label]
            write(sheet, top + (SIDE - SIZE) // 2, left, name, WIDEST)
            for group, start in starts.items():
                for k, image in enumerate(self._images.get((group, label), ())):
                    tile = _tile(image)
                    x = start + k * (SIDE + GAP)
                    sheet[top : top + tile.shape[0], x : x + tile.shape[1]] = tile


def _tile(image):
    """An image as dark ink on white paper, so large that one sees it."""
    from PIL import Image

    height, width, channels = image.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = on_paper(image[..., 0] if channels == 1 else image)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)).reshape(
        size[1], size[0], channels
    )
