"""Every network that a generator or reader can be goes through every format."""

import itertools

import pytest

import ganprofile as gp
from ganprofile.exporting.export import LARGEST
from ganprofile.gan.networks import NETWORKS, build_generator
from ganprofile.recognition import Reader
from ganprofile.recognition.models import FITTED, MODELS
from ganprofile.runtimes import RUNTIMES

for library in ("onnx", "tf2onnx", "onnxruntime", "ai_edge_litert"):
    pytest.importorskip(library)
pytestmark = pytest.mark.slow
WRITERS = [3, 8, 11]


@pytest.mark.parametrize("to", RUNTIMES)
@pytest.mark.parametrize("family", NETWORKS)
def test_generators(family, to, tmp_path):
    conditions = {"label": 4, "writer": 3}
    data = {"name": "mine", "class_names": list("abcd"), "writers": WRITERS}
    for shape in ((28, 28, 1), (36, 24, 3)):
        path = tmp_path / f"{shape[0]}{RUNTIMES[to].SUFFIX}"
        config = {
            "model": family,
            "conditions": conditions,
            "dataset": {**data, "image_shape": shape},
        }
        run = gp.Run(tmp_path / "run", config)
        run.generator = build_generator(family, shape, 20, conditions, seed=1)
        made = gp.export_model(run, to, output=path)
        assert made.largest_difference <= LARGEST
        drawn = gp.Run.open(path).sample(12, "c", writer=11).astype(int)
        assert abs(drawn - run.sample(12, "c", writer=11)).max() <= 1


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model.suffix != FITTED])
def test_readers(name, tmp_path):
    classifier = MODELS[name].kind(5, seed=1)
    classifier.network = network_of(classifier)
    info = {"class_names": list("abcde"), "image_shape": [28, 28, 1], "model": name}
    for to in ("onnx", "litert"):
        path = tmp_path / f"it{RUNTIMES[to].SUFFIX}"
        made = gp.export_model(Reader(tmp_path, classifier, info), to, output=path)
        assert made.largest_difference <= LARGEST


def network_of(classifier):
    """Of random weights: what is tested is the layers."""
    from ganprofile.classifiers.lenet import Committee, _mean_of

    if isinstance(classifier, Committee):
        return _mean_of([network_of(classifier.member) for _ in range(3)])
    return classifier.build((28, 28, 1), itertools.count())
