"""`HandwritingOverSampler`: deformed images for rare classes, as an imbalanced-learn sampler."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.loaders.pixel_headings import as_counted, counted_places
from ganprofile.errors import GanprofileError, UsageError, is_whole
from ganprofile.images import to_float
from ganprofile.recipes.deformation import PAIRWISE
from ganprofile.transforms.framing import touching
from ganprofile.transforms.handwriting.pictures import of_dtype
from ganprofile.transforms.handwriting.pixel_ranges import AGREED, as_characters, light_edge_share
from ganprofile.transforms.value_ranges import is_known, recognised_range

try:
    from imblearn.over_sampling.base import BaseOverSampler
except ModuleNotFoundError:

    class BaseOverSampler:  # type: ignore[no-redef]  # of what is missing
        """In the place of imbalanced-learn's, so that the name can be imported without it."""

        _parameter_constraints: ClassVar[dict[str, Any]] = {}

        def __new__(cls, *arguments: Any, **options: Any) -> BaseOverSampler:
            raise GanprofileError(
                "HandwritingOverSampler needs imbalanced-learn, which is not installed. Install "
                "it: pip install 'ganprofile[imbalanced]'."
            )


SMALLEST_SIDE = 8  # pixels; smaller images have no strokes to deform, and are repeated
STANDARD = 1e-3  # how near columns of a StandardScaler come to mean 0 and variance 1


class HandwritingOverSampler(BaseOverSampler):
    """Adds deformed images to the classes that have too few.

    An image is deformed as the images of its class differ from each other, and by classical
    transforms (`transforms.deformation`). Those that are given come first, unchanged. It is used
    like every sampler of imbalanced-learn, in its pipelines, too. Columns of a table that are of
    several types become of the one that holds them all, as in an array.

    Args:
        sampling_strategy: as for imbalanced-learn's over-samplers: `"auto"` (every class becomes as
            large as the largest), `"minority"`, `"not minority"`, `"all"`, a float in 0..1 for two
            classes, a dict, class -> number, or a function of `y` that returns one.
        random_state: fixes what is drawn; None draws it.
        image_shape: `(height, width)` or `(height, width, channels)` of the rows of `X`; None
            takes square grey images, one row of pixels where the columns make no square, which is
            said, and where `X` has more than two axes, its own. Images of fewer than 8 pixels a
            side are repeated as they are, which is said, too.
        keep_size: whether images stay about as large as they are, since size tells the classes
            apart, as `c` and `C`.

    Attributes:
        sampling_strategy_: dict, class -> how many images are added.
        n_features_in_: how many columns `X` has.

    Raises:
        UsageError: the rows of `X` are no images of `image_shape`, have other channels than 1 or 3,
            or each column was standardised by itself.

    Example:
        >>> from sklearn.datasets import load_digits
        >>> X, y = load_digits(n_class=3, return_X_y=True)  # rows of 8 x 8 pixels
        >>> X, y = X[:60], y[:60]
        >>> np.bincount(y).tolist()
        [21, 19, 20]
        >>> X_more, y_more = gp.HandwritingOverSampler(random_state=0).fit_resample(X, y)
        >>> np.bincount(y_more).tolist()
        [21, 21, 21]
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOverSampler._parameter_constraints,
        "image_shape": ["array-like", None],
        "keep_size": ["boolean"],
    }

    def __init__(
        self,
        *,
        sampling_strategy: str | float | Mapping[Any, int] | Callable[..., Any] = "auto",
        random_state: int | np.random.RandomState | None = None,
        image_shape: Sequence[int] | None = None,
        keep_size: bool = False,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state
        self.image_shape = image_shape
        self.keep_size = keep_size

    def fit_resample(self, X: Any, y: Any, **params: Any) -> Any:
        """What is given, and after it the images that are added.

        Args:
            X: images, `(n, pixels)`, `(n, height, width)` or `(n, height, width, channels)`, of any
                type of numbers: an array, a list, a table or a sparse matrix.
            y: their classes, `(n,)`.
            **params: none.

        Returns:
            `(X, y)`, of the kinds that were given; of a table of several types, one of the type
            that holds them all.

        Raises:
            UsageError: see the class.

        Example:
            >>> images, names = np.eye(8)[None].repeat(3, axis=0), ["a", "a", "b"]
            >>> gp.HandwritingOverSampler(random_state=0).fit_resample(images, names)[1]
            ['a', 'a', 'b', 'b']
        """
        return super().fit_resample(_of_one_type(X), y, **params)

    def _check_X_y(self, X: Any, y: Any, accept_sparse: Any = None) -> Any:
        from imblearn.utils import check_target_type
        from sklearn_compat.utils.validation import validate_data  # imbalanced-learn's own

        y, is_one_hot = check_target_type(y, indicate_one_vs_all=True)
        self._headings = [str(name) for name in getattr(X, "columns", ())]  # numbers, too
        kinds = ["csr", "csc"]
        numbers = _number_type(X)
        X, y = validate_data(self, X=X, y=y, reset=True, allow_nd=True, accept_sparse=kinds)
        # Of pandas' own whole numbers scikit-learn makes fractions; new ink has to be whole, too.
        is_plain = numbers is None or numbers.kind == "O"
        return X if is_plain else X.astype(numbers, copy=False), y, is_one_hot

    def _fit_resample(self, X: Any, y: np.ndarray) -> tuple[Any, np.ndarray]:
        from scipy import sparse
        from sklearn.utils import check_random_state

        random = check_random_state(self.random_state)
        chosen = [
            np.resize(random.permutation(np.flatnonzero(y == name)), count)
            for name, count in self.sampling_strategy_.items()
        ]
        chosen = np.concatenate([np.empty(0, np.int64), *chosen]).astype(np.int64)
        if not len(chosen):
            return X.copy(), y.copy()
        seed, more_y = int(random.randint(2**31 - 1)), np.concatenate([y, y[chosen]])
        if sparse.issparse(X):
            drawn = self._deformed_as_counted(X.toarray(), y, chosen, seed)
            return sparse.vstack([X, type(X)(drawn)], format=X.format), more_y
        return np.concatenate([X, self._deformed_as_counted(X, y, chosen, seed)]), more_y

    def _deformed_as_counted(
        self, X: np.ndarray, y: np.ndarray, chosen: np.ndarray, seed: int
    ) -> np.ndarray:
        """The same, where the headings of a table count its pixels in another order."""
        names = self._headings
        places = counted_places(names)
        if not places or len(places) < len(names):
            return self._deformed(X, y, chosen, seed)
        ordered, sentences = as_counted(names, places, "HandwritingOverSampler")
        for sentence in sentences:
            say(sentence)
        return self._deformed(X[:, ordered], y, chosen, seed)[:, np.argsort(ordered)]

    def _deformed(self, X: np.ndarray, y: np.ndarray, chosen: np.ndarray, seed: int) -> np.ndarray:
        """Deformations of the chosen rows, in the form, type and range of `X`."""
        shape = self._shape_of(X)
        if min(shape[:2]) < SMALLEST_SIDE:
            say(
                f"HandwritingOverSampler repeats images of {shape[1]}x{shape[0]}; those of "
                f"{SMALLEST_SIDE} pixels or more a side are deformed."
            )
            return X[chosen]
        from ganprofile.transforms.deformation import find_deformations

        _refuse_standardised(X)
        pixels = X.reshape(len(X), *shape).astype(np.float32)
        low, high = (float(end) for end in recognised_range(pixels))
        if not is_known(low, high):
            say(f"HandwritingOverSampler takes these pixels for {low:g}..{high:g}.")
        is_dark = float(light_edge_share(pixels, low, high)) >= AGREED
        characters = as_characters(pixels, low, high, is_dark)
        if said := touching(characters):
            say(f"HandwritingOverSampler: {said}")
        labels = np.unique(y, return_inverse=True)[1]
        deformations = find_deformations(characters, labels, seed)
        deformation = PAIRWISE.suited_by(labels, self.keep_size)
        drawn = deformation.augmenter_with(characters, deformations).deform(chosen, seed)
        inked = (to_float(drawn) + 1) / 2
        values = low + (high - low) * (1 - inked if is_dark else inked)
        return of_dtype(values, X.dtype).reshape(len(chosen), *X.shape[1:])

    def _shape_of(self, X: np.ndarray) -> tuple[int, ...]:
        """`(height, width, channels)` of an image."""
        columns = math.prod(X.shape[1:])
        if self.image_shape is not None:
            shape = tuple(self.image_shape)
        elif X.ndim > 2:
            shape = X.shape[1:]
        elif (side := math.isqrt(columns)) ** 2 == columns:
            shape = (side, side)
        else:
            say(
                f"HandwritingOverSampler takes the {columns} columns for one row of pixels, as "
                "they are no square image. Say image_shape=(height, width)."
            )
            shape = (1, columns)
        shape = shape if len(shape) == 3 else (*shape, 1)
        is_shape = len(shape) == 3 and all(is_whole(side) and side > 0 for side in shape)
        if not is_shape or math.prod(shape) != columns or shape[2] not in (1, 3):
            raise UsageError(
                "image_shape should be (height, width) or (height, width, 1 or 3) of the "
                f"{columns} values of an image. Received: {shape}."
            )
        return shape

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


def _number_type(X: Any) -> np.dtype[Any] | None:
    """The type of NumPy that holds the values of all columns of a table; None where X is none."""
    if not (hasattr(X, "iloc") and len(getattr(X, "columns", ()))):
        return None
    return np.result_type(*(column.to_numpy().dtype for _, column in X.items()))


def _of_one_type(X: Any) -> Any:
    """The same, where it is a table of columns of several types as one of the type for all, and
    where it is one of categories, of which new values are none, as one of their values.

    imbalanced-learn gives each column its type again, and would cut the ink of new images to whole
    numbers in columns that hold nothing else, as a CSV is read where a pixel is always 0.
    """
    common = _number_type(X)
    if common is None or (len(set(X.dtypes)) == 1 and X.dtypes.iloc[0].kind != "O"):
        return X
    return X.astype(common)


def _refuse_standardised(X: np.ndarray) -> None:
    """Refuse columns each of which was brought to mean 0 and variance 1 by itself."""
    columns = X.reshape(len(X), -1).astype(np.float64)
    means, deviations = columns.mean(axis=0), columns.std(axis=0)
    varies = deviations > STANDARD
    is_middle = np.allclose(means, 0, atol=STANDARD)
    if varies.any() and is_middle and np.allclose(deviations[varies], 1, atol=STANDARD):
        raise UsageError(
            "X has columns of mean 0 and variance 1, as StandardScaler makes them: each pixel has "
            "a scale of its own, and rows are no images any more. Put HandwritingOverSampler "
            "before StandardScaler."
        )
