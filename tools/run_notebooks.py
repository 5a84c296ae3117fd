"""Run the notebooks from top to bottom and keep what they showed.

    python tools/run_notebooks.py [NAME ...]

Outputs are committed, so that people see them without running anything: pictures, text, no
warnings, and nothing that differs from one run to the next in the notebook's own metadata.
"""

import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


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
    chosen = sys.argv[1:] or [""]
    for path in sorted({path for name in chosen for path in NOTEBOOKS.glob(f"{name}*.ipynb")}):
        print(f"{path.stem}: {run(path):.0f} s, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
