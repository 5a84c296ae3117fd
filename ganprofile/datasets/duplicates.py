"""Images that occur more than once: inside a part, across the parts, under several labels; and
across the parts, saved again as something that is not quite the same."""

import dataclasses

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.fingerprint import hash_images, image_sums
from ganprofile.datasets.origins import ALLOWED, ORIGIN, REMOVED, SHEETS, UNKNOWN, marked
from ganprofile.datasets.similarity.near_copies import affordable, near_copies, near_copies_within
from ganprofile.datasets.similarity.strokes import bare_strokes
from ganprofile.datasets.synthetic import was_made_of
from ganprofile.errors import UsageError
from ganprofile.images import TO_ONE_SHAPE, shape_in_words
from ganprofile.storage.files import printable

# The largest share of test images that may be alike by chance: of two parts of one published set,
# or where all of them are bare strokes, as 0.3 % in Chars74K.
ALIKE = 0.005
# Images saved again are of all kinds: so unlikely it has to be that so many at random are strokes.
UNLIKELY = 0.001
SHARE_OF = 1000  # images are looked at for the share of strokes
SAID_FROM = 5  # seconds
MOST_WITHIN = 10_000  # images of a part: some seven seconds
TAKE_OUT = (
    "Take them out (of a file or folder ganprofile datasets import PATH --name NAME "
    "--drop-duplicates does)"
)
# What was looked for before: loading and training ask for the same, and indices take no room.
_FOUND = {}


def repeated(hashes):
    """Indices of images that stood before, int64, in order."""
    _, first = np.unique(hashes, return_index=True)
    return np.setdiff1d(np.arange(len(hashes)), first)


def shared(train_set, test_set):
    """Indices of training images that are also in the test part, int64, in order.

    A hash takes longer than reading an image does; whose sum nobody has in the other part needs
    none.
    """
    if train_set.image_shape != test_set.image_shape:
        return np.zeros(0, np.int64)
    sums, test_sums = image_sums(train_set.images), image_sums(test_set.images)
    alike = np.flatnonzero(np.isin(sums, test_sums))
    twins = np.isin(test_sums, sums[alike])
    hashes, test_hashes = hash_images(train_set.images[alike]), hash_images(test_set.images[twins])
    return alike[np.isin(hashes, test_hashes)]


def nearly_shared(dataset, others):
    """Images that are others saved again: compressed, resized, shifted by a pixel, noised.

    Of very many images a seeded sample is looked at, and that is said.

    Args:
        dataset: a `Dataset`.
        others: a `Dataset` of the same image shape.

    Returns:
        `(rows, twins)`, int64 `(k,)`: which images of `dataset`, in order, and for each the one of
        `others`. Identical images are not among them.
    """
    if dataset.image_shape != others.image_shape:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = np.setdiff1d(np.arange(len(dataset)), shared(dataset, others))
    count, seconds = affordable(len(rows), len(others))
    key = dataset.fingerprint, others.fingerprint, count
    if key in _FOUND:
        return _FOUND[key]
    if count < len(rows) or seconds > SAID_FROM:
        say(
            f"Looking for near copies: {count:,} of {len(rows):,} {dataset.split} images of "
            f"{dataset.name} are compared with {len(others):,}, in about {seconds:.0f} s."
        )
    if count < len(rows):
        rows = np.sort(np.random.default_rng(0).choice(rows, count, replace=False))
    found, twins = near_copies(dataset.images[rows], others.images)
    _FOUND[key] = rows[found], twins
    return _FOUND[key]


def conflicting(*parts):
    """Groups of identical images that carry different labels, inside a part or across parts.

    Returns:
        A list of groups, each a list of `(number of the part, index in it)`.
    """
    if any(part.labels is None for part in parts):
        return []
    hashes = np.concatenate([part.image_hashes for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    places = [(number, k) for number, part in enumerate(parts) for k in range(len(part))]
    _, group, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    groups = np.split(order, np.cumsum(sizes)[:-1])
    return [
        [places[member] for member in members.tolist()]
        for members in groups
        if len(members) > 1 and len(set(labels[members].tolist())) > 1
    ]


def say_conflicts(dataset, judges=False):
    """Say where the same image is there as several characters, which no number would show.

    Args:
        dataset: a `Dataset`; of one without labels nothing is said.
        judges: whether it is a test part, which is read and not learned from.
    """
    groups = conflicting(dataset)
    if not groups:
        return
    names = sorted({dataset.class_names[dataset.labels[k]] for _, k in groups[0]})
    kind = "test images" if judges else "images"
    why = "nothing can read all of them rightly" if judges else "nothing can learn which they are"
    say(
        f"{printable(dataset.name)}: {sum(map(len, groups)):,} {kind} are there with different "
        f"labels, such as one as {' and as '.join(map(printable, names))}: {why}. {TAKE_OUT}, or "
        "correct their labels."
    )


def with_each_once(test_set):
    """A labelled test part without further copies of its images under the same label; how many
    are left out is said.

    A result that counts a copy as one more image seems surer than it is. Of a published
    set, which nobody copied, as few as may be alike by chance stay.
    """
    _, which = np.unique(test_set.image_hashes, return_inverse=True)
    copies = repeated(which * test_set.num_classes + test_set.labels)
    if not len(copies) or (_is_published(test_set) and len(copies) <= ALIKE * len(test_set)):
        return test_set
    say(
        f"{printable(test_set.name)}: {len(copies):,} of {len(test_set):,} test images are copies "
        "of others and left out, so that each image counts once."
    )
    return _without(test_set, copies)


def without_test_images(train_set, test_set):
    """The training part of a known dataset without exact copies of its test images, where it has
    some; how many were taken out is recorded."""
    if test_set is None:
        return train_set
    copies = shared(train_set, test_set)
    if not len(copies):
        return train_set
    kept = train_set.part(np.setdiff1d(np.arange(len(train_set)), copies), train_set.split)
    return marked(kept, **{REMOVED: len(copies)})


def refuse_overlap(train_set, test_set, allow=False, may_allow=True, kind="training"):
    """A person's own training part, if the test part has no image of it, nor one saved again.

    Args:
        train_set: a `Dataset`.
        test_set: a `Dataset`, or None.
        allow: let it pass; the dataset, and everything made from it, is marked.
        may_allow: whether the user may say so, and is told.
        kind: what the images of `train_set` are called.

    Returns:
        `train_set`, marked if there is an allowed overlap.

    Raises:
        UsageError: they share images and `allow` is not set.
    """
    if test_set is None:
        return train_set
    if train_set.image_shape != test_set.image_shape:
        raise UsageError(
            f"Images of {shape_in_words(train_set.image_shape)} cannot be compared with held-out "
            f"ones of {shape_in_words(test_set.image_shape)}. Bring both to one shape with "
            f"{TO_ONE_SHAPE}."
        )
    allowing = "mark the result with `allow_overlap=True`"
    mark = f", or {allowing}" if may_allow else ""
    if was_made_of(train_set, test_set) and not allow:
        raise UsageError(
            f"{printable(train_set.name)} was made of the {len(test_set):,} test images, or of the "
            f"part of the data that they are of. Learn from what was made of others{mark}."
        )
    copies = shared(train_set, test_set)
    rows, twins = leaked(train_set, test_set)
    again = f"{len(rows):,} of {len(test_set):,} test images are {kind} images saved again"
    example = _example(train_set, test_set, copies, rows, twins)
    if len(copies) and not allow:
        raise UsageError(
            f"{len(copies):,} of {len(train_set):,} {kind} images are also among the "
            f"{len(test_set):,} test images, such as {example}{f'; {again}' * (len(rows) > 0)}. "
            f"{TAKE_OUT}{mark}."
        )
    if len(rows) and not allow:
        if _are_strokes_by_chance(test_set, rows):
            what = f"{len(rows):,} of {len(test_set):,} test images"
            say(f"{what} are bare strokes that look like {kind} images, such as {example}.")
            return train_set
        raise UsageError(
            f"{again} (compressed, resized, shifted or noised), such as {example}. {TAKE_OUT}"
            f"{f'; or, should they be different images, {allowing}' if may_allow else ''}."
        )
    return _marked(train_set, test_set, copies, rows, twins)


def _are_strokes_by_chance(test_set, rows):
    """Whether all that look like training images are bare strokes, and few, or far more than of
    images that somebody saved again: of `1`, `I` and `l` by one pen many are the same line."""
    if not bare_strokes(test_set.images[rows]).all():
        return False
    share = bare_strokes(test_set.images[:: -(-len(test_set) // SHARE_OF)]).mean()
    return len(rows) <= ALIKE * len(test_set) or share ** len(rows) < UNLIKELY


def _example(train_set, test_set, copies, rows, twins):
    """An image of both parts in words, whatever the part that is held out is called; empty where
    none is in both."""
    if not (len(copies) or len(rows)):
        return ""
    test_set = dataclasses.replace(test_set, split="test")
    if len(copies):
        return beside_twin(train_set, copies[0], test_set)
    return beside_original(test_set, rows[0], train_set, twins[0])


def nearly_repeated(dataset):
    """Images that are earlier ones saved again; identical ones are not among them.

    Args:
        dataset: a `Dataset`; among more than `MOST_WITHIN` images nothing is looked for.

    Returns:
        `(rows, twins)`, int64 `(k,)`: which images, and for each an earlier one.
    """
    kept = np.setdiff1d(np.arange(len(dataset)), repeated(dataset.image_hashes))
    if not 1 < len(kept) <= MOST_WITHIN:
        return kept[:0], kept[:0]
    rows, twins = near_copies_within(dataset.images[kept])
    return kept[rows], kept[twins]


def hashes_of_originals(dataset):
    """A digest of every image, bytes `(n,)`: equal where images are, and where one is another saved
    again. Arguments and limits are those of `nearly_repeated`."""
    hashes = dataset.image_hashes.copy()
    for row, twin in zip(*nearly_repeated(dataset), strict=True):
        hashes[hashes == hashes[row]] = hashes[twin]
    return hashes


def leaked(train_set, test_set):
    """Test images that are training images saved again, as `nearly_shared` gives them.

    Of two parts of one published dataset, which nobody saved again, as few as may be alike by
    chance are none.
    """
    rows, twins = nearly_shared(test_set, train_set)
    if _are_parts_of_one(train_set, test_set) and len(rows) <= ALIKE * len(test_set):
        return rows[:0], twins[:0]
    return rows, twins


def _are_parts_of_one(train_set, test_set):
    """Whether all images of both come from the same published dataset."""
    origins = [part.provenance.get(ORIGIN) for part in (train_set, test_set)]
    return _is_published(train_set) and origins[0] == origins[1]


def _is_published(dataset):
    """Whether all images come from one published dataset."""
    origin = dataset.provenance.get(ORIGIN, [UNKNOWN])
    return len(origin) == 1 and origin[0] not in (UNKNOWN, SHEETS)


def _marked(train_set, test_set, copies, rows, twins):
    """The training part, marked with what it has of the test part."""
    count = len(np.union1d(copies, twins))
    if was_made_of(train_set, test_set):
        overlap = {"images": len(test_set), "example": f"all that {train_set.name} was made of"}
    elif count:
        overlap = {"images": count, "example": _example(train_set, test_set, copies, rows, twins)}
    else:
        return train_set
    if len(rows):
        overlap["near_copies"] = len(rows)
    return marked(train_set, **{ALLOWED: overlap})


def refuse_marked(provenance, name, allow=False):
    """What was trained in spite of an overlap is used further only by people who say so again.

    Args:
        provenance: of a `Dataset`, or as the config of a run records it.
        name: what it is, for the sentence.
        allow: let it pass.

    Raises:
        UsageError: an overlap was allowed before and `allow` is not set.
    """
    overlap = provenance.get(ALLOWED)
    if overlap and not allow:
        raise UsageError(
            f"{name} has seen {overlap['images']:,} test images, such as {overlap['example']}. "
            "Train without them, or mark the result with `allow_overlap=True`."
        )


def beside_twin(dataset, index, other):
    """An image in words, with the first one of `other` that is the same."""
    twin = int((other.image_hashes == dataset.image_hashes[index]).argmax())
    return f"{dataset.describe_image(index)} = {other.describe_image(twin)}"


def beside_original(dataset, index, others, twin):
    """An image in words, with the one of `others` that it is nearly the same as."""
    return f"{dataset.describe_image(index)} ~ {others.describe_image(twin)}"


def without_duplicates(train_set, test_set):
    """Both parts with every image once: no copies, no training image that is a test image, be it
    saved again, and none whose copies have different labels.

    Returns:
        `(train_set, test_set)`; parts that lose nothing are returned as they are.
    """
    parts = [part for part in (train_set, test_set) if part is not None]
    doubtful = [place for group in conflicting(*parts) for place in group]
    parts = [
        _without(part, np.union1d(repeated(part.image_hashes), [k for n, k in doubtful if n == i]))
        for i, part in enumerate(parts)
    ]
    if len(parts) == 1:
        return parts[0], None
    train_set, test_set = parts
    train_set = _without(train_set, shared(train_set, test_set))
    while len(twins := leaked(train_set, test_set)[1]):
        # Of a test image one original is found at a time; of a training image, whether it is one.
        more, _ = nearly_shared(train_set, test_set)
        train_set = _without(train_set, np.union1d(twins, more))
    return train_set, test_set


def _without(dataset, indices):
    kept = np.setdiff1d(np.arange(len(dataset)), indices)
    if len(kept) == len(dataset):
        return dataset
    if not len(kept):
        raise UsageError(f"No image of {dataset.name} is left without duplicates.")
    return dataset.part(kept, dataset.split)
