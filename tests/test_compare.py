"""Methods compared: each update against SciPy's, each claim against a count."""

import math

import compare
import numpy as np
import pytest
import scipy.optimize
from compare import (
    _METHODS,
    Bananas,
    Classes,
    _banana_results,
    _cautious,
    _lbfgs,
    _Meter,
    _newton_work,
    _race,
    _rank_two,
    _tuned,
    _work,
    bfgs,
    cheapest,
    counted_operations,
    flops,
    gibibytes,
    least_work,
    moves,
    newton_in_ravine,
    relative_work,
    results,
    secant,
    secant_orders,
    table_bananas,
    table_moves,
    table_tuning,
    table_work,
    to_nine_digits,
    two_loops,
    updated,
    wolfe,
    work_with,
)
from conftest import cells
from descent import worst_slope
from newton import newton_step
from shared.landscapes import explog, himmelblau, quad1, quartic, rosenbrock

CLAIMS = [name for name in vars(compare) if name.startswith("claim_")]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(compare, name)() is True


def bowl(d=5, seed=3):
    """A quadratic: its matrix, its gradient, its loss."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
    matrix = turn @ np.diag(np.geomspace(1, 30, d)) @ turn.T
    return matrix, lambda x: matrix @ x, lambda x: x @ matrix @ x / 2


def test_the_secant_method_is_scipys():
    path = secant(explog.grad, 1.5, 1.6, 8)  # SciPy puts the worse of the two last
    root = scipy.optimize.newton(explog.grad, 1.6, x1=1.5, tol=1e-14)
    assert path[-1] == pytest.approx(root, abs=1e-13)
    for k in range(1, 6):
        one = scipy.optimize.newton(
            explog.grad, 1.6, x1=1.5, tol=1e-30, maxiter=k, disp=False
        )
        assert path[k + 1] == pytest.approx(one, rel=1e-13)


def test_the_order_of_the_secant_method_is_the_golden_ratio():
    orders = secant_orders()
    assert orders[-4:-1] == pytest.approx([1.6296607, 1.6136250, 1.6197228], abs=1e-5)
    assert orders[-1] == pytest.approx((1 + math.sqrt(5)) / 2, abs=2e-3)


def test_without_curvature_the_secant_method_is_only_linear():
    """On x⁴, where f″ = 0 at the minimum, a step leaves a factor, not a power."""
    path = secant(quartic.grad, 1.0, 0.9, 60)
    factors = path[31:] / path[30:-1]
    z = np.roots([1, 1, 0, -1])  # of z³ + z² = 1, for slopes like x³
    assert factors == pytest.approx(z[np.isreal(z)].real[0], abs=1e-6)
    assert secant_orders("1.6", "1.5")[-1] > 1.5


def test_every_update_of_the_estimate_is_scipys():
    strategy = scipy.optimize.BFGS(init_scale=1.0)
    strategy.initialize(4, "inv_hess")
    inverse, rng = np.eye(4), np.random.default_rng(1)
    matrix = bowl(4)[0]
    for s in rng.normal(size=(12, 4)):
        y = matrix @ s
        inverse = updated(inverse, s, y)
        strategy.update(s, y)
        np.testing.assert_allclose(
            inverse, strategy.get_matrix(), rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose(inverse @ y, s, rtol=1e-9, atol=1e-10)
        assert np.linalg.eigvalsh(inverse)[0] > 0


def test_the_update_is_the_inverse_of_the_direct_one():
    """Sherman, Morrison and Woodbury: H gains yyᵀ/yᵀs and loses Hs(Hs)ᵀ/sᵀHs."""
    rng = np.random.default_rng(2)
    matrix, direct, inverse = bowl(3)[0], np.eye(3), np.eye(3)
    for s in rng.normal(size=(6, 3)):
        y = matrix @ s
        hs = direct @ s
        direct += np.outer(y, y) / (y @ s) - np.outer(hs, hs) / (s @ hs)
        inverse = updated(inverse, s, y)
        np.testing.assert_allclose(
            inverse, np.linalg.inv(direct), rtol=1e-8, atol=1e-10
        )


def test_the_two_loops_are_the_matrix_and_scipys_product():
    rng = np.random.default_rng(0)
    matrix = bowl(6)[0]
    pairs = [(s, matrix @ s) for s in rng.normal(size=(4, 6))]
    inverse = np.eye(6)
    for s, y in pairs:
        inverse = updated(inverse, s, y)
    product = scipy.optimize.LbfgsInvHessProduct(
        *map(np.array, zip(*pairs, strict=True))
    )
    for g in rng.normal(size=(5, 6)):
        np.testing.assert_allclose(two_loops(g, pairs), inverse @ g, rtol=1e-9)
        np.testing.assert_allclose(two_loops(g, pairs), product.matvec(g), rtol=1e-9)


def test_with_exact_line_searches_bfgs_is_conjugate_gradients(monkeypatch):
    matrix, grad, f = bowl()
    exact = lambda f, grad, x, p: -(grad(x) @ p) / (p @ matrix @ p)
    monkeypatch.setattr(compare, "wolfe", exact)
    start = np.ones(5)
    path = bfgs(f, grad, start, 5)
    x, r = start, -grad(start)
    p, points = r, [start]
    for _ in range(5):
        t = (r @ r) / (p @ matrix @ p)
        x, old = x + t * p, r
        r = r - t * matrix @ p
        p = r + (r @ r) / (old @ old) * p
        points.append(x)
    np.testing.assert_allclose(path, points, atol=1e-8)
    assert np.linalg.norm(path[5]) < 1e-8, "five steps solve five dimensions"


def test_with_one_pair_and_all_pairs_lbfgs_brackets_bfgs():
    start = np.array([-1.2, 1.0])
    full = bfgs(rosenbrock.f, rosenbrock.grad, start, 60)
    short = _lbfgs(rosenbrock.f, rosenbrock.grad, start, 60, memory=10)
    assert np.linalg.norm(full[-1] - 1) < 1e-8
    assert np.linalg.norm(short[-1] - 1) < 1e-8
    # The first two steps use the same information in the same way.
    np.testing.assert_allclose(full[:3], short[:3], rtol=1e-12)


@pytest.mark.parametrize("landscape", [rosenbrock, himmelblau], ids=repr)
def test_a_wolfe_step_falls_enough_and_lets_the_slope_rise(landscape):
    rng = np.random.default_rng(4)
    for x in rng.uniform(-2, 2, size=(50, 2)):
        g = landscape.grad(x)
        t = wolfe(landscape.f, landscape.grad, x, -g)
        there = x - t * g
        assert landscape.f(there) <= landscape.f(x) - 1e-4 * t * (g @ g)
        assert landscape.grad(there) @ -g >= 0.9 * -(g @ g)


def test_bfgs_ends_where_scipys_ends():
    ours = bfgs(rosenbrock.f, rosenbrock.grad, [-1.2, 1.0], 60)
    theirs = scipy.optimize.minimize(
        rosenbrock.f, [-1.2, 1.0], jac=rosenbrock.grad, method="BFGS"
    )
    np.testing.assert_allclose(ours[-1], theirs.x, atol=1e-5)
    steps = int((np.linalg.norm(ours - 1, axis=1) < 1e-6).argmax())
    assert 25 <= steps <= 45
    assert 25 <= theirs.nit <= 45


def test_the_classes_have_these_derivatives_and_this_minimum():
    problem = Classes(4)
    rng = np.random.default_rng(5)
    for w in rng.normal(size=(5, 4)):
        for axis in range(4):
            along = lambda z, w=w, axis=axis: w + (z - w[axis]) * np.eye(4)[axis]
            f = lambda z, a=along: problem.f(a(z))
            g = lambda z, a=along, axis=axis: problem.grad(a(z))[axis]
            h = lambda z, a=along, axis=axis: problem.hess(a(z))[axis, axis]
            assert worst_slope(f, g, [w[axis]]) < 1e-7
            assert worst_slope(g, h, [w[axis]]) < 1e-7
    assert np.linalg.norm(problem.grad(problem.best)) < 1e-12
    assert np.linalg.eigvalsh(problem.hess(problem.best))[0] > 0


def test_the_largest_curvature_anywhere_is_that_at_zero():
    problem = Classes(20)
    weights = np.random.default_rng(1).normal(size=(20, 20)) * 5
    for w in (problem.best, *weights):
        assert np.linalg.eigvalsh(problem.hess(w))[-1] < problem.highest
    at_zero = np.linalg.eigvalsh(problem.hess(0 * weights[0]))
    assert problem.highest == pytest.approx(at_zero[-1])


@pytest.mark.parametrize(("lowest", "highest"), [(1, 9), (0.01, 0.9), (3, 3000)])
def test_the_tuned_numbers_are_the_best_for_two_curvatures(lowest, highest):
    """The factor of each method at both ends, against 200 numbers beside them."""
    curvatures = np.array([lowest, highest])

    def factor(rate, beta):
        trace = 1 + beta - rate * curvatures
        roots = [np.roots([1, -t, beta]) for t in trace]
        return np.abs(roots).max()

    rate, (heavy, beta) = _tuned(lowest, highest)
    plain, best = factor(rate, 0.0), factor(heavy, beta)
    rng = np.random.default_rng(0)
    for x, y in np.exp(rng.normal(scale=0.3, size=(200, 2))):
        assert factor(rate * x, 0.0) >= plain - 1e-9
        assert factor(heavy * x, min(beta * y, 1.0)) >= best - 1e-6


@pytest.mark.parametrize("d", [2, 10, 50])
@pytest.mark.parametrize("seed", range(3))
def test_all_five_arrive_with_the_tuned_numbers_on_other_data(d, seed):
    problem = Classes(d, seed)
    runs = [_race(problem, np.zeros(d), problem.best, name) for name in _METHODS]
    works = {name: run.work for name, run in zip(_METHODS, runs, strict=True)}
    assert all(np.isfinite(list(works.values())))
    least = {2: ["damped Newton"], 10: ["L-BFGS"], 50: ["momentum", "L-BFGS"]}
    assert min(works, key=works.get) in least[d]
    cautious = _cautious(problem)["heavy"]
    path = compare.momentum(problem.grad, np.zeros(d), cautious[0], 400, cautious[1])
    careless = (np.linalg.norm(path - problem.best, axis=1) < 1e-6).argmax()
    assert careless > 1.5 * works["momentum"]


@pytest.mark.parametrize("seed", range(3))
def test_momentum_is_ahead_at_a_hundred_on_other_data(seed):
    problem = Classes(100, seed)
    heavy, remembered = (
        _race(problem, np.zeros(100), problem.best, name).work
        for name in ("momentum", "L-BFGS")
    )
    assert heavy < remembered < 110


def test_the_numbers_of_the_valley_are_the_best_of_a_sweep():
    """All multiples of 0.0001 and of 0.01 at once, on two arrays."""
    rates = np.arange(1, 41)[:, None] * 1e-4
    betas = np.arange(80, 100)[None] / 100
    for beta, steps, best in [
        (np.zeros((1, 1)), 20_000, (Bananas.rate, 0.0)),
        (betas, 500, Bananas.heavy),
    ]:
        rate, beta = np.broadcast_arrays(rates, beta)
        x, y, u, v = (np.full(rate.shape, c) for c in (-1.2, 1.0, 0.0, 0.0))
        arrived = np.full(rate.shape, steps + 1)
        with np.errstate(over="ignore", invalid="ignore"):
            for k in range(1, steps + 1):
                up = -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)
                u, v = beta * u + up[0], beta * v + up[1]
                x, y = x - rate * u, y - rate * v
                near = np.hypot(x - 1, y - 1) < 1e-6
                arrived = np.where(near, np.minimum(arrived, k), arrived)
        at = np.unravel_index(arrived.argmin(), arrived.shape)
        assert (rate[at], beta[at]) == pytest.approx(best)


@pytest.mark.parametrize("d", [3, 8])
def test_multiplied_out_the_update_needs_no_product_of_matrices(d):
    rng = np.random.default_rng(d)
    s, y, root = rng.normal(size=d), rng.normal(size=d), rng.normal(size=(d, d))
    assert _rank_two(root @ root.T, s, y) == pytest.approx(
        updated(root @ root.T, s, y), rel=1e-8, abs=1e-10
    )


def test_the_operations_of_bfgs_are_eight_d_squared_and_a_few_d():
    """A square for every product and sum: By, Bg, two outer products, two sums."""
    d = np.array([10, 20, 40])
    rest = [counted_operations(k) - 8 * k * k for k in d]
    assert np.all(np.array(rest) <= 6 * d)
    assert flops(1000)["BFGS"] == 8 * 1000**2


def test_bfgs_and_newton_reach_nine_digits_with_about_the_same_work():
    newton, bfgs_ = (compare.to_nine_digits(name) for name in ("damped Newton", "BFGS"))
    assert newton[0] <= 6 < 50 < bfgs_[0]
    assert bfgs_[2] == pytest.approx(newton[2], rel=0.15)
    for name in "momentum", "L-BFGS":
        assert to_nine_digits(name).work > max(newton[2], bfgs_[2])


def test_a_meter_counts_each_point_once():
    meter = _Meter(rosenbrock)
    for _ in range(3):
        meter.grad(np.array([1.0, 2.0]))
        meter.hess(np.array([1.0, 2.0]))
    meter.f(np.array([1.0, 2.0]))
    assert meter.count == {"grad": 1, "hess": 1, "f": 1}
    assert _work(meter.count, price=2) == pytest.approx(1 + 2 + 1 / 3)


def test_the_race_counts_what_the_run_needs():
    problem = Classes(2)
    steps, count, spent = _race(problem, np.zeros(2), problem.best, "gradient descent")
    assert count["grad"] == steps == spent
    path = _METHODS["gradient descent"](problem, np.zeros(2), steps)
    errors = np.linalg.norm(path - problem.best, axis=1)
    assert errors[steps] < 1e-6 <= errors[steps - 1]


def test_newtons_steps_stay_and_its_work_grows_with_the_dimension():
    newton = {d: results(d)["damped Newton"] for d in (2, 20, 100)}
    assert all(4 <= newton[d][0] <= 6 for d in newton)
    assert newton[2][2] < min(
        results(2)[n][2] for n in _METHODS if n != "damped Newton"
    )
    assert newton[100][2] > 4 * results(100)["L-BFGS"][2]
    assert results(20)["L-BFGS"][2] < newton[20][2]
    for d in (2, 20, 100):
        assert results(d)["gradient descent"][2] > 700
        assert results(d)["momentum"][2] < 100


def test_the_cheapest_method_changes_with_the_number_of_features():
    for d, name in (2, "damped Newton"), (20, "L-BFGS"), (100, "momentum"):
        works = sorted((result.work, method) for method, result in results(d).items())
        assert works[0][1] == name == cheapest(d)


def test_other_numbers_and_prices_make_other_winners():
    """At d = 20; each run once more, with the steps counted along its path."""
    problem = Classes(20)
    short = compare._lbfgs(problem.f, problem.grad, np.zeros(20), 90, memory=3)
    steps = (np.linalg.norm(short - problem.best, axis=1) < 1e-6).argmax()
    assert work_with("L-BFGS", 20, memory=3) > steps > 65
    assert work_with("L-BFGS", 20) == results(20)["L-BFGS"].work
    careless = work_with("momentum", 20, **_cautious(problem))
    assert careless > max(results(20)[n].work for n in ("BFGS", "damped Newton"))
    count = results(20)["damped Newton"].count
    assert _newton_work(20, 5) == count["grad"] + 5 * count["hess"] + count["f"] / 3
    assert _newton_work(20, 20) == results(20)["damped Newton"].work
    least = min(results(20)[name].work for name in _METHODS)
    assert _newton_work(20, 5) < least / 2


def test_the_table_of_the_tuning_has_the_tuned_runs_among_the_others():
    rows = cells(table_tuning())
    bold = [row for row in rows if row[1].startswith("**")]
    for row, name in zip(
        bold, ("gradient descent", "momentum", "L-BFGS", "damped Newton"), strict=True
    ):
        works = [f"{results(d)[name].work:,.0f}" for d in (2, 20, 100)]
        assert row[2:] == works
    for i, d in enumerate((2, 20, 100), start=2):
        problem = Classes(d)
        rate = 1 / np.linalg.eigvalsh(problem.hess(np.zeros(d)))[-1]
        path = compare.descend(problem.grad, np.zeros(d), rate, 2000)
        steps = (np.linalg.norm(path - problem.best, axis=1) < 1e-6).argmax()
        assert rows[0][i] == f"{steps:,}"


@pytest.mark.parametrize("seed", range(1, 4))
def test_bfgs_goes_faster_in_the_end_and_newton_faster_still(seed):
    for d in 5, 10:
        problem, start = Classes(d, seed), np.zeros(d)
        best = problem.best
        away = np.linalg.norm(bfgs(problem.f, problem.grad, start, 80) - best, axis=1)
        factors = np.diff(np.log(away[away > 1e-9]))
        quarter = len(factors) // 4
        assert factors[-quarter:].mean() < 2 * factors[:quarter].mean() < 0
        path = compare.damped_newton(problem.f, problem.grad, problem.hess, start, 9)
        errors = np.linalg.norm(path - best, axis=1)
        # Closer than that, f has no digit left by which the search could decide.
        digits = -np.log10(errors[: 1 + (errors < 1e-7).argmax()])
        assert np.all((digits[1:] / digits[:-1])[digits[:-1] > 1] > 1.8)


@pytest.mark.parametrize("seed", [1, 2])
def test_adam_touches_ten_digits_and_is_thrown_out_again(seed):
    problem = Classes(20, seed)
    path = compare.adam(problem.grad, np.zeros(20), 0.1, 3000)
    errors = np.linalg.norm(path - problem.best, axis=1)
    arrived = (errors < 1e-10).argmax()
    assert 0 < arrived < 600
    assert errors[arrived:].max() > 1e-3


def test_the_curvatures_of_the_minimum_are_not_safe_for_momentum():
    """On three of 24 problems momentum with them does not come from zero."""
    lost = []
    for seed in range(8):
        for d in 2, 5, 10:
            p = Classes(d, seed)
            for highest in p.highest, p.highest_here:
                rate, beta = _tuned(p.lowest, highest)[1]
                path = compare.momentum(p.grad, np.zeros(d), rate, 1000, beta)
                if np.linalg.norm(path - p.best, axis=1).min() > 1e-6:
                    lost.append((d, seed, highest == p.highest_here))
    assert lost == [(2, 3, True), (2, 4, True), (5, 5, True)]


def test_the_valley_costs_gradient_descent_thousands():
    counts = _banana_results()
    assert counts["damped Newton"][0] == 21
    assert 25 <= counts["BFGS"][0] <= 45
    assert 25 <= counts["L-BFGS"][0] <= 45
    assert counts["gradient descent"][0] > 15000
    assert 300 < counts["momentum"][0] < 500


def test_a_hessian_of_a_million_parameters():
    assert gibibytes(1_000_000) == pytest.approx(3725.290298, abs=1e-6)


def test_what_a_step_costs():
    cost = flops(1000.0)
    assert cost["gradient descent"] < cost["L-BFGS"] < cost["BFGS"] < cost["Newton"]
    assert flops(2e6)["Newton"] / flops(1e6)["Newton"] == pytest.approx(8, rel=1e-4)


def test_neither_method_is_the_more_aggressive_one():
    assert moves(quad1, 2.0, 0.1) == (2.0, 0.4)
    assert moves(quad1, 2.0, 0.9) == (2.0, 3.6)
    assert moves(quartic, 2.0, 0.1) == (pytest.approx(2 / 3), 3.2)
    assert newton_step(quartic.grad, quartic.hess, 2.0) == pytest.approx(4 / 3)
    for x in 0.3, 1.1, 2.0:  # the border is the rate 1/f″
        border = 1 / explog.hess(x)
        newton, same = moves(explog, x, border)
        assert same == pytest.approx(newton, abs=1e-11)
        assert moves(explog, x, 1.01 * border)[1] > newton
        assert moves(explog, x, 0.99 * border)[1] < newton


def test_a_meter_has_the_rate_and_the_momentum_of_its_problem():
    meter = _Meter(Bananas)
    assert (meter.rate, meter.heavy) == (Bananas.rate, Bananas.heavy)
    assert not meter.count


def test_the_table_of_the_valley_has_the_steps_and_their_work():
    """Each run once more, with the steps counted along its path."""
    rows = {name: row for name, *row in cells(table_bananas())}
    assert list(rows) == list(_METHODS)
    for name, row in rows.items():
        steps, losses, gradients, hessians, spent = (
            int(text.replace(",", "")) for text in row
        )
        path = _METHODS[name](Bananas, np.array([-1.2, 1.0]), steps)
        away = np.hypot(*(path - 1).T)
        assert away[-1] < 1e-6
        assert away[:-1].min() >= 1e-6
        assert spent == round(gradients + 2 * hessians + losses / 3)
        assert hessians == (steps if name == "damped Newton" else 0)
    for name in "momentum", "gradient descent":
        steps, losses, gradients = rows[name][:3]
        assert (losses, gradients) == ("0", steps)


def test_the_table_of_work_counts_a_gradient_a_step_of_descent():
    rows = {name: row for name, *row in cells(table_work())}
    assert list(rows) == list(_METHODS)
    for d, text in zip((2, 20, 100), rows["gradient descent"], strict=True):
        problem, w, steps = Classes(d), np.zeros(d), 0
        while np.linalg.norm(w - problem.best) >= 1e-6:
            w, steps = w - problem.rate * problem.grad(w), steps + 1
        assert text == f"{steps:,}"
    least = [
        min(rows, key=lambda name: float(rows[name][i].replace(",", "")))
        for i in range(3)
    ]
    assert least == ["damped Newton", "L-BFGS", "momentum"]


def test_the_table_of_moves_is_what_the_derivatives_say():
    assert cells(table_moves()) == [
        ["$x^2$", "2.0", "0.1", "2.000", f"{0.1 * 2 * 2:.3f}", "Newton"],
        ["$x^2$", "2.0", "0.9", "2.000", f"{0.9 * 2 * 2:.3f}", "gradient descent"],
        ["$x^4$", "2.0", "0.1", f"{32 / 48:.3f}", "3.200", "gradient descent"],
    ]


def test_work_is_compared_with_damped_newtons():
    for d in 2, 100:
        assert relative_work("damped Newton", d) == 1
        newton = results(d)["damped Newton"].work
        assert relative_work("BFGS", d) * newton == pytest.approx(
            results(d)["BFGS"].work
        )
    assert relative_work("gradient descent", 2) > 20
    assert relative_work("L-BFGS", 100) < 0.25


def test_the_least_work_is_that_of_the_easiest_size():
    works = [results(d)["gradient descent"].work for d in (2, 5, 10, 20, 50, 100)]
    assert all(least_work("gradient descent") <= work for work in works)
    assert least_work("gradient descent") in works


def test_newton_crosses_the_ravine_in_one_step():
    assert newton_in_ravine() == pytest.approx([0, 0], abs=1e-15)


def test_unasked_the_secant_method_and_bfgs_take_ten_steps():
    slope = lambda x: 4 * x**3
    expected = [2.0, 1.5]
    for _ in range(10):
        x, y = expected[-2:]
        expected.append((x * slope(y) - y * slope(x)) / (slope(y) - slope(x)))
    np.testing.assert_allclose(secant(slope, 2.0, 1.5), expected, rtol=1e-9)
    f, grad = lambda x: (x**4).sum(), lambda x: 4 * x**3
    assert len(bfgs(f, grad, [1, 2])) == 11


@pytest.mark.parametrize(("start", "moves"), [(7e-13, 0), (1e-12, 1), (1.5e-12, 1)])
def test_bfgs_ends_where_the_slope_is_below_a_millionth_of_a_millionth(start, moves):
    f, grad = lambda x: (x @ x) / 2, lambda x: x
    assert len(bfgs(f, grad, [start], steps=1)) == 1 + moves


@pytest.mark.parametrize(
    ("fall", "left", "length"),
    [
        (1.5e-4, 0.5, 1.0),  # a little more than c of the promised fall
        (7e-5, 0.5, 2.0**-60),  # a little less, at every length
        (0.5, 0.85, 1.0),  # of the slope, at most `kept` is left
        (0.5, 0.95, 2.0**60),  # more of it, at every length
    ],
)
def test_the_two_conditions_of_wolfe_have_their_constants(fall, left, length):
    f = lambda x: -fall * x[0]
    grad = lambda x: np.array([-left if x[0] else -1.0])
    assert compare.wolfe(f, grad, np.zeros(1), np.ones(1)) == length


@pytest.mark.parametrize(("rise", "length"), [(9e-15, 1.0), (11e-15, 2.0**-60)])
def test_losses_that_differ_by_rounding_alone_count_as_equal(rise, length):
    for level in 1.0, -1.0:
        f = lambda x, level=level: level + (rise if x[0] else 0.0)
        grad = lambda x: np.array([-1e-30 if x[0] else -1e-20])
        assert wolfe(f, grad, np.zeros(1), np.ones(1)) == length


@pytest.mark.parametrize("tolerance", [1e-6, 1e-9])
def test_the_race_is_that_of_any_order_of_the_sums(tolerance, monkeypatch):
    """As another processor may add: the examples the other way round."""
    p, turned = Classes(20), Classes(20)
    turned.x, turned.y = p.x[::-1].copy(), p.y[::-1].copy()
    start = np.zeros(20)
    for name in ("BFGS", "L-BFGS", "momentum", "damped Newton"):
        here, there = (
            compare._race(q, start, p.best, name, tolerance=tolerance)
            for q in (p, turned)
        )
        assert here == there


def test_what_is_just_enough_is_enough():
    f, grad = lambda x: -x[0] / 2, lambda x: np.array([-0.5 if x[0] else -1.0])
    one = np.ones(1)
    assert compare.wolfe(f, grad, np.zeros(1), one, c=0.5, kept=0.5) == 1
