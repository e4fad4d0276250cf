"""Mistakes in mini-batch descent, and in reckoning with its noise."""

import math

import numpy as np
from batches import deal


def gradients_of_the_beginning(grad, start, n, rate, epochs, batch=1, rng=None):
    """All gradients of an epoch were taken where it began. Each update starts from the
    place where the one before it ended."""
    path = [np.asarray(start, float)]
    for _ in range(epochs):
        begin = path[-1]
        for chosen in deal(n, batch, rng):
            path.append(path[-1] - rate * grad(begin, chosen))
    return np.array(path)


def point_per_epoch(grad, start, n, rate, epochs, batch=1, rng=None):
    """Your path has a point for each epoch. Asked for is one for each update, so append
    within the inner loop."""
    path = [np.asarray(start, float)]
    for _ in range(epochs):
        theta = path[-1]
        for chosen in deal(n, batch, rng):
            theta = theta - rate * grad(theta, chosen)
        path.append(theta)
    return np.array(path)


def all_examples(grad, start, n, rate, epochs, batch=1, rng=None):
    """You gave all examples to the gradient in each update. Give it `chosen`, those of
    the batch."""
    path = [np.asarray(start, float)]
    for _ in range(epochs):
        for _ in deal(n, batch, rng):
            path.append(path[-1] - rate * grad(path[-1], np.arange(n)))
    return np.array(path)


def one_epoch(grad, start, n, rate, epochs, batch=1, rng=None):
    """You went through the examples once. A loop over the epochs goes around that."""
    path = [np.asarray(start, float)]
    for chosen in deal(n, batch, rng):
        path.append(path[-1] - rate * grad(path[-1], chosen))
    return np.array(path)


def divided_by_n(sigma2, batch, n):
    """You divided by n. A single example has the whole variance σ², so for B = 1 the
    second fraction has to be 1: divide by what is above it then."""
    return sigma2 / batch * (n - batch) / n


def with_replacement(sigma2, batch, n):
    """That is the variance with replacement. Without it nothing is left to chance when
    the batch has all n examples."""
    return sigma2 / batch


def batch_forgotten(sigma2, batch, n):
    """The batch's own share is missing: a mean of B draws has σ² divided by B, and the
    second fraction is a correction of that."""
    return sigma2 * (n - batch) / (n - 1)


def deviation(sigma2, batch, n):
    """That is the standard deviation. Its square, the variance, is asked for."""
    return math.sqrt(sigma2 / batch * (n - batch) / (n - 1))


def noise_forgotten(schedule, start=5.0, steps=1000):
    """Here the square falls as if the slopes were exact. Each update adds some noise,
    and with it a term of its own."""
    squares = [start**2]
    for t in range(steps):
        squares.append((1 - schedule(t)) ** 2 * squares[-1])
    return np.array(squares)


def noise_in_full(schedule, start=5.0, steps=1000):
    """You added the variance of the noise, 1, in full. A step has the rate times the
    noise."""
    squares = [start**2]
    for t in range(steps):
        squares.append((1 - schedule(t)) ** 2 * squares[-1] + 1)
    return np.array(squares)


def rate_not_squared(schedule, start=5.0, steps=1000):
    """The noise comes with the rate as its factor, and a factor enters a variance with
    its square."""
    squares = [start**2]
    for t in range(steps):
        rate = schedule(t)
        squares.append((1 - rate) ** 2 * squares[-1] + rate)
    return np.array(squares)


def factor_not_squared(schedule, start=5.0, steps=1000):
    """A step multiplies x by 1 − η, and so its square by the square of that."""
    squares = [start**2]
    for t in range(steps):
        rate = schedule(t)
        squares.append((1 - rate) * squares[-1] + rate**2)
    return np.array(squares)
