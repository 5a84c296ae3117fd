"""Items that a thread makes, each while the one before is used."""

import itertools
import threading

import pytest

from ganprofile.parallel.ahead import ahead


def test_items_come_in_their_order():
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert list(ahead([])) == []


def test_the_next_item_is_made_while_one_is_used():
    made = [threading.Event() for _ in range(3)]

    def items():
        for event in made:
            event.set()
            yield threading.current_thread()

    found = ahead(items())
    assert next(found) is not threading.current_thread()
    assert made[1].wait(timeout=10)  # nobody asked for it
    assert not made[2].is_set()
    found.close()


def test_what_it_raises_is_raised_in_the_place_of_its_item():
    def items():
        yield 1
        raise OSError("gone")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(OSError, match="gone"):
        next(found)


def test_endless_items_are_ended_with_the_loop_over_them():
    ended = threading.Event()

    def items():
        try:
            yield from itertools.count()
        finally:
            ended.set()

    found = ahead(items())
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    found.close()
    assert ended.is_set()
    assert not [t for t in threading.enumerate() if t.name.startswith("ahead")]
