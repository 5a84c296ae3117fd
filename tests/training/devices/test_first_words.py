"""What is said before seconds go by."""

import importlib
import sys

import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.training.devices.devices import say_what_is_loaded


@pytest.fixture
def not_loaded(monkeypatch):
    """As in a process that has loaded no framework yet."""
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "jax")


def test_what_is_loaded_is_said_once_it_is_needed(not_loaded, capsys):
    say_what_is_loaded("cpu")
    assert capsys.readouterr().err == "Loading JAX, which takes some seconds.\n"
    with pytest.raises(UsageError, match="No device 'tpu'"):
        say_what_is_loaded("tpu")
    assert capsys.readouterr().err == ""


def test_nothing_is_said_where_it_is_loaded(capsys):
    device = gp.choose_device("cpu")
    say_what_is_loaded("cpu")
    say_what_is_loaded(device)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("progress", [True, False])
def test_it_is_said_before_all_else_and_not_to_who_wants_no_progress(
    tiny, monkeypatch, capsys, progress
):
    def choose(*_):
        raise UsageError("enough")

    module = importlib.import_module("ganprofile.training.train")
    monkeypatch.setattr(module, "choose_device", choose)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    with pytest.raises(UsageError, match="enough"):
        gp.train(tiny, "cgan", epochs=1, progress=progress)
    assert capsys.readouterr().err.startswith("Loading ") == progress
