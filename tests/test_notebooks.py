import re
import runpy
from pathlib import Path

import pytest

# Every cell runs, and what a reader waits for is short.
SHORTER = {
    r"epochs=\d+": "epochs=3",
    r'"(gan|cgan|quick)": \d+': r'"\1": 3',
    r"repeats=\d+": "repeats=2",
    r"\bper_class=50\b": "per_class=15",
    r"\bsubset\(per_class=[25]00\b": "subset(per_class=60",
    r"^small = train_set.of_classes\(.*\)": r"\g<0>.subset(80)",
    r"\bper_class=600\b": "per_class=180",
    r"\bsteps=\d+": "steps=20",
    r"images=300": "images=100",
    r"profile_writers\(train_set": "profile_writers(known",
}
ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOLUTION = re.compile(r"<details>.*?</details>", re.DOTALL)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
OF_ITS_OWN = ("06_many_gpus",)  # which divides the CPU before TensorFlow has used it
SAYS = {"06_many_gpus": "largest difference of a pixel: 0 of 255"}


def solutions(notebook):
    """The programs that exercises hide."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [code for hidden in SOLUTION.findall(prose) for code in PROGRAM.findall(hidden)]


def text(notebook):
    """What its cells printed."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture(scope="module")
def kernel():
    """What all but those that begin with settings of devices run in: it imports once."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, tmp_path_factory, kernel):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for long, short in SHORTER.items():
            cell.source = re.sub(long, short, cell.source, flags=re.M)
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in solutions(notebook)]
    # `tmp_path` would go with its test, and with it the folder that the next one begins in.
    folder = tmp_path_factory.mktemp(path.stem)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {folder}"))
    shared = {} if path.stem in OF_ITS_OWN else {"km": kernel}
    NotebookClient(notebook, timeout=300, **shared).execute()
    assert any(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ), "it shows pictures"
    assert SAYS.get(path.stem, "") in text(notebook)


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_opens_in_colab_and_brings_the_package_there(path):
    import nbformat

    tool = runpy.run_path(str(ROOT / "tools" / "run_notebooks.py"))
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source == tool["badge"](path.stem)
    assert next(c for c in cells if c.cell_type == "code").source == tool["installation"](path.stem)


def test_the_lesson_of_collapse_shows_one():
    import nbformat

    notebook = nbformat.read(ROOT / "notebooks" / "00_gan_from_scratch.ipynb", as_version=4)
    assert len(solutions(notebook)) >= 4
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    (first,) = (k for k, source in enumerate(code) if source.startswith("LATENTS"))
    lines = [line for source in code[first : first + 4] for line in source.splitlines() if line]
    assert "def train(steps)" in "".join(lines) and len(lines) <= 40, "a GAN in forty lines"
    pattern = r"(\w+): (\d+) of 10 classes; two drawings differ by ([\d.]+)"
    found = {name: (int(n), float(d)) for name, n, d in re.findall(pattern, text(notebook))}
    assert list(found) == ["trained", "collapsed", "mended"]
    assert found["trained"][0] == found["mended"][0] == 10
    assert found["collapsed"][0] <= 5 and found["collapsed"][1] < found["trained"][1] / 3
