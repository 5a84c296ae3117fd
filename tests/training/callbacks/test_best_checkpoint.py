import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.metrics.kernel_distance import by_chance
from ganprofile.training.callbacks import BestCheckpoint, ReferenceImages
from ganprofile.training.callbacks.best_checkpoint import STEPS_BETWEEN

LABELS = np.arange(200) % 10


class Record:
    """Stands in for the recorder."""

    judgement = None


class Painter:
    """Stands in for a generator: draws the images it was given, whatever the latents."""

    def __init__(self, images):
        self.images = images

    def get_weights(self):
        return [self.images]

    def set_weights(self, weights):
        (self.images,) = weights


@pytest.fixture
def judge_of(digits, monkeypatch):
    monkeypatch.setattr(
        "ganprofile.training.callbacks.best_checkpoint.draw",
        lambda painter, seed, first, count, **arguments: painter.images[:count],
    )

    def make(images, labels, steps_per_epoch=STEPS_BETWEEN):
        reference = ReferenceImages(images, {"label": labels}, digits[0].class_names, held_out=True)
        return BestCheckpoint(reference, Record(), steps_per_epoch)

    return make


@pytest.fixture
def by_class(digits):
    """Real images in the order of `LABELS`: the first 200 and 200 others."""
    train = digits[0]
    rows = [np.flatnonzero(train.labels == label) for label in range(10)]
    order = np.stack([chosen[:40] for chosen in rows], axis=1).reshape(-1)
    return train.images[order[:200]], train.images[order[200:]]


def judged(selector, epoch, images):
    class Gan:
        drawing_generator = Painter(images)

    selector.set_model(Gan())
    selector._recorder.judgement = None
    selector.on_epoch_end(epoch - 1)
    return selector._recorder.judgement


def test_the_best_epoch_is_kept_and_put_back(judge_of, by_class):
    real, others = by_class
    selector = judge_of(real, LABELS)
    noisy = np.clip(others + np.random.default_rng(0).normal(0, 40, others.shape), 0, 255)
    one = np.repeat(others[:10], 20, axis=0).reshape(10, 20, 28, 28, 1).swapaxes(0, 1)
    rows = [
        judged(selector, 1, noisy.astype(np.uint8)),
        judged(selector, 2, others),
        judged(selector, 3, one.reshape(real.shape)),
    ]
    distances = [row["kernel_distance"] for row in rows]
    assert distances[1] < min(distances[0], distances[2])
    assert selector.state()["epoch"] == 2
    assert rows[0]["over_best"] == rows[1]["over_best"] == 1
    assert rows[2]["over_best"] == distances[2] / max(distances[1], by_chance(200)) > 1.2
    assert rows[1]["diversity"] == pytest.approx(1, abs=0.15)
    assert rows[2]["diversity"] == pytest.approx(0, abs=1e-6), "one image a class"
    painter = Painter(None)
    selector.put_best_into(painter)
    assert painter.images is others
    again = judge_of(real, LABELS)
    again.restore(selector.state())
    assert again.state()["epoch"] == 2
    assert judged(again, 4, others)["over_best"] == 1


def test_of_epochs_that_cannot_be_told_apart_the_later_is_kept(judge_of, by_class):
    selector = judge_of(by_class[0], LABELS)
    for epoch, images in enumerate([by_class[1], by_class[0], by_class[1]], start=1):
        assert judged(selector, epoch, images)["kernel_distance"] < by_chance(200)
        assert selector.state()["epoch"] == epoch


def test_good_images_under_the_labels_of_others_are_not_good(judge_of, by_class):
    real, others = by_class
    selector = judge_of(real, LABELS)
    right = judged(selector, 1, others)["kernel_distance"]
    swapped = judged(selector, 2, np.roll(others, 1, axis=0))["kernel_distance"]
    assert swapped > right + 10 * by_chance(200)


def test_short_epochs_are_not_judged_each(judge_of, by_class):
    selector = judge_of(by_class[0], LABELS, steps_per_epoch=STEPS_BETWEEN // 3 + 1)
    seen = [judged(selector, epoch, by_class[1]) is not None for epoch in range(1, 7)]
    assert seen == [False, False, True, False, False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_where_nothing_can_be_compared_nothing_is_measured(judge_of, by_class, count):
    same = np.repeat(by_class[0][:1], count, axis=0)
    selector = judge_of(same, np.zeros(count, int))
    assert judged(selector, 1, by_class[1]) == {}
    painter = Painter("the last epoch's")
    selector.put_best_into(painter)
    assert painter.images == "the last epoch's"


@pytest.mark.slow
def test_a_training_keeps_its_best_epoch_and_says_how_far_the_last_fell_back(
    tiny, tmp_path, monkeypatch
):
    class Spoil(keras.callbacks.Callback):
        """The last step of the third epoch ruins what is drawn with."""

        def on_train_batch_end(self, batch, logs=None):
            if len(judged) == 2 and batch == 1:
                generator = self.model.averaged_generator
                generator.set_weights([100 * weights for weights in generator.get_weights()])

        def on_epoch_end(self, epoch, logs=None):
            judged.append([np.array(w) for w in self.model.averaged_generator.get_weights()])

    judged = []
    monkeypatch.setattr("ganprofile.training.callbacks.best_checkpoint.STEPS_BETWEEN", 1)
    options = {"epochs": 3, "output": tmp_path, "progress": False, "callbacks": [Spoil()]}
    run = gp.train(tiny, "cgan", **options)
    distances = run.history["kernel_distance"]
    best = int(distances.argmin())
    assert best < 2
    assert run.history["over_best"][-1] == pytest.approx(distances[2] / distances[best])
    kept = run.generator.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(kept, judged[best], strict=True))
    assert run.config["criterion"] == {
        "kept_epoch": best + 1,
        "metric": "kernel_distance",
        "features": "letters",
        "images": 200,
        "held_out": False,
    }
