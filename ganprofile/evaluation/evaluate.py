"""`evaluate`: how good synthetic images are, what classifiers make of them, whether they copy."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ganprofile.datasets import Dataset, check_request
from ganprofile.datasets.given import Arrays
from ganprofile.errors import UsageError, check_seed, check_whole
from ganprofile.evaluation.distances import feature_spaces
from ganprofile.evaluation.findings import Findings
from ganprofile.evaluation.likeness import read_like
from ganprofile.evaluation.pictures import GRIDS, PAIRS, save_pictures
from ganprofile.evaluation.reference import read_reference
from ganprofile.evaluation.result import RESULT, Evaluation
from ganprofile.evaluation.sources import check_source, read_synthetic
from ganprofile.evaluation.stages import Stages
from ganprofile.metrics.inception import weights_file
from ganprofile.runs.model_places import MARKS
from ganprofile.runs.run import Run
from ganprofile.storage.files import atomic_folder, files_but, refuse_others, write_json
from ganprofile.storage.names import check_known
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable, from_anywhere

if TYPE_CHECKING:
    from ganprofile.classifiers import ClassifierName

FEWEST = 100  # images; what is computed of fewer depends on which these are
DEFAULT_CLASSIFIER = "cnn"


class OnDisk(Protocol):
    """What `augment` or `generate` returned: a set that knows its folder."""

    @property
    def path(self) -> Path | None:
        """The folder."""
        ...


def evaluate(
    source: Run | Dataset | OnDisk | StrPath | Arrays,
    against: Dataset | tuple[Dataset | None, Dataset | None] | StrPath | Arrays,
    *,
    images: int = 10_000,
    seed: int = 0,
    classes: str | Sequence[str] | None = None,
    labelled: bool = True,
    classifier: bool | ClassifierName | None = True,
    inception: StrPath | None = None,
    output: StrPath | None = None,
    force: bool = False,
    progress: bool = True,
    **loading: Any,
) -> Evaluation:
    """Judge synthetic images: ours or anyone's.

    They are compared with the test part of `against` where there is one, as many of either side,
    in the features of two frozen networks and in raw pixels. Classifiers that learn from them, or
    from the training part, read that test part. Copies are sought among the images that the source
    is known to have learned from, else in the training part.

    Args:
        source: a `Run`, the path of a run folder or model, or a model's name, of which images are
            drawn, each class as often, or in the proportions of real images that are far from
            balanced; else a `Dataset`, what `augment` or `generate` returned, or what `load` takes.
            Of a set that says which of its images are synthetic, only these are judged.
        against: real images: what `load` takes, a `Dataset`, whose `split` says which part it is,
            or a pair `(train, test)`, of which one may be None.
        images: at most so many of either side, 100 or more.
        seed: 0..2147483647; the same seed gives the same result.
        classes: names of the only classes to judge, a list or a text such as `"a,b"`; None takes
            all.
        labelled: False ignores the labels of the source.
        classifier: whether to train classifiers: True, which is `cnn`, or a name in
            `classifiers.CLASSIFIERS`; False or None trains none.
        inception: a file of weights, see `metrics.inception.InceptionFeatures.load`: compare in
            these features, too. Only what comes from them is called KID or FID. None does without.
        output: the folder to make, with `evaluation.json` and pictures; None writes nothing.
        force: replace an evaluation at `output`.
        progress: whether to say how it goes.
        **loading: further arguments of `load`, for both sides.

    Returns:
        An `Evaluation`.

    Raises:
        UsageError: the request cannot be meant, images are too few or of another shape, classes do
            not fit, or `output` exists.
        GanprofileError: a source, a dataset or weights cannot be had or read.

    Example:
        >>> short = {"images": 100, "classifier": False, "progress": False}
        >>> found = gp.evaluate("digits-cgan", "digits", **short)
        >>> found.copy_rate
        0.0
        >>> 0 <= found.coverage <= 1
        True
    """
    began = time.monotonic()
    name = DEFAULT_CLASSIFIER if classifier is True else classifier or None
    _check(images, seed, name, output, force)
    if inception is not None:
        weights_file(inception)
    data = check_source(source, bool(loading.get("offline")))
    check_request(data, against, output=output, **loading)
    stages_expected = 6 + bool(inception) + 2 * bool(name)
    with Stages(stages_expected, progress) as stages:
        stages.begin("reading the images")
        as_source = read_like(source, against, loading)
        reference = read_reference(against, classes, **as_source)
        classes = None if classes is None else reference.class_names
        options = {"images": images, "seed": seed, "classes": classes, "labelled": labelled}
        synthetic = read_synthetic(source, reference, **options, **loading)
        _refuse_too_few(synthetic.dataset, reference.compared)
        spaces = feature_spaces(reference.class_names, inception)
        findings = Findings(synthetic, reference, images, seed, stages)
        parts = [
            findings.described(),
            findings.distances(spaces),
            findings.further(),
            findings.train_on_synthetic(name),
            findings.copies(spaces[0].features),
        ]
        seconds = round(time.monotonic() - began, 1)
        content = {name: value for part in parts for name, value in part.items()}
        result = Evaluation(**content, notes=findings.notes, seconds=seconds)
        return result if output is None else _written(result, findings, output, force)


def _check(
    images: int, seed: int, classifier: str | None, output: StrPath | None, force: bool
) -> None:
    """Before any work; nothing of the user's is replaced, with `force` only an evaluation."""
    check_seed(seed)
    check_whole("images", images, FEWEST)
    _check_classifier(classifier)
    if output is not None:
        check_writable(_place(output, force))


def _place(output: StrPath, force: bool) -> Path:
    """Where an evaluation may be written, which is looked at before any work and behind it."""
    # A model keeps the evaluation of it among its own files.
    ours = files_but(RESULT, GRIDS, PAIRS)
    return refuse_others(output, force, RESULT, "an evaluation", MARKS, foreign=ours)


def _check_classifier(name: str | None) -> None:
    if name in (None, DEFAULT_CLASSIFIER):  # and nothing of Keras is needed to know it
        return
    from ganprofile.classifiers import CLASSIFIERS

    check_known("classifier", name, CLASSIFIERS)


def _refuse_too_few(*sets: Dataset) -> None:
    for dataset in sets:
        if len(dataset) < FEWEST:
            raise UsageError(
                f"{dataset.name} has too few images to judge by: {len(dataset)}. "
                f"Give {FEWEST} or more on both sides."
            )


def _written(result: Evaluation, findings: Findings, output: StrPath, force: bool) -> Evaluation:
    """The same, with its folder."""
    place = from_anywhere(_place(output, force))
    with atomic_folder(place, force) as folder:
        pictures = save_pictures(folder, **findings.shown())
        result = dataclasses.replace(result, pictures=pictures)
        write_json(folder / RESULT, result.as_dict())  # without its place: folders are moved
    return dataclasses.replace(result, path=place)
