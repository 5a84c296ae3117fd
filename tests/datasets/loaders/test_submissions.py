"""Tables to hand in beside pictures, whose labels are none."""

import pytest

import ganprofile as gp
from tests.named_pictures import write

NOT_READ = "sample_submission.csv is not read: by its name it is to be handed in"


def table(path, heading, rows):
    path.write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n")


@pytest.mark.parametrize("places", [("train", "test"), ("images", "images")])
@pytest.mark.parametrize("heading", ["id,label", "filename,label", "Id,Category"])
def test_their_labels_are_not_learned_from(tmp_path, capsys, places, heading):
    train = [f"{places[0]}/{k}.png" for k in range(6)]
    test = [f"{places[1]}/{k}.png" for k in range(100, 104)]
    root = write(tmp_path / "d", train + test)
    table(root / "train.csv", heading, [(f"{k}.png", "ab"[k % 2]) for k in range(6)])
    table(root / "sample_submission.csv", heading, [(f"{k}.png", "a") for k in range(100, 104)])
    learned, held_out = gp.load(root)
    assert held_out is None and learned.class_counts().tolist() == [3, 3]
    said = capsys.readouterr().err
    assert NOT_READ in said and f"left out, such as {test[0]}" in said


@pytest.mark.parametrize("doubled", ["", "/Train"])
def test_class_folders_beside_them_are_read(tmp_path, capsys, doubled):
    inner = doubled.replace("Train", "Test")
    train = [f"Train{doubled}/{name}/{k}.png" for k in range(3) for name in "ab"]
    root = write(tmp_path / "d", train + [f"Test{inner}/{k}.png" for k in range(2)])
    table(root / "sampleSubmission.csv", "Id,Category", [(f"{k}.png", "a") for k in range(2)])
    learned, held_out = gp.load(root)
    assert held_out is None and learned.class_counts().tolist() == [3, 3]
    said = capsys.readouterr().err
    assert f"Test{inner}: its pictures have no labels and are left out" in said
    assert "sampleSubmission.csv is not read" in said


def test_the_user_may_say_that_they_are_labels(tmp_path, capsys):
    root = write(tmp_path / "d", ["a.png", "b.png"])
    table(root / "submission.csv", "image,label", [("a.png", "x"), ("b.png", "y")])
    assert gp.load(root)[0].labels is None
    assert "say `labels='submission.csv'`" in capsys.readouterr().err
    assert gp.load(root, labels="submission.csv")[0].class_names == ("x", "y")
