import json
import math

from ganprofile.cli.choices import print_json


def test_what_json_has_no_number_for_is_null_wherever_it_stands(capsys):
    print_json({"rows": [{"ours": math.nan}, (math.inf, 2.0)], "further": {"psnr": -math.inf}})
    content = json.loads(capsys.readouterr().out, parse_constant=lambda name: 1 / 0)
    assert content == {"rows": [{"ours": None}, [None, 2.0]], "further": {"psnr": None}}
