"""What the discriminator pays beside its loss; a penalty is one line in `PENALTIES`."""

from keras import ops


def r1(judge, real_images, gradient_of):
    """Half the mean squared length of the discriminator's gradient at real images.

    Keeps a discriminator that knows its few training images by heart from rising steeply around
    them, where the generator would find no way (Mescheder et al. 2018, arXiv 1801.04406).

    Args:
        judge: images -> logits `(n, 1)`.
        real_images: `(n, height, width, channels)`.
        gradient_of: the backend's `(function, images) -> gradient of its scalar result`.

    Returns:
        A scalar.
    """
    gradients = gradient_of(lambda images: ops.sum(judge(images)), real_images)
    return 0.5 * ops.mean(ops.sum(ops.square(gradients), axis=(1, 2, 3)))


PENALTIES = {"r1": r1}
