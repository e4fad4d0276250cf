"""What is asked of a path: how far from a point it is, and when first.

A path has shape (k,) in one dimension and (k, n) in n dimensions.
"""

import numpy as np


def distances(path, point):
    """Return how far each iterate is from a point, shape (k,).

    >>> distances([[3.0, 4.0], [0.3, 0.4]], [0.0, 0.0])
    array([5. , 0.5])
    """
    away = np.subtract(path, point)
    return np.abs(away) if away.ndim == 1 else np.linalg.norm(away, axis=1)


def first(conditions):
    """Return the first k at which the condition is true, or None.

    >>> first([False, True, True]), first([False])
    (1, None)
    """
    conditions = np.asarray(conditions, bool)
    return int(conditions.argmax()) if conditions.any() else None


def first_within(path, point, tolerance):
    """Return the first k with |xₖ - point| < tolerance, or None.

    >>> first_within([4.0, 2.0, 1.0], 0.0, tolerance=1.5)
    2
    >>> first_within([[3.0, 4.0], [0.3, 0.4]], [0.0, 0.0], tolerance=1.0)
    1
    """
    return first(distances(path, point) < tolerance)
