"""A folder with a subfolder for every class, or `train/` and `test/` of such folders."""

import itertools

import numpy as np

from ganprofile.datasets.classes import in_words, spelled_twice
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders import stored_set
from ganprofile.datasets.loaders.class_table import named_folders
from ganprofile.datasets.loaders.gathering import gather
from ganprofile.datasets.loaders.label_files import submissions_in
from ganprofile.datasets.loaders.label_tables import refuse_tables
from ganprofile.datasets.loaders.labels_in_names import one_class_said
from ganprofile.datasets.loaders.loaded_data import FOLDERS, NO_CONTENT, PARTS, LoadedData
from ganprofile.datasets.loaders.part_lists import parts_by_lists
from ganprofile.datasets.loaders.parts import SYLLABLES, are_parts, part_of, train_and_test
from ganprofile.datasets.loaders.pictures import (
    OTHER_SUFFIXES,
    SUFFIXES,
    holds_picture,
    is_picture,
    leads_nowhere,
)
from ganprofile.datasets.loaders.unsorted import left_out, unsorted_among
from ganprofile.datasets.loaders.writer_folders import doubt_of, doubt_of_pieces
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import composed, is_text, printable

LISTED = 3
LOOKED_AT = 1_000  # entries of a folder that is no class
WHAT = "a folder of pictures, one subfolder per class"


def recognises(path):
    """Whether subfolders hold pictures, or those of `train/`, and are no sets of their own, whose
    previews are pictures."""
    if not path.is_dir() or not _subfolders(path):
        return False
    return _has_classes(path) or _training_folder(path) is not None


def read(path, options):
    """A `LoadedData`; class names are the folders' names, in sorted order.

    Folders such as `train/`, `Data testing/` or `val/` are parts of the set, and so is what lists
    such as `testing_list.txt` name.

    Raises:
        UsageError: it cannot be told what the classes are, or which part a folder belongs to; or a
            table lies there, and the user has not said whether it or the folders are the labels.
        GanprofileError: class folders without pictures leave fewer than two classes, or a file
            cannot be read.
    """
    refuse_tables(path, options)
    if _training_folder(path) is None:
        files, class_names, findings = _listed(path, options, path)
        parts, said = parts_by_lists(files, path, options.confined)
        findings["assumed"] += said
        return _as_reading(path, options, parts, class_names, findings)
    folders, said = _part_folders(path)
    train, class_names, findings = _listed(folders["train"], options, path)
    findings["assumed"] += said + stored_set.written_said(path, _written(path))
    if "test" in folders and _is_flat(folders["test"]):
        findings["assumed"] += _left_out_or_refused(folders.pop("test"), path)
    if "test" not in folders:
        return _as_reading(path, options, [train], class_names, findings)
    test, test_names, more = _listed(
        folders["test"], options, path, fewest=1, training=folders["train"]
    )
    unknown = sorted(set(test_names) - set(class_names))
    if unknown:
        meant = next((one for one in class_names if _bare(one) == _bare(unknown[0])), None)
        remedy = "Rename or remove it." if meant is None else f"If it is {meant!r}, rename it so."
        raise UsageError(
            f"{folders['test']} has the class {unknown[0]!r}, which {folders['train'].name}/ "
            f"lacks. {remedy}"
        )
    number_of = {name: label for label, name in enumerate(class_names)}
    renumbered = [(file, number_of[test_names[label]]) for file, label in test]
    findings |= {key: [*dict.fromkeys(findings[key] + more[key])] for key in more}
    return _as_reading(path, options, [train, renumbered], class_names, findings)


def _bare(name):
    """A class name without what people write in one folder and not in the other."""
    return name.strip(" .").lstrip("0").casefold()


def _training_folder(path):
    """The subfolder that is the training part, or None where the subfolders are no parts."""
    training = (_inmost(one) for one in _subfolders(path) if part_of(one.name) == "train")
    return next(filter(_has_classes, training), None)


def _inmost(folder):
    """The folder of a part, or the one called alike that is all there is in it: `train/train`."""
    inside = [one for one in folder.iterdir() if not one.name.startswith(NO_CONTENT)]
    is_doubled = [one.name.lower() for one in inside if one.is_dir()] == [folder.name.lower()]
    return inside[0] if is_doubled and len(inside) == 1 else folder


def _part_folders(path):
    """`{part: folder}` of the parts that are read, and sentences.

    Raises:
        UsageError: two folders are one part, or pictures lie beside the parts.
    """
    found = {}
    for folder in _subfolders(path):
        part, name = part_of(folder.name), printable(folder.name)
        if part is None and (_is_populated(folder) or _has_classes(folder)):
            raise UsageError(
                f"{path} has {name}/ beside {_training_folder(path).name}/, and is no part of the "
                "set by its name. Rename it to test/ if that is what it is, or put it elsewhere."
            )
        if part in found:
            raise UsageError(
                f"{path} has {name}/ and {printable(found[part].name)}/, both for the {part} part "
                "by their names. Rename one or put it elsewhere."
            )
        if part is not None:
            found[part] = _inmost(folder)
    folders, said = train_and_test(found, printable(path))
    renamed = [
        f"{printable(folder.name)}/ is taken for the {part} part"
        for part, folder in folders.items()
        if folder.name != part and part_of(folder.name) == part
    ]
    return folders, [*said, *([f"{printable(path)}: {', '.join(renamed)}."] if renamed else [])]


def _as_reading(path, options, parts, class_names, findings):
    """Read the files of all parts at once: they get one size and one polarity."""
    files = [file for part in parts for file, _ in part]
    labels = np.array([label for part in parts for _, label in part], np.int32)
    is_test = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    gathered = gather(files, options, path)
    names = np.array([printable(files[k].relative_to(path)) for k in gathered.kept])
    datasets = [
        Dataset(
            gathered.images[chosen],
            labels=labels[gathered.kept][chosen],
            class_names=class_names,
            attributes={"file": names[chosen]},
            name=printable(path.resolve().name),
            split=PARTS[number],
        )
        for number in range(len(parts))
        for chosen in [is_test[gathered.kept] == number]
    ]
    train = datasets[0]
    doubt = doubt_of_pieces(train) or doubt_of(train) if options.labels is None else None
    if doubt:
        findings["assumed"].append(f"{printable(path)}: {doubt}.")
    return LoadedData(*datasets, findings=gathered.findings_with(findings))


def _listed(path, options, top, fewest=2, training=None):
    """`[(file, label)]`, the class names, and what was passed over or put together, of a folder of
    class folders in `top`, that of the set; `training` is the folder of another part that may name
    its classes, too."""
    refuse_tables(path, options)
    files, class_names, folders, empty = [], [], [], []
    named, sentences = named_folders(
        dict.fromkeys(filter(None, (path, top, training))),
        [one.name for one in _subfolders(path)],
    )
    passed_over = _beside_classes(path)
    _refuse_part(path, options)
    unsorted = [] if options.labels == FOLDERS else unsorted_among(_populated(path), named)
    for folder in [one for one in _subfolders(path) if one.name not in unsorted]:
        refuse_tables(folder, options)
        pictures, others = _sorted_out(folder)
        passed_over += [printable(entry.relative_to(path)) for entry in others]
        if not pictures:
            _refuse_deeper_classes(folder, others)
            empty.append(printable(folder.name))
            continue
        name = named.get(composed(folder.name)) or _class_name(folder)
        if name not in class_names:
            class_names.append(name)
        folders.append(folder.name)
        files += [(file, class_names.index(name)) for file in pictures]
    if not class_names:
        raise GanprofileError(f"{path} has no subfolder with pictures. Make one for every class.")
    sentences += stored_set.written_said(path, _written(path)) + left_out(unsorted, printable(path))
    said = [*sentences, *spelled_twice(f"{printable(path)}: the folders", folders)]
    said += _not_read(path, passed_over) * (not options.tolerant)
    if len(class_names) == len(folders) == 1 < fewest and not options.tolerant:
        said.append(one_class_said(path, top, [file for file, _ in files], class_names[0]))
    if empty:
        sentence = _empty_said(path, empty)
        if len(class_names) < fewest:
            raise GanprofileError(f"{sentence}, and one class is left. Add pictures.")
        said += [f"{sentence}; left out."] * (not options.tolerant)  # else the report names it
    return files, class_names, {"empty_classes": empty, "passed_over": passed_over, "assumed": said}


def _empty_said(path, empty):
    several = len(empty) > 1
    return (
        f"{printable(path)}: the class folder{'s' * several} {in_words(empty)} "
        f"{'hold' if several else 'holds'} no picture ({', '.join(SUFFIXES)})"
    )


def _not_read(path, passed_over):
    """What is to be said of entries passed over that may show characters: folders of pictures,
    pictures of other kinds, hidden or in no class folder, and links that lead nowhere."""
    links = [name for name in passed_over if leads_nowhere(path / name)]
    lost = [name for name in passed_over if _may_show(path / name)]
    said = [
        f"{printable(path)}: {len(links):,} link{'s' * (len(links) > 1)} to what is not there, "
        f"such as {', '.join(links[:LISTED])}: put the files where they lead, or copy them here."
    ] * bool(links)
    if not lost:
        return said
    are = (
        "files or folders with pictures are" if len(lost) > 1 else "file or folder with pictures is"
    )
    return [
        *said,
        f"{printable(path)}: {len(lost):,} {are} not read, such as {', '.join(lost[:LISTED])}: put "
        f"pictures right into their class folders, as one of {', '.join(SUFFIXES)}.",
    ]


def _may_show(entry):
    if not entry.is_dir():
        known = (*SUFFIXES, *OTHER_SUFFIXES)
        named = entry.suffix.lower() in known and not leads_nowhere(entry)
        return named or holds_picture(entry)
    below = itertools.islice(entry.rglob("*"), LOOKED_AT)
    return any(is_picture(one) or one.suffix.lower() in OTHER_SUFFIXES for one in below)


def _is_flat(folder):
    """Whether pictures lie in a folder and in none below it, so that they have no labels."""
    return _is_populated(folder) and not any(map(_is_populated, _subfolders(folder)))


def _left_out_or_refused(folder, root):
    """A sentence, in a list, on pictures to test with that have no labels, where a table asks for
    these.

    Raises:
        UsageError: none does, so that class folders may be missing.
    """
    if submissions_in(root):
        return [f"{printable(folder)}: its pictures have no labels and are left out."]
    raise UsageError(
        f"{printable(folder)} holds pictures without a folder for each class, as "
        f"{printable(_training_folder(root).name)}/ has them, so that nothing can be tested with "
        "them. Sort them, or put them elsewhere."
    )


def _refuse_part(path, options):
    """Pictures of a part right in its folder, such as test/, lie beside class folders in no class.

    Raises:
        UsageError: unless the user has said that folders are classes by their names.
    """
    folders = _subfolders(path)
    named = [one for one in folders if part_of(one.name) and one.name.lower() not in SYLLABLES]
    parts = [one for one in named if _is_populated(one)]
    if not parts or options.labels is not None:
        return
    if any(_is_populated(one) for one in folders if one not in parts):
        name = printable(parts[0].name)
        raise UsageError(
            f"{printable(path)} has {name}/ with pictures beside class folders. If it is a part of "
            "the set, sort it into class folders and put the others into train/, or put it "
            f"elsewhere; if it is a class, say `labels={FOLDERS!r}`."
        )


def _sorted_out(folder):
    """The pictures in a folder and its other entries, both in order; of hidden ones only pictures
    count, which are not those that macOS puts beside each file."""
    pictures, others = [], []
    for entry in sorted(folder.iterdir()):
        if is_picture(entry):
            pictures.append(entry)
        elif not entry.name.startswith(NO_CONTENT) or holds_picture(entry):
            others.append(entry)
    return pictures, others


def _beside_classes(path):
    """Pictures beside the class folders, hidden folders of pictures, and links that lead nowhere:
    nobody's class."""
    known = {*_subfolders(path), *_written(path)}
    return [
        printable(entry.relative_to(path))
        for entry in sorted(path.iterdir())
        if is_picture(entry)
        or leads_nowhere(entry)
        or (entry.is_dir() and entry not in known and _is_populated(entry))
    ]


def _refuse_deeper_classes(folder, entries):
    """A folder of folders of pictures is no class: its pictures would all get one label."""
    if any(entry.is_dir() and _is_populated(entry) for entry in entries):
        raise UsageError(
            f"{printable(folder)} holds no pictures but folders of pictures. Give the folder whose "
            "subfolders are the classes, or say where in their paths the labels stand, as "
            "`labels='{label}/*/*'`."
        )


def _class_name(folder):
    if not is_text(folder.name):
        raise GanprofileError(
            f"The name of the class folder {printable(folder)} is not UTF-8. Rename it."
        )
    return composed(folder.name)


def _subfolders(path):
    """Folders that may be classes; hidden ones, those of macOS archives, and what ganprofile wrote
    are none.

    They are in the order of their composed names, so that spelling does not change it.
    """
    found = [p for p in path.iterdir() if p.is_dir() and not p.name.startswith(NO_CONTENT)]
    found = [folder for folder in found if not stored_set.is_written(folder)]
    return sorted(found, key=lambda folder: (composed(folder.name), folder.name))


def _written(path):
    """The folders that ganprofile wrote among the subfolders."""
    return sorted(one for one in path.iterdir() if one.is_dir() and stored_set.is_written(one))


def _has_classes(path):
    """Whether subfolders hold pictures; where all of these are parts by their names, such as
    training/ and test/ or ADBase_Training/ and ADBase_Test/, they are no classes."""
    if not path.is_dir():
        return False
    populated = _populated(path)
    return any(part_of(name) is None for name in populated) and not are_parts(populated)


def _populated(path):
    """The names of the subfolders in which pictures lie."""
    return [folder.name for folder in _subfolders(path) if _is_populated(folder)]


def _is_populated(folder):
    """Whether pictures lie in a folder itself."""
    return any(is_picture(entry) for entry in folder.iterdir())
