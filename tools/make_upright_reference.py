"""Writes the upright characters that `ganprofile/datasets/orientation.py` holds images against.

    python tools/make_upright_reference.py FOLDER

FOLDER holds Omniglot's images_background_small1.zip and images_background_small2.zip (Lake et al.
2015, MIT licence): eight alphabets, 242 characters. The embedded digits and characters are added,
and letters and digits of further scripts as the font DejaVu Sans, which matplotlib brings, draws
them. What is written is the shape of every character alone, some 128 bytes.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import ganprofile as gp
from ganprofile.datasets.orientation import REFERENCE, boxed, shapes, turned
from ganprofile.storage.arrays import write_arrays

ARCHIVES = ("images_background_small1.zip", "images_background_small2.zip")
DRAWN = {
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Arabic digits": "٠١٢٣٤٥٦٧٨٩",
    "Persian digits": "۰۱۲۳۴۵۶۷۸۹",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "Cyrillic": "БВДЖЗИЙЛПУФЦЧШЩЪЫЬЭЮЯбвджзийлптуфцчшщъыьэюя",
    "Armenian": "".join(map(chr, range(0x561, 0x587))),
    "Georgian": "".join(map(chr, range(0x10D0, 0x10F1))),
}
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
OF_A_CLASS = 40
SCALE = np.float32(1 / 255)


def main(folder):
    """Write the reference."""
    classes = {**of_omniglot(Path(folder)), **of_embedded(), **drawn()}
    scripts = {
        name: np.stack([shapes(boxes).mean(axis=0) for boxes in some])
        for name, some in classes.items()
    }
    stored = {name: np.rint(rows / SCALE).astype(np.uint8) for name, rows in scripts.items()}
    write_arrays(REFERENCE, {**stored, "scale": SCALE, "centre": centre_of(classes)})
    print(REFERENCE, REFERENCE.stat().st_size, "bytes,", sum(map(len, stored.values())), "shapes")


def centre_of(classes):
    """The mean descriptor of all characters in all eight orientations."""
    sums = [
        shapes(turned(boxes, transpose, rotate)).mean(axis=0)
        for some in classes.values()
        for boxes in some
        for transpose in (False, True)
        for rotate in (0, 90, 180, 270)
    ]
    return np.mean(sums, axis=0, dtype=np.float32)


def of_omniglot(folder):
    """Alphabet -> the boxes of each of its characters."""
    found = {}
    with tempfile.TemporaryDirectory() as unpacked:
        for name in ARCHIVES:
            with zipfile.ZipFile(folder / name) as archive:
                archive.extractall(unpacked)
        for alphabet in sorted(Path(unpacked).glob("images_*/*/")):
            train, _ = gp.load(alphabet)
            found[alphabet.name] = of_classes(train)
    return found


def of_embedded():
    """The same of the sets in the package."""
    sets = {"MNIST": "digits", "EMNIST": "characters"}
    return {title: of_classes(gp.load(name)[0]) for title, name in sets.items()}


def of_classes(dataset):
    """The boxes of some images of every class."""
    rows = (np.flatnonzero(dataset.labels == k)[:OF_A_CLASS] for k in range(dataset.num_classes))
    return [boxed(dataset.images[some]) for some in rows]


def drawn():
    """The same of characters that a font draws."""
    font = ImageFont.truetype(FONT, 64)
    return {
        name: [boxed(drawn_by(font, one)[None]) for one in text] for name, text in DRAWN.items()
    }


def drawn_by(font, character):
    """uint8 `(160, 160, 1)`."""
    sheet = Image.new("L", (160, 160))
    ImageDraw.Draw(sheet).text((80, 80), character, 255, font=font, anchor="mm")
    return np.asarray(sheet)[..., None]


if __name__ == "__main__":
    main(*sys.argv[1:])
