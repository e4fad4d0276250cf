"""Two layers: a network of three neurons, and backpropagation.

For one example, with a name for each number:

    x          the inputs x₁ and x₂                             x
    θ          all parameters in one array, nine of them        theta
    w₁₁, …, b₂ weights and biases of the two hidden units       w11, …, b2
    a₁, a₂     what the hidden units say                        a1, a2
    v₁, v₂, c  weights and bias of the last unit                v1, v2, c
    z, p       its sum, and the probability σ(z)                p
    δ, δ₁, δ₂  the errors of the last and the hidden units      last, first1, first2

For many examples:

    X          one row per example                              X
    W¹, b¹     weights and biases of the two hidden units       W1, b1
    a          what the hidden units say, a column an example   hidden
    W², b²     weights and bias of the last unit                W2, b2
    z, p       its sum, and the probability σ(z)                z, sigmoid(z)
    δ², δ¹     the errors of the last and of the first layer    last, first
    L, ∇L      mean cross-entropy, its slopes                   loss, gradient

Many θ at once are stacked before the last axis, shape (…, 9).
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
from contourpy import contour_generator
from loss import cross_entropy_score, sigmoid
from regression import train
from shared import draw
from shared.data import gate_x, gate_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.numbers import listed, signed
from shared.sketch import canvas, node, wire
from shared.tables import table


def threshold(z):
    """Return 1 where z is positive, else 0."""
    return (np.asarray(z) > 0).astype(float)


def by_hand(x1, x2):
    """Return XOR, with three threshold units.

    >>> by_hand(*gate_x.T)
    array([0., 1., 1., 0.])
    """
    either = threshold(x1 + x2 - 0.5)
    both = threshold(x1 + x2 - 1.5)
    return threshold(either - both - 0.5)


def forward_one(theta, x):
    """Return what the two hidden units and the last unit say.

    >>> np.array(forward_one(np.zeros(9), (1, 0)))
    array([0.5, 0.5, 0.5])
    """
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    a1 = sigmoid(w11 * x[0] + w12 * x[1] + b1)
    a2 = sigmoid(w21 * x[0] + w22 * x[1] + b2)
    p = sigmoid(v1 * a1 + v2 * a2 + c)
    return a1, a2, p


def backward_one(theta, x, y):
    """Return the nine slopes of the cross-entropy of one example."""
    v1, v2 = theta[6:8]
    a1, a2, p = forward_one(theta, x)
    last = p - y
    first1 = last * v1 * a1 * (1 - a1)
    first2 = last * v2 * a2 * (1 - a2)
    slopes = [first1 * x[0], first1 * x[1]]  # w11, w12
    slopes += [first2 * x[0], first2 * x[1]]  # w21, w22
    slopes += [first1, first2]  # b1, b2
    slopes += [last * a1, last * a2, last]  # v1, v2, c
    return np.array(slopes)


def unpack(theta):
    """Return W1, b1, W2 and b2, the matrices in theta.

    >>> [part.shape for part in unpack(np.zeros(9))]
    [(2, 2), (2, 1), (1, 2), (1, 1)]
    """
    h = theta.shape[-1] // 4  # hidden units
    W1 = theta[..., : 2 * h].reshape(*theta.shape[:-1], h, 2)
    b1 = theta[..., 2 * h : 3 * h, None]
    W2, b2 = theta[..., None, 3 * h : -1], theta[..., -1:, None]
    return W1, b1, W2, b2


def forward(theta, X):
    """Return what the hidden units say, and the sum of the last."""
    W1, b1, W2, b2 = unpack(theta)
    hidden = sigmoid(W1 @ X.T + b1)
    return hidden, W2 @ hidden + b2


def loss(theta, X, y):
    """Return the mean cross-entropy of the network.

    >>> f"{loss(np.zeros(9), gate_x, XOR):.4f}"  # ln 2
    '0.6931'
    """
    _, z = forward(theta, X)
    return cross_entropy_score(y, z).mean(axis=(-2, -1))


def gradient(theta, X, y):
    """Return the slopes of the loss in all parameters."""
    hidden, z = forward(theta, X)
    W2 = unpack(theta)[2]
    last = (sigmoid(z) - y) / len(y)
    first = W2.mT @ last * hidden * (1 - hidden)
    last_slopes = last @ hidden.mT, last.sum(-1)
    first_slopes = first @ X, first.sum(-1)
    return pack(*first_slopes, *last_slopes)


def random_start(seed, hidden=2):
    """Return weights from the normal distribution, and biases of 0."""
    rng = np.random.default_rng(seed)
    W1, W2 = rng.normal(size=2 * hidden), rng.normal(size=hidden)
    return np.concatenate([W1, np.zeros(hidden), W2, [0.0]])


def swap(theta):
    """Return the same network with its hidden units swapped.

    >>> swap(np.arange(9.0))
    array([2., 3., 0., 1., 5., 4., 7., 6., 8.])
    """
    return theta[[2, 3, 0, 1, 5, 4, 7, 6, 8]]


def parameters(*sizes):
    """Return how many weights and biases a network has.

    >>> parameters(2, 2, 1)
    9
    """
    return sum((m + 1) * h for m, h in pairwise(sizes))


def pack(*parts):
    """Return the matrices in one array, the inverse of `unpack`.

    >>> pack(*unpack(np.arange(9.0)))
    array([0., 1., 2., 3., 4., 5., 6., 7., 8.])
    """
    stacked = parts[0].shape[:-2]
    return np.concatenate([part.reshape(*stacked, -1) for part in parts], axis=-1)


XOR = gate_y["XOR"]
# Both hidden units by hand: "either" and "both", with weights for thresholds.
HAND = np.array([1.0, 1, 1, 1, -0.5, -1.5, 1, -1, -0.5])
# A small network whose numbers can be followed on paper.
PAPER = np.array([1.0, -1, -1, 1, -0.5, -0.5, 2, 2, -1])
CUT = np.array([1.0, -1, -1, 1, -0.5, -0.5, 0, 2, -1])  # the same with v₁ = 0
# Where the stalled runs are heading: two examples known and two at one half, or
# one known and three at one third.
HALVES = math.log(2) / 2
THIRDS = 0.75 * (math.log(3) - 2 / 3 * math.log(2))
SOLVED = 0.1  # a loss below this is that of a network that knows all four


def answers(theta):
    """Return the probabilities for the four examples, shape (…, 4)."""
    return sigmoid(forward(theta, gate_x)[1])[..., 0, :]


@cache
def census(hidden=2, steps=5000):
    """Return the paths and losses of fifty seeds, trained all at once."""
    starts = np.array([random_start(seed, hidden) for seed in range(_SEEDS)])
    return train(loss, gradient, starts, gate_x, XOR, rate=1.0, steps=steps)


def outcome(value):
    """Return what a final loss means: "solved", "halves", "thirds" or "other".

    >>> outcome(0.003), outcome(0.348)
    ('solved', 'halves')
    """
    if value < SOLVED:
        return "solved"
    near = {"halves": HALVES, "thirds": THIRDS}
    return next((k for k, v in near.items() if abs(value - v) < 0.01), "other")


def outcomes(hidden=2):
    """Return the outcome of each seed."""
    return [outcome(value) for value in census(hidden)[1][-1]]


def seed_of(kind):
    """Return the first seed with an outcome.

    >>> seed_of("solved")
    0
    """
    return outcomes().index(kind)


@cache
def longer(steps=5000):
    """Return the losses of the unsolved runs of the census, trained on."""
    path, losses = census()
    stalled = path[-1][losses[-1] > SOLVED]
    return train(loss, gradient, stalled, gate_x, XOR, rate=1.0, steps=steps)[1]


def solved_hidden():
    """Return what the hidden units of a solved network say, a row an example."""
    theta = census()[0][-1, seed_of("solved")]
    return forward(theta, gate_x)[0].T


def loss_from_zero(steps=100):
    """Return the loss after training from nine zeros."""
    return train(loss, gradient, np.zeros(9), gate_x, XOR, 1.0, steps)[1][-1]


def ones_together():
    """Return, for each solved network, whether its hidden units lay the ones together.

    That is, whether they say the same to both, to a tenth.
    """
    hidden = _solved_answers()
    return (np.linalg.norm(hidden[:, :, 1] - hidden[:, :, 2], axis=1) < 0.1).tolist()


def claim_a_line_parts_the_hidden_answers():
    """In all solved networks of the census.

    The last unit parts what the hidden units say. These lay either the ones together
    or the zeros, to a tenth.
    """
    path, hidden = census()[0][-1], _solved_answers()
    solved = np.array(outcomes()) == "solved"
    zeros = np.linalg.norm(hidden[:, :, 0] - hidden[:, :, 3], axis=1) < 0.1
    w, b = path[solved, 6:8, None], path[solved, 8:]
    parted = (w * hidden).sum(axis=1) + b > 0
    return np.all(parted == XOR) and np.all(zeros != ones_together())


def claim_what_the_stalled_networks_know():
    """All stalled networks of the census stall at two heights.

    At the lower one they know two examples and say 1/2, one half, to the others; that
    costs 1/2 ln 2. At the higher one they know one, and say 1/3 or 2/3 to the other
    three, right for two of them; that costs 3/4 (ln 3 − 2/3 ln 2). The answers are
    within 0.01 of this, the losses less than 0.002 above it.
    """
    known = {"halves": [0, 0, 1 / 2, 1 / 2], "thirds": [0, 1 / 3, 1 / 3, 2 / 3]}
    cost = {"halves": HALVES, "thirds": THIRDS}
    path, losses = census()
    for theta, value, kind in zip(path[-1], losses[-1], outcomes(), strict=True):
        if kind != "solved":
            wrong = np.sort(np.abs(answers(theta) - XOR)) - known[kind]
            if np.abs(wrong).max() > 0.01 or not 0 < value - cost[kind] < 0.002:
                return False
    return True


def claim_the_two_networks_of_the_regions():
    """The solved network says 1 to the ones, and to them alone.

    The stalled one is right on two examples, and within 0.01 of one half on the others.
    """
    solved, stalled = (census()[0][-1, seed_of(kind)] for kind in ("solved", "halves"))
    near = np.abs(answers(stalled) - [0, 0.5, 1, 0.5]).max() < 0.01
    return near and np.array_equal(answers(solved) > 0.5, XOR == 1)


def claim_half_way_is_worse_for_all_solutions():
    """Half-way between each solved network and its swapped copy.

    The loss is above what one hidden unit can reach.
    """
    for theta, kind in zip(census()[0][-1], outcomes(), strict=True):
        if kind == "solved" and between(theta, swap(theta), 0.5) < THIRDS:
            return False
    return True


def claim_equal_starts_do_not_learn():
    """From nine equal parameters of eight sizes, 500 steps.

    The loss stays above what one hidden unit can reach. The run of seed 0 is solved
    after 2000 steps.
    """
    sizes = (-2.0, -1.0, -0.5, 0.0, 0.1, 0.5, 1.0, 2.0)
    starts = np.array([np.full(9, size) for size in sizes])
    _, losses = train(loss, gradient, starts, gate_x, XOR, 1.0, 500)
    return bool(losses[-1].min() > THIRDS and census()[1][2000, 0] < SOLVED)


def claim_zero_moves_unless_balanced():
    """For all sixteen labels of the four examples, 50 steps from zero.

    The network stays where two of the labels are 1. Else it moves, and its hidden
    units stay twins.
    """
    for number in range(16):
        y = np.array([number >> k & 1 for k in range(4)], float)
        end = train(loss, gradient, np.zeros(9), gate_x, y, 1.0, 50)[0][-1]
        if end.any() != (y.sum() != 2) or not np.array_equal(end, swap(end)):
            return False
    return True


def claim_zero_is_a_flat_saddle():
    """Eight of the nine curvatures are 0, to 1e-6.

    Of 20,000 points at each of four distances, down to 0.1, some are lower.
    """
    ways = np.random.default_rng(0).normal(size=(20_000, 9))
    ways /= np.linalg.norm(ways, axis=1)[:, None]
    low = [loss(r * ways, gate_x, XOR).min() for r in (0.1, 0.3, 1.0, 3.0)]
    flat = np.abs(curvatures(np.zeros(9))) < 1e-6
    return max(low) < math.log(2) - 1e-8 and flat.sum() == 8


def claim_only_thirds_have_a_way_down():
    """Of the stalled runs, those at the higher level have a curvature below −1e-5.

    Those at the lower level have none below 1e-5.
    """
    low = {"solved": [], "halves": [], "thirds": []}
    for theta, kind in zip(census()[0][-1], outcomes(), strict=True):
        if kind != "solved":
            low[kind].append(curvatures(theta)[0])
    return max(low["thirds"]) < -1e-5 < 1e-5 < min(low["halves"])


def claim_the_run_solved_later_is_a_third():
    """The run that 5000 more steps solve is one of those at the higher level."""
    stalled = [kind for kind in outcomes() if kind != "solved"]
    pairs = zip(stalled, longer()[-1], strict=True)
    return [kind for kind, value in pairs if value < SOLVED] == ["thirds"]


def claim_the_map_is_its_own_mirror():
    """At 4,000 pairs s, t from -8 to 8 the loss is that of the pair exchanged.

    This is the network with its hidden units swapped. Where s = t they are twins, and
    the loss is above that at the limit of one hidden unit.
    """
    s, t = np.random.default_rng(0).uniform(-8, 8, (2, 4000))
    here, there, twins = (_tied(*pair) for pair in ((s, t), (t, s), (s, s)))
    same = np.array_equal(swap(here.T).T, there)
    heights = [loss(theta, gate_x, XOR) for theta in (here, there, twins)]
    return same and np.allclose(*heights[:2], rtol=1e-12) and min(heights[2]) > THIRDS


def claim_the_corners_of_the_map_are_flat():
    """Where s and t are both above 6, or both below -6, XOR is far from solved.

    At 400 such pairs in each corner the loss is above 2, and no slope is above 1/500.
    """
    for low, high in (6, 8), (-8, -6):
        s, t = np.random.default_rng(0).uniform(low, high, (2, 400))
        theta = _tied(s, t)
        slopes = gradient(theta, gate_x, XOR)
        steep = np.abs(slopes[:, [0, 1]] + slopes[:, [3, 2]]).max(axis=1)
        if loss(theta, gate_x, XOR).min() < 2 or steep.max() > 1 / 500:
            return False
    return True


def claim_the_run_on_the_map_leads_to_the_lower_right():
    """The first run ends solved, at the lower right; two corners are low, two high."""
    s, t = _map_run(2.0, 1.0)[-1]
    low = _map_loss(s, t), _map_loss(8.0, -8.0), _map_loss(-8.0, 8.0)
    high = _map_loss(8.0, 8.0), _map_loss(-8.0, -8.0)
    return s > 2 and t < -2 and max(low) < SOLVED and min(high) > 2


def between(one, other, share):
    """Return the loss at points on the line from one network to another."""
    points = one + np.multiply.outer(share, other - one)
    return loss(points, gate_x, XOR)


def curvatures(theta):
    """Return the eigenvalues of the Hessian of the loss on XOR, shape (9,)."""
    return np.linalg.eigvalsh(_hessian(theta, gate_x, XOR))


def orders(theta):
    """Return the same network with its hidden units swapped 0, 1 and 2 times."""
    return [theta, swap(theta), swap(swap(theta))]


def doubles(theta):
    """Return the same network in all ways: its units flipped, in both orders."""
    points = []
    for one in theta, swap(theta):
        points += [one, _flip(one, 0), _flip(one, 1), _flip(_flip(one, 0), 1)]
    return points


def distinct(points):
    """Return how many of the points differ, up to rounding.

    >>> distinct(orders(np.arange(9.0)))
    2
    """
    return len(np.unique(np.round(points, 9), axis=0))


def table_by_hand():
    """What the units made by hand say to the four examples."""
    rows = []
    for x, hidden in zip(gate_x, _hand_hidden(), strict=True):
        rows.append([f"{value:g}" for value in (*x, *hidden, by_hand(*x))])
    return table(["$x_1$", "$x_2$", "either", "both", "answer"], rows)


def table_outcomes():
    """How the fifty seeds end, and the answers of the first of each kind."""
    path, losses = census()
    rows = []
    for name, kind in [
        ("solved", "solved"),
        ("two known, two guessed", "halves"),
        ("one known, three guessed", "thirds"),
    ]:
        seed = seed_of(kind)
        says = listed(answers(path[-1, seed]), ".2f")
        count, value = outcomes().count(kind), f"{losses[-1][seed]:.4f}"
        rows.append([name, count, value, says])
    return table(["outcome", "seeds", "loss", "answers of one such network"], rows)


def table_parameters():
    """The parameters of four networks, and the entries of their Hessians."""
    rows = []
    for sizes in (2, 1), (2, 2, 1), (3, 3, 2, 1), (784, 16, 16, 10):
        d = parameters(*sizes)
        rows.append(["–".join(map(str, sizes)), f"{d:,}", f"{d**2:,}"])
    return table(["layers", "parameters", "entries of the Hessian"], rows)


_SEEDS = 50
# The map: the network on paper four times as large, of which s and t move.
_LARGE = (4 * PAPER).tolist()
_EXAMPLES = np.column_stack([gate_x, XOR]).tolist()
_STEPS = 100


def _tied(s, t):
    """Return the network with w₁₁ = w₂₂ = s and w₁₂ = w₂₁ = t, shape (…, 9).

    >>> np.array_equal(_tied(4.0, -4.0), 4 * PAPER)
    True
    """
    s, t = np.broadcast_arrays(s, t)
    first = np.stack([s, t, t, s], axis=-1)
    rest = np.broadcast_to(_LARGE[4:], (*s.shape, 5))
    return np.concatenate([first, rest], axis=-1)


def _map_answers(s, t, x1, x2):
    """Return what the two hidden units and the last unit say, as `forward_one` does."""
    b, v, c = _LARGE[4], _LARGE[6], _LARGE[8]
    return forward_one([s, t, t, s, b, b, v, v, c], [x1, x2])


def _map_loss(s, t):
    """Return the loss of the network with s and t, from the last unit's scores.

    >>> bool(abs(_map_loss(4.0, -4.0) - loss(4 * PAPER, gate_x, XOR)) < 1e-15)
    True
    """
    total = 0.0
    for x1, x2, y in _EXAMPLES:
        a1, a2, _ = _map_answers(s, t, x1, x2)
        z = _LARGE[6] * (a1 + a2) + _LARGE[8]
        total = total + math.log(1 + math.exp((1 - 2 * y) * z))
    return total / 4


def _map_slopes(s, t):
    """Return the slopes of the loss in s and in t; each moves two weights."""
    along_s, along_t = 0.0, 0.0
    for x1, x2, y in _EXAMPLES:
        a1, a2, p = _map_answers(s, t, x1, x2)
        last = (p - y) / 4 * _LARGE[6]
        first1, first2 = last * a1 * (1 - a1), last * a2 * (1 - a2)
        along_s = along_s + (first1 * x1 + first2 * x2)
        along_t = along_t + (first1 * x2 + first2 * x1)
    return [float(along_s), float(along_t)]


def _map_run(s, t):
    """Return the points (s, t) of the steps, with rate 1."""
    path = [[s, t]]
    for _ in range(_STEPS):
        along_s, along_t = _map_slopes(s, t)
        s, t = s - along_s, t - along_t
        path.append([s, t])
    return path


def _map_step(s, t):
    """Return s and t, both slopes, and where the first step leads.

    >>> s, t, along_s, along_t, s1, t1 = _map_step(2.0, 1.0)
    >>> [s1, t1] == _map_run(2.0, 1.0)[1] == [s - along_s, t - along_t]
    True
    """
    along_s, along_t = _map_slopes(s, t)
    return [s, t, along_s, along_t, s - along_s, t - along_t]


def _map_ends(s, t):
    """Return the first point of the run, and the last."""
    path = _map_run(s, t)
    return [path[0], path[-1]]


def _map_rows(s, t):
    """Return s, t and the loss after every ten steps."""
    path = _map_run(s, t)
    rows = []
    for k in range(11):
        s, t = path[10 * k]
        rows.append([s, t, _map_loss(s, t)])
    return rows


_MAP_START = (
    "Here the loss is {1:3}, and the network says {2:2} to (0, 0), "
    "{3:2} to (0, 1) and (1, 0), and {4:2} to (1, 1). "
    "{5:0} steps lead to s = {6:2}, t = {7:2} and the loss {8:3}: "
)
_MAP_SAID = {
    "solved": ("second", _MAP_START + "it knows all four, with s above t."),
    "swapped": ("second", _MAP_START + "it knows all four, with t above s."),
    "twins": ("alarm", _MAP_START + "its hidden units are twins, and stay so."),
    "stuck": ("alarm", _MAP_START + "it does not yet know all four."),
}


def _map_says(s, t):
    """Return which sentence is true, and the numbers in it.

    >>> [_map_says(*start)[0] for start in ((2.0, 1.0), (1.0, 2.0), (1.0, 1.0))]
    ['solved', 'swapped', 'twins']
    """
    s1, t1 = _map_run(s, t)[-1]
    _, _, neither = _map_answers(s, t, 0.0, 0.0)
    _, _, one = _map_answers(s, t, 0.0, 1.0)
    _, _, both = _map_answers(s, t, 1.0, 1.0)
    here, there = _map_loss(s, t), _map_loss(s1, t1)
    which = "stuck"
    if s == t:
        which = "twins"
    elif there < SOLVED:
        which = "solved" if s1 > t1 else "swapped"
    return [which, here, neither, one, both, _STEPS, s1, t1, there]


def _ends_swapped(s, t):
    """Whether the run ends where the network knows all four, with t above s.

    >>> _ends_swapped(1.0, 2.0), _ends_swapped(2.0, 1.0)
    (True, False)
    """
    s1, t1 = _map_run(s, t)[-1]
    return _map_loss(s1, t1) < SOLVED and t1 > s1


def _are_twins(s, t):
    """Whether the hidden units are equal, and the loss has slopes.

    >>> _are_twins(1.5, 1.5), _are_twins(1.5, 1.0)
    (True, False)
    """
    return s == t


def _is_stuck(s, t):
    """Whether the units differ, and the loss after the run is still above 1.

    >>> _is_stuck(7.5, 6.5), _is_stuck(2.0, 1.0), _is_stuck(7.0, 7.0)
    (True, False, False)
    """
    s1, t1 = _map_run(s, t)[-1]
    return s != t and _map_loss(s1, t1) > 1


def _flip(theta, unit):
    """Return the same network with one hidden unit saying the opposite."""
    W1, b1, W2, b2 = (part.copy() for part in unpack(theta))
    b2 += W2[:, unit]
    W1[unit], b1[unit], W2[:, unit] = -W1[unit], -b1[unit], -W2[:, unit]
    return pack(W1, b1, W2, b2)


def _hessian(theta, X, y, h=1e-5):
    """Return the second derivatives, as differences of the gradient."""
    ways = h * np.eye(9)
    rise = gradient(theta + ways, X, y) - gradient(theta - ways, X, y)
    return (rise + rise.T) / (4 * h)


def _hand_hidden(X=gate_x):
    """Return what the two units made by hand say to the examples."""
    W1, b1, _, _ = unpack(HAND)
    return threshold(W1 @ X.T + b1).T


def _solved_answers():
    """Return what the hidden units of all solved networks say, shape (n, 2, 4)."""
    solved = np.array(outcomes()) == "solved"
    return forward(census()[0][-1, solved], gate_x)[0]


def _places(middle, height=1.6):
    """Where the inputs, the hidden units and the last unit are drawn."""
    rows = middle + height, middle - height
    return [(0.8, y) for y in rows], [(5.0, y) for y in rows], (9.0, middle)


def _beside(i, j):
    """Where the weight of the wire from input i to hidden unit j stands beside it."""
    return (0, (9, -10)[i]) if i == j else (10, (7, -8)[i])


def _thinned(line, off=0.02):
    """Return the points of a line that matter: the others are less than that off it.

    >>> _thinned(np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [2.0, 5.0]])).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 5.0]]
    """
    x, y = (line - line[0]).T
    away = np.abs(x * y[-1] - y * x[-1]) / math.hypot(x[-1], y[-1])
    far = away.argmax()
    if away[far] < off:
        return line[[0, -1]]
    return np.vstack([_thinned(line[: far + 1], off)[:-1], _thinned(line[far:], off)])


def _corners(ax, points):
    """The four examples, filled where XOR is 1."""
    ax.plot(
        *points[XOR == 0].T, "o", color="ink", markerfacecolor="paper", markersize=8
    )
    ax.plot(*points[XOR == 1].T, "o", color="ink", markersize=8)


def figure_opening():
    """Two lines, and between them what no single line can hold."""
    figure, ax = draw.opening((-2.3, 3.3), (-0.5, 1.5))
    x = np.array([-1.2, 2.2])
    ax.fill_between(x, 0.5 - x, 1.5 - x, color="level1")
    for border in 0.5, 1.5:
        ax.plot(x, border - x, color="curve")
    for (x1, x2), one in zip(gate_x, XOR, strict=True):
        fill = "path" if one else "paper"
        ax.plot(x1, x2, "o", color="path", markerfacecolor=fill, markersize=8)
    return figure


def figure_network():
    """The three threshold units that compute XOR."""
    figure, ax = canvas(10, 7.8)
    inputs, hidden, last = _places(3.9)
    for name, at in zip(("x₁", "x₂"), inputs, strict=True):
        node(ax, at, name)
    for at in hidden:
        node(ax, at, "Σ")
    node(ax, last, "Σ", color="path")
    for i, start in enumerate(inputs):
        for j, end in enumerate(hidden):
            text = signed(HAND[2 * j + i])
            wire(ax, start, end, text, share=0.3, offset=_beside(i, j))
    for at, weight, offset in zip(hidden, HAND[6:8], [(9, 8), (9, -10)], strict=True):
        wire(ax, at, last, signed(weight), offset=offset)
    for at, bias in zip([*hidden, last], [*HAND[4:6], HAND[8]], strict=True):
        down = np.array([0, 2 if at == hidden[0] else -2])
        wire(ax, at + down, at)
        draw.label(ax, f"bias {signed(bias)}", at + down, (0, 0))
    for text, at, colour in [
        ("either", hidden[0], "curve"),
        ("both", hidden[1], "curve"),
        ("either,\nnot both", last, "path"),
    ]:
        low = -32 if at == hidden[0] else 28
        draw.label(ax, text, at, (-8, 40) if at == last else (4, low), colour)
    return figure


def figure_passes():
    """The network on paper with its numbers, forward and backward."""
    x, y = (1, 0), 1
    a1, a2, p = forward_one(PAPER, x)
    first1, first2, last = backward_one(PAPER, x, y)[[4, 5, 8]]
    figure, ax = canvas(10, 12.4)
    for middle, title in (9.2, "forward"), (3.0, "backward"):
        inputs, hidden, end = _places(middle, 1.45)
        note = " (biases not drawn)" if title == "forward" else ""
        draw.label(ax, title + note, (0.1, middle + 2.85), ha="left")
        if title == "forward":
            for at, name, value in zip(inputs, ("x₁", "x₂"), x, strict=True):
                node(ax, at, f"{name}\n{value}", color="soft")
            for i, start in enumerate(inputs):
                for j, goal in enumerate(hidden):
                    text = signed(PAPER[2 * j + i])
                    wire(ax, start, goal, text, (0.62, 0.95), 0.3, _beside(i, j))
            for at, weight, shift in zip(hidden, PAPER[6:8], (9, -10), strict=True):
                wire(ax, at, end, signed(weight), 0.95, offset=(9, shift))
            said = a1, a2, p
        else:
            for at, weight, shift in zip(hidden, PAPER[6:8], (9, -10), strict=True):
                text = f"× {signed(weight)}"
                wire(ax, end, at, text, 0.95, offset=(12, shift), color="alarm")
            said = first1, first2, last
        for at, value in zip([*hidden, end], said, strict=True):
            colour = (
                "alarm" if title == "backward" else "path" if at == end else "curve"
            )
            node(ax, at, signed(value, ".3f"), 0.95, colour)
        if title == "forward":
            draw.label(ax, "a₁", hidden[0], (40, 6), "curve")
            draw.label(ax, "a₂", hidden[1], (40, -6), "curve")
            draw.label(ax, "p", end, (0, 40), "path")
        else:
            slope1, slope2 = a1 * (1 - a1), a2 * (1 - a2)
            draw.label(ax, f"δ₁, slope {slope1:.3f}", hidden[0], (0, 40), "alarm")
            draw.label(ax, f"δ₂, slope {slope2:.3f}", hidden[1], (0, -40), "alarm")
            draw.label(ax, "δ = p − y", end, (0, -40), "alarm")
    return figure


def figure_hidden():
    """The examples as the inputs and as the hidden units see them."""
    theta = census()[0][-1, seed_of("solved")]
    figure, axes = draw.panels(1, 2, height=2.9)
    along = np.linspace(0, 1, 25)
    for fixed in np.linspace(0, 1, 6):
        for line in (np.full(25, fixed), along), (along, np.full(25, fixed)):
            bent = forward(theta, np.stack(line, axis=1))[0]
            axes[0, 0].plot(*line, color="soft", linewidth=0.6)
            axes[0, 1].plot(*bent, color="soft", linewidth=0.6)
    _corners(axes[0, 0], gate_x)
    axes[0, 0].set(xlabel="x₁", ylabel="x₂", title="as given")
    _corners(axes[0, 1], solved_hidden())
    w, b = theta[6:8], theta[8]
    a1 = np.array([-0.3, 1.3])
    axes[0, 1].plot(a1, -(w[0] * a1 + b) / w[1], color="second")
    axes[0, 1].set(xlabel="a₁", ylabel="a₂", title="hidden")
    for ax in axes.flat:
        ax.set(xlim=(-0.3, 1.3), ylim=(-0.3, 1.3), xticks=[0, 1], yticks=[0, 1])
        ax.set_aspect("equal")
    return figure


def figure_starts():
    """The loss from three kinds of start."""
    figure, ax = draw.axes("step", "loss", height=3.2)
    k = np.arange(0, 2001, 20)
    equal = np.array([np.zeros(9), np.full(9, 0.5)])
    _, losses = train(loss, gradient, equal, gate_x, XOR, 1.0, 2000)
    for losses_of, text, colour, style, at in [
        (losses[:, 0], "all zero", "alarm", "-.", (1000, 0.75)),
        (losses[:, 1], "all one half", "path", "--", (1400, 0.54)),
        (census()[1][:, 0], "random, seed 0", "curve", "-", (1250, 0.09)),
    ]:
        ax.plot(k, losses_of[k], style, color=colour)
        draw.label(ax, text, at, color=colour)
    ax.set(ylim=(0, 0.95))
    return figure


def figure_census():
    """The loss of fifty seeds, with a look for each outcome."""
    losses, kinds = census()[1], np.array(outcomes())
    figure, ax = draw.axes("step", "loss", height=3.8)
    k = np.concatenate([np.geomspace(1, 60, 6), np.geomspace(80, 5000, 30)])
    k = np.unique(np.round(k).astype(int))
    for kind, colour, style in [
        ("solved", "curve", "-"),
        ("halves", "alarm", "--"),
        ("thirds", "third", "-."),
    ]:
        for values in losses[k][:, kinds == kind].T:
            x, y = _thinned(np.column_stack([np.log10(k) / 4, values]), 0.003).T
            ax.semilogx(10 ** (4 * x), y, style, color=colour, linewidth=0.8)
    count = {
        kind: int(np.sum(kinds == kind)) for kind in ("solved", "halves", "thirds")
    }
    for kind, height, colour in [
        ("thirds", THIRDS, "third"),
        ("halves", HALVES, "alarm"),
        ("solved", 0, "curve"),
    ]:
        text = f"{count[kind]} {'solved' if kind == 'solved' else 'stalled'}"
        draw.label(ax, text, (5600, height + 0.01), color=colour, ha="left")
    ax.set(ylim=(-0.03, 0.95), xlim=(1, 90_000), xticks=[1, 10, 100, 1000])
    return figure


def figure_line():
    """The loss on the straight line between two equal solutions."""
    theta = census()[0][-1, seed_of("solved")]
    share = np.linspace(-0.1, 1.1, 121)
    figure, ax = draw.axes("share of the way", "loss", height=3.2)
    ax.plot(share, between(theta, swap(theta), share), color="curve")
    top = float(between(theta, swap(theta), 0.5))
    ax.plot([0.5], [top], "o", color="alarm")
    draw.label(ax, f"half-way, twins: {top:.2f}", (0.5, top), (0, 12), "alarm")
    for at, text in (0, "solution"), (1, "units swapped"):
        draw.optimum(ax, at, float(between(theta, swap(theta), at)))
        draw.label(ax, text, (at, 0), (0, -15), "optimum")
    ax.set(xlim=(-0.26, 1.26), ylim=(-0.6, 3.9))
    return figure


def figure_regions():
    """Where a solved and a stalled network say 1."""
    figure, axes = draw.panels(1, 2, height=2.9)
    side = np.linspace(-0.4, 1.4, 37)
    grid = np.stack(np.meshgrid(side, side))
    points = grid.reshape(2, -1).T
    for ax, kind, text in [
        (axes[0, 0], "solved", "solved"),
        (axes[0, 1], "halves", "stalled"),
    ]:
        theta = census()[0][-1, seed_of(kind)]
        p = sigmoid(forward(theta, points)[1]).reshape(37, 37)
        shades = ["level0", "level1", "level3", "level4"]
        ax.contourf(*grid, p, [0, 0.25, 0.5, 0.75, 1], colors=shades)
        ax.contour(*grid, p, [0.5], colors=["second"])
        _corners(ax, gate_x)
        ax.set(xticks=[0, 1], yticks=[0, 1], aspect="equal", title=text)
    return figure


def figure_choice(seen):
    """The examples as the hidden units by hand see them, or as in a slip."""
    points = {
        "hidden": _hand_hidden(),
        "inputs": gate_x,  # as if the units passed on the inputs
        "opposite": _hand_hidden() * [1, -1] + [0, 1],  # "not both" for "both"
    }
    figure, ax = draw.axes("either", "both", width=3.4, height=2.2)
    _corners(ax, points[seen])
    ax.set(xlim=(-0.3, 1.3), ylim=(-0.3, 1.3), xticks=[0, 1], yticks=[0, 1])
    ax.set_aspect("equal")
    return figure


def figure_explore_map():
    """The loss over s and t, and a run of gradient descent."""
    figure, ax = draw.axes("straight weights s", "crossed weights t", height=4.2)
    twins = Marks(["twins"], lambda s: [s], waits=True)
    side = np.linspace(-8, 8, 97)
    heights = loss(_tied(side, side[:, None]), gate_x, XOR)
    lines = contour_generator(side, side, heights)
    for low in lines.lines(SOLVED):
        corner = [8, -8] if low[0, 0] > 0 else [-8, 8]
        ax.fill(*np.vstack([_thinned(low), corner]).T, color="level1", linewidth=0)
    for level in SOLVED, 0.5, 1, 1.5, 2, 3:
        for line in lines.lines(level):
            ax.plot(*_thinned(line).T, color="soft", linewidth=0.6)
    ax.plot([-8, 8], [-8, 8], ":", color="soft", linewidth=1)
    ticks = {"xticks": range(-8, 9, 4), "yticks": range(-8, 9, 4)}
    ax.set(**ticks, xlim=(-8, 8), ylim=(-8, 8), aspect="equal")
    draw.label(ax, "solved", (5.2, -6.6))
    draw.label(ax, "solved", (-6.5, 4.9))
    draw.label(ax, "twins", (-4.4, -5.8))
    for at in (-5.8, -3.9), (4.9, 7):
        draw.label(ax, f"loss {loss(_tied(*at), gate_x, XOR):.1f}", at)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("s", "straight s", -8, 8, 0.1, 2.0),
            Knob("t", "crossed t", -8, 8, 0.1, 1.0, twins),
        ],
        layers=[Layer(_map_run, "curve", "path"), Layer(_map_ends, "dots", "path")],
        says=(_map_says, _MAP_SAID),
        formula=(
            _map_step,
            r"(s, t) - \nabla L = ({1:1},\, {2:1}) - ({3:3},\, {4:3})"
            r" = ({5:3},\, {6:3})",
        ),
        table=(_map_rows, ["tens", "s", "t", "loss"]),
        click=["s", "t"],
        targets={
            "swapped": Target(_ends_swapped, {"s": 1, "t": 2}),
            "twins": Target(_are_twins, {"s": 1}),
            "stuck": Target(_is_stuck, {"s": 7.5, "t": 6.5}),
        },
    )
