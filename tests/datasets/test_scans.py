"""Scans of one character each, small and anywhere on their paper, become images like MNIST's."""

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

import ganprofile as gp
from ganprofile.cli import data
from ganprofile.datasets import from_recipe, load_like
from ganprofile.datasets.loaders.ink import as_character, ink_box, is_dark_on_light
from ganprofile.datasets.loaders.loaded_data import PHOTOGRAPHS, LoadedData
from ganprofile.datasets.loaders.photographed import FOUND_ON
from ganprofile.datasets.loaders.polarity import polarity_doubts
from ganprofile.datasets.loaders.scan_doubts import doubts_of
from ganprofile.errors import GanprofileError, UsageError

PAPER = (240, 320)


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


@pytest.fixture
def scans(digits, tmp_path):
    """Writes a folder of scans, a subfolder per class; returns it and what should be found."""

    def write(name, numbers, dark_ink=True):
        found = {}
        for k in (3, 8):
            images = digits[1].images[digits[1].labels == k]
            for number in numbers:
                page = np.zeros(PAPER, np.uint8)
                top, left = 7 * number, 11 * number
                page[top : top + 60, left : left + 60] = Image.fromarray(
                    images[number][..., 0]
                ).resize((60, 60))
                path = tmp_path / name / str(k) / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(255 - page if dark_ink else page).save(path)
                found[f"{k}/{number}.png"] = as_character(page, 28, "no")
        return tmp_path / name, found

    return write


def assert_found(dataset, found):
    assert dataset.image_shape == (28, 28, 1) and len(dataset) == len(found)
    for image, file in zip(dataset.images[..., 0], dataset.attributes["file"], strict=True):
        np.testing.assert_array_equal(image, found[file])


@pytest.mark.parametrize("dark_ink", [True, False])
def test_they_are_cropped_to_their_ink(scans, dark_ink):
    folder, found = scans("scans", range(5), dark_ink)
    report = gp.import_dataset(folder, "mine", photographs="scans")
    assert report["photographs"] == {"kind": "scans", "pictures": 10, "characters": 10}
    assert report["inverted"] == dark_ink and report["warnings"] == []
    assert 0.65 < report["filled_share"] < 0.8
    assert_found(gp.load("mine")[0], found)


def test_what_is_said_of_their_ink_counts(scans):
    folder, found = scans("scans", range(3), dark_ink=False)
    report = gp.import_dataset(folder, "mine", photographs="scans", invert="no")
    assert report["inverted"] is False
    assert_found(gp.load("mine")[0], found)
    assert gp.import_dataset(folder, "other", photographs="scans", invert="yes")["inverted"] is True


@pytest.mark.parametrize("frame", [0, 1, 3])
def test_a_frame_around_the_paper_is_no_paper(scans, capsys, frame):
    """A printed cell or the table under the sheet would make white squares with a hole."""
    folder, _ = scans("scans", range(4))
    for path in folder.rglob("*.png"):
        with Image.open(path) as picture:
            pixels = np.array(picture)[:120, :120]
        inside = pixels[frame : 120 - frame, frame : 120 - frame]
        Image.fromarray(np.pad(inside, frame)).save(path)
    for options in ({"photographs": "scans"}, {}, {"photographs": "characters"}):
        gp.load(folder, **options)
        said = capsys.readouterr().err
        is_wrong = frame > 0 and options.get("photographs") != "characters"
        assert ("a dark frame or table around the paper" in said) == is_wrong
        assert ('photographs="characters"' in said) == is_wrong


@pytest.mark.parametrize("options", [{"image_size": 28}, {"photographs": "scans"}])
def test_bold_characters_are_no_frames(digits, tmp_path, capsys, options):
    """Half of their box is ink, and more."""
    some = digits[0].subset(6)
    for index, (image, label) in enumerate(zip(some.images, some.labels, strict=True)):
        bold = Image.fromarray(image[..., 0]).resize((84, 84)).filter(ImageFilter.MaxFilter(9))
        (tmp_path / str(label)).mkdir(exist_ok=True)
        ImageOps.invert(bold.crop(bold.getbbox())).save(tmp_path / str(label) / f"{index}.png")
    gp.load(tmp_path, **options)
    assert "frame" not in capsys.readouterr().err


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_what_is_in_use_is_no_remedy_for_a_frame(kind):
    framed = np.pad(np.zeros((20, 20, 20, 1), np.uint8), ((0, 0), (4, 4), (4, 4), (0, 0)))
    framed[:, 4:24, 4:24] = 255
    framed[:, 10:18, 10:18] = 0
    found = LoadedData(gp.Dataset(framed), findings={"photographs": {"kind": kind}})
    (sentence,) = polarity_doubts(found)
    assert ("ruled lines" in sentence) == ('photographs="characters"' not in sentence)
    assert ("ruled lines" in sentence) == (kind != "scans")


def test_characters_lost_on_their_paper_are_warned_of(scans, digits, tmp_path):
    folder, _ = scans("scans", range(5))
    report = gp.import_dataset(folder, "mine", image_size=28)
    (warning,) = report["warnings"]
    assert report["filled_share"] < 0.3 and '`photographs="scans"`' in warning
    digits[0].subset(3).save(tmp_path / "large", "imagefolder")
    assert gp.import_dataset(tmp_path / "large", "large")["warnings"] == []


def test_what_is_held_out_is_read_as_what_was_imported(scans):
    folder, _ = scans("scans", range(5))
    held_out, found = scans("held-out", range(5, 8))
    gp.import_dataset(folder, "mine", photographs="scans")
    train_set, test_set = gp.load_for_training("mine", test=str(held_out))
    assert train_set.image_shape == test_set.image_shape
    assert_found(test_set, found)
    gp.import_dataset(held_out, "others", photographs="scans")
    assert_found(load_like("others", train_set)[0], found)  # once is enough


@pytest.mark.parametrize("said", [{}, {"invert": "yes"}])
def test_what_is_held_out_has_the_polarity_that_was_said_of_the_import(scans, said):
    """Cropped to its ink, most of the edge may be ink; `auto` would take that for the paper."""
    folder, _ = scans("scans", range(5))
    held_out, found = scans("held-out", range(5, 8))
    page = np.full((60, 60), 250, np.uint8)
    page[:2] = page[:, :2] = page[:, -2:] = 0
    Image.fromarray(page).save(held_out / "3" / "5.png")
    found["3/5.png"] = as_character(page, 28, "yes")
    assert (as_character(page, 28, "auto") != found["3/5.png"]).any()
    gp.import_dataset(folder, "mine", photographs="scans", invert="yes")
    train_set, test_set = gp.load_for_training("mine", test=str(held_out), **said)
    assert_found(test_set, found)
    assert train_set.fingerprint == gp.load("mine")[0].fingerprint


def test_what_is_labelled_is_read_as_what_it_is_labelled_by(scans, tmp_path):
    folder, _ = scans("scans", range(5))
    gp.import_dataset(folder, "mine", photographs="scans")
    more, _ = scans("more", range(4, 7))  # one of each class is known already
    would = gp.label(str(more), by="mine", output=tmp_path / "labelled", dry_run=True)
    assert (would["labelled"], would["unlabelled"]) == (10, 4)


def test_a_recipe_finds_them_again(scans):
    folder, found = scans("scans", range(3))
    train_set, _ = gp.load(folder, photographs="scans")
    assert_found(train_set, found)
    assert from_recipe(train_set.recipe).fingerprint == train_set.fingerprint


def test_what_has_its_form_is_not_looked_through(scans):
    gp.import_dataset(scans("scans", range(2))[0], "mine", photographs="scans")
    with pytest.raises(UsageError, match="got its form when it was imported"):
        gp.load("mine", photographs="scans")
    with pytest.raises(UsageError, match="digits comes with its form"):
        gp.load("digits", photographs="scans")


def test_the_command_finds_them_too(scans, in_process):
    folder, found = scans("scans", range(3))
    words = ["datasets", "import", folder, "--name", "mine", "--photographs"]
    code, out, _ = in_process(*words, "scans")
    assert code == 0 and "characters: 6" in out
    assert_found(gp.load("mine")[0], found)
    code, _, err = in_process(*words, "sheets", "--force")
    assert code == 2 and "--photographs 'sheets'. Known: scans, characters, pages" in err


def test_whatever_may_be_said_is_looked_for():
    assert set(FOUND_ON) == set(PHOTOGRAPHS)
    (told,) = data.LOADING["photographs"].annotation.__metadata__
    more = told.help.partition("\n\n")[2]
    assert all(f"{kind} " in more for kind in PHOTOGRAPHS)


def test_a_blank_scan_is_named(scans):
    folder, _ = scans("scans", range(2))
    Image.new("L", (40, 40), 255).save(folder / "8" / "blank.png")
    with pytest.raises(GanprofileError, match="8/blank.png shows no character"):
        gp.load(folder, photographs="scans")


def raw(command, folder):
    return [*command.replace("SCANS", str(folder)).split(), "--output", str(folder) + "-out"]


@pytest.mark.parametrize(
    "command",
    [
        "augment SCANS",
        "train SCANS",
        "evaluate SCANS --against digits",
        "evaluate digits-cgan --against SCANS",
        "benchmark SCANS --test digits",
        "label digits --by SCANS",
    ],
)
def test_large_scans_are_refused_without_a_word_and_the_crop_is_offered(
    scans, in_process, tmp_path, command
):
    folder, _ = scans("scans", range(3))
    code, out, err = in_process(*raw(command, folder))
    assert (code, out) == (2, "")
    assert "Images of scans are 320x240, larger than 128" in err
    assert "--photographs scans finds" in err and "--image-size 28" in err
    assert not (tmp_path / "scans-out").exists()


def test_a_word_is_enough_to_take_large_images(scans, in_process):
    folder, _ = scans("scans", range(3))
    for words in (["--photographs", "scans"], ["--image-size", "320"]):
        code, _, err = in_process("augment", folder, *words, "--dry-run")
        assert code == 0, err
        assert ("larger than 128 pixels" in err) == ("320" in words)


def test_small_characters_on_pictures_are_noticed(digits, in_process, tmp_path):
    for name in "ab":
        (tmp_path / "small" / name).mkdir(parents=True)
        for number in range(3):
            page = np.zeros((90, 90), np.uint8)
            page[30:58, 30:58] = digits[1].images[number, ..., 0]
            Image.fromarray(255 - page).save(tmp_path / "small" / name / f"{number}.png")
    code, _, err = in_process("augment", tmp_path / "small", "--dry-run")
    assert code == 0 and "fill less than" in err and "--photographs scans crops them" in err


def left_edge(page):
    page[:, :4] = 20  # of a dark table under the scanner


def left_and_top(page):
    page[:, :12], page[:8] = 10, 10  # most of the edge is dark: the paper passes for ink


def shadow(page):
    page[:] = page * np.linspace(1, 0.3, page.shape[1])[None]


@pytest.mark.parametrize("spoil", [left_edge, left_and_top, shadow])
def test_scans_with_ink_along_a_whole_side_are_said(scans, spoil):
    folder, _ = scans("scans", range(5))
    path = folder / "8" / "2.png"
    page = np.array(Image.open(path))
    spoil(page)
    Image.fromarray(page).save(path)
    (said,) = gp.import_dataset(folder, "mine", photographs="scans")["warnings"]
    assert said.startswith("1 of 10 scans have ink along a whole side, such as 8/2.png: look at")


def folded_corner(page):
    rows, columns = np.indices(page.shape)
    page[rows + page.shape[1] - 1 - columns < 30] = 30


def part_of_a_side(page):
    page[: len(page) * 6 // 10, -6:] = 30


@pytest.mark.parametrize("spoil", [folded_corner, part_of_a_side])
def test_scans_with_ink_at_an_edge_apart_from_the_character_are_said(scans, spoil):
    folder, _ = scans("scans", range(1, 4))
    path = folder / "8" / "2.png"
    page = np.array(Image.open(path))
    spoil(page)
    Image.fromarray(page).save(path)
    (said,) = gp.import_dataset(folder, "mine", photographs="scans")["warnings"]
    assert said.startswith("1 of 6 scans have ink at an edge apart from the character, such as 8/2")


def test_dark_corners_all_around_are_apart_from_a_character_in_the_middle():
    rows, columns = (abs(np.linspace(-1, 1, length)) for length in PAPER)
    page = np.where(rows[:, None] + columns > 1.6, 30, 250).astype(np.uint8)
    page[90:150, 150:160] = 30
    assert doubts_of(page, "yes").is_apart


def test_parts_of_characters_cropped_to_their_ink_are_not_apart_from_them():
    """A box in a box, a dot above a stroke, and three slanted strokes."""
    box, dotted, slanted = (np.full((60, 50), 250, np.uint8) for _ in range(3))
    box[:] = 30
    box[4:-4, 4:-4] = 250
    box[20:40, 15:35] = 30
    dotted[:8, 20:30] = dotted[20:58, 4:48] = 30
    for top in (0, 20, 40):
        for column in range(50):
            slanted[top + column // 4 : top + column // 4 + 7, column] = 30
    for grey in (box, dotted, slanted):
        assert not doubts_of(grey, "yes").is_apart


def specked(page, size, count):
    """A page with so many specks far from its character."""
    dusty = page.copy()
    for k in range(count):
        row, column = 200 + 11 * (k % 3), 180 + 37 * (k % 4)
        dusty[row : row + size, column : column + size] = 255
    return dusty


@pytest.mark.parametrize(("size", "count"), [(2, 1), (2, 6), (4, 1)])
def test_dust_far_from_a_character_is_left_aside(digits, size, count):
    page = np.zeros(PAPER, np.uint8)
    image = digits[1].images[digits[1].labels == 3][0, ..., 0]
    page[10:90, 20:100] = Image.fromarray(image).resize((80, 80))
    expected = as_character(page, 28, "no")
    found = as_character(specked(page, size, count), 28, "no")
    np.testing.assert_allclose(found.astype(int), expected, atol=3)


def test_of_more_than_four_hundred_equal_dots_none_is_left_aside():
    page = np.full((300, 300), 250, np.uint8)
    for row, column in np.ndindex(24, 24):
        page[12 * row + 5 :, 12 * column + 5 :][:3, :3] = 20
    assert as_character(page, 28).max() > 0
    assert ink_box(255 - page) == (5, 284, 5, 284)


@pytest.mark.parametrize("gap", [3, 12])
def test_dots_and_pieces_of_a_stroke_belong_to_their_character(gap):
    """The dot of an i, three dots of a letter, and a stroke in pieces, each near the next."""
    page = np.zeros(PAPER, np.uint8)
    page[100:150, 60:68] = 255
    page[96 - gap : 100 - gap, 61:66] = 255
    assert (np.flatnonzero(ink_rows(page))[[0, -1]] == [96 - gap, 149]).all()
    dashed = np.zeros(PAPER, np.uint8)
    for k in range(30):
        dashed[40 + 5 * k : 43 + 5 * k, 60:64] = 255
    assert (np.flatnonzero(ink_rows(dashed))[[0, -1]] == [40, 187]).all()
    two = np.zeros(PAPER, np.uint8)
    two[20:24, 60:64] = two[180:184, 60:64] = 255
    assert (np.flatnonzero(ink_rows(two))[[0, -1]] == [20, 183]).all()


def ink_rows(page):
    """Which rows lie within the box of the ink."""
    top, bottom, _, _ = ink_box(page)
    return (np.arange(len(page)) >= top) & (np.arange(len(page)) < bottom)


@pytest.mark.parametrize("invert", [False, True])
def test_a_full_dot_cropped_to_its_ink_shows_its_paper_in_the_corners(invert):
    rows, columns = np.mgrid[:9, :11]
    dot = ((rows - 4) ** 2 / 25 + (columns - 5) ** 2 / 36 <= 1).astype(np.uint8) * 255
    with_hole = dot.copy()
    with_hole[4, 5] = 0
    for image in (dot, with_hole):
        assert is_dark_on_light(255 - image if invert else image) == invert


def test_lines_that_were_taken_for_ink_are_said(scans):
    folder, _ = scans("ruled", range(4))
    for file in folder.rglob("*.png"):
        page = np.asarray(Image.open(file)).copy()
        page[::60] = 90
        Image.fromarray(page).save(file)
    (said,) = [
        line
        for line in gp.import_dataset(folder, "ruled", photographs="scans")["warnings"]
        if "though each was cropped" in line
    ]
    assert "dust or lines on the paper" in said


def ruled(folder, level, every=24, squared=True):
    """Draws lines of paper under the dark characters of all pictures of a folder."""
    for path in folder.rglob("*.png"):
        with Image.open(path) as picture:
            pixels = np.array(picture)
        lines = np.full_like(pixels, 255)
        lines[10::every] = level
        if squared:
            lines[:, 10::every] = level
        Image.fromarray(np.minimum(pixels, lines)).save(path)


@pytest.mark.parametrize("squared", [True, False])
def test_faint_lines_of_the_paper_are_taken_away_and_said(scans, capsys, squared):
    folder, found = scans("scans", range(4))
    ruled(folder, 180, squared=squared)
    images = gp.load(folder, photographs="scans")[0]
    said = capsys.readouterr().err
    assert "Faint lines of squared or ruled paper were taken away on " in said
    assert "3/0.png" in said or "8/0.png" in said
    for image, file in zip(images.images[..., 0], images.attributes["file"], strict=True):
        boxes = [np.ptp(np.nonzero(one > 127), axis=1) for one in (image, found[file])]
        assert abs(boxes[0] - boxes[1]).max() <= 3, file  # of the whole grid they fill the image


def test_lines_as_dark_as_the_ink_are_said(scans, capsys):
    folder, _ = scans("scans", range(2))
    ruled(folder, 0)
    gp.load(folder, photographs="scans")
    said = capsys.readouterr().err
    assert "4 of 4 scans have lines across the whole picture that are as dark as the ink" in said


def test_strokes_from_edge_to_edge_are_no_lines_of_the_paper(tmp_path, capsys):
    """The Chinese one, two and ten, cropped to their ink."""
    for number, strokes in enumerate(([2], [2, 30])):
        pixels = np.full((36, 60), 255, np.uint8)
        for row in strokes:
            pixels[row : row + 4] = 30
        pixels[:, 28 : 28 + 4 * number] = 30
        path = tmp_path / "cropped" / str(number) / "a.png"
        path.parent.mkdir(parents=True)
        Image.fromarray(pixels).save(path)
    gp.load(tmp_path / "cropped", photographs="scans", invert="yes")
    said = capsys.readouterr().err
    assert "squared or ruled paper were" not in said and "across the whole picture" not in said


def test_the_bar_of_a_bold_letter_cropped_to_its_ink_is_no_faint_line(tmp_path, capsys):
    """Most of the picture is ink, so that its middle level is that of ink."""
    pixels = np.full((100, 100), 250, np.uint8)
    pixels[:, :60] = pixels[48:52] = 40
    pixels[:20, :40] = 0
    for name in "ab":
        (tmp_path / "bold" / name).mkdir(parents=True)
        Image.fromarray(pixels).save(tmp_path / "bold" / name / "1.png")
    images = gp.load(tmp_path / "bold", photographs="scans", invert="yes")[0].images
    assert "squared or ruled paper were" not in capsys.readouterr().err
    assert (images > 127).mean() > 0.25  # of the letter nothing but its darkest corner was left


def test_paper_that_darkens_to_one_side_is_no_line(scans, capsys):
    folder, _ = scans("scans", range(4))
    noise = np.random.default_rng(0)
    for path in folder.rglob("*.png"):
        page = np.array(Image.open(path)) * np.linspace(1, 0.65, PAPER[1])
        page = page + noise.normal(0, 2, page.shape)
        Image.fromarray(page.clip(0, 255).astype(np.uint8)).save(path)
    gp.load(folder, photographs="scans")
    said = capsys.readouterr().err
    assert "squared or ruled paper were" not in said
    assert "scans have ink along a whole side" in said


def test_what_cannot_be_told_by_lightness_is_not_just_to_be_removed(tmp_path, capsys):
    """Blue ink on grey that is as light: `scans` is not advised, and its refusal tells why."""
    for name in "ab":
        page = np.full((40, 40, 3), 128, np.uint8)
        page[10:30, 18:22] = (90, 120, 255)
        (tmp_path / "blue" / name).mkdir(parents=True)
        Image.fromarray(page).save(tmp_path / "blue" / name / "1.png")
    gp.load(tmp_path / "blue", image_size=28)
    said = capsys.readouterr().err
    assert "paper is grey or coloured" in said and "`photographs" not in said
    with pytest.raises(GanprofileError, match=r"shows no character: ink is found by its lightness"):
        gp.load(tmp_path / "blue", photographs="scans")


@pytest.mark.parametrize(("invert", "side"), [("no", "lighter"), ("yes", "darker")])
def test_ink_on_the_other_side_than_was_said_is_the_reason_that_is_given(
    tiny, tmp_path, invert, side
):
    noise = np.random.default_rng(0).normal(0, 3, (120, 160))
    for name in "ab":
        page = 245 + noise
        page[30:86, 40:96] -= np.kron(tiny.images[0, ..., 0], np.ones((2, 2))) * 0.8
        page = page.clip(0, 255).astype(np.uint8)
        (tmp_path / name).mkdir()
        Image.fromarray(page if invert == "no" else 255 - page).save(tmp_path / name / "1.png")
    with pytest.raises(GanprofileError, match=f"in ink {side} than the paper.*Leave `invert` out"):
        gp.load(tmp_path, photographs="scans", invert=invert)
    assert len(gp.load(tmp_path, photographs="scans")[0]) == 2


def test_levels_of_fewer_bits_than_those_of_the_set_are_the_reason_that_is_given(tmp_path):
    for name in "ab":
        (tmp_path / "deep" / name).mkdir(parents=True)
        page = np.full((40, 40), 60_000, np.uint16)
        page[10:30, 18:22] = 0
        for number in range(4):
            Image.fromarray(page).save(tmp_path / "deep" / name / f"{number}.png")
    Image.fromarray(page // 256).save(tmp_path / "deep" / "a" / "eight.png")
    with pytest.raises(GanprofileError, match=r"eight.png shows no character by levels of 16 bits"):
        gp.load(tmp_path / "deep", photographs="scans")
