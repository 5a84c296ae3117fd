"""Whether the folders of pictures contradict a table that was guessed to have their labels."""

from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.loaded_data import FOLDERS
from ganprofile.datasets.loaders.parts import ABOUT_LABELS, part_of, words
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

LISTED = 5


def doubts_by_folders(table, layout, rows, files, root):
    """What is to be said of a table that does not call its labels so, where its pictures lie in
    folders that may be their classes.

    Args:
        table: its path.
        layout: its `Layout`.
        rows: `(table, number, row)` of it and perhaps others.
        files: the pictures, as many.
        root: the folder that they lie in.

    Returns:
        A list of sentences, `[]` where the folders say the same as the labels or nothing.

    Raises:
        UsageError: the folders are called by one character each, as those of classes are.
    """
    is_told = layout.names is None and chosen([layout.label], LABEL_COLUMNS) is not None
    if (
        is_told
        or layout.hot
        or not {*words(table.stem)}.isdisjoint((*LABEL_COLUMNS, *ABOUT_LABELS))
    ):
        return []
    pairs = {
        (file.parent.name if file.parent != root else None, row["label"])
        for file, (one, _, row) in zip(files, rows, strict=True)
        if one == table
    }
    several = {folder for folder, _ in pairs}
    if len(several) < 2 or None in several or any(map(part_of, several)):
        return []
    if len(pairs) == len(several) == len({label for _, label in pairs}):
        return []
    listed = ", ".join(map(printable, sorted(several)[:LISTED]))
    called = "without a heading" if layout.names is not None else repr(printable(layout.label))
    sentence = (
        f"{table}: its column {called} does not say that it has the labels, and the folders of "
        f"its pictures ({listed}{', ...' * (len(several) > LISTED)}) say something else"
    )
    if all(len(folder) == 1 for folder in several):
        raise UsageError(
            f"{sentence}. Say `labels={FOLDERS!r}` if the folders are the classes, or "
            f"`labels={printable(table.name)!r}` if the column has the labels."
        )
    return [f"{sentence}; if these are the classes, say `labels={FOLDERS!r}`."]
