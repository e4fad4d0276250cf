r"""The formula sheet: every formula of the reference, each above its proof.

A docstring here holds the lesson, what the formula is, and the formula. The page
of formulas is made of these docstrings, so that none can stand on it unproved.
Most proofs are SymPy's; the others count, or measure with a second method.
"""

from fractions import Fraction
from itertools import combinations, pairwise, product

import classification
import layers
import numpy as np
import regression
import sympy as sp
from shared.data import gate_x, gate_y, plane_x, plane_y
from sympy import Eq, Function, Matrix, exp, log, oo, simplify, solve, symbols

x, y, z, w, b, g = symbols("x y z w b g", real=True)
eta, lam, t, n, k, h = symbols("eta lambda t n k h", positive=True)
beta = sp.Symbol("beta", positive=True)
f = Function("f")
sigma = 1 / (1 + exp(-z))


def equal(one, other):
    return simplify(one - other) == 0


def curved(rng, d):
    """A symmetric matrix with positive eigenvalues, from small numbers."""
    root = rng.normal(size=(d, d))
    return root @ root.T


# Loss


def test_the_mean_is_the_best_constant_under_squared_error():
    r"""loss: the constant with the least squared error is the mean

    \arg\min_c \frac1n \sum_{i=1}^n (y_i - c)^2 = \frac1n \sum_{i=1}^n y_i
    """
    ys = symbols("y1:5")
    c = sp.Symbol("c")
    loss = sum((yi - c) ** 2 for yi in ys) / 4
    assert solve(loss.diff(c), c) == [sp.expand(sum(ys) / 4)]
    assert loss.diff(c, 2) > 0


def test_the_slope_of_the_sigmoid_is_p_times_1_minus_p():
    r"""loss: the sigmoid and its slope

    \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z))
    """
    assert equal(sigma.diff(z), sigma * (1 - sigma))


def test_cross_entropy_from_the_score():
    r"""loss: cross-entropy, from the probability and from the score

    -y \ln p - (1 - y) \ln(1 - p) = \ln(1 + e^z) - y z, \qquad p = \sigma(z)
    """
    plain = -y * log(sigma) - (1 - y) * log(1 - sigma)
    assert equal(plain.diff(z), (log(1 + exp(z)) - y * z).diff(z))
    assert equal(plain.subs(z, 0), log(2))


def test_the_slope_of_cross_entropy_along_the_score():
    r"""loss: the slope of cross-entropy along the score

    \frac{\partial}{\partial z} \bigl( \ln(1 + e^z) - y z \bigr) = p - y
    """
    assert equal((log(1 + exp(z)) - y * z).diff(z), sigma - y)


def test_the_slope_of_squared_error_after_a_sigmoid():
    r"""loss: squared error after a sigmoid stalls where p is near 0 or 1

    \frac{\partial}{\partial z} (y - p)^2 = 2\,(p - y)\,p\,(1 - p)
    """
    slope = ((y - sigma) ** 2).diff(z)
    assert equal(slope, 2 * (sigma - y) * sigma * (1 - sigma))


# Gradient descent in one dimension


def test_a_small_step_lowers_the_loss():
    r"""descent: the loss after a small step against the slope

    f(x - \eta f'(x)) = f(x) - \eta\, f'(x)^2 + O(\eta^2)
    """
    slope = sp.Symbol("s")  # f'(x), which does not change with the rate
    after = f(x - eta * slope).diff(eta).subs(eta, 0).doit()
    assert equal(after, -slope * f(x).diff(x))


def test_the_path_on_the_parabola():
    r"""descent: the path on x²

    x_k = (1 - 2\eta)^k\, x_0
    """
    position = sp.Symbol("a")
    path = sp.rsolve(
        Function("p")(k + 1) - (1 - 2 * eta) * Function("p")(k),
        Function("p")(k),
        {Function("p")(0): position},
    )
    assert equal(path, (1 - 2 * eta) ** k * position)
    assert equal(position - eta * (x**2).diff(x).subs(x, position), path.subs(k, 1))


def test_the_error_of_a_central_difference():
    r"""descent: a central difference and its error

    \frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + O(h^4)
    """
    for term in (x**p for p in range(4)):  # exact up to the third power
        shifted = (term.subs(x, x + h) - term.subs(x, x - h)) / (2 * h)
        assert equal(shifted, term.diff(x) + h**2 / 6 * term.diff(x, 3))
    fourth = ((x + h) ** 5 - (x - h) ** 5) / (2 * h) - 5 * x**4 - h**2 / 6 * 60 * x**2
    assert equal(fourth, h**4)


# The learning rate


def test_the_factor_of_one_step():
    r"""rate: what one step does to the distance, where the curvature is λ

    x_{k+1} - x^\star = (1 - \eta\lambda)\,(x_k - x^\star)
    """
    best = sp.Symbol("best")
    slope = (lam / 2 * (x - best) ** 2).diff(x)
    assert equal(x - eta * slope - best, (1 - eta * lam) * (x - best))


def test_the_limit_of_the_rate():
    r"""rate: which rates converge

    |1 - \eta\lambda| < 1 \iff 0 < \eta < \frac{2}{\lambda}
    """
    rate = sp.Symbol("h", real=True)  # h = ηλ
    found = sp.solve_univariate_inequality(sp.Abs(1 - rate) < 1, rate, False)
    assert found == sp.Interval.open(0, 2)


def test_the_longest_step_that_armijo_accepts():
    r"""rate: Armijo's rule on a parabola of curvature λ, along p = −g

    f(x + t p) \le f(x) + c\, t\, g p \iff t \le \frac{2\,(1 - c)}{\lambda}
    """
    c = sp.Symbol("c", positive=True)
    loss = lambda x: lam / 2 * x**2
    g = lam * x
    gap = loss(x - t * g) - loss(x) + c * t * g**2
    assert equal(gap, t * g**2 * (lam * t / 2 - (1 - c)))
    [longest] = solve(gap / (t * g**2), t)
    assert equal(longest, 2 * (1 - c) / lam)


def test_polyaks_rate_halves_the_distance_on_a_parabola():
    r"""rate: Polyak's rate, and its value on a parabola of curvature λ

    \eta = \frac{f(x) - f^\star}{\|g\|^2} = \frac{1}{2\lambda}
    """
    assert equal((lam / 2 * x**2) / (lam * x) ** 2, 1 / (2 * lam))


# Many dimensions


def test_no_direction_falls_faster_than_minus_the_gradient():
    r"""dimensions: the steepest way down

    g^\top p \ge -\|g\|\,\|p\|, \qquad \text{equal only for } p = -t\,g,\ t > 0
    """
    c, s = symbols("c s", real=True)
    p = Matrix([c, s])
    g = Matrix(symbols("g1 g2", real=True))
    square = g.dot(g) * p.dot(p) - g.dot(p) ** 2
    across = (g[0] * p[1] - g[1] * p[0]) ** 2  # zero only along the gradient
    assert sp.expand(square - across) == 0


def test_every_eigenvector_has_its_own_factor():
    r"""dimensions: the path on a quadratic bowl, along its eigenvectors

    \theta_k = \sum_{i=1}^d (1 - \eta\lambda_i)^k\, c_i\, q_i
    """
    H, start, rate = Matrix([[3, 1], [1, 2]]), Matrix([2, -1]), sp.Rational(1, 4)
    path = start
    for _ in range(5):
        path = path - rate * H * path
    total = sp.zeros(2, 1)
    for value, _, [q] in H.eigenvects():
        total += (1 - rate * value) ** 5 * q.dot(start) / q.dot(q) * q
    assert simplify(total - path) == sp.zeros(2, 1)


def test_the_best_fixed_rate():
    r"""dimensions: the best fixed rate, and its factor

    \eta^\star = \frac{2}{\lambda_1 + \lambda_d}, \qquad
    |1 - \eta^\star\lambda_i| \le \frac{\kappa - 1}{\kappa + 1}, \qquad
    \kappa = \frac{\lambda_d}{\lambda_1}
    """
    low, high = symbols("low high", positive=True)
    best, kappa = 2 / (low + high), high / low
    factor = (kappa - 1) / (kappa + 1)
    assert equal(1 - best * low, factor)
    assert equal(1 - best * high, -factor)
    # One factor falls with the rate and the other rises: none is better than equal.
    assert (1 - eta * low).diff(eta).is_negative
    assert (eta * high - 1).diff(eta).is_positive


def test_when_the_path_zigzags():
    r"""dimensions: when the path zig-zags and converges

    -1 < 1 - \eta\lambda_d < 0 \iff \frac{1}{\lambda_d} < \eta < \frac{2}{\lambda_d}
    """
    rate = sp.Symbol("h", real=True)  # h = ηλ
    crossing = sp.And(1 - rate > -1, 1 - rate < 0)
    assert crossing.as_set() == sp.Interval.open(1, 2)


def test_the_descent_lemma():
    r"""dimensions: how far the loss must fall, if no curvature exceeds Λ

    L(\theta - \eta g)
    \le L(\theta) - \eta \Bigl(1 - \frac{\eta\Lambda}{2}\Bigr) \|g\|^2
    """
    rng = np.random.default_rng(0)
    for d in 2, 3, 5:
        H = curved(rng, d)
        values, axes = np.linalg.eigh(H)
        loss = lambda theta, H=H: theta @ H @ theta / 2
        for theta in [*rng.normal(size=(50, d)), axes[:, -1]]:
            for rate in np.linspace(0, 3 / values[-1], 7):
                slope = H @ theta
                fall = rate * (1 - rate * values[-1] / 2) * slope @ slope
                gap = loss(theta) - fall - loss(theta - rate * slope)
                assert gap >= -1e-12 * values[-1] * theta @ theta
        assert abs(gap) < 1e-9  # the last start is steepest: there it is equal


# Batches


def test_the_variance_of_a_batch_with_replacement():
    r"""batches: the variance of a batch's gradient, drawn with replacement

    \operatorname{Var}(g_B) = \frac{\sigma^2}{B}
    """
    gradients = [Fraction(v) for v in (1, 4, -2, 7)]
    for size in 1, 2, 3, 4:
        batches = list(product(gradients, repeat=size))
        assert spread(map(mean, batches)) == spread(gradients) / size


def test_the_variance_of_a_batch_without_replacement():
    r"""batches: the same, drawn without replacement

    \operatorname{Var}(g_B) = \frac{\sigma^2}{B} \cdot \frac{n - B}{n - 1}
    """
    gradients = [Fraction(v) for v in (1, 4, -2, 7, 3)]
    for size in 1, 2, 3, 4, 5:
        batches = combinations(gradients, size)
        share = Fraction(5 - size, 5 - 1)
        assert spread(map(mean, batches)) == spread(gradients) / size * share


def mean(values):
    return sum(values) / Fraction(len(values))


def spread(values):
    """The variance of equally likely values."""
    values = list(values)
    return mean([(v - mean(values)) ** 2 for v in values])


def test_the_floor_under_a_constant_rate():
    r"""batches: the variance that a constant rate keeps at the minimum

    v^\star = (1 - \eta\lambda)^2 v^\star + \eta^2\sigma^2
    \quad\text{gives}\quad v^\star = \frac{\eta\,\sigma^2}{\lambda\,(2 - \eta\lambda)}
    """
    v, noise = symbols("v sigma", positive=True)
    [floor] = solve(Eq(v, (1 - eta * lam) ** 2 * v + eta**2 * noise**2), v)
    assert equal(floor, eta * noise**2 / (lam * (2 - eta * lam)))


def test_what_a_schedule_must_satisfy():
    r"""batches: a schedule that can go any distance and forgets the noise

    \sum_{t=1}^\infty \frac1t = \infty, \qquad
    \sum_{t=1}^\infty \frac1{t^2} = \frac{\pi^2}{6} < \infty
    """
    assert sp.summation(1 / n, (n, 1, oo)) == oo
    assert sp.summation(1 / n**2, (n, 1, oo)) == sp.pi**2 / 6


# Convergence


def test_the_way_that_a_small_step_hides():
    r"""convergence: how far it still is after a step s, if each step leaves q

    s q + s q^2 + s q^3 + \dots = \frac{s\,q}{1 - q}, \qquad 0 \le q < 1
    """
    s = sp.Symbol("s")
    for q in sp.Rational(1, 3), sp.Rational(9, 10), sp.Rational(99, 100):
        assert equal(sp.summation(s * q**n, (n, 1, oo)), s * q / (1 - q))


def test_the_time_at_a_saddle():
    r"""convergence: the steps from height y₀ beside the saddle x² − y² until |y| > 1

    (1 + 2\eta)^k\, y_0 > 1 \iff k > \frac{\ln (1 / y_0)}{\ln (1 + 2\eta)}
    """
    height = sp.Symbol("y0", positive=True)
    step = y - eta * (x**2 - y**2).diff(y)
    assert equal(step, (1 + 2 * eta) * y)
    [when] = solve(Eq((1 + 2 * eta) ** k * height, 1), k)
    assert equal(when, log(1 / height) / log(1 + 2 * eta))


def test_the_time_on_a_plateau():
    r"""convergence: about how many steps cross the plain of tanh² x from x₀

    f'(x) \approx 8\,e^{-2x}, \qquad k \approx \frac{e^{2 x_0}}{16\,\eta}
    """
    slope = (sp.tanh(x) ** 2).diff(x)
    assert sp.limit((slope * exp(2 * x)).rewrite(exp), x, oo) == 8
    start = sp.Symbol("x0", positive=True)
    steps = sp.integrate(1 / (eta * 8 * exp(-2 * x)), (x, 0, start))
    assert sp.limit(steps / (exp(2 * start) / (16 * eta)), start, oo) == 1


def test_the_chord_of_a_convex_function_lies_above():
    r"""convergence: convex, for x² with the size of the gap

    t\,a^2 + (1 - t)\,b^2 - \bigl(t\,a + (1 - t)\,b\bigr)^2
    = t\,(1 - t)\,(a - b)^2 \ge 0
    """
    a = sp.Symbol("a")
    gap = t * a**2 + (1 - t) * b**2 - (t * a + (1 - t) * b) ** 2
    assert equal(gap, t * (1 - t) * (a - b) ** 2)


# Momentum and adaptive methods


def momentum_matrix():
    """One step of momentum on λx²/2, for (x, ηv) and h = ηλ."""
    return Matrix([[1 - h, -beta], [h, beta]])


def test_momentum_lengthens_what_agrees():
    r"""momentum: what equal gradients add up to

    g + \beta g + \beta^2 g + \dots = \frac{g}{1 - \beta}
    """
    for kept in sp.Rational(1, 2), sp.Rational(9, 10):
        assert equal(sp.summation(g * kept**n, (n, 0, oo)), g / (1 - kept))


def test_three_notations_of_momentum_take_the_same_path():
    r"""momentum: three notations of one path

    \begin{aligned}
    v &\leftarrow \beta v + g, & \theta &\leftarrow \theta - \eta v \\
    v &\leftarrow \beta v - \eta g, & \theta &\leftarrow \theta + v \\
    v &\leftarrow \beta v + (1 - \beta) g, &
    \theta &\leftarrow \theta - \tfrac{\eta}{1 - \beta} v
    \end{aligned}
    """
    one = two = three = x
    u = v = a = sp.Integer(0)
    for slope in symbols("g1:6"):  # whatever the gradients are
        u = beta * u + slope
        one = one - eta * u
        v = beta * v - eta * slope
        two = two + v
        a = beta * a + (1 - beta) * slope
        three = three - eta / (1 - beta) * a
        assert equal(one, two)
        assert equal(one, three)


def test_the_factor_of_momentum_where_it_swings():
    r"""momentum: the factor of a swinging direction

    \rho = \sqrt\beta \qquad\text{where}\qquad (1 + \beta - \eta\lambda)^2 < 4\beta
    """
    matrix = momentum_matrix()
    r = sp.Symbol("r")
    assert equal(matrix.det(), beta)  # of a complex pair it is the squared radius
    discriminant = sp.discriminant(matrix.charpoly(r).as_expr(), r)
    assert equal(discriminant, (1 + beta - h) ** 2 - 4 * beta)


def test_the_momentum_that_settles_fastest():
    r"""momentum: the momentum at which a direction begins to swing

    \beta^\star = \bigl(1 - \sqrt{\eta\lambda}\bigr)^2
    """
    best = (1 - sp.sqrt(h)) ** 2
    assert equal((1 + best - h) ** 2, 4 * best)


def test_the_best_pair_of_rate_and_momentum():
    r"""momentum: the best rate and momentum on a quadratic

    \eta^\star = \biggl( \frac{2}{\sqrt{\lambda_1} + \sqrt{\lambda_d}} \biggr)^2, \qquad
    \sqrt{\beta^\star} = \rho = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}
    """
    low, more = symbols("low more", positive=True)
    high = low + more  # roots of the least and of the largest curvature
    rate = (2 / (low + high)) ** 2
    rho = (high / low - 1) / (high / low + 1)
    for root in low, high:
        assert equal((1 + rho**2 - rate * root**2) ** 2, 4 * rho**2)


def test_where_momentum_is_stable():
    r"""momentum: which rates converge with momentum

    0 < \eta\lambda < 2 + 2\beta, \qquad 0 \le \beta < 1
    """
    matrix = sp.lambdify((h, beta), momentum_matrix())
    for kept in 0.0, 0.3, 0.9, 0.99:
        limit = 2 + 2 * kept
        for rate in 1e-3, 0.5 * limit, 0.999 * limit:
            assert max(abs(np.linalg.eigvals(matrix(rate, kept)))) < 1
        for rate in -1e-3, 1.001 * limit:
            assert max(abs(np.linalg.eigvals(matrix(rate, kept)))) > 1


def test_the_half_life_of_a_gradient():
    r"""momentum: after how many steps a gradient has half its weight

    \beta^k = \tfrac12 \iff k = \frac{\ln \frac12}{\ln \beta}
    """
    [when] = solve(Eq(beta**k, sp.Rational(1, 2)), k)
    assert equal(when, log(sp.Rational(1, 2)) / log(beta))


def test_the_correction_for_a_mean_that_starts_at_zero():
    r"""momentum: the weights of a running mean add up to less than 1

    (1 - \beta) \sum_{i=1}^{k} \beta^{k - i} = 1 - \beta^k
    """
    for steps in 1, 2, 7:
        weights = sum(beta ** (steps - i) for i in range(1, steps + 1))
        assert equal((1 - beta) * weights, 1 - beta**steps)


def test_the_first_step_of_adam_has_the_length_of_the_rate():
    r"""momentum: Adam's first step, for ε = 0

    \theta_1 - \theta_0
    = -\eta\, \frac{(1 - \beta_1)\, g / (1 - \beta_1)}
    {\sqrt{(1 - \beta_2)\, g^2 / (1 - \beta_2)}}
    = -\eta \operatorname{sign} g
    """
    other = sp.Symbol("beta2", positive=True)
    m, s = (1 - beta) * g, (1 - other) * g**2
    step = -eta * (m / (1 - beta)) / sp.sqrt(s / (1 - other))
    for slope in sp.Rational(-7, 3), 5, 1000:
        assert equal(step.subs(g, slope), -eta * sp.sign(slope))


# Newton's method in one dimension


def test_newtons_step_goes_to_the_lowest_point_of_the_model():
    r"""newton: the lowest point of the parabola that fits at x_k

    m(x) = f_k + f'_k\,(x - x_k) + \tfrac12 f''_k\,(x - x_k)^2, \qquad
    x_{k+1} = x_k - \frac{f'_k}{f''_k}
    """
    height, slope, at = symbols("f0 f1 xk")
    bend = sp.Symbol("f2", positive=True)
    model = height + slope * (x - at) + bend / 2 * (x - at) ** 2
    [lowest] = solve(model.diff(x), x)
    assert equal(lowest, at - slope / bend)
    assert model.diff(x, 2).is_positive


def test_newtons_error_is_squared():
    r"""newton: the error after a step

    e_{k+1} = \frac{f'''(x^\star)}{2 f''(x^\star)}\, e_k^2 + O(e_k^3)
    """
    second, third, fourth, e = symbols("f2 f3 f4 e", positive=True)
    slope = second * e + third * e**2 / 2 + fourth * e**3 / 6
    error = e - slope / slope.diff(e)
    leading = sp.limit(error / e**2, e, 0)
    assert equal(leading, third / (2 * second))


def test_the_order_of_convergence_from_three_errors():
    r"""newton: the order, measured from three errors in a row

    e_{k+1} = C e_k^p \quad\text{gives}\quad
    p = \frac{\ln (e_{k+2} / e_{k+1})}{\ln (e_{k+1} / e_k)}
    """
    c, e, p = symbols("c e p", positive=True)
    second = c * e**p
    third = c * second**p
    estimate = log(third / second) / log(second / e)
    assert equal(sp.expand_log(estimate), p)


def test_newtons_square_root():
    r"""newton: the square root of a, as a zero of x² − a

    x_{k+1} = \frac12 \Bigl( x_k + \frac{a}{x_k} \Bigr)
    """
    a = sp.Symbol("a", positive=True)
    zero_of = x**2 - a
    assert equal(x - zero_of / zero_of.diff(x), (x + a / x) / 2)


# Curvature


def test_the_curvature_along_a_direction():
    r"""curvature: the second derivative along u

    \frac{\mathrm d^2}{\mathrm d t^2}\, f(\theta + t\,u) = u^\top H u
    """
    u, v = symbols("u v")
    loss = x**4 + 3 * x**2 * y - 2 * x * y + y**3
    along = loss.subs({x: x + t * u, y: y + t * v}, simultaneous=True).diff(t, 2)
    direction = Matrix([u, v])
    bend = (direction.T * sp.hessian(loss, (x, y)) * direction)[0]
    assert sp.expand(along.subs(t, 0) - bend) == 0


def test_determinant_and_trace_tell_the_eigenvalues():
    r"""curvature: the eigenvalues of a 2 × 2 Hessian

    \lambda_1 \lambda_2 = \det H, \qquad \lambda_1 + \lambda_2 = \operatorname{tr} H
    """
    a, c = symbols("a c", real=True)
    matrix = Matrix([[a, b], [b, c]])
    one, other = [value for value, count in matrix.eigenvals().items()]
    assert equal(one * other, matrix.det())
    assert equal(one + other, matrix.trace())


def two_examples():
    """The inputs of two examples, two labels, and two parameters."""
    X = Matrix(2, 2, symbols("x11 x12 x21 x22", real=True))
    return X, Matrix(symbols("y1 y2", real=True)), Matrix([w, b])


def test_the_hessian_of_the_mean_squared_error():
    r"""curvature: the Hessian of the mean squared error

    L = \frac1n \|X\theta - y\|^2, \qquad H = \frac2n\, X^\top X
    """
    X, labels, theta = two_examples()
    loss = (X * theta - labels).dot(X * theta - labels) / 2
    assert simplify(sp.hessian(loss, theta) - 2 * X.T * X / 2) == sp.zeros(2)


def test_the_hessian_of_cross_entropy():
    r"""curvature: the Hessian of the mean cross-entropy

    H = \frac1n\, X^\top S X, \qquad S = \operatorname{diag}\bigl(p_i\,(1 - p_i)\bigr)
    """
    X, labels, theta = two_examples()
    scores = X * theta
    terms = [log(1 + exp(s)) - yi * s for s, yi in zip(scores, labels, strict=True)]
    p = scores.applyfunc(lambda score: sigma.subs(z, score))
    S = sp.diag(*[pi * (1 - pi) for pi in p])
    gap = sp.hessian(sum(terms) / 2, theta) - X.T * S * X / 2
    assert simplify(gap) == sp.zeros(2)


# Newton's method in many dimensions


def test_the_model_is_level_where_hp_is_minus_g():
    r"""directions: the step to the level point of the model

    m(p) = L + g^\top p + \tfrac12\, p^\top H p, \qquad
    \nabla m(p) = 0 \iff H p = -g
    """
    H = Matrix(2, 2, symbols("a b b c"))
    g, p = Matrix(symbols("g1 g2")), Matrix(symbols("p1 p2"))
    model = g.dot(p) + (p.T * H * p)[0] / 2
    slopes = Matrix([model.diff(entry) for entry in p])
    assert sp.expand(slopes - (H * p + g)) == sp.zeros(2, 1)


def test_stretched_coordinates_leave_newtons_step_as_it_is():
    r"""directions: derivatives in the coordinates z, where θ = Az

    \nabla_z = A^\top g, \qquad H_z = A^\top H A, \qquad A\,p_z = p
    """
    u, v = symbols("u v")
    A = Matrix([[2, 1], [-1, 3]])
    loss = x**4 + 3 * x**2 * y + 2 * x * y + y**4
    there = dict(zip((x, y), A * Matrix([u, v]), strict=True))
    restated = loss.subs(there, simultaneous=True)
    g = Matrix([loss.diff(x), loss.diff(y)]).subs(there, simultaneous=True)
    H = sp.hessian(loss, (x, y)).subs(there, simultaneous=True)
    g_z = Matrix([restated.diff(u), restated.diff(v)])
    H_z = sp.hessian(restated, (u, v))
    assert sp.expand(g_z - A.T * g) == sp.zeros(2, 1)
    assert sp.expand(H_z - A.T * H * A) == sp.zeros(2)
    at = {u: sp.Rational(1, 2), v: 1}
    step, step_z = (-H.subs(at)).solve(g.subs(at)), (-H_z.subs(at)).solve(g_z.subs(at))
    assert simplify(A * step_z - step) == sp.zeros(2, 1)


def test_least_squares_is_one_newton_step():
    r"""directions: one Newton step solves a regression, from any θ

    \theta - H^{-1}\,\nabla L(\theta) = (A^\top A)^{-1} A^\top y
    """
    A = Matrix([[1, 2], [3, 1], [0, 1]])
    labels, theta = Matrix(symbols("y1:4")), Matrix(symbols("t1 t2"))
    loss = (A * theta - labels).dot(A * theta - labels) / 3
    slopes = Matrix([loss.diff(entry) for entry in theta])
    step = theta - sp.hessian(loss, theta).solve(slopes)
    assert simplify(step - (A.T * A).solve(A.T * labels)) == sp.zeros(2, 1)


# Failures and repairs


def test_newton_on_the_root_of_1_plus_x_squared():
    r"""failures: a strictly convex loss on which Newton's method explodes

    f(x) = \sqrt{1 + x^2}: \qquad x_{k+1} = -x_k^3
    """
    loss = sp.sqrt(1 + x**2)
    assert equal(x - loss.diff(x) / loss.diff(x, 2), -(x**3))
    assert simplify(loss.diff(x, 2)).is_positive


def test_newton_on_the_four_thirds_power():
    r"""failures: a convex loss on which every step doubles the distance

    f(x) = |x|^{4/3}: \qquad x_{k+1} = -2\,x_k
    """
    right = sp.Symbol("x", positive=True)
    loss = right ** sp.Rational(4, 3)
    step = right - loss.diff(right) / loss.diff(right, 2)
    assert equal(step, -2 * right)


def test_newton_at_a_multiple_zero():
    r"""failures: where the slope vanishes like the power m

    f'(x) = x^m: \qquad x_{k+1} = \Bigl(1 - \frac1m\Bigr)\, x_k
    """
    m = sp.Symbol("m", positive=True)
    right = sp.Symbol("x", positive=True)
    step = right - right**m / (right**m).diff(right)
    assert equal(step, (1 - 1 / m) * right)


def test_a_large_enough_shift_leads_downhill():
    r"""failures: the shifted step falls if the shift exceeds the most negative
    curvature

    (H + \mu I)\, p = -g, \quad \mu > -\lambda_1 \quad\text{gives}\quad g^\top p < 0
    """
    rng = np.random.default_rng(1)
    for _ in range(200):
        H = rng.normal(size=(3, 3))
        H = H + H.T
        g = rng.normal(size=3)
        values, axes = np.linalg.eigh(H)
        shift = max(0, -values[0]) + 1e-3
        p = np.linalg.solve(H + shift * np.eye(3), -g)
        along = axes.T @ g
        expected = -np.sum(along**2 / (values + shift))
        assert np.isclose(g @ p, expected, rtol=1e-6)
        assert expected < 0


# First and second order compared


def test_the_secant_step_is_the_zero_of_the_chord():
    r"""compare: Newton's step with a measured curvature

    x_{k+1} = x_k - f'(x_k)\, \frac{x_k - x_{k-1}}{f'(x_k) - f'(x_{k-1})}
    """
    last, before, here, there = symbols("x_k x_j s_k s_j")
    chord = here + (x - last) * (here - there) / (last - before)
    [zero] = solve(chord, x)
    assert equal(zero, last - here * (last - before) / (here - there))


def test_the_order_of_the_secant_method():
    r"""compare: the order of the secant method, where errors multiply

    e_{k+1} = C\, e_k\, e_{k-1} \quad\text{gives}\quad
    p^2 = p + 1, \quad p = \frac{1 + \sqrt5}{2}
    """
    p = sp.Symbol("p", positive=True)
    assert solve(Eq(p * p, p + 1), p) == [sp.Rational(1, 2) + sp.sqrt(5) / 2]
    logs = [3.0, 5.0]  # of 1 / e, with C = 2
    for _ in range(40):
        logs.append(logs[-1] + logs[-2] - np.log(2))
    assert np.isclose(logs[-1] / logs[-2], (1 + 5**0.5) / 2, rtol=1e-9)


def test_bfgs_satisfies_the_secant_equation():
    r"""compare: BFGS, and the equation that it keeps

    B \leftarrow (I - \rho\, s y^\top)\, B\, (I - \rho\, y s^\top) + \rho\, s s^\top,
    \quad \rho = \frac{1}{s^\top y}
    \quad\text{gives}\quad B y = s
    """
    s, change = Matrix(symbols("s1 s2")), Matrix(symbols("y1 y2"))
    B = Matrix(2, 2, symbols("a b b c"))
    rho, one = 1 / s.dot(change), sp.eye(2)
    left, right = one - rho * s * change.T, one - rho * change * s.T
    after = left * B * right + rho * s * s.T
    assert simplify(after * change - s) == sp.zeros(2, 1)
    assert simplify(after - after.T) == sp.zeros(2)


# A neuron that regresses


def test_the_slopes_of_a_linear_unit():
    r"""regression: half the mean squared error of a linear unit; A is X with a column
    of ones

    L = \frac1{2n} \|A\theta - y\|^2, \qquad \nabla L = \frac1n A^\top(\hat y - y),
    \qquad H = \frac1n A^\top A
    """
    A, labels, theta = two_examples()
    error = A * theta - labels
    loss = error.dot(error) / 4
    slopes = Matrix([loss.diff(entry) for entry in theta])
    assert sp.expand(slopes - A.T * error / 2) == sp.zeros(2, 1)
    assert sp.expand(sp.hessian(loss, theta) - A.T * A / 2) == sp.zeros(2)
    ours = regression.gradient(np.zeros(3), plane_x, plane_y)
    ones = np.column_stack([plane_x, np.ones(5)])
    np.testing.assert_allclose(ours, ones.T @ (0 - plane_y) / 5, rtol=1e-15)


# A neuron that classifies


def test_the_slopes_of_a_sigmoid_unit():
    r"""classification: the chain rule through the sigmoid

    \frac{\partial\ell}{\partial w} = \frac{p - y}{p\,(1 - p)} \cdot p\,(1 - p) \cdot x
    = (p - y)\,x
    """
    p = sp.Symbol("p")
    loss = -y * log(p) - (1 - y) * log(1 - p)
    assert equal(loss.diff(p), (p - y) / (p * (1 - p)))
    score = w * x + b
    chained = loss.subs(p, sigma.subs(z, score)).diff(w)
    assert equal(chained, (sigma.subs(z, score) - y) * x)


def test_the_bound_on_a_perceptrons_mistakes():
    r"""classification: a bound on a perceptron's mistakes, if θ* parts the data with
    margins of at least 1

    k \le R^2\, \|\theta^*\|^2, \qquad R = \max_i \|(x_i, 1)\|
    """
    tight = {"AND": [2, 2, -3], "OR": [2, 2, -1], "NOT x1 AND x2": [-2, 2, -1]}
    ones = np.column_stack([gate_x, np.ones(4)])
    for gate, best in tight.items():
        labels = gate_y[gate]
        assert np.min((2 * labels - 1) * (ones @ best)) >= 1
        path, _ = classification.perceptron(gate_x, labels)
        bound = np.max(np.sum(ones**2, axis=1)) * np.dot(best, best)
        assert len(path) - 1 <= bound


# Two layers


def test_the_errors_go_back_through_the_weights():
    r"""layers: backpropagation through two layers

    \delta^2 = \frac1n (p - y), \qquad
    \delta^1 = W^{2\top} \delta^2 \odot a \odot (1 - a)
    """
    sums, weights = symbols("z1 z2", real=True), symbols("v1 v2", real=True)
    hidden = [sigma.subs(z, each) for each in sums]
    total = sum(v * a for v, a in zip(weights, hidden, strict=True)) + b
    loss = log(1 + exp(total)) - y * total  # one example
    last = sigma.subs(z, total) - y
    for each, v, a in zip(sums, weights, hidden, strict=True):
        at = {**dict(zip(sums, (0.3, -0.7), strict=True)), y: 1, b: 0.2}
        at |= dict(zip(weights, (1.5, -2.0), strict=True))
        assert abs((loss.diff(each) - v * last * a * (1 - a)).subs(at)) < 1e-15


def test_how_many_parameters_a_network_has():
    r"""layers: the weights and biases between layers of n₀, n₁, … units

    d = \sum_{i \ge 1} (n_{i-1} + 1)\, n_i
    """
    for sizes in (2, 2, 1), (3, 3, 2, 1), (784, 16, 16, 10):
        arrays = [np.empty((many, few + 1)) for few, many in pairwise(sizes)]
        assert layers.parameters(*sizes) == sum(array.size for array in arrays)
