"""Folders of writers, whose characters are told by the names of the files."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp

WRITERS = 9


@pytest.fixture
def hands(digits):
    """`(writer, digit)` -> an image: writers of the embedded digits, as far as they go."""
    train, _ = digits
    rows = {digit: np.flatnonzero(train.labels == digit) for digit in range(10)}
    return {
        (writer, digit): train.images[rows[digit][31 * writer], ..., 0]
        for writer in range(WRITERS)
        for digit in range(10)
    }


def write(root, pictures):
    """Pictures by their names below a folder."""
    for name, pixels in pictures.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(root / name)
    return root


def said_of(root, capsys, **options):
    """What loading a folder says."""
    gp.load(root, **options)
    return capsys.readouterr().err


def test_folders_that_may_be_writers_are_doubted(hands, tmp_path, capsys):
    by_writer = {f"set{w}/{d}.png": image for (w, d), image in hands.items()}
    said = said_of(write(tmp_path / "hands", by_writer), capsys)
    assert "such as 0.png, look alike: the folders (set0, set1, set2, ...) may be writers" in said
    assert "may be writers" not in said_of(tmp_path / "hands", capsys, labels="folders")


def test_folders_called_as_people_are_doubted_though_each_wrote_all_twice(hands, tmp_path, capsys):
    twice = {
        f"usr_{w}/{d:03}t0{k}.tiff": np.roll(image, k, 1)
        for (w, d), image in hands.items()
        for k in range(2)
    }
    assert "(usr_0, usr_1, usr_2, ...) may be writers" in said_of(
        write(tmp_path / "tamil", twice), capsys
    )


@pytest.mark.parametrize("name", ["{digit}/{writer}.png", "{digit}/{digit}-{writer}.png"])
def test_class_folders_are_not_doubted(hands, tmp_path, capsys, name):
    """Whether their files are numbered alike or called otherwise."""
    by_class = {name.format(digit=d, writer=w): image for (w, d), image in hands.items()}
    assert "writers" not in said_of(write(tmp_path / "set", by_class), capsys)


def test_folders_that_are_called_as_pieces_are_doubted(hands, tmp_path, capsys):
    named = {f"Part{w % 2:02d}/writer{w}_digit{d}.bmp": image for (w, d), image in hands.items()}
    root = write(tmp_path / "pieces", named)
    said = "the classes are called by folders (Part00, Part01) that seem to be pieces of the set"
    assert said in said_of(root, capsys)
    assert said not in said_of(root, capsys, labels="folders")
    assert "say `labels='*/writer{writer}_digit{label}'`" in said_of(root, capsys)
    train, _ = gp.load(root, labels="**/*_digit{label}")
    assert train.class_names == tuple("0123456789")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("user{w:03}/user{w:03}_{d}_begin_{n:03}.png", "{writer}/*_{label}_begin_*"),
        ("{who}/{d}_{n}.png", "{writer}/{label}_*"),
    ],
)
def test_writers_are_doubted_by_names_without_folders_and_numbers(
    hands, tmp_path, capsys, name, pattern
):
    who = ("Anna", "Ben", "Carl", "Dora", "Eva", "Finn", "Gus", "Hal", "Ida")
    pictures = {
        name.format(w=w, d="letter" + "abcdefghij"[d], n=10 * w + d, who=who[w]): image
        for (w, d), image in hands.items()
    }
    root = write(tmp_path / "hands", pictures)
    assert f"If so, say `labels={pattern!r}`" in said_of(root, capsys)
    train, _ = gp.load(root, labels=pattern)
    assert len(train.class_names) == 10 and len(np.unique(train.writers)) == WRITERS


def test_class_folders_whose_files_are_called_by_writers_are_not_doubted(hands, tmp_path, capsys):
    by_class = {f"{d}/{'xyzuvwrst'[w]}_{d}{w}.png": image for (w, d), image in hands.items()}
    assert "writers" not in said_of(write(tmp_path / "set", by_class), capsys)
