"""How much ink at the edge of images deformations cut off, and how much where it is kept inside.

    python benchmarks/edge_ink.py SCRIPTS [--output FILE]

SCRIPTS is a folder with `cmaterdb-bangla-digits/`, `cmaterdb-devanagari-digits/` and
`ahcd-arabic/`, as published. 50 images of every class are deformed once, as
`gp.HandwritingAugmenter` does by default; ink is lost where no pixel of the result is looked up
near it.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import ganprofile as gp
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.array_warping import places
from ganprofile.transforms.framing import edge_share

OUTPUT = Path(__file__).parent / "results" / "edge_ink.json"
AHCD = "ahcd-arabic/Arabic_Handwritten_Characters_Dataset_CSV.zip"
DARK = {"invert": "yes", "channels": 1}
SETS = {
    "cmaterdb-bangla-digits": DARK,
    "cmaterdb-devanagari-digits": DARK,
    AHCD: {"transpose": True},
    "digits": {},
    "characters": {},
}
PER_CLASS = 50
INK = 64  # levels of 255
SEEN = 0.05  # of a pixel


def main():
    """Write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scripts", type=Path)
    arguments.add_argument("--output", type=Path, default=OUTPUT)
    arguments = arguments.parse_args()
    rows = []
    for name, options in SETS.items():
        place = arguments.scripts / name
        whole = gp.load(place if place.exists() else name, allow_overlap=True, **options)[0]
        rows.append({"set": name, "images": len(whole), **row(whole)})
        print(json.dumps(rows[-1]), flush=True)
    arguments.output.write_text(json.dumps({"sets": rows}, indent=1) + "\n")


def row(whole):
    """What is found on a set."""
    edges = round(edge_share(whole.images) * len(whole))
    few = whole.subset(min(PER_CLASS, int(whole.class_counts().min())))
    learned = gp.transforms.HandwritingTransform(few.num_classes).adapt(few.images, few.labels)
    found = {"ink_on_edge": edges, "decided": learned.keep_inside, "deformed": len(few)}
    for name, keep_inside in (("cut", False), ("kept", True)):
        transform = gp.transforms.HandwritingTransform(
            few.num_classes, seed=0, dark_on_light=False, keep_inside=keep_inside
        )
        transform.directions = learned.directions
        lost, ink = lost_by(transform, few)
        found[name] = {
            "ink_pixels": int(ink.sum()),
            "lost": int(lost.sum()),
            "images_that_lose_5_percent": int((lost > 0.05 * ink).sum()),
        }
    return found


def lost_by(transform, few):
    """Pixels of ink that are not seen, and all, `(n,)` each."""
    maps, resample = [], augmentation_policy.resample
    augmentation_policy.resample = lambda *given: maps.append(given[1:]) or resample(*given)
    try:
        transform.deformed(few.images, few.labels)
    finally:
        augmentation_policy.resample = resample
    ink = few.images[..., 0] >= INK
    sides = few.image_shape[:2]
    weights = np.concatenate([looked_up(*pair, *sides) for pair in maps])
    return (ink & (weights < SEEN)).sum(axis=(1, 2)), ink.sum(axis=(1, 2))


def looked_up(matrices, warp, height, width):
    """How much of each pixel of the images is in the results, `(n, height, width)`."""
    x, y = (place + far for place, far in zip(places(matrices, height, width), warp, strict=True))
    x, y = np.clip(x, -1, width), np.clip(y, -1, height)
    weights = np.zeros((len(x), height + 3, width + 3))
    index = np.arange(len(x))[:, None, None]
    for right, down in np.ndindex(2, 2):
        column, row = np.floor(x) + right, np.floor(y) + down
        share = (1 - np.abs(x - column)) * (1 - np.abs(y - row))
        np.add.at(weights, (index, row.astype(int) + 1, column.astype(int) + 1), share)
    return weights[:, 1 : height + 1, 1 : width + 1]


if __name__ == "__main__":
    main()
