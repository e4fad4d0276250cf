"""Batches: by hand, by formula, by enumeration and by simulation."""

import math
from functools import cache
from itertools import permutations

import batches
import numpy as np
import pytest
import scipy
from batches import (
    _HILL,
    _LINE_RATES,
    GOOD,
    LONG,
    POOR,
    RATES,
    SCHEDULES,
    _after_an_epoch,
    _drawn_variance,
    _simulated_squares,
    _thousand,
    acute_share,
    arrival,
    best_rate,
    cool,
    deal,
    example_gradients,
    expected_square,
    freed,
    halves_the_floor,
    hill_above,
    left_over,
    loss_after,
    lost,
    noise_floor,
    noisy_grad,
    noisy_run,
    sgd,
    subset_variance,
    sum_of_rates,
    table_epoch,
    table_escape,
    table_floor,
    table_schedules,
    table_variance,
    variance_with,
    variance_without,
    wander,
)
from conftest import cells
from descent import descend
from shared.data import line_x, noisy_y
from shared.landscapes import tilted
from shared.line import line_grad, line_hess, line_loss

CLAIMS = [name for name in vars(batches) if name.startswith("claim_")]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(batches, name)() is True


def test_an_ordered_epoch_is_what_a_pencil_gives():
    path = sgd(line_grad, np.zeros(2), 4, 0.05, 1)
    by_hand = [(0, 0), (0, 0.1), (0.29, 0.39), (1.096, 0.793), (1.9717, 1.0849)]
    np.testing.assert_allclose(path, by_hand, rtol=1e-12)


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 5])
def test_an_epoch_uses_every_example_once(batch):
    for rng in None, np.random.default_rng(1):
        dealt = deal(7, batch, rng)
        assert sorted(np.concatenate(dealt).tolist()) == list(range(7))
        assert len(dealt) == math.ceil(7 / batch)
        assert all(len(chosen) == batch for chosen in dealt[:-1])


def test_the_full_batch_is_gradient_descent():
    full = sgd(line_grad, np.zeros(2), 4, 0.1, 12, batch=4)
    plain = descend(line_grad, np.zeros(2), 0.1, 12)
    np.testing.assert_allclose(full, plain, rtol=1e-12)


def test_the_mean_of_the_examples_gradients_is_the_gradient():
    for theta in np.array([[0, 0], [1, -1], [2.5, 0.5]]):
        mean = np.mean([line_grad(theta, [i]) for i in range(4)], axis=0)
        np.testing.assert_allclose(mean, line_grad(theta), rtol=1e-12, atol=1e-12)


def test_the_noise_moves_no_minimum():
    columns = np.stack([line_x, np.ones(4)], axis=1)
    fit, *_ = np.linalg.lstsq(columns, noisy_y, rcond=None)
    np.testing.assert_allclose(fit, [2, 1], rtol=1e-12)


def test_with_clean_labels_a_constant_rate_converges_and_with_noisy_ones_it_hovers():
    clean = sgd(line_grad, np.zeros(2), 4, 0.05, 400, rng=np.random.default_rng(0))
    noisy = sgd(noisy_grad, np.zeros(2), 4, 0.05, 400, rng=np.random.default_rng(0))
    assert np.abs(clean[-1] - [2, 1]).max() < 1e-12
    assert noisy[800:].std(axis=0).min() > 0.04
    np.testing.assert_allclose(noisy[800:].mean(axis=0), [2, 1], atol=0.1)


def expected_rest(rate, orders):
    """Return where the mean of θ rests if an epoch takes one of the orders.

    An update is affine in θ, so the mean of the epochs' maps has one fixed point.
    """
    total, shift = np.zeros((2, 2)), np.zeros(2)
    for order in orders:
        matrix, offset = np.eye(2), np.zeros(2)
        for i in order:
            a = np.array([line_x[i], 1.0])
            step = np.eye(2) - 2 * rate * np.outer(a, a)
            matrix, offset = step @ matrix, step @ offset + 2 * rate * noisy_y[i] * a
        total, shift = total + matrix / len(orders), shift + offset / len(orders)
    return np.linalg.solve(np.eye(2) - total, shift)


def test_the_mean_is_off_because_the_examples_are_dealt_and_not_drawn():
    dealt = [expected_rest(r, list(permutations(range(4)))) for r in (0.05, 0.0125)]
    off, less = (np.linalg.norm(rest - [2, 1]) for rest in dealt)
    assert 0.05 < off < 0.1
    assert less < off / 3
    drawn = expected_rest(0.05, [(i,) for i in range(4)])
    np.testing.assert_allclose(drawn, [2, 1], atol=1e-12)


def test_the_cloud_of_independent_draws_is_larger():
    def spread(dealt, runs=500, epochs=150):
        rng = np.random.default_rng(0)
        theta, late = np.full((runs, 2), [2.0, 1.0]), []
        for epoch in range(epochs):
            drawn = rng.integers(4, size=(runs, 4))
            order = rng.permuted(np.tile(np.arange(4), (runs, 1)), axis=1)
            for i in (order if dealt else drawn).T:
                r = theta[:, 0] * line_x[i] + theta[:, 1] - noisy_y[i]
                theta = theta - 0.1 * np.stack([r * line_x[i], r], axis=1)
                late.append(theta) if epoch > 50 else None
        return np.std(late, axis=(0, 1))

    assert (spread(dealt=False) > 1.2 * spread(dealt=True)).all()


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_the_variance_is_what_the_formulas_say(batch):
    gradients = example_gradients()
    sigma2 = subset_variance(gradients, 1)
    exact = subset_variance(gradients, batch)
    assert variance_without(sigma2, batch, 4) == pytest.approx(exact, abs=1e-10)
    drawn = _drawn_variance(gradients, batch)
    assert variance_with(sigma2, batch) == pytest.approx(drawn, rel=0.03)


@pytest.mark.parametrize(
    ("rate", "floor"), [(0.01, 0.005025), (0.1, 0.052632), (0.5, 0.333333)]
)
def test_the_floor_is_the_fixed_point_and_the_simulation(rate, floor):
    assert noise_floor(rate) == pytest.approx(floor, abs=5e-7)
    v = noise_floor(rate, curvature=0.7, sigma=2.0)
    assert (1 - 0.7 * rate) ** 2 * v + rate**2 * 4 == pytest.approx(v, rel=1e-12)
    run = _simulated_squares(lambda t: rate, 0.0, 2000, 5000)
    assert run == pytest.approx(floor, rel=4 * math.sqrt(2 / 5000))


@pytest.mark.parametrize(
    ("name", "square"),
    [
        *zip(
            SCHEDULES,
            [0.05263157895, 0.001, 0.0018348608282, 2.9004928464],
            strict=True,
        )
    ],
)
def test_the_schedules_reach_these_squares(name, square):
    assert expected_square(SCHEDULES[name])[-1] == pytest.approx(square, rel=1e-9)
    simulated = _simulated_squares(SCHEDULES[name])
    assert simulated == pytest.approx(square, rel=4 * math.sqrt(2 / 2000))


def test_an_exponential_schedule_stops_short():
    schedule = SCHEDULES["0.1 e^(−0.1 t)"]
    travel = sum_of_rates(schedule, 5000)
    assert travel == pytest.approx(1.0508332, abs=1e-7)
    assert travel == pytest.approx(0.1 / (1 - math.exp(-0.1)), rel=1e-12)
    assert 5 * left_over(schedule) == pytest.approx(1.6983, abs=1e-4)
    assert 5 * left_over(schedule, 100000) == pytest.approx(1.6983, abs=1e-4)


def test_the_rate_one_over_t_makes_the_running_mean_of_the_noise():
    rng = np.random.default_rng(5)
    x, noise = 5.0, rng.standard_normal(50)
    for t, xi in enumerate(noise):
        x = x - (x + xi) / (t + 1)
    assert x == pytest.approx(-noise.mean(), rel=1e-12)


def test_a_schedule_whose_squares_add_up_to_infinity_still_reaches_zero():
    squares = expected_square(SCHEDULES["0.1/√(t + 1)"], steps=100_000)
    assert squares[-1] < squares[10_000] / 2 < squares[1000] / 5
    assert squares[-1] < 2e-4


def test_a_rate_that_falls_as_one_over_t_crawls_on_a_flatter_bowl():
    steep = math.prod(abs(1 - 1.0 / (t + 1)) for t in range(1000))
    flat = math.prod(abs(1 - 0.1 / (t + 1)) for t in range(1000))
    assert steep == 0
    assert flat > 0.4


@cache
def chances(noise, steps):
    """The shares freed and lost, without luck: from the chances of 301 places."""
    places = np.linspace(-3, 3, 301)
    edges = np.concatenate([[-np.inf], (places[1:] + places[:-1]) / 2, [np.inf]])
    ahead = (edges - (places - 0.02 * tilted.slopes(places))[:, np.newaxis]) / 0.02
    moves = np.diff(scipy.stats.norm.cdf(ahead / noise))
    after = np.linalg.matrix_power(moves, steps)
    from_poor, from_good = (
        after[np.abs(places - x).argmin()] for x in tilted.minima[::-1]
    )
    good = places < _HILL
    return from_poor[good].sum(), from_good[~good].sum()


@pytest.mark.parametrize("steps", [2000, LONG])
@pytest.mark.parametrize("noise", [2, 3, 4, 5, 6])
def test_as_many_change_the_valley_as_the_chances_say(noise, steps):
    for share, expected in zip(
        (freed(noise, steps), lost(noise, steps)), chances(noise, steps), strict=True
    ):
        assert share == pytest.approx(
            expected, abs=2e-3 + 4 * math.sqrt(expected * (1 - expected) / 1000)
        )


def test_noise_leaves_the_shallow_valley_sooner_and_the_less_the_better_it_chooses():
    """With any noise that moves anybody, from 2,000 steps to 200,000."""
    for steps in 2000, LONG, 10 * LONG:
        told = [chances(noise, steps) for noise in (2.5, 3, 3.5, 4, 5, 6)]
        odds = [lost_share / freed_share for freed_share, lost_share in told]
        assert (np.diff(odds) > 0).all()
        assert max(odds) < 1 / 4
    freed_share, lost_share = chances(3, 100 * LONG)
    assert freed_share > 0.99
    assert lost_share < 0.01


def test_the_wait_for_an_escape_grows_as_the_hill_over_the_noise_says():
    """From both valleys, where the escapes are few enough to count."""
    for which, hill in enumerate((hill_above(POOR), hill_above(GOOD))):
        for less, more in (2.5, 3), (3, 3.5), (3.5, 4):
            ratio = chances(more, 500)[which] / chances(less, 500)[which]
            expected = math.exp(hill / 0.01 * (1 / less**2 - 1 / more**2))
            assert ratio == pytest.approx(expected, rel=0.25)


def test_slow_cooling_brings_nearly_all_into_the_good_valley_and_fast_does_not():
    assert freed(cool) == pytest.approx(freed(6), abs=0.04)
    assert 0.12 < lost(cool) < 0.22
    assert freed(cool, LONG) > 0.92
    assert lost(cool, LONG) < 0.08
    cooled = wander(POOR, cool)
    from_minimum = np.minimum(abs(cooled - POOR), abs(cooled - GOOD))
    assert from_minimum.max() < 0.1


def test_many_sizes_at_once_are_the_runs_of_each():
    assert freed(4) == np.mean(wander(POOR, 4) < _HILL)
    assert lost(6) == pytest.approx(np.mean(wander(GOOD, 6) >= _HILL))


def test_at_its_own_best_rate_the_full_batch_does_not_lose():
    """The full step against the exact loss along the gradient; four updates in turn."""
    g = line_grad([0.0, 0.0])
    along = lambda rate: 21 - rate * g @ g + rate**2 * g @ line_hess() @ g / 2
    exact = g @ g / (g @ line_hess() @ g)
    assert best_rate(4) == pytest.approx(exact, abs=1e-3)
    assert loss_after(1, 4, best_rate(4)) == pytest.approx(along(best_rate(4)))
    finer = np.linspace(0.001, 0.25, 997)
    assert min(loss_after(1, 1, rate) for rate in finer) > 2 * along(exact)
    assert best_rate(1) == pytest.approx(0.05, abs=2e-3)
    assert _LINE_RATES[0] < best_rate(1) < best_rate(4) < _LINE_RATES[-1]


@pytest.mark.parametrize("seed", range(5, 9))
def test_an_epoch_of_a_thousand_gains_by_its_updates(seed):
    left = {batch: _after_an_epoch(batch, seed).min() for batch in (1000, 100, 10)}
    assert left[10] < left[1000] / 10
    assert left[100] < left[1000] / 5
    X, y = _thousand(seed)
    best = np.linalg.lstsq(X, y)[0]
    g, hess = X.T @ y, X.T @ X  # from 0, up to the factor −2/n
    one = lambda rate: best - rate * 2 / 1000 * g
    above = min(one(rate) @ hess @ one(rate) for rate in RATES) / (best @ hess @ best)
    assert left[1000] == pytest.approx(above, rel=1e-9)
    assert 50 < np.linalg.cond(hess) < 200


def test_single_gradients_point_the_right_way_from_afar_only():
    shares = [acute_share(way) for way in (0, 0.5, 0.9, 0.99)]
    assert sorted(shares, reverse=True) == shares
    X, y = _thousand()
    acute = [(-y[i] * X[i]) @ (-X.T @ y) > 0 for i in range(1000)]
    assert shares[0] == np.mean(acute)


def test_the_runs_of_the_figure_arrive_when_the_page_says():
    assert [arrival(rate) for rate in (0.5, 0.02)] == [3, 138]
    run = noisy_run(0.02)
    assert np.abs(run[138:]).max() < 0.23
    steps = lambda rate: math.log(0.01) / math.log1p(-rate)
    assert steps(0.005) / steps(0.01) == pytest.approx(2, rel=0.01)
    x = 3.0
    for k, noise in enumerate(np.random.default_rng(0).standard_normal(400), start=1):
        x = 0.98 * x - 0.02 * noise
        assert run[k] == pytest.approx(x, rel=1e-9, abs=1e-12)


def test_the_draws_are_park_and_millers_and_have_the_variance_1():
    state = 1
    for _ in range(10_000):
        state = 16807 * state % (2**31 - 1)
        assert batches._after_random(state / 1) <= 2**31 - 2
    assert state == 1043618065  # as they give it for a test
    for last in (1, 127773, 2**30, 2**31 - 2, *range(10**9, 10**9 + 50)):
        assert batches._after_random(float(last)) == 16807 * last % (2**31 - 1)
    draws = np.array([batches._noise(float(seed)) for seed in range(1, 31)])
    assert abs(draws.mean()) < 4 / math.sqrt(draws.size)
    assert draws.var() == pytest.approx(1, abs=4 * math.sqrt(2 / draws.size))
    close = np.corrcoef(draws)[~np.eye(30, dtype=bool)]
    assert abs(close).max() < 5 / math.sqrt(600)


def test_what_is_said_of_the_floor_is_true_for_every_state_of_the_knobs():
    noise = np.array(batches._noise(7.0)).reshape(300, 2)
    for rate in np.arange(1, 96, 3) / 50:
        for batch in 1.0, 2.0, 7.0, 64.0:
            state = float(rate), batch, 7.0
            powers = (1 - rate) ** np.arange(301)
            kicks = -rate * noise / math.sqrt(batch)
            path = np.array(
                [
                    powers[k] * np.array([3, 2]) + powers[:k][::-1] @ kicks[:k]
                    for k in range(301)
                ]
            )
            assert np.allclose(batches._noisy_places(*state), path, atol=1e-9)
            root = math.sqrt(rate / (batch * (2 - rate)))
            which, *numbers = batches._floor_says(*state)
            inside = np.flatnonzero((path[:101] ** 2).sum(axis=1) < 2 * root**2)
            if which in ("in", "at once"):
                assert (which == "at once") == (inside[0] == 0)
                late = (path[101:] ** 2).mean()
                assert numbers == pytest.approx([inside[0], root**2, late], rel=1e-9)
            else:
                assert not len(inside)
                away = np.linalg.norm(path[100])
                assert numbers == pytest.approx([100, root**2, away], rel=1e-9)
            assert batches._band(rate, batch)[0][0][1] == pytest.approx(root)
            for ring, square in (
                (batches._predicted_ring(rate, batch), root**2),
                (batches._measured_ring(*state), (path[101:] ** 2).mean()),
            ):
                assert np.hypot(*np.transpose(ring)) == pytest.approx(
                    math.sqrt(2 * square)
                )


def test_the_measured_variance_is_the_formulas_on_average():
    for rate, batch in ((0.5, 1.0), (0.2, 4.0), (1.5, 16.0)):
        found = [batches._late_square(rate, batch, seed / 1) for seed in range(1, 31)]
        assert np.mean(found) == pytest.approx(noise_floor(rate) / batch, rel=0.1)


@pytest.mark.parametrize("power", [1.1, 1.5, 3.0])
def test_rates_with_a_finite_sum_stop_on_the_way(power):
    """Just outside the first condition: the sum of 1/k is infinite, of 1/k^1.1 not."""
    left = [
        left_over(lambda t: 0.5 * (t + 1) ** -power, steps) for steps in (10**4, 10**5)
    ]
    bound = math.exp(-2 * math.log(2) * 0.5 * power / (power - 1))
    assert left[1] > bound > 0
    assert left_over(lambda t: 0.5 / (t + 1), 10**5) < 0.004


def test_rates_that_do_not_fall_keep_their_floor():
    """Just outside the second: a rate that falls to 0.01 only has the floor of that."""
    squares = expected_square(lambda t: 0.01 + 0.5 / (t + 1), steps=20_000)
    assert squares[-1] == pytest.approx(noise_floor(0.01), rel=0.02)


def test_a_full_batch_above_the_limit_diverges():
    limit = 4 / (9 + math.sqrt(61))
    assert limit == pytest.approx(0.2379500648, abs=1e-10)
    losses = [line_loss(t) for t in sgd(line_grad, np.zeros(2), 4, 0.25, 20, 4)]
    assert losses[-1] > losses[0] == 21.0
    losses = [line_loss(t) for t in sgd(line_grad, np.zeros(2), 4, 0.23, 200, 4)]
    assert losses[-1] < 1e-4


def test_the_hill_is_the_middle_root_of_the_slope():
    assert sorted(np.roots([4, 0, -4, 0.3]).real)[1] == pytest.approx(_HILL)
    assert hill_above(POOR) < hill_above(GOOD)


def test_losses_after_epochs_by_the_recursion_of_each_example():
    for epochs, batch, rate in (1, 1, 0.05), (1, 2, 0.05), (1, 4, 0.1), (20, 4, 0.25):
        w = b = 0.0
        for _ in range(epochs):
            for low in range(0, 4, batch):
                rows = [(x, w * x + b - (2 * x + 1)) for x in range(low, low + batch)]
                w -= rate * 2 * sum(r * x for x, r in rows) / batch
                b -= rate * 2 * sum(r for _, r in rows) / batch
        loss = sum((w * x + b - (2 * x + 1)) ** 2 for x in range(4)) / 4
        assert loss_after(epochs, batch, rate) == pytest.approx(loss, rel=1e-9)


def test_half_the_rate_leaves_half_the_variance_and_its_root_does_not():
    assert halves_the_floor(0.5)
    assert not halves_the_floor(math.sqrt(0.5))
    assert not halves_the_floor(1.0)


# The tables, by other means.


def test_the_table_of_variances_is_that_of_all_orders():
    x, residuals = line_x, -noisy_y
    gradients = 2 * np.stack([residuals * x, residuals], axis=1)
    around = gradients - gradients.mean(axis=0)
    scatter = (around**2).sum() / 4
    for b, with_, drawn, without, exact in cells(table_variance()):
        firsts = [list(order[: int(b)]) for order in permutations(range(4))]
        means = np.array([gradients[chosen].mean(axis=0) for chosen in firsts])
        assert exact == f"{np.cov(means.T, bias=True).trace():.2f}"
        assert without == exact
        assert with_ == f"{scatter / int(b):.1f}"
        assert float(drawn) == pytest.approx(float(with_), rel=0.03)


def test_the_table_of_floors_is_where_the_recursion_settles():
    for rate, floor, simulated in cells(table_floor()):
        v, eta = 0.0, float(rate)
        for _ in range(2000):
            v = (1 - eta) ** 2 * v + eta**2
        assert floor == f"{v:.5f}"
        assert float(simulated) == pytest.approx(v, rel=4 * math.sqrt(2 / 5000))


def test_the_table_of_schedules():
    constant, fitting, slow, exponential = cells(table_schedules())
    floor = 0.1 / 1.9
    assert constant[1] == f"{floor + (25 - floor) * 0.81**1000:.6f}"
    assert constant[3] == f"{0.9**1000:.2g}"
    # The rate 1/(t + 1) takes the mean of a thousand kicks, and forgets the start.
    assert fitting[1] == f"{1 / 1000:.6f}"
    assert fitting[3] == "0"
    logs = sum(math.log1p(-0.1 / math.sqrt(t)) for t in range(1, 1001))
    assert float(slow[3]) == pytest.approx(math.exp(logs), rel=0.05)
    assert float(exponential[3]) == pytest.approx(1.6983 / 5, abs=5e-3)
    for row in constant, fitting, slow, exponential:
        assert float(row[2]) == pytest.approx(
            float(row[1]), rel=4 * math.sqrt(2 / 2000)
        )


def test_the_table_of_escapes_counts_runs_on_either_side_of_the_hill():
    for size, *told in cells(table_escape()):
        arrived = np.count_nonzero(wander(POOR, int(size)) < 0.0754291)
        fallen = np.count_nonzero(wander(GOOD, int(size)) >= 0.0754291)
        assert told[::2] == [f"{n / 10:.1f}%" for n in (arrived, fallen)]
        expected = chances(int(size), LONG)
        for share, chance in zip(told[1::2], expected, strict=True):
            assert float(share.rstrip("%")) == pytest.approx(100 * chance, abs=4)


def test_the_table_of_epochs_has_the_best_of_the_rates():
    for batch, updates, rate, left in cells(table_epoch()):
        size = int(batch.replace(",", ""))
        losses = _after_an_epoch(size)
        assert int(updates.replace(",", "")) == 1000 // size
        assert float(left.rstrip("%")) == pytest.approx(100 * losses.min(), abs=0.051)
        assert RATES[losses.argmin()] == pytest.approx(float(rate), rel=0.05)
        assert RATES[0] < RATES[losses.argmin()] < RATES[-1]


def test_wandering_is_that_of_one_run_after_the_other():
    """Each run by itself, with the noise that falls to it, kept between -3 and 3."""
    kicks = np.random.default_rng(7).standard_normal((4, 8))
    ends = []
    for run in range(8):
        x = 0.5
        for t in range(4):
            slope = float(tilted.slopes(np.array([x]))[0])
            x = x - 0.1 * (slope + (3 + 4 * t / 4) * kicks[t, run])
            x = min(max(x, -3.0), 3.0)
        ends.append(x)
    noise = lambda done: 3 + 4 * done
    told = wander(0.5, noise, steps=4, runs=8, rate=0.1, seed=7)
    np.testing.assert_allclose(told, ends, rtol=1e-12)
    far = [wander(x, 0, steps=1, runs=1, rate=-9.0)[0] for x in (-2.9, 2.9)]
    assert far == [-3, 3]


def test_unasked_a_thousand_runs_wander_two_thousand_steps():
    given = wander(0.5, 0.3, steps=2000, runs=1000, rate=0.02, seed=0)
    np.testing.assert_array_equal(wander(0.5, 0.3), given)
