"""Which images of a loaded part a subset consists of, as a file that people can read."""

from ganprofile.storage.files import write_csv


def write_selection(dataset, path):
    """Write a CSV with a row per image: its row in the loaded part, class and writer.

    Nothing is written for a dataset that is a whole part.
    """
    if dataset.rows is None:
        return
    nothing = [""] * len(dataset)
    labels = dataset.labels
    classes = nothing if labels is None else [dataset.class_names[label] for label in labels]
    writers = nothing if dataset.writers is None else dataset.writers.tolist()
    rows = zip(dataset.rows.tolist(), classes, writers, strict=True)
    write_csv(path, [("row", "class_name", "writer"), *rows])
