"""What the names of arrays and files say: which part of a set they are, and what of it."""

import dataclasses
import re

from ganprofile.datasets.loaders.parts import PART_OF, words

IMAGES, LABELS, WRITERS, CLASS_NAMES = "images", "labels", "writers", "class_names"
ROLES = {
    IMAGES: ("images", "image", "imgs", "img", "x", "data", "pixels", "inputs", "pictures"),
    LABELS: ("labels", "label", "y", "target", "targets", "lbls"),
    WRITERS: ("writers", "writer"),
}
SIZE = re.compile(r"(?<![^\W_])[0-9]+k? ?x ?[0-9]+(?![^\W_])")  # `60k x 784`, in which x is no role
ROLE_OF = {word: role for role, names in ROLES.items() for word in names}
NAMES_OF_CLASSES = ("class_names", "classes", "target_names", "label_names", "classnames")
NAMES_OF_CLASSES += ("classlabels",)  # of MATLAB files that count images by class


@dataclasses.dataclass(frozen=True)
class ArrayName:
    """What the name of an array says.

    Attributes:
        part: `"train"`, `"test"`, `"validation"` or None.
        role: `IMAGES`, `LABELS`, `WRITERS`, `CLASS_NAMES` or None.
        rest: the words that say neither, such as the name of the set.
    """

    part: str | None
    role: str | None
    rest: tuple[str, ...] = ()


def parsed(name):
    """The `ArrayName` of `x_train`, `trainY`, `val_images`, `mnist-test-labels`, ..."""
    if name.lower() in NAMES_OF_CLASSES:
        return ArrayName(None, CLASS_NAMES)
    part, roles, rest = None, [], []
    pieces = [piece for word in words(SIZE.sub(" ", name)) for piece in _pieces(word)]
    for piece in _run_together(pieces):
        if piece in PART_OF:
            part = PART_OF[piece]
        elif piece in ROLE_OF:
            roles.append(ROLE_OF[piece])
        else:
            rest.append(piece)
    # "label images" would be strange; "data labels" is not.
    role = roles[-1] if roles else (IMAGES if part and not rest else None)
    return ArrayName(part, role, tuple(rest))


def _run_together(pieces):
    """The same with `held`, `out` as one word, where two are a part and the first is none."""
    done = []
    for piece in pieces:
        is_second = done and done[-1] not in PART_OF and done[-1] + piece in PART_OF
        done[-1:] = [done[-1] + piece] if is_second else [*done[-1:], piece]
    return done


def _pieces(word):
    """`xtrain` and `trainx` as two words."""
    match = re.fullmatch(r"([xy])(\w+)|(\w+)([xy])", word)
    pieces = [piece for piece in match.groups() if piece] if match else []
    return pieces if any(piece in PART_OF for piece in pieces) else [word]
