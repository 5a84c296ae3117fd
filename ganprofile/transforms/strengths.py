"""How strong transforms are: those of a classifier's images, and those of deformed ones."""

# name -> name of a transform of the policy -> its probability and the factor on its amounts.
TRANSFORMS = {
    "affine": {
        "shift": (1.0, 0.67),
        "rotate": (1.0, 0.8),
        "shear": (1.0, 1.25),
        "zoom": (1.0, 1.0),
    },
    # The strong baseline: chosen on folds of training data by
    # `benchmarks/classic.py`, then frozen. Another one would be another experiment.
    "classic": {
        "shift": (1.0, 0.67),
        "rotate": (1.0, 1.0),
        "shear": (1.0, 1.5),
        "zoom": (1.0, 1.0),
        "stretch": (1.0, 1.4),
        "elastic": (1.0, 0.8),
        "thickness": (1.0, 1.2),
        "cutout": (0.25, 1.0),
    },
}

DEFORMED = "classic"  # what happens to images beside their learned deformation
STRONGER = 1.2  # than there, at most
WEAKEST = 0.25  # of that, the least (docs/lift.md)
ZOOM_LEFT = 1 / 3  # of the transform, where images keep their size
CONSTANT = ("cutout",)  # whose amounts are places; a square that is cut out has one size


def strengthened(factor: float, keep_size: bool = False) -> dict[str, tuple[float, float]]:
    """The transforms of `DEFORMED` by a factor stronger: name -> probability and strength.

    With `keep_size` images stay about as large as they are.
    """
    transforms = {
        name: (chance, strength if name in CONSTANT else factor * strength)
        for name, (chance, strength) in TRANSFORMS[DEFORMED].items()
    }
    if keep_size:
        chance, strength = transforms["zoom"]
        transforms["zoom"] = (chance, strength * ZOOM_LEFT)
    return transforms
