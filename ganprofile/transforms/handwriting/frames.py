"""Whether ink is to stay inside its image, declared or learned of images, and as large as it is."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import say
from ganprofile.errors import UsageError
from ganprofile.transforms.framing import touching


class Frame:
    """What holds for the images of a set as a whole: that no ink leaves them, that sizes stay.

    Args:
        owner: whose images they are, for sentences.
        keep_inside: whether no ink is moved out of its image: a bool, or None, which goes by the
            images that are learned from.
        keep_size: whether images stay about as large as they are, a bool.

    Attributes:
        keep_inside: what was declared or learned; None before.
        goes_by_images: whether that was not declared, so that `adapt` sees it.
        keep_size: what was declared.

    Raises:
        UsageError: it is something else.
    """

    def __init__(self, owner: str, keep_inside: Any, keep_size: Any) -> None:
        if keep_size not in (True, False):
            raise UsageError(f"keep_size should be a bool. Received: {keep_size!r}.")
        if keep_inside not in (None, True, False):
            raise UsageError(f"keep_inside should be a bool or None. Received: {keep_inside!r}.")
        self.keep_inside: bool | None = None if keep_inside is None else bool(keep_inside)
        self.keep_size = bool(keep_size)
        self.goes_by_images, self._owner = keep_inside is None, owner

    def learn(self, characters: NDArray[np.uint8]) -> None:
        """See whether ink touches the edge of images, 0 = paper, and say so if it does."""
        if not self.goes_by_images:
            return
        said = touching(characters)
        self.keep_inside = bool(said)
        if said:
            say(f"{self._owner}: {said}")
