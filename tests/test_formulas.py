r"""The formula sheet: every formula of the reference, each above its proof.

The docstring of a proof holds the lesson, what the formula is, and the formula in TeX;
the page of formulas is made of these docstrings. The proof derives the formula, and
returns what it derived, sides and signs in a row. A test reads the TeX and compares
the two side by side, and another makes mistakes in the TeX, which must be found; so
nothing can stand on the page that differs from what was proved above it. Most proofs
are SymPy's, for all values, with small matrices of symbols; some count all cases, and
some add a measurement.
"""

from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product

import classification
import layers
import numpy as np
import pytest
import regression
import sympy as sp
from lark.exceptions import UnexpectedInput, VisitError
from read_tex import agree, inverse, letters, matrix, mutants, norm, read
from reference import formulas
from shared.data import gate_x, gate_y, plane_x, plane_y
from sympy import (
    Eq,
    Function,
    IndexedBase,
    Lambda,
    Matrix,
    Rational,
    Sum,
    exp,
    log,
    oo,
    simplify,
    solve,
    sqrt,
    symbols,
)

x, y, z, w, b, g = symbols("x y z w b g", real=True)
eta, lam, t, n, k, h = symbols("eta lambda t n k h", positive=True)
beta, kappa, rho = symbols("beta kappa rho", positive=True)
low, high = symbols("lambda_1 lambda_d", positive=True)
theta = sp.Symbol("theta")
i = sp.Symbol("i", integer=True)
f, big_o, sigma = Function("f"), Function("O"), Function("sigma")
logistic = 1 / (1 + exp(-z))


def equal(one, other):
    return simplify(one - other) == 0


def smooth(x, y):
    """Any function of two numbers, up to its third derivatives."""
    powers = [(a, b) for a in range(4) for b in range(4 - a)]
    return sum(sp.Symbol(f"c{a}{b}") * x**a * y**b for a, b in powers)


def curved(rng, d):
    """A symmetric matrix with positive eigenvalues, from small numbers."""
    root = rng.normal(size=(d, d))
    return root @ root.T


# Loss


def prove_the_mean_is_the_best_constant_under_squared_error():
    r"""loss: the constant with the least squared error is the mean

    \arg\min_c \frac1n \sum_{i=1}^n (y_i - c)^2 = \frac1n \sum_{i=1}^n y_i
    """
    y, c = IndexedBase("y"), sp.Symbol("c")
    loss = Sum((y[i] - c) ** 2, (i, 1, n)) / n
    mean = Sum(y[i], (i, 1, n)) / n
    slope = loss.diff(c).expand().doit()
    assert equal(slope.subs(c, mean), 0)
    assert equal(slope.diff(c), 2)
    return Function("argmin_c")(loss), "=", mean


def prove_the_slope_of_the_sigmoid_is_p_times_1_minus_p():
    r"""loss: the sigmoid and its slope

    \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z))
    """
    slope = sigma(z) * (1 - sigma(z))
    assert equal(logistic.diff(z), slope.subs(sigma(z), logistic))
    return sigma(z), "=", logistic, ",", sigma(z).diff(z), "=", slope


def prove_cross_entropy_from_the_score():
    r"""loss: cross-entropy, from the probability and from the score

    -y \ln p - (1 - y) \ln(1 - p) = \ln(1 + e^z) - y z, \qquad p = \sigma(z)
    """
    p = sp.Symbol("p")
    plain, scored = -y * log(p) - (1 - y) * log(1 - p), log(1 + exp(z)) - y * z
    here = plain.subs(p, logistic)
    assert equal(here.diff(z), scored.diff(z))
    assert equal(here.subs(z, 0), scored.subs(z, 0))
    return plain, "=", scored, ",", p, "=", sigma(z)


def prove_the_slope_of_cross_entropy_along_the_score():
    r"""loss: the slope of cross-entropy along the score

    \frac{\partial}{\partial z} \bigl( \ln(1 + e^z) - y z \bigr) = p - y
    """
    p = sp.Symbol("p")
    loss, slope = log(1 + exp(z)) - y * z, p - y
    assert equal(loss.diff(z), slope.subs(p, logistic))
    return Function("d_z")(loss), "=", slope


def prove_the_slope_of_squared_error_after_a_sigmoid():
    r"""loss: squared error after a sigmoid stalls where p is near 0 or 1

    \frac{\partial}{\partial z} (y - p)^2 = 2\,(p - y)\,p\,(1 - p)
    """
    p = sp.Symbol("p")
    loss, slope = (y - p) ** 2, 2 * (p - y) * p * (1 - p)
    assert equal(loss.subs(p, logistic).diff(z), slope.subs(p, logistic))
    return Function("d_z")(loss), "=", slope


# Gradient descent in one dimension


def prove_a_small_step_lowers_the_loss():
    r"""descent: the loss after a small step against the slope

    f(x - \eta f'(x)) = f(x) - \eta\, f'(x)^2 + O(\eta^2)
    """
    slope = sp.Symbol("s")  # f'(x), which does not change with the rate
    after = f(x - eta * slope)
    at_once = f(x) - eta * slope * f(x).diff(x)
    assert equal(after.subs(eta, 0), at_once.subs(eta, 0))
    assert equal(after.diff(eta).subs(eta, 0).doit(), at_once.diff(eta))
    here = {slope: f(x).diff(x)}
    return after.subs(here), "=", at_once.subs(here) + big_o(eta**2)


def prove_the_path_on_the_parabola():
    r"""descent: the path on x²

    x_k = (1 - 2\eta)^k\, x_0
    """
    x_k, x_0 = symbols("x_k x_0")
    p = Function("p")
    after = (x - eta * (x**2).diff(x)).subs(x, p(k))
    path = sp.rsolve(sp.expand(p(k + 1) - after), p(k), {p(0): x_0})
    return x_k, "=", path


def prove_the_error_of_a_central_difference():
    r"""descent: a central difference and its error

    \frac{f(x + h) - f(x - h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + O(h^4)
    """
    difference = (f(x + h) - f(x - h)) / (2 * h)
    main = f(x).diff(x) + h**2 / 6 * f(x).diff(x, 3)
    at, slopes = sp.Symbol("a"), symbols("f0:6")
    terms = [slope * (w - at) ** j / sp.factorial(j) for j, slope in enumerate(slopes)]
    gap = (difference - main).replace(f, Lambda(w, sum(terms))).doit().subs(at, x)
    assert equal(gap, h**4 * slopes[5] / 120)
    return difference, "=", main + big_o(h**4)


# The learning rate


def prove_the_factor_of_one_step():
    r"""rate: what one step does to the distance, where the curvature is λ

    x_{k+1} - x^\star = (1 - \eta\lambda)\,(x_k - x^\star)
    """
    here, after, best = symbols("x_k x_k+1 x^star")
    slope = (lam / 2 * (here - best) ** 2).diff(here)
    left, right = after - best, (1 - eta * lam) * (here - best)
    assert equal(left.subs(after, here - eta * slope), right)
    return left, "=", right


def prove_the_limit_of_the_rate():
    r"""rate: which rates converge

    |1 - \eta\lambda| < 1 \iff 0 < \eta < \frac{2}{\lambda}
    """
    rate, limit = sp.Symbol("h", real=True), 2 / lam  # h = ηλ
    found = sp.solve_univariate_inequality(abs(1 - rate) < 1, rate, False)
    assert found == sp.Interval.open(0, limit * lam)
    return abs(1 - eta * lam), "<", 1, "iff", 0, "<", eta, "<", limit


def prove_the_longest_step_that_armijo_accepts():
    r"""rate: Armijo's rule on a parabola of curvature λ, along p = −g ≠ 0

    f(x + t p) \le f(x) + c\, t\, g p \iff t \le \frac{2\,(1 - c)}{\lambda}
    \qquad\text{for } t > 0
    """
    c, p = sp.Symbol("c", positive=True), sp.Symbol("p")
    after, allowed = f(x + t * p), f(x) + c * t * g * p
    gap = (after - allowed).subs(p, -g).subs(g, lam * x)
    gap = gap.replace(f, Lambda(x, lam / 2 * x**2))
    [longest] = solve(gap / (t * x**2), t)
    assert equal(gap, lam**3 * t * x**2 / 2 * (t - longest))  # rises through 0 there
    return after, "<=", allowed, "iff", t, "<=", longest, "for", t, ">", 0


def prove_polyaks_rate_halves_the_distance_on_a_parabola():
    r"""rate: Polyak's rate, and its value on a parabola of curvature λ

    \eta = \frac{f(x) - f^\star}{\|g\|^2} = \frac{1}{2\lambda}
    """
    least = sp.Symbol("f^star")
    rate, value = (f(x) - least) / norm(g) ** 2, 1 / (2 * lam)
    parabola = {least: 0, g: lam * x, f(x): lam / 2 * x**2}
    assert equal(rate.subs(parabola), value)
    return eta, "=", rate, "=", value


# Many dimensions


def prove_no_direction_falls_faster_than_minus_the_gradient():
    r"""dimensions: the steepest way down, where the gradient is not zero

    g^\top p \ge -\|g\|\,\|p\|, \qquad \text{equal only for } p = -t\,g,\ t \ge 0
    """
    g, p, t = matrix("g", 3), matrix("p", 3), sp.Symbol("t", nonnegative=True)
    slope, least = g.dot(p), -norm(g) * norm(p)
    pairs = combinations(range(3), 2)
    across = sum((g[a] * p[b] - g[b] * p[a]) ** 2 for a, b in pairs)
    # Zero only along the gradient, where the sign tells uphill from downhill.
    assert sp.expand(least**2 - slope**2 - across) == 0
    down = dict(zip(p, -t * g, strict=True))
    assert equal(slope.subs(down), least.subs(down))
    line = p, "=", -t * g, ",", t, ">=", 0
    return slope, ">=", least, ",", "equal only for", *line


def prove_every_eigenvector_has_its_own_factor():
    r"""dimensions: the path on a quadratic bowl, along its eigenvectors

    \theta_k = \sum_{i=1}^d (1 - \eta\lambda_i)^k\, c_i\, q_i
    """
    lam, c, q = map(IndexedBase, ("lambda", "c", "q"))
    term = (1 - eta * lam[i]) ** k * c[i] * q[i]
    # A step on the term, for which Hq = λq, makes of it the term for k + 1.
    assert equal(term - eta * lam[i] * term, term.subs(k, k + 1))

    H, start, rate = Matrix([[3, 1], [1, 2]]), Matrix([2, -1]), Rational(1, 4)
    path = start
    for _ in range(5):
        path = path - rate * H * path
    total = sp.zeros(2, 1)
    for value, _, [axis] in H.eigenvects():
        at = {eta: rate, lam[i]: value, k: 5, c[i]: axis.dot(start) / axis.dot(axis)}
        total += term.subs(at).coeff(q[i]) * axis
    assert simplify(total - path) == sp.zeros(2, 1)
    return sp.Symbol("theta_k"), "=", Sum(term, (i, 1, sp.Symbol("d")))


def prove_the_best_fixed_rate():
    r"""dimensions: the best fixed rate, and its factor

    \eta^\star = \frac{2}{\lambda_1 + \lambda_d}, \qquad
    |1 - \eta^\star\lambda_i| \le \frac{\kappa - 1}{\kappa + 1}, \qquad
    \kappa = \frac{\lambda_d}{\lambda_1}
    """
    best, between = symbols("eta^star lambda_i")
    rate, ratio, factor = 2 / (low + high), high / low, (kappa - 1) / (kappa + 1)
    left = 1 - best * between  # falls as the curvature grows, so its ends decide
    assert equal(left.subs({best: rate, between: low}), factor.subs(kappa, ratio))
    assert equal(left.subs({best: rate, between: high}), -factor.subs(kappa, ratio))
    # One factor falls with the rate and the other rises: none is better than equal.
    assert (1 - eta * low).diff(eta).is_negative
    assert (eta * high - 1).diff(eta).is_positive
    return best, "=", rate, ",", abs(left), "<=", factor, ",", kappa, "=", ratio


def prove_when_the_path_zigzags():
    r"""dimensions: when the path zig-zags and converges

    -1 < 1 - \eta\lambda_d < 0 \iff \frac{1}{\lambda_d} < \eta < \frac{2}{\lambda_d}
    """
    rate, first, last = sp.Symbol("h", real=True), 1 / high, 2 / high  # h = ηλ
    crossing = sp.And(1 - rate > -1, 1 - rate < 0)
    assert crossing.as_set() == sp.Interval.open(first * high, last * high)
    return -1, "<", 1 - eta * high, "<", 0, "iff", first, "<", eta, "<", last


def prove_the_descent_lemma():
    r"""dimensions: how far the loss must fall, if no curvature exceeds Λ

    L(\theta - \eta g)
    \le L(\theta) - \eta \Bigl(1 - \frac{\eta\Lambda}{2}\Bigr) \|g\|^2
    """
    L, most, square = Function("L"), sp.Symbol("Lambda", positive=True), norm(g) ** 2
    fall = eta * (1 - eta * most / 2)
    # Taylor along the step: the slope, and what curvatures up to Λ can add to it.
    added = sp.integrate((eta - t) * most * square, (t, 0, eta))
    assert equal(-eta * square + added, -fall * square)

    rng = np.random.default_rng(0)
    for d in 2, 3, 5:
        H = curved(rng, d)
        values, axes = np.linalg.eigh(H)
        loss = lambda theta, H=H: theta @ H @ theta / 2
        for at in [*rng.normal(size=(50, d)), axes[:, -1]]:
            for rate in np.linspace(0, 3 / values[-1], 7):
                slope = H @ at
                part = float(fall.subs({eta: rate, most: values[-1]}))
                gap = loss(at) - part * slope @ slope - loss(at - rate * slope)
                assert gap >= -1e-12 * values[-1] * at @ at
        assert abs(gap) < 1e-9  # the last start is steepest: there it is equal
    return L(theta - eta * g), "<=", L(theta) - fall * square


# Batches


def prove_the_variance_of_a_batch_with_replacement():
    r"""batches: the variance of a batch's gradient, drawn with replacement

    \operatorname{Var}(g_B) = \frac{\sigma^2}{B}
    """
    B, noise = symbols("B sigma", positive=True)
    variance = noise**2 / B
    for gradients in symbols("g1:4"), (1, 4, -2, 7):
        for size in range(1, len(gradients) + 1):
            batches = product(gradients, repeat=size)
            expected = variance.subs({B: size, noise: sqrt(spread(gradients))})
            assert equal(spread(map(mean, batches)), expected)
    return Function("Var")(sp.Symbol("g_B")), "=", variance


def prove_the_variance_of_a_batch_without_replacement():
    r"""batches: the same, drawn without replacement

    \operatorname{Var}(g_B) = \frac{\sigma^2}{B} \cdot \frac{n - B}{n - 1}
    """
    B, noise = symbols("B sigma", positive=True)
    variance = noise**2 / B * (n - B) / (n - 1)
    # Two gradients of a batch have one covariance, the same for all; the sum of all
    # n gradients is no matter of chance, so its variance is zero.
    shared = sp.Symbol("c")
    of_sum = Lambda(B, B * noise**2 + B * (B - 1) * shared)
    [shared_by_two] = solve(of_sum(n), shared)
    assert equal((of_sum(B) / B**2).subs(shared, shared_by_two), variance)

    gradients = [Fraction(v) for v in (1, 4, -2, 7, 3)]
    for size in 1, 2, 3, 4, 5:
        batches = combinations(gradients, size)
        at = {B: size, n: 5, noise: sqrt(Rational(spread(gradients)))}
        assert spread(map(mean, batches)) == variance.subs(at)
    return Function("Var")(sp.Symbol("g_B")), "=", variance


def mean(values):
    return sum(values) / Fraction(len(values))


def spread(values):
    """The variance of equally likely values."""
    values = list(values)
    return mean([(v - mean(values)) ** 2 for v in values])


def prove_the_floor_under_a_constant_rate():
    r"""batches: the variance that a constant rate keeps at the minimum

    v^\star = (1 - \eta\lambda)^2 v^\star + \eta^2\sigma^2
    \quad\text{gives}\quad v^\star = \frac{\eta\,\sigma^2}{\lambda\,(2 - \eta\lambda)}
    """
    v, noise = symbols("v^star sigma", positive=True)
    after = (1 - eta * lam) ** 2 * v + eta**2 * noise**2
    [floor] = solve(Eq(v, after), v)
    return v, "=", after, "gives", v, "=", floor


def prove_what_a_schedule_must_satisfy():
    r"""batches: a schedule that can go any distance and forgets the noise

    \sum_{t=1}^\infty \frac1t = \infty, \qquad
    \sum_{t=1}^\infty \frac1{t^2} = \frac{\pi^2}{6} < \infty
    """
    t = sp.Symbol("t", integer=True)
    way, noise = Sum(1 / t, (t, 1, oo)), Sum(1 / t**2, (t, 1, oo))
    return way, "=", way.doit(), ",", noise, "=", noise.doit(), "<", oo


# Convergence


def prove_the_way_that_a_small_step_hides():
    r"""convergence: how far it still is after a step s, if each step leaves q

    s q + s q^2 + s q^3 + \dots = \frac{s\,q}{1 - q}, \qquad 0 \le q < 1
    """
    s, q = sp.Symbol("s"), sp.Symbol("q", nonnegative=True)
    (total, where), _ = sp.summation(q**n, (n, 1, oo)).args
    assert where == (q < 1)
    terms = sum(s * q**j for j in (1, 2, 3)) + sp.Symbol("dots")
    return terms, "=", s * total, ",", 0, "<=", q, "<", 1


def prove_the_time_at_a_saddle():
    r"""convergence: the steps from height y₀ beside the saddle x² − y² until |y| > 1

    (1 + 2\eta)^k\, y_0 > 1 \iff k > \frac{\ln (1 / y_0)}{\ln (1 + 2\eta)}
    """
    start = sp.Symbol("y_0", positive=True)
    height = (1 + 2 * eta) ** k * start
    step = y - eta * (x**2 - y**2).diff(y)
    assert equal(step.subs(y, height), height.subs(k, k + 1))
    [when] = solve(Eq(height, 1), k)
    assert height.diff(k).is_positive
    return height, ">", 1, "iff", k, ">", when


def prove_the_time_on_a_plateau():
    r"""convergence: about how many steps cross the plain of tanh² x from x₀

    f'(x) \approx 8\,e^{-2x}, \qquad k \approx \frac{e^{2 x_0}}{16\,\eta}
    """
    start = sp.Symbol("x_0", positive=True)
    slope, steps = 8 * exp(-2 * x), exp(2 * start) / (16 * eta)
    exact = (sp.tanh(x) ** 2).diff(x)
    assert sp.limit((exact / slope).rewrite(exp), x, oo) == 1
    taken = sp.integrate(1 / (eta * slope), (x, 0, start))
    assert sp.limit(taken / steps, start, oo) == 1
    return f(x).diff(x), "about", slope, ",", k, "about", steps


def prove_the_chord_of_a_convex_function_lies_above():
    r"""convergence: convex, for x² with the size of the gap

    t\,a^2 + (1 - t)\,b^2 - \bigl(t\,a + (1 - t)\,b\bigr)^2
    = t\,(1 - t)\,(a - b)^2 \ge 0
    """
    a = sp.Symbol("a", real=True)
    gap = t * a**2 + (1 - t) * b**2 - (t * a + (1 - t) * b) ** 2
    product = t * (1 - t) * (a - b) ** 2
    assert equal(gap, product)
    part = 1 / (1 + h)  # t between 0 and 1
    assert simplify(product.subs(t, part)).is_nonnegative
    return gap, "=", product, ">=", 0


# Momentum and adaptive methods


def momentum_matrix():
    """One step of momentum on λx²/2, for (x, ηv) and h = ηλ."""
    return Matrix([[1 - h, -beta], [h, beta]])


def prove_momentum_lengthens_what_agrees():
    r"""momentum: what equal gradients add up to

    g + \beta g + \beta^2 g + \dots = \frac{g}{1 - \beta}
    """
    (total, where), _ = sp.summation(beta**n, (n, 0, oo)).args
    assert where == (beta < 1)
    terms = sum(beta**j * g for j in range(3)) + sp.Symbol("dots")
    return terms, "=", g * total


def prove_three_notations_of_momentum_take_the_same_path():
    r"""momentum: three notations of one path

    \begin{aligned}
    v &\leftarrow \beta v + g, & \theta &\leftarrow \theta - \eta v \\
    v &\leftarrow \beta v - \eta g, & \theta &\leftarrow \theta + v \\
    v &\leftarrow \beta v + (1 - \beta) g, &
    \theta &\leftarrow \theta - \tfrac{\eta}{1 - \beta} v
    \end{aligned}
    """
    v = sp.Symbol("v")
    notations = [
        (beta * v + g, theta - eta * v),
        (beta * v - eta * g, theta + v),
        (beta * v + (1 - beta) * g, theta - eta / (1 - beta) * v),
    ]
    runs = [(sp.Integer(0), x)] * 3
    for slope in symbols("g1:6"):  # whatever the gradients are
        for j, (velocity, place) in enumerate(notations):
            fast, at = runs[j]
            fast = velocity.subs({v: fast, g: slope}, simultaneous=True)
            runs[j] = fast, place.subs({v: fast, theta: at}, simultaneous=True)
        (_, one), (_, two), (_, three) = runs
        assert equal(one, two)
        assert equal(one, three)
    lines = []
    for velocity, place in notations:
        lines += [",", v, "becomes", velocity, ",", theta, "becomes", place]
    return lines[1:]


def prove_the_factor_of_momentum_where_it_swings():
    r"""momentum: the factor of a swinging direction

    \rho = \sqrt\beta \qquad\text{where}\qquad (1 + \beta - \eta\lambda)^2 < 4\beta
    """
    one, other = (1 + beta - eta * lam) ** 2, 4 * beta
    matrix = momentum_matrix().subs(h, eta * lam)
    factor = sqrt(matrix.det().factor())  # of a complex pair the determinant is r²
    r = sp.Symbol("r")
    discriminant = sp.discriminant(matrix.charpoly(r).as_expr(), r)
    assert equal(discriminant, one - other)  # a complex pair if that is negative
    return rho, "=", factor, "where", one, "<", other


def prove_the_momentum_that_settles_fastest():
    r"""momentum: the momentum at which a direction begins to swing

    \beta^\star = \bigl(1 - \sqrt{\eta\lambda}\bigr)^2
    """
    best = (1 - sqrt(eta * lam)) ** 2
    assert equal((1 + best - eta * lam) ** 2, 4 * best)
    return sp.Symbol("beta^star"), "=", best


def prove_the_best_pair_of_rate_and_momentum():
    r"""momentum: the best rate and momentum on a quadratic

    \eta^\star = \biggl( \frac{2}{\sqrt{\lambda_1} + \sqrt{\lambda_d}} \biggr)^2, \qquad
    \sqrt{\beta^\star} = \rho = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}
    """
    rate = (2 / (sqrt(low) + sqrt(high))) ** 2
    factor = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
    root = factor.subs(kappa, high / low)
    for value in low, high:  # both begin to swing there
        gap = (1 + root**2 - rate * value) ** 2 - 4 * root**2
        assert equal(gap.subs({low: t**2, high: (t + h) ** 2}), 0)
    best, momentum = symbols("eta^star beta^star", positive=True)
    return best, "=", rate, ",", sqrt(momentum), "=", rho, "=", factor


def prove_where_momentum_is_stable():
    r"""momentum: which rates converge with momentum

    0 < \eta\lambda < 2 + 2\beta, \qquad 0 \le \beta < 1
    """
    limit = 2 + 2 * beta
    # Jury: both roots of r² + … + det lie inside the circle if and only if the
    # polynomial is positive at 1 and at -1, and its last term is below 1.
    r = sp.Symbol("r")
    polynomial = momentum_matrix().charpoly(r).as_expr()
    assert equal(polynomial.subs(r, 1), h)
    assert equal(polynomial.subs(r, -1), limit - h)
    assert equal(polynomial.subs(r, 0), beta)

    matrix = sp.lambdify((h, beta), momentum_matrix())
    for kept in 0.0, 0.3, 0.9, 0.99:
        most = float(limit.subs(beta, kept))
        for rate in 1e-3, 0.5 * most, 0.999 * most:
            assert max(abs(np.linalg.eigvals(matrix(rate, kept)))) < 1
        for rate in -1e-3, 1.001 * most:
            assert max(abs(np.linalg.eigvals(matrix(rate, kept)))) > 1
    return 0, "<", eta * lam, "<", limit, ",", 0, "<=", beta, "<", 1


def prove_the_half_life_of_a_gradient():
    r"""momentum: after how many steps a gradient has half its weight

    \beta^k = \tfrac12 \iff k = \frac{\ln \frac12}{\ln \beta}
    """
    half = Rational(1, 2)
    [when] = solve(Eq(beta**k, half), k)
    return beta**k, "=", half, "iff", k, "=", when


def prove_the_correction_for_a_mean_that_starts_at_zero():
    r"""momentum: the weights of a running mean add up to less than 1

    (1 - \beta) \sum_{i=1}^{k} \beta^{k - i} = 1 - \beta^k
    """
    weights, total = Sum(beta ** (k - i), (i, 1, k)), 1 - beta**k
    for steps in 1, 2, 7:
        assert equal((1 - beta) * weights.subs(k, steps).doit(), total.subs(k, steps))
    # One more step multiplies all weights by β and adds a weight of 1 - β.
    assert equal(beta * total + (1 - beta), total.subs(k, k + 1))
    return (1 - beta) * weights, "=", total


def prove_the_first_step_of_adam_has_the_length_of_the_rate():
    r"""momentum: Adam's first step, for ε = 0

    \theta_1 - \theta_0
    = -\eta\, \frac{(1 - \beta_1)\, g / (1 - \beta_1)}
    {\sqrt{(1 - \beta_2)\, g^2 / (1 - \beta_2)}}
    = -\eta \operatorname{sign} g
    """
    one, other = symbols("beta_1 beta_2", positive=True)
    start, after = symbols("theta_0 theta_1")
    m, s = (1 - one) * g, (1 - other) * g**2
    step = -eta * (m / (1 - one)) / sqrt(s / (1 - other))
    short = -eta * sp.sign(g)
    for slope in t, -t:
        assert equal(step.subs(g, slope), short.subs(g, slope))
    return after - start, "=", step, "=", short


# Newton's method in one dimension


def prove_newtons_step_goes_to_the_lowest_point_of_the_model():
    r"""newton: the lowest point of the parabola that fits at xₖ

    m(x) = f_k + f'_k\,(x - x_k) + \tfrac12 f''_k\,(x - x_k)^2, \qquad
    x_{k+1} = x_k - \frac{f'_k}{f''_k}
    """
    height, slope, at, after = symbols("f_k f'_k x_k x_k+1")
    bend = sp.Symbol("f''_k", positive=True)
    model = height + slope * (x - at) + bend / 2 * (x - at) ** 2
    [lowest] = solve(model.diff(x), x)
    assert model.diff(x, 2).is_positive
    fits = [model.diff(x, order).subs(x, at) for order in range(3)]
    assert fits == [height, slope, bend]
    return Function("m")(x), "=", model, ",", after, "=", lowest


def prove_newtons_error_is_squared():
    r"""newton: the error after a step

    e_{k+1} = \frac{f'''(x^\star)}{2 f''(x^\star)}\, e_k^2 + O(e_k^3)
    """
    best, e, after = symbols("x^star e_k e_k+1")
    second, third, fourth = (f(best).diff(best, order) for order in (2, 3, 4))
    slope = second * e + third * e**2 / 2 + fourth * e**3 / 6
    error = e - slope / slope.diff(e)
    leading = sp.series(error, e, 0, 3).removeO()
    return after, "=", leading + big_o(e**3)


def prove_the_order_of_convergence_from_three_errors():
    r"""newton: the order, measured from three errors in a row

    e_{k+1} = C e_k^p \quad\text{gives}\quad
    p = \frac{\ln (e_{k+2} / e_{k+1})}{\ln (e_{k+1} / e_k)}
    """
    first, second, third, c, p = symbols("e_k e_k+1 e_k+2 C p", positive=True)
    rule, order = c * first**p, log(third / second) / log(second / first)
    again = rule.subs(first, rule)
    assert equal(sp.expand_log(order.subs({third: again, second: rule})), p)
    return second, "=", rule, "gives", p, "=", order


def prove_newtons_square_root():
    r"""newton: the square root of a, as a zero of x² − a

    x_{k+1} = \frac12 \Bigl( x_k + \frac{a}{x_k} \Bigr)
    """
    a, here, after = symbols("a x_k x_k+1")
    zero_of = here**2 - a
    return after, "=", here - zero_of / zero_of.diff(here)


# Curvature


def prove_the_curvature_along_a_direction():
    r"""curvature: the second derivative along u

    \frac{\mathrm d^2}{\mathrm d t^2}\, f(\theta + t\,u) = u^\top H u
    """
    at, u, H = matrix("theta", 2), matrix("u", 2), matrix("H", 2, 2)
    along, bend = f(*(at + t * u)), (u.T * H * u)[0]
    second = sp.hessian(smooth(*at), at)
    here = dict(zip(H, second, strict=True))
    measured = along.replace(f, smooth).diff(t, 2).subs(t, 0)
    assert sp.expand(measured - bend.subs(here)) == 0
    return Function("d^2_t")(along), "=", bend


def prove_determinant_and_trace_tell_the_eigenvalues():
    r"""curvature: the eigenvalues of a 2 × 2 Hessian

    \lambda_1 \lambda_2 = \det H, \qquad \lambda_1 + \lambda_2 = \operatorname{tr} H
    """
    H, one, other = matrix("H", 2, 2), *symbols("lambda_1 lambda_2")
    r = sp.Symbol("r")
    both = sp.Poly((r - one) * (r - other), r).all_coeffs()
    assert H.charpoly(r).all_coeffs() == [1, -H.trace(), sp.expand(H.det())]
    assert both == [1, -one - other, one * other]
    return one * other, "=", H.det(), ",", one + other, "=", H.trace()


def slopes(loss, theta):
    """The gradient of a loss, a column."""
    return Matrix([loss.diff(entry) for entry in theta])


def examples(letter="X"):
    """The inputs of three examples, their labels, and two parameters."""
    return matrix(letter, 3, 2), matrix("y", 3), matrix("theta", 2)


def prove_the_hessian_of_the_mean_squared_error():
    r"""curvature: the Hessian of the mean squared error

    L = \frac1n \|X\theta - y\|^2, \qquad H = \frac2n\, X^\top X
    """
    X, labels, theta = examples()
    loss, H = norm(X * theta - labels) ** 2 / n, 2 / n * X.T * X
    assert simplify(sp.hessian(loss, theta) - H) == sp.zeros(2)
    return sp.Symbol("L"), "=", loss, ",", matrix("H", 2, 2), "=", H


def prove_the_hessian_of_cross_entropy():
    r"""curvature: the Hessian of the mean cross-entropy

    H = \frac1n\, X^\top S X, \qquad S = \operatorname{diag}\bigl(p_i\,(1 - p_i)\bigr)
    """
    X, labels, theta = examples()
    S, p = matrix("S", 3, 3), sp.Symbol("p_i")
    H, entry = X.T * S * X / n, p * (1 - p)
    terms = [log(1 + exp(s)) - yi * s for s, yi in zip(X * theta, labels, strict=True)]
    on_diagonal = [entry.subs(p, logistic.subs(z, score)) for score in X * theta]
    there = dict(zip(S, sp.diag(*on_diagonal), strict=True))
    gap = sp.hessian(sum(terms) / n, theta) - H.subs(there)
    assert simplify(gap) == sp.zeros(2)
    return matrix("H", 2, 2), "=", H, ",", S, "=", Function("diag")(entry)


# Newton's method in many dimensions


def prove_the_model_is_level_where_hp_is_minus_g():
    r"""directions: the step to the level point of the model

    m(p) = L + g^\top p + \tfrac12\, p^\top H p, \qquad
    \nabla m(p) = 0 \iff H p = -g
    """
    g, p, H = matrix("g", 2), matrix("p", 2), matrix("H", 2, 2)
    model = sp.Symbol("L") + g.dot(p) + (p.T * H * p)[0] / 2
    gap = slopes(model, p) - (H * p + g)
    assert sp.expand(gap.subs(H[1, 0], H[0, 1])) == sp.zeros(2, 1)
    level = sp.Symbol("nabla_m"), "=", 0
    return Function("m")(*p), "=", model, ",", *level, "iff", H * p, "=", -g


def prove_stretched_coordinates_leave_newtons_step_as_it_is():
    r"""directions: derivatives in the coordinates z, where θ = Az

    \nabla_z = A^\top g, \qquad H_z = A^\top H A, \qquad A\,p_z = p
    """
    A, H, H_z = (matrix(name, 2, 2) for name in ("A", "H", "H_z"))
    g, p, nabla_z, p_z = (matrix(name, 2) for name in ("g", "p", "nabla_z", "p_z"))
    slope_z, bend_z = A.T * g, A.T * H * A
    u, v = symbols("u v")
    loss = smooth(x, y)
    there = dict(zip((x, y), A * Matrix([u, v]), strict=True))
    restated = loss.subs(there, simultaneous=True)
    slope = slopes(loss, (x, y)).subs(there, simultaneous=True)
    bend = sp.hessian(loss, (x, y)).subs(there, simultaneous=True)
    known = dict(zip([*g, *H], [*slope, *bend], strict=True))
    assert sp.expand(slopes(restated, (u, v)) - slope_z.subs(known)) == sp.zeros(2, 1)
    assert sp.expand(sp.hessian(restated, (u, v)) - bend_z.subs(known)) == sp.zeros(2)
    step, step_z = (-H).LUsolve(g), (-bend_z).LUsolve(slope_z)
    assert simplify(A * step_z - step) == sp.zeros(2, 1)
    first = nabla_z, "=", slope_z, ",", H_z, "=", bend_z
    return *first, ",", A * p_z, "=", p


def prove_least_squares_is_one_newton_step():
    r"""directions: one Newton step solves a regression, from any θ

    \theta - H^{-1}\,\nabla L(\theta) = (A^\top A)^{-1} A^\top y
    """
    A, labels, theta = examples("A")
    H, nabla = matrix("H", 2, 2), matrix("nabla_L", 2)
    step, solution = theta - inverse(H) * nabla, inverse(A.T * A) * A.T * labels
    loss = (A * theta - labels).dot(A * theta - labels) / n
    values = *sp.hessian(loss, theta), *slopes(loss, theta)
    known = dict(zip([*H, *nabla], values, strict=True))
    assert simplify(step.subs(known) - solution) == sp.zeros(2, 1)
    return step, "=", solution


# Failures and repairs


def newton_step(loss):
    """The place of a Newton step from x_k on a loss of x."""
    return simplify(x - loss.diff(x) / loss.diff(x, 2)).subs(x, sp.Symbol("x_k"))


def prove_newton_on_the_root_of_1_plus_x_squared():
    r"""failures: a strictly convex loss on which Newton's method explodes

    f(x) = \sqrt{1 + x^2}: \qquad x_{k+1} = -x_k^3
    """
    loss = sqrt(1 + x**2)
    assert simplify(loss.diff(x, 2)).is_positive
    return f(x), "=", loss, ",", sp.Symbol("x_k+1"), "=", newton_step(loss)


def prove_newton_on_the_four_thirds_power():
    r"""failures: a convex loss on which every step doubles the distance

    f(x) = |x|^{4/3}: \qquad x_{k+1} = -2\,x_k
    """
    loss = abs(x) ** Rational(4, 3)
    right, left = (newton_step(loss.subs(abs(x), size)) for size in (x, -x))
    assert equal(right, left)
    return f(x), "=", loss, ",", sp.Symbol("x_k+1"), "=", right


def prove_newton_at_a_multiple_zero():
    r"""failures: where the slope vanishes like the power m

    f'(x) = x^m: \qquad x_{k+1} = \Bigl(1 - \frac1m\Bigr)\, x_k
    """
    m, here, after = symbols("m x_k x_k+1", positive=True)
    slope = here**m
    step = simplify(here - slope / slope.diff(here))
    return f(x).diff(x), "=", slope.subs(here, x), ",", after, "=", step


def prove_a_large_enough_shift_leads_downhill():
    r"""failures: the shifted step falls if the shift exceeds the most negative
    curvature

    (H + \mu I)\, p = -g, \quad \mu > -\lambda_1 \quad\text{gives}\quad g^\top p < 0
    """
    H, g, p = matrix("H", 2, 2), matrix("g", 2), matrix("p", 2)
    mu, least = symbols("mu lambda_1")
    # Along the eigenvectors, with a curvature that is larger by h than the least, and
    # a shift that is too large by t:
    along = Matrix(symbols("g1 g2", real=True, nonzero=True))
    axes = sp.diag(least, least + h) + (t - least) * sp.eye(2)
    assert along.dot(axes.LUsolve(-along)).is_negative

    rng = np.random.default_rng(1)
    for _ in range(200):
        bend = rng.normal(size=(3, 3))
        bend = bend + bend.T
        slope = rng.normal(size=3)
        values, axes = np.linalg.eigh(bend)
        shift = max(0, -values[0]) + 1e-3
        step = np.linalg.solve(bend + shift * np.eye(3), -slope)
        expected = -np.sum((axes.T @ slope) ** 2 / (values + shift))
        assert np.isclose(slope @ step, expected, rtol=1e-6)
        assert expected < 0
    given = (H + mu * sp.eye(2)) * p, "=", -g, ",", mu, ">", -least
    return *given, "gives", g.dot(p), "<", 0


# First and second order compared


def prove_the_secant_step_is_the_zero_of_the_chord():
    r"""compare: Newton's step with a measured curvature

    x_{k+1} = x_k - f'(x_k)\, \frac{x_k - x_{k-1}}{f'(x_k) - f'(x_{k-1})}
    """
    before, here, after = symbols("x_k-1 x_k x_k+1")
    at, then = f(here).diff(here), f(before).diff(before)
    chord = at + (x - here) * (at - then) / (here - before)
    assert equal(chord.subs(x, before), then)
    [zero] = solve(chord, x)
    return after, "=", zero


def prove_the_order_of_the_secant_method():
    r"""compare: the order of the secant method, where errors multiply

    e_{k+1} = C\, e_k\, e_{k-1} \quad\text{gives}\quad
    p^2 = p + 1, \quad p = \frac{1 + \sqrt5}{2}
    """
    before, here, after, c, p = symbols("e_k-1 e_k e_k+1 C p", positive=True)
    rule = c * here * before
    # With e_k = D e_{k-1}^p both sides are powers of e_{k-1}, and the same ones.
    D = sp.Symbol("D", positive=True)
    power = D * before**p
    exponents = [
        sp.powdenest(sp.expand_power_base(side)).as_powers_dict()[before]
        for side in (D * power**p, rule.subs(here, power))
    ]
    assert equal(exponents[0] - exponents[1], p**2 - (p + 1))
    [order] = solve(Eq(p**2, p + 1), p)

    logs = [3.0, 5.0]  # of 1 / e, with C = 2
    for _ in range(40):
        logs.append(logs[-1] + logs[-2] - np.log(2))
    assert np.isclose(logs[-1] / logs[-2], float(order), rtol=1e-9)
    return after, "=", rule, "gives", p**2, "=", p + 1, ",", p, "=", order


def prove_bfgs_satisfies_the_secant_equation():
    r"""compare: BFGS, and the equation that it keeps

    B \leftarrow (I - \rho\, s y^\top)\, B\, (I - \rho\, y s^\top) + \rho\, s s^\top,
    \quad \rho = \frac{1}{s^\top y}
    \quad\text{gives}\quad B y = s
    """
    s, change, B = matrix("s", 2), matrix("y", 2), matrix("B", 2, 2)
    left, right = sp.eye(2) - rho * s * change.T, sp.eye(2) - rho * change * s.T
    rule, value = left * B * right + rho * s * s.T, 1 / s.dot(change)
    after = rule.subs(rho, value)
    assert simplify(after * change - s) == sp.zeros(2, 1)
    symmetric = after.subs(B[1, 0], B[0, 1])
    assert simplify(symmetric - symmetric.T) == sp.zeros(2)
    given = B, "becomes", rule, ",", rho, "=", value
    return *given, "gives", B * change, "=", s


# Real data


def prove_the_condition_of_two_correlated_inputs():
    r"""applications: two standardised inputs with the correlation ρ

    \kappa = \frac{1 + \rho}{1 - \rho}
    """
    # The mean square of a standardised column is 1, their mean product is rho.
    hessian = Matrix([[1, rho, 0], [rho, 1, 0], [0, 0, 1]])  # and the bias
    values = set(hessian.eigenvals())
    assert values == {1 - rho, sp.Integer(1), 1 + rho}
    largest, least = 1 + rho, 1 - rho  # rho is positive
    return kappa, "=", largest / least


# A neuron that regresses


def prove_the_slopes_of_a_linear_unit():
    r"""regression: half the mean squared error of a linear unit; A is X with a column
    of ones

    L = \frac1{2n} \|A\theta - y\|^2, \qquad \nabla L = \frac1n A^\top(\hat y - y),
    \qquad H = \frac1n A^\top A
    """
    A, labels, theta = examples("A")
    said = matrix("haty", 3)
    loss = norm(A * theta - labels) ** 2 / (2 * n)
    slope, H = A.T * (said - labels) / n, A.T * A / n
    known = dict(zip(said, A * theta, strict=True))
    assert sp.expand(slopes(loss, theta) - slope.subs(known)) == sp.zeros(2, 1)
    assert sp.expand(sp.hessian(loss, theta) - H) == sp.zeros(2)

    ours = regression.gradient(np.zeros(3), plane_x, plane_y)
    ones = np.column_stack([plane_x, np.ones(5)])
    np.testing.assert_allclose(ours, ones.T @ (0 - plane_y) / 5, rtol=1e-15)
    nabla, bend = matrix("nabla_L", 2), matrix("H", 2, 2)
    return sp.Symbol("L"), "=", loss, ",", nabla, "=", slope, ",", bend, "=", H


# A neuron that classifies


def prove_the_slopes_of_a_sigmoid_unit():
    r"""classification: the chain rule through the sigmoid

    \frac{\partial\ell}{\partial w} = \frac{p - y}{p\,(1 - p)} \cdot p\,(1 - p) \cdot x
    = (p - y)\,x
    """
    p = sp.Symbol("p")
    loss = -y * log(p) - (1 - y) * log(1 - p)
    along_p, along_z, along_w = (p - y) / (p * (1 - p)), p * (1 - p), x
    chain, short = along_p * along_z * along_w, (p - y) * x
    score = w * x + b
    said = logistic.subs(z, score)
    assert equal(loss.diff(p), along_p)
    assert equal(logistic.diff(z), along_z.subs(p, logistic))
    assert score.diff(w) == along_w
    assert equal(loss.subs(p, said).diff(w), short.subs(p, said))
    return Function("d_w")(sp.Symbol("ell")), "=", chain, "=", short


def prove_the_bound_on_a_perceptrons_mistakes():
    r"""classification: a bound on a perceptron's mistakes, if θ* parts the data with
    margins of at least 1

    k \le R^2\, \|\theta^*\|^2, \qquad R = \max_i \|(x_i, 1)\|
    """
    R, x_i = sp.Symbol("R", positive=True), sp.Symbol("x_i")
    best = matrix("theta^*", 2)
    bound, longest = R**2 * norm(best) ** 2, norm(Matrix([x_i, 1]))
    # Novikoff: a mistake brings θ·θ* up by at least 1, and |θ|² by at most R², since
    # 2θ·a is not positive; then k ≤ θ·θ* ≤ |θ| |θ*| ≤ R √k |θ*|, which ends at k.
    size = sp.Symbol("T", positive=True)
    [last] = solve(Eq(k, R * sqrt(k) * size), k)
    assert equal(last, bound.subs({best[0]: size, best[1]: 0}))
    at, a = matrix("theta", 2), matrix("a", 2)
    grown = norm(at + a) ** 2 - norm(at) ** 2
    assert sp.expand(grown - 2 * at.dot(a) - norm(a) ** 2) == 0

    tight = {"AND": [2, 2, -3], "OR": [2, 2, -1], "NOT x1 AND x2": [-2, 2, -1]}
    ones = np.column_stack([gate_x, np.ones(4)])
    for gate, parting in tight.items():
        labels = gate_y[gate]
        assert np.min((2 * labels - 1) * (ones @ parting)) >= 1
        path, _ = classification.perceptron(gate_x, labels)
        most = np.max(np.sum(ones**2, axis=1)) * np.dot(parting, parting)
        assert len(path) - 1 <= most
    return k, "<=", bound, ",", R, "=", Function("max_i")(longest)


# Two layers


def prove_the_errors_go_back_through_the_weights():
    r"""layers: backpropagation through two layers

    \delta^2 = \frac1n (p - y), \qquad
    \delta^1 = W^{2\top} \delta^2 \odot a \odot (1 - a)
    """
    p, last = symbols("p delta^2")
    weights, a, first = matrix("W^2", 1, 2), matrix("a", 2), matrix("delta^1", 2)
    error = (p - y) / n
    back = (weights.T * last).multiply_elementwise(a)
    back = back.multiply_elementwise(sp.ones(2, 1) - a)
    sums = Matrix(symbols("z1 z2", real=True))
    hidden = sums.applyfunc(lambda each: logistic.subs(z, each))
    total = weights.dot(hidden) + b
    loss = (log(1 + exp(z)) - y * z) / n  # of one of n examples
    assert equal(loss.diff(z), error.subs(p, logistic))
    there = dict(zip(a, hidden, strict=True)) | {last: loss.diff(z).subs(z, total)}
    gap = slopes(loss.subs(z, total), sums) - back.subs(there)
    assert simplify(gap) == sp.zeros(2, 1)
    return last, "=", error, ",", first, "=", back


def prove_how_many_parameters_a_network_has():
    r"""layers: the weights and biases between layers of n₀, n₁, … units

    d = \sum_{i \ge 1} (n_{i-1} + 1)\, n_i
    """
    units = IndexedBase("n")
    each = (units[i - 1] + 1) * units[i]
    some = [units[j] for j in range(5)]
    assert sp.expand(layers.parameters(*some) - Sum(each, (i, 1, 4)).doit()) == 0
    for sizes in (2, 2, 1), (3, 3, 2, 1), (784, 16, 16, 10):
        arrays = [np.empty((many, few + 1)) for few, many in pairwise(sizes)]
        count = Sum(each, (i, 1, len(arrays))).doit()
        count = count.subs({units[j]: size for j, size in enumerate(sizes)})
        assert layers.parameters(*sizes) == count == sum(one.size for one in arrays)
    return sp.Symbol("d"), "=", Sum(each, (i, 1, oo))


# What makes the sheet safe


PROOFS = [name for name in list(globals()) if name.startswith("prove_")]
TEX = {formula.proof: formula.tex for formula in formulas()}
NO_MISTAKE = r"\|(x_i, -1)\|"  # it is as long as (x_i, 1)


@cache
def proved(name):
    """What a proof returns, and the meaning of its letters."""
    formula = globals()[name]()
    return formula, letters(formula)


def test_every_formula_of_the_sheet_is_proved():
    assert [formula.proof for formula in formulas()] == PROOFS


@pytest.mark.parametrize("name", PROOFS)
def test_the_tex_says_what_was_proved(name):
    formula, meanings = proved(name)
    assert agree(read(TEX[name], meanings), formula)


@pytest.mark.parametrize("name", PROOFS)
def test_every_mistake_in_the_tex_is_found(name):
    """Most can be read, and all that can be read differ from what was proved."""
    (formula, meanings), readings = proved(name), []
    for wrong in mutants(TEX[name]):
        if NO_MISTAKE in wrong:
            continue
        try:
            readings.append(read(wrong, meanings))
        except VisitError:  # matrices that do not fit
            readings.append(())
        except UnexpectedInput:
            continue
        assert not agree(readings[-1], formula), wrong
    assert len(readings) >= 0.7 * len([*mutants(TEX[name])])


@pytest.mark.parametrize("tex", [r"x = \heartsuit", "x = (y", "x + 1", "x = y z ="])
def test_what_cannot_be_read_is_an_error(tex):
    with pytest.raises(UnexpectedInput):
        read(tex, {})
