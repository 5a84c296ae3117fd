"""Pictures listed in CSV and JSON-lines files."""

import base64
import csv
import dataclasses
import json
import os
import pathlib
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.table_labels import settle_labels
from ganprofile.errors import GanprofileError


@pytest.fixture
def pictures(tmp_path):
    """Three pictures, 1.png .. 3.png."""
    for k in (1, 2, 3):
        pixels = np.zeros((8, 8), np.uint8)
        pixels[k, k + 1] = 255
        Image.fromarray(pixels).save(tmp_path / f"{k}.png")
    return tmp_path


def written(folder, text, name="labels.csv", encoding="utf-8"):
    (folder / name).write_text(text, encoding=encoding)
    return folder / name


def test_a_csv_with_writers_splits_and_further_columns(pictures):
    table = written(
        pictures,
        "file,label,writer,split,pen\n1.png,b,anna,train,ink\n2.png,a,,train,\n3.png,b,bo,test,x\n",
    )
    for path in (table, pictures):
        train, test = gp.load(path)
        assert train.class_names == test.class_names == ("a", "b")
        assert train.labels.tolist() == [1, 0] and test.labels.tolist() == [1]
        assert train.writers.tolist() == [0, -1] and test.writers.tolist() == [1]
        assert train.attributes["pen"].tolist() == ["ink", ""]
        assert train.attributes["writer_name"].tolist() == ["anna", ""]
        assert [image.nonzero()[0].item() for image in train.images] == [1, 2]


@pytest.mark.parametrize("heading", ["image,label\n", ""])
def test_a_quote_may_be_a_label(pictures, heading):
    """A quote that nobody closes before the next label that is one."""
    for name in ("4", "5", "6"):
        shutil.copy(pictures / "1.png", pictures / f"{name}.png")
    labels = ['"', "(", '""""', '"', "!", '"("']
    rows = [f"{k}.png,{label}" for k, label in enumerate(labels, 1)]
    train, _ = gp.load(written(pictures, heading + "\n".join(rows) + "\n"))
    assert [train.class_names[label] for label in train.labels] == ['"', "(", '"', '"', "!", "("]


@pytest.mark.parametrize("heading", ["image, label\n", ""])
@pytest.mark.parametrize("delimiter", [", ", ";  ", "\t "])
def test_quotes_after_a_blank_are_quotes(pictures, heading, delimiter):
    """ICDAR writes `word_1.png, "Tiredness"`."""
    labels = ("A", "b,;c", "A")
    rows = [f'{k}.png{delimiter}"{label}"' for k, label in enumerate(labels, 1)]
    text = heading.replace(", ", delimiter) + "\n".join(rows) + "\n"
    assert gp.load(written(pictures, text, "gt.txt"))[0].class_names == ("A", "b,;c")


@pytest.mark.parametrize("heading", ["image, label\n", ""])
def test_quotes_may_stand_after_a_backslash(pictures, heading):
    r"""ICDAR writes `word_6.png, "\""` for the character `"`."""
    for name in ("4", "5", "6"):
        shutil.copy(pictures / "1.png", pictures / f"{name}.png")
    labels = (r"\"", ";", r"\\", "'", r"\"", ",")
    rows = [f'{k}.png, "{label}"' for k, label in enumerate(labels, 1)]
    train, _ = gp.load(written(pictures, heading + "\n".join(rows) + "\n", "gt.txt"))
    assert [train.class_names[label] for label in train.labels] == ['"', ";", "\\", "'", '"', ","]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE])
def test_quotes_are_read_as_they_are_written_with_an_escape(pictures, quoting):
    with open(pictures / "labels.csv", "w", newline="") as file:
        dialect = {"escapechar": "\\", "doublequote": False, "quoting": quoting}
        csv.writer(file, **dialect).writerows(
            [("image", "label"), ("1.png", '"'), ("2.png", ","), ("3.png", "\\")]
        )
    assert gp.load(pictures)[0].class_names == ('"', ",", "\\")


def test_a_backslash_before_the_last_quote_is_a_label(pictures):
    text = 'image,label\n1.png,"\\"\n2.png,"b"\n3.png,""""\n'
    assert gp.load(written(pictures, text))[0].class_names == ('"', "\\", "b")


def test_a_label_of_several_lines_is_refused(pictures):
    """Since a quote that is not closed swallows the rows below it."""
    text = 'image,label\n1.png,",\n2.png,b"\n3.png,c\n'
    with pytest.raises(GanprofileError, match="row 1 has a label of 2 lines"):
        gp.load(written(pictures, text))


def test_the_same_capitals_count_before_others(pictures):
    """Of `a0.png` and `A0.png`, the name `a0` is the first's."""
    for name in ("a0", "A0"):
        shutil.copy(pictures / f"{1 + (name == 'A0')}.png", pictures / f"{name}.png")
    if len([*pictures.glob("*.png")]) < 5:
        pytest.skip("capitals tell no files apart here")
    for names in (("a0", "A0"), ("a0.jpeg", "./A0.jpeg"), ("gone/a0.png", "gone/A0.png")):
        text = f"file,label\n{names[0]},s\n{names[1]},t\n3.png,t\n"
        train, _ = gp.load(written(pictures, text))
        assert [train.class_names[label] for label in train.labels] == ["s", "t", "t"]
        assert [image.nonzero()[0].item() for image in train.images] == [1, 2, 3]


def test_a_comma_may_end_each_row(pictures):
    train, _ = gp.load(written(pictures, "file,label\n1.png,a,\n2.png,b,\n"))
    assert train.class_names == ("a", "b")


def test_a_note_may_span_lines(pictures):
    text = 'image,label,note\n1.png,a,"one\ntwo"\n2.png,b,"three, four"\n'
    train, _ = gp.load(written(pictures, text))
    assert train.class_names == ("a", "b")
    assert train.attributes["note"].tolist() == ["one\ntwo", "three, four"]


def test_json_lines_and_the_hugging_face_column(pictures):
    rows = [{"file_name": f"{k}.png", "label": k, "writer": 40 + k} for k in (3, 1)]
    table = written(pictures, "\n".join(map(json.dumps, rows)), "metadata.jsonl")
    train, _ = gp.load(table)
    assert train.class_names == ("1", "3") and train.labels.tolist() == [1, 0]
    assert train.writers.tolist() == [43, 41], "numbers stay what they are"


def test_a_byte_order_mark_and_awkward_labels_survive(pictures):
    table = written(pictures, 'file,label\n1.png,"a,b"\n2.png,"/"\n3.png,🖋\n', encoding="utf-8-sig")
    assert gp.load(table)[0].class_names == ("/", "a,b", "🖋")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file,label\n1.png,a\n9.png,b\n", r"row 2 names '9\.png', which does not exist"),
        ("file,label\n1.png,a\n2.png,\n", "row 2 has no label"),
        ("file,label\n1.png,a\n2.png\n", "row 2 has not as many values"),
        ("file,label\n1.png,a,b\n", "row 1 has not as many values"),
        ("file,label\n,a\n", "row 1 names no file"),
        ("file,label\n", "lists no picture"),
        ("file,label,label\n1.png,a,b\n", "has the column 'label' twice"),
        (
            "file,label,note\n1.png,a," + "x" * 1001,
            "row 1 has 1,001 characters in the column 'note'",
        ),
        ("file,label,split\n1.png,a,first\n", "split 'first'; known are train, test and valid"),
        ("file,label,manifest.source\n1.png,a,synthetic\n", "'manifest.source', as sets that"),
        ("file,label\n1.png,a\n./1.png,b\n", r"gives 1\.png the labels 'a' and 'b'"),
        ("file,label,split\n1.png,a,test\n", "no picture of the split train"),
        ("file,label,split\n1.png,a,train\n2.png,x,test\n", "label 'x', but none to train"),
    ],
)
def test_wrong_tables_get_their_sentence(pictures, text, sentence):
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(written(pictures, text))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_capitals(pictures, delimiter):
    text = "File, Label ,pen\n1.png,b,x\n2.png,a,y\n".replace(",", delimiter)
    train, _ = gp.load(written(pictures, text))
    assert train.labels.tolist() == [1, 0] and train.attributes["pen"].tolist() == ["x", "y"]


def test_a_column_of_writers_has_several_names(pictures, capsys):
    table = written(pictures, "file,label,Writer ID,pen\n1.png,a,bo,x\n2.png,b,anna,y\n")
    train, _ = gp.load(table)
    assert train.writers.tolist() == [1, 0] and set(train.attributes) >= {"pen", "writer_name"}
    assert "the column 'writer id' was taken for the writers." in capsys.readouterr().err


def test_further_columns_called_almost_as_our_own_are_kept(pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    table = written(pictures, "file,label,soft_label.a,manifest.id\n1.png,a,0.3,x\n2.png,a,1,y\n")
    gp.import_dataset(table, "kept", invert="no")
    for train, _ in (gp.load(table), gp.load("kept")):
        assert train.attributes["soft_label.a"].tolist() == ["0.3", "1"]
        assert train.attributes["manifest.id"].tolist() == ["x", "y"]
    scored = dataclasses.replace(train, attributes={"soft_label.a": np.array([0.3, 1.0])})
    again, _ = gp.load(scored.save(tmp_path / "scored"))
    assert again.attributes["soft_label.a"].tolist() == [0.3, 1.0] and again.soft_labels is None


def test_numbers_of_writers_survive_pandas(pictures):
    table = written(pictures, "file,label,writer\n1.png,a,1.0\n2.png,a,10.0\n3.png,a,\n")
    assert gp.load(table)[0].writers.tolist() == [1, 10, -1]
    rows = [{"file": "1.png", "label": "a", "writer": None}, {"file": "2.png", "label": 0}]
    table = written(pictures, "\n\n" + "\n".join(map(json.dumps, rows)), "b.jsonl")
    assert gp.load(table)[0].writers.tolist() == [-1, -1]


def test_a_pipe_among_the_files_is_not_waited_for(pictures, monkeypatch):
    os.mkfifo(pictures / "pipe.png")
    table = written(pictures, "file,label\n1.png,a\npipe.png,a\nmissing.png,a\n")
    with pytest.raises(GanprofileError, match="names 'pipe.png', which does not exist"):
        gp.load(table)
    monkeypatch.setenv("GANPROFILE_HOME", str(pictures / "home"))
    report = gp.import_dataset(table, "x")
    assert "is no regular file" in report["unreadable"]["pipe.png"]
    assert "does not exist" in report["unreadable"]["missing.png"]


def test_broken_json(pictures):
    table = written(pictures, '{"file": "1.png", "label": "a"}\n{"file": ', "b.jsonl")
    with pytest.raises(gp.UsageError, match="should have the columns image and label"):
        gp.load(table)
    table = written(pictures, '{"file": "1.png", "label": "a"}\n[1]\n', "c.jsonl")
    with pytest.raises(gp.UsageError, match="should have the columns image and label"):
        gp.load(table)


def test_a_table_without_the_columns_is_no_dataset(pictures):
    with pytest.raises(gp.UsageError, match="columns image and label, .* Received: 'pen,ink'"):
        gp.load(written(pictures, "pen,ink\nx,a\n"))


cells = st.text(st.characters(codec="utf-8"), max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
def test_any_table_gives_a_dataset_or_a_sentence(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("table")
    Image.new("L", (4, 4)).save(folder / "1.png")
    lines = [",".join(row) for row in rows]
    table = written(folder, "file,label,writer\n" + "\n".join(lines))
    try:
        train, _ = gp.load(table)
    except GanprofileError as error:
        assert str(error)
    else:
        assert len(train) >= 1


def test_blank_rows_of_a_spreadsheet_are_no_rows(pictures):
    table = written(pictures, "image;label;writer\n1.png;a;1\n2.png;b;2\n;;\n ; ;\n")
    assert len(gp.load(table)[0]) == 2


def test_pages_with_boxes_are_refused_and_boxes_of_one_are_said(pictures, capsys):
    """As Roboflow writes them: a row for each character of a page."""
    rows = ["filename,width,height,class,xmin,ymin,xmax,ymax", "1.png,9,9,a,0,0,4,4"]
    table = written(pictures, "\n".join([*rows, "2.png,9,9,b,0,0,4,4\n"]))
    assert len(gp.load(table)[0]) == 2
    said = "the columns xmin, ymin, xmax, ymax are not read: each picture is taken as a whole."
    assert said in capsys.readouterr().err
    table = written(pictures, "\n".join([*rows, "1.png,9,9,b,4,0,8,4\n"]))
    for read in (gp.load, lambda path: gp.import_dataset(path, "boxes", dry_run=True)):
        with pytest.raises(gp.UsageError, match="xmin, ymin, xmax, ymax mark .* Cut out each box"):
            read(table)


def test_a_table_in_the_folder_of_each_part(pictures, tmp_path):
    """As Hugging Face's `imagefolder`, whose parts may have files of one name."""
    for part, names in (("train", "123"), ("test", "1")):
        (tmp_path / "set" / part).mkdir(parents=True)
        lines = ["file_name,label"]
        for name in names:
            shutil.copy(pictures / f"{name}.png", tmp_path / "set" / part)
            lines.append(f"{name}.png,{'abc'[int(name) % 3]}")
        (tmp_path / "set" / part / "metadata.csv").write_text("\n".join(lines))
    train, test = gp.load(tmp_path / "set", allow_overlap=True)
    assert train.labels.tolist() == [1, 2, 0] and test.labels.tolist() == [1]
    assert np.array_equal(test.images[0], train.images[0])


@pytest.mark.parametrize("missing", ["nan", "NaN", "<NA>", "None"])
def test_what_is_no_number_among_numbers_is_a_missing_label(pictures, missing):
    table = written(pictures, f"file,label\n1.png,7.0\n2.png,{missing}\n3.png,1.0\n")
    with pytest.raises(GanprofileError, match=f"row 2 has no label, but '{missing}'. Give it one"):
        gp.load(table)


def test_among_names_it_may_be_one(pictures):
    table = written(pictures, "file,label\n1.png,na\n2.png,nan\n3.png,ka\n")
    assert gp.load(table)[0].class_names == ("ka", "na", "nan")


def test_one_number_in_two_ways_is_said(pictures, capsys):
    table = written(pictures, "file,label\n1.png,1\n2.png,01\n3.png,2\n")
    assert gp.load(table)[0].class_names == ("01", "1", "2")
    assert "the labels '1' and '01' are classes of their own" in capsys.readouterr().err
    gp.load(written(pictures, "file,label\n1.png,1.0\n2.png,1\n3.png,2\n"))
    assert "of their own" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("column", "cells", "is_said"),
    [
        ("is_test", "010", True),
        ("Is Train", ["True", "False", "True"], True),
        ("is_training_img", "110", True),
        ("test", "abc", False),
    ],
)
def test_a_column_that_may_say_the_parts_is_said(pictures, capsys, column, cells, is_said):
    rows = [f"{k}.png,{label},{cell}\n" for k, label, cell in zip("123", "aba", cells, strict=True)]
    train, test = gp.load(written(pictures, f"file,label,{column}\n" + "".join(rows)))
    assert (len(train), test) == (3, None)
    said = f"the column {column.lower()!r} is not read, so that images to test with may be among"
    assert (said in capsys.readouterr().err) == is_said


@pytest.mark.parametrize("places", ["X,Y", "X,Y,Width,Height", "x,y,w,h"])
@pytest.mark.parametrize("heading", ["Unicode", "Codepoint", "Glyph"])
def test_y_beside_x_is_no_label(pictures, heading, places):
    """As Kuzushiji's coordinates, a row for each character that was cut out."""
    rest = ",5" * places.count(",")
    rows = [f"{name},{k}.png,{k}{rest}\n" for k, name in enumerate(("あ", "い", "あ"), 1)]
    table = written(pictures, f"{heading},Image,{places}\n" + "".join(rows))
    if heading == "Glyph":
        with pytest.raises(gp.UsageError, match="should have the columns image and label"):
            gp.load(table)
        return
    train, _ = gp.load(table)
    assert train.class_names == ("あ", "い") and train.labels.tolist() == [0, 1, 0]
    one = table.with_name("xy.csv")
    one.write_text("x,y\n1.png,a\n2.png,b\n3.png,a\n")
    assert gp.load(one)[0].class_names == ("a", "b")


@pytest.mark.parametrize(
    ("cells", "tested"), [("train test train", 1), ("train train train", 0), ("train test ink", 0)]
)
def test_a_column_of_parts_says_them_whatever_it_is_called(pictures, cells, tested, capsys):
    rows = zip("123", "aba", cells.split(), strict=True)
    lines = [f"{k}.png,{label},{cell}\n" for k, label, cell in rows]
    table = written(pictures, "".join(["file,label,purpose\n", *lines, "2.png,b,train\n"]))
    train, test = gp.load(table, allow_overlap=True)
    assert len(train) == 4 - tested and (0 if test is None else len(test)) == tested
    said = "the column 'purpose' says to which part each picture belongs"
    assert (said in capsys.readouterr().err) == bool(tested)


@pytest.mark.parametrize("wrapped", [{"name": "{}"}, [{"label": "{}"}], {"class": {"name": "{}"}}])
def test_a_label_in_an_object_that_holds_no_more_is_one(pictures, wrapped):
    texts = [json.dumps({"file": f"{k}.png", "label": wrapped}) for k in "123"]
    rows = [text.replace("{}", label) for text, label in zip(texts, "343", strict=True)]
    train, _ = gp.load(written(pictures, "\n".join(rows), "labels.jsonl"))
    assert train.class_names == ("3", "4") and train.labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize("label", [{"3": True}, [{"name": "3", "sure": 0.9}]])
def test_labels_in_objects_that_say_no_name_are_refused(pictures, label):
    table = written(pictures, json.dumps([{"file": "1.png", "label": label}]), "labels.json")
    with pytest.raises(GanprofileError, match="row 1 should have one label. Received: "):
        gp.load(table)


def test_a_label_in_a_list_is_one_and_several_are_refused(pictures):
    rows = [{"file": f"{k}.png", "label": [label]} for k, label in zip("123", "343", strict=True)]
    table = written(pictures, json.dumps(rows), "labels.json")
    assert gp.load(table)[0].class_names == ("3", "4")
    rows[1]["label"] = ["3", "4"]
    table = written(pictures, json.dumps(rows), "labels.json")
    with pytest.raises(GanprofileError, match=r"row 2 should have one label. Received: \['3', '4'"):
        gp.load(table)


@pytest.mark.parametrize(
    ("lost", "there"),
    [("a/1.png", "b/1.png"), ("a/1.png", "b/a 1/1.png"), ("train/a/1.png", "test/a/1.png")],
)
@pytest.mark.parametrize("is_listed", [True, False])
def test_a_picture_of_the_same_name_in_another_folder_is_another(pictures, lost, there, is_listed):
    for name in (there, f"{lost.rpartition('/')[0]}/2.png"):
        (pictures / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(pictures / "1.png", pictures / name)
    rows = [(lost, "a"), (f"{lost.rpartition('/')[0]}/2.png", "a"), *[(there, "b")] * is_listed]
    table = written(pictures, "image,label\n" + "".join(f"{f},{label}\n" for f, label in rows))
    with pytest.raises(GanprofileError, match=f"row 1 names '{lost}', which does not exist"):
        gp.load(table)


def test_a_picture_that_a_row_names_is_none_of_a_lost_folder(pictures):
    (pictures / "b").mkdir()
    shutil.move(pictures / "1.png", pictures / "b/1.png")
    table = written(pictures, "image,label\na/1.png,a\nb/1.png,b\n")
    with pytest.raises(GanprofileError, match="row 1 names 'a/1.png', which does not exist"):
        gp.load(table)
    shutil.copy(pictures / "2.png", pictures / "b/2.png")
    (pictures / "2.png").unlink()
    table = written(pictures, "image,label\n/old/place/1.png,a\nC:\\old\\b\\2.png,b\n")
    assert [image[..., 0].argmax() for image in gp.load(table)[0].images] == [10, 19]


def test_a_table_of_a_part_lists_pictures_of_its_folder(pictures):
    for part, name in (("train", "1.png"), ("train", "2.png"), ("test", "3.png")):
        (pictures / part).mkdir(exist_ok=True)
        shutil.move(pictures / name, pictures / part / name)
    written(pictures, "image,label\n3.png,b\n", "test.csv")
    written(pictures, "image,label\n1.png,a\n2.png,b\n3.png,a\n", "train.csv")
    with pytest.raises(GanprofileError, match=r"train.csv: row 3 names '3.png', which does not"):
        gp.load(pictures)
    written(pictures, "image,label\n1.png,a\n2.png,b\n", "train.csv")
    assert [len(part) for part in gp.load(pictures)] == [2, 1]


@pytest.mark.parametrize("listed", [False, True])
def test_columns_of_json_are_joined_by_the_keys_of_their_rows(pictures, listed):
    images = {"7": "1.png", "8": "2.png", "9": "3.png"}
    labels = {"9": "c", "7": "a", "8": "b"}
    if listed:
        images, labels = list(images.values()), {"2": "c", "0": "a", "1": "b"}
    table = written(pictures, json.dumps({"image": images, "label": labels}), "labels.json")
    train, _ = gp.load(table)
    assert train.labels.tolist() == [0, 1, 2], "the pictures stand in the order of their labels"
    assert [image[..., 0].argmax() for image in train.images] == [10, 19, 28]
    labels.popitem()
    written(pictures, json.dumps({"image": images, "label": labels}), "labels.json")
    with pytest.raises(GanprofileError, match="row 2 has no label"):
        gp.load(table)


@pytest.mark.parametrize("column", ["class_name", "character"])
def test_names_beside_numbers_of_the_classes_are_the_labels(pictures, column):
    rows = f"file,label,{column}\n1.png,0,zwei\n2.png,1,7\n3.png,0,zwei\n"
    train, _ = gp.load(written(pictures, rows))
    assert train.class_names == ("7", "zwei") and train.labels.tolist() == [1, 0, 1]
    several = rows.replace("3.png,0,zwei", "3.png,1,drei")
    assert gp.load(written(pictures, several))[0].class_names == ("0", "1")


@pytest.mark.parametrize("names", [("zwei", "a"), ("5", "6"), ("1", "2"), ("nan", "NA")])
def test_a_set_of_ours_that_lost_its_description(pictures, tmp_path, names):
    labels = [0, 1, 0]
    images = np.stack([np.asarray(Image.open(pictures / f"{k}.png")) for k in (1, 2, 3)])
    given = gp.Dataset.from_arrays(images, labels, class_names=names)
    folder = given.save(tmp_path / "set", format="imagefolder")
    (folder / "dataset.json").unlink()
    with pytest.raises(GanprofileError, match="manifest.csv of a set .* not its dataset.json"):
        gp.load(folder)
    (folder / "manifest.csv").unlink()
    train, _ = gp.load(folder)
    assert [train.class_names[label] for label in train.labels] == [names[k] for k in labels]
    assert train.writers.tolist() == [-1, -1, -1]
    table = folder / "metadata.csv"
    table.write_text(table.read_text().replace(",real,", ",synthetic,"))
    with pytest.raises(GanprofileError, match="lists synthetic images"):
        gp.load(folder)


def test_a_table_in_the_folder_of_each_part_may_be_of_folders_there(pictures, tmp_path):
    rows = ["file,label\n", *(f"images/{k}.png,{label}\n" for k, label in ((1, "a"), (2, "b")))]
    for part in ("train", "test"):
        (tmp_path / "set" / part / "images").mkdir(parents=True)
        for k in (1, 2):
            shutil.copy(pictures / f"{k}.png", tmp_path / "set" / part / "images")
        written(tmp_path / "set" / part, "".join(rows))
    train, test = gp.load(tmp_path / "set", allow_overlap=True)
    assert train.class_names == ("a", "b") and len(train) == len(test) == 2


def test_a_folder_called_as_a_table_is_none(tmp_path):
    (tmp_path / "scans.csv").mkdir()
    with pytest.raises(GanprofileError, match="Nothing in .*scans.csv is a dataset"):
        gp.load(tmp_path / "scans.csv")


@pytest.mark.parametrize("spelled", ["with ..", "absolute names", "a link"])
def test_one_file_has_one_path_however_the_folder_is_spelled(
    pictures, tmp_path_factory, monkeypatch, capsys, spelled
):
    """Parts by folders, what is not listed and what is named twice go by it."""
    place = tmp_path_factory.mktemp("place")
    folder = place / "data"
    for part in ("train", "test"):
        (folder / part).mkdir(parents=True)
        for k in (1, 2, 3):
            shutil.copy(pictures / f"{k}.png", folder / part / f"{k}.png")
    before = {"with ..": "", "absolute names": f"{folder}/", "a link": f"{folder}/"}[spelled]
    names = [f"{before}{part}/{k}.png" for part in ("train", "test") for k in (1, 2)]
    written(folder, "image,label\n" + "".join(f"{name},{name[-5]}\n" for name in names))
    (place / "link").symlink_to(folder)
    monkeypatch.chdir(place)
    given = {"with ..": f"../{place.name}/data", "absolute names": "data", "a link": "link"}[
        spelled
    ]
    train, test = gp.load(given, allow_overlap=True)
    assert (len(train), len(test)) == (2, 2)
    assert "2 pictures that" in capsys.readouterr().err
    table = folder / "labels.csv"
    table.write_text(f"image,label\ntrain/1.png,a\n{folder}/train/1.png,b\n")
    with pytest.raises(GanprofileError, match=r"gives 1.png the labels 'a' and 'b'"):
        gp.load(given)


def test_absolute_names_of_another_machine_are_found_in_an_archive_as_in_a_folder(
    pictures, tmp_path_factory
):
    written(pictures, "image,label\n" + "".join(f"/content/d/{k}.png,{k}\n" for k in (1, 2, 3)))
    archive = shutil.make_archive(tmp_path_factory.mktemp("packed") / "d", "zip", pictures)
    for path in (pictures, archive):
        assert gp.load(path)[0].labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize("key", ["label_names", "classes", "names"])
def test_names_of_classes_beside_the_rows_in_json(pictures, key):
    rows = [{"file": f"{k}.png", "label": k % 2} for k in (1, 2, 3)]
    text = json.dumps({key: ["kha", "ka", "ga"], "images": rows})
    train, _ = gp.load(written(pictures, text, "labels.json"))
    assert [train.class_names[label] for label in train.labels] == ["ka", "kha", "ka"]


@pytest.mark.parametrize("codes", [("2309", "2310"), ("0905", "0906"), ("U+0905", "U+0906")])
def test_a_column_of_code_points_names_characters(pictures, codes):
    text = f"image,unicode\n1.png,{codes[0]}\n2.png,{codes[1]}\n3.png,{codes[0]}\n"
    assert gp.load(written(pictures, text))[0].class_names == ("अ", "आ")


@pytest.mark.parametrize("head", ["", "data:image/png;base64,"])
def test_a_picture_as_text_is_named(pictures, head):
    """Slashes in it look like folders, however long it is."""
    text = head + base64.b64encode((pictures / "1.png").read_bytes() + b"\xff" * 999).decode()
    with pytest.raises(GanprofileError, match="Write pictures into files"):
        gp.load(written(pictures, f'image,label\n"{text}",a\n"{text}",b\n'))


def test_the_card_of_an_imagefolder_names_its_labels(pictures, tmp_path):
    folder = pictures / "train"
    folder.mkdir()
    for k in (1, 2, 3):
        (pictures / f"{k}.png").rename(folder / f"{k}.png")
    rows = [{"file_name": f"{k}.png", "label": k % 2} for k in (1, 2, 3)]
    written(folder, "\n".join(map(json.dumps, rows)), "metadata.jsonl")
    feature = "  - name: label\n    dtype:\n      class_label:\n        names: [kha, ka, ga]\n"
    written(pictures, f"---\ndataset_info:\n  features:\n{feature}---\n", "README.md")
    train, _ = gp.load(pictures)
    assert [train.class_names[label] for label in train.labels] == ["ka", "kha", "ka"]


CARD = """---
dataset_info:
  features:
  - name: label
    dtype: {{class_label: {{names: {}}}}}
---"""


@pytest.mark.parametrize(
    ("names", "labels", "classes", "said"),
    [
        ("[no, on, 12:30]", (0, 1, 2), ["no", "on", "12:30"], "names the labels"),
        ("[~, =, 1_0]", (0, 1, 2), ["~", "=", "1_0"], "names the labels"),
        ("[ka, kha, ga]", (1, 2, 3), ["ka", "kha", "ga"], "1 was taken for the first, 'ka'"),
        ("[ka, kha, ga]", (1, 2, 4), ["1", "2", "4"], "the 3 names in README.md are not read"),
        ("[ka, kha, ga]", ("ka", "ga", "kha"), ["ka", "ga", "kha"], ""),
    ],
)
def test_names_in_a_card_are_text_and_are_used_or_said_not_to_be(
    pictures, names, labels, classes, said, capsys
):
    rows = "".join(f"{k}.png,{label}\n" for k, label in enumerate(labels, 1))
    written(pictures, f"file_name,label\n{rows}", "metadata.csv")
    written(pictures, CARD.format(names), "README.md")
    train, _ = gp.load(pictures)
    assert [train.class_names[label] for label in train.labels] == classes
    err = capsys.readouterr().err
    assert said in err and ("README" in err) == bool(said)


def test_a_card_that_calls_two_classes_alike_is_refused(pictures):
    written(pictures, "file_name,label\n1.png,0\n2.png,1\n3.png,2\n", "metadata.csv")
    written(pictures, CARD.format("[ka, ga, ka]"), "README.md")
    with pytest.raises(gp.UsageError, match="README.md, calls two classes 'ka'. Correct the names"):
        gp.load(pictures)


@pytest.mark.parametrize("names", [("part-a.csv", "part-b.csv"), ("train.csv", "test.csv")])
@pytest.mark.parametrize(
    ("heading", "first", "second", "expected"),
    [
        ("unicode", ("304A", "3046"), "3046", ("う", "お")),
        ("label", ("3.0", "A"), "3.0", ("3.0", "A")),
        ("label", ("3", "A"), "3.0", ("3", "A")),
        ("label", ("3.0", "1"), "3", ("1", "3")),
        ("label,class_name", ("0,ka", "1,kha"), "0,ka", ("ka", "kha")),
        ("label,class_name", ("0,ka", "1,ka"), "1,ka", ("0", "1")),
    ],
)
def test_tables_of_one_set_say_together_what_their_labels_mean(
    pictures, names, heading, first, second, expected
):
    written(pictures, f"file,{heading}\n1.png,{first[0]}\n2.png,{first[1]}\n", names[0])
    written(pictures, f"file,{heading}\n3.png,{second}\n", names[1])
    train, test = gp.load(pictures)
    assert train.class_names == expected
    labels = [*train.labels, *(test.labels if test else ())]
    assert labels[2] == labels[first.index(second) if second in first else 0]


def test_tables_that_number_their_classes_differently_have_the_names_in_common(pictures, capsys):
    written(pictures, "file,label,class_name\n1.png,0,ka\n2.png,1,kha\n", "train.csv")
    written(pictures, "file,label,class_name\n3.png,0,kha\n", "test.csv")
    train, test = gp.load(pictures)
    assert train.class_names == ("ka", "kha")
    assert train.labels.tolist() == [0, 1] and test.labels.tolist() == [1]
    assert "number their classes differently; labels go by the column 'class_name'" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(("ids", "is_same"), [((7, 8), False), ((0, 1), True)])
def test_labels_of_a_column_that_another_table_has_beside_its_own_are_refused(
    pictures, ids, is_same
):
    rows = "".join(f"{k}.png,{k - 1},{ids[k - 1]}\n" for k in (1, 2))
    written(pictures, f"file,label,class_id\n{rows}", "train.csv")
    written(pictures, "file,class_id\n3.png,0\n", "test.csv")
    if is_same:
        assert gp.load(pictures)[1].labels.tolist() == [0]
        return
    with pytest.raises(GanprofileError, match="test.csv has its labels in the column 'class_id'"):
        gp.load(pictures)
    written(pictures, "file,label,class_name\n1.png,0,ka\n2.png,1,kha\n", "train.csv")
    written(pictures, "file,class_name\n3.png,kha\n", "test.csv")
    assert gp.load(pictures)[1].labels.tolist() == [1], "which names the numbers there"


def test_what_letters_of_another_table_say_changes_no_numbers(pictures):
    written(pictures, "file,label\n1.png,3.0\n2.png,4.0\n", "digits.csv")
    written(pictures, "file,label\n3.png,a\n", "letters.csv")
    assert gp.load(pictures)[0].class_names == ("3", "4", "a")
    written(pictures, "file,label\n1.png,3\n2.png,nan\n", "digits.csv")
    with pytest.raises(GanprofileError, match="digits.csv: row 2 has no label, but 'nan'"):
        gp.load(pictures)


def test_what_many_tables_say_is_settled_at_once(monkeypatch):
    compared, equal = [], pathlib.Path.__eq__
    monkeypatch.setattr(
        pathlib.PurePath, "__eq__", lambda one, other: compared.append(1) or equal(one, other)
    )
    tables = [pathlib.Path(f"{k}.csv") for k in range(50)]
    rows = [(table, number, {"label": "a"}) for table in tables for number in range(20)]
    assert settle_labels(rows, dict.fromkeys(tables, "label"), ["a"]) == []
    assert len(compared) < 10 * len(rows)


def test_a_missing_label_among_the_numbers_of_another_table_is_refused(pictures):
    written(pictures, "file,label\n1.png,1\n2.png,2\n", "part-a.csv")
    written(pictures, "file,label\n3.png,nan\n", "part-b.csv")
    with pytest.raises(GanprofileError, match="part-b.csv: row 1 has no label, but 'nan'"):
        gp.load(pictures)


def test_marks_that_end_no_line_stand_in_json_lines(pictures):
    rows = [{"file": f"{k}.png", "label": "a", "note": "\u2028\x85"} for k in "123"]
    rows = [json.dumps(row, ensure_ascii=False) for row in rows]
    assert len(gp.load(written(pictures, "\n".join(rows), "labels.jsonl"))[0]) == 3


@pytest.mark.parametrize("form", ["one object", "lines"])
def test_whole_floats_of_json_are_called_as_the_numbers_that_they_are(pictures, form):
    labels = {"1.png": 1.0, "2.png": "x", "3.png": "1"}
    rows = [json.dumps({"file": name, "label": label}) for name, label in labels.items()]
    text = json.dumps(labels) if form == "one object" else "\n".join(rows)
    train, _ = gp.load(written(pictures, text, "labels.json"))
    assert [train.class_names[label] for label in train.labels] == ["1", "x", "1"]


def test_json_that_gives_a_picture_two_labels_is_refused(pictures):
    table = written(pictures, '{"1.png": "a", "2.png": "b", "1.png": "c"}', "labels.json")
    with pytest.raises(GanprofileError, match=r"gives 1\.png the labels 'a' and 'c'"):
        gp.load(table)
    written(pictures, '{"1.png": "a", "2.png": "b", "1.png": "a"}', "labels.json")
    assert len(gp.load(table)[0]) == 2
