"""Tables beside pictures: understood, or named and refused, never passed over."""

import itertools
import json
import re
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.errors import GanprofileError

ROWS = [("person_p/0.png", "ä"), ("person_p/1.png", "b"), ("person_q/0.png", "ä")]


@pytest.fixture
def scans(tmp_path):
    """Pictures in a folder for each person, which are not what is written on them."""
    for k, (name, _) in enumerate(ROWS):
        pixels = np.zeros((8, 8), np.uint8)
        pixels[k + 1, 2:6] = 255
        (tmp_path / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "d" / name)
    return tmp_path / "d"


def lines(separator=",", heading=("image", "label"), rows=ROWS):
    return "".join(separator.join(row) + "\n" for row in ([heading] if heading else []) + rows)


@pytest.fixture
def classes(tmp_path):
    """Pictures in class folders."""
    for k, name in enumerate(("a/0.png", "a/1.png", "b/2.png", "b/3.png")):
        (tmp_path / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.eye(8, k=k, dtype=np.uint8) * 255).save(tmp_path / "d" / name)
    return tmp_path / "d"


def check(scans, capsys, said=""):
    train, test = gp.load(scans)
    assert test is None and train.class_names == ("b", "ä")
    assert train.labels.tolist() == [1, 0, 1]
    assert [image[:, 3, 0].argmax() for image in train.images] == [1, 2, 3], "in the table's order"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("heading", [("image", "label"), None])
@pytest.mark.parametrize("suffix", ["csv", "txt"])
def test_separators(scans, capsys, separator, heading, suffix):
    (scans / f"english.{suffix}").write_text(lines(separator, heading), encoding="utf-8")
    said = "the columns 'image' and 'label' were" if heading else "its two columns were"
    check(scans, capsys, f"{said} taken for the files and their labels")


@pytest.mark.parametrize(
    "heading",
    [
        *[("path", "label"), ("filename", "class"), ("file_name", "text"), ("File", "Target")],
        *[("IMG", "Character"), ("Image Name", "Category"), ("pic", "what"), ("id", "letter")],
    ],
)
def test_headings(scans, capsys, heading):
    (scans / "english.csv").write_text(lines(heading=heading), encoding="utf-8")
    check(scans, capsys, repr(heading[1].lower()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_encodings(scans, capsys, encoding):
    (scans / "english.csv").write_text(lines(), encoding=encoding)
    said = "is not UTF-8; it was read as" if "1" in encoding and "utf-8" not in encoding else ""
    check(scans, capsys, said if encoding in ("cp1252", "latin-1", "utf-16-le") else "")


@pytest.mark.parametrize("before", ["# by hand, 2024\n", "sep=,\n", "\n\n", "# a\n// b\n"])
def test_lines_before_the_table(scans, capsys, before):
    (scans / "english.csv").write_text(before + lines(), encoding="utf-8")
    check(scans, capsys)


def test_headings_in_a_comment_and_labels_that_stand_first(scans, capsys):
    text = "# " + lines(heading=("label", "file"), rows=[row[::-1] for row in ROWS])
    (scans / "a.txt").write_text(text, encoding="utf-8")
    check(scans, capsys)
    (scans / "a.txt").write_text(lines(" ", None, [row[::-1] for row in ROWS]), encoding="utf-8")
    check(scans, capsys)


@pytest.mark.parametrize("sign", ["'", "`"])
def test_quotes_that_are_no_quotes_of_a_csv(scans, capsys, sign):
    rows = [(name, f"{sign}{label}{sign}") for name, label in ROWS]
    (scans / "a.csv").write_text(lines(rows=rows), encoding="utf-8")
    check(scans, capsys)
    rows[0] = (ROWS[0][0], sign)  # a quote itself
    (scans / "a.csv").write_text(lines(rows=rows), encoding="utf-8")
    assert set(gp.load(scans)[0].class_names) == {sign, f"{sign}b{sign}", f"{sign}ä{sign}"}


FORMS = {
    "rows.json": [{"image": name, "label": label} for name, label in ROWS],
    "pairs.json": ROWS,
    "names.json": dict(ROWS),
    "columns.json": {"file": [row[0] for row in ROWS], "label": [row[1] for row in ROWS]},
    "pandas.json": {
        "path": {str(k): row[0] for k, row in enumerate(ROWS)},
        "class": {str(k): row[1] for k, row in enumerate(ROWS)},
    },
    "wrapped.json": {"version": 1, "annotations": [{"img": n, "text": la} for n, la in ROWS]},
}


@pytest.mark.parametrize("name", FORMS)
def test_json(scans, capsys, name):
    (scans / name).write_text(json.dumps(FORMS[name]))
    check(scans, capsys)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.ndjson"])
def test_json_lines(scans, capsys, name):
    rows = "\n".join(json.dumps({"image": n, "label": label, "age": 3}) for n, label in ROWS)
    (scans / name).write_text(rows + "\n")
    check(scans, capsys)


def test_quoted_fields_blanks_and_numbers_as_pandas_writes_them(scans):
    (scans / "a.csv").write_text(
        '"image" , "label"\n"person_p/0.png","0.0 "\n person_p/1.png , 1.0\n"person_q/0.png",0\n'
    )
    train, _ = gp.load(scans)
    assert train.class_names == ("0", "1") and train.labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_columns_without_a_name_and_ends_of_lines(scans, capsys, end):
    text = ",image,label,,\n" + "".join(f"{k},{n},{la},,\n" for k, (n, la) in enumerate(ROWS))
    (scans / "a.csv").write_bytes(text.replace("\n", end).encode())
    check(scans, capsys)
    assert set(gp.load(scans)[0].attributes) == {"file"}


def test_windows_writes_folders_otherwise(scans, capsys):
    (scans / "a.csv").write_text(lines().replace("/", "\\"), encoding="utf-8")
    check(scans, capsys)


@pytest.mark.parametrize(
    "changed", [lambda n: n.upper(), lambda n: n[:-4], lambda n: n.replace(".png", ".PNG")]
)
def test_names_that_are_written_otherwise_are_found_and_said(scans, capsys, changed):
    rows = [(changed(name), label) for name, label in ROWS]
    (scans / "a.csv").write_text(lines(rows=rows), encoding="utf-8")
    check(scans, capsys, "3 names were found with other capitals, another ending or in another")


def test_names_without_their_folder_are_found_where_only_one_is_meant(scans, capsys):
    (scans / "person_q" / "0.png").rename(scans / "person_q" / "2.png")
    rows = [("0.png", "ä"), ("1.png", "b"), ("2.png", "ä")]
    (scans / "a.csv").write_text(lines(rows=rows), encoding="utf-8")
    check(scans, capsys, "such as '0.png' for person_p/0.png")
    (scans / "person_p" / "2.png").write_bytes((scans / "person_q" / "2.png").read_bytes())
    with pytest.raises(GanprofileError, match=r"any of 2 files, such as person_p/2\.png"):
        gp.load(scans)


def test_pictures_that_the_table_does_not_list_are_said(scans, capsys):
    (scans / "a.csv").write_text(lines(rows=ROWS[:2]), encoding="utf-8")
    assert len(gp.load(scans)[0]) == 2
    assert "1 pictures that" in (said := capsys.readouterr().err)
    assert "does not list are left out, such as person_q/0.png" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("writers.csv", "writer,age\n1,20\n2,30\n"),
        ("a.csv", "one column\n"),
        ("a.json", "{broken"),
        ("a.json", '[{"box": [1, 2]}]'),
        ("a.tsv", "x\ty\n1\t2\n"),
        ("a.txt", "person_p/0.png the first letter\nperson_p/1.png the second letter\n"),
        ("a.txt", "x;y\n1;2\n3;4\n"),
        ("book.xlsx", "PK"),
        ("labels.parquet", "PAR1"),
    ],
)
@pytest.mark.parametrize("place", [".", "person_p"])
def test_a_table_that_is_not_understood_is_named_until_the_user_decides(
    scans, name, content, place
):
    (scans / place / name).write_text(content)
    with pytest.raises(gp.UsageError, match=f"holds the table {name}, in .* `labels='folders'`"):
        gp.load(scans)
    train, _ = gp.load(scans, labels="folders")
    assert train.class_names == ("person_p", "person_q")
    with pytest.raises(gp.UsageError, match=f"No columns of pictures and labels .*{name}"):
        gp.load(scans, labels=f"{place}/{name}")


def test_loose_pictures_beside_a_table_are_not_unlabelled(scans):
    (scans / "person_p" / "a.csv").write_text("writer,age\n1,20\n")
    with pytest.raises(gp.UsageError, match=r"holds the table a\.csv"):
        gp.load(scans / "person_p")
    assert gp.load(scans / "person_p", labels="folders")[0].labels is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.txt", "Scans of three letters, by two people.\nSee 0.png, 1.png.\n"),
        ("notes.txt", "a, b\nc, d\ne, f\n"),
        ("todo.txt", "scan the rest\n"),
        ("classes.txt", "a\nb\nc\n"),
        ("LICENSE", "free"),
        ("about.md", "a | b\n"),
        ("settings.json", '{"dpi": 300, "by": "me"}'),
        ("empty.csv", ""),
        (".hidden.csv", "x,y\n"),
    ],
)
def test_what_is_no_table_does_not_matter(scans, name, content):
    (scans / name).write_text(content)
    assert gp.load(scans)[0].class_names == ("person_p", "person_q")


def test_of_two_tables_the_user_names_one(scans, monkeypatch):
    (scans / "a.csv").write_text(lines(), encoding="utf-8")
    other = [(name, label + "2") for name, label in ROWS]
    (scans / "b.txt").write_text(lines("\t", rows=other), encoding="utf-8")
    with pytest.raises(gp.UsageError, match=r"the tables a\.csv and b\.txt"):
        gp.load(scans)
    (scans / "b.txt").rename(scans.parent / "b.txt")
    monkeypatch.chdir(scans.parent)
    elsewhere, _ = gp.load("d", labels="b.txt")
    assert elsewhere.class_names == ("b2", "ä2")
    monkeypatch.chdir(scans)
    assert gp.datasets.from_recipe(elsewhere.recipe).fingerprint == elsewhere.fingerprint
    (scans / "writers.csv").write_text("writer,age\n1,20\n")
    with pytest.raises(gp.UsageError, match=r"a\.csv and writers\.csv.* Say `labels='a\.csv'` or"):
        gp.load(scans)
    assert gp.load(scans, labels="a.csv")[0].class_names == ("b", "ä")
    assert gp.load(scans, labels="folders")[0].class_names == ("person_p", "person_q")
    with pytest.raises(gp.UsageError, match=r"'c\.csv', which does not exist"):
        gp.load(scans, labels="c.csv")
    with pytest.raises(gp.UsageError, match=r"has the field {lable}, which .* mean 'label'\?"):
        gp.load(scans, labels="{lable}_*")
    with pytest.raises(gp.UsageError, match=r"'{writer}/\*'` has no {label}\. It says with"):
        gp.load(scans, labels="{writer}/*")


def test_a_table_for_each_part(scans):
    (scans / "train.csv").write_text(lines(rows=ROWS[:2]), encoding="utf-8")
    (scans / "test.csv").write_text(lines(rows=ROWS[2:]), encoding="utf-8")
    train, test = gp.load(scans)
    assert train.labels.tolist() == [1, 0] and test.labels.tolist() == [1]


def test_a_split_of_three_parts(scans, capsys):
    rows = [(*row, split) for row, split in zip(ROWS, ("Training", "train", "val"), strict=True)]
    (scans / "a.csv").write_text(lines(",", ("image", "label", "split"), rows), encoding="utf-8")
    train, test = gp.load(scans)
    assert train.labels.tolist() == [1, 0] and test.labels.tolist() == [1]
    assert "the validation part is the test part" in capsys.readouterr().err


PARTS = ("train", "test", "val")


def test_pieces_of_one_table_are_read_together(scans, capsys):
    (scans / "training-a.csv").write_text(lines(rows=ROWS[:1]), encoding="utf-8")
    (scans / "training-b.csv").write_text(lines(rows=ROWS[1:]), encoding="utf-8")
    check(scans, capsys, "training-a.csv and training-b.csv have the same columns and name other")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("test-b.csv", lines(rows=ROWS[1:])),  # of another part
        ("training-b.csv", lines(rows=ROWS)),  # of the same pictures
        ("training-b.csv", lines(heading=("image", "letter"), rows=ROWS[1:])),
    ],
    ids=["part", "pictures", "columns"],
)
def test_what_are_no_pieces_of_one_table_are_told_apart(scans, name, table):
    (scans / "training-a.csv").write_text(lines(rows=ROWS[:1]), encoding="utf-8")
    (scans / name).write_text(table, encoding="utf-8")
    with pytest.raises(gp.UsageError, match="which of them has the labels cannot be told"):
        gp.load(scans)


def test_a_table_that_names_no_pictures_is_told_what_it_lacks(scans):
    (scans / "set.csv").write_text("suite,code\n1,2\n1,3\n", encoding="utf-8")
    for folder in scans.glob("person_*"):
        shutil.move(folder, scans / "data" / folder.name)
    with pytest.raises(gp.UsageError, match=r"set\.csv, in which no column names .*p.0\.png"):
        gp.load(scans)


@pytest.fixture
def suites(tmp_path):
    """Pictures called by the cells of a table, as Chinese MNIST's; what they show, by name."""
    shown = {}
    for k, (suite, code) in enumerate(itertools.product(range(1, 4), range(1, 5))):
        pixels = np.zeros((9, 9), np.uint8)
        pixels[1 + k // 4, 1 : 3 + k % 4] = 255
        name = f"input_{suite:02}_1_{code}.png"
        (tmp_path / "set" / "data" / "data").mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "set" / "data" / "data" / name)
        shown[name] = (suite, code, "零一二三"[code - 1])
    return tmp_path / "set", shown


def listed_suites(shown, heading="suite_id,sample_id,code,character", separator=","):
    rows = [f"{suite},1,{code},{what}" for suite, code, what in reversed([*shown.values()])]
    return "\n".join([heading, *rows]).replace(",", separator) + "\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("labels", [None, "set.csv"])
def test_cells_make_the_names_of_pictures(suites, capsys, separator, labels):
    root, shown = suites
    text = listed_suites(shown, separator=separator)
    gone = separator.join(("9", "1", "1", "一")) + "\n"  # of a picture that nobody kept
    (root / "set.csv").write_text(text + gone, encoding="utf-8")
    train, _ = gp.load(root, labels=labels)
    named = [train.class_names[label] for label in train.labels]
    files = [file.rpartition("/")[2] for file in train.attributes["file"]]
    assert dict(zip(files, named, strict=True)) == {file: row[2] for file, row in shown.items()}
    assert train.attributes["suite_id"][0] == "3"
    said = capsys.readouterr().err
    assert ".png as input_{suite_id}_{sample_id}_{code}, and the column 'character' were" in said
    assert "1 rows whose picture is not there" in said


def test_a_way_that_is_advised_is_not_refused_in_turn(suites):
    """Whatever is asked for, what is to be done is the same, and can be done."""
    root, shown = suites
    heading = "suite_id,sample_id,code,meaning"
    (root / "set.csv").write_text(listed_suites(shown, heading), encoding="utf-8")
    for labels in (None, "set.csv", "folders"):
        with pytest.raises(gp.UsageError, match="has the labels cannot be told: call it label"):
            gp.load(root, labels=labels)
    (root / "set.csv").write_text(listed_suites(shown, heading.replace("meaning", "label")))
    assert gp.load(root)[0].class_names == ("一", "三", "二", "零")
    with pytest.raises(gp.UsageError, match="'label' has the labels: leave `labels` out"):
        gp.load(root, labels="folders")
    (root / "set.csv").write_text("code,character\n1,a\n2,b\n3,c\n4,d\n")  # of classes
    for labels in (None, "set.csv", "folders"):
        with pytest.raises(gp.UsageError, match="no column names pictures .*input_01.*: add a col"):
            gp.load(root, labels=labels)


def test_cells_that_may_stand_in_two_places_are_not_guessed(suites):
    root, shown = suites
    for name in shown:
        if name.endswith("_4.png"):
            (root / "data" / "data" / name).unlink()
    rows = [f"{row[0]},{row[1]},{row[2]}" for row in shown.values() if row[1] < 4]
    (root / "set.csv").write_text("\n".join(["page,code,label", *rows]), encoding="utf-8")
    ways = re.escape(
        "input_{page}_1_{code} or input_{code}_1_{page}; which of these cannot be told"
    )
    for labels in (None, "set.csv"):
        with pytest.raises(gp.UsageError, match=f"{ways}: say which of .*input_\\*_1_{{label}}'"):
            gp.load(root, labels=labels)
    train, _ = gp.load(root, labels="**input_*_1_{label}")
    assert train.class_names == ("1", "2", "3")


def test_a_column_that_counts_does_not_name_numbered_pictures_of_others(tmp_path):
    for k in range(3):
        (tmp_path / "set").mkdir(exist_ok=True)
        Image.fromarray(np.eye(9, k=k, dtype=np.uint8) * 255).save(tmp_path / "set" / f"p_{k}.png")
    (tmp_path / "set" / "a.csv").write_text("row,label\n0,a\n1,b\n2,a\n3,b\n")
    with pytest.raises(gp.UsageError, match=r"holds the table a\.csv"):
        gp.load(tmp_path / "set")
    (tmp_path / "set" / "a.csv").write_text("row,label\n0,a\n1,b\n2,a\n")
    assert gp.load(tmp_path / "set")[0].labels.tolist() == [0, 1, 0]


@pytest.fixture
def in_parts(tmp_path, digits):
    """Pictures of the same names in a folder for each part, and which these are: `(folder,
    images)`, the images of each part's two classes by the names of their files."""
    few = digits[0].of_classes("47").subset(len(PARTS) * 2, seed=0)
    images = {}
    for number, part in enumerate(PARTS):
        for label in (0, 1):
            for k, index in enumerate(np.flatnonzero(few.labels == label)[2 * number :][:2]):
                place = tmp_path / "set" / part / f"{label}_{k}.png"
                place.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(few.images[index, ..., 0]).save(place)
                images[part, place.name] = few.images[index]
    return tmp_path / "set", images


def check_parts(found, images, capsys, said=""):
    for part, dataset in zip(PARTS, found, strict=False):
        names = [name.rpartition("/")[2] for name in dataset.attributes["file"]]
        assert len(names) == 4 and dataset.labels.tolist() == [int(name[0]) for name in names]
        assert all(map(np.array_equal, dataset.images, [images[part, name] for name in names]))
    assert said in capsys.readouterr().err


def names_in(images, *parts):
    """`(part, name, label)` of the pictures."""
    return [(part, name, "ab"[int(name[0])]) for part, name in images if part in parts]


def test_the_folders_of_pictures_are_parts_where_a_table_says_none(in_parts, capsys):
    """Else what is to test with would be learned from, without a word."""
    folder, images = in_parts
    rows = [(f"{part}/{name}", label) for part, name, label in names_in(images, *PARTS)]
    (folder / "labels.csv").write_text(lines(rows=rows))
    said = "the folders of its pictures were taken for them (4 of test, 4 of train, 4 of val"
    check_parts(gp.load(folder), images, capsys, said)
    given = [(*row, "train") for row in rows]
    (folder / "labels.csv").write_text(lines(heading=("image", "label", "split"), rows=given))
    train, test = gp.load(folder)
    assert len(train) == 12 and test is None, "what the table says counts"


@pytest.mark.parametrize(
    "heading",
    ["split", "data set", "Usage", "phase", "dataset_split", "train/test", "ml_use", "is_training"],
)
def test_parts_have_columns_of_many_names(in_parts, capsys, heading):
    folder, images = in_parts
    rows = [(f"{part}/{name}", label, part) for part, name, label in names_in(images, *PARTS)]
    (folder / "labels.csv").write_text(lines(heading=("filepaths", "labels", heading), rows=rows))
    check_parts(gp.load(folder), images, capsys, "the validation part is left out")


@pytest.mark.parametrize("table", ["{part}.csv", "{part}_labels.csv"])
def test_names_that_stand_in_each_part_are_those_of_the_table(in_parts, capsys, table):
    folder, images = in_parts
    for part in ("train", "test"):
        rows = [(name, label) for _, name, label in names_in(images, part)]
        (folder / table.format(part=part)).write_text(lines(rows=rows))
    check_parts(gp.load(folder), images, capsys, "'0_0.png' for test/0_0.png")
    with pytest.raises(gp.UsageError, match=r"Say `labels='train"):
        (folder / "more.csv").write_text(lines(rows=[("0_0.png", "a")]))
        gp.load(folder)
    train, test = gp.load(folder, labels=table.format(part="train"))
    check_parts([train], images, capsys)
    assert test is None


def test_a_file_that_is_named_in_two_ways_is_one(scans):
    rows = [*ROWS, ("person_q/../person_p/0.png", "z")]
    (scans / "a.csv").write_text(lines(rows=rows), encoding="utf-8")
    with pytest.raises(GanprofileError, match=r"gives 0\.png the labels 'z' and 'ä'"):
        gp.load(scans)


def test_parts_are_no_labels(scans):
    rows = [(name, label, part) for (name, label), part in zip(ROWS, PARTS, strict=True)]
    (scans / "a.csv").write_text(lines(heading=("image", "sign", "class"), rows=rows))
    with pytest.raises(gp.UsageError, match=r"'class' holds parts of the set \(test, train, val\)"):
        gp.load(scans)


def test_an_archive_of_a_folder_with_a_table(scans, capsys):
    (scans / "english.csv").write_text(lines(), encoding="utf-8")
    with zipfile.ZipFile(scans.parent / "packed.zip", "w") as archive:
        for file in sorted(scans.rglob("*.*")):
            archive.write(file, file.relative_to(scans.parent))
    check(scans.parent / "packed.zip", capsys, "packed.zip/english.csv: the columns")
    by_folder, _ = gp.load(scans.parent / "packed.zip", labels="folders")
    assert by_folder.class_names == ("person_p", "person_q")
    assert gp.load(scans.parent / "packed.zip", labels="english.csv")[0].class_names == ("b", "ä")


def test_the_choice_is_remembered_and_belongs_to_folders(scans, monkeypatch):
    (scans / "a.csv").write_text(lines(), encoding="utf-8")
    by_folder, _ = gp.load(scans, labels="folders")
    assert gp.datasets.from_recipe(by_folder.recipe).fingerprint == by_folder.fingerprint
    monkeypatch.setenv("GANPROFILE_HOME", str(scans.parent / "home"))
    report = gp.import_dataset(scans, "mine", labels="a.csv")
    assert list(report["images_per_class"]) == ["b", "ä"]
    assert "'image' and 'label'" in report["assumed"][0]
    assert gp.load("mine")[0].class_names == ("b", "ä")
    for name in ("mine", "digits", scans / "a.csv"):
        with pytest.raises(gp.UsageError, match="`labels"):
            gp.load(name, labels="folders")


def test_a_table_of_the_training_images_is_not_looked_for_beside_others(scans, tmp_path):
    (scans / "a.csv").write_text(lines(), encoding="utf-8")
    held_out = tmp_path / "held-out"
    for label in ("b", "ä"):
        (held_out / label).mkdir(parents=True)
        pixels = np.zeros((8, 8), np.uint8)
        pixels[2:5, 3 + (label == "b")] = 255
        Image.fromarray(pixels).save(held_out / label / "0.png")
    train, test = gp.datasets.load_for_training(scans, test=held_out, labels="a.csv")
    assert train.class_names == test.class_names == ("b", "ä")


def test_rows_that_repeat_a_file_are_said(scans, capsys, monkeypatch):
    (scans / "a.csv").write_text(lines(rows=[*ROWS, ROWS[0]]), encoding="utf-8")
    assert len(gp.load(scans)[0]) == 4
    assert "1 rows name a file that another row names" in capsys.readouterr().err
    (scans / "a.csv").write_text(lines(rows=[*ROWS, (ROWS[0][0], "z")]), encoding="utf-8")
    with pytest.raises(GanprofileError, match=r"gives 0\.png the labels 'z' and 'ä'"):
        gp.load(scans)
    monkeypatch.setenv("GANPROFILE_HOME", str(scans.parent / "home"))
    report = gp.import_dataset(scans, "mine")
    assert "gives 0.png the labels 'z' and 'ä'" in " ".join(report["assumed"])


@pytest.fixture
def numbered(tmp_path):
    """Pictures in folders called 1 and 10, and the names of the classes beside them."""
    for label in (1, 10):
        (tmp_path / str(label)).mkdir()
        for k in range(2):
            pixels = np.zeros((9, 9), np.uint8)
            pixels[4, 2 : 5 + k] = 200 + label
            Image.fromarray(pixels).save(tmp_path / str(label) / f"{k}.png")
    (tmp_path / "classes.csv").write_text("label,char\n1,১\n10,২\n", encoding="utf-8")
    return tmp_path


def test_folders_called_by_numbers_get_the_names_beside_them(numbered, capsys):
    train, _ = gp.load(numbered)
    assert [train.class_names[label] for label in train.labels] == ["১", "১", "২", "২"]
    assert "classes.csv was taken for the names of the classes" in capsys.readouterr().err
    assert gp.load(numbered, labels="folders")[0].class_names == ("1", "10")
    (numbered / "classes.csv").write_text("label,char\n1,১\n3,২\n", encoding="utf-8")
    assert gp.load(numbered)[0].class_names == ("1", "10")
    assert "does not number the classes found here" in capsys.readouterr().err


def test_a_table_of_pictures_gets_the_names_beside_it(numbered):
    rows = [f"{label}/{k}.png,{label}" for label in (10, 1) for k in range(2)]
    (numbered / "labels.csv").write_text("\n".join(["image,label", *rows]))
    train, _ = gp.load(numbered)
    assert [train.class_names[label] for label in train.labels] == ["২", "২", "১", "১"]


def test_a_list_of_names_may_begin_with_one(numbered):
    (numbered / "classes.csv").unlink()
    (numbered / "10").rename(numbered / "2")
    (numbered / "classes.txt").write_text("ক\nখ\n", encoding="utf-8")
    assert gp.load(numbered)[0].class_names == ("ক", "খ")


@pytest.mark.parametrize("name", ["train.csv", "train.json"])
@pytest.mark.parametrize("heading", ["id", "UID", "Name"])
def test_ids_are_names_of_pictures_without_endings(tmp_path, capsys, name, heading):
    """Kaggle's `id,label`; ids that no picture has, or several have, are none."""
    rows = [{heading: f"img_{k:04}", "label": "১২১"[k], "age": 30 + k} for k in range(3)]
    table = tmp_path / "set" / name
    for k in range(3):
        (tmp_path / "set" / "images").mkdir(parents=True, exist_ok=True)
        pixels = np.zeros((9, 9), np.uint8)
        pixels[4, 2 : 5 + k] = 200
        Image.fromarray(pixels).save(tmp_path / "set" / "images" / f"img_{k:04}.png")
    lines = [",".join(map(str, row.values())) for row in rows]
    text = json.dumps(rows) if ".json" in name else "\n".join([",".join(rows[0]), *lines])
    table.write_text(text, encoding="utf-8")
    train, _ = gp.load(tmp_path / "set")
    assert train.class_names == ("১", "২") and train.class_counts().tolist() == [2, 1]
    assert f"the columns '{heading.lower()}' and 'label' were taken for" in capsys.readouterr().err
    shutil.copytree(tmp_path / "set" / "images", tmp_path / "set" / "again")
    with pytest.raises(gp.UsageError, match="no columns of pictures and labels were found"):
        gp.load(tmp_path / "set")


@pytest.fixture
def pages(tmp_path):
    """Pictures in a folder for each page, called otherwise than what they show."""
    for k in range(4):
        pixels = np.zeros((9, 9), np.uint8)
        pixels[4, 2 : 5 + k] = 200
        (tmp_path / "set" / f"a{k % 2}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "set" / f"a{k % 2}" / f"a{k % 2}-{k:02}.png")
    return tmp_path / "set"


@pytest.mark.parametrize("name", ["words.txt", "a.csv"])
@pytest.mark.parametrize("row", ["{} {}", "{}\t{}", "{};{}", "{1} {0}"])
def test_rows_of_names_without_endings_and_labels_need_no_headings(pages, capsys, name, row):
    rows = [row.format(f"a{k % 2}-{k:02}", "אבבא"[k]) for k in range(4)]
    (pages / name).write_text("\n".join(["# a remark", *rows]), encoding="utf-8")
    train, _ = gp.load(pages)
    assert train.class_names == ("א", "ב") and train.labels.tolist() == [0, 1, 1, 0]
    assert f"{name}: its two columns were taken for the files" in capsys.readouterr().err


@pytest.fixture
def sorted_by_class(tmp_path):
    """The names of pictures, without endings, of more of each of two classes than are looked at."""
    (tmp_path / "set" / "images").mkdir(parents=True)
    pixels = np.zeros((9, 9), np.uint8)
    pixels[4, 2:7] = 200
    names = [f"{label}{k:03}" for label in "01" for k in range(102)]
    for name in names:
        Image.fromarray(pixels).save(tmp_path / "set" / "images" / f"{name}.png")
    return names


@pytest.mark.parametrize("row", ["{} {}", "{},{}", "{1}\t{0}", "img_{} {}"])
def test_names_without_endings_may_be_sorted_by_class(tmp_path, sorted_by_class, row):
    if row.startswith("img_"):
        for file in [*(tmp_path / "set" / "images").iterdir()]:
            file.rename(file.with_name(f"img_{file.name}"))
    rows = [row.format(name, "ab"[int(name[0])]) for name in sorted_by_class]
    (tmp_path / "set" / "labels.txt").write_text("\n".join(rows))
    assert gp.load(tmp_path / "set")[0].class_counts().tolist() == [102, 102]


def test_a_table_of_names_without_endings_may_have_one_class(pages):
    rows = [f"a{k % 2}-{k:02} {'abbb'[k]}" for k in range(4)]
    (pages / "train.txt").write_text("\n".join(rows[:2]))
    (pages / "test.txt").write_text("\n".join(rows[2:]))
    train, test = gp.load(pages)
    assert train.labels.tolist() == [0, 1] and test.labels.tolist() == [1, 1]


@pytest.mark.parametrize("row", ["{} ok 154 408 AT {}", "{}", "{} the letter {}", "{} : {}"])
@pytest.mark.parametrize("start", ["", "#--- words.txt ---#\n#\n", "nr state grey tag letter\n"])
def test_lists_that_blanks_separate_are_not_passed_over(pages, row, start):
    """IAM's `words.txt`, and lists of names alone."""
    rows = [row.format(f"a{k % 2}-{k:02}", "אבבא"[k]) for k in range(4)]
    (pages / "words.txt").write_text(start + "\n".join(rows), encoding="utf-8")
    with pytest.raises(gp.UsageError, match="holds the table words.txt, in which no columns of"):
        gp.load(pages)
    assert gp.load(pages, labels="folders")[0].class_names == ("a0", "a1")


@pytest.mark.parametrize("row", ["{} {}", "{}\t{}"])
def test_names_of_numbered_classes_are_no_list_of_pictures_with_such_numbers(tmp_path, row):
    for k in range(4):
        (tmp_path / "set" / f"{k % 2}").mkdir(parents=True, exist_ok=True)
        pixels = np.eye(9, k=k, dtype=np.uint8) * 255
        Image.fromarray(pixels).save(tmp_path / "set" / f"{k % 2}" / f"{k}.png")
    rows = [row.format(k, "אב"[k]) for k in range(2)]
    (tmp_path / "set" / "labels.txt").write_text("\n".join(rows), encoding="utf-8")
    assert gp.load(tmp_path / "set")[0].class_names == ("א", "ב")


@pytest.mark.parametrize("heading", ["writer", "age", "Fold", "id", "width", "MD5"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_column_that_says_something_else_is_no_label(classes, heading, form):
    rows = [(f"{name}/{k}.png", str(20 + k % 3)) for k, name in enumerate("aabb")]
    text = lines(heading=("image", heading), rows=rows)
    if form == "jsonl":
        text = "\n".join(json.dumps({"image": file, heading: what}) for file, what in rows)
    (classes / f"people.{form}").write_text(text)
    with pytest.raises(gp.UsageError, match="no columns of pictures and labels were found"):
        gp.load(classes)
    assert gp.load(classes, labels="folders")[0].class_names == ("a", "b")


@pytest.mark.parametrize("heading", [("image", "grade"), None])
def test_a_column_without_a_telling_name_is_held_against_class_folders(classes, heading, capsys):
    rows = [(f"{name}/{k}.png", str(k % 2)) for k, name in enumerate("aabb")]
    table = classes / "people.txt"
    table.write_text(lines(heading=heading, rows=rows))
    with pytest.raises(gp.UsageError, match=r"the folders of its pictures \(a, b\) say something"):
        gp.load(classes)
    assert gp.load(classes, labels="folders")[0].class_names == ("a", "b")
    assert gp.load(classes, labels="people.txt")[0].class_names == ("0", "1")
    table.rename(classes / "labels.txt")
    assert gp.load(classes)[0].class_names == ("0", "1"), "its name says what it is"
    (classes / "labels.txt").rename(table)
    table.write_text(lines(heading=heading, rows=[(file, f"is {file[0]}") for file, _ in rows]))
    assert gp.load(classes)[0].class_names == ("is a", "is b"), "they say the same"
    for folder in "ab":
        (classes / folder).rename(classes / f"page {folder}")
    table.write_text(lines(heading=heading, rows=[(f"page {file}", what) for file, what in rows]))
    assert gp.load(classes)[0].class_names == ("0", "1")
    assert "if these are the classes, say labels='folders'" in capsys.readouterr().err.replace(
        "`", ""
    )


@pytest.mark.parametrize("mark", ["#", "%", "//"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", "])
@pytest.mark.parametrize("suffix", ["csv", "txt"])
@pytest.mark.parametrize("count", [2, 4])
def test_a_first_label_that_begins_comments_is_a_label(classes, mark, separator, suffix, count):
    names = ["a/0.png", "a/1.png", "b/2.png", "b/3.png"]
    rows = [(mark if k < count else "!", name) for k, name in enumerate(names)]
    table = classes / f"labels.{suffix}"
    table.write_text(lines(separator, None, rows))
    for path in (classes, table):
        train, _ = gp.load(path)
        assert [train.class_names[label] for label in train.labels] == [one for one, _ in rows]
    remark = f"{mark} made in 1987\n{mark}{separator}x{separator}y\n"
    table.write_text(remark + lines(separator, None, rows))
    assert len(gp.load(table)[0]) == 4


@pytest.mark.parametrize("remark", ["# a/0.png\n", "#a/0.png 3\n", "% 3 a/0.png\n", "#3 a/0.png\n"])
def test_rows_that_are_commented_out_are_none(classes, remark):
    rows = [("a/1.png", "x"), ("b/2.png", "y"), ("b/3.png", "y")]
    if remark.endswith(".png\n") and remark != "# a/0.png\n":
        rows = [row[::-1] for row in rows]
    (classes / "labels.txt").write_text(remark + lines(" ", None, rows))
    assert gp.load(classes)[0].class_names == ("x", "y")


def test_a_dataset_json_of_others_is_a_table(scans, capsys):
    (scans / "dataset.json").write_text(json.dumps({"labels": ROWS}))
    check(scans, capsys, "dataset.json: the columns 'file' and 'label'")
    assert gp.load(scans, labels="dataset.json")[0].class_names == ("b", "ä")
    assert gp.load(scans, labels="folders")[0].class_names == ("person_p", "person_q")


@pytest.mark.parametrize("content", [{"labels": None}, {"name": "mine", "format": "PNG"}, [], "{"])
def test_a_dataset_json_of_others_does_not_bar_folders(scans, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (scans / "dataset.json").write_text(text)
    train, _ = gp.load(scans, labels="folders")
    assert train.class_names == ("person_p", "person_q")


@pytest.mark.parametrize("name", ["labels.lst", "labels", "labels.dat", "annotations.tsv.bak"])
def test_a_file_of_labels_that_is_not_read_is_said(scans, capsys, name):
    (scans / "person_p" / name).write_text("0.png a\n1.png b\n")
    train, _ = gp.load(scans / "person_p")
    assert train.labels is None
    assert f"{name} may say what the pictures show and is not read" in capsys.readouterr().err


def test_labels_by_names_without_endings_are_said(scans, capsys):
    (scans / "person_p" / "labels.json").write_text('{"0": "a", "1": "b"}')
    gp.load(scans / "person_p")
    assert "labels.json may say what the pictures show" in capsys.readouterr().err


def test_labels_beside_pictures_as_in_shards_are_said(scans, capsys):
    for name in "01":
        (scans / "person_p" / f"{name}.cls").write_text(name)
    gp.load(scans / "person_p")
    assert "such as 0.cls: put the labels into one table" in capsys.readouterr().err


def test_rows_that_say_no_part_are_counted(scans, capsys):
    rows = [(*row, part) for row, part in zip(ROWS, ("", "train", "test"), strict=True)]
    (scans / "a.csv").write_text(lines(",", ("image", "label", "split"), rows), encoding="utf-8")
    train, test = gp.load(scans)
    assert len(train) == 2 and len(test) == 1
    assert "a.csv: rows that say no part (1) were taken for training" in capsys.readouterr().err


def test_a_table_in_a_folder_of_its_own_is_named(scans):
    (scans / "annotations").mkdir()
    (scans / "annotations" / "a.csv").write_text(lines(), encoding="utf-8")
    with pytest.raises(gp.UsageError, match="say `labels='annotations/a.csv'`"):
        gp.load(scans)
    assert gp.load(scans, labels="annotations/a.csv")[0].class_names == ("b", "ä")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("labels.csv", lambda rows: lines(rows=rows)),
        ("list.tsv", lambda rows: lines("\t", rows=rows)),
        (
            "metadata.jsonl",
            lambda rows: "".join(
                json.dumps({"file_name": file, "label": label}) + "\n" for file, label in rows
            ),
        ),
    ],
)
def test_folders_with_a_table_each_are_sets_of_their_own(scans, name, write):
    """The names of pictures may come again in each, and need not."""
    for person in "pq":
        rows = [row for row in ROWS if f"person_{person}/" in row[0]]
        rows = [(file.rpartition("/")[2], label) for file, label in rows]
        (scans / f"person_{person}" / name).write_text(write(rows), encoding="utf-8")
    with pytest.raises(gp.UsageError, match=f"person_p is a set of its own by {name}, which"):
        gp.load(scans)
    assert gp.load(scans / "person_p")[0].class_names == ("b", "ä")
    assert gp.load(scans, labels="folders")[0].class_names == ("person_p", "person_q")


def test_a_spreadsheet_is_to_be_saved(scans):
    (scans / "labels.xlsx").write_bytes(b"PK\3\4")
    with pytest.raises(gp.UsageError, match=r"labels\.xlsx, .* Save it as CSV, with the columns"):
        gp.load(scans)


def test_of_many_files_a_few_are_named(scans):
    for number in range(20):
        (scans / f"{number:02d}.json").write_text('{"imagePath": "a.png"}')
    with pytest.raises(gp.UsageError, match=r"05\.json, and 14 more, in which no columns"):
        gp.load(scans)


def test_only_a_table_that_labels_pictures_is_advised(scans):
    (scans / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (scans / "b.csv").write_text(lines(), encoding="utf-8")
    (scans / "c.csv").write_text(lines(heading=("path", "ClassId")), encoding="utf-8")
    with pytest.raises(gp.UsageError, match="Say `labels='b.csv'`"):
        gp.load(scans)
    for name in "bc":
        assert gp.load(scans, labels=f"{name}.csv")[0].class_names == ("b", "ä")


def test_tables_whose_names_differ_in_the_part_alone_are_parts(scans):
    for part, rows in (("train", ROWS[:2]), ("test", [ROWS[2]])):
        (scans / f"rec_gt_{part}.txt").write_text(lines("\t", None, rows), encoding="utf-8")
    train, test = gp.load(scans)
    assert (train.labels.tolist(), test.labels.tolist()) == ([1, 0], [1])


def test_of_tables_that_cannot_be_told_apart_the_training_one_is_advised(scans):
    for name in ("a_train_v2", "a_first"):
        (scans / f"{name}.csv").write_text(lines(), encoding="utf-8")
    with pytest.raises(gp.UsageError, match=r"Say `labels='a_train_v2.csv'`"):
        gp.load(scans)


def test_a_table_is_about_the_folder_called_like_it(scans):
    for name in ("training-a", "training-b", "testing-a"):
        shutil.copytree(scans / "person_p", scans / name)
    shutil.rmtree(scans / "person_p")
    shutil.rmtree(scans / "person_q")
    rows = [("0.png", "a"), ("1.png", "b")]
    (scans / "training-a.csv").write_text(lines(rows=rows))
    train, _ = gp.load(scans)
    assert train.class_names == ("a", "b") and len(train) == 2


def test_a_folder_called_labels_is_not_what_a_table_of_labels_is_about(scans):
    shutil.copytree(scans / "person_p", scans / "labels")
    (scans / "labels.csv").write_text(lines(rows=[("0.png", "a"), ("1.png", "b")]))
    with pytest.raises(GanprofileError, match=r"may be any of 3 files"):
        gp.load(scans)


def test_of_a_table_of_pictures_without_a_label_the_other_columns_are_named(scans):
    """As Label Studio's, whose own `choice` is known."""
    rows = [(str(k), name, label) for k, (name, label) in enumerate(ROWS)]
    heading = ("annotator", "image", "what")
    (scans / "project.csv").write_text(lines(heading=heading, rows=rows), encoding="utf-8")
    said = "'image' names pictures, and none of the others is called label: annotator, what. Call"
    for labels in (None, "project.csv"):
        with pytest.raises(gp.UsageError, match=said):
            gp.load(scans, labels=labels)
    (scans / "project.csv").write_text(
        lines(heading=(*heading[:2], "choice"), rows=rows), encoding="utf-8"
    )
    assert gp.load(scans)[0].labels.tolist() == [1, 0, 1]


@pytest.mark.parametrize("name", ["annotations.xml", "annotations.json"])
def test_what_has_no_columns_is_to_be_written_as_a_table(scans, name):
    shutil.rmtree(scans / "person_q")
    (scans / name).write_text('{"images": ["0.png"]}' if "json" in name else "<annotations/>")
    with pytest.raises(gp.UsageError) as caught:
        gp.load(scans)
    assert "Write labels.csv, with the columns image and label." in str(caught.value)
    assert "folders" not in str(caught.value), "there is but one"
