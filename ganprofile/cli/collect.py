"""`ganprofile collect`."""

from pathlib import Path

from ganprofile.cli import choices, data, names
from ganprofile.cli.flags import in_flags
from ganprofile.cli.groups import App
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.console import counted
from ganprofile.storage.names import as_word, side_by_side

app = App(no_args_is_help=True, help="Collect handwriting: print sheets, read them back.")


@app.command()
def sheet(
    output: argument(Path, help="The PDF to write.") = Path("sheets.pdf"),
    *,
    classes: option(
        str,
        help="What is to be written: 0-9, a-zA-Z, or ka,ga,0-9.",
        more="Ranges and characters, or, between commas, ranges and names.",
        panel=ESSENTIAL,
        metavar="NAMES",
    ) = "0-9",
    writers: option(int, help="For so many people, each with a number.", panel=HOW_MANY) = 1,
    first_writer: option(int, help="The first one's number.", panel=HOW_MANY) = 1,
    rows: option(int, help="Of one-inch cells on a page.", panel=HOW_MANY) = 10,
    columns: option(int, help="The same.", panel=HOW_MANY) = 7,
    rows_per_class: option(int, help="Rows for each character.", panel=HOW_MANY) = 2,
    paper: choices.choice(str, "paper", names.PAPERS, help="a4 or letter.", panel=ESSENTIAL) = "a4",
    force: choices.Force = False,
):
    """Write sheets to print at full size and fill with a pen, 14 times each digit.

    Example: ganprofile collect sheet --writers 30

    Example: ganprofile collect sheet letters.pdf --classes a-zA-Z --rows-per-class 1
    """
    from ganprofile.datasets.collecting import Layout, classes_of, write_sheets

    layout = Layout(classes_of(classes), rows, columns, rows_per_class)
    pdf, description = write_sheets(output, layout, writers, first_writer, paper, force)
    named = side_by_side(layout.classes)
    print(pdf)
    print(f"{counted(len(layout.classes), 'class')}: {named}")
    how = f"scan reads other characters than digits with --sheet {as_word(description)}"
    print(f"{description} ({how})")
    sheet = () if layout == Layout() else ("--sheet", description)
    say_next("when they are filled and scanned", "collect", "scan", "SCANS", *sheet)


@app.command()
@data.takes_data(only=("bits",))
def scan(
    files: argument(list[Path], help="Scans or photographs: PDF, TIFF, JPEG, ..."),
    output: option(Path, help="The folder to make.", panel=ESSENTIAL, metavar="FOLDER") = Path(
        "collected"
    ),
    sheets: option(
        list[Path] | None,
        "--sheet",
        help="The .json beside the sheets' PDF; not for digits.",
        panel=ESSENTIAL,
        metavar="FILE",
    ) = None,
    writers: option(
        Path | None,
        help="A CSV: writer, and what is known of each.",
        panel=ESSENTIAL,
        metavar="FILE",
    ) = None,
    name: option(str | None, help="Of the datasets.", metavar="NAME") = None,
    *,
    loading,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Make datasets of filled sheets, at 500, 100 and 28 pixels, with contact sheets to look at.

    Example: ganprofile collect scan scans/*.pdf --writers people.csv

    Example: ganprofile train --dataset collected/28
    """
    from ganprofile.datasets.collecting import scan_sheets

    report = scan_sheets(
        files, output, sheets=sheets or (), writers=writers, name=name, force=force, **loading
    )
    if json:
        choices.print_json(report)
        return
    who = counted(report["writers"], "writer")
    print(f"{counted(report['images'], 'image')} by {who} in {output}/28, /100, /500")
    if report["empty_cells"]:
        print(f"empty: {report['empty_cells']:,} of {report['cells']:,} cells, left out")
    for number in report["writers_without_images"]:
        print(f"empty: all cells of writer {number}; faint pencil counts as paper")
    for place in report["missing"]:
        print(f"missing: {place}")
    for where, why in report["refused"].items():
        print(f"refused: {where}: {in_flags(why)}")
    print(f"{output / 'contact_sheets'}: look whether every cell is what its row says")
    if sum(count > 0 for count in report["class_counts"]) > 1:  # one class needs others
        say_next("make more of it", "augment", output / "28")
