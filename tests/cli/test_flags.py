"""The library's messages in the words of each command."""

import numpy as np
import pytest
import typer

import ganprofile as gp
from ganprofile.cli import flags
from ganprofile.cli.app import app
from ganprofile.cli.groups import Group
from ganprofile.console import say, worded


def command_of(words):
    command = typer.main.get_command(app)
    for word in words.split():
        command = command.commands[word]
    return command


@pytest.mark.parametrize(
    ("command", "message", "said"),
    [
        ("train", "Leave `jit` out, add `output`.", "Leave --jit out, add --output."),
        ("train", '`conditions=("label", "writer")`', "--condition label,writer"),
        ("train", '`device="cpu"` or `epochs=3`', "--device cpu or --epochs 3"),
        ("train", "`tensorboard=True` needs it", "--tensorboard needs it"),
        ("train", "add `data_dir=FOLDER`.", "add --data-dir FOLDER."),
        ("train", "`data_dir='it\\'s `here`'`", """--data-dir 'it'"'"'s `here`'"""),
        ("train", "`penalty=None`", "--penalty none"),
        ("train", "`not a word` and ``", "`not a word` and ``"),
        ("augment", "`per_class=N` or `total=N`", "--per-class N or --total N"),
        ("augment", "with `expect=False`", "with --no-expect"),
        ("augment", "with `only`, not `filter`", "with --only, not filter"),
        ("augment", "`force=False` and `loss='x'`", "force=False and loss='x'"),
        ("benchmark", '`per_class="all"`', "--subset all"),
        ("evaluate", "`classes` or `labelled=False`", "--class or --unlabelled"),
        ("evaluate", "the `source`", "the SOURCE"),
        ("evaluate", "`source='a b'`", "'a b'"),
        ("classify", "`variants=False`", "--no-variants"),
        ("sample", "Remove `label`.", "Remove --class."),
        ("collect scan", "with `sheets`", "with --sheet"),
        ("collect sheet", "Choose another `output`.", "Choose another OUTPUT."),
        ("datasets import", "`drop_duplicates=True`", "--drop-duplicates"),
    ],
)
def test_a_message_is_in_the_flags_of_its_command(command, message, said):
    flags.remember(command_of(command))
    assert flags.in_flags(message) == said


def test_names_with_commas_are_typed_in_quotes():
    flags.remember(command_of("augment"))
    said = flags.in_flags("""Say `only=(',', 'a,b')`.""")
    assert said == """Say --only '",","a,b"'."""


def test_every_group_remembers_the_command_that_runs():
    groups = [typer.main.get_command(app)]
    for group in groups:
        assert isinstance(group, Group)
        groups += [one for one in group.commands.values() if hasattr(one, "commands")]
    assert len(groups) > 3


def test_only_the_command_line_says_flags(in_process, tmp_path, capsys):
    """One message of a nested command, of a plain one, and of Python."""
    np.savez(tmp_path / "x.npz", images=np.zeros((4, 8, 8), "uint8"), labels=np.arange(4) % 2)
    code, _, err = in_process("datasets", "show", tmp_path / "x.npz", "--bits", "11")
    assert code == 2 and "Error: --bits should be" in err
    code, _, err = in_process("sample", "digits-cgan", "--text", "1", "--class", "1")
    assert code == 2 and "Remove --class." in err
    with pytest.raises(gp.UsageError, match="Remove `label`"):
        gp.sample("digits-cgan", tmp_path, text="1", label="1")
    say("`label`")
    with worded(str.upper):
        say("`label`")
    assert capsys.readouterr().err == "`label`\n`LABEL`\n"


def test_what_an_import_found_is_printed_in_flags(in_process, tmp_path):
    images = np.random.default_rng(0).integers(0, 255, (2, 8, 8), dtype=np.uint8)
    parts = {"x_train": images, "y_train": [0, 1], "x_test": images, "y_test": [0, 1]}
    np.savez(tmp_path / "x.npz", **parts)
    code, out, _ = in_process("datasets", "import", tmp_path / "x.npz", "--name", "x", "--dry-run")
    assert code == 0 and "refuses them: --drop-duplicates takes them out" in out
