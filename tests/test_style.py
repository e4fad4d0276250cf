"""The repository keeps its own rules."""

import re
import subprocess
import sys

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


def test_every_package_is_pinned_exactly():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.match(r"[\w.-]+==[\w.+!-]+( ;|$)", line) for line in pins)
    pinned = {re.split("==", line)[0] for line in pins}
    asked = (ROOT / ".requirements.in").read_text("utf-8").splitlines()
    asked = [re.match(r"[\w-]+", line)[0] for line in asked if line[:1].isalpha()]
    asked = {name.lower() for name in asked}
    assert asked <= pinned, f"asked for, not pinned: {sorted(asked - pinned)}"


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
