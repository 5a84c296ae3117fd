"""Names in any case, and what was meant by those that are nearly right."""

import os
import subprocess

import pytest

import ganprofile as gp
from ganprofile.storage.files import is_folder
from ganprofile.storage.names import (
    as_word,
    did_you_mean,
    in_any_case,
    looks_like_path,
    resolved,
)

KNOWN = ["gan", "dcgan", "cdcgan"]


def test_a_name_is_found_in_any_case():
    assert resolved("model", "dcGAN", KNOWN) == "dcgan"
    assert in_any_case("A", ["a", "A"]) == "A"  # classes of letters
    assert in_any_case("É", ["a", "é"]) == "é"
    assert in_any_case("AB", ["ab", "Ab"]) is None, "two could be meant"
    assert in_any_case(7, ["7"]) is None


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(gp.UsageError) as refused:
        resolved("model", "dcgam", KNOWN)
    said = "No model 'dcgam'. Known: gan, dcgan, cdcgan. Did you mean 'dcgan'?"
    assert str(refused.value) == said
    with pytest.raises(gp.UsageError, match=r"No model 7\. Known: gan, dcgan, cdcgan\.$"):
        resolved("model", 7, KNOWN)
    assert did_you_mean("xyzzy", KNOWN, paths=True) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my-scan", "my-scans/"),
        ("my-scan/", "my-scans/"),
        ("./My-Scans", "my-scans/"),
        ("my-scans/page.jpg", "my-scans/page.jpeg"),
        ("my-scna/page.jpeg", "my-scans/page.jpeg"),
        ("my-scna/other", "my-scans/"),
        ("nothing/like/it", None),
        ("", None),
        ("a" * 5000, None),
        ("~no-such-user/x", None),
    ],
)
def test_what_lies_beside_a_path_is_proposed(tmp_path, monkeypatch, typed, meant):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-scans").mkdir()
    (tmp_path / "my-scans" / "page.jpeg").touch()
    said = did_you_mean(typed, paths=True)
    assert said == (f" Did you mean {meant!r}?" if meant else "")


def test_a_path_is_proposed_where_it_may_be_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study1.out").touch()
    assert did_you_mean("study1.ou", paths=is_folder) == ""
    (tmp_path / "study1").mkdir()
    assert did_you_mean("study1.ou", paths=True) == " Did you mean 'study1.out'?"
    assert did_you_mean("study1.ou", paths=is_folder) == " Did you mean 'study1/'?"


def test_names_and_paths_are_proposed_together(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist2").mkdir()
    assert did_you_mean("mnis", ["mnist"], paths=True) == " Did you mean 'mnist' or 'mnist2/'?"


def test_what_can_only_be_a_path_looks_like_one():
    assert all(map(looks_like_path, ["a/", "./a", "a/b", "~", "page.jpg"]))
    assert not any(map(looks_like_path, ["mnist", "my-scan", "lenet-5"]))


@pytest.mark.parametrize(
    "name", ["nb\u202fsp", "a\u3000b", "x\ty'z\\", "caf\udce9", "it's $HOME", "a\u200bb"]
)
def test_a_word_of_a_command_is_what_was_meant(name):
    typed = f"printf %s {as_word(name)}".encode()
    said = subprocess.run([b"bash", b"-c", typed], capture_output=True, check=True)
    assert said.stdout == os.fsencode(name)
