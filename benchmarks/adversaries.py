"""Several readers that learn against generators, side by side on one GPU.

As `together.py` trains classifiers, this trains the models of `recipes/adversarial.py`: a step is
that of all, vectorised over their variables and their images.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from together import Stacks, in_a_row, padded, stacked

from ganprofile.backend import backend
from ganprofile.classifiers.order import shown_order
from ganprofile.images import to_float
from ganprofile.recipes.adversarial import AdversarialReader

STEPS_AT_ONCE = 500
TOLD = ("label", "certainty")


def adversaries(trainings):
    """The `AdversarialReader`s of `AdversarialTraining`s that differ in seeds and images alone."""
    with jax.default_device(jax.devices("cpu")[0]):
        models = [training.model() for training in trainings]
    columns = [training.columns() for training in trainings]
    images, starts = in_a_row([each["images"] for each in columns])
    shown = {"images": images}
    shown |= {name: in_a_row([each[name] for each in columns])[0] for name in TOLD}
    few = [stacked([getattr(model, name) for model in models]) for name in ("labelled", "labels")]
    orders = [
        _order(each, len(one["images"])) for each, one in zip(trainings, columns, strict=True)
    ]
    orders = np.stack(orders, axis=1) + starts
    stacks = Stacks(models)
    state, steps = stacks.values(), _steps(models[0])
    for at in range(0, len(orders), STEPS_AT_ONCE):
        some = orders[at : at + STEPS_AT_ONCE]
        state = steps(state, len(some), padded(some, STEPS_AT_ONCE), shown, few)
    stacks.put_back(state)
    return [AdversarialReader(model.averaged_reader) for model in models]


def _order(training, columns):
    """Which images every step sees, int32 `(steps, batch)`."""
    shape = training.settings.steps, training.settings.batch
    random = np.random.default_rng(training.seed)
    return (
        shown_order(random, len(columns["images"]), shape[0] * shape[1])
        .reshape(shape)
        .astype(np.int32)
    )


def _steps(model):
    """Some steps of all models, whose variables are stacks, as one compiled function."""
    model.run_eagerly = True  # the step as it is: it is compiled here
    alone = backend().compiled_step(model, ()).step

    def step(state, batch, labelled, labels):
        model.labelled, model.labels = labelled, labels
        return alone(state, batch)[1]

    beside_each_other = jax.vmap(step)

    @functools.partial(jax.jit, donate_argnums=0)
    def steps(state, count, orders, shown, few):
        def one(number, state):
            batch = {name: column[orders[number]] for name, column in shown.items()}
            batch["images"] = to_float(batch["images"], jnp.astype)
            return beside_each_other(state, batch, *few)

        return jax.lax.fori_loop(0, count, one, state)

    return steps
