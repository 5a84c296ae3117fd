"""What stands for paper and for ink: the range and the polarity of pixels, declared or recognised.

Images are `(n, height, width, channels)`. What has to work inside a compiled step as well is
written for tensors, too.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import percent, say
from ganprofile.errors import UsageError
from ganprofile.images import to_uint8
from ganprofile.transforms.arrays import Tensor, namespace
from ganprofile.transforms.framing import grey_paper
from ganprofile.transforms.value_ranges import edge_pixels, is_known, recognised_range

AGREED = 0.9  # of the images of a set decide whether ink is dark
LEVEL = 1 / 255  # of a range; half of it is rounding
LOOKED_AT = 20  # images of calls that tell whether they are of the polarity that is expected


def checked_range(
    value_range: Any, dark_on_light: Any
) -> tuple[tuple[float, float] | None, bool | None]:
    """The ends of a range as a tuple, or None, and whether ink is dark, None for not declared.

    Args:
        value_range: two numbers, the greater first where paper is light; or None.
        dark_on_light: a bool, or None.

    Raises:
        UsageError: they are something else, or contradict each other.
    """
    if dark_on_light not in (None, True, False):
        raise UsageError(f"dark_on_light should be a bool or None. Received: {dark_on_light!r}.")
    if dark_on_light is not None:
        dark_on_light = bool(dark_on_light)
    if value_range is None:
        return None, dark_on_light
    try:
        ends = tuple(value_range)
        # Text is no number here, though float reads it.
        low, high = (math.nan if isinstance(end, str | bytes) else float(end) for end in ends)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(high - low) and low != high):
        raise UsageError(
            "value_range should be two different numbers, such as (0, 255) or (-1, 1). "
            f"Received: {value_range!r}."
        )
    if low > high and dark_on_light is False:
        raise UsageError(
            "value_range with the greater end first says that ink is dark, dark_on_light=False "
            f"that it is light. Received: {value_range!r}."
        )
    return ends, True if low > high else dark_on_light


def light_edge_share(images: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """The share of images `(n, height, width, channels)` most of whose edge is light."""
    ops = namespace(images)
    light = ops.cast(ops.mean(images, axis=-1) > (low + high) / 2, "float32")
    edges = ops.mean(edge_pixels(light), axis=1)
    return ops.mean(ops.cast(edges > 0.5, "float32"))


def check_pixels(images: np.ndarray, low: float, high: float, dark_on_light: bool) -> None:
    """Refuse pixels, a NumPy array, that are not of the range that was declared.

    Raises:
        UsageError: there are others, none near paper, or no two that differ by a level.
    """
    least, most = float(images.min()), float(images.max())
    level, middle = LEVEL * (high - low), (low + high) / 2
    is_outside = least < low - level / 2 or most > high + level / 2
    lacks_paper = most <= middle if dark_on_light else least >= middle
    if is_outside or lacks_paper or 0 < most - least <= level:
        paper = high if dark_on_light else low
        raise UsageError(
            f"Pixels should be in {low:g}..{high:g}, {paper:g} being paper, as value_range and "
            "dark_on_light say. "
            f"Received: {least:g}..{most:g}. Declare them as they are, or leave them out."
        )


def as_characters(images: np.ndarray, low: float, high: float, is_dark: bool) -> NDArray[np.uint8]:
    """Pixels in `low` .. `high` as uint8 images, 0 = paper and 255 = ink."""
    shares = (np.asarray(images, np.float32) - low) / (high - low)
    return to_uint8(1.0 - 2.0 * shares if is_dark else 2.0 * shares - 1.0)


class Pixels:
    """What the pixels of images stand for: their range and polarity, declared or recognised.

    Args:
        owner: whose images they are, for sentences.
        value_range: as for `checked_range`.
        dark_on_light: the same; where it is not declared, it is seen by the edges of images.

    Attributes:
        value_range: the ends that were declared, or None.
        dark_on_light: whether ink is dark, None while it is seen in every batch.
        goes_by_edges: whether that was not declared, so that `adapt` sees it.
    """

    def __init__(self, owner: str, value_range: Any, dark_on_light: Any) -> None:
        self.value_range, self.dark_on_light = checked_range(value_range, dark_on_light)
        self._owner, self.goes_by_edges = owner, self.dark_on_light is None
        self._has_said = self._has_guessed = False
        self._seen = self._light = 0.0  # images of calls, and how many of them have light edges

    @property
    def is_looking(self) -> bool:
        """Whether too few images of calls were seen to tell their polarity."""
        return self.dark_on_light is not None and self._seen < LOOKED_AT

    def ends(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The least and the greatest value of images: as declared, else as recognised."""
        return self._declared() if self.value_range else recognised_range(images)

    def paper_and_ink(self, images: Tensor, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """The values that stand for them, of images between these ends."""
        ops = namespace(images)
        is_dark: Any = self.dark_on_light
        if is_dark is None:
            is_dark = light_edge_share(images, low, high) >= AGREED
        return ops.where(is_dark, high, low), ops.where(is_dark, low, high)

    def check(self, images: np.ndarray) -> None:
        """Refuse images that are not as declared.

        Raises:
            UsageError: see `check_pixels`.
        """
        if not self.value_range or not images.size:
            return
        low, high = self._declared()
        is_dark = self.dark_on_light
        if is_dark is None:
            is_dark = bool(light_edge_share(images, low, high) >= AGREED)
        check_pixels(images, low, high, is_dark)

    def say_what_decides(self) -> None:
        """Say once that every batch decides for itself, if it does."""
        if self.dark_on_light is None and not self._has_said:
            self._has_said = True
            say(
                f"{self._owner} goes by the edges of every batch to see whether ink is dark: call "
                "adapt, or declare dark_on_light."
            )

    def say_doubts(self, images: np.ndarray) -> None:
        """Say once of the first images of calls that their range was guessed, and once that they
        are of another polarity than is expected.

        Args:
            images: numbers `(n, height, width, channels)`.
        """
        if not self.is_looking or not images.size:
            return
        images = images[_show_something(images)]
        if not len(images):
            return
        low, high = (float(end) for end in self.ends(images.astype(np.float32)))
        is_sure = self.value_range or images.dtype == np.uint8 or is_known(low, high)
        if not (is_sure or self._has_guessed):
            self._has_guessed = True
            say(
                f"{self._owner} takes these pixels for {low:g}..{high:g}, by the least and the "
                "greatest of them and the edges of the images: declare value_range if they are not."
            )
        self._seen += len(images)
        self._light += len(images) * float(light_edge_share(images, low, high))
        share, is_dark = self._light / self._seen, bool(self.dark_on_light)
        if self._seen >= LOOKED_AT and (1 - share if is_dark else share) >= AGREED:
            expected, given = "dark ink on light paper", "light ink on dark paper"
            expected, given = (expected, given) if is_dark else (given, expected)
            say(
                f"{self._owner} expects {expected}, as adapt saw or dark_on_light={is_dark} says, "
                f"but what it is given looks like {given}, and gets borders of ink. Give it the "
                "images that adapt is given."
            )

    def learned(self, shown: np.ndarray) -> NDArray[np.uint8]:
        """Images as uint8 characters, 0 = paper, and from then on their polarity, if not declared.

        Args:
            shown: numbers `(n, height, width, channels)`; uint8 may have any range.

        Raises:
            UsageError: nothing is to be seen, or they are not as declared.
        """
        if self.goes_by_edges:
            self.dark_on_light = None
        if not _show_something(shown).any():
            raise UsageError(
                "adapt needs images that show something; each of these is of one shade. "
                f"Received: {shown.dtype} {shown.shape}."
            )
        images = shown.astype(np.float32)
        if self.value_range and shown.dtype != np.uint8:
            self.check(images)
            low, high = self._declared()
        else:
            low, high = (float(end) for end in recognised_range(images))
            if shown.dtype != np.uint8:
                say(f"{self._owner} takes these pixels for {low:g}..{high:g}.")
        is_dark = self._seen_polarity(float(light_edge_share(images, low, high)))
        characters = as_characters(images, low, high, is_dark)
        if not self.value_range and (said := grey_paper(characters)):
            say(f"{self._owner}: {said}; bring the levels of paper to an end of the range before.")
        return characters

    def _declared(self) -> tuple[float, float]:
        """The declared range, the lower end first."""
        assert self.value_range
        low, high = sorted(float(end) for end in self.value_range)
        return low, high

    def _seen_polarity(self, share: float) -> bool:
        """Whether the ink of images is dark, of which a share has light edges; said if it is."""
        is_dark = share >= AGREED or (share > 1 - AGREED and bool(self.dark_on_light))
        if self.goes_by_edges:
            self.dark_on_light = is_dark
        if share > 1 - AGREED:
            says = "dark ink on light paper" if is_dark else "light ink on dark paper"
            say(
                f"{self._owner}: {percent(share)}% of the images have light edges; they are taken "
                f"for {says}. Calls expect dark_on_light={self.dark_on_light}."
            )
        return is_dark


def _show_something(images: np.ndarray) -> NDArray[np.bool_]:
    """Which images `(n, height, width, channels)` are not of one shade; a tint is one, too."""
    if not images.size:
        return np.zeros(len(images), bool)
    differ = images.max(axis=(1, 2)) != images.min(axis=(1, 2))
    return np.asarray(differ.any(axis=-1), bool)
