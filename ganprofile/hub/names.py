"""`hf:user/name`: a data set or model on the Hub, as people write it."""

import dataclasses
import os
import re

from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

DATASET, MODEL = "dataset", "model"
PREFIX = "hf:"
# One slash where Python's paths have made one of two.
_PART = r"[A-Za-z0-9][\w.-]{0,95}"
_NAME = re.compile(
    rf"hf:/{{0,2}}(?:(?P<kind>dataset|model)s/)?(?P<repo>{_PART}/{_PART})"
    r"(?:/(?P<inside>[^@]+?))?/?(?:@(?P<revision>[\w./-]+))?"
)
PINNED = re.compile(r"[0-9a-f]{40}")


@dataclasses.dataclass(frozen=True)
class HubName:
    """What a name says.

    Attributes:
        repo: `user/name`.
        kind: `DATASET` or `MODEL`, or None where the name leaves that open.
        inside: the path of a folder or file in it, or None for all.
        revision: a branch, tag or commit, or None.
    """

    repo: str
    kind: str | None = None
    inside: str | None = None
    revision: str | None = None

    def __str__(self):
        return f"{PREFIX}{self.repo}" + (f"/{self.inside}" if self.inside else "")


def is_hub_name(name):
    """Whether something that was given for data or a model speaks of the Hub."""
    return isinstance(name, (str, os.PathLike)) and os.fspath(name).startswith(PREFIX)


def parsed(name):
    """The `HubName` of a text.

    Raises:
        UsageError: it cannot be one.
    """
    text = os.fspath(name) if isinstance(name, (str, os.PathLike)) else repr(name)
    found = _NAME.fullmatch(text)
    if found is None or ".." in re.split(r"[/\\]", text):
        raise UsageError(
            "A name on the Hub is hf:USER/NAME, maybe with /FOLDER or @REVISION behind it. "
            f"Received: {printable(text)!r:.200}."
        )
    return HubName(found["repo"], found["kind"], found["inside"], found["revision"])


def with_revision(name, revision):
    """A `HubName` with the revision that was said beside it.

    Raises:
        UsageError: the name has one itself.
    """
    if revision is None:
        return name
    if name.revision is not None:
        raise UsageError(
            f"Say the revision of {name} once, behind @ or as `revision={revision!r}`."
        )
    return dataclasses.replace(name, revision=revision)
