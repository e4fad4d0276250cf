"""Mistakes in many dimensions: in steps, in zig-zags, in a gradient."""

import math

import numpy as np
from shared.data import line_x, line_y


def at_the_lower_end(condition, tolerance=1e-6):
    """That is the factor of the rate $1/\\lambda_d$, where the zig-zag begins. The best
    fixed rate is larger, and its factor smaller.

    >>> from dimensions import report
    >>> from shared.plane import valley
    >>> best = report(valley(100.0)).best
    >>> best > 1 / 100, max(abs(1 - best), abs(1 - 100 * best)) < 1 - 1 / 100
    (True, True)
    """
    factor = 1 - 1 / condition
    return math.ceil(math.log(tolerance) / math.log(factor))


def of_the_loss(condition, tolerance=1e-6):
    """You squared the factor. That is what a step does to the loss; the error itself is
    asked for."""
    factor = ((condition - 1) / (condition + 1)) ** 2
    return math.ceil(math.log(tolerance) / math.log(factor))


def growing(condition, tolerance=1e-6):
    """Your factor is above 1, so the error would grow with each step. Turn the fraction
    over."""
    factor = (condition + 1) / (condition - 1)
    return math.ceil(math.log(tolerance) / math.log(factor))


def rounded_down(condition, tolerance=1e-6):
    """You rounded down, which leaves the error just above the tolerance. Round up."""
    factor = (condition - 1) / (condition + 1)
    return math.floor(math.log(tolerance) / math.log(factor))


def one_crossing(path, axis):
    """One crossing was enough for you. A zig-zag crosses with each of its steps, so ask
    for all of them."""
    side = path @ axis
    return bool(np.any(side[1:] * side[:-1] < 0))


def against_the_start(path, axis):
    """You compared each point with the start. After two crossings a zig-zag is back on
    that side; compare each point with the one before it."""
    side = path @ axis
    return bool(np.all(side[1:] * side[0] < 0))


def comes_nearer(path, axis):
    """You asked whether the path comes nearer. A path can do that on one side of the
    valley; a change of side is a change of sign."""
    side = path @ axis
    return bool(np.all(np.abs(side[1:]) < np.abs(side[:-1])))


def both_coordinates(path, axis):
    """You left the axis out and asked of both coordinates that they change their sign.
    The part of a point along the axis is `path @ axis`."""
    return bool(np.all(path[1:] * path[:-1] < 0))


def input_forgotten(theta, chosen=..., y=line_y):
    """The two slopes are alike here. A change of w moves a guess by x times as much, so
    in the slope for w each residual has its x beside it."""
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - y[chosen]
    dw = 2 * np.mean(residuals)
    db = 2 * np.mean(residuals)
    return np.array([dw, db])


def means_multiplied(theta, chosen=..., y=line_y):
    """You multiplied two means. Multiply each residual by its own x, and then take the
    mean."""
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - y[chosen]
    dw = 2 * np.mean(residuals) * np.mean(x)
    db = 2 * np.mean(residuals)
    return np.array([dw, db])


def two_forgotten(theta, chosen=..., y=line_y):
    """The 2 of the square is missing: this is the gradient of *half* the mean squared
    error."""
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - y[chosen]
    return np.array([np.mean(residuals * x), np.mean(residuals)])


def turned_residuals(theta, chosen=..., y=line_y):
    """The sign: your residuals are label minus guess, and the guess has the parameters
    in it. So this points downhill, and the gradient points uphill."""
    w, b = theta
    x = line_x[chosen]
    residuals = y[chosen] - (w * x + b)
    return np.array([2 * np.mean(residuals * x), 2 * np.mean(residuals)])


def added_up(theta, chosen=..., y=line_y):
    """You added the examples up. The loss is a *mean*, and so is its gradient."""
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - y[chosen]
    return np.array([2 * np.sum(residuals * x), 2 * np.sum(residuals)])


def other_labels(theta, chosen=..., y=line_y):
    """You took the labels of the line whatever is given. The argument `y` has them."""
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - line_y[chosen]
    return np.array([2 * np.mean(residuals * x), 2 * np.mean(residuals)])
