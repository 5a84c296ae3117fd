"""Train a reader and keep it in a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganprofile.console import say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load,
    load_unlabelled,
    parts_without_empty_classes,
    without_blanks,
)
from ganprofile.datasets.duplicates import refuse_overlap, say_conflicts
from ganprofile.datasets.given import Arrays, refuse_labels_apart
from ganprofile.datasets.guessed import marked_by_guesses
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.datasets.synthetic import refuse_synthetic_test, say_synthetic
from ganprofile.datasets.writer_parts import known_writers, say_shared_writers
from ganprofile.errors import UsageError, check_seed, check_whole, kept_if_stopped
from ganprofile.images import shape_in_words
from ganprofile.recognition import card
from ganprofile.recognition.found import usual_filled
from ganprofile.recognition.models import (
    MEMBERS,
    MODELS,
    ModelName,
    Task,
    best_for,
)
from ganprofile.recognition.reader import (
    FILE,
    FOLDER,
    FOLDS,
    Reader,
    classifier_file,
    is_of_photographs,
)
from ganprofile.recognition.variants import with_variants
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import (
    atomic_folder,
    file_name,
    files_but,
    holds_any,
    refuse_others,
    write_bytes,
    write_json,
)
from ganprofile.storage.locks import working_folder
from ganprofile.storage.names import check_known, resolved
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import from_anywhere
from ganprofile.storage.versions import installed_versions

if TYPE_CHECKING:
    from ganprofile.augmentation.labelling import Effort


def train_reader(
    dataset: Dataset | StrPath | Arrays,
    model: ModelName | None = None,
    *,
    subset: int | None = None,
    unlabelled: Dataset | StrPath | Arrays | None = None,
    effort: Effort = "quick",
    variants: bool = True,
    output: StrPath | None = None,
    seed: int = 0,
    force: bool = False,
    progress: bool = True,
    **loading: Any,
) -> Reader:
    """Train a classifier on a dataset and keep it.

    Args:
        dataset: a `Dataset`, or a name or path for `load`.
        model: a name in `recognition.models.MODELS`; None takes the best for so many images:
            `teachers`, several networks that read together and say how sure they may be, and above
            1,000 images of a class `convnet`. `student` is one small network that they teach.
        subset: take so many images of every class, 1 or more; None takes all.
        unlabelled: more images whose labels are not known, as for `label`, which gives them some;
            None has none.
        effort: of labelling those, `quick` or, for an hour more, `full`, as for `label`.
        variants: whether some digits are written as in Europe, too: ones with an upstroke, hooked
            nines, crossed sevens, where there are others to take them for. Images of another script
            whose classes are called `0` to `9` stay as they are; what is done is said.
        output: the folder to make; None makes `readers/DATASET-MODEL`.
        seed: 0..2147483647; the same seed trains the same reader.
        force: replace a reader at `output`.
        progress: whether to say how it goes.
        **loading: further arguments of `load`.

    Returns:
        A `Reader`, with its accuracy on the dataset's test part where it has one.

    Raises:
        UsageError: no such model, no labels, one class only, images of a path or name that are
            coloured or not square, which photographs never become, or `output` exists.
        GanprofileError: the dataset cannot be had or read.

    Example:
        >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
        >>> reader.path.name, reader.info["images"]
        ('digits-k-nn', 200)
        >>> reader.info["accuracy"] > 0.5
        True
    """
    check_loading("train_reader", loading)
    _check(model, output, subset, seed, force)
    if unlabelled is None and effort != "quick":
        raise UsageError("`effort` is of `unlabelled` images. Give some, or leave it out.")
    check_request(dataset, unlabelled, output=output or FOLDER, **loading)
    train_set, test_set = _parts(dataset, subset, seed, loading)
    known = len(train_set)
    many = None if unlabelled is None else _unseen(train_set, test_set, unlabelled, loading)
    for one in (model,) if model else (best_for(train_set), best_for(train_set, len(many or ()))):
        place = _place(output, train_set, one, force)  # the last is held meanwhile
    with (
        working_folder(place, f"Another process makes {place}. Wait for it.") as room,
        kept_if_stopped(lambda: _kept(room)),
    ):
        train_set, guessed = _to_learn(train_set, many, effort, seed, progress, room)
        model = model or best_for(train_set)
        path = _place(output, train_set, model, force)
        if progress:
            say(f"Training {model} on {len(train_set):,} images of {train_set.name}.")
        shown = with_variants(train_set, seed, progress) if variants else train_set
        task = Task(train_set, shown, known, seed, room, progress)
        classifier, facts, arrays = MODELS[model].trained(task)
        about = {"model": model, "variants": shown is not train_set, "seed": seed, **facts}
        info = _described(train_set, known, test_set, classifier) | {"unlabelled": guessed} | about
        _write(Reader(path, classifier, info), arrays, force)
    return Reader(path, classifier, info)


def _check(
    model: str | None, output: StrPath | None, subset: int | None, seed: int, force: bool
) -> None:
    """Refuse what cannot be meant, before anything is read."""
    check_seed(seed)
    refuse_labels_apart(model, "model")
    if model is not None:
        check_known("model", model, MODELS)
    if output is not None:
        _refuse_others(output, force)
    if subset is not None:
        check_whole("subset", subset)


def _place(output: StrPath | None, train_set: Dataset, model: str, force: bool) -> Path:
    """The folder that is made."""
    if output is not None:
        return from_anywhere(output)
    named = Path(FOLDER) / f"{file_name(train_set.name)}-{model}"
    return _refuse_others(named, force)


def _refuse_others(path: StrPath, force: bool) -> Path:
    """Nothing of the user's is replaced, with `force` only a reader in which nothing else lies."""
    classifier = "classifier.*", "classifier/[0-9]*.keras", f"classifier/{MEMBERS}"
    ours = files_but(FILE, FOLDS, card.FILE, *classifier)
    return refuse_others(path, force, FILE, "a reader", foreign=ours)


def _write(reader: Reader, arrays: dict[str, Any], force: bool) -> None:
    """Put a reader into its folder, whole or not at all."""
    _refuse_others(reader.path, force)  # once more: training takes long
    with atomic_folder(reader.path, force) as folder:
        reader.classifier.save(classifier_file(folder, MODELS[reader.info["model"]]))
        if arrays:
            write_arrays(folder / FOLDS, arrays)
        write_json(folder / FILE, reader.info)
        write_bytes(folder / card.FILE, card.card(reader.info).encode())


def _parts(
    dataset: Dataset | StrPath | Arrays, subset: int | None, seed: int, loading: dict[str, Any]
) -> tuple[Dataset, Dataset | None]:
    """The images to learn from, and those to judge by where there are some."""
    given = isinstance(dataset, Dataset)
    train_set, test_set = (dataset, None) if given else load(dataset, **loading)
    if train_set.labels is None:
        raise UsageError(f"{train_set.name} has no labels to learn.")
    _check_shape(train_set, given)
    train_set, test_set = parts_without_empty_classes(train_set, test_set)
    train_set = without_blanks(train_set)
    train_set = refuse_synthetic_test(train_set, test_set, bool(loading.get("allow_overlap")))
    train_set = marked_by_guesses(train_set, test_set)
    say_shared_writers(train_set, test_set)
    return train_set if subset is None else train_set.subset(subset, seed), test_set


def _check_shape(train_set: Dataset, given: bool) -> None:
    """Say that a reader of these images cannot read photographs; refuse it unless they were given
    as a `Dataset`, as by somebody who reads arrays."""
    height, width, channels = train_set.image_shape
    if is_of_photographs(train_set.image_shape):
        return
    found = f"{train_set.name} has images of {shape_in_words(train_set.image_shape)}"
    if given:
        say(
            f"{found}: this reader reads arrays of such alone, for photographs become square, grey."
        )
        return
    remedy = " and ".join(
        [f"`image_size={max(height, width)}`"] * (height != width)
        + ["`channels=1`"] * (channels != 1)
    )
    raise UsageError(
        f"{found}, and a reader makes photographs square and grey: it could read none. Say {remedy}"
        ", or, to read arrays alone, give a `Dataset` in Python."
    )


def _kept(room: Path) -> str:
    if not holds_any(room):
        return ""
    return f"What was finished is kept in {room}; the same command goes on from there."


def _unseen(
    train_set: Dataset,
    test_set: Dataset | None,
    unlabelled: Dataset | StrPath | Arrays,
    loading: dict[str, Any],
) -> Dataset:
    """The unlabelled images, if the test part has none of them, or that was allowed."""
    given = isinstance(unlabelled, Dataset)
    many = unlabelled if given else load_unlabelled(unlabelled, train_set, **loading)
    return refuse_overlap(many, test_set, bool(loading.get("allow_overlap")), kind="unlabelled")


def _to_learn(
    train_set: Dataset, many: Dataset | None, effort: Effort, seed: int, progress: bool, room: Path
) -> tuple[Dataset, dict[str, Any] | None]:
    """The labelled images, behind them others with the labels that `label` gives them, and what is
    said of these, None without any; what takes long is kept in `room`."""
    if many is None:
        say_synthetic(train_set)
        say_conflicts(train_set)
        return train_set, None
    from ganprofile.augmentation.labelling import EFFORTS, labelling_job
    from ganprofile.augmentation.sets import in_memory

    effort = resolved("effort", effort, EFFORTS)
    joined = in_memory(labelling_job(many, train_set, 0.0, effort, seed, progress, {}), room)
    guessed = {"dataset": many.name, "images": len(joined) - len(train_set), "effort": effort}
    return dataclasses.replace(joined, name=train_set.name), guessed


def _described(
    train_set: Dataset, known: int, test_set: Dataset | None, classifier: Any
) -> dict[str, Any]:
    """What `reader.json` says of every reader, whatever it is; writers are those of the first
    images, whose labels are known."""
    writers = known_writers(train_set[:known])
    return {
        "dataset": train_set.name,
        "dataset_fingerprint": train_set.fingerprint,
        "provenance": train_set.provenance,
        "class_names": list(train_set.class_names),
        "image_shape": list(train_set.image_shape),
        "filled": usual_filled(train_set.images),
        "keep_size": kept_size(train_set),
        "images": len(train_set),
        "writers": None if writers is None else len(writers),
        "accuracy": _tested(classifier, test_set),
        "test_images": None if test_set is None else len(test_set),
        "versions": installed_versions(),
    }


def _tested(classifier: Any, test_set: Dataset | None) -> float | None:
    if test_set is None or test_set.labels is None:
        return None
    from ganprofile.classifiers.accuracy import accuracy  # a classifier that left needs no Keras

    return accuracy(classifier, test_set.images, test_set.labels)
