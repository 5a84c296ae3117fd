"""Every network that a generator or reader can be leaves Keras."""

import itertools

import pytest

import ganprofile as gp
from ganprofile.classifiers.lenet import Committee, DeepDense, _mean_of
from ganprofile.exporting import export
from ganprofile.gan.networks import NETWORKS, build_generator
from ganprofile.recognition import Reader
from ganprofile.recognition.models import KERAS, MODELS
from ganprofile.runtimes import RUNTIMES

for library in ("onnx", "tf2onnx", "onnxruntime", "ai_edge_litert"):
    pytest.importorskip(library)
pytestmark = pytest.mark.slow
TRAINED_BY_KERAS = [name for name, model in MODELS.items() if model.suffix == KERAS]
LAYERS_OF_ALL = ("convnet", "lenet-5-committee", "deep-nn")  # have every layer that readers have


@pytest.fixture(autouse=True)
def fewer_numbers(monkeypatch):
    """Of weights and of inputs to compare: what is tested is the layers."""
    monkeypatch.setattr(export, "COMPARED", 50)
    monkeypatch.setattr(DeepDense, "UNITS", (50, 40, 30, 20, 10))


@pytest.mark.parametrize("to", RUNTIMES)
@pytest.mark.parametrize("family", NETWORKS)
def test_generators(family, to, tmp_path):
    shape = (28, 28, 1) if to == "onnx" else (36, 24, 3)
    conditions = {"label": 4, "writer": 3}
    config = {
        "model": family,
        "conditions": conditions,
        "dataset": {
            "name": "mine",
            "class_names": list("abcd"),
            "writers": [3, 8, 11],
            "image_shape": shape,
        },
    }
    run = gp.Run(tmp_path / "run", config)
    run.generator = build_generator(family, shape, 20, conditions, seed=1)
    made = gp.export_model(run, to, output=tmp_path / f"it{RUNTIMES[to].SUFFIX}")
    assert made.largest_difference <= export.LARGEST
    drawn = gp.Run.open(made.path).sample(12, "c", writer=11).astype(int)
    assert abs(drawn - run.sample(12, "c", writer=11)).max() <= 1


@pytest.mark.parametrize(
    ("name", "to"),
    [
        *((name, "onnx") for name in TRAINED_BY_KERAS),
        *((name, "litert") for name in LAYERS_OF_ALL),
    ],
)
def test_readers(name, to, tmp_path):
    classifier = MODELS[name].kind(5, seed=1)
    classifier.network = network_of(classifier)
    info = {"class_names": list("abcde"), "image_shape": [28, 28, 1], "model": name}
    path = tmp_path / f"it{RUNTIMES[to].SUFFIX}"
    made = gp.export_model(Reader(tmp_path, classifier, info), to, output=path)
    assert made.largest_difference <= export.LARGEST


def network_of(classifier):
    """Not trained."""
    if isinstance(classifier, Committee):
        return _mean_of([network_of(classifier.member) for _ in range(2)])
    return classifier.build((28, 28, 1), itertools.count())
