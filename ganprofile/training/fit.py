"""From a built GAN to a finished run."""

import dataclasses
import functools

from ganprofile.backend import backend
from ganprofile.console import say
from ganprofile.datasets.selection import write_selection
from ganprofile.errors import GanprofileError, NotWritten, first_line, kept_if_stopped, written
from ganprofile.gan.conditions import indices_of
from ganprofile.runs.config_file import EARLIER_GENERATOR, going_on, trained_on
from ganprofile.runs.run import FOLDERS
from ganprofile.storage.names import as_word, names_of
from ganprofile.storage.paths import several
from ganprofile.training.held_out import divide
from ganprofile.training.tracking import FAILED, FINISHED, STOPPED, trackers_of

FINAL_GRID_COLUMNS = 10


@dataclasses.dataclass(frozen=True)
class Watching:
    """How a training is watched.

    Attributes:
        progress: whether to say how it goes.
        trackers: modules of `TRACKERS`.
        offline: whether trackers send nothing.
        callbacks: further Keras callbacks, called last.
    """

    progress: bool
    trackers: tuple
    offline: bool
    callbacks: tuple

    @classmethod
    def of(cls, progress, track, tensorboard, offline, callbacks):
        """From what the user said.

        Raises:
            UsageError: a tracker is unknown or not installed, or a callback is none of Keras or
                one that cannot work here.
        """
        callbacks = several(callbacks)
        if callbacks:
            from ganprofile.training.callbacks.further import check_callbacks

            check_callbacks(callbacks)
        modules = trackers_of([*["tensorboard"] * tensorboard, *names_of(track or ())])
        return cls(progress, modules, offline, callbacks)


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
    kept = f"Whole epochs are kept. {_go_on(run, device)}"
    try:
        with written(run.path):
            for folder in FOLDERS:  # which are lost with what copies no empty ones
                (run.path / folder).mkdir(exist_ok=True)
            with run.held(), kept_if_stopped(lambda: kept):
                write_selection(dataset, run.path / "subset.csv")
                with (
                    device.scope(),
                    Session(run, dataset, settings, gan, device, watching) as session,
                ):
                    session.announce()
                    session.run_epochs()
                    if device.is_chief:
                        session.finish()
    except NotWritten as error:
        raise GanprofileError(f"{error} {_go_on(run, device)}") from error
    except backend().WORKER_LOST as error:
        if device.workers == 1:
            raise
        raise GanprofileError(
            f"Another worker has ended or cannot be reached ({first_line(error)}). Whole epochs "
            f"are kept. {_go_on(run, device)}"
        ) from error
    return run


def _go_on(run, device):
    """How to go on with a stopped training."""
    if device.workers == 1:
        return f"Go on with: {going_on(run.path, run.config)}"
    folder = as_word(run.path) if device.is_chief else "RUN, the run folder of worker 0"
    return f"Start all workers again with: ganprofile train --resume {folder}"


class Session:
    """One time that a run is trained: from its start or its newest checkpoint to the end or a stop.

    Args:
        run, dataset, settings, gan, device, watching: as for `fit`.
    """

    def __init__(self, run, dataset, settings, gan, device, watching):
        from ganprofile.training import callbacks
        from ganprofile.training.callbacks.checkpoint import restore
        from ganprofile.training.recovery import DivergenceRecovery

        self.run, self.dataset, self.settings = run, dataset, settings
        self.gan, self.device = gan, device
        self.chosen, aside, held_out = divide(dataset, settings.seed)
        self.steps_per_epoch = -(-len(self.chosen) // settings.images_per_step)
        self.recorder = callbacks.Recorder(run.path, settings.images_per_step)
        self.condition_indices = self._condition_indices()
        given = {name: values[aside] for name, values in self.condition_indices.items()}
        reference = callbacks.ReferenceImages(
            dataset.images[aside], given, dataset.class_names, held_out
        )
        self.selector = callbacks.BestCheckpoint(reference, self.recorder, self.steps_per_epoch)
        self.monitor = callbacks.Monitor(self.recorder)
        self.recovery = DivergenceRecovery(gan, run, self.recorder, self.selector)
        restore(gan, run, self.recorder, self.selector)
        self.limit = callbacks.TimeLimit(settings.minutes, self.recorder, device.any_worker)
        self.bar = callbacks.TrainingProgress(
            self.recorder,
            settings,
            self.steps_per_epoch,
            enabled=watching.progress and device.is_chief,
        )
        self.watching = watching
        run.record(
            settings=dataclasses.asdict(settings),
            criterion=self.selector.description(),
            **self._earlier_generator(),
        )

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        self.bar.close()
        status = FINISHED if kind is None else FAILED if issubclass(kind, Exception) else STOPPED
        for tracker in self.__dict__.get("trackers", ()):
            tracker.close(status)

    @functools.cached_property
    def trackers(self):
        """Callbacks that tell others, of whom only the chief speaks."""
        if not self.device.is_chief:
            return []
        watching = self.watching
        return [
            module.track(self.run, self.recorder, watching.offline) for module in watching.trackers
        ]

    @property
    def is_over(self):
        """Whether nothing is left to train, or no time."""
        return self.recorder.epochs_done >= self.settings.epochs or self.limit.is_over()

    def announce(self):
        """Say where and on what it trains."""
        if not self.watching.progress:
            return
        say(self.device.sentence)
        if not self.device.is_chief:
            return
        if self.run.config.get("choice"):
            say(self.run.config["choice"])
        if self.is_over:
            return
        images = f"{len(self.chosen):,} {self.dataset.name}"
        aside = len(self.dataset) - len(self.chosen)
        if aside:
            images += f" ({aside:,} more are kept aside to tell the best epoch)"
        say(f"Training {self.run.config['model']} on {images}: {self.run.path}")

    def _callbacks(self, checkpoint):
        """What happens beside the steps, in this order."""
        from ganprofile.training import callbacks

        steps = self.steps_per_epoch
        grids = callbacks.SampleGrids(self.run.path, self.run.conditions, steps)
        in_order = [
            self.selector,
            self.recorder,
            self.monitor,
            grids,
            checkpoint,
            self.limit,
            self.bar,
        ]
        further = list(self.watching.callbacks)
        called_last = [callbacks.Further(further)] if further else []
        return [*in_order, *self.trackers, *called_last]

    def run_epochs(self):
        """Train what is left to train, back from the newest checkpoint where an epoch diverged."""
        from ganprofile.training.callbacks import Diverged

        if self.is_over:
            return
        while True:
            try:
                return self._fit()
            except Diverged as trouble:
                self._rescue(trouble)

    def _rescue(self, trouble):
        """Go back; where that is in vain, finish with what was learned before."""
        from ganprofile.training.recovery import GaveUp

        try:
            self.recovery.roll_back(trouble)
        except GaveUp:
            if self.recorder.epochs_done:
                self.finish()
            raise

    def _fit(self):
        from ganprofile.gan.pipeline import endless_batches
        from ganprofile.training import callbacks
        from ganprofile.training.callbacks.checkpoint import restore

        batches = endless_batches(
            self.dataset.images[self.chosen],
            {name: values[self.chosen] for name, values in self.condition_indices.items()},
            self.settings.images_per_step,
            self.settings.seed,
            first_batch=self.recorder.epochs_done * self.steps_per_epoch,
            parts=self.settings.discriminator_steps,
            strategy=self.device.strategy,
            steps_per_epoch=self.steps_per_epoch,
        )
        checkpoint = callbacks.Checkpoint(
            self.run, self.recorder, self.selector, self.steps_per_epoch
        )
        with callbacks.Stopping(checkpoint) as stopping:
            self.gan.fit(
                batches,
                epochs=self.settings.epochs,
                initial_epoch=self.recorder.epochs_done,
                steps_per_epoch=self.steps_per_epoch,
                shuffle=False,  # the stream is shuffled already
                verbose=0,
                callbacks=[*self._callbacks(checkpoint), stopping],
            )
        if self.watching.callbacks:  # one may have given other weights to what is saved
            restore(self.gan, self.run, self.recorder, self.selector)

    def _condition_indices(self):
        """Condition -> the index of every image of the dataset."""
        return {
            name: indices_of(self.dataset, name, self.run.condition_values[name])
            for name in self.run.conditions
        }

    def _length(self):
        """Sections of the config on how long it trained.

        A time limit is over: what repeats the run is the number of epochs that fitted in. Which
        minutes were asked for is kept beside it.
        """
        epochs, minutes = self.recorder.epochs_done, self.settings.minutes
        settings = dataclasses.replace(self.settings, epochs=epochs, minutes=None)
        limit = {} if minutes is None else {"time_limit": {"minutes": minutes, "epochs": epochs}}
        return {"settings": dataclasses.asdict(settings), **limit}

    def _earlier_generator(self):
        """Section of the config on a generator that stays until this longer training ends."""
        earlier = self.run.config["settings"]["epochs"]
        is_longer = self.run.has_generator and self.settings.epochs != earlier
        return {EARLIER_GENERATOR: earlier} if is_longer else {}

    def finish(self):
        """Write what is drawn once: the best generator, the grid, the animation, the plots."""
        from ganprofile.figures import save_training_figures
        from ganprofile.gan.networks.serialization import holds_weights, write_network
        from ganprofile.images import for_a_screen, save_png
        from ganprofile.training.callbacks.sample_grids import animate_grids, draw_grid

        self.selector.judge_last(self.gan)
        self.run.record(**self._length(), criterion=self.selector.description())
        self.monitor.conclude()
        generator = self.gan.drawing_generator
        self.selector.put_best_into(generator)
        save_png(
            self.run.path / "grid.png",
            for_a_screen(draw_grid(generator, self.run.conditions, FINAL_GRID_COLUMNS)),
        )
        path = self.run.path / "generator.keras"
        if not holds_weights(path, generator):  # sets that were drawn name it by its bytes
            write_network(generator, path, note=trained_on(self.run.config))
            self.run.forget_generator()
        if EARLIER_GENERATOR in self.run.config:
            self.run.record(**{EARLIER_GENERATOR: None})
        self.recorder.write_histograms()
        animate_grids(self.run.path)
        save_training_figures(self.run.path / "figures", self.recorder.arrays())
        for tracker in self.trackers:
            tracker.finish()
