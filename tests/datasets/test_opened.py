"""Sets in the frameworks of others: `open_set`, `to_torch`, `to_hf`, `to_tf`, `to_numpy`."""

import os
import pickle
import re
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets import unpacked
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.checksums import write_checksums
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.unpacked import unpacked_images
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import read_json, write_json

NAMES = ("b", "a", "🙂", "test")
COUNT = 40


@pytest.fixture(params=[(14, 12, 1), (10, 16, 3)], ids=["grey", "colour"])
def drawn(request):
    random = np.random.default_rng(3)
    images = random.integers(0, 256, (COUNT, *request.param), np.uint8)
    labels = random.permutation(np.arange(COUNT) % len(NAMES))
    soft = random.dirichlet(np.ones(len(NAMES)), COUNT).astype(np.float32)
    writers = random.integers(-1, 3, COUNT)
    return gp.Dataset(images, labels, NAMES, writers, name="drawn", soft_labels=soft)


def write(dataset, folder, format="npz", soft=True):
    """A set of 10 real and then 30 synthetic images."""
    folder.mkdir()
    with SetWriter(folder, format, NAMES, dataset.image_shape, soft) as writer:
        for first, last, source in ((0, 10, "real"), (10, COUNT, "synthetic")):
            some = dataset[first:last]
            writer.add(some.images, some.labels, some.writers, some.soft_labels, source=source)
        writer.finish("drawn", real=10, synthetic=COUNT - 10)
    return folder


def expected(dataset, index):
    return dataset.images[index].transpose(2, 0, 1).astype(np.float32) / 255


@pytest.mark.parametrize("format", FORMATS)
def test_a_set_of_any_format_says_what_it_is(tmp_path, drawn, format):
    opened = gp.open_set(write(drawn, tmp_path / "set", format))
    assert len(opened) == COUNT and opened.class_names == NAMES
    assert opened.image_shape == drawn.image_shape
    assert opened.labels.dtype == np.int32 and np.array_equal(opened.labels, drawn.labels)
    assert np.array_equal(opened.writers, drawn.writers)
    assert opened.is_synthetic.tolist() == [False] * 10 + [True] * 30
    assert np.array_equal(opened.soft_labels, drawn.soft_labels)
    images, soft = opened.to_numpy(soft=True)
    assert np.array_equal(images, drawn.images) and np.array_equal(soft, drawn.soft_labels)
    images, labels = opened.to_numpy()
    assert np.array_equal(labels, drawn.labels)


@pytest.mark.parametrize("format", FORMATS)
def test_pytorch_gets_every_image_and_target(tmp_path, drawn, format):
    torch = pytest.importorskip("torch")
    opened = gp.open_set(write(drawn, tmp_path / "set", format))
    for dataset in (opened.to_torch(), drawn.to_torch()):
        assert len(dataset) == COUNT and dataset.classes == list(NAMES)
        assert dataset.class_to_idx["a"] == 1 and dataset.targets.tolist() == drawn.labels.tolist()
        for index, (image, target) in enumerate(dataset):  # which ends
            assert image.dtype == torch.float32 and image.is_contiguous()
            assert np.array_equal(image, expected(drawn, index)) and target == drawn.labels[index]
        assert type(target) is int and index == COUNT - 1
        assert np.array_equal(dataset[-2][0], expected(drawn, COUNT - 2))
        with pytest.raises(IndexError):
            dataset[COUNT]
    for dataset in (opened.to_torch(soft=True), drawn.to_torch(soft=True)):
        targets = torch.stack([target for _, target in dataset])
        assert targets.dtype == torch.float32 and np.array_equal(targets, drawn.soft_labels)
        loss = torch.nn.functional.cross_entropy(torch.zeros(COUNT, 4), targets)
        assert float(loss) == pytest.approx(np.log(4), abs=1e-4)


def test_a_transform_gets_a_picture(tmp_path, drawn):
    pytest.importorskip("torch")
    opened = gp.open_set(write(drawn, tmp_path / "set", "imagefolder"))

    def transform(picture):
        assert picture.mode == ("L" if drawn.image_shape[2] == 1 else "RGB")
        return np.asarray(picture).reshape(drawn.image_shape)

    for dataset in (opened, drawn):
        some = dataset.to_torch(transform=transform)
        assert all(np.array_equal(some[k][0], drawn.images[k]) for k in range(COUNT))


def test_an_image_folder_is_read_file_by_file(tmp_path, drawn):
    pytest.importorskip("torch")
    path = write(drawn, tmp_path / "set", "imagefolder")
    dataset = gp.open_set(path).to_torch()
    first, second, *_ = sorted(path.glob("*/*.png"), key=lambda file: file.name)
    first.unlink()
    second.write_bytes(b"no picture")
    with pytest.raises(GanprofileError, match=r"0000000.png is not a readable PNG"):
        dataset[0]
    with pytest.raises(GanprofileError, match=r"0000001.png is not a readable PNG"):
        dataset[1]
    assert np.array_equal(dataset[2][0], expected(drawn, 2))


def saved_as(picture, mode):
    """The same levels as other programs may write them."""
    if mode != "P":
        return picture.convert(mode)
    levels = np.asarray(picture)
    found = np.unique(levels)
    palette = Image.fromarray(np.searchsorted(found, levels).astype(np.uint8), "P")
    palette.putpalette(np.repeat(found, 3).tolist())
    return palette


@pytest.mark.parametrize("mode", ["P", "LA", "RGB", "RGBA", "1"])
def test_pictures_that_another_program_saved_are_read_as_they_look(tmp_path, digits, mode):
    few = digits[1][:20]
    path = few.save(tmp_path / "set", "imagefolder")
    for file in path.glob("*/*.png"):
        with Image.open(file) as picture:
            saved_as(picture, mode).save(file)
    images = gp.load(path)[0].images
    if mode == "1":
        assert set(np.unique(images)) == {0, 255}
    else:
        assert np.array_equal(images, few.images)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_somebody_erased_from_a_picture_is_paper(tmp_path, digits, mode):
    path = digits[1][:3].save(tmp_path / "set", "imagefolder")
    (file,) = path.glob("*/0000001.png")
    with Image.open(file) as picture:
        erased = np.array(picture.convert(mode))
    erased[:, :14, -1] = 0
    Image.fromarray(erased, mode).save(file)
    images = gp.load(path)[0].images[1]
    assert not images[:, :14].any() and images[:, 14:].any()
    assert np.array_equal(images[:, 14:], digits[1].images[1, :, 14:])


def test_pictures_that_were_added_are_said_and_not_read(tmp_path, digits, capsys):
    few = digits[1][:20]
    path = few.save(tmp_path / "set", "imagefolder")
    picture = next(path.glob("*/*.png"))
    gp.load(path)
    assert "not part of" not in capsys.readouterr().err
    for name in ("3/my own.png", "11/0000001.png", "11/deep/x.jpg", "11/notes.txt", ".git/a.png"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, path / name)
    for read in (lambda: gp.load(path)[0].labels, lambda: gp.open_set(path).labels):
        assert np.array_equal(read(), few.labels)
        said = capsys.readouterr().err
        assert "3 pictures in it are not part of the set, such as 11/0000001.png" in said


def test_nearly_grey_colours_stay_what_they_are(tmp_path):
    levels = np.random.default_rng(0).integers(100, 103, (12, 9, 9, 3), np.uint8)
    path = gp.Dataset(levels, np.arange(12) % 2).save(tmp_path / "set", "imagefolder")
    assert np.array_equal(gp.load(path)[0].images, levels)
    (file,) = path.glob("*/0000003.png")
    Image.fromarray(levels[3, ..., 0]).save(file)
    assert np.array_equal(gp.load(path)[0].images[3], np.repeat(levels[3, ..., :1], 3, -1))
    Image.fromarray(levels[3, :5]).save(file)
    with pytest.raises(GanprofileError, match=r"should be \(9, 9, 3\). Received: \(5, 9, 3\). Bri"):
        gp.load(path)


def test_compressed_images_are_unpacked_once_and_mapped(tmp_path, drawn, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    path, calls = write(drawn, tmp_path / "set"), []
    read = unpacked.stored_blocks
    monkeypatch.setattr(unpacked, "stored_blocks", lambda *a: calls.append(a) or read(*a))
    for _ in range(2):
        dataset = gp.open_set(path).to_torch(soft=True)
        image, _ = dataset[3]
        assert np.array_equal(image, expected(drawn, 3))
    assert len(calls) == 1
    (file,) = (tmp_path / "home" / "unpacked").iterdir()
    with open("/proc/self/maps") as maps:
        assert str(file) in maps.read()
    file.unlink()  # as somebody may who needs the room; another process makes it again
    again = pickle.loads(pickle.dumps(dataset))
    assert np.array_equal(again[3][0], expected(drawn, 3)) and len(calls) == 2
    (path / "manifest.csv").touch()
    os.utime(path / "shard-00000.npz", (1, 1))
    gp.open_set(path).to_torch()
    assert len(calls) == 3, "the set's files were changed"
    (path / "network.pt").write_bytes(b"as of an epoch")
    gp.open_set(path).to_torch()
    assert len(calls) == 3, "what lies beside them is none of the set's"


def test_a_set_whose_description_has_no_fingerprint_goes_into_pytorch(tmp_path, drawn, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    path = write(drawn, tmp_path / "set")
    info = read_json(path / "dataset.json")
    del info["fingerprint"]
    write_json(path / "dataset.json", info)
    assert np.array_equal(gp.open_set(path).to_torch()[3][0], expected(drawn, 3))


def test_a_home_that_cannot_be_made_is_named(tmp_path, drawn, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(GanprofileError, match="GANPROFILE_HOME, .*home, cannot be written"):
        unpacked_images(write(drawn, tmp_path / "set"))


def test_opened_sets_can_be_keys(tmp_path, drawn):
    path = write(drawn, tmp_path / "set")
    assert {gp.open_set(path): 1}[gp.open_set(path)] == 1


def test_images_of_a_set_that_was_replaced_are_not_given_the_labels_of_the_older_one(
    tmp_path, drawn, monkeypatch
):
    pytest.importorskip("torch")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    path = write(drawn, tmp_path / "set")
    before = gp.open_set(path).to_torch()
    drawn.select(np.arange(len(drawn))[::-1]).save(path, force=True)
    with pytest.raises(GanprofileError, match="holds another set than it did.*Open it again"):
        before[3]
    assert np.array_equal(gp.open_set(path).to_torch()[0][0], expected(drawn, len(drawn) - 1))


def test_what_was_not_read_for_long_is_removed(tmp_path, drawn, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    old = unpacked_images(write(drawn, tmp_path / "set"))
    kept = unpacked_images(write(drawn, tmp_path / "kept", "idx"))
    month = time.time() - unpacked.STALE_SECONDS
    os.utime(old, (month - 60, month - 60))
    os.utime(kept, (month + 60, month + 60))
    new = unpacked_images(write(drawn, tmp_path / "new"))
    assert set(old.parent.iterdir()) == {kept, new}


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_no_image_goes_to_a_worker(tmp_path, format):
    pytest.importorskip("torch")
    images = np.random.default_rng(0).integers(0, 256, (500, 40, 40, 1), np.uint8)
    soft = np.full((500, 2), 0.5, np.float32)
    large = gp.Dataset(images, np.arange(500) % 2, soft_labels=soft)
    opened = gp.open_set(large.save(tmp_path / "set", format))
    dataset = opened.to_torch(soft=True)
    dataset[7]  # what is open stays behind
    content = pickle.dumps(dataset)
    assert len(content) < 6000 < images.nbytes / 100
    assert np.array_equal(pickle.loads(content)[7][0], expected(large, 7))


LOADING = """
import sys, numpy as np, torch, ganprofile as gp

def loaded(dataset, workers, start):
    options = {"multiprocessing_context": start} if workers else {}
    loader = torch.utils.data.DataLoader(dataset, 8, num_workers=workers, **options)
    return map(torch.cat, zip(*loader))

if __name__ == "__main__":
    start, *numbers = sys.argv[1:]
    mapped, files = gp.open_set("npz"), gp.open_set("imagefolder")
    images, soft = mapped.to_numpy(soft=True)
    expected = images.transpose(0, 3, 1, 2).astype(np.float32) / 255
    for workers in map(int, numbers):
        for dataset in (mapped, mapped.load()):
            read, targets = loaded(dataset.to_torch(soft=True), workers, start)
            assert read.dtype == torch.float32 and np.array_equal(read, expected)
            assert np.array_equal(targets, soft)
        read, targets = loaded(files.to_torch(), workers, start)
        assert np.array_equal(read, expected)
        assert targets.dtype == torch.int64 and np.array_equal(targets, files.labels)
    print("read", "tensorflow" in sys.modules)
"""


@pytest.mark.parametrize(
    ("start", "workers"),
    [
        ("fork", ["0", "2"]),
        pytest.param("fork", ["4"], marks=pytest.mark.slow),
        pytest.param("spawn", ["2"], marks=pytest.mark.slow),
    ],
)
def test_workers_of_a_data_loader_read_a_set(tmp_path, start, workers):
    """In a process of its own, as `spawn` needs it; and no other framework is loaded for it."""
    pytest.importorskip("torch")
    random = np.random.default_rng(3)
    images = random.integers(0, 256, (COUNT, 14, 12, 1), np.uint8)
    soft = random.dirichlet(np.ones(4), COUNT).astype(np.float32)
    dataset = gp.Dataset(images, np.arange(COUNT) % 4, soft_labels=soft)
    for format in ("npz", "imagefolder"):
        dataset.save(tmp_path / format, format)
    (tmp_path / "script.py").write_text(LOADING)
    command = [sys.executable, "script.py", start, *workers]
    options = {"capture_output": True, "text": True, "timeout": 300, "cwd": tmp_path}
    done = subprocess.run(command, check=False, **options)
    assert done.stdout == "read False\n", done.stderr


@pytest.mark.parametrize("format", ["npz", "imagefolder", "tfrecord"])
def test_hugging_face_gets_pictures_and_class_labels(tmp_path, drawn, hugging_face, format):
    opened = gp.open_set(write(drawn, tmp_path / "set", format))
    for rows in (opened.to_hf(), drawn.to_hf()):
        assert isinstance(rows.features["image"], hugging_face.Image)
        assert rows.features["label"].names == list(NAMES)
        assert rows.features["soft_labels"].length == len(NAMES)
        assert rows["label"] == drawn.labels.tolist() and rows["writer"] == drawn.writers.tolist()
        assert np.array_equal(np.array(rows["soft_labels"], np.float32), drawn.soft_labels)
        for index, picture in enumerate(rows["image"]):
            assert np.array_equal(np.asarray(picture), drawn.images[index].squeeze())
    rows.save_to_disk(tmp_path / "kept")
    assert hugging_face.load_from_disk(tmp_path / "kept").features == rows.features
    hard = gp.open_set(write(drawn, tmp_path / "hard", format, soft=False)).to_hf()
    assert set(hard.features) == {"image", "label", "writer"}


def test_tensorflow_gets_soft_labels_where_they_are_asked_for(tmp_path, drawn):
    opened = gp.open_set(write(drawn, tmp_path / "set"))
    images, soft = next(iter(opened.to_tf(COUNT, soft=True)))
    assert np.allclose(images, drawn.images / 127.5 - 1, atol=1e-6)
    assert np.array_equal(soft, drawn.soft_labels)
    assert np.array_equal(next(iter(drawn.to_tf(COUNT)))[1], drawn.labels)


def test_soft_labels_that_are_not_there_are_refused(tmp_path, drawn, digits):
    pytest.importorskip("torch")
    opened = gp.open_set(write(drawn, tmp_path / "set", soft=False))
    assert opened.soft_labels is None
    for dataset in (opened, digits[1]):
        for into, arguments in (("to_torch", ()), ("to_numpy", ()), ("to_tf", (4,))):
            with pytest.raises(gp.UsageError, match="has no soft labels. Leave out `soft`"):
                getattr(dataset, into)(*arguments, soft=True)
    unlabelled = gp.Dataset(drawn.images)
    for into in (unlabelled.to_torch, unlabelled.to_numpy, unlabelled.to_hf):
        with pytest.raises(gp.UsageError, match="has no labels"):
            into()


@pytest.mark.parametrize("value", [np.nan, -1, 0.5])
def test_soft_labels_that_are_no_probabilities_are_refused(tmp_path, drawn, value):
    path = write(drawn, tmp_path / "set")
    soft = drawn.soft_labels.copy()
    soft[7] = value
    np.save(path / "soft_labels.npy", soft)
    write_checksums(path)
    opened = gp.open_set(path)
    for into in (opened.to_torch, opened.to_tf, opened.to_numpy):
        arguments = {"batch_size": 2} if into == opened.to_tf else {}
        with pytest.raises(GanprofileError, match="probabilities.* number 7"):
            into(soft=True, **arguments)
    with pytest.raises(GanprofileError, match="1 row, such as number 7"):
        opened.to_hf()


def test_images_in_any_order_in_memory_are_taken(drawn):
    torch = pytest.importorskip("torch")
    images = drawn.images[::-1]
    images.flags.writeable = False
    image, _ = gp.Dataset(images, drawn.labels).to_torch()[0]
    assert torch.equal(image, drawn.to_torch()[-1][0])


def test_what_is_no_set_or_damaged_is_told(tmp_path, drawn):
    with pytest.raises(gp.UsageError, match="is no set that ganprofile wrote.* or generate wrote"):
        gp.open_set(tmp_path)
    path = write(drawn, tmp_path / "set")
    manifest = (path / "manifest.csv").read_text().splitlines(keepends=True)
    (path / "manifest.csv").write_text("".join(manifest[:-1]))
    with pytest.raises(GanprofileError, match=r"manifest.csv should have 40 rows. Received: 39"):
        gp.open_set(path).labels  # noqa: B018
    wrong = manifest[-1].split(",")
    for label, said in (("x", "is damaged"), ("4", r"should be 0..3. Received: 0..4")):
        row = ",".join([wrong[0], label, *wrong[2:]])
        (path / "manifest.csv").write_text("".join([*manifest[:-1], row]))
        with pytest.raises(GanprofileError, match=said):
            gp.open_set(path).labels  # noqa: B018


def test_a_set_in_an_archive_is_to_be_unpacked(tmp_path, drawn):
    archive = shutil.make_archive(tmp_path / "packed", "zip", write(drawn, tmp_path / "set"))
    for take in (gp.open_set, gp.verify, gp.report):
        with pytest.raises(gp.UsageError, match="packed.zip is an archive.* Unpack it, and give"):
            take(archive)


READERS = {
    "load": lambda path: gp.load(path),
    "labels": lambda path: gp.open_set(path).labels,
    "torch": lambda path: gp.open_set(path).to_torch(),
    "hf": lambda path: gp.open_set(path).to_hf(),
    "numpy": lambda path: gp.open_set(path).to_numpy(),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("format", FORMATS)
def test_no_reader_takes_labels_that_manifest_and_files_say_otherwise(
    tmp_path, drawn, format, reader
):
    path = write(drawn, tmp_path / "set", format)
    lines = (path / "manifest.csv").read_text("utf-8").splitlines(keepends=True)
    was = drawn.labels[0]
    other = (was + 1) % len(NAMES)
    for label, name in ((other, NAMES[other]), (was, NAMES[other])):
        changed = lines[1].replace(f",{was},{NAMES[was]},", f",{label},{name},")
        assert changed != lines[1]
        (path / "manifest.csv").write_text("".join([lines[0], changed, *lines[2:]]), "utf-8")
        said = f"image 0 has the label {was} .* by its file, and {label} .* by manifest.csv"
        with pytest.raises(GanprofileError, match=said):
            READERS[reader](path)


def part_of_another(path, drawn, tmp_path, files):
    """Some files of a set of the same images in another order, copied over those of a set."""
    other = write(drawn[::-1], tmp_path / "other", read_json(path / "dataset.json")["format"])
    for pattern in files:
        for file in other.glob(pattern):
            shutil.copy(file, path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("format", "files", "said"),
    [
        ("npz", ["shard-*"], "image 0 has the label"),
        ("idx", ["*.gz"], "image 0 has the label"),
        ("idx", ["images-*"], "not those of which dataset.json has the fingerprint"),
        ("npz", ["dataset.json"], "not those of which dataset.json has the fingerprint"),
        ("tfrecord", ["*.tfrecord"], "image 0 has the label"),
    ],
)
def test_no_reader_takes_a_part_of_another_set(tmp_path, drawn, format, files, said, reader):
    path = write(drawn, tmp_path / "set", format)
    part_of_another(path, drawn, tmp_path, files)
    with pytest.raises(GanprofileError, match=said):
        READERS[reader](path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("format", ["npz", "idx", "imagefolder"])
def test_no_reader_takes_other_class_names_or_sources(tmp_path, drawn, format, reader):
    path = write(drawn, tmp_path / "set", format)
    info = read_json(path / "dataset.json")
    names = ["a", "b", *NAMES[2:]]
    write_json(path / "dataset.json", {**info, "class_names": names})
    with pytest.raises(GanprofileError, match=r"has the label|has other class names"):
        READERS[reader](path)
    write_json(path / "dataset.json", {**info, "synthetic": 0, "real": COUNT})
    with pytest.raises(GanprofileError, match=r"40 of its images are real by dataset.json, and 10"):
        READERS[reader](path)


def test_a_set_that_was_renamed_or_lost_its_checksums_is_read(tmp_path, drawn):
    path = write(drawn, tmp_path / "set")
    write_json(path / "dataset.json", {**read_json(path / "dataset.json"), "name": "mine"})
    (path / "SHA256SUMS").unlink()
    assert np.array_equal(gp.open_set(path).labels, drawn.labels)
    assert gp.load(path)[0].name == "mine"


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_takes_a_file_in_another_folder(tmp_path, drawn, reader):
    path = write(drawn, tmp_path / "set", "imagefolder")
    (file,) = path.glob("*/0000007.png")
    folder = next(
        one for one in sorted(file.parent.parent.iterdir()) if one.is_dir() and one != file.parent
    )
    file.rename(folder / file.name)
    with pytest.raises(GanprofileError, match="image 7 has the label"):
        READERS[reader](path)
    moved = f"Moved .*{file.parent.name}/0000007.png to {folder.name}/0000007.png"
    problems = gp.verify(path, progress=False).problems
    assert re.search(moved, problems[0]) and not any("Missing" in line for line in problems)


@pytest.mark.parametrize(("library", "into"), [("torch", "to_torch"), ("datasets", "to_hf")])
def test_a_missing_library_is_said(tmp_path, digits, library, into, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    for name in ("torch_dataset", "hugging_face"):
        monkeypatch.delitem(sys.modules, f"ganprofile.datasets.{name}", raising=False)
    path = digits[1].select(np.arange(10)).save(tmp_path / "set")
    for dataset in (digits[1], gp.open_set(path)):
        with pytest.raises(GanprofileError, match=f"not installed: pip install {library}"):
            getattr(dataset, into)()
