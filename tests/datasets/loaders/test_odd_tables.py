"""Files in which a row is like something else, or in which nothing is."""

import base64
import gzip
import os
import struct

import numpy as np
import pytest
import scipy.io
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.pixel_headings import count_columns
from ganprofile.images import encode_png

IMAGES = np.random.default_rng(0).integers(1, 255, (30, 8, 8), np.uint8)
IMAGES[:, :2] = 0


def written(path, labels, between=",", row="{label}{between}{pixels}\n", above=""):
    """A table of `IMAGES` without headings."""
    rows = (between.join(map(str, image.ravel())) for image in IMAGES)
    lines = (
        row.format(label=label, between=between, pixels=pixels)
        for label, pixels in zip(labels, rows, strict=False)
    )
    path.write_text(above + "".join(lines), encoding="utf-8")
    return path


def counted(dataset):
    return dict(zip(dataset.class_names, dataset.class_counts().tolist(), strict=True))


@pytest.mark.parametrize("mark", ["#", "%", "//"])
@pytest.mark.parametrize("between", [",", "\t"])
def test_rows_of_a_class_that_is_called_like_a_comment_are_read(mark, between, tmp_path):
    labels = [mark] * 10 + ["a"] * 10 + ["b"] * 10
    dataset, _ = gp.load(written(tmp_path / "signs.csv", labels, between))
    assert counted(dataset) == {mark: 10, "a": 10, "b": 10}
    by_turns, _ = gp.load(written(tmp_path / "turns.csv", [mark, "a"] * 15, between))
    assert counted(by_turns) == {mark: 15, "a": 15}
    assert np.array_equal(by_turns.images[..., 0], IMAGES)


def test_such_rows_are_read_where_a_cell_has_all_pixels(tmp_path):
    row = '{label}, "{pixels}"\n'
    path = written(tmp_path / "signs.csv", ["#"] * 10 + ["a"] * 20, " ", row)
    assert counted(gp.load(path)[0]) == {"#": 10, "a": 20}


def test_comments_above_numbers_are_passed_over(tmp_path):
    above = "# made by hand, 2024\n# 8, 8\n"
    dataset, _ = gp.load(written(tmp_path / "signs.csv", ["a", "b"] * 15, above=above))
    assert counted(dataset) == {"a": 15, "b": 15}


def test_labels_of_their_own_may_be_marks(tmp_path):
    written(tmp_path / "images.csv", range(30), row="{pixels}\n")
    labels = ["#"] * 10 + ["%"] * 10 + ["+"] * 10
    (tmp_path / "labels.csv").write_text("\n".join(labels) + "\n")
    assert counted(gp.load(tmp_path)[0]) == {"#": 10, "%": 10, "+": 10}


@pytest.mark.parametrize("names", ["1234567890", "abcde"])
def test_a_label_too_many_is_no_heading(names, tmp_path):
    written(tmp_path / "images.csv", range(30), row="{pixels}\n")
    labels = [names[k % len(names)] for k in range(31)]
    (tmp_path / "labels.csv").write_text("\n".join(labels) + "\n")
    with pytest.raises(gp.UsageError, match="label for each of 30 images .* Received: 31"):
        gp.load(tmp_path)


def test_a_number_of_columns_above_labels_is_said_to_be_taken_for_a_heading(tmp_path, capsys):
    """As pandas writes one without a name, which may as well be a label."""
    written(tmp_path / "images.csv", range(30), row="{pixels}\n")
    (tmp_path / "labels.csv").write_text("".join(f"{k % 10}\n" for k in range(31)))
    assert gp.load(tmp_path)[0].labels.tolist() == [(k + 1) % 10 for k in range(30)]
    assert "the first line, '0', was taken for a heading" in capsys.readouterr().err


@pytest.mark.parametrize("heading", ["label", "0"])
def test_a_heading_above_labels_is_one(heading, tmp_path):
    written(tmp_path / "images.csv", range(30), row="{pixels}\n")
    labels = [heading, *(str(5 + k % 3) for k in range(30))]
    (tmp_path / "labels.csv").write_text("\n".join(labels) + "\n")
    assert counted(gp.load(tmp_path)[0]) == {"5": 10, "6": 10, "7": 10}


def test_numbers_that_differ_are_a_row(tmp_path):
    random = np.random.default_rng(1)
    drawn = 1 / (1 + np.exp(-random.normal(-3, 2, (60, 64))))
    drawn[1:, 40:44] = 0
    rows = np.hstack([(np.arange(60) % 10)[:, np.newaxis], drawn])
    np.savetxt(tmp_path / "drawn.csv", rows, fmt=["%d", *["%.18e"] * 64], delimiter=",")
    dataset, _ = gp.load(tmp_path / "drawn.csv")
    assert len(dataset) == 60 and dataset.labels.tolist() == [k % 10 for k in range(60)]
    assert np.array_equal(dataset.images.reshape(60, -1), np.rint(255 * drawn).astype(np.uint8))


@pytest.mark.parametrize(
    ("numbers", "do_count"),
    [
        ([*range(65)], True),
        ([*range(1, 65)], True),
        ([5, 3, 4, 6], True),
        ([0, 2, 3, 7], True),
        ([0, 7, 3, 2], False),
        (["0", "0.1", "0.2"], True),
        (["5", "0", "0.1", "18", "18.1"], True),
        (["0", "0.1", "0.25"], False),
        (["0.5", "0.1", "0.2"], False),
        (["1e0", "2e0"], False),
    ],
)
def test_numbers_that_count_are_headings(numbers, do_count):
    assert count_columns(list(map(str, numbers))) == do_count


def test_pictures_that_are_called_like_comments_are_read(tmp_path):
    rows = []
    for k in range(12):
        name = f"{'#' if k < 6 else 'a'}{k}.png"
        Image.fromarray(IMAGES[k]).save(tmp_path / name)
        rows.append(f"{name},{'xyz'[k // 4]}\n")
    (tmp_path / "labels.csv").write_text("".join(rows))
    assert counted(gp.load(tmp_path / "labels.csv")[0]) == {"x": 4, "y": 4, "z": 4}


@pytest.mark.parametrize("content", ["[]", "{}", '{"classes": []}'])
def test_names_of_classes_that_are_none_are_refused(content, tmp_path):
    for label in "012":
        (tmp_path / label).mkdir()
        Image.fromarray(IMAGES[0]).save(tmp_path / label / "a.png")
    (tmp_path / "class_names.json").write_text(content)
    with pytest.raises(gp.GanprofileError, match=r"class_names\.json .* it is empty"):
        gp.load(tmp_path)


def test_a_mark_may_be_the_name_of_a_number(tmp_path):
    for label in "012":
        (tmp_path / label).mkdir()
        Image.fromarray(IMAGES[int(label)]).save(tmp_path / label / "a.png")
    (tmp_path / "class_names.txt").write_text("# made by hand\n# 0\n% 1\n+ 2\n")
    assert gp.load(tmp_path)[0].class_names == ("#", "%", "+")


def cells(*images):
    column = np.empty(len(images), object)
    column[:] = images
    return {"images": column, "labels": np.arange(len(images))[:, np.newaxis] % 2}


@pytest.mark.parametrize(
    ("odd", "said"),
    [(np.full((9, 9), np.nan), "pixels that are NaN or infinite"), (np.zeros((0, 0)), "no pixels")],
)
def test_cells_of_matlab_that_are_no_image_are_named(odd, said, tmp_path):
    images = [IMAGES[0], IMAGES[1, 1:], odd, IMAGES[2]]
    scipy.io.savemat(tmp_path / "signs.mat", cells(*(one.astype(float) for one in images)))
    with pytest.raises(gp.UsageError, match=f"image 3 of the train part has {said}"):
        gp.load(tmp_path / "signs.mat", image_size=28)


def test_empty_arrays_of_matlab_are_not_read(tmp_path, capsys):
    labels = np.arange(30)[:, np.newaxis] % 3
    arrays = {"images": IMAGES.reshape(30, -1), "labels": labels, "notes": np.zeros((0, 0))}
    scipy.io.savemat(tmp_path / "signs.mat", arrays)
    assert len(gp.load(tmp_path / "signs.mat")[0]) == 30
    assert "the arrays notes are not read" in capsys.readouterr().err


def test_what_hdf5_refers_to_and_leaves_empty_is_not_read(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "signs.h5", "w") as file:
        file["images"], file["labels"] = IMAGES, np.arange(30) % 3
        file["empty"], file["same"] = np.zeros((5, 0)), file["images"].ref
    assert len(gp.load(tmp_path / "signs.h5")[0]) == 30


def test_a_compressed_table_that_was_cut_is_damaged(tmp_path):
    path = written(tmp_path / "signs.csv", [0, 1] * 15)
    content = gzip.compress(path.read_bytes() * 200)
    (tmp_path / "cut.csv.gz").write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(gp.GanprofileError, match=r"cut\.csv\.gz is damaged or incomplete"):
        gp.load(tmp_path / "cut.csv.gz")
    broken = bytearray(content)
    broken[30] ^= 255
    (tmp_path / "broken.csv.gz").write_bytes(broken)
    with pytest.raises(gp.GanprofileError, match=r"broken\.csv\.gz"):
        gp.load(tmp_path / "broken.csv.gz")


def test_rows_of_something_else_are_not_unpacked(tmp_path):
    (tmp_path / "words.svm").write_text("1 999999999:1\n2 1:3\n")
    with pytest.raises(gp.GanprofileError, match="a sparse matrix of more than"):
        gp.load(tmp_path / "words.svm")


def test_pictures_in_base64_may_stand_in_fields(tmp_path):
    pandas = pytest.importorskip("pandas")
    picture = base64.b64encode(encode_png(IMAGES[0][..., np.newaxis])).decode()
    rows = {"image": [{"bytes": picture, "path": "x"}] * 4, "label": [0, 1, 0, 1]}
    pandas.DataFrame(rows).to_parquet(tmp_path / "signs.parquet")
    assert np.array_equal(gp.load(tmp_path / "signs.parquet")[0].images[3, ..., 0], IMAGES[0])


@pytest.mark.parametrize(
    "labels", [struct.pack(">HBBI", 0, 8, 1, 0), struct.pack(">HBBx", 0, 8, 0)]
)
def test_official_files_of_nothing_are_refused(labels, tmp_path):
    count = 0 if len(labels) == 8 else 2
    images = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28) + bytes(count * 784)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(images)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(labels)
    with pytest.raises(gp.GanprofileError, match="should hold images and a label for each"):
        gp.load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_no_table(tmp_path):
    for label in "ab":
        (tmp_path / label).mkdir()
        Image.fromarray(IMAGES[0]).save(tmp_path / label / "a.png")
    os.mkfifo(tmp_path / "x.parquet")
    assert gp.load(tmp_path)[0].class_names == ("a", "b")


def test_an_empty_file_of_a_writer_is_named(tmp_path):
    record = struct.pack("<I2sHH", 10 + 64, "啊".encode("gb18030"), 8, 8) + IMAGES[0].tobytes()
    (tmp_path / "1001-f.gnt").write_bytes(record)
    (tmp_path / "1002-f.gnt").write_bytes(b"")
    with pytest.raises(gp.GanprofileError, match=r"1002-f\.gnt is empty"):
        gp.load(tmp_path, image_size=28)


def test_labels_of_several_lengths_are_refused():
    with pytest.raises(gp.UsageError, match="should be one array of numbers or names"):
        gp.load((IMAGES[:3], [[1], [2, 3], [3]]))


def test_attributes_are_a_dict():
    with pytest.raises(gp.UsageError, match="`attributes` of arrays should be a dict"):
        gp.Dataset.from_arrays(IMAGES[:3], [0, 1, 2], attributes=[1])
