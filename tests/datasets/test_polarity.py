"""Which end of the scale is ink, of arrays and of pictures, of one set and of two."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.edges import light_edges
from ganprofile.datasets.loaders.polarity import polarity_doubts
from ganprofile.images import has_light_edge, on_paper


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


@pytest.fixture
def few(digits):
    return digits[0].subset(5)


def as_npz(path, images, labels):
    np.savez(path / "x.npz", images=images, labels=labels)
    return path / "x.npz"


def as_npy(path, images, labels):
    np.save(path / "images.npy", images)
    np.save(path / "labels.npy", labels)
    return path


def as_mat(path, images, labels):
    import scipy.io

    scipy.io.savemat(path / "x.mat", {"images": images, "labels": labels})
    return path / "x.mat"


def as_hdf5(path, images, labels):
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(path / "x.h5", "w") as file:
        file["images"], file["labels"] = images, labels
    return path / "x.h5"


def as_csv(path, images, labels):
    rows = np.column_stack([labels, images.reshape(len(images), -1)])
    header = ",".join(["label", *(f"pixel{k}" for k in range(rows.shape[1] - 1))])
    np.savetxt(path / "x.csv", rows, "%d", ",", header=header, comments="")
    return path / "x.csv"


def as_idx(path, images, labels):
    for part in ("train", "t10k"):
        order = np.arange(len(images)) if part == "train" else np.arange(len(images))[::-1]
        pixels = np.roll(images[order], 3 * (part != "train"), axis=1)
        write_idx(path / f"{part}-images-idx3-ubyte", pixels[..., 0])
        write_idx(path / f"{part}-labels-idx1-ubyte", labels[order].astype(np.uint8))
    return path


def write_idx(path, array):
    sizes = np.array(array.shape, ">u4").tobytes()
    path.write_bytes(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


def as_parquet(path, images, labels):
    import pyarrow
    from pyarrow import parquet

    rows = {"image": images[..., 0].tolist(), "label": labels.tolist()}
    parquet.write_table(pyarrow.table(rows), path / "x.parquet")
    return path / "x.parquet"


ARRAYS = {
    function.__name__[3:]: function
    for function in (as_npz, as_npy, as_mat, as_hdf5, as_csv, as_idx, as_parquet)
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_of_dark_ink_are_inverted_as_pictures_are(kind, few, tmp_path, capsys):
    path = ARRAYS[kind](tmp_path, on_paper(few.images), few.labels)
    found = gp.load(path, allow_overlap=True)[0]
    np.testing.assert_array_equal(found.images, few.images)
    err = capsys.readouterr().err
    assert "ink is darker than paper in all" in err and '`invert="no"` leaves them' in err
    assert "look like dark ink" not in err
    kept = gp.load(path, invert="no", allow_overlap=True)[0]
    np.testing.assert_array_equal(kept.images, on_paper(few.images))
    assert "most images look like dark ink on light paper" in capsys.readouterr().err


def as_pictures(path, images, labels):
    for k, (label, image) in enumerate(zip(labels, images[..., 0], strict=True)):
        (path / str(label)).mkdir(exist_ok=True)
        Image.fromarray(image).save(path / str(label) / f"{k:03}.png")
    return path


@pytest.mark.parametrize("write", [as_pictures, as_npz])
@pytest.mark.parametrize(("paper", "ink"), [(110, 20), (250, 150), (60, 20), (140, 250), (30, 90)])
def test_paper_is_found_in_dim_and_in_glaring_light(write, few, tmp_path, paper, ink):
    """Paper is what lies along the edges, and whether it is light its ink says."""
    strength = few.images / 255.0
    levels = np.rint(paper + (ink - paper) * strength).astype(np.uint8)
    (tmp_path / "set").mkdir()
    found = gp.load(write(tmp_path / "set", levels, few.labels))[0]
    order = np.argsort(few.labels, kind="stable") if write is as_pictures else slice(None)
    expected = levels if ink > paper else 255 - levels
    np.testing.assert_array_equal(found.images, expected[order])


@pytest.mark.parametrize("noise", [4, 20, 60])
def test_blank_pictures_are_as_light_as_their_paper(noise):
    random = np.random.default_rng(noise)
    dark = random.integers(0, noise, (50, 28, 28, 1), np.uint8)
    assert not light_edges(dark).any() and light_edges(255 - dark).all()
    assert not any(map(has_light_edge, dark)) and all(map(has_light_edge, 255 - dark))


def test_paper_that_is_grey_or_yellow_is_said(few, tmp_path, capsys):
    """Where paper is not 0, deformations would fill up with another shade."""
    (tmp_path / "grey").mkdir()
    as_pictures(tmp_path / "grey", (110 - few.images * (90 / 255)).astype(np.uint8), few.labels)
    gp.load(tmp_path / "grey")
    said = capsys.readouterr().err
    assert "the level is 145 of 255" in said and 'photographs="scans"` brings it to 0' in said
    scans = gp.load(tmp_path / "grey", photographs="scans")[0]
    assert "paper is grey" not in capsys.readouterr().err and not scans.images[:, 0].any()
    yellow = np.array([250, 240, 120]) * (1 - few.images / 255.0)
    np.savez(tmp_path / "yellow.npz", images=yellow.astype(np.uint8), labels=few.labels)
    gp.load(tmp_path / "yellow.npz")
    assert "the level is 135 of 255" in capsys.readouterr().err
    gp.load(tmp_path / "yellow.npz", channels=1)
    assert "paper is grey" not in capsys.readouterr().err


@pytest.mark.parametrize("write", [as_pictures, as_npz])
@pytest.mark.parametrize(("ink", "is_said"), [(200, True), (120, False)])
def test_ink_that_hardly_stands_out_is_said(write, few, tmp_path, capsys, ink, is_said):
    (tmp_path / "set").mkdir()
    levels = np.rint(255 - few.images * ((255 - ink) / 255)).astype(np.uint8)
    path = write(tmp_path / "set", levels, few.labels)
    gp.load(path)
    assert (f"the highest level in most images is {255 - ink}" in capsys.readouterr().err) == (
        is_said
    )
    if write is as_pictures:
        assert gp.load(path, photographs="scans")[0].images.max() > 240
        assert "ink is faint" not in capsys.readouterr().err


def test_arrays_of_light_ink_stay_as_they_are(few, tmp_path, capsys):
    np.testing.assert_array_equal(
        gp.load(as_npz(tmp_path, few.images, few.labels))[0].images, few.images
    )
    assert "ink" not in capsys.readouterr().err


def test_an_import_stores_the_ink_as_the_lighter_and_says_so(few, tmp_path, in_process):
    path = as_npz(tmp_path, on_paper(few.images), few.labels)
    code, out, _ = in_process("datasets", "import", path, "--name", "mine")
    said = " ".join(out.replace("│", " ").split())
    assert code == 0 and "--invert no leaves them as they are" in said
    np.testing.assert_array_equal(gp.load("mine")[0].images, few.images)
    code, _, err = in_process("augment", "mine", "--dry-run")
    assert code == 0 and "dark ink" not in err


def test_of_pictures_the_usual_way_round_the_report_alone_tells(few, tmp_path, capsys):
    for number, (image, label) in enumerate(zip(few.images, few.labels, strict=True)):
        path = tmp_path / "pictures" / few.class_names[label] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(255 - image[..., 0]).save(path)
    gp.load(tmp_path / "pictures")
    assert capsys.readouterr().err == ""
    assert gp.import_dataset(tmp_path / "pictures", "mine")["inverted"] is True


def test_a_dry_run_is_not_silent_about_ink_that_is_the_darker(few, tmp_path, in_process):
    path = as_npz(tmp_path, on_paper(few.images), few.labels)
    gp.import_dataset(path, "mine", invert="no")
    for data in ("mine", path):
        code, _, err = in_process("augment", data, "--dry-run", "--invert", "no")
        assert code == 0 and "most images look like dark ink on light paper" in err
        assert "--invert yes" in err


def test_what_ganprofile_wrote_and_what_python_gives_stays_as_it_is(few, tmp_path, capsys):
    light = gp.Dataset(on_paper(few.images), few.labels, few.class_names)
    light.save(tmp_path / "set")
    (shard,) = (tmp_path / "set").glob("*.npz")
    for source in (tmp_path / "set", shard, (light.images, light.labels)):
        np.testing.assert_array_equal(gp.load(source)[0].images, light.images)
        assert "most images look like dark ink on light paper" in capsys.readouterr().err
    gp.import_dataset(tmp_path / "set", "mine")
    np.testing.assert_array_equal(gp.load("mine")[0].images, light.images)


@pytest.mark.parametrize(
    ("light", "inverted", "said"),
    [
        (100, True, None),
        (95, True, "5 of 100 images"),
        (60, False, "most images look"),
        (30, False, "30 of 100 images"),
        (5, False, "5 of 100 images"),
        (0, False, None),
    ],
)
def test_nine_of_ten_arrays_decide_and_the_others_are_named(
    digits, light, inverted, said, tmp_path, capsys
):
    hundred = digits[0].subset(10)
    images = hundred.images.copy()
    images[:light] = on_paper(images[:light])
    found, _ = gp.load(as_npz(tmp_path, images, hundred.labels))
    np.testing.assert_array_equal(found.images, on_paper(images) if inverted else images)
    err = capsys.readouterr().err
    assert (said in err) if said else ("other way round" not in err)


def test_ink_that_fills_an_image_to_its_edges_is_not_taken_for_paper(digits, tmp_path):
    hundred = digits[0].subset(10)
    images = hundred.images.copy()
    images[3, :2] = images[3, -2:] = images[3, :, :2] = images[3, :, -2:] = 255
    assert light_edges(images).sum() == 1
    path = as_npz(tmp_path, on_paper(images), hundred.labels)
    assert gp.import_dataset(path, "mine")["other_polarity"] == []


def test_parts_that_differ_are_refused_until_it_is_said(few, tmp_path, capsys):
    again = np.roll(few.images, 4, axis=1)
    parts = {"x_train": on_paper(few.images), "y_train": few.labels}
    np.savez(tmp_path / "x.npz", **parts, x_test=again[:5], y_test=few.labels[:5])
    said = "the training part have dark ink on light paper and those of the test part light ink"
    for use in (gp.load, lambda path: gp.import_dataset(path, "mine")):
        with pytest.raises(gp.UsageError, match=said):
            use(tmp_path / "x.npz")
    train, test = gp.load(tmp_path / "x.npz", allow_overlap=True, invert="no")
    np.testing.assert_array_equal(train.images, on_paper(few.images))
    np.testing.assert_array_equal(test.images, again[:5])
    assert "darker than paper in most images of one part" in capsys.readouterr().err


def test_few_test_pictures_of_the_other_polarity_are_refused(few, tmp_path):
    for row, (image, label) in enumerate(zip(few.images, few.labels, strict=True)):
        is_test = row % 25 == 0
        path = tmp_path / "d" / ("test" if is_test else "train") / str(label) / f"{row}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((image if is_test else on_paper(image))[..., 0]).save(path)
    with pytest.raises(gp.UsageError, match="those of the test part light ink on dark paper"):
        gp.load(tmp_path / "d")


def test_edges_of_many_are_those_of_each(some_images):
    images = some_images[0].repeat(3, axis=-1) // np.arange(1, 13)[:, None, None, None]
    images = images.astype(np.uint8)
    assert light_edges(images).tolist() == [has_light_edge(image) for image in images]


@pytest.fixture
def mixed(few, tmp_path):
    """38 pictures of dark ink and 12 of light ink, of which one is coloured."""
    for index, image in enumerate(few.images):
        folder = tmp_path / "mixed" / few.class_names[few.labels[index]]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = image if index % 4 == 0 and index < 48 else on_paper(image)
        pixels = pixels.repeat(3, axis=-1)
        if index == 1:
            pixels[12:16, 12:16] = 200, 20, 20
        Image.fromarray(pixels).save(folder / f"{index:02}.png")
    return tmp_path / "mixed"


def test_mixed_pictures_are_said_whatever_is_said_of_all(mixed, capsys):
    with pytest.raises(gp.UsageError, match='38 pictures.*12 dark.*: `photographs="scans"` finds'):
        gp.load(mixed, channels=1)
    report = gp.import_dataset(mixed, "mine", invert="yes", channels=1)
    (sentence,) = [line for line in report["warnings"] if "other way round" in line]
    assert sentence.startswith("12 of 50 images, such as 0/44.png, look the other way round")
    assert 'come out as dark ink on light paper: `photographs="scans"` finds it out' in sentence
    assert len(report["other_polarity"]) == 12
    capsys.readouterr()
    gp.load(mixed, invert="yes", channels=1)
    assert "12 of 50 images, such as 0/44.png" in capsys.readouterr().err
    report = gp.import_dataset(mixed, "other", invert="no", channels=1)
    assert "most images look like dark ink" in report["warnings"][0]


def test_scans_are_found_out_one_by_one_unless_all_are_said_to_be_one_way(mixed):
    report = gp.import_dataset(mixed, "mine", photographs="scans")
    assert not any("paper" in line for line in report["warnings"])
    report = gp.import_dataset(mixed, "other", photographs="scans", invert="yes")
    assert "12 of 50 images" in report["warnings"][0] and "`invert` out" in report["warnings"][0]


def test_a_coloured_picture_among_grey_ones_is_said(mixed, capsys):
    assert gp.load(mixed, invert="yes")[0].image_shape == (28, 28, 3)
    err = capsys.readouterr().err
    assert "1 of 50 pictures are coloured, such as 5/01.png, so that all images have 3" in err
    assert gp.load(mixed, invert="yes", channels=1)[0].image_shape == (28, 28, 1)
    assert "coloured" not in capsys.readouterr().err


def test_a_test_part_of_the_other_polarity_is_refused_or_said(few, digits, tmp_path, capsys):
    other = digits[1].subset(5)
    gp.import_dataset(as_npz(tmp_path, few.images, few.labels), "mine")
    np.savez(tmp_path / "test.npz", images=on_paper(other.images), labels=other.labels)
    gp.import_dataset(tmp_path / "test.npz", "held", invert="no")
    said = "The images of held have dark ink on light paper and those of mine light ink"
    plan = {"per_class": 2, "arms": ["none"], "dry_run": True}
    for use in (
        lambda: gp.benchmark("mine", test="held", **plan),
        lambda: gp.benchmark(gp.load("mine")[0], test="held", **plan),
        lambda: gp.train("mine", "cgan", test_set="held", dry_run=True),
        lambda: gp.label("held", by="mine", dry_run=True),
    ):
        with pytest.raises(gp.UsageError, match=said):
            use()
    capsys.readouterr()
    gp.benchmark(gp.load("mine")[0], test=gp.load("held")[0], **plan)
    assert said in capsys.readouterr().err
    (tmp_path / "again").mkdir()
    gp.benchmark("mine", test=tmp_path / "test.npz", **plan)
    assert "ink is darker than paper in all 50 images" in capsys.readouterr().err


def test_the_shape_of_a_test_part_that_was_changed_is_said(few, digits, tmp_path, capsys):
    other = digits[1].subset(5)
    larger = np.pad(other.images, ((0, 0), (2, 2), (2, 2), (0, 0))).repeat(3, axis=-1)
    gp.import_dataset(as_npz(tmp_path, few.images, few.labels), "mine")
    coloured = larger // np.array([1, 1, 2], np.uint8)  # arrays of grey would have one channel
    gp.import_dataset(as_npz(tmp_path, coloured, other.labels), "held")
    plan = {"per_class": 2, "arms": ["none"], "dry_run": True}
    said = "images of 32x32 with 3 channels were brought to 28x28 with 1 channel, as those of mine"
    for test in ("held", tmp_path / "x.npz", tmp_path / "pictures"):
        if test == tmp_path / "pictures":
            for label, image in zip(other.labels, larger, strict=True):
                folder = test / str(label)
                folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(image).save(folder / f"{len(list(folder.iterdir()))}.png")
            said = "images of 32x32 with 1 channel were brought to 28x28 with 1 channel"
        capsys.readouterr()
        gp.benchmark("mine", test=test, **plan)
        assert said in capsys.readouterr().err, test
    capsys.readouterr()
    gp.benchmark("mine", test="held", image_size=28, channels=1, **plan)
    assert "brought to" not in capsys.readouterr().err, "as it was asked"


def test_what_was_inverted_and_should_not_have_been_is_doubted(few, tmp_path):
    report = gp.import_dataset(as_npz(tmp_path, few.images, few.labels), "x", invert="yes")
    assert '`invert="no"`' in report["warnings"][0]
    assert not polarity_doubts(gp.datasets.loaders.LoadedData(few))


def test_arrays_of_both_polarities_are_said_of_a_dataset_made_in_python(few, capsys):
    images = few.images.copy()
    images[::2] = 255 - images[::2]
    gp.Dataset.from_arrays(images, few.labels, few.class_names)
    said = capsys.readouterr().err
    assert "of the images look like dark ink on light paper, the others do not" in said
