import keras
import numpy as np
import pytest

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import to_float
from ganprofile.metrics.inception import BATCH, InceptionFeatures


def saved(path, *layers, shape=(8, 8, 3)):
    keras.Sequential([keras.Input(shape), *layers]).save(path)
    return path


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """A model whose features are the means of the three channels."""
    path = tmp_path_factory.mktemp("models") / "pooled.keras"
    return saved(path, keras.layers.GlobalAveragePooling2D())


def test_a_model_sees_three_channels_in_its_own_size_from_minus_one_to_one(pooled):
    features = InceptionFeatures.load(pooled)
    assert features.name == "inception"
    levels = np.array([0, 51, 255], np.uint8)
    images = np.broadcast_to(levels, (BATCH + 3, 20, 30, 3))
    found = features(images)
    assert found.shape == (BATCH + 3, 3)
    assert np.allclose(found, to_float(levels), atol=1e-5)


def test_grey_fills_all_channels_and_sizes_are_resampled(pooled):
    images = np.zeros((2, 28, 28, 1), np.uint8)
    images[1, :, 14:] = 255
    found = InceptionFeatures.load(str(pooled))(images)
    assert np.allclose(found[0], -1) and np.allclose(found[1], 0, atol=1e-5)


def test_nothing_is_downloaded_and_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.h5 is no file of Inception weights\. Give"):
        InceptionFeatures.load(tmp_path / "nowhere.h5")
    (tmp_path / "broken.keras").write_bytes(b"nonsense")
    with pytest.raises(GanprofileError, match=r"broken\.keras cannot be loaded \(.*\)\. Give"):
        InceptionFeatures.load(tmp_path / "broken.keras")


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([keras.layers.GlobalAveragePooling2D()], (8, 8, 1)),
        ([keras.layers.Conv2D(2, 3)], (8, 8, 3)),
        ([keras.layers.Dense(2)], (3,)),
    ],
)
def test_a_model_of_another_form_is_refused(layers, shape, tmp_path):
    path = saved(tmp_path / "other.keras", *layers, shape=shape)
    with pytest.raises(GanprofileError, match="should be a model from images .* Received: "):
        InceptionFeatures.load(path)


def test_code_in_a_model_is_not_run(tmp_path):
    path = saved(tmp_path / "code.keras", keras.layers.Lambda(lambda x: x[:, 0, 0]))
    with pytest.raises(GanprofileError, match="cannot be loaded"):
        InceptionFeatures.load(path)


@pytest.mark.slow
def test_weights_of_inception_without_its_top(tmp_path):
    options = {"include_top": False, "pooling": "avg", "input_shape": (299, 299, 3)}
    network = keras.applications.InceptionV3(weights=None, **options)
    network.save_weights(tmp_path / "inception.weights.h5")
    images = np.random.default_rng(0).integers(0, 256, (2, 299, 299, 3), dtype=np.uint8)
    found = InceptionFeatures.load(tmp_path / "inception.weights.h5")(images)
    expected = network(to_float(images), training=False)
    assert found.shape == (2, 2048)
    assert np.allclose(found, keras.ops.convert_to_numpy(expected), rtol=1e-4, atol=1e-6)
    wrong = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    wrong.save_weights(tmp_path / "wrong.weights.h5")
    (tmp_path / "broken.h5").write_bytes(b"nonsense")
    for name in ("wrong.weights.h5", "broken.h5"):
        with pytest.raises(GanprofileError, match=rf"{name} cannot be loaded \(.*\)\. Give"):
            InceptionFeatures.load(tmp_path / name)
