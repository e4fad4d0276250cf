"""Find what a page names: code, figures, values and transcripts.

A page is Markdown in which four forms are ours:

    --8<-- "descent.py:step"                 a named part of snippets/descent.py
    ![alt text](figures/descent/path.svg)    what its figure_path() draws
    `{python} f"{path[-1]:.3f}"`             what an expression gives
    ```pycon                                 a transcript, run and compared

Code is copied from the file. The other three need a run: they become `Item`s, in
the order of the page, because a page is one session from top to bottom. A name
that a transcript binds is known to the expressions after it.
"""

import ast
import re
import textwrap
from pathlib import Path
from typing import NamedTuple

from .faults import Fault, did_you_mean

_VALUE = r"(?<!`)`\{python\}[ \t]*(?P<value>[^`]*)`(?!`)"
_TOKEN = re.compile(
    rf"""
      ^(?P<indent>[ \t]*)(?P<fence>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^\n`]*)\n
       (?P<body>.*?)^[ \t]*(?P=fence)[ \t]*$
    | <!--.*?-->
    | !\[(?P<alt>(?:[^\[\]`]|\[[^\[\]`]*\]|`[^`]*`)*)\]
       \((?P<target>\s*[./]*(?:figures|tables)/[^)]*)\)
    | {_VALUE}
    | (?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_INLINE = re.compile(_VALUE)
_TARGET = re.compile(
    r"\s*(?:figures/(?P<module>\w+)/(?P<name>\w+)\.svg|tables/(?P<of>\w+)/(?P<table>\w+))"
    r"(?:\?(?P<arguments>[^\s)]*))?\s*"
)
_INCLUDE = re.compile(
    r'(?P<indent>[ \t]*)--8<--[ \t]+"(?P<file>[^":]+)(?::(?P<name>[^"]+))?"[ \t]*'
)
_WORD = re.compile(r"\w[\w'’-]*")
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\.\d)")
_LINK = re.compile(r"\]\([^)]*\)|<https?:[^>]*>|^\s+within: .*$", re.MULTILINE)
_TYPED = {"python", "py", "python3", "py3", "pyi", "python-console"}
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}[^`\n]*|~{3,}[^\n]*)$", re.MULTILINE)


class Item(NamedTuple):
    """Something that a run fills in: a "figure", a "value" or a "transcript".

    `text` is the name of the figure, the expression, or the transcript;
    `module` is the module whose function draws the figure.
    """

    kind: str
    line: int
    text: str
    module: str = ""
    given: str = ""

    @property
    def arguments(self):
        """What the link gives the function: `?rate=0.9&name=quad1`."""
        pairs = (part.split("=", 1) for part in self.given.split("&") if part)
        return {name: _literal(value) for name, value in pairs}

    def slug(self):
        """A name for ids: the module, the function and its arguments."""
        values = [part.partition("=")[2] for part in self.given.split("&") if part]
        words = [self.module, self.text, *(re.sub(r"\W", "_", v) for v in values)]
        return "-".join(words)


def _literal(text):
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


class _Slot(NamedTuple):
    """The place of item number `index`; a figure also has the parts of its alt."""

    index: int
    indent: str = ""
    alt: tuple = None


class _Prose(str):
    """Running text, in which `{reading}` may stand."""


class Page:
    """A page taken apart into plain text and the items between.

    `path`, relative to the project's root, stands in every message; `first_line`
    is the number that the first line of `text` has in that file. What is wrong
    with the page itself is collected in `faults`.
    """

    def __init__(self, path, text, snippets, first_line=1):
        self.path, self.stem, self.text = path, Path(path).stem, text
        self.snippets, self.first_line = Path(snippets), first_line
        self.items, self.faults, self.prose = [], [], []
        self.sources = set()
        self._parts, position = [], 0
        for match in _TOKEN.finditer(text):
            self._plain(position, match.start())
            self._token(match)
            position = match.end()
        self._plain(position, len(text))

    def woven(self, results, place_figure):
        """The page's Markdown with every result in its place.

        `results` are strings, one for each item; `place_figure(item, svg, alt)`
        returns the text that stands for a figure. `{reading}` becomes the number of
        words and the minutes they take.
        """

        words = sum(len(_WORD.findall(text)) for _, text in self.prose)
        reading = f"{words:,} words, {max(1, round(words / 200))} min"

        def filled(part):
            if isinstance(part, str):
                return part
            result = results[part.index]
            if part.alt is None:
                return result.replace("\n", "\n" + part.indent)
            alt = " ".join("".join(map(filled, part.alt)).split())
            return place_figure(self.items[part.index], result, alt)

        text = ""
        self._origins = []
        for position, part in self._parts:
            self._origins.append((len(text), position))
            text += filled(
                part.replace("{reading}", reading) if isinstance(part, _Prose) else part
            )
        return text

    def place(self, woven, fragment):
        """The line in the page's file of a fragment of the woven text."""
        at = max(woven.find(fragment), 0)
        start, position = max(entry for entry in self._origins if entry[0] <= at)
        return self.line(position) + woven.count("\n", start, at)

    def typed_decimals(self, shown=""):
        """Decimals that somebody typed: (line, number) for each in the prose.

        Those that also stand in the page's code, in its transcripts or in the text
        `shown` are given numbers, not results.
        """
        text = self.text
        fences = [m for m in _TOKEN.finditer(text) if m["fence"]]
        run = shown + "".join(
            source(self.snippets, file, name) for file, name in self.sources
        )
        run += "".join(match["body"] for match in fences)
        run += "".join(item.text for item in self.items if item.kind == "value")
        given = set(_DECIMAL.findall(run))
        alts = [
            (m.start("alt"), _INLINE.sub("", m["alt"]))
            for m in _TOKEN.finditer(text)
            if m["alt"]
        ]
        return [
            (self.line(start + match.start()), match[0])
            for start, prose in [*self.prose, *alts]
            for match in _DECIMAL.finditer(_LINK.sub(_blank, prose))
            if match[0] not in given
        ]

    def line(self, position):
        """The number, in the page's file, of the line with that character."""
        return self.first_line + self.text.count("\n", 0, position)

    def fault(self, position, message):
        self.faults.append(Fault(self.path, self.line(position), message))

    def _plain(self, start, end):
        text = self.text[start:end]
        self._parts.append((start, _Prose(text)))
        self.prose.append((start, text))
        lone = _FENCE.search(text)
        if lone:
            self.fault(
                start + lone.start(),
                "this block is not closed, or stands in a quotation: what is in it "
                "would be shown without being run",
            )
        for mark, remedy in {
            "--8<--": "code by name stands inside a fenced block",
            "{python}": "write the expression as `{python} 1 + 1`, on one line",
            "](figures/": "write a figure as ![what is seen](figures/stem/name.svg)",
        }.items():
            if mark in text:
                self.fault(start + text.index(mark), remedy)

    def _token(self, match):
        if match["fence"]:
            self._fence(match)
        elif match["ticks"] and _FENCE.search(match[0]):
            self._plain(match.start(), match.end())
        elif match["target"]:
            self._figure(match)
        elif match["value"] is not None:
            self._parts.append((match.start(), self._value(match, 0)))
        else:
            self._parts.append((match.start(), match[0]))

    def _value(self, match, offset):
        start = offset + match.start()
        line_start = self.text.rfind("\n", 0, start) + 1
        before = self.text[line_start:start]
        slot = _Slot(len(self.items), before if before.isspace() else "")
        expression = match["value"].strip()
        try:
            ast.parse(expression, mode="eval")
        except SyntaxError as error:
            self.fault(start, f"not a Python expression: {expression} ({error.msg})")
            expression = "''"  # said once is enough
        self.items.append(Item("value", self.line(start), expression))
        return slot

    def _figure(self, match):
        target = _TARGET.fullmatch(match["target"])
        if not target:
            return self.fault(
                match.start(),
                f"{match['target'].strip()}: write a figure as figures/stem/name.svg, "
                "drawn by figure_name() in snippets/stem.py",
            )
        if target["table"]:
            return self._table(match, target)
        name = f"figures/{target['module']}/{target['name']}.svg"
        if not match["alt"].strip():
            self.fault(match.start(), f"{name} needs alt text that says what is seen")
        alt, position = [], 0
        for value in _INLINE.finditer(match["alt"]):
            alt.append(match["alt"][position : value.start()])
            alt.append(self._value(value, match.start("alt")))
            position = value.end()
        alt.append(match["alt"][position:])
        self._parts.append((match.start(), _Slot(len(self.items), alt=tuple(alt))))
        line = self.line(match.start())
        given = target["arguments"] or ""
        self.items.append(Item("figure", line, target["name"], target["module"], given))

    def _table(self, match, target):
        line = self.line(match.start())
        self._parts.append((match.start(), _Slot(len(self.items))))
        given = target["arguments"] or ""
        self.items.append(Item("table", line, target["table"], target["of"], given))

    def _fence(self, match):
        language = match["info"].strip().strip("{}. ").split(" ")[0]
        head = self.text[match.start() : match.start("body")]
        tail = self.text[match.end("body") : match.end()]
        body, included, position = [], False, match.start("body")
        for line in match["body"].splitlines(keepends=True):
            named = _named(line)
            body.append(self._include(line, position) if named else line)
            included = included or named
            position += len(line)
        typed = [line for line in match["body"].splitlines() if not _named(line)]
        prompt = any(line.lstrip().startswith(">>> ") for line in typed)
        if prompt and language != "pycon":
            self.fault(match.start(), "a transcript is run in a ```pycon block only")
        elif language in _TYPED and ("".join(typed).strip() or not included):
            self.fault(
                match.start(),
                "typed Python is never run: put it into snippets/ and name it, as in "
                f'--8<-- "{self.stem}.py:step"',
            )
        if language == "pycon":
            transcript = textwrap.dedent(match["body"])
            line = self.line(match.start("body"))
            self.items.append(Item("transcript", line, transcript))
        self._parts.append((match.start(), head + "".join(body) + tail))

    def _include(self, line, position):
        match = _INCLUDE.fullmatch(line.rstrip("\n"))
        if not match:
            self.fault(position, f'write {line.strip()} as --8<-- "stem.py:name"')
            return ""
        try:
            code = source(self.snippets, match["file"], match["name"])
        except LookupError as error:
            self.fault(position, error.args[0])
            return ""
        self.sources.add((match["file"], match["name"]))
        return textwrap.indent(code, match["indent"]) + "\n"


def _named(line):
    return line.lstrip().startswith("--8<--")


def _blank(match):
    return " " * len(match[0])


def source(snippets, file, name=None):
    """The source of a function, class or constant of a file, or of all of it.

    The name `imports` stands for all import statements at the top level.
    Raises LookupError, with a message for the author, when there is none.
    """
    path, place = snippets / file, f"snippets/{file}"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise LookupError(f"{place} is not written in UTF-8") from None
    except OSError:
        files = [file.name for file in path.parent.glob("*.py")]
        hint = did_you_mean(path.name, files)
        raise LookupError(f"there is no file {place}{hint}") from None
    if name is None:
        return text.rstrip("\n")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise LookupError(f"{place}:{error.lineno}: {error.msg}") from None
    parts = {}
    for node in tree.body:
        for bound in _names(node):
            parts.setdefault(bound, []).append(node)
    if name not in parts:
        hint = did_you_mean(name, parts)
        raise LookupError(f"there is no {name} in {place}{hint}")
    lines = text.split("\n")  # as ast counts them: a form feed ends no line
    return "\n".join(
        "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
        for node in parts[name]
    )


def _names(node):
    """The names that a top-level statement is known by."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return ["imports"]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) else []
    if isinstance(node, ast.Assign):
        return [
            leaf.id
            for target in node.targets
            for leaf in ast.walk(target)
            if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)
        ]
    return []


def _first_line(node):
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
