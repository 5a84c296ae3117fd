import csv
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.formats import FORMATS
from ganprofile.errors import GanprofileError
from ganprofile.filtering import streams
from tests.forked import run_forked
from tests.planted import Planted

pytestmark = pytest.mark.usefixtures("fast_classifier")


def manifest(path):
    with open(path / "manifest.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("format", FORMATS)
def test_the_set_is_what_the_manifest_and_the_card_say(short_run, tmp_path, format):
    made = gp.generate(
        short_run,
        per_class=30,
        include_real=True,
        output=tmp_path / "more",
        format=format,
        filter="none",
        seed=4,
        progress=False,
    )
    loaded, rows = made.load(), manifest(tmp_path / "more")
    assert len(loaded) == len(rows) == 300
    assert loaded.class_counts().tolist() == [30] * 10
    assert [int(row["label"]) for row in rows] == loaded.labels.tolist()
    assert [row["source"] for row in rows] == ["real"] * 200 + ["synthetic"] * 100
    real = short_run.dataset()
    assert np.array_equal(loaded.images[:200], real.images)
    assert np.array_equal(loaded.writers[:200], real.writers)
    assert (loaded.writers[200:] == -1).all()
    for index in (200, 263, 299):  # an image can be drawn again from its manifest row
        row = rows[index]
        again = short_run.sample(
            1, label=row["class_name"], seed=int(row["seed"]), first=int(row["draw"])
        )
        assert np.array_equal(again[0], loaded.images[index])
        assert row["run"] == short_run.path.name and row["labelled_by"] == "condition"
        assert 0 <= float(row["score"]) <= 1
    card = json.loads((tmp_path / "more" / "dataset.json").read_text())
    assert card == made.info
    assert card["fingerprint"] == loaded.fingerprint
    assert (card["real"], card["synthetic"]) == (200, 100)
    assert card["made_from"]["dataset_fingerprint"] == real.fingerprint
    assert card["made_from"]["generator_sha256"] == short_run.fingerprint


def test_the_same_seed_makes_the_same_set(short_run, tmp_path):
    fingerprints = [
        gp.generate(
            short_run, total=55, seed=seed, output=tmp_path / name, score=False, progress=False
        ).info["fingerprint"]
        for seed, name in ((1, "a"), (1, "b"), (2, "c"))
    ]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


@pytest.mark.slow
def test_balance_draws_what_each_class_lacks(digits, tmp_path):
    train, _ = digits
    kept = np.concatenate([np.flatnonzero(train.labels == k)[: 4 * (k + 1)] for k in range(10)])
    unbalanced = train.select(kept)
    run = gp.train(unbalanced, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    for include_real, expected in ((True, [40] * 10), (False, [36 - 4 * k for k in range(10)])):
        made = gp.generate(
            run,
            sampling_strategy="equal",
            filter="none",
            include_real=include_real,
            dataset=unbalanced,
            output=tmp_path / str(include_real),
            progress=False,
        )
        assert made.info["class_counts"] == expected


def test_a_classifier_labels_the_images_of_an_unlabelled_model(
    short_unlabelled_run, tmp_path, monkeypatch, capsys
):
    """Two epochs draw noise, which the classifier is not sure of: what fails is named."""
    monkeypatch.setattr(streams, "CONFIDENCE", 0.12)
    monkeypatch.setattr(streams, "PATIENCE", 2000)
    options = {"per_class": 3, "filter": "none", "output": tmp_path / "more", "progress": False}
    made = gp.generate(short_unlabelled_run, **options)
    rows = manifest(tmp_path / "more")
    assert rows and all(row["labelled_by"] == "classifier" for row in rows)
    assert all(float(row["score"]) >= 0.12 for row in rows)
    counts = np.array(made.info["class_counts"])
    assert counts.max() <= 3 and made.info["unfilled"]
    said = capsys.readouterr().err
    for name, missing in made.info["unfilled"].items():
        assert counts[int(name)] == 3 - missing
        assert f"Class {name}: {missing} images fewer than asked" in said
    row = rows[-1]
    again = short_unlabelled_run.sample(1, seed=int(row["seed"]), first=int(row["draw"]))
    assert np.array_equal(again[0], made.load().images[-1])


def test_an_unlabelled_model_that_draws_nothing_readable_fails_whole(
    short_unlabelled_run, tmp_path, monkeypatch
):
    monkeypatch.setattr(streams, "CONFIDENCE", 1.1)
    monkeypatch.setattr(streams, "PATIENCE", 1000)
    options = {"per_class": 3, "filter": "none", "output": tmp_path / "more", "progress": False}
    with pytest.raises(GanprofileError, match="classifiers recognise. Train longer"):
        gp.generate(short_unlabelled_run, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_unlabelled_data_cannot_be_augmented(tiny, tmp_path):
    scraps = gp.Dataset(tiny.images, name="scraps")
    run = gp.train(scraps, "gan", epochs=1, output=tmp_path / "runs", progress=False)
    for request in ({"per_class": 5}, {"total": 5}):
        with pytest.raises(GanprofileError, match="scraps has no labels.*Label some"):
            gp.generate(run, dataset=scraps, output=tmp_path / "more", progress=False, **request)
    assert not (tmp_path / "more").exists()


@pytest.mark.slow
def test_small_images_are_scored_too(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), dtype=np.uint8)
    small = gp.Dataset(images, labels=np.arange(40) % 4, name="small")
    run = gp.train(small, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    options = {"dataset": small, "total": 20, "progress": False}
    made = gp.generate(run, filter="none", output=tmp_path / "more", **options)
    assert made.load().image_shape == (8, 8, 1)


def test_a_finished_set_is_replaced_only_by_force_and_only_if_it_is_ours(short_run, tmp_path):
    def again(output, **options):
        return gp.generate(
            short_run, total=10, output=output, score=False, progress=False, **options
        )

    again(tmp_path / "more")
    with pytest.raises(gp.UsageError, match="exists already"):
        again(tmp_path / "more")
    assert again(tmp_path / "more", force=True, format="idx").info["format"] == "idx"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(gp.UsageError, match="not a set that ganprofile wrote"):
        again(tmp_path / "mine", force=True)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("force", [False, True])
def test_a_saved_set_of_real_images_is_never_replaced(digits, tmp_path, force):
    real = digits[1].subset(1)
    real.save(tmp_path / "real")
    before = {file.name: file.read_bytes() for file in (tmp_path / "real").iterdir()}
    with pytest.raises(gp.UsageError, match="is a saved set of images that .* so `force` does not"):
        gp.generate("digits-cgan", total=10, output=tmp_path / "real", force=force)
    with pytest.raises(gp.UsageError, match="that ganprofile did not make"):
        gp.label(digits[0], by=real, output=tmp_path / "real", force=force)
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "real").iterdir()}


def test_a_model_may_be_any_path(short_run, tmp_path):
    class Place(os.PathLike):
        def __fspath__(self):
            return str(short_run.path)

    assert gp.generate(Place(), total=25, dry_run=True).info["would_draw"]["4"] == 3


def test_a_dry_run_says_what_would_be_drawn(short_run, tmp_path):
    planned = gp.generate(short_run, total=25, output=tmp_path / "x", dry_run=True, progress=False)
    assert planned.info["would_draw"]["4"] == 3 and planned.info["would_draw"]["5"] == 2
    assert list(tmp_path.iterdir()) == []


def test_scores_are_left_out_where_the_real_data_cannot_be_had(short_run, tmp_path, capsys):
    """A model of data that came as arrays still draws; what needs the data says so."""
    shutil.copytree(short_run.path, tmp_path / "run")
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    config["dataset"]["recipe"] = None
    (tmp_path / "run" / "config.json").write_text(json.dumps(config))
    gp.generate(tmp_path / "run", total=10, output=tmp_path / "more", progress=False)
    assert "neither filtered nor scored" in capsys.readouterr().err
    assert {row["score"] for row in manifest(tmp_path / "more")} == {""}
    for needing in ({"include_real": True}, {"filter": "strict"}, {"soft_labels": True}):
        with pytest.raises(GanprofileError, match="given as arrays"):
            gp.generate(tmp_path / "run", total=9, output=tmp_path / "y", **needing)
    assert not (tmp_path / "y").exists()


FULL_DISK = """
import resource, signal, sys
import ganprofile as gp

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
run, output, *formats = sys.argv[1:]
for name in formats:
    try:
        gp.generate(run, total=3000, score=False, format=name, output=output, progress=False)
    except (OSError, gp.GanprofileError) as error:
        print(name, error)
"""


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_behind(short_run, tmp_path):
    """The file size limit of a process stands in for the full disk."""
    done = run_forked(short_run.path, tmp_path / "more", *FORMATS, code=FULL_DISK)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said] == list(FORMATS)
    assert all("File too large" in line for line in said), said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_line(short_run, tmp_path):
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
        "from ganprofile.cli import main; main()"
    )
    options = ("--total", "3000", "--no-score", "--output", tmp_path / "more")
    done = run_forked("generate", short_run.path, *options, code=code)
    assert done.returncode == 1
    last_line = done.stderr.strip().splitlines()[-1]
    assert last_line.startswith("Error: ") and "File too large" in last_line
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


PEAKS = """
import resource, shutil, sys
import ganprofile as gp
from ganprofile.datasets.formats import npz

npz.SHARD = 5_000  # images that are held: full with 10,000, too
output, *formats = sys.argv[1:]
for total in (1_000, 10_000, 40_000):
    for name in formats:
        options = {"format": name, "score": False, "progress": False}
        gp.generate("digits-cgan", total=total, output=output, **options)
        shutil.rmtree(output)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_stays_flat(tmp_path):
    """Four times as many images, 24 MB more of them, take hardly more memory in any format."""
    command = [sys.executable, "-c", PEAKS, str(tmp_path / "more"), *FORMATS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peaks = [int(line) / 1024 for line in done.stdout.split()]
    assert peaks[2] - peaks[1] < 30, f"{peaks} MiB"


@pytest.mark.slow
def test_the_carried_model_augments_from_the_command_line(tmp_path):
    code = (  # four classifiers of 400 steps take minutes where another process works beside
        "from ganprofile.filtering import cross_fitting as c; c.STEPS, c.FOLDS = 150, 2;"
        "from ganprofile.cli import main; main()"
    )
    options = "--per-class", "20", "--output", tmp_path / "more", "--json"
    done = run_forked("generate", "digits-cgan", *options, code=code)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["class_counts"] == [20] * 10 and made["filter"]["level"] == "standard"
    assert 400 <= made["filter"]["drawn"] < 1000
    scores = [float(row["score"]) for row in manifest(tmp_path / "more")]
    assert np.mean(np.array(scores) > 0.5) > 0.8


@pytest.mark.slow
def test_one_class_needs_no_classifier(tiny, digits, tmp_path, monkeypatch):
    threes = tiny.of_classes("3")
    run = gp.train(threes, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    plain = gp.generate(run, per_class=5, filter="none", output=tmp_path / "set", progress=False)
    assert plain.info["class_counts"] == [5]
    assert {row["score"] for row in manifest(tmp_path / "set")} == {""}
    for name, trained, sought in (("gan", "gan", {}), ("soft", None, {"soft_labels": True})):
        source = (
            run
            if trained is None
            else gp.train(*(threes, trained), epochs=1, output=tmp_path / "runs", progress=False)
        )
        with pytest.raises(gp.UsageError, match="needs two classes or more"):
            gp.generate(source, per_class=5, output=tmp_path / name, progress=False, **sought)
        assert not (tmp_path / name).exists()
    Planted(digits[0].of_classes("3"), threes, ("good", "copy") * 5).plant(monkeypatch)
    filtered = gp.generate(run, per_class=9, output=tmp_path / "filtered", progress=False).info
    assert filtered["class_counts"] == [9] and filtered["filter"]["least_probability"] is None
    assert filtered["filter"]["rejected"]["copy"]["3"] > 0
    assert "misread" not in filtered["filter"]["rejected"]


@pytest.mark.slow
def test_a_class_with_one_image_is_enough(tiny, digits, tmp_path, monkeypatch):
    few = tiny.select(np.r_[np.flatnonzero(tiny.labels > 0), np.argmin(tiny.labels)])
    assert few.class_counts()[0] == 1
    run = gp.train(few, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    Planted(digits[0], few, ("good",) * 10).plant(monkeypatch)
    options = {"dataset": few, "sampling_strategy": "equal", "progress": False}
    plain = gp.generate(run, filter="none", output=tmp_path / "set", **options).info
    assert plain["class_counts"] == [19] + [0] * 9
    filtered = gp.generate(run, output=tmp_path / "filtered", **options).info
    assert filtered["class_counts"][0] > 0 and sum(filtered["class_counts"][1:]) == 0
