"""Mistakes in writing gradient descent with a memory."""

import numpy as np
from descent import descend


def nothing_kept(grad, start, rate=0.1, steps=10, beta=0.9):
    """Nothing of the last velocity is kept: this is plain gradient descent."""
    path = [start]
    x, v = start, 0.0
    for _ in range(steps):
        v = grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def nothing_lost(grad, start, rate=0.1, steps=10, beta=0.9):
    """All of the last velocity is kept, so nothing is ever forgotten and the run does
    not come to rest. Keep the fraction `beta` of it.
    """
    path = [start]
    x, v = start, 0.0
    for _ in range(steps):
        v = v + grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def slope_faded(grad, start, rate=0.1, steps=10, beta=0.9):
    """The factor stands at the new slope. It belongs to the last velocity, which fades;
    the new slope comes in whole.
    """
    path = [start]
    x, v = start, 0.0
    for _ in range(steps):
        v = v + beta * grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def running_mean(grad, start, rate=0.1, steps=10, beta=0.9):
    """You took the mean of old and new, which is another notation of momentum, with
    another rate. Here the new slope comes in whole.
    """
    path = [start]
    x, v = start, 0.0
    for _ in range(steps):
        v = beta * v + (1 - beta) * grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def minus_twice(grad, start, rate=0.1, steps=10, beta=0.9):
    """The minus stands in both lines, and two of them make a plus: this run climbs. In
    this notation it stands in the velocity.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v - rate * grad(x)
        x = x - v
        path.append(x)
    return np.array(path)


def rate_twice(grad, start, rate=0.1, steps=10, beta=0.9):
    """The rate is used twice. In this notation the velocity contains it already, and is
    the step itself.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v - rate * grad(x)
        x = x + rate * v
        path.append(x)
    return np.array(path)


def memory_turned(grad, start, rate=0.1, steps=10, beta=0.9):
    """You turned the sign of the memory as well, so each round pulls back what the last
    one did. What is kept of the velocity keeps its sign.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = -(beta * v + rate * grad(x))
        x = x + v
        path.append(x)
    return np.array(path)


def memory_lost(grad, start, rate=0.1, steps=10, beta=0.9):
    """Nothing of the last velocity is kept: this is plain gradient descent."""
    return descend(grad, start, rate, steps)


def heavy_ball(grad, start, rate=0.1, steps=10, beta=0.9):
    """That is momentum, the heavy ball: it walks by the velocity. Nesterov walks by the
    slope and what the next round would keep of the velocity.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def whole_velocity(grad, start, rate=0.1, steps=10, beta=0.9):
    """You added all of the new velocity to the slope. It rolls on with β times the
    velocity, as the next round will.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        v = beta * v + g
        x = x - rate * (g + v)
        path.append(x)
    return np.array(path)


def other_point(grad, start, rate=0.1, steps=10, beta=0.9):
    """That is Nesterov's method, written for the other point: you keep where the ball
    is. Here the path holds the points at which the slope is measured, so `grad(x)` is
    asked at `x` itself.
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + grad(x - rate * beta * v)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def corrected_too_soon(
    grad, start, rate=0.1, steps=10, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You corrected the means before the new slope was in them. In the first round both
    are 0 then, and the run stays where it is.
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        x = x - rate * mean / (np.sqrt(square) + eps)
        path.append(x)
    return np.array(path)


def square_too_late(grad, start, rate=0.1, steps=10, beta1=0.9, beta2=0.999, eps=1e-8):
    """The mean square is corrected before the new slope is in it. In the first round it
    is 0 then, and dividing by its root makes a giant step.
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        s = beta2 * s + (1 - beta2) * g * g
        x = x - rate * mean / (np.sqrt(square) + eps)
        path.append(x)
    return np.array(path)


def mean_too_late(grad, start, rate=0.1, steps=10, beta1=0.9, beta2=0.999, eps=1e-8):
    """The mean is corrected before the new slope is in it, so each step is made of the
    slopes before, and the first one of none.
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        s = beta2 * s + (1 - beta2) * g * g
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        m = beta1 * m + (1 - beta1) * g
        x = x - rate * mean / (np.sqrt(square) + eps)
        path.append(x)
    return np.array(path)


def noted_too_soon(grad, start, rate=0.1, steps=10, beta1=0.9, beta2=0.999, eps=1e-8):
    """You note the point before you walk, so the start stands there twice and the last
    point is missing.
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        path.append(x)
        x = x - rate * mean / (np.sqrt(square) + eps)
    return np.array(path)
