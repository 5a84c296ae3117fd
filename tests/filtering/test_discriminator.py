import shutil

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.filtering.discriminator import discriminator_of
from ganprofile.images import to_float


class Keep(keras.callbacks.Callback):
    def on_train_end(self, logs=None):
        self.network = self.model.discriminator


@pytest.mark.slow
def test_it_says_what_the_trained_one_said(tiny, tmp_path):
    keep = Keep()
    options = {"epochs": 1, "output": tmp_path, "progress": False, "callbacks": [keep]}
    run = gp.train(tiny.subset(2), "cdcgan", **options)
    discriminator = discriminator_of(gp.Run.open(run.path))
    arguments = {"label": tiny.labels[:9]}
    inputs = {"images": to_float(tiny.images[:9]), **arguments}
    expected = keras.ops.convert_to_numpy(keep.network(inputs, training=False))[:, 0]
    assert np.allclose(discriminator(tiny.images[:9], arguments), expected, atol=1e-5)
    assert expected.std() > 0


def test_a_model_has_none_and_a_damaged_checkpoint_is_told(short_run, tmp_path):
    assert discriminator_of(gp.Run.open("digits-cgan")) is None
    run = gp.Run.open(shutil.copytree(short_run.path, tmp_path / "run"))
    arrays = {name: value for name, value in run.load_checkpoint().items() if "/003" not in name}
    run.save_checkpoint(arrays)
    with pytest.raises(GanprofileError, match="no discriminator of this run"):
        discriminator_of(run)
