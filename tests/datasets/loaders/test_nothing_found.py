"""Paths that hold no dataset as they are: what was found, and what to give instead."""

import bz2
import json
import re
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp


@pytest.fixture
def alphabets(tmp_path):
    """Folders of folders of characters, as Omniglot has them."""
    root = tmp_path / "small"
    for alphabet in ("Greek", "Korean"):
        for character in ("character01", "character02"):
            folder = root / alphabet / character
            folder.mkdir(parents=True)
            for k in range(2):
                pixels = np.full((9, 9), 255, np.uint8)
                pixels[4, 2 : 5 + k] = ord(alphabet[0])
                Image.fromarray(pixels).save(folder / f"{k}.png")
    return root


def packed(folder):
    """A zip of a folder and, beside it, what macOS packs along."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            file.write(path, f"{folder.name}/{path.relative_to(folder)}")
            file.writestr(f"__MACOSX/{path.relative_to(folder)}", "x")
    return archive


def test_folders_of_sets_are_named(alphabets):
    archive = packed(alphabets)
    for given, first, around in (
        (alphabets, alphabets / "Greek", ""),
        (alphabets.parent, f"{alphabets}/Greek", "*/"),
        (archive, f"{archive}/small/Greek", "*/"),
        (f"{archive}/small", f"{archive}/small/Greek", ""),
    ):
        with pytest.raises(gp.UsageError) as caught:
            gp.load(given)
        assert "2 folders that can be read, each a set of its own: Greek, Korean" in str(
            caught.value
        )
        assert (
            f"such as {first}; or say `labels='{around}{{label}}/*/*'`, if they are the classes, "
            f"or `labels='{around}{{writer}}/{{label}}/*'`, if the folders in them are "
            "(character01, character02) and they are writers; parts of one set are called train "
            "and test."
        ) in str(caught.value)


def test_a_folder_in_an_archive_is_read_as_it_is_outside(alphabets, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    inside = f"{packed(alphabets)}/small/Korean"
    found, _ = gp.load(inside)
    assert found.name == "Korean" and found.class_names == ("character01", "character02")
    np.testing.assert_array_equal(found.images, gp.load(alphabets / "Korean")[0].images)
    assert gp.import_dataset(inside, "korean")["images"] == {"train": 4}
    again = gp.datasets.from_recipe(found.recipe)
    assert again.fingerprint == found.fingerprint
    with pytest.raises(gp.UsageError, match=r"small.zip has no Hebrew in it. It has: .*small\."):
        gp.load(f"{alphabets}.zip/Hebrew")
    with pytest.raises(gp.UsageError, match=r"has no \.\./"):
        gp.load(f"{alphabets}.zip/../../etc")


def test_pictures_in_parts_without_classes_are_none(alphabets):
    runs = alphabets.parent / "runs"
    for run in ("run01", "run02"):
        for part in ("training", "test"):
            (runs / run / part).mkdir(parents=True)
            Image.new("L", (9, 9)).save(runs / run / part / "item.png")
    for given in (runs, packed(runs), runs / "run01"):
        with pytest.raises(gp.UsageError, match=r"pictures, such as .*item.png, in .*test.*class"):
            gp.load(given)


def test_other_files_are_counted(tmp_path):
    (tmp_path / "strokes" / "a").mkdir(parents=True)
    for k in range(3):
        (tmp_path / "strokes" / "a" / f"{k}.txt").write_text("START\n")
    with pytest.raises(gp.UsageError, match=r"no pictures or arrays but 3 \.txt"):
        gp.load(packed(tmp_path / "strokes"))


def test_two_arrays_of_a_class_each_are_told_what_to_do(tmp_path):
    images = np.full((5, 28, 28), 200, np.uint8)
    np.savez(tmp_path / "both.npz", a=images, b=images)
    (tmp_path / "folder").mkdir()
    for name in "ab":
        np.save(tmp_path / "folder" / f"{name}.npy", images)
    with pytest.raises(gp.UsageError, match=r"none of them called images.*from 3 on.*labels\.npy"):
        gp.load(tmp_path / "folder")
    with pytest.raises(gp.UsageError, match=r"a \(5, 28, 28\), b \(5, 28, 28\).*from 3 on"):
        gp.import_dataset(tmp_path / "both.npz", "both")


@pytest.mark.parametrize("name", ["0.pgm", "0.heic", "set.zip", "set.tar.gz", "set.7z", "a.pdf"])
def test_what_to_do_with_other_files_is_said(tmp_path, name):
    (tmp_path / name).write_bytes(b"P2 1 1 255 0")
    with pytest.raises(gp.UsageError) as caught:
        gp.load(tmp_path)
    assert f"{name} is a" in str(caught.value)
    assert re.search(": (save it as PNG|unpack it)", str(caught.value))


def test_folders_of_one_name_are_told_apart_and_training_is_offered(alphabets):
    root = alphabets.parent / "parts"
    for part in ("train", "test"):
        shutil.copytree(alphabets, root / part)
    with pytest.raises(gp.UsageError) as caught:
        gp.load(root)
    assert "test/Greek, test/Korean, train/Greek, train/Korean." in str(caught.value)
    assert f"such as {root / 'train' / 'Greek'}; or say `labels='*/{{label}}/*/*'`" in str(
        caught.value
    )


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_sets_are_no_classes(tiny, tmp_path, format):
    some = tiny.select(np.arange(20))
    for name in ("train", "val"):
        some.save(tmp_path / "parts" / name, format)
    with pytest.raises(
        gp.UsageError, match=r"train, val\. Give .*/train; or call two of them train"
    ):
        gp.load(tmp_path / "parts")
    (tmp_path / "parts" / "val").rename(tmp_path / "parts" / "test")
    assert len(gp.load(tmp_path / "parts", allow_overlap=True)[1]) == 20
    for name in ("anna", "bo"):
        some.save(tmp_path / "sets" / name)
    with pytest.raises(gp.UsageError, match=r"Give one of them, such as [^ ]*/anna\."):
        gp.load(tmp_path / "sets")


def test_nothing_at_all_is_said(tmp_path):
    with pytest.raises(gp.UsageError, match=r"It is empty\. Give a folder with one of pictures"):
        gp.load(tmp_path)
    (tmp_path / "ক").mkdir()
    with pytest.raises(gp.UsageError, match=r"It holds 1 folders without any file\. Give"):
        gp.load(tmp_path)


def test_folders_of_writers_and_classes_are_told_what_to_do(alphabets):
    """Either may be the classes; a table says it."""
    with pytest.raises(gp.UsageError, match=r"if the folders in them are \(character01, .*writer"):
        gp.load(alphabets)
    files = sorted(alphabets.rglob("*.png"))
    told, _ = gp.load(alphabets, labels="{writer}/{label}/*")
    rows = [f"{file.relative_to(alphabets)},{file.parts[-2]},{file.parts[-3]}" for file in files]
    (alphabets / "labels.csv").write_text("\n".join(["image,label,writer", *rows]))
    train, _ = gp.load(alphabets)
    assert train.class_names == ("character01", "character02")
    assert train.writers.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert told.fingerprint == train.fingerprint


def write_boxes(root, kind):
    """Pages with boxes around their characters, as programs that mark them write them."""
    page = Image.fromarray(np.full((60, 80), 255, np.uint8))
    for part, name in (("train", "one"), ("train", "two"), ("valid", "three")):
        images = root / part / "images" if kind == "YOLO" else root / part
        images.mkdir(parents=True, exist_ok=True)
        page.save(images / f"{name}.jpg")
        if kind == "YOLO":
            (root / part / "labels").mkdir(exist_ok=True)
            lines = "0 0.5 0.5 0.25 0.3\n12 0.2 0.5 0.1 1.5e-1\n"
            (root / part / "labels" / f"{name}.txt").write_text(lines)
        elif kind == "Pascal VOC":
            box = "<annotation><object><name>a</name><bndbox><xmin>1</xmin></bndbox></object>"
            (images / f"{name}.xml").write_text(box)
        else:
            (images / "_annotations.coco.json").write_text('{"annotations": [{"bbox": [1, 2]}]}')


@pytest.mark.parametrize("kind", ["YOLO", "COCO", "Pascal VOC"])
def test_boxes_on_pages_are_to_be_cut_out(tmp_path, kind):
    write_boxes(tmp_path / "pages", kind)
    archive = packed(tmp_path / "pages")
    for given in (tmp_path / "pages", archive):
        with pytest.raises(gp.UsageError, match=rf"by boxes \({kind}\).*Cut out each box") as found:
            gp.load(given)
        assert str(given) in str(found.value)
    with pytest.raises(gp.UsageError, match=rf"by boxes \({kind}\)"):
        gp.load(tmp_path / "pages" / "train")


def test_boxes_where_labels_lie_beside_images_by_part(tmp_path):
    """`labels/train/one.txt` beside `images/train/one.jpg`, as Ultralytics prescribes."""
    write_boxes(tmp_path / "pages", "YOLO")
    for kind in ("images", "labels"):
        for part in ("train", "valid"):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / "pages" / part / kind).rename(tmp_path / kind / part)
    shutil.rmtree(tmp_path / "pages")
    assert re.search(r"labels/train/one.txt marks .* by boxes \(YOLO\)", refusal(tmp_path))


def test_outlines_of_labelme_are_to_be_cut_out(tmp_path):
    for name in ("one", "two"):
        Image.fromarray(np.full((60, 80), 255, np.uint8)).save(tmp_path / f"{name}.png")
        shape = {"label": "a", "points": [[1, 2], [5, 9]], "shape_type": "rectangle"}
        text = json.dumps({"flags": {}, "shapes": [shape], "imagePath": f"{name}.png"}, indent=1)
        (tmp_path / f"{name}.json").write_text(text)
    assert "one.json marks what pictures show by boxes (LabelMe)" in refusal(tmp_path)


def test_other_texts_are_no_boxes(alphabets):
    (alphabets / "readme.txt").write_text("0 0.5 0.5 0.25 0.3\n")  # beside no picture
    (alphabets / "Greek" / "character01" / "0.txt").write_text("drawn in 2012\n")
    (alphabets / "settings.xml").write_text("<settings/>")
    with pytest.raises(gp.UsageError, match="2 folders that can be read"):
        gp.load(alphabets)


def refusal(path):
    with pytest.raises(gp.UsageError) as caught:
        gp.load(path)
    return str(caught.value)


def test_what_is_compressed_is_said_to_be(tmp_path):
    for name in ("train.csv.xz", "images.npy.gz"):
        (tmp_path / name).write_bytes(b"x")
        assert f"{name} is compressed, which is not undone here" in refusal(tmp_path / name)


def test_a_folder_of_files_that_can_be_read_alone_says_so(tmp_path):
    for name in ("usps.bz2", "usps.t.bz2"):
        rows = "".join(f"{k % 3} 1:0.5 {k + 2}:1 36:0.{k}\n" for k in range(9))
        (tmp_path / name).write_bytes(bz2.compress(rows.encode()))
    assert f"Give a file by itself: {tmp_path / 'usps.bz2'}" in refusal(tmp_path)


@pytest.mark.parametrize("place", ["mnist/3.0.1", "emnist/letters/3.1.0"])
def test_what_tensorflow_datasets_prepared_is_given_by_its_name(tmp_path, place):
    name, *config, _ = place.split("/")
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (folder / "features.json").write_text("{}")
    (folder / "dataset_info.json").write_text(json.dumps({"name": name}))
    (folder / "x-train.tfrecord-00000-of-00001").write_bytes(b"x")
    called = "/".join([name, *config])
    assert f"TFDS_DATA_DIR={tmp_path} in the environment, and give tfds:{called}." in refusal(
        folder
    )
    (folder / "features.json").unlink()
    assert "holds records of TensorFlow" in refusal(folder)


def test_sets_that_ganprofile_wrote_are_given_one_by_one(alphabets, tmp_path):
    (both := tmp_path / "both").mkdir()
    few = gp.load(alphabets / "Greek")[0]
    few.save(both / "a", "imagefolder")
    few.save(both / "b", "imagefolder")
    with pytest.raises(gp.UsageError) as caught:
        gp.load(both)
    assert str(caught.value).endswith(f"Give one of them, such as {both / 'a'}.")


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_a_written_set_beside_class_folders_as_train_and_test(alphabets, tmp_path, format):
    mine = tmp_path / "my own"
    shutil.copytree(alphabets / "Greek", mine / "test")
    gp.load(alphabets / "Greek")[0].save(mine / "train", format)
    with pytest.raises(gp.UsageError) as caught:
        gp.load(mine)
    command = f"ganprofile benchmark '{mine / 'train'}' --test '{mine / 'test'}'"
    assert str(caught.value).endswith(f"given one by one, as in {command}.")
