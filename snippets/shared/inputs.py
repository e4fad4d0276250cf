"""Inputs of a model, one row for each example: a column of ones, and no mean."""

import numpy as np


def design(inputs):
    """Return the inputs with a column of ones, which carries the bias.

    >>> design([[2.0], [5.0]])
    array([[2., 1.],
           [5., 1.]])
    """
    return np.column_stack([inputs, np.ones(len(inputs))])


def centre(inputs):
    """Return the inputs with the mean 0 in every column.

    >>> centre(np.array([[2.0, 10.0], [4.0, 50.0]]))
    array([[ -1., -20.],
           [  1.,  20.]])
    """
    return inputs - inputs.mean(axis=0)
