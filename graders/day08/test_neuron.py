"""Grader of day08/neuron."""

from itertools import cycle

import numpy as np

from course.grading import assert_close, code, forms, graded


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


SIGMOID = code("lambda z: 1 / (1 + np.exp(-z))")
RELU = code("lambda z: np.maximum(z, 0)")
SOFTMAX = code(
    "lambda z: np.exp(z - np.max(z, axis=-1, keepdims=True))"
    " / np.sum(np.exp(z - np.max(z, axis=-1, keepdims=True)), axis=-1, keepdims=True)"
)
CURVED = [(SIGMOID, sigmoid), (code("lambda z: np.tanh(z)"), np.tanh)]
FUNCTIONS = [*CURVED, (RELU, relu)]


def one_neuron(rng):
    """Inputs, weights and bias with z positive both with and without the bias, where no function is flat."""
    while True:
        x, w, b = rng.normal(size=4), rng.normal(size=4), float(rng.uniform(0.4, 1.2))
        if 0.3 < x @ w < 2:
            return x, w, b


def one_layer(rng, batch=5, features=3, units=4):
    return rng.normal(size=(batch, features)), rng.normal(size=(features, units)), rng.normal(size=units)


EXAMPLE = np.array([2.0, 3.0]), np.array([0.5, -1.0]), 1.5
EXAMPLE_LAYER = (
    np.array([[2.0, 3.0], [1.0, 0.0], [0.0, -1.0]]),
    np.array([[0.5, 1.0, 0.0], [-1.0, 0.0, 2.0]]),
    np.array([1.5, -1.0, 0.5]),
)


def inputs(rng, *sizes):
    """Inputs and weights of one neuron in every form, whole numbers with fractions too, and all kinds of biases."""
    biases = cycle((0.75, -1.5, 0.0, 1, -2, float(rng.uniform(2, 3))))
    for n in sizes:
        yield rng.integers(-3, 4, size=n), rng.normal(size=n), next(biases)
        yield rng.normal(size=n), rng.integers(-3, 4, size=n), next(biases)
        for x, w in forms(rng, (n,), (n,)):
            yield x, w, next(biases)


def layers(rng, *sizes):
    """Inputs, weights and biases of layers in every form, whole numbers with fractions too."""
    for batch, features, units in sizes:
        yield rng.integers(-3, 4, size=(batch, features)), *one_layer(rng, batch, features, units)[1:]
        yield from forms(rng, (batch, features), (features, units), (units,))


@graded(points=2)
def test_weighted_sum(submission, rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), float(rng.uniform(0.5, 2))
    z = x @ w
    wrong = {"no_bias": z, "bias_minus": z - b, "bias_each": z + b * len(x), "mean": z / len(x) + b}
    assert_close(submission.weighted_sum(x, w, b), z + b, mistakes=wrong)
    for x, w, b in (EXAMPLE, *inputs(rng, 4, 1)):
        assert_close(submission.weighted_sum(x, w, b), x @ w + b)


@graded(points=2, after=["weighted_sum"])
def test_neuron(submission, rng):
    for function, f in CURVED:
        x, w, b = one_neuron(rng)
        z = x @ w
        wrong = {"no_bias": f(z), "bias_outside": f(z) + b, "no_activation": z + b}
        wrong["each_product"] = f(x * w).sum() + b
        assert_close(submission.neuron(x, w, b, function), f(z + b), mistakes=wrong)
    for (x, w, b), (function, f) in zip([EXAMPLE] * 3 + [*inputs(rng, 4)], cycle(FUNCTIONS), strict=False):
        assert_close(submission.neuron(x, w, b, function), f(x @ w + b))


@graded(points=2)
def test_dense(submission, rng):
    for function, f in FUNCTIONS:
        X, W, b = one_layer(rng)
        wrong = {"no_activation": X @ W + b, "no_bias": f(X @ W), "bias_outside": f(X @ W) + b}
        assert_close(submission.dense(X, W, b, function), f(X @ W + b), mistakes=wrong)
        X, W, b = EXAMPLE_LAYER
        assert_close(submission.dense(X, W, b, function), f(X @ W + b))
    for (X, W, b), (function, f) in zip(layers(rng, (5, 3, 4)), cycle(FUNCTIONS), strict=False):
        assert_close(submission.dense(X, W, b, function), f(X @ W + b))


@graded(points=1, after=["neuron", "dense"])
def test_linear(submission, rng):
    x, w, b = one_neuron(rng)
    x = x - 4 * w / (w @ w)  # z below 0, where an activation would show
    assert_close(submission.neuron(x, w, b, None), x @ w + b)
    assert_close(submission.neuron(x, w, b), x @ w + b)
    X, W, b = one_layer(rng)
    assert_close(submission.dense(X, W, b, None), X @ W + b)
    assert_close(submission.dense(X, W, b), X @ W + b)


@graded(points=1, after=["dense"])
def test_softmax_layer(submission, rng):
    X, W, b = one_layer(rng, batch=4, features=5, units=3)
    z = X @ W + b
    wrong = {"single_entries": np.ones_like(z), "whole_batch": np.exp(z) / np.exp(z).sum()}
    assert_close(submission.dense(X, W, b, SOFTMAX), softmax(z), mistakes=wrong)


@graded(points=1, after=["dense", "neuron"], hidden=True)
def test_small_layers(submission, rng):
    for X, W, b in layers(rng, (1, 3, 2), (4, 2, 1), (1, 1, 1), (3, 1, 4)):
        assert_close(submission.dense(X, W, b, SIGMOID), sigmoid(X @ W + b))
        got = submission.neuron(X[0], W[:, 0], float(b[0]), SIGMOID)
        assert_close(got, sigmoid(X[0] @ W[:, 0] + b[0]))
