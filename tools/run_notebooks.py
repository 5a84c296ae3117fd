"""Run the notebooks from top to bottom and keep what they showed.

    python tools/run_notebooks.py [NAME ...]

Outputs are committed, so that people see them without running anything: pictures, text, no
warnings, and nothing that differs from one run to the next in the notebook's own metadata. Two
cells are written here: the link that opens the notebook in Colab, and what installs the package
there. `--links` writes these alone.
"""

import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
REPOSITORY = "ganprofile/ganprofile"  # on GitHub, once it is published: where Colab finds notebooks
EXTRAS = {"04_your_own_handwriting": " opencv-python-headless pypdfium2"}


def badge(name):
    """The first cell: opens the notebook in Colab."""
    address = f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/notebooks"
    picture = "https://colab.research.google.com/assets/colab-badge.svg"
    return f"[![Open in Colab]({picture})]({address}/{name}.ipynb)"


def installation(name):
    """The first code: what Colab lacks, from a wheel, since no name out there is the project's."""
    return (
        "import importlib.util\n\n"
        "# In Colab, upload the wheel that `make package` builds.\n"
        'if importlib.util.find_spec("ganprofile") is None:\n'
        f"    %pip install -q ./ganprofile-*.whl{EXTRAS.get(name, '')}"
    )


def link(path):
    """Write both cells into a notebook, in place of those that are there."""
    notebook = nbformat.read(path, as_version=4)
    others = [c for c in notebook.cells if c.get("id") not in ("colab", "install")]
    before = nbformat.v4.new_markdown_cell(badge(path.stem), id="colab")
    install = nbformat.v4.new_code_cell(installation(path.stem), id="install")
    title, *rest = others
    notebook.cells = [before, title, install, *rest]
    nbformat.write(notebook, path)


def run(path):
    """Run a notebook in an empty folder and write it back; the seconds are returned."""
    notebook = nbformat.read(path, as_version=4)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}}).execute()
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    nbformat.write(notebook, path)
    return time.monotonic() - began


def main():
    names = [argument for argument in sys.argv[1:] if argument != "--links"] or [""]
    for path in sorted({path for name in names for path in NOTEBOOKS.glob(f"{name}*.ipynb")}):
        link(path)
        if "--links" not in sys.argv:
            print(f"{path.stem}: {run(path):.0f} s, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
