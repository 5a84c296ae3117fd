"""What stands in a set of deformed images: made and labelled in a plain way, not by teachers."""

import dataclasses
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import deformed_set, expected, origin, pieces, timing
from ganprofile.augmentation.deformed_set import DeformationJob, chosen_images
from ganprofile.augmentation.expected import HARM, Expectation
from ganprofile.augmentation.pieces import SetPieces, deformed_block
from ganprofile.augmentation.remaking import Remade
from ganprofile.augmentation.sets import make_set
from ganprofile.datasets.formats.checksums import compare, write_checksums
from ganprofile.errors import GanprofileError
from ganprofile.parallel import Sharing
from ganprofile.recipes import recipes
from ganprofile.recipes.deformation import kept_deformations
from ganprofile.storage.files import read_json
from tests.augmentation.forging import read_rows

LABELS = np.array([0, 1, 1, 0, 1])
REAL = gp.Dataset(
    np.arange(5, dtype=np.uint8)[:, None, None, None].repeat(4, 1).repeat(4, 2) * 10,
    LABELS,
    class_names=("a", "b"),
    writers=np.array([3, 4, 3, 3, 9]),
    name="five",
)
GAIN = recipes.Gain("digits", 10, recipes.FROM_FEW, 10, 0.01, 0.005, 0.02)
RECIPE = recipes.Recipe(recipes.FROM_FEW, "Because.", (GAIN,))


class Brighter:
    """Varies an image by adding the number of its block and its place in that: 1, 2, 3."""

    def deform(self, chosen, seed):
        assert seed[0] == 5
        steps = np.arange(1, len(chosen) + 1) + 100 * seed[1]
        return REAL.images[chosen] + steps.astype(np.uint8)[:, None, None, None]


class Sure:
    """The probability of `b` is the level of an image over 255."""

    def predict_proba(self, images):
        of_b = images[:, 0, 0, 0] / np.float32(255)
        return np.stack([1 - of_b, of_b], axis=1)


def prepared(pieces, executor, progress, of_set):
    """In the place of `prepare`: the deformations are kept, and nobody is trained."""
    real, training = pieces.training.real, pieces.training
    kept_deformations(real.images, real.labels, training.seed, training.folder).write_text("kept")


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "BLOCK", 3)
    monkeypatch.setattr(deformed_set, "prepare", prepared)
    monkeypatch.setattr(SetPieces, "augmenter", Brighter())
    monkeypatch.setattr(SetPieces, "teachers", Sure())
    job = DeformationJob(
        REAL, RECIPE, np.array([3, 4]), seed=5, expect=False, progress=False, sharing=Sharing(1)
    )

    def written(name="set", **changes):
        folder, room = tmp_path / name, tmp_path / "room"
        folder.mkdir()
        room.mkdir(exist_ok=True)
        changed = dataclasses.replace(job, **changes)
        info = changed.write(folder, "npz", room)
        if changed.is_unfinished(folder):
            changed.conclude(folder, room)
        return info, folder

    written.job = job
    return written


def test_in_memory_a_set_has_its_soft_labels_and_leaves_nothing(write, tmp_path):
    options = {"parent": "augmented", "format": "npz", "force": False}
    made = make_set(write.job, "five", None, **options, dry_run=False)
    np.testing.assert_allclose(made.soft_labels, Sure().predict_proba(made.images), atol=1e-6)
    assert not any("soft" in name for name in made.attributes)
    assert make_set(write.job, "five", tmp_path / "set", **options, dry_run=True)["would_draw"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("real", [0, 5])
def test_a_set_holds_its_variations_and_says_of_each_where_it_is_from(write, real):
    info, folder = write(include_real=bool(real))
    data, _ = gp.load(folder)
    rows, chosen = read_rows(folder), chosen_images(LABELS, np.array([3, 4]), 5)
    assert len(rows) == len(data) == real + 7
    assert [row["source"] for row in rows] == ["real"] * real + ["synthetic"] * 7
    np.testing.assert_array_equal(data.images[:real], REAL.images[:real])
    steps = np.array([1, 2, 3, 101, 102, 103, 201])  # blocks of 3, 3 and 1
    drawn = rows[real:]
    assert data.images[real:, 0, 0, 0].tolist() == (10 * chosen + steps).tolist()
    assert [int(row["draw"]) for row in drawn] == list(range(7))
    assert [int(row["real_image"]) for row in drawn] == chosen.tolist()
    assert [int(row["writer"]) for row in drawn] == REAL.writers[chosen].tolist()
    assert data.labels[real:].tolist() == LABELS[chosen].tolist()
    assert {(row["seed"], row["labelled_by"]) for row in drawn} == {("5", "real image")}
    soft = data.soft_labels
    assert np.load(folder / "soft_labels.npy").dtype == np.float32 and soft.shape == (real + 7, 2)
    np.testing.assert_array_equal(soft[:real], np.eye(2)[LABELS[:real]])
    np.testing.assert_allclose(soft[real:], Sure().predict_proba(data.images[real:]), atol=1e-6)
    scores = [float(row["score"]) for row in drawn]
    np.testing.assert_allclose(scores, soft[real + np.arange(7), LABELS[chosen]], atol=1e-4)
    counted = info["synthetic"], info["real"], info["class_counts"]
    assert counted == (7, real, [3 + 2 * bool(real), 4 + 3 * bool(real)])
    assert info["soft_labels"] is True and info["name"] == f"five augmented by {recipes.FROM_FEW}"
    made_from = {key: info["made_from"][key] for key in ("counts", "seed", "pretrained", "dataset")}
    assert made_from == {"counts": [3, 4], "seed": 5, "pretrained": None, "dataset": "five"}


@pytest.mark.parametrize(
    ("low", "high", "reference", "harm"),
    [
        (-0.03, -0.01, False, True),
        (-0.03, 0.0, True, False),
        (-0.03, 0.01, True, False),
        (0.01, 0.03, False, False),
        (None, None, True, False),
    ],
)
def test_what_is_expected_of_it(write, monkeypatch, capsys, low, high, reference, harm):
    """Harm is said, and decides nothing; what was measured elsewhere, where nothing shows here."""
    found = Expectation(RECIPE.arm, "classic", 5, {"classic": [0.5]}, 0.0, low, high, 0.01)
    monkeypatch.setattr(expected, "found", lambda *_: found)
    info, folder = write(expect=True)
    assert info["synthetic"] == 7
    kept = read_json(folder / "expectation.json")
    known = f"On reference data {RECIPE.arm} gave over classic: {GAIN.sentence()}."
    own, elsewhere = (
        f"That was measured with {count} deformed images of all classes; this set has 7, and may "
        "give less."
        for count in ("32,000", "128,000")
    )
    first, *others = found.sentences()
    assert kept["sentences"] == [first, own, *others, *[known, elsewhere] * reference]
    assert (HARM in kept["sentences"]) == harm
    said = capsys.readouterr().err
    assert all(sentence in said for sentence in (RECIPE.why, *kept["sentences"]))
    assert kept["cross_validated"]["low"] == low and kept["recipe"] == RECIPE.arm
    assert kept["reference"] == [dataclasses.asdict(GAIN)] and kept["why"] == "Because."
    assert kept["is_pending"] is False and not compare(folder).changed


@pytest.mark.parametrize(
    ("smallest", "said"),
    [
        (0.08, "could show a gain of 8.00 or more."),
        (None, "so few images could not show any gain."),
    ],
)
def test_how_small_a_gain_could_be_shown_is_said_where_none_was(smallest, said):
    found = Expectation("arm", "classic", 5, {}, 0.2, -0.6, 1.0, smallest)
    assert "(-60.00..+100.00)" in found.sentences()[0] and said in found.sentences()[0]
    shown = dataclasses.replace(found, low=0.1).sentences()
    assert shown[0].endswith("(+10.00..+100.00).") and "could" not in shown[0]


@pytest.mark.parametrize("wrong", [0, 1, 2])  # of the images of each fold, by `classic`
def test_no_gain_is_above_what_is_left_to_gain(wrong):
    ours, theirs = np.ones(3, bool), np.arange(3) >= wrong
    found = Expectation.of("arm", {"arm": [ours] * 4, "classic": [theirs] * 4})
    assert -1 <= found.low <= found.mean <= found.high <= 1
    assert found.smallest_gain is None or found.smallest_gain <= wrong / 3
    assert found.is_shown != ("so few images could not show any gain" in found.sentences()[0])


@pytest.mark.parametrize(
    ("counts", "quick", "said"),
    [
        ([64_000, 64_000], False, []),
        ([128_000, 0], False, ["this set has 128,000 of 1 of 2 classes, and may give less."]),
        ([64_000, 64_000], True, ["has 128,000, by teachers of a shorter training, and may"]),
        ([20_000, 20_000], False, ["this set has 40,000, and may give less."]),
    ],
)
def test_what_is_known_of_larger_sets_is_said_to_be_of_those(counts, quick, said):
    job = DeformationJob(REAL, RECIPE, np.array(counts), quick=quick)
    _, *found = job.description()["reference"]
    assert len(found) == len(said) and all(part in found[0] for part in said)


def test_real_images_alone_are_a_set(write):
    info, folder = write(include_real=True, counts=np.array([0, 0]))
    assert (info["synthetic"], info["images"]) == (0, 5)
    np.testing.assert_array_equal(gp.load(folder)[0].images, REAL.images)


@pytest.mark.parametrize(
    ("arm", "is_pairwise"), [(recipes.FROM_FEW, True), (recipes.FROM_MANY, False)]
)
def test_deformations_are_kept_where_there_are_some(write, arm, is_pairwise):
    _, folder = write(recipe=recipes.Recipe(arm, "", ()))
    assert (folder / "deformations.npz").is_file() == is_pairwise


def test_why_images_cannot_be_made_again_is_told(write):
    info, folder = write()
    made_of = chosen_images(LABELS, np.array([3, 4]), 5)
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(GanprofileError, match="SHA256SUMS does not list deformations.npz"):
        Remade.read(folder, info["made_from"], REAL, made_of)
    (folder / "deformations.npz").unlink()
    with pytest.raises(GanprofileError, match="stayed with the set of which this is a copy"):
        Remade.read(folder, info["made_from"], REAL, made_of)


def test_where_rows_are_missing_no_image_is_accused(write, monkeypatch):
    monkeypatch.setattr(origin, "from_recipe", lambda *_: REAL)
    _, folder = write()
    lines = (folder / "manifest.csv").read_text().splitlines(keepends=True)
    (folder / "manifest.csv").write_text("".join(lines[:-1]))
    write_checksums(folder)
    found = gp.verify(folder, progress=False)
    assert found.problems and not any("drawn again" in one for one in found.problems)
    assert "synthetic images made again: there are others than were made" in found.not_checked


def test_labels_of_another_framework_are_not_those_of_its_images(write, monkeypatch, keras_runs_on):
    """Each deforms images otherwise by the same seed, so what was labelled were other images."""

    class Other(Sure):
        def predict_proba(self, images):
            return super().predict_proba(images)[:, ::-1]

    keras_runs_on("tensorflow")
    info, stopped = write("stopped")
    monkeypatch.setattr(SetPieces, "teachers", Other())
    keras_runs_on("torch")
    changed, folder = write("gone_on")
    soft, before = (gp.load(path)[0].soft_labels for path in (folder, stopped))
    np.testing.assert_array_equal(soft, before[:, ::-1])
    assert "backend" not in info["made_from"] and changed["made_from"]["backend"] == "torch"
    assert not dataclasses.replace(write.job, expect=True).is_unfinished(stopped)


def test_images_are_made_again_on_the_framework_that_deformed_them_alone(write, keras_runs_on):
    keras_runs_on("torch")
    info, folder = write(recipe=recipes.Recipe(recipes.FROM_MANY, "", ()))
    made_of = chosen_images(LABELS, np.array([3, 4]), 5)
    Remade.read(folder, info["made_from"], REAL, made_of)
    keras_runs_on("tensorflow")
    with pytest.raises(GanprofileError, match="drawn on torch, whose.*Set KERAS_BACKEND=torch"):
        Remade.read(folder, info["made_from"], REAL, made_of)
    keras_runs_on("torch")
    unmarked = {key: said for key, said in info["made_from"].items() if key != "backend"}
    with pytest.raises(GanprofileError, match="on tensorflow, or by ganprofile 0.1.0 on a fram"):
        Remade.read(folder, unmarked, REAL, made_of)


def test_a_start_after_an_interruption_labels_nothing_twice(write, monkeypatch, tmp_path):
    class Tired(Sure):
        def predict_proba(self, images):
            if len(images) < 3:  # the last block
                raise KeyboardInterrupt
            return super().predict_proba(images)

    whole, _ = write("whole")
    shutil.rmtree(tmp_path / "room")
    monkeypatch.setattr(SetPieces, "teachers", Tired())
    with pytest.raises(KeyboardInterrupt):
        write("stopped")
    asked = []

    class Counting(Sure):
        def predict_proba(self, images):
            asked.append(len(images))
            return super().predict_proba(images)

    monkeypatch.setattr(SetPieces, "teachers", Counting())
    again, folder = write("again")
    assert asked == [1] and again["fingerprint"] == whole["fingerprint"]
    names = {file.name for file in folder.iterdir()}
    assert {"README.md", "preview.png", "soft_labels.npy", "manifest.csv"} <= names
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_nothing_is_said_where_nothing_is_known(write):
    _, folder = write(recipe=recipes.Recipe(recipes.FROM_FEW, "Because.", ()))
    kept = read_json(folder / "expectation.json")
    assert kept["sentences"] == kept["reference"] == [] and kept["cross_validated"] is None


@pytest.mark.parametrize("counts", [[3, 4], [0, 5], [9, 2]])
def test_images_of_a_class_are_chosen_equally_often_in_an_order_by_the_seed(counts):
    one, again, other = (chosen_images(LABELS, np.array(counts), seed) for seed in (1, 1, 2))
    assert one.dtype == np.int64 and np.bincount(LABELS[one], minlength=2).tolist() == counts
    for label in (0, 1):
        times = np.bincount(one, minlength=5)[label == LABELS]
        assert times.max() - times.min() <= 1
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_class_without_any_image_gets_none_unless_it_is_asked():
    assert set(chosen_images(np.array([0, 2]), np.array([1, 0, 1]), 0)) == {0, 1}
    with pytest.raises(
        gp.UsageError, match="no image of class number 2, of which 1 deformed images"
    ):
        chosen_images(np.array([0, 0]), np.array([1, 0, 1, 5]), 0)


def test_a_block_is_varied_by_the_seed_and_its_number(monkeypatch):
    monkeypatch.setattr(pieces, "BLOCK", 2)

    class Told:
        def deform(self, chosen, seed):
            return chosen.tolist(), seed

    found = [deformed_block(Told(), np.arange(5) * 10, number, 7) for number in range(3)]
    assert found == [([0, 10], [7, 0]), ([20, 30], [7, 1]), ([40], [7, 2])]


def test_a_wish_says_what_it_would_draw():
    job = DeformationJob(REAL, RECIPE, np.array([3, 0]))
    assert (job.seed, job.expect, job.include_real, job.progress) == (0, True, False, True)
    said = job.description()
    assert said["recipe"] == RECIPE.arm and said["would_draw"] == {"a": 3, "b": 0}
    beside = timing.CARD_BYTES + 2 * timing.SHOWN_BYTES
    assert 3 * 90 < said["about_bytes"] - beside < 3 * 200
