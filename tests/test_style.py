"""The repository keeps its own rules."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest
from conftest import ROOT, SNIPPETS
from shared import palette

ALLOWED = {
    *("README.md", "requirements.txt", "mkdocs.yml", "docs", "snippets", "tests"),
    *("LICENSE", "CITATION.cff"),
}


def tracked():
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listing.stdout.splitlines()


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_the_code_is_linted_and_formatted(command):
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = "run python -m ruff check --fix . && python -m ruff format .\n"
    assert ruff.returncode == 0, said + ruff.stdout + ruff.stderr


def test_the_machinery_is_typed():
    mypy = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (mypy.returncode, mypy.stdout) == (0, "")


def test_nothing_else_stands_at_the_top():
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED


def test_nothing_generated_is_kept():
    generated = re.compile(
        r"^site/|(^|/)(\.cache|__pycache__)/|\.(pyc|ipynb|egg-info)$"
    )
    assert not [name for name in tracked() if generated.search(name)]


def pins(list_):
    """The version of each package in a list of pins, and how many hashes it has."""
    text = (ROOT / f"{list_}.txt").read_text("utf-8")
    text = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", "")
    found = {}
    for line in text.splitlines():
        pin = r"([\w-]+)==([\w.+!]+)(?: ; [^;]+?)? +((?: *--hash=sha256:[\da-f]{64})+)"
        exact = re.fullmatch(pin, line)
        assert exact, f"{list_}.txt: no exact version with its hashes: {line[:90]}"
        found[exact[1]] = exact[2], exact[3].count("--hash")
    return found


LISTS = "requirements", ".requirements-tests"


@pytest.mark.parametrize("list_", LISTS, ids=["read", "test"])
def test_every_package_is_pinned_exactly(list_):
    pinned = pins(list_)
    name = ".requirements.in" if list_ == "requirements" else f"{list_}.in"
    text = (ROOT / name).read_text("utf-8")
    asked = {found.lower() for found in re.findall(r"(?m)^\w[\w-]*", text)}
    assert asked, name
    unpinned = sorted(asked - pinned.keys())
    assert not unpinned, f"{name} asks for what {list_}.txt does not pin: {unpinned}"
    [line] = re.findall("(?m)^#   .* -m (uv pip compile .*)", text)
    made = (ROOT / f"{list_}.txt").read_text("utf-8").splitlines()[1]
    assert made == f"#    {line}", f"{list_}.txt was not made by the line in {name}"


def test_both_lists_pin_the_same_versions():
    read, test = map(pins, LISTS)
    shared = read.keys() & test.keys()
    assert shared
    assert not [name for name in shared if read[name] != test[name]]


def test_what_reads_and_what_tests_is_asked_for_apart():
    """Whoever reads waits for no browser's driver, and pytest is there all the same."""
    read, test = map(pins, LISTS)
    fixed = {"mkdocs-material", "mkdocs-jupyter", "pymdown-extensions", "numpy"}
    assert fixed | {"matplotlib", "pytest"} <= read.keys()
    assert not read.keys() & {"playwright", "scipy", "zensical", "ruff", "mypy"}
    assert {"playwright", "scipy", "zensical", "ruff", "mypy"} <= test.keys()


def test_what_reads_is_enough_for_all_that_a_build_imports():
    """Lessons, labs and the machinery; the workflow builds with nothing else."""
    files = [*SNIPPETS.rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    tops = {*re.findall(r"(?m)^ *(?:from|import) (\w+)", text)}
    comes_from = packages_distributions()
    needed = {
        re.sub(r"[-_.]+", "-", package).lower()
        for top in tops - sys.stdlib_module_names
        for package in comes_from.get(top, ())
    }
    assert {"mkdocs", "numpy", "mini-racer"} <= needed
    assert not needed - pins("requirements").keys()


def test_who_installed_only_what_reads_is_told_what_the_tests_need():
    hidden = """\
import importlib.metadata as metadata, sys, pytest
found = metadata.version
def version(name):
    if name in ("scipy", "playwright"):
        raise metadata.PackageNotFoundError(name)
    return found(name)
metadata.version = version
sys.exit(pytest.main(["tests/test_style.py"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", hidden],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    command = f"{sys.executable} -m pip install -r requirements.txt"
    said = f"The tests need playwright, scipy: run {command} -r .requirements-tests.txt"
    assert done.stderr.strip() == said


def test_lesson_code_names_no_colour_but_by_its_role():
    roles = set(palette.LIGHT)
    for file in [*SNIPPETS.glob("*.py"), *SNIPPETS.glob("shared/*.py")]:
        if file.stem == "palette" or file.stem.startswith("post_"):
            continue
        text = file.read_text("utf-8")
        assert not re.search(r"#[0-9a-fA-F]{6}\b", text), f"a colour in {file.name}"
        for colour in re.findall(r"\bcolors?=\"([^\"]+)\"", text):
            assert colour in {*roles, "none"}, f"{file.name}: {colour} is no role"


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


FIGURES = {"light": palette.LIGHT, "dark": palette.DARK}
PAGES = {
    "light": palette.LIGHT | palette.PAGE_LIGHT,
    "dark": palette.DARK | palette.PAGE_DARK,
}
LEVELS = [f"level{i}" for i in range(6)]


def test_every_colour_has_its_dark_twin():
    assert palette.DARK.keys() == palette.LIGHT.keys()
    assert palette.PAGE_DARK.keys() == palette.PAGE_LIGHT.keys()
    assert not palette.LIGHT.keys() & palette.PAGE_LIGHT.keys()


@pytest.mark.parametrize("scheme", FIGURES)
def test_text_and_lines_stand_out_from_the_page(scheme):
    """WCAG AA asks for 4.5 to 1 of text; all our lines may carry a label."""
    colours = FIGURES[scheme]
    for role in colours.keys() - {"faint", "paper", *LEVELS}:
        assert contrast(colours[role], colours["paper"]) >= 4.5, role
    for level in LEVELS[:4]:
        assert contrast(colours["ink"], colours[level]) >= 4.5, level


# On what ground text stands on a page, and in which roles.
GROUNDS = {
    "paper": ("ink", "soft", "link", "path", "second"),
    "level0": ("ink", "soft", "link", "path", "third", "optimum", "alarm"),
    "faint": ("ink",),
    "link": ("paper",),
    "path": ("paper",),
    "bar": ("bar-ink", "bar-soft"),
    "bar-deep": ("bar-ink", "bar-soft"),
}


@pytest.mark.parametrize("scheme", PAGES)
def test_what_a_page_says_stands_out_from_its_ground(scheme):
    """WCAG AA asks for 4.5 to 1 of text, and for 3 to 1 of frames."""
    colours = PAGES[scheme]
    for ground, roles in GROUNDS.items():
        for role in roles:
            ratio = contrast(colours[role], colours[ground])
            assert ratio >= 4.5, f"{role} on {ground}: {ratio:.2f}"
    assert contrast(colours["line"], colours["paper"]) >= 3
