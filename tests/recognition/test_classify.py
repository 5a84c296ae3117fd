"""Readers that are kept, and photographs that they read."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.augmentation import sets
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import read_png
from tests.datasets.capture.test_page import page
from tests.forked import run_forked
from tests.planted import plant_teachers

pytest.importorskip("cv2", reason="OpenCV is not installed")


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    path = tmp_path_factory.mktemp("readers") / "digits-svm"
    return gp.train_reader("digits", "svm", subset=200, output=path, progress=False)


@pytest.fixture
def photograph(digits, tmp_path):
    """A page of eleven digits in two rows, and what stands there."""
    picture, written = page(digits[1].images, (6, 5))
    Image.fromarray(picture).save(tmp_path / "page.jpg", quality=85)
    labels = digits[1].labels
    return tmp_path / "page.jpg", ["".join(str(labels[k]) for k in row) for row in written]


def test_a_reader_is_kept_and_opened(reader, digits):
    assert reader.info["variants"] is True
    assert reader.info["accuracy"] > 0.9 and reader.info["test_images"] == len(digits[1])
    again = gp.Reader.open(reader.path)
    labels, probabilities = again.read(digits[1].images[:50])
    np.testing.assert_array_equal(labels, reader.read(digits[1].images[:50])[0])
    assert (labels == digits[1].labels[:50]).mean() > 0.85
    assert (probabilities > 0.1).all() and (probabilities <= 1).all()


def test_a_page_is_read_in_rows_and_shown(reader, photograph, tmp_path):
    path, written = photograph
    (found,) = gp.classify([path], reader, output=tmp_path / "shown")
    lines = found.text.splitlines()
    assert [len(line) for line in lines] == [6, 5]
    right = [a == b for a, b in zip("".join(lines), "".join(written), strict=True)]
    assert np.mean(right) > 0.7
    assert read_png(found.shown).shape[0] > 200
    with pytest.raises(UsageError, match="exists already"):
        gp.classify([path], reader, output=tmp_path / "shown")


def test_a_reader_without_certainties_says_so(reader, photograph, tmp_path, in_process):
    words = ["classify", photograph[0], "--reader", reader.path]
    code, _, said = in_process(*words, "--output", tmp_path / "seen")
    assert code == 0 and "its certainties do not say which characters it misreads" in said
    assert "so that none is called doubtful" in said and "0 of 11 characters framed" in said
    code, _, said = in_process(*words, "--sure", "0.7")
    assert code == 2 and "do not say which" in said and "Leave out --sure." in said


def test_cells_hold_one_character(reader, digits, tmp_path):
    paths = [tmp_path / f"{k}.png" for k in range(30)]
    for path, image in zip(paths, digits[1].images, strict=False):
        Image.fromarray(255 - np.kron(image[..., 0], np.ones((4, 4), np.uint8))).save(path)
    found = gp.classify(paths, reader.path, single=True, output=None)
    right = [one.text == str(label) for one, label in zip(found, digits[1].labels, strict=False)]
    assert np.mean(right) > 0.75 and found[0].shown is None
    for path in paths:  # once more as a scanner of 12 bits gives them
        levels = np.rint(np.asarray(Image.open(path)) * (4095 / 255))
        Image.fromarray(levels.astype(np.uint16)).save(path)
    again = gp.classify(paths, reader.path, single=True, output=None)
    assert [one.text for one in again] == [one.text for one in found]


def test_many_pictures_are_read_with_progress_and_leave_no_files(
    reader, digits, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    paths = [f"{k}.png" for k in range(35)]  # more than are read together
    for path, image in zip(paths, digits[1].images, strict=False):
        Image.fromarray(255 - np.kron(image[..., 0], np.ones((4, 4), np.uint8))).save(path)
    together = gp.classify(paths, reader, single=True)
    assert "35/35 pictures" in capsys.readouterr().err
    assert sorted(place.name for place in tmp_path.iterdir()) == sorted(paths)
    apart = [gp.classify([path], reader, single=True)[0] for path in paths[30:]]
    assert [one.text for one in together[30:]] == [one.text for one in apart]
    assert not capsys.readouterr().err, "one picture needs no bar"
    shown = gp.classify(paths[:5], reader, single=True, output="shown", progress=False)
    assert len({one.shown for one in shown}) == 5
    assert {one.name for one in Path("shown").iterdir()} == {*paths[:5], "overview.png"}


@pytest.mark.slow
def test_the_command_trains_and_reads(photograph, tmp_path, monkeypatch, in_process):
    monkeypatch.chdir(tmp_path)
    path, written = photograph
    made = run_forked("classify", "--train", "digits", "--model", "logistic", "--subset", "50")
    assert made.stdout.strip() == "readers/digits-logistic"
    _, out, said = in_process("classify", path, "--json")
    (found,) = json.loads(out)
    _, by_name, _ = in_process("classify", path, "--reader", "digits-logistic", "--json")
    assert json.loads(by_name) == [found]
    assert [len(row) for row in found["rows"]] == list(map(len, written))
    assert "--pictures" in said and not (tmp_path / "classified").exists()
    _, out, said = in_process("classify", path, "--pictures", "all")
    assert "classified/page.png" in out and "classified: 1 picture" in said
    assert "classified/overview.png: what was read" in said and "of 11 characters" in said
    assert (tmp_path / "classified" / "page.png").is_file()
    _, out, said = in_process("classify", path, "--output", "there", "--pictures", "none")
    assert [one.name for one in Path("there").iterdir()] == ["overview.png"]
    _, out, said = in_process("classify", path, "--output", "there")
    assert "there/overview.png exists already" in said
    code, _, said = in_process("classify", path, "--pictures", "some")
    assert code == 2 and "Known: none, doubtful, all" in said


def test_of_a_reader_that_reads_at_once_only_what_it_read_is_json(
    digits, tmp_path, monkeypatch, in_process
):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(255 - digits[1].images[0, ..., 0]).save("a.png")
    asked = ("--train", "digits", "--model", "k-nn", "--subset", "5", "--json", "--force")
    code, out, said = in_process("classify", "a.png", "--single", *asked)
    (found,) = json.loads(out)
    assert code == 0 and found["path"] == "a.png" and "readers/digits-k-nn" in said
    code, out, _ = in_process("classify", *asked)
    assert json.loads(out)["reader"] == "readers/digits-k-nn"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["typo.png"], "There is no picture typo.png"),
        (["cut.png"], "cut.png"),
        (["a.png", "--pictures", "all"], "overview.png exists already"),
        (["a.png", "--model", "svm", "--sure", "0.9"], "do not say which characters"),
        (["a.png", "--name", "taken"], "taken exists already"),
    ],
    ids=["no picture", "damaged", "read before", "uncertain", "reader"],
)
def test_what_is_to_be_read_is_looked_at_before_a_reader_is_trained(
    asked, words, digits, tmp_path, monkeypatch, in_process
):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(255 - digits[1].images[0, ..., 0]).save("a.png")
    Path("cut.png").write_bytes(Path("a.png").read_bytes()[:60])
    for folder in ("classified", "readers/taken"):
        Path(folder).mkdir(parents=True)
    Path("classified", "overview.png").touch()
    monkeypatch.setattr(gp, "train_reader", lambda *_, **__: pytest.fail("was trained"))
    code, _, said = in_process("classify", *asked, "--single", "--train", "digits")
    assert code in (1, 2) and words in said


def test_a_taken_place_is_refused_before_images_are_labelled(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    few = digits[0].subset(3, seed=0)
    Path("readers", "digits-k-nn").mkdir(parents=True)
    monkeypatch.setattr("ganprofile.augmentation.sets.in_memory", lambda *_: pytest.fail())
    with pytest.raises(UsageError, match="is not a reader"):
        gp.train_reader(few, "k-nn", unlabelled=digits[1].subset(2), progress=False)
    for taken, many in (("teachers", 2), ("convnet", 100)):  # as many may be of one class
        place = Path("readers", f"digits-{taken}")
        place.mkdir()
        with pytest.raises(UsageError, match=f"digits-{taken}.* is not a reader"):
            gp.train_reader(few, unlabelled=digits[1].subset(many), progress=False)
        place.rmdir()


def test_unlabelled_images_are_labelled_with_the_effort_that_is_asked_for(
    digits, tmp_path, monkeypatch, in_process
):
    monkeypatch.chdir(tmp_path)
    asked = []

    def label(job, room):
        asked.append(job.effort)
        few, many = job.few, job.many
        return dataclasses.replace(
            few,
            images=np.concatenate([few.images, many.images]),
            labels=np.r_[few.labels, many.labels],
            writers=np.arange(len(few) + len(many)),
        )

    monkeypatch.setattr("ganprofile.augmentation.sets.in_memory", label)
    digits[0].subset(3, seed=0).save("few")
    digits[1].subset(2).save("many")
    train = ("classify", "--train", "few", "--model", "k-nn", "--force")
    for effort in ([], ["--effort", "full"]):
        code, _, said = in_process(*train, "--unlabelled", "many", *effort)
        assert code == 0, said
    assert asked == ["quick", "full"]
    read = gp.Reader.open("readers/digits-k-nn")
    assert read.info["unlabelled"] == {"dataset": "digits", "images": 20, "effort": "full"}
    assert read.info["images"] == 50 and read.info["writers"] == 30, "of those with labels"
    card = (read.path / "README.md").read_text()
    assert "30 images of digits and 20 without labels of digits (fingerprint" in card
    assert "20 of the 50 images that it learned from came without labels" in card
    code, _, said = in_process(*train, "--effort", "full")
    assert code == 2 and "--effort is of images without labels. Say --unlabelled DATA" in said
    with pytest.raises(UsageError, match="`effort` is of `unlabelled` images"):
        gp.train_reader("few", "k-nn", effort="full")


def test_labels_that_were_given_are_kept_where_the_reader_is_stopped(
    digits, tmp_path, monkeypatch, capsys
):
    """They take minutes, with full effort an hour."""
    monkeypatch.chdir(tmp_path)
    plant_teachers(monkeypatch)
    monkeypatch.setattr("ganprofile.augmentation.labelling.prepare", lambda *_: None)
    rooms, stop = [], True

    def in_memory(job, room):
        rooms.append(room)
        labelled = made(job, room)
        (room / "kept").touch()
        if stop:
            raise KeyboardInterrupt
        return labelled

    made = sets.in_memory
    monkeypatch.setattr(sets, "in_memory", in_memory)
    asked = {"unlabelled": digits[1].subset(2), "output": "new", "progress": False}
    with pytest.raises(KeyboardInterrupt) as stopped:
        gp.train_reader(digits[0].subset(3, seed=0), "k-nn", **asked)
    assert "the same command goes on from there" in stopped.value.__notes__[0]
    assert [path.name for path in tmp_path.iterdir()] == [".new.unfinished"]
    stop = False
    gp.train_reader(digits[0].subset(3, seed=0), "k-nn", **asked)
    assert rooms[0] == rooms[1] and [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_reader_that_is_half_made_is_not_the_newest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    half = tmp_path / "readers" / ".mine.0123abcd.partial"
    half.mkdir(parents=True)
    (half / "reader.json").write_text("{}")
    with pytest.raises(GanprofileError, match="There is no reader"):
        gp.Reader.open()


def test_a_training_that_fails_leaves_no_folder_of_what_was_read(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(255 - digits[1].images[0, ..., 0]).save("a.png")
    with pytest.raises(GanprofileError, match="There is no reader"):
        gp.classify("a.png", output="new/folder")
    assert [one.name for one in tmp_path.iterdir()] == ["a.png"]


def test_names_of_pictures_are_printed_in_one_line(reader, photograph, tmp_path, in_process):
    path = photograph[0].rename(tmp_path / "two\nlines.jpg")
    code, out, _ = in_process("classify", path, "--reader", reader.path)
    assert code == 0 and out.splitlines()[0].endswith(r"two\nlines.jpg:")


def test_force_replaces_a_reader_alone(digits, tmp_path):
    few, asked = digits[0].subset(3), {"output": tmp_path / "reader", "progress": False}
    for force in (False, True):
        gp.train_reader(few, "k-nn", variants=False, force=force, **asked)
    (tmp_path / "reader" / "notes.txt").write_text("mine")
    with pytest.raises(gp.UsageError, match=r"reader holds files .*\(notes.txt\)"):
        gp.train_reader(few, "k-nn", variants=False, force=True, **asked)


def test_a_reader_may_be_called_as_its_data(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few").mkdir()
    few = digits[0].subset(3, seed=0)
    gp.train_reader(few, "k-nn", variants=False, output="readers/few", progress=False)
    assert gp.Reader.open("few").path == Path("readers/few")
    with pytest.raises(GanprofileError, match="readers is no reader"):
        gp.Reader.open("readers")


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [
        ((28, 28, 3), "--channels 1,"),
        ((28, 20, 1), "--image-size 28,"),
        ((20, 28, 3), "--image-size 28 and --channels 1,"),
    ],
)
def test_what_could_read_no_photograph_is_not_trained(
    shape, remedy, in_process, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    images = random.integers(0, 255, (8, *shape), dtype=np.uint8)
    few = gp.Dataset(images, np.arange(8) % 2, name="few")
    few.save("few")
    code, _, said = in_process("classify", "--train", "few", "--model", "k-nn")
    assert code == 2 and "it could read none" in said and remedy in said
    assert not Path("readers").exists()
    reader = gp.train_reader(few, "k-nn", progress=False)
    assert "reads arrays of such alone" in capsys.readouterr().err
    assert reader.read(images)[0].shape == (8,)
    with pytest.raises(UsageError, match=r"Bring them to this shape\.$"):
        reader.read(images[:, 2:])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: gp.train_reader("digits", "nothing"), UsageError, "Known: teachers"),
        (lambda: gp.classify([]), UsageError, "one picture or more"),
        (lambda: gp.classify("a.png", sure=None), UsageError, "0 to 1. Received: None"),
        (lambda: gp.classify("a.png", sure="0.9"), UsageError, "0 to 1. Received: '0.9'"),
        (lambda: gp.classify(["a.png", "A.PNG"], output="x"), UsageError, "be shown in one file"),
        (lambda: gp.classify(["d"]), UsageError, "but folders of some, .* Name these: d/e"),
        (lambda: gp.classify(["b.png"]), UsageError, "no picture b.png"),
        (lambda: gp.classify(["c"]), UsageError, "c holds no picture. Name a folder of .png"),
        (lambda: gp.classify(["f.zip"]), UsageError, "f.zip is an archive. Unpack it"),
        (lambda: gp.classify(["a.png"], show="some"), UsageError, "Known: none, doubtful, all"),
        (lambda: gp.classify(["a.png"], output=".", force=True), UsageError, "is to be read"),
        (lambda: gp.classify(["a.png"], output=None), GanprofileError, "There is no reader in"),
        (lambda: gp.Reader.open("nowhere"), UsageError, "no reader nowhere"),
        (lambda: gp.Reader.open("d"), GanprofileError, "d is no reader. Make one"),
    ],
    ids=[
        "model",
        "nothing",
        "sure None",
        "sure text",
        "two",
        "below",
        "no picture",
        "empty",
        "archive",
        "show",
        "itself",
        "no reader",
        "no folder",
        "another folder",
    ],
)
def test_what_cannot_be_done(call, error, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    (tmp_path / "d" / "e").mkdir(parents=True)
    for name in ("a.png", "A.PNG", "b/a.png", "d/e/a.png", "f.zip"):
        (tmp_path / name).touch()
    with pytest.raises(error, match=words):
        call()


def test_images_of_another_shape_and_damaged_readers(reader, tmp_path):
    with pytest.raises(UsageError, match="reads images of"):
        reader.read(np.zeros((2, 14, 14, 1), np.uint8))
    (tmp_path / "reader.json").write_text("{}")
    with pytest.raises(GanprofileError, match="is damaged"):
        gp.Reader.open(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"class_names": [*"0123456789a"]},
        {"class_names": ["0"]},
        {"class_names": [*"0123456788"]},
        {"class_names": "0123456789"},
        {"image_shape": [32, 32, 1]},
        {"image_shape": None},
        {"image_shape": [28, 28, "1"]},
        {"filled": "x"},
        {"calibration": 5},
    ],
)
def test_a_changed_description_is_refused_and_reads_nothing(reader, digits, tmp_path, changed):
    shutil.copytree(reader.path, tmp_path / "changed")
    info = json.loads((tmp_path / "changed" / "reader.json").read_text())
    (tmp_path / "changed" / "reader.json").write_text(json.dumps({**info, **changed}))
    (height, width, _), seen = changed.get("image_shape") or (28, 28, 1), digits[1].images[:2]
    with pytest.raises(GanprofileError, match=r"reader.json is damaged.* Train the reader again"):
        gp.Reader.open(tmp_path / "changed").read(np.resize(seen, (2, height, width, 1)))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (lambda images: images[..., 0], ""),
        (lambda images: list(images), ""),
        (lambda images: images.astype(int), ""),
        (lambda images: np.moveaxis(images, -1, 1), "(n, channels, height, width)"),
        (lambda images: np.moveaxis(images, 0, -1), "(height, width, channels, n)"),
        (lambda images: images / 255, "values 0..1 were taken for 0..1 and scaled"),
        (lambda images: (images / 127.5 - 1).astype(np.float32), "-1..1"),
    ],
    ids=["no channels", "a list", "int", "channels first", "n last", "0..1", "-1..1"],
)
def test_arrays_are_read_in_the_forms_that_they_are_loaded_in(reader, digits, form, said, capsys):
    images = digits[1].images[:40]
    labels, _ = reader.read(images)
    capsys.readouterr()
    np.testing.assert_array_equal(reader.read(form(images))[0], labels)
    heard = capsys.readouterr().err
    assert said in heard and bool(heard) == bool(said)


def test_arrays_that_cannot_be_meant_are_said(reader, digits, capsys):
    images = digits[1].images[:40]
    reader.read(255 - images)
    assert "look like dark ink on light paper" in capsys.readouterr().err
    binary = (images > 127).astype(np.uint8)
    assert (reader.read(binary)[0] == reader.read(255 * binary)[0]).all()
    capsys.readouterr()
    labels, _ = reader.read(np.rint(images / 255 * 16).astype(np.uint8))
    assert "levels of which 16 is the highest" in capsys.readouterr().err
    assert (labels == reader.read(images)[0]).mean() > 0.9
    assert [len(part) for part in reader.read(images[:0])] == [0, 0]
    with pytest.raises(UsageError, match="reads images of"):
        reader.read(images.repeat(2, axis=-1))
    with pytest.raises(UsageError, match=r"should be an array. Received: 'a.png'"):
        reader.read("a.png")
    with pytest.raises(UsageError, match="are paths of files. Received: an array"):
        gp.classify(images, reader)


@pytest.mark.parametrize("learn", [gp.train_reader, gp.train])
def test_labels_beside_the_images_get_a_sentence(digits, learn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    images, labels = digits[1].images[:40], digits[1].labels[:40]
    with pytest.raises(UsageError, match=r"`model` should be a name. Received: ndarray. .* one t"):
        learn(images, labels)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["cut off", "gone"])
def test_damaged_classifiers_are_named(reader, damage, tmp_path):
    shutil.copytree(reader.path, tmp_path / "damaged")
    file = tmp_path / "damaged" / "classifier.skops"
    file.write_bytes(file.read_bytes()[:100])
    if damage == "gone":
        file.unlink()
    with pytest.raises(GanprofileError, match=r"classifier\.skops (is damaged|is missing. Train)"):
        gp.Reader.open(tmp_path / "damaged")


def test_nothing_is_read_in_an_empty_cell(reader, tmp_path):
    Image.new("L", (90, 90), 255).save(tmp_path / "blank.png")
    options = {"single": True, "output": tmp_path / "shown", "show": "doubtful"}
    (found,) = gp.classify([tmp_path / "blank.png"], reader, **options)
    assert found.text == "" and found.doubtful
    assert found.shown == tmp_path / "shown" / "blank.png"


def test_pictures_of_one_name_lie_in_folders(reader, digits, tmp_path):
    paths = [tmp_path / folder / "0.png" for folder in ("কা", "কি")]
    for path, image in zip(paths, digits[1].images, strict=False):
        path.parent.mkdir()
        Image.fromarray(255 - image[..., 0]).save(path)
    found = gp.classify(paths, reader, single=True, output=tmp_path / "shown")
    assert [read.shown.name for read in found] == ["কা-0.png", "কি-0.png"]


def test_a_network_says_how_far_it_is_while_it_learns(digits, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("ganprofile.classifiers.cnn.CnnClassifier.STEPS", 3)
    few = digits[0].subset(2)
    gp.train_reader(few, "cnn", output=tmp_path / "said")
    assert "3/3 steps" in capsys.readouterr().err
    gp.train_reader(few, "cnn", output=tmp_path / "silent", progress=False)
    assert not capsys.readouterr().err


def test_a_dataset_is_read_as_its_images_are(digits, tmp_path):
    reader = gp.train_reader(digits[0].subset(5), "k-nn", output=tmp_path / "r", progress=False)
    some = digits[1].select(np.arange(20))
    for of_dataset, of_images in zip(reader.read(some), reader.read(some.images), strict=True):
        np.testing.assert_array_equal(of_dataset, of_images)


def test_labels_are_places_in_the_names_of_the_reader(digits, tmp_path, capsys):
    few = digits[0].subset(5)
    some = few.select(few.labels != 3)
    reader = gp.train_reader(some, "svm", output=tmp_path / "r", progress=False)
    assert reader.class_names == [name for name in some.class_names if name != "3"]
    capsys.readouterr()
    labels, _ = reader.read(some)
    assert "digits has other classes than" in (said := capsys.readouterr().err)
    assert "Compare names, not numbers" in said
    right = [
        reader.class_names[at] == few.class_names[label]
        for at, label in zip(labels, some.labels, strict=True)
    ]
    assert np.mean(right) > 0.8
    reader.read(some.of_classes(reader.class_names))
    reader.read(dataclasses.replace(some, labels=None, class_names=()))
    assert not capsys.readouterr().err


def test_a_reader_without_its_classifier_is_to_be_trained_again(tmp_path):
    info = {"model": "teachers", "class_names": ["a", "b"], "image_shape": [28, 28, 1]}
    (tmp_path / "reader.json").write_text(json.dumps(info))
    with pytest.raises(GanprofileError, match=r"classifier.* is missing. Train the reader again"):
        gp.Reader.open(tmp_path)


def test_what_a_reader_cannot_mean_is_said(reader, digits, capsys):
    images = digits[1].images[:2]
    three = np.repeat(images, 3, axis=-1)
    np.testing.assert_array_equal(reader.read(three)[0], reader.read(images)[0])
    assert not capsys.readouterr().err
    reader.read(np.zeros_like(images))
    assert "2 of 2 images for" in capsys.readouterr().err
    with pytest.raises(UsageError, match=r"Bring them to this shape, or let gp.classify\("):
        reader.read(np.zeros((1, 56, 56, 1), np.uint8))
    with pytest.raises(UsageError, match=r"Received: an array. .*\.read\(images\)"):
        gp.classify([Image.fromarray(images[0, ..., 0])], reader)
