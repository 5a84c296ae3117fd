"""Every command and every line of Python in README and documentation runs, on embedded data.

A block is left out after a line `<!-- no-run: REASON -->`. What a reader waits for is made short
here: trainings have few steps, other datasets are digits.
"""

import importlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile import classifiers
from ganprofile.classifiers import cnn, convnet
from ganprofile.filtering import cross_fitting, streams
from tests.datasets.capture.test_page import page
from tests.planted import NearestNeighbour, plant_one_layer, plant_teachers

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^>]*) -->\n)?^```(?P<language>sh|python)\n(?P<text>.*?)^```", re.M | re.S
)
NO_RUN = re.compile(r"no-run: (.+)")
CAPTURED = re.compile(r"^(\w+)=\$\((.*)\)$")
LOOP = re.compile(r"^for (\w+) in ([^;]+); do (.*); done$")
SHORTER = {
    r"--minutes \d+": "--model cgan --epochs 6",
    r"minutes=\d+": 'model="cgan", epochs=6',
    # This process has threads of TensorFlow, and forked workers may wait for these for ever; what
    # workers do is tested in processes of their own.
    r"num_workers=\d": "num_workers=0",
    r"--per-class 500": "--per-class 230",
    r"per_class=500": "per_class=30",
    r"(profile|--dataset) qmnist\b": r"\1 hands",
    r"--writer 48": "--writer 2213",
    r"--dataset (mnist|emnist)\b": "--dataset digits",
    r"--train mnist\b": "--train digits --model convnet",
    r"(evaluate .*) --output": r"\1 --images 300 --output",
    # What a few epochs on few images draw passes no filter.
    r"(generate .*) --output (equal|topped-up)": r"\1 --filter none --output \2",
    r"train --dataset mine$": "train --dataset mine --epochs 1",
    r"augment (my-scans/|mine)": r"augment --no-expect \1",
    r"(benchmark .*) --output": r"\1 --jobs 1 --steps 5 --gan-steps 4 --repeats 2 --output",
}


def blocks(document):
    """`(line, language, text)` of every block that is run."""
    text = document.read_text("utf-8")
    for found in BLOCK.finditer(text):
        if not NO_RUN.fullmatch(found["mark"] or ""):
            yield text[: found.start("text")].count("\n"), found["language"], found["text"]


HANDS = (10, 17, 23, 2186, 2213, 2238)  # by whom the digits have 100 images each
BANGLA_ZERO = 0x09E6  # in Unicode
PARTS = {"my-scans": 0, "scans": 0, "my-digits": 0, "held-out": 1}  # of the digits
RUN = [
    document
    for document in DOCUMENTS
    if "_generated" not in document.parts and any(blocks(document))
]
# Of two that say the same, one is read.
DIFFERENT = {tuple(text for *_, text in blocks(document)): document for document in RUN}.values()


class Reader:
    """Does what a document says, in an empty folder: shell and Python, one after the other."""

    def __init__(self, command):
        self.command = command
        self.variables, self.names = {}, {}

    def read(self, language, text):
        if language == "python":
            exec(compile(shorter(text), "<snippet>", "exec"), self.names)
            return
        for line in text.replace("\\\n", " ").splitlines():
            self.say(line)

    def say(self, line):
        line = " ".join(shlex.split(line, comments=True, posix=False))
        for name, value in self.variables.items():
            line = line.replace(f"${name}", value)
        if loop := LOOP.match(line):
            name, values, body = loop.groups()
            for value in values.split():
                self.variables[name] = value
                self.say(body)
        elif captured := CAPTURED.match(line):
            self.variables[captured[1]] = self.done(captured[2]).splitlines()[-1]
        elif line:
            self.done(line)

    def done(self, line):
        """What a command prints; it has to succeed."""
        line, _, file = line.partition(" > ")
        words = shlex.split(shorter(line))
        if words[0] != "ganprofile":
            return subprocess.run(
                line, shell=True, check=True, capture_output=True, text=True
            ).stdout
        code, out, error = self.command(*words[1:])
        assert code == 0, f"{line}\n{error}"
        if file:
            Path(file).write_text(out, "utf-8")
        return out


def shorter(text):
    for long, short in SHORTER.items():
        text = re.sub(long, short, text, flags=re.M)
    return text


@pytest.fixture
def quick_steps(monkeypatch):
    """Of what is trained beside the GAN, of which a few files are written."""
    monkeypatch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 100)
    monkeypatch.setattr("ganprofile.benchmarking.additions.MODEL", "cgan")
    monkeypatch.setattr(classifiers, "CnnClassifier", NearestNeighbour)
    monkeypatch.setattr(cnn.CnnClassifier, "STEPS", 20)
    monkeypatch.setattr(convnet.ConvnetClassifier, "STEPS", 20)
    monkeypatch.setattr(cross_fitting, "STEPS", 20)
    monkeypatch.setattr(streams, "PATIENCE", 4 * streams.BLOCK)  # with a model of few steps
    plant_teachers(monkeypatch)
    monkeypatch.setattr("ganprofile.recognition.models.MOST_PER_CLASS", 0)  # which are no reader
    plant_one_layer(monkeypatch)
    module = importlib.import_module("ganprofile.augmentation.augment")  # as a name, the function
    monkeypatch.setattr(module, "DEFAULT_TOTAL", 300)


@pytest.fixture(scope="module")
def laid_out(digits, tmp_path_factory):
    """A folder with what people in the documents have: scans, pages, a table, writers."""
    desk = tmp_path_factory.mktemp("desk")
    train, test = digits
    for folder, part in PARTS.items():
        for k in (1, 4, 7):
            images = digits[part].images[digits[part].labels == k]
            for number, image in enumerate(images[: 12 + 2 * k]):
                save_picture(desk / folder / str(k) / f"{number}.png", image)
    for number, image in enumerate(train.images[np.isin(train.labels, (1, 4, 7))][100:200]):
        save_picture(desk / "more-scans" / f"{number}.png", image)
    train.select(np.isin(train.writers, HANDS)).save(desk / "hands")
    rows = [f"my-scans/{k}/{n}.png,{k},{n % 5}" for k in (1, 4, 7) for n in range(14)]
    (desk / "people.csv").write_text("\n".join(["file,label,writer", *rows]) + "\n")
    for k in (4, 7):
        picture, _ = page(test.images[test.labels == k], (6, 6))
        save_picture(desk / "my-pages" / str(k) / "page.png", picture)
    for folder, characters in zip(("pages", "held-out-pages"), other_script(digits), strict=True):
        for name, images in characters.items():
            save_picture(desk / folder / name / "1.png", page(images, (6, 6, 6))[0])
    save_picture(desk / "page.jpg", page(test.images, (5, 5))[0])
    photograph, _ = page(test.images[test.labels == 7], (1,))
    for place in ("digit.jpg", "cells/1.png", "cells/2.png"):
        save_picture(desk / place, photograph[30:240, 30:240])
    return desk


@pytest.fixture
def desk(laid_out, tmp_path, monkeypatch):
    """A copy of it to work in, and an empty home."""
    shutil.copytree(laid_out, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


def other_script(digits):
    """Of both parts class -> images as of MNIST: Bangla digits, or ours without test data."""
    folder = os.environ.get("GANPROFILE_TEST_DATA")
    if folder is None:
        return [{str(k): part.images[part.labels == k] for k in (4, 7)} for part in digits]
    parts = []
    for name in ("training", "testing"):
        with np.load(Path(folder, f"scripts/cmaterdb-bangla-digits/{name}-images.npz")) as arrays:
            images, labels = arrays["images"], arrays["labels"]
        characters = {}
        for k in (2, 8):  # dark ink to the edges of 32 x 32 pixels
            inner = [Image.fromarray(255 - i[..., 0]).resize((22, 22)) for i in images[labels == k]]
            some = np.stack([np.pad(np.asarray(one), 3) for one in inner[:40]])
            characters[chr(BANGLA_ZERO + k)] = some[..., None]
        parts.append(characters)
    return parts


def save_picture(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture.squeeze()).save(path)


@pytest.mark.slow
@pytest.mark.parametrize("document", DIFFERENT, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_it_says_can_be_done(document, desk, quick_steps, in_process):
    reader = Reader(in_process)
    for line, language, text in blocks(document):
        try:
            reader.read(language, text)
        except Exception as error:
            raise AssertionError(f"{document.name}, line {line}: {error}") from error


@pytest.mark.parametrize(
    "page", ["scikit-learn", pytest.param("huggingface", marks=pytest.mark.slow)]
)
def test_the_last_step_of_a_page_takes_larger_images_and_a_hundred_of_a_class(
    page, digits, tmp_path, monkeypatch, in_process
):
    monkeypatch.chdir(tmp_path)
    images, labels = (column[digits[0].labels < 2][:240] for column in digits[0].to_numpy())
    wide = gp.Dataset(np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0))), labels)
    for folder in ("my-scans", "held-out", "mine"):
        wide.save(folder)
    *_, (_, language, text) = blocks(ROOT / f"docs/how-to/{page}.md")
    Reader(in_process).read(language, f"import ganprofile as gp\n{text}")


@pytest.mark.parametrize("document", RUN, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_left_out_has_a_reason(document):
    marks = [found["mark"] for found in BLOCK.finditer(document.read_text("utf-8"))]
    assert all(mark is None or NO_RUN.fullmatch(mark) for mark in marks)


def test_public_names_are_those_that_snippets_use():
    used = {
        name
        for document in RUN
        for _, _, text in blocks(document)
        for name in re.findall(r"\bgp\.(\w+)", text)
    }
    assert used <= set(dir(gp))
