"""One folder a class, one PNG an image; the file's name is the image's index in the set.

Folders carry the class names where these are safe on every file system and sort in class order
(the digits); else every folder is `INDEX_NAME`, so that tools which number classes by sorted
folder name arrive at our labels, and `a` and `A` stay apart where case does not count.
"""

import re

import numpy as np

from ganprofile.errors import GanprofileError
from ganprofile.images import encode_png, read_png


class Writer:
    """Writes each image at once."""

    def __init__(self, folder, class_names, image_shape):
        self._folder = folder
        self._names = folder_names(class_names)
        self._count = 0
        for name in self._names:
            (folder / name).mkdir()

    def add(self, images, labels):
        """Append images; returns the relative path of each."""
        items = []
        for image, label in zip(images, labels, strict=True):
            item = f"{self._names[label]}/{self._count:07d}.png"
            (self._folder / item).write_bytes(encode_png(image))
            items.append(item)
            self._count += 1
        return items

    def close(self):
        """Nothing is left to write."""


def folder_names(class_names):
    """A folder name for every class (see above)."""
    folded = [name.casefold() for name in class_names]
    plain = all(re.fullmatch(r"[\w-]{1,50}", name, re.ASCII) for name in class_names)
    if plain and len(set(folded)) == len(folded) and sorted(class_names) == list(class_names):
        return list(class_names)
    width = len(str(len(class_names) - 1))
    return [
        f"{index:0{width}d}_{re.sub(r'[^A-Za-z0-9-]', '_', name)[:50]}"
        for index, name in enumerate(class_names)
    ]


def read(folder, info):
    """All PNGs in the order of their index: images uint8, labels int32 `(n,)`."""
    labelled = [
        (path, label)
        for label, name in enumerate(folder_names(info["class_names"]))
        for path in (folder / name).glob("*.png")
    ]
    labelled.sort(key=lambda pair: pair[0].name)
    images = np.empty((len(labelled), *info["image_shape"]), np.uint8)
    for index, (path, _) in enumerate(labelled):
        try:
            image = read_png(path)
        except Exception as error:
            raise GanprofileError(f"{path} is not a readable PNG ({error}).") from error
        if image.shape != images.shape[1:]:
            raise GanprofileError(f"{path} should be {images.shape[1:]}. Received: {image.shape}.")
        images[index] = image
    return images, np.array([label for _, label in labelled], np.int32)
