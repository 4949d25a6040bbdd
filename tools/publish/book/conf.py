"""Sphinx's settings for the site; ``tools.publish.book`` calls it on the sources that it wrote.

It gives two settings itself: the folders of static files, and which warnings do not count.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tools.publish.book import mathml

project = "Deep vision and graph learning"
html_title = project
author = copyright = ""
html_show_copyright = html_show_sphinx = False
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_design",
    "sphinx_copybutton",
]
root_doc = "docs/index"
language = "en"
highlight_language = "none"  # of what is no cell of a notebook and names no language

nb_execution_mode = "off"
nb_merge_streams = True
nb_render_image_options = {"align": "left"}
nb_output_stderr = "show"
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "tools.publish.glossary.anchor"
myst_dmath_double_inline = True
myst_dmath_allow_labels = False
autodoc_typehints_format = "short"

html_theme = "sphinx_book_theme"
html_extra_path = ["static/index.html"]  # it leads to the first page
html_css_files = ["book.css", "touch.css"]
html_js_files = [("book.js", {"defer": "defer"}), ("touch.js", {"defer": "defer"})]
html_favicon = html_logo = "static/mark.svg"
html_math_renderer = "mathml"
html_copy_source = html_use_index = html_show_sourcelink = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"alt_text": "First page", "text": project},
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "search_bar_text": "Search the course",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def setup(app):
    """Set formulas without a script: before anything copies them, such as a title's."""
    app.connect("doctree-read", mathml.convert_all, priority=100)
    app.add_html_math_renderer("mathml", (mathml.inline, None), (mathml.block, None))
