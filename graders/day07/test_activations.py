"""Grader of day07/activations."""

import numpy as np

from course.grading import array, assert_close, assert_raises, forms, graded, require


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


DERIVATIVES = {
    "sigmoid": lambda x: sigmoid(x) * sigmoid(-x),
    "relu": lambda x: (x > 0).astype(float),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
}


def floats(rng, *shapes):
    """`forms`, the whole numbers among them as floats: the text speaks of arrays of floats."""
    for arrays in forms(rng, *shapes):
        yield tuple(a if a.dtype.kind == "f" else a.astype(float) for a in arrays)


def elementwise(rng):
    """Arrays for functions of every entry: all forms of one shape, and the smallest shapes."""
    for (x,) in floats(rng, (3, 4)):
        yield x
    for shape in ((1,), (4, 1)):
        yield rng.uniform(-3, 3, size=shape)


def diagnose_derivatives(submission, x):
    values = {"sigmoid": sigmoid(x), "relu": np.maximum(x, 0), "tanh": np.tanh(x)}
    typical = {
        "sigmoid": {"of_output": x * (1 - x)},
        "relu": {"at_zero": (x >= 0).astype(float)},
        "tanh": {"of_output": 1 - x**2, "not_squared": 1 - np.tanh(x)},
    }
    for name, function in DERIVATIVES.items():
        mistakes = typical[name] | {"function_itself": values[name]}
        assert_close(submission.derivative(name, x), function(x), mistakes=mistakes)


def check_derivatives(submission, x):
    for name, function in DERIVATIVES.items():
        assert_close(submission.derivative(name, x), function(x))


@graded(points=1)
def test_sigmoid(submission, rng):
    x = rng.normal(scale=3, size=(3, 4))
    got = array(submission.sigmoid(x), x.shape)
    require(np.all((got > 0) & (got < 1)), "range", low=got.min(), high=got.max())
    assert_close(got, sigmoid(x), mistakes={"sign": sigmoid(-x)})
    assert_close(submission.sigmoid(np.array([0.0, 2.0, -2.0])), [0.5, 0.880797, 0.119203])
    for x in elementwise(rng):
        assert_close(submission.sigmoid(x), sigmoid(x))


@graded(points=1)
def test_relu_and_tanh(submission, rng):
    x = rng.permutation([*rng.uniform(0.2, 3, size=6), *rng.uniform(-3, -0.2, size=6)]).reshape(4, 3)
    want = np.where(x > 0, x, 0)
    step = (x > 0).astype(float)
    assert_close(submission.relu(x), want, mistakes={"abs": np.abs(x), "minimum": x - want, "step": step})
    assert_close(submission.tanh(x), np.tanh(x), mistakes={"half": np.tanh(x / 2), "sigmoid": sigmoid(x)})
    assert_close(submission.tanh(np.array([1.0, -1.0, 0.0])), [0.761594, -0.761594, 0])
    for x in elementwise(rng):
        assert_close(submission.relu(x), np.where(x > 0, x, 0))
    for x in elementwise(rng):
        assert_close(submission.tanh(x), np.tanh(x))


@graded(points=2)
def test_softmax(submission, rng):
    x = rng.normal(scale=2, size=(5, 4))
    got = submission.softmax(x)
    mistakes = {"columns": softmax(x, axis=0), "whole": np.exp(x) / np.exp(x).sum(), "not_divided": np.exp(x)}
    mistakes |= {
        "no_exp": x / x.sum(axis=-1, keepdims=True),
        "max_divided": np.exp(x - x.max(axis=-1, keepdims=True)),
    }
    assert_close(got, softmax(x), mistakes=mistakes)
    assert_close(submission.softmax(np.array([2.0, 1.0, 0.0])), [0.665241, 0.244728, 0.090031])
    for (x,) in floats(rng, (4, 3)):
        assert_close(submission.softmax(x), softmax(x))
    for shape in ((1, 5), (4, 1), (1,)):
        x = rng.uniform(-3, 3, size=shape)
        assert_close(submission.softmax(x), softmax(x))


@graded(points=2, after=["sigmoid", "relu_and_tanh", "softmax"])
def test_stable(submission, rng):
    x = rng.permutation([-1000.0, -800.0, -1.0, 1.0, 800.0, *rng.uniform(900, 1000, size=3)]).reshape(2, 4)
    assert_close(submission.sigmoid(x), sigmoid(x))
    assert_close(submission.tanh(x), np.tanh(x))
    assert_close(submission.relu(x), np.maximum(x, 0))
    rows = np.array([[1000.0, -1000.0, 0.0], [1000.0, 999.0, 1000.0], [-1000.0, -999.0, -1000.0]])
    rows = rng.permuted(rows, axis=1)
    assert_close(submission.softmax(rows), softmax(rows))
    assert_close(submission.softmax(rows[2]), softmax(rows[2]))


@graded(points=2)
def test_derivatives(submission, rng):
    x = rng.normal(scale=2, size=(3, 5))
    x[1, 2:] = 0.0, 0.5, -0.5
    diagnose_derivatives(submission, x)
    assert_close(submission.derivative("sigmoid", np.array([0.0, 2.0])), [0.25, 0.104994])
    for x in elementwise(rng):
        check_derivatives(submission, x)
    assert_raises(ValueError, submission.derivative, "softmax", x)


@graded(points=2)
def test_jacobian(submission, rng):
    z = rng.normal(size=5)
    p = softmax(z)
    mistakes = {
        "diagonal": np.diag(p * (1 - p)),
        "outer": np.outer(p, 1 - p),
        "only_diagonal": p * (1 - p),
    }
    assert_close(submission.softmax_jacobian(z), jacobian(z), mistakes=mistakes)
    example = np.log([0.5, 0.3, 0.2])
    for z in (example, *(z for (z,) in floats(rng, (4,))), rng.normal(size=1)):
        assert_close(submission.softmax_jacobian(z), jacobian(z))
    large = rng.permutation([1000.0, 999.0, 997.0])
    assert_close(submission.softmax_jacobian(large), jacobian(large))


@graded(points=1, after=["sigmoid", "relu_and_tanh", "softmax", "derivatives"], hidden=True)
def test_other_shapes(submission, rng):
    for x in (rng.normal(scale=2, size=7), rng.uniform(-1000, 1000, size=(2, 3, 4))):
        assert_close(submission.sigmoid(x), sigmoid(x))
        assert_close(submission.tanh(x), np.tanh(x))
        assert_close(submission.relu(x), np.maximum(x, 0))
        check_derivatives(submission, x)
    for rows in (
        rng.uniform(-1000, 1000, size=(1, 6)),
        rng.normal(size=(6, 2)) - 1000,
        rng.normal(size=3) + 1000,
    ):
        # float32 keeps about four decimals of a score near 1000
        assert_close(submission.softmax(rows), softmax(rows), rtol=1e-3)
