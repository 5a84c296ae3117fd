"""`push`: a set, a model, a reader or a folder of data to Hugging Face's Hub."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from ganprofile.console import DryRun, counted, say
from ganprofile.errors import UsageError
from ganprofile.hub.client import bars_in_terminals, client, host, in_words
from ganprofile.hub.names import HubName, parsed
from ganprofile.publishing.cards import PERSONAL, card_of, licensed
from ganprofile.publishing.leaving import CARD, KINDS, Leaving, leaving, some
from ganprofile.storage.paths import StrPath

THEIRS = (".gitattributes", CARD)  # what the Hub itself puts into a new repository


@dataclasses.dataclass(frozen=True)
class Pushed:
    """What was pushed, and where it is.

    Attributes:
        name: by which `load`, `sample` and whatever else takes data or models find it,
            `hf:user/name`.
        url: of its page.
        commit: which one it is, 40 hexadecimal digits.
        private: whether only its owner may see it.
        files: path in the repository -> bytes.

    Example:
        >>> from ganprofile.publishing import Pushed
        >>> pushed = Pushed("hf:me/digits", "https://huggingface.co/me/digits", "0" * 40, True, {})
        >>> pushed.name, pushed.private
        ('hf:me/digits', True)
    """

    name: str
    url: str
    commit: str
    private: bool
    files: dict[str, int]


def push(
    path: StrPath,
    to: str,
    *,
    public: bool = False,
    licence: str | None = None,
    force: bool = False,
    offline: bool = False,
    dry_run: bool = False,
) -> Pushed | DryRun:
    """Push a folder to Hugging Face's Hub, in one commit, for its owner's eyes only.

    Of a run or a model goes what draws, of a set, a reader or a folder of data every plain file;
    nothing hidden, no links, no code and no pickles, and none of ganprofile's reports that show
    people's images. Paths of this machine in the records of
    ganprofile are cut to their last name. What has no `README.md` gets one.

    Args:
        path: a set that ganprofile wrote, a run, a model or its name, a reader, or a folder of
            data.
        to: where to, `hf:user/name` or `hf://user/name`.
        public: let everybody see it. One that is there keeps what it is.
        licence: as the Hub spells it, such as `"cc-by-4.0"`, for a card that leaves it open.
        force: replace all files of a repository that holds some.
        offline: refuse.
        dry_run: say what would leave and ask nobody.

    Returns:
        A `Pushed`; of a dry run a `DryRun` with every file and its size.

    Raises:
        UsageError: nothing at the path can leave, the name or the licence cannot be one, the name
            is taken or, without `public`, open to all, or the Hub's library is missing.
        GanprofileError: the Hub refuses or cannot be reached, or the folder is damaged.

    Example:
        >>> made = gp.generate("digits-cgan", per_class=2, score=False, output="drawn")
        >>> plan = gp.push(made.path, "hf:me/drawn", dry_run=True)
        >>> plan["private"], "shard-00000.npz" in plan["files"], plan["files"]["README.md"] > 100
        (True, True, True)
    """
    name = parsed(to)
    if name.inside or name.revision:
        raise UsageError(f"Push to all of a repository, hf:{name.repo}. Received: {to!r}.")
    _check_licence(licence)
    found = leaving(path)
    if name.kind not in (None, found.repo_kind):
        raise UsageError(f"{path} is {KINDS[found.kind].what}, no {name.kind}. Received: {to!r}.")
    name = HubName(name.repo)
    if CARD not in found.files:
        found = found.with_card(card_of(found, name, licence).encode())
    else:
        found = _with_licence(found, found.text(CARD), licence)
    _say(found, name, public)
    if dry_run:
        return DryRun(None, _plan(found, name, public))
    if offline:
        raise UsageError(f"{name} is on the Hub, and `offline=True` forbids that anything leaves.")
    return _pushed(found, name, public, force)


def _check_licence(licence: str | None) -> None:
    """Refuse what no licence of the Hub is called, since it goes into a card as it is."""
    if licence is not None and not re.fullmatch(r"[a-z0-9.-]+", licence):
        raise UsageError(
            "`licence` should be a licence as the Hub spells it, in small letters, digits, dots "
            f"and dashes, such as cc-by-4.0. Received: {licence!r}."
        )


def _with_licence(found: Leaving, card: str, licence: str | None) -> Leaving:
    """The same with a licence in a card that leaves it open."""
    if licence is None:
        return found
    text = licensed(card, licence)
    if text is None:
        raise UsageError(
            f"{found.path / CARD} does not leave the licence open. Write it there, or leave out "
            "`licence`."
        )
    return found.with_card(text.encode())


def _plan(found: Leaving, name: HubName, public: bool) -> dict[str, Any]:
    return {
        "to": str(name),
        "kind": found.repo_kind,
        "private": not public,
        "bytes": sum(found.sizes.values()),
        "files": found.sizes,
        "left_out": found.left_out,
        "left_out_of_people": found.of_people,
        "paths_cut": found.changed,
        "paths_left": found.places,
        "writers_named_in": found.naming,
    }


def _say(found: Leaving, name: HubName, public: bool) -> None:
    """What leaves, and that it is about people."""
    sizes = found.sizes
    seen = "everybody" if public else "only you"
    say(
        f"{len(sizes):,} files, {sum(sizes.values()) / 1e6:,.2f} MB, of {found.path} leave this "
        f"machine for the {found.repo_kind} {name}, which {seen} may see."
    )
    say(f"{PERSONAL} Push only what they agreed to.")
    if found.changed:
        say(f"Paths of this machine are cut to their last name in: {some(found.changed, 9)}.")
    if found.places:
        say(f"Paths of this machine are left in: {some(found.places, 9)}.")
    if found.naming:
        say(
            f"{counted(len(found.writers), 'writer')} ({some(found.writers, 3)}) can be known by "
            f"name from: {some(found.naming, 9)}."
        )
    if found.left_out:
        say(f"{len(found.left_out):,} stay here: {some(found.left_out, 9)}.")
    if found.of_people:
        say(f"People's images are in {some(found.of_people, 9)}: therefore they stay here.")


def _pushed(found: Leaving, name: HubName, public: bool, force: bool) -> Pushed:
    api = client()
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    repo = {"repo_id": name.repo, "repo_type": found.repo_kind}
    with in_words(api, name, "could not be pushed"), bars_in_terminals():
        if api.repo_exists(**repo):
            info = api.repo_info(**repo)
            private, theirs = bool(info.private), {one.rfilename for one in info.siblings or ()}
            _refuse(name, host(api), public, private, theirs, force)
        else:
            api.create_repo(**repo, private=not public)
            private, theirs = not public, set()
        stale = sorted(theirs - found.files.keys() - {".gitattributes"})
        operations = [
            *(CommitOperationDelete(path_in_repo=file) for file in stale),
            *(
                CommitOperationAdd(path_in_repo=file, path_or_fileobj=content)
                for file, content in sorted(found.files.items())
            ),
        ]
        message = f"Push {KINDS[found.kind].what}"
        commit = api.create_commit(**repo, operations=operations, commit_message=message)
    folder = "" if found.repo_kind == "model" else f"{found.repo_kind}s/"
    url = f"{api.endpoint}/{folder}{name.repo}"
    return Pushed(str(name), url, commit.oid, private, found.sizes)


def _refuse(
    name: HubName, where: str, public: bool, private: bool, theirs: set[str], force: bool
) -> None:
    """Neither open what is private, nor show what was to be, nor replace what is there."""
    if private == public:
        state, other = ("private", "Open it on its page") if private else ("public", "Say `public`")
        raise UsageError(f"{name} is there on {where} and {state}. {other}, or use another name.")
    if not force and theirs - set(THEIRS):
        raise UsageError(
            f"{name} holds {len(theirs):,} files on {where} already. Use another name, or replace "
            "them with `force=True`."
        )
