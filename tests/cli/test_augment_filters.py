"""`ganprofile generate`: filter and counts from the command line."""

import json

import pytest

from ganprofile import classifiers
from tests.planted import NearestNeighbour

MODEL = "digits-cgan"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--per-class", "7"], [7] * 10),
        (["--total", "8", "--sampling-strategy", "log"], [1] * 8 + [0] * 2),
        (["--per-class", "9", "--only", "3", "--only", "5"], [0, 0, 0, 9, 0, 9, 0, 0, 0, 0]),
        (["--sampling-strategy", "3=4,7=1"], [0, 0, 0, 4, 0, 0, 0, 1, 0, 0]),
        (["--per-class", "510", "--include-real"], [10] * 10),
        (["--sampling-strategy", "equal", "--include-real"], "Nothing to draw"),
        (["--sampling-strategy", "max"], "equal or log, or numbers by class. Received: 'max'"),
        (["--sampling-strategy", "3=x"], "CLASS=N,CLASS=N. Received: '3=x'"),
        (["--sampling-strategy", "3=5, 3=6"], "the class '3' is there twice, with 5 and 6."),
        (["--sampling-strategy", "x=3"], "No class 'x' to draw. Classes: 0 1 2"),
        (["--total", "5", "--filter", "hard"], "No filter 'hard'. Known: none, standard, strict"),
        (["--total", "5", "--filter", "strict", "--no-score"], "Leave out --no-score, or say"),
        (["--per-class", "3", "--only", ""], "--only names no class"),
        (["--total", "5", "--only", "x"], "No class 'x' to draw. Classes: 0 1 2"),
        (["--total", "5", "--per-class", "1"], "Received: --total 5 and a number per class"),
        (
            ["--per-class", "1", "--sampling-strategy", "log"],
            "Received: --per-class and --sampling-strategy",
        ),
    ],
)
def test_requests(in_process, tmp_path, options, expected):
    output = tmp_path / "more"
    code, out, err = in_process(
        "generate", MODEL, *options, "--dry-run", "--json", "--output", output
    )
    if isinstance(expected, str):
        assert code == 2 and expected in err and out == ""
    else:
        plan = json.loads(out)
        assert code == 0 and list(plan["would_draw"].values()) == expected
        assert plan["filter"] == "standard"
    assert not output.exists()


def test_a_filtered_set_with_soft_labels(in_process, tmp_path, monkeypatch):
    monkeypatch.setattr(classifiers, "CnnClassifier", NearestNeighbour)
    output = tmp_path / "more"
    options = ["--only", "2", "--only", "9", "--filter", "strict", "--soft-labels"]
    code, out, err = in_process(
        "generate", MODEL, "--per-class", 4, *options, "--output", output, "--json"
    )
    assert code == 0, err
    made = json.loads(out)
    assert made["filter"]["level"] == "strict" and made["class_counts"][2] == 4
    assert "has no discriminator" in err and "Kept 8 of" in err and "dropped:" in err
    assert {"rejected.csv", "rejected.png", "soft_labels.npy"} <= {f.name for f in output.iterdir()}
    code, out, _ = in_process("verify", output)
    assert code == 0 and "soft labels of 8 images" in out and "rejected images" in out
