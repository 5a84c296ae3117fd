"""How surely images that do not stand upright are found, and whether upright ones are left alone.

    python benchmarks/orientation.py SCRIPTS [--output FILE]

SCRIPTS is a folder with `omniglot/`, `ahcd-arabic/`, `cmaterdb-bangla-digits/` and
`cmaterdb-devanagari-digits/`, as published. Every alphabet of Omniglot is met as it would be if the
reference had never seen it (and its relatives); the other sets are no part of the reference.
"""

import argparse
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import ganprofile as gp
from ganprofile.datasets.orientation import (
    REMEDIES,
    _boxes_of_classes,
    orientation_of_classes,
    turned,
)

OUTPUT = Path(__file__).parent / "results" / "orientation.json"
RELATIVES = {
    "Latin": ("Latin", "EMNIST"),
    "characters": ("EMNIST", "Latin", "MNIST"),
    "digits": ("MNIST", "EMNIST"),
    "chars74k": ("EMNIST", "Latin", "MNIST"),
}
# Whose files have the axes exchanged.
TRANSPOSED = "ahcd-arabic/Arabic_Handwritten_Characters_Dataset_CSV.zip"
UPRIGHT = ("cmaterdb-bangla-digits", "cmaterdb-devanagari-digits")


def main():
    """Write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scripts", type=Path)
    arguments.add_argument("--output", type=Path, default=OUTPUT)
    arguments = arguments.parse_args()
    rows = []
    for name, dataset in sets(arguments.scripts):
        boxes = _boxes_of_classes(dataset)
        for met in ("known", "unmet"):
            relatives = RELATIVES.get(name, (name,)) if met == "unmet" else ()
            rows.append(row(name, boxes, met, relatives))
            print(json.dumps(rows[-1]), file=sys.stderr)
    arguments.output.write_text(json.dumps({"sets": rows}, indent=1) + "\n")


def row(name, boxes, met, relatives):
    """What is said of a set as it is and turned in every way."""
    as_it_is = orientation_of_classes(boxes, relatives)
    said = {"upright": as_it_is.verdict}
    for way, remedy in REMEDIES.items():
        undone = {"rotate": 360 - remedy["rotate"]} if "rotate" in remedy else remedy
        lying = [turned(some, **undone) for some in boxes]
        said[way] = orientation_of_classes(lying, relatives).verdict
    return {"set": name, "reference": met, "said": said, "likeness": as_it_is.likeness}


def sets(scripts):
    """`(name, Dataset)`, all upright."""
    with tempfile.TemporaryDirectory() as unpacked:
        for archive in sorted((scripts / "omniglot").glob("images_background_small*.zip")):
            zipfile.ZipFile(archive).extractall(unpacked)
        seen = set()
        for alphabet in sorted(Path(unpacked).glob("images_*/*/")):
            if alphabet.name not in seen:
                yield alphabet.name, gp.load(alphabet)[0]
            seen.add(alphabet.name)
    yield "ahcd-arabic", gp.load(scripts / TRANSPOSED, transpose=True, allow_overlap=True)[0]
    for name in UPRIGHT:
        yield name, gp.load(scripts / name, invert="yes", allow_overlap=True)[0]
    for name in ("digits", "characters", "chars74k"):
        try:
            yield name, gp.load(name, offline=True)[0]
        except gp.GanprofileError as error:
            print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
