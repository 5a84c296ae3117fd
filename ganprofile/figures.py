"""Plots of arrays, drawn with matplotlib into files."""

import numpy as np

from ganprofile.files import atomic_path

GENERATOR_COLOUR, DISCRIMINATOR_COLOUR = "#d1495b", "#00798c"
REAL_COLOUR = "#2e4057"


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


def save_dataset_histograms(path, dataset):
    """Four panels on a `Dataset`: images a class, levels, ink an image, images a writer.

    A panel whose column the dataset lacks says so.
    """
    figure, panels = _new_figure(2, 2, (9, 6))
    classes, levels, ink, writers = panels.flat
    if dataset.labels is not None:
        classes.bar(np.arange(dataset.num_classes), dataset.class_counts(), color=REAL_COLOUR)
        shown = _at_most(dataset.num_classes, 62)
        names = [_ascii(dataset.class_names[label]) for label in shown]
        upright = max(map(len, names)) > 2
        classes.set_xticks(shown, names, fontsize=6, rotation=90 * upright, parse_math=False)
    classes.set(title="images a class")
    counts = np.bincount(dataset.images.reshape(-1), minlength=256)
    levels.bar(np.arange(256), counts, width=1.0, color=REAL_COLOUR)
    levels.set(title="pixels of each level (0 = paper, 255 = ink)", yscale="log")
    ink.hist(dataset.images.mean(axis=(1, 2, 3)) / 255, 40, color=REAL_COLOUR)
    ink.set(title="images by their share of ink")
    known = None if dataset.writers is None else dataset.writers[dataset.writers >= 0]
    if known is not None and len(known):
        writers.hist(np.unique(known, return_counts=True)[1], 40, color=REAL_COLOUR)
    writers.set(title="writers by their number of images")
    for panel, missing in ((classes, dataset.labels is None), (writers, known is None)):
        if missing:
            panel.text(0.5, 0.5, "not known", ha="center", va="center")
    figure.suptitle(f"{len(dataset):,} images of {_ascii(dataset.name)}, {dataset.split}")
    _save(figure, path)


def _ascii(name):
    """A name that every font can draw, cut to what fits below a bar."""
    return name.encode("ascii", "backslashreplace").decode()[:12]


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
