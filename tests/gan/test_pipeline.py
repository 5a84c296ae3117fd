import itertools

import numpy as np
import pytest

from ganprofile.gan.pipeline import endless_batches


def take(count, n=25, batch_size=10, **options):
    images = np.arange(n, dtype=np.uint8).reshape(n, 1, 1, 1)
    labels = np.arange(n, dtype=np.int32)
    batches = endless_batches(images, {"label": labels}, batch_size, **options)
    return [
        {name: values.numpy() for name, values in batch.items()}
        for batch in itertools.islice(batches, count)
    ]


def test_every_pass_shows_every_image_once_in_a_new_order():
    stream = np.concatenate([batch["label"] for batch in take(5, seed=0)])
    first, second = stream[:25], stream[25:]
    assert sorted(first) == sorted(second) == list(range(25))
    assert first.tolist() != second.tolist() != sorted(second)


def test_images_keep_their_conditions_and_come_in_the_networks_range():
    for batch in take(5, seed=1):
        assert batch["images"].dtype == np.float32
        assert np.allclose((batch["images"].ravel() + 1) * 127.5, batch["label"], atol=1e-4)


@pytest.mark.parametrize("first", [1, 2, 3, 7])
def test_the_stream_can_be_entered_anywhere(first):
    later = take(10 - first, seed=5, first_batch=first)
    for ours, theirs in zip(take(10, seed=5)[first:], later, strict=True):
        assert np.array_equal(ours["label"], theirs["label"])


def test_the_order_follows_the_seed():
    orders = [take(1, seed=seed)[0]["label"].tolist() for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]


def test_a_dataset_smaller_than_a_batch_still_fills_it():
    (batch,) = take(1, n=7, batch_size=20, seed=0)
    assert sorted(np.bincount(batch["label"], minlength=7)) == [2, 3, 3, 3, 3, 3, 3]


def test_nothing_waits_for_the_tuner_of_the_pipeline():
    """It is a thread that sleeps, and the end of a training would wait until it wakes."""
    batches = endless_batches(np.zeros((9, 1, 1, 1), np.uint8), {}, 3, seed=0)
    assert batches.options().autotune.enabled is False
