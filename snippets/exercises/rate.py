"""Mistakes in telling what a rate does, and in computing one."""

import math

import numpy as np
from rate import factor


def answers_exchanged(rate, curvature):
    """The answers under the two conditions have changed places: where the factor is 0,
    the step lands, and where its size is 1 or more, the run does not converge."""
    q = factor(rate, curvature)
    if abs(q) >= 1:
        return "lands in one step"
    if q == 0:
        return "oscillates for ever" if q == -1 else "diverges"
    return "approaches" if q > 0 else "overshoots, converges"


def landing_unseen(rate, curvature):
    """The last answer comes too early: a `return` ends the function, so what stands
    below it is not reached. Ask for the factor 0 before."""
    q = factor(rate, curvature)
    if abs(q) >= 1:
        return "oscillates for ever" if q == -1 else "diverges"
    return "approaches" if q > 0 else "overshoots, converges"


def divergence_unseen(rate, curvature):
    """A run whose factor is −1 or beyond is said to converge, because the last answer
    comes before the question about its size. Ask that first."""
    q = factor(rate, curvature)
    if q == 0:
        return "lands in one step"
    return "approaches" if q > 0 else "overshoots, converges"


def from_distance_one(q, distance, tolerance):
    """You counted as if the start were at distance 1. What the steps have to bring
    about is the ratio of the tolerance to the distance."""
    ratio = math.log(tolerance) / math.log(abs(q))
    return math.floor(ratio) + 1


def one_step_short(q, distance, tolerance):
    """One step is missing: rounded down, the number of steps leaves you just outside
    the tolerance."""
    ratio = math.log(tolerance / distance) / math.log(abs(q))
    return math.floor(ratio)


def upside_down(q, distance, tolerance):
    """Your fraction stands on its head. A factor near 1 has a logarithm near 0 and
    needs many steps, so you divide by it."""
    ratio = math.log(abs(q)) / math.log(tolerance / distance)
    return math.floor(ratio) + 1


def equal_steps(q, distance, tolerance):
    """You let each step cover as much as the first. It takes away a share of what is
    left, so the steps become shorter, and more of them are needed."""
    ratio = (distance - tolerance) / (distance * (1 - abs(q)))
    return math.floor(ratio) + 1


def rate_of_the_start(f, grad, start, lowest, steps=10):
    """You computed the rate once, at the start. Gap and slope change with each step,
    so the rate belongs in the loop."""
    path = [start]
    rate = (f(start) - lowest) / np.dot(grad(start), grad(start))
    for _ in range(steps):
        path.append(path[-1] - rate * grad(path[-1]))
    return np.array(path)


def gap_to_zero(f, grad, start, lowest, steps=10):
    """You took the height itself for the gap. It is the height above `lowest`."""
    path = [start]
    for _ in range(steps):
        slope = grad(path[-1])
        path.append(path[-1] - f(path[-1]) / np.dot(slope, slope) * slope)
    return np.array(path)


def slope_not_squared(f, grad, start, lowest, steps=10):
    """You divided by the size of the slope. The rate has its *square* below the gap;
    the step, rate times slope, then has the slope once."""
    path = [start]
    for _ in range(steps):
        slope = grad(path[-1])
        rate = (f(path[-1]) - lowest) / math.sqrt(np.dot(slope, slope))
        path.append(path[-1] - rate * slope)
    return np.array(path)


def start_left_out(f, grad, start, lowest, steps=10):
    """The path lacks its start: begin the list with `start`, then take the steps."""
    path, x = [], start
    for _ in range(steps):
        slope = grad(x)
        x = x - (f(x) - lowest) / np.dot(slope, slope) * slope
        path.append(x)
    return np.array(path)
