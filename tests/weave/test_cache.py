"""What has been run is kept, under a key of all that it depends on."""

import errno
import json
import os
import py_compile
import shutil
import subprocess
import time

import markdown
import pytest
from _weave.markdown.extension import WeaveExtension
from _weave.memory import MEMORY, Memory
from _weave.run import cache as kept
from _weave.run.cache import Cache
from conftest import SNIPPETS
from project import CONFIG, LINE, ON_PAGE, fence, text_of

STEP = "import helper\n\n\ndef f(x):\n    return helper.g(x) + 7\n"
HELPER = "import deep\n\n\ndef g(x):\n    return deep.h(x)\n"
DEEP = "def h(x):\n    return +x\n"
PAGE = "Text.\n\nIt is `{python} f(2)`.\n"


def test_what_has_been_run_is_not_run_again(course):
    modules = {"helper": HELPER, "deep": DEEP}
    assert course.runs(PAGE, STEP, **modules) == 1
    assert course.runs(PAGE, STEP, **modules) == 0


def test_what_another_processor_would_round_is_run(monkeypatch):
    digests = {kept._machinery("model.py")}
    for name in "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES":
        monkeypatch.setenv(name, "another")
        digests.add(kept._machinery("model.py"))
    assert len(digests) == 3


def test_an_edit_of_the_prose_runs_nothing(course):
    modules = {"helper": HELPER, "deep": DEEP}
    assert course.runs(PAGE, STEP, **modules) == 1
    assert course.runs(PAGE.replace("Text.", "Another text."), STEP, **modules) == 0


def test_a_new_line_of_prose_runs_nothing(course):
    modules = {"helper": HELPER, "deep": DEEP}
    assert course.runs(PAGE, STEP, **modules) == 1
    assert course.runs("One line more.\n\n" + PAGE, STEP, **modules) == 0


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"lesson": STEP.replace("+ 7", "+ 8")}, 10),
        ({"helper": HELPER.replace("deep.h(x)", "deep.h(x) * 5")}, 17),
        ({"deep": DEEP.replace("+x", "-x")}, 5),  # within a second, of the same size
    ],
)
def test_an_edit_of_what_a_lesson_imports_is_seen_at_once(course, changed, value):
    modules = {"lesson": STEP, "helper": HELPER, "deep": DEEP}
    assert "It is 9." in course.html(PAGE, **modules)
    assert f"It is {value}." in course.html(PAGE, **(modules | changed))


def test_a_compiled_file_is_never_trusted(course):
    modules = {"helper": HELPER, "deep": DEEP}
    assert "It is 9." in course.html(PAGE, STEP, **modules)
    file = course.snippets / "deep.py"
    py_compile.compile(str(file), doraise=True)
    saved = file.stat().st_mtime
    course.write("snippets/deep.py", DEEP.replace("+x", "-x"))
    os.utime(file, (saved, saved))
    course.forget()
    assert "It is 5." in course.html(PAGE)


def test_an_edited_expression_is_run(course):
    lesson = "def f(x):\n    return x\n"
    assert "It is 2." in course.html(PAGE, lesson)
    assert "It is 3." in course.html(PAGE.replace("f(2)", "f(3)"), lesson)


def test_an_edit_of_the_style_draws_again(course):
    (course.snippets / "shared").unlink()
    shutil.copytree(SNIPPETS / "shared", course.snippets / "shared")
    style = course.snippets / "shared" / "lesson.mplstyle"
    before = course.html(ON_PAGE, LINE)
    style.write_text(style.read_text().replace("size: 14", "size: 19"))
    after = course.html(ON_PAGE, LINE)
    assert 'font-size="19"' not in before
    assert 'font-size="19"' in after


def test_an_edit_of_a_data_file_is_seen(course):
    lesson = (
        "from pathlib import Path\n\n\n"
        "def f(x):\n    return Path(__file__).with_name('table.csv').read_text()\n"
    )
    table = course.write("snippets/table.csv", "12")
    assert "It is 12." in course.html(PAGE, lesson)
    table.write_text("34")
    assert "It is 34." in course.html(PAGE, lesson)


def test_what_is_saved_while_a_page_runs_is_not_kept_for_what_was_there(course):
    before, after = "def f(x):\n    return 12\n", "def f(x):\n    return 34\n"
    submit = course.weaver.server.submit

    def saved_first(job, limit):
        course.write("snippets/lesson.py", after)
        return submit(job, limit)

    course.weaver.server.submit = saved_first
    try:
        assert "It is 34." in course.html(PAGE, before)
    finally:
        course.weaver.server.submit = submit
    course.restart()
    assert "It is 12." in course.html(PAGE, before)


@pytest.mark.parametrize(
    "reads", ['"notes/*.txt", "other/*.txt"', '(\n    "other/*",\n    "notes/*",\n)']
)
def test_an_edit_of_what_a_module_says_it_reads_is_seen(course, reads):
    notes = course.write("notes/one.txt", "12")
    lesson = (
        "from pathlib import Path\n\n"
        f"READS = {reads}\n\n\n"
        "def f(x):\n"
        f"    files = sorted(Path({str(notes.parent)!r}).iterdir())\n"
        "    return ' '.join(file.read_text() for file in files)\n"
    )
    assert "It is 12." in course.html(PAGE, lesson)
    assert course.runs(PAGE, lesson) == 0
    notes.write_text("34")
    assert "It is 34." in course.html(PAGE, lesson)
    course.write("notes/two.txt", "56")
    assert "It is 34 56." in course.html(PAGE, lesson)


def test_what_a_module_says_it_reads_of_the_environment_is_seen(course, monkeypatch):
    deaf = "import os\n\n\ndef f(x):\n    return str(os.environ.get('REPO_URL', 0))\n"
    lesson = deaf.replace("import os\n", 'import os\n\nREADS = "$REPO_URL"\n')
    course.runs(PAGE, lesson)
    course.runs(PAGE, deaf)
    monkeypatch.setenv("REPO_URL", "https://example.org/repository")
    assert course.runs(PAGE, lesson) == 1
    assert course.runs(PAGE, deaf) == 0


FACTS = """\
from pathlib import Path

from _weave.read.facts import known
{reads}

def f(x):
    pages = known(Path(__file__).parent.parent)
    said = [f"{{page.title}}: {{page.goal}}" for page in pages]
    return "; ".join(said)
"""
WALK = """\
---
title: A walk
---

# A walk

!!! goal "After this lesson"
    you can go
    down.

## Far { #far-away }

A sentence.
"""


def test_what_pages_say_of_themselves_is_seen_and_their_prose_runs_nothing(course):
    course.write("mkdocs.yml", CONFIG + "nav: [lesson.md, walk.md]\n")
    course.write("docs/walk.md", WALK)
    lesson = FACTS.format(reads='\nREADS = "@pages"\n')
    html = text_of(course.html(PAGE, lesson))
    assert "It is lesson: ; A walk: you can go down." in html
    course.write("docs/walk.md", WALK.replace("A sentence", "Another sentence"))
    assert course.runs() == 0
    course.write("docs/walk.md", WALK.replace("go\n    down", "go up"))
    assert course.runs() == 1
    assert "you can go up." in course.html()
    course.write("mkdocs.yml", CONFIG + "nav: [lesson.md]\n")
    assert "A walk" not in course.html()


def test_a_module_that_asks_for_the_pages_says_so(course):
    course.write("mkdocs.yml", CONFIG + "nav: [lesson.md, walk.md]\n")
    course.write("docs/walk.md", WALK)
    fault = course.fault(PAGE, FACTS.format(reads=""))
    assert fault.startswith("snippets/lesson.py:7: `{python} f(2)` raised LookupError")
    assert 'READS = "@pages"' in fault


def test_what_was_taken_apart_is_handed_to_the_next_process_or_made_anew(course):
    def made():
        return [*range(3)]

    kept = Memory()
    assert kept.get_or("a kind", b"source", made, tuple) == (0, 1, 2)
    given = json.loads(json.dumps(kept.given()))
    assert kept.given() is None
    later = Memory()
    later.take(given)
    assert later.get_or("a kind", b"source", lambda: 1 / 0, tuple) == (0, 1, 2)
    assert later.given() is None
    for damaged in None, dict.fromkeys(given, 7), [given]:
        other = Memory()
        other.take(damaged)
        assert other.get_or("a kind", b"source", made, tuple) == (0, 1, 2)
        assert other.given() == given
    assert later.get_or("another", b"source", lambda: [7], tuple) == (7,)
    assert later.given().keys() > given.keys()


def test_other_arguments_are_run_and_the_same_are_not(course):
    lesson = LINE.replace("figure_line()", "figure_line(rate=1)")
    page = "![A line](figures/lesson/line.svg?rate=2)\n"
    assert course.runs(page, lesson) == 1
    assert course.runs(page) == 0
    assert course.runs(page.replace("=2", "=3")) == 1
    assert course.runs(page) == 0


def test_a_page_with_blank_space_is_run_once(course):
    page = "- item\n    \n    `{python} 'once'`\n\t\nText  \n"
    assert course.runs(page) == 1


def test_a_failing_page_is_not_kept(project):
    state = project.beside("state")
    page = "`{python} 1 / state()`"
    lesson = f"import os\n\n\ndef state():\n    return os.path.exists({str(state)!r})\n"
    assert "ZeroDivisionError" in project.fault(page, lesson)
    state.touch()
    project.restart()
    assert project.html(page) == "<p>1.0</p>"


def test_a_cached_course_starts_no_process(project, monkeypatch):
    for held in "_kept", "_asked":
        monkeypatch.setattr(MEMORY, held, {})
    MEMORY.put("new", "else all may be known by what other tests have asked for")
    lesson = "def f(x):\n    return x\n"
    assert project.runs(PAGE, lesson) == 1
    project.close()

    def forbidden(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    project.restart()
    assert "It is 2." in project.html(PAGE)


def test_an_entry_that_is_no_outcome_is_run_again(course):
    page = "`{python} 40 + 2`\n"
    assert course.runs(page) == 1
    for entry in [*course.weaver.cache.folder.iterdir()]:
        course.weaver.cache.put(entry.stem, ["of another kind"])
    course.restart()
    assert course.runs(page) == 1
    assert course.html(page) == "<p>42</p>"


# The files of the cache


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry, other: entry[: len(entry) // 2],
        lambda entry, other: b"",
        lambda entry, other: os.urandom(64),
        lambda entry, other: b"\xff" * 64 + b"\n{}",
        lambda entry, other: entry.replace(b"true value", b"evil value"),
        lambda entry, other: other,
    ],
    ids=["half", "empty", "garbage", "no text", "wrong checksum", "another's"],
)
def test_a_damaged_entry_is_a_miss(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.put("a", ["true value"])
    cache.put("b", ["of another"])
    assert cache.get("a") == ["true value"]
    entry = tmp_path / "a.json"
    entry.write_bytes(damage(entry.read_bytes(), (tmp_path / "b.json").read_bytes()))
    assert cache.get("a") is None
    cache.put("a", ["true value"])
    assert cache.get("a") == ["true value"]


def test_what_is_kept_is_not_made_again(tmp_path):
    made = []

    def make():
        made.append("once")
        return [len(made)]

    for _ in range(2):
        assert Cache(tmp_path).get_or("a", make) == [1]
    assert made == ["once"]


def test_what_a_build_or_the_one_before_asked_for_is_read_from_the_disk_once(tmp_path):
    cache = Cache(tmp_path)
    for key in "a", "b":
        cache.put(key, [key])
    cache.turn()
    assert [cache.get("a"), cache.get("b"), cache.get("c")] == [["a"], ["b"], None]
    for key in "a", "b":
        (tmp_path / f"{key}.json").unlink()
    for _ in range(2):  # what is asked for again and again stays
        cache.turn()
        assert cache.get("a") == ["a"]
    assert cache.get("b") is None
    cache.put("c", ["c"])
    assert cache.get("c") == ["c"]


def test_a_cache_that_cannot_be_made_is_a_warning(tmp_path, caplog):
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file")
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") is None
    cache.prune()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(tmp_path / "file") in caplog.text


def test_a_full_disk_is_a_warning_and_leaves_no_half_entry(
    tmp_path, caplog, monkeypatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    cache = Cache(tmp_path / "cache")
    cache.put("a", 1)
    assert cache.get("a") is None
    assert "No space left on device" in caplog.text
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_nobody_has_asked_for_in_a_month_is_removed(tmp_path):
    cache = Cache(tmp_path)
    late = {"old": 60, "asked": 60, "young": -60, "new": -30 * 24 * 3600}
    for name, seconds in late.items():
        cache.put(name, name)
        last = time.time() - 30 * 24 * 3600 - seconds
        os.utime(tmp_path / f"{name}.json", (last, last))
    assert cache.get("asked") == "asked"
    cache.prune()
    left = {name: cache.get(name) for name in late}
    assert left == {"old": None, "asked": "asked", "young": "young", "new": "new"}


def test_an_edit_of_how_a_curve_is_drawn_runs_no_page_without_a_curve(course):
    (course.snippets / "shared").unlink()
    shutil.copytree(SNIPPETS / "shared", course.snippets / "shared")
    step = "def f(x):\n    return x\n"
    curve = LINE.replace("ax.plot([0, 1], [0, 2])", "draw.curve(ax, abs, 0, 1)")
    bare = LINE.replace("figure_line", "figure_bare")
    lesson = "\n\n".join((step, curve, bare))
    pages = ON_PAGE, PAGE, ON_PAGE.replace("line.svg", "bare.svg")
    assert [course.runs(page, lesson) for page in pages] == [1, 1, 1]
    file = course.snippets / "shared" / "draw.py"
    text = file.read_text("utf-8")
    head = "def curve(ax, f, low, high,"
    assert text.count(head) == 1
    before, after = text.split(head)
    after = after.replace("return ax.plot", "high = high + 0\n    return ax.plot", 1)
    file.write_text(before + head + after, "utf-8")
    course.restart()
    assert [course.runs(page) for page in pages] == [1, 0, 0]


def test_an_edit_in_a_folder_that_is_no_package_is_seen(course):
    """Python imports from a folder without an __init__.py, too."""
    one = course.write("snippets/kit/one.py", "def f(x):\n    return x\n")
    page = PAGE.replace("f(2)", "kit.one.f(2)")
    assert "It is 2." in course.html(page, "import kit.one\n")
    one.write_text("def f(x):\n    return 3 * x\n", "utf-8")
    course.restart()
    assert "It is 6." in course.html(page)


def test_what_is_kept_lies_in_one_folder_and_nothing_lies_beside_it(course):
    """In the folder that git ignores, and that the workflow hands on."""
    before = {*course.folder.iterdir()}
    assert course.runs(PAGE, "def f(x):\n    return x\n") == 1
    assert {*course.folder.iterdir()} - before == {course.folder / ".cache"}
    assert any((course.folder / ".cache/weave").glob("*.json"))


def test_an_edit_is_seen_where_nobody_has_prepared_anything(course):
    """As by a builder that has no hooks, and converts page after page."""
    course.write("docs/lesson.md", PAGE)
    extension = WeaveExtension(course.weaver, lambda: "lesson.md", None)
    for factor in 2, 3:
        lesson = f"def f(x):\n    return {factor} * x\n"
        course.write("snippets/lesson.py", lesson)
        html = markdown.markdown(PAGE, extensions=[extension])
        assert f"It is {2 * factor}." in html


def test_a_comment_in_shown_code_is_part_of_what_a_page_becomes(course):
    keys = []
    for comment in "little", "much":
        lesson = f"def f(x):\n    return x  # not {comment}\n"
        course.write("snippets/lesson.py", lesson)
        course.write("docs/lesson.md", fence('--8<-- "lesson.py:f"'))
        course.restart()
        course.weaver.prepare()
        keys.append(course.weaver.key("lesson.md"))
    assert keys[0] != keys[1]
