"""Arrays brought into the shape that was asked for."""

import dataclasses

import numpy as np

from ganprofile.datasets.loaders.edges import light_paper_share
from ganprofile.datasets.loaders.loaded_data import CONVERTED, LoadedData, check_size
from ganprofile.datasets.loaders.pictures import NO_COLOUR
from ganprofile.datasets.loaders.polarity import with_light_ink
from ganprofile.datasets.orientation import turned
from ganprofile.images import fit, luminance, shape_in_words

BLOCK = 256  # images that are asked at once whether they are coloured


def shaped_from_outside(reading, options, where):
    """The same of arrays that others wrote, whose ink may be the darker: `with_light_ink`; and grey
    be stored as colours: `in_grey`."""
    reading = in_grey(reading, where) if options.channels is None else reading
    return shaped(with_light_ink(reading, options, where), options, is_inverted=True)


def in_grey(reading, where):
    """A `LoadedData` whose images have one channel where those of all parts show only greys, as
    pictures in files then have.

    Args:
        reading: a `LoadedData` of uint8 images.
        where: what the sentence calls the file or folder.
    """
    if reading.train.image_shape[-1] == 1 or not all(_are_grey(p.images) for p in reading.parts):
        return reading
    said = f"{where}: all images show only greys in their three channels, which were taken for one."
    grey = reading.each(lambda part: dataclasses.replace(part, images=luminance(part.images)))
    return grey.saying(said)


def _are_grey(images):
    """Whether channels are equal, or as nearly as WebP and JPEG leave them; most coloured images
    tell at once that they are not."""
    blocks = (images[first : first + BLOCK] for first in range(0, len(images), BLOCK))
    return all(np.ptp(block, axis=-1).max() <= NO_COLOUR for block in blocks)


def shaped(reading, options, is_inverted=False):
    """A `LoadedData` whose images follow `LoadOptions`.

    What is known, or was given in Python, is taken for what is documented, 0 = paper and 255 =
    ink: `invert="auto"` changes nothing. What `is_inverted` already, as was asked, stays.
    """
    inverted = options.invert == "yes" and not is_inverted
    findings = {
        "light_paper_share": light_paper_share(reading.train.images),
        "inverted": inverted,
        **reading.findings,
    }
    done = [
        dataclasses.replace(part, images=_shaped(part.images, options, inverted))
        for part in reading.parts
    ]
    before = reading.train.image_shape
    findings.pop(CONVERTED, None)  # of an import
    if done[0].image_shape != before:
        findings[CONVERTED] = shape_in_words(before)
    return LoadedData(*done, findings=findings)


def upright(reading, options):
    """A `LoadedData` whose images are turned as `LoadOptions` say; its findings remember it."""
    turns = {
        name: value
        for name, value in {"transpose": options.transpose, "rotate": options.rotate}.items()
        if value
    }
    if not turns:
        return reading
    turned_reading = reading.each(
        lambda part: dataclasses.replace(part, images=turned(part.images, **turns))
    )
    return dataclasses.replace(turned_reading, findings={**reading.findings, **turns})


def _shaped(images, options, inverted):
    if inverted:
        images = 255 - images
    if options.channels == 1:
        images = luminance(images)
    elif options.channels == 3 and images.shape[-1] == 1:
        images = images.repeat(3, axis=-1)
    size = options.image_size
    if size is not None and images.shape[1:3] != (size, size):
        check_size(len(images), (size, size, images.shape[-1]))
        resized = np.empty((len(images), size, size, images.shape[-1]), np.uint8)
        for index, image in enumerate(images):
            resized[index] = fit(image, size, size)
        images = resized
    return images
