"""`report`: what a run, an evaluation, a benchmark or a study found, as one HTML file."""

from ganprofile.reporting.report import report, write_page

__all__ = ["report", "write_page"]
