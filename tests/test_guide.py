"""The guide's lesson is built and tested as it stands there, and so is a new one."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import conftest
import new
import pytest
from conftest import ROOT
from project import carried, shorten, whole

LESSON = "bisection"
TITLE = "Coordinate descent"


def run(folder, *words):
    """Run Python in a copy of the project."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=os.environ | {"CI": "", "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def left_behind(folder, names):
    """What of a folder is no part of the project, or of no use in a copy."""
    built = {"site", ".git", ".venv"} if Path(folder) == ROOT else set()
    return built | ({"node_modules", "__pycache__", ".ruff_cache", "mypy"} & {*names})


def inserted(path, anchor, text, before=False):
    """Put lines behind, or before, the one line of a file that begins like that."""
    [line] = re.findall(f"^.*{re.escape(anchor)}.*$", path.read_text("utf-8"), re.M)
    lines = f"{text}\n{line}" if before else f"{line}\n{text}"
    path.write_text(path.read_text("utf-8").replace(line, lines), "utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the project, with all that the guide shows, and with a new lesson."""
    folder = tmp_path_factory.mktemp("guide") / "course"
    shutil.copytree(ROOT, folder, ignore=left_behind, copy_function=carried)
    shown = new.blocks(folder)
    for path, text in shown.items():
        (folder / path).write_text(text, "utf-8")
    guide = (folder / new.GUIDE).read_text("utf-8")
    settings = folder / "mkdocs.yml"
    inserted(settings, "- layers.md", f"      - {LESSON}.md")
    inserted(settings, "labs/index.md", f"      - labs/{LESSON}_by_hand.py")
    [term] = re.findall(r"^Bisection \{.*\n:   .*\n", guide, re.MULTILINE)
    inserted(folder / "docs/reference/glossary.md", "Central difference {", term, True)
    lab = f"1. [Bisection by hand]({LESSON}_by_hand.py): one step, and how many."
    inserted(folder / "docs/labs/index.md", "1. [Gradient descent", lab)
    made = run(folder, "tests/new.py", "coordinate", TITLE, "--after", "dimensions")
    assert made.returncode == 0, made.stdout
    return folder


def test_the_guide_shows_a_lesson_and_a_lab():
    stem = f"{LESSON}.py"
    files = [f"snippets/{stem}", f"docs/{LESSON}.md", f"snippets/exercises/{stem}"]
    files.append(f"tests/test_{stem}")
    assert [*new.blocks()] == [*files, f"docs/labs/{LESSON}_by_hand.py"]
    page = new.blocks()[f"docs/{LESSON}.md"]
    for form in "--8<--", ">>>", "](figures", "{python}", "{check}", "/// explore":
        assert form in page
    assert "/// question" in page
    assert "/// exercise" in page


WHOLE = f"{LESSON}.md", "coordinate.md", "reference/glossary.md", "labs/index.md"


@pytest.fixture(scope="module")
def published(course):
    """The site of the copy, in which the other pages have their head alone."""
    folder = course.with_name("short")
    shutil.copytree(course, folder, copy_function=carried)
    shorten(folder, WHOLE)
    for lab in (folder / "docs/labs").glob("*.py"):
        if not lab.name.startswith(LESSON):
            lab.unlink()
    done = run(folder, "-m", "mkdocs", "build", "-q")
    assert done.returncode == 0, done.stdout
    return folder / "site"


def test_both_are_published_whole(published):
    for stem, title in (LESSON, "Bisection"), ("coordinate", TITLE):
        html = whole(published / f"{stem}/index.html")
        assert re.search(f"<h1[^>]*>{title}", html)
        [script] = re.findall(r"\.\./(assets/js/explore-[\w-]+\.js)", html)
        code = (published / script).read_text("utf-8")
        [functions] = re.findall(r'"functions":"(\w+)"', unescape(html))
        assert f'"{functions}"' in code
    terms = (published / "reference/glossary/index.html").read_text("utf-8")
    assert re.search(r'id="bisection">.*?href="\.\./\.\./bisection/"', terms, re.S)
    lab = (published / f"labs/{LESSON}_by_hand/index.html").read_text("utf-8")
    assert "not yet: from -1 to 4" in lab


def test_their_tests_pass_with_the_rules_for_them(course):
    names = [f"tests/test_{stem}.py" for stem in (LESSON, "coordinate")]
    done = run(course, "-m", "pytest", "-q", *names)
    assert done.returncode == 0, done.stdout
    names, others = ["explore", "glossary", "labs"], f"{LESSON} or coordinate"
    if os.environ.get("WHOLE_SITE"):  # the counts of the course, for all its tests
        names.append("reference")
        others += " or test_reference and (lessons or table or formula)"
    more = [f"tests/test_{name}.py" for name in names]
    done = run(course, "-m", "pytest", "-q", "-n", "0", *more, "-k", others)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the harness forks")
def test_small_changes_of_what_they_show_are_noticed(course):
    some = "--quick", "--sample", "3", "--jobs", "1"
    done = run(course, "tests/mutate.py", *some, LESSON)
    assert done.returncode == 0, done.stdout


# One fault at a time, in the lesson that the guide shows.
FAULTS = {
    "docs/bisection.md": [
        ("narrower than 0.001 ·", "", "0.001 is typed"),
        ("in every one of them. `{check} claim_the_minimum_stays_inside()`",
         "in every one of them.", "check these, or name the reason"),
        ("description: The", "description: T\nsubtitle: The", "has 1 characters"),
        ("(figures/bisection/intervals.svg)\n", "(figures/bisection/intervals.svg)\n\n",
         "write a sentence right under these figures"),
        ("    That is for", "That is for", "say what a reader hears"),
        ("On $x^2$,", "On $\\frac{x^2$,", "Unexpected end of input"),
    ],
    "snippets/bisection.py": [
        ("def _middles", "def more():\n    pass\n\n\ndef _middles",
         "begin them with an underscore"),
        ("import numpy as np", "import numpy as np\nimport math", "ruff check --fix"),
    ],
    "mkdocs.yml": [("      - bisection.md\n", "", "does not name it; add the line")],
}  # fmt: skip


def test_the_tests_of_a_lesson_say_what_is_missing_and_how_to_mend_it(course):
    kept = {path: (course / path).read_text("utf-8") for path in FAULTS}
    for path, faults in FAULTS.items():
        text = kept[path]
        for was, now, _ in faults:
            assert text.count(was) == 1, was
            text = text.replace(was, now)
        (course / path).write_text(text, "utf-8")
    (course / "tests/test_bisection.py").rename(course / "kept.py")
    try:
        missing = run(course, "-m", "pytest", "tests/test_bisection.py")
        (course / "kept.py").rename(course / "tests/test_bisection.py")
        done = run(course, "-m", "pytest", "tests/test_bisection.py")
    finally:
        for path, text in kept.items():
            (course / path).write_text(text, "utf-8")
    assert "there is no tests/test_bisection.py" in missing.stdout
    assert "for docs/bisection.md and snippets/bisection.py: write" in missing.stdout
    with pytest.raises(pytest.UsageError, match=r"new.py nobody .Its title."):
        conftest.lesson_of("tests/test_nobody.py")
    for faults in FAULTS.values():
        for _, _, said in faults:
            assert said in done.stdout, said


# The command


def test_a_new_lesson_has_its_name_in_its_files_and_its_line_behind_another(course):
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    line, added = "      - dimensions.md\n", "      - coordinate.md\n"
    found = (course / "mkdocs.yml").read_text("utf-8")
    assert found.count(line + added) == 1
    for other in f"      - {LESSON}.md\n", f"      - labs/{LESSON}_by_hand.py\n", added:
        found = found.replace(other, "")
    assert found == settings  # with its comments, in its order
    files = new.files("coordinate", TITLE)
    assert [*files] == [
        "snippets/coordinate.py",
        "docs/coordinate.md",
        "tests/test_coordinate.py",
        "snippets/exercises/coordinate.py",
    ]
    for path, text in files.items():
        assert (course / path).read_text("utf-8") == text
        assert not re.search(
            r"from bisection|bisection\.py|/bisection/|-bisection", text
        )
    assert "\n# Coordinate descent\n" in files["docs/coordinate.md"]


def test_without_a_place_it_becomes_the_last_lesson():
    assert new.last_lesson() == "layers"
    text = new.listed("last", new.last_lesson())
    assert "      - layers.md\n      - last.md\n  - Practice:\n" in text


@pytest.mark.parametrize(
    ("stem", "title", "said"),
    [
        ("rate", "Rates", "snippets/rate.py is there already"),
        ("notation", "Signs", "docs/reference/notation.md is there already"),
        ("style", "Style", "tests/test_style.py is there already"),
        ("mutate", "Change", "tests/mutate.py is there already"),
        ("shared", "All", "snippets/shared is there already"),
        ("random", "Chance", "a module of Python's own"),
        ("lambda", "Eigenvalues", "a module of Python's own"),
        ("numpy", "Arrays", "an installed package"),
        ("2d", "Two", "cannot name a module"),
        ("a-b", "Two", "cannot name a module"),
        ("_a", "One", "cannot name a module"),
        ("Rate", "Rates", "cannot name a module"),
        ("walk", "A: b", "cannot be the title"),
        ("walk", "", "cannot be the title"),
        ("walk", "A " * 40, "cannot be the title"),
    ],
)
def test_a_name_that_would_not_do_is_refused(stem, title, said):
    assert said in new.objection(stem, title)


def test_what_is_refused_writes_nothing(tmp_path, capsys):
    for path in "mkdocs.yml", new.GUIDE:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    before = (tmp_path / "mkdocs.yml").read_bytes()
    assert "cannot name" in new.main(["a-b", "A"], tmp_path)
    said = new.main(["walk", "A walk", "--after", "nowhere"], tmp_path)
    assert said == "mkdocs.yml has no line for nowhere.md under nav:"
    assert (tmp_path / "mkdocs.yml").read_bytes() == before
    assert [*tmp_path.glob("*")] == [tmp_path / ".github", tmp_path / "mkdocs.yml"]
    assert capsys.readouterr().out == ""
