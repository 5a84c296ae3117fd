"""Images warped: how far a character stays readable, and as images of its class differ."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganprofile.transforms.handwriting.transform import (
        HandwritingTransform as HandwritingTransform,
    )

_PUBLIC = {"HandwritingTransform": "handwriting.transform"}
__all__ = ["HandwritingTransform"]


if not TYPE_CHECKING:  # where it is, a name that does not exist is found

    def __getattr__(name: str) -> Any:
        if name not in _PUBLIC:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__]
