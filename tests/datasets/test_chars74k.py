import dataclasses
import gzip
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import ganprofile as gp
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.formats.idx import read_idx
from ganprofile.datasets.loaders import LoadOptions, chars74k_files, read_path
from ganprofile.datasets.loaders.ink import as_character, is_dark_on_light
from ganprofile.errors import GanprofileError
from tests.datasets.test_tfds_builders import assert_same, columns_of

TOLERANT = LoadOptions(tolerant=True)
FEW_CLASSES = (1, 37, 45)  # 0, a, i
FEW_WRITERS = (1, 2, 3, 8)  # 1 is a test writer, 8 writes small


def picture(folder, number, writer):
    """Where the archive has the picture of a class, counted from 1, by a writer."""
    name = f"Sample{number:03d}/img{number:03d}-{writer:03d}.png"
    return folder / "English" / "Hnd" / "Img" / name


@pytest.fixture
def few(chars74k_folder, tmp_path):
    """A few classes and writers of it, laid out as in the archive."""
    for number in FEW_CLASSES:
        for writer in FEW_WRITERS:
            path = picture(tmp_path / "few", number, writer)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture(chars74k_folder, number, writer), path)
    return tmp_path / "few"


@pytest.fixture(scope="session")
def all_of_it(chars74k_archive):
    """The whole set as it is read by default."""
    return chars74k_files.read(chars74k_archive, LoadOptions())


def test_classes_writers_and_parts_come_from_the_names(few):
    reading = chars74k_files.read(few, TOLERANT)
    train, test = reading.train, reading.test
    assert train.class_names == chars74k_files.CLASSES == tuple(read_card("chars74k")["classes"])
    assert train.writers.tolist() == [2, 3, 8] * 3 and test.writers.tolist() == [1] * 3
    assert "".join(train.class_names[label] for label in train.labels) == "000aaaiii"
    assert train.image_shape == (28, 28, 1) and train.images.max() == 255
    assert reading.findings["pictures"] == 12 and reading.findings["missing_count"] == 3410 - 12


@pytest.mark.parametrize("size", [28, 32, 64])
def test_sizes_and_channels_are_as_asked(few, size):
    options = dataclasses.replace(TOLERANT, image_size=size, channels=3)
    train = chars74k_files.read(few, options).train
    assert train.image_shape == (size, size, 3)
    assert (train.images[..., 0] == train.images[..., 2]).all()


def test_an_image_is_what_the_preprocessing_makes_of_its_file(few):
    train = chars74k_files.read(few, TOLERANT).train
    index = np.flatnonzero((train.labels == 36) & (train.writers == 8))
    grey = np.asarray(Image.open(picture(few, 37, 8)).convert("L"))
    assert np.array_equal(train.images[index][0, ..., 0], as_character(grey, 28))


def test_sizes_may_be_kept_and_go_by_the_writer(few):
    """The `0`, `a` and `i` of each writer; 8 writes small."""
    train = chars74k_files.read(few, dataclasses.replace(TOLERANT, keep_size="auto")).train
    ink = (train.images[..., 0] > 100).any(axis=2).sum(axis=1)
    for writer in (2, 3, 8):
        theirs = ink[train.writers == writer]
        assert max(theirs) - min(theirs) > 3  # of alike sizes without
        assert 12 <= np.median(theirs) <= 18
    one = chars74k_files.read(few, dataclasses.replace(TOLERANT, keep_size=450)).train
    small = (one.images[one.writers == 8, ..., 0] > 100).any(axis=2).sum(axis=1)
    assert small.max() < ink[train.writers == 8].max()


def test_scans_beside_those_whose_sizes_are_kept_keep_theirs(few, tmp_path, monkeypatch):
    """Nobody has to say of Chars74K's files that they are scans; then not of others either."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(few, "mine", keep_size="auto")
    assert report["keep_size"] == "auto"
    for number in FEW_CLASSES:
        name = chars74k_files.CLASSES[number - 1]
        (tmp_path / "held-out" / name).mkdir(parents=True)
        shutil.copy(picture(few, number, 8), tmp_path / "held-out" / name / "8.png")
    train, test = gp.load_for_training("mine", test=tmp_path / "held-out")
    theirs = train.select(train.writers == 8)
    order = [theirs.class_names.index(test.class_names[label]) for label in test.labels]
    assert np.array_equal(test.images, theirs.images[[list(theirs.labels).index(k) for k in order]])
    said = dataclasses.replace(TOLERANT, photographs="scans", keep_size="auto")
    again = read_path(few, said)
    assert again.findings["photographs"]["kind"] == "scans"
    assert (
        again.train.fingerprint
        == read_path(few, dataclasses.replace(said, photographs=None)).train.fingerprint
    )


def test_an_archive_gives_what_its_folder_gives(few, tmp_path):
    with tarfile.open(tmp_path / "EnglishHnd.tgz", "w:gz") as tar:
        tar.add(few / "English", "English")
    assert chars74k_files.recognises(tmp_path / "EnglishHnd.tgz")
    packed = read_path(tmp_path / "EnglishHnd.tgz", TOLERANT)
    assert packed.findings["kind"] == "chars74k"
    assert packed.train.fingerprint == chars74k_files.read(few, TOLERANT).train.fingerprint


@pytest.mark.parametrize("depth", ["", "English", "English/Hnd", "English/Hnd/Img"])
def test_it_is_recognised_at_the_usual_depths(few, depth):
    assert chars74k_files.recognises(few / depth)
    assert len(chars74k_files.read(few / depth, TOLERANT).train) == 9


def test_the_official_archive_is_recognised_without_unpacking_it(chars74k_archive, monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryDirectory", None)
    monkeypatch.setattr(chars74k_files, "unpacked", None)
    assert chars74k_files.recognises(chars74k_archive)


@pytest.mark.parametrize("place", ["", "Img"])
def test_classes_of_others_called_as_its_own_are_left_alone(few, tmp_path, place):
    for number in (1, 2, 3):
        path = tmp_path / "mine" / place / f"Sample{number:03d}" / f"img{number:03d}-001.png"
        path.parent.mkdir(parents=True)
        Image.fromarray(np.uint8(np.eye(28) * 50 * number)).save(path)
    found = read_path(tmp_path / "mine" / place, LoadOptions())
    assert found.findings["kind"] == "folder"
    assert found.train.class_names == ("Sample001", "Sample002", "Sample003")
    folders = LoadOptions(labels="folders", image_size=28)
    found = read_path(few / "English" / "Hnd" / "Img", folders)
    assert found.train.class_names == tuple(f"Sample{number:03d}" for number in FEW_CLASSES)


def test_other_things_are_not_recognised(few, tmp_path):
    place = few / "English" / "Hnd" / "Img"
    (place / "Sample063").mkdir()  # the Kannada part of Chars74K has more classes
    assert not chars74k_files.recognises(few)
    fonts = tmp_path / "English" / "Fnt" / "Sample001"
    fonts.mkdir(parents=True)
    (fonts / "img001-00001.png").touch()
    assert not chars74k_files.recognises(tmp_path / "English")
    assert not chars74k_files.recognises(tmp_path / "English" / "Fnt")
    (tmp_path / "broken.tgz").write_bytes(gzip.compress(b"no tar"))
    assert not chars74k_files.recognises(tmp_path / "broken.tgz")
    assert not chars74k_files.recognises(tmp_path / "nothing")


def test_an_incomplete_copy_is_refused_and_says_what_lacks(few):
    with pytest.raises(GanprofileError, match="3,410 pictures.*Missing: 3,398, such as Sample001/"):
        chars74k_files.read(few, LoadOptions())
    assert chars74k_files.read(few, TOLERANT).findings["missing"][0] == "Sample001/img001-004.png"


def test_pictures_that_do_not_belong_are_named(chars74k_folder, tmp_path):
    shutil.copytree(chars74k_folder, tmp_path / "more")
    extra = tmp_path / "more" / "English" / "Hnd" / "Img" / "Sample001" / "img001-056.png"
    shutil.copy(extra.with_name("img001-001.png"), extra)
    (extra.with_name("Thumbs.db")).touch()
    (extra.with_name("._img001-001.png")).touch()
    with pytest.raises(GanprofileError, match=r"Unexpected: 1, such as Sample001/img001-056\.png"):
        chars74k_files.find_scans(tmp_path / "more")
    scans, findings = chars74k_files.find_scans(tmp_path / "more", tolerant=True)
    assert len(scans) == 3410 and findings["unexpected"] == ["Sample001/img001-056.png"]


def cut(path):
    path.write_bytes(path.read_bytes()[:300])


def blank(path):
    Image.new("RGB", (1200, 900), "white").save(path)


@pytest.mark.parametrize(
    ("damage", "words"), [(cut, "is not a readable PNG"), (blank, "shows no ink")]
)
def test_damaged_and_blank_pictures_are_named_by_where_they_came_from(
    few, tmp_path, damage, words, monkeypatch
):
    damage(picture(few, 37, 3))
    reading = chars74k_files.read(few, TOLERANT)
    ((name, sentence),) = reading.findings["unreadable"].items()
    assert name.endswith("Sample037/img037-003.png") and words in sentence
    assert len(reading.train) == 8 and not (reading.train.images.max(axis=(1, 2, 3)) == 0).any()
    with tarfile.open(tmp_path / "mine.tgz", "w:gz") as tar:
        tar.add(few / "English", "English")
    monkeypatch.setattr(chars74k_files, "CLASSES", chars74k_files.CLASSES[36:37])
    monkeypatch.setattr(chars74k_files, "find_scans", lambda folder, _: (scans_of(folder), {}))
    with pytest.raises(GanprofileError, match=words) as refusal:
        chars74k_files.read(tmp_path / "mine.tgz", LoadOptions())
    assert f"{tmp_path}/mine.tgz/English/Hnd/Img/Sample037" in str(refusal.value)
    assert "ganprofile-" not in str(refusal.value)


def scans_of(folder):
    files = sorted(folder.rglob("Sample037/*.png"))
    return [chars74k_files.Scan(file, 0, int(file.stem[-3:])) for file in files]


def test_small_letters_are_the_26_of_the_study(few):
    train = chars74k_files.read(few, TOLERANT).train.of_classes(chars74k_files.LOWERCASE)
    assert train.num_classes == 26 and len(train) == 6
    assert train.class_names == tuple(read_card("chars74k/lowercase")["classes"])


def test_the_test_writers_are_the_drawn_ones():
    drawn = np.random.default_rng(74).permutation(55)[:15] + 1
    assert sorted(drawn) == list(chars74k_files.TEST_WRITERS)
    stated = ", ".join(map(str, chars74k_files.TEST_WRITERS[:-1]))
    assert stated in read_card("chars74k")["split"]


@pytest.mark.slow
def test_the_whole_set_has_every_class_of_every_writer(all_of_it):
    train, test = all_of_it.parts
    assert set(train.class_counts()) == {40} and set(test.class_counts()) == {15}
    assert len(set(train.writers)) == 40 and not set(train.writers) & set(test.writers)
    for config, names in (("chars74k", train.class_names), ("chars74k/lowercase", "abcdefghijk")):
        card = read_card(config)
        counts = {part.split: len(part.of_classes(card["classes"])) for part in all_of_it.parts}
        assert card["images"] == counts and set(names) <= set(card["classes"])
    assert all_of_it.findings["unexpected_count"] == 0 and not all_of_it.findings["unreadable"]


FRESH = """
import hashlib, sys
import tensorflow_datasets as tfds
builder = tfds.builder_from_directory(sys.argv[1])
for split in ("train", "test"):
    columns = tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))
    print(hashlib.sha256(b"".join(columns[n].tobytes() for n in sorted(columns))).hexdigest())
assert "ganprofile" not in sys.modules
"""


@pytest.mark.slow
def test_the_whole_archive_is_prepared_once_and_read_without_our_code(
    tfds, chars74k_archive, all_of_it, tmp_path, monkeypatch
):
    """As a user does it: `tfds.load` by name; afterwards a process that knows nothing of us.

    The pictures, which take a minute to decode, have been read.
    """
    read = []
    monkeypatch.setattr(chars74k_files, "read", lambda *given: read.append(given) or all_of_it)
    config = tfds.download.DownloadConfig(manual_dir=chars74k_archive.parent)
    _, info = tfds.load(
        "chars74k_hnd",
        data_dir=tmp_path,
        with_info=True,
        download_and_prepare_kwargs={"download_config": config},
    )
    assert {name: split.num_examples for name, split in info.splits.items()} == read_card(
        "chars74k"
    )["images"]
    ((path, options),) = read
    assert chars74k_files.recognises(path) and options == LoadOptions(image_size=28)
    expected = []
    for part in all_of_it.parts:
        columns = columns_of(tfds, tfds.builder("chars74k_hnd", data_dir=tmp_path), part.split)
        assert_same(columns, part)
        content = b"".join(columns[name].tobytes() for name in sorted(columns))
        expected.append(hashlib.sha256(content).hexdigest())
    fresh = subprocess.run(
        [sys.executable, "-c", FRESH, info.data_dir],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert fresh.stdout.split() == expected


@pytest.mark.slow
def test_ink_and_strokes_are_about_those_of_mnist(all_of_it, test_data):
    mnist = read_idx(test_data / "mnist" / "t10k-images-idx3-ubyte.gz")[:500]
    ours = all_of_it.train.images[::5, ..., 0]
    assert extent(ours).max() == extent(mnist).max() == 20
    widths = [np.median([stroke_width(image) for image in set_]) for set_ in (ours, mnist)]
    print("stroke width", widths, "mean ink", ours.mean() / 255, mnist.mean() / 255)
    assert 1.0 < widths[0] / widths[1] < 1.35
    assert 1.0 < ours.mean() / mnist.mean() < 1.5


def extent(images):
    """The longer side of the ink."""
    sides = [[np.ptp(np.flatnonzero(i.any(axis=axis))) + 1 for axis in (0, 1)] for i in images]
    return np.max(sides, axis=1)


def stroke_width(image):
    """Four times the mean distance of ink to paper: the width, for a long even stroke."""
    ink = ndimage.zoom(image.astype(float), 4, order=1) > 127
    return ndimage.distance_transform_edt(ink)[ink].mean()


def page(*boxes, paper=255, ink=0, shape=(900, 1200)):
    """A page with inked boxes `(top, bottom, left, right)`."""
    scan = np.full(shape, paper, np.uint8)
    for top, bottom, left, right in boxes:
        scan[top:bottom, left:right] = ink
    return scan


BAR = (100, 700, 1000, 1070)  # thin as an l, at the edge of the page


@pytest.mark.parametrize(("size", "side"), [(28, 20), (32, 23), (64, 46)])
def test_the_longer_side_fills_20_of_28_and_the_shape_stays(size, side):
    image = as_character(page(BAR), size)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert len(rows) == side and len(columns) == max(1, round(70 * side / 600))
    assert image.shape == (size, size) and image.dtype == np.uint8
    assert image.max() == 255 and image[0, 0] == 0


@pytest.mark.parametrize("size", [28, 32, 64])
def test_the_centre_of_mass_is_in_the_middle_pixel_as_in_mnist(size):
    image = as_character(page((100, 500, 100, 180), (420, 500, 100, 400)), size)
    for axis in (0, 1):
        centre = np.average(np.arange(size), weights=image.sum(axis=1 - axis))
        assert size // 2 - 0.51 <= centre <= size // 2 + 0.51


def test_no_ink_is_pushed_over_the_edge():
    """Nearly all the ink is at one end of a long stroke, as in a written comma."""
    image = as_character(page((0, 900, 600, 610), (700, 900, 560, 650)), 28)
    assert len(np.flatnonzero(image.any(axis=1))) == 20
    assert image[:20].any() and image.sum() > 255 * 10


def test_light_ink_on_dark_paper_comes_out_the_same():
    scan = page(BAR, (600, 700, 700, 1070))
    assert is_dark_on_light(scan) and not is_dark_on_light(255 - scan)
    assert np.array_equal(as_character(scan, 28), as_character(255 - scan, 28))
    assert np.array_equal(as_character(scan, 28, "yes"), as_character(255 - scan, 28, "no"))
    assert not np.array_equal(as_character(scan, 28, "yes"), as_character(scan, 28, "no"))


def test_grey_paper_noise_and_specks_hardly_show():
    clean = page((200, 700, 300, 380), (620, 700, 300, 700))
    dirty = page((200, 700, 300, 380), (620, 700, 300, 700), paper=190, ink=70)
    dirty[50:54, 50:54] = 70
    noise = np.random.default_rng(0).normal(0, 6, dirty.shape)
    dirty = np.clip(dirty + noise, 0, 255).astype(np.uint8)
    difference = as_character(clean, 28).astype(int) - as_character(dirty, 28)
    assert np.abs(difference).max() < 40 and np.abs(difference).mean() < 2
    assert as_character(dirty, 28)[0].max() == 0


def test_the_dot_of_an_i_is_no_speck():
    image = as_character(page((300, 700, 600, 640), (200, 240, 600, 640)), 28)
    assert ndimage.label(image > 127)[1] == 2


def test_small_images_are_enlarged():
    mnist_like = np.zeros((28, 28), np.uint8)
    mnist_like[4:24, 12:15] = 255
    image = as_character(mnist_like, 64)
    assert extent(image[None])[0] == 46 and 6 <= image.any(axis=0).sum() <= 8


@pytest.mark.parametrize(
    "scan",
    [page(), page(paper=0), page(paper=200), page(BAR, paper=250, ink=235)],
    ids=["white", "black", "grey", "faint"],
)
@pytest.mark.parametrize("invert", ["auto", "yes", "no"])
def test_a_page_without_ink_is_refused(scan, invert):
    with pytest.raises(gp.UsageError, match="no ink"):
        as_character(scan, 28, invert)


@pytest.mark.parametrize("wrong", [np.zeros((9, 9)), np.zeros((9, 9, 1), np.uint8), page()[:0]])
def test_what_is_no_grey_image_is_refused(wrong):
    with pytest.raises(gp.UsageError, match=r"uint8 \(height, width\)"):
        as_character(wrong, 28)
