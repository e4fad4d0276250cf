"""Record what PyTorch computes, so that the tests need no PyTorch.

    python tests/record_torch.py                     all fixtures
    python tests/record_torch.py torch_optimisers    one of them

A fixture is a function marked `@fixture`. It takes the module torch and returns
{name of the run: anything JSON can hold}; the record is `fixtures/<function>.json`.
`test_torch.py` compares our code with every record and, where PyTorch is installed,
every record with PyTorch.
"""

import json
import sys
from pathlib import Path

FIXTURES = Path(__file__).with_name("fixtures")
RECORDERS = {}


def fixture(recorder):
    """Register a function as the recorder of the fixture of its name."""
    RECORDERS[recorder.__name__] = recorder
    return recorder


def recorded(name):
    """Return the runs of a fixture, as they were recorded."""
    text = (FIXTURES / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)["runs"]


def live(name):
    """Return the runs of a fixture as the installed PyTorch computes them."""
    import torch

    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    return RECORDERS[name](torch)


def record(name):
    """Write a fixture's file, one run in a line. Floats survive unchanged."""
    import torch

    runs = live(name)
    lines = [f"  {json.dumps(run)}: {json.dumps(runs[run])}" for run in runs]
    version = torch.__version__.split("+")[0]
    text = f'{{"torch": "{version}", "runs": {{\n' + ",\n".join(lines) + "\n}}\n"
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(text, encoding="utf-8")


# Optimisers, every step, with gradients from autograd.

# Our name, PyTorch's class and its options, the rate on each of the two problems.
OPTIMISERS = {
    "descend": ("SGD", {}, 0.001, 0.015),
    "momentum": ("SGD", {"momentum": 0.9}, 0.0005, 0.01),
    "momentum half": ("SGD", {"momentum": 0.5}, 0.001, 0.01),
    "dampened": ("SGD", {"momentum": 0.9, "dampening": 0.9}, 0.005, 0.1),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}, 0.0005, 0.005),
    "adagrad": ("Adagrad", {}, 0.5, 0.5),
    "rmsprop": ("RMSprop", {}, 0.01, 0.1),
    "rmsprop short": ("RMSprop", {"alpha": 0.9}, 0.01, 0.1),
    "adam": ("Adam", {}, 0.1, 0.1),
    "adam short": ("Adam", {"betas": (0.5, 0.9), "eps": 1e-4}, 0.1, 0.1),
}
PROBLEMS = {
    "rosenbrock": {"start": [-1.2, 1.0], "steps": 50},
    # Curvatures 2 and 100, along the diagonals.
    "quadratic": {"start": [3.0, -1.0], "steps": 50, "hess": [[51, 49], [49, 51]]},
}
LINE = {"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, 7.0], "rate": 0.05}


def heights(torch, problem):
    """Return the loss of a problem, as a function of a tensor."""
    if problem == "rosenbrock":
        return lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    hess = torch.tensor(PROBLEMS[problem]["hess"], dtype=torch.float64)
    return lambda p: p @ hess @ p / 2


def walk(optimiser, point, losses):
    """Take one step for each loss; return all points as lists of floats."""
    path = [point.tolist()]
    for loss in losses:
        optimiser.zero_grad()
        loss(point).backward()
        optimiser.step()
        path.append(point.tolist())
    return path


@fixture
def torch_optimisers(torch):
    runs = {}
    for column, (problem, given) in enumerate(PROBLEMS.items(), start=2):
        for name, row in OPTIMISERS.items():
            kind, options, rate = row[0], row[1], row[column]
            point = torch.tensor(given["start"], requires_grad=True)
            optimiser = getattr(torch.optim, kind)([point], lr=rate, **options)
            losses = [heights(torch, problem)] * given["steps"]
            runs[f"{name} on {problem}"] = walk(optimiser, point, losses)
    for batch in 1, 2:
        runs[f"sgd by {batch}"] = walk_line(torch, batch)
    return runs


def walk_line(torch, batch, epochs=5):
    """Fit the line in batches of fixed order; each loss is a batch's mean."""
    x, y = torch.tensor(LINE["x"]), torch.tensor(LINE["y"])
    point = torch.zeros(2, requires_grad=True)

    def loss_of(rows):
        return lambda p: ((p[0] * x[rows] + p[1] - y[rows]) ** 2).mean()

    losses = [loss_of(slice(i, i + batch)) for i in range(0, 4, batch)]
    optimiser = torch.optim.SGD([point], lr=LINE["rate"])
    return walk(optimiser, point, losses * epochs)


# A network of two layers on XOR: its output, loss and slopes, and a training.

XOR = {"x": [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], "y": [0.0, 1.0, 1.0, 0.0]}
# Weights and biases in PyTorch's own order: W1 by rows, b1, W2, b2.
NETWORKS = {
    "paper": [1.0, -1.0, -1.0, 1.0, -0.5, -0.5, 2.0, 2.0, -1.0],
    "zero": [0.0] * 9,
    "uneven": [0.3, -1.2, 0.7, 2.1, -0.4, 0.9, -1.6, 0.8, 0.2],
    "large": [9.0, 8.0, -7.0, -9.0, -4.0, 11.0, 12.0, 10.0, -15.0],
}
NETWORK_STEPS = 50


@fixture
def torch_layers(torch):
    x, y = torch.tensor(XOR["x"]), torch.tensor(XOR["y"])[:, None]
    loss_of = torch.nn.BCEWithLogitsLoss()
    runs = {}
    for name, values in NETWORKS.items():
        layers = torch.nn.Linear(2, 2), torch.nn.Sigmoid(), torch.nn.Linear(2, 1)
        network = torch.nn.Sequential(*layers)
        parameters = list(network.parameters())
        torch.nn.utils.vector_to_parameters(torch.tensor(values), parameters)
        optimiser = torch.optim.SGD(parameters, lr=1.0)
        run = {"path": [values], "losses": [], "slopes": []}
        run["outputs"] = torch.sigmoid(network(x))[:, 0].tolist()
        for _ in range(NETWORK_STEPS):
            optimiser.zero_grad()
            loss = loss_of(network(x), y)
            loss.backward()
            optimiser.step()
            run["losses"].append(loss.item())
            slopes = torch.cat([part.grad.flatten() for part in parameters])
            run["slopes"].append(slopes.tolist())
            vector = torch.nn.utils.parameters_to_vector(parameters)
            run["path"].append(vector.tolist())
        runs[name] = run
    return runs


if __name__ == "__main__":
    for fixture_name in sys.argv[1:] or RECORDERS:
        record(fixture_name)
