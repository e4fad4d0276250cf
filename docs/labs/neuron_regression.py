# ---
# title: Regression with a perceptron
# description: >-
#   Train one neuron on five points by hand, find the bug in a program that does not
#   learn, and choose a rate that cannot fail.
# ---

# %% [markdown]
# # Regression with a perceptron
#
# One neuron takes two inputs, weighs them, adds a bias, and should say what a plane
# says. You write its prediction and its gradient, find a bug, and choose the rate.
#
# Each task has a cell to change and a cell that prints your result beside the expected
# one; of a prediction it only says whether it is right. The solution is folded away
# below. The lesson is [regression](../regression.md).

# %%
import numpy as np
from regression import (
    gradient,
    hessian,
    linear,
    loss,
    measured_gradient,
    newton_step,
    train,
)
from shared import draw
from shared.data import plane_x, plane_y
from shared.inputs import design
from shared.tasks import compare, guess

X, y = plane_x, plane_y
print(X)
print(y)

# %% [markdown]
# ## Task 1: what the neuron says
#
# The parameters are θ = (w₁, w₂, b). For each row (x₁, x₂) of `X` the neuron says
# w₁x₁ + w₂x₂ + b. Write it for all rows at once.


# %%
def my_prediction(theta, X):
    return np.zeros(len(X))  # change this: it says 0 for every row


# %%
theta = np.array([1.0, -1.0, 0.5])
compare("five predictions", my_prediction(theta, X), linear(theta, X))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_prediction(theta, X):
#     return X @ theta[:-1] + theta[-1]
# ```
#
# </details>
#
# ## Task 2: the gradient
#
# The loss is half the mean of the squared errors. Its slope in a weight is the mean of
# error × input, and in the bias the mean of the errors. The error is prediction −
# label.


# %%
def my_gradient(theta, X, y):
    return np.zeros(3)  # change this: three slopes, w₁, w₂ and b


# %%
theta = np.zeros(3)
expected = gradient(theta, X, y)
compare("three slopes", my_gradient(theta, X, y), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_gradient(theta, X, y):
#     error = linear(theta, X) - y
#     return np.append(X.T @ error, error.sum()) / len(y)
# ```
#
# </details>
#
# Trained with the right gradient, the neuron finds the plane y = 3x₁ − 2x₂ + 1:

# %%
start = np.zeros(3)
path, losses = train(loss, gradient, start, X, y, rate=0.5, steps=200)
print("θ =", path[-1].round(4))

# %%
figure, ax = draw.axes("step", "loss")
ax.semilogy(losses, color="path")
figure.set_label(
    "The loss of the neuron on a logarithmic axis: close to a straight "
    f"line, from {losses[0]:.2g} down to {losses[-1]:.0e} after "
    f"{len(losses) - 1} steps."
)

# %% [markdown]
# ## Task 3: a program that does not learn
#
# This gradient has a bug. Its run explodes at every rate, however small. Measure the
# slopes with `measured_gradient`, compare, and write down the factor by which each of
# its slopes is wrong.


# %%
def their_gradient(theta, X, y):
    error = y - linear(theta, X)
    return design(X).T @ error / len(y)


for rate in 0.5, 0.1, 0.01:
    _, losses = train(loss, their_gradient, start, X, y, rate, steps=50)
    print(f"rate {rate:g}: loss {losses[0]:.1f}, then {losses[-1]:.3g}")

# %%
my_factor = 1.0  # change this: theirs = my_factor × the measured slopes

# %%
theta = np.array([1.0, -1.0, 0.5])
theirs = their_gradient(theta, X, y)
measured = measured_gradient(loss, theta, X, y)
guess("the factor", my_factor, round(np.mean(theirs / measured), 6))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_factor = -1.0
# ```
#
# The error is taken the other way round. The run climbs the loss: a smaller rate makes
# it climb more slowly, and no rate makes it descend.
#
# </details>
#
# ## Task 4: the largest rate that works
#
# Near a minimum the rate must stay below 2 divided by the largest curvature. The
# curvatures are the eigenvalues of the Hessian, `hessian(X)`.


# %%
def my_limit(H):
    return 0.1  # change this: 2 / the largest eigenvalue of H


# %%
H = hessian(X)
limit = 2 / np.linalg.eigvalsh(H).max()
compare("the limit", my_limit(H), limit)
for rate in 0.99 * limit, 1.01 * limit:
    _, losses = train(loss, gradient, start, X, y, rate, steps=500)
    first, last = losses[0], losses[-1]
    print(f"rate {rate:.3f}: loss {first:.1f}, then {last:.1g}")

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_limit(H):
#     return 2 / np.linalg.eigvalsh(H).max()
# ```
#
# </details>
#
# ## Task 5: without a rate
#
# The loss is quadratic, so one Newton step, θ − H⁻¹∇L, leads to the minimum from
# anywhere. Solve the linear system; do not invert the matrix.


# %%
def my_newton_step(theta, X, y):
    return theta  # change this: np.linalg.solve does the work


# %%
theta = np.array([100.0, -50.0, 7.0])
expected = newton_step(theta, X, y).round(6)
compare("one step from far", my_newton_step(theta, X, y), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_newton_step(theta, X, y):
#     slopes = gradient(theta, X, y)
#     return theta - np.linalg.solve(hessian(X), slopes)
# ```
#
# </details>
