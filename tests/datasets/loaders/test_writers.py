"""Who wrote what, by numbers that are the same in all parts."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.writers import numbered

IMAGES = np.random.default_rng(0).integers(0, 256, (8, 8, 8), dtype=np.uint8)
LABELS = np.array([0, 1] * 4)


def lists(parts):
    return [part if part is None else part.tolist() for part in parts]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([["bo", "anna"], ["cy", ""]], [[1, 0], [2, -1]]),
        ([["12", "3"], ["12.0", ""]], [[12, 3], [12, -1]]),
        ([[b"bo", b"anna"], None], [[1, 0], None]),
        ([[4.0, np.nan], [3, 4]], [[4, -1], [3, 4]]),
        ([[[5], [6]], ["x", "5"]], [[0, 1], [2, 0]]),
        ([None], [None]),
        ([["1_12", "11_2"], ["112", ""]], [[2, 1], [0, -1]]),
        ([["007", "7"], ["1e3", "1000"]], [[0, 3], [2, 1]]),
        ([["3", "\u0663"], ["+3"]], [[1, 2], [0]]),
        ([[4917012345678, 3], [2**63, 3]], [[1, 0], [2, 0]]),
        ([[4917012345678.0, np.nan]], [[0, -1]]),
        ([["9" * 30, str(2**31)], [str(2**31 - 1)]], [[2, 1], [0]]),
        ([["-1", "-2"]], [[0, 1]]),
        ([["-1", "2"]], [[-1, 2]]),
    ],
)
def test_numbers_are_the_same_in_all_parts(parts, expected):
    arrays = [None if part is None else np.array(part) for part in parts]
    assert lists(numbered(arrays, "mine")) == expected


@pytest.mark.parametrize("odd", [0.5, np.inf])
def test_half_a_writer_is_refused(odd):
    with pytest.raises(gp.UsageError, match=rf"The writers of mine.* Received: {odd}"):
        numbered([np.array([1, odd])], "mine")


def as_tables(folder, writers):
    for part, names in writers.items():
        lines = [",".join(["label", "writer", *(f"pixel{k}" for k in range(64))])]
        rows = zip(LABELS, names, IMAGES.reshape(8, -1), strict=True)
        lines += [",".join(map(str, (label, name, *pixels))) for label, name, pixels in rows]
        (folder / f"{part}.csv").write_text("\n".join(lines))
    return folder


def as_arrays(folder, writers):
    arrays = {f"{part}_writers": names for part, names in writers.items()}
    for part in writers:
        arrays |= {f"{part}_images": IMAGES, f"{part}_labels": LABELS}
    np.savez(folder / "set.npz", **arrays)
    return folder / "set.npz"


@pytest.mark.parametrize("form", [as_tables, as_arrays])
def test_who_wrote_for_testing_is_nobody_of_the_training(tmp_path, form):
    writers = {"train": np.repeat(["a", "b"], 4), "test": np.repeat(["c", "d"], 4)}
    train, test = gp.load(form(tmp_path, writers), allow_overlap=True)
    assert train.writers.tolist() == [0] * 4 + [1] * 4
    assert test.writers.tolist() == [2] * 4 + [3] * 4
    assert train.attributes["writer_name"].tolist() == writers["train"].tolist()
    assert test.attributes["writer_name"].tolist() == writers["test"].tolist()


@pytest.mark.parametrize("form", [as_tables, as_arrays])
def test_writers_with_numbers_have_no_names(tmp_path, form):
    train, _ = gp.load(form(tmp_path, {"train": np.repeat([7, 9], 4)}))
    assert train.writers.tolist() == [7] * 4 + [9] * 4 and "writer_name" not in train.attributes


def test_a_column_of_people_is_offered_as_writers_and_not_taken(tmp_path, capsys):
    for number in range(4):
        pixels = np.zeros((28, 28), np.uint8)
        pixels[4 : 20 + number, 10:14] = 255
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    rows = "".join(f"{number}.png,{'ab'[number % 2]},{number // 2}\n" for number in range(4))
    (tmp_path / "labels.csv").write_text("file,label,user_id\n" + rows)
    found = gp.load(tmp_path, invert="no")[0]
    assert found.writers is None and "user_id" in found.attributes
    assert "'user_id' is kept as it is. If it says who wrote" in capsys.readouterr().err
