"""What batch normalisation of a trained network goes by."""

from collections.abc import Iterable
from typing import Any

import keras

from ganprofile.backend import backend


def renew_statistics(network: keras.Model, shown: Iterable[Any], model: keras.Model) -> None:
    """Let batch normalisation go by the weights that are kept.

    In training, its layers remember the images of the last few steps, as weights saw them that
    changed in each. Where an average of the weights is kept, the images look otherwise to it: most
    often by little, now and then by so much that a reader loses ten points. So means and variances
    are taken anew (Izmailov et al. 2018, "Averaging weights leads to wider optima", section 3.2,
    arXiv:1803.05407).

    Args:
        network: whose layers are looked at. Nothing is done where none normalises batches.
        shown: batches of what the model takes in training.
        model: the network itself, or one that ends in it and transforms images before.
    """
    normalising = [
        one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)
    ]
    if not normalising:
        return
    momentum = [layer.momentum for layer in normalising]
    try:
        with backend().unrecorded():
            for number, batch in enumerate(shown):
                for layer in normalising:  # so that every batch counts as much as every other
                    layer.momentum = number / (number + 1)
                model(batch, training=True)
    finally:
        for layer, before in zip(normalising, momentum, strict=True):
            layer.momentum = before
