"""From a built GAN to a finished run."""

import dataclasses

from ganprofile.conditions import indices_of
from ganprofile.console import say
from ganprofile.errors import GanprofileError, Interrupted
from ganprofile.files import atomic_path
from ganprofile.training.held_out import divide

FINAL_GRID_COLUMNS = 10


@dataclasses.dataclass(frozen=True)
class Watching:
    """How a training is watched.

    Attributes:
        progress: whether to say how it goes.
        tensorboard: the callback class that writes for TensorBoard, or None.
        callbacks: further Keras callbacks, called last.
    """

    progress: bool
    tensorboard: type | None
    callbacks: tuple

    @classmethod
    def of(cls, progress, tensorboard, callbacks):
        """From what the user said.

        Raises:
            UsageError: TensorBoard is asked for and not installed.
        """
        if not tensorboard:
            return cls(progress, None, tuple(callbacks))
        from ganprofile.callbacks.tensorboard import TensorBoard

        return cls(progress, TensorBoard, tuple(callbacks))


def fit(run, dataset, settings, gan, device, watching):
    """Train to the end and write what is drawn once.

    Args:
        run: the `Run`, new or with a checkpoint.
        dataset: the `Dataset` that it names.
        settings: the `Settings`.
        gan: the compiled `GAN`.
        device: the `Device` that it lives on.
        watching: a `Watching`.

    Returns:
        The finished `Run`.
    """
    try:
        with device.scope(), Sitting(run, dataset, settings, gan, watching) as sitting:
            if watching.progress:
                lines = (device.sentence, run.config.get("choice"), sitting.announcement())
                for line in filter(None, lines):
                    say(line)
            sitting.run_epochs()
            sitting.finish()
    except (KeyboardInterrupt, Interrupted) as stop:
        stop.add_note(f"Whole epochs are kept. Go on with: ganprofile train --resume {run.path}")
        raise
    except OSError as error:
        raise GanprofileError(
            f"{run.path} cannot be written ({error.strerror or error}). Make room, then go on "
            f"with: ganprofile train --resume {run.path}"
        ) from error
    return run


class Sitting:
    """One time that a run is trained: from its start or its newest checkpoint to the end or a stop.

    Args:
        run, dataset, settings, gan, watching: as for `fit`.
    """

    def __init__(self, run, dataset, settings, gan, watching):
        from ganprofile import callbacks
        from ganprofile.callbacks.checkpoint import restore
        from ganprofile.training.rescue import Rescue

        self.run, self.dataset, self.settings, self.gan = run, dataset, settings, gan
        self.chosen, aside, held_out = divide(dataset, settings.seed)
        self.steps_per_epoch = -(-len(self.chosen) // settings.images_per_step)
        self.recorder = callbacks.Recorder(run.path, settings.images_per_step)
        self.told = self._told()
        told = {name: values[aside] for name, values in self.told.items()}
        reference = callbacks.Reference(dataset.images[aside], told, dataset.class_names, held_out)
        self.judge = callbacks.Judge(reference, self.recorder, self.steps_per_epoch)
        self.guard = callbacks.Guard(self.recorder)
        self.rescue = Rescue(gan, run, self.recorder, self.judge)
        restore(gan, run, self.recorder, self.judge)
        self.limit = callbacks.TimeLimit(settings.minutes, self.recorder)
        self.bar = callbacks.Progress(
            self.recorder, settings, self.steps_per_epoch, watching.progress
        )
        self.watching = watching
        self.tensorboard = None
        run.record(settings=dataclasses.asdict(settings), criterion=self.judge.description())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.bar.close()
        if self.tensorboard:
            self.tensorboard.close()

    def announcement(self):
        """What is trained on, in a line."""
        images = f"{len(self.chosen):,} {self.dataset.name}"
        aside = len(self.dataset) - len(self.chosen)
        if aside:
            images += f" ({aside:,} more are kept aside to tell the best epoch)"
        return f"Training {self.run.config['model']} on {images}: {self.run.path}"

    def _callbacks(self):
        """What happens beside the steps, in this order."""
        from ganprofile import callbacks

        steps = self.steps_per_epoch
        grids = callbacks.SampleGrids(self.run.path, self.run.conditions, steps)
        checkpoint = callbacks.Checkpoint(self.run, self.recorder, self.judge, steps)
        in_order = [self.judge, self.recorder, self.guard, grids, checkpoint, self.limit, self.bar]
        if self.watching.tensorboard:
            self._write_for_tensorboard()
            in_order.append(self.tensorboard)
        return [*in_order, *self.watching.callbacks]

    def _write_for_tensorboard(self):
        """Write everything so far, and what follows, in a new file."""
        if self.tensorboard:
            self.tensorboard.close()
        self.tensorboard = self.watching.tensorboard(self.run.path, self.recorder)

    def run_epochs(self):
        """Train what is left to train, back from the newest checkpoint where an epoch diverged."""
        from ganprofile.callbacks import Diverged

        if self.recorder.epochs_done >= self.settings.epochs or self.limit.is_over():
            return
        while True:
            try:
                return self._fit(self._callbacks())
            except Diverged as trouble:
                self._rescue(trouble)

    def _rescue(self, trouble):
        """Go back; where that is in vain, finish with what was learned before."""
        from ganprofile.training.rescue import GaveUp

        try:
            self.rescue.roll_back(trouble)
        except GaveUp:
            if self.recorder.epochs_done:
                self.finish()
            raise

    def _fit(self, callbacks):
        from ganprofile.adversarial.pipeline import endless_batches

        batches = endless_batches(
            self.dataset.images[self.chosen],
            {name: values[self.chosen] for name, values in self.told.items()},
            self.settings.images_per_step,
            self.settings.seed,
            first_batch=self.recorder.epochs_done * self.steps_per_epoch,
        )
        self.gan.fit(
            batches,
            epochs=self.settings.epochs,
            initial_epoch=self.recorder.epochs_done,
            steps_per_epoch=self.steps_per_epoch,
            shuffle=False,  # the stream is shuffled already
            verbose=0,
            callbacks=callbacks,
        )

    def _told(self):
        """Condition -> the index of every image of the dataset."""
        return {
            name: indices_of(self.dataset, name, self.run.condition_values[name])
            for name in self.run.conditions
        }

    def finish(self):
        """Write what is drawn once: the best generator, the grid, the animation, the plots."""
        from ganprofile.callbacks.sample_grids import animate_grids, draw_grid
        from ganprofile.figures import save_training_figures
        from ganprofile.images import save_png

        # A time limit is over; what repeats the run is the number of epochs that fitted in.
        done = dataclasses.replace(self.settings, epochs=self.recorder.epochs_done, minutes=None)
        self.judge.judge_last(self.gan)
        self.run.record(settings=dataclasses.asdict(done), criterion=self.judge.description())
        self.guard.conclude()
        generator = self.gan.drawing_generator
        self.judge.put_best_into(generator)
        save_png(
            self.run.path / "grid.png",
            draw_grid(generator, self.run.conditions, FINAL_GRID_COLUMNS),
        )
        if self.watching.tensorboard:  # the newest epoch has been judged since it was written
            self._write_for_tensorboard()
        self.recorder.write_histograms()
        animate_grids(self.run.path)
        save_training_figures(self.run.path / "figures", self.recorder.arrays())
        with atomic_path(self.run.path / "generator.keras") as partial:
            generator.save(partial)
        self.run.forget_generator()
