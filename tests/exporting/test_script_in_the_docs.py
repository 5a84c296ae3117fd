"""The script in the documentation reads photographs, with ONNX Runtime and Pillow alone."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from tests.datasets.capture.test_page import page
from tests.test_snippets import blocks

for library in ("onnx", "tf2onnx", "onnxruntime"):
    pytest.importorskip(library)
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "export.md"


@pytest.mark.slow
def test_it_reads_most_photographs(digits, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    script = next(text for _, language, text in blocks(PAGE) if language == "python")
    assert "ganprofile" not in script.replace('custom_metadata_map["ganprofile"]', "")
    assert len([line for line in script.splitlines() if line]) <= 20
    gp.train_reader(digits[0], "mlp-100", subset=100, output="readers/mine", progress=False)
    gp.export_model("mine")
    capsys.readouterr()
    right = []
    for seed, k in enumerate(np.random.default_rng(0).permutation(1000)[:12]):
        picture, _ = page(digits[1].images[k : k + 1], (1,), seed)
        Image.fromarray(picture[30:240, 30:240]).save("digit.jpg")
        exec(compile(script, "<script>", "exec"), {})
        right.append(capsys.readouterr().out.split()[0] == str(digits[1].labels[k]))
    assert np.mean(right) > 0.7
