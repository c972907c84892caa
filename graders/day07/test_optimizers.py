"""Grader of day07/optimizers."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require, unpack


def momentum(w, g, v, rate, beta=0.9):
    v = beta * v - rate * g
    return w + v, v


def rmsprop(w, g, s, rate, rho=0.9, epsilon=1e-7):
    s = rho * s + (1 - rho) * g**2
    return w - rate * g / np.sqrt(s + epsilon), s


def adam(w, g, m, v, t, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    t = t + 1
    corrected = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - corrected * m / (np.sqrt(v) + epsilon), m, v, t


def draw(rng, shape):
    """Weights and a gradient with entries of either sign, none near 0."""
    return rng.normal(size=shape), rng.choice([-1, 1], size=shape) * rng.uniform(0.5, 2, size=shape)


def floats(rng, count, shape):
    """`forms` of as many arrays, the whole numbers among them as floats: the text speaks of floats."""
    for arrays in forms(rng, *[shape] * count):
        yield tuple(a if a.dtype.kind == "f" else a.astype(float) for a in arrays)


def check_momentum(submission, *arguments):
    w, v = unpack(submission.momentum(*arguments), "w", "v")
    want_w, want_v = momentum(*arguments)
    assert_close(v, want_v)
    assert_close(w, want_w)


def check_rmsprop(submission, *arguments):
    w, s = unpack(submission.rmsprop(*arguments), "w", "s")
    want_w, want_s = rmsprop(*arguments)
    assert_close(s, want_s)
    assert_close(w, want_w)


def check_adam(submission, *arguments):
    w, m, v, t = unpack(submission.adam(*arguments), "w", "m", "v", "t")
    want_w, want_m, want_v, want_t = adam(*arguments)
    assert_close(m, want_m)
    assert_close(v, want_v)
    assert_close(t, want_t)
    assert_close(w, want_w)


def diagnose_momentum(submission, rng):
    (w, g), v, rate, beta = draw(rng, 4), rng.normal(size=4), 0.05, 0.8
    new_w, new_v = unpack(submission.momentum(w, g, v, rate, beta), "w", "v")
    want = beta * v - rate * g
    mistakes = {
        "averaged": beta * v - (1 - beta) * rate * g,
        "running_mean": beta * v + (1 - beta) * g,
        "rate_late": beta * v + g,
        "negative": rate * g - beta * v,
        "uphill": beta * v + rate * g,
        "old_state": v,
        "no_rate": beta * v - g,
    }
    assert_close(new_v, want, mistakes=mistakes)
    mistakes = {"not_moved": w, "old_velocity": w + v, "no_momentum": w - rate * g, "away": w - want}
    assert_close(new_w, w + want, mistakes=mistakes)


def diagnose_rmsprop(submission, rng):
    (w, g), s, rate, rho, epsilon = draw(rng, 4), rng.uniform(0.2, 1, size=4), 0.3, 0.7, 0.1
    new_w, new_s = unpack(submission.rmsprop(w, g, s, rate, rho, epsilon), "w", "s")
    want_w, want = rmsprop(w, g, s, rate, rho, epsilon)
    mistakes = {
        "not_squared": rho * s + (1 - rho) * g,
        "swapped": (1 - rho) * s + rho * g**2,
        "summed": s + g**2,
        "not_averaged": rho * s + g**2,
        "old_state": s,
    }
    assert_close(new_s, want, mistakes=mistakes)
    mistakes = {
        "epsilon_outside": w - rate * g / (np.sqrt(want) + epsilon),
        "no_epsilon": w - rate * g / np.sqrt(want),
        "no_root": w - rate * g / (want + epsilon),
        "old_mean": w - rate * g / np.sqrt(s + epsilon),
        "uphill": w + rate * g / np.sqrt(want + epsilon),
        "no_rate": w - g / np.sqrt(want + epsilon),
        "not_moved": w,
    }
    assert_close(new_w, want_w, mistakes=mistakes)


def diagnose_adam(submission, rng):
    (w, g), m, v = draw(rng, 4), rng.normal(size=4), rng.uniform(0.2, 1, size=4)
    t, rate, b1, b2, epsilon = int(rng.integers(2, 6)), 0.3, 0.8, 0.9, 0.1
    new_w, new_m, new_v, new_t = unpack(
        submission.adam(w, g, m, v, t, rate, b1, b2, epsilon), "w", "m", "v", "t"
    )
    want_w, want_m, want_v, want_t = adam(w, g, m, v, t, rate, b1, b2, epsilon)
    first = {"betas": b2 * m + (1 - b2) * g, "swapped": (1 - b1) * m + b1 * g, "old_state": m}
    assert_close(new_m, want_m, mistakes=first | {"corrected_state": want_m / (1 - b1**want_t)})
    second = {"betas": b1 * v + (1 - b1) * g**2, "swapped": (1 - b2) * v + b2 * g**2, "old_state": v}
    second |= {"not_squared": b2 * v + (1 - b2) * g, "corrected_state": want_v / (1 - b2**want_t)}
    assert_close(new_v, want_v, mistakes=second)
    assert_close(new_t, want_t, mistakes={"t_kept": t})

    def moved(power, eps_hat=False, root=True):
        scale_1, scale_2 = 1 - b1**power, 1 - b2**power
        if eps_hat:
            return w - rate * (want_m / scale_1) / (np.sqrt(want_v / scale_2) + epsilon)
        return w - rate * (np.sqrt(scale_2) if root else scale_2) / scale_1 * want_m / (
            np.sqrt(want_v) + epsilon
        )

    mistakes = {
        "no_correction": w - rate * want_m / (np.sqrt(want_v) + epsilon),
        "epsilon_hat": moved(want_t, eps_hat=True),
        "epsilon_inside": w + (moved(want_t) - w) * (np.sqrt(want_v) + epsilon) / np.sqrt(want_v + epsilon),
        "no_root": moved(want_t, root=False),
        "uphill": 2 * w - want_w,
        "gradient": w + (want_w - w) * g / want_m,
        "no_rate": w + (want_w - w) / rate,
        "not_moved": w,
        "t_off": moved(t),
        "t_off_hat": moved(t, eps_hat=True),
    }
    assert_close(new_w, want_w, mistakes=mistakes)


@graded(points=1)
def test_sgd(submission, rng):
    w, g = draw(rng, 5)
    mistakes = {"uphill": w + 0.1 * g, "no_rate": w - g, "step_only": -0.1 * g}
    assert_close(submission.sgd(w, g, 0.1), w - 0.1 * g, mistakes=mistakes)
    for w, g in floats(rng, 2, (4,)):
        assert_close(submission.sgd(w, g, 0.3), w - 0.3 * g)
    for shape, rate in (((1,), 1), ((4, 1), 0.2)):
        w, g = draw(rng, shape)
        assert_close(submission.sgd(w, g, rate), w - rate * g)


@graded(points=2)
def test_momentum(submission, rng):
    diagnose_momentum(submission, rng)
    check_momentum(submission, np.array([1.0]), np.array([2.0]), np.zeros(1), 0.1, 0.9)
    check_momentum(submission, np.array([0.8]), np.array([1.6]), np.array([-0.2]), 0.1)
    for arrays in floats(rng, 3, (4,)):
        check_momentum(submission, *arrays, 0.3, 0.7)
    for rate, beta in ((0.2, 0), (1, 1), (1, 0.5)):
        check_momentum(submission, *arrays, rate, beta)


@graded(points=2)
def test_rmsprop(submission, rng):
    diagnose_rmsprop(submission, rng)
    check_rmsprop(submission, np.array([1.0]), np.array([2.0]), np.zeros(1), 0.1, 0.9, 1e-7)
    for w, g, s in floats(rng, 3, (4,)):
        check_rmsprop(submission, w, g, np.abs(s), 0.3, 0.8, 0.1)
    for rate, rho, epsilon in ((0.2, 0, 0.1), (1, 1, 0.2), (1, 0.5, 1), (0.3, 0.6, 0)):
        check_rmsprop(submission, w, g, np.abs(s), rate, rho, epsilon)
    # Squares of this size are near the default epsilon, which shows there.
    w, g = draw(rng, 4)
    got, _ = unpack(submission.rmsprop(w, 1e-4 * g, np.zeros(4), 0.5), "w", "s")
    wrong = rmsprop(w, 1e-4 * g, np.zeros(4), 0.5, epsilon=1e-8)[0]
    assert_close(got, rmsprop(w, 1e-4 * g, np.zeros(4), 0.5)[0], mistakes={"other_default": wrong})


@graded(points=1)
def test_adam_first_step(submission, rng):
    rate = float(rng.uniform(0.01, 0.1))
    w, g = rng.normal(size=6), np.array([2.0, -2.0, 0.05, -0.05, 300.0, -1e4])
    got = submission.adam(w, g, np.zeros(6), np.zeros(6), 0, rate)
    new_w, _, _, t = unpack(got, "w", "m", "v", "t")
    step = array(new_w, (6,)) - w
    require(np.all(np.sign(step) == -np.sign(g)), "uphill")
    require(np.allclose(np.abs(step), rate, rtol=0.01), "size", rate=rate, sizes=np.abs(step).tolist())
    assert_close(t, 1)


@graded(points=3)
def test_adam(submission, rng):
    diagnose_adam(submission, rng)
    one, zero = np.ones(1), np.zeros(1)
    check_adam(submission, one, 2 * one, zero, zero, 0, 0.1, 0.9, 0.999, 1e-7)
    for w, g, m, v in floats(rng, 4, (4,)):
        check_adam(submission, w, g, m, np.abs(v), int(rng.integers(9)), 0.3, 0.8, 0.9, 0.1)
    for t, rate, beta_1, beta_2, epsilon in ((1, 0.2, 0, 0.9, 0.1), (2, 1, 0.7, 0, 1), (3, 0.3, 0.6, 0.8, 0)):
        check_adam(submission, w, g, m, np.abs(v), t, rate, beta_1, beta_2, epsilon)
    # Roots of this size are near the default epsilon, which shows there.
    w, g = draw(rng, 4)
    start = w, 1e-6 * g, np.zeros(4), np.zeros(4), 0, 0.5
    got = unpack(submission.adam(*start), "w", "m", "v", "t")[0]
    assert_close(got, adam(*start)[0], mistakes={"other_default": adam(*start, epsilon=1e-8)[0]})


@graded(points=1, after=["sgd", "momentum", "rmsprop", "adam"])
def test_many_steps(submission, rng):
    curvature, start = rng.uniform(0.5, 4, size=3), rng.normal(size=3)
    zero = np.zeros(3)
    w, v = start, zero
    want = start, zero
    for _ in range(8):
        w, v = unpack(submission.momentum(w, curvature * w, v, 0.1), "w", "v")
        want = momentum(want[0], curvature * want[0], want[1], 0.1)
        w, v = array(w, (3,)), array(v, (3,))
    assert_close(w, want[0])
    w, s = start, zero
    want = start, zero
    for _ in range(8):
        w, s = unpack(submission.rmsprop(w, curvature * w, s, 0.02), "w", "s")
        want = rmsprop(want[0], curvature * want[0], want[1], 0.02)
        w, s = array(w, (3,)), array(s, (3,))
    assert_close(w, want[0], rtol=1e-4, atol=1e-5)
    w, m, v, t = start, zero, zero, 0
    want = (start, zero, zero, 0)
    for _ in range(8):
        w, m, v, t = unpack(submission.adam(w, curvature * w, m, v, t, 0.05), "w", "m", "v", "t")
        want = adam(want[0], curvature * want[0], *want[1:], 0.05)
        w, m, v, t = array(w, (3,)), array(m, (3,)), array(v, (3,)), int(array(t, ()))
    assert_close(w, want[0], rtol=1e-4, atol=1e-5)


@graded(points=2, after=["sgd", "momentum", "rmsprop", "adam"], hidden=True)
def test_shapes_and_zeros(submission, rng):
    for shape in ((3, 2), (4, 1), (1,), (2, 1, 3)):
        w, g = draw(rng, shape)
        assert_close(submission.sgd(w, g, 0.7), w - 0.7 * g)
        check_momentum(submission, w, g, rng.normal(size=shape), 0.2, 0.5)
        s, v = rng.uniform(0.2, 1, size=shape), rng.uniform(0.2, 1, size=shape)
        check_rmsprop(submission, w, g, s, 0.1, 0.6, 0.05)
        check_adam(submission, w, g, rng.normal(size=shape), v, 9, 0.1, 0.7, 0.95, 0.05)
    zero = np.zeros(shape)
    check_rmsprop(submission, w, zero, zero, 0.1)
    check_adam(submission, w, zero, zero, zero, 0, 0.1)
    check_momentum(submission, w, zero, rng.normal(size=shape), 0.1)
