"""Named datasets whose files a person has to bring."""

import shutil
import tarfile

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import DATASETS, from_recipe, load_like
from ganprofile.datasets.loaders import LoadOptions, chars74k_files
from ganprofile.datasets.loaders.hwdplus_writers import DEFAULT_WRITER_COLUMNS
from ganprofile.errors import GanprofileError


@pytest.fixture(autouse=True)
def prepared_folder(tmp_path, monkeypatch):
    """An empty folder for what TensorFlow Datasets prepares."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "prepared"))
    return tmp_path / "prepared"


@pytest.mark.slow
def test_chars74k_is_prepared_once_and_found_at_any_depth(two_writers, prepared_folder, capsys):
    expected = chars74k_files.read(two_writers, LoadOptions())
    for place in ("", "English", "English/Hnd", "English/Hnd/Img"):
        train, test = gp.load("chars74k", data_dir=two_writers / place)
        assert train.fingerprint == expected.train.fingerprint
        assert test.writers.tolist() == expected.test.writers.tolist()
        prepared_before = "was prepared before" in capsys.readouterr().err
        assert prepared_before == (place != "")
    letters, _ = gp.load("chars74k/lowercase")
    assert letters.class_names == tuple("abcdefghijklmnopqrstuvwxyz")
    assert letters.recipe == ({"load": "chars74k/lowercase", "split": "train"},)


@pytest.mark.slow
def test_the_characters_of_chars74k_may_keep_their_sizes(two_writers, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    alike, _ = gp.load("chars74k/lowercase", data_dir=two_writers)
    kept, test = gp.load("chars74k/lowercase", data_dir=two_writers, keep_size="auto")
    expected = chars74k_files.read(two_writers, LoadOptions(keep_size="auto"))
    for part, whole in zip((kept, test), expected.parts, strict=True):
        assert part.fingerprint == whole.of_classes(chars74k_files.LOWERCASE).fingerprint
    assert (kept.images != alike.images).any()
    # It is remembered, and what is decoded of the one is not taken for the other.
    assert kept.recipe[0]["keep_size"] == "auto" and "keep_size" not in alike.recipe[0]
    assert from_recipe(kept.recipe).fingerprint == kept.fingerprint
    assert from_recipe(alike.recipe).fingerprint == alike.fingerprint
    again, _ = gp.load("chars74k/lowercase", keep_size="auto", image_size=28)
    assert np.array_equal(again.images, kept.images)
    # What is held out keeps its sizes, too; its own measure counts.
    held_out, _ = load_like("chars74k/lowercase", kept)
    assert held_out.fingerprint == kept.fingerprint
    assert load_like("chars74k/lowercase", alike)[0].fingerprint == alike.fingerprint


def test_who_keeps_sizes_and_who_has_none(in_process):
    card = gp.dataset_info("chars74k", keep_size="auto")
    assert card["keep_size"] == "auto" and "keep_size" not in gp.dataset_info("chars74k")
    code, out, _ = in_process("datasets", "show", "chars74k", "--keep-size", "auto")
    assert code == 0 and "keep size" in out
    with pytest.raises(gp.UsageError, match="each writer, `keep_size=.auto.`. Received: 300"):
        gp.load("chars74k", keep_size=300)
    for refused in (gp.load, gp.dataset_info):
        with pytest.raises(gp.UsageError, match="mnist comes with its sizes. Remove `keep_size`"):
            refused("mnist", keep_size="auto")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["", "chars74k/EnglishHnd", "chars74k/EnglishHnd/EnglishHnd.tgz"])
def test_chars74k_is_prepared_from_its_archive(two_writers, tmp_path, place):
    folder = tmp_path / "given" / "chars74k" / "EnglishHnd"
    folder.mkdir(parents=True)
    with tarfile.open(folder / "EnglishHnd.tgz", "w:gz") as archive:
        archive.add(two_writers / "English", "English")
    train, _ = gp.load("chars74k", data_dir=tmp_path / "given" / place)
    expected = chars74k_files.read(two_writers, LoadOptions())
    assert train.fingerprint == expected.train.fingerprint


@pytest.mark.slow
def test_a_folder_that_is_named_has_to_hold_the_files(two_writers, tmp_path):
    gp.load("chars74k", data_dir=two_writers)
    with pytest.raises(GanprofileError, match=r"EnglishHnd\.tgz is not in .*nowhere"):
        gp.load("chars74k", data_dir=tmp_path / "nowhere")
    with pytest.raises(gp.UsageError, match="prepared at 28, 32, 64 pixels. Received.*50"):
        gp.load("chars74k", data_dir=two_writers, image_size=50)


def test_hwdplus_comes_in_the_sizes_that_are_there(hwdplus_form, tmp_path, monkeypatch):
    train, test = gp.load("hwdplus/individuals", data_dir=hwdplus_form)
    assert (len(train), len(test), train.name) == (9520, 4060, "hwdplus/individuals")
    assert not set(train.writers) & set(test.writers)
    with pytest.raises(GanprofileError, match="WriterInfo.npy is not in"):
        gp.load("hwdplus", data_dir=tmp_path)
    monkeypatch.setenv("GANPROFILE_DATA_DIR", str(hwdplus_form))
    here = {name for name in DATASETS if name.startswith("hwd") and DATASETS[name].is_here()}
    assert here == {"hwdplus", "hwdplus/individuals", "hwdplus/100", "hwdplus/100/individuals"}


def test_hwdplus_keeps_its_columns_through_an_import(hwdplus_form, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    for name in ("WriterInfo.npy", "Images(28x28).npy"):
        (tmp_path / "files").mkdir(exist_ok=True)
        shutil.copy(hwdplus_form / name, tmp_path / "files" / name)
    gp.import_dataset(tmp_path / "files", "mine")
    train, _ = gp.load("mine", allow_overlap=True)
    direct, _ = gp.load("hwdplus", data_dir=tmp_path / "files")
    assert set(train.attributes) == set(direct.attributes) > {"age", "replicate"}
    assert np.array_equal(train.attributes["age"], direct.attributes["age"], equal_nan=True)


def test_columns_in_another_order_can_be_said_for_a_path_too(hwdplus_form, tmp_path):
    table = np.load(hwdplus_form / "WriterInfo.npy")
    names = list(DEFAULT_WRITER_COLUMNS)
    np.save(tmp_path / "WriterInfo.npy", np.concatenate([table[:, :2], table[:, :1:-1]], axis=1))
    shutil.copy(hwdplus_form / "Images(28x28).npy", tmp_path)
    with pytest.raises(GanprofileError, match="`writer_columns`"):
        gp.load(tmp_path, allow_overlap=True)
    train, _ = gp.load(tmp_path, allow_overlap=True, writer_columns=tuple(names[::-1]))
    assert set(names) < set(train.attributes)


def test_options_that_do_not_apply_are_refused(tmp_path, tiny):
    np.savez(tmp_path / "a.npz", images=tiny.images, labels=tiny.labels)
    with pytest.raises(gp.UsageError, match="`data_dir` holds the files of a named dataset"):
        gp.load(tmp_path / "a.npz", data_dir=tmp_path)
    with pytest.raises(gp.UsageError, match="The polarity of digits is known"):
        gp.load("digits", invert="yes")
