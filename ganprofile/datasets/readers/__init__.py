"""Readers: what lies in files, as datasets.

A reader is a module with `WHAT` (what it reads, in words), `recognises(path)` and
`read(path, options)`, which takes `ReadOptions` and returns a `Reading`.
"""

import dataclasses

from ganprofile.console import say
from ganprofile.datasets.archives import is_archive, unpacked
from ganprofile.datasets.readers import (
    chars74k_files,
    hwdplus_files,
    image_folder,
    image_table,
    loose_pictures,
    npz_files,
    official,
    stored_set,
)
from ganprofile.datasets.readers.reading import NO_CONTENT, Reading, ReadOptions
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import printable

__all__ = ["READERS", "ReadOptions", "Reading", "read_path"]

# In this order: the first that recognises a path reads it.
READERS = {
    "set": stored_set,
    "npz": npz_files,
    "chars74k": chars74k_files,
    "hwdplus": hwdplus_files,
    "official": official,
    "table": image_table,
    "folder": image_folder,
    "pictures": loose_pictures,
}


def read_path(path, options):
    """Whatever lies at a path: a file, a folder, or an archive of one.

    Args:
        path: a `Path`.
        options: `ReadOptions`.

    Raises:
        UsageError: no reader recognises it, or it holds no pictures where these are said to be
            photographs.
        GanprofileError: it is damaged.
    """
    reader = _reader_of(path)
    if reader is not None:
        return _read(reader, path, options)
    if is_archive(path):
        guesses = []
        with unpacked(path, options.zip_encoding, guesses.append) as folder:
            content = _first_recognised(folder)
            if content is not None:
                return _read_unpacked(path, content, options, guesses)
    if path.suffix.lower() in image_table.SUFFIXES:
        raise UsageError(
            f"{path} should have the columns file and label. Received: {image_table.head(path)!r}."
        )
    known = "; ".join(reader.WHAT for reader in READERS.values())
    raise UsageError(f"Nothing in {path} is a dataset. What can be read: {known}.")


def _read_unpacked(path, content, options, guesses):
    """What an archive holds; errors name the archive, since the unpacked files are gone by then."""
    try:
        reading = _read(_reader_of(content), content, dataclasses.replace(options, confined=True))
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
    named = reading.named(path.name.partition(".")[0])
    return dataclasses.replace(named, findings=findings)


def _reader_of(path):
    return next((name for name, reader in READERS.items() if reader.recognises(path)), None)


def _read(name, path, options):
    reading = READERS[name].read(path, options)
    if options.photographs is not None and "photographs" not in reading.findings:
        raise UsageError(
            f"--photographs is for picture files. {path} is {READERS[name].WHAT}. Leave it out."
        )
    if options.bits is not None and "bits" not in reading.findings:
        say(
            f"{printable(path)} has no picture of more than 8 bits, so that --bits {options.bits} "
            "changes nothing."
        )
    return dataclasses.replace(reading, findings={"kind": name, **reading.findings})


def _first_recognised(folder):
    """An archive often holds one folder with everything in it, and that one more."""
    while _reader_of(folder) is None:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(NO_CONTENT)]
        if len(entries) != 1:
            return None
        (folder,) = entries
        if folder.is_file() and _reader_of(folder) is None:
            return None
    return folder
