"""The train step against losses and gradients worked out by hand on networks of two weights."""

import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from ganprofile.gan.gan import GAN
from ganprofile.gan.measures import logit_counts
from ganprofile.gan.presets import PRESETS, build_gan

A, B = 0.8, -0.5  # generator: image = a * z; discriminator: logit = b * image
RATE = 0.1


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def weight(value):
    initializer = keras.initializers.Constant(value)
    return keras.layers.Dense(1, use_bias=False, kernel_initializer=initializer)


def two_weight_gan(loss, discriminator_steps=1, ema_momentum=None, **penalty):
    latents = keras.Input((1,), name="latents")
    pixels = weight(A)
    images = keras.layers.Reshape((1, 1, 1))(pixels(latents))
    generator = keras.Model({"latents": latents}, images)
    seen = keras.Input((1, 1, 1), name="images")
    discriminator = keras.Model({"images": seen}, weight(B)(keras.layers.Flatten()(seen)))
    gan = GAN(generator, discriminator, seed=4)
    gan.compile(
        keras.optimizers.SGD(RATE),
        keras.optimizers.SGD(RATE),
        loss=loss,
        discriminator_steps=discriminator_steps,
        ema_momentum=ema_momentum,
        jit_compile=False,
        **penalty,
    )
    return gan


def drawn_latents(sizes, seed=4):
    generator = keras.random.SeedGenerator(seed)
    return [np.asarray(keras.random.normal((n, 1), seed=generator), "float64") for n in sizes]


def by_hand(real, loss, k):
    """Both weights after one iteration of the published pseudocode, and its losses and norms."""
    a, b = A, B
    m = len(real) // k
    *noise, last = [z[:, 0] for z in drawn_latents([m] * (k + 1))]
    d_losses = []
    for step in range(k):
        x, fake = real[step * m : (step + 1) * m], a * noise[step]
        d_losses.append(np.log1p(np.exp(-b * x)).mean() + np.log1p(np.exp(b * fake)).mean())
        gradient = (-(1 - sigmoid(b * x)) * x).mean() + (sigmoid(b * fake) * fake).mean()
        d_norm, b = abs(gradient), b - RATE * gradient
    logits = b * a * last
    if loss == "non_saturating":
        g_loss = np.log1p(np.exp(-logits)).mean()
        gradient = (-(1 - sigmoid(logits)) * b * last).mean()
    else:
        g_loss = -np.log1p(np.exp(logits)).mean()
        gradient = (-sigmoid(logits) * b * last).mean()
    return {
        "a": a - RATE * gradient,
        "b": b,
        "discriminator_loss": np.mean(d_losses),
        "generator_loss": g_loss,
        "discriminator_gradient_norm": d_norm,
        "generator_gradient_norm": abs(gradient),
    }


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
def test_one_iteration_is_as_worked_out_by_hand(loss, k):
    real = np.linspace(-0.9, 0.8, 12)
    gan = two_weight_gan(loss, k)
    measures = gan.train_step({"images": real.reshape(-1, 1, 1, 1).astype("float32")})
    expected = by_hand(real, loss, k)
    assert float(gan.generator.get_weights()[0][0, 0]) == pytest.approx(expected.pop("a"), abs=1e-6)
    assert float(gan.discriminator.get_weights()[0][0, 0]) == pytest.approx(
        expected.pop("b"), abs=1e-6
    )
    for name, value in expected.items():
        assert float(measures[name]) == pytest.approx(value, abs=1e-6), name


def test_r1_is_as_worked_out_by_hand_and_lazy():
    """The logit is b * image, so the penalty is b ** 2 / 2 and pulls b down by weight * b."""
    real = np.linspace(-0.9, 0.8, 12)
    batch = {"images": ops.convert_to_tensor(real.reshape(-1, 1, 1, 1), "float32")}
    gan = two_weight_gan("non_saturating", penalty="r1", penalty_weight=0.3, penalty_interval=2)
    free = two_weight_gan("non_saturating")
    measures, expected = (model.train_step(batch) for model in (gan, free))
    b, free_b = (float(model.discriminator.get_weights()[0][0, 0]) for model in (gan, free))
    assert b == pytest.approx(free_b - RATE * 2 * 0.3 * B, abs=1e-6)
    assert float(measures["discriminator_loss"]) == float(expected["discriminator_loss"])

    free.set_weights(gan.get_weights())
    for model in (gan, free):
        model.train_step(batch)
    b, free_b = (float(model.discriminator.get_weights()[0][0, 0]) for model in (gan, free))
    assert b == pytest.approx(free_b, abs=1e-7), "nothing is due at the second update"


def test_the_two_losses_move_the_generator_differently():
    real = np.linspace(-0.9, 0.8, 12).reshape(-1, 1, 1, 1).astype("float32")
    moved = []
    for loss in ("non_saturating", "minimax"):
        gan = two_weight_gan(loss)
        gan.train_step({"images": real})
        moved.append(float(gan.generator.get_weights()[0][0, 0]))
    assert abs(moved[0] - moved[1]) > 1e-4


def test_the_average_follows_the_generator():
    gan = two_weight_gan("non_saturating", ema_momentum=0.25)
    expected = A
    for momentum in (2 / 11, 0.25, 0.25):  # it grows to its value
        gan.train_step({"images": np.full((4, 1, 1, 1), 0.5, "float32")})
        now = gan.generator.get_weights()[0][0, 0]
        expected = momentum * expected + (1 - momentum) * now
        assert gan.averaged_generator.get_weights()[0][0, 0] == pytest.approx(expected, abs=1e-6)
    assert gan.drawing_generator is gan.averaged_generator


def test_without_a_momentum_the_generator_itself_draws():
    gan = two_weight_gan("non_saturating")
    assert gan.drawing_generator is gan.generator


def test_latents_differ_between_steps_and_between_the_two_players(monkeypatch):
    gan = two_weight_gan("non_saturating")
    seen = []
    draw = gan.draw
    monkeypatch.setattr(gan, "draw", lambda *a, **k: seen.append(draw(*a, **k)) or seen[-1])
    batch = {"images": np.zeros((4, 1, 1, 1), "float32")}
    for _ in range(3):
        gan.train_step(batch)
    images = np.concatenate([np.asarray(images).ravel() for images in seen])
    assert len(np.unique(images)) == 3 * 2 * 4


def test_latents_differ_between_steps_inside_fit():
    """In a compiled function a seed that were a constant would repeat its draw."""
    gan = two_weight_gan("non_saturating")
    gan.generator_optimizer.learning_rate = gan.discriminator_optimizer.learning_rate = 0.0
    losses = []
    record = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(float(logs["generator_loss"]))
    )
    import tensorflow as tf

    data = tf.data.Dataset.from_tensors({"images": np.zeros((4, 1, 1, 1), "float32")}).repeat(5)
    gan.fit(data, verbose=0, callbacks=[record])
    assert len(set(losses)) == 5


def test_dropout_works_in_training_and_not_in_judging():
    gan = build_gan((28, 28, 1), {}, 10, PRESETS["gan"])
    images = np.asarray(keras.random.uniform((8, 28, 28, 1), -1, 1, seed=0))
    calm = [np.asarray(gan.discriminator({"images": images}, training=False)) for _ in range(2)]
    assert np.array_equal(*calm)
    real_logits, fake_logits = gan.judge({"images": images}, images)
    assert not np.allclose(real_logits, fake_logits), "equal images, different dropout"
    assert len(np.unique(np.asarray(real_logits))) > 1


class Spy:
    """Stands in for a network and notes how it was called."""

    def __init__(self, network):
        self.network = network
        self.calls = []
        self.images = []

    def __getattr__(self, name):
        return getattr(self.network, name)

    def __call__(self, inputs, training):
        self.calls.append((training, np.asarray(inputs["label"]).tolist()))
        self.images.append(np.asarray(inputs.get("images")))
        return self.network(inputs, training=training)


def test_every_pass_is_told_the_right_labels_and_has_dropout_where_it_should(monkeypatch):
    """Training passes with dropout, the penalty without; fakes are judged under their labels."""
    gan = build_gan((8, 8, 1), {"label": 5}, 5, PRESETS["cgan"])
    labels = [3, 1, 4]
    batch = {"images": ops.zeros((3, 8, 8, 1)), "label": ops.convert_to_tensor(labels)}
    generator, discriminator = Spy(gan.generator), Spy(gan.discriminator)
    monkeypatch.setattr(type(gan), "generator", generator, raising=False)
    monkeypatch.setattr(type(gan), "discriminator", discriminator, raising=False)
    monkeypatch.delattr(gan, "generator")
    monkeypatch.delattr(gan, "discriminator")
    gan.judge(batch, gan.draw(batch, training=True))
    gan.generator_loss(batch)
    gan.penalty_term(batch)
    assert generator.calls == [(True, labels), (True, labels)]
    assert discriminator.calls == [(True, labels * 2), (True, labels), (False, labels)]


def test_no_hidden_optimizer_is_made():
    gan = two_weight_gan("non_saturating")
    both = (gan.generator_optimizer, gan.discriminator_optimizer)
    ours = [id(variable) for one in both for variable in one.variables]
    assert [id(variable) for variable in gan.optimizer.variables] == ours
    assert "loss" not in gan.train_step({"images": np.zeros((4, 1, 1, 1), "float32")})


@pytest.mark.parametrize("ema_momentum", [None, 0.9])
def test_a_gan_saves_and_loads_whole_in_safe_mode(tmp_path, ema_momentum):
    settings = dataclasses.replace(PRESETS["cgan"], ema_momentum=ema_momentum)
    gan = build_gan((8, 8, 1), {"label": 3}, 3, settings)
    batch = {
        "images": keras.random.uniform((6, 8, 8, 1), -1, 1, seed=0),
        "label": ops.arange(6) % 3,
    }
    gan.train_step(batch)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras", safe_mode=True)
    state, other = gan.state(), again.state()
    assert list(state) == list(other)
    differing = {name for name in state if not np.array_equal(state[name], other[name])}
    seeds = {name for name in state if state[name].shape == (2,) and state[name].dtype.kind in "iu"}
    assert differing <= seeds, "Keras leaves seeds out of its files, which is why we have our own"
    assert again.ema_momentum == gan.ema_momentum and again.loss_name == gan.loss_name


def test_the_state_holds_everything_that_a_step_changes():
    settings = dataclasses.replace(PRESETS["cgan"], augmentation_policy=("shift",))
    gan = build_gan((8, 8, 1), {"label": 3}, 3, settings)
    before = gan.state()
    gan.train_step({"images": ops.zeros((6, 8, 8, 1)), "label": ops.arange(6) % 3})
    after = gan.state()
    changed = [name for name in before if not np.array_equal(before[name], after[name])]
    untouched = set(before) - set(changed)
    rates = {"generator_optimizer/001", "discriminator_optimizer/001"}
    assert untouched == rates, "all but the two learning rates"
    named = {id(variable) for variable in gan._named_variables().values()}
    assert {id(variable) for variable in gan.variables} <= named
    gan.restore(before)
    assert all(np.array_equal(before[name], value) for name, value in gan.state().items())


def test_logits_are_counted_in_fixed_bins():
    logits = np.array([[-99.0], [-16], [-15.6], [0], [15.9], [99]], "float32")
    counts = np.asarray(logit_counts(logits))
    assert counts.shape == (64,) and counts.sum() == 6
    assert (counts[0], counts[32], counts[63]) == (3, 1, 2)


def test_the_discriminator_sees_every_image_after_the_glyph_policy(monkeypatch):
    settings = dataclasses.replace(
        PRESETS["cdcgan"], augmentation_policy=("cutout",), augmentation_probability=1.0
    )
    gan = build_gan((8, 8, 1), {"label": 3}, 3, settings)
    discriminator = Spy(gan.discriminator)
    monkeypatch.setattr(type(gan), "discriminator", discriminator, raising=False)
    monkeypatch.delattr(gan, "discriminator")
    (batch,) = gan.minibatches({"images": ops.ones((4, 8, 8, 1)), "label": ops.arange(4) % 3})
    gan.judge(batch, gan.draw(batch, training=True))
    gan.generator_loss(batch)
    gan.penalty_term(batch)
    assert [len(images) for images in discriminator.images] == [8, 4, 4]
    for images in discriminator.images:
        assert ((images == -1).sum(axis=(1, 2, 3)) == 4).all(), "a square of 2 x 2 is cut out"
