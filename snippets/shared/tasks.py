"""What the tasks of the labs are checked with."""

import numpy as np


def compare(what, yours, expected):
    """Print your result beside the expected one.

    >>> compare("one step", yours=2.0, expected=1.6)
    not yet: one step
        yours     2
        expected  1.6
    >>> compare("two slopes", [1.0, 0.5], np.array([1.0, 0.5]))
    correct: two slopes
        yours     [1 0.5]
        expected  [1 0.5]
    """
    verdict = "correct" if agree(yours, expected) else "not yet"
    print(f"{verdict}: {what}")
    print(f"    yours     {_said(yours)}")
    print(f"    expected  {_said(expected)}")


def guess(what, yours, found, *more):
    """Print whether a prediction is right, and only then what was found.

    `more` are further lines that would give it away.

    >>> guess("how many", 4, 3, "the first is a triangle")
    not yet: how many
        yours     4
    >>> guess("how many", 3, 3, "the first is a triangle")
    correct: how many
        found     3
        the first is a triangle
    """
    right = agree(yours, found)
    print(f"{'correct' if right else 'not yet'}: {what}")
    if not right:
        print(f"    yours     {_said(yours)}")
        return
    for line in f"found     {_said(found)}", *more:
        print(f"    {line}")


def agree(yours, expected):
    """Return whether two results are equal, numbers up to rounding.

    >>> agree([0.1 + 0.2], [0.3]), agree(None, 0.0), agree("left", "left")
    (True, False, True)
    """
    try:
        same = np.allclose(yours, expected, rtol=1e-6, atol=1e-9, equal_nan=True)
    except TypeError:
        return bool(np.all(yours == expected))
    except ValueError:  # the shapes differ
        return False
    return same and np.shape(yours) == np.shape(expected)


def _said(result):
    if isinstance(result, (str, bool, np.bool_)) or result is None:
        return str(result)
    try:
        values = np.asarray(result, dtype=float)
    except (TypeError, ValueError):  # no numbers, or rows of unequal length
        return str(result)
    return _listed(values.tolist())


def _listed(values):
    if isinstance(values, list):
        return f"[{' '.join(map(_listed, values))}]"
    return f"{values:.6g}"
