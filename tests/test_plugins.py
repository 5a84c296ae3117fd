"""What an installed package adds by entry points."""

import json
import os
import sys

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.sources.function import FunctionSource
from ganprofile.errors import GanprofileError
from ganprofile.metrics import METRICS
from ganprofile.storage.plugins import Registry
from tests.conftest import run_command

MODULE = '''
import numpy as np

import ganprofile as gp
from ganprofile.datasets.formats.npz import Writer, blocks
from ganprofile.gan.settings import Settings


def strokes():
    """Strokes of two kinds."""
    images = np.zeros((240, 28, 28, 1), np.uint8)
    for index, image in enumerate(images):
        at = 4 + index // 2 % 20
        (image if index % 2 else image.transpose(1, 0, 2))[at : at + 3, 4:24] = 255
    return gp.Dataset(images, labels=np.arange(240) % 2, class_names=("|", "-"), name="strokes")


tiny = Settings(batch_size=16, latent_dim=4)


def ink(real_images, fake_images):
    return abs(real_images.mean() - fake_images.mean()) / 255


def broken(real_images, fake_images):
    raise RuntimeError("no luck")


def nothing(real_images, fake_images):
    return float("nan")


class format:
    Writer, blocks = Writer, staticmethod(blocks)
'''
ENTRY_POINTS = """
[ganprofile.datasets]
strokes = tiny_plugin:strokes

[ganprofile.presets]
tiny = tiny_plugin:tiny

[ganprofile.metrics]
ink = tiny_plugin:ink
broken = tiny_plugin:broken
nothing = tiny_plugin:nothing

[ganprofile.formats]
mine = tiny_plugin:format
"""
USED = """
import json, sys
import ganprofile as gp

train_set, test_set = gp.load("strokes")
assert test_set is None and "strokes" in [card["name"] for card in gp.list_datasets()]
run = gp.train(train_set, "tiny", epochs=1, output="runs", progress=False)
train_set.save("written", "mine")
again, _ = gp.load("written")
found = gp.evaluate(train_set, train_set, classifier=False, progress=False)
measured = {name: value for name, value, _ in found.measured}
print(json.dumps([run.config["settings"]["latent_dim"], again.fingerprint == train_set.fingerprint,
                  found.further, measured["ink"], found.notes]))
"""


def install(folder, module=MODULE, entry_points=ENTRY_POINTS):
    """A package as an installer leaves it: a module and its metadata."""
    metadata = folder / "tiny_plugin-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "tiny_plugin.py").write_text(module)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-plugin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(entry_points)


def run_with(folder, *arguments, **options):
    path = os.pathsep.join([str(folder), *sys.path])
    return run_command(*arguments, env={**os.environ, "PYTHONPATH": path}, cwd=folder, **options)


@pytest.mark.slow
def test_a_package_adds_a_dataset_a_preset_a_metric_and_a_format(tmp_path):
    install(tmp_path)
    done = run_with(tmp_path, code=USED)
    assert done.returncode == 0, done.stderr
    latent_dim, is_same, further, shown, notes = json.loads(done.stdout.splitlines()[-1])
    assert (latent_dim, is_same, further, shown) == (4, True, {"ink": 0.0}, 0.0)
    assert "The metric broken failed: RuntimeError: no luck." in notes
    assert "The metric nothing failed: it gave nan." in notes


@pytest.mark.parametrize(
    ("module", "entry_points", "sentence"),
    [
        ("1 / 0", ENTRY_POINTS, "The package tiny-plugin adds 'strokes' to "
         "ganprofile.datasets, which cannot be loaded (tiny_plugin:strokes): ZeroDivisionError: "
         "division by zero."),
        (MODULE, "[ganprofile.datasets]\ndigits = tiny_plugin:strokes\n", "The package tiny-plugin "
         "adds 'digits' to ganprofile.datasets, which has one of this name already."),
    ],
)  # fmt: skip
def test_what_a_package_does_wrong_is_said_with_its_name(tmp_path, module, entry_points, sentence):
    install(tmp_path, module, entry_points)
    done = run_with(tmp_path, "datasets", "show", "strokes")
    assert done.returncode == 1 and f"Error: {sentence}" in done.stderr


WRONG = """
three = 3


def fails():
    raise RuntimeError("no luck")


def bad():
    return 5


class odd:
    load = None


class format:
    blocks = None
"""
WRONG_POINTS = """
[ganprofile.datasets]
three = tiny_plugin:three
fails = tiny_plugin:fails
bad = tiny_plugin:bad
odd = tiny_plugin:odd
gone = tiny_plugin:gone

[ganprofile.presets]
tiny = tiny_plugin:three

[ganprofile.formats]
mine = tiny_plugin:format
"""


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("train digits --model tiny --epochs 1", "The package tiny-plugin adds 'tiny' to "
         "ganprofile.presets, which cannot be loaded (tiny_plugin:three): TypeError: It should be "
         "a Settings. Received: 3. "),
        ("generate digits-cgan --total 20 --format mine", "The package tiny-plugin adds 'mine' to "
         "ganprofile.formats, which cannot be loaded (tiny_plugin:format): TypeError: It should be "
         "a module or class with Writer and blocks. Received: "),
        ("datasets show three", "The package tiny-plugin adds 'three' to ganprofile.datasets, "),
        ("datasets show fails", "The dataset fails of the installed package tiny_plugin failed: "
         "RuntimeError: no luck."),
    ],
)  # fmt: skip
def test_what_is_of_another_kind_or_fails_is_said_before_any_work(tmp_path, command, sentence):
    install(tmp_path, WRONG, WRONG_POINTS)
    done = run_with(tmp_path, *command.split())
    assert done.returncode == 1 and done.stderr.startswith(f"Error: {sentence}"), done.stderr


def test_what_fails_is_said_beside_the_list_of_all_others(tmp_path):
    install(tmp_path, WRONG, WRONG_POINTS)
    done = run_with(tmp_path, "datasets", "list")
    assert done.returncode == 0 and "digits" in done.stdout and "hwdplus/500" in done.stdout
    for sentence in (
        "bad is left out: The dataset bad of the installed package tiny_plugin should be a "
        "Dataset, or a pair of them. Received: <class 'int'>. Update or uninstall it.",
        "fails is left out: The dataset fails of the installed package tiny_plugin failed: ",
        "gone is left out: The package tiny-plugin adds 'gone' to ganprofile.datasets, which ",
        "odd is left out: AttributeError: ",
        "three is left out: The package tiny-plugin adds 'three'",
    ):
        assert sentence in done.stderr


def test_a_registry_is_a_dict_of_its_own_entries():
    registry = Registry("ganprofile.nothing", {"b": 1, "a": 2})
    assert list(registry) == ["b", "a"] and dict(registry) == {"b": 1, "a": 2}
    assert "b" in registry and "c" not in registry and len(registry) == 2
    registry["c"] = 3
    del registry["b"]
    assert dict(registry) == {"a": 2, "c": 3}
    with pytest.raises(KeyError):
        registry["b"]


def test_an_entry_of_ones_own_cannot_be_replaced_by_a_package(tmp_path, monkeypatch):
    install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    registry = Registry("ganprofile.datasets", {"strokes": "ours"})
    assert registry["strokes"] == "ours"
    with pytest.raises(GanprofileError, match="tiny-plugin adds 'strokes'"):
        list(registry)


def test_a_name_that_two_packages_add_is_refused_with_both(tmp_path, monkeypatch):
    for name in ("tiny", "other"):
        metadata = tmp_path / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[ganprofile.metrics]\nink = {name}:ink\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(GanprofileError, match="adds 'ink' to ganprofile.metrics, as the package"):
        Registry("ganprofile.metrics", {})["ink"]


def parts_of(names, of_test):
    images = np.zeros((4, 28, 28, 1), np.uint8)
    images[:, 4:24, 8:12] = 255
    labels = np.arange(4) % 2
    return tuple(gp.Dataset(images, labels, some) for some in (names, of_test))


def test_test_images_of_a_package_have_the_labels_of_what_is_learned():
    def few():
        """ """
        return parts_of(("|", "-"), ("-", "|"))

    source = FunctionSource("few", few)
    train, test = source.load(None).parts
    assert train.class_names == test.class_names == ("|", "-")
    assert test.labels.tolist() == [1, 0, 1, 0] and source.card()["title"] == "few"
    other = FunctionSource("few", lambda: parts_of(("|", "-"), ("|", "/")))
    with pytest.raises(GanprofileError, match="images of classes to learn only. Received: '?/"):
        other.load(None)


def test_a_metric_called_as_one_of_ours_is_refused(tmp_path, monkeypatch):
    install(tmp_path, MODULE, "[ganprofile.metrics]\ngap = tiny_plugin:ink\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(METRICS, "_added", None)
    with pytest.raises(GanprofileError, match="tiny-plugin adds 'gap' to ganprofile.metrics"):
        list(METRICS)
