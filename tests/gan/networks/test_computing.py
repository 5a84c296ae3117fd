import keras
import numpy as np
import pytest

from ganprofile.gan.networks import build_generator
from ganprofile.gan.networks.computing import POLICIES, computing_in, in_float32, synchronise
from ganprofile.gan.presets import build_gan, settings_for
from ganprofile.gan.settings import PRECISIONS


def compute_types(network):
    return {layer.compute_dtype for layer in network.layers if layer.weights}


def test_the_settings_know_every_precision():
    assert tuple(POLICIES) == PRECISIONS


def test_a_precision_ends_with_its_block():
    before = keras.config.dtype_policy().name
    with pytest.raises(RuntimeError), computing_in("bfloat16"):
        network = build_generator("dcgan", (28, 28, 1), 5, {"label": 3})
        raise RuntimeError
    assert keras.config.dtype_policy().name == before
    assert compute_types(network) == {"bfloat16"}
    assert {weight.dtype for weight in network.weights} == {"float32"}


def test_a_copy_in_full_precision_has_the_same_weights():
    with computing_in("bfloat16"):
        network = build_generator("dcgan", (28, 28, 1), 5, {"label": 3})
    copy = in_float32(network)
    assert compute_types(copy) == {"float32"}
    for ours, theirs in zip(network.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    inputs = {"latents": np.ones((2, 5), "float32"), "label": np.array([0, 2])}
    rough, exact = (np.asarray(net(inputs), "float32") for net in (network, copy))
    assert 0 < np.abs(rough - exact).max() < 0.05


def test_batch_normalisation_is_synchronised():
    network = build_generator("dcgan", (28, 28, 1), 5)
    synchronise(network)
    layers = [one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)]
    assert layers and all(layer.synchronized for layer in layers)


@pytest.mark.parametrize("model", ["gan", "cdcgan"])
def test_a_gan_in_bfloat16_judges_and_draws_in_float32(model):
    """Networks compute in bfloat16; losses, the average and what it draws are float32."""
    settings = settings_for(model, precision="bfloat16", ema_momentum=0.9, penalty="r1")
    counts = dict.fromkeys(settings.conditions, 3)
    gan = build_gan((28, 28, 1), counts, 3, settings)
    assert compute_types(gan.generator) == compute_types(gan.discriminator) == {"bfloat16"}
    assert compute_types(gan.drawing_generator) == {"float32"}
    images = np.random.default_rng(0).uniform(-1, 1, (4, 28, 28, 1)).astype("float32")
    arguments = {name: np.arange(4) % 3 for name in counts}
    data = {
        name: keras.ops.convert_to_tensor(v) for name, v in {"images": images, **arguments}.items()
    }
    measures = gan.train_step(data)
    assert {"generator_loss", "discriminator_loss"} <= measures.keys()
    for name, value in measures.items():
        assert np.asarray(value).dtype == np.float32 and np.isfinite(value).all(), name


@pytest.mark.slow
def test_a_step_may_be_compiled(tiny, tmp_path):
    """XLA draws other random numbers, so only how the losses go can be compared."""
    import ganprofile as gp

    options = {"epochs": 6, "progress": False}
    plain, compiled = (
        gp.train(tiny, "gan", jit=jit, output=tmp_path / str(jit), **options).history
        for jit in (False, True)
    )
    for name in ("generator_loss", "discriminator_loss"):
        assert not np.array_equal(plain[name], compiled[name])
        np.testing.assert_allclose(plain[name], compiled[name], rtol=0.2)
