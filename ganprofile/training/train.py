"""`train` a new run, `resume` a stopped one, `reproduce` a finished one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ganprofile.console import DryRun, counted, say
from ganprofile.datasets import (
    Dataset,
    check_request,
    from_recipe,
    load,
    load_for_training,
    load_like,
    refuse_overlap,
    without_empty_classes,
)
from ganprofile.datasets.blanks import refuse_blank
from ganprofile.datasets.duplicates import say_conflicts
from ganprofile.datasets.given import refuse_labels_apart
from ganprofile.datasets.loaders.polarity import say_opposite_paper
from ganprofile.datasets.recipe import taken_by
from ganprofile.datasets.synthetic import say_synthetic
from ganprofile.errors import UsageError
from ganprofile.gan.presets import AUTO, build_gan
from ganprofile.gan.settings import Settings
from ganprofile.runs.config_file import compared_data, settings_of
from ganprofile.runs.earlier import expected_seconds
from ganprofile.runs.run import Run
from ganprofile.storage.files import expanded
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable
from ganprofile.training.choice import check_settings, resolve
from ganprofile.training.config import changed_config, new_config, refuse_other_backend
from ganprofile.training.devices.devices import (
    Kind,
    StrategyName,
    choose_device,
    say_what_is_loaded,
)
from ganprofile.training.devices.strategies import Device
from ganprofile.training.fit import Watching, fit
from ganprofile.training.workers import output_of, run_of

if TYPE_CHECKING:
    import keras

    from ganprofile.datasets.given import Arrays
    from ganprofile.gan.gan import GAN


# A `Run`. A worker that is not the chief gets None, `dry_run` a `DryRun`: who asks for neither need
# not tell them apart.
Trained: TypeAlias = Run | Any

FIELDS = {field.name for field in dataclasses.fields(Settings)}


def train(
    dataset: Dataset | StrPath | Arrays,
    model: str = AUTO,
    *,
    test_set: Dataset | StrPath | Arrays | None = None,
    allow_overlap: bool = False,
    output: StrPath = "runs",
    device: Kind | Device = "auto",
    strategy: StrategyName = "auto",
    offline: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    tensorboard: bool = False,
    track: str | Iterable[str] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
    **settings: Any,
) -> Trained:
    """Train a GAN on a dataset.

    Args:
        dataset: a `Dataset`, or what `load` takes, whose training part is used; classes without
            images are left out.
        model: a name in `PRESETS`, or `"auto"`, which chooses one and its settings by whether there
            are labels and by how many images there are, in all and of a class, and says why.
        test_set: data held out for later, likewise, none of whose images may be trained on; a
            person's own pictures are read as those of `dataset` were.
        allow_overlap: train in spite of shared images; the config records how many.
        output: the folder in which the run folder is made.
        device, strategy: as for `choose_device`: `"auto"`, `"cpu"` or `"gpu"`, or a `Device`; and
            `"auto"`, `"one"`, `"mirrored"` or `"multiworker"`.
        offline: refuse to download data.
        dry_run: check everything and return a `DryRun` of the config that would be recorded.
        progress: whether to say how it goes.
        tensorboard: whether to write the folder `tensorboard/` into the run; as
            `track="tensorboard"`.
        track: names in `training.tracking.TRACKERS` that are told the config, every row of the
            history and the pictures: `"mlflow"`, `"wandb"`, `"tensorboard"`, or several, which a
            text lists as `"mlflow,wandb"`. One that fails is said, and the training goes on. With
            `offline`, `"wandb"` only writes them down.
        callbacks: further Keras callbacks, called last, after an epoch is recorded and kept. They
            may look at `self.model`, a `GAN`, at `logs`, the newest step's measures that are one
            number each, and stop the training at the end of an epoch by
            `self.model.stop_training = True`. They are not recorded in the config, nor called for
            epochs that were done before `resume`; one that changes weights makes a training that
            cannot be repeated, and what it leaves in them when the training ends gives way to
            the newest checkpoint. Those of Keras that change learning rates or put weights back
            are refused.
        **settings: changes to the preset, fields of `Settings` (`epochs`, `minutes`, `seed`,
            `batch_size`, `learning_rate`, `discriminator_steps`, `loss`, ...).

    Returns:
        The finished `Run`; None to a worker that is not the chief; the config with `dry_run`.

    Raises:
        UsageError: an argument is unknown or out of range, both `epochs` and `minutes` are said,
            labels are missing, the dataset shares images with `test_set`, or a callback cannot work
            here.
        GanprofileError: the training diverged, the device is not there, or a worker was lost.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", test_set=test_set, epochs=1, progress=False)
        >>> run
        <Run runs/...-cgan-digits-001>
        >>> run.sample(2, label="3").shape
        (2, 28, 28, 1)
        >>> gp.train("digits", minutes=30, dry_run=True)["model"]
        'cdcgan'

        Called after every epoch, and ending the training after the first:

        >>> import keras
        >>> def stop(epoch, logs):
        ...     told.model.stop_training = True
        >>> told = keras.callbacks.LambdaCallback(on_epoch_end=stop)
        >>> few = train_set.subset(5)
        >>> run = gp.train(few, "cgan", epochs=9, callbacks=[told], progress=False)
        >>> run.last_epoch["epoch"]
        1.0
    """
    refuse_labels_apart(model, "model")
    check_settings(model, settings)
    output = expanded(output)
    check_request(dataset, test_set, output=output / "run")
    if progress:
        say_what_is_loaded(device, strategy)
    on = choose_device(device, strategy)
    if on.is_chief:
        check_writable(output / "run")
    if not isinstance(dataset, Dataset):
        loading: dict[str, Any] = {"offline": offline, "allow_overlap": allow_overlap}
        dataset, test_set = load_for_training(dataset, test=test_set, **loading)
    elif test_set is not None and not isinstance(test_set, Dataset):
        whole, held_out = load_like(test_set, dataset, offline=offline)
        test_set = held_out or whole
    elif test_set is not None:
        say_opposite_paper(dataset, test_set)
    dataset = without_empty_classes(dataset)
    refuse_blank(dataset)
    dataset = refuse_overlap(dataset, test_set, allow_overlap)
    model, resolved, reason = resolve(model, settings, dataset)
    if "batch_size" in settings and resolved.batch_size > len(dataset):
        say(
            f"A batch of {resolved.batch_size:,} images is more than the {len(dataset):,} that "
            "there are: each is shown several times in a step."
        )
    config = {**new_config(dataset, model, resolved), "choice": reason}
    if on.is_chief:
        say_synthetic(dataset)
        if "label" in resolved.conditions:
            say_conflicts(dataset)
    watching = Watching.of(progress, track, tensorboard, offline, callbacks)
    gan = _build(dataset, resolved, config["conditions"], on)
    if dry_run:
        return DryRun(output, {**config, **_foreseen(output, config)})
    with output_of(on, output) as place:
        run = fit(Run.create(place, config), dataset, resolved, gan, on, watching)
    return run if on.is_chief else None


def resume(
    run: Run | StrPath,
    dataset: Dataset | Arrays | None = None,
    *,
    epochs: int | None = None,
    device: Kind | Device = "auto",
    strategy: StrategyName = "auto",
    offline: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    tensorboard: bool = False,
    track: str | Iterable[str] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
) -> Trained:
    """Go on with a run that was stopped, bit for bit as if it had not been.

    Args:
        run: a `Run` or the path of one.
        dataset: the run's data, where they were given as arrays; else they are loaded again.
        epochs: a new number of epochs, at least as many as are done, in place of that or of the
            minutes for which the run was begun; None keeps these. Fewer than were planned are said.
        device, strategy, offline, dry_run, progress, tensorboard, track, callbacks: as for
            `train`; `track` goes on with what was tracked before. Another number of replicas goes
            on where the run stands, to within rounding.

    Returns:
        The finished `Run`; None to a worker that is not the chief; with `dry_run` the config, and
        `epochs_done` and whether it is `finished`.

    Raises:
        UsageError: there is no such run, it has more epochs already, or a callback cannot work
            here.
        GanprofileError: the folder is a model without its training state, the data changed, or the
            checkpoint is damaged.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=1, progress=False)
        >>> run = gp.resume(run, epochs=2, progress=False)
        >>> run.last_epoch["epoch"]
        2.0
    """
    run = Run.open(run)
    run.require("checkpoint")
    if progress:
        say_what_is_loaded(device, strategy)
    from ganprofile.training.callbacks.checkpoint import epochs_done  # by now, Keras is needed

    on = choose_device(device, strategy)
    refuse_other_backend(run)
    settings = settings_of(run.config, run.path / "config.json")
    done = epochs_done(run)
    if epochs is not None:
        settings = _of_other_length(run, settings, epochs, done, on)
    is_finished = done >= settings.epochs and run.has_generator
    with taken_by(f"gp.resume({str(run.path)!r}, dataset)"):
        dataset = run.dataset(dataset, offline)
    if is_finished and progress and on.is_chief and not dry_run:
        say(
            f"{run.path} is finished, with {counted(done, 'epoch')}: only its pictures are made "
            "again. To train on, add `epochs=N`, a larger number."
        )
    watching = Watching.of(progress, track, tensorboard, offline, callbacks)
    with run_of(on, run) as run:
        gan = _build(dataset, settings, run.conditions, on)
        if dry_run:
            stands = {"epochs_done": done, "finished": is_finished}
            return DryRun(
                run.path, {**run.config, "settings": dataclasses.asdict(settings), **stands}
            )
        fit(run, dataset, settings, gan, on, watching)
    return run if on.is_chief else None


def _of_other_length(run: Run, settings: Settings, epochs: int, done: int, on: Device) -> Settings:
    """The same settings for another number of epochs; fewer than were planned are said.

    Raises:
        UsageError: the run has more already.
    """
    changed = dataclasses.replace(settings, epochs=epochs, minutes=None)
    if epochs < done:
        raise UsageError(
            f"{run.path} has {counted(done, 'epoch')} already. Received: `epochs={epochs}`. "
            f"Ask for `epochs={done + 1}` or more, or leave it out."
        )
    if settings.minutes is None and epochs < settings.epochs and on.is_chief:
        say(
            f"{run.path} was to have {counted(settings.epochs, 'epoch')}: it ends with "
            f"{counted(epochs, 'epoch')}, as is asked for now."
        )
    return changed


def reproduce(
    config: Run | StrPath,
    dataset: Dataset | StrPath | Arrays | None = None,
    *,
    offline: bool = False,
    **changes: Any,
) -> Trained:
    """Train again as a `config.json` says.

    Args:
        config: a `Run`, the path of a `config.json`, of the same as YAML, or of a run folder, or
            the name of a model.
        dataset: other data, a `Dataset` or what `load` takes, whose training part is used; None
            loads those that the config names.
        offline: refuse to download data.
        **changes: other arguments of `train`, and changes to the config's settings.

    Returns:
        The new, finished `Run`; else as `train`.

    Raises:
        UsageError: there is no such config, or as for `train`.
        GanprofileError: the config is damaged, the data cannot be had, or as for `train`.

    Example:
        >>> config = gp.reproduce("digits-cgan", dry_run=True)
        >>> config["model"], config["dataset"]["images"], config["settings"]["batch_size"]
        ('cgan', 5000, 128)
        >>> train_set, test_set = gp.load("digits")
        >>> gp.reproduce("digits-cgan", train_set.subset(5), epochs=1, progress=False)
        <Run runs/...-cgan-digits-001>
    """
    if "model" in changes:
        raise UsageError(
            "A training is reproduced with the model that its config names. To train another on "
            f"the same data, use train. Received: `model={changes['model']!r:.60}`."
        )
    settings = {name: changes.pop(name) for name in FIELDS & changes.keys()}
    content = changed_config(config, **settings)
    check_request(dataset)
    wanted = changes.pop("device", "auto"), changes.pop("strategy", "auto")
    if changes.get("progress", True):
        say_what_is_loaded(*wanted)
    on = choose_device(*wanted)
    if dataset is None:
        with taken_by(f"gp.reproduce({str(getattr(config, 'path', config))!r}, dataset)"):
            dataset = from_recipe(content["dataset"]["recipe"], offline)
        dataset, changed = compared_data(content["dataset"], dataset)
        if changed:
            say(
                f"{getattr(config, 'path', config)} was trained on other data: {changed}. Those of "
                "now are trained on; put the others back to have the same run again."
            )
    elif not isinstance(dataset, Dataset):
        overlap = bool(changes.get("allow_overlap", False))
        dataset, _ = load(dataset, offline=offline, allow_overlap=overlap)
    if not compared_data(content["dataset"], dataset)[1]:
        # What the first run knew of its data, such as an overlap that was allowed, is still so.
        provenance = content["dataset"].get("provenance", {})
        dataset = dataclasses.replace(dataset, provenance={**provenance, **dataset.provenance})
    told = {"device": on, "offline": offline, **content["settings"], **changes}
    return train(dataset, content["model"], **told)


def _foreseen(output: StrPath, config: Mapping[str, Any]) -> dict[str, Any]:
    """How long it takes, where epochs decide and an earlier run tells; else nothing."""
    known = None if config["settings"]["minutes"] else expected_seconds(output, config)
    return {} if known is None else {"about_seconds": known[0], "as_fast_as": str(known[1])}


def _build(dataset: Dataset, settings: Settings, conditions: Mapping[str, int], on: Device) -> GAN:
    """The networks where they are trained, made before any folder is.

    Raises:
        UsageError: the replicas cannot do what the settings say.
    """
    if settings.jit and on.replicas > 1:
        raise UsageError(
            f"jit compiles for one device. Received: {on.replicas} replicas. Leave `jit` out, or "
            'add `strategy="one"`.'
        )
    if settings.batch_size % on.replicas:
        raise UsageError(
            f"`batch_size` should be a multiple of {on.replicas}, the number of replicas, which "
            f"share every batch. Received: {settings.batch_size}."
        )
    shape, classes = dataset.image_shape, dataset.num_classes
    with on.scope():
        return build_gan(shape, conditions, classes, settings, replicas=on.replicas)
