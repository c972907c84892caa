"""Grader of day10/gru_gates."""

import numpy as np

from course.grading import assert_close, forms, graded, unpack
from graders.reference.recurrent import (
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
SIZES = [(3, 4), (1, 3), (4, 1)]


def draw(rng, units, features):
    """h, x, W, U and b, all different enough that no mistake gives the right value by chance."""
    h = rng.choice([-1, 1], units) * rng.uniform(0.3, 0.9, units)
    x = rng.choice([-1, 1], features) * rng.uniform(0.3, 1.5, features)
    W = rng.normal(scale=0.6, size=(3, units, features))
    U = rng.normal(scale=0.6, size=(3, units, units))
    return *(np.round(values, 2) for values in (h, x, W, U)), draw_bias(rng, units)


def draw_bias(rng, units):
    return np.round(rng.choice([-1, 1], (3, units)) * rng.uniform(0.3, 0.9, (3, units)), 2)


def all_forms(rng, units, features, *before, biases=1):
    """Arguments of the shapes `before`, then W, U and biases, in every form of float arrays."""
    shapes = *before, (3, units, features), (3, units, units), *[(3, units)] * biases
    return forms(rng, *shapes, low=-0.9, high=0.9)


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
    assert_close(step(h, x, W, U, b, *more), h, atol=1e-5)
    h, x, W, U, b = forced(rng, 4, 2, z=0, r=0)
    assert_close(step(h, x, W, U, b, *more), np.tanh(W[2] @ x + b[2]), atol=1e-5)


def mixed(z, h, sums):
    """The new state for each wrong sum inside the candidate's tanh."""
    return {key: z * h + (1 - z) * np.tanh(wrong) for key, wrong in sums.items()}


def mixing_mistakes(z, h, before):
    """Mistakes after the candidate's sum `before`, the same in both forms."""
    candidate = np.tanh(before)
    return {
        "shares_exchanged": (1 - z) * h + z * candidate,
        "no_mixing": candidate,
        "candidate_sigmoid": z * h + (1 - z) * sigmoid(before),
        "candidate_sum": z * h + (1 - z) * before,
    }


def step_mistakes(h, x, W, U, b):
    z, r = gru_gates(h, x, W, U, b)
    outer, inner = W[2] @ x + b[2], U[2] @ (r * h)
    sums = {
        "reset_late": outer + r * (U[2] @ h),
        "z_for_r": outer + U[2] @ (z * h),
        "no_reset": outer + U[2] @ h,
        "no_bias": outer - b[2] + inner,
    }
    return mixed(z, h, sums) | mixing_mistakes(z, h, outer + inner)


def reset_after_mistakes(h, x, W, U, b, b_rec):
    z, r = gru_gates(h, x, W, U, b + b_rec)
    outer, inner = W[2] @ x + b[2], U[2] @ h
    sums = {
        "bias_outside": outer + r * inner + b_rec[2],
        "bias_missing": outer + r * inner,
        "both_inside": outer - b[2] + r * (inner + b[2] + b_rec[2]),
        "reset_early": outer + U[2] @ (r * h) + b_rec[2],
        "z_for_r": outer + z * (inner + b_rec[2]),
        "no_reset": outer + inner + b_rec[2],
        "no_bias": outer - b[2] + r * (inner + b_rec[2]),
    }
    mistakes = mixed(z, h, sums) | mixing_mistakes(z, h, outer + r * (inner + b_rec[2]))
    z, r = gru_gates(h, x, W, U, b)
    return mistakes | mixed(z, h, {"gates_one_bias": outer + r * (inner + b_rec[2])})


@graded(points=2)
def test_gates(submission, rng):
    for units, features in [(4, 2), (2, 5), (3, 1)]:
        h, x, W, U, b = draw(rng, units, features)
        z, r = gru_gates(h, x, W, U, b)
        before = (W @ x + U @ h + b)[:2]
        got = unpack(submission.gru_gates(h, x, W, U, b), "z", "r")
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
    for units, features in SIZES:
        for arguments in all_forms(rng, units, features, (units,), (features,)):
            got = unpack(submission.gru_gates(*arguments), "z", "r")
            for gate, want in zip(got, gru_gates(*arguments), strict=True):
                assert_close(gate, want)


@graded(points=2, after=["gates"])
def test_step(submission, rng):
    for units, features in [(4, 3), (2, 6)]:
        arguments = draw(rng, units, features)
        got = submission.gru_step(*arguments)
        assert_close(got, gru_step(*arguments), mistakes=step_mistakes(*arguments))
    assert_close(submission.gru_step(*EXAMPLE), [0.63079708])
    check_properties(submission.gru_step, rng)
    for units, features in SIZES:
        for arguments in all_forms(rng, units, features, (units,), (features,)):
            assert_close(submission.gru_step(*arguments), gru_step(*arguments))


@graded(points=2, after=["gates"])
def test_reset_after(submission, rng):
    for units, features in [(4, 3), (2, 6)]:
        arguments = *draw(rng, units, features), draw_bias(rng, units)
        got = submission.gru_step_reset_after(*arguments)
        assert_close(got, gru_step_reset_after(*arguments), mistakes=reset_after_mistakes(*arguments))
    assert_close(submission.gru_step_reset_after(*EXAMPLE, EXAMPLE_B_REC), [0.67414182])
    check_properties(submission.gru_step_reset_after, rng, np.zeros((3, 4)))
    for units, features in SIZES:
        for arguments in all_forms(rng, units, features, (units,), (features,), biases=2):
            assert_close(submission.gru_step_reset_after(*arguments), gru_step_reset_after(*arguments))


@graded(points=2, after=["step", "reset_after"])
def test_sequence(submission, rng):
    _, _, *weights = draw(rng, 4, 2)
    xs = np.round(rng.normal(size=(5, 2)), 2)
    original = gru(xs, *weights)
    for b_rec in (draw_bias(rng, 4), np.zeros((3, 4))):
        reset_after = gru(xs, *weights, b_rec)
        mistakes = {
            "restart": np.concatenate([gru(x[None], *weights, b_rec) for x in xs]),
            "last_only": reset_after[-1],
            "start_included": np.vstack([np.zeros(4), reset_after]),
            "original_form": original,
        }
        assert_close(submission.gru_sequence(xs, *weights, b_rec), reset_after, mistakes=mistakes)
    mistakes = {
        "restart": np.concatenate([gru(x[None], *weights) for x in xs]),
        "last_only": original[-1],
        "start_included": np.vstack([np.zeros(4), original]),
        "other_form": gru(xs, *weights, np.zeros((3, 4))),
    }
    assert_close(submission.gru_sequence(xs, *weights), original, mistakes=mistakes)
    for timesteps, units, features in [(1, 2, 3), (4, 3, 2), (3, 1, 1)]:
        for biases in (1, 2):
            for arguments in all_forms(rng, units, features, (timesteps, features), biases=biases):
                assert_close(submission.gru_sequence(*arguments), gru(*arguments))


@graded(points=2, after=["sequence"], hidden=True)
def test_keras(submission, rng):
    for timesteps, units, features in [(9, 6, 4), (3, 1, 2), (4, 5, 8)]:
        for bias in [(3 * units,), (2, 3 * units)]:
            shapes = [(features, 3 * units), (units, 3 * units), bias]
            weights = [weight.astype(float) for weight in random_weights(rng, shapes)]
            xs = rng.normal(size=(timesteps, features))
            got = submission.gru_sequence(xs, *gru_stacked_weights(*weights))
            assert_close(got, keras_gru(xs, *weights))
