"""MNIST's and EMNIST's own files, by every route, upright."""

import gzip
import shutil
import struct

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.formats.idx import read_idx
from ganprofile.datasets.loaders.official import PUBLISHED
from ganprofile.errors import GanprofileError

COUNT = {"train": 30, "test": 12}


def write_idx(path, values, kind=8, dtype=np.uint8):
    header = bytes([0, 0, kind, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    content = header + values.astype(dtype).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.fixture
def stored():
    """`{part: (images as NIST stores them, labels)}` of 47 classes."""
    random = np.random.default_rng(0)
    return {
        part: (
            random.integers(0, 256, (count, 28, 28), dtype=np.uint8),
            np.r_[46, random.integers(0, 47, count - 1)],
        )
        for part, count in COUNT.items()
    }


def as_idx(folder, stored, stem, suffix=".gz"):
    for part, (images, labels) in stored.items():
        write_idx(folder / f"{stem}-{part}-images-idx3-ubyte{suffix}", images)
        write_idx(folder / f"{stem}-{part}-labels-idx1-ubyte{suffix}", labels)


def as_csv(folder, stored, stem):
    for part, (images, labels) in stored.items():
        rows = np.column_stack([labels, images.reshape(len(images), -1)])
        np.savetxt(folder / f"{stem}-{part}.csv", rows, "%d", delimiter=",")


def as_mat(folder, stored, stem, **more):
    """As EMNIST's MATLAB files: a struct of structs, a row of 784 bytes per image."""
    import scipy.io

    content = {
        part: {
            "images": images.reshape(len(images), -1),
            "labels": labels[:, None].astype(float),
            "writers": np.arange(len(labels), dtype=float)[:, None] + 1000,
        }
        for part, (images, labels) in stored.items()
    }
    scipy.io.savemat(folder / f"{stem}.mat", {"dataset": {**content, **more}})


ROUTES = {"idx": as_idx, "csv": as_csv, "mat": as_mat}


def test_the_matlab_file_itself_gives_the_images_of_its_folder(tmp_path, stored, capsys):
    as_mat(tmp_path, stored, "emnist-balanced")
    parts = gp.load(tmp_path)
    file = tmp_path / "emnist-balanced.mat"
    for dataset, same in zip(parts, gp.load(file), strict=True):
        assert np.array_equal(same.images, dataset.images)
    assert "images are turned upright, as EMNIST's files need it" in capsys.readouterr().err
    other, _ = gp.load(file.rename(tmp_path / "mine.mat"))
    assert np.array_equal(other.images[..., 0], stored["train"][0])


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_gives_the_same_upright_images(tmp_path, stored, route):
    ROUTES[route](tmp_path, stored, "emnist-balanced")
    by_name = gp.load("emnist", data_dir=tmp_path)
    by_path = gp.load(tmp_path)
    for part, dataset, same in zip(("train", "test"), by_name, by_path, strict=True):
        images, labels = stored[part]
        assert np.array_equal(dataset.images[..., 0], images.transpose(0, 2, 1))
        assert np.array_equal(dataset.labels, labels)
        assert dataset.class_names == gp.load("characters")[0].class_names
        assert np.array_equal(same.images, dataset.images)
        assert (dataset.writers is not None) == (route == "mat")
    if route == "mat":
        assert by_name[0].writers.tolist() == list(range(1000, 1030))


def test_letters_begin_at_one_in_the_files(tmp_path, stored):
    letters = {part: (images, labels % 26 + 1) for part, (images, labels) in stored.items()}
    as_idx(tmp_path, letters, "emnist-letters", suffix="")
    train, _ = gp.load("emnist/letters", data_dir=tmp_path)
    assert train.class_names[0] == "A" and train.num_classes == 26
    assert np.array_equal(train.labels + 1, letters["train"][1])


def test_a_folder_with_several_sets_asks_which(tmp_path, stored):
    as_idx(tmp_path, stored, "emnist-balanced")
    as_csv(tmp_path, stored, "emnist-byclass")
    with pytest.raises(gp.UsageError, match="several sets .emnist, emnist/byclass"):
        gp.load(tmp_path)
    assert gp.load("emnist/byclass", data_dir=tmp_path)[0].num_classes == 62


def test_a_csv_with_a_line_of_names(tmp_path):
    pixels = np.arange(3 * 784).reshape(3, 28, 28) % 256
    for part in COUNT:
        rows = np.column_stack([[3, 0, 1], pixels.reshape(3, -1)])
        names = ",".join(["label", *(f"p{k}" for k in range(784))])
        np.savetxt(
            tmp_path / f"mnist_{part}.csv", rows, "%d", delimiter=",", header=names, comments=""
        )
    with pytest.raises(gp.UsageError, match="3 of 3 training images are also"):
        gp.load(tmp_path)
    train, _ = gp.load(tmp_path, allow_overlap=True)
    assert np.array_equal(train.images[..., 0], pixels), "MNIST is stored upright"
    assert train.labels.tolist() == [3, 0, 1]


def as_other_csv(folder, stored, names, **kind):
    """Tables of the embedded digits under the names of published files."""
    pixel = [f"pixel{k}" for k in range(784)]
    for part, dataset in stored.items():
        images = dataset.images[..., 0].reshape(-1, 784)
        if "top" in kind:
            images = images // 17 if kind["top"] == 15 else images / 255
        columns = {name: images[:, k] for k, name in enumerate(pixel)}
        if kind.get("sorted"):
            columns = dict(sorted(columns.items()))
        labels = {"class": dataset.labels}
        table = {**labels, **columns} if kind.get("first") else {**columns, **labels}
        if kind.get("id"):
            table = {"id": np.arange(len(images)), **table}
        separator, heading = kind.get("separator", ","), kind.get("heading", True)
        rows = [separator.join(map(str, row)) for row in zip(*table.values(), strict=True)]
        (folder / f"{names}{part}.csv").write_text(
            "\n".join([separator.join(table)] * heading + rows)
        )


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("mnist_", {}),
        ("mnist_", {"heading": False}),
        ("mnist_", {"first": True, "sorted": True}),
        ("mnist_", {"first": True, "heading": False, "top": 15}),
        ("mnist_", {"first": True, "top": 1}),
        ("mnist_", {"first": True, "separator": ";"}),
        ("mnist_", {"first": True, "id": True}),
        ("emnist-digits-", {}),
    ],
)
def test_tables_that_only_have_the_published_names_are_read_as_others(tmp_path, names, kind):
    digits = [part.subset(per_class=3, seed=0) for part in gp.load("digits")]
    as_other_csv(tmp_path, dict(zip(COUNT, digits, strict=True)), names, **kind)
    for read, real in zip(gp.load(tmp_path), digits, strict=True):
        images = read.images.swapaxes(1, 2) if names.startswith("emnist") else read.images
        assert np.array_equal(read.labels, real.labels)
        assert np.abs(images.astype(int) - real.images).max() < 17


def test_a_name_refuses_tables_that_are_not_as_published(tmp_path):
    digits = [part.subset(per_class=3, seed=0) for part in gp.load("digits")]
    as_other_csv(tmp_path, dict(zip(COUNT, digits, strict=True)), "mnist_")
    with pytest.raises(GanprofileError, match=r"not as published.*Load .* by its path"):
        gp.load("mnist", data_dir=tmp_path)


def test_a_byte_order_mark_is_no_line_of_names(tmp_path, stored):
    as_csv(tmp_path, stored, "emnist-balanced")
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert gp.load("emnist", data_dir=tmp_path)[0].labels.tolist() == stored["train"][1].tolist()


@pytest.mark.slow
def test_the_official_mnist_files_and_tfds_agree(prepared_tfds, test_data):
    ours = gp.load("mnist", data_dir=test_data)
    theirs = gp.load("mnist")
    for one, other in zip(ours, theirs, strict=True):
        key = np.argsort(one.image_hashes, kind="stable")
        other_key = np.argsort(other.image_hashes, kind="stable")
        assert np.array_equal(one.images[key], other.images[other_key])
        assert np.array_equal(one.labels[key], other.labels[other_key])
    official = read_idx(test_data / "mnist" / "train-images-idx3-ubyte.gz")
    assert np.array_equal(ours[0].images[..., 0], official)


@pytest.mark.slow
def test_real_emnist_by_idx_and_by_tfds_agree(prepared_tfds, test_data, tmp_path):
    for path in (test_data / "emnist").glob("emnist-derived47-t*-ubyte.gz"):
        shutil.copy(path, tmp_path / path.name.replace("derived47", "balanced"))
    ours = gp.load("emnist", data_dir=tmp_path)
    for one, other in zip(ours, gp.load("emnist"), strict=True):
        rows = dict(zip(one.image_hashes, one.labels, strict=True))
        assert rows == dict(zip(other.image_hashes, other.labels, strict=True))


def short_labels(folder, stored):
    as_idx(folder, stored, "emnist-balanced")
    write_idx(folder / "emnist-balanced-train-labels-idx1-ubyte.gz", stored["train"][1][:-1])


def no_labels(folder, stored):
    as_idx(folder, stored, "emnist-balanced")
    (folder / "emnist-balanced-test-labels-idx1-ubyte.gz").unlink()


def no_test_part(folder, stored):
    as_idx(folder, {"train": stored["train"]}, "emnist-balanced")


def wrong_magic(folder, stored):
    as_idx(folder, stored, "emnist-balanced", suffix="")
    path = folder / "emnist-balanced-train-images-idx3-ubyte"
    path.write_bytes(b"\0\0\x0d" + path.read_bytes()[3:])


def cut_off(folder, stored):
    as_idx(folder, stored, "emnist-balanced", suffix="")
    path = folder / "emnist-balanced-train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-1])


def unknown_label(folder, stored):
    stored["train"][1][3] = 60
    as_idx(folder, stored, "emnist-balanced")


def narrow_csv(folder, stored):
    as_csv(folder, {p: (i[:, :27], k) for p, (i, k) in stored.items()}, "emnist-balanced")


def csv_of_words(folder, stored):
    as_csv(folder, stored, "emnist-balanced")
    (folder / "emnist-balanced-train.csv").write_text("a,b\nc,d\n")


def csv_above_255(folder, stored):
    as_csv(folder, stored, "emnist-balanced")
    path = folder / "emnist-balanced-train.csv"
    path.write_text(path.read_text().replace(",", ",300,", 1))


def mat_of_another_kind(folder, stored):
    import scipy.io

    scipy.io.savemat(folder / "emnist-balanced.mat", {"x": 1})


def damaged_mat(folder, stored):
    as_mat(folder, stored, "emnist-balanced")
    path = folder / "emnist-balanced.mat"
    path.write_bytes(path.read_bytes()[:3000])


def crashing_mat(folder, stored):
    """A byte at which SciPy 1.17 ends its process with a segmentation fault."""
    as_mat(folder, stored, "emnist-balanced")
    path = folder / "emnist-balanced.mat"
    content = bytearray(path.read_bytes())
    content[352] = 180
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (short_labels, "30 train images but 29 labels"),
        (no_labels, "test-labels-idx1-ubyte.gz is missing"),
        (no_test_part, "but not the test part"),
        (wrong_magic, "no idx file"),
        (cut_off, "should hold 30 x 28 x 28"),
        (unknown_label, "should be 0..46"),
        (narrow_csv, "a label and 784 pixels"),
        (csv_of_words, "not a CSV file of bytes"),
        (csv_above_255, "not a CSV file of bytes"),
        (mat_of_another_kind, "not EMNIST's MATLAB file"),
        (damaged_mat, "not EMNIST's MATLAB file"),
        (crashing_mat, "was ended from outside.*the file is damaged|not EMNIST's MATLAB file"),
    ],
)
def test_damaged_official_files_are_named(tmp_path, stored, spoil, sentence):
    spoil(tmp_path, stored)
    with pytest.raises(GanprofileError, match=sentence):
        gp.load("emnist", data_dir=tmp_path)


def test_a_folder_without_the_files_does_not_fall_back_on_a_download(tmp_path):
    with pytest.raises(GanprofileError, match=r"no official files of emnist/letters, such as"):
        gp.load("emnist/letters", data_dir=tmp_path)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name.startswith("emnist")])
def test_every_emnist_set_is_found_by_its_name(tmp_path, stored, name):
    card = read_card(name)
    classes, first = len(card["classes"]), card.get("first_label", 0)
    relabelled = {part: (images, k % classes + first) for part, (images, k) in stored.items()}
    as_idx(tmp_path, relabelled, PUBLISHED[name])
    train, test = gp.load(name, data_dir=tmp_path)
    assert (train.name, train.num_classes, len(test)) == (name, classes, 12)
    assert np.array_equal(train.labels, stored["train"][1] % classes)
    assert np.array_equal(train.images[..., 0], stored["train"][0].transpose(0, 2, 1))


@pytest.mark.parametrize("mapping", ["index,codepoint,char\n0,U+304A,お\n1,U+304D,き\n", None])
def test_files_of_another_script_have_mnists_names(tmp_path, stored, mapping):
    """Those of Kuzushiji-MNIST do; they are no images of MNIST's."""
    for part, name in (("train", "train"), ("test", "t10k")):
        images, labels = stored[part]
        write_idx(tmp_path / f"{name}-images-idx3-ubyte.gz", images)
        write_idx(tmp_path / f"{name}-labels-idx1-ubyte.gz", labels % 2)
    if mapping:
        (tmp_path / "kmnist_classmap.csv").write_text(mapping, encoding="utf-8")
    train, test = gp.load(tmp_path)
    assert train.class_names[:2] == (("お", "き") if mapping else ("0", "1"))
    assert np.array_equal(train.labels, stored["train"][1] % 2) and len(test) == COUNT["test"]
    assert train.name == tmp_path.name and "origin" not in train.provenance


@pytest.mark.parametrize(
    ("mapping", "names", "said"),
    [
        ("label,name\n48,א\n65,ב\n97,ג\n", ("א", "ב", "ג"), "48 is 'א'"),
        ("label,name\n48,א\n65,ב\n97,א\n", ("א", "ב"), "It calls 48 and 97 alike, 'א'"),
    ],
)
def test_a_map_whose_numbers_have_gaps_names_labels(tmp_path, stored, capsys, mapping, names, said):
    for part, (images, labels) in stored.items():
        write_idx(tmp_path / f"{part}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte", np.array([48, 65, 97])[labels % 3])
    (tmp_path / "label_map.csv").write_text(mapping, encoding="utf-8")
    train, test = gp.load(tmp_path)
    assert train.class_names == test.class_names == names
    labels = stored["train"][1] % 3 % len(names)
    assert train.labels.tolist() == labels.tolist()
    assert said in capsys.readouterr().err


def test_a_map_of_its_own_has_to_count_up(tmp_path, stored):
    as_idx(tmp_path, {"train": (stored["train"][0], stored["train"][1] % 2)}, "mine")
    (tmp_path / "mine-mapping.txt").write_text("0 97\n2 98\n3 99\n")
    with pytest.raises(gp.GanprofileError, match="labels do not count up"):
        gp.load(tmp_path)


def test_mnists_own_files_are_known_by_their_labels(tmp_path, stored):
    for part, name in (("train", "train"), ("test", "t10k")):
        labels = np.resize([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], COUNT[part])
        write_idx(tmp_path / f"{name}-images-idx3-ubyte", stored[part][0])
        write_idx(tmp_path / f"{name}-labels-idx1-ubyte", labels)
    train, _ = gp.load(tmp_path)
    assert train.name == "mnist" and train.provenance == {"origin": ["mnist"]}


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    "names",
    [
        *[("train-{}-{}-ubyte",), ("{}-{}-ubyte",), ("glyphs-{}-{}-ubyte",), ("{}.{}-ubyte",)],
        *[("training_{}.{}.ubyte", "testing_{}.{}.ubyte"), ("val-{}-{}-ubyte", "{}-{}-ubyte")],
    ],
)
@pytest.mark.parametrize("shape", [(28, 28), (9, 8, 3)])
def test_idx_files_may_have_no_test_part_and_other_names(tmp_path, names, suffix, shape):
    (tmp_path / "set").mkdir()
    random = np.random.default_rng(0)
    images, labels = [], np.arange(20) % 10
    for name in names:
        images.append(random.integers(0, 256, (20, *shape)))
        kind = f"idx{images[-1].ndim}"
        write_idx(tmp_path / "set" / f"{name.format('images', kind)}{suffix}", images[-1])
        write_idx(tmp_path / "set" / f"{name.format('labels', 'idx1')}{suffix}", labels)
    train, test = gp.load(tmp_path / "set", invert="no")
    which = -1 if names[0].startswith("val") else 0
    assert np.array_equal(train.images.squeeze(), images[which])
    assert train.class_names == tuple("0123456789") and np.array_equal(train.labels, labels)
    assert train.name == ("glyphs" if "glyphs" in names[0] else "set")
    assert (test is not None) == ("testing" in names[-1])
    assert test is None or np.array_equal(test.images.squeeze(), images[1])


@pytest.mark.parametrize(("kind", "dtype"), [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4")])
def test_idx_files_of_all_types_of_integers(tmp_path, kind, dtype):
    images = np.random.default_rng(0).integers(0, 128, (20, 9, 9))
    labels = np.arange(20) % 3 + 40
    write_idx(tmp_path / "train-images-idx3-ubyte", images, kind, dtype)
    write_idx(tmp_path / "train-labels-idx1-ubyte", labels, kind, dtype)
    train, _ = gp.load(tmp_path, invert="no")
    assert np.array_equal(train.images[..., 0], images)
    assert [train.class_names[label] for label in train.labels] == labels.astype(str).tolist()
    if kind > 8:
        write_idx(tmp_path / "train-images-idx3-ubyte", images - 1, kind, dtype)
        with pytest.raises(GanprofileError, match=r"levels of 0\.\.255\. Received: .*, -1 to 126"):
            gp.load(tmp_path)


@pytest.mark.parametrize("what", ["images-idx3", "labels-idx1"])
def test_idx_files_of_floats_are_told_what_to_do(tmp_path, what):
    write_idx(tmp_path / "train-images-idx3-ubyte", np.ones((20, 9, 9)))
    write_idx(tmp_path / "train-labels-idx1-ubyte", np.arange(20) % 3)
    floats = np.zeros((20, 9, 9) if "3" in what else 20)
    write_idx(tmp_path / f"train-{what}-ubyte", floats, 13, ">f4")
    with pytest.raises(GanprofileError, match="no idx file of this kind.* as integers"):
        gp.load(tmp_path)


def test_idx_files_that_make_no_set_are_told_what_to_do(tmp_path, stored):
    images, labels = stored["train"]
    write_idx(tmp_path / "t10k-images-idx3-ubyte", images)
    with pytest.raises(GanprofileError, match="not the train part of it. Put that there, or call"):
        gp.load(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").rename(tmp_path / "letters.idx3-ubyte")
    with pytest.raises(GanprofileError, match=r"MNIST's format: call that of the images train-im"):
        gp.load(tmp_path)
    for name in "ab":
        write_idx(tmp_path / f"{name}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{name}-labels-idx1-ubyte", labels)
    with pytest.raises(gp.UsageError, match="several sets .a, b.. Put each into a folder of its"):
        gp.load(tmp_path)


def test_a_set_of_ours_that_is_not_whole_is_no_pair_of_others(tmp_path):
    gp.load("digits")[1].subset(per_class=2).save(tmp_path / "set", format="idx")
    (tmp_path / "set" / "dataset.json").unlink()
    with pytest.raises(gp.GanprofileError, match=r"has the manifest\.csv .*not its dataset\.json"):
        gp.load(tmp_path / "set")
    (tmp_path / "set" / "manifest.csv").unlink()
    assert len(gp.load(tmp_path / "set")[0]) == 20


def test_what_is_advised_of_several_sets_in_an_archive_can_be_done(tmp_path, stored):
    (tmp_path / "gzip").mkdir()
    for stem in ("emnist-balanced", "emnist-letters"):
        as_idx(tmp_path / "gzip", stored, stem)
    archive = shutil.make_archive(tmp_path / "emnist", "zip", tmp_path, "gzip")
    with pytest.raises(gp.UsageError, match=r"emnist/letters\)\. Unpack it, and load one by its"):
        gp.load(archive)
    shutil.unpack_archive(archive, tmp_path / "here")
    train, _ = gp.load("emnist", data_dir=tmp_path / "here" / "gzip")
    assert len(train.class_names) == 47


def test_of_a_single_file_beside_its_labels_the_folder_is_advised(tmp_path, stored):
    as_idx(tmp_path, stored, "emnist-balanced", suffix="")
    with pytest.raises(gp.UsageError, match=r"format: give the folder in which it and that of its"):
        gp.load(tmp_path / "emnist-balanced-train-images-idx3-ubyte")


def test_files_may_lie_in_folders_of_their_own_names(stored, tmp_path):
    as_idx(tmp_path, stored, "emnist", "")
    whole, _ = gp.load(tmp_path)
    for file in sorted(tmp_path.iterdir()):
        file.rename(tmp_path / "moved")
        file.mkdir()
        (tmp_path / "moved").rename(file / file.name)
    train, test = gp.load(tmp_path)
    assert np.array_equal(train.images, whole.images) and len(test) == COUNT["test"]
