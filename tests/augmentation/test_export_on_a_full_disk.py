"""A disk that others fill in the middle of an export, for which there was room when it began."""

import pytest

import ganprofile as gp
from tests.training.filling import BALLAST, small_disk

pytestmark = pytest.mark.slow
MEGABYTES = 16


@pytest.mark.parametrize(
    ("format", "file", "number"), [("npz", "*.npz", 1), ("imagefolder", "*.png", 100)]
)
def test_no_half_set_is_left_that_would_pass_for_a_whole_one(tmp_path, format, file, number):
    with small_disk(tmp_path / "disk", megabytes=MEGABYTES) as disk:
        options = ["--total", 3_000, "--filter", "none", "--no-score", "--format", format]
        command = ["generate", "digits-cgan", *options, "--output", disk.path / "more"]
        done = disk.run(*command, while_writing=(file, number, 100_000))
        errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
        assert len(errors) == 1 and "No space left" in errors[0]
        assert [left.name for left in disk.seen_from_here.iterdir()] == [BALLAST]
        with pytest.raises(gp.GanprofileError):
            gp.verify(disk.seen_from_here / "more")
