"""Files that name the classes of numbered labels."""

import json

import h5py
import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.class_mapping import mapping_beside, read_mapping
from ganprofile.errors import UsageError

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
LABELS = np.arange(12) % 3
FILES = {
    "a code of a character, as EMNIST's": ("m.txt", "0 1488\n1 1489\n2 1490\n"),
    "a heading, as Kuzushiji-49's": (
        "m.csv",
        "index,codepoint,char\n0,U+05D0,א\n1,U+05D1,ב\n2,U+05D2,ג\n",
    ),
    "names first": ("m.csv", "א;0\nב;1\nג;2\n"),
    "tabs, in another order": ("m.tsv", "2\tג\n0\tא\n1\tב\n"),
    "a name a line": ("m.txt", "א\nב\nג\n"),
    "JSON by number": ("m.json", '{"0": "א", "1": "ב", "2": "ג"}'),
    "JSON by name": ("m.json", '{"א": 0, "ב": 1, "ג": 2}'),
    "a list in JSON": ("m.json", '["א", "ב", "ג"]'),
    "objects in JSON": (
        "m.json",
        json.dumps(
            [{"id": k, "name": name, "script": "Hebr"} for k, name in enumerate("אבג")][::-1]
        ),
    ),
    "objects under a heading": (
        "m.json",
        json.dumps({"categories": [{"name": name, "id": k} for k, name in enumerate("אבג")]}),
    ),
    "pairs in JSON": ("m.json", '[[2, "ג"], [0, "א"], [1, "ב"]]'),
    "an object for each number": ("m.json", '{"0": {"name": "א"}, "1": {"name": "ב"}, "2": ["ג"]}'),
    "colons": ("m.txt", "0: א\n1: ב\n2: ג\n"),
    "a name and its code point": ("m.txt", "0 א U+05D0\n1 ב U+05D1\n2 ג U+05D2\n"),
    "quotes after blanks": ("m.csv", '0, "א"\n1, "ב"\n2, "ג"\n'),
    "further columns": ("m.csv", "label,latin,character\n0,alef,א\n1,bet,ב\n2,gimel,ג\n"),
    "a heading above names": ("m.txt", "class_name\nא\nב\nג\n"),
    "a comment above names": ("m.txt", "# classes\nא\nב\nג\n"),
    "rows are numbered, too": ("m.csv", "id,label,char\n0,2,ג\n1,0,א\n2,1,ב\n"),
    "decimal code points": ("m.csv", "label,unicode\n0,1488\n1,1489\n2,1490\n"),
    "hexadecimal code points": ("m.csv", "label,code point\n0,05D0\n1,05D1\n2,05D2\n"),
}


@pytest.mark.parametrize(("name", "text"), FILES.values(), ids=FILES)
def test_forms_of_mappings(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_mapping(tmp_path / name)
    assert {number: found.names[number] for number in sorted(found.names)} == dict(enumerate("אבג"))
    assert found.class_names == tuple("אבג")


@pytest.mark.parametrize(
    ("name", "text"),
    [("m.csv", "char;label\n১;0\n২;1\n৩;2\n"), ("m.json", '{"0": "১", "1": "২", "2": "৩"}')],
)
def test_digits_of_other_scripts_are_names(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_mapping(tmp_path / name).names == dict(enumerate("১২৩"))


@pytest.mark.parametrize(
    "text",
    [
        *("0: Letter 0\n1: Letter 1\n2: Letter 2\n", "0 Letter 0\n1 Letter 1\n2 Letter 2\n"),
        *("2=Letter 2\n0=Letter 0\n1=Letter 1\n", "000 Letter 0\n001 Letter 1\n002 Letter 2\n"),
    ],
)
@pytest.mark.parametrize("called", ["{}", "{:03d}"])
@pytest.mark.parametrize("name", ["classes.txt", "labels.txt"])
def test_names_may_have_blanks(tmp_path, name, called, text, capsys):
    for number, image in enumerate(IMAGES[:3]):
        (tmp_path / called.format(number)).mkdir()
        Image.fromarray(image).save(tmp_path / called.format(number) / "1.png")
    (tmp_path / name).write_text(text)
    train, _ = gp.load(tmp_path)
    assert train.class_names == ("Letter 0", "Letter 1", "Letter 2")
    assert [*train.labels] == [0, 1, 2]
    assert f"{name} was taken for the names of the classes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["10 rupee note\n20 rupee note\n", "10 rupee\n20 rupee\n", "two words\n3 d\nfour\n"]
)
def test_names_that_begin_with_numbers_stay_whole(tmp_path, text):
    (tmp_path / "classes.txt").write_text(text)
    assert read_mapping(tmp_path / "classes.txt").class_names == tuple(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        *("digit 0\ndigit 1\ndigit 2\n", "class 1\nclass 2\nclass 3\n"),
        *("Bengali digit 0\nBengali digit 1\nBengali digit 2\n", "no digit\ndigit 1\ndigit 2\n"),
        *("upper A\nupper B\ndigit 2\n", "digit 0\ndigit 1\nletter 0\n"),
        *("digit 0\nletter 0\ndigit 1\n", "digit 3\nletter 1\nletter 3\n"),
    ],
)
@pytest.mark.parametrize("name", ["classes.txt", "labels.txt"])
@pytest.mark.parametrize("picture", ["{}.png", "img_{}.png"])
def test_names_that_end_in_numbers_are_a_list_beside_pictures_called_so(
    tmp_path, picture, name, text, capsys
):
    for number, image in enumerate(IMAGES):
        (tmp_path / str(number % 3)).mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / str(number % 3) / picture.format(number))
    (tmp_path / name).write_text(text)
    train, _ = gp.load(tmp_path)
    assert train.class_names == tuple(text.splitlines())
    assert train.class_counts().tolist() == [4, 4, 4]
    assert f"{name} was taken for the names of the classes" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["א\n \nג\n", "# classes\n\n \nב\nג\n", "א\nב\n\nג\n"])
def test_an_empty_line_among_names_is_refused(tmp_path, text):
    (tmp_path / "class_names.txt").write_text(text.replace("א\n \n", "א\nב\n \n"), encoding="utf-8")
    with pytest.raises(gp.GanprofileError, match="line 3 is empty: if a blank is a name, write"):
        read_mapping(tmp_path / "class_names.txt")


@pytest.mark.parametrize(
    "text", ["\n\nא\nב\nג\n\n", "א\r\r\nב\r\r\nג\r\r\n", "# of it\n\nא\nב\nג\n \n"]
)
def test_empty_lines_around_names_are_none(tmp_path, text):
    (tmp_path / "m.txt").write_bytes(text.encode())
    assert read_mapping(tmp_path / "m.txt").class_names == tuple("אבג")


def test_only_ends_of_lines_separate_names(tmp_path):
    (tmp_path / "m.txt").write_text("a\x85b\nc\u2028d\n", encoding="utf-8")
    assert read_mapping(tmp_path / "m.txt").class_names == ("a\x85b", "c\u2028d")


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("m.txt", "a 0\nb 1\nc 2\n", {0: "a", 1: "b", 2: "c"}),
        ("m.txt", "0 a\n1 a\n2 b\n", {0: "a", 1: "a", 2: "b"}),
        ("m.txt", "name label\na 0\na 1\nb 2\n", {0: "a", 1: "a", 2: "b"}),
        ("class_to_idx.txt", "a 0\na 1\nb 2\n", {0: "a", 1: "a", 2: "b"}),
        ("m.txt", "b 1\na 0\na 2\nb 3\n", {0: "a", 1: "b", 2: "a", 3: "b"}),
    ],
)
def test_blanks_separate_names_from_their_numbers(tmp_path, name, text, names):
    (tmp_path / name).write_text(text)
    assert read_mapping(tmp_path / name).names == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0: a\n1: b\n", "does not number the classes found here, such as '2'"),
        ("0,a\n1,b\n2,a\n", "calls several classes 'a'"),
    ],
)
def test_why_names_are_not_read_is_said(tmp_path, text, why, capsys):
    for number, image in enumerate(IMAGES[:3]):
        (tmp_path / str(number)).mkdir()
        Image.fromarray(image).save(tmp_path / str(number) / "1.png")
    (tmp_path / "classes.txt").write_text(text)
    assert gp.load(tmp_path)[0].class_names == ("0", "1", "2")
    assert f"classes.txt is not read: it {why}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["0,a\n1,b,c\n", "", "[3][", '{"0": "a", "0": "b"}', '{"0": {"a": 1, "b": 2}, "1": "c"}'],
)
def test_what_is_no_mapping_is_named(tmp_path, text):
    (tmp_path / "mapping.json").write_text(text)
    with pytest.raises(gp.GanprofileError, match=r"mapping\.json should name classes"):
        read_mapping(tmp_path / "mapping.json")


def test_numbers_of_digits_stay_numbers(tmp_path):
    (tmp_path / "m.csv").write_text("0,7\n1,8\n2,9\n")
    assert read_mapping(tmp_path / "m.csv").class_names == ("7", "8", "9")


def write_table(path, first_label=0):
    rows = np.concatenate([LABELS[:, None] + first_label, IMAGES.reshape(12, -1)], axis=1)
    np.savetxt(path, rows, "%d", delimiter=",")


def test_classes_of_a_table_of_pixels_are_named(tmp_path, capsys):
    write_table(tmp_path / "letters-train.csv", first_label=1)
    (tmp_path / "letters-mapping.csv").write_text("1,alef\n2,bet\n3,gimel\n4,dalet\n")
    (tmp_path / "digits-mapping.csv").write_text("1,one\n2,two\n3,three\n")
    loaded, _ = gp.load(tmp_path / "letters-train.csv")
    assert loaded.class_names == ("alef", "bet", "gimel", "dalet")
    assert loaded.labels.tolist() == LABELS.tolist()
    said = capsys.readouterr().err
    assert "letters-mapping.csv was taken for the names of the classes: 1 is 'alef'" in said
    assert "no image of the class 'dalet'" in said
    (tmp_path / "letters-mapping.csv").write_text("1,alef\n2,bet\n")
    with pytest.raises(gp.GanprofileError, match=r"mapping\.csv names no class 3, which is a lab"):
        gp.load(tmp_path / "letters-train.csv")
    (tmp_path / "letters-mapping.csv").write_text("1,alef\n9,tet\n")
    with pytest.raises(gp.GanprofileError, match="names no classes 2, 3, which are labels"):
        gp.load(tmp_path / "letters-train.csv")


def test_arrays_have_names_of_their_own_first(tmp_path):
    (tmp_path / "k3_classmap.csv").write_text("index,char\n0,a\n1,b\n2,c\n")
    np.savez(tmp_path / "k3-train-imgs.npz", IMAGES)
    np.savez(tmp_path / "k3-train-labels.npz", LABELS)
    loaded, _ = gp.load(tmp_path)
    assert loaded.class_names == ("a", "b", "c") and loaded.labels.tolist() == LABELS.tolist()
    own = tmp_path / "own"
    own.mkdir()
    np.savez(own / "k3.npz", images=IMAGES, labels=LABELS, class_names=["x", "y", "z"])
    (own / "classes.txt").write_text("a\nb\nc\n")
    assert gp.load(own / "k3.npz")[0].class_names == ("x", "y", "z")


@pytest.mark.parametrize("first", [0, 1])
def test_one_hot_labels_are_named(tmp_path, first):
    """Columns are the classes in the order of their numbers."""
    rows = [f"{k + first},{name}\n" for k, name in enumerate("abc")]
    (tmp_path / "classes.csv").write_text("".join(rows[::-1]))
    hot = np.eye(3, dtype=int)[LABELS]
    np.savez(
        tmp_path / "a.npz", x_train=IMAGES, y_train=hot, x_test=IMAGES[:5] // 2, y_test=hot[:5]
    )
    train, test = gp.load(tmp_path / "a.npz")
    assert train.class_names == ("a", "b", "c") and train.labels.tolist() == LABELS.tolist()
    assert test.labels.tolist() == LABELS[:5].tolist()
    (tmp_path / "classes.csv").write_text("0,a\n1,b\n")
    with pytest.raises(gp.UsageError, match="3 one-hot columns. Received: 2 class names"):
        gp.load(tmp_path / "a.npz")


def test_tables_of_labels_are_no_mappings(tmp_path):
    for name in ("train_labels.csv", "labels.csv", "README.txt", "test-classes-labels.csv"):
        (tmp_path / name).write_text("0\n1\n")
    assert mapping_beside(tmp_path) is None


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    ("name", "text"), [("classes.txt", "א\nב\nג\n"), ("classes.json", '["א", "ב", "ג"]')]
)
def test_a_list_of_names_begins_with_the_first_label(tmp_path, first, name, text, capsys):
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=LABELS + first)
    (tmp_path / name).write_text(text, encoding="utf-8")
    train, _ = gp.load(tmp_path / "a.npz")
    assert train.class_names == tuple("אבג") and train.labels.tolist() == LABELS.tolist()
    assert "the first is 'א'" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["U+{:04X}", "0x{:04x}", "\\u{:04X}"])
def test_codes_of_characters_are_names(tmp_path, code):
    rows = "".join(f"{k},{code.format(ord(name))}\n" for k, name in enumerate("אבג"))
    (tmp_path / "m.csv").write_text("index,codepoint\n" + rows)
    assert read_mapping(tmp_path / "m.csv").names == dict(enumerate("אבג"))


def test_a_heading_that_may_be_a_class_is_said(tmp_path):
    (tmp_path / "classes.csv").write_text("name\nא\nב\n", encoding="utf-8")
    assert "first line, 'name', was taken for a heading" in mapping_beside(tmp_path).sentence
    (tmp_path / "classes.csv").unlink()
    (tmp_path / "classes.json").write_text('["name", "address"]')
    assert mapping_beside(tmp_path).class_names == ("name", "address")
    (tmp_path / "classes.json").unlink()
    (tmp_path / "classes.txt").write_text("name\n")
    assert mapping_beside(tmp_path).class_names == ("name",), "there is nothing below"


def test_two_numberings_without_headings_are_refused(tmp_path):
    (tmp_path / "classes.csv").write_text("0,2,ג\n1,0,א\n2,1,ב\n", encoding="utf-8")
    with pytest.raises(gp.GanprofileError, match="each otherwise: head that one label"):
        mapping_beside(tmp_path)


@pytest.mark.parametrize("suffix", [".txt", ".json"])
def test_where_a_list_begins_is_asked_where_no_class_is_called_0(tmp_path, capsys, suffix):
    write_folders(tmp_path / "mine", "123")
    names = ["zayin", "alef", "bet", "gimel"]
    text = json.dumps(names) if suffix == ".json" else "\n".join(names)
    (tmp_path / "mine" / f"class_names{suffix}").write_text(text)
    assert gp.load(tmp_path / "mine")[0].class_names == ("alef", "bet", "gimel")
    said = capsys.readouterr().err
    assert "4 names for 3 classes. No class is called 0, which was taken for the first" in said
    train, _ = gp.load(tmp_path / "mine", first_label=1)
    assert train.class_names == ("zayin", "alef", "bet")
    said = capsys.readouterr().err
    assert "No class is called 0" not in said and "says nothing" not in said


def test_names_in_another_encoding_are_said(tmp_path):
    (tmp_path / "classes.txt").write_bytes("ب\nت\n".encode("cp1256"))
    assert "save the table as UTF-8" in mapping_beside(tmp_path).sentence
    (tmp_path / "classes.txt").write_text("ب\nت\n", encoding="utf-8")
    assert "UTF-8" not in mapping_beside(tmp_path).sentence


def write_folders(place, names):
    for label, name in enumerate(names):
        (place / name).mkdir(parents=True)
        for number in np.flatnonzero(label == LABELS):
            Image.fromarray(IMAGES[number]).save(place / name / f"{number}.png")


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("text", ["alef\nbet\ngimel\n", "{} alef\n{} bet\n{} gimel\n"])
def test_a_file_of_labels_names_numbered_folders(tmp_path, first, text, capsys):
    numbers = range(first, first + 3)
    write_folders(tmp_path / "mine", map(str, numbers))
    (tmp_path / "mine" / "labels.txt").write_text(text.format(*numbers))
    train, _ = gp.load(tmp_path / "mine")
    assert train.class_names == ("alef", "bet", "gimel")
    assert "labels.txt was taken for the names of the classes" in capsys.readouterr().err


def test_a_file_of_labels_that_names_others_is_left_alone_and_named(tmp_path, capsys):
    write_folders(tmp_path / "mine", "012")
    for text in ("alef\nbet\n", "alef\nbet\nbet\n", "0\n" * 12):
        (tmp_path / "mine" / "labels.txt").write_text(text)
        assert gp.load(tmp_path / "mine")[0].class_names == ("0", "1", "2")
        said = "labels.txt is not read: it has no name for each of the 3 classes"
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["labels.txt", "class_names.csv", "class_names.txt"])
@pytest.mark.parametrize("text", ["alef\nbet\n\ngimel\n", "alef\n\n \nbet\ngimel\n"])
def test_an_empty_line_in_names_of_folders_is_refused_by_its_number(tmp_path, name, text):
    write_folders(tmp_path / "mine", "012")
    (tmp_path / "mine" / name).write_text(text)
    line = 1 + text.splitlines().index("")
    with pytest.raises(gp.GanprofileError, match=f"{name} should name.*line {line} is empty: if"):
        gp.load(tmp_path / "mine")


def test_an_empty_line_in_labels_of_something_else_refuses_nothing(tmp_path, capsys):
    write_folders(tmp_path / "mine", "012")
    (tmp_path / "mine" / "labels.txt").write_text("alef\n\nbet\ngimel\ndalet\nhe\n")
    assert gp.load(tmp_path / "mine")[0].class_names == ("0", "1", "2")
    assert "it has no name for each of the 3 classes" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
def test_a_file_of_labels_beside_arrays_is_named(tmp_path, capsys, suffix):
    file = tmp_path / f"a{suffix}"
    if suffix == ".npz":
        np.savez(file, images=IMAGES, labels=LABELS)
    else:
        with h5py.File(file, "w") as opened:
            opened["images"], opened["labels"] = IMAGES, LABELS
    (tmp_path / "labels.txt").write_text("alef\nbet\ngimel\n")
    assert gp.load(file)[0].class_names == ("0", "1", "2")
    said = "labels.txt is not read: if it names the classes, call it class_names.txt"
    assert said in capsys.readouterr().err
    (tmp_path / "labels.txt").rename(tmp_path / "class_names.txt")
    assert gp.load(file)[0].class_names == ("alef", "bet", "gimel")
    assert "labels.txt" not in capsys.readouterr().err


TABLES_OF_CLASSES = {
    "labels.csv": "Class,Hebrew label,Phonetics,Type\n2,ג,gimel,l\n0,א,alef,l\n1,ב,bet,l\n",
    "info.tsv": "0\tא\n1\tב\n2\tג\n",
    "labels.txt": "0;א\n1;ב\n2;ג\n",
}


@pytest.mark.parametrize("name", TABLES_OF_CLASSES)
@pytest.mark.parametrize("place", ["", "train/"])
def test_a_table_with_a_row_for_each_numbered_folder_names_them(tmp_path, capsys, name, place):
    write_folders(tmp_path / "mine" / place, "012")
    table = tmp_path / "mine" / name
    table.write_text(TABLES_OF_CLASSES[name], encoding="utf-8")
    assert gp.load(tmp_path / "mine")[0].class_names == tuple("אבג")
    assert f"{name} was taken for the names of the classes: " in capsys.readouterr().err
    assert gp.load(tmp_path / "mine", labels="folders")[0].class_names == tuple("012")
    with pytest.raises(gp.UsageError, match="what the classes are called. Leave `labels` out"):
        gp.load(tmp_path / "mine", labels=name)


@pytest.mark.parametrize(
    "text",
    ["class,count\n0,7\n1,9\n2,8\n", "class,name\n0,a\n1,b\n", "class,name\n1,a\n2,b\n3,c\n"],
)
def test_tables_of_counts_and_of_other_classes_are_refused(tmp_path, text):
    write_folders(tmp_path / "mine", "012")
    (tmp_path / "mine" / "labels.csv").write_text(text)
    with pytest.raises(gp.UsageError, match=r"holds the table labels\.csv, in which no columns"):
        gp.load(tmp_path / "mine")


def test_what_names_folders_called_by_words_is_told_how(tmp_path):
    write_folders(tmp_path / "mine", ["alef", "bet"])
    table = tmp_path / "mine" / "labels.csv"
    table.write_text("Class,Name\nalef,א\nbet,ב\n", encoding="utf-8")
    with pytest.raises(gp.UsageError, match="call it classes.csv and its columns folder and cla"):
        gp.load(tmp_path / "mine")
    text = table.read_text(encoding="utf-8").replace("Class,Name", "folder,class_name")
    table.with_name("classes.csv").write_text(text, encoding="utf-8")
    table.unlink()
    assert gp.load(tmp_path / "mine")[0].class_names == ("א", "ב")


@pytest.mark.parametrize("code", ["U+{:04X}", "0x{:04x}"])
def test_folders_called_by_code_points(tmp_path, code, capsys):
    folders = [code.format(ord(name)) for name in "あいう"]
    write_folders(tmp_path / "kanji", folders)
    assert gp.load(tmp_path / "kanji")[0].class_names == tuple("あいう")
    assert f"{folders[0]} became 'あ'" in capsys.readouterr().err
    assert gp.load(tmp_path / "kanji", labels="folders")[0].class_names == tuple(folders)


@pytest.mark.parametrize("names", [("U+3042", "U+3044", "dot"), ("U+0001", "U+0002", "U+0003")])
def test_other_names_stay(tmp_path, names):
    write_folders(tmp_path / "mine", names)
    assert gp.load(tmp_path / "mine")[0].class_names == names


PAIRS = {f"{k}.png": int(label) for k, label in enumerate([0, 1, 2])}
TABLES_OF_PICTURES = {
    "labels.json": json.dumps(PAIRS),
    "image_classes.json": json.dumps(PAIRS),
    "labels.csv": "file,label\n" + "".join(f"{k},{v}\n" for k, v in PAIRS.items()),
    "image_classes.csv": "file,class\n" + "".join(f"{k},{v}\n" for k, v in PAIRS.items()) * 2,
    "mapping.csv": "file,class\n" + "".join(f"{k},{v}\n" for k, v in PAIRS.items()),
}


@pytest.mark.parametrize(("name", "text"), TABLES_OF_PICTURES.items(), ids=TABLES_OF_PICTURES)
def test_a_table_of_pictures_names_no_classes(tmp_path, name, text, capsys):
    for k in range(3):
        Image.fromarray(IMAGES[k]).save(tmp_path / f"{k}.png")
    (tmp_path / name).write_text(text)
    assert gp.load(tmp_path)[0].class_names == ("0", "1", "2")
    assert "taken for the names" not in capsys.readouterr().err


DIRECTIONS = {
    "text in JSON": ("classes.json", json.dumps(dict(enumerate("120")))),
    "the file's name": ("idx_to_class.json", json.dumps(dict(enumerate([1, 2, 0])))),
    "the file's name, the other way": ("class_to_idx.json", json.dumps({1: 0, 2: 1, 0: 2})),
    "id2label": ("id2label.json", json.dumps(dict(enumerate([1, 2, 0])))),
    "character,label": ("mapping.csv", "character,label\n1,0\n2,1\n0,2\n"),
    "label,character": ("mapping.csv", "label,character\n0,1\n1,2\n2,0\n"),
    "class_name,class_id": ("classes.csv", "class_name,class_id\n1,0\n2,1\n0,2\n"),
    "char and a heading of theirs": ("mapping.csv", "char,place\n1,0\n2,1\n0,2\n"),
    "no headings, but a name": ("class_to_idx.csv", "1,0\n2,1\n0,2\n"),
}


@pytest.mark.parametrize(("name", "text"), DIRECTIONS.values(), ids=DIRECTIONS)
def test_what_says_which_number_is_the_name_decides(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = mapping_beside(tmp_path)
    assert found.names == {0: "1", 1: "2", 2: "0"}
    assert "the other way round" not in found.sentence


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("classes.json", json.dumps({1: 0, 2: 1, 0: 2}), {0: "1", 1: "2", 2: "0"}),
        ("classes.csv", "0,1\n1,2\n2,0\n", {0: "1", 1: "2", 2: "0"}),
    ],
)
def test_numbers_as_names_either_way_are_said(tmp_path, name, text, names):
    (tmp_path / name).write_text(text)
    found = mapping_beside(tmp_path)
    assert found.names == names and "if they are the other way round" in found.sentence


def test_a_map_of_numbers_onto_others_is_said_where_it_is_not_read(tmp_path, capsys):
    write_folders(tmp_path / "mine", "012")
    for text, is_said in (("1\n2\n0\n", True), ("0\n1\n2\n", False)):
        (tmp_path / "mine" / "classes.txt").write_text(text)
        assert gp.load(tmp_path / "mine")[0].class_names == ("0", "1", "2")
        said = capsys.readouterr().err
        assert ("classes.txt is not read: the classes are called as its names" in said) == is_said


PART_NAMES = {
    "class_names.csv": "label,class_name\n0,א\n1,ב\n",
    "labels.csv": "label,name\n0,א\n1,ב\n",
    "labels.txt": "א\nב\n",
    "classes.csv": "folder,class_name\n0,א\n1,ב\n",
}


@pytest.mark.parametrize("name", PART_NAMES)
@pytest.mark.parametrize("places", [("train",), ("train", "test")])
def test_what_names_classes_may_lie_in_the_folder_of_a_part(tmp_path, name, places):
    for number, (part, label) in enumerate((p, k) for p in ("train", "test") for k in "01"):
        (tmp_path / part / label).mkdir(parents=True)
        for more in (0, 4):
            picture = tmp_path / part / label / f"{number + more}.png"
            Image.fromarray(IMAGES[number + more]).save(picture)
    for place in places:
        (tmp_path / place / name).write_text(PART_NAMES[name], encoding="utf-8")
    train, test = gp.load(tmp_path)
    assert train.class_names == test.class_names == ("א", "ב")


def test_parts_that_call_classes_otherwise_are_refused(tmp_path):
    for part, text in (("train", "א\nב\n"), ("test", "ב\nא\n")):
        for label in "01":
            (tmp_path / part / label).mkdir(parents=True)
            Image.fromarray(IMAGES[0]).save(tmp_path / part / label / "a.png")
        (tmp_path / part / "class_names.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="train/class_names.txt and .* call classes otherwise"):
        gp.load(tmp_path)


def test_counts_are_no_names(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=LABELS)
    table = tmp_path / "classes.csv"
    for text in ("class,count\n0,4\n1,4\n2,4\n", "class,samples\n0,4\n1,5\n2,6\n"):
        table.write_text(text)
        with pytest.raises(gp.GanprofileError, match="no column has names, as class_name would"):
            gp.load(tmp_path / "a.npz")
    table.write_text("class,name,count\n0,7,4\n1,8,4\n2,9,4\n")
    assert gp.load(tmp_path / "a.npz")[0].class_names == ("7", "8", "9")
    table.rename(tmp_path / "idx_to_class.csv").write_text("from,to\n0,7\n1,8\n2,9\n")
    assert gp.load(tmp_path / "a.npz")[0].class_names == ("7", "8", "9")


def test_numbers_of_one_name_are_one_class_which_is_said(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=LABELS)
    (tmp_path / "label_map.txt").write_text("0 a\n1 b\n2 a\n5 b\n")
    train, _ = gp.load(tmp_path / "a.npz")
    assert train.class_names == ("a", "b") and train.labels.tolist() == [0, 1, 0] * 4
    said = "calls 0 and 2 alike, 'a', so that they are one class; so are the numbers of 1 more"
    assert said in capsys.readouterr().err
    (tmp_path / "label_map.txt").write_text("a\na\nb\n")
    with pytest.raises(gp.UsageError, match="'a' twice"):
        gp.load(tmp_path / "a.npz")
