"""Show what the preprocessing makes of Chars74K's pictures: `samples/chars74k_preprocessing.png`.

    python tools/make_preprocessing_picture.py --chars74k EnglishHnd.tgz

A row for each of some classes, a pair for each of some writers: the published picture, shrunk, and
the image of 28 pixels, enlarged.
"""

import argparse
from pathlib import Path

import numpy as np

from ganprofile.datasets.archives import unpacked
from ganprofile.datasets.loaders.chars74k_files import CLASSES, find_scans
from ganprofile.datasets.loaders.ink import as_character
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.images import beside, enlarge, fit, grid, luminance, save_png

TARGET = Path(__file__).resolve().parent.parent / "samples" / "chars74k_preprocessing.png"
SHOWN = "017AQaegilm"
WRITERS = (2, 3, 8, 20, 34)  # 8 writes small with a broad pen
SIZE, FACTOR = 28, 3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chars74k", type=Path, required=True)
    with unpacked(parser.parse_args().chars74k) as folder:
        scans, _ = find_scans(folder)
        files = {(CLASSES[scan.label], scan.writer): scan.path for scan in scans}
        pairs = [pair(files[name, writer]) for name in SHOWN for writer in WRITERS]
    save_png(TARGET, grid(np.stack(pairs), len(WRITERS), gap=6))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


def pair(path):
    """Before and after, side by side, uint8 `(height, width, 1)`."""
    scan = luminance(read_picture(path))
    after = enlarge(as_character(scan[..., 0], SIZE)[..., None], FACTOR)
    before = fit(scan, len(after), len(after) * scan.shape[1] // scan.shape[0])
    return beside([before, after], gap=2)


if __name__ == "__main__":
    main()
