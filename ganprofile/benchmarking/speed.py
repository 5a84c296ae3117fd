"""How long a classifier's step takes on this machine, noted for the estimates of dry runs."""

import dataclasses

from ganprofile.storage.remembered import remember, remembered

FILE = "benchmark_speeds.json"  # seconds of a step, by classifier and shape of images
ENOUGH = 10_000  # training steps; of fewer, what comes before the first one counts for too much


@dataclasses.dataclass(frozen=True)
class Speed:
    """Of the trainings of an experiment.

    Attributes:
        classifier: its name.
        image_shape: `(height, width, channels)`.
        steps: of a training.
    """

    classifier: str
    image_shape: tuple
    steps: int

    def known_seconds(self):
        """How long a training took when one was last noted here, or None."""
        match remembered(FILE).get(self._key):
            case int() | float() as seconds if seconds > 0:
                return seconds * self.steps
        return None

    def note(self, seconds, trainings):
        """Note that so many trainings took so many seconds each."""
        if seconds > 0 and trainings * self.steps >= ENOUGH:
            remember(FILE, self._key, seconds / self.steps)

    @property
    def _key(self):
        return f"{self.classifier} {'x'.join(map(str, self.image_shape))}"
