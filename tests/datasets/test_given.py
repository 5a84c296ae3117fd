"""Arrays wherever data are asked for: one meaning, and a sentence for whatever is assumed."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.evaluation.reference import read_reference
from ganprofile.evaluation.sources import read_synthetic


@pytest.fixture(scope="module")
def some(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def other(digits):
    return digits[1].subset(2)


def pair(dataset):
    return dataset.images, dataset.labels


FORMS = {
    "as they are": (lambda x: x, None),
    "no channels": (lambda x: x[..., 0], None),
    "channels first": (lambda x: x.transpose(0, 3, 1, 2), "was taken for (n, channels, height"),
    "flat": (lambda x: x.reshape(len(x), -1), "rows of 784 values were taken for images of 28x28"),
    "0..1": (lambda x: x / np.float32(255), "scaled to 0..255"),
    "floats": (lambda x: x.astype(float), "were taken for levels of 0..255"),
}


@pytest.mark.parametrize("form", FORMS)
def test_images_come_out_the_same_and_what_was_assumed_is_said(some, form, capsys):
    change, said = FORMS[form]
    made = gp.Dataset.from_arrays(change(some.images), some.labels, writers=some.writers)
    assert made.fingerprint == some.fingerprint and made.recipe is None
    err = capsys.readouterr().err
    assert (said in err and err.startswith("arrays: ")) if said else not err


def test_labels_may_be_names_or_one_hot(some):
    names = np.array(["zero", "one", *"23456789"])
    made = gp.Dataset.from_arrays(some.images, names[some.labels], name="mine")
    assert made.class_names == tuple(sorted(names)) and made.name == "mine"
    assert np.array_equal(np.array(made.class_names)[made.labels], names[some.labels])
    made = gp.Dataset.from_arrays(some.images, np.eye(10)[some.labels], names)
    assert np.array_equal(made.labels, some.labels) and made.class_names == tuple(names)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (lambda x, y: x[:0], r"holds no image. Received: an array of the shape \(0, 28"),
        (lambda x, y: x[..., None], r"Received: \(30, 28, 28, 1, 1\)"),
        (lambda x, y: (x, y[:5]), "a label for each of 30 images. Received: 5"),
        (lambda x, y: (x, y, y), r"a tuple \(images, labels\). Received: \(ndarray, ndarray, ndar"),
        (lambda x, y: ((x, y), (x, None)), "Both parts need labels, or none"),
        (lambda x, y: ((x, y), (x[:, :20], y)), r"one shape.*\(30, 28, 28, 1\) and \(30, 20, 28"),
        (lambda x, y: {"images": x}, "Received: dict"),
        (lambda x, y: None, "Received: NoneType"),
        (lambda x, y: "x" * 5000, "No dataset 'xxx"),
    ],
)
def test_what_is_no_data_is_refused_in_a_sentence(some, given, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.load(given(*pair(some)))


def test_columns_of_ones_own_are_attributes(some):
    ages = np.arange(len(some))
    made = gp.Dataset.from_arrays(some.images, some.labels, attributes={"age": ages}, split="b")
    assert (made.attributes["age"] == ages).all() and made.split == "b"
    for column, words in (("age", "`attributes={'age': ...}`"), ("writer", "mean 'writers'?")):
        with pytest.raises(gp.UsageError) as refusal:
            gp.Dataset.from_arrays(some.images, some.labels, **{column: ages})
        assert words in str(refusal.value)


def test_no_class_names_are_none_of_them(some):
    made = gp.Dataset.from_arrays(some.images, some.labels, None)
    assert made.class_names == some.class_names


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: x[..., 0], r"Add the channel axis with images\[\.\.\., None\]"),
        (lambda x: x.reshape(len(x), -1), "Dataset.from_arrays also takes flat images"),
        (lambda x: x.transpose(0, 3, 1, 2), "Dataset.from_arrays also takes flat images"),
        (lambda x: x[:0], "has no image"),
        (lambda x: x / 255, "Dataset.from_arrays takes other types and ranges"),
    ],
)
def test_a_dataset_itself_takes_one_form_and_says_what_helps(some, change, sentence):
    with pytest.raises(gp.UsageError, match=sentence) as refusal:
        gp.Dataset(change(some.images))
    assert ("channel axis" in str(refusal.value)) == ("channel axis" in sentence)


def test_classes_of_which_no_image_tests_are_said(some, other, capsys):
    gp.load(((some.images, some.labels), (other.images[:3], other.labels[:3])), allow_overlap=True)
    assert "(test) has no image of" in capsys.readouterr().err


def test_both_parts_have_one_range_and_the_same_classes(some, other, capsys):
    faint, bright = some.images // 255, other.images.clip(0, 255)
    train, test = gp.load(((faint, some.labels), (bright, other.labels + 1)), allow_overlap=True)
    assert train.images.max() == 1 and test.images.max() == 255
    assert train.class_names == test.class_names == tuple(map(str, range(11)))
    err = capsys.readouterr().err
    assert "(train) has no image of the class '10'" in err
    assert "0..1 and 0..255 in the two parts were taken for levels of one scale" in err


def test_every_call_takes_them(some, other, tmp_path):
    x, y = some.images / 255, some.labels
    given, test = (x, y), (other.images / 255, other.labels)
    config = gp.train(given, "cgan", test_set=test, dry_run=True, progress=False)
    assert config["dataset"]["images"] == 30 and config["dataset"]["recipe"] is None
    plan = gp.augment(given, total=50, output=tmp_path / "out", dry_run=True)
    assert set(plan.info["would_draw"].values()) == {5}
    for train_set, held_out in ((given, test), (some, test), (given, other)):
        plan = gp.benchmark(train_set, test=held_out, arms=("none",), per_class=2, dry_run=True)
        assert plan["settings"]["test_class_counts"] == [2] * 10
    plan = gp.label(test[0], by=given, output=tmp_path / "labelled", dry_run=True)
    assert (plan["labelled"], plan["unlabelled"]) == (30, 20)
    assert gp.Run(tmp_path, config).dataset(given).fingerprint == config["dataset"]["fingerprint"]


CALLS = {
    "augment": lambda few, **loading: gp.augment(few, dry_run=True, **loading),
    "benchmark": lambda few, **loading: gp.benchmark(few, test=few, dry_run=True, **loading),
    "evaluate": lambda few, **loading: gp.evaluate(few, (few, few), **loading),
    "evaluate a model": lambda few, **loading: gp.evaluate("digits-cgan", few, **loading),
    "label": lambda few, **loading: gp.label(few, by=few, dry_run=True, **loading),
    "profile_writers": gp.profile_writers,
    "train_reader": lambda few, **loading: gp.train_reader(few, "k-nn", **loading),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("said", [{"image_size": 14}, {"invert": "yes"}, {"labels": "folders"}])
def test_a_loaded_dataset_is_not_to_be_loaded_in_another_way(some, call, said):
    (option,) = said
    with pytest.raises(gp.UsageError, match=f"`{option}` is for data that are to be loaded; a"):
        CALLS[call](some, **said)


def test_beside_a_dataset_others_may_be_loaded(some, other):
    small = gp.load("digits", image_size=14)[0].subset(2)
    how = {"image_size": 14, "dry_run": True, "arms": "none", "per_class": 2}
    gp.benchmark(small, test="digits", **how)
    gp.benchmark(some, test=other, invert="auto", transpose=False, **how | {"image_size": None})
    gp.label("digits", by=small, image_size=14, dry_run=True)


def test_evaluation_takes_them_on_either_side(digits):
    some, other = digits[0].subset(12), digits[1].subset(10)
    for against in ((pair(some), pair(other)), (some, pair(other)), pair(other)):
        reference = read_reference(against)
        assert np.array_equal(reference.compared.images, other.images)
        found = read_synthetic(pair(some), reference, images=1000).dataset
        assert np.array_equal(found.images, some.images)
        assert np.array_equal(found.labels, some.labels)


def test_an_overlap_of_arrays_is_refused(some):
    with pytest.raises(gp.UsageError, match="30 of 30 training images are also among the 30 test"):
        gp.load((pair(some), pair(some)))


def test_dark_ink_of_a_dataset_is_said_whatever_is_done_with_it(digits, capsys):
    few = digits[0].subset(3)
    dark = gp.Dataset(255 - few.images, few.labels, few.class_names, name="dark")
    gp.augment(dark, dry_run=True, progress=False)
    assert "dark: most images look like dark ink on light paper" in capsys.readouterr().err
    gp.Dataset.from_arrays(255 - few.images, few.labels, name="given")
    assert "given: most images look like dark ink" in capsys.readouterr().err
    gp.Dataset.from_arrays(few.images, few.labels)
    gp.augment(few, dry_run=True, progress=False)
    assert "dark ink" not in capsys.readouterr().err


def test_a_name_where_only_data_can_stand_is_said_to_be_one(tmp_path):
    made = {"per_class": 2, "output": tmp_path / "drawn", "include_real": True}
    with pytest.raises(gp.UsageError, match=r"load\('digits'\)\[0\]`. Received: 'digits'"):
        gp.generate("digits-cgan", dataset="digits", **made)


def test_whole_numbers_beside_names_are_the_same_names_in_both_parts(some, other, capsys):
    names, numbers = some.labels.astype(str), other.labels.astype(float)
    train, test = gp.load(((some.images, names), (other.images, numbers)))
    assert train.class_names == test.class_names == some.class_names
    assert np.array_equal(test.labels, other.labels)
    assert "text in one part and numbers in the other" in capsys.readouterr().err


def test_a_label_that_one_part_lacks_is_refused(some, other):
    gap = [*some.labels[:-1].astype(str), np.nan]
    with pytest.raises(gp.UsageError, match="missing in 1 of 30 rows, such as row 30"):
        gp.load(((some.images, gap), (other.images, list(other.labels.astype(str)))))


def test_tensors_with_gradients_are_images_and_labels(some, other):
    torch = pytest.importorskip("torch")

    def tensors(part):
        images = torch.tensor(part.images / np.float32(255), requires_grad=True)
        return images, torch.tensor(part.labels.astype(float), requires_grad=True)

    train, test = gp.load((tensors(some), tensors(other)))
    alone = gp.Dataset.from_arrays(*tensors(other))
    for made, given in ((train, some), (test, other), (alone, other)):
        assert np.array_equal(made.images, given.images)
        assert np.array_equal(made.labels, given.labels)


RANGES = {
    "0..1 beside 0..255": (lambda x: x, lambda x: x / np.float32(255), r"0..255 and 0..1\. Bring"),
    "0..255 beside 0..1": (lambda x: x / 255, lambda x: x, r"0..1 and 0..255\. Bring"),
    "less than 1": (lambda x: x, lambda x: x / 255 * 0.9, r"0..255 and 0..0.9"),
    "0..16": (lambda x: x, lambda x: x.astype(float) // 16, r"0..255 and 0..15"),
    "booleans": (lambda x: x, lambda x: x > 127, r"0..255 and 0..1"),
    "-1..1 beside 0..1": (lambda x: x / 127.5 - 1, lambda x: x / 255, r"-1..1 and 0..1"),
    "-1..1 beside -.5..5": (lambda x: x / 127.5 - 1, lambda x: x / 255 - 0.5, r"-1..1 and -0.5"),
}


@pytest.mark.parametrize("case", RANGES)
def test_parts_of_several_ranges_are_refused(some, other, case):
    change, change_other, sentence = RANGES[case]
    parts = (change(some.images), some.labels), (change_other(other.images), other.labels)
    for take in (gp.load, lambda both: gp.benchmark(both[0], test=both[1])):
        with pytest.raises(gp.UsageError, match=f"both parts should be in one range.*{sentence}"):
            take(parts)


@pytest.mark.parametrize(
    ("change", "change_other"),
    [
        (lambda x: x, lambda x: x * 0),
        (lambda x: x, lambda x: x // 4),
        (lambda x: x, lambda x: x // 20),  # which is said
        (lambda x: x // 16, lambda x: x // 20),
        (lambda x: x / 255, lambda x: x / 2550),
        (lambda x: x / 127.5 - 1, lambda x: x / 255 - 1),
        (lambda x: x, lambda x: x.astype(float)),
    ],
)
def test_parts_that_use_less_of_one_range_keep_it(some, other, change, change_other):
    parts = change(some.images), change_other(other.images)
    train, test = gp.load(tuple((images, None) for images in parts))
    together = gp.Dataset.from_arrays(np.concatenate(parts))
    assert np.array_equal(np.concatenate([train.images, test.images]), together.images)


def test_a_dataset_of_others_is_called_by_its_library(other):
    pytest.importorskip("datasets")
    with pytest.raises(gp.UsageError, match="Received: Dataset of Hugging Face's datasets. Give"):
        gp.load(other.to_hf())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (lambda x, y: (x[:1], 3), "a list or an array with one for each image. Received: int"),
        (lambda x, y: (x, (int(label) for label in y)), r"Received: generator. .* give list\("),
        (lambda x, y: (x[:5], "abcde"), "Received: str"),
        (lambda x, y: (zip(x, y, strict=True), y), r"pairs as two arrays, \(images, labels\)"),
    ],
)
def test_what_is_no_array_is_called_by_its_name(some, given, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.Dataset.from_arrays(*given(some.images, some.labels))


def test_writers_may_be_names(some):
    names = np.resize(["bob", "ann"], len(some))
    made = gp.Dataset.from_arrays(some.images, some.labels, writers=names.tolist())
    assert made.writers[:2].tolist() == [1, 0]
    assert made.attributes["writer_name"].tolist() == names.tolist()


def test_floats_that_numpy_lacks_are_images(some):
    torch = pytest.importorskip("torch")
    images = torch.tensor(some.images[..., 0] / 255).bfloat16()
    made = gp.Dataset.from_arrays(images, some.labels)
    assert np.abs(made.images.astype(int) - some.images).max() <= 2


def test_of_very_many_classes_an_error_names_some(some):
    names = [f"class{number}" for number in range(320)]
    many = gp.Dataset(np.resize(some.images, (320, *some.image_shape)), np.arange(320), names)
    for call in (lambda: many.of_classes("q"), lambda: gp.augment(many, per_class=1, only="q")):
        with pytest.raises(gp.UsageError, match="'class4' and 315 more"):
            call()


def test_what_is_advised_of_a_set_of_hugging_face_gives_its_classes(some):
    import datasets
    from PIL import Image

    pictures = [Image.fromarray(image[..., 0]).convert("P") for image in some.images]
    kinds = {"picture": datasets.Image(), "what": datasets.ClassLabel(names=[*"JIHGFEDCBA"])}
    columns = {"what": some.labels, "picture": pictures}
    rows = datasets.Dataset.from_dict(columns, features=datasets.Features(kinds))
    with pytest.raises(gp.UsageError, match="Give its columns: ") as refusal:
        gp.load(rows)
    advice = str(refusal.value).partition("Give its columns: ")[2].partition(";")[0]
    made = eval(advice, {"gp": gp, "rows": rows})
    assert np.array_equal(made.images, some.images)
    assert made.class_names == (*"JIHGFEDCBA",) and np.array_equal(made.labels, some.labels)
    assert np.array_equal(gp.load(rows["picture"])[0].images, some.images)
    with pytest.raises(gp.UsageError, match="Give one of its parts"):
        gp.load(datasets.DatasetDict(train=rows))
