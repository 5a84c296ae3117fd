"""Training: `train` a new run, `resume` a stopped one, `repeat` a finished one."""

from ganprofile.training.train import reproduce, resume, train

__all__ = ["reproduce", "resume", "train"]
