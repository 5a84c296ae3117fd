import json
import pickle
import shutil
import zipfile

import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError


def test_a_model_is_found_by_name_in_saved_models_then_in_the_package(
    short_run, tmp_path, monkeypatch
):
    for name in ("mine", "digits-cgan"):
        model = tmp_path / "saved_models" / name
        model.mkdir(parents=True)
        for file in ("config.json", "generator.keras"):
            shutil.copy(short_run.path / file, model)
    assert gp.Run.open("digits-cgan").path.parent.name == "weights"
    monkeypatch.chdir(tmp_path)
    assert gp.Run.open("mine").path.parent.name == "saved_models"
    assert gp.Run.open("digits-cgan").path.parent.name == "saved_models"
    assert {"mine", "digits-cgan"} <= set(gp.model_names())


@pytest.mark.parametrize("name", ["", "nothing", "../weights/nothing", "a/b"])
def test_an_unknown_name_is_answered_with_the_models_at_hand(name):
    with pytest.raises(GanprofileError, match="digits-cgan|config.json"):
        gp.Run.open(name)


def test_runs_that_lie_here_are_named_where_one_is_not(short_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("1", "2", "3", "4"):
        shutil.copytree(short_run.path, tmp_path / "runs" / name)
    (tmp_path / "runs" / "notes").mkdir()
    with pytest.raises(GanprofileError) as refusal:
        gp.resume("nothing")
    named = "Runs, the latest first: runs/4, runs/3, runs/2. Models at hand: "
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "{",
        "[]",
        '{"model": "cgan"}',
        '{"model": "cgan", "settings": {}, "conditions": {}, "dataset": null}',
        '{"model": "cgan", "settings": {}, "conditions": {}, "dataset": {"name": "x"}}',
    ],
)
def test_a_damaged_config_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(GanprofileError, match=r"config\.json"):
        gp.Run.open(tmp_path)


def test_a_damaged_generator_is_named(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "run")
    file = tmp_path / "run" / "generator.keras"
    for damaged in (b"PK damaged", file.read_bytes()[:1000], b""):
        file.write_bytes(damaged)
        sentence = r"generator\.keras cannot be loaded \(the file is damaged or cut off\)"
        with pytest.raises(GanprofileError, match=sentence):
            gp.Run.open(tmp_path / "run").sample(1)


@pytest.mark.parametrize("names", [["7"], [*"0123456789a"]])
def test_a_config_that_names_more_or_fewer_classes_is_refused(run_of_three_epochs, names):
    change_data(run_of_three_epochs, class_names=names)
    sentence = f"says 10 values of 'label' under `conditions` and names {len(names)} under"
    with pytest.raises(GanprofileError, match=sentence):
        gp.Run.open(run_of_three_epochs.path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"class_names": [*"7123456089"]},
            r"class names \['0', '7'\] there, \['7', '0'\] in config",
        ),
        ({"name": "others"}, "dataset 'digits' there, 'others' in config"),
        ({"image_shape": [14, 14, 1]}, r"image shape \[28, 28\] there, \[14, 14\] in config"),
    ],
)
def test_a_config_that_was_changed_draws_nothing(run_of_three_epochs, changes, sentence):
    change_data(run_of_three_epochs, **changes)
    run = gp.Run.open(run_of_three_epochs.path)
    for one in (run, pickle.loads(pickle.dumps(run))):
        with pytest.raises(GanprofileError, match=f"generator.keras is of another.*{sentence}"):
            one.sample(1)
    with pytest.raises(GanprofileError, match=f"state.npz is of another training.*{sentence}"):
        gp.resume(run, epochs=4, progress=False)


def test_the_generator_of_another_run_draws_nothing(
    short_unlabelled_run, run_of_three_epochs, tiny, tmp_path
):
    """One that carries no note, as older ones, is known by its shape."""
    file = run_of_three_epochs.path / "generator.keras"
    shutil.copy(short_unlabelled_run.path / file.name, file)
    with pytest.raises(GanprofileError, match=r"conditions {} there, {'label': 10} in config"):
        gp.Run.open(run_of_three_epochs.path).sample(1)
    others = gp.train(tiny.subset(10, seed=1), "cgan", epochs=1, output=tmp_path, progress=False)
    shutil.copy(others.path / file.name, file)
    with pytest.raises(GanprofileError, match="fingerprint '.*' there, '.*' in config"):
        gp.Run.open(run_of_three_epochs.path).sample(1)
    shutil.copy(others.path / "checkpoint" / "state.npz", file.parent / "checkpoint")
    with pytest.raises(GanprofileError, match="state.npz is of another training.*fingerprint"):
        gp.resume(run_of_three_epochs.path, progress=False)


def test_an_older_generator_without_a_note_draws(run_of_three_epochs, tmp_path):
    drawn, file = run_of_three_epochs.sample(2), run_of_three_epochs.path / "generator.keras"
    with zipfile.ZipFile(file) as new, zipfile.ZipFile(tmp_path / "old", "w") as old:
        for name in new.namelist():
            if name != "trained_on.json":
                old.writestr(name, new.read(name))
    shutil.copy(tmp_path / "old", file)
    assert (gp.Run.open(run_of_three_epochs.path).sample(2) == drawn).all()
    change_data(run_of_three_epochs, image_shape=[14, 14, 1])
    with pytest.raises(GanprofileError, match=r"image shape \[28, 28\] there, \[14, 14\] in"):
        gp.Run.open(run_of_three_epochs.path).sample(2)


def test_a_config_whose_classes_stand_in_another_order_has_no_data(tmp_path):
    """The carried models are older ones."""
    model = gp.Run.open(shutil.copytree(gp.Run.open("digits-cgan").path, tmp_path / "model"))
    change_data(model, class_names=[*"7123456089"])
    with pytest.raises(GanprofileError, match="the classes stand in another order"):
        gp.Run.open(model.path).dataset()


def change_data(run, **changes):
    path = run.path / "config.json"
    config = json.loads(path.read_text())
    config["dataset"] |= changes
    path.write_text(json.dumps(config))


def test_a_run_without_its_config_says_what_to_do(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "run")
    (tmp_path / "run" / "config.json").unlink()
    sentence = "run is incomplete: config.json is missing. Copy the whole folder again"
    with pytest.raises(GanprofileError, match=sentence):
        gp.Run.open(tmp_path / "run")


def test_a_generator_with_code_inside_is_refused(short_run, tmp_path):
    """Safe mode: a Lambda layer could run anything."""
    import keras

    shutil.copytree(short_run.path, tmp_path / "run")
    latents = keras.Input((100,), name="latents")
    trap = keras.Model({"latents": latents}, keras.layers.Lambda(lambda x: x)(latents))
    trap.save(tmp_path / "run" / "generator.keras")
    with pytest.raises(GanprofileError, match="cannot be loaded"):
        gp.Run.open(tmp_path / "run").sample(1)


def test_a_run_that_was_pushed_comes_back_as_a_model(run_of_three_epochs, stand_in_hub):
    gp.push(run_of_three_epochs.path, "hf:me/run")
    model = gp.Run.open("hf:me/run")
    assert len(model.history["epoch"]) == 3
    for ask in (lambda: gp.resume(model), lambda: model.require("histograms.npz")):
        with pytest.raises(GanprofileError, match="is a model, which only draws: it has no"):
            ask()
    (model.path / "generator.keras").unlink()
    with pytest.raises(GanprofileError, match="incomplete: checkpoint is missing. Copy the whole"):
        gp.resume(model.path)


def test_what_another_object_recorded_meanwhile_stays(short_run, tmp_path):
    path = tmp_path / "run"
    path.mkdir()
    (path / "config.json").write_bytes((short_run.path / "config.json").read_bytes())
    first, second = gp.Run.open(path), gp.Run.open(path)
    first.record(remark="x")
    second.record(other="y")
    both = {**short_run.config, "remark": "x", "other": "y"}
    assert gp.Run.open(path).config == second.config == both


@pytest.mark.parametrize("harm", ["cut", "removed"])
def test_a_config_that_is_gone_is_written_again_from_what_the_run_knows(
    short_run, tmp_path, capfd, harm
):
    path = tmp_path / "run" / "config.json"
    path.parent.mkdir()
    path.write_bytes((short_run.path / "config.json").read_bytes())
    run = gp.Run.open(path.parent)
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        path.unlink()
    run.record(remark="x")
    assert gp.Run.open(path.parent).config == {**short_run.config, "remark": "x"}
    assert "config.json was removed or damaged meanwhile; it is" in capfd.readouterr().err


def test_a_record_that_cannot_be_written_gets_a_sentence(short_run, monkeypatch):
    def refuse(path, content):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("ganprofile.runs.run.write_json", refuse)
    with pytest.raises(gp.GanprofileError, match=r"config.json cannot .*\. Change its"):
        short_run.record(remark="x")
    assert "remark" not in short_run.config
