"""`ganprofile train`."""

from pathlib import Path

from ganprofile.cli import choices, completing, data, names, plans
from ganprofile.cli.config import configured
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import DATA, ESSENTIAL, HOW_MANY, option
from ganprofile.errors import UsageError
from ganprofile.storage.yaml_files import as_yaml


@configured(takes_runs=True)
@data.takes_data()
def train(
    images: data.DataOrEmbedded = None,
    dataset: data.Dataset = None,
    *,
    model: choices.choice(
        str | None,
        "model",
        (names.AUTO, *names.PRESETS),
        group="ganprofile.presets",
        help=f"{', '.join(names.PRESETS)} or auto.",
        more="The preset; auto chooses by your data and says why.",
        panel=ESSENTIAL,
        show_default="auto",
    ) = None,
    epochs: option(
        int | None,
        help="Passes over the data.",
        more="With --model auto it is fitted to the data.",
        panel=HOW_MANY,
        show_default="100, or as auto says",
    ) = None,
    minutes: option(
        float | None, help="Train for this time instead.", panel=HOW_MANY, metavar="MINUTES"
    ) = None,
    batch_size: option(int | None, help="Images in a minibatch.", show_default="128") = None,
    seed: option(int | None, help="Fixes everything random.", show_default="0") = None,
    learning_rate: option(float | None, help="The generator's.", metavar="RATE") = None,
    discriminator_steps: option(
        int | None, help="The discriminator's updates.", more="Before each update of the generator."
    ) = None,
    loss: choices.choice(
        str | None, "loss", names.LOSSES, more="What the networks minimise."
    ) = None,
    conditions: choices.choice(
        list[str] | None,
        "condition",
        names.CONDITIONS,
        "--condition",
        several=True,
        help=f"What the networks are told: {names.said(names.CONDITIONS)}.",
        more="Repeat for both.",
    ) = None,
    conditioning: choices.choice(
        str | None, "conditioning", names.CONDITIONINGS, more="How the discriminator is told."
    ) = None,
    precision: choices.choice(
        str | None, "precision", names.PRECISIONS, more="What the networks compute in."
    ) = None,
    jit: option(bool | None, "--jit", help="Let XLA compile the step: faster on GPUs.") = None,
    penalty: choices.choice(
        str | None,
        "penalty",
        names.PENALTIES,
        or_none=True,
        help=f"{', '.join(names.PENALTIES)} or none.",
        more="What the discriminator pays for steep gradients.",
    ) = None,
    augmentation_policy: choices.choice(
        list[str] | None,
        "transform",
        names.AUGMENTATION_POLICY,
        or_none=True,
        several=True,
        help="How the discriminator's images are changed.",
        more="Real and drawn ones alike, by several of "
        f"{', '.join(names.AUGMENTATION_POLICY)}, comma-separated; or none.",
    ) = None,
    subset: option(int | None, help="Train on N images of each class.", panel=HOW_MANY) = None,
    classes: choices.Classes = None,
    test: data.of_data(
        str | None,
        help="Held-out data.",
        more="None of their images may be trained on.",
        panel=DATA,
    ) = None,
    loading,
    output: option(
        Path | None,
        help="Where the run folder is made.",
        panel=ESSENTIAL,
        metavar="FOLDER",
        show_default="runs",
    ) = None,
    config: Path | None = None,
    print_config: bool = False,
    resume: option(
        Path | None,
        help="Go on with a stopped run.",
        panel=ESSENTIAL,
        metavar="RUN",
        autocompletion=completing.runs,
    ) = None,
    device: choices.choice(str, "device", names.DEVICES) = "auto",
    strategy: choices.choice(
        str,
        "strategy",
        names.STRATEGIES,
        more="one device, all GPUs (mirrored), or all machines of TF_CONFIG (multiworker).",
    ) = "auto",
    tensorboard: option(
        bool, "--tensorboard", help="Also write RUN/tensorboard while it trains."
    ) = False,
    track: choices.choice(
        list[str] | None,
        "tracker",
        names.TRACKERS,
        several=True,
        help=f"Tell {names.said(names.TRACKERS)}.",
        more="While it trains; repeat for several.",
    ) = None,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Train a GAN on a dataset. The last line names the run folder.

    Example: ganprofile train --dataset digits --subset 100 --minutes 2

    Go on after a stop: ganprofile train --resume runs/2026-11-20-cdcgan-digits-001
    """
    import ganprofile as gp

    settings = choices.given(
        epochs=epochs,
        minutes=minutes,
        batch_size=batch_size,
        seed=seed,
        learning_rate=learning_rate,
        discriminator_steps=discriminator_steps,
        loss=loss,
        conditions=choices.listed(conditions),
        conditioning=conditioning,
        precision=precision,
        jit=jit,
    )
    if augmentation_policy:
        policy = choices.listed(augmentation_policy)
        settings["augmentation_policy"] = () if policy == (names.NONE,) else policy
    if penalty is not None:
        settings["penalty"] = None if penalty == names.NONE else penalty
    offline = loading.pop("offline", False)
    place = output or Path("runs")
    if images is not None:
        dataset = data.data_of(images, dataset)
    chosen = choices.given(
        dataset=dataset, test=test, subset=subset, classes=choices.listed(classes), model=model
    )
    typed = {"images" if one == "dataset" and images is not None else one for one in chosen}
    common = {
        "device": device,
        "strategy": strategy,
        "offline": offline,
        "dry_run": dry_run,
        "tensorboard": tensorboard,
        "track": choices.listed(track),
    }
    if resume is not None:
        elsewhere = choices.given(config=config, output=output)
        _refuse("--resume", typed, loading, elsewhere, set(settings) - {"epochs"})
        run = gp.resume(resume, epochs=epochs, **common)
    elif config is not None:
        _refuse("--config", typed, loading)
        if print_config:
            from ganprofile.training.config import changed_config

            print(as_yaml(changed_config(config, **settings)), end="")
            return
        run = gp.reproduce(config, output=place, **common, **settings)
    else:
        run = _train(chosen, settings, loading, place, common)
    if run is None:  # this worker helped another one, which keeps the run
        return
    if dry_run:
        plans.print_plan(run, plans.of_training, json)
        return
    if json:
        choices.print_json({"run": run.path, **run.last_epoch})
    else:
        print(run.path)
    say_next("look at what it draws", "sample", run.path, "--grid", as_json=json)


def _train(chosen, settings, loading, output, common):
    """A new run; what no data can make right is refused before a framework is loaded."""
    import ganprofile as gp
    from ganprofile.datasets import check_request
    from ganprofile.errors import check_whole
    from ganprofile.training.choice import check_settings
    from ganprofile.training.devices.devices import say_what_is_loaded

    model, test, subset = chosen.get("model", "auto"), chosen.get("test"), chosen.get("subset")
    check_settings(model, settings)
    dataset = data.data_or_embedded(None, chosen.get("dataset"))
    check_request(dataset, test, output=output, **loading)
    if subset is not None:
        check_whole("subset", subset)
    say_what_is_loaded(common["device"], common["strategy"])
    device = gp.choose_device(common["device"], common["strategy"])  # before data are loaded
    train_set, test_set = gp.load_for_training(
        dataset,
        test=test,
        classes=chosen.get("classes"),
        per_class=subset,
        seed=settings.get("seed", 0),
        offline=common["offline"],
        **loading,
    )
    overlap = loading.get("allow_overlap", False)
    told = {**common, **settings, "device": device, "output": output, "allow_overlap": overlap}
    return gp.train(train_set, model, test_set=test_set, **told)


def _refuse(mode, *groups):
    """A resumed or repeated run brings its own data and settings."""
    for name in (name for group in groups for name in sorted(group)):
        raise UsageError(f"{mode} takes its data and settings from the run. Remove `{name}`.")
