"""Drills: keys by a second method, slips, and what their solutions print."""

import re
from fractions import Fraction

import drills
import pytest
import sympy
from classification import perceptron
from descent import descend
from momentum import momentum
from shared import drill_text

ALL = [drill for kind in drills.KINDS for drill in kind.variants()]
X, Y = sympy.symbols("x y")


def slope(f, at, by=X):
    """The slope of f by SymPy, as a fraction."""
    return Fraction(str(sympy.diff(f, by).subs(at)))


def parabola(n):
    return rational(n["a"]) * X**2 + n.get("b", 0) * X


def rational(number):
    return sympy.Rational(str(number))


def at(n):
    return {X: rational(n["x_0"]), Y: rational(n.get("y_0", 0))}


def bowl(n):
    return n["a"] * X**2 + n["b"] * Y**2 + n["c"] * X * Y


def one_step(n):
    g, x, eta = slope(parabola(n), at(n)), n["x_0"], n["eta"]
    lost = x - eta * (g - n["b"])
    slips = {"uphill": x + eta * g, "no rate": x - g, "no b": lost}
    return x - eta * g, slips | {"no 2": x - eta * (g + n["b"]) / 2}


def one_jump(n):
    lowest, g = -n["b"] / (2 * n["a"]), slope(parabola(n), at(n))
    eta = (n["x_0"] - lowest) / g
    slips = {"the limit": 2 * eta, "the curvature": 1 / eta}
    return eta, slips | {"to zero": Fraction(n["x_0"]) / g}


def limit_rate(n):
    best = 1 / (2 * max(n["steep"], n["flat"]))
    assert n["steep"] != n["flat"]
    return 2 * best, {"flat": 1 / n["flat"], "best": best, "no 2": 4 * best}


def steps_left(n):
    def after(steps, factor=2):
        slopes = lambda x: factor * n["a"] * x
        return descend(slopes, Fraction(n["x_0"]), n["eta"], steps)[-1]

    k, x = n["k"], Fraction(n["x_0"])
    moved = x - after(1)
    part = x * (moved / x) ** k
    slips = {"too few": after(k - 1), "too many": after(k + 1), "no 2": after(k, 1)}
    return after(k), slips | {"what is removed": part, "one slope": x - k * moved}


def newton_step(n):
    f = n["a"] * X**3 - n["b"] * X
    g, h = slope(f, at(n)), slope(sympy.diff(f, X), at(n))
    x, height = n["x_0"], Fraction(str(f.subs(at(n))))
    slips = {"uphill": x + g / h, "no curvature": x - g}
    slips |= {"the root of f": x - height / g, "upside down": x - h / g}
    return x - g / h, slips


def newton_root(n):
    a, x = n["a"], n["x_0"]
    key = x * (2 - a * x)
    height, rise = 1 / x - a, slope(1 / X, at(n))
    slips = {"the sign": 2 * x - key, "no slope": x - height}
    return key, slips | {"the root": Fraction(1, a), "upside down": x - rise / height}


def bowl_step(n):
    gx, gy = slope(bowl(n), at(n)), slope(bowl(n), at(n), Y)
    moved = slope(bowl(n), at(n) | {X: rational(n["x_0"] - n["eta"] * gx)}, Y)
    x, y, eta = n["x_0"], n["y_0"], n["eta"]
    lost = y - eta * (gy - n["c"] * x)
    slips = {"uphill": y + eta * gy, "no c": lost}
    return y - eta * gy, slips | {"x for y": x - eta * gx, "in turn": y - eta * moved}


def line_error(n):
    misses = [n["w"] * n[f"x_{i}"] + n["b"] - n[f"y_{i}"] for i in (1, 2, 3)]
    total = sum(miss * miss for miss in misses)
    once = Fraction(sum(misses))
    slips = {"the sum": total, "half": Fraction(total, 6)}
    slips |= {"not squared": once / 3, "squared late": once**2 / 3}
    return Fraction(total, 3), slips


def perceptron_update(n):
    side = 2 * n["y"] - 1
    z = n["w_1"] * n["x_1"] + n["w_2"] * n["x_2"] + n["b"]
    assert side * z < 0
    w, x = n["w_1"], n["x_1"]
    slips = {"the other way": w - side * x, "not moved": w, "no input": w + side}
    return w + side * x, slips | {"no threshold": w + (n["y"] - z) * x}


def heavy_ball(n):
    g = lambda x: 2 * n["a"] * x
    x, eta, beta = Fraction(n["x_0"]), n["eta"], n["beta"]
    x1, plain = descend(g, x, eta, 2)[1:]
    x2 = plain + beta * (x1 - x)
    assert float(x2) == pytest.approx(momentum(g, x, eta, 2, beta)[-1])
    again = x1 - eta * (1 + beta) * g(x)
    slips = {"one step": x1, "no momentum": plain, "the old slope": again}
    return x2, slips | {"the sign": 2 * plain - x2}


SECOND = {
    "one-step": one_step,
    "one-jump": one_jump,
    "limit-rate": limit_rate,
    "steps-left": steps_left,
    "newton-step": newton_step,
    "newton-root": newton_root,
    "bowl-step": bowl_step,
    "line-error": line_error,
    "perceptron-update": perceptron_update,
    "heavy-ball": heavy_ball,
}


@pytest.mark.parametrize("kind", drills.KINDS, ids=lambda kind: kind.name)
def test_keys_and_slips_agree_with_a_second_method(kind):
    for drill in kind.variants():
        key, slips = SECOND[kind.name](drill.numbers)
        assert drill.key == key, drill.prompt
        assert drill.slips == slips, drill.prompt


def test_every_step_downhill_leads_down():
    for drill in drills.OneStep().variants():
        f, x, after = parabola(drill.numbers), rational(drill.numbers["x_0"]), drill.key
        assert f.subs(X, rational(after)) < f.subs(X, x), drill.prompt


def test_several_steps_come_nearer_each_time():
    for drill in drills.StepsLeft().variants():
        assert 0 < abs(drill.known["c"]) < 1, drill.prompt


def test_every_bowl_is_a_bowl_and_the_step_leads_down():
    for drill in drills.BowlStep().variants():
        n, f = drill.numbers, bowl(drill.numbers)
        hess = sympy.hessian(f, (X, Y))
        assert hess.is_positive_definite, drill.prompt
        largest = max(float(value) for value in hess.eigenvals())
        assert n["eta"] * largest < 2, drill.prompt
        gx, gy = slope(f, at(n)), slope(f, at(n), Y)
        x, y = (rational(n[c] - n["eta"] * g) for c, g in (("x_0", gx), ("y_0", gy)))
        assert f.subs({X: x, Y: y}) < f.subs(at(n)), drill.prompt


def test_every_heavy_ball_comes_to_rest():
    for drill in drills.HeavyBall().variants():
        n = drill.numbers
        path = momentum(
            lambda x, a=n["a"]: 2 * float(a) * x,
            float(n["x_0"]),
            float(n["eta"]),
            2000,
            float(n["beta"]),
        )
        assert abs(path[-1]) < 1e-3, drill.prompt


def test_the_perceptron_of_the_drills_is_that_of_the_lesson():
    """On one point that it gets wrong, from 0, its first correction is ours."""
    numbers = {"w_1": 0, "w_2": 0, "b": 0, "x_1": 3, "x_2": -2, "said": 1, "y": 0}
    [kind] = [kind for kind in drills.KINDS if kind.name == "perceptron-update"]
    import numpy as np

    path, _ = perceptron(np.array([[3, -2]]), np.array([0]), passes=1)
    assert kind.work(numbers).key == path[1][0]


def read(tex):
    """The number that a line of TeX without letters gives."""
    text = tex.replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "*")
    fraction, count = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}"), 1
    text = re.sub(r"\^\{(\d+)\}", r"**\1", text)
    while count:
        text, count = fraction.subn(r"((\1)/(\2))", text)
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", text), {"Fraction": Fraction})


def lines(drill):
    """The lines of each formula of a solution, without their left sides."""
    formulas = re.findall(
        r"\\begin{aligned}\n(.*?)\n\\end", drill_text.solution(drill), re.DOTALL
    )
    return [re.findall(r"&= (.*?)(?: \\\\)?$", one, re.M) for one in formulas]


def test_the_last_line_of_a_solution_is_the_key_and_all_its_lines_agree():
    for drill in ALL:
        steps = lines(drill)
        assert len(steps) == len(drill.kind.rule)
        assert read(steps[-1][-1]) == drill.key, drill.prompt
        for formula, *numbers in steps:
            assert re.search("[a-z]", formula.replace("frac", ""))
            assert len({read(line) for line in numbers}) == 1, drill.prompt


def test_answers_are_far_apart_and_easy_to_write():
    for drill in ALL:
        answers = [drill.key, *drill.slips.values()]
        assert len(answers) >= 4
        for i, one in enumerate(answers):
            for other in answers[:i]:
                assert abs(one - other) > 2 * drills.WITHIN
        assert drill.key.denominator <= 100


@pytest.mark.parametrize("kind", drills.KINDS, ids=lambda kind: kind.name)
def test_no_two_variants_have_the_same_prompt_or_answer(kind):
    found = kind.variants()
    assert len(found) == drills.VARIANTS
    assert len({drill.prompt for drill in found}) == len(found)
    assert len({drill.key for drill in found}) == len(found)


def test_a_block_says_the_key_first_and_each_slip_with_what_it_was():
    for kind in drills.KINDS:
        for number, drill in enumerate(kind.variants(), start=1):
            block = drill_text.question(drill, number, kind.within)
            assert f"/// question | {drill.prompt}\n" in block
            assert f"\n    id: drill-{kind.name}-{number}\n" in block
            options = re.findall(r"^- \[(.)\] (.*)$", block, re.MULTILINE)
            answers = [drill.key, *drill.slips.values()]
            assert options[0][0] == "x"
            assert [Fraction(answer) for _, answer in options] == answers
            for slip in kind.slips:
                told = f"- [ ] {drill.slips[slip.name]}\n\n    {slip.says}\n"
                assert told in block


def test_variants_are_the_same_each_time():
    for kind in drills.KINDS:
        assert kind.variants() == kind.variants()


def test_a_kind_without_enough_sound_variants_is_an_error():
    class Narrow(drills.OneStep):
        def draw(self, chance):
            return {"a": 1, "b": 1, "x_0": 1, "eta": 1}

    with pytest.raises(ValueError, match="one-step has only 0 sound variants"):
        Narrow().variants()


def test_each_kind_tells_what_each_slip_was():
    names = [kind.name for kind in drills.KINDS]
    assert len(names) == len(set(names)) >= 8
    for kind in drills.KINDS:
        said = [slip.says for slip in kind.slips]
        assert len(said) == len(set(said)) >= 3
        assert len({slip.name for slip in kind.slips}) == len(said)
        assert all(text.endswith((".", "?")) for text in said)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) * c", r"(a - b)\,c"),
        ("2 * a", r"2\,a"),
        ("a * 2", r"a \cdot 2"),
        ("(1 - a) ** 2", "(1 - a)^{2}"),
        ("-a / b", r"\frac{-a}{b}"),
    ],
)
def test_a_formula_keeps_its_brackets(expression, shown):
    assert drill_text.tex(expression) == shown


def test_numbers_in_a_formula_keep_their_signs_apart():
    numbers = {"a": Fraction(-1, 2), "b": -3, "c": Fraction(1, 2)}
    for expression in "a - b", "a * b", "b ** 2", "c ** 3 * a", "b - a * c", "-b":
        shown = drill_text.tex(expression, numbers)
        assert read(shown) == drills.value(expression, numbers), shown
