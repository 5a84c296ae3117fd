import numpy as np
import pytest
from imblearn.pipeline import make_pipeline
from imblearn.utils.estimator_checks import parametrize_with_checks
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import ganprofile as gp
from ganprofile.transforms.deformation.moments import moments
from tests.conftest import run_command

CHECKS = parametrize_with_checks([gp.HandwritingOverSampler(random_state=0)])


@pytest.mark.parametrize(CHECKS.args[0], list(CHECKS.args[1]), ids=CHECKS.kwargs["ids"])
def test_it_passes_the_checks_of_imbalanced_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def unbalanced(digits):
    """30 images of the digit 1, 12 of 7 and 4 of 4, uint8 `(n, 28, 28)`, and their names."""
    train_set = digits[0]
    places = [np.flatnonzero(train_set.labels == int(name))[:n] for name, n in COUNTS.items()]
    places = np.concatenate(places)
    names = np.array(train_set.class_names)[train_set.labels[places]]
    return train_set.images[places, ..., 0], names


COUNTS = {"1": 30, "7": 12, "4": 4}


def counts_of(names):
    return dict(zip(*np.unique(names, return_counts=True), strict=True))


@pytest.mark.parametrize("stem", ["pixel", None])
def test_pixels_of_a_table_lie_where_its_headings_say(unbalanced, capsys, stem):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    images, names = unbalanced
    headings = [f"{stem}{k}" if stem else k for k in range(784)]
    table = pandas.DataFrame(images.reshape(-1, 784), columns=headings)
    more, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(table, names)
    assert capsys.readouterr().err == ""
    by_text = sorted(headings, key=str)
    mixed, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(table[by_text], names)
    assert list(mixed.columns) == by_text
    np.testing.assert_array_equal(mixed[headings], more)
    assert "the columns of pixels do not stand in order" in capsys.readouterr().err


@pytest.mark.parametrize(("least", "most"), [("int64", "float64"), ("int8", "uint8")])
def test_a_table_of_several_types_gets_the_ink_that_its_array_gets(unbalanced, least, most):
    """A CSV in which a pixel is always 0 is read so."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    images, names = unbalanced
    rows = (images.reshape(46, -1) / (255 if most == "float64" else 1)).astype(most)
    table = pandas.DataFrame(rows)
    blank = table.columns[(rows == 0).all(axis=0)]
    table = table.astype(dict.fromkeys(blank, least))
    drawn, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(table, names)
    by_array, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(table.to_numpy(), names)
    assert by_array[46:, blank].max() > 0.5 * by_array.max()
    np.testing.assert_array_equal(drawn, by_array)


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        *((kind, kind) for kind in ("Int64", "UInt8", "Float64", "uint8[pyarrow]", "boolean")),
        *(("Sparse[uint8]", "Sparse[uint8, 0]"), ("category", "int64"), ("object", "object")),
    ],
)
def test_a_table_of_a_type_of_pandas_gets_the_ink_that_its_array_gets(unbalanced, kind, becomes):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    if "pyarrow" in kind:
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    images, names = unbalanced
    rows = images.reshape(46, -1)
    rows = rows > 127 if kind == "boolean" else rows.astype(np.int64)
    table = pandas.DataFrame(rows).astype(kind)
    drawn, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(table, names)
    assert {str(each) for each in drawn.dtypes} == {becomes}
    by_array = rows.astype(np.float64) if kind in ("Float64", "object") else rows
    by_array, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(by_array, names)
    np.testing.assert_array_equal(drawn.to_numpy(by_array.dtype), by_array)


def test_standardised_columns_are_no_images(unbalanced):
    preprocessing = pytest.importorskip("sklearn.preprocessing", reason="scikit-learn is missing")
    images, names = unbalanced
    columns = images.reshape(len(images), -1)
    scaled = preprocessing.StandardScaler().fit_transform(columns)
    with pytest.raises(gp.UsageError, match="each pixel has a scale of its own"):
        gp.HandwritingOverSampler().fit_resample(scaled, names)
    whole = (columns - columns.mean()) / columns.std()
    assert len(gp.HandwritingOverSampler().fit_resample(whole, names)[0]) == 90


def test_rare_classes_become_as_large_as_the_largest_with_new_images(unbalanced):
    images, names = unbalanced
    more, more_names = gp.HandwritingOverSampler(random_state=0).fit_resample(images, names)
    assert counts_of(more_names) == {"1": 30, "4": 30, "7": 30}
    assert more.dtype == np.uint8 and more.shape == (90, 28, 28)
    np.testing.assert_array_equal(more[:46], images)
    drawn = more[46:].reshape(44, -1)
    assert len(np.unique(drawn, axis=0)) == 44
    assert not (drawn[:, None] == images.reshape(1, 46, -1)).all(axis=2).any()
    ink = images.mean(axis=(1, 2))
    assert 0.8 < drawn.mean() / ink[30:].mean() < 1.25


def test_sizes_stay_where_they_tell_characters_apart(unbalanced):
    spreads = []
    for keep_size in (False, True):
        sampler = gp.HandwritingOverSampler(random_state=0, keep_size=keep_size)
        images, names = sampler.fit_resample(*unbalanced)
        drawn = moments(images[46:][names[46:] == "4"][..., None])
        spreads.append(np.log(drawn.height * drawn.width).std())
    assert spreads[1] < 0.9 * spreads[0]


@pytest.mark.slow
def test_the_same_state_draws_the_same_and_rows_are_images(unbalanced):
    images, names = unbalanced
    rows = images.reshape(46, -1)
    first, others = (gp.HandwritingOverSampler(random_state=seed) for seed in (0, 1))
    drawn, _ = first.fit_resample(rows, names)
    np.testing.assert_array_equal(drawn, first.fit_resample(rows, names)[0])
    np.testing.assert_array_equal(drawn.reshape(-1, 28, 28), first.fit_resample(images, names)[0])
    assert (drawn != others.fit_resample(rows, names)[0]).any()


@pytest.mark.slow
@pytest.mark.parametrize("is_dark", [False, True])
def test_range_type_and_polarity_stay(unbalanced, is_dark):
    images, names = unbalanced
    light = images.astype(np.float64) / 255
    floats = 1 - light if is_dark else light
    numbers = {"1": 30, "4": 8, "7": 12}
    sampler = gp.HandwritingOverSampler(sampling_strategy=numbers, random_state=0)
    drawn, more_names = sampler.fit_resample(floats, names)
    assert sampler.sampling_strategy_ == {"1": 0, "4": 4, "7": 0}
    assert counts_of(more_names) == numbers
    assert drawn.dtype == np.float64 and drawn.min() >= 0 and drawn.max() <= 1
    as_light = 1 - drawn[46:] if is_dark else drawn[46:]
    assert (as_light[:, [0, -1]] < 0.1).mean() > 0.9
    again, _ = sampler.fit_resample(images, names)
    np.testing.assert_allclose(as_light * 255, again[46:], atol=1.01)


@pytest.mark.parametrize("kind", ["levels", "bool", "a hair above"])
def test_new_images_have_the_paper_of_those_that_are_given(unbalanced, kind):
    images, names = unbalanced
    ink = images / 255
    light = {"levels": np.rint(ink * 16), "bool": ink > 0.5, "a hair above": ink - 1e-6}[kind]
    paper = {"levels": 16, "bool": True, "a hair above": 1}[kind]
    dark = ~light if kind == "bool" else paper - light
    drawn = gp.HandwritingOverSampler(random_state=0).fit_resample(dark, names)[0][46:]
    assert drawn.dtype == dark.dtype and (drawn[:, 0] > 0.9 * paper).mean() > 0.95
    share = np.mean(paper - drawn * 1.0) / np.mean(paper - dark[30:] * 1.0)
    assert 0.8 < share < 1.25


@pytest.mark.slow
def test_colour_and_oblong_images_keep_their_shape(unbalanced):
    images, names = unbalanced
    colour = np.repeat(images[..., None], 3, 3)[:, 2:]
    sampler = gp.HandwritingOverSampler(random_state=0, image_shape=(26, 28, 3))
    rows, _ = sampler.fit_resample(colour.reshape(46, -1), names)
    drawn, _ = gp.HandwritingOverSampler(random_state=0).fit_resample(colour, names)
    np.testing.assert_array_equal(rows.reshape(-1, 26, 28, 3), drawn)
    assert drawn.shape == (90, 26, 28, 3)
    with pytest.raises(gp.UsageError, match=r"of the 2184 values of an image.*\(9, 9, 1\)"):
        sampler.set_params(image_shape=(9, 9)).fit_resample(colour.reshape(46, -1), names)


def test_sides_below_0_are_refused(unbalanced):
    images, names = unbalanced
    sampler = gp.HandwritingOverSampler(image_shape=(-28, -28))
    with pytest.raises(gp.UsageError, match=r"of the 784 values of an image.*\(-28, -28, 1\)"):
        sampler.fit_resample(images.reshape(46, -1), names)


@pytest.mark.slow
def test_it_works_in_a_pipeline():
    X, y = (array[:400] for array in load_digits(return_X_y=True))
    few = np.flatnonzero((y != 7) | (np.arange(len(y)) % 5 == 0))
    sampler = gp.HandwritingOverSampler(random_state=0)
    pipeline = make_pipeline(sampler, LogisticRegression(max_iter=200))
    pipeline.fit(X[few] / 16, y[few])
    assert pipeline.score(X / 16, y) > 0.9


def test_rows_that_are_no_square_are_said(capsys):
    X = np.random.default_rng(0).random((30, 20))
    gp.HandwritingOverSampler().fit_resample(X, [0] * 20 + [1] * 10)
    assert "20 columns for one row of pixels" in capsys.readouterr().err


@pytest.mark.slow
def test_without_imbalanced_learn_the_extra_is_named():
    code = (
        "import sys; sys.modules['imblearn'] = None\n"
        "import ganprofile as gp\n"
        "gp.HandwritingOverSampler()"
    )
    done = run_command(code=code)
    assert "pip install 'ganprofile[imbalanced]'" in done.stderr.splitlines()[-1]
