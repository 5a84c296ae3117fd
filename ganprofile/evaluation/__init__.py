"""`evaluate`: how good a set of synthetic images is, and whether it copies."""

from ganprofile.evaluation.evaluate import evaluate
from ganprofile.evaluation.result import Evaluation

__all__ = ["Evaluation", "evaluate"]
