"""Sets of TensorFlow Datasets by their names; what is not on this machine cannot be had here."""

import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.loaders import official
from ganprofile.datasets.recipe import from_recipe

pytest.importorskip("tensorflow_datasets", reason="TensorFlow Datasets is not installed")


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """`(name, builder's features, split -> columns)` is prepared as TFDS does it."""
    import tensorflow_datasets as tfds

    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))

    def prepare(name, features, splits):
        tfds.dataset_builders.store_as_tfds_dataset(
            name=name,
            version="1.0.0",
            features=tfds.features.FeaturesDict(features),
            split_datasets={split: _rows(columns) for split, columns in splits.items()},
            data_dir=tmp_path / "tfds",
            disable_shuffling=True,
        )

    return prepare


def _rows(columns):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(columns)


@pytest.fixture
def features(tfds):
    def of(shape=(28, 28, 1), names=("five", "six"), image="image", label="label"):
        return {
            image: tfds.features.Image(shape=shape),
            label: tfds.features.ClassLabel(names=list(names)),
        }

    return of


def columns(count, seed, image="image", label="label", channels=1):
    random = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28, channels), np.uint8)
    images[:, 8:20, 8:20] = random.integers(0, 255, (count, 12, 12, 1))
    return {image: images, label: np.arange(count) % 2}


def test_a_set_by_its_name(prepared, features, capsys):
    parts = {"train": columns(10, 0), "test": columns(6, 1), "small": columns(2, 2)}
    prepared("strokes", features(), parts)
    train, test = gp.load("tfds:strokes")
    assert train.class_names == ("five", "six") and train.name == "tfds:strokes"
    assert np.array_equal(train.images, parts["train"]["image"]), "in stored order"
    assert np.array_equal(test.images, parts["test"]["image"])
    assert train.labels.tolist() == [0, 1] * 5 and train.provenance["origin"] == ["strokes"]
    assert "tfds:strokes: the splits small are not read" in capsys.readouterr().err
    assert from_recipe(train.recipe).fingerprint == train.fingerprint
    assert train.recipe[0]["load"] == "tfds:strokes"
    turned, _ = gp.load("tfds:strokes", rotate=90, image_size=14, invert="yes")
    assert turned.image_shape == (14, 14, 1) and turned.images[0, 0, 0] == 255
    assert gp.load_for_training("tfds:strokes:1.0.0", per_class=2)[0].num_classes == 2


def test_features_by_other_names_and_grey_in_colours(prepared, features):
    rows = columns(8, 0, "picture", "sign", channels=3)
    prepared("odd", features((28, 28, 3), image="picture", label="sign"), {"whole": rows})
    train, test = gp.load("tfds:odd")
    assert train.image_shape == (28, 28, 1) and test is None
    with pytest.raises(gp.UsageError, match="no feature `label_column='x'`. Received: pic"):
        gp.load("tfds:odd", label_column="x")
    with pytest.raises(gp.UsageError, match=r"tfds:odd comes with its form. Remove `photographs`"):
        gp.load("tfds:odd", photographs="scans")


def test_several_features_are_named(prepared, tfds):
    features = {
        "image": tfds.features.Image(shape=(28, 28, 1)),
        "alphabet": tfds.features.ClassLabel(names=["a", "b"]),
        "character": tfds.features.ClassLabel(names=["x", "y"]),
    }
    rows = columns(8, 0, label="alphabet")
    prepared("several", features, {"train": {**rows, "character": np.arange(8) // 4}})
    with pytest.raises(gp.UsageError, match="has the features .*; which is meant"):
        gp.load("tfds:several")
    train, _ = gp.load("tfds:several", label_column="character")
    assert train.class_names == ("x", "y") and train.labels.tolist() == [0] * 4 + [1] * 4


def test_other_classes_in_the_test_part_are_left_out(prepared, features, capsys):
    """As Omniglot's are."""
    rows, others = columns(8, 0), columns(6, 1)
    others["label"] = others["label"] + 2
    prepared("signs", features(names="abcd"), {"train": rows, "test": others})
    train, test = gp.load("tfds:signs")
    assert test is None and len(train) == 8
    assert "has none of the training part's classes: left out" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["test", "train"])
def test_parts_without_labels(prepared, features, part, capsys):
    """TFDS writes -1 for a label that is not told."""
    parts = {"train": columns(10, 0), "test": columns(6, 1)}
    parts[part]["label"] = np.full(len(parts[part]["label"]), -1)
    prepared(f"silent{part}", features(), parts)
    train, test = gp.load(f"tfds:silent{part}")
    said = capsys.readouterr().err
    if part == "test":
        assert train.class_names == ("five", "six") and len(train) == 10 and test is None
        assert "the test part has no labels and is left out" in said
    else:
        assert train.labels is None and test.labels is None
        assert "tfds:silenttrain has no labels. All of its feature label are -1" in said


@pytest.mark.parametrize(("called", "kind"), [("label", "int"), ("character", "text")])
def test_labels_that_are_no_class_labels(prepared, tfds, called, kind, capsys):
    feature = tfds.features.Scalar(np.int64) if kind == "int" else tfds.features.Text()
    features = {"image": tfds.features.Image(shape=(28, 28, 1)), called: feature}
    features["age"] = tfds.features.Scalar(np.int64)
    rows = columns(8, 0, label=called) | {"age": np.arange(8)}
    rows[called] = rows[called] if kind == "int" else np.array(["0", "1"] * 4)
    prepared(f"plain{kind}", features, {"train": rows})
    train, _ = gp.load(f"tfds:plain{kind}")
    assert train.class_names == ("0", "1") and train.labels.tolist() == [0, 1] * 4
    assert f"the feature {called} was taken for the labels" in capsys.readouterr().err


def test_features_that_may_be_the_labels_are_named(prepared, tfds, capsys):
    features = {"image": tfds.features.Image(shape=(28, 28, 1))}
    features["glyph"] = tfds.features.Scalar(np.int64)
    prepared("glyphs", features, {"train": columns(8, 0, label="glyph")})
    assert gp.load("tfds:glyphs")[0].labels is None
    sentence = "tfds:glyphs has no labels. Beside image it has the features glyph. Name that of"
    assert sentence in capsys.readouterr().err
    assert gp.load("tfds:glyphs", label_column="glyph")[0].class_names == ("0", "1")


@pytest.mark.parametrize("kind", ["number", "text", "class"])
def test_who_wrote_what_is_read_and_other_features_are_said(prepared, tfds, features, capsys, kind):
    feature, told, names = {
        "number": (tfds.features.Scalar(np.int64), [7, 9] * 4, None),
        "text": (tfds.features.Text(), ["bo", "anna"] * 4, ["bo", "anna"] * 4),
        "class": (tfds.features.ClassLabel(names=["bo", "anna"]), [0, 1] * 4, ["bo", "anna"] * 4),
    }[kind]
    more = {"writer_id": feature, "alphabet": tfds.features.ClassLabel(names=["a"])}
    rows = columns(8, 0) | {"writer_id": np.array(told), "alphabet": np.zeros(8, np.int64)}
    prepared(
        f"hands{kind}",
        features() | more,
        {
            "train": rows,
            "test": columns(4, 1)
            | {key: values[:4] for key, values in rows.items() if key in more},
        },
    )
    train, test = gp.load(f"tfds:hands{kind}")
    expected = [7, 9] * 4 if names is None else [1, 0] * 4
    assert train.writers.tolist() == expected and test.writers.tolist() == expected[:4]
    if names is not None:
        assert train.attributes["writer_name"].tolist() == names
    said = " ".join(capsys.readouterr().err.split())
    assert (
        f"Of the features of tfds:hands{kind}, image was taken for the pictures and label for the "
        "labels; not read: alphabet."
    ) in said


@pytest.mark.parametrize("asked", ["versions:3.0.0", "versions/3.0.0"])
def test_versions_that_are_here_are_named(prepared, features, asked):
    prepared("versions", features(), {"train": columns(8, 0)})
    with pytest.raises(gp.UsageError, match=r"which has tfds:versions:1.0.0. Name one of these"):
        gp.load(f"tfds:{asked}")


def test_training_images_that_are_test_images_are_left_out(prepared, features):
    rows = columns(8, 0)
    test = {key: values[:2] for key, values in rows.items()}
    prepared("leaky", features(), {"train": rows, "test": test})
    assert len(gp.load("tfds:leaky")[0]) == 6


def test_pictures_of_several_sizes(prepared, features):
    rows = columns(4, 0, channels=3)
    prepared("sizes", features((None, None, 3)), {"train": rows})
    with pytest.raises(gp.UsageError, match="differ in size. Say one, `image_size=28`"):
        gp.load("tfds:sizes")
    assert gp.load("tfds:sizes", image_size=14)[0].image_shape == (14, 14, 1)


@pytest.mark.parametrize(
    ("dtype", "full", "said"),
    [(np.uint16, 65535, None), (np.uint16, 4095, "12 bits (0..4095)"), (np.float32, 1, "1 bit (0")],
)
def test_deep_levels_are_those_of_one_range(prepared, tfds, capsys, dtype, full, said):
    """The test part alone reaches less of it."""
    parts = {"train": columns(10, 0), "test": columns(6, 1)}
    parts["train"]["image"][0, 9, 9] = 255
    parts["test"]["image"] //= 2
    stored = {part: (rows["image"] / 255 * full, rows["label"]) for part, rows in parts.items()}
    stored = {
        part: {"image": (images if full == 1 else images.round()).astype(dtype), "label": labels}
        for part, (images, labels) in stored.items()
    }
    kinds = {"image": tfds.features.Image(shape=(28, 28, 1), dtype=dtype)}
    prepared("deep", kinds | {"label": tfds.features.ClassLabel(num_classes=2)}, stored)
    for images, part in zip(gp.load("tfds:deep"), parts, strict=True):
        assert np.array_equal(images.images, parts[part]["image"])
    err = capsys.readouterr().err
    assert said in err if said else "by the highest" not in err


@pytest.mark.parametrize(("full", "bits"), [(1, 1), (15, 4)])
@pytest.mark.parametrize("side", [28, None])
@pytest.mark.parametrize("channels", [1, 4])
def test_few_levels_of_ordinary_pictures(prepared, features, capsys, full, bits, side, channels):
    """As the 0 and 1 of `binary_alpha_digits`; the first picture shows nothing."""
    rows = columns(8, 0)
    levels = (rows["image"] / 255 * full).round().astype(np.uint8)
    levels[0], levels[1, 9, 9] = 0, full
    opaque = np.full((*levels.shape[:3], channels // 4), 255, np.uint8)
    rows["image"] = np.concatenate([*[levels] * (channels // 4 * 2 + 1), opaque], axis=-1)
    prepared("few", features((side, side, channels)), {"train": rows})
    train, _ = gp.load("tfds:few", image_size=28)
    assert np.array_equal(train.images, levels * (255 // full))
    assert f"taken for those of {bits} bit" in (err := capsys.readouterr().err), err
    assert "show nothing" not in err
    as_stored, _ = gp.load("tfds:few", image_size=28, bits=8)
    assert np.array_equal(as_stored.images, levels)


def test_more_levels_than_the_bits_that_were_said(prepared, features):
    prepared("usual", features(), {"train": columns(8, 0)})
    with pytest.raises(gp.GanprofileError, match=r"levels up to 2\d\d; those of 4 bits end at 15"):
        gp.load("tfds:usual", bits=4)
    assert np.array_equal(gp.load("tfds:usual", bits=16)[0].images, columns(8, 0)["image"])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("ink", [0, 255])
def test_transparent_pixels_are_paper(prepared, tfds, dtype, ink):
    rows = columns(6, 0)
    opacity = rows["image"].astype(dtype) * (np.iinfo(dtype).max // 255)
    colours = np.full((*opacity.shape[:3], 3), ink * (np.iinfo(dtype).max // 255), dtype)
    kinds = {"image": tfds.features.Image(shape=(28, 28, 4), dtype=dtype)}
    stored = {"image": np.concatenate([colours, opacity], axis=-1), "label": rows["label"]}
    prepared("clear", kinds | {"label": tfds.features.ClassLabel(num_classes=2)}, {"train": stored})
    train, _ = gp.load("tfds:clear")
    assert train.image_shape == (28, 28, 1)
    assert np.abs(train.images.astype(int) - rows["image"]).max() <= 1


def test_levels_that_cannot_be_told_are_refused(prepared, tfds):
    rows = columns(6, 0)
    rows["image"] = rows["image"].astype(np.float32) / 128 - 1
    kinds = {"image": tfds.features.Image(shape=(28, 28, 1), dtype=np.float32)}
    prepared("odd", kinds | {"label": tfds.features.ClassLabel(num_classes=2)}, {"train": rows})
    with pytest.raises(gp.GanprofileError, match="^tfds:odd should hold levels of at most 16 bits"):
        gp.load("tfds:odd")


def test_what_is_not_here_is_one_sentence(tmp_path, monkeypatch, in_process):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(gp.GanprofileError, match=r"tfds:kmnist is not in .* forbids its download"):
        gp.load("tfds:kmnist", offline=True)
    with pytest.raises(gp.UsageError, match="has no set 'kmnst'.*Did you mean 'kmnist'"):
        gp.load("tfds:kmnst", offline=True)
    with pytest.raises(gp.UsageError, match="is named tfds:NAME"):
        gp.load("tfds:../x")
    code, _, said = in_process("datasets", "show", "tfds:kmnist", "--offline")
    assert (
        code == 1
        and "--offline forbids its download. By hand: where there is a netw"
        in " ".join(said.split())
    )


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("kmnist:2.0.0", r"tfds:kmnist, version 3\.\d\.\d\. Name one of these"),
        ("kmnist/nope", r"tfds:kmnist, version 3"),
        ("emnist/nope", r"tfds:emnist/byclass, .*tfds:emnist/letters, .*, version 3"),
        ("emnist/letters:1.0.0", "tfds:emnist/byclass, .*, version 3"),
    ],
)
def test_versions_and_configurations_that_there_are_not(tmp_path, monkeypatch, name, there):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    said = f"^tfds:{name} is not in TensorFlow Datasets, which has {there}"
    with pytest.raises(gp.UsageError, match=said):
        gp.load(f"tfds:{name}")


def test_names_that_are_numbers_are_those_of_the_labels(prepared, tfds, capsys):
    """As those of `emnist/letters`, of which no image is of the class 0."""
    rows = columns(8, 0) | {"label": 1 + np.arange(8) % 2}
    kinds = {"image": tfds.features.Image(shape=(28, 28, 1))}
    prepared(
        "numbered", kinds | {"label": tfds.features.ClassLabel(num_classes=5)}, {"train": rows}
    )
    train, _ = gp.load("tfds:numbered")
    assert [train.class_names[label] for label in train.labels] == list("12" * 4)
    assert "first_label" not in capsys.readouterr().err
    gp.load("tfds:numbered", first_label=1)
    said = "by `first_label=1` the label 1 is the class '0', though the names are numbers"
    assert said in capsys.readouterr().err


def test_classes_of_emnist_are_called_by_their_characters(prepared, tfds, capsys, monkeypatch):
    """The features number them, of `emnist/letters` 0 to 36, of which 1 to 26 are used."""
    rows = columns(8, 0) | {"label": np.array([1, 2, 26, 1, 2, 26, 1, 2])}
    kinds = {"image": tfds.features.Image(shape=(28, 28, 1))}
    kinds["label"] = tfds.features.ClassLabel(num_classes=37)
    prepared("numbered", kinds, {"train": rows})
    monkeypatch.setitem(official.NAME_OF, "numbered", "emnist/letters")
    train, _ = gp.load("tfds:numbered")
    assert [train.class_names[label] for label in train.labels] == list("ABZABZAB")
    said = "the classes are called as emnist/letters's are: 1 is 'A'"
    assert train.num_classes == 26 and said in capsys.readouterr().err
    assert gp.load("tfds:numbered", first_label=0)[0].class_names[26] == "26"


def test_a_download_that_fails_is_one_sentence(tmp_path, monkeypatch, capsys):
    def refuse(url):
        raise OSError("no network")

    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("ganprofile.datasets.tfds_data.check_reachable", refuse)
    with pytest.raises(gp.GanprofileError, match=r"could not be downloaded from http.*no network"):
        gp.load("tfds:kmnist")
    said = capsys.readouterr().err
    assert "tfds:kmnist is not on this machine: downloading 2" in said and "MB from http" in said


def test_damaged_files_are_named(prepared, features, tmp_path):
    prepared("cut", features(), {"train": columns(8, 0)})
    (record,) = (tmp_path / "tfds").rglob("*.tfrecord*")
    record.write_bytes(record.read_bytes()[:200])
    with pytest.raises(gp.GanprofileError, match="cannot be read .*Remove that folder") as found:
        gp.load("tfds:cut")
    assert "{{" not in str(found.value) and "[Op" not in str(found.value)
    shutil.rmtree(tmp_path / "tfds")


@pytest.mark.parametrize("file", ["dataset_info.json", "features.json"])
@pytest.mark.parametrize(("content", "said"), [("{", "cannot be read"), (None, "is missing")])
def test_what_says_what_records_hold_is_named_where_it_is_damaged(
    prepared, features, tmp_path, file, content, said
):
    prepared("cut", features(), {"train": columns(8, 0)})
    (place,) = (tmp_path / "tfds").rglob(file)
    place.unlink() if content is None else place.write_text(content)
    for name in ("tfds:cut", "tfds:cut:1.0.0"):
        with pytest.raises(gp.GanprofileError, match=f"{name} is damaged .*{file} {said}. Copy"):
            gp.load(name)


def test_real_sets(prepared_tfds, capsys):
    train, test = gp.load("tfds:mnist")
    assert len(train) == 60000 and len(test) == 10000 and train.provenance["origin"] == ["mnist"]
    assert "seem" not in capsys.readouterr().err
    balanced, _ = gp.load("tfds:emnist/balanced")
    assert balanced.class_names == tuple(read_card("emnist")["classes"])
    assert "the images seem to be transposed" in capsys.readouterr().err, "as TFDS has them"
