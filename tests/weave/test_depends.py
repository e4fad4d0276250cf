"""What a page needs: exactly the files that it imports, and those that these name."""

import ast
import doctest
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from _weave.model import Item, Job
from _weave.read.page import Page
from _weave.run.cache import IMPORTED, needs
from _weave.run.depends import Sources, listable
from _weave.run.module import module as taken_apart
from conftest import ROOT, SNIPPETS
from project import LINE, key_of

PAGES = sorted((ROOT / "docs").rglob("*.md"))
# Every page is drawn with these.
ALWAYS = {
    "shared/__init__.py",
    *(f"shared/{n}.py" for n in ("draw", "palette", "explorable", "numbers")),
}


def job_of(file, snippets=SNIPPETS):
    """What a page of the course asks for."""
    page = Page(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"), snippets)
    return Job(page.path, page.stem, page.items)


def names_of(files, snippets):
    """The files below snippets/, by their paths there."""
    return {f.relative_to(snippets).as_posix() for f in files if snippets in f.parents}


def depends_on(course, **modules):
    """What a page needs that says `{python} lesson.f()`, beside what all need."""
    for stem, code in modules.items():
        course.write(f"snippets/{stem}.py", code)
    job = Job("docs/lesson.md", "lesson", [Item("value", 1, "lesson.f()")])
    found = names_of(needs(job, Sources(course.snippets)).files, course.snippets)
    everywhere = Job("docs/none.md", "none", [Item("value", 1, "1")])
    return found - names_of(
        needs(everywhere, Sources(course.snippets)).files, course.snippets
    )


@pytest.mark.parametrize(
    "code",
    [
        "import helper",
        "import helper as h",
        "from helper import g",
        "from helper import *",
        "def f():\n    import helper",
        "try:\n    import helper\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_is_found_wherever_it_stands(course, code):
    found = depends_on(course, lesson=code, helper="import deep\n", deep="", other="")
    assert found == {"lesson.py", "helper.py", "deep.py"}


@pytest.mark.parametrize(
    "code",
    [
        'from shared import draw\n\n\ndef f(ax):\n    draw.label(ax, "start", 0, 0)\n',
        '"""Better than start, and than start.py\'s."""\n',
        "# import start\n",
        "start = 1\nstart.real\n",
        "def f(start):\n    return start.real\n",
        "names = ['start', 'import start']\n",
    ],
)
def test_the_name_of_a_module_in_another_sense_is_no_import(course, code):
    assert depends_on(course, lesson=code, start="") == {"lesson.py"}


def test_circles_of_imports_end(course):
    found = depends_on(course, lesson="import other\n", other="import lesson\n")
    assert found == {"lesson.py", "other.py"}


def test_a_package_brings_its_own_files_and_relative_imports(course):
    course.write("snippets/kit/__init__.py", "")
    course.write("snippets/kit/one.py", "from . import two\nfrom .three import x\n")
    course.write("snippets/kit/two.py", "")
    course.write("snippets/kit/three.py", "x = 1\n")
    course.write("snippets/kit/four.py", "")
    found = depends_on(course, lesson="from kit import one\n")
    names = "__init__", "one", "two", "three"
    assert found == {"lesson.py", *(f"kit/{name}.py" for name in names)}


def test_a_file_is_named_beside_its_module_or_from_the_snippets_on(course):
    for name in "table.csv", "data/table.csv", "other.csv", "kit/near.csv":
        course.write(f"snippets/{name}", "1")
    course.write("snippets/kit/__init__.py", "")
    course.write("snippets/kit/one.py", "A = 'near.csv', 'data/table.csv'\n")
    found = depends_on(course, lesson="from kit import one\n\nB = 'table.csv'\n")
    assert found - {"kit/__init__.py", "kit/one.py", "lesson.py"} == {
        "table.csv",
        "data/table.csv",
        "kit/near.csv",
    }


def test_what_modules_say_they_read_is_read_below_the_root(course):
    course.write("notes/one.txt", "")
    course.write("snippets/lesson.py", 'READS = "notes/*.txt", "$HOME"\n')
    job = Job("docs/lesson.md", "lesson", [Item("value", 1, "1")])
    given = needs(job, Sources(course.snippets))
    assert course.folder / "notes/one.txt" in given.files
    assert given.reads == ["$HOME", "notes/*.txt"]
    assert listable(given.reads, course.folder) == ["$HOME", f"{course.folder}/notes/"]


def test_a_folder_of_which_a_module_reads_may_be_listed_while_it_is_empty(course):
    (course.folder / "notes").mkdir()
    lesson = (
        'import os\n\nREADS = "notes/*.txt"\n\n\ndef f():\n'
        '    return len(os.listdir("notes"))\n'
    )
    assert course.html("`{python} f()`\n", lesson) == "<p>0</p>"


def test_a_module_that_cannot_be_read_is_still_needed(course):
    assert depends_on(course, lesson="import (\n") == {"lesson.py"}


def test_each_form_needs_the_modules_that_it_calls_or_speaks_of(course):
    for stem in "one", "two", "three", "four", "five", "six":
        course.write(f"snippets/{stem}.py", "")
    items = [
        Item("figure", 1, "line", "one"),
        Item("table", 1, "rates", "two"),
        Item("value", 1, "three.f(four)"),
        Item("transcript", 1, ">>> import five\n>>> six.f(\n...     1)\n2\n"),
    ]
    wanted = {"one.py", "two.py", "three.py", "five.py", "six.py"}
    for item in items:
        job = Job("docs/lesson.md", "lesson", [item])
        found = names_of(needs(job, Sources(course.snippets)).files, course.snippets)
        own = {f"{name}.py" for name in ("one", "two", "three", "four", "five", "six")}
        assert found & own <= wanted
        wanted -= found
    assert not wanted


def test_an_edit_runs_the_pages_again_that_import_the_module_and_no_other(course):
    """The promise itself, on four pages: who runs again after each edit."""
    course.html(
        "![A line](figures/lesson/line.svg)\n",
        LINE + "\n\nimport helper\n",
        helper="def g():\n    return 1\n",
        start="def g():\n    return 1\n",
    )
    course.html("`{python} helper.g()`\n", uri="spoken.md")
    course.html("`{python} start.g()`\n", uri="start.md")
    course.html("The start. `{python} 'start helper'`\n", uri="quoted.md")
    pages = "lesson", "spoken", "start", "quoted"

    def ran_again(stem):
        file = course.snippets / f"{stem}.py"
        file.write_text(file.read_text() + "EDITED = 1\n")
        course.restart()
        before = len(course.begun)
        for page in pages:
            course.html(uri=f"{page}.md")
        return {Path(path).stem for path in course.begun[before:]}

    assert ran_again("helper") == {"lesson", "spoken"}
    assert ran_again("start") == {"start"}
    assert ran_again("lesson") == {"lesson"}


# The course itself, against a second way to find imports


@cache
def imports_of(file):
    """The files below snippets/ that a module imports, found on its own."""
    wanted = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            wanted |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            wanted |= {(node.module, alias.name) for alias in node.names}
    found = set()
    for module, name in wanted:
        path = SNIPPETS / module.replace(".", "/")
        found |= {path.with_suffix(".py"), path / "__init__.py", path / f"{name}.py"}
    return {file for file in found if file.is_file() and is_a_lessons(file)}


def is_a_lessons(file):
    """Whether a file is no part of the machinery, which stands in every key."""
    return SNIPPETS in file.parents and SNIPPETS / "_weave" not in file.parents


@cache
def named_in(file):
    """The modules that another names as files, to run them or to read them."""
    words = re.findall(r'"([\w/*]+\.py)"', file.read_text("utf-8"))
    found = {file.parent / word for word in words}
    for word in words:
        found |= {*ROOT.glob(word)}
    return {file for file in found if file.is_file() and is_a_lessons(file)}


def closure(files):
    """These files, and all that they import or name."""
    found, named, waiting = set(), set(), [file for file in files if file.is_file()]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            named |= named_in(file)
            waiting += imports_of(file)
    return found | named


def python_of(text):
    """What a page says in Python: expressions, and the examples of transcripts."""
    yield from re.findall(r"(?<!`)`\{(?:python|check)\}[ \t]*([^`]*)`(?!`)", text)
    yield from re.findall(r"^    draws: \S+ (.*)", text, re.MULTILINE)
    for block in re.findall(r"^[ \t]*```pycon\n(.*?)```", text, re.M | re.S):
        for example in doctest.DocTestParser().get_examples(block):
            yield example.source


def expected(file):
    """The modules that a page needs, by its text alone."""
    text = re.sub(r"<!--.*?-->", "", file.read_text("utf-8"), flags=re.DOTALL)
    start = {SNIPPETS / f"{file.stem}.py", *(SNIPPETS / name for name in ALWAYS)}
    links = re.findall(r"!\[[^!]*?\]\((?:figures|tables)/(\w+)/", text)
    start |= {SNIPPETS / f"{stem}.py" for stem in links}
    if "\n/// exercise" in text:
        start |= {SNIPPETS / f"exercises/{name}.py" for name in ("__init__", file.stem)}
        solutions = re.findall(r"^    solution: (.+):", text, re.MULTILINE)
        start |= {SNIPPETS / name for name in solutions}
    for code in python_of(text):
        tree = ast.parse(code.strip())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.py"
                own = SNIPPETS / name
                start.add(own if own.is_file() else SNIPPETS / "shared" / name)
            elif isinstance(node, ast.ImportFrom):
                start |= {SNIPPETS / f"{node.module.replace('.', '/')}.py"}
            elif isinstance(node, ast.Import):
                start |= {SNIPPETS / f"{alias.name}.py" for alias in node.names}
    return closure(start)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_of_the_course_needs_what_it_imports_and_nothing_else(file):
    found = {
        f for f in needs(job_of(file), Sources(SNIPPETS)).files if f.suffix == ".py"
    }
    assert set(filter(is_a_lessons, found)) == expected(file)


@pytest.mark.parametrize("stem", ["start", "rate", "shared/line"])
def test_an_edit_of_a_module_of_the_course_changes_the_keys_of_its_pages(
    tmp_path, stem
):
    snippets = tmp_path / "snippets"
    shutil.copytree(SNIPPETS, snippets, ignore=shutil.ignore_patterns("_weave"))
    for name in "docs", "tests", "mkdocs.yml":
        (tmp_path / name).symlink_to(ROOT / name)
    jobs = {file: job_of(file, snippets) for file in PAGES}
    before = {file: key_of(job, Sources(snippets)) for file, job in jobs.items()}
    edited = snippets / f"{stem}.py"
    edited.write_text(edited.read_text("utf-8") + "EDITED = 1\n", "utf-8")
    after = {file: key_of(job, Sources(snippets)) for file, job in jobs.items()}
    changed = {file for file in PAGES if before[file] != after[file]}
    assert changed == {f for f in PAGES if SNIPPETS / f"{stem}.py" in expected(f)}
    assert 0 < len(changed) < len(PAGES)


def test_what_a_module_imports_when_it_runs_is_known_before():
    """Python itself is asked: no module is loaded that was not foreseen."""
    script = (
        "import importlib, sys\n"
        "for stem in sys.argv[2:]:\n"
        "    importlib.import_module(stem)\n"
        "    files = {n: getattr(m, '__file__', 0) for n, m in sys.modules.items()}\n"
        "    here = sys.argv[1]\n"
        "    ours = {n: f for n, f in files.items() if f and f.startswith(here)}\n"
        "    print(*ours.values())\n"
        "    for name in ours: del sys.modules[name]\n"
    )
    stems = "compare", "reference", "dimensions"
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(SNIPPETS), *stems],
        cwd=SNIPPETS,
        capture_output=True,
        text=True,
        check=True,
    )
    for stem, line in zip(stems, done.stdout.splitlines(), strict=True):
        modules, named = Sources(SNIPPETS).found([stem])
        foreseen = {str(file) for file in modules | named}
        loaded = set(line.split())
        assert str(SNIPPETS / f"{stem}.py") in loaded
        assert loaded <= foreseen, stem


def test_what_a_run_imports_of_the_machinery_is_part_of_its_key():
    """Its modules are left out of what a lesson needs, because they all count."""
    script = (
        "import sys\n"
        "from _weave.run import session, room\n"
        "import reference, short_path, verified\n"
        "ours = [m for n, m in sys.modules.items() if n.startswith('_weave.')]\n"
        "print(*(m.__file__ for m in ours if m.__file__))\n"
    )
    run = [sys.executable, "-B", "-c", script]
    done = subprocess.run(run, cwd=SNIPPETS, capture_output=True, text=True, check=True)
    known = {file for one in IMPORTED for file in SNIPPETS.glob(f"_weave/{one}")}
    loaded = {Path(file) for file in done.stdout.split()}
    assert SNIPPETS / "_weave/forms/exercise.py" in loaded
    assert loaded <= known


# What a download needs


def test_the_state_of_a_module_is_that_of_all_files_it_needs(course):
    states = []
    for file, text in (
        ("lesson.py", "import helper\n\nREAD = 'data.txt'\n"),
        ("helper.py", "x = 1\n"),
        ("data.txt", "1"),
        ("unused.py", "y = 1\n"),
        ("helper.py", "x = 2\n"),
        ("data.txt", "2"),
    ):
        course.write(f"snippets/{file}", text)
        states.append(Sources(course.snippets).state(["lesson"]))
    _, _, first, unused, helper, data = states
    assert unused == first
    assert len({first, helper, data}) == 3


EDITS = {
    "a comment": (b"    return 1", b"    return 1  # one", set()),
    "a docstring": (b"    return 1", b"    'One'\n    return 1", set()),
    "a body": (b"    return 1", b"    return 2", {"f"}),
    "a default": (b"def f()", b"def f(x=1)", None),
    "another function": (b"def f()", b"def g(): pass\ndef f()", None),
    "an import": (b"import helper", b"import other", None),
    "an import in a body": (b"    return 1", b"    import other\n    return 1", None),
    "a star": (b"import helper", b"from other import *", None),
    "a file": (b"    return 1", b"    return open('other.csv')", None),
    "a broken line": (b"    return 1", b"    return (", None),
}


@pytest.mark.parametrize(("old", "new", "changed"), EDITS.values(), ids=EDITS)
def test_what_is_known_after_a_save_is_what_is_known_from_the_start(
    course, old, new, changed
):
    lesson = course.write(
        "snippets/lesson.py", "import helper\ndef f():\n    return 1\n"
    )
    course.write("snippets/helper.py", "import far\n")
    for name in "other", "far":
        course.write(f"snippets/{name}.py", "X = 1\n")
    course.write("snippets/other.csv", "1\n")
    contents = {file: file.read_bytes() for file in course.snippets.glob("*.*")}
    before = Sources(course.snippets, contents)
    files = sorted(contents)
    for file in files:
        before.found([file.stem])
    now = contents | {lesson: contents[lesson].replace(old, new)}
    assert now != contents
    after = before.after([lesson], now)
    fresh = Sources(course.snippets, now)
    for file in files:
        assert after.found([file.stem]) == fresh.found([file.stem]), file
        assert after.state([file.stem]) == fresh.state([file.stem]), file
        assert after.said(file) == fresh.said(file), file
        assert after.code([file.stem]) == fresh.code([file.stem]), file
        assert after.module(file) == fresh.module(file), file
    assert after.module(lesson).broken is new.endswith(b"(")
    assert after.changed(lesson) == changed
    if changed == {"f"}:
        assert after.said(lesson) == before.said(lesson)
    assert (after.code(["lesson"]) == before.code(["lesson"])) is (changed == set())


def test_what_a_module_says_has_all_but_the_bodies_of_functions():
    text = '''# Rates.
RATE = 0.1  # slow


def step(x, rate=RATE):
    """Go down."""
    y = rate * x
    return x - y  # downhill


def one(x): return x


class Point:
    def size(self):
        return 1
'''
    same = "y = rate", "return x - y", "# downhill"
    other = "# Rates", "# slow", "rate=RATE", "Go down", "): return x", "return 1"
    said = taken_apart(text.encode()).said
    for part in same:
        assert taken_apart(text.replace(part, f"{part} ").encode()).said == said, part
    for part in other:
        assert taken_apart(text.replace(part, f"{part} ").encode()).said != said, part
