"""Exported models run where no framework is, through the real commands."""

import json
import sys

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import on_paper, read_png
from ganprofile.runtimes import RUNTIMES, open_network, runtime_of
from ganprofile.runtimes.network import read_card
from tests.conftest import run_command

for library in ("onnx", "tf2onnx", "onnxruntime", "ai_edge_litert"):
    pytest.importorskip(library)

LIGHT = ("onnx", "litert")
FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "sklearn")
# Nor what takes long to import and does not draw or read.
HEAVY = ("matplotlib", "pandas", "joblib", "datasets", "onnx", "tf2onnx", "huggingface_hub")
# Importing any of them fails, as where they are not installed.
WITHOUT = f"""
import sys
class Nowhere:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {FRAMEWORKS + HEAVY}:
            raise ImportError(name)
sys.meta_path.insert(0, Nowhere)
sys.argv = ["ganprofile", *sys.argv[1:]]
from ganprofile.cli import main
main()
"""


@pytest.mark.parametrize("to", LIGHT)
def test_sample_needs_no_framework(to, tmp_path):
    made = gp.export_model("digits-cgan", to, output=tmp_path / f"it{RUNTIMES[to].SUFFIX}")
    options = ("--total", 4, "--class", 7, "--seed", 5)
    done = run_command("sample", made.path.name, *options, code=WITHOUT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    pictures = [read_png(tmp_path / line) for line in done.stdout.splitlines()]
    drawn = [on_paper(picture[::3, ::3]) for picture in pictures]
    known = gp.Run.open("digits-cgan").sample(4, "7", seed=5)
    assert abs(np.array(drawn, int) - known).max() <= 1
    more = ("--grid", "--animate", "--text", "20 26")
    done = run_command("sample", made.path.name, *more, code=WITHOUT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.parametrize("to", LIGHT)
def test_classify_needs_no_framework(to, digits, tmp_path):
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    reader = gp.train_reader(
        "digits", "mlp-100", subset=100, output=tmp_path / "r", variants=False, progress=False
    )
    made = gp.export_model(reader, to, output=tmp_path / f"it{RUNTIMES[to].SUFFIX}")
    paths = [f"{k}.png" for k in range(5)]
    for path, image in zip(paths, digits[1].images, strict=False):
        large = np.kron(image[..., 0], np.ones((4, 4), np.uint8))
        Image.fromarray(255 - large).save(tmp_path / path)
    options = ("--reader", made.path.name, "--single")
    done = run_command("classify", *paths, *options, code=WITHOUT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    known = gp.classify([tmp_path / path for path in paths], reader, single=True, progress=False)
    read = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert read == [one.text for one in known]


@pytest.mark.parametrize("to", LIGHT)
def test_other_files_are_refused(to, tmp_path):
    path = tmp_path / f"it{RUNTIMES[to].SUFFIX}"
    assert runtime_of(path) is None
    with pytest.raises(UsageError, match="is no exported model"):
        open_network(path)
    path.write_bytes(b"nothing of the kind")
    assert runtime_of(path) == to
    with pytest.raises(GanprofileError, match=f"{path.name} (cannot be read|does not say)"):
        gp.Run.open(path)


def test_a_network_of_others_is_refused(tmp_path):
    from onnx import TensorProto, helper, save

    one = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])
    two = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "it", [one], [two])
    model = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 15)])
    save(model, tmp_path / "it.onnx")
    for card in ("", "{", "[]", '{"kind": "generator"}', *damaged_cards()):
        if card:
            helper.set_model_props(model, {"ganprofile": card})
            save(model, tmp_path / "it.onnx")
        with pytest.raises(GanprofileError, match="does not say what it is"):
            gp.Run.open(tmp_path / "it.onnx")


def damaged_cards():
    """What a generator may say, and then with a value of the wrong kind in the place of each."""
    inputs = {
        "latents": {"shape": [None, 3], "dtype": "float32"},
        "label": {"shape": [None], "dtype": "int32"},
    }
    card = {
        "kind": "generator",
        "class_names": ["a", "b"],
        "image_shape": [2, 2, 1],
        "inputs": inputs,
        "conditions": {"label": 2},
        "writers": None,
    }
    assert read_card(json.dumps(card), "it") == card
    wrong = {
        "kind": ["writer", []],
        "class_names": [[], [1, 2], None],
        "image_shape": [[2, 2], ["2", 2, 1], 4],
        "inputs": [{}, {**inputs, "label": {"shape": [None], "dtype": "text of a kind"}}, 3],
        "conditions": [{"label": "2"}, {"style": 2}],
        "writers": [["x"]],
    }
    for key, values in wrong.items():
        yield from (json.dumps({**card, key: value}) for value in values)


def test_a_missing_library_is_named(tmp_path, monkeypatch):
    (tmp_path / "it.onnx").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(GanprofileError, match=r"pip install 'ganprofile\[export\]'"):
        gp.Run.open(tmp_path / "it.onnx")
