"""Readers: what lies in files, as datasets.

A reader is a module with `WHAT` (what it reads, in words), `recognises(path)` and
`read(path, options)`, which takes `LoadOptions` and returns a `LoadedData`.
"""

import dataclasses

from ganprofile.console import say
from ganprofile.datasets.archives import is_archive, unpacked, within
from ganprofile.datasets.loaders import (
    casia_files,
    chars74k_files,
    hoda_files,
    hwdplus_files,
    image_folder,
    image_table,
    labels_in_paths,
    libsvm_files,
    lmdb_files,
    loose_pictures,
    mat_files,
    npy_files,
    npz_files,
    official,
    parquet_files,
    pixel_table,
    stored_set,
    table_text,
)
from ganprofile.datasets.loaders.boxes import boxes_in
from ganprofile.datasets.loaders.class_mapping import named_classes, saying_list
from ganprofile.datasets.loaders.kept_sizes import lost_sizes
from ganprofile.datasets.loaders.label_files import said_of_submissions
from ganprofile.datasets.loaders.label_tables import table_in
from ganprofile.datasets.loaders.loaded_data import (
    FOLDERS,
    NO_CONTENT,
    NOTHING,
    SCANS,
    LoadedData,
    LoadOptions,
    is_pattern,
)
from ganprofile.datasets.loaders.nothing_found import what_is_there
from ganprofile.datasets.loaders.pixels_in_text import printed_arrays
from ganprofile.datasets.loaders.polarity import refuse_opposite_parts
from ganprofile.datasets.loaders.shaping import upright
from ganprofile.datasets.loaders.text_encoding import beginning
from ganprofile.datasets.loaders.unsorted import doubts_by_names
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable

__all__ = ["FILE_LOADERS", "LoadOptions", "LoadedData", "read_path"]

# In this order: the first that recognises a path reads it.
FILE_LOADERS = {
    "set": stored_set,
    "npz": npz_files,
    "chars74k": chars74k_files,
    "hwdplus": hwdplus_files,
    "official": official,
    "parquet": parquet_files,
    "table": image_table,
    "folder": image_folder,
    "libsvm": libsvm_files,
    "pixels": pixel_table,
    "npy": npy_files,
    "mat": mat_files,
    "hoda": hoda_files,
    "casia": casia_files,
    "lmdb": lmdb_files,
    "pictures": loose_pictures,
    "paths": labels_in_paths,
}
# The columns that may be named, and of what.
COLUMNS_OF = {"image_column": ("parquet",), "label_column": ("parquet", "pixels")}
# Whose classes are called as folders or texts in a table are.
BY_NAME = ("table", "folder")
OTHERWISE_LABELLED = ("chars74k", "table", "parquet")  # than by what folders are called
UNLABELLED = (None, "pictures")
SORTED = (*UNLABELLED, "folder")  # what pictures are whose folders may say nothing
LISTED = 6
# Whose labels may be numbers, of which the first may be any.
NUMBERED = ("npz", "libsvm", "official", "pixels", "npy", "parquet", "mat", "lmdb")


def read_path(path, options):
    """Whatever lies at a path: a file, a folder, or an archive of one.

    Args:
        path: a `Path`.
        options: `LoadOptions`.

    Raises:
        UsageError: no reader recognises it, or it holds no pictures where these are said to be
            photographs.
        GanprofileError: it is damaged.
    """
    inside = within(path)
    may_be_labelled = is_archive(path) or (path.is_dir() and not stored_set.recognises(path))
    if inside is not None:
        return _read_inside(path, *inside, options)
    may_be_labelled |= options.labels == NOTHING and image_table.is_table(path)
    if options.labels is not None and not may_be_labelled:
        raise UsageError(f"`labels` is for folders of pictures; {path} is none. Leave it out.")
    reader = _reader_of(path, options)
    if reader is not None:
        return _read(reader, path, options)
    found = None
    if is_archive(path):
        guesses = []
        with unpacked(path, options.zip_encoding, guesses.append) as folder:
            content = _first_recognised(folder, options)
            if content is not None:
                return _read_unpacked(path, content, options, guesses)
            found = _found_in(folder, path, options)
    elif path.is_dir():
        stored_set.refuse_headless(path)
        found = _found_in(path, path, options)
    if path.suffix.lower() in table_text.SUFFIXES and path.is_file():
        if (printed := printed_arrays(beginning(path))) is not None:
            raise UsageError(f"{path} {printed}.")
        raise UsageError(
            f"{path} should have the columns image and label, or label and the pixels of an image. "
            f"Received: {table_text.head(path)!r}."
        )
    raise _nothing(path, found or what_is_there(path, path, None))


def _read_inside(path, archive, inside, options):
    """What lies in a folder of an archive, or in a file there."""
    guesses = []
    with unpacked(archive, options.zip_encoding, guesses.append) as folder:
        content = folder / inside
        if ".." in inside.parts or not content.exists():
            there = ", ".join(sorted(printable(one.name) for one in folder.iterdir())[:LISTED])
            raise UsageError(
                f"{printable(archive)} has no {printable(inside)} in it. It has: {there}."
            )
        if _reader_of(content, options) is None:
            raise _nothing(path, _found_in(content, path, options))
        return _read_unpacked(path, content, options, guesses)


def _found_in(folder, path, options):
    if is_pattern(options.labels):
        labels_in_paths.refuse(options.labels, folder, path)
    plain = dataclasses.replace(options, labels=None)
    return what_is_there(folder, path, lambda one: _reader_of(one, plain) not in UNLABELLED)


def _nothing(path, found):
    """The error that no reader recognises a path, with what was found there instead."""
    sentence = f"Nothing in {printable(path)} is a dataset as it is."
    if found is not None:
        return UsageError(f"{sentence} {found}.")
    known = "; ".join(reader.WHAT for reader in FILE_LOADERS.values())
    return UsageError(f"{sentence} What can be read: {known}.")


def _read_unpacked(path, content, options, guesses):
    """What an archive holds; errors name the archive, since the unpacked files are gone by then."""
    inside = dataclasses.replace(options, confined=True)
    try:
        reading = _read(_reader_of(content, options), content, inside)
    except GanprofileError as error:
        raise type(error)(str(error).replace(str(content), str(path))) from error
    findings = {
        key: {name: text.replace(str(content), str(path)) for name, text in value.items()}
        if key == "unreadable"
        else value
        for key, value in reading.findings.items()
    }
    assumed = [text.replace(str(content), str(path)) for text in findings.get("assumed", ())]
    findings["assumed"] = [*assumed, *guesses]
    if options.zip_encoding is not None:
        findings["zip_encoding"] = options.zip_encoding
    named = reading.named(path.name.partition(".")[0])
    return dataclasses.replace(named, findings=findings)


def _reader_of(path, options):
    """The name of the reader for a path, or None."""
    if is_pattern(options.labels):
        return "paths" if labels_in_paths.speaks_of(options.labels, path) else None
    if options.labels == NOTHING:
        plain = _reader_of(path, dataclasses.replace(options, labels=None))
        is_unlabelled = plain in SORTED and loose_pictures.lie_below(path)
        return "pictures" if is_unlabelled else plain
    if options.labels not in (None, FOLDERS) and path.is_dir():
        return "table"
    others = OTHERWISE_LABELLED if options.labels == FOLDERS else ()
    readers = ((name, reader) for name, reader in FILE_LOADERS.items() if name not in others)
    return next((name for name, reader in readers if reader.recognises(path)), None)


def _read(name, path, options):
    for option, kinds in COLUMNS_OF.items():
        if getattr(options, option) is not None and name not in kinds:
            raise UsageError(
                f"`{option}` is for Parquet files{' and tables of pixels' * (len(kinds) > 1)}. "
                f"{printable(path)} is {FILE_LOADERS[name].WHAT}. Leave it out."
            )
    stored_set.refuse_headless(path)
    if options.labels == NOTHING and name not in (*SORTED, "table"):
        options = dataclasses.replace(options, labels=None)
    try:
        reading = FILE_LOADERS[name].read(path, options)
    except GanprofileError as error:
        boxes = boxes_in(path) if path.is_dir() else None
        if boxes is None:
            raise
        raise UsageError(f"{path}: {boxes}.") from error
    folder = path if path.is_dir() else path.parent
    if name in (*BY_NAME, "paths") and options.labels != FOLDERS:
        reading = named_classes(reading, folder, options.first_label)
    elif name in NUMBERED and name != "pixels":  # whose labels may stand in it
        reading = saying_list(reading, folder)
    _check_photographed(name, path, reading.findings, options)
    if name != "set":
        refuse_opposite_parts(reading, options, printable(path))
    findings = {"kind": name, **reading.findings}
    if said := _said(name, path, reading, options):
        findings["assumed"] = [*findings.get("assumed", ()), *said]
    if options.first_label is not None and name in NUMBERED:
        findings["first_label"] = options.first_label
    _say_unused(name, path, findings, options)
    return upright(dataclasses.replace(reading, findings=findings), options)


def _say_unused(name, path, findings, options):
    """Say which of `LoadOptions` change nothing of what was found."""
    if options.first_label is not None and "first_label" not in findings:
        say(f"{printable(path)}: classes go by name, of which `first_label` says nothing.")
    if options.writer_columns is not None and name != "hwdplus":
        say(
            f"{printable(path)} is no folder of HWD+'s files, so that `writer_columns` changes "
            "nothing."
        )
    if options.zip_encoding is not None and name == "set" and not options.confined:
        say(f"{printable(path)} is no zip file, so that `zip_encoding` changes nothing.")
    if options.bits is not None and "bits" not in findings:
        say(
            f"{printable(path)} has no picture of more than 8 bits, so that `bits={options.bits}` "
            "changes nothing."
        )


def _said(name, path, reading, options):
    """What else is to be said of what a reader read, a list."""
    said = []
    if options.labels is None and name in (*BY_NAME, "pictures"):
        said += said_of_submissions(path)
    if name != "set" and options.labels not in (FOLDERS, NOTHING):
        said += doubts_by_names(reading.train, printable(path))
    if options.photographs == SCANS and options.keep_size is None:
        said += lost_sizes(reading.train.class_names)
    return said


def _check_photographed(name, path, findings, options):
    """Refuse what is said of photographs where there are none."""
    if options.photographs is not None and "photographs" not in findings:
        raise UsageError(
            f"`photographs` is for picture files. {path} is {FILE_LOADERS[name].WHAT}. "
            "Leave it out."
        )
    if options.keep_size is not None and "keep_size" not in findings:
        raise UsageError(
            '`keep_size` is for pictures of one character each, with `photographs="scans"`. '
            f"Received: {path}, {FILE_LOADERS[name].WHAT}."
        )


def _first_recognised(folder, options):
    """An archive often holds one folder with everything in it, and that one more."""
    while not _may_be_meant(folder, options):
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(NO_CONTENT)]
        if len(entries) != 1:
            return None
        (folder,) = entries
        if folder.is_file() and not _may_be_meant(folder, options):
            return None
    return folder


def _may_be_meant(path, options):
    """Whether a folder in an archive is what the user speaks of."""
    if options.labels in (None, FOLDERS, NOTHING) or is_pattern(options.labels):
        return _reader_of(path, options) is not None
    return path.is_dir() and table_in(path, options.labels) is not None
