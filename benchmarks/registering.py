"""What processes beside `side_by_side` do, which need no framework."""

from ganprofile.recipes.deformation import cached_deformations
from ganprofile.transforms.deformation import reduced, upright


def register(images, labels, seed, folder, is_upright):
    """Keep the pairwise deformations of images, or of their upright views."""
    images = upright(reduced(images)) if is_upright else images
    cached_deformations(images, labels, seed, folder)
