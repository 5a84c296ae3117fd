import dataclasses
import functools
import json
import re

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking import result_file
from ganprofile.benchmarking.experiment import run_experiment
from ganprofile.benchmarking.image_results import from_text
from ganprofile.benchmarking.outlook import DIFFERING
from ganprofile.benchmarking.paired import expected_difference
from ganprofile.benchmarking.results import Benchmark
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.errors import GanprofileError, Interrupted, UsageError
from ganprofile.reporting.benchmark_method import methods
from ganprofile.reporting.benchmark_tables import arms_table, comparisons_table
from tests.benchmarking.arms import Fresh, plain, without_times


@pytest.fixture
def run(small_digits, monkeypatch):
    """A small experiment with the fast classifier, without the picture, which takes longer."""
    monkeypatch.setattr("ganprofile.figures.save_benchmark", lambda path, *a: path.write_text(""))

    def run_(**options):
        return run_experiment(
            *small_digits,
            **{
                "arms": {"none": plain, "again": plain},
                "per_class": (3,),
                "repeats": 2,
                "classifier": "mlp",
                "steps": 5,
                "progress": False,
                **options,
            },
        )

    return run_


def test_more_real_images_help_and_wrong_labels_hurt(small_digits, run):
    pool = small_digits[0]
    found = run(
        arms={"none": plain, "fresh": Fresh(pool, 100), "wrong": Fresh(pool, 100, shuffled=True)},
        per_class=(5,),
        repeats=10,
        steps=30,
    )
    assert found.verdicts == {(5, "fresh", "none"): "helps", (5, "wrong", "none"): "hurts"}


def test_everything_is_the_same_with_the_same_seed_and_only_then(run):
    first, again, other = (without_times(run(seed=seed).cells) for seed in (1, 1, 2))
    assert first == again != other
    assert [cell["accuracy"] for cell in first[::2]] == [cell["accuracy"] for cell in first[1::2]]


def test_copies_of_test_images_make_no_result_surer(small_digits, run, tmp_path, capsys):
    pool, judges = small_digits
    once = run(output=tmp_path / "kept")
    twice = judges.select(np.arange(2 * len(judges)) % len(judges))
    again = run_experiment(
        *(pool, twice),
        arms={"none": plain, "again": plain},
        **{"per_class": (3,), "repeats": 2, "classifier": "mlp", "steps": 5, "progress": False},
        output=tmp_path / "kept",
    )
    assert again.settings == once.settings and again.cells == once.cells
    assert f"{len(judges):,} of {len(twice):,} test images are copies" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("which", "said"),
    [(0, ": 2 images are there.*nothing can learn"), (1, ": 2 test images.*nothing can read all")],
)
def test_images_of_several_labels_are_said(small_digits, which, said, capsys):
    parts = list(small_digits)
    some = parts[which].select([*range(len(parts[which])), 0])
    labels = np.array([*some.labels[:-1], (some.labels[0] + 1) % 10])
    parts[which] = dataclasses.replace(some, labels=labels)
    run_experiment(*parts, arms={"none": plain}, per_class=(3,), dry_run=True)
    assert re.search(said, capsys.readouterr().err)


def test_without_a_folder_nothing_can_be_written(run):
    with pytest.raises(UsageError, match="has no folder to write into"):
        run().write()


def test_what_is_written(run, tmp_path):
    found = run(output=tmp_path / "out", descriptions={"again": {"times": 1}})
    written = {file.name for file in found.path.iterdir()}
    assert written == {
        "benchmark.json",
        "benchmark.csv",
        "summary.json",
        "benchmark.png",
        "subsets",
    }
    rows = (found.path / "benchmark.csv").read_text().splitlines()
    assert rows[0].startswith("per_class,repeat,arm,training,accuracy") and len(rows) == 5
    assert json.loads((found.path / "summary.json").read_text()) == found.summary()
    assert found.arms == {"none": {}, "again": {"times": 1}}
    assert found.settings["steps"] == 5 and found.settings["classifier"] == "mlp"
    assert "scikit-learn" in found.environments[0]["versions"]
    again = Benchmark.open(found.path)
    assert again == found and again.sentences == found.sentences
    assert Benchmark.open(found.path / "benchmark.json", "again").baseline == "again"


def test_what_is_done_is_not_done_again(run, tmp_path):
    asked = []

    def counted(subset, seed, folder):
        asked.append(folder.name)
        return plain(subset, seed, folder)

    def stopped(subset, seed, folder):
        if folder.name == "00003-001":
            stop = Interrupted(15)
            stop.add_note("Go on with: ganprofile train --resume somewhere")
            raise stop
        return plain(subset, seed, folder)

    with pytest.raises(Interrupted) as stop:
        run(arms={"none": counted, "again": stopped}, output=tmp_path)
    assert stop.value.__notes__ == [
        f"3 cells are kept in {tmp_path / 'benchmark.json'}. Go on with the same command."
    ]
    assert asked == ["00003-000", "00003-001"]
    (tmp_path / ".benchmark.0123.partial.json").write_text("{")  # as a kill leaves it behind
    resumed = run(arms={"none": counted, "again": plain}, output=tmp_path)
    assert asked == ["00003-000", "00003-001"]
    assert without_times(resumed.cells) == without_times(run().cells)
    assert not list(tmp_path.glob(".*"))
    run(arms={"none": counted, "again": plain}, output=tmp_path)
    assert len(asked) == 2


def test_before_the_first_cell_nothing_is_said_to_be_kept(run, tmp_path):
    def stopped(subset, seed, folder):
        raise Interrupted(2)

    with pytest.raises(Interrupted) as stop:
        run(arms={"none": stopped}, output=tmp_path)
    assert not hasattr(stop.value, "__notes__")
    assert not (tmp_path / "benchmark.json").exists() and (tmp_path / "subsets").is_dir()
    run(arms={"none": plain}, output=tmp_path)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_folder_of_something_else_is_no_place_for_a_result(run, tmp_path, dry_run):
    few = gp.load("digits")[0].subset(3)
    few.save(tmp_path / "set", "npz")
    before = sorted(tmp_path.rglob("*"))
    for call in (run, functools.partial(gp.benchmark, few, test=few)):
        with pytest.raises(UsageError, match="set is no result of a benchmark and not empty"):
            call(output=tmp_path / "set", dry_run=dry_run)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("is_there", [False, True])
def test_a_cell_that_is_being_written_counts_as_kept_only_once_it_is(
    run, tmp_path, monkeypatch, is_there
):
    def stopped(path, content, write=result_file._write):
        if len(content["cells"]) < 3 or is_there:
            write(path, content)
        if len(content["cells"]) == 3:
            raise Interrupted(2)

    monkeypatch.setattr(result_file, "_write", stopped)
    with pytest.raises(Interrupted) as stop:
        run(output=tmp_path)
    kept = len(result_file.ResultFile.read(tmp_path).places)
    assert kept == 2 + is_there and stop.value.__notes__[0].startswith(f"{kept} cells are kept")


def test_more_of_everything_joins_to_what_it_would_have_been_at_once(run, tmp_path):
    run(output=tmp_path, arms={"none": plain}, repeats=1)
    run(output=tmp_path, arms={"none": plain}, per_class=(4,), repeats=2)
    joined = run(output=tmp_path, per_class=(3, 4), repeats=3)
    whole = run(per_class=(3, 4), repeats=3)
    assert without_times(joined.cells) == without_times(whole.cells) and len(joined.cells) == 12
    fewer = run(output=tmp_path, arms={"none": plain}, repeats=1)
    assert fewer.cells == joined.cells and list(fewer.arms) == ["none", "again"]


def test_trainings_join_and_are_one_value_of_their_subset(run, tmp_path):
    run(output=tmp_path)
    joined = run(output=tmp_path, trainings=3)
    whole = run(trainings=3)
    assert without_times(joined.cells) == without_times(whole.cells) and len(joined.cells) == 12
    mean = whole.means[0]
    of_subsets = [
        np.mean([c["accuracy"] for c in whole.cells if c["arm"] == "none" and c["repeat"] == r])
        for r in range(2)
    ]
    assert (mean["subsets"], mean["trainings"]) == (2, 6)
    assert mean["sd"] == pytest.approx(np.std(of_subsets, ddof=1)) and mean["sd"] > 0
    assert whole.table()[0]["subsets"] == "2, 6 trainings"


def test_what_one_arm_keeps_in_the_folder_another_finds(run):
    def keeps(subset, seed, folder):
        (folder / "kept").write_text(subset.fingerprint)
        return plain(subset, seed, folder)

    def finds(subset, seed, folder):
        assert (folder / "kept").read_text() == subset.fingerprint
        return plain(subset, seed, folder)

    found = run(arms={"keeps": keeps, "finds": finds}, per_class=(3, 4))
    assert [cell["arm"] for cell in found.cells].count("finds") == 4


def test_a_dry_run_says_what_is_left_and_writes_nothing(run, tmp_path):
    plan = run(output=tmp_path / "out", dry_run=True)
    assert not (tmp_path / "out").exists()
    assert (plan["cells_done"], len(plan["cells_to_do"])) == (0, 4)
    run(output=tmp_path / "out", repeats=1)
    plan = run(output=tmp_path / "out", dry_run=True)
    assert plan["cells_done"] == 2
    assert plan["cells_to_do"] == [[3, 1, "none", 0], [3, 1, "again", 0]]
    assert plan["settings"]["steps"] == 5 and json.dumps(plan)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"arms": {}}, "one arm or more"),
        ({"arms": {"none": plain, "my": "classic"}}, "Received: 'classic' for 'my'. Arms by"),
        ({"arms": {1: plain}}, "The name of an arm should be text. Received: 1."),
        ({"per_class": ()}, "one size or more"),
        ({"per_class": (0, 3)}, "`per_class` should be a whole number, 1 or more. Received: 0"),
        ({"per_class": (501,)}, "class '0' of digits has (500)"),
        ({"repeats": 0}, "`repeats` should be a whole number, 1 or more. Received: 0"),
        ({"trainings": 0}, "`trainings` should be"),
        ({"jobs": 0}, "`jobs` should be"),
        ({"steps": 0}, "`steps` should be"),
        ({"seed": -1}, "`seed` should be"),
        ({"classifier": "mpl"}, "No classifier 'mpl'. Known: "),
        ({"baseline": "nothing"}, "The baseline should be one of the arms none, again."),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_left(run, tmp_path, options, sentence):
    with pytest.raises(UsageError) as refusal:
        run(output=tmp_path / "out", **options)
    assert sentence in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_data_that_would_not_be_fair_are_refused(small_digits):
    train, test = small_digits

    def refused(train_set, test_set):
        with pytest.raises(UsageError) as refusal:
            run_experiment(train_set, test_set, arms={"none": plain}, classifier="mlp")
        return str(refusal.value)

    assert "has no test part" in refused(train, None)
    assert "has no labels" in refused(train, dataclasses.replace(test, labels=None))
    assert "Received: '9' in one only" in refused(train, test.of_classes(list("012345678")))
    renamed = dataclasses.replace(test, class_names=tuple("1023456789"))
    assert "Received: another order" in refused(train, renamed)
    mixed = dataclasses.replace(train, images=np.concatenate([train.images[:-1], test.images[:1]]))
    assert "1 of 5,000 training images are also among" in refused(mixed, test)


def test_an_overlap_that_was_allowed_before_is_recorded(small_digits, run):
    train, test = small_digits
    images = np.concatenate([train.images[:-1], test.images[:1]])
    overlap = {"overlap_with_test_allowed": {"images": 1, "example": "x"}}
    marked = dataclasses.replace(train, images=images, provenance=overlap)
    found = run_experiment(
        marked, test, arms={"none": plain}, classifier="mlp", repeats=1, steps=1, progress=False
    )
    assert found.settings["provenance"] == overlap


def test_it_says_how_it_goes_and_how_long_it_will(run, capsys):
    run(progress=True)
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("cell 4/4  again at 3 per class, repeat 2: ")
    assert said[-1].endswith(" 0:00 left")


def test_the_time_left_goes_by_what_each_arm_took():
    from ganprofile.benchmarking.progress import BenchmarkProgress
    from ganprofile.benchmarking.result_file import ResultFile

    file = ResultFile.open(None, {}, {"none": {}, "gan": {}}, {})
    places = [(n, 0, arm, (0,)) for n in (10, 50) for arm in ("none", "gan")]
    progress = BenchmarkProgress(file, [places[:2], places[2:]], enabled=False)
    progress.begin(2)
    assert progress.seconds_left() == 0, "nothing has been measured that could tell"
    lefts = []
    for (per_class, _, arm, _), seconds in zip(places, (10, 200, 30, 300), strict=True):
        cell = {"per_class": per_class, "repeat": 0, "arm": arm, "training": 0, "accuracy": 0.5}
        progress.add({**cell, "arm_seconds": seconds - 5, "classifier_seconds": 5})
        lefts.append(progress.seconds_left())
    assert lefts == [3 * 10 / 2, (10 + 200) / 2, 200 / 2, 0]


@pytest.mark.parametrize(
    ("name", "sentence"), [(None, "Nothing is kept"), ("benchmark.json", "Whole cells are kept")]
)
def test_what_a_stop_would_keep_is_said_before_the_work(tmp_path, capsys, name, sentence):
    from ganprofile.benchmarking.progress import BenchmarkProgress
    from ganprofile.benchmarking.result_file import ResultFile

    file = ResultFile.open(name and tmp_path / name, {}, {"none": {}}, {})
    BenchmarkProgress(file, [[(10, 0, "none", (0,))]], enabled=False).estimate(60)
    assert f"1 cells are estimated to take 1:00. {sentence}" in capsys.readouterr().err


def test_an_arm_that_has_not_run_yet_counts_as_long_as_its_cost_says():
    from ganprofile.benchmarking.progress import BenchmarkProgress
    from ganprofile.benchmarking.result_file import ResultFile

    file = ResultFile.open(None, {}, {"none": {}, "taught": {}}, {})
    chains = [[(10, 0, "none", (0,)), (10, 0, "taught", (0,))]]
    progress = BenchmarkProgress(
        file, chains, enabled=False, costs={(10, "none"): (1.0, 1.0), (10, "taught"): (7.0, 1.0)}
    )
    cell = {"per_class": 10, "repeat": 0, "training": 0, "accuracy": 0.5, "arm_seconds": 0}
    progress.add({**cell, "arm": "none", "classifier_seconds": 60})
    assert progress.seconds_left() == 7 * 60


def test_all_images_are_taken_each_time_and_trainings_are_the_unit(small_digits, run):
    """Forty of each class and one of which there is one more."""
    pool, test = small_digits
    chosen = np.concatenate([np.flatnonzero(pool.labels == k)[: 6 + (k == 3)] for k in range(10)])
    uneven = dataclasses.replace(pool.select(np.sort(chosen)), recipe=None)
    seen = []

    def arm(subset, seed, folder):
        seen.append((subset.fingerprint, seed, folder.name))
        return plain(subset, seed, folder)

    found = run_experiment(
        uneven,
        test,
        arms={"none": arm, "again": arm},
        per_class=("all", 5),
        repeats=2,
        classifier="mlp",
        steps=3,
        progress=False,
    )
    of_all = [one for one in seen if one[0] == uneven.fingerprint]
    assert len(of_all) == 4 and len({one[1] for one in of_all}) == 2
    assert {one[2] for one in of_all} == {"00000-000", "00000-001"}
    assert [one.per_class for one in found.comparisons] == [5, "all"]
    assert [one.unit for one in found.comparisons] == ["subsets", "trainings"]
    assert found.means[-1]["images"] == 61 and found.means[-1]["images_per_class"] == 6.1
    assert found.cells[0]["per_class"] == 5


def test_a_number_that_is_all_there_are_is_spoken_of_as_all(small_digits, run):
    pool, test = small_digits
    pool = pool.subset(3)
    options = {"arms": {"none": plain}, "repeats": 2, "classifier": "mlp", "steps": 3}
    found = run_experiment(pool, test, per_class=(2, 3, "all"), progress=False, **options)
    assert [row["subsets"] for row in found.table()] == ["2", "2 trainings", "2 trainings"]
    said = " ".join(methods(found))
    assert (
        "(seed 0): 2 of 2 images per class. All training images were learned from 2 times" in said
    )


@pytest.mark.parametrize(
    ("repeats", "trainings", "counted", "learned", "over"),
    [
        (1, 1, "1 training", "from once, and", "trainings"),
        (2, 1, "2 trainings", "from 2 times, from", "trainings"),
        (1, 3, "1 repeat, 3 trainings", "from 3 times (1 repeat, 3 trainings), from", "repeats"),
        (2, 2, "2 repeats, 4 trainings", "from 4 times (2 repeats, 4 trainings), from", "repeats"),
    ],
)
def test_how_often_all_images_were_learned_from_is_said_alike_everywhere(
    repeats, trainings, counted, learned, over, run
):
    found = run(per_class=("all",), repeats=repeats, trainings=trainings)
    assert {row["subsets"] for row in found.table()} == {counted}
    (sentence,) = found.sentences
    assert counted in sentence or f"one of the {over} alone" in sentence
    said = " ".join(methods(found))
    assert learned in said and "of every repeat; the same" in said and "1 times" not in said
    arms, compared = arms_table(found), comparisons_table(found, lambda direction: "plain")
    assert {row[3][0] for row in arms.rows} == {counted} and f"the mean over {over}," in arms.note
    for names, *rows in (arms.data, compared.data):
        columns = dict(zip(names, rows[0], strict=True))
        numbers = [columns[name] for name in ("subsets", "repeats", "trainings")]
        assert numbers == [1, repeats, repeats * trainings]


def test_one_class_is_refused_before_anything_runs(small_digits):
    pool, test = (part.of_classes("3") for part in small_digits)
    options = {"arms": {"none": plain}, "per_class": (2,), "classifier": "mlp", "dry_run": True}
    with pytest.raises(UsageError, match="two classes or more to tell apart. Received: 1"):
        run_experiment(pool, test, **options)


def test_too_few_test_images_for_any_gain_are_said_before_the_work(small_digits, capsys):
    pool, test = small_digits
    options = {"arms": {"none": plain, "more": plain}, "per_class": (10,), "classifier": "mlp"}
    for count in (5, 200):
        few = test.select(np.arange(len(test))[:count])
        plan = run_experiment(pool, few, **options, dry_run=True)
        is_too_few = plan["outlook"][0]["floor"] is None
        assert is_too_few == (count == 5)
        assert ("So few test images can show no gain" in capsys.readouterr().err) == is_too_few


def test_how_small_a_gain_can_be_shown_is_said_before_the_work(small_digits, run, capsys):
    pool, test = small_digits
    some = pool.subset(44)
    plan = run_experiment(
        some, test, arms={"none": plain}, per_class=(40, 10, "all"), classifier="mlp", dry_run=True
    )
    few, many, everything = plan["outlook"]
    assert (few["per_class"], many["per_class"], everything["per_class"]) == (10, 40, "all")
    assert many["overlap"] == pytest.approx(40 / 44)
    assert many["smallest_gain"] > many["floor"] > few["floor"] > 0
    assert json.loads(json.dumps(plan["outlook"])) == plan["outlook"]
    said = capsys.readouterr().err
    assert "Subsets at 40 per class share 90.9 % of their images" in said
    assert "any number of them" in said and '`per_class="all"`' in said and "at 10" not in said


@pytest.mark.parametrize("size", [2, 20, "all"])
def test_one_subset_is_foreseen_to_show_no_gain(small_digits, size, capsys):
    pool, test = small_digits
    options = {"arms": dict.fromkeys(("none", "more"), plain), "classifier": "mlp"}
    for repeats in (1, 2):
        plan = run_experiment(
            pool, test, per_class=(size,), repeats=repeats, dry_run=True, **options
        )
        (one,) = plan["outlook"]
        assert (one["smallest_gain"] is None) == (repeats == 1) and one["floor"] > 0
        assert ("A single repeat can show no gain" in capsys.readouterr().err) == (repeats == 1)


def test_an_arm_that_is_compared_with_nothing_is_said_before_the_work(run, tmp_path, capsys):
    for arms, is_said in (({"none": plain}, True), ({"none": plain, "again": plain}, False)):
        run(output=tmp_path, arms=arms)
        assert ("The only arm is none" in capsys.readouterr().err) == is_said
    run(output=tmp_path, arms={"again": plain}, repeats=3)
    assert "only arm" not in capsys.readouterr().err, "it joins another"


def test_subsets_that_the_result_holds_count_for_what_can_be_shown(run, tmp_path, capsys):
    run(output=tmp_path, repeats=3)
    capsys.readouterr()
    known = run(output=tmp_path, repeats=1, trainings=2, dry_run=True)["outlook"][0]
    assert known["repeats"] == 3 and known["smallest_gain"] > known["floor"]
    assert "single repeat" not in capsys.readouterr().err
    arms = dict.fromkeys(("none", "again", "new"), plain)
    more = run(output=tmp_path, repeats=1, arms=arms, dry_run=True)["outlook"][0]
    assert more["repeats"] == 3, "of those that were tried on three, as before"
    (other,) = run(output=tmp_path, repeats=1, per_class=(4,), dry_run=True)["outlook"]
    assert other["repeats"] == 1 and other["smallest_gain"] is None, "of another size"


def test_gains_are_foreseen_at_the_level_of_all_comparisons(small_digits):
    """Six comparisons: three arms, all but the first against it and one against another, twice."""
    pool, test = small_digits
    options = {"per_class": (2, 3), "classifier": "mlp", "repeats": 4, "dry_run": True}
    arms = dict.fromkeys(("none", "classic", "gan"), plain)
    foreseen = run_experiment(pool, test, arms=arms, **options)["outlook"]
    for one in foreseen:
        expected = expected_difference(4, len(test), one["overlap"], DIFFERING)
        assert one["smallest_gain"] == expected.estimate(0.05 / 6).smallest_gain


def test_looks_at_a_result_are_counted(run, tmp_path):
    assert {cell["look"] for cell in run(output=tmp_path).cells} == {0}
    again = run(output=tmp_path)  # nothing new to look at
    assert again.comparisons[0].looks == 1
    more = run(output=tmp_path, repeats=4)
    assert [cell["look"] for cell in more.cells] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert more.comparisons[0].looks == 2 and "2 looks" in more.sentences[0]


def test_which_images_were_recognised_is_kept(run, small_digits):
    test = small_digits[1]
    for cell in run().cells:
        recognised = from_text(cell["recognised"], len(test))
        assert recognised.mean() == cell["accuracy"]
        right = np.bincount(test.labels[recognised], minlength=10)
        assert right.tolist() == cell["correct"]


def test_the_classifiers_own_number_of_steps_is_recorded(run):
    from ganprofile.classifiers import CLASSIFIERS

    found = run(steps=None, dry_run=True)
    assert found["settings"]["steps"] == CLASSIFIERS["mlp"](10).steps


def test_prepare_is_called_before_the_first_cell(run):
    called = []

    def arm(subset, seed, folder):
        assert called == [True]
        return TrainingSet(subset.images, subset.labels)

    found = run(arms={"none": arm}, prepare=lambda: called.append(True))
    assert called == [True] and len(found.cells) == 2


def test_two_at_once_into_one_folder_are_refused(run, tmp_path):
    """The one that wrote last would leave out what the other found."""

    def meanwhile(subset, seed, folder):
        with pytest.raises(GanprofileError, match="Another process adds to .*out"):
            run(output=tmp_path / "out", per_class=(4,))
        return plain(subset, seed, folder)

    found = run(output=tmp_path / "out", arms={"none": plain, "again": meanwhile})
    assert len(found.cells) == 4
    assert {cell["per_class"] for cell in run(output=tmp_path / "out", per_class=(4,)).cells} == {
        3,
        4,
    }
