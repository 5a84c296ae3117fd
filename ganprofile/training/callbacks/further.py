"""The user's own Keras callbacks: which cannot work here, and what the others are told."""

import keras
import numpy as np

from ganprofile.errors import UsageError
from ganprofile.training.callbacks.recorder import MEANS


def _always(one):
    return True


def _sets_the_rate_of_a_model(one):
    """Whether some of what it does with an epoch is what Keras wrote, for a model of one rate."""
    nothing, kind = keras.callbacks.Callback, type(one)
    hooks = {getattr(kind, name) for name in ("on_epoch_begin", "on_epoch_end")}
    hooks -= {nothing.on_epoch_begin, nothing.on_epoch_end}
    return any(hook.__module__.startswith("keras.") for hook in hooks)


def _is_undecided(one):
    """Whether Keras would end the training, since it cannot know what is better."""
    is_compared = getattr(one, "save_best_only", True)
    return getattr(one, "mode", None) == "auto" and one.monitor in MEANS and is_compared


# Classes of keras.callbacks, which of them, and why not.
UNFIT = (
    (
        ("LearningRateScheduler", "ReduceLROnPlateau"),
        _sets_the_rate_of_a_model,
        "The two networks learn at rates of their own, and {name} changes one of a model. Leave it "
        "out, and set `learning_rate` and `learning_rate_ratio`.",
    ),
    (
        ("EarlyStopping",),
        lambda one: one.restore_best_weights,
        "The best epoch is kept anyway, by what it draws. Leave restore_best_weights out of "
        "{name}.",
    ),
    (
        ("EarlyStopping", "ModelCheckpoint"),
        _is_undecided,
        'Whether the {monitor} should fall or rise is not known. Add mode="min" or mode="max" to '
        "{name}.",
    ),
    (
        ("SwapEMAWeights",),
        _always,
        "The optimizers keep no average for {name} to use: the generator's weights are averaged as "
        "`ema_momentum` says. Leave it out.",
    ),
    (
        ("BackupAndRestore",),
        _always,
        "A run keeps its own state, to which resume goes back, and {name} would put another in its "
        "place. Leave it out.",
    ),
)


def check_callbacks(callbacks):
    """Refuse what is no callback of Keras, or one of its own that cannot work here.

    Raises:
        UsageError: one is.
    """
    for one in _each(callbacks):
        if not isinstance(one, keras.callbacks.Callback):
            raise UsageError(
                "callbacks should be made of keras.callbacks.Callback. "
                f"Received: {type(one).__name__}."
            )
        for names, is_unfit, words in UNFIT:
            kinds = tuple(getattr(keras.callbacks, name) for name in names)
            if isinstance(one, kinds) and is_unfit(one):
                monitor = str(getattr(one, "monitor", "")).replace("_", " ")
                raise UsageError(words.format(name=type(one).__name__, monitor=monitor))


def _each(callbacks):
    """The callbacks, those of a `CallbackList` among them one by one."""
    for one in callbacks:
        if isinstance(one, keras.callbacks.CallbackList):
            yield from _each(one.callbacks)
        else:
            yield one


class Further(keras.callbacks.CallbackList):
    """Calls the user's callbacks with the measures of a step that are one number each.

    Keras' own take no histograms. What a callback writes into the measures is seen by those after
    it, and not by the history.
    """

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, _numbers(logs))

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, _numbers(logs))

    def on_train_end(self, logs=None):
        super().on_train_end(_numbers(logs))


def _numbers(logs):
    return {name: value for name, value in (logs or {}).items() if np.ndim(value) == 0}
