import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.recipes.recipes import FROM_FEW, FROM_MANY, WITH_PRETRAINED


@pytest.fixture
def planned(digits):
    """What an experiment would do: its sizes and the names of its arms."""

    def plan(dataset=digits[0], **asked):
        would = gp.benchmark(dataset, test=digits[1], repeats=1, dry_run=True, **asked)
        return list(dict.fromkeys(cell[0] for cell in would["cells_to_do"])), list(would["arms"])

    return plan


def test_augment_stands_for_the_recipe_that_it_follows(planned, capsys):
    arms = ("classic", "augment")
    assert planned(arms=arms, per_class=30) == ([30], ["classic", WITH_PRETRAINED])
    assert "What helped a classifier most" in capsys.readouterr().err
    assert planned(arms=arms, per_class=200) == ([200], ["classic", FROM_MANY])


def test_where_it_follows_several_each_is_an_arm_once(planned):
    arms = ("classic", "augment", WITH_PRETRAINED)
    assert planned(arms=arms, per_class=(20, 30, 200))[1] == ["classic", WITH_PRETRAINED, FROM_MANY]


def test_it_follows_none_with_a_prior_where_none_may_be_used():
    train_set, test_set = gp.load("characters")
    would = gp.benchmark(train_set, test=test_set, arms=("augment",), dry_run=True)
    assert list(would["arms"]) == [FROM_FEW]


def test_all_is_every_image_of_every_class(planned, digits):
    train_set, _ = digits
    few = np.flatnonzero(train_set.labels == 3)[:17]
    uneven = train_set.select(np.concatenate([few, np.flatnonzero(train_set.labels != 3)]))
    assert planned(uneven, per_class="all")[0] == ["all"]
    assert planned(uneven, per_class=(10, "all"))[0] == [10, "all"]


@pytest.mark.parametrize("size", ["most", "10", 1.5, None])
def test_other_sizes_are_refused(planned, size):
    with pytest.raises(UsageError, match=f"numbers, or all. Received: {size!r}."):
        planned(per_class=(10, size))
