"""A small course to build and to break: what all tests of the machinery share."""

import functools
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import markdown
from _weave.markdown.extension import WeaveExtension
from _weave.model import Fault, Job, WeaveError
from _weave.read.page import Page
from _weave.run.cache import key, needs, reached
from _weave.run.weaver import LIMIT, Weaver
from _weave.site import assets
from jinja2 import BytecodeCache
from mkdocs import __main__ as mkdocs
from mkdocs.config.config_options import Hooks
from mkdocs.theme import Theme

SNIPPETS = Path(__file__).parent.parent / "snippets"

CONFIG = """\
site_name: small
hooks: [snippets/_weave/site/hook.py]
watch: [snippets]
theme: {name: material, font: false}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - pymdownx.blocks.details
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tasklist
"""


class _Templates(BytecodeCache):
    """The theme's templates, made Python once for all builds of a process."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.bytecode_to_string()


# What takes a build longest, and is the same for each in a process.
_TEMPLATES = _Templates()
_PYTHON = functools.cache(assets.python_js)


def _environment(theme, made=Theme.get_env):
    environment = made(theme)
    environment.bytecode_cache = _TEMPLATES
    return environment


class Project:
    """A small course in a folder of its own, with the real machinery.

    Its pages are built by MkDocs with `build`, and read with `page`; or one of them
    is converted without MkDocs, by `html`. Of a page with faults, `faults` gives
    these. The process that runs lessons starts with the first of them: `close` ends
    it. In one that is `later`, they run in another year, time zone and order of sets.
    `build_apart` builds in a process of its own, which starts another for lessons.
    """

    def __init__(self, folder, later=False):
        self.later = later
        self.folder, self.docs = Path(folder), Path(folder, "docs")
        self.snippets = self.folder / "snippets"
        self.begun = []  # the paths of what had to be run
        self.weaver = self._server = None
        self.empty()

    def empty(self):
        """Make it what it was at first; only the process that runs lessons is kept."""
        for child in self.folder.iterdir():
            if child.is_dir():
                for _ in range(2):  # the bell of a preview may still ring
                    shutil.rmtree(child, ignore_errors=True)
            else:
                child.unlink()
        for trace in self.folder.parent.glob(f"{self.folder.name}-*"):
            trace.unlink()
        self.docs.mkdir()
        self.snippets.mkdir()
        for name in "_weave", "shared":
            (self.snippets / name).symlink_to(SNIPPETS / name)
        self.write("docs/index.md", "# Home\n")
        self.write("mkdocs.yml", CONFIG)
        self.restart()

    def write(self, path, text):
        """Write a file, given by its path in the course."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        file.write_bytes(data)
        return file

    def beside(self, name):
        """A file that is no part of the course: there, a lesson may leave a trace."""
        return self.folder.with_name(f"{self.folder.name}-{name}")

    # With MkDocs

    def build(self, *options):
        """Run `mkdocs build` here: what it ends with, and says, as of a process.

        In its `.stdout` is not what lessons print, nor their process.
        """
        words = "build", "-f", str(self.folder / "mkdocs.yml")
        words += *quiet(options), *options
        said, code = io.StringIO(), None
        with redirect_stdout(said), redirect_stderr(said), self.mkdocs():
            try:
                mkdocs.cli(words)
            except SystemExit as end:
                code = end.code
        return subprocess.CompletedProcess(words, code, said.getvalue())

    def build_apart(self, *options, **environment):
        """Run `mkdocs build`; returns the finished process, output in `.stdout`."""
        words = "-m", "mkdocs", "build", *options, *quiet(options)
        return self.python(*words, **environment)

    @contextmanager
    def mkdocs(self, again=False):
        """Begin as in a new process, and leave nothing: no handler, filter, hook.

        But lessons are run by the process that is there already. And `again`, what the
        hook knows of an earlier build is still known, as it is in a preview.
        """
        log = logging.getLogger("mkdocs")
        before = log.level, log.propagate, log.handlers[:]
        if not again:
            Hooks._load_hook.cache_clear()
        try:
            with (
                patch.object(mkdocs, "_enable_warnings"),
                patch.object(Theme, "get_env", _environment),
                patch.object(assets, "python_js", _PYTHON),
                patch.object(Weaver, "server", property(lambda _: self._server)),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("default")
                yield
        finally:
            log.setLevel(before[0])
            log.propagate, log.handlers[:] = before[1:]

    def python(self, *words, **environment):
        """Run Python in the course's folder; returns the finished process."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )

    def page(self, name="lesson"):
        """The published HTML of a page."""
        return (self.folder / "site" / name / "index.html").read_text("utf-8")

    # Without MkDocs

    def restart(self):
        """Begin a new build: nothing is known but what is kept in files."""
        self.weaver = Weaver(self.folder, workers=2)
        if self._server is None:
            if self.later:
                # Not before conftest has said when the folder of the run goes.
                from _weave.run.server import Server

                self.weaver.server = Server(self.snippets, 2, later(self.snippets))
            self._server, submit = self.weaver.server, self.weaver.server.submit

            def counted(job, limit):
                self.begun.append(job.path)
                return submit(job, limit)

            self._server.submit = counted
        self.weaver.server = self._server

    def html(
        self, page=None, lesson=None, *, uri="lesson.md", on_error=None, **modules
    ):
        """The HTML of a page that must be right.

        `page` is its text, `lesson` the code of snippets/lesson.py, and `modules` are
        others by name; what is not given stays as it is.
        """
        if page is not None:
            self.write(f"docs/{uri}", page)
        modules |= {} if lesson is None else {"lesson": lesson}
        for stem, code in modules.items():
            self.write(f"snippets/{stem}.py", code)
        self.weaver.prepare()
        extension = WeaveExtension(self.weaver, lambda: uri, on_error)
        names = self.weaver.site.configuration().get("markdown_extensions", [])
        body = self.weaver.site.source(uri).body
        return markdown.markdown(body, extensions=["toc", "tables", *names, extension])

    def faults(self, page=None, lesson=None, **more):
        """What is wrong with a page that must not be published, as lines of text."""
        found: list[Fault] = []

        def heard(error):
            found.extend(error.faults)
            return '<div class="box">no</div>'

        try:
            self.html(page, lesson, on_error=heard, **more)
        except WeaveError as error:  # it could not even be read
            found += error.faults
        assert found, "nothing is wrong with the page"
        return list(map(str, found))

    def fault(self, page=None, lesson=None, **more):
        """The one thing that is wrong with a page."""
        [fault] = self.faults(page, lesson, **more)
        return fault

    def runs(self, page=None, lesson=None, **more):
        """How many runs it takes to convert a page; 0 when the cache has them."""
        before = len(self.begun)
        self.html(page, lesson, **more)
        return len(self.begun) - before

    def outcome(self, page, lesson):
        """What a run of a page gives, as `outcome` says."""
        self.write("docs/lesson.md", page)
        self.write("snippets/lesson.py", lesson)
        self.restart()
        return outcome(self.weaver, "lesson.md")

    def forget(self):
        """Remove all that is kept from earlier builds."""
        shutil.rmtree(self.folder / ".cache", ignore_errors=True)

    def close(self):
        """End the process that runs lessons."""
        self.weaver.close()


def carried(source, target):
    """Copy a file of the project; what builds keep is never changed, so linked."""
    if ".cache/weave/" in Path(source).as_posix():
        with suppress(OSError):  # another disk, or one without links
            return os.link(source, target)
    return shutil.copy2(source, target)


def quiet(options):
    """What hides warnings, but for strict, which counts what is logged."""
    return () if "--strict" in options else ("-q",)


def later(snippets):
    """The environment of another year, time zone and order of sets."""
    folders = str(snippets), str(Path(__file__).parent / "later")
    return {
        "PYTHONPATH": os.pathsep.join(folders),
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Kiritimati",
    }


def outcome(weaver, uri):
    """What a run of a page gives where every value and table is asked for twice.

    Where the second is another one than the first, a text says so.
    """
    source = weaver.site.source(uri)
    page = Page(source.path, source.body, weaver.site.snippets, source.first_line)
    items = []
    for item in page.items:
        items += [item] * (2 if item.form in ("value", "table", "check") else 1)
    # What has a minute for one run is run twice here, on a machine that may be busy.
    found = weaver.start(Job(page.path, page.stem, items), 10 * LIMIT).outcome()
    given = [*zip(items, found.results, strict=False)]
    for (item, one), (again, other) in pairwise(given):
        if item is again and one != other:
            return f"{item} gave {one}, and then {other}"
    return found


def shorten(course, whole):
    """Leave the pages of a copy of the course their heads alone, but for some.

    What the browser cannot run of the others is gone with them.
    """
    for page in (course / "docs").rglob("*.md"):
        if page.relative_to(course / "docs").as_posix() not in whole:
            head = re.match(r"---\n.*?\n---\n", page.read_text("utf-8"), re.DOTALL)
            head = re.sub("(?m)^station:.*\n", "", head[0])
            page.write_text(f"{head}# Elsewhere\n", "utf-8")
    left_out = course / "snippets/browser.toml"
    parts = re.split(
        r'^(?=\["(.*)"\])', left_out.read_text("utf-8"), flags=re.MULTILINE
    )
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    kept = [part for uri, part in pairs if uri in whole or not uri.endswith(".md")]
    left_out.write_text("".join([parts[0], *kept]), "utf-8")


# A lesson with one figure, and how a page shows it.
LINE = """\
from shared import draw


def figure_line():
    figure, ax = draw.axes("x", "loss of x")
    ax.plot([0, 1], [0, 2])
    return figure
"""
ON_PAGE = "![A line](figures/lesson/line.svg)\n"


def fence(*lines, language="python", indent=""):
    """A fenced block."""
    rows = [f"```{language}", *lines, "```"]
    return "".join(f"{indent}{row}\n" for row in rows)


def transcript(*lines, indent=""):
    """A transcript, which the build runs."""
    return fence(*lines, language="pycon", indent=indent)


def text_of(html):
    """What a reader reads, without the markup."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def key_of(job, sources):
    """The cache key of a job whose code may run for a minute."""
    given = needs(job, sources)
    return key(job, 60, sources.snippets.parent, given, reached(job, sources, given))


def whole(file):
    """The HTML of a page with all that waits for those who come near it or ask."""
    html = file.read_text("utf-8")
    for name in dict.fromkeys(re.findall(r' data-from="([^"]*)"', html)):
        text = (file.parent / name).read_text("utf-8")
        parts = r'<(\w+) id="(?:asked|drawn)-\d+"[^>]*>(.*?)</\1>\n?'
        parts += r'(?=<\1 id="(?:asked|drawn)-|</svg>|$)'
        held = re.finditer(parts, text, re.DOTALL)
        lacks = r'(<(\w+)\b(?:[^>"]|"[^"]*")*?)'
        lacks += rf' data-from="{name}"([^>]*>).*?</\2>'

        def put(match, held=held):
            start, inner = match[1] + match[3], next(held)[2]
            return inner if start == "<div>" else f"{start}{inner}</{match[2]}>"

        html = re.sub(lacks, put, html, flags=re.DOTALL)
        assert not [*held]
    named = r'<weave-(?:python data-src|explore data-scripts)="([^ "]*)'
    for name in re.findall(named, html):
        code = (file.parent / name).read_text("utf-8")
        put = json.loads(code[code.index("[[") : code.rindex("]]") + 2])
        for where, attribute, text in put:
            own = f'id="{where[1:]}"' if where[0] == "#" else f"<{where}"
            added = f'{own} {attribute}="{escape(text)}"'
            html = html.replace(own, added, 1)
    return html
