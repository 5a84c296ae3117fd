"""What the package uses of libraries that is not documented: it still does what it is used for.

A failure here names the versions in which it did; look there first when a library was updated.
"""

import inspect
import io
import pickle
import zipfile
import zlib

import keras
import numpy as np
import pytest

from ganprofile.backend import backend
from ganprofile.datasets.formats import npz
from ganprofile.parallel.processes import REPLACED

TRIED = {
    "zipfile": "Python 3.11.7, 3.12.1 and 3.13.0",
    "keras": "3.15.1, with TensorFlow 2.21.0",
    "joblib": "1.6.0",
    "distributed": "2026.8.0",
    "tensorboard": "2.21.0",
}


@pytest.fixture
def tried():
    """A sentence for a failure, by library."""
    return {name: f"tried with {name} {versions}" for name, versions in TRIED.items()}


def test_zipfile_writes_with_the_compressor_that_it_is_given(tmp_path, tried):
    images = np.random.default_rng(0).integers(0, 3, (50, 28, 28, 1), np.uint8)
    npz._write_compressed(tmp_path / "one.npz", {"images": images})
    content = io.BytesIO()
    np.lib.format.write_array(content, images)
    compressor = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
    expected = compressor.compress(content.getvalue()) + compressor.flush()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        assert archive.getinfo("images.npy").compress_size == len(expected), tried["zipfile"]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's own way")
def test_adam_keeps_its_moments_where_they_are_updated(tried):
    random = np.random.default_rng(0)
    gradients = random.normal(size=(4, 2, 3)).astype(np.float32)
    found = []
    for update in (backend().adam_update, keras.optimizers.Adam.update_step):
        variables = [keras.Variable(np.ones((2, 3), np.float32)) for _ in range(2)]
        optimizer = keras.optimizers.Adam(0.1, beta_1=0.5)
        optimizer.build(variables)
        for gradient in gradients:
            for scale, variable in enumerate(variables, start=1):
                step = keras.ops.convert_to_tensor(scale * gradient)
                update(optimizer, step, variable.value, keras.ops.convert_to_tensor(0.1))
            optimizer.iterations.assign_add(1)
        found.append([np.asarray(one) for one in (*variables, *optimizer.variables)])
    for ours, theirs in zip(*found, strict=True):  # 1 - 0.999 is 1.3e-5 off in single precision
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, err_msg=tried["keras"])


def test_keras_asks_the_model_to_build_itself_before_it_trains(tried):
    asked = []

    class Model(keras.Sequential):
        def _maybe_symbolic_build(self, *args, **kwargs):
            asked.append(True)

    model = Model([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 1)), np.ones((2, 1)), verbose=0)
    assert asked, tried["keras"]


def test_joblib_brings_the_processes(tried):
    from joblib.externals.loky import ProcessPoolExecutor, process_executor
    from joblib.externals.loky.backend.reduction import dumps

    options = inspect.signature(ProcessPoolExecutor).parameters
    assert {"initializer", "initargs", "env"} <= set(options), tried["joblib"]
    assert "kill_workers" in inspect.signature(ProcessPoolExecutor.shutdown).parameters
    assert issubclass(process_executor.TerminatedWorkerError, Exception)
    assert REPLACED in inspect.getsource(process_executor), tried["joblib"]
    assert pickle.loads(dumps(lambda: tried))() == tried


def test_dask_is_quiet_and_can_be_greeted(tried):
    pytest.importorskip("distributed", reason="Dask's distributed is not installed")
    from distributed.comm import connect
    from distributed.security import Security
    from distributed.utils import silence_logging_cmgr

    with silence_logging_cmgr("CRITICAL"):
        assert "timeout" in inspect.signature(connect).parameters, tried["distributed"]
        assert isinstance(Security().get_connection_args("client"), dict)


def test_tensorboard_writes_records_into_any_file(tried):
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    file = io.BytesIO()
    RecordWriter(file).write(Event(file_version="brain.Event:2").SerializeToString())
    assert b"brain.Event:2" in file.getvalue(), tried["tensorboard"]
