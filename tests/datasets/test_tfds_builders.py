import subprocess
import sys

import numpy as np
import pytest

from ganprofile.datasets.cards import read_card
from ganprofile.datasets.loaders import LoadOptions, chars74k_files
from ganprofile.datasets.loaders.hwdplus_files import read_hwdplus
from ganprofile.errors import GanprofileError

CONFIGS = {
    "chars74k_hnd": [
        *("28", "32", "64"),
        *("28_kept_sizes", "32_kept_sizes", "64_kept_sizes"),
        "original",
    ],
    "hwdplus": ["28", "100", "500", "28_individuals", "100_individuals", "500_individuals"],
}
CARDS = {"chars74k_hnd": "chars74k", "hwdplus": "hwdplus"}


def prepared(tfds, name, data_dir, manual_dir):
    builder = tfds.builder(name, data_dir=data_dir)
    config = tfds.download.DownloadConfig(manual_dir=manual_dir)
    builder.download_and_prepare(download_config=config)
    return builder


def columns_of(tfds, builder, split):
    return tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))


def assert_same(columns, part):
    assert np.array_equal(columns["image"], part.images)
    assert np.array_equal(columns["label"], part.labels)
    assert np.array_equal(columns["writer"], part.writers)
    for name, values in part.attributes.items():
        assert np.array_equal(columns[name], values), name


def test_reading_data_otherwise_imports_no_framework():
    script = "import sys, ganprofile.datasets; print(*(m.split('.')[0] for m in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "tensorflow_datasets", "keras"} & set(ran.stdout.split())


@pytest.mark.parametrize("name", CONFIGS)
def test_names_configurations_and_cards(tfds, tmp_path, name):
    assert name in tfds.list_builders()
    assert list(tfds.builder_cls(name).builder_configs) == CONFIGS[name]
    assert tfds.builder(name, data_dir=tmp_path).builder_config.name == "28"
    card = read_card(CARDS[name])
    for config in CONFIGS[name]:
        info = tfds.builder(f"{name}/{config}", data_dir=tmp_path).info
        assert info.features["label"].names == card["classes"]
        assert info.disable_shuffling and info.supervised_keys == ("image", "label")
        assert card["title"] in info.description and card["homepage"] == info.homepage
        assert info.citation.startswith("@") and info.citation.count("{") == info.citation.count(
            "}"
        )
    assert list(tmp_path.iterdir()) == []


def test_hwdplus_says_that_it_was_tested_on_a_fixture(tfds, tmp_path):
    description = tfds.builder("hwdplus", data_dir=tmp_path).info.description
    assert "not on the published files" in description


@pytest.mark.parametrize("name", CONFIGS)
def test_without_the_files_it_says_where_to_get_them(tfds, tmp_path, name):
    with pytest.raises(AssertionError, match="Manual directory.*(?s:.)*EnglishHnd|WriterInfo"):
        prepared(tfds, name, tmp_path / "data", tmp_path / "nothing")
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "other.txt").touch()
    with pytest.raises(GanprofileError, match=r"EnglishHnd\.tgz.*Download|has no Images"):
        prepared(tfds, name, tmp_path / "data", tmp_path / "manual")


@pytest.mark.slow
def test_chars74k_comes_out_as_the_reader_reads_it(tfds, two_writers, tmp_path):
    builder = prepared(tfds, "chars74k_hnd", tmp_path / "data", two_writers)
    reading = chars74k_files.read(two_writers, LoadOptions())
    assert len(reading.train) == len(reading.test) == 62
    for part in reading.parts:
        assert_same(columns_of(tfds, builder, part.split), part)


def test_the_original_pictures_stay_as_they_are(tfds, two_writers_pictures, tmp_path):
    builder = prepared(tfds, "chars74k_hnd/original", tmp_path / "data", two_writers_pictures)
    raw = builder.as_dataset(split="train", decoders={"image": tfds.decode.SkipDecoding()})
    scans, _ = chars74k_files.find_scans(two_writers_pictures)
    expected = chars74k_files.split_scans(scans)["train"]
    for example, scan in zip(tfds.as_numpy(raw), expected, strict=True):
        assert example["image"] == scan.path.read_bytes()
        assert (example["label"], example["writer"]) == (scan.label, scan.writer)
    decoded = next(iter(tfds.as_numpy(builder.as_dataset(split="test"))))["image"]
    assert decoded.shape == (900, 1200, 3) and decoded[0].min() == 255


@pytest.mark.slow
def test_hwdplus_comes_out_as_the_reader_reads_it(tfds, hwdplus_form, tmp_path):
    for config, partition in (("28", "digits"), ("28_individuals", "individuals")):
        builder = prepared(tfds, f"hwdplus/{config}", tmp_path, hwdplus_form)
        for part in read_hwdplus(hwdplus_form, 28, partition).parts:
            assert_same(columns_of(tfds, builder, part.split), part)
