"""Tables of what is known of the people who filled sheets."""

import numpy as np

from ganprofile.datasets.collecting.people import read_characteristics


def read(tmp_path, text):
    (tmp_path / "people.csv").write_text(text)
    return read_characteristics(tmp_path / "people.csv")


def test_codes_and_names_stay_texts(tmp_path):
    known = read(tmp_path, "writer,group,school,first\n1,1_0,007,Nan\n2,1_1,12,Inf\n")
    assert known[1] == {"group": "1_0", "school": "007", "first": "Nan"}
    assert known[2] == {"group": "1_1", "school": "12", "first": "Inf"}


def test_numbers_are_numbers_though_one_is_not_known(tmp_path):
    known = read(tmp_path, "writer,age,share,none\n1,30,0.5,\n2,nan,-.5,\n")
    assert (known[1]["age"], known[1]["share"], known[2]["share"]) == (30, 0.5, -0.5)
    assert np.isnan([known[2]["age"], known[1]["none"]]).all()


def test_commas_are_decimal_points_between_semicolons_alone(tmp_path, capsys):
    assert read(tmp_path, "writer;income\n1;12,500\n2;9\n")[1] == {"income": 12.5}
    assert capsys.readouterr().err == ""
    known = read(tmp_path, "writer\tincome\tnote\n1\t12,500\tleft, old\n2\t9,000\tx\n")
    assert known[1] == {"income": "12,500", "note": "left, old"}
    (said,) = capsys.readouterr().err.splitlines()
    assert "the column 'income' is kept as text" in said and "12,500 has a decimal point" in said
