"""Scans whose characters keep the sizes that they have beside each other."""

import re

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets import load_like
from ganprofile.datasets.capture.glyphs import KEPT
from ganprofile.datasets.loaders.ink import as_character
from ganprofile.datasets.loaders.kept_sizes import lost_sizes

LENGTHS = {"small": 20, "middling": 40, "large": 60}  # pixels of ink on a scan of 100
SIDE = 28


def scan(length, place=20):
    """A dark ring on white paper."""
    rows, columns = np.mgrid[:100, :100] - place - length / 2
    distance = np.hypot(rows, columns)
    return np.where(abs(distance - length / 2 + 3) <= 3, 30, 250).astype(np.uint8)


def written(folder, lengths, count=3):
    for name, length in lengths.items():
        (folder / name).mkdir(parents=True)
        for index in range(count):
            Image.fromarray(scan(length, 10 + index)).save(folder / name / f"{index}.png")
    return folder


def heights(dataset):
    """Class -> how many rows of its first image have ink."""
    some = {n: dataset.images[dataset.labels == k][0] for k, n in enumerate(dataset.class_names)}
    return {name: int((image > 100).any(axis=(1, 2)).sum()) for name, image in some.items()}


@pytest.fixture
def scans(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    return written(tmp_path / "scans", LENGTHS)


def test_sizes_stay_in_proportion(scans):
    alike = gp.load(scans, photographs="scans")[0]
    assert max(heights(alike).values()) - min(heights(alike).values()) <= 2
    kept = gp.load(scans, photographs="scans", keep_size="auto")[0]
    found = heights(kept)
    for name, length in LENGTHS.items():
        assert found[name] == pytest.approx(SIDE * KEPT * length / LENGTHS["middling"], abs=1)
    assert kept.recipe[0]["keep_size"] == pytest.approx(40, abs=1)


@pytest.mark.parametrize(("odd", "is_said"), [(600, True), (302, False), (None, False)])
def test_resolutions_that_differ_by_what_files_say_are_said(scans, capsys, odd, is_said):
    for path in scans.rglob("*.png"):
        dpi = odd if path.name == "1.png" else 300
        with Image.open(path) as picture:
            picture.load()
            picture.save(path, **({} if dpi is None else {"dpi": (dpi, dpi)}))
    gp.load(scans, photographs="scans", keep_size="auto")
    said = capsys.readouterr().err
    assert ("different resolutions, 300 dpi as " in said) == is_said
    assert ("600 dpi as large/1.png" in said) == is_said


@pytest.mark.parametrize(("stated", "is_said"), [(None, False), (72, True), (300, False)])
def test_jpegs_whose_exif_states_no_resolution_are_of_none(scans, capsys, stated, is_said):
    for path in sorted(scans.rglob("*.png")):
        exif = Image.Exif()
        exif[0x0112] = 1  # as it is seen
        if stated is not None:
            exif[0x011A], exif[0x0128] = float(stated), 2
        options = {"exif": exif} if path.name == "1.png" else {"dpi": (300, 300)}
        with Image.open(path) as picture:
            picture.save(path.with_suffix(".jpg"), quality=95, **options)
        path.unlink()
    gp.load(scans, photographs="scans", keep_size="auto")
    assert ("72 dpi as " in capsys.readouterr().err) == is_said


@pytest.mark.parametrize("asked", ["auto", 60])
def test_characters_that_cannot_keep_their_size_are_said(tmp_path, capsys, asked):
    """Where most are dots, by the median a letter would have to leave its image."""
    written(tmp_path / "set", {"dot": 12}, count=8)
    written(tmp_path / "set", {"letter": 60}, count=2)
    train = gp.load(tmp_path / "set", photographs="scans", keep_size=asked)[0]
    said = capsys.readouterr().err
    in_proportion = heights(train)["letter"] >= 4 * heights(train)["dot"]
    assert in_proportion == (asked == 60)
    sentence = "2 of 10 characters, such as letter/0.png, are too large for their image"
    assert (sentence in said) == (asked == "auto")


def test_held_out_scans_are_shrunk_by_the_same_factor(scans, tmp_path):
    """Of which the median is another: all of them are small."""
    others = written(tmp_path / "others", dict.fromkeys(LENGTHS, 20), count=1)
    options = {"photographs": "scans", "keep_size": "auto"}
    train, _ = gp.load(scans, **options)
    test, _ = load_like(others, train, **options)
    assert heights(test)["large"] == heights(test)["small"] == heights(train)["small"]


def test_what_is_held_out_beside_a_dataset_is_shrunk_by_it_too(scans, tmp_path):
    """The dataset alone says that it was scans, whose sizes were kept."""
    others = written(tmp_path / "others", dict.fromkeys(LENGTHS, 20), count=1)
    train, _ = gp.load(scans, photographs="scans", keep_size="auto")
    test, _ = load_like(others, train)
    assert heights(test)["large"] == heights(train)["small"]
    # What ganprofile wrote has its form.
    test.save(tmp_path / "stored")
    again, _ = load_like(tmp_path / "stored", train)
    assert np.array_equal(again.images, test.images)


def test_an_import_keeps_the_factor(scans, tmp_path):
    report = gp.import_dataset(scans, "mine", photographs="scans", keep_size=50)
    assert report["keep_size"] == 50
    found = heights(gp.load("mine")[0])
    assert found["middling"] == pytest.approx(SIDE * KEPT * 40 / 50, abs=1)


@pytest.mark.parametrize("options", [{"photographs": "scans"}, {"keep_size": "auto"}, {}])
def test_that_lost_sizes_tell_letters_apart_is_said(tmp_path, capsys, options):
    """Of a table, since not every file system has folders of both cases."""
    rows = [f"{name}{index}.png,{name}" for name in "cC" for index in range(3)]
    for row in rows:
        place = tmp_path / row.partition(",")[0].replace("C", "capital-")
        Image.fromarray(scan(60 if "C" in row else 30)).save(place)
    lines = ["image,label", *(row.replace("C", "capital-", 1) for row in rows)]
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    kept = {"photographs": "scans"} if "keep_size" in options else {"image_size": SIDE}
    train, _ = gp.load(tmp_path / "labels.csv", **{**kept, **options})
    assert train.class_names == ("C", "c")
    said = "by which classes such as 'c' and 'C' may differ alone"
    assert (said in capsys.readouterr().err) == (options == {"photographs": "scans"})


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ("0123456789", None),
        ("aAbB", None),
        ("abc", None),
        ("aAoOxX", "'o' and 'O'"),
        ("яЯ", "'я'"),
        ("аАбБёЁ", None),
        ("аАбБвВ", "'в' and"),
        ("αΑάΆ", None),
        ("αΑκΚ", "'κ' and"),
        ("éÉ", None),
        ("öÖ", "'ö'"),
        ("աԱբԲռՌþÞđĐ", None),
        ("աԱֆՖ", "'ֆ' and"),
        ("აᲐ", "'ა' and"),
        ("ⴀႠ", None),
        ("ⲁⲀ", "'ⲁ' and"),
        ("𐐨𐐀", "'𐐨' and"),
        ("𞤢𞤀", None),
    ],
)
def test_letters_of_one_shape_in_both_cases(names, first):
    said = " ".join(lost_sizes(tuple(names)))
    assert first in said if first else said == ""


def test_one_too_large_is_shrunk_until_it_fits():
    image = as_character(scan(60), SIDE, middling=20)
    assert image.max() > 200 and not image[0].any() and not image[:, 0].any()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"keep_size": "yes", "photographs": "scans"}, "`keep_size` should be auto, or how many"),
        ({"keep_size": 0, "photographs": "scans"}, "Received: 0"),
        ({"keep_size": "auto", "photographs": "pages"}, "one character on even paper"),
        ({"keep_size": "auto", "image_size": 28}, 'with `photographs="scans"`'),
    ],
)
def test_what_cannot_be_meant_is_refused(scans, options, said):
    with pytest.raises(gp.UsageError, match=said):
        gp.load(scans, **options)


def test_the_command_takes_a_number_or_auto(scans, in_process):
    options = ("--name", "mine", "--photographs", "scans", "--keep-size")
    code, _, err = in_process("datasets", "import", scans, *options, "40")
    assert code == 0, err
    code, _, err = in_process("datasets", "import", scans, *options, "large", "--force")
    assert code == 2 and "--keep-size should be auto" in err


@pytest.fixture
def of_two_hands(tmp_path, monkeypatch):
    """A table of rings; Ada writes twice as large as Bo, who wrote few but small ones."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    lines = ["image,label,writer"]
    for writer, factor, counts in [("Ada", 1.6, (4, 4, 4)), ("Bo", 0.8, (9, 2, 1))]:
        for (name, length), count in zip(LENGTHS.items(), counts, strict=True):
            for index in range(count):
                file = f"{writer}-{name}-{index}.png"
                picture = scan(round(length * factor) // 2 * 2, 1)
                Image.fromarray(picture).save(tmp_path / file)
                lines.append(f"{file},{name},{writer}")
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    return tmp_path / "labels.csv"


def test_sizes_go_by_the_writer_where_a_table_names_writers(of_two_hands, capsys):
    train, _ = gp.load(of_two_hands, photographs="scans", keep_size="auto")
    found = [heights(train.select(train.writers == writer)) for writer in (0, 1)]
    for name, length in LENGTHS.items():
        expected = SIDE * KEPT * length / LENGTHS["middling"]
        assert [one[name] for one in found] == pytest.approx([expected] * 2, abs=2)
    assert "of middling size they are 35 to 64 pixels long" in capsys.readouterr().err
    assert train.recipe[0]["keep_size"] == "auto"


def test_one_length_serves_all_writers_where_it_is_given(of_two_hands):
    train, _ = gp.load(of_two_hands, photographs="scans", keep_size=50)
    ada, bo = (heights(train.select(train.writers == writer)) for writer in (0, 1))
    assert ada["large"] > 1.5 * bo["large"]


def test_who_wrote_what_nobody_else_wrote_counts_as_of_middling_size(of_two_hands):
    """All large ones are by one hand: they may be large, or it may be."""
    table = re.sub(",large,.*", ",large,Cy", of_two_hands.read_text())
    of_two_hands.write_text(re.sub(",middling,Bo", ",middling,", table))
    train, _ = gp.load(of_two_hands, photographs="scans", keep_size="auto")
    longest = (train.images[..., 0] > 100).any(axis=2).sum(axis=1)
    median = {
        name: np.median(longest[train.labels == k]) for k, name in enumerate(train.class_names)
    }
    assert median["large"] > 1.2 * median["middling"] > 1.4 * median["small"]


def test_a_length_by_which_nothing_is_left_is_refused(scans):
    gp.load(scans, photographs="scans", keep_size=200)
    with pytest.raises(gp.UsageError, match="`keep_size=500` is far more than the 41 pixels"):
        gp.load(scans, photographs="scans", keep_size=500)
