import collections
import pickle
import subprocess
import sys

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.transforms import HandwritingTransform
from ganprofile.transforms.deformation.moments import moments
from ganprofile.transforms.handwriting import deforming

BLANK = np.zeros((28, 28, 1), np.uint8)


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def adapted(few):
    return HandwritingTransform(10, seed=3).adapt(few.images, few.labels)


def test_it_learns_deforms_and_is_found_without_a_framework(tmp_path):
    code = (
        "import sys, numpy as np, ganprofile as gp\n"
        "few = gp.load('digits')[0].subset(1)\n"
        "transform = gp.transforms.HandwritingTransform(10).adapt(few.images, few.labels)\n"
        "transform(few.images, few.labels), transform.save(sys.argv[1])\n"
        "gp.transforms.HandwritingTransform.load(sys.argv[1])\n"
        "print({'tensorflow', 'keras', 'torch', 'jax', 'cv2', 'PIL'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, tmp_path / "few.npz"]
    assert subprocess.check_output(command, text=True).strip() == "set()"


def test_a_class_of_one_image_is_deformed_as_all_classes_differ(few, capsys):
    alone = np.flatnonzero(few.labels == 3)[0]
    chosen = np.sort([*np.flatnonzero((few.labels != 3) & (few.labels != 5)), alone])
    transform = HandwritingTransform(10).adapt(few.images[chosen], few.labels[chosen])
    for k in (3, 5):
        np.testing.assert_array_equal(transform.directions[k], transform.directions[-1])
    assert (transform.directions[1] != transform.directions[-1]).any()
    said = capsys.readouterr().err
    assert "got no second image of the classes numbered 3:" in said
    assert "got no image of the classes numbered 5:" in said
    one_each = np.unique(few.labels, return_index=True)[1]
    transform.adapt(few.images[one_each], few.labels[one_each])
    assert "no two images of a class" in capsys.readouterr().err


def test_grey_paper_is_said(few, capsys):
    HandwritingTransform(10).adapt(few.images, few.labels)
    assert "grey" not in capsys.readouterr().err
    grey = (200 - few.images * (170 / 255)).astype(np.uint8)
    HandwritingTransform(10).adapt(grey, few.labels)
    assert "paper is grey or coloured: along the edges of most images the level is 55" in (
        capsys.readouterr().err
    )
    HandwritingTransform(10, value_range=(200, 30)).adapt(grey, few.labels)
    assert "grey" not in capsys.readouterr().err


def test_what_is_given_keeps_its_form(adapted, few):
    kind = collections.namedtuple("kind", "image label")
    made = adapted(kind(few.images[0], 3))
    assert type(made) is kind and made.label == 3 and made.image.shape == few.images[0].shape
    with pytest.raises(gp.UsageError, match="dark_on_light=False"):
        HandwritingTransform(10, value_range=(255, 0), dark_on_light=np.False_)


def test_the_layer_learns_the_same(adapted, few):
    layer = gp.HandwritingAugmenter(10).adapt(few.images, few.labels)
    np.testing.assert_array_equal(layer.directions, adapted.directions)
    assert layer.dark_on_light is adapted.dark_on_light is False


def test_a_copy_goes_on_where_it_was_copied(adapted, few):
    adapted.restart()(few.images[0])
    copied = pickle.loads(pickle.dumps(adapted))
    for image in few.images[:3]:
        np.testing.assert_array_equal(copied(image), adapted(image))


def test_what_was_learned_is_saved_without_pickle(adapted, few, tmp_path):
    path = tmp_path / "writing.npz"
    for ends in (None, (0, 255), (1.0, -1.0)):
        is_dark = None if ends is None else ends[0] > 0
        transform = HandwritingTransform(
            10, 0.5, ends, 7, is_dark, keep_inside=is_dark, keep_size=bool(ends)
        )
        transform.directions = adapted.directions
        transform.save(path)
        again = HandwritingTransform.load(path)
        assert repr(again) == repr(transform)
        np.testing.assert_array_equal(again.directions, adapted.directions)
    adapted.save(path)
    deformed = HandwritingTransform.load(path)(few.images, few.labels)[0]
    np.testing.assert_array_equal(deformed, adapted.restart()(few.images, few.labels)[0])
    with np.load(path) as arrays:  # as it was written before there were these
        older = set(arrays) - {"keep_inside", "keep_size"}
        np.savez(path, **{name: arrays[name] for name in older})
    again = HandwritingTransform.load(path)
    assert again.keep_inside is None and again.keep_size is False


@pytest.mark.parametrize("kind", ["transform", "layer"])
def test_what_was_learned_is_learned_anew_after_it_was_kept(few, tmp_path, kind):
    """It was not declared; what was declared stays."""
    made = {"transform": HandwritingTransform, "layer": gp.HandwritingAugmenter}[kind]

    def kept(one):
        if kind == "layer":
            return made.from_config(one.get_config())
        one.save(tmp_path / "kept.npz")
        return made.load(tmp_path / "kept.npz")

    dark = 255 - few.images
    edged = few.images[:, 7:21, 7:21].repeat(2, axis=1).repeat(2, axis=2)
    for images in (dark, edged):
        fresh, again = made(10, seed=0), kept(made(10, seed=0).adapt(few.images, few.labels))
        for one in (fresh, again):
            one.adapt(images, few.labels)
        assert (again.dark_on_light, again.keep_inside) == (fresh.dark_on_light, fresh.keep_inside)
    assert fresh.keep_inside is True
    declared = kept(made(10, seed=0, dark_on_light=False, keep_inside=False))
    declared.adapt(edged, few.labels)
    assert (declared.dark_on_light, declared.keep_inside) == (False, False)


def test_a_file_of_any_name_is_written_and_no_folder_is_made_up(adapted, tmp_path):
    adapted.save(tmp_path / "wx")
    assert [path.name for path in tmp_path.iterdir()] == ["wx"]
    assert repr(HandwritingTransform.load(tmp_path / "wx")) == repr(adapted)
    with pytest.raises(GanprofileError, match=r"there is no folder .*no/such. Make it"):
        adapted.save(tmp_path / "no" / "such" / "w.npz")


def test_sizes_stay_where_they_tell_characters_apart(few):
    spreads = []
    for keep_size in (False, True):
        transform = HandwritingTransform(10, seed=1, keep_size=keep_size)
        transform.adapt(few.images, few.labels)
        many = np.repeat(few.images[:20], 20, axis=0)
        found = moments(transform.deformed(many, np.repeat(few.labels[:20], 20)))
        sizes = np.log(found.height * found.width).reshape(20, 20) / 2
        spreads.append(sizes.std(axis=1).mean())
    assert spreads[1] < 0.7 * spreads[0]
    with pytest.raises(UsageError, match="keep_size should be a bool. Received: 3"):
        HandwritingTransform(10, keep_size=3)


def test_other_files_are_refused(tmp_path, adapted):
    path = tmp_path / "other.npz"
    np.savez(path, images=BLANK)
    with pytest.raises(GanprofileError, match="no file of a HandwritingTransform"):
        HandwritingTransform.load(path)
    adapted.save(path)
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "num_classes": 9})
    with pytest.raises(GanprofileError, match="no file of a HandwritingTransform"):
        HandwritingTransform.load(path)
    with pytest.raises(GanprofileError, match="cannot be read"):
        HandwritingTransform.load(tmp_path / "missing.npz")


def test_seeds_and_streams_differ_and_one_repeats(adapted, few):
    def seen(seed, stream=0):
        transform = HandwritingTransform(10, seed=seed, dark_on_light=False)
        transform.directions = adapted.directions
        return transform.restart(stream)(few.images, few.labels)[0]

    np.testing.assert_array_equal(seen(1), seen(1))
    for other in (seen(2), seen(1, 1), seen(None)):
        assert (other != seen(1)).any(axis=(1, 2, 3)).mean() > 0.9
    a, b = (HandwritingTransform(10) for _ in range(2))
    assert a.seed != b.seed


def test_numbers_have_the_spread_that_they_had():
    """Normal amounts, uniform strengths, a square cut out of one in four."""
    numbers = deforming.random_numbers(np.array([1]), np.array([0]), np.arange(4000))
    chances, field = numbers.policy
    assert numbers.amounts.std() == pytest.approx(1, abs=0.01)
    assert abs(numbers.amounts.mean()) < 0.01
    assert field.min() >= -1 and field.max() < 1 and field.std() == pytest.approx(3**-0.5, abs=0.01)
    assert chances.shape == (4000, 8, 3) and chances.std() == pytest.approx(12**-0.5, abs=0.01)
    assert (chances[:, -1, 0] < deforming.CHANCES["cutout"]).mean() == pytest.approx(0.25, abs=0.03)
    half, whole = deforming.strengths_by(0.5), deforming.strengths_by(1.0)
    assert half["directions"] == np.float32(0.3) and whole["rotate"] == np.float32(1.2)
    assert half["shift"] == whole["shift"] / 2 and half["cutout"] == whole["cutout"] == 1


@pytest.mark.parametrize("kind", ["uint8", "float32", "bool", "int64"])
def test_a_type_of_numbers_stays_what_it_is(adapted, few, kind):
    images = (few.images > 127) if kind == "bool" else few.images.astype(kind)
    seen = adapted(images)
    assert seen.dtype == images.dtype and seen.shape == images.shape
    assert seen.min() >= 0 and seen.max() <= 255 and (seen != images).any()


def test_ranges_and_polarities_are_the_same_picture(adapted, few):
    wanted = adapted.restart()(few.images, few.labels)[0].astype(np.float64) / 255
    for ends in ((0, 1), (1, -1), (255, 0)):
        transform = HandwritingTransform(10, value_range=ends, seed=3)
        transform.directions = adapted.directions
        low, high = ends  # of paper and of ink
        pixels = (low + (high - low) * (few.images / 255)).astype(np.float32)
        seen = transform(pixels, few.labels)[0]
        np.testing.assert_allclose((seen - low) / (high - low), wanted, atol=0.003)


# What became of ink, 0..1, 0 being paper.
INEXACT = {
    "a hair below": lambda ink: ink - 1e-6 * (np.arange(28)[:, None] == 0),
    "a hair above": lambda ink: ink * 1.000001,
    "shot over": lambda ink: ink + 0.17 * (ink > 0.9) - 0.67 * (ink == 0.5),
    "levels of 0..16": lambda ink: np.rint(ink * 16),
    "levels of 0..100": lambda ink: np.rint(ink * 100),
    "less their mean": lambda ink: ink - 0.133,
    "in -0.5..0.5": lambda ink: ink - 0.5,
    "bool": lambda ink: ink > 0.4,
}


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("name", sorted(INEXACT))
def test_paper_comes_into_view_whatever_became_of_the_range(adapted, few, name, is_dark):
    ink = few.images.astype(np.float32) / 255
    ink[:, 14, 14] = 0.5
    pixels = INEXACT[name](ink)
    if is_dark:
        top = {"levels of 0..16": 16, "levels of 0..100": 100}.get(name, 1)
        pixels = ~pixels if name == "bool" else (top - pixels).astype(np.float32)
    paper = pixels[0, 1, 1, 0]
    transform = HandwritingTransform(10, seed=0, dark_on_light=is_dark)
    transform.directions = adapted.directions
    seen = transform(pixels, few.labels)[0]
    assert seen.dtype == pixels.dtype
    before, after = (abs(some * 1.0 - paper) < 1e-4 for some in (pixels, seen))
    assert after[:, [0, -1]].mean() > 0.9 and before.mean() - after.mean() < 0.15


def test_a_range_that_is_guessed_is_said_once(few, capsys):
    transform = HandwritingTransform(10, seed=0).adapt(few.images, few.labels)
    for _ in range(2):
        transform(few.images / 255 - 0.1)
    assert capsys.readouterr().err.count("takes these pixels for -0.1..0.9") == 1


def test_tuples_dicts_and_lists_come_back_as_they_were(adapted, few):
    image, label = few.images[0], few.labels[0]
    wanted = adapted.restart().deformed(image, label)
    for given in (
        (image, label, "more"),
        {"image": image, "label": label, "id": 3},
        ({"images": image}, {"labels": label}),
    ):
        seen = adapted.restart()(given)
        assert type(seen) is type(given) and len(seen) == len(given)
        inner = seen["image"] if isinstance(seen, dict) else seen[0]
        inner = inner["images"] if isinstance(inner, dict) else inner
        np.testing.assert_array_equal(inner, wanted)
    several, labels = adapted.restart()([image, image[:20]], [label, 3])
    assert [one.shape for one in several] == [(28, 28, 1), (20, 28, 1)] and labels == [label, 3]
    np.testing.assert_array_equal(several[0], wanted)


def test_labels_may_lie_on_a_device(adapted, few):
    torch = pytest.importorskip("torch")

    class Elsewhere(torch.Tensor):
        """A tensor as one on a device is to NumPy."""

        def __array__(self, *arguments, **options):
            raise TypeError("can't convert cuda:0 device type tensor to numpy.")

        def cpu(self):
            return self.as_subclass(torch.Tensor)

    images = torch.from_numpy(few.images.transpose(0, 3, 1, 2))
    wanted = adapted.restart()(images, few.labels)[0]
    labels = torch.from_numpy(few.labels).as_subclass(Elsewhere)
    seen, again = adapted.restart()(images, labels)
    assert torch.equal(seen, wanted) and again is labels
    with_gradient = torch.eye(10)[few.labels.tolist()].requires_grad_()
    assert torch.equal(adapted.restart()(images, with_gradient)[0], wanted)
    transform = HandwritingTransform(10).adapt(list(images), list(labels))
    np.testing.assert_array_equal(transform.directions, adapted.directions)


def test_it_adapts_to_tensors_and_pil_images(adapted, few):
    torch = pytest.importorskip("torch")
    from PIL import Image

    tensors = torch.from_numpy(few.images).permute(0, 3, 1, 2)
    pictures = [Image.fromarray(image[..., 0]) for image in few.images]
    for images in (tensors, pictures):
        found = HandwritingTransform(10).adapt(images, torch.from_numpy(few.labels))
        np.testing.assert_array_equal(found.directions, adapted.directions)


@pytest.mark.parametrize("kind", [HandwritingTransform, gp.HandwritingAugmenter])
def test_images_of_another_polarity_than_was_seen_are_said_once(few, capsys, kind):
    transform = kind(10, seed=0).adapt(few.images, few.labels)
    capsys.readouterr()
    transform(few.images, few.labels)
    assert capsys.readouterr().err == ""
    other = kind(10, seed=0).adapt(few.images, few.labels)
    for image in 255 - few.images[:40]:
        other(image)
    said = capsys.readouterr().err
    assert said.count("expects light ink on dark paper") == 1 and "gets borders of ink" in said
    dark = kind(10, seed=0, dark_on_light=True)
    dark(few.images)
    assert "looks like light ink on dark paper" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [HandwritingTransform, gp.HandwritingAugmenter])
def test_an_image_of_which_nothing_would_be_left_stays_as_it_is(few, kind):
    transform = kind(10, strength=5.0, seed=0)
    transform.adapt(few.images, few.labels)
    seen = transform(few.images.astype(np.float32), few.labels)
    seen = np.asarray(seen[0] if isinstance(seen, tuple) else seen)
    assert (seen.max(axis=(1, 2, 3)) >= 0.2 * few.images.max(axis=(1, 2, 3))).all()
    stayed = np.isclose(seen, few.images, atol=0.01).all(axis=(1, 2, 3))
    assert 0 < stayed.sum() < len(few) / 2


def test_strength_0_and_no_images_are_nothing(few):
    still = HandwritingTransform(10, strength=0, dark_on_light=False)
    np.testing.assert_array_equal(still(few.images), few.images)
    some = HandwritingTransform(10, dark_on_light=False)
    assert some(few.images[:0]).shape == (0, 28, 28, 1)


def test_many_images_are_a_stream_as_few_are(adapted, few):
    """More than are computed at a time."""
    images = np.repeat(few.images, 3, axis=0)
    whole = adapted.restart()(images).astype(int)
    parts = [adapted.restart()(images[:70]), adapted(images[70:])]
    assert np.abs(np.concatenate(parts) - whole).max() <= 1


@pytest.mark.parametrize(
    ("image", "label", "words"),
    [
        ("a.png", None, "Received: str"),
        (np.zeros((2, 28, 28, 4), np.uint8), None, r"Received: uint8 \(2, 28, 28, 4\)"),
        (np.array(["a"]), None, "Received: <U1"),
        (BLANK, 10, r"integers, 0..9. Received: 10..10"),
        (BLANK, "seven", "Labels should be integers 0..9"),
        (np.stack([BLANK, BLANK]), [1, 2, 3], "one for each image"),
        (np.full((28, 28), np.nan), None, "finite"),
        ({"picture": BLANK}, None, "'image' or 'images'. Received: 'picture'"),
    ],
)
def test_what_it_cannot_deform_is_refused(image, label, words):
    with pytest.raises(UsageError, match=words) as refusal:
        HandwritingTransform(10, dark_on_light=False)(image, label)
    assert "\n" not in str(refusal.value)


def test_pictures_of_another_mode_and_values_out_of_range_are_refused():
    from PIL import Image

    with pytest.raises(UsageError, match=r"mode 'RGBA'; .convert\('L'\)"):
        HandwritingTransform(10)(Image.new("RGBA", (28, 28)))
    with pytest.raises(UsageError, match="Pixels should be in 0..1"):
        HandwritingTransform(10, value_range=(0, 1))(BLANK + 9)
    with pytest.raises(UsageError, match="images of one size"):
        HandwritingTransform(2).adapt([BLANK, BLANK[:20]], [0, 1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"num_classes": 0}, "from 1. Received: 0"),
        ({"strength": -1}, "from 0. Received: -1"),
        ({"strength": 1000}, "should be 100 at most, .* Received: 1000"),
        ({"seed": -1}, "`seed` should be in 0"),
        ({"value_range": (5, 5)}, "two different numbers"),
        ({"value_range": "01"}, "two different numbers.* Received: '01'"),
        ({"dark_on_light": "yes"}, "a bool or None"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        HandwritingTransform(**{"num_classes": 2, **options})


@pytest.mark.parametrize("seed", [-1, 1.5, "a", 2**31, None])
def test_a_seed_that_compares_no_images_is_refused(few, seed):
    transform = HandwritingTransform(10)
    with pytest.raises(UsageError, match="`seed` should be "):
        transform.adapt(few.images, few.labels, seed=seed)
    assert transform.dark_on_light is None, "nothing was learned"


def test_a_stream_that_does_not_exist_is_refused(adapted):
    with pytest.raises(UsageError, match=r"0..4294967295. Received: -1"):
        adapted.restart(-1)


def test_albumentations_that_is_missing_is_said(adapted, monkeypatch):
    monkeypatch.setitem(sys.modules, "albumentations", None)
    name = "ganprofile.transforms.handwriting.for_albumentations"
    monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(GanprofileError, match="pip install albumentations"):
        adapted.as_albumentations()
