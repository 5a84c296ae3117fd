"""The same image twice: in a part, in both, under two labels."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.datasets import duplicates, refuse_overlap
from ganprofile.datasets.duplicates import (
    conflicting,
    hashes_of_originals,
    nearly_shared,
    refuse_marked,
    repeated,
    say_conflicts,
    shared,
    with_each_once,
    without_duplicates,
    without_test_images,
)
from ganprofile.datasets.fingerprint import image_sums
from ganprofile.datasets.origins import from_origin
from ganprofile.datasets.similarity.near_copies import compressed
from ganprofile.images import save_png


def dataset(values, labels=None, split="train"):
    """Images of 2 x 2 pixels, each of one level."""
    images = np.array(values, np.uint8)[:, None, None, None].repeat(2, 1).repeat(2, 2)
    labels = [0] * len(values) if labels is None else labels
    return gp.Dataset(images, np.array(labels), class_names="ab", name="x", split=split)


def test_what_occurs_twice():
    assert repeated(dataset([7, 3, 7, 7, 3, 1]).image_hashes).tolist() == [2, 3, 4]
    assert shared(dataset([1, 2, 3, 2]), dataset([2, 9])).tolist() == [1, 3]


def test_other_images_of_the_same_sum_are_no_twins():
    first, second = (int(image_sums(words(*pair))[0]) for pair in ((1, 0), (0, 1)))
    one, other = words(second, 0), words(0, first)
    assert image_sums(one) == image_sums(other) and (one != other).any()
    assert not len(shared(gp.Dataset(one), gp.Dataset(other)))
    both = gp.Dataset(np.concatenate([other, one]))
    assert shared(both, gp.Dataset(one)).tolist() == [1]


def words(*numbers):
    """One image of some bytes, eight of them for each number."""
    return np.array(numbers, np.uint64).view(np.uint8).reshape(1, 4, -1, 1)


def test_images_of_other_shapes_are_no_twins():
    flat = np.arange(36, dtype=np.uint8)
    pair = (gp.Dataset(flat.reshape(1, *shape, 1)) for shape in ((6, 6), (4, 9)))
    assert not len(shared(*pair))


def test_identical_images_under_two_labels():
    groups = conflicting(dataset([5, 6, 5, 6, 7, 5], [0, 0, 1, 0, 1, 0]))
    assert groups == [[(0, 0), (0, 2), (0, 5)]]
    across = conflicting(dataset([5, 6], [0, 0]), dataset([6, 5], [0, 1]))
    assert across == [[(0, 0), (1, 1)]]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.lists(st.integers(0, 5)))
def test_nothing_is_left_twice(train, test):
    known = dataset(test, split="test") if test else None
    if set(train) <= set(test):
        with pytest.raises(gp.UsageError, match="No image of x is left"):
            without_duplicates(dataset(train), known)
        return
    kept, held_out = without_duplicates(dataset(train), known)
    assert sorted(kept.images[:, 0, 0, 0].tolist()) == sorted(set(train) - set(test))
    if test:
        assert sorted(held_out.images[:, 0, 0, 0].tolist()) == sorted(set(test))


def test_conflicting_images_leave_altogether():
    kept, _ = without_duplicates(dataset([5, 6, 5, 7], [0, 0, 1, 1]), None)
    assert kept.images[:, 0, 0, 0].tolist() == [6, 7]
    train, test = without_duplicates(dataset([5, 6], [0, 0]), dataset([5, 8], [1, 1]))
    assert (train.images[0, 0, 0, 0], test.images[0, 0, 0, 0], len(test)) == (6, 8, 1)
    train, test = without_duplicates(dataset([5, 6, 7]), dataset([8, 8, 9], [0, 1, 1]))
    assert train.images[:, 0, 0, 0].tolist() == [5, 6, 7] and len(test) == 1


def test_each_test_image_counts_once_and_those_of_a_published_set_as_they_are(capsys):
    once = dataset([1, 2, 3], [0, 0, 1], "test")
    assert with_each_once(once) is once and capsys.readouterr().err == ""
    kept = with_each_once(dataset([1, 2, 1, 3, 1, 1], [0, 0, 0, 1, 1, 1], "test"))
    assert kept.images[:, 0, 0, 0].tolist() == [1, 2, 3, 1] and kept.labels.tolist() == [0, 0, 1, 1]
    assert "x: 2 of 6 test images are copies of others and left out" in capsys.readouterr().err
    few = from_origin(dataset([*range(250), 7], split="test"), "mnist")
    assert with_each_once(few) is few and capsys.readouterr().err == ""
    assert len(with_each_once(few.select([*range(250), *range(9)]))) == 250


def test_it_is_said_that_an_image_is_there_under_two_labels(capsys):
    say_conflicts(dataset([1, 2, 2, 3], [0, 0, 0, 1]))
    assert capsys.readouterr().err == ""
    say_conflicts(dataset([1, 2, 2, 3, 1, 3, 3], [0, 0, 1, 1, 0, 0, 1]))
    said = capsys.readouterr().err
    assert said.startswith("x: 5 images are there with different labels, such as one as a and as b")
    assert "--drop-duplicates" in said


@pytest.mark.parametrize(
    "learn",
    [
        lambda data: gp.train_reader(data, "k-nn", output="reader", progress=False),
        lambda data: gp.augment(data, dry_run=True),
        lambda data: gp.label(np.roll(data.images, 1, axis=2), by=data, dry_run=True),
        lambda data: gp.train(data, "cgan", epochs=1, dry_run=True),
    ],
    ids=["reader", "augment", "label", "train"],
)
def test_whoever_learns_from_such_images_is_told(digits, learn, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    some = digits[0].subset(5).select([0, 1, 2, 10, 11, 12, 20, 21, 0])
    labels = np.array([*some.labels[:8], some.labels[3]])
    learn(dataclasses.replace(some, labels=labels))
    assert "2 images are there with different labels" in capsys.readouterr().err


def test_known_datasets_lose_copies_of_test_images_and_say_so():
    cleaned = without_test_images(dataset([1, 2, 3]), dataset([3, 1]))
    assert len(cleaned) == 1
    assert cleaned.provenance == {"copies_of_test_images_removed": 2}
    same = dataset([1, 2])
    assert without_test_images(same, dataset([4])) is same


def test_an_overlap_is_refused_with_count_and_example_or_marked():
    train, test = dataset([1, 2, 3]), dataset([9, 3, 2], split="test")
    sentence = r"2 of 3 training images .* train image 1 \(class 'a'\) = test image 2 .*`allow"
    with pytest.raises(gp.UsageError, match=sentence):
        refuse_overlap(train, test)
    overlap = {"images": 2, "example": "train image 1 (class 'a') = test image 2 (class 'a')"}
    assert refuse_overlap(train, test, True).provenance == {"overlap_with_test_allowed": overlap}
    assert refuse_overlap(train, None) is train


def test_near_copies_are_refused_with_count_and_example_or_marked(monkeypatch):
    train, test = dataset([1, 2, 3]), dataset([7, 8, 9], split="test")
    monkeypatch.setattr(duplicates, "leaked", lambda *_: (np.array([1, 2]), np.array([0, 2])))
    example = "test image 1 (class 'a') ~ train image 0 (class 'a')"
    with pytest.raises(gp.UsageError) as refused:
        refuse_overlap(train, test)
    assert "2 of 3 test images are training images saved again" in str(refused.value)
    assert example in str(refused.value)
    overlap = {"images": 2, "example": example, "near_copies": 2}
    assert refuse_overlap(train, test, True).provenance == {"overlap_with_test_allowed": overlap}
    none = np.zeros(0, np.int64)
    monkeypatch.setattr(duplicates, "leaked", lambda *_: (none, none))
    assert refuse_overlap(train, test) is train and refuse_overlap(train, test, True) is train


def test_what_saw_test_images_is_refused_unless_it_is_said_again():
    marked = {"overlap_with_test_allowed": {"images": 1200, "example": "this = that"}}
    with pytest.raises(
        gp.UsageError, match=r"mine has seen 1,200 test images, such as this = that"
    ):
        refuse_marked(marked, "mine")
    refuse_marked(marked, "mine", allow=True)
    refuse_marked({}, "mine")


@pytest.mark.parametrize(
    ("origins", "count", "found"),
    [
        ((["mnist"], ["mnist"]), 200, 0),  # one of 200 may be alike by chance
        ((["mnist"], ["mnist"]), 400, 0),
        ((["mnist"], ["mnist"]), 199, 1),
        ((["mnist"], ["emnist"]), 200, 1),
        ((["mnist"], None), 200, 1),
        ((None, None), 200, 1),
        ((["unknown"], ["unknown"]), 200, 1),
        ((["sheets"], ["sheets"]), 200, 1),
        ((["emnist", "mnist"], ["emnist", "mnist"]), 200, 1),
    ],
)
def test_parts_of_one_published_set_may_be_alike_by_chance(monkeypatch, origins, count, found):
    near = np.array([4]), np.array([2])
    monkeypatch.setattr(duplicates, "nearly_shared", lambda *_: near)
    parts = [dataset([1] * count), dataset([1] * count, split="test")]
    for k, origin in enumerate(origins):
        if origin is not None:
            parts[k] = dataclasses.replace(parts[k], provenance={"origin": origin})
    rows, twins = duplicates.leaked(*parts)
    assert (len(rows), len(twins)) == (found, found)


@pytest.mark.parametrize(
    ("count", "seconds", "said"),
    [(4, 5, None), (4, 5.5, "4 of 4 train images of x are compared with 2, in about 6 s"),
     (3, 0, "3 of 4 train images of x are compared with 2, in about 0 s")],
)  # fmt: skip
def test_of_too_many_images_a_sample_is_compared_and_that_is_said(
    monkeypatch, capsys, count, seconds, said
):
    monkeypatch.setattr(duplicates, "_FOUND", {})
    monkeypatch.setattr(duplicates, "affordable", lambda *_: (count, seconds))
    asked = []

    def found(images, others):
        asked.append(images[:, 0, 0, 0].tolist())
        return np.array([1]), np.array([0])

    monkeypatch.setattr(duplicates, "near_copies", found)
    parts = dataset([50, 10, 20, 30, 40]), dataset([50, 60], split="test")
    rows, twins = nearly_shared(*parts)
    (compared,) = asked
    assert len(set(compared)) == count and compared == sorted(compared) and 50 not in compared
    assert parts[0].images[rows, 0, 0, 0].tolist() == compared[1:2] and twins.tolist() == [0]
    err = capsys.readouterr().err
    assert said in err if said else not err
    assert nearly_shared(*parts)[0].tolist() == rows.tolist() and len(asked) == 1, "not again"


def test_training_refuses_what_is_held_out_and_marks_what_is_allowed(digits, tmp_path):
    train, test = digits
    mixed = dataclasses.replace(train, images=np.r_[train.images[:-1], test.images[:1]])
    options = {"output": tmp_path, "dry_run": True, "test_set": test}
    with pytest.raises(gp.UsageError, match="1 of 5,000 training images"):
        gp.train(mixed, **options)
    config = gp.train(mixed, "cgan", allow_overlap=True, **options)
    assert config["dataset"]["provenance"]["overlap_with_test_allowed"]["images"] == 1
    assert gp.train(train, **options)["dataset"]["provenance"] == {"origin": ["digits"]}


@pytest.mark.slow
def test_a_subset_records_which_images_it_took(digits, tmp_path):
    small = digits[0].of_classes("37").subset(4, seed=5)
    assert np.array_equal(digits[0].images[small.rows], small.images)
    run = gp.train(small, "cgan", epochs=1, output=tmp_path, progress=False)
    lines = (run.path / "subset.csv").read_text().splitlines()
    assert lines[0] == "row,class_name,writer" and len(lines) == 9
    for line, label in zip(lines[1:], small.labels, strict=True):
        row, name, writer = line.split(",")
        assert digits[0].labels[int(row)] == int(name) == int("37"[label])
        assert int(writer) == digits[0].writers[int(row)]


@pytest.mark.slow
def test_drawing_from_a_marked_run_is_refused_and_marks_the_set(digits, tmp_path):
    train, test = digits
    mixed = dataclasses.replace(
        train.subset(20), images=np.r_[train.subset(20).images[:-1], test.images[:1]]
    )
    run = gp.train(
        *(mixed, "cgan"), epochs=1, test_set=test, allow_overlap=True, output=tmp_path / "runs"
    )
    options = {"per_class": 2, "score": False, "output": tmp_path / "set"}
    with pytest.raises(gp.UsageError, match="has seen 1 test images, such as train image 199"):
        gp.generate(run, **options)
    marked = gp.generate(run, allow_overlap=True, **options)
    assert marked.info["made_from"]["provenance"] == run.config["dataset"]["provenance"] != {}
    repeated_run = gp.reproduce(run.path, mixed, output=tmp_path / "runs", progress=False)
    assert repeated_run.config["dataset"]["provenance"] == run.config["dataset"]["provenance"]
    with pytest.raises(gp.UsageError, match="has seen 1 test images"):
        gp.load(tmp_path / "set")
    again, _ = gp.load(tmp_path / "set", allow_overlap=True)
    again.save(tmp_path / "again", "imagefolder")
    with pytest.raises(gp.UsageError, match="has seen 1 test images"):
        gp.load(tmp_path / "again")


def test_what_is_held_out_is_the_test_part_where_there_is_one(digits, tmp_path):
    _, test = digits
    np.savez(tmp_path / "own.npz", images=test.images, labels=test.labels)
    for held_out in ("digits", str(tmp_path / "own.npz")):
        own, guard = gp.load_for_training(tmp_path / "own.npz", test=held_out)
        with pytest.raises(gp.UsageError, match="1,000 of 1,000 training images"):
            gp.train(own, test_set=guard, dry_run=True)
    known, guard = gp.load_for_training("digits", test="digits", classes=["3"], per_class=5)
    assert (len(known), len(guard)) == (5, 1000)
    recorded = gp.train(known, test_set=guard, dry_run=True)["dataset"]["provenance"]
    assert recorded == {"origin": ["digits"]}
    small, _ = gp.load("digits", image_size=14)
    with pytest.raises(gp.UsageError, match="cannot be compared .* `image_size`"):
        gp.train(small, test_set=test, dry_run=True)


def test_a_dataset_of_another_shape_is_told_what_works(digits):
    train, test = digits
    grey, labels = train.images[:50], train.labels[:50]
    tinted = gp.Dataset(np.repeat(grey, 3, axis=-1), labels, class_names=train.class_names)
    with pytest.raises(gp.UsageError, match="gp.load takes these for the arrays of a Dataset"):
        gp.train(tinted, test_set=test, dry_run=True)
    with pytest.raises(gp.UsageError, match=r"give its arrays \(images, labels\) instead"):
        gp.evaluate(tinted, train, channels=1)
    loaded, _ = gp.load((tinted.images, labels), channels=1)
    assert loaded.image_shape == train.image_shape


def test_scans_that_are_held_out_take_the_shape_of_the_training_images(digits, tmp_path):
    train, _ = digits
    scan = np.full((90, 120, 3), 250, np.uint8)
    for number in range(12):
        folder = tmp_path / "held-out" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        scan[30:60, 20 + number : 24 + number] = 20
        save_png(folder / f"{number}.png", scan)
    np.savez(tmp_path / "mine.npz", images=train.images, labels=train.labels)
    _, guard = gp.load_for_training(tmp_path / "mine.npz", test=tmp_path / "held-out")
    assert guard.image_shape == (28, 28, 1)
    assert guard.images[:, 0].max() < 40  # paper became 0, as in the training images
    _, guard = gp.load_for_training(
        tmp_path / "mine.npz", test=tmp_path / "held-out", image_size=14, channels=3
    )
    assert guard.image_shape == (14, 14, 3)


@pytest.fixture
def leaking(digits):
    """A person's own parts: 4 of 100 test images are training images saved again."""
    train, test = digits[0].subset(20, seed=1), digits[1].subset(10, seed=1)
    images = test.images.copy()
    for row, twin in ((0, 3), (17, 40), (50, 101), (99, 199)):
        images[row, ..., 0] = compressed(train.images[twin, ..., 0], 60)
    labels = test.labels.copy()
    labels[[0, 17, 50, 99]] = train.labels[[3, 40, 101, 199]]
    return (
        gp.Dataset(train.images, train.labels, train.class_names, name="own"),
        gp.Dataset(images, labels, train.class_names, name="own"),
    )


LEAK = r"4 of 100 test images are training images saved again .* test image 0 .* ~ train image 3 "


def test_test_images_that_are_training_images_saved_again_are_refused(leaking):
    train, test = leaking
    with pytest.raises(gp.UsageError, match=LEAK):
        refuse_overlap(train, test)
    marked = refuse_overlap(train, test, allow=True).provenance["overlap_with_test_allowed"]
    assert (marked["images"], marked["near_copies"]) == (4, 4)
    assert marked["example"].startswith("test image 0 (class '9') ~ train image 3 (class '9')")
    others = dataclasses.replace(test, labels=(test.labels + 1) % 10)
    with pytest.raises(gp.UsageError, match="4 of 100 test images"):
        refuse_overlap(train, others)


@pytest.mark.parametrize(
    "use",
    [
        lambda train, test: gp.train(train, test_set=test, dry_run=True),
        lambda train, test: gp.benchmark(train, test=test, per_class=2, dry_run=True),
    ],
)
def test_they_are_refused_wherever_there_are_two_parts(leaking, use):
    with pytest.raises(gp.UsageError, match=LEAK):
        use(*leaking)


def test_who_allows_them_may_go_on(leaking):
    train, test = leaking
    arguments = {"test": test, "per_class": 2, "dry_run": True, "allow_overlap": True}
    plan = gp.benchmark(train, **arguments)
    assert plan["settings"]["provenance"]["overlap_with_test_allowed"]["near_copies"] == 4


def test_an_import_names_them_and_takes_them_out(leaking, monkeypatch, tmp_path):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    for part, place in zip(leaking, ("train", "test"), strict=True):
        for index, image in enumerate(part.images):
            folder = tmp_path / "scans" / place / part.class_names[part.labels[index]]
            folder.mkdir(parents=True, exist_ok=True)
            save_png(folder / f"{index:03}.png", image)
    report = gp.import_dataset(tmp_path / "scans", "mine", invert="no")
    assert report["nearly_shared_by_train_and_test"] == 4
    assert report["nearly_shared_examples"][0].startswith("test test/4/017.png (class '4') ~ train")
    assert any("4 test images are training images saved" in line for line in report["warnings"])
    with pytest.raises(gp.UsageError, match="4 of 100 test images are training.*--drop-duplicates"):
        gp.load("mine")
    arguments = {"drop_duplicates": True, "force": True, "invert": "no"}
    report = gp.import_dataset(tmp_path / "scans", "mine", **arguments)
    assert report["dropped"] == {"train": 4, "test": 0}
    assert len(gp.load("mine")[0]) == 196


def test_all_that_a_training_part_has_of_a_test_image_is_taken_out(leaking):
    train, test = leaking
    again = np.roll(train.images[:30], 1, axis=1)
    images, labels = np.concatenate([train.images, again]), np.r_[train.labels, train.labels[:30]]
    kept, _ = without_duplicates(dataclasses.replace(train, images=images, labels=labels), test)
    assert len(kept) == 230 - 5, "image 3 was there twice"


def test_published_parts_may_be_a_little_alike(leaking):
    train, test = leaking
    train, test = (from_origin(part, "chars74k") for part in (train, test))
    with pytest.raises(gp.UsageError, match=LEAK):
        refuse_overlap(train, test)
    many = dataclasses.replace(
        test,
        images=np.concatenate([test.images[:2], np.resize(255 - test.images, (398, 28, 28, 1))]),
        labels=np.resize(test.labels, 400),
    )
    assert refuse_overlap(train, many) is train
    with pytest.raises(gp.UsageError, match="1 of 400 test images"):
        refuse_overlap(dataclasses.replace(train, provenance={}), many)


def test_of_very_many_a_sample_is_looked_at_and_said(leaking, monkeypatch, capsys):
    monkeypatch.setattr("ganprofile.datasets.similarity.near_copies.MOST_PAIRS", 200 * 60)
    rows, _ = nearly_shared(*reversed(leaking))
    assert 0 < len(rows) < 4
    assert "60 of 100 train images of own are compared with 200" in capsys.readouterr().err


def test_strokes_alone_are_no_leak(leaking, capsys):
    """What is saved again is of all kinds; of `1`, `I` and `l` many are the same line."""
    train, test = leaking
    ones = np.flatnonzero(train.labels == 1)[:4]
    clean = test.select(~np.isin(np.arange(100), nearly_shared(test, train)[0]))
    images = np.concatenate([clean.images, np.roll(train.images[ones], 1, axis=2)])
    labels = np.r_[clean.labels, [1] * 4]
    alike = dataclasses.replace(clean, images=images, labels=labels, rows=None)
    assert refuse_overlap(train, alike) is train
    assert "4 of 100 test images are bare strokes that look like" in capsys.readouterr().err
    other = np.flatnonzero(train.labels == 8)[:1]
    images[-1] = np.roll(train.images[other], 1, axis=2)
    with pytest.raises(gp.UsageError, match="4 of 100 test images are training images saved"):
        refuse_overlap(train, dataclasses.replace(alike, images=images))


def test_what_is_saved_again_has_the_hash_of_its_original(digits):
    some = digits[0].subset(2)
    saved = np.stack([compressed(image, 80)[..., None] for image in some.images[:5, ..., 0]])
    images = np.concatenate([some.images, saved, saved[:2], some.images[3:4]])
    hashes = hashes_of_originals(gp.Dataset(images))
    own = hashes[: len(some)]
    assert len(np.unique(own)) == len(some)
    np.testing.assert_array_equal(hashes[len(some) :], own[[0, 1, 2, 3, 4, 0, 1, 3]])
