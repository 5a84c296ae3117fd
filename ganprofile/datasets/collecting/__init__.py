"""Collecting handwriting: sheets to print and fill, and what comes back from the scanner."""

from ganprofile.datasets.collecting.collection import scan_sheets
from ganprofile.datasets.collecting.layout import Layout, classes_of
from ganprofile.datasets.collecting.sheet import write_sheets

__all__ = ["Layout", "classes_of", "scan_sheets", "write_sheets"]
