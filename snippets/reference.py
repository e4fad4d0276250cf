"""What the pages of the reference say about the lessons and their tests.

Nothing here is kept in a list of its own: titles, goals and beliefs are read from
the lessons, formulas from their proofs, and checks are counted where they stand.
"""

import ast
import doctest
import json
import os
import platform
import re
import tomllib
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from _weave.read.page import Page
from _weave.read.site import Site
from dimensions import report
from failures import census_share, himmelblau_map
from newton import newton
from shared.landscapes import explog, rosenbrock
from shared.path import first_within
from shared.tables import table

READS = (
    "mkdocs.yml",
    "docs/**/*.md",
    "snippets/*.py",
    "snippets/shared/*.py",
    "snippets/_weave/markdown/*.js",
    "tests/**/*.py",
    "tests/mutants.*",
    "tests/fixtures/*.json",
    "$REPO_URL",
)

_ROOT = Path(__file__).parent.parent
_SITE = Site(_ROOT)
_GOAL = re.compile(r"^!!! goal .*\n((?: {4}.+\n)+)", re.MULTILINE)
_BELIEF = re.compile(r'^!!! belief "(.+)"$', re.MULTILINE)
_HEADING = re.compile(r"^## (.+?)(?: \{ *#([\w-]+) *\})?$", re.MULTILINE)
_QUESTION = re.compile(r"^/// question .*?^///$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"^(?:- \[|\d+\. )", re.MULTILINE)
_LIBRARIES = {
    "scipy": "SciPy",
    "sympy": "SymPy",
    "mpmath": "mpmath",
    "record_torch": "PyTorch",
}

_OTHER_CHANGES = {
    "machinery": "the machinery",
    "scripts": "the scripts",
    "pages": "the pages",
}


class Lesson(NamedTuple):
    """A lesson's page as it was written."""

    stem: str
    title: str
    text: str


class Belief(NamedTuple):
    """What a lesson refutes, and the section that does."""

    lesson: Lesson
    said: str
    anchor: str


class Formula(NamedTuple):
    """A formula, and the function that proves it."""

    stem: str
    words: str
    tex: str
    proof: str
    line: int


@cache
def lessons():
    """Return the lessons, the pages that state a goal, in the order of the site."""
    found = []
    for page in _SITE.navigation():
        if page.endswith(".md") and _GOAL.search(_read(f"docs/{page}")):
            text, stem = _read(f"docs/{page}"), page.removesuffix(".md")
            found.append(Lesson(stem, _SITE.title(page), text))
    return found


def goal(lesson):
    """Return what a reader can do after the lesson.

    >>> text = '!!! goal "After this lesson"\\n    you can go\\n    down.\\n'
    >>> goal(Lesson("walk", "A walk", text))
    'you can go down.'
    """
    return " ".join(_GOAL.search(lesson.text)[1].split())


def beliefs(lesson):
    """Return the beliefs that a lesson refutes, in their order."""
    found = []
    for match in _BELIEF.finditer(lesson.text):
        heading = [*_HEADING.finditer(lesson.text, 0, match.start())][-1]
        anchor = heading[2] or re.sub(r"[^\w]+", "-", heading[1].lower()).strip("-")
        found.append(Belief(lesson, match[1], anchor))
    return found


@cache
def formulas():
    """Return the formulas of `tests/test_formulas.py`, from its proofs' docstrings.

    That a formula is the one that was proved is what the tests there are for.
    """
    found = []
    for node in ast.parse(_read("tests/test_formulas.py")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("prove_"):
            head, tex = ast.get_docstring(node).split("\n\n")
            stem, words = " ".join(head.split()).split(": ", 1)
            found.append(Formula(stem, words, tex, node.name, node.lineno))
    return found


def taught():
    """Return a list of what each lesson teaches."""
    return "\n".join(f"- {_link(one)}: {_from_here(goal(one))}" for one in lessons())


def misconceptions():
    """Return the beliefs of all lessons, under the lessons' titles."""
    parts = []
    for lesson in lessons():
        said = [
            f"- [{b.said}](../{lesson.stem}.md#{b.anchor})" for b in beliefs(lesson)
        ]
        parts += [f"## {_link(lesson)} {{ #{lesson.stem} }}", "\n".join(said)]
    return "\n\n".join(parts)


def sheet():
    """Return all formulas with their proofs, under the lessons' titles."""
    titles = {lesson.stem: lesson for lesson in lessons()}
    parts = []
    for stem, group in groupby(formulas(), lambda formula: formula.stem):
        parts.append(f"## {_link(titles[stem])} {{ #{stem} }}")
        for one in group:
            words = one.words[0].upper() + one.words[1:]
            place = f"tests/test_formulas.py#L{one.line}"
            said = _file(place, f"`{one.proof}`")
            parts.append(f"{words}:\n\n$$\n{one.tex}\n$$")
            parts.append(f"proved by {said}\n{{ .checked }}")
    return "\n\n".join(parts)


def steps_to_twelve_decimals(start):
    """Return how many Newton steps on eˣ − ln x lead to twelve decimals."""
    path = newton(explog.grad, explog.hess, start)
    return first_within(path, explog.minima[0], 1e-12)


def condition_of_rosenbrock():
    """Return the condition number at the minimum of `rosenbrock`."""
    return report(rosenbrock.hess(rosenbrock.minima[0])).condition


def runs_on_himmelblau():
    """Return from how many starts Newton's method was run on `himmelblau`."""
    return himmelblau_map("newton").size


def share_at_saddles():
    """Return which part of these runs ends at a saddle."""
    return census_share("newton", "saddle")


def total(what):
    """Return a sum over all lessons: of "expressions", "tests", "checks" and so on."""
    if what in CLAIMED:
        return sum(claimed(one)[what] for one in lessons())
    pages = ["expressions", "transcripts", "figures", "code", "questions", "answers"]
    if what in pages:
        return sum(counted_on_page(one)[pages.index(what)] for one in lessons())
    if what == "examples":
        return sum(counted_in_module(one.stem)[0] for one in lessons())
    place = {"tests": 0, "cases": 1}[what]
    paths = [
        path.relative_to(_ROOT).as_posix() for path in _ROOT.glob("tests/**/test_*.py")
    ]
    return sum(counted_tests(path)[place] for path in paths)


@cache
def counted_on_page(lesson):
    """Return expressions, transcript lines, figures, code, questions, answers."""
    page = Page(f"docs/{lesson.stem}.md", lesson.text, _ROOT / "snippets")
    kinds = [item.form for item in page.items]
    lines = sum(_examples(i.text) for i in page.items if i.form == "transcript")
    questions = _QUESTION.findall(lesson.text)
    answers = sum(len(_OPTION.findall(question)) for question in questions)
    values = kinds.count("value") + kinds.count("table")
    held = [values, lines, kinds.count("figure"), len(page.sources)]
    return [*held, len(questions), answers]


@cache
def counted_in_module(stem):
    """Return a module's doctest examples, and how many landscapes it walks on."""
    tree = ast.parse(_read(f"snippets/{stem}.py"))
    documented = ast.Module, ast.ClassDef, ast.FunctionDef
    texts = [
        ast.get_docstring(node) or ""
        for node in ast.walk(tree)
        if isinstance(node, documented)
    ]
    known = re.findall(
        r"^(\w+) = Landscape\(", _read("snippets/shared/landscapes.py"), re.M
    )
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "shared.landscapes":
            named |= {alias.name for alias in node.names}
    return sum(map(_examples, texts)), len(named & set(known))


@cache
def counted_tests(path):
    """Return the tests of a file, and their cases as far as they are written out.

    A test that is given a list runs once for each entry. Lists that are computed
    count as one case, so there are at least as many. A proof, which a test runs, is
    a test.
    """
    tests = cases = 0
    for node in ast.parse(_read(path)).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith(
            ("test_", "prove_")
        ):
            tests += 1
            times = 1
            for given in node.decorator_list:
                if isinstance(given, ast.Call) and len(given.args) > 1:
                    times *= len(getattr(given.args[1], "elts", [None]))
            cases += times
    return tests, cases


CLAIMED = {
    "checks": "checks",
    "by name": "of them by name",
    "theorems": "theorems",
    "reasons": "other reasons",
    "proofs": "formulas proved",
    "given": "given numbers",
}


@cache
def claimed(lesson):
    """Return what holds a lesson's sentences: {name in `CLAIMED`: how many}."""
    source = _SITE.source(f"{lesson.stem}.md")
    items = Page(source.path, source.body, _ROOT / "snippets").items
    checks = [item.text for item in items if item.form == "check"]
    reasons = [item.text for item in items if item.form == "reason"]
    given = re.split(r"\n| · ", source.head.get("given") or "")
    return {
        "checks": len(checks),
        "by name": sum("claim_" in check for check in checks),
        "theorems": reasons.count("theorem"),
        "reasons": len(reasons) - reasons.count("theorem"),
        "proofs": sum(formula.stem == lesson.stem for formula in formulas()),
        "given": len([phrase for phrase in given if phrase.strip()]),
    }


@cache
def changes(kind):
    """Return what came of small changes: {group: counts}, as `tests/mutate.py` wrote.

    Kinds are "lessons", "machinery", "scripts" and "pages"; of the counts, `of` is
    all changes that there are, `mutants` those that were tried.
    """
    return json.loads(_read("tests/mutants.json")).get(kind, {})


def changed(kind, what):
    """Return a sum of these counts over all groups of a kind."""
    return sum(counts[what] for counts in changes(kind).values())


def same():
    """Return a list of the changes that change nothing, with the reasons."""
    listed = tomllib.loads(_read("tests/mutants.toml"))["equivalent"]
    rows = []
    for one in sorted(listed, key=lambda one: (one["file"], one["in"])):
        name = one["file"].removeprefix("snippets/").removesuffix(".py")
        place = f"{name}.{one['in']}".replace("/", ".")
        rows.append(f"- `{place}`: `{one['was']}` or `{one['now']}`: {one['why']}.")
    return "\n".join(rows)


@cache
def faults():
    """Return how many faults are made on purpose, in `tests/weave/test_faults.py`."""
    path = _ROOT / "tests/weave/test_faults.py"
    body = ast.parse(path.read_text("utf-8")).body if path.exists() else []
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _binds(node, "FAULTS"):
            return len(getattr(node.value, "elts", getattr(node.value, "keys", [])))
    return 0


def compared_with(stem):
    """Return the libraries that the results of a lesson are compared with."""
    found = imported(f"tests/test_{stem}.py")
    if stem in imported("tests/test_torch.py"):
        found |= {"record_torch"}
    return [name for module, name in _LIBRARIES.items() if module in found]


def imported(path):
    """Return the modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(_read(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    return names


def table_held():
    """What each lesson's page holds that a build runs."""
    header = ["lesson", "expressions", "transcript lines", "figures", "code by name"]
    header += ["questions", "answers"]
    rows = [[_link(lesson), *counted_on_page(lesson)] for lesson in lessons()]
    return table(header, _with_sums(rows))


def table_claims():
    """What holds the sentences of each lesson."""
    rows = [[_link(one), *claimed(one).values()] for one in lessons()]
    return table(["lesson", *CLAIMED.values()], _with_sums(rows))


def table_changes():
    """What came of small changes in the code that each lesson shows."""
    titles = {lesson.stem: _link(lesson) for lesson in lessons()}
    known, rows = changes("lessons"), []
    names = [name for name in titles if name in known]  # others are tried by the tests
    for name in [*names, *sorted(known.keys() - titles.keys())]:
        counts = known[name]
        tried = [counts["mutants"], counts["killed"], counts["equivalent"]]
        rows.append([titles.get(name, f"`{name}.py`"), *tried])
    return table(["shown by", "changes", "noticed", "the same"], _with_sums(rows))


def table_other_changes():
    """What came of small changes elsewhere: a sample of them."""
    rows = []
    for kind, words in _OTHER_CHANGES.items():
        for group, counts in changes(kind).items():
            tried, killed = counts["mutants"], counts["killed"]
            same = counts["equivalent"]
            share = f"{(killed + same) / tried:.0%}" if tried else "–"
            rows.append([f"{words}: {group}", counts["of"], tried, killed, share])
    header = ["what is changed", "changes", "tried", "noticed", "that is"]
    return table(header, rows or [["nothing yet", 0, 0, 0, "–"]])


def table_commands():
    """What each kind of proof amounts to, and the command that gives it."""
    build, test, change = "mkdocs build --strict", "pytest", "python tests/mutate.py"
    rows = [
        ["values, tables and answers printed", total("expressions"), build],
        ["lines of transcripts", total("transcripts"), build],
        ["claims checked", total("checks"), build],
        ["figures drawn", total("figures"), build],
        ["tests", total("tests"), test],
        ["formulas proved", len(formulas()), f"{test} tests/test_formulas.py"],
        ["runs of PyTorch compared", _recorded_runs(), f"{test} tests/test_torch.py"],
        ["changes of the lessons' code noticed", changed("lessons", "killed"), change],
        ["faults made on purpose", faults(), f"{test} tests/weave/test_faults.py"],
    ]
    for kind, words in _OTHER_CHANGES.items():
        what = f"changes of {words} noticed, of {changed(kind, 'mutants'):,} tried"
        command = f"{change} --{kind} --sample …"
        rows.append([what, changed(kind, "killed"), command])
    shown = [[what, f"{n:,}", f"`{command}`"] for what, n, command in rows if n]
    return table(["what", "how many", "the command"], shown)


def table_checks():
    """The tests of each lesson."""
    header = ["lesson", "examples", "tests", "cases, at least", "landscapes"]
    header += ["compared with", "file"]
    rows = []
    for lesson in lessons():
        path = f"tests/test_{lesson.stem}.py"
        examples, walked = counted_in_module(lesson.stem)
        counts = [examples, *counted_tests(path), walked]
        others = ", ".join(compared_with(lesson.stem)) or "–"
        rows.append(
            [_link(lesson), *counts, others, _file(path, f"`{Path(path).name}`")]
        )
    return table(header, _with_sums(rows))


def table_other_checks():
    """The tests that belong to no lesson."""
    own = {f"test_{lesson.stem}" for lesson in lessons()}
    paths = [*(_ROOT / "tests").rglob("test_*.py")]
    rows = []
    for path in sorted(path for path in paths if path.stem not in own):
        name = path.relative_to(_ROOT).as_posix()
        about = ast.get_docstring(ast.parse(_read(name))).split("\n\n")[0]
        about = " ".join(about.split())
        link = _file(name, f"`{path.name}`")
        rows.append([link, *counted_tests(name), about])
    return table(["file", "tests", "cases, at least", "what they check"], rows)


def table_versions():
    """What this build was made with."""
    rows = [["Python", platform.python_version()]]
    rows += [[name, version(name.lower())] for name in ("NumPy", "Matplotlib")]
    temml = re.search(
        r'version:"([.\d]+)"', _read("snippets/_weave/markdown/temml.min.js")
    )
    rows += [["Temml", temml[1]]]
    return table(["made with", "version"], rows)


def _recorded_runs():
    """Return how many runs of PyTorch are kept in the tests."""
    files = sorted((_ROOT / "tests/fixtures").glob("torch_*.json"))
    return sum(len(json.loads(file.read_text("utf-8"))["runs"]) for file in files)


def _binds(node, name):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _read(path):
    return (_ROOT / path).read_text("utf-8")


def _examples(text):
    return len(doctest.DocTestParser().get_examples(text))


def _link(lesson):
    return f"[{lesson.title}](../{lesson.stem}.md)"


def _from_here(text):
    """Let the links of a page in `docs/` lead to the same places from below."""
    return re.sub(r"\]\((?=\w+\.md)", "](../", text)


def _file(path, text):
    """Return a link to a file of the repository, if its address is known."""
    repository = os.environ.get("REPO_URL")
    return (
        f"[{text}]({repository.rstrip('/')}/blob/main/{path})" if repository else text
    )


def _with_sums(rows):
    columns = zip(*rows, strict=True)
    sums = [sum(c) if isinstance(c[0], int) else "" for c in columns]
    return [*rows, ["**all**", *sums[1:]]]
