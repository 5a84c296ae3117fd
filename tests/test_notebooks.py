import re
from pathlib import Path

import pytest

# Every cell runs, and what a reader waits for is short.
SHORTER = {
    r"epochs=\d+": "epochs=6",
    r'"(gan|cgan|quick)": \d+': r'"\1": 6',
    r"repeats=\d+": "repeats=2",
    r"\bper_class=50\b": "per_class=15",
    r"\bsteps=\d+": "steps=30",
    r"profile_writers\(train_set": "profile_writers(known",
}
NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for long, short in SHORTER.items():
            cell.source = re.sub(long, short, cell.source)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    assert any(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ), "it shows pictures"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_with_small_outputs_and_no_errors(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert any(cell.outputs for cell in code)
    assert not any(o.output_type == "error" for cell in code for o in cell.outputs)
    assert path.stat().st_size < 300_000
    source = "\n".join(cell.source for cell in code)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    links = [link for link in re.findall(r"\]\(([^)#]+)", prose) if "://" not in link]
    assert not [link for link in links if not (path.parent / link).exists()]
    assert set(re.findall(r"(?:import|from) (ganprofile\S*)", source)) == {"ganprofile"}, "public"
