"""What is known of a reader, in words."""

from collections.abc import Iterator
from typing import Any

from ganprofile.console import above_zero, are, counted, few, percent
from ganprofile.datasets.duplicates import ALLOWED
from ganprofile.datasets.guessed import JUDGED_BY as GUESSED
from ganprofile.datasets.guessed import UNKNOWN
from ganprofile.datasets.synthetic import JUDGED_BY as SYNTHETIC
from ganprofile.recognition.calibration import LEVELS, rarest_error
from ganprofile.recognition.confusions import Confusion, Misread
from ganprofile.recognition.models import STUDENT

MOST_NAMED = 3  # classes
NO_TEST = "no test images were given"
OF_TEACHERS = (
    "These figures are of its teachers: how well the network that learned from them reads, and how "
    "sure it may be, was not measured."
)
LABELS_SPREAD = (
    "Labels had spread from these images to others that the networks learned from: these figures "
    "may be too good."
)


def sentences(info: dict[str, Any]) -> list[str]:
    """What the content of `reader.json` says of how well the reader reads, in words."""
    said = headline(info)
    calibration = info.get("calibration") or {}
    if calibration.get("images"):
        is_tested = info.get("accuracy") is not None
        said += [_asked(calibration)] if is_tested else []
        said += _of_calibration(calibration)
        said += _of_writers(info.get("writers"), calibration["images"])
        said += _spread(info) if is_tested else []
        if is_tested and info.get("model") == STUDENT:
            said.append(
                "All but the first figure are of the teachers that it learned from: how sure it "
                "may be itself was not measured."
            )
    said += [Confusion(**one).sentence() for one in info.get("confused") or ()]
    if guessed := info.get("unlabelled"):
        said.append(
            f"{guessed['images']:,} of the {info['images']:,} images that it learned from came "
            "without labels, and were given some by what the others show (effort "
            f"{guessed['effort']}): these need not be right."
        )
    if info.get("keep_size"):
        said.append(
            "It learned characters that keep their sizes. classify keeps them beside each other on "
            "a page, where one of middling size is as large as those; pictures of one character "
            f"{_scale(info['keep_size'])}."
        )
    return said + _of_classes([Misread(**one) for one in info.get("misread") or ()])


def headline(info: dict[str, Any]) -> list[str]:
    """How well the reader reads, and what has to be known to believe it: what nobody should see
    the one of without the other."""
    calibration = info.get("calibration") or {}
    if info.get("accuracy") is not None:
        return _of_test(info)
    if calibration.get("images"):
        of_whom = [OF_TEACHERS] if info.get("model") == STUDENT else []
        return [*of_whom, _asked(calibration), *_spread(info)]
    why = "each image is there more than once" if calibration.get("copies") else NO_TEST
    return [f"What it reads rightly was not measured: {why}."]


def _of_test(info: dict[str, Any]) -> list[str]:
    share = _share(info["accuracy"], info["test_images"], 2)
    return [
        f"It reads {share} of the {info['test_images']:,} test images.",
        *_marks_of_test(info.get("provenance") or {}),
    ]


def _marks_of_test(known: dict[str, Any]) -> Iterator[str]:
    """What was allowed, or guessed, of the images that judged, by the provenance."""
    if overlap := known.get(ALLOWED):
        yield f"It has seen {counted(overlap['images'], 'test image')}, which was allowed."
    if count := known.get(SYNTHETIC):
        what = counted(count, "test image")
        yield f"{what} {are(count, 'is', 'are')} synthetic, which was allowed."
    if count := known.get(GUESSED):
        yield f"The labels of {count:,} of these were guessed by ganprofile label. {UNKNOWN}."


def _asked(calibration: dict[str, Any]) -> str:
    images = calibration["images"]
    each = "The image" if images == 1 else f"Each of {images:,} images"
    share = _share(calibration["accuracy"], images, 2)
    return f"{each} was read by the one network that had not seen it, {share} rightly."


def _spread(info: dict[str, Any]) -> list[str]:
    """Why the images asked may be read too well."""
    return [LABELS_SPREAD] if info.get("unlabelled") else []


def _scale(keep_size: float | str) -> str:
    """At which scale pictures of one character are read."""
    if isinstance(keep_size, str):
        return "are brought to one size, so that what differs in size alone may be confused"
    return "should have the resolution of those that it learned from"


def _of_calibration(calibration: dict[str, Any]) -> list[str]:
    """What else was found out from images that the network asked had not seen."""
    images, sure = calibration["images"], calibration["sure"]
    before, after = (100 * calibration[f"error_{when}"] for when in ("before", "after"))
    copies = calibration.get("copies")
    left_out = (
        [
            f"{copies:,} more {'was' if copies == 1 else 'were'} left out: the network had seen "
            "the same image elsewhere."
        ]
        if copies
        else []
    )
    return [
        *left_out,
        f"Expected calibration error, how far its certainty is from the share that it reads "
        f"rightly: {above_zero(after, 1)} points, {above_zero(before, 1)} before tempering.",
        *(
            f"With a certainty of {100 * one['level']:g} % it reads {percent(one['share'])} % of "
            f"them, and of these {_share(one['accuracy'], one['share'] * images, 1)} rightly."
            for one in sure
            if one["accuracy"] is not None
        ),
        *_of_rare_errors(images),
    ]


def _of_rare_errors(images: int) -> list[str]:
    """Which certainties so few images cannot confirm."""
    known = 1 - rarest_error(images)
    if known >= max(LEVELS):
        return []
    return [
        f"Errors rarer than one in {images + 2:,} need not show among {images:,} images: whether "
        f"what it reads with more than {100 * known:.0f} % is read rightly as often is not known."
    ]


def _of_writers(writers: int | None, images: int) -> list[str]:
    """Whose writing these figures are of, where it is known and each wrote several images."""
    if not writers or images < 2 * writers:
        return []
    return [
        f"These images are by {counted(writers, 'writer')}, whose other images the networks had "
        "seen: it may read other people's writing less well."
    ]


def _share(share: float, count: float, digits: int) -> str:
    """A share of so many images in per cent, with its interval."""
    from ganprofile.evaluation.train_on_synthetic import wilson

    count = round(count)
    low, high = wilson(round(share * count), count)
    ends = f"{percent(low, 1)}..{percent(high, 1)}"
    return f"{percent(share, digits)} % (95 % interval {ends})"


def _of_classes(misread: list[Misread]) -> list[str]:
    """Of which classes it needs more images."""
    known = [one for one in misread if one.asked]
    unknown = [one for one in misread if not one.asked]
    said = []
    if known:
        worst = ", ".join(f"{one.name} ({one.errors} of {one.asked})" for one in known)
        said.append(f"Misread most: {worst}. Where more images are to be had, begin with these.")
    if unknown:
        names = few([one.name for one in unknown], MOST_NAMED)
        said.append(
            f"How well it reads {names} is not known: "
            "all networks saw their images, as the only one of a class or as one that is there "
            "twice. Add others."
        )
    return said
