import numpy as np
import matplotlib.pyplot as plt

# Loss function and derivative
f = lambda x: x**2
df = lambda x: 2*x

x_vals = [2.0]  # starting point
lr = 0.1

for _ in range(10):
    x_new = x_vals[-1] - lr * df(x_vals[-1])
    x_vals.append(x_new)

# Plot
x = np.linspace(-2, 2, 100)
y = f(x)
plt.plot(x, y)
plt.scatter(x_vals, [f(x) for x in x_vals], color='red')
plt.title("Gradient Descent on f(x) = x²")
plt.xlabel("x")
plt.ylabel("f(x)")
plt.show()
