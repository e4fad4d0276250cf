"""Lessons run outside of the build, each in a process of its own, within limits."""

import json
import sys

import pytest
from _weave.model import (
    Cells,
    Drawing,
    Fault,
    Formula,
    Functions,
    Markup,
    Movable,
    Outcome,
    Shown,
    ShownKnob,
    Text,
    WeaveError,
    from_json,
    to_json,
)
from _weave.run.weaver import Weaver
from _weave.site.labs import Lab
from project import LINE, ON_PAGE, fence, transcript

from .waiting import ended, until, written

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


# Bad snippets


def test_a_snippet_that_raises_at_import_has_its_place_once(course):
    page = "\n`{python} f()`\n\n`{python} g()`\n\n" + ON_PAGE + transcript(">>> f()")
    said = course.fault(page, "x = 1\n1 / 0\n")
    assert said == (
        "snippets/lesson.py:2: the import raised ZeroDivisionError: division by zero\n"
        "    for docs/lesson.md:2"
    )


def test_a_broken_module_is_one_fault_for_who_asks_for_it(course):
    said = course.fault("`{python} other.f()`\n", other="1 / 0\n")
    assert said.startswith("snippets/other.py:1: the import raised ZeroDivisionError")
    assert "NameError" not in said


def test_a_snippet_with_a_syntax_error_has_its_place(course):
    said = course.fault(ON_PAGE, "x = 1\n\nx = = 2\n")
    assert said.startswith("snippets/lesson.py:3: ")
    assert "SyntaxError" in said


def test_a_missing_import_is_named(course):
    said = course.fault(ON_PAGE, "\nimport nunpy\n")
    assert said.startswith("snippets/lesson.py:2: ")
    assert "No module named 'nunpy'" in said


def test_exit_in_a_snippet_is_a_fault(course):
    said = course.fault("`{python} 1 + 0`", "import sys\n\nsys.exit()\n")
    assert said.startswith("snippets/lesson.py:3: ")
    assert "the lesson called exit()" in said


def test_a_warning_of_the_arithmetic_is_a_fault(course):
    lesson = "import numpy as np\n\n\ndef f(x):\n    return np.log(np.float64(x))\n"
    said = course.fault("`{python} f(0)`", lesson)
    assert said.startswith("snippets/lesson.py:5: `{python} f(0)` raised RuntimeWarn")


def test_endless_recursion_is_a_short_fault(course):
    said = course.fault("`{python} f(0)`", "def f(x):\n    return f(x + 1)\n")
    assert said.startswith("snippets/lesson.py:2: ")
    assert "RecursionError" in said
    assert len(said.splitlines()) < 20


def test_all_faults_of_a_page_are_told_at_once_from_the_top(course):
    page = (
        "`{python} 1 / 0`\n\n"
        + fence("typed")
        + "![](figures/lesson/line.svg)\n\n"
        + transcript(">>> 2", "3")
    )
    lines = [fault.split(": ")[0] for fault in course.faults(page, LINE)]
    assert lines == [f"docs/lesson.md:{number}" for number in (1, 3, 6, 9)]


# Modules that hide others


@pytest.mark.parametrize("stem", ["numpy", "yaml", "matplotlib"])
def test_a_module_with_the_name_of_a_package_is_one_clear_line(course, stem):
    said = course.fault("`{python} 1 + 0`\n", **{stem: "def f():\n    return 1\n"})
    assert said == (
        f"snippets/{stem}.py:1: {stem} is the name of an installed package: choose "
        "another"
    )


def test_a_module_with_the_name_of_a_standard_module_is_one_clear_line(course):
    said = course.fault("No code.\n", abc="def f():\n    return 1\n")
    assert said == (
        "snippets/abc.py:1: abc is the name of a standard module: choose another"
    )


def test_beside_a_module_that_hides_another_nothing_is_run(course):
    begun = len(course.begun)
    course.write("docs/labs/lab.py", "# %%\n1\n")
    course.fault("`{python} 1 + 0`\n", numpy="raise SystemExit\n")
    with pytest.raises(WeaveError, match="installed package"):
        Lab(course.weaver, "labs/lab.py").outputs()
    assert len(course.begun) == begun


# Limits


ENDLESS = """\
def note(name):
    with open({calls!r}, "a") as file:
        file.write(name + " ")


def f():
    note("f")
    while True:
        pass
"""


def test_past_its_limit_a_lesson_is_stopped_and_runs_no_further(course):
    """The transcript that hangs ends the page: no line below it is run any more."""
    page = "---\nlimit: 0.5\n---\n\n" + transcript(
        ">>> note('before')", ">>> f()", ">>> note('after')"
    )
    calls = course.beside("calls")
    lesson = ENDLESS.format(calls=str(calls))
    said = course.fault(page + "\n`{python} f()` `{python} note('later')`\n", lesson)
    place, _, rest = said.partition(": ")
    assert place in ("snippets/lesson.py:8", "snippets/lesson.py:9")
    assert rest == (
        "the lesson was stopped after 0.5 s: find the loop that does not end, or give "
        "the page more time in its front matter, as in limit: 1\n"
        "    for docs/lesson.md:7"
    )
    assert calls.read_text() == "before f "


def test_a_page_with_another_limit_is_run_again(course):
    page = "---\nlimit: 50\n---\n\n`{python} 1 + 0`\n"
    assert course.runs(page) == 1
    assert course.runs(page) == 0
    assert course.runs(page.replace("50", "51")) == 1


# The process that runs the lessons

PID = "import os\n\nwith open({!r}, 'w') as file:\n    file.write(str(os.getpid()))\n"


@linux
def test_closing_ends_what_is_still_running(project):
    noted = project.beside("pid")
    endless = PID.format(str(noted)) + "while True:\n    pass\n"
    project.write("snippets/lesson.py", endless)
    project.write("docs/lesson.md", "`{python} 1 + 0`\n")
    project.weaver.prepare()
    pid = int(written(noted))
    project.close()
    assert until(lambda: ended(pid))


def test_a_killed_server_is_one_fault_for_each_page_it_had(project):
    """What ends the process harms the build at hand, and no other."""
    waiting = (
        "import time\nfrom pathlib import Path\n\n\n"
        "def f():\n"
        "    Path({waits!r}).touch()\n"
        "    while not Path({killed!r}).exists():\n        time.sleep(0.01)\n"
        "    return 'healed'\n"
    )
    killed = project.beside("killed")
    pages = {"one.md": project.beside("one"), "two.md": project.beside("two")}
    for uri, waits in pages.items():
        code = waiting.format(waits=str(waits), killed=str(killed))
        project.write(f"snippets/{uri.replace('.md', '.py')}", code)
        project.write(f"docs/{uri}", "\n\n`{python} f()`\n")
    project.weaver.prepare()
    assert until(lambda: all(waits.exists() for waits in pages.values()))
    project.weaver.server._line._process.kill()
    killed.touch()
    for uri in pages:
        with pytest.raises(WeaveError) as caught:
            project.weaver.weave(uri, "\n\n`{python} f()`\n", None)
        [fault] = caught.value.faults
        assert (fault.path, fault.line) == (f"docs/{uri}", 3)
        assert fault.message.startswith("the process that runs the lessons ended")
        assert fault.message.endswith("build again")
    project.restart()
    for uri in pages:
        assert "healed" in project.html(uri=uri)


def test_what_a_lesson_prints_is_no_part_of_its_page(course):
    html = course.html(
        "`{python} f()`\n", "def f():\n    print('loud')\n    return 1\n"
    )
    assert html == "<p>1</p>"


KNOB = ShownKnob("rate η", "1.5", ["best 1"])
FORMULA = Formula("", r"x = 1001", {"1001": ("0:3", "1.5")}, True)
ROWS = [["0", "1.5"]]
SHOWN = Shown("It ends.", [KNOB], ["k", "x"], ROWS, "Again", [FORMULA], "3 end")
PLAIN = Shown("It ends.", [], ["x"], [], None, [], None)
MOVABLE = Movable(
    {"functions": "a1", "click": ["x"]}, SHOWN, Functions({"a1": "(x)=>1"}, ["a1"])
)
OTHER = MOVABLE._replace(shown=PLAIN)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome([], []),
        Outcome([Text("a"), Text()], [Fault("docs/a.md", 3, "no")]),
        Outcome([Markup("<details>a</details>")], []),
        Outcome([Drawing("<svg/>"), Drawing("<svg/>", MOVABLE)], []),
        Outcome([Drawing("<svg/>", OTHER)], []),
        Outcome([Cells([[], [Text("a"), (Drawing("<svg/>"), "alt")]])], []),
    ],
)
def test_an_outcome_passes_through_json_unchanged(outcome):
    assert from_json(json.loads(json.dumps(to_json(outcome)))) == outcome


def test_an_error_says_each_fault_in_a_line_with_its_place():
    faults = [Fault("docs/a.md", 3, "no"), Fault("docs/b.md", 1, "nor this")]
    assert str(WeaveError(faults)) == "docs/a.md:3: no\ndocs/b.md:1: nor this"


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        [],
        [[]],
        {"a": 1},
        [[["picture", "a"]], []],
        [[[]], []],
        [[1], []],
        [[["cells"]], []],
        [[["text", 1]], []],
        [[["markup", None]], []],
        [[["drawing", {}, None]], []],
    ],
)
def test_what_is_no_outcome_is_refused(data):
    with pytest.raises(ValueError, match="this is no outcome"):
        from_json(data)


# What a save leaves as it is

LESSON = """import math

USED = 1


def f(x):
    return inner(x) + USED


def inner(x):
    return x


def unused(x):
    return x
"""
SAVED = {
    "a comment": (
        "    return x\n\n\ndef unused",
        "    return x  # x\n\n\ndef unused",
        1,
    ),
    "what it calls": ("return x\n\n\ndef unused", "return x + 1\n\n\ndef unused", 0),
    "what it does not call": ("(x):\n    return x\n", "(x):\n    return x + 1\n", 1),
    "a constant": ("USED = 1", "USED = 2", 0),
}


@pytest.mark.parametrize(
    ("name", "looks"),
    [*((name, False) for name in SAVED), ("a comment", True)],
)
def test_a_run_that_cannot_feel_a_save_is_not_even_asked_for_its_key(
    course, name, looks
):
    """Where code looks at code, every byte is felt."""
    old, new, stays = SAVED[name]
    page, code = "It is `{python} f(7)`.\n", LESSON
    if looks:
        code = code.replace("return inner(x)", "return len(globals()) * 0 + inner(x)")
    course.html(page, code)
    before = course.weaver._all["docs/lesson.md"]
    head, found, tail = code.rpartition(old)
    assert found
    course.html(page, head + new + tail)
    after = course.weaver._all["docs/lesson.md"]
    assert (after is before) is (bool(stays) and not looks)
    fresh = Weaver(course.folder)
    fresh.prepare()
    assert fresh.run_key("lesson.md") == after.key
    fresh.close()


def test_a_save_of_what_a_run_does_not_read_leaves_it_and_a_new_file_does_not(course):
    course.html("It is `{python} f(7)`.\n", LESSON, other="X = 1\n")
    runs = [course.weaver._all["docs/lesson.md"]]
    for name, text in ("other", "X = 2\n"), ("third", "X = 1\n"):
        course.write(f"snippets/{name}.py", text)
        course.weaver.prepare()
        runs.append(course.weaver._all["docs/lesson.md"])
    assert runs[1] is runs[0]
    assert runs[2] is not runs[0]
    assert runs[2].key == runs[0].key


def test_what_waits_for_nothing_runs_again_though_only_a_comment_was_saved(course):
    """A run that is under way may name a line of what was there."""
    course.write("docs/lesson.md", "It is `{python} f(7)`.\n")
    slow = LESSON.replace("import math", "import time\n\ntime.sleep(0.5)")
    course.write("snippets/lesson.py", slow)
    course.weaver.prepare()
    first = course.weaver._all["docs/lesson.md"]
    assert not first.is_ready()
    course.write("snippets/lesson.py", slow.replace("USED = 1", "USED = 1  # one"))
    course.weaver.prepare()
    assert course.weaver._all["docs/lesson.md"] is not first
    assert course.weaver.weave("lesson.md", "It is `{python} f(7)`.\n", None).text == (
        "It is 8.\n"
    )
