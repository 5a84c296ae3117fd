import numpy as np
import pytest

from ganprofile import figures
from ganprofile.images import read_png


@pytest.mark.parametrize("draw", [figures.save_loss_curves, figures.save_loss_histograms])
@pytest.mark.parametrize("epochs", [1, 7, pytest.param(130, marks=pytest.mark.slow)])
def test_plots_of_any_length_are_drawn(tmp_path, draw, epochs):
    random = np.random.default_rng(0)
    losses = random.gamma(2.0, 0.5, (2, epochs * 5)).astype("float32")
    draw(tmp_path / "plot.png", *losses, steps_per_epoch=5)
    picture = read_png(tmp_path / "plot.png")
    colours = {tuple(pixel[:3]) for pixel in picture[::3, ::3].reshape(-1, picture.shape[-1])}
    assert len(colours) > 20, "not an empty sheet"


def test_the_curves_show_every_step(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figures, "_save", lambda figure, path: drawn.append(figure))
    losses = np.arange(20, dtype="float32")
    figures.save_loss_curves(tmp_path / "x", losses, losses + 1, steps_per_epoch=5)
    lines = drawn[0].axes[0].get_lines()
    assert [len(line.get_xdata()) for line in lines] == [20, 4, 20, 4]
    assert np.array_equal(lines[0].get_ydata(), losses)
    assert lines[1].get_ydata().tolist() == [2, 7, 12, 17]


def test_a_histogram_panel_holds_all_steps_of_its_epoch(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figures, "_save", lambda figure, path: drawn.append(figure))
    losses = np.linspace(0, 1, 30, dtype="float32")
    figures.save_loss_histograms(tmp_path / "x", losses, losses, steps_per_epoch=10)
    panels = [panel for panel in drawn[0].axes if panel.get_visible()]
    assert [panel.get_title() for panel in panels] == ["epoch 1", "epoch 2", "epoch 3"]
    for panel in panels:
        assert sum(bar.get_height() for bar in panel.patches) == 20
