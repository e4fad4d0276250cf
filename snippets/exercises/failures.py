"""Mistakes in reading a run of Newton's method, and in repairing it."""

import numpy as np
from failures import solve
from newton import newton_step
from rate import backtrack


def ends_exchanged(grad, hess, low=0.5, high=2.0):
    """You moved the wrong end. Where the step comes nearer, the critical start lies
    farther out, so `low` moves up to the middle."""
    for _ in range(60):
        middle = (low + high) / 2
        nearer = abs(newton_step(grad, hess, middle)) < middle
        low, high = (low, middle) if nearer else (middle, high)
    return low


def without_size(grad, hess, low=0.5, high=2.0):
    """You compared the points. The step lands on the other side, so take `abs` of where
    it lands: the distance from the minimum."""
    for _ in range(60):
        middle = (low + high) / 2
        nearer = newton_step(grad, hess, middle) < middle
        low, high = (middle, high) if nearer else (low, middle)
    return low


def one_middle(grad, hess, low=0.5, high=2.0):
    """You tried one middle. When an end has moved, there is a new middle to be tried,
    inside the loop."""
    middle = (low + high) / 2
    for _ in range(60):
        nearer = abs(newton_step(grad, hess, middle)) < middle
        low, high = (middle, high) if nearer else (low, middle)
    return low


def ten_halvings(grad, hess, low=0.5, high=2.0):
    """The way is right, but you stopped after ten halvings, which leave a thousandth of
    the interval. Sixty leave nothing but rounding."""
    for _ in range(10):
        middle = (low + high) / 2
        nearer = abs(newton_step(grad, hess, middle)) < middle
        low, high = (middle, high) if nearer else (low, middle)
    return low


def left_over(path):
    """That is 1 divided by the part that remains. What counts is the part taken off."""
    first, second = np.diff(path)[-2:]
    return float(first / second)


def taken_off(path):
    """That is the part that one step takes off. How many such steps take off all?"""
    first, second = np.diff(path)[-2:]
    return float(1 - second / first)


def still_missing(path):
    """So many steps are still missing after the first. Count the first one, too."""
    first, second = np.diff(path)[-2:]
    return float(second / (first - second))


def other_way_round(path):
    """You divided the earlier step by the later one. What remains is the inverse."""
    first, second = np.diff(path)[-2:]
    return float(1 / (1 - first / second))


def from_points(path):
    """You divided the points. They shrink by the factor where the minimum is at 0; the
    steps do so wherever it is."""
    return float(1 / (1 - path[-1] / path[-2]))


def full_steps(f, grad, hess, start, steps=10):
    """You took the full step. `backtrack` returns how much of it helps, `t`: walk
    `t * p`."""
    path = [start]
    for _ in range(steps):
        x = path[-1]
        path.append(x + solve(hess(x), -grad(x)))
    return np.array(path)


def along_the_gradient(f, grad, hess, start, steps=10):
    """You searched along −g. That is gradient descent; Newton's direction solves
    Hp = −g."""
    path = [start]
    for _ in range(steps):
        x = path[-1]
        p = -grad(x)
        t, _trials = backtrack(f, grad, x, p)
        path.append(x + t * p)
    return np.array(path)


def length_alone(f, grad, hess, start, steps=10):
    """You walked by `t`, which has no direction. The way is `t` times `p`."""
    path = [start]
    for _ in range(steps):
        x = path[-1]
        p = solve(hess(x), -grad(x))
        t, _trials = backtrack(f, grad, x, p)
        path.append(x + t)
    return np.array(path)


def always_from_start(f, grad, hess, start, steps=10):
    """Every step leads from the start. Slope, curvature and search belong to the last
    point, `path[-1]`.

    >>> curved = lambda x: 12 * np.diag(x**2)
    >>> path = always_from_start(
    ...     lambda x: sum(x**4), lambda x: 4 * x**3, curved, np.ones(2), 3
    ... )
    >>> path[:, 0].round(2).tolist()
    [1.0, 0.67, 0.67, 0.67]
    """
    path = [start]
    for _ in range(steps):
        p = solve(hess(start), -grad(start))
        t, _trials = backtrack(f, grad, start, p)
        path.append(start + t * p)
    return np.array(path)


def without_start(f, grad, hess, start, steps=10):
    """The path lacks its start. Begin the list with it."""
    path, x = [], start
    for _ in range(steps):
        p = solve(hess(x), -grad(x))
        t, _trials = backtrack(f, grad, x, p)
        x = x + t * p
        path.append(x)
    return np.array(path)


def cut_off(hess, least=1e-8):
    """You raised negative eigenvalues to almost zero, and dividing by that makes a
    giant step. Their sizes are to be kept, and their signs dropped."""

    def bent_up(x):
        if not np.ndim(x):
            return max(hess(x), least)
        values, vectors = np.linalg.eigh(hess(x))
        sizes = np.maximum(values, least)
        return vectors * sizes @ vectors.T

    return bent_up


def unbent(hess, least=1e-8):
    """You put the Hessian together again as it was, with its signs. That is Newton's
    method, which goes to a saddle as to a minimum."""

    def bent_up(x):
        if not np.ndim(x):
            return hess(x)
        values, vectors = np.linalg.eigh(hess(x))
        return vectors * values @ vectors.T

    return bent_up


def positive_entries(hess, least=1e-8):
    """You made the entries positive. A matrix of positive entries can still bend down;
    the signs to drop are those of the eigenvalues."""

    def bent_up(x):
        return np.maximum(np.abs(hess(x)), least)

    return bent_up


def not_turned_back(hess, least=1e-8):
    """The sizes are right, but they belong to the eigenvectors, and you put them on the
    axes. Turn them back: `vectors * sizes @ vectors.T`."""

    def bent_up(x):
        if not np.ndim(x):
            return max(abs(hess(x)), least)
        values, _ = np.linalg.eigh(hess(x))
        return np.diag(np.maximum(np.abs(values), least))

    return bent_up
