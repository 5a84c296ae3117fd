"""Pictures from a trained generator: single images, grids, walks, lines of text."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.loaders.writers import is_whole
from ganprofile.errors import GanprofileError, UsageError, kept_if_stopped
from ganprofile.images import (
    MOST_CLASSES_SHOWN,
    enlarge,
    on_paper,
    save_gif,
    save_png,
    screen_factor,
)
from ganprofile.images import grid as lay_out
from ganprofile.reading_order import in_reading_order
from ganprofile.runs.run import Run
from ganprofile.sampling.grids import ENLARGEMENT, columns_of, drawn_grid, usual_count
from ganprofile.storage.characters import as_written, characters_of
from ganprofile.storage.files import (
    composed,
    expanded,
    file_name,
    made_folder,
    printable,
    refuse_existing,
)
from ganprofile.storage.names import all_or_some, as_word, is_several
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable

if TYPE_CHECKING:
    from ganprofile.datasets import Dataset

LONGEST, DIGEST = 40, 8  # signs of a text in a file's name, and of what tells long ones apart
Writer: TypeAlias = str | int | None  # an id, or None for whoever comes first
Write: TypeAlias = Callable[[Path], None]

# What brings a writer's pictures into the form of those that the model learned from.
OF_PICTURES = ("photographs", "keep_size", "transpose", "rotate", "invert", "bits", "zip_encoding")
SINGLES = 16  # images, where nobody says how many
WALK_STOPS, FRAMES_PER_STOP = 6, 10
SPACE_WIDTH = 0.5  # of an image's width


def sample(
    source: Run | StrPath,
    output: StrPath = "pictures",
    *,
    count: int | None = None,
    label: str | int | None = None,
    writer: str | int | None = None,
    style: Dataset | StrPath | None = None,
    seed: int = 0,
    grid: bool = False,
    animate: bool = False,
    text: str | None = None,
    force: bool = False,
    offline: bool = False,
) -> list[Path]:
    """Draw pictures and write them; without `grid`, `animate` and `text` single PNGs.

    They are for people: dark ink on white paper, enlarged three times or more. For arrays there is
    `Run.sample`, for sets `generate`.

    Args:
        source: a `Run`, the path of a run folder, of a model or of an exported model, or a model's
            name, such as `hf:user/name` on Hugging Face's Hub.
        output: the folder to write into.
        count: how many images (single and grid), 1 or more; None makes 16 single ones, and in a
            grid as many of every class.
        label: the class to draw; None goes through all.
        writer: the number, or the name by the model's data, of the writer in whose style to draw;
            None goes through all, but a text and a walk keep to the first.
        style: draw as a writer whom the model has not met: some of their images, a `Dataset`
            or a path for `load`, such as a folder with a subfolder for each class.
        seed: in 0..2147483647; the same seed gives the same pictures.
        grid: write one PNG with all images, a row for each class with its name; of more than 100
            classes the first 100.
        animate: write a GIF of a walk through latent space.
        text: write these characters as one PNG, each drawn by the model.
        force: replace pictures of the same name.
        offline: refuse to download a model.

    Returns:
        The paths written, a list of `Path`.

    Raises:
        UsageError: the model does not know a class, writer or character, or a picture exists and
            `force` is not set.
        GanprofileError: for a style the model's own data are needed, and cannot be had again.

    Example:
        >>> [path.name for path in gp.sample("digits-cgan", count=2, label="7")]
        ['digits-cgan-seed0-7-0000.png', 'digits-cgan-seed0-7-0001.png']
        >>> [path.name for path in gp.sample("digits-cgan", text="2026")]
        ['digits-cgan-seed0-text-2026.png']
    """
    run = Run.open(source, offline)
    _check(run, label, writer, style, text)
    writer = _number_of(run, writer)
    singles_wanted = SINGLES if count is None else count
    run.conditions_of(singles_wanted, label, seed, writer=writer)
    if count is not None and not grid and (animate or text is not None):
        raise UsageError("`count` is of single pictures and of a grid. Remove it.")
    stem = _stem(run, seed, label, writer, style)
    draws: dict[str, Callable[[Run, Writer], Write]] = {}
    if grid:
        in_grid = usual_count(run, label) if count is None else count
        draws["-grid.png"] = lambda run, writer: _png(drawn_grid(run, in_grid, label, writer, seed))
    if animate:
        draws["-walk.gif"] = lambda run, writer: _walk(run, label, writer, seed)
    if text is not None:
        written = _characters(run, text)
        draws[f"-text-{_short(_safe(text))}.png"] = lambda run, writer: _line_of_text(
            run, written, writer, seed
        )
    singles = [] if draws else [f"-{index:04d}.png" for index in range(singles_wanted)]
    places = [expanded(output) / f"{stem}{end}" for end in (*draws, *singles)]
    for place in places:
        refuse_existing(place, force)
    check_writable(places[0], singles_wanted * math.prod(run.image_shape) * ENLARGEMENT**2)
    if style is not None:  # only now, for its images are read and looked at
        run, writer = _with_style(run, style)
    drawn = [draw(run, writer) for draw in draws.values()]
    if singles:
        images = run.sample(singles_wanted, label, seed, writer=writer)
        drawn = [_png(picture) for picture in enlarge(on_paper(images), ENLARGEMENT)]
    with made_folder(output), kept_if_stopped(lambda: _kept(places, force)):
        for place, write in zip(places, drawn, strict=True):
            write(place)
    return places


def _kept(places: list[Path], force: bool) -> str:
    """What is there after an interruption; the command again would be refused for it."""
    saved = sum(place.exists() for place in places)
    if not saved:
        return ""
    again = "The same command" if force else "The same command with `force=True`"
    there = f"{saved:,} of {len(places):,} pictures are in {places[0].parent}."
    return f"{there} {again} makes them all."


def _check(
    run: Run,
    label: str | int | None,
    writer: str | int | None,
    style: Dataset | StrPath | None,
    text: str | None,
) -> None:
    """Refuse what cannot be meant together, several of one thing, and a style that is not there."""
    for option, value in (("label", label), ("writer", writer)):
        if not isinstance(value, str) and is_several(value):
            raise UsageError(
                f"`{option}` is one of them. Draw several with Run.sample, or with one call for "
                f"each. Received: {value!r:.60}."
            )
    if text is not None and label is not None:
        raise UsageError("A text says itself which characters to draw. Remove `label`.")
    if style is not None and writer is not None:
        raise UsageError("`writer` is one whom the model knows, `style` another. Give one of them.")
    if style is not None:
        from ganprofile.sampling.style_adaptation import refuse_untold

        refuse_untold(run)
    if isinstance(style, (str, os.PathLike)):
        from ganprofile.datasets import check_request

        check_request(style)


def _number_of(run: Run, writer: Writer) -> Writer:
    """The number of a writer who is asked for by name: a model has numbers, and its data names,
    which may be numbers as well."""
    if not isinstance(writer, str) or "writer" not in run.conditions:
        return writer
    from ganprofile.datasets.named_writers import number_of_writer
    from ganprofile.datasets.recipe import GivenAsArrays

    known = [str(number) for number in run.condition_values["writer"]]
    try:
        number = number_of_writer(writer, run.dataset(offline=True))
    except GanprofileError as error:
        if not is_whole(writer) and not isinstance(error, GivenAsArrays):
            raise
        if writer in known:
            say(
                f"{writer} is taken for a writer's number: the data, which know who is called so, "
                "are not at hand."
            )
        return writer  # and is refused as any value that is not known
    if writer == str(number):
        return writer
    if writer in known:
        say(f"{writer} was taken for a name, that of writer {number}, not for a number.")
    return number


def _stem(
    run: Run,
    seed: int,
    label: str | int | None,
    writer: str | int | None,
    style: Dataset | StrPath | None,
) -> str:
    """How the names of all pictures begin."""
    chosen = {"": label, "writer": writer, "style": style if style is None else _name(style)}
    said = [f"-{word}{_safe(value)}" for word, value in chosen.items() if value is not None]
    return f"{run.path.name}-seed{seed}{''.join(said)}"


def _png(picture: np.ndarray) -> Write:
    return lambda path: save_png(path, picture)


def _name(style: Dataset | StrPath) -> str:
    return Path(style).stem if isinstance(style, (str, os.PathLike)) else style.name


def _with_style(run: Run, style: Dataset | StrPath) -> tuple[Run, str | int]:
    """The run with one more writer, and that writer's number."""
    from ganprofile.datasets.recipe import GivenAsArrays
    from ganprofile.sampling.style_adaptation import StyleAdapter

    if isinstance(style, (str, os.PathLike)):
        style = _read_style(run, style)
    try:
        return StyleAdapter(run).with_writer(style)
    except GivenAsArrays as error:
        raise GanprofileError(
            f"{run.path.name} was trained on arrays, and a style is told from those. Give them, as "
            "dataset, in Python: "
            "ganprofile.sampling.style_adaptation.StyleAdapter(run, dataset).with_writer(style) "
            "makes a run that draws in it, and the number of its writer."
        ) from error


def _read_style(run: Run, style: StrPath) -> Dataset:
    """A writer's images, read as those were that the model learned from."""
    from ganprofile.datasets import load
    from ganprofile.datasets.file_options import takes_labels
    from ganprofile.datasets.raw_scans import say_small
    from ganprofile.datasets.reading_alike import read_as

    height, width, channels = run.image_shape
    form: dict[str, Any] = {}
    if takes_labels(style):
        known = read_as(run.config["dataset"].get("recipe"))
        form = {option: known[option] for option in OF_PICTURES if option in known}
    if height == width:  # else they have to be of that shape
        form["image_size"] = height
    if kind := form.get("photographs"):
        say(
            f"{printable(style)}: read as the images were that the model learned from, with "
            f"`photographs={kind!r}`."
        )
    images, _ = load(style, channels=1 if channels == 1 else 3, **form)
    if kind is None:
        crop = (
            f"ganprofile datasets import {as_word(style)} --photographs scans "
            f"--image-size {as_word(height)} --name NAME"
        )
        say_small(images, f"crop them with {crop}, and give that name")
    return images


def _walk(run: Run, label: str | int | None, writer: str | int | None, seed: int) -> Write:
    """An animation in which every class takes the same way at the same time."""
    from ganprofile.gan.drawing import walk

    all_classes = label is None and "label" in run.conditions
    tracks = min(len(run.class_names), MOST_CLASSES_SHOWN) if all_classes else 1
    condition_indices = run.condition_indices(tracks, label=label, writer=_one_writer(run, writer))
    frames = walk(run.generator, seed, WALK_STOPS, FRAMES_PER_STOP, **condition_indices)
    pictures = np.stack([lay_out(frame, columns_of(frames.shape[1])) for frame in frames])
    larger = enlarge(pictures, max(ENLARGEMENT, screen_factor(*pictures.shape[1:3])))
    return lambda path: save_gif(path, larger)


def _characters(run: Run, text: str) -> list[str | None]:
    """The class that draws each character of a text, None for a space.

    Raises:
        UsageError: there is nothing to write, or the model does not know a character.
    """
    if not text.strip():
        raise UsageError(f"There is nothing to write in the text {text!r}.")
    characters = characters_of(composed(text), run.class_names)
    names = [_known_character(run, character) for character in characters]
    unknown = dict.fromkeys(name for name in names if name not in (None, *run.class_names))
    if unknown and "label" in run.conditions:
        raise UsageError(
            f"{run.path.name} cannot write {' '.join(map(repr, unknown))}. It can write: "
            f"{all_or_some(_writable(run)) or 'nothing, for no class is a single character'}."
        )
    written = [name for name in names if name is not None]
    run.conditions_of(len(written), written)
    return names


def _line_of_text(run: Run, names: list[str | None], writer: Writer, seed: int) -> Write:
    written = [name for name in names if name is not None]
    images = iter(run.sample(len(written), written, seed, writer=_one_writer(run, writer)))
    height, width, channels = run.image_shape
    space = np.zeros((height, round(width * SPACE_WIDTH), channels), np.uint8)
    line = [space if name is None else next(images) for name in names]
    # What turns a row as it stands into the order of reading turns a text into a row, too.
    line = [line[place] for place in in_reading_order([{"label": name or " "} for name in names])]
    return _png(enlarge(on_paper(np.concatenate(line, axis=1)), ENLARGEMENT))


def _one_writer(run: Run, writer: Writer) -> Writer:
    """The writer asked for, else the first, so that a picture is in one style."""
    return writer if writer is not None else run.condition_values.get("writer", [None])[0]


def _known_character(run: Run, character: str) -> str | None:
    """The class that draws a character, None for a space.

    EMNIST merges letters whose two cases look alike, so the other case stands in.
    """
    if character.isspace():
        return None
    candidates = [character, character.upper(), character.lower()]
    known = [name for name in candidates if name in run.class_names]
    return known[0] if known else character


def _writable(run: Run) -> list[str]:
    """All characters that a class draws, also those for which the other case stands in."""
    names = [name for name in run.class_names if len(as_written(name)) == 1]
    cases = (case for name in names for case in (name, name.upper(), name.lower()))
    return sorted({case for case in cases if len(as_written(case)) == 1})


def _short(name: str) -> str:
    """A part of a file's name: of a long one the beginning, and a digest that tells it apart."""
    if len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST]
    return f"{name[: LONGEST - DIGEST - 1]}-{digest}"


def _safe(label: Any) -> str:
    """A name as a part of a file's: a sign has its code point, as two signs are two classes."""
    return "".join(
        "_" if one.isspace() else one if file_name(one) == one else f"U+{ord(one):04X}"
        for one in str(label)
    )
