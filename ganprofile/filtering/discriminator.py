"""The discriminator of a finished run, where its checkpoint is still there."""

import numpy as np

from ganprofile.backend import backend
from ganprofile.errors import GanprofileError
from ganprofile.images import to_float


def discriminator_of(run):
    """What a run's discriminator says of images.

    Args:
        run: a `Run`.

    Returns:
        A function of uint8 images `(n, height, width, channels)` and of their conditions, name ->
        int `(n,)`, to float32 logits `(n,)`, above 0 = rather real; None for a model, which has no
        checkpoint.

    Raises:
        GanprofileError: the checkpoint is damaged or of other networks.
    """
    arrays = run.load_checkpoint()
    if arrays is None:
        return None
    network = _restored(run, arrays)

    def logits(images, conditions):
        from keras import ops

        inputs = {name: ops.convert_to_tensor(values) for name, values in conditions.items()}
        inputs["images"] = ops.convert_to_tensor(to_float(images))
        with backend().unrecorded():
            said = ops.cast(network(inputs, training=False), "float32")
        return ops.convert_to_numpy(said)[:, 0]

    return logits


def _restored(run, arrays):
    from ganprofile.gan.presets import build_gan
    from ganprofile.gan.settings import Settings

    try:
        settings = Settings(**run.config["settings"])
        classes = len(run.class_names)
        network = build_gan(run.image_shape, run.conditions, classes, settings).discriminator
        for index, variable in enumerate(network.variables):
            variable.assign(np.asarray(arrays[f"gan/discriminator/{index:03d}"]))
    except (KeyError, TypeError, ValueError) as error:
        raise GanprofileError(
            f"The checkpoint of {run.path} holds no discriminator of this run ({error}). "
            'Copy the whole folder again, or say `filter="none"`.'
        ) from error
    return network
