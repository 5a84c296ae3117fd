"""Registries to which installed packages add by entry points.

A package that depends on ganprofile names what it adds in its metadata, by one of the groups
`ganprofile.datasets`, `ganprofile.presets`, `ganprofile.metrics` and `ganprofile.formats`:

    [options.entry_points]
    ganprofile.metrics =
        ink = my_package:ink_difference

Nothing of it is imported before its name is used, or all names are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from importlib import metadata
from typing import Any, Generic, TypeVar

from ganprofile.errors import GanprofileError

Entry = TypeVar("Entry")


class Registry(MutableMapping[str, Entry], Generic[Entry]):
    """Name -> entry: our own, in their order, then those of installed packages by name.

    Args:
        group: the entry points' group.
        own: our own entries, a dict; a package that takes one of their names is refused.
        adapt: called with the name and the loaded object of an entry point; returns the entry.
        reserved: more names that no package may take.

    Raises:
        GanprofileError: where an entry is asked for whose package fails, or takes a name of ours
            or of another package.
    """

    def __init__(
        self,
        group: str,
        own: Mapping[str, Entry],
        adapt: Callable[[str, Any], Entry] = lambda name, loaded: loaded,
        reserved: Iterable[str] = (),
    ) -> None:
        self.group = group
        self._entries = dict(own)
        self._adapt = adapt
        self._reserved = frozenset(reserved)
        self._added: dict[str, metadata.EntryPoint] | None = None

    def __getitem__(self, name: str) -> Entry:
        if name not in self._entries:
            self._entries[name] = self._loaded(self._entry_points()[name])
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries or name in self._entry_points()

    def __setitem__(self, name: str, entry: Entry) -> None:
        self._entries[name] = entry

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __iter__(self) -> Iterator[str]:
        more = self._entry_points()
        return iter([*self._entries, *(name for name in sorted(more) if name not in self._entries)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _entry_points(self) -> dict[str, metadata.EntryPoint]:
        if self._added is None:
            found: dict[str, metadata.EntryPoint] = {}
            for point in metadata.entry_points(group=self.group):
                if point.name in self._entries or point.name in self._reserved:
                    raise _refusal(point, "which has one of this name already")
                other = found.setdefault(point.name, point)
                if other.value != point.value or _package(other) != _package(point):
                    also = f"as {_package(other)[0].lower()}{_package(other)[1:]} does"
                    raise _refusal(point, also)
            self._added = found
        return self._added

    def _loaded(self, point: metadata.EntryPoint) -> Entry:
        try:
            return self._adapt(point.name, point.load())
        except Exception as error:  # a package may fail in any way; the user needs to know which
            raise GanprofileError(
                f"{_package(point)} adds {point.name!r} to {self.group}, which cannot be loaded "
                f"({point.value}): {type(error).__name__}: {error}. Update or uninstall it."
            ) from error


def only(is_right: Callable[[Any], bool], what: str) -> Callable[[str, Any], Any]:
    """An `adapt` of a `Registry` that takes a loaded object as it is where it is right.

    Args:
        is_right: whether an object is what an entry has to be.
        what: such objects in words.
    """

    def adapt(name: str, loaded: Any) -> Any:
        if not is_right(loaded):
            raise TypeError(f"It should be {what}. Received: {loaded!r:.60}")
        return loaded

    return adapt


def _refusal(point: metadata.EntryPoint, why: str) -> GanprofileError:
    return GanprofileError(
        f"{_package(point)} adds {point.name!r} to {point.group}, {why}. Rename it there, or "
        "uninstall the package."
    )


def _package(point: metadata.EntryPoint) -> str:
    return "An installed package" if point.dist is None else f"The package {point.dist.name}"
