"""The paired experiment on one GPU: teachers of all subsets are trained side by side, and so are
the classifiers.

`run_chains` stands in for that of `ganprofile.benchmarking.runner`; `benchmarks/scripts.py` uses
it. Needs `KERAS_BACKEND=jax`. What is drawn and learned is the same but for random numbers, which
come in larger blocks, and for rounding.
"""

import collections
import dataclasses
import itertools
import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
from registering import register
from together import fit_together, read

from ganprofile.benchmarking.cells import arm_place, cell_of, classifier_of, options_of
from ganprofile.classifiers import network
from ganprofile.recipes.distillation import Teachers, TeacherTraining
from ganprofile.transforms.deformation import augmenter, reduced, upright

DRAWN_AT_ONCE, SEEN_AT_ONCE = 4000, 2000
THREADS = max(2, os.cpu_count() // 4)  # several cells may be made beside each other
MOST_TOGETHER = 40  # networks


def run_chains(chains, protocol, subset_for, sharing, watching):
    """As `ganprofile.benchmarking.runner.run_chains`, size by size.

    Arms may deform and distil, or have a method `together` that makes the sets of several
    `Subset`s.
    """
    augmenter.AT_ONCE, network.PREDICTION_BATCH = DRAWN_AT_ONCE, SEEN_AT_ONCE
    watching.begin(1)
    of_size = itertools.groupby(sorted(chains, key=lambda c: c[0][0]), key=lambda c: c[0][0])
    for size, some in of_size:
        clock = Clock()
        places = [place for chain in some for place in chain]
        subsets = {
            repeat: Subset.of(protocol, subset_for(size, repeat), size, repeat)
            for _, repeat, _, _ in places
        }
        _register(subsets.values())
        clock.say("registered")
        teachers = _teachers(places, protocol, subsets, clock)
        made = _training_sets(places, protocol, subsets, teachers, clock)
        for cell in _cells(places, protocol, subsets, made, clock):
            watching.add(cell)


class Clock:
    """Says what took how long."""

    def __init__(self):
        self.began = time.perf_counter()

    def say(self, what):
        now = time.perf_counter()
        print(f"  {what}: {now - self.began:.1f} s", flush=True)
        self.began = now


@dataclasses.dataclass(frozen=True)
class Subset:
    """Real images of a repeat, the seed of its arms, and its folder."""

    real: object
    seed: int
    folder: object

    @classmethod
    def of(cls, protocol, real, size, repeat):
        return cls(real, *arm_place(protocol, size, repeat))

    def plan(self, distillation):
        """Whom an arm's `Distillation` has teach the subset."""
        given = distillation.ensemble, distillation.steps, distillation.pretrained
        return TeacherTraining(self.real, self.seed, self.folder, *given).suited()


def _register(subsets):
    """Find the deformations of all subsets and of their upright views, in processes."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    views = [(one, seen) for one in subsets for seen in (False, True)]
    with ProcessPoolExecutor(THREADS, mp_context=get_context("spawn")) as pool:
        given = [
            (one.real.images, one.real.labels, one.seed, one.folder, seen) for one, seen in views
        ]
        list(pool.map(register, *zip(*given, strict=True)))
    del os.environ["JAX_PLATFORMS"]


def _teachers(places, protocol, subsets, clock):
    """`(arm, repeat)` -> `Teachers`."""
    arms = protocol.arms
    wanted = {(arm, repeat) for _, repeat, arm, _ in places if _distillation(arms[arm])}
    plans = {
        (arm, repeat): subsets[repeat].plan(_distillation(arms[arm]))
        for arm, repeat in sorted(wanted)
    }
    return taught(plans, clock)


def _distillation(arm):
    return getattr(arm, "distillation", None)


def _without_teachers(arm):
    """What an arm shows, whoever labels it; arms that show the same are equal."""
    if not _distillation(arm):
        return arm
    classifier = arm.classifier if arm.pretrained else None  # of whom these weights would be
    return dataclasses.replace(arm, distillation=None, classifier=classifier)


def taught(plans, clock):
    """The `Teachers` of several `TeacherTraining`s, a dict from a dict."""
    alike = collections.defaultdict(list)
    for place, plan in plans.items():
        for number, member in enumerate(plan.ensemble.members):
            kind = member.classifier, plan.member_steps[number], member.is_pretrained
            alike[kind].append((place, number))
    trained = {}
    for kind, members in alike.items():
        for some in _batches(members, MOST_TOGETHER):
            lessons = in_threads(lambda one: plans[one[0]].lesson(one[1]), some)
            clock.say(f"drew for {len(some)} of {kind}")
            classifiers = [plans[place].classifier(number) for place, number in some]
            fit_together(classifiers, lessons)
            trained |= dict(zip(some, classifiers, strict=True))
            clock.say(f"trained {len(some)} of {kind}")
    return {
        place: Teachers(
            plan.ensemble.members,
            [trained[place, number] for number in range(len(plan.ensemble.members))],
        )
        for place, plan in plans.items()
    }


def in_threads(function, *things):
    """`list(map(function, *things))`, several at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(function, *things))


def _training_sets(places, protocol, subsets, teachers, clock):
    """`(arm, repeat)` -> `TrainingSet`."""
    repeats = collections.defaultdict(set)
    for _, repeat, arm, _ in places:
        repeats[arm].add(repeat)
    made = {}
    for arm in [arm for arm in repeats if hasattr(protocol.arms[arm], "together")]:
        numbers = sorted(repeats.pop(arm))
        sets = protocol.arms[arm].together([subsets[number] for number in numbers], clock)
        made |= {(arm, number): one for number, one in zip(numbers, sets, strict=True)}
    wanted = [(arm, number) for arm, numbers in repeats.items() for number in sorted(numbers)]
    return made | _drawn_sets(wanted, protocol, subsets, teachers, clock)


def _drawn_sets(wanted, protocol, subsets, teachers, clock):
    """Those whose arms deform and distil; what is deformed alike is drawn once."""
    plain = {place: _without_teachers(protocol.arms[place[0]]) for place in wanted}
    drawn_for = {}  # what is drawn -> the first that wants it
    for (arm, repeat), how in plain.items():
        drawn_for.setdefault((repr(how), repeat), (arm, repeat))

    def draw(place):
        one = subsets[place[1]]
        return plain[place](one.real, one.seed, one.folder)

    drawn = dict(zip(drawn_for, in_threads(draw, drawn_for.values()), strict=True))
    clock.say(f"drew {len(drawn)} sets")
    made = {place: drawn[repr(how), place[1]] for place, how in plain.items()}
    views = _views([made[place] for place in teachers])
    clock.say(f"turned {len(views)} sets upright")
    for place, some in teachers.items():
        seen = {False: made[place].images, True: views[id(made[place])]}
        said = [
            read(classifier, seen[member.is_upright])
            for member, classifier in zip(some.members, some.classifiers, strict=True)
        ]
        labels = np.mean(said, axis=0, dtype=np.float32)
        made[place] = dataclasses.replace(made[place], labels=labels)
    clock.say(f"labelled {len(teachers)} sets")
    return made


def _views(sets):
    """Upright views by the identity of a set."""
    different = {id(one): one for one in sets}
    seen = in_threads(lambda one: upright(reduced(one.images)), different.values())
    return dict(zip(different, seen, strict=True))


def _cells(places, protocol, subsets, made, clock):
    """What `benchmark.json` keeps of each, in turn."""
    test_set = protocol.test_set
    alike = collections.defaultdict(list)
    for size, repeat, arm, trainings in places:
        kind = made[arm, repeat].transforms, made[arm, repeat].pretrained is not None
        alike[kind] += [(size, repeat, arm, number) for number in trainings]
    for kind, wanted in alike.items():
        for some in _batches(wanted, MOST_TOGETHER):
            began = time.perf_counter()
            sets = [made[arm, repeat] for _, repeat, arm, _ in some]
            classifiers = [
                classifier_of(protocol, subsets[repeat].real.num_classes, repeat, number)
                for _, repeat, _, number in some
            ]
            lessons = [
                {"images": one.images, "labels": one.labels, **options_of(one)} for one in sets
            ]
            fit_together(classifiers, lessons)
            seconds = 0.0, (time.perf_counter() - began) / len(some)
            for place, classifier, one in zip(some, classifiers, sets, strict=True):
                predicted = read(classifier, test_set.images).argmax(axis=1)
                real = subsets[place[1]].real
                yield cell_of(place, real, one, seconds, test_set, predicted)
            clock.say(f"trained and read {len(some)} with {kind}")


def _batches(things, most):
    """Parts of a list, as equal as can be."""
    parts = -(-len(things) // most)
    return [list(part) for part in (things[k::parts] for k in range(parts))]
