"""Plain pip can install what is pinned: on every supported Python each pin admits that Python."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.notebook.common import ROOT
from tools.write import lock

INSTALLED = {canonicalize_name(d.name): d for d in metadata.distributions()}
# It works with 3.13 and declares that it does not: course.py installs it there all the same, and
# the README says what plain pip needs for it.
DECLARES_LESS = {("grakel", "3.13")}


def pins(name: str) -> list[Requirement]:
    """Return the pinned requirements of a file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
    return [Requirement(line.removesuffix("\\").strip()) for line in pinned]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_pin_admits_every_supported_python(python):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(f"{python}.5")
    place = {"python_version": python, "python_full_version": f"{python}.5"}
    asked, refusing = 0, set()
    for pin in pins("requirements.txt"):
        # Some are for another system, or another Python.
        installed = INSTALLED.get(canonicalize_name(pin.name))
        wanted = pin.marker is None or pin.marker.evaluate(place)
        if wanted and installed and installed.version in pin.specifier:
            asked += 1
            admitted = SpecifierSet(installed.metadata.get("Requires-Python") or "")
            refusing |= set() if admitted.contains(f"{python}.5") else {(pin.name, python)}
    assert asked > 100
    assert refusing == {pair for pair in DECLARES_LESS if pair[1] == python}


def test_learners_install_a_part_of_the_same_pins():
    every, learn = ({(pin.name, str(pin.specifier)) for pin in pins(name)} for name in lock.EXTRAS)
    assert learn < every


@pytest.mark.parametrize("name", lock.EXTRAS)
def test_requirements_are_of_pyproject_carry_hashes_and_name_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith(lock.HEADER.format(lock.fingerprint(name))), "run `course.py lock`"
    assert len(re.findall(r"==[^\n]*\\\n    --hash=sha256:", text)) == len(pins(name)) > 100
    assert "://" not in text


def test_versions_and_numbers_that_are_written_twice_are_the_same():
    texts = {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in (".pre-commit-config.yaml", "CITATION.cff", "CHANGELOG.md", "README.md")
    }
    ruff = re.search(r"ruff-pre-commit\n +rev: v([\d.]+)", texts[".pre-commit-config.yaml"])[1]
    assert f"=={ruff}" in {str(p.specifier) for p in pins("requirements.txt") if p.name == "ruff"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] in texts["CITATION.cff"]
    assert project["version"] in texts["CHANGELOG.md"]
    number = len(list((ROOT / "notebooks").glob("*/*.ipynb")))
    assert f"a course of {number} Jupyter notebooks" in texts["README.md"]
    assert f"in {number} notebooks" in texts["CITATION.cff"]
