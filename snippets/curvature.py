"""Curvature: what the second derivatives tell, and when they are silent.

    θ, u       a point, a direction              theta, direction
    f′, f″     slope and second derivative       grad, hess of a curve
    g, H       gradient and Hessian              grad, hessian
    λ, q       eigenvalue and eigenvector of H   value, axis
    X          the inputs, a row an example      X

A direction need not have length 1: `curvature_along` divides by its square.
"""

import math

import matplotlib.pyplot as plt
import numpy as np
from loss import sigmoid
from matplotlib.colors import to_rgba
from momentum import momentum
from newton import newton
from shared import draw
from shared.data import line_x, line_y, overlap_x, overlap_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import explog, peano, quad1, well
from shared.neuron import sigmoid_slope
from shared.numbers import listed, signed
from shared.plane import quadratic
from shared.tables import table


def second_difference(f, x, h=1e-4):
    """Return f″ at x as the change of the slope across x.

    >>> second_difference(lambda x: x * x, 3.0, h=0.5)
    2.0
    """
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return (right - left) / h


def hessian_times(grad, theta, direction, h=6e-6):
    """Return H·u: how the gradient changes along the direction u.

    >>> start = np.array([1.0, 2.0])
    >>> hessian_times(lambda theta: 3 * theta, start, [0, 1], h=0.5)
    array([0., 3.])
    """
    step = h * np.asarray(direction)
    return (grad(theta + step) - grad(theta - step)) / (2 * h)


def measured_hessian(grad, theta, h=6e-6):
    """Return the Hessian, a column for each coordinate.

    >>> measured_hessian(lambda theta: theta[::-1], [1.0, 2.0], h=0.5)
    array([[0., 1.],
           [1., 0.]])
    """
    theta = np.asarray(theta, dtype=float)
    axes = np.eye(len(theta))
    columns = [hessian_times(grad, theta, axis, h) for axis in axes]
    return np.stack(columns, axis=1)


def curvature_along(hessian, direction):
    """Return the second derivative along a direction: uᵀHu for |u| = 1.

    >>> curvature_along([[1, 2], [2, 1]], [1, 0])
    1.0
    >>> curvature_along([[1, 2], [2, 1]], [1, -1])
    -1.0
    """
    u = np.asarray(direction)
    return float(u @ np.asarray(hessian) @ u / (u @ u))


def classify(hessian, tolerance=1e-9):
    """Say what a stationary point is, as far as H can tell.

    >>> classify([[2, 0], [0, 10]]), classify([[1, 2], [2, 1]])
    ('minimum', 'saddle')
    """
    values = np.linalg.eigvalsh(np.atleast_2d(hessian))
    if values[0] > tolerance:
        return "minimum"
    if values[-1] < -tolerance:
        return "maximum"
    if values[0] < -tolerance and values[-1] > tolerance:
        return "saddle"
    return "inconclusive"


def classify_by_hand(a, b, c):
    """Classify [[a, b], [b, c]] by determinant and trace.

    >>> classify_by_hand(1, 2, 1), classify_by_hand(-2, 1, -2)
    ('saddle', 'maximum')
    """
    determinant, trace = a * c - b * b, a + c
    if determinant < 0:
        return "saddle"
    if determinant == 0:
        return "inconclusive"
    return "minimum" if trace > 0 else "maximum"


def hessian_mse(X):
    """Return the Hessian of the mean squared error of Xθ.

    >>> hessian_mse(np.array([[1.0, 0.0], [1.0, 2.0]]))
    array([[2., 2.],
           [2., 4.]])
    """
    return 2 * X.T @ X / len(X)


def hessian_cross_entropy(theta, X):
    """Return the Hessian of the mean cross-entropy of σ(Xθ).

    >>> hessian_cross_entropy(np.zeros(1), np.array([[2.0], [4.0]]))
    array([[2.5]])
    """
    return (X.T * sigmoid_slope(X @ theta)) @ X / len(X)


SADDLE = [[1, 2], [2, 1]]
VALLEY = np.diag([2.0, 10.0])


def symbolic_hessian(formula, names="x y"):
    """Return the Hessian of a formula, exactly, by SymPy.

    >>> symbolic_hessian("x**2 + y**3")
    Matrix([
    [2,   0],
    [0, 6*y]])
    """
    import sympy as sp  # Slow to import, and only this needs it.

    return sp.hessian(sp.sympify(formula), sp.symbols(names))


def partial(formula, name, times, at):
    """Return a derivative of a formula in x and y, by SymPy.

    >>> partial("x**2 + y**3", "y", times=1, at=3)
    27
    """
    import sympy as sp

    return sp.sympify(formula).diff(name, times).subs(name, at)


def least_root(trace, determinant):
    """Return the smaller eigenvalue of a 2 × 2 matrix from its trace and determinant.

    >>> least_root(4, 3)
    1.0
    """
    return float((trace - np.sqrt(trace**2 - 4 * determinant)) / 2)


def added_product(hessian):
    """Slip: the product of the other diagonal is added to the first one's."""
    (a, b), (_, c) = hessian
    return a * c + b * b


def undivided(hessian, direction):
    """Slip: uᵀHu for a u that is not of length 1."""
    return int(np.array(direction) @ hessian @ direction)


def eigenvalues(landscape, at):
    """Return the eigenvalues of a landscape's Hessian, the least first."""
    return np.linalg.eigvalsh(landscape.hess(at))


def overlap_hess(w):
    """Return the curvature at w of the cross-entropy of σ(wx).

    It does not depend on the labels.
    """
    return float(hessian_cross_entropy(np.array([w]), overlap_x[:, None])[0, 0])


def overlap_grad(w, labels=overlap_y):
    """Return its slope there; other labels make it another loss."""
    return float(np.mean((sigmoid(w * overlap_x) - labels) * overlap_x))


def overlap_newton(start, steps):
    """Return the path of Newton's method on that cross-entropy."""
    return newton(overlap_grad, overlap_hess, start, steps)


def along_line(slope):
    """Return Peano's surface over x, along the line y = slope · x."""
    return lambda x: peano.f(np.stack([x, slope * x]))


def along_parabola(x):
    """Return Peano's surface over x, along the parabola y = 2x².

    >>> along_parabola(0.5)
    -0.0625
    """
    return peano.f(np.stack([x, 2 * np.square(x)]))


def falls_from(slope):
    """Return where Peano's surface begins to fall on the line y = slope · x.

    >>> round(falls_from(3.0), 3)
    0.634
    """
    return abs(slope) * (1 / 2 - 3**-0.5 / 2)


def far_out(t, theta=(1.0, 0.0)):
    """Return the eigenvalues of cross-entropy's Hessian at t · theta.

    The two examples have the inputs (1, 0) and (0, 1), and no bias.

    >>> far_out(0.0).tolist()
    [0.125, 0.125]
    """
    at = t * np.asarray(theta)
    return np.linalg.eigvalsh(hessian_cross_entropy(at, np.eye(2)))


def heavy_ball(steps, beta=0.9):
    """Return where momentum leads on x² from 2, with the rate 1/10.

    >>> heavy_ball(1)
    1.6
    """
    return float(momentum(quad1.grad, 2.0, rate=0.1, steps=steps, beta=beta)[-1])


def claim_a_curve_that_bends_up_lies_above_its_tangents():
    """It does where f″ > 0, and below them where f″ < 0; between the inflections.

    In the two wells, for 60 tangents in each of the three parts.
    """
    turn, agreed = 3**-0.5, []
    for low, high, sign in (-2, -turn, 1), (-turn, turn, -1), (turn, 2, 1):
        x = np.linspace(low, high, 62)[1:-1]
        gap = well.f(x) - well.f(x[:, None]) - well.grad(x[:, None]) * (x - x[:, None])
        agreed.append(np.all(sign * well.hess(x) > 0) and np.all(sign * gap > -1e-12))
    return all(agreed)


def claim_descent_converges_below_two_over_the_curvature():
    """Gradient descent arrives for rates below 2/f″ at a minimum, and not above.

    On the two wells and on eˣ − ln x, from a thousandth off: 30 rates from 0.05 to
    0.95 of 2/f″, and ten from 1.05 to 1.5 of it.
    """
    agreed = []
    for curve in well, explog:
        best = curve.minima[0]
        share = np.append(np.linspace(0.05, 0.95, 30), np.linspace(1.05, 1.5, 10))
        x = np.full(40, best + 1e-3)
        for _ in range(400):
            x = np.clip(
                x - share * 2 / curve.hess(best) * curve.grad(x), best - 0.2, best + 0.2
            )
        agreed.append(np.array_equal(np.abs(x - best) < 1e-9, share < 1))
    return all(agreed)


def claim_the_first_derivative_that_is_not_zero_decides():
    """If it is of even order its sign decides, if of odd order it is neither.

    For orders 2 to 9, both signs, and 20 random terms of higher order each.
    """
    rng = np.random.default_rng(0)
    x = np.linspace(-1e-3, 1e-3, 41)
    agreed = []
    for n in range(2, 10):
        for sign in 1, -1:
            for higher in rng.uniform(-1, 1, size=(20, 3)):
                powers = np.array([n + 1, n + 2, n + 3])
                heights = sign * x**n + higher @ x ** powers[:, None]
                low, high = heights.min() >= 0, heights.max() <= 0
                kind = (sign > 0, sign < 0) if n % 2 == 0 else (False, False)
                agreed.append((low, high) == kind)
    return all(agreed)


def claim_curvatures_are_means_of_the_eigenvalues():
    """uᵀHu is Σ λᵢ (qᵢᵀu)², and lies between the least and the largest λ.

    For 200 random symmetric matrices with 2 to 6 rows, and directions.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(200):
        d = int(rng.integers(2, 7))
        half, u = rng.normal(size=(d, d)), rng.normal(size=d)
        values, vectors = np.linalg.eigh(half + half.T)
        along = curvature_along(half + half.T, u)
        weights = (vectors.T @ u) ** 2 / (u @ u)
        agreed.append(np.isclose(weights @ values, along))
        agreed.append(np.isclose(weights.sum(), 1))
        agreed.append(values[0] - 1e-12 <= along <= values[-1] + 1e-12)
    return all(agreed)


def claim_the_wave_turns_at_the_eigenvectors():
    """Of 1, 2, 2, 1 the curvature is largest at 45 degrees and least at 135.

    And 1 at 0 and 90 degrees; of 181 directions, from 0 to 180 degrees.
    """
    turned = np.radians(np.arange(181))
    along = [curvature_along(SADDLE, [np.cos(t), np.sin(t)]) for t in turned]
    ends = np.argmax(along) == 45 and np.argmin(along) == 135
    return bool(ends and np.allclose([along[0], along[90]], 1))


def claim_the_shapes_have_these_eigenvalues():
    """Bowl 1 and 3, trough 0 and 2, saddle −1 and 3, dome −3 and −1."""
    found = [np.linalg.eigvalsh(hessian) for hessian in _GALLERY.values()]
    return np.allclose(found, [(1, 3), (0, 2), (-1, 3), (-3, -1)])


def claim_determinant_and_trace_tell():
    """They tell the same as the eigenvalues, for 400 random symmetric matrices.

    The bowl lies at (4, 3), the trough at (2, 0), the saddle at (2, −3), the dome
    at (−4, 3); the determinant is at most the trace's square divided by 4.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for a, b, c in rng.normal(size=(400, 3)):
        agreed.append(classify_by_hand(a, b, c) == classify([[a, b], [b, c]]))
        agreed.append(a * c - b * b <= (a + c) ** 2 / 4)
    places = [(np.trace(H), np.linalg.det(H)) for H in _GALLERY.values()]
    agreed.append(np.allclose(places, [(4, 3), (2, 0), (2, -3), (-4, 3)]))
    return all(agreed)


def claim_one_step_fits_the_line():
    """From 50 random starts one Newton step fits a line to the four points."""
    X = np.column_stack([line_x, np.ones_like(line_x)])
    H, best = hessian_mse(X), np.linalg.lstsq(X, line_y)[0]
    starts = np.random.default_rng(0).normal(scale=10, size=(50, 2))
    slopes = 2 * (starts @ X.T - line_y) @ X / len(X)
    return np.allclose(starts - np.linalg.solve(H, slopes.T).T, best)


def claim_cross_entropy_is_convex():
    """No eigenvalue of its Hessian is negative: 200 random X and θ, 1 to 5 inputs.

    And where the model is sure of every example, all are below a millionth.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(200):
        d = int(rng.integers(1, 6))
        X, theta = rng.normal(size=(8, d)), 5 * rng.normal(size=d)
        agreed.append(np.linalg.eigvalsh(hessian_cross_entropy(theta, X))[0] > -1e-12)
        sure = theta * 30 / np.abs(X @ theta).min()
        agreed.append(np.linalg.eigvalsh(hessian_cross_entropy(sure, X))[-1] < 1e-6)
    return all(agreed)


def claim_from_four_on_newton_is_lost():
    """From 30 starts from 4 to 8 two Newton steps lead beyond ±100."""
    starts = np.linspace(4, 8, 30)
    return all(abs(overlap_newton(start, 2)[-1]) > 100 for start in starts)


def claim_a_product_costs_two_gradients():
    """Hu takes two gradients, and H takes 2d, for 1 to 300 parameters."""

    def gradients(measure, d):
        calls = []
        measure(lambda theta: calls.append(d) or 3 * theta, np.zeros(d))
        return len(calls)

    product = lambda grad, theta: hessian_times(grad, theta, theta + 1)
    return all(
        (gradients(product, d), gradients(measured_hessian, d)) == (2, 2 * d)
        for d in (1, 2, 7, 40, 300)
    )


def claim_a_flat_line_falls_soon():
    """On y = mx the surface rises to 0.211|m| and stays above 0 to |m|/3.

    For 50 slopes m from −10 to 10.
    """
    steep = np.logspace(-2, 1, 25)
    share = np.linspace(0.001, 0.4, 400)
    agreed = []
    for slope in (*-steep, *steep):
        x = slope * share
        heights = along_line(slope)(x)
        rises = np.abs(x[1:]) < falls_from(slope)
        agreed.append(np.array_equal(np.diff(heights) > 0, rises))
        agreed.append(np.array_equal(heights > 0, share < 1 / 3))
    return all(agreed)


def claim_digits_are_kept_far_out():
    """σ(z)σ(−z) is right to 13 digits where p(1 − p) is 0, up to |z| = 700."""
    z = np.linspace(-700, 700, 2801)
    exact = -np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z)))
    kept = np.abs(np.log(sigmoid_slope(z)) - exact) < 1e-13 * np.maximum(1, -exact)
    p = sigmoid(z[z > 40])
    return bool(kept.all() and not np.any(p * (1 - p)))


def claim_an_undecided_example_keeps_its_curvature():
    """Far out all curvature fades, but at right angles to an example.

    There |x|²/4n is left. For 40 random sets of five examples in the plane.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for X in rng.normal(size=(40, 5, 2)):
        across = np.array([-X[0, 1], X[0, 0]])
        left = np.linalg.eigvalsh(hessian_cross_entropy(1e6 * across, X))[-1]
        agreed.append(np.isclose(left, X[0] @ X[0] / 20, rtol=1e-9))
        away = 1e6 * rng.normal(size=2)
        agreed.append(np.linalg.eigvalsh(hessian_cross_entropy(away, X))[-1] < 1e-9)
    return all(agreed)


def table_shapes():
    """The four shapes, with all numbers by which they can be told."""
    header = ["shape", "$H$", "$\\lambda_1$, $\\lambda_2$"]
    header += ["$\\det H$", "trace", "so it is"]
    rows = []
    for name, hessian in _GALLERY.items():
        (a, b), (_, c) = hessian
        matrix = rf"$\begin{{pmatrix}} {a} & {b} \\ {b} & {c} \end{{pmatrix}}$"
        low, high = np.linalg.eigvalsh(hessian)
        values = f"${low:.0f}, {high:.0f}$"
        rows.append([name, matrix, values, a * c - b * b, a + c, classify(hessian)])
    return table(header, rows)


_GALLERY = {
    "bowl": [[2, 1], [1, 2]],
    "trough": [[1, 1], [1, 1]],
    "saddle": SADDLE,
    "dome": [[-2, 1], [1, -2]],
}


def _side(figure, place, hessian):
    """The quadratic from the side, above and below a level plane through 0."""
    ax = figure.add_subplot(place, projection="3d", computed_zorder=False)
    radius, turn = np.meshgrid(np.linspace(0, 1.2, 4), np.linspace(0, 2 * np.pi, 17))
    disc = np.stack([radius * np.cos(turn), radius * np.sin(turn)])
    height = quadratic(hessian)
    between = (disc[:, 1:, 1:] + disc[:, :-1, :-1]) / 2
    shade = np.digitize(height(between), [-1.2, -0.5, 0, 0.5, 1.2])
    rim = disc[:, :, -1]
    drawn = {"edgecolor": "soft", "linewidth": 0.3, "rstride": 1, "cstride": 1}
    shades = np.array([to_rgba(color) for color in draw.LEVELS])
    plane = ax.plot(*rim, 0 * rim[0], ":", color="ink", linewidth=0.9)
    ax.plot_surface(
        *disc, height(disc), facecolors=shades[shade], shade=False, alpha=0.9, **drawn
    )
    plane[0].set_zorder(3)
    for axis, colour, style in zip(
        np.linalg.eigh(hessian)[1].T, ["path", "second"], ["--", "-"], strict=True
    ):
        line = np.outer(axis, np.linspace(-1.2, 1.2, 13))
        ax.plot(*line, height(line), style, color=colour, linewidth=2, zorder=4)
    ax.view_init(elev=28, azim=-68)
    ax.set(zlim=(-2.2, 2.2))
    ax.set_axis_off()
    ax.set_box_aspect((1, 1, 1), zoom=1.28)


def _map(ax, hessian):
    """The level lines of the quadratic, dashed where it is negative."""
    box, levels = (-1.35, 1.35), [-1.8, -1, -0.3, 0.3, 1, 1.8]
    draw.contours(ax, quadratic(hessian), box, box, levels, fill=False, points=19)
    ax.set(aspect="equal")
    ax.set_axis_off()


def _axes_of(ax, hessian):
    """The eigenvectors, each with its eigenvalue."""
    values, vectors = np.linalg.eigh(hessian)
    for value, axis, colour, style in zip(
        values, vectors.T, ["path", "second"], ["--", "-"], strict=True
    ):
        axis = axis * np.sign(axis[1])  # upwards
        line = np.outer(axis, [-1.1, 1.1])
        ax.plot(*line, style, color=colour, linewidth=1.4)
        draw.label(ax, signed(round(value)), axis * 1.22, (0, 0), colour, weight="bold")


def _form_values(a, b, c):
    """Return both eigenvalues of [[a, b], [b, c]], the smaller first.

    >>> _form_values(1.0, 2.0, 1.0)
    [-1.0, 3.0]
    """
    middle, root = (a + c) / 2, math.sqrt((a - c) * (a - c) / 4 + b * b)
    return [middle - root, middle + root]


def _form_wave(a, b, c):
    """Return the curvature over the direction in degrees, as points.

    >>> _form_wave(1.0, 2.0, 1.0)[0]
    [0.0, 1.0]
    """
    points = []
    for k in range(46):
        x, y = math.cos(math.pi * k / 45), math.sin(math.pi * k / 45)
        points.append([4.0 * k, a * x * x + 2 * b * x * y + c * y * y])
    return points


def _form_axes(a, c):
    """Return the curvature along the x axis and along the y axis, as points."""
    return [[0.0, a], [90.0, c], [180.0, a]]


def _form_bounds(a, b, c):
    """Return a level line for each eigenvalue."""
    return [[[0.0, value], [180.0, value]] for value in _form_values(a, b, c)]


def _form_row(a, b, c):
    """Return the eigenvalues, the determinant and the trace.

    >>> _form_row(1.0, 2.0, 1.0)
    [[-1.0, 3.0, -3.0, 2.0]]
    """
    low, high = _form_values(a, b, c)
    return [[low, high, a * c - b * b, a + c]]


def _form_says(a, b, c):
    """Return which sentence is true, and both eigenvalues.

    >>> _form_says(1.0, 2.0, 1.0)[0], _form_says(1.0, 0.5, 1.0)[0]
    ('hidden', 'minimum')
    """
    low, high = _form_values(a, b, c)
    which = "silent"
    if low > 1e-9:
        which = "minimum"
    elif high < -1e-9:
        which = "maximum"
    elif low < -1e-9 and high > 1e-9:
        which = "hidden" if a > 0 and c > 0 else "saddle"
    return [which, low, high]


def _form_edge(a, c):
    """Return the b at which the determinant is 0, if there is one.

    >>> _form_edge(1.0, 4.0), _form_edge(-1.0, 4.0)
    ([2.0], [])
    """
    return [math.sqrt(a * c)] if a * c >= 0 else []


def _is_a_trough(a, b, c):
    """Whether a and c are 1 and the lower eigenvalue is zero.

    >>> _is_a_trough(1.0, 1.0, 1.0), _is_a_trough(1.0, 2.0, 1.0)
    (True, False)
    """
    return a == 1 and c == 1 and abs(_form_values(a, b, c)[0]) < 1e-9


def _is_level(a, b, c):
    """Whether the curvature is the same in every direction.

    >>> _is_level(-2.0, 0.0, -2.0), _is_level(1.0, 1.0, 1.0)
    (True, False)
    """
    low, high = _form_values(a, b, c)
    return high - low < 1e-9


_BETWEEN = "From λ₁ = {1:2} to λ₂ = {2:2}: "
_FORM_SENTENCES = {
    "minimum": ("second", _BETWEEN + "up in every direction, a minimum."),
    "maximum": ("second", _BETWEEN + "down in every direction, a maximum."),
    "saddle": ("alarm", _BETWEEN + "up one way, down another, a saddle."),
    "hidden": ("alarm", _BETWEEN + "both axes go up, and yet it is a saddle."),
    "silent": ("path", _BETWEEN + "level in some direction, the test is silent."),
}


def figure_opening():
    """Up, down, up: a curve and its tangents."""
    turn = 1 / np.sqrt(3)
    figure, ax = draw.opening((-2.1, 2.1), (-0.36, 0.26))
    for low, high in (-1.5, -turn), (turn, 1.5):
        draw.curve(ax, well.f, low, high, points=21)
    draw.curve(ax, well.f, -turn, turn, "alarm", points=21, linestyle="--")
    for x in -1.15, 0.0, 1.15:
        reach = np.array([-0.36, 0.36])
        ax.plot(x + reach, well.f(x) + well.grad(x) * reach, color="soft")
        ax.plot([x], [well.f(x)], "o", color="soft", markersize=4)
    return figure


def figure_bends():
    """Where the slope rises the curve lies above its tangents."""
    turn = 1 / np.sqrt(3)
    figure, axes = draw.panels(2, 1, height=5.4, sharex=True)
    upper, lower = axes[:, 0]
    for ax, f in (upper, well.f), (lower, well.grad):
        for low, high in (-1.5, -turn), (turn, 1.5):
            draw.curve(ax, f, low, high, "curve", points=31)
        draw.curve(ax, f, -turn, turn, "alarm", points=31, linestyle="--")
        for x in -turn, turn:
            ax.plot([x], [f(x)], "s", color="ink", markersize=4, zorder=4)
    for x in -1.15, 0.0, 1.15:
        reach = np.array([-0.33, 0.33])
        upper.plot(x + reach, well.f(x) + well.grad(x) * reach, color="soft")
        upper.plot([x], [well.f(x)], "o", color="soft", markersize=4)
    lower.axhline(0, color="soft", linewidth=0.8)
    draw.label(
        upper, "f″ < 0: bends down,\nbelow its tangents", (0, 0.16), (0, 0), "alarm"
    )
    draw.label(upper, "inflection", (turn, well.f(turn)), (-8, -9), ha="right")
    draw.label(lower, "slope falls", (0.02, 0), (8, 12), "alarm", ha="left")
    draw.label(lower, "slope\nrises", (-1.2, -0.55), (12, -16), "curve", ha="left")
    draw.label(lower, "slope\nrises", (1.3, 0.9), (-14, 8), "curve", ha="right")
    upper.set(ylabel="f(x)", ylim=(-0.37, 0.28))
    lower.set(xlabel="x", ylabel="slope f′(x)")
    return figure


def figure_silent():
    """Three curves with f′ = f″ = 0 at the same place."""
    figure, ax = draw.axes("x", "f(x)", height=3.4)
    ax.axhline(0, color="soft", linewidth=0.8)
    draw.curve(ax, lambda x: x**4, -1.05, 1.05, "curve")
    draw.curve(ax, lambda x: x**3, -1.05, 1.05, "path", linestyle="--")
    draw.curve(ax, lambda x: -(x**4), -1.05, 1.05, "second", linestyle="-.")
    draw.label(ax, "x⁴: minimum", (-0.85, 0.52), (12, 8), "curve", ha="left")
    draw.label(ax, "x³: neither", (0.85, 0.5), (8, -8), "path", ha="left")
    draw.label(ax, "−x⁴: maximum", (0.85, -0.52), (-12, -8), "second", ha="right")
    ax.plot([0], [0], "o", color="ink", zorder=4)
    ax.set(xlim=(-1.1, 1.7))
    return figure


def figure_explore_form():
    """The curvature of [[a, b], [b, c]] in every direction."""
    figure, ax = draw.axes(
        "direction, degrees from the x axis", "curvature", height=3.3
    )
    ax.axhline(0, color="soft", linewidth=0.8)
    ax.set(xlim=(0, 180), ylim=(-5, 6), xticks=range(0, 181, 45))
    trough = Marks(["√(ac)"], _form_edge, waits=True)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("a", "along x: a", -3, 4, 0.1, 1.0),
            Knob("b", "beside the diagonal: b", -2, 2, 0.1, 2.0, trough),
            Knob("c", "along y: c", -3, 4, 0.1, 1.0),
        ],
        layers=[
            Layer(_form_bounds, "level", "soft"),
            Layer(_form_wave, "line"),
            Layer(_form_axes, "dots", "path"),
        ],
        says=(_form_says, _FORM_SENTENCES),
        formula=(
            lambda a, b, c: [a, c, b * b, a * c - b * b],
            r"\det H = ac - b^2 = {1:1} \cdot {2:1} - {3:2} = {4:2}",
        ),
        table=(_form_row, ["k", "λ₁", "λ₂", "det", "trace"]),
        targets={
            "trough": Target(_is_a_trough, {"b": 1}),
            "level": Target(_is_level, {"b": 0}),
        },
    )


def figure_gallery():
    """Four shapes, from the side and from above."""
    figure = plt.figure(figsize=(4.5, 8.6))
    grid = figure.add_gridspec(4, 2)
    for row, (name, hessian) in enumerate(_GALLERY.items()):
        _side(figure, grid[row, 0], hessian)
        above = figure.add_subplot(grid[row, 1])
        _map(above, hessian)
        _axes_of(above, hessian)
        values = listed(np.linalg.eigvalsh(hessian), ".0f")
        above.set_title(f"{name}: λ = {values}")
    return figure


def figure_plane():
    """Which shape belongs to which determinant and trace."""
    figure, ax = draw.axes("trace λ₁ + λ₂", "determinant λ₁λ₂", height=3.9)
    trace = np.linspace(-6, 6, 61)
    ax.plot(trace, trace**2 / 4, color="curve")
    ax.fill_between(trace, trace**2 / 4, 9, facecolor="level1", edgecolor="none")
    ax.axhline(0, color="alarm", linestyle="--", linewidth=1.2)
    for name, hessian in _GALLERY.items():
        at = (np.trace(hessian), np.linalg.det(hessian))
        ax.plot(*at, "o", color="ink", zorder=3)
        beside = {"dome": (-26, 0), "bowl": (25, 0)}
        draw.label(ax, name, at, beside.get(name, (0, -13)))
    draw.label(ax, "no symmetric\nmatrix", (0, 6.6), (0, 0), "curve")
    draw.label(ax, "minimum", (5.1, 1.1), (0, 0), "optimum")
    draw.label(ax, "maximum", (-5.1, 1.1), (0, 0), "optimum")
    draw.label(ax, "saddle", (-3, -3), (0, 0), "optimum")
    draw.label(ax, "silent", (-1.7, 0), (0, -12), "alarm")
    ax.set(xlim=(-7.5, 7.5), ylim=(-5, 8))
    return figure


def figure_peano():
    """Up along every line through 0, down along a parabola."""
    x = np.linspace(-0.7, 0.7, 47)
    figure, axes = draw.panels(2, 1, height=6.0)
    above, heights = axes[:, 0]
    above.fill_between(x, x**2, 3 * x**2, facecolor="level3", edgecolor="none")
    for slope in -1.2, -0.5, 0, 0.5, 1.2:
        above.plot([-0.7, 0.7], [-0.7 * slope, 0.7 * slope], color="soft", linewidth=1)
    above.plot(x, 2 * x**2, "--", color="path")
    above.plot([0], [0], "o", color="ink", zorder=4)
    draw.label(above, "f < 0", (-0.53, 0.74), (0, 0), "ink")
    draw.label(above, "y = 2x²", (0.5, 0.5), (-12, 22), "path", ha="right")
    above.set(xlabel="x", ylabel="y", xlim=(-0.7, 0.7), ylim=(-0.25, 0.9))
    draw.curve(heights, along_line(0), -0.34, 0.34, "curve")
    draw.curve(heights, along_line(0.5), -0.12, 0.34, "second", linestyle="-.")
    draw.curve(heights, along_parabola, -0.45, 0.45, "path", linestyle="--")
    heights.axhline(0, color="soft", linewidth=0.8)
    heights.plot([0], [0], "o", color="ink", zorder=4)
    draw.label(heights, "line y = 0", (-0.3, 0.0243), (10, 4), "curve", ha="left")
    draw.label(heights, "line y = x/2", (-0.11, 0.0095), (8, 8), "second", ha="left")
    draw.label(heights, "y = 2x²", (-0.35, -0.015), (12, -4), "path", ha="left")
    heights.set(xlabel="x", ylabel="height f", ylim=(-0.022, 0.032))
    return figure


def figure_losses():
    """The curvature of two losses along a weight, against that at 0."""
    figure, ax = draw.axes("weight w", "curvature ÷ curvature at 0", height=3.2)
    weights = np.linspace(-8, 8, 81)
    bends = np.array([overlap_hess(w) for w in weights])
    ax.axhline(1, color="curve")
    ax.plot(weights, bends / overlap_hess(0.0), "--", color="path")
    draw.label(ax, "squared error", (-8, 1), (0, -10), "curve", ha="left")
    at = (4, overlap_hess(4.0) / overlap_hess(0.0))
    ax.plot(*at, "o", color="path")
    draw.label(ax, f"w = 4: {at[1]:.3f}", at, (-8, 12), "path", ha="left")
    draw.label(ax, "cross-entropy", (-1.5, 0.5), (-4, 0), "path", ha="right")
    ax.set(ylim=(0, 1.12))
    return figure


def figure_choice(shape="saddle"):
    """The contour map of a shape, or of a saddle whose axes are the page's."""
    hessian = [[1, 0], [0, -1]] if shape == "upright" else _GALLERY[shape]
    figure, ax = draw.axes("", "", width=2.6, height=2.6)
    _map(ax, hessian)
    ax.plot([0], [0], "o", color="ink", markersize=4)
    return figure
