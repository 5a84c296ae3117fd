"""What the documents name exists: linked files, and the commands and options of examples."""

import functools
import importlib
import json
import re
import shutil
import statistics
import subprocess
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image

import ganprofile as gp
from ganprofile.augmentation.generate import PARENT
from ganprofile.cli.app import app
from ganprofile.recipes.recipes import known_gains
from ganprofile.reporting import citing
from ganprofile.reporting.benchmark_method import MODEL
from tests.cli.test_help import COMMANDS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(page for page in ROOT.glob("docs/**/*.md") if "_generated" not in page.parts),
    *ROOT.glob("samples/*.md"),
]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
PROGRAM = re.compile(r"`([a-z_][\w/-]*/[\w/-]+\.py)`")
CODE = re.compile(r"^```(?:sh|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bganprofile ((?:[a-z]+ ?)+)([^|#\n]*)")
OPTION = re.compile(r"(?<!\S)--[a-z-]+")


@functools.cache
def options_of(words):
    """The options of a command by its words; None where there is no such command."""
    command = typer.main.get_command(app)
    for word in words:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            return None
        if not hasattr(command, "commands"):
            break
    return {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    links = [link for link in LINK.findall(document.read_text()) if "://" not in link]
    in_docs = ROOT / "docs" in document.parents
    found = Path.is_file if in_docs else Path.exists  # Sphinx links no folder of the repository
    missing = [link for link in links if not found(document.parent / link)]
    assert not missing


@functools.cache
def programs():
    """The paths of all Python files, from the root on."""
    folders = (ROOT / name for name in ("ganprofile", "tests", "benchmarks", "docs", "tools"))
    return ["/" + path.relative_to(ROOT).as_posix() for f in folders for path in f.rglob("*.py")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_programs_that_are_named_are_there(document):
    missing = [
        name
        for name in PROGRAM.findall(document.read_text())
        if not any(path.endswith("/" + name) for path in programs())
    ]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_use_commands_and_options_that_exist(document):
    for block in CODE.findall(document.read_text()):
        for words, rest in COMMAND.findall(block.replace("\\\n", " ")):
            known = options_of(tuple(words.split()))
            assert known is not None, f"no command {words}"
            assert set(OPTION.findall(rest)) <= known | {"--help"}, rest


def test_the_tables_of_benefits_are_what_was_measured(script):
    does_it_help, page = script("does_it_help"), (ROOT / "docs" / "results.md").read_text()
    datasets = [name for name, _, _ in does_it_help.summaries(does_it_help.RESULTS)]
    assert len(datasets) == 5
    for lines in (does_it_help.headline(), *(does_it_help.table(only=name) for name in datasets)):
        lines = list(lines)
        assert len(lines) >= 4 and "\n".join(lines) in page  # two arms at least


def test_the_first_page_says_and_shows_what_was_measured(script):
    does_it_help = script("does_it_help")
    for page in ("README.md", "docs/results.md"):
        assert does_it_help.in_a_sentence() in " ".join((ROOT / page).read_text().split())
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
    time_to_set = script("time_to_set")
    rows = json.loads(time_to_set.OUTPUT.read_text())["rows"]
    seconds = [r["seconds"] for r in rows if (r["cell"], r["which"]) == ("22x30", "now")]
    said = f"in {statistics.median(seconds):.0f} s on two cores"
    assert said in (ROOT / "README.md").read_text()
    rows = [{"title": title, **found} for title, found in does_it_help.headline_rows()]
    drawn = drawn_in("does-it-help.png")
    assert drawn == [{name: row[name] for name in drawn[0]} for row in rows]
    assert {"title", "mean", "low", "high", "direction"} == drawn[0].keys()


def drawn_in(picture):
    with Image.open(ROOT / "samples" / picture) as image:
        return json.loads(image.text["Description"])


def test_the_table_of_unlabelled_images_is_what_was_measured(script):
    unlabelled = script("unlabelled")
    lines = list(script("does_it_help").table(unlabelled.results_of(False), unlabelled.BASELINES))
    assert len(lines) > 2 and "\n".join(lines) in (ROOT / "docs" / "results.md").read_text()


def test_the_table_of_other_scripts_is_what_was_measured(script):
    scripts = script("scripts")
    does_it_help = script("does_it_help")
    page = (ROOT / "docs" / "results.md").read_text()
    lines = list(does_it_help.table(scripts.RESULTS, scripts.BASELINES))
    assert len(lines) > 2 and "\n".join(lines) in page
    sentence = does_it_help.in_a_sentence(scripts.RESULTS, does_it_help.SOME)
    assert sentence in " ".join(page.split())
    in_short = sentence.partition(";")[0].removeprefix("It")
    assert f"it{in_short}." in (ROOT / "README.md").read_text()
    found = list(does_it_help.headline_rows(scripts.RESULTS, does_it_help.SOME))
    drawn = drawn_in("other-scripts.png")
    assert [row["mean"] for row in drawn] == [comparison["mean"] for _, comparison in found]


def test_the_table_of_published_figures_is_what_was_measured(script):
    published = script("published")
    rows = json.loads(published.RESULTS.read_text())["rows"]
    lines = list(published.table(list(rows.values())))
    assert len(lines) > 2 and "\n".join(lines) in (ROOT / "docs" / "results.md").read_text()


@pytest.mark.parametrize("name", ["lift", "layer"])
def test_the_tables_of_the_experiment_log_are_what_was_measured(script, name):
    results, baselines = script(name).RESULTS, script("lift").BASELINES
    lines = list(script("does_it_help").table(results, baselines))
    assert len(lines) > 2
    assert "\n".join(lines) in (ROOT / "docs" / "lift.md").read_text()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the real images alone", "real hard"),
        ("the set", "set hard"),
        (
            "the set, each image weighted by how sure its label is",
            "set hard, weighted by its surety",
        ),
        ("the set and the real images", "real and set hard"),
        ("only what the teachers are sure of (90 % and more)", "set hard, the sure ones"),
    ],
)
def test_the_table_of_support_vector_machines_is_what_was_measured(said, shown):
    results = ROOT / "benchmarks" / "results" / "how_to_use.json"
    rows, figures = json.loads(results.read_text())["rows"], []
    for cell in ("mnist:10", "emnist:15"):
        some = [100 * rows[f"{cell} | {subset} | svm | {shown}"] for subset in range(3)]
        figures.append(f"{np.mean(some):.2f} ({min(some):.2f}..{max(some):.2f})")
    page = (ROOT / "docs" / "how-to" / "scikit-learn.md").read_text().replace("**", "")
    assert f"| {said} | {' | '.join(figures)} |" in page


def test_the_table_of_sizes_that_tell_is_what_was_measured(script):
    size_tells = script("size_tells")
    rows = json.loads(size_tells.OUTPUT.read_text())["rows"]
    page = (ROOT / "docs" / "lift.md").read_text()
    assert "\n".join(size_tells.table(rows)) in page
    kept, others = (
        [r["tells"] for r in rows if ("kept" in r["set"]) is is_kept] for is_kept in (True, False)
    )
    assert f"in {sum(kept)} of {len(kept)} subsets whose sizes were\nkept, and in" in page
    assert f"in {sum(others)} of {len(others)} others" in page


def test_the_table_of_several_views_is_what_was_measured(script):
    several_views = script("several_views")
    rows = json.loads(several_views.OUTPUT.read_text())["rows"]
    lines = list(several_views.table(rows.values()))
    assert len(lines) > 2 and "\n".join(lines) in (ROOT / "docs" / "lift.md").read_text()


def test_the_table_of_verdicts_is_what_was_simulated(script):
    verdicts = script("verdicts")
    rows = json.loads((verdicts.RESULTS / "verdicts.json").read_text("utf-8"))["rows"]
    lines = list(verdicts.table(rows))
    assert len(lines) > 2 and "\n".join(lines) in (ROOT / "docs" / "results.md").read_text()


def test_the_table_of_trainings_without_a_difference_is_what_was_measured(script):
    trainings = script("null_trainings")
    rows = json.loads((script("verdicts").RESULTS / "null_trainings.json").read_text("utf-8"))
    lines = list(trainings.table(rows))
    assert len(lines) > 2 and "\n".join(lines) in (ROOT / "docs" / "results.md").read_text()


GAIN = re.compile(  # +2.17 (+1.73..+2.61)
    r"([+-]\d\.\d\d)\s*(?:points\s*)?(?:more\s*)?\(([+-]\d\.\d\d)(?:\.\.| to )([+-]\d\.\d\d)"
)
EXPLORED = {  # in the experiment log: of other measurements, or of some that were not kept
    "-0.08 (-0.36..+0.14)",
    "+0.03 (-0.35..+0.25)",
    "+0.11 (-0.16..+0.38)",
    "+0.97 (-0.04..+1.98)",
    "-0.28 (-0.96..+0.40)",
}


def test_gains_are_said_everywhere_as_they_were_measured(script):
    """One source, the committed results, and one rounding."""
    does_it_help, results = script("does_it_help"), ROOT / "benchmarks" / "results"
    known = {
        does_it_help._said(one).partition(":")[0]
        for folder in ("does_it_help", "scripts", "unlabelled", "lift", "layer")
        for _, _, compared in does_it_help.summaries(results / folder)
        for one in compared.values()
    }
    found = set()
    for document in DOCUMENTS:
        lines = document.read_text().splitlines()
        text = "\n".join(line for line in lines if not line.startswith("|"))  # tables have tests
        found |= {(f"{mean} ({low}..{high})", document) for mean, low, high in GAIN.findall(text)}
    assert len(found) > 15
    strange = {(gain, page.name) for gain, page in found if gain not in known}
    assert strange == {(gain, "lift.md") for gain in EXPLORED}
    gains = {gain.sentence().partition(": ")[2] for gain in known_gains()}
    shown = {re.sub(r"( points|, 10 subsets)", "", gain) for gain in gains}
    assert shown <= known, "and by augment"


def test_what_helps_by_size_and_an_example_are_what_was_measured(script):
    does_it_help = script("does_it_help")
    page = " ".join((ROOT / "docs" / "how-to" / "no-gain.md").read_text().split())
    assert does_it_help.by_size() in page
    statistics = " ".join((ROOT / "docs" / "results.md").read_text().split())
    for sentences in (MODEL, does_it_help.worked_example()):
        assert all(" ".join(one.split()) in statistics for one in sentences)


def test_how_to_cite_is_the_same_everywhere():
    yaml = pytest.importorskip("yaml")
    content = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    (author,) = content["authors"]
    assert (content["title"], author["name"]) == (citing.TITLE, citing.AUTHORS)
    assert content["license"] == citing.LICENCE and content["version"] == gp.__version__
    entry = citing.software(gp.__version__)
    assert f"```bibtex\n{entry}\n```" in (ROOT / "docs" / "background.md").read_text("utf-8")
    assert all("year" in one for one in content["references"] if one["type"] == "article")
    titles = {" ".join(one["title"].split()) for one in content["references"]}
    cited = re.findall(r"title   = \{(.+?)\},\n", citing.STATISTICS, re.DOTALL)
    assert {" ".join(re.sub("[{}]", "", title).split()) for title in cited} <= titles


def test_augment_promises_what_was_measured(script):
    does_it_help = script("does_it_help")
    assert json.loads(does_it_help.GAINS.read_text()) == does_it_help.gains()


def test_the_documents_have_links_and_examples():
    texts = [document.read_text() for document in DOCUMENTS]
    assert sum(len(LINK.findall(text)) for text in texts) > 100
    assert sum(len(COMMAND.findall(block)) for text in texts for block in CODE.findall(text)) > 40


def test_the_pattern_finds_what_it_should():
    ((words, rest),) = COMMAND.findall("RUN=$(ganprofile train --dataset digits --jit)")
    assert words.split() == ["train"] and OPTION.findall(rest) == ["--dataset", "--jit"]
    assert options_of(("datasets", "list")) is not None
    assert options_of(("dance",)) is None
    assert "--strategy" in options_of(("train",)) and "--dance" not in options_of(("train",))


def test_the_rows_of_studies_are_what_was_measured():
    page = (ROOT / "docs" / "studies.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    pages = (ROOT / "benchmarks" / "results" / "studies").glob("*/study.md")
    measured = {line for page in pages for line in page.read_text("utf-8").splitlines()}
    assert len(rows) > 10 and set(rows) <= measured


def test_the_tables_of_photographs_are_what_was_measured(script):
    photographs = script("photographs")
    content = json.loads(photographs.RESULT.read_text("utf-8"))
    for lines in (photographs.steps_lines, photographs.study_lines):
        page = ROOT / "docs" / "how-to" / "photographs.md"
        assert "\n".join(lines(content)) in page.read_text("utf-8")


def test_every_public_name_has_its_place_in_the_reference():
    pages = {page: page.read_text() for page in (ROOT / "docs/reference/python").glob("*.md")}
    directive = re.compile(r"^\.\. [\w:]+:: ganprofile\.(\w+)$", re.MULTILINE)
    described = [name for text in pages.values() for name in directive.findall(text)]
    assert sorted([*described, "__version__"]) == sorted(gp.__all__)
    index = (ROOT / "docs/reference/python.md").read_text()
    lines = re.findall(r"^- \[.+\]\(python/(\w+)\.md\): .+\.$", index, re.MULTILINE)
    assert sorted(lines) == sorted(page.stem for page in pages)
    constants = {"DATASETS", "PRESETS"}  # of which Sphinx would say what it says of any dict
    listed = set(re.findall(r"~ganprofile\.(\w+)$", index, re.MULTILINE))
    assert listed == set(described) - constants


def test_every_command_has_its_page_in_the_reference(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(ROOT / "docs")
    generated = importlib.import_module("generated")
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / "dance.md").write_text("# of a command that went")
    generated.write(tmp_path)
    pages = {path.stem: path.read_text() for path in (tmp_path / "commands").glob("*.md")}
    commands = {words: one for words, one in _commands(typer.main.get_command(app), ()) if words}
    assert pages.keys() == {"-".join(words) for words in commands}
    index = (tmp_path / "commands.md").read_text()
    for words, command in commands.items():
        page, name = pages["-".join(words)], " ".join(("ganprofile", *words))
        assert page.startswith(f"# {name}\n")
        assert f"(commands/{'-'.join(words)}.md#{name.replace(' ', '-')}): " in index
        for parameter in command.get_params(typer.Context(command)):
            assert getattr(parameter, "hidden", False) or _title(parameter) in page


def _commands(command, words):
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*words, name))


def _title(parameter):
    """How the page of a command begins the description of an option."""
    typed = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
    return f"```{{option}} {typed}" if typed else parameter.name.upper()


def test_what_a_reader_writes_in_a_clone_is_no_part_of_it():
    """The folders that commands make by themselves, and those of README and tutorial."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    documents = [ROOT / "README.md", ROOT / "docs" / "tutorial.md"]
    said = [re.findall(r"--output (\S+)", path.read_text("utf-8")) for path in documents]
    options = (one for command in COMMANDS.values() for one in command.params)
    made = {one.default for one in options if one.name == "output" and one.default}
    places = sorted({*map(str, made), *said[0], *said[1], PARENT, "augmented", "classified"})
    assert {"pictures", "runs", "evaluation", "bigger", "study"} <= set(places)
    ignored = subprocess.run(
        ["git", "check-ignore", *(f"{place}/file" for place in places)],
        cwd=ROOT, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert ignored == [f"{place}/file" for place in places]
    assert "samples" not in places, "which is a folder of the project"
