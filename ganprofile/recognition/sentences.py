"""What is known of a reader, in words."""

from typing import Any

from ganprofile.recognition.confusions import Confusion


def sentences(info: dict[str, Any]) -> list[str]:
    """What the content of `reader.json` says of how well the reader reads, in words."""
    said = []
    if info.get("accuracy") is not None:
        share, count = 100 * info["accuracy"], info["test_images"]
        said.append(f"It reads {share:.2f} % of the {count:,} test images.")
    calibration = info.get("calibration") or {}
    if calibration.get("images"):
        before, after = (100 * calibration[f"error_{when}"] for when in ("before", "after"))
        said.append(
            f"Each of {calibration['images']:,} images was read by the one network that had not "
            f"seen it, {100 * calibration['accuracy']:.2f} % rightly; together they read more. "
            f"Its certainty is {after:.1f} points from what is right on average ({before:.1f} as "
            "the networks say it)."
        )
        said += [
            f"With a certainty of {100 * one['level']:g} % it reads {100 * one['share']:.0f} % "
            f"of them, and of these {100 * one['accuracy']:.1f} % rightly."
            for one in calibration["sure"]
            if one["accuracy"] is not None
        ]
    return said + [Confusion(**one).sentence() for one in info.get("confused") or ()]
