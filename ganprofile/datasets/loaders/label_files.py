"""Files that may say what pictures or images show, and are not read."""

import re

from ganprofile.datasets.loaders.array_names import LABELS, parsed
from ganprofile.storage.files import printable

BESIDE = (".txt", ".gt.txt", ".cls", ".json")  # a file for each picture
LABELS_FILE = re.compile(r"(image[\s_-]*)?(labels?|annotations?|targets?|ground[\s_-]*truth)", re.I)
MANIFEST = ".manifest"  # of SageMaker's jobs
TEXTS = (".csv", ".tsv", ".txt", ".json", ".jsonl")
AS_TABLE = "labels.csv, with the columns image and label"
# Tables to hand in, such as Kaggle's `sample_submission.csv`, whose labels stand for none.
SUBMISSION, HANDED_IN = "submission", (".csv", ".tsv", ".txt")


def labels_beside(files):
    """A sentence where a text of its own lies beside each picture, which may label it, or None."""
    for ending in BESIDE:
        texts = [_text_beside(file, ending) for file in files]
        if all(texts):
            return (
                "Beside each picture lies a file that may say what it shows, such as "
                f"{printable(texts[0].name)}: put the labels into one table, {AS_TABLE}."
            )
    return None


def _text_beside(file, ending):
    """The text of a picture, `1.cls` of `1.png` or of `1.input.png`, or None."""
    named = (file.with_suffix(ending), file.with_name(file.name.partition(".")[0] + ending))
    return next((one for one in named if one.is_file()), None)


def labels_not_read(folder):
    """A sentence where a file in a folder of pictures is called as labels are and is not read, or
    None."""
    for file in sorted(folder.iterdir()):
        is_called = LABELS_FILE.fullmatch(file.name.partition(".")[0])
        if (is_called or file.suffix.lower() == MANIFEST) and file.is_file():
            return (
                f"{printable(file.name)} may say what the pictures show and is not read: save it "
                f"as {AS_TABLE}."
            )
    return None


def labels_of_arrays_not_read(path):
    """The same of a text in a folder of arrays, or beside a file of them."""
    folder = path if path.is_dir() else path.parent
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix.lower() in TEXTS and parsed(file.stem).role == LABELS and file.is_file():
            return (
                f"{printable(file.name)} may have them and is not read: write both into one file, "
                "with numpy.savez(path, images=..., labels=...), and give that."
            )
    return None


def is_submission(file):
    """Whether a file is a table to hand in by its name."""
    return file.suffix.lower() in HANDED_IN and SUBMISSION in file.stem.lower()


def submissions_in(folder):
    """The tables to hand in that lie in a folder, sorted; none where it is a file."""
    return sorted(filter(is_submission, folder.iterdir())) if folder.is_dir() else []


def said_of_submissions(folder):
    """Sentences on such tables in a folder, which are not read."""
    return [
        f"{printable(table)} is not read: by its name it is to be handed in, and its labels stand "
        f"for none. If they are right, say `labels={printable(table.name)!r}`."
        for table in submissions_in(folder)
    ]
