"""Where a set comes from; its fingerprint and its checksums are right each time."""

import shutil

import numpy as np
import pytest

from ganprofile.storage.files import read_json, write_json
from tests.augmentation.forging import (
    assert_problem,
    change_info,
    change_row,
    check,
    forge,
    read_rows,
)


def test_synthetic_images_of_another_hand_are_told(more):
    def redraw(images):
        images[200:] = images[200:][:, ::-1]

    forge(more, images=redraw)
    result = check(more)
    assert_problem(result, "8 of 8 synthetic images", "are others: images 200, 214")
    assert len(result.problems) == 1


@pytest.mark.parametrize(("levels", "ok"), [(2, True), (3, False)])
def test_small_differences_are_those_of_other_hardware(more, levels, ok):
    def brighten(images):
        images[200:] = np.where(images[200:] > 127, images[200:] - levels, images[200:] + levels)

    forge(more, images=brighten)
    result = check(more)
    assert result.ok == ok
    within = "8 synthetic images drawn again are within 2 levels, as on other hardware"
    assert (within in result.checked) == ok


@pytest.mark.parametrize(
    "row", [{"draw": ""}, {"seed": "x"}, {"seed": -1}, {"draw": 10**30}, {"draw": 5}]
)
def test_rows_that_draw_nothing_or_something_else_are_told(more, row):
    change_row(more, 299, **row)
    assert_problem(check(more), "1 of 8 synthetic images", "images 299.")


def test_real_images_that_are_not_of_the_data_are_told(more):
    def smudge(images):
        images[5, 3, 3] ^= 1

    forge(more, images=smudge)
    assert_problem(check(more), "1 of 200 images that are called real", "digits", "images 5.")


def test_real_images_with_another_label_are_told(more):
    old = int(read_rows(more)[5]["label"])
    new = (old + 1) % 10

    def relabel(labels):
        labels[5] = new

    def recount(info):
        info["class_counts"][old] -= 1
        info["class_counts"][new] += 1

    change_row(more, 5, label=new, class_name=str(new))
    forge(more, labels=relabel, info=recount)
    result = check(more)
    assert_problem(result, "1 of 200 images that are called real", "images 5.")
    assert len(result.problems) == 1


def test_a_set_that_claims_another_run_or_other_data_is_told(more, short_run):
    claim = read_json(more / "dataset.json")["made_from"]
    assert claim["run_folder"] == str(short_run.path.resolve())
    change_info(more, made_from={**claim, "generator_sha256": "0" * 64})
    result = check(more)
    assert_problem(result, "the generator has the sha256 000000000000", short_run.fingerprint[:12])
    assert not any("drawn again" in line for line in result.checked)
    change_info(more, made_from={**claim, "dataset_fingerprint": "1" * 64})
    assert_problem(check(more), "the data has the sha256 111111111111")
    change_info(more, made_from={"run": 5})
    assert_problem(check(more), "dataset.json should say in 'made_from'")
    change_info(more, made_from=None)
    assert_problem(check(more), "dataset.json should say in 'made_from'")


def test_a_run_that_has_changed_since_is_told(more, short_run, tmp_path):
    run = shutil.copytree(short_run.path, tmp_path / "run")
    with open(run / "generator.keras", "ab") as file:
        file.write(b"\0")
    assert_problem(check(more, run=run), "the generator", "the run has changed since")


def test_a_run_that_is_not_at_hand_is_no_problem(more, short_run, tmp_path, monkeypatch):
    claim = read_json(more / "dataset.json")["made_from"]
    for place in (str(tmp_path / "gone"), 5, "\0"):
        change_info(more, made_from={**claim, "run_folder": place})
        result = check(more)
        assert result.ok
        (reason,) = result.not_checked
        assert "the run and the data" in reason and "No run folder" in reason and "`run`" in reason
    given = check(more, run=short_run.path)
    assert given.ok and not given.not_checked
    monkeypatch.chdir(tmp_path)  # a model that was kept under the run's name
    shutil.copytree(short_run.path, tmp_path / "saved_models" / short_run.path.name)
    named = check(more)
    assert named.ok and not named.not_checked


def test_an_incomplete_run_is_no_problem_of_the_set(more, short_run, tmp_path):
    run = shutil.copytree(short_run.path, tmp_path / "run")
    (run / "generator.keras").unlink()
    result = check(more, run=run)
    assert result.ok and "generator.keras is missing" in result.not_checked[0]


def test_data_that_are_not_at_hand_are_no_problem(more, short_run, tmp_path):
    run = shutil.copytree(short_run.path, tmp_path / "run")
    config = read_json(run / "config.json")
    config["dataset"]["recipe"] = None
    write_json(run / "config.json", config)
    result = check(more, run=run)
    assert result.ok
    (reason,) = result.not_checked
    assert "200 real images" in reason and "given as arrays" in reason
    assert any("drawn again are identical" in line for line in result.checked)
