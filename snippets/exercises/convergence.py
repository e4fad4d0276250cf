"""Mistakes in telling a minimum from a stall."""

import numpy as np
from descent import descend


def signed_loss(landscape, path):
    """The change of the loss still has its sign. Where the loss falls the change is
    negative, and so below each tolerance: take its size.
    """
    points = path.T
    moves = np.diff(np.atleast_2d(points))
    slopes = np.atleast_2d(landscape.grad(points))
    return {
        "step": np.linalg.norm(moves, axis=0),
        "loss": np.diff(landscape.f(points)),
        "gradient": np.linalg.norm(slopes, axis=0)[1:],
    }


def size_of_heights(landscape, path):
    """You took the size of the losses, and their change still has its sign. Take the
    difference first, then its size.
    """
    points = path.T
    moves = np.diff(np.atleast_2d(points))
    slopes = np.atleast_2d(landscape.grad(points))
    return {
        "step": np.linalg.norm(moves, axis=0),
        "loss": np.diff(np.abs(landscape.f(points))),
        "gradient": np.linalg.norm(slopes, axis=0)[1:],
    }


def loss_itself(landscape, path):
    """That is the loss, and not how much it changes. At a minimum the loss need not be
    near 0; its change is.
    """
    points = path.T
    moves = np.diff(np.atleast_2d(points))
    slopes = np.atleast_2d(landscape.grad(points))
    return {
        "step": np.linalg.norm(moves, axis=0),
        "loss": np.abs(landscape.f(points))[1:],
        "gradient": np.linalg.norm(slopes, axis=0)[1:],
    }


def squared_change(landscape, path):
    """A square has no sign, but that of a small change is far smaller, and passes the
    tolerance too soon. Take the size as it is, with `np.abs`.
    """
    points = path.T
    moves = np.diff(np.atleast_2d(points))
    slopes = np.atleast_2d(landscape.grad(points))
    return {
        "step": np.linalg.norm(moves, axis=0),
        "loss": np.diff(landscape.f(points)) ** 2,
        "gradient": np.linalg.norm(slopes, axis=0)[1:],
    }


def before_the_step(step, factor):
    """That is how far it was before the step: you counted the step itself, which has
    been taken.
    """
    return step / (1 - factor)


def next_step(step, factor):
    """That is the next step. Others follow it, each shorter by the same factor, and all
    of them count.
    """
    return step * factor


def upside_down(step, factor):
    """You have the fraction upside down. If the steps shrink slowly, with a factor near
    1, a long way is left.
    """
    return step * (1 - factor) / factor


def what_it_removes(step, factor):
    """You multiplied by the share that each step takes away. Dividing by it sums up all
    the steps that follow.
    """
    return step * (1 - factor)


def leftmost(landscape, starts, rate, steps):
    """You took the end with the smallest x. The deepest one is where the *loss* is
    smallest.
    """
    ends = descend(landscape.grad, starts, rate, steps)[-1]
    return ends[np.argmin(ends)], ends


def lowest_start(landscape, starts, rate, steps):
    """You chose the run that began lowest. It need not end lowest: compare the losses
    of the ends.
    """
    ends = descend(landscape.grad, starts, rate, steps)[-1]
    return ends[np.argmin(landscape.f(starts))], ends


def its_height(landscape, starts, rate, steps):
    """You returned how deep the deepest end is. The point is asked for, the one that
    has this loss.
    """
    ends = descend(landscape.grad, starts, rate, steps)[-1]
    return landscape.f(ends).min(), ends


def its_number(landscape, starts, rate, steps):
    """You returned which of the runs it is. That number is the place in `ends` at which
    the point stands.
    """
    ends = descend(landscape.grad, starts, rate, steps)[-1]
    return np.argmin(landscape.f(ends)), ends
