"""A disk that is full in the middle of an export of 1,000,000 images."""

import pytest

import ganprofile as gp
from tests.training.filling import small_disk

pytestmark = pytest.mark.slow
MEGABYTES = 16


@pytest.mark.parametrize("format", ["npz", "imagefolder"])  # few files, and many
def test_no_half_set_is_left_that_would_pass_for_a_whole_one(tmp_path, format):
    with small_disk(tmp_path / "disk", megabytes=MEGABYTES) as disk:
        options = ["--total", 1_000_000, "--filter", "none", "--no-score", "--format", format]
        done = disk.run("generate", "digits-cgan", *options, "--output", disk.path / "more")
        errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
        assert len(errors) == 1 and "No space left" in errors[0]
        assert list(disk.seen_from_here.iterdir()) == []
        with pytest.raises(gp.GanprofileError):
            gp.verify(disk.seen_from_here / "more")
