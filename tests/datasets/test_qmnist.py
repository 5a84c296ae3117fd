"""QMNIST: MNIST's official files and the writers of QMNIST, row by row."""

import functools
import gzip
import http.server
import shutil
import threading

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.sources import qmnist
from ganprofile.errors import GanprofileError


@pytest.fixture
def files(test_data, tmp_path):
    """A folder with copies of the four official files."""
    folder = tmp_path / "official"
    folder.mkdir()
    for name in qmnist.URLS:
        family = "qmnist" if name.startswith("qmnist") else "mnist"
        shutil.copy(test_data / family / name, folder)
        (folder / name).chmod(0o644)
    return folder


@pytest.fixture
def server(files, monkeypatch, tmp_path):
    """A real web server with the official files, in the place of theirs."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=files)
    handler.log_message = lambda *arguments: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_port}/"
        monkeypatch.setattr(qmnist, "URLS", {name: address + name for name in qmnist.URLS})
        monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield files
        running.shutdown()


@pytest.mark.slow
def test_every_mnist_image_knows_its_writer(files, test_data):
    train, test = gp.load("qmnist", data_dir=files)
    assert (len(train), len(test)) == (60_000, 10_000)
    assert (len(np.unique(train.writers)), len(np.unique(test.writers))) == (539, 297)
    assert not set(train.writers) & set(test.writers)
    mnist, _ = gp.load("mnist", data_dir=test_data)
    assert np.array_equal(train.images, mnist.images)
    assert np.array_equal(train.labels, mnist.labels)
    again, _ = gp.load("qmnist", data_dir=test_data)
    assert again.fingerprint == train.fingerprint, "found in subfolders, too"


@pytest.mark.slow
def test_missing_files_are_downloaded_checked_and_kept(server, tmp_path, capsys):
    train, _ = gp.load("qmnist")
    assert len(train) == 60_000
    kept = tmp_path / "home" / "files" / "qmnist"
    assert {path.name for path in kept.iterdir()} == set(qmnist.URLS)
    assert "downloading 12 MB from storage.googleapis.com" in capsys.readouterr().err
    for path in server.iterdir():
        path.unlink()
    assert gp.load("qmnist", offline=True)[0].fingerprint == train.fingerprint


def test_a_download_that_is_not_the_published_file_is_refused(server, tmp_path):
    path = server / "qmnist-test-labels-idx2-int.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(GanprofileError, match="could not be downloaded .*hash.*By hand"):
        gp.load("qmnist")
    kept = tmp_path / "home" / "files" / "qmnist"
    assert "qmnist-test-labels-idx2-int.gz" not in {path.name for path in kept.iterdir()}


def test_without_the_files_it_says_which_and_how(tmp_path, monkeypatch):
    sentence = r"train-images-idx3-ubyte\.gz is not in .*Put it there, or leave `data_dir` out"
    with pytest.raises(GanprofileError, match=sentence):
        gp.load("qmnist", data_dir=tmp_path)
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path))
    with pytest.raises(GanprofileError, match="`offline=True` forbids"):
        gp.load("qmnist", offline=True)


def test_rows_in_another_order_are_refused_and_another_packing_is_not(files):
    name = "qmnist-train-labels-idx2-int.gz"
    content = gzip.decompress((files / name).read_bytes())
    (files / name).write_bytes(gzip.compress(content, 1))
    assert len(gp.load("qmnist", data_dir=files)[0]) == 60_000
    first, second = content[12:44], content[44:76]
    (files / name).write_bytes(gzip.compress(content[:12] + second + first + content[76:], 1))
    with pytest.raises(GanprofileError, match="does not hold what was published as qmnist-train"):
        gp.load("qmnist", data_dir=files)
