"""Loss functions: what "better" means, as a number.

y, ŷ       the label and the prediction          y, guess
r          the residual y - ŷ                    r
ℓ, L       loss of one example, of the data      loss
z          the score before the sigmoid          z
p, σ(z)    the probability of label 1            p, sigmoid(z)
n          the number of examples                len(y)
"""

from fractions import Fraction

import numpy as np
from shared import draw
from shared.data import line_x, line_y, outlier_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.line import line_grad, line_hess
from shared.numbers import signed
from shared.tables import table


def mse(y, guess):
    """Return the mean squared error.

    >>> mse(np.array([1.0, 3.0]), np.array([0.0, 5.0]))
    2.5
    """
    return float(np.mean((y - guess) ** 2))


def mae(y, guess):
    """Return the mean absolute error.

    >>> mae(np.array([1.0, 3.0]), np.array([0.0, 5.0]))
    1.5
    """
    return float(np.mean(np.abs(y - guess)))


def huber(r, delta=1.0):
    """Return r²/2 for small residuals, a straight line beyond delta.

    >>> huber(np.array([0.5, -3.0]))
    array([0.125, 2.5  ])
    """
    size = np.abs(r)
    return np.where(size <= delta, r**2 / 2, delta * (size - delta / 2))


def sigmoid(z):
    """Return 1 / (1 + e⁻ᶻ), the probability for the score z.

    >>> float(sigmoid(0.0))
    0.5
    """
    return 1 / (1 + np.exp(-z))


def cross_entropy(y, p):
    """Return −ln of the probability that was given to what happened.

    >>> round(float(cross_entropy(1, 0.9)), 4)
    0.1054
    """
    return -y * np.log(p) - (1 - y) * np.log(1 - p)


def cross_entropy_score(y, z):
    """Return the same loss from the score z, safe for any size of z.

    >>> float(cross_entropy_score(0, 40.0))
    40.0
    """
    return np.logaddexp(0, z) - y * z


def half_mse(y, guess):
    """Return half the mean squared error: its slope has no factor 2."""
    return mse(y, guess) / 2


def best_constant(loss, y):
    """Return the label in y that has the least loss as a constant guess.

    Enough where the best constant is one of the labels, as for the
    absolute error with an odd number of them.

    >>> best_constant(mae, outlier_y)
    3.0
    """
    return float(min(y, key=lambda c: loss(y, np.full_like(y, c))))


def huber_constant(y, delta=1.0):
    """Return the best constant under Huber's loss, by bisection."""
    low, high = float(min(y)), float(max(y))
    for _ in range(100):
        middle = (low + high) / 2
        pull = np.clip(y - middle, -delta, delta).sum()
        low, high = (middle, high) if pull > 0 else (low, middle)
    return (low + high) / 2


def midrange(y):
    """Return the middle between the least and the largest label.

    >>> midrange(outlier_y)
    50.5
    """
    return float(min(y) + max(y)) / 2


def odds(p):
    """Return how many times more probable a thing is than its opposite.

    >>> odds(0.75)
    3.0
    """
    return p / (1 - p)


def cross_entropy_to_base(base, p):
    """Return −log of p, the probability given to the truth, to another base than e.

    >>> cross_entropy_to_base(2, 0.25)
    2.0
    """
    return float(cross_entropy(1, p) / cross_entropy(1, 1 / base))


def slope_cross_entropy(y, z):
    """Return the slope of the cross-entropy along z: p − y."""
    return sigmoid(z) - y


def slope_squared(y, z):
    """Return the slope of (y − σ(z))² along z."""
    p = sigmoid(z)
    return 2 * (p - y) * p * (1 - p)


def pull_ratio(z):
    """Return how many times harder cross-entropy pulls than the squared error.

    The label is 1, and z is the score.
    """
    return slope_cross_entropy(1, z) / slope_squared(1, z)


def largest_rate(hessian):
    """Return the rate above which gradient descent diverges, 2/λ."""
    return float(2 / np.linalg.eigvalsh(hessian)[-1])


def line_limit(share=1):
    """Return the limit of the rate for a multiple of the line's `mse`.

    >>> line_limit(1 / 2) / line_limit()
    2.0
    """
    return largest_rate(share * line_hess())


def claim_half_the_loss_needs_double_the_rate():
    """Half the loss with double the rate takes the same path: 8 rates, 20 steps."""
    for rate in np.linspace(0.01, 0.3, 8):
        whole = half = np.zeros(2)
        for _ in range(20):
            whole = whole - rate * line_grad(whole)
            half = half - 2 * rate * (line_grad(half) / 2)
            if not np.allclose(whole, half, rtol=1e-9):
                return False
    return True


def claim_a_sum_needs_ever_smaller_rates():
    """Ten times the points leave the sum between 1/5 and 1/20 of the rate.

    With the mean the limit stays within a factor 2: 20 draws of 100 and of 1,000.
    """
    rng = np.random.default_rng(0)
    for _ in range(20):
        few, many = (rng.normal(size=(n, 2)) for n in (100, 1000))
        sums = largest_rate(2 * many.T @ many) / largest_rate(2 * few.T @ few)
        if not 1 / 20 < sums < 1 / 5 or not 1 / 2 < 10 * sums < 2:
            return False
    return True


def claim_mean_and_median_are_best():
    """Of 101 constants none has a smaller squared error than the mean.

    None has a smaller absolute error than the median. So it is for 21 sets of labels.
    """
    for labels in _labels():
        others = np.linspace(labels.min(), labels.max(), 101)
        squared = [mse(labels, c) for c in others]
        absolute = [mae(labels, c) for c in others]
        if min(squared) < mse(labels, labels.mean()) - 1e-12:
            return False
        if min(absolute) < mae(labels, np.median(labels)) - 1e-12:
            return False
    return True


def claim_the_mean_follows_the_outlier():
    """With 1, 2, 3, 4 and a fifth label from 15 to 1,500: the median is 3.

    Huber's constant with delta 10 is 5, and the mean grows by a fifth of the label.
    """
    for far in np.linspace(15, 1500, 12):
        labels = np.array([1, 2, 3, 4, far])
        still = [np.median(labels), huber_constant(labels, 10)]
        if not np.allclose([*still, labels.mean()], [3, 5, 2 + far / 5]):
            return False
    return True


def claim_pulls():
    """The slope of r²/2 is r; of |r|, 1; of Huber's loss, r up to delta and then delta.

    Measured from r = 0.01 to 50, with delta 0.5, 1 and 3.
    """
    r, h = np.linspace(0.01, 50, 500), 1e-6
    slope = lambda f: (f(r + h) - f(r - h)) / (2 * h)
    right = [np.allclose(slope(lambda r: r**2 / 2), r), np.allclose(slope(np.abs), 1)]
    for delta in 0.5, 1.0, 3.0:
        measured = slope(lambda r, d=delta: huber(r, d))
        right.append(np.allclose(measured, np.minimum(r, delta)))
    return all(right)


def claim_a_corner_keeps_steps_long():
    """After 400 steps on |r| from 3 each is still as long as the rate, at 20 rates.

    On Huber's loss, with delta 1, they are shorter than a millionth.
    """
    rates = np.linspace(0.0513, 0.9713, 20)
    corner = smooth = np.full(20, 3.0)
    for _ in range(400):
        last, corner = corner, corner - rates * np.sign(corner)
        before, smooth = smooth, smooth - rates * np.clip(smooth, -1, 1)
    return (
        np.allclose(abs(corner - last), rates) and (abs(smooth - before) < 1e-6).all()
    )


def claim_delta_leads_from_median_to_mean():
    """Huber's best constant is the median for a delta below half the least gap.

    From the range of the labels on it is the mean. So it is for 21 sets of labels.
    """
    for labels in _labels():
        gap, spread = np.diff(np.sort(labels)).min(), np.ptp(labels)
        median = huber_constant(labels, gap / 2)
        mean = huber_constant(labels, spread)
        if not np.allclose([median, mean], [np.median(labels), labels.mean()]):
            return False
    return True


def claim_slopes_along_the_score():
    """From z = -30 to 30 that of cross-entropy only grows, that of the square not."""
    z = np.linspace(-30, 30, 601)
    grows = [(np.diff(slope_cross_entropy(y, z)) >= 0).all() for y in (0, 1)]
    turns = [(np.diff(slope_squared(y, z)) < 0).any() for y in (0, 1)]
    return all(grows) and all(turns)


def claim_the_slope_of_the_square_fades_for_the_sure():
    """It is below 0.1 wherever p is above 0.95 or below 0.05, right or wrong."""
    z = np.concatenate([np.linspace(-20, -2.95, 200), np.linspace(2.95, 20, 200)])
    return all(np.abs(slope_squared(y, z)).max() < 0.1 for y in (0, 1))


def claim_the_square_levels_off_where_it_is_wrong():
    """Label 1, z from -20 to -3: cross-entropy falls with a slope beyond -0.95.

    The slope of the squared error is below 0.1 in size.
    """
    z = np.linspace(-20, -3, 171)
    steep = slope_cross_entropy(1, z).max() < -0.95
    return steep and abs(slope_squared(1, z)).max() < 0.1


def claim_the_square_turns_at_a_third():
    """The second derivative of (1 - p)^2 is 2p (1 - p)^2 (3p - 1), by differences.

    So it changes its sign at one third, while that of cross-entropy is above 0.
    """
    z, h = np.linspace(-6, 6, 121), 1e-4
    bend = lambda f: (f(z + h) - 2 * f(z) + f(z - h)) / h**2
    square = bend(lambda z: (1 - sigmoid(z)) ** 2)
    entropy = bend(lambda z: cross_entropy_score(1, z))
    turns = (np.sign(square) == np.sign(sigmoid(z) - 1 / 3)).all()
    return (
        np.allclose(square, _curvature_squared(z), atol=1e-6)
        and turns
        and (entropy.min() > 0)
    )


def claim_the_first_constants_lie_in_this_order():
    """With the last label at 30 and δ at 10: median, Huber's constant, mean."""
    _, median, huber, mean = _constants(30.0, 10.0)
    return median[0] < huber[0] < mean[0]


def table_factors():
    """The squared loss with three factors: its slopes at 0, and the rate's limit."""
    losses = {
        r"$\sum r^2$": 4,
        r"$\frac1n \sum r^2$": 1,
        r"$\frac1{2n} \sum r^2$": 1 / 2,
    }
    rows = []
    for name, share in losses.items():
        dw, db = share * line_grad([0.0, 0.0])
        rows.append([name, f"{dw:g}", f"{db:g}", f"{line_limit(share):.4f}"])
    header = ["loss", "slope in $w$", "slope in $b$", "limit of the rate"]
    return table(header, rows)


def table_sigmoid():
    """The probabilities of three scores."""
    rows = [[z, f"{sigmoid(z):.6f}"] for z in (-2.0, 0.0, 3.5)]
    return table(["$z$", r"$\sigma(z)$"], rows)


def table_cross_entropy():
    """What it costs to have given some probabilities to the truth."""
    rows = [[p, f"{cross_entropy(1, p):.6f}"] for p in (0.99, 0.9, 0.5, 0.1, 0.01)]
    return table(["probability given to the truth", "loss"], rows)


def _labels():
    """The five labels with the outlier, and 20 skewed sets of seven."""
    rng = np.random.default_rng(0)
    return [outlier_y, *(rng.exponential(10, 7) for _ in range(20))]


def _with_fifth(far):
    """Return the four ordinary labels and the one that moves."""
    return [1.0, 2.0, 3.0, 4.0, far]


def _label_points(far):
    """Return the five labels as points of the lowest row.

    Before them comes one below the picture: a layer's first dot is an open one.
    """
    return [[0.0, -9.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0], [far, 0.0]]


def _pull(y, c, delta):
    """Return the residual of a label from c, cut off at delta.

    >>> _pull(100.0, 5.0, 10.0), _pull(1.0, 5.0, 10.0)
    (10.0, -4.0)
    """
    return max(-delta, min(delta, y - c))


def _huber_balance(far, delta):
    """Return the constant at which the pulls balance, by bisection.

    >>> round(_huber_balance(100.0, 10.0), 9)
    5.0
    """
    low, high = 1.0, far
    for _ in range(60):
        middle, pulls = (low + high) / 2, 0.0
        for y in _with_fifth(far):
            pulls = pulls + _pull(y, middle, delta)
        if pulls > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _constants(far, delta):
    """Return median, Huber's constant and mean, each as a point of its row.

    Before them comes one below the picture, as in `_label_points`.
    """
    balance, mean = _huber_balance(far, delta), (10.0 + far) / 5
    return [[0.0, -9.0], [3.0, 1.0], [balance, 2.0], [mean, 3.0]]


def _constant_rows(far, delta):
    """Return each label with its residual from Huber's constant and its pull."""
    c = _huber_balance(far, delta)
    return [[y, y - c, _pull(y, c, delta)] for y in _with_fifth(far)]


_CONSTANTS_SAID = {
    "mean": (
        "curve",
        "No residual is longer than δ: Huber’s constant is the mean, {1:2}.",
    ),
    "median": (
        "second",
        "Huber’s constant stands at the median, {1:2}; the mean is {2:2}.",
    ),
    "own": ("path", "Huber’s constant is {1:2}, the mean {2:2}, the median {3:2}."),
}


def _constants_say(far, delta):
    """Return which sentence is true, and Huber's constant, the mean and the median.

    >>> [_constants_say(40.0, delta)[0] for delta in (0.5, 10.0, 40.0)]
    ['median', 'own', 'mean']
    """
    c, mean, median = _huber_balance(far, delta), (10.0 + far) / 5, 3.0
    if far - c <= delta and c - 1.0 <= delta:
        return ["mean", c, mean, median]
    if abs(c - median) < 0.005:
        return ["median", c, mean, median]
    return ["own", c, mean, median]


def _symmetric_label():
    """Return the last label with which the labels lie evenly about their median."""
    return [5.0]


def _mean_from(far):
    """Return the largest residual of the mean: from this δ on, no pull is held back.

    >>> _mean_from(30.0)
    [22.0]
    """
    mean = (10.0 + far) / 5
    return [max(far - mean, mean - 1.0)]


def _all_agree(far, delta):
    """Whether median, Huber's constant and mean are the same.

    >>> _all_agree(5.0, 10.0), _all_agree(30.0, 10.0)
    (True, False)
    """
    balance, mean = _huber_balance(far, delta), (10.0 + far) / 5
    return abs(balance - 3.0) < 0.005 and abs(mean - 3.0) < 0.005


def _is_the_median(far, delta):
    """Whether Huber's constant is the median, with an outlier.

    >>> _is_the_median(30.0, 0.5), _is_the_median(5.0, 10.0)
    (True, False)
    """
    return far > 10 and abs(_huber_balance(far, delta) - 3.0) < 0.005


def _is_the_mean(far, delta):
    """Whether Huber's constant is the mean, with an outlier.

    >>> _is_the_mean(30.0, 40.0), _is_the_mean(5.0, 10.0)
    (True, False)
    """
    return far > 10 and abs(_huber_balance(far, delta) - (10.0 + far) / 5) < 0.005


def _curvature_squared(z):
    """Return the second derivative of (1 − σ(z))² along z.

    >>> round(float(_curvature_squared(-np.log(2.0))), 12)  # p = 1/3
    0.0
    """
    p = sigmoid(z)
    return 2 * p * (1 - p) ** 2 * (3 * p - 1)


def figure_opening():
    """A line and what it misses."""
    figure, ax = draw.opening((-0.8, 3.8), (0.4, 7.6))
    guess = line_x + 2
    ax.vlines(line_x, guess, line_y, color="alarm", linewidth=3)
    draw.curve(ax, lambda x: x + 2, -0.5, 3.5, points=2)
    ax.plot(line_x, line_y, "o", color="ink", markersize=6)
    return figure


def figure_residuals():
    w, b = 1.0, 2.0
    figure, ax = draw.axes("x", "y")
    ax.vlines(line_x, w * line_x + b, line_y, color="alarm")
    draw.curve(ax, lambda x: w * x + b, -0.3, 3.3)
    ax.plot(line_x, line_y, "o", color="ink")
    for x, y in zip(line_x, line_y, strict=True):
        residual = y - (w * x + b)
        below = residual < 0
        at = (x, (y + w * x + b) / 2)
        if residual:
            draw.label(ax, signed(residual, "+g"), at, (15, 5), "alarm")
        draw.label(ax, f"y = {y:g}", (x, y), (0, -13 if below else 13))
    draw.label(ax, "ŷ = x + 2", (2.7, 4.7), (8, -14), "curve", ha="left")
    ax.set(xlim=(-0.4, 3.7), ylim=(-0.6, 8))
    return figure


def figure_shapes():
    figure, ax = draw.axes("residual r = y − ŷ", "loss of one example", height=3.3)
    draw.curve(ax, lambda r: r**2 / 2, -3, 3, "curve")
    draw.curve(ax, np.abs, -3, 3, "path", linestyle="--")
    draw.curve(ax, huber, -3, 3, "second", linestyle="-.")
    draw.label(ax, "squared, r²/2", (2.6, 3.38), (-8, 6), "curve", ha="right")
    draw.label(ax, "absolute, |r|", (-1.5, 1.5), (8, 10), "path", ha="left")
    draw.label(ax, "Huber", (2.6, 2.1), (6, -34), "second")
    ax.set(ylim=(-0.1, 4.4))
    return figure


def figure_constant():
    """Loss of a constant guess: the outlier pulls the mean, not the median."""
    guesses, lowest = np.linspace(-9, 40, 491), []
    figure, ax = draw.axes("constant guess c", "loss ÷ its least value", height=3.3)
    delta = 10.0
    huber_loss = lambda y, c: float(huber(y - c, delta).mean())
    for loss, best, colour, style in [
        (mse, outlier_y.mean(), "curve", "-"),
        (mae, np.median(outlier_y), "path", "--"),
        (huber_loss, huber_constant(outlier_y, delta), "second", "-."),
    ]:
        least = loss(outlier_y, best)
        ax.plot(
            guesses,
            [loss(outlier_y, c) / least for c in guesses],
            style,
            color=colour,
        )
        draw.optimum(ax, best, 1)
        lowest.append(best)
    places = (
        ("mean", 0.87, "center"),
        ("median", 0.87, "right"),
        ("Huber", 0.72, "left"),
    )
    for best, (text, at, side) in zip(lowest, places, strict=True):
        ax.plot([best, best], [at + 0.05, 1], ":", color="optimum", linewidth=1)
        draw.label(ax, f"{text} {best:g}", (best, at), (0, 0), "optimum", ha=side)
    draw.label(ax, "squared", (34, 1.11), (4, -12), "curve", ha="left")
    draw.label(ax, "absolute", (22, 1.9), (-14, 8), "path", ha="right")
    draw.label(ax, f"Huber, δ = {delta:g}", (27, 1.35), (6, 4), "second", ha="left")
    ax.set(xlim=(-11, 49), ylim=(0.65, 2.2), yticks=[1, 1.5, 2])
    return figure


def figure_explore_constants():
    """The labels, and what three losses make of the outlier among them."""
    rows = ["labels", "median", "Huber", "mean"]
    figure, ax = draw.axes("constant c", "", height=2.6)
    figure.get_layout_engine().set(w_pad=0.14)
    even = Marks(["symmetric"], _symmetric_label, waits=True)
    widest = Marks(["the mean from"], _mean_from, waits=True)
    ax.set(xlim=(0, 41), ylim=(-0.6, 3.6), yticks=range(4), yticklabels=rows)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("far", "last label", 4, 40, 0.5, 30, even),
            Knob("delta", "δ", 0.5, 40, 0.5, 10, widest),
        ],
        layers=[Layer(_label_points, "dots", "ink"), Layer(_constants, "dots")],
        says=(_constants_say, _CONSTANTS_SAID),
        formula=(
            lambda far, delta: [row[2] for row in _constant_rows(far, delta)],
            r"\sum_i \psi_\delta(y_i - c)"
            r" = {1:1} + {2:1} + {3:1} + {4:1} + {5:1}",
        ),
        table=(_constant_rows, ["label", "its value", "residual", "pull"]),
        targets={
            "agree": Target(_all_agree, {"far": 5}),
            "median": Target(_is_the_median, {"delta": 0.5}),
            "mean": Target(_is_the_mean, {"delta": 40}),
        },
    )


def figure_saturation():
    figure, ax = draw.axes("score z, label y = 1", "loss", height=3.3)
    draw.curve(ax, lambda z: cross_entropy_score(1, z), -6, 4, "curve")
    draw.curve(ax, lambda z: (1 - sigmoid(z)) ** 2, -6, 4, "path", linestyle="--")
    for loss, slope, right, colour in [
        (lambda z: cross_entropy_score(1, z), slope_cross_entropy, 8, "curve"),
        (lambda z: (1 - sigmoid(z)) ** 2, slope_squared, -22, "path"),
    ]:
        at = (-5, loss(-5.0))
        ax.plot(*at, "o", color=colour)
        text = f"slope {signed(slope(1, -5.0), '.3f')}"
        draw.label(ax, text, at, (right, 14), colour, ha="left")
    draw.label(ax, "cross-entropy", (-2, 2.13), (8, 8), "curve", ha="left")
    draw.label(ax, "squared error", (-3.7, 0.35), (0, 0), "path")
    ax.set(ylim=(-0.15, 6.4))
    return figure


def figure_bend():
    figure, ax = draw.axes("score z, label y = 1", "second derivative", height=3.0)
    draw.curve(ax, _curvature_squared, -6, 6, "path", linestyle="--")
    draw.curve(ax, lambda z: sigmoid(z) * (1 - sigmoid(z)), -6, 6, "curve")
    ax.axhline(0, color="soft", linewidth=0.8)
    turn = -np.log(2)
    ax.plot([turn], [0], "o", color="alarm")
    draw.label(
        ax,
        f"turns at p = {Fraction(sigmoid(turn)).limit_denominator(9)}",
        (turn, 0),
        (10, -14),
        "alarm",
        ha="left",
    )
    draw.label(ax, "cross-entropy: never negative", (0, 0.25), (0, 9), "curve")
    draw.label(ax, "squared error", (-0.5, -0.1), (0, 0), "path", ha="left")
    ax.set(ylim=(-0.14, 0.31))
    return figure


def figure_choice(y=0, loss="cross_entropy"):
    """A loss of the label y against the score, for a question."""
    losses = {
        "cross_entropy": lambda z: cross_entropy_score(y, z),
        "squared": lambda z: (y - sigmoid(z)) ** 2,
    }
    figure, ax = draw.axes("score z", "loss", width=3.4, height=2.2)
    draw.curve(ax, losses[loss], -6, 6)
    ax.set(ylim=(-0.3, 6.4), xticks=[-6, -3, 0, 3, 6])
    return figure
