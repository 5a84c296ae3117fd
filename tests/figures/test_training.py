import numpy as np
import pytest

from ganprofile import figures
from ganprofile.figures import histograms, training
from ganprofile.gan.measures import LOGIT_LIMIT, logit_counts
from ganprofile.images import read_png


@pytest.fixture
def drawn(monkeypatch):
    """The figures that would have been written."""
    drawn = []
    monkeypatch.setattr(training, "save", lambda figure, path: drawn.append(figure))
    return drawn


def numbers(epochs, steps=5):
    random = np.random.default_rng(0)
    losses = random.gamma(2.0, 0.5, (2, epochs, steps)).astype("float32")
    counts = np.zeros((2, epochs, 64), "float32")
    counts[0, :, 30:40] = random.integers(1, 9, (epochs, 10))
    counts[1, :, 25:32] = random.integers(1, 9, (epochs, 7))
    names = ("generator_loss", "discriminator_loss", "real_logits", "fake_logits")
    return dict(zip(names, (*losses, *counts), strict=True))


@pytest.mark.parametrize("epochs", [1, 7, pytest.param(130, marks=pytest.mark.slow)])
def test_plots_of_any_length_are_drawn(tmp_path, epochs):
    paths = figures.save_training_figures(tmp_path, numbers(epochs))
    assert len(paths) == len(set(paths)) > 1
    for path in paths:
        picture = read_png(path)
        colours = {tuple(pixel[:3]) for pixel in picture[::3, ::3].reshape(-1, picture.shape[-1])}
        assert len(colours) > 20, f"{path} is not an empty sheet"


def test_the_curves_show_every_step(drawn):
    losses = np.arange(20, dtype="float32")
    figures.save_loss_curves("x", losses, losses + 1, steps_per_epoch=5)
    lines = drawn[0].axes[0].get_lines()
    assert [len(line.get_xdata()) for line in lines] == [20, 4, 20, 4]
    assert np.array_equal(lines[0].get_ydata(), losses)
    assert lines[1].get_ydata().tolist() == [2, 7, 12, 17]


def panels(figure):
    """Of every panel of a sheet its title, and the heights of its bars in parts of the tallest."""
    axes = figure.axes[0]
    first, second, frames = axes.collections[:3]
    titles = [text.get_text() for text in axes.texts if text.get_text().startswith("epoch ")]
    outlines = (collection.get_paths() for collection in (frames, first, second))
    for title, frame, *both in zip(titles, *outlines, strict=True):
        corner, _, top, *_ = frame.vertices[:, 1]
        heights = [path.vertices[1:-2:2, 1] - corner for path in both]
        yield title, *(height / (top - corner) * histograms.HEADROOM for height in heights)


def test_a_histogram_panel_holds_all_steps_of_its_epoch(drawn):
    losses = np.linspace(0, 1, 3000, dtype="float32")
    losses[7] = 1e6
    figures.save_loss_histograms("x", losses, losses[::-1], steps_per_epoch=1000)
    shown = list(panels(drawn[0]))
    assert [title for title, *_ in shown] == ["epoch 1", "epoch 2", "epoch 3"]
    for number, (_, *both) in enumerate(shown):
        for bars, place in zip(both, (number, 2 - number), strict=True):
            full = np.flatnonzero(bars > 0.5)  # one loss far away does not squeeze the rest
            assert len(full) >= 9 and place * 10 - 1 <= full.min() < full.max() <= place * 10 + 10


def test_panels_are_thinned_to_a_hundred_with_the_last(drawn):
    figures.save_logit_histograms("x", *np.ones((2, 250, 64)))
    titles = [title for title, *_ in panels(drawn[0])]
    assert len(titles) == 100 and (titles[0], titles[-1]) == ("epoch 1", "epoch 250")


def test_logits_are_shown_over_the_bins_that_hold_some(drawn):
    arrays = numbers(3)
    counts = [arrays[f"{kind}_logits"] for kind in ("real", "fake")]
    figures.save_logit_histograms("x", *counts)
    for epoch, (_, *both) in enumerate(panels(drawn[0])):
        tallest = max(kind[epoch].max() for kind in counts)
        for bars, kind in zip(both, counts, strict=True):
            assert bars * tallest == pytest.approx(kind[epoch, 25:40])
    ticks = [text.get_text() for text in drawn[0].axes[0].texts[3:]]
    assert ticks == ["-2.5", "0", "2.5"] * 3  # of -3.5 to 4


def test_bins_that_hold_next_to_nothing_are_counted_at_the_ends():
    counts = {"real": np.zeros((2, 8), int), "fake": np.zeros((2, 8), int)}
    counts["real"][0, [0, 3, 4, 7]] = 1, 900, 900, 1
    counts["fake"][1, [2, 3, 6]] = 500, 1500, 1
    edges, left = histograms.trimmed(np.arange(9.0), counts)
    assert edges.tolist() == [2, 3, 4, 5]
    assert left["real"].tolist() == [[1, 900, 901], [0, 0, 0]]
    assert left["fake"].tolist() == [[0, 0, 0], [500, 1500, 1]]
    nothing = {"real": np.zeros((1, 3), int)}
    assert histograms.trimmed(np.arange(4.0), nothing)[1] is nothing


def test_bins_are_those_in_which_the_training_counts():
    """One logit just above each edge falls into the bin that the plot takes it for."""
    edges = np.linspace(-training.LOGIT_LIMIT, training.LOGIT_LIMIT, 65)
    assert training.LOGIT_LIMIT == LOGIT_LIMIT
    for k in (0, 31, 32, 63):
        assert np.argmax(logit_counts(np.float32([edges[k] + 0.01]))) == k


def test_every_epoch_gets_a_file_on_common_axes(tmp_path, drawn):
    said = []
    paths = figures.save_epoch_histograms(tmp_path, numbers(3), lambda *done: said.append(done))
    assert [path.name for path in paths] == ["epoch_001.png", "epoch_002.png", "epoch_003.png"]
    assert said == [(1, 3), (2, 3), (3, 3)]
    for side in (0, 1):
        assert len({figure.axes[side].axis() for figure in drawn}) == 1


def test_a_legend_covers_nothing(drawn):
    losses = np.arange(20, dtype="float32")
    figures.save_loss_curves("x", losses, losses + 1, steps_per_epoch=5)
    (panel,) = drawn[0].axes
    drawn[0].draw_without_rendering()
    legend, plot = panel.get_legend().get_window_extent(), panel.get_window_extent()
    label = panel.xaxis.get_label().get_window_extent()
    assert legend.y1 < label.y0 < plot.y0
    assert legend.y0 >= 0, "and it is on the sheet"
