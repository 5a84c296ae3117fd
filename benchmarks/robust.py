"""Train an embedding of characters whose images are moved against it: adversarial training.

Networks that learn images moved where their loss rises most carry over to other tasks better than
those that learn them as they are (Salman et al. 2020, arXiv 2007.08489). Each image of a step is
moved once, by a length, along the gradient of its loss (Miyato et al. 2016, arXiv 1605.07725).
"""

import keras
from adversarial_readers import of_length_one
from keras import ops

from ganprofile.backend import backend
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.transforms.deformation import upright

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


class RobustEmbedding(CLASSIFIERS["embedding"]):
    """The classifier `embedding`, trained so."""

    def _learner(self, *given):
        usual = super()._learner(*given)
        learner = Robust([keras.Input(usual.input_shape[1:]), *usual.layers])
        learner.compile(usual.optimizer, usual.loss, jit_compile=usual.jit_compile)
        return learner


def body_of(characters, is_upright, seed, steps, batch):
    """The weights of a classifier `embedding` but for its last layer, trained on characters.

    Args:
        characters: `(images, labels, frequency)`, as `stroke_prior.strokes` gives them.
        is_upright: whether it sees upright views.
        seed: of weights, transforms and order.
        steps: how many.
        batch: images of a step.
    """
    images, labels, frequency = characters
    reader = RobustEmbedding(int(labels.max()) + 1, steps=steps, batch_size=batch, seed=seed)
    seen = upright(images) if is_upright else images
    return reader.fit(seen, labels, frequency, transforms="classic").body()
