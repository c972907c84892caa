"""Grader of day07/gradient_descent."""

import numpy as np

from course.grading import array, assert_close, code, forms, graded, require


def difference(f, x, h, left=1, right=1, width=2):
    """(f(x + right·h) − f(x − left·h)) / (width·h) along every axis."""
    steps = h * np.eye(len(x))
    return np.array([(f(x + right * s) - f(x - left * s)) / (width * h) for s in steps])


def descend(gradient, x0, rate, steps):
    path = [x0]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


def mse_descent(X, y, rate, steps, factor=2.0):
    """Descent on the mean squared error; `factor` 2 is right, other values are typical slips."""
    return descend(lambda w: factor / len(y) * X.T @ (X @ w - y), np.zeros(X.shape[1]), rate, steps)[-1]


def source(numbers):
    return "np.array([" + ", ".join(repr(float(number)) for number in numbers) + "])"


def bowl(rng, d):
    """Curvatures and centre, rounded so that the gradient's source stays readable."""
    return np.round(rng.uniform(0.5, 3, size=d), 2), np.round(rng.normal(size=d), 2)


def floats(rng, *shapes):
    """`forms`, the whole numbers among them as floats: a path starts at floats."""
    for arrays in forms(rng, *shapes):
        yield tuple(a if a.dtype.kind == "f" else a.astype(float) for a in arrays)


# Functions of a point, as source for the learner's process and for the grader's own differences.
MIXED = (
    "lambda x: x[0] ** 3 + 2 * x[0] * x[1] - x[2] ** 2 * x[1]",
    lambda x: x[0] ** 3 + 2 * x[0] * x[1] - x[2] ** 2 * x[1],
)
CUBES = "lambda x: np.sum(x ** 3) + x[0] * x[-1]", lambda x: np.sum(x**3) + x[0] * x[-1]
CUBE = "lambda x: x[0] ** 3", lambda x: x[0] ** 3


def check_numeric(submission, function, x, h, mistakes=None):
    """With multiples of 1/8, x[i] + h - h is x[i], so that putting an entry back is not punished."""
    text, f = function
    got = submission.numeric_gradient(code(text), x, h)
    assert_close(got, difference(f, x, h), mistakes=mistakes)


def slope_of(curvatures, centre):
    """The gradient of a bowl, and its source."""
    return lambda x: curvatures * (x - centre), code(
        f"lambda x: {source(curvatures)} * (x - {source(centre)})"
    )


def check_path(submission, curvatures, centre, x0, rate, steps):
    slope, gradient = slope_of(curvatures, centre)
    got = submission.gradient_descent(gradient, x0, rate, steps)
    assert_close(got, descend(slope, x0, rate, steps))


@graded(points=2)
def test_numeric_gradient(submission, rng):
    f, x, h = MIXED[1], rng.permutation([5, 9, 15]) / 8 + rng.integers(0, 2, size=3), 0.25
    mistakes = {
        "forward": difference(f, x, h, left=0, width=1),
        "backward": difference(f, x, h, right=0, width=1),
        "width": difference(f, x, h, width=1),
        "no_width": difference(f, x, h) * 2 * h,
        "all_at_once": np.full(3, (f(x + h) - f(x - h)) / (2 * h)),
    }
    check_numeric(submission, MIXED, x, h, mistakes)
    check_numeric(submission, CUBE, np.array([2.0]), 0.5)
    for width in (1, 2):
        check_numeric(submission, MIXED, x, width)
    for (point,) in forms(rng, (3,)):
        got = submission.numeric_gradient(code("lambda x: np.sum(np.exp(x)) * x[1]"), point)
        x = point.astype(float)
        assert_close(got, np.exp(x) * x[1] + np.array([0, np.exp(x).sum(), 0]))
    # The central difference of c·x³ at 0 is c·h², which shows the h that is used where none is given.
    c = 10 ** rng.uniform(10, 11)
    got = submission.numeric_gradient(code(f"lambda x: {c!r} * np.sum(x ** 3)"), np.zeros(2))
    assert_close(got, np.full(2, c * 1e-10))


@graded(points=2)
def test_path(submission, rng):
    x0, rate, steps = rng.normal(size=3), 0.2, 6
    slope, gradient = slope_of(*bowl(rng, 3))
    want = descend(slope, x0, rate, steps)
    mistakes = {
        "ascent": descend(slope, x0, -rate, steps),
        "no_rate": descend(slope, x0, 1.0, steps),
        "start_slope": x0 - rate * np.arange(steps + 1)[:, None] * slope(x0),
        "no_start": want[1:],
        "one_short": want[:-1],
        "last_only": want[-1],
        "same_row": np.tile(want[-1], (steps + 1, 1)),
    }
    assert_close(submission.gradient_descent(gradient, x0, rate, steps), want, mistakes=mistakes)
    check_path(submission, np.array([4.0]), np.zeros(1), np.array([1.0]), 0.1, 3)
    for steps in (0, 1):
        check_path(submission, *bowl(rng, 3), x0, 0.1, steps)
    for (x0,) in floats(rng, (3,)):
        check_path(submission, *bowl(rng, 3), x0, 0.3, 2)
    check_path(submission, *bowl(rng, 3), x0, 1, 2)


@graded(points=2)
def test_least_squares(submission, rng):
    X, y, rate, steps = rng.normal(size=(12, 3)), rng.normal(size=12), 0.05, 4
    want = mse_descent(X, y, rate, steps)
    mistakes = {
        "no_two": mse_descent(X, y, rate, steps, factor=1.0),
        "no_mean": mse_descent(X, y, rate, steps, factor=24.0),
        "half_sum": mse_descent(X, y, rate, steps, factor=12.0),
        "all_entries": mse_descent(X, y, rate, steps, factor=2.0 / 3),
        "ascent": mse_descent(X, y, -rate, steps),
        "one_short": mse_descent(X, y, rate, steps - 1),
        "one_weight": want[-1],
    }
    assert_close(submission.fit_least_squares(X, y, rate, steps), want, mistakes=mistakes)
    check_fit(submission, np.array([[1.0], [2.0]]), np.array([2.0, 3.0]), 0.1, 3)
    for X, y in forms(rng, (5, 3), (5,), low=-1, high=1):
        check_fit(submission, X, y, 0.1, 3)
    for n, d, steps in ((1, 3, 1), (4, 1, 0)):
        check_fit(submission, rng.normal(size=(n, d)), rng.normal(size=n), 1, steps)


def check_fit(submission, X, y, rate, steps):
    assert_close(submission.fit_least_squares(X, y, rate, steps), mse_descent(X, y, rate, steps))


@graded(points=1, after=["least_squares"])
def test_converges(submission, rng):
    X = np.linalg.qr(rng.normal(size=(20, 3)))[0] * np.sqrt(20) * np.array([1.0, 0.8, 0.6])
    y = X @ rng.normal(size=3) + 0.3 * rng.normal(size=20)
    got = submission.fit_least_squares(X, y, 0.5, 200)
    assert_close(got, np.linalg.lstsq(X, y, rcond=None)[0], rtol=1e-4, atol=1e-5)


@graded(points=2)
def test_critical_rate(submission, rng):
    a = rng.permutation([rng.uniform(0.5, 1), *rng.uniform(2.5, 4, size=3), rng.uniform(5, 8)])
    mistakes = {
        "one": 1 / a.max(),
        "half": a.max() / 2,
        "flattest": 2 / a.min(),
        "sum": 2 / a.sum(),
        "mean": 2 / a.mean(),
        "each": 2 / a,
    }
    assert_close(submission.critical_rate(a), 2 / a.max(), mistakes=mistakes)
    assert_close(submission.critical_rate(np.array([4.0])), 0.5)
    for curvatures in (*forms(rng, (4,), low=0.5, high=8), rng.uniform(0.5, 8, size=(1, 1))):
        assert_close(submission.critical_rate(curvatures[0]), 2 / np.max(curvatures))


@graded(points=1, after=["path", "critical_rate"])
def test_divergence(submission, rng):
    a, x0 = (
        np.round(rng.uniform(0.5, 5, size=3), 2),
        rng.choice([-1, 1], size=3) * rng.uniform(0.5, 1.5, size=3),
    )
    critical = float(array(submission.critical_rate(a), ()))
    gradient = code(f"lambda x: {source(a)} * x")
    distances = {}
    for share in (0.9, 1.1):
        path = array(submission.gradient_descent(gradient, x0, share * critical, 60), (61, 3))
        distances[share] = np.linalg.norm(path, axis=1)
    require(distances[0.9][-1] < 0.5 * distances[0.9][0], "below", distance=float(distances[0.9][-1]))
    require(distances[1.1][-1] > 2 * distances[1.1][0], "above", distance=float(distances[1.1][-1]))
    bounce = array(submission.gradient_descent(code("lambda x: 4 * x"), np.array([1.0]), 0.5, 3), (4, 1))
    assert_close(bounce, [[1], [-1], [1], [-1]])


@graded(points=1, after=["numeric_gradient", "path"], hidden=True)
def test_other_sizes(submission, rng):
    for d in (1, 5):
        check_numeric(submission, CUBES, rng.integers(5, 25, size=d) / 8, 0.5)
        check_path(submission, *bowl(rng, d), rng.normal(size=d), 0.3, 5)
