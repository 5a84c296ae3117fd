"""How often the costly things beside the steps happen."""

# A checkpoint and a grid take as long as some steps of a small network; where epochs are short, not
# every one ends with them.
STEPS_BETWEEN_FILES = 20


class Cadence:
    """Every so many epochs that at least some steps lie in between.

    It counts epochs, not seconds: a run does the same on a slow machine and after a resume.

    Args:
        steps_per_epoch: how many steps an epoch has.
        least_steps: from one time to the next.
    """

    def __init__(self, steps_per_epoch, least_steps):
        self._interval = -(-least_steps // steps_per_epoch)

    @classmethod
    def of_files(cls, steps_per_epoch):
        """How often files are written that later ones replace or supplement."""
        return cls(steps_per_epoch, STEPS_BETWEEN_FILES)

    def is_due(self, epoch):
        """Whether it is time at the end of an epoch, counted from 0."""
        return (epoch + 1) % self._interval == 0
