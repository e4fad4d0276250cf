"""Whatever is saved under a preview: it shows what a clean one shows."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from _weave.model import WeaveError
from _weave.run import weaver as weaver_module
from _weave.run.cache import needs
from _weave.run.weaver import Weaver
from _weave.site import build as build_module
from _weave.site import policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from project import text_of

from .test_kept import PAGES
from .waiting import until

MOST = int(os.environ.get("FUZZ", "0")) // 100 or 4


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Preview:
    """A preview without its server: it builds again whenever it is told to."""

    def __init__(self, project):
        self.project, self.folder, self.port = project, project.folder, free_port()
        self.server, self.builds = None, 0

    def build(self):
        """Do what a save does, and return the files that a reader would get."""
        with self.project.mkdocs(again=self.server is not None):
            self._saved()
        return self.shown()

    def _saved(self):
        if self.server:
            self.server.builder()
            return
        config = self._config()
        config.plugins.on_startup(command="serve", dirty=False)
        self._build(config)
        server = LiveReloadServer(self._build, "127.0.0.1", self.port, "")
        server.server_close()  # nobody asks it for anything
        self.server = config.plugins.on_serve(
            server, config=config, builder=self._build
        )

    def _config(self):
        return load_config(
            str(self.folder / "mkdocs.yml"),
            site_dir=str(self.folder / "shown"),
            dev_addr=f"127.0.0.1:{self.port}",
        )

    def _build(self, config=None):
        self.builds += 1
        build(config or self._config(), serve_url="http://127.0.0.1/")

    def shown(self):
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in sorted((self.folder / "shown").rglob("*"))
            if file.is_file() and file.suffix != ".gz"
        }

    def settled(self):
        """Build until no page is lacking, as the preview itself would."""
        return until(lambda: self._whole(self.build()))

    def _whole(self, files):
        lacking = any(b"weave-pending" in data for data in files.values())
        return None if lacking else files


EDITS = {
    "a sentence": ("docs/lesson.md", "A rate.", "A rate, {}. $y^{}$"),
    "a question": ("docs/lesson.md", "What is", "{}: what is"),
    "a value": ("docs/other.md", "lesson.f(3)", "lesson.f({})"),
    "a fault": ("docs/other.md", "lesson.f(", "lesson.nothing("),
    "a function": ("snippets/lesson.py", "x / 2", "x / (2 + {})"),
    "a figure": ("snippets/lesson.py", "[0, 2]", "[0, 2 + {}]"),
    "a comment": ("snippets/lesson.py", "x / 2", "x / 2  # {}"),
    "a broken module": ("snippets/lesson.py", "def f(x):", "def f(x:"),
    "a term": ("docs/reference/glossary.md", "A. ", "A {}. "),
    "a title": ("docs/other.md", "title: Other", "title: Other {}"),
    "the settings": ("mkdocs.yml", "site_name: small", "site_name: small {}"),
    "the order": ("mkdocs.yml", "lesson.md, other.md", "other.md, lesson.md"),
    "a style sheet": ("docs/own.css", "red", "rgb({} 0 0)"),
}


@settings(
    max_examples=MOST,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=5))
def test_after_any_saves_a_preview_shows_what_a_clean_one_shows(course, names):
    course.empty()
    for path, text in PAGES.items():
        course.write(path, text)
    course.write("docs/own.css", "p { color: red }\n")
    preview = Preview(course)
    preview.settled()
    for number, name in enumerate(names):
        path, old, new = EDITS[name]
        text = course.folder.joinpath(path).read_text("utf-8")
        # What has been edited before is as it was at first.
        again = text.replace(old, new.format(number, number))
        first = {**PAGES, "docs/own.css": "p { color: red }\n"}[path]
        course.write(path, again if old in text else first)
    shown = preview.settled()
    course.forget()
    shutil.rmtree(course.folder / "shown")
    assert shown == Preview(course).settled()


def test_the_second_build_of_a_preview_makes_no_page_again(course, monkeypatch):
    project = course
    for path, text in PAGES.items():
        project.write(path, text)
    preview, made = Preview(project), []
    guarded = policy.guarded

    def counted(html, also, *, preview):
        made.append(html)
        return guarded(html, also, preview=preview)

    monkeypatch.setattr(policy, "guarded", counted)
    first = preview.settled()
    of_the_theme = sum("404" in html for html in made)
    made.clear()
    assert preview.build() == first
    assert len(made) <= of_the_theme, "a page was made again"
    project.write("docs/other.md", PAGES["docs/other.md"].replace("# Other", "# An"))
    made.clear()
    assert preview.build() != first
    assert sum("404" not in html for html in made) == 1


def test_a_style_sheet_that_is_saved_is_published_without_a_build(course):
    project = course
    for path, text in PAGES.items():
        project.write(path, text)
    project.write("docs/own.css", "p { color: red }\n")
    project.write("docs/own.js", "let a = 1\n")
    preview = Preview(project)
    preview.settled()
    preview.build()  # after which it is known what it was made of
    made = preview.builds
    project.write("docs/own.css", "/* Why. */\n\np { color: blue }\n")
    project.write("docs/own.js", "let a = 2\r\n")
    shown = preview.build()
    assert preview.builds == made
    assert shown["shown/own.css"] == b"p { color: blue }\n"
    assert shown["shown/own.js"] == b"let a = 2\n"
    preview._build()
    assert preview.shown() == shown


@pytest.mark.parametrize("name", ["read.css", ".hidden.css"])
def test_one_that_code_reads_or_nobody_gets_is_saved_with_a_build(course, name):
    course.write(f"docs/{name}", "p { color: red }\n")
    course.write("docs/lesson.md", "# It\n\nIt is `{python} held()`.\n")
    course.write("snippets/lesson.py", HOLDS)
    course.write("docs/read.css", "p { color: red }\n")
    preview = Preview(course)
    preview.settled()
    preview.build()
    made = preview.builds
    course.write(f"docs/{name}", "p {}\n")
    preview.build()
    assert preview.builds == made + 1


HOLDS = """\
from functools import partial
from pathlib import Path

READS = ["docs/read.css"]


def held():
    return len(Path(__file__).parent.parent.joinpath("docs/read.css").read_text())
"""


def test_the_search_parses_a_page_once_and_finds_what_it_would_find(
    course, monkeypatch
):
    """The index of ours stands where the plugin's own one would."""
    project = course
    for path, text in PAGES.items():
        project.write(path, text)
    parsed = []
    entries = written.KeptIndex._entries

    def counted(index, page):
        parsed.append(page.url)
        return entries(index, page)

    monkeypatch.setattr(written.KeptIndex, "_entries", counted)
    preview = Preview(project)
    first = preview.settled()
    assert sorted(set(parsed)) == sorted(
        {"", "lesson/", "other/", "practice/", "reference/glossary/"}
    )
    parsed.clear()
    assert preview.build() == first
    assert parsed == []
    monkeypatch.setattr(build_module, "keep_entries", lambda *_: None)
    alone = preview.build()
    assert (
        alone["shown/search/search_index.json"]
        == (first["shown/search/search_index.json"])
    )


SLOW = "import time\n\ntime.sleep({})\n\n\ndef f(x):\n    return x\n"


def test_a_preview_shows_what_is_ready_and_says_what_is_not(project):
    project.write("docs/lesson.md", "# Slow\n\nIt is `{python} f(7)`.\n")
    project.write("snippets/lesson.py", SLOW.format(4))
    project.write("docs/quick.md", "# Quick\n\nIt is `{python} quick.g()`.\n")
    project.write("snippets/quick.py", "def g():\n    return 3\n")
    preview = Preview(project)
    first = preview.build()
    slow = first["shown/lesson/index.html"].decode()
    assert "This page is still being made: its code is running." in slow
    assert re.search(r"\d of 2 lessons are ready", slow)
    assert "It is 7." not in slow
    assert "Checked by the build" not in slow
    assert "still being made" not in first["shown/index.html"].decode()
    assert "still being made" not in first["shown/search/search_index.json"].decode()
    last = preview.settled()
    assert "It is 7." in last["shown/lesson/index.html"].decode()
    assert "Checked by the build: 1 value" in last["shown/lesson/index.html"].decode()
    assert "It is 3." in last["shown/quick/index.html"].decode()


def test_a_page_that_could_not_be_read_for_a_while_is_taken_apart_anew(course):
    page = '```python\n--8<-- "lesson.py:f"\n```\n\nIt is `{python} f(7)`.\n'
    assert "It is 8." in course.html(page, "def f(x):\n    return x + 1\n")
    broken = course.faults("---\ntitle: A: b\n---\n" + page)
    assert "mapping values" in broken[0]
    course.write("snippets/lesson.py", "def f(x):\n    return x + 2\n")
    course.faults()
    html = course.html(page)
    assert "It is 9." in html
    assert "x + 2" in text_of(html)
    assert "x + 1" not in text_of(html)


def test_a_save_is_seen_though_a_broken_page_was_asked_for_behind_it(course):
    weaver, page = course.weaver, "It is `{python} f(7)`.\n"
    course.write("docs/broken.md", "---\ntitle: A: b\n---\n")
    course.write("docs/lesson.md", page)
    for added in 1, 2:
        course.write("snippets/lesson.py", f"def f(x):\n    return x + {added}\n")
        if added == 2:
            with pytest.raises(WeaveError, match="mapping values"):
                weaver.key("broken.md")
        with pytest.raises(WeaveError, match="mapping values"):
            weaver.prepare()
        assert weaver.weave("lesson.md", page, None).text == f"It is {7 + added}.\n"


def test_a_save_of_one_module_asks_only_the_pages_that_need_it(course, monkeypatch):
    asked = []

    def heard(job, *rest):
        asked.append(job.path)
        return needs(job, *rest)

    monkeypatch.setattr(weaver_module, "needs", heard)
    course.write("docs/other.md", "It is `{python} other.g()`.\n")
    course.html("It is `{python} f(7)`.\n", SLOW.format(0), other="def g(): return 1\n")
    assert sorted(asked) == ["docs/lesson.md", "docs/other.md"]
    asked.clear()
    course.html(other="def g(): return 2\n")
    assert asked == ["docs/other.md"]
    asked.clear()
    course.html(third="def g(): return 3\n")  # a new name may mean something anywhere
    assert sorted(asked) == ["docs/lesson.md", "docs/other.md"]


def test_a_save_calls_off_what_it_has_overtaken(project):
    page, begun = "It is `{python} f(7)`.\n", project.beside("begun")
    project.write("docs/lesson.md", f"---\nlimit: 1000\n---\n\n{page}")
    slow = f"open({str(begun)!r}, 'w').close()\n{SLOW.format(1000)}"
    project.write("snippets/lesson.py", slow)
    weaver = Weaver(project.folder, workers=1)
    try:
        weaver.prepare()
        until(begun.exists)
        assert not weaver.is_ready("lesson.md")
        project.write("snippets/lesson.py", SLOW.format(0))
        weaver.prepare()
        assert until(lambda: weaver.is_ready("lesson.md"))
        assert "It is 7." in weaver.weave("lesson.md", page, None).text
    finally:
        weaver.close()


def submitted(weaver):
    """The runs that a weaver hands to its server from now on, in a list that grows."""
    sent, submit = [], weaver.server.submit
    weaver.server.submit = lambda *given: sent.append(given) or submit(*given)
    return sent


def test_what_is_under_way_and_still_wanted_goes_on(project):
    project.write("docs/lesson.md", "It is `{python} f(7)`.\n")
    project.write("docs/other.md", "# Other\n")
    project.write("snippets/lesson.py", SLOW.format(1000))
    weaver = Weaver(project.folder, workers=1)
    sent = submitted(weaver)
    try:
        weaver.prepare()
        project.write("docs/other.md", "# Another\n")
        weaver.prepare()
        project.write("snippets/unused.py", "x = 1\n")
        weaver.prepare()
        assert len(sent) == 1
    finally:
        weaver.close()


def test_what_has_failed_is_tried_again_with_saved_code_and_not_without(project):
    """Else no build would find its fault: each would have it tried again."""
    page = "It is `{python} f(1)`.\n"
    project.write("docs/lesson.md", page)
    project.write("snippets/other.py", "x = 1\n")
    project.write("snippets/lesson.py", "def f(x):\n    return 1 / 0\n")
    weaver = Weaver(project.folder, workers=1)
    sent = submitted(weaver)
    try:
        weaver.prepare()
        until(lambda: weaver.is_ready("lesson.md"))
        weaver.prepare()
        assert len(sent) == 1
        with pytest.raises(WeaveError, match="ZeroDivisionError"):
            weaver.weave("lesson.md", page, None)
        project.write("snippets/other.py", "x = 2\n")
        weaver.prepare()
        assert len(sent) == 2
    finally:
        weaver.close()


# The address, the page in a browser, and the end


def test_an_address_in_use_is_said_at_once(project):
    project.write("docs/lesson.md", "It is `{python} f(7)`.\n")
    project.write("snippets/lesson.py", SLOW.format(1000))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.python("-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}")
    assert done.returncode != 0
    assert f"cannot have the address 127.0.0.1:{port}" in done.stdout
    assert f"mkdocs serve -a 127.0.0.1:{port + 1}" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_a_build_ends_all_that_it_has_begun(project, ending):
    project.write("docs/lesson.md", "It is `{python} f(7)`.\n")
    project.write("snippets/lesson.py", SLOW.format(1000))
    temporary = Path(tempfile.mkdtemp(dir="/tmp"))  # a socket's path is short
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=project.folder,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    group = process.pid
    assert until(lambda: len(members(group)) >= 3), "the lesson does not run"
    start = time.monotonic()
    if ending == signal.SIGINT:  # as a terminal does, to all at once
        os.killpg(group, ending)
    else:
        process.send_signal(ending)
    process.wait(60)
    assert until(lambda: not members(group))
    assert time.monotonic() - start < 20, "it ended late"
    if ending != signal.SIGKILL:
        assert [*temporary.iterdir()] == []
    shutil.rmtree(temporary)


def members(group):
    """The processes of a group that are not dead."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in listed.stdout.splitlines()]
    return [line for line in lines if line[0] == str(group) and line[1][0] != "Z"]
