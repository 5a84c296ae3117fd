import json
import shutil

import pytest

import ganprofile as gp


@pytest.fixture
def folder(short_run, short_unlabelled_run, tmp_path):
    """Two finished runs, with everything that a listing looks at."""
    for run in (short_run, short_unlabelled_run):
        shutil.copytree(run.path, tmp_path / "runs" / run.path.name)
    return tmp_path / "runs"


def change_config(path, **changes):
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps({**config, **changes}))


def test_finished_runs_are_listed_by_date(folder, short_run, short_unlabelled_run):
    old = folder / short_unlabelled_run.path.name
    change_config(old, created="2001-02-03T04:05:06+00:00")
    first, second = gp.list_runs(folder)
    assert (first.path, first.created) == (old, "2001-02-03T04:05:06+00:00")
    assert (second.dataset, second.model) == ("digits", "cgan")
    assert (second.state, second.problem) == ("finished", None)
    assert second.epochs == second.planned_epochs == 3
    files = [file for file in second.path.rglob("*") if file.is_file()]
    assert second.bytes == sum(file.stat().st_size for file in files)
    assert gp.list_runs(old) == [first], "a run folder itself may be named"


def test_the_newest_is_named_first_whatever_it_is_called(folder, monkeypatch):
    older, newer = sorted(folder.iterdir(), reverse=True)
    change_config(older, created="2026-11-29T08:00:00+02:00")
    change_config(newer, created="2026-11-29T07:00:00+00:00")  # an hour later
    with pytest.raises(gp.UsageError, match=f"folder with 2 runs in it. Name one: .*{newer.name}"):
        gp.plot(folder)
    monkeypatch.chdir(folder.parent)
    with pytest.raises(gp.UsageError, match=f"latest first: runs/{newer.name}, runs/{older.name}"):
        gp.plot("nope")


def test_the_best_distance_is_the_lowest_that_was_measured(folder):
    columns = "epoch,generator_loss,discriminator_loss,seconds"
    never, sometimes = sorted(folder.iterdir())
    (never / "history.csv").write_text(f"{columns}\n1,1,1,1\n2,1,1,1\n")
    (sometimes / "history.csv").write_text(
        f"{columns},kernel_distance\n1,1,1,1,nan\n2,1,1,1,0.25\n3,1,1,1,0.5\n"
    )
    best = {run.path: (run.best_kernel_distance, run.best_epoch) for run in gp.list_runs(folder)}
    assert best == {never: (None, None), sometimes: (0.25, 2)}


def test_a_run_that_can_go_on_is_told_from_a_finished_one(folder):
    no_generator, more_epochs = sorted(folder.iterdir())
    (no_generator / "generator.keras").unlink()
    settings = json.loads((more_epochs / "config.json").read_text())["settings"]
    change_config(more_epochs, settings={**settings, "epochs": 9})
    by_minutes = shutil.copytree(more_epochs, folder / "by_minutes")
    change_config(by_minutes, settings={**settings, "minutes": 5.0})
    unbegun = shutil.copytree(no_generator, folder / "unbegun")
    (unbegun / "history.csv").unlink()
    for state in (unbegun / "checkpoint").iterdir():
        state.unlink()
    states = {run.path: (run.state, run.planned_epochs, run.epochs) for run in gp.list_runs(folder)}
    assert states == {
        no_generator: ("unfinished", 3, 3),
        more_epochs: ("unfinished", 9, 2),
        by_minutes: ("unfinished", None, 2),
        unbegun: ("unfinished", 3, 0),
    }


def test_epochs_that_a_killed_run_did_not_keep_do_not_count(folder):
    killed = sorted(folder.iterdir())[1]
    settings = json.loads((killed / "config.json").read_text())["settings"]
    change_config(killed, settings={**settings, "epochs": 3})
    with (killed / "history.csv").open("a", encoding="utf-8") as history:
        row = (killed / "history.csv").read_text().splitlines()[-1].split(",")
        history.write(",".join(["3", *row[1:]]) + "\n")
    (run,) = (run for run in gp.list_runs(folder) if run.path == killed)
    goes_on = gp.resume(killed, progress=False, dry_run=True)
    assert (run.state, run.epochs) == ("unfinished", 2)
    assert goes_on["epochs_done"] == run.epochs


def test_a_model_has_the_epochs_that_it_was_trained_for():
    (model,) = gp.list_runs(gp.Run.open("digits-cgan").path)
    assert model.state == "model" and model.epochs == model.planned_epochs > 0


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("config.json", None, "config.json is missing"),
        ("config.json", b"", "not readable JSON"),
        ("config.json", b"{}", "it is not the config of a run"),
        ("history.csv", b"\xff\xfe\x00", "history.csv cannot be read"),
        ("history.csv", b"epoch,generator_loss\n1,many\n", "history.csv cannot be read"),
        ("history.csv", b"epoch,seconds,event\n1,0,5,\n", "history.csv cannot be read"),
        ("history.csv", b"epoch;seconds;event\n1;0,5;a\n", "history.csv cannot be read"),
        ("history.csv", b"epoch\n1\n", "lacks the column 'generator_loss'"),
        ("generator.keras", b"PK\3\4 cut", "generator.keras is cut or damaged"),
        ("checkpoint/state.npz", b"", "state.npz is cut or damaged"),
        ("checkpoint", None, "generator.keras is missing"),
    ],
)
def test_damage_is_named_and_hides_no_other_run(folder, file, content, reason):
    damaged, whole = sorted(folder.iterdir())
    if file == "checkpoint":
        shutil.rmtree(damaged / file)
        (damaged / "generator.keras").unlink()
    elif content is None:
        (damaged / file).unlink()
    else:
        (damaged / file).write_bytes(content)
    states = {run.path: run for run in gp.list_runs(folder)}
    assert states[damaged].state == "damaged" and reason in states[damaged].problem
    assert states[whole].state == "finished"


def test_a_table_that_a_spreadsheet_saved_is_damaged_or_read(short_run, tmp_path):
    path = shutil.copytree(short_run.path, tmp_path / "run")
    whole = (path / "history.csv").read_text()
    (path / "history.csv").write_text(whole, encoding="utf-8-sig")
    run = gp.Run.open(path)
    assert run.history["epoch"].tolist() == short_run.history["epoch"].tolist()
    (path / "history.csv").write_text(whole.replace(".", ","))
    for read in (lambda: run.history, lambda: run.events, lambda: run.last_epoch):
        with pytest.raises(gp.GanprofileError, match=r"history\.csv cannot be read as a table"):
            read()


def test_a_config_that_names_no_writers_in_words_is_one_without(folder):
    path = sorted(folder.iterdir())[0]
    config = json.loads((path / "config.json").read_text())
    change_config(path, dataset={**config["dataset"], "writers": None})
    assert [run.state for run in gp.list_runs(folder)] == ["finished"] * 2


AT_THE_BEGINNING = "0001-01-01T00:00:00+05:00"  # which is before all that can be told in UTC


@pytest.mark.parametrize("created", [None, 7, "yesterday", "2026-11-20T10:00:00", AT_THE_BEGINNING])
def test_a_date_is_found_also_where_the_config_has_none(folder, created):
    path = sorted(folder.iterdir())[0]
    change_config(path, created=created)
    assert [run.created[4] for run in gp.list_runs(folder)] == ["-", "-"]


def test_other_folders_and_files_are_left_out(folder):
    (folder / "notes").mkdir()
    (folder / ".x.partial").mkdir()
    (folder / ".x.partial" / "config.json").write_text("{}")
    (folder / "notes.txt").write_text("x")
    assert len(gp.list_runs(folder)) == 2
    assert gp.list_runs(folder / "notes") == []


@pytest.mark.parametrize("place", ["nowhere", "~nobody-of-that-name/runs", "setup.cfg"])
def test_a_missing_folder_is_wrong_usage(place):
    with pytest.raises(gp.UsageError, match="folder"):
        gp.list_runs(place)
