"""Drills: a rule with other numbers each time, in exact fractions.

A kind of drill is a rule, written once, as lines of Python. The same line gives the
formula, the formula with the numbers in it, and the result; a slip is the line that
somebody in a hurry would have written instead, run on the same numbers.
"""

import ast
import random
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

VARIANTS = 12
WITHIN = Fraction(1, 1000)  # so that 0.333 counts as 1/3
APART = Fraction(1, 100)  # key and slips, at least
TRIES = 20_000

_NAMES = {
    "eta": r"\eta",
    "beta": r"\beta",
    "said": r"\hat y",
    "loss": "L",
    "limit": r"\eta_{\text{limit}}",
    "new": r"w_1^{\text{new}}",
    "slope": "f'",
    "bend": "f''",
    "rise": "g'",
}
_SUM, _PRODUCT, _FRACTION, _ATOM = range(1, 5)


class Kind(NamedTuple):
    """A rule to practise.

    `draw(random)` gives numbers by name, `ask(numbers)` the question. Each line of
    the rule says in words what it computes, then `name = expression`; the last one
    gives the key. A slip is an expression and what to tell whoever made it.
    """

    name: str
    title: str
    lesson: str
    draw: object
    ask: object
    rule: tuple
    slips: tuple


class Drill(NamedTuple):
    """A kind with numbers: its prompt, key, slips and worked solution."""

    kind: Kind
    numbers: dict
    prompt: str
    key: Fraction
    slips: list
    solution: str


def value(expression, numbers):
    """Return what an expression gives, as a fraction.

    >>> value("x - eta * slope", {"x": 2, "eta": Fraction(1, 10), "slope": 4})
    Fraction(8, 5)
    """
    return Fraction(eval(expression, {"__builtins__": {}}, numbers))


def tex(expression, numbers=None):
    r"""Return an expression as a formula, or with the numbers in its place.

    >>> print(tex("x - eta * slope"))
    x - \eta\,f'
    >>> print(tex("x - eta * b", {"x": 2, "eta": Fraction(1, 10), "b": -4}))
    2 - \frac{1}{10} \cdot (-4)
    """
    return _tex(ast.parse(expression, mode="eval").body, numbers)[0]


def _tex(node, numbers):
    """The text of a tree, and how tightly it holds together."""
    if isinstance(node, ast.Constant):
        return str(node.value), _ATOM
    if isinstance(node, ast.Name):
        return _name(node.id) if numbers is None else _number(numbers[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"-{_held(node.operand, numbers, _PRODUCT)}", _SUM
    left, right = node.left, node.right
    if isinstance(node.op, ast.Add | ast.Sub):
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        first, second = _tex(left, numbers)[0], _held(right, numbers, _PRODUCT)
        return f"{first} {sign} {second}", _SUM
    if isinstance(node.op, ast.Mult):
        first, second = (_held(part, numbers, _PRODUCT) for part in (left, right))
        dot = r"\,"
        if numbers is not None or second[0].isdigit():
            dot = r" \cdot "
        return first + dot + second, _PRODUCT
    if isinstance(node.op, ast.Div):
        above, below = (_tex(part, numbers)[0] for part in (left, right))
        return rf"\frac{{{above}}}{{{below}}}", _FRACTION
    base, exponent = _held(left, numbers, _ATOM), _tex(right, numbers)[0]
    return f"{base}^{{{exponent}}}", _PRODUCT


def _held(node, numbers, tightness):
    text, own = _tex(node, numbers)
    if own >= tightness:
        return text
    return rf"\left({text}\right)" if "frac" in text else f"({text})"


def _name(identifier):
    """`slope_x0` is f'(x_0), `x_1` is x_1, `eta` is a letter."""
    name, _, index = identifier.partition("_")
    text = _NAMES.get(name, name)
    if len(index) > 1:
        return f"{text}({index[0]}_{index[1:]})", _ATOM
    return (f"{text}_{index}" if index else text), _ATOM


def _number(number):
    number = Fraction(number)
    if number.denominator == 1:
        return str(number), _SUM if number < 0 else _ATOM
    sign, over = "-" if number < 0 else "", abs(number.numerator)
    text = rf"{sign}\frac{{{over}}}{{{number.denominator}}}"
    return text, _SUM if number < 0 else _FRACTION


def written(number):
    """Return a number in TeX.

    >>> print(written(Fraction(-3, 4)), written(Fraction(8, 4)))
    -\\frac{3}{4} 2
    """
    return _number(number)[0]


def polynomial(**terms):
    """Return a sum of powers in TeX; `x2=3` is three times x squared.

    >>> polynomial(x2=3, x=-1, y2=Fraction(1, 2))
    '3x^2 - x + \\\\frac{1}{2}y^2'
    """
    text = ""
    for power, factor in terms.items():
        sign = " - " if factor < 0 else " + "
        size = "" if abs(factor) == 1 else written(abs(factor))
        text += sign + size + "".join(f"^{c}" if c.isdigit() else c for c in power)
    return text.removeprefix(" + ").replace(" - ", "-", text.startswith(" - "))


def work(kind, numbers):
    """Return the drill that a kind makes of the numbers."""
    known = {name: Fraction(number) for name, number in numbers.items()}
    lines = []
    for says, line in kind.rule:
        name, expression = line.split(" = ")
        result = value(expression, known)
        formula, filled = tex(expression), tex(expression, known)
        steps = list(dict.fromkeys((formula, filled, written(result))))
        rows = " \\\\\n".join(f"&= {step}" for step in steps)
        lines.append(
            f"{says}\n\n$$\n\\begin{{aligned}}\n{_name(name)[0]} {rows}\n"
            "\\end{aligned}\n$$"
        )
        known[name] = result
    slips = [(value(wrong, known), says) for wrong, says in kind.slips]
    prompt, solution = kind.ask(numbers), "\n\n".join(lines)
    return Drill(kind, numbers, prompt, result, slips, solution)


def sound(drill):
    """Return whether key and slips are easy to write and far from each other."""
    answers = [drill.key, *(slip for slip, _ in drill.slips)]
    return (
        drill.key.denominator <= 100
        and abs(drill.key) <= 30
        and all(answer.denominator <= 10_000 for answer in answers)
        and all(abs(a - b) >= APART for a, b in combinations(answers, 2))
    )


def variants(kind, count=VARIANTS):
    """Return drills of one kind, no two with the same answer.

    The same on every build: the kind's name is the seed.
    """
    chance, found = random.Random(kind.name), []
    for _ in range(TRIES):
        try:
            drill = work(kind, kind.draw(chance))
        except ZeroDivisionError:
            continue
        if sound(drill) and drill.key not in [other.key for other in found]:
            found.append(drill)
        if len(found) == count:
            return found
    raise ValueError(f"the drill {kind.name} has only {len(found)} sound variants")


def question(drill, number):
    """Return a drill as a question block."""
    name = f"drill-{drill.kind.name}-{number}"
    options = [f"- [x] {drill.key}"]
    options += [f"- [ ] {slip}\n\n    {says}" for slip, says in drill.slips]
    return (
        f"/// question | {drill.prompt}\n    kind: number\n    id: {name}\n"
        f"    within: {float(WITHIN)}\n\n" + "\n\n".join(options) + "\n\n"
        f"{drill.solution}\n///"
    )


def section(kind):
    """Return all variants of one kind, under their heading."""
    blocks = [question(drill, i) for i, drill in enumerate(variants(kind), start=1)]
    inner = "\n\n".join(blocks)
    return f"### {kind.title}\n\n//// drill | {kind.name}\n\n{inner}\n\n////"


def sections():
    """Return all drills."""
    return "\n\n".join(map(section, KINDS))


def _whole(chance, low, high):
    """A whole number that is not 0."""
    return chance.choice([n for n in range(low, high + 1) if n])


def _rate(chance):
    return Fraction(1, chance.choice([4, 5, 8, 10, 20]))


def _coefficient(chance):
    return Fraction(chance.choice([3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24]), 2)


def _parabola(chance):
    return {
        "a": _coefficient(chance),
        "b": _whole(chance, -6, 6),
        "x_0": _whole(chance, -5, 5),
        "eta": _rate(chance),
    }


def _powers(chance):
    rate = _rate(chance)
    return {
        "a": _coefficient(chance),
        "x_0": _whole(chance, -6, 6),
        "eta": rate,
        "k": chance.choice([2, 3]),
    }


def _ellipse(chance):
    flat, steep = sorted([_coefficient(chance), _coefficient(chance)])
    return {"steep": steep, "flat": flat, "first": chance.random() < 0.5}


def _ask_ellipse(n):
    one, other = (n["steep"], n["flat"]) if n["first"] else (n["flat"], n["steep"])
    return (
        f"Gradient descent on $f(x, y) = {polynomial(x2=one, y2=other)}$ shrinks both "
        "coordinates if the rate is small. Below which rate?"
    )


def _cubic(chance):
    return {
        "a": chance.choice([1, 2, 3]),
        "b": _whole(chance, 1, 12),
        "x_0": _whole(chance, 1, 4),
    }


def _reciprocal(chance):
    return {
        "a": _whole(chance, 2, 9),
        "x_0": Fraction(1, chance.choice([2, 3, 4, 5, 6, 8, 10])),
    }


def _bowl(chance):
    return {
        "a": _whole(chance, 1, 4),
        "b": _whole(chance, 1, 4),
        "c": _whole(chance, -3, 3),
        "x_0": _whole(chance, -4, 4),
        "y_0": _whole(chance, -4, 4),
        "eta": _rate(chance),
    }


def _points(chance):
    numbers = {"w": _whole(chance, -3, 3), "b": _whole(chance, -3, 3)}
    for i, x in enumerate(sorted(chance.sample(range(-2, 5), 3)), start=1):
        numbers |= {f"x_{i}": x, f"y_{i}": chance.randint(-4, 8)}
    return numbers


def _mistake(chance):
    """Weights, an input, and the label that the unit does not give it."""
    names, z = ("w_1", "w_2", "b", "x_1", "x_2"), 0
    while z == 0:
        numbers = {name: _whole(chance, -4, 4) for name in names}
        z = value("w_1 * x_1 + w_2 * x_2 + b", numbers)
    return numbers | {"said": int(z > 0), "y": int(z < 0)}


def _ball(chance):
    return {
        "a": _coefficient(chance),
        "x_0": _whole(chance, -5, 5),
        "eta": _rate(chance),
        "beta": Fraction(chance.choice(["1/2", "3/4", "4/5", "9/10"])),
    }


SLOPE = "slope_x0 = 2 * a * x_0 + b"
ADDED = "You added the gradient. It points uphill, so it has to be subtracted."

KINDS = (
    Kind(
        "one-step",
        "One step downhill",
        "descent.md",
        _parabola,
        lambda n: (
            f"On $f(x) = {polynomial(x2=n['a'], x=n['b'])}$, where does one step of "
            f"gradient descent lead from $x_0 = {n['x_0']}$ with rate "
            f"$\\eta = {written(n['eta'])}$?"
        ),
        (
            ("With $f(x) = ax^2 + bx$ the slope is", SLOPE),
            ("and the step leads to", "x_1 = x_0 - eta * slope_x0"),
        ),
        (
            ("x_0 + eta * slope_x0", ADDED),
            ("x_0 - slope_x0", "You forgot the rate: the step is $\\eta$ times that."),
            (
                "x_0 - eta * (a * x_0 + b)",
                "You forgot the 2: the slope of $ax^2$ is $2ax$.",
            ),
            ("x_0 - eta * 2 * a * x_0", "You lost the slope of $bx$, which is $b$."),
        ),
    ),
    Kind(
        "one-jump",
        "The rate that arrives at once",
        "rate.md",
        _parabola,
        lambda n: (
            f"From $x_0 = {n['x_0']}$ on $f(x) = {polynomial(x2=n['a'], x=n['b'])}$: "
            "with which rate does one step of gradient descent lead to the minimum?"
        ),
        (
            ("With $f(x) = ax^2 + bx$ the curvature is", "bend_x0 = 2 * a"),
            (
                "It is the same everywhere, and so is the rate that divides it away",
                "eta = 1 / bend_x0",
            ),
        ),
        (
            (
                "2 / bend_x0",
                "That is the limit, with which the step leads just as far up on the "
                "other side. Or did you forget the 2 in $2a$?",
            ),
            ("bend_x0", "That is the curvature. The rate is one over it."),
            (
                "x_0 / (2 * a * x_0 + b)",
                "That rate leads to 0. The minimum lies elsewhere, because of $bx$.",
            ),
        ),
    ),
    Kind(
        "limit-rate",
        "The largest rate",
        "dimensions.md",
        _ellipse,
        _ask_ellipse,
        (
            ("The steep direction decides. Its curvature is", "c = 2 * steep"),
            ("and the limit is two over the curvature:", "limit = 2 / c"),
        ),
        (
            ("2 / (2 * flat)", "That is the limit of the flat direction."),
            ("1 / c", "That rate is the best one for the steep direction."),
            ("2 / steep", "You forgot that the curvature of $ax^2$ is $2a$."),
        ),
    ),
    Kind(
        "steps-left",
        "After several steps",
        "descent.md",
        _powers,
        lambda n: (
            f"Gradient descent on $f(x) = {polynomial(x2=n['a'])}$ starts at "
            f"$x_0 = {n['x_0']}$ with rate $\\eta = {written(n['eta'])}$. Where is it "
            f"after {n['k']} steps?"
        ),
        (
            (
                "The slope of $ax^2$ is $2ax$, so each step multiplies by",
                "c = 1 - 2 * a * eta",
            ),
            ("and $k$ steps multiply $k$ times:", "x_k = c ** k * x_0"),
        ),
        (
            ("c ** (k - 1) * x_0", "That is one step too few."),
            ("c ** (k + 1) * x_0", "That is one step too many."),
            ("(1 - a * eta) ** k * x_0", "You forgot the 2 in the slope $2ax$."),
            (
                "(2 * a * eta) ** k * x_0",
                "Each step removes that part; the rest is left.",
            ),
            (
                "(1 - k * 2 * a * eta) * x_0",
                "You took the first step again and again, but the slope changes.",
            ),
        ),
    ),
    Kind(
        "newton-step",
        "One Newton step to a minimum",
        "newton.md",
        _cubic,
        lambda n: (
            f"On $f(x) = {polynomial(x3=n['a'], x=-n['b'])}$, where does one step of "
            f"Newton's method for the minimum lead from $x_0 = {n['x_0']}$?"
        ),
        (
            ("With $f(x) = ax^3 - bx$ the slope is", "slope_x0 = 3 * a * x_0 ** 2 - b"),
            ("and the curvature", "bend_x0 = 6 * a * x_0"),
            ("The step divides one by the other:", "x_1 = x_0 - slope_x0 / bend_x0"),
        ),
        (
            ("x_0 + slope_x0 / bend_x0", "The sign: the step is subtracted."),
            ("x_0 - slope_x0", "You forgot to divide by the curvature."),
            (
                "x_0 - (a * x_0 ** 3 - b * x_0) / slope_x0",
                "You divided $f$ by $f'$. That looks for a root of $f$.",
            ),
            ("x_0 - bend_x0 / slope_x0", "You divided the wrong way round."),
        ),
    ),
    Kind(
        "newton-root",
        "One Newton step to a root",
        "newton.md",
        _reciprocal,
        lambda n: (
            "Newton's method looks for the root of "
            f"$g(x) = \\frac{{1}}{{x}} - {n['a']}$. Where does one step lead from "
            f"$x_0 = {written(n['x_0'])}$?"
        ),
        (
            ("With $g(x) = \\frac{1}{x} - a$ the value is", "g = 1 / x_0 - a"),
            ("and the slope", "rise_x0 = -1 / x_0 ** 2"),
            ("The step divides one by the other:", "x_1 = x_0 - g / rise_x0"),
        ),
        (
            ("x_0 + g / rise_x0", "A sign is lost: the slope of $1/x$ is negative."),
            ("x_0 - g", "You forgot to divide by the slope."),
            ("1 / a", "That is the root. One step comes near it, not to it."),
            ("x_0 - rise_x0 / g", "You divided the wrong way round."),
        ),
    ),
    Kind(
        "bowl-step",
        "One step in a bowl",
        "dimensions.md",
        _bowl,
        lambda n: (
            f"On $f(x, y) = {polynomial(x2=n['a'], y2=n['b'], xy=n['c'])}$ gradient "
            f"descent starts at $({n['x_0']}, {n['y_0']})$ with rate "
            f"$\\eta = {written(n['eta'])}$. What is $y_1$ after one step?"
        ),
        (
            (
                "With $f(x, y) = ax^2 + by^2 + cxy$ the slope along $y$ is",
                "slope_y0 = 2 * b * y_0 + c * x_0",
            ),
            ("and the step leads to", "y_1 = y_0 - eta * slope_y0"),
        ),
        (
            ("y_0 + eta * slope_y0", ADDED),
            ("y_0 - eta * 2 * b * y_0", "You lost $cxy$: its slope along $y$ is $cx$."),
            ("x_0 - eta * (2 * a * x_0 + c * y_0)", "That is $x_1$."),
            (
                "y_0 - eta * (2 * b * y_0 + c * (x_0 - eta * (2 * a * x_0 + c * y_0)))",
                "You moved $x$ first. Both slopes belong to the old point.",
            ),
        ),
    ),
    Kind(
        "line-error",
        "The error of a line",
        "loss.md",
        _points,
        lambda n: (
            "What is the mean squared error of the line $y = "
            + polynomial(x=n["w"])
            + f" {'-' if n['b'] < 0 else '+'} {abs(n['b'])}$ on the points "
            + ", ".join(f"$({n[f'x_{i}']}, {n[f'y_{i}']})$" for i in (1, 2, 3))
            + "?"
        ),
        (
            (
                "The line $y = wx + b$ misses the first point by",
                "r_1 = w * x_1 + b - y_1",
            ),
            ("the second by", "r_2 = w * x_2 + b - y_2"),
            ("the third by", "r_3 = w * x_3 + b - y_3"),
            (
                "and the mean of the squares is",
                "loss = (r_1 ** 2 + r_2 ** 2 + r_3 ** 2) / 3",
            ),
        ),
        (
            ("r_1 ** 2 + r_2 ** 2 + r_3 ** 2", "That is the sum; the mean is a third."),
            ("(r_1 ** 2 + r_2 ** 2 + r_3 ** 2) / 6", "That is half of the mean."),
            ("(r_1 + r_2 + r_3) / 3", "You forgot to square the residuals."),
            ("(r_1 + r_2 + r_3) ** 2 / 3", "You squared the sum. Square, then add."),
        ),
    ),
    Kind(
        "perceptron-update",
        "A perceptron learns",
        "classification.md",
        _mistake,
        lambda n: (
            f"A perceptron has the weights $w_1 = {n['w_1']}$, $w_2 = {n['w_2']}$ and "
            f"$b = {n['b']}$. It sees the input $({n['x_1']}, {n['x_2']})$ with the "
            f"label {n['y']}. What is $w_1$ after the correction?"
        ),
        (
            ("The unit computes", "z = w_1 * x_1 + w_2 * x_2 + b"),
            (
                "It says 1 if $z > 0$, else 0, and is wrong here. The correction is",
                "e = y - said",
            ),
            ("and the new weight is", "new = w_1 + e * x_1"),
        ),
        (
            (
                "w_1 - e * x_1",
                "That is the other way: it would be more wrong than before.",
            ),
            ("w_1", "The unit is wrong here, so its weights move."),
            ("w_1 + e", "You forgot the input: the correction is multiplied by $x_1$."),
            (
                "w_1 + (y - z) * x_1",
                "You took $z$ for the answer. The unit answers 0 or 1.",
            ),
        ),
    ),
    Kind(
        "heavy-ball",
        "The second step of a heavy ball",
        "momentum.md",
        _ball,
        lambda n: (
            f"Momentum with $\\beta = {written(n['beta'])}$ and rate "
            f"$\\eta = {written(n['eta'])}$ starts at $x_0 = {n['x_0']}$ on "
            f"$f(x) = {polynomial(x2=n['a'])}$, at rest. Where is it after two steps?"
        ),
        (
            (
                "At rest, the first velocity is the slope of $ax^2$,",
                "v_1 = 2 * a * x_0",
            ),
            ("and the first step leads to", "x_1 = x_0 - eta * v_1"),
            (
                "The second keeps $\\beta$ of the first and adds the new slope:",
                "v_2 = beta * v_1 + 2 * a * x_1",
            ),
            ("The second step leads to", "x_2 = x_1 - eta * v_2"),
        ),
        (
            ("x_1", "That is one step."),
            ("x_1 - eta * 2 * a * x_1", "You forgot the momentum in the second step."),
            (
                "x_1 - eta * (beta * v_1 + 2 * a * x_0)",
                "You took the slope at $x_0$ again, where the one at $x_1$ belongs.",
            ),
            (
                "x_1 - eta * (2 * a * x_1 - beta * v_1)",
                "The sign: the old velocity is kept, not taken away.",
            ),
        ),
    ),
)
