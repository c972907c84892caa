"""Grader of day07/mlp."""

import numpy as np

from course.grading import (
    array,
    assert_close,
    assert_equal,
    code,
    forms,
    graded,
    require,
    unpack,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
NAND, OR, AND = [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 0, 1]
SOURCES = {
    "relu": "lambda z: np.maximum(z, 0)",
    "double": "lambda z: 2 * z",
    "identity": "lambda z: z",
    "step": "lambda z: np.where(z > 0, 1.0, 0.0)",
}
ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "double": lambda z: 2 * z,
    "identity": lambda z: z,
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
}


def layers(d, h, k):
    """The shapes of W1, b1, W2, b2."""
    return (d, h), (h,), (h, k), (k,)


def eighths(rng, *shapes):
    """`forms` in multiples of 1/8: sums, and ties at z = 0, are exact in any order and in float32."""
    for arrays in forms(rng, *shapes):
        yield tuple((np.round(8 * a) / 8).astype(a.dtype) for a in arrays)


def forward(submission, x, weights, hidden="relu", output="double"):
    got = submission.forward(x, *weights, code(SOURCES[hidden]), code(SOURCES[output]))
    return unpack(got, "hidden", "output")


def check_forward(submission, x, weights, hidden="relu", output="double"):
    W1, b1, W2, b2 = weights
    want = ACTIVATIONS[hidden](x @ W1 + b1)
    got_hidden, got_output = forward(submission, x, weights, hidden, output)
    assert_close(got_hidden, want)
    assert_close(got_output, ACTIVATIONS[output](want @ W2 + b2))


def diagnose_forward(submission, rng, n, d, h, k):
    """ReLU in the hidden layer, doubling at the output; biases with which every unit has sums of both signs."""
    x, W1, W2 = rng.normal(size=(n, d)), rng.normal(size=(d, h)), rng.normal(size=(h, k))
    relu = ACTIVATIONS["relu"]
    b1 = rng.uniform(0.1, 0.2, size=h) - (x @ W1).mean(axis=0)
    z1 = x @ W1 + b1
    b2 = rng.uniform(0.1, 0.2, size=k) - (relu(z1) @ W2).mean(axis=0)
    hidden, output = forward(submission, x, (W1, b1, W2, b2))
    mistakes = {
        "no_b1": relu(x @ W1),
        "no_activation": z1,
        "swapped": 2 * z1,
        "bias_outside": relu(x @ W1) + b1,
    }
    assert_close(hidden, relu(z1), mistakes=mistakes)
    z2 = relu(z1) @ W2
    mistakes = {
        "no_b2": 2 * z2,
        "linear_hidden": 2 * (z1 @ W2 + b2),
        "no_output_activation": z2 + b2,
        "hidden_activation": relu(z2 + b2),
        "bias_outside": 2 * z2 + b2,
    }
    assert_close(output, 2 * (z2 + b2), mistakes=mistakes)


@graded(points=2)
def test_forward(submission, rng):
    diagnose_forward(submission, rng, 6, 4, 3, 2)
    W1, b1 = np.array([[1.0, -1.0, 2.0], [2.0, 1.0, 0.0]]), np.array([0.0, 1.0, -3.0])
    W2, b2 = np.array([[1.0], [-2.0], [3.0]]), np.array([0.5])
    check_forward(submission, np.array([[1.0, 2.0], [3.0, 0.0]]), (W1, b1, W2, b2), output="identity")
    for x, *weights in eighths(rng, (5, 4), *layers(4, 3, 3)):
        check_forward(submission, x, weights)


@graded(points=2, after=["forward"])
def test_xor_weights(submission, rng):
    weights = unpack(submission.xor_weights(), "W1", "b1", "W2", "b2")
    W1, b1, W2, b2 = (array(w, shape) for w, shape in zip(weights, layers(2, 2, 1), strict=True))
    first, second = (CORNERS @ W1 + b1 > 0).astype(int).T.tolist()
    require(not (first == OR and second == NAND), "order")
    require(first == NAND, "nand", got=first)
    require(second == OR, "or", got=second)
    output = (CORNERS @ W2[:, 0] + b2[0] > 0).astype(int).tolist()
    require(output == AND, "and", got=output)
    rows = rng.integers(0, 2, size=(9, 2))
    _, output = forward(submission, rows, (W1, b1, W2, b2), "step", "step")
    assert_close(output, (rows[:, :1] != rows[:, 1:]).astype(float))


@graded(points=1, after=["forward", "xor_weights"])
def test_xor(submission, rng):
    rows = rng.integers(0, 2, size=(17, 2))
    constant = np.full((3, 2), rng.integers(0, 2))
    for x in (CORNERS, rows, 1.0 * rows, rows.astype(np.float32), rows[:1], constant, 1 - constant):
        for values in (x, np.column_stack([1 - x[:, 0], x[:, 1]])):
            want = (values[:, 0] != values[:, 1]).astype(int)
            assert_equal(submission.xor(values), want, mistakes={"column": want[:, None]})


def check_collapse(submission, W1, b1, W2, b2, mistakes=None):
    W, b = unpack(submission.collapse(W1, b1, W2, b2), "W", "b")
    assert_close(W, W1 @ W2)
    assert_close(b, b1 @ W2 + b2, mistakes=mistakes)


@graded(points=2)
def test_collapse(submission, rng):
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in layers(4, 3, 2))
    check_collapse(submission, W1, b1, W2, b2, {"b2_only": b2, "b1_only": b1 @ W2})
    for weights in eighths(rng, *layers(3, 4, 3)):
        check_collapse(submission, *weights)
    for d, h, k in ((1, 3, 1), (3, 1, 2)):
        check_collapse(submission, *(rng.normal(size=shape) for shape in layers(d, h, k)))


@graded(points=1, after=["forward"])
def test_same_as_collapsed(submission, rng):
    x, weights = rng.normal(size=(6, 3)), [rng.normal(size=shape) for shape in layers(3, 5, 2)]
    _, output = forward(submission, x, weights, "identity", "identity")
    W1, b1, W2, b2 = weights
    assert_close(output, x @ (W1 @ W2) + b1 @ W2 + b2)


@graded(points=1, after=["forward"], hidden=True)
def test_other_sizes(submission, rng):
    for n, d, h, k in ((1, 3, 2, 1), (3, 1, 1, 2), (7, 2, 4, 1)):
        x, *weights = (rng.normal(size=shape) for shape in ((n, d), *layers(d, h, k)))
        check_forward(submission, x, weights, "step", "relu")
        check_forward(submission, x, weights, "identity", "step")
