"""Taking a training that came to grief back to where it was sound."""

from ganprofile.console import say
from ganprofile.errors import GanprofileError
from ganprofile.training.callbacks.checkpoint import restore

MOST_ROLLBACKS = 2
SLOWER = 0.25


class GaveUp(GanprofileError):
    """A training diverges whatever the learning rate."""


class DivergenceRecovery:
    """Goes back to the newest regular checkpoint with a lower learning rate, at most twice.

    Args:
        gan: the compiled `GAN`.
        run: the `Run`.
        recorder: the `Recorder`, which keeps what happened.
        selector: the `BestCheckpoint`.
    """

    def __init__(self, gan, run, recorder, selector):
        self._parts = (gan, run, recorder, selector)
        self._start = {"gan": gan.state(), "recorder": recorder.state()}
        self._rates = [float(optimizer.learning_rate.numpy()) for optimizer in self._optimizers]

    @property
    def _optimizers(self):
        gan = self._parts[0]
        return gan.generator_optimizer, gan.discriminator_optimizer

    def roll_back(self, trouble):
        """Undo the epoch that went wrong and lower both learning rates.

        Raises:
            GaveUp: that was done twice already; then it has gone back all the same.
        """
        gan, run, recorder, selector = self._parts
        times, events = recorder.rollbacks, recorder.events
        run.drop_interim_checkpoint()
        if not restore(gan, run, recorder, selector):
            gan.restore(self._start["gan"])
            recorder.restore(self._start["recorder"])
        recorder.rollbacks, recorder.events = times, events
        if times == MOST_ROLLBACKS:
            raise GaveUp(
                f"{trouble} It went back {times} times with a lower learning rate, in vain. "
                f"{run.path} keeps what was learned in {recorder.epochs_done} epochs. "
                "Train anew with a lower `learning_rate`."
            ) from trouble
        recorder.rollbacks += 1
        share = SLOWER**recorder.rollbacks
        for optimizer, rate in zip(self._optimizers, self._rates, strict=True):
            optimizer.learning_rate = share * rate
        event = (
            f"{trouble} Went back to the end of epoch {recorder.epochs_done} with {share:g} of "
            "the learning rate."
        )
        recorder.note(event)
        say(event)
