"""Lists of the pictures of a part beside class folders, such as Speech Commands'
`testing_list.txt`."""

from ganprofile.datasets.loaders.columns import names_picture
from ganprofile.datasets.loaders.named_files import NamedFiles
from ganprofile.datasets.loaders.parts import folder_part, name_part, train_and_test
from ganprofile.datasets.loaders.table_text import LINES_SUFFIXES
from ganprofile.datasets.loaders.text_encoding import beginning, decoded, lines_of
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable


def is_part_list(file):
    """Whether a text is called by a part of a set, and names a picture in each line, in folders
    that are no parts themselves."""
    if file.suffix.lower() not in LINES_SUFFIXES or name_part(file.stem) is None:
        return False
    names = _names(beginning(file))
    if not names or not all("/" in name or names_picture(name) for name in names):
        return False
    finder = NamedFiles(file.parent)
    try:
        found = [finder.find(file, 1, name, tolerant=False) for name in (names[0], names[-1])]
    except GanprofileError:
        return False
    return not any(one.parent == file.parent or folder_part(one, file.parent) for one in found)


def parts_by_lists(files, folder, confined):
    """Pictures of class folders as the lists in a folder part them, and sentences.

    Args:
        files: `[(file, label)]`.
        folder: the one around the class folders.
        confined: as for `NamedFiles`.

    Returns:
        `(parts, said)`: lists of `(file, label)`, of what is to be trained and maybe tested with.

    Raises:
        GanprofileError: a picture that is listed is not there or of two parts, or one of a class to
            test with is of none to train on.
    """
    lists = [file for file in sorted(folder.iterdir()) if file.is_file() and is_part_list(file)]
    if not lists:
        return [files], []
    part_of_file = _told(lists, NamedFiles(folder, confined))
    rest = None if "train" in part_of_file.values() else "train"
    found = {}
    for file, label in files:
        found.setdefault(part_of_file.get(file, rest), []).append((file, label))
    counts = ", ".join(f"{len(found[part]):,} of {part}" for part in sorted(filter(None, found)))
    said = [
        f"{' and '.join(map(printable, lists))}: the pictures listed there were taken for those "
        f"parts of the set ({counts})."
    ]
    if None in found:
        such = printable(found[None][0][0].relative_to(folder))
        said.append(f"{len(found[None]):,} pictures of no list are left out, such as {such}.")
    parts, more = train_and_test(found, printable(folder))
    train = {label for _, label in parts.get("train", ())}
    strange = next((file for file, label in parts.get("test", ()) if label not in train), None)
    if strange is not None:
        name = printable(strange.parent.name)
        raise GanprofileError(
            f"{printable(folder)} has test pictures of the class {name!r} by its lists, but none "
            "to train. Put the lists right, or elsewhere."
        )
    return [parts[part] for part in ("train", "test") if part in parts], said + more


def _told(lists, finder):
    """`{file: part}` of what lists name."""
    told = {}
    for one in lists:
        names = _names(lines_of(decoded(one.read_bytes())[0]))
        asked = [(one, number, name, None) for number, name in enumerate(names, 1)]
        for file in finder.find_all(asked, tolerant=False):
            if told.setdefault(file, name_part(one.stem)) != name_part(one.stem):
                raise GanprofileError(
                    f"{printable(one)} lists {printable(file.name)}, which is of the "
                    f"{told[file]} part by another list. Remove it from one of them."
                )
    return told


def _names(lines):
    """What stands in lines, without a heading above names of pictures."""
    names = [line.strip().replace("\\", "/") for line in lines if line.strip()]
    has_heading = len(names) > 1 and "/" not in names[0] and not names_picture(names[0])
    return names[has_heading:]
