"""Processes that have imported TensorFlow when they begin.

The import takes longer than most of what is tested in processes of their own. So one process
imports, does nothing else, and is forked for each that is asked for: its arguments, environment,
folder, signals and memory are its own. What is tested about the import itself, or sets what is
read by it, needs a process of the ordinary kind.
"""

import atexit
import contextlib
import faulthandler
import gc
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ_BY_IMPORTS = ("PYTHONPATH", "KERAS_BACKEND", "KERAS_HOME", "XLA_FLAGS")
PROGRAM = """
from tests.forked import ending, next_process
code = next_process()
with ending():
    exec(code)
"""
RUN = "import runpy; runpy.run_module('ganprofile', run_name='__main__', alter_sys=True)"
NUMBER = struct.Struct("i")
LARGEST = 1 << 20  # bytes of a request
_socket = None


class Forked:
    """What is used of `subprocess.Popen`, for a process of this kind."""

    def __init__(self, arguments, code, env, cwd, stdout, stderr):
        self.returncode = None
        self.stdout, out = _pipe(stdout)
        self.stderr, error = _pipe(stderr)
        self._end, told = os.pipe()
        request = pickle.dumps((arguments, code, dict(env), os.fspath(cwd or Path.cwd())))
        socket.send_fds(_begin(), [request], [out, error, told])
        for descriptor in (out, error, told):
            os.close(descriptor)
        (self.pid,) = NUMBER.unpack(os.read(self._end, NUMBER.size))

    def poll(self):
        """The exit code, negative for a signal; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout=None):
        """The exit code, once it has ended."""
        if self.returncode is None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            (status,) = NUMBER.unpack(os.read(self._end, NUMBER.size))
            os.close(self._end)
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number):
        """Nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout=None):
        """What it writes until it ends: standard output and error, None for what is no pipe."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pipes = {pipe: "" for pipe in (self.stdout, self.stderr) if pipe}
        parts, left = {pipe: [] for pipe in pipes}, set(pipes)
        while left:
            rest = None if deadline is None else max(0, deadline - time.monotonic())
            ready, _, _ = select.select(list(left), [], [], rest)
            if not ready:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            for pipe in ready:
                part = os.read(pipe.fileno(), 1 << 16)
                parts[pipe].append(part)
                if not part:
                    left.remove(pipe)
        self.wait(None if deadline is None else max(1, deadline - time.monotonic()))
        said = {pipe: b"".join(some).decode() for pipe, some in parts.items()}
        for pipe in pipes:
            pipe.close()
        return tuple(said.get(pipe) for pipe in (self.stdout, self.stderr))


def start(
    *arguments,
    code=None,
    env=None,
    cwd=None,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.PIPE,
):
    """`python -m ganprofile ...`, or other Python code, as `Forked`; elsewhere as `Popen`."""
    arguments = [str(one) for one in arguments]
    env = os.environ if env is None else env
    if not sys.platform.startswith("linux") or any(
        env.get(name) != os.environ.get(name) for name in READ_BY_IMPORTS
    ):
        what = ["-m", "ganprofile"] if code is None else ["-c", code]
        return subprocess.Popen(
            [sys.executable, *what, *arguments],
            env=env, cwd=cwd, stdout=stdout, stderr=stderr, text=True,
        )  # fmt: skip
    return Forked(arguments, code, env, cwd, stdout, stderr)


def run_forked(*arguments, timeout=300, **options):
    """The same to its end: what `subprocess.run` returns."""
    process = start(*arguments, **{"stdout": subprocess.PIPE, **options})
    try:
        said = process.communicate(timeout=timeout)
    except BaseException:
        process.kill()
        raise
    return subprocess.CompletedProcess(arguments, process.returncode, *said)


def _pipe(wanted):
    """The end that is kept, None if nobody reads, and the end that is given away."""
    if wanted == subprocess.DEVNULL:
        return None, os.open(os.devnull, os.O_WRONLY)
    assert wanted == subprocess.PIPE
    ours, theirs = os.pipe()
    return os.fdopen(ours, "r"), theirs


def _begin():
    """The socket to the process that is forked; it ends with this one."""
    global _socket
    if _socket is None:
        _socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for side in (_socket, theirs):
            side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ},
        )
        theirs.close()
    return _socket


def next_process():
    """Import, wait for requests and fork; in each new process, return the code that it runs."""
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

    import ganprofile.cli.app
    import ganprofile.figures.training
    import ganprofile.training.fit

    faulthandler.enable()  # what dies of a signal says where, on its own standard error
    ganprofile.load("digits")  # which most of them do first; what is decoded is kept
    gc.freeze()  # a collection in a child would copy all that is imported
    requests = socket.socket(fileno=0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, LARGEST, 3)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            requests.detach()
            return _of_a_keeper(*pickle.loads(request), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _of_a_keeper(arguments, code, env, cwd, out, error, told):
    """Fork again; here wait and tell how it ended, and in the other become what is asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        for descriptor in (0, 1, 2, out, error):
            os.close(descriptor)
        os.write(told, NUMBER.pack(pid))
        os.write(told, NUMBER.pack(os.waitpid(pid, 0)[1]))
        os._exit(0)
    os.close(told)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, standard in ((nothing, 0), (out, 1), (error, 2)):
        os.dup2(ours, standard)
        os.close(ours)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["-c" if code else "ganprofile", *arguments]
    sys.path[0] = ""  # as for `-c` and `-m`
    return code or RUN


@contextlib.contextmanager
def ending():
    """End the process as Python does, but for the modules, which take seconds to be taken apart."""
    code = 0
    try:
        yield
    except SystemExit as end:
        code = end.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
