"""The same seed is the same warp in every framework, within the rounding of the resampling."""

import os

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.transforms.handwriting.pictures import opened
from tests.forked import run_forked

COUNT, FIRST = 12, 7  # images in all, and in the first of two batches
INSIDE = {"keep_inside": True, "keep_size": True}
LAYER = """
import sys
import numpy as np
import ganprofile as gp

given = np.load(sys.argv[1])
import keras
found = []
for name, keep_inside in (("images", None), ("filled", True)):
    options = {"value_range": (0, 255), "dark_on_light": False, "keep_inside": keep_inside}
    options["keep_size"] = keep_inside is True
    layer = gp.HandwritingAugmenter(10, seed=5, **options)
    layer.directions.assign(given["directions"])
    seen = [
        keras.ops.convert_to_numpy(layer(given[name][rows], given["labels"][rows]))
        for rows in (slice(None, 7), slice(7, None))
    ]
    found.append(np.concatenate(seen))
np.save(sys.argv[2], found)
"""


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def learned(few):
    return gp.transforms.HandwritingTransform(10).adapt(few.images, few.labels).directions


@pytest.fixture(scope="module")
def make(learned):
    """Makes transforms at the beginning of one stream."""

    def made(**options):
        options = {"seed": 5, "value_range": (0, 255), "dark_on_light": False, **options}
        transform = gp.transforms.HandwritingTransform(10, **options)
        transform.directions = learned
        return transform

    return made


@pytest.fixture(scope="module")
def shown(few):
    """Images of several classes and their labels."""
    rows = np.arange(COUNT) * 2
    return few.images[rows], few.labels[rows]


@pytest.fixture(scope="module")
def expected(make, shown):
    """Floats, before they are rounded."""
    return make().deformed(shown[0].astype(np.float32), shown[1])


@pytest.fixture(scope="module")
def filled(shown):
    """The same characters, filling their images to the edge."""
    from PIL import Image

    images = [Image.fromarray(image[..., 0]) for image in shown[0]]
    filled = [np.asarray(image.crop(image.getbbox()).resize((28, 28))) for image in images]
    return np.stack(filled)[..., None], shown[1]


@pytest.fixture(scope="module")
def expected_inside(make, filled):
    """What becomes of those, where no ink is to leave its image, which it would in most."""
    images, labels = filled[0].astype(np.float32), filled[1]
    options = (INSIDE, {**INSIDE, "keep_inside": False})
    kept, cut = (make(**one).deformed(images, labels) for one in options)
    assert (np.abs(kept - cut).max(axis=(1, 2, 3)) > 1).sum() > COUNT / 2
    return kept


def assert_same(seen, expected, atol=0.01):
    """Pixels of 0..255; one of 1,000 may be cut off at another place of the rounding."""
    away = np.abs(np.asarray(seen, np.float64) - expected)
    assert away.max() <= atol, away.max()
    assert np.abs(expected - expected.mean(axis=0)).mean() > 10  # that something is to be seen


def test_numpy_one_by_one_and_in_batches(make, shown, expected):
    images, labels = shown
    transform = make()
    singly = [
        transform.deformed(image, int(label)) for image, label in zip(images, labels, strict=True)
    ]
    assert singly[0].dtype == np.uint8
    np.testing.assert_array_equal(np.stack(singly), np.rint(expected))
    transform, rows = make(), slice(FIRST)
    whole = transform.deformed(images[rows], labels[rows])
    np.testing.assert_array_equal(whole, singly[:FIRST])
    rest = transform.deformed(images[FIRST:], np.eye(10)[labels[FIRST:]])
    np.testing.assert_array_equal(rest, singly[FIRST:])


def test_pil(make, shown, expected):
    from PIL import Image

    transform = make()
    for image, label, wanted in zip(*shown, expected, strict=True):
        seen, same = transform(Image.fromarray(image[..., 0]), label)
        assert isinstance(seen, Image.Image) and seen.mode == "L" and same is label
        np.testing.assert_array_equal(np.asarray(seen), np.rint(wanted[..., 0]))
    colour = make()(Image.fromarray(np.repeat(shown[0][0], 3, axis=-1)), int(shown[1][0]))[0]
    assert colour.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(colour)[..., 1], np.rint(expected[0, ..., 0]))


def test_ink_that_is_kept_inside(make, filled, expected_inside):
    images, labels = filled
    whole = make(**INSIDE).deformed(images, labels)
    np.testing.assert_array_equal(whole, np.rint(expected_inside))
    transform = make(**INSIDE)
    singly = [transform.deformed(*pair) for pair in zip(images, labels, strict=True)]
    np.testing.assert_array_equal(singly, whole)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_pytorch(make, shown, expected, dtype):
    torch = pytest.importorskip("torch")
    images = torch.from_numpy(shown[0]).permute(0, 3, 1, 2).to(getattr(torch, dtype))
    labels = torch.from_numpy(shown[1])
    whole, same = make()(images, labels)
    assert whole.dtype == images.dtype and whole.shape == images.shape and same is labels
    assert_same(whole.permute(0, 2, 3, 1), expected, 0.5 if dtype == "uint8" else 0.01)
    transform = make()
    singly = [transform.deformed(*pair) for pair in zip(images, labels, strict=True)]
    torch.testing.assert_close(torch.stack(singly), whole, atol=0.001, rtol=0)


def test_albumentations(make, shown, expected):
    albumentations = pytest.importorskip("albumentations")
    chain = albumentations.Compose([make().as_albumentations()])
    for image, label, wanted in zip(*shown, expected, strict=True):
        seen = chain(image=image[..., 0], label=label)
        assert seen["label"] == label and seen["image"].dtype == np.uint8
        np.testing.assert_array_equal(seen["image"], np.rint(wanted[..., 0]))
    batch = make().as_albumentations()(images=shown[0][..., 0], label=shown[1])["images"]
    np.testing.assert_array_equal(batch[..., None], np.rint(expected))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data with TensorFlow")
@pytest.mark.parametrize("size", [None, 5])
def test_tf_data_in_its_first_pass(learned, shown, expected, size):
    import tensorflow as tf

    layer = gp.HandwritingAugmenter(10, value_range=(0, 255), dark_on_light=False, seed=5)
    layer.directions.assign(learned)
    dataset = tf.data.Dataset.from_tensor_slices(shown)
    mapped = layer.map(dataset.batch(size) if size else dataset, num_parallel_calls=2)
    assert len(mapped) == (3 if size else COUNT)
    seen = [np.reshape(images, (-1, 28, 28, 1)) for images, _ in mapped.as_numpy_iterator()]
    assert_same(np.concatenate(seen), expected)
    # Another pass is another stream.
    again = np.concatenate([np.reshape(images, (-1, 28, 28, 1)) for images, _ in mapped])
    wanted = gp.transforms.HandwritingTransform(10, seed=5, value_range=(0, 255))
    wanted.directions = learned
    assert_same(again, wanted.restart(1).deformed(shown[0].astype(np.float32), shown[1]))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data with TensorFlow")
def test_ink_that_is_kept_inside_in_tf_data(learned, filled, expected_inside):
    import tensorflow as tf

    options = {"value_range": (0, 255), "dark_on_light": False} | INSIDE
    layer = gp.HandwritingAugmenter(10, seed=5, **options)
    layer.directions.assign(learned)
    mapped = layer.map(tf.data.Dataset.from_tensor_slices(filled).batch(COUNT))
    assert_same(np.concatenate([images for images, _ in mapped]), expected_inside)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_layer(
    learned, shown, filled, expected, expected_inside, tmp_path, backend, compiled_quickly
):
    pytest.importorskip(backend)
    given, found = tmp_path / "given.npz", tmp_path / "found.npy"
    np.savez(given, images=shown[0], filled=filled[0], labels=shown[1], directions=learned)
    other = {} if backend == keras.backend.backend() else {"KERAS_BACKEND": backend}
    done = run_forked(given, found, code=LAYER, env={**os.environ, **compiled_quickly, **other})
    assert done.returncode == 0, done.stderr
    for seen, wanted in zip(np.load(found), (expected, expected_inside), strict=True):
        assert_same(seen, wanted)


@pytest.mark.parametrize(
    ("mode", "advice"),
    [
        ("I;16", "asarray"),
        ("F", "asarray"),
        ("RGBA", "alpha_composite"),
        ("1", "makes it grey"),
    ],
)
def test_a_picture_of_another_mode_is_told_what_keeps_its_ink(mode, advice):
    from PIL import Image

    with pytest.raises(UsageError, match=advice):
        opened(Image.new(mode, (9, 9)))
