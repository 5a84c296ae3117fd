"""Whether ink is to stay inside its image: declared, or learned of images."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import say
from ganprofile.errors import UsageError
from ganprofile.transforms.framing import touching


class Frame:
    """Whether no ink is moved out of its image, by a set as a whole.

    Args:
        owner: whose images they are, for sentences.
        keep_inside: a bool, or None, which goes by the images that are learned from.

    Attributes:
        keep_inside: what was declared or learned; None before.

    Raises:
        UsageError: it is something else.
    """

    def __init__(self, owner: str, keep_inside: Any) -> None:
        if keep_inside not in (None, True, False):
            raise UsageError(f"keep_inside should be a bool or None. Received: {keep_inside!r}.")
        self.keep_inside: bool | None = None if keep_inside is None else bool(keep_inside)
        self._goes_by_images, self._owner = keep_inside is None, owner

    def learn(self, characters: NDArray[np.uint8]) -> None:
        """See whether ink touches the edge of images, 0 = paper, and say so if it does."""
        if not self._goes_by_images:
            return
        said = touching(characters)
        self.keep_inside = bool(said)
        if said:
            say(f"{self._owner}: {said}")
