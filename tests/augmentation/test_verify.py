"""`verify`: a set that is what it says has no problem; whatever is changed is found and named."""

import dataclasses
import json
import os
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.generate import generate
from ganprofile.augmentation.verify import verify
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.checksums import SUMS, write_checksums
from ganprofile.errors import GanprofileError
from ganprofile.filtering import streams
from ganprofile.storage.files import read_json
from tests.augmentation.forging import assert_problem, change_info, change_row, check, read_rows
from tests.conftest import run_command
from tests.forked import run_forked


@pytest.fixture(scope="module")
def saved(digits, tmp_path_factory):
    """30 real images in every format: format -> folder."""
    folder = tmp_path_factory.mktemp("saved")
    return {format: digits[0].subset(3).save(folder / format, format) for format in FORMATS}


# A set that is what it says


@pytest.mark.parametrize("format", FORMATS)
def test_a_fresh_set_has_no_problem_and_everything_is_checked(short_run, tmp_path, format):
    output = tmp_path / "more"
    generate(
        short_run,
        per_class=22,
        include_real=True,
        score=False,
        output=output,
        format=format,
        progress=False,
    )
    result = check(output, offline=True)
    assert result.ok and not result.not_checked, result
    checked = "\n".join(result.checked)
    files = sum(file.is_file() for file in output.rglob("*")) - 1
    assert f"{files} files are what SHA256SUMS says" in checked
    assert "220 images and as many rows" in checked and "200 real, 20 synthetic" in checked
    assert "counts of 10 classes" in checked and "labels and class names" in checked
    assert read_json(output / "dataset.json")["fingerprint"][:12] in checked
    assert f"the generator of {short_run.path}" in checked and "the data of" in checked
    assert "8 synthetic images drawn again are identical" in checked
    assert "200 real images are among the data (digits)" in checked


@pytest.mark.parametrize("format", FORMATS)
def test_a_saved_dataset_is_checked_too(saved, format):
    result = check(saved[format])
    assert result.ok, result.problems
    assert "30 real, 0 synthetic" in result.checked
    assert result.not_checked == ["where the images come from: dataset.json names no run"]


def test_an_imported_name_is_checked_part_by_part(digits, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    whole = tmp_path / "whole"
    for part, data in zip(("train", "test"), digits, strict=True):
        data.subset(3).save(tmp_path / part, "imagefolder")
        shutil.move(tmp_path / part, whole / part)
    report = gp.import_dataset(whole, "in-two-parts")
    by_name, by_folder = verify("in-two-parts"), verify(report["folder"])
    assert by_name.ok and by_name == by_folder and str(by_name.path) == report["folder"]
    for part in ("train", "test"):
        assert f"{part}: 30 real, 0 synthetic" in by_name.checked
    (by_name.path / "test" / "manifest.csv").write_text("torn")
    result = verify("in-two-parts")
    assert not result.ok and all(line.startswith("test: ") for line in result.problems)
    with pytest.raises(gp.UsageError, match="or an imported name"):
        verify("in-three-parts")


def test_the_set_of_an_unlabelled_model_is_drawn_again(
    short_unlabelled_run, tmp_path, monkeypatch, fast_classifier
):
    monkeypatch.setattr(streams, "CONFIDENCE", 0.12)
    monkeypatch.setattr(streams, "PATIENCE", 1000)
    options = {"per_class": 2, "filter": "none", "output": tmp_path / "more", "progress": False}
    generate(short_unlabelled_run, **options)
    result = check(tmp_path / "more")
    assert result.ok, result.problems
    assert any("drawn again are identical" in line for line in result.checked)
    data = [line for line in result.checked if "the data" in line]
    assert data == [
        f"the record, not the files, of the data of {short_unlabelled_run.path} is what "
        "dataset.json says"
    ], "no real image is in the set, so that none was looked up"


def test_how_far_it_is_can_be_seen(more, capsys):
    verify(more)
    said = capsys.readouterr().err
    assert "5/5 files compared with SHA256SUMS" in said and "300/300 images" in said


# Files


@pytest.mark.parametrize("format", FORMATS)
def test_every_flipped_missing_and_extra_file_is_named(saved, tmp_path, format):
    folder = shutil.copytree(saved[format], tmp_path / "set")
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    pictures = [file for file in files if file.suffix == ".png"]
    for file in [file for file in files if file not in pictures[1:-1]]:
        name, content = file.relative_to(folder).as_posix(), file.read_bytes()
        place = len(content) // 2
        flipped = bytes([content[place] ^ 1])
        file.write_bytes(content[:place] + flipped + content[place + 1 :])
        assert_problem(check(folder), name)
        file.unlink()
        assert_problem(check(folder), name)
        file.write_bytes(content)
    assert check(folder).ok
    for name in ("extra.txt", "a/b.png", ".hidden"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("?")
        assert_problem(check(folder), "Extra", "1 file", name)
        (folder / name).unlink()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):  # of systems in which it was looked at
        (folder / name).write_text("?")
    assert check(folder).ok


@pytest.mark.slow
@pytest.mark.parametrize("right_sums", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_no_damage_ends_in_another_error(saved, tmp_path, format, right_sums):
    """Flipped bits, cut files and noise, also with checksums that were made afterwards."""
    folder = shutil.copytree(saved[format], tmp_path / "set")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != SUMS)
    random = np.random.default_rng(0)
    for round_ in range(24):
        file = files[round_ % len(files)]
        content = file.read_bytes()
        place = random.integers(len(content))
        damaged = (
            content[:place],
            content[:place] + random.bytes(8) + content[place + 8 :],
            content[:place]
            + bytes([content[place] ^ 1 << random.integers(8)])
            + content[place + 1 :],
        )[round_ % 3]
        file.write_bytes(damaged)
        if right_sums:
            write_checksums(folder)
        result = check(folder)
        assert right_sums or damaged == content or not result.ok
        file.write_bytes(content)


def test_many_changed_files_are_counted_and_the_first_ten_named(saved, tmp_path):
    folder = shutil.copytree(saved["imagefolder"], tmp_path / "set")
    for file in folder.glob("*/*.png"):
        file.unlink()
    (missing, *_) = (line for line in check(folder).problems if "Missing" in line)
    assert (
        "30 files" in missing and missing.count(".png") == 10 and missing.endswith(" and 20 more.")
    )


def test_a_set_without_checksums_is_told_and_the_rest_is_checked(more):
    (more / SUMS).unlink()
    result = check(more)
    assert_problem(result, f"has no {SUMS}")
    assert len(result.problems) == 1 and "200 real, 100 synthetic" in result.checked


@pytest.mark.parametrize(
    "line", ["nonsense", f"{'0' * 64}  ../run/config.json", f"{'0' * 64}  /etc/passwd", "\udc80"]
)
def test_lines_that_name_no_file_of_the_set_are_told(more, line):
    with open(more / SUMS, "a", encoding="utf-8", errors="surrogateescape") as sums:
        sums.write(line + "\n")
    assert_problem(check(more), SUMS, "1 line")


def test_a_set_without_its_card_is_a_damaged_set(more):
    (more / "dataset.json").unlink()
    result = check(more)
    assert_problem(result, "dataset.json does not exist")
    assert_problem(result, "Missing", "dataset.json")
    assert result.not_checked == ["images, labels, fingerprint and origin: the set is not readable"]


def test_who_verifies_is_not_told_to_verify(more):
    (more / "dataset.json").write_text("{")
    write_checksums(more)
    result = check(more)
    assert_problem(result, "it is cut or was changed. To mend that, copy the set again, or make")
    assert "ganprofile verify" not in " ".join(result.problems)
    with pytest.raises(GanprofileError, match="again. Which of its files .* says ganprofile ver"):
        gp.load(more)


def test_further_columns_of_another_length_are_told(tiny, tmp_path):
    aged = dataclasses.replace(tiny, attributes={"age": np.arange(len(tiny))})
    folder = aged.save(tmp_path / "set")
    assert check(folder).ok
    np.savez(folder / "attributes.npz", **{"names": np.array(["age"]), "0": np.arange(3)})
    write_checksums(folder)
    assert_problem(check(folder), "attributes.npz should hold 200 values")


def test_what_is_no_set_is_wrong_usage(tmp_path, more):
    (tmp_path / "letters").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("letters", "file"):
        with pytest.raises(gp.UsageError, match=f"{name} is no set that ganprofile wrote"):
            check(tmp_path / name)
    with pytest.raises(gp.UsageError, match="no set .*nowhere. Give .* augment or generate wrote"):
        check(tmp_path / "nowhere")
    with pytest.raises(gp.UsageError, match="No run folder or model 'nowhere'"):
        check(more, run="nowhere")


# What a set says of itself: the checksums are right each time


def test_a_manifest_with_other_labels_is_told(more):
    row = read_rows(more)[7]
    change_row(more, 7, label=(int(row["label"]) + 1) % 10)
    change_row(more, 250, class_name="seven")
    assert_problem(check(more), "manifest.csv", "another label", "2 images: 7, 250")


@pytest.mark.slow
def test_other_counts_are_told(more):
    info = read_json(more / "dataset.json")
    change_info(more, images=299)
    assert_problem(check(more), "299 images", "300 rows", "hold 300 images")
    change_info(more, images=300, class_counts=[29, 31, *info["class_counts"][2:]])
    assert_problem(check(more), "dataset.json counts the classes as [29, 31")
    change_info(more, class_counts=info["class_counts"], real=199, synthetic=101)
    assert_problem(check(more), "199 real and 101 synthetic", "200 and 100")
    change_info(more, real=200, synthetic=100)
    assert check(more).ok
    change_row(more, 299, source="drawn")
    assert_problem(check(more), "200 and 99, 1 neither")
    change_info(more, synthetic=99)
    assert_problem(check(more), "200 and 99, 1 neither")


def test_a_shorter_or_longer_manifest_is_told(more):
    text = (more / "manifest.csv").read_text()
    lines = text.splitlines(keepends=True)
    for lines_now, count in ((lines[:-1], 299), ([*lines, lines[-1]], 301)):
        (more / "manifest.csv").write_text("".join(lines_now))
        write_checksums(more)
        assert_problem(check(more), "300 images", f"{count} rows")


def test_other_pixels_labels_or_writers_have_another_fingerprint(more):
    info = read_json(more / "dataset.json")
    assert check(more).ok
    change_row(more, 3, writer=9999)
    assert_problem(check(more), "fingerprint", info["fingerprint"][:12])
    change_row(more, 3, writer="somebody")
    assert_problem(check(more), "manifest.csv", "somebody")
    change_info(more, fingerprint="0" * 64)
    change_row(more, 3, writer=read_rows(more)[3]["writer"].replace("somebody", "9"))
    assert_problem(check(more), "fingerprint", "000000000000")


# What was filtered


@pytest.fixture
def filtered(short_run, planted, tmp_path):
    """A filtered npz set with soft labels."""
    options = {"only": ["4"], "soft_labels": True, "progress": False}
    return generate(short_run, per_class=5, output=tmp_path / "filtered", **options).path


def test_soft_labels_that_are_no_probabilities_are_told(filtered):
    assert check(filtered).ok
    soft = np.load(filtered / "soft_labels.npy")
    soft[2] += 1
    np.save(filtered / "soft_labels.npy", soft)
    write_checksums(filtered)
    assert_problem(check(filtered), "soft labels of 1 image", "2.")
    (filtered / "soft_labels.npy").unlink()
    write_checksums(filtered)
    assert_problem(check(filtered), "says soft labels", "lacks them")


def test_soft_labels_of_other_classes_and_other_scores_are_told(filtered):
    soft = np.load(filtered / "soft_labels.npy")
    np.save(filtered / "soft_labels.npy", np.roll(soft, 1, axis=1))
    write_checksums(filtered)
    assert_problem(
        check(filtered), "another score than the soft labels for 5 images", "0, 1, 2, 3, 4"
    )
    np.save(filtered / "soft_labels.npy", soft)
    change_row(filtered, 3, score="0.1111")
    assert_problem(check(filtered), "another score than the soft labels for 1 image", "3.")


def test_rejected_images_that_are_counted_otherwise_are_told(filtered):
    path = filtered / "rejected.csv"
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines))
    write_checksums(filtered)
    assert_problem(check(filtered), "counts the rejected", f"{len(lines) - 1} rows")
    path.write_text("".join([*lines, last.replace(",4,", ",5,", 1)]))
    write_checksums(filtered)
    assert_problem(check(filtered), "counts the rejected", f"{len(lines)} rows")
    path.unlink()
    write_checksums(filtered)
    assert_problem(check(filtered), "rejected.csv is missing")
    change_info(filtered, filter={"rejected": "none"})
    assert not check(filtered).ok


# The command


def test_the_command_prints_all_three_and_exits_by_the_result(in_process, more, tmp_path):
    code, out, _ = in_process("verify", more, "--offline")
    assert code == 0 and "problem" not in out
    assert len([line for line in out.splitlines() if line.startswith("checked: ")]) == 10
    (more / "extra").write_text("")
    code, out, _ = in_process("verify", more, "--run", tmp_path)
    assert code == 2 and out == ""  # tmp_path is no run
    code, out, _ = in_process("verify", more)
    assert code == 1 and "problem: Extra" in out and "checked: " in out
    code, out, _ = in_process("verify", more, "--json")
    report = json.loads(out)
    assert code == 1 and not report["ok"] and "extra" in report["problems"][0]
    assert set(report) == {"ok", "path", "checked", "not_checked", "problems"}
    code, out, err = in_process("verify", tmp_path)
    assert (code, out) == (2, "") and "is no set that ganprofile wrote" in err


@pytest.mark.parametrize("format", FORMATS)
def test_augment_writes_every_format_from_the_command_line(in_process, short_run, tmp_path, format):
    output = tmp_path / "more"
    arguments = ["--total", "20", "--no-score", "--format", format, "--output", output]
    code, out, err = in_process("generate", short_run.path, *arguments)
    assert (code, out) == (0, f"{output}\n"), err
    assert in_process("verify", output)[0] == 0


@pytest.mark.slow
def test_verify_in_a_process_of_its_own(more):
    done = run_forked("verify", more)
    assert done.returncode == 0, done.stderr
    assert "5/5 files" in done.stderr and "300/300 images" in done.stderr
    (more / "shard-00000.npz").write_bytes(b"")
    done = run_forked("verify", more)
    assert done.returncode == 1 and "shard-00000.npz" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_a_set_that_is_read_and_written_again_keeps_what_is_drawn(short_run, tmp_path, format):
    options = {"per_class": 25, "include_real": True, "score": False, "progress": False}
    first = gp.generate(short_run, output=tmp_path / "first", **options).load()
    first.save(tmp_path / "again", format)
    again = gp.verify(tmp_path / "again", progress=False)
    assert again.ok, again.problems
    assert "200 real, 50 synthetic" in again.checked
    assert any("8 synthetic images drawn again are identical" in line for line in again.checked)
    part = first.select(np.arange(195, 205))
    part.save(tmp_path / "part")
    assert "5 real, 5 synthetic" in gp.verify(tmp_path / "part", progress=False).checked
    first.of_classes("35").save(tmp_path / "classes")  # whose numbers are others than the run's
    of_classes = gp.verify(tmp_path / "classes", progress=False)
    assert of_classes.ok and "40 real images are among the data (digits)" in of_classes.checked
    assert any("drawn again are identical" in line for line in of_classes.checked)


def test_a_part_whose_classes_are_called_otherwise_is_told(short_run, tmp_path):
    made = gp.generate(short_run, per_class=1, score=False, progress=False).of_classes("35")
    dataclasses.replace(made, class_names=("3", "9")).save(tmp_path / "set")
    assert_problem(check(tmp_path / "set"), "1 of 2 synthetic images", "are others")
    dataclasses.replace(made, class_names=("3", "S")).save(tmp_path / "other")
    assert_problem(check(tmp_path / "other"), "has other class names than")


def test_a_set_takes_the_place_of_the_folder_in_which_the_user_stands(
    short_run, tmp_path, monkeypatch
):
    options = {"score": False, "progress": False}
    folder = gp.generate(short_run, per_class=1, output=tmp_path / "more", **options).path
    for output in (".", "../more"):
        monkeypatch.chdir(folder)
        made = gp.generate(short_run, per_class=2, output=output, force=True, **options)
        assert made.info["class_counts"] == [2] * 10 and len(made.load()) == 20


def test_drawn_images_that_a_set_is_given_stay_synthetic(short_run, tmp_path):
    options = {"score": False, "progress": False}
    gp.generate(short_run, per_class=2, output=tmp_path / "drawn", **options)
    run = gp.train(tmp_path / "drawn", "quick", epochs=1, output=tmp_path / "runs", progress=False)
    options |= {"include_real": True, "total": 60, "output": tmp_path / "more"}
    more = gp.generate(run, **options)
    assert (more.info["real"], more.info["synthetic"]) == (0, 60)
    assert {row["source"] for row in read_rows(more.path)} == {"synthetic"}
    result = check(more.path)
    assert result.ok and not result.not_checked, result
    assert "20 given images are among the data (digits augmented by cgan)" in "\n".join(
        result.checked
    )
    assert any("8 synthetic images drawn again are identical" in line for line in result.checked)
    copy = check(more.load().save(tmp_path / "copy"))
    assert copy.ok and "a copy does not tell which" in copy.not_checked[0]


def test_a_set_is_made_from_a_folder_that_is_gone(short_run, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    options = {"score": False, "progress": False, "output": tmp_path / "more"}
    assert len(gp.generate(short_run, per_class=1, **options).load()) == 10


@pytest.mark.parametrize("name", ["manifest.csv", "dataset.json", "SHA256SUMS"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tiny, tmp_path, name):
    tiny.save(tmp_path / "set")
    (tmp_path / "set" / name).unlink()
    os.mkfifo(tmp_path / "set" / name)
    (tmp_path / "set" / "extra.txt").write_text("x")
    if name == "SHA256SUMS":
        (tmp_path / "set" / "manifest.csv").unlink()
    found = gp.verify(tmp_path / "set", progress=False)
    assert not found.ok and any(name in problem for problem in found.problems)


def test_frameworks_are_imported_while_the_set_is_read(tmp_path):
    code = (
        "import sys, ganprofile as gp; from ganprofile.augmentation import contents;"
        "gp.verify; print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    assert run_command(code=code, cwd=tmp_path).stdout == "set()\n"
