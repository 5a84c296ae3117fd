"""`train` a new run, `resume` a stopped one, `repeat` a finished one."""

import dataclasses
from pathlib import Path

from ganprofile.console import DryRun
from ganprofile.datasets import (
    Dataset,
    from_recipe,
    load,
    load_for_training,
    refuse_overlap,
    without_empty_classes,
)
from ganprofile.errors import UsageError
from ganprofile.gan.presets import AUTO, build_gan
from ganprofile.runs.config_file import read_config, settings_of
from ganprofile.runs.run import Run
from ganprofile.training.choice import check_settings, resolve
from ganprofile.training.config import new_config, refuse_other_backend
from ganprofile.training.devices.devices import choose_device
from ganprofile.training.fit import Watching, fit
from ganprofile.training.workers import output_of, run_of


def train(
    dataset,
    model=AUTO,
    *,
    test_set=None,
    allow_overlap=False,
    output="runs",
    device="auto",
    strategy="auto",
    offline=False,
    dry_run=False,
    progress=True,
    tensorboard=False,
    callbacks=(),
    **settings,
):
    """Train a GAN on a dataset.

    Args:
        dataset: a `Dataset`, or what `load` takes, whose training part is used; classes without
            images are left out.
        model: a name in `PRESETS`, or `"auto"`, which chooses one and its settings by whether there
            are labels and by how many images there are, in all and of a class, and says why.
        test_set: data held out for later, likewise, none of whose images may be trained on.
        allow_overlap: train in spite of shared images; the config records how many.
        output: the folder in which the run folder is made.
        device, strategy: as for `choose_device`: `"auto"`, `"cpu"` or `"gpu"`, or a `Device`; and
            `"auto"`, `"one"`, `"mirrored"` or `"multiworker"`.
        offline: refuse to download data.
        dry_run: check everything and return a `DryRun` of the config that would be recorded.
        progress: whether to say how it goes.
        tensorboard: whether to write the folder `tensorboard/` into the run.
        callbacks: further Keras callbacks.
        **settings: changes to the preset, fields of `Settings` (`epochs`, `minutes`, `seed`,
            `batch_size`, `learning_rate`, `discriminator_steps`, `loss`, ...).

    Returns:
        The finished `Run`; None to a worker that is not the chief.

    Raises:
        UsageError: an argument is unknown or out of range, labels are missing, or the dataset
            shares images with `test_set`.
        GanprofileError: the training diverged, the device is not there, or a worker was lost.
    """
    check_settings(model, settings)
    on = choose_device(device, strategy)
    if not isinstance(dataset, Dataset):
        loading = {"offline": offline, "allow_overlap": allow_overlap}
        dataset, test_set = load_for_training(dataset, test=test_set, **loading)
    elif test_set is not None and not isinstance(test_set, Dataset):
        whole, held_out = load(test_set, offline=offline)
        test_set = held_out or whole
    dataset = without_empty_classes(dataset)
    dataset = refuse_overlap(dataset, test_set, allow_overlap)
    model, resolved, reason = resolve(model, settings, dataset)
    config = {**new_config(dataset, model, resolved), "choice": reason}
    watching = Watching.of(progress, tensorboard, callbacks)
    gan = _build(dataset, resolved, config["conditions"], on)
    if dry_run:
        return DryRun(Path(output), config)
    with output_of(on, output) as place:
        run = fit(Run.create(place, config), dataset, resolved, gan, on, watching)
    return run if on.is_chief else None


def resume(
    run,
    dataset=None,
    *,
    epochs=None,
    device="auto",
    strategy="auto",
    offline=False,
    dry_run=False,
    progress=True,
    tensorboard=False,
    callbacks=(),
):
    """Go on with a run that was stopped, bit for bit as if it had not been.

    Args:
        run: a `Run` or the path of one.
        dataset: the run's data, where they were given as arrays; else they are loaded again.
        epochs: a new number of epochs, at least as many as are done.
        device, strategy, offline, dry_run, progress, tensorboard, callbacks: as for `train`.
            Another number of replicas goes on where the run stands, to within rounding.

    Returns:
        The finished `Run`; None to a worker that is not the chief.

    Raises:
        GanprofileError: the folder is a model without its training state, the data changed, or the
            checkpoint is damaged.
    """
    from ganprofile.training.callbacks.checkpoint import epochs_done

    on = choose_device(device, strategy)
    run = Run.open(run)
    run.require("checkpoint")
    refuse_other_backend(run)
    settings = settings_of(run.config, run.path / "config.json")
    done = epochs_done(run)
    if epochs is not None:
        settings = dataclasses.replace(settings, epochs=epochs)
        if epochs < done:
            raise UsageError(f"{run.path} has {done} epochs already. Received: `epochs={epochs}`.")
    dataset = run.dataset(dataset, offline)
    watching = Watching.of(progress, tensorboard, callbacks)
    with run_of(on, run) as run:
        gan = _build(dataset, settings, run.conditions, on)
        if dry_run:
            return DryRun(run.path, {**run.config, "settings": dataclasses.asdict(settings)})
        fit(run, dataset, settings, gan, on, watching)
    return run if on.is_chief else None


def reproduce(config, dataset=None, *, offline=False, **changes):
    """Train again as a `config.json` says.

    Args:
        config: the path of a `config.json` or of a run folder, or the name of a model.
        dataset: other data; None loads those that the config names.
        offline: refuse to download data.
        **changes: other arguments of `train`, and changes to the config's settings.

    Returns:
        The new, finished `Run`.
    """
    path = Path(config)
    path = path if path.is_file() else Run.open(config).path / "config.json"
    content = read_config(path)
    recorded = dataclasses.asdict(settings_of(content, path))
    if changes.get("minutes") is not None:
        recorded.pop("epochs")
    if dataset is None:
        dataset = from_recipe(content["dataset"]["recipe"], offline)
    # What the first run knew of its data, such as an overlap that was allowed, is still so.
    provenance = content["dataset"].get("provenance", {})
    dataset = dataclasses.replace(dataset, provenance={**provenance, **dataset.provenance})
    return train(dataset, content["model"], offline=offline, **{**recorded, **changes})


def _build(dataset, settings, conditions, on):
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
            f"batch_size should be a multiple of {on.replicas}, the number of replicas, which "
            f"share every batch. Received: {settings.batch_size}."
        )
    shape, classes = dataset.image_shape, dataset.num_classes
    with on.scope():
        return build_gan(shape, conditions, classes, settings, replicas=on.replicas)
