"""Adam in one operation, beside Keras' own."""

import keras
import numpy as np

from ganprofile.gan.optimizers import Adam

SHAPES = ((7, 5), (5,), (3, 3, 2, 4))


def after(optimizer, steps):
    """Variables and the optimizer's own after some steps along the same gradients."""
    random = np.random.default_rng(0)
    variables = [keras.Variable(random.normal(size=shape), dtype="float32") for shape in SHAPES]
    optimizer.build(variables)
    for _ in range(steps):
        gradients = [random.normal(size=shape).astype("float32") for shape in SHAPES]
        optimizer.apply([keras.ops.convert_to_tensor(one) for one in gradients])
    return [np.asarray(variable) for variable in (*variables, *optimizer.variables)]


def test_it_goes_where_keras_adam_goes():
    settings = {"learning_rate": 0.03, "beta_1": 0.5, "beta_2": 0.97, "epsilon": 1e-5}
    found, expected = (after(kind(**settings), 6) for kind in (Adam, keras.optimizers.Adam))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    assert not np.allclose(found[0], after(Adam(0.03), 6)[0], atol=1e-3), "settings count"
