"""An augmented set from a person's own images: written, explained, verified, and refused."""

import dataclasses
import json
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import deformed_set, expected, sets
from ganprofile.augmentation.sets import BY_NAME
from ganprofile.errors import UsageError
from ganprofile.parallel import HERE, Sharing
from ganprofile.recipes import distillation, recipes, sizes
from ganprofile.storage.files import read_json, write_json
from ganprofile.transforms.strengths import WEAKEST
from tests.augmentation.forging import (
    assert_problem,
    change_info,
    change_row,
    check,
    read_rows,
)
from tests.planted import plant_one_layer, plant_teachers
from tests.recipes.test_sizes import doubled

OPTIONS = {
    "subset": 6, "per_class": 126, "include_real": True, "seed": 5, "jobs": 1, "progress": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def short():
    """Teachers and classifiers of a few steps, and half of them of one layer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expected, "STEPS", 5)
        patch.setattr(deformed_set, "TEACHER_STEPS", 5)
        plant_one_layer(patch)
        yield


@pytest.fixture(scope="module")
def made(short, tmp_path_factory):
    """A set of 1,200 deformed images of 60 digits, with these."""
    path = tmp_path_factory.mktemp("made") / "more"
    return gp.augment("digits", **OPTIONS, output=path)


@pytest.mark.slow
def test_a_set_holds_real_images_and_variations_with_soft_labels(made, digits):
    data = made.load()
    real = digits[0].subset(6, seed=5)
    assert made.info["synthetic"] == 1200 and made.info["real"] == 60
    assert made.info["class_counts"] == [126] * 10
    np.testing.assert_array_equal(data.images[:60], real.images)
    made_of = data.attributes["manifest.real_image"][60:].astype(int)
    np.testing.assert_array_equal(real.labels[made_of], data.labels[60:])
    assert set(np.bincount(made_of, minlength=60)) == {20}
    soft = data.soft_labels
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-4)
    scores = data.attributes["manifest.score"][60:].astype(float)
    np.testing.assert_allclose(soft[np.arange(60, 1260), data.labels[60:]], scores, atol=1e-4)


@pytest.mark.slow
def test_it_says_what_to_expect(made):
    found = read_json(made.path / "expectation.json")
    assert found["recipe"] == recipes.WITH_PRETRAINED and "60" not in found["why"]
    crossed = found["cross_validated"]
    folds = len(recipes.ENSEMBLES[found["recipe"]].members)
    assert [len(values) for values in crossed["accuracies"].values()] == [folds, folds]
    assert crossed["images"] == 60 and found["is_pending"] is False
    low, mean, high = (crossed[key] for key in ("low", "mean", "high"))
    if low is None:  # hardly any is read differently
        assert any("too few are read differently" in sentence for sentence in found["sentences"])
        return
    assert low <= mean <= high
    covers = low <= 0 <= high
    assert covers == any("covers 0" in sentence for sentence in found["sentences"])


@pytest.mark.slow
def test_verify_makes_some_images_again(made):
    result = check(made.path, offline=True)
    assert result.ok and not result.not_checked, result
    checked = "\n".join(result.checked)
    assert "8 synthetic images drawn again are identical" in checked
    assert "60 real images are among the data (digits)" in checked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("dataset_fingerprint", "0" * 64, "The set was made of others"),
        ("seed", 6, "drawn again from"),
    ],
)
def test_a_forged_claim_is_a_problem(made, tmp_path, key, value, words):
    forged = shutil.copytree(made.path, tmp_path / "forged")
    claim = {**made.info["made_from"], key: value}
    change_info(forged, made_from=claim)
    assert_problem(check(forged, offline=True), words)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_set(made, tmp_path):
    again = gp.augment("digits", **OPTIONS, output=tmp_path / "again", expect=False)
    assert again.info["fingerprint"] == made.info["fingerprint"]
    assert read_json(again.path / "expectation.json")["cross_validated"] is None


@pytest.mark.slow
def test_sizes_that_tell_are_kept_which_the_set_remembers(short, digits, tmp_path, capsys):
    images, labels = doubled(digits[0], "size", count=20)
    gp.Dataset(images, labels, class_names=tuple("abcdef"), name="sizes").save(tmp_path / "sizes")
    options = {"total": 60, "expect": False, "jobs": 1, "progress": False}
    kept = gp.augment(tmp_path / "sizes", **options, output=tmp_path / "more")
    assert "Size tells your characters apart" in capsys.readouterr().err
    assert kept.info["made_from"]["keeps_size"] is True
    result = check(kept.path, offline=True)
    assert result.ok and "8 synthetic images drawn again are identical" in "\n".join(result.checked)
    claim = {key: value for key, value in kept.info["made_from"].items() if key != "keeps_size"}
    change_info(kept.path, made_from=claim)
    assert not check(kept.path, offline=True).ok


@pytest.mark.slow
@pytest.mark.parametrize(("count", "weakest"), [(24, None), (25, WEAKEST)])
def test_of_some_images_each_is_deformed_by_a_share_of_its_own(
    short, digits, tmp_path, count, weakest
):
    digits[0].of_classes("38").subset(count).save(tmp_path / "few")
    options = {"total": 30, "expect": False, "jobs": 1, "progress": False}
    made = gp.augment(tmp_path / "few", **options, output=tmp_path / "more")
    claim = made.info["made_from"]
    assert claim.get("weakest") == weakest
    assert check(made.path, offline=True).ok
    change_info(made.path, made_from=claim | {"weakest": 0.5})
    assert not check(made.path, offline=True).ok


def test_labels_from_1_get_no_class_0(digits, tmp_path):
    some = digits[0].subset(4)
    np.savez(tmp_path / "letters.npz", images=some.images, labels=some.labels + 1)
    plan = gp.augment(tmp_path / "letters.npz", total=220, dry_run=True).info
    assert plan["would_draw"] == {str(label): 22 for label in range(1, 11)}


@pytest.mark.slow
def test_verify_counts_for_itself(made, tmp_path):
    forged = shutil.copytree(made.path, tmp_path / "forged")
    claim = made.info["made_from"]
    change_info(forged, made_from={**claim, "counts": [0, 240, *claim["counts"][2:]]})
    assert_problem(check(forged, offline=True), "counts [0, 240, 120", "has [120, 120, 120")
    change_info(forged, made_from=claim)
    rows = read_rows(forged)
    row = next(k for k, r in enumerate(rows) if k >= 60 and r["label"] == "0")
    other = next(r["real_image"] for r in rows[60:] if r["label"] == "1")
    change_row(forged, row, real_image=other)
    problem = "1 of 1,200 synthetic images were not made of"
    assert_problem(check(forged, offline=True), problem, f"images {row - 60}.")


def test_a_dry_run_promises_nothing_of_a_class_without_images(digits, tmp_path, in_process):
    some = digits[0].subset(4)
    hole = some.select(some.labels != 3)
    hole.save(tmp_path / "hole")
    options = ("--total", 90, "--output", tmp_path / "out", "--dry-run", "--json")
    code, out, err = in_process("augment", tmp_path / "hole", *options)
    drawn = json.loads(out)["would_draw"]
    assert code == 0 and drawn == dict.fromkeys("012456789", 10)
    assert "no image of the class '3': left out" in err
    code, _, err = in_process("augment", tmp_path / "hole", "--only", "3", *options)
    assert code == 2 and "No class '3' to draw" in err


def test_a_dry_run_says_what_the_recipe_gave_on_reference_data(digits, tmp_path, in_process):
    digits[0].subset(4).save(tmp_path / "few")
    options = (tmp_path / "few", "--output", tmp_path / "out", "--dry-run")
    code, out, _ = in_process("augment", *options)
    sentence = "On reference data deformed+distilled+pretrained gave over classic: chars74k with"
    assert code == 0 and sentence in " ".join(out.split())
    _, out, _ = in_process("augment", *options, "--json")
    assert json.loads(out)["reference"][0].startswith(sentence)


def test_an_older_run_draws_no_class_that_it_never_saw(digits, tmp_path, capsys, short_run):
    hole = digits[0].subset(20)
    hole = hole.select(hole.labels != 3)
    shutil.copytree(short_run.path, tmp_path / "run")
    config = read_json(tmp_path / "run" / "config.json")
    config["dataset"]["fingerprint"] = hole.fingerprint
    write_json(tmp_path / "run" / "config.json", config)
    plan = gp.generate(tmp_path / "run", total=18, dataset=hole, dry_run=True).info
    assert plan["would_draw"] == {name: 2 * (name != "3") for name in "0123456789"}
    assert "class '3'" in capsys.readouterr().err
    with pytest.raises(UsageError, match="the class '3', which the model has never seen"):
        gp.generate(tmp_path / "run", total=18, only="3", dataset=hole, dry_run=True)


def test_variations_of_a_class_without_images_are_refused():
    with pytest.raises(UsageError, match="no image of class number 1, of which 5 deformed images"):
        deformed_set.chosen_images(np.array([0, 2]), np.array([3, 5, 3]), 0)


def test_what_is_asked_by_default(digits):
    plan = gp.augment(digits[0].subset(5), dry_run=True).info
    assert set(plan["would_draw"].values()) == {deformed_set.DEFAULT_TOTAL // 10}
    numbers = {"3": 10, 7: 2}
    plan = gp.augment(digits[0].subset(5), sampling_strategy=numbers, dry_run=True).info
    assert {name: n for name, n in plan["would_draw"].items() if n} == {"3": 10, "7": 2}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"images": "digits", "filter": "strict"}, "augment knows no argument 'filter'"),
        ({"images": "digits", "flavour": 1}, "augment knows no argument 'flavour'"),
        ({"images": "nowhere"}, "No dataset 'nowhere'"),
        (
            {"images": "digits", "pretrained": "mine"},
            "`pretrained` is one of auto, none. Received: 'mine'",
        ),
        (
            {"images": "digits-cgan", "per_class": 3},
            "digits-cgan is a trained model. Draw from it with: ganprofile generate digits-cgan",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(options, words, tmp_path):
    with pytest.raises(UsageError, match=words):
        gp.augment(**options, output=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_only_a_model_generates(tmp_path):
    with pytest.raises(UsageError, match="there is none called digits.*ganprofile augment digits"):
        gp.generate("digits", per_class=3, output=tmp_path / "out")


def test_without_an_output_it_is_a_dataset_and_nothing_is_written(
    digits, tmp_path, monkeypatch, fast_classifier
):
    monkeypatch.chdir(tmp_path)
    options = {"per_class": 3, "only": ["2", "5"], "score": False, "progress": False}
    drawn = gp.generate("digits-cgan", **options)
    assert isinstance(drawn, gp.Dataset) and drawn.class_counts().tolist() == [
        *(0, 0, 3, 0, 0, 3, 0, 0, 0, 0)
    ]
    written = gp.generate("digits-cgan", output=tmp_path / "drawn", **options).load()
    np.testing.assert_array_equal(drawn.images, written.images)
    assert [path.name for path in tmp_path.iterdir()] == ["drawn"]
    named = gp.generate("digits-cgan", output=BY_NAME, **options)
    assert named.path.name == "digits-cgan" and named.path.parent.name == "generated"


def test_what_there_is_no_recipe_for_is_refused(digits, monkeypatch):
    with pytest.raises(UsageError, match="has one class; a recipe needs two"):
        gp.augment(digits[0].of_classes(["3"]), dry_run=True)
    monkeypatch.setattr(recipes, "MOST_PER_CLASS", 99)
    with pytest.raises(UsageError, match="100 images per class; recipes are for 99 at most"):
        gp.augment(digits[0].subset(100), dry_run=True)


def test_the_gain_that_was_measured_nearest_counts(digits, monkeypatch):
    rows = [("a", 10, 0.01), ("a", 200, 0.002), ("b", 15, 0.03)]
    gains = tuple(recipes.Gain(data, n, recipes.FROM_FEW, 10, mean, 0, 1) for data, n, mean in rows)
    monkeypatch.setattr(recipes, "known_gains", lambda: gains)
    for size, means in ((90, [0.002, 0.03]), (12, [0.01, 0.03])):
        recipe = recipes.recipe_for(digits[0].subset(size), pretrained="none")
        assert [gain.mean for gain in recipe.gains] == means


@pytest.mark.parametrize(
    ("size", "data"),
    [
        (12, {"chars74k": 15, "emnist-digits": 15, "mnist": 10}),
        (50, {"emnist-digits": 15, "chars74k": 40, "mnist": 50}),
    ],
)
def test_a_gain_of_another_size_with_a_prior_does_not_stand_for_a_nearer_one(digits, size, data):
    recipe = recipes.recipe_for(digits[0].subset(size))
    said = {gain.data: gain.per_class for gain in recipe.gains if gain.data != "chars74k-sizes"}
    assert recipe.arm == recipes.WITH_PRETRAINED and list(said.items()) == list(data.items())
    (told, *_) = expected.reference(
        deformed_set.DeformationJob(digits[0].subset(size), recipe, np.full(10, 4000))
    )
    by_arm = told.count(" gave over classic: ")
    assert by_arm == len({gain.arm for gain in recipe.gains}) == (1 if size == 12 else 2)


@pytest.mark.slow
def test_two_processes_train_and_ask(short, digits, tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "embedded", None)  # this process asks no network about sizes
    few = digits[0].of_classes("38").subset(8)
    recipe, sharing = recipes.recipe_for(few, "none"), Sharing(2)
    two = dataclasses.replace(recipe.ensemble, members=recipe.ensemble.members[:2])
    monkeypatch.setitem(recipes.ENSEMBLES, recipe.arm, two)  # one teacher of each kind
    job = deformed_set.DeformationJob(few, recipe, np.array([20, 20]), sharing=sharing)
    pieces = job.pieces(tmp_path)
    with sharing.executor(pieces, work="a test", remedy="") as executor:
        deformed_set.prepare(pieces, executor, progress=False)
    assert len(list(pieces.training.place.iterdir())) == len(recipe.ensemble.members)
    found = expected.found(pieces, recipe.arm, sharing, progress=False)
    assert found.accuracies.keys() == {"classic", recipe.arm} and found.images == 16
    ours, theirs = (np.mean(found.accuracies[arm]) for arm in (recipe.arm, "classic"))
    assert found.mean == pytest.approx(ours - theirs)  # folds of eight images each


def test_images_that_are_there_twice_are_asked_nothing(digits, tmp_path, monkeypatch):
    few = digits[0].subset(6)
    twice = few.select(np.r_[np.arange(len(few)), 0:20])
    job = deformed_set.DeformationJob(twice, recipes.recipe_for(twice), np.full(10, 2))
    folds = job.pieces(tmp_path).training.folds

    def read(pieces, fold, arm):
        yield fold, arm, np.arange(np.sum(folds == fold)) % 2 == 0

    monkeypatch.setattr(expected, "read_fold", read)
    found = expected.found(job.pieces(tmp_path), "deformed", HERE, progress=False)
    first, again = folds[:20], folds[len(few) :]
    assert found.copies == 2 * np.sum(first != again) > 0
    assert found.images == len(twice) - found.copies
    said = found.sentences()[0]
    assert said.startswith(f"{found.copies} images are there twice, and were not asked. On your")


def test_images_that_are_alone_in_their_class_are_asked_nothing(digits, tmp_path):
    few = digits[0].subset(1)
    job = deformed_set.DeformationJob(few, recipes.recipe_for(few), np.full(10, 2))
    assert expected.found(job.pieces(tmp_path), "deformed", HERE, progress=False) is None


@pytest.mark.slow
def test_what_to_expect_is_found_after_the_set_and_can_be_stopped(
    short, made, tmp_path, monkeypatch
):
    """Ctrl-C leaves the set; the same command then only asks its images, and not twice."""
    path, fold = tmp_path / "more", expected.read_fold

    def stopping(pieces, number, arm):
        if number == 2:
            raise KeyboardInterrupt
        yield from fold(pieces, number, arm)

    with monkeypatch.context() as patch:
        patch.setattr(expected, "read_fold", stopping)
        with pytest.raises(KeyboardInterrupt) as stopped:
            gp.augment("digits", **OPTIONS, output=path)
    finished = f"The set is finished: {path}; the same command goes on from there."
    assert stopped.value.__notes__ == [finished]
    before = read_json(path / "dataset.json")
    assert before["fingerprint"] == made.info["fingerprint"]
    assert read_json(path / "expectation.json")["is_pending"] is True
    assert check(path, offline=True).ok
    asked, fit = [], expected._fit_classic
    monkeypatch.setattr(sets, "atomic_folder", None)  # nothing is written again
    monkeypatch.setattr(expected, "_fit_classic", lambda *piece: asked.append(piece) or fit(*piece))
    gp.augment("digits", **OPTIONS, output=path)
    assert len(asked) == 2 and check(path, offline=True).ok
    assert (path / "expectation.json").read_bytes() == (made.path / "expectation.json").read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["more"]
    with pytest.raises(UsageError, match="exists already"):
        gp.augment("digits", **OPTIONS, output=path)


def test_a_stopped_set_goes_on_only_in_its_format_and_can_do_without_its_expectation(
    digits, tmp_path, monkeypatch
):
    few, path = digits[0].subset(5), tmp_path / "more"
    options = {"pretrained": "none", "per_class": 6, "include_real": True, "progress": False}
    plant_teachers(monkeypatch)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(expected, "found", stop)
    with pytest.raises(KeyboardInterrupt):
        gp.augment(few, output=path, **options)
    assert read_json(path / "expectation.json")["is_pending"] is True
    for dry_run in (True, False):
        with pytest.raises(
            UsageError, match="exists already, as npz, .* Go on with `format='npz'`"
        ):
            gp.augment(few, output=path, format="imagefolder", dry_run=dry_run, **options)
    assert gp.augment(few, output=path, dry_run=True, **options).info["format"] == "npz"
    gp.augment(few, output=path, expect=False, **options)
    gp.augment(few, output=tmp_path / "without", expect=False, **options)
    found = [(tmp_path / name / "expectation.json").read_bytes() for name in ("more", "without")]
    assert found[0] == found[1] and json.loads(found[0])["is_pending"] is False
    assert check(path, offline=True).ok


@pytest.mark.slow
def test_a_cross_validation_that_shows_harm_warns_and_decides_nothing(
    digits, tmp_path, monkeypatch, capsys
):
    few = digits[0].subset(5)
    harm = expected.Expectation(recipes.FROM_FEW, "classic", 50, {}, -0.02, -0.03, -0.01, 0.01)
    monkeypatch.setattr(expected, "found", lambda *_: harm)
    monkeypatch.setattr(deformed_set, "TEACHER_STEPS", 2)
    options = {"pretrained": "none", "per_class": 50, "jobs": 1, "progress": False}
    made = gp.augment(few, **options, output=tmp_path / "more")
    assert made.info["synthetic"] == 500 and len(made.load()) == 500
    said = read_json(made.path / "expectation.json")["sentences"]
    assert said[-1] == expected.HARM and "-2.00 points over classic" in said[0]
    assert expected.HARM in capsys.readouterr().err


@pytest.mark.slow
def test_quick_is_less_of_everything(digits, tmp_path, monkeypatch):
    few = digits[0].subset(5)
    plan = gp.augment(few, quick=True, dry_run=True).info
    assert sum(plan["would_draw"].values()) == deformed_set.QUICK_TOTAL
    monkeypatch.setattr(deformed_set, "QUICK_SHARE", 100)
    made = gp.augment(few, quick=True, per_class=3, jobs=1, progress=False, output=tmp_path / "a")
    assert made.info["made_from"]["quick"] is True and check(made.path, offline=True).ok
    assert read_json(made.path / "expectation.json")["is_pending"] is False


def test_no_prior_is_no_prior(digits):
    few = digits[0].subset(5)
    assert gp.augment(few, dry_run=True).info["recipe"] == recipes.WITH_PRETRAINED
    assert gp.augment(few, pretrained="none", dry_run=True).info["recipe"] == recipes.FROM_FEW
    assert "as you asked" in recipes.recipe_for(few, "none").why


def test_many_images_are_not_bent(digits):
    many = recipes.recipe_for(digits[0].subset(recipes.MANY))
    assert many.arm == recipes.FROM_MANY and many.pretrained is None
    assert "under classical transforms" in many.why and not many.ensemble.deformation.is_pairwise
    few = recipes.recipe_for(digits[0].subset(recipes.MANY - 1), "none")
    assert "warped as those of their class" in few.why and few.ensemble.deformation.is_pairwise


@pytest.mark.slow
def test_a_set_of_images_that_are_not_bent_is_made_again_without_ways(
    short, digits, tmp_path, monkeypatch
):
    monkeypatch.setattr(recipes, "MANY", 6)
    options = {
        "per_class": 30,
        "expect": False,
        "jobs": 1,
        "output": tmp_path / "more",
        "progress": False,
    }
    made = gp.augment("digits", subset=6, **options)
    assert made.info["made_from"]["recipe"] == recipes.FROM_MANY
    assert not (made.path / deformed_set.DEFORMATIONS).exists()
    assert made.load().class_counts().tolist() == [30] * 10
    result = check(made.path, offline=True)
    assert result.ok, result.problems


def test_known_gains_can_be_read():
    gains = recipes.known_gains()
    assert {gain.arm for gain in gains} >= {
        recipes.FROM_FEW,
        recipes.FROM_MANY,
        recipes.WITH_PRETRAINED,
    }
    for gain in gains:
        assert gain.low <= gain.mean <= gain.high and gain.sentence()
    assert json.dumps(distillation.Distillation().description())


@pytest.mark.slow
def test_verify_knows_what_a_set_was_given_and_copies_of_it(
    short_run, digits, tmp_path, monkeypatch
):
    drawn = {"per_class": 22, "score": False, "output": tmp_path / "drawn", "progress": False}
    mixed = gp.generate(short_run, include_real=True, **drawn).load()
    mixed.select(np.arange(190, 220)).save(tmp_path / "given")  # 10 real and 20 drawn ones
    plant_teachers(monkeypatch)
    options = {"pretrained": "none", "total": 80, "expect": False, "progress": False}
    made = gp.augment(tmp_path / "given", output=tmp_path / "more", include_real=True, **options)
    assert (made.info["real"], made.info["synthetic"]) == (10, 70)
    result = check(made.path)
    assert result.ok and not result.not_checked, result
    assert "30 given images are among the data" in "\n".join(result.checked)
    assert "8 synthetic images drawn again are identical" in "\n".join(result.checked)
    real = gp.augment(digits[0].subset(2), output=tmp_path / "real", include_real=True, **options)
    part = check(real.load().subset(3).save(tmp_path / "part"))
    assert part.ok and "a part of what was made" in part.not_checked[0], part
    gp.import_dataset(real.path, "larger", image_size=32)
    other = check("larger")
    assert other.ok and "as [32, 32, 1], the data as [28, 28, 1]" in other.not_checked[0], other
    whole = check(real.load().save(tmp_path / "whole"))
    assert whole.ok and not any("Remove it" in line for line in whole.not_checked), whole
