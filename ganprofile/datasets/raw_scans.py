"""Raw scans that somebody means to learn from as they are: too large, or the character lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganprofile.console import say
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.inspection import SMALL, filled_share
from ganprofile.datasets.loaders import stored_set
from ganprofile.datasets.loaders.loaded_data import LARGEST_LEARNED
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

FILE = "file"  # the column of a dataset that was read from single pictures
CROP = (
    '`photographs="scans"` finds the character on each and crops it ("characters" in any light, '
    '"pages" with several); '
)
SAID = ("photographs", "image_size")  # whoever says one of these has thought of it


def refuse_raw(dataset: Dataset, loading: Mapping[str, Any]) -> None:
    """Refuse large images that a person brought without a word, and offer to crop them.

    Args:
        dataset: as `load` returned it.
        loading: the arguments that it was loaded with.

    Raises:
        UsageError: the images are larger than 128 pixels, and neither `photographs` nor
            `image_size` was said, nor when they were imported.
    """
    if not dataset.recipe or any(loading.get(option) is not None for option in SAID):
        return
    origin = str(dataset.recipe[0].get("load"))
    if origin in DATASETS or stored_set.recognises(Path(origin)):
        return
    name = printable(dataset.name)
    height, width, _ = dataset.image_shape
    if max(height, width) > LARGEST_LEARNED:
        crop = CROP if FILE in dataset.attributes else ""
        raise UsageError(
            f"Images of {name} are {width}x{height}, larger than {LARGEST_LEARNED}: scans as they "
            f"came? {crop}`image_size=28` takes whole images, smaller; "
            f"`image_size={max(height, width)}` as large as they are."
        )
    say_small(dataset, '`photographs="scans"` crops them')


def say_small(dataset: Dataset, what_to_do: str) -> None:
    """Say of single pictures that their characters are lost on them, and what to do."""
    if FILE in dataset.attributes and 0 < (share := filled_share(dataset.images)) < SMALL:
        say(
            f"{printable(dataset.name)}: half of the characters fill less than {share:.0%} of "
            f"their image, where those of MNIST fill 71%, and lose their details; {what_to_do}."
        )
