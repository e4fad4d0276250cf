"""What the hooks of a build do, one by one: no site is built here."""

import logging
import re
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import markdown
import pytest
from _weave.markdown.html import labelled
from _weave.model import Fault, Functions, Movable, WeaveError
from _weave.site import build, comments, lean
from _weave.site.build import Build
from _weave.site.kept import KeptPage
from _weave.site.labs import NOTHING
from _weave.site.templates import QuickTheme
from _weave.site.written import Done, KeptIndex, Written
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, get_files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from project import LINE, ON_PAGE

GISCUS = "repo=a/b;repo-id=R1;category=Talk;category-id=C1"
WRONG = WeaveError([Fault("docs/lesson.md", 3, "this is wrong")])


class Begun:
    """A build of a course that has begun: the object, its settings, its files."""

    def __init__(self, course, command, settings, builder=None):
        self.builder = builder or Build()
        self.builder.on_startup(command=command, dirty=False)
        self.config = load_config(str(course.folder / "mkdocs.yml"), **settings)
        self.config.plugins._current_plugin = None  # as between two events
        self.builder.on_config(self.config)
        self.files = get_files(self.config)
        self.given = {"config": self.config, "files": self.files}

    def page(self, uri, **meta):
        page = Page(None, self.files.get_file_from_path(uri), self.config)
        page.meta = meta
        return page

    def content(self, uri, html="<p>Text.</p>", **meta):
        """What `on_page_content` makes of a page: its HTML, and the page."""
        page = self.page(uri, **meta)
        return self.builder.on_page_content(html, page=page, **self.given), page

    def holds(self, name):
        return self.files.get_file_from_path(name).content_string


class Shown:
    """Stands for a preview: its pages come in the order that it says."""

    def __init__(self, *given):
        self.given, self.lacking, self.waited, self.followed = given, set(), 0, []

    def order(self):
        return ["lesson.md"]

    def wait(self):
        self.waited += 1

    def lacks(self, *_):
        return False

    def said(self):
        return "<p>Soon.</p>"

    def built(self):
        self.waited = "built"

    def follow(self, *given):
        self.followed.append(given)


@pytest.fixture
def begin(course, monkeypatch):
    """Begin a build of the course, or another one of a preview."""
    monkeypatch.setattr(build, "Preview", Shown)
    before = signal.getsignal(signal.SIGTERM)
    with course.mkdocs():
        yield lambda command="build", builder=None, **given: Begun(
            course, command, given, builder
        )
    signal.signal(signal.SIGTERM, before)


# How it begins


def test_who_ends_a_build_ends_what_it_has_begun():
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        Build().on_startup(**BUILD)
        with pytest.raises(SystemExit, match="143"):
            signal.raise_signal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Build().on_startup(**BUILD)
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, "somebody's own"
    finally:
        signal.signal(signal.SIGTERM, before)


BUILD = {"command": "build", "dirty": False}


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_beside_the_main_thread_a_build_leaves_signals_alone():
    aside = threading.Thread(target=Build().on_startup, kwargs=BUILD)
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    aside.start()
    aside.join()
    assert signal.signal(signal.SIGTERM, before) == signal.SIG_DFL


def test_a_notebook_program_does_not_name_its_files():
    for name in "mkdocs.plugins.mkdocs_jupyter", "mkdocs.mkdocs-jupyter":
        logging.getLogger(name).setLevel(logging.NOTSET)
        Build().on_startup(**BUILD)
        assert logging.getLogger(name).level == logging.WARNING


def test_who_only_reads_the_settings_begins_no_preview(course):
    course.write("docs/index.md", "# A\n")
    builder = Build()
    with course.mkdocs():
        builder.on_config(load_config(str(course.folder / "mkdocs.yml")))
    assert builder.preview is None
    assert builder.weaver.site.root == course.folder


def test_a_build_begins_its_runs_and_says_how_far_they_are(course, begin, monkeypatch):
    at_exit, lines = [], []
    monkeypatch.setattr(build.atexit, "register", at_exit.append)
    progress = lambda weaver: SimpleNamespace(begin=lambda: lines.append(weaver))
    monkeypatch.setattr(build, "Progress", progress)
    course.write("docs/lesson.md", "# A\n\n`{python} 1 + 1`\n")
    begun = begin()
    weaver = begun.builder.weaver
    assert weaver.page("lesson.md").items
    assert lines == [weaver]
    assert at_exit == [weaver.close]
    assert begun.builder.preview is None
    assert isinstance(begun.config.theme, QuickTheme)


def test_each_build_of_a_preview_begins_anew_and_asks_for_days_once(
    course, begin, monkeypatch
):
    asked = []
    days = lambda root: asked.append(root) or {"docs/index.md": "2026-01-02"}
    monkeypatch.setattr(build.dates, "last_changed", days)
    course.write("docs/lesson.md", '# A\n\n```python\n--8<-- "lesson.py:f"\n```\n')
    one = begin("serve")
    builder, weaver = one.builder, one.builder.weaver
    assert builder.preview.given == (weaver, one.config)
    assert builder.preview.waited == 1
    assert [fault.path for fault in builder.missing] == ["docs/lesson.md"]
    kept = builder.kept
    course.write("snippets/lesson.py", "def f():\n    return 1\n")
    begin("serve", builder)
    assert builder.weaver is weaver
    assert builder.preview.waited == 2
    assert builder.missing == []
    assert builder.kept is not kept
    assert asked == [course.folder]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('# A\n\n```python\n--8<-- "lesson.py:f"\n```\n', "docs/lesson.md:"),
        ("---\ntitle: [a\n---\n\n# A\n", "docs/lesson.md:3: in the page's head"),
    ],
)
def test_what_is_wrong_at_the_start_ends_a_build_and_no_preview(
    course, begin, caplog, page, said
):
    course.write("docs/lesson.md", page)
    with pytest.raises(PluginError, match=re.escape(said)):
        begin()
    caplog.clear()
    missing = begin("serve").builder.missing  # else it is said of the page itself
    assert [record.getMessage() for record in caplog.records] == list(map(str, missing))


def test_pages_stand_below_the_folder_of_the_settings(begin, tmp_path_factory):
    docs = tmp_path_factory.mktemp("elsewhere")
    with pytest.raises(PluginError, match=f"docs_dir: {docs} is not below "):
        begin(docs_dir=str(docs))


def test_without_a_repository_no_page_can_be_edited(begin):
    assert begin(edit_uri="edit/").config.edit_uri is None
    assert begin(edit_uri="edit/", repo_url="https://a.org/b").config.edit_uri


# Files


def test_style_and_scripts_of_the_course_are_published_without_comments(course, begin):
    theirs = course.beside("theirs.css")
    theirs.write_text("/* theirs */\na {}\n")
    for name in "own.css", "own.js", "own.txt":
        course.write(f"docs/{name}", "/* ours */\na {}\n")
    begun = begin()
    config = begun.config
    begun.files.append(File.generated(config, "theirs.css", abs_src_path=str(theirs)))
    begun.files.append(File.generated(config, "made.css", content="/* made */\na {}\n"))
    begun.builder.on_files(begun.files, config=config)
    assert begun.holds("own.css") == begun.holds("own.js") == "a {}\n"
    assert begun.holds("own.txt") == "/* ours */\na {}\n"
    assert begun.holds("theirs.css") == "/* theirs */\na {}\n"
    assert begun.holds("made.css") == "/* made */\na {}\n"
    assert "--fig-curve: #" in begun.holds("assets/css/palette.css")


def test_pages_are_converted_and_searched_through_only_once(course, begin):
    settings = (course.folder / "mkdocs.yml").read_text()
    more = "plugins: [search]\nnav: [Title: index.md]\n"
    course.write("mkdocs.yml", settings + more)
    begun = begin("serve")
    begun.builder.on_files(begun.files, config=begun.config)
    page = begun.files.get_file_from_path("index.md").page
    assert isinstance(page, KeptPage)
    assert (page.title, page.standing_in("index.md", [], False)) == ("Title", None)
    begun.builder.preview.lacks = lambda *_: True
    assert page.standing_in("index.md", [], False) == "<p>Soon.</p>"
    page.content, begun.config.markdown_extensions[:] = "<p>Kept.</p>", []
    page.keeper.keep("a key", page)
    assert begun.builder.weaver.cache.get("a key")["content"] == "<p>Kept.</p>"
    assert isinstance(begun.config.plugins["material/search"].search_index, KeptIndex)


def test_a_lab_with_a_fault_is_said_and_the_next_is_still_downloaded(course, begin):
    course.write("docs/other.md", "# Other\n")
    begun = begin(site_url="http://a.org/b/")

    class Notebook:
        def __init__(self, name, *links):
            self.uri, self.links = f"labs/{name}.py", links

        def fault(self, link):
            return WeaveError([Fault(f"docs/{self.uri}", 7, f"there is no {link}")])

        def download(self, address):
            return " ".join(str(address(link)) for link in self.links)

    labs = Notebook("a", "../lost.md"), Notebook("b", "../other.md", "../index.md")
    begun.builder.labs = {lab.uri: lab for lab in labs}
    begun.builder.on_files(begun.files, config=begun.config)
    assert list(map(str, begun.builder.faults)) == [
        "docs/labs/a.py:7: there is no ../lost.md"
    ]
    assert begun.files.get_file_from_path("labs/a.ipynb") is None
    assert begun.holds("labs/b.ipynb") == "http://a.org/b/other/ http://a.org/b/"
    elsewhere = begin()
    elsewhere.builder.labs = {labs[1].uri: labs[1]}
    elsewhere.builder.on_files(elsewhere.files, config=elsewhere.config)
    assert elsewhere.holds("labs/b.ipynb") == "None None"


# One page


def lab_of(text, fault=None):
    """Stands for a lab whose notebook, or page, is a text, or has a fault."""

    def given(*_):
        if fault:
            raise fault
        return text

    return SimpleNamespace(
        uri="labs/lab.py",
        name="lab",
        finished=given,
        page=lambda html, drawn: html + given(),
        meta=lambda: {"title": "A lab", "description": None},
    )


def test_a_plugin_reads_a_labs_notebook_in_the_place_of_its_script(
    course, begin, monkeypatch
):
    course.write("docs/labs/lab.py", "# %%\nx = 1\n")
    begun = begin()
    builder = begun.builder

    def read(lab, is_ready):
        page = begun.page("labs/lab.py")
        builder.labs = {lab.uri: lab} if lab else {}
        monkeypatch.setattr(builder.weaver, "is_ready", lambda uri: is_ready)
        builder.on_pre_page(page, **begun.given)
        return Path(page.file.abs_src_path)

    script = course.folder / "docs/labs/lab.py"
    assert read(None, is_ready=True) == script
    assert read(lab_of("", WRONG), is_ready=True) == script
    notebook = read(lab_of("one"), is_ready=True)
    assert notebook.name == "lab.ipynb"
    assert course.folder / ".cache" in notebook.parents
    assert notebook.read_text() == "one"
    assert read(lab_of("two"), is_ready=False).read_text() == "two"
    builder.serving = True
    assert read(lab_of("three"), is_ready=True).read_text() == "three"
    assert read(lab_of("four"), is_ready=False).read_text() == NOTHING
    assert [file.name for file in notebook.parent.iterdir()] == ["lab.ipynb"]


def test_a_page_is_read_though_it_is_not_utf8(course, begin):
    for name in "a.md", "a.txt":
        course.write(f"docs/{name}", b"\xef\xbb\xbf# Caf\xe9\n")
    begun = begin("serve")
    begun.files.append(File.generated(begun.config, "made.md", content="# Made"))

    def read(uri):
        page = begun.page(uri)
        return begun.builder.on_page_read_source(page=page, config=begun.config)

    assert read("a.md") == "# Caf\ufffd\n"
    assert read("a.txt") is None
    assert read("made.md") is None


def test_only_a_page_is_woven_and_only_while_it_is_converted(course, begin):
    text = "It is `{python} 6 * 7`."
    course.write("docs/lesson.md", text)
    course.write("docs/lab.txt", text)
    begun = begin()

    def woven():
        """Whether what is converted now is taken for a page."""
        extensions = begun.config.markdown_extensions[-1:]
        return "It is 42." in markdown.markdown(text, extensions=extensions)

    def converted(uri):
        page = begun.page(uri)
        begun.builder.on_page_markdown(text, page=page, **begun.given)
        return woven()

    assert not woven()
    assert converted("lesson.md")
    begun.content("lesson.md")
    assert not woven()
    assert not converted("lab.txt")


def test_the_navigation_shows_stations_and_what_a_lab_is_called(course, begin):
    course.write("docs/labs/lab.py", "# %%\nx = 1\n")
    begun = begin()
    begun.builder.labs = {"labs/lab.py": lab_of("")}

    def read(uri, **meta):
        page = begun.page(uri, **meta)
        begun.builder.on_page_markdown("", page=page, **begun.given)
        return page

    assert read("index.md", station="end").meta["status"] == "station"
    assert read("index.md", title="Home").meta == {"title": "Home"}
    page = read("labs/lab.py")
    assert (page.title, page.meta) == (
        "A lab",
        {"title": "A lab", "description": None},
    )


def test_what_is_wrong_with_the_head_of_a_lab_is_said(course, begin):
    course.write("docs/labs/lab.py", "# %%\nx = 1\n")
    begun = begin()

    def meta():
        raise WRONG

    begun.builder.labs = {"labs/lab.py": SimpleNamespace(meta=meta)}
    page = begun.page("labs/lab.py", title="Lab")
    begun.builder.on_page_markdown("", page=page, **begun.given)
    assert begun.builder.faults == WRONG.faults
    assert page.title == "Lab"


def test_a_lab_that_cannot_be_read_ends_a_build_before_it_has_begun(course, begin):
    course.write("mkdocs.yml", "site_name: a\nplugins: [search, mkdocs-jupyter]\n")
    course.write("docs/labs/lab.py", b"# %%\nx = '\xff'\n")
    with pytest.raises(PluginError, match=r"^docs/labs/lab\.py"):
        begin()


@pytest.fixture
def lesson(course, begin):
    """A lesson with its figure, a page that shows its code too, and one without."""
    course.write("snippets/lesson.py", LINE)
    page = f"# A\n\n{ON_PAGE}\n`{{python}} 1 + 1`\n"
    course.write("docs/lesson.md", page)
    shown = '```python\n--8<-- "lesson.py:figure_line"\n```\n'
    course.write("docs/other.md", page + shown)
    course.write("docs/plain.md", "# A\n\n`{python} 1 + 1`\n")
    course.write("docs/reference/verification.md", "# How\n")
    course.write("docs/labs/lesson.py", "# %%\nx = 1\n")
    return begin


def test_under_a_page_stands_its_code_and_what_was_checked(course, lesson):
    course.write("tests/test_lesson.py", "def test_a():\n    assert True\n")
    begun = lesson(site_url="http://a.org/")
    html, _ = begun.content("lesson.md")
    assert html.startswith("<p>Text.</p>")
    assert '<a href="../downloads/lesson.py" download>lesson.py</a> draws' in html
    assert "Checked by the build: 1 value, 1 figure; and by 1 test." in html
    assert '<a href="../reference/verification/">All that was checked</a>' in html
    made = begun.holds("downloads/lesson.py")
    assert made.startswith("# lesson\n")
    assert "('line.svg', figure_line, {})," in made
    other, _ = begun.content("other.md")
    assert '<a href="../downloads/lesson.py" download>' in other
    assert "Checked by the build: 1 value, 1 figure." in other
    assert [file.src_uri for file in begun.files].count("downloads/lesson.py") == 1
    course.write("snippets/other.py", "x = 1\n")
    course.write("tests/test_other.py", "def test_a():\n    assert True\n")
    assert "../downloads/other.py" in lesson().content("other.md")[0], "its own"
    assert begun.content("plain.md")[0] == "<p>Text.</p>"
    assert begun.content("labs/lesson.py")[0] == "<p>Text.</p>"


def test_a_download_draws_the_figures_of_the_build_that_is_under_way(course, lesson):
    begun = lesson("serve")
    begun.content("lesson.md")
    more = "\n\ndef figure_more():\n    return figure_line()\n"
    course.write("snippets/lesson.py", LINE + more)
    course.write("docs/other.md", "# A\n\n![B](figures/lesson/more.svg)\n")
    begun = lesson("serve", begun.builder)
    begun.content("lesson.md")
    assert "('more.svg', figure_more, {})," in begun.holds("downloads/lesson.py")


def test_without_a_page_that_says_more_none_is_named(course, lesson):
    (course.folder / "docs/reference/verification.md").unlink()
    html, _ = lesson().content("lesson.md")
    assert "Checked by the build: 1 value, 1 figure." in html
    assert "All that was checked" not in html


def test_beside_a_pages_name_stands_the_drawing_at_its_opening(lesson):
    begun = lesson()
    place = begun.builder.kept.keep(labelled('<svg x="1">…</svg>', "A line"))
    figure = f'<figure id="figure-lesson-opening">{place}</figure>'
    html, page = begun.content("plain.md", figure)
    assert html == figure
    assert page.meta["picture"] == '<svg aria-hidden="true" x="1">…</svg>'
    assert "picture" not in begun.content("plain.md")[1].meta


def test_of_a_page_that_is_not_ready_nothing_is_said(lesson):
    begun = lesson("serve")
    assert "Checked by" in begun.content("lesson.md")[0]
    begun.builder.preview.lacking = {"lesson.md"}
    assert begun.content("lesson.md")[0] == "<p>Text.</p>"
    assert "Checked by" in begun.content("other.md")[0]


def test_what_a_lesson_lacks_stands_on_its_page_and_on_no_other(course, begin):
    course.write("mkdocs.yml", "site_name: a\nnav: [index.md]\ndocs_dir: a/docs\n")
    for name in "index.md", "lost.md":
        course.write(f"a/docs/{name}", "# A\n")
    begun = begin("serve")
    html, _ = begun.content("lost.md")
    assert html.startswith('<div class="admonition failure weave-faults"')
    assert "a/docs/lost.md:1: no reader would find this page" in html
    assert html.endswith("<p>Text.</p>")
    assert begun.content("index.md")[0] == "<p>Text.</p>"


@pytest.mark.parametrize(
    ("uri", "days", "said"),
    [
        ("lesson.md", {}, None),
        ("lesson.md", {"docs/lesson.md": "2026-02-01"}, "2026-02-01"),
        (
            "lesson.md",
            {"docs/lesson.md": "2026-02-01", "snippets/lesson.py": "2026-03-01"},
            "2026-03-01",
        ),
        (
            "labs/lesson.py",
            {"docs/labs/lesson.py": "2026-02-01", "snippets/lesson.py": "2026-03-01"},
            "2026-02-01",
        ),
    ],
)
def test_a_page_says_its_day_where_a_repository_is_named(lesson, uri, days, said):
    begun = lesson()
    begun.builder.dates = days
    first = begun.page("plain.md").update_date
    _, page = begun.content(uri)
    assert page.update_date == (said or first)
    assert "revision_date" not in page.meta
    begun.config.repo_url = "https://a.org/b"
    assert begun.content(uri)[1].meta.get("revision_date") == said


def test_comments_stand_under_lessons_and_labs_where_they_are_configured(lesson):
    begun = lesson()
    begun.builder._lab = lambda lab, html, *_: f"{html}{lab.uri}"
    begun.builder.labs = {"labs/lesson.py": lab_of("")}
    pages = "lesson.md", "labs/lesson.py", "plain.md"
    assert not any("weave-discuss" in begun.content(uri)[0] for uri in pages)
    begun.config.extra["giscus"] = GISCUS
    html = [begun.content(uri)[0] for uri in pages]
    assert [one.count(comments.button(GISCUS)) for one in html] == [1, 1, 0]
    assert html[1].startswith("<p>Text.</p>labs/lab.py")


def test_formulas_are_kept_until_a_page_is_written(lesson):
    begun = lesson()
    html, _ = begun.content("plain.md", "<p><math><mi>x</mi></math></p>")
    assert "<math" not in html
    assert begun.builder.kept.restore(html).startswith("<p><math><mi>x</mi></math>")


# A lab's page


@pytest.fixture
def shown(course, begin):
    """What a lab's page becomes: `shown(HTML or fault)` gives the HTML and the page."""
    course.write("docs/lesson.md", "# Lesson\n")
    course.write("docs/labs/lab.py", "# %%\nx = 1\n")

    def made(html, command="build", *, lacks=False, notebook=True, **given):
        begun = begin(command, **given)
        lab = lab_of(html, html if isinstance(html, WeaveError) else None)
        begun.builder.labs = {lab.uri: lab}
        if notebook:
            made = File.generated(begun.config, "labs/lab.ipynb", content="{}")
            begun.files.append(made)
        if lacks:
            begun.builder.preview.lacks = lambda uri: uri == lab.uri
        page = begun.page("labs/lab.py")
        page.title, page.toc = "A < B", ["an entry"]
        html = begun.builder.on_page_content("", page=page, **begun.given)
        return html, page, begun.builder

    return made


def test_under_a_labs_title_stands_how_to_run_it(shown):
    ways = (
        '<p class="lab-ways" data-search-exclude><a href="lab.ipynb" download>'
        "Download the notebook</a>{}: it brings along the code of the lessons, and "
        "needs NumPy and Matplotlib.</p>"
    )
    text = "<h1>One</h1><h1>Two</h1>"
    html, page, _ = shown(text)
    assert html == f"<h1>One</h1>\n{ways.format('')}<h1>Two</h1>"
    assert page.toc == ["an entry"]
    html, *_ = shown(text, repo_url="https://a.org/b/c")
    assert ways.format("") in html
    html, *_ = shown(text, repo_url="https://github.com/b/c&d/")
    colab = "colab.research.google.com/github/b/c&amp;d/blob/gh-pages/labs/lab.ipynb"
    also = f' or <a href="https://{colab}">Open it in Colab</a>'
    assert ways.format(also) in html
    html, *_ = shown(text, notebook=False)
    assert html == "<h1>One</h1>\n<h1>Two</h1>"


def test_what_a_lab_links_to_is_a_page_of_the_site(shown):
    text = '<a href="../lesson.md#b"></a><a href="../lost.md"></a>'
    html, *_ = shown(text)
    assert html == text.replace("../lesson.md", "../lesson/")


def test_a_lab_that_has_failed_or_still_runs_says_so(shown):
    html, page, builder = shown(WRONG)
    assert "docs/lesson.md:3: this is wrong" in html
    assert builder.faults == WRONG.faults
    assert len(page.toc) == 0
    html, page, _ = shown("<h1>One</h1>", "serve", lacks=True)
    assert html == "<h1>A &lt; B</h1><p>Soon.</p>"
    assert len(page.toc) == 0
    html, *_ = shown("<h1>One</h1>", "serve")
    assert html.startswith("<h1>One</h1>")


def test_a_labs_drawing_has_its_words_and_is_kept(begin):
    builder = begin().builder
    place = builder._drawn('<svg x="1">…</svg>', "A line")
    assert "svg" not in place
    assert builder.kept.restore(place) == labelled('<svg x="1">…</svg>', "A line")


def test_labs_are_run_where_a_plugin_shows_them(course, begin, monkeypatch):
    for name in "b", "a":
        course.write(f"docs/labs/{name}.py", "# %%\nx = 1\n")
    builder = begin().builder
    assert builder.labs == {}
    monkeypatch.setattr(build, "Lab", lambda *given: given)
    builder._start_labs(SimpleNamespace(plugins=["mkdocs-jupyter"]))
    given = [(uri, (builder.weaver, uri)) for uri in ("labs/a.py", "labs/b.py")]
    assert [*builder.labs.items()] == given


# Before pages are written


def test_a_fault_stops_a_build_before_anything_is_written(begin):
    begun = begin()
    begun.builder.on_env(None, **begun.given)
    begun.builder.note(WRONG)
    said = "nothing was published, because of\ndocs/lesson.md:3: this is wrong"
    with pytest.raises(PluginError, match=re.escape(said)):
        begun.builder.on_env(None, **begun.given)


def test_a_preview_says_a_fault_on_the_page_and_goes_on(begin, caplog):
    begun = begin("serve")
    box = begun.builder.note(WRONG)
    assert "<pre>docs/lesson.md:3: this is wrong</pre>" in box
    assert [record.getMessage() for record in caplog.records] == [
        "docs/lesson.md:3: this is wrong"
    ]
    begun.builder.written = None
    begun.builder.on_env(None, **begun.given)


@pytest.mark.parametrize(
    ("content", "runs"),
    [(None, False), ("", False), ("<p>", False), ("<weave-python a>", True)],
)
def test_python_is_published_where_a_page_can_run_it(begin, content, runs):
    begun = begin()
    page = begun.page("index.md")
    page.content = content
    begun.builder.on_env(None, **begun.given)
    python = begun.files.get_file_from_path("assets/js/python.js")
    assert (python is not None) is runs
    if runs:
        assert "globalThis.weavePython = {" in python.content_string


def test_without_a_page_nothing_runs_python():
    assert build._runs_python(None) is False


MOVABLE = Movable({"functions": "f1"}, {}, Functions({"half": "(x)=>x/2"}, ["half"]))


def test_the_functions_of_a_page_are_loaded_first_and_once(begin):
    begun = begin()
    begun.builder.scripts.add("index.md", MOVABLE)
    begun.builder.on_env(None, **begun.given)
    [path] = begun.builder.scripts.paths("index.md")
    assert "(x)=>x/2" in begun.holds(path)
    html = "<head><script></script></head><!-- </head> -->"
    kept = begun.builder.kept.keep("<svg></svg>")
    page = begun.page("index.md")
    output = begun.builder.on_post_page(html + kept, page=page, config=begun.config)
    tag = f'<script src="{path}" defer></script>'
    assert output.endswith(f"<script></script>{tag}</head><!-- </head> --><svg></svg>")
    assert "Content-Security-Policy" in output
    assert begun.builder.on_post_page(Done("a"), page=page, config=begun.config) == "a"


def test_a_preview_makes_a_page_again_when_what_is_around_it_has_changed(
    course, begin, monkeypatch, tmp_path
):
    monkeypatch.setattr(build, "_THEME", tmp_path)
    template = tmp_path / "partials/a.html"
    template.parent.mkdir()
    template.write_text("a")
    (tmp_path / "b.html").write_text("a")
    environment = object()

    def around():
        begun = begin("serve")
        heard = []
        begun.builder._key = lambda *given: given
        begun.builder.written = SimpleNamespace(
            watch=lambda *given: heard.append(given)
        )
        begun.builder.on_env(environment, **begun.given)
        [(env, key)] = heard
        assert env is environment
        digest, context = key({"page": 1})
        assert context == {"page": 1}
        return digest

    found = [around(), around()]
    assert found[0] == found[1]
    template.write_text("b")
    found.append(around())
    course.write("mkdocs.yml", (course.folder / "mkdocs.yml").read_text() + "# more\n")
    found.append(around())
    course.write(
        "mkdocs.yml",
        (course.folder / "mkdocs.yml").read_text() + "site_url: http://a/\n",
    )
    found.append(around())
    assert len(set(found)) == 4


def test_what_a_page_becomes_depends_on_what_is_in_it_and_not_on_its_number(begin):
    begun = begin("serve")
    context = {"nav": Navigation([], []), "base_url": ".", "extra_css": []}
    context |= {"extra_javascript": [], "page": begun.page("index.md")}
    page = context["page"]
    page.toc, page.previous_page, page.next_page = [], None, None

    def key(content, around="a"):
        page.content = content
        return begun.builder._key(around, context)

    keep = begun.builder.kept.keep
    one = key(f"<p>{keep('<svg>1</svg>')}</p>")
    assert key(f"<p>{keep('<svg>1</svg>')}</p>") == one
    others = [key(f"<p>{keep('<svg>2</svg>')}</p>"), key("<p></p>"), key(None)]
    others.append(key(f"<p>{keep('<svg>1</svg>')}</p>", "b"))
    begun.builder.scripts.add("index.md", MOVABLE)
    others.append(key(f"<p>{keep('<svg>1</svg>')}</p>"))
    assert len({one, *others}) == 6


def test_the_preview_keeps_a_page_as_it_was_written(begin):
    begun = begin("serve")
    page, heard = begun.page("index.md"), []
    begun.builder.written.keep = lambda uri, html: heard.append((uri, html)) or html
    output = begun.builder.on_post_page("<head></head>", page=page, config=begun.config)
    assert heard == [("index.md", output)]
    assert "Content-Security-Policy" in output
    assert isinstance(begin("serve").builder.written, Written)


# What is written


def test_a_template_that_is_a_page_has_the_policy_and_others_are_left(begin):
    begun = begin()

    def written(name):
        return begun.builder.on_post_template(
            "<head></head>", template_name=name, config=begun.config
        )

    assert written("sitemap.xml") is None
    assert "Content-Security-Policy" in written("404.html")
    assert comments.ORIGIN not in written("404.html")
    begun.config.extra["giscus"] = GISCUS
    assert comments.ORIGIN in written("404.html")


def test_a_preview_may_open_its_own_page_anew(begin):
    asked = "<head></head><script>new WebSocket('livereload')</script>"
    found = [
        begun.builder.on_post_template(
            asked, template_name="404.html", config=begun.config
        )
        for begun in (begin(), begin("serve"))
    ]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("plugins", "offline"),
    [
        ("[search]", False),
        ("[material/offline: {enabled: false}]", False),
        ("[material/offline]", True),
    ],
)
def test_what_is_built_is_made_less_and_remembered(
    course, begin, monkeypatch, plugins, offline
):
    trimmed, remembered = [], []
    monkeypatch.setattr(lean, "trim", lambda *site, **how: trimmed.append((site, how)))
    course.write("mkdocs.yml", f"site_name: a\nplugins: {plugins}\n")
    begun = begin()
    begun.builder.weaver.remember = lambda: remembered.append("remembered")
    begun.builder.on_post_build(config=begun.config)
    assert trimmed == [((course.folder / "site",), {"offline": offline})]
    assert remembered == ["remembered"]
    begun = begin("serve")
    begun.builder.on_post_build(config=begun.config)
    assert begun.builder.preview.waited == "built"
    assert len(trimmed) == 1


def test_a_preview_follows_its_server_and_runs_first_what_it_waits_for(course, begin):
    course.write("docs/lesson.md", "# A\n")
    course.write("mkdocs.yml", "site_name: a\nnav: [index.md, lesson.md]\n")
    assert begin().builder._order() == ["index.md", "lesson.md"]
    begun = begin("serve")
    assert begun.builder._order() == ["lesson.md"]
    begun.builder.on_serve("a server", config=begun.config, builder=None)
    assert begun.builder.preview.followed == [("a server", begun.config)]


def test_in_the_place_of_a_page_that_is_not_ready_a_preview_says_so(begin):
    assert begin().builder._standing_in("lesson.md", [], False) is None
    builder = begin("serve").builder
    builder.preview.lacks = lambda *given: given == ("lesson.md", ["index.md"], True)
    assert builder._standing_in("lesson.md", ["index.md"], True) == "<p>Soon.</p>"
    assert builder._standing_in("lesson.md", ["index.md"], False) is None


def test_many_faults_end_with_where_they_are():
    faults = [
        Fault(f"docs/{name}.md", line, "wrong")
        for name, count in (("a", 2), ("b", 9), ("c", 1), ("d", 8))
        for line in range(1, count + 1)
    ]
    few = build._listed([*faults[1:], *faults[1:]]).splitlines()
    assert (few[0], few[-1]) == ("docs/a.md:2: wrong", "docs/d.md:8: wrong")
    assert len(few) == 19
    assert len(build._listed([*faults]).splitlines()) == 20
    many = build._listed([*faults, Fault("docs/a.md", 9, "wrong")]).splitlines()
    assert len(many) == 23
    said = "That is 21 faults in 4 files, most of them in docs/b.md (9), docs/d.md (8),"
    assert many[-1].startswith(f"{said} docs/a.md (3). ")


def test_what_another_build_reads_is_written_whole_and_only_if_it_has_changed(tmp_path):
    file = tmp_path / "lab.ipynb"
    assert build._written(file, "αβ") == str(file)
    first = file.stat().st_ino
    build._written(file, "αβ")
    assert file.stat().st_ino == first
    with file.open("rb") as read:
        build._written(file, "more")
        assert read.read() == "αβ".encode()
    assert file.read_text() == "more"
    assert [*tmp_path.iterdir()] == [file]
