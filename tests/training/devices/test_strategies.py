"""Several replicas are one device, and several machines are told what to do."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.training.devices import devices
from ganprofile.training.devices.cluster import cluster
from ganprofile.training.devices.devices import choose_device
from ganprofile.training.devices.strategies import STRATEGIES
from tests.forked import run_forked

PROGRAM = Path(__file__).with_name("two_devices.py")


@pytest.fixture(scope="module")
def report():
    """What `two_devices.py` measured."""
    code = f"import runpy; runpy.run_path({os.fspath(PROGRAM)!r}, run_name='__main__')"
    done = run_forked(code=code, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_two_devices_learn_what_one_learns_from_the_same_batches(report):
    """Every kind of network, with and without r1, k of 3, the policy; average, optimizers."""
    assert report["replicas"] == 2 and len(report["cases"]) == 3
    for name, case in report["cases"].items():
        assert case["state"] < 1e-6, (name, case)


@pytest.mark.slow
def test_measures_are_averages_over_all_replicas_and_counts_are_sums(report):
    for name, case in report["cases"].items():
        assert case["measures"] < 1e-6 and case["logits"] == 0, (name, case)


@pytest.mark.slow
def test_the_replicas_stay_the_same_their_averages_included(report):
    assert all(case["replicas_equal"] for case in report["cases"].values()), report


@pytest.mark.slow
def test_each_replica_draws_its_own_rows_of_what_one_device_draws(report):
    first, second = report["latents"]["replicas"]
    assert first != second
    np.testing.assert_array_equal([*first, *second], report["latents"]["one"])


def test_a_single_device_is_the_default(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    device = choose_device("cpu")
    assert device.replicas == device.workers == 1 and device.is_chief and device.strategy is None
    assert choose_device(device, "mirrored") is device, "what was chosen stays chosen"
    assert device.any_worker(True) and not device.any_worker(False)


def test_several_gpus_are_used_together_where_the_backend_can(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    for can, expected in ((True, "mirrored"), (False, "one")):
        framework = SimpleNamespace(gpu_count=lambda: 2, MIRRORS=can)
        monkeypatch.setattr(devices, "backend", lambda framework=framework: framework)
        monkeypatch.setattr(devices, "STRATEGIES", {n: lambda *_, n=n: n for n in STRATEGIES})
        assert choose_device() == expected and choose_device("cpu") == "one"


def test_a_gpu_that_is_not_there_says_what_the_backend_needs(monkeypatch):
    framework = SimpleNamespace(gpu_count=lambda: 0, WITH_GPU="'jax[cuda13]'")
    monkeypatch.setattr(devices, "backend", lambda: framework)
    with pytest.raises(GanprofileError, match=r"pip install 'jax\[cuda13\]'"):
        choose_device("gpu")


CLUSTER = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 1}}
CHIEF = {"cluster": {"worker": ["a:1"], "chief": ["c:3"]}, "task": {"type": "worker", "index": 0}}


@pytest.mark.parametrize(
    ("config", "expected"),
    [(CLUSTER, (["a:1", "b:2"], 1)), (CHIEF, (["c:3", "a:1"], 1)), ("", ([], 0)), (" ", ([], 0))],
)
def test_tf_config_names_the_workers_chief_first(monkeypatch, config, expected):
    monkeypatch.setenv("TF_CONFIG", config if isinstance(config, str) else json.dumps(config))
    assert cluster() == expected


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"cluster": {"worker": ["a:1"]}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": "x"}}',
        '{"cluster": {"worker": "a:1"}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": true}}',
    ],
)
def test_a_wrong_tf_config_gets_a_sentence_with_an_example(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(UsageError, match="TF_CONFIG should name all workers") as error:
        choose_device()
    assert text in str(error.value) and '"worker": ["host1:2222"' in str(error.value)


def test_what_one_machine_trains_for_itself_asks_no_other(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps(CLUSTER))
    monkeypatch.setattr(devices, "STRATEGIES", {n: lambda *_, n=n: n for n in STRATEGIES})
    assert choose_device() == "multiworker" and devices.local_device() == "one"


def test_a_cluster_without_its_names_is_refused(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(UsageError, match="needs the environment variable TF_CONFIG"):
        choose_device(strategy="multiworker")


def test_unknown_strategies_are_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="Known: auto, one, mirrored, multiworker"):
        choose_device(strategy="horovod")
