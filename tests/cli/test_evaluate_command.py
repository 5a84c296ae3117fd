"""`ganprofile evaluate` through its entry point."""

import importlib
import json
import types

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.cli.evaluate import _print_distances
from ganprofile.evaluation.distances import Distances
from tests.forked import run_forked


@pytest.fixture
def files(digits, tmp_path, monkeypatch):
    """Real digits of two parts as files: `synthetic.npz`, `real.npz`; the working folder."""
    for name, dataset in (("synthetic", digits[0]), ("real", digits[1])):
        some = dataset.subset(12)
        images = some.images[:, ::2, ::2]
        np.savez(tmp_path / f"{name}.npz", images=images, labels=some.labels)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_result_is_a_table_and_its_last_line_the_folder(in_process, files):
    code, out, err = in_process(
        "evaluate", "synthetic.npz", "--against", "real.npz", "--no-classifier"
    )
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0] == "120 images of synthetic, against 120 of real (train)"
    header = next(line.split() for line in lines if line.startswith("features"))
    assert header[1:3] == ["kernel", "distance"] and header[-1] == "recall"
    (counting,) = [line for line in lines if line.startswith("letters (counts)")]
    content = json.loads((files / "evaluation" / "evaluation.json").read_text())
    assert f"{content['recall']:.4g}" == counting.split()[-1]
    assert "copies of 120 training images" in out and "membership AUC" not in out
    assert any(line.startswith("worst classes") for line in lines)
    assert sum(line.startswith("note: ") for line in lines) == len(content["notes"]) == 2
    assert lines[-1] == "evaluation"


def test_json_is_the_content_of_the_file(in_process, files):
    code, out, err = in_process(
        "evaluate", "synthetic.npz", "--against", "real.npz", "--no-classifier", "--json",
        "--output", "one", "--seed", "2", "--class", "3", "--class", "8", "--unlabelled",
        "--images", "100",
    )  # fmt: skip
    assert code == 2 and "too few images to judge by" in err, "24 of two classes"
    code, out, err = in_process(
        "evaluate", "synthetic.npz", "--against", "real.npz", "--no-classifier", "--json",
        "--output", "one", "--seed", "2", "--unlabelled", "--images", "100",
    )  # fmt: skip
    assert code == 0, err
    content = json.loads(out)
    written = json.loads((files / "one" / "evaluation.json").read_text())
    assert content == {**written, "path": "one"}, "a file does not say where it lies"
    assert content["seed"] == 2 and content["images"] == 100
    assert content["coverage_by_class"] is None and content["train_on_synthetic"] is None


def test_options_arrive(in_process, monkeypatch):
    def evaluate(source, against, **options):
        asked.update(options, source=source, against=against)
        raise gp.UsageError("That is all.")

    asked = {}
    monkeypatch.setattr("ganprofile.evaluation.evaluate", evaluate)
    code, _, err = in_process(
        "evaluate", "x", "--against", "y", "--inception", "z.h5", "--image-size", "28",
        "--writer-columns", "a,b", "--offline", "--allow-overlap", "--force", "--class", "7",
    )  # fmt: skip
    assert (code, err) == (2, "Error: That is all.\n")
    expected = {
        "source": "x", "against": "y", "images": 10_000, "seed": 0, "classes": ("7",),
        "labelled": True, "classifier": True, "force": True, "offline": True,
        "image_size": 28, "writer_columns": ("a", "b"), "allow_overlap": True,
    }  # fmt: skip
    assert {name: asked[name] for name in expected} == expected
    assert str(asked["inception"]) == "z.h5" and str(asked["output"]) == "evaluation"
    assert "channels" not in asked and "invert" not in asked


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "No model and no set of images 'nowhere'. Known: digits, "),
        (
            ["synthetic.npz", "--images", "5"],
            "--images should be a whole number, 100 or more. Received: 5",
        ),
        (["synthetic.npz", "--seed", "-1"], "--seed should be"),
        (["synthetic.npz", "--output", "real.npz"], "real.npz exists already"),
        (["digits-cgan"], "are 28x28 with 1 channel and those of real 14x14 with 1 channel. Bring"),
        (["synthetic.npz", "--inception", "no.h5"], "no.h5 is no file of Inception weights"),
    ],
)
def test_wrong_usage_gets_one_sentence(in_process, files, arguments, sentence):
    code, out, err = in_process("evaluate", *arguments, "--against", "real.npz")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("Error: ") and sentence in err
    assert sorted(path.name for path in files.iterdir()) == ["real.npz", "synthetic.npz"]


def test_inception_is_called_by_its_names(capsys):
    found = Distances(100, 1.5, 0.5, 100, 50, 2.5)
    called = {"kernel_distance": "KID", "frechet_distance": "FID"}
    result = types.SimpleNamespace(
        features="letters",
        images=100,
        real=None,
        distances={"letters": found, "inception": found},
        feature_spaces={"letters": {}, "inception": {"called": called}},
    )
    _print_distances(result)
    header, ours, inception, _, _ = capsys.readouterr().out.splitlines()
    assert "KID 1.5" in inception and "FID 2.5" in inception
    assert "ID" not in ours and "ID" not in header


@pytest.mark.slow
def test_what_classifiers_say_is_printed(in_process, tmp_path, monkeypatch):
    module = importlib.import_module("ganprofile.evaluation.evaluate")
    monkeypatch.setattr(module, "DEFAULT_CLASSIFIER", "mlp")
    monkeypatch.chdir(tmp_path)
    code, out, err = in_process("evaluate", "digits-cgan", "--against", "digits", "--images", "100")
    assert code == 0, err
    used = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text())[
        "train_on_synthetic"
    ]
    (line,) = [line for line in out.splitlines() if line.startswith("train on synthetic accuracy")]
    low, high = used["train_on_synthetic_accuracy_interval"]
    assert line.split()[4:] == [
        f"{used['train_on_synthetic_accuracy']:.4g}", f"{low:.4g}", "to", f"{high:.4g}"
    ]  # fmt: skip
    assert "label fidelity" in out and "membership AUC" in out
    assert "copies of 5,000 training images" in out and "letters, real images" in out


@pytest.mark.slow
def test_a_process_of_its_own_says_how_far_it_is(files):
    done = run_forked("evaluate", "synthetic.npz", "--against", "real.npz", "--no-classifier")
    assert done.returncode == 0, done.stderr
    assert "1/6 reading the images" in done.stderr and "Traceback" not in done.stderr
    assert done.stdout.splitlines()[-1] == "evaluation"
