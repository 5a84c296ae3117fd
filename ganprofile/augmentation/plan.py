"""How many images of which class to draw."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ganprofile.console import say
from ganprofile.datasets.classes import all_or_some, in_words
from ganprofile.errors import UsageError, is_whole
from ganprofile.storage.files import composed
from ganprofile.storage.names import by_key, did_you_mean, is_several, names_of

Strategy: TypeAlias = int | Literal["equal", "log"] | Mapping[str, int]

MOST_IMAGES = 10**9

# How large classes are beside each other, by how many real images each has.
STRATEGIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "equal": lambda real_counts: np.ones(len(real_counts)),
    "log": np.log1p,  # between the real sizes and equal ones
}
HOW_MANY = (
    "`per_class=N`, `total=N` or `sampling_strategy` (equal, log, or a number for each class)"
)


@dataclasses.dataclass(frozen=True)
class CountRequest:
    """How many images of which class are asked for, as in scikit-learn and imbalanced-learn.

    Attributes:
        sampling_strategy: a number: every class ends with so many images, and one that has more
            keeps them. A dict, class name -> number: the same for these classes alone. `"equal"`:
            every class ends as large as the largest real class; `"log"`: as large as that times
            log(1 + its images) / log(1 + the largest's).
        total: the set ends with this many images, divided evenly, or by the strategy `"equal"` or
            `"log"`.
        only: names of the only classes to draw; () draws all.

    Raises:
        UsageError: neither is given, both do not go together, or a value is out of range.
    """

    sampling_strategy: Strategy | None = None
    total: int | None = None
    only: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        per_class: int | None = None,
        sampling_strategy: Strategy | None = None,
        total: int | None = None,
        only: str | Sequence[str] = (),
    ) -> Self:
        """The same where a number per class may be called `per_class`."""
        if per_class is not None and sampling_strategy is not None:
            raise UsageError(
                f"Say how many images once: {HOW_MANY}. "
                "Received: `per_class` and `sampling_strategy`."
            )
        if per_class is not None:
            _check_number("per class", per_class, name="per_class")
        strategy = sampling_strategy if per_class is None else per_class
        return cls(strategy, total, only)

    def __post_init__(self) -> None:
        strategy, only = self.sampling_strategy, self.only
        if isinstance(strategy, Mapping):
            named = ((composed(str(name)), number) for name, number in strategy.items())
            strategy = by_key(named, "`sampling_strategy`: the class")
            object.__setattr__(self, "sampling_strategy", strategy)
        if isinstance(only, str) and not only:
            raise UsageError("`only` names no class. Name some, or leave it out for all.")
        names = names_of(only) if is_several(only) else (only,)
        object.__setattr__(self, "only", tuple(map(composed, names)))
        self._check_together()
        if isinstance(strategy, dict):
            for name, number in strategy.items():
                _check_number(f"of the class {name!r}", number, least=0)
        elif isinstance(strategy, str):
            if strategy not in STRATEGIES:
                raise UsageError(
                    f"`sampling_strategy` is a number per class, {' or '.join(STRATEGIES)}, or "
                    f"numbers by class. Received: {strategy!r:.60}."
                )
        elif strategy is not None:
            _check_number("per class", strategy)
        if self.total is not None:
            _check_number("in all", self.total, name="total")

    def _check_together(self) -> None:
        strategy, total = self.sampling_strategy, self.total
        if strategy is None and total is None:
            raise UsageError(f"Say how many images: {HOW_MANY}. Received: none of them.")
        if total is not None and not (strategy is None or isinstance(strategy, str)):
            raise UsageError(
                f"Say how many images once: {HOW_MANY}. Received: `total={total}` and a number per "
                "class. A total goes with the strategy equal or log."
            )
        if isinstance(strategy, dict) and self.only:
            raise UsageError(
                "`only` is for one number of all classes; numbers by class name their classes. "
                "Leave it out."
            )

    @property
    def counts_real(self) -> bool:
        """Whether real images count towards the request even where the set leaves them out."""
        return isinstance(self.sampling_strategy, str) and self.total is None

    @property
    def needs_real(self) -> bool:
        """Whether the answer depends on how many real images there are."""
        return isinstance(self.sampling_strategy, str)


def _check_number(what: str, number: object, least: int = 1, name: str | None = None) -> None:
    if not is_whole(number):
        raise UsageError(f"The number of images {what} is a whole one. Received: {number!r:.60}.")
    if not least <= int(number) <= MOST_IMAGES:
        received = f"{number}" if name is None else f"`{name}={number}`"
        raise UsageError(
            f"The number of images {what} should be in {least}..{MOST_IMAGES:,}. "
            f"Received: {received}."
        )


def synthetic_counts(
    request: CountRequest,
    real_counts: ArrayLike,
    class_names: Sequence[str],
    include_real: bool = False,
) -> NDArray[np.int64]:
    """How many synthetic images each class gets; classes that a small total leaves out are said.

    Args:
        request: a `CountRequest`.
        real_counts: int `(num_classes,)`, the real images of each class; anything where neither
            the request nor the set needs them.
        class_names: the names of the classes.
        include_real: whether the set will include the real images, so that they count towards
            what is asked.

    Returns:
        int64 `(num_classes,)`; 0 where a class has enough already.

    Raises:
        UsageError: a class is not known, or nothing is left to draw.
    """
    strategy = request.sampling_strategy
    chosen = _mask(strategy if isinstance(strategy, dict) else request.only, class_names)
    real_counts = np.asarray(real_counts)
    counted = real_counts * (include_real or request.counts_real)
    goal = _goal(request, real_counts, counted, chosen, class_names)
    counts = np.where(chosen, np.maximum(goal - counted, 0), 0)
    if request.total is not None:
        _say_left_out(request.total, np.flatnonzero(chosen & (goal == 0)), class_names)
    elif include_real:
        _say_larger(np.flatnonzero(chosen & (counted > goal)), counted, class_names)
    if counts.sum() == 0:
        raise UsageError(f"Nothing to draw: {_what_is_there(counted, chosen, include_real)}.")
    if request.counts_real and not include_real:
        say(
            f"`sampling_strategy={strategy!r}` counts the real images, which this set is without: "
            "`include_real=True` puts them in."
        )
    return counts.astype(np.int64)


def _what_is_there(counted: np.ndarray, chosen: np.ndarray, include_real: bool) -> str:
    """Why nothing is left to draw, and what to do."""
    if not counted.any():
        return "0 images are asked for. Ask for more"
    each = f"at least {counted[chosen].min()} of each class{' asked for' * (not chosen.all())}"
    if include_real:
        return f"the set has {counted.sum()} real images, {each}. Ask for more"
    return (
        f"there are {counted.sum()} real images, {each}, so that none lacks any. Say how many "
        "the set should have: `per_class=N` or `total=N`"
    )


def _say_left_out(total: int, left_out: np.ndarray, class_names: Sequence[str]) -> None:
    if len(left_out):
        names = in_words([class_names[index] for index in left_out])
        say(
            f"`total={total}` is too small for all classes: the set has no image of {names}. Ask "
            "for more, or name the classes with `only`."
        )


def _say_larger(larger: np.ndarray, counted: np.ndarray, class_names: Sequence[str]) -> None:
    if len(larger):
        names = in_words([class_names[index] for index in larger])
        say(
            f"The class{'es' * (len(larger) > 1)} {names} {'have' if len(larger) > 1 else 'has'} "
            f"more real images than that, up to {counted[larger].max():,}: all of them are kept."
        )


def _goal(
    request: CountRequest,
    real_counts: np.ndarray,
    counted: np.ndarray,
    chosen: np.ndarray,
    class_names: Sequence[str],
) -> np.ndarray:
    """How large each class is to be, the real images that count included."""
    strategy = request.sampling_strategy
    if request.total is not None:
        return _divided(request, real_counts, counted, chosen)
    if isinstance(strategy, dict):
        return np.array([strategy.get(name, 0) for name in class_names])
    if not isinstance(strategy, str):
        return np.full(len(counted), strategy)
    weights = STRATEGIES[strategy](real_counts)
    return np.rint(real_counts.max() * weights / max(weights.max(), 1e-9))


def _mask(only: Collection[str], class_names: Sequence[str]) -> np.ndarray:
    """Booleans `(num_classes,)`: the classes that are drawn."""
    unknown = [name for name in only if name not in class_names]
    if unknown:
        said = f"No class {unknown[0]!r} to draw. Classes: {all_or_some(class_names)}."
        comma = next((name for name in class_names if "," in name), None)
        quoted = f" A name with a comma is quoted in a list: '\"{comma}\"'." if comma else ""
        raise UsageError(f"{said}{did_you_mean(unknown[0], class_names)}{quoted}")
    return np.array([not only or name in only for name in class_names])


def _divided(
    request: CountRequest, real_counts: np.ndarray, counted: np.ndarray, chosen: np.ndarray
) -> np.ndarray:
    """Counts that sum to `total`, by the strategy but where a class has more than its share."""
    total = request.total
    if total < counted.sum():
        raise UsageError(
            f"`total={total}` is less than the {counted.sum()} real images that it includes. "
            "Ask for more, or leave `include_real` out."
        )
    strategy = request.sampling_strategy
    weights = STRATEGIES[strategy if isinstance(strategy, str) else "equal"](real_counts)
    full = ~chosen | (weights == 0)
    while not full.all():
        goal = counted.copy()
        goal[~full] = _apportioned(total - counted[full].sum(), weights[~full])
        if (goal >= counted).all():
            return goal
        full |= counted >= goal
    return counted


def _apportioned(total: int, weights: np.ndarray) -> np.ndarray:
    """Integers that sum to `total`, in proportion to `weights`, by the largest remainders."""
    exact = total * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    largest_first = np.argsort(shares - exact, kind="stable")
    shares[largest_first[: int(total - shares.sum())]] += 1
    return shares
