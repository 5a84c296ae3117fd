"""Tables of pixels whose columns stand in another order, or beside more than a label."""

import csv

import numpy as np
import pytest

import ganprofile as gp

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 6, 6), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
IMAGES[0, 1, 1] = 255
LABELS = np.array(list("০১২"))[np.arange(12) % 3]  # digits that Python's `int` takes for numbers
ROWS = IMAGES.reshape(12, 36)
PLACES = [divmod(k, 6) for k in range(36)]


def write(path, heading, rows, separator=","):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows([heading, *rows] if heading else rows)


def check(loaded, images=IMAGES, labels=LABELS):
    assert np.array_equal(loaded.images[..., 0], images)
    assert [loaded.class_names[label] for label in loaded.labels] == list(labels)


HEADINGS = {
    "counted": [f"pixel{k}" for k in range(36)],
    "counted from one": [f"p.{k + 1}" for k in range(36)],
    "with zeros": [f"pixel_{k:03d}" for k in range(36)],
    "by row and column": [f"r{row}c{column}" for row, column in PLACES],
    "by column and row": [f"x{column}_y{row}" for row, column in PLACES],
    "by two numbers": [f"{row + 1}x{column + 1}" for row, column in PLACES],
}


@pytest.mark.parametrize("names", HEADINGS.values(), ids=HEADINGS)
@pytest.mark.parametrize("order", ["any", "of text", "as counted"])
def test_pixels_are_ordered_by_their_headings(tmp_path, names, order, capsys):
    places = {
        "any": RANDOM.permutation(36),
        "of text": sorted(range(36), key=lambda k: names[k]),
        "as counted": range(36),
    }[order]
    rows = [[label, *row[list(places)]] for label, row in zip(LABELS, ROWS, strict=True)]
    write(tmp_path / "a.csv", ["label", *(names[k] for k in places)], rows)
    check(gp.load(tmp_path / "a.csv")[0])
    is_said = "do not stand in order" in capsys.readouterr().err
    assert is_said == (list(places) != list(range(36)))


@pytest.mark.parametrize("ordered", [True, False])
def test_numbers_that_may_count_either_way_are_left_as_they_stand(tmp_path, ordered):
    names = [f"{column}x{row}" if ordered else f"{row}x{column}" for row, column in PLACES]
    write(tmp_path / "a.csv", ["label", *names], np.column_stack([LABELS, ROWS]))
    check(gp.load(tmp_path / "a.csv")[0])


@pytest.mark.parametrize("heading", ["split", "image_set"])
def test_writers_and_parts_beside_pixels(tmp_path, heading, capsys):
    parts = np.array(["train", "test"])[(np.arange(12) >= 9).astype(int)]
    writers = np.arange(12) // 2
    rows = np.column_stack([LABELS, writers, parts, ROWS])
    write(tmp_path / "a.csv", ["label", "writer", heading, *HEADINGS["counted"]], rows)
    train, test = gp.load(tmp_path / "a.csv")
    check(train, IMAGES[:9], LABELS[:9])
    check(test, IMAGES[9:], LABELS[9:])
    assert train.writers.tolist() == writers[:9].tolist()
    assert "to which part each image belongs" in capsys.readouterr().err
    rows[3, 2] = "later"
    write(tmp_path / "a.csv", ["label", "writer", "split", *HEADINGS["counted"]], rows)
    with pytest.raises(gp.GanprofileError, match=r"a\.csv has the split 'later'; known are"):
        gp.load(tmp_path / "a.csv")


def test_a_column_that_may_say_the_parts_is_said(tmp_path, capsys):
    rows = np.column_stack([LABELS, (np.arange(12) >= 9).astype(int), ROWS])
    write(tmp_path / "a.csv", ["label", "is_test", *HEADINGS["counted"]], rows)
    check(gp.load(tmp_path / "a.csv")[0])
    assert "the column 'is_test' is not read" in capsys.readouterr().err


def test_a_separator_after_the_last_cell_is_no_column(tmp_path):
    heading = ["label", *HEADINGS["counted"], ""]
    rows = [[label, *row, ""] for label, row in zip(LABELS, ROWS, strict=True)]
    write(tmp_path / "a.csv", heading, rows, ";")
    check(gp.load(tmp_path / "a.csv")[0])


def test_another_encoding_is_said(tmp_path, capsys):
    labels = np.array(list("بتث"))[np.arange(12) % 3]
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], np.column_stack([labels, ROWS]))
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_bytes(text.encode("cp1256"))
    gp.load(tmp_path / "a.csv")
    assert "read as cp1252" in (said := capsys.readouterr().err)
    assert "save the table as UTF-8" in said


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("numbered", ["labels", "both"])
def test_labels_are_put_in_the_order_of_their_numbers(tmp_path, separator, numbered, capsys):
    heading, rows, ids = HEADINGS["counted"], ROWS, np.arange(12)
    if numbered == "both":
        ids = RANDOM.permutation(12) + 5
        heading, rows = ["id", *heading], np.column_stack([ids, ROWS])
    write(tmp_path / "images.csv", heading, rows)
    order = RANDOM.permutation(12)
    labels = np.column_stack([ids, LABELS])[order]
    write(tmp_path / "labels.csv", ["id", "label"], labels, separator)
    check(gp.load(tmp_path)[0])
    assert "labels.csv: rows were put in the order of" in capsys.readouterr().err


def test_numbers_that_name_no_order_are_refused(tmp_path):
    write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
    labels = np.column_stack([RANDOM.permutation(12) * 3, LABELS])
    write(tmp_path / "labels.csv", ["id", "label"], labels)
    with pytest.raises(gp.GanprofileError, match=r"labels\.csv: which image each row labels"):
        gp.load(tmp_path)


@pytest.mark.parametrize(
    ("labels", "heading"),
    [
        ("yabc" * 3, ""),
        ("yzabcdefghij", ""),
        (["text", "char", "class"] * 4, ""),
        ("yabc" * 3, "y"),
    ],
)
def test_a_label_that_is_a_word_for_labels_is_no_heading(tmp_path, labels, heading):
    write(tmp_path / "train.csv", None, ROWS)
    lines = [*filter(None, [heading]), *labels]
    (tmp_path / "train_labels.csv").write_text("\n".join(lines) + "\n")
    check(gp.load(tmp_path)[0], labels=labels)


@pytest.mark.parametrize("labels", ["012" * 4, ["one", "two", "three"] * 4])
@pytest.mark.parametrize("heading", ["label", "id,label"])
def test_a_missing_row_below_a_heading_shifts_no_labels(tmp_path, labels, heading):
    write(tmp_path / "train.csv", None, ROWS)
    ids = "id" in heading
    rows = [f"{k},{label}" if ids else label for k, label in enumerate(labels)]
    (tmp_path / "train_labels.csv").write_text("\n".join([heading, *rows[:11]]) + "\n")
    with pytest.raises(gp.GanprofileError, match="a label for each of 12 images of .*: 11"):
        gp.load(tmp_path)


def test_a_table_of_labels_may_say_writers_and_parts(tmp_path, capsys):
    parts = np.array(["train", "test"])[(np.arange(12) % 4 == 0).astype(int)]
    lines = [f"{k},{LABELS[k]},{k // 3},{parts[k]}" for k in range(12)[::-1]]
    write(tmp_path / "train.csv", None, ROWS)
    table = tmp_path / "train_labels.csv"
    table.write_text("\n".join(["id,label,writer,split", *lines]), "utf-8")
    for loaded, rows in zip(gp.load(tmp_path), (parts == "train", parts == "test"), strict=True):
        check(loaded, IMAGES[rows], LABELS[rows])
        assert loaded.writers.tolist() == (np.arange(12) // 3)[rows].tolist()
    assert "train_labels.csv: a column says to which part" in capsys.readouterr().err
    table.write_text("\n".join(["id,label", *[line[: line.index(",", 3)] for line in lines[1:]]]))
    with pytest.raises(gp.UsageError, match="a label for each of 12 images of .*: 11"):
        gp.load(tmp_path)


@pytest.mark.parametrize("heading", ["", "label", "id,label"])
@pytest.mark.parametrize("quoted", [str, lambda sign: '"' + sign.replace('"', '""') + '"'])
def test_quotes_are_labels(tmp_path, heading, quoted):
    """As in a set of all signs of ASCII."""
    labels = "a\"'b!\"'cd'\"e"
    write(tmp_path / "train.csv", None, ROWS)
    rows = [f"{k}," * ("id" in heading) + quoted(label) for k, label in enumerate(labels)]
    (tmp_path / "train_labels.csv").write_text("\n".join([*filter(None, [heading]), *rows]))
    check(gp.load(tmp_path)[0], labels=labels)


@pytest.mark.parametrize("heading", [["label"], None])
def test_digits_of_other_scripts_are_names_in_a_table_of_labels(tmp_path, heading):
    write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
    write(tmp_path / "labels.csv", heading, LABELS[:, None])
    check(gp.load(tmp_path)[0])


@pytest.mark.parametrize("heading", ["row_id", "sample", "number", "Bild-Nr.", None])
@pytest.mark.parametrize("form", ["{}", "img_{:03}"])
def test_a_column_that_counts_the_rows_orders_them_whatever_it_is_called(
    tmp_path, heading, form, capsys
):
    write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
    order = RANDOM.permutation(12)
    numbers = np.array([form.format(k + 1) for k in range(12)])
    rows = np.column_stack([numbers, LABELS])[order]
    write(tmp_path / "labels.csv", None if heading is None else [heading, "label"], rows)
    check(gp.load(tmp_path)[0])
    assert "labels.csv: rows were put in the order of" in capsys.readouterr().err


@pytest.mark.parametrize(
    "numbers", [np.roll(np.arange(12) * 3, 1), sorted(range(12), key=str)], ids=["gaps", "as text"]
)
def test_a_column_that_may_number_the_rows_is_said(tmp_path, numbers, capsys):
    write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
    write(tmp_path / "labels.csv", ["sample", "label"], np.column_stack([numbers, LABELS]))
    check(gp.load(tmp_path)[0])
    assert "the column 'sample' may number the images, but is not read" in capsys.readouterr().err
    write(tmp_path / "labels.csv", ["sample", "label"], np.column_stack([range(12), LABELS]))
    check(gp.load(tmp_path)[0])
    assert "may number" not in capsys.readouterr().err


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("names", [("1", "01", "2"), ("1", "1e1", "2"), ("1.0", "01", "2.0")])
def test_numbers_written_in_several_ways_stay_classes(tmp_path, names, counted, capsys):
    labels = np.array(names)[np.arange(12) % 3]
    heading = (
        HEADINGS["counted"] if counted else [f"p{'abcdef'[r]}{'abcdef'[c]}" for r, c in PLACES]
    )
    write(tmp_path / "a.csv", ["label", *heading], np.column_stack([labels, ROWS]))
    train, _ = gp.load(tmp_path / "a.csv")
    assert [train.class_names[k] for k in train.labels] == labels.tolist()
    if names[1] == "01" and names[0] == "1":
        assert "'01' and '1' are classes of their own" in capsys.readouterr().err
    write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
    write(tmp_path / "labels.csv", ["label"], labels[:, None])
    (tmp_path / "a.csv").unlink()
    train, _ = gp.load(tmp_path)
    assert [train.class_names[k] for k in train.labels] == labels.tolist()


@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("names", [("1", "01", "2"), ("1", "1e1", "2"), ("4E0", "0", "2")])
def test_numbers_written_in_several_ways_stay_classes_without_headings(tmp_path, names, is_last):
    labels = np.array(names)[np.arange(12) % 3]
    columns = [IMAGES.repeat(2, 1).repeat(2, 2).reshape(12, 144)]
    columns.insert(len(columns) if is_last else 0, labels)
    write(tmp_path / "a.csv", [], np.column_stack(columns))
    train, _ = gp.load(tmp_path / "a.csv")
    assert [train.class_names[k] for k in train.labels] == labels.tolist()


@pytest.mark.parametrize("notes", ["# by hand, 2024\n", "sep=,\n", "\n", "# a, b\n// c\nsep=,\n"])
@pytest.mark.parametrize("heading", [[], ["label", *HEADINGS["counted"]], ["label", "pixels"]])
def test_notes_above_a_table_are_passed_over(tmp_path, notes, heading):
    labels = np.arange(12) % 3
    write(tmp_path / "a.csv", heading, np.column_stack([labels, ROWS]))
    if heading == ["label", "pixels"]:
        rows = [(label, " ".join(map(str, row))) for label, row in zip(labels, ROWS, strict=True)]
        write(tmp_path / "a.csv", heading, rows)
    table = (tmp_path / "a.csv").read_text()
    (tmp_path / "a.csv").write_text(notes + table)
    check(gp.load(tmp_path / "a.csv")[0], labels=map(str, labels))


def test_headings_as_numpy_writes_them_are_headings(tmp_path):
    names = [f"pixel{k}" for k in range(36)][::-1]
    table = np.column_stack([np.arange(12) % 3, ROWS[:, ::-1]])
    np.savetxt(tmp_path / "a.csv", table, "%d", ",", header=",".join(["label", *names]))
    check(gp.load(tmp_path / "a.csv")[0], labels=list("012") * 4)


def test_numbers_written_in_one_way_are_numbers(tmp_path):
    for form in ("{:.18e}", "{}.0", "{:02}"):
        labels = [form.format(k % 3) for k in range(12)]
        write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], np.column_stack([labels, ROWS]))
        assert gp.load(tmp_path / "a.csv")[0].class_names == ("0", "1", "2")


@pytest.mark.parametrize("form", ["heading", "none", "beside", "text"])
@pytest.mark.parametrize("zeros", [True, False])
def test_zeros_that_labels_lose_are_said(tmp_path, capsys, form, zeros):
    labels = np.array([f"{k % 3 + 1:{'02' if zeros else ''}}" for k in range(12)])[:, None]
    if form == "beside":
        write(tmp_path / "images.csv", HEADINGS["counted"], ROWS)
        write(tmp_path / "labels.csv", ["label"], labels)
    elif form == "text":
        rows = [
            f"{label},{' '.join(map(str, row))}" for (label,), row in zip(labels, ROWS, strict=True)
        ]
        (tmp_path / "a.csv").write_text("\n".join(["label,pixels", *rows]))
    else:
        heading = ["label", *HEADINGS["counted"]] if form == "heading" else []
        write(tmp_path / "a.csv", heading, np.column_stack([labels, ROWS]))
    path = tmp_path if form == "beside" else tmp_path / "a.csv"
    assert gp.load(path)[0].class_names == ("1", "2", "3")
    said = "labels with zeros before them, such as '01', were taken for numbers, 1"
    assert (said in capsys.readouterr().err) == zeros


def test_true_and_false_are_said_to_become_numbers(tmp_path, capsys):
    labels = np.array(["True", "False"])[np.arange(12) % 2]
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], np.column_stack([labels, ROWS]))
    assert gp.load(tmp_path / "a.csv")[0].class_names == ("0", "1")
    assert "False and True were taken for 0 and 1" in capsys.readouterr().err


@pytest.mark.parametrize("sign", ["'", '"', "`"])
def test_quotes_around_all_labels_are_no_part_of_them(tmp_path, sign):
    names = ["a", "א ב", "it's"]
    labels = np.array([f"{sign}{name}{sign}" for name in names])[np.arange(12) % 3]
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], np.column_stack([labels, ROWS]))
    train, _ = gp.load(tmp_path / "a.csv")
    assert [train.class_names[label] for label in train.labels[:3]] == names
    labels[0] = sign + "b"
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], np.column_stack([labels, ROWS]))
    assert f"{sign}a{sign}" in gp.load(tmp_path / "a.csv")[0].class_names


def test_quotes_of_an_arff_are_no_part_of_a_name(tmp_path):
    names = np.array(["'alef 1'", "bet", r"'it\'s, \"so\"'"])[np.arange(12) % 3]
    header = ["@relation a", *(f"@attribute pixel{k} integer" for k in range(36))]
    header += ["@attribute class {'alef 1',bet}", "@data"]
    rows = [",".join([*map(str, row), name]) for row, name in zip(ROWS, names, strict=True)]
    (tmp_path / "a.arff").write_text("\n".join([*header, *rows]))
    train, _ = gp.load(tmp_path / "a.arff")
    assert train.class_names == ("alef 1", "bet", 'it\'s, "so"')


@pytest.mark.parametrize("held_out", ["val", "test"])
@pytest.mark.parametrize("is_labelled", [True, False])
def test_a_column_of_parts_counts_beside_a_table_of_its_own(
    tmp_path, held_out, is_labelled, capsys
):
    """As a user marks their validation images in Kaggle's train.csv, which lies beside test.csv."""
    parts = np.array(["train", held_out])[(np.arange(12) >= 9).astype(int)]
    heading = ["label", "split", *HEADINGS["counted"]]
    write(tmp_path / "train.csv", heading, np.column_stack([LABELS, parts, ROWS]))
    others = ROWS[:3] // 2
    others = np.column_stack([LABELS[:3], others]) if is_labelled else others
    write(tmp_path / "test.csv", [*heading[: int(is_labelled)], *heading[2:]], others)
    train, test = gp.load(tmp_path)
    check(train, IMAGES[:9], LABELS[:9])
    said = capsys.readouterr().err
    assert "train.csv: a column says to which part each image belongs" in said
    assert ("no labels and " in said) is not is_labelled
    count = {("val", True): 3, ("test", True): 6}.get((held_out, is_labelled), 3)
    assert len(test) == count
    if not is_labelled:
        check(test, IMAGES[9:], LABELS[9:])


@pytest.mark.parametrize("ending", ["", ".png"])
@pytest.mark.parametrize("is_labelled", [True, False])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_pixels_beside_what_their_files_were_called(tmp_path, capsys, kind, is_labelled, ending):
    """As Bengali.AI's `image_id`."""
    columns = {"image_id": [f"Train_{k}{ending}" for k in range(12)]}
    columns |= {"label": LABELS.tolist()} if is_labelled else {}
    columns |= {str(k): ROWS[:, k].tolist() for k in range(36)} | {
        str(k): [0] * 12 for k in range(36, 64)
    }
    if kind == "csv":
        write(tmp_path / "a.csv", [*columns], zip(*columns.values(), strict=True))
    else:
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    loaded, _ = gp.load(tmp_path / f"a.{kind}")
    assert np.array_equal(loaded.images.reshape(12, 64)[:, :36], ROWS)
    assert (loaded.class_names == tuple(sorted({*LABELS}))) == is_labelled
    assert "not read: image_id" in capsys.readouterr().err


def test_a_column_beside_the_pixels_may_spell_out_the_labels(tmp_path, capsys):
    names = np.array(["ga", "ka", "kha"])[np.arange(12) % 3]
    rows = np.column_stack([np.arange(12) % 3, names, ROWS])
    write(tmp_path / "a.csv", ["label", "class_name", *HEADINGS["counted"]], rows)
    train, _ = gp.load(tmp_path / "a.csv")
    assert [train.class_names[label] for label in train.labels] == names.tolist()
    assert "the column 'class_name' has the names of the labels" in capsys.readouterr().err


@pytest.mark.parametrize("floats", [False, True])
def test_long_rows_are_rows_of_pixels(tmp_path, floats):
    """Two of them are longer than what is looked at first, and none has a picture's name."""
    pixels = np.random.default_rng(0).integers(1, 255, (3, 256 * 256))
    pixels[:, :256] = 0
    cells = pixels / 255 if floats else pixels
    rows = [[label, *row] for label, row in zip("012", cells.tolist(), strict=True)]
    write(tmp_path / "a.csv", ["label", *(f"pixel{k}" for k in range(256 * 256))], rows)
    train, _ = gp.load(tmp_path / "a.csv", invert="no")
    assert np.array_equal(train.images.reshape(3, -1), pixels)


def test_one_row_may_end_without_a_line(tmp_path):
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], [[3, *ROWS[0]]])
    text = (tmp_path / "a.csv").read_text().rstrip("\n")
    (tmp_path / "a.csv").write_text(text)
    assert gp.load(tmp_path / "a.csv")[0].class_names == ("3",)


def test_writers_beside_pixels_may_be_unknown(tmp_path):
    rows = np.column_stack([LABELS, [5, "", 10] * 4, ROWS])
    write(tmp_path / "a.csv", ["label", "writer", *HEADINGS["counted"]], rows)
    assert gp.load(tmp_path / "a.csv")[0].writers.tolist() == [5, -1, 10] * 4
    rows = np.column_stack([["", *range(11)], ROWS])
    write(tmp_path / "a.csv", ["label", *HEADINGS["counted"]], rows)
    with pytest.raises(gp.GanprofileError, match="lacks a value in the column 'label', the first"):
        gp.load(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "names", [HEADINGS["counted"], [f"{a}{b}" for a in "abcdef" for b in "uvwxyz"], None]
)
@pytest.mark.parametrize(
    "labels",
    [
        ("12:30", "12:31", "9:05"),
        ("2020-01-03", "2020-01-04", "2020-01-05"),
        ("2020-01-03 10:00",) * 2 + ("2021-01-03 10:00",),
    ],
)
def test_labels_that_look_like_times_stay_as_they_are_written(tmp_path, labels, names):
    labels = [labels[k % 3] for k in range(12)]
    rows = [[label, *row] for label, row in zip(labels, ROWS, strict=True)]
    write(tmp_path / "a.csv", names and ["label", *names], rows)
    check(gp.load(tmp_path / "a.csv")[0], labels=labels)


ARFF = {
    "comments behind @data": ("{}", "% by hand\n\n{}"),
    "comments between rows": ("{}", "{}\n  % the end"),
    "names in double quotes": ('"pixel {}"', "{}"),
    "names with commas": ("'pixel, {}'", "{}"),
}


@pytest.mark.parametrize(("name", "data"), ARFF.values(), ids=ARFF)
def test_comments_and_quoted_names_of_an_arff(tmp_path, name, data):
    header = ["@relation x", *(f"@attribute {name.format(k)} real" for k in range(36))]
    header += ["@attribute class {a,b,c}", "@data"]
    labels = list("abc" * 4)
    rows = [",".join(map(str, [*row, label])) for label, row in zip(labels, ROWS, strict=True)]
    rows = [rows[0], "% mid", *rows[1:]] if "end" in data else rows
    text = "\n".join([*header, data.format("\n".join(rows))])
    (tmp_path / "a.arff").write_text(text)
    check(gp.load(tmp_path / "a.arff")[0], labels=labels)


@pytest.mark.parametrize("heading", [None, ["nr", *HEADINGS["counted"]]])
@pytest.mark.parametrize("first", [0, 1])
def test_a_first_column_that_counts_is_no_label_beside_a_table_of_labels(
    tmp_path, first, heading, capsys
):
    rows = [[k, *row] for k, row in enumerate(ROWS, first)]
    write(tmp_path / "train.csv", heading, rows)
    order = RANDOM.permutation(12)
    for given in ([[LABELS[k]] for k in range(12)], [[k + first, LABELS[k]] for k in order]):
        write(tmp_path / "train_labels.csv", None, given)
        check(gp.load(tmp_path)[0])
        said = capsys.readouterr().err
        assert "train.csv: the first column counts the rows and is left out" in said
    (tmp_path / "train_labels.csv").unlink()
    assert gp.load(tmp_path)[0].class_counts().max() == 1, "else it may have the labels"


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    ("train", "test", "names"),
    [
        (("01", "02", "A1"), ("01", "02", "01"), ("01", "02", "A1")),
        (("0905", "0906", "090A"), ("0905", "0906", "0905"), ("0905", "0906", "090A")),
        (("1.0", "2.0", "A"), ("1.0", "2.0", "1.0"), ("1.0", "2.0", "A")),
        (("01", "02", "03"), ("01", "02", "01"), ("1", "2", "3")),
    ],
)
def test_labels_of_both_tables_are_text_or_numbers_together(
    tmp_path, train, test, names, beside, capsys
):
    for part, labels in (("train", train), ("test", test)):
        labels = np.array(labels)[np.arange(12) % 3]
        if beside:
            write(tmp_path / f"x_{part}.csv", HEADINGS["counted"], ROWS)
            write(tmp_path / f"y_{part}.csv", ["label"], labels[:, None])
        else:
            rows = np.column_stack([labels, ROWS])
            write(tmp_path / f"{part}.csv", ["label", *HEADINGS["counted"]], rows)
    found, held = gp.load(tmp_path, allow_overlap=True)
    assert found.class_names == names
    check(found, labels=np.array(names)[np.arange(12) % 3])
    as_trained = dict(zip(train, names, strict=True))
    check(held, labels=[as_trained[test[k % 3]] for k in range(12)])
    err = capsys.readouterr().err
    assert ("numbers are names" in err) == (names[-1] != "3")
    assert ("labels with zeros before them" in err) == (names[-1] == "3")


def test_a_column_that_spells_out_labels_is_so_for_both_tables(tmp_path, capsys):
    """Also where names are digits, which would pass for other labels."""
    numbers = np.arange(12) % 3
    rows = np.column_stack([numbers, 9 - numbers, ROWS])
    write(tmp_path / "train.csv", ["label", "class_name", *HEADINGS["counted"]], rows)
    write(tmp_path / "test.csv", ["label", *HEADINGS["counted"]], np.column_stack([numbers, ROWS]))
    for part in gp.load(tmp_path, allow_overlap=True):
        check(part, labels=[str(9 - number) for number in numbers])
    assert "test.csv: labels are called as" in capsys.readouterr().err


@pytest.mark.parametrize("test_has", [["label"], ["class_name"], ["label", "class_name"]])
@pytest.mark.parametrize("names", [("7", "8", "9"), ("01", "02", "A1"), ("A1", "02", "01")])
def test_names_of_digits_beside_labels_are_the_same_names_in_both_tables(tmp_path, test_has, names):
    """Be it that names of one table alone would pass for numbers, or for those of the labels."""
    numbers = np.arange(12) % 3
    for part, has, own in (
        ("train", ["label", "class_name"], numbers),
        ("test", test_has, numbers % 2 + (names[0] == "A1")),
    ):
        columns = {"label": own, "class_name": np.array(names)[own]}
        rows = np.column_stack([*(columns[name] for name in has), ROWS])
        write(tmp_path / f"{part}.csv", [*has, *HEADINGS["counted"]], rows)
    train, test = gp.load(tmp_path, allow_overlap=True)
    assert train.class_names == tuple(sorted(names))
    check(train, labels=np.array(names)[numbers])
    check(test, labels=np.array(names)[own])


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("alone", ["train", "test"])
@pytest.mark.parametrize("name", ["class_id", "class_name"])
def test_labels_of_a_column_that_the_other_table_has_beside_its_own_are_refused(
    tmp_path, beside, alone, name
):
    """Unless both columns say the same."""
    numbers = np.arange(12) % 3
    other = numbers + 5 if name == "class_id" else np.array(["5", "6", "+"])[numbers]

    def load(**both):
        for part in ("train", "test"):
            columns = {name: both[name]} if part == alone else both
            if beside:
                write(tmp_path / f"x_{part}.csv", HEADINGS["counted"], ROWS)
                write(tmp_path / f"y_{part}.csv", [*columns], np.column_stack([*columns.values()]))
            else:
                rows = np.column_stack([*columns.values(), ROWS])
                write(tmp_path / f"{part}.csv", [*columns, *HEADINGS["counted"]], rows)
        return gp.load(tmp_path, allow_overlap=True)

    assert load(**{"label": other, name: other})
    if beside or name == "class_id":
        which = f"y_{alone}" if beside else alone
        message = f"{which}.csv has its labels in the column '{name}', but .* in 'label'"
        with pytest.raises(gp.GanprofileError, match=message):
            load(**{"label": numbers, name: other})
    else:
        assert load(**{"label": numbers, name: other})[0].class_names == ("+", "5", "6")
