import functools
import os
import pickle
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import DATASETS, dataset_info, list_datasets
from ganprofile.datasets.sources import prepared, published
from ganprofile.errors import GanprofileError
from ganprofile.images import read_png
from tests.conftest import run_command


def test_every_dataset_has_a_card():
    cards = [card for card in list_datasets() if "on_machine" in card]
    for card in cards:
        for key in ("name", "title", "source", "licence", "images", "classes", "polarity"):
            assert card[key], (card["name"], key)
    assert [card["name"] for card in cards] == list(DATASETS)


@pytest.mark.slow
def test_a_picture_comes_with_the_card(tmp_path):
    card = dataset_info("characters", grid=True, histogram=True, output=tmp_path / "new")
    grid, histogram = card["pictures"]
    assert read_png(grid).shape[1] > 28 * 12 and read_png(histogram).shape[1] > 600
    with pytest.raises(gp.UsageError, match="exists already"):
        dataset_info("characters", grid=True, output=tmp_path / "new")
    assert dataset_info("digits", histogram=True, output=tmp_path)["pictures"] == [
        str(tmp_path / "digits-histogram.png")
    ]


def test_the_card_of_files_goes_by_how_they_are_read(tmp_path, digits, capsys):
    """It has one advice with what is said, and the right one."""
    few = digits[0].subset(8)
    lying = np.rot90(few.images[..., 0], -1, axes=(1, 2))
    np.savez_compressed(tmp_path / "lie.npz", images=lying, labels=few.labels)
    (warning,) = dataset_info(tmp_path / "lie.npz", rotate=90)["warnings"]
    assert "say `rotate=270` in place of `rotate=90`" in warning
    assert f"{warning}\n" in capsys.readouterr().err
    assert dataset_info(tmp_path / "lie.npz", rotate=270)["warnings"] == []
    np.savez_compressed(tmp_path / "light.npz", images=few.images, labels=few.labels)
    (warning,) = dataset_info(tmp_path / "light.npz", invert="yes")["warnings"]
    assert warning.endswith('`invert="no"`')


def test_npz_files_are_datasets(tmp_path, some_images):
    images, labels = some_images
    np.savez_compressed(tmp_path / "mine.npz", images=images[..., 0], labels=labels)
    mine, _ = gp.load(tmp_path / "mine.npz")
    assert np.array_equal(mine.images, images) and mine.class_names == ("0", "1", "2")
    assert mine.name == "mine"


def write(path, **arrays):
    np.savez(path, **arrays)


WRONG_FILES = {
    "empty": (lambda path: path.write_bytes(b""), "cannot be read"),
    "noise": (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 99), "cannot be read"),
    "damaged": (
        lambda path: (
            np.savez_compressed(path, images=np.arange(9000, dtype=np.uint8).reshape(90, 10, 10)),
            path.write_bytes(path.read_bytes()[:120] + bytes(60) + path.read_bytes()[180:]),
        ),
        "cannot be read",
    ),
    "pickle": (lambda path: path.write_bytes(pickle.dumps({"a": 1})), "cannot be read"),
    "object": (
        lambda path: write(path, images=np.array([{}, None], dtype=object)),
        "cannot be read.*Object arrays",
    ),
    "npy": (lambda path: np.save(path.open("wb"), np.zeros(3)), "cannot be read"),
    "no images": (lambda path: write(path, labels=np.zeros(3, int)), "no array 'images'"),
    "floats": (lambda path: write(path, images=np.full((3, 28, 28), -9.0)), r"-9\.\.-9"),
    "nan": (
        lambda path: write(path, images=np.full((3, 28, 28, 1), np.nan)),
        "2,352 values that are NaN",
    ),
    "flat": (lambda path: write(path, images=np.zeros((3, 785), np.uint8)), r"\(3, 785\)"),
    "short labels": (
        lambda path: write(path, images=np.zeros((3, 9, 9), np.uint8), labels=np.zeros(2, int)),
        "each of 3 images. Received: 2",
    ),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_wrong_npz_files_get_their_sentence(tmp_path, kind):
    make, sentence = WRONG_FILES[kind]
    make(tmp_path / "wrong.npz")
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(tmp_path / "wrong.npz")


@pytest.mark.parametrize("name", ["mnst", ""])
def test_unknown_names_are_answered_with_the_known_ones(name):
    with pytest.raises(gp.UsageError, match="Known: digits, characters, mnist, emnist"):
        gp.load(name)


@pytest.mark.parametrize("path", ["../digits", "/nowhere.npz"])
def test_what_can_only_be_a_path_is_answered_without_names(path):
    with pytest.raises(gp.UsageError, match=f"There is no file or folder '{path}'"):
        gp.load(path)


def test_offline_refuses_and_says_how_to_supply_the_data(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    assert not DATASETS["emnist"].is_here()
    with pytest.raises(
        GanprofileError, match="`offline=True` forbids.*TFDS_DATA_DIR.*GANPROFILE_DATA_DIR"
    ):
        gp.load("emnist", offline=True)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_says_from_whom_and_how_to_do_without(tmp_path, monkeypatch, capsys):
    import tensorflow_datasets as tfds

    def fail(builder, **options):
        raise ConnectionError("no route to host")

    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    monkeypatch.setattr(published, "check_reachable", lambda url: None)
    with pytest.raises(GanprofileError, match=r"biometrics\.nist\.gov \(ConnectionError.*By hand"):
        gp.load("emnist")
    assert "downloading 536 MB from biometrics.nist.gov" in capsys.readouterr().err


def test_without_a_network_it_fails_at_once(tmp_path, monkeypatch):
    """A proxy that nobody listens at stands in for the missing network."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(GanprofileError, match=r"storage\.googleapis\.com .*refused.*By hand"):
        gp.load("mnist")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_damaged_tfds_data_get_a_sentence(prepared_tfds, tmp_path, monkeypatch):
    shutil.copytree(prepared_tfds / "mnist", tmp_path / "mnist")
    (record,) = (tmp_path / "mnist").rglob("mnist-test.tfrecord*")
    record.chmod(0o644)
    record.write_bytes(b"damaged" + record.read_bytes()[7:])
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(GanprofileError, match="mnist in .* cannot be read.*Remove"):
        gp.load("mnist")


@pytest.mark.slow
def test_what_was_decoded_once_is_read_without_tfds_until_it_changes(
    prepared_tfds, tmp_path, monkeypatch
):
    shutil.copytree(prepared_tfds / "mnist", tmp_path / "mnist")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    decoded = []
    decode = functools.cache(prepared._decoded)  # which takes ten seconds each time
    monkeypatch.setattr(prepared, "_decoded", lambda name: decoded.append(name) or decode(name))
    first, test = gp.load("mnist")
    again, test_again = gp.load("mnist")
    assert decoded == ["mnist"]
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(test.labels, test_again.labels)
    assert (first.fingerprint, test.fingerprint) == (again.fingerprint, test_again.fingerprint)

    (kept,) = (tmp_path / "home").rglob("*.npz")
    code = (
        "import sys, ganprofile as gp; print(gp.load('mnist')[0].fingerprint);"
        "print({'tensorflow', 'tensorflow_datasets'} & set(sys.modules))"
    )
    assert run_command(code=code).stdout == f"{first.fingerprint}\nset()\n"

    kept.write_bytes(kept.read_bytes()[:-1000])
    assert gp.load("mnist")[0].fingerprint == first.fingerprint
    (record,) = (tmp_path / "mnist").rglob("mnist-test.tfrecord*")
    record.chmod(0o644)
    os.utime(record)
    gp.load("mnist")
    assert decoded == ["mnist"] * 3, "where it is damaged, and where the records are newer"


def test_images_that_show_nothing_are_said(tmp_path, some_images, capsys):
    """As masks, of which half were saved as 0 and 1."""
    images, labels = some_images
    masks = (images[..., 0] > 100).astype(np.uint8) * 255
    masks[::2] //= 255
    np.savez(tmp_path / "masks.npz", images=masks, labels=labels)
    gp.load(tmp_path / "masks.npz")
    said = capsys.readouterr().err
    assert (
        f"masks: {len(masks[::2]):,} of {len(masks):,} images show nothing, such as train" in said
    )
    assert "differ by 1 of 255 at most. If that is not meant, bring all to one range" in said
    masks[::2] *= 255
    masks[3] = 0
    np.savez(tmp_path / "masks.npz", images=masks, labels=labels)
    gp.load(tmp_path / "masks.npz")
    assert "1 of" in (said := capsys.readouterr().err) and "take them out" in said


def test_parts_in_other_ranges_are_said(tmp_path, some_images, capsys):
    images, labels = some_images
    half = len(images) // 2
    parts = {"x_train": images[:half], "y_train": labels[:half], "y_test": labels[half:]}
    for divisor, highest in ((255, 1), (15, 17), (1, None)):
        np.savez(tmp_path / "a.npz", x_test=images[half:] / divisor, **parts)
        gp.load(tmp_path / "a.npz")
        said = capsys.readouterr().err
        sentence = f"a: the levels of the test part differ by {highest} at most, those of the train"
        assert (sentence in said) == (highest is not None), said


def test_a_folder_of_the_same_name_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    gp.load("digits")
    assert "dataset of this name" not in capsys.readouterr().err
    test_set = gp.load("digits")[1]
    for place in ("digits", "elsewhere", "mine"):
        test_set.save(place)
    assert len(gp.load("digits")[0]) == 5000
    assert "'digits' is the dataset of this name. The folder" in (said := capsys.readouterr().err)
    assert "is meant by './digits'." in said
    assert len(gp.load("./digits")[0]) == 1000
    assert "dataset of this name" not in capsys.readouterr().err
    gp.import_dataset("elsewhere", "mine")
    gp.load("mine")
    assert "'mine' is the dataset of this name" in capsys.readouterr().err
    gp.import_dataset("mine", "mine", force=True)
    gp.load("mine")
    assert "dataset of this name" not in capsys.readouterr().err
