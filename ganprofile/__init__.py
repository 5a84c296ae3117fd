"""Learn the handwriting in a small labelled set of character images and draw more of it.

    import ganprofile as gp

    train_set, test_set = gp.load("digits")
    run = gp.train(train_set.subset(per_class=50), epochs=100)
    images = run.sample(16, label="7")
    drawn = gp.generate(run, per_class=500)
    bigger = gp.augment(train_set.subset(per_class=50))

Importing the package loads no framework; that happens inside the call that needs one.
"""

import importlib
from typing import TYPE_CHECKING, Any

from ganprofile.frameworks import choose_before_keras

if TYPE_CHECKING:
    from ganprofile import classifiers as classifiers
    from ganprofile import datasets as datasets
    from ganprofile import figures as figures
    from ganprofile import gan as gan
    from ganprofile import metrics as metrics
    from ganprofile import recipes as recipes
    from ganprofile import transforms as transforms
    from ganprofile.augmentation.augment import augment as augment
    from ganprofile.augmentation.generate import generate as generate
    from ganprofile.augmentation.labelling import label as label
    from ganprofile.augmentation.verify import verify as verify
    from ganprofile.benchmarking.benchmark import benchmark as benchmark
    from ganprofile.console import DryRun as DryRun
    from ganprofile.datasets import DATASETS as DATASETS
    from ganprofile.datasets import Dataset as Dataset
    from ganprofile.datasets import StoredSet as StoredSet
    from ganprofile.datasets import dataset_info as dataset_info
    from ganprofile.datasets import import_dataset as import_dataset
    from ganprofile.datasets import list_datasets as list_datasets
    from ganprofile.datasets import load as load
    from ganprofile.datasets import load_for_training as load_for_training
    from ganprofile.datasets import open_set as open_set
    from ganprofile.errors import GanprofileError as GanprofileError
    from ganprofile.errors import UsageError as UsageError
    from ganprofile.evaluation import Evaluation as Evaluation
    from ganprofile.evaluation.evaluate import evaluate as evaluate
    from ganprofile.exporting.export import ExportedModel as ExportedModel
    from ganprofile.exporting.export import export_model as export_model
    from ganprofile.gan.presets import PRESETS as PRESETS
    from ganprofile.models import ModelSummary as ModelSummary
    from ganprofile.models import list_models as list_models
    from ganprofile.models import save_model as save_model
    from ganprofile.publishing.pushing import Pushed as Pushed
    from ganprofile.publishing.pushing import push as push
    from ganprofile.recipes.layer import HandwritingAugmenter as HandwritingAugmenter
    from ganprofile.recipes.over_sampler import HandwritingOverSampler as HandwritingOverSampler
    from ganprofile.recognition import Reader as Reader
    from ganprofile.recognition import train_reader as train_reader
    from ganprofile.recognition.classify import classify as classify
    from ganprofile.reporting.report import report as report
    from ganprofile.runs.comparing import RunComparison as RunComparison
    from ganprofile.runs.comparing import compare as compare
    from ganprofile.runs.listing import RunSummary as RunSummary
    from ganprofile.runs.listing import list_runs as list_runs
    from ganprofile.runs.model_places import model_names as model_names
    from ganprofile.runs.plotting import plot as plot
    from ganprofile.runs.run import Run as Run
    from ganprofile.sampling.sample import sample as sample
    from ganprofile.studies import study as study
    from ganprofile.studies.profile import Profile as Profile
    from ganprofile.studies.profile import profile_writers as profile_writers
    from ganprofile.training.devices.devices import choose_device as choose_device
    from ganprofile.training.train import reproduce as reproduce
    from ganprofile.training.train import resume as resume
    from ganprofile.training.train import train as train

_PUBLIC = {
    "DATASETS": "datasets",
    "Dataset": "datasets",
    "load": "datasets",
    "load_for_training": "datasets",
    "list_datasets": "datasets",
    "dataset_info": "datasets",
    "import_dataset": "datasets",
    "open_set": "datasets",
    "StoredSet": "datasets",
    "PRESETS": "gan.presets",
    "Run": "runs.run",
    "model_names": "runs.model_places",
    "ModelSummary": "models",
    "list_models": "models",
    "save_model": "models",
    "ExportedModel": "exporting.export",
    "export_model": "exporting.export",
    "choose_device": "training.devices.devices",
    "train": "training",
    "resume": "training",
    "reproduce": "training",
    "RunSummary": "runs.listing",
    "list_runs": "runs.listing",
    "plot": "runs.plotting",
    "RunComparison": "runs.comparing",
    "compare": "runs.comparing",
    "sample": "sampling.sample",
    "Evaluation": "evaluation",
    "evaluate": "evaluation",
    "augment": "augmentation.augment",
    "generate": "augmentation.generate",
    "label": "augmentation.labelling",
    "HandwritingAugmenter": "recipes.layer",
    "HandwritingOverSampler": "recipes.over_sampler",
    "verify": "augmentation.verify",
    "benchmark": "benchmarking.benchmark",
    "Pushed": "publishing",
    "push": "publishing",
    "report": "reporting",
    "study": "studies",
    "Profile": "studies.profile",
    "profile_writers": "studies.profile",
    "Reader": "recognition",
    "train_reader": "recognition",
    "classify": "recognition",
    "DryRun": "console",
    "GanprofileError": "errors",
    "UsageError": "errors",
}

# Packages with more for those who build on this one: `gp.metrics.frechet_distance(a, b)`.
_PACKAGES = (
    "classifiers",
    "datasets",
    "figures",
    "gan",
    "metrics",
    "recipes",
    "transforms",
)

__all__ = [*_PUBLIC, "__version__"]
__version__: str

choose_before_keras()

if not TYPE_CHECKING:  # where it is, a name that does not exist is found

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib import metadata

            return metadata.version("ganprofile")
        if name in _PACKAGES:
            return importlib.import_module(f"ganprofile.{name}")
        if name not in _PUBLIC:
            raise AttributeError(f"module 'ganprofile' has no attribute {name!r}")
        return getattr(importlib.import_module(f"ganprofile.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *_PACKAGES]
