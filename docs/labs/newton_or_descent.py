# ---
# title: Newton against gradient descent
# description: >-
#   Write Newton’s method in one and in two dimensions, race it against gradient
#   descent, watch it fail, and repair it.
# ---

# %% [markdown]
# # Newton against gradient descent
#
# Gradient descent knows the slope. Newton’s method knows the curvature too. You write
# it, race the two, watch it fail from two starts, and repair one of the failures.
#
# Each task has a cell to change and a cell that prints your result beside the expected
# one; of a prediction it only says whether it is right. The solution is folded away
# below. The lessons are [Newton’s method](../newton.md) and
# [its failures](../failures.md).

# %%
import directions
import numpy as np
from descent import descend
from failures import damped_newton
from newton import newton, newton_step
from shared import draw
from shared.landscapes import explog, ravine, rosenbrock, sqrt1p, well
from shared.path import first_within
from shared.tasks import compare, guess

# %% [markdown]
# ## Task 1: the step
#
# Newton’s step: from x subtract the slope divided by the curvature.


# %%
def my_newton_step(grad, hess, x):
    return x  # change this: it stays where it is


# %%
for landscape, x in (explog, 1.6), (sqrt1p, 0.5):
    yours = my_newton_step(landscape.grad, landscape.hess, x)
    expected = newton_step(landscape.grad, landscape.hess, x)
    compare(f"one step on {landscape} from {x:g}", yours, expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_newton_step(grad, hess, x):
#     return x - grad(x) / hess(x)
# ```
#
# </details>
#
# ## The race
#
# Both start at 1.6 on eˣ − ln x. The axis shows how far they still are from the
# minimum.

# %%
best = explog.minima[0]
slow = np.abs(descend(explog.grad, 1.6, rate=0.1, steps=25) - best)
fast = np.abs(newton(explog.grad, explog.hess, 1.6, steps=5) - best)

# %%
figure, ax = draw.axes("step", "error")
ax.semilogy(slow, "o-", color="path")
ax.semilogy(fast, "o-", color="second")
place = (10, slow[10])
draw.label(ax, "gradient descent", place, (8, 12), "path", ha="left")
draw.label(ax, "Newton", (4, fast[4]), (10, 0), "second", ha="left")
figure.set_label(
    "The errors on a logarithmic axis. Gradient descent falls "
    f"evenly, to {slow[-1]:.0e} after {len(slow) - 1} steps. Newton's "
    f"method falls faster at each step, to {fast[4]:.0e} after four."
)

# %% [markdown]
# ## Task 2: count the steps
#
# How many steps does each need to come within a millionth of the minimum? Read it off
# the figure, then let the machine count.

# %%
my_descent, my_newton = 0, 0  # change these

# %%
path = descend(explog.grad, 1.6, rate=0.1, steps=100)
guess("gradient descent", my_descent, first_within(path, best, 1e-6))
path = newton(explog.grad, explog.hess, 1.6, steps=10)
guess("Newton's method", my_newton, first_within(path, best, 1e-6))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# path = descend(explog.grad, 1.6, rate=0.1, steps=100)
# my_descent = first_within(path, best, 1e-6)
# path = newton(explog.grad, explog.hess, 1.6, steps=10)
# my_newton = first_within(path, best, 1e-6)
# ```
#
# </details>
#
# ## Task 3: two dimensions
#
# With many parameters the slope is a vector g and the curvature a matrix H. The step p
# solves Hp = −g. On a quadratic ravine one step is enough.


# %%
def my_step(grad, hess, theta):
    return theta  # change this: np.linalg.solve does the work


# %%
theta = np.array([5.0, 1.0])
expected = directions.newton_step(ravine.grad, ravine.hess, theta)
compare("one step", my_step(ravine.grad, ravine.hess, theta), expected)
path = descend(ravine.grad, theta, rate=0.09, steps=50)
print("gradient descent after 50 steps:", path[-1].round(4))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_step(grad, hess, theta):
#     return theta + np.linalg.solve(hess(theta), -grad(theta))
# ```
#
# </details>
#
# ## Task 4: a step uphill
#
# Newton’s method looks for a slope of zero, and that may be a hilltop. On the double
# well x⁴/4 − x²/2 start at 0.4. Where does it lead? The curvature there is negative.

# %%
my_end = 1.0  # change this: -1, 0 or 1?

# %%
path = newton(well.grad, well.hess, 0.4, steps=8)
first, second, *_, last = well.f(path)
heights = f"heights: {first:.4f}, {second:.4f}, …, {last:.4f}"
print(f"curvature at the start: {well.hess(0.4):.2f}")
guess("where it ends", my_end, round(path[-1], 9), heights)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_end = 0.0
# ```
#
# The model is a parabola that opens downwards, and its only flat point is its top. The
# step leads uphill.
#
# </details>
#
# ## Task 5: too long a step
#
# On √(1 + x²) Newton’s step leads from x to −x³. From 2 the run explodes. Write a step
# that is halved for as long as it leads higher.


# %%
def my_damped_step(x, f, grad, hess):
    step = -grad(x) / hess(x)
    return x + step  # change this: halve the step while f rises


# %%
path = newton(sqrt1p.grad, sqrt1p.hess, 2.0, steps=3)
print("plain: ", *[f"{x:.4g}" for x in path])
path = damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, 2.0, steps=5)
print("damped:", *[f"{x:.4g}" for x in path])
yours = my_damped_step(2.0, sqrt1p.f, sqrt1p.grad, sqrt1p.hess)
compare("one damped step from 2", yours, path[1])

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_damped_step(x, f, grad, hess):
#     step = -grad(x) / hess(x)
#     while f(x + step) > f(x):
#         step = step / 2
#     return x + step
# ```
#
# </details>
#
# The same holds in two dimensions. In Rosenbrock’s valley the plain method first climbs
# far, and then arrives. The damped one never climbs, and takes more steps.

# %%
f, grad, hess = rosenbrock.f, rosenbrock.grad, rosenbrock.hess
start = np.array([-1.2, 1.0])
plain = directions.newton(grad, hess, start, steps=6)
damped = damped_newton(f, grad, hess, start, steps=25)
print("plain, every step: ", *[f"{f(at):.1e}" for at in plain])
print("damped, every fifth:", *[f"{f(at):.1e}" for at in damped[::5]])
