"""Sphinx's settings for the site; ``tools.publish.book`` calls it on the sources that it wrote.

It gives two settings itself: the folders of static files, and which warnings do not count.
"""

import html
import sys
import textwrap
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tools.notebook import launch
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


A_SENTENCE, MOST_DESCRIBED = 60, 160  # characters of a page's first paragraph
FOOTER = (
    "<p>Written from <code>{source}</code>{course}. Code: Apache-2.0. Text and figures: CC BY 4.0. "
    'Data sets and networks <a href="{credits}">keep their own licences</a>.</p>'
)


def is_bar(node):
    """Say whether a node is the line under a title, or the buttons of the first page."""
    return bool({"lesson-bar", "actions"} & set(node["classes"]))


def described(app, page, template, context, doctree):
    """Give a page its description, and a line on its source and licence."""
    if doctree is None:  # the search
        return
    texts = (p.astext() for p in doctree.findall(nodes.paragraph) if not is_bar(p.parent))
    first = next((text for text in texts if len(text) > A_SENTENCE), page)
    text = html.escape(textwrap.shorten(first, MOST_DESCRIBED, placeholder=" …"))
    context["metatags"] += f'<meta name="description" content="{text}">'
    source = app.env.doc2path(page, base=False)
    address = f"{launch.GITHUB}{launch.repository()}" if launch.repository() else ""
    context["theme_extra_footer"] = FOOTER.format(
        source=str(source).replace("reproduction/", "notebooks/"),
        course=f' of <a href="{address}">{address}</a>' if address else "",
        credits=context["pathto"]("docs/credits"),
    )


def setup(app):
    """Set formulas without a script: before anything copies them, such as a title's."""
    app.connect("html-page-context", described)
    app.connect("doctree-read", mathml.convert_all, priority=100)
    app.add_html_math_renderer("mathml", (mathml.inline, None), (mathml.block, None))
