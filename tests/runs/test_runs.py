import shutil

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
