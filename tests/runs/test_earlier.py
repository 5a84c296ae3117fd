import shutil

import pytest

import ganprofile as gp
from ganprofile.cli import plans
from ganprofile.runs.earlier import expected_seconds
from ganprofile.storage.files import read_json, write_json

COLUMNS = "epoch,generator_loss,discriminator_loss,seconds"


@pytest.fixture
def runs(short_run, tmp_path):
    """A run of three epochs, of which one took ten seconds, the first being slow as usual."""
    place = tmp_path / "runs" / "first"
    shutil.copytree(short_run.path, place)
    (place / "history.csv").write_text(f"{COLUMNS}\n1,1,1,90\n2,1,1,10\n3,1,1,10\n")
    return tmp_path / "runs"


def wanted(runs, epochs=4, factor=2, **settings):
    config = read_json(runs / "first" / "config.json")
    config["dataset"]["images"] *= factor
    return {**config, "settings": {**config["settings"], "epochs": epochs, **settings}}


def test_as_long_as_its_images_took_before(runs):
    seconds, like = expected_seconds(runs, wanted(runs))
    assert (seconds, like) == (pytest.approx(4 * 2 * 10), runs / "first")
    assert expected_seconds(runs, wanted(runs, seed=9, learning_rate=0.5)) is not None


def test_the_epoch_that_compiles_does_not_count(runs):
    (runs / "first" / "history.csv").write_text(f"{COLUMNS}\n1,1,1,90\n2,1,1,10\n")
    assert expected_seconds(runs, wanted(runs))[0] == pytest.approx(4 * 2 * 10)
    (runs / "first" / "history.csv").write_text(f"{COLUMNS}\n1,1,1,90\n")
    assert expected_seconds(runs, wanted(runs))[0] == pytest.approx(4 * 2 * 90)


def test_of_other_networks_or_a_damaged_run_nothing_is_known(runs):
    assert expected_seconds(runs, wanted(runs, batch_size=7)) is None
    other_shape = wanted(runs)
    other_shape["dataset"] = {**other_shape["dataset"], "image_shape": [32, 32, 1]}
    assert expected_seconds(runs, other_shape) is None
    assert expected_seconds(runs / "nowhere", wanted(runs)) is None
    (runs / "first" / "history.csv").write_text("epoch\n1\n")
    assert expected_seconds(runs, wanted(runs)) is None


def test_a_dry_run_says_it(runs):
    config = read_json(runs / "first" / "config.json")
    train_set, _ = gp.load("digits")
    same = {"output": runs, "dry_run": True, "batch_size": config["settings"]["batch_size"]}
    plan = gp.train(train_set, config["model"], epochs=6, **same)
    expected = 6 * 10 * plan["dataset"]["images"] / config["dataset"]["images"]
    assert plan["about_seconds"] == pytest.approx(expected)
    (said,) = [one for one in plans.of_training(plan) if one.startswith("Time: 6 epochs")]
    assert "(minutes:seconds), if it is as fast as" in said and "first was." in said
    plan = gp.train(train_set, config["model"], minutes=1, **same)
    assert "about_seconds" not in plan
    write_json(runs / "first" / "config.json", {**config, "backend": "another"})
    assert "about_seconds" not in gp.train(train_set, config["model"], epochs=6, **same)
