"""The objectives of the two players, on logits; a loss is one line in `LOSSES`.

Every function takes logits `(n, 1)` and returns a scalar to be minimised. With D = sigmoid(logit),
-log D(x) is softplus(-logit) and -log(1 - D(x)) is softplus(logit), which stay finite where the
sigmoid itself has been rounded to 0 or 1.
"""

import dataclasses
from collections.abc import Callable

from keras import ops


@dataclasses.dataclass(frozen=True)
class AdversarialLoss:
    """What the discriminator and the generator minimise."""

    discriminator: Callable
    generator: Callable


def binary_cross_entropy(real_logits, fake_logits):
    """-E log D(x) - E log(1 - D(G(z))) (Goodfellow et al. 2014)."""
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


def log_one_minus(fake_logits):
    """E log(1 - D(G(z))): the two players' minimax game as it is written."""
    return -ops.mean(ops.softplus(fake_logits))


def minus_log(fake_logits):
    """-E log D(G(z)): the same fixed point, but strong gradients while D is ahead."""
    return ops.mean(ops.softplus(-fake_logits))


LOSSES = {
    "non_saturating": AdversarialLoss(binary_cross_entropy, minus_log),
    "minimax": AdversarialLoss(binary_cross_entropy, log_one_minus),
}
