"""Drawings of networks: a canvas without axes, round units, wires with weights."""

import matplotlib.pyplot as plt
import numpy as np

from shared import draw


def canvas(width, height, inches=4.5):
    """A figure without axes, in units of its own."""
    figure, ax = draw.axes("", "", inches, inches * height / width)
    ax.axis("off")
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    return figure, ax


def node(ax, at, text, radius=0.62, color="curve", fill="level0"):
    """A round unit of a network with its text."""
    ax.add_patch(plt.Circle(at, radius, facecolor=fill, edgecolor=color, zorder=2))
    ax.text(*at, text, ha="center", va="center", zorder=3, linespacing=1.05)


def wire(ax, start, end, text="", gap=0.62, share=0.5, offset=(0, 9), color="soft"):
    """An arrow between two units, from rim to rim, with its weight.

    The gap is the radius of both, or of each.
    """
    before, behind = np.broadcast_to(gap, 2)
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.hypot(*(end - start))
    head, tail = end - behind * way, start + before * way
    draw.arrow(ax, tail, head, color)
    if text:
        draw.label(ax, text, tail + share * (head - tail), offset)
