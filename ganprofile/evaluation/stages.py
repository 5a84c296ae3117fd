"""How far an evaluation is, for the person who waits."""

from ganprofile.console import ProgressBar


class Stages:
    """A progress bar that moves by what is done next, not by images alone.

    Args:
        expected: how many stages there will be, at most.
        enabled: False shows nothing.
    """

    def __init__(self, expected, enabled=True):
        self._expected = expected
        self._begun = 0
        self._text = ""
        self._bar = ProgressBar(expected, enabled)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def begin(self, text):
        """The next stage, in words."""
        self._begun += 1
        self._text = f"{self._begun}/{self._expected} {text}"
        self._bar.show(self._begun - 1, self._text)

    def count(self, done, total):
        """How many images of this stage are done."""
        share = done / max(total, 1)
        self._bar.show(self._begun - 1 + share, f"{self._text}: {done:,}/{total:,} images")
