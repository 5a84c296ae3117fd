"""In which sets size tells characters apart, as `augment` asks it of their images.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/size_tells.py [--subsets N] [--output FILE]

Chars74K's characters in two ways: brought to one size, and shrunk by a factor for each writer, so
that `c` and `C` differ. Sizes were not kept in the other sets.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from does_it_help import load_options
from scripts import READ, SIZE

import ganprofile as gp
from ganprofile.recipes import sizes
from ganprofile.storage.files import write_json

OUTPUT = Path(__file__).parent / "results" / "size_tells.json"
CHARS74K = {"": {}, ", sizes kept": {"keep_size": "auto"}}
SIZES = {"chars74k": (10, 15, 40), "characters": (5, 10, 15, 50), "digits": (5, 10, 15, 50)}
OTHERS = {**dict.fromkeys(("bangla", "devanagari", "arabic"), (10, 50))}
OTHERS |= dict.fromkeys(("korean", "sanskrit"), (10, 15))


def sets():
    """`(name, Dataset, images per class)`."""
    for words, options in CHARS74K.items():
        options = {**load_options("chars74k"), **options}
        yield f"chars74k{words}", gp.load("chars74k", **options)[0], SIZES["chars74k"]
    for name in ("characters", "digits"):
        yield name, gp.load(name)[0], SIZES[name]
    for name, counts in OTHERS.items():
        yield name, READ[name](name, SIZE), counts


def row(name, few, subset):
    """What is said of a subset."""
    began = time.perf_counter()
    asked = sizes.SizeTest.of(few.images, few.labels)
    found = {"share": asked.share, "z": asked.z, "units": asked.units, "tells": asked.tells}
    seconds = time.perf_counter() - began
    per_class = int(few.class_counts().max())
    return {"set": name, "per_class": per_class, "subset": subset, **found, "seconds": seconds}


def table(rows):
    """Lines of Markdown."""
    lines = [
        "| set | images per class | of the cross-entropy goes | in standard errors | size tells |",
        "|---|---|---|---|---|",
    ]
    for cell in dict.fromkeys((row["set"], row["per_class"]) for row in rows):
        some = [row for row in rows if (row["set"], row["per_class"]) == cell]
        shares, zs = ([row[key] for row in some] for key in ("share", "z"))
        lines.append(
            f"| {cell[0]} | {cell[1]} | {100 * min(shares):.1f} to {100 * max(shares):.1f} % | "
            f"{min(zs):.1f} to {max(zs):.1f} | {sum(row['tells'] for row in some)} of {len(some)} |"
        )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subsets", type=int, default=3)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    rows = []
    for name, whole, counts in sets():
        for per_class in counts:
            most = int(np.min(whole.class_counts()))
            for subset in range(options.subsets if per_class < most else 1):
                few = whole.subset(min(per_class, most), seed=subset)
                rows.append(row(name, few, subset))
                print(rows[-1], flush=True)
    write_json(options.output, {"rows": rows})
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
