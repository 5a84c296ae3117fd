import csv
import gzip
import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.datasets.formats import FORMATS, idx, npz
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


def test_a_shard_is_a_dataset_of_its_own(tmp_path, odd_set):
    path = odd_set.save(tmp_path / "set", "npz")
    alone, _ = gp.load(path / "shard-00000.npz")
    assert np.array_equal(alone.images, odd_set.images)
    assert alone.class_names == odd_set.class_names


def test_a_shard_has_what_its_set_says_of_its_images(tmp_path, odd_set, monkeypatch):
    monkeypatch.setattr(npz, "SHARD", 10)
    with SetWriter(tmp_path, "npz", odd_set.class_names, odd_set.image_shape) as writer:
        for some, source in ((odd_set[:12], "real"), (odd_set[12:], "synthetic")):
            writer.add(some.images, some.labels, some.writers, source=source)
        writer.finish("odd")
    second, _ = gp.load(tmp_path / "shard-00001.npz")
    assert np.array_equal(second.images, odd_set.images[10:20])
    assert np.array_equal(second.writers, odd_set.writers[10:20])
    assert second.attributes["manifest.source"].tolist() == ["real"] * 2 + ["synthetic"] * 8


def test_official_idx_files_are_read(test_data):
    images = idx.read_idx(test_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    labels = idx.read_idx(test_data / "mnist" / "t10k-labels-idx1-ubyte.gz")
    assert images.shape == (10000, 28, 28)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]


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
    with pytest.raises(gp.UsageError, match=r"'\\ud800' of x is no Unicode text"):
        gp.Dataset(odd_set.images, odd_set.labels, [*"abcd", "\ud800"], name="x")
    assert list(tmp_path.iterdir()) == []


def test_naming_the_formats_loads_no_framework():
    code = (
        "import sys; from ganprofile.datasets.formats import FORMATS; "
        "print({'tensorflow', 'tensorflow_datasets', 'keras'} & set(sys.modules), len(FORMATS))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"set() {len(FORMATS)}\n"


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


def garble_the_manifest(path):
    with open(path / "manifest.csv", "a") as file:
        file.write('"' + 200_000 * "x")  # longer than any field may be


def cut_the_manifest(path):
    lines = (path / "manifest.csv").read_text(encoding="utf-8").splitlines()
    (path / "manifest.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")


def mistake(key, value):
    def damage(path):
        info = json.loads((path / "dataset.json").read_text())
        (path / "dataset.json").write_text(json.dumps({**info, key: value}))

    return damage


def take_a_shard_of_another_set(path):
    shard = path / "shard-00000.npz"
    arrays = dict(np.load(shard))
    np.savez(shard, **{**arrays, "class_names": np.array([*"12345"])})


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (damage_json, r"dataset\.json"),
        (forget_format, r"dataset\.json"),
        (lose_a_shard, r"should hold 25 images. Received: 0. Put back .*select\(ROWS\)"),
        (cut_a_shard, r"shard-00000\.npz .*cut or damaged: copy .* ganprofile verify '?/.*set"),
        (lose_the_manifest, r"manifest\.csv"),
        (garble_the_manifest, r"manifest\.csv is missing or damaged"),
        (cut_the_manifest, r"manifest\.csv should have 25 rows. Received: 24. Put back"),
        (mistake("images", 24), "should hold 24 images. Received: 25"),
        (mistake("images", 10**15), "does not fit into memory"),
        (mistake("images", "25"), r"dataset\.json lacks or mistakes 'images'"),
        (mistake("image_shape", [28, 28]), r"dataset\.json lacks or mistakes 'image_shape'"),
        (mistake("image_shape", [9, 9, 1]), r"should hold uint8 images of \(9, 9, 1\)"),
        (mistake("class_names", [1, 2]), r"dataset\.json lacks or mistakes 'class_names'"),
        (mistake("format", "mat"), r"dataset\.json lacks or mistakes 'format'.*'mat'.*install"),
        (take_a_shard_of_another_set, "other class names than dataset.json"),
    ],
)
def test_a_damaged_set_is_refused_by_name(tmp_path, odd_set, damage, named):
    path = odd_set.save(tmp_path / "set", "npz")
    damage(path)
    with pytest.raises(GanprofileError, match=named):
        gp.load(path)


def test_errors_of_libraries_become_a_sentence(tmp_path, odd_set, monkeypatch):
    def failing(folder, info):
        raise ZeroDivisionError("oops")

    path = odd_set.save(tmp_path / "set", "npz")
    monkeypatch.setattr(FORMATS["npz"], "blocks", failing)
    with pytest.raises(GanprofileError, match="set cannot be read .ZeroDivisionError: oops"):
        gp.load(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "begin with 0, 0 and 8"),
        (b"\x00\x00\x0d\x01" + struct.pack(">I", 0), "begin with 0, 0 and 8"),
        (b"\x00\x00\x08\x01" + struct.pack(">I", 5) + b"abc", "5 values.*Received: 3"),
        (b"\x00\x00\x08\x03" + struct.pack(">III", 2**32 - 1, 2**32 - 1, 9), "Received: 0"),
        (b"\x00\x00\x08\x02\x00", "inside its header of 2 sizes. Received: 1"),
    ],
)
@pytest.mark.parametrize("suffix", [".gz", ""])
def test_wrong_idx_files_get_their_sentence(tmp_path, content, sentence, suffix):
    path = tmp_path / f"x-idx{suffix}"
    path.write_bytes(gzip.compress(content) if suffix else content)
    with pytest.raises(GanprofileError, match=sentence):
        idx.read_idx(path)


def test_idx_files_that_do_not_belong_together_are_told(tmp_path, odd_set):
    path = odd_set.save(tmp_path / "set", "idx")
    fewer = odd_set.select(np.arange(24)).save(tmp_path / "fewer", "idx")
    for name in ("labels-idx1-ubyte.gz", "dataset.json"):
        (path / name).write_bytes((fewer / name).read_bytes())
        with pytest.raises(GanprofileError, match=r"images-idx.*should hold 24 images.*: \(25, "):
            gp.load(path)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_idx_reader_fail_otherwise(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("idx") / "x"
    path.write_bytes(content)
    try:
        array = idx.read_idx(path)
    except GanprofileError:
        return
    assert array.dtype.kind in "iu"
