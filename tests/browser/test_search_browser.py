"""What people type into the search, and the page that must come first."""

QUERIES = {
    "start": ["optimization", "optimizer objective", "generalization", "overfitting"],
    "loss": ["loss function", "mse", "cross-entropy", "regularization"],
    "descent": ["gradient descent", "gradient"],
    "rate": [
        "learning rate",
        "learning rate too large",
        "step size",
        "armijo",
        "armijo's condition",
    ],
    "dimensions": ["condition number", "zig-zag", "feature scaling"],
    "batches": ["sgd", "mini-batch", "minibatch", "epoch"],
    "convergence": ["stopping criterion", "early stopping", "plateau", "local minimum"],
    "momentum": ["momentum", "adam", "nesterov"],
    "newton": ["newton", "newton's method"],
    "curvature": ["saddle", "saddle point", "convex", "non-convex", "hessian"],
    "failures": ["newton diverges"],
    "compare": ["bfgs"],
    "applications": ["penguins"],
    "regression": ["chain rule", "autodiff"],
    "classification": ["perceptron", "sigmoid", "softmax"],
    "layers": ["backpropagation", "xor", "neural network", "initialization"],
    "practice": ["quiz"],
    "clinic": ["nan"],
    "labs": ["notebook"],
    "reference/glossary": ["glossary"],
}


def test_the_search_puts_the_page_first_that_a_reader_looks_for(site, tab):
    page = tab(site)
    page.keyboard.press("/")
    query = page.locator("[data-md-component=search-query]")
    wrong = {}
    for wanted, words in QUERIES.items():
        for word in words:
            page.evaluate(
                "document.querySelector('.md-search-result__list').replaceChildren()"
            )
            query.fill(word)
            query.press("End")  # the theme listens to keys
            first = page.locator(".md-search-result__link").first
            address = first.evaluate("link => link.pathname")
            if not address.endswith(f"/{wanted}/"):
                wrong[word] = address
    assert not wrong
