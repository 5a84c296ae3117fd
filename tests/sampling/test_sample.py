import dataclasses
import importlib
import itertools
import re
import shutil
import string
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.gan.networks.serialization import write_network
from ganprofile.images import enlarge, grid, on_paper, read_png
from ganprofile.sampling import grids
from ganprofile.sampling.grids import columns_of, usual_count
from ganprofile.storage.files import read_json, write_json


def test_single_images_are_what_the_run_draws(short_run, tmp_path):
    paths = gp.sample(short_run, tmp_path, count=3, label="7", seed=5)
    assert [path.name[-20:] for path in paths] == [f"001-seed5-7-{k:04d}.png" for k in range(3)]
    drawn = short_run.sample(3, label="7", seed=5)
    shown = [on_paper(read_png(path)) for path in paths]
    assert all(image.shape == (3 * 28, 3 * 28, 1) for image in shown)
    assert np.array_equal([image[1::3, 1::3] for image in shown], drawn)


def test_without_a_class_all_come_in_turn(short_run):
    in_turn = short_run.sample(12, seed=2)
    for index in (0, 3, 11):
        arguments = short_run.sample(1, label=str(index % 10), seed=2, first=index)
        assert np.array_equal(in_turn[index], arguments[0])


def test_a_class_is_named_once_or_for_every_image(short_run):
    named = short_run.sample(4, label="3", seed=1)
    assert np.array_equal(named, short_run.sample(4, label=3, seed=1))
    assert np.array_equal(named, short_run.sample(4, label=[3, 3, 3, 3], seed=1))
    with pytest.raises(gp.UsageError, match=r"one class, or 4, one an image.*shape \(2,\)"):
        short_run.sample(4, label=[3, 9])
    with pytest.raises(gp.UsageError, match="does not know class 10. Classes: 0 1 2"):
        short_run.sample(2, label=[3, 10])


def test_a_number_is_the_name_of_a_class_and_no_place(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "run")
    config = read_json(tmp_path / "run" / "config.json")
    config["dataset"]["class_names"] = ["0", "1", "10", "2", "3", "4", "5", "6", "7", "8"]
    write_json(tmp_path / "run" / "config.json", config)
    # A file that tells nothing of its classes, as those of older runs.
    write_network(short_run.generator, tmp_path / "run" / "generator.keras")
    run = gp.Run.open(tmp_path / "run")
    third = short_run.sample(2, label="3", seed=1)
    for label in (2, "2", [2, 2], np.array(["2", "2"])):
        assert np.array_equal(run.sample(2, label=label, seed=1), third)
    with pytest.raises(gp.UsageError, match="does not know class 9. Classes: 0 1 10 2"):
        run.sample(2, label=[2, 9])


def test_a_grid_an_animation_and_a_text_at_once(short_run, tmp_path):
    paths = gp.sample(short_run, tmp_path, count=20, grid=True, animate=True, text="20 26")
    assert [path.suffix for path in paths] == [".png", ".gif", ".png"]
    with Image.open(paths[1]) as animation:
        assert animation.n_frames > 30 and max(animation.size) >= 600
    assert read_png(paths[2]).shape == (3 * 28, 3 * (4 * 28 + 14), 1)


def row_of(images, factor):
    """Some images side by side as a grid shows them."""
    return enlarge(grid(images, len(images)), factor)


def stands_in(picture, row):
    places = np.argwhere(picture[..., 0] == row[0, 0, 0])
    height, width = row.shape[:2]
    found = [(y, x) for y, x in places.tolist() if y + height <= len(picture)]
    return next(
        ((y, x) for y, x in found if np.array_equal(picture[y : y + height, x : x + width], row)),
        None,
    )


def test_a_grid_has_a_full_row_for_every_class_and_its_name(short_run, tmp_path):
    (path,) = gp.sample(short_run, tmp_path, grid=True, seed=4)
    picture = read_png(path)[..., :1]
    by_draw = short_run.sample(100, seed=4).reshape(10, 10, 28, 28, 1)
    tops = []
    for label in range(10):
        top, left = stands_in(picture, row_of(by_draw[:, label], 3))
        tops.append(top)
        assert (picture[top : top + 84, :left] < 128).any(), "the name of the class"
    assert tops == sorted(tops) and max(picture.shape) >= 600


def test_a_grid_of_some_images_has_those_that_are_drawn_one_by_one(short_run, tmp_path):
    (path,) = gp.sample(short_run, tmp_path, count=13, grid=True)
    picture, images = read_png(path)[..., :1], short_run.sample(13)
    factor = 3
    assert stands_in(picture, row_of(images[[2, 12]], factor)), "both of class 2"
    nothing = np.zeros_like(images[:1])
    assert stands_in(picture, row_of(np.concatenate([images[[3]], nothing]), factor))


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 1), (4, 2), (16, 4), (20, 5), (100, 10), (13, 10), (7, 7)]
)
def test_rows_are_full_where_they_can_be(count, columns):
    assert columns_of(count) == columns


def test_a_class_alone_stands_in_full_rows(short_run, short_unlabelled_run, tmp_path):
    (path,) = gp.sample(short_run, tmp_path, label="7", grid=True)
    images = short_run.sample(16, label="7")
    picture = read_png(path)[..., :1]
    assert all(stands_in(picture, row_of(images[k : k + 4], 6)) for k in (0, 4, 8, 12))
    (path,) = gp.sample(short_unlabelled_run, tmp_path, grid=True)
    images = short_unlabelled_run.sample(16)
    picture = read_png(path)[..., :1]
    assert all(stands_in(picture, row_of(images[k : k + 4], 6)) for k in (0, 4, 8, 12))


def test_many_classes_stand_in_blocks_of_rows():
    run = gp.Run.open("emnist-cdcgan")
    assert usual_count(run, None) == 5 * len(run.class_names) > 5 * 16
    blocks, names = grids._by_class(run, 47 * 2, None, 0)
    assert [len(some) for some in names] == [16, 16, 15]
    assert [name for some in names for name in some] == run.class_names
    images = run.sample(47 * 2)
    assert np.array_equal(blocks[2][:28, :58], grid(images[[32, 79]], 2))


def test_text_is_drawn_character_by_character(short_run, tmp_path):
    (path,) = gp.sample(short_run, tmp_path, text="42", seed=1)
    line = on_paper(read_png(path)[::3, ::3])
    assert np.array_equal(line[:, :28], short_run.sample(1, label="4", seed=1)[0])
    assert np.array_equal(line[:, 28:], short_run.sample(1, label="2", seed=1, first=1)[0])


def test_text_of_scripts_from_the_right_is_written_from_there(tmp_path):
    few = gp.load("digits")[0].subset(1)
    few = gp.Dataset(few.images, np.arange(10) % 3, ("ש", "ל", "2"), name="few")
    run = gp.train(few, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    line = on_paper(read_png(gp.sample(run, tmp_path, text="של22")[0])[::3, ::3])
    images = run.sample(4, label=["ש", "ל", "2", "2"])
    for place, drawn in enumerate((2, 3, 1, 0)):
        assert np.array_equal(line[:, 28 * place : 28 * place + 28], images[drawn])


@pytest.mark.slow
def test_a_letter_of_the_other_case_stands_in(tmp_path):
    characters, _ = gp.load("characters")
    run = gp.train(characters.subset(1), "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    assert "c" not in run.class_names and "a" in run.class_names
    paths = [gp.sample(run, tmp_path, text=text)[0] for text in ("cab", "Cab")]
    assert np.array_equal(*map(read_png, paths))


def test_what_can_be_written_is_named_with_letters_of_the_other_case(tmp_path):
    with pytest.raises(gp.UsageError) as refused:
        gp.sample("emnist-cdcgan", tmp_path, text="Hello, Klasse 3ä!")
    unknown, _, known = str(refused.value).partition(". It can write: ")
    assert unknown == "emnist-cdcgan cannot write ',' 'ä' '!'"
    assert "".join(known.rstrip(".").split()) == string.digits + "".join(
        sorted(string.ascii_letters)
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"label": "x"}, "does not know class 'x'. Classes: 0 1 2"),
        (
            {"text": "2%, 6 ä%"},
            "cannot write '%' ',' 'ä'. It can write: 0 1 2 3 4 5 6 7 8 9.",
        ),
        ({"text": "  "}, "nothing to write"),
        ({"count": 0}, "`count` should be a whole number, 1 or more"),
        ({"seed": -1}, "`seed` should be in 0..2147483647. Received: -1"),
        ({"seed": 1.5}, "`seed` should be a whole number in 0..2147483647. Received: 1.5"),
        ({"seed": "x"}, "`seed` should be a whole number in 0..2147483647. Received: 'x'"),
        ({"seed": 10**47}, "`seed` should be in 0"),
        ({"text": "1", "label": "1"}, "Remove `label`"),
        ({"label": ["7", "8"]}, r"`label` is one of them.*Run.sample.*\['7', '8'\]"),
        ({"writer": range(2)}, r"`writer` is one of them.*range\(0, 2\)"),
    ],
)
def test_wrong_wishes_get_their_sentence_and_write_nothing(short_run, tmp_path, options, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.sample(short_run, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_an_unlabelled_model_cannot_be_told(short_unlabelled_run, tmp_path):
    for label in ("7", [7]):
        with pytest.raises(gp.UsageError, match="is unlabelled.*preset cdcgan"):
            short_unlabelled_run.sample(1, label=label)
    assert gp.sample(short_unlabelled_run, tmp_path, animate=True)[0].suffix == ".gif"


def test_existing_pictures_are_kept_unless_forced(short_run, tmp_path):
    (path,) = gp.sample(short_run, tmp_path, text="1")
    path.write_bytes(b"mine")
    with pytest.raises(gp.UsageError, match="exists already"):
        gp.sample(short_run, tmp_path, text="1")
    assert path.read_bytes() == b"mine"
    gp.sample(short_run, tmp_path, text="1", force=True)
    assert read_png(path).shape == (84, 84, 1)


def test_long_texts_that_begin_alike_have_pictures_of_their_own(short_run, tmp_path):
    paths = {gp.sample(short_run, tmp_path, text="1" * 40 + end)[0] for end in "23"}
    assert len(paths) == 2 and max(len(path.name) for path in paths) < 100


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"count": 2}, "seed0-0000.png"),
        ({"label": "x", "grid": True}, "does not know class 'x'"),
        ({"count": 0, "animate": True}, "`count` should be a whole number, 1 or more"),
        ({"count": 3, "animate": True}, "`count` is of single pictures and of a grid"),
        ({"count": 3, "text": "26"}, "`count` is of single pictures and of a grid"),
        ({"text": "2!"}, "cannot write '!'"),
        ({"text": "26", "seed": -1}, "seed"),
        ({"style": "nowhere", "writer": 3}, "`writer` is one whom the model knows"),
    ],
)
def test_all_is_checked_before_the_generator_is_read(
    short_run, tmp_path, monkeypatch, options, sentence
):
    run = gp.Run.open(short_run.path)
    (tmp_path / f"{run.path.name}-seed0-0000.png").touch()
    unread = property(lambda self: pytest.fail("the generator was read"))
    monkeypatch.setattr(gp.Run, "generator", unread)
    with pytest.raises(gp.UsageError, match=re.escape(sentence)):
        gp.sample(run, tmp_path, **options)


@pytest.mark.parametrize(
    ("shape", "recipe", "size", "words"),
    [
        ((28, 28, 1), None, (28, 28, 1), "and lose their details; crop them with ganprofile"),
        (
            (28, 28, 1),
            {"photographs": "scans", "image_size": 28},
            (28, 28, 1),
            "read as the images",
        ),
        ((24, 16, 1), None, (60, 60, 1), "crop them"),
    ],
)
def test_a_style_is_read_as_the_models_images_were(
    tmp_path, monkeypatch, capsys, shape, recipe, size, words
):
    """A small character on each of some large pictures."""
    for label in "ab":
        (tmp_path / "mine" / label).mkdir(parents=True)
        for number in range(3):
            page = np.full((60, 60), 255, np.uint8)
            page[4:16, 4 + number : 9 + number] = 0
            Image.fromarray(page).save(tmp_path / "mine" / label / f"{number}.png")
    given = []

    class Adapter:
        def __init__(self, run):
            pass

        def with_writer(self, dataset):
            given.append(dataset)

    monkeypatch.setattr("ganprofile.sampling.style_adaptation.StyleAdapter", Adapter)
    dataset = {"recipe": [{"load": "/theirs", "split": "train", **recipe}] if recipe else None}
    run = SimpleNamespace(image_shape=shape, config={"dataset": dataset})
    importlib.import_module("ganprofile.sampling.sample")._with_style(run, tmp_path / "mine")
    assert given[0].image_shape == size
    said = capsys.readouterr().err
    assert words in said and ("crop them" in said) == (recipe is None)


def test_a_style_of_another_shape_is_refused(digits):
    small = dataclasses.replace(digits[0], images=digits[0].images[:, :20])
    from ganprofile.sampling.style_adaptation import StyleAdapter

    adapter = StyleAdapter.__new__(StyleAdapter)
    adapter.run = gp.Run.open("digits-cgan")
    with pytest.raises(gp.UsageError, match="digits are 28x20 .* digits-cgan draws 28x28 .* that"):
        adapter.style(small)


def test_pictures_of_two_classes_have_two_names():
    safe = importlib.import_module("ganprofile.sampling.sample")._safe
    names = ["a", "A1", "কা", "কি", "+", "-", "/", "a.b", "."]
    assert len({safe(name) for name in names}) == len(names)
    assert not {*"/\\:*?<>| "} & set("".join(map(safe, [*names, *string.printable])))
    assert safe("my digits") == "my_digits"


def test_a_writer_is_asked_for_by_the_name_that_the_data_have(digits, capsys):
    some = digits[0].subset(1)
    names = np.array([["ann", "bo"][k % 2] for k in range(10)])
    some = dataclasses.replace(
        some, writers=np.arange(10) % 2, attributes={"writer_name": names}, name="named"
    )
    number_of = importlib.import_module("ganprofile.sampling.sample")._number_of
    run = SimpleNamespace(
        conditions={"label": 10, "writer": 2},
        condition_values={"writer": [0, 1]},
        dataset=lambda offline: some,
    )
    assert [number_of(run, asked) for asked in ("ann", "bo", "1", 0, None)] == [0, 1, "1", 0, None]
    assert number_of(run, 7) == 7, "which is refused as before"
    crossed = dataclasses.replace(some, attributes={"writer_name": np.array(["1", "5"] * 5)})
    run.dataset = lambda offline: crossed
    assert [number_of(run, asked) for asked in ("1", "5", 1)] == [0, 1, 1], "names before numbers"
    assert "1 was taken for a name, that of writer 0" in capsys.readouterr().err
    run.dataset = lambda offline: some
    with pytest.raises(gp.UsageError, match="named has no writer cy. Its 2 writers: ann, bo."):
        number_of(run, "cy")

    def moved(offline):
        raise gp.GanprofileError("The data lie elsewhere.")

    run.dataset = moved
    assert number_of(run, "1") == "1" and number_of(run, "7") == "7"
    assert capsys.readouterr().err.startswith("1 is taken for a writer's number: the data, which")
    untold = SimpleNamespace(conditions={"label": 10}, condition_values={})
    assert number_of(untold, "ann") == "ann"


@pytest.mark.parametrize("writer", [None, 7])
def test_in_a_grid_of_very_many_classes_each_meets_the_writers_in_turn(writer):
    names, writers, asked = [f"{k}" for k in range(150)], [3, 5, 7, 9], {}

    def drawn(count, labels, seed, writer):
        asked.update(labels=labels, writers=writer)
        return np.zeros((count, 28, 28, 1), np.uint8)

    run = SimpleNamespace(
        conditions={"label": 150, "writer": 4},
        condition_values={"label": names, "writer": writers},
        class_names=names,
        image_shape=(28, 28, 1),
        sample=drawn,
    )
    grids.drawn_grid(run, 400, None, writer, 0)
    if writer is None:
        assert {*zip(asked["labels"], asked["writers"], strict=True)} == {
            *itertools.product(names[:100], writers)
        }
    else:
        assert asked["writers"] == writer
