"""What a reader of files is asked, and what it answers."""

import dataclasses
import math
import numbers
from collections.abc import Sequence
from typing import Literal, TypeAlias

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.deep_levels import check_bits
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

PARTS = ("train", "test")
AUTO = "auto"
INVERT = (AUTO, "yes", "no")
SCANS = "scans"
ROTATIONS = (90, 180, 270)
CONVERTED = (
    "converted_from"  # the finding what images were, where they were brought to another shape
)
NO_LABELS = "no_labels"  # the finding what was there instead, and what to do
FOLDERS = "folders"  # what labels pictures if it is no table
NOTHING = "none"  # or that nothing does: pictures are read whatever folders they lie in
FIELDS = ("label", "writer", "split")  # of a pattern of paths
LABEL_FIELD = "{label}"  # or a pattern of their paths, where this is the label
# The options that an import decides once and for all, and of what.
SETTLED = {
    "photographs": "form",
    "keep_size": "sizes",
    "bits": "form",
    "first_label": "labels",
    "labels": "labels",
    "zip_encoding": "names",
    "image_column": "columns",
    "label_column": "columns",
    "transpose": "orientation",
    "rotate": "orientation",
}
PHOTOGRAPHS = (SCANS, "characters", "pages")
Channels: TypeAlias = Literal[1, 3]
Invert: TypeAlias = Literal["auto", "yes", "no"]
Photographs: TypeAlias = Literal["scans", "characters", "pages"]
Rotation: TypeAlias = Literal[90, 180, 270]
Bits: TypeAlias = Literal[1, 2, 4, 8, 10, 12, 14, 16]
SMALLEST_SIDE, LARGEST_SIDE = 8, 1024  # that may be asked for; a stroke needs some pixels
LARGEST_LEARNED = 128  # the largest side of images that networks here are made for
MOST_BYTES = 4 * 2**30
# How names of what is no picture of a person begin: hidden files, and what macOS and Windows add.
NO_CONTENT = (".", "__MACOSX", "Thumbs.db", "desktop.ini", "Desktop.ini")


def name_of(path):
    """What a set is called by the path of its file or folder."""
    return printable(path.stem if path.is_file() else path.resolve().name)


def is_pattern(labels):
    """Whether `labels` are where they stand in the paths of pictures, as `{writer}/{label}_*`."""
    return labels is not None and LABEL_FIELD in str(labels)


def check_size(count, image_shape):
    """Refuse images that would fill the memory, before they do.

    Raises:
        UsageError: `count` images of `(height, width, channels)` are more than 4 GB.
    """
    if count * math.prod(image_shape) > MOST_BYTES:
        height, width, channels = image_shape
        raise UsageError(
            f"{count:,} images of {width}x{height} with {channels} channels are more than "
            f"{MOST_BYTES / 2**30:.0f} GB. Shrink them, for example with `image_size=28`."
        )


@dataclasses.dataclass(frozen=True)
class LoadOptions:
    """How images are brought into one shape.

    Attributes:
        image_size: height and width in pixels, 8..1024; None keeps what the source has.
        channels: 1 (grey) or 3 (colour); None keeps what the source has.
        invert: whether the files show dark ink on light paper: `"yes"`, `"no"`, or `"auto"`, which
            looks at the edges of the images (`polarity`).
        writer_columns: the order of the columns in HWD+'s `WriterInfo.npy`, or None.
        tolerant: leave unreadable files out and list them in the findings, instead of failing.
        photographs: what is found on the files and brought into MNIST's form: one character on
            even paper (`"scans"`), one in any light (`"characters"`), several of one class
            (`"pages"`); the latter two of dark ink, or light
            where `invert` is `"auto"`. None takes pictures as they are.
        first_label: the number of the first class where labels are numbers; None finds out.
        bits: how many bits the levels of pictures of more than 8 have, one of `BITS`; None goes by
            the highest level of all.
        zip_encoding: the code page of the names in a zip file that does not say it, and of a table
            that is not Unicode, or None.
        confined: a table may only name files beside it or below, since others wrote it.
        labels: what labels a folder of pictures: the name of a table in it, the path of one
            elsewhere, or `"folders"`, their names; `"none"` reads pictures without labels
            wherever they lie, unless a table lists them. None takes the only table that there is,
            else the folders.
        image_column, label_column: of Parquet files, what these columns are called, or None; the
            latter also of tables of pixels.
        transpose: exchange the rows and columns of all images; False says no more than None.
        rotate: turn them clockwise by 90, 180 or 270 degrees, after that; or None.
        keep_size: how many pixels of a scan a character of middling size is long, by which all are
            shrunk; `"auto"` measures it, None brings each to one size.

    Raises:
        UsageError: a value that cannot be meant.
    """

    image_size: int | None = None
    channels: int | None = None
    invert: str = "auto"
    writer_columns: Sequence[str] | None = None
    tolerant: bool = False
    confined: bool = False
    photographs: str | None = None
    first_label: int | None = None
    labels: str | None = None
    bits: int | None = None
    zip_encoding: str | None = None
    image_column: str | None = None
    label_column: str | None = None
    transpose: bool | None = None
    rotate: int | None = None
    keep_size: str | float | None = None

    @property
    def doubts(self):
        """Sentences on what may be asked for and is rarely meant."""
        if self.image_size is None or self.image_size <= LARGEST_LEARNED:
            return []
        return [
            f"`image_size={self.image_size}` makes images larger than {LARGEST_LEARNED} pixels, up "
            "to which characters are learned here: it takes very long, and nothing was measured"
        ]

    def with_light_ink(self):
        """The same for images whose ink is known to be light, unless the user says otherwise."""
        return dataclasses.replace(self, invert="no") if self.invert == AUTO else self

    @classmethod
    def of(cls, request):
        """What arguments of `load` say of images; None, as of what is no option, says nothing.

        Args:
            request: name -> value.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(
            **{key: request[key] for key in request if key in known and request[key] is not None}
        )

    def __post_init__(self):
        object.__setattr__(self, "transpose", self.transpose or None)
        object.__setattr__(self, "labels", None if self.labels is None else str(self.labels))
        if self.image_size is not None and not _is_side(self.image_size):
            raise UsageError(
                f"`image_size` should be in {SMALLEST_SIDE}..{LARGEST_SIDE}, a whole number. "
                f"Received: {self.image_size!r}."
            )
        if self.channels not in (None, 1, 3):
            raise UsageError(f"`channels` should be 1 or 3. Received: {self.channels!r}.")
        if self.invert not in INVERT:
            raise UsageError(f"`invert` should be auto, yes or no. Received: {self.invert!r}.")
        if self.rotate not in (None, *ROTATIONS):
            raise UsageError(f"`rotate` should be 90, 180 or 270. Received: {self.rotate!r}.")
        if self.keep_size not in (None, AUTO) and not _is_length(self.keep_size):
            raise UsageError(
                "`keep_size` should be auto, or how many pixels of a picture a character of "
                f"middling size is long. Received: {self.keep_size!r}."
            )
        if self.keep_size is not None and self.photographs not in (None, SCANS):
            raise UsageError(
                "`keep_size` is for pictures of one character on even paper, "
                f'`photographs="scans"`. Received: {self.photographs!r}.'
            )
        check_bits(self.bits)
        if self.zip_encoding is not None and not _is_encoding(self.zip_encoding):
            raise UsageError(
                f"`zip_encoding` should be a code page such as cp932 or gb18030. "
                f"Received: {self.zip_encoding!r}."
            )
        self._check_photographs()

    def _check_photographs(self):
        if self.photographs not in (None, *PHOTOGRAPHS):
            raise UsageError(
                f"`photographs` should be {', '.join(PHOTOGRAPHS[:-1])} or {PHOTOGRAPHS[-1]}. "
                f"Received: {self.photographs!r}."
            )
        if self.photographs is not None and self.channels == 3:
            raise UsageError("`photographs` makes grey images. Leave out `channels=3`.")
        if self.photographs not in (None, SCANS) and self.invert == "no":
            raise UsageError(
                f"`photographs={self.photographs!r}` finds dark ink on lighter paper. Leave out "
                '`invert="no"`.'
            )


def _is_side(value):
    return isinstance(value, numbers.Integral) and SMALLEST_SIDE <= value <= LARGEST_SIDE


def _is_length(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < math.inf


def _is_encoding(name):
    """Whether Python knows a code page in which ASCII is itself."""
    try:
        return b"a".decode(name) == "a"
    except (LookupError, ValueError):
        return False


@dataclasses.dataclass(frozen=True)
class LoadedData:
    """What a reader found.

    Attributes:
        train: the images, or the part to learn from.
        test: the part held out, or None where there is none.
        findings: what was seen in the files on the way, for the report of an import; `"assumed"`
            is a list of sentences on what had to be guessed.
    """

    train: Dataset
    test: Dataset | None = None
    findings: dict = dataclasses.field(default_factory=dict)

    @property
    def parts(self):
        """`train`, and `test` where there is one."""
        return [part for part in (self.train, self.test) if part is not None]

    def named(self, name):
        """The same under another name."""
        return self.each(lambda part: dataclasses.replace(part, name=name))

    def with_light_ink(self):
        """The same of images whose ink is known to be light: none is the other way round."""
        return dataclasses.replace(self, findings={**self.findings, "other_polarity": []})

    def saying(self, *said, first=False):
        """The same with more sentences on what had to be guessed, behind the others or before."""
        known = self.findings.get("assumed", ())
        assumed = [*said, *known] if first else [*known, *said]
        return dataclasses.replace(self, findings={**self.findings, "assumed": assumed})

    def each(self, change):
        """The same with `change(part)` in place of every part."""
        return LoadedData(*map(change, self.parts), findings=self.findings)
