"""The rows of the table, each in the module that measures it.

A module is imported in the process that measures it alone: PyTorch and TensorFlow share no process.
"""

import importlib

ROWS = {
    "mlp-step": "steps",
    "dcgan-step": "steps",
    "quality-mnist": "quality",
    "quality-emnist": "quality",
    "generation": "generation",
    "generation-processes": "generation",
    "metrics": "metrics",
    "metrics-inception": "metrics",
    "loading-mnist": "loading",
    "loading-emnist": "loading",
    "loading-pictures": "loading",
    "help": "start",
    "import": "start",
}


def row(name):
    """The `Row` of a name."""
    return importlib.import_module(f"benchmarks.speed.{ROWS[name]}").ROWS[name]
