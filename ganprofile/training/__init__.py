"""Training: `train` a new run, `resume` a stopped one, `repeat` a finished one."""

from ganprofile.training.train import repeat, resume, train

__all__ = ["repeat", "resume", "train"]
