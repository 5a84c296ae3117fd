"""The two ways in which a network is told what it looks at or should draw.

`embedding`: learned vectors beside the input (Mirza & Osindero 2014, arXiv 1411.1784).
`projection`: for discriminators; the inner product of a learned vector and the features is added
to the logit (Miyato & Koyama 2018, arXiv 1802.05637).
"""

import keras

from ganprofile.storage.names import check_known

CONDITIONINGS = ("embedding", "projection")
EMBEDDING_DIM, EMBEDDING_STDDEV = 50, 0.5


def condition_inputs(conditions):
    """An integer input `(n,)` for every condition, name -> `keras.Input`."""
    return {name: keras.Input((), dtype="int32", name=name) for name in conditions}


def beside(features, inputs, conditions, seeds):
    """Features `(n, d)` with an embedding of every condition appended.

    The embeddings start with a standard deviation of 0.5. As wide as the noise, the images of a
    class become one image; much narrower, as by default in Keras, classes are told apart late or
    never.
    """
    embedded = embeddings(inputs, conditions, EMBEDDING_DIM, EMBEDDING_STDDEV, seeds)
    return keras.layers.Concatenate()([features, *embedded]) if embedded else features


def projected(logits, features, inputs, conditions, seeds):
    """Logits `(n, 1)` plus, for every condition, its inner product with the features `(n, d)`."""
    width = features.shape[-1]
    embedded = embeddings(inputs, conditions, width, width**-0.5, seeds)
    products = [keras.layers.Dot(axes=1)([features, vector]) for vector in embedded]
    return keras.layers.Add()([logits, *products]) if embedded else logits


def embeddings(inputs, conditions, width, stddev, seeds):
    """For every condition its learned vectors, `(n, width)`."""
    tables = []
    for name, count in conditions.items():
        initializer = keras.initializers.RandomNormal(stddev=stddev, seed=next(seeds))
        tables.append(keras.layers.Embedding(count, width, initializer)(inputs[name]))
    return tables


def check_conditioning(name):
    """Refuse what is not in `CONDITIONINGS`."""
    check_known("conditioning", name, CONDITIONINGS)
