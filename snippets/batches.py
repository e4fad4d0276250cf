"""Batch, stochastic and mini-batch gradient descent.

    n, B       examples in the data, in one batch      n, batch
    gᵢ, g_B    gradient of an example, of a batch      grad(theta, chosen)
    σ²         variance of gᵢ around the mean          sigma ** 2
    ηₜ         the rate of update t                    schedule(t)
    λ          curvature of the loss                   curvature

An update uses one batch; an epoch uses every example once.
"""

import math
from functools import cache, lru_cache
from itertools import combinations, permutations

import numpy as np
from loss import largest_rate
from shared import draw
from shared.data import line_x, line_y, noisy_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import tilted
from shared.line import line_grad, line_hess, line_loss
from shared.path import first_within
from shared.tables import table


def deal(n, batch, rng=None):
    """Deal out n examples in batches: one epoch.

    >>> [chosen.tolist() for chosen in deal(5, batch=2)]
    [[0, 1], [2, 3], [4]]
    """
    order = np.arange(n) if rng is None else rng.permutation(n)
    return [order[i : i + batch] for i in range(0, n, batch)]


def sgd(grad, start, n, rate, epochs, batch=1, rng=None):
    """Return the path of mini-batch descent, a point per update.

    grad(theta, chosen) is the mean gradient of the chosen examples.
    Without an rng the examples come in their order.
    """
    path = [np.asarray(start, float)]
    for _ in range(epochs):
        for chosen in deal(n, batch, rng):
            path.append(path[-1] - rate * grad(path[-1], chosen))
    return np.array(path)


def noise_floor(rate, curvature=1.0, sigma=1.0):
    """Return the variance that a constant rate keeps at the minimum.

    >>> noise_floor(0.5)
    0.3333333333333333
    """
    return rate * sigma**2 / (curvature * (2 - rate * curvature))


def wander(start, noise, steps=2000, runs=1000, rate=0.02, seed=0):
    """Return where noisy descent on `tilted` ends, for many runs.

    `noise` is the standard deviation of what is added to the slope, a
    number or a function of the part of the run that is done.
    """
    rng = np.random.default_rng(seed)
    x = start + np.zeros(runs)
    size = noise if callable(noise) else lambda done: noise
    for t in range(steps):
        kick = size(t / steps) * rng.standard_normal(runs)
        slope = tilted.slopes(x) + kick
        x = np.clip(x - rate * slope, -3, 3)
    return x


GOOD, POOR = tilted.minima


def noisy_grad(theta, chosen):
    """Return `line_grad` with the noisy labels, shape (2,)."""
    return line_grad(theta, chosen, noisy_y)


def loss_after(epochs, batch=1, rate=0.05):
    """Return the loss of the line after epochs in order, from w = b = 0.

    >>> loss_after(0), round(loss_after(1), 4)
    (21.0, 0.0028)
    """
    return line_loss(sgd(line_grad, np.zeros(2), 4, rate, epochs, batch)[-1])


RATES = np.geomspace(0.01, 1, 81)


@cache
def best_rate(batch):
    """Return the rate, of 200, that leaves least after an epoch of the line, in order.

    >>> best_rate(4)
    0.119
    """
    return float(min(_LINE_RATES, key=lambda rate: loss_after(1, batch, rate)))


def acute_share(way, seed=0):
    """Return the share of a thousand examples whose gradient helps.

    It is taken after that part of the way from 0 to the best θ, and helps if
    its angle to the full gradient is acute.
    """
    X, y = _thousand(seed)
    best, *_ = np.linalg.lstsq(X, y)
    gradients = 2 * (X @ (way * best) - y)[:, np.newaxis] * X
    return float(np.mean(gradients @ gradients.mean(axis=0) > 0))


def variance_with(sigma2, batch):
    """Return the variance of a batch's gradient, drawn with replacement."""
    return sigma2 / batch


def variance_without(sigma2, batch, n):
    """Return the same, drawn without replacement.

    >>> variance_without(6.0, batch=4, n=4)
    0.0
    """
    return sigma2 / batch * (n - batch) / (n - 1)


def example_gradients(theta=(0.0, 0.0)):
    """Return the gradient of each noisy example at theta, shape (4, 2)."""
    return np.array([noisy_grad(np.array(theta), [i]) for i in range(4)])


def subset_variance(gradients, batch):
    """Return the variance of the batch mean over all subsets, exactly."""
    means = [np.mean(s, axis=0) for s in combinations(gradients, batch)]
    return float(np.var(means, axis=0).sum())


def halves_the_floor(factor, rate=0.01):
    """Say whether factor times the rate leaves half the variance, to 1 %."""
    return abs(noise_floor(factor * rate) / noise_floor(rate) - 0.5) < 0.01


def rate_with_floor(floor):
    """Return the rate whose floor this is, for λ = σ = 1.

    >>> rate_with_floor(1.0)
    1.0
    """
    return 2 * floor / (1 + floor)


def estimated_rate(floor):
    """Return the same from the estimate for small rates, ησ²/(2λ)."""
    return 2 * floor


@cache
def late_spread(rate, seed=0):
    """Return the spread of late points of SGD on single noisy examples."""
    rng = np.random.default_rng(seed)
    path = sgd(noisy_grad, np.zeros(2), 4, rate, 400, rng=rng)
    return float(np.linalg.norm(path[800:].std(axis=0)))


def noisy_run(rate, start=3.0, updates=400, seed=0):
    """Return a path of x - rate (x + ξ), with ξ of mean 0 and variance 1."""
    path = [start]
    for noise in np.random.default_rng(seed).standard_normal(updates):
        path.append(path[-1] - rate * (path[-1] + noise))
    return np.array(path)


def arrival(rate):
    """Return the first update of `noisy_run` within a root of its floor."""
    return first_within(noisy_run(rate), 0.0, math.sqrt(noise_floor(rate)))


SCHEDULES = {
    "0.1": lambda t: 0.1,
    "1/(t + 1)": lambda t: 1 / (t + 1),
    "0.1/√(t + 1)": lambda t: 0.1 / math.sqrt(t + 1),
    "0.1 e^(−0.1 t)": lambda t: 0.1 * math.exp(-0.1 * t),
}


def expected_square(schedule, start=5.0, steps=1000):
    """Return E x² after each noisy step on x²/2, by its recursion.

    A step is x − ηₜ (x + ξ), with ξ of mean 0 and variance 1.
    """
    squares = [start**2]
    for t in range(steps):
        rate = schedule(t)
        squares.append((1 - rate) ** 2 * squares[-1] + rate**2)
    return np.array(squares)


def sum_of_rates(schedule, steps=1000):
    """Return what the rates of the first updates add up to."""
    return sum(schedule(t) for t in range(steps))


def left_over(schedule, steps=1000):
    """Return which part of the start is left when the noise is absent."""
    return math.prod(1 - schedule(t) for t in range(steps))


def cool(done):
    """Noise that falls from 8 to 0 in the course of the run."""
    return 8 * (1 - done)


LONG = 20_000


@cache
def freed(noise, steps=2000):
    """Return the share of the runs that leave the poor valley for the good one.

    The noise is a number or a function, as `wander` takes it.
    """
    return _shares_in_good(noise, steps)[0]


@cache
def lost(noise, steps=2000):
    """Return the share of the runs that fall from the good valley into the poor."""
    return 1 - _shares_in_good(noise, steps)[1]


def hill_above(valley):
    """Return how high the hill between the valleys is, seen from one of them."""
    return tilted.f(_HILL) - tilted.f(valley)


def claim_the_full_batch_goes_down_below_the_limit():
    """On the line, 12 rates up to 2/λ from four starts; just above it explodes."""
    limit = largest_rate(line_hess())
    for start in [0.0, 0.0], [5.0, -3.0], [2.0, 4.0], [1.0, 9.0]:
        for share in np.linspace(0.02, 0.99, 12):
            path = sgd(line_grad, start, 4, share * limit, 10, batch=4)
            if (np.diff([line_loss(theta) for theta in path]) >= 0).any():
                return False
    above = sgd(line_grad, np.zeros(2), 4, 1.05 * limit, 60, batch=4)
    return line_loss(above[-1]) > 100 * line_loss(above[0])


def claim_the_first_example_says_nothing_about_w():
    """At 30 places: its slope for w is 0, those of the others for w and b are not."""
    for theta in np.random.default_rng(0).normal(size=(30, 2)):
        slopes = np.array([line_grad(theta, [i]) for i in range(4)])
        if slopes[0, 0] != 0 or (slopes[1:] == 0).any():
            return False
    return True


def claim_the_full_batch_walks_to_the_minimum():
    """Its twelve updates end within 0.05 of w = 2, b = 1."""
    path = sgd(noisy_grad, np.zeros(2), 4, 0.05, 12, 4, np.random.default_rng(0))
    return len(path) == 13 and bool(np.linalg.norm(path[-1] - [2, 1]) < 0.05)


def claim_small_batches_are_lower_with_a_fifth_read():
    """Two hundred examples read, batches of a hundred, ten and one leave a fifth.

    The full batch leaves more, all thousand read. The last two end lowest of the four.
    """
    left = {batch: _within_an_epoch(batch) for batch in (1, 10, 100, 1000)}
    early = [left[1][200], left[10][20], left[100][2]]
    ends = [left[batch][-1] for batch in (1, 10, 100, 1000)]
    return bool(max(early) < 1 / 5 < ends[3] and max(ends[:2]) < min(ends[2:]))


def claim_clean_labels_converge():
    """Three rates, three sizes of the batch: within a thousandth of (2, 1)."""
    for rate in (0.05, 0.1, 0.15):
        for batch in (1, 2, 3):
            rng = np.random.default_rng(batch)
            end = sgd(line_grad, np.zeros(2), 4, rate, 120, batch, rng)[-1]
            if np.abs(end - [2, 1]).max() > 1e-3:
                return False
    return True


def claim_no_noisy_example_is_content():
    """At the minimum, w = 2, b = 1, the mean of the gradients is 0, none of them is."""
    gradients = example_gradients((2.0, 1.0))
    return bool(
        np.abs(gradients.mean(axis=0)).max() < 1e-15
        and (np.abs(gradients[:, 1]) > 0.5).all()
    )


def claim_smaller_batches_arrive_sooner_in_larger_clouds():
    """Over ten seeds, on average: epochs until within 0.5, and the late spread."""
    epochs, clouds = [], []
    for batch in (4, 2, 1):
        each = 4 // batch
        runs = np.array(
            [
                sgd(
                    noisy_grad,
                    np.zeros(2),
                    4,
                    0.05,
                    40,
                    batch,
                    np.random.default_rng(s),
                )
                for s in range(10)
            ]
        )
        away = np.linalg.norm(runs - [2, 1], axis=2)
        epochs.append(np.mean((away < 0.5).argmax(axis=1)) / each)
        clouds.append(np.mean(away[:, 20 * each :]))
    return epochs == sorted(epochs, reverse=True) and clouds == sorted(clouds)


def claim_noisy_labels_leave_a_cloud():
    """Three rates, two sizes: the late points spread, around the minimum."""
    for rate in (0.02, 0.05, 0.1):
        for batch in (1, 2):
            rng = np.random.default_rng(batch)
            path = sgd(noisy_grad, np.zeros(2), 4, rate, 200, batch, rng)
            late = path[len(path) // 2 :]
            spread = late.std(axis=0)
            off = np.abs(late.mean(axis=0) - [2, 1])
            if (spread < 0.05 * rate).any() or (off > spread + 0.02).any():
                return False
    return True


def claim_the_mean_is_off_because_of_dealing():
    """At four rates, exactly: drawn independently the mean rests at (2, 1).

    Dealt in all 24 orders alike, it rests elsewhere.
    """
    single, orders = [(i,) for i in range(4)], list(permutations(range(4)))
    for rate in (0.01, 0.05, 0.1, 0.15):
        drawn, dealt = _mean_rest(rate, single), _mean_rest(rate, orders)
        if np.abs(drawn - [2, 1]).max() > 1e-9 or np.abs(dealt - [2, 1]).min() < 1e-3:
            return False
    return True


def claim_a_smaller_rate_shrinks_cloud_and_offset():
    """At three falling rates both fall, the offset of the mean exactly computed."""
    orders = list(permutations(range(4)))
    rates = (0.1, 0.05, 0.02)
    offsets = [np.linalg.norm(_mean_rest(rate, orders) - [2, 1]) for rate in rates]
    clouds = [late_spread(rate) for rate in rates]
    falls = [sorted(sizes, reverse=True) == sizes for sizes in (offsets, clouds)]
    return falls == [True, True]


def claim_the_variance_falls_as_the_formulas_say():
    """At three θ, all sizes: the variance over all subsets is the formula's.

    It is below that with replacement, falls by less each time, and is 0 at B = 4.
    """
    for theta in [0.0, 0.0], [2.0, 1.0], [-1.0, 3.0]:
        gradients = example_gradients(theta)
        sigma2 = subset_variance(gradients, 1)
        exact = [subset_variance(gradients, batch) for batch in (1, 2, 3, 4)]
        told = [variance_without(sigma2, batch, 4) for batch in (1, 2, 3, 4)]
        above = [variance_with(sigma2, batch) for batch in (1, 2, 3, 4)]
        if not np.allclose(exact, told, atol=1e-9 * sigma2) or told[3] != 0:
            return False
        if (np.diff(told, 2) <= 0).any() or (np.diff(above, 2) <= 0).any():
            return False
        if (np.array(told[1:]) >= above[1:]).any():
            return False
    return True


def claim_large_rates_arrive_sooner_and_stay_restless():
    """From x = 3, over eight seeds, rates 0.5, 0.1 and 0.02."""
    arrivals, rest = [], []
    for rate in (0.5, 0.1, 0.02):
        runs = [noisy_run(rate, seed=seed) for seed in range(8)]
        root = math.sqrt(noise_floor(rate))
        arrivals.append(np.mean([first_within(run, 0.0, root) for run in runs]))
        rest.append(np.mean([run[200:].std() for run in runs]))
    return arrivals == sorted(arrivals) and rest == sorted(rest, reverse=True)


def claim_the_rate_with_a_floor_has_it():
    """For 30 floors from 1e-4 to 100: the rate 2v/(1 + v) has the floor v."""
    floors = np.geomspace(1e-4, 100, 30)
    return bool(np.allclose(noise_floor(rate_with_floor(floors)), floors))


def claim_small_rates_have_a_floor_of_half_the_rate():
    """Up to rate 0.02 it is ησ^2/(2λ), to 6 %, for three λ and two σ."""
    for rate in np.geomspace(1e-4, 0.02, 10):
        for curvature in (0.1, 1.0, 5.0):
            for sigma in (0.5, 2.0):
                estimate = rate * sigma**2 / (2 * curvature)
                told = noise_floor(rate, curvature, sigma)
                if abs(told / estimate - 1) > 0.06:
                    return False
    return True


def claim_twice_the_batch_is_half_the_rate():
    """Up to rate 0.05 half the rate and twice the batch leave floors 3 % apart."""
    for rate in np.geomspace(1e-3, 0.05, 20):
        slower = noise_floor(rate / 2)
        larger = noise_floor(rate, sigma=1 / math.sqrt(2))
        if abs(slower / larger - 1) > 0.03:
            return False
    return True


def claim_two_schedules_arrive_and_two_stop():
    """From 5 and from 1, after a thousand and after ten thousand updates."""
    for start in (5.0, 1.0):
        ends = [
            expected_square(schedule, start, 10_000)[[1000, 10_000]]
            for schedule in SCHEDULES.values()
        ]
        stopped = [bool(late > 0.99 * early) for early, late in ends]
        if stopped != [True, False, False, True]:
            return False
    return True


def claim_an_exponential_schedule_is_a_budget():
    """Of the distance 5, or any other, the same share is left from 100 updates on."""
    shares = [
        left_over(SCHEDULES["0.1 e^(−0.1 t)"], steps) for steps in (100, 1000, 10_000)
    ]
    return max(shares) - min(shares) < 1e-4 and shares[0] > 0.3


def claim_one_over_t_fits_one_curvature():
    """λ = 1: the least of the four, and 1/k for k updates. λ a tenth: it crawls."""
    squares = [expected_square(schedule)[-1] for schedule in SCHEDULES.values()]
    mean = expected_square(SCHEDULES["1/(t + 1)"])[1:]
    left = math.prod(1 - 0.1 / (t + 1) for t in range(1000))
    fits = np.allclose(mean, 1 / np.arange(1, 1001))
    return bool(min(squares) == squares[1] and fits and left > 0.4)


def claim_the_third_schedule_falls_to_zero():
    """Its expected square keeps falling, for 100,000 updates."""
    squares = expected_square(SCHEDULES["0.1/√(t + 1)"], steps=100_000)
    return bool((np.diff(squares[1000:]) < 0).all() and squares[-1] < 2e-4)


def claim_time_lets_moderate_noise_choose():
    """Size 4 frees 90 % in the long run and loses less than 5 %."""
    return freed(4) < 0.5 < 0.9 < freed(4, LONG) and lost(4, LONG) < 0.05


def claim_full_batch_wins_at_its_best_rate():
    """On the line one full step at its best rate ends lower than single examples do.

    Those take an epoch, with any of 200 rates, in their order or on average over all.
    """
    full = loss_after(1, 4, best_rate(4))
    in_order = loss_after(1, 1, best_rate(1))
    theta = np.zeros((2, 24, len(_LINE_RATES)))
    for dealt in np.array(list(permutations(range(4)))).T:
        x, y = line_x[dealt][:, np.newaxis], line_y[dealt][:, np.newaxis]
        residuals = theta[0] * x + theta[1] - y
        theta = theta - 2 * _LINE_RATES * np.stack([residuals * x, residuals])
    misses = theta[0] * line_x[:, None, None] + theta[1] - line_y[:, None, None]
    on_average = (misses**2).mean(axis=(0, 1)).min()
    return bool(full < in_order < on_average)


def claim_single_examples_win_at_the_same_rate():
    """Below half the limit, four single updates of the line beat one full step."""
    rates = np.linspace(0.002, 0.07, 35)
    return all(loss_after(1, 1, r) < loss_after(1, 4, r) for r in rates)


def claim_an_epoch_in_tens_beats_one_full_step():
    """On three sets of a thousand, each at its own best rate: less than a tenth."""
    return all(
        _after_an_epoch(10, seed).min() < _after_an_epoch(1000, seed).min() / 10
        for seed in range(3)
    )


def claim_singles_gain_little_over_tens():
    """On two sets of a thousand examples they leave more than half as much."""
    return all(
        _after_an_epoch(1, seed).min() > _after_an_epoch(10, seed).min() / 2
        for seed in range(2)
    )


def claim_single_gradients_lose_their_way():
    """On five sets three of four help at the start, and about half near the end."""
    starts = [acute_share(0.0, seed) for seed in range(5)]
    ends = [acute_share(0.99, seed) for seed in range(5)]
    return min(starts) > 0.75 and 0.45 < min(ends) < max(ends) < 0.56


def claim_half_the_rate_half_the_floor():
    """Below rate 0.05 half the rate halves the floor and takes twice as long.

    To three per cent.
    """
    for rate in np.geomspace(1e-4, 0.05, 20):
        floors = noise_floor(rate / 2) / noise_floor(rate)
        speeds = math.log1p(-rate / 2) / math.log1p(-rate)
        if max(abs(floors - 0.5), abs(speeds - 0.5)) > 0.015:
            return False
    return True


def claim_the_lower_hill_is_climbed_sooner():
    """At sizes 3 to 6 four times as many leave the poor valley as the good one."""
    both = [(size, steps) for size in _SIZES[1:] for steps in (2000, LONG)]
    return all(freed(*case) > 4 * lost(*case) for case in both)


def claim_less_noise_chooses_better():
    """The larger the noise, from 3 to 6, the more are lost for each that is freed."""
    for steps in 2000, LONG:
        odds = [lost(size, steps) / freed(size, steps) for size in _SIZES[1:]]
        if not (np.diff(odds) > 0).all():
            return False
    return True


def claim_waiting_grows_exponentially():
    """From size 4 to 3 escapes become rarer as exp(-h/T) says, to a third."""
    often, rarely = (-math.log(1 - freed(size)) for size in (4, 3))
    rarely = -math.log(1 - freed(3, LONG)) * 2000 / LONG
    heat = lambda size: 0.02 * size**2 / 2
    expected = math.exp(hill_above(POOR) * (1 / heat(3) - 1 / heat(4)))
    return 2 / 3 < often / rarely / expected < 3 / 2


def claim_the_run_to_move_is_a_cloud_at_once():
    """Its first state is in the circle by update 5, then on all sides of the minimum.

    What is measured of the cloud is less than a tenth off the formula.
    """
    _, first, formula, measured = _floor_says(0.5, 1.0, 1.0)
    late = np.array(_cloud(0.5, 1.0, 1.0))
    around = late.min(axis=0).max() < 0 < late.max(axis=0).min()
    return first <= 5 and bool(around) and abs(measured / formula - 1) < 0.1


def table_epoch():
    """What an epoch over a thousand examples leaves, each batch at its best rate."""
    rows = []
    for batch in (1000, 100, 10, 1):
        left = _after_an_epoch(batch)
        rate = f"{RATES[left.argmin()]:.2g}"
        updates = f"{len(deal(1000, batch)):,}"
        rows.append([f"{batch:,}", updates, rate, f"{left.min():.1%}"])
    header = ["$B$", "updates", "best rate", "loss above the best that is left"]
    return table(header, rows)


def table_variance():
    header = [
        "$B$",
        "$\\sigma^2/B$",
        "20,000 draws",
        "without replacement",
        "all subsets, exactly",
    ]
    gradients = example_gradients()
    sigma2 = subset_variance(gradients, 1)
    rows = []
    for batch in (1, 2, 3, 4):
        row = [
            batch,
            f"{variance_with(sigma2, batch):.1f}",
            f"{_drawn_variance(gradients, batch):.1f}",
            f"{variance_without(sigma2, batch, 4):.2f}",
            f"{subset_variance(gradients, batch):.2f}",
        ]
        rows.append(row)
    return table(header, rows)


def table_floor():
    header = ["rate $\\eta$", "floor, by the formula", "5,000 simulated runs"]
    rows = []
    for rate in (0.01, 0.1, 0.5):
        constant = lambda t, rate=rate: rate
        simulated = _simulated_squares(constant, 0.0, 2000, 5000)
        rows.append([rate, f"{noise_floor(rate):.5f}", f"{simulated:.5f}"])
    return table(header, rows)


def table_schedules():
    header = [
        "rate of update $t$",
        "expected $x^2$",
        "2,000 simulated runs",
        "part of the start that is left",
    ]
    constant, *_ = SCHEDULES
    formulas = [constant, "1/(t+1)", r"0.1/\sqrt{t+1}", r"0.1\,e^{-0.1t}"]
    rows = []
    for tex, schedule in zip(formulas, SCHEDULES.values(), strict=True):
        expected = f"{expected_square(schedule)[-1]:.6f}"
        simulated = f"{_simulated_squares(schedule):.5f}"
        rows.append([f"${tex}$", expected, simulated, f"{left_over(schedule):.2g}"])
    return table(header, rows)


def table_escape():
    """Who changes the valley, in a short and in a long run."""
    rows = []
    for size in _SIZES:
        shares = [
            f"{share(size, steps):.1%}" for share in (freed, lost) for steps in _TIMES
        ]
        rows.append([size, *shares])
    header = ["size of the noise"]
    for way in "poor to good", "good to poor":
        header += [f"{way}, {steps:,} steps" for steps in _TIMES]
    return table(header, rows)


_HILL = next(p.at for p in tilted.stationary if p.kind == "maximum")
_LINE_RATES = np.arange(1, 201) / 1000
_SIZES = 2, 3, 4, 5, 6
_TIMES = 2000, LONG


def _thousand(seed=0):
    """Return 1,000 examples, X and y, whose ten features differ in size by ten.

    A label is the sum of the features and some noise, so κ is about 100.
    """
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((1000, 10)) * np.geomspace(1, 0.1, 10)
    return X, X.sum(axis=1) + rng.normal(0, 0.5, 1000)


@cache
@np.errstate(over="ignore", invalid="ignore")  # above the limit an epoch diverges
def _after_an_epoch(batch, seed=0, shuffles=3):
    """Return what an epoch on `_thousand` leaves with each of RATES, from θ = 0.

    It is the part of what the start's mean squared error has above the least one,
    on average over some shuffles.
    """
    X, y = _thousand(seed)
    best, *_ = np.linalg.lstsq(X, y)
    start = np.zeros((len(RATES), 10))

    def grad(theta, chosen):
        residuals = theta @ X[chosen].T - y[chosen]
        return 2 * residuals @ X[chosen] / len(chosen)

    left = []
    for shuffle in range(shuffles):
        rng = np.random.default_rng(shuffle)
        end = sgd(grad, start, len(y), RATES[:, np.newaxis], 1, batch, rng)[-1]
        above = np.mean(((end - best) @ X.T) ** 2, axis=1)
        left.append(above / np.mean((X @ best) ** 2))
    return np.nan_to_num(np.mean(left, axis=0), nan=np.inf)


@cache
def _within_an_epoch(batch, seed=0):
    """Return what is left after each update of an epoch, at the best of RATES.

    The share is that of `_after_an_epoch`, on average over the same shuffles.
    """
    X, y = _thousand(seed)
    best, *_ = np.linalg.lstsq(X, y)
    rate = RATES[_after_an_epoch(batch, seed).argmin()]

    def grad(theta, chosen):
        return 2 * (X[chosen] @ theta - y[chosen]) @ X[chosen] / len(chosen)

    left = []
    for shuffle in range(3):
        rng = np.random.default_rng(shuffle)
        path = sgd(grad, np.zeros(10), len(y), rate, 1, batch, rng)
        left.append(np.mean(((path - best) @ X.T) ** 2, axis=1))
    return np.mean(left, axis=0) / np.mean((X @ best) ** 2)


def _after_random(state, by=16807.0):
    """Return the state that follows, a whole number, from 1 to 2147483646.

    Park and Miller's minimal standard (1988), in floats, which are exact here.

    >>> _after_random(1.0), _after_random(2147483646.0)
    (16807.0, 2147466840.0)
    """
    product = by * state
    return product - 2147483647.0 * math.floor(product / 2147483647.0)


@lru_cache(maxsize=1)
def _noise(seed):
    """Return 600 draws with mean 0 and variance 1: twelve random shares, less 6.

    >>> len(_noise(1.0)), _noise(1.0)[0] == _noise(2.0)[0]
    (600, False)
    """
    state = 1.0
    for _ in range(math.floor(seed)):
        state = _after_random(state, 69621.0)  # states in a small ratio go together
    draws = []
    for _ in range(600):
        total = -6.0
        for _ in range(12):
            state = _after_random(state)
            total += state / 2147483647.0
        draws.append(total)
    return draws


@lru_cache(maxsize=1)
def _noisy_places(rate, batch, seed):
    """Return the places of 300 noisy updates from (3, 2) on (x² + y²)/2.

    >>> len(_noisy_places(0.5, 1.0, 1.0)), _noisy_places(0.5, 4.0, 1.0)[0]
    (301, [3.0, 2.0])
    """
    noise = _noise(seed)
    x, y = 3.0, 2.0
    places = [[x, y]]
    for t in range(300):
        x = x - rate * (x + noise[2 * t] / math.sqrt(batch))
        y = y - rate * (y + noise[2 * t + 1] / math.sqrt(batch))
        places.append([x, y])
    return places


def _noisy_line(rate, batch, seed):
    """Return the way to update 100, in a list of one line."""
    places = _noisy_places(rate, batch, seed)
    return [[places[t] for t in range(101)]]


def _cloud(rate, batch, seed):
    """Return each second of the places from update 102 on."""
    places = _noisy_places(rate, batch, seed)
    return [places[t] for t in range(102, 301, 2)]


def _over_time(rate, batch, seed):
    """Return x against the update, in a list of one line."""
    places = _noisy_places(rate, batch, seed)
    return [[[1.0 * t, places[t][0]] for t in range(301)]]


def _root_of_the_floor(rate, batch):
    """Return the root of the variance that remains.

    >>> round(_root_of_the_floor(0.5, 4.0), 4)
    0.2887
    """
    return math.sqrt(noise_floor(rate, 1.0, 1 / math.sqrt(batch)))


def _late_square(rate, batch, seed):
    """Return the mean square of both coordinates of the last two hundred places."""
    places = _noisy_places(rate, batch, seed)
    total = 0.0
    for t in range(101, 301):
        x, y = places[t]
        total += (x * x + y * y) / 400
    return total


def _ring(radius):
    """Return a circle around the minimum."""
    turns = [math.pi * k / 32 for k in range(65)]
    return [[radius * math.cos(turn), radius * math.sin(turn)] for turn in turns]


def _predicted_ring(rate, batch):
    """Return the circle at the root of the mean square of the distance."""
    return _ring(math.sqrt(2.0) * _root_of_the_floor(rate, batch))


def _measured_ring(rate, batch, seed):
    """Return the circle of what is measured."""
    return _ring(math.sqrt(2 * _late_square(rate, batch, seed)))


def _band(rate, batch):
    """Return the lines one root of the floor above and below 0."""
    root = _root_of_the_floor(rate, batch)
    return [[[0.0, root], [300.0, root]], [[0.0, -root], [300.0, -root]]]


def _floor_says(rate, batch, seed):
    """Return when the run is in the predicted ring, the floor, and what is measured.

    The last two hundred places tell it, if the run is in the ring before them.

    >>> _floor_says(0.5, 1.0, 1.0)[0], _floor_says(0.02, 64.0, 1.0)[0]
    ('in', 'on its way')
    """
    places = _noisy_places(rate, batch, seed)
    root = _root_of_the_floor(rate, batch)
    for t in range(101):
        x, y = places[t]
        if x * x + y * y < 2 * root * root:
            which = "at once" if t == 0 else "in"
            return [which, t, root * root, _late_square(rate, batch, seed)]
    x, y = places[100]
    return ["on its way", 100, root * root, math.sqrt(x * x + y * y)]


def _share_of_the_floor(rate, batch, of_rate):
    """Return how large the floor is, as a share of that of one example a step.

    >>> _share_of_the_floor(0.5, 4.0, 0.5)
    0.25
    """
    here, there = _root_of_the_floor(rate, batch), _root_of_the_floor(of_rate, 1.0)
    return here * here / (there * there)


def _half_the_floor():
    """Return the rate whose floor η/(2 − η) is half of that of the rate 0.5.

    >>> rate, whole = _half_the_floor()[0], 0.5 / (2 - 0.5)
    >>> round(rate / (2 - rate) / whole, 12)
    0.5
    """
    return [2 * 0.5 / (4 - 0.5)]


def _halved_by_the_rate(rate, batch):
    """Whether the floor is half as high as at first, with one example a step.

    >>> _halved_by_the_rate(0.28, 1.0), _halved_by_the_rate(0.5, 2.0)
    (True, False)
    """
    share = _share_of_the_floor(rate, batch, 0.5)
    return batch == 1 and 0.45 < share < 0.55


def _halved_by_the_batch(rate, batch):
    """Whether the floor is half as high as at first, at the same rate.

    >>> _halved_by_the_batch(0.5, 2.0), _halved_by_the_batch(0.28, 1.0)
    (True, False)
    """
    share = _share_of_the_floor(rate, batch, 0.5)
    return abs(rate - 0.5) < 0.01 and 0.45 < share < 0.55


def _as_quiet(rate, batch):
    """Whether the floor at rate 0.5 is that of rate 0.02 with one example.

    >>> _as_quiet(0.5, 33.0), _as_quiet(0.02, 1.0)
    (True, False)
    """
    share = _share_of_the_floor(rate, batch, 0.02)
    return abs(rate - 0.5) < 0.01 and 0.95 < share < 1.05


def _floor_table(rate, batch, seed):
    """Return the places of the run, each as a row."""
    return _noisy_places(rate, batch, seed)


def _mean_rest(rate, orders):
    """Return where the mean of θ rests if an epoch takes one of the orders.

    An update is affine in θ, so the mean of the epochs' maps has one fixed point.
    """
    total, shift = np.zeros((2, 2)), np.zeros(2)
    for order in orders:
        matrix, offset = np.eye(2), np.zeros(2)
        for i in order:
            a = np.array([line_x[i], 1.0])
            update = np.eye(2) - 2 * rate * np.outer(a, a)
            matrix, offset = (
                update @ matrix,
                update @ offset + 2 * rate * noisy_y[i] * a,
            )
        total, shift = total + matrix / len(orders), shift + offset / len(orders)
    return np.linalg.solve(np.eye(2) - total, shift)


@cache
def _shares_in_good(noise, steps):
    """Return the shares that end in the good valley, from the poor one and from it."""
    if noise in _SIZES:
        return _all_shares_in_good(steps)[_SIZES.index(noise)]
    ends = wander(np.array([[POOR], [GOOD]]), noise, steps)
    return np.mean(ends < _HILL, axis=1).tolist()


@cache
def _all_shares_in_good(steps):
    """Return the same for each of _SIZES, run at once, which saves much time."""
    starts = np.array([[[POOR], [GOOD]]])
    ends = wander(starts, np.reshape(_SIZES, (-1, 1, 1)), steps)
    return np.mean(ends < _HILL, axis=2).tolist()


def _drawn_variance(gradients, batch, draws=20000, seed=0):
    """Return the variance of the batch mean, drawn with replacement."""
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch))
    return float(np.var(gradients[chosen].mean(axis=1), axis=0).sum())


def _simulated_squares(schedule, start=5.0, steps=1000, runs=2000, seed=0):
    """Return the mean x² over runs of the noisy steps of `expected_square`."""
    rng = np.random.default_rng(seed)
    x = np.full(runs, start)
    for t in range(steps):
        x = x - schedule(t) * (x + rng.standard_normal(runs))
    return float(np.mean(x**2))


def figure_opening():
    """Two rates under the same noise."""
    figure, ax = draw.opening((-4, 126), (-1.6, 3.5))
    ax.axhline(0, color="optimum", linewidth=1)
    for rate, colour in (0.04, "second"), (0.3, "path"):
        ax.plot(noisy_run(rate, updates=122), color=colour, linewidth=1.4)
    draw.path(ax, [0], [3.0])
    return figure


def figure_epoch():
    """What is left of the loss against the examples read, for four sizes."""
    figure, ax = draw.axes("examples read", "loss that is left", height=3.6)
    for batch, colour, style, at, offset in [
        (1000, "curve", "-", 700, (0, -10)),
        (100, "third", "o-", 500, (32, 10)),
        (10, "path", "-", 690, (0, 17)),
        (1, "second", "--", 200, (-22, -14)),
    ]:
        left = _within_an_epoch(batch)
        read = np.minimum(batch * np.arange(len(left)), 1000)
        ax.step(
            read, left, style, where="post", color=colour, markersize=4, linewidth=1.4
        )
        if batch == 1000:
            ax.plot(read, left, "o", color=colour)
        draw.label(ax, f"B = {batch:,}", (at, left[at // batch]), offset, colour)
    ax.set(yscale="log", xlim=(-20, 1030))
    return figure


def figure_paths():
    figure, axes = draw.panels(3, 1, height=7.2, sharex=True)
    for ax, (batch, name) in zip(
        axes[:, 0],
        [(4, "batch"), (2, "mini-batch"), (1, "stochastic")],
        strict=True,
    ):
        rng = np.random.default_rng(3)
        path = sgd(noisy_grad, np.zeros(2), 4, 0.05, 12, batch, rng)
        loss = lambda t: np.mean(
            (t[0][..., None] * line_x + t[1][..., None] - noisy_y) ** 2, axis=-1
        )
        draw.contours(
            ax, loss, (-0.3, 3.1), (-0.4, 2.2), [0.5, 1, 2, 4, 8, 16], points=57
        )
        draw.path(ax, path[:, 0], path[:, 1], arrows=False, markersize=3)
        ax.plot(*path.T, color="path", linewidth=0.8)
        draw.optimum(ax, 2, 1)
        ax.set(ylabel="b", title=f"{name}: B = {batch}, {len(path) - 1} updates")
    axes[-1, 0].set(xlabel="w")
    return figure


def figure_variance():
    gradients = example_gradients()
    sigma2 = subset_variance(gradients, 1)
    sizes = np.array([1, 2, 3, 4])
    figure, ax = draw.axes("batch size B", "variance of the gradient", height=3.3)
    smooth = np.linspace(1, 4, 61)
    ax.plot(smooth, variance_with(sigma2, smooth), "-", color="curve")
    ax.plot(smooth, variance_without(sigma2, smooth, 4), "--", color="path")
    ax.plot(sizes, [_drawn_variance(gradients, b) for b in sizes], "o", color="curve")
    ax.plot(sizes, [subset_variance(gradients, b) for b in sizes], "s", color="path")
    at = (2, variance_with(sigma2, 2))
    draw.label(ax, "with replacement, σ²/B", at, (4, 16), "curve", ha="left")
    draw.label(ax, "without:\n0 at B = n", (1.05, 60), (0, 0), "path", ha="left")
    ax.set(xticks=sizes, ylim=(0, None))
    return figure


def figure_floor():
    """Two noisy runs, each with lines one root of its floor from the minimum."""
    figure, axes = draw.panels(2, 1, height=4.6, sharex=True, sharey=True)
    for ax, rate, colour, says in [
        (axes[0, 0], 0.5, "path", "there at once, then noisy"),
        (axes[1, 0], 0.02, "curve", "slow, then quiet"),
    ]:
        ax.plot(noisy_run(rate), color=colour, linewidth=1)
        for band in np.array([1, -1]) * math.sqrt(noise_floor(rate)):
            ax.axhline(band, color="ink", linestyle="--", linewidth=1)
        draw.label(ax, f"rate {rate:g}: {says}", (40, 2.6), color=colour, ha="left")
        ax.set(ylabel="x", ylim=(-2.4, 3.4))
    ax.set(xlabel="update t")
    return figure


def figure_explore_floor():
    """A noisy run in the plane, the cloud at its end, and below it the run in time."""
    figure, axes = draw.panels(2, 1, height=6.2, height_ratios=(5, 2))
    plane, time = axes[:, 0]
    plane.plot(0, 0, "+", color="optimum")
    plane.set(xlim=(-3.2, 3.2), ylim=(-2.6, 2.6), aspect="equal", ylabel="y")
    plane.set(xlabel="x")
    for y, style, colour, text in [
        (2.3, "-", "ink", "formula"),
        (1.95, "--", "curve", "measured"),
    ]:
        plane.plot([-3.1, -2.7], [y, y], style, color=colour, linewidth=1)
        draw.label(plane, text, (-2.6, y), (0, 0), colour, ha="left")
    time.axhline(0, color="soft", linewidth=0.8)
    time.set(xlim=(-6, 306), ylim=(-2.6, 3.4), xlabel="update t", ylabel="x")
    half = Marks(["half the floor"], _half_the_floor, waits=True)
    arrives = "Update {1:0} is the first in the circle. "
    floor = "Variance by the formula: {2:4}; of the last two hundred places: {3:4}."
    return movable(
        figure,
        plane,
        knobs=[
            Knob("rate", "rate η", 0.02, 1.9, 0.02, 0.5, half),
            Knob("batch", "batch B", 1, 64, 1, 1),
            Knob("seed", "seed", 1, 30, 1, 1),
        ],
        layers=[
            Layer(_noisy_line, "level", "soft"),
            Layer(_cloud, "dots", "path"),
            Layer(_predicted_ring, "curve", "ink"),
            Layer(_measured_ring, "line", "curve"),
            Layer(_band, "level", "ink", time),
            Layer(_over_time, "level", "path", time),
        ],
        says=(
            _floor_says,
            {
                "in": ("path", arrives + floor),
                "at once": ("path", f"It starts in the circle. {floor}"),
                "on its way": (
                    "alarm",
                    "At update {1:0} it is {3:3} away, not yet in the circle. "
                    "Variance by the formula: {2:4}.",
                ),
            },
        ),
        formula=(
            lambda rate, batch: [
                rate,
                batch,
                2 - rate,
                noise_floor(rate, 1.0, 1 / math.sqrt(batch)),
            ],
            r"\dfrac{\eta\sigma^2}{B\,(2 - \eta)}"
            r" = \dfrac{{1:2}}{{2:0} \cdot {3:2}} = {4:4}",
        ),
        table=(_floor_table, ["t", "xₜ", "yₜ"]),
        targets={
            "by the rate": Target(_halved_by_the_rate, {"rate": 0.28}),
            "by the batch": Target(_halved_by_the_batch, {"batch": 2}),
            "as quiet": Target(_as_quiet, {"batch": 33}),
        },
    )


def figure_schedules():
    figure, ax = draw.axes("update t", "expected x²", height=3.5)
    colours = ["curve", "path", "second", "alarm"]
    styles = ["-", "--", "-.", ":"]
    ends = [expected_square(schedule)[-1] for schedule in SCHEDULES.values()]
    nudge = 1, 0.8, 1.4, 1  # apart from each other
    for i, (name, schedule) in enumerate(SCHEDULES.items()):
        ax.loglog(
            np.arange(1, 1001),
            expected_square(schedule)[1:],
            styles[i],
            color=colours[i],
        )
        if "^" in name:
            name = "0.1 exp(−t/10)"
        draw.label(ax, name, (1200, ends[i] * nudge[i]), (0, 0), colours[i], ha="left")
    ax.set(xlim=(0.8, 9e4), xticks=[1, 10, 100, 1000])
    ax.set(ylim=(5e-4, 40))
    return figure


def figure_escape():
    """The shares that change the valley, after a short and after a long run."""
    figure, axes = draw.panels(2, 1, height=5.2, sharex=True, sharey=True)
    for ax, steps in zip(axes[:, 0], _TIMES, strict=True):
        reach = [100 * freed(size, steps) for size in _SIZES]
        leave = [100 * lost(size, steps) for size in _SIZES]
        ax.plot(_SIZES, reach, "o-", color="second")
        ax.plot(_SIZES, leave, "s--", color="alarm")
        ax.set(ylabel="per cent of the runs", title=f"{steps:,} steps")
    text = "from the poor valley\ninto the good one"
    draw.label(axes[0, 0], text, (2.1, 60), color="second", ha="left")
    draw.label(ax, "from the good one\ninto the poor one", (4.9, 36), color="alarm")
    ax.set(xlabel="size of the noise", ylim=(-4, 104), xticks=_SIZES)
    return figure
