"""What `evaluate` found."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self, TypeAlias

from ganprofile.errors import GanprofileError
from ganprofile.evaluation.copying import CopyReport
from ganprofile.evaluation.distances import Distances
from ganprofile.evaluation.train_on_synthetic import TrainOnSynthetic
from ganprofile.storage.files import expanded, printable, read_json
from ganprofile.storage.paths import StrPath

RESULT = "evaluation.json"
# Of `Distances`, in the order in which they are shown.
MEASURES = (
    *("kernel_distance", "kernel_distance_sd", "frechet_distance"),
    *("density", "coverage", "precision", "recall"),
)

# A name, a value, and its interval where it has one.
Measured: TypeAlias = tuple[str, float, Sequence[float] | None]


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What `evaluate` found; None stands for what was not measured, `notes` say why.

    Shares are in 0..1, intervals are `(low, high)` of 95 %.

    Attributes:
        synthetic: what was judged: `what`, `kind` (`drawn` by a GAN, `deformed`, or None where
            that is not known), `generator_sha256` (of the generator that drew them, or None
            likewise), `images`, `class_counts`, `fingerprint`.
        reference: the real images that the distances are from: `dataset`, `part`, `images`,
            `class_counts`, `fingerprint`.
        seed: of every random choice.
        features: the feature space that counts, in which all up to `coverage_by_class` is measured.
        images: how many of either side the distances are of.
        kernel_distance: of Binkowski et al. 2018, the mean over random subsets.
        kernel_distance_sd: the standard deviation over the subsets.
        frechet_distance: of Heusel et al. 2017.
        density: in how many real images' neighbourhoods a synthetic one lies, against what is
            expected; about 1.
        coverage: the share of real images that have a synthetic one in their neighbourhood.
        precision: the share of synthetic images that lie in a real one's neighbourhood.
        recall: the share of real images that lie in a synthetic one's neighbourhood.
        coverage_by_class: class name -> the coverage of its real images by the synthetic ones of
            its label.
        distances: feature space -> `Distances`, in all of them.
        real: the `Distances` of as many real training images from the reference, where there are
            as many: what a perfect generator would show. In the space that counts.
        feature_spaces: feature space -> what decides its features.
        train_on_synthetic: what classifiers say, a `TrainOnSynthetic`.
        training: the real images that copies were sought among: `dataset`, `images`, `learned_from`
            (whether the source is known to have learned from them).
        copies: a `CopyReport`; its indices are rows of the source and of the training images.
        notes: sentences: what was left out and why, and what to bear in mind.
        seconds: how long it took.
        further: the metrics of installed packages (`metrics.METRICS`), name -> value.
        path: the folder with `evaluation.json` and the pictures, where one was asked for.
        pictures: the names of the pictures in it.

    Example:
        >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
        >>> found.features, found.images
        ('letters', 1000)
        >>> 0 <= found.coverage <= 1
        True
    """

    synthetic: dict[str, Any]
    reference: dict[str, Any]
    seed: int
    features: str
    images: int
    kernel_distance: float
    kernel_distance_sd: float
    frechet_distance: float
    density: float
    coverage: float
    precision: float
    recall: float
    coverage_by_class: dict[str, float] | None
    distances: dict[str, Distances]
    real: Distances | None
    feature_spaces: dict[str, dict[str, Any]]
    train_on_synthetic: TrainOnSynthetic | None
    training: dict[str, Any] | None
    copies: CopyReport | None
    notes: list[str]
    seconds: float
    further: dict[str, float] = dataclasses.field(default_factory=dict)
    path: Path | None = None
    pictures: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def open(cls, path: StrPath) -> Self:
        """Read an evaluation again.

        Args:
            path: its folder, or its `evaluation.json`.

        Returns:
            An `Evaluation`; its intervals are lists.

        Raises:
            GanprofileError: the file is missing, damaged or something else.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> found.synthetic["images"]
            10000
        """
        path = expanded(path)
        path = path / RESULT if path.is_dir() else path
        if not path.is_file():
            raise GanprofileError(
                f"{printable(path)} does not exist. Give a folder that `gp.evaluate` wrote."
            )
        content = read_json(path)
        try:
            content["distances"] = {
                name: Distances(**found) for name, found in content["distances"].items()
            }
            kinds = {
                "real": Distances,
                "train_on_synthetic": TrainOnSynthetic,
                "copies": CopyReport,
            }
            for name, kind in kinds.items():
                content[name] = content[name] and kind(**content[name])
            return cls(**{**content, "path": path.parent})
        except (LookupError, TypeError, AttributeError) as error:
            raise GanprofileError(f"{path} is no evaluation. Evaluate again.") from error

    @property
    def kind(self) -> str | None:
        """What made the images: `drawn` by a GAN, `deformed` from real ones, or None.

        Example:
            >>> gp.Evaluation.open(gp.Run.open("digits-cgan").path).kind
            'drawn'
        """
        was_drawn = self.synthetic["what"].startswith("drawn from ")  # before kinds were recorded
        return self.synthetic.get("kind", "drawn" if was_drawn else None)

    @property
    def measured(self) -> list[Measured]:
        """What was measured beside the distances: a list of `(name, value, interval or None)`.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> [name for name, value, interval in found.measured][:3]
            ['train on real accuracy', 'train on synthetic accuracy', 'gap']
        """
        rows = [*self._from_usefulness(), *self._from_copies()]
        rows += [(name.replace("_", " "), value, None) for name, value in self.further.items()]
        return [(name, value, interval) for name, value, interval in rows if value is not None]

    def _from_usefulness(self) -> Iterator[tuple[str, Any, Any]]:
        used = self.train_on_synthetic
        if used is None:
            return
        for name in ("train_on_real_accuracy", "train_on_synthetic_accuracy", "gap"):
            yield name.replace("_", " "), getattr(used, name), getattr(used, f"{name}_interval")
        yield "label fidelity", used.label_fidelity, None

    def _from_copies(self) -> Iterator[tuple[str, Any, Any]]:
        copies = self.copies
        if copies is None:
            return
        count = f"{self.training['images']:,} " if self.training else ""
        training = f"{count}training images"
        yield f"copies of {training}", copies.copy_rate, copies.copy_rate_interval
        real = copies.held_out_images
        yield f"the same of {real}", copies.held_out_rate, copies.held_out_rate_interval
        yield f"copies of {real}", copies.test_copy_rate, copies.test_copy_rate_interval
        yield "authenticity", copies.authenticity, None
        yield "membership AUC", copies.membership_auc, copies.membership_auc_interval

    @property
    def train_on_real_accuracy(self) -> float | None:
        """Of a classifier that learned from real images; None where it was not measured.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> 0.9 < found.train_on_real_accuracy <= 1
            True
        """
        return self._of_train_on_synthetic("train_on_real_accuracy")

    @property
    def train_on_synthetic_accuracy(self) -> float | None:
        """Of a classifier that learned from synthetic images alone, or None.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> 0.9 < found.train_on_synthetic_accuracy <= 1
            True
        """
        return self._of_train_on_synthetic("train_on_synthetic_accuracy")

    @property
    def gap(self) -> float | None:
        """By how much the accuracy of the one that learned from real images is better, or None.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> -0.1 < found.gap < 0.1
            True
        """
        return self._of_train_on_synthetic("gap")

    @property
    def label_fidelity(self) -> float | None:
        """The share of synthetic images that a classifier takes for their label, or None.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> 0.9 < found.label_fidelity <= 1
            True
        """
        return self._of_train_on_synthetic("label_fidelity")

    @property
    def copy_rate(self) -> float | None:
        """The share of synthetic images that are copies of a training image, or None.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> found.copy_rate
            0.0
        """
        return None if self.copies is None else self.copies.copy_rate

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values: the content of `evaluation.json`.

        Example:
            >>> found = gp.Evaluation.open(gp.Run.open("digits-cgan").path)
            >>> found.as_dict()["synthetic"]["images"]
            10000
        """
        content = dataclasses.asdict(self)
        return {**content, "path": None if self.path is None else str(self.path)}

    def _of_train_on_synthetic(self, name: str) -> float | None:
        return getattr(self.train_on_synthetic, name, None)


def distance_rows(result: Evaluation) -> Iterator[tuple[str, dict[str, str], Distances]]:
    """What is shown of the distances of an `Evaluation`: a name, what measures are called in that
    feature space (`KID`, `FID`), and the `Distances`; those of real images, where there are some,
    come last."""
    for space, found in result.distances.items():
        counts = " (counts)" if space == result.features else ""
        yield f"{space}{counts}", result.feature_spaces.get(space, {}).get("called", {}), found
    if result.real is not None:
        yield f"{result.features}, real images", {}, result.real
