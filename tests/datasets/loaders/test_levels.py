"""Levels and polarity of pictures in every pixel format that files have, found once for a set."""

import io
import struct
import zlib

import numpy as np
import pyarrow.parquet
import pytest
from PIL import Image, ImageCms

import ganprofile as gp
from ganprofile.datasets import from_recipe, load_like
from ganprofile.datasets.loaders.pictures import read_frames, read_picture
from ganprofile.errors import GanprofileError, UsageError

# Dark ink on light paper in shares of white, and the image that it is to become.
INK = np.full((12, 10), 0.97)
INK[3:9, 4:6] = 0.05
INK[5, 2:8] = 0.4
IMAGE = np.rint(255 * (1 - INK)).astype(np.uint8)


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


def levels(bits, shares=INK):
    return np.rint(shares * (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def grey(array=None):
    return Image.fromarray(levels(8) if array is None else array)


def two_levels():
    return grey().point(lambda level: 255 * (level > 127), "1")


def with_alpha(mode):
    """The ink alone is opaque, and the rest would be black."""
    hidden = np.where(INK > 0.9, 0, levels(8)).astype(np.uint8)
    opacity = np.where(INK > 0.9, 0, 255).astype(np.uint8)
    colours = [hidden] * (3 if mode.startswith("RGB") else 1)
    return Image.fromarray(np.dstack([*colours, opacity]), mode)


def palette_with_a_hole():
    picture = grey().convert("P")
    picture.info["transparency"] = int(levels(8).max())  # the paper is a hole
    return picture


def palette_with_alpha():
    picture = with_alpha("LA")
    palette = picture.convert("PA")  # which forgets the opacity
    palette.putalpha(picture.getchannel("A"))
    return palette


def png(path, pixels, kind, transparent=None):
    """A 16-bit PNG of kinds that Pillow does not write: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA.

    Pixels of the `transparent` levels are holes.
    """

    def chunk(name, content):
        crc = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    if transparent is not None:
        parts.insert(1, (b"tRNS", np.asarray(transparent, ">u2").tobytes()))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))


def tiff(path, pixels, photometric, order, extra=(), planes=1):
    """An uncompressed TIFF of integers of 16 bits, which Pillow reads only."""
    height, width, channels = pixels.shape
    data = pixels.astype(f"{order}u2").tobytes()
    tags = {256: width, 257: height, 259: 1, 262: photometric, 277: channels, 278: height}
    tags[284] = planes
    at = 8 + len(data)  # where the list of the channels' bits stands
    entries = [(tag, 3, 1, struct.pack(f"{order}HH", value, 0)) for tag, value in tags.items()]
    entries += [(273, 4, 1, struct.pack(f"{order}I", 8))]
    entries += [(279, 4, 1, struct.pack(f"{order}I", len(data)))]
    entries += [(338, 3, 1, struct.pack(f"{order}HH", *extra, 0))] if extra else []
    bits = struct.pack(f"{order}{channels}H", *[16] * channels)
    entries += [(258, 3, channels, struct.pack(f"{order}I", at) if channels > 2 else bits * 2)]
    entries = [struct.pack(f"{order}HHI", *e[:3]) + e[3][:4] for e in sorted(entries)]
    directory = struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    start = b"II*\0" if order == "<" else b"MM\0*"
    path.write_bytes(start + struct.pack(f"{order}I", at + len(bits)) + data + bits + directory)


def png_with_holes(path, channels):
    """Where paper should be there are levels of their own, which the file says are holes."""
    pixels, hole = coloured(12, channels), [1, 2, 2][:channels]
    pixels[INK > 0.9] = hole
    png(path, pixels, channels - 1, hole)


def coloured(bits, channels):
    """Grey in three channels, or with an opacity behind them."""
    pixels = np.dstack([levels(bits)] * min(3, channels))
    opaque = np.full((*INK.shape, 1), 2**bits - 1, np.uint16)
    return np.dstack([pixels, opaque]) if channels == 4 else pixels


# What is saved, by what, and how far levels may be away: colour spaces other than RGB round.
PICTURES = {
    "L png": lambda path: grey().save(path),
    "1 png": lambda path: two_levels().save(path),
    "1 tif": lambda path: two_levels().save(path, compression="group4"),
    "L bmp": lambda path: grey().save(path),
    "L tif": lambda path: grey().save(path, compression="tiff_lzw"),
    "P png": lambda path: grey().convert("P").save(path),
    "P gif": lambda path: grey().save(path),
    "P with a hole png": lambda path: palette_with_a_hole().save(path),
    "P tif": lambda path: grey().convert("P").save(path),
    "PA tif": lambda path: palette_with_alpha().save(path),
    "LA png": lambda path: with_alpha("LA").save(path),
    "LA tif": lambda path: with_alpha("LA").save(path),
    "RGB png": lambda path: grey().convert("RGB").save(path),
    "RGB webp": lambda path: grey().convert("RGB").save(path, lossless=True),
    "RGBA png": lambda path: with_alpha("RGBA").save(path),
    "RGBA tif": lambda path: with_alpha("RGBA").save(path),
    "RGBA webp": lambda path: with_alpha("RGBA").save(path, lossless=True),
    "RGBX tif": lambda path: grey().convert("RGBX").save(path),
    "CMYK tif": lambda path: grey().convert("RGB").convert("CMYK").save(path),
    "CMYK jpg": lambda path: grey().convert("RGB").convert("CMYK").save(path, quality=100),
    "YCbCr tif": lambda path: grey().convert("YCbCr").save(path),
    "LAB tif": lambda path: lab().save(path),
    "I;16 png": lambda path: grey(levels(16)).save(path),
    "I;16 tif": lambda path: grey(levels(16)).save(path, compression="tiff_lzw"),
    "I;16B tif": lambda path: big_endian().save(path),
    "I tif": lambda path: grey(levels(16).astype(np.int32)).save(path),
    "F 0..1 tif": lambda path: grey(INK.astype(np.float32)).save(path),
    "F 0..255 tif": lambda path: grey(levels(8).astype(np.float32)).save(path),
    "F 0..4095 tif": lambda path: grey(levels(12).astype(np.float32)).save(path),
    "F 0..65535 tif": lambda path: grey(levels(16).astype(np.float32)).save(path),
    "RGB of 16 bits png": lambda path: png(path, coloured(16, 3), 2),
    "RGB of 12 bits png": lambda path: png(path, coloured(12, 3), 2),
    "RGBA of 12 bits png": lambda path: png(path, coloured(12, 4), 6),
    "LA of 12 bits png": lambda path: png(path, coloured(12, 4)[..., 2:], 4),
    "L of 12 bits with holes png": lambda path: png_with_holes(path, 1),
    "RGB of 12 bits with holes png": lambda path: png_with_holes(path, 3),
    "RGB of 12 bits tif": lambda path: tiff(path, coloured(12, 3), 2, "<"),
    "RGB of 12 bits, the other order tif": lambda path: tiff(path, coloured(12, 3), 2, ">"),
    "RGBA of 12 bits tif": lambda path: tiff(path, coloured(12, 4), 2, "<", (2,)),
    "RGBa of 12 bits tif": lambda path: tiff(path, coloured(12, 4), 2, ">", (1,)),
    "RGBX of 12 bits tif": lambda path: tiff(path, coloured(12, 4), 2, "<", (0,)),
    "CMYK of 12 bits tif": lambda path: tiff(path, inks(12), 5, "<"),
    "white is zero tif": lambda path: tiff(path, levels(12, 1 - INK)[..., None], 0, "<"),
}
TRANSPARENT = ("LA png", "LA tif", "PA tif", "RGBA png", "RGBA tif", "RGBA webp")
INEXACT = {"CMYK jpg": 6, "LAB tif": 3}


def lab():
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.profileToProfile(grey().convert("RGB"), *profiles, outputMode="LAB")


def big_endian():
    size = INK.shape[::-1]
    return Image.frombytes("I;16B", size, levels(16).astype(">u2").tobytes())


def inks(bits):
    black = levels(bits, 1 - INK)
    return np.dstack([black * 0] * 3 + [black])


@pytest.mark.parametrize("kind", PICTURES)
def test_ink_and_paper_come_out_right(tmp_path, kind):
    for label in "ab":
        path = tmp_path / "set" / label / f"0.{kind.split()[-1]}"
        path.parent.mkdir(parents=True)
        PICTURES[kind](path)
    dataset, _ = gp.load(tmp_path / "set", channels=1)
    difference = np.abs(dataset.images[..., 0].astype(int) - reference(kind))
    assert difference.max() <= INEXACT.get(kind, 1), dataset.images[0, ..., 0]


def reference(kind):
    """Behind a transparent picture the paper is white; one bit knows ink and paper only."""
    if kind.startswith("1 "):
        return np.where(INK > 0.5, 0, 255)
    return np.where(INK > 0.9, 0, IMAGE) if kind in TRANSPARENT or "hole" in kind else IMAGE


@pytest.fixture
def folder(tmp_path):
    """Writes pictures of so many bits into a folder, in subfolders a and b; returns the folder."""

    def write(name, bits, dim=0, suffix="png"):
        for number in range(4):
            shares = INK * (0.1 if number < dim else 1)
            path = tmp_path / name / "ab"[number % 2] / f"{number}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            grey(levels(bits, shares).astype(np.uint16)).save(path)
        return tmp_path / name

    return write


def assert_right(dataset):
    assert np.abs(dataset.images[..., 0].astype(int) - IMAGE).max() <= 1


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 10, 12, 14])
def test_fewer_bits_than_sixteen_are_found_and_said(folder, capsys, bits, suffix):
    report = gp.import_dataset(folder("set", bits, suffix=suffix), "mine")
    said = capsys.readouterr().err
    assert f"4 pictures are taken for those of {bits} bit" in said
    assert f"(0..{2**bits - 1})" in said
    assert report["bits"] == bits and report["inverted"] and not report["fewer_bits"]
    image = np.rint(255 * (1 - levels(bits) / (2**bits - 1)))
    assert np.array_equal(gp.load("mine")[0].images[0, ..., 0], image)


def test_the_range_is_that_of_the_set_and_not_of_each_picture(folder, capsys):
    whole = folder("set", 12, dim=1)
    dataset, _ = gp.load(whole, invert="yes")
    first = dataset.images[dataset.attributes["file"].tolist().index("a/0.png")]
    assert_right(dataset.select(np.arange(4) > 0))
    assert np.abs(first[..., 0].astype(int) - (255 - 25.5 * INK)).max() <= 1
    assert (
        "1 of 4 pictures, such as a/0.png, have levels of fewer than 12" in capsys.readouterr().err
    )
    report = gp.import_dataset(whole, "mine", invert="yes")
    assert report["fewer_bits"] == ["a/0.png"]
    assert any("a/0.png, have levels of fewer than 12 bits" in line for line in report["warnings"])


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_ordinary_pictures_may_use_few_levels(tmp_path, capsys, bits, mode):
    for number in range(12):
        path = tmp_path / "set" / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        grey(levels(bits).astype(np.uint8)).convert(mode).save(path)
    dataset, _ = gp.load(tmp_path / "set")
    image = np.rint(255 * (1 - levels(bits) / (2**bits - 1)))
    assert (dataset.images[..., 0] == image).all() and dataset.image_shape[-1] == 1
    assert f"12 pictures are taken for those of {bits} bit" in capsys.readouterr().err
    again, _ = gp.load(tmp_path / "set", bits=bits)
    assert again.fingerprint == dataset.fingerprint
    grey().save(tmp_path / "set" / "a" / "11.png")  # one that is not so: all are ordinary
    assert gp.load(tmp_path / "set", invert="no")[0].images.max() == levels(8).max()
    assert "taken" not in capsys.readouterr().err


def test_empty_pictures_tell_nothing(tmp_path, capsys):
    for name, dtype in (("deep", np.uint16), ("ordinary", np.uint8)):
        for label in "ab":
            (tmp_path / name / label).mkdir(parents=True)
            grey(np.zeros((8, 8), dtype)).save(tmp_path / name / label / "0.png")
        assert not gp.load(tmp_path / name)[0].images.any()
    assert "taken" not in capsys.readouterr().err


def test_true_sixteen_bits_are_nothing_to_speak_of(folder, capsys):
    assert_right(gp.load(folder("set", 16))[0])
    assert "bits" not in capsys.readouterr().err


def test_pictures_of_eight_bits_may_lie_beside(folder):
    mixed = folder("set", 12)
    grey().save(mixed / "a" / "8.png")
    assert_right(gp.load(mixed)[0])


def test_a_mask_among_ordinary_pictures_is_read_by_itself(tmp_path):
    ordinary(tmp_path)
    path = next(tmp_path.rglob("*.png"))
    mask = np.pad(np.ones((4, 2), np.float32), ((4, 4), (4, 4)))
    path.unlink()
    Image.fromarray(mask).save(path.with_suffix(".tif"))
    train, _ = gp.load(tmp_path, invert="no")
    found = [image for image in train.images[..., 0] if {*np.unique(image)} == {0, 255}]
    assert len(found) == 1 and np.array_equal(found[0], 255 * mask)
    assert len(np.unique(train.images)) > 2, "the others keep their levels"


def test_what_is_said_of_the_bits_counts(folder, capsys, in_process):
    faint = folder("set", 12)
    words = ["datasets", "import", faint, "--invert", "yes", "--name"]
    code, _, _ = in_process(*words, "mine", "--bits", "14")
    dataset, _ = gp.load("mine")
    assert code == 0
    assert np.abs(dataset.images[..., 0] - (255 - 63.75 * INK)).max() <= 1
    with pytest.raises(GanprofileError, match=r"0\.png has levels up to 3972; those of 10 bits"):
        gp.load(faint, bits=10)
    code, _, err = in_process(*words, "other", "--bits", "11")
    assert code == 2 and "--bits should be 1, 2, 4, 8, 10, 12, 14 or 16. Received: 11" in err
    with pytest.raises(UsageError, match="got its form when it was imported.*`bits=12`"):
        gp.load("mine", bits=12)
    with pytest.raises(UsageError, match="digits comes with its form. Remove `bits`"):
        gp.load("digits", bits=12)
    capsys.readouterr()
    dataset, _ = gp.load(ordinary(faint.parent / "ordinary"), bits=12)
    assert_right(dataset)
    assert (
        "no picture of more than 8 bits, so that `bits=12` changes nothing"
        in capsys.readouterr().err
    )


def ordinary(folder):
    for label in "ab":
        (folder / label).mkdir(parents=True)
        grey().save(folder / label / "0.png")
    return folder


def test_what_is_held_out_is_read_with_as_many_bits(folder, tmp_path):
    dim = np.rint(INK * 900).astype(np.uint16)  # by itself this would be taken for 10 bits
    for label in "ab":
        (tmp_path / "held" / label).mkdir(parents=True)
        grey(dim).save(tmp_path / "held" / label / "0.png")
    gp.import_dataset(folder("set", 12), "mine", invert="no")
    dark = np.rint(dim / 4095 * 255)
    for name in ("mine", str(tmp_path / "set")):
        train_set, test_set = gp.load_for_training(name, test=str(tmp_path / "held"), invert="no")
        assert train_set.image_shape == test_set.image_shape
        assert np.array_equal(test_set.images[0, ..., 0], dark)
    again = from_recipe(test_set.recipe)
    assert test_set.recipe[0]["bits"] == 12 and again.fingerprint == test_set.fingerprint
    assert load_like("mine", gp.load("mine")[0])[0].image_shape == train_set.image_shape


def parquet(path, bits, shares=INK):
    """Pictures of the classes 1 and 2 as Hugging Face keeps them."""
    rows = []
    for label in (1, 2):
        buffer = io.BytesIO()
        grey(levels(bits, shares * (1 - label / 100))).save(buffer, "PNG")
        rows.append({"image": {"bytes": buffer.getvalue(), "path": None}, "label": label})
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def test_what_is_held_out_is_read_and_numbered_as_what_was_imported(tmp_path):
    held = parquet(tmp_path / "held.parquet", 12, INK * 0.2)
    path = parquet(tmp_path / "set.parquet", 12)
    gp.import_dataset(path, "mine", first_label=1, bits=12, invert="no")
    _, test_set = gp.load_for_training("mine", test=held, invert="no")
    first = test_set.recipe[0]
    assert (first["bits"], first["first_label"]) == (12, 1)
    assert np.abs(test_set.images[0, ..., 0] - 255 * 0.2 * 0.99 * INK).max() <= 1
    for arguments in ({"bits": 12}, {"first_label": 1}, {"labels": "folders"}):
        with pytest.raises(UsageError, match="when it was imported. Import it again, in its place"):
            gp.load("mine", **arguments)
        if "first_label" not in arguments:
            with pytest.raises(UsageError, match="is for files; the data are arrays"):
                gp.load((test_set.images, test_set.labels), **arguments)


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_scans_of_few_bits_are_found_on_their_paper(tmp_path, bits):
    shares = np.kron(np.pad(INK, 20, constant_values=0.97), np.ones((3, 3)))
    for label in "ab":
        for name, array in {"eight": levels(8, shares), "deep": levels(bits, shares)}.items():
            path = tmp_path / name / label / "0.png"
            path.parent.mkdir(parents=True)
            grey(array.astype(np.uint8 if name == "eight" else np.uint16)).save(path)
    eight, deep = (gp.load(tmp_path / name, photographs="scans")[0] for name in ("eight", "deep"))
    assert eight.images.max() > 200
    assert np.abs(eight.images.astype(int) - deep.images).max() <= 4


def test_pictures_that_are_read_by_themselves_go_by_their_own_levels(tmp_path):
    pages = [grey(levels(12)), grey(levels(12))]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    for page in (read_picture(tmp_path / "pages.tif"), *read_frames(tmp_path / "pages.tif")):
        assert np.abs(page[..., 0].astype(int) - (255 - IMAGE)).max() <= 1


def test_colours_in_separate_planes_are_refused(tmp_path):
    tiff(tmp_path / "a.tif", coloured(12, 3), 2, "<", planes=2)
    with pytest.raises(GanprofileError, match=r"a\.tif stores 16-bit colours one after the other"):
        read_picture(tmp_path / "a.tif")


def test_a_table_finds_its_range_too(tmp_path):
    rows = ["file,label,split"]
    for name, split, shares in [("a", "train", INK), ("b", "train", INK), ("c", "test", INK * 0.1)]:
        grey(levels(12, shares)).save(tmp_path / f"{name}.png")
        rows.append(f"{name}.png,{'x' if name == 'b' else 'y'},{split}")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    train_set, test_set = gp.load(tmp_path, invert="yes")
    assert_right(train_set)
    assert np.abs(test_set.images[0, ..., 0] - (255 - 25.5 * INK)).max() <= 1
