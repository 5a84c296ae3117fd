"""Readers by teachers: several networks that read together, or the one that they teach.

From few images `augment` trains teachers to label what it draws. They read better than what learns
from the set, so where a reader is all that is wanted, they are it. Each was shown all folds of the
images but one. What it says of that fold tells how sure they may be, and what they confuse.
"""

import dataclasses
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.augmentation import deformed_set
from ganprofile.augmentation.pieces import SetPieces, drawn, prepare
from ganprofile.console import ProgressBar, say
from ganprofile.datasets import Dataset
from ganprofile.datasets.duplicates import hashes_of_originals
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.parallel import HERE
from ganprofile.recipes.distillation import Teachers, TeacherTraining
from ganprofile.recipes.ensembles import CONVNET_SHOWN, Teacher
from ganprofile.recipes.recipes import recipe_for
from ganprofile.recognition.calibration import Calibration, nearest_temperature, tempered
from ganprofile.recognition.confusions import confused, misread
from ganprofile.recognition.models import MEMBERS, Model, Task, Training
from ganprofile.storage.files import read_json, write_json

SHOWN = CONVNET_SHOWN  # deformed images that a student learns from
HELD_AGAINST = 4000  # of these, each of which it is shown once, tell how sure it may be


@dataclasses.dataclass(frozen=True)
class TeachersReader:
    """Teachers as one classifier.

    Attributes:
        teachers: the `Teachers`.
        temperature: by which what they say is divided, above 0: above 1 they are surer than right.
        has_views: whether they read several views of each image; readers of before 0.2.0 do not.
    """

    teachers: Teachers
    temperature: float = 1.0
    has_views: bool = True

    def predict_proba(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        return tempered(self.teachers.predict_proba(images, self.has_views), self.temperature)

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The likeliest class of every image, `(n,)`."""
        return self.predict_proba(images).argmax(axis=1)

    def exportable(self, shape: tuple[int, ...]) -> Any:
        """As of `NetworkClassifier`; there is none.

        Raises:
            UsageError: always.
        """
        raise UsageError(
            "Teachers are several networks, and some see views of an image that only ganprofile "
            "makes: they cannot be exported. Export their student, which is one network: "
            "ganprofile classify --train DATA --small."
        )

    def save(self, path: Path) -> None:
        """Write each into a folder, which is made, and who they are beside them."""
        path.mkdir()
        members = self.teachers.members
        for number, classifier in enumerate(self.teachers.classifiers):
            classifier.save(path / f"{number}.keras")
        said = [{"classifier": one.classifier, "is_upright": one.is_upright} for one in members]
        facts = {"temperature": self.temperature, "has_views": self.has_views}
        write_json(path / MEMBERS, {"members": said, **facts})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            GanprofileError: it is damaged.
        """
        from ganprofile.classifiers import CLASSIFIERS

        info = read_json(path / MEMBERS)
        try:
            members = tuple(Teacher(**one) for one in info["members"])
            kinds = [CLASSIFIERS[one.classifier] for one in members]
            how = float(info["temperature"]), bool(info.get("has_views", False))
        except (KeyError, TypeError, ValueError) as error:
            raise GanprofileError(
                f"{path / MEMBERS} is damaged. Train the reader again."
            ) from error
        classifiers = [kind.load(path / f"{number}.keras") for number, kind in enumerate(kinds)]
        return cls(Teachers(members, classifiers), *how)


def trained(model: Model, task: Task) -> Training:
    """Train teachers of some images, and where another kind is asked, their student.

    Args:
        model: of `TeachersReader`, or of the student.
        task: what it is trained on; who teaches goes by its images' origin and number.

    Returns:
        As `Model.trained`.
    """
    recipe, shown = recipe_for(task.real), task.shown
    if task.progress:
        say(recipe.why)
    of_recipe = recipe.ensemble, deformed_set.TEACHER_STEPS, recipe.pretrained
    plan = TeacherTraining(shown, task.seed, task.room, *of_recipe)
    is_student = model.kind is not TeachersReader
    pieces = SetPieces(plan, _to_draw(shown, task.seed) if is_student else np.arange(0))
    sharing = HERE.on_this_machine(pieces.is_short)
    with sharing.executor(pieces, work="a reader", remedy="Run the command again.") as executor:
        prepare(pieces, executor, task.progress)
        hashes = hashes_of_originals(task.real)
        asked = task.real.images, task.known, hashes
        calibration = Calibration.of(pieces.training, *asked, not is_student)
        reader = TeachersReader(pieces.teachers, calibration.temperature)
        if is_student:
            reader = _taught(model, pieces, calibration.temperature, executor, task.progress)
    labelled = task.real.select(np.arange(task.known))
    facts = {
        "recipe": recipe.arm,
        "pretrained": recipe.pretrained and recipe.pretrained.description(),
        "calibration": calibration.facts(),
        "confused": confused(labelled, calibration),
        "misread": misread(labelled, calibration),
    }
    return reader, facts, calibration.kept(task.real.images)


def _to_draw(shown: Dataset, seed: int) -> NDArray[np.int64]:
    """Which images are deformed for a student, as many of each class."""
    has_images = np.bincount(shown.labels, minlength=shown.num_classes) > 0
    counts = np.where(has_images, SHOWN // np.count_nonzero(has_images), 0)
    return deformed_set.chosen_images(shown.labels, counts, seed)


def _taught(
    model: Model, pieces: SetPieces, temperature: float, executor: Any, progress: bool
) -> Any:
    """A classifier that learns from deformed images what the teachers say of them."""
    images, said, done = [], [], 0
    with ProgressBar(len(pieces.chosen), progress) as bar:
        for some, probabilities in executor.imap(drawn, zip(range(pieces.blocks))):
            images.append(some)
            said.append(tempered(probabilities, temperature))
            done += len(some)
            bar.show_rate(done)
    student = model.kind(pieces.plan.real.num_classes, seed=pieces.plan.seed)
    if progress:
        say("Training the student.")
    shown, labels = np.concatenate(images), np.concatenate(said)
    model.fit(student, shown, labels, progress)
    some = np.arange(0, len(shown), max(1, len(shown) // HELD_AGAINST))
    _temper(student, nearest_temperature(student.predict_proba(shown[some]), labels[some]))
    _round(student)
    return student


def _temper(student: Any, temperature: float) -> None:
    """Divide what a network says before probabilities, in it, so that exports say the same.

    Labels are smoothed for it: it has learned to be less sure than its teachers are.
    """
    logits = student.network.layers[-1]
    logits.set_weights([weights / temperature for weights in logits.get_weights()])


def _round(student: Any) -> None:
    """Round the weights to half precision, which compressed takes about half of the room."""
    weights = student.network.get_weights()
    student.network.set_weights([one.astype(np.float16).astype(one.dtype) for one in weights])
