"""Workers that wait for each other, as threads."""

import socket
import threading

import pytest

from ganprofile.errors import GanprofileError
from ganprofile.training.devices.meeting import meet


@pytest.fixture
def addresses():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return [f"localhost:{one.getsockname()[1]}", "b:2", "c:3"]


def begun(addresses, worker):
    thread = threading.Thread(target=meet, args=(addresses, worker), daemon=True)
    thread.start()
    return thread


def connected(addresses):
    port = int(addresses[0].partition(":")[2])
    for _ in range(100):
        try:
            return socket.create_connection(("localhost", port), 5)
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError("nobody listens")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_all_go_on_once_the_last_is_there_and_the_port_is_free_again(addresses, order):
    first, second = (begun(addresses, worker) for worker in order[:2])
    first.join(0.3)
    assert first.is_alive() and second.is_alive(), "one is missing"
    third = begun(addresses, order[2])
    for thread in (first, second, third):
        thread.join(10)
        assert not thread.is_alive()
    socket.create_server(("", int(addresses[0].partition(":")[2]))).close()


def test_strangers_and_who_begins_again_do_not_count_twice(addresses):
    chief = begun(addresses, 0)
    for words in (b"GET / HTTP/1.1\r\n\r\n", b"7\n", b"0\n", b""):
        with connected(addresses) as stranger:
            stranger.sendall(words)
    with connected(addresses) as ended:
        ended.sendall(b"1\n")
    again = begun(addresses, 1)
    chief.join(0.5)
    assert chief.is_alive() and again.is_alive()
    last = begun(addresses, 2)
    for thread in (chief, again, last):
        thread.join(10)
        assert not thread.is_alive()


def test_a_port_that_is_in_use_is_named(addresses):
    port = int(addresses[0].partition(":")[2])
    with (
        socket.create_server(("", port)),
        pytest.raises(GanprofileError, match=rf"0 cannot listen at localhost:{port} \(.*use"),
    ):
        meet(addresses, 0)
