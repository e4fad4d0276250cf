"""Faults put into a small course, by class: each is caught, with its place.

FAULTS is data: its keys are the classes, and under each the faults by name. A fault is
*refused* (the build says file, line and what to do), *followed* (an edit shows on the
page), *harmless* (the page shows it as text) or *unsteady* (a second run differs).
"""

import os
import re
from typing import NamedTuple

import pytest
from _weave.forms.exercise import MOST
from _weave.read.site import Site
from _weave.run.cache import Cache
from _weave.run.server import Server
from _weave.run.weaver import Weaver
from conftest import ROOT, SNIPPETS
from project import LINE, Project, fence, later, outcome, transcript

from . import test_exercise as exercises

WHOLE_SITE = bool(os.environ.get("WHOLE_SITE"))

PAGE = "# A\n\nIt is `{python} f()`.\n"
F = "def f():\n    return {}\n"
FIGURE = "# A\n\n![A line](figures/lesson/line.svg)\n"


class Refused(NamedTuple):
    """A page, and what is said of it; `at` is the place, `files` are other files."""

    says: str
    page: str | bytes = PAGE
    lesson: str | bytes | None = None
    at: str = "docs/lesson.md:3"
    files: dict[str, str | bytes] = {}  # noqa: RUF012 (nobody changes it)


class Followed(NamedTuple):
    """A file that is edited: the page shows 1 before, and 2 after."""

    lesson: str
    file: str
    before: str = "def g():\n    return 1\n"
    after: str = "def g():\n    return 2\n"
    page: str = PAGE
    also: tuple[str, ...] = ()


class Harmless(NamedTuple):
    """A page that is published, and what its HTML has to hold."""

    shows: str
    page: str = PAGE
    lesson: str | None = None


class Unsteady(NamedTuple):
    """An expression that is not the same in another process, hour or order."""

    lesson: str


def value(code, says):
    return Refused(says, f"# A\n\nIt is `{{python}} {code}`.\n")


def returns(code, says, **more):
    return Refused(says, lesson=more.pop("top", "") + F.format(code), **more)


def shown(text, says, at="docs/lesson.md:3", **more):
    return Refused(says, f"# A\n\n{text}\n", at=at, **more)


def drawn(body, says, at="docs/lesson.md:3", page=FIGURE):
    lesson = "import numpy as np\nimport matplotlib.pyplot as plt\n" + LINE
    return Refused(says, page, lesson.replace("    ax.plot([0, 1], [0, 2])", body), at)


def acts(body, says):
    """A lesson that does something outside its room, in line 6."""
    body = body.replace("\n", "\n    ")
    top = "import os, socket, subprocess\nimport threading, tempfile, pathlib\n\n"
    return Refused(says, lesson=f"{top}def f():\n    {body}\n    return 1\n", at="snip")


def question(kind, options, says, at="docs/lesson.md", within="", more=""):
    header = f"    kind: {kind}\n" + (f"    within: {within}\n" if within else "")
    text = f"/// question | What now?\n{header}{more}\n{options}\n\nSo it is.\n///\n"
    return Refused(says, text, at=at)


def exercise(says, was="", now="", at="docs/lesson.md:2", page=None, lesson=None):
    """An exercise with one thing changed in its page."""
    page, lesson = page or exercises.PAGE, lesson or exercises.LESSON
    files = {"snippets/exercises/lesson.py": exercises.SLIPS}
    assert was in page
    return Refused(says, page.replace(was, now, 1), lesson, at, files)


def option(line, says, at="docs/lesson.md:2"):
    return exercise(says, "\n\nIt", f"\n    {line}\n\nIt", at)


def solved(body, says, at="docs/lesson.md:2", now=""):
    """An exercise whose solution does something else, and perhaps another header."""
    lesson = exercises.LESSON.replace("    y = x / 2\n    return y\n", body)
    return exercise(says, "\n\nIt", f"{now}\n\nIt", at, lesson=lesson)


def slip(was, now, says, line, page=exercises.PAGE):
    """An exercise with one thing changed in its slips."""
    files = {"snippets/exercises/lesson.py": exercises.SLIPS.replace(was, now, 1)}
    at = f"snippets/exercises/lesson.py:{line}" if line else "docs/lesson.md:"
    return Refused(says, page, exercises.LESSON, at, files)


def left_out(toml, says, at="snippets/browser.toml"):
    """A transcript that the reader's browser is not to run."""
    page = "# A\n\n" + transcript(">>> 1 + 1", "2")
    return Refused(says, page, at=at, files={"snippets/browser.toml": toml})


KNOWS = "of which the build does not know"
DEEP = "-" * 20_000 + "f()"
NO_RUN = "nothing runs a block of"
NO_RESULT = "is no result"
MARKUP = "would be markup"
HTML = "HTML can hold what nothing has computed"
PICTURE = "a picture is drawn by Python"
ORDER = "it starts or ends a thread or a process"
CODE = "def step(x):\n    return x\n"
NAMED = "# A\n\n" + fence('--8<-- "lesson.py:step"')

FAULTS = {
    "stale results": {
        "a module of a package": Followed(
            "from kit.one import g as f\n", "snippets/kit/one.py"
        ),
        "a module two packages deep": Followed(
            "from kit.deep.one import g as f\n", "snippets/kit/deep/one.py"
        ),
        "a package's own file": Followed(
            "import kit\n\nf = kit.g\n", "snippets/kit/__init__.py"
        ),
        "data in a folder": Followed(
            "import pathlib\n\n\ndef f():\n"
            "    return pathlib.Path('snippets/data/t.csv').read_text()\n"
            "A = 'data/t.csv'\n",
            "snippets/data/t.csv",
            "1",
            "2",
        ),
        "an import behind if": Followed(
            "if True:\n    from helper import g as f\n", "snippets/helper.py"
        ),
        "an import over a line break": Followed(
            "from helper import (\n    g as f,\n)\n", "snippets/helper.py"
        ),
        "an import behind a backslash": Followed(
            "from helper \\\n    import g as f\n", "snippets/helper.py"
        ),
        "an import with another statement on its line": Followed(
            "x = 1; from helper import g as f; y = 2\n", "snippets/helper.py"
        ),
        "an import in a function": Followed(
            "def f():\n    import helper\n    return helper.g()\n", "snippets/helper.py"
        ),
        "a module named in a transcript": Followed(
            "",
            "snippets/helper.py",
            page="# A\n\n"
            + transcript(">>> import helper", ">>> x = helper.g()")
            + "\nIt is `{python} x`.\n",
        ),
        "a module that a figure draws with": Followed(
            "", "snippets/lesson.py", "f = lambda: 1\n", "f = lambda: 2\n"
        ),
        "a file that READS names": Followed(
            "READS = 'notes/*.txt'\n\n\ndef f():\n"
            "    return open('notes/a.txt').read()\n",
            "notes/a.txt",
            "1",
            "2",
        ),
        "an import by a computed name": returns(
            "importlib.import_module('hel' + 'per').g()",
            KNOWS,
            at="snippets/lesson",
            top="import importlib\n\n\n",
            files={"snippets/helper.py": "g = int\n"},
        ),
        "an import by __import__": returns(
            "__import__('helper').g()",
            KNOWS,
            at="snippets/lesson",
            files={"snippets/helper.py": "g = int\n"},
        ),
        "an import in an expression": value("__import__('helper').g()", KNOWS)._replace(
            files={"snippets/helper.py": "g = int\n"}
        ),
        "code that is read and executed": returns(
            "exec(open('snippets/' + 'helper' + '.py').read())",
            KNOWS,
            at="snippets/lesson",
            files={"snippets/helper.py": "g = int\n"},
        ),
        "data by a computed name": returns(
            "open('snippets/data/' + 't.csv').read()",
            KNOWS,
            at="snippets/lesson",
            files={"snippets/data/t.csv": "1"},
        ),
        "an undeclared file of the project": returns(
            "open('notes.txt').read()",
            KNOWS,
            at="snippets/lesson",
            files={"notes.txt": "1"},
        ),
        "an undeclared file outside": returns(
            "open('../course-notes.txt').read()",
            KNOWS,
            at="snippets/lesson",
        ),
        "an undeclared file, by NumPy": returns(
            "np.loadtxt('notes.txt')",
            KNOWS,
            at="snippets/lesson",
            top="import numpy as np\n\n\n",
            files={"notes.txt": "1"},
        ),
        "a page that a lesson reads": returns(
            "open('docs/index.md').read()",
            KNOWS,
            at="snippets/lesson",
        ),
        "a folder that a lesson lists": returns(
            "len(os.listdir('docs'))",
            "it lists docs",
            at="snippets/lesson",
            top="import os\n\n\n",
        ),
        "a folder beside the one it declares": returns(
            "len(os.listdir('docs'))",
            "it lists docs",
            at="snippets/lesson",
            top='import os\n\nREADS = "notes/*"\n\n\n',
            files={"notes/one.txt": "1"},
        ),
        "a folder, by glob": returns(
            "len(list(pathlib.Path('docs').glob('*')))",
            "it lists docs",
            at="snippets/lesson",
            top="import pathlib\n\n\n",
        ),
        "a fault of this kind that is hidden": Refused(
            KNOWS,
            at="snippets/lesson",
            lesson="def f():\n    try:\n        return open('notes.txt')\n"
            "    except BaseException:\n        return 1\n",
        ),
        "a variable of the environment": Harmless(
            "It is deaf.",
            lesson="import os\n\n\n"
            + F.format("os.environ.get('SHLVL_OF_MINE', 'deaf')"),
        ),
        "the time zone": Harmless(
            "It is UTC.", lesson="import time\n\n\n" + F.format("time.tzname[0]")
        ),
    },
    "nondeterminism": {
        "NumPy's generator without a seed": returns(
            "np.random.default_rng().random()",
            "without a seed",
            at="snippets/lesson",
            top="import numpy as np\n\n\n",
        ),
        "NumPy's shared numbers": returns(
            "round(np.random.random(), 3)",
            "nobody has seeded",
            top="import numpy as np\n\n\n",
        ),
        "Python's shared numbers": returns(
            "round(random.random(), 3)",
            "nobody has seeded",
            top="import random\n\n\n",
        ),
        "numbers drawn at import": returns(
            "X",
            "nobody has seeded",
            top="import random\n\nX = round(random.random(), 3)\n\n\n",
        ),
        "a seed that is none": returns(
            "round(random.random(), 3)",
            "nobody has seeded",
            top="import random\n\nrandom.seed()\n\n\n",
        ),
        "a seed": Harmless(
            "It is 137.",
            lesson="import random\n\n\n"
            "def f():\n    random.seed(1)\n    return random.randrange(1000)\n",
        ),
        "a shuffled order": returns(
            "random.sample([1, 2, 3, 4], 4)",
            "nobody has seeded",
            top="import random\n\n\n",
        ),
        "the bits of the system": Unsteady(
            "import os\n\n\n" + F.format("os.urandom(4).hex()")
        ),
        "Python's own generator without a seed": Unsteady(
            "import random\n\n\n" + F.format("random.Random().randrange(10**9)")
        ),
        "the time": Unsteady("import time\n\n\n" + F.format("f'{time.time():.0f}'")),
        "the date": Unsteady(
            "import datetime\n\n\n" + F.format("str(datetime.date.today())")
        ),
        "how long it took": Unsteady(
            "import time\n\n\n" + F.format("f'{time.perf_counter():.6f}'")
        ),
        "an address": Unsteady(F.format("id(object())")),
        "the order of a set": Unsteady(F.format("' '.join({'a', 'b', 'c', 'd', 'e'})")),
        "a hash": Unsteady(F.format("hash('a')")),
        "the number of the process": Unsteady(
            "import os\n\n\n" + F.format("os.getpid()")
        ),
        "another value at each call": Unsteady(
            "import itertools\n\n_count = itertools.count()\n\n\n"
            + F.format("next(_count)")
        ),
        "a seeded generator that all calls share": Unsteady(
            "import numpy as np\n\n_rng = np.random.default_rng(7)\n\n\n"
            + F.format("f'{_rng.random():.3f}'")
        ),
    },
    "typed Python or output": {
        "python": shown(fence("x = 1"), "typed Python is never run"),
        "Python": shown(fence("x = 1", language="Python"), "typed Python is never run"),
        "py3": shown(fence("x = 1", language="py3"), "typed Python is never run"),
        "{.python}": shown(fence("x = 1", language="{ .python }"), "typed Python"),
        "ipython": shown(fence("x = 1", language="ipython"), NO_RUN),
        "ipython3": shown(fence("x = 1", language="IPython3"), NO_RUN),
        "sage": shown(fence("x = 1", language="sage"), NO_RUN),
        "python2": shown(fence("print 1", language="python2"), NO_RUN),
        "cython": shown(fence("x = 1", language="cython"), NO_RUN),
        "numpy": shown(fence("x = 1", language="numpy"), NO_RUN),
        "pytb": shown(fence("Error: 1", language="pytb"), NO_RUN),
        "text": shown(fence("1.6", language="text"), NO_RUN),
        "output": shown(fence("1.6", language="output"), NO_RUN),
        "console": shown(fence("$ python", "1.6", language="console"), NO_RUN),
        "no language": shown(fence("1.6", language=""), NO_RUN),
        "{.text}": shown(fence("1.6", language="{ .text }"), NO_RUN),
        "an id in the place of a language": shown(
            fence("1.6", language="{ #id .python }"), NO_RUN
        ),
        "tildes": shown("~~~python\nx = 1\n~~~", "typed Python is never run"),
        "in a list": shown(
            "- item\n\n" + fence("x = 1", language="Py", indent="    "),
            "typed Python is never run",
            at="docs/lesson.md:5",
        ),
        "in an admonition": shown(
            "!!! note\n\n" + fence("1", language="text", indent="    "),
            NO_RUN,
            at="docs/lesson.md:5",
        ),
        "#! in a line": shown("The `#!python x = 1`.", "typed Python is never run"),
        "#! in a block": shown("    #!python\n    x = 1", "by indentation"),
        "::: in a line": shown("The `:::python x = 1`.", "typed Python is never run"),
        "pre": shown("<pre>1.6</pre>", HTML),
        "PRE": shown("<PRE class='a'>1.6</PRE>", HTML),
        "code": shown("It is <code>1.6</code>.", HTML),
        "samp": shown("It is <samp>1.6</samp>.", HTML),
        "output as HTML": shown("<output>1.6</output>", HTML),
        "a table of HTML": shown("<table><tr><td>1.6</td></tr></table>", HTML),
        "script": shown("<script>document.write(1.6)</script>", HTML),
        "an attribute of a div": shown('<div onclick="x()" markdown>\n</div>', HTML),
        "indented": shown("    x = 1", "by indentation"),
        "indented in a list": shown(
            "- item\n\n        x = 1", "by indentation", at="docs/lesson.md:5"
        ),
        "indented output of a prompt": shown("    >>> 1 + 1\n    3", "nothing runs"),
        "In [1] in a block": shown(
            fence("In [1]: 1 + 1", "Out[1]: 3", language="shell"), "a transcript is run"
        ),
        "In [1] in prose": shown("In [1]: 1 + 1", "nothing runs what"),
        "Out[1] in prose": shown("Out[1]: 3", "nothing runs what"),
        "a prompt in prose": shown(">>> 1 + 1", "nothing runs what"),
        "a prompt without a blank": shown(
            transcript(">>>1 + 1", "3"), "blank", at="docs/lesson.md:"
        ),
        "such a prompt in another block": shown(
            fence(">>>1 + 1", "3", language="shell"),
            "a transcript is run in a ```pycon",
        ),
        "a prompt in a quotation": shown("> >>> 1 + 1\n> 3", "docs/lesson.md"),
        "pycon in capitals": shown(
            fence(">>> 1 + 1", "3", language="PyCon"),
            "the transcript is false",
            at="docs/lesson.md:4",
        ),
        "pycon with attributes": shown(
            fence(">>> 1 + 1", "3", language='{.pycon title="a"}'),
            "the transcript is false",
            at="docs/lesson.md:4",
        ),
        "pycon in a quotation": shown("> ```pycon\n> >>> 1\n> 3\n> ```", "not closed"),
        "a block in a quotation": shown("> ```text\n> 1.6\n> ```", "not closed"),
        "a block that is never closed": shown("```text\n1.6", "not closed"),
        "a definition of a picture": shown("![A b][c]\n\n[c]: a.png", PICTURE),
        "what a value has written": Refused(
            "a fenced block", "# A\n\n`{python} chr(96) * 3 + 'text\\n1.6'`\n"
        ),
    },
    "values that are no results": {
        "None": value("None", "it is None"),
        "nothing at all": value("''", "it is empty"),
        "blanks": value("'  '", "it is empty"),
        "nan": value("float('nan')", NO_RESULT),
        "nan with a format": value("f\"{float('nan'):.3f}\"", NO_RESULT),
        "infinity": value("float('inf')", NO_RESULT),
        "minus infinity": value("-float('inf')", NO_RESULT),
        "np.float64": returns(
            "[np.float64(1.5)]", NO_RESULT, top="import numpy as np\n"
        ),
        "an array": returns("repr(np.ones(2))", NO_RESULT, top="import numpy as np\n"),
        "a tuple of NumPy's": returns(
            "tuple(np.ones(2))", NO_RESULT, top="import numpy as np\n"
        ),
        "a fraction": returns(
            "[Fraction(1, 2)]", NO_RESULT, top="from fractions import Fraction\n"
        ),
        "an object": value("object()", NO_RESULT),
        "a function": value("len", NO_RESULT),
        "a class": value("int", NO_RESULT),
        "a generator": value("iter([1])", NO_RESULT),
        "a method": value("[].append", NO_RESULT),
        "bytes": value("b'1.6'", NO_RESULT),
        "sixteen digits": value("0.1 + 0.2", "more digits than a reader"),
        "sixteen digits in a text": value("str(0.1 + 0.2)", "more digits"),
        "ten digits": value("1 / 3", "more digits"),
        "a million characters": value("'a' * 10**6", "1,000,000 characters"),
        "many lines within a sentence": value("'a\\nb'", "several lines"),
        "a character that cannot be printed": value("chr(0)", "cannot be printed"),
        "half a character": value("chr(0xd800)", "cannot be printed"),
        "a mark of the machinery": value("chr(0xe002) + '7' + chr(0xe003)", "printed"),
        "a place of Markdown's": value("'\\x02wzxhzdk:0\\x03'", "cannot be printed"),
        "a table's cell that is nan": Refused(
            NO_RESULT,
            "![](tables/lesson/t)\n",
            at="snippets/lesson.py:4",
            lesson="from shared.tables import table\n\n\n"
            "def table_t():\n    return table(['a'], [[float('nan')]])\n",
        ),
        "a table's cell that is None": Refused(
            "it is None",
            "![](tables/lesson/t)\n",
            at="snippets/lesson.py:4",
            lesson="from shared.tables import table\n\n\n"
            "def table_t():\n    return table(['a', 'b'], [[1, None]])\n",
        ),
        "a table's cell of NumPy's": Refused(
            NO_RESULT,
            "![](tables/lesson/t)\n",
            at="snippets/lesson.py:4",
            lesson="import numpy as np\nfrom shared.tables import table\n\n"
            "def table_t():\n    return table(['a'], [[[np.float64(1)]]])\n",
        ),
        "an expression that is none": value("x = 1", "not a Python expression"),
        "an expression over two lines": shown("It is `{python} 1 +\n1`.", "3"),
    },
    "values that turn into markup": {
        "a tag": value("'<b>1</b>'", MARKUP),
        "a script": value("'<script>alert(1)</script>'", MARKUP),
        "half a tag": value("'<img src=x onerror=alert(1)'", MARKUP),
        "a tag put together": shown("It is <`{python} 'b'`>1.", "docs/lesson.md:3"),
        "a comment": value("'<!-- 1'", MARKUP),
        "an entity": value("'&lt;b&gt;'", MARKUP),
        "emphasis": value("'2*x*y'", MARKUP),
        "strong": value("'**1**'", MARKUP),
        "underscores": value("'_1_'", MARKUP),
        "an underscore too many": value("'__1_'", MARKUP),
        "a backquote": value("chr(96) + '1' + chr(96)", MARKUP),
        "a link": value("'[1](http://a.example)'", MARKUP),
        "a link by reference": value("'[1][a]'", MARKUP),
        "a footnote": value("'[^1]'", MARKUP),
        "a picture": value("'![a b](c.png)'", MARKUP),
        "attributes": value("'1{: .red}'", MARKUP),
        "an id": value("'1 { #top }'", MARKUP),
        "a heading": Refused(MARKUP, "# A\n\n`{python} '# 1'` is it.\n"),
        "a list": Refused(MARKUP, "# A\n\n`{python} '- 1'` is it.\n"),
        "an ordered list": Refused(MARKUP, "# A\n\n`{python} '1. a'` is it.\n"),
        "a quotation": Refused(MARKUP, "# A\n\n`{python} '> 1'` is it.\n"),
        "a heading without a blank": Refused(MARKUP, "# A\n\n`{python} '#1'` is it.\n"),
        "a quotation without a blank": Refused(
            MARKUP, "# A\n\n`{python} '>1'` is it.\n"
        ),
        "the end of a block": Refused(MARKUP, "# A\n\n`{python} '/// '` is it.\n"),
        "a cell of a table": Refused(
            "would end its cell",
            "| a | b |\n|---|---|\n| 1 | `{python} '2 | 3'` |\n",
            at="docs/lesson.md:3",
        ),
        "a row of a table": Refused(
            "several lines", "| a |\n|---|\n| `{python} '2\\n3'` |\n"
        ),
        "a fence": Refused("a fenced block", "# A\n\n`{python} '~~~\\nx = 1\\n~~~'`\n"),
        "a script of a line of its own": Refused(
            HTML, "# A\n\n`{python} '<script>1</script>'`\n"
        ),
        "a picture of a line of its own": Refused(
            PICTURE, "# A\n\n`{python} '![a b](c.png)'`\n"
        ),
        "a row of a table function": Refused(
            "row 1 of the table has 2 cells",
            "![](tables/lesson/t)\n",
            at="snippets/lesson.py:4",
            lesson="from shared.tables import table\n\n\n"
            "def table_t():\n    return table(['a'], [['1 | 2']])\n",
        ),
        "a cell with two lines": Refused(
            "of the table has",
            "![](tables/lesson/t)\n",
            at="snippets/lesson.py:4",
            lesson="from shared.tables import table\n\n\n"
            "def table_t():\n    return table(['a', 'b'], [['1\\n2', 3]])\n",
        ),
        "a script in a cell": Refused(
            HTML,
            "![](tables/lesson/t)\n",
            at="docs/lesson.md:1",
            lesson="from shared.tables import table\n\n\n"
            "def table_t():\n    return table(['a'], [['<script>1</script>']])\n",
        ),
        "a value in an alt text": Harmless(
            'aria-label="A 1 &lt; 2 &quot;b&quot;"',
            "![A `{python} '1 < 2 \"b\"'`](figures/lesson/line.svg)\n",
            LINE,
        ),
        "a comparison": Harmless("It is 1 &lt; 2.", "It is `{python} '1 < 2'`.\n"),
        "TeX": Harmless("<math", "It is `{python} '$x_1 < 2$'`.\n"),
        "a label of a figure": Harmless(
            "&lt;b&gt;&amp;", FIGURE, LINE.replace("loss of x", "<b>&")
        ),
        "half a mark of the build": Refused("private area", "# A\n\nIt is \ue002.\n"),
        "what looks like a value": Harmless(
            "It is {python} 1.", "It is `{python} '{python} 1'`.\n"
        ),
    },
    "pictures round the rule": {
        "img": shown('<img src="a.png" alt="A line">', HTML),
        "svg": shown("<svg><path d='M0 0'/></svg>", HTML),
        "a picture in a sentence": shown("See <IMG src=a.png>.", HTML),
        "by reference": shown("![A line][a]", PICTURE),
        "by a short reference": shown("![line]", PICTURE),
        "Figures": shown("![A line](Figures/lesson/line.svg)", PICTURE),
        "a file from disk": shown("![A line](assets/line.png)", PICTURE),
        "from elsewhere": shown("![A line](https://a.example/line.png)", PICTURE),
        "as data": shown("![A line](data:image/png;base64,AA)", PICTURE),
        "with attributes": shown(
            "![A line](figures/lesson/line.svg){ width=9 }",
            "takes no attributes",
            lesson=LINE,
        ),
        "another ending": shown(
            "![A line](figures/lesson/line.png)", "write a figure as", lesson=LINE
        ),
        "with a title": shown(
            "![A line](figures/lesson/line.svg 'title')", "write a figure", lesson=LINE
        ),
        "over two lines": shown(
            "![A\n\nline](figures/lesson/line.svg)", "there is no snippets/lesson.py"
        ),
        "no alt text": shown("![](figures/lesson/line.svg)", "alt text", lesson=LINE),
        "an alt text of one letter": shown(
            "![A](figures/lesson/line.svg)", "alt text", lesson=LINE
        ),
        "an alt text of one word": shown(
            "![Line](figures/lesson/line.svg)", "alt text", lesson=LINE
        ),
        "an alt text of a blank value": shown(
            "![A `{python} ' '`](figures/lesson/line.svg)", "it is empty", lesson=LINE
        ),
        "no axes": drawn("    return plt.figure()", "it has no axes"),
        "empty axes": drawn("    pass", "there is nothing in it"),
        "all nan": drawn("    ax.plot([0, 1], [np.nan, np.nan])", "no finite point"),
        "a line outside": drawn(
            "    ax.plot([0, 1], [5, 6])\n    ax.set_ylim(0, 1)", "outside of its axes"
        ),
        "a million points": drawn(
            "    ax.plot(*np.random.default_rng(7).random((2, 25_000)), 'o')",
            "fewer points",
        ),
        "settings left for the next figure": drawn(
            "    plt.rcParams['lines.linewidth'] = 9\n    ax.plot([0, 1])",
            "changes lines.linewidth",
            at="snippets/lesson.py:6",
        ),
        "plt.show()": drawn(
            "    plt.show()", "return the figure", at="snippets/lesson"
        ),
        "no figure returned": Refused(
            "must return its Figure",
            FIGURE,
            at="snippets/lesson.py:1",
            lesson="def figure_line():\n    pass\n",
        ),
        "pixels": drawn("    ax.imshow([[1, 2], [3, 4]])", "pixels or a link"),
        "a colour of no palette": drawn(
            "    ax.plot([0, 1], color='#123456')", "is in no palette"
        ),
        "a figure that is none": drawn(
            "    return 1", "must return", at="snippets/les"
        ),
        "a link to a figure": shown(
            "[a](figures/lesson/line.svg)", "write a figure as"
        ),
    },
    "code by name": {
        "from outside": shown(
            fence('--8<-- "../notes.py:step"'),
            "is not below snippets/",
            at="docs/lesson.md:4",
            files={"notes.py": CODE},
        ),
        "by an absolute path": shown(
            fence('--8<-- "/etc/hostname"'),
            "is not below snippets/",
            at="docs/lesson.md:4",
        ),
        "of a file that is not there": shown(
            fence('--8<-- "none.py:step"'), "there is no file", at="docs/lesson.md:4"
        ),
        "of a name that is not there": Refused(
            "there is no step", NAMED, "def setp():\n    pass\n", "docs/lesson.md:4"
        ),
        "of a module that cannot be read": Refused(
            "invalid syntax", NAMED, "def step(:\n", "docs/lesson.md:4"
        ),
        "of a module that is not UTF-8": Refused(
            "UTF-8", NAMED, "# é\n".encode("latin-1"), "docs/lesson.md:4"
        ),
        "of a module with a zero byte": Refused(
            "null", NAMED, "x = 1\0\n", "docs/lesson.md:4"
        ),
        "of a module that cannot be imported": Refused(
            "the import raised", NAMED, CODE + "1 / 0\n", "snippets/lesson.py:3"
        ),
        "of another module that cannot be imported": shown(
            fence('--8<-- "other.py:step"'),
            "the import raised",
            at="snippets/other.py:1",
            files={"snippets/other.py": "import nunpy\n" + CODE},
        ),
        "of a function that is defined twice": Refused(
            "in lines 1 and 5", NAMED, CODE + "\n\n" + CODE, "docs/lesson.md:4"
        ),
        "of a function that a later line replaces": Refused(
            "in lines 1 and 3", NAMED, CODE + "step = len\n", "docs/lesson.md:4"
        ),
        "of a function that a later import replaces": Refused(
            "in lines 1 and 3",
            NAMED,
            CODE + "from math import exp as step\n",
            "docs/lesson.md:4",
        ),
        "of a function that is replaced behind if": Refused(
            "in lines 1 and 4",
            NAMED,
            CODE + "if True:\n    step = len\n",
            "docs/lesson.md:4",
        ),
        "of a function that is deleted": Refused(
            "in lines 1 and 3", NAMED, CODE + "del step\n", "docs/lesson.md:4"
        ),
        "of a function that is replaced in secret": Refused(
            "means something else",
            NAMED,
            CODE + "globals()['step'] = lambda x: 2 * x\n",
            "snippets/lesson.py:1",
        ),
        "of a constant with two values": Refused(
            "in lines 1 and 2",
            "# A\n\n" + fence('--8<-- "lesson.py:RATE"'),
            "RATE = 1\nRATE += 1\n",
            "docs/lesson.md:4",
        ),
        "in another language": shown(
            fence('--8<-- "lesson.py:step"', language="text"), NO_RUN, lesson=CODE
        ),
        "outside of a block": shown(
            '--8<-- "lesson.py:step"', "inside a fenced block", lesson=CODE
        ),
        "with a line of one's own": shown(
            fence('--8<-- "lesson.py:step"', "step(2) == 3"),
            "typed Python",
            lesson=CODE,
        ),
        "in single quotes": shown(
            fence("--8<-- 'lesson.py:step'"),
            'as --8<-- "stem.py:name"',
            at="docs/lesson.md:4",
            lesson=CODE,
        ),
    },
    "transcripts": {
        "false": shown(
            transcript(">>> 1 + 1", "3"), "the transcript is false", "docs/lesson.md:4"
        ),
        "without what is printed": shown(
            transcript(">>> 1 + 1"), "the page says nothing", "docs/lesson.md:4"
        ),
        "an ellipsis": shown(
            transcript(">>> 'abc'", "'a...'"), "transcript is false", "docs/lesson.md:4"
        ),
        "a directive": shown(
            transcript(">>> 'abc'  # doctest: +ELLIPSIS", "'a...'"),
            "directive",
            "docs/lesson.md:4",
        ),
        "1 for True": shown(
            transcript(">>> 1 == 1", "1"), "the code says True", "docs/lesson.md:4"
        ),
        "text between": shown(
            transcript(">>> print(1)", "1", "", "2"),
            "nothing printed this",
            "docs/lesson.md:",
        ),
        "no prompt": shown(
            transcript("1 + 1", "2"), "no line that starts with >>>", "d"
        ),
        "a traceback with a place": shown(
            transcript(
                ">>> 1 / 0",
                "Traceback (most recent call last):",
                '  File "lesson.py", line 99',
                "ZeroDivisionError: division by zero",
            ),
            "nothing compares this line of a traceback",
            "docs/lesson.md:5",
        ),
        "another error": shown(
            transcript(
                ">>> 1 / 0",
                "Traceback (most recent call last):",
                "  ...",
                "KeyError: 1",
            ),
            "the transcript",
            "docs/lesson.md:4",
        ),
        "an error's other words": shown(
            transcript(
                ">>> 1 / 0",
                "Traceback (most recent call last):",
                "  ...",
                "ZeroDivisionError: no",
            ),
            "the page says",
            "docs/lesson.md:4",
        ),
        "<BLANKLINE>": Harmless(
            "1\n\n2", transcript(">>> print('1\\n\\n2')", "1", "<BLANKLINE>", "2")
        ),
        "a module that it patches": shown(
            transcript(">>> import other", ">>> other.step = len"),
            "the transcript changes other.step",
            "docs/lesson.md:4",
            files={"snippets/other.py": CODE},
        ),
        "a module that it patches by setattr": shown(
            transcript(">>> import other", ">>> setattr(other, 'step', len)"),
            "the transcript changes other.step",
            "docs/lesson.md:4",
            files={"snippets/other.py": CODE},
        ),
        "Python that it patches": shown(
            transcript(">>> import builtins", ">>> builtins.round = len"),
            "the transcript changes builtins.round",
            "docs/lesson.md:4",
        ),
        "mathematics that it patches": shown(
            transcript(">>> import math", ">>> math.pi = 3"),
            "the transcript changes math.pi",
            "docs/lesson.md:4",
        ),
        "one that exits": shown(transcript(">>> exit()"), "exit", "docs/lesson.md:4"),
        "one that cannot be read": shown(
            transcript(">>> 1 +", ""), "SyntaxError", "docs/lesson.md:4"
        ),
        "a tab before the prompt": shown(
            "\t```pycon\n\t>>> 1 + 1\n\t3\n\t```", "is false", "docs/lesson.md:4"
        ),
    },
    "questions": {
        "no kind": question("", "- [x] a\n- [ ] b", "there is no question of kind"),
        "a misspelt kind": question("numeric", "- [x] 1", "did you mean"),
        "no key": question("one", "- [ ] a\n- [ ] b", "no option is marked right"),
        "two keys": question("one", "- [x] a\n- [x] b", "2 options are marked right"),
        "one option": question("one", "- [x] a", "at least two options"),
        "a mark that is none": question("one", "- [y] a\n- [ ] b", "the mark [y]"),
        "no marks": question("one", "- a\n- b", "no mark"),
        "an empty option": question("one", "- [x] a\n- [ ]", "an option"),
        "no solution": Refused(
            "worked solution",
            "/// question | A?\n    kind: one\n\n- [x] a\n- [ ] b\n///\n",
            at="docs/lesson.md:1",
        ),
        "no options": question("one", "Text.", "a list of options"),
        "a key that is typed": question(
            "number", "- [x] 1.6", "typed as a number", at="docs/lesson.md:4"
        )._replace(lesson=CODE),
        "a slip that is typed": question(
            "number",
            "- [x] `{python} 1 + 1`\n- [ ] 3",
            "typed as a number",
            at="docs/lesson.md:5",
        )._replace(lesson=CODE),
        "a key that is no number": question(
            "number", "- [x] `{python} 'abc'`", "is not a number"
        ),
        "a tolerance that takes everything": question(
            "number",
            "- [x] `{python} 1 + 1`",
            "would take",
            within="100",
            at="docs/lesson.md:",
        ),
        "a tolerance that takes zero": question(
            "number",
            "- [x] `{python} 1 + 1`",
            "would take",
            within="2",
        ),
        "a negative tolerance": question(
            "number", "- [x] `{python} 1 + 1`", "is not a tolerance", within="-1"
        ),
        "an endless tolerance": question(
            "number", "- [x] `{python} 1 + 1`", "is not a tolerance", within="inf"
        ),
        "a slip like the key": question(
            "number",
            "- [x] `{python} 1 + 1`\n- [ ] `{python} 4 / 2`",
            "the key and a slip are equal",
        ),
        "two equal slips": question(
            "number",
            "- [x] `{python} 2 / 2`\n- [ ] `{python} 1 + 1`\n- [ ] `{python} 4 / 2`",
            "two slips are equal",
        ),
        "a key of too many digits": question(
            "number", "- [x] `{python} 1 / 3`", "more digits than a reader would type"
        ),
        "equal options": question("one", "- [x] a\n- [ ] a", "options are the same"),
        "equal options in other markup": question(
            "one", "- [x] It *falls*.\n- [ ] It falls.", "options are the same"
        ),
        "equal options in other letters": question(
            "one", "- [x] It falls.\n- [ ] it falls", "options are the same"
        ),
        "equal options in code": question(
            "one", "- [x] `x`\n- [ ] x", "options are the same"
        ),
        "equal formulas": question("one", "- [x] $x$\n- [ ] $ x$", "docs/lesson.md"),
        "two slashes": Refused(
            "three slashes",
            "// question | A?\n    kind: one\n\n- [x] a\n- [ ] b\n\nSo.\n//\n",
            at="docs/lesson.md:1",
        ),
        "a misspelt name": Refused(
            "not understood: /// qestion",
            "/// qestion | A?\n    kind: one\n\n- [x] a\n///\n",
            at="docs/lesson.md:1",
        ),
        "never closed": Refused(
            "never ends",
            "/// question | A?\n    kind: one\n\n- [x] a\n- [ ] b\n\nSo.\n",
            at="docs/lesson.md:1",
        ),
        "a misspelt name before an option of the build": Refused(
            "not understood: /// qestion",
            "/// qestion | A?\n    at: one\n\n- [x] a\n///\n",
            at="docs/lesson.md:1",
        ),
        "a drill without a question": Refused(
            "a drill holds nothing but questions", "# A\n\n/// drill | jump\n\n///\n"
        ),
        "a drill with a text": Refused(
            "a drill holds nothing but questions",
            "# A\n\n/// drill | jump\n\nText.\n///\n",
        ),
        "closed twice": Refused(
            "not understood: ///",
            "/// question | A?\n    kind: one\n\n- [x] a\n- [ ] b\n\nSo.\n///\n///\n",
            at="docs/lesson.md:9",
        ),
        "an option of another block": question(
            "one", "- [x] a\n- [ ] b", "not understood", more="    colour: red\n"
        ),
        "an option given twice": question(
            "one",
            "- [x] a\n- [ ] b",
            "id: is given in line 3, too: leave one of the two out",
            more="    id: a\n    id: b\n",
        ),
        "an id that cannot be one": question(
            "one", "- [x] a\n- [ ] b", "cannot be an id", more="    id: 1<b>\n"
        ),
        "a slip of nan": question(
            "number", "- [x] `{python} 1`\n- [ ] `{python} float('nan')`", NO_RESULT
        ),
        "an ordered question without an order": question(
            "order", "- a\n- b", "as 1. 2. 3."
        ),
    },
    "lessons that leave their room": {
        "writes into docs": acts(
            "open('docs/a.md', 'w').write('1')", "it writes docs/a"
        ),
        "writes into snippets": acts(
            "open('snippets/a.py', 'a')", "it writes snippets/a"
        ),
        "writes into the project": acts("open('notes', 'x')", "it writes notes"),
        "writes by pathlib": acts("pathlib.Path('docs/a').touch()", "it writes docs/a"),
        "writes by NumPy": acts(
            "import numpy as np\nnp.save('docs/a.npy', [1])", "it writes docs/a.npy"
        ),
        "saves a figure": acts(
            "import matplotlib.pyplot as plt\nplt.figure().savefig('docs/a.svg')",
            "it writes docs/a.svg",
        ),
        "writes at home": acts(
            "open(os.path.expanduser('~/weave-was-here'), 'w')",
            "a lesson leaves nothing",
        ),
        "deletes a page": acts(
            "os.remove('docs/lesson.md')", "it writes docs/lesson.md"
        ),
        "renames a page": acts(
            "os.rename('docs/lesson.md', 'b')", "it writes docs/les"
        ),
        "opens to write": acts(
            "os.open('docs/lesson.md', os.O_WRONLY)", "it writes docs/lesson.md"
        ),
        "makes a folder": acts("os.makedirs('docs/new')", "it writes docs/new"),
        "makes a link": acts("os.symlink('/etc', 'docs/etc')", "it writes"),
        "asks a server": acts(
            "socket.create_connection(('127.0.0.1', 9))", "another com"
        ),
        "asks for a name": acts(
            "socket.gethostbyname('localhost')", "another computer"
        ),
        "asks by urllib": acts(
            "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')",
            "another computer",
        ),
        "listens": acts("socket.socket().bind(('127.0.0.1', 0))", "another computer"),
        "says what this computer is called": acts("socket.gethostname()", "computer"),
        "forks": acts("os.fork()", ORDER),
        "leaves a child": acts("subprocess.Popen(['sleep', '99'])", ORDER),
        "asks the shell": acts("os.system('true')", ORDER),
        "asks git": acts("subprocess.run(['git', 'log'])", ORDER),
        "leaves a thread": acts("threading.Thread(target=print).start()", ORDER),
        "leaves a timer": acts("threading.Timer(99, print).start()", ORDER),
        "computes in a pool": acts(
            "import concurrent.futures as c\nc.ThreadPoolExecutor().submit(print)",
            ORDER,
        ),
        "computes in processes": acts(
            "import multiprocessing as m\nm.Process(target=print).start()", "daemonic"
        ),
        "kills its parent": acts("os.kill(os.getppid(), 9)", ORDER),
        "replaces itself": acts("os.execvp('true', ['true'])", ORDER),
        "asks a reader": acts("input()", "EOFError"),
        "exits": acts("raise SystemExit", "the lesson called exit()"),
        "ends at once": Refused(
            "ended its own process", lesson="import os\n\n\n" + F.format("os._exit(3)")
        ),
        "hides that it writes": acts(
            "try:\n    open('docs/a.md', 'w')\nexcept BaseException:\n    pass",
            "it writes docs/a",
        ),
        "swallows the limit": Refused(
            "the lesson was stopped after 0.3 s",
            "---\nlimit: 0.3\n---\n" + PAGE,
            "def f():\n    try:\n        while True:\n            pass\n"
            "    except BaseException:\n        return 1\n",
            at="docs/lesson.md:6",
        ),
        "takes the limit off": Refused(
            "the lesson was stopped after 0.2 s",
            "---\nlimit: 0.2\n---\n" + PAGE,
            "import signal\n\n\ndef f():\n    signal.alarm(0)\n"
            "    signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "    while True:\n        pass\n",
            at="docs/lesson.md:6",
        ),
        "calls itself for ever": acts("return f()", "RecursionError"),
        "warns": acts("import warnings\nwarnings.warn('no')", "UserWarning: no"),
        "writes a temporary file": Harmless(
            "It is 2.",
            lesson="import tempfile\n\n\ndef f():\n"
            "    with tempfile.TemporaryDirectory() as folder:\n"
            "        with open(folder + '/a', 'w') as file:\n"
            "            file.write('2')\n"
            "        return open(folder + '/a').read()\n",
        ),
    },
    "exercises": {
        "no solution": exercise(
            "an exercise names its solution in the first line",
            "    solution: lesson.py:half\n",
            at="docs/lesson.md:1",
        ),
        "a solution behind the slips": exercise(
            "solution: is the first line",
            "    slips: doubled, kept, rounded\n",
            at="docs/lesson.md:",
            page=exercises.PAGE.replace("    sol", "    slips: a, b, c\n    sol"),
        ),
        "a solution above its exercise": Refused(
            "solution: is the first line",
            "    solution: lesson.py:half\n\n/// exercise | A\n",
            at="docs/lesson.md:1",
        ),
        "no such solution": exercise(
            "there is no halve in snippets/lesson.py; did you mean half?",
            "py:half",
            "py:halve",
        ),
        "no such file": exercise("did you mean lesson.py?", "lesson.py", "leson.py"),
        "a file without a function": exercise("names no function", "lesson.py:", ""),
        "a module and no file": exercise("names no function", "lesson.py", "lesson"),
        "no name of a function": exercise("names no function", "py:half", "py:a-b"),
        "a file elsewhere": exercise("not below snippets", "lesson.py", "../lesson.py"),
        "a constant": exercise("low is no function", "py:half", "py:low"),
        "imports": exercise("imports is no function", "py:half", "py:imports"),
        "a class": exercise(
            "A is no function",
            "py:half",
            "py:A",
            lesson=f"{exercises.LESSON}\n\nclass A:\n    x = 1\n",
        ),
        "a function in one line": Refused(
            "with a body of its own lines",
            exercises.PAGE,
            "def half(x): return x / 2\n",
            "docs/lesson.md:2",
            {"snippets/exercises/lesson.py": exercises.SLIPS},
        ),
        "a solution that raises": exercise(
            "the solution raises on half('a'): TypeError",
            "half(low)",
            "half('a')",
            "snippets/lesson.py:12",
        ),
        "a solution that gives a function": solved(
            "    return print\n", "a right answer could not be told"
        ),
        "a solution that gives objects": solved(
            "    return [object()]\n", "a right answer could not be told"
        ),
        "a beginning that is right": solved(
            "    x / 2\n    return 1\n",
            "what the reader begins with is right",
            now="\n    kind: line\n    from: x /",
        ),
        "a solution that gives nothing": solved(
            "    x / 2\n", "what the reader begins with is right"
        ),
        "no slips": exercise("3 slips at least, and this one 0", "    slips: dou", "#"),
        "two slips": exercise("3 slips at least, and this one 2", ", rounded"),
        "no file of slips": Refused(
            "there is no file snippets/exercises/lesson.py",
            exercises.PAGE,
            exercises.LESSON,
            "docs/lesson.md:2",
        ),
        "no such slip": exercise("there is no keep in snippets/ex", "kept", "keep"),
        "a slip that is none": slip(
            "def kept(x):", "kept = 3\n\n\ndef k(x):", "kept is no function", 0
        ),
        "slips that are no Python": slip(
            "def kept(x)", "def kept(x", "never closed", 0
        ),
        "slips that cannot be imported": slip(
            "def doubled", "1 / 0\n\n\ndef doubled", "the import raised", 4
        ),
        "a slip that is right on all cases": slip(
            "return x // 2",
            "return x * 0.5",
            "rounded gives what the solution gives on all cases: add a case that tells "
            "them apart, or leave it out\n    for docs/lesson.md:2",
            17,
        ),
        "two slips that are one": slip(
            "return x // 2", "return x", "rounded gives what the slip kept gives", 17
        ),
        "slips given twice": option(
            "slips: kept, doubled, rounded",
            "slips: is given in line 3, too: leave one of the two out",
            "docs/lesson.md:4",
        ),
        "a solution given twice": option(
            "solution: lesson.py:half",
            "solution: is given in line 2, too: leave one of the two out",
            "docs/lesson.md:4",
        ),
        "a kind given twice": option(
            "kind: write\n    kind: line",
            "kind: is given in line 4, too: leave one of the two out",
            "docs/lesson.md:5",
        ),
        "a slip twice": exercise(
            "doubled gives what the slip doubled gives",
            "kept",
            "doubled",
            "snippets/exercises/lesson.py:4",
        ),
        "a slip that says nothing": slip(
            '    """Nothing was divided."""\n',
            "",
            "the slip kept has no docstring: write what the reader is told",
            12,
        ),
        "HTML in what is told": slip(
            "Nothing", "<b>No</b>", f"No</b> was divided.”: <b: {HTML}", 0
        ),
        "a picture in what is told": slip("Nothing", "![A b](a.png)", PICTURE, 0),
        "a value in what is told": slip(
            "Nothing", "`{python} 1 + 1`", "nothing fills in a value there", 0
        ),
        "a formula in what is told": slip("Nothing", "$\\\\frac$", "Unexpected end", 0),
        "a slip that never ends": slip(
            "return x // 2",
            "while True:\n        x = x + 1",
            f"more than {MOST:,} lines of code",
            0,
        ),
        "a slip that takes too long": slip(
            "return x // 2",
            f"for _ in range({MOST}):\n        x = x + 1",
            f"more than {MOST:,} lines of code",
            0,
        ),
        "a slip that hides how long it takes": slip(
            "return x // 2",
            "try:\n        while True:\n            x = x + 1\n"
            "    except BaseException:\n        return 1",
            "the lesson was stopped after 0.5 s",
            0,
            "---\nlimit: 0.5\n---\n" + exercises.PAGE,
        ),
        "a slip that exits": slip(
            "return x // 2", "raise SystemExit", "the lesson called exit()", 19
        ),
        "a slip that writes": slip(
            "return x // 2", "open('docs/a', 'w')", "it writes docs/a", 19
        ),
        "a slip that is drawn by lot": slip(
            "return x // 2",
            "import random\n    return random.random()",
            "nobody has seeded",
            0,
        ),
        "no cases": exercise(
            "an exercise has a list of cases", "- `half(3.0)`\n- `half(low)`", "Go."
        ),
        "cases with numbers": exercise(
            "an exercise has a list of cases",
            "- `half(3.0)`\n- `half(low)`",
            "1. `half(3.0)`\n2. `half(low)`",
        ),
        "a case that is none": exercise(
            "every entry of the list is a case",
            "- `half(low)`",
            "- half of low",
            "docs/lesson.md:8",
        ),
        "cases without an empty line before them": exercise(
            "write an empty line before the list", "number.\n\n", "number.\n", "docs"
        ),
        "a list before that of the cases": exercise(
            "every entry of the list is a case",
            "It takes a number.",
            "- It takes a number.\n- So it is.",
            "docs/lesson.md:",
        ),
        "a case of another function": exercise(
            "does not call half", "half(low)", "abs(low)"
        ),
        "a broken case": exercise("not a Python expression", "half(low)", "half(low"),
        "a case that is a statement": exercise(
            "not a Python expression", "`half(low)", "`y = half(low)"
        ),
        "a case that is too deep": exercise(
            "not a Python expression", "low)", f"{DEEP})"
        ),
        "a case of an unknown name": exercise("name 'lov' is not", "(low)", "(lov)"),
        "a case that ends the script": exercise(
            "not a Python expression", "half(low)", "half(low)</script>"
        ),
        "no kind": option("kind: wrte", "line, repair or order; did you mean write?"),
        "no line": option("kind: line\n    from: z", "the beginning of 0 lines"),
        "no slip to repair": option(
            "kind: repair\n    from: z", "write from: doubled or kept or rounded"
        ),
        "a line of another kind": option("from: y =", "write kind: line or repair"),
        "a tolerance in words": option("within: a bit", "is no relative tolerance"),
        "a negative tolerance": option("within: -1", "is no relative tolerance"),
        "a tolerance of nan": option("within: nan", "is no relative tolerance"),
        "a tolerance that takes everything": option(
            "within: 0.9", "gives what the slip", "snippets/exercises/lesson.py:12"
        ),
        "a figure that is not there": option(
            "draws: bowl [half(1), 2]", "no figure to move on this page has the id bowl"
        ),
        "too few points to draw": exercise(
            "gives 0 points and not from 2 to 1000",
            "\n\nIt",
            "\n    draws: bowl [half(1)]\n\nIt",
            page=exercises.PAGE + "\n!!! note\n    id: bowl\n",
        ),
        "an unknown option": option(
            "hint: think", "An exercise starts with /// exercise", "docs/lesson.md:1"
        ),
        "an id that cannot be one": option("id: 1<b>", "write id: and", "docs/lesson"),
        "an id of two": Refused(
            "lesson-half is that of another exercise",
            f"{exercises.PAGE}\n{exercises.PAGE}",
            exercises.LESSON,
            "docs/lesson.md:15",
            {"snippets/exercises/lesson.py": exercises.SLIPS},
        ),
        "no task": exercise(
            "An exercise starts with /// exercise",
            " | Write `half`, which halves.",
            at="docs/lesson.md:1",
        ),
        "never closed": exercise("this exercise never ends", "one?\n///", "", "docs"),
        "two slashes": exercise("is the first line", "/// ex", "// ex"),
        "misspelt": exercise("is the first line", "/// ex", "/// exs"),
    },
    "transcripts and exercises that the browser leaves out": {
        "a file that is no TOML": left_out("[lesson.md\n", "browser.toml"),
        "a line that is gone": left_out('["lesson.md"]\n\n"1 + 2" = "why"\n', "1 + 2"),
        "no reason": left_out('["lesson.md"]\n"1 + 1" = 3\n', "reason"),
        "no table": left_out('"lesson.md" = 1\n', "browser.toml"),
    },
    "modules with a package's name": {
        "numpy": Refused(
            "the name of an installed package",
            at="snippets/numpy.py:1",
            files={"snippets/numpy.py": CODE},
        ),
        "yaml": Refused(
            "the name of an installed package",
            at="snippets/yaml.py:1",
            files={"snippets/yaml.py": CODE},
        ),
        "random": Refused(
            "the name of a standard module",
            at="snippets/random.py:1",
            files={"snippets/random.py": CODE},
        ),
        "a folder numpy": Refused(
            "the name of an installed package",
            at="snippets/numpy:1",
            files={"snippets/numpy/__init__.py": ""},
        ),
        "a folder statistics": Refused(
            "the name of a standard module",
            at="snippets/statistics:1",
            files={"snippets/statistics/__init__.py": ""},
        ),
    },
    "code that is too deep for Python": {
        "a value": value(DEEP, "not a Python expression"),
        "a check": shown(f"It is. `{{check}} {DEEP} < 1`", "not a Python expression"),
        "a module": Refused(
            "the import raised ",
            at="snippets/lesson.py:1",
            lesson=f"{CODE}\n\nX = {DEEP}\n",
        ),
        "a module that is shown": shown(
            '```python\n--8<-- "lesson.py:f"\n```',
            "snippets/lesson.py:1: ",
            at="docs/lesson.md:4",
            lesson=f"{CODE}\n\nX = {DEEP}\n",
        ),
    },
    "the head of a page": {
        "never closed": Refused(
            "this head never ends", "---\ntitle: A\n\nText\n", at="docs/lesson.md:1"
        ),
        "closed by two": Refused(
            "this head never ends", "---\ntitle: A\n--\n\nText\n", at="docs/lesson.md:1"
        ),
        "misspelt": Refused(
            "nothing reads titel; did you mean title?",
            "---\ntitel: A\n---\n",
            at="docs/lesson.md:2",
        ),
        "in capitals": Refused(
            "did you mean title?", "---\nTitle: A\n---\n", at="docs/lesson.md:2"
        ),
        "a misspelt limit": Refused(
            "did you mean limit?",
            "---\ntitle: A\nlimits: 3\n---\n",
            at="docs/lesson.md:3",
        ),
        "twice": Refused(
            "stands there twice",
            "---\ntitle: A\ntitle: B\n---\n",
            at="docs/lesson.md:3",
        ),
        "a list": Refused("as title: …", "---\n- title\n---\n", at="docs/lesson.md:2"),
        "a word": Refused("as title: …", "---\ntitle\n---\n", at="docs/lesson.md:2"),
        "a key that is no word": Refused(
            "in the page's head: ", "---\n? [a]\n: b\n---\n", at="docs/lesson.md:2"
        ),
        "no YAML": Refused(
            "in the page's head", "---\ntitle: [a\n---\n", at="docs/lesson.md:"
        ),
        "a bell": Refused(
            "in the page's head: this is no YAML",
            "---\ntitle: \a\n---\n",
            at="docs/lesson.md:2",
        ),
        "a limit that is none": Refused(
            "is no number of seconds",
            "---\nlimit: soon\n---\nText\n",
            at="docs/lesson.md:2",
        ),
        "an endless limit": Refused(
            "is no number of seconds",
            "---\nlimit: .inf\n---\nText\n",
            at="docs/lesson.md:2",
        ),
        "a limit of nan": Refused(
            "is no number of seconds",
            "---\nlimit: .nan\n---\nText\n",
            at="docs/lesson.md:2",
        ),
        "not UTF-8": Refused(
            "this is not UTF-8",
            "---\ntitle: é\n---\n".encode("latin-1"),
            at="docs/lesson.md:2",
        ),
        "a page that is not UTF-8": Refused(
            "this is not UTF-8", "# A\n\né\n".encode("latin-1")
        ),
    },
}

CASES = [(c, name) for c, faults in FAULTS.items() for name in faults]


def of(kind):
    """The faults of one kind, as parameters of a test."""
    found = [case for case in CASES if isinstance(FAULTS[case[0]][case[1]], kind)]
    return pytest.mark.parametrize("case", found, ids=": ".join)


def fault_of(case):
    return FAULTS[case[0]][case[1]]


@of(Refused)
def test_it_is_refused_with_its_place_and_what_to_do(course, case):
    fault = fault_of(case)
    for path, text in fault.files.items():
        course.write(path, text)
    if isinstance(fault.lesson, bytes):
        course.write("snippets/lesson.py", fault.lesson)
    lesson = fault.lesson if isinstance(fault.lesson, str) else None
    said = course.faults(fault.page, lesson)
    first = next((one for one in said if fault.says in one), said)
    assert fault.says in first, said
    assert str(first).startswith(fault.at), said
    assert re.match(r"(docs|snippets)/[\w/.]+:\d+: ", first)
    assert ("Traceback (most" in first) <= ("Traceback (most" in str(fault.page))
    assert len(first) < 3000


@of(Followed)
def test_an_edit_of_it_shows(course, case):
    fault = fault_of(case)
    course.write(fault.file, fault.before)
    course.restart()
    if fault.file != "snippets/lesson.py":
        course.write("snippets/lesson.py", fault.lesson)
    assert "It is 1." in course.html(fault.page)
    assert course.runs(fault.page) == 0
    course.write(fault.file, fault.after)
    course.restart()
    assert "It is 2." in course.html(fault.page)


@of(Harmless)
def test_it_is_shown_as_it_is(course, case):
    fault = fault_of(case)
    assert fault.shows in re.sub(
        r"</?span[^>]*>", "", course.html(fault.page, fault.lesson)
    )


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """A course in another place, another year and another order of sets."""
    course = Project(tmp_path_factory.mktemp("elsewhere"), later=True)
    yield course
    course.close()


@of(Unsteady)
def test_a_second_run_tells_it(course, elsewhere, case):
    lesson = fault_of(case).lesson
    here, there = (one.outcome(PAGE, lesson) for one in (course, elsewhere))
    assert here != there or isinstance(here, str)


def test_what_is_steady_is_the_same_everywhere(course, elsewhere):
    page = PAGE + "\n![A line](figures/lesson/line.svg)\n"
    lesson = (
        "import numpy as np\n"
        + LINE
        + ("\n\ndef f():\n    return f'{np.random.default_rng(7).random():.3f}'\n")
    )
    assert course.outcome(page, lesson) == elsewhere.outcome(page, lesson)


@pytest.mark.skipif(not WHOLE_SITE, reason="runs every lesson twice: set WHOLE_SITE")
@pytest.mark.parametrize("uri", Site(ROOT).pages())
def test_every_lesson_is_the_same_everywhere(weavers, uri):
    here, there = (outcome(weaver, uri) for weaver in weavers)
    assert not isinstance(here, str), here
    assert here == there


@pytest.fixture(scope="module")
def weavers(tmp_path_factory):
    """The course here and now, and in another year; neither knows of earlier runs."""
    weavers = []
    for environment in {}, later(SNIPPETS):
        weaver = Weaver(ROOT)
        weaver.cache = Cache(tmp_path_factory.mktemp("cache"))
        weaver.server = Server(SNIPPETS, environment=environment)
        weavers.append(weaver)
    yield weavers
    for weaver in weavers:
        weaver.close()


def test_no_fault_stands_there_twice():
    assert len({repr(fault_of(case)) for case in CASES}) == len(CASES) > 250
