"""Grader of day07/perceptron."""

import operator

import numpy as np

from course.grading import (
    array,
    assert_close,
    assert_equal,
    assert_raises,
    fail,
    forms,
    graded,
    require,
    unpack,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TRUTH = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
XOR = np.array([0, 1, 1, 0])
OTHER_GATES = ["NOR", "XNOR", "NOT", "and", "or", "nand", "XAND", "A"]
SWITCHES = {
    "at_zero": {"at_zero": True},
    "no_bias": {"bias": False},
    "sign": {"sign": -1},
    "no_rate": {"scaled": False},
    "batch": {"batch": True},
    "one_epoch": {"cap": 1},
}


def eighths(rng, *shapes):
    """`forms` in multiples of 1/8: sums, and ties at z = 0, are exact in any order and in float32."""
    for arrays in forms(rng, *shapes):
        yield tuple((np.round(8 * a) / 8).astype(a.dtype) for a in arrays)


def reference_train(
    x, y, rate=1.0, max_epochs=100, *, bias=True, sign=1, scaled=True, batch=False, at_zero=False, cap=None
):
    """The learning rule, with switches for the usual mistakes. In multiples of 1/8 it is exact in any order."""
    w, b, errors = [0.0] * x.shape[1], 0.0, []
    factor = sign * (rate if scaled else 1.0)
    rows, targets = x.tolist(), y.tolist()
    for _ in range(min(max_epochs, cap or max_epochs)):
        wrong, before, last = 0, w, b
        for row, target in zip(rows, targets):
            unit, offset = (before, last) if batch else (w, b)
            z = sum(map(operator.mul, row, unit)) + offset
            delta = target - int(z >= 0 if at_zero else z > 0)
            if delta:
                wrong += 1
                w, b = [old + factor * delta * part for old, part in zip(w, row)], b + bias * factor * delta
        errors.append(wrong)
        if not wrong:
            break
    return np.array(w), b, errors


def labelled(rng, n, d):
    """Rows, and labels that no unit need separate; the first is 1, so that the very first answer, at z = 0, is wrong."""
    x = np.round(8 * rng.uniform(-3, 3, size=(n, d))) / 8
    return x, np.append(1, rng.permutation(np.arange(n - 1) % 2))


def check_errors(errors, want):
    """Names the count that is left out where the loop ends."""
    if np.array_equal(array(errors), want[:-1]):
        fail("last_epoch")


def check_rule(submission, x, y, *settings, diagnose=False):
    """Trains with these settings (rate, max_epochs), or with the defaults."""
    w, b, errors = unpack(submission.train(x, y, *settings), "w", "b", "errors")
    got = array(w, x.shape[1:]), array(b, ())
    want = reference_train(x, y, *settings)
    trained = {}
    if diagnose:
        trained = {key: reference_train(x, y, *settings, **switch) for key, switch in SWITCHES.items()}

    def mistakes(part):
        """The mistakes' weights (0) or biases (1); nan where the other of the two is not that mistake's."""
        other = 1 - part
        return {
            key: wrong[part] if np.allclose(got[other], wrong[other]) else np.nan
            for key, wrong in trained.items()
        }

    assert_close(w, want[0], mistakes=mistakes(0))
    assert_close(b, want[1], mistakes=mistakes(1))
    check_errors(errors, want[2])
    assert_close(errors, want[2])


@graded(points=1)
def test_step(submission, rng):
    z = rng.permutation([0.0, *rng.uniform(0.1, 3, size=5), *rng.uniform(-3, -0.1, size=6)]).reshape(3, 4)
    mistakes = {"at_zero": (z >= 0).astype(int), "sign": np.sign(z).astype(int)}
    assert_equal(submission.step(z), (z > 0).astype(int), mistakes=mistakes)
    for shape in ((3, 4), (1,), (4, 1)):
        for (z,) in eighths(rng, shape):
            assert_equal(submission.step(z), (z > 0).astype(int))
    for number in (rng.uniform(0.1, 3), -rng.uniform(0.1, 3), 1, 2, -2):
        assert_equal(submission.step(number), int(number > 0))
    for zero in (0.0, 0):
        assert_equal(submission.step(zero), 0, mistakes={"at_zero": 1})


@graded(points=1)
def test_predict(submission, rng):
    x, w, bias = rng.normal(size=(20, 3)), rng.normal(size=3), rng.uniform(0.2, 0.35)
    x[:4] = np.outer([0.5, -0.5, 1.5, -1.5], bias * w / (w @ w))  # rows for which the bias decides
    z = x @ w
    for b in (bias, -bias):
        mistakes = {"no_bias": (z > 0).astype(int), "bias_subtracted": (z - b > 0).astype(int)}
        assert_equal(submission.predict(x, w, b), (z + b > 0).astype(int), mistakes=mistakes)
    for n, d in ((6, 3), (1, 3), (4, 1)):
        for x, w in eighths(rng, (n, d), (d,)):
            b = int(rng.integers(-16, 17)) / 8
            assert_equal(submission.predict(x, w, b), (x @ w + b > 0).astype(int))
    for b in (-1, 0, 1, 2):
        assert_equal(submission.predict(x, w, b), (x @ w + b > 0).astype(int))


@graded(points=2)
def test_gates(submission, rng):
    for name in rng.permutation(list(TRUTH)).tolist():
        w, b = unpack(submission.gate(name), "w", "b")
        z = CORNERS @ array(w, (2,)) + array(b, ())
        for corner, target, value in zip(CORNERS.astype(int), TRUTH[name], z):
            require(
                int(value > 0) == target,
                "corner",
                gate=name,
                x=corner.tolist(),
                z=float(value),
                target=target,
            )
    for name in ("XOR", *rng.permutation(OTHER_GATES)[:3].tolist()):
        assert_raises(ValueError, submission.gate, name)


@graded(points=2)
def test_gates_learned(submission, rng):
    for name, truth in TRUTH.items():
        order = rng.permutation(4)
        rows, targets = CORNERS[order], np.array(truth)[order]
        w, b, errors = unpack(submission.train(rows, targets), "w", "b", "errors")
        got = (CORNERS @ array(w, (2,)) + array(b, ()) > 0).astype(int)
        require(np.array_equal(got, truth), "not_learned", gate=name, got=got.tolist(), truth=truth)
        errors = array(errors).ravel()
        require(np.all(errors[:-1] > 0), "stop", gate=name)
        check_errors(errors, reference_train(rows, targets)[2])
        assert_close(errors[-1], 0)


@graded(points=2)
def test_learning_rule(submission, rng):
    check_rule(submission, *labelled(rng, 16, 3), 0.5, 8, diagnose=True)
    check_rule(submission, CORNERS, np.array(TRUTH["AND"]), 1.0, 20)
    for n, d in ((6, 3), (1, 3), (4, 1)):
        for (x,) in eighths(rng, (n, d)):
            check_rule(submission, x, rng.integers(0, 2, size=n), 0.5, 4)
    for label in (0, 1):
        check_rule(submission, x, np.full(len(x), label), 2, 4)
    check_rule(submission, *labelled(rng, 12, 2))


@graded(points=1, after=["learning_rule"])
def test_xor(submission, rng):
    for settings, limit in (((1.0, 7), 7), ((1.0, 13), 13), ((), 100)):
        order = rng.permutation(4)
        _, _, errors = unpack(submission.train(CORNERS[order], XOR[order], *settings), "w", "b", "errors")
        errors = array(errors).ravel()
        require(errors.size == limit, "length", limit=limit, count=errors.size)
        require(np.all(errors > 0), "solved")
        assert_close(errors, reference_train(CORNERS[order], XOR[order], *settings)[2])


@graded(points=1, after=["learning_rule"], hidden=True)
def test_more_inputs(submission, rng):
    for rate in (0.125, 0.25, 2.0):
        x, _ = labelled(rng, 15, 4)
        y = (x @ rng.normal(size=4) > rng.normal()).astype(int)  # one unit separates these
        for max_epochs in (100, 2, 1):
            check_rule(submission, x, y, rate, max_epochs)
