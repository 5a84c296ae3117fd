"""A text lists names in Python as it does on the command line."""

import pytest

import ganprofile as gp
from ganprofile.augmentation.plan import CountRequest
from ganprofile.datasets.classes import names_in
from ganprofile.errors import UsageError
from ganprofile.gan.settings import Settings
from ganprofile.storage.names import as_listed, listed, names_of
from ganprofile.storage.paths import several
from ganprofile.storage.yaml_files import read_spelled, read_yaml
from ganprofile.training.tracking import trackers_of


def test_commas_separate_and_quotes_keep_them():
    assert listed("none, classic+gan:5") == ("none", "classic+gan:5")
    assert listed(["a,b", '"Smith, J"', ","]) == ("a", "b", "Smith, J", ",")
    assert listed(["a\nb", "c,d"]) == ("a\nb", "c", "d"), "a line break is no end of a name"
    assert names_of("one") == ("one",) and names_of(["a,b", "c"]) == ("a,b", "c")


def test_arms_and_sizes_of_a_benchmark(tmp_path):
    with pytest.raises(UsageError, match="No arm 'augmnt'.* Did you mean 'augment'"):
        gp.benchmark("digits", arms="classic,augmnt", dry_run=True)
    plan = gp.benchmark("digits", arms="none,classic", per_class="5,10", repeats=1, dry_run=True)
    assert [cell[:3:2] for cell in plan["cells_to_do"]] == [
        *([5, "none"], [5, "classic"], [10, "none"], [10, "classic"])
    ]
    with pytest.raises(UsageError, match="whole numbers, or all. Received: 'ten'"):
        gp.benchmark("digits", per_class="5,ten", dry_run=True)


def test_classes():
    assert names_in("1,7", tuple("0123456789")) == ("1", "7")
    assert names_in("17", tuple("0123456789")) == ("1", "7")
    assert names_in("cat,dog", ("cat", "dog")) == ("cat", "dog")
    assert names_in(".,", (".", ",", ";")) == (".", ","), "a comma that is a class"
    assert CountRequest.of(5, only="1,7").only == ("1", "7")


def test_settings_and_trackers():
    assert Settings(conditions="label,writer").conditions == ("label", "writer")
    assert Settings(augmentation_policy="shift").augmentation_policy == ("shift",)
    with pytest.raises(UsageError, match="No tracker 'mlfow'"):
        trackers_of("tensorboard,mlfow")


def test_one_path_is_no_list_of_its_letters(tmp_path):
    assert several("a,b.png") == ("a,b.png",) and several(iter("ab")) == ("a", "b")
    with pytest.raises(UsageError, match="Name two or more runs to compare. Received: 1"):
        gp.compare("digits-cgan", tmp_path)
    with pytest.raises(UsageError, match=r"no picture page\.jpg"):
        gp.classify("page.jpg")


@pytest.mark.parametrize(
    ("name", "text", "received"),
    [
        ("c.yaml", "epochs: 2\nmodel: cgan\nepochs: 3\n", "'epochs' is there twice, with '2' and"),
        ("c.yaml", "a:\n  b: 1\n  'b': [1]\n", "'b' is there twice, with '1' and 'sequence'"),
        ("c.json", '{"epochs": 2, "a": {"b": 1, "b": 2}}', "'b' is there twice, with "),
    ],
)
@pytest.mark.parametrize("read", [read_yaml, read_spelled])
def test_a_name_that_is_there_twice_in_a_file_is_refused(tmp_path, read, name, text, received):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=f"{name}: the name {received}"):
        read(tmp_path / name)


def test_names_in_different_dicts_of_a_file_are_different(tmp_path):
    (tmp_path / "c.yaml").write_text("a: {b: 1}\nc: {b: 2}\nd: &d {e: 1}\nf: {<<: *d, b: 3}\n")
    assert read_yaml(tmp_path / "c.yaml")["f"] == {"e": 1, "b": 3}
    assert read_spelled(tmp_path / "c.yaml")["c"] == {"b": "2"}


@pytest.mark.parametrize(
    "names",
    [
        *((",", "a,b", "c"), ("a b",), ('"q"', "07"), ("07", ",")),
        *(("a\nb", "c"), ("b\rx",), ("x,\r\ny", "z")),
    ],
)
def test_names_in_one_text_are_found_again(names):
    assert listed([as_listed(names)]) == names
