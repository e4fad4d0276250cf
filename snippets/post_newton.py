import sympy as sp

x, y = sp.symbols('x y')
f = x**2 + y**2

# Gradient
grad = sp.Matrix([sp.diff(f, var) for var in (x, y)])
# Hessian
H = sp.hessian(f, (x, y))

# Newton step
theta = sp.Matrix([x, y])
theta_next = theta - H.inv() * grad
sp.simplify(theta_next)
