"""A set of a fixed part of the training part knows more than a subset: that is said everywhere."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.additions import FolderImages
from ganprofile.benchmarking.same_pool import SAME_POOL, of_pool
from ganprofile.errors import UsageError
from tests.benchmarking.test_arms_compared import SETTINGS, differing, result

MADE_OF = {"images": 150, "anew": "augment"}


def made_of(images, pool, **facts):
    """As `augment` writes a set: each image turned over, and the row of the real one beside it."""
    made_from = {
        "recipe": "deformed+distilled",
        "dataset_fingerprint": images.fingerprint,
        "dataset_recipe": images.recipe,
        **facts,
    }
    return dataclasses.replace(
        images,
        images=images.images[:, ::-1],
        provenance={**pool.provenance, "made_from": made_from},
        attributes={"manifest.real_image": np.arange(len(images)).astype(str)},
        recipe=None,
    )


@pytest.fixture
def pool(digits):
    return digits[0]


def test_a_set_of_a_part_of_the_pool_is_recognised(pool, tmp_path):
    some = pool.subset(3)
    assert of_pool(made_of(some, pool), pool) == {"images": 30, "anew": "augment"}
    assert of_pool(made_of(pool, pool, run="a"), pool) == {"images": 5000, "anew": "gan"}
    without = made_of(some, pool, dataset_recipe=None)
    assert of_pool(without, pool) is None, "nothing tells"
    assert of_pool(some, pool)["images"] == 30, "the images themselves tell"
    other = gp.load("characters", offline=True)[0]
    assert of_pool(made_of(other, pool), pool) is None
    made_of(some, pool).save(tmp_path / "made")
    read = FolderImages.read(str(tmp_path / "made"), pool, None)
    assert read.same_pool == {"images": 30, "anew": "augment"}


def test_its_verdicts_say_so_and_what_to_do():
    cells = differing([9, 11, 10, 8, 12])
    found = result(cells)
    found.arms["classic"][SAME_POOL] = [MADE_OF]
    (one,) = found.comparisons
    assert one.verdict == "helps, knowing more images" and one.direction == "helps"
    assert "classic holds what was made of 150 images of the training part" in one.cautions[0]
    assert "the arm augment makes its set anew from each subset" in one.sentence
    assert found.table()[-1]["verdict"] == one.verdict
    assert found.summary()["comparisons"][0]["same_pool"] == [MADE_OF]
    found = result(cells)
    for name in ("none", "classic"):
        found.arms[name][SAME_POOL] = [MADE_OF]
    assert found.verdicts == {(10, "classic", "none"): "helps"}, "both know the same"
    assert found.summary()["comparisons"][0]["same_pool"] == []
    everything = result(differing([9, 11, 10], per_class="all"))
    everything.arms["classic"][SAME_POOL] = [MADE_OF]
    assert set(everything.verdicts.values()) == {"helps for these images"}


def test_the_command_says_it_before_the_work(pool, tmp_path, in_process, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made_of(pool.subset(3), pool).save("made")
    words = ("benchmark", "digits", "--dry-run", "--arms", "none,classic+made")
    code, _, err = in_process(*words)
    assert code == 0, err
    assert "The arm classic+made holds what was made of 30 images of the training part" in err
    assert "Take the arm augment" in err and "--subset all" in err
    code, _, err = in_process(*words, "--per-class", "all")
    assert code == 0 and "holds what was made of" not in err


def test_what_an_older_result_did_not_say_of_an_arm_makes_it_no_other_one(tmp_path):
    from ganprofile.benchmarking.result_file import ResultFile

    identity = dict.fromkeys(("train_fingerprint", "test_fingerprint", "classifier"), "a")
    settings = {**SETTINGS, **identity, "steps": 1, "seed": 0}
    ResultFile.open(tmp_path, settings, {"made": {"additions": []}}, {}).write()
    described = {"additions": [], SAME_POOL: [MADE_OF]}
    again = ResultFile.open(tmp_path, settings, {"made": described}, {})
    assert again.content["arms"]["made"] == described
    with pytest.raises(UsageError, match="its additions was"):
        ResultFile.open(tmp_path, settings, {"made": {"additions": [1]}}, {})
