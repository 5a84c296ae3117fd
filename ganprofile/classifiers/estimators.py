"""Classical classifiers by scikit-learn: logistic regression, k-NN, SVM, multilayer perceptrons.

They see every image once, as grey values in 0..1, row after row, with scikit-learn's own defaults
unless it says otherwise.
"""

import warnings
import zipfile

import numpy as np

from ganprofile.errors import GanprofileError, check_several_classes
from ganprofile.images import grey_rows
from ganprofile.storage.files import atomic_path

IMPOSSIBLE = -1e9  # the logit of a class that it has not met
NEIGHBOURS = 5
AT_ONCE = 2000  # images that are read together
# Of scikit-learn's own, what skops does not know to be harmless.
TRUSTED = ["sklearn.neural_network._stochastic_optimizers.AdamOptimizer"]


class EstimatorClassifier:
    """An estimator of scikit-learn behind the interface of all classifiers.

    A subclass says which: `estimator`.

    Args:
        num_classes: how many classes.
        seed: fixes what is random about it.

    Attributes:
        is_certain: whether its probabilities say which images it reads rightly.
    """

    is_certain = True

    def __init__(self, num_classes, seed=0):
        self.num_classes = num_classes
        self.seed = seed
        self.fitted = None

    def estimator(self):
        """A new estimator of scikit-learn."""
        raise NotImplementedError

    def fit(self, images, labels):
        """Train.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: class indices `(n,)`.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class.
        """
        check_several_classes(len(np.unique(labels)))
        from sklearn.exceptions import ConvergenceWarning

        with warnings.catch_warnings():
            # With its defaults a logistic regression of many images stops before its optimum.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.fitted = self.estimator().fit(grey_rows(images), labels)
        return self

    def predict_proba(self, images):
        """Probabilities of the classes, float32 `(n, num_classes)`.

        Those of an SVM are the softmax of its decision values, which order the classes: that of
        the first is near 0.64 whatever it reads, and is no certainty. (Calibrated on folds by
        scikit-learn it says no more of which images are misread, and misreads more of them.)
        """
        known = np.concatenate([self._known(block) for block in _blocks(images)])
        probabilities = np.zeros((len(images), self.num_classes), np.float32)
        probabilities[:, self.fitted.classes_] = known
        return probabilities

    def predict(self, images):
        """The class of every image as the estimator says it, `(n,)`."""
        return np.concatenate([self.fitted.predict(grey_rows(block)) for block in _blocks(images)])

    def _known(self, images):
        """Probabilities of the classes that it has met."""
        if hasattr(self.fitted, "predict_proba"):
            return self.fitted.predict_proba(grey_rows(images))
        from scipy.special import softmax

        values = self.fitted.decision_function(grey_rows(images))
        # Of two classes there is one value, for the second.
        values = np.stack([-values, values], axis=1) / 2 if values.ndim == 1 else values
        return softmax(values, axis=1)

    def exportable(self, shape):
        """As of a network where the estimator is one; others keep training images.

        Args:
            shape: `(height, width, channels)` of the images.

        Raises:
            GanprofileError: it is none.
        """
        if not hasattr(self, "dense_layers"):
            raise GanprofileError(
                f"What {type(self.fitted).__name__} learned is training images, not a network, and "
                "cannot be exported. Train another model: ganprofile classify --train DATA "
                "--model convnet"
            )
        return _as_network(self.dense_layers(), self.fitted.classes_, self.num_classes, shape)

    def save(self, path):
        """Write the estimator, without pickle, in the format of skops."""
        from skops import io

        with atomic_path(path) as partial, open(partial, "wb") as file:
            io.dump(
                {"num_classes": self.num_classes, "estimator": self.fitted},
                file,
                compression=zipfile.ZIP_DEFLATED,
                compresslevel=1,
            )

    @classmethod
    def load(cls, path):
        """Read what `save` wrote; nothing but scikit-learn's own types is let in.

        Raises:
            GanprofileError: the file is missing, damaged, or holds something else.
        """
        from skops import io
        from skops.io.exceptions import UntrustedTypesFoundException

        try:
            content = io.load(path, trusted=TRUSTED)
            classifier = cls(content["num_classes"])
            classifier.fitted = content["estimator"]
        except FileNotFoundError as error:
            raise GanprofileError(f"{path} does not exist. Fit the classifier again.") from error
        except UntrustedTypesFoundException as error:
            raise GanprofileError(
                f"{path} holds types that are not scikit-learn's, and is not loaded. Fit the "
                "classifier again."
            ) from error
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
            raise GanprofileError(f"{path} is damaged. Fit the classifier again.") from error
        return classifier


class MajorityClassifier(EstimatorClassifier):
    """Says the class that most training images have, whatever it sees."""

    def estimator(self):
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="most_frequent")


class LogisticClassifier(EstimatorClassifier):
    """Multinomial logistic regression."""

    def estimator(self):
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(random_state=self.seed)

    def dense_layers(self):
        """A kernel and a bias for each dense layer."""
        return [(self.fitted.coef_.T, self.fitted.intercept_)]


class NeighboursClassifier(EstimatorClassifier):
    """The five nearest neighbours; fewer where a class has fewer than three images, which would
    be outvoted even by what is the same."""

    def fit(self, images, labels):
        counts = np.bincount(labels)
        self._neighbours = min(NEIGHBOURS, 2 * int(counts[counts > 0].min()) - 1)
        return super().fit(images, labels)

    def estimator(self):
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(self._neighbours)


class SvmClassifier(EstimatorClassifier):
    """A support vector machine with radial basis functions."""

    is_certain = False

    def estimator(self):
        from sklearn.svm import SVC

        return SVC(break_ties=True, random_state=self.seed)


class PerceptronClassifier(EstimatorClassifier):
    """A multilayer perceptron, trained with Adam until its loss falls no more.

    Args:
        num_classes: how many classes.
        seed: fixes weights and order.
        hidden: units of each hidden layer.
    """

    def __init__(self, num_classes, seed=0, hidden=(100,)):
        super().__init__(num_classes, seed)
        self.hidden = tuple(hidden)

    def estimator(self):
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(self.hidden, random_state=self.seed)

    def dense_layers(self):
        """A kernel and a bias for each dense layer."""
        return list(zip(self.fitted.coefs_, self.fitted.intercepts_, strict=True))


def _as_network(layers, known, num_classes, shape):
    """A Keras network of dense layers with rectifiers, from uint8 images to probabilities.

    Args:
        layers: a kernel and a bias for each.
        known: the classes that the last one tells apart.
        num_classes: how many there are.
        shape: `(height, width, channels)` of the images.
    """
    import keras

    *hidden, (kernel, bias) = layers
    if kernel.shape[1] == 1:  # of two classes scikit-learn computes only the second's
        kernel, bias = np.pad(kernel, ((0, 0), (1, 0))), np.pad(bias, (1, 0))
    last = np.zeros((len(kernel), num_classes)), np.full(num_classes, IMPOSSIBLE)
    last[0][:, known], last[1][known] = kernel, bias
    images = keras.Input(shape, dtype="uint8", name="images")
    values = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(images))
    for number, (kernel, bias) in enumerate([*hidden, last]):
        activation = "relu" if number < len(hidden) else "softmax"
        layer = keras.layers.Dense(len(bias), activation)
        values = layer(values)
        layer.set_weights([kernel, bias])
    return keras.Model(images, values)


def _blocks(images):
    return [images[first : first + AT_ONCE] for first in range(0, len(images), AT_ONCE)]
