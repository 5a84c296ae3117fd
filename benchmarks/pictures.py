"""Many pictures to read."""

import numpy as np

import ganprofile as gp
from ganprofile.images import encode_png


def write_pictures(folder, count):
    """`count` different PNGs, a subfolder per class."""
    digits, _ = gp.load("digits")
    random = np.random.default_rng(0)
    for first in range(0, count, len(digits)):
        some = min(len(digits), count - first)
        noise = random.integers(0, 30, digits.images[:some].shape, dtype=np.uint8)
        noisy = gp.Dataset(digits.images[:some] // 2 + noise, digits.labels[:some])
        for name in noisy.class_names:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for k, (image, label) in enumerate(zip(noisy.images, noisy.labels, strict=True)):
            path = folder / noisy.class_names[label] / f"{first + k:06d}.png"
            path.write_bytes(encode_png(image))
