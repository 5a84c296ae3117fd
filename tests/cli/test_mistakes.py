"""Mistakes that people make: each is said in one sentence, with what to do, before any work."""

import numpy as np
import pytest
from PIL import Image

USAGE = 2


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with labelled pictures in `my-scans`, and a picture `page.jpeg`."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    for name in "ab":
        (tmp_path / "my-scans" / name).mkdir(parents=True)
        for index in range(2):
            picture = Image.fromarray(random.integers(0, 255, (28, 28), dtype=np.uint8))
            picture.save(tmp_path / "my-scans" / name / f"{index}.png")
    Image.new("L", (40, 40), 255).save(tmp_path / "page.jpeg")
    return tmp_path


BESIDE = "Did you mean 'my-scans/'?"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("augment my-scan/", f"There is no file or folder 'my-scan/'. {BESIDE}"),
        ("augment my-scan", BESIDE),
        ("label my-scan --by digits", BESIDE),
        ("train --dataset my-scan/", BESIDE),
        ("evaluate my-scan --against digits", BESIDE),
        ("evaluate digits-cgan --against my-scan/", BESIDE),
        ("benchmark my-scan/", BESIDE),
        ("benchmark digits --test my-scan/", BESIDE),
        ("benchmark digits --arms none,my-scan/", BESIDE),
        ("datasets show my-scan/", BESIDE),
        ("datasets import my-scan/ --name mine", BESIDE),
        ("profile my-scan/", BESIDE),
        ("verify my-scan", BESIDE),
        ("report my-scan", BESIDE),
        ("runs my-scan", BESIDE),
        ("push my-scan hf://me/mine --dry-run", BESIDE),
        ("plot my-scan", BESIDE),
        ("train --resume my-scan", BESIDE),
        ("classify page.jpg", "There is no picture page.jpg. Did you mean 'page.jpeg'?"),
        ("generate digits-cgam --total 3", "Did you mean 'digits-cgan'?"),
        ("evaluate digits-cgam --against digits", "Did you mean 'digits-cgan'?"),
        ("train --dataset mnst", "Did you mean 'mnist'?"),
        ("train digits --model dcgam", "Did you mean 'dcgan'?"),
        ("generate digits-cgan --total 3 --format tfrecrd", "Did you mean 'tfrecord'?"),
        ("benchmark digits --arms none,clasic", "Did you mean 'classic'?"),
    ],
)
def test_what_was_meant_is_proposed(in_process, place, typed, sentence):
    code, out, err = in_process(*typed.split())
    assert code in (1, USAGE) and out == ""
    assert sentence in err and err.startswith("Error: ") and len(err.splitlines()) == 1
    assert len(err) < 400


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("augment digits --per-class 0", "in 1..1,000,000,000. Received: --per-class 0."),
        ("generate digits-cgan --per-class 0", "in 1..1,000,000,000. Received: --per-class 0."),
        ("generate digits-cgan --total 0", "in 1..1,000,000,000. Received: --total 0."),
        ("augment digits --per-class 3 --total 9", "Received: --total 9 and a number per class"),
        ("sample digits-cgan --count -3", "--total should be a whole number, 1 or more."),
        (
            "train digits --epochs 3 --minutes 2",
            "Say once how long: --epochs N or --minutes N. Received: --epochs 3 and --minutes 2.0.",
        ),
        ("augment digits-cgan", "ganprofile generate digits-cgan --per-class 500"),
        (
            "benchmark digits --arms none,classic --classifier mlp",
            "The arm 'classic' changes images in every step, which the classifier mlp does not",
        ),
        ("benchmark digits --arms none,deformed+classic", "deforms images twice"),
        ("benchmark digits --arms none,gan:0", "The arm gan:0 adds nothing"),
        ("benchmark digits --arms none,augment+gan", "The arm augment stands alone"),
        ("train digits --device tpu", "No device 'tpu'. Known: auto, cpu, gpu."),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_work(
    in_process, place, monkeypatch, typed, sentence
):
    def read(*arguments, **options):
        raise AssertionError("data were read")

    monkeypatch.setattr("ganprofile.augmentation.augment.load", read)
    monkeypatch.setattr("ganprofile.benchmarking.benchmark.load_for_training", read)
    code, out, err = in_process(*typed.split())
    assert (code, out) == (USAGE, "") and sentence in err and len(err.splitlines()) == 1
    assert {path.name for path in place.iterdir()} == {"my-scans", "page.jpeg"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("datasets show DIGITS", "QMNIST"),
        ("generate Digits-CGAN --total 3 --format IDX --no-score --dry-run", "digits-cgan"),
        (
            "train Digits --model dcGAN --device CPU --dry-run --json",
            '"network": "dcgan"',
        ),
        ("benchmark Digits --arms NONE,Classic+GAN:3 --dry-run --json", '"classic+gan:3"'),
    ],
)
def test_names_are_taken_in_any_case(in_process, place, typed, shown):
    code, out, err = in_process(*typed.split())
    assert code == 0, err
    assert shown in out + err
