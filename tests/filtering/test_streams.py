"""Blocks of drawn images on their way to who writes them."""

import numpy as np

import ganprofile as gp
from ganprofile.filtering import streams
from ganprofile.parallel import HERE


def test_the_images_are_the_same_however_many_are_sent_at_once(monkeypatch):
    run = gp.Run.open("digits-cgan")
    labels = np.arange(1700, dtype=np.int32) % 10

    def sent():
        return list(streams.conditional_stream(run, 3, labels, None, HERE))

    single = sent()
    assert [len(block) for block in single] == [500, 500, 500, 200], "all who draw have some"
    monkeypatch.setattr(streams, "SENDINGS", 1)
    several = sent()
    assert [len(block) for block in several] == [1500, 200]
    one, other = streams.joined(single), streams.joined(several)
    assert np.array_equal(one.images, other.images) and np.array_equal(one.draws, other.draws)
    monkeypatch.setattr(streams, "SENT_BYTES", 2 * 500 * 28 * 28)
    assert [len(block) for block in sent()] == [1000, 700], "large images are sent in small pieces"
