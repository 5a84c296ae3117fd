"""Do drawn images help a classifier? The paired experiment on real data, cell after cell.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/does_it_help.py [CELL ...] [--arms A,B]

A cell is a dataset and a number of real images per class, such as `mnist:10`; without any, all of
`CELLS`, each with the arms that stand there. What is measured joins
`results/does_it_help/DATASET/benchmark.json`, so that more cells, arms and repeats can follow at
any time, and a stopped run goes on. The classifiers are judged by the dataset's test part, which
nothing else has read: transforms, classifier and GAN were chosen on folds of training parts.
`--table` only prints what there is, read anew: the tables of README and `docs/results.md`, with a
`*` where it was not kept which images were recognised, so that the interval is the widest that it
can be. `--again` makes the first repeats of such cells anew. What `augment` may promise is written
into the package, too: `ganprofile/recipes/reference_gains.json`.
"""

import json
import os
import string
from pathlib import Path

import ganprofile as gp
from ganprofile.benchmarking.comparisons import RECOGNISED, paired_difference
from ganprofile.benchmarking.result_file import NAME, ResultFile, place_of
from ganprofile.benchmarking.results import Benchmark
from ganprofile.benchmarking.sizes import counted
from ganprofile.console import points
from ganprofile.recipes.recipes import ENSEMBLES
from ganprofile.recipes.recipes import MANY as MANY_IMAGES

RESULTS = Path(__file__).parent / "results" / "does_it_help"
SCRIPTS = RESULTS.parent / "scripts"  # of `scripts.py`
AGAIN = Path(__file__).parents[1] / "runs" / "does_it_help"
GAINS = Path(gp.__file__).parent / "recipes" / "reference_gains.json"
SCRATCH = ("classic", "deformed+distilled")
MANY = ("classic", "classic+distilled")
WITH_PRETRAINED = ("pretrained+classic", "deformed+distilled+pretrained")
CELLS = {  # and the arms that the table shows of each
    "mnist:10": (
        "none",
        "classic",
        "classic+gan",
        "deformed",
        "deformed+distilled",
        *WITH_PRETRAINED,
    ),
    "emnist:15": ("none", "classic", "classic+gan", "deformed", "deformed+distilled"),
    "chars74k:15": ("classic", "deformed", "deformed+distilled", *WITH_PRETRAINED),
    **dict.fromkeys(
        ("chars74k-sizes:15", "chars74k-sizes:40"), ("classic", "deformed+distilled+pretrained")
    ),
    "emnist-digits:15": ("classic", *WITH_PRETRAINED),
    **dict.fromkeys(("mnist:50", "emnist:50"), SCRATCH),
    **dict.fromkeys(("mnist:200", "emnist:200"), MANY),
    "chars74k:40": SCRATCH,
}
# Classifiers on every set of a cell, where test images are few: Chars74K has 930. Decided before
# more than one was trained.
TRAININGS = {"chars74k:15": 4}
FEW = 15  # images per class
EXAMPLE = ("emnist", 15, "deformed+distilled", "classic")
ENOUGH = 10  # subsets, for `augment` to quote what was found
SOME = 2  # for an interval
RECIPES = tuple(reversed(ENSEMBLES))  # of `augment FOLDER`, the first that was measured
TITLES = {
    "mnist": "MNIST",
    "emnist": "EMNIST-derived47, 47 classes",
    "emnist-digits": "EMNIST's digits alone",
    "emnist/letters": "EMNIST letters, 26 classes",
    "emnist/digits": "EMNIST digits",
    "chars74k": "Chars74K, 62 classes",
    "chars74k-sizes": "Chars74K, sizes kept",
    "arabic-28": "Arabic letters",
    "bangla-28": "Bangla digits",
    "devanagari-28": "Devanagari digits",
    "katakana-28": "Katakana",
    "korean-28": "Korean characters",
    "sanskrit-28": "Sanskrit characters",
}
BASELINES = ("none", "classic", "pretrained+classic")
DATA = {"mnist": "mnist", "chars74k": "chars74k/EnglishHnd"}  # the others: as TFDS prepared them
DIGITS = "emnist-digits"  # of emnist, those ten classes
KEPT_SIZES = "chars74k-sizes"  # chars74k, not brought to one size, but by a factor for each writer
MADE_OF = {DIGITS: ("emnist", {}), KEPT_SIZES: ("chars74k", {"keep_size": "auto"})}


def load_options(name):
    """How `load` finds a dataset among the official files."""
    folder = Path(os.environ["GANPROFILE_TEST_DATA"])
    os.environ.setdefault("TFDS_DATA_DIR", str(folder / "tfds"))
    return {"data_dir": folder / DATA[name] if name in DATA else None, "offline": True}


def parts_of(name):
    """The training and the test part of a dataset."""
    source, options = MADE_OF.get(name, (name, {}))
    parts = gp.load(source, **load_options(source), **options)
    return [part.of_classes(string.digits) for part in parts] if name == DIGITS else list(parts)


def read_by(name):
    """The arguments by which `benchmark` finds a dataset and its test part."""
    if name not in MADE_OF:
        return {"dataset": name, **load_options(name)}
    return dict(zip(("dataset", "test"), parts_of(name), strict=True))


def measure(cell, options, results=RESULTS):
    """Add a cell to its dataset's result."""
    name, size = cell.split(":")
    gp.benchmark(
        **read_by(name),
        per_class=int(size),
        arms=options.arms or CELLS[cell],
        repeats=options.repeats,
        trainings=TRAININGS.get(cell, 1),
        jobs=options.jobs,
        output=results / name,
    )


def made_again(cell, options):
    """Make the first repeats of a cell again, and put them in the place of those without images.

    Results of before it was kept which test images were recognised say too little of how far
    another sample of these would move them; two subsets of which it is known are enough.
    """
    name, size = cell.split(":")
    measure(cell, options, results=AGAIN)
    new, old = (ResultFile.read(results / name).content for results in (AGAIN, RESULTS))
    made = {place_of(one): one for one in new["cells"] if one["per_class"] == int(size)}
    environments = old["environments"]
    for number, before in enumerate(old["cells"]):
        cell_again = made.get(place_of(before))
        if cell_again is not None and RECOGNISED not in before:
            environment = new["environments"][cell_again["environment"]]
            if environment not in environments:
                environments.append(environment)
            place = {"environment": environments.index(environment), "look": before.get("look", 0)}
            old["cells"][number] = {**cell_again, **place}
    ResultFile(RESULTS / name / NAME, old).write()
    Benchmark.open(RESULTS / name).write()


def summaries(results):
    """Of every dataset in a folder of results: its name, its means, and its comparisons by
    `(per_class, arm, against)`."""
    for path in sorted(results.glob("*/summary.json")):
        summary = json.loads(path.read_text(encoding="utf-8"))
        compared = {(c["per_class"], c["arm"], c["against"]): c for c in summary["comparisons"]}
        yield path.parent.name, summary["means"], compared


def gains():
    """What every arm gave over `classic` once it was measured on enough subsets, rows for the
    package."""
    return [
        {"data": name, "per_class": size, "arm": arm, "subsets": comparison["subsets"]}
        | {key: comparison[key] for key in ("mean", "low", "high")}
        for name, _, compared in summaries(RESULTS)
        for (size, arm, against), comparison in compared.items()
        if against == "classic" and comparison["subsets"] >= ENOUGH and arm != "none"
    ]


def table(results=RESULTS, baselines=BASELINES, only=None):
    """The lines of a Markdown table of what there is of all datasets, or of one."""
    header = ["images per class", "arm", "subsets", "accuracy (sd)"]
    lines = [[*header, *(f"against `{baseline}`" for baseline in baselines)]]
    for name, means, compared in summaries(results):
        for mean in means if only in (None, name) else ():
            size, arm = mean["per_class"], mean["arm"]
            against = [_said(compared.get((size, arm, baseline))) for baseline in baselines]
            sd = "" if mean["sd"] is None else f" ({100 * mean['sd']:.2f})"
            accuracy = f"{100 * mean['accuracy']:.2f} %{sd}"
            trainings = mean.get("trainings", mean["subsets"])
            subsets = counted(mean.get("unit", "subsets"), mean["subsets"], trainings, "subsets")
            lines.append([f"{name} {size}", f"`{arm}`", subsets, accuracy, *against])
    if only is not None:  # no columns without anything in them
        columns = [column for column in zip(*lines, strict=True) if any(column[1:])]
        lines = list(zip(*columns, strict=True))
    for number, line in enumerate(lines):
        yield f"| {' | '.join(line)} |"
        if not number:
            yield f"|{'---|' * len(line)}"


def headline_rows(results=RESULTS, enough=ENOUGH):
    """Of each cell its title, and how what `augment` does compared with `classic`.

    Cells of fewer subsets than `enough` are left out.
    """
    for name, means, compared in summaries(results):
        for size in sorted({mean["per_class"] for mean in means}):
            done = [compared.get((size, arm, "classic")) for arm in RECIPES]
            found = next((c for c in done if c and c["subsets"] >= enough), None)
            if found is not None:
                yield f"{TITLES[name]}, {size} per class", found


def headline(results=RESULTS):
    """The lines of a table for a reader in a hurry."""
    yield "| images | transforms | `ganprofile augment` | gain, points (interval) |"
    yield "|---|---|---|---|"
    for title, found in headline_rows(results):
        read = [100 * found[one] for one in ("against_accuracy", "accuracy")]
        yield (
            f"| {title} (`{found['arm']}`) | {read[0]:.2f} % | {read[1]:.2f} % | {_said(found)} |"
        )


def in_a_sentence(results=RESULTS, enough=ENOUGH):
    """The same, counted."""
    found = [comparison for _, comparison in headline_rows(results, enough)]
    count = [sum(one["direction"] == way for one in found) for way in ("helps", "hurts")]
    few = [one["mean"] for one in found if one["per_class"] <= FEW]
    low, high = points(min(few)), points(max(few))
    return (
        f"It helps in {count[0]} of {len(found)} cells and hurts in {count[1] or 'none'}; with "
        f"{FEW} images per class or fewer it adds {low} to {high} points."
    )


def by_size(results=RESULTS):
    """Of few, more and many images per class: in how many cells it helps, and by how much."""
    found = [comparison for _, comparison in headline_rows(results)]
    groups = {
        f"With {FEW} images per class or fewer": [c for c in found if c["per_class"] <= FEW],
        "with 40 or 50": [c for c in found if FEW < c["per_class"] < MANY_IMAGES],
        "with 200": [c for c in found if c["per_class"] >= MANY_IMAGES],
    }
    parts = []
    for words, cells in groups.items():
        helps = sum(one["direction"] == "helps" for one in cells)
        low, high = (points(end(one["mean"] for one in cells)) for end in (min, max))
        parts.append(f"{words} it helps in {helps} of {len(cells)} cells ({low} to {high} points)")
    return f"{'; '.join(parts)}."


def worked_example(results=RESULTS):
    """The lines that follow one comparison through its statistics, for `docs/results.md`."""
    name, size, arm, against = EXAMPLE
    content = ResultFile.read(results / name).content
    rests_on = paired_difference(content, size, arm, against)
    whole = Benchmark.open(results / name).comparisons
    (found,) = [c for c in whole if (c.per_class, c.arm, c.against) == EXAMPLE[1:]]
    mean, low, high = (points(getattr(found.difference, end)) for end in ("mean", "low", "high"))

    def percent(share):
        return f"{100 * share:.2f}"

    yield (
        f"- {TITLES[name]}, {size} per class, `{arm}` against `{against}`: J = {rests_on.subsets} "
        f"subsets, n = {rests_on.images:,} test images; two subsets share "
        f"o = {percent(rests_on.overlap)} % of their images."
    )
    yield (
        f"- The arms read d = {percent(rests_on.differing)} % of the test images differently; the "
        f"mean difference is {mean} points."
    )
    yield (
        f"- The differences of the subsets have a standard deviation of "
        f"{percent(rests_on.between**0.5)} points, where single images alone would give "
        f"{percent(rests_on.left**0.5)}; the prior's scale of s is "
        f"{percent(rests_on.prior_scale)}."
    )
    yield (
        f"- The images' means give a standard error of {percent(rests_on.of_images**0.5)} points, "
        f"and all together, averaged over s, one of {percent(rests_on.typical_error)}."
    )
    yield (
        f"- {found.comparisons} comparisons were made with these data: the interval is one of "
        f"{100 * (1 - found.difference.level):.3g} %, {low} to {high} points, and p is "
        f"{found.difference.p:.1e} times {found.comparisons}. It lies above 0: `{found.verdict}`."
    )


def _said(comparison):
    """A comparison in a cell of the table."""
    if comparison is None or comparison["low"] is None:
        return ""
    mean, low, high = (points(comparison[key]) for key in ("mean", "low", "high"))
    widest = "" if comparison["has_images"] else " *"
    return f"{mean} ({low}..{high}): {comparison['verdict']}{widest}"


def main():
    # Not at the top: others import this file as part of a package, where `cells` is not found.
    from cells import measure_cells, parser_of

    parser = parser_of(__doc__, CELLS, None, repeats=10)
    parser.add_argument("--again", action="store_true", help="repeats without images, anew")
    options = parser.parse_args()
    measure_cells(made_again if options.again else measure, options)
    for path in sorted(RESULTS.glob("*/benchmark.json")):
        Benchmark.open(path).write()
    lines = ",\n".join(json.dumps(row) for row in gains())
    GAINS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print("\n".join([*headline(), "", *table()]))


if __name__ == "__main__":
    main()
