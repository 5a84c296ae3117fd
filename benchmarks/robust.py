"""Train an embedding of characters whose images are moved against it: adversarial training.

Networks that learn images moved where their loss rises most carry over to other tasks better than
those that learn them as they are (Salman et al. 2020, arXiv 2007.08489). Each image of a step is
moved once, by a length, along the gradient of its loss (Miyato et al. 2016, arXiv 1605.07725).
"""

import keras
from adversarial_readers import of_length_one, with_learner
from keras import ops

from ganprofile.backend import backend
from ganprofile.classifiers import CLASSIFIERS

MOVED = 1.5  # pixels in -1..1


class Robust(keras.Sequential):
    """A learner, transforms and a network, whose images are moved before they are learned."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """That of the moved images."""
        transforms, network = self.layers
        images = ops.stop_gradient(transforms(x, training=True))

        def lost(moved, training):
            return keras.losses.categorical_crossentropy(
                y, network(moved, training=training), from_logits=True
            )

        worst = backend().gradient_of(lambda moved: ops.sum(lost(moved, False)), images)
        moved = images + MOVED * of_length_one(ops.stop_gradient(worst))
        return ops.mean(lost(moved, True))


RobustEmbedding = with_learner(CLASSIFIERS["embedding"], Robust)
