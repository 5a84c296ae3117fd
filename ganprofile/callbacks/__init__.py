"""What happens beside the training steps: numbers, pictures, checkpoints, progress, time."""

from ganprofile.callbacks.checkpoint import Checkpoint
from ganprofile.callbacks.guard import Guard
from ganprofile.callbacks.judge import Judge, Reference
from ganprofile.callbacks.progress import Progress
from ganprofile.callbacks.recorder import Diverged, Recorder
from ganprofile.callbacks.sample_grids import SampleGrids
from ganprofile.callbacks.stopping import Stopping
from ganprofile.callbacks.time_limit import TimeLimit

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
