"""Small mistakes in what lessons show are noticed, and the harness that says so."""

import json
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter

import mutate
import pytest
from conftest import ROOT
from mutants import page_mutants, python_mutants, script_mutants

forks = pytest.mark.skipif(sys.platform != "linux", reason="the harness forks")


def run(folder, *words):
    """Run the harness of a repository."""
    return subprocess.run(
        [sys.executable, "tests/mutate.py", "--jobs", "1", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@forks
def test_a_sample_of_what_lessons_show_is_killed():
    few = "--quick", "--patience", "1", "--sample", "5", "--seed", "3"
    done = run(ROOT, *few, *SOON)
    assert done.returncode == 0, done.stdout
    assert "'a test': " in done.stdout


# Their tests take a second; `python tests/mutate.py`, once a week, tries all.
SOON = "descent", "loss", "start"


def test_what_was_recorded_is_of_the_lessons_as_they_stand():
    recorded = mutate.recorded()["lessons"]
    now = {target.path[9:-3]: target.digest() for target in mutate.lessons()}
    other = [name for name, count in recorded.items() if count["code"] != now.get(name)]
    words = " ".join(other)
    assert not other, f"run python tests/mutate.py {words} --record"
    for name, count in recorded.items():
        assert count["of"] == count["mutants"], name
        assert count["mutants"] == count["killed"] + count["equivalent"], name


def test_of_each_room_what_was_tried_last_is_noticed_or_explained():
    least = mutate.KINDS["machinery"][1]
    for room, count in mutate.recorded()["machinery"].items():
        share = (count["killed"] + count["equivalent"]) / count["mutants"]
        assert share >= least, f"{room}: {share:.0%}"


@forks
def test_what_a_new_lesson_shows_is_killed():
    """What has been recorded need not be tried again."""
    known = mutate.recorded()["lessons"]
    now = mutate.counted("lessons", mutate.lessons(), [], {})
    new = sorted(now.keys() - known.keys())
    if new:
        done = run(ROOT, *new)
        said = f"python tests/mutate.py {' '.join(new)} --record says:\n{done.stdout}"
        assert done.returncode == 0, said


def test_what_is_listed_as_equivalent_exists_and_has_a_reason():
    listed = mutate.equivalents()
    assert all(len(why.split()) > 4 for why in listed.values())
    targets = [*mutate.lessons(), *mutate.machinery(), *mutate.scripts()]
    there = {
        mutate.named(target, mutant)
        for target in targets
        for mutant in target.mutants()
    }
    assert not listed.keys() - there


def test_what_nothing_notices_on_pages_is_there_and_has_a_reason():
    rows = tomllib.loads(mutate.LISTED.read_text("utf-8"))["unnoticed"]
    for row in rows:
        place = row["at"].replace("‹", "").replace("›", "")
        assert place in (ROOT / row["file"]).read_text("utf-8"), row["at"]
        assert row["at"].count("‹") == row["at"].count("›") == 1
        assert len(row["why"].split()) > 4
    left = sum(
        count["mutants"] - count["killed"] - count["equivalent"]
        for count in mutate.recorded()["pages"].values()
    )
    assert left <= len(rows), "list under [[unnoticed]] what the last sample left"


LESSON = """\
def halve(x):
    if x > 0:
        return x / 2
    return 0
"""
WEAK = """\
from lesson import halve


def test_the_lesson():
    assert halve(4) == 2
"""
STRONG = """\
    assert halve(0) == 0
    assert halve(-1) == 0
    assert halve(0.5) == 0.25
    assert halve(-0.5) == 0
"""
LOOP = """\


def count(n):
    while n < 3:
        n += 1
    return n
"""
SAME = """\
[[equivalent]]
file = "snippets/lesson.py"
in = "halve"
was = "if x > 0:"
now = "if (x >= 0):"
why = "at zero, half of it is zero, too"
"""


@pytest.fixture
def small(tmp_path):
    """A repository with one lesson, the tests of which are weak."""
    for name in "docs", "snippets", "tests":
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "tests/mutants.py", tmp_path / "tests")
    write = lambda name, text: (tmp_path / name).write_text(text, "utf-8")
    harness = (ROOT / "tests/mutate.py").read_text("utf-8")
    pattern = r"(?ms)^LIBRARIES = \(.*?^\)"  # of these, the lesson needs none
    write("tests/mutate.py", re.sub(pattern, "LIBRARIES = ()", harness, count=1))
    write("docs/lesson.md", '--8<-- "lesson.py:halve"\n--8<-- "lesson.py:count"\n')
    write("snippets/lesson.py", LESSON)
    write("tests/conftest.py", "import sys\nsys.path.insert(0, 'snippets')\n")
    write("tests/test_formulas.py", "")
    write("tests/test_lesson.py", WEAK)
    write("tests/mutants.toml", "equivalent = []\n")
    return tmp_path


@forks
def test_what_no_test_notices_is_said(small):
    (small / "snippets/lesson.py").write_text(LESSON + LOOP, "utf-8")
    with (small / "tests/test_lesson.py").open("a") as file:
        file.write("    import lesson\n    assert lesson.count(1) == 3\n")
    done = run(small, "--patience", "0.5")
    assert done.returncode == 1
    for was, now in [
        ("if x > 0:", "if (x >= 0):"),
        ("if x > 0:", "if x > 1:"),
        ("return 0", "return None"),
    ]:
        place = "survived: snippets/lesson.py: halve"
        assert f"{place}\n    - {was}\n    + {now}\n" in done.stdout
    assert "+ return (x * 2)" not in done.stdout
    # A loop that does not end is stopped, and counts as noticed.
    assert "'the limit': " in done.stdout


@forks
def test_a_survivor_is_listed_with_its_reason_and_nothing_else_is(small):
    tests, listed = small / "tests/test_lesson.py", small / "tests/mutants.toml"
    tests.write_text(WEAK + STRONG, "utf-8")
    listed.write_text(SAME, "utf-8")
    done = run(small, "--record", "--patience", "0.5")
    assert done.returncode == 0, done.stdout
    counts = json.loads((small / "tests/mutants.json").read_text("utf-8"))
    lesson = counts["lessons"]["lesson"]
    assert lesson["of"] == lesson["mutants"] == lesson["killed"] + 1
    killed = SAME.replace("(x >= 0)", "(x <= 0)")
    gone = SAME.replace("(x >= 0)", "(x >= 9)")
    listed.write_text(SAME + killed + gone, "utf-8")
    done = run(small, "--patience", "0.5")
    assert done.returncode == 1
    assert "mutants.toml: a test kills snippets/lesson.py: halve" in done.stdout
    assert "mutants.toml: there is no snippets/lesson.py: halve" in done.stdout


@forks
def test_what_waits_for_ever_is_ended():
    words = [sys.executable, "-c", "import time; time.sleep(600)"]
    process = subprocess.Popen(words, start_new_session=True)
    process.returncode = mutate.waited(process.pid, 0.05)
    assert process.returncode == -signal.SIGPROF


# What mutants there are


def changed(mutants, text):
    return [mutant.lines(text)[1] for mutant in mutants]


@pytest.mark.parametrize(
    ("line", "mutants"),
    [
        ("x = a - b", ["pass", "x = (a + b)", "x = (b - a)"]),
        ("x = -a", ["pass", "x = a"]),
        ("x += 0.5", ["x -= 0.5", "pass", "x += 1.0", "x += 0.25"]),
        (
            "x = a and not b",
            ["pass", "x = (a or not b)", "x = (not b)", "x = (a)", "x = a and b"],
        ),
        ("return a < b", ["return None", "return (a <= b)", "return (a >= b)"]),
        ("return a, b", ["return None", "return (b, a)"]),
        ("f(a, b, k=c)", ["pass", "f(b, a, k=c)", "f(a, b)"]),
        ("x[a:] = y", ["pass", "x[a:-1] = y", "x[a + 1:] = y", "x[a - 1:] = y"]),
        ("for i in range(n): f()", ["for i in range(n + 1): f()", ..., ...]),
        ("if a: f()", ["if (not a): f()", "if a: pass"]),
        ("x: int = a", []),
        ("'text of 2'", []),
    ],
)
def test_what_can_go_wrong_in_a_line_of_python(line, mutants):
    text = f"def f():\n    {line}\n"
    found = changed(python_mutants("f.py", text), text)
    assert len(found) == len(mutants)
    for one, other in zip(found, mutants, strict=True):
        assert other is ... or one == other


def test_a_page_whose_html_is_the_same_counts_as_the_same():
    [page] = mutate.pages(["descent"])
    one, two, three = page.mutants()[:3]
    results = [
        (page, one, "the same"),
        (page, two, "survived"),
        (page, three, "a test"),
    ]
    counts = mutate.counted("pages", [page], results, {}).values()
    tried, killed, same = (
        sum(count[name] for count in counts)
        for name in ("mutants", "killed", "equivalent")
    )
    assert (tried, killed, same) == (3, 1, 1)


def test_what_has_tests_of_its_own_exists():
    names = {target.path[16:-3] for target in mutate.machinery()}
    assert mutate.FILES.keys() <= names
    assert mutate.SCRIPTS.keys() <= {file.stem for file in ROOT.glob("docs/**/*.js")}
    for target in [*mutate.machinery(), *mutate.scripts()]:
        tests = [word for word in target.tests if word.startswith("tests/")]
        assert tests
        assert all((ROOT / path).exists() for path in [target.path, *tests])


def test_only_the_functions_that_are_asked_for_are_changed():
    text = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"
    assert {mutant.place for mutant in python_mutants("m.py", text, {"g"})} == {"g"}


def test_a_script_is_changed_outside_of_comments_and_texts():
    text = (
        '  go(a) {\n    /* 1 + 2 */\n    this.say("1 + 2", /a+b/);\n    n += 1;\n  }\n'
    )
    assert changed(script_mutants("go.js", text), text) == [
        "n -= 1;",
        "n += 2;",
        ";",
    ]


PAGE = """\
---
title: 3 things
---

# Six [things](more.md#part-2)

Start at 2.5 with $x^2 = 4$, `{python} f(3)`. `{check} f(2) < 4` `{check} held()`

```pycon
>>> f(5)
6
```

/// question | What is it?
    kind: number
    within: 0.5
///
"""


def test_of_a_page_the_numbers_and_the_checks_are_changed():
    found = Counter(mutant.place for mutant in page_mutants("p.md", PAGE))
    assert found == {
        "prose": 2,
        "formula": 2,
        "expression": 1,
        "check": 2,
        "check turned round": 2,
        "typed in a transcript": 1,
        "transcript": 1,
        "tolerance": 1,
    }
    texts = changed(page_mutants("p.md", PAGE), PAGE)
    assert "# Five [things](more.md#part-2)" in texts
    assert any("`{check} f(2) > 4`" in text for text in texts)
    assert any("`{check} not (held())`" in text for text in texts)
