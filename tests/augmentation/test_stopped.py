"""A set whose making was stopped, by whatever signal: the same command goes on, bit for bit."""

import signal

import pytest

import ganprofile as gp
from tests.augmentation.forging import check
from tests.forked import start
from tests.planted import plant_one_layer
from tests.processes import end, wait_for

OPTIONS = {"quick": True, "per_class": 400, "seed": 3}
# Two of the four teachers have one layer: tracing the others takes longer than all that they do.
CODE = """
import pytest
from tests.planted import plant_one_layer
plant_one_layer(pytest.MonkeyPatch())
from ganprofile.cli import main
main()
"""


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    path = tmp_path_factory.mktemp("few") / "few"
    gp.load("digits")[0].of_classes("358").subset(8).save(path)
    return path


@pytest.fixture(scope="module")
def undisturbed(few, tmp_path_factory):
    """Made in one process, as `--jobs 1` makes it."""
    path = tmp_path_factory.mktemp("undisturbed") / "more"
    with pytest.MonkeyPatch.context() as patch:
        plant_one_layer(patch)
        return gp.augment(few, **OPTIONS, jobs=1, output=path, progress=False).path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "finished", "code"),
    [
        (signal.SIGKILL, "pretrained-*/0-*.keras", -signal.SIGKILL),
        (signal.SIGTERM, "labels-*/0.npz", 128 + signal.SIGTERM),
    ],
)
def test_the_same_command_goes_on(few, undisturbed, tmp_path, number, finished, code):
    output = tmp_path / "more"
    options = ("--quick", "--per-class", "400", "--seed", "3", "--jobs", "1")
    command = ("augment", few, *options, "--output", output)
    room = tmp_path / ".more.unfinished"
    first = start(*command, code=CODE)
    wait_for(lambda: list(room.glob(finished)), first)
    returned, said = end(first, number)
    assert returned == code and not output.exists()
    kept = f"What was finished is kept in {room}; the same command goes on from there."
    assert number == signal.SIGKILL or said.endswith(f"Stopped by signal 15. {kept}\n")
    kept = {path: path.read_bytes() for path in room.glob(finished)}
    second = start(*command, code=CODE)
    assert second.wait(300) == 0, second.communicate()[1]
    assert kept and not room.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["more"]  # nothing half written
    for path in undisturbed.iterdir():
        assert (output / path.name).read_bytes() == path.read_bytes(), path.name
    assert check(output, offline=True).ok


@pytest.mark.parametrize(
    ("older", "is_written", "said"),
    [
        (False, False, "kept in {room}; the same"),
        (True, False, "kept in {room}, and {place} is still the older set; the same"),
        (True, True, "The set is finished: {place}; the same"),
    ],
)
def test_an_older_set_does_not_pass_for_the_new_one(tmp_path, older, is_written, said):
    """Which `force` was about to replace."""
    from ganprofile.augmentation.sets import _kept

    place, room = tmp_path / "more", tmp_path / ".more.unfinished"
    room.mkdir()
    (room / "teacher-0.npz").write_bytes(b"x")
    if older:
        place.mkdir()
        (place / "dataset.json").write_text("{}")
    assert said.format(place=place, room=room) in _kept(place, room, is_written)
