"""The run folder: what a training leaves behind, read again, listed, plotted and compared."""
