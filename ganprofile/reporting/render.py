"""A `Page` as one HTML file that asks nobody for anything."""

import base64
import functools
from pathlib import Path

from ganprofile import bidi
from ganprofile.figures.colours import ALL
from ganprofile.reporting import charts
from ganprofile.storage.versions import installed_versions

ASSETS = {"style": "css", "script": "js"}


def render(page):
    """The text of the file.

    Args:
        page: a `Page`.
    """
    environment = _environment()
    parts = {name: _source(environment, f"{name}.{kind}") for name, kind in ASSETS.items()}
    template = environment.get_template("page.html")
    version = installed_versions()["ganprofile"]
    return template.render(page=page, version=version, colours=_colours(), **parts)


def _colours():
    """The style sheet of the colours: a variable for each, and a class that draws in it."""
    import markupsafe

    light, dark = (
        " ".join(f"--{key}: {getattr(colour, shade)};" for key, colour in ALL.items())
        for shade in ("light", "dark")
    )
    classes = "\n".join(f".colour-{key} {{ color: var(--{key}); }}" for key in ALL)
    return markupsafe.Markup(
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{classes}\n"
    )


def _source(environment, name):
    """A file of ours as it is: it holds no text of anybody's."""
    import markupsafe

    return markupsafe.Markup(environment.loader.get_source(environment, name)[0])


@functools.cache
def _environment():
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ganprofile.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "lines": charts.lines,
        "intervals": charts.intervals,
        "bars": charts.bars,
        "data_uri": data_uri,
        "bdi": bidi.in_html,
        "isolated": bidi.isolated,
        "filled": lambda text, **names: text.format(**names),
        "epochs_data": epochs_data,
    }
    return environment


def data_uri(source):
    """A picture within the page.

    Args:
        source: a PNG file, or the bytes of one.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def epochs_data(block):
    """What the slider of an `Epochs` needs: `numbers`, `pictures` and their `alts`, which of them
    is `shown` at each number, and `counts[histogram][name][row]`."""
    drawn = sorted(block.pictures)
    before = [[k for k, epoch in enumerate(drawn) if epoch <= number] for number in block.numbers]
    return {
        "numbers": list(block.numbers),
        "pictures": [data_uri(block.pictures[epoch]) for epoch in drawn],
        "alts": [block.alt.format(epoch=epoch) for epoch in drawn],
        "shown": [places[-1] if places else 0 for places in before],
        "counts": [[c.tolist() for c in h.counts.values()] for h in block.histograms],
    }
