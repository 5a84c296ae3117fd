import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.recipes.layer import HandwritingAugmenter
from tests.forked import run_forked

needs_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="tf.data with TensorFlow only"
)


INK = np.pad(np.ones((1, 10, 10, 1)), ((0, 0), (9, 9), (9, 9), (0, 0)))


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def adapted(few):
    return HandwritingAugmenter(10, seed=3).adapt(few.images, few.labels)


@pytest.fixture(scope="module")
def like(adapted):
    """Makes layers that begin anew and know what `adapted` has learned."""

    def make(**options):
        layer = HandwritingAugmenter(10, **{"seed": 3, **options})
        layer.directions.assign(adapted.directions)
        return layer

    return make


@pytest.fixture(scope="module")
def expected(like, few):
    """What the same seed makes of light ink on dark paper, 0..255."""
    return np.asarray(like(value_range=(0, 255), dark_on_light=False)(few.images, few.labels))


def test_a_call_changes_arrays_and_keeps_shape_and_range(adapted, few):
    assert gp.HandwritingAugmenter is HandwritingAugmenter
    deformed = np.asarray(adapted(few.images, few.labels))
    assert deformed.dtype == np.float32 and deformed.shape == few.images.shape
    assert deformed.min() >= 0 and deformed.max() <= 255
    assert (deformed != few.images).any(axis=(1, 2, 3)).all()
    one = adapted(few.images[0], few.labels[0])
    assert one.shape == (28, 28, 1)
    np.testing.assert_array_equal(adapted(few.images, training=False), few.images)


# The pixels of a share of ink, 0..1, and the value range that says so.
RANGES = {
    "bytes": (lambda ink: ink * 255, (0, 255)),
    "unit": (lambda ink: ink, (0, 1)),
    "symmetric": (lambda ink: ink * 2 - 1, (-1, 1)),
    "levels": (lambda ink: ink * 16, (0, 16)),
    "standardised": (lambda ink: (ink - 0.13) / 0.31, (-0.13 / 0.31, 0.87 / 0.31)),
}
FORMS = {
    "integers": lambda labels: labels,
    "column": lambda labels: labels[:, None],
    "one-hot": lambda labels: np.eye(10, dtype="float32")[labels],
    "list": lambda labels: labels.tolist(),
}


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(RANGES)),
    st.booleans(),
    st.sampled_from(["channels_last", "channels_first"]),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(["recognised", "range", "all"]),
)
def test_any_range_polarity_and_layout_is_the_same_picture(
    like, few, expected, name, dark, layout, form, declared
):
    pixels, ends = RANGES[name]
    axes = (0, 3, 1, 2) if layout == "channels_first" else (0, 1, 2, 3)

    def given_as(images):
        ink = np.asarray(images, "float64") / 255
        return pixels(1 - ink if dark else ink).transpose(axes)

    options = {"value_range": None if declared == "recognised" else ends}
    options["dark_on_light"] = dark if declared == "all" else None
    images = given_as(few.images).astype("float32")
    seen = np.asarray(like(data_format=layout, **options)(images, FORMS[form](few.labels)))
    scale = (ends[1] - ends[0]) / 255
    np.testing.assert_allclose(seen, given_as(expected), atol=0.01 * scale)
    paper = given_as(np.zeros((1, 28, 28, 1)))
    was_paper = (given_as(expected) == paper).mean()
    assert 0.3 < was_paper == pytest.approx((abs(seen - paper) < 1e-4 * scale).mean(), abs=0.01)


@pytest.mark.parametrize("over", [1e-6, 0.17])
def test_what_a_resize_shot_over_is_no_paper(like, few, over):
    images = few.images.astype("float32") / 255
    images[:, 14, 14] = -over
    for is_dark in (False, True):
        seen = np.asarray(like(dark_on_light=is_dark)(1 - images if is_dark else images))
        assert (abs(seen[:, 0] - is_dark) < 1e-4).mean() > 0.9


def test_polarity_and_range_are_recognised_in_adapt_and_said(adapted, few, capsys):
    """Dark ink in -1..1, channels first, one-hot: what is learned is the same."""
    images = (1 - few.images / 127.5).transpose(0, 3, 1, 2)
    layer = HandwritingAugmenter(10, data_format="channels_first")
    layer.adapt(images, np.eye(10)[few.labels])
    np.testing.assert_allclose(layer.directions, adapted.directions, atol=1e-4)
    assert layer.dark_on_light and adapted.dark_on_light is False
    said = capsys.readouterr().err
    assert "takes these pixels for -1..1" in said and "100% of the images have light edges" in said
    assert HandwritingAugmenter.from_config(layer.get_config()).dark_on_light
    # A batch that shows only ink at its edges does not change what is known.
    filled = np.full((1, 1, 28, 28), -1.0, "float32")
    filled[..., 8:20, 8:20] = 1
    assert np.asarray(layer(filled)).max() == 1


def test_what_goes_by_each_batch_is_said_once(few, capsys):
    layer = HandwritingAugmenter(10)
    layer(few.images)
    layer(few.images)
    assert capsys.readouterr().err.count("goes by the edges of every batch") == 1
    HandwritingAugmenter(10, dark_on_light=False)(few.images)
    assert not capsys.readouterr().err


def test_paper_alone_stays_paper(like):
    for shade in (0, 255, -1, 1, 300):
        seen = np.asarray(like()(np.full((2, 28, 28, 1), shade, "float32")))
        np.testing.assert_allclose(seen, shade, atol=1e-4)


def test_strength_0_is_nothing(few):
    still = HandwritingAugmenter(10, strength=0.0)
    np.testing.assert_array_equal(still(few.images), few.images)


@pytest.mark.slow
def test_what_is_learned_is_of_the_class(few):
    """Of a class whose images are all alike nothing is learned but that nothing moves."""
    images = few.images.copy()
    images[few.labels == 0] = images[0]
    layer = HandwritingAugmenter(10).adapt(images, few.labels)
    sizes = np.abs(np.asarray(layer.directions)).sum(axis=(1, 2))
    assert sizes[0] < 0.1 * sizes[1:].min() and (sizes[1:] > 0).all()


@pytest.mark.slow
def test_its_gaussian_has_the_moments_of_the_ways(few, adapted):
    from ganprofile.transforms.deformation import find_deformations

    deformations = find_deformations(few.images, few.labels)
    moments = np.square(deformations.fields).sum(axis=(2, 3, 4)).mean()
    drawn = np.square(np.asarray(adapted.directions)[-1, :, 6:]).sum()
    assert 0.9 * moments < drawn <= 1.001 * moments


def test_ink_at_the_edge_is_found_in_adapt_said_and_kept_with_the_layer(few, capsys):
    assert HandwritingAugmenter(10).keep_inside is None
    layer = HandwritingAugmenter(10).adapt(few.images, few.labels)
    assert layer.keep_inside is False and "edge" not in capsys.readouterr().err
    filled = few.images.copy()
    filled[:, :, :1] = 255
    layer.adapt(filled, few.labels)
    assert layer.keep_inside is True
    said = "HandwritingAugmenter: Ink touches the edge of 100% of the images"
    assert said in capsys.readouterr().err
    assert HandwritingAugmenter.from_config(layer.get_config()).keep_inside is True
    declared = HandwritingAugmenter(10, keep_inside=False).adapt(filled, few.labels)
    assert declared.keep_inside is False and "edge" not in capsys.readouterr().err
    with pytest.raises(gp.UsageError, match="keep_inside should be a bool or None. Received: 3"):
        HandwritingAugmenter(10, keep_inside=3)


def test_sizes_are_kept_with_the_layer(few):
    layers = [HandwritingAugmenter(10, keep_size=kept) for kept in (False, True)]
    found = [np.asarray(layer.adapt(few.images, few.labels).directions) for layer in layers]
    larger = [np.square(one[-1, :, 0] + one[-1, :, 4]).sum() for one in found]
    assert larger[1] < 0.5 * larger[0], "wider and higher at once"
    assert HandwritingAugmenter.from_config(layers[1].get_config()).keep_size is True


def test_a_class_without_images_is_named_and_varied_as_all_are(few, capsys):
    chosen = few.labels != 3
    layer = HandwritingAugmenter(10).adapt(few.images[chosen], few.labels[chosen])
    directions = np.asarray(layer.directions)
    assert "classes numbered 3:" in capsys.readouterr().err
    np.testing.assert_array_equal(directions[3], directions[10])
    assert (directions[2] != directions[10]).any()


def test_it_travels_with_a_model(adapted, few, tmp_path):
    model = keras.Sequential([keras.Input((28, 28, 1)), adapted, keras.layers.Flatten()])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again.layers[0].directions, adapted.directions)
    assert again.layers[0].get_config() == adapted.get_config()
    np.testing.assert_array_equal(model.predict(few.images, verbose=0), few.images.reshape(30, -1))


@needs_tensorflow
def test_a_compiled_step_makes_the_same_images(like, few, expected):
    import tensorflow as tf

    layer = like(value_range=(0, 255), dark_on_light=False)
    images = tf.constant(few.images, "float32")
    step = tf.function(lambda images: layer(images, few.labels))
    np.testing.assert_allclose(step(images), expected, atol=0.01)
    whole = tf.function(lambda images: layer(images, few.labels), jit_compile=True)
    assert whole(images).shape == images.shape


TWO_DEVICES = """
import sys
import numpy as np
import tensorflow as tf
import ganprofile as gp

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
options = {"value_range": (0, 255), "dark_on_light": False, "seed": 5}
with strategy.scope():
    layer = gp.HandwritingAugmenter(10, **options)
images = np.load(sys.argv[1])
dataset = tf.data.Dataset.from_tensor_slices(images).batch(6).repeat(2)
step = tf.function(lambda batch: strategy.run(layer, args=(batch,)))
alone = gp.transforms.HandwritingTransform(10, **options)
for batch in strategy.experimental_distribute_dataset(dataset):
    seen = [part.numpy() for part in strategy.experimental_local_results(step(batch))]
    np.testing.assert_allclose(np.concatenate(seen), alone(images), atol=0.01)
"""


@pytest.mark.slow
@needs_tensorflow
def test_replicas_draw_as_one_device_does(few, tmp_path):
    np.save(tmp_path / "images.npy", few.images[:6].astype("float32"))
    done = run_forked(tmp_path / "images.npy", code=TWO_DEVICES)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_model_trains_with_it_whatever_the_batch(adapted, few):
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), adapted, keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    history = model.fit(few.images, few.labels, batch_size=16, epochs=2, verbose=0)  # 16 and 14
    assert np.isfinite(history.history["loss"]).all()


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize("batched", [True, False])
def test_parallel_calls_change_nothing_in_a_pipeline(few, like, batched):
    import tensorflow as tf

    some = few.select(np.arange(30) % 3 == 0)

    def passes(calls, seed=3):
        dataset = tf.data.Dataset.from_tensor_slices((some.images, some.labels))
        dataset = dataset.batch(4) if batched else dataset
        dataset = like(seed=seed).map(dataset, num_parallel_calls=calls)
        both = [list(dataset.as_numpy_iterator()) for _ in range(2)]
        np.testing.assert_array_equal(np.hstack([label for _, label in both[0]]), some.labels)
        return [np.concatenate([np.atleast_1d(image).ravel() for image, _ in p]) for p in both]

    first, second = passes(None)
    assert (first != second).mean() > 0.1  # every pass draws anew
    for parallel, alone in zip(passes(8), (first, second), strict=True):
        np.testing.assert_array_equal(parallel, alone)
    assert (passes(None, seed=4)[0] != first).mean() > 0.1


@needs_tensorflow
def test_elements_of_a_dataset_may_be_dicts_and_tuples_of_them(few, like):
    import tensorflow as tf

    images, labels = few.images[:4], few.labels[:4]
    one_hot = np.eye(10)[labels]
    reference = None
    for element in (
        (images, one_hot, np.ones(4)),
        {"image": images, "label": labels, "id": np.arange(4)},
        ({"images": images}, {"labels": labels[:, None]}),
    ):
        dataset = tf.data.Dataset.from_tensor_slices(element).batch(4)
        (given,), (seen,) = list(dataset), list(like(dark_on_light=False).map(dataset))
        tf.nest.assert_same_structure(given, seen)
        pairs = list(zip(tf.nest.flatten(given), tf.nest.flatten(seen), strict=True))
        (deformed,) = [b for a, b in pairs if a.shape == images.shape]
        assert all((a.numpy() == b.numpy()).all() for a, b in pairs if b is not deformed)
        reference = deformed if reference is None else reference
        np.testing.assert_array_equal(deformed, reference)
    assert (reference != images).numpy().mean() > 0.1


@needs_tensorflow
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda few, tf: few.images, "map takes a tf.data.Dataset.* Received: ndarray"),
        (lambda few, tf: of(tf, {"x": few.images}), "'image' or 'images'. Received: 'x'"),
        (lambda few, tf: of(tf, (few.images, {"y": few.labels})), "'labels'. Received: 'y'"),
        (lambda few, tf: of(tf, few.images[..., 0]), r"Received: uint8 \(28, 28\)"),
        (lambda few, tf: of(tf, few.images.transpose(0, 3, 1, 2)), r"uint8 \(1, 28, 28\)"),
        (lambda few, tf: of(tf, (few.images, few.labels.astype(str))), r"string \(\)"),
        (lambda few, tf: of(tf, ["a.png"]), r"Received: string \(\)"),
        (
            lambda few, tf: tf.data.Dataset.from_generator(lambda: [], output_types=tf.uint8),
            "Received: uint8 of unknown shape",
        ),
        (
            lambda few, tf: tf.data.Dataset.from_generator(
                lambda: [], output_signature=tf.TensorSpec((None, None, None, 1))
            ),
            r"Received: float32 \(None, None, None, 1\)",
        ),
    ],
)
def test_a_dataset_that_it_cannot_map_is_refused(few, make, words):
    import tensorflow as tf

    with pytest.raises(UsageError, match=words):
        HandwritingAugmenter(10).map(make(few, tf))


def of(tf, arrays):
    return tf.data.Dataset.from_tensor_slices(arrays)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((3, 28, 28, 1)), np.zeros(3, int), "of one shade. Received: float64"),
        (np.full((3, 28, 28, 3), (9, 0, 200)), np.zeros(3, int), "each of these is of one shade"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.zeros(2, int), r"and int64 \(2,\)"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.array([0, 1, 2]), r"0..1. Received: 0..2"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.array([0, 0.5, 1]), r"0..1. Received: 0.0..1.0"),
        (np.zeros((3, 28, 28, 1), np.uint8), ["a", "b", "a"], "numpy.unique"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.ones((3, 2)), "each row sums to 1"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.full((3, 2), 0.5), "a class above 0.5.* are mixed"),
        (np.zeros((3, 28, 28, 1), np.uint8), None, "Received: images of .* and NoneType"),
        (np.zeros((3, 28, 28), np.uint8), np.zeros(3, int), r"Received: uint8 \(3, 28, 28\)"),
        (np.zeros((3, 1, 28, 28), np.uint8), np.zeros(3, int), r"uint8 \(3, 1, 28, 28\)"),
        (np.zeros((0, 28, 28, 1), np.uint8), np.zeros(0, int), r"Received: uint8 \(0, 28"),
        (np.full((3, 28, 28, 1), np.nan), np.zeros(3, int), "Received: NaN"),
        ({"image": 1}, [0], "Received: dict"),
    ],
)
def test_what_it_cannot_adapt_to_is_refused(images, labels, words):
    with pytest.raises(UsageError, match=words) as refusal:
        HandwritingAugmenter(2).adapt(images, labels)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "images", "words"),
    [
        ({}, np.zeros((2, 1, 28, 28)), r"channels_last.* Received: float64 \(2, 1, 28, 28\)"),
        ({}, keras.Input((1, 28, 28)), r"Received: float32 \(None, 1, 28, 28\)"),
        ({}, keras.Input((None, None, 1)), r"\(None, None, None, 1\)"),
        ({"value_range": (0, 255)}, INK * 2 - 1, "0..255.* Received: -1..1"),
        ({"value_range": (0, 255)}, INK, "0..255.* Received: 0..1"),
        ({"value_range": (-1, 1)}, INK, "-1 being paper.* Received: 0..1"),
        ({"value_range": (0, 1)}, INK * 255, "0..1.* Received: 0..255"),
        ({"value_range": (1, -1)}, -0.5 - INK / 2, "1 being paper.* Received: -1..-0.5"),
    ],
)
def test_images_that_are_not_as_declared_are_refused(options, images, words):
    with pytest.raises(UsageError, match=words) as refusal:
        HandwritingAugmenter(2, **options)(images)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("pack", [lambda *both: both, lambda *both: {"images": both[0]}])
def test_images_and_labels_in_one_are_refused(few, pack):
    with pytest.raises(UsageError, match=r"two arguments here: layer\(images, labels\)"):
        HandwritingAugmenter(10, dark_on_light=False)(pack(few.images, few.labels))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"value_range": (5, 5)}, r"two different numbers.* Received: \(5, 5\)"),
        ({"value_range": (0, np.nan)}, "two different numbers"),
        ({"value_range": 255}, "two different numbers"),
        ({"value_range": "01"}, "two different numbers.* Received: '01'"),
        ({"value_range": ["0", b"1"]}, "two different numbers"),
        ({"value_range": (1, 0), "dark_on_light": False}, "greater end first"),
        ({"dark_on_light": "yes"}, "a bool or None"),
        ({"data_format": "nchw"}, "channels_last, channels_first. Received: 'nchw'"),
        ({"num_classes": 0}, "from 1. Received: 0"),
        ({"strength": -1}, "from 0. Received: -1"),
        ({"seed": 1.5}, "an integer or None. Received: 1.5"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        HandwritingAugmenter(**{"num_classes": 2, **options})


@pytest.mark.parametrize("seed", [-1, 1.5, "a"])
def test_a_seed_that_compares_no_images_is_refused(few, seed):
    with pytest.raises(UsageError, match="`seed` should be "):
        HandwritingAugmenter(10).adapt(few.images, few.labels, seed=seed)
