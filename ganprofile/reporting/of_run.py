"""The page of a run: what it draws, how it came to it, and what lies closest to it."""

import numpy as np

from ganprofile.console import counted
from ganprofile.errors import GanprofileError, NotHere
from ganprofile.evaluation.result import RESULT
from ganprofile.figures.canvas import at_most
from ganprofile.figures.training import LOGITS, LOSSES, logit_histograms
from ganprofile.images import encode_png, grey_rows, on_paper
from ganprofile.reporting import of_evaluation, run_in_words
from ganprofile.reporting.in_page import in_page
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    PLAIN,
    Chart,
    Drawer,
    Epochs,
    Gallery,
    Histogram,
    Page,
    Prose,
    Table,
    Verdict,
    with_number,
)
from ganprofile.runs.grids import grids_of
from ganprofile.runs.listing import history_of
from ganprofile.runs.plotting import numbers_of
from ganprofile.runs.run import Run
from ganprofile.storage.names import as_word
from ganprofile.training.held_out import divide, divided

SEEDS = 8  # columns of the gallery
SHOWN, UNTOLD = 62, 6  # rows of it: classes, at most; where there are none, images
NEIGHBOURS, NEIGHBOUR_ROWS = 4, 16
EXAMPLES = ("2026", "GAN", "gan")  # texts to begin with
CHOSEN = 40  # epochs that the slider goes through, at most
LOSS_BINS = 48
PLAYERS = ("generator", "discriminator")
DISTANCE = "kernel distance"
# Title -> what the lines are of, and their names with their columns in the history.
CURVES = {
    "Losses": ("loss", {name: f"{name}_loss" for name in PLAYERS}),
    "How real the discriminator finds them": (
        "probability",
        {name: f"probability_{name}" for name in ("real", "fake")},
    ),
    "Kernel distance to {compared}": (DISTANCE, {DISTANCE: "kernel_distance"}),
    "Length of the gradients": ("norm", {name: f"{name}_gradient_norm" for name in PLAYERS}),
}


def page(folder):
    """The `Page` of a run folder or a model.

    Raises:
        GanprofileError: it is damaged.
    """
    run = Run.open(folder)
    history = history_of(run)
    drawn = _drawn(run) if run.has_generator else []
    # What `evaluate` found is kept with a model.
    judged = of_evaluation.page(folder) if (run.path / RESULT).is_file() else None
    return Page(
        title=run.path.resolve().name,
        subtitle="A model that draws" if not history else "A training",
        verdicts=(*_verdicts(run, history), *(judged.verdicts if judged else ())),
        facts=tuple(_facts(run, history)),
        blocks=(
            *drawn,
            *(judged.blocks if judged else ()),
            *_watched(run, history),
            *_settings(run),
        ),
    )


def _verdicts(run, history):
    """How far it has come, how good it is, and what happened to it."""
    drawing = f"{run.config['model']} draws {run.config['dataset']['name']}"
    if not history:
        yield Verdict(f"{drawing}.")
        return
    epochs = len(history["epoch"])
    if run.has_generator:
        tone = PLAIN if run.events else GOOD
        yield Verdict(f"{drawing}, after {counted(epochs, 'epoch')} of training.", tone)
        kept = run_in_words.kept_generator(run.config, history)
        if kept is not None:
            yield kept
    else:
        yield Verdict(
            f"Not finished: {counted(epochs, 'epoch')} so far. Go on with: ganprofile train "
            f"--resume {as_word(run.path)}",
            BAD,
        )
    for epoch, sentence in run.events.items():
        yield Verdict(f"Epoch {epoch}: {sentence}", BAD)


def _facts(run, history):
    data, settings = run.config["dataset"], run.config["settings"]
    yield from run_in_words.images_of(run.config)
    yield "classes", f"{len(data['class_names'])}"
    yield "preset", run.config["model"]
    yield "conditioned on", ", ".join(run.conditions) or "nothing"
    yield "seed", f"{settings['seed']}"
    if history:
        yield "minutes of training", run_in_words.minutes_of(run.config, history)
        yield "images per second", f"{np.nanmedian(history['images_per_second']):,.0f}"
    yield "made", str(run.config.get("created", "-"))[:16].replace("T", " ")
    yield "ganprofile", str(run.config.get("ganprofile", "-"))


def _drawn(run):
    """What it draws, class by seed, and the real images that are nearest."""
    is_labelled = "label" in run.conditions
    names = run.class_names[:SHOWN] if is_labelled else [f"image {k}" for k in range(UNTOLD)]
    labels = {"label": names} if is_labelled else {}
    by_seed = [run.sample(len(names), seed=seed, **labels) for seed in range(SEEDS)]
    rows = tuple(
        (name, tuple(_png(images[k]) for images in by_seed)) for k, name in enumerate(names)
    )
    columns = tuple(f"{seed}" for seed in range(SEEDS))
    yield _drawer(run)
    yield Gallery(
        "What it draws, by class and seed" if is_labelled else "What it draws, by seed",
        columns,
        rows,
        "Drawn: {row}, seed {column}",
        _how_many(len(names), run) if is_labelled else "",
    )
    yield _neighbours(run, by_seed[0][:NEIGHBOUR_ROWS], names)


def _how_many(count, run):
    """A sentence where not all classes are shown."""
    classes = len(run.class_names)
    return f"The first {count} of {classes:,} classes." if count < classes else ""


def _drawer(run):
    """The generator itself, where it is small enough; else a sentence why it is not there."""
    title = "Let it draw"
    try:
        generator = in_page(run.generator)
    except GanprofileError as error:
        return Prose(title, (f"This page cannot draw by itself: {error}.",))
    values = {name: run.condition_values.get(name, ()) for name in generator["conditions"]}
    if "label" in values:
        values["label"] = run.class_names
    values = {name: tuple(map(str, known)) for name, known in values.items()}
    known = "".join(name for name in values.get("label", ()) if len(name) == 1)
    example = next((text for text in EXAMPLES if set(text) <= set(known)), known[:4])
    return Drawer(title, generator, values, example)


def _neighbours(run, drawn, names):
    """Each drawn image beside the images of its training that are nearest, in pixels."""
    from sklearn.neighbors import NearestNeighbors

    title = "The nearest images that it learned from"
    try:
        real = _learned_from(run, run.dataset(offline=True))
    except NotHere as missing:
        return Prose(title, (f"Not shown: {missing.unasked()}",))
    except GanprofileError as error:
        return Prose(title, (f"Not shown: {error}",))
    count = min(NEIGHBOURS, len(real))
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(grey_rows(real))
    nearest = search.kneighbors(grey_rows(drawn), return_distance=False)
    rows = [
        (name, (_png(image), *map(_png, real[found])))
        for name, image, found in zip(names, drawn, nearest, strict=False)
    ]
    few = _how_many(len(rows), run) if "label" in run.conditions else ""
    return Gallery(
        title,
        ("drawn", *(f"{k + 1}." for k in range(count))),
        tuple(rows),
        "{row}: {column}",
        "Nearest by the squared difference of pixels. Whether any are copies is for "
        f"ganprofile evaluate to say. {few}".rstrip(),
    )


def _learned_from(run, dataset):
    """The images of its data, without those that were kept aside."""
    trained_on, _, _ = divide(dataset, run.config["settings"]["seed"])
    # An earlier version may have kept others aside, or none.
    is_so = divided(run.config)[0] == len(trained_on)
    return dataset.images[trained_on] if is_so else dataset.images


def _png(image):
    return encode_png(on_paper(image))


def _watched(run, history):
    """The slider through the epochs, and the curves."""
    if not history:
        return
    yield _epochs(run, history)
    epochs = history["epoch"]
    marks = tuple(run.events.items())
    for title, (unit, columns) in CURVES.items():
        lines = {name: (epochs, history[c]) for name, c in columns.items() if c in history}
        if any(np.isfinite(values).sum() > 1 for _, values in lines.values()):
            title = title.format(compared=run_in_words.compared_with(run.config))
            yield Chart(title, "epoch", unit, lines, marks=marks)


def _epochs(run, history):
    arrays = numbers_of(run)
    count = min(len(history["epoch"]), len(arrays["generator_loss"]))
    rows = at_most(count, CHOSEN)
    pictures = {epoch: path for epoch, path in grids_of(run.path).items() if epoch <= count}
    wanted = {int(row) + 1 for row in rows} | _thinned(pictures)
    numbers = tuple(sorted(wanted))
    return Epochs(
        "Epoch by epoch",
        numbers,
        {epoch: path for epoch, path in pictures.items() if epoch in wanted},
        tuple(_histograms(arrays, np.array(numbers) - 1)),
        "What it drew after epoch {epoch}, always from the same latents",
    )


def _thinned(pictures):
    """At most `CHOSEN` of the epochs that have a picture."""
    epochs = sorted(pictures)
    return {epochs[k] for k in at_most(len(epochs), CHOSEN)} if epochs else set()


def _histograms(arrays, rows):
    if "real_logits" not in arrays:  # nor the losses of steps
        return
    losses = {name: arrays[f"{name}_loss"][rows] for name in ("generator", "discriminator")}
    both = np.concatenate([values.reshape(-1) for values in losses.values()])
    finite = both[np.isfinite(both)]
    if len(finite):
        low, high = np.percentile(finite, [0.5, 99.5]).tolist()
        high = max(high, low + 1e-3)
        edges = np.linspace(low, high, LOSS_BINS + 1)
        counts = {
            name: np.stack([np.histogram(row.clip(low, high), edges)[0] for row in values])
            for name, values in losses.items()
        }
        yield Histogram(LOSSES, low, high, counts)
    logits = {name: arrays[f"{name}_logits"][rows] for name in ("real", "fake")}
    edges, counts = logit_histograms(
        {name: values.astype(np.int64) for name, values in logits.items()}
    )
    yield Histogram(LOGITS, *edges[[0, -1]].tolist(), counts)


def _settings(run):
    settings = run_in_words.settings_of(run.config)
    rows = tuple((name, with_number(value)) for name, value in settings)
    yield Table(
        "Settings", ("setting", "value"), rows, "config.json repeats it: ganprofile train --config."
    )
