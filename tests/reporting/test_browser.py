"""Reports as a browser shows them: Debian's Chromium, driven by Playwright."""

import shutil

import pytest

import ganprofile as gp
from tests.reporting.test_of_set import DEFORMED, write
from tests.reporting.test_report import MEASURED, STUDIED

SIZES = {"phone": (390, "dark"), "desk": (1440, "light")}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        yield driver.chromium.launch(executable_path=chromium, args=options)


@pytest.fixture
def opened(browser):
    """Opens a file; what it complained of and asked for is checked at the end."""
    said, asked = [], []

    def open_(path, size="desk"):
        width, scheme = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.resolve().as_uri())
        return page

    yield open_
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def section(page, title):
    return page.locator("section", has=page.get_by_role("heading", name=title))


@pytest.fixture(scope="module")
def of_run(short_run, tmp_path_factory):
    return gp.report(short_run.path, output=tmp_path_factory.mktemp("report") / "run.html")


@pytest.fixture(scope="module")
def of_benchmark(tmp_path_factory):
    return gp.report(MEASURED, output=tmp_path_factory.mktemp("report") / "benchmark.html")


@pytest.fixture(scope="module")
def of_study(tmp_path_factory):
    return gp.report(STUDIED, output=tmp_path_factory.mktemp("report") / "study.html")


@pytest.fixture(scope="module")
def of_evaluation(short_run, tmp_path_factory):
    output = tmp_path_factory.mktemp("report") / "evaluation"
    gp.evaluate(short_run, "digits", images=100, classifier="mlp", output=output, progress=False)
    return gp.report(output)


@pytest.fixture(scope="module")
def of_set(digits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "set"
    write(folder, digits, **DEFORMED)
    return gp.report(folder)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["of_run", "of_benchmark", "of_evaluation", "of_study", "of_set"])
def test_no_page_is_wider_than_the_screen(opened, request, name, size):
    page = opened(request.getfixturevalue(name), size)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.locator(".verdict").first.bounding_box()["y"] < 300, "a verdict comes first"


def test_it_is_dark_where_people_like_it_dark(opened, of_run):
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(of_run, size).evaluate(colour) for size in ("desk", "phone"))
    assert light == "rgb(255, 255, 255)" != dark


def test_the_slider_goes_through_the_epochs(opened, of_run):
    page = opened(of_run)
    slider, picture = page.locator(".epochs input"), page.locator(".epochs img")
    bar = page.locator(".epochs g").first.locator("rect")

    def shown():
        heights = bar.evaluate_all("bars => bars.map(bar => bar.getAttribute('height'))")
        number = page.locator(".epochs label output").text_content()
        return number, picture.get_attribute("src"), heights

    last = shown()
    slider.focus()
    page.keyboard.press("Home")
    first = shown()
    assert (first[0], last[0]) == ("1", "3")
    assert first[1] != last[1] and first[2] != last[2]
    shown_counts = """figures => figures.map(figure => {
        const bars = [...figure.querySelectorAll("g rect")];
        return bars.map(bar => bar.getAttribute("height") / bar.dataset.text.split(": ").pop())
            .filter(Number.isFinite);
    })"""
    for scales in page.locator(".epochs figure.chart").evaluate_all(shown_counts):
        assert max(scales) == pytest.approx(min(scales)), "bars that overlie have one scale"
    assert picture.get_attribute("alt").startswith("What it drew after epoch 1, ")


def test_a_button_plays_the_epochs_up_to_the_last(opened, of_run):
    page = opened(of_run)
    button, number = page.locator(".epochs button"), page.locator(".epochs label output")
    button.click()
    assert button.text_content() == "Pause" and number.text_content() in ("1", "2")
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(button).to_have_text("Play")
    assert number.text_content() == "3"


def test_a_text_is_written_and_the_slider_bends_it(opened, of_run):
    page = opened(of_run)
    room = page.locator(".drawer")
    canvas = room.locator("canvas")

    def picture():
        return canvas.evaluate("canvas => [canvas.width, canvas.toDataURL()]")

    width, first = picture()
    assert width == 4 * 28
    room.locator("input[type=range]").fill("50")
    assert picture()[1] != first
    room.locator("input[type=text]").fill("7x 1")
    assert picture()[0] == 3 * 28, "a space is one, and what is unknown is left out"
    assert room.locator("output").text_content() == "It has not learned: x"
    before = picture()
    room.get_by_role("button", name="Other handwriting").click()
    assert picture() != before
    corner = "canvas => [...canvas.getContext('2d').getImageData(28, 0, 1, 1).data]"
    assert canvas.evaluate(corner) == [255, 255, 255, 255], "paper is white"


def test_a_pointer_above_a_curve_reads_it(opened, of_run):
    page = opened(of_run)
    figure = section(page, "Losses").locator("figure")
    figure.locator("svg").hover()
    said = figure.locator("figcaption output").text_content()
    assert said.startswith("epoch 2: generator ") and ", discriminator " in said


def test_a_click_on_a_head_sorts_a_table_and_another_turns_it_round(opened, of_benchmark):
    page = opened(of_benchmark)
    page.get_by_text("All statistics").click()
    table = section(page, "All arms").locator("table")
    column = table.locator("thead th").all_text_contents().index("accuracy, %") + 1

    def values():
        cells = table.locator(f"tbody td:nth-child({column})")
        return [float(text) for text in cells.all_text_contents()]

    before = values()
    table.get_by_role("button", name="accuracy").click()
    assert values() == sorted(before)
    table.get_by_role("button", name="accuracy").click()
    assert values() == sorted(before, reverse=True) != before
