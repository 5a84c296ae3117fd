"""Names in either of Unicode's forms are one name, wherever they are told or compared."""

import unicodedata
import zipfile

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.augmentation.plan import CountRequest
from ganprofile.errors import UsageError
from ganprofile.evaluation.reference import read_reference
from ganprofile.evaluation.sources import read_synthetic
from ganprofile.gan.conditions import index_of

NAMES = ("e", "é", "ö", "が", "가")
FORMS = ("NFC", "NFD")
composed, decomposed = (
    tuple(unicodedata.normalize(form, name) for name in NAMES) for form in FORMS
)


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


def write_picture(path, number):
    path.parent.mkdir(parents=True, exist_ok=True)
    ink = np.zeros((8, 8), np.uint8)
    ink[2:6, 2:6] = 150 + number
    Image.fromarray(ink).save(path)


@pytest.fixture
def folder(tmp_path):
    """Writes a folder of class folders whose names have a form; returns it."""

    def write(form, *place):
        root = tmp_path / "-".join(place or (form,))
        for number, name in enumerate(NAMES):
            spelled = unicodedata.normalize(form, name)
            for part in place or ("",):
                shift = len(NAMES) * (part == "test")
                write_picture(root / part / spelled / f"{spelled}.png", number + shift)
        return root

    return write


def test_both_forms_of_folders_are_the_same_set(folder):
    sets = [gp.load(folder(form))[0] for form in FORMS]
    assert sets[0].class_names == sets[1].class_names == tuple(sorted(composed))
    assert sets[0].fingerprint == sets[1].fingerprint
    assert sets[1].attributes["file"].tolist() != sets[0].attributes["file"].tolist()  # as on disk


@pytest.mark.parametrize("form", FORMS)
def test_a_test_part_may_have_the_other_form(tmp_path, folder, form):
    other = FORMS[form == "NFC"]
    root = folder(form)
    root.rename(tmp_path / "train")
    folder(other).rename(tmp_path / "test")
    both = tmp_path / "both"
    both.mkdir()
    for part in ("train", "test"):
        (tmp_path / part).rename(both / part)
    train_set, test_set = gp.load(both, allow_overlap=True)
    assert train_set.class_names == test_set.class_names
    assert np.array_equal(train_set.labels, test_set.labels)


def test_folders_that_are_one_class_are_put_together_and_said(tmp_path, capsys):
    for number, name in enumerate((composed[1], decomposed[1], "z")):
        write_picture(tmp_path / "set" / name / "0.png", number)
    dataset, _ = gp.load(tmp_path / "set")
    assert dataset.class_names == ("z", "é") and dataset.class_counts().tolist() == [1, 2]
    said = r"the folders 'e\u0301' and '\xe9' are one class, é"
    assert said in capsys.readouterr().err
    report = gp.import_dataset(tmp_path / "set", "mine")
    assert any(said in warning for warning in report["warnings"])
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for file in (tmp_path / "set").rglob("*.png"):
            archive.write(file, file.relative_to(tmp_path))
    report = gp.import_dataset(tmp_path / "set.zip", "packed")
    assert any(str(tmp_path / "set.zip") in w and said in w for w in report["warnings"])


@pytest.mark.parametrize("form", FORMS)
def test_a_table_may_mix_the_forms_of_labels_writers_and_files(tmp_path, capsys, form):
    rows = ["file,label,writer,Größe"]
    for number in range(4):
        write_picture(tmp_path / f"{composed[1]}{number}.png", number)
        spelled = unicodedata.normalize(FORMS[number % 2], "é")
        name = f"{unicodedata.normalize(form, 'é')}{number}.png"
        rows.append(f"{name},{spelled if number < 3 else 'x'},{spelled},{spelled}")
    (tmp_path / "labels.csv").write_text("\n".join(rows), "utf-8")
    dataset, _ = gp.load(tmp_path)
    assert dataset.class_names == ("x", "é") and dataset.class_counts().tolist() == [1, 3]
    assert set(dataset.writers) == {0} and set(dataset.attributes["größe"]) == {"é"}
    said = capsys.readouterr().err
    assert r"labels.csv: the labels '\xe9' and 'e\u0301' are one class, é" in said
    assert "were found with other capitals" not in said


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_named_in_either_form(tmp_path, form):
    for label in "ab":
        write_picture(tmp_path / "set" / label / "0.png", ord(label))
    table = tmp_path / "set" / unicodedata.normalize(form, "étiquettes.csv")
    table.write_text("file,label\na/0.png,x\nb/0.png,y")
    (tmp_path / "set" / "other.csv").write_text("file,label\na/0.png,v\nb/0.png,w")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for file in (tmp_path / "set").rglob("*.*"):
            archive.write(file, file.relative_to(tmp_path))
    for spelled in (unicodedata.normalize(form, "étiquettes.csv") for form in FORMS):
        for name in ("set", "set.zip"):
            assert gp.load(tmp_path / name, labels=spelled)[0].class_names == ("x", "y")
        train_set, test_set = gp.load_for_training(
            tmp_path / "set", test=tmp_path / "set", labels=spelled
        )
        assert train_set.class_names == test_set.class_names == ("x", "y")


def test_labels_of_arrays_in_both_forms_are_one_class(tmp_path, capsys):
    images = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8)
    labels = np.array([composed[1], "z", decomposed[1]])
    np.savez(tmp_path / "set.npz", images=images, labels=labels)
    for given in (tmp_path / "set.npz", (images, labels)):
        dataset, _ = gp.load(given)
        assert dataset.class_names == ("z", "é") and dataset.labels.tolist() == [1, 0, 1]
        assert "are one class, é, spelled in two of Unicode's forms" in capsys.readouterr().err
    named = {"images": images, "labels": labels}
    np.savez(tmp_path / "named.npz", **named, class_names=[decomposed[1], "z"])
    assert gp.load(tmp_path / "named.npz")[0].labels.tolist() == [0, 1, 0]
    np.savez(tmp_path / "both.npz", **named, class_names=[decomposed[1], composed[1], "z"])
    with pytest.raises(UsageError, match="not in Unicode's forms alone"):
        gp.load(tmp_path / "both.npz")


def test_names_in_arrays_and_arguments_are_composed(tmp_path):
    images, labels = np.zeros((10, 8, 8, 1), np.uint8), np.arange(10) % 5
    images[:, 3:5, 3:5] = np.arange(10)[:, None, None, None] + 200
    np.savez(tmp_path / "set.npz", images=images, labels=labels, class_names=decomposed)
    dataset, _ = gp.load(tmp_path / "set.npz")
    assert dataset.class_names == composed
    for name in (composed[3], decomposed[3]):
        assert dataset.of_classes([name]).class_names == (composed[3],)
        assert dataset.of_classes(name).class_names == (composed[3],)
        assert index_of({"label": list(decomposed)}, "label", name, "a model") == 3
        assert CountRequest.of(per_class=3, only=name).only == (composed[3],)
        reference = read_reference(dataset, [name])
        drawn = read_synthetic(dataset, reference, images=10, classes=[name])
        assert len(drawn.dataset) == 2 and drawn.dataset.class_names == (composed[3],)
    train_set, _ = gp.load_for_training(tmp_path / "set.npz", classes=[decomposed[1]])
    assert train_set.class_names == (composed[1],)
    dataset.save(tmp_path / "written", "imagefolder")
    assert gp.load(tmp_path / "written")[0].fingerprint == dataset.fingerprint
    with pytest.raises(UsageError, match="not in Unicode's forms alone"):
        gp.Dataset(images, labels, ("a", "b", composed[1], decomposed[1], "c"))


def test_a_set_that_was_written_with_other_names_is_read(tmp_path):
    images, labels = np.zeros((5, 8, 8, 1), np.uint8), np.arange(5)
    for format in ("npz", "imagefolder", "tfrecord"):
        with pytest.MonkeyPatch.context() as patch:  # as older versions wrote them
            patch.setattr("ganprofile.datasets.formats.set_writer.composed", str)
            dataset = gp.Dataset(images, labels, decomposed)
            object.__setattr__(dataset, "class_names", decomposed)
            dataset.save(tmp_path / format, format)
        read, _ = gp.load(tmp_path / format)
        assert read.class_names == composed and np.array_equal(read.labels, labels)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("A", "\uff21"), ("a", "a "), ("b", "b\u200b"), ("fi", "\ufb01"), ("a b", "a\u00a0b")],
        *[("\u06a9", "\u0643"), ("\u06cc", "\u064a"), ("A", "\u0391"), ("c", "\u0441")],
    ],
)
def test_names_that_merely_look_alike_stay_apart_and_are_said(tmp_path, one, other):
    for number, name in enumerate((one, other, "something else")):
        write_picture(tmp_path / "set" / name / "0.png", number)
    report = gp.import_dataset(tmp_path / "set", "mine")
    assert report["classes"] == 3
    (warning,) = (line for line in report["warnings"] if "look alike" in line)
    assert ascii(one) in warning and ascii(other) in warning and "else" not in warning


def test_folders_are_named_in_a_table(tmp_path):
    """Also where nothing else of the set is left than its folders."""
    images = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), dtype=np.uint8)
    images[:, [0, -1]] = images[:, :, [0, -1]] = 0
    names = ("ب", "a/b", "A", "a", "con", "क.")
    dataset = gp.Dataset(images, np.arange(12) % 6, names)
    folder = dataset.save(tmp_path / "set", "imagefolder")
    rows = (folder / "classes.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "folder,label,class_name" and rows[1].endswith(",0,ب")
    assert len(rows) == 7 and gp.load(folder)[0].class_names == names
    for path in folder.iterdir():
        if path.is_file() and path.name != "classes.csv":
            path.unlink()
    train, _ = gp.load(folder)
    assert train.class_names == names, "in the order of the folders, which is that of the classes"
    assert sorted(train.image_hashes) == sorted(dataset.image_hashes)
