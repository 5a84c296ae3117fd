"""Weights for a classifier to begin with, learned from characters of another kind."""

import dataclasses
import string

from ganprofile.datasets import load
from ganprofile.errors import GanprofileError

SEED = 0


@dataclasses.dataclass(frozen=True)
class Pretraining:
    """A classifier of the characters that the package carries, but for those to be learned.

    EMNIST's digits and MNIST's come from the same forms, so that a classifier of digits begins with
    letters only, one of EMNIST with MNIST's digits only.

    Attributes:
        class_names: of the real images.
        dataset: the name of the real data, as far as they have one.
        classifier: a name in `classifiers.CLASSIFIERS`.
        steps: training steps.
    """

    class_names: tuple[str, ...]
    dataset: str
    classifier: str
    steps: int

    def weights(self, image_shape, folder):
        """The file with the weights; trained where it is not in the folder yet.

        Raises:
            GanprofileError: the images are of another form than those that the package carries.
        """
        path = folder / f"pretrained-{self.classifier}-{self.steps}.keras"
        if path.is_file():
            return path
        from ganprofile.classifiers import CLASSIFIERS

        known = self._known()
        if known.image_shape != tuple(image_shape):
            raise GanprofileError(
                f"The arm 'pretrained' begins with characters of {known.image_shape}. "
                f"Received: images of {tuple(image_shape)}. Use --image-size 28 --channels 1."
            )
        classifier = CLASSIFIERS[self.classifier](known.num_classes, steps=self.steps, seed=SEED)
        classifier.fit(known.images, known.labels, transforms="classic")
        classifier.save(path)
        return path

    def description(self):
        """What decides the weights, a dict of JSON values."""
        name, classes = self._source()
        return {"dataset": name, "classes": classes or "all", "steps": self.steps}

    def _source(self):
        """The dataset to begin with, and which of its classes; None for all."""
        if set(self.class_names) <= set(string.digits):
            return "characters", "letters"
        if self.dataset.split("/")[0] in ("emnist", "characters"):
            return "digits", None
        return "characters", None

    def _known(self):
        name, letters = self._source()
        train_set, _ = load(name)
        if letters is None:
            return train_set
        return train_set.of_classes([n for n in train_set.class_names if n not in string.digits])
