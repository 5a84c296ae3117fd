"""Folders that cannot be written to and disks that are full: a sentence, and nothing half done."""

import ctypes
import os
import resource

import numpy as np
import pytest

from ganprofile.datasets.formats import FORMATS
from tests.conftest import run_command

DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS = 24, 1  # prctl's and capability's numbers
FAILURE = 1


def obey_permissions():
    """In the child: even root may not write where the permissions forbid it."""
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


COMMANDS = {
    "import": lambda arrays, out: ["datasets", "import", arrays, "--name", "x"],
    "show": lambda arrays, out: ["datasets", "show", "digits", "--grid", "--output", out],
    "sample": lambda arrays, out: ["sample", "digits-cgan", "--output", out],
    **{
        format: lambda arrays, out, format=format: [
            *["augment", "digits-cgan", "--total", "1000", "--no-score"],
            *["--format", format, "--output", out / "set"],
        ]
        for format in FORMATS
    },
}


@pytest.mark.parametrize("command", ["import", "show", "npz", "imagefolder"])
def test_a_read_only_folder_is_named(locked, arrays, command):
    done = run_command(
        *COMMANDS[command](arrays, locked / "pictures"),
        env={**os.environ, "XDG_DATA_HOME": str(locked)},
        preexec_fn=obey_permissions,
    )
    assert done.returncode == FAILURE
    assert "Permission denied" in done.stderr and str(locked) in done.stderr
    assert "Traceback" not in done.stderr and list(locked.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", ["import", *FORMATS])
def test_a_full_disk_leaves_nothing_half_written(tmp_path, arrays, command):
    home = tmp_path / "home"
    home.mkdir()
    # So small that the first image of the folder format does not fit either.
    limit = 300 if command == "imagefolder" else 60_000
    done = run_command(
        *COMMANDS[command](arrays, home),
        env={**os.environ, "XDG_DATA_HOME": str(home)},
        preexec_fn=little_disk(limit),
    )
    assert done.returncode == FAILURE, done.stderr
    assert "File too large" in done.stderr and "Traceback" not in done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
