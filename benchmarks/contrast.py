"""Train an embedding of characters by comparing them: supervised contrastive learning.

Two images of one character, by other hands, are to lie nearer than those of all other characters
beside them (Khosla et al. 2020, arXiv 2004.11362). Half of the characters of a step are Latin, the
others of one alphabet, which are the ones to be told apart; each of these is turned by 0, 90, 180
or 270 degrees, as another character (as in Vinyals et al. 2016, arXiv 1606.04080).
"""

import keras
import numpy as np
from keras import ops

from ganprofile.classifiers import CLASSIFIERS
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float
from ganprofile.transforms.deformation import upright
from ganprofile.transforms.random_transforms import RandomTransforms

TEMPERATURE = 0.1
STEPS = 6000
CHARACTERS, OF_EACH = 32, 4  # in a step
TURNS = 4
SHAPE = (28, 28, 1)


def contrastive_loss(labels, seen):
    """Of every image the mean negative log probability that it is next to one of its character.

    Args:
        labels: integers `(n, 1)`.
        seen: the embedding, `(n, numbers)`.
    """
    directions = ops.normalize(seen, axis=1)
    itself = ops.eye(ops.shape(directions)[0])
    nearness = ops.matmul(directions, ops.transpose(directions)) / TEMPERATURE - 1e9 * itself
    chances = nearness - ops.logsumexp(nearness, axis=1, keepdims=True)
    same = ops.cast(ops.equal(labels, ops.transpose(labels)), chances.dtype) - itself
    return -ops.sum(ops.where(same > 0, chances, 0.0), axis=1) / ops.sum(same, axis=1)


def body_of(alphabets, latin, is_upright, seed):
    """The weights of a classifier `embedding` but for its last layer, trained on characters.

    Args:
        alphabets: `Dataset`s, and
        latin: another one, of which no image is turned.
        is_upright: whether it sees upright views.
        seed: of weights, transforms and order.
    """
    reader = CLASSIFIERS["embedding"](2, STEPS, CHARACTERS * OF_EACH, seed)
    network = reader.build(SHAPE, seed_stream(seed, "classifier"))
    embedding = network.layers[-3].output  # before what follows is cut off at 0
    compared = keras.Model(network.inputs, embedding)
    learner = keras.Sequential([keras.Input(SHAPE), RandomTransforms("classic", seed), compared])
    learner.compile(reader.optimizer(1.0), contrastive_loss)
    images, steps = _shown(alphabets, latin, np.random.default_rng(seed))
    images = upright(images) if is_upright else images
    labels = np.repeat(np.arange(CHARACTERS), OF_EACH)[:, None]
    for rows in steps:
        learner.train_on_batch(to_float(images[rows]), labels)
    learner.optimizer.finalize_variable_values(learner.trainable_variables)
    reader.network = network
    return reader.body()


def _shown(alphabets, latin, random):
    """All images, and an iterator of which of them each step is shown."""
    turned = [np.rot90(one.images, turn, (1, 2)) for one in alphabets for turn in range(TURNS)]
    images = np.concatenate([*turned, latin.images])
    characters, first = [], 0  # of every turned alphabet, where the images of each character are
    for one in [*(one for one in alphabets for _ in range(TURNS)), latin]:
        rows = [first + np.flatnonzero(one.labels == label) for label in range(one.num_classes)]
        characters.append(rows)
        first += len(one)
    return images, _steps(characters[:-1], characters[-1], random)


def _steps(alphabets, latin, random):
    shares = np.array([len(one) for one in alphabets]) / sum(map(len, alphabets))
    of_any = [rows for one in alphabets for rows in one]
    half = CHARACTERS // 2
    for _ in range(STEPS):
        chosen = _some(latin, half, random)
        chosen += _some(alphabets[random.choice(len(alphabets), p=shares)], half, random)
        chosen += _some(of_any, CHARACTERS - len(chosen), random)  # where an alphabet has fewer
        yield np.concatenate([random.choice(rows, OF_EACH, replace=False) for rows in chosen])


def _some(characters, count, random):
    count = min(count, len(characters))
    return [characters[place] for place in random.choice(len(characters), count, replace=False)]
