"""`README.md` and `preview.png` of a written set: what the Hub, other readers and people see."""

import os
import re

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.captions import drawable
from ganprofile.console import markdown_text
from ganprofile.datasets.formats import FORMATS, imagefolder
from ganprofile.datasets.formats.card import HOW_TO_USE, SIZES, card
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.filtering.rejection import REASONS
from ganprofile.images import read_png

AWKWARD = ("a", "A", "/", " ", "🙂", "new\nline", 'quo"te: \\ #', "é", "\x85\x00", "`|*_", "test")
MADE_FROM = {
    "recipe": "deformed+distilled",
    "dataset": "mine",
    "dataset_fingerprint": "0" * 64,
    "dataset_recipe": [{"load": "/home/me/scans", "split": "train"}],
    "seed": 7,
}


def write(folder, format="npz", names=AWKWARD, soft=False, count=33, **facts):
    """A set of synthetic images, made of real ones that are not in it."""
    folder.mkdir()
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (count, 8, 8, 1), np.uint8)
    labels = np.arange(count) % len(names)
    with SetWriter(folder, format, names, (8, 8, 1), soft) as writer:
        writer.show_real(255 - images, labels)
        writer.add(images, labels, source="synthetic")
        writer.finish(
            "mine: *augmented*",
            split="train",
            real=0,
            synthetic=count,
            **{"made_from": MADE_FROM, **facts},
        )
    return folder


def text_of(folder):
    return (folder / "README.md").read_text("utf-8")


def codes(folder):
    return re.findall(r"```python\n(.*?)```", text_of(folder), re.DOTALL)


@pytest.mark.parametrize("format", FORMATS)
def test_the_hub_understands_the_card(tmp_path, format):
    hub = pytest.importorskip("huggingface_hub")
    yaml = pytest.importorskip("yaml")
    text = text_of(write(tmp_path / "set", format, soft=True))
    front = yaml.safe_load(text.split("---\n")[1])
    data = hub.DatasetCard(text).data
    assert front == data.to_dict()
    assert front["license"] == "unknown" and front["task_categories"] == ["image-classification"]
    assert front["size_categories"] == ["n<1K"] and "synthetic" in front["tags"]
    assert front["pretty_name"] == "mine: *augmented*"
    assert ("configs" in front) == (format == "imagefolder")
    if format == "imagefolder":
        (label,) = [f for f in front["configs"][0]["features"] if f["name"] == "label"]
        assert list(label["dtype"]["class_label"]["names"].values()) == list(AWKWARD)
    else:
        assert front["viewer"] is False


def test_the_card_says_what_the_holes_in_deformed_images_are(tmp_path):
    text = text_of(write(tmp_path / "deformed"))
    assert "In 25 of 100 new images a square, a quarter of a side long, is covered" in text
    for number, made_from in enumerate(({"run": "a", "seed": 7}, None)):
        text = text_of(write(tmp_path / f"{number}", made_from=made_from))
        assert "a square" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_the_card_names_every_file_and_no_other(tmp_path, format):
    path = write(tmp_path / "set", format, soft=format != "idx")
    named = re.findall(r"^- `([^`]+)`: ", text_of(path), re.MULTILINE)
    patterns = [pattern for pattern in named if " " not in pattern]
    found = {f.name for pattern in patterns for f in path.glob(pattern)} | {"README.md"}
    assert found == {file.name for file in path.iterdir()}
    assert ("soft_labels.npy" in named) == (format != "idx")


def test_the_card_says_what_the_set_is(tmp_path):
    text = text_of(write(tmp_path / "set", soft=True))
    assert "# mine: \\*augmented\\*\n" in text and HOW_TO_USE["deformed"] in text
    assert "33 images of handwritten characters, 8 x 8 in grey levels, 11 classes: 33 were" in text
    assert "recipe: `deformed+distilled`" in text and "Seed: `7`" in text
    assert "licence of the real images is not known" in text and "personal data" in text
    assert "/home/me" not in text and str(tmp_path) not in text
    assert HOW_TO_USE["hard"] in text_of(write(tmp_path / "hard"))


@pytest.mark.parametrize("facts", [{"made_from": {"run": "mine", "seed": 7}}, {"made_from": None}])
def test_what_was_measured_of_deformed_images_is_said_of_no_others(tmp_path, facts):
    text = text_of(write(tmp_path / "set", soft=True, **facts))
    assert HOW_TO_USE["soft"] in text and "points" not in text


def test_the_card_says_the_licence_of_what_the_set_was_made_of(tmp_path, digits):
    text = text_of(digits[1].select(np.arange(30)).save(tmp_path / "set"))
    assert "MNIST: none stated by its authors" in text and "`digits`" in text
    assert "not known" not in text
    assert '`[{"load": "digits", "split": "test"' not in text  # which some of it is not
    made = {**MADE_FROM, "provenance": {"origin": ["digits", "unknown"]}}
    text = text_of(write(tmp_path / "made", made_from=made))
    assert "MNIST: none stated" in text and "is not known to ganprofile" in text


def test_the_card_says_what_every_reason_means(tmp_path):
    rejected = {"discriminator": {"a": 3, "A": 2}, "surplus": {"a": 1}}
    facts = {"level": "standard", "drawn": 39, "rejected": rejected, "reasons": REASONS}
    text = text_of(write(tmp_path / "set", filter=facts))
    assert "Of 39 images that were drawn, a filter dropped some." in text
    assert f"- `discriminator`, 5 images: {REASONS['discriminator']}." in text
    assert f"- `surplus`, 1 image: {REASONS['surplus']}." in text and "misread" not in text
    assert "What was left out" not in text_of(write(tmp_path / "whole"))


def test_the_same_set_has_the_same_card_and_picture(tmp_path):
    one, two = (write(tmp_path / name, "imagefolder", soft=True) for name in ("one", "two"))
    for name in ("README.md", "preview.png", "SHA256SUMS"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    assert gp.verify(one, progress=False).problems == []


def test_one_image_is_said_in_the_singular(tmp_path):
    text = text_of(write(tmp_path / "set", names=["a", "b"], count=1))
    assert "1 image of handwritten characters" in text and "1 images" not in text


def test_names_from_right_to_left_are_isolated_in_markdown():
    assert markdown_text("of אב (2 of 10)") == "of \u2068אב\u2069 (2 of 10)"


def test_thousands_of_classes_leave_the_card_short(tmp_path):
    text = text_of(write(tmp_path / "set", names=[f"字{k}" for k in range(3000)], count=3000))
    assert "3,000 classes of 1 image each." in text and len(text) < 6000


@pytest.mark.parametrize("count", [0, 999, 1000, 99_999, 10**6])
def test_sizes_are_the_hubs_words(tmp_path, count):
    path = write(tmp_path / "set")
    info = {**gp.open_set(path).info, "images": count}
    lowest = {"n<1K": 0, **dict(zip(list(SIZES.values())[1:], SIZES, strict=False))}
    (word,) = [w for w in lowest if f"- {w}\n" in card(info, path)]
    beyond = next(end for end, other in SIZES.items() if other == word)
    assert lowest[word] <= count < beyond


@pytest.fixture
def offline(hugging_face, monkeypatch, tmp_path):
    monkeypatch.setattr(hugging_face.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return hugging_face


@pytest.mark.parametrize("soft", [True, False], ids=["soft", "hard"])
@pytest.mark.parametrize("format", FORMATS)
def test_the_code_in_the_card_runs(tmp_path, format, soft, monkeypatch, offline):
    """For every format in PyTorch and by Hugging Face; in Keras, which is the same, for one."""
    pytest.importorskip("torch")
    monkeypatch.chdir(write(tmp_path / "set", format, soft=soft, count=80))
    pytorch, keras, hugging_face = codes(tmp_path / "set")
    names = {}
    exec(pytorch, names)
    assert names["images"].shape == (64, 1, 8, 8) and names["loss"].item() > 0
    exec(hugging_face, names)
    assert names["dataset"]["label"] == gp.open_set(".").labels.tolist()
    if format == "npz":
        exec(keras, names)
        assert names["model"].predict(names["images"], verbose=0).shape == (80, len(AWKWARD))


def test_hugging_face_loads_a_folder_with_types_by_its_card(tmp_path, offline):
    path = write(tmp_path / "set", "imagefolder", names=("0", "1", "NA", "b"), count=20)
    labels = gp.open_set(path).labels.tolist()
    rows = offline.load_dataset(str(path), split="train")
    assert rows.features["label"].names == ["0", "1", "NA", "b"]
    assert rows["label"] == labels and rows["class_name"][:2] == ["0", "1"]
    plain = offline.load_dataset("imagefolder", data_dir=str(path), split="train")
    assert plain["label"] == labels and len(plain) == 20
    images = gp.load(path)[0].images
    assert np.array_equal(np.stack([np.asarray(image) for image in rows["image"]]), images[..., 0])


@pytest.mark.parametrize(
    "names",
    [("1", "4", "7"), [str(k) for k in range(1, 12)], ("b", "0"), ("00", "1", "01", "000", "3")],
)
def test_hugging_face_takes_no_label_for_the_name_of_another_class(tmp_path, offline, names):
    path = write(tmp_path / "set", "imagefolder", names=names, count=22)
    labels = gp.open_set(path).labels.tolist()
    rows = offline.load_dataset(str(path), split="train")
    assert rows["label"] == labels and rows.features["label"].names == [*names]
    assert [names[label] for label in labels] == list(rows["class_name"])
    plain = offline.load_dataset("imagefolder", data_dir=str(path), split="train")
    assert plain["label"] == labels


def test_pictures_beside_the_classes_are_no_data(tmp_path, digits):
    """torchvision's `ImageFolder` takes every folder for a class, and nothing else."""
    path = digits[1].subset(3).save(tmp_path / "set", "imagefolder")
    assert (path / "preview.png").is_file() and len(gp.load(path)[0]) == 30
    folders = sorted(entry.name for entry in os.scandir(path) if entry.is_dir())
    assert folders == imagefolder.folder_names([str(digit) for digit in range(10)])
    for name in ("dataset.json", "manifest.csv", "metadata.csv"):
        (path / name).unlink()
    again, _ = gp.load(path)  # as somebody else's folder
    assert len(again) == 30 and again.num_classes == 10


# What people see


def test_the_picture_shows_ink_on_paper(tmp_path, digits):
    few = digits[1].subset(8)
    with SetWriter(tmp_path, "npz", few.class_names, few.image_shape) as writer:
        writer.show_real(few.images, few.labels)
        writer.add(few.images, few.labels, source="synthetic")
        writer.finish("few")
    picture = read_png(tmp_path / "preview.png")
    assert picture.shape[2] == 1 and np.median(picture) == 255
    assert 0.02 < (picture < 128).mean() < 0.4
    rows = np.array([(picture[top : top + 56] < 128).mean() for top in range(46, 640, 60)])
    assert len(rows) == 10 and (rows > 0.02).all()


def test_real_ones_stand_beside_new_ones(tmp_path):
    """Grey where they are real and black where they are new, which is wherever none is written."""
    with SetWriter(tmp_path, "npz", ["a", "b"], (28, 28, 1)) as writer:
        writer.show_real(np.full((9, 28, 28, 1), 100, np.uint8), np.zeros(9, int))
        for _ in range(3):
            new = np.full((4, 28, 28, 1), 255, np.uint8)
            writer.add(new, np.array([0, 0, 1, 1]), source=["synthetic"] * 4)
        writer.finish("two")
    picture = read_png(tmp_path / "preview.png")[..., 0]
    first, second = picture[46 + 28], picture[46 + 60 + 50]
    real, new = np.flatnonzero(first == 155), np.flatnonzero(first == 0)
    assert len(real) == 4 * 56 and len(new) >= 6 * 56 and real.max() < new[-6 * 56]
    assert not (second == 155).any() and (second == 0).sum() == 6 * 56


@pytest.mark.parametrize(
    ("names", "most"),
    [
        ([f"{k}" for k in range(62)], 3200),
        (["n" * 400, "字", "\u202eright to left", "\n", "אב"], 1000),
        ([f"{k}" for k in range(5000)], 5300),
        (["0"], 700),
    ],
    ids=["many", "names", "too many", "one"],
)
def test_pictures_stay_of_a_size_to_look_at(tmp_path, names, most):
    path = write(tmp_path / "set", names=names, count=2 * len(names))
    height, width, _ = read_png(path / "preview.png").shape
    assert height < 1100 and width < most
    assert (path / "preview.png").stat().st_size < 2e6


def test_images_of_any_size_and_colour_are_shown(tmp_path):
    for shape in ((300, 100, 3), (8, 40, 3), (64, 64, 1)):
        images = np.zeros((4, *shape), np.uint8)
        dataset = gp.Dataset(images, np.array([0, 1, 0, 1]))
        picture = read_png(dataset.save(tmp_path / str(shape[0])) / "preview.png")
        assert picture.shape[2] == shape[2] and (picture > 200).mean() > 0.9


def test_newly_labelled_images_stand_apart_from_those_that_were_labelled(tmp_path):
    with SetWriter(tmp_path, "npz", ["a"], (28, 28, 1)) as writer:
        levels = {"dataset": 50, "neighbours": 100, "sheet": 150}
        for by, level in levels.items():
            images = np.full((2, 28, 28, 1), level, np.uint8)
            writer.add(images, np.zeros(2, int), source="real", labelled_by=by)
        writer.finish("labelled")
    row = read_png(tmp_path / "preview.png")[46 + 14, :, 0]  # above the name of the class
    order = [level for level in row if level != 255]
    assert order == [205] * 112 + [105] * 112 + [155] * 112


def test_names_without_a_glyph_stand_as_numbers():
    assert drawable("ж é ß") == "ж é ß"
    assert drawable("字") == "\\u5b57" and drawable(" ") == "' '"
