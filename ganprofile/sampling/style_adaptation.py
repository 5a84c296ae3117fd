"""A style that a model has never met: what is known of it from a few images, and how to draw in it.

A model that is told the writer knows each by a learned vector. Here a new one gets such a vector:
the style, as `metrics.style` sees it in their images, says where among the known writers it stands,
and a regression over all of them what their vectors make of that.
"""

import copy

import keras
import numpy as np

from ganprofile.errors import UsageError
from ganprofile.gan.conditions import index_of
from ganprofile.images import TO_ONE_SHAPE, shape_in_words
from ganprofile.metrics.style import StyleSpace
from ganprofile.runs.adapted import AdaptedRun

ALPHAS = np.logspace(-2, 4, 13)


class StyleAdapter:
    """Draws as people do whom a model was not trained on.

    Args:
        run: a `Run` that was told of writers.
        dataset: what it was trained on, where that was given as arrays; None loads it again.
        seed: of the components of the style, a non-negative integer.

    Attributes:
        known: the `Styles` of the writers whom the model has met.

    Raises:
        UsageError: the model was not told who writes.
        GanprofileError: its data cannot be had again.
    """

    def __init__(self, run, dataset=None, seed=0):
        refuse_untold(run)
        run.require("config.json")  # one with a new writer has none, and no images of that writer
        self.run = run
        dataset = run.dataset(dataset)
        self._space = StyleSpace(dataset.class_names, seed)
        features = self._space.features(dataset.images)
        self.known = self._space.learn(features, _labels(dataset), dataset.writers)
        self._vectors = _regression().fit(self.known.values, _table(run.generator))

    def style(self, dataset):
        """A writer's style from their images, `(dimensions,)`; see `Styles`.

        Args:
            dataset: their images, a `Dataset` with the classes of the model, or some of them.

        Raises:
            UsageError: the model does not know one of its classes, or draws another shape.
        """
        _refuse_other_shape(self.run, dataset)
        # A model may know the writer alone: it is the style that goes by classes.
        known = {"label": self.run.class_names}
        labels = [
            index_of(known, "label", name, self.run.path.name) for name in dataset.class_names
        ]
        labels = np.asarray(labels)[_labels(dataset)]
        return self.known.of_another(self._space(self._space.features(dataset.images), labels))

    def generator(self, styles):
        """The model's generator with further writers, whose numbers follow those that it knew.

        Args:
            styles: `(w, dimensions)`.

        Returns:
            A Keras model.
        """
        return _with_writers(self.run.generator, self._vectors.predict(np.asarray(styles)))

    def with_writer(self, dataset):
        """The run as if it had also met who wrote these images.

        Args:
            dataset: as for `style`.

        Returns:
            A `Run` that draws, whose generator is in memory only, and the number of the new writer.
        """
        known = self.run.condition_values["writer"]
        number = max(known) + 1
        config = copy.deepcopy(self.run.config)
        config["conditions"]["writer"] += 1
        config["dataset"]["writers"] = [*known, number]
        return AdaptedRun(self.run.path, config, self.generator([self.style(dataset)])), number


def refuse_untold(run):
    """Refuse a model that was not told who writes.

    Raises:
        UsageError: it was not, and what to do.
    """
    if "writer" not in run.conditions:
        raise UsageError(
            f"{run.path.name} was not told who writes and has no styles. Train on the conditions "
            "label and writer to draw in one."
        )


def _refuse_other_shape(run, dataset):
    """Refuse images of another shape than the model's, of which no style can be told."""
    if tuple(dataset.image_shape) != tuple(run.image_shape):
        raise UsageError(
            f"Images of {dataset.name} are {shape_in_words(dataset.image_shape)} and "
            f"{run.path.name} draws {shape_in_words(run.image_shape)}. Bring them to that "
            f"shape with {TO_ONE_SHAPE}."
        )


def _labels(dataset):
    if dataset.labels is None:
        raise UsageError(
            f"{dataset.name} has no labels: a style is what is left of an image without its class. "
            "Put the images into a folder for each class."
        )
    return dataset.labels


def _regression():
    """From styles to vectors, both of many axes; how strict it is, is chosen by leaving out one."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), RidgeCV(ALPHAS))


def _layer(generator):
    """The layer with a vector for each writer."""
    writer_input = generator.input["writer"]
    return next(
        layer
        for layer in generator.layers
        if isinstance(layer, keras.layers.Embedding) and layer.input is writer_input
    )


def _table(generator):
    return keras.ops.convert_to_numpy(_layer(generator).embeddings)


def _with_writers(generator, vectors):
    """A copy that also knows writers of these vectors `(w, width)`."""
    known = _layer(generator)
    table = np.concatenate([_table(generator), vectors])

    def copied(layer):
        config = layer.get_config()
        if layer is known:
            config["input_dim"] = len(table)
        return type(layer).from_config(config)

    cloned = keras.models.clone_model(generator, clone_function=copied)
    for layer, other in zip(cloned.layers, generator.layers, strict=True):
        layer.set_weights([table] if other is known else other.get_weights())
    return cloned
