"""Adam, in as few passes over memory as the framework can; several optimizers in one's place."""

import keras

from ganprofile.backend import backend


@keras.saving.register_keras_serializable(package="ganprofile")
class Adam(keras.optimizers.Adam):
    """Keras' Adam (Kingma, Ba 2015, arXiv 1412.6980) without AMSGrad, its update by the backend.

    In the small networks of characters the optimizer is a good part of a step.
    """

    def update_step(self, gradient, variable, learning_rate):
        backend().adam_update(self, gradient, variable, learning_rate)


class Optimizers:
    """Several optimizers as one: where Keras looks for a model's optimizer and its variables."""

    built = True

    def __init__(self, *optimizers):
        self._optimizers = optimizers

    @property
    def variables(self):
        """Of all of them."""
        return [variable for one in self._optimizers for variable in one.variables]
