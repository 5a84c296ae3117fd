"""GANs: Handwriting Profiling (Bembde & Mathur, IIT Bombay), run again.

They trained the classic GAN of multilayer perceptrons for 100 epochs on MNIST, on Chars74K's small
letters and on EMNIST's 47 classes, and hoped for two things: convolutional networks, and an MLP
that learns from the extended set.
"""

import dataclasses
import functools
import re
import string

import numpy as np

from ganprofile.classifiers import CnnClassifier, MlpClassifier
from ganprofile.classifiers.accuracy import accuracy
from ganprofile.datasets import joined
from ganprofile.images import enlarge, read_png, save_png
from ganprofile.runs.grids import grid_of
from ganprofile.studies.design import Found, Row, Step, Study
from ganprofile.studies.settling import settled_epoch
from ganprofile.studies.training import KeepLast, drawn_last, epochs_of, trained

EPOCHS = 100
DRAWN = 10_000
SURE = 0.95
READER_STEPS = {False: 6000, True: 1200}  # of the classifier that reads what is drawn, by `quick`
MLP_PASSES, MLP_BATCH = 10, 64
QUICK_MINUTES = 0.6
NARROW, ENLARGEMENT = 300, 3  # pictures of fewer columns are enlarged so many times


@dataclasses.dataclass(frozen=True)
class Data:
    """A dataset of the study.

    Attributes:
        name: for `load`.
        title: in words.
        minutes: what the conditional DCGAN gets.
        settled: the published epoch at which the losses settle.
        classes: the only classes, or () for all.
        whole: whether the published GAN had every image there is, the test part included.
        per_class: images of each class that the classic GAN learns from, or None for all.
    """

    name: str
    title: str
    minutes: float
    settled: float | None = None
    classes: tuple[str, ...] = ()
    whole: bool = False
    per_class: int | None = None

    @property
    def slug(self):
        """What files are called."""
        only = f"-{self.classes[0]}-{self.classes[-1]}" if self.classes else ""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.name).strip("-").lower() + only

    def parts(self, plan):
        """Training and test part."""
        parts = plan.parts(self.name)
        return tuple(part.of_classes(self.classes) for part in parts) if self.classes else parts

    def drawn_from(self, plan):
        """What the classic GAN is trained on."""
        parts = self.parts(plan)
        images = joined(*parts) if self.whole else parts[0]
        return images if self.per_class is None else images.subset(self.per_class)

    @property
    def learned(self):
        """What the classic GAN learns from, for the title of a step."""
        return "" if self.per_class is None else f" on {self.per_class} images per class"


PUBLISHED = (
    Data("mnist", "MNIST", 12, settled=80),
    Data("emnist", "EMNIST, 47 classes", 30, settled=70),
    Data("chars74k/lowercase", "Chars74K, a to z", 5, whole=True),
    Data(
        "chars74k/lowercase", "Chars74K, i to z", 5, None, tuple(string.ascii_lowercase[8:]), True
    ),
)
EMBEDDED = (
    Data("digits", "digits", QUICK_MINUTES, per_class=100),
    Data("characters", "characters", QUICK_MINUTES, per_class=40),
)

NEEDED = {"gan": ("reader",), "cdcgan": ("reader",), "mlp": ("reader", "gan")}


def steps(plan):
    """Four for each dataset: who reads what is drawn, the classic GAN, the conditional one, and
    the MLP."""
    known = {data.name: data for data in (*EMBEDDED, *PUBLISHED[:3])}
    chosen = EMBEDDED if plan.quick else PUBLISHED
    if plan.dataset is not None:
        chosen = (known.get(plan.dataset, Data(plan.dataset, plan.dataset, 12)),)
    fewer = {"minutes": QUICK_MINUTES} if plan.quick else {"per_class": None}
    chosen = tuple(dataclasses.replace(data, **fewer) for data in chosen)
    return [step for data in chosen for step in _steps_of(data, plan)]


def _steps_of(data, plan):
    named = functools.partial(_row, data)
    return [
        _step(
            "reader",
            data,
            "trains the classifier that reads what is drawn",
            read,
            named("reader", "the classifier that reads drawn images"),
        ),
        _step(
            "gan",
            data,
            f"trains the classic GAN for {EPOCHS} epochs{data.learned}",
            draw,
            *_rows_of_gan(data, plan),
        ),
        _step(
            "cdcgan",
            data,
            f"trains the conditional DCGAN for {data.minutes:g} minutes",
            draw_conditionally,
            named(
                "label_fidelity", "images of the conditional DCGAN that are read as what was asked"
            ),
        ),
        _step(
            "mlp",
            data,
            "trains MLPs on the real and on the extended sets",
            learn,
            named("mlp", "MLP on the real images"),
            named("mlp-gan", "MLP on as many more by the GAN"),
            named("mlp-cdcgan", "MLP on as many more by the conditional DCGAN"),
        ),
    ]


def _rows_of_gan(data, plan):
    yield _row(data, "settled", "epoch at which both losses settle", data.settled, "count")
    yield _row(data, "certain", f"drawn images read with {100 * SURE:.0f} % certainty")
    if _mixes_digits(data.classes or plan.class_names(data.name)):
        yield _row(data, "digits-drawn", "digits among the drawn images")
        yield _row(data, "digits-real", "digits among the training images")


def _step(name, data, what, measure, *rows):
    measure = functools.partial(measure, data)
    what = f"{data.title}: {what}"
    needs = tuple(f"{data.slug}-{other}" for other in NEEDED.get(name, ()))
    return Step(f"{data.slug}-{name}", what, measure, rows, datasets=(data.name,), needs=needs)


def _row(data, key, what, published=None, kind="share"):
    return Row(key, f"{data.title}: {what}", published, kind)


def _mixes_digits(class_names):
    digits = set(class_names) & set(string.digits)
    return bool(digits) and bool(set(class_names) - digits)


def read(data, room):
    """Train the reader."""
    train_set, test_set = data.parts(room.plan)
    steps = READER_STEPS[room.plan.quick]
    reader = CnnClassifier(train_set.num_classes, steps, seed=room.seed)
    reader.fit(train_set.images, train_set.labels).save(room.folder / "reader.keras")
    return Found({"reader": accuracy(reader, test_set.images, test_set.labels)}, len(test_set))


def draw(data, room):
    """The classic GAN: when it settles, what it draws, and of which classes."""
    dataset = data.drawn_from(room.plan)
    run = trained(room, dataset, "gan", [KeepLast(room, EPOCHS)], epochs=EPOCHS)
    history = run.history
    values = {"settled": settled_epoch(history["generator_loss"], history["discriminator_loss"])}
    probabilities = _reader(data, room).predict_proba(drawn_last(room, DRAWN))
    values["certain"] = float((probabilities.max(axis=1) >= SURE).mean())
    if _mixes_digits(dataset.class_names):
        is_digit = np.isin(dataset.class_names, list(string.digits))
        values["digits-drawn"] = float(is_digit[probabilities.argmax(axis=1)].mean())
        values["digits-real"] = float(is_digit[dataset.labels].mean())
    last = grid_of(run.path, len(history["epoch"]))
    shown = {
        "grid": (last, f"{data.title}: 16 images of the last epoch"),
        "losses": (run.path / "figures/losses.png", f"{data.title}: losses"),
        "loss_histograms": (
            run.path / "figures/loss_histograms.png",
            f"{data.title}: losses of every epoch",
        ),
    }
    return Found(values, None, _pictures(room, f"{data.slug}-gan", shown))


def draw_conditionally(data, room):
    """The conditional DCGAN."""
    train_set, _ = data.parts(room.plan)
    run = trained(room, train_set, "cdcgan", minutes=data.minutes)
    asked = np.arange(DRAWN) % train_set.num_classes
    drawn = run.sample(DRAWN, label=np.array(run.class_names)[asked], seed=room.seed)
    label_fidelity = float((_reader(data, room).predict(drawn) == asked).mean())
    shown = {"grid": (run.path / "grid.png", f"{data.title}: by the conditional DCGAN")}
    pictures = _pictures(room, f"{data.slug}-cdcgan", shown)
    return Found({"label_fidelity": label_fidelity}, None, pictures, aside=epochs_of(run))


def learn(data, room):
    """MLPs of the same weights and steps, on the real images and on extended sets."""
    train_set, test_set = data.parts(room.plan)
    count, asked = len(train_set), np.arange(len(train_set)) % train_set.num_classes
    by_gan = drawn_last(_of(room, data, "gan"), count)
    by_cdcgan = trained(_of(room, data, "cdcgan"), train_set, "cdcgan")
    names = np.array(by_cdcgan.class_names)[asked]
    added = {
        "mlp": (by_gan[:0], asked[:0]),
        "mlp-gan": (by_gan, _reader(data, room).predict(by_gan)),
        "mlp-cdcgan": (by_cdcgan.sample(count, label=names, seed=room.seed), asked),
    }
    steps = max(1000, MLP_PASSES * count // MLP_BATCH)
    values = {}
    for name, (images, labels) in added.items():
        images = np.concatenate([train_set.images, images])
        labels = np.concatenate([train_set.labels, labels])
        mlp = MlpClassifier(train_set.num_classes, steps, MLP_BATCH, room.seed)
        values[name] = accuracy(mlp.fit(images, labels), test_set.images, test_set.labels)
    return Found(values, len(test_set))


def _of(room, data, step):
    """The room of another step on the same data."""
    return room.beside(f"{data.slug}-{step}")


def _reader(data, room):
    return CnnClassifier.load(_of(room, data, "reader").kept("reader.keras"))


def _pictures(room, stem, shown):
    """Copy pictures of a run into the study's, small ones enlarged.

    Args:
        room: the `Room`.
        stem: what file names begin with.
        shown: what they end with -> the picture's path and caption.

    Returns:
        file name -> caption.
    """
    if room.figures is None:
        return {}
    written = {}
    for ending, (path, caption) in shown.items():
        name, picture = f"{stem}-{ending}.png", read_png(path)
        if picture.shape[1] < NARROW:
            picture = enlarge(picture, ENLARGEMENT)
        save_png(room.figures / name, picture)
        written[name] = caption
    return written


STUDY = Study(
    steps,
    notes=(
        "The document gives no accuracies: it shows pictures, and says after how many epochs the "
        "losses converge, 80 on MNIST and 70 on EMNIST, by eye. Here the rule is: of each loss, "
        "the running means over five epochs stay within two standard deviations of those of the "
        "last fifth of the training, or within 5 % of their mean; where even these go on rising or "
        "falling, or end outside, there is no such epoch.",
        "What is drawn are images of the last epoch, as there; a run itself keeps its best one. "
        "For the MLP they are labelled by the classifier that reads them.",
        f"The conditional DCGAN is trained for minutes, {QUICK_MINUTES:g} in the quick form. How "
        "many epochs that is depends on the machine and what else it does, and stands below; so "
        "the same seed may give other figures.",
        "It finds many of the characters drawn after EMNIST numeric. The shares of digits stand "
        "beside each other above; what is drawn is read by a classifier of real images.",
        "Chars74K's letters were too few for it: images were noisy. How many are read with "
        "certainty says how noisy; 55 images per class were trained on, those of our test writers "
        "included, as there. In the archive that we measured with, a to h were drawn again from "
        "the set's own pen trajectories, so i to z stand by themselves.",
    ),
)
