"""Class folders of the training part beside a table that is of the test part alone."""

from ganprofile.datasets.loaders.parts import folder_part, name_part, part_of
from ganprofile.errors import UsageError
from ganprofile.storage.files import composed, printable


def rows_of_training_folders(tables, rows, files, pictures, root):
    """What `test.csv` does not list but lies in class folders such as `train/a/`, as rows.

    Args:
        tables: `[(part, table)]` that were read; one alone may be of the test part.
        rows: `[(table, number, row)]` of it, whose `split` is set where they say none.
        files: the pictures that it lists.
        pictures: all there are.
        root: the folder that they lie in.

    Returns:
        `(rows, files, said)`: further rows and their pictures, and sentences; empty where the table
        is of the training part, too.

    Raises:
        UsageError: the training pictures lie in no class folders, so that they have no labels.
    """
    table = tables[0][1]
    part = name_part(table.stem)
    is_of_others = len(tables) == 1 and part not in (None, "train")
    if not is_of_others or any(part_of(row["split"]) for _, _, row in rows):
        return [], [], []
    listed = {*files}
    training = [one for one in pictures if folder_part(one, root) == "train" and one not in listed]
    if not training:
        return [], [], []
    loose = next((one for one in training if part_of(one.parent.parent.name) != "train"), None)
    if loose is not None:
        raise UsageError(
            f"{printable(table)} is of the {part} part by its name, and the pictures to train on "
            f"have no labels, such as {printable(loose.relative_to(root))}. Sort them into a "
            "folder for each class, or list them in a table called train.csv."
        )
    for _, _, row in rows:
        row["split"] = part
    further = [
        (table, 0, {"file": place, "label": composed(one.parent.name), "split": "train"})
        for one in training
        for place in [one.relative_to(root).as_posix()]
    ]
    said = (
        f"{printable(table)} is of the {part} part by its name; {len(training):,} pictures in "
        f"class folders, such as {printable(further[0][2]['file'])}, are the training part."
    )
    return further, training, [said]
