"""Which end of the scale is ink: decided for a whole set, never image by image."""

import dataclasses

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.loaders.edges import dark_ink_share, light_edges, light_paper_share
from ganprofile.datasets.loaders.ink_doubts import faint_ink, framed, grey_paper
from ganprofile.datasets.loaders.loaded_data import AUTO, LoadedData
from ganprofile.errors import UsageError
from ganprofile.images import luminance, middle_levels
from ganprofile.storage.files import printable

# Below this share of agreeing images, nobody should guess which way round a set is.
CLEAR_MAJORITY = 0.9
DARK_INK = "most images look like dark ink on light paper; ink must be the lighter"
ONE_BY_ONE = '`photographs="scans"` finds it out for each picture'


def decide_polarity(light, invert, name):
    """Whether pictures are to be inverted, so that ink is 255.

    Args:
        light: bool `(n,)`, whether each has light paper.
        invert: `"yes"`, `"no"` or `"auto"`: what nine of ten pictures agree on.
        name: gives the name of picture i.

    Raises:
        UsageError: `"auto"`, and the pictures do not agree.
    """
    if invert != AUTO:
        return invert == "yes"
    share = light.mean()
    if 1 - CLEAR_MAJORITY < share < CLEAR_MAJORITY:
        raise UsageError(
            f"{light.sum():,} pictures have light paper (such as {name(light.argmax())}) and "
            f"{(~light).sum():,} dark (such as {name(light.argmin())}). Ink must be lighter than "
            f"paper in all or in none: {ONE_BY_ONE}; or invert some, or "
            'say `invert="yes"` or `invert="no"` for all.'
        )
    return bool(share >= CLEAR_MAJORITY)


def with_light_ink(reading, options, where):
    """A `LoadedData` of arrays from outside, inverted where that is asked for or clear.

    With `invert="auto"` nine of ten images have to be dark on light, and most of each part;
    else arrays are taken for what is documented, 0 = paper. The findings say what was done and
    which images are the other way round than the rest.

    Args:
        reading: a `LoadedData` of uint8 images.
        options: `LoadOptions`.
        where: what the sentence calls the file or folder.
    """
    lights = [light_edges(part.images) for part in reading.parts]
    light = np.concatenate(lights)
    inverted = options.invert == "yes"
    said = []
    if options.invert == AUTO:
        inverted = light.mean() >= CLEAR_MAJORITY and all(some.mean() > 0.5 for some in lights)
        said = [_sentence(light, where)] if inverted else []
    if inverted:
        reading = reading.each(lambda part: dataclasses.replace(part, images=255 - part.images))
    ends = np.cumsum([len(part) for part in reading.parts])

    def place(index):
        number = int(np.searchsorted(ends, index, side="right"))
        return reading.parts[number], index - (ends[number - 1] if number else 0)

    def image(index):
        part, row = place(index)
        return part.images[row]

    odd = [place(index) for index in others(light, inverted, image)]
    findings = {
        **reading.findings,
        "light_paper_share": round(float(light.mean()), 4),
        "inverted": bool(inverted),
        "other_polarity": [printable(part.describe_image(row)) for part, row in odd],
        "assumed": [*said, *reading.findings.get("assumed", ())],
    }
    return LoadedData(*reading.parts, findings=findings)


def refuse_opposite_parts(reading, options, where):
    """Refuse data from outside in whose one part ink is clearly the darker and in the other the
    lighter, unless the user has said which it is.

    Args:
        reading: a `LoadedData`.
        options: `LoadOptions`.
        where: what the sentence calls the file or folder.

    Raises:
        UsageError: ink is at opposite ends of the scale.
    """
    if options.invert != AUTO or reading.test is None:
        return
    shares = [dark_ink_share(part.images) for part in reading.parts]
    if not _are_opposite(shares):
        return
    parts = ["training", "test"]
    is_second = (shares[1] > shares[0]) != reading.findings.get("inverted", False)
    dark, light = reversed(parts) if is_second else parts
    raise UsageError(
        f"{where}: the images of the {dark} part have dark ink on light paper and those of the "
        f"{light} part light ink on dark paper. Ink must be lighter than paper in both: invert the "
        f'{dark} part (255 - images), or say `invert="no"` to take both as they are.'
    )


def _are_opposite(shares):
    """Whether ink is clearly the darker in one of two sets and the lighter in the other."""
    return min(shares) <= 1 - CLEAR_MAJORITY and max(shares) >= CLEAR_MAJORITY


def others(light, inverted, image):
    """Which few images come out with light paper, where most do not, a list of indices.

    A character that fills its image to the edges is none of them: most of it is dark.

    Args:
        light: bool `(n,)`, whether each had light edges.
        inverted: whether all were inverted.
        image: gives image i as it comes out, uint8 `(height, width, channels)`.
    """
    odd = np.flatnonzero(light != inverted).tolist()
    if len(odd) > len(light) / 2:
        return []
    return [index for index in odd if _is_mostly_light(luminance(image(index)))]


def _is_mostly_light(grey):
    return np.median(grey) > middle_levels(grey.min(), grey.max())


def polarity_doubts(reading, invert=AUTO):
    """Sentences on images whose ink does not seem to be the lighter, as they are read.

    Args:
        reading: a `LoadedData`, whose findings may name such images (`"other_polarity"`).
        invert: what was said of it.
    """
    odd = reading.findings.get("other_polarity", ())
    if odd:
        return [_about_others(odd, reading)]
    shares = [light_paper_share(part.images) for part in reading.parts]
    if min(shares) <= 0.5 < max(shares):
        return [
            "ink is darker than paper in most images of one part and lighter in most of the other; "
            "it must be lighter in both: invert one part"
        ]
    if shares[0] > 0.5:
        remedy = f'`invert="{"no" if invert == "yes" else "yes"}"`'
        return [f"{DARK_INK}: {remedy}"]
    if max(shares) > 1 - CLEAR_MAJORITY:
        return [_mixed(max(shares))]
    sentence = framed(reading) or grey_paper(reading) or faint_ink(reading)
    return [sentence] if sentence else []


def say_polarity(reading, invert=AUTO):
    """Say the `polarity_doubts` of data that were read."""
    for sentence in polarity_doubts(reading, invert):
        say(f"{printable(reading.train.name)}: {sentence}.")


def say_dark_ink(dataset):
    """Say it where images of a `Dataset` that was made in a program have dark ink: all or some."""
    share, name = light_paper_share(dataset.images), printable(dataset.name)
    if share >= CLEAR_MAJORITY:
        say(f"{name}: {DARK_INK}: make it of 255 - dataset.images.")
    elif share > 1 - CLEAR_MAJORITY:
        say(f"{name}: {_mixed(share)}.")


def _mixed(share):
    """A sentence of images of both polarities."""
    return (
        f"{share:.0%} of the images look like dark ink on light paper, the others do not; ink must "
        "be lighter than paper in all: invert those"
    )


def opposite_paper(dataset, others_set):
    """A sentence where ink is clearly the darker in one set and the lighter in the other, however
    faint; or None."""
    share, other = (dark_ink_share(one.images) for one in (dataset, others_set))
    if not _are_opposite((share, other)):
        return None
    names = [printable(one.name) for one in (dataset, others_set)]
    light, dark = names if share > other else reversed(names)
    return (
        f"The images of {light} have dark ink on light paper and those of {dark} light ink on "
        "dark paper: neither says anything of the other. Ink must be lighter than paper in both: "
        f'import {light} again with `invert="yes"`, or take 255 - images in Python.'
    )


def say_opposite_paper(dataset, others_set):
    """Say it where two sets clearly have their ink at opposite ends of the scale."""
    if sentence := opposite_paper(dataset, others_set):
        say(sentence)


def _sentence(light, where):
    count = len(light)
    how_many = f"all {count:,}" if light.all() else f"{light.sum():,} of {count:,}"
    return (
        f"{where}: ink is darker than paper in {how_many} images, so all were inverted; "
        '`invert="no"` leaves them as they are.'
    )


def _about_others(odd, reading):
    count = sum(len(part) for part in reading.parts)
    if "photographs" in reading.findings:
        remedy = f"leave `invert` out, and {ONE_BY_ONE}"
    elif "pixel_formats" in reading.findings:
        remedy = f"{ONE_BY_ONE}; or invert or remove them"
    else:
        remedy = "invert or remove them"
    return (
        f"{len(odd):,} of {count:,} images, such as {odd[0]}, look the other way round than the "
        f"rest and come out as dark ink on light paper: {remedy}"
    )
