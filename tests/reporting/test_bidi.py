"""Names from right to left stand for themselves in a report."""

import re
from html import unescape

import pytest

from ganprofile.bidi import in_html, isolated
from ganprofile.reporting.page import Captioned, Gallery, Intervals, Page, Prose, Table, Verdict
from ganprofile.reporting.render import render
from tests.reporting.test_report import blocks

BA, TA = "ب", "ت"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"{BA}: 60 %, {TA}: 40 %", f"<bdi>{BA}</bdi>: 60 %, <bdi>{TA}</bdi>: 40 %"),
        (f"the class {BA}َ <1>", f"the class <bdi>{BA}َ</bdi> &lt;1&gt;"),
        (f"{BA} {TA}", f"<bdi>{BA} {TA}</bdi>"),
        (f"{BA} 12", f"<bdi>{BA}</bdi> 12"),
        ("אב & a", "<bdi>אב</bdi> &amp; a"),
        ("א-ב: 5", "<bdi>א-ב</bdi>: 5"),
        ("א5ב: 5", "<bdi>א5ב</bdi>: 5"),
        ("ג': 5", "<bdi>ג&#39;</bdi>: 5"),  # a geresh
        ("'ג': 5", "&#39;<bdi>ג</bdi>&#39;: 5"),
        ("'ג'': 5", "&#39;<bdi>ג&#39;</bdi>&#39;: 5"),
        ('of "ג ב".', "of &#34;<bdi>ג ב</bdi>&#34;."),
        (f"{BA}\u0661\u0662: 5", f"<bdi>{BA}\u0661\u0662</bdi>: 5"),
        (f"{BA}12: 5, {BA}_2", f"<bdi>{BA}12</bdi>: 5, <bdi>{BA}_2</bdi>"),
        (f"({BA}), {BA}, {TA}/0.png", f"(<bdi>{BA}</bdi>), <bdi>{BA}</bdi>, <bdi>{TA}</bdi>/0.png"),
        (
            f"{BA}+augment, {BA} - {TA}",
            f"<bdi>{BA}</bdi>+augment, <bdi>{BA}</bdi> - <bdi>{TA}</bdi>",
        ),
        ("7: 60 %", "7: 60 %"),
        ("٣: 60 %", "٣: 60 %"),  # a digit moves nothing
        ("", ""),
    ],
)
def test_every_run_is_isolated(text, html):
    assert in_html(text) == html
    tags = {"\u2068": "<bdi>", "\u2069": "</bdi>"}
    assert re.sub("[\u2068\u2069]", lambda mark: tags[mark[0]], isolated(text)) == re.sub(
        "&(lt|gt|amp|#39|#34);", lambda found: unescape(found[0]), html
    )


def test_the_name_of_a_recipe_may_break_at_each_part():
    assert in_html("deformed+distilled: +1.2") == "deformed+<wbr>distilled: +1.2"
    assert isolated("deformed+distilled") == "deformed+distilled"


def test_a_page_isolates_names_wherever_they_stand():
    words = f"{BA}: 60 %, {TA}: 40 %"
    png = b"x"
    page = Page(
        f"{BA} augmented",
        f"of {BA}",
        (Verdict(f"Fewer of {BA} (3)."),),
        (("made from", f"{BA} 1"),),
        (
            Captioned("Doubtful", ((png, words),), f"The note of {BA} 1."),
            Gallery("Drawn", (BA, "1"), ((f"{BA} 1", (png, png)),), "{row}, {column}"),
            Table("By class", ("class", "most"), ((f"{BA} 1", f"{BA}, {TA} 2"),)),
            Prose("Where", (f"best at '{BA}': +3",)),
            Intervals("Gains", "points", ((f"{BA} 1", 1.0, 0.5, 2.0, "good"),), ""),
        ),
    )
    text = render(page)
    visible = re.sub(r"<(style|script|svg|title)\b.*?</\1>", "", text, flags=re.DOTALL)
    visible = re.sub(r"<(?!/?bdi)[^>]*>", "", visible)
    alone = re.sub(r"<bdi>.*?</bdi>", "", visible)
    assert BA not in alone and TA not in alone and BA in visible
    assert f"<figcaption><bdi>{BA}</bdi>: 60 %, <bdi>{TA}</bdi>: 40 %</figcaption>" in text
    assert f'alt="An image of \u2068{BA}\u2069: 60 %, \u2068{TA}\u2069: 40 %"' in text
    assert f"<bdi>{BA} 1</bdi></th>" in text and f'<td class="short"><bdi>{BA} 1</bdi></td>' in text
    assert f">\u2068{BA}\u2069 1</text>" in text and blocks(page, Prose)
