"""What of a train step PyTorch does in its own way; see `backend/__init__.py`.

PyTorch records what is computed unless it is told not to. Here nothing is recorded but inside of
`gradients` and `gradient_of`, so that no step keeps another's memory.
"""

import contextlib
import weakref

import keras
import torch

from ganprofile.errors import UsageError

WORKER_LOST = ()
MIRRORS = False
unrecorded = torch.no_grad
WITH_GPU = "torch"  # as it is on PyPI, for Linux


def gradients(gan, objective, network):
    """What an objective measured, and its gradients; as in `_tensorflow`."""
    with torch.enable_grad(), _repeatable():
        total, measured = objective()
        trained = [variable.value for variable in network.trainable_variables]
        found = torch.autograd.grad(total, trained)
    return keras.tree.map_structure(torch.Tensor.detach, measured), list(found)


def gradient_of(function, images):
    """The gradient of a scalar function of images at these; in an objective, with its own."""
    is_in_objective = torch.is_grad_enabled()
    with torch.enable_grad():
        watched = images.detach().requires_grad_()
        return torch.autograd.grad(function(watched), watched, create_graph=is_in_objective)[0]


@contextlib.contextmanager
def _repeatable():
    """Threads of a CPU add up what several pixels owe to one in the same order every time."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(before or gpu_count() == 0)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


@torch.no_grad()
def adam_update(optimizer, gradient, variable, learning_rate):
    """Update a variable by Adam in place, with half of Keras' passes; as in `_tensorflow`."""
    index = optimizer._get_variable_index(variable)
    mean, square = optimizer._momentums[index].value, optimizer._velocities[index].value
    steps = int(optimizer.iterations.value) + 1
    mean.lerp_(gradient, 1 - optimizer.beta_1)
    square.mul_(optimizer.beta_2).addcmul_(gradient, gradient, value=1 - optimizer.beta_2)
    correction = (1 - optimizer.beta_2**steps) ** 0.5 / (1 - optimizer.beta_1**steps)
    length = -float(learning_rate) * correction
    variable.value.addcdiv_(mean, square.sqrt().add_(optimizer.epsilon), value=length)


def normal(shape, deviation, seed):
    """`keras.random.normal` about 0."""
    return keras.random.normal(shape, 0.0, deviation, seed=seed)


def uniform(shape, low, high, seed):
    """`keras.random.uniform`."""
    return keras.random.uniform(shape, low, high, seed=seed)


def rows(array, indices):
    """Rows of an array, none of which is out of its bounds."""
    return array[indices]


def compiled(function):
    """A function of arrays without side effects, as it is, but for the record and the arrays."""

    @torch.no_grad()
    def called(*arguments):
        return function(*_tensors(arguments))

    return called


def training_loop(model):
    """What trains a `keras.Model` for several steps in one call; see `backend.training`."""

    def run(batches):
        for number in range(len(keras.tree.flatten(batches)[0])):
            batch = keras.tree.map_structure(lambda arrays, at=number: arrays[at], batches)
            with torch.enable_grad(), _repeatable():
                model.train_step(_tensors(batch))
        model.zero_grad()

    return run


def forward(model):
    """What a model gives for inputs outside of training, as one call; as in `_tensorflow`."""
    known = weakref.ref(model)
    return torch.no_grad()(lambda inputs: known()(inputs, training=False))


def replica():
    """A step sees all images."""
    return 0, 1


def gpu_count():
    """How many GPUs PyTorch sees."""
    return torch.cuda.device_count()


def compiled_step(gan, summed):
    """What `fit` calls with a batch. It is never compiled: that takes long, and wins little."""

    @torch.no_grad()
    def step(data):
        ((batch,),) = data
        return gan.train_step(_tensors(batch))

    return step


def mirrored(kind):
    """Several devices are TensorFlow's and JAX'.

    Raises:
        UsageError: always.
    """
    raise UsageError(
        '`strategy="mirrored"` needs TensorFlow or JAX. Set KERAS_BACKEND=tensorflow or '
        'KERAS_BACKEND=jax, or train on one device with `strategy="one"`.'
    )


def multiworker(kind):
    """Several machines are TensorFlow's.

    Raises:
        UsageError: always.
    """
    raise UsageError('`strategy="multiworker"` needs TensorFlow. Set KERAS_BACKEND=tensorflow.')


def _tensors(arrays):
    """The same in tensors on the device that computes."""
    convert = keras.ops.convert_to_tensor
    return keras.tree.map_structure(lambda one: None if one is None else convert(one), arrays)
