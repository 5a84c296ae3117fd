"""Collecting handwriting: sheets to print and fill, and what comes back from the scanner."""

from ganprofile.collecting.collection import scan_sheets
from ganprofile.collecting.layout import Layout, classes_of
from ganprofile.collecting.sheet import write_sheets

__all__ = ["Layout", "classes_of", "scan_sheets", "write_sheets"]
