"""Whether a set comes from the run, or by which recipe from the data, that it claims."""

import functools

import numpy as np

from ganprofile.augmentation.remaking import Remade
from ganprofile.datasets import from_recipe
from ganprofile.datasets.formats.attributes import REAL, SYNTHETIC
from ganprofile.errors import LARGEST_DRAW, LARGEST_SEED, GanprofileError
from ganprofile.runs.run import Run
from ganprofile.storage.files import composed

CLAIMS = ("run", "generator_sha256", "dataset", "dataset_fingerprint")
OF_SEVERAL = {"labels_of", "recipe"}  # labelled or saved: maybe of images of several sets
# Another processor or library version may round a pixel differently.
TOLERATED_LEVELS = 2
SHOWN = 10


def check_origin(result, info, contents, run=None, offline=False):
    """Add to a `Verification` what the run and the data say of a set.

    Args:
        result: the `Verification`.
        info: the set's `dataset.json`.
        contents: what it holds, `Contents`.
        run: the `Run` to ask; None asks the one that the set names, where it is at hand.
        offline: refuse to download real data.
    """
    claim = info.get("made_from")
    if claim is None and (OF_SEVERAL & info.keys() or not contents.sources[SYNTHETIC]):
        result.not_checked.append("where the images come from: dataset.json names no run")
        return
    if contents.included and _is_copy(info):
        result.not_checked.append(
            "where the images come from: a copy does not tell which of its synthetic images were "
            "given, and which were made"
        )
        return
    if isinstance(claim, dict) and "recipe" in claim:
        _check_variations(result, info, contents, offline)
        return
    if not isinstance(claim, dict) or not all(isinstance(claim.get(key), str) for key in CLAIMS):
        result.problems.append(f"dataset.json should say in 'made_from': {', '.join(CLAIMS)}.")
        return
    try:
        run = run or _claimed_run(claim)
        _check_run(result, info, claim, run)
        run.require("generator.keras")  # of a training that goes on it draws nothing
        same_generator = run.fingerprint == claim["generator_sha256"]
    except (GanprofileError, OSError) as error:
        result.not_checked.append(f"the run and the data that the set comes from: {error}")
        return
    if _of_other_size(result, info, run.image_shape):
        return
    if same_generator:
        _check_drawn(result, functools.partial(_drawn_again, run), contents.samples)
    if contents.given:
        data = functools.partial(run.dataset, offline=offline)
        _check_given(result, data, contents, f"on which {run.path} was trained")


def _is_copy(info):
    """Whether a set was saved or imported, so that what it claims may be of more images than it
    has."""
    return "recipe" in info


def _of_other_size(result, info, shape):
    """Whether a set is a copy whose images were brought to another size, so that none is the
    same."""
    if not _is_copy(info) or info["image_shape"] == list(shape):
        return False
    result.not_checked.append(
        f"images one by one: this copy has them as {info['image_shape']}, the data as {list(shape)}"
    )
    return True


def _claimed_run(claim):
    """The run that a set names: where it lay, else one of its name with the same generator."""
    try:
        return Run.open(str(claim.get("run_folder") or claim["run"]))
    except (GanprofileError, OSError) as error:
        try:
            run = Run.open(claim["run"])
            if run.fingerprint == claim["generator_sha256"]:
                return run
        except (GanprofileError, OSError):
            pass
        raise GanprofileError(f"{error} Say where it is with `run`.") from error


def _check_run(result, info, claim, run):
    """Hold the claims of the set against the run's own words."""
    recorded = run.config["dataset"]["fingerprint"]
    of_data = "the record, not the files, of the data"
    pairs = (
        ("the generator", "the generator", claim["generator_sha256"], run.fingerprint),
        ("the data", of_data, claim["dataset_fingerprint"], recorded),
    )
    for what, compared, claimed, found in pairs:
        if claimed == found:
            result.checked.append(f"{compared} of {run.path} is what dataset.json says")
        else:
            result.problems.append(
                f"dataset.json says {what} has the sha256 {claimed[:12]}; in {run.path} it is "
                f"{found[:12]}. The set was made by another run, or the run has changed since."
            )
    names = [composed(name) for name in info["class_names"]]
    is_part = _is_copy(info) and set(names) <= set(run.class_names)
    if names != run.class_names and not is_part:
        result.problems.append(f"dataset.json has other class names than {run.path}.")


def _check_variations(result, info, contents, offline):
    """Hold a set that was made of images by a recipe against these images."""
    claim = info["made_from"]
    try:
        real = from_recipe(claim.get("dataset_recipe"), offline)
    except (GanprofileError, OSError) as error:
        result.not_checked.append(f"the data that the set comes from: {error}")
        return
    if real.fingerprint != claim.get("dataset_fingerprint"):
        result.problems.append(
            f"dataset.json says the data have the sha256 {claim.get('dataset_fingerprint')}; those "
            f"of {real.name} have {real.fingerprint}. The set was made of others."
        )
        return
    result.checked.append(f"the data {real.name} are what dataset.json says")
    if _of_other_size(result, info, real.image_shape):
        return
    found = np.bincount(contents.synthetic_labels, minlength=len(contents.class_counts)).tolist()
    is_part = _is_copy(info) and claim.get("counts") != found
    if not is_part:
        _check_numbers(result, claim, found)
    has_all = _check_made_of(result, contents, real)
    if is_part:
        result.not_checked.append("synthetic images made again: this is a part of what was made")
    elif claim.get("counts") != found:  # of a row that is missing on, each would be another draw
        result.not_checked.append("synthetic images made again: there are others than were made")
    elif has_all and contents.samples:
        try:
            remade = Remade.read(result.path, claim, real, contents.made_of)
            _check_drawn(result, remade.image, contents.samples)
        except (GanprofileError, OSError) as error:
            result.not_checked.append(f"synthetic images made again: {error}")
    if contents.given:
        _check_given(result, lambda: real, contents, "of which the set was made")


def _check_numbers(result, claim, found):
    """Hold the numbers of deformed images, class by class, against those that were asked."""
    if claim.get("counts") == found:
        result.checked.append(
            f"{sum(found):,} deformed images, as many of each class as were asked"
        )
    else:
        result.problems.append(
            f"dataset.json counts {claim.get('counts')!r:.60} images by class in 'made_from'; "
            f"the set has {found!r:.60}."
        )


def _check_made_of(result, contents, real):
    """Hold what the manifest says of each image against the real images; returns whether every one
    has a real image of its class."""
    labels, made_of = contents.synthetic_labels, contents.made_of
    known = (made_of >= 0) & (made_of < len(real))
    names = np.array([*real.class_names, ""])  # by name, which holds whatever the numbers are
    own = names[np.where(known, real.labels[np.where(known, made_of, 0)], -1)]
    wrong = np.flatnonzero(own != np.array(contents.class_names)[labels])
    if len(wrong):
        shown = ", ".join(map(str, wrong[:SHOWN]))
        result.problems.append(
            f"{len(wrong):,} of {len(labels):,} synthetic images were not made of a real image of "
            f"their class: synthetic images {shown}."
        )
    else:
        result.checked.append(f"{len(labels):,} deformed images have the class of their real image")
    return not len(wrong)


def _check_drawn(result, drawn_again, samples):
    """Draw some images again and compare; `drawn_again` gives None for a row that is no draw."""
    others, worst = [], 0
    for sample in samples:
        try:
            again = drawn_again(sample.row)
        except GanprofileError as error:
            result.not_checked.append(f"synthetic images drawn again: {error}")
            return
        levels = _difference(again, sample.image)
        if levels > TOLERATED_LEVELS:
            others.append(sample.index)
        worst = max(worst, levels)
    if others:
        result.problems.append(
            f"{len(others)} of {len(samples)} synthetic images that were drawn again from the "
            f"manifest's seed, draw and label are others: images {', '.join(map(str, others))}."
        )
    elif samples:
        how = "identical" if worst == 0 else f"within {worst} levels, as on other hardware"
        result.checked.append(f"{len(samples)} synthetic images drawn again are {how}")


def _drawn_again(run, row):
    request = _request(run, row)
    return None if request is None else run.sample(1, **request)[0]


def _request(run, row):
    """What `run.sample` needs to draw the image of a manifest row; None where that is no draw."""
    try:
        seed, draw = (int(row[column]) for column in ("seed", "draw"))
    except (KeyError, TypeError, ValueError):
        return None
    if not (0 <= seed <= LARGEST_SEED and 0 <= draw <= LARGEST_DRAW):
        return None
    if "label" not in run.conditions:
        return {"seed": seed, "first": draw}
    name = composed(row["class_name"])  # in a part of a set, numbers are others than in the run
    return {"seed": seed, "first": draw, "label": name} if name in run.class_names else None


def _difference(image, other):
    """The largest difference of two images in levels; 256 where one is None or of another form."""
    if image is None or image.shape != other.shape:
        return 256
    return int(np.abs(image.astype(np.int16) - other).max())


def _check_given(result, load_data, contents, whose):
    """Look every included image up among the data, of which `whose` says more."""
    given, kind = contents.given, "given" if contents.included else REAL
    try:
        data = load_data()
    except (GanprofileError, OSError) as error:
        result.not_checked.append(f"{len(given):,} {kind} images against the run's data: {error}")
        return
    labels = data.labels if data.labels is not None else np.full(len(data), -1)
    # By name, too; of an image without a label the last one.
    names, of_set = [*data.class_names, ""], [*map(composed, contents.class_names), ""]
    known = {
        (shown, names[label])
        for shown, label in zip(data.image_hashes.tolist(), labels.tolist(), strict=True)
    }
    strange = [index for index, shown, label in given if (shown, of_set[label]) not in known]
    if strange:
        shown = ", ".join(map(str, strange[:SHOWN]))
        result.problems.append(
            f"{len(strange):,} of {len(given):,} images that are called {kind} are not among "
            f"{data.name}, {whose}, with that label: images {shown}."
        )
    else:
        result.checked.append(f"{len(given):,} {kind} images are among the data ({data.name})")
