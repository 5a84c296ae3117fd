"""What others read in the sets that we write, each with its own reader."""

import gzip
import json
import shutil
import struct
import subprocess

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.set_writer import SetWriter

NAMES = ("a", "A", "/", " ", "🙂", "new\nline", 'quo"te,', "\u00e9", "x\u0301", "CON", "test")
SOURCES = ["real"] * 14 + ["synthetic"] * 8


@pytest.fixture(params=[(28, 28, 1), (32, 20, 3)], ids=["grey", "colour"])
def odd_set(request):
    """22 images, two of each class, some of unknown writers."""
    random = np.random.default_rng(1)
    return gp.Dataset(
        random.integers(0, 256, (22, *request.param), dtype=np.uint8),
        labels=random.permutation(np.arange(22) % 11),
        class_names=NAMES,
        writers=random.integers(-1, 9, 22),
    )


def write(dataset, folder, format):
    """A set with real and synthetic images, in two pieces."""
    folder.mkdir()
    with SetWriter(folder, format, dataset.class_names, dataset.image_shape) as writer:
        for first, last in ((0, 14), (14, 22)):
            some = dataset.select(np.arange(first, last))
            writer.add(some.images, some.labels, some.writers, source=SOURCES[first])
        writer.finish("odd", real=14, synthetic=8)
    return folder


def shown(image):
    """An image as other readers hand it: grey ones without an axis for channels."""
    return image[..., 0] if image.shape[-1] == 1 else image


def test_keras_reads_class_folders_with_our_labels(tmp_path, odd_set):
    import keras

    path = write(odd_set, tmp_path / "set", "imagefolder")
    height, width, channels = odd_set.image_shape
    read = keras.utils.image_dataset_from_directory(
        path,
        color_mode="grayscale" if channels == 1 else "rgb",
        image_size=(height, width),
        shuffle=False,
        verbose=False,
    )
    assert len(read.class_names) == odd_set.num_classes
    order = np.argsort(odd_set.labels, kind="stable")
    images, labels = (np.concatenate(parts) for parts in zip(*read, strict=True))
    assert np.array_equal(labels, odd_set.labels[order])
    assert np.array_equal(images, odd_set.images[order])


def test_keras_finds_the_digits_under_their_names(tmp_path, digits):
    import keras

    path = digits[0].subset(5).save(tmp_path / "set", "imagefolder")
    read = keras.utils.image_dataset_from_directory(
        path, color_mode="grayscale", image_size=(28, 28), shuffle=False, verbose=False
    )
    assert read.class_names == [str(digit) for digit in range(10)]
    assert np.concatenate([labels for _, labels in read]).tolist() == sorted([*range(10)] * 5)


def test_tfds_loads_the_folder_without_our_code(tmp_path, odd_set):
    import tensorflow_datasets as tfds

    path = write(odd_set, tmp_path / "set", "tfds")
    builder = tfds.builder_from_directory(path)
    rows = list(tfds.as_numpy(builder.as_dataset(split="train")))
    assert builder.info.splits["train"].num_examples == 22
    for index, row in enumerate(rows):
        assert np.array_equal(row["image"], odd_set.images[index])
        assert row["label"] == odd_set.labels[index] and row["writer"] == odd_set.writers[index]
        assert row["source"].decode() == SOURCES[index] and row["index"] == index
    names = builder.info.features["label"].names
    assert [json.loads(n) if n.startswith('"') else n for n in names] == list(NAMES)
    image, label = next(iter(tfds.as_numpy(builder.as_dataset("train", as_supervised=True))))
    assert np.array_equal(image, odd_set.images[0]) and label == odd_set.labels[0]


def test_tfds_keeps_our_order_over_shards(tmp_path, digits, monkeypatch):
    """It would mix shards by sixteens if the set did not forbid it."""
    import tensorflow_datasets as tfds

    monkeypatch.setattr(FORMATS["tfds"], "SHARD", 30)
    path = digits[0].subset(10).save(tmp_path / "set", "tfds")
    builder = tfds.builder_from_directory(path)
    assert builder.info.splits["train"].shard_lengths == [30, 30, 30, 10]
    rows = tfds.as_numpy(builder.as_dataset(split="train"))
    assert [row["index"] for row in rows] == list(range(100))


def test_plain_tensorflow_reads_tfrecords(tmp_path, odd_set):
    import tensorflow as tf

    path = write(odd_set, tmp_path / "set", "tfrecord")
    numbers = ("image/height", "image/width", "image/channels", "label", "writer", "index")
    features = {name: tf.io.FixedLenFeature([], tf.int64) for name in numbers}
    for name in ("image/encoded", "class_name", "source"):
        features[name] = tf.io.FixedLenFeature([], tf.string)
    records = tf.data.TFRecordDataset(sorted(map(str, path.glob("data-*.tfrecord"))))
    rows = [tf.io.parse_single_example(record, features) for record in records]
    assert len(rows) == 22
    for index, row in enumerate(rows):
        assert np.array_equal(tf.io.decode_png(row["image/encoded"]), odd_set.images[index])
        assert tuple(int(row[name]) for name in numbers[:3]) == odd_set.image_shape
        assert row["label"] == odd_set.labels[index] and row["writer"] == odd_set.writers[index]
        assert row["class_name"].numpy().decode() == NAMES[odd_set.labels[index]]
        assert row["source"].numpy().decode() == SOURCES[index] and row["index"] == index


@pytest.fixture
def image_folder(hugging_face, tmp_path):
    """`load_dataset("imagefolder", ...)` of a folder, without a network."""

    def load(folder, **options):
        return hugging_face.load_dataset(
            "imagefolder",
            data_dir=str(folder),
            cache_dir=str(tmp_path / "cache"),
            split="train",
            **options,
        )

    return load


def test_hugging_face_reads_image_folders(tmp_path, odd_set, image_folder):
    """`test` is a class here: none of ours may be taken for a part of the dataset."""
    path = write(odd_set, tmp_path / "set", "imagefolder")
    rows = image_folder(path)
    assert len(rows) == 22
    for index, row in enumerate(rows):
        assert np.array_equal(np.asarray(row["image"]), shown(odd_set.images[index]))
        assert row["label"] == odd_set.labels[index] and row["writer"] == odd_set.writers[index]
        assert row["class_name"] == NAMES[odd_set.labels[index]]
        assert row["source"] == SOURCES[index]


def test_hugging_face_is_told_that_names_of_numbers_are_text(tmp_path, digits, image_folder):
    """Its reader of CSV guesses types from values, unless it is told."""
    import datasets

    some = digits[0].subset(2)
    path = some.save(tmp_path / "set", "imagefolder")
    assert image_folder(path)["class_name"] == some.labels.tolist()
    columns = {name: datasets.Value("int64") for name in ("label", "writer")}
    columns |= {name: datasets.Value("string") for name in ("class_name", "source")}
    features = datasets.Features({"image": datasets.Image(), **columns})
    arguments = image_folder(path, features=features)
    assert arguments["class_name"] == [str(label) for label in some.labels]
    assert arguments["writer"] == some.writers.tolist()


def test_idx_files_are_what_an_independent_reader_expects(tmp_path, odd_set):
    idx2numpy = pytest.importorskip("idx2numpy")
    path = write(odd_set, tmp_path / "set", "idx")
    for name, expected in (("images", odd_set.images), ("labels", odd_set.labels)):
        (file,) = path.glob(f"{name}-idx*-ubyte.gz")
        (tmp_path / name).write_bytes(gzip.decompress(file.read_bytes()))
        read = idx2numpy.convert_from_file(str(tmp_path / name))
        assert read.dtype == np.uint8
        assert np.array_equal(read, shown(expected) if name == "images" else expected)


def test_idx_files_have_the_headers_of_mnist(tmp_path, digits):
    path = digits[1].save(tmp_path / "set", "idx")
    content = gzip.decompress((path / "images-idx3-ubyte.gz").read_bytes())
    assert struct.unpack(">IIII", content[:16]) == (0x803, 1000, 28, 28)
    assert content[16:] == digits[1].images.tobytes()
    content = gzip.decompress((path / "labels-idx1-ubyte.gz").read_bytes())
    assert struct.unpack(">II", content[:8]) == (0x801, 1000)


@pytest.mark.parametrize("format", FORMATS)
def test_sha256sum_checks_every_file(tmp_path, odd_set, format):
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum here")
    path = write(odd_set, tmp_path / "set", format)
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=path,
        capture_output=True,
        text=True,
        check=True,
    )
    files = {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}
    checked = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
    assert checked == files - {"SHA256SUMS"}
    (path / "manifest.csv").write_text("")
    assert subprocess.run(["sha256sum", "--status", "-c", "SHA256SUMS"], cwd=path).returncode == 1
