"""Two optimizers in the place where Keras expects one."""


class Optimizers:
    """Several optimizers as one: where Keras looks for a model's optimizer and its variables."""

    built = True

    def __init__(self, *optimizers):
        self._optimizers = optimizers

    @property
    def variables(self):
        """Of all of them."""
        return [variable for one in self._optimizers for variable in one.variables]
