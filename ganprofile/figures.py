"""Plots of arrays, drawn with matplotlib into files."""

import numpy as np

from ganprofile.files import atomic_path

GENERATOR_COLOUR, DISCRIMINATOR_COLOUR = "#d1495b", "#00798c"


def save_loss_curves(path, generator_losses, discriminator_losses, steps_per_epoch):
    """The training curve: both losses of every step (thin) and their means by epoch (bold).

    Args:
        path: a PNG file.
        generator_losses: `(steps,)`.
        discriminator_losses: `(steps,)`.
        steps_per_epoch: how many steps an epoch has.
    """
    figure, axes = _new_figure(figsize=(8, 4.5))
    steps = np.arange(1, len(generator_losses) + 1) / steps_per_epoch
    for name, losses, colour in (
        ("generator", generator_losses, GENERATOR_COLOUR),
        ("discriminator", discriminator_losses, DISCRIMINATOR_COLOUR),
    ):
        means = losses.reshape(-1, steps_per_epoch).mean(axis=1)
        axes.plot(steps, losses, color=colour, linewidth=0.4, alpha=0.35)
        axes.plot(np.arange(1, len(means) + 1), means, color=colour, label=name)
    everything = np.concatenate([generator_losses, discriminator_losses])
    axes.set_ylim(min(0.0, everything.min()), np.quantile(everything, 0.999) * 1.1)
    axes.set(xlabel="epoch", ylabel="loss", title="Loss of every step and its mean by epoch")
    axes.legend()
    _save(figure, path)


def save_loss_histograms(path, generator_losses, discriminator_losses, steps_per_epoch):
    """A small panel an epoch: how the losses of its steps are distributed.

    Above 100 epochs the panels are thinned evenly to 100, the last one kept.

    Arguments as for `save_loss_curves`.
    """
    generator = generator_losses.reshape(-1, steps_per_epoch)
    discriminator = discriminator_losses.reshape(-1, steps_per_epoch)
    epochs = _at_most(len(generator), 100)
    columns = min(10, len(epochs))
    rows = -(-len(epochs) // columns)
    size = (1.2 * columns + 0.6, 1.0 * rows + 0.9)
    figure, panels = _new_figure(rows, columns, size, sharex=True, squeeze=False)
    everything = np.concatenate([generator_losses, discriminator_losses])
    bins = np.linspace(everything.min(), np.quantile(everything, 0.999) + 1e-6, 31)
    for panel in panels.flat:
        panel.set_yticks([])
        panel.tick_params(labelsize=6)
    for panel, epoch in zip(panels.flat, epochs, strict=False):
        panel.hist(generator[epoch], bins, color=GENERATOR_COLOUR, alpha=0.6)
        panel.hist(discriminator[epoch], bins, color=DISCRIMINATOR_COLOUR, alpha=0.6)
        panel.set_title(f"epoch {epoch + 1}", fontsize=6, pad=2)
    for panel in panels.flat[len(epochs) :]:
        panel.set_visible(False)
    figure.suptitle("Losses of the steps of each epoch: generator red, discriminator blue")
    _save(figure, path)


def _at_most(count, limit):
    """Indices 0 .. count - 1, thinned evenly to `limit`, the last one kept."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))


def _new_figure(rows=1, columns=1, figsize=None, **options):
    """A figure without pyplot: no window, no global state, free in any thread."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=figsize, layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def _save(figure, path):
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=110)
