r"""What a drill says on the page: formulas, formulas with numbers, question blocks.

A line of a rule such as `x_1 = x_0 - eta * slope_x0` is Python that has been run. Here
it becomes the formula, and the formula with the numbers in it; `slope_x0` is f'(x_0).
"""

import ast
from fractions import Fraction

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
_SUM, _PRODUCT, _FRACTION, _ATOM = range(1, 5)  # how tightly a text holds together


def tex(expression, numbers=None):
    r"""Return an expression as a formula, or with the numbers in its place.

    >>> print(tex("x - eta * slope"))
    x - \eta\,f'
    >>> print(tex("x - eta * b", {"x": 2, "eta": Fraction(1, 10), "b": -4}))
    2 - \frac{1}{10} \cdot (-4)
    """
    return _tex(ast.parse(expression, mode="eval").body, numbers)[0]


def written(number):
    r"""Return a number in TeX.

    >>> print(written(Fraction(-3, 4)), written(Fraction(8, 4)))
    -\frac{3}{4} 2
    """
    return _number(number)[0]


def polynomial(**terms):
    r"""Return a sum of powers in TeX; `x2=3` is three times x squared.

    >>> print(polynomial(x2=3, x=-1, y2=Fraction(1, 2)))
    3x^2 - x + \frac{1}{2}y^2
    """
    text = ""
    for power, factor in terms.items():
        sign = " - " if factor < 0 else " + "
        size = "" if abs(factor) == 1 else written(abs(factor))
        text += sign + size + "".join(f"^{c}" if c.isdigit() else c for c in power)
    return text.removeprefix(" + ").replace(" - ", "-", text.startswith(" - "))


def solution(drill):
    """Return the rule of a drill, step by step: in letters, in numbers, the result."""
    parts = []
    for says, line in drill.kind.rule:
        name, expression = line.split(" = ")
        result = written(drill.known[name])
        steps = [tex(expression), tex(expression, drill.known), result]
        rows = " \\\\\n".join(f"&= {step}" for step in dict.fromkeys(steps))
        formula = f"\\begin{{aligned}}\n{_name(name)[0]} {rows}\n\\end{{aligned}}"
        parts.append(f"{says}\n\n$$\n{formula}\n$$")
    return "\n\n".join(parts)


def question(drill, number, within):
    """Return a drill as a question block."""
    options = [f"- [x] {drill.key}"]
    for slip in drill.kind.slips:
        options.append(f"- [ ] {drill.slips[slip.name]}\n\n    {slip.says}")
    return (
        f"/// question | {drill.prompt}\n    kind: number\n"
        f"    id: drill-{drill.kind.name}-{number}\n    within: {float(within)}\n\n"
        + "\n\n".join([*options, solution(drill)])
        + "\n///"
    )


def section(kind):
    """Return all variants of one kind, under their heading."""
    variants = enumerate(kind.variants(), start=1)
    blocks = [question(drill, number, kind.within) for number, drill in variants]
    inner = "\n\n".join(blocks)
    return f"### {kind.title}\n\n//// drill | {kind.name}\n\n{inner}\n\n////"


def sections(kinds):
    """Return all drills."""
    return "\n\n".join(map(section, kinds))


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
