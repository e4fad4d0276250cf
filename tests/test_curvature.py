"""Curvature: every statement of the lesson, by algebra or by differences."""

import re

import mpmath
import numpy as np
import pytest
import sympy as sp
from conftest import cells
from curvature import (
    _GALLERY,
    SADDLE,
    VALLEY,
    added_product,
    along_line,
    along_parabola,
    claim_a_curve_that_bends_up_lies_above_its_tangents,
    claim_a_flat_line_falls_soon,
    claim_a_product_costs_two_gradients,
    claim_an_undecided_example_keeps_its_curvature,
    claim_cross_entropy_is_convex,
    claim_curvatures_are_means_of_the_eigenvalues,
    claim_descent_converges_below_two_over_the_curvature,
    claim_determinant_and_trace_tell,
    claim_digits_are_kept_far_out,
    claim_from_four_on_newton_is_lost,
    claim_one_step_fits_the_line,
    claim_the_first_derivative_that_is_not_zero_decides,
    claim_the_shapes_have_these_eigenvalues,
    claim_the_wave_turns_at_the_eigenvectors,
    classify,
    classify_by_hand,
    curvature_along,
    eigenvalues,
    falls_from,
    far_out,
    heavy_ball,
    hessian_cross_entropy,
    hessian_mse,
    hessian_times,
    least_root,
    measured_hessian,
    overlap_grad,
    overlap_hess,
    overlap_newton,
    partial,
    second_difference,
    symbolic_hessian,
    table_shapes,
    undivided,
)
from loss import cross_entropy_score, sigmoid
from newton import newton_step
from scipy import differentiate, optimize
from shared.data import line_x, line_y, overlap_x, overlap_y, plane_x, plane_y
from shared.landscapes import (
    course,
    curves,
    peano,
    pow43,
    quartic,
    rosenbrock,
    surfaces,
    well,
)
from shared.neuron import sigmoid_slope
from shared.plane import quadratic

x, y = sp.symbols("x y")


def random_symmetric(count=200, seed=0):
    matrices = np.random.default_rng(seed).normal(size=(count, 2, 2))
    return matrices + matrices.transpose(0, 2, 1)


@pytest.mark.parametrize("landscape", [c for c in curves if c is not pow43], ids=repr)
def test_the_second_difference_is_the_second_derivative(landscape):
    for at in np.random.default_rng(1).uniform(0.4, 1.4, 5):
        expected = landscape.hess(at)
        measured = second_difference(landscape.f, at)
        assert measured == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_the_second_difference_is_that_of_three_heights():
    for at in -1.0, 0.3, 2.0:
        f, h = well.f, 0.25
        usual = (f(at + h) - 2 * f(at) + f(at - h)) / h**2
        assert second_difference(f, at, h) == pytest.approx(usual, rel=1e-12)


def test_a_curve_that_bends_upwards_lies_above_its_tangents():
    turn = 1 / np.sqrt(3)
    assert well.hess(turn) == pytest.approx(0, abs=1e-15)
    for low, high, sign in (-1.5, -turn, 1), (-turn, turn, -1), (turn, 1.5, 1):
        points = np.linspace(low, high, 31)
        assert np.all(sign * well.hess(points[1:-1]) > 0)
        gaps = [
            well.f(points) - well.f(a) - well.grad(a) * (points - a) for a in points
        ]
        assert np.min(sign * np.array(gaps)) >= -1e-12


def test_geometric_curvature_is_the_second_derivative_where_the_slope_is_zero():
    # The circle of radius r has the curvature 1/r everywhere.
    r = sp.Symbol("r", positive=True)
    circle = r - sp.sqrt(r**2 - x**2)
    bend = circle.diff(x, 2) / (1 + circle.diff(x) ** 2) ** sp.Rational(3, 2)
    for at in -1.5, 0.3, 1.9:
        assert float(bend.subs({r: 2, x: at})) == pytest.approx(1 / 2, rel=1e-12)
    assert circle.diff(x, 2).subs(x, 0) == 1 / r


def test_the_test_is_silent_for_three_curves_of_three_kinds():
    for power, sign in (3, 1), (4, 1), (4, -1):
        f = sign * x**power
        assert [f.diff(x, n).subs(x, 0) for n in (1, 2)] == [0, 0]
    assert classify(0.0) == classify(quartic.hess(0.0)) == "inconclusive"
    assert quartic.f(-0.1) > 0 < quartic.f(0.1)


def test_classify_takes_the_second_derivative_of_a_curve():
    kinds = [(p.kind, classify(well.hess(p.at))) for p in well.stationary]
    assert all(kind == found for kind, found in kinds)


@pytest.mark.parametrize("landscape", surfaces, ids=repr)
def test_classify_agrees_with_every_certificate_unless_it_is_silent(landscape):
    for point in landscape.stationary:
        found = classify(landscape.hess(point.at))
        assert found in (point.kind, "inconclusive")
        assert (found == "inconclusive") == (landscape is peano)


def test_determinant_and_trace_tell_the_same_as_the_eigenvalues():
    for hessian in random_symmetric():
        (a, b), (_, c) = hessian
        assert classify_by_hand(a, b, c) == classify(hessian)
        assert np.trace(hessian) ** 2 / 4 >= np.linalg.det(hessian) - 1e-12
    for hessian in _GALLERY.values():
        (a, b), (_, c) = hessian
        assert classify_by_hand(a, b, c) == classify(hessian)


def test_the_shapes_of_the_gallery():
    exact = {name: sorted(sp.Matrix(H).eigenvals()) for name, H in _GALLERY.items()}
    assert exact == {
        "bowl": [1, 3],
        "trough": [0, 2],
        "saddle": [-1, 3],
        "dome": [-3, -1],
    }
    kinds = [classify(hessian) for hessian in _GALLERY.values()]
    assert kinds == ["minimum", "inconclusive", "saddle", "maximum"]
    for hessian in _GALLERY.values():
        measured = differentiate.hessian(quadratic(hessian), np.zeros(2)).ddf
        assert measured == pytest.approx(np.array(hessian, float), abs=1e-6)


def test_the_table_of_shapes_says_what_sympy_says():
    rows = cells(table_shapes())
    assert len(rows) == 4
    for name, tex, values, determinant, trace, kind in rows:
        matrix = sp.Matrix(2, 2, [int(n) for n in re.findall(r"-?\d+", tex)])
        exact = sorted(matrix.eigenvals(multiple=True))
        assert values == f"${exact[0]}, {exact[1]}$"
        assert (int(determinant), int(trace)) == (matrix.det(), matrix.trace())
        definite = matrix.is_positive_definite, matrix.is_negative_definite
        found = {(True, False): "minimum", (False, True): "maximum"}.get(definite)
        found = found or ("saddle" if matrix.is_indefinite else "inconclusive")
        assert (name, kind) == (name, found)


def test_a_positive_diagonal_is_no_minimum():
    assert np.all(np.diag(SADDLE) > 0)
    assert classify(SADDLE) == "saddle"
    assert quadratic(SADDLE)(np.array([0.1, -0.1])) < 0


def test_the_curvature_along_a_direction_is_that_of_the_slice():
    for at in np.random.default_rng(2).uniform(-2, 2, (10, 2)):
        for angle in 0, 0.4, 2.0:
            d = np.array([np.cos(angle), np.sin(angle)])
            slice_ = lambda t, at=at, d=d: course.f(at + t * d)
            along = curvature_along(course.hess(at), d)
            assert second_difference(slice_, 0.0) == pytest.approx(along, abs=1e-5)
            assert curvature_along(course.hess(at), 7 * d) == pytest.approx(along)


def test_all_curvatures_lie_between_the_eigenvalues_and_are_their_weighted_mean():
    turned = np.linspace(0, np.pi, 181)
    directions = np.stack([np.cos(turned), np.sin(turned)], axis=1)
    for hessian in random_symmetric(20):
        values, vectors = np.linalg.eigh(hessian)
        along = np.array([curvature_along(hessian, d) for d in directions])
        assert np.all((along >= values[0] - 1e-12) & (along <= values[1] + 1e-12))
        weights = (directions @ vectors) ** 2
        assert weights.sum(axis=1) == pytest.approx(np.ones(181))
        assert weights @ values == pytest.approx(along)
        for value, q in zip(values, vectors.T, strict=True):
            assert curvature_along(hessian, q) == pytest.approx(value)


@pytest.mark.parametrize("landscape", surfaces, ids=repr)
def test_the_measured_hessian_is_the_hessian(landscape):
    low, high = np.array(landscape.box).T
    for at in np.random.default_rng(3).uniform(low, high, (5, 2)):
        hessian = landscape.hess(at)
        scale = max(1, np.abs(hessian).max())
        assert measured_hessian(landscape.grad, at) / scale == pytest.approx(
            hessian / scale, abs=1e-7
        )
        d = np.array([0.6, -0.8])
        product = hessian_times(landscape.grad, at, d)
        assert product / scale == pytest.approx(hessian @ d / scale, abs=1e-7)


def test_the_hessian_costs_two_gradients_for_each_parameter_and_a_product_two():
    calls = []

    def grad(theta):
        calls.append(theta)
        return 3 * theta

    measured_hessian(grad, np.zeros(7))
    assert len(calls) == 2 * 7
    calls.clear()
    hessian_times(grad, np.zeros(7), np.ones(7))
    assert len(calls) == 2
    assert claim_a_product_costs_two_gradients()


def test_the_symbolic_hessian_is_that_of_the_landscape():
    formula = "x**4 + 4*y**4/5 + 4*x**2 + 2*y**2 - x*y - x**2*y/5"
    symbolic = symbolic_hessian(formula)
    for at in (4, 4), (0, 0), (-1, 2):
        exact = np.array(symbolic.subs({x: at[0], y: at[1]}), dtype=float)
        assert course.hess(at) == pytest.approx(exact, rel=1e-14)
    assert course.hess([4, 4]) == pytest.approx(
        np.array([[198.4, -2.6], [-2.6, 157.6]]), rel=1e-14
    )
    assert symbolic.is_symmetric()


def test_the_course_has_a_minimum_at_zero():
    hessian = course.hess([0, 0])
    assert hessian.tolist() == [[8, -1], [-1, 4]]
    values = np.linalg.eigvalsh(hessian)
    assert values == pytest.approx([6 - 5**0.5, 6 + 5**0.5])
    assert eigenvalues(course, [0, 0]).tolist() == values.tolist()
    assert values == pytest.approx([3.764, 8.236], abs=5e-4)
    assert values[1] / values[0] == pytest.approx(2.188155, abs=5e-7)


def test_the_claims_of_the_page():
    assert claim_a_curve_that_bends_up_lies_above_its_tangents()
    assert claim_descent_converges_below_two_over_the_curvature()
    assert claim_the_first_derivative_that_is_not_zero_decides()
    assert claim_curvatures_are_means_of_the_eigenvalues()
    assert claim_the_wave_turns_at_the_eigenvectors()
    assert claim_the_shapes_have_these_eigenvalues()
    assert claim_determinant_and_trace_tell()
    assert claim_one_step_fits_the_line()
    assert claim_cross_entropy_is_convex()
    assert claim_from_four_on_newton_is_lost()


def test_a_minimum_at_which_all_derivatives_are_zero():
    """Outside of the rule: no derivative of exp(−1/x²) at 0 is other than 0."""
    flat = sp.exp(-1 / x**2)
    for n in range(1, 6):
        assert sp.limit(flat.diff(x, n), x, 0) == 0
    assert flat.subs(x, 0.1) > 0 < flat.subs(x, -0.1)


def test_second_derivatives_that_are_not_continuous_may_not_commute():
    """xy(x² − y²)/(x² + y²) at 0: first x then y gives −1, first y then x gives 1."""
    f = x * y * (x**2 - y**2) / (x**2 + y**2)
    along_y = sp.limit(f / x, x, 0)  # the slope in x on the y axis
    along_x = sp.limit(f / y, y, 0)  # the slope in y on the x axis
    assert (along_y.diff(y), along_x.diff(x)) == (-1, 1)


def test_positive_definite_at_a_stationary_point_is_a_minimum():
    """At the edge of the condition: x² + ay² − y⁴ for a > 0, a = 0 and a < 0."""
    near = np.linspace(-1e-3, 1e-3, 41)
    for a, kind in (1e-3, "minimum"), (0.0, "inconclusive"), (-1e-3, "saddle"):
        grid = np.stack(np.meshgrid(near, near))
        heights = grid[0] ** 2 + a * grid[1] ** 2 - grid[1] ** 4
        assert classify(np.diag([2, 2 * a])) == kind
        assert (heights.min() >= 0) == (kind == "minimum")


def test_slips_are_what_their_names_say():
    assert [partial("x**2 + y**3", "y", n, 3) for n in (1, 2, 3)] == [27, 18, 6]
    assert partial("x**2 + y**3", "x", 2, 1) == 2
    assert undivided(SADDLE, [1, -1]) == -2
    assert added_product([[802, -400], [-400, 200]]) == 802 * 200 + 400**2
    assert np.linalg.eigvalsh(VALLEY).tolist() == [2, 10]
    for hessian in random_symmetric(20):
        trace, determinant = np.trace(hessian), np.linalg.det(hessian)
        least = np.linalg.eigvalsh(hessian)[0]
        assert least_root(trace, determinant) == pytest.approx(least)


def test_rosenbrock_at_its_minimum():
    hessian = rosenbrock.hess([1, 1])
    assert hessian.tolist() == [[802, -400], [-400, 200]]
    assert sp.Matrix([[802, -400], [-400, 200]]).det() == 400
    assert np.linalg.eigvalsh(hessian) == pytest.approx([0.39936, 1001.60064], abs=5e-6)


def test_peano_rises_along_every_line_near_zero():
    m = sp.Symbol("m", positive=True)
    along = sp.expand((m * x - x**2) * (m * x - 3 * x**2))
    assert sp.expand(x**2 * (m - x) * (m - 3 * x) - along) == 0
    for slope in -5, -1, -0.1, 0.01, 0.5, 3:
        near = abs(slope) / 3 * np.array([-0.99, -0.5, 0.5, 0.99])
        assert np.all(along_line(slope)(near) > 0)
        beyond = np.array([slope / 3 * 1.01])
        assert np.all(along_line(slope)(beyond) < 0)
    t = np.array([-0.3, 0.1, 0.5])
    assert along_line(0)(t) == pytest.approx(3 * t**4)
    assert np.all(peano.f(np.stack([0 * t, t])) > 0)  # along the y axis


def test_where_peano_stops_rising_on_a_line_by_algebra():
    m, t = sp.symbols("m t", positive=True)
    height = sp.expand((m * t - t**2) * (m * t - 3 * t**2))
    turns = sp.solve(height.diff(t), t)
    first_turn = min(float(turn.subs(m, 1)) for turn in turns)
    for slope in 0.01, 0.5, 3.0:
        assert falls_from(slope) == pytest.approx(slope * first_turn, rel=1e-12)
        assert falls_from(slope) < slope / 3
    assert min(sp.solve(height, t), key=lambda root: root.subs(m, 1)) == m / 3
    assert claim_a_flat_line_falls_soon()


def test_peano_falls_along_a_parabola():
    t = np.array([-0.4, 0.1, 0.5])
    assert along_parabola(t) == pytest.approx(-(t**4), rel=1e-12)
    assert along_parabola(0.1) == pytest.approx(-0.0001)
    assert along_parabola(0.5) == -0.0625
    assert peano.grad([0, 0]).tolist() == [0, 0]
    assert classify(peano.hess([0, 0])) == "inconclusive"


def test_the_hessian_of_squared_error_is_constant():
    w, b = sp.symbols("w b")
    points = zip(line_x, line_y, strict=True)
    loss = sum((int(v) - w * int(u) - b) ** 2 for u, v in points) / sp.Integer(4)
    exact = sp.hessian(loss, (w, b))
    assert exact == sp.Matrix([[7, 3], [3, 2]])
    inputs = np.column_stack([line_x, np.ones(4)])
    assert hessian_mse(inputs).tolist() == [[7, 3], [3, 2]]
    values = np.linalg.eigvalsh(hessian_mse(inputs))
    assert values == pytest.approx([(9 - 61**0.5) / 2, (9 + 61**0.5) / 2])
    assert values[1] / values[0] == pytest.approx(14.1292247, abs=5e-8)

    X = np.column_stack([plane_x, np.ones(5)])
    grad = lambda theta: -2 / 5 * X.T @ (plane_y - X @ theta)
    for at in np.random.default_rng(4).normal(size=(3, 3)):
        assert measured_hessian(grad, at) == pytest.approx(hessian_mse(X), abs=1e-8)


def test_the_hessian_of_cross_entropy_is_never_negative():
    rng = np.random.default_rng(5)
    X, labels = rng.normal(size=(20, 3)), rng.integers(0, 2, 20)
    loss = lambda theta: np.mean(cross_entropy_score(labels, X @ theta))
    grad = lambda theta: X.T @ (sigmoid(X @ theta) - labels) / 20
    for theta in rng.normal(size=(5, 3)):
        slopes = optimize.approx_fprime(theta, loss, 1e-7)
        assert grad(theta) == pytest.approx(slopes, abs=1e-6)
        hessian = hessian_cross_entropy(theta, X)
        assert measured_hessian(grad, theta) == pytest.approx(hessian, abs=1e-8)
        assert np.linalg.eigvalsh(hessian)[0] > 0


def test_the_slope_of_the_sigmoid_is_that_of_sixty_digits():
    with mpmath.workdps(400):
        for score in (-700.0, -40.0, -1.5, 0.0, 1e-9, 2.0, 36.7, 141.2, 700.0):
            p = 1 / (1 + mpmath.exp(-mpmath.mpf(score)))
            exact = float(p * (1 - p))
            assert sigmoid_slope(score) == pytest.approx(exact, rel=1e-14)
    p = sigmoid(40.0)
    assert p * (1 - p) == 0 < sigmoid_slope(40.0)
    assert sigmoid_slope(np.array([-1e4, 1e4])).tolist() == [0, 0]  # and no warning
    assert claim_digits_are_kept_far_out()


def test_far_out_one_example_may_stay_undecided():
    """Of two examples the one at right angles keeps its quarter, halved by n."""
    for t in 50.0, 300.0, 1e5:
        assert far_out(t) == pytest.approx([0, 1 / 8], abs=1e-20)
        assert far_out(t, (0.3, -1.0)) == pytest.approx([0, 0], abs=1e-5)
    X = np.random.default_rng(6).normal(size=(6, 3))
    across = np.cross(X[0], X[1])  # at right angles to two examples
    kept = np.linalg.eigvalsh((np.outer(X[0], X[0]) + np.outer(X[1], X[1])) / 24)
    left = np.linalg.eigvalsh(hessian_cross_entropy(1e7 * across, X))
    assert left == pytest.approx(kept, abs=1e-9)
    assert claim_an_undecided_example_keeps_its_curvature()


def test_far_out_the_cross_entropy_is_flat_and_newton_never_comes_back():
    assert overlap_hess(0.0) == 10.5 / 4 / 6
    slope = second_difference(
        lambda w: np.mean(cross_entropy_score(overlap_y, w * overlap_x)), 4.0
    )
    assert overlap_hess(4.0) == pytest.approx(slope, abs=1e-6)
    assert overlap_hess(4.0) / overlap_hess(0.0) < 0.04
    path = overlap_newton(0.0, 5)
    known = [0.95238095, 1.27458568, 1.34787419, 1.35110621, 1.35111216]
    assert path[1:] == pytest.approx(known, abs=5e-9)
    far = overlap_newton(4.0, 2)
    assert far[1:] == pytest.approx([-5.3198, 141.201], abs=5e-4)
    assert overlap_newton(4.0, 3)[3] == pytest.approx(-9.17065092e30, rel=1e-8)
    assert newton_step(overlap_grad, overlap_hess, 4.0) == far[1]


def test_a_network_with_a_hidden_layer_has_both_signs():
    # One unit, input 1, label 1, no bias: the loss (u tanh v − 1)² at 0.
    u, v = sp.symbols("u v")
    hessian = sp.hessian((u * sp.tanh(v) - 1) ** 2, (u, v)).subs({u: 0, v: 0})
    assert classify(np.array(hessian, float)) == "saddle"


def test_the_slips_of_the_question_on_y_cubed_differ_at_three_but_not_at_two():
    slope, bend = (y**3).diff(y), (y**3).diff(y, 2)
    assert slope.subs(y, 2) == bend.subs(y, 2) == 12
    assert slope.subs(y, 3) == 27
    assert bend.subs(y, 3) == 18
    assert symbolic_hessian("x**2 + y**3").subs(y, 2) == sp.Matrix([[2, 0], [0, 12]])


def test_the_question_on_momentum():
    """x² has the slope 2x; by hand, with and without the first velocity."""
    assert heavy_ball(1) == pytest.approx(2 - 0.1 * 4)
    for beta in 0.0, 0.9, 1.0:
        second = beta * 4 + 2 * 1.6
        assert heavy_ball(2, beta) == pytest.approx(1.6 - 0.1 * second)


def test_the_errors_of_the_differences_are_those_of_their_formulas():
    """Of x⁴ the second difference at 0 is 2h², of x³ the first is h²."""
    assert second_difference(lambda x: x**4, 0.0) == pytest.approx(2e-8)
    cubes = lambda theta: theta**3
    assert hessian_times(cubes, np.zeros(1), [1]) == pytest.approx([3.6e-11])
    assert measured_hessian(cubes, [0.0])[0, 0] == pytest.approx(3.6e-11)


def test_each_column_of_the_measured_hessian_belongs_to_a_coordinate():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])  # no Hessian, so that order shows
    measured = measured_hessian(lambda theta: A @ theta, [5, -6])
    np.testing.assert_allclose(measured, A, rtol=1e-8)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.5e-9, 1], "minimum"),
        ([1e-9, 1], "inconclusive"),
        ([7e-10, 1], "inconclusive"),
        ([-1, -1.5e-9], "maximum"),
        ([-1, -1e-9], "inconclusive"),
        ([-1, 1e-9], "inconclusive"),
        ([-1e-9, 1], "inconclusive"),
        ([-1, 1.5e-9], "saddle"),
        ([-1, 0, 1], "saddle"),
        ([-1, 0], "inconclusive"),
    ],
)
def test_a_curvature_within_the_tolerance_counts_as_none(values, said):
    assert classify(np.diag(values)) == said


def test_by_hand_a_shallow_bowl_is_a_minimum():
    assert classify_by_hand(0.25, 0, 0.25) == "minimum"
    assert classify_by_hand(-0.25, 0, -0.25) == "maximum"
