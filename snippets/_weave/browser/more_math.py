"""Python's `math`, with functions that MicroPython's has not."""

from math import *  # noqa: F403
from math import log, sqrt


def prod(numbers, start=1):
    for number in numbers:
        start *= number
    return start


def hypot(*sides):
    largest = max([abs(side) for side in sides] or [0.0])
    if largest in (0, float("inf")):
        return float(largest)
    return largest * sqrt(sum([(side / largest) ** 2 for side in sides]))


def dist(p, q):
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    return hypot(*[x - y for x, y in zip(p, q)])


def log1p(x):
    y = 1 + x
    return x if y == 1 or not y < float("inf") else log(y) * (x / (y - 1))


def comb(n, k):
    return prod([n - i for i in range(k)]) // prod(range(1, k + 1))
