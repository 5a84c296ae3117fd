"""Tables to hand in, such as Kaggle's `sample_submission.csv`, whose labels stand for none."""

from ganprofile.storage.files import printable

SUBMISSION = "submission"
TABLES = (".csv", ".tsv", ".txt")


def is_submission(file):
    """Whether a file is a table to hand in by its name."""
    return file.suffix.lower() in TABLES and SUBMISSION in file.stem.lower()


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
