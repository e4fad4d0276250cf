"""Labs run, and their solutions are right; downloads run alone; builds repeat."""

import contextlib
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser

import jupytext
import matplotlib.pyplot as plt
import nbformat
import pytest
import tasks
from _weave.bundle import alone
from _weave.labs import run
from conftest import ROOT, SNIPPETS, Project
from mkdocs.utils.yaml import yaml_load

LABS = sorted((ROOT / "docs" / "labs").glob("*.py"))
MODULES = sorted(
    SNIPPETS / f"{page.stem}.py"
    for page in (ROOT / "docs").rglob("*.md")
    if (SNIPPETS / f"{page.stem}.py").exists()
)
each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)

SETTINGS = (
    "site_name: small\n"
    "site_url: http://localhost/\n"
    "repo_url: !ENV [REPO_URL, null]\n"
    "edit_uri: edit/main/docs/\n"
    "hooks: [snippets/_weave/hook.py, snippets/_weave/publish.py]\n"
    "theme: {name: material, font: false, features: [content.action.edit]}\n"
    "plugins:\n"
    "  - search\n"
    '  - mkdocs-jupyter: {include: ["labs/*.py"], cache: false}\n'
    "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n"
    "extra: {giscus: !ENV [GISCUS, '']}\n"
)
LESSON = (
    '"""Halves."""\n\n'
    "import draw\n\n\n"
    "def step(x):\n    return x / 2\n\n\n"
    "def figure_line():\n"
    "    figure, ax = draw.axes('x', 'y')\n"
    "    ax.plot([1, step(1)])\n"
    "    return figure\n"
)
PAGE = "# Half\n\n![From 1 to a half.](figures/lesson/line.svg)\n"
LAB = (
    "# ---\n# title: A lab\n# description: Half of it.\n# ---\n\n"
    "# %% [markdown]\n# # Half\n#\n# See [the lesson](../lesson.md).\n\n"
    "# %%\nimport draw\nfrom lesson import step\n\n"
    "# %%\nprint(step(1.0) < 1)\nstep(1.0)\n\n"
    "# %%\nfigure, ax = draw.axes('x', 'y')\nax.plot([1, step(1)])\n"
    "figure.set_label('From 1 to a half.')\n"
)


def cells(lab):
    return jupytext.read(lab).cells


def words(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "markdown")


def code(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "code")


def solution(cell):
    """The code of the solution that a cell of text holds, or None."""
    found = re.search(r"<details>.*?```python\n(.*?)```.*?</details>", cell, re.DOTALL)
    return found and found[1]


def said(source, names):
    """What a cell prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "a cell", "exec"), names)
    plt.close("all")
    return printed.getvalue()


# The labs themselves.


@each_lab
def test_a_lab_runs_as_a_plain_script(lab, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", lab],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(SNIPPETS), "MPLBACKEND": "svg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "expected" in done.stdout


@each_lab
def test_each_task_is_open_at_first_and_done_with_its_solution(lab):
    names, tasks_seen = {}, 0
    before = ""
    for cell in cells(lab):
        if cell.cell_type == "code":
            printed, before = said(cell.source, names), cell.source
            continue
        answer = cell.cell_type == "markdown" and solution(cell.source)
        if answer:
            assert "not yet" in printed, f"the task before {answer!r} is done already"
            kept = dict(names)
            said(answer, names)
            after = said(before, names)
            assert "correct" in after
            assert "not yet" not in after, after
            names = kept  # the cells below must run with the task open
            tasks_seen += 1
    assert tasks_seen == len(re.findall(r"^## Task \d", words(lab), re.MULTILINE))
    assert tasks_seen >= 3


@each_lab
def test_a_lab_types_no_result(lab):
    prose = re.sub(r"```.*?```", "", words(lab), flags=re.DOTALL)
    solutions = "".join(filter(None, map(solution, (c.source for c in cells(lab)))))
    typed = set(re.findall(r"(?<![\w.])\d+\.\d+", prose))
    given = set(re.findall(r"\d+\.\d+", code(lab) + solutions))
    assert typed <= given


@each_lab
def test_the_code_of_a_lab_is_narrow(lab):
    wide = [line for line in code(lab).splitlines() if len(line) > 72]
    assert not wide, f"{lab.name}: wider than 72 columns: {wide}"


@each_lab
def test_a_lab_says_what_it_is(lab):
    head = yaml_load(cells(lab)[0].source.strip("-\n"))
    assert words(lab).startswith(f"# {head['title']}\n")
    assert 50 <= len(head["description"]) <= 200


def test_a_lab_shadows_no_module_when_it_runs_as_a_script():
    modules = {file.stem for file in SNIPPETS.glob("*.py")} | sys.stdlib_module_names
    assert not modules & {lab.stem for lab in LABS}


def test_the_index_names_every_lab():
    index = (ROOT / "docs" / "labs" / "index.md").read_text("utf-8")
    assert [f"({lab.name})" in index for lab in LABS] == [True] * len(LABS)


def test_a_comparison_says_what_differs(capsys):
    tasks.compare("it", 1, 2)
    tasks.compare("it", 0.1 + 0.2, 0.3)
    assert capsys.readouterr().out == (
        "not yet: it\n    yours 1, expected 2\n"
        "correct: it\n    yours 0.3, expected 0.3\n"
    )


@pytest.mark.parametrize(
    ("yours", "expected"),
    [(None, 1.0), ([1, 2], [1, 2, 3]), (1.0, [1.0]), ("left", "right"), (2.0, 2.1)],
)
def test_what_differs_does_not_agree(yours, expected):
    assert not tasks.agree(yours, expected)


# How a lab is run.


def outcome(*sources):
    cells = [(1 + 10 * number, source) for number, source in enumerate(sources)]
    given = json.loads(run("docs/labs/lab.py", cells))
    return given["outputs"], given["faults"]


def test_a_cell_gives_what_it_prints_and_its_last_value():
    outputs, faults = outcome("x = 2\nprint(x)\nx + 1", "x = 3", "None")
    assert outputs == [[["text", "2\n"], ["text", "3"]], [], []]
    assert faults == []


def test_a_figure_follows_the_palette_and_has_its_words():
    draws = "import draw\nf, ax = draw.axes('x', 'y')\nax.plot([1, 2])"
    outputs, faults = outcome(draws + "\nf.set_label('Up.')\nf")
    [[kind, svg, words]] = outputs[0]
    assert (kind, words, faults) == ("figure", "Up.", [])
    assert "var(--fig-curve, #2b59c3)" in svg
    _, [[path, line, message]] = outcome("1", draws)
    assert (path, line) == ("docs/labs/lab.py", 11)
    assert "figure.set_label(" in message


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\n1 / 0", 12, "the lab raised ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError(1)\n\n\nf()", 12, "KeyError: 1"),
        ("x = (", 11, "SyntaxError"),
        ("exit(3)", 11, "SystemExit: 3"),
        (
            "from descent import step\nstep(1, None, 1)",
            12,
            "TypeError: 'NoneType' object is not callable\n    in snippets/descent.py:",
        ),
    ],
)
def test_a_lab_that_raises_is_named_with_its_line(source, line, message):
    outputs, [[path, number, text]] = outcome("1", source)
    assert (outputs, path, number) == ([], "docs/labs/lab.py", line)
    assert message in text


# What is published.


class Course(Project):
    """A lesson and a lab that imports it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.write("mkdocs.yml", SETTINGS)
        self.write("snippets/lesson.py", LESSON)
        self.write("docs/lesson.md", PAGE)
        self.write("docs/labs/halves.py", LAB)

    def lab(self):
        done = self.build()
        assert done.returncode == 0, done.stdout
        return self.page("labs/halves")

    def notebook(self):
        return (self.folder / "site/labs/halves.ipynb").read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The course as it is published where nothing is configured."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.lab()
    return course


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def loaded(html):
    """What a page loads by itself."""
    names = {"script": "src", "link": "href", "img": "src", "iframe": "src"}
    given = [(attrs, attrs.get(names.get(tag))) for tag, attrs in _Tags(html).tags]
    return [a for attrs, a in given if a and attrs.get("rel") != "canonical"]


def test_a_lab_is_a_page_like_the_others(published):
    html = published.page("labs/halves")
    assert "<title>A lab - small</title>" in html
    assert '<meta name="description" content="Half of it."' in html
    assert '<a href="../../lesson/">the lesson</a>' in html
    assert '<pre class="lab-output"><samp>True</samp></pre>' in html
    assert '<pre class="lab-output"><samp>0.5</samp></pre>' in html
    assert 'role="img" aria-label="From 1 to a half."' in html
    assert "var(--fig-curve, #2b59c3)" in html
    assert "<style" not in html.partition("<article")[2]
    assert not [attrs for _, attrs in _Tags(html).tags if "style" in attrs]
    assert not [address for address in loaded(html) if "//" in address]
    assert len(html) < 60_000
    assert "requirejs" not in html.lower()
    assert "mathjax" not in html.lower()


def test_a_lab_is_run_again_when_its_lesson_changes_and_only_then(course):
    assert "<samp>0.5</samp>" in course.lab()
    kept = set((course.folder / ".cache/weave").iterdir())
    assert "<samp>0.5</samp>" in course.lab()
    assert set((course.folder / ".cache/weave").iterdir()) == kept
    course.write("snippets/lesson.py", LESSON.replace("x / 2", "x / 4"))
    assert "<samp>0.25</samp>" in course.lab()
    assert "x / 4" in json.loads(course.notebook())["cells"][1]["source"]


def test_a_lab_that_fails_stops_the_build(course):
    course.write("docs/labs/halves.py", LAB.replace("step(1.0)\n\n", "1 / 0\n\n"))
    done = course.build()
    assert done.returncode != 0
    assert "docs/labs/halves.py:17: the lab raised ZeroDivisionError" in done.stdout
    assert not (course.folder / "site/labs/halves").exists()


def test_a_lab_that_links_to_nothing_stops_the_build(course):
    course.write("docs/labs/halves.py", LAB.replace("../lesson.md", "../lost.md"))
    done = course.build()
    assert done.returncode != 0
    assert "docs/labs/halves.py:9: there is no page ../lost.md" in done.stdout


def test_without_a_repository_no_page_leads_to_one(published):
    html = published.page("labs/halves")
    assert "colab" not in html
    assert 'rel="edit"' not in html
    assert "giscus" not in html


def test_where_the_repository_is_known_a_page_leads_to_it(course, monkeypatch):
    monkeypatch.setenv("REPO_URL", "https://github.com/somebody/course")
    environment = {
        "GIT_COMMITTER_DATE": "2026-03-04T23:30:00-0900",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    for command in "init -q", "add docs snippets/lesson.py", "commit -q -m one":
        name = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(
            ["git", *name, *command.split()],
            cwd=course.folder,
            env=os.environ | environment,
            check=True,
        )
    html = course.lab()
    notebook = "https://colab.research.google.com/github/somebody/course/blob/gh-pages"
    assert f'href="{notebook}/labs/halves.ipynb"' in html
    edited = "https://github.com/somebody/course/edit/main/docs/labs/halves.py"
    assert f'href="{edited}"' in html
    assert "2026-03-04" in html
    sitemap = (course.folder / "site/sitemap.xml").read_text("utf-8")
    assert "<lastmod>2026-03-04</lastmod>" in sitemap


def test_comments_load_when_the_reader_asks_for_them(course, monkeypatch):
    monkeypatch.setenv("GISCUS", "repo=a/b;repo-id=R1;category=Talk;category-id=C1")
    html = course.lab()
    assert 'data-repo="a/b" data-repo-id="R1"' in html
    assert not [address for address in loaded(html) if "giscus" in address]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "frame-src https://giscus.app;" in policy
    assert policy.count("https://giscus.app") == 3
    assert policy.startswith("default-src 'self'; script-src 'self' https://giscus.app")
    monkeypatch.setenv("GISCUS", "repo=a/b")
    done = course.build()
    assert done.returncode != 0
    assert "GISCUS lacks repo-id, category, category-id" in done.stdout


# What is downloaded.


def isolated(file, how=()):
    """Run a file in its own folder, with no way to the project's modules."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-I", *how, file.name],
        cwd=file.parent,
        env=environment | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{file.name}: {done.stderr}"
    return done.stdout


def reads_files(module):
    """Whether a lesson's figures read what stands beside it, and is not imported."""
    names = {file.name for file in SNIPPETS.iterdir() if file.suffix}
    return any(f'"{name}"' in module.read_text("utf-8") for name in names)


def test_every_lesson_runs_alone(tmp_path):
    """All are imported. Those draw too that read files; all where WHOLE_SITE is set."""
    importing = "-c", "import runpy, sys; runpy.run_path(sys.argv[1])"

    def runs(module):
        file = tmp_path / module.stem / module.name
        draws = reads_files(module) or os.environ.get("WHOLE_SITE")
        isolated(file, () if draws else importing)
        names = re.findall(r"^def figure_(\w+)", module.read_text("utf-8"), re.M)
        drawn = {found.stem for found in file.parent.glob("*.svg")}
        assert drawn == (set(names) if draws else set()), module.name

    for module in MODULES:
        (tmp_path / module.stem).mkdir()
        file = tmp_path / module.stem / module.name
        file.write_text(alone(module), encoding="utf-8")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(runs, MODULES))
    assert any(map(reads_files, MODULES))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_download_ends_with_the_lesson_as_it_stands(module):
    text = alone(module)
    line = int(re.search(r"the lesson begins in line (\d+)", text)[1])
    lesson = module.read_text("utf-8").rstrip()
    assert "\n".join(text.split("\n")[line - 1 :]).startswith(lesson)


def test_a_lesson_leads_to_its_download_and_names_its_figures(published):
    html = published.page()
    assert '<a href="../downloads/lesson.py" download>lesson.py</a>' in html
    assert '<a href="#figure-lesson-line"><code>lesson.figure_line</code></a>' in html
    file = published.folder / "site/downloads/lesson.py"
    assert file.read_text("utf-8") == alone(published.folder / "snippets/lesson.py")


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The real labs as they are published, from a site of nothing else."""
    course = Course(tmp_path_factory.mktemp("labs"))
    for file in SNIPPETS.glob("[!_]*"):
        if file.suffix == ".py" and file.stem != "draw":
            shutil.copy(file, course.folder / "snippets" / file.name)
    for lab in LABS:
        shutil.copy(lab, course.folder / "docs/labs")
        for link in re.findall(r"\]\(\.\./(\w+\.md)", words(lab)):
            course.write(f"docs/{link}", "# Elsewhere\n")
    (course.folder / "snippets/lesson.py").write_text(LESSON, "utf-8")
    done = course.build()
    assert done.returncode == 0, done.stdout
    return course.folder / "site/labs"


def test_every_notebook_is_valid_and_links_to_published_pages(notebooks):
    for lab in LABS:
        notebook = nbformat.read(notebooks / f"{lab.stem}.ipynb", as_version=4)
        nbformat.validate(notebook)
        text = "".join(cell.source for cell in notebook.cells[::2])
        assert "](../" not in text
        assert "](http://localhost/" in "".join(c.source for c in notebook.cells)


def test_every_notebook_runs_alone_and_says_what_its_page_says(notebooks, tmp_path):
    def runs(lab):
        notebook = nbformat.read(notebooks / f"{lab.stem}.ipynb", as_version=4)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        file = tmp_path / lab.stem / lab.name
        file.parent.mkdir()
        file.write_text("\n\n".join(code), encoding="utf-8")
        html = (notebooks / lab.stem / "index.html").read_text("utf-8")
        shown = re.findall(r"<samp>(.*?)</samp>", html, re.DOTALL)
        assert unescape("\n".join(shown)).split() == isolated(file).split()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(runs, LABS))


# The same bytes everywhere.


def tree(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def built(folder, pages, environment):
    """A copy of the project in the folder, built; `pages` of None means all."""
    copied = shutil.ignore_patterns("__pycache__")
    for name in "docs", "snippets":
        shutil.copytree(ROOT / name, folder / name, ignore=copied)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    if pages is not None:
        settings = re.sub(r"\nnav:\n.*?\n(?=\S)", "\n", settings, flags=re.DOTALL)
        for file in (folder / "docs").rglob("*"):
            uri = file.relative_to(folder / "docs").as_posix()
            if file.suffix == ".py" and uri not in pages:
                file.unlink()
            elif file.suffix == ".md" and uri not in {"index.md", *pages}:
                file.write_text("# Elsewhere\n", "utf-8")
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return tree(folder / "site")


def test_two_builds_in_two_folders_give_the_same_bytes(tmp_path):
    """A lesson, a lab and the first page; all pages where WHOLE_SITE is set."""
    pages = ["descent.md", "labs/neuron_regression.py"]
    pages = None if os.environ.get("WHOLE_SITE") else pages
    # Without git the date is the day's own, or what SOURCE_DATE_EPOCH says.
    same = {"SOURCE_DATE_EPOCH": "1760000000", "SITE_URL": "https://example.org/x/"}
    first, second = tmp_path / "one", tmp_path / "a" / "longer" / "way"
    with ThreadPoolExecutor(2) as pool:
        futures = [
            pool.submit(built, folder, pages, same | own)
            for folder, own in [
                (first, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}),
                (second, {"PYTHONHASHSEED": "2", "TZ": "Pacific/Pago_Pago"}),
            ]
        ]
        one, other = (future.result() for future in futures)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert any(b"<svg" in one[name] for name in one if name.startswith("descent/"))
    sitemap = gzip.decompress(one["sitemap.xml.gz"])
    assert b"<loc>https://example.org/x/descent/</loc>" in sitemap
    page = one["descent/index.html"].decode()
    assert '<link rel="canonical" href="https://example.org/x/descent/">' in page
    assert str(tmp_path).encode() not in b"".join(one.values())


# What is published where.


def workflow():
    text = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
    return text, yaml_load(text)


def test_the_workflow_tests_on_every_python_that_the_readme_names():
    _, settings = workflow()
    tested = settings["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tested == ["3.11", "3.12", "3.13", "3.14"]


def test_every_action_is_pinned_to_a_version():
    text, _ = workflow()
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", name) for name in used)


def test_the_citation_is_complete():
    citation = yaml_load((ROOT / "CITATION.cff").read_text("utf-8"))
    needed = {"cff-version", "title", "message", "authors", "license"}
    assert needed <= citation.keys()
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert f"site_name: {citation['title']}\n" in settings
    assert citation["license"] in (ROOT / "LICENSE").read_text("utf-8")
