"""What happens beside the training steps: numbers, pictures, checkpoints, progress, time."""

from ganprofile.training.callbacks.best_checkpoint import BestCheckpoint, ReferenceImages
from ganprofile.training.callbacks.checkpoint import Checkpoint
from ganprofile.training.callbacks.further import Further
from ganprofile.training.callbacks.monitor import Monitor
from ganprofile.training.callbacks.progress import TrainingProgress
from ganprofile.training.callbacks.recorder import Diverged, Recorder
from ganprofile.training.callbacks.sample_grids import SampleGrids
from ganprofile.training.callbacks.stopping import Stopping
from ganprofile.training.callbacks.time_limit import TimeLimit

__all__ = [
    "BestCheckpoint",
    "Checkpoint",
    "Diverged",
    "Further",
    "Monitor",
    "Recorder",
    "ReferenceImages",
    "SampleGrids",
    "Stopping",
    "TimeLimit",
    "TrainingProgress",
]
