"""Small changes of Python, JavaScript and pages, each of which a test should notice.

A mutant replaces one stretch of a file's text. Python is taken apart by `ast`, scripts
by their tokens, pages by what a number stands in. `mutate.py` runs them.
"""

import ast
import re
from typing import NamedTuple


class Mutant(NamedTuple):
    """A change: `text[start:end]` becomes `new`, within `place` of the file `path`.

    `place` is the function it stands in; of a page, what the changed words are.
    """

    path: str
    place: str
    start: int
    end: int
    new: str

    def applied(self, text):
        """Return a file's text with the change."""
        return text[: self.start] + self.new + text[self.end :]

    def lines(self, text):
        """Return the changed lines before and after, each as one line of words."""
        first = text.rfind("\n", 0, self.start) + 1
        last = len(text) if (n := text.find("\n", self.end)) < 0 else n
        after = text[first : self.start] + self.new + text[self.end : last]
        return _words(text[first:last]), _words(after)


def _words(text):
    return " ".join(text.split())


# Python

SWAPS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}
ORDERED = ast.Sub, ast.Div, ast.Pow, ast.MatMult
# Their arguments may change places.
SYMMETRIC = {"max", "min", "maximum", "minimum", "logaddexp", "hypot", "array_equal"}
# What Python reads and does not compute with.
UNRUN = "annotation", "returns", "decorator_list"


def python_mutants(path, text, names=None):
    """Return the mutants of a module, or of its functions with some names.

    >>> text = "def f(x):\\n    return 2 * x\\n"
    >>> [mutant.lines(text)[1] for mutant in python_mutants("f.py", text)]
    ['return None', 'return (2 / x)', 'return 3 * x', 'return 1 * x']
    """
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    data = text.encode()

    def place_of(line, column):
        return len(data[: starts[line - 1] + column].decode())

    found = {}
    for function, node, new in _changes(ast.parse(text), names):
        start = place_of(node.lineno, node.col_offset)
        end = place_of(node.end_lineno, node.end_col_offset)
        mutant = Mutant(path, function, start, end, new)
        if new != text[start:end]:
            found.setdefault((start, end, new), mutant)
    return [*found.values()]


def _changes(module, names):
    """Yield (function, node, text that replaces the node)."""
    for top in module.body:
        if isinstance(top, (ast.FunctionDef, ast.ClassDef)):
            known = [top.name]
        elif names is None and isinstance(top, (ast.Assign, ast.AnnAssign)):
            targets = top.targets if isinstance(top, ast.Assign) else [top.target]
            known = [name.id for name in targets if isinstance(name, ast.Name)]
        else:
            continue
        if known and (names is None or known[0] in names):
            for node, new in _inside(top):
                yield known[0], node, new


def _inside(node, parent=None):
    for new in _instead(node, parent):
        yield node, new
    for field, value in ast.iter_fields(node):
        # The places within an f-string are not known before Python 3.12.
        if field in UNRUN or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_text(child):
                yield from _inside(child, node)


def _is_text(node):
    """Whether a statement is a docstring, or no more than a name or dots."""
    return isinstance(node, ast.Expr) and not isinstance(
        node.value, (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)
    )


def _instead(node, parent):
    """Yield what could stand in the place of a node."""
    match node:
        case ast.Constant(bool() as value):
            yield str(not value)
        case ast.Constant(int() as value):
            yield from map(_number, (value + 1, value - 1))
        case ast.Constant(float() as value):
            yield from map(_number, (2 * value, value / 2) if value else (1.0, -1.0))
        case ast.BinOp(left, op, right):
            for swap in SWAPS.get(type(op), ()):
                yield _inner(ast.BinOp(left, swap(), right))
            if isinstance(op, ORDERED) and ast.dump(left) != ast.dump(right):
                yield _inner(ast.BinOp(right, op, left))
        case ast.AugAssign(target, op, value):
            for swap in SWAPS.get(type(op), ()):
                yield ast.unparse(ast.AugAssign(target, swap(), value))
            yield "pass"
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield _inner(operand)
        case ast.Compare(left, ops, others):
            for i, op in enumerate(ops):
                for swap in SWAPS[type(op)]:
                    changed = [*ops[:i], swap(), *ops[i + 1 :]]
                    yield _inner(ast.Compare(left, changed, others))
        case ast.BoolOp(op, values):
            yield _inner(ast.BoolOp(SWAPS[type(op)][0](), values))
            for i in range(len(values)):
                yield _inner(ast.BoolOp(op, [*values[:i], *values[i + 1 :]]))
        case ast.Call():
            yield from _calls(node)
        case ast.Slice(lower, upper, step):
            if lower is None:
                yield _slice(ast.Constant(1), upper, step)
            if upper is None:
                yield _slice(lower, ast.Constant(-1), step)
        case ast.Return(value):
            if value is not None and not _is_none(value):
                yield "return None"
            if isinstance(value, ast.Tuple) and len(value.elts) > 1:
                one, two, *rest = value.elts
                yield f"return {ast.unparse(ast.Tuple([two, one, *rest], ast.Load()))}"
        case ast.Assign() | ast.Expr() | ast.Raise() | ast.Assert() | ast.Delete():
            if isinstance(parent, ast.AST) and not isinstance(parent, ast.ClassDef):
                yield "pass"
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"
    if _is_condition(node, parent) and not isinstance(node, (ast.Compare, ast.BoolOp)):
        yield f"(not {_inner(node)})"
    if _is_bound(node, parent):
        yield from (f"{_inner(node)} + 1", f"{_inner(node)} - 1")


def _calls(node):
    """Yield a call with two arguments changed about, and without an option."""
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    if len(node.args) > 1 and not starred and name not in SYMMETRIC:
        one, two, *rest = node.args
        if ast.dump(one) != ast.dump(two):
            yield ast.unparse(ast.Call(node.func, [two, one, *rest], node.keywords))
    for i in range(len(node.keywords)):
        fewer = [*node.keywords[:i], *node.keywords[i + 1 :]]
        yield ast.unparse(ast.Call(node.func, node.args, fewer))


def _slice(lower, upper, step):
    whole = ast.Subscript(ast.Name("x"), ast.Slice(lower, upper, step), ast.Load())
    return ast.unparse(whole)[2:-1]


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def _is_condition(node, parent):
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        return parent.test is node
    return isinstance(parent, ast.comprehension) and node in parent.ifs


def _is_bound(node, parent):
    """Whether a node bounds a range or a slice; constants are changed anyway."""
    if isinstance(node, (ast.Constant, ast.Starred)):
        return False
    if isinstance(parent, ast.Call):
        called = parent.func
        return (
            isinstance(called, ast.Name)
            and called.id == "range"
            and node in parent.args
        )
    return isinstance(parent, ast.Slice) and node in (parent.lower, parent.upper)


def _number(value):
    return f"({value!r})" if value < 0 else repr(value)


def _inner(node):
    """Return the text of an expression that may stand within another."""
    text = ast.unparse(node)
    plain = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript)
    return text if isinstance(node, plain) else f"({text})"


# JavaScript, by its tokens: our scripts are formatted by a tool, so that these suffice.

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
      | (?P<regex>(?<=[(,=:!&|?{};\n]\ )/(?:\\.|[^/\\\n])+/\w*
                 |(?<=\()/(?:\\.|[^/\\\n])+/\w*)
      | (?P<number>(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)
      | (?P<word>[A-Za-z_$][\w$]*)
      | (?P<sign>===|!==|=>|<=|>=|&&|\|\||\?\?|\?\.|\.\.\.|\+\+|--|[-+*%/]=|\*\*
                |[-+*/%<>!])
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {
    "===": "!==",
    "!==": "===",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "&&": "||",
    "||": "&&",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "+=": "-=",
    "-=": "+=",
    "++": "--",
    "!": "",
}
_WORDS = {"true": "false", "false": "true", "break": "continue"}
_METHOD = re.compile(
    r"^ +(?:function )?(?:static |async |get )*(\w+)\([^\n]*\) \{$"
    r"|^ *const (\w+) = (?:async )?\([^\n]*=>",
    re.MULTILINE,
)
_CALL = re.compile(r"^ +(?:this\.|[a-z]\w*\.)[\w.?]+\([^\n]*\);$", re.MULTILINE)


def script_mutants(path, text):
    """Return the mutants of a script; `place` is the function that begins before.

    >>> text = "  function f(x) {\\n    return x > 2; // 3 < 4\\n  }\\n"
    >>> [mutant.lines(text)[1] for mutant in script_mutants("f.js", text)]
    ['return x >= 2; // 3 < 4', 'return x > 3; // 3 < 4']
    """
    begins = [(m.start(), m[1] or m[2]) for m in _METHOD.finditer(text)]
    begins = [(at, name) for at, name in begins if name not in ("if", "for", "while")]

    def place(at):
        return next((name for begin, name in reversed(begins) if begin <= at), "top")

    found = []
    hidden = []  # where comments and texts stand
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        kind, word = token.lastgroup, token[0]
        new = None
        if kind in ("comment", "text", "regex"):
            hidden.append((start, end))
        elif kind == "number":
            new = str(int(word) + 1) if word.isdigit() else f"(2 * {word})"
        elif kind == "sign":
            new = _SIGNS.get(word)
        elif kind == "word":
            new = _WORDS.get(word)
            if word == "if" and text[end : end + 2] == " (":
                start, end, new = end + 2, end + 2, "!1 && "
        if new is not None:
            found.append(Mutant(path, place(start), start, end, new))
    for call in _CALL.finditer(text):
        if not any(start <= call.end() - 1 < end for start, end in hidden):
            start = call.start() + len(call[0]) - len(call[0].lstrip())
            found.append(Mutant(path, place(start), start, call.end(), ";"))
    return found


# Pages

_ITEM = re.compile(
    r"(?P<head>\A---\n.*?^---$)"
    r"|^```pycon\n(?P<transcript>.*?)^```$"
    r"|^(?P<fence>```.*?^```)$"
    r"|`\{check\}(?P<check>[^`]*)`"
    r"|`\{python\}(?P<expression>[^`]*)`"
    r"|(?P<code>`[^`\n]+`)"
    r"|(?P<address>\]\([^)\n]*\)|\{ *[.#][^}\n]*\}|^    (?:id|knob|kind): [^\n]*$)"
    r"|^    within: (?P<tolerance>[^\n]*)$",
    re.MULTILINE | re.DOTALL,
)
_FORMULA = re.compile(r"\$\$.+?\$\$|(?<![\\$\w])\$[^$\n]+?\$", re.DOTALL)
_DIGITS = re.compile(r"(?<![\w.#&])\d+(?:[.,]\d+)*(?![\w])")
NUMBERS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "sixty"),
    *("seventy", "eighty", "ninety", "hundred", "thousand", "million"),
]
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBERS[3:])})\b", re.IGNORECASE)
_COMPARED = {"<": ">", ">": "<", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}


def page_mutants(path, text):
    """Return a page's numbers and checks, each changed; `place` is what it stands in.

    >>> text = "Ten steps leave `{python} f(10)`, 3 more. `{check} a < 2`"
    >>> [(m.place, m.lines(text)[1]) for m in page_mutants("p.md", text)][:2]
    [('prose', 'Nine steps leave `{python} f(10)`, 3 more. `{check} a < 2`'), \
('expression', 'Ten steps leave `{python} f(11)`, 3 more. `{check} a < 2`')]
    """
    kinds = [""] * len(text)
    for item in _ITEM.finditer(text):
        kind = item.lastgroup
        for i in range(*item.span()):
            kinds[i] = "code"
        for i in range(*item.span(kind)):
            kinds[i] = kind
        if kind == "transcript":
            for line in re.finditer(r"^ *(>>>|\.\.\.) .*$", item[kind], re.MULTILINE):
                for i in range(*line.span()):
                    kinds[item.start(kind) + i] = "typed in a transcript"
    for formula in _FORMULA.finditer(text):
        for i in range(*formula.span()):
            kinds[i] = kinds[i] or "formula"
    found = []
    for match in _DIGITS.finditer(text):
        kind = kinds[match.start()] or "prose"
        if kind in ("code", "fence", "address", "head"):
            continue
        new = match[0][:-1] + str((int(match[0][-1]) + 1) % 10)
        if match[0] == "9":
            new = "10"
        found.append(Mutant(path, kind, *match.span(), new))
    for match in _NUMBER_WORD.finditer(text):
        if not kinds[match.start()]:
            new = NUMBERS[NUMBERS.index(match[0].lower()) - 1]
            new = new.capitalize() if match[0][0].isupper() else new
            found.append(Mutant(path, "prose", *match.span(), new))
    for item in re.finditer(r"`\{check\} *([^`]*)`", text):
        sign = re.search(r"(?<![<>=!])(?:[<>]=?|[=!]=)(?!=)", item[1])
        if sign:
            start = item.start(1) + sign.start()
            end = item.start(1) + sign.end()
            found.append(
                Mutant(path, "check turned round", start, end, _COMPARED[sign[0]])
            )
        else:
            start, end = item.span(1)
            found.append(
                Mutant(
                    path, "check turned round", start, end, f"not ({item[1].strip()})"
                )
            )
    return sorted(found, key=lambda mutant: mutant.start)
