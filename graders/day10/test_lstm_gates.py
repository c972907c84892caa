"""Grader of day10/lstm_gates."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require, unpack
from graders.reference.recurrent import (
    keras_lstm,
    lstm,
    lstm_gates,
    lstm_lecture_weights,
    lstm_step,
    random_weights,
    sigmoid,
)

GATES = "fiCo"
# The prompt's example: one unit, one feature, h = 0.5, C = 2, x = 1.
EXAMPLE_W = np.array([[[1.0, -1.0]], [[0.0, 2.0]], [[1.0, 0.5]], [[2.0, 1.0]]])
EXAMPLE_B = np.array([[0.5], [0.0], [0.0], [-1.0]])
EXAMPLE = np.array([0.5]), np.array([2.0]), np.array([1.0]), EXAMPLE_W, EXAMPLE_B
SIZES = [(3, 4), (1, 3), (4, 1)]


def draw(rng, units, features):
    """h, c, x and weights, all different enough that no mistake gives the right value by chance."""
    h = rng.choice([-1, 1], units) * rng.uniform(0.3, 0.9, units)
    c = rng.choice([-1, 1], units) * rng.uniform(0.5, 2.0, units)
    x = rng.choice([-1, 1], features) * rng.uniform(0.3, 1.5, features)
    W = rng.normal(scale=0.6, size=(4, units, units + features))
    b = rng.choice([-1, 1], (4, units)) * rng.uniform(0.3, 1.0, (4, units))
    return tuple(np.round(values, 2) for values in (h, c, x, W, b))


def all_forms(rng, units, features, *before, gates=(4,)):
    """Arguments of the shapes `before`, then W and b, in every form of float arrays."""
    shapes = *before, (*gates, units, units + features), (*gates, units)
    return forms(rng, *shapes, low=-0.9, high=0.9)


def forced(rng, units, features, **gates):
    """Weights so small and biases so large that the named gates are fully open (1) or shut (0)."""
    h, c, x, W, b = draw(rng, units, features)
    W, b = 0.1 * W, 0.1 * b
    for gate, value in gates.items():
        b[GATES.index(gate)] = 30.0 if value else -30.0
    return h, c, x, W, b


def run(xs, W, b, *, keep_h=True, keep_c=True):
    """The sequence, with switches for a state that starts from zero at every step."""
    zeros = np.zeros(b.shape[1])
    h, c, hidden = zeros, zeros, []
    for x in xs:
        h, c = lstm_step(h if keep_h else zeros, c if keep_c else zeros, x, W, b)
        hidden.append(h)
    return np.stack(hidden), c


@graded(points=1)
def test_forget_gate(submission, rng):
    for units, features in [(5, 3), (2, 6)]:
        h, _, x, W, b = draw(rng, units, features)
        W_f, b_f = W[0], b[0]
        z = W_f @ np.concatenate([h, x]) + b_f
        mistakes = {
            "no_bias": sigmoid(z - b_f),
            "x_first": sigmoid(W_f @ np.concatenate([x, h]) + b_f),
            "no_sigmoid": z,
            "tanh": np.tanh(z),
        }
        assert_close(submission.forget_gate(h, x, W_f, b_f), sigmoid(z), mistakes=mistakes)
    h, _, x, W, b = EXAMPLE
    assert_close(submission.forget_gate(h, x, W[0], b[0]), [0.5])
    for units, features in SIZES:
        for h, x, W_f, b_f in all_forms(rng, units, features, (units,), (features,), gates=()):
            want = sigmoid(W_f @ np.concatenate([h, x]) + b_f)
            assert_close(submission.forget_gate(h, x, W_f, b_f), want)


@graded(points=2, after=["forget_gate"])
def test_gates(submission, rng):
    names = "f", "i", "candidate", "o"
    for units, features in [(3, 2), (5, 7)]:
        h, _, x, W, b = draw(rng, units, features)
        z = W @ np.concatenate([h, x]) + b
        f, i, candidate, o = lstm_gates(h, x, W, b)
        got = unpack(submission.lstm_gates(h, x, W, b), *names)
        no_bias, x_first = sigmoid(z - b), sigmoid(W @ np.concatenate([x, h]) + b)
        mistakes = {"order": i, "no_bias": no_bias[0], "x_first": x_first[0], "gate_tanh": np.tanh(z[0])}
        assert_close(got[0], f, mistakes=mistakes)
        assert_close(got[1], i, mistakes={"order": o, "gate_tanh": np.tanh(z[1]), "no_bias": no_bias[1]})
        assert_close(got[2], candidate, mistakes={"order": o, "candidate_sigmoid": sigmoid(z[2])})
        assert_close(got[3], o, mistakes={"order": candidate, "gate_tanh": np.tanh(z[3])})
    for units, features in SIZES:
        for arguments in all_forms(rng, units, features, (units,), (features,)):
            got = unpack(submission.lstm_gates(*arguments), *names)
            for gate, want in zip(got, lstm_gates(*arguments), strict=True):
                assert_close(gate, want)


@graded(points=2, after=["gates"])
def test_cell_state(submission, rng):
    for units, features in [(2, 3), (6, 1)]:
        h, c, x, W, b = draw(rng, units, features)
        f, i, candidate, _ = lstm_gates(h, x, W, b)
        want_h, want_c = lstm_step(h, c, x, W, b)
        _, got = unpack(submission.lstm_step(h, c, x, W, b), "h", "c")
        mistakes = {
            "states_exchanged": want_h,
            "exchanged": i * c + f * candidate,
            "not_gated": f * c + candidate,
            "not_forgotten": c + i * candidate,
            "one_minus": f * c + (1 - f) * candidate,
            "old_lost": i * candidate,
            "tanh_kept": np.tanh(want_c),
        }
        assert_close(got, want_c, mistakes=mistakes)
    h, c, x, W, b = forced(rng, 5, 2, f=1, i=0)
    _, kept = unpack(submission.lstm_step(h, c, x, W, b), "h", "c")
    assert_close(kept, c)
    h, c, x, W, b = forced(rng, 5, 2, f=0, i=1)
    _, first = unpack(submission.lstm_step(h, c, x, W, b), "h", "c")
    _, second = unpack(submission.lstm_step(h, c + 1, x, W, b), "h", "c")
    require(np.allclose(array(first, (5,)), array(second, (5,)), atol=1e-5), "not_forgotten")


@graded(points=1, after=["cell_state"])
def test_hidden_state(submission, rng):
    for units, features in [(3, 5), (6, 2)]:
        h, c, x, W, b = draw(rng, units, features)
        *_, o = lstm_gates(h, x, W, b)
        want_h, want_c = lstm_step(h, c, x, W, b)
        got, _ = unpack(submission.lstm_step(h, c, x, W, b), "h", "c")
        mistakes = {
            "no_tanh": o * want_c,
            "old_cell": o * np.tanh(c),
            "not_gated": np.tanh(want_c),
            "gate_only": o,
        }
        assert_close(got, want_h, mistakes=mistakes)
    example_h, example_c = unpack(submission.lstm_step(*EXAMPLE), "h", "c")
    assert_close(example_c, [1.67080991])
    assert_close(example_h, [0.68109707])
    for units, features in SIZES:
        for arguments in all_forms(rng, units, features, (units,), (units,), (features,)):
            got = unpack(submission.lstm_step(*arguments), "h", "c")
            for state, want in zip(got, lstm_step(*arguments), strict=True):
                assert_close(state, want)


@graded(points=2, after=["hidden_state"])
def test_sequence(submission, rng):
    *_, W, b = draw(rng, 3, 2)
    xs = np.round(rng.normal(size=(5, 2)), 2)
    wrong = {
        "restart": run(xs, W, b, keep_h=False, keep_c=False),
        "cell_lost": run(xs, W, b, keep_c=False),
        "hidden_lost": run(xs, W, b, keep_h=False),
    }
    want_hidden, want_c = run(xs, W, b)
    cells = lstm(xs, W, b)[1]
    hidden, c = unpack(submission.lstm_sequence(xs, W, b), "hidden", "c")
    mistakes = {key: value[0] for key, value in wrong.items()}
    assert_close(hidden, want_hidden, mistakes=mistakes | {"cells": cells, "last_only": want_hidden[-1]})
    assert_close(c, want_c, mistakes={"c_is_h": want_hidden[-1], "all_cells": cells})
    for timesteps, units, features in [(1, 2, 3), (4, 3, 2), (3, 1, 1)]:
        for arguments in all_forms(rng, units, features, (timesteps, features)):
            hidden, c = unpack(submission.lstm_sequence(*arguments), "hidden", "c")
            want_hidden, want_c = run(*arguments)
            assert_close(hidden, want_hidden)
            assert_close(c, want_c)


@graded(points=2, after=["sequence"], hidden=True)
def test_keras(submission, rng):
    for timesteps, units, features in [(9, 7, 3), (4, 1, 1), (3, 6, 9)]:
        shapes = [(features, 4 * units), (units, 4 * units), (4 * units,)]
        weights = [weight.astype(float) for weight in random_weights(rng, shapes)]
        xs = rng.normal(size=(timesteps, features))
        hidden, cells = keras_lstm(xs, *weights)
        got = unpack(submission.lstm_sequence(xs, *lstm_lecture_weights(*weights)), "hidden", "c")
        assert_close(got[0], hidden)
        assert_close(got[1], cells[-1])
