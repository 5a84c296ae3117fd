"""`classify`: read photographs and scans."""

import dataclasses
import numbers
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.console import ProgressBar, say
from ganprofile.datasets.capture.glyphs import BOX
from ganprofile.datasets.capture.page import Character
from ganprofile.datasets.loaders.depth import common_depth
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import shape_in_words
from ganprofile.reading_order import in_reading_order
from ganprofile.recognition.calibration import own_calibration
from ganprofile.recognition.found import Finder, FoundIn, oddities, together
from ganprofile.recognition.lying import Lying
from ganprofile.recognition.reader import Reader, is_of_photographs
from ganprofile.recognition.shown import ShownPictures, doubt_level, pictures_at, said
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.paths import StrPath, several

UNCERTAIN = (
    "its certainties do not say which characters it misreads; those of a reader by another model do"
)
AT_ONCE = 32  # characters that are read together: a reader takes long to begin


@dataclasses.dataclass(frozen=True)
class ReadPicture:
    """What was read in a picture.

    Attributes:
        path: of the picture.
        rows: a list of rows, each a list of dicts in the order in which they are
            read, from the right where most are letters of a script that runs so: `label`, the name
            of the class; `probability`;
            `sure`, whether that is as much as was asked; `doubtful`, whether it is less than the
            reader's card, or `sure`, asks for; `box`, top, left, bottom and right in shares of the
            picture.
        shown: the path of a PNG, the picture beside the characters as they were read, or None.
        problem: why the picture could not be read, a sentence, or None.
        is_certain: whether `probability` says which characters are misread, as that of an SVM does
            not; else none is called doubtful.

    Example:
        >>> from pathlib import Path
        >>> from ganprofile.recognition import ReadPicture
        >>> rows = [[{"label": "4"}, {"label": "2"}], [{"label": "7"}]]
        >>> print(ReadPicture(Path("page.png"), rows).text)
        42
        7
    """

    path: Path
    rows: list[list[dict[str, Any]]]
    shown: Path | None = None
    problem: str | None = None
    is_certain: bool = True

    @property
    def text(self) -> str:
        """The labels, a line per row; `?` for those that are not sure."""
        return "\n".join("".join(map(said, row)) for row in self.rows)

    @property
    def unsure(self) -> int:
        """How many characters are not read as surely as was asked."""
        return sum(not one.get("sure", True) for row in self.rows for one in row)

    @property
    def doubtful(self) -> bool:
        """Whether any of its characters is, or none was found."""
        return not self.rows or any(one.get("doubtful") for row in self.rows for one in row)


def classify(
    pictures: StrPath | Iterable[StrPath],
    reader: Reader | StrPath | Callable[[], Reader] | None = None,
    *,
    single: bool = False,
    bits: int | None = None,
    sure: float = 0.0,
    output: StrPath | None = None,
    show: str = "all",
    force: bool = False,
    progress: bool = True,
) -> list[ReadPicture]:
    """Read the characters of photographs or scans: dark ink on paper, or chalk on a blackboard.

    Args:
        pictures: paths of picture files, or of folders of some, or one.
        reader: a `Reader` or the path of one; None takes the newest in `readers/`. Or a function
            that makes one, which is called after everything else is checked, for it takes long.
        single: whether each picture holds one character, such as a cell of a form.
        bits: how many bits the levels of pictures of more than 8 have, see `load`; None goes by the
            highest level of all.
        sure: how sure the reader has to be, a probability in 0..1: characters of which it is less
            sure are `?` in `text`. Teachers are about as sure as they are right; of their student
            that is not measured.
        output: the folder for `overview.png`, a sheet of the first 400 characters in the order in
            which they were read, doubtful ones framed, and for a PNG of each picture that `show`
            names, beside its characters in the form in which they were read; None writes none.
        show: `all` pictures get a PNG, or those with a `doubtful` character or none at all, or
            `none`. Doubtful is what is less sure than `sure`, or, where that is 0, than the lowest
            certainty with which the reader, by its `reader.json`, reads 99 % rightly; 0.7 where
            that was not measured, as of a student.
        force: replace older ones.
        progress: whether to show a bar, of several pictures.

    Returns:
        A list of `ReadPicture`, one a picture. One that cannot be read has a `problem`.

    Raises:
        UsageError: no pictures are named, or a PNG is there already.
        GanprofileError: the reader cannot be read, or none of the pictures.

    Example:
        >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
        >>> from PIL import Image
        >>> digit = gp.load("digits")[1].images[0, :, :, 0]
        >>> Image.fromarray(255 - digit).save("digit.png")
        >>> (read,) = gp.classify(["digit.png"], reader, single=True)
        >>> read.text in reader.info["class_names"]
        True
    """
    paths = _paths(pictures, sure)
    shown = ShownPictures(None if output is None else expanded(output), show, force)
    shown.check(paths)  # before a reader is looked for
    bits = common_depth(paths, bits).bits
    reader = _made(reader, paths, bits) if callable(reader) else reader
    reader = reader if isinstance(reader, Reader) else Reader.open(reader)
    is_certain = check_certain(reader.classifier, sure, reader.path)
    if sure and not own_calibration(reader.info):
        say(
            f"How sure {reader.path} is was not held against images that it had not seen: {sure:g} "
            "is as its network says it. Teachers are held so: ganprofile classify --train."
        )
    shown.level = doubt_level(reader.info, sure) if is_certain else 0.0
    kept = reader.info.get("keep_size")
    finder = Finder(_side_of(reader), reader.info.get("filled") or BOX, single, bits, kept)
    found: list[ReadPicture] = []
    odd: list[FoundIn] = []
    lying = Lying(reader)
    with ProgressBar(len(paths), progress and len(paths) > 1) as bar:
        for some in together(paths, finder, AT_ONCE):
            odd += [one for one in some if one.is_odd]
            for one, images in _read(some, reader, sure, shown.level):
                one = dataclasses.replace(one, is_certain=is_certain)
                found.append(shown.keep(one, images, bits))
                certainties = [read["probability"] for row in one.rows for read in row]
                lying.look(one.path, [image for row in images for image in row], certainties)
                bar.show_rate(len(found), "pictures")
    for sentence in (*oddities(odd), *lying.sentences()):
        say(sentence)
    if all(one.problem for one in found):
        raise GanprofileError(str(found[0].problem))
    shown.finish()
    return found


def check_certain(classifier: Any, sure: float, named: StrPath) -> bool:
    """Whether a classifier's certainties say which characters it misreads.

    Args:
        classifier: one, or its class.
        sure: how sure it has to be, 0 for anything.
        named: the reader's path or model.

    Raises:
        UsageError: they do not, and `sure` asks for it.
    """
    is_certain = getattr(classifier, "is_certain", True)
    if sure and not is_certain:
        raise UsageError(f"{printable(named)}: {UNCERTAIN}. Leave out `sure`.")
    return is_certain


def _paths(pictures: Any, sure: Any) -> list[Path]:
    """The picture files that are to be read; what cannot be meant is refused."""
    if not (isinstance(sure, numbers.Real) and 0 <= float(sure) <= 1):
        raise UsageError(f"`sure` should be a probability, from 0 to 1. Received: {sure!r}.")
    given = several(pictures)
    if any(hasattr(one, "__array_interface__") for one in (pictures, *given)):
        raise UsageError(
            "`pictures` are paths of files. Received: an array. Images in one are read by "
            "gp.Reader.open(reader).read(images)."
        )
    paths = pictures_at(given)
    if not paths:
        raise UsageError("Name one picture or more. Received: none.")
    return paths


def _made(make: Callable[[], Reader], paths: Sequence[Path], bits: int | None) -> Reader:
    """A reader that is made for pictures of which at least one can be read."""
    problems = []
    for path in paths:
        try:
            read_picture(path, bits)
        except GanprofileError as error:
            problems.append(error)
        else:
            return make()
    raise problems[0]


def _side_of(reader: Reader) -> int:
    """Of the images that a reader reads."""
    shape: list[int] = reader.info["image_shape"]
    if not is_of_photographs(shape):
        raise GanprofileError(
            f"{reader.path} reads images of {shape_in_words(shape)}; photographs become square "
            "and grey. Train one on such images: ganprofile classify --train mnist."
        )
    return shape[0]


def _read(
    some: Sequence[FoundIn], reader: Reader, sure: float, level: float
) -> Iterator[tuple[ReadPicture, list[list[np.ndarray]]]]:
    """Read the characters of some pictures, all together: what was read, and in which images."""
    images = [character.image for one in some for row in one.rows for character in row]
    answers = iter(zip(*reader.read(np.stack(images)), strict=True)) if images else iter(())
    names = reader.info["class_names"]
    for one in some:
        rows, row_images = [], []
        for row in one.rows:
            read = [_described(character, names, *next(answers), sure, level) for character in row]
            places = in_reading_order(read)
            rows.append([read[place] for place in places])
            row_images.append([row[place].image for place in places])
        yield ReadPicture(one.path, rows, problem=one.problem), row_images


def _described(
    character: Character,
    names: Sequence[str],
    label: int,
    probability: float,
    sure: float,
    level: float,
) -> dict[str, Any]:
    return {
        "label": names[label],
        "probability": float(probability),
        "sure": bool(probability >= sure),
        "doubtful": bool(probability < level),
        "box": list(character.box),
    }
