"""Arrays brought into the shape that was asked for."""

import dataclasses

import numpy as np

from ganprofile.datasets.loaders.edges import light_paper_share
from ganprofile.datasets.loaders.loaded_data import CONVERTED, LoadedData, check_size
from ganprofile.datasets.loaders.polarity import with_light_ink
from ganprofile.datasets.orientation import turned
from ganprofile.images import fit, luminance, shape_in_words


def shaped_from_outside(reading, options, where):
    """The same of arrays that others wrote, whose ink may be the darker: `with_light_ink`."""
    return shaped(with_light_ink(reading, options, where), options, is_inverted=True)


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
