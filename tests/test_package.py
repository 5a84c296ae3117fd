import ast
import configparser
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import ganprofile as gp
from ganprofile.datasets.sources.embedded import EMBEDDED

ROOT = Path(__file__).resolve().parents[1]


def test_the_public_names_are_there():
    for name in gp.__all__:
        assert getattr(gp, name) is not None
    assert set(dir(gp)) == {*gp.__all__, *gp._PACKAGES}
    for name in gp._PACKAGES:
        assert getattr(gp, name) is importlib.import_module(f"ganprofile.{name}")
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        gp.trian  # noqa: B018


def test_type_checkers_know_the_public_names():
    tree = ast.parse(Path(gp.__file__).read_text("utf-8"))
    told = {
        alias.asname: statement.module
        for block in tree.body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert told.keys() == {*gp._PUBLIC, *gp._PACKAGES}
    for name, module in told.items():
        assert getattr(importlib.import_module(module), name) is getattr(gp, name)


def test_importing_loads_no_framework():
    code = "import sys, ganprofile; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"keras", "tensorflow", "matplotlib", "numpy"} & set(done.stdout.split())


@pytest.mark.parametrize("name", ["digits-cgan", "emnist-cdcgan", "characters-cgan"])
def test_the_carried_models_draw(name, tmp_path, monkeypatch):
    in_the_package = (ROOT / "ganprofile" / "weights" / name).is_dir()
    monkeypatch.chdir(tmp_path if in_the_package else ROOT)
    run = gp.Run.open(name)
    assert run.sample(3, label="7").shape == (3, 28, 28, 1)
    assert (run.path / "grid.png").is_file()
    assert sum(file.stat().st_size for file in run.path.iterdir()) < 3e6
    if run.config["dataset"]["name"] in EMBEDDED:
        assert run.dataset().fingerprint == run.config["dataset"]["fingerprint"]


def test_a_wheel_takes_less_than_ten_megabytes():
    """As a wheel packs them, whose names and metadata add some 100 kB."""
    package = ROOT / "ganprofile"
    files = [file for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    assert sum(len(zlib.compress(file.read_bytes())) for file in files) < 9.9e6


def test_the_oldest_versions_that_are_tested_are_those_that_are_allowed():
    allowed = (ROOT / "setup.cfg").read_text()
    lowest = (ROOT / "tools" / "lowest.txt").read_text()
    tested = re.findall(r"^(\w+)==([\d.]+)\.\*$", lowest, re.M)
    assert [name for name, _ in tested] == ["keras", "tensorflow"]
    for name, version in tested:
        assert f"    {name}>={version}\n" in allowed


def test_the_list_without_tensorflow_is_what_is_required_but_for_it():
    options = configparser.ConfigParser()
    options.read(ROOT / "setup.cfg", "utf-8")
    required = options["options"]["install_requires"].split("\n")
    tensorflow = options["options.extras_require"]["tensorflow"].split("\n")
    lines = (ROOT / "docs" / "requirements-without-tensorflow.txt").read_text("utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert listed == [line for line in required if line not in tensorflow]
    assert set(tensorflow) <= set(required)
    assert not [line for line in listed if "tensorflow" in line]


@pytest.mark.slow
def test_an_installed_wheel_samples_with_no_training(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 10e6
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--target", tmp_path / "site", wheel], check=True
    )
    code = (
        "import sys, ganprofile; site = sys.argv[1]; assert ganprofile.__file__.startswith(site);"
        "ganprofile.report(f'{site}/ganprofile/weights/digits-cgan', output='report.html');"
        "sys.argv = ['ganprofile', 'sample', 'digits-cgan', '--text', '2026'];"
        "from ganprofile.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / done.stdout.strip()).is_file()
    assert "cgan draws digits." in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_takes_the_python_that_is_active(tmp_path):
    """CI tests three Pythons, each as `python3`, on a machine that has a `python3.12` as well."""
    for name in ("python3", "python3.12"):
        (tmp_path / name).symlink_to(sys.executable)
    paths = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    done = subprocess.run(
        ["make", "--dry-run", "demo", f"VENV={tmp_path / 'venv'}"],
        env={**environment, "PATH": paths},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"python3 -m venv {tmp_path / 'venv'}" in done.stdout.splitlines(), done.stderr


def test_no_public_name_is_a_module_too():
    """Importing a module of that name would put it in the place of the function."""
    modules = {module.name for module in pkgutil.iter_modules(gp.__path__)}
    assert not modules & set(gp.__all__)
