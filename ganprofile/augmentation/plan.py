"""How many images of which class to draw."""

import dataclasses
import math
import numbers

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.storage.files import composed

MOST_IMAGES = 10**9

# How large classes are beside each other, by how many real images each has.
BALANCES = {
    "equal": lambda real_counts: np.ones(len(real_counts)),
    "log": np.log1p,  # between the real sizes and equal ones
}
SIZES = {
    "--per-class N": "per_class",
    "--total N": "total",
    "--balance equal|log": "balance",
    "--ratio R": "ratio",
    "--top-up": "top_up",
}
TOGETHER = ({"per_class", "top_up"}, {"total", "balance"})


@dataclasses.dataclass(frozen=True)
class CountRequest:
    """How many images a person asks for.

    One of these, or `per_class` with `top_up`, or `total` with `balance`:

    Attributes:
        per_class: every class ends with this many images; one that has more keeps them.
        total: the set ends with this many, as evenly as the real ones allow.
        balance: a name in `BALANCES`, or True for `equal`. With `total`, how that is divided;
            alone, every class ends as large as the largest real class (`equal`), or that times
            log(1 + its images) / log(1 + the largest's) (`log`).
        ratio: so many synthetic images for each real one of the class.
        top_up: real images count, whether the set will include them or not: classes that have
            enough get none. Alone, the largest real class is enough.

    And beside any:

        only: names of the only classes to draw; () draws all.

    Raises:
        UsageError: none of them, more than go together, or a value out of range.
    """

    per_class: int | None = None
    total: int | None = None
    balance: str | bool | None = None
    ratio: float | None = None
    top_up: bool = False
    only: tuple[str, ...] = ()

    def __post_init__(self):
        if not isinstance(self.top_up, bool):
            raise UsageError(
                "--top-up is said or not; how far goes with --per-class. "
                f"Received: {self.top_up!r:.60}."
            )
        if self.balance is not None and not isinstance(self.balance, (bool, str)):
            raise UsageError(
                f"--balance is {' or '.join(BALANCES)}. Received: {self.balance!r:.60}."
            )
        balance = {True: "equal", False: None}.get(self.balance, self.balance)
        only = (self.only,) if np.ndim(self.only) == 0 else self.only
        object.__setattr__(self, "balance", balance)
        object.__setattr__(self, "only", tuple(map(composed, only)))
        self._check_which()
        for name in ("per_class", "total"):
            number = getattr(self, name)
            if number is not None and not isinstance(number, numbers.Integral):
                raise UsageError(
                    f"--{name.replace('_', '-')} is one whole number. Received: {number!r:.60}."
                )
            if number is not None and not 1 <= number <= MOST_IMAGES:
                raise UsageError(
                    f"--{name.replace('_', '-')} should be in 1..{MOST_IMAGES:,}. "
                    f"Received: {number}."
                )
        if balance is not None and balance not in BALANCES:
            raise UsageError(f"--balance is {' or '.join(BALANCES)}. Received: {balance!r}.")
        if self.ratio is not None and not 0 < self.ratio < math.inf:
            raise UsageError(f"--ratio should be above 0 and finite. Received: {self.ratio}.")

    def _check_which(self):
        given = {
            field: option
            for option, field in SIZES.items()
            if getattr(self, field) is not None and getattr(self, field) is not False
        }
        if len(given) != 1 and set(given) not in TOGETHER:
            received = " and ".join(option.split()[0] for option in given.values())
            raise UsageError(
                f"Say how many images: one of {', '.join(SIZES)}; --total goes with --balance, "
                f"--per-class with --top-up. Received: {received or 'none of them'}."
            )

    @property
    def counts_real(self):
        """Whether real images count towards the request even where the set leaves them out."""
        return self.top_up or (self.balance is not None and self.total is None)

    @property
    def needs_real(self):
        """Whether the answer depends on how many real images there are."""
        return self.top_up or self.balance is not None or self.ratio is not None


def synthetic_counts(request, real_counts, class_names, include_real=False):
    """How many synthetic images each class gets.

    Args:
        request: a `CountRequest`.
        real_counts: int `(num_classes,)`, the real images of each class; anything where neither
            the request nor the set needs them.
        class_names: the names of the classes.
        include_real: whether the set will include the real images, so that they count towards
            `per_class` and `total`.

    Returns:
        int64 `(num_classes,)`; 0 where a class has enough already.

    Raises:
        UsageError: a class is not known, too many images are asked for, or nothing is left to draw.
    """
    chosen = _mask(request.only, class_names)
    real_counts = np.asarray(real_counts)
    counted = real_counts * (include_real or request.counts_real)
    goal = _goal(request, real_counts, counted, chosen)
    counts = np.where(chosen, np.maximum(goal - counted, 0), 0)
    if counts.sum() > MOST_IMAGES * len(counts):
        raise UsageError(
            f"At most {MOST_IMAGES:,} images per class. Received: {counts.sum():,.0f}."
        )
    if counts.sum() == 0:
        raise UsageError(
            f"Nothing to draw: the set has {counted.sum()} real images, at least "
            f"{counted[chosen].min()} of each class. Ask for more."
        )
    return counts.astype(np.int64)


def _goal(request, real_counts, counted, chosen):
    """How large each class is to be, the real images that count included."""
    if request.total is not None:
        return _divided(request, real_counts, counted, chosen)
    if request.per_class is not None:
        return np.full(len(counted), request.per_class)
    if request.ratio is not None:
        return counted + np.rint(request.ratio * real_counts)
    weights = BALANCES[request.balance or "equal"](real_counts)
    return np.rint(real_counts.max() * weights / max(weights.max(), 1e-9))


def _mask(only, class_names):
    """Booleans `(num_classes,)`: the classes that are drawn."""
    unknown = [name for name in only if name not in class_names]
    if unknown:
        raise UsageError(f"No class {unknown[0]!r} to draw. Classes: {' '.join(class_names)}.")
    return np.array([not only or name in only for name in class_names])


def _divided(request, real_counts, counted, chosen):
    """Counts that sum to `total`, by the balance but where a class has more than its share."""
    total = request.total
    if total < counted.sum():
        raise UsageError(
            f"--total {total} is less than the {counted.sum()} real images that it includes. "
            "Ask for more, or leave --include-real out."
        )
    weights = BALANCES[request.balance or "equal"](real_counts)
    full = ~chosen | (weights == 0)
    while not full.all():
        goal = counted.copy()
        goal[~full] = _apportioned(total - counted[full].sum(), weights[~full])
        if (goal >= counted).all():
            return goal
        full |= counted >= goal
    return counted


def _apportioned(total, weights):
    """Integers that sum to `total`, in proportion to `weights`, by the largest remainders."""
    exact = total * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    largest_first = np.argsort(shares - exact, kind="stable")
    shares[largest_first[: int(total - shares.sum())]] += 1
    return shares
