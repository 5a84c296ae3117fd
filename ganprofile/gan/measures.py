"""What is recorded of every step, as functions of logits and gradients."""

from keras import ops

# Measures of which several devices have a share each; of all others each has the mean.
COUNTS = ("real_logits", "fake_logits")

LOGIT_BINS = 64
LOGIT_LIMIT = 16.0


def logit_counts(logits):
    """How many logits fall into each of 64 bins of equal width over [-16, 16], float32 `(64,)`.

    What lies outside is counted in the first and the last bin.
    """
    scaled = (ops.reshape(logits, (-1,)) + LOGIT_LIMIT) * (LOGIT_BINS / (2 * LOGIT_LIMIT))
    bins = ops.cast(ops.clip(scaled, 0, LOGIT_BINS - 1), "int32")
    return ops.sum(ops.one_hot(bins, LOGIT_BINS), axis=0)


def mean_probability(logits):
    """The mean of the probabilities that logits stand for."""
    return ops.mean(ops.sigmoid(logits))


def global_norm(gradients):
    """The Euclidean length of all gradients together."""
    return ops.sqrt(sum(ops.sum(ops.square(gradient)) for gradient in gradients))
