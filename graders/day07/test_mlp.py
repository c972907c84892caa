"""Grader of day07/mlp."""

import numpy as np

from course.grading import (
    array,
    assert_close,
    assert_equal,
    assert_shape,
    code,
    graded,
    require,
    unchanged,
    unpack,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
NAND, OR, XOR = np.array([1, 1, 1, 0]), np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])
RELU, DOUBLE, IDENTITY = code("lambda z: np.maximum(z, 0)"), code("lambda z: 2 * z"), code("lambda z: z")
STEP = code("lambda z: np.where(z > 0, 1.0, 0.0)")


def relu(z):
    return np.maximum(z, 0)


def network(rng, d, h, k):
    """Random W1, b1, W2, b2."""
    return rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(size=(h, k)), rng.normal(size=k)


def mixed_signs(rng, n, d, h, k):
    """A batch and weights for which the sums of the output layer have both signs, so that ReLU there shows."""
    while True:
        x, (W1, b1, W2, b2) = rng.normal(size=(n, d)), network(rng, d, h, k)
        z = relu(x @ W1 + b1) @ W2 + b2
        if z.min() < -0.1 and z.max() > 0.1:
            return x, W1, b1, W2, b2


def check_forward(submission, x, W1, b1, W2, b2, scale=2):
    """ReLU in the hidden layer, multiplication by `scale` (1 or 2) at the output."""
    args = (x, W1, b1, W2, b2, RELU, DOUBLE if scale == 2 else IDENTITY)
    hidden, output = unpack(unchanged(submission.forward, *args), "hidden", "output")
    z1 = x @ W1 + b1
    mistakes = {
        "no_b1": relu(x @ W1),
        "no_activation": z1,
        "swapped": scale * z1,
        "bias_outside": relu(x @ W1) + b1,
    }
    assert_close(hidden, relu(z1), mistakes=mistakes)
    z2 = relu(z1) @ W2
    mistakes = {
        "no_b2": scale * z2,
        "linear_hidden": scale * (z1 @ W2 + b2),
        "no_output_activation": z2 + b2,
        "hidden_activation": relu(z2 + b2),
        "bias_outside": scale * z2 + b2,
    }
    assert_close(output, scale * (z2 + b2), mistakes=mistakes)


@graded(points=2)
def test_forward(submission, rng):
    W1, b1 = np.array([[1.0, -1.0, 2.0], [2.0, 1.0, 0.0]]), np.array([0.0, 1.0, -3.0])
    W2, b2 = np.array([[1.0], [-2.0], [3.0]]), np.array([0.5])
    x = np.array([[1.0, 2.0], [3.0, 0.0]])
    check_forward(submission, x, W1, b1, W2, b2, scale=1)
    check_forward(submission, *mixed_signs(rng, 5, 4, 3, 2))


@graded(points=2)
def test_xor_weights(submission, rng):
    weights = unpack(submission.xor_weights(), "W1", "b1", "W2", "b2")
    W1, b1, W2, b2 = (array(w, shape) for w, shape in zip(weights, [(2, 2), (2,), (2, 1), (1,)], strict=True))
    hidden = (CORNERS @ W1 + b1 > 0).astype(int)
    first, second = hidden[:, 0].tolist(), hidden[:, 1].tolist()
    require(not (np.array_equal(first, OR) and np.array_equal(second, NAND)), "order")
    require(np.array_equal(first, NAND), "nand", got=first)
    require(np.array_equal(second, OR), "or", got=second)
    both = CORNERS @ W2[:, 0] + b2[0]
    output = (both > 0).astype(int).tolist()
    require(output == [0, 0, 0, 1], "and", got=output)


@graded(points=1, after=["forward", "xor_weights"])
def test_xor(submission, rng):
    assert_equal(submission.xor(CORNERS), XOR)
    x = rng.integers(0, 2, size=(17, 2)).astype(float)
    assert_equal(unchanged(submission.xor, x), (x[:, 0] != x[:, 1]).astype(int))


@graded(points=2)
def test_collapse(submission, rng):
    W1, b1, W2, b2 = network(rng, 4, 3, 2)
    W, b = unpack(unchanged(submission.collapse, W1, b1, W2, b2), "W", "b")
    assert_close(W, W1 @ W2)
    assert_close(b, b1 @ W2 + b2, mistakes={"b2_only": b2, "b1_only": b1 @ W2})


@graded(points=1, after=["forward"])
def test_same_as_collapsed(submission, rng):
    x, weights = rng.normal(size=(6, 3)), network(rng, 3, 5, 2)
    got = submission.forward(x, *weights, IDENTITY, IDENTITY)
    _, output = unpack(got, "hidden", "output")
    W1, b1, W2, b2 = weights
    assert_close(output, x @ (W1 @ W2) + b1 @ W2 + b2)


@graded(points=1, after=["forward"], hidden=True)
def test_other_sizes(submission, rng):
    for n, d, h, k in [(1, 3, 2, 1), (3, 3, 3, 3), (7, 1, 4, 5)]:
        check_forward(submission, rng.normal(size=(n, d)), *network(rng, d, h, k))
    x, (W1, b1, W2, b2) = rng.normal(size=(8, 2)), network(rng, 2, 4, 1)
    hidden, output = unpack(submission.forward(x, W1, b1, W2, b2, STEP, STEP), "hidden", "output")
    want = (x @ W1 + b1 > 0).astype(float)
    assert_close(hidden, want)
    assert_shape(output, (8, 1))
    assert_close(output, (want @ W2 + b2 > 0).astype(float))
