"""The translator: the same numbers from the same function, or no function at all."""

import itertools
import json
import math
import random

import explore
import matplotlib.pyplot as plt
import pytest
from _weave.faults import WeaveError
from _weave.translate import script
from conftest import SNIPPETS
from py_mini_racer import MiniRacer

SOURCE = (SNIPPETS / "explore.py").read_text("utf-8")


def engine(code, path="snippets/explore.py"):
    """A V8 that holds the translation of the code."""
    racer = MiniRacer()
    racer.eval(script(code, path))
    return racer


def both(code, *given):
    """What f gives in Python and in JavaScript, each as a list."""
    names = {"math": math}
    exec(code, names)
    spoken = ", ".join(map(repr, given))
    result = engine(code).eval(f"JSON.stringify([weaveFunctions.f({spoken})])")
    return [names["f"](*given)], json.loads(str(result))


def numbers(value):
    """All numbers of nested lists, in their order."""
    if not isinstance(value, (list, tuple)):
        return [value]
    return [number for part in value for number in numbers(part)]


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ("return x + 2 * x - x / 3", (0.1,)),
        ("return -x * (1 - x)", (0.7,)),
        ("y = x\n    y += 1\n    y *= 3\n    y -= x\n    y /= 7\n    return y", (0.1,)),
        ("return [x, (x, 2), []]", (1.5,)),
        ("p = [x]\n    p.append(2)\n    return p[-1] + p[0] + len(p)", (1,)),
        ("a, b = x, 2\n    a, b = b, a\n    return [a, b]", (1,)),
        ("s = 0\n    for k in range(x):\n        s += k\n    return [s, k]", (5,)),
        ("return [k * k for k in range(1, x, 3)]", (11,)),
        ("return [k for k in range(x, 0, -2)]", (7,)),
        ("for a, b in [[1, 2], [3, 4]]:\n        x += a * b\n    return x", (0,)),
        ("while x < 100:\n        x = 2 * x\n    return x", (3,)),
        (
            "while True:\n        x += 1\n        if x > 9:\n            break\n"
            "    return x",
            (3,),
        ),
        (
            "s = 0\n    for k in range(x):\n        if k == 2:\n            continue\n"
            "        s += k\n    return s",
            (5,),
        ),
        (
            "if x > 2:\n        return 1\n    elif x == 2:\n        return 2\n"
            "    return 3",
            (2,),
        ),
        ("return [1 < x < 3, x >= 2 and x != 3, not x > 1 or x <= 0]", (2,)),
        ("return 1 if x > 0 else -1", (-0.5,)),
        ("return [min(x, 1, 2), max(x, -1), abs(x), math.fabs(x)]", (-3,)),
        ("return [math.sqrt(x), math.floor(x), math.ceil(-x)]", (2.5,)),
        ("return [math.pi * x, math.e]", (2.5,)),
        ("return [math.isfinite(x), math.isnan(x), math.isfinite(math.inf)]", (1.0,)),
        ("k = 5\n    a = [k for k in range(x)]\n    return [k, a]", (3,)),
    ],
)  # fmt: skip
def test_each_construct_means_the_same(body, given):
    one, other = both(f"def f(x):\n    {body}\n", *given)
    assert numbers(one) == numbers(other)


def test_functions_call_each_other_and_take_each_other_as_arguments():
    code = (
        "HALF = 0.5\n\n\ndef f(x):\n    return twice(half, x)\n\n\n"
        "def twice(g, x):\n    return g(g(x))\n\n\ndef half(x):\n    return HALF * x\n"
    )
    one, other = both(code, 5.0)
    assert one == other == [1.25]


def test_figures_and_private_functions_stay_at_home():
    code = "def figure_f():\n    return draw()\n\n\ndef _g(*a):\n    pass\n"
    assert "weaveFunctions = {  }" in script(code, "f.py")


@pytest.mark.parametrize(
    ("body", "x", "error"),
    [
        ("return 1 / x", 0.0, ZeroDivisionError),
        ("return math.log(x)", -1.0, ValueError),
        ("return math.sqrt(x)", -1.0, ValueError),
        ("return math.exp(x)", 1000.0, OverflowError),
        ("return [1, 2][x]", 2, IndexError),
        ("return [1, 2][x]", -3, IndexError),
        ("a, b = [x]\n    return a", 1, ValueError),
        ("return [k for k in range(0, 3, x)]", 0, ValueError),
    ],
)
def test_what_raises_in_python_raises_in_the_browser(body, x, error):
    code = f"def f(x):\n    {body}\n"
    names = {"math": math}
    exec(code, names)
    with pytest.raises(error):
        names["f"](x)
    said = engine(code).eval(f"try {{ weaveFunctions.f({x}) }} catch (e) {{ e.name }}")
    assert said == "RangeError"


REFUSED = [
    ("def f(x):\n    return x ** 2\n", 2, "x ** 2 has no translation"),
    ("def f(x):\n    return x // 2\n", 2, "x // 2 has no translation"),
    ("def f(x):\n    return x % 2\n", 2, "x % 2 has no translation"),
    ("def f(x):\n    return 'a'\n", 2, "'a' has no translation"),
    ("def f(x):\n    return None\n", 2, "None has no translation"),
    ("def f(x):\n    return {x: 1}\n", 2, "has no translation"),
    ("def f(x):\n    return x[1:]\n", 2, "x[1:] has no translation"),
    ("def f(x):\n    return x.real\n", 2, "x.real has no translation"),
    ("def f(x):\n    return [x] + [x]\n", 2, "[x] is a list, not a number"),
    ("def f(x):\n    return np.exp(x)\n", 2, "np.exp(x) has no translation"),
    ("def f(x):\n    return math.gamma(x)\n", 2, "math.gamma(x) has no translation"),
    ("def f(x):\n    return math.log(x, 2)\n", 2, "math.log(x, 2) has no translation"),
    ("def f(x):\n    return sum(x)\n", 2, "sum(x) has no translation"),
    ("def f(x):\n    return min(x)\n", 2, "min(x) has no translation"),
    ("def f(x):\n    return f(x=1)\n", 2, "f(x=1) has no translation"),
    ("def f(x):\n    return f(*x)\n", 2, "*x has no translation"),
    ("def f(x):\n    return y\n", 2, "y has no translation"),
    ("def f(x):\n    return lambda: x\n", 2, "lambda: x has no translation"),
    ("def f(x):\n    return [k for k in x if k > 1]\n", 2, "has no translation"),
    ("def f(x):\n    return 1e999\n", 2, "has no translation"),
    ("def f(x):\n    return 9007199254740993\n", 2, "has no translation"),
    ("def f(x):\n    return x is 1\n", 2, "x is 1 has no translation"),
    ("def f(x):\n    return 1 < x + 1 < 2\n", 2, "x + 1 would be computed twice"),
    ("def f(x):\n    if x:\n        return 1\n    return 2\n", 2, "x is no comparison"),
    ("def f(x):\n    x[0] = 1\n    return x\n", 2, "x[0] is no name"),
    ("def f(x):\n    a = b = x\n    return x\n", 2, "has no translation"),
    ("def f(x):\n    x.extend([1])\n    return x\n", 2, "has no translation"),
    ("def f(x):\n    del x\n    return 1\n", 2, "del x has no translation"),
    ("def f(x):\n    import math\n    return 1\n", 2, "has no translation"),
    ("def f(x):\n    assert x > 1\n    return 1\n", 2, "has no translation"),
    ("def f(x):\n    def g():\n        return 1\n    return 1\n", 2, "no translation"),
    ("def f(x):\n    for k in x:\n        pass\n    return 1\n", 3, "pass has no"),
    ("def f(x):\n    while x > 1:\n        x -= 1\n    else:\n        x = 0\n"
     "    return x\n", 2, "has no translation"),
    ("def f(x):\n    return\n", 2, "return has no translation"),
    ("def f(x):\n    if x > 1:\n        return 1\n", 1, "f may end without a return"),
    ("def f(x=1):\n    return x\n", 1, "f has a default"),
    ("def f(*x):\n    return 1\n", 1, "f has a default, a star"),
    ("@g\ndef f(x):\n    return 1\n", 2, "f has a default, a star, a decorator"),
    ("async def f(x):\n    return 1\n", 1, "f has a default, a star, a decorator"),
    ("def f(new):\n    return 1\n", 1, "new is no name in JavaScript"),
    ("def f(η):\n    return 1\n", 1, "η is no name in JavaScript"),
    ("def f(x):\n    f = 1\n    return x\n", 1, "f is the name of a function"),
    ("def f(x)\n    return x\n", 1, "expected ':'"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "message"), REFUSED)
def test_all_else_is_refused_with_file_and_line(code, line, message):
    with pytest.raises(WeaveError) as caught:
        script(code, "snippets/explore.py")
    [fault] = caught.value.faults
    assert str(fault).startswith(f"snippets/explore.py:{line}: ")
    assert message in fault.message


def test_all_refusals_of_a_file_are_said_at_once():
    code = "def f(x):\n    y = x ** 2\n    return x % 2\n\n\ndef g(*x):\n    return 1\n"
    with pytest.raises(WeaveError) as caught:
        script(code, "f.py")
    assert [fault.line for fault in caught.value.faults] == [2, 3, 6]


def test_a_function_that_cannot_travel_stops_the_build(project):
    project.write("snippets/explore.py", "def f(x):\n    return x ** 2\n")
    done = project.build()
    assert done.returncode != 0
    assert "snippets/explore.py:2: x ** 2 has no translation" in done.stdout
    assert not (project.folder / "site" / "index.html").exists()


def test_the_build_writes_the_script_and_the_repository_does_not_hold_it(project):
    project.write("snippets/explore.py", "def f(x):\n    return x * 2\n")
    done = project.build()
    assert done.returncode == 0, done.stdout
    code = project.folder / "site" / "assets" / "js" / "explore-functions.js"
    assert "return (x * 2);" in code.read_text("utf-8")


FIGURES = "square", "explog", "ravine", "newton"


def told_by(figure):
    """What the figure says of itself, without the figure."""
    told = getattr(explore, f"figure_{figure}")().explore
    plt.close("all")
    return told


def states(figure, count):
    """The default, all corners, the marks of each, and states in between."""
    knobs = told_by(figure)["knobs"]
    names = [knob["name"] for knob in knobs]
    chosen = [tuple(knob["value"] for knob in knobs)]
    chosen += itertools.product(*([knob["low"], knob["high"]] for knob in knobs))
    pick = random.Random(7)
    for _ in range(count):
        chosen.append(tuple(pick.uniform(knob["low"], knob["high"]) for knob in knobs))
    return [dict(zip(names, state, strict=True)) for state in chosen]


def functions_of(figure):
    """The functions that a figure asks the browser for, with their arguments."""
    told = told_by(figure)
    functions = [run for run, _, _ in told["layers"]] + [told["says"][0]]
    functions += [told["table"][0], *told.get("again", ())[:1]]
    functions += [knob["marks"]["values"] for knob in told["knobs"] if "marks" in knob]
    return list(dict.fromkeys(functions))


@pytest.mark.parametrize("figure", FIGURES)
def test_v8_and_python_agree_on_every_float(figure):
    racer = engine(SOURCE)
    for function in functions_of(figure):
        code = function.__code__
        for state in states(figure, 40):
            given = [state[name] for name in code.co_varnames[: code.co_argcount]]
            spoken = ", ".join(map(repr, given))
            said = racer.eval(
                f"JSON.stringify(weaveFunctions.{function.__name__}({spoken}))"
            )
            one, other = numbers(function(*given)), numbers(json.loads(str(said)))
            scale = max([1, *map(abs, one)])
            assert len(one) == len(other), (function.__name__, given)
            worst = max(abs(a - b) for a, b in zip(one, other, strict=True))
            assert worst <= 1e-12 * scale, (function.__name__, given)
