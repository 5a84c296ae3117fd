"""Arrays brought into the shape that was asked for."""

import dataclasses

import numpy as np

from ganprofile.datasets.loaders.loaded_data import LoadedData, check_size
from ganprofile.datasets.orientation import turned
from ganprofile.images import fit, has_light_edge, luminance

LOOKED_AT = 1000


def shaped(reading, options):
    """A `LoadedData` whose images follow `LoadOptions`.

    Arrays are taken for what is documented, 0 = paper and 255 = ink: `invert="auto"` changes
    nothing, but the findings say how large a share looks the other way round.
    """
    inverted = options.invert == "yes"
    findings = {
        "light_paper_share": light_paper_share(reading.train.images),
        "inverted": inverted,
        **reading.findings,
    }
    done = [
        dataclasses.replace(part, images=_shaped(part.images, options, inverted))
        for part in reading.parts
    ]
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


def looks_inverted(findings):
    """Whether the findings of a `LoadedData` speak for dark ink, and nobody has inverted it."""
    return findings.get("light_paper_share", 0) > 0.5 and not findings.get("inverted", False)


def light_paper_share(images):
    """The share of images, uint8 `(n, height, width, channels)`, whose edge is light."""
    step = -(-len(images) // LOOKED_AT)
    return round(float(np.mean([has_light_edge(image) for image in images[::step]])), 4)


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
