"""Names of arms, checked and in our spelling before any data are read."""

import re

from ganprofile.benchmarking.additions import ADDITIONS
from ganprofile.classifiers.facts import facts_of
from ganprofile.datasets.naming import dataset_or_path, is_data, known_names
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean, in_any_case

NOTHING = "none"
RECIPE = "augment"  # whatever recipe `augment` follows with so many images
CLASSIC, DEFORMED = "classic", "deformed"
DISTILLED, PRETRAINED = "distilled", "pretrained"
TRANSFORMS = ("affine", CLASSIC)  # a test holds them against `classifiers.TRANSFORMS`
PARTS = (NOTHING, *TRANSFORMS, DEFORMED, DISTILLED, PRETRAINED)
RATIO = re.compile(r"(?P<name>\w+)(:(?P<ratio>\d+(\.\d+)?))?")


def checked_arms(names, classifier):
    """Names of arms in our spelling.

    Args:
        names: what the user typed, in any case; see `arms.named_arms`.
        classifier: the name of the classifier to be trained.

    Returns:
        A tuple of str.

    Raises:
        UsageError: a name means nothing, or the classifier cannot be trained so.
    """
    if not names:
        raise UsageError("A benchmark needs an arm or more. Received: none.")
    if strange := [name for name in names if not isinstance(name, str)]:
        raise UsageError(f"Arms are names, such as 'classic'. Received: {strange[0]!r:.60}.")
    if joining := [name for name in names if "+" in name and is_data(dataset_or_path(name))]:
        raise UsageError(
            f"The folder {printable(joining[0])} cannot be an arm: a + in a name joins arms. Give "
            "it another name."
        )
    spelled = tuple("+".join(map(_part, name.split("+"))) for name in names)
    for name in spelled:
        _check_together(name, set(name.split("+")), classifier)
    return spelled


def check_functions(arms):
    """Refuse a dict of arms that holds anything but functions by name.

    Raises:
        UsageError: with the first thing that is none.
    """
    for name, arm in arms.items():
        if not isinstance(name, str):
            raise UsageError(f"The name of an arm should be text. Received: {name!r:.60}.")
        if not callable(arm):
            raise UsageError(
                "In a dict of arms each is a function `(subset, seed, folder)` -> TrainingSet. "
                f"Received: {arm!r:.60} for {name!r}. Arms by their names are a list, in a call of "
                "its own: with the same `output` they join the others."
            )


def _part(typed):
    """One part of a name, in our spelling."""
    match = RATIO.fullmatch(typed)
    known = in_any_case(typed, (*PARTS, RECIPE)) or in_any_case(match and match["name"], ADDITIONS)
    if known in ADDITIONS:
        if match["ratio"] is not None and float(match["ratio"]) == 0:
            raise UsageError(f"The arm {typed} adds nothing. Ask for {NOTHING} instead.")
        return known + typed[len(known) :]
    if known is not None:
        return known
    found = dataset_or_path(typed)
    if is_data(found):
        return found
    everything = [*PARTS, *ADDITIONS, RECIPE]
    raise UsageError(
        f"No arm {printable(typed)!r}. Known: {', '.join(everything)}, the path of a folder of "
        "images or an imported name, and several of these joined by +, as in classic+gan:5."
        f"{did_you_mean(typed, [*everything, *known_names()], paths=True)}"
    )


def _check_together(name, parts, classifier):
    """Refuse parts that do not go with each other, or not with the classifier."""
    transforms = parts & set(TRANSFORMS)
    if RECIPE in parts and len(parts) > 1:
        raise UsageError(f"The arm {RECIPE} stands alone. Received: {printable(name)!r}.")
    if DEFORMED in parts and transforms:
        raise UsageError(
            f"The arm {printable(name)!r} deforms images twice: {DEFORMED} holds the transforms of "
            f"{CLASSIC}. Ask for one of them."
        )
    changes_images = transforms and DISTILLED not in parts
    if changes_images and not facts_of(classifier, num_classes=2).takes_transforms:
        raise UsageError(
            f"The arm {printable(name)!r} changes images in every step, which the classifier "
            f"{classifier} does not take. Leave the arm out, or choose another with "
            "`classifier='convnet'`."
        )
