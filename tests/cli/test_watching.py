"""`runs`, `plot` and `compare`: what they print."""

import json
import shutil

import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from tests.conftest import run_command


@pytest.fixture
def folder(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "runs" / short_run.path.name)
    return tmp_path / "runs"


def test_runs_are_a_line_each_in_a_pipe(in_process, folder, short_run):
    long = folder / ("a-run-of-a-very-long-name-" * 5)
    shutil.copytree(short_run.path, long)
    (long / "generator.keras").unlink()
    (folder / "broken").mkdir()
    (folder / "broken" / "config.json").write_text("{")
    code, out, err = in_process("runs", folder)
    rows = {line.split()[0]: line.split() for line in out.splitlines()}
    assert code == 0 and "best kernel" in out and "Traceback" not in err
    assert rows[short_run.path.name][2:6] == ["finished", "digits", "cgan", "3"]
    assert rows[long.name][2] == "unfinished" and "train --resume" in err
    assert rows["broken"][2] == "damaged" and "config.json is not readable JSON" in out
    with pytest.raises(GanprofileError, match="is not readable JSON .* Put a whole copy in its pl"):
        gp.Run.open(folder / "broken")


def test_runs_as_json(in_process, folder, short_run):
    code, out, _ = in_process("runs", folder, "--json")
    (run,) = json.loads(out)
    assert code == 0 and run["path"] == str(folder / short_run.path.name)
    assert run["epochs"] == 3 and run["state"] == "finished"


def test_where_there_are_no_runs_it_says_so(in_process, tmp_path, monkeypatch):
    code, out, _ = in_process("runs", tmp_path)
    assert (code, out) == (0, f"There are no runs in {tmp_path}.\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = in_process("runs")
    assert (code, out) == (2, "") and err.startswith("Error: No folder runs.")
    assert json.loads(in_process("runs", tmp_path, "--json")[1]) == []


def test_listing_and_plotting_load_no_framework(folder, short_run):
    path = folder / short_run.path.name
    code = (
        "import sys, ganprofile as gp; gp.list_runs(sys.argv[1]); gp.plot(sys.argv[2]);"
        "print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    done = run_command(folder, path, code=code)
    assert done.stdout == "set()\n", done.stderr


def test_plot_names_the_files(in_process, folder, short_run):
    path = folder / short_run.path.name
    code, out, _ = in_process("plot", path, "--histograms")
    assert code == 0 and out.splitlines()[-1] == str(path / "figures/histograms/epoch_003.png")
    assert len(json.loads(in_process("plot", path, "--json")[1])) == 3
    code, out, err = in_process("plot", "digits-cgan")
    assert (code, out) == (1, "") and "it has no histograms.npz" in err


def test_compare_prints_paths_and_what_differs(
    in_process, short_run, short_unlabelled_run, tmp_path
):
    runs = [short_run.path, short_unlabelled_run.path]
    code, out, _ = in_process("compare", *runs, "--output", tmp_path / "out", "--seed", "1")
    assert code == 0 and out.startswith(str(tmp_path / "out" / "grids.png"))
    rows = {line[:20].strip(): line[20:].split() for line in out.splitlines()}
    assert rows["penalty"] == ["r1", "-"] and rows["epochs"] == ["3", "2"]
    code, out, err = in_process("compare", *runs, "--output", tmp_path / "out", "--json")
    assert (code, out) == (2, "") and "exists already" in err
    code, out, _ = in_process("compare", *runs, "--output", tmp_path / "out", "--json", "--force")
    result = json.loads(out)
    assert code == 0 and result["names"] == [run.name for run in runs]
    assert result["settings"]["model"] == ["cgan", "gan"]
    assert in_process("compare", runs[0], "--output", tmp_path / "out")[0] == 2
