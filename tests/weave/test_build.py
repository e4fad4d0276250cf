"""Whole builds of a small course by MkDocs, most of them bad."""

import ast
import json
import re
import subprocess
import sys

import pytest
from conftest import SNIPPETS
from project import LINE, ON_PAGE, Project, transcript

from .waiting import ended, until, written

WEAVE = SNIPPETS / "_weave"


def fault_listing(done):
    """The first lines of all faults that a build names."""
    fault = r"^(?:ERROR +-  )?((?:a/)?(?:docs|snippets)/.*)"
    return re.findall(fault, done.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def _broken(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("broken"))
    head = "---\ntitle: A\nlimit: 1\n---\n\n"
    project.write("docs/front.md", head + "# A\n\n`{python} 1 / 0`\n")
    project.write("docs/plain.md", "\n\n# A\n\n`{python} 1 / 0`\n")
    project.write("docs/hang.md", head + "`{python} f()`\n")
    project.write("snippets/hang.py", "def f():\n    while True: pass\n")
    project.write("docs/stuck.md", head + "`{python} f()`\n")
    deaf = "import itertools\n\n\ndef f():\n    return sum(itertools.repeat(1))\n"
    project.write("snippets/stuck.py", deaf)
    project.write("docs/quit.md", "Text\n\n`{python} 1 + 0`\n")
    project.write("snippets/quit.py", "import os\n\nos._exit(3)\n")
    project.write("docs/good.md", "`{python} good.log()`\n")
    project.write(
        "snippets/good.py",
        f"def log():\n    with open({str(project.beside('log'))!r}, 'a') as file:\n"
        "        file.write('ran ')\n    return 'logged'\n",
    )
    yield project, project.build_apart()
    project.close()


@pytest.fixture
def broken(_broken):
    """A project in which five of seven pages are bad, and its build."""
    return _broken


def test_one_build_names_the_faults_of_all_pages(broken):
    _, done = broken
    places = [line.split(": ")[0] for line in fault_listing(done)]
    assert places == [
        "docs/front.md:8",
        "docs/plain.md:5",
        "docs/quit.md:3",
        "docs/stuck.md:6",
        "snippets/hang.py:2",
    ]
    assert "Traceback" not in done.stdout


def test_a_bad_page_stops_the_build_strict_or_not(broken):
    project, done = broken
    assert done.returncode != 0
    assert not list((project.folder / "site").rglob("*.html"))
    strict = project.build("--strict")
    assert strict.returncode != 0
    assert fault_listing(strict) == fault_listing(done)
    assert not list((project.folder / "site").rglob("*.html"))


def test_a_lesson_past_its_limit_is_stopped_where_it_is(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "hang" in line]
    assert line.startswith("snippets/hang.py:2: the lesson was stopped after 1 s: ")
    assert "for docs/hang.md:6" in done.stdout


def test_a_lesson_that_does_not_hear_is_killed(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "stuck" in line]
    assert line.startswith("docs/stuck.md:6: the lesson was stopped after 1 s: ")


def test_a_lesson_that_ends_its_process_is_named(broken):
    _, done = broken
    (line,) = [line for line in fault_listing(done) if "quit" in line]
    assert "ended its own process (exit code 3)" in line


def test_a_bad_page_harms_no_other(broken):
    project, _ = broken
    assert project.beside("log").read_text() == "ran "


# What a process does that builds and says then which of the two it has imported.
ASKED = """\
import subprocess, sys
{}
from mkdocs.__main__ import cli
cli(["build", {!r}], standalone_mode=False)
print(sorted({{"numpy", "matplotlib"}} & sys.modules.keys()))
"""
ONLY_GIT = """\
start = subprocess.Popen
def only_git(command, *rest, **given):
    assert command[0] == "git", f"{command} was started"
    return start(command, *rest, **given)
subprocess.Popen = only_git
"""


def test_a_good_build_publishes_and_the_next_runs_nothing(project):
    """Neither imports numpy: the first while lessons run, in another process."""
    log = project.beside("log")
    project.write(
        "snippets/lesson.py",
        LINE
        + "\n\nprint('said by the lesson')\n"
        + f"with open({str(log)!r}, 'a') as file:\n    file.write('ran ')\n",
    )
    project.write("docs/lesson.md", "# A\n\n" + ON_PAGE + "\nIt is `{python} 6 * 7`.\n")
    done = project.python("-c", ASKED.format("", "--strict"))
    assert (done.returncode, log.read_text()) == (0, "ran "), done.stdout
    assert "said by the lesson" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
    first = project.page()
    assert "said by the lesson" not in first
    assert "It is 42." in first
    assert first.count("<svg role") == 1

    # In one process that must neither draw nor start another.
    again = project.python("-c", ASKED.format(ONLY_GIT, "-q"))
    assert (again.returncode, again.stdout.strip()) == (0, "[]"), again.stdout
    assert log.read_text() == "ran "
    assert project.page() == first


def test_an_authors_comment_is_no_place_for_a_figure(course):
    course.write("snippets/lesson.py", LINE)
    course.write("docs/lesson.md", "# A\n\n<!-- drawing 0 -->\n\n" + ON_PAGE)
    course.write("docs/index.md", "# Home\n\n<!-- drawing 7 -->\n")
    done = course.build()
    assert done.returncode == 0, done.stdout
    assert course.page().count("<svg role") == 1


def test_a_page_with_no_module_of_its_own_offers_the_one_that_its_reader_saves(course):
    course.write("snippets/helper.py", "def half(x):\n    return x / 2\n")
    page = '# A\n\n```python\n--8<-- "helper.py:half"\n```\n\n'
    course.write("docs/lesson.md", page + transcript(">>> helper.half(1)", "0.5"))
    done = course.build()
    assert done.returncode == 0, done.stdout
    assert 'save <a href="#code">helper.py</a>' in course.page()
    _, under = course.page().split(' id="code"')
    assert '<a href="../downloads/helper.py" download>helper.py</a>' in under
    assert (course.folder / "site/downloads/helper.py").exists()


def test_a_cache_that_cannot_be_written_fails_no_strict_build(project):
    project.write(".cache", "a file stands in its place")
    project.write("docs/lesson.md", "It is `{python} 6 * 7`.\n")
    done = project.build_apart("--strict")
    assert "cannot write the cache" in done.stdout
    assert done.returncode == 0, done.stdout
    assert "It is 42." in project.page()


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"# Caf\xe9\n", "docs/lesson.md:1: this is not UTF-8"),
        (b"---\ntitle: [a\n---\n\n# A\n", "docs/lesson.md:3: in the page's head: "),
    ],
)
def test_a_page_that_cannot_be_read_is_one_clear_line(course, head, said):
    course.write("docs/lesson.md", head)
    course.write("docs/other.md", "`{python} 1 + 0`\n")
    done = course.build()
    assert done.returncode != 0
    [line] = fault_listing(done)
    assert line.startswith(said)
    assert "Traceback" not in done.stdout
    assert not (course.folder / "site").exists()


def test_pages_from_outside_of_the_project_are_refused(course, tmp_path_factory):
    docs = tmp_path_factory.mktemp("elsewhere")
    (docs / "index.md").write_text("# Home\n")
    settings = (course.folder / "mkdocs.yml").read_text()
    course.write("mkdocs.yml", f"{settings}docs_dir: {docs}\n")
    done = course.build()
    assert done.returncode != 0
    assert f"docs_dir: {docs} is not below {course.folder}" in done.stdout
    assert "Traceback" not in done.stdout


def test_pages_may_stand_in_a_folder_of_another_name(course):
    settings = (course.folder / "mkdocs.yml").read_text()
    course.write("mkdocs.yml", f"{settings}docs_dir: a/docs\n")
    course.write("a/docs/lesson.md", "It is `{python} 6 * 7`.\n")
    done = course.build("--strict")
    assert done.returncode == 0, done.stdout
    assert "It is 42." in course.page()
    course.write("a/docs/lesson.md", "\n`{python} 1 / 0`\n")
    [line] = fault_listing(course.build())
    assert line.startswith("a/docs/lesson.md:2: ")


@pytest.mark.parametrize("stem", ["numpy", "yaml", "pymdownx"])
def test_a_module_that_hides_a_package_is_one_clear_line(project, stem):
    project.write(f"snippets/{stem}.py", "def f():\n    return 1\n")
    project.write("docs/lesson.md", f"`{{python}} {stem}.f()`\n")
    done = project.build_apart()
    assert done.returncode != 0
    assert fault_listing(done) == [
        f"snippets/{stem}.py:1: {stem} is the name of an installed package: choose "
        "another"
    ]
    assert "Traceback" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every build does so")
def test_a_build_may_start_its_lessons_afresh(project):
    """As on Windows and macOS, where no process is forked."""
    begin = {"WEAVE_START_METHOD": "spawn"}
    lesson = f"import helper\n{LINE}\n\ndef half(x):\n    return helper.half(x)\n"
    page = (
        "# A\n\n`{python} '--multiprocessing-fork' in sys.orig_argv` "
        "`{python} half(3)`\n\n" + ON_PAGE
    )
    project.write("snippets/helper.py", "def half(x):\n    return x / 2\n")
    project.write("snippets/lesson.py", f"import sys\n\n{lesson}")
    project.write("docs/lesson.md", page)
    project.write("docs/bad.md", "\n`{python} bad.f()`\n")
    project.write("snippets/bad.py", "def f():\n    return 1 / 0\n")
    done = project.build_apart(**begin)
    assert done.returncode != 0
    [line] = fault_listing(done)
    assert line.startswith("snippets/bad.py:2: `{python} bad.f()` raised ZeroDivision")
    assert "for docs/bad.md:2" in done.stdout
    project.write("snippets/bad.py", "def f():\n    return 1\n")
    done = project.build_apart("--strict", **begin)
    assert done.returncode == 0, done.stdout
    assert "<p>True 1.5</p>" in project.page()
    spawned = re.search(r"<svg role.*?</svg>", project.page(), re.DOTALL)[0]
    project.forget()
    assert project.build().returncode == 0
    assert "<p>False 1.5</p>" in project.page()
    assert spawned in project.page()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_build_leaves_nothing_wrong_behind(project):
    noted = project.beside("pid")
    project.write("docs/good.md", "It is `{python} 6 * 7`.\n")
    project.write("docs/lesson.md", "It is `{python} f()`.\n")
    project.write(
        "snippets/lesson.py",
        "import os\n\n"
        f"with open({str(noted)!r}, 'w') as file:\n    file.write(str(os.getpid()))\n"
        "while True:\n    pass\n",
    )
    build = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=project.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    pid = int(written(noted))
    build.kill()
    build.wait()
    assert until(lambda: ended(pid))
    project.write("snippets/lesson.py", "def f():\n    return 'whole'\n")
    done = project.build("--strict")
    assert done.returncode == 0, done.stdout
    assert "It is whole." in project.page()
    assert "It is 42." in project.page("good")
    entries = list((project.folder / ".cache" / "weave").iterdir())
    assert entries
    for entry in entries:
        assert json.loads(entry.read_bytes().split(b"\n")[1]) is not None


# The rooms of the machinery


def imports_of(file):
    """What a file of the machinery imports: (dotted name, name or "") each."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from ((f"{dots}{node.module or ''}", a.name) for a in node.names)


each_file = pytest.mark.parametrize(
    "file", sorted(WEAVE.rglob("*.py")), ids=lambda f: str(f.relative_to(WEAVE))
)


@each_file
def test_one_room_knows_mkdocs_and_no_other_knows_that_room(file):
    named = {f"{module}.{name}" for module, name in imports_of(file)}
    outside = [n for n in named if re.match(r"(mkdocs|\.\.site|_weave\.site)\b", n)]
    assert not outside or file.parent.name == "site"


@each_file
def test_no_private_name_is_imported_by_another_file(file):
    private = [name for _, name in imports_of(file) if re.match("_[^_]", name)]
    assert not private
