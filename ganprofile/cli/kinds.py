"""What options take, in words, and an example of each."""

# What an option is called to take -> that in words, and an example.
KINDS = {
    "N": ("a whole number", "20"),
    "N,...": ("whole numbers or all, comma-separated,", "10,50"),
    "MINUTES": ("a number of minutes", "2"),
    "RATE": ("a number", "0.0005"),
    "SHARE": ("a number from 0 to 1", "0.05"),
    "NAME": ("a name", "mine"),
    "NAME,...": ("names, comma-separated,", "a,b"),
    "NAMES": ("names", "0-9"),
    "ARM,...": ("names of arms, comma-separated,", "none,classic"),
    "HOW": ("a word, or a number for each class,", "equal"),
    "KIND": ("a word", "scans"),
    "DATA": ("data: a name or a path,", "digits"),
    "FOLDER": ("a folder", "my-folder/"),
    "FILE": ("a file", "report.html"),
    "PATH": ("a path", "exported/mine.onnx"),
    "TABLE": ("the name of a table, or folders,", "labels.csv"),
    "RUN": ("a run's folder", "runs/2026-11-20-cgan-digits-001"),
    "WRITER": ("a writer's number or name", "20"),
    "TEXT": ("a text", "2026"),
    "HOST:PORT": ("an address", "localhost:8786"),
    "auto|N": ("auto or a number", "auto"),
}
# Name of a parameter -> an example, where that of what it takes would not do.
EXAMPLES = {
    "augmentation_policy": "shift,rotate",
    "bits": "16",
    "channels": "1",
    "classifier": "convnet",
    "conditioning": "projection",
    "conditions": "label,writer",
    "config": "options.yaml",
    "data_dir": "downloads/",
    "device": "cpu",
    "effort": "full",
    "evaluation": "evaluation/",
    "export": "paper/",
    "filter": "strict",
    "first_label": "1",
    "font": "font.ttf",
    "format": "imagefolder",
    "image_column": "image",
    "image_size": "28",
    "inception": "inception.h5",
    "invert": "yes",
    "jobs": "2",
    "label": "7",
    "label_column": "label",
    "layout": "umap",
    "learning_rate": "0.0005",
    "licence": "cc-by-4.0",
    "loss": "hinge",
    "model": "auto",
    "paper": "letter",
    "penalty": "r1",
    "precision": "bfloat16",
    "pretrained": "none",
    "reader": "readers/mine",
    "revision": "main",
    "rotate": "90",
    "seed": "1",
    "sheets": "sheets.json",
    "show": "doubtful",
    "strategy": "one",
    "style": "my-scans/",
    "to": "onnx",
    "track": "mlflow",
    "zip_encoding": "cp932",
}
# The same for the few names that mean another thing in another command.
EXAMPLES_OF = {
    ("classify", "model"): "convnet",
    ("scan", "writers"): "people.csv",
    ("study", "only"): "'mnist-*'",
}


def what_it_takes(command, parameter):
    """In words, with an example: `a whole number, such as 20`.

    Args:
        command: the name of the command, such as `train`.
        parameter: an option of it that takes a value.
    """
    words, example = KINDS[parameter.metavar]
    name = parameter.name
    example = EXAMPLES_OF.get((command, name), EXAMPLES.get(name, example))
    between = " such as " if words.endswith(",") else ", such as "
    return f"{words}{between}{example}"
