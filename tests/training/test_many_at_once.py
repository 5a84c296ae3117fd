"""Three processes on one machine that train from one imported dataset, into one folder."""

import pytest

import ganprofile as gp
from tests.forked import start

PROCESSES = 3


@pytest.mark.slow
def test_trainings_share_a_dataset_and_a_folder(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    tiny.save(tmp_path / "mine", "imagefolder")
    gp.import_dataset(tmp_path / "mine", "shared-by-all")
    options = ["--model", "cgan", "--epochs", 1, "--output", tmp_path / "runs"]
    begun = [
        start("train", "--dataset", "shared-by-all", *options, "--seed", seed)
        for seed in range(PROCESSES)
    ]
    said = [process.communicate(timeout=600)[1] for process in begun]
    assert [process.returncode for process in begun] == [0] * PROCESSES, said
    runs = [gp.Run.open(summary.path) for summary in gp.list_runs(tmp_path / "runs")]
    assert len(runs) == PROCESSES
    assert {run.config["settings"]["seed"] for run in runs} == set(range(PROCESSES))
    assert len({run.config["dataset"]["fingerprint"] for run in runs}) == 1
    assert all(len(run.history["epoch"]) == 1 for run in runs)
    assert sorted(gp.load("shared-by-all")[0].image_hashes) == sorted(tiny.image_hashes)
