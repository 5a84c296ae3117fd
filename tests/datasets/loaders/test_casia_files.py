"""CASIA's files of Chinese characters, written here as they are described and read back."""

import struct

import numpy as np
import pytest

import ganprofile as gp

PAPER = 255


def drawn(seed, height=40, width=30):
    """A picture of grey ink on white paper, another for each seed."""
    levels = np.full((height, width), PAPER, np.uint8)
    levels[5:-5, 5 + seed : 9 + seed] = 40
    levels[8 + seed : 12 + seed, 4:-4] = 10 + seed
    return levels


def write(path, characters, code="gb2312"):
    """A file of pairs of a character and its levels, its lengths wrong as those of some are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = []
    for character, levels in characters:
        tag = character.encode(code).ljust(2, b"\0")
        height, width = levels.shape
        records.append(struct.pack("<I2sHH", 7, tag, width, height) + levels.tobytes())
    path.write_bytes(b"".join(records))
    return path


def test_characters_come_back_as_they_were_written(tmp_path):
    narrow = np.full((40, 1), 7, np.uint8)
    pairs = [("啊", drawn(1)), ("阿", drawn(2)), ("A", drawn(3)), ("啊", drawn(4))]
    write(tmp_path / "1.gnt", [("丨", narrow), ("一", drawn(1))])
    assert len(gp.load(tmp_path / "1.gnt", image_size=28)[0]) == 2
    path = write(tmp_path / "1001-f.gnt", pairs)
    train, test = gp.load(path)
    assert test is None and train.writers is None
    assert [train.class_names[k] for k in train.labels] == [character for character, _ in pairs]
    np.testing.assert_array_equal(train.images[..., 0], [PAPER - levels for _, levels in pairs])


def test_other_sizes_need_a_size_and_rare_characters_their_code(tmp_path):
    path = write(tmp_path / "a.GNT", [("镕", drawn(1)), ("丂", drawn(2, 50, 44))], code="gb18030")
    with pytest.raises(gp.UsageError, match="image_size"):
        gp.load(path)
    train, _ = gp.load(path, photographs="scans")
    assert train.image_shape == (28, 28, 1) and {*train.class_names} == {"镕", "丂"}
    assert train.images.mean() < PAPER / 2  # ink is bright, and paper dark


def test_folders_say_the_parts_and_files_the_writers(tmp_path, capsys):
    root = tmp_path / "HWDB1.1"
    for number, folder in ((1001, "HWDB1.1trn_gnt"), (1002, "HWDB1.1trn_gnt"), (1241, "tst")):
        pairs = [("一", drawn(number % 7)), ("丁", drawn(number % 5 + 1))]
        write(root / folder / f"{number}-c.gnt", pairs)
    write(root / "HWDB1.1trn_gnt" / "._1001-c.gnt", [("一", drawn(0))])  # as macOS leaves them
    train, test = gp.load(root, allow_overlap=True)
    assert len(train) == 4 and len(test) == 2
    assert train.writers.tolist() == [1001, 1001, 1002, 1002]
    write(root / "HWDB1.1" / "1242-c.gnt", [("一", drawn(1))])
    with pytest.raises(gp.UsageError, match=r"HWDB1\.1/1242-c\.gnt is no part.*train and test"):
        gp.load(root)


def test_files_that_are_called_by_parts(tmp_path):
    for name, seed in (("1.0train-gb1", 1), ("1.0test-gb1", 3)):
        write(tmp_path / f"{name}.gnt", [("一", drawn(seed)), ("丁", drawn(seed + 1))])
    train, test = gp.load(tmp_path)
    assert len(train) == len(test) == 2 and train.writers is None


@pytest.mark.parametrize("cut", [3, 1195])
def test_a_damaged_file_says_where(tmp_path, cut):
    path = write(tmp_path / "1001-f.gnt", [("一", drawn(1)), ("丁", drawn(2))])
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(gp.GanprofileError, match=r"1001-f\.gnt is damaged \(record 2"):
        gp.load(path)
