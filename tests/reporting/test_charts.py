"""Where things stand in a chart."""

import numpy as np
import pytest

from ganprofile.reporting import charts
from ganprofile.reporting.charts import Axis
from ganprofile.reporting.page import GOOD, Chart, Histogram, Intervals


def test_an_axis_places_its_ends_and_its_middle():
    axis = Axis(0.0, 10.0, 100, 300)
    assert [axis.place(value) for value in (0, 5, 10)] == [100, 200, 300]
    upwards = Axis(0.0, 10.0, 300, 100)
    assert upwards.place(10) == 100
    equal_ratios = Axis(1.0, 100.0, 0, 200, is_log=True)
    assert equal_ratios.place(10) == 100


def test_an_axis_of_one_value_has_some_room():
    axis = Axis.around(np.array([3.0]), 0, 100)
    assert axis.low < 3 < axis.high and axis.place(3.0) == 50
    assert Axis.around(np.array([0.0]), 0, 100).place(0.0) == 50


def test_ticks_are_round_and_inside():
    places, texts = zip(*Axis(0.0, 9.7, 0, 97).ticks(), strict=True)
    assert texts == ("0", "2", "4", "6", "8") and places == (0, 20, 40, 60, 80)
    assert [text for _, text in Axis(1.0, 3.0, 0, 1).ticks([1, 2, 3])] == ["1", "2", "3"]
    ticks = Axis(10.0, 200.0, 0, 1, is_log=True).ticks([10, 50, 50, 200])
    assert [text for _, text in ticks] == ["10", "50", "200"]


def test_points_that_are_no_numbers_are_left_out():
    lines = {"judged": ([1, 2, 3], [np.nan, 0.5, 0.25]), "never": ([1, 2, 3], [np.nan] * 3)}
    drawn = charts.lines(Chart("Judged", "epoch", "distance", lines))
    (line,) = drawn["lines"]
    assert [point[2:] for point in line["data"]] == [["2", "0.5"], ["3", "0.25"]]
    assert len(line["points"].split()) == 2
    (_, above, *_), (_, below, *_) = line["data"]
    assert above < below, "what is larger stands higher"


def test_intervals_stand_about_their_values():
    rows = (("a", 1.0, 0.5, 1.5, GOOD), ("x" * 60, -1.0, None, None, GOOD))
    drawn = charts.intervals(Intervals("Differences", "points", rows, "What they are."))
    first, second = drawn["rows"]
    assert first["low"] < first["value"] < first["high"]
    assert first["value"] - drawn["zero"] == pytest.approx(drawn["zero"] - second["value"], abs=0.1)
    assert second["low"] is None and len(second["name"]) < 60 and "x" * 60 in second["said"]
    assert first["said"] == "a: +1.00 (+0.50 to +1.50)"
    shares = charts.intervals(Intervals("Shares", "%", (("a", 80.0, 79.0, 81.0, GOOD),), "", False))
    assert shares["zero"] is None and shares["rows"][0]["said"] == "a: 80.00 (79.00 to 81.00)"
    assert shares["rows"][0]["low"] < 100, "the axis need not begin at 0"


def test_rows_of_a_chart_are_said_as_its_table_says_them_and_keep_their_sizes():
    folder = "/a/folder/" + "of/many/others" * 6
    rows = [(f"{folder}{k} at {n} per class", -0.003, -0.01, 0.0, GOOD) for k in "12" for n in "15"]
    drawn = charts.intervals(Intervals("Differences", "points", tuple(rows), ""))["rows"]
    assert len({row["name"] for row in drawn}) == 4
    assert all(len(row["name"]) <= charts.LONGEST_NAME for row in drawn)
    assert drawn[0]["said"] == f"{folder}1 at 1 per class: -0.003 (-0.01 to +0.00)"
    shares = charts.intervals(Intervals("", "%", (("a", 99.998, -0.001, 100.0, GOOD),), "", False))
    assert shares["rows"][0]["said"] == "a: 99.998 (0.00 to 100.00)"


def test_bars_are_as_high_as_the_counts():
    counts = {"real": np.array([[9, 9, 9], [0, 2, 4]]), "fake": np.array([[0, 0, 0], [0, 0, 0]])}
    drawn = charts.bars(Histogram("logits", -3, 3, counts))
    (name, colour, bars), (_, _, empty) = drawn["names"]
    assert name == colour == "real"
    assert [height for _, _, height, _ in bars] == [0, charts.BARS / 2, charts.BARS]
    assert [x for x, *_ in bars] == pytest.approx([0, 213.33, 426.67])
    assert [bar[3] for bar in bars] == ["real, up to -1", "real, -1 to 1", "real, 1 and above"]
    assert not any(height for _, _, height, _ in empty)


def test_bars_that_lie_over_each_other_have_one_scale():
    counts = {"real": np.array([[0, 4]]), "fake": np.array([[2, 1]])}
    real, fake = charts.bars(Histogram("logits", -3, 3, counts))["names"]
    heights = [[height for _, _, height, _ in bars] for _, _, bars in (real, fake)]
    assert heights == [[0, charts.BARS], [charts.BARS / 2, charts.BARS / 4]]
