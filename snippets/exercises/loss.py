"""Mistakes in computing a loss, and its slope."""

import numpy as np
from loss import sigmoid


def not_squared(y, guess):
    """Residuals of different signs cancel. Square them before you take the mean."""
    return float(np.mean(y - guess))


def square_of_the_mean(y, guess):
    """You took the mean first and squared it then, so the signs had cancelled. Square
    each residual, then take the mean."""
    return float(np.mean(y - guess) ** 2)


def sum_of_squares(y, guess):
    """You added the squares up. Divide by their number, or take `np.mean` of them."""
    return float(np.sum((y - guess) ** 2))


def halved(y, guess):
    """That is half the mean squared error, which is another convention. On this site
    the plain mean is meant."""
    return float(np.mean((y - guess) ** 2)) / 2


def absolute(y, guess):
    """That is the mean *absolute* error: the residuals were not squared."""
    return float(np.mean(np.abs(y - guess)))


def without_half(r, delta=1.0):
    """Near zero Huber's loss is *half* the square. Then its slope at δ is δ, the same
    as that of the straight line, and there is no corner."""
    size = np.abs(r)
    return np.where(size <= delta, r**2, delta * (size - delta / 2))


def torn_apart(r, delta=1.0):
    """At δ your two pieces do not meet: the parabola is at δ²/2 there and your line at
    δ². Take δ/2 from the size."""
    size = np.abs(r)
    return np.where(size <= delta, r**2 / 2, delta * size)


def sign_compared(r, delta=1.0):
    """You compared the residual with δ, and a large negative one passes for small.
    Compare its size."""
    size = np.abs(r)
    return np.where(r <= delta, r**2 / 2, delta * (size - delta / 2))


def pieces_exchanged(r, delta=1.0):
    """The two pieces have changed places: `np.where` takes the first value where the
    condition is true, and the parabola is for small residuals."""
    size = np.abs(r)
    return np.where(size <= delta, delta * (size - delta / 2), r**2 / 2)


def slope_one(r, delta=1.0):
    """Your line has the slope 1 for all δ. It has to be δ, or the line does not go on
    as the parabola ends."""
    size = np.abs(r)
    return np.where(size <= delta, r**2 / 2, size - delta / 2)


def for_ones_alone(y, p):
    """For the label 0 this gives 0, whatever p is. What happened then had the
    probability $1 - p$, and its logarithm belongs in the loss as well."""
    return -y * np.log(p)


def without_minus(y, p):
    """The sign: the logarithm of a probability is negative, and a loss falls when the
    model gets better."""
    return y * np.log(p) + (1 - y) * np.log(1 - p)


def labels_exchanged(y, p):
    """You took the logarithm of what did *not* happen: p is the probability of the
    label 1, so ln p goes with y."""
    return -(1 - y) * np.log(p) - y * np.log(1 - p)


def squared_instead(y, p):
    """That is the squared error of the probability, the Brier score."""
    return (y - p) ** 2


def along_p(y, z):
    """That is the slope along p. When z moves, p moves by p(1 − p) times as much, and
    this factor is missing."""
    p = sigmoid(z)
    return 2 * (p - y)


def of_cross_entropy(y, z):
    """That is the slope of the cross-entropy. Here the derivative of the square and
    that of the sigmoid belong to it."""
    return sigmoid(z) - y


def turned_sign(y, z):
    """The sign: y − p has the derivative −1 along p. If the label is 1, a higher score
    makes the loss smaller, so the slope is negative."""
    p = sigmoid(z)
    return 2 * (y - p) * p * (1 - p)


def without_two(y, z):
    """The 2 is missing that the square leaves when you take its derivative."""
    p = sigmoid(z)
    return (p - y) * p * (1 - p)
