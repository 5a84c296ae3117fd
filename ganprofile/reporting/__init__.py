"""`report`: what a run, an evaluation, a benchmark or a study found, as one HTML file."""

from ganprofile.reporting.report import report

__all__ = ["report"]
