"""The examples in the docstrings run, and everything public has one."""

import doctest
import functools
import importlib
import inspect
import shutil
import types
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp

MODULES = (
    "augmentation.augment",
    "augmentation.generate",
    "augmentation.labelling",
    "augmentation.verify",
    "benchmarking.benchmark",
    "console",
    "datasets.dataset",
    "datasets.describing",
    "datasets.imports",
    "datasets.loading",
    "datasets.opened",
    "errors",
    "evaluation.evaluate",
    "evaluation.result",
    "exporting.export",
    "figures.lettering",
    "gan.presets",
    "gan.settings",
    "metrics.balls",
    "metrics.checks",
    "metrics.copies",
    "metrics.diversity",
    "metrics.features",
    "metrics.frechet_distance",
    "metrics.inception",
    "metrics.kernel_distance",
    "metrics.manifold",
    "metrics.style",
    "models",
    "publishing.pushing",
    "reading_order",
    "recipes.layer",
    "recipes.over_sampler",
    "recognition.classify",
    "recognition.shown",
    "recognition.reader",
    "recognition.training",
    "reporting.report",
    "runs.comparing",
    "runs.listing",
    "runs.model_places",
    "runs.plotting",
    "runs.run",
    "sampling.sample",
    "storage.names",
    "studies.profile",
    "studies.run",
    "training.devices.devices",
    "training.train",
    "transforms.handwriting.transform",
)
OPTIONAL = {"import torch": "torch", "as_albumentations": "albumentations"}
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MEMBERS = (types.FunctionType, classmethod, staticmethod)  # a property is seen in others' examples


def examples():
    """One doctest for each docstring that has examples."""
    finder = doctest.DocTestFinder()
    for name in MODULES:
        module = importlib.import_module(f"ganprofile.{name}")
        tests = finder.find(module)
        for place, kept in _cached_properties(module):
            tests += finder.find(kept.func, place, module)
        by_name = {test.name: test for test in tests if test.examples}
        assert by_name, f"{name} has no examples"
        yield from by_name.values()


def _cached_properties(module):
    """Doctest looks into these from some version of Python on."""
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            for name, member in vars(kind).items():
                if isinstance(member, functools.cached_property):
                    yield f"{module.__name__}.{kind.__name__}.{name}", member


def public():
    """Name -> docstring of the public functions and classes, and of the latter's public methods."""
    metrics = [name for name in MODULES if name.startswith("metrics.")]
    found = {name: getattr(gp, name) for name in gp._PUBLIC}
    for name in metrics:
        module = importlib.import_module(f"ganprofile.{name}")
        ours = {key: value for key, value in vars(module).items() if not key.startswith("_")}
        found |= {
            f"{name}.{key}": value
            for key, value in ours.items()
            if getattr(value, "__module__", None) == module.__name__
        }
    for name, value in found.items():
        if callable(value):
            yield name, inspect.getdoc(value)
        for member, inner in vars(value).items() if inspect.isclass(value) else ():
            if not member.startswith("_") and isinstance(inner, MEMBERS):
                yield f"{name}.{member}", inspect.getdoc(inner)


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    """`train`, which copies the run of an earlier example where it would train the same again."""
    train, kept = gp.train, {}

    def once(dataset, *model, **options):
        if not model or set(options) != {"epochs", "progress"}:
            return train(dataset, *model, **options)
        key = (dataset.fingerprint, *model, options["epochs"])
        if key not in kept:
            output = tmp_path_factory.mktemp("runs")
            kept[key] = train(dataset, *model, output=output, **options).path
        return gp.Run.open(shutil.copytree(kept[key], Path("runs", kept[key].name)))

    return once


@pytest.fixture
def empty_folder(trained_once, tmp_path, monkeypatch):
    """As the working directory, and another one for what is imported."""
    monkeypatch.setattr(gp, "train", trained_once)
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.parametrize("example", [*examples()], ids=lambda example: example.name)
def test_an_example_gives_what_it_says(example, empty_folder):
    for words, module in OPTIONAL.items():
        if any(words in part.source for part in example.examples):
            pytest.importorskip(module)
    said = []
    example.globs = {"gp": gp, "np": np}
    doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*one, id=one[0]) for one in public()])
def test_what_is_public_has_an_example(name, text):
    assert ">>> " in (text or ""), f"{name} has no example"
