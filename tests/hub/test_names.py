"""How people write what is on the Hub."""

from pathlib import Path

import pytest

import ganprofile as gp
from ganprofile.hub.names import HubName, is_hub_name, parsed, with_revision


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hf:me/a-b.c", HubName("me/a-b.c")),
        ("hf://me/a", HubName("me/a")),
        (Path("hf://me/a"), HubName("me/a")),
        ("hf:me/a/x/y", HubName("me/a", inside="x/y")),
        ("hf:me/a/x/@v1.0", HubName("me/a", inside="x", revision="v1.0")),
        ("hf:me/a@refs/convert/parquet", HubName("me/a", revision="refs/convert/parquet")),
        ("hf://datasets/me/a", HubName("me/a", "dataset")),
        ("hf:models/me/a", HubName("me/a", "model")),
    ],
)
def test_names_say_what_they_mean(text, name):
    assert is_hub_name(text) and parsed(text) == name


@pytest.mark.parametrize(
    "text", ["hf:", "hf:mnist", "hf:me/../a", "hf:me/a/../../b", "hf:m e/a", None]
)
def test_others_are_refused(text):
    with pytest.raises(gp.UsageError, match="A name on the Hub is hf:USER/NAME"):
        parsed(text)


def test_a_revision_is_said_once():
    assert with_revision(parsed("hf:me/a"), "v1").revision == "v1"
    with pytest.raises(gp.UsageError, match="once, behind @ or as"):
        with_revision(parsed("hf:me/a@v1"), "v2")
    with pytest.raises(gp.UsageError, match="`revision` is for names on the Hub"):
        gp.load("digits", revision="v1")
    assert not is_hub_name("mnist") and not is_hub_name(3)
