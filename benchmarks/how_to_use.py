"""How a set of `augment` is best used: labels, further transforms, real images, steps.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/how_to_use.py [CELL ...] [--subsets N]
                                       [--only SUBSET] [--readers cnn resnet svm]
                                       [--table] [--output FILE]

A cell is a dataset and a number of images per class. Only training parts are read: 10,000 images
are set aside and judge. Readers are what people train today: a small CNN and a ResNet-18 in
PyTorch, an SVM in scikit-learn. Every training that is finished is kept in FILE, and the script
goes on from there.

What a reader is shown is named by its parts: `real` images, the `set`, or of each batch `half` one
and half the other; the set's `hard` or `soft` labels; and `light` (an affine map), `strong` (a
wider one, and elastic) or no further transforms.
"""

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import torch
from kept import KeptRows
from parts import parts
from sklearn.svm import SVC
from torch.nn import functional

import ganprofile as gp

RESULTS = Path(__file__).parent / "results" / "how_to_use.json"
CELLS = ("emnist:15", "mnist:10")
TOTAL = 40_000
BATCH = 64
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
RATE = 1e-3
MANY = 8_000  # images of the set that an SVM learns from; its time grows with their square


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a network is shown.

    Attributes:
        images: `"real"`, `"set"` or `"half"`.
        labels: `"hard"` or `"soft"`, of the set.
        transforms: a name in `TRANSFORMS`.
        steps: of 64 images.
    """

    images: str
    labels: str
    transforms: str
    steps: int


TRANSFORMS = {  # degrees, shift and zoom as shares, shear, pixels of an elastic field
    "none": None,
    "light": (5.0, 0.04, 0.05, 0.05, 0.0),
    "strong": (15.0, 0.1, 0.15, 0.2, 1.5),
}
STEPS = {"cnn": 3000, "resnet": 1000}
SHOWN = {
    "cnn": [
        ("real", "hard", "none"),
        ("real", "hard", "strong"),
        ("set", "hard", "none"),
        ("set", "soft", "none"),
        ("set", "hard", "light"),
        ("set", "soft", "light"),
        ("set", "hard", "strong"),
        ("set", "soft", "strong"),
        ("half", "hard", "none"),
        ("half", "soft", "none"),
        ("half", "soft", "strong"),
    ],
    "resnet": [
        ("real", "hard", "strong"),
        ("set", "hard", "none"),
        ("set", "soft", "none"),
        ("set", "soft", "light"),
        ("half", "soft", "none"),
    ],
}
FURTHER_STEPS = (1000, 10_000)  # for the small CNN and the set with soft labels


def shown_by(reader):
    """Every `Shown` of a network."""
    usual = [Shown(*each, STEPS[reader]) for each in SHOWN[reader]]
    further = FURTHER_STEPS if reader == "cnn" else ()
    return usual + [Shown("set", "soft", "none", steps) for steps in further]


def made_set(cell, subset, folder, total):
    """`(few, images, probabilities)`: the labelled images and the set of `augment`."""
    name, size = cell.split(":")
    few = parts(name)[0].subset(int(size), seed=subset)
    path = Path(folder) / f"{cell.replace(':', '-')}-{subset}-{total}"
    if not path.exists():
        options = {"format": "npz", "seed": subset, "expect": False, "quick": total < TOTAL}
        gp.augment(few, output=path, total=total, **options)
    return few, *gp.open_set(path).to_numpy(soft=True)


def cnn(classes):
    """Two convolutions and two dense layers, as in PyTorch's own example of MNIST."""
    layers = torch.nn
    return layers.Sequential(
        *(layers.Conv2d(1, 32, 3), layers.ReLU(), layers.MaxPool2d(2)),
        *(layers.Conv2d(32, 64, 3), layers.ReLU(), layers.MaxPool2d(2), layers.Flatten()),
        *(layers.LazyLinear(128), layers.ReLU(), layers.Dropout(0.5), layers.Linear(128, classes)),
    )


class Residual(torch.nn.Module):
    """Two convolutions beside a shortcut (He et al. 2016, arXiv 1512.03385)."""

    def __init__(self, channels, out, stride):
        super().__init__()
        layers = torch.nn
        self.convolved = layers.Sequential(
            layers.Conv2d(channels, out, 3, stride, 1, bias=False),
            *(layers.BatchNorm2d(out), layers.ReLU()),
            layers.Conv2d(out, out, 3, 1, 1, bias=False),
            layers.BatchNorm2d(out),
        )
        self.shortcut = layers.Identity()
        if stride > 1 or channels != out:
            self.shortcut = layers.Sequential(
                layers.Conv2d(channels, out, 1, stride, bias=False), layers.BatchNorm2d(out)
            )

    def forward(self, images):
        return functional.relu(self.convolved(images) + self.shortcut(images))


def resnet(classes):
    """ResNet-18 for one channel."""
    layers = torch.nn
    stem = layers.Conv2d(1, 64, 7, 2, 3, bias=False), layers.BatchNorm2d(64), layers.ReLU()
    stem = *stem, layers.MaxPool2d(3, 2, 1)
    blocks, channels = [], 64
    for out, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        blocks += [Residual(channels, out, stride), Residual(out, out, 1)]
        channels = out
    head = layers.AdaptiveAvgPool2d(1), layers.Flatten(), layers.Linear(512, classes)
    return layers.Sequential(*stem, *blocks, *head)


NETWORKS = {"cnn": cnn, "resnet": resnet}


def transformed(images, strengths, random):
    """Images `(n, 1, height, width)`, each under an affine map and an elastic field of its own."""
    if strengths is None:
        return images
    degrees, shift, zoom, shear, elastic = strengths
    count, _, height, width = images.shape

    def uniform(reach):
        return (2 * torch.rand(count, generator=random, device=DEVICE) - 1) * reach

    angle, slant, scale = torch.deg2rad(uniform(degrees)), uniform(shear), 1 + uniform(zoom)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [cos, slant * cos - sin, 2 * uniform(shift), sin, slant * sin + cos, 2 * uniform(shift)]
    maps = torch.stack(rows, dim=1).reshape(count, 2, 3)
    grid = functional.affine_grid(maps, images.shape, align_corners=False)
    if elastic:
        knots = torch.randn(count, 2, 7, 7, generator=random, device=DEVICE) * 2 * elastic / height
        field = functional.interpolate(knots, (height, width), mode="bicubic")
        grid = grid + field.permute(0, 2, 3, 1)
    return functional.grid_sample(images, grid, align_corners=False)


def trained(reader, shown, few, images, probabilities, seed):
    """A network of `NETWORKS`, trained by Adam under a cosine schedule."""
    torch.manual_seed(seed)
    random = torch.Generator(DEVICE).manual_seed(seed)
    classes = probabilities.shape[1]
    network = NETWORKS[reader](classes).to(DEVICE)
    certain = torch.eye(classes, device=DEVICE)
    real = as_tensor(few.images), certain[torch.from_numpy(few.labels).long().to(DEVICE)]
    labels = torch.from_numpy(probabilities).to(DEVICE)
    if shown.labels == "hard":
        labels = certain[labels.argmax(dim=1)]
    others = as_tensor(images), labels
    sources = {"real": (real,), "set": (others,), "half": (real, others)}[shown.images]
    network(others[0][:2])  # makes the layers that go by what they are shown
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, shown.steps)
    for _ in range(shown.steps):
        batches = []
        for pixels, targets in sources:
            size = (BATCH // len(sources),)
            rows = torch.randint(len(pixels), size, generator=random, device=DEVICE)
            batches.append((pixels[rows], targets[rows]))
        pixels, targets = (torch.cat(each) for each in zip(*batches, strict=True))
        pixels = transformed(pixels, TRANSFORMS[shown.transforms], random)
        optimizer.zero_grad()
        functional.cross_entropy(network(pixels), targets).backward()
        optimizer.step()
        schedule.step()
    return network.eval()


def as_tensor(images):
    """Images as PyTorch's networks take them, 0 .. 1 and channels first."""
    return torch.from_numpy(np.moveaxis(images, 3, 1).astype(np.float32) / 255).to(DEVICE)


@torch.no_grad()
def accuracy(network, aside):
    batches = as_tensor(aside.images).split(1000)
    read = torch.cat([network(batch).argmax(dim=1) for batch in batches])
    return float((read.cpu().numpy() == aside.labels).mean())


def svm_rows(few, images, probabilities, aside):
    """What is shown -> accuracy, of an SVM with a Gaussian kernel."""
    labels, surety = probabilities.argmax(axis=1)[:MANY], probabilities.max(axis=1)[:MANY]
    some = images[:MANY]
    both = np.concatenate([few.images, some]), np.concatenate([few.labels, labels])
    sure = surety >= 0.9
    cases = {
        "real hard": (few.images, few.labels, None),
        "set hard": (some, labels, None),
        "set hard, weighted by its surety": (some, labels, surety),
        "set hard, the sure ones": (some[sure], labels[sure], None),
        "real and set hard": (*both, None),
    }
    for name, (pixels, known, weights) in cases.items():
        machine = SVC(C=10.0, cache_size=1000)
        machine.fit(pixels.reshape(len(pixels), -1) / 255, known, weights)
        read = machine.predict(aside.images.reshape(len(aside), -1) / 255)
        yield name, float((read == aside.labels).mean())


def measure(kept, cell, subset, readers, folder):
    """Train what is not kept yet."""
    _, aside = parts(cell.split(":")[0])
    # Alone, the SVM is given smaller sets, whose teachers learned for a third of the steps.
    total = TOTAL if set(readers) & NETWORKS.keys() else MANY
    few, images, probabilities = made_set(cell, subset, folder, total)

    def name_of(*words):
        return " | ".join([cell, str(subset), *words])

    for reader in [each for each in readers if each in NETWORKS]:
        for shown in shown_by(reader):
            words = f"{shown.images} {shown.labels} {shown.transforms} {shown.steps}"
            name = name_of(reader, words)
            if name not in kept.rows:
                network = trained(reader, shown, few, images, probabilities, subset)
                kept.keep(name, accuracy(network, aside))
                print(name, f"{kept.rows[name]:.4f}", flush=True)
    if "svm" in readers and name_of("svm", "real and set hard") not in kept.rows:
        for words, share in svm_rows(few, images, probabilities, aside):
            kept.keep(name_of("svm", words), share)
            print(name_of("svm", words), f"{share:.4f}", flush=True)


def table(rows):
    """Lines of Markdown: mean accuracy over subsets, and the difference to what serves best."""
    found = {}
    for name, share in rows.items():
        cell, _, reader, words = name.split(" | ")
        found.setdefault((reader, words), {}).setdefault(cell, []).append(100 * share)
    cells = list(dict.fromkeys(name.split(" | ")[0] for name in rows))
    lines = [f"| reader | is shown | {' | '.join(cells)} |", "|---" * (2 + len(cells)) + "|"]
    for (reader, words), shares in found.items():
        figures = [
            f"{np.mean(shares[cell]):.2f} ({min(shares[cell]):.2f}..{max(shares[cell]):.2f})"
            if cell in shares
            else ""
            for cell in cells
        ]
        lines.append(f"| {reader} | {words} | {' | '.join(figures)} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=3)
    parser.add_argument("--only", type=int, metavar="SUBSET", help="for processes of their own")
    parser.add_argument("--readers", nargs="*", default=[*NETWORKS, "svm"])
    parser.add_argument("--sets", default="how-to-use-sets", help="a folder that keeps the sets")
    parser.add_argument("--table", action="store_true", help="only print what there is")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    subsets = range(options.subsets) if options.only is None else [options.only]
    for subset in [] if options.table else subsets:
        for cell in options.cells:
            measure(kept, cell, subset, options.readers, options.sets)
    print("\n".join(table(kept.rows)))


if __name__ == "__main__":
    main()
