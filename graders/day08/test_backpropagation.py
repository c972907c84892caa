"""Grader of day08/backpropagation."""

import numpy as np

from course.grading import array, assert_close, assert_shape, fail, forms, graded, require, unpack

KEYS = ("W1", "b1", "W2", "b2")
XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])
SMALL = {"W1": np.array([[0.5]]), "b1": np.zeros(1), "W2": np.array([[2.0]]), "b2": np.zeros(1)}


def hidden(params, X):
    return np.tanh(X @ params["W1"] + params["b1"])


def predict(params, X):
    return hidden(params, X) @ params["W2"] + params["b2"]


def loss(params, X, y):
    return float(np.mean((predict(params, X) - y) ** 2))


def gradients(params, X, y, slope=None):
    """Derivatives of the loss; `slope` may be the wrong derivative of tanh, as a function of (z, h)."""
    z = X @ params["W1"] + params["b1"]
    h = np.tanh(z)
    delta2 = 2 * (predict(params, X) - y) / y.size
    delta1 = delta2 @ params["W2"].T * (1 - h**2 if slope is None else slope(z, h))
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}


def numeric_gradients(params, X, y, step=1e-5):
    """Central differences, one parameter at a time."""
    result = {}
    for key in KEYS:
        result[key] = np.empty_like(params[key])
        for index in np.ndindex(params[key].shape):
            up, down = ({**params, key: params[key].copy()} for _ in range(2))
            up[key][index] += step
            down[key][index] -= step
            result[key][index] = (loss(up, X, y) - loss(down, X, y)) / (2 * step)
    return result


def train(params, X, y, rate, steps, update=KEYS):
    losses = [loss(params, X, y)]
    for _ in range(steps):
        grads = gradients(params, X, y)
        params = {k: params[k] - rate * grads[k] if k in update else params[k] for k in KEYS}
        losses.append(loss(params, X, y))
    return params, losses


def problem(rng, batch=6, features=3, units=4, outputs=2):
    params = {
        "W1": rng.normal(size=(features, units)) * 0.7,
        "b1": rng.uniform(0.2, 0.6, size=units),
        "W2": rng.normal(size=(units, outputs)),
        "b2": rng.uniform(0.5, 1, size=outputs),
    }
    return params, rng.normal(size=(batch, features)), rng.normal(size=(batch, outputs))


def data(rng, *sizes):
    """Parameters with X and y in every form, for batches of these sizes (rows, features, outputs)."""
    for batch, features, outputs in sizes:
        for X, y in forms(rng, (batch, features), (batch, outputs), low=-2, high=2):
            yield problem(rng, batch, features, 3, outputs)[0], X, y


def check_keys(got):
    """Fails unless this is a dict with the four parameters."""
    if not isinstance(got, dict):
        fail("not_a_dict", kind=type(got).__name__)
    require(set(got) == set(KEYS), "keys", keys=", ".join(map(str, got)) or "-")


@graded(points=1)
def test_predict(submission, rng):
    params, X, _ = problem(rng)
    wrong = {
        "no_bias": np.tanh(X @ params["W1"]) @ params["W2"],
        "tanh_output": np.tanh(predict(params, X)),
        "no_tanh": (X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"],
    }
    assert_close(submission.predict(params, X), predict(params, X), mistakes=wrong)
    for params, X, _ in data(rng, (4, 3, 2), (1, 1, 1)):
        assert_close(submission.predict(params, X), predict(params, X))


@graded(points=1)
def test_loss(submission, rng):
    params, X, y = problem(rng)
    error = predict(params, X) - y
    wrong = {
        "sum": np.sum(error**2),
        "per_row": np.sum(error**2) / len(y),
        "half": np.mean(error**2) / 2,
        "absolute": np.mean(np.abs(error)),
        "root": np.sqrt(np.mean(error**2)),
    }
    assert_close(submission.mse_loss(params, X, y), np.mean(error**2), mistakes=wrong)
    for params, X, y in ((SMALL, np.ones((1, 1)), np.ones((1, 1))), *data(rng, (4, 3, 2), (1, 1, 1))):
        assert_close(submission.mse_loss(params, X, y), loss(params, X, y))


def check_gradients(got, params, X, y):
    """Each gradient against the reference, with the usual mistakes named; the output layer first."""
    want = gradients(params, X, y)
    slopes = {
        "no_tanh_slope": gradients(params, X, y, lambda z, h: 1.0),
        "slope_of_z": gradients(params, X, y, lambda z, h: 1 - z**2),
        "slope_twice": gradients(params, X, y, lambda z, h: 1 - np.tanh(h) ** 2),
        "sigmoid_slope": gradients(params, X, y, lambda z, h: h * (1 - h)),
    }
    delta2 = 2 * (predict(params, X) - y) / y.size
    for key in ("W2", "b2", "W1", "b1"):
        scaled = {
            "not_averaged": want[key] * y.size,
            "per_row": want[key] * y.shape[1],
            "no_two": want[key] / 2,
        }
        if key in ("b1", "b2"):
            scaled["bias_mean"] = want[key] / len(y)
        wrong = {name: grads[key] for name, grads in slopes.items()} if key in ("W1", "b1") else {}
        if key == "W2":
            wrong = {"z_for_h": (X @ params["W1"] + params["b1"]).T @ delta2}
        assert_close(got[key], want[key], mistakes=wrong | scaled)


@graded(points=1)
def test_gradient_shapes(submission, rng):
    params, X, y = problem(rng)
    got = submission.gradients(params, X, y)
    check_keys(got)
    for key in KEYS:
        assert_shape(got[key], params[key].shape)


@graded(points=1, after=["gradient_shapes"])
def test_small_network(submission, rng):
    drawn, X, y = problem(rng, batch=1, features=1, units=1, outputs=1)
    for params, row, target in ((drawn, X, y), (SMALL, np.ones((1, 1)), np.ones((1, 1)))):
        got = submission.gradients(params, row, target)
        want = gradients(params, row, target)
        no_slope = gradients(params, row, target, lambda z, h: 1.0)
        for key in ("W2", "b2", "W1", "b1"):
            wrong = {"no_tanh_slope": no_slope[key]} if key in ("W1", "b1") else {}
            assert_close(got[key], want[key], mistakes=wrong)


@graded(points=3, after=["gradient_shapes"])
def test_gradients(submission, rng):
    params, X, y = problem(rng)
    check_gradients(submission.gradients(params, X, y), params, X, y)
    for params, X, y in data(rng, (4, 3, 2), (5, 1, 1)):
        got, want = submission.gradients(params, X, y), gradients(params, X, y)
        for key in KEYS:
            assert_close(got[key], want[key])


@graded(points=2, after=["gradient_shapes"])
def test_numeric(submission, rng):
    params, X, y = problem(rng, batch=5, features=2, units=3, outputs=2)
    got = submission.gradients(params, X, y)
    numeric = numeric_gradients(params, X, y)
    for key in KEYS:
        assert_close(got[key], numeric[key], rtol=1e-4, atol=1e-5)


def check_training(submission, params, X, y, rate, steps, mistakes=None):
    """The parameters and losses after these steps; `mistakes` maps a key of the text to wrong parameters."""
    got, losses = unpack(submission.train(params, X, y, rate, steps), "params", "losses")
    check_keys(got)
    want, want_losses = train(params, X, y, rate, steps)
    # What float32 arithmetic leaves of a dozen steps.
    for key in KEYS:
        wrong = {name: values[key] for name, values in (mistakes or {}).items()}
        assert_close(got[key], want[key], rtol=1e-4, atol=1e-5, mistakes=wrong)
    losses = array(losses)
    require(losses.shape == (steps + 1,), "losses_length", count=losses.size, steps=steps, want=steps + 1)
    assert_close(losses, want_losses, rtol=1e-4, atol=1e-5)


@graded(points=2, after=["gradients", "loss"])
def test_training(submission, rng):
    rate, steps = 0.05, 12
    params, X, y = problem(rng)
    wrong = {
        "ascent": train(params, X, y, -rate, steps)[0],
        "no_biases": train(params, X, y, rate, steps, update=("W1", "W2"))[0],
        "one_step": train(params, X, y, rate, 1)[0],
        "one_step_less": train(params, X, y, rate, steps - 1)[0],
    }
    check_training(submission, params, X, y, rate, steps, wrong)
    for rate, steps in ((0.05, 1), (1, 1), (0.0, 2)):
        check_training(submission, *problem(rng), rate, steps)
    for params, X, y in data(rng, (4, 3, 2), (3, 1, 1)):
        check_training(submission, params, X, y, 0.05, 2)


@graded(points=1, after=["training"])
def test_xor(submission, rng):
    # One start that is known to learn, its hidden units in another order and with other signs, which tanh takes back.
    start = np.random.default_rng(1)
    W1, W2 = start.normal(size=(2, 4)), start.normal(size=(4, 1))
    order, signs = rng.permutation(4), rng.choice([-1.0, 1.0], size=4)
    params = {"W1": (W1 * signs)[:, order], "b1": np.zeros(4)}
    params |= {"W2": (W2 * signs[:, None])[order], "b2": np.zeros(1)}
    rows = rng.permutation(4)
    got, losses = unpack(submission.train(params, XOR_X[rows], XOR_Y[rows], 0.3, 300), "params", "losses")
    losses = array(losses, (301,))
    require(losses[-1] < 0.01, "not_learned", first=round(losses[0], 4), last=round(losses[-1], 4))
    trained = {key: array(got[key], params[key].shape) for key in KEYS}
    assert_close(predict(trained, XOR_X), XOR_Y, atol=0.1)


@graded(points=1, after=["training"], hidden=True)
def test_more_inputs(submission, rng):
    params, X, y = problem(rng, batch=1, features=2, units=5, outputs=3)
    got, want = submission.gradients(params, X, y), gradients(params, X, y)
    for key in KEYS:
        assert_close(got[key], want[key])
    for steps in (5, 0):
        check_training(submission, params, X, y, 0.02, steps)
