"""Zip files whose names are of other code pages, as Windows and macOS write them."""

import io
import struct
import tarfile
import unicodedata
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.archives import unpacked
from ganprofile.errors import UsageError

CODE_PAGES = {
    "cp932": ("あ", "表"),  # whose second byte is a backslash
    "gb18030": ("中", "木"),
    "cp949": ("가", "나"),
    "cp866": ("Я", "ж"),
    "cp850": ("Á", "ß"),
}


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


def picture(value):
    ink = np.zeros((8, 8), np.uint8)
    ink[3:5, 3:5] = value
    buffer = io.BytesIO()
    Image.fromarray(ink).save(buffer, "PNG")
    return buffer.getvalue()


def packed(path, classes, encoding, unicode_names=False):
    """A zip of one picture a class, with unmarked names of a code page."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(classes):
            info = RawInfo(f"{name}/0.png".encode(encoding))
            if unicode_names:
                arguments = f"{name}/0.png".encode()
                field = b"\1" + struct.pack("<I", zlib.crc32(info.raw)) + arguments
                info.extra = struct.pack("<HH", 0x7075, len(field)) + field
            archive.writestr(info, picture(200 + number))
    return path


class RawInfo(zipfile.ZipInfo):
    """A member whose name is written as the bytes that it is."""

    __slots__ = ("raw",)

    def __init__(self, raw):
        super().__init__(raw.decode("cp437"))
        self.raw = raw

    def _encodeFilenameFlags(self):  # of zipfile, which would mark the name as UTF-8
        return self.raw, self.flag_bits & ~0x800


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_a_code_page_that_is_said_is_used(tmp_path, encoding, in_process):
    path = packed(tmp_path / "set.zip", CODE_PAGES[encoding], encoding)
    words = ["--name", "mine", "--zip-encoding", encoding]
    code, _, err = in_process("datasets", "import", path, *words)
    assert code == 0 and "code page" not in err
    assert gp.load("mine")[0].class_names == tuple(sorted(CODE_PAGES[encoding]))
    assert gp.load(path, zip_encoding=encoding)[0].recipe[0]["zip_encoding"] == encoding


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_a_code_page_that_is_not_said_is_pointed_out(tmp_path, capsys, encoding):
    path = packed(tmp_path / "set.zip", (CODE_PAGES[encoding][0], "b"), encoding)
    report = gp.import_dataset(path, "mine")
    example = f"{CODE_PAGES[encoding][0]}/0.png".encode(encoding).decode("cp437")
    (warning,) = (line for line in report["warnings"] if "code page" in line)
    assert "set.zip" in warning and example in warning and "`zip_encoding`" in warning
    gp.load(path)
    assert warning in capsys.readouterr().err


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unmarked_utf8_is_known_by_itself(tmp_path, capsys, form):
    names = [unicodedata.normalize(form, name) for name in ("é", "あ", "が")]
    path = packed(tmp_path / "set.zip", names, "utf-8")  # as macOS packs them
    dataset, _ = gp.load(path)
    assert {unicodedata.normalize("NFC", n) for n in dataset.class_names} == {"é", "あ", "が"}
    assert "code page" not in capsys.readouterr().err


def test_a_name_that_is_there_as_utf8_too_counts(tmp_path, capsys):
    path = packed(tmp_path / "set.zip", CODE_PAGES["cp932"], "cp932", unicode_names=True)
    assert set(gp.load(path)[0].class_names) == set(CODE_PAGES["cp932"])
    assert "code page" not in capsys.readouterr().err


def test_names_of_a_tar_are_told_too(tmp_path, capsys):
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w", encoding="cp866", format=tarfile.GNU_FORMAT) as archive:
        for number, name in enumerate(CODE_PAGES["cp866"]):
            info = tarfile.TarInfo(f"{name}/0.png")
            content = picture(200 + number)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert set(gp.load(path, zip_encoding="cp866")[0].class_names) == set(CODE_PAGES["cp866"])
    gp.load(path)
    assert "set.tar does not say in which code page its names are" in capsys.readouterr().err


def test_the_wrong_code_page_is_refused(tmp_path):
    path = packed(tmp_path / "set.zip", CODE_PAGES["cp866"], "cp866")
    with pytest.raises(UsageError, match=r"set\.zip has the name .* which is not ascii"):
        unpacked(path, "ascii").__enter__()
    for strange in ("windows", "utf-16", "rot13", ""):
        with pytest.raises(UsageError, match="`zip_encoding` should be a code page"):
            gp.load(path, zip_encoding=strange)


@pytest.mark.parametrize("table_encoding", ["utf-8", "cp932"])
def test_a_table_in_it_is_found_and_read_by_that_code_page(tmp_path, table_encoding):
    names = {"絵/表0.png": "表", "絵/あ0.png": "あ"}
    text = "image,label\n" + "".join(f"{file},{label}\n" for file, label in names.items())
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(RawInfo(name.encode("cp932")), picture(200 + number))
        archive.writestr(RawInfo("ラベル表.csv".encode("cp932")), text.encode(table_encoding))
    report = gp.import_dataset(tmp_path / "set.zip", "mine", zip_encoding="cp932")
    dataset, _ = gp.load("mine")
    assert dict(zip(dataset.attributes["file"], dataset.labels, strict=True)) == {
        "絵/表0.png": 1,
        "絵/あ0.png": 0,
    }
    assert dataset.class_names == ("あ", "表") and report["zip_encoding"] == "cp932"
    assert not any("UTF-8" in line for line in report["assumed"])
    with pytest.raises(UsageError, match="got its names when it was imported.*`zip_encoding=.*`"):
        gp.load("mine", zip_encoding="cp932")
