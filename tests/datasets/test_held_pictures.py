"""Pictures of Pillow in a list come in as the same pictures do from files."""

import io

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.held_pictures import pictures_as_array

RNG = np.random.default_rng(0)
INK = RNG.integers(0, 256, (6, 12, 9), dtype=np.uint8)
COLOURS = RNG.integers(0, 256, (6, 12, 9, 4), dtype=np.uint8)
PLACES = RNG.permutation(256)
LYING = Image.Exif()
LYING[0x0112] = 6


def with_palette(ink):
    """The same levels, by a palette in an order of its own."""
    picture = Image.new("P", ink.shape[::-1])
    picture.putdata(PLACES[ink].ravel().tolist())
    picture.putpalette(np.repeat(np.argsort(PLACES).astype(np.uint8), 3).tobytes())
    return picture


def with_opacity(level):
    """Ink of a level on what is transparent."""
    return [Image.fromarray(np.dstack([np.full_like(ink, level), ink])) for ink in INK]


# What they are saved as, the pictures, and what else the files hold.
KINDS = {
    "palette": ("png", [with_palette(ink) for ink in INK], {}),
    "gif": ("gif", [Image.fromarray(ink) for ink in INK], {}),
    "transparent palette": ("png", [with_palette(ink) for ink in INK], {"transparency": 3}),
    "cmyk": ("tif", [Image.fromarray(one, "CMYK") for one in COLOURS], {}),
    "colours": ("png", [Image.fromarray(one[..., :3]) for one in COLOURS], {}),
    "colours and opacity": ("png", [Image.fromarray(one) for one in COLOURS], {}),
    "white ink": ("png", with_opacity(255), {}),
    "black ink": ("png", with_opacity(0), {}),
    "grey as colours": ("png", [Image.fromarray(ink).convert("RGB") for ink in INK], {}),
    "jpeg": ("jpg", [Image.fromarray(one[..., :3]) for one in COLOURS], {"exif": LYING}),
    "lying": ("png", [Image.fromarray(ink) for ink in INK], {"exif": LYING}),
    "lying tiff": ("tif", [Image.fromarray(ink) for ink in INK], {"exif": LYING}),
    "1 bit": ("png", [Image.fromarray(ink > 127) for ink in INK], {}),
    "few levels": ("png", [Image.fromarray(ink // 32) for ink in INK], {}),
    "12 bits": ("png", [Image.fromarray(ink * np.uint16(16)) for ink in INK], {}),
    "16 bits": ("tif", [Image.fromarray(ink * np.uint16(257)) for ink in INK], {}),
    "shares": ("tif", [Image.fromarray(ink / np.float32(255)) for ink in INK], {}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["opened", "loaded", "from memory"])
def test_they_are_read_as_their_files_are(kind, way, tmp_path):
    ending, pictures, more = KINDS[kind]
    files = [tmp_path / f"{k}" / f"a.{ending}" for k in range(len(pictures))]
    for file, picture in zip(files, pictures, strict=True):
        file.parent.mkdir()
        picture.save(file, **more)
    if (kind, way) == ("lying tiff", "loaded"):
        pytest.skip("Pillow garbles it")
    expected, _ = gp.load(tmp_path, invert="no")
    if way == "from memory":
        given = [Image.open(io.BytesIO(file.read_bytes())) for file in files]
    else:
        given = [Image.open(file) for file in files]
    if way == "loaded":
        for one in given:
            one.load()
    made = gp.Dataset.from_arrays(given, expected.labels)
    assert np.array_equal(made.images, expected.images)
    again = gp.Dataset.from_arrays(given, expected.labels)  # none was closed, nor changed
    assert np.array_equal(again.images, expected.images)


def test_what_was_assumed_is_said(tmp_path, capsys):
    for k, ink in enumerate(INK):
        Image.fromarray(ink // 32).save(tmp_path / f"{k}.png", exif=LYING)
    gp.Dataset.from_arrays([Image.open(tmp_path / f"{k}.png") for k in range(6)])
    err = capsys.readouterr().err
    assert "arrays: the levels of 6 pictures were taken for those of 4 bits, 0..15" in err
    assert "arrays: 6 pictures were turned as their EXIF says" in err


def test_columns_of_other_libraries_may_hold_them():
    import datasets
    import pandas as pd

    pictures = KINDS["palette"][1]
    rows = datasets.Dataset.from_dict({"image": pictures, "label": list(range(6))})
    arrays = [*pictures], tuple(pictures), pd.Series(pictures, [*"abcdef"]), rows["image"]
    for given in arrays:
        array, said = pictures_as_array(given, "x")
        assert np.array_equal(array[..., 0], INK) and not said
    train, test = gp.load(((pictures, [*"abcabc"]), (pictures[:3], [*"abc"])), allow_overlap=True)
    assert np.array_equal(train.images[..., 0], INK) and len(test) == 3


def test_what_are_no_pictures_stays_as_it_is():
    twice = pictures_as_array([KINDS["lying"][1][0]] * 2, "x")[0]
    assert np.array_equal(twice[..., 0], INK[[0, 0]])
    for given in (INK, [*INK], INK.tolist(), "text", None, {}, np.array(None), iter("ab"), []):
        assert pictures_as_array(given, "x") == (given, []) or given is INK


def closed():
    content = io.BytesIO()
    Image.new("L", (9, 9)).save(content, "png")
    picture = Image.open(content)
    content.close()
    return picture


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([Image.new("L", (9, 9)), INK[0]], "pictures of Pillow alone, or none. Received: ndarray"),
        ([Image.new("L", (9, 9)), Image.new("L", (8, 9))], "one size. Received: 9x9, and 8x9 at 1"),
        ([closed()], "x: picture 0 cannot be read .*Open it again"),
        ([Image.fromarray(np.full((9, 9), -1.0, "f"))], "x: picture 0 should hold levels of at"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(gp.GanprofileError, match=sentence):
        pictures_as_array(given, "x")
