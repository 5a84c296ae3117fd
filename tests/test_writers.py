"""A model that is told in whose style to draw, from the training to the augmented set."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.storage.files import read_json

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two_hands(digits):
    """A hundred images by each of two writers of the embedded digits."""
    train = digits[0]
    writers, counts = np.unique(train.writers, return_counts=True)
    busiest = writers[np.argsort(counts)[-2:]]
    return train.select(np.isin(train.writers, busiest))


@pytest.fixture(scope="module")
def run(two_hands, tmp_path_factory):
    conditions = ("label", "writer")
    options = {"epochs": 2, "output": tmp_path_factory.mktemp("runs"), "progress": False}
    return gp.train(two_hands, "cdcgan", conditions=conditions, **options)


def test_the_run_records_who_writes(run, two_hands):
    assert run.conditions == {"label": 10, "writer": 2}
    assert run.condition_values["writer"] == np.unique(two_hands.writers).tolist()


def test_a_hand_can_be_chosen(run):
    first, second = run.condition_values["writer"]
    images = run.sample(4, label="3", writer=second, seed=5)
    assert not np.array_equal(images, run.sample(4, label="3", writer=first, seed=5))
    assert np.array_equal(images, run.sample(4, label="3", writer=[second] * 4, seed=5))
    with pytest.raises(gp.UsageError, match=f"does not know writer -7. Writers: {first} {second}"):
        run.sample(1, writer=-7)


def test_a_text_and_a_walk_keep_to_one_hand(run, tmp_path):
    first, second = run.condition_values["writer"]
    paths = [
        gp.sample(run, tmp_path / str(writer), text="2026", animate=True, writer=writer)
        for writer in (None, first, second)
    ]
    content = [[path.read_bytes() for path in some] for some in paths]
    assert content[0] == content[1] != content[2]
    assert f"-writer{second}-text-2026.png" in paths[2][1].name


def test_drawn_images_have_their_writer_and_are_drawn_again_by_verify(run, two_hands, tmp_path):
    options = {"dataset": two_hands, "score": False, "progress": False}
    bigger = gp.generate(run, per_class=4, output=tmp_path / "more", **options).load()
    values = np.array(run.condition_values["writer"])
    assert np.array_equal(bigger.writers, values[np.arange(40) % 2])
    result = gp.verify(tmp_path / "more", run=run, progress=False)
    assert result.ok, result.problems
    assert any("drawn again are identical" in line for line in result.checked)
    assert read_json(tmp_path / "more" / "dataset.json")["synthetic"] == 40


def test_a_model_that_is_told_the_writer_only_is_labelled_by_the_reader(two_hands, tmp_path):
    run = gp.train(
        two_hands, "dcgan", conditions=("writer",), epochs=1, output=tmp_path, progress=False
    )
    assert run.sample(2, writer=run.condition_values["writer"][1]).shape == (2, 28, 28, 1)
    with pytest.raises(gp.UsageError, match="is unlabelled and cannot draw class '3'"):
        run.sample(1, label="3")


def test_data_without_writers_are_refused(digits, tmp_path):
    train = digits[0].subset(2)
    bare = gp.Dataset(train.images, train.labels, train.class_names, name="bare")
    with pytest.raises(gp.UsageError, match="bare has no writers"):
        gp.train(bare, "cdcgan", conditions=("label", "writer"), output=tmp_path, progress=False)
    assert list(tmp_path.iterdir()) == []
