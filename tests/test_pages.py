"""The pages and their modules as they stand: complete, in order, and plain."""

import ast
import math
import re
from bisect import bisect
from functools import cache
from itertools import pairwise

import pytest
import yaml
from _weave.model import WeaveError
from _weave.read import lessons, typed
from _weave.read.page import Page, Stretch
from _weave.read.site import Site
from _weave.read.source import parsed, source
from conftest import ROOT, SNIPPETS

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
LABS = sorted(DOCS.glob("labs/*.py"))
MODULES = sorted(SNIPPETS.glob("*.py"))
# A lesson is a module with the stem of a page; what else stands there serves several.
LESSONS = sorted({file.stem for file in MODULES} & {file.stem for file in PAGES})

each_page = pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
each_lesson = pytest.mark.parametrize("stem", LESSONS)


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, in which tags such as !ENV have a meaning for MkDocs only."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def nav_pages():
    """The pages that mkdocs.yml names, in their order."""

    def leaves(node):
        if isinstance(node, str):
            yield node
        else:
            for child in node.values() if isinstance(node, dict) else node:
                yield from leaves(child)

    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _Loader)
    return list(leaves(config["nav"]))


@cache
def page(file):
    """A page, taken apart."""
    read = Site(ROOT).source(file.relative_to(DOCS).as_posix())
    return Page(read.path, read.body, SNIPPETS, read.first_line)


@cache
def text_of(file):
    return file.read_text("utf-8")


def tree(stem):
    """A module at the top of snippets/, as Python reads it."""
    return parsed(text_of(SNIPPETS / f"{stem}.py"))


# The pages


def test_every_lesson_is_whole():
    """A page, a module, tests, and a line under `nav:`."""
    faults = [*lessons.without_page(Site(ROOT))]
    try:
        lessons.check(Site(ROOT))
    except WeaveError as error:
        faults += error.faults
    if faults:
        pytest.fail("\n".join(map(str, faults)), pytrace=False)


@each_page
def test_a_page_names_only_what_exists(file):
    assert page(file).faults == []


@each_page
def test_a_page_says_what_it_is(file):
    head = Site(ROOT).source(file.relative_to(DOCS).as_posix()).head
    path, said = file.relative_to(ROOT).as_posix(), head.get("description") or ""
    assert head.get("title"), f"{path}:1: write title: in the head of the page"
    assert 50 <= len(said) <= 200, (
        f"{path}:1: description: has {len(said)} characters, and search engines show "
        "50 to 200 of them"
    )


@each_page
def test_no_markup_of_the_source_posts_is_left(file):
    text = re.sub(r"```.*?```|`[^`]*`", "", file.read_text("utf-8"), flags=re.DOTALL)
    for trap in "\n---\n\n---\n", "<details", "<img", "<span", "<ul", "javascript:":
        assert trap not in text, f"{trap} in {file.name}"


# Expressions: what is longer, or computes more, has a name in the lesson's module.

LONGEST = 60
PROGRAMS = {
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Lambda: "a lambda",
    ast.IfExp: "a condition",
}


def breaches(expression):
    """What makes a program of an expression."""
    if len(expression) > LONGEST:
        yield f"{len(expression)} characters"
    for node in ast.walk(ast.parse(expression, mode="eval")):
        if type(node) in PROGRAMS:
            yield PROGRAMS[type(node)]


@each_page
def test_an_expression_on_a_page_is_no_program(file):
    listing = [
        f"docs/{file.name}:{item.line}: {', '.join(found)}: {item.text}"
        for item in page(file).items
        if item.form in ("value", "check") and (found := [*breaches(item.text)])
    ]
    assert not listing, "\n".join(listing)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("f'{x:.3f}'", []),
        ("x" * 60, []),
        ("x" * 61, ["61 characters"]),
        ("[f(x) for x in xs]", ["a comprehension"]),
        ("max(f(x) for x in xs)", ["a comprehension"]),
        ("f'{ {k: 1 for k in xs} }'", ["a comprehension"]),
        ("first(lambda x: x > 1)", ["a lambda"]),
        ("1 if x else 2", ["a condition"]),
    ],
)
def test_programs_are_told_from_expressions(expression, said):
    assert [*breaches(expression)] == said


# What is typed: numbers are given, or proved; sentences that say much are checked.


@cache
def head(file):
    return Site(ROOT).source(file.relative_to(DOCS).as_posix()).head


def given(file):
    """The phrases with given numbers that the head of a page lists."""
    return [
        phrase.strip()
        for phrase in re.split(r" · |\n", str(head(file).get("given") or ""))
        if phrase.strip()
    ]


@cache
def claimed(name):
    """The docstrings of the claims of that name."""
    return [
        ast.get_docstring(node) or ""
        for file in MODULES
        if f"def {name}(" in text_of(file)
        for node in tree(file.stem).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]


def names_number(code, number, text):
    """Whether a check names a number that stands in a text.

    Its expression has it; or the docstring of its claim does, beside one of the words
    that stand beside it in the text: in "two of five", nothing is said of two others.
    """
    values, here = {*number.values()}, beside(number, text)
    for node in ast.walk(ast.parse(code, mode="eval")):
        match node:
            case ast.Constant(int() | float() as value):
                if value in values:
                    return True
            case ast.Name(name) if name.startswith("claim_"):
                said = "\n".join(claimed(name))
                for other in typed.in_text(said):
                    both = zip(here, beside(other, said), strict=True)
                    if values & {*other.values()} and any(a & b for a, b in both):
                        return True
    return False


def beside(number, text):
    """The three words before a number, and the three behind it."""
    before, end = text[: number.start], number.start + len(number.text)
    words = r"[^\W\d_]+|\d+(?:\.\d+)?"
    return (
        {*re.findall(words, before[-40:].lower())[-3:]} - {"0", "1"},
        {*re.findall(words, text[end : end + 40].lower())[:3]} - {"0", "1"},
    )


@cache
def proved_formulas():
    """The formulas of the formula sheet, without blanks."""
    sheet = ast.parse((ROOT / "tests/test_formulas.py").read_text("utf-8"))
    return [
        plain_tex((ast.get_docstring(node) or "").partition("\n\n")[2])
        for node in sheet.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("prove_")
    ]


def plain_tex(formula):
    return re.sub(r"\\[,;!:]|\\[bB]igg?[lr]?|\s|[.,]?\s*\$*$|\$", "", formula)


def typed_results(file):
    """The typed numbers of a page that nothing covers, with their places."""
    text = typed.typed(page(file))
    covered = typed.covered(text, given(file))
    for formula in typed.TEX.finditer(text):
        if any(plain_tex(formula[0]) in proved for proved in proved_formulas()):
            covered |= {*range(*formula.span())}
    checked = [
        (sentence.start, sentence.end, code)
        for sentence in typed.sentences(page(file))
        for form, code in sentence.marks
        if form == "check"
    ]
    for number in typed.numbers(page(file)):
        if number.start not in covered and not any(
            start <= number.start < end and names_number(code, number, text)
            for start, end, code in checked
        ):
            yield number


@each_page
def test_every_typed_number_is_given_or_checked(file):
    listing = []
    for number in typed_results(file):
        around = page(file).text[max(number.start - 30, 0) :][:60]
        listing.append(
            f"docs/{file.name}:{page(file).line(number.start)}: {number.text} is typed "
            f"(…{' '.join(around.split())}…): print it, check the sentence by an "
            "expression that names it, or, if it is no result, put it with its "
            "neighbours under given: in the page's head"
        )
    assert not listing, "\n".join(listing)


VALUE = re.compile(r"`\{python\} *([^`]*)`")
IN_CODE = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])(\s?%)?")
POWER = re.compile(r"10\^\{?(-?\d+)\}?")
FRACTION = re.compile(r"\\[dt]?frac\{?(\d)\}?\{?(\d+)\}?")


def numbers_about(text):
    """The numbers that are written in a text, as (where, value), in any notation."""
    for match in POWER.finditer(text):
        yield match.start(), 10.0 ** int(match[1])
    for match in FRACTION.finditer(text):
        yield match.start(), int(match[1]) / int(match[2])
    for match in IN_CODE.finditer(text):
        value = float(match[0].removesuffix("%").replace("_", ""))
        yield from (
            (match.start(), value / d) for d in ((1, 100) if match[1] else (1,))
        )
    for number in typed.in_text(text):
        yield from ((number.start, value) for value in number.values())


def edges(pattern, text):
    """Where the parts of a text begin that a pattern divides, and where it ends."""
    return [0, *(m.start() for m in re.finditer(pattern, text, re.M)), len(text)]


QUESTION = re.compile(r"(?ms)^[ \t]*/// question .*?^[ \t]*///[ \t]*$")
KEY = re.compile(r"[ \t]*- \[x\] `\{python\}")
RAISED = re.compile(r"[\^_](?:\{[^}]*\}|\S)")  # but for powers of ten


@cache
def asked_alone(file):
    """Numbers in a page's expressions that stand nowhere else about there.

    As (where, the number as it is written). What the key of a question is asked with
    stands in that question; else it stands in the same paragraph, in one of the two
    before or behind, or in code that the section shows. 0 and 1 are not asked about.
    """
    text, found = page(file).text, []
    sections, paragraphs = edges("^## ", text), edges(r"\n[ \t]*\n(?=\S)", text)
    questions = [match.span() for match in QUESTION.finditer(text)]
    values = [match.span() for match in VALUE.finditer(text)]
    about = [*numbers_about(text)]
    plain = POWER.sub(lambda match: len(match[0]) * " ", text)
    raised = {n for match in RAISED.finditer(plain) for n in range(*match.span())}
    shown = [
        (part.position, value)
        for part in page(file).parts
        if isinstance(part, Stretch) and not part.prose
        for _, value in numbers_about(part.text)
    ]
    for match in VALUE.finditer(text):
        at = match.start()
        i, j = bisect(sections, at), bisect(paragraphs, at)
        begin = max(sections[i - 1], paragraphs[max(j - 3, 0)])
        end = min(sections[i], paragraphs[min(j + 2, len(paragraphs) - 1)])
        others = [v for n, v in shown if sections[i - 1] <= n < sections[i]]
        inside = [match.span()]
        if KEY.match(text, text.rfind("\n", 0, at) + 1, at + 10):
            begin, end = next(q for q in questions if q[0] <= at < q[1])
            inside, others = values, []
        hidden = {n for span in inside for n in range(*span)}
        hidden |= raised if inside is values else set()
        others += [v for n, v in about if begin <= n < end and n not in hidden]
        tree = ast.parse(match[1].strip(), mode="eval")
        if isinstance(tree.body, (ast.Compare, ast.BoolOp)):
            continue  # what decides whether an option is right has its margin
        for node in asked(tree):
            if not any(math.isclose(node.value, other) for other in others):
                found.append((at, ast.unparse(node)))
    return found


@cache
def asked_otherwise(file):
    """Decimals in expressions whose sentence names decimals, and not these."""
    text, found = page(file).text, []
    about = [*numbers_about(text)]
    for sentence in typed.sentences(page(file)):
        here = [(n, v) for n, v in about if sentence.start <= n < sentence.end]
        values = [*VALUE.finditer(text, sentence.start, sentence.end)]
        hidden = {n for match in values for n in range(*match.span())}
        if not any(value % 1 for n, value in here if n not in hidden):
            continue
        for match in values:
            others = [v for n, v in here if not match.start() < n < match.end()]
            found += [
                (match.start(), ast.unparse(node))
                for node in asked(ast.parse(match[1].strip(), mode="eval"))
                if node.value % 1
                and not any(math.isclose(node.value, o) for o in others)
            ]
    return found


def asked(tree):
    """The numbers in an expression, but for 0, 1 and the digits that `round` keeps."""
    rounded = {
        id(digits)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "round"
        for digits in node.args[1:]
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        if node.value not in (0, 1) and id(node) not in rounded
    ]


@each_page
def test_what_an_expression_is_asked_with_is_said_about_there(file):
    """A sentence that says "at rate 0.3" does not print what rate 0.4 gives."""
    alone = [*asked_alone(file), *asked_otherwise(file)]
    listing = [
        f"docs/{file.name}:{page(file).line(at)}: {number} stands in an expression and "
        "not about there, or beside other decimals: say it in the sentence, or give "
        "it a name in the module"
        for at, number in alone
        if number not in ALONE.get(file.stem, ())
    ]
    assert not listing, "\n".join(listing)
    needed = {number for _, number in alone}
    assert ALONE.get(file.stem, {}).keys() <= needed, "take these off the list"


TYPED_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+")


@cache
def typed_otherwise(file):
    """Decimals in sentences whose expressions and checks have decimals, and not these.

    As (where, the number as it is written). A claim has those of its docstring.
    """
    text, found = typed.typed(page(file)), []
    for sentence in typed.sentences(page(file)):
        values = VALUE.finditer(page(file).text, sentence.start, sentence.end)
        codes = [match[1].strip() for match in values]
        codes += [code for form, code in sentence.marks if form == "check"]
        nodes = [n for code in codes for n in ast.walk(ast.parse(code, mode="eval"))]
        asked = [
            node.value
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        ]
        if any(value % 1 for value in asked):
            names = [node.id for node in nodes if isinstance(node, ast.Name)]
            claims = [name for name in names if name.startswith("claim_")]
            told = "\n".join(told for name in claims for told in claimed(name))
            asked += [value for _, value in numbers_about(told)]
            found += [
                (match.start(), match[0])
                for match in TYPED_DECIMAL.finditer(text, sentence.start, sentence.end)
                if not any(math.isclose(float(match[0]), value) for value in asked)
            ]
    return found


@each_page
def test_a_decimal_beside_expressions_is_one_that_they_ask_with(file):
    """A sentence that prints what rate 0.3 gives does not say "at rate 0.4"."""
    listing = [
        f"docs/{file.name}:{page(file).line(at)}: {number} is typed where expressions "
        "ask with other decimals: let one of them ask with it"
        for at, number in typed_otherwise(file)
        if number not in BESIDE.get(file.stem, ())
    ]
    assert not listing, "\n".join(listing)
    needed = {number for _, number in typed_otherwise(file)}
    assert BESIDE.get(file.stem, {}).keys() <= needed, "take these off the list"


def test_a_number_is_known_in_any_notation():
    text = "at $10^{-6}$ of 16 %, a tenth or $\\frac14$, 1e-3, `10_000` and x_7, y8"
    known = {value for _, value in numbers_about(text)}
    assert {1e-6, 1e-3, 0.1, 0.16, 0.25, 10_000} <= known
    assert not {7, 8} & known


def test_a_function_is_asked_with_numbers_and_rounded_to_digits():
    tree = ast.parse("round(2 * f(0.3, 1, last=True)[4], 9)", mode="eval")
    assert sorted(node.value for node in asked(tree)) == [0.3, 2, 4]


# Numbers that a text says in another way, or not at all, and how.
ALONE = {
    "applications": {
        "16.0": "the best of the rates above",
        "100": "printed: 10 ** 2",
        "1000": "printed: 10 ** 3",
        "3": "ten times as long as before",
        "2": "an input and a bias",
    },
    "batches": {"3": "the example between two others"},
    "classification": {"60": "more steps than it needs", "4": "the examples"},
    "clinic": {
        "0.9": "with momentum",
        "1e-12": "as good as zero",
        "0.125": "half of it",
        "0.05": "half of it",
        "30": "level since long",
        "5": "the seed, or when the fall is over",
        "3": "another seed",
        "100": "the last 200 of 300",
        "200": "the last hundred of 300",
    },
    "compare": {"10000": "ten thousand parameters", "1e-12": "but for rounding"},
    "convergence": {
        "0.8": "printed as q",
        "21": "points on a side",
        "37": "rounded up",
        "0.1": "a start, and the rate of all runs",
        "0.001": "a start in the figure",
        "1e-12": "a million times nearer",
        "4": "those after the minima, in the list",
        "1.2": "the factor of y at that rate",
        "0.9": "nine tenths of what was left",
    },
    "curvature": {"1.6": "the next point", "2": "printed: twice by y"},
    "descent": {
        "0.8": "the factor",
        "2000000.0": "2 · 10^6",
        "11": "a step too many",
        "9": "a step too few",
        "3": "the last of the arrows that are named",
        "5": "the start in the figure",
    },
    "dimensions": {
        "99": "100 − 1",
        "101": "100 + 1",
        "9": "10 − 1",
        "11": "10 + 1",
        "20": "the steeper curvature of the bowl",
        "0.001": "a thousandth",
    },
    "failures": {
        "40": "enough to level off",
        "0.1": "the rate of all runs",
        "6": "enough to settle",
        "1e-06": "a millionth",
        "3": "the steps to the fourth point",
    },
    "habits": {
        "100": "more steps than it needs",
        "8": "enough to arrive",
        "10000.0": "10{,}000 in TeX",
    },
    "layers": {
        "1e-12": "but for rounding",
        "0.01": "nearly",
        "0.05": "near it",
        "0.0001": "rounded up",
        "2": "a weight's place in the list",
        "3": "a weight's place in the list, or that of an example",
        "4": "a weight's place in the list, or four units",
        "5": "a weight's place in the list",
        "6": "the weight's place in the list",
        "7": "the weight's place in the list",
        "8": "the place of the last bias in the list",
        "9": "how many weights and biases there are",
        "0.5": "−0.5 in the question",
    },
    "loss": {"5": "the examples", "0.01": "the answer asked about"},
    "momentum": {
        "99": "the rate of the slow run, 100 − 1",
        "30": "2^30 bytes",
        "12": "10^6 times 10^6 numbers",
        "6.8": "the velocity before",
        "0.92": "the point before",
        "2.0": "the curvature is the same everywhere",
        "50": "enough to see the highest point",
        "0.05": "a rate at which it settles",
        "0.02": "the rate of the sentence before",
        "200": "enough to arrive",
        "5": "the column of momentum",
        "3": "the third step",
        "4": "a step too many",
        "0.5": "the root",
        "7": "the first whole step after it",
    },
    "newton": {
        "60": "more steps than it needs",
        "6": "enough to arrive",
        "12": "enough to arrive",
        "20": "enough to arrive",
        "5": "those above the last digits",
    },
    "rate": {
        "0.1": "of the option above",
        "0.05": "of the option above",
        "1.6": "the start of all runs",
    },
    "start": {"16": "the units of each hidden layer", "10": "the ten digits"},
}


# Decimals that stand beside expressions with others, and why.
BESIDE = {
    "classification": {"0.5": "a part of the sum 0.1, which is asked with"},
    "momentum": {
        "0.01": "how near `settles_after` counts",
        "0.1": "half of 0.2, since the curvature is 2",
    },
    "newton": {"0.2": "the steeper of two lines, both in the check"},
    "rate": {"0.1": "a rate of the sentence before, on the same line as others"},
}


EXERCISE = re.compile(r"(?ms)^[ \t]*/// exercise .*?^[ \t]*///[ \t]*$")
MISTAKES = sorted(SNIPPETS.glob("exercises/[a-z]*.py"))


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_number_that_a_slip_tells_stands_in_its_code_or_its_exercise(file):
    own, lost = own_page(file.stem), []
    blocks = [match[0] for match in EXERCISE.finditer(page(own).text)]
    for node in parsed(text_of(file)).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            told = (ast.get_docstring(node) or "").partition("\n\n")[0]
            of = [b for b in blocks if re.search(rf"slips:.*\b{node.name}\b", b)]
            solved = [re.search(r"solution: (\S+):(\w+)", b).groups() for b in of]
            code = [source(SNIPPETS, *solution) for solution in solved]
            code += map(ast.unparse, [node.args, *node.body[1:]])
            known = [value for _, value in numbers_about("\n".join([*of, *code]))]
            covered = typed.covered(told, given(own))
            lost += [
                f"snippets/exercises/{file.name}:{node.lineno}: {number.text}"
                for number in typed.in_text(told)
                if number.start not in covered and {*number.values()}.isdisjoint(known)
            ]
    assert not lost, "say these without a number, or by one of the code:\n" + "\n".join(
        lost
    )


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_slip_that_tells_much_shows_it_by_an_example(file):
    """Below what is told, in its docstring; the tests run it."""
    lost = [
        f"snippets/exercises/{file.name}:{node.lineno}: {node.name}"
        for node in parsed(text_of(file)).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for told, _, more in [(ast.get_docstring(node) or "").partition("\n\n")]
        if SAYS_MUCH.search(told) and ">>> " not in more
    ]
    assert not lost, "add an example to the docstrings of:\n" + "\n".join(lost)


SAYS = re.compile(r"^ +says=\(\s*(?:\w+\.)?(\w+),", re.MULTILINE)


@each_lesson
def test_what_a_figure_to_move_says_is_asked_by_a_test_in_many_states(stem):
    """A test that calls the function behind the sentences."""
    tests = "\n".join(map(text_of, (ROOT / "tests").glob("test_*.py")))
    said = SAYS.findall(text_of(SNIPPETS / f"{stem}.py"))
    assert len(said) == text_of(SNIPPETS / f"{stem}.py").count("says=(")
    lost = [name for name in said if not re.search(rf"\b{name}\(", tests)]
    assert not lost, f"snippets/{stem}.py: no test calls {lost}"


DECIDED = re.compile(r"^[ \t]*- \[`\{python\} *([^`]*)`\] *([^\n]*)$", re.MULTILINE)
SETTING = re.compile(r"(?:= |\b(?:rate|from) )(-?\d+(?:\.\d+)?)\$?$")


@each_page
def test_an_option_that_names_a_setting_is_decided_by_that_setting(file):
    """As in [`{python} f(0.3) < 1`] rate 0.3."""
    for match in DECIDED.finditer(page(file).text):
        if setting := SETTING.search(match[2]):
            values = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", match[1])]
            assert float(setting[1]) in values, (
                f"docs/{file.name}:{page(file).line(match.start())}: {setting[1]} does "
                f"not stand in {match[1]}"
            )


NUMBERED = re.compile(r"^#+ ([^\d\n]*\w )(\d+)$", re.MULTILINE)


@each_page
def test_headings_with_numbers_are_counted_up_and_named_below(file):
    """As in Curve 1, Curve 2, …: below one of them, what is said is said of it."""
    text, found = page(file).text, {}
    headings = [*NUMBERED.finditer(text)]
    ends = [*(match.start() for match in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=False):
        words, number = heading.groups()
        found.setdefault(words, []).append(int(number))
        said = re.findall(rf"{words}(\d+):", text[heading.end() : end])
        assert {*said} <= {number}, f"docs/{file.name}: below {words}{number}: {said}"
    for words, numbers in found.items():
        assert numbers == [*range(1, len(numbers) + 1)], f"docs/{file.name}: {words}"


SECTION = re.compile(r"^## (?P<title>.+?)(?: *\{.*\})?\n+(?P<first>.+)", re.MULTILINE)
# Of these the title says what they are for.
UNASKED = {"A map of the lessons", "Run this with me", "Try it", "What people believe"}


@each_page
def test_a_section_of_a_lesson_begins_with_a_question(file):
    lesson = text_of(file) if "!!! goal" in text_of(file) else ""
    for title, first in SECTION.findall(lesson):
        assert title in UNASKED or re.match(r"[^.]*\?", f"{title} {first}"), (
            f"docs/{file.name}: {title}: ask in the first sentence what it answers"
        )


@each_page
def test_numbers_in_the_head_are_given(file):
    for key in "title", "description":
        text = str(head(file).get(key, ""))
        covered = typed.covered(text, given(file))
        lost = [n.text for n in typed.in_text(text) if n.start not in covered]
        assert not lost, f"docs/{file.name}: {key}: has {lost}, which is not given"


@cache
def labels(stem):
    """The texts that figures and tables of a module show, with their lines."""
    found = []
    for figure in tree(stem).body if (SNIPPETS / f"{stem}.py").exists() else ():
        if isinstance(figure, ast.FunctionDef) and figure.name.startswith(
            ("figure_", "table_")
        ):
            nodes = [
                node
                for part in figure.body[bool(ast.get_docstring(figure)) :]
                for node in ast.walk(part)
            ]
            formats = {
                id(part)
                for node in nodes
                if isinstance(node, ast.FormattedValue) and node.format_spec
                for part in ast.walk(node.format_spec)
            }
            found += [
                (node.lineno, SLOT.sub("", node.value))
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                if id(node) not in formats and not NO_LABEL.fullmatch(node.value)
            ]
    return found


# Where a figure to move fills in a value, with its digits: {1:4}.
SLOT = re.compile(r"\{\d+:\d+\}")
# A colour, a marker, a name.
NO_LABEL = re.compile(r"#?[A-Za-z_:.-][\w:.-]*|[-.:]+|[\d.]+ [\d.]+|3d")


@each_lesson
def test_a_number_in_a_label_is_computed_or_given(stem):
    phrases = given(own_page(stem))
    lost = [
        f"snippets/{stem}.py:{line}: {number.text} in {text!r}"
        for line, text in labels(stem)
        for number in typed.in_text(text)
        if number.start not in typed.covered(text, phrases)
    ]
    assert not lost, (
        "format these from the value that is drawn, or put them under given: in the "
        "head of the page:\n" + "\n".join(lost)
    )


@each_page
def test_given_phrases_are_on_the_page_and_more_than_a_number(file):
    text = typed.typed(page(file)) + str(head(file).get("description"))
    text += " ".join(label for _, label in labels(file.stem))
    for phrase in given(file):
        assert typed.phrase_pattern(phrase).search(text), f"{phrase} is nowhere"
        found = typed.in_text(phrase) or typed.in_text(f"${phrase}$")
        assert found, f"{phrase} has no number"
        assert phrase != found[0].text, f"{phrase}: add the words that are with it"


OPTION = re.compile(r"^[ \t]*- \[[ x]\] `\{python\} ([^`]*)`[ \t]*$", re.MULTILINE)


@each_page
def test_keys_and_slips_are_runs_of_what_has_a_name(file):
    lost = [
        f"docs/{file.name}:{page(file).line(match.start())}: {match[1]}"
        for match in OPTION.finditer(page(file).text)
        if not {
            node.id
            for node in ast.walk(ast.parse(match[1].strip(), mode="eval"))
            if isinstance(node, ast.Name)
        }
        - {"math", "np", "round", "abs", "float", "int"}
    ]
    assert not lost, "call what the learner did, right or wrong:\n" + "\n".join(lost)


SAYS_MUCH = re.compile(
    r"\b(only|any|every|always|never|best|worst|most|fewest|faster|slower|nearly|cannot)\b",
    re.IGNORECASE,
)


def unproved(file):
    """The sentences that say much and have neither a check nor a reason."""
    return [
        sentence
        for sentence in typed.sentences(page(file))
        if SAYS_MUCH.search(sentence.text)
        and not sentence.marks
        and not sentence.text.endswith("?")
        and not sentence.text.startswith("!!! belief")
    ]


@each_page
def test_what_says_much_has_a_check_or_a_reason(file):
    listing = [
        f"docs/{file.name}:{page(file).line(sentence.start)}: {sentence.text}"
        for sentence in unproved(file)
    ]
    said = "check these, or name the reason, as `{reason} definition`:\n"
    assert not listing, said + "\n".join(listing)


# Which way something goes, and what is more than what.
SHOWS = re.compile(
    r"\b(?:falls?|ris(?:es?|ing)|sinks?|climbs?|drops?|grows?|shrinks?|turns?|leads?"
    r"|jumps?|swings?|creeps?|stays?|settles?|ends?|reach(?:es)?|arrives?|leaves?"
    r"|cross(?:es)?|meets?|passes|touch(?:es)?|(?:con|di)verges?|dies?|goes|comes?"
    r"|above|below|beyond|between|within|outside|through|towards|nowhere|never"
    r"|near(?:er|est)?|clos(?:e|er|est)|far(?:ther|thest)?|steep(?:er|est)?"
    r"|flat(?:ter|test)?|level|(?:high|low|long|short|larg|small|great)(?:er|est)"
    r"|more|most|less|least|fewer|quickly|slowly|twice|half|bottom|minimum|middle)\b",
    re.IGNORECASE,
)


# Where something stands in it.
PLACED = re.compile(
    r"\blevel (?:dashed )?(?:lines?|circles)\b|\b(?:above|below)[:,]|\bfrom above\b"
    r"|\bone (?:above|below) the other\b|\bdistance from the minimum\b",
    re.IGNORECASE,
)
PARAGRAPH_ENDS = re.compile(r"\n[ \t>]*(?:\n|\Z)|\Z")


BOX = re.compile(r"(?m)^!!! (?:belief|remember) .*\n(?:(?: {4}.*|[ \t]*)\n)*")


def told_in_short(file):
    """The sentences on figures, in alt texts and captions, and those in boxes."""
    text, said = page(file).text, [*typed.sentences(page(file))]
    places = [box.span() for box in BOX.finditer(text)]
    for figure in typed.FIGURE.finditer(text):
        end = PARAGRAPH_ENDS.search(text, figure.end()).start()
        places.append((figure.start(), end))
    for start, end in places:
        yield from (s for s in said if start <= s.start < end)


@each_page
def test_what_is_told_in_short_is_computed_or_checked(file):
    """Each sentence has an expression, a check or a reason of its own."""
    text = typed.typed(page(file))
    listing = [
        f"docs/{file.name}:{page(file).line(sentence.start)}: {sentence.text}"
        for sentence in told_in_short(file)
        if SHOWS.search(PLACED.sub("", sentence.text))
        and not sentence.marks
        and not sentence.text.startswith("!!! belief")
        and typed.FILLED not in text[sentence.start : sentence.end]
    ]
    said = "check these where they stand, in the alt text, too, or name the reason:\n"
    assert not listing, said + "\n".join(listing)


@each_page
def test_a_reason_has_its_source_or_its_test(file):
    tests = "\n".join(map(text_of, (ROOT / "tests").rglob("test_*.py")))
    known = {*re.findall(r"^def (\w+)", tests + "\n".join(map(text_of, MODULES)), re.M)}
    for item in page(file).items:
        kind, _, name = item.text.partition(":")
        if item.form == "reason" and kind == "identity":
            assert name.strip() in known, f"docs/{file.name}:{item.line}: no {name}"
    for sentence in typed.sentences(page(file)):
        if {("reason", "theorem"), ("reason", "history")} & {*sentence.marks}:
            paragraph = page(file).text[sentence.start :].partition("\n\n")[0]
            paragraph = (
                page(file).text[: sentence.start].rpartition("\n\n")[2] + paragraph
            )
            assert "](" in paragraph or "[^" in paragraph, (
                f"docs/{file.name}:{page(file).line(sentence.start)}: link the source"
            )


BY_PLACE = re.compile(
    r"\[(?P<words>[^]!]*\b(?:lessons? ago|(?:last|next) lesson|after the next|the next)"
    r"\b[^]]*)\]\((?P<to>\w+\.md)"
)
LESSONS_ON = {
    "the last lesson": -1,
    "two lessons ago": -2,
    "three lessons ago": -3,
    "the lesson after the next": 2,
    "the next": 1,
}


@each_page
def test_a_lesson_that_is_named_by_its_place_stands_there(file):
    pages = nav_pages()
    for match in BY_PLACE.finditer(page(file).text):
        words = match["words"].lower()
        near = next((n for said, n in LESSONS_ON.items() if said in words), None)
        far = pages.index(match["to"]) - pages.index(file.name)
        assert far == near, f"docs/{file.name}: {match[0]}) is {far} lessons on"


BLOCK = re.compile(r"(?ms)^[ \t]*/// (?:explore|question).*?^[ \t]*///[ \t]*$")


@each_page
def test_every_figure_has_a_caption(file):
    body = page(file)
    inside = {n for block in BLOCK.finditer(body.text) for n in range(*block.span())}
    lost = [
        f"docs/{file.name}:{body.line(match.start())}: {match['target']}"
        for match in typed.FIGURE.finditer(body.text)
        if match.start() not in inside
        and not re.match(r"[ \t]*\n[ \t>]*[^\s!/|]", body.text[match.end() :])
        and file.stem not in ("landscapes", "verification")
    ]
    assert not lost, "write a sentence right under these figures:\n" + "\n".join(lost)


@each_page
def test_a_page_takes_25_minutes_at_most(file):
    minutes = page(file).minutes()
    assert file.parent != DOCS or minutes <= 25, (
        f"docs/{file.name} takes {minutes:.0f} minutes: mark what may be skipped at "
        "first by a heading with {: .skip }"
    )


# What pages show


@pytest.mark.parametrize("stem", [file.stem for file in MODULES])
def test_every_figure_and_table_function_is_shown_on_a_page(stem):
    shown = {
        f"{item.form}_{item.text}"
        for file in PAGES
        if f"/{stem}/" in text_of(file)
        for item in page(file).items
        if item.form in ("figure", "table") and item.module == stem
    }
    written = {
        name for name in functions(stem) if name.startswith(("figure_", "table_"))
    }
    assert written <= shown, f"shown nowhere: {sorted(written - shown)}"


@each_page
def test_code_that_a_page_shows_is_narrow(file):
    """A phone shows about 40 columns without scrolling, a desktop 72."""
    for module, name in page(file).sources:
        if not module.startswith("post_"):
            code = source(SNIPPETS, module, name)
            wide = [line.strip() for line in code.splitlines() if len(line) > 72]
            assert not wide, f"{module}:{name} is wider than 72 columns: {wide[0]}"


# Modules


@cache
def code_of(file):
    """What a page or a lab says in Python."""
    if file.suffix == ".py":
        return text_of(file)
    forms = "value", "check", "transcript"
    return "\n".join(item.text for item in page(file).items if item.form in forms)


@cache
def imported_names(file):
    """What a file imports by its name, as (module, name)."""
    return {
        (node.module, alias.name)
        for node in ast.walk(parsed(text_of(file)))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


IMPORTING = [*MODULES, *SNIPPETS.glob("shared/*.py"), *LABS]


@cache
def taken_from(module):
    """The names that others import from a module."""
    return {
        name
        for file in IMPORTING
        if f"from {module} import " in text_of(file)
        for other, name in imported_names(file)
        if other == module
    }


@cache
def own_page(stem):
    return next(file for file in PAGES if file.stem == stem)


@cache
def shown_by(file, stem):
    """The names of a module's functions that a page shows, in its order."""
    found = re.findall(rf'--8<--\s+"{stem}\.py:(\w+)"', text_of(file))
    return [*dict.fromkeys(found)]


def names_of(node):
    """The names that a statement at the top of a module binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def functions(stem):
    return [node.name for node in tree(stem).body if isinstance(node, ast.FunctionDef)]


@each_lesson
def test_the_functions_that_a_page_shows_come_first_and_in_its_order(stem):
    shown = shown_by(own_page(stem), stem)
    defined = functions(stem)
    in_order = [name for name in defined if name in shown]
    wanted = [name for name in shown if name in defined]
    said = f"snippets/{stem}.py: write first, and in the order of the page, {wanted}"
    assert in_order == wanted, said
    assert defined[: len(in_order)] == in_order, said


ORDER = "what others use", "tables", "helpers", "figures"


def rank(name):
    """Where a function that its page does not show stands: see ORDER."""
    if name.startswith("figure_"):
        return 3
    return 1 if name.startswith("table_") else 2 * name.startswith("_")


@each_lesson
def test_behind_them_come_what_others_use_tables_helpers_and_figures(stem):
    shown = shown_by(own_page(stem), stem)
    ranks = [(rank(name), name) for name in functions(stem) if name not in shown]
    listing = [
        f"{name} stands behind {other}, but {ORDER[one]} come before {ORDER[two]}"
        for (two, other), (one, name) in pairwise(ranks)
        if one < two
    ]
    assert not listing, f"snippets/{stem}.py: " + "; ".join(listing)


# Named by nobody, and still no helper.
PUBLIC = {
    ("dimensions", "Report"): "what `report` returns, of which pages name the fields",
    ("layers", "pack"): "the other way round from `unpack`, which its page shows",
}


@each_lesson
def test_a_public_name_is_named_by_a_page_or_imported_by_another_module(stem):
    on_own = code_of(own_page(stem))
    named = re.compile(rf"\b{stem}\.\w")
    naming = (file for file in [*PAGES, *LABS] if named.search(text_of(file)))
    elsewhere = "\n".join(map(code_of, naming))
    used = {"READS"} | taken_from(stem)
    used |= {name for file in PAGES for name in shown_by(file, stem)}
    used |= {name for module, name in PUBLIC if module == stem}
    lost = [
        name
        for node in tree(stem).body
        for name in names_of(node)
        if not name.startswith(("_", "figure_", "table_"))
        and name not in used
        and not re.search(rf"\b{name}\b", on_own)
        and not re.search(rf"\b{stem}\.{name}\b", elsewhere)
    ]
    assert not lost, f"snippets/{stem}.py: begin them with an underscore: {lost}"


# Imported from another lesson, whose page does not show it.
BORROWED = {
    ("regression", "loss", "half_mse"): "the loss of the page, from where losses are",
}
# Imported as a whole.
WHOLE = {
    ("applications", "classification"): "its loss and gradient, beside regression's",
    ("regression", "directions"): "its shown code says directions.newton_step",
}


@each_lesson
def test_a_lesson_takes_from_another_what_one_of_the_two_pages_names(stem):
    for module, name in imported_names(SNIPPETS / f"{stem}.py"):
        if module in LESSONS and (stem, module, name) not in BORROWED:
            theirs = {n for file in PAGES for n in shown_by(file, module)}
            named = re.search(rf"\b{name}\b", text_of(own_page(stem)))
            assert name in theirs or named, f"{stem}.py: {name} of {module}"


@each_lesson
def test_a_lesson_imports_no_other_as_a_whole(stem):
    whole = {
        (stem, alias.name)
        for node in ast.walk(tree(stem))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in LESSONS
    }
    assert whole <= WHOLE.keys()


# What a module may ask the machinery: the facts, and what reads no file.
ASKED = {("_weave.read.facts", "known")} | {
    ("_weave.read.transcripts", name) for name in ("cells", "cells_of", "cells_why_not")
}


def test_of_the_machinery_a_module_imports_nothing_that_reads_but_the_facts():
    """What the machinery reads, its room lets pass: nobody may read by its hand."""
    for file in IMPORTING:
        if "from _weave" in text_of(file):
            ours = {pair for pair in imported_names(file) if "_weave" in pair[0]}
            assert ours <= ASKED, file


def test_every_exception_is_still_needed():
    for stem, name in PUBLIC:
        assert name in [n for node in tree(stem).body for n in names_of(node)]
    for stem, module, name in BORROWED:
        assert (module, name) in imported_names(SNIPPETS / f"{stem}.py")
    for stem, module in WHOLE:
        assert f"import {module}\n" in text_of(SNIPPETS / f"{stem}.py")


NUMBERED_LINK = re.compile(r"\[[^\]\[\d]*(\d+)[^\]\[\d]*\]\([^)\s#]*#[a-z-]*?-(\d+)\)")


def test_a_link_to_what_has_a_number_says_that_number():
    """As in [curve 8](#curve-8): of typed numbers, no other is known to be wrong."""
    links = [
        (file.name, *match.groups())
        for file in PAGES
        for match in NUMBERED_LINK.finditer(file.read_text("utf-8"))
    ]
    assert links, "the pattern finds none"
    assert [link for link in links if link[1] != link[2]] == []
