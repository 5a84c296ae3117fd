"""`README.md` of a set: a card as the Hugging Face Hub reads it, made from its `dataset.json`.

Nothing in it names a day or a place on this machine, so that the same set has the same card.
"""

import string

from ganprofile.console import are, counted, markdown_text
from ganprofile.datasets.cards import has_card, read_card
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.checksums import MANIFEST
from ganprofile.datasets.formats.preview import shown_classes
from ganprofile.datasets.origins import ORIGIN, made_from, recorded_provenance
from ganprofile.storage.files import as_json, printable, write_bytes
from ganprofile.storage.yaml_files import as_yaml
from ganprofile.transforms.strengths import DEFORMED, TRANSFORMS

FILE = "README.md"
MOST_NAMED = 100  # classes
GUESSED = "guessed_labels"  # in `dataset.json`: how many labels `label` guessed
JUDGE = "Judge what you trained on real images that are not among "
# What to do with a set. Only what was measured belongs here: by benchmarks/how_to_use.py.
HOW_TO_USE = {  # deformed images with soft labels, others with them, guessed labels, and others
    "deformed": (
        "Train on the soft labels: PyTorch's cross-entropy and Keras' "
        "categorical cross-entropy take them in the place of classes. On EMNIST with 15 images per "
        "class and MNIST with 10 they gave small networks 0.3 to 1.6 points more than hard labels. "
        "Add no further transforms, as the new images are varied already: light ones cost up to 1 "
        "point, strong ones 5 to 11. Train for long: 10,000 steps of 64 images gave a small "
        "network 0.4 and 3.7 points more than 3,000. Whether half of every batch are real images "
        "made less than 1 point of difference, in both directions. "
        f"{JUDGE}those from which this set was made."
    ),
    "soft": (
        "Train on the labels as on those of any other set, or on the soft labels: PyTorch's "
        "cross-entropy and Keras' categorical cross-entropy take them in the place of classes. "
        "Which of them gives a classifier more has not been measured of such a set. "
        f"{JUDGE}these, nor among those from which they were made."
    ),
    "guessed": (
        "Train on the labels, but do not judge by them: look at the least certain before, which "
        f"`score` in `{MANIFEST}` tells, and correct what is wrong. "
        "Judge what you trained on real images that people labelled, and that are not among these."
    ),
    "hard": (
        "Train on the labels as on those of any other set. "
        f"{JUDGE}these, nor among those from which they were made."
    ),
}
FILES = {
    "soft_labels.npy": "a probability for every class of every image, float32: a row per image in "
    f"the order of `{MANIFEST}`, a column per class in the order of `class_names`",
    MANIFEST: "a row per image, in the order of the set: its file or number, its label, "
    "whether it is real or synthetic, its writer, and by what it can be made again",
    "attributes.npz": "further columns: numbered arrays, and their names in the array `names`",
    "dataset.json": "what the set is: `class_names`, counts, what it was made from, fingerprint",
    "preview.png": "some images of every class, of 100 where there are more, real beside new where "
    "there are both; also the "
    "real ones in it are people's handwriting",
    "deformations.npz": "how the real images differ, by which the new ones can be made again",
    "expectation.json": "what the set may be expected to give a classifier",
    "rejected.csv": "every image that was drawn and dropped, and why",
    "rejected.png": "some of them beside some that were kept, by reason",
    "doubtful.png": "the least certain images of every class, of 100 where there are more",
    "labelled.csv": "which file was given which label, the least certain first: a table that "
    "can be corrected and read as labels of the files",
    "SHA256SUMS": "checksums of all other files, for `sha256sum -c` and `ganprofile verify`",
}
SIZES = {  # the Hub's words for how many images there are, by the first number beyond
    10**3: "n<1K",
    10**4: "1K<n<10K",
    10**5: "10K<n<100K",
    10**6: "100K<n<1M",
    10**7: "1M<n<10M",
    10**8: "10M<n<100M",
}
# Lines that run where the card lies; `$` stands before what depends on the set.
CODE = {
    "PyTorch": """import ganprofile as gp
import torch

dataset = gp.open_set(".").to_torch($soft)
loader = torch.utils.data.DataLoader(dataset, batch_size=64, shuffle=True)
images, targets = next(iter(loader))  # float32 (64, $shape) in 0..1, $target
logits = torch.nn.Linear($pixels, $classes)(images.flatten(1))
loss = torch.nn.functional.cross_entropy(logits, targets)""",
    "Keras": """import ganprofile as gp
import keras
from keras import layers

images, targets = gp.open_set(".").to_numpy($soft)
outputs = layers.Dense($classes, activation="softmax")
model = keras.Sequential([layers.Rescaling(1 / 255), layers.Flatten(), outputs])
model.compile("adam", "$loss")
model.fit(images, targets, batch_size=64)""",
    "Hugging Face": """import ganprofile as gp

dataset = gp.open_set(".").to_hf()
dataset.features["label"].names  # the class names
dataset[0]["image"], dataset[0]["label"]$more""",
}
MORE = {  # of the code for Hugging Face
    "imagefolder": """

from datasets import load_dataset

dataset = load_dataset("imagefolder", data_dir=".", split="train")  # without ganprofile"""
}
MAKING = {  # what a set says in `made_from`, in words
    "recipe": "By `ganprofile augment`, with the recipe",
    "model": "By `ganprofile generate`, with a model of the kind",
    "run": "Name of the model",
    "generator_sha256": "sha256 of its generator",
    "seed": "Seed",
    "quick": "With `quick`, to look at",
    "dataset": "Made from the real images of",
    "dataset_fingerprint": "Fingerprint of these",
}
UNKNOWN = "The licence of the real images is not known to ganprofile: ask those who wrote them."


def write_card(folder, info):
    """Write the card of a set into its folder.

    Args:
        folder: the folder, in which all other files are.
        info: its `dataset.json`.
    """
    write_bytes(folder / FILE, card(info, folder).encode())


def card(info, folder):
    """The card of a set, a text.

    Args:
        info: its `dataset.json`.
        folder: where its files are.
    """
    parts = [
        f"# {plain(info['name'])}",
        _summary(info),
        *(
            [f"![Some images of {shown_classes(info['class_names'])}](preview.png)"]
            if (folder / "preview.png").exists()
            else []
        ),
        "## How to use it",
        _how_to_use(info),
        *_holes(info),
        "Each of these runs where this file lies, with ganprofile and the library installed.",
        *(f"{library}:\n\n```python\n{_filled(code, info)}\n```" for library, code in CODE.items()),
        "## What is in it",
        _counts(info),
        "\n".join(f"- `{pattern}`: {what}." for pattern, what in _files(info, folder)),
        *_dropped(info),
        "## How it was made",
        "\n".join(f"- {fact}" for fact in _making(info)),
        "## Licence",
        licence(info),
    ]
    return f"---\n{_front_matter(info)}---\n\n" + "\n\n".join(parts) + "\n"


def _front_matter(info):
    """What the Hub reads, YAML."""
    size = next((word for end, word in SIZES.items() if info["images"] < end), "100M<n<1B")
    is_image_folder = info["format"] == "imagefolder"
    front = {
        "license": "unknown",
        "task_categories": ["image-classification"],
        "size_categories": [size],
        "tags": ["handwriting", "ganprofile", *(["synthetic"] if info.get("synthetic") else [])],
        "pretty_name": info["name"],
        **({"configs": [_image_folder(info)]} if is_image_folder else {"viewer": False}),
    }
    return as_yaml(front)


def _image_folder(info):
    """What tells `load_dataset(FOLDER)` which files are data, and the types of their columns."""
    names = {str(label): name for label, name in enumerate(info["class_names"])}
    columns = {
        "image": "image",
        "label": {"class_label": {"names": names}},
        "class_name": "string",
        "source": "string",
        "writer": "int64",
    }
    return {
        "config_name": "default",
        "data_files": [{"split": "train", "path": ["metadata.csv", "*/*.png"]}],
        "features": [{"name": name, "dtype": dtype} for name, dtype in columns.items()],
    }


def plain(text):
    """A text of anybody's as one line that Markdown shows as it is."""
    return markdown_text(printable(text))


def _summary(info):
    height, width, channels = info["image_shape"]
    colours = "grey levels" if channels == 1 else "colour"
    images = counted(info["images"], "image")
    what = f"{images} of handwritten characters, {width} x {height} in {colours}"
    synthetic, real = info.get("synthetic", 0), info.get("real", info["images"])
    classes = counted(len(info["class_names"]), "class")
    if not synthetic:
        return f"{what}, {classes}. All are real.{_guessed(info)}"
    made = f"{synthetic:,} {are(synthetic, 'was', 'were')} made by ganprofile"
    made += f", {real:,} {are(real)} real"
    return f"{what}, {classes}: {made}.{_guessed(info)}"


def _guessed(info):
    """How many labels nobody gave, in words."""
    count = info.get(GUESSED, 0)
    if not count:
        return ""
    left_out = info.get("left_out", 0)
    less = f" {left_out:,} further images, the least certain, were left out." if left_out else ""
    return (
        f" People gave {info['images'] - count:,} of the labels; {count:,} were guessed by "
        f"`ganprofile label`, and how many of these are right is not known.{less}"
    )


def _how_to_use(info):
    if info.get(GUESSED):
        return HOW_TO_USE["guessed"]
    if not info.get("soft_labels", False):
        return HOW_TO_USE["hard"]
    return HOW_TO_USE["deformed" if _is_deformed(info) else "soft"]


def _is_deformed(info):
    return "recipe" in _made_from(info)


def _made_from(record, info=None):
    """What the synthetic images of a set, or of what it was labelled by, were made from; of real
    ones that were saved by themselves it would not be true."""
    return {} if (info or record).get("synthetic") == 0 else made_from(record)


def _holes(info):
    """What somebody who looks at deformed images may take for a fault."""
    if _is_deformed(info):
        chance, _ = TRANSFORMS[DEFORMED]["cutout"]
        yield (
            f"In {100 * chance:.0f} of 100 new images a square, a quarter of a side long, is "
            "covered with paper, where a stroke may end in the middle. That is meant (cutout, "
            "arXiv 1708.04552): a classifier learns to look at the whole character. Where a square "
            "hides what tells a character apart, such as a dot, its soft label says so."
        )


def _counts(info):
    names, counts = info["class_names"], info["class_counts"]
    if len(names) > MOST_NAMED:
        least, most = min(counts), max(counts)
        each = counted(most, "image") if least == most else f"{least:,} to {most:,} images"
        return f"{len(names):,} classes of {each}{' each' * (least == most)}."
    listed = (f"{plain(n)} {count:,}" for n, count in zip(names, counts, strict=True))
    return f"Images of each class: {' · '.join(listed)}."


def _dropped(info):
    """What a filter left out, by reason, in words."""
    found = info.get("filter")
    rejected = found.get("rejected") if isinstance(found, dict) else None
    if not rejected:
        return
    words = found.get("reasons", {})
    yield "## What was left out"
    yield (
        f"Of {found.get('drawn', 0):,} images that were drawn, a filter dropped some. "
        "`rejected.csv` names each with its reason, and `rejected.png` shows some of them:"
    )
    lines = []
    for reason, by_class in rejected.items():
        said = f": {words[reason]}" if reason in words else ""
        count = sum(by_class.values())
        lines.append(f"- `{reason}`, {count:,} image{'' if count == 1 else 's'}{said}.")
    yield "\n".join(lines)


def _files(info, folder):
    """`(pattern, what such files hold)` of those that are there."""
    for files in (getattr(FORMATS[info["format"]], "FILES", {}), FILES):
        for pattern, what in files.items():
            if pattern == "SHA256SUMS" or any(folder.glob(pattern)):
                yield pattern, what


def _making(info):
    """Sentences on where the set comes from."""
    making = made_from(info)
    yield from _claims(_made_from(info))
    for steps in (making.get("dataset_recipe"), info.get("recipe")):
        if steps and has_card(str(steps[0].get("load"))):  # of others it would name a folder
            yield f"The real images are loaded by the steps: {code(list(steps))}"
    if "labels_of" in info:
        yield f"Labels: spread by `ganprofile label` from {code(info['labels_of']['name'])}"
    for part in filter(None, map(info.get, ("labels_of", "images_of"))):
        of_part = f"Synthetic images of {code(part['name'])}. "
        yield from (of_part + claim for claim in _claims(_made_from(part, info)))
    yield f"Fingerprint of the images and labels: `{info['fingerprint']}`"
    is_remade = making and info.get("synthetic")
    again = ", and makes some of the new images once more" if is_remade else ""
    yield f"`ganprofile verify .` reads everything again{again}"


def _claims(making):
    return (f"{what}: {code(making[key])}" for key, what in MAKING.items() if key in making)


def _filled(code, info):
    """Lines of code for this set."""
    height, width, channels = info["image_shape"]
    classes, soft = len(info["class_names"]), info.get("soft_labels", False)
    return string.Template(code).substitute(
        soft="soft=True" if soft else "",
        shape=f"{channels}, {height}, {width}",
        target=f"float32 (64, {classes})" if soft else "int64 (64,)",
        pixels=height * width * channels,
        classes=classes,
        loss="categorical_crossentropy" if soft else "sparse_categorical_crossentropy",
        more=MORE.get(info["format"], ""),
    )


def code(value):
    """A value as code in a line of Markdown."""
    text = value if isinstance(value, str) else as_json(value)
    return f"`{printable(text).replace('`', chr(39))}`"


def licence(info):
    """What is known of the licence of what a set or reader was made from, paragraphs."""
    origins = _origins(info)
    known = [name for name in origins if has_card(name)]
    said = [f"Real images come from {_title(name)}. Licence: {_stated(name)}." for name in known]
    said += [UNKNOWN] if not known or len(known) < len(origins) else []
    return "\n\n".join([*said, "Handwriting is personal data: see that its writers agree."])


def _origins(info):
    records = [info, made_from(info)]
    found = (recorded_provenance(record).get(ORIGIN, []) for record in records)
    return sorted({name for names in found for name in names})


def _title(name):
    about = read_card(name)
    return f"{about.get('title', name)} (`{name}`; {about.get('source', 'source not stated')})"


def _stated(name):
    return read_card(name).get("licence", "not stated").rstrip(".")
