"""What is measured of synthetic images, piece by piece, and what had to be left out."""

import dataclasses

import numpy as np

from ganprofile.console import are, counted, percent
from ganprofile.datasets.classes import empty_classes, in_words
from ganprofile.datasets.duplicates import shared
from ganprofile.datasets.guessed import said_of_guesses
from ganprofile.datasets.loaders.polarity import opposite_paper
from ganprofile.evaluation.copying import UNSEEN, find_copies
from ganprofile.evaluation.distances import distances
from ganprofile.evaluation.proportions import differ_much, share_lacking
from ganprofile.evaluation.real_parts import FEWEST_UNSEEN, RealParts
from ganprofile.evaluation.sources import sample
from ganprofile.evaluation.train_on_synthetic import train_on_synthetic
from ganprofile.metrics import METRICS
from ganprofile.metrics.manifold import NEIGHBOURS, coverage_by_class

FEW = 1000
LOPSIDED = 0.05  # the share of images of classes that others lack; so far may coverage be below
NAMED = 10  # classes in a note
NEED_LABELS = "Label fidelity, train-on-synthetic accuracy and coverage by class need labels: "


class Findings:
    """Measures, and collects notes on what was left out.

    Args:
        synthetic: what is judged, `sources.Synthetic`.
        reference: what it is held against, `reference.Reference`.
        images: at most so many of either side.
        seed: of every random choice.
        stages: `stages.Stages`, told what happens.

    Attributes:
        notes: sentences.
    """

    def __init__(self, synthetic, reference, images, seed, stages):
        self._drawn = synthetic.dataset
        self._real = sample(reference.compared, images, seed)
        self._synthetic, self._reference = synthetic, reference
        self._images, self._seed, self._stages = images, seed, stages
        self._features = {}
        self._report = None
        self._training = self._training_images()
        self.notes = [*synthetic.notes, *self._cautions()]

    def described(self):
        """What was compared with what: `synthetic`, `reference`, `seed`."""
        return {
            "synthetic": {
                "what": self._synthetic.what,
                "kind": self._synthetic.kind,
                "generator_sha256": self._synthetic.generator,
                **_described(self._drawn),
            },
            "reference": {
                "dataset": self._real.name,
                "part": self._reference.part,
                **_described(self._real),
            },
            "seed": self._seed,
        }

    def distances(self, spaces):
        """The distances in every feature space; those in the first one count."""
        drawn, real = self._as_many()
        found = {}
        for space in spaces:
            self._stages.begin(f"distances of {len(real):,} images, features {space.name}")
            features = [self._featured(space.features, one.images) for one in (real, drawn)]
            found[space.name] = distances(*features, self._seed, space.has_balls)
        first = spaces[0]
        by_class = self._coverage_by_class(first.features, real, drawn)
        return {
            "features": first.name,
            **_headline(found[first.name]),
            "coverage_by_class": by_class,
            "distances": found,
            "real": self._real_distances(first.features, real),
            "feature_spaces": {space.name: space.described for space in spaces},
        }

    def further(self):
        """What the metrics of installed packages say, of as many images of either side."""
        if not METRICS:
            return {"further": {}}
        drawn, real = self._as_many()
        found = {}
        for name, metric in METRICS.items():
            try:
                # Copies, which it may change.
                value = float(metric(real.images.copy(), drawn.images.copy()))
            except Exception as error:  # of a function that is not ours, which need not end all
                self.notes.append(f"The metric {name} failed: {type(error).__name__}: {error}.")
                continue
            if np.isfinite(value):
                found[name] = value
            else:
                self.notes.append(f"The metric {name} failed: it gave {value}.")
        return {"further": found}

    def train_on_synthetic(self, classifier):
        """What classifiers say."""
        said = None if classifier is None else self._train_on_synthetic(classifier)
        return {"train_on_synthetic": said}

    def copies(self, features):
        """The copies of training images, sought with these features."""
        if self._training is None:
            self.notes.append(
                "Copies were not looked for: there are no training images. Give `against` a "
                "dataset with a training part."
            )
            return {"training": None, "copies": None}
        training, unseen = self._training, self._unseen()
        self._stages.begin(f"copies of {len(training):,} training images")
        self._report = find_copies(
            self._drawn.images,
            training.images,
            None if unseen is None else unseen.images,
            features=lambda images: self._featured(features, images),
            seed=self._seed,
            progress=self._stages.count,
        )
        if unseen is not None and self._reference.test is None:
            self._report = dataclasses.replace(self._report, held_out=UNSEEN)
        if self._report.membership_auc is not None and self._may_be_of_another_source():
            self.notes.append(
                f"The images were learned from {training.name} and are compared with "
                f"{self._real.name}: where these are of different sources, the membership AUC "
                "tells the sources apart, and not which images were learned from."
            )
        described = {
            "dataset": training.name,
            "images": len(training),
            "learned_from": training is self._synthetic.training,
        }
        pairs = _in_rows(self._report.pairs, self._drawn.rows, training.rows)
        return {
            "training": described,
            "copies": dataclasses.replace(self._report, pairs=pairs),
        }

    def shown(self):
        """What the pictures show."""
        training = None if self._training is None else self._training.images
        return {
            "synthetic": self._drawn,
            "real": self._real,
            "training": training,
            "report": self._report,
        }

    def _as_many(self):
        """Drawn and real images, as many of either."""
        count = min(len(self._drawn), len(self._real))
        return [sample(one, count, self._seed) for one in (self._drawn, self._real)]

    def _training_images(self):
        """What copies are sought among: what was learned from, else the training part."""
        known = self._synthetic.training
        if known is not None and known.image_shape == self._drawn.image_shape:
            return known
        return self._reference.train

    def _unseen(self):
        """Of the images compared with, those that are not among the training images; None where
        they are too few, as where both are the same part."""
        learned = shared(self._real, self._training)
        if not len(learned):
            return self._real
        rows = np.setdiff1d(np.arange(len(self._real)), learned)
        return self._real.select(rows) if len(rows) >= FEWEST_UNSEEN else None

    def _may_be_of_another_source(self):
        """Whether nothing says that the training images and those compared with belong together."""
        training, train = self._training, self._reference.train
        if training.name == self._real.name or training is train:
            return False
        return train is None or not len(shared(training, train))

    def _may_have_seen(self, compared):
        """Whether what made the images can have learned from those that they are compared with."""
        known = self._synthetic.training
        if known is None or known.image_shape != compared.image_shape:
            return True
        return len(shared(known, compared)) > 0

    def _cautions(self):
        compared, test = self._reference.compared, self._reference.test
        if opposite := opposite_paper(self._drawn, compared):
            yield opposite
        if test is None and self._may_have_seen(compared):
            yield (
                f"{compared.name} has no test part, so the images are compared with its training "
                "part, which a generator that repeats what it learned from is close to, too."
            )
        elif test is not None and self._training is not None:
            overlap = len(shared(self._training, test))
            if overlap:
                yield (
                    f"{counted(overlap, 'training image')} {are(overlap)} also among the images "
                    "compared with; what share of real images looks like copies is asked of the "
                    "others."
                )
        if guessed := said_of_guesses(compared, "images compared with"):
            yield guessed
        if self._real.image_shape[-1] == 3:
            yield (
                "Networks see these images in grey, and pixels are compared in grey from 19x19 on: "
                "other colours change hardly any figure."
            )
        leaked = 0 if test is None else len(shared(self._drawn, test))
        if leaked:
            yield (
                f"{leaked:,} of the {len(self._drawn):,} images judged {are(leaked)} also among "
                f"the test images of {test.name}: what learns from them reads those too well."
            )
        fewest = min(len(self._drawn), len(self._real))
        if fewest < FEW:
            yield (
                f"The distances are of {fewest:,} images, and only those of as many compare: the "
                "Fréchet distance most of all is the larger, the fewer."
            )
        parts = {"test": test, "training": self._reference.train}
        for word, part in parts.items():
            if part is not None and (empty := empty_classes(part)):
                yield (
                    f"The {word} part of {part.name} has no image of class {in_words(empty)}, so "
                    "that nothing is found out about it there."
                )
        if self._drawn.labels is not None:
            yield from self._other_classes(self._drawn.class_counts(), self._real.class_counts())

    def _other_classes(self, drawn, real):
        """Which classes are lacking, or in other proportions, by their numbers of images."""
        lacking = np.flatnonzero((drawn == 0) & (real > 0))
        if len(lacking):
            names = [self._real.class_names[label] for label in lacking[:NAMED]]
            more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
            yield f"There is no synthetic image of class {', '.join(names)}{more}."
        if not real.any() or not differ_much(drawn, real):
            return
        drawn, real = drawn / drawn.sum(), real / real.sum()
        label = np.abs(drawn - real).argmax()
        yield (
            "Classes are in other proportions among the images judged than among the real ones, "
            "which alone makes distances larger and coverage smaller: "
            f"{percent(drawn[label])} % are {self._real.class_names[label]}, and of the real ones "
            f"{percent(real[label])} %."
        )

    def _featured(self, features, images):
        """Features of images, computed once for each array."""
        key = features.name, id(images)
        if key not in self._features:
            self._features[key] = images, features(images)  # held, so that the id stays its own
        return self._features[key][1]

    def _coverage_by_class(self, features, real, drawn):
        if real.labels is None or drawn.labels is None:
            side = "real" if real.labels is None else "synthetic"
            self.notes.append(f"{NEED_LABELS}the {side} images have none.")
            return None
        shares = coverage_by_class(
            *(self._featured(features, one.images) for one in (real, drawn)),
            real.labels,
            drawn.labels,
            real.num_classes,
        )
        unknown = int(np.isnan(shares).sum())
        if unknown:
            self.notes.append(
                f"Coverage by class needs more than {NEIGHBOURS} real images of a class; "
                f"{counted(unknown, 'class')} {are(unknown, 'has', 'have')} fewer."
            )
        values = [None if np.isnan(share) else float(share) for share in shares]
        return dict(zip(real.class_names, values, strict=True))

    def _real_distances(self, features, real):
        """Of as many training images from the reference; None where there are not as many."""
        train = self._reference.train
        if self._reference.test is None or train is None or len(train) < len(real):
            return None
        if share_lacking(real, train) > LOPSIDED:
            self.notes.append(
                "What real images show is not known: the training part lacks classes of those "
                "compared with, and the distances between both would say how far these are apart."
            )
            return None
        self._stages.begin("distances of real images from real ones")
        others = sample(train, len(real), self._seed)
        both = [self._featured(features, one.images) for one in (real, others)]
        return distances(*both, self._seed)

    def _train_on_synthetic(self, classifier):
        drawn, real = self._drawn, self._real
        if drawn.labels is None or real.labels is None:
            return None  # said with the coverage by class
        if real.num_classes < 2:
            self.notes.append("There is only one class, so that classifiers tell nothing apart.")
            return None
        train, test = self._parts_for_classifiers()
        if test is None:
            return None
        used = train_on_synthetic(drawn, train, test, classifier, self._seed, self._stages.begin)
        if used.train_on_real_accuracy is None:
            of_these = "" if train is None else " of the classes judged"
            self.notes.append(
                "Train-on-real accuracy and label fidelity need a labelled training part"
                f"{of_these}."
            )
        if used.left_out:
            self.notes.append(
                f"Of class {in_words(used.left_out)} the classifier of real images has seen none: "
                "left out of both accuracies, the gap and label fidelity."
            )
        return used

    def _parts_for_classifiers(self):
        """Real images to learn from, or None, and others to be judged by, or None for neither."""
        train, test = self._reference.train, self._reference.test
        if test is not None:
            is_labelled = train is not None and train.labels is not None
            return sample(train, self._images, self._seed) if is_labelled else None, self._real
        learned = self._synthetic.training
        parts = RealParts(train, self._images, self._seed, self._drawn, learned)
        *both, said = parts.for_classifiers()
        self.notes.append(said)
        return both


def _described(dataset):
    counts = None
    if dataset.labels is not None:
        counts = dict(zip(dataset.class_names, dataset.class_counts().tolist(), strict=True))
    return {"images": len(dataset), "class_counts": counts, "fingerprint": dataset.fingerprint}


def _headline(found):
    values = dataclasses.asdict(found)
    return {name: value for name, value in values.items() if not name.startswith("subset")}


def _in_rows(pairs, drawn, learned):
    """Pairs whose indices are rows of the whole sets, where these are parts of them."""

    def row(rows, index):
        return index if rows is None else int(rows[index])

    return tuple((row(drawn, one), row(learned, other), apart) for one, other, apart in pairs)
