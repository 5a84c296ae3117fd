"""The convolutional networks of `dcgan`, half as wide: they cost less than half."""

from ganprofile.gan.networks.dcgan import build_discriminator, build_generator

__all__ = ["build_discriminator", "build_generator", "options"]

WIDEST = 32


def options(num_classes):
    """The networks are the same for any number of classes."""
    return {"widest": WIDEST}
