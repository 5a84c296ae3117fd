"""Plots of how a training went."""

from pathlib import Path

import numpy as np

from ganprofile.figures.canvas import legend_below, marker_for, new_figure, save
from ganprofile.figures.colours import ROLES
from ganprofile.figures.histograms import Histograms, sheet, trimmed

LOGIT_LIMIT = 16.0  # as `gan.measures` counts; a test holds the two together
LOSS_BINS = 30
LOSSES = "losses of the steps"
LOGITS = "logits (above 0: taken for real)"


def save_training_figures(folder, arrays):
    """Write `losses.png`, `loss_histograms.png` and `logit_histograms.png`; the first alone where
    there are no logits.

    Args:
        folder: where they go.
        arrays: what the `histograms.npz` of a run holds: `generator_loss` and `discriminator_loss`
            `(epochs, steps_per_epoch)`, `real_logits` and `fake_logits` `(epochs, bins)`.

    Returns:
        The paths.
    """
    names = ("losses.png", "loss_histograms.png", "logit_histograms.png")
    paths = [Path(folder) / name for name in names]
    losses = _losses(arrays)
    save_loss_curves(paths[0], *losses)
    if "real_logits" not in arrays:
        return paths[:1]
    save_loss_histograms(paths[1], *losses)
    save_logit_histograms(paths[2], *_logits(arrays))
    return paths


def save_loss_curves(path, generator_losses, discriminator_losses, steps_per_epoch):
    """The training curve: both losses of every step (thin) and their means by epoch (bold).

    Args:
        path: a PNG file.
        generator_losses: `(steps,)`.
        discriminator_losses: `(steps,)`.
        steps_per_epoch: how many steps an epoch has.
    """
    figure, axes = new_figure(figsize=(8, 4.5))
    steps = np.arange(1, len(generator_losses) + 1) / steps_per_epoch
    both = {"generator": generator_losses, "discriminator": discriminator_losses}
    for name, losses in both.items():
        means = losses.reshape(-1, steps_per_epoch).mean(axis=1)
        axes.plot(steps, losses, color=ROLES[name].light, linewidth=0.4, alpha=0.35)
        style = {"color": ROLES[name].light, "label": name, "marker": marker_for(len(means))}
        axes.plot(np.arange(1, len(means) + 1), means, **style)
    everything = np.concatenate(list(both.values()))
    axes.set_ylim(min(0.0, everything.min()), np.quantile(everything, 0.999) * 1.1)
    title = "Loss of every step and its mean by epoch" if steps_per_epoch > 1 else "Loss by epoch"
    axes.set(xlabel="epoch", ylabel="loss", title=title)
    axes.xaxis.get_major_locator().set_params(integer=True)
    legend_below(axes)
    save(figure, path)


def save_loss_histograms(path, generator_losses, discriminator_losses, steps_per_epoch):
    """A small panel per epoch: how the losses of its steps are distributed.

    Above 100 epochs the panels are thinned evenly to 100, the last one kept.

    Arguments as for `save_loss_curves`.
    """
    histograms = _loss_histograms(generator_losses, discriminator_losses, steps_per_epoch)
    save(sheet(histograms), path)


def save_logit_histograms(path, real_counts, fake_counts):
    """A small panel per epoch: how the discriminator's logits are distributed; above 0 means real.

    Thinned as `save_loss_histograms` does.

    Args:
        path: a PNG file.
        real_counts: logits on real images in bins of equal width over [-16, 16], `(epochs, bins)`.
        fake_counts: the same for fake images.
    """
    save(sheet(_logit_histograms(real_counts, fake_counts)), path)


def save_epoch_histograms(folder, arrays, on_file=lambda done, epochs: None):
    """Write `epoch_001.png`, ...: the losses and the logits of one epoch each, on common axes.

    Args:
        folder: where they go; it is made.
        arrays: as for `save_training_figures`.
        on_file: called with the number of files written and of all.

    Returns:
        The paths.
    """
    both = [_loss_histograms(*_losses(arrays)), _logit_histograms(*_logits(arrays))]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for epoch in range(both[0].epochs):
        figure, panels = new_figure(1, 2, (8, 3.4))
        for panel, histograms in zip(panels, both, strict=True):
            histograms.draw(panel, epoch)
            panel.set(title=histograms.what, ylim=(0, histograms.ceiling), ylabel="count")
            legend_below(panel)
        figure.suptitle(f"epoch {epoch + 1}")
        paths.append(folder / f"epoch_{epoch + 1:03d}.png")
        save(figure, paths[-1])
        on_file(len(paths), both[0].epochs)
    return paths


def _losses(arrays):
    generator, discriminator = arrays["generator_loss"], arrays["discriminator_loss"]
    return generator.reshape(-1), discriminator.reshape(-1), generator.shape[1]


def _logits(arrays):
    return arrays["real_logits"], arrays["fake_logits"]


def _loss_histograms(generator_losses, discriminator_losses, steps_per_epoch):
    """The few steps that are far above all others are counted in the last bin."""
    both = {"generator": generator_losses, "discriminator": discriminator_losses}
    everything = np.concatenate(list(both.values())).astype(np.float64)
    highest = np.quantile(everything, 0.999) + 1e-6
    edges = np.linspace(everything.min(), highest, LOSS_BINS + 1)
    counts = {
        name: np.array(
            [
                np.histogram(epoch, edges)[0]
                for epoch in losses.reshape(-1, steps_per_epoch).clip(max=highest)
            ]
        )
        for name, losses in both.items()
    }
    return Histograms(LOSSES, edges, counts)


def _logit_histograms(real_counts, fake_counts):
    return Histograms(LOGITS, *logit_histograms({"real": real_counts, "fake": fake_counts}))


def logit_histograms(counts):
    """The logits on the bins that are worth room.

    Args:
        counts: name -> logits in bins of equal width over [-16, 16], `(epochs, bins)`.

    Returns:
        The edges of the bins that are left, and the counts in them.
    """
    bins = next(iter(counts.values())).shape[1]
    return trimmed(np.linspace(-LOGIT_LIMIT, LOGIT_LIMIT, bins + 1), counts)
