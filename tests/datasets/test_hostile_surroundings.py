"""Folders that cannot be written to and disks that are full: a sentence, and nothing half done."""

import ctypes
import os
import sys
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from tests.conftest import run_command

resource = pytest.importorskip("resource", reason="limits of this kind are POSIX's")

DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS = 24, 1  # prctl's and capability's numbers
FAILURE = 1


def obey_permissions():
    """In the child: even root may not write where the permissions forbid it (on Linux)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS)


def little_disk(limit):
    """In the child: no file may grow beyond `limit` bytes, as on a disk without space."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.fixture
def locked(tmp_path):
    """A folder that nobody may write to."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    probe = f"import pathlib; pathlib.Path({str(folder / 'x')!r}).touch()"
    done = run_command(code=probe, preexec_fn=obey_permissions)
    if done.returncode == 0:
        pytest.skip("permissions do not bind this user")
    yield folder
    folder.chmod(0o755)


@pytest.fixture
def arrays(tmp_path):
    """An .npz file that does not compress."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (400, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", images=images, labels=np.arange(400) % 4)
    return tmp_path / "a.npz"


def augment(format):
    return lambda arrays, out: [
        *["generate", "digits-cgan", "--total", "1000", "--no-score"],
        *["--format", format, "--output", out / "set"],
    ]


COMMANDS = {
    "import": lambda arrays, out: ["datasets", "import", arrays, "--name", "x"],
    "show": lambda arrays, out: ["datasets", "show", "digits", "--grid", "--output", out],
    "npz": augment("npz"),
    "imagefolder": augment("imagefolder"),
}
SLOW = ("npz", "imagefolder")


@pytest.mark.parametrize(
    "command", [pytest.param(c, marks=pytest.mark.slow if c in SLOW else ()) for c in COMMANDS]
)
def test_a_read_only_folder_is_named(locked, arrays, command):
    done = run_command(
        *COMMANDS[command](arrays, locked / "pictures"),
        env={**os.environ, "GANPROFILE_HOME": str(locked)},
        preexec_fn=obey_permissions,
    )
    assert done.returncode == FAILURE
    said = "is not allowed" if command in SLOW else "Permission denied"  # looked at before the work
    assert said in done.stderr and str(locked) in done.stderr
    assert "name another place" in done.stderr or "Choose another" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and list(locked.iterdir()) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda place: gp.load("digits")[1].save(place),
        lambda place: gp.load("digits")[1].save(place / "deeper", "imagefolder"),
        lambda place: gp.export_model("digits-cgan", "onnx", output=f"{place}.onnx"),
        lambda place: gp.export_model("digits-cgan", "saved_model", output=place),
        lambda place: gp.save_model("digits-cgan", "it", output=place),
        lambda place: gp.report("digits-cgan", output=place / "report.html"),
        lambda place: gp.dataset_info("digits", grid=True, output=place),
        lambda place: gp.dataset_info("digits", grid=True, output=place.parent),
        lambda place: gp.train("digits", "cgan", output=place),
    ],
)
def test_a_place_that_takes_nothing_whatever_its_permissions(write, monkeypatch):
    """Root may write to /proc, says the system, until it is tried."""
    if not sys.platform.startswith("linux"):
        pytest.skip("there is no /proc")
    monkeypatch.setattr(gp.Run, "generator", property(lambda self: pytest.fail("it was read")))
    sentence = r"/proc.* cannot be (written \(.*\)|made: .*)\. .* another .*\.$"
    with pytest.raises(gp.GanprofileError, match=sentence):
        write(Path("/proc/new"))


def test_a_full_disk_leaves_no_half_import(tmp_path, arrays):
    home = tmp_path / "home"
    home.mkdir()
    done = run_command(
        *COMMANDS["import"](arrays, home),
        env={**os.environ, "GANPROFILE_HOME": str(home)},
        preexec_fn=little_disk(60_000),
    )
    assert done.returncode == FAILURE, done.stderr
    assert "File too large" in done.stderr and "Traceback" not in done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
