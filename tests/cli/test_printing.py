import json
import math
from pathlib import Path

import numpy as np
import yaml

from ganprofile.cli import _as_utf8
from ganprofile.cli.choices import print_json
from ganprofile.storage.yaml_files import as_yaml


def test_what_json_has_no_number_for_is_null_wherever_it_stands(capsys):
    print_json({"rows": [{"ours": math.nan}, (math.inf, 2.0)], "further": {"psnr": -math.inf}})
    content = json.loads(capsys.readouterr().out, parse_constant=lambda name: 1 / 0)
    assert content == {"rows": [{"ours": None}, [None, 2.0]], "further": {"psnr": None}}


def test_what_is_typed_is_utf8_whatever_the_locale_knows():
    assert _as_utf8("\udcd7\udc90") == "א" and _as_utf8("א b") == "א b"
    assert _as_utf8("\udcff") == "\udcff", "a name that is none stays as it is"


def test_numbers_of_numpy_are_numbers_and_paths_are_texts(capsys):
    numbers = {"count": np.int64(3), "share": np.float32(0.5), "none": np.float32("nan")}
    print_json({**numbers, "is": np.bool_(True), "output": Path("a")})
    found = {"count": 3, "share": 0.5, "none": None, "is": True, "output": "a"}
    assert json.loads(capsys.readouterr().out) == found
    front = as_yaml({"count": np.int64(3), "output": Path("a"), "sizes": (1, np.int32(2))})
    assert yaml.safe_load(front) == {"count": 3, "output": "a", "sizes": [1, 2]}
