"""How somebody writes, whatever character it is: a space in which writers lie apart.

What all characters of a class have in common is taken away from how an image looks. Of what is
left, the directions are kept in which writers differ most beside how much one of them varies:
linear discriminants (Fisher 1936, Rao 1948). How one writer varies is learned from all together,
and shrunk after Ledoit and Wolf (2004), since each has few images.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.metrics.features import FeatureNetwork, Pixels, feature_network_for

FEATURES = 64  # of the network; pixels follow
MOST_DIMENSIONS = 30
PIXEL_COMPONENTS = 100
LEAST_SPREAD = 0.02
LEAST_DIFFERENCE = 1e-4  # what differs by less is rounding
ALL_ALIKE = ", of whom nobody wrote two that differ otherwise than their classes do"
AT_ONCE = 2000  # images whose distances to all writers are computed together


class StyleSpace:
    """Images as points that lie close together where one person wrote them.

    A unit is the standard deviation of a person's own characters along any axis.

    Args:
        class_names: names of the classes of the images.
        seed: of the components of the pixels, a non-negative integer.

    Example:
        >>> from ganprofile.metrics.style import StyleSpace
        >>> train_set, test_set = gp.load("digits")
        >>> space = StyleSpace(train_set.class_names)
        >>> features = space.features(train_set.images[:500])
        >>> labels, writers = train_set.labels[:500], train_set.writers[:500]

        >>> places = space.fit(features, labels, writers)(features, labels)
        >>> places.shape
        (500, 30)
    """

    def __init__(self, class_names: Sequence[str], seed: int = 0) -> None:
        self._network = FeatureNetwork.load(feature_network_for(class_names))
        self._num_classes = max(len(class_names), 1)
        self._seed = seed

    def features(self, images: np.ndarray) -> np.ndarray:
        """What images look like: features of the network and pixels.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`.

        Returns:
            float32 `(n, 64 + d)`; d as for `features.Pixels`.

        Raises:
            UsageError: the images are not of that form, or there is none.

        Example:
            >>> from ganprofile.metrics.style import StyleSpace
            >>> train_set, test_set = gp.load("digits")
            >>> StyleSpace(train_set.class_names).features(train_set.images[:5]).shape
            (5, 848)
        """
        return np.concatenate([self._network(images), Pixels()(images)], axis=1)

    def fit(self, features: np.ndarray, labels: np.ndarray, writers: np.ndarray) -> StyleSpace:
        """Learn what is common to a class, and in what writers differ.

        Args:
            features: what `features` gave, `(n, d)`.
            labels: class indices `(n,)`; zeros where there are no classes.
            writers: integers `(n,)`, who wrote it.

        Returns:
            The space itself.

        Raises:
            UsageError: there is one writer, or nobody wrote two images that differ otherwise than
                their classes do.

        Example:
            >>> from ganprofile.metrics.style import StyleSpace
            >>> train_set, test_set = gp.load("digits")
            >>> space = StyleSpace(train_set.class_names)
            >>> features = space.features(train_set.images[:500])
            >>> labels, writers = train_set.labels[:500], train_set.writers[:500]

            >>> space.fit(features, labels, writers) is space
            True
        """
        from sklearn.decomposition import PCA

        count = len(np.unique(writers))
        if count < 2 or count == len(writers):
            raise _too_few(writers)
        self._means = np.zeros((self._num_classes, features.shape[1]), np.float32)
        for label in np.unique(labels):
            self._means[label] = features[labels == label].mean(axis=0)
        without = features - self._means[labels]
        if not _varies(without[:, :FEATURES], writers):
            are_there_again = len(np.unique(labels)) < len(labels)
            raise _too_few(writers, ALL_ALIKE if are_there_again else "")
        pixels = without[:, FEATURES:]
        components = min(PIXEL_COMPONENTS, *pixels.shape)
        self._pixels = PCA(components, random_state=self._seed).fit(pixels)
        left = self._left(features, labels)
        self._scale = np.maximum(left.std(axis=0), 1e-6)
        self._directions = _discriminants(left / self._scale, writers)
        return self

    def learn(self, features: np.ndarray, labels: np.ndarray, writers: np.ndarray) -> Styles:
        """The `Styles` of who wrote images, in a space fitted to them; as for `fit`.

        Example:
            >>> from ganprofile.metrics.style import StyleSpace
            >>> train_set, test_set = gp.load("digits")
            >>> space = StyleSpace(train_set.class_names)
            >>> features = space.features(train_set.images[:500])
            >>> labels, writers = train_set.labels[:500], train_set.writers[:500]

            >>> styles = space.learn(features, labels, writers)
            >>> len(styles.writers) == len(np.unique(writers)) == len(styles.values)
            True
        """
        return Styles.of(self.fit(features, labels, writers)(features, labels), writers)

    def __call__(self, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Where images lie, floats `(n, dimensions)`; arguments as for `fit`.

        Example:
            >>> from ganprofile.metrics.style import StyleSpace
            >>> train_set, test_set = gp.load("digits")
            >>> space = StyleSpace(train_set.class_names)
            >>> features = space.features(train_set.images[:500])
            >>> labels, writers = train_set.labels[:500], train_set.writers[:500]

            >>> space.fit(features, labels, writers)(features[:3], labels[:3]).shape
            (3, 30)
        """
        return self._left(features, labels) / self._scale @ self._directions

    def _left(self, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """What is left without the class, the pixels as their components."""
        left = features - self._means[labels]
        return np.hstack([left[:, :FEATURES], self._pixels.transform(left[:, FEATURES:])])


def _too_few(writers: np.ndarray, why: str = "") -> UsageError:
    return UsageError(
        "Writers can be told apart where there are two or more, with several images each, of "
        f"classes that are there more than once. Received: {len(writers)} images by "
        f"{len(np.unique(writers))}{why}."
    )


def _varies(values: np.ndarray, writers: np.ndarray) -> bool:
    """Whether images of one writer differ from each other."""
    return bool((np.abs(values - _theirs(values, writers)) > LEAST_DIFFERENCE).any())


def _discriminants(values: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The directions in which writers differ most, `(d, dimensions)`; along each, the variance of
    one writer's images is 1."""
    from scipy.linalg import eigh
    from sklearn.covariance import ledoit_wolf

    theirs, count = _theirs(values, writers), len(np.unique(writers))
    within, _ = ledoit_wolf(values - theirs, assume_centered=True)
    within *= len(values) / (len(values) - count)
    apart = theirs - values.mean(axis=0)
    _, directions = eigh(apart.T @ apart / len(values), within)
    return directions[:, ::-1][:, : min(MOST_DIMENSIONS, count - 1)]


@dataclasses.dataclass(frozen=True)
class Styles:
    """How known people write, and with it how people do.

    A style is the mean of where somebody's images lie, drawn towards the mean of all people, the
    more the fewer they are (James and Stein 1961): along each axis one image varies by 1, and
    people by what is seen of these.

    Attributes:
        writers: their numbers in order, `(w,)`.
        centre: the mean of all images, `(dimensions,)`.
        spread: the variance of people along each axis, `(dimensions,)`.
        values: their styles, `(w, dimensions)`.

    Example:
        >>> from ganprofile.metrics.style import Styles
        >>> places, writers = np.array([[0.0], [2.0], [8.0], [10.0]]), np.array([3, 3, 5, 5])
        >>> styles = Styles.of(places, writers)
        >>> styles.writers.tolist(), styles.centre.tolist(), styles.values.round(1).tolist()
        ([3, 5], [5.0], [[1.1], [8.9]])
    """

    writers: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, places: np.ndarray, writers: np.ndarray) -> Styles:
        """Those of who wrote images.

        Args:
            places: where the images lie, `(n, dimensions)`.
            writers: integers `(n,)`, who wrote them.

        Returns:
            The `Styles`.

        Example:
            >>> from ganprofile.metrics.style import Styles
            >>> styles = Styles.of(np.array([[0.0], [2.0], [8.0], [10.0]]), np.array([3, 3, 5, 5]))
            >>> styles.spread.tolist()
            [15.5]
        """
        known, counts = np.unique(writers, return_counts=True)
        means, centre = _means(places, writers), places.mean(axis=0)
        seen = np.average((means - centre) ** 2, axis=0, weights=counts)
        spread = np.maximum(seen - len(known) / len(places), LEAST_SPREAD)
        return cls(known, centre, spread, _drawn(means, counts[:, None], centre, spread))

    def of_another(self, places: np.ndarray) -> np.ndarray:
        """The style of somebody else whose images lie at `(n, dimensions)`.

        Returns:
            Floats `(dimensions,)`.

        Example:
            >>> from ganprofile.metrics.style import Styles
            >>> styles = Styles.of(np.array([[0.0], [2.0], [8.0], [10.0]]), np.array([3, 3, 5, 5]))
            >>> styles.of_another(np.array([[6.0], [7.0]])).round(2).tolist()
            [6.45]
        """
        return _drawn(places.mean(axis=0), len(places), self.centre, self.spread)


def _drawn(
    means: np.ndarray, counts: np.ndarray | int, centre: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """Means of so many images, drawn towards the middle."""
    return centre + spread / (spread + 1 / counts) * (means - centre)


def _means(values: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The mean of everybody's values, in the order of the writers, `(w, d)`."""
    index = np.unique(writers, return_inverse=True)[1]
    sums = np.zeros((index.max() + 1, values.shape[1]))
    np.add.at(sums, index, values)
    return sums / np.bincount(index)[:, None]


def _theirs(values: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The mean of the values of who wrote it, for every image, `(n, d)`."""
    return _means(values, writers)[np.unique(writers, return_inverse=True)[1]]


def told_apart(
    space: StyleSpace,
    features: np.ndarray,
    labels: np.ndarray,
    writers: np.ndarray,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """How well each writer is told by single images that the style was not learned from.

    Everybody's images are halved at random, class by class; styles are learned from one half and
    the images of the other are judged, and the other way round.

    Args:
        space: a `StyleSpace`; it is fitted again.
        features: as for `StyleSpace.fit`.
        labels: the same.
        writers: the same.
        seed: of the halves, a non-negative integer.

    Returns:
        Two arrays `(w,)`, a value for each writer in order, NaN for those of one image. The first:
        the probability that an image of theirs lies nearer to their style than to that of another
        writer, 0.5 where they write like everybody; the second: the share of their images that lie
        nearest to their own style of all.

    Raises:
        UsageError: as for `StyleSpace.fit`.

    Example:
        >>> from ganprofile.metrics.style import StyleSpace, told_apart
        >>> train_set, test_set = gp.load("digits")
        >>> space = StyleSpace(train_set.class_names)
        >>> features = space.features(train_set.images[:500])
        >>> labels, writers = train_set.labels[:500], train_set.writers[:500]

        >>> nearer, nearest = told_apart(space, features, labels, writers)
        >>> 0.5 < float(np.nanmean(nearer)) < 1, nearer.shape == np.unique(writers).shape
        (True, True)
    """
    known, index = np.unique(writers, return_inverse=True)
    first = _half(index, labels, seed)
    nearer, nearest, seen = (np.zeros(len(known)) for _ in range(3))
    for learned in (first, ~first):
        try:
            styles = space.learn(features[learned], labels[learned], index[learned])
        except UsageError as error:  # which counts the images of a half
            space.fit(features, labels, writers)  # or says what all of them lack
            raise _too_few(writers) from error
        judged = np.flatnonzero(~learned & np.isin(index, styles.writers))
        for rows in np.split(judged, range(AT_ONCE, len(judged), AT_ONCE)):
            own, apart = _compared(space(features[rows], labels[rows]), styles, index[rows])
            others = len(styles.writers) - 1
            np.add.at(nearer, index[rows], (apart > own).sum(axis=1) / others)
            np.add.at(nearest, index[rows], (apart >= own).all(axis=1))
            np.add.at(seen, index[rows], 1)
    with np.errstate(invalid="ignore"):
        return nearer / seen, nearest / seen


def _half(index: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """One half of everybody's images of each class, bool `(n,)`.

    Odd ones fall either way, of other classes for each writer: what is common to a class has to be
    learned from both halves.
    """
    random = np.random.default_rng(seed)
    groups = np.unique(np.stack([index, labels]), axis=1, return_inverse=True)[1].ravel()
    turn = random.permutation(groups.max() + 1)[groups]
    half = np.zeros(len(index), bool)
    half[np.lexsort((random.random(len(index)), turn, index))[::2]] = True
    return half


def _compared(
    places: np.ndarray, styles: Styles, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances of images to their writers `(n, 1)`, and to all `(n, w)`."""
    squares = (places**2).sum(axis=1)[:, None] + (styles.values**2).sum(axis=1)
    apart = squares - 2 * places @ styles.values.T
    own = np.searchsorted(styles.writers, index)
    return apart[np.arange(len(places)), own][:, None], apart
