"""How a lab is run, and how it is published."""

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
from _weave.forms import cells
from _weave.model import Cells, Job, Text, WeaveError
from _weave.read import transcripts
from _weave.run.cache import MACHINERY
from _weave.site import labs as labs_module
from _weave.site.labs import NOTHING, Lab, tidy

from .test_alone import git

SETTINGS = (
    "site_name: small\n"
    "site_url: http://localhost/\n"
    "edit_uri: edit/main/docs/\n"
    "hooks: [snippets/_weave/site/hook.py]\n"
    "theme: {name: material, font: false, features: [content.action.edit]}\n"
    "plugins:\n"
    "  - search\n"
    '  - mkdocs-jupyter: {include: ["labs/*.py", "labs/*.ipynb"], cache: false}\n'
    "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n"
    "extra: {giscus: !ENV [GISCUS, '']}\n"
)


LESSON = (
    '"""Halves."""\n\n'
    "from shared import draw\n\n\n"
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
    "# %%\nfrom shared import draw\nfrom lesson import step\n\n"
    "# %%\nprint(step(1.0) < 1)\nstep(1.0)\n\n"
    "# %%\nfigure, ax = draw.axes('x', 'y')\nax.plot([1, step(1)])\n"
    "figure.set_label('From 1 to a half.')\n"
)


# How a lab is run


@pytest.fixture
def ran(course):
    """Run the cells of a lab, one of them every ten lines; gives what came of it."""

    def outcome(*sources):
        given = [(1 + 10 * number, source) for number, source in enumerate(sources)]
        job = Job("docs/labs/lab.py", "lab", [cells.item(given)])
        return course.weaver.start(job).outcome()

    return outcome


def test_a_cell_gives_what_it_prints_and_its_last_value(ran):
    [result], faults = ran("x = 2\nprint(x)\nx + 1", "x = 3", "None", "print(x)")
    assert result == Cells([[Text("2\n"), Text("3")], [], [], [Text("3\n")]])
    assert faults == []


DRAWS = "from shared import draw\nf, ax = draw.axes('x', 'y')\nax.plot([1, 2])"


def test_a_figure_follows_the_palette_and_has_its_words(ran):
    [result], faults = ran(DRAWS + "\nf.set_label('Up.')\nf")
    [[(drawing, words)]] = result.outputs
    assert (words, faults) == ("Up.", [])
    assert "var(--fig-curve, #2b59c3)" in drawing.svg


def test_a_figure_without_words_is_a_fault(ran):
    _, [fault] = ran("1", DRAWS)
    assert (fault.path, fault.line) == ("docs/labs/lab.py", 11)
    assert "figure.set_label(" in fault.message


def test_no_two_ids_of_a_labs_figures_are_equal(ran):
    draws = DRAWS.replace("ax.plot", "f.set_label('Up.')\nax.plot")
    [result], _ = ran(draws, f"{draws}\n{draws}")
    drawings = [output[0] for cell in result.outputs for output in cell if output[1:]]
    ids = re.findall(r'\bid="([^"]+)"', "".join(d.svg for d in drawings))
    assert len(drawings) == 3
    assert len(ids) == len(set(ids)) > 2


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\n1 / 0", 12, "the lab raised ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError(1)\n\n\nf()", 12, "KeyError: 1"),
        ("x = (", 11, "SyntaxError"),
        ("exit(3)", 11, "SystemExit: 3"),
        (
            "from half import half\nhalf(None)",
            12,
            "unsupported operand type(s) for /: 'NoneType' and 'int'\n"
            "    in snippets/half.py:2",
        ),
    ],
)
def test_a_lab_that_raises_is_named_with_its_line(ran, course, source, line, message):
    course.write("snippets/half.py", "def half(x):\n    return x / 2\n")
    [result], [fault] = ran("1", source, "2")
    assert (result, fault.path, fault.line) == (Cells([]), "docs/labs/lab.py", line)
    assert message in fault.message


def test_after_a_fault_no_further_cell_is_run(ran, course):
    before, after = course.beside("before"), course.beside("after")
    ran(f"open({str(before)!r}, 'w')", "1 / 0", f"open({str(after)!r}, 'w')")
    assert before.exists()
    assert not after.exists()


def test_a_lab_that_fails_is_not_kept_and_one_that_runs_is(course):
    """Three builds: the file is missing, it is there, nothing has changed."""
    state = course.beside("state")
    lab = f"# %%\nimport os\n\nprint(1 / os.path.exists({str(state)!r}))\n"
    course.write("docs/labs/lab.py", lab)

    def build():
        course.restart()
        return Lab(course.weaver, "labs/lab.py").outputs()

    with pytest.raises(WeaveError, match=r"docs/labs/lab.py:4: .*division by zero"):
        build()
    state.touch()
    assert build() == [[Text("1.0\n")]]
    runs = len(course.begun)
    assert build() == [[Text("1.0\n")]]
    assert len(course.begun) == runs


def test_a_lab_past_its_limit_is_stopped_and_not_kept(course):
    calls = course.beside("calls")
    endless = (
        f"calls = {str(calls)!r}\nopen(calls, 'a').write('x')\n"
        "while not open(calls).read()[3:]:\n    pass"
    )
    job = Job("docs/labs/lab.py", "lab", [cells.item([(1, endless)])])
    for _ in range(2):
        course.restart()
        _, [fault] = course.weaver.start(job, limit=0.5).outcome()
        assert fault.message.startswith("the lesson was stopped after 0.5 s")
    assert calls.read_text() == "xx"


# What a lab is made of


RICH = """\
# ---
# title: A lab
# description: Half of it.
# ---

# %% [markdown]
# # Half of 1 \u00b5m
#
# See [the lesson](../lesson.md#top), [data](data.py) and [no page](lost.md).

# %%
from shared import draw
from lesson import step

# %%

# %%
print("1 \u00b5m")
step(1.0)

# %%
for word in "One.", "Two.":
    figure, ax = draw.axes("x", "y")
    ax.plot([1, step(1)])
    figure.set_label(word)

# %% [markdown]
# The end.

# %%
step(1.0)
"""
READS = 'from pathlib import Path\n\nFILE = Path(__file__).with_name("unit.csv")\n\n\n'


@pytest.fixture
def rich(course):
    """A lab with a head, text, an empty cell, figures, and code that it imports."""
    course.write("snippets/lesson.py", READS + "def step(x):\n    return x / 2\n")
    course.write("snippets/unit.csv", "\u00b5m\n")
    course.write("docs/labs/rich.py", RICH)
    course.restart()
    return Lab(course.weaver, "labs/rich.py")


def notebook(text):
    """The cells of a notebook.

    It is written as Jupyter writes it: who opens and saves it changes nothing.
    """
    given = json.loads(text)
    assert text == json.dumps(given, ensure_ascii=False, indent=1) + "\n"
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert (given["nbformat"], given["nbformat_minor"]) == (4, 5)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert given["metadata"]["kernelspec"] == kernel
    assert given["metadata"]["language_info"] == {"name": "python"}
    names = [cell.pop("id") for cell in given["cells"]]
    assert names == [f"cell-{number}" for number in range(len(names))]
    return given["cells"]


def code_cell(source, *outputs, **jupyter):
    metadata = {"jupyter": jupyter} if jupyter else {}
    more = {"execution_count": None, "outputs": [*outputs]}
    return {"cell_type": "code", "metadata": metadata, "source": source} | more


def printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def displayed(number):
    data = {"text/html": f'<p class="lab-figure">{number}</p>'}
    return {"output_type": "display_data", "data": data, "metadata": {}}


IMPORTS = "from shared import draw\nfrom lesson import step"
PRINTS = 'print("1 \u00b5m")\nstep(1.0)'
TEXT = "# Half of 1 \u00b5m\n\nSee {}"


def test_a_finished_notebook_has_what_each_cell_gave(rich):
    """A figure is its number, by which the page puts it in its place."""
    assert json.loads(rich.finished())["metadata"]["made_with"][0] == MACHINERY
    title, *codes, end, last = notebook(rich.finished())
    assert title["cell_type"] == end["cell_type"] == "markdown"
    assert end["source"] == "The end."
    drawing = codes.pop()
    assert drawing["outputs"] == [displayed(0), displayed(1)]
    assert codes == [
        code_cell(IMPORTS),
        code_cell(""),
        code_cell(PRINTS, printed("1 \u00b5m\n"), printed("0.5")),
    ]
    assert last == code_cell("step(1.0)", printed("0.5"))
    assert notebook(NOTHING) == []


def test_a_download_has_its_links_and_what_it_imports_behind_the_title(rich):
    """A link to what is not published becomes its words; nothing has been run."""
    asked = []

    def address(link):
        asked.append(link)
        return None if link == "lost.md" else f"https://example.org/{link}"

    title, setup, *others = notebook(rich.download(address))
    assert asked == ["../lesson.md", "data.py", "lost.md"]
    site = "https://example.org"
    links = (
        f"[the lesson]({site}/../lesson.md#top), [data]({site}/data.py) and no page."
    )
    assert title["source"] == TEXT.format(links)
    comment, code = setup["source"].split("\nimport sys\n")
    assert comment.startswith("# What this notebook imports from the course")
    assert setup == code_cell(setup["source"], source_hidden=True)
    assert "    'lesson.py': r'''" in code
    assert "    'unit.csv': r'''\u00b5m\n'''" in code
    assert "'shared/palette.py'" in code
    assert others[:3] == [code_cell(IMPORTS), code_cell(""), code_cell(PRINTS)]


def test_what_a_lab_is_made_of_is_made_once(rich, course, monkeypatch):
    page = PAGE_OF_LAB.format("", "")
    first = rich.finished(), rich.download(str), rich.page(page, drawing)
    for name in "_cells", "unfold", "tidy", "imported_by":
        monkeypatch.setattr(labs_module, name, None)
    monkeypatch.setattr(transcripts, "cells", None)
    course.restart()
    again = Lab(course.weaver, "labs/rich.py")
    assert (again.finished(), again.download(str), again.page(page, drawing)) == first


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        (RICH, "A lab", "Half of it."),
        ("# ---\n# title: A lab\n# ---\n\n# %%\n1\n", "A lab", None),
        ("# ---\n# ---\n\n# %%\n1\n", None, None),
        ("# %% [markdown]\n# title: no head\n", None, None),
        ("", None, None),
    ],
)
def test_the_head_of_a_lab_says_its_title_if_it_has_one(
    course, text, title, description
):
    course.write("docs/labs/lab.py", text)
    meta = Lab(course.weaver, "labs/lab.py").meta()
    assert meta == {"title": title, "description": description}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# %%\na\n\n# %% [markdown]\n# a\n\n# %%\nb\nc\n", [2, 8]),
        ("\n\n# %%\na\n#%% named\na\n", [1, 4, 6]),
        ("# %%\na = b\n# Now\nb\n\n# %%\nb\n", [2, 7]),
        ("# %%\n# %%\na\n\nb\n\n# %%\n\n# %%\nc\n", [1, 3, 3, 10]),
        ("# %%\na\n\n# %%\n# %time b\n\n# %%\nb\n", [2, 2, 8]),
        ("a\n", [1]),
    ],
    ids=["text", "repeated", "part", "empty", "magic", "no marker"],
)
def test_each_cell_of_a_lab_is_found_in_its_line(text, lines):
    placed = labs_module._placed([code for _, code in codes_of(text)], text)
    assert [line for line, _ in placed] == lines
    assert [code for _, code in placed] == [code for _, code in codes_of(text)]


def codes_of(text):
    return [cell for cell in labs_module._cells(text) if cell[0] == "code"]


def test_a_link_to_nothing_is_named_by_its_line(rich):
    assert str(rich.fault("lost.md")) == (
        "docs/labs/rich.py:9: there is no page lost.md, as seen from docs/labs"
    )


# What mkdocs-jupyter makes of a cell of text, of code, of what it printed, of a figure.
MARKDOWN = '<div class="jp-MarkdownOutput">{}</div>'
CODE = '<div class="highlight-ipynb"><pre><span></span>{}</pre></div>'
PRINTED = '<div class="jp-OutputArea-output"><pre>{}\n</pre></div>'
FIGURE = '<div class="jp-OutputArea-output"><p class="lab-figure">{}</p></div>'
PAGE_OF_LAB = "<style>a {{}}</style>".join(
    [
        MARKDOWN.format('<h1 id="h">Half</h1>{}'),
        *(CODE.format(IMPORTS), CODE.format("")),
        *(CODE.format(PRINTS), PRINTED.format("1"), PRINTED.format("0.5")),
        *(CODE.format("for"), FIGURE.format(0), FIGURE.format(1)),
        *(MARKDOWN.format("<p>The end.</p>{}"), CODE.format("step")),
        PRINTED.format("0.5"),
    ]
)


def drawing(svg, alt):
    assert svg.startswith("<svg")
    return f"[{alt}]"


def test_a_page_keeps_text_code_outputs_and_figures_of_a_notebook():
    anchor = '<a class="anchor-link" href="#h">\u00b6</a>'
    block = '<div class="highlight"><pre>x = 1</pre></div>'
    script = '<script type="a">let a = "<b>"\n</script>'
    html = tidy(PAGE_OF_LAB.format(anchor + script, block))
    link = anchor.replace("anchor-link", "headerlink")
    link = link.replace('href="#h"', 'href="#h" title="Link to this section"')
    cell = (
        '<div class="highlight lab-cell"><pre><code><span></span>{}</code></pre></div>'
    )
    output = '<pre class="lab-output"><samp>{}</samp></pre>'
    block = block.replace("<pre>x = 1</pre>", "<pre><code>x = 1</code></pre>")
    assert html == [
        f'<h1 id="h">Half</h1>{link}',
        *map(cell.format, (IMPORTS, "", PRINTS)),
        *map(output.format, ("1", "0.5")),
        *(cell.format("for"), 0, 1),
        *(f"<p>The end.</p>{block}", cell.format("step"), output.format("0.5")),
    ]
    assert tidy("<p>Nothing of a notebook.</p>") == []


def test_under_each_cell_and_its_outputs_stands_how_to_run_it(rich, course):
    """But not under an empty one; the page ends with the code that all of them need."""
    page = PAGE_OF_LAB.format("", "")
    left_out = '["labs/rich.py"]\n"for word in \\"One.\\", \\"Two.\\":" = "it draws"\n'

    def shape(html):
        parts = (
            r"<h1|lab-cell|<samp>|\[\w+\.\]|data-above=\"[\d ]*\"|The end|<weave-python"
        )
        return re.findall(parts, html)

    cell, end = "lab-cell", ["The end", "lab-cell", "<samp>", 'data-above="0"']
    top = ["<h1", cell, 'data-above=""', cell, cell, "<samp>", "<samp>"]
    figures = [cell, "[One.]", "[Two.]"]
    html = rich.page(page, drawing)
    assert shape(html) == [
        *(*top, 'data-above="0"', *figures, 'data-above="0"', *end, "<weave-python")
    ]
    assert '<figure class="drawn" id="figure-2" data-search-exclude>[Two.]' in html
    assert "def step(x)" in html
    course.write("snippets/browser.toml", left_out)
    less = rich.page(page, drawing)
    assert shape(less) == [*(*top, 'data-above="0"', *figures, *end, "<weave-python")]
    course.write(
        "snippets/browser.toml", left_out + '"from lesson import step" = "no"\n'
    )
    none = shape(rich.page(page, drawing))
    assert none == [part for part in shape(less) if "above" not in part][:-1]


def test_of_what_is_no_notebook_no_page_is_made(rich):
    with pytest.raises(WeaveError) as error:
        rich.page("<p>Nothing of a notebook.</p>", drawing)
    assert str(error.value) == (
        "docs/labs/rich.py:1: mkdocs-jupyter made no page of this: its include needs "
        "labs/*.py and labs/*.ipynb"
    )


# What is published


FILES = {
    "mkdocs.yml": SETTINGS,
    "snippets/lesson.py": LESSON,
    "docs/lesson.md": PAGE,
    "docs/labs/halves.py": LAB,
}


def lab_of(course):
    """The page of the lab, as a build publishes it."""
    done = course.build()
    assert done.returncode == 0, done.stdout
    return course.page("labs/halves")


@pytest.fixture
def labs(course):
    """A small course with a lesson, and a lab that imports it."""
    for path, text in FILES.items():
        course.write(path, text)
    return course


@pytest.fixture(scope="module")
def published(_course):
    """The page of the lab where nothing is configured, and the code that it loads."""
    _course.empty()
    for path, text in FILES.items():
        _course.write(path, text)
    html = lab_of(_course)
    [code] = re.findall(r'<weave-python data-src="[./]*(assets/js/.*?)"', html)
    return html, (_course.folder / "site" / code).read_text("utf-8")


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
    html, code = published
    assert "<title>A lab - small</title>" in html
    assert '<meta name="description" content="Half of it."' in html
    assert '<a href="../../lesson/">the lesson</a>' in html
    assert '<pre class="lab-output"><samp>True</samp></pre>' in html
    assert '<pre class="lab-output"><samp>0.5</samp></pre>' in html
    assert 'role="img" aria-label="From 1 to a half."' in html
    assert "var(--fig-curve)" in html
    assert "<style" not in html.partition("<article")[2]
    assert not [attrs for _, attrs in _Tags(html).tags if "style" in attrs]
    assert not [address for address in loaded(html) if "//" in address]
    assert re.findall(r'<weave-run.*? data-above="(.*?)"', html) == ["", "0", "0"]
    assert html.index('data-above="0"') > html.index("<samp>0.5</samp>")
    assert "def step(x)" in code
    assert len(html) < 60_000
    assert "requirejs" not in html.lower()
    assert "mathjax" not in html.lower()


def test_a_lab_is_run_again_when_its_lesson_changes_and_only_then(labs):
    assert "<samp>0.5</samp>" in lab_of(labs)
    kept = set((labs.folder / ".cache/weave").iterdir())
    assert "<samp>0.5</samp>" in lab_of(labs)
    assert set((labs.folder / ".cache/weave").iterdir()) == kept
    labs.write("snippets/lesson.py", LESSON.replace("x / 2", "x / 4"))
    assert "<samp>0.25</samp>" in lab_of(labs)
    notebook = (labs.folder / "site/labs/halves.ipynb").read_text("utf-8")
    assert "x / 4" in json.loads(notebook)["cells"][1]["source"]
    python = labs.folder / "site/assets/js/python.js"
    assert python.exists()
    reason = '"step(1.0)" = "waits"\n"figure, ax = draw.axes(\'x\', \'y\')" = "draws"\n'
    reason += '"from lesson import step" = "is left out by this test"\n'
    labs.write("snippets/browser.toml", f'["labs/halves.py"]\n{reason}')
    assert "<weave-" not in lab_of(labs)
    assert not python.exists()


def test_a_lab_that_fails_or_links_to_nothing_stops_the_build(labs):
    faulty = LAB.replace("step(1.0)\n\n", "1 / 0\n\n")
    labs.write("docs/labs/halves.py", faulty.replace("../lesson.md", "../lost.md"))
    done = labs.build()
    assert done.returncode != 0
    assert "docs/labs/halves.py:17: the lab raised ZeroDivisionError" in done.stdout
    assert "docs/labs/halves.py:9: there is no page ../lost.md" in done.stdout
    assert not (labs.folder / "site/labs/halves").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (b"# %%\n# Caf\xe9\n", "docs/labs/halves.py:2: this is not UTF-8"),
        (
            LAB.replace("title: A lab", "title: [a").encode(),
            "docs/labs/halves.py:3: in the page's head: expected ',' or ']'",
        ),
    ],
    ids=["no text", "no YAML"],
)
def test_a_lab_that_cannot_be_read_stops_the_build_with_one_clear_line(
    labs, script, said
):
    labs.write("docs/labs/halves.py", script)
    done = labs.build()
    assert done.returncode != 0
    assert done.stdout.count("docs/labs/") == 1
    assert said in done.stdout


def test_a_lab_of_which_the_plugin_makes_no_page_stops_the_build(labs):
    labs.write("mkdocs.yml", SETTINGS.replace(', "labs/*.ipynb"', ""))
    done = labs.build()
    assert done.returncode != 0
    assert "docs/labs/halves.py:1: mkdocs-jupyter made no page of this" in done.stdout


def test_without_a_repository_no_page_leads_to_one(published):
    html, _ = published
    assert "colab" not in html
    assert 'rel="edit"' not in html
    assert "giscus" not in html


def test_where_a_repository_is_named_each_page_says_when_it_changed_last(labs):
    """A lesson with its module, a lab by itself."""
    labs.write("mkdocs.yml", f"{SETTINGS}repo_url: https://github.com/a/b\n")
    git(labs.folder, "init", "-q")
    for day, paths in ("2026-01-02", ["."]), ("2026-03-04", ["snippets/lesson.py"]):
        labs.write("snippets/lesson.py", f"{LESSON}\n# {day}\n")
        git(labs.folder, "add", *paths)
        git(labs.folder, "commit", "-q", "-m", day, day=day)
    lab, lesson = lab_of(labs), labs.page("lesson")
    said = [re.findall(r"\b2026-\d\d-\d\d\b", page) for page in (lab, lesson)]
    assert said == [["2026-01-02"], ["2026-03-04"]]


def test_comments_load_when_the_reader_asks_for_them(labs, monkeypatch):
    monkeypatch.setenv("GISCUS", "repo=a/b;repo-id=R1;category=Talk;category-id=C1")
    html = lab_of(labs)
    assert 'data-repo="a/b" data-repo-id="R1"' in html
    assert not [address for address in loaded(html) if "giscus" in address]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "frame-src https://giscus.app;" in policy
    assert policy.count("https://giscus.app") == 3
    scripts = re.search("script-src ([^;]*);", policy)[1].split()
    assert scripts[0] == "'self'"
    assert "https://giscus.app" in scripts
    own = {"'self'", "https://giscus.app", "'wasm-unsafe-eval'"}
    assert all(source.startswith("'sha256-") for source in {*scripts} - own)


def test_a_lab_is_not_run_beside_a_module_that_hides_a_package(labs):
    labs.write("snippets/numpy.py", "def f():\n    return 1\n")
    done = labs.build_apart()
    assert done.returncode != 0
    faults = re.findall(r"^(?:docs|snippets)/.*", done.stdout, re.MULTILINE)
    assert faults == [
        "snippets/numpy.py:1: numpy is the name of an installed package: choose another"
    ]
    assert "Traceback" not in done.stdout
