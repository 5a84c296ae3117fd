"""What happens beside the training steps: numbers, pictures, checkpoints, progress, time."""

from ganprofile.training.callbacks.checkpoint import Checkpoint
from ganprofile.training.callbacks.guard import Guard
from ganprofile.training.callbacks.judge import Judge, Reference
from ganprofile.training.callbacks.progress import Progress
from ganprofile.training.callbacks.recorder import Diverged, Recorder
from ganprofile.training.callbacks.sample_grids import SampleGrids
from ganprofile.training.callbacks.stopping import Stopping
from ganprofile.training.callbacks.time_limit import TimeLimit

__all__ = [
    "Checkpoint",
    "Diverged",
    "Guard",
    "Judge",
    "Progress",
    "Recorder",
    "Reference",
    "SampleGrids",
    "Stopping",
    "TimeLimit",
]
