"""How an arm of the experiment makes its training sets, in words."""

import collections
import math

from ganprofile.benchmarking.comparisons import BASELINES
from ganprofile.benchmarking.same_pool import SAME_POOL
from ganprofile.transforms import augmentation_policy as policy

# A transform of the policy -> what happens, by the factor on its largest amount.
CHANGES = {
    "shift": lambda f: f"shifted by up to {100 * policy.LARGEST_SHIFT * f:.2g} % of its side",
    "rotate": lambda f: f"rotated by up to {math.degrees(policy.LARGEST_ANGLE) * f:.3g} degrees",
    "shear": lambda f: f"sheared by up to {policy.LARGEST_SHEAR * f:.2g}",
    "zoom": lambda f: f"zoomed by up to {100 * policy.LARGEST_ZOOM * f:.3g} %",
    "stretch": lambda f: f"stretched by up to {100 * policy.LARGEST_STRETCH * f:.3g} %",
    "elastic": lambda f: f"bent elastically by up to {100 * policy.LARGEST_WARP * f:.2g} %",
    "thickness": lambda f: f"thickened or thinned by up to {policy.LARGEST_THICKENING * f:.2g} px",
    "cutout": lambda f: f"covered by a square of {100 * policy.CUTOUT_SIDE:.3g} % of its side",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def words_of_arms(arms):
    """Name -> what an arm does, as a part of a sentence; without those that do nothing.

    What another one does as well is said by its name.

    Args:
        arms: name -> description, a dict of JSON values.
    """
    parts = {name: _parts(described) for name, described in arms.items()}
    return {name: "; ".join(_beside_others(name, parts)) for name, own in parts.items() if own}


def _beside_others(name, parts):
    """The parts of an arm, of which those of the arm with most in common are its name."""
    own = parts[name]
    inside = [
        other for other, its in parts.items() if its and set(its) < set(own) and other != name
    ]
    if not inside:
        return own
    largest = max(inside, key=lambda other: len(parts[other]))
    return [f"as {largest}", *(part for part in own if part not in parts[largest])]


def _parts(described):
    parts = [
        *map(_addition, described.get("additions") or ()),
        _shown(described.get("transforms")),
        *_made(described.get("deformation"), described.get("distillation")),
        _begun(described.get("pretraining")),
        *(f"{name.replace('_', ' ')}: {_plain(described[name])}" for name in _own(described)),
    ]
    return list(filter(None, parts))


def _own(described):
    """Keys that only the arm itself knows."""
    known = {"additions", "transforms", "deformation", "distillation", "pretraining"}
    return [name for name in described if name not in {*known, BASELINES, SAME_POOL}]


def _addition(added):
    ratio = f"{added.get('ratio', 0):g}"
    match added.get("kind"):
        case "gan":
            return (
                f"{ratio} images for each real one, drawn by a GAN (preset {added.get('model')}, "
                f"{added.get('steps'):,} steps) that is trained on the subset alone, and filtered "
                f"({added.get('filter')}), shown as often as all real ones"
            )
        case "duplicated":
            return f"each real image {ratio} times more"
        case "folder":
            return f"the images of {added.get('name')}, shown as often as all real ones"
    return _plain(added)


def _shown(transforms):
    return f"an image is {changes(transforms)}, anew each time it is shown" if transforms else ""


def changes(transforms):
    """What some transforms do: name -> probability and factor."""
    words = []
    for name, (chance, factor) in transforms.items():
        what = CHANGES[name](factor) if name in CHANGES else name
        words.append(what if chance == 1 else f"{what} (in {100 * chance:.3g} % of cases)")
    return ", ".join(words)


def _made(deformation, distillation):
    if deformation:
        is_pairwise = deformation.get("is_pairwise", True)
        warped = "warped as pairs of images of its class differ, then " if is_pairwise else ""
        bent = changes(deformation.get("transforms") or {})
        count = deformation.get("count", 0)
        yield f"{count:,} images are made of the real ones, each {warped}{bent}"
    if distillation:
        yield _labelled(distillation)


def _labelled(distillation):
    """Who the teachers are: equal ones together."""
    teachers = [tuple(teacher) for teacher in distillation.get("teachers") or ()]
    kinds = collections.Counter((name, *map(str, facts)) for name, *facts in teachers)
    named = [f"{_number(count)} {_teacher(*kind)}" for kind, count in kinds.items()]
    folds = ", each trained without another fold" if distillation.get("is_cross_fitted") else ""
    begun = distillation.get("pretrained")
    weights = f"; pretrained weights: {begun.get('name')}" if begun else ""
    return (
        f"labels are the mean probabilities of {_number(len(teachers))} networks: "
        f"{', '.join(named)}{folds}{weights}"
    )


def _teacher(name, *facts):
    is_upright = " on upright views" if "upright" in facts else ""
    is_pretrained = ", pretrained" if "pretrained" in facts else ""
    steps = next((f" of {int(fact):,} steps" for fact in facts if fact.isdecimal()), "")
    return f"{name}{steps}{is_upright}{is_pretrained}"


def _begun(pretraining):
    if not pretraining:
        return ""
    return f"the classifier begins with pretrained weights ({pretraining.get('name')})"


def _number(count):
    return NUMBERS[count] if count < len(NUMBERS) else f"{count}"


def _plain(value):
    """A JSON value of an arm of somebody's own."""
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return f"{value:g}" if isinstance(value, float) else f"{value}"
