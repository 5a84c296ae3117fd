"""`--config` and `--print-config` of the commands that take them."""

import json
import re

import pytest
import yaml

import ganprofile as gp

TYPED = {
    "train": "digits --model cgan --epochs 3 --condition label --class 1,7 --learning-rate 1e-3 "
    "--augmentation-policy shift,zoom --penalty none --jit --bits 8 --output here",
    "augment": "digits --per-class 20 --only 1 --only 7 --include-real --no-expect --invert no "
    "--output here --seed 5",
    "generate": "digits-cgan --total 20 --class 1,7 --no-score --filter none --soft-labels",
    "benchmark": "digits --subset 10,all --arms none,classic+gan:5 --repeats 2 --offline",
}


@pytest.fixture
def called(monkeypatch):
    """What the commands hand to the library, instead of the work."""
    calls = []

    def note(name):
        def call(*arguments, **options):
            calls.append((name, arguments, options))
            return gp.DryRun(None, {})

        return call

    for name in ("load_for_training", "train", "augment", "generate", "benchmark"):
        monkeypatch.setattr(gp, name, note(name), raising=False)
    monkeypatch.setattr(gp, "load_for_training", lambda *a, **o: (calls.append((a, o)), None))
    return calls


@pytest.mark.parametrize("command", TYPED)
def test_a_printed_config_gives_the_same_work(command, in_process, tmp_path, called):
    options = [command, *TYPED[command].split(), "--dry-run", "--json"]
    assert in_process(*options)[0] == 0
    as_typed = called[-1]
    code, printed, _ = in_process(*options, "--print-config")
    assert code == 0 and called[-1] is as_typed  # printing does no work
    (tmp_path / "c.yaml").write_text(printed)
    (tmp_path / "c.json").write_text(json.dumps(yaml.safe_load(printed)))
    for file in ("c.yaml", "c.json"):
        assert in_process(command, "--config", tmp_path / file, "--dry-run", "--json")[0] == 0
        first = called[-1]
        assert repr(first) == repr(as_typed) and first is not as_typed
    assert in_process(command, "--config", tmp_path / "c.yaml", "--print-config")[1] == printed


def test_what_is_not_said_is_printed_as_a_comment(in_process):
    code, printed, _ = in_process("train", "digits", "--print-config")
    assert code == 0 and yaml.safe_load(printed)["dataset"] == "digits"
    comments = [line for line in printed.splitlines() if line.startswith("# ")]
    assert {"# model: auto", "# batch_size: 128", "# seed: 0", "# output: runs"} <= {*comments}
    assert "# dataset" not in printed


def test_what_is_typed_wins(in_process, tmp_path, called):
    (tmp_path / "c.yaml").write_text("dataset: digits\nseed: 3\nper-class: 20\nquick: yes\n")
    assert in_process("augment", "--config", tmp_path / "c.yaml")[0] == 0
    _, arguments, options = called[-1]
    assert arguments == ("digits",) and options["quick"] is True
    assert (options["seed"], options["per_class"], options["total"]) == (3, 20, None)
    other = ["characters", "--seed", "4", "--total", "50"]
    assert in_process("augment", *other, "--config", tmp_path / "c.yaml")[0] == 0
    _, arguments, options = called[-1]
    assert arguments == ("characters",)
    assert (options["seed"], options["per_class"], options["total"]) == (4, None, 50)


def test_values_are_read_as_they_are_spelled(in_process, tmp_path, called):
    """Where YAML itself would make 7, False, a text and two names of them."""
    text = 'dataset: digits\nonly: [07, no, "a,b"]\ninvert: no\n'
    (tmp_path / "c.yaml").write_text(text)
    assert in_process("augment", "--config", tmp_path / "c.yaml")[0] == 0
    options = called[-1][2]
    assert options["only"] == ("07", "no", "a,b") and options["invert"] == "no"
    (tmp_path / "c.json").write_text('{"dataset": "digits", "learning_rate": 1e-3, "jit": true}')
    assert in_process("train", "--config", tmp_path / "c.json", "--dry-run", "--json")[0] == 0
    assert called[-1][2]["learning_rate"] == 0.001 and called[-1][2]["jit"] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("per_clas: 3", "augment has no option 'per_clas'. Did you mean 'per_class'?"),
        ("xyzzy: 3", "augment has no option 'xyzzy'. See ganprofile augment --help."),
        ("per_class: many", "per_class should be a whole number. Received: 'many'."),
        ("per_class: [3]", "per_class should be a whole number. Received: ['3']."),
        ("quick: perhaps", "quick should be true or false. Received: 'perhaps'."),
        ("only: {a: b}", "only should be a list of texts. Received: {'a': 'b'}."),
        ("per-class: 3\nper_class: 3", "says 'per_class' twice, in other words. Remove one."),
        ("config: other.yaml", "augment has no option 'config'."),
    ],
)
def test_what_a_file_cannot_say_is_refused(text, said, in_process, tmp_path, called):
    (tmp_path / "c.yaml").write_text(text)
    code, _, err = in_process("augment", "--config", tmp_path / "c.yaml")
    assert code == 2 and f"{tmp_path / 'c.yaml'}: {said}".replace(": says", " says") in err
    assert not called


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("train", "penalty: null", "penalty is null. Write none, or remove the line for what"),
        ("train", "augmentation_policy: []", "augmentation_policy is an empty list. Write none,"),
        ("augment", "only: []", "only is an empty list. Write its value, or remove the line"),
        ("augment", "seed: ~", "seed is null. Write its value, or remove the line for what counts"),
        ("augment", "only: ''", "only is an empty text. Write its value"),
        ("augment", "only: [a, ~, null]", "only has null in its list. Put a name such as '~' or"),
    ],
)
def test_no_value_is_not_taken_for_another_one(command, text, said, in_process, tmp_path, called):
    """The `config.json` of a run says `"penalty": null` where there was none, and r1 is meant
    where nothing is said."""
    (tmp_path / "c.yaml").write_text(f"dataset: digits\n{text}\n")
    code, _, err = in_process(command, "--config", tmp_path / "c.yaml")
    assert code == 2 and said in " ".join(err.split()) and not called


def test_a_file_of_any_name_holds_options_where_it_names_no_run(in_process, tmp_path, called):
    (tmp_path / "c.TXT").write_text("dataset: digits\nseed: 3\n")
    code, _, err = in_process("train", "--config", tmp_path / "c.TXT", "--dry-run", "--json")
    assert code == 0 and called[-1][2]["seed"] == 3, err
    code, _, err = in_process("train", "digits", "--config", "digits-cgan")
    assert code == 2 and "from the run. Remove IMAGES." in err


def test_null_leaves_out_and_in_quotes_is_a_name(in_process, tmp_path, called):
    text = "dataset: digits\nper_class: ~\ntotal:\nquick: null\nonly: ['~', \"null\", no]\n"
    (tmp_path / "c.yaml").write_text(text)
    assert in_process("augment", "--config", tmp_path / "c.yaml")[0] == 0
    options = called[-1][2]
    assert options["only"] == ("~", "null", "no") and options["per_class"] is None
    (tmp_path / "c.json").write_text('{"dataset": "digits", "only": "null", "total": null}')
    assert in_process("augment", "--config", tmp_path / "c.json")[0] == 0
    assert called[-1][2]["only"] == ("null",)


def test_none_that_is_one_arm_among_others_is_not_meant_by_null(in_process, tmp_path, called):
    (tmp_path / "c.yaml").write_text("images: digits\narms:\nper_class: 10\n")
    options = ["--config", tmp_path / "c.yaml", "--dry-run", "--json"]
    assert in_process("benchmark", *options)[0] == 0
    assert called[-1][2].get("arms") is None


@pytest.mark.parametrize("command", ["train digits", "augment digits", "benchmark digits"])
def test_what_is_printed_with_nothing_may_stand_there_with_nothing(command, in_process, tmp_path):
    command, data = command.split()
    printed = in_process(command, data, "--print-config")[1]
    bare = [line[2:] for line in printed.splitlines() if re.fullmatch("# [a-z_]+:", line)]
    (tmp_path / "c.yaml").write_text("\n".join([f"dataset: {data}", *bare]))
    code, again, err = in_process(command, "--config", tmp_path / "c.yaml", "--print-config")
    assert (code, again) == (0, printed) and len(bare) > 1, err


def test_a_file_that_is_no_yaml_is_refused(in_process, tmp_path):
    for command in ("train", "augment"):
        code, _, err = in_process(command, "--config", tmp_path / "none.yaml")
        assert code == 2 and "none.yaml. --config names one of options." in err
    (tmp_path / "c.yaml").write_text("a: b\n c: d: e\n")
    code, _, err = in_process("augment", "--config", tmp_path / "c.yaml")
    assert code == 1 and "c.yaml is not readable YAML (line 2" in err
    (tmp_path / "c.yaml").write_text("!!python/object/apply:os.system [touch x]")
    code, _, err = in_process("augment", "--config", tmp_path / "c.yaml")
    assert code == 1 and "c.yaml should hold names and values" in err


def test_the_config_of_a_run_is_printed_and_read_again(in_process, tmp_path):
    code, printed, _ = in_process("train", "--config", "digits-cgan", "--print-config")
    recorded = gp.Run.open("digits-cgan").config
    settings = gp.reproduce("digits-cgan", dry_run=True)["settings"]
    recorded = {**recorded, "settings": yaml.safe_load(json.dumps(settings))}  # newer ones, too
    assert code == 0 and yaml.safe_load(printed) == recorded
    (tmp_path / "run.yaml").write_text(printed)
    again = gp.reproduce(tmp_path / "run.yaml", dry_run=True)
    assert again["settings"] == settings
    assert again["dataset"]["fingerprint"] == recorded["dataset"]["fingerprint"]
    changed = ["train", "--config", tmp_path / "run.yaml", "--epochs", "3", "--print-config"]
    content = yaml.safe_load(in_process(*changed)[1])
    assert content["settings"] == {**recorded["settings"], "epochs": 3}
    code, _, err = in_process("train", "--config", tmp_path / "run.yaml", "--subset", "5")
    assert code == 2 and "--config takes its data and settings from the run." in err


def test_it_needs_no_framework(tmp_path):
    from tests.conftest import run_command

    code = (
        "import sys; sys.argv[1:] = 'train digits --epochs 2 --print-config'.split();\n"
        "import atexit; atexit.register(lambda: print('keras' in sys.modules, file=sys.stderr))\n"
        "from ganprofile.cli import main; main()"
    )
    done = run_command(code=code)
    assert "dataset: digits" in done.stdout and done.stderr.strip() == "False"
