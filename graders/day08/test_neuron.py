"""Grader of day08/neuron."""

import numpy as np

from course.grading import assert_close, code, graded


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
FUNCTIONS = [(SIGMOID, sigmoid), (RELU, relu), (code("lambda z: np.tanh(z)"), np.tanh)]


def one_neuron(rng):
    """Inputs, weights and bias with z positive both with and without the bias, so that ReLU hides nothing."""
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


@graded(points=2)
def test_weighted_sum(submission, rng):
    cases = [EXAMPLE] + [(rng.normal(size=n), rng.normal(size=n), float(rng.uniform(0.5, 2))) for n in (5, 1)]
    for x, w, b in cases:
        z = x @ w
        wrong = {"no_bias": z, "bias_minus": z - b, "bias_each": z + b * len(x), "mean": z / len(x) + b}
        assert_close(submission.weighted_sum(x, w, b), z + b, mistakes=wrong)


@graded(points=2, after=["weighted_sum"])
def test_neuron(submission, rng):
    for function, f in FUNCTIONS:
        for x, w, b in (EXAMPLE, one_neuron(rng)):
            z = x @ w
            wrong = {"no_bias": f(z), "bias_outside": f(z) + b, "no_activation": z + b}
            wrong["each_product"] = f(x * w).sum() + b
            assert_close(submission.neuron(x, w, b, function), f(z + b), mistakes=wrong)


@graded(points=2)
def test_dense(submission, rng):
    for function, f in FUNCTIONS:
        for X, W, b in (EXAMPLE_LAYER, one_layer(rng)):
            wrong = {"no_activation": X @ W + b, "no_bias": f(X @ W), "bias_outside": f(X @ W) + b}
            assert_close(submission.dense(X, W, b, function), f(X @ W + b), mistakes=wrong)


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


@graded(points=1, after=["dense"], hidden=True)
def test_small_layers(submission, rng):
    for batch, features, units in ((1, 3, 2), (4, 2, 1), (1, 1, 1), (3, 1, 4)):
        X, W, b = one_layer(rng, batch, features, units)
        assert_close(submission.dense(X, W, b, SIGMOID), sigmoid(X @ W + b))
        got = submission.neuron(X[0], W[:, 0], float(b[0]), SIGMOID)
        assert_close(got, sigmoid(X[0] @ W[:, 0] + b[0]))
