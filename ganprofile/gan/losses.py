"""The objectives of the two players, on logits; a loss is one line in `LOSSES`.

Every function takes logits `(n, 1)` and returns a scalar to be minimised. With D = sigmoid(logit),
-log D(x) is softplus(-logit) and -log(1 - D(x)) is softplus(logit), which stay finite where the
sigmoid itself has been rounded to 0 or 1. The hinge loss reads logits as scores on an open scale.
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


def minimax_loss(fake_logits):
    """E log(1 - D(G(z))): the two players' minimax game as it is written."""
    return -ops.mean(ops.softplus(fake_logits))


def non_saturating_loss(fake_logits):
    """-E log D(G(z)): the same fixed point, but strong gradients while D is ahead."""
    return ops.mean(ops.softplus(-fake_logits))


def hinge(real_logits, fake_logits):
    """E max(0, 1 - real) + E max(0, 1 + fake): what is right by a margin of 1 teaches no more.

    Lim & Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957.
    """
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))


def minus_logit(fake_logits):
    """-E logit: gradients of the same strength wherever the discriminator stands."""
    return -ops.mean(fake_logits)


LOSSES = {
    "non_saturating": AdversarialLoss(binary_cross_entropy, non_saturating_loss),
    "minimax": AdversarialLoss(binary_cross_entropy, minimax_loss),
    "hinge": AdversarialLoss(hinge, minus_logit),
}
