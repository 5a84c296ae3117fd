"""Single picture files of all kinds, whole and broken."""

import os
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ganprofile.datasets.loaders.pictures import (
    MOST_PIXELS,
    is_picture,
    read_header,
    read_picture,
)
from ganprofile.errors import GanprofileError
from ganprofile.images import has_light_edge

INK = np.zeros((6, 9), np.uint8)
INK[1:4, 2:4] = 200
INK[4, 7] = 90
COLOUR = np.stack([INK, INK // 2, 255 - INK], axis=-1)
LOSSLESS = ("png", "tif", "bmp", "webp", "gif")


def saved(path, pixels, **options):
    Image.fromarray(pixels).save(path, **options)
    return path


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_lossless_formats_keep_every_pixel(tmp_path, suffix):
    options = {"lossless": True} if suffix == "webp" else {}
    path = saved(tmp_path / f"grey.{suffix}", INK, **options)
    assert np.array_equal(read_picture(path), INK[..., None])
    if suffix != "gif":  # a palette of 256 colours
        path = saved(tmp_path / f"colour.{suffix}", COLOUR, **options)
        assert np.array_equal(read_picture(path), COLOUR)


def test_a_jpeg_is_nearly_the_picture(tmp_path):
    smooth = np.linspace(0, 255, 64 * 48).reshape(48, 64).astype(np.uint8)
    read = read_picture(saved(tmp_path / "a.JPG", smooth, quality=95))
    assert read.shape == (48, 64, 1) and np.abs(read[..., 0] - smooth.astype(int)).max() <= 6


@pytest.mark.parametrize("suffix", ["webp", "jpg"])
def test_grey_pictures_in_lossy_files_have_one_channel(tmp_path, suffix):
    picture = read_picture(saved(tmp_path / f"grey.{suffix}", np.dstack([INK] * 3)))
    assert picture.shape == (*INK.shape, 1)
    np.testing.assert_allclose(picture[..., 0], INK, atol=60)
    tinted = np.dstack([INK // 2, INK // 2, INK // 2 + 30])
    assert read_picture(saved(tmp_path / f"tinted.{suffix}", tinted)).shape[-1] == 3


def test_channels_that_hardly_differ_are_grey(tmp_path):
    nearly = np.dstack([INK // 2, INK // 2 + 4, INK // 2 + 1])
    assert read_picture(saved(tmp_path / "nearly.png", nearly)).shape[-1] == 1
    nearly[0, 0, 1] += 1
    assert read_picture(saved(tmp_path / "tinted.png", nearly)).shape[-1] == 3


def test_sixteen_bits_become_eight(tmp_path):
    levels = np.array([[0, 257, 65535, 32768]], np.uint16)
    for suffix in ("png", "tif"):
        read = read_picture(saved(tmp_path / f"wide.{suffix}", levels))
        assert read[..., 0].tolist() == [[0, 1, 255, 128]]


def test_one_bit_and_palette_pictures(tmp_path):
    bits = Image.fromarray(INK > 100)
    bits.save(tmp_path / "bits.png")
    assert np.array_equal(read_picture(tmp_path / "bits.png")[..., 0], (INK > 100) * 255)
    palette = Image.fromarray(COLOUR).quantize(16)
    palette.save(tmp_path / "palette.png")
    expected = np.asarray(palette.convert("RGB"))
    assert np.array_equal(read_picture(tmp_path / "palette.png"), expected)


@pytest.mark.parametrize(("ink", "paper"), [(20, 255), (230, 0)])
def test_transparent_pixels_become_the_paper_that_the_ink_stands_out_from(tmp_path, ink, paper):
    pixels = np.full((5, 5, 4), (ink, ink, ink, 0), np.uint8)
    pixels[2, 2, 3] = 255
    read = read_picture(saved(tmp_path / "alpha.png", pixels))
    assert read.shape == (5, 5, 1)
    assert read[2, 2, 0] == ink and read[0, 0, 0] == paper


def test_a_transparent_palette_and_grey_with_alpha(tmp_path):
    grey = Image.fromarray(np.dstack([INK, np.full_like(INK, 255)]), "LA")
    grey.save(tmp_path / "la.png")
    assert np.array_equal(read_picture(tmp_path / "la.png"), INK[..., None])
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.putpixel((1, 1), 1)
    palette.save(tmp_path / "p.png", transparency=1)
    assert read_picture(tmp_path / "p.png")[1, 1, 0] == 255, "the hole shows white paper"


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_says(tmp_path, orientation, suffix):
    turn = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: a[:, ::-1].swapaxes(0, 1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: a[::-1].swapaxes(0, 1),
    }[orientation]
    upright = np.kron(INK, np.ones((16, 16), np.uint8))[..., None].repeat(3, axis=2)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(turn(upright))
    path = saved(tmp_path / f"phone.{suffix}", stored, exif=exif, quality=95)
    read = read_picture(path)
    assert read_header(path).size == read.shape[:2] == upright.shape[:2]
    assert np.abs(read[..., 0].astype(int) - upright[..., 0]).mean() < 3


@pytest.mark.parametrize(
    ("suffix", "dtype"),
    [("png", np.uint8), ("png", np.uint16), *(("tif", t) for t in ("u1", "u2", "i4", "f4"))],
)
def test_a_grey_picture_is_turned_too(tmp_path, suffix, dtype):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.rot90(INK).astype(dtype)
    path = saved(tmp_path / f"scan.{suffix}", np.ascontiguousarray(stored), exif=exif)
    assert read_header(path).size == INK.shape
    assert np.array_equal(read_picture(path)[..., 0], INK)


def raw_profile(exif):
    """EXIF as ImageMagick writes it into a PNG: hexadecimal digits in a text."""
    content = b"Exif\0\0" + exif.tobytes()[6:]
    text = f"\nexif\n{len(content):8}\n{content.hex()}\n".encode()
    return b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text)


def xmp(exif):
    text = f'<x:xmpmeta><rdf:Description tiff:Orientation="{exif[0x0112]}"/></x:xmpmeta>'
    return b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + text.encode()


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("written", [lambda exif: (b"eXIf", exif.tobytes()[6:]), raw_profile, xmp])
def test_a_png_may_say_how_it_lies_wherever_and_however(tmp_path, written, orientation, place):
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = np.repeat(np.arange(0, 240, 8, dtype=np.uint8)[:, None], 20, axis=1)
    stored = np.rot90(upright, {1: 0, 3: 2, 6: 1, 8: 3}[orientation])
    path = saved(tmp_path / "scan.png", np.ascontiguousarray(stored))
    content = path.read_bytes()
    remark = chunk(b"tEXt", b"Software\0" + b"x" * 100)
    at = content.index(b"IDAT") - 4 if place == "before" else len(content) - 12
    path.write_bytes(content[:at] + remark + chunk(*written(exif)) + content[at:])
    assert np.array_equal(read_picture(path)[..., 0], upright)
    assert read_header(path).size == upright.shape


def test_an_animation_gives_its_first_frame(tmp_path):
    frames = [Image.fromarray(INK), Image.fromarray(255 - INK)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert np.array_equal(read_picture(tmp_path / "a.gif"), INK[..., None])


def test_cmyk_is_read_as_colour(tmp_path):
    Image.fromarray(COLOUR).convert("CMYK").save(tmp_path / "print.tif")
    assert read_picture(tmp_path / "print.tif").shape == COLOUR.shape


def chunk(kind, content):
    """A piece of a PNG."""
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def png_of(width, height):
    """A PNG whose header promises a size that its data do not hold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


BROKEN = {
    "empty": b"",
    "text": b"these are no pixels",
    "bomb": png_of(60_000, 60_000),
    "big": png_of(MOST_PIXELS // 1000 + 1, 1000),
    "short": png_of(200, 200),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files_get_a_sentence_with_their_name(tmp_path, kind):
    path = tmp_path / f"{kind}.png"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(GanprofileError, match=kind) as raised:
        read_picture(path)
    assert "\n" not in str(raised.value)
    is_too_large = kind in ("bomb", "big")
    assert ("pixels; at most 50,000,000 are read. Shrink it" in str(raised.value)) == is_too_large


@pytest.mark.parametrize("suffix", [*LOSSLESS, "jpg"])
def test_truncated_files_are_refused(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = saved(tmp_path / f"cut.{suffix}", noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(GanprofileError, match=rf"cut\.{suffix} is not a readable"):
        read_picture(path)


@pytest.mark.parametrize(
    ("level", "dtype", "said"),
    [
        (3.5, np.float32, "neither in 0..1 nor in 0..255"),
        (np.nan, np.float32, "at most 16 bits"),
        (-0.5, np.float32, "at most 16 bits"),
        (70_000.0, np.float32, "at most 16 bits"),
        (70_000, np.int32, "at most 16 bits"),
        (-1, np.int32, "at most 16 bits"),
    ],
)
def test_levels_of_unknown_range_are_refused(tmp_path, level, dtype, said):
    saved(tmp_path / "wide.tif", np.full((4, 4), level, dtype))
    with pytest.raises(GanprofileError, match=rf"wide\.tif .*{said}"):
        read_picture(tmp_path / "wide.tif")


def test_what_counts_as_a_picture(tmp_path):
    for name in ("a.png", "a.JPeG", "a.txt", ".a.png", "png"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    names = {
        "folder.png": False,
        "pipe.png": False,
        "a.png": True,
        "a.JPeG": True,
        "a.txt": False,
        ".a.png": False,
        "png": False,
    }
    assert {name: is_picture(tmp_path / name) for name in names} == names


def test_paper_is_what_lies_along_the_edge():
    assert not has_light_edge(INK[..., None])
    assert has_light_edge(255 - INK[..., None])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["png", "gif", "bmp", "tif", "webp", "jpg"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_damaged_bytes_give_a_picture_or_a_sentence(tmp_path_factory, suffix, damage):
    path = tmp_path_factory.mktemp("damage") / f"a.{suffix}"
    saved(path, COLOUR.repeat(4, axis=0))
    content = bytearray(path.read_bytes())
    for place, value in damage:
        content[place % len(content)] = value
    path.write_bytes(content)
    try:
        read = read_picture(path)
    except GanprofileError as error:
        assert "\n" not in str(error)
    else:
        assert read.dtype == np.uint8 and read.ndim == 3 and read.shape[2] in (1, 3)
