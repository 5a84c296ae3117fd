"""The arguments of `load` that are about people's own files: where they count, and where not."""

from ganprofile.console import say
from ganprofile.datasets.archives import is_archive, within
from ganprofile.datasets.given import are_arrays
from ganprofile.datasets.imports import imported_names, read_report
from ganprofile.datasets.loaders import image_table, parquet_files, pixel_table, stored_set
from ganprofile.datasets.loaders.label_tables import table_in
from ganprofile.datasets.loaders.labels_in_paths import speaks_of
from ganprofile.datasets.loaders.loaded_data import AUTO, FOLDERS, NOTHING, SETTLED, is_pattern
from ganprofile.datasets.naming import dataset_or_path, known_names, place_of
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import UsageError
from ganprofile.storage.files import expanded, printable

OF_FILES = ("invert", *SETTLED)
NO_WORD = ("invert", AUTO)  # which says nothing
# The arguments of `load` that decide what comes out, and that a recipe therefore holds.
REMEMBERED = (
    "revision",
    "data_dir",
    "image_size",
    "channels",
    "writer_columns",
    "allow_overlap",
    *OF_FILES,
)


def own_options(name):
    """Which of `OF_FILES` count for a named dataset, too."""
    return getattr(DATASETS[name], "own_options", ())


def for_named(name, asked):
    """Arguments of `load` without those that a named dataset has no use for.

    Sizes are kept by what is measured on it, whatever was measured on others.
    """
    unused = set(OF_FILES) - set(own_options(name))
    fitting = {key: value for key, value in asked.items() if key not in unused}
    if fitting.get("keep_size") is not None:
        fitting["keep_size"] = AUTO
    return fitting


def refuse_known(name, options):
    """Refuse to be told what is known of a named dataset.

    Raises:
        UsageError: with the first of such `LoadOptions`.
    """
    if options.invert != "auto":
        raise UsageError(f"The polarity of {name} is known. Remove `invert`.")
    for option, what in SETTLED.items():
        if getattr(options, option) is not None and option not in own_options(name):
            raise UsageError(f"{name} comes with its {what}. Remove `{option}`.")


def refuse_settled(name, options, kind=None):
    """Refuse to be told what an import has settled.

    Args:
        name: of the import.
        options: `LoadOptions`.
        kind: of what was imported, the name of its reader.

    Raises:
        UsageError: with the first of such `LoadOptions`.
    """
    for option, what in {**SETTLED, "writer_columns": "writers"}.items():
        value = getattr(options, option)
        if value is not None:
            if isinstance(value, str):
                value = printable(value)
            remedy = f"Import it again, in its place, with `{option}={value!r}`."
            if kind == "set":  # that ganprofile wrote, which knows it as well
                remedy = f"Leave `{option}` out."
            raise UsageError(f"{name} got its {what} when it was imported. {remedy}")


def of_training(name, test, asked):
    """Arguments of `load` for a set to train on, without those that can only be meant for the
    user's own files beside it, since they are settled for the set itself.

    Args:
        name: of the set, as for `load`.
        test: what it is held against, likewise; or None.
        asked: the arguments.
    """
    settled = _settled(name)
    meant = [
        key
        for key, value in asked.items()
        if key in settled and value is not None and value is not False and (key, value) != NO_WORD
    ]
    if not meant or test is None or are_arrays(test) or _settled(test):
        return asked
    others = " and ".join(f"`{key}`" for key in meant)
    count = f"count{'s' * (len(meant) == 1)} for {printable(test)}, beside it"
    say(f"{printable(name)} is read as it is known to be: {others} {count}.")
    return {key: value for key, value in asked.items() if key not in meant}


def _settled(name):
    """Which of `OF_FILES` are known of what has a name or was saved; none of people's own files."""
    if are_arrays(name):
        return set()
    name = dataset_or_path(name)
    if name in DATASETS:
        return set(OF_FILES) - set(own_options(name))
    if name in imported_names():
        has_its_paper = not {"photographs", "invert"}.isdisjoint(read_report(name))
        return set(OF_FILES) if has_its_paper else set(SETTLED)
    return set(SETTLED) if stored_set.recognises(expanded(name)) else set()


def takes_labels(name):
    """Whether what lies at a path may be labelled by a table or by what its folders are called."""
    if are_arrays(name) or dataset_or_path(name) in known_names():
        return False
    path = expanded(name)
    if is_archive(path) or within(path) is not None:
        return True
    return path.is_dir() and not stored_set.recognises(path)


def named_for_good(labels, name):
    """What is said of labels so that it holds in another folder, too: a table elsewhere whole."""
    labels = None if labels is None else str(labels)
    if labels in (None, FOLDERS, NOTHING) or is_pattern(labels) or are_arrays(name):
        return labels
    if table_in(expanded(name), labels):
        return labels
    table = expanded(labels)
    return str(table.resolve()) if table.is_file() else labels


def without_columns_of_others(name, asked):
    """Arguments of `load` without columns that cannot be named where there are none."""
    if place_of(name) or parquet_files.recognises(expanded(name)):
        return asked
    is_table = "label_column" in asked and pixel_table.recognises(expanded(name))
    kept = ("label_column",) if is_table else ()
    return {k: value for k, value in asked.items() if SETTLED.get(k) != "columns" or k in kept}


def _labels_of(table, path):
    """Whether labels that were told of another folder are those of this one, too."""
    if is_pattern(table):
        return not path.is_dir() or speaks_of(table, path)
    return table_in(path, table) is not None


def without_labels_of_others(name, asked, usual=None):
    """Arguments of `load` without a table of labels that does not lie in a folder.

    Args:
        name: as for `load`.
        asked: the arguments.
        usual: what labels pictures here if what is asked does not; None says nothing of it.
    """
    told, is_taken = asked.get("labels"), takes_labels(name)
    if is_taken and told in (FOLDERS, NOTHING):
        return asked
    if is_taken and told is not None and _labels_of(told, expanded(name)):
        return asked
    others = {key: value for key, value in asked.items() if key != "labels"}
    if usual is None or not (is_taken or image_table.is_table(expanded(name))):
        return others
    return {**others, "labels": usual}
