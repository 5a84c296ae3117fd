"""One line on standard error after a command: what to run next."""

from ganprofile.cli.options import options
from ganprofile.console import say
from ganprofile.storage.files import is_there, printable
from ganprofile.storage.names import as_listed, as_word


def say_next(what, *words, as_json=False):
    """Say what comes next, but not in quiet mode nor beside JSON.

    Args:
        what: what it does, a few words such as "find out whether it helps".
        *words: of the command behind `ganprofile`; each is quoted where a shell needs it.
        as_json: whether the result was printed for other programs.
    """
    said = " ".join(as_word(_no_flag(word)) for word in words)
    _say(f"Next, {what}: ganprofile {said}", as_json)


def _no_flag(word):
    """A word of a command; a path that begins as a flag does is said from here."""
    return f"./{word}" if str(word).startswith("-") and is_there(str(word)) else word


def say_how_to_use(set_folder, as_json=False):
    """Say how a set is best trained on, but not in quiet mode nor beside JSON.

    Args:
        set_folder: of a set with soft labels.
        as_json: whether the result was printed for other programs.
    """
    _say(
        "Train on its soft labels, for long and without further transforms; "
        f"{printable(str(set_folder))}/README.md has the code and what was measured.",
        as_json,
    )


def _say(sentence, as_json):
    if not (options.quiet or as_json):
        say(sentence)


def benchmark_of(data, loading=None, subset=None):
    """The words of the command that finds out whether a recipe helps with some data.

    Args:
        data: a name or path.
        loading: how the user said to load them, which goes for the benchmark as well: a dict of
            options of `load`.
        subset: how many images of each class the set was made of; None for all.
    """
    from ganprofile.datasets.naming import dataset_or_path
    from ganprofile.datasets.sources import DATASETS

    test = [] if dataset_or_path(data) in DATASETS else ["--test", "HELD-OUT"]
    how = options_of(loading or {})
    # The verdict is for these images, however few, or for as many.
    sizes = ["--per-class", "all" if subset is None else str(subset), "--quick"]
    arms = ["--arms", "none,classic,augment"]
    return ["benchmark", data, *test, *how, *arms, *sizes, "--output", "result"]


def can_label(run):
    """Whether `generate` can say what a run draws: it is told the class, or its data, from which
    classifiers learn it, can be loaded again.

    Args:
        run: a `Run`.
    """
    from ganprofile.runs.exported import ExportedRun

    is_known = "label" in run.conditions or bool(run.config["dataset"].get("recipe"))
    return is_known and bool(run.class_names) and not isinstance(run, ExportedRun)


def evaluation_of(made, recipe):
    """The words of the command that judges what was drawn by the data that a run learned from.

    Args:
        made: the folder of the set.
        recipe: of the data, as `from_recipe` takes it; not empty.
    """
    loading = {name: value for name, value in recipe[0].items() if name != "split"}
    data = loading.pop("load")
    for step in recipe[1:]:
        if "of_classes" in step:
            loading["class"] = step["of_classes"]["names"]
    return ["evaluate", made, "--against", data, *options_of(loading)]


def use_of(pushed):
    """What to do with what is on the Hub, and the words of the command.

    Args:
        pushed: a `Pushed`.
    """
    if "reader.json" in pushed.files:
        return "read a picture with it", "classify", "PICTURE", "--reader", pushed.name
    if "generator.keras" in pushed.files:
        return "draw from it", "sample", pushed.name, "--grid"
    return "look at it there", "datasets", "show", pushed.name


def options_of(said):
    """The words of options.

    Args:
        said: name in Python -> value, of options that were said.
    """
    return [word for option in said.items() for word in _option(*option)]


def _option(name, value):
    """The words of an option that was said."""
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        return [flag]
    return [flag, as_listed(value) if isinstance(value, (list, tuple)) else value]
