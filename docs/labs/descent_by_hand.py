# ---
# title: Gradient descent by hand
# description: >-
#   Write the rule of gradient descent yourself, then try rates and starts from a
#   menu in which some fail, and say why they do.
# ---

# %% [markdown]
# # Gradient descent by hand
#
# You write the rule, and then you try it with rates and starts from a menu. Some of
# them fail.
#
# Each task has a cell to change and a cell that prints your result beside the expected
# one. The solution is folded away below. The lesson is
# [gradient descent in one dimension](../descent.md).

# %%
import numpy as np
from descent import descend, step
from rate import regime
from shared import draw
from shared.landscapes import explog, quad1
from shared.path import first_within
from shared.tasks import compare

# %% [markdown]
# ## Task 1: one step
#
# The loss is f(x) = x². Its slope is `quad1.grad`. Write the rule: the new x is the old
# x minus the rate times the slope.


# %%
def my_step(grad, x, rate):
    return x  # change this: it stays where it is


# %%
for x in 2.0, -3.0:
    yours = my_step(quad1.grad, x, rate=0.1)
    expected = step(quad1.grad, x, rate=0.1)
    compare(f"one step from {x:g}", yours, expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_step(grad, x, rate):
#     return x - rate * grad(x)
# ```
#
# </details>
#
# ## Task 2: the whole path
#
# Repeat the step, and keep every point, the start included. Ten steps make eleven
# points.


# %%
def my_descend(grad, start, rate, steps):
    path = [start]  # change this: the steps are missing
    return path


# %%
path = my_descend(quad1.grad, start=2.0, rate=0.1, steps=10)
expected = descend(quad1.grad, start=2.0, rate=0.1, steps=10)
compare("points", len(path), len(expected))
compare("the last x", path[-1], expected[-1])

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_descend(grad, start, rate, steps):
#     path = [start]
#     for _ in range(steps):
#         path.append(path[-1] - rate * grad(path[-1]))
#     return path
# ```
#
# </details>
#
# ## The menu
#
# Choose a line, say what you expect, and look. Then choose another.

# %%
MENU = {
    "crawl": (0.01, 2.0),
    "classic": (0.1, 2.0),
    "land": (0.5, 2.0),
    "overshoot": (0.9, 2.0),
    "oscillate": (1.0, 2.0),
    "explode": (1.1, 2.0),
    "from the left": (0.1, -1.5),
    "already there": (0.1, 0.0),
}


def show(choice, steps=10):
    rate, start = MENU[choice]
    path = descend(quad1.grad, start, rate, steps)
    reach = max(2.2, 1.1 * np.abs(path).max())
    figure, ax = draw.axes("x", "f(x)")
    draw.curve(ax, quad1.f, -reach, reach)
    draw.path(ax, path, quad1.f(path))
    draw.optimum(ax, 0, 0)
    figure.set_label(
        f"The path of “{choice}” on a parabola: rate {rate:g}, "
        f"from x = {start:g} to x = {path[-1]:.3g} in {steps} steps."
    )
    said = regime(rate, curvature=2) if start else "stays where it is"
    print(f"rate {rate:g}, start {start:g}: {said}")


# %%
show("classic")

# %%
show("explode")

# %% [markdown]
# Here is the whole menu at once: where ten steps lead, and how many it takes to come
# within a millionth of the minimum. None means that a thousand are not enough.

# %%
print("                    x₁₀  steps")
for choice, (rate, start) in MENU.items():
    path = descend(quad1.grad, start, rate, steps=1000)
    needed = first_within(path, point=0.0, tolerance=1e-6)
    print(f"{choice:14} {path[10]:8.4f}  {needed!s:>5}")

# %% [markdown]
# ## Task 3: from which rate on does it fail?
#
# One step on x² with the rate η multiplies x by 1 − 2η. The run comes nearer as long as
# that factor lies between −1 and 1. Write a function that says whether a rate works,
# without running it.


# %%
def my_works(rate):
    return True  # change this: not every rate works


# %%
for rate in 0.01, 0.5, 0.9, 1.0, 1.1:
    after = descend(quad1.grad, 2.0, rate, steps=10)[-1]
    compare(f"rate {rate:g} works", my_works(rate), abs(after) < 2.0)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_works(rate):
#     return abs(1 - 2 * rate) < 1
# ```
#
# </details>
#
# ## Task 4: out of the domain, without a word
#
# The loss eˣ − ln x exists for x > 0 only. Its slope does not know that: it can be
# evaluated on the wrong side too, and no error is raised. Write the check that is
# missing.


# %%
def my_stays_inside(path):
    return True  # change this: look at the path


# %%
for rate in 0.1, 0.2, 0.3, 0.4:
    path = descend(explog.grad, start=1.6, rate=rate, steps=5)
    inside = bool(np.all(path > 0))
    yours = my_stays_inside(path)
    compare(f"rate {rate:g} stays inside", yours, inside)
    print(f"    its path: {np.round(path, 3)}")

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_stays_inside(path):
#     return bool(np.all(path > 0))
# ```
#
# </details>
#
# How large a rate may be is the subject of [the learning rate](../rate.md).
