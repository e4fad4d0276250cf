"""What the figures to explore compute, in the browser as in Python.

The functions here are plain Python, because they are translated to JavaScript when
the site is built (`_weave/translate.py` says what it knows). The lessons have their
own, in NumPy; the tests compare the two.

    η          the learning rate              rate
    κ          the condition number           kappa
    x₀, y₀     where the path starts          start, or x and y
    f, f′, f″  a curve, its slope and bend    well, well_slope, well_bend
"""

import math

import numpy as np
from shared import draw
from shared.explorable import movable

STEPS = 10
EXPLOG_BEST = 0.5671432904097838
NEAR = 0.00005
MILLIONTH = 0.000001
MOST = 30000


def walk(slope, start, rate, steps):
    """Return the path of gradient descent, the start and all steps.

    >>> walk(square_slope, 2.0, 0.25, 3)
    [2.0, 1.0, 0.5, 0.25]
    """
    path = [start]
    for _ in range(steps):
        x = path[-1]
        path.append(x - rate * slope(x))
    return path


def square(x):
    """The parabola x².

    >>> square(3.0)
    9.0
    """
    return x * x


def square_slope(x):
    """The slope of x².

    >>> square_slope(3.0)
    6.0
    """
    return 2 * x


def square_path(rate, start):
    """Return ten steps down x², as points of the curve.

    >>> square_path(0.25, 2.0)[:3]
    [[2.0, 4.0], [1.0, 1.0], [0.5, 0.25]]
    """
    return [[x, square(x)] for x in walk(square_slope, start, rate, STEPS)]


def square_marks():
    """Return the best rate on x² and the limit, 1/f″ and 2/f″.

    >>> square_marks()
    [0.5, 1.0]
    """
    return [1 / 2, 2 / 2]


def square_says(rate, start):
    """Return which sentence is true, the place after ten steps, and the factor.

    >>> square_says(0.5, 2.0), square_says(1.0, 2.0)
    ([1, 0.0, 0.0], [3, 2.0, -1.0])
    """
    factor = 1 - 2 * rate
    if factor > 0:
        which = 0
    elif factor == 0:
        which = 1
    elif factor > -1:
        which = 2
    elif factor == -1:
        which = 3
    else:
        which = 4
    return [which, walk(square_slope, start, rate, STEPS)[-1], factor]


def explog(x):
    """The curve eˣ − ln x, for x > 0.

    >>> explog(1.0) == math.e
    True
    """
    return math.exp(x) - math.log(x)


def explog_slope(x):
    """The slope of eˣ − ln x.

    >>> explog_slope(1.0) == math.e - 1
    True
    """
    return math.exp(x) - 1 / x


def explog_walk(rate, start, steps):
    """Return the path on eˣ − ln x; it ends where the next step leaves x > 0.

    >>> len(explog_walk(0.5, 1.6, 10)), len(explog_walk(0.3, 1.6, 10))
    (1, 11)
    """
    path = [start]
    for _ in range(steps):
        x = path[-1] - rate * explog_slope(path[-1])
        if x <= 0:
            break
        path.append(x)
    return path


def explog_path(rate, start):
    """Return ten steps on eˣ − ln x, as points of the curve.

    >>> explog_path(0.5, 1.0)[0] == [1.0, math.e]
    True
    """
    return [[x, explog(x)] for x in explog_walk(rate, start, STEPS)]


def explog_marks():
    """Return the best rate near the minimum of eˣ − ln x, and the limit.

    >>> [f"{rate:.4f}" for rate in explog_marks()]
    ['0.2052', '0.4105']
    """
    bend = math.exp(EXPLOG_BEST) + 1 / (EXPLOG_BEST * EXPLOG_BEST)
    return [1 / bend, 2 / bend]


def explog_says(rate, start):
    """Return which sentence is true, and its numbers.

    >>> explog_says(0.5, 1.6)  # the first step leaves x > 0
    [2, 1]
    """
    path = explog_walk(rate, start, 400)
    if len(path) <= 400:
        return [2, len(path)]
    best, _ = explog_marks()
    which = 1 if rate > best else 0
    for k in range(len(path)):
        if abs(path[k] - EXPLOG_BEST) < NEAR:
            return [which, k, path[STEPS]]
    return [3, path[-1], 400]


def ravine_path(kappa, rate, x, y):
    """Return twenty steps on ½(x²/κ + y²).

    >>> ravine_path(2.0, 1.0, 2.0, 1.0)[:3]
    [[2.0, 1.0], [1.0, 0.0], [0.5, 0.0]]
    """
    path = [[x, y]]
    for _ in range(2 * STEPS):
        x -= rate * (x / kappa)
        y -= rate * y
        path.append([x, y])
    return path


def ravine_levels(kappa):
    """Return level lines of ½(x²/κ + y²), each a list of points.

    >>> [len(line) for line in ravine_levels(4.0)]
    [73, 73, 73, 73]
    """
    lines = []
    for share in [0.05, 0.3, 0.65, 1.0]:
        radius = math.sqrt(share * (4 / kappa + 1))
        line = []
        for k in range(73):
            angle = math.pi * k / 36
            x = radius * math.sqrt(kappa) * math.cos(angle)
            line.append([x, radius * math.sin(angle)])
        lines.append(line)
    return lines


def ravine_marks(kappa):
    """Return the best rate and the limit for the curvatures 1/κ and 1.

    >>> ravine_marks(3.0)
    [1.5, 2.0]
    """
    return [2 / (1 / kappa + 1), 2.0]


def ravine_factor(kappa, rate):
    """Return what a step multiplies the slower of the two errors by.

    >>> ravine_factor(3.0, 1.5)
    0.5
    """
    return max(abs(1 - rate / kappa), abs(1 - rate))


def ravine_predicted(kappa, rate):
    """Return the steps to a millionth of the error, from the factor.

    >>> ravine_predicted(3.0, 1.5)
    20
    """
    factor = ravine_factor(kappa, rate)
    if factor == 0:
        return 1
    return math.ceil(math.log(MILLIONTH) / math.log(factor))


def ravine_measured(kappa, rate, x, y):
    """Return the steps of a run to a millionth of the error it starts with.

    >>> ravine_measured(3.0, 1.5, 2.0, 0.0)
    20
    """
    goal = MILLIONTH * MILLIONTH * (x * x + y * y)
    steps = 0
    while x * x + y * y >= goal and steps < MOST:
        x -= rate * (x / kappa)
        y -= rate * y
        steps += 1
    return steps


def ravine_says(kappa, rate, x, y):
    """Return which sentence is true, and its numbers.

    >>> ravine_says(3.0, 1.5, 2.0, 1.0), ravine_says(3.0, 2.0, 2.0, 1.0)
    ([1, 20, 20, 0.5], [2, 1.0])
    """
    factor = ravine_factor(kappa, rate)
    if x == 0 and y == 0:
        return [3]
    if factor >= 1:
        return [2, factor]
    which = 1 if rate > 1 else 0
    counted = ravine_measured(kappa, rate, x, y)
    return [which, ravine_predicted(kappa, rate), counted, factor]


def well(x):
    """The double well x⁴/4 − x²/2.

    >>> well(2.0)
    2.0
    """
    return x * x * x * x / 4 - x * x / 2


def well_slope(x):
    """The slope of the double well.

    >>> well_slope(2.0)
    6.0
    """
    return x * x * x - x


def well_bend(x):
    """The second derivative of the double well.

    >>> well_bend(2.0)
    11.0
    """
    return 3 * x * x - 1


def well_next(start):
    """Return Newton's next place; where there is none, the same one.

    >>> well_next(0.5)
    -1.0
    """
    bend = well_bend(start)
    if bend == 0:
        return start
    return start - well_slope(start) / bend


def well_parabola(x, z):
    """Return the height at z of the parabola that fits the well at x.

    >>> well_parabola(1.0, 2.0)
    0.75
    """
    rise = z - x
    return well(x) + well_slope(x) * rise + well_bend(x) / 2 * rise * rise


def well_model(start):
    """Return that parabola as points.

    >>> len(well_model(0.5))
    81
    """
    places = [(k - 40) / 20 for k in range(81)]
    return [[z, well_parabola(start, z)] for z in places]


def well_guide(start):
    """Return the line from the parabola's vertex to the curve.

    >>> well_guide(0.5)
    [[[-1.0, 0.171875], [-1.0, -0.25]]]
    """
    x = well_next(start)
    return [[[x, well_parabola(start, x)], [x, well(x)]]]


def well_dots(start):
    """Return the start and the next place, on the curve.

    >>> well_dots(0.5)
    [[0.5, -0.109375], [-1.0, -0.25]]
    """
    x = well_next(start)
    return [[start, well(start)], [x, well(x)]]


def well_rows(start):
    """Return x, f, f′ and f″ for the start and Newton's next five places.

    >>> well_rows(2.0)[0]
    [2.0, 2.0, 6.0, 11.0]
    """
    rows = []
    x = start
    for _ in range(6):
        rows.append([x, well(x), well_slope(x), well_bend(x)])
        x = well_next(x)
    return rows


def well_says(start):
    """Return which sentence is true, the second derivative and the next place.

    >>> well_says(0.5), well_says(1.0)
    ([1, -0.25, -1.0], [3, 2.0, 1.0])
    """
    bend = well_bend(start)
    if well_slope(start) == 0:
        which = 3 if bend > 0 else 4
    elif bend == 0:
        which = 2
    else:
        which = 0 if bend > 0 else 1
    return [which, bend, well_next(start)]


_PATH_ON_CURVE = ["k", "xₖ", "f(xₖ)"]


def _knob(name, label, low, high, step, value, **marks):
    """A slider; `marks` is the function of its marks, by their names."""
    knob = {"name": name, "label": label, "low": low, "high": high}
    knob |= {"step": step, "value": value}
    if marks:
        knob["marks"] = {"names": marks["names"], "values": marks["values"]}
    return knob


def _rate(low, high, step, value, marks):
    names = ["best", "limit"]
    return _knob("rate", "rate η", low, high, step, value, names=names, values=marks)


def _explored(figure, ax, layers, **told):
    """Draw the default state of the layers, and say what can be moved."""
    state = {knob["name"]: knob["value"] for knob in told["knobs"]}

    def of(function):
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        return function(*(state[name] for name in names))

    function, sentences = told["says"]
    said = sentences[of(function)[0]][0]
    for run, kind, role in layers:
        points, style = of(run), {"color": role or said, "gid": "live"}
        for line in points if kind == "level" else [points]:
            _draw(ax, kind, np.transpose(line), style)
    return movable(figure, axes=ax, layers=layers, **told)


def _draw(ax, kind, line, style):
    if kind == "line":
        ax.plot(*line, "--", **style)
    elif kind == "level":
        ax.plot(*line, linewidth=0.6, **style)
    else:
        if kind == "path":
            ax.plot(*line, linewidth=1, **style)
        ax.plot(*line[:, 1:], "o", **style)
        ax.plot(*line[:, :1], "o", markerfacecolor="paper", **style)


def figure_square():
    figure, ax = draw.axes("x", "f(x) = x²", height=3.2)
    draw.curve(ax, square, -2.4, 2.4)
    draw.optimum(ax, 0, 0)
    ax.set(xlim=(-2.4, 2.4), ylim=(-0.5, 5.6))
    end = f"After {STEPS} steps x = {{1:4}}. "
    each = "Each step multiplies x by {2:2}: "
    return _explored(
        figure,
        ax,
        [(square_path, "path", None)],
        knobs=[
            _rate(0.01, 1.15, 0.01, 0.1, square_marks),
            _knob("start", "start x₀", -2.2, 2.2, 0.1, 2.0),
        ],
        says=(
            square_says,
            [
                ("path", f"{end}{each}it approaches."),
                ("second", f"{end}The first step lands on the minimum."),
                ("path", f"{end}{each}it overshoots and converges."),
                ("alarm", f"{end}{each}it jumps to and fro for ever."),
                ("alarm", f"{end}{each}it diverges."),
            ],
        ),
        table=(square_path, _PATH_ON_CURVE),
        click=["start"],
    )


def figure_explog():
    figure, ax = draw.axes("x", "f(x) = eˣ − ln x", height=3.4)
    ax.axvspan(-0.4, 0, color="level1")
    draw.curve(ax, np.vectorize(explog), 1e-6, 2.6, points=401)
    draw.optimum(ax, EXPLOG_BEST, explog(EXPLOG_BEST))
    ax.set(xlim=(-0.4, 2.6), ylim=(1.4, 12))
    draw.label(ax, "no f here", (-0.2, 6.7), rotation=90)
    end = f"After {STEPS} steps x = {{2:4}}. "
    near = "After {1:0} it is within 0.00005 of the minimum; near it "
    return _explored(
        figure,
        ax,
        [(explog_path, "path", None)],
        knobs=[
            _rate(0.01, 0.6, 0.01, 0.3, explog_marks),
            _knob("start", "start x₀", 0.05, 2.5, 0.05, 1.6),
        ],
        says=(
            explog_says,
            [
                ("path", f"{end}{near}no step overshoots."),
                ("path", f"{end}{near}every step overshoots."),
                ("alarm", "Step {1:0} leads below zero, where f does not exist."),
                ("alarm", "After {2:0} steps x = {1:4}, not near the minimum yet."),
            ],
        ),
        table=(explog_path, _PATH_ON_CURVE),
        click=["start"],
    )


def figure_ravine():
    figure, ax = draw.axes("x", "y", height=2.7)
    ax.set(xlim=(-2.4, 2.6), ylim=(-1.25, 1.25), aspect="equal", yticks=[-1, 0, 1])
    draw.optimum(ax, 0, 0)
    counted = "Predicted: {1:0} steps to a millionth of the error. Counted: {2:0}. "
    return _explored(
        figure,
        ax,
        [(ravine_levels, "level", "soft"), (ravine_path, "path", None)],
        knobs=[
            _knob("kappa", "condition κ", 1, 100, 1, 10),
            _rate(0.05, 2.1, 0.01, 1.8, ravine_marks),
            _knob("x", "start x₀", -2.3, 2.5, 0.1, 2.0),
            _knob("y", "start y₀", -1.2, 1.2, 0.1, 1.0),
        ],
        says=(
            ravine_says,
            [
                ("path", f"{counted}No zig-zag: y keeps its sign."),
                ("path", f"{counted}The path zig-zags: y changes its sign."),
                ("alarm", "One factor has the size {1:2}: it does not converge."),
                ("second", "The start is the minimum."),
            ],
        ),
        table=(ravine_path, ["k", "xₖ", "yₖ"]),
        click=["x", "y"],
    )


def figure_newton():
    figure, ax = draw.axes("x", "f(x)", height=3.4)
    draw.curve(ax, well, -2, 2)
    ax.set(xlim=(-2, 2), ylim=(-0.75, 0.6), xticks=[-2, -1, 0, 1, 2])
    for best in -1, 1:
        draw.optimum(ax, best, well(best))
    bend, vertex = "f″ = {1:2} is ", "is the next x, {2:4}."
    return _explored(
        figure,
        ax,
        [
            (well_guide, "level", "soft"),
            (well_model, "line", None),
            (well_dots, "dots", None),
        ],
        knobs=[_knob("start", "start x₀", -1.6, 1.6, 0.05, 0.7)],
        says=(
            well_says,
            [
                ("second", f"{bend}positive. The parabola's lowest point {vertex}"),
                ("alarm", f"{bend}negative. The parabola's top {vertex}"),
                ("alarm", "f″ = 0: the parabola is a line, and there is no next x."),
                ("second", f"The slope is zero, and {bend}positive: a minimum."),
                ("alarm", f"The slope is zero, and {bend}negative: a maximum."),
            ],
        ),
        table=(well_rows, ["k", "xₖ", "f", "f′", "f″"]),
        click=["start"],
        again=(well_next, "start", "Take the step"),
    )
