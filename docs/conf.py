"""How Sphinx builds the documentation: `make docs`, warnings being errors, without a network."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated  # noqa: E402

import ganprofile  # noqa: E402

project = "ganprofile"
copyright = "the authors of ganprofile"
version = release = ganprofile.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
autosummary_generate = False  # its tables link to pages that are written by hand
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = f"ganprofile {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("moved.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_extra_path = ["../samples/from-scans.png"]  # shown where somebody links to a page
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
}
html_sidebars = {"index": [], "tutorial": []}
smartquotes = False  # two hyphens are an option
html_show_sourcelink = False
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_use_ivar = True
napoleon_custom_sections = [("Call arguments", "params_style")]
# Docstrings are Markdown in their inline code, which reStructuredText calls interpreted text.
default_role = "literal"


DESCRIPTION = (
    "From a few images of each handwritten character to a larger training set: labelled, balanced, "
    "checked for copies, and tested for whether it helps a classifier."
)
METADATA = f"""
<meta name="description" content="{DESCRIPTION}">
<meta property="og:title" content="ganprofile">
<meta property="og:description" content="{DESCRIPTION}">
<meta property="og:image" content="{{root}}from-scans.png">
"""


BLOCK = re.compile(r"<pre>.*?</pre>", re.DOTALL)
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def hold_together(app, page, template, context, doctree):
    """Let no line of a command end within an option, which a browser breaks after each hyphen."""
    held = r'<span class="flag">\g<0></span>'
    context["body"] = BLOCK.sub(lambda block: FLAG.sub(held, block[0]), context.get("body", ""))


def describe(app, page, template, context, doctree):
    """Tell search engines, and whoever links to a page, what this is."""
    root = "../" * page.count("/")
    context["metatags"] = context.get("metatags", "") + METADATA.format(root=root)


def setup(app):
    app.connect("builder-inited", lambda app: generated.write(HERE / "_generated"))
    app.connect("html-page-context", describe)
    app.connect("html-page-context", hold_together)
