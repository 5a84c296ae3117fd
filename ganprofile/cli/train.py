"""`ganprofile train`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, data
from ganprofile.cli.config import configured
from ganprofile.errors import UsageError
from ganprofile.storage.yaml_files import as_yaml


@configured(takes_runs=True)
@data.takes_data()
def train(
    images: data.Data = None,
    dataset: data.Dataset = None,
    model: Annotated[
        str | None,
        typer.Option(
            help=f"The preset: {choices.MODELS}.  Default: auto, which chooses by your data and "
            "says why."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(help="Passes over the data.  Default: 100; auto fits it to the data."),
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Train for this time instead.")] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Images in a minibatch.  Default: 128.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Fixes everything random.  Default: 0.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The generator's.")] = None,
    discriminator_steps: Annotated[
        int | None, typer.Option(help="Discriminator updates before one of the generator.")
    ] = None,
    loss: Annotated[
        str | None, typer.Option(help=f"What the networks minimise: {choices.LOSSES}.")
    ] = None,
    conditions: Annotated[
        list[str] | None,
        typer.Option(
            "--condition",
            help=f"What the networks are told: {choices.CONDITIONS}; repeat for both.",
        ),
    ] = None,
    conditioning: Annotated[
        str | None,
        typer.Option(help=f"How the discriminator is told: {choices.CONDITIONINGS}."),
    ] = None,
    precision: Annotated[
        str | None, typer.Option(help=f"What the networks compute in: {choices.PRECISIONS}.")
    ] = None,
    jit: Annotated[
        bool | None, typer.Option("--jit", help="Let XLA compile the step: faster on GPUs.")
    ] = None,
    penalty: Annotated[
        str | None, typer.Option(help=f"What the discriminator pays: {choices.PENALTIES}, or none.")
    ] = None,
    augmentation_policy: Annotated[
        list[str] | None,
        typer.Option(
            help="How the discriminator sees real and drawn images changed, comma-separated: "
            f"{choices.AUGMENTATION_POLICY}; or none."
        ),
    ] = None,
    subset: Annotated[int | None, typer.Option(help="Train on N images of each class.")] = None,
    classes: choices.Classes = None,
    test: Annotated[
        str | None, typer.Option(help="Held-out data; refuse to train on any of their images.")
    ] = None,
    *,
    loading,
    output: Annotated[Path, typer.Option(help="Where the run folder is made.")] = Path("runs"),
    config: Path | None = None,
    print_config: bool = False,
    resume: Annotated[Path | None, typer.Option(help="Go on with a stopped run.")] = None,
    device: Annotated[str, typer.Option(help=f"{choices.DEVICES}.")] = "auto",
    strategy: Annotated[
        str,
        typer.Option(
            help=f"{choices.STRATEGIES}: one device, all GPUs, or all machines of TF_CONFIG."
        ),
    ] = "auto",
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write RUN/tensorboard while it trains.")
    ] = False,
    track: Annotated[
        list[str] | None,
        typer.Option(help=f"Tell it to others while it trains: {choices.TRACKERS}; repeat."),
    ] = None,
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
        settings["augmentation_policy"] = () if policy == (choices.NONE,) else policy
    if penalty is not None:
        settings["penalty"] = None if penalty == choices.NONE else penalty
    offline = loading.pop("offline", False)
    if images is not None:
        dataset = data.data_of(images, dataset)
    chosen = choices.given(
        dataset=dataset, test=test, subset=subset, classes=choices.listed(classes), model=model
    )
    common = {
        "device": gp.choose_device(device, strategy),
        "offline": offline,
        "dry_run": dry_run,
        "tensorboard": tensorboard,
        "track": choices.listed(track),
    }
    if resume is not None:
        _refuse(
            "--resume", chosen, loading, choices.given(config=config), set(settings) - {"epochs"}
        )
        run = gp.resume(resume, epochs=epochs, **common)
    elif config is not None:
        _refuse("--config", chosen, loading)
        if print_config:
            from ganprofile.training.config import changed_config

            print(as_yaml(changed_config(config, **settings)), end="")
            return
        run = gp.reproduce(config, output=output, **common, **settings)
    else:
        train_set, test_set = gp.load_for_training(
            chosen.get("dataset", "digits"),
            test=test,
            classes=chosen.get("classes"),
            per_class=subset,
            seed=settings.get("seed", 0),
            offline=offline,
            **loading,
        )
        run = gp.train(
            train_set,
            chosen.get("model", "auto"),
            test_set=test_set,
            allow_overlap=loading.get("allow_overlap", False),
            output=output,
            **common,
            **settings,
        )
    if run is None:  # this worker helped another one, which keeps the run
        return
    if dry_run:
        choices.print_json(run)
    elif json:
        choices.print_json({"run": run.path, **run.last_epoch})
    else:
        print(run.path)


def _refuse(mode, *groups):
    """A resumed or repeated run brings its own data and settings."""
    for name in (name for group in groups for name in sorted(group)):
        raise UsageError(f"{mode} takes its data and settings from the run. Remove `{name}`.")
