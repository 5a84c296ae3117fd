"""Giving out pieces: their order, how many at a time, and what is refused before any."""

import functools
import importlib.util
import itertools
import pickle
import socket
import time

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.parallel import Sharing
from ganprofile.parallel.addresses import address_of
from ganprofile.parallel.executors import AHEAD
from ganprofile.runs.run import Run

COMMON = 10


@pytest.fixture(params=["alone", "threads"])
def executor(request):
    threads = {"alone": None, "threads": 2}[request.param]
    with Sharing().executor(COMMON, work="test", remedy="None.", threads=threads) as executor:
        yield executor


def slow_where_even(common, number):
    time.sleep(0.01 * (number % 2 == 0))
    return common * number


def listed(common, *piece):
    yield common, piece


def test_results_come_in_the_order_of_the_pieces(executor):
    found = executor.imap(slow_where_even, zip(range(20)))
    assert list(found) == [COMMON * number for number in range(20)]


def test_few_of_endless_pieces_are_given_out(executor):
    asked = itertools.count()
    found = executor.imap(slow_where_even, zip(asked))
    assert [next(found) for _ in range(3)] == [0, 10, 20]
    found.close()
    assert next(asked) <= 3 + AHEAD * executor.size


def test_pieces_of_a_chain_follow_each_other(executor):
    begun = []

    def chain(name):
        for number in range(3):
            begun.append((name, number))
            yield name, number

    found = list(executor.imap_chains(listed, map(chain, "abcd")))
    assert sorted(found) == [(COMMON, (name, number)) for name in "abcd" for number in range(3)]
    for name in "abcd":
        assert [piece for _, piece in found if piece[0] == name] == [(name, k) for k in range(3)]
    assert found.index((COMMON, ("a", 2))) < found.index((COMMON, ("d", 0)))


def test_an_error_ends_the_work(executor):
    def failing(common, number):
        if number == 3:
            raise GanprofileError("The third.")
        return number

    with pytest.raises(GanprofileError, match="The third"):
        list(executor.imap(failing, zip(range(10))))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("host:8786", "tcp://host:8786"),
        ("tcp://10.0.0.1:80", "tcp://10.0.0.1:80"),
        ("tls://node-1.lab:8786", "tls://node-1.lab:8786"),
        ("[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_addresses(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["host", "8786", "host:", "host:99999", "http://host:80", "a b:1"])
def test_what_is_no_address_is_refused(text, in_process):
    code, _, error = in_process("generate", "digits-cgan", "--total", "10", "--cluster", text)
    assert code == 2 and "--cluster takes HOST:PORT" in error and text in error


def test_two_places_at_a_time_and_no_folder_are_refused(digits):
    with pytest.raises(UsageError, match="Received: `jobs=2` and `cluster='host:1'`. Say one"):
        gp.generate("digits-cgan", total=10, jobs=2, cluster="host:1")
    with pytest.raises(UsageError, match="`jobs` should be a whole number, 1 or more. Received: 0"):
        gp.generate("digits-cgan", total=10, jobs=0)
    with pytest.raises(UsageError, match="Name one with `output`"):
        gp.benchmark("digits", arms=["none"], cluster="host:1")


def test_without_dask_it_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'ganprofile\[cluster\]'"):
        Sharing(cluster="host:1")


def test_no_scheduler_is_told_in_one_sentence(monkeypatch, tmp_path):
    clusters = pytest.importorskip("ganprofile.parallel.clusters")
    pytest.importorskip("distributed", reason="Dask's distributed is not installed")
    monkeypatch.setattr(clusters, "SECONDS", 1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(GanprofileError, match=f"No Dask scheduler answers at tcp://{place}") as no:
        gp.generate("digits-cgan", total=10, score=False, cluster=place, output=tmp_path / "more")
    assert no.value.exit_code == 1 and time.monotonic() - began < 10
    assert not (tmp_path / "more").exists()


def test_workers_with_other_versions_are_refused():
    from ganprofile.parallel.clusters import _equipment, _refuse_other

    ours = _equipment()
    refuse = functools.partial(_refuse_other, "tcp://host:1", ours=ours)
    refuse(ours)
    with pytest.raises(GanprofileError, match=r"tcp://host:1 has python 2.7, and 3\.\d+ is wanted"):
        refuse({**ours, "python": "2.7"})
    with pytest.raises(GanprofileError, match="has ganprofile None"):
        refuse({name: version for name, version in ours.items() if name != "ganprofile"})
    with pytest.raises(GanprofileError, match="no ganprofile, or another one .*No module named"):
        refuse(ModuleNotFoundError("No module named 'ganprofile.parallel'"))


def test_a_run_draws_where_its_folder_is_not(short_run, tmp_path):
    travelled = pickle.loads(pickle.dumps(Run(short_run.path, short_run.config)))
    travelled.path = tmp_path / "elsewhere" / short_run.path.name
    np.testing.assert_array_equal(travelled.sample(20, seed=3), short_run.sample(20, seed=3))


def test_a_classifier_travels_without_a_pickle_of_keras(tiny):
    fitted = CLASSIFIERS["cnn"](10, steps=2).fit(tiny.images, tiny.labels)
    content = pickle.dumps(fitted)
    assert b"keras.src" not in content and b"keras.models" not in content
    found = pickle.loads(content).predict_proba(tiny.images)
    np.testing.assert_array_equal(found, fitted.predict_proba(tiny.images))
