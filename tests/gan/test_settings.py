import numpy as np

import ganprofile as gp
from ganprofile.gan.settings import Settings


def test_numbers_of_numpy_are_those_of_python(tiny, tmp_path):
    """A search gives such; Keras refuses their seeds, and JSON all of them."""
    given = {"epochs": np.int64(1), "batch_size": np.uint8(64), "seed": np.int64(3)}
    settings = Settings(**given, learning_rate=np.float32(0.5))
    assert {type(getattr(settings, name)) for name in given} == {int}
    assert (settings.epochs, settings.batch_size, settings.seed) == (1, 64, 3)
    run = gp.train(tiny, "gan", **given, output=tmp_path, progress=False)
    assert gp.resume(run, tiny, epochs=np.int64(2), progress=False).config["settings"]["seed"] == 3


def test_an_experiment_takes_them(tmp_path):
    sizes = {"per_class": np.int64(2), "repeats": np.int64(2), "steps": np.int64(2)}
    options = {"classifier": "mlp", "seed": np.int64(1), "progress": False}
    found = gp.benchmark("digits", arms=["none"], output=tmp_path / "b", **sizes, **options)
    assert len(found.cells) == 2
