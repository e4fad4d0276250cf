"""`/// explore` with `knob:`, for a page on which one knob is enough."""

import re

from conftest import SNIPPETS


def built_with(project, option):
    project.write("snippets/explore.py", (SNIPPETS / "explore.py").read_text("utf-8"))
    project.write(
        "docs/lesson.md",
        f"# A lesson\n\n/// explore | Move the rate\n    {option}\n\n"
        "![A long valley](figures/explore/ravine.svg)\n///\n",
    )
    return project.build()


def test_a_page_shows_one_knob_where_that_is_enough(project):
    done = built_with(project, "knob: rate")
    assert done.returncode == 0, done.stdout
    page = project.page()
    knobs = re.findall(r'<div [^>]*data-knob="(\w+)"([^>]*)>', page)
    assert len(knobs) > 1
    assert [name for name, rest in knobs if "hidden" not in rest] == ["rate"]
    assert re.search(r'<details class="weave-numbers"[^>]* hidden', page)


def test_a_knob_that_the_figure_lacks_is_a_fault_with_its_line(project):
    done = built_with(project, "knob: speed")
    assert done.returncode != 0
    assert "docs/lesson.md:4: this figure has no knob speed: write " in done.stdout
