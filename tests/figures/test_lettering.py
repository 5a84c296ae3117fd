"""Names of classes in figures, in any script."""

import warnings

import numpy as np
import pytest
from matplotlib.font_manager import findfont

import ganprofile as gp
from ganprofile.figures import lettering
from ganprofile.figures.canvas import new_figure, save
from ganprofile.figures.datasets import save_dataset_histograms
from ganprofile.figures.lettering import drawn_name, drawn_names, families, followed, use_font
from ganprofile.images import read_png

KA = "ক"  # of Bengali, which DejaVu Sans lacks


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No font of the user's, and what was said before is said again."""
    monkeypatch.delenv(lettering.FONT, raising=False)
    monkeypatch.setattr(lettering, "_installed_noto", lambda: [])
    lettering._SAID.clear()


def drawn(path, text):
    """Where ink is, bool `(height, width)`, of a name."""
    figure, panel = new_figure(figsize=(2, 1))
    panel.set_axis_off()
    panel.text(0.5, 0.5, drawn_name(text), fontsize=40, ha="center", va="center", parse_math=False)
    save(figure, path)
    ink = read_png(path).min(axis=-1) < 128
    rows, columns = ink.any(axis=1).nonzero()[0], ink.any(axis=0).nonzero()[0]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("name", ["a", "ß", "é", "Ж", "π", "ب", "שלום"])
def test_names_in_scripts_that_the_usual_font_has(name, capsys):
    assert sorted(drawn_name(name)) == sorted(name) and capsys.readouterr().err == ""


def test_names_are_cut_and_composed():
    assert drawn_name("e\u0301tude") == "étude" and drawn_name("a" * 50) == "a" * 6 + "…" + "a" * 6


@pytest.mark.parametrize(
    "names",
    [
        ["\\rightharpoonup", "\\rightharpoondown"],
        ["alif_maksura_begin", "alif_maksura_end"],
        ["ক্ষ", "ক্ক", "ক্ত"],
        ["a_very_long_one_of_many", "a_very_long_two_of_many"],
        ["שלום_שלום_שלום_שלום", "שלום_שלום_אלום_שלום"],
    ],
)
def test_names_that_differ_stay_different_and_short(names):
    drawn = drawn_names(names, range(len(names)))
    assert len(set(drawn)) == len(names) and all("…" in name for name in drawn)
    assert all(len(name.replace(lettering.LEFT_TO_RIGHT, "")) <= 13 for name in drawn)


def test_no_escape_is_cut():
    assert drawn_name("ক্ষ") == r"\u0995…\u09b7" and drawn_name("ক্ষ", 10) == "…"
    assert drawn_name("ক্ষ", 12) == r"\u0995…"


def test_what_no_font_draws_is_spelled():
    assert drawn_name("a\tb") == r"a\tb" and drawn_name("\n\\") == r"\n\\"


def test_from_right_to_left(tmp_path):
    """The first letter, yod, is a small one and stands at the right."""
    ink = drawn(tmp_path / "a.png", "יש")
    first = ink[:, -max(2, ink.shape[1] // 8) :]
    last = ink[:, : ink.shape[1] // 2]
    lowest = [np.flatnonzero(part.any(axis=1))[-1] for part in (first, last)]
    assert lowest[0] < 0.8 * lowest[1]


def test_an_older_matplotlib_is_helped(monkeypatch):
    from matplotlib import ft2font

    monkeypatch.delattr(ft2font, "__libraqm_version__", raising=False)
    assert drawn_name("שלום") == "שלום"[::-1] and drawn_name("abc") == "abc"
    assert drawn_name("א1") == "א1", "of both directions"


def test_what_no_font_has_is_said_once_by_name(capsys):
    assert drawn_name(KA, number=3) == "3" and drawn_name(KA) == "\\u0995"
    assert drawn_name("\u0996", number=4) == "4"
    said = capsys.readouterr().err
    assert said.count("BENGALI") == 1 and "no font here has the letter BENGALI LETTER KA" in said
    assert (
        "Set GANPROFILE_FONT to the file of a font that has it, such as Noto Sans Bengali"
        in " ".join(said.split())
    )
    drawn_name("漢"), drawn_name("か")
    assert "Noto Sans CJK SC" in (said := capsys.readouterr().err) and "Noto Sans CJK JP" in said


def test_a_symbol_is_of_no_script(capsys):
    drawn_name("\U0001f642")
    said = " ".join(capsys.readouterr().err.split())
    assert "such as Noto Emoji or Noto Sans Symbols." in said


def test_a_font_of_the_users(tmp_path, capsys, monkeypatch):
    builder = pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
    path = tmp_path / "bengali.ttf"
    write_font(builder, path)
    monkeypatch.setenv(lettering.FONT, "")  # so that it is as before afterwards
    use_font(path)
    assert drawn_name(KA) == KA and drawn_name("a" + KA) == "a" + KA
    assert families() == ["Of a test", "DejaVu Sans"] and capsys.readouterr().err == ""
    ink = drawn(tmp_path / "a.png", KA)
    assert ink.mean() > 0.95, "the only glyph is a square"
    assert drawn_name("漢") == "\\u6f22" and "bengali.ttf has no letter CJK" in "".join(
        capsys.readouterr().err
    ).replace("\n", " ")


def test_the_file_that_was_named_last_is_drawn_with(tmp_path, monkeypatch):
    builder = pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
    monkeypatch.setenv(lettering.FONT, "")  # so that it is as before afterwards
    shapes = []
    for name, right in (("a", 700), ("b", 100), ("a", 700)):
        path = tmp_path / f"{name}.ttf"
        write_font(builder, path, right)
        use_font(path)
        shapes.append(drawn(tmp_path / "a.png", KA).shape)
        path.unlink()  # of the same family as the next
    assert shapes[0] == shapes[2] and shapes[1][1] < shapes[0][1] / 5


def test_what_a_font_of_the_users_lacks_is_drawn_with_the_usual_one(tmp_path, monkeypatch):
    builder = pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
    usual = drawn(tmp_path / "usual.png", "abc")
    write_font(builder, tmp_path / "bengali.ttf")
    monkeypatch.setenv(lettering.FONT, "")  # so that it is as before afterwards
    use_font(tmp_path / "bengali.ttf")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (drawn(tmp_path / "a.png", "abc") == usual).mean() > 0.9


def write_font(builder, path, right=700):
    """A font whose only letter is a square, or a narrower rectangle."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for place in ((0, 700), (right, 700), (right, 0)):
        pen.lineTo(place)
    pen.closePath()
    font = builder.FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "ka"])
    font.setupCharacterMap({ord(KA): "ka"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "ka": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (700, 0), "ka": (700, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Of a test", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def test_what_is_no_font(tmp_path, in_process):
    (tmp_path / "a.ttf").write_text("no font")
    with pytest.raises(gp.UsageError, match=r"a\.ttf is no font that can be read"):
        use_font(tmp_path / "a.ttf")
    code, _, said = in_process("--font", tmp_path / "b.ttf", "datasets", "show", "digits")
    assert code == 2 and "b.ttf is no font" in said


def test_the_command_line_takes_one(tmp_path, in_process, monkeypatch):
    monkeypatch.setenv(lettering.FONT, "")
    arguments = ("datasets", "show", "digits", "--histogram", "--output", tmp_path)
    assert in_process("--font", findfont("DejaVu Serif"), *arguments)[0] == 0
    assert families()[0] == "DejaVu Serif" and (tmp_path / "digits-histogram.png").is_file()


def test_a_figure_of_classes_of_any_script(tmp_path, digits, capsys):
    names = ("ب", KA, *"cdefghij")
    mixed = gp.Dataset(digits[1].images, digits[1].labels, names)
    save_dataset_histograms(tmp_path / "a.png", mixed)
    said = capsys.readouterr().err
    assert "BENGALI" in said and "ARABIC" not in said and "Glyph" not in said


def test_what_follows_a_name_from_right_to_left_stays_behind_it():
    assert followed("a", " 80 %") == "a 80 %"
    before, behind = followed("ب", " 80 %").split("ب")
    assert before == "\u200e" and behind == "\u200e 80 %"
    assert drawn_name(followed("ب", " 80 %")).endswith("80 %")


def test_joiners_are_no_letters_that_a_font_lacks():
    assert drawn_name("می\u200cرم") == "می\u200cرم"
