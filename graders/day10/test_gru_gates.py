"""Grader of day10/gru_gates."""

import numpy as np

from course.grading import array, assert_close, graded, require, unchanged, unpack
from course.reference.recurrent import (
    gru,
    gru_gates,
    gru_stacked_weights,
    gru_step,
    gru_step_reset_after,
    keras_gru,
    random_weights,
    sigmoid,
)

# The prompt's example: one unit, one feature, h = 0.5, x = 1, in the order h, x, W, U, b.
EXAMPLE = (
    np.array([0.5]),
    np.array([1.0]),
    np.array([[[1.0]], [[-1.0]], [[0.5]]]),
    np.array([[[-2.0]], [[2.0]], [[1.0]]]),
    np.array([[0.0], [0.0], [0.25]]),
)
EXAMPLE_B_REC = np.array([[0.0], [0.0], [0.5]])


def draw(rng, units, features):
    """h, x, W, U and b, all different enough that no mistake gives the right value by chance."""
    h, x = rng.uniform(0.3, 0.9, units) * rng.choice([-1, 1], units), rng.normal(size=features)
    W = rng.normal(scale=0.6, size=(3, units, features))
    U = rng.normal(scale=0.6, size=(3, units, units))
    return *(np.round(values, 2) for values in (h, x, W, U)), draw_bias(rng, units)


def draw_bias(rng, units):
    return np.round(rng.choice([-1, 1], (3, units)) * rng.uniform(0.3, 0.9, (3, units)), 2)


def forced(rng, units, features, **gates):
    """Weights so small and biases so large that the named gates (z, r) are fully open (1) or shut (0)."""
    h, x, W, U, b = draw(rng, units, features)
    W[:2], U[:2] = 0.1 * W[:2], 0.1 * U[:2]
    for gate, value in gates.items():
        b["zr".index(gate)] = 30.0 if value else -30.0
    return h, x, W, U, b


def check_properties(step, rng, *more):
    """What the gates mean: z open keeps the old state, z and r shut forget it."""
    h, x, W, U, b = forced(rng, 4, 2, z=1)
    kept = array(step(h, x, W, U, b, *more), (4,))
    require(np.allclose(kept, h, atol=1e-5), "not_kept", largest=float(np.max(np.abs(kept - h))))
    h, x, W, U, b = forced(rng, 4, 2, z=0, r=0)
    candidate = np.tanh(W[2] @ x + b[2])
    fresh = array(step(h, x, W, U, b, *more), (4,))
    require(np.allclose(fresh, candidate, atol=1e-5), "not_reset")


def step_mistakes(h, x, W, U, b):
    z, r = gru_gates(h, x, W, U, b)
    outer = W[2] @ x + b[2]
    candidates = {"reset_late": outer + r * (U[2] @ h), "z_for_r": outer + U[2] @ (z * h)}
    return {key: z * h + (1 - z) * np.tanh(before) for key, before in candidates.items()}


def reset_after_mistakes(h, x, W, U, b, b_rec):
    z, r = gru_gates(h, x, W, U, b + b_rec)
    outer, inner = W[2] @ x + b[2], U[2] @ h
    candidates = {
        "bias_outside": outer + r * inner + b_rec[2],
        "bias_missing": outer + r * inner,
        "reset_early": outer + U[2] @ (r * h) + b_rec[2],
        "z_for_r": outer + z * (inner + b_rec[2]),
    }
    mistakes = {key: z * h + (1 - z) * np.tanh(before) for key, before in candidates.items()}
    z, r = gru_gates(h, x, W, U, b)
    return mistakes | {"gates_one_bias": z * h + (1 - z) * np.tanh(outer + r * (inner + b_rec[2]))}


@graded(points=2)
def test_gates(submission, rng):
    for units, features in [(4, 2), (2, 5), (3, 1)]:
        h, x, W, U, b = draw(rng, units, features)
        z, r = gru_gates(h, x, W, U, b)
        before = (W @ x + U @ h + b)[:2]
        got = unpack(unchanged(submission.gru_gates, h, x, W, U, b), "z", "r")
        wrong = {
            "no_bias": sigmoid(before - b[:2]),
            "no_state": sigmoid(before - (U @ h)[:2]),
            "no_input": sigmoid(before - (W @ x)[:2]),
            "tanh": np.tanh(before),
            "transposed": sigmoid((W @ x + h @ U + b)[:2]),
            "exchanged": (r, z),
        }
        assert_close(got[0], z, mistakes={key: value[0] for key, value in wrong.items()})
        assert_close(got[1], r, mistakes={key: value[1] for key, value in wrong.items()})


@graded(points=2, after=["gates"])
def test_step(submission, rng):
    check_properties(submission.gru_step, rng)
    assert_close(submission.gru_step(*EXAMPLE), [0.63079708], mistakes=step_mistakes(*EXAMPLE))
    for units, features in [(4, 3), (2, 6)]:
        arguments = draw(rng, units, features)
        got = unchanged(submission.gru_step, *arguments)
        assert_close(got, gru_step(*arguments), mistakes=step_mistakes(*arguments))


@graded(points=2, after=["gates"])
def test_reset_after(submission, rng):
    check_properties(submission.gru_step_reset_after, rng, np.zeros((3, 4)))
    for units, features in [(4, 3), (2, 6)]:
        arguments = *draw(rng, units, features), draw_bias(rng, units)
        got = unchanged(submission.gru_step_reset_after, *arguments)
        assert_close(got, gru_step_reset_after(*arguments), mistakes=reset_after_mistakes(*arguments))
    arguments = *EXAMPLE, EXAMPLE_B_REC
    got = submission.gru_step_reset_after(*arguments)
    assert_close(got, [0.67414182], mistakes=reset_after_mistakes(*arguments))


@graded(points=2, after=["step", "reset_after"])
def test_sequence(submission, rng):
    for timesteps, units, features in [(5, 4, 2), (1, 2, 3)]:
        _, _, *weights = draw(rng, units, features)
        b_rec = draw_bias(rng, units)
        xs = np.round(rng.normal(size=(timesteps, features)), 2)
        original, reset_after = gru(xs, *weights), gru(xs, *weights, b_rec)
        mistakes = {
            "restart": np.concatenate([gru(x[None], *weights) for x in xs]),
            "last_only": original[-1],
            "start_included": np.vstack([np.zeros(units), original]),
            "other_form": gru(xs, *weights, np.zeros((3, units))),
        }
        assert_close(unchanged(submission.gru_sequence, xs, *weights), original, mistakes=mistakes)
        mistakes = {
            "restart": np.concatenate([gru(x[None], *weights, b_rec) for x in xs]),
            "last_only": reset_after[-1],
            "original_form": original,
        }
        assert_close(unchanged(submission.gru_sequence, xs, *weights, b_rec), reset_after, mistakes=mistakes)


@graded(points=2, after=["sequence"], hidden=True)
def test_keras(submission, rng):
    for timesteps, units, features in [(9, 6, 4), (3, 1, 2), (4, 5, 8)]:
        for bias in [(3 * units,), (2, 3 * units)]:
            shapes = [(features, 3 * units), (units, 3 * units), bias]
            weights = [weight.astype(float) for weight in random_weights(rng, shapes)]
            xs = rng.normal(size=(timesteps, features))
            got = submission.gru_sequence(xs, *gru_stacked_weights(*weights))
            assert_close(got, keras_gru(xs, *weights))
