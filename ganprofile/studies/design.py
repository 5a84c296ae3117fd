"""What a study is: rows with published figures, and steps that measure them again."""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path

from ganprofile.console import percent, points
from ganprofile.datasets import DATASETS, joined, load
from ganprofile.errors import NotHere, UsageError
from ganprofile.storage.files import printable


@dataclasses.dataclass(frozen=True)
class Kind:
    """How figures of a kind are written.

    Attributes:
        title: what figures of it are, in the plural.
        text: a function of a figure, gives it in words.
        apart: the same of how far two of them are apart, with its sign.
    """

    title: str
    text: Callable[[float], str]
    apart: Callable[[float], str]


def _share(figure):
    return f"{percent(figure, 2)} %"


# Without the sign that rounding would leave of a small negative number.
KINDS = {
    "share": Kind("Shares", _share, lambda figure: f"{points(figure)} points"),  # kept as 0..1
    "count": Kind("Numbers", "{:z,.0f}".format, "{:+z,.0f}".format),
    "ratio": Kind("Ratios", "{:z.2f}".format, "{:+z.2f}".format),
    "loss": Kind("Losses", "{:z.4f}".format, "{:+z.4f}".format),
}


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of a study's table.

    Attributes:
        key: under which a step reports what it found.
        what: what the figure is, in words.
        published: the document's figure, or None where it has none.
        kind: a name in `KINDS`.
        published_sd: the document's standard deviation over repeats, or None.
        absent: what stands in place of a figure that is not to be had.
    """

    key: str
    what: str
    published: float | None = None
    kind: str = "share"
    published_sd: float | None = None
    absent: str = "-"


EPOCHS = "epochs"  # that a training had in the minutes that it was given


@dataclasses.dataclass(frozen=True)
class Found:
    """What a step measured.

    Attributes:
        values: a row's key -> the figure, or None where there is none to be found.
        test_images: how many test images the figures are of, or None.
        figures: file name in the study's `figures/` -> a caption.
        tables: a caption -> rows of text, the first one being the header.
        aside: further figures by name, for what is concluded from all repeats; `EPOCHS` where
            time, and so the machine, decided how long a network was trained.
        seconds: how long it took, since it was last taken up.
        data: a dataset -> the fingerprints of its parts, of those that the step has read.
        versions: with which libraries it was measured.
    """

    values: dict
    test_images: int | None = None
    figures: dict = dataclasses.field(default_factory=dict)
    tables: dict = dataclasses.field(default_factory=dict)
    aside: dict = dataclasses.field(default_factory=dict)
    seconds: float | None = None
    data: dict = dataclasses.field(default_factory=dict)
    versions: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Step:
    """A part of a study that is measured at a stretch and then kept.

    Attributes:
        name: of its file.
        what: what it does, in words.
        measure: `(Room) -> Found`, or None where the data lack what it needs.
        rows: the `Row`s that it fills.
        repeats: how often it is measured where nobody says otherwise.
        datasets: which it reads, names or paths for `load`.
        needs: the names of the steps whose files it reads.
        check: `(StudyPlan)`, which raises a `UsageError` where the data are none for it.
    """

    name: str
    what: str
    measure: Callable | None
    rows: tuple[Row, ...] = ()
    repeats: int = 1
    datasets: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    check: Callable = lambda plan: None


def step_on(dataset, name, what, measure, *rows):
    """A `Step` of a study of one dataset; `measure` is `(dataset, Room) -> Found`."""
    measured = functools.partial(measure, dataset)
    return Step(name, f"{dataset}: {what}", measured, rows, datasets=(dataset,))


@dataclasses.dataclass(frozen=True)
class Study:
    """A published study.

    Attributes:
        steps: `(Plan) -> list of Step`.
        notes: paragraphs for the page: what the document leaves open, what is done otherwise.
        conclude: `(found, figures) -> Found`: tables and pictures of what all repeats say
            together; `found` is a step's name -> a list of `Found`, `figures` a folder.
    """

    steps: Callable
    notes: tuple[str, ...] = ()
    conclude: Callable = lambda found, figures: Found({})


@dataclasses.dataclass(frozen=True)
class StudyPlan:
    """How a study is run.

    Attributes:
        quick: on the embedded data, in minutes.
        dataset: the only dataset to run on, or None for the study's own.
        data_dir: where the files of named datasets lie that are supplied by hand, those of one in a
            subfolder of its name or here; or None.
        offline: refuse to download.
        loading: further arguments of `load` for `dataset`, pairs of a name and a value.
        progress: whether to say how it goes.
        known: a dataset -> the fingerprints of its parts, as finished steps have read it.
        used: the same of what has been read by this plan.
    """

    quick: bool = False
    dataset: str | None = None
    data_dir: str | None = None
    offline: bool = False
    loading: tuple = ()
    progress: bool = True
    known: dict = dataclasses.field(default_factory=dict, compare=False)
    used: dict = dataclasses.field(default_factory=dict, compare=False)

    def parts(self, name):
        """Training and test part of a dataset.

        Raises:
            UsageError: it has no labels or no test part, or other images or labels than where
                finished steps have read it.
        """
        loading = self.loading if name == self.dataset else ()
        train_set, test_set = _loaded(name, self.data_dir, self.offline, loading)
        if test_set is None or train_set.labels is None:
            lacks = (
                "no test part, such as a folder test/ beside train/"
                if test_set is None
                else "no labels"
            )
            raise UsageError(
                f"A study needs labelled training and test images; {name} has {lacks}. "
                "Choose another `dataset`."
            )
        read = [train_set.fingerprint, test_set.fingerprint]
        if self.known.get(name, read) != read:
            raise UsageError(
                f"{printable(name)} is not what it was when the finished steps of this study were "
                "measured: its images or labels are others. Choose another `output`, or put them "
                "back."
            )
        self.used[name] = read
        return train_set, test_set

    def at_hand(self, name):
        """The training part of a dataset; None where it is not here and may not be downloaded."""
        try:
            return self.parts(name)[0]
        except NotHere:
            return None

    def class_names(self, name):
        """The names of a dataset's classes, by its card where it has one; none while it is not
        here and may not be downloaded."""
        card = DATASETS[name].card() if name in DATASETS else {}
        if "classes" in card:
            return card["classes"]
        train_set = self.at_hand(name)
        return () if train_set is None else train_set.class_names

    def is_missing(self, name):
        """Whether a dataset would have to be downloaded.

        Raises:
            UsageError: there is none, or no study can be made of it.
            GanprofileError: it has to be supplied by hand, or cannot be read.
        """
        if name in DATASETS and self.data_dir is None and DATASETS[name].is_here():
            return False  # to read those that are large takes as long as a step
        return dataclasses.replace(self, offline=True).at_hand(name) is None

    def everything(self, name):
        """All images of a dataset, those of both parts, as one.

        Raises:
            UsageError: it has no labels or no test part.
        """
        return joined(*self.parts(name))


@functools.lru_cache(maxsize=1)  # steps that follow each other are mostly of one dataset
def _loaded(name, data_dir, offline, loading):
    return load(name, data_dir=data_dir, offline=offline, **dict(loading))


@dataclasses.dataclass(frozen=True)
class Room:
    """Where a step works.

    Attributes:
        plan: the `StudyPlan`.
        folder: of this step and repeat; what is left there is found again after a stop.
        figures: the folder for pictures, of the first repeat; None in the others.
        seed: of everything random.
    """

    plan: StudyPlan
    folder: Path
    figures: Path | None
    seed: int

    def kept(self, name):
        """The file that the step left here, a `Path`.

        Raises:
            UsageError: it has not been measured, as where other steps alone were asked for.
        """
        path, step = self.folder / name, self.folder.name.rpartition("-")[0]
        if not path.is_file():
            raise UsageError(
                f"{path} is not there, which the step {step} leaves. Measure that step first: "
                f"`only={step!r}`."
            )
        return path

    def beside(self, step):
        """The room of another step of the same repeat, by its name."""
        repeat = self.folder.name.rpartition("-")[2]
        return dataclasses.replace(self, folder=self.folder.with_name(f"{step}-{repeat}"))
