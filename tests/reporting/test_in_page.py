"""A generator within a page draws what Keras draws: its numbers, and the script that computes."""

import base64
import functools
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.gan.drawing import latents
from ganprofile.gan.networks import dcgan, mlp
from ganprofile.reporting import in_page as module
from ganprofile.reporting.in_page import in_page

SCRIPT = Path(module.__file__).parent / "templates" / "generator.js"
IMAGES = 24
ROUNDED = 0.01  # of numbers kept as float16, in [-1, 1]
COARSE, COARSE_MEAN = 0.16, 0.005  # where kernels are int8: a few pixels at the edge of strokes


def network(build, shape, conditions, **options):
    """One of random weights and running averages, as if it had been trained."""
    made = build(shape, 20, conditions, seed=3, **options)
    random = np.random.default_rng(0)
    for layer in made.layers:
        if type(layer).__name__ == "BatchNormalization":
            count = layer.gamma.shape[0]
            layer.set_weights([random.uniform(0.5, 2, count) for _ in range(4)])
    return made


GENERATORS = {
    "digits-cgan": lambda: gp.Run.open("digits-cgan").generator,
    "emnist-cdcgan": lambda: gp.Run.open("emnist-cdcgan").generator,
    "cropped": lambda: network(dcgan.build_generator, (30, 18, 1), {"label": 3}, widest=16),
    "coloured": lambda: network(
        dcgan.build_generator, (32, 32, 3), {"label": 3, "writer": 4}, widest=16
    ),
    "told nothing": lambda: network(mlp.build_generator, (12, 12, 1), {}),
}
EXACT = {"cropped", "coloured", "told nothing"}


@functools.cache
def drawn(name):
    """What Keras draws: the description, the inputs `(latents, indices)`, and the images."""
    generator = GENERATORS[name]()
    inputs = {"latents": latents(0, 0, IMAGES, generator.input["latents"].shape[-1])}
    described = in_page(generator)
    for condition in described["conditions"]:
        count = described["tables"][condition]["shape"][0]
        inputs[condition] = np.arange(IMAGES, dtype=np.int32) % count
    return described, inputs, np.asarray(generator(inputs, training=False))


def array(described, where):
    """An array of a description, as a reader of its format sees it."""
    content = base64.b64decode(described["numbers"])
    kind, count = np.dtype(where["type"]), int(np.prod(where["shape"]))
    values = np.frombuffer(content, kind, count, where["at"]).reshape(where["shape"])
    return values.astype(np.float64) * (
        array(described, where["scales"]) if "scales" in where else 1
    )


def computed(described, inputs):
    """The images by NumPy."""
    x = np.concatenate(
        [inputs["latents"]]
        + [array(described, described["tables"][c])[inputs[c]] for c in described["conditions"]],
        axis=1,
    )
    acts = {"linear": lambda x: x, "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}
    for step in described["steps"]:
        x = acts[step["activation"]](STEPS[step["op"]](described, step, x))
    return x.reshape(-1, *described["shape"])


def dense(described, step, x):
    return x @ array(described, step["kernel"]) + array(described, step["bias"])


def transposed(described, step, x):
    kernel, stride = array(described, step["kernel"]), step["stride"]
    (height, width, _), (rows, columns, _, filters) = step["from"], kernel.shape
    x = x.reshape(-1, *step["from"])
    out = np.zeros((len(x), height * stride + rows, width * stride + columns, filters))
    for r in range(rows):
        for c in range(columns):
            some = out[:, r : r + height * stride : stride, c : c + width * stride : stride]
            some += x @ kernel[r, c]
    top, left = (rows - stride) // 2, (columns - stride) // 2
    out = out[:, top : top + height * stride, left : left + width * stride]
    return out + array(described, step["bias"])


def cropped(described, step, x):
    (top, bottom), (left, right) = step["cuts"]
    height, width, _ = step["from"]
    return x.reshape(-1, *step["from"])[:, top : height - bottom, left : width - right]


STEPS = {"dense": dense, "transposed": transposed, "cropped": cropped}


def check(name, found, expected):
    difference = np.abs(found - expected)
    if name in EXACT:
        assert difference.max() < ROUNDED
    else:
        assert difference.max() < COARSE and difference.mean() < COARSE_MEAN


@pytest.mark.parametrize("name", GENERATORS)
def test_the_numbers_are_those_of_the_generator(name):
    described, inputs, expected = drawn(name)
    assert expected.std() > 0.05, "it draws something"
    check(name, computed(described, inputs), expected)
    kinds = {step["kernel"]["type"] for step in described["steps"] if "kernel" in step}
    assert ("int8" in kinds) == (name not in EXACT)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_script_draws_what_keras_draws(name, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine to run the script of the page with")
    described, inputs, expected = drawn(name)
    program = tmp_path / "draw.js"
    program.write_text(
        f"{SCRIPT.read_text('utf-8')}\n"
        "const given = JSON.parse(require('fs').readFileSync(0));\n"
        "const generator = decodeGenerator(given.generator);\n"
        "const images = given.asked.map((one) => [...generateImage(generator, ...one)]);\n"
        "console.log(JSON.stringify(images));\n"
    )
    asked = [
        (inputs["latents"][k].tolist(), {c: int(inputs[c][k]) for c in described["conditions"]})
        for k in range(IMAGES)
    ]
    given = json.dumps({"generator": described, "asked": asked})
    done = subprocess.run([node, program], input=given, capture_output=True, text=True, check=True)
    found = np.array(json.loads(done.stdout)).reshape(expected.shape)
    check(name, found, expected)
    np.testing.assert_allclose(found, computed(described, inputs), atol=1e-4)


@pytest.mark.parametrize("name", ["digits-cgan", "emnist-cdcgan"])
def test_all_that_a_page_grows_by_is_less_than_a_megabyte(name):
    scripts = sum(path.stat().st_size for path in SCRIPT.parent.glob("*.js"))
    assert len(json.dumps(drawn(name)[0])) + scripts < 1_000_000


def test_what_is_too_large_or_unknown_says_why():
    import keras

    large = network(dcgan.build_generator, (64, 64, 1), {"label": 62}, widest=256)
    with pytest.raises(GanprofileError, match=r"has [\d,]+ numbers, which take more than the 1 MB"):
        in_page(large)
    given = keras.Input((20,), name="latents")
    hidden = keras.layers.LayerNormalization()(keras.layers.Dense(16)(given))
    strange = keras.Model({"latents": given}, keras.layers.Reshape((4, 4, 1))(hidden))
    with pytest.raises(GanprofileError, match="cannot compute LayerNormalization"):
        in_page(strange)
    hidden = keras.layers.Dense(16)(given)
    beside = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16)(given))
    forked = keras.Model({"latents": given}, keras.layers.Reshape((4, 4, 1))(hidden) + beside)
    with pytest.raises(GanprofileError, match="cannot compute"):
        in_page(forked)
