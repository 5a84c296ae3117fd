import bz2
import gzip
import io
import lzma
import shutil
import stat
import tarfile
import tempfile
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets import archives
from ganprofile.datasets.archives import first_names, is_archive, unpacked
from ganprofile.datasets.file_system import Places
from ganprofile.errors import GanprofileError

CONTENT = {
    "a/one.txt": b"1",
    "a/b/two.bin": np.random.default_rng(0).bytes(70_000),
    "empty": b"",
}


def write_tar(path, *infos, content=CONTENT, name_encoding="utf-8"):
    """A tar of `content` and of further `TarInfo`s without bytes, compressed as its name says."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", encoding=name_encoding) as archive:
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in infos:
            archive.addfile(info)
    compress = {".gz": gzip.compress, ".tgz": gzip.compress, ".bz2": bz2.compress}
    compress |= {".tbz2": bz2.compress, ".tbz": bz2.compress}
    compress |= {".xz": lzma.compress, ".txz": lzma.compress, ".tar": bytes}
    path.write_bytes(compress[path.suffix.lower()](buffer.getvalue()))
    return path


def write_zip(path, *infos, content=CONTENT):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        for info in infos:
            archive.writestr(info, b"target")
    return path


def write_any(path, content=CONTENT):
    return (write_zip if path.suffix == ".zip" else write_tar)(path, content=content)


@pytest.fixture
def no_leftovers(tmp_path, monkeypatch):
    """A folder for temporary files, which has to be empty at the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def nothing_written(no_leftovers, monkeypatch):
    """Any attempt to write a member fails the test."""

    def fail(archive, member, folder):
        raise AssertionError(f"{member.name} was written")

    monkeypatch.setattr(archives, "_write", fail)


def content_of(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("suffix", archives.SUFFIXES)
def test_every_kind_of_archive_comes_out_whole_and_goes_again(tmp_path, suffix, no_leftovers):
    path = write_any(tmp_path / f"set{suffix}")
    assert is_archive(path)
    with unpacked(path) as folder:
        assert folder.parent == no_leftovers
        assert content_of(folder) == CONTENT
    assert not folder.exists()
    assert first_names(path, 2) == list(CONTENT)[:2]


def test_a_folder_is_given_as_it_is(tmp_path):
    (tmp_path / "kept").write_text("x")
    with unpacked(tmp_path) as folder:
        assert folder == tmp_path
    assert (tmp_path / "kept").exists()


def test_it_goes_when_the_block_fails(tmp_path, no_leftovers):
    with pytest.raises(KeyError), unpacked(write_zip(tmp_path / "set.zip")):
        raise KeyError("from the block")


def test_capitals_and_unpacked_tars_under_their_old_name_are_taken(tmp_path):
    path = write_tar(tmp_path / "set.tar")
    with unpacked(path.rename(tmp_path / "SET.TGZ")) as folder:
        assert content_of(folder) == CONTENT


@pytest.mark.parametrize("name", ["nothing.zip", "notes.txt"])
def test_what_is_no_archive_is_wrong_usage(tmp_path, name):
    (tmp_path / "notes.txt").write_text("x")
    assert not is_archive(tmp_path / name)
    sentence = "does not exist" if name == "nothing.zip" else r"neither a folder nor an archive"
    with pytest.raises(gp.UsageError, match=rf"{name}.*{sentence}"), unpacked(tmp_path / name):
        pass


LEADING_OUT = ["../up", "a/../../up", "/etc/up", "C:/up", "c:up", "..\\up", "\\\\host\\up", ".."]


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
@pytest.mark.parametrize("name", LEADING_OUT)
def test_members_that_lead_out_are_refused(tmp_path, suffix, name, nothing_written):
    path = write_any(tmp_path / f"set{suffix}", {**CONTENT, name: b"x"})
    with pytest.raises(GanprofileError) as refusal, unpacked(path):
        pass
    assert f"its member {name!r} leads out of the folder" in str(refusal.value)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a device"),
    ],
)
def test_links_and_devices_in_tars_are_refused(tmp_path, type_, words, nothing_written):
    info = tarfile.TarInfo("odd")
    info.type, info.linkname = type_, "a/one.txt"
    path = write_tar(tmp_path / "set.tgz", info)
    with pytest.raises(GanprofileError, match=f"set.tgz .*member 'odd' is {words}"), unpacked(path):
        pass


@pytest.mark.parametrize(("kind", "words"), [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "a device")])
def test_links_and_devices_in_zips_are_refused(tmp_path, kind, words, nothing_written):
    info = zipfile.ZipInfo("odd")
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    path = write_zip(tmp_path / "set.zip", info)
    with pytest.raises(GanprofileError, match=f"set.zip .*member 'odd' is {words}"), unpacked(path):
        pass


def test_encrypted_zips_are_refused(tmp_path, nothing_written):
    path = write_zip(tmp_path / "set.zip", content={"secret": b"x" * 40})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the member's own header, then in the list at the end
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(GanprofileError, match="member 'secret' is encrypted"), unpacked(path):
        pass


def test_more_than_the_limit_is_refused_before_it_is_read(tmp_path, nothing_written):
    info = tarfile.TarInfo("huge")
    info.size = 21 * 10**9
    path = tmp_path / "set.tar"
    path.write_bytes(info.tobuf() + bytes(5120))
    with pytest.raises(GanprofileError, match="21,000,000,000 bytes.*500,000,000 and"):
        unpacked(path).__enter__()


@pytest.mark.parametrize("suffix", [".zip", ".tar.xz"])
def test_compression_bombs_are_refused(tmp_path, suffix, monkeypatch, nothing_written):
    monkeypatch.setattr(archives, "HARMLESS_TOTAL", 10**6)
    path = write_any(tmp_path / f"set{suffix}", {"blank": bytes(4 * 10**6)})
    with pytest.raises(GanprofileError, match="would become 4,000,000 bytes"):
        unpacked(path).__enter__()


def test_too_many_members_are_refused(tmp_path, monkeypatch, nothing_written):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    with pytest.raises(GanprofileError, match="in 3 files or more"):
        unpacked(write_zip(tmp_path / "set.zip")).__enter__()


def test_a_header_that_fills_the_memory_is_refused(tmp_path, monkeypatch, nothing_written):
    """A name of any length may stand in front of a member."""
    monkeypatch.setattr(archives, "LARGEST_HEADER", 10**6)
    path = write_tar(tmp_path / "set.tgz", content={"n" * 2 * 10**6: b"x"})
    with pytest.raises(GanprofileError, match="a header of 2,0"):
        unpacked(path).__enter__()


def test_zeros_without_end_behind_the_last_member_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 2 * 10**6)
    path = write_tar(tmp_path / "set.tar")
    path.write_bytes(gzip.compress(path.read_bytes() + bytes(5 * 10**6)))
    with pytest.raises(GanprofileError, match="more than 2,000,000 bytes"):
        unpacked(path).__enter__()


def test_a_member_that_is_longer_than_declared_is_caught_while_writing(tmp_path, no_leftovers):
    path = write_zip(tmp_path / "set.zip", content={"long": b"0123456789" * 300})
    content = bytearray(path.read_bytes())
    for start in (22, content.index(b"PK\x01\x02") + 24):
        content[start : start + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(GanprofileError, match="set.zip .*at member 'long'"):
        unpacked(path).__enter__()


@pytest.mark.parametrize("suffix", archives.SUFFIXES)
@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.85, -1])
def test_truncated_archives_are_refused(tmp_path, suffix, kept, nothing_written):
    path = write_any(tmp_path / f"set{suffix}")
    whole = path.read_bytes()
    if suffix == ".tar" and kept == -1:
        kept = len(whole.rstrip(b"\0"))  # what follows is the end marker, and padding
    path.write_bytes(whole[: int(kept * len(whole)) if isinstance(kept, float) else kept])
    with pytest.raises(
        GanprofileError, match=f"set{suffix} cannot be unpacked: damaged or incomp"
    ) as caught:
        unpacked(path).__enter__()
    if suffix == ".zip" and kept not in (0, 1):
        assert "incomplete at its end" in str(caught.value)


def test_a_tar_cut_between_two_members_is_noticed(tmp_path, nothing_written):
    path = write_tar(tmp_path / "set.tar")
    path.write_bytes(path.read_bytes()[:1024])  # a header and the block of "a/one.txt"
    with pytest.raises(GanprofileError, match="incomplete at member 'a/one.txt'.*Get it again"):
        unpacked(path).__enter__()


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tar.bz2", ".tar.xz"])
def test_damaged_bytes_are_noticed(tmp_path, suffix, no_leftovers):
    path = write_any(tmp_path / f"set{suffix}")
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
    with pytest.raises(GanprofileError, match=r"damaged or incomplete at"):
        unpacked(path).__enter__()


def test_random_damage_never_ends_in_a_traceback(tmp_path, no_leftovers):
    random, refused = np.random.default_rng(4), 0
    for suffix in archives.SUFFIXES:
        content = write_any(tmp_path / f"set{suffix}").read_bytes()
        path = tmp_path / f"damaged{suffix}"
        for _ in range(25):
            damaged = bytearray(content)
            for place in random.integers(0, len(content), 40) % [len(content), 600][_ % 2]:
                damaged[place] = random.integers(0, 256)
            path.write_bytes(damaged)
            try:
                with unpacked(path):
                    pass
            except GanprofileError as error:
                refused += 1
                assert "\n" not in str(error)
            first_names(path, 5)
    assert refused > 5 * len(archives.SUFFIXES)


def test_a_full_disk_is_said_before_anything_is_written(tmp_path, monkeypatch, nothing_written):
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _: SimpleNamespace(free=7))
    with pytest.raises(GanprofileError, match="needs 70,001 bytes, 7 are left.*TMPDIR"):
        unpacked(write_zip(tmp_path / "set.zip")).__enter__()


def test_names_that_are_not_utf8_come_out_readable(tmp_path):
    path = write_tar(tmp_path / "set.tgz", content={"größe.txt": b"x"}, name_encoding="latin-1")
    with unpacked(path) as folder:
        assert content_of(folder) == {"größe.txt": b"x"}
    path = write_zip(tmp_path / "set.zip", content={"?": b"x"})
    path.write_bytes(path.read_bytes().replace(b"?", b"\x84"))  # code page 437, as Windows wrote it
    with unpacked(path) as folder:
        assert content_of(folder) == {"ä": b"x"}


def test_a_zip_that_lies_about_the_encoding_gets_a_sentence(tmp_path, no_leftovers):
    path = write_zip(tmp_path / "set.zip", content={"ä": b"x"})
    path.write_bytes(path.read_bytes().replace("ä".encode(), b"\xff\xff"))
    with pytest.raises(GanprofileError, match="set.zip cannot be unpacked"):
        unpacked(path).__enter__()


def test_permissions_stay_behind(tmp_path):
    info = tarfile.TarInfo("closed")
    info.type, info.mode = tarfile.DIRTYPE, 0o000
    inside = tarfile.TarInfo("closed/file")
    inside.mode = 0o4777
    with unpacked(write_tar(tmp_path / "set.tar", info, inside)) as folder:
        assert (folder / "closed" / "file").read_bytes() == b""
        assert not stat.S_IMODE((folder / "closed" / "file").stat().st_mode) & 0o7111


def write_twins(path, *names):
    """An archive whose members lie where others may lie already."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, name)
    else:
        write_tar(path, *map(tarfile.TarInfo, names), content={})
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_members_that_would_overwrite_each_other_are_refused(tmp_path, suffix):
    path = write_twins(tmp_path / f"twice{suffix}", "a/one.txt", "a/one.txt")
    with (
        pytest.raises(GanprofileError, match="would overwrite 'a/one.txt'"),
        unpacked(path),
    ):
        pass


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
@pytest.mark.parametrize("twin", ["a/One.txt", "A/one.txt", "A/two.txt"])
def test_capitals_count_where_the_file_system_counts_them(tmp_path, suffix, twin, monkeypatch):
    (tmp_path / "probe").touch()
    path = write_twins(tmp_path / f"twice{suffix}", "a/one.txt", twin)
    if not (tmp_path / "PROBE").exists():
        with unpacked(path) as folder:
            files = {str(file.relative_to(folder)) for file in folder.rglob("*.txt")}
            assert files == {"a/one.txt", twin}
    monkeypatch.setattr(Places, "_folded", lambda places, place: place.casefold())
    with pytest.raises(GanprofileError, match="would overwrite 'a/one.txt'"), unpacked(path):
        pass


def test_a_zip_of_the_classes_capital_and_small_a(tmp_path):
    (tmp_path / "probe").touch()
    if (tmp_path / "PROBE").exists():
        pytest.skip("the file system takes A and a for one name")
    for name in ("A", "a"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for k in range(2):
            pixels = np.zeros((8, 8), np.uint8)
            pixels[2 + k, 3 + (name == "A")] = 255
            Image.fromarray(pixels).save(tmp_path / "set" / name / f"{k}.png")
    shutil.make_archive(tmp_path / "packed", "zip", tmp_path / "set")
    train, _ = gp.load(tmp_path / "packed.zip")
    assert train.class_names == ("A", "a") and train.labels.tolist() == [0, 0, 1, 1]
