"""Drawing verbs: every figure of the course is made of these.

The same things look the same everywhere: the loss is a `curve`, iterates are a
`path` with an open `start`, the best point is ringed as `optimum`, and a `label`
stands on the object it names. Style is in `lesson.mplstyle`; colours are named by
their role, as `palette` lists them; nothing else in `snippets/` names a colour, a
width or a font.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import get_named_colors_mapping
from matplotlib.scale import LogScale, register_scale
from matplotlib.ticker import LogFormatter

from shared.palette import LIGHT

LEVELS = [f"level{i}" for i in range(6)]
SERIES = ["curve", "path", "second", "third", "fourth"]


class _Log(LogScale):
    """A logarithmic axis whose labels are text: 10⁻⁶.

    Matplotlib's own are small formulas, slow to set and several pieces to read.
    """

    name = "log"

    def __init__(self, **options):
        super().__init__(**options)

    def set_default_locators_and_formatters(self, axis):
        super().set_default_locators_and_formatters(axis)
        axis.set_major_formatter(power)
        axis.set_minor_formatter(LogFormatter(labelOnlyBase=False))


def power(value, position=None):
    """Return a power of ten as text.

    >>> power(1e-6), power(100)
    ('10⁻⁶', '10²')
    """
    return "10" + f"{np.log10(value):.0f}".translate(_SUPERSCRIPT)


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
register_scale(_Log)
get_named_colors_mapping().update(LIGHT)
# The posts' own scripts ask for red dots.
get_named_colors_mapping()["red"] = LIGHT["alarm"]
plt.style.use(["default", Path(__file__).with_name("lesson.mplstyle")])


def axes(xlabel, ylabel, width=4.5, height=3.0):
    """A figure with one pair of labelled axes; sizes in inches."""
    figure, ax = plt.subplots(figsize=(width, height))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return figure, ax


def panels(rows, columns, width=4.5, height=3.0, **options):
    """A figure with a grid of axes, as an array of shape (rows, columns).

    More than two columns are too narrow for a phone.
    """
    options |= {"figsize": (width, height), "squeeze": False}
    figure, axes = plt.subplots(rows, columns, **options)
    figure.align_ylabels()  # those of a column stand in one line
    return figure, axes


def opening(xlim, ylim):
    """The picture of a lesson in one look: low and wide, without axes or a word."""
    figure, ax = axes("", "", height=1.6)
    figure.set_layout_engine("none")
    ax.set(xlim=xlim, ylim=ylim, position=[0, 0, 1, 1])
    ax.axis("off")
    return figure, ax


def space(xlabel, ylabel, zlabel, width=4.5, height=3.9):
    """A figure with axes in space; what is drawn later covers what is there."""
    figure = plt.figure(figsize=(width, height))
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    ax.set(xlabel=xlabel, ylabel=ylabel, zlabel=zlabel)
    for axis in ax.xaxis, ax.yaxis, ax.zaxis:
        axis.set_pane_color((0, 0, 0, 0))
        axis.labelpad = 8
        axis.pane.set_edgecolor("faint")
    return figure, ax


def curve(ax, f, low, high, color="curve", points=201, **style):
    """The graph of f between low and high."""
    x = np.linspace(low, high, points)
    return ax.plot(x, f(x), color=color, **style)[0]


def path(ax, x, y, color="path", arrows=True, **style):
    """Iterates, each with an arrow to the next; the start is an open circle."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if arrows:
        for i in range(len(x) - 1):
            ax.annotate(
                "",
                (x[i + 1], y[i + 1]),
                (x[i], y[i]),
                arrowprops={
                    "arrowstyle": "-|>,head_length=.35,head_width=.18",
                    "color": color,
                    "shrinkA": 2,
                    "shrinkB": 2,
                    "linewidth": 1,
                },
            )
    ax.plot(x[1:], y[1:], "o", color=color, zorder=3, **style)
    if len(x):
        start(ax, x[0], y[0], color)


def start(ax, x, y, color="path"):
    """Where something begins: an open circle."""
    ax.plot([x], [y], "o", color=color, markerfacecolor="paper", zorder=3)


def arrow(ax, start, end, color="soft", bend=0.0):
    """An arrow from start to end, bent to the right of its way."""
    style = {
        "arrowstyle": "-|>,head_length=.5,head_width=.25",
        "connectionstyle": f"arc3,rad={bend}",
        "color": color,
        "linewidth": 1.2,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate("", end, start, arrowprops=style)


def optimum(ax, x, y, text=None, offset=(0, -16), **style):
    """Ring the best point, and name it if there is a text."""
    ax.plot(
        [x], [y], "o", markersize=11, color="optimum", markerfacecolor="none", zorder=2
    )
    if text:
        label(ax, text, (x, y), offset, color="optimum", **style)


def label(ax, text, at, offset=(0, 0), color="ink", **style):
    """Text at a point of the data, moved by an offset in points.

    Its apostrophes are those of a page.
    """
    style = {"ha": "center", "va": "center"} | style
    return ax.annotate(
        text.replace("'", "’"),
        at,
        offset,
        textcoords="offset points",
        color=color,
        **style,
    )


def contours(ax, f, xlim, ylim, levels, fill=True, points=81):
    """Level lines of f, which takes points stacked as (2, …), and their fill.

    A fill is all that is higher than its level, on the fills below it, and has the line
    as its edge: so each line is written once. At the frame it goes on beyond it, where
    its edge is not seen.
    """
    x, y = np.linspace(*xlim, points), np.linspace(*ylim, points)
    height = f(np.stack(np.meshgrid(x, y)))
    if not fill:
        ax.contour(x, y, height, levels, colors="soft", linewidths=0.6)
    x, y = ([2 * a[0] - a[1], *a, 2 * a[-1] - a[-2]] for a in (x, y))
    height = np.pad(height, 1, "edge")
    for i, level in enumerate(levels if fill else []):
        above = ax.contourf(
            x, y, height, [level, np.inf], colors=LEVELS[min(i, len(LEVELS) - 1)]
        )
        above.set(edgecolor="soft", linewidth=0.6)
    ax.set(xlim=xlim, ylim=ylim)
