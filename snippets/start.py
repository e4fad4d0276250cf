"""What is optimisation in machine learning?

    θ          the parameters: what is varied       theta
    L          the loss: what is measured           loss
    θ*         parameters with the least loss       best
    w, b       slope and height of a line           w, b
    ŷ          what the model predicts              guess

A landscape has one axis for each parameter, and its height is the loss.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
from descent import descend, step
from loss import mse
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle
from numpy.polynomial import Polynomial
from shared import draw
from shared.data import line_x, line_y
from shared.explorable import Asked, Knob, Layer, Marks, Target, movable
from shared.landscapes import tilted
from shared.line import line_grad, line_hess, line_loss
from shared.plane import angle
from shared.tables import table


def parameters(layers):
    """Return the number of weights and biases between the layers.

    >>> parameters([1, 1])  # a line: w and b
    2
    """
    return sum((n + 1) * after for n, after in pairwise(layers))


def loss_surface(x, y, w_grid, b_grid):
    """Return the mean squared error of every line of a grid.

    >>> loss_surface(line_x, line_y, [0.0, 2.0], [0.0, 1.0])
    array([[21.,  1.],
           [14.,  0.]])
    """
    rows = [[mse(y, w * x + b) for w in w_grid] for b in b_grid]
    return np.array(rows)


def wave(n, seed):
    """Return n measurements of sin 3x, each with some noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n)
    return x, np.sin(3 * x) + rng.normal(0, 0.3, n)


def degree_losses(known, new, degrees):
    """Fit a polynomial of each degree to the known points.

    Return two losses of each: on the known and on the new points.
    """
    fits = [Polynomial.fit(*known, degree) for degree in degrees]
    trained = [mse(known[1], fit(known[0])) for fit in fits]
    tried = [mse(new[1], fit(new[0])) for fit in fits]
    return trained, tried


def nearest(known, x):
    """Predict for each x what the nearest known point had.

    >>> known = np.array([0.0, 2.0]), np.array([5.0, 7.0])
    >>> nearest(known, np.array([0.4, 1.8]))
    array([5., 7.])
    """
    known_x, known_y = known
    return known_y[np.abs(x[:, np.newaxis] - known_x).argmin(axis=1)]


def line(theta, x):
    """Predict with a straight line; theta holds its w and b.

    >>> line((2.0, 1.0), x=3.0)
    7.0
    """
    w, b = theta
    return w * x + b


def weights(layers):
    """Return the number of weights alone, without the biases.

    >>> weights([2, 2, 1])
    6
    """
    return sum(n * after for n, after in pairwise(layers))


def units(layers):
    """Return the number of inputs and neurons.

    >>> units([2, 2, 1])
    5
    """
    return sum(layers)


def beaten_from():
    """Return the least degree from which on the nearest neighbour beats every fit."""
    _, tried = degree_losses(KNOWN, NEW, range(12))
    worse = np.array(tried) > mse(NEW[1], nearest(KNOWN, NEW[0]))
    return int(np.flatnonzero(~worse)[-1]) + 1


def away(name):
    """Return how far one of the five lines is from T, in the plane of w and b.

    >>> away("T")
    0.0
    """
    return math.dist(LINES[name], LINES["T"])


def off_the_way(name):
    """Return the angle between downhill and the way to T at a line, in degrees."""
    here = np.array(LINES[name])
    return angle(-line_grad(here), LINES["T"] - here)


def claim_small_steps_stay_in_their_valley():
    """With rates 0.003 and 0.03, 34 starts each end where their own slope ends."""
    [hill] = (p.at for p in tilted.stationary if p.kind == "maximum")
    starts = np.linspace(-1.65, 1.65, 34)
    deep, near = tilted.minima
    for rate in 0.003, 0.03:
        path = descend(tilted.grad, starts, rate, steps=1200)
        own = np.where(starts < hill, deep, near)
        if (
            not ((path < hill) == (starts < hill)).all()
            or abs(path[-1] - own).max() > 0.01
        ):
            return False
    return True


def claim_longer_steps_jump_over_the_hill():
    """From 1.5, rates to 0.18 end in the nearer valley, 0.19 to 0.22 in the lowest.

    From 0.23 to 0.3 the walk is at the bottom of neither after 200 steps.
    """
    ends = [_hike_says(k / 100, 1.5)[0] for k in range(1, 31)]
    return ends == ["nearer"] * 18 + ["lowest"] * 4 + ["neither"] * 8


def claim_the_slope_is_not_the_way():
    """Of 72 directions around T, downhill leads to T within a degree in 4 at most."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    places = LINES["T"] + np.column_stack([np.cos(turn), np.sin(turn)])
    off = [angle(-line_grad(place), LINES["T"] - place) for place in places]
    return np.sum(np.array(off) < 1) <= 4


def claim_centimetres_make_valleys_narrower():
    """With inputs 100 times as large, each loss stands at a hundredth of the slope w.

    So it is for 20 sets of four points.
    """
    rng = np.random.default_rng(0)
    w, b = np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)
    for _ in range(20):
        x, y = rng.normal(size=(2, 4))
        metres = loss_surface(x, y, w, b)
        centimetres = loss_surface(100 * x, y, w / 100, b)
        if not np.allclose(metres, centimetres):
            return False
    return True


def claim_training_loss_does_not_rise():
    """From degree 0 to 11, for 20 sets of twelve points."""
    return all(max(np.diff(_losses(seed)[0])) < 1e-12 for seed in range(20))


def claim_the_loss_on_new_points_turns():
    """For 20 sets of twelve points: neither degree 0 nor 11 is best on new points.

    The best is at most half as bad as degree 0, and a tenth as bad as degree 11.
    """
    for seed in range(20):
        _, tried = _losses(seed)
        if min(tried) > tried[0] / 2 or min(tried) > tried[11] / 10:
            return False
    return True


def claim_the_degree_that_fits_best_is_not_the_best_model():
    """20 sets of twelve points: degree 11 fits better than 3, and on new points
    it is ten times worse.
    """
    for seed in range(20):
        trained, tried = _losses(seed)
        if trained[11] > trained[3] or tried[11] < 10 * tried[3]:
            return False
    return True


def claim_degree_11_leaves_the_picture():
    """It meets the twelve points, and between them it passes 2.4, the picture's edge.

    The cubic stays within it, and misses the points by half as much as the line.
    """
    x = np.linspace(-1, 1, 201)
    stiff, cubic, wild = (Polynomial.fit(*KNOWN, degree) for degree in _FITTED)
    meets = np.allclose(wild(KNOWN[0]), KNOWN[1])
    leaves = abs(wild(x)).max() > _EDGE > abs(cubic(x)).max()
    misses = mse(KNOWN[1], cubic(KNOWN[0])) < mse(KNOWN[1], stiff(KNOWN[0])) / 2
    return meets and leaves and misses


def claim_no_fit_beats_the_wave():
    """On new points no polynomial to degree 11 does, nor the nearest neighbour.

    So it is on average over 20 sets of data, and with each of them up to chance.
    """
    beaten = []
    for seed in range(20):
        known, (x, y) = wave(12, seed), wave(1000, seed + 1)
        rivals = [*_losses(seed)[1], mse(y, nearest(known, x))]
        beaten.append(np.array(rivals) - mse(y, np.sin(3 * x)))
    return np.mean(beaten, axis=0).min() > 0 and np.min(beaten) > -0.01


def claim_the_walk_to_move_ends_on_the_right():
    """The first walk stays in the valley on the right, and ends at its bottom."""
    path = np.array(_hike_path(0.03, 1.5))[:, 0]
    return bool(path.min() > 0 and abs(path[-1] - tilted.minima[1]) < 0.01)


KNOWN = wave(12, seed=0)
NEW = wave(1000, seed=1)
_FITTED = 1, 3, 11
_EDGE = 2.4  # of the picture of the fits
HIKE = descend(tilted.grad, 1.5, rate=0.03, steps=60)
# Five lines through, near and past the four points, picked by hand.
LINES = {
    "P": (0.0, 0.0),
    "Q": (0.0, 4.0),
    "R": (1.0, 2.0),
    "S": (3.0, 2.0),
    "T": (2.0, 1.0),
}


def table_models():
    """What is varied and measured in five models."""
    weights = "weights and biases"
    digits = f"{parameters([784, 16, 16, 10]):,}"
    rows = [
        ["a constant $c$", "$c$", 1, "mean absolute error"],
        ["a line", "$w$, $b$", parameters([1, 1]), "mean squared error"],
        [
            "a yes-or-no neuron with two inputs",
            "$w_1$, $w_2$, $b$",
            parameters([2, 1]),
            "cross-entropy",
        ],
        [
            "two inputs, two hidden neurons, one output",
            weights,
            parameters([2, 2, 1]),
            "cross-entropy",
        ],
        ["the digit reader", weights, digits, "cross-entropy"],
    ]
    header = ["model", "what is varied", "how many", "what is measured, for example"]
    return table(header, rows)


def table_lines():
    """The five lines, what they predict, and their losses."""
    rows = []
    for name, (w, b) in LINES.items():
        predictions = ", ".join(f"{y:g}" for y in line((w, b), line_x))
        rows.append([name, f"{w:g}", f"{b:g}", predictions, f"{line_loss((w, b)):g}"])
    header = ["line", "$w$", "$b$", "predictions at $x = 0, 1, 2, 3$", "loss"]
    return table(header, rows)


def table_degrees():
    """The losses of polynomials of some degrees, on known and on new points."""
    rows = []
    for degree in (0, 1, 3, 5, 6, 7, 8, 9, 10, 11):
        (trained,), (tried,) = degree_losses(KNOWN, NEW, [degree])
        rows.append([degree, f"{trained:.4f}", f"{tried:,.3f}"])
    header = ["degree", "loss on the 12 known points", "loss on 1,000 new points"]
    return table(header, rows)


_DASHES = ["--", ":", "-.", (0, (5, 1)), "-"]
_STYLES = dict(zip(LINES, zip(draw.SERIES, _DASHES, strict=True), strict=True))


def _hike_walk(rate, start, steps):
    """Return the path in the two valleys; it ends before it is further out than 3.

    >>> len(_hike_walk(0.03, 1.5, 20)), len(_hike_walk(0.3, 1.9, 20))
    (21, 1)
    """
    path = [start]
    for _ in range(steps):
        x = step(tilted.slopes, path[-1], rate)
        if abs(x) > 3:
            break
        path.append(x)
    return path


def _hike_path(rate, start):
    """Return 20 steps in the two valleys, as points of the curve."""
    return [[x, tilted.value(x)] for x in _hike_walk(rate, start, 20)]


_HIKE_STEPS = 200
_HIKE_SAID = {
    "lowest": ("second", "It ends in the lowest valley, at {1:2}."),
    "nearer": ("path", "It ends in the nearer valley, at {1:2}."),
    "neither": (
        "alarm",
        f"After {_HIKE_STEPS} steps it is at the bottom of neither, but at {{1:2}}.",
    ),
    "out": ("alarm", "Step {1:0} leads far out of the picture."),
}


def _hike_says(rate, start):
    """Return which sentence is true, and its number.

    >>> [_hike_says(rate, 1.5)[0] for rate in (0.03, 0.2)]
    ['nearer', 'lowest']
    """
    path = _hike_walk(rate, start, _HIKE_STEPS)
    if len(path) <= _HIKE_STEPS:
        return ["out", len(path)]
    last, end = path[-2], path[-1]
    for k in range(2):
        if abs(last - tilted.minima[k]) < 0.01 and abs(end - tilted.minima[k]) < 0.01:
            return [["lowest", "nearer"][k], end]
    return ["neither", end]


def _hike_limits():
    """Return 2/f″ at each minimum: with a higher rate no walk comes to rest there."""
    return [2 / tilted.curvatures(best) for best in tilted.minima]


def _leaps_to_the_lowest(rate, start):
    """Whether the walk from 1.5 ends in the lowest valley.

    >>> _leaps_to_the_lowest(0.2, 1.5), _leaps_to_the_lowest(0.03, -1.0)
    (True, False)
    """
    path = _hike_walk(rate, start, _HIKE_STEPS)
    return (
        abs(start - 1.5) < 0.01
        and len(path) > _HIKE_STEPS
        and abs(path[-2] - tilted.minima[0]) < 0.01
        and abs(path[-1] - tilted.minima[0]) < 0.01
    )


def _rests_nowhere(rate, start):
    """Whether the walk from 1.5 stays in the picture and comes to rest in no valley.

    >>> _rests_nowhere(0.25, 1.5), _rests_nowhere(0.2, 1.5)
    (True, False)
    """
    path = _hike_walk(rate, start, _HIKE_STEPS)
    return (
        abs(start - 1.5) < 0.01
        and len(path) > _HIKE_STEPS
        and abs(path[-1] - path[-2]) > 0.01
    )


_LOOKS = 12
# The hidden curves are `tilted`, mirrored or not, moved and stretched.
_SIDES = [1.0, -1.0, -1.0, 1.0, -1.0, 1.0]
_MOVED = [0.4, -0.3, 0.7, -0.8, 0.1, -0.2]
_WIDTHS = [2.2, 2.5, 2.1, 2.3, 2.4, 2.6]
_TILTED_LOWEST = tilted.value(tilted.minima[0])


def _stretched(curve, x):
    """Return where `tilted` has what a hidden curve has at x, and the scale.

    >>> _stretched(2.0, 2.2)
    [-1.0, -0.4]
    """
    k = 0
    for n in range(len(_SIDES)):
        if n + 1 == curve:
            k = n
    scale = _SIDES[k] / _WIDTHS[k]
    return [scale * (x - _MOVED[k]), scale]


def _seen_at(curve, x):
    """Return height, slope and curvature of a hidden curve.

    >>> height, slope, _ = _seen_at(2.0, 3.0)
    >>> round(height, 3), round(slope, 3)
    (-0.845, 1.448)
    """
    u, scale = _stretched(curve, x)
    slope, bend = scale * tilted.slopes(u), scale * scale * tilted.curvatures(u)
    return [tilted.value(u), slope, bend]


def _look_dots(curve, looks):
    """Return the places where the reader looked, on the curve."""
    return [[x, _seen_at(curve, x)[0]] for x in looks]


def _look_slopes(curve, looks):
    """Return a piece of the tangent at each of them."""
    lines = []
    for x in looks:
        height, slope, _ = _seen_at(curve, x)
        reach = 0.35 / math.sqrt(1 + slope * slope)
        lines.append(
            [[x - reach, height - reach * slope], [x + reach, height + reach * slope]]
        )
    return lines


def _look_tangent(curve, looks):
    """Return place, loss and slope of the last look."""
    return _look_rows(curve, looks)[-1]


def _look_rows(curve, looks):
    """Return place, loss and slope of each look."""
    rows = []
    for x in looks:
        height, slope, _ = _seen_at(curve, x)
        rows.append([x, height, slope])
    return rows


def _look_line(x):
    """Return a line where the next look would be."""
    return [[[x, -1.8], [x, 5.8]]]


def _revealed(curve, looks):
    """Return the points of the curve after the last look, and none before."""
    if len(looks) < _LOOKS:
        return []
    places = [(k - 50) / 10 for k in range(101)]
    return [[x, _seen_at(curve, x)[0]] for x in places]


def _walked(curve, looks, newton):
    """Return the looks of a method that begins with the reader's first.

    Above ½ it is Newton's method, and else gradient descent. A method ends where it
    has no step, or leaves the picture.
    """
    x = looks[0]
    points = [[x, _seen_at(curve, x)[0]]]
    for _ in range(_LOOKS - 1):
        _, slope, bend = _seen_at(curve, x)
        rate = 0.3
        if newton > 0.5:
            rate = 1 / bend if abs(bend) > 1e-9 else 0.0
        x = x - rate * slope
        if rate == 0 or abs(x) > 5:
            break
        points.append([x, _seen_at(curve, x)[0]])
    return points


def _descent_looks(curve, looks):
    """Return the looks of gradient descent, when the curve is revealed."""
    return _walked(curve, looks, 0.0) if len(looks) == _LOOKS else []


def _newton_looks(curve, looks):
    """Return the looks of Newton's method, when the curve is revealed."""
    return _walked(curve, looks, 1.0) if len(looks) == _LOOKS else []


def _lowest_look(curve, looks):
    """Return the least loss of all looks."""
    least = _seen_at(curve, looks[0])[0]
    for x in looks:
        least = min(least, _seen_at(curve, x)[0])
    return least


_BLIND_SAID = {
    "look": (
        "path",
        "Look {1:0} of 12, at x = {2:2}: the loss is {3:2}, the slope {4:2}. "
        "Your lowest loss so far: {5:2}.",
    ),
    "found": (
        "second",
        "You came to {1:2}, and the lowest loss is {2:2}: found. From your first look "
        "gradient descent comes to {3:2} in twelve, Newton's method to {4:2}.",
    ),
    "missed": (
        "alarm",
        "You came to {1:2}, and the lowest loss is {2:2}. From your first look "
        "gradient descent comes to {3:2} in twelve, Newton's method to {4:2}.",
    ),
}


def _blind_says(curve, looks):
    """Return which sentence is true, and its numbers.

    >>> _blind_says(1.0, (3.0,))[0]
    'look'
    """
    least = _lowest_look(curve, looks)
    if len(looks) < _LOOKS:
        height, slope, _ = _seen_at(curve, looks[-1])
        return ["look", len(looks), looks[-1], height, slope, least]
    plain, newton = _walked(curve, looks, 0.0), _walked(curve, looks, 1.0)
    which = "found" if least < _TILTED_LOWEST + 0.1 else "missed"
    return [which, least, _TILTED_LOWEST, plain[-1][1], newton[-1][1]]


def _finds_the_lowest(curve, looks):
    """Whether one look is at a loss within 0.1 of the lowest.

    >>> _finds_the_lowest(1.0, (3.0, -1.9)), _finds_the_lowest(1.0, (3.0, 2.5))
    (True, False)
    """
    return _lowest_look(curve, looks) < _TILTED_LOWEST + 0.1


def _finds_the_hill(curve, looks):
    """Whether one look is on the hill, where the slope is less than 0.1.

    >>> _finds_the_hill(1.0, (3.0, 0.6)), _finds_the_hill(1.0, (2.5,))
    (True, False)
    """
    for x in looks:
        _, slope, bend = _seen_at(curve, x)
        if abs(slope) < 0.1 and bend < 0:
            return True
    return False


@cache
def _losses(seed):
    """The losses of the degrees 0 to 11 on other known and new points."""
    return degree_losses(wave(12, seed), wave(1000, seed + 1), range(12))


def _line_contours(ax, wlim=(-1, 5), blim=(-2, 6)):
    grid_w, grid_b = np.linspace(*wlim, 37), np.linspace(*blim, 37)
    heights = loss_surface(line_x, line_y, grid_w, grid_b)
    levels = [1.5, 5, 12, 21, 40]
    bands = ax.contourf(
        grid_w, grid_b, heights, [0, *levels, 999], colors=_shades(levels)
    )
    bands.set(edgecolor="soft", linewidth=0.6)
    ax.set(xlabel="slope w", ylabel="height b", xlim=(-1, 5), ylim=(-2, 6))


def _shades(levels):
    return [draw.LEVELS[min(i, 5)] for i in range(len(levels) + 1)]


def figure_opening():
    """Where the walk begins, and which way is down."""
    figure, ax = draw.opening((-2.6, 2.6), (-2.1, 2.3))
    draw.curve(ax, tilted.f, -1.72, 1.72, points=61)
    draw.path(ax, HIKE[:2], tilted.f(HIKE[:2]))
    return figure


def figure_hike():
    """A walk from x = 1.5 that ends in the nearer, shallower valley."""
    path = HIKE
    figure, ax = draw.axes("one parameter", "loss", height=3.2)
    draw.curve(ax, tilted.f, -1.72, 1.72)
    draw.path(ax, path, tilted.f(path), arrows=False)
    deep, near = tilted.minima
    draw.label(ax, "you start here", (path[0], tilted.f(path[0])), (-10, 2), ha="right")
    draw.label(ax, "and end here", (near, tilted.f(near)), (-4, -15), "path")
    draw.optimum(ax, deep, tilted.f(deep), "lowest valley", (0, -16))
    ax.set(ylim=(-1.95, 2.4))
    return figure


def figure_explore_hike():
    """The walk in the two valleys, whose start and rate the reader moves."""
    figure, ax = draw.axes("one parameter x", "loss", height=3.4)
    draw.curve(ax, tilted.f, -1.95, 1.95)
    deep = tilted.minima[0]
    draw.optimum(ax, deep, tilted.f(deep))
    ax.set(xlim=(-2, 2), ylim=(-2, 6))
    limits = Marks(["limit, left", "limit, right"], _hike_limits, waits=True)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("rate", "rate", 0.01, 0.3, 0.01, 0.03, limits),
            Knob("start", "start", -1.9, 1.9, 0.05, 1.5),
        ],
        layers=[Layer(_hike_path, "path")],
        says=(_hike_says, _HIKE_SAID),
        table=(_hike_path, ["k", "xₖ", "loss"]),
        formula=(
            lambda rate, start: [
                start,
                rate,
                tilted.slopes(start),
                step(tilted.slopes, start, rate),
            ],
            r"x_1 = x_0 - \text{rate} \cdot \text{slope}"
            r" = {1:2} - {2:2} \cdot {3:2} = {4:2}",
        ),
        click=["start"],
        targets={
            "lowest": Target(_leaps_to_the_lowest, {"rate": 0.2}),
            "nowhere": Target(_rests_nowhere, {"rate": 0.25}),
        },
    )


def figure_explore_blind():
    """A hidden curve: height and slope where the reader looks, and later all of it."""
    figure, ax = draw.axes("one parameter x", "loss", height=3.4)
    ax.set(xlim=(-5, 5), ylim=(-2, 6))
    return movable(
        figure,
        ax,
        knobs=[
            Knob("x", "place x", -5, 5, 0.1, 1.0),
            Asked("looks", "looks", "x", _LOOKS, (3.0,)),
            Knob("curve", "hidden curve", 1, len(_SIDES), 1, 1),
        ],
        layers=[
            Layer(_look_line, "level", "soft"),
            Layer(_revealed, "curve", "curve"),
            Layer(_descent_looks, "path", "path"),
            Layer(_newton_looks, "path", "second"),
            Layer(_look_slopes, "level", "ink"),
            Layer(_look_dots, "dots", "ink"),
        ],
        says=(_blind_says, _BLIND_SAID),
        formula=(
            _look_tangent,
            r"\mathrm{tangent} = {2:2} + {3:2} \cdot (x - {1:2})",
        ),
        table=(_look_rows, ["k", "x", "loss", "slope"]),
        click=["x"],
        targets={
            "lowest": Target(_finds_the_lowest, {"looks": (3.0, 2.0, -1.9)}),
            "hill": Target(_finds_the_hill, {"looks": (3.0, 0.6)}),
        },
    )


def figure_surface():
    """The loss of all lines as a bowl; its rings are level lines."""
    figure, ax = draw.space("slope w", "height b", "loss")
    rings = np.array([0, 1.5, 5, 10, 16, 21, 28])
    turn = np.linspace(0, 2 * np.pi, 25)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    # Where ½ dᵀHd = 1: a circle, stretched along the axes of H.
    values, vectors = np.linalg.eigh(line_hess())
    ellipse = vectors @ (circle / np.sqrt(values / 2)[:, np.newaxis])
    places = LINES["T"] + ellipse.T[:, np.newaxis] * np.sqrt(rings)[:, np.newaxis]
    floor = -22
    for ring in range(1, len(rings)):
        ax.plot(*places[:, ring].T, floor, color="soft", linewidth=0.6)
    shades = [to_rgba(colour) for colour in draw.LEVELS]
    ax.plot_surface(
        *np.moveaxis(places, 2, 0),
        np.broadcast_to(rings, places.shape[:2]),
        facecolors=np.broadcast_to(shades, (len(turn) - 1, len(shades), 4)),
        edgecolor="soft",
        linewidth=0.3,
        shade=False,
        rstride=1,
        cstride=1,
        alpha=0.8,
    )
    for name, theta in LINES.items():
        colour, _ = _STYLES[name]
        height = line_loss(theta)
        ax.plot(*theta, height, "o", color=colour)
        ax.plot(*theta, floor, "o", color=colour, markersize=3)
        beside = -1.3 if name in "PT" else 0.5
        ax.text(*(theta + np.array([0.3, beside])), floor, name, color=colour)
    ax.set(zlim=(floor, 28))
    ax.set(zticks=[0, 10, 20], xticks=[-2, 6], yticks=[-5, 5])
    ax.set_box_aspect((1, 1.3, 0.8), zoom=0.86)
    ax.view_init(elev=38, azim=20)
    return figure


def figure_lines():
    """Five lines through the data, and the five points that they are."""
    figure, axes = draw.panels(2, 1, height=7.0)
    above, below = axes[:, 0]
    above.plot(line_x, line_y, "o", color="ink", zorder=3)
    for name, theta in LINES.items():
        colour, dashes = _STYLES[name]
        model = lambda x, theta=theta: line(theta, x)
        draw.curve(above, model, -0.2, 3.2, colour, 2, linestyle=dashes)
        draw.label(above, name, (3.2, model(3.2)), (10, 0), colour)
    above.set(xlabel="x", ylabel="y", xlim=(-0.3, 3.6), ylim=(-1, 12))
    _line_contours(below)
    for name, theta in LINES.items():
        colour, _ = _STYLES[name]
        text = f"{name}: {line_loss(theta):g}"
        if name == "T":
            draw.optimum(below, *theta)
        below.plot(*theta, "o", color=colour)
        draw.label(below, text, theta, (9, 0), ha="left")
    return figure


def figure_keyhole():
    """The same landscape, as an optimiser sees it: one point and a slope."""
    here = LINES["S"]
    slope = line_grad(here)
    end = here - 0.1 * slope
    figure, ax = draw.axes("", "", height=3.9)
    _line_contours(ax, (2.4, 3.6), (1.4, 2.6))
    hole = Circle(here, 0.55, facecolor="none", edgecolor="soft", zorder=3)
    ax.add_patch(hole)
    for drawn in ax.collections:
        drawn.set_clip_path(hole)
    ax.plot(*here, "o", color="path")
    draw.arrow(ax, here, end, "path")
    draw.label(ax, f"here: loss {line_loss(here):g}", here, (0, 30))
    draw.label(ax, "all the rest: unknown", (2, 5), (0, 0), "soft")
    draw.label(ax, f"downhill, slope {np.hypot(*slope):.1f}", end, (0, -12), "path")
    ax.set(aspect="equal")
    return figure


def figure_fits():
    """Three polynomials through the same twelve points."""
    figure, axes = draw.panels(3, 1, height=6.6, sharex=True, sharey=True)
    x = np.linspace(-1, 1, 201)
    for ax, degree in zip(axes[:, 0], _FITTED, strict=True):
        (trained,), (tried,) = degree_losses(KNOWN, NEW, [degree])
        title = f"degree {degree}: loss {trained:.2f}, new {tried:.2f}"
        ax.plot(x, np.sin(3 * x), ":", color="soft")
        ax.plot(x, Polynomial.fit(*KNOWN, degree)(x), color="curve")
        ax.plot(*KNOWN, "o", color="ink", markersize=4)
        ax.set(title=title, ylabel="y", ylim=(-_EDGE, _EDGE))
    ax.set(xlabel="x")
    return figure


def figure_degrees():
    """Training loss falls with every degree; the loss on new points does not."""
    degrees = range(11)
    trained, tried = degree_losses(KNOWN, NEW, degrees)
    figure, ax = draw.axes("degree of the polynomial", "loss", height=3.5)
    ax.semilogy(degrees, trained, "o-", color="curve")
    ax.semilogy(degrees, tried, "s--", color="path")
    best = int(np.argmin(tried))
    draw.label(ax, "on new points", (8.6, 12), (0, 0), "path", ha="right")
    known = f"on the {len(KNOWN[0])} known points"
    draw.label(ax, known, (0, 0.012), (0, 0), "curve", ha="left")
    draw.optimum(ax, best, tried[best], f"best: degree {best}", (0, 26))
    return figure
