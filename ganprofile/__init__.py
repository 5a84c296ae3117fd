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

_PUBLIC = {
    "DATASETS": "datasets",
    "Dataset": "datasets",
    "load": "datasets",
    "load_for_training": "datasets",
    "list_datasets": "datasets",
    "dataset_info": "datasets",
    "import_dataset": "datasets",
    "PRESETS": "gan.presets",
    "Run": "runs.run",
    "model_names": "runs.model_places",
    "ModelSummary": "models",
    "list_models": "models",
    "save_model": "models",
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


def __getattr__(name):
    if name == "__version__":
        from importlib import metadata

        return metadata.version("ganprofile")
    if name in _PACKAGES:
        return importlib.import_module(f"ganprofile.{name}")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'ganprofile' has no attribute {name!r}")
    return getattr(importlib.import_module(f"ganprofile.{_PUBLIC[name]}"), name)


def __dir__():
    return [*__all__, *_PACKAGES]
