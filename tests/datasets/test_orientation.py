"""Images that do not stand upright: said, turned when told, and never otherwise."""

import zipfile

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.benchmark import _parts as benchmarked_parts
from ganprofile.datasets import load_like
from ganprofile.datasets.orientation import (
    REMEDIES,
    TURNED,
    UNCLEAR,
    UPRIGHT,
    Orientation,
    both_ways,
    followed,
    orientation_of,
    turned,
)
from ganprofile.datasets.recipe import from_recipe
from ganprofile.images import read_png, save_png

AHCD = "scripts/ahcd-arabic/Arabic_Handwritten_Characters_Dataset_CSV.zip"
CMATERDB = [f"scripts/cmaterdb-{script}-digits" for script in ("bangla", "devanagari")]


@pytest.fixture(scope="module")
def characters():
    return gp.load("characters")[1]


def lying(images, way):
    """Images in the orientation of that name."""
    remedy = REMEDIES[way]
    return turned(images, **({"rotate": 360 - remedy["rotate"]} if "rotate" in remedy else remedy))


def test_turning():
    image = np.arange(6).reshape(1, 2, 3, 1)
    assert turned(image) is image
    assert turned(image, transpose=True)[0, ..., 0].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert turned(image, rotate=90)[0, ..., 0].tolist() == [[3, 0], [4, 1], [5, 2]]
    assert turned(image, rotate=270)[0, ..., 0].tolist() == [[2, 5], [1, 4], [0, 3]]
    assert turned(image, True, 180)[0, ..., 0].tolist() == [[5, 2], [4, 1], [3, 0]]


@pytest.mark.parametrize("way", REMEDIES)
def test_images_of_known_characters_that_lie_are_said(characters, way, capsys):
    images = lying(characters.images, way)
    loaded, _ = gp.load((images, characters.labels))
    assert np.array_equal(loaded.images, images), "never turned unasked"
    said = capsys.readouterr().err
    (told,) = (f"`{name}={value}`" for name, value in REMEDIES[way].items())
    assert f"the images seem to be {way} ({told} gives them a likeness" in said
    again, _ = gp.load((images, characters.labels), **REMEDIES[way])
    assert np.array_equal(again.images, characters.images)
    assert "seem to be" not in capsys.readouterr().err


TURNS = [
    {"transpose": transpose, "rotate": degrees}
    for transpose in (False, True)
    for degrees in (None, 90, 180, 270)
]


@pytest.mark.parametrize("first", TURNS)
@pytest.mark.parametrize("second", TURNS)
def test_one_turn_does_what_two_do(first, second):
    image = np.arange(6).reshape(1, 2, 3, 1)
    twice = turned(turned(image, **first), **second)
    assert np.array_equal(turned(image, **followed(first, second)), twice)


@pytest.mark.parametrize("given", REMEDIES.values())
def test_to_leave_out_is_advised_what_turned_upright_images(characters, given, capsys):
    gp.load((characters.images, characters.labels), **given)
    said = capsys.readouterr().err
    (told,) = (f"`{name}={value}`" for name, value in given.items())
    assert f"(without {told} they have a likeness" in said
    assert f"Look at them, and leave {told} out if so." in said


@pytest.mark.parametrize(
    ("way", "given", "instead"),
    [
        ("rotated by 90", {"rotate": 90}, "`rotate=270`"),
        ("rotated by 180", {"rotate": 90}, "`rotate=180`"),
        ("transposed", {"transpose": True, "rotate": 90}, "`transpose=True`"),
    ],
)
def test_what_is_advised_stands_in_place_of_what_was_given(characters, way, given, instead, capsys):
    gp.load((lying(characters.images, way), characters.labels), **given)
    told = " and ".join(f"`{name}={value}`" for name, value in given.items())
    assert f"say {instead} in place of {told} if so" in capsys.readouterr().err


def test_what_is_advised_where_it_is_not_clear_how_they_lie():
    found = Orientation(TURNED, {UPRIGHT: 0.5, "transposed": 0.8})
    assert "say `transpose=True` or `rotate=90` (180, 270) if so" in found.sentence("mine")
    assert "say others than `rotate=90` if so" in found.sentence("mine", {"rotate": 90})


def test_upright_ones_and_too_few_are_left_alone(characters, digits, capsys):
    for dataset in (characters, digits[1]):
        assert orientation_of(dataset).verdict == UPRIGHT
        gp.load((dataset.images, dataset.labels))
    assert capsys.readouterr().err == ""
    noise = np.random.default_rng(0).integers(0, 255, (200, 28, 28, 1), dtype=np.uint8)
    assert orientation_of(gp.Dataset(noise, np.arange(200) % 10)).verdict == UNCLEAR
    assert orientation_of(digits[1].of_classes("123")) == Orientation()
    assert orientation_of(gp.Dataset(digits[1].images)) == Orientation()


def test_dark_ink_is_seen_as_well(characters):
    inverted = gp.Dataset(255 - lying(characters.images, "transposed"), characters.labels)
    assert orientation_of(inverted).verdict == "transposed"


def test_real_arabic_files_are_transposed(test_data, capsys, monkeypatch, tmp_path):
    if not (test_data / AHCD).is_file():
        pytest.skip(f"{AHCD} is missing")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    some = tmp_path / "some.zip"  # since all take long to be held against each other
    with zipfile.ZipFile(test_data / AHCD) as whole, zipfile.ZipFile(some, "w") as part:
        for name in whole.namelist():
            part.writestr(name, b"".join(whole.read(name).splitlines(True)[::20]))
    report = gp.import_dataset(some, "arabic")
    assert report["orientation"] == "transposed" and report["classes"] == 28
    assert any("seem to be transposed (`transpose=True`" in said for said in report["warnings"])
    picture = read_png(report["as_read_and_turned"])
    assert picture.shape[1] > 20 * 32 and 2 * 32 < picture.shape[0] < 5 * 32
    report = gp.import_dataset(some, "arabic", transpose=True, force=True)
    assert (report["orientation"], report["transpose"]) == (UPRIGHT, True)
    assert "as_read_and_turned" not in report


@pytest.mark.parametrize("folder", CMATERDB)
def test_real_upright_digits_of_scripts_that_are_not_known(test_data, folder, capsys):
    if not (test_data / folder).is_dir():
        pytest.skip(f"{folder} is missing")
    gp.load(test_data / folder, allow_overlap=True)
    assert "seem" not in capsys.readouterr().err


def test_the_recipe_remembers_it(characters, tmp_path):
    np.savez(tmp_path / "a.npz", images=characters.images, labels=characters.labels)
    loaded, _ = gp.load(tmp_path / "a.npz", transpose=True, rotate=180)
    assert loaded.recipe[0]["transpose"] is True and loaded.recipe[0]["rotate"] == 180
    assert np.array_equal(loaded.images, turned(characters.images, True, 180))
    assert from_recipe(loaded.recipe).fingerprint == loaded.fingerprint
    with pytest.raises(gp.UsageError, match="`rotate` should be 90, 180 or 270. Received: 45"):
        gp.load(tmp_path / "a.npz", rotate=45)
    with pytest.raises(gp.UsageError, match="digits comes with its orientation. Remove `rotate`"):
        gp.load("digits", rotate=90)


def test_held_out_files_are_turned_as_the_imported_ones(characters, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    lies = lying(characters.images, "transposed")
    for name, rows in (("train", slice(None, None, 2)), ("test", slice(1, None, 2))):
        np.savez(tmp_path / f"{name}.npz", images=lies[rows], labels=characters.labels[rows])
    gp.import_dataset(tmp_path / "train.npz", "mine", transpose=True)
    train, test = gp.load_for_training("mine", test=str(tmp_path / "test.npz"))
    assert np.array_equal(train.images, characters.images[::2])
    assert np.array_equal(test.images, characters.images[1::2])
    with pytest.raises(gp.UsageError, match="mine got its orientation when it was imported"):
        gp.load("mine", rotate=90)


@pytest.mark.parametrize("name", ["mine", "digits"])
def test_what_training_images_cannot_mean_counts_for_held_out_files(
    characters, tmp_path, monkeypatch, capsys, name
):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    upright, lies = characters.images[1::2], lying(characters.images[1::2], "transposed")
    np.savez(tmp_path / "a.npz", images=characters.images[::2], labels=characters.labels[::2])
    np.savez(tmp_path / "test.npz", images=lies, labels=characters.labels[1::2])
    gp.import_dataset(tmp_path / "a.npz", "mine")
    before = gp.load(name)[0]
    options = {"transpose": True, "image_size": 28, "allow_overlap": True}
    train, test = gp.load_for_training(name, test=tmp_path / "test.npz", **options)
    assert train.fingerprint == before.fingerprint and np.array_equal(test.images, upright)
    said = " ".join(capsys.readouterr().err.split())
    assert f"{name} is read as it is known to be: `transpose` counts for" in said
    characters.save(tmp_path / "saved")
    for test in (None, "digits", tmp_path / "saved"):
        with pytest.raises(gp.UsageError, match=f"{name} (got|comes with) its orientation"):
            gp.load_for_training(name, test=test, **options)


def test_held_out_files_are_turned_as_those_of_a_dataset(characters, tmp_path):
    lies = lying(characters.images, "transposed")
    for name, rows in (("train", slice(None, None, 2)), ("test", slice(1, None, 2))):
        np.savez(tmp_path / f"{name}.npz", images=lies[rows], labels=characters.labels[rows])
    train, _ = gp.load(tmp_path / "train.npz", transpose=True)
    held_out = tmp_path / "test.npz"
    assert np.array_equal(load_like(held_out, train)[0].images, characters.images[1::2])
    assert np.array_equal(load_like(held_out, train, transpose=False)[0].images, lies[1::2])
    _, test = benchmarked_parts(train, held_out, offline=True, loading={})
    assert np.array_equal(test.images, characters.images[1::2])
    would = gp.label(held_out, by=train, dry_run=True)
    assert would["unlabelled"] == len(test)


def test_the_command_line_turns_too(characters, tmp_path, in_process, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    images = lying(characters.images, "rotated by 90")
    np.savez(tmp_path / "a.npz", images=images, labels=characters.labels)
    code, out, _ = in_process("datasets", "import", tmp_path / "a.npz", "--name", "mine")
    assert code == 0 and "--rotate 270" in " ".join(out.split())
    again = ("--rotate", "270", "--force")
    assert in_process("datasets", "import", tmp_path / "a.npz", "--name", "mine", *again)[0] == 0
    assert np.array_equal(gp.load("mine")[0].images, characters.images)


def test_a_picture_of_images_that_are_not_square():
    images = np.zeros((3, 8, 12, 1), np.uint8)
    images[:, 2, 2:10] = 255
    picture = both_ways(gp.Dataset(images, np.arange(3)), UNCLEAR)
    assert picture.shape == (2 * 12 + 2, 3 * 12 + 4, 1)
    assert (picture[:12] == 0).any() and (picture[14:] == 0).any()


def test_what_is_said_beside_a_saved_set_counts_for_held_out_files(characters, tmp_path, capsys):
    """A set is as it was saved, on whichever side it stands, unless both are such."""
    half, other = characters.select(np.arange(0, len(characters), 2)), characters.images[1::2]
    half.save(tmp_path / "saved")
    labels = characters.labels[1::2]
    np.savez(tmp_path / "test.npz", images=lying(other, "transposed"), labels=labels)
    train, test = gp.load_for_training(
        tmp_path / "saved", test=tmp_path / "test.npz", transpose=True
    )
    assert np.array_equal(train.images, half.images) and np.array_equal(test.images, other)
    assert "saved is read as it is known to be: `transpose` counts for" in capsys.readouterr().err
    as_it_is, _ = load_like(tmp_path / "saved", train, transpose=True)
    assert np.array_equal(as_it_is.images, half.images), "as an arm beside it is"
    turned, held_out = gp.load_for_training(
        tmp_path / "saved", test=tmp_path / "saved", transpose=True
    )
    assert np.array_equal(turned.images, held_out.images)
    assert not np.array_equal(turned.images, half.images)


def test_images_that_are_not_square_are_read_in_as_many_channels(tmp_path):
    for part, tint in (("train", 0), ("other", 60)):
        for label in "ab":
            folder = tmp_path / part / label
            folder.mkdir(parents=True)
            picture = np.full((33, 20, 3), (255, 255, 255 - tint), np.uint8)
            picture[8:20, 5:9] = 0
            save_png(folder / "1.png", picture)
    train = gp.load(tmp_path / "train")[0]
    assert train.image_shape == (33, 20, 1)
    assert load_like(tmp_path / "other", train)[0].image_shape == (33, 20, 1)
