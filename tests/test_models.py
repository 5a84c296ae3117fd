import json
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.models import FILES, _licence
from ganprofile.storage.files import write_json


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def evaluation(short_run, digits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged") / "evaluation"
    return gp.evaluate(
        short_run, digits, images=200, classifier=False, output=folder, progress=False
    )


def test_a_run_is_kept_as_a_model_that_draws_the_same(short_run, evaluation, place):
    kept = gp.save_model(short_run, "mine", evaluation=evaluation.path)
    assert sorted(file.name for file in kept.path.iterdir()) == sorted((*FILES, "evaluation.json"))
    assert kept.path.resolve() == place / "saved_models" / "mine"
    drawn = [source.sample(4, seed=3) for source in (gp.Run.open("mine"), short_run)]
    np.testing.assert_array_equal(*drawn)


def test_models_are_listed_with_what_is_known_of_them(short_run, evaluation, place):
    gp.save_model(short_run, "mine", evaluation=evaluation.path)
    gp.save_model(short_run, force=True)
    models = {model.name: model for model in gp.list_models()}
    assert list(models) == ["digits-cgan", "emnist-cdcgan", "mine"], "a name counts once"
    mine = models["mine"]
    assert (mine.dataset, mine.model, mine.classes) == ("digits", "cgan", 10)
    assert mine.sha256 == short_run.fingerprint
    assert "MNIST" in mine.licence
    assert mine.evaluation["kernel_distance"] == evaluation.kernel_distance
    assert mine.evaluation["copy_rate"] == evaluation.copy_rate
    assert models["digits-cgan"].path.parent.name == "saved_models", "which comes first"
    assert models["digits-cgan"].evaluation is None


def test_models_of_the_package_are_judged_and_small(place):
    models = gp.list_models()
    assert [model.name for model in models] == ["digits-cgan", "emnist-cdcgan"]
    for model in models:
        assert model.problem is None
        least = {"digits": 0.9, "emnist": 0.8}[model.dataset]  # of 47 characters many look alike
        assert model.evaluation["train_on_synthetic_accuracy"] > least
        assert model.licence


def test_a_name_with_vowel_signs_is_one(short_run, place):
    kept = gp.save_model(short_run, "হাত-cgan")
    assert gp.Run.open("হাত-cgan").path.resolve() == kept.path.resolve()


def test_a_damaged_model_is_listed_with_the_reason(short_run, place):
    for name, file in (("cut", "generator.keras"), ("judged", "evaluation.json")):
        gp.save_model(short_run, name)
        (place / "saved_models" / name / file).write_text("{")
    problems = {model.name: model.problem for model in gp.list_models()}
    assert "generator.keras is cut or damaged" in problems["cut"]
    assert "evaluation.json" in problems["judged"]


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "two words"])
def test_names_that_cannot_be_found_again_are_refused(short_run, place, name):
    with pytest.raises(UsageError, match="cannot be a model's name"):
        gp.save_model(short_run, name)
    assert not list(place.iterdir())


def test_nothing_is_replaced_or_half_kept(short_run, place):
    kept = gp.save_model(short_run, "mine")
    before = {file.name: file.read_bytes() for file in kept.path.iterdir()}
    with pytest.raises(UsageError, match="`force=True`"):
        gp.save_model(short_run, "mine")
    write_json(place / "evaluation.json", {})
    with pytest.raises(GanprofileError, match="no evaluation"):
        gp.save_model(short_run, "mine", evaluation=place / "evaluation.json", force=True)
    unfinished = place / "unfinished"
    shutil.copytree(short_run.path, unfinished)
    (unfinished / "generator.keras").unlink()
    with pytest.raises(GanprofileError, match="--resume"):
        gp.save_model(unfinished, "mine", force=True)
    assert before == {file.name: file.read_bytes() for file in kept.path.iterdir()}
    assert gp.save_model(short_run, "mine", force=True).path == kept.path


@pytest.mark.parametrize("name", [None, "Digits-CGAN"])
def test_a_carried_model_is_hidden_only_where_that_is_said(short_run, place, name):
    words = "digits-cgan is a model that ganprofile carries, which .* another `name` or add"
    with pytest.raises(UsageError, match=words):
        gp.save_model(short_run, name)
    assert not list(place.iterdir())
    elsewhere = gp.save_model(short_run, name, output="elsewhere")
    assert elsewhere.path.parent.name == "elsewhere", "where no name is looked up"
    assert gp.save_model(short_run, name, force=True).path.is_dir()


def test_force_replaces_nothing_but_a_model(short_run, place):
    (place / "thesis").mkdir()
    (place / "thesis" / "chapter.tex").write_text("mine")
    shutil.copytree(short_run.path, place / "run")
    for name, words in (("thesis", "is not a saved model"), ("run", "holds checkpoint, which is")):
        before = sorted((place / name).rglob("*"))
        with pytest.raises(UsageError, match=f"{words}.* Choose another `name`."):
            gp.save_model(short_run, name, output=".", force=True)
        assert sorted((place / name).rglob("*")) == before


def test_only_an_evaluation_of_the_run_is_kept_with_it(short_run, evaluation, digits, place):
    options = {"images": 100, "classifier": False, "progress": False}
    drawn = gp.generate(short_run, per_class=10, score=False, output="drawn", progress=False)
    for source in ("digits-cgan", digits[1]):
        gp.evaluate(source, digits, output="other", force=True, **options)
        with pytest.raises(UsageError, match="other judges images .* which .* is not known to"):
            gp.save_model(short_run, "mine", evaluation="other")
    assert not (place / "saved_models").exists()
    gp.evaluate(short_run, digits, output="other", force=True, classes="0,1", **options)
    with pytest.raises(UsageError, match="other judges only the classes '0' '1' of .* all: "):
        gp.save_model(short_run, "mine", evaluation="other")
    gp.evaluate(drawn, digits, output="other", force=True, **options)
    gp.save_model(short_run, "mine", evaluation="other")
    earlier = json.loads((evaluation.path / "evaluation.json").read_text())
    assert earlier["synthetic"].pop("generator_sha256") == short_run.fingerprint
    write_json(place / "evaluation.json", earlier)
    gp.save_model(short_run, "mine", evaluation=place / "evaluation.json", force=True)


def test_the_commands(short_run, evaluation, place, in_process):
    keep = "models", "save", short_run.path, "--name", "mine", "--evaluation", evaluation.path
    code, out, _ = in_process(*keep)
    assert (code, out.strip()) == (0, "saved_models/mine")
    code, out, _ = in_process("models")
    (line,) = (line for line in out.splitlines() if line.startswith("mine "))
    assert short_run.fingerprint[:12] in line and "saved_models" in line
    assert "mine: licence of the data: MNIST" in out
    code, out, _ = in_process("models", "--json")
    assert {model["name"] for model in json.loads(out)} == {"mine", "digits-cgan", "emnist-cdcgan"}
    code, _, error = in_process(*keep)
    assert code == 2 and "--force" in error


@pytest.mark.parametrize("dataset", ["strokes", "mnist/mine", "emnist/mine", "emnist"])
def test_data_that_have_no_card_of_ours_have_no_known_licence(dataset, monkeypatch):
    monkeypatch.setitem(DATASETS, "strokes", None)
    assert (_licence(dataset) is None) == (dataset != "emnist")


def test_a_licence_goes_by_where_the_data_come_from(run_of_three_epochs, place):
    recorded = run_of_three_epochs.config["dataset"]
    own = {**recorded, "name": "mnist", "recipe": [{"load": "/own/mnist", "split": "train"}]}
    licences = []
    for provenance in ({}, {"origin": ["emnist"]}, {"origin": ["emnist", "unknown"]}):
        run_of_three_epochs.record(dataset={**own, "provenance": provenance})
        gp.save_model(run_of_three_epochs, "mine", force=True)
        licences += [model.licence for model in gp.list_models() if model.name == "mine"]
    assert licences == [None, _licence("emnist"), None]
