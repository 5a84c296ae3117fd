"""A profile: the table, the page, the pictures, and what is refused."""

import csv
import dataclasses
import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.images import read_png
from ganprofile.studies import maps, profile, profile_pictures
from tests.forked import run_forked
from tests.metrics.test_style import bold, leaning


@pytest.fixture(scope="module")
def written(digits):
    """Digits by six people: 1 and 2 lean to the right, 5 and 6 write boldly, 3 and 4 do not."""
    some = digits[0].subset(30, 0)
    writers = np.random.default_rng(0).integers(1, 7, len(some)).astype(np.int32)
    images = some.images.copy()
    images[writers <= 2] = leaning(images[writers <= 2])
    images[writers >= 5] = bold(images[writers >= 5])
    return gp.Dataset(images, some.labels, some.class_names, writers, name="six")


@pytest.fixture(scope="module")
def found(written, tmp_path_factory):
    return gp.profile_writers(
        written, 2, output=tmp_path_factory.mktemp("profile") / "out", progress=False
    )


def test_like_hands_find_each_other(found):
    assert {writer: found.row(writer)["nearest"][0] for writer in range(1, 7)} == {
        **{1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5}
    }
    arguments = [row["told"] for row in found.writers]
    assert (
        arguments == sorted(arguments, reverse=True)
        and sum(row["images"] for row in found.writers) == 300
    )


def test_what_is_measured_is_seen(found):
    by_hand = {writer: found.row(writer) for writer in (2, 3, 5)}
    assert by_hand[2]["leaning"] > by_hand[3]["leaning"] + 12, "a third of a pixel is 18 degrees"
    assert by_hand[5]["ink"] > 1.4 * by_hand[3]["ink"]
    assert by_hand[5]["width"] > by_hand[3]["width"]


def test_the_folder_holds_table_page_and_pictures(found):
    with open(found.path / "writers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["writer"]) for row in rows] == [row["writer"] for row in found.writers]
    content = json.loads((found.path / "profile.json").read_text())
    assert content["writer"] == 2 and content["writers"] == found.writers
    page = (found.path / "profile.md").read_text()
    assert page.startswith("# six: writer 2\n") and page.count("\n| 2 |") == 1
    pictures = sorted(path.name for path in found.path.glob("*.png"))
    assert pictures == ["map.png", "means.png", "nearest.png"]
    for name in pictures:
        assert f"]({name})" in page and read_png(found.path / name).std() > 10


def test_pictures_of_the_first_classes_say_so(written, found, tmp_path, monkeypatch):
    words = "The mean of {}: writer 2, and everybody"
    path = tmp_path / "means.png"
    assert profile_pictures._means(path, written, found) == words.format("each class")
    monkeypatch.setattr(profile_pictures, "MOST_CLASSES", 4)
    few = "each of the first 4 of 10 classes"
    assert profile_pictures._means(path, written, found) == words.format(few)
    nearest = profile_pictures._nearest(path, written, found, np.arange(1, 7), np.eye(6))
    assert nearest.endswith(f": {few}")


@pytest.mark.slow
def test_without_a_writer_it_is_about_all(written, tmp_path, monkeypatch):
    """By a layout of the first two values; UMAP itself takes long to import and to compile."""
    asked = []

    def planted(values, seed):
        asked.append(seed)
        return values[:, :2]

    monkeypatch.setitem(maps.MAPS, "umap", planted)
    found = gp.profile_writers(written, output=tmp_path / "all", layout="umap", progress=False)
    assert asked == [0], "the layout that was asked for"
    assert sorted(path.name for path in found.path.glob("*.png")) == ["hands.png", "map.png"]
    page = (found.path / "profile.md").read_text()
    assert page.startswith("# six: writers\n") and page.count("\n| ") == 1 + 6


def test_two_writers_without_labels(written, tmp_path):
    two = written.select(np.isin(written.writers, (1, 5)))
    bare = gp.Dataset(two.images, None, (), two.writers, name="two")
    found = gp.profile_writers(bare, 1, output=tmp_path / "two", progress=False)
    assert [row["nearest"] for row in found.writers if row["writer"] == 1] == [[5]]


def test_two_writers_without_labels_by_a_path(written, tmp_path):
    two = written.select(np.isin(written.writers, [1, 6]))
    np.savez(tmp_path / "two.npz", images=two.images[..., 0], writers=two.writers)
    found = gp.profile_writers(tmp_path / "two.npz", output=tmp_path / "out", progress=False)
    bare = gp.Dataset(two.images, None, (), two.writers, name="two")
    held = gp.profile_writers(bare, output=tmp_path / "held", progress=False)
    assert found.images == len(two) and found.writers == held.writers


def test_writers_are_called_by_their_names(written, tmp_path, in_process):
    names = np.array(["", "zoe", "a|b", "কমল", "7", "ann", "-"])[written.writers]
    some = dataclasses.replace(written, attributes={"writer_name": names})
    some.save(tmp_path / "set")
    out = tmp_path / "out"
    code, shown, said = in_process("profile", tmp_path / "set", "--writer", "কমল", "--output", out)
    assert code == 0, said
    content = json.loads((out / "profile.json").read_text())
    assert content["writer"] == 3
    assert {row["writer"]: row["name"] for row in content["writers"]}[4] == "7"
    with open(out / "writers.csv", newline="", encoding="utf-8") as file:
        assert {row["writer"]: row["name"] for row in csv.DictReader(file)}["1"] == "zoe"
    page = (out / "profile.md").read_text(encoding="utf-8")
    assert "writer কমল" in page and "| কমল |" in page and "কমল" in shown
    for asked, number in (("7", 4), ("zoe", 1), (5, 5), ("5", 5)):
        found = gp.profile_writers(
            some, asked, output=tmp_path / "again", force=True, progress=False
        )
        assert found.writer == number
    with pytest.raises(UsageError, match=r"no writer bo. Its 6 writers: zoe, a\|b, কমল, 7, ann, -"):
        gp.profile_writers(some, "bo", output=tmp_path / "x")


def test_nobody_is_told_always_who_is_not_or_leans_by_minus_nothing(tmp_path):
    row = dict.fromkeys(profile.COLUMNS) | {"writer": 1, "images": 9, "nearest": []}
    row |= {"told": 0.99953, "recognised": 1.0, "ink": 0.0002, "leaning": -0.01}
    cells = profile.cells(gp.Profile(tmp_path, "a", 9, [row]), row)
    assert {"99.95%", "100.0%", "0.02%", "0.0 degrees"} <= {*cells}


def test_names_like_markup_are_shown_as_they_are(tmp_path):
    measured = dict.fromkeys(profile.COLUMNS) | {"writer": 1, "images": 9, "nearest": [1]}
    found = gp.Profile(tmp_path, "<i>set", 9, [measured | {"name": "<b>Ann</b>"}], 1)
    lines = "\n".join(profile._page(found, {"a.png": "Of *Ann*"})).splitlines()
    assert lines[0] == r"# \<i>set: writer \<b>Ann\</b>"
    (row,) = (line for line in lines if line.startswith(r"| \<b>Ann\</b> | 9 |"))
    assert row.endswith(r"| \<b>Ann\</b> |")
    assert lines[-3:] == [r"## Of \*Ann\*", "", r"![Of \*Ann\*](a.png)"]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_profile(written, found, tmp_path):
    again = gp.profile_writers(written, 2, output=tmp_path / "again", progress=False)
    assert again.writers == found.writers
    for name in ("map.png", "profile.md", "writers.csv"):
        assert (again.path / name).read_bytes() == (found.path / name).read_bytes()


@pytest.mark.parametrize(
    ("dataset", "options", "why"),
    [
        ("characters", {}, "does not say who wrote what"),
        ("six", {"writer": 9}, "has no writer 9. Its 6 writers: 1, 2, 3, 4, 5, 6."),
        ("six", {"layout": "mds"}, "Known: t-sne, umap"),
        ("six", {"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_meant_is_refused(written, tmp_path, dataset, options, why):
    with pytest.raises(UsageError, match=why):
        gp.profile_writers(
            written if dataset == "six" else dataset,
            **options,
            output=tmp_path / "out",
            progress=False,
        )
    assert not (tmp_path / "out").exists()


def test_nothing_is_replaced_unless_forced(written, found, tmp_path):
    with pytest.raises(UsageError, match="exists already"):
        gp.profile_writers(written, output=found.path, progress=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").touch()
    with pytest.raises(UsageError, match="is not a profile"):
        gp.profile_writers(written, output=tmp_path / "mine", force=True, progress=False)


@pytest.mark.slow
def test_the_command(written, tmp_path):
    written.save(tmp_path / "six.npz")
    where = ["--output", str(tmp_path / "out")]
    said = run_forked("profile", str(tmp_path / "six.npz"), "--writer", "5", *where).stdout
    assert "told from another" in said and said.strip().endswith("profile.md")
    arguments = run_forked("profile", str(tmp_path / "six.npz"), "--json", *where, "--force").stdout
    assert json.loads(arguments)["writer"] is None


def test_a_place_that_takes_nothing_is_refused_before_any_work(written, tmp_path, monkeypatch):
    monkeypatch.setattr("ganprofile.studies.profile.load", lambda *a, **o: pytest.fail("was read"))
    (tmp_path / "some.png").touch()
    with pytest.raises(UsageError, match="some.png is no folder. Choose another `output`"):
        gp.profile_writers(written, output=tmp_path / "some.png" / "x", progress=False)
