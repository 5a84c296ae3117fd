"""Names of folders and labels that by their words hold what nobody sorted, and are no class."""

import re

import numpy as np

from ganprofile.datasets.classes import in_words
from ganprofile.datasets.loaders.loaded_data import FOLDERS
from ganprofile.datasets.loaders.parts import words
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import composed, printable

# Surely none, without blanks and marks: what is to be labelled, was thrown away, or is a system's.
UNSORTED = {
    *("unlabelled", "unlabeled", "unsorted", "unclassified", "unannotated", "untagged"),
    *("uncategorised", "uncategorized", "unassigned", "unchecked", "nolabel", "nolabels"),
    *("notlabelled", "notlabeled", "tolabel", "tosort", "tobelabelled", "tobelabeled", "todo"),
    *("rejected", "discarded", "deleted", "removed", "trash", "recyclebin", "recycle", "recycler"),
    *("lostfound", "eadir", "systemvolumeinformation", "newfolder", "untitledfolder"),
    *("neuerordner", "nouveaudossier", "nuevacarpeta", "新建文件夹", "新しいフォルダー"),
}
# Perhaps: a class of anybody's may be called so.
DOUBTFUL = {
    *("other", "others", "misc", "miscellaneous", "unknown", "unsure", "uncertain", "doubtful"),
    *("undefined", "ambiguous", "unreadable", "illegible", "invalid", "junk", "garbage", "noise"),
    *("background", "temp", "tmp", "backup", "bak", "rejects", "thumbnails", "thumbs", "previews"),
    *("nan", "none", "null"),  # as programs write a label that is missing
}
COPY = re.compile(r"(.+?) ?[-_ ] ?copy( ?\(?\d+\)?)?|copy of (.+)|(.+?) ?\(\d+\)", re.IGNORECASE)
SAID_BY = {"images", "image", "pictures", "data", "samples", "files"}  # beside what tells


def is_unsorted(name):
    """Whether a name surely is none of a class, such as `_unsorted` or `$RECYCLE.BIN`."""
    return _bare(name) in UNSORTED


def unsorted_among(folders, named):
    """The names of class folders that surely are none, unless a table names them or there are no
    others.

    Args:
        folders: the names of all.
        named: those that a table names, composed.
    """
    found = [name for name in folders if is_unsorted(name) and composed(name) not in named]
    return found if len(found) < len(folders) else []


def _bare(name):
    """The words of a name in one, without numbers and what says nothing."""
    return "".join(word for word in words(name) if word not in SAID_BY and not word.isdecimal())


def left_out(folders, where):
    """What is to be said of folders that are no classes, a list.

    Args:
        folders: their names.
        where: what the sentence calls the folder around them.
    """
    if not folders:
        return []
    names = in_words(folders)
    are = "are left out, no classes" if len(folders) > 1 else "is left out, no class"
    return [
        f"{where}: {names} {are} by what {'they are' if len(folders) > 1 else 'it is'} called. If "
        f"that is wrong, say `labels={FOLDERS!r}`."
    ]


def doubts_by_names(dataset, where):
    """Sentences on classes that by their names may be none.

    Args:
        dataset: a `Dataset`.
        where: what the sentences call the set.
    """
    names = dataset.class_names or ()
    found = [name for name in names if _is_doubtful(name, names)]
    if not found:
        return []
    count = np.isin(dataset.labels, [names.index(name) for name in found]).sum()
    they = "they are" if len(found) > 1 else "it is"
    return [
        f"{where}: {in_words(found)} may, by what {they} called, be no class but images of "
        f"several, or of none ({count:,}). If so, leave these out."
    ]


def _is_doubtful(name, names):
    copied = COPY.fullmatch(name)
    if copied and next(filter(None, copied.group(1, 3, 4))).strip() in names:
        return True
    return _bare(name) in UNSORTED | DOUBTFUL or stands_for_none(name, names)


def refuse_unlabelled(rows):
    """Refuse labels of tables that stand for none: -1 among numbers, and words for it.

    Args:
        rows: of all tables, `[(table, number, row)]`.

    Raises:
        GanprofileError: with the first of such rows.
    """
    known = {row["label"] for _, _, row in rows}
    none = {label for label in known if is_unsorted(label) or stands_for_none(label, known)}
    found = [one for one in rows if one[2]["label"] in none]
    if found and none != known:
        table, number, row = found[0]
        raise GanprofileError(
            f"{table}: row {number} has the label {printable(row['label'])!r}, which stands for "
            f"none ({len(found):,} of {len(rows):,} rows have such). Remove these rows, or label "
            "them; if it is a class, call it otherwise."
        )


def stands_for_none(label, labels):
    """Whether a label is -1, as libraries mark what has none, among numbers from 0 on; beside 1
    alone it may be the other of two."""
    if label != "-1":
        return False
    others = {*labels} - {"-1"}
    return others not in (set(), {"1"}) and all(map(str.isdecimal, others))
