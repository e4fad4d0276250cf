"""Words out of the names of tests and proofs."""

_SPELT = {
    "adam": "Adam",
    "armijo": "Armijo",
    "bfgs": "BFGS",
    "g": "*g*",
    "hessian": "Hessian",
    "hp": "*Hp*",
    "newton": "Newton",
    "newtons": "Newton’s",
    "p": "*p*",
    "perceptrons": "perceptron’s",
    "polyaks": "Polyak’s",
    "sympy": "SymPy",
    "x": "*x*",
}


def said(name):
    """Return as Markdown what a name such as `test_hessian_is_symmetric` says."""
    _, *words = name.split("_")
    return " ".join(_SPELT.get(word, word) for word in words)
