import json
import signal
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError, Interrupted, UsageError
from ganprofile.storage import files
from ganprofile.storage.files import (
    atomic_folder,
    atomic_path,
    file_name,
    made_folder,
    read_json,
)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(target) as partial:
        partial.write_text("new")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "page.html").write_text("old")
    for name, to in {"page.html": "shared/page.html", "next.html": "shared/next.html"}.items():
        (tmp_path / name).symlink_to(to)
        files.write_bytes(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink() and (tmp_path / to).read_text() == "new"


def test_a_failed_folder_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), atomic_folder(tmp_path / "new" / "set") as partial:
        (partial / "file").write_text("new")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_for_files_goes_again_where_there_are_none(tmp_path):
    for place in (tmp_path / "new" / "deeper", tmp_path):
        with pytest.raises(OSError, match="full"), made_folder(place):
            assert place.is_dir()
            raise OSError("full")
    assert tmp_path.is_dir() and not list(tmp_path.iterdir())
    with pytest.raises(OSError, match="full"), made_folder(tmp_path / "new"):
        (tmp_path / "new" / "whole.png").touch()
        raise OSError("full")
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "whole.png"]


def test_an_existing_folder_is_refused_and_replaced_only_by_force(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "old").write_text("old")
    with pytest.raises(UsageError, match="exists already"), atomic_folder(tmp_path / "set"):
        pass
    with atomic_folder(tmp_path / "set", force=True) as partial:
        (partial / "new").write_text("new")
        assert (tmp_path / "set" / "old").exists(), "the old set stands until the new one is whole"
    assert [file.name for file in (tmp_path / "set").iterdir()] == ["new"]
    assert [file.name for file in tmp_path.iterdir()] == ["set"]


def test_what_another_made_meanwhile_is_not_replaced(tmp_path):
    with (
        pytest.raises(UsageError, match="exists already"),
        atomic_folder(tmp_path / "set") as partial,
    ):
        (partial / "ours").write_text("ours")
        (tmp_path / "set").mkdir()
        (tmp_path / "set" / "theirs").write_text("theirs")
    assert [file.name for file in (tmp_path / "set").iterdir()] == ["theirs"]
    assert [file.name for file in tmp_path.iterdir()] == ["set"]


@pytest.mark.parametrize("was_there", [True, False])
def test_force_replaces_nothing_that_a_user_writes_meanwhile(tmp_path, was_there):
    place = tmp_path / "set"
    if was_there:
        place.mkdir()
        (place / "old").write_text("old")

    def made(name):
        with atomic_folder(place, force=True) as partial:
            (partial / "ours").write_text("ours")
            place.mkdir(exist_ok=True)
            (place / name).write_text("theirs")

    with pytest.raises(UsageError, match="notes.txt was written into .*set while"):
        made("notes.txt")
    there = {file.name for file in place.iterdir()}
    assert there == {"notes.txt", "old"} if was_there else {"notes.txt"}
    assert [file.name for file in tmp_path.iterdir()] == ["set"]
    if was_there:
        with pytest.raises(UsageError, match="old was written into"):
            made("old")
    made("report.html")  # which a command makes again
    assert [file.name for file in place.iterdir()] == ["ours"]


def test_what_another_made_after_the_last_look_is_not_replaced(tmp_path, monkeypatch):
    look, looks = files.refuse_existing, []

    def looked(path, *args, **kwargs):
        look(path, *args, **kwargs)
        looks.append(path)
        if len(looks) == 2:
            path.mkdir()
            (path / "theirs").write_text("theirs")

    monkeypatch.setattr(files, "refuse_existing", looked)
    with (
        pytest.raises(UsageError, match="exists already"),
        atomic_folder(tmp_path / "set") as partial,
    ):
        (partial / "ours").write_text("ours")
    assert len(looks) == 2
    assert [file.name for file in (tmp_path / "set").iterdir()] == ["theirs"]
    assert [file.name for file in tmp_path.iterdir()] == ["set"]


def test_an_interrupted_exchange_puts_the_old_folder_back(tmp_path, monkeypatch):
    target = tmp_path / "set"
    target.mkdir()
    (target / "old").write_text("old")
    rename, calls = Path.replace, []

    def stopped(self, place):
        calls.append(self)
        if len(calls) == 2:
            raise Interrupted(signal.SIGINT)
        return rename(self, place)

    with pytest.raises(Interrupted), atomic_folder(target, force=True) as partial:
        (partial / "new").write_text("new")
        monkeypatch.setattr(Path, "replace", stopped)
    assert [file.name for file in target.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("content", ["", "{", "[1]", "\ufeff{}x"])
def test_damaged_json_is_named(tmp_path, content):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(GanprofileError, match=r"x\.json"):
        read_json(tmp_path / "x.json")


def test_json_round_trip(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps({"a": 1}))
    assert read_json(tmp_path / "x.json") == {"a": 1}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a b/c", "a-b-c"), ("পাতা", "পাতা"), ("می\u200cرم", "می\u200cرم"), ("क्षि 1", "क्षि-1")],
)
def test_names_of_files_keep_vowel_signs(name, expected):
    assert file_name(name) == expected


def test_force_is_advised_only_where_it_helps(tmp_path):
    """What is not ours is not replaced, asked for or not."""
    strange, ours = tmp_path / "scans", tmp_path / "set"
    strange.mkdir(), ours.mkdir()
    (ours / "dataset.json").write_text("{}")
    asked = "dataset.json", "a set that ganprofile wrote"
    for force, words in ((False, "exists already and is not a set"), (True, "is not a set")):
        with pytest.raises(UsageError, match=f"{words}.* so `force` does not") as refused:
            files.refuse_others(strange, force, *asked)
        assert "add" not in str(refused.value)
    with pytest.raises(UsageError, match="exists already.* or add `force=True`"):
        files.refuse_others(ours, False, *asked)
    assert files.refuse_others(ours, True, *asked) == ours
    (ours / "checkpoint").mkdir()
    with pytest.raises(UsageError, match="set holds checkpoint, .* Choose another `name`."):
        files.refuse_others(ours, True, *asked, never=("checkpoint",), name="name")


def test_force_replaces_no_folder_into_which_a_user_put_files(tmp_path):
    place = tmp_path / "reader"
    (place / "parts").mkdir(parents=True)
    for name in ("mark.json", "parts/a.bin", ".DS_Store", "report.html"):
        (place / name).touch()
    asked = {"mark": "mark.json", "what": "ours", "foreign": files.files_but("mark.*", "parts/*")}
    assert files.refuse_others(place, True, **asked) == place
    (place / "scans").mkdir()
    (place / "scans" / "1.png").touch(), (place / "notes.txt").touch()
    for force, words in ((False, "exists already and holds files"), (True, "reader holds files")):
        said = rf"{words} .*changed since \(notes.txt, scans/1.png\), so .* Move them elsewhere"
        with pytest.raises(UsageError, match=said):
            files.refuse_others(place, force, **asked)


def test_numbers_of_numpy_are_written_as_those_of_python(tmp_path):
    given = {"epochs": np.int64(3), "rate": np.float32(0.5), "is_new": np.bool_(True)}
    files.write_json(tmp_path / "a.json", given)
    assert read_json(tmp_path / "a.json") == {"epochs": 3, "rate": 0.5, "is_new": True}
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        files.write_json(tmp_path / "a.json", {"what": object()})


@pytest.mark.parametrize(
    "make",
    [
        lambda place: gp.study("sharpies", quick=True, output=place, dry_run=True),
        lambda place: gp.benchmark("digits", per_class=2, output=place, dry_run=True),
    ],
)
def test_a_file_is_no_folder_for_results(tmp_path, make):
    (tmp_path / "mine").write_text("dear")
    with pytest.raises(UsageError, match="mine is no folder. Choose another `output`"):
        make(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "dear"


def test_a_folder_is_no_file_for_a_report(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(UsageError, match="mine is a folder, which no file replaces"):
        gp.report("digits-cgan", output=tmp_path / "mine", force=True)
