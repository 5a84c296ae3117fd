"""Exported generators and readers: the same as in Keras, described, and written whole or not."""

import dataclasses
import errno
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.exporting.export import LARGEST
from ganprofile.exporting.exportable import like_characters
from ganprofile.runtimes import RUNTIMES, open_network

for library in ("onnx", "tf2onnx", "onnxruntime", "ai_edge_litert"):
    pytest.importorskip(library)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Format -> the carried generator in it."""
    folder = tmp_path_factory.mktemp("exported")
    return {
        to: gp.export_model("digits-cgan", to, output=folder / f"digits-cgan{runtime.SUFFIX}")
        for to, runtime in RUNTIMES.items()
    }


@pytest.fixture(scope="module")
def reader(digits, tmp_path_factory):
    """Of few steps and three classes."""
    path = tmp_path_factory.mktemp("readers") / "small"
    some = digits[0].of_classes("012").subset(20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganprofile.classifiers.convnet.ConvnetClassifier.STEPS", 20)
        return gp.train_reader(some, "convnet", variants=False, output=path, progress=False)


@pytest.mark.parametrize("to", RUNTIMES)
def test_what_is_drawn_is_what_keras_draws(exported, to):
    made = exported[to]
    assert made.largest_difference <= LARGEST
    run, known = gp.Run.open(made.path), gp.Run.open("digits-cgan")
    for asked in ({"first": 495, "seed": 3}, {"label": "7"}):
        levels = run.sample(20, **asked).astype(int) - known.sample(20, **asked)
        assert abs(levels).max() <= 1
    assert run.class_names == known.class_names
    with pytest.raises(UsageError, match="does not know class 'a'"):
        run.sample(1, label="a")


def test_each_kind_of_file_carries_its_description(exported):
    import onnx

    (said,) = onnx.load(exported["onnx"].path).metadata_props
    assert said.key == "ganprofile"
    with zipfile.ZipFile(exported["litert"].path) as archive:
        in_litert = archive.read("ganprofile.json")
    in_folder = (exported["saved_model"].path / "ganprofile.json").read_text()
    for text in (said.value, in_litert, in_folder):
        info = json.loads(text)
        assert info["kind"] == "generator" and info["class_names"] == list("0123456789")
        assert info["image_shape"] == [28, 28, 1] and (info["paper"], info["ink"]) == (-1, 1)
        assert info["inputs"]["label"] == {"shape": [None], "dtype": "int32"}


def test_names_in_an_onnx_file_are_those_of_its_description(exported):
    import onnxruntime

    session = onnxruntime.InferenceSession(exported["onnx"].path)
    shapes = {one.name: one.shape for one in (*session.get_inputs(), *session.get_outputs())}
    assert shapes == {"latents": ["n", 100], "label": ["n"], "images": ["n", 28, 28, 1]}


@pytest.mark.parametrize("to", RUNTIMES)
def test_an_exported_reader_reads_as_the_reader(reader, digits, to, tmp_path):
    path = tmp_path / f"it{RUNTIMES[to].SUFFIX}"
    made = gp.export_model(reader.path, to, output=path)
    assert made.info["class_names"] == ["0", "1", "2"] and made.info["ink"] == 255
    images = digits[1].images[:130]
    read = gp.Reader.open(path)
    np.testing.assert_array_equal(read.read(images)[0], reader.read(images)[0])
    np.testing.assert_allclose(read.read(images)[1], reader.read(images)[1], atol=LARGEST)
    sent = pickle.loads(pickle.dumps(read))
    np.testing.assert_array_equal(sent.read(images[:5])[1], read.read(images[:5])[1])
    assert made.bytes == sum(
        file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file()
    )


def test_what_has_to_be_known_of_a_reader_and_of_data_leaves_with_them(digits, tmp_path):
    some = digits[0].of_classes("37").subset(5)
    arrays = {"train_images": some.images, "train_labels": some.labels}
    arrays |= {"test_images": some.images, "test_labels": some.labels}
    np.savez(tmp_path / "both.npz", **arrays)
    options = {"allow_overlap": True, "progress": False}
    reader = gp.train_reader(
        tmp_path / "both.npz", "logistic", output=tmp_path / "reader", **options
    )
    made = gp.export_model(reader, "onnx", output=tmp_path / "it.onnx")
    left = gp.Reader.open(made.path)
    assert left.sentences() == reader.sentences()
    assert "It has seen 10 test images, which was allowed." in left.sentences()
    run = gp.train(tmp_path / "both.npz", "cgan", epochs=1, output=tmp_path / "runs", **options)
    made = gp.export_model(run, "onnx", output=tmp_path / "generator.onnx")
    marks = gp.Run.open(made.path).config["dataset"]["provenance"]
    assert marks == run.config["dataset"]["provenance"] and "overlap_with_test_allowed" in marks


@pytest.mark.parametrize("model", ["logistic", "mlp-100"])
@pytest.mark.parametrize("classes", ["37", "137"], ids=["two", "three"])
def test_dense_readers_of_scikit_learn_are_networks_too(digits, tmp_path, model, classes):
    some = digits[0].of_classes(classes).subset(20)
    reader = gp.train_reader(some, model, output=tmp_path / "r", variants=False, progress=False)
    network = reader.classifier.exportable((28, 28, 1))
    images = digits[1].images[:50]
    found = np.asarray(network(images))
    np.testing.assert_allclose(found, reader.classifier.predict_proba(images), atol=LARGEST)


def test_a_class_that_was_not_met_is_never_read(digits):
    from ganprofile.classifiers.estimators import LogisticClassifier

    train = digits[0].of_classes("025").subset(20)
    classifier = LogisticClassifier(6).fit(train.images, np.array([0, 2, 5])[train.labels])
    found = np.asarray(classifier.exportable((28, 28, 1))(digits[1].images[:50]))
    assert (found[:, [1, 3, 4]] == 0).all()


@pytest.mark.parametrize("model", ["k-nn", "svm"])
def test_what_keeps_images_is_refused(model, tmp_path, monkeypatch):
    """Whatever Keras runs on: another backend would not help."""
    monkeypatch.setattr("ganprofile.exporting.formats.NEEDED", {"onnx": {"another": ()}})
    reader = gp.train_reader("digits", model, subset=5, output=tmp_path / "r", progress=False)
    with pytest.raises(GanprofileError, match="cannot be exported. Train another model"):
        gp.export_model(reader, "onnx", output=tmp_path / "r.onnx")
    assert not (tmp_path / "r.onnx").exists()


@pytest.mark.parametrize(("to", "wrong"), [("onnx", 2e-4), ("saved_model", np.nan)])
def test_one_that_differs_is_not_left(to, wrong, tmp_path, monkeypatch):
    real = RUNTIMES[to].open_network

    def disturbed(path):
        network = real(path)

        def run(inputs):
            values = network.run(inputs).copy()
            values.flat[-1] += wrong
            return values

        return dataclasses.replace(network, run=run)

    monkeypatch.setattr(RUNTIMES[to], "open_network", disturbed)
    with pytest.raises(GanprofileError, match="would differ from Keras by"):
        gp.export_model("digits-cgan", to, output=tmp_path / "new" / f"it{RUNTIMES[to].SUFFIX}")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("to", ["saved_model", "litert"])
def test_a_full_disk_is_no_fault_of_the_network(to, tmp_path, monkeypatch):
    tf = pytest.importorskip("tensorflow")

    def export(self, path, **options):
        message = f"{path}/variables/part-0.tempst; {os.strerror(errno.ENOSPC)} [Op:SaveV2]"
        raise tf.errors.ResourceExhaustedError(None, None, message)

    monkeypatch.setattr("keras.Model.export", export)
    with pytest.raises(OSError, match="No space left on device") as refused:
        gp.export_model("digits-cgan", to, output=tmp_path / f"it{RUNTIMES[to].SUFFIX}")
    assert "partial" not in str(refused.value) and not any(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it.onnx").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        gp.export_model("digits-cgan", output="it.onnx")
    assert (tmp_path / "it.onnx").read_text() == "mine"
    (tmp_path / "mine").mkdir()
    with pytest.raises(UsageError, match="is not an exported model"):
        gp.export_model("digits-cgan", "saved_model", output="mine", force=True)
    made = gp.export_model("digits-cgan", output="it.onnx", force=True)
    assert open_network(made.path).info == made.info
    assert sorted(one.name for one in tmp_path.iterdir()) == ["it.onnx", "mine"]


def test_a_users_files_in_an_exported_model_are_kept(exported, tmp_path):
    folder = shutil.copytree(exported["saved_model"].path, tmp_path / "it")
    again = {"output": folder, "force": True, "dry_run": True}
    gp.export_model("digits-cgan", "saved_model", **again)
    for name in ("variables/notes.txt", "assets/logo.png", "frozen.pb"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("mine")
        with pytest.raises(UsageError, match=f"did not write there.*{name}"):
            gp.export_model("digits-cgan", "saved_model", **again)
        (folder / name).unlink()


def test_a_taken_place_is_refused_before_the_network_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exported").mkdir()
    (tmp_path / "exported" / "digits-cgan.onnx").touch()
    unread = property(lambda self: pytest.fail("the generator was read"))
    monkeypatch.setattr(gp.Run, "generator", unread)
    with pytest.raises(UsageError, match="digits-cgan.onnx exists already"):
        gp.export_model("digits-cgan")


@pytest.mark.parametrize(
    ("source", "to", "output", "message"),
    [
        ("digits-cgan", "tflite", None, "No format 'tflite'. Known: onnx, litert, saved_model."),
        ("digits-cgan", ["onnx"], None, r"No format \['onnx'\]. Known: onnx"),
        ("digits-cgan", ["onnx"], "it.onnx", r"No format \['onnx'\]. Known: onnx"),
        ("digits-cgan", "onnx", "it.tflite", "should end in .onnx"),
        ("digits-cgan", "saved_model", "it.onnx", "should be a folder"),
        ("nothing", "onnx", None, "No run folder or model 'nothing'"),
    ],
)
def test_wrong_usage_is_said(source, to, output, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=message):
        gp.export_model(source, to, output=output)
    assert not any(tmp_path.iterdir())


def test_what_has_two_meanings_is_refused(reader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / "digits-cgan").symlink_to(reader.path)
    with pytest.raises(UsageError, match="a run or model and a reader"):
        gp.export_model("digits-cgan", dry_run=True)
    plan = gp.export_model("readers/digits-cgan", dry_run=True)
    assert plan["kind"] == "reader" and not (tmp_path / "exported").exists()


def test_what_is_exported_is_no_run(exported, reader, tmp_path):
    run = gp.Run.open(exported["onnx"].path)
    with pytest.raises(GanprofileError, match="only draws pictures .*: it has no history.csv"):
        run.history  # noqa: B018
    with pytest.raises(GanprofileError, match="it has no data"):
        run.dataset()
    with pytest.raises(UsageError, match="is exported already"):
        gp.export_model(run)
    with pytest.raises(UsageError, match="is a generator, which reads nothing"):
        gp.Reader.open(exported["onnx"].path)
    made = gp.export_model(reader, output=tmp_path / "my r.onnx")
    with pytest.raises(UsageError, match="is a reader, which draws nothing.* --reader '.*my r.onn"):
        gp.Run.open(made.path)
    for source in (made.path, gp.Reader.open(made.path)):
        with pytest.raises(UsageError, match="my r.onnx is exported already. Give what it was"):
            gp.export_model(source, "litert")


def test_no_set_is_proposed_or_drawn_of_what_is_exported(
    exported, in_process, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    place = exported["onnx"].path
    code, _, err = in_process("sample", place, "--count", "1")
    assert code == 0 and "Next, " not in err
    for command in ("generate", "plot"):
        code, _, err = in_process(command, place)
        assert code == 2 and "is an exported model, which only draws pictures" in err


@pytest.mark.parametrize("to", RUNTIMES)
def test_an_exported_run_says_what_it_is_and_draws_wherever_it_is_sent(exported, to):
    run = gp.Run.open(exported[to].path)
    images = run.sample(2)
    assert run.has_generator
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(run)).sample(2), images)
    run.forget_generator()
    np.testing.assert_array_equal(run.sample(2), images)
    for ask, missing in (
        (lambda: run.fingerprint, "generator.keras"),
        (lambda: run.record(remark="old"), "config.json"),
        (lambda: run.save_checkpoint({}), "checkpoint"),
        (lambda: run.held(), "checkpoint"),
        (lambda: gp.resume(run), "checkpoint"),
    ):
        with pytest.raises(GanprofileError, match=f"an exported model.*: it has no {missing}"):
            ask()
    for source in (run, run.path):
        with pytest.raises(UsageError, match="is an exported model. Give the run"):
            gp.reproduce(source)


def test_readers_and_models_on_the_hub_are_exported_by_their_names(reader, stand_in_hub):
    for name, folder in (("reader", reader.path), ("digits-cgan", gp.Run.open("digits-cgan").path)):
        files = {one.name: one.read_bytes() for one in folder.iterdir()}
        stand_in_hub.put("model", f"me/{name}", files)
    plan = gp.export_model("hf:me/reader", dry_run=True)
    assert plan["kind"] == "reader" and plan.path.name == "reader.onnx"
    assert gp.export_model("hf:me/digits-cgan", dry_run=True)["kind"] == "generator"
    with pytest.raises(GanprofileError, match="knows no hf:me/nothing .*that you may see"):
        gp.export_model("hf:me/nothing", dry_run=True)


@pytest.mark.parametrize("name", ["my reader", "a,b [1]+", "ک"])
def test_a_reader_is_exported_under_any_name_that_it_is_opened_by(
    reader, name, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / name).symlink_to(reader.path)
    assert gp.Reader.open(name).path == Path("readers", name)
    assert gp.export_model(name, dry_run=True)["kind"] == "reader"
    (tmp_path / "saved_models").mkdir()
    (tmp_path / "saved_models" / f"{name}2").symlink_to(gp.Run.open("digits-cgan").path)
    assert gp.Run.open(f"{name}2").path == Path("saved_models", f"{name}2")
    assert gp.export_model(f"{name}2", dry_run=True)["kind"] == "generator"


def test_the_home_folder_is_meant_in_paths_of_what_is_opened(
    exported, reader, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine").symlink_to(reader.path)
    made = gp.export_model("~/mine", output="~/reader.onnx")
    assert gp.Reader.open("~/reader.onnx").path == made.path == tmp_path / "reader.onnx"
    (tmp_path / "drawn.onnx").symlink_to(exported["onnx"].path)
    assert gp.Run.open("~/drawn.onnx").sample(1).shape == (1, 28, 28, 1)
    (tmp_path / "run").symlink_to(gp.Run.open("digits-cgan").path.resolve())
    assert gp.Run.open("~/run").path == tmp_path / "run"
    assert gp.export_model("~/run", dry_run=True)["kind"] == "generator"
    assert gp.Evaluation.open("~/run").synthetic


def test_what_an_exported_model_draws_is_judged_as_the_documentation_says(exported, tmp_path):
    short = {"images": 100, "classifier": False, "progress": False}
    found = gp.evaluate(exported["onnx"].path, "digits", output=tmp_path / "judged", **short)
    assert found.copy_rate == 0 and "was trained on is not at hand" in " ".join(found.notes)
    with pytest.raises(UsageError, match="not known to have drawn. Evaluate the run"):
        gp.save_model("digits-cgan", "mine", evaluation=tmp_path / "judged", output=tmp_path)


def test_the_command_says_where_it_is(in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, error = in_process("models", "export", "digits-cgan", "--to", "onnx")
    assert (code, out) == (0, "exported/digits-cgan.onnx\n")
    assert "none differs from Keras by more than" in error
    code, out, error = in_process("models", "export", "digits-cgan", "--to", "onnx", "--json")
    assert code == 2 and "Choose another --output or add --force" in error
    code, out, _ = in_process("models", "export", "digits-cgan", "--force", "--json")
    said = json.loads(out)
    assert said["largest_difference"] <= LARGEST and said["image_shape"] == [28, 28, 1]


def test_other_backends_are_told_where_to_go(monkeypatch):
    monkeypatch.setattr("keras.backend.backend", lambda: "jax")
    with pytest.raises(GanprofileError, match="Set KERAS_BACKEND to tensorflow or torch"):
        gp.export_model("digits-cgan", "onnx")


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 40, 3)])
def test_images_to_compare_with_are_like_characters(shape):
    images = like_characters(150, shape)
    assert images.shape == (150, *shape) and images.dtype == np.uint8
    ink = (images > 60).any(axis=-1).mean(axis=(1, 2))
    assert ink.min() > 0.03 and ink.max() < 0.5
    assert (images == like_characters(150, shape)).all()
    assert len(np.unique(images.reshape(150, -1), axis=0)) == 150
