"""Where images come from stays known, by whatever way they go."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import joined
from ganprofile.datasets.origins import merged_provenance, recorded_provenance
from ganprofile.datasets.stored import read_stored

ALLOWED = {"overlap_with_test_allowed": {"images": 1, "example": "a = b"}}


def test_named_datasets_say_where_they_come_from(digits):
    for part in (*digits, digits[0].subset(2), digits[0].of_classes("37"), joined(*digits)):
        assert part.provenance["origin"] == ["digits"]


@pytest.mark.parametrize(
    ("origins", "together"),
    [
        (([["digits"], ["digits"]]), ["digits"]),
        (([["mnist", "unknown"], ["digits"]]), ["digits", "mnist", "unknown"]),
        (([["digits"], None]), ["digits", "unknown"]),
        (([None, None]), None),
    ],
)
def test_together_they_come_from_all_places(origins, together):
    provenances = [{} if one is None else {"origin": one} for one in origins]
    assert merged_provenance(*provenances).get("origin") == together


def test_a_mark_of_one_is_a_mark_of_all_but_not_what_it_was_made_of():
    drawn = {"made_from": {"run": "a"}}
    assert merged_provenance({}, ALLOWED) == merged_provenance(ALLOWED, {}) == ALLOWED
    assert merged_provenance(drawn, drawn) == drawn
    assert merged_provenance(drawn, {}) == merged_provenance({}, drawn) == {}
    assert merged_provenance(drawn, {"made_from": {"run": "b"}}) == {}


def test_what_marks_count_adds_up_unless_they_are_the_very_same():
    seen = {"overlap_with_test_allowed": {"images": 5, "example": "c = d", "near_copies": 2}}
    both = merged_provenance(ALLOWED, seen)["overlap_with_test_allowed"]
    assert both == {"images": 6, "example": "a = b", "near_copies": 2}
    assert merged_provenance(seen, seen) == seen
    judged = {"guessed_test_labels": 3, "keep_size": 12}
    together = merged_provenance(judged, {"guessed_test_labels": 4, "keep_size": 10})
    assert together == {"guessed_test_labels": 7, "keep_size": 12}


def test_of_what_some_were_made_stays_known():
    recipe = [{"load": "digits", "split": "test"}]
    first = {"made_from": {"dataset_fingerprint": "a", "dataset_recipe": recipe}}
    inner = {"made_from": {"dataset_fingerprint": "c"}}
    second = {"made_from": {"dataset_fingerprint": "b", "provenance": inner}}
    whole = merged_provenance(first, {}, second)
    known = [first["made_from"], {"dataset_fingerprint": "b"}, {"dataset_fingerprint": "c"}]
    assert whole == {"makings": known}
    assert merged_provenance(whole, second) == whole == merged_provenance(whole, whole)


def test_older_files_name_the_origin_in_their_recipe():
    of_digits = {"recipe": [{"load": "digits", "split": "train"}], "provenance": ALLOWED}
    assert recorded_provenance(of_digits) == {**ALLOWED, "origin": ["digits"]}
    assert recorded_provenance({"recipe": [{"load": "emnist/balanced"}]})["origin"]
    for recipe in (None, [], [{"load": "/home/me/digits"}], [{"load": "scans"}], "x", [{}], ["x"]):
        assert recorded_provenance({"recipe": recipe}) == {}


def test_a_shard_of_a_set_is_known_by_what_lies_beside_it(tiny, tmp_path):
    own = dataclasses.replace(tiny, images=255 - tiny.images, provenance={"origin": ["chars74k"]})
    own.save(tmp_path / "set")
    shard = tmp_path / "set" / "shard-00000.npz"
    assert gp.load(shard)[0].provenance == {"origin": ["chars74k"]}
    (tmp_path / "set" / "dataset.json").write_text("{")
    assert gp.load(shard, invert="no")[0].provenance == {}


def test_images_in_part_of_the_package_are_in_part_unknown(tiny, tmp_path):
    images = np.concatenate([tiny.images, 255 - tiny.images])
    np.savez(tmp_path / "mixed.npz", images=images, labels=np.r_[tiny.labels, tiny.labels])
    assert gp.load(tmp_path / "mixed.npz")[0].provenance == {"origin": ["digits", "unknown"]}
    report = gp.import_dataset(tmp_path / "mixed.npz", "mixed", dry_run=True)
    assert report["origin"] == ["digits", "unknown"]
    gp.load(tmp_path / "mixed.npz")[0].save(tmp_path / "again")
    assert read_stored(tmp_path / "again").provenance == {"origin": ["digits", "unknown"]}
