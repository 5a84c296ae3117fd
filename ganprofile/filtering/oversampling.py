"""Oversampling: draw more than is wanted, refuse what would hurt, choose what covers each class.

Memory stays bounded: a portion of the request at a time is drawn, filtered and chosen from. Where
portions and rounds begin depends on the request and on what passed, never on the size of a block,
so that a seed gives the same set whatever that is.
"""

import numpy as np

from ganprofile.filtering import streams
from ganprofile.filtering.choosing import nearest_in_turn
from ganprofile.filtering.discriminator import discriminator_of
from ganprofile.filtering.rejection import PASSED, RejectionFilter
from ganprofile.filtering.streams import joined, shuffled_labels

PORTION = 5000  # images of the set that are chosen together
ROUND = 10_000  # the most images that are drawn before it is looked how many passed
UNTOLD_ROUND = 2000  # the same for an unlabelled model
# A class gets no more than so many draws for each image wanted, and at least so many in all.
MOST_DRAWN, LEAST_DRAWN = 20, 500
# As many images of the set are remembered, in all, to find those that repeat them.
REMEMBERED = 10_000


class FilteredStream:
    """`Block`s of what passed and was chosen, a portion of the request at a time.

    Args:
        run: a `Run`.
        real: its real, labelled data.
        counts: int `(num_classes,)`, how many images of every class.
        seed: a non-negative integer.
        cross_fitted: `CrossFittedClassifiers`, or None where there is one class.
        log: a `FilterLog`, which is told what is refused and how.
        bar: a `ProgressBar` over the images of the set.
        level: a `Level`.
        sharing: a `Sharing`, who draws and looks for what is wrong with an image by itself. What
            repeats another and what is chosen is found here.
    """

    def __init__(self, run, real, counts, seed, level, cross_fitted, *, log, bar, sharing):
        self._run, self._seed, self._level = run, seed, level
        self._counts = counts
        self._log, self._bar, self._sharing = log, bar, sharing
        self._is_conditional = "label" in run.conditions
        self._rejection = RejectionFilter(real, level, cross_fitted, self._is_conditional)
        self._discriminator = discriminator_of(run)
        self._hopeless = np.zeros(len(counts), bool)
        self._chosen_before = None
        self._rounds = 0
        log.describe(
            least_probability=self._rejection.least_probability,
            copy_threshold=self._rejection.copy_threshold,
            discriminator=self._discriminator is not None,
        )

    def __iter__(self):
        with self._sharing.executor(
            (self._run, self._rejection), **streams.EXECUTOR
        ) as self._executor:
            yield from self._portions()

    def _portions(self):
        for number, wanted in enumerate(portions(self._counts)):
            wanted = np.where(self._hopeless, 0, wanted)
            if not wanted.any():
                continue
            pool = self._fill(wanted)
            sizes = _sizes(pool, len(wanted))
            self._hopeless |= (wanted > 0) & (sizes == 0)
            if sizes.any():
                chosen = self._choose(pool, wanted, number)
                self._remember(chosen)
                yield chosen

    def _fill(self, wanted):
        """Draw round after round until enough passed to choose from, or enough was tried."""
        left = 1 - self._level.drop_fraction * (self._discriminator is not None)
        target = np.ceil(self._level.oversampling_factor * wanted / left).astype(np.int64)
        drawn = np.zeros(len(wanted), np.int64)
        pool = None
        while (asked := self._asked(wanted, target, pool, drawn)).any():
            passed = self._draw_round(asked)
            drawn += asked
            pool = self._added(pool, passed, target)
        return pool

    def _asked(self, wanted, target, pool, drawn):
        """How many images the next round draws: by class, or in all for an unlabelled model."""
        sizes = _sizes(pool, len(wanted))
        if not self._is_conditional:
            return np.array([self._asked_untold(wanted, target, sizes, drawn[0])])
        limit = np.where(wanted > 0, np.maximum(MOST_DRAWN * wanted, LEAST_DRAWN), 0)
        passing = np.where(drawn > 0, sizes / np.maximum(drawn, 1), 1)
        missing = np.maximum(target - sizes, 0) / np.maximum(passing, 1 / MOST_DRAWN)
        asked = np.minimum(np.ceil(missing).astype(np.int64), limit - drawn)
        return -(-asked * ROUND // max(ROUND, asked.sum()))

    def _asked_untold(self, wanted, target, sizes, drawn):
        """The same for an unlabelled model, whose patience ends only where a class lacks images."""
        most = MOST_DRAWN * wanted.sum()
        limit = most if (sizes >= wanted).all() else max(most, streams.PATIENCE)
        return 0 if (sizes >= target).all() or drawn >= limit else UNTOLD_ROUND

    def _draw_round(self, asked):
        """The images of a round that passed, in the order of drawing; None where none did."""
        count, first = int(asked.sum()), self._log.drawn
        labels = (
            shuffled_labels(asked, [self._seed, self._rounds]) if self._is_conditional else None
        )
        self._rounds += 1
        passed = []
        pieces = streams.pieces(self._seed, first, count, labels)
        for block, reasons in self._executor.imap(_looked_at, pieces):
            self._log.drawn += len(block)
            self._log.reject(block, reasons)
            passed.append(block.select(reasons == PASSED))
        return joined(passed)

    def _added(self, pool, passed, target):
        """The pool with those of a round that repeat nothing and find room."""
        repeated = self._rejection.duplicates(passed, _both(self._chosen_before, pool))
        room = np.maximum(target - _sizes(pool, len(target)), 0)
        fits = streams.still_wanted(passed.labels, ~repeated, room)
        reasons = np.where(repeated, "duplicate", np.where(fits, PASSED, "surplus"))
        self._log.reject(passed, reasons)
        pool = _both(pool, passed.select(fits))
        self._bar.show(self._log.kept, f"{len(pool):,} of {self._log.drawn:,} drawn images passed")
        return pool

    def _choose(self, pool, wanted, portion):
        """What goes into the set: without the least real, chosen to cover each class."""
        reasons = np.full(len(pool), "surplus", "U16")
        for label in np.unique(pool.labels):
            members = np.flatnonzero(pool.labels == label)
            least_real = self._least_real(pool, members)
            reasons[least_real] = "discriminator"
            members = np.setdiff1d(members, least_real)
            seed = [self._seed, portion, int(label)]
            real = self._rejection.real_features(label)
            chosen = nearest_in_turn(pool.features[members], real, int(wanted[label]), seed)
            reasons[members[chosen]] = PASSED
        self._log.reject(pool, reasons)
        return pool.select(reasons == PASSED)

    def _least_real(self, pool, members):
        """Those of `members` that the discriminator doubts most, int64 `(m,)`."""
        count = int(self._level.drop_fraction * len(members)) if self._discriminator else 0
        if not count:
            return members[:0]
        some = pool.select(members)
        logits = self._discriminator(some.images, some.condition_indices)
        return members[np.argsort(logits, kind="stable")[:count]]

    def _remember(self, chosen):
        """Keep the newest images of each class, so that later portions repeat none of them."""
        both = _both(self._chosen_before, chosen)
        most = REMEMBERED // len(self._counts)
        newest = [np.flatnonzero(both.labels == label)[-most:] for label in np.unique(both.labels)]
        self._chosen_before = both.select(np.sort(np.concatenate(newest)))


def portions(counts):
    """A request in portions of at most about `PORTION` images, each with its share of every class.

    Yields:
        int64 `(num_classes,)`; together they are `counts`.
    """
    number = -(-int(counts.sum()) // PORTION)
    for k in range(number):
        yield (k + 1) * counts // number - k * counts // number


def _looked_at(common, seed, first, count, labels):
    """A block as an executor draws it, and for what reason each image is refused."""
    run, rejection = common
    return rejection.look_at(streams.drawn(run, seed, first, count, labels))


def _both(block, other):
    """Two blocks as one; each may be None."""
    present = [some for some in (block, other) if some is not None]
    return joined(present) if present else None


def _sizes(block, num_classes):
    """How many images of each class a block has, int64 `(num_classes,)`; it may be None."""
    labels = [] if block is None else block.labels
    return np.bincount(np.asarray(labels, np.int64), minlength=num_classes)
