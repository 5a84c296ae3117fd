"""Folders of pictures as people have them."""

import os
import re
import shutil
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.gathering import decide_polarity
from ganprofile.errors import GanprofileError


def glyph(size, ink=255, paper=0, colour=None):
    """A cross off the middle, so that every turn and flip shows."""
    height, width = size
    pixels = np.full((height, width, 3), paper, np.uint8)
    pixels[height // 4, :] = ink if colour is None else colour
    pixels[:, width // 3] = ink if colour is None else colour
    pixels[[0, -1]] = paper
    pixels[:, [0, -1]] = paper
    return pixels


def make(root, classes, seed=None, **options):
    """A PNG `NAME/k.png` for every class and k, each a little different; more so by a seed."""
    for name, count in classes.items():
        (root / name).mkdir(parents=True)
        for k in range(count):
            pixels = glyph((28, 28), **options)
            pixels[20, 5 + k] = 255 - pixels[0, 0]
            spots = [] if seed is None else np.random.default_rng([seed, k]).integers(9, 24, (6, 2))
            for row, column in spots:
                pixels[row : row + 2, column : column + 3] = 255 - pixels[0, 0]
            Image.fromarray(pixels).save(root / name / f"{k}.png")
    return root


def test_class_folders_become_classes_in_sorted_order(tmp_path):
    train, test = gp.load(make(tmp_path / "scans", {"b": 2, "a": 3, "10": 1}))
    assert test is None
    assert (train.name, train.class_names) == ("scans", ("10", "a", "b"))
    assert train.class_counts().tolist() == [1, 3, 2]
    assert train.image_shape == (28, 28, 1), "colour files that hold greys only"
    assert np.array_equal(train.images[1], glyph_with_dot(0))
    assert train.attributes["file"].tolist()[:2] == ["10/0.png", "a/0.png"]


def glyph_with_dot(k):
    pixels = glyph((28, 28))[..., :1]
    pixels[20, 5 + k] = 255
    return pixels


def test_train_and_test_folders_are_the_two_parts(tmp_path):
    make(tmp_path / "x" / "train", {"a": 3, "b": 2, "c": 1})
    make(tmp_path / "x" / "test", {"c": 1, "a": 1}, seed=1, ink=200)
    train, test = gp.load(tmp_path / "x")
    assert (len(train), len(test)) == (6, 2) and test.split == "test"
    assert test.class_names == train.class_names and test.labels.tolist() == [0, 2]
    (tmp_path / "x" / "test" / "c").rename(tmp_path / "x" / "test" / "d")
    with pytest.raises(gp.UsageError, match="class 'd', which train/ lacks. Rename or remove it"):
        gp.load(tmp_path / "x")
    for other in ("C", "c ", "c."):
        (tmp_path / "x" / "test").joinpath("d").rename(tmp_path / "x" / "test" / other)
        with pytest.raises(gp.UsageError, match=f"'{other}', .* If it is 'c', rename it so"):
            gp.load(tmp_path / "x")
        (tmp_path / "x" / "test").joinpath(other).rename(tmp_path / "x" / "test" / "d")


def test_dark_ink_is_inverted_and_light_ink_is_not(tmp_path):
    dark = gp.load(make(tmp_path / "dark", {"a": 3}, ink=10, paper=250))[0]
    light = gp.load(make(tmp_path / "light", {"a": 3}, ink=245, paper=5))[0]
    assert np.median(dark.images) == np.median(light.images) == 5
    kept = gp.load(tmp_path / "dark", invert="no")[0]
    assert np.array_equal(kept.images, 255 - dark.images)
    assert np.array_equal(gp.load(tmp_path / "light", invert="yes")[0].images, 255 - light.images)


def test_mixed_polarity_is_asked_about(tmp_path):
    make(tmp_path / "m", {"dark": 3}, ink=0, paper=255)
    make(tmp_path / "m", {"light": 3})
    with pytest.raises(gp.UsageError, match=r"3 pictures have light paper \(such as dark/0.png\)"):
        gp.load(tmp_path / "m")
    assert len(gp.load(tmp_path / "m", invert="no")[0]) == 6


@pytest.mark.parametrize(("light", "inverted"), [(100, True), (95, True), (5, False), (0, False)])
def test_a_clear_majority_decides(light, inverted):
    assert decide_polarity(np.arange(100) < light, "auto", str) is inverted


def test_sizes_must_agree_or_be_made_to(tmp_path):
    make(tmp_path / "s", {"a": 4})
    Image.fromarray(glyph((27, 28))).save(tmp_path / "s" / "a" / "odd.png")
    with pytest.raises(gp.UsageError, match=r"a/odd.png is 28x27, but 4 of 5 .* `image_size=28`"):
        gp.load(tmp_path / "s")
    for size in (28, 32, 64):
        assert gp.load(tmp_path / "s", image_size=size)[0].image_shape == (size, size, 1)


def test_what_pictures_of_many_sizes_were_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    for k, side in enumerate((28, 28, 28, *range(8, 24), 200)):
        (tmp_path / "s" / "ab"[k % 2]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(glyph((side, side + 1))).save(tmp_path / "s" / "ab"[k % 2] / f"{k:02}.png")
    report = gp.import_dataset(tmp_path / "s", "mine", image_size=28)
    assert report["converted_from"] == "18 sizes from 9x8 to 201x200 with 1 channel"
    assert len(report["sizes"]) == 11 and sum(report["sizes"].values()) == 20
    (said,) = (one for one in report["warnings"] if "half as large" in one)
    assert said == (
        "6 pictures are at most half as large as 28x28, such as a/04.png of 10x9: enlarged, they "
        "show no more than before."
    )
    assert not any("half" in one for one in gp.import_dataset(tmp_path / "s", "x", image_size=8))


def test_scaling_keeps_the_aspect_and_the_middle(tmp_path):
    (tmp_path / "tall" / "a").mkdir(parents=True)
    pixels = np.zeros((100, 50), np.uint8)
    pixels[20:80, 15:35] = 255
    Image.fromarray(pixels).save(tmp_path / "tall" / "a" / "1.png")
    image = gp.load(tmp_path / "tall", image_size=20)[0].images[0, ..., 0].astype(int)
    rows, columns = np.flatnonzero(image.max(axis=1) > 127), np.flatnonzero(image.max(axis=0) > 127)
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (4, 15, 8, 11)


def test_colour_is_kept_or_made_grey(tmp_path):
    make(tmp_path / "c", {"a": 3}, colour=(0, 0, 255))
    assert gp.load(tmp_path / "c")[0].image_shape == (28, 28, 3)
    grey = gp.load(tmp_path / "c", channels=1)[0]
    assert grey.image_shape == (28, 28, 1) and grey.images.max() > 0
    assert gp.load(make(tmp_path / "g", {"a": 1}), channels=3)[0].image_shape == (28, 28, 3)


def test_other_files_are_passed_over(tmp_path):
    make(tmp_path / "p", {"a": 2})
    (tmp_path / "p" / "a" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "p" / "a" / "notes.txt").write_text("x")
    (tmp_path / "p" / "readme.md").write_text("x")
    (tmp_path / "p" / ".git").mkdir()
    assert len(gp.load(tmp_path / "p")[0]) == 2


def test_class_folders_without_pictures_are_left_out_and_named(tmp_path, capsys, monkeypatch):
    make(tmp_path / "e" / "train", {"a": 2, "b": 2, "empty": 0})
    make(tmp_path / "e" / "test", {"a": 1, "b": 0}, seed=1)
    train, test = gp.load(tmp_path / "e")
    assert train.class_names == test.class_names == ("a", "b")
    said = capsys.readouterr().err
    assert "train: the class folder 'empty' holds no picture" in said and "left out" in said
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(tmp_path / "e", "mine")
    assert report["empty_classes"] == ["empty", "b"] and report["classes"] == 2
    assert "no image of the classes 'empty' 'b'" in report["warnings"]


def test_class_folders_without_pictures_that_leave_one_class_are_refused(tmp_path):
    make(tmp_path / "e", {"a": 2, "empty": 0})
    for load in (gp.load, lambda path: gp.import_dataset(path, "mine", dry_run=True)):
        with pytest.raises(GanprofileError, match="'empty' holds no picture .* one class is left"):
            load(tmp_path / "e")


def test_an_unreadable_picture_is_named(tmp_path):
    make(tmp_path / "u", {"a": 3})
    path = tmp_path / "u" / "a" / "1.png"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(GanprofileError, match=r"a/1\.png is not a readable"):
        gp.load(tmp_path / "u")


def test_pictures_that_do_not_fit_into_memory_are_refused_before_they_are_read(tmp_path):
    (tmp_path / "h" / "a").mkdir(parents=True)
    Image.new("L", (7000, 7000)).save(tmp_path / "h" / "a" / "0.png")
    for k in range(1, 100):
        os.link(tmp_path / "h" / "a" / "0.png", tmp_path / "h" / "a" / f"{k}.png")
    with pytest.raises(gp.UsageError, match=r"100 images of 7000x7000 .* `image_size=28`"):
        gp.load(tmp_path / "h")


@pytest.mark.slow
def test_thousands_of_classes(tmp_path):
    root = tmp_path / "many"
    root.mkdir()
    pixels = np.zeros((4, 4), np.uint8)
    for k in range(4_000):
        folder = root / f"{k:05d}"
        folder.mkdir()
        pixels[1, 1:3] = divmod(k, 256)
        Image.fromarray(pixels).save(folder / "1.bmp")
    train = gp.load(root)[0]
    assert train.num_classes == len(train) == 4_000
    assert train.labels.tolist() == list(range(4_000))
    assert train.grid().shape[0] < 1000, "a grid of the first hundred classes"


@pytest.mark.skipif(sys.platform == "darwin", reason="the file system refuses such names")
def test_names_that_are_not_utf8(tmp_path):
    root = make(tmp_path / "n", {"a": 1})
    (root / "a" / "0.png").rename(root / "a" / os.fsdecode(b"\xff\xfe.png"))
    train = gp.load(root)[0]
    assert train.attributes["file"].tolist() == [r"a/\xff\xfe.png"]
    train.save(tmp_path / "saved")
    (root / "a").rename(root / os.fsdecode(b"\xe4"))
    with pytest.raises(GanprofileError, match=r"\\xe4 is not UTF-8"):
        gp.load(root)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"image_size": 7}, "`image_size` should be in 8..1024, a whole number. Received: 7"),
        ({"image_size": 5000}, "`image_size` should be"),
        ({"image_size": "28"}, "`image_size` should be in 8..1024, a whole number. Received: '28'"),
        ({"channels": 2}, "`channels` should be 1 or 3"),
        ({"invert": "maybe"}, "`invert` should be auto, yes or no"),
    ],
)
def test_options_out_of_range(tmp_path, options, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.load(make(tmp_path / "o", {"a": 1}), **options)


def test_a_folder_around_the_classes_is_no_class(tmp_path):
    make(tmp_path / "outer" / "scans", {"a": 2, "b": 2})
    with pytest.raises(gp.UsageError, match=r"Nothing in .* is a dataset.*: give .*outer/scans\."):
        gp.load(tmp_path / "outer")
    make(tmp_path / "mixed", {"a": 2})
    make(tmp_path / "mixed" / "more", {"b": 2})
    with pytest.raises(
        gp.UsageError, match="more holds no pictures but folders of pictures.*label"
    ):
        gp.load(tmp_path / "mixed")


def test_loose_pictures_have_no_labels(tmp_path):
    make(tmp_path / "scans", {"a": 3})
    scans, test = gp.load(tmp_path / "scans" / "a")
    assert test is None and scans.labels is None and len(scans) == 3
    assert scans.attributes["file"].tolist() == ["0.png", "1.png", "2.png"]
    with pytest.raises(gp.UsageError, match="only labelled sets can be imported"):
        gp.import_dataset(tmp_path / "scans" / "a", "loose", dry_run=True)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["A_0.png", "A_1.png", "B_0.png", "B_1.png"], "'A' in A_0.png"),
        (["img-3-U+0915.png", "img-4-U+0915.png", "img-3-ক.png", "img-4-ক.png"], "'U+0915' in"),
        (["7_03.png", "7_04.png", "9_11.png", "9_12.png"], "'7' in 7_03.png"),
        (["scan_1.png", "scan_2.png", "scan_3.png"], None),
        (["ann.png", "bob.png", "bob_2.png"], None),
    ],
)
def test_labels_that_stand_in_the_names_of_files_are_pointed_out(
    tmp_path, capsys, in_process, names, told
):
    make(tmp_path / "x", {"loose": len(names)})
    for k, name in enumerate(names):
        (tmp_path / "x" / "loose" / f"{k}.png").rename(tmp_path / "x" / "loose" / name)
    assert gp.load(tmp_path / "x" / "loose")[0].labels is None
    said = capsys.readouterr().err
    assert (f"may say what they show, as {told}" in said) if told else not said
    assert "a folder for each class" not in said  # `label` is for what is not sorted yet
    if told:
        pattern = re.search(r"say --labels '?([^',]+)|say `labels='([^']+)", said)
        label = gp.load(tmp_path / "x" / "loose", labels=next(filter(None, pattern.groups())))[0]
        assert label.class_counts().tolist() == [2, 2]
    _, out, err = in_process("datasets", "show", tmp_path / "x" / "loose")
    assert "augment" not in out + err, "which needs labels"


@pytest.mark.parametrize("ending", [".txt", ".gt.txt"])
def test_a_label_file_for_each_picture_is_pointed_out(tmp_path, capsys, ending):
    make(tmp_path, {"loose": 3})
    for k in range(3):
        assert gp.load(tmp_path / "loose")[0].labels is None
        assert not capsys.readouterr().err, "not all have one"
        (tmp_path / "loose" / f"{k}{ending}").write_text("ক", encoding="utf-8")
    gp.load(tmp_path / "loose")
    assert f"such as 0{ending}: put the labels into one table" in capsys.readouterr().err


def test_a_zip_of_loose_pictures_is_no_class_without_a_word(tmp_path, capsys):
    make(tmp_path, {"scans": 3})
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as file:
        for path in sorted((tmp_path / "scans").iterdir()):
            file.write(path, f"scans/{path.name}")
    assert gp.load(tmp_path / "packed.zip")[0].class_names == ("scans",)
    said = capsys.readouterr().err
    assert "packed.zip: all 3 pictures lie in the folder scans, so that they have one label" in said
    assert "into a folder for each, unless they are to be labelled." in said


def test_a_zip_of_class_folders_keeps_the_classes(tmp_path):
    make(tmp_path / "scans", {"a": 2, "b": 3})
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as file:
        for path in sorted((tmp_path / "scans").rglob("*.png")):
            file.write(path, f"scans/{path.relative_to(tmp_path / 'scans')}")
            file.writestr(f"__MACOSX/scans/{path.parent.name}/._{path.name}", "x")
    train = gp.load(tmp_path / "packed.zip")[0]
    assert (train.name, train.class_names) == ("packed", ("a", "b"))
    assert train.class_counts().tolist() == [2, 3]


def test_parts_of_other_names_are_not_taken_for_classes(tmp_path, capsys):
    for part, ink in {"train": 255, "test": 200, "val": 180}.items():
        make(tmp_path / "x" / part, {"a": 2, "b": 2}, seed=ink, ink=ink)
    train, test = gp.load(tmp_path / "x")
    assert train.images.max() == 255 and test.images.max() == 255 and len(test) == 4
    assert np.unique(test.images[0]).tolist() == [0, 200, 255], "of test/, not of val/"
    assert "the validation part is left out" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "x" / "test")
    _, test = gp.load(tmp_path / "x")
    assert np.unique(test.images[0]).tolist() == [0, 180, 255]
    assert "the validation part is the test part" in capsys.readouterr().err
    make(tmp_path / "x" / "more", {"a": 2})
    with pytest.raises(gp.UsageError, match=r"has more/ beside train/"):
        gp.load(tmp_path / "x")
    shutil.rmtree(tmp_path / "x" / "more")
    shutil.rmtree(tmp_path / "x" / "val")
    train, test = gp.load(tmp_path / "x")
    assert train.class_names == ("a", "b") and test is None and not capsys.readouterr().err


@pytest.mark.parametrize(
    ("training", "testing"),
    [
        ("Data training", "Data testing"),
        ("Training", "Testing"),
        ("train_set", "test_set"),
        ("train images", "test images"),
        ("trainingSet", "testSet"),
        ("TRAIN", "validation"),
        ("mnist_png_train_digits".replace("mnist_", ""), "test-data"),
        ("traindata", "testdata"),
    ],
)
def test_parts_have_many_names(tmp_path, capsys, training, testing):
    make(tmp_path / "x" / training, {"a": 3, "b": 2})
    make(tmp_path / "x" / testing, {"b": 1, "a": 1}, seed=1, ink=200)
    train, test = gp.load(tmp_path / "x")
    assert (len(train), test.labels.tolist(), test.split) == (5, [0, 1], "test")
    said = capsys.readouterr().err
    assert f"{training}/ is taken for the train part" in said and said.count("\n") <= 2
    make(tmp_path / "x" / "train", {"a": 3})
    with pytest.raises(gp.UsageError, match="both for the train part"):
        gp.load(tmp_path / "x")


def test_hidden_folders_inside_a_class_and_links_in_circles(tmp_path):
    make(tmp_path / "x", {"a": 2})
    make(tmp_path / "x" / "a", {".ipynb_checkpoints": 1})
    (tmp_path / "x" / "a" / "loop").symlink_to(tmp_path / "x")
    assert len(gp.load(tmp_path / "x")[0]) == 2


def test_what_lies_beside_the_classes_is_named(tmp_path, monkeypatch):
    make(tmp_path / "x", {"a": 2, "b": 2, ".hidden": 1})
    shutil.copy(tmp_path / "x" / "a" / "0.png", tmp_path / "x" / "loose.png")
    frames = [Image.fromarray(glyph((28, 28))[..., 0]), Image.new("L", (28, 28))]
    frames[0].save(tmp_path / "x" / "b" / "pages.tif", save_all=True, append_images=frames[1:])
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(tmp_path / "x", "x")
    assert report["passed_over"] == [".hidden", "loose.png"]
    assert report["first_of_several"] == ["b/pages.tif"]
    assert any("2 files or folders were passed over" in line for line in report["warnings"])
    assert any("1 file holds several pictures" in line for line in report["warnings"])


@pytest.mark.parametrize("suffix", [".jfif", ".JPE", ".jpg"])
def test_a_jpeg_has_many_endings(tmp_path, suffix):
    make(tmp_path / "x", {"a": 1, "b": 1})
    Image.fromarray(glyph((28, 28))).save(tmp_path / "x" / "a" / f"1{suffix}", format="JPEG")
    assert gp.load(tmp_path / "x")[0].class_counts().tolist() == [2, 1]


@pytest.mark.parametrize(
    "place", ["a/by-ann/1.png", "1.png", ".c/1.png", "a/1.pgm", "a/deep/er/1.png", "a/1.heic"]
)
def test_pictures_that_are_not_read_are_said_whatever_is_done_with_the_set(
    tmp_path, capsys, monkeypatch, place
):
    """An import reports them, and so does all that reads the folder itself."""
    root = make(tmp_path / "x", {"a": 2, "b": 2})
    for noise in ("a/Thumbs.db", "a/notes.txt", "desktop.ini", "a/.DS_Store", "b/._0.png"):
        (root / noise).write_bytes(b"x")
    gp.load(root)
    assert "not read" not in capsys.readouterr().err
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "b" / "0.png", root / place)
    assert len(gp.load(root)[0]) == 4
    said = capsys.readouterr().err
    top = "/".join(place.split("/")[: 1 + place.startswith("a/")])
    assert f"1 file or folder with pictures is not read, such as {top}: put pictures" in said
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(root, "x")
    assert [name for name in report["passed_over"] if name != "a/notes.txt"] == [top]
    assert sum("passed over" in line or "not read" in line for line in report["warnings"]) == 1


def test_pictures_of_other_kinds_are_said_with_what_to_do(tmp_path, capsys, monkeypatch):
    """Whatever reads the folder: its class folders, the names of its files, or nothing."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    root = make(tmp_path / "x", {"a": 2, "b": 2})
    (root / "c").mkdir()
    for name in ("a/1.HEIC", "a/2.heic", "c/1.heic", "c/2.pdf"):
        (root / name).write_bytes(b"\0\0\0\x18ftypheic")
    (said,) = (one for one in gp.import_dataset(root, "mine")["warnings"] if "passed over" in one)
    assert "4 files or folders were passed over, such as a/1.HEIC, a/2.heic, c/1.heic; 4" in said
    assert "not read (.heic, .pdf): save each as JPEG or PNG, and each page" in said
    for place, labels, count in (("x", "{label}/*", 4), ("x/a", None, 2)):
        gp.load(tmp_path / place, labels=labels)
        heard = capsys.readouterr().err
        assert f"{count} are pictures of kinds that are not read (.heic" in heard


@pytest.mark.parametrize(("suffix", "options"), [("tif", {}), ("gif", {"photographs": "scans"})])
def test_pages_and_frames_that_are_left_out_are_said(tmp_path, capsys, suffix, options):
    root = make(tmp_path / "x", {"a": 2, "b": 2})
    frames = [Image.fromarray(255 - glyph((28, 28))[..., 0]), Image.new("L", (28, 28))]
    path = root / "b" / f"2.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert len(gp.load(root, **{"invert": "no", **options})[0]) == 5
    said = capsys.readouterr().err
    assert (
        f"1 file holds several pictures, of which the first is read, such as b/2.{suffix}" in said
    )


def test_pictures_to_test_with_need_classes(tmp_path):
    make(tmp_path / "x" / "train", {"a": 2, "b": 2})
    make(tmp_path / "x", {"test": 3}, seed=1)
    with pytest.raises(gp.UsageError, match=r"test holds pictures without a folder for each class"):
        gp.load(tmp_path / "x")


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("folder,label,class_name\nc1,0,é\nc2,1,z\n", "utf-8", ""),
        ("folder,label,class_name\nc1,0,é\nc2,1,z\n", "utf-8-sig", ""),
        ("folder,label,class_name\nc1,0,é\nc2,1,z\n", "cp1252", "it was read as cp1252"),
        ("folder,label,class_name\nc1,0,é\nc2,1,z\n", "utf-16", ""),
        ("Folder;Label;Class name\nc1;0;é\nc2;1;z\n", "utf-8", ""),
        ("class_name\tfolder\r\né\tc1\r\nz\tc2\r\n", "utf-8", ""),
        ("folder,label\nc1,é\nc2,z\n", "utf-8", ""),
        ('folder, label\nc1, "é"\nc2, "z"\n', "utf-8", ""),
        ("folder,class_name\nc1,é\n", "utf-8", "does not name 1 class folders, such as c2"),
        ("folder,class_name\nc1,é\nc2,é\n", "utf-8", "'c1' 'c2' one name, 'é': they are"),
    ],
)
@pytest.mark.parametrize("inside", ["", "train"])
def test_a_table_of_class_folders_may_be_written_in_many_ways(
    tmp_path, capsys, text, encoding, said, inside
):
    make(tmp_path / "x" / inside, {"c1": 2, "c2": 2})
    (tmp_path / "x" / "classes.csv").write_bytes(text.encode(encoding))
    second = "é" if "one name" in said else "c2" if "c2" in said else "z"
    names = gp.load(tmp_path / "x")[0].class_names
    assert sorted(names) == sorted({"é", second}) and names[0] == "é"
    heard = capsys.readouterr().err
    assert said in heard and "is not read" not in heard and bool(said) == bool(heard)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("c1,0\nc2,1,z\n", "row 1 has not as many values"),
        ("c1,0,a\nc2,1,\n", "row 2 lacks its class_name"),
        ("c1,0,a\nc2,1,z\nc1,2,b\n", "calls the folder c1 'a' and, in row 3, 'b'"),
    ],
)
def test_a_wrong_table_of_class_folders_is_refused(tmp_path, rows, sentence):
    make(tmp_path / "x", {"c1": 2, "c2": 2})
    (tmp_path / "x" / "classes.csv").write_text(f"folder,label,class_name\n{rows}")
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(tmp_path / "x")


@pytest.mark.parametrize("part", ["test", "val", "Train images"])
def test_a_part_beside_class_folders_is_no_class(tmp_path, part):
    make(tmp_path / "x", {"a": 2, "b": 2, part: 3})
    with pytest.raises(gp.UsageError, match=f"has {part}/ with pictures beside class folders"):
        gp.load(tmp_path / "x")
    assert part in gp.load(tmp_path / "x", labels="folders")[0].class_names
    shutil.move(tmp_path / "x" / part, tmp_path / "x" / "te")
    assert gp.load(tmp_path / "x")[0].class_names == ("a", "b", "te"), "a syllable of kana"


def test_a_table_of_the_test_part_beside_class_folders_to_train_on(tmp_path, capsys):
    make(tmp_path / "x" / "train", {"a": 2, "b": 3})
    make(tmp_path / "x", {"test": 2}, seed=1)
    (tmp_path / "x" / "test.csv").write_text("filename,label\n0.png,b\n1.png,a\n")
    train, test = gp.load(tmp_path / "x", allow_overlap=True)
    assert train.labels.tolist() == [0, 0, 1, 1, 1] and test.labels.tolist() == [1, 0]
    assert "5 pictures in class folders, such as train/a/0.png" in capsys.readouterr().err
    for k, file in enumerate(sorted((tmp_path / "x" / "train").rglob("*.png"))):
        shutil.move(file, tmp_path / "x" / "train" / f"{k + 5}.png")
    with pytest.raises(gp.UsageError, match=r"have no labels, such as train/5.png"):
        gp.load(tmp_path / "x")


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    make(tmp_path / "x", {"a": 1})
    path = tmp_path / "x" / "a" / "e\x1b[31m\nX.png"
    path.write_bytes(b"no picture")
    with pytest.raises(GanprofileError) as raised:
        gp.load(tmp_path / "x")
    assert "\x1b" not in str(raised.value) and "\n" not in str(raised.value)
    assert r"e\x1b[31m\nX.png" in str(raised.value)


@pytest.mark.parametrize("name", ["a/lost", "a/._1.png", "a/1.dat"])
def test_pictures_without_a_name_of_one_are_said(tmp_path, capsys, name):
    root = make(tmp_path / "x", {"a": 2, "b": 2})
    os.mkfifo(root / "a" / "pipe")
    shutil.copy(root / "b" / "0.png", root / name)
    assert len(gp.load(root)[0]) == 4
    said = f"1 file or folder with pictures is not read, such as {name}: put pictures"
    assert said in capsys.readouterr().err


def test_links_that_lead_nowhere_are_said(tmp_path, capsys, monkeypatch):
    root = make(tmp_path / "x", {"a": 2, "b": 2})
    for name in ("a/9.png", "c"):
        (root / name).symlink_to(tmp_path / "gone")
    assert len(gp.load(root)[0]) == 4
    said = capsys.readouterr().err
    assert "2 links to what is not there, such as c, a/9.png: put" in said
    assert "not read" not in said
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    assert gp.import_dataset(root, "x")["passed_over"] == ["c", "a/9.png"]


@pytest.mark.parametrize("format", ["imagefolder", "npz"])
@pytest.mark.parametrize("place", ["", "train/"])
def test_sets_that_ganprofile_wrote_among_classes_are_left_out_and_said(
    tmp_path, capsys, format, place
):
    """Such as what `augment` made of the folder, and wrote into it."""
    for number, name in enumerate("ab"):
        (tmp_path / place / name).mkdir(parents=True)
        pixels = np.zeros((28, 28), np.uint8)
        pixels[8:20, 8 + number] = 255
        Image.fromarray(pixels).save(tmp_path / place / name / "1.png")
    before, _ = gp.load(tmp_path)
    before.save(tmp_path / place / "augmented", format)
    before.save(tmp_path / "beside", format)
    found, _ = gp.load(tmp_path)
    assert found.fingerprint == before.fingerprint
    said = " ".join(capsys.readouterr().err.split())
    assert "augmented" in said and "that ganprofile wrote, and left out" in said
    assert len(gp.load(tmp_path, labels="none")[0]) == 2


def test_parts_that_lie_in_a_folder_called_alike_are_both_read(tmp_path):
    for k, part in enumerate(("train", "test")):
        make(tmp_path / "x" / part / part, {"a": 3 - k, "b": 2 - k}, seed=k)
    train, test = gp.load(tmp_path / "x")
    assert (train.class_counts().tolist(), test.class_counts().tolist()) == ([3, 2], [2, 1])
