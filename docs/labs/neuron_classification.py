# ---
# title: Classification with a perceptron
# description: >-
#   Turn a neuron into a classifier, train it on AND, run Rosenblatt’s rule on OR, and
#   see why this neuron cannot learn XOR.
# ---

# %% [markdown]
# # Classification with a perceptron
#
# The same neuron, but now it answers with a probability. You write the sigmoid and the
# gradient, train on a truth table, and meet the one that cannot be learnt.
#
# Each task has a cell to change and a cell that prints your result beside the expected
# one; of a prediction it only says whether it is right. The solution is folded away
# below. The lesson is [classification](../classification.md).

# %%
import numpy as np
from classification import boundary, gradient, loss, perceptron
from loss import sigmoid
from regression import linear, train
from shared import draw
from shared.data import gate_x, gate_y
from shared.tasks import compare, guess

print(gate_x)
for gate in "AND", "OR", "XOR":
    print(f"{gate:3}", gate_y[gate])

# %% [markdown]
# ## Task 1: from a sum to a probability
#
# The neuron’s sum z may be any number. σ(z) = 1 / (1 + e⁻ᶻ) makes a probability of it.


# %%
def my_sigmoid(z):
    return z  # change this: a probability lies between 0 and 1


# %%
for z in 0.0, 2.0, -2.0:
    compare(f"σ({z:g})", my_sigmoid(z), sigmoid(z))

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_sigmoid(z):
#     return 1 / (1 + np.exp(-z))
# ```
#
# For z = −1000 e⁻ᶻ overflows, and NumPy warns. The answer, 0, is right all the same.
#
# </details>
#
# ## Task 2: the gradient
#
# With the cross-entropy as loss the slopes are those of the regression, with p − y as
# the error: the mean of error × input, and the mean of the errors.


# %%
def my_gradient(theta, X, y):
    return np.zeros(3)  # change this: three slopes, w₁, w₂ and b


# %%
theta, y = np.array([1.0, -1.0, 0.5]), gate_y["AND"]
expected = gradient(theta, gate_x, y)
compare("three slopes", my_gradient(theta, gate_x, y), expected)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_gradient(theta, X, y):
#     error = sigmoid(linear(theta, X)) - y
#     return np.append(X.T @ error, error.sum()) / len(y)
# ```
#
# </details>
#
# Trained with it, the neuron draws a line between the one and the zeros of AND:


# %%
def show(theta, gate):
    y = gate_y[gate]
    figure, ax = draw.axes("x₁", "x₂", height=3.6)
    zeros, ones = gate_x[y == 0], gate_x[y == 1]
    ax.plot(*zeros.T, "o", color="ink", markerfacecolor="paper")
    ax.plot(*ones.T, "o", color="ink")
    x1 = np.array([-0.6, 1.6])
    ax.plot(x1, boundary(theta, x1), color="second")
    ax.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), aspect="equal")
    right = int(np.sum((linear(theta, gate_x) > 0) == (y == 1)))
    figure.set_label(
        f"The four corners of {gate} and the neuron's line, which has "
        f"{right} of the four on the right side."
    )
    print(f"{right} of 4 are right")


start, y = np.zeros(3), gate_y["AND"]
path, losses = train(loss, gradient, start, gate_x, y, 1.0, steps=500)
show(path[-1], "AND")

# %% [markdown]
# ## Task 3: Rosenblatt’s rule
#
# The first perceptron knew no loss and no rate. It goes through the examples, and where
# one lies on the wrong side, or on the line, it adds the example (with a 1 for the
# bias) if its label is 1, and subtracts it if its label is 0. Write one pass.


# %%
def my_pass(theta, X, y):
    for x, label in zip(X, y, strict=True):
        example = np.append(x, 1.0)
        side = 2 * label - 1  # 1 or -1
        if side * (theta @ example) <= 0:
            theta = theta + 0 * example  # change this: nothing is added
    return theta


# %%
y = gate_y["OR"]
path, mistakes = perceptron(gate_x, y)
after = path[mistakes[0]]
compare("θ after a pass", my_pass(np.zeros(3), gate_x, y), after)
print("mistakes in each pass:", mistakes)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# def my_pass(theta, X, y):
#     for x, label in zip(X, y, strict=True):
#         example = np.append(x, 1.0)
#         side = 2 * label - 1
#         if side * (theta @ example) <= 0:
#             theta = theta + side * example
#     return theta
# ```
#
# </details>
#
# ## Task 4: XOR
#
# The ones of XOR lie on one diagonal, the zeros on the other. How many of the four can
# a line have on its right side? Write down what you expect. The cell below it tries
# twenty thousand lines.

# %%
my_best = 4  # change this

# %%
rng = np.random.default_rng(0)
lines = rng.normal(size=(20_000, 3))
says = gate_x @ lines[:, :2].T + lines[:, 2] > 0
right = (says == (gate_y["XOR"] == 1)[:, None]).sum(axis=0)
guess("the best of all lines", my_best, right.max())

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_best = 3
# ```
#
# A line parts the plane into two halves. The middle of the square lies between the two
# ones and between the two zeros, so it would have to be on both sides.
#
# </details>
#
# ## Task 5: what the training does then
#
# Gradient descent on XOR ends at a loss. Which one? At the end the neuron cannot tell
# the four apart and says the same probability for all.

# %%
my_end = 0.0  # change this: the loss of a neuron that knows nothing

# %%
start, y = np.ones(3), gate_y["XOR"]
path, losses = train(loss, gradient, start, gate_x, y, 1.0, steps=500)
p = sigmoid(linear(path[-1], gate_x))
guess("the last loss", my_end, losses[-1], f"p = {p.round(3)}")

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# my_end = np.log(2)
# ```
#
# It says one half for every example, and −ln ½ = ln 2.
#
# </details>
#
# Two layers can do it: see [the lab on XOR](xor_network.py).
