"""The objectives of a semi-supervised GAN, on the logits of K classes.

An image is real with the probability Z / (Z + 1), where Z is the sum of the exponentials of its
logits: the class K + 1, of drawn images, has a logit of 0 (Salimans et al. 2016, arXiv 1606.03498).
All are scalars to be minimised.
"""

from keras import ops


def labelled_loss(logits, labels):
    """The cross-entropy of labelled images: logits `(n, K)`, class indices `(n,)`."""
    return spread_loss(logits, labels, 1.0)


def spread_loss(logits, labels, certainty):
    """The same of images whose labels count as far as `certainty` `(n,)` in 0..1 says."""
    at_label = ops.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return ops.mean(certainty * (ops.logsumexp(logits, axis=1) - at_label))


def real_or_drawn_loss(real_logits, drawn_logits):
    """Real images should be of any class, drawn ones of none; half of the two cross-entropies."""
    real, drawn = (ops.logsumexp(logits, axis=1) for logits in (real_logits, drawn_logits))
    return (ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(drawn))) / 2


def consistency_loss(logits, probabilities):
    """How far the classes of one view are from those of another: squared distances, the mean.

    Tarvainen & Valpola 2017, arXiv 1703.01780.
    """
    return ops.mean(ops.sum(ops.square(ops.softmax(logits) - probabilities), axis=1))


def feature_matching_loss(real_features, drawn_features):
    """The squared distance of the mean features of drawn images from those of real ones, a mean
    over features `(n, units)`: what the generator minimises."""
    return ops.mean(ops.square(ops.mean(real_features, axis=0) - ops.mean(drawn_features, axis=0)))
