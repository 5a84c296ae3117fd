"""Names that options take. The registries are not imported for them, so that `--help` loads no
framework; a test holds these to them."""

NONE = "none"
LOSSES = ("non_saturating", "minimax", "hinge")
CONDITIONS = ("label", "writer")
CONDITIONINGS = ("embedding", "projection")
PENALTIES = ("r1",)
AUGMENTATION_POLICY = (
    "shift",
    "rotate",
    "shear",
    "zoom",
    "stretch",
    "elastic",
    "thickness",
    "cutout",
)
FORMATS = ("npz", "imagefolder", "idx", "tfds", "tfrecord")
EFFORTS = ("quick", "full")
FILTERS = ("none", "standard", "strict")
SAMPLING_STRATEGIES = ("equal", "log")
DEVICES = ("auto", "cpu", "gpu")
STRATEGIES = ("auto", "one", "mirrored", "multiworker")
PRECISIONS = ("float32", "bfloat16")
TRACKERS = ("tensorboard", "mlflow", "wandb")
RESULT_TRACKERS = ("mlflow", "wandb")  # which take the result of a benchmark
AUTO = "auto"
PRESETS = ("gan", "cgan", "dcgan", "cdcgan", "quick")
EXPORTS = ("onnx", "litert", "saved_model")
DATASETS = ("digits", "characters", "mnist", "emnist", "qmnist", "chars74k", "hwdplus")
CLASSIFIERS = ("convnet", "deepconvnet", "embedding", "cnn", "mlp")
READERS = (
    "teachers",
    "student",
    "convnet",
    "deepconvnet",
    "cnn",
    "logistic",
    "k-nn",
    "svm",
    "mlp-100",
    "mlp-500-200-50",
    "mlp-64-16",
    "mlp-64-32",
    "cnn-32",
    "cnn-32-16",
    "cnn-32-16x3",
    "lenet-5",
    "lenet-5-committee",
    "deep-nn",
)
# Parts of an arm's name, which `+` joins, and which may have `:N` behind them where they add.
ARMS = (
    "none",
    "duplicated",
    "affine",
    "classic",
    "augment",
    "deformed",
    "distilled",
    "pretrained",
    "gan",
)
PRETRAINING = ("auto", "none")
INVERT = ("auto", "yes", "no")
PHOTOGRAPHS = ("scans", "characters", "pages")
LAYOUTS = ("t-sne", "umap")
SHOWN = (NONE, "doubtful", "all")
PAPERS = ("a4", "letter")
STUDIES = ("profiling", "beyond", "sharpies", "hwdplus")


def said(names, last="or"):
    """Names as they stand in a sentence.

    Example:
        >>> from ganprofile.cli.names import said
        >>> said(("a", "b", "c"))
        'a, b or c'
    """
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
