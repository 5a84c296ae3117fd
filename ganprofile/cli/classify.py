"""`ganprofile classify`."""

from pathlib import Path

from ganprofile.cli import choices, data, names
from ganprofile.cli.flags import refuse_idle
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.console import are, say
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable, refuse_existing


@data.takes_data()
def classify(
    pictures: argument(
        list[Path] | None, help="Photographs or scans.", more="Or folders of them."
    ) = None,
    *,
    train: data.of_data(
        str | None,
        "--train",
        "--dataset",
        help="Train a reader on it.",
        more=data.NAMED,
        panel=ESSENTIAL,
    ) = None,
    model: choices.choice(
        str | None,
        "model",
        names.READERS,
        help="With --train: the kind of reader.",
        more=f"{names.said(names.READERS)}.",
        panel=ESSENTIAL,
        show_default="the best for so many images",
    ) = None,
    small: option(
        bool,
        "--small",
        help="With --train: one small network, taught by several.",
        more="At most 1 MB; the same as --model student.",
        panel=ESSENTIAL,
    ) = False,
    name: option(
        str | None,
        help="With --train: the reader's name in readers/.",
        panel=ESSENTIAL,
        metavar="NAME",
    ) = None,
    reader: option(
        Path | None,
        help="A reader: its name in readers/, or its folder.",
        more="Or an exported one.",
        panel=ESSENTIAL,
        metavar="FOLDER",
        show_default="the newest in readers/",
    ) = None,
    single: option(
        bool,
        "--single",
        help="Each picture holds one character.",
        more="Such as a cell of a form.",
        panel=ESSENTIAL,
    ) = False,
    subset: option(
        int | None, help="With --train: take N images of each class.", panel=HOW_MANY
    ) = None,
    unlabelled: data.of_data(
        str | None,
        help="With --train: more images, whose labels are not known.",
        more="A folder of them, or a dataset's name.",
        panel=HOW_MANY,
    ) = None,
    effort: choices.choice(
        str | None,
        "effort",
        names.EFFORTS,
        help="With --unlabelled: quick, or full, an hour more for better labels.",
        more="As of ganprofile label.",
        panel=HOW_MANY,
        show_default="quick",
    ) = None,
    sure: option(
        float,
        min=0.0,
        max=1.0,
        help="Read only what is so certain, such as 0.99.",
        more="Other characters become ?.",
        panel=HOW_MANY,
        metavar="SHARE",
        show_default="all, however uncertain",
    ) = 0.0,
    no_variants: option(
        bool,
        "--no-variants",
        help="With --train: digits only as they are.",
        more="None with a European upstroke or hook.",
    ) = False,
    show: choices.choice(
        str | None,
        "choice of pictures",
        names.SHOWN,
        "--pictures",
        help=f"Which get a PNG, as read: {names.said(names.SHOWN)}.",
        more="The picture beside its characters as they were read. doubtful: those with a "
        "character less sure than --sure or, without it, than the reader's card asks for, and "
        "those in which nothing was found.",
        panel=ESSENTIAL,
        show_default="none; with --output all",
    ) = None,
    output: option(
        Path | None,
        help="The reader's folder, or one for what was read.",
        more="Of what was read it holds overview.png, a sheet of all characters, and those of "
        "--pictures.",
        panel=ESSENTIAL,
        metavar="FOLDER",
        show_default="classified/",
    ) = None,
    seed: choices.Seed = 0,
    loading,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Read photographs of handwriting, a line per row; or, with --train, make a reader that can.

    Example: ganprofile classify --train mnist

    Example: ganprofile classify page.jpg --pictures all
    """
    import ganprofile as gp

    if train is None:
        training = {"model": model, "small": small, "name": name, "subset": subset}
        training |= {"unlabelled": unlabelled, "effort": effort, "no_variants": no_variants}
        training |= loading
        training.pop("bits", None)  # of pictures, too
        refuse_idle("is of a reader that is trained. Say --train DATA", training)
    else:
        if not pictures:
            reading = {"sure": sure, "pictures": show, "single": single}
            refuse_idle("is of pictures that are read. Name some", reading)
        refuse_idle("would not be used: the reader that --train makes reads", {"reader": reader})
        _check_certain(model, sure)
        if unlabelled is None:
            refuse_idle("is of images without labels. Say --unlabelled DATA", {"effort": effort})
        options = {"subset": subset, "unlabelled": unlabelled, "variants": not no_variants}
        options |= {"effort": effort or names.EFFORTS[0]}
        options |= {"output": _folder(name, output, force), "seed": seed, "force": force, **loading}

        def reader():
            made = gp.train_reader(train, _kind(model, small), **options)
            _print_reader(made, json, bool(pictures))
            return made

        if not pictures:
            reading = ["PICTURE", "--reader", reader().path, "--pictures", "all"]
            say_next("read a picture", "classify", *reading, as_json=json)
    if pictures or train is None:
        reading = {"single": single, "bits": loading.get("bits"), "sure": sure, "force": force}
        _read(pictures or (), reader, show, None if train else output, json, **reading)


def _read(pictures, reader, show, output, json, **reading):
    """Read pictures, and say what they show and what can be done next."""
    import ganprofile as gp

    show, target = _target(show, output)
    found = gp.classify(pictures, reader, output=target, show=show, **reading)
    _print_pictures(found, json)
    _say_what_next(found, target, reading["sure"])
    _refuse_problems(found)


def _refuse_problems(found):
    """Fail where a picture could not be read, after what was read of the others is printed."""
    problems = [one.problem for one in found if one.problem]
    if problems:
        more = len(problems) - 1
        others = f"{more:,} more {are(more)} as it is; the" if more else "The"
        raise GanprofileError(f"{problems[0]} {others} other pictures were read.")


def _check_certain(model, sure):
    """Refuse --sure of a kind of reader that does not know how sure it is, before one is made."""
    if sure and model is not None:
        from ganprofile.recognition.classify import check_certain
        from ganprofile.recognition.models import MODELS

        check_certain(MODELS[model].kind, sure, f"--model {model}")


def _kind(model, small):
    """Which model is trained, or None."""
    if not small:
        return model
    if model not in (None, "student"):
        raise UsageError(f"--small is --model student. Received: --model {model}, too.")
    return "student"


def _folder(name, output, force):
    """Where a reader is put, or None."""
    if name is None:
        return output
    if output is not None:
        raise UsageError(f"--name makes readers/{name}, --output {output}. Say one of them.")
    if Path(name).name != name:
        raise UsageError(f"--name is a name in readers/, no path: {name}. For a path say --output.")
    if not name.strip() or name.startswith("."):
        raise UsageError(f"--name is a name in readers/ with no dot before it. Received: {name!r}.")
    refuse_existing(Path("readers") / name, force, "Choose another --name, or say --force.")
    return Path("readers") / name


def _target(show, output):
    """Which pictures are shown, and in which folder, or None."""
    if output is not None:
        return show or "all", output
    return show or names.NONE, Path("classified") if show not in (None, names.NONE) else None


def _say_what_next(found, target, sure):
    from ganprofile.recognition.classify import UNCERTAIN

    characters = [character for one in found for row in one.rows for character in row]
    if characters and not found[0].is_certain:
        say(f"The reader: {UNCERTAIN}, so that none is called doubtful.")
    unsure = sum(one.unsure for one in found)
    if unsure:
        say(
            f"{unsure:,} of {len(characters):,} characters are less sure than {sure:g}: they are ?."
        )
    if target is not None:
        _say_what_is_kept(found, target, characters)
    elif characters:
        say("To see each picture beside its characters as they were read, add --pictures all.")


def _say_what_is_kept(found, target, characters):
    from ganprofile.recognition.shown import OVERVIEW

    doubtful = sum(character["doubtful"] for character in characters)
    shown = sum(one.shown is not None for one in found)
    if shown:
        number = "1 picture" if shown == 1 else f"{shown:,} pictures"
        say(f"{target}: {number} beside the characters as they were read.")
    say(
        f"{target / OVERVIEW}: what was read, {doubtful:,} of {len(characters):,} characters "
        "framed as doubtful."
    )


def _print_reader(reader, json, reads):
    """Say what it is; where pictures are read next, what was read is the only JSON."""
    for sentence in reader.sentences():
        say(printable(sentence))
    if json and reads:
        say(f"The reader: {reader.path}")
    elif json:
        choices.print_json({"reader": str(reader.path), **reader.info})
    else:
        print(reader.path)


def _print_pictures(found, json):
    from ganprofile.recognition.shown import caption

    if json:
        choices.print_json([{**vars(one), "text": one.text} for one in found])
        return
    for one in found:
        print(f"{printable(one.path)}:")
        if not one.rows:
            print("  unreadable" if one.problem else "  nothing found")
        for row in one.rows:
            print("  " + "  ".join(map(caption, row)))
        if one.shown is not None:
            print(f"  {printable(one.shown)}")
