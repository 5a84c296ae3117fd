"""Plots of arrays, drawn with matplotlib into files."""

from ganprofile.figures.benchmark import save_benchmark
from ganprofile.figures.comparisons import save_grids, save_losses
from ganprofile.figures.datasets import save_dataset_histograms
from ganprofile.figures.reading import save_overview, save_read_page
from ganprofile.figures.studies import save_curves, save_histograms, save_map, save_readings
from ganprofile.figures.training import (
    save_epoch_histograms,
    save_logit_histograms,
    save_loss_curves,
    save_loss_histograms,
    save_training_figures,
)
from ganprofile.figures.writers import save_writer_map

__all__ = [
    "save_benchmark",
    "save_curves",
    "save_dataset_histograms",
    "save_epoch_histograms",
    "save_grids",
    "save_histograms",
    "save_logit_histograms",
    "save_loss_curves",
    "save_loss_histograms",
    "save_losses",
    "save_map",
    "save_overview",
    "save_read_page",
    "save_readings",
    "save_training_figures",
    "save_writer_map",
]
