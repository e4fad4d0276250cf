"""What the page of verification counts: what the lessons hold, and their tests.

Nothing here is kept in a list of its own: all is counted where it stands.
"""

import ast
import doctest
import json
import platform
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.metadata import version
from pathlib import Path

from _weave.read.transcripts import cells, cells_of, cells_why_not
from reference import file, formulas, lessons, link, stem
from shared.tables import table

READS = (
    "@pages",
    "snippets/*.py",
    "snippets/exercises/*.py",
    "snippets/shared/landscapes.py",
    "snippets/_weave/markdown/*.js",
    "snippets/_weave/browser/*.txt",
    "snippets/browser.toml",
    "docs/labs/*.py",
    "tests/**/*.py",
    "tests/mutants.*",
    "tests/fixtures/*.json",
)

_ROOT = Path(__file__).parent.parent
_BROWSER = "pytest tests/browser/test_transcripts_browser.py"
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


def total(what):
    """Return a sum over all lessons: of "expressions", "tests", "tried" and so on."""
    if what in CLAIMED:
        return sum(claimed(one)[what] for one in lessons())
    if what == "tried":
        return sum(tried(one)[0] for one in lessons())
    if what == "cells":
        return cells_tried()[""]
    if what in HELD:
        return sum(counted_on_page(one)[what] for one in lessons())
    if what == "examples":
        return sum(counted_in_module(stem(one))[0] for one in lessons())
    place = {"tests": 0, "cases": 1}[what]
    paths = [
        path.relative_to(_ROOT).as_posix() for path in _ROOT.glob("tests/**/test_*.py")
    ]
    return sum(counted_tests(path)[place] for path in paths)


HELD = {
    "expressions": "expressions",
    "transcripts": "transcript lines",
    "figures": "figures",
    "code": "code by name",
    "questions": "questions",
    "answers": "answers",
    "exercises": "exercises",
    "mistakes": "mistakes",
}


def counted_on_page(lesson):
    """Return what a lesson's page holds: {name in `HELD`: how many}."""
    forms = lesson.forms
    return {
        "expressions": forms.get("value", 0) + forms.get("table", 0),
        "transcripts": lesson.lines,
        "figures": forms.get("figure", 0),
        "code": lesson.code,
        "questions": lesson.questions,
        "answers": lesson.answers,
        "exercises": forms.get("exercise", 0),
        "mistakes": len(mistakes(stem(lesson))),
    }


@cache
def mistakes(name):
    """Return the functions that make the mistakes of a page's exercises."""
    path = f"snippets/exercises/{name}.py"
    body = ast.parse(_read(path)).body if (_ROOT / path).exists() else []
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    return [function for function in functions if not function.startswith("_")]


@cache
def counted_in_module(name):
    """Return a module's doctest examples, and how many landscapes it walks on."""
    tree = ast.parse(_read(f"snippets/{name}.py"))
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


def claimed(lesson):
    """Return what holds a lesson's sentences: {name in `CLAIMED`: how many}."""
    return {
        "checks": lesson.forms.get("check", 0),
        "by name": lesson.named_checks,
        "theorems": lesson.theorems,
        "reasons": lesson.forms.get("reason", 0) - lesson.theorems,
        "proofs": sum(formula.stem == stem(lesson) for formula in formulas()),
        "given": lesson.given,
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


def unnoticed():
    """Return a list of the changes of pages that nothing noticed, with the reasons."""
    rows = []
    for one in tomllib.loads(_read("tests/mutants.toml"))["unnoticed"]:
        name = one["file"].removeprefix("docs/").removesuffix(".md")
        before, was, after = re.split("[‹›]", one["at"])
        rows.append(
            f"- `{name}`: {one['now']} in place of {was} in "
            f"`` {before}{was}{after} ``: {one['why']}."
        )
    return "\n".join(rows)


@cache
def faults():
    """Return how many faults are made on purpose, in `tests/weave/test_faults.py`."""
    path = _ROOT / "tests/weave/test_faults.py"
    body = ast.parse(path.read_text("utf-8")).body if path.exists() else []
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _binds(node, "FAULTS"):
            return sum(len(one.keys) for one in node.value.values)
    return 0


def compared_with(name):
    """Return the libraries that the results of a lesson are compared with."""
    found = imported(f"tests/test_{name}.py")
    if name in imported("tests/test_torch.py"):
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
    rows = [[link(lesson), *counted_on_page(lesson).values()] for lesson in lessons()]
    return table(["lesson", *HELD.values()], _with_sums(rows))


def table_claims():
    """What holds the sentences of each lesson."""
    rows = [[link(one), *claimed(one).values()] for one in lessons()]
    return table(["lesson", *CLAIMED.values()], _with_sums(rows))


def tried(lesson):
    """Return how many transcripts of a page a reader can run there, and of how many."""
    return lesson.tried.get("", 0), sum(lesson.tried.values())


def table_tried():
    """How many transcripts of each lesson the reader's browser runs."""
    rows = [[link(one), *tried(one)[::-1]] for one in lessons() if one.tried]
    of_labs = cells_tried()
    rows.append(["[labs](../labs/index.md)", of_labs.total(), of_labs[""]])
    header = ["lesson", "transcripts and cells", "run in the browser"]
    return table(header, _with_sums(rows))


@cache
def cells_tried():
    """Count the labs' cells of code by why the reader's browser cannot run them.

    Those that it runs are counted under "".
    """
    whys, left_out = Counter(), tomllib.loads(_read("snippets/browser.toml"))
    for lab in sorted((_ROOT / "docs/labs").glob("*.py")):
        found = cells(cells_of(lab.read_text("utf-8")))
        whys.update(cells_why_not(found, left_out.get(f"labs/{lab.name}", {})))
    return whys


def table_not_tried():
    """Why the browser's Python cannot run the others."""
    whys = cells_tried().copy()
    for one in lessons():
        whys.update(one.tried)
    rows = [[f"it {why}", n] for why, n in whys.most_common() if why]
    return table(["what a transcript or a cell does", "how many"], _with_sums(rows))


def table_changes():
    """What came of small changes in the code that each lesson shows."""
    titles = {stem(lesson): link(lesson) for lesson in lessons()}
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
            name = f"{words}: {group}"
            rows.append([name, counts["of"], tried, killed, same, share])
    header = ["what is changed", "changes", "tried", "noticed", "the same", "together"]
    return table(header, rows or [["nothing yet", 0, 0, 0, 0, "–"]])


def table_commands():
    """What each kind of proof amounts to, and the command that gives it."""
    build, test, change = "mkdocs build --strict", "pytest", "python tests/mutate.py"
    rows = [
        ["values, tables and answers printed", total("expressions"), build],
        ["lines of transcripts", total("transcripts"), build],
        ["transcripts run in the browser, too", total("tried"), _BROWSER],
        ["cells of labs run in the browser, too", total("cells"), _BROWSER],
        ["claims checked", total("checks"), build],
        ["figures drawn", total("figures"), build],
        ["mistakes told apart in exercises", total("mistakes"), build],
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
        path = f"tests/test_{stem(lesson)}.py"
        examples, walked = counted_in_module(stem(lesson))
        counts = [examples, *counted_tests(path), walked]
        others = ", ".join(compared_with(stem(lesson))) or "–"
        rows.append([link(lesson), *counts, others, file(path, f"`{Path(path).name}`")])
    return table(header, _with_sums(rows))


def table_other_checks():
    """The tests that belong to no lesson."""
    own = {f"test_{stem(lesson)}" for lesson in lessons()}
    paths = [*(_ROOT / "tests").rglob("test_*.py")]
    rows = []
    for path in sorted(path for path in paths if path.stem not in own):
        name = path.relative_to(_ROOT).as_posix()
        about = ast.get_docstring(ast.parse(_read(name))).split("\n\n")[0]
        about = " ".join(about.split())
        link = file(name, f"`{path.name}`")
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
    licence = _read("snippets/_weave/browser/micropython-LICENSE.txt")
    rows += [["MicroPython", re.search(r"version ([.\d]+\d)", licence)[1]]]
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


def _with_sums(rows):
    columns = zip(*rows, strict=True)
    sums = [sum(c) if isinstance(c[0], int) else "" for c in columns]
    return [*rows, ["**all**", *sums[1:]]]
