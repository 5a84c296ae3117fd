"""Workers that wait for each other before TensorFlow does.

While TensorFlow waits for others it lets Python do nothing, so that a worker could not be stopped
by a signal. Here they wait in Python: all others call the first at its address, and go on once it
answers, which it does when the last has called.
"""

import contextlib
import socket
import time

from ganprofile.errors import GanprofileError, first_line

GO_ON = b"+"
ANSWER_WITHIN = 5.0  # seconds, for who has called to say who it is
CALL_AGAIN = 0.5  # seconds until the first is called again where nobody listens yet
LONGEST = 16  # bytes of a number


def meet(addresses, worker):
    """Come back once all workers are there.

    Args:
        addresses: of all, `["host:port", ...]`; the first is met at its own.
        worker: which of them this is.

    Raises:
        GanprofileError: the port of the first is taken.
    """
    host, _, port = addresses[0].rpartition(":")
    if worker == 0:
        _wait_for(set(range(1, len(addresses))), int(port), addresses[0])
    else:
        _call(host.strip("[]"), int(port), worker)


def _wait_for(others, port, address):
    """Let others call, and answer all when the last has."""
    callers = {}
    with contextlib.ExitStack() as stack, _listening(port, address) as server:
        while callers.keys() != others:
            caller = stack.enter_context(server.accept()[0])
            caller.settimeout(ANSWER_WITHIN)
            number = _heard(caller)
            if number in others:
                callers[number] = caller  # one that was begun anew calls again
        for caller in callers.values():
            with contextlib.suppress(OSError):
                caller.sendall(GO_ON)
                caller.recv(1)  # who hangs up first keeps the port in use, which is needed here


def _listening(port, address):
    """A socket at the port, in all networks of this machine."""
    if socket.has_dualstack_ipv6():
        with contextlib.suppress(OSError):  # where the newer addresses are switched off
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    try:
        return socket.create_server(("", port))
    except OSError as error:
        raise GanprofileError(
            f"Worker 0 cannot listen at {address} ({first_line(error)}). End what uses the port, "
            "or name another one in TF_CONFIG."
        ) from error


def _heard(caller):
    """The number that a caller says, or None where it is no worker."""
    try:
        with caller.makefile("rb") as words:
            return int(words.readline(LONGEST))
    except (OSError, ValueError):
        return None


def _call(host, port, worker):
    """Call the first until it answers; where it ends before, it may be begun anew."""
    while True:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((host, port), ANSWER_WITHIN) as first,
        ):
            first.sendall(f"{worker}\n".encode())
            first.settimeout(None)
            if first.recv(1) == GO_ON:
                return
        time.sleep(CALL_AGAIN)
