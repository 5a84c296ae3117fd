"""A set whose making was stopped, by whatever signal: the same command goes on, bit for bit."""

import signal

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import expected, timing
from ganprofile.augmentation.deformed_set import BlockLabels
from ganprofile.augmentation.pieces import SetPieces
from ganprofile.errors import GanprofileError
from ganprofile.recipes.deformation import register_part
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.sizes import SizeTest
from tests.augmentation.forging import check
from tests.forked import start
from tests.planted import plant_one_layer
from tests.processes import end, wait_for

CUT = b"PK\x03\x04cut"
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


@pytest.fixture
def pieces(digits, tmp_path):
    return SetPieces(TeacherTraining(digits[0].subset(2), 0, tmp_path, steps=2), np.arange(3), 2)


def teacher(pieces):
    pieces.training.place.mkdir(exist_ok=True)
    yield pieces.training.file(0)
    pieces.training.train(0)


def block(pieces):
    BlockLabels(pieces).keep(0, np.ones((3, 10), np.float32))
    (folder,) = pieces.training.folder.glob("labels-*")
    yield folder / "0.npz"
    BlockLabels(pieces).known(0)


def fold(pieces):
    facts = {"teachers": pieces.training.place.name, "steps": pieces.steps}
    yield pieces.training.folder / f"{expected.kept_name('read', fold=0, arm='a', **facts)}.npz"
    list(expected.read_fold(pieces, 0, "a"))


def pairs(pieces):
    registered = pieces.training.registered(False)
    register_part(*registered, 0)
    (path,) = pieces.training.folder.glob("deformations-*-0.npz")
    yield path
    register_part(*registered, 0)
    pieces.training.augmenter  # noqa: B018  made of all parts


def sizes(pieces):
    real = pieces.training.real
    SizeTest.kept(real.images, real.labels, pieces.training.folder)
    yield next(pieces.training.folder.glob("sizes-*.json"))
    SizeTest.kept(real.images, real.labels, pieces.training.folder)


def rate(pieces):
    yield pieces.training.folder / timing.RATE
    timing.training_seconds(pieces.training.folder, 5)


@pytest.mark.parametrize("piece", [teacher, block, fold, pairs, sizes, rate])
def test_what_is_kept_and_cut_is_named_and_can_be_removed(piece, pieces):
    steps = piece(pieces)
    path = next(steps)
    path.write_bytes(CUT)
    with pytest.raises(GanprofileError) as refused:
        next(steps)
    assert str(path) in str(refused.value)
    assert str(refused.value).endswith("Remove it, and it is made again.")
