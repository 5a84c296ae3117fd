"""MLflow, where `MLFLOW_TRACKING_URI` says; importing this refuses where it is missing."""

import itertools
import os
import time

from ganprofile.console import say
from ganprofile.errors import cannot_import
from ganprofile.training.tracking import FAILED, FINISHED, STOPPED, plain
from ganprofile.training.tracking.tracked import Tracked

try:
    import mlflow
    from mlflow.entities import Metric, Param, RunTag
except Exception as error:
    raise cannot_import('`track="mlflow"`', "mlflow", error) from error

EXPERIMENT = "ganprofile"
AT_ONCE, LONGEST = 90, 500  # of what MLflow takes in one call, and as a value
STATUS = {FINISHED: "FINISHED", STOPPED: "KILLED", FAILED: "FAILED"}


def track(run, recorder, offline):
    """The callback of a training."""
    return Tracked(store(offline), run, recorder)


def store(offline):
    """A `Store`; where MLflow keeps things is its own setting, whether or not we are offline."""
    return MlflowStore()


class MlflowStore:
    """A run of MLflow, through its client: what the user's own code tracks is left alone."""

    NAME = "mlflow"

    def begin(self, name, params, known):
        """Begin or go on; in the experiment `MLFLOW_EXPERIMENT_NAME`, else `ganprofile`."""
        self._client = mlflow.MlflowClient()
        if known is not None:
            self._id = known
            self._client.update_run(known, status="RUNNING")
            return known
        experiment = self._experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME") or EXPERIMENT)
        self._id = self._client.create_run(experiment, run_name=name).info.run_id
        names = plain(params)
        texts = [Param(names[key], str(value)[:LONGEST]) for key, value in params.items()]
        for first in range(0, len(texts), AT_ONCE):
            self._client.log_batch(self._id, params=texts[first : first + AT_ONCE])
        tags = [RunTag("run_folder", params.get("run_folder", name))]
        self._client.log_batch(self._id, tags=tags)
        say(f"mlflow tracks it as {name} in {mlflow.get_tracking_uri()}")
        return self._id

    def _experiment(self, name):
        found = self._client.get_experiment_by_name(name)
        return found.experiment_id if found else self._client.create_experiment(name)

    def log(self, rows):
        """Numbers of some steps."""
        now = int(1000 * time.time())
        names = plain(itertools.chain.from_iterable(numbers for _, numbers in rows))
        metrics = [
            Metric(names[name], value, now, step)
            for step, numbers in rows
            for name, value in numbers.items()
        ]
        for first in range(0, len(metrics), AT_ONCE):
            self._client.log_batch(self._id, metrics=metrics[first : first + AT_ONCE])

    def add(self, path):
        """Keep a file as an artifact."""
        self._client.log_artifact(self._id, str(path))

    def end(self, status):
        """End it, until it is gone on with."""
        self._client.set_terminated(self._id, STATUS[status])
