import json
from pathlib import Path

import pytest

import ganprofile as gp
from ganprofile.benchmarking.result_file import ResultFile
from ganprofile.benchmarking.results import Benchmark
from ganprofile.errors import GanprofileError, UsageError

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "dataset": "digits",
    "train_fingerprint": "1" * 64,
    "test_fingerprint": "2" * 64,
    "classifier": "mlp",
    "steps": 100,
    "seed": 0,
    "class_names": ["a", "b"],
    "class_counts": [40, 40],
    "test_class_counts": [5, 5],
}
ARMS = {"none": {}, "gan": {"epochs": 50, "layers": (1, 2)}}


def cell(arm="none", repeat=0, per_class=10, training=0):
    place = {"per_class": per_class, "repeat": repeat, "arm": arm, "training": training}
    seconds = {"arm_seconds": 1.0, "classifier_seconds": 2.0}
    found = {"accuracy": 0.3, "images": 3, "correct": [1, 2], "confused": [[0, 1, 7]]}
    return {**place, **found, **seconds}


def opened(output, settings=SETTINGS, arms=ARMS, jobs=1):
    return ResultFile.open(output, settings, arms, {"jobs": jobs})


def test_cells_stand_in_order_a_line_each_and_are_read_again(tmp_path):
    file = opened(tmp_path / "new")
    for place in (
        ("gan", 1),
        ("none", 1),
        ("gan", 0, 10, 1),
        ("gan", 0),
        ("none", 0, 5),
        ("none", 0),
    ):
        file.add(cell(*place))
    again = ResultFile.read(tmp_path / "new")
    assert again.content == file.content == json.loads(file.path.read_text())
    assert again.places == [
        (5, 0, "none", 0),
        (10, 0, "none", 0),
        (10, 0, "gan", 0),
        (10, 0, "gan", 1),
        (10, 1, "none", 0),
        (10, 1, "gan", 0),
    ]
    lines = file.path.read_text().splitlines()
    assert [json.loads(line.rstrip(","))["arm"] for line in lines if '"correct"' in line] == [
        arm for _, _, arm, _ in again.places
    ]
    assert [name.name for name in (tmp_path / "new").iterdir()] == ["benchmark.json"]


def test_cells_of_before_there_were_several_trainings_are_of_the_first(tmp_path):
    file = opened(tmp_path)
    file.add(cell())
    file.path.write_text(file.path.read_text().replace('"training":0,', ""))
    assert "training" not in file.path.read_text()
    assert ResultFile.read(tmp_path).places == [(10, 0, "none", 0)]


OLD = {"additions": [], "pretraining": None, "variations": {"count": 9, "is_bent": False}}
TEACHERS = {"teachers": [["embedding", None, "primed"]], "prior": {"name": "letters"}}


def test_names_of_older_versions_are_read_as_todays(tmp_path):
    arms = {"varied": OLD, "varied+primed": OLD | {"teaching": TEACHERS, "opponents": ["none"]}}
    file = ResultFile.open(tmp_path, SETTINGS, arms, {"versions": {"ganprofile": "0.1.0"}})
    file.add(cell("varied"))
    content = ResultFile.read(tmp_path).content
    today = {"count": 9, "is_pairwise": False}
    assert content["arms"]["deformed"]["deformation"] == today
    distilled = content["arms"]["deformed+distilled+pretrained"]
    assert distilled["distillation"] == {
        "teachers": [["embedding", None, "pretrained"]],
        "pretrained": {"name": "letters"},
    }
    assert distilled["baselines"] == ["none"]
    assert [one["arm"] for one in content["cells"]] == ["deformed"]


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
@pytest.mark.parametrize("name", ["varied", "transformed+deep", "teaching", "prior"])
def test_folders_and_functions_called_as_recipes_once_were_keep_their_names(
    tmp_path, name, version
):
    folder = {"additions": [{"kind": "folder", "name": name}], "transforms": {}}
    environment = {"versions": {"ganprofile": version}}
    for arms in ({name: folder, "deformed": {}}, {name: {}}):
        output = tmp_path / str(len(arms))
        ResultFile.open(output, SETTINGS, arms, environment).add(cell(name))
        content = ResultFile.open(output, SETTINGS, arms, environment).content
        assert content["arms"] == arms and content["cells"][0]["arm"] == name


def test_arms_join_and_cells_know_in_what_they_were_made(tmp_path):
    opened(tmp_path).add(cell())
    other = opened(tmp_path, arms={"classic": {}}, jobs=2)
    other.add(cell("classic"))
    third = opened(tmp_path, arms={"none": {}})
    third.add(cell("none", 1))
    content = ResultFile.read(tmp_path).content
    assert list(content["arms"]) == ["none", "gan", "classic"]
    assert content["environments"] == [{"jobs": 1}, {"jobs": 2}]
    assert [one["environment"] for one in content["cells"]] == [0, 1, 0]


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"classifier": "cnn"}, 'the classifier was "mlp" and is "cnn"'),
        ({"steps": 7}, "the number of training steps was 100 and is 7"),
        ({"seed": 1}, "the seed was 0 and is 1"),
        ({"train_fingerprint": "3" * 64}, "fingerprint of the training images was"),
        ({"test_fingerprint": "3" * 64}, "fingerprint of the test images was"),
    ],
)
def test_another_setting_is_another_experiment(tmp_path, changes, difference):
    opened(tmp_path).add(cell())
    with pytest.raises(UsageError) as refusal:
        opened(tmp_path, {**SETTINGS, **changes})
    assert difference in str(refusal.value) and str(tmp_path) in str(refusal.value)
    opened(tmp_path, {**SETTINGS, "dataset": "the same under another name"})


def test_another_arm_of_the_same_name_is_refused(tmp_path):
    opened(tmp_path).add(cell())
    with pytest.raises(UsageError, match="its epochs was 50 and is 60"):
        opened(tmp_path, arms={"gan": {"epochs": 60, "layers": [1, 2]}})
    with pytest.raises(UsageError, match="its layers was .* and is null"):
        opened(tmp_path, arms={"gan": {"epochs": 50}})
    with pytest.raises(UsageError, match="its filter was null and is"):
        opened(tmp_path, arms={"gan": {"epochs": 50, "layers": [1, 2], "filter": "none"}})
    # Whom it is compared with says nothing of how it makes its set.
    known = {"gan": {"epochs": 50, "layers": [1, 2], "baselines": ["none"]}}
    assert opened(tmp_path, arms=known).content["arms"]["gan"] == known["gan"]


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("settings", {"seed": None}),
        ("settings", {"class_counts": [40]}),
        ("settings", {"test_class_counts": "55"}),
        ("settings", {"test_class_counts": [0, 0]}),
        ("settings", {"class_counts": [40, 0]}),
        ("settings", {"class_names": ["a", "a"]}),
        ("cells", {"accuracy": 0.4}),
        ("cells", {"correct": [6, 0], "accuracy": 0.6}),
        ("cells", {"images": -5}),
        ("cells", {"per_class": 0}),
        ("cells", {"per_class": 41}),
        ("cells", {"correct": [1]}),
        ("cells", {"correct": [1, "2"]}),
        ("cells", {"confused": [[0, 2, 7]]}),
        ("cells", {"confused": [[0, 1]]}),
        ("cells", {"accuracy": "0.3"}),
        ("cells", {"accuracy": float("nan")}),
        ("cells", {"accuracy": 96.5}),
        ("cells", {"per_class": None}),
        ("cells", {"repeat": "first"}),
        ("cells", {"arm": ["none"]}),
        ("cells", {"environment": 1}),
    ],
)
def test_what_tables_and_comparisons_are_made_of_is_checked(tmp_path, section, changes):
    opened(tmp_path).add(cell())
    content = json.loads((tmp_path / "benchmark.json").read_text())
    changed = content[section][0] if section == "cells" else content[section]
    changed |= changes
    if None in changes.values():
        del changed[next(iter(changes))]
    (tmp_path / "benchmark.json").write_text(json.dumps(content))
    for read in (Benchmark.open, opened, gp.report):
        with pytest.raises(GanprofileError, match="benchmark.json is damaged, or not"):
            read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        json.dumps({"settings": {}, "arms": {}, "environments": [], "cells": []}),
        json.dumps({"settings": SETTINGS, "arms": {}, "environments": [], "cells": [cell()]}),
        json.dumps({"settings": SETTINGS, "arms": ARMS, "environments": [], "cells": [{"a": 3}]}),
        json.dumps({"settings": SETTINGS, "arms": {"a": 3}, "environments": [], "cells": []}),
        json.dumps({"settings": SETTINGS, "arms": [], "environments": [], "cells": []}),
        json.dumps({"settings": SETTINGS, "arms": {}, "environments": [], "cells": []}),
    ],
)
def test_a_damaged_file_is_named_and_not_replaced(tmp_path, content):
    (tmp_path / "benchmark.json").write_text(content)
    for read in (ResultFile.read, opened):
        with pytest.raises(GanprofileError, match="benchmark.json"):
            read(tmp_path)
    assert (tmp_path / "benchmark.json").read_text() == content


def test_without_cells_there_is_no_table_to_write(tmp_path):
    empty = {"settings": SETTINGS, "arms": ARMS, "environments": [], "cells": []}
    (tmp_path / "benchmark.json").write_text(json.dumps(empty))
    with pytest.raises(UsageError, match="has no cells yet"):
        Benchmark.open(tmp_path).write()
    assert len(list(tmp_path.iterdir())) == 1


def test_the_committed_results_are_sound():
    found = [*(ROOT / "benchmarks" / "results").rglob("benchmark.json")]
    assert len(found) > 9 and all(map(Benchmark.open, found))


def test_a_cell_that_is_there_twice_is_refused(tmp_path):
    opened(tmp_path).add(cell())
    content = json.loads((tmp_path / "benchmark.json").read_text())
    (tmp_path / "benchmark.json").write_text(json.dumps({**content, "cells": [cell(), cell()]}))
    with pytest.raises(GanprofileError, match="has a cell twice"):
        Benchmark.open(tmp_path)


def test_a_missing_one_is_named(tmp_path):
    with pytest.raises(GanprofileError, match="does not exist"):
        ResultFile.read(tmp_path)


def test_without_a_folder_it_stays_in_memory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = opened(None)
    file.add(cell())
    assert file.places == [(10, 0, "none", 0)] and list(tmp_path.iterdir()) == []
