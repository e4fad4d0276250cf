"""A neuron that regresses: a weighted sum, trained by gradient descent.

x, X       the inputs of one example, one row per example   x, X
y, ŷ       the label and the prediction                     y, linear(theta, X)
w, b       the weights and the bias
θ          (w₁, w₂, …, b), all parameters in one array       theta
A          X with a column of ones, which carries the bias  design(X)
L, ∇L, H   half the mean squared error, its derivatives     loss, gradient, hessian
η          the learning rate                                rate
"""

import directions
import matplotlib.pyplot as plt
import numpy as np
from descent import central_difference
from dimensions import predicted_steps, report, standardise
from loss import half_mse, mse, sigmoid
from shared import draw
from shared.data import houses, plane_x, plane_y, steep_x, steep_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.inputs import centre, design
from shared.landscapes import sqrt1p
from shared.numbers import signed
from shared.sketch import canvas, node, wire
from shared.tables import table


def linear(theta, X):
    """Return the weighted sum of each row of X, plus the bias.

    >>> linear(np.array([1.0, -1.0, 0.5]), np.array([[2.0, 1.0]]))
    array([1.5])
    """
    return X @ theta[:-1] + theta[-1]


def loss(theta, X, y):
    """Return half the mean squared error of the unit.

    >>> loss(np.array([1.0, -1.0, 0.5]), np.array([[2.0, 1.0]]), [5])
    6.125
    """
    return half_mse(y, linear(theta, X))


def gradient(theta, X, y):
    """Return the slopes of the loss in every weight and in the bias.

    >>> gradient(np.zeros(3), plane_x, plane_y)
    array([-3.2, -1.2, -2.2])
    """
    error = linear(theta, X) - y
    return design(X).T @ error / len(y)


def measured_gradient(loss, theta, X, y):
    """Return the slopes by central differences, one by one."""
    slopes = []
    for way in np.eye(len(theta)):
        along = lambda t, way=way: loss(theta + t * way, X, y)
        slopes.append(central_difference(along, 0.0))
    return np.array(slopes)


POINT, LABEL = np.array([[2.0, 1.0]]), np.array([5.0])
GUESS = np.array([1.0, -1.0, 0.5])


def train(loss, gradient, start, X, y, rate=0.1, steps=100):
    """Return all parameters and all losses of a run.

    >>> X, y = np.array([[2.0, 1.0]]), np.array([5.0])
    >>> start = [1, -1, 0.5]
    >>> path, losses = train(loss, gradient, start, X, y, 0.125, 1)
    >>> path[-1], losses[-1]
    (array([ 1.875 , -0.5625,  0.9375]), np.float64(0.3828125))
    """
    path = [np.array(start, dtype=float)]  # 1  initialise
    losses = [loss(path[-1], X, y)]  # 2  compute the loss
    for _ in range(steps):  # 5  repeat
        slopes = gradient(path[-1], X, y)  # 3  compute the gradient
        path.append(path[-1] - rate * slopes)  # 4  update
        losses.append(loss(path[-1], X, y))  # 2  and the loss again
    return np.array(path), np.array(losses)


def hessian(X):
    """Return the second derivatives, the same at every theta."""
    A = design(X)
    return A.T @ A / len(X)


def newton_step(theta, X, y):
    """Return the least-squares parameters, from any theta.

    >>> newton_step(np.zeros(3), plane_x, plane_y).round(9)
    array([ 3., -2.,  1.])
    """
    slopes = lambda theta: gradient(theta, X, y)
    bends = lambda theta: hessian(X)
    return directions.newton_step(slopes, bends, theta)


STEEP = steep_x[:, None]


def posted_gradient(theta, X, y):
    """The bug: the residual is taken the other way round."""
    return 2 * design(X).T @ (y - linear(theta, X))


def squares(theta, X, y):
    """Return the sum of squared errors, the loss of the program to debug.

    >>> squares(np.array([2.0, 2.0]), STEEP, steep_y)
    68.0
    """
    return mse(y, linear(theta, X)) * len(y)


def wanted_gradient(theta, X, y):
    """Return the slopes of the sum of squares."""
    return 2 * design(X).T @ (linear(theta, X) - y)


def rises(gradient, X=STEEP, rate=0.05 / 100):
    """Return whether the first step on the sum of squares from (2, 2) goes up.

    >>> rises(posted_gradient), rises(wanted_gradient)
    (True, False)
    """
    _, losses = train(squares, gradient, [2, 2], X, steep_y, rate, 1)
    return bool(losses[1] > losses[0])


def best_run(X, steps):
    """Return the losses on the steep line from 0, at the best fixed rate for X."""
    rate = report(hessian(X)).best
    return train(loss, gradient, np.zeros(2), X, steep_y, rate, steps)[1]


def claim_the_parameter_jumps_and_the_loss_rises():
    """Far above the limit of the rate, on two sets of data.

    From the third step on, the loss rises in each step, and the error along the
    steepest direction changes its sign in each.
    """
    for X, y in (STEEP, steep_y), (plane_x, plane_y):
        bends, ways = np.linalg.eigh(hessian(X))
        best = newton_step(np.zeros(len(bends)), X, y)
        for share in (1.2, 1.5, 3.0):
            rate = share * 2 / bends[-1]
            path, losses = train(loss, gradient, 0 * best, X, y, rate, 40)
            along = (path - best) @ ways[:, -1]
            if np.any(np.diff(losses[3:]) <= 0) or np.any(along[1:] * along[:-1] >= 0):
                return False
    return True


def claim_one_repair_is_not_enough():
    """Of the four runs drawn, only the fourth ends lower than it began."""
    falls = [losses[-1] < losses[0] for *_, losses in _debug_runs()]
    return falls == [False, False, False, True]


def claim_the_wrong_sign_rises_at_every_rate():
    """At ten rates from 1e-9 to 1, on two sets of data, from three starts each.

    The loss rises in each of five steps. Along each direction of the bowl the
    parameters stay on the side of the minimum on which they began.
    """
    for X, y in (STEEP, steep_y), (plane_x, plane_y):
        ways = np.linalg.eigh(hessian(X))[1]
        best = newton_step(np.zeros(len(ways)), X, y)
        uphill = lambda *at: -gradient(*at)
        for rate in np.logspace(-9, 0, 10):
            for start in (0 * best, best + 1, np.full(len(best), -40.0)):
                path, losses = train(loss, uphill, start, X, y, rate, 5)
                along = (path - best) @ ways
                if np.any(np.diff(losses) <= 0) or np.any(along[1:] * along[:-1] < 0):
                    return False
    return True


def claim_standardising_repairs_the_size():
    """For eight sets of houses, and for eight of columns that differ a hundredfold.

    The condition number of the centred inputs is above 100, and standardising
    divides it by 10 or more.
    """
    for seed in range(8):
        rng = np.random.default_rng(seed)
        for X in houses(100, seed), rng.normal([5, -300], [1, 100], (100, 2)):
            before, after = hessian(centre(X)), hessian(standardise(X))
            worst = report(before).condition
            if worst < 100 or report(after).condition > worst / 10:
                return False
    return True


def claim_the_limit_is_a_sixth_for_the_sum():
    """On three points the sum of squares explodes above a sixth of the limit."""
    ends = []
    for X in STEEP, centre(STEEP), STEEP - 10:
        limit, theta = report(hessian(X)).limit / 6, np.zeros(2)
        for share in (0.98, 1.02):
            rate = share * limit
            run = train(squares, wanted_gradient, theta, X, steep_y, rate, 500)[1]
            ends.append((run[-1] > run[0]) == (share > 1))
    return all(ends)


def claim_newtons_line_is_the_same_from_everywhere():
    """From 200 random starts, one step leads to w = 4, b = -4, without a loss."""
    starts = np.random.default_rng(0).normal(0, 30, (200, 2))
    ends = [newton_step(theta, STEEP, steep_y) for theta in starts]
    return np.allclose(ends, [4, -4]) and loss(ends[-1], STEEP, steep_y) < 1e-20


def claim_a_step_crawls_where_w_makes_up_for_b():
    """For b from -10 to 6, at the rate one over the largest curvature.

    With the best w for that b, a step takes off less than 0.03 of the loss. With w one
    unit more or less it takes off more than 0.3 of it. Over the inputs 5 and 6 the line
    with the best w is off by less than a third of what it is over 1.
    """
    bends, rate = hessian(STEEP), report(hessian(STEEP)).limit / 2
    for b in np.linspace(-10, 6, 33):
        taken = []
        for beside in (0, -1, 1):
            w = 4 - (b + 4) * bends[0, 1] / bends[0, 0] + beside
            _, losses = train(loss, gradient, [w, b], STEEP, steep_y, rate, 1)
            taken.append(1 - losses[1] / losses[0] if losses[0] > 1e-20 else 0.0)
            if not beside:
                off = np.abs(linear(np.array([w, b]), STEEP) - steep_y)
        if b != -4 and (taken[0] > 0.03 or min(taken[1:]) < 0.3):
            return False
        if b != -4 and off[1:].max() > off[0] / 3:
            return False
    return True


def claim_the_lines_turn_until_they_hit():
    """Each line of the opening is steeper than the one before; the last hits all.

    So does Newton's line of the figure to move, and a gradient step comes nearer.
    """
    path = _opening_path()
    steeper = np.diff(path[[1, 2, 4, -1], 0]).min() > 0
    left, right = _bench_after_newton(2.0, 2.0)
    newtons = [np.interp(x, *zip(left, right, strict=True)) for x in steep_x]
    losses = [row[2] for row in _bench_run(2.0, 2.0, 0.04)]
    hits = np.allclose(linear(path[-1], STEEP), steep_y, atol=0.1)
    exact = np.allclose(newtons, steep_y)
    return bool(steeper and hits and exact and losses[1] < losses[0])


# The example of the questions: a row of inputs, and its label.
QUIZ_X, QUIZ_Y = np.array([[2.0, 3.0]]), np.array([4.0])


def stepped(slopes, rate=0.1):
    """Return the parameters after a step from `GUESS` against these slopes."""
    return GUESS - rate * np.asarray(slopes)


def predicted_after(slopes):
    """Return the prediction for the example of the questions after that step.

    >>> predicted_after(gradient(GUESS, QUIZ_X, QUIZ_Y))
    5.8
    """
    return round(float(linear(stepped(slopes), QUIZ_X)[0]), 9)


def step_factor(inputs, rate):
    """Return what a step on one example multiplies its error by.

    The inputs are those of all parameters, with the 1 of the bias.

    >>> step_factor([2, 1, 1], rate=0.1)
    0.4
    """
    return round(1 - rate * float(np.dot(inputs, inputs)), 9)


def landing_rate(inputs):
    """Return the rate with which one step on one example makes its error zero.

    >>> landing_rate([1, 1])
    0.5
    """
    return 1 / float(np.dot(inputs, inputs))


def newton_from_two(sign=-1):
    """Return where Newton's step on √(1 + x²) leads from 2, or its opposite."""
    return round(2.0 + sign * sqrt1p.grad(2.0) / sqrt1p.hess(2.0), 9)


def table_training():
    """The run on the plane, at five moments."""
    start = np.zeros(3)
    path, losses = train(loss, gradient, start, plane_x, plane_y, 0.5, 200)
    rows = []
    for k in (0, 1, 10, 100, 200):
        rows.append([k, f"{losses[k]:.2g}", *(f"{value:.4f}" for value in path[k])])
    return table(["$k$", "loss", "$w_1$", "$w_2$", "$b$"], rows)


def table_scaling():
    """What the units of the inputs do to the condition, the rate, the steps."""
    header = ["inputs", "$\\kappa$", "largest rate", "steps for a millionth"]
    rows = []
    for name, X in [
        ("the three points", STEEP),
        ("the same, centred", centre(STEEP)),
        ("area and rooms of 100 houses", houses()),
        ("the same, centred", centre(houses())),
        ("the same, standardised", standardise(houses())),
    ]:
        told = report(hessian(X))
        steps = predicted_steps(told.condition)
        row = [name, f"{told.condition:,.2f}", f"{told.limit:.3g}", f"{steps:,}"]
        rows.append(row)
    return table(header, rows)


def table_starts():
    """Where three starts lead in 300 steps on the plane."""
    rows = []
    for value in (0, -40, 700):
        start = np.full(3, value)
        path, _ = train(loss, gradient, start, plane_x, plane_y, 0.5, 300)
        rows.append([value, *(f"{parameter:.4f}" for parameter in path[-1])])
    return table(["$w_1 = w_2 = b$ at the start", "$w_1$", "$w_2$", "$b$"], rows)


def _debug_runs():
    """The program to debug: as posted, half repaired in two ways, and repaired.

    Rows of the slopes, the rate, and the losses of twenty steps.
    """
    runs = []
    for slopes, rate in [
        (posted_gradient, 0.05),
        (posted_gradient, 0.05 / 100),
        (wanted_gradient, 0.05),
        (wanted_gradient, 0.015),
    ]:
        _, losses = train(squares, slopes, [2, 2], STEEP, steep_y, rate, 20)
        runs.append((slopes, rate, losses))
    return runs


# The bench: a line y = wx + b through the three points, with the loss of the page.
_POINTS = np.column_stack([steep_x, steep_y]).tolist()
_STEEPEST = 2 / report(hessian(STEEP)).limit
_INVERSE = np.linalg.inv(hessian(STEEP)).tolist()


def _bench_loss(w, b):
    """Return half the mean squared error of the line.

    >>> _bench_loss(2.0, 2.0) == loss(np.array([2.0, 2.0]), STEEP, steep_y)
    True
    """
    total = 0.0
    for x, y in _POINTS:
        error = w * x + b - y
        total = total + error * error
    return total / (2 * len(_POINTS))


def _bench_slopes(w, b):
    """Return the slopes of that loss in w and in b; what rounding leaves is 0.

    >>> _bench_slopes(4.0, -3.0)  # each prediction is 1 too high
    [4.0, 1.0]
    """
    along, level = 0.0, 0.0
    for x, y in _POINTS:
        error = w * x + b - y
        along = along + error * x / len(_POINTS)
        level = level + error / len(_POINTS)
    return [0.0 if abs(slope) < 1e-9 else slope for slope in [along, level]]


def _bench_step(w, b, rate):
    """Return w and b after a step against the slopes."""
    along, level = _bench_slopes(w, b)
    return [w - rate * along, b - rate * level]


def _bench_newton(w, b):
    """Return w and b after Newton's step.

    >>> [round(value, 9) for value in _bench_newton(2.0, 2.0)]
    [4.0, -4.0]
    """
    along, level = _bench_slopes(w, b)
    return [
        w - _INVERSE[0][0] * along - _INVERSE[0][1] * level,
        b - _INVERSE[1][0] * along - _INVERSE[1][1] * level,
    ]


def _across(w, b):
    """Return two points of a line, beyond both sides of the picture."""
    return [[-1.0, b - w], [8.0, 8 * w + b]]


def _bench_line(w, b):
    """Return the line, with a point at each prediction."""
    left, right = _across(w, b)
    points = [left]
    for x, _ in _POINTS:
        points.append([x, w * x + b])
    points.append(right)
    return points


def _bench_errors(w, b):
    """Return a line from each label to its prediction."""
    lines = []
    for x, y in _POINTS:
        lines.append([[x, y], [x, w * x + b]])
    return lines


def _bench_after_step(w, b, rate):
    """Return the line after the step against the slopes."""
    w1, b1 = _bench_step(w, b, rate)
    return _across(w1, b1)


def _bench_after_newton(w, b):
    """Return the line after Newton's step."""
    w2, b2 = _bench_newton(w, b)
    return _across(w2, b2)


def _bench_run(w, b, rate):
    """Return w, b and the loss of ten steps.

    >>> _bench_run(4.0, -4.0, 0.1)[10]
    [4.0, -4.0, 0.0]
    """
    rows = [[w, b, _bench_loss(w, b)]]
    for _ in range(10):
        w, b = _bench_step(w, b, rate)
        rows.append([w, b, _bench_loss(w, b)])
    return rows


def _bench_marks():
    """Return one and two divided by the largest curvature."""
    return [1 / _STEEPEST, 2 / _STEEPEST]


_BENCH_STEPS = (
    "The loss is {1:2}, its slopes are {2:2} in w and {3:2} in b. "
    "A gradient step leads to w = {4:2}, b = {5:2}, where the loss is {6:2}: "
)
_BENCH_NEWTON = " Newton’s step leads to w = {7:2}, b = {8:2}, through all points."
_BENCH_SAID = {
    "there": (
        "optimum",
        "The line goes through all points: the loss and both slopes are 0, "
        "and neither step moves it.",
    ),
    "falls": ("curve", _BENCH_STEPS + "lower." + _BENCH_NEWTON),
    "crawls": (
        "curve",
        _BENCH_STEPS + "less than a twentieth is taken off." + _BENCH_NEWTON,
    ),
    "rises": ("alarm", _BENCH_STEPS + "not lower, η is too large." + _BENCH_NEWTON),
}


def _bench_says(w, b, rate):
    """Return which sentence is true, and the numbers in it.

    >>> [_bench_says(2.0, 2.0, rate)[0] for rate in (0.04, 0.1)]
    ['falls', 'rises']
    """
    along, level = _bench_slopes(w, b)
    w1, b1 = _bench_step(w, b, rate)
    w2, b2 = _bench_newton(w, b)
    here, there = _bench_loss(w, b), _bench_loss(w1, b1)
    which = "falls"
    if along == 0 and level == 0:
        which = "there"
    elif there >= here:
        which = "rises"
    elif there > 0.95 * here:
        which = "crawls"
    return [which, here, along, level, w1, b1, there, w2, b2]


def _is_fitted(w, b):
    """Whether the loss is below 0.1.

    >>> _is_fitted(4.0, -4.2), _is_fitted(2.0, 2.0)
    (True, False)
    """
    return _bench_loss(w, b) < 0.1


def _crawls(w, b, rate):
    """Whether a step hardly helps a bad line, at a rate no larger than best when steep.

    >>> _crawls(2.8, 2.0, 0.04), _crawls(2.0, 2.0, 0.04), _crawls(2.8, 2.0, 0.09)
    (True, False, False)
    """
    w1, b1 = _bench_step(w, b, rate)
    here, there = _bench_loss(w, b), _bench_loss(w1, b1)
    return rate * _STEEPEST <= 1 < here and 0.95 * here < there < here


def _step_rises(w, b, rate):
    """Whether a step against the gradient raises the loss.

    >>> _step_rises(2.0, 2.0, 0.1), _step_rises(2.0, 2.0, 0.04)
    (True, False)
    """
    w1, b1 = _bench_step(w, b, rate)
    return _bench_loss(w1, b1) > _bench_loss(w, b)


def _space(figure, place):
    """One of two drawings in space, with pale walls."""
    ax = figure.add_subplot(1, 2, place + 1, projection="3d", computed_zorder=False)
    ax.set_box_aspect((1, 0.9, 1.15), zoom=0.92)
    ax.view_init(elev=16, azim=-68)
    for axis in ax.xaxis, ax.yaxis, ax.zaxis:
        axis.set_pane_color((0, 0, 0, 0))
        axis.pane.set_edgecolor("faint")
    return ax


def _opening_path():
    """Return the weights on the way from zero to the points, shape (2001, 2)."""
    rate = 0.25 / _STEEPEST
    return train(loss, gradient, np.zeros(2), STEEP, steep_y, rate, 2000)[0]


def figure_opening():
    """The line of a neuron, from a guess to the points."""
    figure, ax = draw.opening((-1.2, 8.2), (-4, 25))
    path = _opening_path()
    ends = np.array([-0.4, 7.4])
    for k in 1, 2, 4:
        style = {"color": "path", "linewidth": 1, "linestyle": "--"}
        ax.plot(ends, linear(path[k], ends[:, None]), **style)
    ax.plot(ends, linear(path[-1], ends[:, None]), color="curve", linewidth=2.5)
    ax.plot(steep_x, steep_y, "o", color="ink", markersize=6)
    return figure


def figure_neuron():
    """The unit with its numbers, from the inputs to the error."""
    guess = float(linear(GUESS, POINT)[0])
    (x1, x2), (w1, w2, b) = POINT[0], GUESS
    figure, ax = canvas(9, 5)
    total, out = (4.6, 2.9), (7.9, 2.9)
    for at, name, x in [((0.8, 4.2), "x₁", x1), ((0.8, 1.6), "x₂", x2)]:
        node(ax, at, f"{name}\n{x:g}")
    wire(ax, (0.8, 4.2), total, f"w₁ = {w1:g}", offset=(8, 11))
    wire(ax, (0.8, 1.6), total, f"w₂ = {signed(w2)}", offset=(8, -13))
    wire(ax, (4.6, 0.1), total, gap=0.62)
    draw.label(ax, f"bias b = {b:g}", (4.6, 0.4))
    node(ax, total, "Σ")
    wire(ax, total, out, f"z = {guess:g}")
    node(ax, out, f"ŷ\n{guess:g}", color="path")
    draw.label(ax, f"label y = {LABEL[0]:g}", (7.6, 1.6))
    error = guess - LABEL[0]
    draw.label(ax, f"ŷ − y = {signed(error)}", (7.6, 0.85), color="alarm")
    return figure


def figure_units():
    """What the three units make of the same weighted sum."""
    figure, ax = draw.axes("weighted sum z", "output", height=3.2)
    draw.curve(ax, lambda z: z, -2, 2, "curve")
    draw.curve(ax, sigmoid, -5, 5, "path", linestyle="--")
    ax.plot([-5, 0], [0, 0], "-.", color="second")
    ax.plot([0, 5], [1, 1], "-.", color="second")
    ax.plot([0], [0], "o", color="second", markerfacecolor="paper")
    draw.label(ax, "linear: z", (1.6, 1.6), (-8, 2), "curve", ha="right")
    draw.label(ax, "sigmoid: σ(z)", (1.1, sigmoid(1.1)), (8, -8), "path", ha="left")
    draw.label(ax, "threshold: 0 or 1", (-5, 0), (0, -11), "second", ha="left")
    ax.set(ylim=(-1.6, 2.1))
    return figure


def figure_fit():
    """The plane of the model and the five examples, early and late in the training."""
    path, _ = train(loss, gradient, np.zeros(3), plane_x, plane_y, 0.5, 10)
    figure = plt.figure(figsize=(4.5, 2.9))
    grid = np.stack(np.meshgrid([0.0, 1.0, 2.0], [0.0, 0.5, 1.0]))
    for place, k in enumerate((1, 10)):
        ax = _space(figure, place)
        height = np.tensordot(path[k, :2], grid, 1) + path[k, 2]
        style = {"color": "level2", "edgecolor": "curve", "linewidth": 0.6}
        ax.plot_surface(*grid, height, **style, shade=False, alpha=0.7)
        guess = linear(path[k], plane_x)
        for x, low, high in zip(plane_x, guess, plane_y, strict=True):
            ax.plot(*np.stack([x, x]).T, [low, high], color="alarm", linewidth=1.6)
        ax.plot(*plane_x.T, plane_y, "o", color="ink", markersize=5)
        ax.set(xlabel="x₁", ylabel="x₂", xticks=[0, 1, 2], yticks=[0, 1])
        ax.set(zticks=[0, 2, 4], zlim=(-1.5, 5.5))
        ax.set_title(f"after step {k}", y=0.98)
    return figure


def figure_debug():
    """The loss of the program with two bugs, with one, and with none."""
    figure, ax = draw.axes("step", "sum of squares", height=3.6)
    for (*_, losses), (style, colour, text, at, offset) in zip(
        _debug_runs(),
        [
            ("-", "alarm", "as posted", 6, (-8, 0)),
            ("-.", "alarm", "as posted, rate ÷ 100", 20, (0, 10)),
            ("--", "third", "sign repaired", 5, (8, -6)),
            ("-", "second", "both repaired", 20, (0, -10)),
        ],
        strict=True,
    ):
        ax.semilogy(losses, style, color=colour)
        side = "left" if offset[0] > 0 else "right"
        draw.label(ax, text, (at, losses[at]), offset, colour, ha=side)
    ax.set(ylim=(0.3, 1e14), xlim=(-0.5, 20.5), xticks=range(0, 21, 5))
    return figure


def figure_scaling():
    """The same three points, as given and with the mean taken off."""
    figure, ax = draw.axes("step", "loss", height=3.2)
    for X, colour, style, text, at, offset in [
        (STEEP, "path", "--", "x as given", 150, (4, 12)),
        (centre(STEEP), "second", "-", "x centred", 20, (8, 6)),
    ]:
        steps = 300 if X is STEEP else 60
        losses = best_run(X, steps)
        ax.semilogy(losses, style, color=colour)
        text = f"{text}, κ = {report(hessian(X)).condition:.3g}"
        draw.label(ax, text, (at, losses[at]), offset, colour, ha="left")
    ax.set(ylim=(1e-12, 1e3), xlim=(-5, 300))
    return figure


def figure_explore_line():
    """A line through the three points, and where two steps lead it."""
    figure, ax = draw.axes("x", "y", height=3.6)
    ax.set(xlim=(-0.5, 7.5), ylim=(-12, 32))
    ax.plot(steep_x, steep_y, "s", color="ink", markersize=6)
    for text, colour, style, width in [
        ("yours", "curve", "o-", 1.8),
        ("gradient’s", "path", "--", 1.8),
        ("Newton’s", "second", "-", 1),
    ]:
        ax.plot([], [], style, color=colour, linewidth=width, label=text)
    place = {"loc": "lower left", "bbox_to_anchor": (-0.05, 1)}
    ax.legend(**place, ncols=3, columnspacing=1.7, handlelength=1.4)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("w", "weight w", -2, 8, 0.1, 2.0),
            Knob("b", "bias b", -10, 6, 0.1, 2.0),
            Knob(
                *("rate", "rate η", 0.02, 0.12, 0.005, 0.04),
                Marks(["1/λ", "limit"], _bench_marks),
            ),
        ],
        layers=[
            Layer(_bench_errors, "level", "alarm"),
            Layer(_bench_after_newton, "path", "second"),
            Layer(_bench_after_step, "line", "path"),
            Layer(_bench_line, "curve", "curve"),
            Layer(_bench_line, "dots", "curve"),
        ],
        says=(_bench_says, _BENCH_SAID),
        formula=(
            lambda w, b, rate: [
                w,
                rate,
                _bench_slopes(w, b)[0],
                _bench_step(w, b, rate)[0],
            ],
            r"w - \eta \dfrac{\partial L}{\partial w}"
            r" = {1:2} - {2:3} \cdot {3:2} = {4:2}",
        ),
        table=(_bench_run, ["step", "w", "b", "loss"]),
        targets={
            "fitted": Target(_is_fitted, {"w": 4, "b": -4}),
            "crawls": Target(_crawls, {"w": 2.8}),
            "rises": Target(_step_rises, {"rate": 0.1}),
        },
    )
