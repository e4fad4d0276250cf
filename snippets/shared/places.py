"""Where a path in one dimension is drawn on a figure, point by point."""

import numpy as np


def on_curve(f, path):
    """Return the points of a path on the curve of f, shape (k, 2).

    >>> on_curve(np.square, [2.0, 1.0])
    array([[2., 4.],
           [1., 1.]])
    """
    return np.stack([path, f(np.asarray(path))], axis=1)


def by_step(path):
    """Return a path over the number of the step, shape (k, 2).

    >>> by_step([2.0, 1.0])
    array([[0., 2.],
           [1., 1.]])
    """
    return np.stack([np.arange(len(path)), path], axis=1)
