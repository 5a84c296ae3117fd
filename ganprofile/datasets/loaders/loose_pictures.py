"""A folder of unlabelled pictures."""

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.gathering import gather
from ganprofile.datasets.loaders.label_files import labels_beside, labels_not_read
from ganprofile.datasets.loaders.label_tables import refuse_tables
from ganprofile.datasets.loaders.labels_in_names import told_by_names
from ganprofile.datasets.loaders.labels_in_paths import pictures_in
from ganprofile.datasets.loaders.loaded_data import NO_LABELS, LoadedData
from ganprofile.datasets.loaders.parts import is_held_out
from ganprofile.datasets.loaders.pictures import is_picture, kinds_not_read
from ganprofile.datasets.loaders.stored_set import refuse_alone, written_below, written_said
from ganprofile.storage.files import printable

WHAT = "a folder of pictures without class folders, which have no labels"


def recognises(path):
    """Whether pictures lie in the folder itself."""
    return path.is_dir() and any(map(is_picture, path.iterdir()))


def lie_below(path):
    """Whether pictures lie in a folder or in those below."""
    return path.is_dir() and next(pictures_in(path), None) is not None


def read(path, options):
    """A `LoadedData` without labels, in the order of the files' names; those in subfolders come
    after those in the folder itself. What lies in such of another part is left out.

    Raises:
        UsageError: sizes differ and no size is given, or polarity is not clear; or a table lies
            there that could not be understood; or ganprofile wrote all that lies there.
        GanprofileError: a file cannot be read.
    """
    refuse_tables(path, options)
    sets = written_below(path)
    pictures = [*pictures_in(path)]
    everything = [file for file in pictures if not any(map(file.is_relative_to, sets))]
    if pictures and not everything:
        refuse_alone(path, sets, pictures, "all pictures")
    files = [file for file in everything if not is_held_out(file, path)] or everything
    gathered = gather(files, options, path)
    names = np.array([printable(files[k].relative_to(path)) for k in gathered.kept])
    name = printable(path.resolve().name)
    dataset = Dataset(gathered.images, attributes={"file": names}, name=name)
    said = (
        labels_beside(files)
        or (labels_not_read(path) if options.labels is None else None)
        or _labels_in_names(files)
    )
    left_out = sorted({*everything} - {*files})
    assumed = _not_read(path, left_out) + written_said(path, sets)
    findings = gathered.findings_with({"assumed": assumed} | ({NO_LABELS: said} if said else {}))
    return LoadedData(dataset, findings=findings)


def _not_read(path, left_out):
    """What is to be said of pictures of other kinds, and of such of another part."""
    said = [kinds_not_read(one.name for one in sorted(path.rglob("*")))]
    if left_out:
        pictures = "1 picture is" if len(left_out) == 1 else f"{len(left_out):,} pictures are"
        said.append(
            f"{pictures} left out, such as {printable(left_out[0].relative_to(path))}, by whose "
            "folder they are to test with; to read them, too, call it otherwise"
        )
    return [f"{printable(path)}: {sentence}." for sentence in said if sentence]


def _labels_in_names(files):
    """A sentence where the names of files, such as `A_001.png`, seem to say what is on them, else
    None."""
    told = told_by_names([printable(file.name) for file in files])
    if told is None:
        return None
    return (
        f"The {told.sentence}put a table labels.csv beside them, with the columns image and label."
    )
