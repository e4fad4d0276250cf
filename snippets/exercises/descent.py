"""Mistakes in writing gradient descent."""

import numpy as np
from descent import step


def uphill(grad, x, rate):
    """You added the gradient. It points uphill, so it has to be subtracted."""
    return x + rate * grad(x)


def without_rate(grad, x, rate):
    """You forgot the rate: the step is `rate` times the slope."""
    return x - grad(x)


def rate_alone(grad, x, rate):
    """You walked by the rate alone. A steep slope has to make a long step."""
    return x - rate


def scaled_point(grad, x, rate):
    """You multiplied the point by the rate; the rate belongs to the slope."""
    return rate * x - grad(x)


def without_start(grad, start, rate=0.1, steps=10):
    """The path lacks its start: begin the list with `start`, then take the steps."""
    path, x = [], start
    for _ in range(steps):
        x = step(grad, x, rate)
        path.append(x)
    return np.array(path)


def one_step_short(grad, start, rate=0.1, steps=10):
    """One step is missing: a path has one point more than it has steps."""
    path = [start]
    for _ in range(steps - 1):
        path.append(step(grad, path[-1], rate))
    return np.array(path)


def last_point(grad, start, rate=0.1, steps=10):
    """You returned where the path ends. All of the path is asked for."""
    x = start
    for _ in range(steps):
        x = step(grad, x, rate)
    return x


def always_from_start(grad, start, rate=0.1, steps=10):
    """Every step leads from the start. Take it from the last point, `path[-1]`.

    >>> always_from_start(lambda x: 2 * x, 1.0, 0.25, steps=3)
    array([1. , 0.5, 0.5, 0.5])
    """
    path = [start]
    for _ in range(steps):
        path.append(step(grad, start, rate))
    return np.array(path)


def only_point(grad, start, rate=0.1, steps=10):
    """The loop takes no step: it adds the point where it stands once more."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1])
    return np.array(path)


def from_both_sides(f, x, h=6e-6):
    """The rise is from x − h to x + h, a way of 2h, and you divided by h."""
    return (f(x + h) - f(x - h)) / h


def from_the_point(f, x, h=6e-6):
    """That is the rise from x to x + h, on one side only, which errs far more.

    >>> from descent import central_difference
    >>> both = central_difference(np.exp, 1.0)
    >>> bool(abs(from_the_point(np.exp, 1.0) - np.e) > 10_000 * abs(both - np.e))
    True
    """
    return (f(x + h) - f(x)) / h


def half_the_rise(f, x, h=6e-6):
    """Brackets: `/ 2 * h` divides by 2 and then multiplies by h. Write `/ (2 * h)`."""
    return (f(x + h) - f(x - h)) / 2 * h
