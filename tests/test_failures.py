"""When Newton's method fails: every exhibit and repair, derived a second time."""

import math

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import sympy
from conftest import cells
from curvature import classify, overlap_grad, overlap_hess
from descent import descend
from directions import bent_valley
from directions import newton as plane_newton
from directions import newton_step as plane_step
from failures import (
    CRAWLING,
    _border,
    _overlap_loss,
    _penalised,
    _steps_on_the_cycle,
    absolute,
    arctan,
    camel_map,
    camel_shares,
    census,
    census_share,
    claim_a_shift_moves_all_eigenvalues,
    claim_a_shift_that_stays_slows_the_end,
    claim_an_uphill_step_is_not_cured_by_halving,
    claim_beyond_the_inflection_all_reach_one,
    claim_damping_rescues_the_far_starts,
    claim_depth_does_not_attract,
    claim_descent_parts_the_square_in_four,
    claim_downhill_if_positive_definite,
    claim_inside_the_critical_start_newton_converges,
    claim_just_above_the_border_the_step_is_long,
    claim_least_squares_takes_the_shortest_step,
    claim_near_a_minimum_steps_are_full,
    claim_newton_loses_a_third_of_its_starts,
    claim_on_the_camel_x_goes_on_alone,
    claim_one_step_to_the_saddle,
    claim_only_pure_newton_ends_on_saddles,
    claim_only_the_hard_case_is_left_out,
    claim_parted_weights_grow_without_end,
    claim_six_exhibits_do_what_they_are_named_for,
    claim_the_absolute_hessian_leads_down,
    claim_the_order_of_the_zero_gives_the_factor,
    claim_the_trap_holds_its_starts,
    claim_the_trust_step_is_the_best,
    claim_two_steps_lead_from_the_floor,
    critical_start,
    cycle_growth,
    damped_newton,
    damped_on_sqrt,
    first_landing,
    himmelblau_map,
    leads_down,
    multiplicity,
    near_saddle,
    newton_on,
    overlap_damped,
    overlap_steps,
    parted_grad,
    quartic_steps,
    rosenbrock_steps,
    shifted,
    solve,
    steps_off_saddle,
    table_census,
    table_critical,
    table_cubes,
    table_cycle,
    table_repairs,
    table_shifts,
    table_wells,
    trap,
    trust_step,
    valley_grad,
    valley_hess,
)
from newton import newton, newton_step
from shared.basins import METHODS, count, ends, newton_from_all, outline, square_grid
from shared.data import overlap_x, overlap_y
from shared.landscapes import (
    camel,
    hagan,
    himmelblau,
    lncosh,
    pow43,
    quartic,
    rosenbrock,
    saddle,
    sqrt1p,
    well,
)
from shared.path import first, first_within
from shared.plane import angle

# Too far


@pytest.mark.parametrize("start", [0.5, 0.9, -0.3, 1.1, 2.0])
def test_on_the_square_root_each_step_is_minus_the_cube(start):
    path = newton(sqrt1p.grad, sqrt1p.hess, start, steps=4)
    np.testing.assert_allclose(path[1:], -(path[:-1] ** 3), rtol=1e-12, atol=1e-15)


def test_the_step_is_minus_the_cube_by_algebra():
    x = sympy.Symbol("x", real=True)
    f = sympy.sqrt(1 + x**2)
    assert sympy.simplify(x - f.diff(x) / f.diff(x, 2) + x**3) == 0


def test_the_table_of_cubes_is_cubed_by_hand():
    rows = cells(table_cubes())
    assert [row[0] for row in rows] == ["0.9", "1.0", "1.1", "2.0"]
    for row in rows:
        x = float(row[0])
        for shown in row[1:]:
            x = -(x**3)
            assert float(shown) == pytest.approx(x, rel=1e-3)


def test_from_one_it_cycles():
    path = newton_on(sqrt1p, 1.0, steps=6)
    np.testing.assert_allclose(path, [1, -1, 1, -1, 1, -1, 1], rtol=1e-12)


@pytest.mark.parametrize(
    ("landscape", "equation", "value"),
    [
        (sqrt1p, lambda x: x**2 - 1, 1.0),
        (lncosh, lambda x: mpmath.sinh(2 * x) - 4 * x, 1.0886594924826534),
        (arctan, lambda x: (1 + x * x) * mpmath.atan(x) - 2 * x, 1.391745200270735),
    ],
)
def test_the_critical_starts(landscape, equation, value):
    """Newton's step from x leads to −x where f′ = 2x f″."""
    with mpmath.workdps(30):
        exact = float(mpmath.findroot(equation, value * 1.01))
    ours = critical_start(landscape.grad, landscape.hess)
    assert ours == pytest.approx(exact, rel=1e-14)
    assert ours == pytest.approx(value, rel=1e-14)
    inside = newton(landscape.grad, landscape.hess, 0.98 * ours, 30)
    assert abs(inside[-1]) < 1e-12
    told = [cell[2] for cell in cells(table_critical())]
    assert f"{exact:.10f}" in told
    outside = newton(landscape.grad, landscape.hess, 1.02 * ours, 5)
    assert (np.diff(abs(outside)) > 0).all()


def test_arctan_is_a_landscape_like_the_others():
    x = np.linspace(-2.5, 2.5, 11)
    h = 6e-6
    slope = (arctan.f(x + h) - arctan.f(x - h)) / (2 * h)
    np.testing.assert_allclose(arctan.grad(x), slope, atol=1e-9)
    bend = (arctan.grad(x + h) - arctan.grad(x - h)) / (2 * h)
    np.testing.assert_allclose(arctan.hess(x), bend, rtol=1e-8)
    np.testing.assert_allclose(trap.grad(x), x**3 - 2 * x + 2, rtol=1e-13)
    slope = (trap.f(x + h) - trap.f(x - h)) / (2 * h)
    np.testing.assert_allclose(trap.grad(x), slope, rtol=1e-7)
    bend = (trap.grad(x + h) - trap.grad(x - h)) / (2 * h)
    np.testing.assert_allclose(trap.hess(x), bend, rtol=1e-7)


def test_log_loss_is_convex_and_newton_still_explodes_from_four():
    labels = [int(y) for y in overlap_y]
    near = newton(overlap_grad, overlap_hess, 0.0, 5)
    expected = [0.95238095, 1.27458568, 1.34787419, 1.35110621, 1.35111216]
    np.testing.assert_allclose(near[1:], expected, atol=5e-9)
    far = newton(overlap_grad, overlap_hess, 4.0, 3)
    with mpmath.workdps(80):  # the same three steps, with digits to spare
        exact, x = [mpmath.mpf(4)], [mpmath.mpf(float(v)) for v in overlap_x]
        sigma = lambda z: 1 / (1 + mpmath.exp(-z))
        for _ in range(3):
            w = exact[-1]
            slope = sum((sigma(w * v) - y) * v for v, y in zip(x, labels, strict=True))
            bend = sum(sigma(w * v) * sigma(-w * v) * v * v for v in x)
            exact.append(w - slope / bend)
    np.testing.assert_allclose(far, np.array(exact, float), rtol=1e-12)
    w = np.linspace(-10, 10, 41)
    assert min(overlap_hess(v) for v in w) > 0
    best = scipy.optimize.minimize_scalar(_overlap_loss, (0, 1)).x
    assert near[-1] == pytest.approx(best, abs=1e-6)


def test_the_slopes_of_the_log_loss_are_those_of_its_formula():
    for w in (-2.0, 0.0, 1.5, 4.0):
        h = 6e-6
        slope = (_overlap_loss(w + h) - _overlap_loss(w - h)) / (2 * h)
        assert overlap_grad(w) == pytest.approx(float(slope), abs=1e-9)
        bend = (overlap_grad(w + h) - overlap_grad(w - h)) / (2 * h)
        assert overlap_hess(w) == pytest.approx(bend, abs=1e-9)
        bend = (parted_grad(w + h) - parted_grad(w - h)) / (2 * h)
        assert overlap_hess(w) == pytest.approx(bend, abs=1e-9)


# Cycles


def test_a_rounded_start_falls_off_the_cycle():
    assert [_steps_on_the_cycle(digits) for digits in (3, 6, 9, 12)] == [4, 10, 15, 20]
    assert [int(steps) for _, steps in cells(table_cycle())] == [4, 10, 15, 20]
    growth = math.log(cycle_growth())
    for digits, steps in cells(table_cycle()):
        off = abs(round(x := 1.0886594924826534, int(digits) - 1) - x)
        predicted = math.log(0.1 / off) / growth
        assert int(steps) == pytest.approx(predicted, abs=1.5)
    path = newton(lncosh.grad, lncosh.hess, 2.17732 / 2, 13)
    assert abs(path[12]) < 6 < 1000 < abs(path[13])


def test_the_cycle_of_the_half_is_twice_as_far():
    """ln cosh(x/2), as published: its cycle is at 2.1773189849653067."""
    grad = lambda x: math.tanh(x / 2) / 2
    hess = lambda x: 1 / math.cosh(x / 2) ** 2 / 4
    twice = 2 * critical_start(lncosh.grad, lncosh.hess)
    assert twice == pytest.approx(2.1773189849653067, rel=1e-14)
    assert newton_step(grad, hess, twice) == pytest.approx(-twice, rel=1e-14)


def test_a_deviation_from_the_cycle_grows_by_two_sinh_squared():
    x = critical_start(lncosh.grad, lncosh.hess)
    off = newton_step(lncosh.grad, lncosh.hess, x + 1e-6) + x
    assert -off / 1e-6 == pytest.approx(2 * math.sinh(x) ** 2, rel=1e-4)
    assert cycle_growth() == pytest.approx(2 * math.sinh(x) ** 2, rel=1e-12)


def test_the_trap_draws_starts_in():
    assert newton(trap.grad, trap.hess, 0.0, 5).tolist() == [0, 1, 0, 1, 0, 1]
    path = newton(trap.grad, trap.hess, 0.1, 20)
    np.testing.assert_allclose(path[-2:], [1, 0], atol=1e-9)
    x = sympy.Symbol("x")  # two steps have the slope 0 at 0, so the cycle attracts
    step = x - (x**3 - 2 * x + 2) / (3 * x**2 - 2)
    assert step.subs(x, 0) == 1
    assert step.subs(x, 1) == step.diff(x).subs(x, 0) == 0
    assert claim_the_trap_holds_its_starts()
    lowest = np.roots([1, 0, -2, 2])
    real = lowest[abs(lowest.imag) < 1e-12].real
    assert real == pytest.approx(trap.minima, rel=1e-14)


# The wrong kind of point


def test_newton_in_the_two_wells():
    step = lambda x: newton_step(well.grad, well.hess, x)
    assert step(0.5) == -1
    assert step(0.6) == pytest.approx(5.4, rel=1e-12)
    assert newton(well.grad, well.hess, 0.6, 12)[-1] == pytest.approx(1, abs=1e-9)
    assert newton(well.grad, well.hess, 0.3, 5)[-1] == pytest.approx(0, abs=1e-12)
    assert well.hess(0.0) < 0
    fifth = 5**-0.5
    assert step(fifth) == pytest.approx(-fifth, rel=1e-12)


def test_the_table_of_wells_is_the_step_by_its_formula():
    rows = cells(table_wells())
    assert [row[0] for row in rows] == ["0.3", "1/√5", "0.5", "0.6"]
    for x, (_, *shown, what) in zip((0.3, 5**-0.5, 0.5, 0.6), rows, strict=True):
        start = x
        for at in shown:
            x = 2 * x**3 / (3 * x * x - 1)
            assert float(at) == pytest.approx(x, rel=1e-3)
        assert ("cycles" in what) == (abs(abs(x) - abs(start)) < 1e-9)


def test_newton_lands_on_the_saddle_and_descent_leaves_it():
    for start in np.random.default_rng(0).normal(size=(8, 2)):
        path = plane_newton(saddle.grad, saddle.hess, start, steps=1)
        np.testing.assert_allclose(path[1], [0, 0], atol=1e-15)
    for y, steps in (1e-3, 38), (1e-12, 152):
        path = descend(saddle.grad, np.array([1.0, y]), 0.1, 200)
        assert int(np.argmax(abs(path[:, 1]) > 1)) == steps
        assert steps == math.ceil(math.log(1 / y) / math.log(1.2))
        assert steps_off_saddle(y) == steps
    path = descend(saddle.grad, np.array([1.0, 0.0]), 0.1, 200)
    assert (path[:, 1] == 0).all()
    assert steps_off_saddle(0.0) is None


def test_the_census_of_himmelblau():
    newtons = census("newton", 61)
    assert newtons == {"minimum": 2410, "saddle": 1157, "maximum": 154, "nowhere": 0}
    for method in "descent", "damped":
        assert census(method, 61)["minimum"] == 3721
        assert census(method)["minimum"] == 151**2
    assert set(himmelblau_map("newton").ravel()) == set(range(9))
    kinds = [place.kind for place in himmelblau.stationary]
    saddles = [k for k, kind in enumerate(kinds) if kind == "saddle"]
    share = np.isin(himmelblau_map("newton"), saddles).mean()
    assert census_share("newton", "saddle") == pytest.approx(share, rel=1e-12)


def test_the_table_of_the_census_adds_up_and_its_kinds_are_those_of_the_hessian():
    rows = {name: shown for name, *shown in cells(table_census())}
    for shown in rows.values():
        numbers = [int(cell.split()[0].replace(",", "")) for cell in shown]
        shares = [float(cell.split("(")[1].rstrip("%)")) for cell in shown]
        assert sum(numbers) == 151**2
        assert shares == pytest.approx([n / 228.01 for n in numbers], abs=0.051)
    at = np.array([place.at for place in himmelblau.stationary])
    found = [classify(himmelblau.hess(at[k])) for k in himmelblau_map("newton").ravel()]
    first_cells = [cell.split()[0] for cell in rows["Newton"]]
    told = [f"{found.count(k):,}" for k in ("minimum", "saddle", "maximum")]
    assert first_cells == told


def test_the_claims_of_the_page():
    assert claim_six_exhibits_do_what_they_are_named_for()
    assert claim_inside_the_critical_start_newton_converges()
    assert claim_one_step_to_the_saddle()
    assert claim_descent_parts_the_square_in_four()
    assert claim_newton_loses_a_third_of_its_starts()
    assert claim_only_pure_newton_ends_on_saddles()
    assert claim_on_the_camel_x_goes_on_alone()
    assert claim_depth_does_not_attract()
    assert claim_the_order_of_the_zero_gives_the_factor()
    assert claim_downhill_if_positive_definite()
    assert claim_least_squares_takes_the_shortest_step()
    assert claim_an_uphill_step_is_not_cured_by_halving()
    assert claim_a_shift_moves_all_eigenvalues()
    assert claim_a_shift_that_stays_slows_the_end()
    assert claim_two_steps_lead_from_the_floor()
    assert claim_just_above_the_border_the_step_is_long()
    assert claim_the_trust_step_is_the_best()
    assert claim_damping_rescues_the_far_starts()


def test_what_the_page_counts_and_lists():
    path = newton(overlap_grad, overlap_hess, 0.0, 20)
    k = overlap_steps(0.0)
    assert abs(path[k] - path[-1]) < 1e-3 <= abs(path[k - 1] - path[-1])
    runs = damped_on_sqrt()
    assert runs == pytest.approx([2, -0.5, 0.5**3, -(0.5**9)])
    sixth = newton(lambda x: 6 * x**5, lambda x: 30 * x**4, 1.0, 2)  # on x⁶, m = 5
    assert sixth == pytest.approx(CRAWLING)
    assert multiplicity(CRAWLING) == pytest.approx(5)
    assert first_within(bent_valley(), [1, 1], 1e-6) == 6


def test_starts_at_rest_are_left_alone():
    """The same ends as a plain loop over all starts, to the last digits."""
    theta = starts = square_grid(13, 5.5)
    for _ in range(50):
        (a, b), (_, d) = himmelblau.hess(theta)
        g, h = himmelblau.grad(theta)
        theta = theta - np.stack([d * g - b * h, a * h - b * g]) / (a * d - b * b)
    np.testing.assert_allclose(newton_from_all(himmelblau, starts), theta, atol=1e-9)
    theta = starts
    for _ in range(400):
        theta = theta - 0.005 * himmelblau.grad(theta)
    ours = METHODS["descent"](himmelblau, starts, steps=400)
    np.testing.assert_allclose(ours, theta, atol=1e-9)


def test_descent_on_a_coarser_grid_is_split_in_four():
    reached = himmelblau_map("descent", 21)
    assert np.bincount(reached.ravel()).tolist() == [109, 113, 109, 110]


def test_the_census_of_the_camel_and_of_hagan():
    shares = np.bincount(camel_map(81).ravel()) / 81**2
    np.testing.assert_allclose(shares[0], 0.086, atol=5e-4)
    np.testing.assert_allclose(shares[1:3].sum(), 0.741, atol=5e-4)
    np.testing.assert_allclose(shares[3:].sum(), 0.173, atol=5e-4)
    assert camel.f(camel.minima[0]) < camel.f(camel.minima[1])
    reached = ends(hagan, newton_from_all(hagan, square_grid(41, 1.983)))
    total = count(hagan, reached)
    assert total == {"minimum": 1333, "saddle": 348, "maximum": 0, "nowhere": 0}


def test_the_camels_map_is_made_of_stripes():
    assert (camel_map() == camel_map()[0]).all()
    for start in np.random.default_rng(1).uniform(-5, 5, size=(10, 2)):
        after = plane_step(camel.grad, camel.hess, start)
        assert after[1] == pytest.approx(-after[0] / 2, abs=1e-12)
    x = np.linspace(-5, 5, 8001)
    for _ in range(60):  # x alone, with y = −x/2 put into the slope
        x = x - (x**5 - 4.2 * x**3 + 3.5 * x) / (5 * x**4 - 12.6 * x**2 + 3.5)
    shares = [np.mean(abs(x - place.at[0]) < 1e-6) for place in camel.stationary]
    assert camel_shares() == pytest.approx(shares[:3], abs=3e-4)


@pytest.mark.parametrize("method", ["newton", "damped", "descent"])
def test_many_starts_at_once_are_the_runs_of_each(method):
    starts = square_grid(5, 5.5)
    steps = 12
    many = METHODS[method](himmelblau, starts, steps=steps)
    for i, j in [(0, 0), (1, 3), (2, 2), (3, 1), (4, 2)]:
        start = starts[:, i, j]
        if method == "newton":
            path = plane_newton(himmelblau.grad, himmelblau.hess, start, steps)
        elif method == "damped":
            hess = absolute(himmelblau.hess)
            path = damped_newton(himmelblau.f, himmelblau.grad, hess, start, steps)
        else:
            path = descend(himmelblau.grad, start, 0.005, steps)
        np.testing.assert_allclose(many[:, i, j], path[-1], rtol=1e-6, atol=1e-9)


def test_the_census_does_not_hang_on_how_the_system_is_solved():
    theta = square_grid(61, 5.985)
    for _ in range(50):
        (a, b), (_, d) = himmelblau.hess(theta)
        g, h = himmelblau.grad(theta)
        theta = theta - np.stack([d * g - b * h, a * h - b * g]) / (a * d - b * b)
    other = ends(himmelblau, theta)
    assert np.mean(other != himmelblau_map("newton", 61)) < 1e-3


# Degenerate


def test_newton_crawls_on_a_quartic_and_doubles_on_a_cusp():
    path = newton(quartic.grad, quartic.hess, 1.0, 40)
    np.testing.assert_allclose(path[1:] / path[:-1], 2 / 3, rtol=1e-12)
    assert first(path < 1e-6) == quartic_steps() == 35
    assert math.ceil(math.log(1e-6) / math.log(2 / 3)) == quartic_steps()
    path = newton(pow43.grad, pow43.hess, 1.0, 6)
    np.testing.assert_allclose(path[1:] / path[:-1], -2, rtol=1e-12)


def test_descent_on_a_quartic_is_slower_still():
    path = descend(quartic.grad, 1.0, 0.1, 10_000)
    assert path[-1] == pytest.approx(0.01117556, rel=1e-6)
    assert path[-1] == pytest.approx(1 / math.sqrt(0.8 * 10_000), rel=1e-3)


def test_the_run_tells_the_multiplicity_and_the_multiplicity_cures_it():
    for landscape, m in (quartic, 3), (pow43, 1 / 3):
        path = newton(landscape.grad, landscape.hess, 1.0, 2)
        assert multiplicity(path) == pytest.approx(m, rel=1e-12)
        hess = lambda x, f=landscape, m=m: f.hess(x) / m
        after = newton_step(landscape.grad, hess, 1.0)
        assert after == pytest.approx(0, abs=1e-15)
    assert newton_step(quartic.grad, lambda x: quartic.hess(x) / 3, 1.0) == 0


def test_a_singular_system_has_a_shortest_solution():
    start = np.array([3.0, 1.0])
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.solve(valley_hess(start), -valley_grad(start))
    p = np.linalg.lstsq(valley_hess(start), -valley_grad(start), rcond=None)[0]
    expected = -scipy.linalg.pinvh(valley_hess(start)) @ valley_grad(start)
    np.testing.assert_allclose(p, expected, rtol=1e-12)
    assert sum(start + p) == pytest.approx(2, rel=1e-14)


def test_separable_data_have_no_minimum():
    path = newton(parted_grad, overlap_hess, 0.0, 12)
    expected = [1.33, 2.43, 3.84, 5.55, 7.42, 9.38]
    np.testing.assert_allclose(path[1:7], expected, atol=6e-3)
    assert np.diff(path)[-1] == pytest.approx(2, abs=0.01)
    slow = descend(parted_grad, 0.0, 0.5, 10_000)
    assert (np.diff(slow[[100, 1000, 10_000]]) < math.log(10) / 0.5).all()
    assert (np.diff(slow[[100, 1000, 10_000]]) > 3).all()
    grad, hess = _penalised(parted_grad, overlap_hess)
    root = scipy.optimize.brentq(grad, 0, 10, xtol=1e-14)
    assert newton(grad, hess, 0.0, 8)[-1] == pytest.approx(root, rel=1e-12)


# Repairs


def armijo_path(f, grad, hess, start, steps):
    """The same rule in another form: the largest of 1, ½, ¼, … that passes."""
    path = [np.asarray(start, float)]
    for _ in range(steps):
        x = path[-1]
        p = -scipy.linalg.solve(np.atleast_2d(hess(x)), np.atleast_1d(grad(x)))
        p = p.reshape(x.shape)
        slope = float(np.sum(grad(x) * p))
        halves = 0.5 ** np.arange(60)
        passing = [t for t in halves if f(x + t * p) <= f(x) + 1e-4 * t * slope]
        path.append(x + passing[0] * p)
    return np.array(path)


@pytest.mark.parametrize(
    ("landscape", "start", "steps"),
    [(sqrt1p, 2.0, 4), (lncosh, 2.0, 5), (arctan, 3.0, 3)],
)
def test_damped_newton_on_curves_step_by_step(landscape, start, steps):
    f, grad, hess = landscape.f, landscape.grad, landscape.hess
    ours = damped_newton(f, grad, hess, start, steps)
    exact = armijo_path(f, grad, hess, start, steps)
    np.testing.assert_allclose(ours, exact, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("landscape", "start"),
    [(rosenbrock, [-1.2, 1.0]), (himmelblau, [0.0, 0.0]), (himmelblau, [-1.0, 4.0])],
)
def test_damped_newton_on_surfaces_step_by_step(landscape, start):
    """|H| a second way: the square root of the matrix H²."""
    f, grad = landscape.f, landscape.grad
    ours = damped_newton(f, grad, absolute(landscape.hess), np.array(start), 12)
    root = lambda x: scipy.linalg.sqrtm(landscape.hess(x) @ landscape.hess(x)).real
    other = armijo_path(f, grad, root, start, 12)
    np.testing.assert_allclose(ours, other, rtol=1e-7, atol=1e-8)
    heights = [f(theta) for theta in ours]
    assert (np.diff(heights) <= 0).all()


def test_damping_the_square_root_quarters_the_first_step_only():
    path = damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, 2.0, 4)
    expected = [2, -0.5, 0.125, -0.001953125, 7.450580596923828e-09]
    np.testing.assert_allclose(path, expected, rtol=1e-9)


def test_damping_repairs_the_log_loss():
    path = overlap_damped(4.0, 6)
    assert path[-1] == pytest.approx(1.35111216, abs=1e-8)


def test_damping_has_its_price_on_rosenbrock():
    assert rosenbrock_steps() == 21
    pure = bent_valley()
    assert first_within(pure, [1, 1], 1e-6) == 6


def test_damping_alone_refuses_an_uphill_direction():
    with pytest.raises(ValueError, match="does not lead down"):
        damped_newton(well.f, well.grad, well.hess, 0.3, 1)


@pytest.mark.parametrize(
    ("mu", "first", "last"),
    [
        (0.5, -0.8869565217, -1),
        (0.75, 13.95, 1),
        (1.0, 1.3111111111, 1),
        (2.0, 0.515, 1),
    ],
)
def test_the_shift_decides_which_well(mu, first, last):
    assert first_landing(mu) == pytest.approx(first, abs=5e-5)
    path = newton(well.grad, shifted(well.hess, mu), 0.3, 200)
    assert path[1] == first_landing(mu)
    assert path[-1] == pytest.approx(last, abs=1e-9)
    x = 0.3  # the same by hand
    by_hand = x - (x**3 - x) / (3 * x**2 - 1 + mu)
    assert path[1] == pytest.approx(by_hand, rel=1e-12)
    rows = {row[0]: row[1:] for row in cells(table_shifts())}
    assert float(rows[str(mu)][0]) == pytest.approx(by_hand, abs=5e-5)
    assert rows[str(mu)][1] == str(last)


def test_without_a_shift_the_run_ends_on_the_hill():
    assert cells(table_shifts())[0][0] == "0.0"
    assert abs(float(cells(table_shifts())[0][2])) == 0


def test_only_a_shift_above_one_leads_down_where_an_eigenvalue_is_minus_one():
    for mu in 0.5, 1.0, 1.5:
        definite = -1 + mu > 0 and 3 + mu > 0
        assert leads_down(mu) == definite


def test_a_shift_above_minus_the_lowest_eigenvalue_leads_down():
    rng = np.random.default_rng(2)
    for _ in range(20):
        half = rng.normal(size=(3, 3))
        H, g = half + half.T, rng.normal(size=3)
        mu = max(0, -np.linalg.eigvalsh(H)[0]) + 0.1
        p = solve(shifted(lambda x, H=H: H, mu)(g), -g)
        assert g @ p < 0
        far = solve(shifted(lambda x, H=H: H, 1e9)(g), -g)
        np.testing.assert_allclose(far, -g / 1e9, rtol=1e-6)


def test_the_shifted_step_minimises_the_model_with_a_penalty():
    H, g, mu = np.array([[2.0, 1.0], [1.0, -0.5]]), np.array([1.0, -3.0]), 2.0
    p = solve(shifted(lambda x: H, mu)(g), -g)
    penalty = lambda q: g @ q + q @ H @ q / 2 + mu * q @ q / 2
    other = scipy.optimize.minimize(penalty, np.zeros(2), tol=1e-12).x
    np.testing.assert_allclose(p, other, atol=1e-5)


def test_the_absolute_hessian_leaves_saddles():
    H = absolute(saddle.hess)
    path = plane_newton(saddle.grad, H, [1.0, 0.001], steps=3)
    np.testing.assert_allclose(path[1:], [[0, 0.002], [0, 0.004], [0, 0.008]])
    for theta in np.random.default_rng(3).uniform(-4, 4, size=(20, 2)):
        bent = absolute(himmelblau.hess)(theta)
        root = scipy.linalg.sqrtm(himmelblau.hess(theta) @ himmelblau.hess(theta))
        np.testing.assert_allclose(bent, root.real, rtol=1e-6, atol=1e-6)
        assert (
            himmelblau.grad(theta) @ np.linalg.solve(bent, himmelblau.grad(theta)) > 0
        )
    assert absolute(well.hess)(0.3) == pytest.approx(0.73, rel=1e-12)
    assert claim_the_absolute_hessian_leads_down()


def lowest_on_the_disc(g, H, radius):
    """The best point of the model on a fine net of the disc's rim and inside."""
    turns = np.linspace(0, 2 * np.pi, 20_001)
    rim = radius * np.stack([np.cos(turns), np.sin(turns)])
    points = np.concatenate([rim * part for part in np.linspace(0, 1, 11)], axis=1)
    heights = g @ points + np.einsum("ik,ij,jk->k", points, H, points) / 2
    return points[:, heights.argmin()], heights.min()


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("at", [(0.5, 3.3), (1.0, 2.5), (3.2, 2.2)])
def test_the_trust_step_is_the_lowest_point_of_the_disc(at, radius):
    g, H = himmelblau.grad(at), himmelblau.hess(at)
    step, mu = trust_step(g, H, radius)
    height = g @ step + step @ H @ step / 2
    found, lowest = lowest_on_the_disc(g, H, radius)
    assert np.linalg.norm(step) <= radius * (1 + 1e-9)
    assert height <= lowest + 1e-6
    if mu > 0:
        np.testing.assert_allclose(step, found, atol=2e-3)
        np.testing.assert_allclose((H + mu * np.eye(2)) @ step, -g, rtol=1e-8)


def test_a_wide_trust_region_gives_newtons_step():
    at = np.array([3.2, 2.2])
    step, mu = trust_step(himmelblau.grad(at), himmelblau.hess(at), radius=5.0)
    expected = plane_step(himmelblau.grad, himmelblau.hess, at) - at
    np.testing.assert_allclose(step, expected, rtol=1e-12)
    assert mu == 0


def test_a_narrow_trust_region_gives_the_gradients_direction():
    g, H = himmelblau.grad((0.5, 3.3)), himmelblau.hess((0.5, 3.3))
    step, _ = trust_step(g, H, radius=1e-4)
    assert angle(step, -g) < 0.1


def test_the_trust_step_leaves_out_a_gradient_across_the_lowest_eigenvector():
    at = np.array([1.0, 0.0])
    step, mu = trust_step(saddle.grad(at), saddle.hess(at), radius=2.0)
    np.testing.assert_allclose(step, [-0.5, 0.0], atol=1e-9)  # and not of length 2
    assert mu == pytest.approx(2.0)


def test_the_hard_case_is_hard_only_where_the_step_is_short():
    """(10, 0) on diag(1, −1), radius 1: the rim's lowest point is −e₁, by algebra."""
    turn = sympy.Symbol("t")
    rim = 10 * sympy.cos(turn) + (sympy.cos(turn) ** 2 - sympy.sin(turn) ** 2) / 2
    lowest = sympy.calculus.util.minimum(rim, turn, sympy.Interval(0, 2 * sympy.pi))
    step, mu = trust_step(np.array([10.0, 0.0]), saddle.hess([0, 0]) / 2, radius=1.0)
    np.testing.assert_allclose(step, [-1, 0], atol=1e-9)
    assert mu == pytest.approx(9)
    assert lowest == sympy.Rational(-19, 2) == 10 * -1 + sympy.Rational(1, 2)
    with pytest.raises(np.linalg.LinAlgError):
        trust_step(np.zeros(2), saddle.hess([0, 0]), radius=1.0)
    assert claim_only_the_hard_case_is_left_out()


def test_the_trust_step_bears_a_singular_hessian():
    start = np.array([3.0, 1.0])
    step, _ = trust_step(valley_grad(start), valley_hess(start), radius=3.0)
    np.testing.assert_allclose(step, [-1, -1], atol=1e-6)


def test_newton_near_the_saddle_goes_onto_it_and_the_trust_step_does_not():
    at = np.array([0.5, 3.3])
    path = plane_newton(himmelblau.grad, himmelblau.hess, at, 8)
    place = himmelblau.stationary[ends(himmelblau, path[-1])]
    assert place.kind == "saddle"
    step, _ = trust_step(himmelblau.grad(at), himmelblau.hess(at), 2.0)
    assert himmelblau.f(at + step) < himmelblau.f(place.at)


def test_newtons_step_ends_near_the_saddle_and_not_on_it():
    at = np.array([0.5, 3.3])
    leap = at - np.linalg.inv(himmelblau.hess(at)) @ himmelblau.grad(at)
    root = scipy.optimize.root(himmelblau.grad, leap, tol=1e-12).x
    assert near_saddle() == pytest.approx(math.dist(leap, root), rel=1e-8)
    assert near_saddle() == pytest.approx(0.0787, abs=5e-4)


def test_the_full_step_promises_twice_what_it_brings():
    """On ½λx² + kx³ the fall is (½ + O(x)) of −g·p, by algebra."""
    x, bend, k = sympy.symbols("x lambda k", positive=True)
    f = bend * x**2 / 2 + k * x**3
    p = -f.diff(x) / f.diff(x, 2)
    share = (f - f.subs(x, x + p)) / (-f.diff(x) * p)
    assert sympy.limit(share, x, 0) == sympy.Rational(1, 2)
    assert claim_near_a_minimum_steps_are_full()
    for start in np.linspace(0.01, 0.99, 50):
        ours = damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, start, 3)
        np.testing.assert_allclose(ours, newton_on(sqrt1p, start, 3), atol=1e-12)


def test_parted_labels_have_no_best_weight():
    assert claim_parted_weights_grow_without_end()
    w = np.linspace(0, 60, 200)
    assert all(parted_grad(v) < 0 for v in w)


def test_beyond_the_inflection_newton_in_the_wells_reaches_one():
    """From there the step x → 2x³/(3x² − 1) is at least 1, and then it falls."""
    x = sympy.Symbol("x", positive=True)
    step = 2 * x**3 / (3 * x**2 - 1)
    assert sympy.factor(step - 1) == (x - 1) ** 2 * (2 * x + 1) / (3 * x**2 - 1)
    assert sympy.simplify(x - step - x * (x**2 - 1) / (3 * x**2 - 1)) == 0
    assert claim_beyond_the_inflection_all_reach_one()


def test_pure_newtons_map_has_the_longest_borders():
    for n in 31, 61:
        damped = _border("damped", n)
        assert _border("newton", n) / 4 > damped > _border("descent", n)
    ends = himmelblau_map("descent", 31)
    pairs = [(0, 1), (1, 0)]
    count = sum(
        ends[i, j] != ends[i + di, j + dj]
        for di, dj in pairs
        for i in range(31 - di)
        for j in range(31 - dj)
    )
    assert _border("descent", 31) == count


def test_every_exhibit_is_repaired():
    rows = cells(table_repairs())
    assert len(rows) == 10
    last = {row[0]: row[3].split(", ")[-1].split("→ ")[-1] for row in rows}
    assert last["√(1+x²) from 2"] == "7.45e-09"
    assert last["log loss from 4"] == "1.3511"
    assert last["two wells from 0.3"] == "1"
    assert last["trap from 0"] == f"{trap.minima[0]:.3f}"
    assert last["x⁴ from 1"] == last["\\|x\\|^(4/3) from 1"] == "0"


def test_the_repairs_end_where_scipy_says():
    rows = {row[0]: row[1:] for row in cells(table_repairs())}
    root = scipy.optimize.brentq(_penalised(parted_grad, overlap_hess)[0], 0, 10)
    finite = rows["separable data from 0"][2].split(", ")
    assert float(finite[-1]) == pytest.approx(root, abs=0.05)
    best = scipy.optimize.minimize_scalar(_overlap_loss, (0, 1)).x
    assert float(rows["log loss from 4"][2].split(", ")[-1]) == pytest.approx(
        best, abs=1e-4
    )
    heights = [float(y) for y in rows["x² - y² from (1, 0.001)"][2][4:].split(", ")]
    assert heights == pytest.approx([0.001 * 2**k for k in range(1, 6)])
    doubled = [float(x) for x in rows["\\|x\\|^(4/3) from 1"][0].split(", ")]
    assert doubled == [-2, 4, -8]


# The map's drawing


def area(loop):
    (x, y) = np.array(loop, float).T
    return (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2


def test_the_borders_enclose_the_cells():
    rng = np.random.default_rng(4)
    for inside in (rng.random((9, 7)) < 0.5, np.ones((3, 3), bool), np.eye(4) > 0):
        loops = outline(inside)
        assert sum(map(area, loops)) == inside.sum()
    hole = np.ones((3, 3), bool)
    hole[1, 1] = False
    assert sorted(map(area, outline(hole))) == [-1, 9]
    assert outline(np.zeros((2, 2), bool)) == []


@pytest.mark.parametrize(
    ("scale", "found"), [(0.4, 0.5), (0.51, 0.51), (1.9, 1.9), (3.0, 2.0)]
)
def test_the_critical_start_is_looked_for_between_a_half_and_two(scale, found):
    """Of √(1 + (x/s)²) it is s."""
    grad = lambda x: x / scale**2 / math.hypot(1, x / scale)
    hess = lambda x: 1 / scale**2 / math.hypot(1, x / scale) ** 3
    assert critical_start(grad, hess) == pytest.approx(found, abs=1e-12)


def test_a_start_that_is_mirrored_does_not_come_nearer():
    assert critical_start(lambda x: 2 * x, lambda x: 1) == 0.5


def test_of_a_long_path_the_last_three_points_say_the_multiplicity():
    path = [5.0, 1.0, 0.9, 0.3, 0.15]  # the last step is a quarter of the one before
    assert multiplicity(path) == pytest.approx(4 / 3)


def test_unasked_damped_newton_takes_ten_steps():
    f, grad, hess = lambda x: x**4, lambda x: 4 * x**3, lambda x: 12 * x * x
    path = damped_newton(f, grad, hess, 1.0)
    np.testing.assert_allclose(path, [(2 / 3) ** k for k in range(11)], rtol=1e-12)


def test_a_flat_direction_gets_a_curvature_of_a_hundred_millionth():
    assert absolute(lambda x: 0.0)(1.0) == 1e-8
    flat = absolute(lambda x: np.zeros((2, 2)))([1.0, 1.0])
    np.testing.assert_array_equal(flat, 1e-8 * np.eye(2))


@pytest.mark.parametrize(
    ("curvature", "slope", "mu"),
    [(0.5, 0.1, 0), (1.0, 1.0, 0), (1.5, 1.0, 0), (1.0, 1.5, 0.5), (-1.0, 0.5, 1.5)],
)
def test_a_step_that_fits_is_newtons_own_and_no_other(curvature, slope, mu):
    """In one dimension |slope| / (curvature + μ) is 1 where it does not fit."""
    p, found = trust_step(np.array([slope]), np.array([[curvature]]), radius=1.0)
    assert found == (pytest.approx(mu, rel=1e-10) if mu else 0.0)
    assert p[0] == pytest.approx(-slope / (curvature + mu), rel=1e-10)


def test_a_step_as_long_as_the_radius_is_short_enough():
    _, mu = trust_step(np.array([2.0]), np.array([[1.0]]), radius=1.0)
    assert mu == 1.0  # which is the first middle
