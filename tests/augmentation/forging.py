"""Sets that were changed by somebody who also made the checksums right."""

import csv

import numpy as np

from ganprofile.augmentation.verify import verify
from ganprofile.datasets.fingerprint import Fingerprint
from ganprofile.datasets.formats.checksums import write_checksums
from ganprofile.storage.files import read_json, write_json


def check(folder, **options):
    return verify(folder, progress=False, **options)


def assert_problem(result, *words):
    assert not result.ok
    assert any(all(word in problem for word in words) for problem in result.problems), (
        result.problems
    )


def forge(folder, **changes):
    """Change the arrays and `dataset.json` of an npz set so that all checksums are right."""
    shard = folder / "shard-00000.npz"
    arrays = {**np.load(shard)}
    info = read_json(folder / "dataset.json")
    for name, change in changes.items():
        change({**arrays, "info": info, "rows": read_rows(folder)}[name])
    np.savez_compressed(shard, **arrays)
    digest = Fingerprint(info["class_names"])
    writers = [int(row["writer"] or -1) for row in read_rows(folder)]
    digest.update(arrays["images"], arrays["labels"], writers)
    write_json(folder / "dataset.json", {**info, "fingerprint": digest.hexdigest()})
    write_checksums(folder)


def read_rows(folder):
    with open(folder / "manifest.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def change_row(folder, index, **values):
    """Change a row of the manifest so that the checksums are right."""
    rows = read_rows(folder)
    rows[index].update(values)
    with open(folder / "manifest.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    write_checksums(folder)


def change_info(folder, **values):
    write_json(folder / "dataset.json", {**read_json(folder / "dataset.json"), **values})
    write_checksums(folder)
