"""Newton's method in many dimensions: its numbers, and independent derivations."""

import math
import random

import mpmath
import numpy as np
import pytest
import scipy.linalg
import sympy
from conftest import SNIPPETS, cells
from descent import descend
from directions import (
    _GROUNDS,
    _RATES,
    _STRETCH,
    FALLING,
    _Counted,
    _eliminate,
    _hilbert,
    _inverted,
    _lab_says,
    _operations,
    _solve_two,
    _solved,
    _twin_paths,
    bent_heights,
    bent_valley,
    between_arrows,
    bowl_steps,
    claim_a_ravine_is_a_bowl_in_other_coordinates,
    claim_a_turn_changes_no_descent,
    claim_both_steps_are_equally_far_off,
    claim_digits_double_from_step,
    claim_directions_agree_only_at_eigenvectors,
    claim_each_eigenvector_gets_its_own_rate,
    claim_in_the_bowl_minus_g_is_twice_the_step,
    claim_newton_leads_by_both_counts,
    claim_newton_points_at_the_minimum,
    claim_newton_takes_the_same_step,
    claim_one_step_solves_any_quadratic,
    claim_only_quadratics_take_one_step,
    claim_solving_is_a_third_of_inverting,
    claim_solving_satisfies_the_equation,
    claim_stretching_turns_the_gradient_step,
    claim_the_line_is_fitted_by_hand,
    claim_the_step_is_too_short,
    claim_two_thirds_are_left,
    course_paths,
    divided,
    elimination_costs,
    fitted_alone,
    fitted_line,
    look_back,
    look_back_bend,
    look_back_slope,
    missing_after_inverting,
    missing_after_solving,
    model,
    newton,
    newton_distances,
    newton_step,
    off_after_inverting,
    off_after_solving,
    pair,
    post_step,
    restated,
    step_costs,
    symbolic_step,
    table_arrows,
    table_course,
    table_missing,
    table_valley,
    twins_apart,
    valley_steps,
    without_mixed_terms,
)
from shared.data import line_x, line_y
from shared.lab import Lab
from shared.landscapes import (
    bowl,
    boyd,
    course,
    himmelblau,
    ravine,
    rosenbrock,
    surfaces,
)
from shared.line import line_grad, line_hess
from shared.path import first_within
from shared.plane import angle, rotation, valley


def exact_path(formula, start, steps, digits=60):
    """Newton's path by SymPy's derivatives and mpmath's own elimination."""
    x, y = sympy.symbols("x y")
    loss = formula(x, y)
    slopes = [sympy.diff(loss, v) for v in (x, y)]
    bends = [[sympy.diff(s, v) for v in (x, y)] for s in slopes]
    grad = sympy.lambdify((x, y), slopes, "mpmath")
    hess = sympy.lambdify((x, y), bends, "mpmath")
    with mpmath.workdps(digits):
        theta = mpmath.matrix([mpmath.mpf(c) for c in start])
        path = [[float(c) for c in theta]]
        for _ in range(steps):
            g, H = mpmath.matrix(grad(*theta)), mpmath.matrix(hess(*theta))
            theta = theta - mpmath.lu_solve(H, g)
            path.append([float(c) for c in theta])
    return np.array(path)


def course_formula(x, y):
    fifth = sympy.Rational(1, 5)
    return x**4 + 4 * fifth * y**4 + 4 * x**2 + 2 * y**2 - x * y - fifth * x**2 * y


CASES = {
    "rosenbrock": (rosenbrock, lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
    "course": (course, course_formula),
    "himmelblau": (
        himmelblau,
        lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    ),
}


@pytest.mark.parametrize(
    ("name", "start", "steps"),
    [
        ("rosenbrock", ["-1.2", "1"], 6),
        ("course", ["4", "4"], 7),
        ("himmelblau", ["0", "0"], 6),
        ("himmelblau", ["2.5", "2.75"], 6),
    ],
)
def test_each_newton_step_is_what_sixty_digits_give(name, start, steps):
    landscape, formula = CASES[name]
    ours = newton(landscape.grad, landscape.hess, [float(c) for c in start], steps)
    exact = exact_path(formula, start, steps)
    np.testing.assert_allclose(ours, exact, rtol=1e-9, atol=1e-9)


def test_the_posts_program_gives_the_origin_from_every_start():
    assert post_step() == sympy.Matrix([0, 0])
    assert str(post_step()) == "Matrix([[0], [0]])"


def test_the_posts_program_is_kept_as_published():
    text = (SNIPPETS / "post_newton.py").read_text("utf-8")
    assert text.startswith("import sympy as sp\n\nx, y = sp.symbols('x y')\n")
    assert text.endswith(
        "theta_next = theta - H.inv() * grad\nsp.simplify(theta_next)\n"
    )
    assert len(text.splitlines()) == 14


def test_symbols_and_numbers_take_the_same_step():
    x, y = sympy.symbols("x y")
    landscape, formula = CASES["rosenbrock"]
    there = symbolic_step(formula(x, y), x, y)
    for at in [(0.25, -0.5), (-1.5, 2.0), (3.0, 1.0)]:
        exact = there.subs(dict(zip((x, y), map(sympy.nsimplify, at), strict=True)))
        ours = newton_step(landscape.grad, landscape.hess, np.array(at))
        np.testing.assert_allclose(ours, [float(c) for c in exact], rtol=1e-10)


def test_a_quartic_direction_keeps_two_thirds():
    x, y = sympy.symbols("x y")
    assert symbolic_step(x**4 + y**2, x, y) == sympy.Matrix([2 * x / 3, 0])
    assert symbolic_step(x**2 + 10 * y**2, x, y) == sympy.Matrix([0, 0])


def test_the_model_is_the_taylor_polynomial():
    t = sympy.Symbol("t")
    at, p = (0.5, -1.25), (0.75, 2.0)
    for landscape, formula in CASES.values():
        a, b = (
            sympy.nsimplify(c) + t * sympy.nsimplify(d)
            for c, d in zip(at, p, strict=True)
        )
        expanded = sympy.Poly(sympy.expand(formula(a, b)), t)
        expected = sum(expanded.coeff_monomial(t**k) for k in range(3))
        ours = model(landscape, at, np.array(p))
        assert float(ours) == pytest.approx(float(expected), rel=1e-12)


def test_the_model_is_taylors_polynomial_of_degree_two():
    x, y = sympy.symbols("x y")
    formula = x**4 + sympy.Rational(4, 5) * y**4 + 4 * x**2 + 2 * y**2
    formula -= x * y + x**2 * y / 5
    t = sympy.Symbol("t")
    for step in np.random.default_rng(0).integers(-3, 4, size=(5, 2)).tolist():
        along = formula.subs({x: 1 + t * step[0], y: 2 + t * step[1]})
        taylor = sympy.series(along, t, 0, 3).removeO().subs(t, 1)
        ours = model(course, [1.0, 2.0], np.array(step, float))
        assert ours == pytest.approx(float(taylor), rel=1e-13)


def test_the_model_is_level_at_the_newton_step():
    at = np.array([4.0, 4.0])
    p = newton_step(course.grad, course.hess, at) - at
    for q in np.random.default_rng(1).normal(size=(20, 2)):
        rise = model(course, at, p + 1e-3 * q) - model(course, at, p)
        fall = model(course, at, p - 1e-3 * q) - model(course, at, p)
        assert rise == pytest.approx(fall, abs=1e-10)
        assert rise > 0  # positive definite: the level point is the lowest


@pytest.mark.parametrize("seed", range(5))
def test_one_newton_step_solves_any_quadratic(seed):
    rng = np.random.default_rng(seed)
    half, linear, start = (
        rng.normal(size=(4, 4)),
        rng.normal(size=4),
        rng.normal(size=4),
    )
    H = half @ half.T + np.eye(4)
    path = newton(lambda z: H @ z + linear, lambda z: H, start, steps=1)
    expected = -scipy.linalg.cho_solve(scipy.linalg.cho_factor(H), linear)
    np.testing.assert_allclose(path[1], expected, rtol=1e-10)


def test_on_the_bowl_newton_is_descent_with_rate_one_half():
    for start in np.random.default_rng(2).normal(size=(10, 2)):
        step = newton_step(bowl.grad, bowl.hess, start)
        np.testing.assert_array_equal(step, descend(bowl.grad, start, 0.5, 1)[-1])
        down = -bowl.grad(start)
        way = step - start  # along `down`: no part of it is across
        assert down[0] * way[1] - down[1] * way[0] == pytest.approx(0, abs=1e-14)
        assert down @ way > 0


def test_from_five_one_both_end_in_the_middle_of_the_bowl():
    np.testing.assert_array_equal(bowl_steps(), np.zeros((2, 2)))


def test_the_table_of_arrows_has_the_inverse_eigenvalues_as_rates():
    rows = cells(table_arrows())
    for (name, down, p, between, *rates), bends in zip(
        rows, [(2, 2), (2, 20)], strict=True
    ):
        assert name == {2: "bowl", 20: "ravine"}[bends[1]]
        assert [float(rate) for rate in rates] == [1 / bend for bend in bends]
        assert down == f"({-bends[0] * 5}, {-bends[1]})"
        assert p == "(-5, -1)"
        u = complex(bends[0] * 5, bends[1]) / complex(5, 1)
        exact = math.degrees(math.atan2(u.imag, u.real))
        assert float(between.rstrip("°")) == pytest.approx(abs(exact), abs=5e-4)


def test_only_at_eigenvectors_the_directions_agree():
    """p is a positive multiple of −g only if g × Hg = 0 and g·Hg > 0."""
    assert claim_directions_agree_only_at_eigenvectors()
    for g in np.random.default_rng(9).normal(size=(100, 2)):
        H = ravine.hess(g)
        p = np.linalg.solve(H, -g)
        across, along = g[0] * (H @ g)[1] - g[1] * (H @ g)[0], g @ H @ g
        assert along > 0
        assert abs(p[0] * g[1] - p[1] * g[0]) == pytest.approx(
            abs(across) / np.linalg.det(H)
        )


def test_one_step_from_every_start_needs_a_quadratic():
    """On a line through the minimum s = t s′ must hold: then s is straight."""
    assert claim_only_quadratics_take_one_step()
    t = sympy.Symbol("t")
    slope = sympy.Function("s")
    line = sympy.dsolve(slope(t) - t * slope(t).diff(t), slope(t)).rhs
    assert line.diff(t, 2) == 0


def test_in_the_ravine_the_directions_are_fifty_two_degrees_apart():
    start = np.array([5.0, 1.0])
    leap = newton_step(ravine.grad, ravine.hess, start) - start
    between = angle(-ravine.grad(start), leap)
    assert between == pytest.approx(52.1250163489, rel=1e-11)
    cosine = (-ravine.grad(start) @ leap) / math.hypot(*leap) / math.hypot(10, 20)
    assert between == pytest.approx(math.degrees(math.acos(cosine)), rel=1e-12)


def test_newton_divides_each_eigenvector_by_its_own_eigenvalue():
    at = np.array([1.0, -2.0])
    values, vectors = np.linalg.eigh(course.hess(at))
    slopes = vectors.T @ course.grad(at)
    step = newton_step(course.grad, course.hess, at) - at
    np.testing.assert_allclose(vectors.T @ step, -slopes / values, rtol=1e-13)


def test_the_course_function_at_four_four():
    assert course.grad([4, 4]).tolist() == pytest.approx([277.6, 213.6], rel=1e-14)
    expected = [198.4, -2.6, -2.6, 157.6]
    assert course.hess([4, 4]).ravel().tolist() == pytest.approx(expected, rel=1e-14)
    slow, fast = course_paths()
    np.testing.assert_allclose(fast[1], [2.58274, 2.62129], atol=5e-6)
    assert np.linalg.norm(fast[7]) == pytest.approx(4.3e-8, rel=0.02)
    assert np.linalg.norm(fast[8]) < 1e-15
    assert first_within(slow, [0, 0], 1e-6) == 168
    assert first_within(fast, [0, 0], 1e-6) == 7


def test_the_table_of_the_course_is_what_sixty_digits_give():
    exact = exact_path(course_formula, ["4", "4"], 8)
    rows = cells(table_course())
    assert len(rows) == len(newton_distances()) == 9
    for k, (number, x, y, distance) in enumerate(rows[:8]):
        assert int(number) == k
        np.testing.assert_allclose([float(x), float(y)], exact[k], rtol=1e-3)
        assert float(distance) == pytest.approx(math.hypot(*exact[k]), rel=0.05)
        assert newton_distances()[k] == pytest.approx(math.hypot(*exact[k]), rel=1e-8)
    assert float(rows[8][3]) < 1e-15


def test_from_step_five_on_the_right_digits_double():
    digits = -np.log10(np.linalg.norm(course_paths()[1][5:], axis=1))
    assert (digits[1:] >= 2 * digits[:-1]).all()
    assert claim_digits_double_from_step(5)


def test_the_step_at_four_four_is_too_short():
    at = np.array([4.0, 4.0])
    p = newton_step(course.grad, course.hess, at) - at
    assert course.grad(at + p) @ p < 0  # the loss still falls where it ends


def test_faster_descent_rates_than_the_shown_one_end_soon():
    start = np.array([4.0, 4.0])
    path = descend(course.grad, start, rate=0.025, steps=150)
    assert first_within(path, [0, 0], 1e-6) == 138
    with np.errstate(over="ignore", invalid="ignore"):
        path = descend(course.grad, start, rate=0.03, steps=8)
    assert not abs(path[5]).max() < 1e9


def test_rosenbrock_goes_uphill_and_is_done_after_six_steps():
    loss = [(1 - x) ** 2 + 100 * (y - x * x) ** 2 for x, y in bent_valley()]
    assert bent_heights() == pytest.approx(loss, rel=1e-12)
    expected = [24.2, 4.7319, 1411.845, 0.05597, 0.31319, 1.85e-11, 3.4e-20]
    assert loss == pytest.approx(expected, rel=0.02)
    assert loss[2] == pytest.approx(1411.845, rel=1e-6)
    assert rosenbrock.grad([-1.2, 1]).tolist() == pytest.approx(
        [-215.6, -88], rel=1e-12
    )
    expected = [1330, 480, 480, 200]
    assert rosenbrock.hess([-1.2, 1]).ravel() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["newton", "descent"])
def test_only_newton_is_blind_to_unequal_stretching(name):
    here, elsewhere = _twin_paths(name)
    apart = twins_apart(name)
    assert apart == np.linalg.norm((here - elsewhere).ravel(), np.inf)
    assert apart < 1e-13 if name == "newton" else apart > 0.3


@pytest.mark.parametrize("landscape", surfaces, ids=repr)
def test_descent_is_blind_to_turns_and_mirrors_on_every_surface(landscape):
    """The turned loss is walked with its own differences, not by the chain rule."""
    start = np.array([0.7, -0.4])
    for turn in scipy.stats.ortho_group(2, seed=4).rvs(10):
        there = turn.T @ start
        for _ in range(3):
            h = 1e-6 * np.eye(2)
            rises = [
                landscape.f(turn @ (there + e)) - landscape.f(turn @ (there - e))
                for e in h
            ]
            there = there - 1e-3 * np.array(rises) / 2e-6
        here = descend(landscape.grad, start, rate=1e-3, steps=3)[-1]
        np.testing.assert_allclose(turn @ there, here, atol=1e-7)


def test_descent_sees_stretching_and_a_rate_undoes_equal_stretching():
    start = np.array([-1.0, 1.0])
    for A, rate in (2 * rotation(30), 0.02 / 4), (np.diag([2.0, 1.0]), 0.02 / 4):
        grad, _ = restated(boyd.grad, boyd.hess, A)
        there = descend(grad, np.linalg.solve(A, start), rate, steps=30) @ A.T
        here = descend(boyd.grad, start, 0.02, steps=30)
        equal = np.allclose(A @ A.T, 4 * np.eye(2))
        assert (abs(here - there).max() < 1e-12) == equal


def test_the_claims_about_coordinates():
    assert claim_a_turn_changes_no_descent()
    assert claim_stretching_turns_the_gradient_step()
    assert claim_newton_takes_the_same_step()


def test_newton_is_invariant_on_every_surface():
    rng = np.random.default_rng(3)
    for landscape in surfaces:
        A = rng.normal(size=(2, 2)) + 2 * np.eye(2)
        start = np.array([0.7, -0.4])
        there = np.linalg.solve(A, start)
        here = newton_step(landscape.grad, landscape.hess, start)
        elsewhere = newton_step(*restated(landscape.grad, landscape.hess, A), there)
        np.testing.assert_allclose(A @ elsewhere, here, rtol=1e-9, atol=1e-12)


def test_the_restated_derivatives_are_those_of_the_restated_loss():
    grad, hess = restated(course.grad, course.hess, _STRETCH)
    z, h = np.array([0.3, -1.1]), 1e-5
    for i, unit in enumerate(np.eye(2)):
        rise = course.f(_STRETCH @ (z + h * unit)) - course.f(_STRETCH @ (z - h * unit))
        assert grad(z)[i] == pytest.approx(rise / (2 * h), rel=1e-7)
        bend = (grad(z + h * unit) - grad(z - h * unit)) / (2 * h)
        np.testing.assert_allclose(hess(z)[i], bend, rtol=1e-7)


def test_a_gradient_step_in_z_is_minus_rate_times_a_a_transposed_g():
    grad, _ = restated(course.grad, course.hess, _STRETCH)
    theta = np.array([1.0, 2.0])
    step = -0.1 * _STRETCH @ grad(np.linalg.solve(_STRETCH, theta))
    expected = -0.1 * _STRETCH @ _STRETCH.T @ course.grad(theta)
    np.testing.assert_allclose(step, expected, rtol=1e-13)


def test_the_convex_example_takes_six_steps():
    path = newton(boyd.grad, boyd.hess, [-1.0, 1.0], steps=6)
    assert np.linalg.norm(path[6] - boyd.minima[0]) < 1e-11
    assert np.linalg.norm(path[5] - boyd.minima[0]) > 1e-7
    assert boyd.f(path[6]) == pytest.approx(
        2 * math.sqrt(2) * math.exp(-0.1), rel=1e-14
    )


@pytest.mark.parametrize(("kappa", "steps"), [(5, 35), (100, 691), (500, 3454)])
def test_kappa_slows_descent_and_not_newton(kappa, steps):
    assert valley_steps(kappa) == (steps, 1)
    predicted = math.log(1e-6) / math.log((kappa - 1) / (kappa + 1))
    assert steps == math.ceil(predicted)
    rows = {row[0]: row[1:] for row in cells(table_valley())}
    assert rows[str(kappa)] == [str(steps), "1"]
    assert len(rows) == 3


def test_the_tilted_valley_has_the_eigenvalues_it_says():
    for degrees in (0, 20, 45, 90):
        values = np.linalg.eigvalsh(valley(100, degrees))
        np.testing.assert_allclose(values, [1, 100], rtol=1e-12)


def test_one_newton_step_is_the_normal_equations():
    path = newton(line_grad, line_hess, [0.0, 0.0], steps=1)
    np.testing.assert_allclose(path[1], fitted_line(), rtol=1e-15)
    columns = np.column_stack([line_x, np.ones_like(line_x)])
    expected = np.linalg.lstsq(columns, line_y, rcond=None)[0]
    np.testing.assert_allclose(path[1], expected, rtol=1e-13)
    np.testing.assert_allclose(path[1], [2, 1], rtol=1e-13)
    assert line_grad([0, 0]).tolist() == [-17, -8]
    X = 2 / 4 * columns.T @ columns
    np.testing.assert_allclose(line_hess(), X, rtol=1e-15)


@pytest.mark.parametrize("d", [6, 8, 10])
def test_solving_leaves_less_in_the_equation_than_inverting(d):
    """By eighty digits, for an H of floats; NumPy's leave about as much."""
    H = _hilbert(d)
    np.testing.assert_allclose(H, scipy.linalg.hilbert(d), rtol=1e-15)
    solved, inverted = missing_after_solving(d), missing_after_inverting(d)
    assert solved < inverted / 100
    with mpmath.workdps(80):
        exact = mpmath.matrix(H.tolist())
        rest = lambda p: mpmath.norm(exact * mpmath.matrix(p.tolist()) + 1)
        told = [float(rest(p)) / math.sqrt(d) for p in (_solved(d), _inverted(d))]
        for p, missing in (
            (np.linalg.solve(H, -np.ones(d)), solved),
            (np.linalg.inv(H) @ -np.ones(d), inverted),
        ):
            assert missing / 20 < float(rest(p)) / math.sqrt(d) < 20 * missing
    assert told == pytest.approx([solved, inverted])


@pytest.mark.parametrize("d", [4, 6, 8, 10, 11])
def test_the_step_is_as_far_off_after_inverting(d):
    """By eighty digits, for an H of floats: the step, and not only the rest."""
    H, g = scipy.linalg.hilbert(d), np.ones(d)
    with mpmath.workdps(80):
        exact = mpmath.lu_solve(mpmath.matrix(H.tolist()), -mpmath.ones(d, 1))
        exact = np.array([float(value) for value in exact])
    apart = lambda p: math.dist(p, exact) / math.hypot(*exact)
    off = [apart(_solved(d)), apart(_inverted(d))]
    assert off == pytest.approx(
        [off_after_solving(d), off_after_inverting(d)], rel=0.01
    )
    assert off[0] == pytest.approx(off[1], rel=0.1)
    kappa = np.linalg.cond(H)
    for p in np.linalg.solve(H, -g), np.linalg.inv(H) @ -g:
        assert apart(p) < kappa * np.finfo(float).eps
    assert claim_both_steps_are_equally_far_off()


def test_solving_leaves_what_rounding_leaves_for_any_matrix():
    """Backward stability: ‖Hp + g‖ is about ε‖H‖‖p‖, whatever κ is."""
    rng = np.random.default_rng(7)
    for d, digits in zip([3, 8, 20] * 20, np.linspace(0, 12, 60), strict=True):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        H, g = Q * np.logspace(-digits, 0, d) @ Q.T, rng.normal(size=d)
        p = scipy.linalg.lu_solve(scipy.linalg.lu_factor(H), -g)
        ours = np.linalg.solve(H, -g)
        for q in p, ours:
            assert np.linalg.norm(H @ q + g) < 4e-16 * d * np.linalg.norm(q)
    assert claim_solving_satisfies_the_equation()


def test_elimination_is_counted_by_its_formulas():
    """Each of the sums below is a loop of `_eliminate`."""
    for d in 2, 5, 9:
        pivots = range(d)
        below = [d - 1 - k for k in pivots]
        matrix = sum(n * (1 + 2 * n) for n in below)
        back = sum(2 * n + 1 for n in below)
        one = sum(2 * n for n in below) + back
        identity = sum(2 * n * (k + 1) for k, n in zip(pivots, below, strict=True))
        costs = elimination_costs(d)
        assert costs[1] == matrix + identity + d * back
        assert costs[0] == matrix + one
    assert claim_solving_is_a_third_of_inverting()


def test_elimination_solves():
    rng = np.random.default_rng(8)
    H = rng.normal(size=(5, 5)) + 5 * np.eye(5)
    inverse = _eliminate(H.tolist(), np.eye(5).tolist())
    np.testing.assert_allclose(np.transpose(inverse), np.linalg.inv(H), rtol=1e-10)


def test_the_table_of_what_is_missing_has_the_condition_of_exact_fractions():
    for d, kappa, *missing, _off, _also in cells(table_missing()):
        with mpmath.workdps(40):
            H = mpmath.hilbert(int(d))
            values = mpmath.eigsy(H, eigvals_only=True)
            exact = float(max(values) / min(values))
        assert float(kappa) == pytest.approx(exact, rel=0.5)
        assert float(missing[0]) < float(missing[1]) / 10


def test_operations_are_counted_one_by_one():
    assert _operations(lambda x, y: x * y + 3 - y / x, 2.0, 5.0) == 4
    assert _operations(lambda x: 1 - x, 2.0) == 1
    assert _operations(lambda x: 1 + x - x * x + 2 * x / x, 2.0) == 6
    two, three = _Counted(2.0), _Counted(3.0)
    assert [1 - two, two - 1, 1 + two, 2 * three, three / two] == [-1, 1, 3, 6, 1.5]
    assert _solve_two(4.0, 1.0, 3.0, 2.0, 1.0) == pytest.approx(
        np.linalg.solve([[4, 1], [1, 3]], [-2, -1]).tolist()
    )


def test_a_newton_step_costs_less_than_two_gradient_steps_here():
    move, elimination = 2, 9  # one addition each; see _solve_two
    grad = _operations(course.slopes, 4.0, 3.0)
    hess = _operations(course.curvatures, 4.0, 3.0)
    assert (grad, hess) == (18, 12)
    assert step_costs() == (grad + 2 * move, grad + hess + elimination + move)


def test_the_claims_of_the_page():
    assert claim_newton_points_at_the_minimum()
    assert claim_the_line_is_fitted_by_hand()
    assert claim_each_eigenvector_gets_its_own_rate()
    assert claim_one_step_solves_any_quadratic()
    assert claim_two_thirds_are_left()
    assert claim_in_the_bowl_minus_g_is_twice_the_step()
    assert claim_the_step_is_too_short()
    assert claim_newton_leads_by_both_counts()
    assert claim_a_ravine_is_a_bowl_in_other_coordinates()


def test_near_the_minimum_the_step_on_the_course_may_be_too_long():
    """The claim needs its starts far off: near (0, 0) the cubic term decides."""
    ends = []
    for turn in np.linspace(0, 2 * np.pi, 60):
        at = 0.05 * np.array([math.cos(turn), math.sin(turn)])
        p = newton_step(course.grad, course.hess, at) - at
        ends.append(course.grad(at + p) @ p)
    assert min(ends) < 0 < max(ends)


def test_slips_are_what_their_names_say():
    assert pair([-5.0, 0.5]) == "(−5, 0.5)"
    assert without_mixed_terms(4, 4) == pytest.approx(4 * 4**3 + 8 * 4)
    assert divided(look_back_slope, look_back_bend, 2.0) == 2 - (2**2 - 2) / (2 * 2)
    assert divided(look_back, look_back_slope, 2.0) == pytest.approx(8 / 3)
    assert divided(look_back_slope, look_back_bend, 2.0, sign=1) == 2.5
    x = sympy.Symbol("x")
    f = look_back(x)
    assert sympy.expand(f.diff(x) - look_back_slope(x)) == 0
    assert sympy.expand(f.diff(x, 2) - look_back_bend(x)) == 0
    np.testing.assert_allclose(fitted_line(FALLING), np.polyfit(line_x, FALLING, 1))
    assert fitted_alone(FALLING) == pytest.approx(2 / 7)
    assert between_arrows(ravine) == pytest.approx(52.1250163489, rel=1e-11)


def test_the_start_is_not_changed():
    start = np.array([1.0, 2.0])
    newton(course.grad, course.hess, start, steps=2)
    assert start.tolist() == [1.0, 2.0]


def test_a_singular_hessian_is_said_and_not_hidden():
    with pytest.raises(np.linalg.LinAlgError):
        newton_step(lambda z: z + 1, lambda z: np.ones((2, 2)), np.zeros(2))


def test_unasked_newton_takes_ten_steps_also_from_whole_numbers():
    """On x⁴ each step leaves two thirds."""
    grad, hess = lambda x: 4 * x**3, lambda x: np.diag(12 * x**2)
    path = newton(grad, hess, [1])
    np.testing.assert_allclose(path[:, 0], [(2 / 3) ** k for k in range(11)])


def test_what_is_said_of_a_run_is_the_labs_on_every_surface():
    """Of the lab itself `test_lab.py` asks whether it is true."""
    pick = random.Random(5)
    for landscape, rate in zip(_GROUNDS, _RATES, strict=True):
        lab = Lab(landscape, rate)
        for _ in range(40):
            x, y = pick.uniform(-5, 5), pick.uniform(-4, 4)
            mu, absolute, damped = pick.randint(0, 100), *pick.choices([0, 1], k=2)
            state = x, y, float(mu), float(absolute), float(damped)
            told = _lab_says(landscape.name, *state)
            assert told == lab.says(*state)
            assert told[0] in lab.sentences
