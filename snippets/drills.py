"""Drills: a rule with other numbers each time, in exact fractions.

A kind of drill is a rule, written once, as lines of Python. The same line gives the
formula, the formula with the numbers in it, and the result; a slip is the line that
somebody in a hurry would have written instead, run on the same numbers. How a drill
looks on the page is for `shared.drill_text` to say.
"""

import random
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from shared.drill_text import polynomial, written

VARIANTS = 12
WITHIN = Fraction(1, 1000)  # so that 0.333 counts as 1/3
APART = Fraction(1, 100)  # key and slips, at least
TRIES = 20_000


class Slip(NamedTuple):
    """A mistake: its name, the expression, what to tell whoever made it."""

    name: str
    expression: str
    says: str


class Drill(NamedTuple):
    """A kind with numbers, and what comes out: all values, the key, the slips."""

    kind: object
    numbers: dict
    known: dict
    key: Fraction
    slips: dict

    @property
    def prompt(self):
        return self.kind.ask(**self.numbers)


class Kind:
    """A rule to practise.

    `draw` gives numbers by name, `ask` the question with them. Each line of the rule
    says in words what it computes, then `name = expression`; the last gives the key.
    """

    name = title = ""
    within = WITHIN
    rule = slips = ()

    def draw(self, chance):
        raise NotImplementedError

    def ask(self, **numbers):
        raise NotImplementedError

    def work(self, numbers):
        """Return the drill that the kind makes of the numbers."""
        known = {name: Fraction(number) for name, number in numbers.items()}
        for _, line in self.rule:
            name, expression = line.split(" = ")
            known[name] = value(expression, known)
        slips = {slip.name: value(slip.expression, known) for slip in self.slips}
        return Drill(self, numbers, known, known[name], slips)

    def variants(self, count=VARIANTS):
        """Return drills, no two with the same answer.

        The same on every build: the name is the seed.
        """
        chance, found = random.Random(self.name), {}
        for _ in range(TRIES):
            try:
                drill = self.work(self.draw(chance))
            except ZeroDivisionError:
                continue
            if sound(drill):
                found.setdefault(drill.key, drill)
            if len(found) == count:
                return [*found.values()]
        raise ValueError(f"the drill {self.name} has only {len(found)} sound variants")


def value(expression, numbers):
    """Return what an expression gives, as a fraction.

    >>> value("x - eta * slope", {"x": 2, "eta": Fraction(1, 10), "slope": 4})
    Fraction(8, 5)
    """
    return Fraction(eval(expression, {"__builtins__": {}}, numbers))


def sound(drill):
    """Return whether key and slips are easy to write and far from each other."""
    answers = [drill.key, *drill.slips.values()]
    return (
        drill.key.denominator <= 100
        and abs(drill.key) <= 30
        and all(answer.denominator <= 10_000 for answer in answers)
        and all(abs(a - b) >= APART for a, b in combinations(answers, 2))
    )


def whole(chance, low, high):
    """Draw a whole number that is not 0."""
    return chance.choice([n for n in range(low, high + 1) if n])


def rate(chance, limit=1):
    """Draw a learning rate below a limit, which must be more than 1/20."""
    rates = [Fraction(1, n) for n in (4, 5, 8, 10, 20)]
    return chance.choice([eta for eta in rates if eta < limit])


def coefficient(chance):
    """Draw the coefficient of a square, a whole or half number."""
    return Fraction(chance.choice([3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24]), 2)


ADDED = "You added the gradient. It points uphill, so it has to be subtracted."


class OneStep(Kind):
    name, title = "one-step", "One step downhill"

    def draw(self, chance):
        """A parabola, a start, and a rate below the limit: the step leads down."""
        a = coefficient(chance)
        return {
            "a": a,
            "b": whole(chance, -6, 6),
            "x_0": whole(chance, -5, 5),
            "eta": rate(chance, limit=1 / a),
        }

    def ask(self, a, b, x_0, eta):
        return (
            f"On $f(x) = {polynomial(x2=a, x=b)}$, where does one step of gradient "
            f"descent lead from $x_0 = {x_0}$ with rate $\\eta = {written(eta)}$?"
        )

    rule = (
        ("With $f(x) = ax^2 + bx$ the slope is", "slope_x0 = 2 * a * x_0 + b"),
        ("and the step leads to", "x_1 = x_0 - eta * slope_x0"),
    )
    slips = (
        Slip("uphill", "x_0 + eta * slope_x0", ADDED),
        Slip(
            "no rate",
            "x_0 - slope_x0",
            "You forgot the rate: the step is $\\eta$ times that.",
        ),
        Slip(
            "no 2",
            "x_0 - eta * (a * x_0 + b)",
            "You forgot the 2: the slope of $ax^2$ is $2ax$.",
        ),
        Slip(
            "no b",
            "x_0 - eta * 2 * a * x_0",
            "You lost the slope of $bx$, which is $b$.",
        ),
    )


class OneJump(Kind):
    name, title = "one-jump", "The rate that arrives at once"
    draw = OneStep.draw

    def ask(self, a, b, x_0, eta):
        return (
            f"From $x_0 = {x_0}$ on $f(x) = {polynomial(x2=a, x=b)}$: "
            "with which rate does one step of gradient descent lead to the minimum?"
        )

    rule = (
        ("With $f(x) = ax^2 + bx$ the curvature is", "bend_x0 = 2 * a"),
        (
            "It is the same everywhere, and so is the rate that divides it away",
            "eta = 1 / bend_x0",
        ),
    )
    slips = (
        Slip(
            "the limit",
            "2 / bend_x0",
            "That is the limit, with which the step leads just as far up on the "
            "other side. Or did you forget the 2 in $2a$?",
        ),
        Slip(
            "the curvature",
            "bend_x0",
            "That is the curvature. The rate is one over it.",
        ),
        Slip(
            "to zero",
            "x_0 / (2 * a * x_0 + b)",
            "That rate leads to 0. The minimum lies elsewhere, because of $bx$.",
        ),
    )


class LimitRate(Kind):
    name, title = "limit-rate", "The largest rate"

    def draw(self, chance):
        flat, steep = sorted([coefficient(chance), coefficient(chance)])
        return {"steep": steep, "flat": flat, "first": chance.random() < 0.5}

    def ask(self, steep, flat, first):
        x, y = (steep, flat) if first else (flat, steep)
        return (
            f"Gradient descent on $f(x, y) = {polynomial(x2=x, y2=y)}$ shrinks both "
            "coordinates if the rate is small. Below which rate?"
        )

    rule = (
        ("The steep direction decides. Its curvature is", "c = 2 * steep"),
        ("and the limit is two over the curvature:", "limit = 2 / c"),
    )
    slips = (
        Slip("flat", "2 / (2 * flat)", "That is the limit of the flat direction."),
        Slip("best", "1 / c", "That rate is the best one for the steep direction."),
        Slip("no 2", "2 / steep", "You forgot that the curvature of $ax^2$ is $2a$."),
    )


class StepsLeft(Kind):
    name, title = "steps-left", "After several steps"

    def draw(self, chance):
        a = coefficient(chance)
        return {
            "a": a,
            "x_0": whole(chance, -6, 6),
            "eta": rate(chance, limit=1 / a),
            "k": chance.choice([2, 3]),
        }

    def ask(self, a, x_0, eta, k):
        return (
            f"Gradient descent on $f(x) = {polynomial(x2=a)}$ starts at "
            f"$x_0 = {x_0}$ with rate $\\eta = {written(eta)}$. Where is it "
            f"after {k} steps?"
        )

    rule = (
        (
            "The slope of $ax^2$ is $2ax$, so each step multiplies by",
            "c = 1 - 2 * a * eta",
        ),
        ("and $k$ steps multiply $k$ times:", "x_k = c ** k * x_0"),
    )
    slips = (
        Slip("too few", "c ** (k - 1) * x_0", "That is one step too few."),
        Slip("too many", "c ** (k + 1) * x_0", "That is one step too many."),
        Slip(
            "no 2", "(1 - a * eta) ** k * x_0", "You forgot the 2 in the slope $2ax$."
        ),
        Slip(
            "what is removed",
            "(2 * a * eta) ** k * x_0",
            "Each step removes that part; the rest is left.",
        ),
        Slip(
            "one slope",
            "(1 - k * 2 * a * eta) * x_0",
            "You took the first step again and again, but the slope changes.",
        ),
    )


class NewtonStep(Kind):
    name, title = "newton-step", "One Newton step to a minimum"

    def draw(self, chance):
        return {
            "a": chance.choice([1, 2, 3]),
            "b": whole(chance, 1, 12),
            "x_0": whole(chance, 1, 4),
        }

    def ask(self, a, b, x_0):
        return (
            f"On $f(x) = {polynomial(x3=a, x=-b)}$, where does one step of "
            f"Newton's method for the minimum lead from $x_0 = {x_0}$?"
        )

    rule = (
        ("With $f(x) = ax^3 - bx$ the slope is", "slope_x0 = 3 * a * x_0 ** 2 - b"),
        ("and the curvature", "bend_x0 = 6 * a * x_0"),
        ("The step divides one by the other:", "x_1 = x_0 - slope_x0 / bend_x0"),
    )
    slips = (
        Slip("uphill", "x_0 + slope_x0 / bend_x0", "The sign: the step is subtracted."),
        Slip(
            "no curvature", "x_0 - slope_x0", "You forgot to divide by the curvature."
        ),
        Slip(
            "the root of f",
            "x_0 - (a * x_0 ** 3 - b * x_0) / slope_x0",
            "You divided $f$ by $f'$. That looks for a root of $f$.",
        ),
        Slip(
            "upside down",
            "x_0 - bend_x0 / slope_x0",
            "You divided the wrong way round.",
        ),
    )


class NewtonRoot(Kind):
    name, title = "newton-root", "One Newton step to a root"

    def draw(self, chance):
        return {
            "a": whole(chance, 2, 9),
            "x_0": Fraction(1, chance.choice([2, 3, 4, 5, 6, 8, 10])),
        }

    def ask(self, a, x_0):
        return (
            "Newton's method looks for the root of "
            f"$g(x) = \\frac{{1}}{{x}} - {a}$. Where does one step lead from "
            f"$x_0 = {written(x_0)}$?"
        )

    rule = (
        ("With $g(x) = \\frac{1}{x} - a$ the value is", "g = 1 / x_0 - a"),
        ("and the slope", "rise_x0 = -1 / x_0 ** 2"),
        ("The step divides one by the other:", "x_1 = x_0 - g / rise_x0"),
    )
    slips = (
        Slip(
            "the sign",
            "x_0 + g / rise_x0",
            "A sign is lost: the slope of $1/x$ is negative.",
        ),
        Slip("no slope", "x_0 - g", "You forgot to divide by the slope."),
        Slip(
            "the root", "1 / a", "That is the root. One step comes near it, not to it."
        ),
        Slip("upside down", "x_0 - rise_x0 / g", "You divided the wrong way round."),
    )


class BowlStep(Kind):
    name, title = "bowl-step", "One step in a bowl"

    def draw(self, chance):
        """A bowl, which has 4ab > c², a start, and a rate below the limit."""
        a, b, c = whole(chance, 1, 4), whole(chance, 1, 4), whole(chance, -3, 3)
        while 4 * a * b <= c * c:
            c = whole(chance, -3, 3)
        # The larger curvature is at most 2 max(a, b) + |c|.
        return {
            "a": a,
            "b": b,
            "c": c,
            "x_0": whole(chance, -4, 4),
            "y_0": whole(chance, -4, 4),
            "eta": rate(chance, limit=Fraction(2, 2 * max(a, b) + abs(c))),
        }

    def ask(self, a, b, c, x_0, y_0, eta):
        return (
            f"On $f(x, y) = {polynomial(x2=a, y2=b, xy=c)}$ gradient "
            f"descent starts at $({x_0}, {y_0})$ with rate "
            f"$\\eta = {written(eta)}$. What is $y_1$ after one step?"
        )

    rule = (
        (
            "With $f(x, y) = ax^2 + by^2 + cxy$ the slope along $y$ is",
            "slope_y0 = 2 * b * y_0 + c * x_0",
        ),
        ("and the step leads to", "y_1 = y_0 - eta * slope_y0"),
    )
    slips = (
        Slip("uphill", "y_0 + eta * slope_y0", ADDED),
        Slip(
            "no c",
            "y_0 - eta * 2 * b * y_0",
            "You lost $cxy$: its slope along $y$ is $cx$.",
        ),
        Slip("x for y", "x_0 - eta * (2 * a * x_0 + c * y_0)", "That is $x_1$."),
        Slip(
            "in turn",
            "y_0 - eta * (2 * b * y_0 + c * (x_0 - eta * (2 * a * x_0 + c * y_0)))",
            "You moved $x$ first. Both slopes belong to the old point.",
        ),
    )


class LineError(Kind):
    name, title = "line-error", "The error of a line"

    def draw(self, chance):
        numbers = {"w": whole(chance, -3, 3), "b": whole(chance, -3, 3)}
        for i, x in enumerate(sorted(chance.sample(range(-2, 5), 3)), start=1):
            numbers |= {f"x_{i}": x, f"y_{i}": chance.randint(-4, 8)}
        return numbers

    def ask(self, w, b, x_1, y_1, x_2, y_2, x_3, y_3):
        return (
            f"What is the mean squared error of the line $y = {polynomial(x=w)} "
            f"{'-' if b < 0 else '+'} {abs(b)}$ on the points "
            f"$({x_1}, {y_1})$, $({x_2}, {y_2})$, $({x_3}, {y_3})$?"
        )

    rule = (
        ("The line $y = wx + b$ misses the first point by", "r_1 = w * x_1 + b - y_1"),
        ("the second by", "r_2 = w * x_2 + b - y_2"),
        ("the third by", "r_3 = w * x_3 + b - y_3"),
        (
            "and the mean of the squares is",
            "loss = (r_1 ** 2 + r_2 ** 2 + r_3 ** 2) / 3",
        ),
    )
    slips = (
        Slip(
            "the sum",
            "r_1 ** 2 + r_2 ** 2 + r_3 ** 2",
            "That is the sum; the mean is a third.",
        ),
        Slip(
            "half", "(r_1 ** 2 + r_2 ** 2 + r_3 ** 2) / 6", "That is half of the mean."
        ),
        Slip(
            "not squared",
            "(r_1 + r_2 + r_3) / 3",
            "You forgot to square the residuals.",
        ),
        Slip(
            "squared late",
            "(r_1 + r_2 + r_3) ** 2 / 3",
            "You squared the sum. Square, then add.",
        ),
    )


class PerceptronUpdate(Kind):
    name, title = "perceptron-update", "A perceptron learns"

    def draw(self, chance):
        """Weights, an input, and the label that the unit does not give it."""
        names, z = ("w_1", "w_2", "b", "x_1", "x_2"), 0
        while z == 0:
            numbers = {name: whole(chance, -4, 4) for name in names}
            z = value("w_1 * x_1 + w_2 * x_2 + b", numbers)
        return numbers | {"said": int(z > 0), "y": int(z < 0)}

    def ask(self, w_1, w_2, b, x_1, x_2, said, y):
        return (
            f"A perceptron has the weights $w_1 = {w_1}$, $w_2 = {w_2}$ and "
            f"$b = {b}$. It sees the input $({x_1}, {x_2})$ with the "
            f"label {y}. What is $w_1$ after the correction?"
        )

    rule = (
        ("The unit computes", "z = w_1 * x_1 + w_2 * x_2 + b"),
        (
            "It says 1 if $z > 0$, else 0, and is wrong here. The correction is",
            "e = y - said",
        ),
        ("and the new weight is", "new = w_1 + e * x_1"),
    )
    slips = (
        Slip(
            "the other way",
            "w_1 - e * x_1",
            "That is the other way: it would be more wrong than before.",
        ),
        Slip("not moved", "w_1", "The unit is wrong here, so its weights move."),
        Slip(
            "no input",
            "w_1 + e",
            "You forgot the input: the correction is multiplied by $x_1$.",
        ),
        Slip(
            "no threshold",
            "w_1 + (y - z) * x_1",
            "You took $z$ for the answer. The unit answers 0 or 1.",
        ),
    )


class HeavyBall(Kind):
    name, title = "heavy-ball", "The second step of a heavy ball"

    def draw(self, chance):
        """A parabola, a start, and a pair with which the ball comes to rest."""
        a = coefficient(chance)
        beta = Fraction(chance.choice(["1/2", "3/4", "4/5", "9/10"]))
        return {
            "a": a,
            "x_0": whole(chance, -5, 5),
            "eta": rate(chance, limit=(1 + beta) / a),
            "beta": beta,
        }

    def ask(self, a, x_0, eta, beta):
        return (
            f"Momentum with $\\beta = {written(beta)}$ and rate "
            f"$\\eta = {written(eta)}$ starts at $x_0 = {x_0}$ on "
            f"$f(x) = {polynomial(x2=a)}$, at rest. Where is it after two steps?"
        )

    rule = (
        ("At rest, the first velocity is the slope of $ax^2$,", "v_1 = 2 * a * x_0"),
        ("and the first step leads to", "x_1 = x_0 - eta * v_1"),
        (
            "The second keeps $\\beta$ of the first and adds the new slope:",
            "v_2 = beta * v_1 + 2 * a * x_1",
        ),
        ("The second step leads to", "x_2 = x_1 - eta * v_2"),
    )
    slips = (
        Slip("one step", "x_1", "That is one step."),
        Slip(
            "no momentum",
            "x_1 - eta * 2 * a * x_1",
            "You forgot the momentum in the second step.",
        ),
        Slip(
            "the old slope",
            "x_1 - eta * (beta * v_1 + 2 * a * x_0)",
            "You took the slope at $x_0$ again, where the one at $x_1$ belongs.",
        ),
        Slip(
            "the sign",
            "x_1 - eta * (2 * a * x_1 - beta * v_1)",
            "The sign: the old velocity is kept, not taken away.",
        ),
    )


KINDS = (
    *(OneStep(), OneJump(), LimitRate(), StepsLeft(), NewtonStep()),
    *(NewtonRoot(), BowlStep(), LineError(), PerceptronUpdate(), HeavyBall()),
)
