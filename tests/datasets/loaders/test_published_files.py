"""Files with the endings and headers of published sets, and those that are not read."""

import gzip

import numpy as np
import pytest
import scipy.io
from scipy.io import arff

import ganprofile as gp

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
IMAGES[0, 1, 1] = 255
ROWS = IMAGES.reshape(12, 64)
LABELS = np.arange(12) % 3


def check(loaded, images=IMAGES, labels=LABELS):
    assert np.array_equal(loaded.images[..., 0], images)
    assert [loaded.class_names[k] for k in loaded.labels] == [str(label) for label in labels]


def write(path, rows, form="%d", separator=","):
    opened = gzip.open(path, "wt") if path.suffix == ".gz" else path.open("w")
    with opened as file:
        np.savetxt(file, rows, form, separator)


def test_the_x_of_a_size_in_a_name_is_no_role(tmp_path):
    """As in the names of AHDD's files."""
    for part, count in (("Train", "60k"), ("Test", "10k")):
        write(tmp_path / f"csv{part}Images {count} x 64.csv", ROWS)
        write(tmp_path / f"csv{part}Label {count} x 1.csv", LABELS[:, None])
    train, test = gp.load(tmp_path, allow_overlap=True)
    check(train)
    check(test)


def test_semeion(tmp_path):
    ink = (ROWS > 127).astype(float)
    content = np.column_stack([ink, np.eye(3)[LABELS]])
    write(tmp_path / "semeion.data", content, "%.4f", " ")
    check(gp.load(tmp_path / "semeion.data")[0], (IMAGES > 127) * 255)


def test_optical_digits_of_uci(tmp_path):
    coarse = ROWS // 17
    write(tmp_path / "optdigits.tra", np.column_stack([coarse, LABELS]))
    write(tmp_path / "optdigits.tes", np.column_stack([coarse[::-1], LABELS]))
    (tmp_path / "optdigits.names").write_text("1. Title of Database\n")
    train, test = gp.load(tmp_path, allow_overlap=True)
    check(train, np.rint(coarse / 15 * 255).reshape(-1, 8, 8))
    assert len(test) == 12


def test_usps_as_its_textbook_has_it(tmp_path):
    for part, step in (("train", 1), ("test", -1)):
        content = np.column_stack([LABELS, ROWS[::step] / 127.5 - 1])
        write(tmp_path / f"zip.{part}.gz", content, "%.4f", " ")
    train, test = gp.load(tmp_path, allow_overlap=True)
    check(train)
    check(test, IMAGES[::-1])


def test_tables_of_openml(tmp_path):
    lines = ["% MNIST\n@RELATION 'mnist 784'\n"]
    lines += [f"@ATTRIBUTE pixel{k + 1} real" for k in range(64)]
    lines += ["@attribute 'class' {0,1,2}\n", "@DATA"]
    lines += [",".join(map(str, [*row, label])) for row, label in zip(ROWS, LABELS, strict=True)]
    (tmp_path / "mnist.arff").write_text("\n".join(lines) + "\n")
    assert len(arff.loadarff(tmp_path / "mnist.arff")[0]) == 12, "others read it, too"
    check(gp.load(tmp_path / "mnist.arff")[0])


def test_the_mapping_in_files_of_emnist(tmp_path, capsys):
    part = {"images": ROWS, "labels": LABELS[:, None] + 1}
    mapping = np.array([[1, 65, 97], [2, 66, 98], [3, 67, 99]])
    content = {"train": part, "test": part, "mapping": mapping}
    scipy.io.savemat(tmp_path / "letters.mat", {"dataset": content})
    train, test = gp.load(tmp_path / "letters.mat", allow_overlap=True)
    check(train, labels=[*"ABCABCABCABC"])
    assert test.class_names == ("A", "B", "C")
    assert "dataset mapping was taken for the names of the classes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mnist.pkl.gz", "is a pickle, which may run any program"),
        ("scans.rar", "is an archive that is not read here: unpack it"),
        ("labels.xlsx", "is a spreadsheet: save it as CSV"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(tmp_path, name, sentence):
    (tmp_path / name).write_bytes(b"\0\1\2")
    for given in (tmp_path / name, tmp_path):
        with pytest.raises(gp.UsageError, match=f"{name} {sentence}"):
            gp.load(given)


def test_pictures_written_into_a_table_as_text_are_named(tmp_path):
    rows = "".join(f"{'iVBORw0KGgo' * 40},{label}\n" for label in LABELS)
    (tmp_path / "a.csv").write_text("image,label\n" + rows)
    for load in (gp.load, lambda path: gp.import_dataset(path, "x", dry_run=True)):
        with pytest.raises(gp.GanprofileError, match="row 1 has 'iVBOR.* longer than the name of"):
            load(tmp_path / "a.csv")


def test_unlabelled_pictures_are_told_what_to_do(tmp_path):
    from PIL import Image

    for k, image in enumerate(IMAGES):
        Image.fromarray(image).save(tmp_path / f"{k}.png")
    with pytest.raises(gp.UsageError, match="has no labels; .* into a folder for each class, or"):
        gp.import_dataset(tmp_path, "x", dry_run=True)
