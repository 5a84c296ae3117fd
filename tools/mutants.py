"""How many small faults, put into a module one at a time, its tests notice.

    pip install cosmic-ray
    python tools/mutants.py ganprofile.metrics.balls tests/metrics/test_balls.py [--bare]

Every place of a module gets one fault of each kind that cosmic-ray knows there (another number,
operator or comparison, no loop, no decorator), drawn by a seed; of more than `--most`, 60, a sample
is tried. Those that no test noticed are printed. Each is tried in a fork of a process that has
collected the tests, so that no file changes. A run that takes more than `SECONDS` of a processor
counts as noticed. `--bare` leaves `conftest.py` out, and with it the tests that need its fixtures:
no framework is loaded, and most runs take less than a second.
"""

import argparse
import collections
import importlib
import os
import random
import resource
import sys
from pathlib import Path

import hypothesis
import parso.python.tree  # noqa: F401 before cosmic-ray, which else imports it in a circle
import pytest
from _pytest.main import pytest_runtestloop
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

SECONDS = 30
TOLD = ["-x", "-qq", "-s", "-p", "no:cacheprovider", "-p", "no:warnings"]


def faults(source):
    """`(line, kind, source with the fault)`, one a place and kind of fault, in random order."""
    places = collections.defaultdict(list)
    for name in operator_names():
        if "Variable" not in name and "NoOp" not in name:
            positions = get_operator(name)().mutation_positions
            found = (place for node in ast_nodes(get_ast(source)) for place in positions(node))
            for occurrence, place in enumerate(found):
                places[place, name.split("_")[0]].append((name, occurrence))
    draw = random.Random(0)
    for place in draw.sample(sorted(places), len(places)):
        name, occurrence = draw.choice(places[place])
        changed = mutate_code(source, get_operator(name)(), occurrence)
        try:
            compile(changed, "", "exec")
        except SyntaxError:
            continue
        yield place[0][0][0], name.removeprefix("core/"), changed


class Trial:
    """A pytest plugin that runs the tests that were collected for one fault after the other."""

    def __init__(self, module, most):
        self._module, self._most = module, most

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if is_quick(item)]

    def pytest_runtestloop(self, session):
        name, source = self._module.__name__, Path(self._module.__file__).read_text()
        if self._is_noticed(source, session):
            sys.exit(f"The tests of {name} fail as it is.")
        every = list(faults(source))
        tried, alive = every[: self._most], 0
        for line, kind, changed in tried:
            if not self._is_noticed(changed, session):
                alive += 1
                was, now = (text.splitlines()[line - 1].strip() for text in (source, changed))
                print(f"line {line}, {kind}\n    - {was}\n    + {now}", flush=True)
        print(f"{name}: {len(tried) - alive} of {len(tried)} noticed ({len(every)} places)")
        return True

    def _is_noticed(self, source, session):
        if child := os.fork():
            return os.waitpid(child, 0)[1] != 0
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            put_in_place(self._module, source)
            pytest_runtestloop(session)
        except BaseException:
            os._exit(1)
        os._exit(session.testsfailed > 0)


def is_quick(item):
    """Whether a test is, and has all of its fixtures."""
    missing = {*item.fixturenames} - {*item._fixtureinfo.name2fixturedefs} - {"request"}
    return not missing and not item.get_closest_marker("slow")


def put_in_place(module, source):
    """Run another source of a module, and give what it defines to all who imported it before."""
    content = vars(module)
    before = {
        id(thing): (name, thing)
        for name, thing in content.items()
        if callable(thing) and getattr(thing, "__module__", None) == module.__name__
    }
    exec(compile(source, module.__file__, "exec"), content)
    for other in list(sys.modules.values()):
        for name, thing in list(getattr(other, "__dict__", {}).items()):
            if id(thing) in before:
                setattr(other, name, content[before[id(thing)][0]])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--bare", action="store_true")
    options = parser.parse_args()
    hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("steady")
    trial = Trial(importlib.import_module(options.module), options.most)
    pytest.main([*TOLD, *["--noconftest"] * options.bare, *options.tests], [trial])


if __name__ == "__main__":
    main()
