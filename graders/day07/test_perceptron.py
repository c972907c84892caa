"""Grader of day07/perceptron."""

import functools

import numpy as np

from course.grading import (
    array,
    assert_close,
    assert_equal,
    assert_raises,
    fail,
    graded,
    require,
    unchanged,
    unpack,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TRUTH = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
XOR = np.array([0, 1, 1, 0])


def reference_train(
    x, y, rate, max_epochs, *, bias=True, sign=1, scaled=True, batch=False, at_zero=False, cap=None
):
    """The learning rule, with switches for the usual mistakes; also the |z| nearest to 0 after the first row."""
    w, b, errors, nearest = np.zeros(x.shape[1]), 0.0, [], np.inf
    factor = sign * (rate if scaled else 1.0)
    for _ in range(min(max_epochs, cap or max_epochs)):
        wrong, dw, db = 0, np.zeros(x.shape[1]), 0.0
        for row, target in zip(x, y):
            z = row @ w + b
            if np.any(w):
                nearest = min(nearest, abs(z))
            delta = target - int(z >= 0 if at_zero else z > 0)
            wrong += delta != 0
            if batch:
                dw, db = dw + delta * row, db + delta
            else:
                w, b = w + factor * delta * row, b + bias * factor * delta
        w, b = w + factor * dw, b + factor * db
        errors.append(int(wrong))
        if not wrong:
            break
    return w, b, errors, nearest


def separable(rng, n, d, rate):
    """Rows that one unit separates, that take several epochs, and whose z never comes near 0."""
    while True:
        x, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal()
        z = x @ w + b
        y = (z > 0).astype(int)
        if np.min(np.abs(z)) < 0.1 or not 3 <= y.sum() <= n - 3 or y[0] == 0:
            continue
        *_, errors, nearest = reference_train(x, y, rate, 100)
        if 3 <= len(errors) <= 60 and nearest > 1e-3:
            return x, y


def check_rule(submission, x, y, rate, max_epochs):
    w, b, errors = unpack(unchanged(submission.train, x, y, rate, max_epochs), "w", "b", "errors")
    switches = {
        "at_zero": {"at_zero": True},
        "no_bias": {"bias": False},
        "sign": {"sign": -1},
        "no_rate": {"scaled": False},
        "batch": {"batch": True},
        "one_epoch": {"cap": 1},
    }
    bias = array(b, ())

    def wrong(key, part):
        """A mistake's weights or bias; it is named only where both show it."""
        trained = reference_train(x, y, rate, max_epochs, **switches[key])
        return trained[part] if np.isclose(bias, trained[1], rtol=1e-5, atol=1e-6) else np.nan

    want_w, want_b, want_errors, _ = reference_train(x, y, rate, max_epochs)
    assert_close(w, want_w, mistakes={key: functools.partial(wrong, key, 0) for key in switches})
    assert_close(b, want_b, mistakes={key: functools.partial(wrong, key, 1) for key in switches})
    if len(errors) == len(want_errors) - 1:
        fail("last_epoch")
    assert_equal(errors, want_errors)


@graded(points=1)
def test_step(submission, rng):
    z = rng.normal(size=(3, 4))
    z[1, 2] = 0.0
    got = submission.step(z)
    at_zero = (z >= 0).astype(int)
    assert_equal(got, (z > 0).astype(int), mistakes={"at_zero": at_zero, "sign": np.sign(z).astype(int)})
    assert_equal(submission.step(-0.5), 0)
    assert_equal(submission.step(2.0), 1)
    assert_equal(submission.step(0.0), 0, mistakes={"at_zero": 1})


@graded(points=1)
def test_predict(submission, rng):
    x, w, b = rng.normal(size=(40, 3)), rng.normal(size=3), rng.choice([-1, 1]) * rng.uniform(0.8, 1.2)
    z = x @ w
    mistakes = {"no_bias": (z > 0).astype(int), "bias_subtracted": (z - b > 0).astype(int)}
    assert_equal(unchanged(submission.predict, x, w, b), (z + b > 0).astype(int), mistakes=mistakes)


@graded(points=2)
def test_gates(submission, rng):
    for name, truth in TRUTH.items():
        w, b = unpack(submission.gate(name), "w", "b")
        z = CORNERS @ array(w, (2,)) + array(b, ())
        for corner, target, value in zip(CORNERS.astype(int), truth, z):
            require(
                int(value > 0) == target,
                "corner",
                gate=name,
                x=corner.tolist(),
                z=float(value),
                target=target,
            )
    assert_raises(ValueError, submission.gate, "XOR")


@graded(points=2)
def test_gates_learned(submission, rng):
    for name, truth in TRUTH.items():
        w, b, errors = unpack(submission.train(CORNERS, np.array(truth)), "w", "b", "errors")
        got = (CORNERS @ array(w, (2,)) + array(b, ()) > 0).astype(int)
        require(np.array_equal(got, truth), "not_learned", gate=name, got=got.tolist(), truth=truth)
        errors = array(errors).ravel()
        require(errors.size > 0 and errors[-1] == 0, "last_epoch")
        require(np.all(errors[:-1] > 0), "stop", gate=name)


@graded(points=2)
def test_learning_rule(submission, rng):
    check_rule(submission, CORNERS, np.array(TRUTH["AND"]), 1.0, 20)
    x, y = separable(rng, 12, 2, 0.5)
    check_rule(submission, x, y, 0.5, 100)


@graded(points=1, after=["learning_rule"])
def test_xor(submission, rng):
    for limit in (7, int(rng.integers(10, 30))):
        _, _, errors = unpack(submission.train(CORNERS, XOR, 1.0, limit), "w", "b", "errors")
        errors = array(errors).ravel()
        require(errors.size == limit, "length", limit=limit, count=errors.size)
        require(np.all(errors > 0), "solved")
        assert_equal(errors.astype(int), reference_train(CORNERS, XOR, 1.0, limit)[2])


@graded(points=1, after=["learning_rule"], hidden=True)
def test_more_inputs(submission, rng):
    rate = float(rng.choice([0.125, 0.25, 2.0]))
    x, y = separable(rng, 15, 4, rate)
    check_rule(submission, x, y, rate, 100)
    check_rule(submission, x, y, rate, 2)
