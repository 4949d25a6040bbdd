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

PYTHONS = ("3.11", "3.12", "3.13")
# It works with 3.13 and declares that it does not: course.py installs it there all the same, and
# the README says what plain pip needs for it.
DECLARES_LESS = {("grakel", "3.13")}


def pins(name: str) -> list[Requirement]:
    """Return the pinned requirements of a file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
    return [Requirement(line.removesuffix("\\").strip()) for line in found]


def applies(pin: Requirement, python: str) -> bool:
    """Say whether a pin is for this Python, whatever the system."""
    place = {"python_version": python, "python_full_version": f"{python}.5"}
    return pin.marker is None or pin.marker.evaluate(place)


def test_the_supported_pythons_are_those_that_are_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = SpecifierSet(project["requires-python"])
    assert [p for p in ("3.10", *PYTHONS, "3.14") if wanted.contains(f"{p}.5")] == list(PYTHONS)


@pytest.mark.parametrize("name", lock.EXTRAS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_pin_admits_every_supported_python(python, name):
    refusing, asked = set(), 0
    for pin in pins(name):
        if not applies(pin, python):
            continue
        try:
            admitted = metadata.metadata(pin.name).get("Requires-Python")
        except metadata.PackageNotFoundError:
            continue  # one for another system
        if metadata.version(pin.name) not in pin.specifier:
            continue  # the pin of another Python
        asked += 1
        if admitted and not SpecifierSet(admitted).contains(f"{python}.5"):
            refusing.add((pin.name, python))
    assert asked > 100
    assert refusing == {pair for pair in DECLARES_LESS if pair[1] == python}


@pytest.mark.parametrize("name", lock.EXTRAS)
def test_an_extra_that_a_pinned_package_asks_for_is_pinned_with_it(name):
    """The pip that Python 3.11 brings refuses hashes else: name[extra] is no pin of name."""
    pinned = {canonicalize_name(pin.name): pin.extras for pin in pins(name)}
    asked, missing = 0, set()
    for package in pinned:
        try:
            wanted = metadata.requires(package) or []
        except metadata.PackageNotFoundError:
            continue  # one for another system
        for one in map(Requirement, wanted):
            if one.extras and (one.marker is None or one.marker.evaluate({"extra": ""})):
                asked += 1
                missing |= one.extras - pinned.get(canonicalize_name(one.name), set())
    assert asked and not missing, f"{name}: pinned without {missing}; run `python course.py lock`"


def test_learners_install_a_part_of_the_same_pins():
    every, learn = ({(pin.name, str(pin.specifier)) for pin in pins(name)} for name in lock.EXTRAS)
    assert learn < every
    left_out = {name for name, _ in every - learn}
    assert left_out >= {"sphinx", "dask", "nbgrader", "nbval", "pytest", "ruff", "mypy"}


@pytest.mark.parametrize("name", lock.EXTRAS)
def test_requirements_carry_hashes_and_name_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(re.findall(r"==[^\n]*\\\n    --hash=sha256:", text)) == len(pins(name)) > 100
    assert "://" not in text


@pytest.mark.parametrize("name", lock.EXTRAS)
def test_requirements_were_compiled_from_pyproject(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith(lock.HEADER.format(lock.fingerprint(name))), "run `course.py lock`"


def test_versions_that_are_named_twice_are_the_same():
    pinned = {pin.name: str(pin.specifier) for pin in pins("requirements.txt")}
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.search(r"ruff-pre-commit\n +rev: v([\d.]+)", hooks)[1] == pinned["ruff"].strip("=")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in ("CITATION.cff", "CHANGELOG.md"):
        assert project["version"] in (ROOT / name).read_text(encoding="utf-8")


def test_the_number_of_notebooks_is_said_right():
    number = len(list((ROOT / "notebooks").glob("*/*.ipynb")))
    for name, words in (
        ("README.md", "a course of {} Jupyter notebooks"),
        ("CITATION.cff", "in {} notebooks"),
    ):
        assert words.format(number) in (ROOT / name).read_text(encoding="utf-8")
