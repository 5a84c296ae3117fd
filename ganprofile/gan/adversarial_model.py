"""What models have in common whose networks are trained against each other."""

import keras
import numpy as np
from keras import ops

from ganprofile.backend import backend
from ganprofile.errors import UsageError
from ganprofile.gan.measures import COUNTS


class AdversarialModel(keras.Model):
    """Networks that learn in turn, each by an optimizer of its own, in steps that `fit` compiles.

    A subclass has `train_step`, `optimizer_of` and `parts`, and an `optimizer` that stands for all.
    """

    def parts(self):
        """What training changes: the name of a part -> its variables, always in one order."""
        raise NotImplementedError

    def make_train_function(self, force=False):
        """Make the function that `fit` calls for every step."""
        if self.train_function is None or force:
            self.train_function = backend().compiled_step(self, COUNTS)

    def _maybe_symbolic_build(self, *args, **kwargs):
        """Do nothing: all is built. Keras would look at a batch, which several workers cannot."""

    def _symbolic_build(self, *args, **kwargs):
        """The same, by the name that it has on PyTorch."""

    def every_variable(self):
        """All that training changes: weights, averages, optimizers, seeds."""
        return list(self._named_variables().values())

    def state(self):
        """Everything that training changes, name -> array: weights, averages, optimizers, seeds."""
        return {name: np.asarray(value) for name, value in self._named_variables().items()}

    def restore(self, state):
        """Put back what `state` gave.

        Raises:
            UsageError: the state is of other networks or optimizers.
        """
        variables = self._named_variables()
        shapes = {name: tuple(variable.shape) for name, variable in variables.items()}
        received = {name: array.shape for name, array in state.items()}
        if shapes != received:
            wrong = sorted(set(shapes.items()) ^ set(received.items()))[0][0]
            raise UsageError(
                f"The checkpoint belongs to other networks or optimizers: {wrong} should have "
                f"shape {shapes.get(wrong)}. Received: {received.get(wrong)}."
            )
        for name, variable in variables.items():
            variable.assign(state[name])

    def _named_variables(self):
        return {
            f"{part}/{index:03d}": variable
            for part, variables in self.parts().items()
            for index, variable in enumerate(variables)
        }


def move_average(averaged, trained, updates, momentum):
    """Move a network a little towards another one of the same form.

    The momentum grows to its value with the number of updates, so that a short training is not
    averaged with its random beginning.

    Args:
        averaged: the network that moves.
        trained: the one that learns.
        updates: how often that has learned, a scalar.
        momentum: in 0..1.
    """
    done = ops.cast(updates, keras.config.floatx())
    share = 1.0 - ops.minimum(momentum, (1.0 + done) / (10.0 + done))
    # Not the seeds of noise and dropout, which are among the variables.
    for average, current in zip(averaged.weights, trained.weights, strict=True):
        average.assign(average + share * (current - average))
