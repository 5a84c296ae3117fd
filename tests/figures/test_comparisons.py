import numpy as np
import pytest

from ganprofile import figures
from ganprofile.figures import comparisons
from ganprofile.images import read_png


def test_grids_of_any_sizes_appear_pixel_by_pixel(tmp_path):
    random = np.random.default_rng(0)
    shapes = [(60, 90, 1), (30, 40, 3), (200, 10, 1), (40, 40, 1), (20, 150, 3)]
    grids = [random.integers(0, 256, shape, dtype=np.uint8) for shape in shapes]
    titles = ["a", "$b", "", "a-very-long-name-" * 9, "ä\n"]
    rows = [["0", "1", "2"], [], ["$x$"], ["A long name", "b"], []]
    figures.save_grids(tmp_path / "grids.png", grids, titles, rows)
    sheet = read_png(tmp_path / "grids.png")[..., :3].astype(int)
    for grid in grids:
        assert stands_in(sheet, np.broadcast_to(grid, (*grid.shape[:2], 3)))


def stands_in(sheet, grid):
    height, width = grid.shape[:2]
    starts = np.argwhere((sheet == grid[0, 0]).all(axis=-1))
    return any(
        np.array_equal(sheet[y : y + height, x : x + width], grid) for y, x in starts.tolist()
    )


@pytest.mark.parametrize("runs", [1, 2, 5])
def test_losses_share_their_axes_and_distances_have_a_panel(tmp_path, monkeypatch, runs):
    drawn = []
    monkeypatch.setattr(comparisons, "save", lambda figure, path: drawn.append(figure))
    histories = [
        {"generator_loss": np.arange(4.0 + k), "discriminator_loss": np.ones(4 + k)}
        for k in range(runs)
    ]
    histories[-1]["kernel_distance"] = np.r_[np.nan, 0.5, np.full(runs, np.nan), 0.25]
    figures.save_losses(tmp_path / "x", histories, [f"$run {k}" for k in range(runs)])
    *losses, distances = [panel for panel in drawn[0].axes if panel.get_visible()]
    assert [panel.get_title() for panel in losses] == [f"$run {k}" for k in range(runs)]
    assert len({panel.axis() for panel in losses}) == 1
    (line,) = distances.get_lines()
    assert line.get_xydata().tolist() == [[2, 0.5], [runs + 3, 0.25]]


def test_no_panel_for_distances_that_nobody_measured(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(comparisons, "save", lambda figure, path: drawn.append(figure))
    history = {name: np.ones(3) for name in ("generator_loss", "discriminator_loss")}
    unmeasured = {**history, "kernel_distance": np.full(3, np.nan)}
    figures.save_losses(tmp_path / "x", [history, unmeasured], ["a", "b"])
    assert [panel.get_title() for panel in drawn[0].axes] == ["a", "b"]
