"""Pictures whose paths say what they show."""

import re
import shutil

import pytest
from PIL import Image, PngImagePlugin

import ganprofile as gp
from ganprofile.figures.reading import TITLE
from tests.named_pictures import write


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


def counted(dataset):
    return dict(zip(dataset.class_names, dataset.class_counts().tolist(), strict=True))


def test_outer_folders_are_classes_where_it_is_said(tmp_path):
    names = [f"{c}/{p}/{k}.png" for c in ("30", "31") for p in ("hsf_0", "train") for k in (0, 1)]
    write(tmp_path / "by", names)
    (tmp_path / "by" / "31" / "hsf_0" / "loop").symlink_to(tmp_path / "by")
    with pytest.raises(gp.UsageError) as caught:
        gp.load(tmp_path / "by")
    assert "say `labels='{label}/*/*'`, if they are the classes" in str(caught.value)
    train, test = gp.load(tmp_path / "by", labels="{label}/*/*")
    assert test is None and counted(train) == {"30": 4, "31": 4}
    assert (train.name, train.attributes["file"][0]) == ("by", "30/hsf_0/0.png")
    report = gp.import_dataset(tmp_path / "by", "mine", labels="{label}/*/*")
    assert report["classes"] == 2
    assert gp.load("mine")[0].fingerprint == train.fingerprint
    assert gp.datasets.from_recipe(train.recipe).fingerprint == train.fingerprint


def test_writers_and_parts_are_told_by_paths(tmp_path, capsys):
    names = [
        f"{part}/usr_{writer}/{label:03}t{k}.tiff"
        for part, count in (("train", 2), ("test", 1))
        for writer in (4, 7)
        for label in (0, 1)
        for k in range(count)
    ]
    write(tmp_path / "set", [*names, "train/usr_4/page.png"])
    train, test = gp.load(tmp_path / "set", labels="{split}/usr_{writer}/{label}t*.tiff")
    assert "1 picture is left out, whose paths are not like" in (said := capsys.readouterr().err)
    assert "such as train/usr_4/page.png" in said
    assert counted(train) == {"000": 4, "001": 4} and counted(test) == {"000": 2, "001": 2}
    assert set(train.writers.tolist()) == set(test.writers.tolist()) == {4, 7}
    by_folders, _ = gp.load(tmp_path / "set", labels="*/usr_{writer}/{label}t*")
    assert by_folders.fingerprint == train.fingerprint
    shutil.make_archive(str(tmp_path / "set"), "zip", tmp_path, "set")
    packed, _ = gp.load(tmp_path / "set.zip", labels="*/usr_{writer}/{label}t*")
    assert packed.fingerprint == train.fingerprint


@pytest.mark.parametrize("places", ["MAHDBase_{}Set", "My {} digits", "{}ing_v2"])
def test_a_part_among_other_words_is_taken_and_said(tmp_path, capsys, places):
    parts = {part: places.format(part) for part in ("Train", "Test")}
    names = [f"{place}/{label}_{k}.png" for place in parts.values() for label in "ab" for k in "01"]
    write(tmp_path / "set", names)
    train, test = gp.load(tmp_path / "set", labels="{split}/{label}_*")
    assert counted(train) == counted(test) == {"a": 2, "b": 2}
    said = f"{{split}} was taken so: '{parts['Test']}' for test, '{parts['Train']}' for train."
    assert said in capsys.readouterr().err
    assert all(one.startswith(parts["Test"]) for one in test.attributes["file"])


def test_a_part_that_is_none_is_told_what_works(tmp_path):
    write(tmp_path / "set", ["Set1/a_0.png", "Set1/b_0.png", "train/a_1.png", "train/b_1.png"])
    said = r"{split} of `labels=.*` should be train, .* Received: 'Set1'\. Write what .* or \* in"
    with pytest.raises(gp.UsageError, match=said):
        gp.load(tmp_path / "set", labels="{split}/{label}_*")
    assert counted(gp.load(tmp_path / "set", labels="*/{label}_*")[0]) == {"a": 2, "b": 2}


def test_the_ending_may_be_left_out_and_composed_names_are_one_class(tmp_path):
    write(tmp_path / "set", ["a/\u00e9.png", "b/e\u0301.png", "a/\u0995.png", "b/\u0995.png"])
    train, _ = gp.load(tmp_path / "set", labels="{writer}/{label}")
    assert counted(train) == {"\u00e9": 2, "\u0995": 2}
    assert train.attributes["writer_name"].tolist() == ["a", "a", "b", "b"]
    assert counted(gp.load(tmp_path / "set", labels="**{label}.png")[0]) == counted(train)


def test_a_blank_may_be_a_label(tmp_path):
    """As a folder called by one is a class; other labels have none around them."""
    names = [f"{label}_{k}.png" for label in (" ", "a ", "b") for k in (0, 1)]
    train, _ = gp.load(write(tmp_path / "set", names), labels="{label}_*")
    assert train.class_names == (" ", "a", "b")


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ("{label}/*/*", "No picture in .*set has a path like .*such as a_1.png"),
        ("{label}_{label}", r"may hold \{label\}, \{writer\}, \{split\}, each once"),
        ("{label}_{hand}", "each once. Received: '{label}_{hand}'"),
        ("{hand}_*", "has the field {hand}, which is none. It says with {label} where"),
    ],
)
def test_a_pattern_that_is_none_is_refused(tmp_path, labels, sentence):
    write(tmp_path / "set", ["a_1.png", "b_1.png"])
    with pytest.raises(gp.UsageError, match=sentence):
        gp.load(tmp_path / "set", labels=labels)


def test_a_command_says_what_to_say_and_takes_it(tmp_path, in_process):
    write(tmp_path / "flat", [f"img_{label}_{k}.png" for label in "ab" for k in range(3)])
    code, _, err = in_process("datasets", "import", tmp_path / "flat", "--name", "flat")
    assert code and "as 'a' in img_a_0.png: if so, say --labels 'img_{label}_*'" in err
    (pattern,) = re.findall("--labels '([^']+)'", err)
    code, _, err = in_process(
        "datasets", "import", tmp_path / "flat", "--name", "flat", "--labels", pattern
    )
    assert not code and counted(gp.load("flat")[0]) == {"a": 3, "b": 3}


@pytest.mark.parametrize("name", ["._001.png", ".b/1.png", "c_001", "gone.png"])
def test_pictures_whose_names_are_not_read_are_said(tmp_path, capsys, name):
    root = write(tmp_path / "x", ["a_001.png", "b_001.png", "d/b_002.png"])
    (root / "._a_001.png").write_bytes(b"\0\5\26\7 of macOS")
    if name == "gone.png":
        (root / name).symlink_to(tmp_path / "nothing")
    else:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(root / "a_001.png", root / name)
    assert len(gp.load(root, labels="**{label}_*")[0]) == 3
    said = capsys.readouterr().err
    assert f"1 picture is not read, such as {name}: hidden, without an ending" in said


def test_folders_in_folders_may_be_one_label(tmp_path, capsys):
    root = write(
        tmp_path / "all", [f"{o}/{c}/{k}.png" for o in ("Big", "Small") for c in "AB" for k in "01"]
    )
    with pytest.raises(gp.UsageError, match=r"}/\*'` takes both for a label, as Big/A\."):
        gp.load(root)
    both = gp.load(root, labels="{label}/{label}/*", invert="no")[0]
    assert both.class_names == ("Big/A", "Big/B", "Small/A", "Small/B")
    assert gp.datasets.from_recipe(both.recipe).fingerprint == both.fingerprint
    assert "were put together" not in capsys.readouterr().err
    assert counted(gp.load(root, labels="*/{label}/*", invert="no")[0]) == {"A": 4, "B": 4}
    assert "Big/A and Small/A, were put together to one class" in capsys.readouterr().err


def test_partitions_of_nist_are_not_to_be_classes(tmp_path):
    names = [f"{c}/{p}/{k}.png" for c in ("30", "31") for p in ("hsf_0", "hsf_1") for k in "01"]
    with pytest.raises(gp.UsageError) as caught:
        gp.load(write(tmp_path / "by_class", names))
    assert "say `labels='{label}/*/*'`" in str(caught.value)
    assert "Give one of them" not in str(caught.value)


def test_no_path_tells_what_a_set_that_ganprofile_wrote_shows(tmp_path, capsys):
    """Its synthetic images would be real ones then, and sets would be writers."""
    write(tmp_path / "own", ["c/0/x.png", "c/0/y.png", "c/1/x.png", "c/1/y.png"])
    few, _ = gp.load(tmp_path / "own" / "c")
    for name in "ab":
        few.save(tmp_path / "own" / name, "imagefolder")
    whole, _ = gp.load(tmp_path / "own", labels="{writer}/{label}/*")
    said = " ".join(capsys.readouterr().err.split())
    assert len(whole) == 4 and "a, b are sets that ganprofile wrote, and left out" in said
    shutil.rmtree(tmp_path / "own" / "c")
    for pattern in ("{writer}/{label}/*", "{label}/{label}/*", "{label}/*/*"):
        with pytest.raises(gp.UsageError, match=r"own/a, without `labels`"):
            gp.load(tmp_path / "own", labels=pattern)


def test_a_file_beside_pictures_names_numbered_labels(tmp_path, capsys):
    write(tmp_path / "set", [f"{label}_{k}.png" for label in (0, 1) for k in range(3)])
    (tmp_path / "set" / "class_names.csv").write_text("label,class_name\n0,ka\n1,kha\n")
    assert counted(gp.load(tmp_path / "set", labels="{label}_*")[0]) == {"ka": 3, "kha": 3}
    said = capsys.readouterr().err
    assert "class_names.csv was taken for the names of the classes" in said


@pytest.mark.parametrize("labels", ["none", "kept/{label}_*", "**/{label}_*"])
def test_pictures_that_were_kept_alone_are_not_called_a_set(tmp_path, labels):
    write(tmp_path / "mine", [f"kept/{label}_{k}.png" for label in "ab" for k in (0, 1)])
    title = PngImagePlugin.PngInfo()
    title.add_text("Title", TITLE)
    kept = tmp_path / "mine" / "kept"
    Image.new("L", (8, 8)).save(kept / "overview.png", pnginfo=title)
    with pytest.raises(gp.UsageError) as caught:
        gp.load(tmp_path / "mine", labels=labels)
    said = str(caught.value)
    assert "lie alone in what classify kept of pictures that were read. Give the folder of" in said
    assert said.endswith(f"or, to read what was kept, {kept} itself.") and "synthetic" not in said
    (kept / "overview.png").unlink()
    assert len(gp.load(tmp_path / "mine", labels=labels)[0]) == 4
