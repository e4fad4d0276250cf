"""Mistakes in training a neuron that regresses."""

import numpy as np
from regression import linear
from shared.inputs import design


def summed(theta, X, y):
    """That is the sum over the examples. The loss is a mean, so divide by their
    number."""
    error = linear(theta, X) - y
    return design(X).T @ error


def without_bias(theta, X, y):
    """The slope in the bias is missing. `design(X)` has a column of ones for it."""
    error = linear(theta, X) - y
    return X.T @ error / len(y)


def errors_alone(theta, X, y):
    """You took the mean of the errors. Each slope is the error *times* what its
    parameter was multiplied by."""
    error = linear(theta, X) - y
    return np.full(len(theta), error.mean())


def by_parameters(theta, X, y):
    """You divided by the number of parameters. The mean is over the examples."""
    error = linear(theta, X) - y
    return design(X).T @ error / len(theta)


def doubled(theta, X, y):
    """Your slopes are twice as large: those of the full square. The half of the loss
    cancels the 2 of the derivative."""
    error = linear(theta, X) - y
    return 2 * design(X).T @ error / len(y)


def uphill(loss, gradient, start, X, y, rate=0.1, steps=100):
    """You added the slopes. They point uphill, so they have to be subtracted."""
    path = [np.array(start, dtype=float)]
    losses = [loss(path[-1], X, y)]
    for _ in range(steps):
        path.append(path[-1] + rate * gradient(path[-1], X, y))
        losses.append(loss(path[-1], X, y))
    return np.array(path), np.array(losses)


def without_rate(loss, gradient, start, X, y, rate=0.1, steps=100):
    """You forgot the rate: a step is `rate` times the slopes."""
    path = [np.array(start, dtype=float)]
    losses = [loss(path[-1], X, y)]
    for _ in range(steps):
        path.append(path[-1] - gradient(path[-1], X, y))
        losses.append(loss(path[-1], X, y))
    return np.array(path), np.array(losses)


def always_from_start(loss, gradient, start, X, y, rate=0.1, steps=100):
    """You computed the slopes once, at the start. They change with each step, so
    compute them again inside the loop."""
    path = [np.array(start, dtype=float)]
    losses = [loss(path[-1], X, y)]
    slopes = gradient(path[-1], X, y)
    for _ in range(steps):
        path.append(path[-1] - rate * slopes)
        losses.append(loss(path[-1], X, y))
    return np.array(path), np.array(losses)


def losses_one_short(loss, gradient, start, X, y, rate=0.1, steps=100):
    """The loss of the last parameters is missing: there is one loss for each entry of
    the path, the start included."""
    path, losses = [np.array(start, dtype=float)], []
    for _ in range(steps):
        losses.append(loss(path[-1], X, y))
        path.append(path[-1] - rate * gradient(path[-1], X, y))
    return np.array(path), np.array(losses)


def losses_one_late(loss, gradient, start, X, y, rate=0.1, steps=100):
    """The loss is computed before the update, so the first one stands there twice and
    the last one is missing."""
    path = [np.array(start, dtype=float)]
    losses = [loss(path[-1], X, y)]
    for _ in range(steps):
        losses.append(loss(path[-1], X, y))
        path.append(path[-1] - rate * gradient(path[-1], X, y))
    return np.array(path), np.array(losses)


def ends_alone(loss, gradient, start, X, y, rate=0.1, steps=100):
    """You returned where the run ends. All parameters and all losses of the run are
    asked for."""
    theta = np.array(start, dtype=float)
    for _ in range(steps):
        theta = theta - rate * gradient(theta, X, y)
    return theta, loss(theta, X, y)


def turned_round(theta, X, y):
    """The error is taken the other way round. The slopes have $\\hat y - y$ in them."""
    return 2 * design(X).T @ (y - linear(theta, X))


def of_half_the_square(theta, X, y):
    """That belongs to half the squares. This loss has no half, so its slopes carry a
    2."""
    return design(X).T @ (linear(theta, X) - y)


def of_the_mean(theta, X, y):
    """That is the mean over the examples. This loss is their sum."""
    return 2 * design(X).T @ (linear(theta, X) - y) / len(y)


def of_the_other_loss(theta, X, y):
    """That is `gradient`, for half the *mean* squared error. This program has the plain
    sum of the squares."""
    return design(X).T @ (linear(theta, X) - y) / len(y)
