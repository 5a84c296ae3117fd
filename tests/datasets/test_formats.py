import csv
import gzip
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.datasets.formats import FORMATS, idx, imagefolder
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.errors import GanprofileError


@pytest.fixture(params=[(28, 28, 1), (32, 20, 3)], ids=["grey", "colour"])
def odd_set(request):
    """A set with writers, awkward class names and labels out of order."""
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (25, *request.param), dtype=np.uint8)
    names = ("a", "A", "ä/..", "🙂", "Z")
    labels, writers = random.integers(0, 5, 25), random.integers(-1, 9, 25)
    return gp.Dataset(images, labels=labels, class_names=names, writers=writers, name="odd")


@pytest.mark.parametrize("format", FORMATS)
def test_round_trip(tmp_path, odd_set, format):
    path = odd_set.save(tmp_path / "set", format)
    again, no_test = gp.load(path)
    assert no_test is None
    for column in ("images", "labels", "writers"):
        assert np.array_equal(getattr(again, column), getattr(odd_set, column)), column
    assert again.class_names == odd_set.class_names
    assert again.fingerprint == odd_set.fingerprint
    assert json.loads((path / "dataset.json").read_text())["fingerprint"] == odd_set.fingerprint


@pytest.mark.parametrize("format", FORMATS)
def test_written_in_pieces_or_at_once_is_the_same(tmp_path, odd_set, format):
    fingerprints = []
    for sizes in ([25], [1, 7, 17]):
        folder = tmp_path / str(len(sizes))
        folder.mkdir()
        with SetWriter(folder, format, odd_set.class_names, odd_set.image_shape) as writer:
            for part in np.split(np.arange(25), np.cumsum(sizes)[:-1]):
                some = odd_set.select(part)
                writer.add(some.images, some.labels, some.writers)
            fingerprints.append(writer.finish("odd")["fingerprint"])
    assert fingerprints == [odd_set.fingerprint] * 2
    first, second = (sorted(file.name for file in (tmp_path / name).rglob("*.*")) for name in "13")
    assert first == second


def test_shards_are_cut_where_they_are_full(tmp_path, odd_set, monkeypatch):
    monkeypatch.setattr("ganprofile.datasets.formats.npz.SHARD", 10)
    path = odd_set.save(tmp_path / "set", "npz")
    sizes = [len(np.load(shard)["images"]) for shard in sorted(path.glob("shard-*.npz"))]
    assert sizes == [10, 10, 5]
    assert gp.load(path)[0].fingerprint == odd_set.fingerprint


def test_a_shard_is_a_dataset_of_its_own(tmp_path, odd_set):
    path = odd_set.save(tmp_path / "set", "npz")
    alone, _ = gp.load(path / "shard-00000.npz")
    assert np.array_equal(alone.images, odd_set.images)
    assert alone.class_names == odd_set.class_names


def test_idx_files_are_what_other_readers_expect(tmp_path, digits):
    path = digits[1].save(tmp_path / "set", "idx")
    content = gzip.decompress((path / "images-idx3-ubyte.gz").read_bytes())
    assert struct.unpack(">IIII", content[:16]) == (0x803, 1000, 28, 28)
    assert content[16:] == digits[1].images.tobytes()
    content = gzip.decompress((path / "labels-idx1-ubyte.gz").read_bytes())
    assert struct.unpack(">II", content[:8]) == (0x801, 1000)


def test_official_idx_files_are_read(test_data):
    images = idx.read_idx(test_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    labels = idx.read_idx(test_data / "mnist" / "t10k-labels-idx1-ubyte.gz")
    assert images.shape == (10000, 28, 28)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_class_folders_are_plain_where_that_is_safe():
    assert imagefolder.folder_names([str(d) for d in range(10)]) == [str(d) for d in range(10)]
    assert imagefolder.folder_names(["a", "A"]) == ["0_a", "1_A"]
    assert imagefolder.folder_names(["b", "a"]) == ["0_b", "1_a"]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=120, unique=True))
def test_any_class_names_give_folders_that_sort_in_class_order(class_names):
    folders = imagefolder.folder_names(class_names)
    assert folders == sorted(folders)
    assert len({name.casefold() for name in folders}) == len(folders)
    assert all(name and len(name) < 64 and "/" not in name and name[0] != "." for name in folders)


def test_keras_reads_the_folders_with_our_labels(tmp_path, digits):
    import keras

    path = digits[0].subset(5).save(tmp_path / "set", "imagefolder")
    for file in ("manifest.csv", "dataset.json"):
        assert (path / file).exists()
    read = keras.utils.image_dataset_from_directory(
        path, color_mode="grayscale", image_size=(28, 28), shuffle=False, verbose=False
    )
    assert read.class_names == [str(digit) for digit in range(10)]
    assert np.concatenate([labels for _, labels in read]).tolist() == sorted([*range(10)] * 5)


def test_the_manifest_names_every_image(tmp_path, odd_set):
    path = odd_set.save(tmp_path / "set", "imagefolder")
    with open(path / "manifest.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["class_name"] for row in rows] == [odd_set.class_names[k] for k in odd_set.labels]
    assert all((path / row["item"]).is_file() and row["source"] == "real" for row in rows)


def test_an_unlabelled_set_or_unknown_format_is_refused(tmp_path, odd_set):
    with pytest.raises(gp.UsageError, match="no labels"):
        gp.Dataset(odd_set.images).save(tmp_path / "set")
    with pytest.raises(gp.UsageError, match="No format 'mat'. Known: npz, imagefolder, idx"):
        odd_set.save(tmp_path / "set", "mat")
    assert list(tmp_path.iterdir()) == []


def damage_json(path):
    (path / "dataset.json").write_text("{")


def forget_format(path):
    (path / "dataset.json").write_text("{}")


def lose_a_shard(path):
    next(path.glob("shard-*")).unlink()


def cut_a_shard(path):
    shard = next(path.glob("shard-*"))
    shard.write_bytes(shard.read_bytes()[:500])


def lose_the_manifest(path):
    (path / "manifest.csv").unlink()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (damage_json, r"dataset\.json"),
        (forget_format, r"dataset\.json"),
        (lose_a_shard, "should hold 25 images. Received: 0"),
        (cut_a_shard, r"shard-00000\.npz"),
        (lose_the_manifest, r"manifest\.csv"),
    ],
)
def test_a_damaged_set_is_refused_by_name(tmp_path, odd_set, damage, named):
    path = odd_set.save(tmp_path / "set", "npz")
    damage(path)
    with pytest.raises(GanprofileError, match=named):
        gp.load(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"begin with 0, 0, 8"),
        (b"\x00\x00\x0d\x01" + struct.pack(">I", 0), "begin with 0, 0, 8"),
        (b"\x00\x00\x08\x01" + struct.pack(">I", 5) + b"abc", "5 bytes.*Received: 3"),
        (b"\x00\x00\x08\x03" + struct.pack(">III", 2**32 - 1, 2**32 - 1, 9), "Received: 0"),
        (b"\x00\x00\x08\x02\x00", "Received"),
    ],
)
@pytest.mark.parametrize("suffix", [".gz", ""])
def test_wrong_idx_files_get_their_sentence(tmp_path, content, sentence, suffix):
    path = tmp_path / f"x-idx{suffix}"
    path.write_bytes(gzip.compress(content) if suffix else content)
    with pytest.raises(GanprofileError, match=sentence):
        idx.read_idx(path)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_idx_reader_fail_otherwise(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("idx") / "x"
    path.write_bytes(content)
    try:
        array = idx.read_idx(path)
    except GanprofileError:
        return
    assert array.dtype == np.uint8
