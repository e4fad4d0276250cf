"""A lesson of which a part is missing is a fault, at once and with its remedy."""

import pytest
from _weave.model import WeaveError
from _weave.read.lessons import check, without_page
from _weave.read.site import Site
from project import CONFIG, fence, text_of

from .test_saves import Preview

NAV = CONFIG + "nav:\n  - index.md\n  - walk.md\n"
PAGE = f"""\
# Walk

!!! goal "After this lesson"
    you walk.

{fence('--8<-- "walk.py:go"')}"""
WHOLE = {
    "mkdocs.yml": NAV,
    "docs/walk.md": PAGE,
    "snippets/walk.py": "def go():\n    return 1\n",
    "tests/test_walk.py": "def test_go():\n    assert True\n",
}


def missing(project, changes):
    """What is missing of a lesson with other files, or without some, as lines."""
    for path, text in (WHOLE | changes).items():
        if text is not None:
            project.write(path, text)
    site = Site(project.folder)
    faults = [*without_page(site)]
    try:
        check(site)
    except WeaveError as error:
        faults += error.faults
    return list(map(str, faults))


def test_a_whole_lesson_has_no_fault(project):
    assert missing(project, {}) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"mkdocs.yml": CONFIG + "nav: [index.md]\n"},
            "docs/walk.md:1: no reader would find this page: nav: in mkdocs.yml does "
            "not name it; add the line - walk.md where it belongs",
        ),
        (
            {"mkdocs.yml": NAV + "  - wakl.md\n"},
            "mkdocs.yml:16: nav: names wakl.md, and there is no docs/wakl.md; did you "
            "mean walk.md?",
        ),
        (
            {"docs/labs/steps.py": "# %%\n1\n"},
            "docs/labs/steps.py:1: no reader would find this page: nav: in mkdocs.yml "
            "does not name it; add the line - labs/steps.py where it belongs",
        ),
        (
            {"snippets/walk.py": None},
            "docs/walk.md:3: this page is a lesson, and there is no snippets/walk.py: "
            "write its functions there",
        ),
        (
            {"tests/test_walk.py": None, "tests/other": ""},
            "snippets/walk.py:1: nothing tests this lesson: there is no "
            "tests/test_walk.py; write what must be true there, and a comparison with "
            "an independent implementation",
        ),
        (
            {"snippets/alone.py": ""},
            "snippets/alone.py:1: no page shows this: there is no docs/alone.md, and "
            "no other page, lab or module uses it",
        ),
    ],
)
def test_what_is_missing_is_said_with_its_place_and_its_remedy(project, changes, said):
    assert missing(project, changes) == [said]


def test_a_module_that_a_page_a_lab_or_a_module_uses_needs_no_page(project):
    alone = {"snippets/alone.py": "up = 1\n"}
    for use in (
        {"docs/walk.md": PAGE + "\n`{python} alone.up`\n"},
        {"docs/walk.md": PAGE + "\n![A line](figures/alone/line.svg)\n"},
        {"snippets/walk.py": "from alone import up\n"},
    ):
        assert missing(project, alone | use) == []


def test_where_there_are_no_tests_and_no_navigation_nobody_asks_for_them(project):
    without = {"mkdocs.yml": CONFIG, "tests/test_walk.py": None}
    assert missing(project, without) == []


def test_a_build_says_it_before_anything_runs(course):
    course.write("docs/walk.md", PAGE)
    done = course.build()
    assert done.returncode == 1
    assert "docs/walk.md:3: this page is a lesson" in done.stdout
    assert "Traceback" not in done.stdout
    assert not (course.folder / "site").exists()


def test_a_preview_says_it_on_the_page_of_the_lesson_and_heals(project):
    for path, text in WHOLE.items():
        project.write(path, text)
    preview = Preview(project)
    shown = lambda: preview.settled()["shown/walk/index.html"].decode()
    assert "weave-faults" not in shown()
    project.write("mkdocs.yml", CONFIG + "nav: [index.md]\n")
    (project.folder / "tests/test_walk.py").unlink()
    html = shown()
    for said in "docs/walk.md:1: no reader", "walk.py:1: nothing tests this lesson":
        assert said in html
    assert "def go():" in text_of(html)
    assert "weave-faults" not in preview.build()["shown/index.html"].decode()
    for path, text in WHOLE.items():
        project.write(path, text)
    assert "weave-faults" not in shown()
