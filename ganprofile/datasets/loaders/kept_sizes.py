"""How large characters are on a set's pictures, so that they may keep their sizes.

What is cropped to its ink and brought to one size loses what tells `c` from `C`, or a Persian zero
from a five. Where sizes are to be kept, all characters are shrunk by one factor instead, by which
one of middling size fills `glyphs.KEPT` of its image. Some people write twice as large as others,
so where writers are known each has a factor of their own.
"""

import concurrent.futures
import os
import unicodedata

import numpy as np

from ganprofile.datasets.loaders.ink import ink_length
from ganprofile.datasets.loaders.loaded_data import AUTO
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import luminance

LOOKED_AT = 300  # pictures, evenly spaced among all
OF_A_WRITER = 31  # the same of each of many writers
OUTLYING = 0.15  # of the logarithm of a length; people vary as much
ROUNDS = 10  # of weighing outliers; three serve
TINY = 1e-9
ALIKE = 1.05  # times as many pixels an inch, rounded by programs
LARGEST = 8  # times as long as the characters are: then they come out two pixels long
# Small letters, without their marks, of the shape of their capitals: Latin, Greek, Cyrillic and
# Armenian ones; and how Unicode's names begin of those that are capitals made smaller.
LIKE_CAPITALS = frozenset(
    "ckopsuvwxyzøθικοπρτφχψвгджзийклмнопрстуфхцчшщъыьэюяєѕљњџґғҗҙқҡңҫөұүҳҷәօֆս"  # noqa: RUF001
)
SMALLER_CAPITALS = (
    *("CHEROKEE", "COPTIC", "DESERET", "GEORGIAN LETTER", "GLAGOLITIC"),
    *("OLD HUNGARIAN", "OSAGE"),
)


def middling_length(paths, options):
    """How long the ink of a character of middling size is, in pixels of its picture, a float.

    Args:
        paths: of pictures of one character each.
        options: `LoadOptions`.

    Returns:
        What `options.keep_size` says, with `"auto"` the median of some pictures; None where sizes
        are not kept, or no picture shows any ink.

    Raises:
        UsageError: by what `options.keep_size` says nothing would be left of the characters.
    """
    if options.keep_size is None:
        return None
    lengths = _ink_lengths(_some(paths, LOOKED_AT), options)
    found = float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else None
    if options.keep_size == AUTO:
        return found
    if found is not None and options.keep_size > LARGEST * found:
        raise UsageError(
            f"`keep_size={options.keep_size}` is far more than the {found:.0f} pixels that most "
            "characters are long on their pictures, so that next to nothing is left of them. Say "
            'about as many as these, or `keep_size="auto"`.'
        )
    return options.keep_size


def middling_lengths(paths, writers, options, labels=None):
    """The same for every picture, of its own writer where it is to be measured.

    A character is long because of its class as well as of its writer: who wrote nothing but small
    letters does not write small. So both are found together where classes are given, and a writer
    of few characters, or of classes that nobody else wrote, counts as one of middling size as far
    as they say little.

    Args:
        paths: of pictures of one character each.
        writers: who wrote each, integers `(n,)`, below 0 where that is not known.
        options: `LoadOptions`.
        labels: the class of each, integers `(n,)`; None where all wrote the same, in one order.

    Returns:
        float64 `(n,)`; None where sizes are not kept, or no picture shows any ink.
    """
    if options.keep_size != AUTO:
        return None if options.keep_size is None else np.full(len(paths), float(options.keep_size))
    people = np.unique(writers).tolist()
    most = max(OF_A_WRITER, LOOKED_AT // len(people))
    rows = np.concatenate([_some(np.flatnonzero(writers == one), most) for one in people])
    lengths = _ink_lengths([paths[row] for row in rows], options)
    rows, lengths = rows[np.isfinite(lengths)], lengths[np.isfinite(lengths)]
    if not len(rows):
        return None
    if labels is None:
        theirs = {
            one: np.median(lengths[writers[rows] == one]) for one in {*writers[rows].tolist()}
        }
        rest = 1.0  # of whom nothing that was looked at shows ink, the others are large as can be
    else:
        theirs, rest = _beside_others(lengths, writers[rows], labels[rows])
    return np.array([theirs.get(one, rest) for one in writers.tolist()])


def _beside_others(lengths, writers, labels):
    """How long a character of middling size is by each writer: `{writer: length}`, and by others.

    The logarithm of a length is taken for the sum of a part of its class and one of its writer,
    fitted so that few outliers count little (Huber 1964) and writers differ no more than they must.
    """
    from scipy import sparse
    from scipy.sparse.linalg import spsolve

    (people, person), (classes, label) = (
        np.unique(x, return_inverse=True) for x in (writers, labels)
    )
    known, count = people >= 0, len(lengths)
    terms = sparse.csr_array(
        (
            np.concatenate([known[person].astype(float), np.ones(count)]),
            (np.tile(np.arange(count), 2), np.concatenate([person, len(people) + label])),
        )
    )
    ridge = sparse.diags_array(np.repeat([1.0, TINY], [len(people), len(classes)]))
    weights, logs = np.ones(count), np.log(lengths)
    for _ in range(ROUNDS):
        weighted = terms.T * weights
        parts = spsolve((weighted @ terms + ridge).tocsc(), weighted @ logs)
        weights = np.minimum(1, OUTLYING / np.maximum(np.abs(logs - terms @ parts), TINY))
    of_people, of_classes = np.split(parts, [len(people)])
    middling = np.exp(np.median(of_classes))
    return dict(zip(people.tolist(), middling * np.exp(of_people), strict=True)), middling


def _some(values, most):
    """So many at most, evenly spaced."""
    return values[:: -(-len(values) // most)]


def _ink_lengths(paths, options):
    """How long the ink of each picture is, float64 `(n,)`; nan where none can be seen."""

    def length(path):
        try:
            return ink_length(luminance(read_picture(path, options.bits))[..., 0], options.invert)
        except GanprofileError:  # it is refused, or left out, when all are read
            return np.nan

    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        return np.array(list(pool.map(length, paths)), float)


def resolutions_said(stated, middling, name):
    """What is to be said where files say that they were scanned at several resolutions, between
    which sizes cannot be compared.

    Args:
        stated: the pixels an inch of each picture, or None.
        middling: how long a character of middling size is on each; those of different lengths, as
            those of different writers are, are compared with others of their own.
        name: from the place of a picture to what it is called.

    Returns:
        A list of one sentence, or an empty one.
    """
    dpi = np.array([np.nan if one is None else one for one in stated], float)
    told = np.flatnonzero(np.isfinite(dpi))
    for one in np.unique(middling[told]):
        rows = told[middling[told] == one]
        if dpi[rows].max() <= ALIKE * dpi[rows].min():
            continue
        ends = rows[dpi[rows].argmin()], rows[dpi[rows].argmax()]
        low, high = (f"{dpi[row]:.0f} dpi as {name(row)}" for row in ends)
        return [
            f"`keep_size`: pictures say that they are of different resolutions, {low}, and {high}, "
            "so that the sizes of their characters cannot be compared. Bring all to one, unless "
            "what they say is wrong."
        ]
    return []


def lost_sizes(class_names):
    """What is to be said where sizes are not kept, which may be all that tells two classes apart.

    Args:
        class_names: the classes of the pictures.

    Returns:
        A list of one sentence, or an empty one.
    """
    there = set(class_names)
    small = sorted(name for name in there if _capital_of(name) in there - {name})
    alike = [name for name in small if _is_like_its_capital(name)]
    if not alike:
        return []
    return [
        f"Each character was brought to one size, by which classes such as {alike[0]!r} and "
        f"{_capital_of(alike[0])!r} may differ alone. If one person wrote them all, or a table "
        'says who did, and they were scanned at one resolution, `keep_size="auto"` keeps their '
        "sizes."
    ]


def _is_like_its_capital(name):
    letter = unicodedata.normalize("NFD", name)[0]
    return letter in LIKE_CAPITALS or unicodedata.name(letter, "").startswith(SMALLER_CAPITALS)


def _capital_of(name):
    return name.upper() if len(name) == len(name.upper()) == 1 else name
