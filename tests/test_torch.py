"""Our optimisers take the steps that PyTorch takes, every one of them.

The records are made by `record_torch.py`. Where PyTorch is installed the records
themselves are compared with it.
"""

import numpy as np
import pytest
import record_torch
from batches import sgd
from descent import descend
from momentum import adagrad, adam, by_average, by_velocity, momentum, nesterov, rmsprop
from record_torch import LINE, OPTIMISERS, PROBLEMS, RECORDERS, recorded
from shared.data import line_x, line_y
from shared.landscapes import rosenbrock
from shared.line import line_grad

OURS = {
    "descend": (descend, {}),
    "momentum": (momentum, {}),
    "momentum half": (momentum, {"beta": 0.5}),
    "nesterov": (nesterov, {}),
    "adagrad": (adagrad, {}),
    "rmsprop": (rmsprop, {}),
    "rmsprop short": (rmsprop, {"beta": 0.9}),
    "adam": (adam, {}),
    "adam short": (adam, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-4}),
}
GRADIENTS = {
    "rosenbrock": rosenbrock.grad,
    "quadratic": lambda x: np.array(PROBLEMS["quadratic"]["hess"]) @ x,
}


def same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def run(method, name, problem, factor=1, **constants):
    """Run one of our methods on what PyTorch was given."""
    rate = OPTIMISERS[name][2 + list(PROBLEMS).index(problem)]
    given = PROBLEMS[problem]
    start, steps = np.array(given["start"], dtype=float), given["steps"]
    return method(GRADIENTS[problem], start, factor * rate, steps, **constants)


@pytest.fixture(scope="module")
def runs():
    return recorded("torch_optimisers")


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("name", OURS)
def test_every_step_is_pytorchs(runs, name, problem):
    method, constants = OURS[name]
    path = run(method, name, problem, **constants)
    assert len(path) == 51
    same(path, runs[f"{name} on {problem}"])


def test_every_recorded_optimiser_is_compared():
    assert set(OPTIMISERS) - set(OURS) == {"dampened"}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_other_two_notations_of_momentum_are_pytorchs_path_too(runs, problem):
    theirs = runs[f"momentum on {problem}"]
    same(run(by_velocity, "momentum", problem), theirs)
    same(run(by_average, "momentum", problem, factor=1 / (1 - 0.9)), theirs)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_pytorchs_dampening_is_the_mean_but_for_its_first_step(runs, problem):
    theirs = np.array(runs[f"dampened on {problem}"])
    rate = OPTIMISERS["dampened"][2 + list(PROBLEMS).index(problem)]
    grad = GRADIENTS[problem]
    x = theirs[0]
    v = grad(x)  # a mean would start with a tenth of it
    for k in range(1, len(theirs)):
        x = x - rate * v
        same(x, theirs[k])
        v = 0.9 * v + (1 - 0.9) * grad(x)
    first = theirs[0] - rate * (1 - 0.9) * grad(theirs[0])
    assert np.linalg.norm(first - theirs[1]) > 1


@pytest.mark.parametrize("batch", [1, 2])
def test_stochastic_descent_in_a_fixed_order_is_pytorchs(runs, batch):
    path = sgd(line_grad, np.zeros(2), 4, LINE["rate"], epochs=5, batch=batch)
    same(path, runs[f"sgd by {batch}"])


def test_pytorch_was_given_our_data():
    assert LINE["x"] == line_x.tolist()
    assert LINE["y"] == line_y.tolist()


@pytest.mark.parametrize("name", RECORDERS)
def test_a_record_is_what_the_installed_pytorch_computes(name):
    pytest.importorskip("torch", reason="PyTorch is 200 MB; its record stands in")
    agree(recorded(name), record_torch.live(name))


def agree(record, live):
    """Compare two values of JSON, numbers to 1e-12."""
    assert type(record) is type(live)
    if isinstance(record, dict):
        assert list(record) == list(live)
        for key in record:
            agree(record[key], live[key])
    elif isinstance(record, list):
        assert len(record) == len(live)
        for one, other in zip(record, live, strict=True):
            agree(one, other)
    elif isinstance(record, float):
        assert record == pytest.approx(live, rel=1e-12, abs=1e-12)
    else:
        assert record == live


def test_a_record_that_differs_in_the_eleventh_digit_is_found():
    agree({"run": [1.0, "a"]}, {"run": [1.0 + 1e-13, "a"]})
    with pytest.raises(AssertionError):
        agree({"run": [1.0, "a"]}, {"run": [1.0 + 1e-11, "a"]})
