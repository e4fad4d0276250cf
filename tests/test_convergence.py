"""Convergence: what each stopping test proves, and the runs that fool it."""

import math

import convergence
import numpy as np
import pytest
from conftest import cells
from convergence import (
    BLIND,
    RUNS,
    _counted_on_plateau,
    _filled,
    _misses,
    _plateau_path,
    basin,
    basin_border,
    census,
    counted_to_leave,
    distance,
    distance_at_stop,
    flat,
    fooled,
    multistart,
    not_convex,
    outcome,
    signals,
    steps_on_plateau,
    steps_to_leave,
    steps_to_loss,
    still_to_go,
    stops,
    table_misses,
    table_plateau,
    table_saddle,
    table_stationary,
    table_stops,
    table_to_go,
)
from descent import descend
from scipy.optimize import minimize
from shared.landscapes import (
    cubic,
    curves,
    explog,
    himmelblau,
    lncosh,
    plateau,
    quad1,
    quartic,
    rosenbrock,
    saddle,
    sqrt1p,
    tilted,
    well,
)

CLAIMS = [name for name in vars(convergence) if name.startswith("claim_")]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(convergence, name)() is True


def test_the_signals_are_what_their_names_say():
    for landscape, start in ((quad1, 2.0), (rosenbrock, np.array([-1.2, 1.0]))):
        path = descend(landscape.grad, start, 0.001, 20)
        told = signals(landscape, path)
        for k in range(1, 21):
            here, before = path[k], path[k - 1]
            step = np.linalg.norm(np.atleast_1d(here - before))
            slope = np.linalg.norm(np.atleast_1d(landscape.grad(here)))
            change = abs(landscape.f(here) - landscape.f(before))
            assert told["step"][k - 1] == pytest.approx(step, rel=1e-12)
            assert told["loss"][k - 1] == pytest.approx(change, rel=1e-9)
            assert told["gradient"][k - 1] == pytest.approx(slope, rel=1e-12)


def test_a_signal_that_stays_large_never_stops():
    assert stops(np.ones(5)) is None
    assert stops(np.array([1, 1e-7, 1])) == 2


def test_only_the_honest_run_deserves_to_be_stopped():
    honest, *impostors = RUNS
    assert not fooled(honest, "step")
    assert not fooled(honest, "gradient")
    for name in impostors:
        assert any(fooled(name, test) for test in ("step", "loss", "gradient"))


def test_which_test_is_fooled_by_which_run():
    tests = "step", "loss", "gradient"
    told = {name: [fooled(name, test) for test in tests] for name in RUNS}
    assert told["tiny rate"] == [True, True, False]
    assert told["two-cycle"] == [False, True, False]
    assert told["plateau"] == [True, True, True]
    assert told["saddle"] == [True, True, True]
    assert told["valley"] == [True, True, False]


def test_the_honest_run_stops_where_the_formulas_say():
    _, stop = outcome("an honest run")
    # steps 0.4·0.8ᵏ⁻¹, losses 4·0.64ᵏ, slopes 4·0.8ᵏ
    assert stop["step"] == 1 + math.ceil(math.log(1e-6 / 0.4) / math.log(0.8))
    change = lambda k: 4 * 0.64 ** (k - 1) * (1 - 0.64)
    assert change(stop["loss"]) < 1e-6 < change(stop["loss"] - 1)
    assert stop["gradient"] == math.ceil(math.log(1e-6 / 4) / math.log(0.8))


def test_the_two_cycle_is_exact():
    path, _ = outcome("two-cycle")
    assert path.tolist() == [2.0 * (-1) ** k for k in range(101)]


def test_the_saddle_run_leaves_after_all_tests_have_passed():
    path, stop = outcome("saddle")
    assert max(stop.values()) < counted_to_leave(1e-12) == 152
    assert abs(path[stop["gradient"]][1]) < 1e-6
    assert distance("saddle", 1) == math.inf


def test_the_valley_run_is_far_from_the_minimum_and_scipy_is_not():
    assert distance_at_stop("valley", "loss") > 0.05
    assert distance_at_stop("valley", "step") > 1e-3
    assert distance_at_stop("valley", "gradient") is None
    found = minimize(rosenbrock.f, [-1.2, 1.0], jac=rosenbrock.grad, method="BFGS")
    assert found.x == pytest.approx([1, 1], abs=1e-4)


def test_what_is_still_to_go_is_the_sum_of_the_steps():
    for q in (0.5, 0.8, 0.99):
        path = descend(quad1.grad, 1.0, (1 - q) / 2, 50)
        last = path[-2] - path[-1]
        assert still_to_go(last, q) == pytest.approx(path[-1], rel=1e-9)
        assert still_to_go(1, q) == pytest.approx(sum(q**k for k in range(1, 5000)))


def test_a_loss_right_to_1e_6_means_a_point_right_to_1e_3():
    _, stop = outcome("an honest run")
    left = distance_at_stop("an honest run", "loss")
    assert left == pytest.approx(2 * 0.8 ** stop["loss"])
    assert 1e-3 < left < 2e-3


@pytest.mark.parametrize(("y", "k"), [(0.1, 13), (1e-3, 38), (1e-6, 76), (1e-12, 152)])
def test_leaving_the_saddle_takes_the_predicted_steps(y, k):
    assert steps_to_leave(y, 0.1) == counted_to_leave(y) == k


def test_on_the_ridge_the_run_never_leaves_and_a_kick_frees_it():
    assert counted_to_leave(0.0) is None
    assert counted_to_leave(1e-9) == steps_to_leave(1e-9, 0.1)


def test_a_strict_saddle_holds_its_ridge_and_a_flat_one_half_of_its_starts():
    """Lee and others (2016): the Hessian needs a negative eigenvalue."""
    rng = np.random.default_rng(0)
    assert np.linalg.eigvalsh(saddle.hess([0, 0]))[0] < 0 == cubic.hess(0.0)
    starts = rng.uniform(-1, 1, (2, 500))
    for rate in 0.05, 0.2, 0.49:  # below one over the largest curvature, 1/2
        ends = descend(saddle.grad, starts, rate, 300)[-1]
        assert (np.abs(ends[1]) > 1).all()
    held = descend(cubic.grad, rng.uniform(0, 1, 500), 0.1, 3000)[-1]
    assert (np.abs(held) < 0.002).all()


def test_the_plain_is_crossed_at_about_the_predicted_step():
    for x in (2.0, 3.0, 4.0):
        predicted = steps_on_plateau(x, 0.1)
        assert _counted_on_plateau(x) == pytest.approx(
            predicted, abs=0.005 * predicted + 12
        )
    assert round(steps_on_plateau(4.0, 0.1)) == 1863
    assert steps_on_plateau(8.0, 0.1) == pytest.approx(5.55e6, rel=1e-2)


def test_the_plain_has_the_slope_that_the_estimate_uses():
    for x in (3.0, 5.0, 8.0):
        assert plateau.grad(x) == pytest.approx(8 * math.exp(-2 * x), rel=0.01)
        assert plateau.f(x) == pytest.approx(1 - 4 * math.exp(-2 * x), rel=1e-4)


def test_the_loss_on_the_plain_is_level_then_falls_off_a_cliff():
    loss = plateau.f(_plateau_path(4.0))
    assert loss[1700] > 0.95
    assert loss[1950] < 1e-6
    assert (np.diff(loss) <= 0).all()
    for level in 0.99, 0.9, 0.1:
        k = steps_to_loss(level)
        assert loss[k] < level <= loss[k - 1]
    assert 1600 < steps_to_loss(0.99) < 1700
    assert steps_to_loss(0.1) - steps_to_loss(0.9) < 40
    drawn = plateau.f(descend(plateau.grad, 3.0, 0.1, 363))
    assert drawn[200] > 0.95
    assert drawn[-1] < 1e-3


def test_the_two_wells():
    roots = np.sort(np.roots([4, 0, -4, 0.3]).real)
    assert roots == pytest.approx([-1.0355787, 0.0754292, 0.9601496], abs=1e-7)
    assert [s.at for s in tilted.stationary] == pytest.approx(roots.tolist())
    assert basin_border() == pytest.approx(roots[1])
    heights = [tilted.f(x) for x in roots]
    assert heights == pytest.approx([-1.3054285, 0.0112820, -0.7058535], abs=1e-7)


def test_with_small_steps_the_hill_is_the_border():
    starts = np.linspace(-2, 2, 401)
    ends = descend(tilted.grad, starts, 0.02, 600)[-1]
    assert ((ends < 0) == (starts < basin_border())).all()
    # The steps of this rate keep the order of the starts; 0.1's do not.
    assert 0.02 * tilted.hess(2.0) < 1 < 0.1 * tilted.hess(2.0)


def test_a_large_step_jumps_over_the_hill():
    path = descend(tilted.grad, 2.0, 0.1, 200)
    assert path[1] == pytest.approx(-0.43)
    assert path[-1] == pytest.approx(tilted.minima[0])
    small = descend(tilted.grad, 2.0, 0.02, 600)
    assert small[-1] == pytest.approx(tilted.minima[1])


def test_several_starts_find_the_deepest_of_their_ends():
    starts = np.array([-1.5, -0.3, 0.5, 1.5])
    best, ends = multistart(tilted, starts, 0.05, 300)
    alone = [descend(tilted.grad, start, 0.05, 300)[-1] for start in starts]
    np.testing.assert_allclose(ends, alone, rtol=1e-12)
    assert best == pytest.approx(tilted.minima[0])


def test_random_starts_miss_as_often_as_predicted():
    assert basin() == pytest.approx((basin_border() + 2) / 4)
    for count in (1, 2, 5, 10):
        share = (1 - basin()) ** count
        spread = math.sqrt(share * (1 - share) / 2000)
        assert abs(_misses(count) - share) < 4 * spread


def test_gradient_descent_ends_in_minima_only():
    counts = census(rate=0.005)
    kinds = [s.kind for s in himmelblau.stationary]
    assert kinds == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    assert counts == [109, 113, 109, 110, 0, 0, 0, 0, 0]
    assert sum(counts) == 21**2


def test_no_random_start_ends_at_a_saddle_or_on_the_hill():
    starts = np.random.default_rng(0).uniform(-6, 6, (2, 2000))
    for rate in 0.003, 0.008:
        ends = descend(himmelblau.grad, starts, rate, round(10 / rate))[-1]
        away = [
            np.linalg.norm(ends.T - point, axis=1).min(initial=9)
            for point in himmelblau.minima
        ]
        assert max(away) < 1e-6
        assert himmelblau.f(ends).max() < 1e-20


def test_himmelblaus_function_is_a_sum_of_squares():
    x, y = np.random.default_rng(0).uniform(-6, 6, (2, 1000))
    squares = (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2
    assert himmelblau.f(np.array([x, y])) == pytest.approx(squares)
    assert len(himmelblau.minima) == 4


def test_a_filled_well_differs_on_its_own_side_only():
    x = np.linspace(-2, 2, 4001)
    hill = np.sort(np.roots([4, 0, -4, 0.3]).real)[1]
    same = _filled(x) == tilted.f(x)
    assert same[x > hill].all()
    well = (x < hill) & (tilted.f(x) < tilted.f(hill))
    np.testing.assert_allclose(_filled(x)[well], tilted.f(hill))
    assert (_filled(x) >= tilted.f(x)).all()


def test_a_pair_of_points_refutes_convexity():
    points = np.arange(-8, 9) / 4
    for landscape in (tilted, well, plateau):
        a, b = not_convex(landscape.f, points)
        assert landscape.f((a + b) / 2) > (landscape.f(a) + landscape.f(b)) / 2
    for landscape in (quad1, quartic, sqrt1p, lncosh):
        assert not_convex(landscape.f, points) is None
    assert not_convex(explog.f, points[points > 0]) is None


def test_convex_curves_have_one_minimum():
    points = np.linspace(0.1, 2, 20)
    for landscape in curves:
        low, high = landscape.box
        inside = points if landscape is explog else np.linspace(low, high, 41)
        if not_convex(landscape.f, inside) is None:
            assert len(landscape.stationary) == 1


def test_what_the_loss_cannot_see_the_gradient_can():
    blind = BLIND
    assert blind**2 == pytest.approx(np.finfo(float).eps / 2)
    assert 1.05e-8 < blind < 1.06e-8
    x = np.linspace(-0.9999 * blind, 0.9999 * blind, 101)
    assert (flat(x) == 1).all()
    assert flat(1.01 * blind) > 1
    assert quad1.grad(1.05e-8) == 2.1e-8


def test_every_landscape_of_the_table_is_stationary_where_it_says():
    for landscape in (quad1, convergence.tilted, saddle):
        for point in landscape.stationary:
            assert np.abs(landscape.grad(point.at)).max() < 1e-12


# The tables, by other means.


def test_the_table_of_stationary_points():
    rows = cells(table_stationary())
    told = {}
    for loss, at, kind in rows:
        numbers = [float(x) for x in at.split(", ")]
        told.setdefault(loss, []).append((numbers, kind))
    parabola, cubic, wells, ridge = told.values()
    assert parabola == [([0.0], "minimum")]
    assert cubic == [([0.0], "inflection")]
    assert ridge == [([0.0, 0.0], "saddle")]
    roots = np.sort(np.roots([4, 0, -4, 0.3]).real)
    assert [x for (x,), _ in wells] == pytest.approx(roots.tolist(), rel=1e-3)
    bends = 12 * roots**2 - 4
    assert [kind == "minimum" for _, kind in wells] == (bends > 0).tolist()


def test_the_table_of_stops_is_what_a_loop_over_the_runs_finds():
    for name, *verdicts in cells(table_stops()):
        landscape, x, rate, budget = RUNS[name]
        found = [None, None, None]
        for k in range(1, budget + 1):
            before, x = x, x - rate * landscape.grad(x)
            small = [
                np.linalg.norm(x - before) < 1e-6,
                abs(landscape.f(x) - landscape.f(before)) < 1e-6,
                np.linalg.norm(landscape.grad(x)) < 1e-6,
            ]
            found = [
                k if old is None and now else old
                for old, now in zip(found, small, strict=True)
            ]
        steps = ["goes" if k is None else str(k) for k in found]
        assert [text.split()[0] for text in verdicts] == steps
    told = {name: rest for name, *rest in cells(table_stops())}
    assert told["two-cycle"][1] == "1 (off by 2)"
    assert all("no minimum" in text for text in told["saddle"])


def test_the_table_of_what_is_left_adds_up_the_steps():
    for q, left in cells(table_to_go()):
        total = math.fsum(float(q) ** k for k in range(1, 200_000))
        assert int(left.replace(",", "")) == pytest.approx(total, rel=1e-6)


def test_the_table_of_the_saddle_counts_factors_of_1_point_2():
    for y, predicted, counted in cells(table_saddle()):
        away, k = float(y), 0
        while away <= 1:
            away, k = 1.2 * away, k + 1
        assert predicted == counted == str(k)


def test_the_table_of_the_plain_counts_a_loop():
    for start, predicted, counted in cells(table_plateau()):
        x, k = float(start), 0
        while x >= 1:
            x, k = x - 0.1 * 2 * math.tanh(x) / math.cosh(x) ** 2, k + 1
        assert int(counted) == k
        assert int(predicted) == round(math.e ** (2 * float(start)) / 1.6)


def test_the_table_of_misses_multiplies_the_share_of_the_right_basin():
    hill = np.sort(np.roots([4, 0, -4, 0.3]).real)[1]
    for count, predicted, missed in cells(table_misses()):
        share = ((2 - hill) / 4) ** int(count)
        assert predicted == f"{share:.2%}"
        spread = math.sqrt(share * (1 - share) / 2000)
        assert abs(float(missed.rstrip("%")) / 100 - share) < 4 * spread + 5e-5


def test_a_signal_stops_a_run_only_below_the_tolerance():
    assert stops(np.array([0.5, 0.5]), tolerance=0.5) is None
    assert stops(np.array([0.5, 0.25]), tolerance=0.5) == 2


def test_many_starts_take_all_their_steps():
    best, ends = multistart(quad1, np.array([1.0, -3.0]), 0.25, steps=1)
    np.testing.assert_array_equal(ends, [0.5, -1.5])
    assert best == 0.5


@pytest.mark.parametrize(
    ("bump", "seen"), [(7e-13, False), (1e-12, False), (2e-12, True)]
)
def test_a_bump_under_the_chord_is_seen_above_the_rounding(bump, seen):
    f = lambda x: bump if x == 0 else 0.0
    assert not_convex(f, [-1.0, 1.0]) == ((-1.0, 1.0) if seen else None)


def test_of_the_chord_the_first_point_comes_first():
    f = lambda x: 1.5e-12 if x == 0 else 0.0
    assert not_convex(f, [-1.0, 1.0]) == (-1.0, 1.0)
