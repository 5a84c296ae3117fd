import numpy as np
import pytest

from ganprofile import figures
from ganprofile.figures import benchmark
from ganprofile.images import read_png


def mean(arm, per_class, images, accuracy, sd=0.02):
    place = {"arm": arm, "per_class": per_class, "images_per_class": per_class, "images": images}
    return {**place, "accuracy": accuracy, "sd": sd}


def difference(arm, by, verdict, reach=0.01):
    low, high = (None, None) if reach is None else (by - reach, by + reach)
    names = {"arm": arm, "against": "none", "per_class": 10}
    found = {"mean": by, "low": low, "high": high, "level": 0.05 / 3}
    return {**names, **found, "direction": verdict, "verdict": f"{verdict} for these images"}


MEANS = [
    mean("none", 50, 500, 0.95),
    mean("none", 10, 100, 0.85),
    mean("classic", 10, 100, 0.9),
    mean("classic", 50, 500, 0.97),
    mean("classic+gan:5", 10, 600, 0.88),
    mean("classic+gan:1", 10, 200, 0.89),
]
DIFFERENCES = [
    difference("classic", 0.05, "helps"),
    difference("$gan", -0.03, "hurts"),
    difference("duplicated", 0.001, "no benefit shown", reach=None),
]


@pytest.fixture
def drawn(monkeypatch):
    """Figures instead of files."""
    kept = []
    monkeypatch.setattr(benchmark, "save", lambda figure, path: kept.append(figure))
    return kept


def lines_of(panel):
    return {
        line.get_label(): line.get_xydata().tolist()
        for line in panel.get_lines()
        if len(line.get_xydata()) and not line.get_label().startswith("_")
    }


def test_the_learning_curve_is_by_size_and_without_doses(drawn):
    figures.save_benchmark("x", MEANS, DIFFERENCES)
    panel = drawn[0].axes[0]
    none, classic = np.array([lines_of(panel)[name] for name in ("none", "classic")])
    assert none[:, 1].tolist() == [85, 95] and classic[:, 1].tolist() == [90, 97]
    assert np.allclose(none[:, 0], [10, 50], rtol=0.02)
    assert np.allclose(classic[:, 0] / none[:, 0], 1.02), "beside each other"
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["10", "50"]
    bands = [band.get_paths()[0].vertices for band in panel.collections]
    assert [(band[:, 1].min().round(6), band[:, 1].max().round(6)) for band in bands] == [
        (83, 97),
        (88, 99),
    ]


def test_arms_at_one_size_are_rows_and_no_sizes(drawn):
    few = [one for one in MEANS if one["per_class"] == 10]
    figures.save_benchmark("x", [*few[:2], mean("none", 10, 100, 0.8, sd=None)], [])
    (panel,) = drawn[0].axes
    assert [tick.get_text() for tick in panel.get_yticklabels()] == ["none", "classic", "none"]
    places = [container.lines[0].get_xydata().tolist() for container in panel.containers]
    assert places == [[[85, 0]], [[90, 1]], [[80, 2]]]
    bars = [container.lines[2][0].get_segments()[0][:, 0] for container in panel.containers]
    assert np.allclose(bars, [[83, 87], [88, 92], [80, 80]])
    assert panel.get_title() == "Accuracy with 10 images per class, sd over subsets"


def test_as_many_as_all_are_told_from_all(drawn):
    few = [mean(arm, size, 40, 0.8) for size in (4, "all") for arm in ("none", "classic")]
    for one in few:
        one["images_per_class"] = 4.0
    figures.save_benchmark("x", few, [difference("classic", 0.05, "helps") | {"per_class": "all"}])
    rows, differences = drawn[0].axes
    assert [tick.get_text() for tick in rows.get_yticklabels()] == [
        *("none, 4 per class", "classic, 4 per class"),
        *("none, all images", "classic, all images"),
    ]
    assert rows.get_title() == "Accuracy, sd over subsets"
    assert differences.get_yticklabels()[0].get_text() == "classic against none, all images"
    figures.save_benchmark("x", few[2:], [])
    assert drawn[1].axes[0].get_title() == "Accuracy with all images, sd over subsets"
    figures.save_benchmark("x", few[2:], [], "trainings")
    assert drawn[2].axes[0].get_title() == "Accuracy with all images, sd over trainings"


def test_arms_that_all_have_a_dose_have_no_empty_learning_curve(drawn):
    doses = [mean(f"gan:{k}", n, n * k, 0.8) for n in (5, 10) for k in (1, 5)]
    figures.save_benchmark("x", doses, [])
    (panel,) = drawn[0].axes
    assert panel.get_title().startswith("Dose curve") and len(lines_of(panel)) == 2
    # What no dose curve can show is drawn over the sizes.
    figures.save_benchmark("x", doses[::2], [])
    (panel,) = drawn[1].axes
    assert list(lines_of(panel)) == ["gan:1"]


def test_the_dose_curve_begins_with_what_the_dose_is_added_to(drawn):
    figures.save_benchmark("x", MEANS, DIFFERENCES)
    (line,) = lines_of(drawn[0].axes[1]).items()
    assert line == ("classic+gan, 10 per class", [[100, 90], [200, 89], [600, 88]])


def test_families_of_doses():
    doses = [mean(f"gan:{dose}", 10, 100 * (1 + dose), 0.8) for dose in (9, 1)]
    assert benchmark.dose_families(doses[:1]) == {}
    assert list(benchmark.dose_families(doses)) == [("gan", 10)]
    start, default = mean("none", 10, 100, 0.7), mean("gan", 10, 500, 0.75)
    (family,) = benchmark.dose_families([*doses, default, start]).values()
    assert [one["images"] for one in family] == [100, 200, 500, 1000]
    assert benchmark.dose_families([start, default, mean("gan", 50, 500, 0.9)]) == {}


def test_differences_have_a_row_each_with_their_interval(drawn):
    figures.save_benchmark("x", MEANS, DIFFERENCES)
    panel = drawn[0].axes[-1]
    names = [tick.get_text() for tick in panel.get_yticklabels()]
    assert names[:2] == ["classic against none, 10 per class", "$gan against none, 10 per class"]
    intervals = [path for lines in panel.collections for path in lines.get_paths()]
    ends = np.array([path.vertices[:, 0] for path in intervals])
    assert np.allclose(ends, [[4, 6], [-4, -2]]), "where there is one"
    top, bottom = panel.get_ylim()
    assert top > bottom, "the first stands at the top"
    assert "98.3 % CI" in panel.get_title(), "of three comparisons that hold together"
    assert set(lines_of(panel)) <= {
        f"{verdict} for these images" for verdict in ("helps", "hurts", "no benefit shown")
    }


def test_panels_without_content_are_left_out(drawn):
    figures.save_benchmark("x", MEANS[:4], [])
    assert len(drawn[0].axes) == 1


@pytest.mark.parametrize("means", [MEANS, [mean("$a_b" * 30, 10, 100, 0.5, sd=None)]])
def test_it_is_a_picture(tmp_path, means):
    figures.save_benchmark(tmp_path / "benchmark.png", means, DIFFERENCES)
    assert read_png(tmp_path / "benchmark.png").shape[0] > 300
