"""The data sets that the lessons share, each small enough to check by hand.

`…_x` holds the inputs, one row or number for each example, and `…_y` what is to be
predicted. Everything is float, so that no division or update truncates.

>>> line_y
array([1., 3., 5., 7.])
>>> gate_y["XOR"]
array([0., 1., 1., 0.])
"""

import numpy as np


def _fixed(values):
    """Return the values as an array that no lesson can overwrite."""
    array = np.array(values, dtype=float)
    array.flags.writeable = False
    return array


# Four points on the line y = 2x + 1.
line_x = _fixed([0, 1, 2, 3])
line_y = _fixed([1, 3, 5, 7])

# Noise for line_y. It sums to zero, also when weighted with line_x, so the line
# of least squares through the noisy points is still y = 2x + 1.
line_noise = _fixed([0.5, -0.5, -0.5, 0.5])
noisy_y = _fixed(line_y + line_noise)

# Three points on the line y = 4x - 4, far from x = 0: a badly conditioned fit
# until x is centred.
steep_x = _fixed([1, 5, 6])
steep_y = _fixed([0, 16, 20])

# Five points on the plane y = 3 x1 - 2 x2 + 1.
plane_x = _fixed([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]])
plane_y = _fixed([1, 4, -1, 2, 5])

# Truth tables of two inputs. A straight line parts the ones from the zeros in all
# of them but XOR.
gate_x = _fixed([[0, 0], [0, 1], [1, 0], [1, 1]])
gate_y = {
    "AND": _fixed([0, 0, 0, 1]),
    "OR": _fixed([0, 1, 1, 1]),
    "NOT x1 AND x2": _fixed([0, 1, 0, 0]),
    "XOR": _fixed([0, 1, 1, 0]),
}

# Two classes on a line that overlap: the one at -0.5 lies left of the zero at 0.5.
overlap_x = _fixed([-2, -1, -0.5, 0.5, 1, 2])
overlap_y = _fixed([0, 0, 1, 0, 1, 1])

# The same inputs with labels that a threshold separates.
parted_y = _fixed([0, 0, 0, 1, 1, 1])

# Four ordinary numbers and an outlier.
outlier_y = _fixed([1, 2, 3, 4, 100])


def houses(n=100, seed=0):
    """Return the area in square metres and the rooms of n invented houses.

    The two columns differ in size by a factor of forty, as features do in life.

    >>> houses(3)
    array([[177.39233746,   5.        ],
           [103.95734275,   2.        ],
           [ 58.19470479,   2.        ]])
    """
    rng = np.random.default_rng(seed)
    area = rng.uniform(50, 250, n)
    rooms = np.round(area / 40 + rng.normal(0, 0.7, n))
    return np.column_stack([area, rooms])
