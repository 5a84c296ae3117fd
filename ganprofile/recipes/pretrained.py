"""Pretrained weights: what networks have learned from other people's characters.

`ganprofile/weights/pretrained.json` says from what data, which classes were left out, under which
licence, and how well they read; `tools/train_pretrained.py` trains them.
"""

import dataclasses
import hashlib
import re
from importlib import resources

import numpy as np

from ganprofile.datasets.cards import has_card
from ganprofile.datasets.digit_names import may_be_latin_digits
from ganprofile.datasets.origins import ORIGIN, UNKNOWN
from ganprofile.datasets.recognition import recognised
from ganprofile.datasets.sources.embedded import EMBEDDED
from ganprofile.storage.arrays import open_arrays

LETTERS, CHARACTERS = "letters", "characters"
SHAPE = (28, 28, 1)
MNIST = re.compile(  # words of a name; any other is another script's, as in Kannada-MNIST
    "q?mnist|(train|test)(ing)?|val(id(ation)?)?|parts?|split|subset|samples?|digits?|handwritten|"
    "im(a?ge?)?s?|png|jpe?g|csv|npz|idx|x|px|data(set)?|original|raw|(re)?(scale|size)d?|full|all|"
    "small|mini|few|only|per|class(es)?|my|the|of|in|from|binarized"
)
TAUGHT_LONGER = "They are trained for longer, since they may not have met the script."
UPRIGHT = "upright-"  # before the name of a network that has seen upright views only


@dataclasses.dataclass(frozen=True)
class PretrainedWeights:
    """Networks that the package carries in one version.

    Attributes:
        name: `letters`, of EMNIST's 37 classes of letters, or `characters`, of all 47.
        has_met: whether the images that they are for are of a script that they have met, Latin
            letters and digits, as far as is known.
    """

    name: str
    has_met: bool = True

    def body(self, classifier, is_upright=False):
        """The weights of a classifier but for those of its last layer.

        Args:
            classifier: a name in `classifiers.CLASSIFIERS`.
            is_upright: whether it sees upright views of the images.

        Returns:
            A list of float32 arrays, as `NetworkClassifier.body` gives them; None where there is no
            such network.
        """
        prefix = f"{network_name(classifier, is_upright)}/"
        arrays = open_arrays(self._path())
        names = sorted(name for name in arrays if name.startswith(prefix))
        return [unpacked(arrays[name]) for name in names] or None

    def description(self):
        """What decides what is learned from it, a dict of JSON values."""
        return {"name": self.name, "sha256": hashlib.sha256(self._path().read_bytes()).hexdigest()}

    def _path(self):
        return resources.files("ganprofile.weights") / f"pretrained-{self.name}.npz"


def network_name(classifier, is_upright):
    """What a network is called in a file of weights, of a name in `CLASSIFIERS` and its views."""
    return f"{UPRIGHT * is_upright}{classifier}"


def packed_body(network, body):
    """What a file of weights holds of a network, which `PretrainedWeights.body` reads.

    Args:
        network: its `network_name`.
        body: its arrays, as `NetworkClassifier.body` gives them.

    Returns:
        Name -> uint8 array.
    """
    return {f"{network}/{place:02}": packed(array) for place, array in enumerate(body)}


def packed(array):
    """Numbers in half precision, their two bytes apart: exponents, one beside the other, compress.

    Args:
        array: numbers of any shape.

    Returns:
        uint8 `(2, *shape)`.
    """
    halves = np.ascontiguousarray(array, "<f2")
    return np.stack([halves.view(np.uint8)[..., place::2] for place in (0, 1)])


def unpacked(planes):
    """float32 numbers from what `packed` gave."""
    low, high = planes.astype(np.uint16)
    return (low | high << 8).view(np.float16).astype(np.float32)


def pretrained_for(real):
    """The pretrained weights that may help with some images, and why.

    No network may have seen the characters that it is to read, nor others by their writers: where
    the images are NIST's, as MNIST's and EMNIST's are, letters help with digits, and nothing with
    letters. Other people's images are met by networks of all characters. What decides is where the
    images come from, as their provenance says or their pixels show (`datasets.recognition`); where
    nothing does, digits are met by letters, since they may be NIST's.

    Args:
        real: a `Dataset`.

    Returns:
        `(pretrained, why)`, `PretrainedWeights` or None, and some sentences.
    """
    if tuple(real.image_shape) != SHAPE:
        height, width, _ = real.image_shape
        is_squarish = max(height, width) <= 2 * min(
            height, width
        )  # no word, which would be crushed
        makes_such = " (`image_size=28` and `channels=1` make such)" * is_squarish
        return None, (
            "No pretrained weights: they are of images of 28x28 with one channel, and "
            f"{real.name} has {'x'.join(map(str, real.image_shape))}{makes_such}."
        )
    known = recognised(real).provenance.get(ORIGIN)
    origins = known or [real.name if _says_nist(real.name) else UNKNOWN]
    of_nist = [name for name in origins if name in EMBEDDED or _says_nist(name)]
    by_name = " (so its name says)" * (not known)
    forms = " and ".join(name + by_name for name in of_nist)
    are_digits = may_be_latin_digits(real.class_names)
    if of_nist and not are_digits:
        return (
            None,
            "No pretrained weights: they were trained on characters from the same forms as "
            f"{forms}.",
        )
    name = LETTERS if are_digits and (of_nist or UNKNOWN in origins) else CHARACTERS
    has_met = all(has_card(origin) or origin in of_nist for origin in origins)
    longer = "" if has_met else f" {TAUGHT_LONGER}"
    return PretrainedWeights(name, has_met), _reason(name, forms, origins) + longer


def _says_nist(name):
    """Whether a name says that images come from NIST's forms, as MNIST's and EMNIST's do."""
    name = name.lower()
    is_mnist = "mnist" in name and all(map(MNIST.fullmatch, re.findall(r"[^\W\d_]+", name)))
    return is_mnist or "emnist" in name or "mnist_corrupted" in name


def _reason(name, forms, origins):
    """Why it is these, in a sentence or two."""
    if forms:
        return (
            "Teachers begin with what other people's letters taught (EMNIST without digits, which "
            f"come from the same forms as {forms})."
        )
    if name == LETTERS:
        return (
            "Where these digits come from is not known, so they may be of the writers of EMNIST's: "
            "teachers begin with what its letters taught, without its digits."
        )
    said = "Teachers begin with what other people's letters and digits taught (EMNIST)."
    if UNKNOWN in origins:
        said += (
            " Where these characters come from is not known; if they are EMNIST's, the teachers "
            "have seen them."
        )
    return said
