"""Many digits labelled from a few: written, read again, refused."""

import dataclasses
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import labelling
from ganprofile.augmentation.labelled_set import left_out, write_labelled
from ganprofile.augmentation.labelling import LabellingJob
from ganprofile.errors import UsageError
from ganprofile.gan.semi_supervised import SemiSupervisedSettings
from ganprofile.images import read_png, save_png
from ganprofile.recipes import adversarial
from tests.augmentation.forging import assert_problem, change_info, change_row, check
from tests.planted import plant_teachers


@pytest.fixture
def fast(monkeypatch):
    plant_teachers(monkeypatch)
    monkeypatch.setattr(labelling, "prepare", lambda *_: None)


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(5, seed=1)


def is_right(data, known):
    """Whether images have the labels that they have in another set, bool `(n,)`."""
    labels = dict(zip(known.image_hashes.tolist(), known.labels.tolist(), strict=True))
    return np.array([labels[hash] for hash in data.image_hashes.tolist()]) == data.labels


def test_the_set_holds_both_and_says_how_certain(fast, digits, few, tmp_path):
    path = tmp_path / "more"
    result = gp.label(digits[0], by=few, output=path, progress=False)
    data, info = result.load(), result.info
    known = len(digits[0]) - 50
    assert info["labelled_before"] == 50 and info["labelled_now"] == known
    np.testing.assert_array_equal(data.images[:50], few.images)
    np.testing.assert_array_equal(data.labels[:50], few.labels)
    certainty = data.attributes["certainty"]
    assert (certainty[:50] == 1).all() and 0.1 < certainty[50:].min() < certainty[50:].mean() < 1
    assert not [key for key in info if "certain" in key], "it would pass for a share of right ones"
    right = is_right(data, digits[0])
    assert 0.75 < right[50:].mean() < 1
    sure = certainty > np.median(certainty)
    assert right[sure].mean() > right[~sure].mean()
    assert gp.verify(path).ok
    height, width, *_ = read_png(path / "doubtful.png").shape
    assert 20 < width - height < 60, "ten rows of ten, and the names of the classes"


def test_soft_labels_stay_and_guessed_ones_are_certain_beside_them(fast, digits, few, tmp_path):
    soft = np.full((len(few), 10), 0.02)
    soft[np.arange(len(few)), few.labels] = 0.82
    known = dataclasses.replace(few, soft_labels=soft.astype(np.float32))
    made = gp.label(digits[0][:90], by=known, output=tmp_path / "more", progress=False)
    data = made.load()
    np.testing.assert_allclose(data.soft_labels[: len(few)], soft, atol=2e-3)
    assert (data.soft_labels[len(few) :].max(axis=1) == 1).all()
    assert (data.soft_labels.argmax(axis=1) == data.labels).all() and gp.verify(made.path).ok


def test_certainties_next_to_one_are_not_written_as_certain(digits, tmp_path):
    few, many = digits[0].subset(1), gp.Dataset(digits[1].images[:4], name="many")
    found = np.zeros((4, 10), np.float32)
    found[:, 3] = 0.99998, 1, 0.5, 0.00002
    many = dataclasses.replace(many, attributes={"file": np.array([*"abcd"])})
    write_labelled(tmp_path, "npz", few, many, found, 0)
    listed = (tmp_path / "labelled.csv").read_text().splitlines()[1:]
    shares = {line[0]: line.rpartition(",")[2] for line in listed}
    assert shares["b"] == "1.0000" and shares["c"] == "0.5000"
    assert float(shares["a"]) == pytest.approx(0.99998) and float(shares["d"]) == pytest.approx(
        2e-5
    )


def test_of_very_many_classes_those_that_are_doubted_are_shown(digits, tmp_path):
    names = tuple(f"{k:03}" for k in range(130))
    of_all = np.arange(130).repeat(2)
    few = gp.Dataset(digits[0].images[:260], of_all.astype(np.int32), names, name="few")
    found = np.eye(130, dtype=np.float32)[of_all] * np.linspace(0.9, 0.2, 260)[:, None]
    many = gp.Dataset(digits[0].images[260:520], name="many")
    write_labelled(tmp_path, "npz", few, many, found, 0)
    picture = read_png(tmp_path / "doubtful.png")[..., 0]
    some = few.select(few.labels >= 30)
    images, classes = some.some_of_classes(2)
    assert classes == 100 and (images == some.images[:200]).all()
    for least, is_there in ((259, True), (2, False)):  # of the last class, and of the second
        assert shows(picture, 255 - many.images[least, :, :, 0]) is is_there


def shows(picture, image):
    """Whether an image stands anywhere in a picture of pixels repeated a whole number of times."""
    for factor in (1, 2, 3):
        tile = np.kron(image, np.ones((factor, factor), np.uint8))
        places = np.lib.stride_tricks.sliding_window_view(
            picture.reshape(picture.shape[:2]), tile.shape
        )
        rows = places[:, :, 10 * factor]
        likely = np.argwhere((rows == tile[10 * factor]).all(axis=-1))
        if any((places[row, column] == tile).all() for row, column in likely):
            return True
    return False


def test_what_a_set_says_of_its_guessed_labels_is_verified(fast, few, digits, tmp_path):
    made = gp.label(digits[1], by=few, output=tmp_path / "more", progress=False)
    known = len(digits[1])
    assert f"50 labels given before, {known:,} guessed by them" in check(made.path).checked
    for before, now in ((50 + known - 10, 10), (40, known + 10), (50, 7), ("50", None)):
        change_info(made.path, labelled_before=before, labelled_now=now)
        assert_problem(check(made.path), f"{before!r} labels were given before and {now!r} guessed")
    change_info(made.path, labelled_before=51, labelled_now=known - 1)
    change_row(made.path, 50, labelled_by="dataset")
    assert_problem(check(made.path), "51 labels were given before")


def test_labels_that_were_guessed_stay_as_certain_and_columns_of_both_stay(
    fast, few, digits, tmp_path
):
    def aged(dataset):
        ages = {"age": np.arange(len(dataset)), "note": np.full(len(dataset), "x")}
        return dataclasses.replace(dataset, attributes={**dataset.attributes, **ages})

    asked = {"output": tmp_path / "first", "progress": False}
    first = gp.label(aged(digits[1].subset(3)), by=aged(few), **asked).load()
    assert first.attributes["age"].tolist() == [*range(len(few)), *range(30)]
    assert set(first.attributes["note"]) == {"x"}
    asked = {"output": tmp_path / "second", "progress": False}
    second = gp.label(digits[1].subset(2, seed=9), by=first, **asked).load()
    certain = second.attributes["certainty"]
    np.testing.assert_array_equal(certain[: len(first)], first.attributes["certainty"])
    assert "age" not in second.attributes
    assert gp.verify(tmp_path / "second").ok and "30 of them by such guesses" in (
        gp.report(tmp_path / "second").read_text()
    )
    change_info(tmp_path / "second", guessed_before=0)
    assert_problem(check(tmp_path / "second"), "labels were given before")


def test_labels_that_people_gave_are_certain_whatever_a_column_of_theirs_says(
    few, digits, tmp_path
):
    own = {"certainty": np.full(len(few), 0.5, np.float32)}
    found = np.full((20, few.num_classes), 0.1, np.float32)
    asked = dataclasses.replace(few, attributes=own), digits[1][:20], found, 0.0
    info = write_labelled(tmp_path, "npz", *asked)
    assert (gp.open_set(tmp_path).load().attributes["certainty"][: len(few)] == 1).all()
    assert info["labelled_before"] == len(few) and gp.verify(tmp_path).ok


def test_without_a_folder_the_set_stays_in_memory(fast, few, digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = gp.label(digits[1], by=few, progress=False)
    assert not list(tmp_path.iterdir())
    whole = gp.label(digits[1], by=few, output="more", progress=False).load()
    assert data.fingerprint == whole.fingerprint and "certainty" in data.attributes


def test_uncertain_ones_can_be_left_out(fast, digits, few, tmp_path):
    arguments = {"by": few, "progress": False}
    whole = gp.label(digits[1], output=tmp_path / "whole", **arguments).load()
    result = gp.label(digits[1], leave_out=0.25, output=tmp_path / "x", **arguments)
    assert result.info["left_out"] == len(digits[1]) // 4
    assert result.info["labelled_now"] == len(digits[1]) - len(digits[1]) // 4
    kept = result.load().attributes["certainty"]
    assert kept.min() >= np.quantile(whole.attributes["certainty"][50:], 0.24)


def test_pictures_may_be_labelled_by_a_dataset(digits, few, tmp_path):
    (tmp_path / "in").mkdir()
    for k, image in enumerate(digits[1].images[:3]):
        save_png(tmp_path / "in" / f"{k}.png", 255 - image)
    plan = gp.label(tmp_path / "in", by=few, output=tmp_path / "out", dry_run=True)
    assert (plan["labelled"], plan["unlabelled"]) == (50, 3)


def test_images_without_labels_are_read_from_a_folder(fast, digits, few, tmp_path):
    few.save(tmp_path / "few", "imagefolder")
    (tmp_path / "scans").mkdir()
    for k, image in enumerate(digits[1].images[:30]):
        save_png(tmp_path / "scans" / f"{k}.png", image)
    result = gp.label(tmp_path / "scans", by=tmp_path / "few", dry_run=True, progress=False)
    assert result.pop("about_bytes") > 80 * 90
    assert result == {"format": "npz", "labelled": 50, "unlabelled": 30}
    result = gp.label(tmp_path / "scans", by=tmp_path / "few", dry_run=True, progress=False)
    assert gp.label(tmp_path / "scans", by=few, dry_run=True, progress=False) == result


@pytest.mark.parametrize("packed", [False, True])
def test_all_pictures_of_a_folder_are_labelled_wherever_they_lie(
    digits, few, tmp_path, capsys, packed
):
    """But those to test with; without labels nothing is a class folder."""
    places = [*["."] * 5, *["page"] * 4, *["page/more"] * 3, *["test"] * 2, ".hidden"]
    for k, place in enumerate(places):
        (tmp_path / "in" / place).mkdir(parents=True, exist_ok=True)
        save_png(tmp_path / "in" / place / f"{k}.png", digits[1].images[k])
    (tmp_path / "in" / "notes.csv").write_text("name,age\nann,7\n")
    given = tmp_path / "in"
    given = shutil.make_archive(str(tmp_path / "in"), "zip", given) if packed else given
    plan = gp.label(given, by=few, output=tmp_path / "out", dry_run=True)
    assert plan["unlabelled"] == 12
    said = capsys.readouterr().err
    assert "2 pictures are left out, such as test/12.png, by whose folder they are to" in said
    assert "class folders" not in said and "one label" not in said
    many, _ = gp.load(given, labels="none")
    assert many.labels is None and many.attributes["file"].tolist()[::6] == ["0.png", "page/6.png"]
    assert gp.datasets.from_recipe(many.recipe).fingerprint == many.fingerprint


def test_which_file_was_given_which_label_is_listed(fast, digits, few, tmp_path):
    """As a table that labels the files where they lie."""
    (tmp_path / "scans").mkdir()
    for k, image in enumerate(digits[1].images[:30]):
        save_png(tmp_path / "scans" / f"{k:02}.png", image)
    result = gp.label(tmp_path / "scans", by=few, output=tmp_path / "out", progress=False)
    made = result.load()
    assert made.attributes["file"].tolist() == [""] * 50 + [f"{k:02}.png" for k in range(30)]
    table = result.path / "labelled.csv"
    assert "- `labelled.csv`: which file was given which label" in (
        result.path / "README.md"
    ).read_text("utf-8")
    certain = [float(line.rpartition(",")[2]) for line in table.read_text().splitlines()[1:]]
    assert certain == sorted(certain) and len(certain) == 30
    again, _ = gp.load(tmp_path / "scans", labels=table)
    named = dict(zip(again.attributes["file"].tolist(), again.labels.tolist(), strict=True))
    found = [again.class_names[named[f"{k:02}.png"]] for k in range(30)]
    assert found == [made.class_names[label] for label in made.labels[50:]]


@pytest.mark.parametrize("kind", ["folder", "table", "arrays", "named"])
def test_images_of_a_test_part_are_left_out_and_counted(digits, few, tmp_path, capsys, kind):
    """Whatever their labels are, at which nobody looks."""
    some = digits[1].subset(3)
    is_test = (some.labels == 6) | (np.arange(len(some)) % 3 == 0)
    given, known = tmp_path / "many", 0
    if kind == "arrays":
        given = tmp_path / "many.npz"
        np.savez(given, x_train=some.images[~is_test], x_test=some.images[is_test])
    elif kind == "named":
        given, is_test = "digits", np.arange(6000) >= 5000
        known = len(few)
    else:
        given.mkdir()
        rows = ["image,label,split"]
        for k, image in enumerate(some.images):
            save_png(given / f"{k}.png", 255 - image)
            rows.append(f"{k}.png,{some.labels[k]},{'test' if is_test[k] else 'train'}")
        (given / "labels.csv").write_text("\n".join(rows))
        given = given / "labels.csv" if kind == "table" else given
    plan = gp.label(given, by=few, output=tmp_path / "out", dry_run=True)
    assert plan["unlabelled"] == np.count_nonzero(~is_test) - known
    said = f"the {np.count_nonzero(is_test):,} images of its test part are left out"
    err = capsys.readouterr().err
    assert said in err and (f"{known:,} of the " in err) == (known > 0)


def test_a_page_of_several_characters_has_no_table_of_files(fast, digits, few, tmp_path):
    """A row would not say which of them it is of."""
    many = digits[1].subset(2)
    pages = np.array([f"page {k // 10}.png" for k in range(len(many))])
    for files, is_listed in ((pages, False), (np.arange(len(many)).astype(str), True)):
        path = tmp_path / f"{is_listed}"
        named = dataclasses.replace(many, attributes={"file": files})
        made = gp.label(named, by=few, output=path, progress=False).load()
        assert made.attributes["file"].tolist()[50:] == files.tolist()
        assert (path / "labelled.csv").is_file() is is_listed


def test_who_wrote_either_part_is_told_apart(fast, digits, few, tmp_path):
    """Names number the people of each table from 0."""

    def written(dataset, name, people):
        names = np.resize(people, len(dataset))
        numbers = np.unique(names, return_inverse=True)[1]
        attributes = {"writer_name": names}
        return dataclasses.replace(dataset, name=name, writers=numbers, attributes=attributes)

    by = written(few, "few", ["anna", "bo", "cy"])
    many = written(digits[1].subset(6), "many", ["bo", "dora", "eva"])
    made = gp.label(many, by=by, output=tmp_path / "out", progress=False).load()
    names = made.attributes["writer_name"]
    assert names.tolist() == [*by.attributes["writer_name"], *many.attributes["writer_name"]]
    assert len({*zip(names.tolist(), made.writers.tolist(), strict=True)}) == 5
    assert len(np.unique(made.writers)) == 5 and gp.verify(tmp_path / "out").ok


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda few: {"by": gp.Dataset(few.images)}, "has no labels to begin with"),
        (lambda few: {"by": few.of_classes("0")}, "two classes or more"),
        (
            lambda few: {"by": gp.Dataset(few.images[:, ::2], few.labels)},
            "should be 28x14 with 1 channel, as those of unnamed. Received: 28x28 with 1 channel",
        ),
        (lambda few: {"unlabelled": few}, "are among those of"),
        (lambda few: {"leave_out": 1}, "less than 1. Received: 1"),
        (lambda few: {"leave_out": "x"}, "less than 1. Received: 'x'"),
        (lambda few: {"leave_out": 0.9999}, "leave some of the 1,000 images.*which leaves out all"),
        (lambda few: {"effort": "fulll"}, "No effort 'fulll'. Known: quick, full"),
    ],
    ids=["unlabelled", "one class", "shape", "the same", "all", "no number", "none left", "effort"],
)
def test_what_cannot_be_meant(fast, digits, few, tmp_path, change, words):
    arguments = {"unlabelled": digits[1], "by": few, "output": tmp_path / "x", **change(few)}
    with pytest.raises(UsageError, match=words):
        gp.label(**arguments, progress=False)
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_with_full_effort_what_a_reader_says_counts(
    fast, digits, few, tmp_path, monkeypatch, capsys
):
    settings = SemiSupervisedSettings(steps=60, batch=50)
    monkeypatch.setattr(adversarial, "SETTINGS", settings)
    monkeypatch.setattr(adversarial, "STEPS_PER_EPOCH", 20)
    some, said = digits[1].subset(30), []
    trained = adversarial.AdversarialTraining.trained

    def noted(training, progress=False):
        reader = trained(training, progress)
        said.append((training, reader.predict_proba(some.images)))
        return reader

    monkeypatch.setattr(adversarial.AdversarialTraining, "trained", noted)
    plan = gp.label(some, by=few, effort="full", dry_run=True)
    assert plan["effort"] == "full" and not said
    assert "of as few as 300 images it may make labels worse" in capsys.readouterr().err
    monkeypatch.setattr(labelling, "HELPED", 300)
    result = gp.label(some, by=few, effort="full", output=tmp_path / "x", progress=False)
    ((training, reading),) = said
    both = (training.spread + reading / 2) / 1.5
    made = result.load()
    np.testing.assert_array_equal(made.labels[50:], both.argmax(axis=1))
    np.testing.assert_allclose(made.attributes["certainty"][50:], both.max(axis=1), atol=1e-6)
    assert (both.argmax(axis=1) != training.spread.argmax(axis=1)).any()
    assert result.info["effort"] == "full" and gp.verify(tmp_path / "x").ok
    assert not training.settings.keeps_size


@pytest.mark.slow
def test_with_teachers(digits, few, tmp_path, monkeypatch):
    monkeypatch.setattr(labelling, "TEACHER_STEPS", 30)
    some = digits[1].subset(30)
    result = gp.label(some, by=few, output=tmp_path / "x", progress=False)
    data = result.load()
    assert is_right(data.select(np.arange(50, 350)), some).mean() > 0.75


def test_the_set_keeps_the_marks_of_both(fast, digits, few, tmp_path):
    overlap = {"overlap_with_test_allowed": {"images": 1, "example": "a = b"}}
    for one, other in (({}, overlap), (overlap, {"origin": ["digits"], "made_from": {"run": "x"}})):
        many = dataclasses.replace(digits[1], provenance=one)
        known = dataclasses.replace(few, provenance=other)
        path = tmp_path / f"set-{len(other)}"
        result = gp.label(many, by=known, output=path, progress=False)
        origin = {"origin": ["digits", "unknown"]} if "origin" in other else {}
        assert result.load().provenance == {**overlap, **origin}
        with pytest.raises(UsageError, match="has seen 1 test images, such as a = b"):
            gp.load(path)


@pytest.mark.parametrize("drawn", ["many", "few"])
def test_what_was_drawn_stays_synthetic(fast, digits, few, tmp_path, capsys, drawn):
    """And so is still no test; some of the images are real."""
    images = {"many": digits[1].subset(3), "few": few}
    count = len(images[drawn]) - 10
    columns = {"source": ["synthetic"] * count + ["real"] * 10, "seed": [7] * count + [""] * 10}
    attributes = {f"manifest.{name}": np.array(v, str) for name, v in columns.items()}
    provenance = {"made_from": {"run": "x"}}
    images[drawn] = dataclasses.replace(
        images[drawn], attributes=attributes, provenance=provenance, name="drawn"
    )
    path = tmp_path / "x"
    result = gp.label(images["many"], by=images["few"], output=path, progress=False)
    assert f"drawn: {count} of {count + 10} images are synthetic" in capsys.readouterr().err
    assert (result.info["real"], result.info["synthetic"]) == (80 - count, count)
    part = {"many": "images_of", "few": "labels_of"}
    assert result.info[part.pop(drawn)]["made_from"] == {"run": "x"}
    assert "made_from" not in result.info[part.popitem()[1]]
    card = (path / "README.md").read_text("utf-8")
    assert "Synthetic images of `drawn`. Name of the model: `x`" in card
    made = result.load()
    is_drawn = np.isin(made.image_hashes, images[drawn].image_hashes[:count])
    assert ((made.attributes["manifest.source"] == "synthetic") == is_drawn).all()
    assert ((made.attributes["manifest.seed"] == "7") == is_drawn).all()
    assert (made.attributes["manifest.labelled_by"][50:] == "neighbours").all()
    again = made.save(tmp_path / "again")
    for place in (path, again):
        assert gp.verify(place).ok and gp.open_set(place).is_synthetic.sum() == count
    assert f"{count} that are synthetic" in gp.report(path).read_text()
    with pytest.raises(UsageError, match=f"{count} of 80 test images are synthetic"):
        train_set = digits[0].select(~np.isin(digits[0].image_hashes, few.image_hashes)).subset(3)
        gp.benchmark(train_set, test=path, per_class=3, arms="none,classic", dry_run=True)


def test_where_no_class_is_likelier_than_others_it_is_said(digits, monkeypatch, capsys):
    """As where the images show none of the classes."""
    few, many = digits[0].of_classes("012").subset(5), digits[1].of_classes("34").subset(10)
    for excess, is_said in ((0.02, True), (0.1, False)):
        found = np.full((len(many), 3), (1 - 1 / 3 - excess) / 2, np.float32)
        found[:, 0] = 1 / 3 + excess
        monkeypatch.setattr(LabellingJob, "_found", lambda *_, found=found: found)
        gp.label(many, by=few, progress=False)
        said = capsys.readouterr().err
        assert ("Of 20 of the 20 images" in said) is is_said
        assert ("they may show none of these classes" in said) is is_said


def test_digits_of_the_classes_are_not_near_chance(fast, few, digits, capsys):
    gp.label(digits[1], by=few, progress=False)
    assert "may show none" not in capsys.readouterr().err


@pytest.mark.parametrize(("share", "count", "left"), [(0.29, 100, 29), (0.57, 100, 57), (0, 9, 0)])
def test_so_many_are_left_out_as_the_share_says(share, count, left):
    assert left_out(share, count) == left
