"""What a shell completes: names of datasets, models, runs and classes, without any framework."""

from pathlib import Path

import typer

from ganprofile.cli import names

RUNS = Path("runs")
# Parameters of commands that say what the data or the model are, whose classes are known.
OF_CLASSES = ("images", "dataset", "name", "source", "model", "run")


def of(known):
    """A completion by names; of a list, of its last one."""

    def complete(incomplete: str):
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in known if name.startswith(last)]

    return complete


def datasets(incomplete: str):
    """Datasets with a name, and imported ones; where none fits, the shell goes on with files."""
    from ganprofile.datasets.imports import imported_names

    return [name for name in (*names.DATASETS, *imported_names()) if name.startswith(incomplete)]


def models(incomplete: str):
    """Models at hand."""
    from ganprofile.runs.model_places import model_names

    return [name for name in model_names() if name.startswith(incomplete)]


def runs(incomplete: str):
    """Folders of runs below `./runs`, the newest first."""
    found = sorted((path.parent for path in RUNS.glob("*/config.json")), reverse=True)
    return [str(path) for path in found if str(path).startswith(incomplete)]


def sources(incomplete: str):
    """What draws: models and runs."""
    return [*models(incomplete), *runs(incomplete)]


def anything(incomplete: str):
    """What has images, or draws some."""
    return [*sources(incomplete), *datasets(incomplete)]


def classes(ctx: typer.Context, incomplete: str):
    """The classes of the data or the model that were typed before."""
    typed = [ctx.params[name] for name in OF_CLASSES if ctx.params.get(name)]
    typed += ctx.args  # where Click stopped at the option whose value is being typed
    return of(_classes_of(str(typed[0])) if typed else [])(incomplete)


def _classes_of(source):
    from ganprofile.datasets.imports import imported_names, read_report
    from ganprofile.errors import GanprofileError

    try:
        if source in imported_names():
            return list(read_report(source)["images_per_class"])
        if source in names.DATASETS:
            from ganprofile.datasets.describing import dataset_info

            return dataset_info(source)["classes"]
        from ganprofile.runs.run import Run

        return Run.open(source, offline=True).class_names
    except (GanprofileError, OSError, KeyError):
        return []
