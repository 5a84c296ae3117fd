import json
import math

from ganprofile.cli import _as_utf8
from ganprofile.cli.choices import print_json


def test_what_json_has_no_number_for_is_null_wherever_it_stands(capsys):
    print_json({"rows": [{"ours": math.nan}, (math.inf, 2.0)], "further": {"psnr": -math.inf}})
    content = json.loads(capsys.readouterr().out, parse_constant=lambda name: 1 / 0)
    assert content == {"rows": [{"ours": None}, [None, 2.0]], "further": {"psnr": None}}


def test_what_is_typed_is_utf8_whatever_the_locale_knows():
    assert _as_utf8("\udcd7\udc90") == "א" and _as_utf8("א b") == "א b"
    assert _as_utf8("\udcff") == "\udcff", "a name that is none stays as it is"
