"""The transforms of the policy against SciPy and NumPy, and what holds for all of them."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops
from scipy import interpolate, ndimage

from ganprofile.backend import backend
from ganprofile.errors import UsageError
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.augmentation_policy import AUGMENTATION_POLICY, MATRICES, augment
from ganprofile.transforms.warping import resample

EVERYTHING = tuple(AUGMENTATION_POLICY)
HERE = np.eye(3, dtype="float32")[None]


def some_images(count=6, height=28, width=28, channels=1, seed=0):
    random = np.random.default_rng(seed)
    return random.uniform(-1, 1, (count, height, width, channels)).astype("float32")


def seen(images, names=EVERYTHING, probability=0.5, seed=3):
    return np.asarray(augment(images, names, probability, keras.random.SeedGenerator(seed)))


def moved(name, amounts, images):
    amounts = np.array([amounts] * len(images), "float32")
    matrices = MATRICES[name](amounts, *images.shape[1:3])
    return np.asarray(resample(images, matrices))


def by_scipy(image, linear, offset):
    """Bilinear interpolation of `(height, width, channels)`, at linear @ (row, column) + offset."""
    transformed = [
        ndimage.affine_transform(
            plane.astype("float64"), linear, offset, order=1, mode="grid-constant", cval=-1
        )
        for plane in np.moveaxis(image, -1, 0)
    ]
    return np.stack(transformed, axis=-1)


def by_forward_map(image, forward):
    """The image under a `(3, 3)` map of (x, y, 1) about the centre, x to the right and y down."""
    middle = (np.array(image.shape[:2]) - 1) / 2
    back = np.linalg.inv(forward)
    linear = back[1::-1, 1::-1]  # rows first
    return by_scipy(image, linear, back[1::-1, 2] + middle - linear @ middle)


def forward_map(name, amounts, height, width):
    """Where a transform puts (x, y, 1); written down anew, in the direction of the drawing."""
    u, v = amounts
    c, s = np.cos(np.radians(15 * u)), np.sin(np.radians(15 * u))
    return np.array(
        {
            "shift": [[1, 0, 3 / 28 * width * u], [0, 1, 3 / 28 * height * v], [0, 0, 1]],
            "rotate": [[c, s, 0], [-s, c, 0], [0, 0, 1]],
            "shear": [[1, -0.2 * u, 0], [0, 1, 0], [0, 0, 1]],
            "zoom": [[1 + 0.15 * u, 0, 0], [0, 1 + 0.15 * u, 0], [0, 0, 1]],
            "stretch": [[1.1**u, 0, 0], [0, 1.1**-u, 0], [0, 0, 1]],
        }[name]
    )


@pytest.mark.parametrize("amounts", [(1, -1), (-1, 1), (0.37, 0.81)])
@pytest.mark.parametrize("name", MATRICES)
def test_a_geometric_transform_is_bilinear_resampling(name, amounts):
    images = some_images(2, 32, 24, 3)
    expected = [by_forward_map(i, forward_map(name, amounts, 32, 24)) for i in images]
    np.testing.assert_allclose(moved(name, amounts, images), expected, atol=2e-5)


@pytest.mark.parametrize(
    ("name", "amounts", "start", "end"),
    [
        ("shift", (1, 0), (0, 0), (6, 0)),  # to the right
        ("shift", (0, 1), (0, 0), (0, 6)),  # down
        ("rotate", (1, 0), (16, 0), (15.45, -4.14)),  # counterclockwise: what is right goes up
        ("rotate", (-1, 0), (16, 0), (15.45, 4.14)),
        ("shear", (1, 0), (0, -15), (3, -15)),  # leans to the right: the top goes right
        ("zoom", (1, 0), (10, -10), (11.5, -11.5)),
        ("zoom", (-1, 0), (10, -10), (8.5, -8.5)),
        ("stretch", (1, 0), (10, -11), (11, -10)),
        ("stretch", (-1, 0), (11, -10), (10, -11)),
    ],
)
def test_signs_and_limits_are_as_documented(name, amounts, start, end):
    """By the place of a blob, pixels right of and below the centre of 56 x 56."""
    place = np.arange(56) - 27.5
    blob = np.exp(-((place - start[0]) ** 2 + (place[:, None] - start[1]) ** 2) / 8)
    image = moved(name, amounts, (2 * blob - 1).astype("float32")[None, :, :, None])
    ink = image[0, :, :, 0] + 1
    found = (ink.sum(0) @ place, ink.sum(1) @ place) / ink.sum()
    np.testing.assert_allclose(found, end, atol=0.02)


def test_several_geometric_transforms_are_one_resampling():
    """Zoomed, sheared, turned and shifted at the end, each where its draw says so."""
    images = some_images(12, 28, 20)
    uniform = keras.random.uniform((12, len(MATRICES), 3), seed=keras.random.SeedGenerator(3))
    for image, draws, result in zip(
        images, np.asarray(uniform), seen(images, tuple(MATRICES)), strict=True
    ):
        forward = np.eye(3)
        for name, (draw, *numbers) in zip(MATRICES, draws, strict=True):
            if draw < 0.5:
                forward = forward @ forward_map(name, 2 * np.array(numbers) - 1, 28, 20)
        np.testing.assert_allclose(result, by_forward_map(image, forward), atol=2e-5)


def test_what_bent_images_before_is_part_of_the_one_resampling():
    images = some_images(2)
    names, strengths = ("shift", "elastic"), {"shift": 1.0, "elastic": 0.0}
    half_turn = np.array([np.diag([-1, -1, 1])] * 2, "float32")  # lossless, unlike other turns
    still = np.zeros((2, 2, 8, 8), "float32")
    down = still.copy()
    down[:, 1] = 4 / 3  # of 3/28 of the side: of all pixels, each from four rows below

    def shifted(source, warped_before=None):
        seed = keras.random.SeedGenerator(1)
        return np.asarray(augment(source, names, 1.0, seed, strengths, warped_before))

    # What bends comes first, so that a shift by the same seed moves the turned image.
    turned = shifted(images, (half_turn, still))
    np.testing.assert_allclose(turned, shifted(images[:, ::-1, ::-1]), atol=1e-5)
    lower = augment(images, (), 1.0, keras.random.SeedGenerator(0), None, (HERE, down))
    np.testing.assert_allclose(lower[:, :-4], images[:, 4:], atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3])
def test_thickness_blends_with_the_neighbourhood(channels):
    images = some_images(4, channels=channels)
    shares = np.array([0.0, 0.5, -0.5, 0.2])
    result = augmentation_policy.thickness(
        images, np.stack([2 * shares, shares], 1).astype("float32")
    )
    for image, share, found in zip(images, shares, np.asarray(result), strict=True):
        extreme = ndimage.maximum_filter if share > 0 else ndimage.minimum_filter
        neighbourhood = extreme(image, size=(3, 3, 1), mode="nearest")
        expected = image + abs(share) * (neighbourhood - image)
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 32)])
def test_elastic_is_a_cubic_spline_over_its_knots(height, width):
    knots = augmentation_policy.KNOTS
    field = np.random.default_rng(0).uniform(-1, 1, (3, 2, knots, knots)).astype("float32")
    cubic = interpolate.BSpline(np.arange(-2, knots + 2), np.eye(knots), 3)
    down, right = (cubic((np.arange(n) + 0.5) / n * (knots - 3) + 1) for n in (height, width))
    expected = np.float32([width, height])[:, None, None] * 3 / 28 * (down @ field @ right.T)
    found = np.asarray(augmentation_policy.elastic(field, height, width))
    np.testing.assert_allclose(found, expected.swapaxes(0, 1), atol=1e-5)


def test_random_numbers_are_those_of_keras():
    def seed():
        return keras.random.SeedGenerator(2**31 - 1)

    ours, theirs = backend().uniform((5, 7), -1.0, 1.0, seed()), keras.random.uniform
    np.testing.assert_array_equal(ours, theirs((5, 7), -1.0, 1.0, seed=seed()))
    ours, theirs = backend().normal((5, 7), 0.3, seed()), keras.random.normal
    np.testing.assert_array_equal(ours, theirs((5, 7), 0.0, 0.3, seed=seed()))


def test_what_is_drawn_makes_the_same_of_images_when_compiled():
    images = some_images(8)
    before = (HERE, np.full((8, 2, 8, 8), 0.1, "float32"))
    drawn = augmentation_policy.draw(8, EVERYTHING, 0.5, keras.random.SeedGenerator(2), {})
    compiled = backend().compiled(augmentation_policy.changed)(images, drawn, before)
    expected = np.asarray(augmentation_policy.changed(images, drawn, before))
    np.testing.assert_allclose(compiled, expected, atol=1e-4)


def test_elastic_looks_where_its_field_says():
    images = some_images(2, 24, 28)
    way = np.random.default_rng(1).uniform(-3, 3, (2, 2, 24, 28)).astype("float32")
    rows, columns = np.mgrid[:24, :28]
    found = np.asarray(resample(images, HERE, (way[:, 0], way[:, 1])))
    for image, (right, down), result in zip(images, way, found, strict=True):
        expected = ndimage.map_coordinates(
            image[..., 0].astype("float64"),
            [rows + down, columns + right],
            order=1,
            mode="grid-constant",
            cval=-1,
        )
        np.testing.assert_allclose(result[..., 0], expected, atol=2e-5)


def test_strengths_are_factors_on_the_amounts():
    blob = np.full((40, 28, 28, 1), -1, "float32")
    blob[:, 13:15, 13:15] = 1
    seed = keras.random.SeedGenerator
    half = augment(blob, ("shift",), 1, seed(3), {"shift": 0.5})
    whole = augment(blob, ("shift",), 1, seed(3), {"cutout": 9})
    place = np.arange(28) - 13.5

    def columns(images):
        ink = np.asarray(images)[..., 0] + 1
        return (ink.sum(axis=1) @ place) / ink.sum(axis=(1, 2))

    np.testing.assert_allclose(columns(half), columns(whole) / 2, atol=1e-4)
    assert np.abs(columns(whole)).max() > 2.5


def test_thickness_thickens_and_thins():
    stroke = np.full((2, 28, 28, 1), -1, "float32")
    stroke[:, 4:24, 12:16] = 1
    thick, thin = np.asarray(augmentation_policy.thickness(stroke, np.float32([[1, 0], [-1, 0]])))
    assert (thick[14, :, 0] + 1).sum() / 2 == 4 + 1
    assert (thin[14, :, 0] + 1).sum() / 2 == 4 - 1


@pytest.mark.parametrize(("height", "width", "side"), [(28, 28, 7), (32, 64, 8), (17, 16, 4)])
def test_cutout_covers_one_square(height, width, side):
    images = np.abs(some_images(200, height, width, 3))
    result = seen(images, ("cutout",), probability=1)
    corners = set()
    for before, after in zip(images, result, strict=True):
        rows, columns = np.nonzero((after == -1).all(-1))
        top, left = rows.min(), columns.min()
        before[top : top + side, left : left + side] = -1
        np.testing.assert_array_equal(after, before)
        corners.add((top, left))
    assert {top for top, _ in corners} >= {0, height - side}
    assert {left for _, left in corners} >= {0, width - side}
    assert len(corners) > 90


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [28, 32, 64])
def test_shape_type_and_range_stay(side, channels):
    images = np.sign(some_images(8, side, side, channels))
    result = seen(images, probability=1)
    assert result.shape == images.shape
    assert result.dtype == "float32"
    assert np.abs(result).max() <= 1
    assert (result != images).any(axis=(1, 2, 3)).all()


def test_double_precision_stays_and_says_the_same():
    """Trainings in float64 see images in float64."""
    images = some_images()
    drawn = augmentation_policy.draw(
        len(images), EVERYTHING, 1.0, keras.random.SeedGenerator(3), {}
    )
    single = np.asarray(augmentation_policy.changed(ops.convert_to_tensor(images), drawn))
    double = np.asarray(
        augmentation_policy.changed(
            ops.convert_to_tensor(images, "float64"),
            {name: (happens, ops.cast(some, "float64")) for name, (happens, some) in drawn.items()},
        )
    )
    assert single.dtype == "float32" and double.dtype == "float64"
    np.testing.assert_allclose(single, double, rtol=0, atol=1e-4)


@settings(max_examples=20, deadline=None)
@given(
    height=st.integers(16, 128),
    width=st.integers(16, 128),
    seed=st.integers(0, 2**31 - 1),
    level=st.floats(-1, 1, width=32, allow_subnormal=False),
)
def test_rounding_never_leaves_the_range(height, width, seed, level):
    """Among them images of one level, where shares that add up to 1 + 1e-7 would show.

    Not of a level below 1.2e-38, which TensorFlow takes for 0.
    """
    images = np.clip(2 * some_images(3, height, width, seed=seed), -1, 1)
    images[1] = level
    images[2] = -1
    result = seen(images, probability=0.9, seed=seed)
    assert result.min() >= -1
    assert result.max() <= 1
    assert result[1].max() <= level
    assert (result[2] == -1).all()


def test_nothing_changes_at_probability_0():
    images = some_images(64, 33, 20, 3)
    np.testing.assert_array_equal(seen(images, probability=0), images)


@pytest.mark.parametrize("probability", [0.2, 0.8])
def test_each_transform_happens_with_the_probability_and_independently(probability):
    images = some_images(1).repeat(1000, axis=0)
    for name in EVERYTHING:
        changed = (seen(images, (name,), probability) != images).any(axis=(1, 2, 3))
        assert changed.mean() == pytest.approx(probability, abs=0.05)
    unchanged = (seen(images, ("shift", "cutout"), probability) == images).all(axis=(1, 2, 3))
    assert unchanged.mean() == pytest.approx((1 - probability) ** 2, abs=0.05)


def test_real_and_fake_are_drawn_independently():
    half = some_images(1).repeat(50, axis=0)
    real, fake = np.split(seen(np.concatenate([half, half]), probability=1), 2)
    assert (real != fake).any(axis=(1, 2, 3)).all()


def test_the_state_of_the_seed_says_what_is_drawn():
    images = some_images()
    seed = keras.random.SeedGenerator(8)
    state = np.asarray(seed.state)
    first, second = (np.asarray(augment(images, EVERYTHING, 0.5, seed)) for _ in range(2))
    assert (first != second).any()
    seed.state.assign(state)
    np.testing.assert_array_equal(augment(images, EVERYTHING[::-1], 0.5, seed), first)


@pytest.mark.slow
def test_a_compiled_graph_draws_anew_and_the_same():
    import tensorflow as tf

    images = some_images()
    compiled, eager = keras.random.SeedGenerator(8), keras.random.SeedGenerator(8)
    step = tf.function(lambda images: augment(images, EVERYTHING, 0.5, compiled))
    results = [np.asarray(step(tf.constant(images))) for _ in range(2)]
    assert (results[0] != results[1]).any()
    for result in results:
        expected = augment(images, EVERYTHING, 0.5, eager)
        np.testing.assert_allclose(result, expected, atol=2e-5)


@pytest.mark.parametrize("names", [*[(name,) for name in EVERYTHING], EVERYTHING])
def test_gradients_are_those_of_the_images(names):
    """Against differences; no step is long enough to change which neighbour is the largest."""
    import tensorflow as tf

    random = np.random.default_rng(1)
    levels = random.permutation(4 * 16 * 16).reshape(4, 16, 16, 1)
    images = (levels / levels.size * 1.9 - 0.95).astype("float32")
    weights = random.normal(size=images.shape)
    variable = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        result = augment(variable, names, 1, keras.random.SeedGenerator(3))
        total = ops.sum(weights.astype("float32") * result)
    gradient = np.asarray(tape.gradient(total, variable))
    assert np.isfinite(gradient).all()
    assert (gradient != 0).any(axis=(1, 2, 3)).all()
    step = 4e-4 * random.uniform(-1, 1, images.shape)
    there, back = (seen(images + (sign * step).astype("float32"), names, 1) for sign in (1, -1))
    difference = (weights * (there.astype("float64") - back)).sum() / 2
    assert (gradient * step).sum() == pytest.approx(difference, rel=1e-2)


def test_a_character_is_never_mirrored_or_turned_over():
    """An F is most like itself among the eight that flips and quarter turns make of it.

    Likeness is the correlation at the place where it is largest.
    """
    letter = np.zeros((32, 32))
    letter[6:26, 10:14] = letter[6:10, 10:23] = letter[14:18, 10:20] = 1
    images = (2 * letter - 1).astype("float32")[None, :, :, None].repeat(300, axis=0)
    spectra = np.fft.rfft2(seen(images, probability=1)[..., 0] + 1)
    others = np.fft.rfft2([np.rot90(f, k) for f in (letter, letter.T) for k in range(4)])
    likeness = np.fft.irfft2(spectra[:, None] * others.conj()).max(axis=(2, 3))
    assert (likeness.argmax(axis=1) == 0).mean() > 0.95
    assert likeness.mean(axis=0)[0] > 1.1 * likeness.mean(axis=0)[1:].max()


def test_no_transforms_and_some_are_a_choice():
    images = some_images()
    np.testing.assert_array_equal(seen(images, ()), images)
    assert (seen(images, ("shift",), 1) != seen(images, ("shift", "zoom"), 1)).any()


def test_what_does_not_exist_is_refused():
    with pytest.raises(UsageError, match=r"No transform 'flip'\. Known: shift, rotate, .*, cutout"):
        seen(some_images(), ("shift", "flip"))
    for probability in (-0.1, 1.5, float("nan")):
        with pytest.raises(UsageError, match=f"should be in 0..1. Received: {probability}"):
            seen(some_images(), probability=probability)
