import numpy as np
import pandas as pd
import pytest

import ganprofile as gp
from ganprofile.datasets import from_recipe
from ganprofile.errors import GanprofileError, UsageError


def test_a_subset_is_balanced_seeded_and_in_the_original_order(digits):
    train, _ = digits
    small = train.subset(per_class=7, seed=3)
    assert small.class_counts().tolist() == [7] * 10
    assert small.fingerprint == train.subset(per_class=7, seed=3).fingerprint
    assert small.fingerprint != train.subset(per_class=7, seed=4).fingerprint
    places = {image.tobytes(): place for place, image in enumerate(train.images)}
    positions = [places[image.tobytes()] for image in small.images]
    assert positions == sorted(positions)
    assert np.array_equal(small.labels, train.labels[positions])
    assert np.array_equal(small.writers, train.writers[positions])


def test_a_number_is_an_image_with_its_label_and_more_of_them_a_dataset(tiny):
    image, label = tiny[3]
    np.testing.assert_array_equal(image, tiny.images[3])
    assert label == tiny.labels[3] and type(label) is int
    assert tiny[-1][1] == tiny.labels[-1] and tiny[np.int64(3)][1] == label
    for at in (slice(2, 9, 3), [4, 1], tiny.labels == 1, np.array([0, -1])):
        part = tiny[at]
        np.testing.assert_array_equal(part.images, tiny.images[at])
        np.testing.assert_array_equal(part.labels, tiny.labels[at])
        assert part.class_names == tiny.class_names
    assert tiny[1:][2][1] == tiny.labels[3] and tiny[1:].rows[2] == tiny.rows[3]
    assert [label for _, label in tiny] == tiny.labels.tolist()
    assert gp.Dataset(tiny.images)[0][1] is None
    with pytest.raises(IndexError):
        tiny[len(tiny)]
    with pytest.raises(gp.UsageError):
        tiny[True]


def test_a_larger_subset_contains_the_smaller(digits):
    small, large = (digits[0].subset(count, seed=1) for count in (5, 9))
    known = {image.tobytes() for image in large.images}
    assert all(image.tobytes() in known for image in small.images)


def test_chosen_classes_are_relabelled_in_the_datasets_order(digits):
    chosen = digits[0].of_classes(["7", "3"])
    assert chosen.class_names == ("3", "7")
    original = digits[0].images[digits[0].labels == 7]
    assert np.array_equal(chosen.images[chosen.labels == 1], original)


def test_a_text_names_classes_of_letters_with_marks():
    nukta = "\u0915\u093c"  # two code points in the composed form, too
    images = np.zeros((3, 8, 8, 1), np.uint8)
    some = gp.Dataset(images, np.arange(3), ("\u0915", "\u0916", nukta))
    assert some.of_classes(nukta + "\u0916").class_names == ("\u0916", nukta)


def test_a_step_that_is_none_of_ours_is_refused():
    loading = {"load": "digits", "split": "train"}
    for step in ({"subset": {"per_class": 5, "sed": 1}}, {"of_classes": {}}, {"shift": {}}):
        with pytest.raises(gp.GanprofileError, match="is not one of ours"):
            from_recipe([loading, step])


def test_a_recipe_makes_the_same_set_again(digits):
    made = digits[0].of_classes(["1", "4", "9"]).subset(11, seed=5)
    assert from_recipe(made.recipe).fingerprint == made.fingerprint


def test_a_recipe_cannot_call_anything_else():
    with pytest.raises(GanprofileError, match="recipe"):
        from_recipe(({"load": "digits", "split": "train"}, {"save": {"path": "x"}}))


def test_arrays_have_no_recipe(some_images):
    images, labels = some_images
    with pytest.raises(GanprofileError, match="given as arrays"):
        from_recipe(gp.Dataset(images, labels=labels).recipe)


def test_the_fingerprint_sees_every_column(some_images):
    images, labels = some_images
    base = gp.Dataset(images, labels=labels)
    other = images.copy()
    other[5, 3, 3] ^= 1
    variants = [
        gp.Dataset(other, labels=labels),
        gp.Dataset(images, labels=labels[::-1]),
        gp.Dataset(images, labels=labels, writers=np.arange(12)),
        gp.Dataset(images, labels=labels, class_names=("a", "b", "c")),
        gp.Dataset(images.reshape(12, 14, 56, 1), labels=labels),
    ]
    assert len({dataset.fingerprint for dataset in [base, *variants]}) == 6


def test_tensors_are_in_the_networks_range(tiny):
    (images, labels), *_ = tiny.to_tf(batch_size=32)
    assert images.shape == (32, 28, 28, 1) and images.dtype == "float32"
    assert float(images.numpy().min()) == -1.0 and float(images.numpy().max()) <= 1.0
    assert np.array_equal(labels.numpy(), tiny.labels[:32])


FLOATS = np.zeros((4, 28, 28, 1))
BYTES = FLOATS.astype(np.uint8)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"images": FLOATS}, "uint8 array.*Received: float64"),
        ({"images": FLOATS * np.nan}, "Check for NaN"),
        ({"images": BYTES[..., 0]}, r"Received: \(4, 28, 28\).*\[\.\.\., None\]"),
        ({"images": BYTES[:0]}, "n > 0"),
        ({"images": np.repeat(BYTES, 2, axis=-1)}, "1 or 3"),
        ({"images": [[1]]}, "Received: list"),
        ({"images": BYTES, "labels": np.zeros(3, int)}, r"4 integers.*shape \(3,\)"),
        ({"images": BYTES, "labels": np.zeros(4)}, "Received: float64"),
        ({"images": BYTES, "labels": np.full(4, 2**32)}, "32-bit integers"),
        ({"images": BYTES, "labels": np.full(4, -1)}, r"Received: -1\.\.-1"),
        ({"images": BYTES, "labels": np.full(4, 2), "class_names": ("a", "b")}, r"0\.\.1"),
        ({"images": BYTES, "labels": np.zeros(4, int), "class_names": ("a", "a")}, "differ"),
        ({"images": BYTES, "writers": np.zeros(5, int)}, "writers of unnamed should be 4"),
        ({"images": BYTES, "writers": [-2, -1, 0, 1]}, r"or -1 where.* Received: -2\.\.1"),
        ({"images": BYTES, "rows": [-1, 0, 1, 2]}, r"rows of.* 0 or more\. Received: -1\.\.2"),
        ({"images": BYTES, "rows": [0, 1]}, r"rows of unnamed.*4 integers.*shape \(2,\)"),
        ({"images": BYTES, "attributes": {"age": np.zeros(3)}}, "'age'.*4 values"),
        ({"images": BYTES, "attributes": {"box": np.zeros((4, 4))}}, r"one value.*shape \(4, 4\)"),
        ({"images": BYTES, "attributes": {"box": [[1], [1, 2], [], []]}}, "one value an image"),
        ({"images": BYTES, "attributes": {"age": 7}}, "'age'.*4 values. Received: one"),
        (
            {"images": BYTES, "attributes": {"day": np.full(4, "2026-11-20", "M8[D]")}},
            r"'day' of unnamed.* numbers or text. Received: datetime64\[D\]. Give it as text",
        ),
        ({"images": BYTES, "attributes": {"who": ["a", None, "b", 3]}}, "'who'.*Received: object"),
        ({"images": BYTES, "attributes": {7: [1, 2, 3, 4]}}, "should have a name. Received: 7"),
        ({"images": BYTES, "name": None}, "`name` should be text. Received: None"),
        ({"images": BYTES, "split": None}, "`split` of unnamed.*Received: None"),
        ({"images": BYTES, "split": "a\nb"}, "`split` of unnamed should be a word"),
        ({"images": BYTES, "split": "../a"}, "`split` of unnamed.*Received: '../a'"),
        ({"images": BYTES, "labels": np.zeros(4, int), "class_names": {"a"}}, "no order in a set"),
        ({"images": BYTES, "labels": np.zeros(4, int), "class_names": {1: "a"}}, "from 0.*from 1"),
    ],
)
def test_wrong_arrays_get_their_sentence(columns, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.Dataset(**columns)


def test_class_names_by_number_are_brought_into_order():
    for names in ({"b": 1, "a": 0}, {1: "b", 0: "a"}):
        made = gp.Dataset(BYTES, np.array([0, 1, 1, 0]), class_names=names)
        assert made.class_names == ("a", "b")


def test_columns_may_be_lists_or_of_pandas_and_come_back(tmp_path):
    columns = {"age": [1, 2, 3, 4], "from": pd.Series(list("abcd")), "when": range(4)}
    soft = [[1, 0], [0, 1], [0.5, 0.5], [1, 0]]
    about = {"split": "fold 1", "attributes": columns, "soft_labels": soft}
    made = gp.Dataset(BYTES, np.array([0, 1, 1, 0]), **about)
    assert all(isinstance(values, np.ndarray) for values in made.attributes.values())
    assert made.subset(1).attributes["age"].shape == (2,)
    again, _ = gp.load(made.save(tmp_path / "kept"))
    assert again.split == "fold 1" and again.attributes["from"].tolist() == [*"abcd"]
    assert again.attributes["age"].tolist() == [1, 2, 3, 4] and again.soft_labels.tolist() == soft


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda d: d.subset(0), "`per_class` should be a whole number, 1 or more. Received: 0"),
        (lambda d: d.subset(21), "class '0' of digits has .20."),
        (lambda d: d.of_classes(["x"]), "no class 'x'. Classes: 0 1 2"),
        (
            lambda d: gp.Dataset(d.images[:3], [0, 1, 2], class_names=["a", "b", "a b"]).of_classes(
                "c"
            ),
            "no class 'c'. Classes: 'a' 'b' 'a b'.",
        ),
        (lambda d: gp.Dataset(d.images).subset(1), "no labels"),
    ],
)
def test_wrong_choices_get_their_sentence(tiny, call, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        call(tiny)


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "has no image"),
        ([0, 100_000], "indices in 0..999. Received: index 100000 is out of bounds"),
        (
            [True, False],
            r"booleans \(1000,\) or by indices.* Received: boolean index did not",
        ),
        ([0.0, 1.0], "Received: arrays used as indices must be of integer"),
        (["7"], "are chosen by"),
        (None, "are chosen by"),
        (7, r"Received: the shape \(\)"),
    ],
)
def test_images_that_are_not_there_cannot_be_chosen(digits, chosen, sentence):
    for choose in (digits[1].select, lambda mask: digits[1].part(mask, "some")):
        with pytest.raises(gp.UsageError, match=sentence):
            choose(chosen)


@pytest.mark.parametrize("path", [None, 3])
def test_what_is_no_path_is_refused(digits, path):
    for use in (digits[1].save, gp.export_model):
        with pytest.raises(gp.UsageError, match="A path or name should be text or a Path. Rec"):
            use(path)


@pytest.mark.parametrize(
    "call",
    [
        lambda data: data.to_tf(0),
        lambda data: data.grid(0),
        lambda data: data.grid(-1),
        lambda data: data.grid(2, seed=-1),
        lambda data: data.some_of_classes(1.5),
        lambda data: gp.Dataset(data.images).grid(0),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused(tiny, call):
    with pytest.raises(gp.UsageError, match=r"should be a whole number, [01] or more\. Received"):
        call(tiny)


def test_what_it_gives_may_be_changed_and_it_stays(digits):
    some = digits[0].subset(2)
    images, labels = some.to_numpy()
    images[:], labels[:] = 255 - images, labels + 1
    again = digits[0].subset(2)
    assert np.array_equal(some.images, again.images) and np.array_equal(some.labels, again.labels)


def test_classes_may_be_any_collection_of_names(digits):
    for classes in ({"1", "7"}, {"1": 0, "7": 1}.keys(), map(str, (1, 7)), [1, 7], ("1", "7")):
        assert digits[1].of_classes(classes).class_names == ("1", "7")
    with pytest.raises(UsageError, match="digits has no image"):
        digits[1][np.array([])]
    with pytest.raises(UsageError, match="chosen by booleans"):
        digits[1][np.array([True, False])]
    with pytest.raises(UsageError):
        gp.load_for_training("digits", classes=[])
