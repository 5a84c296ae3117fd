"""What stands on a datasheet."""

from ganprofile.datasets.collecting.datasheet import datasheet
from ganprofile.datasets.collecting.layout import Layout


def test_names_like_markup_are_shown_as_they_are():
    report = {
        **{"name": "*mine*", "class_names": ["<b>", "`"], "class_counts": [3, 3], "images": 6},
        **{"characteristics": ["<i>age", "left_handed"], "writers": 1, "missing": []},
        "empty_cells": 0,
    }
    page = datasheet(report, Layout())
    assert page.startswith("# Datasheet: \\*mine\\*\n") and "by 1 writer: \\<b> \\`." in page
    assert "- Known of the writers: \\<i>age, left_handed." in page
