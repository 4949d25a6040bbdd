"""Launch links are made from one setting, and lead to what is there."""

import re
from urllib.parse import unquote

import pytest

from tools.notebook import launch
from tools.notebook.common import all_notebooks

ADDRESS = "https://github.com/ada/course"


@pytest.fixture
def published(monkeypatch, tmp_path):
    """Return a function that sets the repository's address, in a pyproject.toml of the test's."""

    def publish(address):
        monkeypatch.setattr(launch, "ROOT", tmp_path)
        (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{address}"\n')

    return publish


def test_without_an_address_there_are_no_links_and_the_cell_names_a_command(monkeypatch, tmp_path):
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert (launch.everything(), launch.binder("README.md")) == ("", "")
    assert "Clone this repository" in launch.how_to_get()


@pytest.mark.parametrize("written", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}.git"])
def test_links_lead_to_files_that_are_there(published, written):
    published(written)
    for notebook in all_notebooks():
        (binder,) = re.findall(r"\((https[^)]+)\)", launch.binder(f"{notebook.name}.ipynb"))
        opened = unquote(binder.partition("/ada/course/main?urlpath=")[2])
        assert opened == f"lab/tree/work/{notebook.name}.ipynb"  # made by postBuild
    assert "https://codespaces.new/ada/course)" in launch.everything()
    assert f"git clone --depth 1 {ADDRESS}\ncd course\n" in launch.how_to_get()


def test_every_notebook_says_what_to_do_where_utils_is_missing():
    line = "import utils  # not found? Open the notebook with: python course.py lab\n"
    for notebook in all_notebooks():
        imports = next(c for c in notebook.content.cells if c.cell_type == "code")
        assert imports.source.startswith(line)
