"""What a dry run found, in sentences: images, size, time, files."""

from ganprofile.cli import choices
from ganprofile.cli.flags import in_flags
from ganprofile.console import clock, counted
from ganprofile.storage.files import printable

UNTOLD = "how long it takes is said once work has begun."


def print_plan(plan, sentences, as_json):
    """Print a `DryRun`: its values for other programs, or what `sentences(plan)` yields."""
    if as_json:
        choices.print_json(plan)
        return
    print("\n".join(sentences(plan)))
    print("Nothing was written.")


def _told(plan, by_what):
    """How long it takes, as far as something earlier tells."""
    known = plan.get("about_seconds")
    return UNTOLD if known is None else f"about {clock(known)}{by_what}"


def of_set(plan):
    """Of `augment`, `generate` and `label`."""
    drawn = plan.get("would_draw")
    if drawn is None:
        labelled, unlabelled = plan["labelled"], plan["unlabelled"]
        yield f"Images: {unlabelled:,} to be labelled, by {labelled:,} that are."
        if "effort" in plan:
            yield f"Effort: {plan['effort']}, about an hour of a processor's core more."
    else:
        counts = [count for count in drawn.values() if count]
        several = sorted(set(counts))
        each = f"{several[0]:,}" if len(several) == 1 else f"{several[0]:,} to {several[-1]:,}"
        part = "" if len(counts) == len(drawn) else f"{len(counts)} of "
        how = plan.get("recipe") or f"filter {plan['filter']}"
        some = f"{part}{counted(len(drawn), 'class')}"
        yield f"Images: {sum(counts):,} for {some}, {each} each, by {printable(how)}."
    if "why" in plan:
        yield f"Recipe: {in_flags(plan['why'])}"
    yield from plan.get("reference", ())
    if "about_bytes" in plan:
        yield f"Size: about {plan['about_bytes'] / 1e6:,.1f} MB."
    yield f"Time: {_told(plan, ', as fast as the last set on this machine.')}"
    yield f"Files: {printable(str(plan.path))}, as {printable(plan['format'])}, with a manifest."


def of_training(plan):
    """Of `train`."""
    data = plan["dataset"]
    yield (
        f"Images: {data.get('images', 0):,} of {printable(data['name'])}, to train the preset "
        f"{printable(str(plan['model']))}."
    )
    yield f"Time: {_how_long(plan)}"
    resumed = "epochs_done" in plan
    where = "those of the run folder" if resumed else "a run folder in"
    yield f"Files: {where} {printable(str(plan.path))}, a few MB."
    if plan.get("choice"):
        yield str(plan["choice"])


def _how_long(plan):
    settings, done = plan["settings"], plan.get("epochs_done")
    if plan.get("finished"):
        return (
            f"none. The run is finished, with {counted(done, 'epoch')}; to train on, add "
            f"--epochs N, more than {done:,}."
        )
    if settings.get("minutes") is not None:
        minutes = settings["minutes"]
        in_all = "" if done is None else f" in all; {done:,} epochs are done"
        return f"{minutes:g} minute{'' if minutes == 1 else 's'}{in_all}."
    size = settings["batch_size"]
    model = printable(plan.get("as_fast_as", ""))
    told = _told(plan, f" (minutes:seconds), if it is as fast as {model} was.")
    if done is not None:
        told = f"{done:,} of them are done; {told}"
    return f"{counted(settings['epochs'], 'epoch')} in batches of {size:,}; {told}"


def of_benchmark(plan):
    """Of `benchmark`."""
    cells = plan.get("cells_to_do", [])
    arms = list(dict.fromkeys(cell[2] for cell in cells))
    sizes = list(dict.fromkeys(str(cell[0]) for cell in cells))
    done = plan.get("cells_done", 0)
    yield (
        f"Trainings: {len(cells):,} to do, {done:,} done; arms {printable(', '.join(arms))}; "
        f"{', '.join(sizes) or 'no'} images of each class."
    )
    if len(plan.get("arms", ())) != 1:  # else nothing is compared
        yield from map(_smallest_gain, plan.get("outlook", ()))
    as_fast = plan.get("as_fast_as", "")
    yield f"Time: {_told(plan, f' (minutes:seconds), as fast as {as_fast}.')}"
    where = "none; --output FOLDER keeps the result" if plan.path is None else str(plan.path)
    yield f"Files: {printable(where)}."


def _smallest_gain(outlook):
    from ganprofile.benchmarking.sizes import said

    where, gain = said(outlook["per_class"]), outlook["smallest_gain"]
    if gain is None or gain > 1:
        return f"Gains {where}: none can be shown with so few test images and subsets."
    return f"Gains {where}: of about {100 * gain:.2f} points or more can be shown."


def of_export(plan):
    """Of `models export`."""
    yield f"Files: {printable(str(plan.path))}, as {plan['would_write']}, a few MB."
    yield "Time: under a minute; 1,000 outputs are compared with Keras."


def _how_often(kept, wanted):
    """What is said of a step that is measured more than once, or that has been."""
    often = f", {wanted} times" if wanted > 1 else ""
    return f"{often}; {'kept' if kept == wanted else f'{kept} kept'}" if kept else often


def of_study(plan):
    """Of `study`."""
    for name, what in plan["steps"].items():
        kept, wanted = plan["kept"][name], plan["repeats"][name]
        yield f"Step {printable(name)}: {printable(what)}{_how_often(min(kept, wanted), wanted)}"
    missing = plan["to_download"]
    if missing:
        yield f"Data: to be downloaded, for not here: {', '.join(map(printable, missing))}."
    yield f"Time: {UNTOLD}"
    yield f"Files: {printable(str(plan.path))}."
