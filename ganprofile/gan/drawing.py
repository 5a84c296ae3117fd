"""Images from a generator: image k of a seed is the same in every batch, shard and order."""

import concurrent.futures
import os

import numpy as np
from scipy.special import ndtri

from ganprofile.backend import backend, forward
from ganprofile.images import to_uint8
from ganprofile.runtimes.network import ExportedNetwork

# A matrix product may round a row differently in a batch of another size. Drawing always computes
# whole blocks that begin at a multiple of this, so that an image never depends on its neighbours.
BLOCK = 500

# A GPU draws a block in less than a millisecond; noise and rounding take the processor two, so
# several threads do that for a GPU; without one the network itself keeps all cores busy.
THREADS_FOR_A_GPU = 8

BELOW_1 = 1 - 2.0**-53  # the largest number below it

_WORDS_PER_COUNT = 4  # what Philox yields for every value of its counter


def latents(seed, first, count, latent_dim):
    """Standard normal noise for the images `first` .. `first + count - 1` of a seed.

    A counter-based generator (Salmon et al. 2011) starts at any image without drawing the ones
    before it, and the inverse normal distribution takes a fixed number of words for each.

    Returns:
        float32 `(count, latent_dim)`.
    """
    counts = -(-latent_dim // _WORDS_PER_COUNT)
    stream = np.random.Generator(np.random.Philox(key=seed, counter=first * counts))
    uniform = stream.random((count, counts * _WORDS_PER_COUNT))[:, :latent_dim]
    # Never 0 nor 1, whose inverses are infinite: the largest of all numbers would round up to it.
    inside = np.minimum(uniform + 2.0**-54, BELOW_1)
    return ndtri(inside).astype(np.float32)


def draw(generator, seed, first, count, **conditions):
    """The images `first` .. `first + count - 1` of a seed.

    Args:
        generator: a Keras model `{"latents": ..., condition: ...}` -> images in [-1, 1], or an
            `ExportedNetwork` of one.
        seed: a non-negative integer.
        first: index of the first image.
        count: how many.
        **conditions: for every condition of the generator integers `(count,)`.

    Returns:
        uint8 `(count, height, width, channels)`.
    """
    latent_dim = generator.input["latents"].shape[-1]

    def block(start):
        place = np.arange(start, start + BLOCK) - first
        inside = np.clip(place, 0, count - 1)
        inputs = {name: np.asarray(values)[inside] for name, values in conditions.items()}
        inputs["latents"] = latents(seed, start, BLOCK, latent_dim)
        return _images(generator, inputs)[(place >= 0) & (place < count)]

    first_block, *others = range(first - first % BLOCK, first + count, BLOCK)
    parts = [block(first_block)]  # which compiles, once for all threads
    threads = min(_threads(generator), len(others))
    if threads > 1:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            parts += pool.map(block, others)
    else:
        parts += map(block, others)
    return np.concatenate(parts)


def walk(generator, seed, stops, frames_per_stop, **conditions):
    """Pictures of a round walk through latent space, over `stops` random points and back.

    Between two points the way follows the sphere on which nearly all Gaussian noise lies
    (spherical interpolation, White 2016, arXiv 1609.04468).

    Args:
        **conditions: for every condition one value per track, `(tracks,)`; all tracks take the
            same way.

    Returns:
        uint8 `(stops * frames_per_stop, tracks, height, width, channels)`.
    """
    latent_dim = generator.input["latents"].shape[-1]
    points = latents(seed, 0, stops, latent_dim)
    tracks = max([len(values) for values in conditions.values()], default=1)
    frames = []
    for here, there in zip(points, np.roll(points, -1, axis=0), strict=True):
        for share in np.arange(frames_per_stop) / frames_per_stop:
            inputs = {name: np.asarray(values) for name, values in conditions.items()}
            inputs["latents"] = np.tile(_slerp(here, there, share), (tracks, 1))
            frames.append(_images(generator, inputs))
    return np.stack(frames)


def _threads(generator):
    """In how many threads blocks are drawn."""
    if isinstance(generator, ExportedNetwork) or not backend().gpu_count():
        return 1
    return min(THREADS_FOR_A_GPU, os.cpu_count() or 1)


def _images(generator, inputs):
    """uint8 images of one batch."""
    if isinstance(generator, ExportedNetwork):
        return to_uint8(generator.outputs(inputs))
    from keras import ops  # here, so that a set of deformed images is made without a framework

    tensors = {name: ops.convert_to_tensor(values) for name, values in inputs.items()}
    return to_uint8(ops.convert_to_numpy(forward(generator)(tensors)))


def _slerp(here, there, share):
    cosine = here @ there / (np.linalg.norm(here) * np.linalg.norm(there))
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    if angle < 1e-6:
        return here
    return (np.sin((1 - share) * angle) * here + np.sin(share * angle) * there) / np.sin(angle)
