"""The colours of figures and reports: what is the same thing has the same colour everywhere.

Every colour has a shade for white paper and one for a dark screen. The roles differ from each other
by 25 in CIELAB at least, also for people who do not see red, green or blue (a test computes it).
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Colour:
    """A colour, as `#rrggbb`.

    Attributes:
        light: on white.
        dark: on a dark screen.
    """

    light: str
    dark: str


# Who plays in a GAN, and what it is shown.
ROLES = {
    "generator": Colour("#e0357a", "#ee4d86"),
    "discriminator": Colour("#1668b8", "#5596e6"),
    "real": Colour("#232b35", "#dfe5ee"),
    "fake": Colour("#bd8500", "#f2b233"),
}
# What something means for the reader.
TONES = {
    "good": Colour("#00727f", "#35b6c9"),
    "fair": Colour("#8a5a00", "#edae49"),
    "bad": Colour("#b5304a", "#f07a8b"),
    "plain": Colour("#5c6670", "#9ba6b1"),
}
# Lines that have a name and no role, such as the arms of an experiment, one after the other.
SERIES = (
    Colour("#d1495b", "#f07a8b"),
    Colour("#00798c", "#35b6c9"),
    Colour("#b97a0a", "#edae49"),
    Colour("#2e4057", "#9db4d8"),
    Colour("#6a4c93", "#b79be0"),
    Colour("#5b8c2a", "#9ccc65"),
    Colour("#8d5524", "#d7a877"),
    Colour("#3f7fd0", "#8ab8f2"),
)
ALL = {**ROLES, **TONES, **{f"series-{k}": colour for k, colour in enumerate(SERIES)}}


def keys_of(names):
    """The colours of what stands in one chart.

    Args:
        names: of its lines or bars.

    Returns:
        A key of `ALL` for each: its role, where all have one; of a single one `plain`; else the
        next of `SERIES`.
    """
    names = list(names)
    if all(name in ROLES for name in names):
        return names
    if len(names) == 1:
        return ["plain"]
    return [f"series-{k % len(SERIES)}" for k in range(len(names))]


def on_paper(names):
    """The same as colours on white, `#rrggbb`."""
    return [ALL[key].light for key in keys_of(names)]
