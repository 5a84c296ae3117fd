"""Whether a style that a model never met is drawn after a few images."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.gan.drawing import draw
from ganprofile.images import read_png
from ganprofile.sampling.style_adaptation import StyleAdapter
from tests.metrics.test_style import bold, leaning

pytestmark = pytest.mark.slow


def upright(images):
    return images


HANDS = (upright, leaning, bold, lambda images: bold(leaning(images)))


@pytest.fixture(scope="module")
def written(digits, tmp_path_factory):
    """Digits by twelve people, three of a hand."""
    some = digits[0].subset(100, 0)
    writers = np.random.default_rng(0).integers(0, 12, len(some)).astype(np.int32)
    images = some.images.copy()
    for writer in range(12):
        images[writers == writer] = HANDS[writer % 4](images[writers == writer])
    path = tmp_path_factory.mktemp("data") / "twelve.npz"
    gp.Dataset(images, some.labels, some.class_names, writers).save(path)
    return path


@pytest.fixture(scope="module")
def imitator(written, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 10_000)
        run = gp.train(
            written,
            "cgan",
            conditions=("label", "writer"),
            epochs=140,  # before some 120 the writers are hardly told apart
            output=tmp_path_factory.mktemp("runs"),
            progress=False,
        )
    return StyleAdapter(run)


def strangers(digits, hand, count):
    some = digits[1].subset(count // 10, 1)
    return gp.Dataset(hand(some.images), some.labels, some.class_names)


def test_a_stranger_is_drawn_as_he_writes(imitator, digits):
    labels = np.arange(200) % 10
    ink = []
    for hand in HANDS:
        run, number = imitator.with_writer(strangers(digits, hand, 50))
        assert number == 12 and run.conditions["writer"] == 13
        ink.append(run.sample(200, labels, writer=number).mean())
    assert min(ink[2:]) > 1.05 * max(ink[:2]), "bold hands"


def test_known_writers_stay_as_they_are(imitator):
    generator = imitator.generator(np.zeros((3, 11)))  # twelve writers lie in eleven dimensions
    arguments = {"label": np.arange(24) % 10, "writer": np.arange(24) % 12}
    known = draw(imitator.run.generator, 0, 0, 24, **arguments)
    np.testing.assert_array_equal(draw(generator, 0, 0, 24, **arguments), known)


def test_few_images_are_trusted_less(imitator, digits):
    ten = strangers(digits, HANDS[3], 10)
    as_if_more = ten.select(np.tile(np.arange(10), 10))
    centre = imitator.known.centre
    apart = [np.linalg.norm(imitator.style(some) - centre) for some in (ten, as_if_more)]
    assert 0.5 * apart[1] < apart[0] < apart[1]


def test_a_class_that_the_model_does_not_know_is_refused(imitator, digits):
    some = digits[1].subset(1, 0)
    letters = gp.Dataset(some.images, some.labels, tuple("abcdefghij"))
    with pytest.raises(UsageError, match="does not know class 'a'"):
        imitator.style(letters)
    with pytest.raises(UsageError, match="has no labels"):
        imitator.style(gp.Dataset(some.images))


def test_a_model_without_writers_is_refused():
    with pytest.raises(UsageError, match="not told who writes"):
        StyleAdapter(gp.Run.open("digits-cgan"))
    with pytest.raises(UsageError, match="has no styles. Train on the conditions"):
        gp.sample("digits-cgan", style="not-looked-at")


def test_a_text_in_a_style(imitator, digits, tmp_path, in_process):
    strangers(digits, bold, 50).save(tmp_path / "mine", "imagefolder")
    options = ["--text", "1947", "--output", tmp_path / "drawn"]
    _, out, _ = in_process("sample", imitator.run.path, "--style", tmp_path / "mine", *options)
    (line,) = out.splitlines()
    assert line.endswith("-seed0-stylemine-text-1947.png")
    picture = read_png(line)
    plain = gp.sample(imitator.run, tmp_path / "plain", text="1947", writer=0)
    assert picture.shape == read_png(plain[0]).shape and picture.mean() < read_png(plain[0]).mean()
    with pytest.raises(UsageError, match="Give one of them"):
        gp.sample(imitator.run, tmp_path, writer=1, style=tmp_path / "mine")
