"""Generators and discriminators; a family is one module here and one line in `NETWORKS`."""

from ganprofile.gan.networks import dcgan, mlp, slim
from ganprofile.gan.networks.conditioning import check_conditioning
from ganprofile.storage.names import check_known

NETWORKS = {"mlp": mlp, "dcgan": dcgan, "slim": slim}


def build_generator(family, image_shape, latent_dim, conditions=None, seed=0, **options):
    """A generator: `{"latents": (n, latent_dim), name: (n,)}` -> images in [-1, 1].

    Args:
        family: a name in `NETWORKS`.
        image_shape: `(height, width, channels)`.
        latent_dim: length of the noise vector.
        conditions: name -> number of values, `{"label": 10}`; None or empty for none.
        seed: fixes the initial weights.
        **options: what the family knows (`layers` for `mlp`); `network_options` gives them.

    Returns:
        A `keras.Model` of plain Keras layers.
    """
    build = _family(family).build_generator
    return build(image_shape, latent_dim, conditions or {}, seed=seed, **options)


def build_discriminator(
    family, image_shape, conditions=None, seed=0, conditioning="embedding", **options
):
    """A discriminator: `{"images": (n, height, width, channels), name: (n,)}` -> logits `(n, 1)`.

    Arguments as for `build_generator`, and `conditioning`, a name in `CONDITIONINGS`: how the
    conditions enter. Above 0 means real.
    """
    check_conditioning(conditioning)
    build = _family(family).build_discriminator
    return build(image_shape, conditions or {}, seed=seed, conditioning=conditioning, **options)


def network_options(family, num_classes):
    """The options with which a family is built for data of so many classes."""
    return _family(family).options(num_classes)


def _family(name):
    check_known("network family", name, NETWORKS)
    return NETWORKS[name]
