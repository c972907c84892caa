"""Grader of day07/gradient_descent."""

import numpy as np

from course.grading import array, assert_close, code, graded, require, unchanged


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


def check_numeric(submission, f_source, f, x, h):
    mistakes = {
        "forward": difference(f, x, h, left=0, width=1),
        "backward": difference(f, x, h, right=0, width=1),
        "width": difference(f, x, h, width=1),
        "no_width": difference(f, x, h) * 2 * h,
        "all_at_once": np.full(len(x), (f(x + h) - f(x - h)) / (2 * h)),
    }
    # multiples of 1/8 survive x[i] += h, x[i] -= h exactly, so restoring in place is not punished
    assert_close(
        unchanged(submission.numeric_gradient, code(f_source), x, h), difference(f, x, h), mistakes=mistakes
    )


def check_path(submission, curvatures, centre, x0, rate, steps):
    gradient = code(f"lambda x: {source(curvatures)} * (x - {source(centre)})")

    def slope(x):
        return curvatures * (x - centre)

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
    assert_close(unchanged(submission.gradient_descent, gradient, x0, rate, steps), want, mistakes=mistakes)


@graded(points=2)
def test_numeric_gradient(submission, rng):
    check_numeric(submission, "lambda x: x[0] ** 3", lambda x: x[0] ** 3, np.array([2.0]), 0.5)

    def f(x):
        return x[0] ** 3 + 2 * x[0] * x[1] - x[2] ** 2 * x[1]

    x = rng.integers(5, 25, size=3) / 8
    check_numeric(submission, "lambda x: x[0] ** 3 + 2 * x[0] * x[1] - x[2] ** 2 * x[1]", f, x, 0.25)
    x = rng.uniform(0.5, 1.5, size=2)
    got = submission.numeric_gradient(code("lambda x: np.sum(np.exp(x)) * x[1]"), x)
    want = np.exp(x) * x[1] + np.array([0, np.exp(x).sum()])
    assert_close(got, want, rtol=1e-4)


@graded(points=2)
def test_path(submission, rng):
    check_path(submission, np.array([4.0]), np.zeros(1), np.array([1.0]), 0.1, 3)
    x0 = rng.normal(size=3)
    check_path(submission, *bowl(rng, 3), x0, 0.2, 6)
    assert_close(submission.gradient_descent(code("lambda x: 2 * x"), x0, 0.1, 0), x0[None, :])


@graded(points=2)
def test_least_squares(submission, rng):
    for X, y, rate, steps in (
        (np.array([[1.0], [2.0]]), np.array([2.0, 3.0]), 0.1, 3),
        (rng.normal(size=(12, 3)), rng.normal(size=12), 0.05, 4),
    ):
        n, d = X.shape
        mistakes = {
            "no_two": mse_descent(X, y, rate, steps, factor=1.0),
            "no_mean": mse_descent(X, y, rate, steps, factor=2.0 * n),
            "half_sum": mse_descent(X, y, rate, steps, factor=1.0 * n),
            "all_entries": mse_descent(X, y, rate, steps, factor=2.0 / d),
            "ascent": mse_descent(X, y, -rate, steps),
            "one_short": mse_descent(X, y, rate, steps - 1),
        }
        got = unchanged(submission.fit_least_squares, X, y, rate, steps)
        assert_close(got, mse_descent(X, y, rate, steps), mistakes=mistakes)


@graded(points=1, after=["least_squares"])
def test_converges(submission, rng):
    X = np.linalg.qr(rng.normal(size=(20, 3)))[0] * np.sqrt(20) * np.array([1.0, 0.8, 0.6])
    y = X @ rng.normal(size=3) + 0.3 * rng.normal(size=20)
    got = submission.fit_least_squares(X, y, 0.5, 200)
    assert_close(got, np.linalg.lstsq(X, y, rcond=None)[0], rtol=1e-4, atol=1e-5)


@graded(points=2)
def test_critical_rate(submission, rng):
    for a in (np.array([4.0]), rng.uniform(0.5, 8, size=1), rng.uniform(0.5, 8, size=5)):
        limit = 2 / a.max()
        mistakes = {"one": limit / 2, "half": a.max() / 2, "flattest": 2 / a.min(), "each": 2 / a}
        mistakes |= {"sum": 2 / a.sum(), "mean": 2 / a.mean()}
        assert_close(unchanged(submission.critical_rate, a), limit, mistakes=mistakes)


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
    def f(x):
        return np.sum(x**3) + x[0] * x[-1]

    x = rng.integers(5, 25, size=5) / 8
    check_numeric(submission, "lambda x: np.sum(x ** 3) + x[0] * x[-1]", f, x, 0.5)
    d = int(rng.integers(4, 7))
    check_path(submission, *bowl(rng, d), rng.normal(size=d), 0.3, 5)
