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
STRONGER = 1.2  # than there
CONSTANT = ("cutout",)  # whose amounts are places; a square that is cut out has one size


def strengthened(factor: float) -> dict[str, tuple[float, float]]:
    """The transforms of `DEFORMED` by a factor stronger: name -> probability and strength."""
    return {
        name: (chance, strength if name in CONSTANT else factor * strength)
        for name, (chance, strength) in TRANSFORMS[DEFORMED].items()
    }
