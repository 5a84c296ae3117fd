"""Mistakes that people make: each is said in one sentence, with what to do, before any work."""

import json
import os
import re
import shutil

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from tests.cli.test_help import LEAVES
from tests.conftest import run_command

USAGE = 2


def needed(path):
    """Whether a command cannot go without some argument or option."""
    return any(one.required for one in LEAVES[path].params)


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
    "typed",
    [
        "report my-scan",
        "plot my-scan",
        "runs my-scan",
        "verify my-scan",
        "sample my-scan",
        "push my-scan hf://me/mine --dry-run",
        "classify page.jpeg --reader my-scan",
        "classify my-scan",
    ],
)
def test_what_a_command_does_not_take_is_not_proposed(in_process, place, typed):
    (place / "my-scan.out").touch()
    code, _, err = in_process(*typed.split())
    assert code in (1, USAGE) and BESIDE in err, "that folder, though the file is called more alike"


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        (["train", "digits", "--output", ""], "--output"),
        (["train", "--resume="], "--resume"),
        (["datasets", "show", "digits", "--grid", "--output", ""], "--output"),
        (["collect", "sheet", ""], "OUTPUT"),
        (["classify", "page.jpeg", ""], "PICTURES..."),
        (["runs", ""], "FOLDER"),
    ],
)
def test_an_empty_path_is_not_the_current_folder(in_process, place, typed, called):
    before = sorted(place.rglob("*"))
    code, out, err = in_process(*typed)
    assert (code, out) == (USAGE, "")
    assert err.startswith(f"Error: {called} should be a path. Received: an empty text, which is")
    assert sorted(place.rglob("*")) == before


OF_A_RUN = (
    "sample {}",
    "generate {} --per-class 2",
    "evaluate {} --against digits",
    "compare {} digits-cgan",
    "plot {}",
    "report {}",
    "push {} hf://me/mine --dry-run",
    "models export {}",
    "models save {}",
    "verify {}",
    "augment {}",
    "train --resume {}",
    "train --config {}",
)


@pytest.mark.parametrize("typed", OF_A_RUN)
def test_in_a_folder_of_runs_the_newest_is_named(in_process, place, typed):
    for name in ("2026-11-20-cgan-digits-001", "2026-11-21-cgan-digits-001"):
        shutil.copytree(gp.Run.open("digits-cgan").path, place / "runs" / name)
    code, out, err = in_process(*typed.format("runs").split())
    assert (code, out) == (USAGE, "") and err.rstrip().endswith(
        "runs is a folder with 2 runs in it. Name one: runs/2026-11-21-cgan-digits-001"
    )


@pytest.mark.parametrize("typed", OF_A_RUN)
def test_that_nothing_is_at_a_path_is_said(in_process, place, typed):
    code, out, err = in_process(*typed.format("nowhere").split())
    assert (code, out) == (USAGE, "") and "nowhere" in err and len(err.splitlines()) == 1
    assert re.search(r"^Error: (There is no |No |generate draws .*; there is none)", err)
    assert "dataset.json" not in err and "config.json" not in err


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("augment digits --per-class 0", "in 1..1,000,000,000. Received: --per-class 0."),
        ("generate digits-cgan --per-class 0", "in 1..1,000,000,000. Received: --per-class 0."),
        ("generate digits-cgan --total 0", "in 1..1,000,000,000. Received: --total 0."),
        ("augment digits --per-class 3 --total 9", "Received: --total 9 and a number per class"),
        ("sample digits-cgan --count -3", "--count should be a whole number, 1 or more."),
        ("sample digits-cgan --total=-3", "--total should be a whole number, 1 or more."),
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


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("train --subset --minutes 2", "--subset takes a whole number, such as 20. R: --minutes."),
        ("train --minutes two", "--minutes takes a number of minutes, such as 2. R: two."),
        ("train --epochs 2.5", "--epochs takes a whole number, such as 20. R: 2.5."),
        ("sample x --count 2.5", "--count takes a whole number, such as 20. R: 2.5."),
        ("sample x --total 2.5", "--total takes a whole number, such as 20. R: 2.5."),
        ("classify --sure 2", "--sure takes a number from 0 to 1, such as 0.05. R: 2."),
        ("collect sheet --rows x", "--rows takes a whole number, such as 20. R: x."),
        ("study --jobs=", "--jobs takes a whole number, such as 2. R: nothing."),
        ("train --minutes", "--minutes takes a number of minutes, such as 2. R: nothing."),
        ("train --model", "--model takes a name, such as auto. R: nothing."),
        ("augment x --output --force", "--output takes a folder, such as my-folder/. R: --force."),
        ("train --jit=yes", "--jit takes no value. R: --jit=yes."),
        ("--font", "--font takes a file, such as font.ttf. R: nothing."),
        ("evaluate bigger", "ganprofile evaluate needs --against DATA: the real images. Example: "),
        ("sample", "ganprofile sample needs SOURCE: a run's folder or a model's name (digits-"),
        ("augment", "or --dataset. R: neither. Example: ganprofile augment my-scans/"),
        ("benchmark --subset ten", "--subset takes whole numbers or all, comma-separated, such"),
        ("benchmark --per-class ten", "--per-class takes whole numbers or all, comma-separated"),
        ("train --mintes 2", "has no option --mintes. Did you mean '--minutes'? All of them: "),
        (
            "train --quiet digits",
            "option --quiet. It stands before the command: ganprofile --quiet t",
        ),
        (
            "models save --font a",
            "It stands before the command: ganprofile --font FILE models save ",
        ),
        ("sample digits-cgan --label 3", "has no option --label. Did you mean '--class'? All of"),
        ("sample digits-cgan --class 7 --class 8", "Say --class once. R: 7, 8."),
        ("models --json export digits-cgan", "export NAME --json. Before it, it is of ganprofile"),
        ("trian", "ganprofile has no command trian. Did you mean 'train'? All of them: "),
        ("datasets shwo", "ganprofile datasets has no command shwo. Did you mean 'show'?"),
        ("models list", "models has no command list. ganprofile models alone lists what there is."),
        ("train a b", "ganprofile train has no use for 'b'. Put what holds blanks in quotation "),
        ("models save", "ganprofile models save needs RUN: a run folder. Example: ganprofile mod"),
    ],
)
def test_what_is_no_command_is_refused_as_all_else_is(in_process, place, typed, sentence):
    code, out, err = in_process(*typed.split())
    assert (code, out) == (USAGE, "") and err.startswith("Error: ") and len(err.splitlines()) == 1
    assert sentence.replace("R: ", "Received: ") in err


@pytest.mark.parametrize("asked", ["-h", "--help", "--help-all"])
def test_json_before_a_command_keeps_nobody_from_its_help(in_process, asked):
    code, out, err = in_process("models", "--json", "export", asked)
    assert (code, err) == (0, "") and "ganprofile models export" in out


# Each is refused before what takes seconds is imported, one after the other in one process.
QUICKLY_REFUSED = (
    "train digits --minutes 0",
    "train digits --epochs 5 --minutes 2",
    "train digits --subset 0",
    "train digits --batch-size 0",
    "train digits --image-size 0",
    "train digits --seed -1",
    "train digits --test nowhere/",
    "train nowhere/",
    "train --resume nowhere",
    "train --config nowhere",
    "benchmark nowhere/",
    "benchmark digits --arms clasic",
    "benchmark digits --subset 0",
    "benchmark digits --repeats 0",
    "benchmark digits --trainings 0",
    "benchmark digits --steps 0",
    "benchmark digits --gan-steps 0",
    "benchmark digits --jobs 0",
    "benchmark digits --test nowhere/",
    "augment nowhere/",
    "augment digits --subset 0",
    "augment digits --jobs 0",
    "generate nowhere --per-class 5",
    "generate digits-cgan --per-class 0",
    "generate digits-cgan --per-class 5 --jobs 0",
    "sample nowhere",
    "sample digits-cgan --count 0",
    "evaluate nowhere --against digits",
    "evaluate digits-cgan --against nowhere/",
    "evaluate digits-cgan --against digits --images 0",
    "evaluate digits-cgan --against digits --seed -1",
    "evaluate digits-cgan --against digits --inception nowhere.h5",
    "label digits --by nowhere/",
    "label nowhere/ --by digits",
    "classify nowhere.png",
    "classify --train nowhere/",
    "classify page.png --train digits --subset 5 --reader other",
    "classify --train digits --subset 0",
    "classify --train digits --unlabelled nowhere/",
    "profile nowhere/",
    "models export nowhere",
    "models save nowhere",
    "report nowhere",
    "plot nowhere",
    "compare nowhere nowhere",
    "push nowhere hf://me/mine",
    "verify nowhere",
    "study profiling --repeats 0",
    "collect scan nowhere.pdf",
)
FRAMEWORKS = {"tensorflow", "keras", "jax", "torch", "tensorflow_datasets", "sklearn"}
REFUSALS = """
import json, sys
from ganprofile.cli import main
for typed in json.loads(sys.argv[1]):
    sys.argv = ["ganprofile", *typed.split()]
    try:
        main()
    except SystemExit as end:
        print(json.dumps([typed, end.code, list(sys.modules)]))
"""


def test_nothing_that_takes_seconds_is_loaded_before_a_refusal(tmp_path):
    done = run_command(json.dumps(QUICKLY_REFUSED), code=REFUSALS, cwd=tmp_path)
    refused = [json.loads(line) for line in done.stdout.splitlines()]
    assert [typed for typed, *_ in refused] == list(QUICKLY_REFUSED), done.stderr
    for typed, code, loaded in refused:
        assert code == USAGE and not FRAMEWORKS & set(loaded), typed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", [path for path in LEAVES if needed(path)], ids=" ".join)
def test_what_is_missing_is_named_with_an_example(in_process, path):
    code, out, err = in_process(*path)
    command = " ".join(["ganprofile", *path])
    assert (code, out) == (USAGE, "") and err.startswith(f"Error: {command} needs ")
    assert f". Example: {command} " in err and len(err.splitlines()) == 1


def test_an_option_that_names_nothing_is_refused(in_process, place):
    code, _, err = in_process("benchmark", "digits", "--track", "")
    assert code == USAGE and "No tracker ''. Known: " in err


def test_what_starts_with_a_dash_can_be_meant(in_process, place):
    code, _, err = in_process("sample", "digits-cgan", "--text=--force")
    assert code == USAGE and "digits-cgan cannot write" in err


def test_a_refusal_is_broken_between_words_where_a_terminal_is_narrow(
    in_process, monkeypatch, capsys
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda descriptor: os.terminal_size((40, 20)))
    monkeypatch.setattr("sys.stderr.fileno", lambda: 2, raising=False)
    code, _, err = in_process("evaluate", "bigger")
    assert code == USAGE and err.splitlines()[0] == "Error: ganprofile evaluate needs"
    assert max(map(len, err.splitlines())) <= 40
