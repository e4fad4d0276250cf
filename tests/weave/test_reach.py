"""An edit changes the keys of those pages that can reach it, and of no other."""

import ast
import json
import os
import subprocess
import sys

import pytest
from _weave.model import Item, Job
from _weave.read.page import Page
from _weave.run.cache import needs, roots_of
from _weave.run.depends import Sources
from _weave.run.reach import Reach
from conftest import ROOT, SNIPPETS
from project import key_of

PAGES = sorted((ROOT / "docs").rglob("*.md"))
HELPER = """\
\"\"\"What helps.\"\"\"

RATE = 0.1


def near(x, h=RATE):
    \"\"\"Go on a little.\"\"\"
    return far(x) + h  # not much


def far(x):
    return 2 * x


def other(x):
    return 3 * x
"""
LESSON = """\
import helper
from helper import near


def f():
    return near(1.0)


def g():
    return helper.other(1.0)


def claim_true():
    \"\"\"It is 1.\"\"\"
    return True
"""


@pytest.fixture
def changes(course):
    """Whether an edit of one of the two modules changes the key of an item's page."""

    def changed(item, stem, old, new, lesson=LESSON):
        texts = {"lesson": lesson, "helper": HELPER}
        job = Job("docs/lesson.md", "lesson", [item])
        keys = []
        for edited in False, True:
            for name, text in texts.items():
                if edited and name == stem:
                    assert old in text
                    text = text.replace(old, new)
                course.write(f"snippets/{name}.py", text)
            keys.append(key_of(job, Sources(course.snippets)))
        return keys[0] != keys[1]

    return changed


F = Item("value", 1, "f()")


@pytest.mark.parametrize(
    ("stem", "old", "new", "expected"),
    [
        ("lesson", "near(1.0)", "near(2.0)", True),  # its own body
        ("helper", "far(x) + h", "far(x) - h", True),  # what that calls
        ("helper", "2 * x", "4 * x", True),  # and what that calls
        ("helper", "RATE = 0.1", "RATE = 0.2", True),  # what an import executes
        ("helper", "h=RATE", "h=2 * RATE", True),
        ("helper", "def other(x)", "def other(x, y=missing)", True),
        ("helper", "def other", "@cache\ndef other", True),
        ("helper", "3 * x", "5 * x", False),  # nobody calls it
        ("lesson", "other(1.0)", "other(2.0)", False),
        ("helper", "# not much", "# a little", False),
        ("helper", "Go on a little.", "Go on.", False),
        ("helper", "What helps.", "What may help.", False),
        ("helper", "2 * x", "(2\n        * x)", False),
        ("lesson", "It is 1.", "It is one.", False),
    ],
)
def test_an_edit_counts_where_it_can_be_reached(changes, stem, old, new, expected):
    assert changes(F, stem, old, new) is expected


@pytest.mark.parametrize(
    ("item", "old", "new"),
    [
        (Item("value", 1, "helper.other(1)"), "3 * x", "5 * x"),
        (Item("value", 1, "g()"), "3 * x", "5 * x"),
        (
            Item("transcript", 1, ">>> from helper import other\n>>> other(1)\n"),
            "3 * x",
            "5 * x",
        ),
        (Item("transcript", 1, ">>> x = [helper]\n>>> x[0]\n"), "3 * x", "5 * x"),
        (Item("figure", 1, "x", "helper"), "def other", "def figure_x"),
        (Item("table", 1, "other", "helper"), "def other", "def table_other"),
        (Item("code", 1, "other", "helper"), "3 * x", "5 * x"),
    ],
)
def test_every_form_reaches_what_it_calls(changes, item, old, new):
    assert changes(item, "helper", old, new)


@pytest.mark.parametrize(
    "lesson",
    [
        "import helper\n\n\ndef f():\n    return getattr(helper, 'ot' + 'her')\n",
        "import helper as h\n\n\ndef f():\n    return [h][0].other(1)\n",
        "from helper import *\n\n\ndef f():\n    return other(1)\n",
        "def f():\n    from helper import other as o\n    return o(1)\n",
        "def f():\n    import helper\n    return helper.other(1)\n",
        "import helper\n\nALL = [helper.other]\n\n\ndef f():\n    return ALL[0](1)\n",
        "from helper import other\n\n\nclass A:\n    def m(self):\n        other(1)\n",
        "import helper\n\n\ndef f():\n    return globals()['hel' + 'per'].other(1)\n",
        "import helper\nimport sys\n\n\ndef f():\n    return sys.modules['helper']\n",
        "import helper\nfrom inspect import getsource\n\n\ndef f():\n"
        "    return getsource(getattr)\n",
    ],
)
def test_no_way_around_a_name_hides_an_edit(changes, lesson):
    assert changes(F, "helper", "3 * x", "5 * x", lesson)


def test_in_a_package_a_module_of_it_needs_no_import(course):
    """Whoever imports one has bound its name there."""
    course.write("snippets/lesson.py", "import tools.one\n\n\nf = tools.f\n")
    course.write("snippets/tools/__init__.py", "def f():\n    return one.g()\n")
    job, keys = Job("docs/lesson.md", "lesson", [F]), set()
    for value in 1, 2:
        course.write("snippets/tools/one.py", f"def g():\n    return {value}\n")
        keys.add(key_of(job, Sources(course.snippets)))
    assert len(keys) == 2


def test_where_code_looks_at_code_even_a_comment_counts(changes):
    lesson = "import helper\n\n\ndef f():\n    return vars(helper), globals()\n"
    assert changes(F, "helper", "# not much", "# a little", lesson)


def test_a_claim_by_name_shows_its_docstring_so_that_counts(changes):
    item = Item("check", 1, "claim_true()", given="It is so")
    assert changes(item, "lesson", "It is 1.", "It is one.")


def test_a_module_that_cannot_be_read_counts_with_all_its_bytes(changes):
    assert changes(F, "helper", "3 * x", "3 * (x")


def test_circles_of_imports_end(course):
    course.write("snippets/lesson.py", "from other import f\n")
    course.write("snippets/other.py", "from lesson import f\nimport lesson\n")
    job = Job("docs/lesson.md", "lesson", [Item("value", 1, "f(lesson)")])
    assert key_of(job, Sources(course.snippets))


def test_what_a_star_hands_on_is_reached_behind_another_star(course):
    far = course.write("snippets/far.py", "def f():\n    return 1\n")
    course.write("snippets/near.py", "from far import *\n")
    course.write("snippets/lesson.py", "from near import *\n")
    job = Job("docs/lesson.md", "lesson", [Item("value", 1, "f()")])
    before = key_of(job, Sources(course.snippets))
    far.write_text("def f():\n    return 2\n")
    assert key_of(job, Sources(course.snippets)) != before


def test_a_module_in_a_package_is_reached_through_it(course):
    course.write("snippets/kit/__init__.py", "")
    course.write("snippets/kit/one.py", "from .two import g\n\n\ndef f():\n    g()\n")
    two = course.write("snippets/kit/two.py", "def g():\n    return 1\n")
    course.write("snippets/lesson.py", "from kit import one\n")
    job = Job("docs/lesson.md", "lesson", [Item("value", 1, "one.f()")])
    before = key_of(job, Sources(course.snippets))
    two.write_text("def g():\n    return 2\n")
    assert key_of(job, Sources(course.snippets)) != before


# What Python really runs

_RUN = """\
import cProfile, json, sys
from pathlib import Path
from _weave.model import Item, Job
from _weave.run.session import Session

snippets, path, stem, items = json.loads(sys.stdin.read())
session = Session(Path(snippets), Job(path, stem, [Item(*item) for item in items]))
out = sys.stdout
profile = cProfile.Profile(builtins=False)
profile.runcall(session.run)
codes = [entry.code for entry in profile.getstats() if not isinstance(entry.code, str)]
called = {(code.co_filename, code.co_firstlineno) for code in codes}
print(json.dumps(sorted(called)), file=out)
"""


def called_by(job):
    """The functions at the top of our modules whose code a run executes."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", _RUN],
        input=json.dumps([str(SNIPPETS), job.path, job.stem, job.items]),
        env=os.environ | {"PYTHONPATH": str(SNIPPETS), "MPLBACKEND": "svg"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = {}
    for file, line in json.loads(done.stdout.splitlines()[-1]):
        lines.setdefault(file, set()).add(line)
    found = set()
    for file in SNIPPETS.rglob("*.py"):
        if "_weave" in file.parts or str(file) not in lines:
            continue
        module = ".".join(file.relative_to(SNIPPETS).with_suffix("").parts)
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                if any(first <= n <= node.end_lineno for n in lines[str(file)]):
                    found.add((module, node.name))
    return found


QUICK = {"newton"}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_what_a_run_calls_was_foreseen(file):
    """Python is asked which functions it runs; an edit of each must be noticed."""
    if file.stem not in QUICK and not os.environ.get("WHOLE_SITE"):
        pytest.skip("WHOLE_SITE=1 runs every page under a profiler")
    page = Page(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"), SNIPPETS)
    job = Job(page.path, page.stem, page.items)
    given = needs(job, Sources(SNIPPETS))
    reach = Reach(*roots_of(job), Sources(SNIPPETS), given.modules)
    called = called_by(job)
    if page.stem in QUICK:
        assert called, "nothing of ours was run"
    assert reach.whole or called <= reach.bodies, called - reach.bodies
