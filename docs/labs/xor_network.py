# ---
# title: A two-layer network on XOR
# description: >-
#   Build XOR from three neurons by hand, write the forward pass and the last layer’s
#   gradient, train from many starts, and count how often it fails.
# ---

# %% [markdown]
# # A two-layer network on XOR
#
# One neuron draws one line, and no line parts XOR. Three neurons in two layers can
# learn it. You build the network by hand, write what it computes, check its slopes, and
# train it from many starts, some of which lead nowhere.
#
# Each task has a cell to change and a cell that prints your result beside the expected
# one; of a prediction it only says whether it is right. The solution is folded away
# below. The lesson is [two layers](../layers.md).

# %%
import numpy as np
from layers import (
    XOR,
    forward,
    gradient,
    loss,
    random_start,
    threshold,
    unpack,
)
from loss import sigmoid
from regression import train
from shared import draw
from shared.data import gate_x
from shared.tasks import compare, guess

# %% [markdown]
# ## Task 1: XOR by hand
#
# XOR is “either, but not both”. The first hidden neuron says 1 if at least one of the
# inputs is 1. Choose the bias of the second, so that it says 1 only if both are 1.

# %%
my_bias = 0.5  # change this

# %%
x1, x2 = gate_x.T
either = threshold(x1 + x2 - 0.5)
both = threshold(x1 + x2 + my_bias)
says = threshold(either - both - 0.5)
compare("what the network says", says, XOR)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_bias = -1.5
# ```
#
# Every bias above −2 and up to −1 will do.
#
# </details>
#
# ## Task 2: the forward pass
#
# For training, each threshold becomes a sigmoid. The hidden layer says
# a = σ(W¹x + b¹), and the last neuron’s sum is z = W²a + b². Here `X.T` has one example
# in each column.


# %%
def my_forward(theta, X):
    W1, b1, W2, b2 = unpack(theta)
    hidden = W1 @ X.T + b1  # change this: these are sums, not answers
    return W2 @ hidden + b2


# %%
theta = random_start(seed=1)
_, expected = forward(theta, gate_x)
compare("four sums", my_forward(theta, gate_x), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_forward(theta, X):
#     W1, b1, W2, b2 = unpack(theta)
#     hidden = sigmoid(W1 @ X.T + b1)
#     return W2 @ hidden + b2
# ```
#
# </details>
#
# ## Task 3: the last layer’s slopes
#
# The error of the last neuron is (p − y) / n for n examples. The slope in each weight
# of W² is the sum of error × what the hidden neuron said, and in b² the sum of the
# errors.


# %%
def my_last_slopes(theta, X, y):
    hidden, z = forward(theta, X)
    error = (sigmoid(z)[0] - y) / len(y)
    weights = hidden.sum(axis=1)  # change this: the error plays no part
    return np.append(weights, error.sum())


# %%
expected = gradient(theta, gate_x, XOR)[6:]
compare("three slopes", my_last_slopes(theta, gate_x, XOR), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_last_slopes(theta, X, y):
#     hidden, z = forward(theta, X)
#     error = (sigmoid(z)[0] - y) / len(y)
#     return np.append(hidden @ error, error.sum())
# ```
#
# </details>
#
# ## Task 4: the worst start
#
# Start with all parameters at zero. The two hidden neurons are then twins: they get the
# same slopes, and stay equal for ever. How many of the nine slopes differ from zero at
# that start? Note that XOR has as many ones as zeros.

# %%
my_count = 9  # change this

# %%
slopes = gradient(np.zeros(9), gate_x, XOR)
guess("slopes that are not zero", my_count, np.count_nonzero(slopes))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_count = 0
# ```
#
# Every hidden neuron says one half and so does the last one, so the errors of the ones
# and of the zeros cancel. With the labels of AND they would not, and three slopes would
# differ from zero. The start is a flat saddle: its second derivatives are zero too, all
# but that in the last bias, and still there are lower points nearby. Gradient descent
# stays on it.
#
# </details>
#
# ## Training from twenty starts
#
# Each line is one run from random weights. Some fall towards zero, some get stuck.

# %%
starts = np.array([random_start(seed) for seed in range(20)])
path, losses = train(loss, gradient, starts, gate_x, XOR, 1.0, 4000)
learnt = losses[-1] < 0.1
stuck_at = losses[-1][~learnt].min()
figure, ax = draw.axes("step", "loss")
ax.plot(losses[::40, learnt], color="second", linewidth=1)
ax.plot(losses[::40, ~learnt], "--", color="alarm", linewidth=1)
ticks = [0, 50, 100]
ax.set(xticks=ticks, xticklabels=[40 * tick for tick in ticks])
figure.set_label(
    f"The loss of twenty runs over 4000 steps: {learnt.sum()} fall "
    f"close to zero, {(~learnt).sum()} stop at {stuck_at:.2f} or above."
)

# %% [markdown]
# ## Task 5: count them
#
# The network says 1 where z is positive. A run has learnt XOR if it says the right
# thing for all four examples. This counts a run as soon as one of the four is right.


# %%
def my_successes(thetas):
    count = 0
    for theta in thetas:
        _, z = forward(theta, gate_x)
        count += np.any((z[0] > 0) == (XOR == 1))  # change this
    return count


# %%
_, z = forward(path[-1], gate_x)
expected = np.all((z[:, 0] > 0) == (XOR == 1), axis=1).sum()
compare("runs that learnt it", my_successes(path[-1]), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_successes(thetas):
#     count = 0
#     for theta in thetas:
#         _, z = forward(theta, gate_x)
#         count += np.all((z[0] > 0) == (XOR == 1))
#     return count
# ```
#
# </details>
