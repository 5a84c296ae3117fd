"""The card that the Hub shows, `README.md`, of what has none of its own."""

from ganprofile.console import counted, few
from ganprofile.datasets.formats.card import UNKNOWN as NOT_KNOWN
from ganprofile.datasets.formats.card import card, code, plain
from ganprofile.recognition.card import card as reader_card
from ganprofile.runs.config_file import settings_of
from ganprofile.storage.yaml_files import as_yaml
from ganprofile.training.held_out import divided

UNKNOWN = "unknown"
UNSTATED = f"\nlicense: {UNKNOWN}\n"
LICENCE = "\n## Licence\n\n"  # the section of a card of ours
TAGS = ["handwriting", "ganprofile"]
POLARITY = "uint8, 0 is paper and 255 is ink (MNIST's polarity)"
LONGEST = 100  # class names that are listed


def card_of(leaving, name, licence):
    """A card for what would leave.

    Args:
        leaving: a `Leaving`.
        name: the `HubName` that it will have.
        licence: as the Hub spells it, or None.

    Returns:
        Markdown with YAML front matter, str.
    """
    return CARDS[leaving.kind](leaving, name, licence)


def _of_model(leaving, name, licence):
    config = leaving.record()
    data, settings = config["dataset"], settings_of(config, "config.json")
    shape, classes = data["image_shape"], data["class_names"]
    front = {
        "license": licence or UNKNOWN,
        "library_name": "keras",
        "pipeline_tag": "unconditional-image-generation",
        "tags": [*dict.fromkeys([*TAGS, "gan", config["model"]])],
    }
    conditions = ", ".join(config["conditions"]) or "nothing"
    trained_on, aside = divided(config)
    more = f", beside {aside:,} that told the best epoch" if aside else ""
    text = f"""
# {name.repo.partition("/")[2]}

A generator of handwritten characters, trained with ganprofile {config.get("ganprofile", "")}.

- **Draws**: {_in_words(classes)}, conditioned on {conditions}.
- **Images**: {_size(shape)}, {POLARITY}.
- **Trained on**: {counted(trained_on, "image")} of {plain(data["name"])}{more}
  (fingerprint `{data["fingerprint"][:12]}`), preset `{config["model"]}`,
  {counted(settings.epochs, "epoch")}, batch size {settings.batch_size}, learning rate
  {settings.learning_rate:g}, loss `{settings.loss}`, seed {settings.seed}; all settings
  stand in `config.json`.
- **Licence**: {_licence(licence)}

```python
import ganprofile as gp

run = gp.Run.open("{name}")
images = run.sample(16, seed=0)  # uint8 (16, {", ".join(map(str, shape))})
```

{PERSONAL}
"""
    return _joined(front, text)


def _of_reader(leaving, name, licence):
    text = reader_card(leaving.record())
    return text if licence is None else licensed(text, licence)


def _of_set(leaving, name, licence):
    text = card(leaving.record(), leaving.path)
    return text if licence is None else licensed(text, licence)


def licensed(text, licence):
    """A card that names no licence with one in its front matter, and where it says that none is
    known; None if it names another."""
    stated = f"\nlicense: {licence}\n"
    if stated in text:
        return text
    if UNSTATED not in text:
        return None
    said = f"{LICENCE}Who pushed it states this licence: {licence}.\n\n"
    known = text.replace(f"{NOT_KNOWN}\n\n", "")
    return known.replace(UNSTATED, stated, 1).replace(LICENCE, said, 1)


def _of_data(leaving, name, licence):
    text = f"""
# {name.repo.partition("/")[2]}

{len(leaving.files):,} files with images of handwritten characters.

- **Licence**: {_licence(licence)}

{_loading(name)}
"""
    front = {"license": licence or UNKNOWN, "task_categories": ["image-classification"]}
    return _joined({**front, "tags": TAGS}, text)


def _loading(name):
    return f"""```python
import ganprofile as gp

train_set, test_set = gp.load("{name}")
```

{PERSONAL}"""


def _joined(front, text):
    return f"---\n{as_yaml(front)}---\n{text}"


def _in_words(names):
    listed = few([*map(code, names)], LONGEST, " ")
    return f"{len(names):,} classes, {listed}" if names else "no classes"


def _size(shape):
    height, width, channels = shape
    return f"{width} x {height} pixels, {'grey' if channels == 1 else 'colour'}"


def _licence(licence):
    return licence or "not stated by who pushed it; that of the images it was made of holds."


PERSONAL = (
    "Handwriting is personal data: whose it is may be told from it. Use it as the writers agreed."
)
CARDS = {"set": _of_set, "model": _of_model, "reader": _of_reader, "data": _of_data}
