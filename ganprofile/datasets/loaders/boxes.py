"""Sets in which boxes mark the characters of whole pages, as those of object detection do."""

import glob
import itertools
import re

from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.storage.files import printable

LOOKED_AT = 200  # files of a kind that may say boxes
BEGINNING = 2**16  # bytes of one
SIDES = (("xmin", "ymin", "xmax", "ymax"), ("x1", "y1", "x2", "y2"), ("bbox",))
SIDES += (("left", "top", "width", "height"), ("x", "y", "w", "h"), ("x", "y", "width", "height"))
SIDES += (("bboxx", "bboxy", "bboxwidth", "bboxheight"),)
OF_PLACES = re.compile(r"(\S+( \d+){4}( |$))+")
LINE_OF_YOLO = re.compile(r"\d+(\s+\d*\.\d+(e-\d+)?){4,}\s*", re.IGNORECASE)


def boxes_in(folder):
    """What is to be said of a folder in which files mark characters by boxes; None of another.

    Args:
        folder: a `Path`.
    """
    for ending, kind, marks_boxes in KINDS:
        files = (one for one in sorted(folder.rglob(f"*{ending}")) if one.is_file())
        found = next(filter(marks_boxes, itertools.islice(files, LOOKED_AT)), None)
        if found is not None:
            return cut_out(f"{printable(found.relative_to(folder))} marks", f" ({kind})")
    return None


def cut_out(marks, kind=""):
    """What is to be done where boxes mark the characters, after what marks them."""
    return (
        f"{marks} what pictures show by boxes{kind}, and pictures are not cut up here. Cut out "
        "each box, for example with Pillow's Image.crop, and save it in a folder for its class"
    )


def box_columns(names):
    """The columns of a table that are the sides of boxes, a list; empty where there are none.

    Args:
        names: of all columns.
    """
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in names}
    found = next((sides for sides in SIDES if all(side in plain for side in sides)), ())
    return [plain[side] for side in found]


def are_places(labels):
    """Whether labels are characters with the places that they have on a page, as of Kuzushiji's
    pages; pages without any count for neither.

    Args:
        labels: text.
    """
    there = [label for label in labels if label.strip()]
    return bool(there) and all(OF_PLACES.fullmatch(label.strip()) for label in there)


def _is_yolo(file):
    """Whether a text is called as a picture is, and each of its lines is a class and a place."""
    lines = _beginning(file).splitlines()
    if not lines or not all(map(LINE_OF_YOLO.fullmatch, lines)):
        return False
    around = file.parent.parent
    places = {file.parent, around / "images", around.parent / "images" / file.parent.name}
    beside = f"{glob.escape(file.stem)}.*"
    return any(is_picture(one) for place in places if place.is_dir() for one in place.glob(beside))


def _beginning(file):
    with open(file, encoding="utf-8", errors="replace") as opened:
        return opened.read(BEGINNING)


def _is_labelme(file):
    text = _beginning(file)
    return re.search(r'"shapes"\s*:\s*\[', text) and re.search(r'"points"\s*:', text)


# The ending of a file, who keeps boxes so, and what tells that a file does.
KINDS = (
    (".txt", "YOLO", _is_yolo),
    (".json", "COCO", lambda file: re.search(r'"bbox"\s*:', _beginning(file))),
    (".json", "LabelMe", _is_labelme),
    (".xml", "Pascal VOC", lambda file: "<bndbox>" in _beginning(file)),
)
