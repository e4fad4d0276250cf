r"""Reads the formulas of the sheet, and compares them with what was proved.

A proof returns its formula as it is read aloud, sides, signs and words in a row:

    return x_k, "=", (1 - 2 * eta) ** k * x_0, "where", 0, "<", eta

and `read` makes the same of TeX. A name in a proof is the TeX of its letter without
backslashes, braces and blanks, `symbols("eta x_k+1 x^star")`, so that each letter of
the TeX becomes what the proof means by it: a symbol, a function, a matrix of symbols.
A letter that the proof does not know stays a symbol that equals nothing of it, and
what the grammar does not know is an error: nothing is passed over.

SymPy's own readers do not do: one takes transposes for powers, norms for errors and
stops in silence at the first comma; the other finds several meanings in most of our
formulas or none. Both may need a second for one.
"""

import random
import re

import sympy as sp
from lark import Lark, Transformer
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.matrices.expressions.matexpr import MatrixElement

# Notation that is rewritten before the grammar sees it.
_REWRITTEN = [
    (r"\\\|(.+?)\\\|", r"\\norm{\1}"),
    (r"\|(.+?)\|", r"\\abs{\1}"),
    (r"\\tfrac", r"\\frac"),
    (r"\\frac(\d)", r"\\frac{\1}"),
    (r"\\frac\{\\partial *(\\ell)?\}\{\\partial (\w)\}", r"\\d_\2 \1"),
    (r"\\frac\{\\mathrm d\^2\}\{\\mathrm d (\w)\^2\}", r"\\d^2_\1"),
    (r"\\nabla L(\(\\theta\))?", r"\\nabla_L"),
    (r"\\nabla m\(p\)", r"\\nabla_m"),
    (r"\\arg\\min_", r"\\argmin_"),
    (r"\^\{(\d)\\top\}", r"^\1^\\top"),  # of the weights of a layer
]
_GREEK = r"\\(?:eta|theta|lambda|Lambda|beta|sigma|rho|kappa|mu|delta)"
_GRAMMAR = r"""
start: statement (mark+ statement)*
statement: sum (SIGN sum)+
mark: COMMA | WORDS
?sum: term | sum "+" term -> add | sum "-" term -> subtract
?term: product | "-" product -> negative
product: (power | OPERATION)* (power | applied | large)
applied: FUNCTION (power | applied)
large: OPERATOR product -> operated
    | "\\sum_{" NAME "=" sum "}" "^" group product -> sum_to
    | "\\sum_{" NAME "\\ge" sum "}" product -> sum_from
power: atom ("^" (group | STAR | TOP))*
?group: "{" sum "}" | atom
?atom: NUMBER | NAME | "(" sum (COMMA sum)* ")" -> brackets
    | "\\frac" group group -> fraction | "\\sqrt" group -> root
    | "\\norm{" sum "}" -> norm | "\\abs{" sum "}" -> size

NAME: LETTER "'"* ("_" ("{" /[^{}]+/ "}" | LETTER | /\w/))?
LETTER: /GREEK/ | /\\(pi|infty|ell|nabla|dots)/ | "\\hat y" | /[a-zA-Z]/
NUMBER: /\d+/
SIGN: "=" | "<" | ">" | "\\le" | "\\ge" | "\\approx" | "\\leftarrow"
WORDS: "\\iff" | /\\text\{[^}]+\}/
COMMA: "," | ":" | "\\\\"
OPERATION: "\\cdot" | "\\odot" | "/"
FUNCTION: "\\ln" | "\\det" | /\\operatorname\{\w+\}/
OPERATOR: /\\(argmin|max|d(\^2)?)_\w/
STAR: "\\star" | "*"
TOP: "\\top"
BLANK: /\s|&|\\[, ]|\\q?quad|\\[bB]igg?[lr]|\\(begin|end)\{aligned\}/
%ignore BLANK
"""
_PARSER = Lark(_GRAMMAR.replace("GREEK", _GREEK), parser="lalr")
_SIGNS = {r"\le": "<=", r"\ge": ">=", r"\approx": "about", r"\leftarrow": "becomes"}
_CONSTANTS = {"pi": sp.pi, "infty": sp.oo, "I": sp.eye(2)}
_FUNCTIONS = {
    "ln": sp.log,
    "sign": sp.sign,
    "det": lambda matrix: matrix.det(),
    "tr": lambda matrix: matrix.trace(),
}

_UNKNOWN = (sp.Symbol, sp.Indexed, sp.Sum, sp.Derivative, sp.Subs)
_UNKNOWN += (AppliedUndef, MatrixElement)

# What the mutants are made of.
_TOKEN = r"\\(?:text|operatorname|begin|end)\{\w[^}]*\}|\\mathrm d|\\[a-zA-Z]+|\\.|."
_BLANK = r"&|\\[, ]|\\q?quad|\\[bB]igg?[lr]|\\(begin|end)"
_BEFORE_A_SIDE = r"[=<>:,]|\\\\|\\(le|ge|leftarrow|approx|iff|text.*)$"
_WRONG = {"+": "-", "-": "+", "=": "<", "<": ">", ">": "<", r"\le": r"\ge"}
_WRONG |= {r"\ge": r"\le", r"\approx": "=", r"\leftarrow": "="}
_WRONG |= {str(digit): str((digit + 1) % 10) for digit in range(10)}


def matrix(name, rows, columns=1):
    """A matrix of symbols that knows its name."""
    return sp.MatrixSymbol(name, rows, columns).as_explicit()


def norm(of):
    """The length of a vector, or the size of a number."""
    return sp.sqrt(sum(entry**2 for entry in of)) if _is_matrix(of) else abs(of)


def inverse(square):
    """The inverse of a matrix of symbols, by Cramer's rule."""
    return square.adjugate() / square.det()


def letters(proved):
    """What each letter of a proved formula means, by its name."""
    meanings = {}
    for side in proved:
        if isinstance(side, str | int):
            continue
        for atom in side.atoms(sp.Symbol, AppliedUndef, MatrixElement, sp.IndexedBase):
            if isinstance(atom, AppliedUndef):
                meanings[atom.func.__name__] = atom.func
            elif isinstance(atom, MatrixElement):
                meanings[atom.parent.name] = atom.parent.as_explicit()
            elif isinstance(atom, sp.IndexedBase):
                meanings[f"{atom.label}[]"] = atom
            else:
                meanings.setdefault(atom.name, atom)
    return meanings


def read(tex, letters):
    r"""Sides, signs and words of a formula, in letters that have a meaning.

    >>> read(r"\frac12 \sqrt{x} \le -y_1^2 \iff x = 1", {"x": sp.Symbol("z")})
    [sqrt(z)/2, '<=', -y_1**2, 'iff', z, '=', 1]
    """
    for pattern, better in _REWRITTEN:
        tex = re.sub(pattern, better, tex)
    return _Reader(letters).transform(_PARSER.parse(tex))


def agree(one, other):
    """Whether two formulas are the same, side by side and sign by sign."""
    return len(one) == len(other) and all(map(same, one, other))


def same(one, other):
    """Whether two sides are equal, whatever their symbols are.

    >>> x, y = sp.symbols("x y")
    >>> same((x + y) ** 2, x**2 + 2 * x * y + y**2), same(x - y, y - x)
    (True, False)
    """
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if _is_matrix(one) or _is_matrix(other):
        shapes = {getattr(side, "shape", None) for side in (one, other)}
        return len(shapes) == 1 and all(map(same, one, other))
    if one == other or sp.oo in (one, other):
        return one == other
    one, other = _plain(one), _plain(other)
    gap = one - other
    return abs(complex(_somewhere(gap))) < 1e-9 and sp.simplify(gap) == 0


def mutants(tex):
    r"""The formula with one thing wrong: a sign, a digit, a relation or a letter.

    >>> print(*mutants("x = 1 - y"), sep="; ")
    -x = 1 - y; y = 1 - y; x < 1 - y; x = -1 - y; x = 2 - y; x = 1 + y; x = 1 - x
    """
    tokens = re.findall(_TOKEN, tex, re.DOTALL)
    letters = [token for token in tokens if re.fullmatch(f"[a-zA-Z]|{_GREEK}", token)]
    letters = list(dict.fromkeys(letters))
    wrong = dict(zip(letters, letters[1:] + letters[:1], strict=True)) | _WRONG
    begins, last = True, ""  # a side, which may have a sign of its own
    for i, token in enumerate(tokens):
        before, after = "".join(tokens[:i]), "".join(tokens[i + 1 :])
        if not token.strip() or re.match(_BLANK, token):
            continue
        if begins and token not in "-0":  # -0 is 0
            yield f"{before}-{token}{after}"
        if token == "-" and (begins or last in "({"):
            yield before + after
        elif wrong.get(token, token) != token:
            yield before + wrong[token] + after
        begins, last = bool(re.match(_BEFORE_A_SIDE, token)), token


class _Name(str):
    """A letter with its primes and its index."""


class _Bracketed:
    """What stands in brackets: the arguments of a function, or a factor."""

    def __init__(self, values, powers=()):
        self.values, self.powers = values, powers


class _Reader(Transformer):
    """Makes of each part of a formula what it means, from the inside out."""

    def __init__(self, letters):
        super().__init__()
        self.letters = letters

    def NAME(self, token):
        return _Name(_bare(token))

    def NUMBER(self, token):
        return sp.Integer(token)

    def SIGN(self, token):
        return _SIGNS.get(token, str(token))

    def WORDS(self, token):
        return re.sub(r"\\(text\{)?|\}", "", token).strip()

    def COMMA(self, token):
        return ","

    def start(self, parts):
        return [side for part in parts for side in part]

    def mark(self, parts):
        return [str(parts[0])]

    def statement(self, parts):
        return [p if type(p) is str else self.value(p) for p in parts]

    def add(self, parts):
        one, other = map(self.value, parts)
        if _is_matrix(one) != _is_matrix(other):  # 1 - a, entry by entry
            shape = (one if _is_matrix(one) else other).shape
            one, other = (
                side if _is_matrix(side) else side * sp.ones(*shape)
                for side in (one, other)
            )
        return one + other

    def subtract(self, parts):
        return self.add([parts[0], self.negative(parts[1:])])

    def negative(self, parts):
        return -self.value(parts[0])

    def product(self, parts):
        result, then, parts = sp.Integer(1), r"\cdot", list(parts)
        while parts:
            part = parts.pop(0)
            if isinstance(part, str) and not isinstance(part, _Name):
                then = str(part)
                continue
            if self.is_function(part) and parts and isinstance(parts[0], _Bracketed):
                part = self.call(part, parts.pop(0))
            factor = self.value(part)
            if then == "/":
                result = result / factor
            elif then == r"\odot":
                result = result.multiply_elementwise(factor)
            else:
                result = result * factor
            if _is_matrix(result) and result.shape == (1, 1):
                result = result[0]
            then = r"\cdot"
        return result

    def applied(self, parts):
        name = re.sub(r"\\(operatorname)?|[{}]", "", parts[0])
        function = _FUNCTIONS.get(name, sp.Function(name))
        return function(self.value(parts[1]))

    def operated(self, parts):
        return sp.Function(_bare(parts[0]))(self.value(parts[1]))

    def sum_to(self, parts):
        index, first, last, term = map(self.value, parts)
        return sp.Sum(term, (index, first, last))

    def sum_from(self, parts):
        return self.sum_to([*parts[:2], sp.oo, parts[2]])

    def power(self, parts):
        base, *powers = parts
        if isinstance(base, _Name) and powers:
            name = f"{base}^{_bare(str(powers[0]))}"
            if name in self.letters or name.endswith(("^star", "^*")):
                base, powers = _Name(name), powers[1:]
        if not powers:
            return base
        if isinstance(base, _Bracketed):
            return _Bracketed(base.values, powers)
        return self.raised(base, powers)

    def brackets(self, parts):
        return _Bracketed([self.value(part) for part in parts if part != ","])

    def fraction(self, parts):
        above, below = map(self.value, parts)
        return above / below

    def root(self, parts):
        return sp.sqrt(self.value(parts[0]))

    def norm(self, parts):
        return norm(self.value(parts[0]))

    def size(self, parts):
        return abs(self.value(parts[0]))

    def raised(self, base, powers):
        for power in powers:
            if power == r"\top":
                base = self.value(base).T
            elif base == "e" and "e" not in self.letters:
                base = sp.exp(self.value(power))
            else:
                base, power = self.value(base), self.value(power)
                if _is_matrix(base) and power == -1:
                    base = inverse(base)
                elif _is_matrix(base):
                    raise TypeError("a power of a matrix is not read")
                else:
                    base = base**power
        return base

    def is_function(self, part):
        letter = self.letters.get(part.rstrip("'")) if isinstance(part, _Name) else 0
        return isinstance(letter, UndefinedFunction)

    def call(self, name, given):
        function, primes = self.letters[name.rstrip("'")], name.count("'")
        values = [entry for v in given.values for entry in _entries(v)]
        if primes:
            x = sp.Dummy()
            slope = function(x).diff(x, primes)
            return self.raised(slope.subs(x, values[0]), given.powers)
        return self.raised(function(*values), given.powers)

    def value(self, part):
        if isinstance(part, _Bracketed):
            values = part.values
            inside = values[0] if len(values) == 1 else sp.Matrix(values)
            return self.raised(inside, part.powers)
        if not isinstance(part, _Name):
            return part
        base, _, index = part.partition("_")
        series = self.letters.get(f"{base}[]")
        if part in self.letters or part in _CONSTANTS:
            return self.letters.get(part, _CONSTANTS.get(part))
        if series is not None and index:
            return series[sp.sympify(index, self.letters)]
        return sp.Symbol(part)


def _bare(tex):
    return re.sub(r"[\\{}\s]", "", tex)


def _is_matrix(value):
    return isinstance(value, sp.MatrixBase)


def _entries(value):
    return list(value) if _is_matrix(value) else [value]


def _plain(side):
    """The terms of a sum, and what a function is given, in one form."""

    def expanded(part):
        first, *rest = part.args
        return part.func(sp.expand(first), *rest)

    side = sp.sympify(side)
    if not side.has(AppliedUndef, sp.Sum):
        return side
    return side.replace(lambda part: isinstance(part, AppliedUndef | sp.Sum), expanded)


def _somewhere(side):
    """The value of an expression where each unknown has some value."""
    if not isinstance(side, _UNKNOWN):
        return side.func(*map(_somewhere, side.args)) if side.args else side
    return sp.Float(random.Random(str(side)).uniform(0.2, 0.8))
