"""Newton's method in two and more dimensions.

    θ, θₖ      the point, after k steps          theta, path[k]
    L          the loss                          landscape.f
    g = ∇L     the gradient                      grad
    H          the Hessian                       hess
    p          a step: the next θ is θ + p       p
    m(p)       the quadratic model of L          model
    κ          the condition number of H         kappa
    A          a change of coordinates, θ = Az   stretch

`grad` and `hess` are functions of the point; the Hessian that they give is a matrix.
"""

import math
import runpy
from fractions import Fraction
from functools import cache, lru_cache
from operator import mul
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from descent import descend
from matplotlib.colors import to_rgba
from matplotlib.patches import Ellipse
from shared import draw
from shared.basins import newton_from_all
from shared.data import line_y
from shared.explorable import Choice, Knob, Layer, Marks, Target, movable
from shared.lab import (
    MINIMUM,
    ORDERS,
    SADDLE,
    STEPS,
    descended,
    end_of,
    entries,
    is_squared,
    level_lines,
    measured_order,
    middles_of,
    one_step,
    order_of,
    outlines,
    points_of,
    rows_of,
    said_of,
    sentences,
    slope_of_step,
    spectrum,
)
from shared.landscapes import (
    bowl,
    boyd,
    camel,
    course,
    hagan,
    himmelblau,
    ravine,
    rosenbrock,
    surfaces,
)
from shared.line import line_grad, line_hess
from shared.numbers import listed
from shared.path import distances, first_within
from shared.plane import angle, quadratic_grad, rotation, valley
from shared.tables import table


def newton_step(grad, hess, theta):
    """Take one Newton step: solve Hp = −g for p, and go to θ + p.

    >>> newton_step(ravine.grad, ravine.hess, np.array([5.0, 1.0]))
    array([0., 0.])
    """
    return theta + np.linalg.solve(hess(theta), -grad(theta))


def newton(grad, hess, start, steps=10):
    """Return the path of Newton's method: the start and all steps.

    >>> newton(bowl.grad, bowl.hess, [2.0, -1.0], steps=1)
    array([[ 2., -1.],
           [ 0.,  0.]])
    """
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        path.append(newton_step(grad, hess, path[-1]))
    return np.array(path)


def symbolic_step(loss, *symbols):
    """Return Newton's next point for a loss with these SymPy symbols.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> print(symbolic_step(x**2 + y**2, x, y))
    Matrix([[0], [0]])
    """
    import sympy  # takes half a second, so only where it is used

    gradient = sympy.Matrix([loss.diff(symbol) for symbol in symbols])
    hessian = sympy.hessian(loss, symbols)
    theta = sympy.Matrix(symbols)
    return sympy.simplify(theta - hessian.LUsolve(gradient))


def model(landscape, at, p):
    """Return the height of the quadratic model, a step p from a point.

    >>> float(model(course, [0, 0], np.array([1.0, 0.0])))  # 8/2
    4.0
    """
    g, H = landscape.grad(at), landscape.hess(at)
    return landscape.f(at) + g @ p + p @ H @ p / 2


def restated(grad, hess, stretch):
    """Return both derivatives of L(Az), as functions of z.

    >>> half = np.diag([0.5, 0.5])
    >>> grad, hess = restated(bowl.grad, bowl.hess, half)
    >>> grad([2.0, 4.0])
    array([1., 2.])
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: A.T @ hess(A @ z) @ A
    return grad_z, hess_z


def post_step():
    """Run the program above and return its last line, a SymPy matrix."""
    names = runpy.run_path(str(_PROGRAM))
    return names["sp"].simplify(names["theta_next"])


def valley_steps(kappa, tolerance=1e-6, degrees=45):
    """Return how many steps two methods need in a tilted valley.

    It has the curvatures 1 and κ. Gradient descent has its best fixed
    rate. Both start at (1, 0), and are done where the distance is below
    the tolerance.
    """
    H = valley(kappa, degrees)
    grad, start = quadratic_grad(H), np.array([1.0, 0.0])
    slow = descend(grad, start, rate=2 / (1 + kappa), steps=8 * kappa)
    fast = newton(grad, lambda theta: H, start, steps=3)
    return tuple(first_within(path, [0, 0], tolerance) for path in (slow, fast))


def missing_after_solving(d):
    """Return what is missing in Hp = −g, relative to g = (1, …, 1).

    H is the Hilbert matrix with d rows, and p is found by elimination.
    """
    return _missing(_solved(d), d)


def missing_after_inverting(d):
    """Return the same where p is the product of −g and the inverse."""
    return _missing(_inverted(d), d)


def off_after_solving(d):
    """Return how far that p is from the exact one, relative to it."""
    return _off(_solved(d), _hilbert(d), np.ones(d))


def off_after_inverting(d):
    """Return the same where p is the product of −g and the inverse."""
    return _off(_inverted(d), _hilbert(d), np.ones(d))


@cache
def elimination_costs(d):
    """Return the operations of elimination with d unknowns.

    First to solve one system, then to find the inverse.
    """
    costs = []
    for count in 1, d:
        H = [[_Counted(value) for value in row] for row in _hilbert(d)]
        columns = [[_Counted(i == k) for i in range(d)] for k in range(count)]
        _Counted.operations = 0
        _eliminate(H, columns)
        costs.append(_Counted.operations)
    return tuple(costs)


def pair(vector):
    """Write a vector of the plane as text.

    >>> pair([-5.0, 0.5])
    '(−5, 0.5)'
    """
    return f"({listed(vector)})"


def between_arrows(landscape, at=(5.0, 1.0)):
    """Return the angle between −g and Newton's step, in degrees."""
    p = newton_step(landscape.grad, landscape.hess, np.array(at)) - at
    return angle(-landscape.grad(at), p)


def bowl_steps():
    """Return where one step from (5, 1) leads in the bowl.

    First Newton's, then that of gradient descent with rate ½.
    """
    start = np.array([5.0, 1.0])
    leap = newton_step(bowl.grad, bowl.hess, start)
    return leap, descend(bowl.grad, start, rate=0.5, steps=1)[-1]


@cache
def step_costs():
    """Return the operations of one step on `course`: descent, Newton."""
    x, y = 4.0, 3.0
    grad = _operations(course.slopes, x, y)
    hess = _operations(course.curvatures, x, y)
    descent_moves = _operations(lambda x, y: (x - 2 * x, y - 2 * y), x, y)
    newton_moves = _operations(lambda x, y: (x + x, y + y), x, y)
    solve = _operations(_solve_two, 5.0, 1.0, 3.0, 2.0, 1.0)
    return grad + descent_moves, grad + hess + solve + newton_moves


@cache
def course_paths():
    """Return both paths on `course` from (4, 4): descent, Newton."""
    start = np.array([4.0, 4.0])
    slow = descend(course.grad, start, rate=0.02, steps=180)
    return slow, newton(course.grad, course.hess, start, steps=8)


def newton_distances():
    """Return how far each point of that Newton path is from (0, 0)."""
    return distances(course_paths()[1], [0, 0])


@cache
def bent_valley():
    """Return Newton's path on `rosenbrock` from the classic start."""
    return newton(rosenbrock.grad, rosenbrock.hess, [-1.2, 1.0], steps=6)


def bent_heights():
    """Return the loss at each point of `bent_valley`."""
    return [rosenbrock.f(theta) for theta in bent_valley()]


def twins_apart(method):
    """Return by how much a coordinate of two paths differs at most.

    They are walked in θ and in z; the method is "descent" or "newton".
    """
    here, elsewhere = _twin_paths(method)
    return abs(here - elsewhere).max()


def fitted_line(y=line_y):
    """Return w and b after one Newton step from (0, 0), shape (2,).

    >>> fitted_line(FALLING).round(12)
    array([-1.,  3.])
    """
    grad = lambda theta: line_grad(theta, y=y)
    return newton(grad, line_hess, [0.0, 0.0], steps=1)[1].round(12)


def fitted_alone(y=line_y):
    """Slip: w from its own slope and curvature alone, as if b did not matter."""
    return -line_grad([0.0, 0.0], y=y)[0] / line_hess()[0, 0]


FALLING = np.array([3.0, 2.0, 1.0, 0.0])  # over the four points of the line


def look_back_slope(x):
    """The slope of x³/3 − 2x."""
    return x * x - 2


def look_back_bend(x):
    """Its second derivative."""
    return 2 * x


def look_back(x):
    """x³/3 − 2x."""
    return x * x * x / 3 - 2 * x


def divided(above, below, x, sign=-1):
    """Return x minus a quotient of two functions there, or plus, as a slip."""
    return x + sign * above(x) / below(x)


def without_mixed_terms(x, y):
    """Slip: the first slope of `course` without what −xy and −x²y/5 give."""
    return course.grad([x, y])[0] + y + 0.4 * x * y


def claim_newton_points_at_the_minimum():
    """In bowl and ravine Newton's step ends at (0, 0).

    From (5, 1) it leads 5 to the left and 1 down: the step is (−5, −1).
    In the bowl −g has its direction. In the ravine it has not, off the axes, and no
    rate makes it so: the two lie 1 degree or more apart at each of 100 places.
    """
    rng = np.random.default_rng(0)
    starts = rng.uniform(0.5, 5, size=(100, 2)) * rng.choice([-1, 1], size=(100, 2))
    agreed = []
    for start in np.vstack([[5.0, 1.0], starts]):
        for landscape in bowl, ravine:
            end = newton_step(landscape.grad, landscape.hess, start)
            apart = between_arrows(landscape, start)
            agreed.append(np.allclose(end, 0, atol=1e-12))
            agreed.append(apart < 1e-5 if landscape is bowl else apart > 1)
    return all(agreed)


def claim_the_line_is_fitted_by_hand():
    """7p₁ + 3p₂ = 17 and 3p₁ + 2p₂ = 8 are Hp = −g at 0, with p = (2, 1).

    Twice the first minus three times the second is 5p₁ = 10; y = 2x + 1 meets
    all four points.
    """
    H, g = line_hess(), line_grad([0.0, 0.0])
    same = H.tolist() == [[7, 3], [3, 2]] and (-g).tolist() == [17, 8]
    left, right = np.array([2, -3]) @ H, np.array([2, -3]) @ -g
    solved = left.tolist() == [5, 0] and right == 10
    return bool(same and solved and np.allclose(line_grad([2.0, 1.0]), 0))


def claim_each_eigenvector_gets_its_own_rate():
    """Along qᵢ Newton's step is −(qᵢᵀg)/λᵢ: 200 random H and g, 2 to 6 rows."""
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(200):
        d = int(rng.integers(2, 7))
        half, g = rng.normal(size=(d, d)), rng.normal(size=d)
        H = half @ half.T + 0.1 * np.eye(d)
        values, vectors = np.linalg.eigh(H)
        p = np.linalg.solve(H, -g)
        agreed.append(np.allclose(vectors.T @ p, -(vectors.T @ g) / values))
    return all(agreed)


def claim_one_step_solves_any_quadratic():
    """θᵀHθ/2 + bᵀθ is solved in one step: 200 random ones, 2 to 6 rows, and starts.

    H is positive definite.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(200):
        d = int(rng.integers(2, 7))
        half, b, start = rng.normal(size=(d, d)), *rng.normal(size=(2, d))
        H = half @ half.T + 0.1 * np.eye(d)
        end = newton_step(lambda z, H=H, b=b: H @ z + b, lambda z, H=H: H, start)
        agreed.append(np.allclose(H @ end, -b))
    return all(agreed)


def claim_two_thirds_are_left():
    """On x⁴ + y² each step sets y to 0 and leaves two thirds of x.

    From 50 starts, for ten steps.
    """
    grad = lambda z: np.array([4 * z[0] ** 3, 2 * z[1]])
    hess = lambda z: np.diag([12 * z[0] ** 2, 2])
    agreed = []
    for start in np.random.default_rng(0).normal(size=(50, 2)):
        path = newton(grad, hess, start, steps=10)
        agreed.append(np.allclose(path[1:, 0] / path[:-1, 0], 2 / 3))
        agreed.append(np.all(path[1:, 1] == 0))
    return all(agreed)


def claim_in_the_bowl_minus_g_is_twice_the_step():
    """In the bowl −g is twice Newton's step; with rate ½ the steps are the same.

    From 100 random starts.
    """
    agreed = []
    for start in np.random.default_rng(0).normal(size=(100, 2)):
        p = newton_step(bowl.grad, bowl.hess, start) - start
        agreed.append(np.allclose(-bowl.grad(start), 2 * p))
        agreed.append(np.allclose(descend(bowl.grad, start, 0.5, 1)[-1], start + p))
    return all(agreed)


def claim_the_step_is_too_short():
    """On `course` the loss still falls where Newton's step ends, if the start is far.

    Along the step, from 100 starts at distances from 2 to 5 of the minimum.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for turn, far in zip(rng.uniform(0, 7, 100), np.linspace(2, 5, 100), strict=True):
        at = far * np.array([math.cos(turn), math.sin(turn)])
        p = newton_step(course.grad, course.hess, at) - at
        agreed.append(course.grad(at + p) @ p < 0)
    return all(agreed)


def claim_newton_leads_by_both_counts():
    """On `course` Newton needs fewer steps and fewer operations to a millionth.

    Than gradient descent with rate 0.02, from 12 starts at distances from 2 to 5.
    """
    agreed = []
    for k, far in enumerate(np.linspace(2, 5, 12)):
        start = far * np.array([math.cos(k), math.sin(k)])
        slow = descend(course.grad, start, 0.02, 250)
        fast = newton(course.grad, course.hess, start, 12)
        counts = [first_within(path, [0, 0], 1e-6) for path in (slow, fast)]
        agreed.append(counts[1] < counts[0])
        agreed.append(counts[1] * step_costs()[1] < counts[0] * step_costs()[0])
    return all(agreed)


def claim_a_ravine_is_a_bowl_in_other_coordinates():
    """With A = Q diag(λ)^(−½) the Hessian in z is I, and there −g is Newton's step.

    For 100 random positive definite H with 2 to 6 rows.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(100):
        d = int(rng.integers(2, 7))
        half, at = rng.normal(size=(d, d)), rng.normal(size=d)
        H = half @ half.T + 0.1 * np.eye(d)
        values, vectors = np.linalg.eigh(H)
        A = vectors / np.sqrt(values)
        grad, hess = restated(lambda z, H=H: H @ z, lambda z, H=H: H, A)
        z = np.linalg.solve(A, at)
        agreed.append(np.allclose(hess(z), np.eye(d)))
        agreed.append(np.allclose(A @ (z - grad(z)), 0))
    return all(agreed)


def claim_solving_is_a_third_of_inverting():
    """Counted, the share of the work falls towards 1/3 as d grows from 6 to 24.

    And solving comes near 2d³/3 operations, half of them multiplications.
    """
    sizes = 6, 12, 24
    solve, invert = np.array([elimination_costs(d) for d in sizes]).T
    over = solve / invert - 1 / 3
    work = solve / (2 / 3 * np.array(sizes) ** 3) - 1
    return bool(
        np.all(np.diff(over) < 0) and 0 < over[-1] < 0.04 and 0 < work[-1] < 0.1
    )


@cache
def claim_both_steps_are_equally_far_off():
    """Solving and inverting end about equally far from the exact step.

    For the Hilbert matrices with 6 to 11 rows, by the elimination of the table, their
    distances differ by less than a tenth. By NumPy they do for nine in ten of 60 random
    matrices, or more, with six rows and κ from 10³ to 10¹⁰.
    """
    rng, ratios = np.random.default_rng(0), []
    for digits in np.linspace(3, 10, 60):
        Q = np.linalg.qr(rng.normal(size=(6, 6)))[0]
        H, g = Q * np.logspace(-digits, 0, 6) @ Q.T, rng.normal(size=6)
        H = (H + H.T) / 2
        ratios.append(
            _off(np.linalg.solve(H, -g), H, g) / _off(np.linalg.inv(H) @ -g, H, g)
        )
    listed = [off_after_solving(d) / off_after_inverting(d) for d in range(6, 12)]
    near = lambda ratio: np.abs(np.array(ratio) - 1) < 0.1
    return bool(np.all(near(listed)) and np.mean(near(ratios)) >= 0.9)


def claim_solving_satisfies_the_equation():
    """What solving leaves is no more than what rounding p alone would leave.

    And the inverse leaves 100 times as much, or more. For the Hilbert matrices with 6
    to 12 rows, by the elimination of the table and by NumPy.
    """
    agreed = []
    for d in range(6, 13):
        H, g = _hilbert(d), np.ones(d)
        for p, other in (
            (_solved(d), _inverted(d)),
            (np.linalg.solve(H, -g), np.linalg.inv(H) @ -g),
        ):
            rounding = np.finfo(float).eps * np.linalg.norm(H, 2) * np.linalg.norm(p)
            agreed.append(_missing(p, d) * d**0.5 < rounding)
            agreed.append(_missing(other, d) > 100 * _missing(p, d))
    return all(agreed)


def claim_newtons_twins_stay_together():
    """Newton's two paths differ by less than 1e-12, descent's by more than a half."""
    return twins_apart("newton") < 1e-12 and twins_apart("descent") > 0.5


def claim_only_quadratics_take_one_step():
    """Of ten surfaces only bowl and ravine are solved by a step from anywhere.

    From 20 × 20 starts in the box of each.
    """
    solved = []
    for surface in surfaces:
        x, y = (np.linspace(*side, 20) for side in surface.box)
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = newton_from_all(surface, np.stack(np.meshgrid(x, y)), steps=1)
        minima = np.reshape(surface.minima, (-1, 2, 1, 1))
        away = np.linalg.norm(ends - minima, axis=1)
        if len(minima) and np.all(away.min(axis=0) < 1e-9):
            solved.append(surface.name)
    return solved == ["bowl", "ravine"]


def claim_directions_agree_only_at_eigenvectors():
    """−g and p agree along eigenvectors with λ > 0, oppose along λ < 0.

    Elsewhere they differ; for 200 random H and g in the plane.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for half in rng.normal(size=(200, 2, 2)):
        H = half + half.T
        values, vectors = np.linalg.eigh(H)
        for value, axis in zip(values, vectors.T, strict=True):
            across = angle(-axis, np.linalg.solve(H, -axis))
            agreed.append(abs(across - (0 if value > 0 else 180)) < 1e-3)
        g = rng.normal(size=2)
        agreed.append(0.01 < angle(-g, np.linalg.solve(H, -g)) < 179.99)
    return all(agreed)


def claim_digits_double_from_step(first):
    """From that step on `course` the right digits at least double.

    Each error is below the square of the last one.
    """
    errors = newton_distances()[first:]
    return bool(np.all(errors[1:] <= errors[:-1] ** 2))


def claim_a_turn_changes_no_descent():
    """Gradient descent takes the same path in turned or mirrored coordinates.

    On three surfaces, for eight angles, up to rounding.
    """
    runs = [
        (boyd, [-1.0, 1.0], 0.02),
        (course, [4.0, 4.0], 0.02),
        (rosenbrock, [-1.2, 1.0], 0.001),
    ]
    for landscape, start, rate in runs:
        for degrees in range(0, 360, 45):
            for mirror in np.eye(2), np.diag([1.0, -1.0]):
                turn = rotation(degrees) @ mirror
                if _descents_apart(landscape, start, rate, turn) > 1e-12:
                    return False
    return True


def claim_stretching_turns_the_gradient_step():
    """AAᵀg has another direction than g if A stretches unequally.

    And the same if it stretches equally; for 300 random A and g.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(300):
        A, g = rng.normal(size=(2, 2)), rng.normal(size=2)
        long, short = np.linalg.svd(A)[1]
        agreed.append(long < 1.01 * short or angle(A @ A.T @ g, g) > 1e-3)
        equal = long * rotation(math.degrees(A[0, 0]))
        agreed.append(angle(equal @ equal.T @ g, g) < 1e-5)
    return all(agreed)


def claim_newton_takes_the_same_step():
    """Newton's step is the same in any coordinates, on ten surfaces.

    For 20 random A and starts each, to a billionth of its length.
    """
    rng = np.random.default_rng(0)
    for landscape in surfaces:
        for _ in range(20):
            A, start = rng.normal(size=(2, 2)), rng.normal(size=2)
            here = newton_step(landscape.grad, landscape.hess, start)
            derivatives = restated(landscape.grad, landscape.hess, A)
            there = A @ newton_step(*derivatives, np.linalg.solve(A, start))
            scale = 1 + np.linalg.norm(here - start)
            if np.linalg.norm(here - there) > 1e-9 * scale:
                return False
    return True


def claim_the_surface_to_move_is_told():
    """In its first state each step is shorter, and the run ends in the minimum.

    The model's level lines lie around the end of the first step.
    """
    start = "course", 4.0, 3.0
    run = np.array(_lab_run(*start, 0.0, 0.0, 0.0))
    sizes = np.hypot(*np.diff(run, axis=0).T)
    middles = middles_of(_lab_model(*start, 0.0, 0.0))
    ends = np.hypot(*(run[-1] - course.minima[0])) < 1e-6
    return ends and np.diff(sizes[:4]).max() < 0 and np.allclose(middles, run[1])


def table_missing():
    """What solving and inverting leave, and how far off p is."""
    header = ["$d$", "$\\kappa$", "missing: solving", "missing: inverting"]
    header += ["$p$ off: solving", "$p$ off: inverting"]
    rows = []
    for d in 6, 8, 10:
        numbers = [np.linalg.cond(_hilbert(d))]
        numbers += [missing_after_solving(d), missing_after_inverting(d)]
        numbers += [off_after_solving(d), off_after_inverting(d)]
        rows.append([d, *(f"{number:.0e}" for number in numbers)])
    return table(header, rows)


def table_arrows():
    """Both directions at (5, 1) in the bowl and in the ravine, as rates."""
    header = ["at (5, 1)", "$-g$", "Newton's $p$", "angle between them"]
    header += ["factor in $x$", "factor in $y$"]
    start = np.array([5.0, 1.0])
    rows = []
    for landscape in bowl, ravine:
        down = -landscape.grad(start)
        p = newton_step(landscape.grad, landscape.hess, start) - start
        between, rates = f"{angle(down, p):.5g}°", p / down
        row = [landscape.name, pair(down), pair(p), between]
        rows.append([*row, *(f"{rate:g}" for rate in rates)])
    return table(header, rows)


def table_course():
    """Newton's path on `course` from (4, 4)."""
    rows = []
    for k, (x, y) in enumerate(course_paths()[1]):
        rows.append([k, f"{x:.4g}", f"{y:.4g}", f"{newton_distances()[k]:.1e}"])
    return table(["$k$", "$x_k$", "$y_k$", "distance"], rows)


def table_valley():
    """How many steps the two methods need in valleys ever steeper."""
    header = ["$\\kappa$", "gradient descent, best fixed rate", "Newton"]
    return table(header, [[kappa, *valley_steps(kappa)] for kappa in (5, 100, 500)])


_PROGRAM = Path(__file__).with_name("post_newton.py")
_STRETCH = np.array([[1.0, 0.5], [0.0, 0.4]])


@cache
def _twin_paths(method):
    """Return two paths on `boyd`: in θ, and in z but written as θ.

    The method is "descent" or "newton", with the same rate and start.
    """
    start = np.array([-1.0, 1.0])
    there = np.linalg.solve(_STRETCH, start)
    grad, hess = restated(boyd.grad, boyd.hess, _STRETCH)
    if method == "newton":
        here = newton(boyd.grad, boyd.hess, start, steps=6)
        elsewhere = newton(grad, hess, there, steps=6)
    else:
        here = descend(boyd.grad, start, rate=0.02, steps=60)
        elsewhere = descend(grad, there, rate=0.02, steps=60)
    return here, elsewhere @ _STRETCH.T


def _hilbert(d):
    """Return the Hilbert matrix, a Hessian that is hard to solve with.

    It belongs to fitting a polynomial with d coefficients on [0, 1].

    >>> _hilbert(2)
    array([[1.        , 0.5       ],
           [0.5       , 0.33333333]])
    """
    i = np.arange(1, d + 1)
    return 1 / (i[:, None] + i - 1)


@cache
def _solved(d):
    """Return p = −H⁻¹g by elimination, for the Hilbert matrix and g = (1, …, 1).

    By Python's own numbers: NumPy's `solve` rounds as the processor likes.
    """
    return np.array(_eliminate(_hilbert(d).tolist(), [[-1.0] * d])[0])


@cache
def _inverted(d):
    """Return the same by way of the inverse, whose columns elimination finds."""
    p = np.zeros(d)
    for column in _eliminate(_hilbert(d).tolist(), np.eye(d).tolist()):
        p -= column
    return p


def _missing(p, d):
    """Return how badly p solves Hp = −g, in fractions, relative to g = (1, …, 1)."""
    H = [[Fraction(value) for value in row] for row in _hilbert(d).tolist()]
    rest = [1 + sum(map(mul, row, map(Fraction, p.tolist()))) for row in H]
    return math.hypot(*map(float, rest)) / math.sqrt(d)


def _eliminate(H, columns):
    """Solve Hx = c for each column c, in place: H and c are lists of numbers.

    What is 0 in a column from the start is left out.
    """
    d = len(H)
    for k in range(d):
        for i in range(k + 1, d):
            factor = H[i][k] / H[k][k]
            for j in range(k + 1, d):
                H[i][j] = H[i][j] - factor * H[k][j]
            for c in columns:
                if c[k]:
                    c[i] = c[i] - factor * c[k]
    for c in columns:
        for k in reversed(range(d)):
            for j in range(k + 1, d):
                c[k] = c[k] - H[k][j] * c[j]
            c[k] = c[k] / H[k][k]
    return columns


def _off(p, hess, grad):
    """Return how far p is from the solution in fractions, relative to it."""
    H = [[Fraction(value) for value in row] for row in hess.tolist()]
    [exact] = _eliminate(H, [[-Fraction(value) for value in grad.tolist()]])
    exact = np.array(exact, dtype=float)
    return float(np.linalg.norm(p - exact) / np.linalg.norm(exact))


def _descents_apart(landscape, start, rate, A):
    """Return how far 60 steps in θ and in z = A⁻¹θ are apart at most."""
    grad, _ = restated(landscape.grad, landscape.hess, A)
    here = descend(landscape.grad, np.array(start), rate, steps=60)
    there = descend(grad, np.linalg.solve(A, start), rate, steps=60)
    return np.abs(here - there @ A.T).max()


class _Counted(float):
    """A float that counts the operations that are done with it."""

    operations = 0

    def __add__(self, other):
        return _counted(float.__add__(self, other))

    def __sub__(self, other):
        return _counted(float.__sub__(self, other))

    def __rsub__(self, other):
        return _counted(float.__rsub__(self, other))

    def __mul__(self, other):
        return _counted(float.__mul__(self, other))

    def __truediv__(self, other):
        return _counted(float.__truediv__(self, other))

    __radd__, __rmul__ = __add__, __mul__


def _counted(result):
    """Count one operation, and return its result as a number that counts on."""
    _Counted.operations += 1
    return _Counted(result)


def _operations(function, *numbers):
    """Return how many times a function adds, multiplies or divides.

    >>> _operations(lambda x, y: 2 * x * x + y, 3.0, 4.0)
    3
    """
    _Counted.operations = 0
    function(*map(_Counted, numbers))
    return _Counted.operations


def _solve_two(a, b, c, g, h):
    """Solve [[a, b], [b, c]] p = −(g, h) by elimination."""
    factor = b / a
    q = (factor * g - h) / (c - factor * b)
    return (g + b * q) / -a, q


def _quadratic_step(bend, x, y):
    """Return Newton's next point on x² + ½ · bend · y²; the same where there is none.

    >>> _quadratic_step(20.0, 5.0, 1.0)
    [0.0, 0.0]
    """
    return [x, y] if bend == 0 else [x - 2 * x / 2, y - bend * y / bend]


def _downhill(bend, x, y):
    """Return the gradient step with rate 0.08, as two points.

    >>> _downhill(20.0, 5.0, 1.0)[0]
    [5.0, 1.0]
    """
    return [[x, y], [x - 0.08 * 2 * x, y - 0.08 * bend * y]]


def _leap(bend, x, y):
    """Return Newton's step, as two points.

    >>> _leap(20.0, 5.0, 1.0)
    [[5.0, 1.0], [0.0, 0.0]]
    """
    return [[x, y], _quadratic_step(bend, x, y)]


def _turned_by(bend, x, y):
    """Return the degrees between −g and the way to (0, 0), by bisection.

    >>> round(_turned_by(20.0, 5.0, 1.0), 1)
    52.1
    """
    steep = math.sqrt(4 * x * x + bend * bend * y * y)
    if steep == 0:
        return 0.0
    cosine = (2 * x * x + bend * y * y) / (steep * math.sqrt(x * x + y * y))
    low, high = 0.0, 180.0
    for _ in range(40):
        middle = (low + high) / 2
        if math.cos(middle * math.pi / 180) > cosine:
            low = middle
        else:
            high = middle
    return low


def _level_lines(bend):
    """Return level lines of x² + ½ · bend · y², each a list of points.

    >>> [len(line) for line in _level_lines(2.0)]
    [37, 37, 37, 37]
    """
    lines = []
    if bend > 0:
        for height in [2.0, 9.0, 26.0, 60.0]:
            line = []
            for k in range(37):
                turn = math.pi * k / 18
                x = math.sqrt(height) * math.cos(turn)
                line.append([x, math.sqrt(2 * height / bend) * math.sin(turn)])
            lines.append(line)
        return lines
    for height in [-26.0, -9.0, -2.0, 0.5, 9.0, 26.0]:
        for side in [-1, 1]:
            line = []
            for k in range(31):
                y = (k - 15) / 5
                square = height - bend * y * y / 2
                if square > 0:
                    line.append([side * math.sqrt(square), y])
                elif len(line) > 0:
                    lines.append(line)
                    line = []
            if len(line) > 0:
                lines.append(line)
    return lines


def _arrows_row(bend, x, y):
    """Return x, y, the direction −g and Newton's step p.

    >>> _arrows_row(20.0, 5.0, 1.0)
    [[5.0, 1.0, -10.0, -20.0, -5.0, -1.0]]
    """
    after = _quadratic_step(bend, x, y)
    return [[x, y, -2 * x, -bend * y, after[0] - x, after[1] - y]]


def _arrows_say(bend, x, y):
    """Return which sentence is true, the angle, and g·p.

    >>> _arrows_say(-4.0, 1.0, 2.0)[0], _arrows_say(2.0, 5.0, 1.0)[0]
    ('uphill', 'agree')
    """
    angle = _turned_by(bend, x, y)
    down = -2 * x * x - bend * y * y  # g·p
    which = "differ"
    if bend == 0:
        which = "singular"
    elif x == 0 and y == 0:
        which = "there"
    elif bend < 0:
        which = "downhill" if down < 0 else "uphill"
    elif angle < 0.05:
        which = "agree"
    return [which, angle, down]


def _arrows_agree(bend, x, y):
    """Whether both arrows have one direction, in a ravine that is steep along y.

    >>> _arrows_agree(20.0, 5.0, 0.0), _arrows_agree(2.0, 5.0, 1.0)
    (True, False)
    """
    return bend >= 10 and x * y == 0 and (x != 0 or y != 0)


def _leads_uphill(bend, x, y):
    """Whether Newton's step leads uphill: g·p > 0.

    >>> _leads_uphill(-4.0, 1.0, 2.0), _leads_uphill(20.0, 5.0, 1.0)
    (True, False)
    """
    return -2 * x * x - bend * y * y > 0


_GROUNDS = [bowl, ravine, hagan, course, himmelblau, camel, rosenbrock]
_HEIGHTS = {
    "bowl": [1.5, 6.0, 14.0, 25.0],
    "ravine": [3.0, 20.0, 60.0, 120.0],
    "hagan": [-2.0, 3.0, 20.0, 100.0, 400.0],
    "course": [3.0, 20.0, 80.0, 250.0],
    "himmelblau": [10.0, 50.0, 120.0, 250.0],
    "camel": [0.5, 1.5, 4.0, 12.0],
    "rosenbrock": [10.0, 200.0, 1500.0, 7000.0],
}
_RATES = {  # of the gradient steps beside
    "bowl": 0.1,
    "ravine": 0.08,
    "hagan": 0.005,
    "course": 0.02,
    "himmelblau": 0.005,
    "camel": 0.02,
    "rosenbrock": 0.001,
}
_VALUES = {landscape.name: landscape.value for landscape in _GROUNDS}
_SLOPES = {landscape.name: landscape.slopes for landscape in _GROUNDS}
_BENDS = {landscape.name: landscape.curvatures for landscape in _GROUNDS}


@lru_cache(maxsize=1)
def _ground_lines(landscape):
    """Return level lines of a landscape, in pieces."""
    xs, ys = [k / 5 for k in range(-25, 26)], [k / 5 for k in range(-20, 21)]
    return outlines(_VALUES[landscape], _HEIGHTS[landscape], xs, ys)


def _lab_next(landscape, x, y, mu, absolute, damped):
    """Return where one step leads."""
    f, g, h = _VALUES[landscape], _SLOPES[landscape], _BENDS[landscape]
    return one_step(f, g, h, x, y, mu, absolute, damped)


def _lab_run(landscape, x, y, mu, absolute, damped):
    """Return the points of ten steps.

    >>> _lab_run("ravine", 5.0, 1.0, 0.0, 0.0, 0.0)[1]
    [0.0, 0.0]
    """
    f, g, h = _VALUES[landscape], _SLOPES[landscape], _BENDS[landscape]
    return points_of(f, g, h, STEPS, x, y, mu, absolute, damped)


def _lab_descent(landscape, x, y):
    """Return the points of as many gradient steps."""
    return descended(_SLOPES[landscape], _RATES[landscape], STEPS, x, y)


def _lab_model(landscape, x, y, mu, absolute):
    """Return level lines of the quadratic model."""
    return level_lines(_SLOPES[landscape], _BENDS[landscape], x, y, mu, absolute)


def _lab_end(landscape, x, y, mu, absolute, damped):
    """Return where the run ends, as MINIMUM, …"""
    g, h = _SLOPES[landscape], _BENDS[landscape]
    points = _lab_run(landscape, x, y, mu, absolute, damped)
    return end_of(g, h, STEPS, points)


def _lab_says(landscape, x, y, mu, absolute, damped):
    """Return which sentence is true, and its numbers."""
    g, h = _SLOPES[landscape], _BENDS[landscape]
    points = _lab_run(landscape, x, y, mu, absolute, damped)
    return said_of(g, h, STEPS, points, mu, absolute, damped)


def _lab_order(landscape, x, y, mu, absolute, damped):
    """Return which sentence on the order is true, and the order.

    >>> _lab_order("himmelblau", 4.0, 3.0, 0.0, 0.0, 0.0)[0]
    'squares'
    """
    end = _lab_end(landscape, x, y, mu, absolute, damped)
    return order_of(end, _lab_run(landscape, x, y, mu, absolute, damped))


def _lab_rows(landscape, x, y, mu, absolute, damped):
    """Return x, y, f, the length of the gradient, λ₁ and λ₂ of each point."""
    f, g, h = _VALUES[landscape], _SLOPES[landscape], _BENDS[landscape]
    return rows_of(f, g, h, _lab_run(landscape, x, y, mu, absolute, damped))


def _lab_formula(landscape, x, y):
    """Return three entries of H, and both of the gradient."""
    return entries(_SLOPES[landscape], _BENDS[landscape], x, y)


def _lab_singular(landscape, x, y):
    """Return the shift μ that makes the matrix singular, in a list."""
    return [-spectrum(_BENDS[landscape], x, y)[0]]


def _is_squared(landscape, x, y, mu, absolute, damped):
    """Whether Newton's own steps square the error, on a surface not shown at first.

    >>> [_is_squared(name, 4.0, 3.0, 0.0, 0.0, 0.0) for name in ("bowl", "himmelblau")]
    [False, True]
    """
    pure = mu == 0 and absolute < 0.5 and damped < 0.5 and landscape != "course"
    points = _lab_run(landscape, x, y, mu, absolute, damped)
    is_there = _lab_end(landscape, x, y, mu, absolute, damped) == MINIMUM
    return pure and is_there and is_squared(measured_order(points))


def _is_uphill(landscape, x, y, mu, absolute):
    """Whether Newton's own step leads uphill on the camel."""
    pure = mu == 0 and absolute < 0.5 and landscape == "camel"
    return pure and slope_of_step(camel.slopes, camel.curvatures, x, y, 0.0, 0.0) > 0


def _finds_the_saddle(landscape, x, y, mu, absolute, damped):
    """Whether a run ends on a saddle."""
    return _lab_end(landscape, x, y, mu, absolute, damped) == SADDLE


def _ellipses(ax, landscape, heights):
    """Level lines of a quadratic with the minimum 0 at (0, 0), filled, from outside."""
    ax.set_facecolor(draw.LEVELS[len(heights)])
    for k, height in enumerate(heights):
        across = 2 * np.sqrt(2 * height / np.diag(landscape.hess([0.0, 0.0])))
        shade = draw.LEVELS[len(heights) - 1 - k]
        style = {"facecolor": shade, "edgecolor": "soft", "linewidth": 0.6}
        ax.add_patch(Ellipse((0, 0), *across, **style))


def _floor(figure):
    """Axes for a surface above the plane on which directions are drawn."""
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    for axis in ax.xaxis, ax.yaxis, ax.zaxis:
        axis.set_pane_color((0, 0, 0, 0))
        axis.pane.set_edgecolor("faint")
    return ax


def figure_opening():
    """The gradient's way and Newton's, from one point of a long bowl."""
    figure, ax = draw.opening((-8.2, 9.4), (-3.1, 3.1))
    start, rate = np.array([5.0, 1.6]), 0.08
    _ellipses(ax, ravine, ravine.f(start) * np.array([2, 1, 0.4, 0.1]))
    leap = newton_step(ravine.grad, ravine.hess, start)
    down = descend(ravine.grad, start, rate, steps=1)[-1]
    draw.arrow(ax, start, leap, "second")
    draw.arrow(ax, start, down, "path")
    draw.path(ax, start[:1], start[1:], "ink")
    draw.optimum(ax, 0, 0)
    return figure


def figure_surface():
    """The post's surface; directions live in the plane of x and y below."""
    figure = plt.figure(figsize=(4.5, 4.2))
    ax, floor = _floor(figure), -3.0
    radius, turn = np.meshgrid(np.linspace(0, 2, 6), np.linspace(0, 2 * np.pi, 19))
    disc = np.stack([radius * np.cos(turn), radius * np.sin(turn)])
    shades = np.array([to_rgba(draw.LEVELS[i]) for i in range(5)])
    for ring in range(1, 6):
        ax.plot(*disc[:, :, ring], floor, color="faint", linewidth=0.8)
    start = np.array([-1.6, -0.3])
    goal = newton_step(bowl.grad, bowl.hess, start)
    down = start - bowl.grad(start)
    for point in start, goal:
        ax.plot(*np.stack([point, point]).T, [floor, bowl.f(point)], ":", color="soft")
    head = {"arrow_length_ratio": 0.12, "linewidth": 1.4}
    ax.quiver(*start, floor, *(down - start), 0, color="path", **head)
    head = {"arrow_length_ratio": 0.24, "linewidth": 2.6}
    ax.quiver(*start, floor, *(goal - start), 0, color="second", **head)
    ax.plot_surface(
        *disc,
        bowl.f(disc),
        facecolors=np.broadcast_to(shades, (18, 5, 4)),
        edgecolor="soft",
        linewidth=0.3,
        shade=False,
        rstride=1,
        cstride=1,
        alpha=0.8,
    )
    ax.plot(*start, bowl.f(start), "o", color="ink")
    ax.plot(*goal, bowl.f(goal), "o", color="second")
    ax.plot(*start, floor, "o", color="ink")
    ax.text(*(start - np.array([0.3, 0])), bowl.f(start) - 0.1, "start", ha="right")
    ax.text(*(goal + np.array([0.15, 0])), -0.7, "lowest point", color="second")
    halfway = (start + goal) / 2
    ax.text(*halfway, floor - 0.95, "Newton", color="second", ha="right")
    beside = down - np.array([-0.1, 0.6])
    ax.text(*beside, floor, "−gradient", color="path", ha="right")
    ax.set(xlabel="x", ylabel="y", zlabel="height", xticks=[-2, 0, 2])
    ax.set(yticks=[0, 2], zticks=[0, 2, 4], zlim=(floor, 4))
    ax.set_box_aspect((1, 1, 0.9), zoom=0.88)
    ax.view_init(elev=32, azim=-60)
    return figure


def figure_arrows():
    """From one point, a gradient step and Newton's step, drawn to scale."""
    figure, axes = draw.panels(2, 1, height=4.4, sharex=True)
    start, rate = np.array([5.0, 1.0]), 0.08
    for ax, landscape in zip(axes[:, 0], (ravine, bowl), strict=True):
        _ellipses(ax, landscape, landscape.f(start) * np.array([3, 1, 0.2]))
        ax.set(aspect="equal", ylabel="y", xlim=(-6, 7), ylim=(-2.7, 2.7))
        leap = newton_step(landscape.grad, landscape.hess, start)
        down = descend(landscape.grad, start, rate, steps=1)[-1]
        draw.arrow(ax, start, leap, "second")
        draw.arrow(ax, start, down, "path")
        ax.plot(*start, "o", color="ink")
        ax.set_title(f"{landscape.name}: {between_arrows(landscape):.3g}° apart")
        middle = start + 0.9 * (leap - start)
        draw.label(ax, "Newton's step", middle, (-4, 14), "second")
        text = f"−{rate} g"
        draw.label(ax, text, down, (0, -14), "path")
        draw.label(ax, "start", start, (8, 8), ha="left")
        draw.optimum(ax, 0, 0)
    axes[1, 0].set(xlabel="x")
    return figure


_FAR = "They are {1:1} degrees apart. "
_ARROWS_SENTENCES = {
    "agree": ("second", "Both arrows have one direction."),
    "differ": ("path", _FAR + "Newton’s arrow ends at the minimum."),
    "downhill": (
        "alarm",
        _FAR + "Newton’s arrow ends on the saddle; g·p = {2:2}, so it leads downhill.",
    ),
    "uphill": (
        "alarm",
        _FAR + "Newton’s arrow ends on the saddle; g·p = {2:2}: it does not lead down.",
    ),
    "singular": (
        "alarm",
        "Along y nothing bends: H is singular, and many p solve Hp = −g.",
    ),
    "there": ("second", "The gradient is zero here: no arrow."),
}


def figure_explore_arrows():
    figure, ax = draw.axes("x", "y", height=2.7)
    alike = Marks(["as along x"], lambda: [2.0])
    axis = Marks(["on the axis"], lambda: [0.0], waits=True)
    ax.set(xlim=(-6.5, 6.5), ylim=(-3, 3), aspect="equal", yticks=[-2, 0, 2])
    ax.plot([0], [0], "+", color="ink", markersize=9)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("bend", "curvature along y", -4, 20, 0.5, 20, alike),
            Knob("x", "start x", -6, 6, 0.1, 5.0),
            Knob("y", "start y", -2.5, 2.5, 0.1, 1.0, axis),
        ],
        layers=[
            Layer(_level_lines, "level", "soft"),
            Layer(_leap, "path", "second"),
            Layer(_downhill, "path", "path"),
        ],
        says=(_arrows_say, _ARROWS_SENTENCES),
        table=(_arrows_row, ["k", "x", "y", "−g along x", "along y", "p", "along y"]),
        formula=(
            lambda x, y, bend: [2 * x, bend, y, bend * y],
            r"g = (2x,\, cy) = ({1:1},\, {2:1} \cdot {3:1}) = ({1:1},\, {4:2})",
        ),
        click=["x", "y"],
        targets={
            "agree": Target(_arrows_agree, {"y": 0}),
            "uphill": Target(_leads_uphill, {"bend": -4, "x": 1, "y": 2}),
        },
    )


def figure_explore_surfaces():
    """Newton's run and its repairs on a landscape of the reader's choice."""
    figure, ax = draw.axes("x", "y", height=4.2)
    ax.set(xlim=(-5, 5), ylim=(-4, 4), aspect="equal")
    ax.locator_params(nbins=5)
    return movable(
        figure,
        ax,
        knobs=[
            Choice("landscape", "landscape", list(_VALUES), "course"),
            Knob("x", "start x", -5, 5, 0.1, 4.0),
            Knob("y", "start y", -4, 4, 0.1, 3.0),
            Knob("mu", "shift μ", 0, 100, 1, 0, Marks(["−λ₁"], _lab_singular)),
            Knob("absolute", "|H| in place of H", 0, 1, 1, 0),
            Knob("damped", "damping", 0, 1, 1, 0),
        ],
        layers=[
            Layer(_ground_lines, "level", "soft"),
            Layer(_lab_model, "level", "third"),
            Layer(_lab_descent, "line", "path"),
            Layer(_lab_run, "path"),
        ],
        says=(_lab_says, sentences(_GROUNDS)),
        adds=(_lab_order, ORDERS),
        formula=(
            _lab_formula,
            r"H = \begin{pmatrix} {1:1} & {2:1} \\ {2:1} & {3:1} \end{pmatrix},\;"
            r" g = \begin{pmatrix} {4:1} \\ {5:1} \end{pmatrix},\;"
            r" (H + \mu I)\,p = -g",
        ),
        table=(_lab_rows, ["k", "x", "y", "f", "|g|", "λ₁", "λ₂"]),
        click=["x", "y"],
        again=(_lab_next, "Take the step"),
        targets={
            "squares": Target(_is_squared, {"landscape": "himmelblau"}),
            "uphill": Target(_is_uphill, {"landscape": "camel", "x": 0.6, "y": 0}),
            "saddle": Target(
                _finds_the_saddle, {"landscape": "himmelblau", "x": 0.0, "y": 3.0}
            ),
        },
    )


def figure_model():
    """The model of `course` at (4, 4), from above and along the step."""
    figure, axes = draw.panels(2, 1, height=6.2)
    above, along = axes[:, 0]
    at = np.array([4.0, 4.0])
    after = newton_step(course.grad, course.hess, at)
    height = course.f(at)
    levels = height * np.array([0, 0.05, 0.3, 1, 2])
    draw.contours(above, course.f, (-1.5, 6.5), (-1.2, 5.2), levels, points=25)
    grid = np.stack(np.meshgrid(*2 * [np.linspace(0, 5.2, 21)]))
    there = np.apply_along_axis(lambda z: model(course, at, z - at), 0, grid)
    above.contour(*grid, there, [height], colors="third", linestyles="--")
    draw.path(above, *np.stack([at, after]).T, color="second")
    draw.label(above, f"start {pair(at)}", at, (7, 7), ha="left")
    draw.label(above, "level of\nthe model", (0.75, 2.6), (-16, 0), "third", ha="right")
    text = f"next\n({after[0]:.2f}, {after[1]:.2f})"
    draw.label(above, text, after, (0, -18), "second")
    draw.optimum(above, 0, 0, "minimum", (0, 15))
    above.set(xlabel="x", ylabel="y")
    p = after - at
    t = np.linspace(-0.1, 3, 32)
    way = at[:, None] + t * p[:, None]
    along.plot(t, course.f(way), color="curve")
    there = [model(course, at, share * p) for share in t]
    along.plot(t, there, "--", color="third")
    along.plot([0], [height], "o", color="ink")
    along.plot([1], [course.f(after)], "o", color="second")
    lowest = model(course, at, p)
    along.plot([1], [lowest], "s", color="third")
    draw.label(along, "loss", (2.4, course.f(at + 2.4 * p)), (0, 11), "curve")
    draw.label(along, "model", (2.3, 760), (-8, 10), "third", ha="right")
    draw.label(along, "start", (0, height), (8, 8), ha="left")
    draw.label(along, "next", (1, course.f(after)), (0, -13), "second")
    along.set(xlabel="steps p along the line", ylabel="height", ylim=(-90, 1500))
    return figure


def figure_error():
    """The same two runs, against steps and against operations."""
    figure, axes = draw.panels(2, 1, height=5.0, sharey=True)
    for ax, costs in zip(axes[:, 0], ((1, 1), step_costs()), strict=True):
        for path, cost, colour, mark in zip(
            course_paths(), costs, ("path", "second"), ("-", "o-"), strict=True
        ):
            error = distances(path, [0, 0])
            ax.semilogy(cost * np.arange(len(path)), error, mark, color=colour)
        ax.axhline(1e-6, color="soft", linewidth=0.8, linestyle=":")
        end = costs[0] * 90, np.linalg.norm(course_paths()[0][90])
        draw.label(ax, "gradient descent", end, (4, 10), "path", ha="left")
        last = costs[1] * 7, 1e-8
        draw.label(ax, "Newton", last, (10, 0), "second", ha="left")
        ax.set(ylabel="distance", ylim=(1e-10, 20), yticks=[1, 1e-4, 1e-8])
    axes[0, 0].set(xlabel="steps")
    axes[1, 0].set(xlabel="additions, multiplications, divisions")
    return figure


def figure_uphill():
    figure, axes = draw.panels(2, 1, height=6.4)
    above, loss = axes[:, 0]
    path = bent_valley()
    levels = [0, 20, 200, 900]
    draw.contours(above, rosenbrock.f, (-2, 2), (-3.8, 2.4), levels, points=25)
    draw.path(above, *path.T, color="second")
    draw.optimum(above, 1, 1)
    for k, away in enumerate([(-9, -9), (9, 10), (10, 0), (-10, 3), (14, 0)]):
        draw.label(above, f"{k}", path[k], away)
    above.set(xlabel="x", ylabel="y")
    heights = bent_heights()
    loss.semilogy(heights, "o-", color="second")
    draw.label(loss, f"{heights[2]:.0f}", (2, heights[2]), (9, 6), ha="left")
    draw.label(loss, f"{heights[4]:.2f}", (4, heights[4]), (9, 6), ha="left")
    loss.set(xlabel="step k", ylabel="loss")
    return figure


def figure_invariance():
    """Two systems of coordinates: two descents, one Newton path."""
    figure, axes = draw.panels(2, 1, height=6.2, sharex=True)
    titles = {
        "descent": "gradient descent: two paths",
        "newton": "Newton: both are one path",
    }
    levels = [boyd.f(boyd.minima[0]) + rise for rise in (0, 0.15, 1, 5)]
    for ax, method in zip(axes[:, 0], ("descent", "newton"), strict=True):
        draw.contours(ax, boyd.f, (-1.9, 0.9), (-0.5, 1.15), levels, False, points=21)
        here, elsewhere = _twin_paths(method)
        every = 6 if method == "descent" else 1
        ax.plot(*here.T, "o-", color="path", markevery=every)
        ax.plot(*elsewhere.T, "x--", color="third", markevery=every, markersize=8)
        draw.optimum(ax, *boyd.minima[0])
        draw.label(ax, "start", here[0], (8, 4), ha="left")
        ax.set(ylabel="y", title=titles[method])
    near = _twin_paths("descent")
    draw.label(axes[0, 0], "steps in θ", near[0][12], (-12, -12), "path", ha="right")
    draw.label(axes[0, 0], "steps in z", near[1][12], (44, 6), "third", ha="left")
    axes[1, 0].set(xlabel="x")
    return figure
