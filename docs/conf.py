"""How Sphinx builds the documentation: `make docs`, warnings being errors, without a network."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated  # noqa: E402

import ganprofile  # noqa: E402

project = "ganprofile"
copyright = "the authors of ganprofile"
version = release = ganprofile.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = f"ganprofile {version}"
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


def setup(app):
    app.connect("builder-inited", lambda app: generated.write(HERE / "_generated"))
