"""The same work by one process, by two, and by the workers of a cluster, one of whom is killed."""

import contextlib
import io

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import writing
from ganprofile.benchmarking.experiment import run_experiment
from ganprofile.errors import GanprofileError
from ganprofile.filtering import cross_fitting
from ganprofile.metrics import copies
from ganprofile.parallel import clusters
from tests.benchmarking.arms import Fresh, plain, shrunk, without_times
from tests.parallel.dask_cluster import address, scheduler, worker

pytest.importorskip("distributed", reason="Dask's distributed is not installed")
pytestmark = pytest.mark.slow

KINDS = {
    "drawn": {"total": 4000, "filter": "none", "score": False},
    "filtered": {"per_class": 30, "soft_labels": True},
}


@pytest.fixture(scope="module")
def quick_judges():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_fitting, "STEPS", 5)
        patch.setattr(cross_fitting, "FOLDS", 2)
        patch.setattr(copies, "PLANTED", 100)
        yield


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler's address, and two workers."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(scheduler(tmp_path_factory.mktemp("dask")))
        yield address(file), [stack.enter_context(worker(file)) for _ in range(2)]


@pytest.fixture(scope="module")
def alone(quick_judges, tmp_path_factory):
    """What one process makes: kind -> file -> bytes."""
    folder = tmp_path_factory.mktemp("alone")
    return {kind: made(kind, folder) for kind in KINDS}


def made(kind, folder, **sharing):
    """The files of a set, name -> bytes."""
    output = folder / kind
    gp.generate("digits-cgan", output=output, progress=False, **KINDS[kind], **sharing)
    return {path.name: path.read_bytes() for path in output.iterdir()}


def assert_same(files, others):
    """The same bytes; probabilities, computed by another number of threads, to their last digit."""
    assert files.keys() == others.keys()
    apart = {"soft_labels.npy", "SHA256SUMS"} if "soft_labels.npy" in files else set()
    for name in files.keys() - apart:
        assert files[name] == others[name], name
    if apart:
        ours, theirs = (np.load(io.BytesIO(these["soft_labels.npy"])) for these in (files, others))
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


def test_two_processes_make_the_same_set(alone, tmp_path):
    assert_same(made("filtered", tmp_path, jobs=2), alone["filtered"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_cluster_makes_the_same_set(cluster, alone, tmp_path, kind):
    assert_same(made(kind, tmp_path, cluster=cluster[0]), alone[kind])


def test_a_cluster_finds_the_same_cells(cluster, digits, tmp_path):
    train, test = shrunk(digits[0]), shrunk(digits[1].subset(30))
    arms = {"none": plain, "fresh": Fresh(train, 50)}
    options = {"per_class": (3,), "repeats": 3, "classifier": "mlp", "steps": 40, "arms": arms}
    options |= {"progress": False}
    found = run_experiment(train, test, output=tmp_path, cluster=cluster[0], **options)
    assert found.environments[0]["cluster"] is True
    assert without_times(found.cells) == without_times(run_experiment(train, test, **options).cells)


def test_an_error_at_a_worker_is_the_same_sentence(cluster, digits, tmp_path):
    train, test = shrunk(digits[0]), shrunk(digits[1].subset(30))

    def failing(subset, seed, folder):
        raise GanprofileError("The generator collapsed.")

    with pytest.raises(GanprofileError, match="Arm 'gan' at 3 per class, repeat 1: The gen"):
        run_experiment(
            *(train, test),
            arms={"gan": failing},
            per_class=(3,),
            repeats=1,
            classifier="mlp",
            output=tmp_path,
            cluster=cluster[0],
            progress=False,
        )


def test_a_worker_that_is_killed_loses_nothing(cluster, alone, tmp_path, monkeypatch):
    where, (first, _) = cluster
    write, written = writing._write_block, []

    def kill_in_the_middle(*block):
        written.append(block)
        if len(written) == 2:  # of eight blocks; the next ones are being drawn
            first.kill()
        write(*block)

    monkeypatch.setattr(writing, "_write_block", kill_in_the_middle)
    assert_same(made("drawn", tmp_path, cluster=where), alone["drawn"])
    assert first.wait() < 0 and len(written) == 8


def test_a_cluster_without_workers_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    arguments = "has no workers. Start some with dask worker"
    with scheduler(tmp_path) as file, pytest.raises(GanprofileError, match=arguments):
        made("drawn", tmp_path, cluster=address(file))
    assert not (tmp_path / "drawn").exists()
