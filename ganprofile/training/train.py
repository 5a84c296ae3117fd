"""Training: `train` a new run, `resume` a stopped one, `repeat` a finished one."""

import dataclasses
import datetime
import platform
from importlib import metadata
from pathlib import Path

from ganprofile.console import say
from ganprofile.datasets import Dataset, from_recipe, load, refuse_overlap
from ganprofile.datasets.selection import write_selection
from ganprofile.errors import GanprofileError, Interrupted, UsageError
from ganprofile.files import atomic_path
from ganprofile.presets import Settings, build_gan, settings_for
from ganprofile.runs import Run, read_config

FINAL_GRID_COLUMNS = 10
RECORDED_VERSIONS = ("keras", "tensorflow", "numpy")


def train(
    dataset,
    model="cgan",
    *,
    test_set=None,
    allow_overlap=False,
    output="runs",
    device="auto",
    offline=False,
    dry_run=False,
    progress=True,
    callbacks=(),
    **settings,
):
    """Train a GAN on a dataset.

    Args:
        dataset: a `Dataset`, or a name or path for `load`, whose training part is used.
        model: a name in `PRESETS`.
        test_set: a `Dataset` held out for later, none of whose images may be trained on.
        allow_overlap: train in spite of shared images; the config records how many.
        output: the folder in which the run folder is made.
        device: `"auto"`, `"cpu"` or `"gpu"`.
        offline: refuse to download data.
        dry_run: check everything and return the config that would be recorded.
        progress: whether to say how it goes.
        callbacks: further Keras callbacks.
        **settings: changes to the preset, fields of `Settings` (`epochs`, `minutes`, `seed`,
            `batch_size`, `learning_rate`, `discriminator_steps`, `loss`, ...).

    Returns:
        The finished `Run`.

    Raises:
        UsageError: an argument is unknown or out of range, labels are missing, or the dataset
            shares images with `test_set`.
        GanprofileError: the training diverged, or the device is not there.
    """
    resolved = settings_for(model, **settings)
    if not isinstance(dataset, Dataset):
        dataset, held_out = load(dataset, offline=offline, allow_overlap=allow_overlap)
        test_set = test_set or held_out
    dataset = refuse_overlap(dataset, test_set, allow_overlap)
    config = _config(dataset, model, resolved)
    gan_on_device = _build(dataset, resolved, config["conditions"], device)
    if dry_run:
        return config
    run = Run.create(output, config)
    write_selection(dataset, run.path / "subset.csv")
    return _fit(run, dataset, resolved, gan_on_device, progress, callbacks)


def resume(
    run,
    dataset=None,
    *,
    epochs=None,
    device="auto",
    offline=False,
    dry_run=False,
    progress=True,
    callbacks=(),
):
    """Go on with a run that was stopped, bit for bit as if it had not been.

    Args:
        run: a `Run` or the path of one.
        dataset: the run's data, where they were given as arrays; else they are loaded again.
        epochs: a new number of epochs, at least as many as are done.
        device, offline, dry_run, progress, callbacks: as for `train`.

    Returns:
        The finished `Run`.

    Raises:
        GanprofileError: the folder is a model without its training state, the data changed, or the
            checkpoint is damaged.
    """
    from ganprofile.callbacks.checkpoint import epochs_done

    run = Run.open(run)
    run.require("checkpoint")
    settings = _settings_of(run.config, run.path / "config.json")
    done = epochs_done(run)
    if epochs is not None:
        settings = dataclasses.replace(settings, epochs=epochs)
        if epochs < done:
            raise UsageError(f"{run.path} has {done} epochs already. Received: --epochs {epochs}.")
    dataset = run.dataset(dataset, offline)
    gan_on_device = _build(dataset, settings, run.conditions, device)
    if dry_run:
        return {**run.config, "settings": dataclasses.asdict(settings)}
    return _fit(run, dataset, settings, gan_on_device, progress, callbacks)


def repeat(config, dataset=None, *, offline=False, **changes):
    """Train again as a `config.json` says.

    Args:
        config: the path of a `config.json` or of a run folder.
        dataset: other data; None loads those that the config names.
        offline: refuse to download data.
        **changes: other arguments of `train`, and changes to the config's settings.

    Returns:
        The new, finished `Run`.
    """
    path = Path(config)
    path = path / "config.json" if path.is_dir() else path
    if not path.is_file():
        raise UsageError(f"{path} does not exist. Name a run folder or its config.json.")
    content = read_config(path)
    recorded = dataclasses.asdict(_settings_of(content, path))
    if dataset is None:
        dataset = from_recipe(content["dataset"]["recipe"], offline)
    # What the first run knew of its data, such as an overlap that was allowed, is still so.
    provenance = content["dataset"].get("provenance", {})
    dataset = dataclasses.replace(dataset, provenance={**provenance, **dataset.provenance})
    return train(dataset, content["model"], offline=offline, **{**recorded, **changes})


def _config(dataset, model, settings):
    if "label" in settings.conditions and dataset.labels is None:
        raise UsageError(
            f"{model} is told which character to draw, but {dataset.name} has no labels. "
            "Use --model gan."
        )
    available = {"label": dataset.num_classes}
    unknown = [name for name in settings.conditions if name not in available]
    if unknown:
        raise UsageError(f"No condition {unknown[0]!r}. Known: {', '.join(available)}.")
    return {
        "ganprofile": metadata.version("ganprofile"),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in RECORDED_VERSIONS},
        },
        "model": model,
        "settings": dataclasses.asdict(settings),
        "conditions": {name: available[name] for name in settings.conditions},
        "dataset": {
            "name": dataset.name,
            "split": dataset.split,
            "recipe": dataset.recipe,
            "provenance": dataset.provenance,
            "fingerprint": dataset.fingerprint,
            "images": len(dataset),
            "image_shape": list(dataset.image_shape),
            "class_names": list(dataset.class_names),
        },
    }


def _settings_of(config, path):
    try:
        return Settings(**config["settings"])
    except TypeError as error:
        raise GanprofileError(f"{path} has settings that are not ours ({error}).") from error


def _build(dataset, settings, conditions, device):
    """The networks and where they live, made before any folder is."""
    from ganprofile.adversarial.devices import choose_device, on_device

    chosen, sentence = choose_device(device)
    with on_device(chosen):
        gan = build_gan(dataset.image_shape, conditions, dataset.num_classes, settings)
    return gan, chosen, sentence


def _fit(run, dataset, settings, gan_on_device, progress, more_callbacks):
    """Train to the end and write what is drawn once."""
    from ganprofile import callbacks
    from ganprofile.adversarial.devices import on_device
    from ganprofile.callbacks.checkpoint import restore

    gan, device, sentence = gan_on_device
    steps_per_epoch = -(-len(dataset) // settings.images_per_step)
    recorder = callbacks.Recorder(run.path, settings.images_per_step)
    restore(gan, run, recorder)
    epochs_done = recorder.epochs_done
    run.record_settings(settings)
    if progress:
        say(sentence)
        say(f"Training {run.config['model']} on {len(dataset):,} {dataset.name}: {run.path}")
    bar = callbacks.Progress(recorder, settings, steps_per_epoch, enabled=progress)
    limit = callbacks.TimeLimit(settings.minutes, recorder)
    grids = callbacks.SampleGrids(run.path, run.conditions.get("label", 0))
    in_order = [recorder, grids, callbacks.Checkpoint(run, recorder), limit, bar, *more_callbacks]
    try:
        with on_device(device):
            if epochs_done < settings.epochs and not limit.is_over():
                _run_epochs(gan, dataset, settings, epochs_done, steps_per_epoch, in_order)
            # A time limit is over; what repeats the run is the number of epochs that fitted in.
            run.record_settings(
                dataclasses.replace(settings, epochs=recorder.epochs_done, minutes=None)
            )
            _finish(run, gan, recorder, steps_per_epoch)
    except (KeyboardInterrupt, Interrupted) as stop:
        stop.add_note(f"Whole epochs are kept. Go on with: ganprofile train --resume {run.path}")
        raise
    finally:
        bar.close()
    return run


def _run_epochs(gan, dataset, settings, epochs_done, steps_per_epoch, callbacks):
    from ganprofile.adversarial.pipeline import endless_batches

    batches = endless_batches(
        dataset.images,
        {name: getattr(dataset, f"{name}s") for name in settings.conditions},
        settings.images_per_step,
        settings.seed,
        first_batch=epochs_done * steps_per_epoch,
    )
    gan.fit(
        batches,
        epochs=settings.epochs,
        initial_epoch=epochs_done,
        steps_per_epoch=steps_per_epoch,
        shuffle=False,  # the stream is shuffled already
        verbose=0,
        callbacks=callbacks,
    )


def _finish(run, gan, recorder, steps_per_epoch):
    """Write what is drawn once: the generator, the grid, the animation, the plots."""
    from ganprofile.callbacks.sample_grids import animate_grids, draw_grid
    from ganprofile.figures import save_loss_curves, save_loss_histograms
    from ganprofile.images import save_png

    num_classes = run.conditions.get("label", 0)
    grid = draw_grid(gan.drawing_generator, num_classes, FINAL_GRID_COLUMNS)
    save_png(run.path / "grid.png", grid)
    recorder.write_histograms()
    animate_grids(run.path)
    save_loss_curves(run.path / "figures" / "losses.png", *recorder.losses(), steps_per_epoch)
    save_loss_histograms(
        run.path / "figures" / "loss_histograms.png", *recorder.losses(), steps_per_epoch
    )
    with atomic_path(run.path / "generator.keras") as partial:
        gan.drawing_generator.save(partial)
    run.forget_generator()
