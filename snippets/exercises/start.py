"""Mistakes in drawing a landscape, and in asking the nearest point."""

import numpy as np
from loss import mse


def columns_for_rows(x, y, w_grid, b_grid):
    """Rows and columns have changed places. A row has one b, and w runs along it."""
    rows = [[mse(y, w * x + b) for b in b_grid] for w in w_grid]
    return np.array(rows)


def in_pairs(x, y, w_grid, b_grid):
    """You took the first w with the first b, the second with the second. Each w of the
    grid meets each b, so that one loop stands within the other."""
    pairs = range(min(len(w_grid), len(b_grid)))
    return np.array([mse(y, w_grid[i] * x + b_grid[i]) for i in pairs])


def height_for_slope(x, y, w_grid, b_grid):
    """You multiplied x by b. The slope of a line is w, and b is its height at 0."""
    rows = [[mse(y, b * x + w) for w in w_grid] for b in b_grid]
    return np.array(rows)


def summed_squares(x, y, w_grid, b_grid):
    """You added the squares up. The mean squared error is their *mean*."""
    rows = [[np.sum((y - w * x - b) ** 2) for w in w_grid] for b in b_grid]
    return np.array(rows)


def with_signs(known, x):
    """Without the size of the differences the least of them is the most negative one:
    the known point furthest to the right has it, whatever x is.

    >>> known = np.array([1.0, 3.0, 2.0]), np.array([10.0, 30.0, 20.0])
    >>> with_signs(known, np.array([-9.0, 1.0, 9.0]))
    array([30., 30., 30.])
    """
    known_x, known_y = known
    return known_y[(x[:, np.newaxis] - known_x).argmin(axis=1)]


def for_each_known_point(known, x):
    """Along `axis=0` you ask for each known point which x is nearest to it. Here each
    x has a row of differences, so look for the least along `axis=1`."""
    known_x, known_y = known
    return known_y[np.abs(x[:, np.newaxis] - known_x).argmin(axis=0)]


def its_place(known, x):
    """That is where the nearest known point lies. Asked for is its answer."""
    known_x, _ = known
    return known_x[np.abs(x[:, np.newaxis] - known_x).argmin(axis=1)]


def its_number(known, x):
    """That is the number of the nearest point. Look up in `known_y` what it had."""
    known_x, _ = known
    return np.abs(x[:, np.newaxis] - known_x).argmin(axis=1)


def farthest(known, x):
    """You took the point with the largest difference, which is the one farthest off."""
    known_x, known_y = known
    return known_y[np.abs(x[:, np.newaxis] - known_x).argmax(axis=1)]
